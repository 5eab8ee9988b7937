"""What accounts hold: sums by month that add up to balances. All branches read covering indexes; a test holds the plan to it.

A balance is the sum of an account's rows and marks up to a day. A mark is what moves a balance without a row: the opening
balance on its day, and on the day of a value the difference between what was said and what stood there before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, bindparam, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from dashboard.model.accounts import account, account_value
from dashboard.model.transactions import transaction
from dashboard.periods import add_months, first_day, last_day, month_of

# The month of what is dated after today: it is in no balance of now.
LATER = 999_999
SUM_COLUMNS = ("account_id", "month", "amount", "count")
MARK_COLUMNS = ("account_id", "day", "amount")
# The day of an opening balance that holds from the beginning of time.
EVER = date.min


@lru_cache(maxsize=1)
def _sums() -> CompoundSelect[Any]:
    t = transaction.c
    # The unary plus keeps SQLite on the covering index: by account alone it walks the unique key row by row.
    of = t.account_id.op("+")(0)
    earlier = (
        select(of.label("account_id"), t.month.label("month"), func.sum(t.amount), func.count())
        .where(t.book_id == bindparam("book_id"), t.month < bindparam("month"))
        .group_by(of, t.month)
    )
    when = case((t.date <= bindparam("today"), bindparam("month")), else_=literal(LATER))
    # Only dates tell what of this month is still to come, so it is read from the index that begins with them.
    now = (
        select(of, when.label("month"), func.sum(t.amount), func.count())
        .where(t.book_id == bindparam("book_id"), t.date >= bindparam("start"))
        .group_by(of, when)
    )
    return union_all(earlier, now)


@lru_cache(maxsize=1)
def _latest() -> Select[Any]:
    t = transaction.c
    of = t.account_id.op("+")(0)
    within = (t.book_id == bindparam("book_id"), t.date >= bindparam("start"), t.date <= bindparam("end"))
    return select(of, func.max(t.date)).where(*within).group_by(of)


@lru_cache(maxsize=1)
def _said() -> CompoundSelect[Any]:
    a, v = account.c, account_value.c
    opening = select(a.id, a.opened, a.opening, literal(0)).where(a.book_id == bindparam("book_id"), a.opening != 0)
    return union_all(opening, select(v.account_id, v.day, v.amount, literal(1)).where(v.book_id == bindparam("book_id")))


@lru_cache(maxsize=1)
def _days() -> Select[Any]:
    t = transaction.c
    of = t.account_id.op("+")(0)
    mine = (t.book_id == bindparam("book_id"), t.date <= bindparam("end"), of.in_(bindparam("accounts", expanding=True)))
    return select(of, t.date, func.sum(t.amount)).where(*mine).group_by(of, t.date).order_by(of, t.date)


def month_sums(db: Connection, book_id: int, today: date) -> pd.DataFrame:
    """Sum every account's rows by month, transfers included.

    Returns:
        account_id, month (yyyymm; this month until today, LATER what is dated after it), amount (minor units), count; all int64.
    """
    month = month_of(today)
    values = {"book_id": book_id, "month": month, "today": today, "start": first_day(month)}
    rows = [tuple(map(int, row)) for row in db.execute(_sums(), values)]
    return pd.DataFrame(rows, columns=list(SUM_COLUMNS), dtype="int64")


def marks(db: Connection, book_id: int) -> pd.DataFrame:
    """Return what moves balances beside the rows: openings and values, each as what it adds on its day.

    Returns:
        account_id, day (a date; EVER for an opening without one), amount (minor units).
    """
    openings: dict[int, tuple[date, int]] = {}
    values: dict[int, list[tuple[date, int]]] = {}
    for account_id, day, amount, said in db.execute(_said(), {"book_id": book_id}):
        if said:
            values.setdefault(account_id, []).append((day, int(amount)))
        else:
            openings[account_id] = day or EVER, int(amount)
    moved = _day_sums(db, book_id, values, max(day for days in values.values() for day, _ in days)) if values else {}
    found: list[tuple[int, date, int]] = []
    for account_id in sorted(openings.keys() | values.keys()):
        steps = _steps(openings.get(account_id), sorted(values.get(account_id, ())), moved.get(account_id, []))
        found += [(account_id, day, amount) for day, amount in steps]
    return pd.DataFrame(found, columns=list(MARK_COLUMNS), dtype="object").astype({"account_id": "int64", "amount": "int64"})


def _day_sums(db: Connection, book_id: int, accounts: Iterable[int], end: date) -> dict[int, list[tuple[date, int]]]:
    """Return the sums of these accounts' rows by day, oldest first, up to a day."""
    found: dict[int, list[tuple[date, int]]] = {}
    for account_id, day, amount in db.execute(_days(), {"book_id": book_id, "end": end, "accounts": sorted(accounts)}):
        found.setdefault(int(account_id), []).append((day, int(amount)))
    return found


def _steps(opening: tuple[date, int] | None, values: list[tuple[date, int]], rows: list[tuple[date, int]]) -> Iterator[tuple[date, int]]:
    """Yield one account's marks; all but the opening are ascending by day."""
    held, place = 0, 0
    # What is said of an account's worth stands against all before it, an opening that would begin later included.
    if opening is not None and (not values or opening[0] <= values[0][0]):
        yield opening
        held = opening[1]
    for day, amount in values:
        while place < len(rows) and rows[place][0] <= day:
            held += rows[place][1]
            place += 1
        yield day, amount - held
        held = amount


def month_balances(db: Connection, book_id: int, today: date) -> pd.DataFrame:
    """Return `month_sums` with the marks among them, which count as no rows: what a balance of any month's end sums up."""
    found = marks(db, book_id)
    months = [LATER if day > today else month_of(day) for day in found["day"]]
    moved = pd.DataFrame({"account_id": found["account_id"], "month": months, "amount": found["amount"], "count": 0}, dtype="int64")
    return pd.concat([month_sums(db, book_id, today), moved], ignore_index=True)


def last_days(db: Connection, book_id: int, sums: pd.DataFrame, today: date) -> dict[int, date]:
    """Return the date of each account's latest row that is not in the future.

    Args:
        sums: as of `month_sums` or `month_balances`: they tell in which month to look, so that not all rows are read.
    """
    months = sums[(sums["month"] != LATER) & (sums["count"] > 0)].groupby("account_id")["month"].max()
    found: dict[int, date] = {}
    for month in sorted(set(months.tolist())):
        # A book's month may end in the calendar's next one.
        values = {"book_id": book_id, "start": first_day(month), "end": min(today, last_day(add_months(month, 1)))}
        for account_id, day in db.execute(_latest(), values):
            found[int(account_id)] = day if isinstance(day, date) else date.fromisoformat(day)
    return found
