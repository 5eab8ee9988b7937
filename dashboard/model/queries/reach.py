"""How far a book reaches: the day of its first row, and how the rows of the last two months came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, func, select

from dashboard.model.imports import import_
from dashboard.model.transactions import transaction
from dashboard.periods import LATEST

# The unary plus keeps SQLite on the index by days: by account it walks the unique key row by row.
ACCOUNT: ColumnElement[int] = transaction.c.account_id.op("+")(0)


def _within(chosen: bool) -> list[ColumnElement[bool]]:
    return [transaction.c.book_id == bindparam("book_id"), *([ACCOUNT.in_(bindparam("accounts", expanding=True))] if chosen else [])]


def _values(book_id: int, accounts: Sequence[int] | None, **more: Any) -> dict[str, Any]:
    return {"book_id": book_id} | ({} if accounts is None else {"accounts": list(accounts)}) | more


# Not min() and max(): with accounts to choose by they read every row, and these stop at the first.
@lru_cache(maxsize=8)
def _edge(chosen: bool, newest: bool) -> Select[Any]:
    t = transaction.c
    order = (t.date.desc(), t.id.desc()) if newest else (t.date, t.id)
    return select(t.date).where(*_within(chosen), t.date <= bindparam("until")).order_by(*order).limit(1)


@lru_cache(maxsize=4)
def _entered(chosen: bool) -> Select[Any]:
    t = transaction.c
    spent = case((and_(t.amount < 0, t.transfer_id.is_(None)), 1), else_=0)
    return (
        select(ACCOUNT, t.date, func.min(t.import_id), func.max(t.import_id), func.sum(spent))
        .where(*_within(chosen), t.date >= bindparam("start"))
        .group_by(ACCOUNT, t.date, t.import_id.is_(None))
    )


def first_day(db: Connection, book_id: int, accounts: Sequence[int] | None = None) -> date | None:
    """Return the date of the first row of some accounts, None counting all; None where there is none."""
    return db.execute(_edge(accounts is not None, False), _values(book_id, accounts, until=LATEST)).scalar()


def newest_day(db: Connection, book_id: int, accounts: Sequence[int] | None = None, until: date = LATEST) -> date | None:
    """Return the date of the newest row of some accounts up to a day; None where there is none."""
    return db.execute(_edge(accounts is not None, True), _values(book_id, accounts, until=until)).scalar()


def has_files(db: Connection, book_id: int) -> bool:
    """Say whether anything of a book ever came from a file."""
    return db.execute(_FILES, {"book_id": book_id}).first() is not None


_FILES = select(import_.c.id).where(import_.c.book_id == bindparam("book_id")).limit(1)


def entered(
    db: Connection, book_id: int, start: date, accounts: Sequence[int] | None = None
) -> list[tuple[int, date, int | None, int | None, int]]:
    """Return how the rows from a day on came in, by account, day and whether from a file.

    Returns:
        account_id, day, the smallest and largest id of the files they came from (None where typed), and how many of them took
        money out and are no transfer.
    """
    rows = db.execute(_entered(accounts is not None), _values(book_id, accounts, start=start))
    return [(int(a), day, first, last, int(count)) for a, day, first, last, count in rows]
