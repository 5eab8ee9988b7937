"""What accounts hold: sums by month that add up to balances. Both branches read covering indexes; a test holds the plan to it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, bindparam, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from dashboard.model.transactions import transaction
from dashboard.periods import add_months, first_day, last_day, month_of

# The month of what is dated after today: it is in no balance of now.
LATER = 999_999
SUM_COLUMNS = ("account_id", "month", "amount", "count")


@lru_cache(maxsize=1)
def _sums() -> CompoundSelect[Any]:
    t = transaction.c
    # The unary plus keeps SQLite on the covering index: by account alone it walks the unique key row by row.
    account = t.account_id.op("+")(0)
    earlier = (
        select(account.label("account_id"), t.month.label("month"), func.sum(t.amount), func.count())
        .where(t.book_id == bindparam("book_id"), t.month < bindparam("month"))
        .group_by(account, t.month)
    )
    when = case((t.date <= bindparam("today"), bindparam("month")), else_=literal(LATER))
    # Only dates tell what of this month is still to come, so it is read from the index that begins with them.
    now = (
        select(account, when.label("month"), func.sum(t.amount), func.count())
        .where(t.book_id == bindparam("book_id"), t.date >= bindparam("start"))
        .group_by(account, when)
    )
    return union_all(earlier, now)


@lru_cache(maxsize=1)
def _latest() -> Select[Any]:
    t = transaction.c
    account = t.account_id.op("+")(0)
    within = (t.book_id == bindparam("book_id"), t.date >= bindparam("start"), t.date <= bindparam("end"))
    return select(account, func.max(t.date)).where(*within).group_by(account)


def month_sums(db: Connection, book_id: int, today: date) -> pd.DataFrame:
    """Sum every account's rows by month, transfers included.

    Returns:
        account_id, month (yyyymm; this month until today, LATER what is dated after it), amount (minor units), count; all int64.
    """
    month = month_of(today)
    values = {"book_id": book_id, "month": month, "today": today, "start": first_day(month)}
    rows = [tuple(map(int, row)) for row in db.execute(_sums(), values)]
    return pd.DataFrame(rows, columns=list(SUM_COLUMNS), dtype="int64")


def last_days(db: Connection, book_id: int, sums: pd.DataFrame, today: date) -> dict[int, date]:
    """Return the date of each account's latest row that is not in the future.

    Args:
        sums: as of `month_sums`: they tell in which month to look, so that not all rows are read.
    """
    months = sums[sums["month"] != LATER].groupby("account_id")["month"].max()
    found: dict[int, date] = {}
    for month in sorted(set(months.tolist())):
        # A book's month may end in the calendar's next one.
        values = {"book_id": book_id, "start": first_day(month), "end": min(today, last_day(add_months(month, 1)))}
        for account_id, day in db.execute(_latest(), values):
            found[int(account_id)] = day if isinstance(day, date) else date.fromisoformat(day)
    return found
