"""What flowed: sums by month and category, transfers left out, splits counted by their parts.

One function builds the sum for every figure of the house, so that tables, charts, export and command line agree.
A transaction without a category is either uncategorised or split: the second branch joins its parts, and falls back
to the whole amount where there are none, so that money can never drop out of a total. Both branches read covering
indexes (ix_transaction_flow, ix_transaction_page, ix_split_parts); a test holds the query plans to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from dashboard.model.transactions import split, transaction

# Uncategorised money has no category to say which way it counts: its own sign does.
UNCATEGORISED_OUT, UNCATEGORISED_IN = 0, -1
# No category has it: an empty list of ids is no SQL.
NONE = -1


class Flowed(NamedTuple):
    """What flowed in a month or span in one category.

    key: a month (yyyymm) or a span's place in the list. category_id: 0 uncategorised out, -1 in. amount: minor units, out
    negative; of `payments` how many.
    """

    key: int
    category_id: int
    amount: int


def _sums(within: Sequence[ColumnElement[bool]], key: ColumnElement[int]) -> Select[tuple[int, int, int]]:
    t, s = transaction.c, split.c
    base = and_(t.book_id == bindparam("book_id"), t.transfer_id.is_(None), *within)
    categorised = (
        select(key.label("key"), t.category_id.label("category_id"), func.sum(t.amount).label("amount"))
        .where(base, t.category_id.is_not(None))
        .group_by(key, t.category_id)
    )
    part = func.coalesce(s.amount, t.amount)
    side = case((s.category_id.is_not(None), s.category_id), (part < 0, UNCATEGORISED_OUT), else_=UNCATEGORISED_IN)
    rest = (
        select(key.label("key"), side.label("category_id"), func.sum(part).label("amount"))
        .select_from(transaction.outerjoin(split, and_(s.book_id == t.book_id, s.transaction_id == t.id)))
        .where(base, t.category_id.is_(None))
        .group_by(key, side)
    )
    both = union_all(categorised, rest).subquery()
    # PostgreSQL sums big integers as numeric; everything is whole minor units again here.
    amount = cast(func.sum(both.c.amount), BigInteger)
    return select(both.c.key, both.c.category_id, amount).group_by(both.c.key, both.c.category_id)


# Putting a statement together takes longer than answering it: each shape is made once and only its values change.
@lru_cache(maxsize=8)
def _month_statement(chosen: bool, payee: bool) -> Select[tuple[int, int, int]]:
    t = transaction.c
    month: ColumnElement[int] = t.month
    return _sums([t.month >= bindparam("first"), t.month <= bindparam("last"), *_narrowed(chosen, payee)], month)


@lru_cache(maxsize=64)
def _span_statement(count: int, chosen: bool, payee: bool) -> Executable:
    t = transaction.c
    parts = [
        _sums([t.date >= bindparam(f"start{n}"), t.date <= bindparam(f"end{n}"), *_narrowed(chosen, payee)], literal(n).label("span"))
        for n in range(count)
    ]
    return union_all(*parts) if count > 1 else parts[0]


def _narrowed(chosen: bool, payee: bool) -> list[ColumnElement[bool]]:
    t = transaction.c
    return [
        *([t.account_id.in_(bindparam("accounts", expanding=True))] if chosen else []),
        *([t.payee == bindparam("payee")] if payee else []),
    ]


def _flowed(rows: Iterable[Any]) -> list[Flowed]:
    return list(map(Flowed._make, rows))


def by_month(db: Connection, book_id: int, first: int, last: int, accounts: Sequence[int] | None = None, payee: str = "") -> list[Flowed]:
    """Sum what flowed by month and category.

    Args:
        first, last: months (yyyymm), both included.
        accounts: ids to count; None counts all.
        payee: only what has exactly this payee; "" counts all.
    """
    values = {"book_id": book_id, "first": first, "last": last} | _chosen(accounts, payee)
    return _flowed(db.execute(_month_statement(accounts is not None, bool(payee)), values).all())


def spending(db: Connection, book_id: int, first: int, last: int, accounts: Sequence[int] | None) -> dict[int, dict[int, int]]:
    """Return what each category cost in each month (yyyymm) from first to last: minor units, positive, by category and month.

    Nothing where the last is before the first.
    """
    found: dict[int, dict[int, int]] = {}
    if first <= last:
        for month, category_id, amount in by_month(db, book_id, first, last, accounts):
            found.setdefault(category_id, {})[month] = -amount
    return found


def by_span(
    db: Connection, book_id: int, spans: Sequence[tuple[date, date]], accounts: Sequence[int] | None = None, payee: str = ""
) -> list[Flowed]:
    """Sum what flowed in each of several spans of days by category; a key is a span's place in the list."""
    if not spans:
        return []
    values: dict[str, Any] = {"book_id": book_id} | _chosen(accounts, payee)
    for n, (start, end) in enumerate(spans):
        values |= {f"start{n}": start, f"end{n}": end}
    return _flowed(db.execute(_span_statement(len(spans), accounts is not None, bool(payee)), values).all())


def _chosen(accounts: Sequence[int] | None, payee: str) -> dict[str, Any]:
    return ({} if accounts is None else {"accounts": list(accounts)}) | ({"payee": payee} if payee else {})


def payments(db: Connection, book_id: int, first: int, last: int, accounts: Sequence[int] | None = None, payee: str = "") -> list[Flowed]:
    """Count the rows that took money out by month and category, parts of splits each for itself."""
    values = {"book_id": book_id, "first": first, "last": last} | _chosen(accounts, payee)
    return _flowed(db.execute(_payment_statement(accounts is not None, bool(payee)), values).all())


@lru_cache(maxsize=8)
def _payment_statement(chosen: bool, payee: bool) -> Select[tuple[int, int, int]]:
    t, s = transaction.c, split.c
    within = [t.month >= bindparam("first"), t.month <= bindparam("last"), *_narrowed(chosen, payee)]
    base = and_(t.book_id == bindparam("book_id"), t.transfer_id.is_(None), *within)
    whole = select(t.month.label("key"), t.category_id.label("category_id")).where(base, t.category_id.is_not(None), t.amount < 0)
    rest = (
        select(t.month, func.coalesce(s.category_id, UNCATEGORISED_OUT))
        .select_from(transaction.outerjoin(split, and_(s.book_id == t.book_id, s.transaction_id == t.id)))
        .where(base, t.category_id.is_(None), func.coalesce(s.amount, t.amount) < 0)
    )
    both = union_all(whole, rest).subquery()
    return select(both.c.key, both.c.category_id, func.count()).group_by(both.c.key, both.c.category_id)


PAYEE_COLUMNS = ("payee", "category_id", "amount", "count")


class Spending(NamedTuple):
    """Which spending is looked at: from one day to another, of all accounts (None) or some, of all payees ("") or one.

    income_ids: categories that are income and so no spending. categories: ids to count, 0 the uncategorised; empty counts all.
    """

    start: date
    end: date
    income_ids: Collection[int]
    accounts: Sequence[int] | None = None
    payee: str = ""
    categories: Collection[int] = ()


def by_payee(db: Connection, book_id: int, asked: Spending, most: int = 5) -> pd.DataFrame:
    """Return the payees that most was spent at.

    Returns:
        payee (str), category_id (int, one it was spent in, 0 uncategorised), amount (int minor units, positive), count (int
        transactions), all object, the largest first.
    """
    values: dict[str, Any] = {"book_id": book_id, "start": asked.start, "end": asked.end, "income": list(asked.income_ids) or [NONE]}
    values |= _chosen(asked.accounts, asked.payee) | ({"categories": list(asked.categories)} if asked.categories else {})
    statement = _payee_statement(asked.accounts is not None, bool(asked.payee), bool(asked.categories)).limit(most)
    rows = [(p, int(c or 0), int(a), int(n)) for p, c, a, n in db.execute(statement, values)]
    return pd.DataFrame(rows, columns=list(PAYEE_COLUMNS), dtype="object")


@lru_cache(maxsize=8)
def _payee_statement(chosen: bool, payee: bool, labelled: bool) -> Select[Any]:
    t, s = transaction.c, split.c
    base = and_(
        t.book_id == bindparam("book_id"),
        t.date >= bindparam("start"),
        t.date <= bindparam("end"),
        t.transfer_id.is_(None),
        *_narrowed(chosen, payee),
    )
    whole = select(t.payee, t.category_id, t.amount, t.id).where(
        base, t.category_id.is_not(None), t.category_id.not_in(bindparam("income", expanding=True))
    )
    part = func.coalesce(s.amount, t.amount)
    rest = (
        select(t.payee, s.category_id, part, t.id)
        .select_from(transaction.outerjoin(split, and_(s.book_id == t.book_id, s.transaction_id == t.id)))
        .where(
            base,
            t.category_id.is_(None),
            or_(and_(s.category_id.is_(None), part < 0), s.category_id.not_in(bindparam("income", expanding=True))),
        )
    )
    both = union_all(whole, rest).subquery()
    spent = func.sum(both.c.amount)
    query = select(both.c.payee, func.max(both.c.category_id), -spent, func.count(both.c.id.distinct())).group_by(both.c.payee)
    if labelled:
        query = query.where(func.coalesce(both.c.category_id, 0).in_(bindparam("categories", expanding=True)))
    return query.having(spent < 0).order_by(spent, both.c.payee)
