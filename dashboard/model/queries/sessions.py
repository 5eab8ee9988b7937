"""Sessions by the hash of their token. All moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from dashboard.model.people import session, user
from dashboard.model.tables import aware


class SessionRow(NamedTuple):
    """A signed-in browser: it may be silent for `idle_seconds`; `agent` is what it calls itself."""

    token_hash: str
    user_id: int
    created_at: datetime
    seen_at: datetime
    idle_seconds: int
    address: str
    agent: str


_SESSION = select(*(session.c[name] for name in SessionRow._fields))


def by_hash(db: Connection, token_hash: str) -> SessionRow | None:
    """Return a session, None where there is none or its person is kept out; it may have run out."""
    query = _SESSION.join(user, user.c.id == session.c.user_id).where(session.c.token_hash == token_hash, user.c.disabled.is_(False))
    row = db.execute(query).one_or_none()
    return None if row is None else _session(row)


def of_person(db: Connection, user_id: int) -> list[SessionRow]:
    """Return a person's sessions, in no order; some may have run out."""
    return [_session(row) for row in db.execute(_SESSION.where(session.c.user_id == user_id))]


def add(db: Connection, opened: SessionRow) -> None:
    """Add a session."""
    db.execute(insert(session).values(opened._asdict()))


def stamp(db: Connection, token_hash: str, at: datetime) -> None:
    """Set when a session was last seen."""
    db.execute(update(session).where(session.c.token_hash == token_hash).values(seen_at=at))


def end(db: Connection, token_hash: str) -> None:
    """End one session."""
    db.execute(delete(session).where(session.c.token_hash == token_hash))


def end_by_start(db: Connection, user_id: int, start: str) -> str | None:
    """End the sessions of a person whose hash starts so; return what a browser of them called itself, None where there was none."""
    theirs = (session.c.user_id == user_id, func.substr(session.c.token_hash, 1, len(start)) == start)
    agent: str | None = db.execute(delete(session).where(*theirs).returning(session.c.agent)).scalars().first()
    return agent


def end_older(db: Connection, user_id: int, at: datetime) -> None:
    """End the sessions of a person that were opened before a moment."""
    db.execute(delete(session).where(session.c.user_id == user_id, session.c.created_at < at))


def end_others(db: Connection, user_id: int, kept: str) -> int:
    """End every session of a person but the one with this hash; return how many there were."""
    return db.execute(delete(session).where(session.c.user_id == user_id, session.c.token_hash != kept)).rowcount


def end_all(db: Connection, user_id: int) -> None:
    """End every session of a person."""
    db.execute(delete(session).where(session.c.user_id == user_id))


def _session(row: Row[tuple[object, ...]]) -> SessionRow:
    found = SessionRow._make(row)
    return found._replace(created_at=aware(found.created_at), seen_at=aware(found.seen_at))
