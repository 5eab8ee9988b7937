"""The list of transactions: one page of any filter, and the sums of the whole of it.

Where dates narrow a filter their index finds the rows. Words over all of time are looked for along the primary key:
in the order of the table itself SQLite reads 100,000 rows in a sixth of the time that as many steps from an index take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Date, Select, and_, bindparam, case, exists, false, func, literal, or_, select, union_all

from dashboard.model.queries.terms import Group, Said, holds
from dashboard.model.transactions import split, transaction

PAGE = 50
COLUMNS = (
    "id",
    "revision",
    "account_id",
    "date",
    "amount",
    "payee",
    "text",
    "note",
    "category_id",
    "transfer_id",
    "import_id",
    "reviewed",
    "parts",
    "other_account_id",
    "other_amount",
)
PART_COLUMNS = ("id", "transaction_id", "category_id", "amount", "note")


@dataclass(frozen=True)
class Filter:
    """Which transactions: None and empty mean all.

    categories: ids, 0 for uncategorised. kind: income, spending or transfer; income_categories says which those are.
    search: of its groups one must hold, with every term in it. unseen: only what nobody has reviewed. fold: a transfer with
    both legs in the filter is one row, the one money left by.
    """

    book_id: int
    start: date | None = None
    end: date | None = None
    accounts: tuple[int, ...] | None = None
    categories: tuple[int, ...] = ()
    kind: str = ""
    income_categories: tuple[int, ...] = ()
    search: tuple[Group, ...] = ()
    payee: str = ""
    imported: tuple[int, int] | None = None
    unseen: bool = False
    ids: tuple[int, ...] | None = None
    fold: bool = False
    sort: str = ""


# Making an alias or a list of columns takes longer than the query does: each is made once.
_OTHER = transaction.alias("other")


@lru_cache(maxsize=1)
def _rows() -> Select[Any]:
    """Return what a page says of a row, COLUMNS, of all rows there are."""
    t = transaction.c
    parts = select(func.count()).where(split.c.book_id == t.book_id, split.c.transaction_id == t.id).scalar_subquery()
    leg = transaction.alias("leg").c
    beside = leg.book_id == t.book_id, leg.transfer_id == t.transfer_id, leg.id != t.id
    other, came = (select(func.min(c)).where(*beside).correlate(transaction).scalar_subquery() for c in (leg.account_id, leg.amount))
    return select(
        *(t[name] for name in COLUMNS[:-3]),
        case((t.category_id.is_(None), parts), else_=0).label("parts"),
        case((t.transfer_id.is_not(None), other), else_=None).label("other_account_id"),
        case((t.transfer_id.is_not(None), came), else_=None).label("other_amount"),
    )


def _shape(chosen: Filter) -> Filter:
    """Return a filter without the book and the days it is of: from month to month a statement stays the same."""
    return replace(chosen, book_id=0, start=chosen.start and date.min, end=chosen.end and date.max)


def _values(chosen: Filter) -> dict[str, Any]:
    """Return what `_shape` left out."""
    days = {"start": chosen.start, "end": chosen.end}
    return {"book_id": chosen.book_id} | {name: day for name, day in days.items() if day is not None}


def _own(dialect: str, chosen: Filter, t: Any) -> list[ColumnElement[bool]]:
    """Return what must hold of a row by itself; `t` holds the columns of the table or of an alias."""
    where: list[ColumnElement[bool]] = [t.book_id == bindparam("book_id")]
    if chosen.start is not None:
        where.append(t.date >= bindparam("start", type_=Date))
    if chosen.end is not None:
        where.append(t.date <= bindparam("end", type_=Date))
    if chosen.accounts is not None:
        where.append(t.account_id.in_(chosen.accounts))
    if chosen.imported is not None:
        where += [t.id >= chosen.imported[0], t.id <= chosen.imported[1]]
    if chosen.ids is not None:
        where.append(t.id.in_(chosen.ids))
    if chosen.unseen:
        where.append(t.reviewed == false())
    if chosen.payee:
        where.append(t.payee == chosen.payee)
    if chosen.search:
        where.append(holds(dialect, chosen.search, t))
    if _walks(chosen):
        # True of every row: it is what makes the database walk the table (see the top).
        where.append(t.id > 0)
    return where


def _walks(chosen: Filter) -> bool:
    """Say whether the rows are best found in the table itself: texts are asked for, which are in no index, and no days."""
    narrow = chosen.start is not None or chosen.imported is not None or chosen.ids is not None
    texts = chosen.payee or any(isinstance(what, Said) for group in chosen.search for term in group for what in term.either)
    return not narrow and bool(texts)


def _matches(dialect: str, chosen: Filter) -> list[ColumnElement[bool]]:
    """Return what must hold of a row, its category and kind left out."""
    t = transaction.c
    where = _own(dialect, chosen, t)
    if chosen.fold:
        other = _OTHER.c
        leaves = exists().where(other.transfer_id == t.transfer_id, other.amount < 0, *_own(dialect, replace(chosen, fold=False), other))
        where.append(or_(t.transfer_id.is_(None), t.amount <= 0, ~leaves.correlate(transaction)))
    if chosen.kind == "transfer":
        where.append(t.transfer_id.is_not(None))
    elif chosen.kind or chosen.categories:
        where.append(t.transfer_id.is_(None))
    return where


def _labelled(chosen: Filter) -> bool:
    """Say whether the filter asks for categories, and so for the parts of split transactions."""
    return chosen.kind in ("income", "spending") or bool(chosen.categories and chosen.kind != "transfer")


def _by_label(chosen: Filter) -> ColumnElement[bool]:
    """Say which rows have a category, or a part with one, that the filter is after."""
    t = transaction.c
    part = _has_parts(_wanted(chosen, split.c.category_id, split.c.amount))
    return or_(
        and_(t.category_id.is_not(None), _wanted(chosen, t.category_id, t.amount)),
        and_(t.category_id.is_(None), or_(part, and_(~_has_parts(), _wanted(chosen, None, t.amount)))),
    )


def _has_parts(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    t, s = transaction.c, split.c
    # One column and not all: only then does SQLite find the parts by their index, and not by reading the book's.
    found = select(s.transaction_id).where(s.book_id == t.book_id, s.transaction_id == t.id, *such)
    return found.correlate(transaction).exists()


def _wanted(chosen: Filter, category: ColumnElement[int] | None, amount: ColumnElement[int]) -> ColumnElement[bool]:
    """Say whether a categorised amount is what the filter is after; `category` None is uncategorised."""
    tests: list[ColumnElement[bool]] = []
    if chosen.categories:
        ids = [i for i in chosen.categories if i]
        uncategorised = 0 in chosen.categories
        if category is None:
            if not uncategorised:
                return false()
        else:
            tests.append(or_(category.in_(ids), category.is_(None)) if uncategorised else category.in_(ids))
    if chosen.kind:
        came_in = chosen.kind == "income"
        by_sign = amount > 0 if came_in else amount < 0
        if category is None:
            tests.append(by_sign)
        else:
            belongs = category.in_(chosen.income_categories)
            tests.append(or_(and_(category.is_(None), by_sign), and_(category.is_not(None), belongs if came_in else ~belongs)))
    return and_(*tests) if tests else amount.is_not(None)


def _all(dialect: str, chosen: Filter) -> ColumnElement[bool]:
    return and_(*_matches(dialect, chosen), *([_by_label(chosen)] if _labelled(chosen) else []))


@lru_cache(maxsize=64)
def _found(dialect: str, shape: Filter) -> Select[Any]:
    """Return the ids of a page: out of an index alone where there is one."""
    # Of a few unseen among many, the statistics may not know yet; in the order of days all would be looked at.
    few = _walks(shape) or (shape.unseen and shape.start is None)
    order = _order(shape.sort, by_index=not few)
    return select(transaction.c.id).where(_all(dialect, shape)).order_by(*order).limit(bindparam("size")).offset(bindparam("before"))


@lru_cache(maxsize=8)
def _these(sort: str) -> Select[Any]:
    """Return what stands in a few rows."""
    t = transaction.c
    return _rows().where(t.book_id == bindparam("book_id"), t.id.in_(bindparam("ids", expanding=True))).order_by(*_order(sort))


@lru_cache(maxsize=64)
def _counted(dialect: str, shape: Filter) -> Select[Any]:
    return select(func.count()).select_from(transaction).where(_all(dialect, shape))


def _made(make: Any, db: Connection, chosen: Filter) -> Any:
    """Return a filter's statement, put together once for its shape; one of ten thousand ids is not kept."""
    return (make.__wrapped__ if chosen.ids is not None else make)(db.dialect.name, _shape(chosen))


def page(db: Connection, chosen: Filter, number: int = 1, size: int | None = PAGE) -> pd.DataFrame:
    """Return one page in the filter's order; `size` None returns all.

    Returns:
        COLUMNS, all object: ids int (category_id, transfer_id, import_id and other_account_id, that of a transfer's other
        leg, None where there is none), date, amount and other_amount int minor units of their accounts' currencies, texts
        str, reviewed bool, parts int (how many splits).
    """
    values = _values(chosen)
    if size is None:
        query = _rows().where(_all(db.dialect.name, chosen)).order_by(*_order(chosen.sort))
    else:
        # Which rows; then what stands in those few.
        wanted = db.execute(_made(_found, db, chosen), values | {"size": size, "before": (number - 1) * size}).scalars().all()
        query, values = _these(chosen.sort), {"book_id": chosen.book_id, "ids": wanted}
    return pd.DataFrame([tuple(row) for row in db.execute(query, values)], columns=list(COLUMNS), dtype="object")


def _order(sort: str, *, by_index: bool = True) -> Sequence[ColumnElement[Any]]:
    t = transaction.c
    # What is worked out is in no index: then the rows are found first, and put in order afterwards.
    day = t.date if by_index else func.coalesce(t.date, t.date)
    if sort == "oldest":
        return day, t.id
    # What moves between own accounts is neither spent nor received: it stands behind all that is.
    moved = case((t.transfer_id.is_(None), 0), else_=1)
    if sort == "out":
        return moved, t.amount, day.desc(), t.id.desc()
    if sort == "in":
        return moved, t.amount.desc(), day.desc(), t.id.desc()
    return day.desc(), t.id.desc()


def parts(db: Connection, book_id: int, ids: Sequence[int]) -> pd.DataFrame:
    """Return PART_COLUMNS of split transactions in the order they were written; amount is minor units, signed."""
    s = split.c
    rows = (
        db.execute(
            select(*(s[name] for name in PART_COLUMNS))
            .where(s.book_id == book_id, s.transaction_id.in_(ids))
            .order_by(s.transaction_id, s.id)
        ).all()
        if ids
        else []
    )
    return pd.DataFrame([tuple(row) for row in rows], columns=list(PART_COLUMNS), dtype="object")


def ids(db: Connection, chosen: Filter) -> list[int]:
    """Return the ids of all transactions of a filter."""
    return list(db.execute(select(transaction.c.id).where(_all(db.dialect.name, chosen)), _values(chosen)).scalars())


def count(db: Connection, chosen: Filter) -> int:
    """Count the transactions of a filter."""
    found: int = db.execute(_made(_counted, db, chosen), _values(chosen)).scalar_one()
    return found


def unseen(db: Connection, book_id: int) -> int:
    """Count the transactions that nobody has reviewed yet."""
    t = transaction.c
    return db.execute(select(func.count()).select_from(transaction).where(t.book_id == book_id, t.reviewed == false())).scalar_one()


def totals(db: Connection, chosen: Filter) -> tuple[int, pd.DataFrame]:
    """Count the rows of a filter and sum what of them is no transfer, by account.

    Where a category or kind is asked for, only the parts of split transactions that match are summed.

    Returns:
        The number of transactions, and account_id (int64), money_in, money_out (int64, minor units, both positive).
    """
    rows = db.execute(_made(_sums, db, chosen), _values(chosen)).all()
    values = [tuple(int(v or 0) for v in row) for row in rows]
    frame = pd.DataFrame(values, columns=["account_id", "count", "money_in", "money_out"], dtype="int64")
    frame = frame.groupby("account_id", as_index=False).sum()
    return int(frame["count"].sum()), frame[["account_id", "money_in", "money_out"]]


@lru_cache(maxsize=64)
def _sums(dialect: str, chosen: Filter) -> Select[Any] | Any:
    t, s = transaction.c, split.c
    matching = _matches(dialect, chosen)
    # Worked out, so that no index on accounts is walked for the groups: it holds nothing of what is summed.
    account = t.account_id.op("+")(0).label("account_id")
    if not _labelled(chosen):
        counted = literal(True) if chosen.kind == "transfer" else t.transfer_id.is_(None)
        return select(account, func.count(), *_in_and_out(t.amount, counted)).where(*matching).group_by(account)
    # Three kinds of rows, each by its own way: with a category, split, with neither.
    whole = select(account, func.count(), *_in_and_out(t.amount)).where(
        *matching, t.category_id.is_not(None), _wanted(chosen, t.category_id, t.amount)
    )
    in_parts = (
        select(account, func.count(t.id.distinct()), *_in_and_out(s.amount))
        .select_from(transaction.join(split, and_(s.book_id == t.book_id, s.transaction_id == t.id)))
        .where(*matching, t.category_id.is_(None), _wanted(chosen, s.category_id, s.amount))
    )
    bare = select(account, func.count(), *_in_and_out(t.amount)).where(
        *matching, t.category_id.is_(None), ~_has_parts(), _wanted(chosen, None, t.amount)
    )
    # Uncategorised rows are neither split nor labelled; where they are not asked for, there is nothing to look for.
    kinds = (whole, in_parts, bare) if 0 in chosen.categories or not chosen.categories else (whole, in_parts)
    return union_all(*(query.group_by(account) for query in kinds))


def _in_and_out(amount: ColumnElement[int], counted: ColumnElement[bool] | None = None) -> Sequence[ColumnElement[int]]:
    came, went = amount > 0, amount < 0
    if counted is not None:
        came, went = and_(came, counted), and_(went, counted)
    return func.sum(case((came, amount), else_=0)), func.sum(case((went, -amount), else_=0))
