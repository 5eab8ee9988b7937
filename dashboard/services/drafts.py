"""Files between choosing and importing. Processes keep no state, so a file waits in the database, for one day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from dashboard.config import UPLOAD_LIMIT
from dashboard.errors import NotFound, StatementNotReadable
from dashboard.model import database
from dashboard.model.imports import draft
from dashboard.model.people import book as book_table
from dashboard.periods import utc_now
from dashboard.services import fields
from dashboard.services.books import Book

KEPT = timedelta(days=1)
# So many files of a book may wait; the oldest goes first.
MOST = 10


class Draft(NamedTuple):
    """An uploaded file with what a person has chosen about it so far."""

    id: int
    file: str
    data: bytes
    choices: dict[str, Any]


def keep(book: Book, file: str, data: bytes, choices: dict[str, Any]) -> int:
    """Keep a file for a day and return its id; older ones go.

    Raises:
        StatementNotReadable: it is larger than an upload may be.
    """
    if len(data) > UPLOAD_LIMIT:
        raise StatementNotReadable(f"This file is larger than {UPLOAD_LIMIT // 2**20} MB. Import it with the command line, or split it.")
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
        old = select(draft.c.id).where(draft.c.book_id == book.id).order_by(draft.c.id.desc()).offset(MOST - 1)
        db.execute(delete(draft).where(draft.c.book_id == book.id, draft.c.id.in_(old)))
        db.execute(delete(draft).where(draft.c.book_id == book.id, draft.c.at < utc_now() - KEPT))
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


def take(book: Book, draft_id: object) -> Draft:
    """Return a file that waits.

    Raises:
        NotFound: it is imported, a day has passed, or it is not in this book.
    """
    d = draft.c
    waiting = select(draft).where(d.book_id == book.id, d.id == fields.identity(draft_id), d.at >= utc_now() - KEPT)
    with book.reading() as db:
        row = db.execute(waiting).one_or_none()
    if row is None:
        raise NotFound("This file is no longer here: it was imported already, or a day has passed. Drop it again.")
    return Draft(row.id, row.file, row.data, json.loads(row.choices))


def choose(book: Book, draft_id: int, choices: dict[str, Any]) -> None:
    """Keep what a person chose about a file."""
    with database.transaction(book.engine) as db:
        db.execute(update(draft).where(draft.c.book_id == book.id, draft.c.id == draft_id).values(choices=json.dumps(choices)))


def drop(book: Book, draft_id: object) -> None:
    """Forget a file that waits."""
    with database.transaction(book.engine) as db:
        remove(db, book, fields.identity(draft_id))


def remove(db: Connection, book: Book, draft_id: int) -> bool:
    """Remove a draft within a transaction; say whether it was there, so that of two imports at once one goes on."""
    return db.execute(delete(draft).where(draft.c.book_id == book.id, draft.c.id == draft_id)).rowcount > 0
