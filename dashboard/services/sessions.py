"""Sessions: which browsers are signed in, for how long, and what ends them.

A session is a random token in the browser and its hash in the database; ending it there ends it everywhere. What a page
knows a session by is the start of that hash: it opens nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from dashboard.errors import InputNotValid, NotFound
from dashboard.model import database
from dashboard.model.people import session, user
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
    db.execute(delete(session).where(session.c.user_id == user_id, session.c.created_at < now - ABSOLUTE))
    db.execute(
        insert(session).values(
            token_hash=_hash(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            idle_seconds=int((IDLE_KEPT if keep else IDLE_SHORT).total_seconds()),
            address=address[:64],
            agent=fields.text(agent[:200], "agent", longest=200),
        )
    )
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
        row = db.execute(
            select(session.c.user_id, session.c.created_at, session.c.seen_at, session.c.idle_seconds)
            .join(user, user.c.id == session.c.user_id)
            .where(session.c.token_hash == hashed, user.c.disabled.is_(False))
        ).one_or_none()
    if row is None:
        return None
    now = utc_now()
    seen = aware(row.seen_at)
    if not _alive(row.created_at, row.seen_at, row.idle_seconds, now):
        return None
    if now - seen > SEEN_EVERY:
        # Whoever reads waits for no writer: a stamp that cannot be set now is set by a later request.
        stamp = update(session).where(session.c.token_hash == hashed).values(seen_at=now)
        database.in_passing(engine, lambda db: db.execute(stamp), "the stamp of a session")
    return int(row.user_id)


def devices(engine: Engine, user_id: int, token: object) -> list[Device]:
    """Return a person's signed-in browsers: the one that asks first, then by when they were last seen."""
    here = _hash(token) if isinstance(token, str) else ""
    now = utc_now()
    with database.reading(engine) as db:
        rows = db.execute(select(session).where(session.c.user_id == user_id)).all()
    found = [
        Device(
            row.token_hash[:PUBLIC],
            device_name(row.agent),
            any(word in row.agent for word in HANDHELD),
            row.address,
            aware(row.seen_at),
            row.token_hash == here or now - aware(row.seen_at) <= SEEN_EVERY,
            row.token_hash == here,
        )
        for row in rows
        if _alive(row.created_at, row.seen_at, row.idle_seconds, now)
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
            db.execute(delete(session).where(session.c.token_hash == _hash(token)))


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
    theirs = (session.c.user_id == user_id, func.substr(session.c.token_hash, 1, PUBLIC) == device)
    with database.transaction(engine) as db:
        agent = db.execute(delete(session).where(*theirs).returning(session.c.agent)).scalars().first()
    if agent is None:
        raise NotFound(gone)
    return device_name(agent)


def end_others(db: Connection, user_id: int, token: object) -> int:
    """End every session of a person but the one that asks; return how many there were."""
    kept = _hash(token) if isinstance(token, str) else ""
    return db.execute(delete(session).where(session.c.user_id == user_id, session.c.token_hash != kept)).rowcount


def sign_out_elsewhere(engine: Engine, user_id: int, token: object) -> int:
    """Sign a person out on every other device; return on how many."""
    with database.transaction(engine) as db:
        return end_others(db, user_id, token)


def end_all(db: Connection, user_id: int) -> None:
    """End every session of a person."""
    db.execute(delete(session).where(session.c.user_id == user_id))


def aware(moment: datetime) -> datetime:
    """Return a stored moment with its zone, which SQLite does not keep."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _alive(created: datetime, seen: datetime, idle_seconds: int, now: datetime) -> bool:
    return now - aware(seen) <= timedelta(seconds=idle_seconds) and now - aware(created) <= ABSOLUTE


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
