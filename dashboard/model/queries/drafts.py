"""Files between choosing and importing: no journal keeps them, so they are read and written here.

What was chosen about a file is text here, as dashboard/importing/choices.py writes and reads it, and what it says is bytes, as
dashboard/statements/keeping.py does.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from dashboard.model.imports import draft
from dashboard.model.people import book
from dashboard.periods import utc_now


class DraftRow(NamedTuple):
    """An uploaded file with what a person has chosen about it so far."""

    id: int
    file: str
    data: bytes
    choices: str
    reading: bytes | None


class NewDraft(NamedTuple):
    """A file that begins to wait, and who brought it."""

    user_id: int
    file: str
    data: bytes
    choices: str
    reading: bytes


def add(db: Connection, book_id: int, new: NewDraft) -> int:
    """Keep a file and return its id."""
    values = book.c
    next_id: int = db.execute(
        update(book).where(values.id == book_id).values(next_id=values.next_id + 1).returning(values.next_id)
    ).scalar_one()
    db.execute(insert(draft).values(book_id=book_id, id=next_id - 1, revision=0, at=utc_now(), **new._asdict()))
    return next_id - 1


def remove_older(db: Connection, book_id: int, since: datetime) -> None:
    """Forget the files that came before a moment."""
    db.execute(delete(draft).where(draft.c.book_id == book_id, draft.c.at < since))


def waiting(db: Connection, book_id: int, since: datetime) -> list[tuple[int, str, int, datetime]]:
    """Return id, name, size in bytes and moment (UTC) of the files that came since a moment, the newest last."""
    d = draft.c
    query = select(d.id, d.file, func.length(d.data), d.at).where(d.book_id == book_id, d.at >= since).order_by(d.id)
    return [(row[0], row[1], row[2], row[3]) for row in db.execute(query)]


def by_id(db: Connection, book_id: int, draft_id: int, since: datetime) -> DraftRow | None:
    """Return one that came since a moment."""
    d = draft.c
    query = select(d.id, d.file, d.data, d.choices, d.reading).where(d.book_id == book_id, d.id == draft_id, d.at >= since)
    row = db.execute(query).one_or_none()
    return None if row is None else DraftRow(*row)


def locked_choices(db: Connection, book_id: int, draft_id: int, since: datetime) -> str | None:
    """Return what was chosen about one that came since a moment; nobody else changes it until the transaction ends."""
    d = draft.c
    query = select(d.choices).where(d.book_id == book_id, d.id == draft_id, d.at >= since).with_for_update()
    return db.execute(query).scalar_one_or_none()


def set_choices(db: Connection, book_id: int, draft_id: int, choices: str) -> None:
    """Keep what was chosen about a file."""
    db.execute(update(draft).where(draft.c.book_id == book_id, draft.c.id == draft_id).values(choices=choices))


def set_reading(db: Connection, book_id: int, draft_id: int, reading: bytes) -> None:
    """Keep what a file says."""
    db.execute(update(draft).where(draft.c.book_id == book_id, draft.c.id == draft_id).values(reading=reading))


def remove(db: Connection, book_id: int, draft_id: int) -> bool:
    """Forget a file; say whether it was there."""
    return db.execute(delete(draft).where(draft.c.book_id == book_id, draft.c.id == draft_id)).rowcount > 0
