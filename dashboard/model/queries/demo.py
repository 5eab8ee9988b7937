"""The sample data: the change that brought it, and what a person has put beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, false, func, not_, or_, select

from dashboard.model.accounts import account
from dashboard.model.changes import change
from dashboard.model.imports import import_
from dashboard.model.people import book
from dashboard.model.transactions import transaction

# Ids in a row: the first and the last.
Runs: TypeAlias = Sequence[tuple[int, int]]


class Loaded(NamedTuple):
    """The change that brought the sample data; `data` its steps packed."""

    revision: int
    data: bytes


def loaded(db: Connection, book_id: int) -> Loaded | None:
    """Return the change that brought the sample data, None where there is none or it was taken out."""
    c, b = change.c, book.c
    row = db.execute(
        select(c.revision, c.data)
        .join(book, (b.id == c.book_id) & (b.demo == c.revision))
        .where(c.book_id == book_id, c.undone_by.is_(None))
    ).one_or_none()
    return None if row is None else Loaded(*row)


def has_room(db: Connection, book_id: int) -> bool:
    """Say whether a book has neither accounts nor transactions."""
    queries = (select(table.c.id).where(table.c.book_id == book_id).limit(1) for table in (account, transaction))
    return all(db.execute(query).first() is None for query in queries)


def imports_in(db: Connection, book_id: int, accounts: Runs) -> int:
    """Count the imports into some accounts."""
    i = import_.c
    return db.execute(select(func.count()).where(i.book_id == book_id, _among(i.account_id, accounts))).scalar_one()


def others_in(db: Connection, book_id: int, accounts: Runs, ours: Runs) -> int:
    """Count the transactions of some accounts that are not ours."""
    t = transaction.c
    theirs = (_among(t.account_id, accounts), not_(_among(t.id, ours)))
    return db.execute(select(func.count()).where(t.book_id == book_id, *theirs)).scalar_one()


def _among(column: ColumnElement[int], runs: Runs) -> ColumnElement[bool]:
    return or_(false(), *(column.between(*run) for run in runs))
