"""What flowed: sums by month and category, transfers left out, splits counted by their parts.

One function builds the sum for every figure of the house, so that tables, charts, export and command line agree.
A transaction without a category is either uncategorised or split: the second branch joins its parts, and falls back
to the whole amount where there are none, so that money can never drop out of a total. Both branches read covering
indexes (ix_transaction_flow, ix_transaction_page, ix_split_parts); a test holds the query plans to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Executable, Select, and_, bindparam, case, func, literal, select, union_all

from dashboard.model.transactions import split, transaction

# Uncategorised money has no category to say which way it counts: its own sign does.
UNCATEGORISED_OUT, UNCATEGORISED_IN = 0, -1
FLOW_COLUMNS = ("key", "category_id", "amount")


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
    return select(both.c.key, both.c.category_id, func.sum(both.c.amount)).group_by(both.c.key, both.c.category_id)


# Putting a statement together takes longer than answering it: each shape is made once and only its values change.
@lru_cache(maxsize=4)
def _month_statement(chosen: bool) -> Select[tuple[int, int, int]]:
    t = transaction.c
    month: ColumnElement[int] = t.month
    return _sums([t.month >= bindparam("first"), t.month <= bindparam("last"), *_of_accounts(chosen)], month)


@lru_cache(maxsize=64)
def _span_statement(count: int, chosen: bool) -> Executable:
    t = transaction.c
    parts = [
        _sums([t.date >= bindparam(f"start{n}"), t.date <= bindparam(f"end{n}"), *_of_accounts(chosen)], literal(n).label("span"))
        for n in range(count)
    ]
    return union_all(*parts) if count > 1 else parts[0]


def _of_accounts(chosen: bool) -> list[ColumnElement[bool]]:
    return [transaction.c.account_id.in_(bindparam("accounts", expanding=True))] if chosen else []


def _frame(rows: Sequence[Any]) -> pd.DataFrame:
    # PostgreSQL sums big integers as numeric; everything is whole minor units again here.
    values = np.array([tuple(map(int, row)) for row in rows], dtype="int64").reshape(-1, len(FLOW_COLUMNS))
    return pd.DataFrame(values, columns=list(FLOW_COLUMNS))


def by_month(db: Connection, book_id: int, first: int, last: int, accounts: Sequence[int] | None = None) -> pd.DataFrame:
    """Sum what flowed by month and category.

    Args:
        first, last: months (yyyymm), both included.
        accounts: ids to count; None counts all.

    Returns:
        key (int64, yyyymm), category_id (int64; 0 uncategorised out, -1 in), amount (int64, minor units, out negative).
    """
    values = {"book_id": book_id, "first": first, "last": last} | _chosen(accounts)
    return _frame(db.execute(_month_statement(accounts is not None), values).all())


def by_span(db: Connection, book_id: int, spans: Sequence[tuple[date, date]], accounts: Sequence[int] | None = None) -> pd.DataFrame:
    """Sum what flowed in each of several spans of days by category.

    Returns:
        key (int64, the span's place in the list), category_id and amount as in `by_month`.
    """
    if not spans:
        return _frame([])
    values: dict[str, Any] = {"book_id": book_id} | _chosen(accounts)
    for n, (start, end) in enumerate(spans):
        values |= {f"start{n}": start, f"end{n}": end}
    return _frame(db.execute(_span_statement(len(spans), accounts is not None), values).all())


def _chosen(accounts: Sequence[int] | None) -> dict[str, Any]:
    return {} if accounts is None else {"accounts": list(accounts)}


def balances(db: Connection, book_id: int) -> pd.DataFrame:
    """Sum every account's rows, transfers included.

    Returns:
        account_id (int64), amount (int64, minor units), count (int64).
    """
    t = transaction.c
    # The unary plus keeps SQLite on the covering index: by account alone it walks the unique key row by row.
    account = t.account_id.op("+")(0)
    rows = db.execute(
        select(account.label("account_id"), t.month, func.sum(t.amount), func.count())
        .where(t.book_id == book_id)
        .group_by(account, t.month)
    ).all()
    frame = pd.DataFrame([(int(a), int(s), int(n)) for a, _, s, n in rows], columns=["account_id", "amount", "count"], dtype="int64")
    return frame.groupby("account_id", as_index=False).sum()
