"""Files between choosing and importing. Processes keep no state, so a file waits in the database, for one day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from dashboard.config import UPLOAD_LIMIT
from dashboard.errors import FileTooLarge, InputNotValid, NotFound
from dashboard.model import database
from dashboard.model.imports import draft
from dashboard.model.people import book as book_table
from dashboard.periods import utc_now
from dashboard.services import fields
from dashboard.services.books import Book

KEPT = timedelta(days=1)
# So many files of a book may wait. One more is refused: a file that went for it would be missed by nobody but its owner.
MOST = 30
GONE = "This file is no longer here: it was imported already, or a day has passed. Drop it again."
TOO_LARGE = f"This file is larger than {UPLOAD_LIMIT // 2**20} MB. Split it, or import it with the command line."


class Draft(NamedTuple):
    """An uploaded file with what a person has chosen about it so far."""

    id: int
    file: str
    data: bytes
    choices: dict[str, Any]


class Waiting(NamedTuple):
    """A file that waits, without its content; `size` is in bytes."""

    id: int
    file: str
    size: int
    at: datetime


def keep(book: Book, file: str, data: bytes, choices: dict[str, Any]) -> int:
    """Keep a file for a day and return its id; those of the days before go.

    Raises:
        FileTooLarge: it is larger than an upload may be.
        InputNotValid: as many files wait as may.
    """
    if len(data) > UPLOAD_LIMIT:
        raise FileTooLarge(TOO_LARGE)
    with database.transaction(book.engine) as db:
        new_id: int = (
            db.execute(
                update(book_table)
                .where(book_table.c.id == book.id)
                .values(next_id=book_table.c.next_id + 1)
                .returning(book_table.c.next_id)
            ).scalar_one()
            - 1
        )
        db.execute(delete(draft).where(draft.c.book_id == book.id, draft.c.at < utc_now() - KEPT))
        if db.execute(select(func.count()).select_from(draft).where(draft.c.book_id == book.id)).scalar_one() >= MOST:
            raise InputNotValid(f"{MOST} files wait already. Import or forget some of them, then drop this one again.")
        db.execute(
            insert(draft).values(
                book_id=book.id,
                id=new_id,
                revision=0,
                user_id=book.user_id,
                file=file,
                at=utc_now(),
                data=data,
                choices=json.dumps(choices),
            )
        )
    return new_id


def waiting(book: Book) -> list[Waiting]:
    """Return the files that wait, the newest last; what is in them is not read."""
    d = draft.c
    query = select(d.id, d.file, func.length(d.data), d.at).where(d.book_id == book.id, d.at >= utc_now() - KEPT).order_by(d.id)
    with book.reading() as db:
        return [Waiting(*row) for row in db.execute(query)]


def take(book: Book, draft_id: object) -> Draft:
    """Return a file that waits.

    Raises:
        NotFound: it is imported, a day has passed, or it is not in this book.
    """
    d = draft.c
    query = select(draft).where(d.book_id == book.id, d.id == fields.identity(draft_id), d.at >= utc_now() - KEPT)
    with book.reading() as db:
        row = db.execute(query).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return Draft(row.id, row.file, row.data, json.loads(row.choices))


def choose(book: Book, draft_id: object, say: Callable[[dict[str, Any]], None]) -> None:
    """Keep what a person chose about a file: `say` changes the choices so far, which nobody else changes meanwhile.

    Raises:
        NotFound: as `take` does.
    """
    d = draft.c
    wanted = (d.book_id == book.id, d.id == fields.identity(draft_id), d.at >= utc_now() - KEPT)
    with database.transaction(book.engine) as db:
        text = db.execute(select(d.choices).where(*wanted).with_for_update()).scalar_one_or_none()
        if text is None:
            raise NotFound(GONE)
        choices = json.loads(text)
        say(choices)
        db.execute(update(draft).where(*wanted).values(choices=json.dumps(choices)))


def drop(book: Book, draft_id: object) -> None:
    """Forget a file that waits."""
    with database.transaction(book.engine) as db:
        remove(db, book, fields.identity(draft_id))


def remove(db: Connection, book: Book, draft_id: int) -> bool:
    """Remove a draft within a transaction; say whether it was there, so that of two imports at once one goes on."""
    return db.execute(delete(draft).where(draft.c.book_id == book.id, draft.c.id == draft_id)).rowcount > 0
