"""The journal of a book, change by change, and the rows it speaks of as they stand today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from dashboard.model.changes import change
from dashboard.model.imports import import_
from dashboard.model.people import book, user
from dashboard.model.tables import aware
from dashboard.model.transactions import transaction
from dashboard.model.writing import JOURNALLED


class ChangeRow(NamedTuple):
    """A change; `at` is UTC, `undone_by` the revision that took it back, `data` its steps packed, `who` None for someone who is gone."""

    revision: int
    at: datetime
    action: str
    undone_by: int | None
    data: bytes
    who: str | None


def page(db: Connection, book_id: int, *, limit: int, offset: int) -> list[ChangeRow]:
    """Return so many of a book's changes, newest first, after the newest `offset`."""
    c = change.c
    query = (
        select(c.revision, c.at, c.action, c.undone_by, c.data, user.c.name)
        .outerjoin(user, user.c.id == c.user_id)
        .where(c.book_id == book_id)
        .order_by(c.revision.desc())
        .limit(limit)
        .offset(offset)
    )
    return [ChangeRow(*row) for row in db.execute(query)]


def since(db: Connection, book_id: int, revision: int) -> Iterator[tuple[int, bytes]]:
    """Return the changes from a revision on, newest first: the revision and the steps packed."""
    c = change.c
    query = select(c.revision, c.data).where(c.book_id == book_id, c.revision >= revision).order_by(c.revision.desc())
    return ((int(number), data) for number, data in db.execute(query))


def in_force(db: Connection, book_id: int, limit: int) -> Iterator[tuple[int, datetime, str, bytes]]:
    """Yield the latest changes that are in force and are no undo, newest first: revision, moment (UTC), sentence, steps packed."""
    c = change.c
    query = _in_force(book_id).with_only_columns(c.revision, c.at, c.action, c.data)
    for row in db.execute(query.order_by(c.revision.desc()).limit(limit)):
        yield row.revision, aware(row.at), row.action, row.data


def rows(db: Connection, book_id: int, table: str, ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Return rows of a table of the journal by id: values by column, a day or a moment as the journal writes it."""
    t = JOURNALLED[table]
    found = db.execute(select(t).where(t.c.book_id == book_id, t.c.id.in_(sorted(ids)))).mappings()
    return {row["id"]: {name: v.isoformat() if isinstance(v, date) else v for name, v in row.items()} for row in found}


def account_of(db: Connection, book_id: int, transaction_id: int) -> int | None:
    """Return the account that a transaction is in, None where it is gone."""
    t = transaction.c
    account_id: int | None = db.execute(select(t.account_id).where(t.book_id == book_id, t.id == transaction_id)).scalar_one_or_none()
    return account_id


def is_import(db: Connection, book_id: int, revision: int) -> bool:
    """Say whether a change brought a file whose import still stands as that change left it."""
    query = select(import_.c.id).where(import_.c.book_id == book_id, import_.c.revision == revision).limit(1)
    return db.execute(query).first() is not None


def latest(db: Connection, book_id: int, limit: int) -> list[int]:
    """Return the latest changes that are in force and are no undo, newest first."""
    return _numbers(db, _in_force(book_id), limit)


def latest_among(db: Connection, book_id: int, user_id: int, revisions: Sequence[int], limit: int) -> list[int]:
    """Return those of some changes that a person made, are in force, and are neither an undo nor the sample data, newest first."""
    c = change.c
    sample = select(book.c.demo).where(book.c.id == book_id, book.c.demo.is_not(None))
    return _numbers(db, _in_force(book_id).where(c.user_id == user_id, c.revision.in_(revisions), c.revision.not_in(sample)), limit)


def _in_force(book_id: int) -> Select[Any]:
    c = change.c
    return select(c.revision).where(c.book_id == book_id, c.undone_by.is_(None), c.undoes.is_(None))


def _numbers(db: Connection, query: Select[Any], limit: int) -> list[int]:
    return [int(number) for number in db.execute(query.order_by(change.c.revision.desc()).limit(limit)).scalars()]
