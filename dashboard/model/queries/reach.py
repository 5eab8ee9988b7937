"""How far a book reaches: the day of its first row, and how the rows of the last two months came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from dashboard.model.transactions import transaction

# The unary plus keeps SQLite on the index by days: by account it walks the unique key row by row.
ACCOUNT: ColumnElement[int] = transaction.c.account_id.op("+")(0)


def _within(book_id: int, accounts: Sequence[int] | None) -> list[ColumnElement[bool]]:
    t = transaction.c
    return [t.book_id == book_id, *([ACCOUNT.in_(list(accounts))] if accounts is not None else [])]


def first_day(db: Connection, book_id: int, accounts: Sequence[int] | None = None) -> date | None:
    """Return the date of the first row of some accounts, None counting all; None where there is none."""
    t = transaction.c
    # Not min(): with accounts to choose by, that reads every row, and this stops at the first.
    return db.execute(select(t.date).where(*_within(book_id, accounts)).order_by(t.date, t.id).limit(1)).scalar()


def newest_day(db: Connection, book_id: int, accounts: Sequence[int] | None = None, until: date | None = None) -> date | None:
    """Return the date of the newest row of some accounts, up to a day where one is given; None where there is none."""
    t = transaction.c
    within = [*_within(book_id, accounts), *([t.date <= until] if until else [])]
    return db.execute(select(t.date).where(*within).order_by(t.date.desc(), t.id.desc()).limit(1)).scalar()


def entered(
    db: Connection, book_id: int, start: date, accounts: Sequence[int] | None = None
) -> list[tuple[int, date, int | None, int | None, int]]:
    """Return how the rows from a day on came in, by account, day and whether from a file.

    Returns:
        account_id, day, the smallest and largest id of the files they came from (None where typed), and how many of them took
        money out and are no transfer.
    """
    t = transaction.c
    spent = case((and_(t.amount < 0, t.transfer_id.is_(None)), 1), else_=0)
    typed = t.import_id.is_(None)
    query = (
        select(ACCOUNT, t.date, func.min(t.import_id), func.max(t.import_id), func.sum(spent))
        .where(*_within(book_id, accounts), t.date >= start)
        .group_by(ACCOUNT, t.date, typed)
    )
    return [(a, day, first, last, int(count)) for a, day, first, last, count in db.execute(query)]
