"""Sessions: which browsers are signed in, for how long, and what ends them.

A session is a random token in the browser and its hash in the database; ending it there ends it everywhere. What a page
knows a session by is the start of that hash: it opens nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from dashboard.errors import InputNotValid, NotFound
from dashboard.model import database
from dashboard.model.queries import sessions as stored
from dashboard.model.queries.sessions import SessionRow
from dashboard.periods import utc_now
from dashboard.services import fields

IDLE_KEPT, IDLE_SHORT, ABSOLUTE = timedelta(days=30), timedelta(hours=12), timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)
PUBLIC = 16

# Who says to be several of them is the first: Edge and Opera call themselves Chrome, Chrome calls itself Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Chromium", "Chromium"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
HANDHELD = ("iPhone", "iPad", "Android")


@dataclass(frozen=True)
class Session:
    """A signed-in browser."""

    user_id: int
    token: str


class Device(NamedTuple):
    """A signed-in browser as its person sees it; `id` is the start of the token's hash, `seen` is UTC."""

    id: str
    name: str
    handheld: bool
    address: str
    seen: datetime
    now: bool
    here: bool


def enter(db: Connection, user_id: int, *, keep: bool, address: str, agent: str) -> Session:
    """Open a session within a transaction."""
    token = secrets.token_urlsafe(32)
    now = utc_now()
    idle = IDLE_KEPT if keep else IDLE_SHORT
    called = fields.text(agent[:200], "agent", longest=200)
    stored.end_older(db, user_id, now - ABSOLUTE)
    stored.add(db, SessionRow(_hash(token), user_id, now, now, int(idle.total_seconds()), address[:64], called))
    return Session(user_id, token)


def open_session(engine: Engine, user_id: int, *, address: str, agent: str) -> Session:
    """Open a session for a person who has just signed up."""
    with database.transaction(engine) as db:
        return enter(db, user_id, keep=True, address=address, agent=agent)


def session_user(engine: Engine, token: object) -> int | None:
    """Return who a token belongs to, None where its session has ended, is unknown, or the person is disabled."""
    if not isinstance(token, str) or len(token) > 100:
        return None
    hashed = _hash(token)
    with database.reading(engine) as db:
        held = stored.by_hash(db, hashed)
    now = utc_now()
    if held is None or not _alive(held, now):
        return None
    if now - held.seen_at > SEEN_EVERY:
        # Whoever reads waits for no writer: a stamp that cannot be set now is set by a later request.
        database.in_passing(engine, lambda db: stored.stamp(db, hashed, now), "the stamp of a session")
    return held.user_id


def devices(engine: Engine, user_id: int, token: object) -> list[Device]:
    """Return a person's signed-in browsers: the one that asks first, then by when they were last seen."""
    here = _hash(token) if isinstance(token, str) else ""
    now = utc_now()
    with database.reading(engine) as db:
        rows = stored.of_person(db, user_id)
    found = [
        Device(
            row.token_hash[:PUBLIC],
            device_name(row.agent),
            any(word in row.agent for word in HANDHELD),
            row.address,
            row.seen_at,
            row.token_hash == here or now - row.seen_at <= SEEN_EVERY,
            row.token_hash == here,
        )
        for row in rows
        if _alive(row, now)
    ]
    return sorted(found, key=lambda device: (device.here, device.seen), reverse=True)


def device_name(agent: str) -> str:
    """Name a browser and its system by what it calls itself: Firefox on Linux."""
    browser = next((name for word, name in BROWSERS if word in agent), "")
    system = next((name for word, name in SYSTEMS if word in agent), "")
    if not browser and not system:
        return "Unknown browser"
    return f"{browser or 'A browser'} on {system}" if system else browser


def sign_out(engine: Engine, token: object) -> None:
    """End a session: its cookie is worth nothing from now on."""
    if isinstance(token, str):
        with database.transaction(engine) as db:
            stored.end(db, _hash(token))


def end(engine: Engine, user_id: int, device: object, token: object) -> str:
    """End another of a person's sessions by its public id, and return the device's name.

    Raises:
        InputNotValid: it is the session that asks.
        NotFound: the person has no such session; somebody else's is none of theirs.
    """
    gone = "That device is signed out already."
    if not isinstance(device, str) or not re.fullmatch(rf"[0-9a-f]{{{PUBLIC}}}", device):
        raise NotFound(gone)
    if isinstance(token, str) and _hash(token).startswith(device):
        raise InputNotValid("That is this device. Use \u201cSign out\u201d to leave it.")
    with database.transaction(engine) as db:
        agent = stored.end_by_start(db, user_id, device)
    if agent is None:
        raise NotFound(gone)
    return device_name(agent)


def end_others(db: Connection, user_id: int, token: object) -> int:
    """End every session of a person but the one that asks; return how many there were."""
    return stored.end_others(db, user_id, _hash(token) if isinstance(token, str) else "")


def sign_out_elsewhere(engine: Engine, user_id: int, token: object) -> int:
    """Sign a person out on every other device; return on how many."""
    with database.transaction(engine) as db:
        return end_others(db, user_id, token)


def end_all(db: Connection, user_id: int) -> None:
    """End every session of a person."""
    stored.end_all(db, user_id)


def _alive(held: SessionRow, now: datetime) -> bool:
    return now - held.seen_at <= timedelta(seconds=held.idle_seconds) and now - held.created_at <= ABSOLUTE


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
