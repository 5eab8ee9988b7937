"""Files between choosing and importing. Processes keep no state, so a file waits in the database, for one day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from dashboard.config import UPLOAD_LIMIT
from dashboard.errors import FileTooLarge, InputNotValid, NotFound
from dashboard.importing.choices import Choices
from dashboard.importing.shapes import Waiting
from dashboard.model import database
from dashboard.model.queries import drafts
from dashboard.model.queries.drafts import NewDraft
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
    choices: Choices
    # What it said when it was read last, as of statements/keeping.py.
    reading: bytes | None = None


def keep(book: Book, file: str, data: bytes, choices: Choices, reading: bytes = b"") -> int:
    """Keep a file for a day, with what it says (statements/keeping.py), and return its id; those of the days before go.

    Raises:
        FileTooLarge: it is larger than an upload may be.
        InputNotValid: as many files wait as may.
    """
    if len(data) > UPLOAD_LIMIT:
        raise FileTooLarge(TOO_LARGE)
    with database.transaction(book.engine) as db:
        new_id = drafts.add(db, book.id, NewDraft(book.user_id, file, data, choices.dumps(), reading))
        drafts.remove_older(db, book.id, _since())
        if len(drafts.waiting(db, book.id, _since())) > MOST:
            raise InputNotValid(f"{MOST} files wait already. Import or forget some of them, then drop this one again.")
    return new_id


def waiting(book: Book) -> list[Waiting]:
    """Return the files that wait, the newest last; what is in them is not read."""
    with book.reading() as db:
        return [Waiting(*found) for found in drafts.waiting(db, book.id, _since())]


def take(book: Book, draft_id: object) -> Draft:
    """Return a file that waits.

    Raises:
        NotFound: it is imported, a day has passed, or it is not in this book.
    """
    with book.reading() as db:
        found = drafts.by_id(db, book.id, fields.identity(draft_id), _since())
    if found is None:
        raise NotFound(GONE)
    return Draft(found.id, found.file, found.data, Choices.loads(found.choices), found.reading)


def choose(book: Book, draft_id: object, chosen: Callable[[Choices], Choices]) -> None:
    """Keep what a person chose about a file: `chosen` turns the choices so far, which nobody else changes meanwhile, into the new.

    Raises:
        NotFound: as `take` does.
    """
    wanted = fields.identity(draft_id)
    with database.transaction(book.engine) as db:
        before = drafts.locked_choices(db, book.id, wanted, _since())
        if before is None:
            raise NotFound(GONE)
        drafts.set_choices(db, book.id, wanted, chosen(Choices.loads(before)).dumps())


def keep_reading(book: Book, draft_id: int, reading: bytes) -> None:
    """Keep what a file says now, in passing: where that cannot be done at once it is read again at the next look."""
    database.in_passing(book.engine, lambda db: drafts.set_reading(db, book.id, draft_id, reading), "the reading of a draft")


def drop(book: Book, draft_id: object) -> None:
    """Forget a file that waits."""
    with database.transaction(book.engine) as db:
        drafts.remove(db, book.id, fields.identity(draft_id))


def _since() -> datetime:
    return utc_now() - KEPT
