"""The list of transactions: one page of any filter, and the sums of the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, exists, false, func, or_, select

from dashboard.model.transactions import split, transaction

PAGE = 50
COLUMNS = ("id", "revision", "account_id", "date", "amount", "payee", "text", "note", "category_id", "transfer_id", "import_id", "parts")


@dataclass(frozen=True)
class Filter:
    """Which transactions: None and empty mean all.

    categories: ids, 0 for uncategorised. kind: income, spending or transfer; income_categories says which those are.
    """

    book_id: int
    start: date | None = None
    end: date | None = None
    accounts: tuple[int, ...] | None = None
    categories: tuple[int, ...] = ()
    kind: str = ""
    income_categories: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    imported: tuple[int, int] | None = None


def _matches(chosen: Filter) -> ColumnElement[bool]:
    t = transaction.c
    where = [t.book_id == chosen.book_id]
    if chosen.start is not None:
        where.append(t.date >= chosen.start)
    if chosen.end is not None:
        where.append(t.date <= chosen.end)
    if chosen.accounts is not None:
        where.append(t.account_id.in_(chosen.accounts))
    if chosen.imported is not None:
        where += [t.id >= chosen.imported[0], t.id <= chosen.imported[1]]
    if chosen.kind == "transfer":
        where.append(t.transfer_id.is_not(None))
    elif chosen.kind or chosen.categories:
        where.append(t.transfer_id.is_(None))
        where.append(
            or_(
                and_(t.category_id.is_not(None), _wanted(chosen, t.category_id, t.amount)),
                and_(
                    t.category_id.is_(None),
                    or_(
                        exists()
                        .where(
                            split.c.book_id == t.book_id,
                            split.c.transaction_id == t.id,
                            _wanted(chosen, split.c.category_id, split.c.amount),
                        )
                        .correlate(transaction),
                        and_(~_has_parts(), _wanted(chosen, None, t.amount)),
                    ),
                ),
            )
        )
    for word in chosen.words:
        where.append(or_(*(_contains(column, word) for column in (t.payee, t.text, t.note))))
    return and_(*where)


def _has_parts() -> ColumnElement[bool]:
    return exists().where(split.c.book_id == transaction.c.book_id, split.c.transaction_id == transaction.c.id).correlate(transaction)


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


def _contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    # SQLite folds only ASCII; other letters are looked for as they are commonly written.
    forms = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return or_(*(column.icontains(form, autoescape=True) for form in forms))


def page(db: Connection, chosen: Filter, number: int = 1, size: int | None = PAGE) -> pd.DataFrame:
    """Return one page, newest first; `size` None returns all.

    Returns:
        COLUMNS, all object: ids int (category_id, transfer_id and import_id None where there is none), date, amount int
        minor units, texts str, parts int (how many splits).
    """
    t = transaction.c
    parts = select(func.count()).where(split.c.book_id == t.book_id, split.c.transaction_id == t.id).scalar_subquery()
    query = (
        select(*(t[name] for name in COLUMNS[:-1]), case((t.category_id.is_(None), parts), else_=0).label("parts"))
        .where(_matches(chosen))
        .order_by(t.date.desc(), t.id.desc())
    )
    if size is not None:
        query = query.limit(size).offset((number - 1) * size)
    return pd.DataFrame([tuple(row) for row in db.execute(query)], columns=list(COLUMNS), dtype="object")


def count(db: Connection, chosen: Filter) -> int:
    """Count the transactions of a filter."""
    return db.execute(select(func.count()).select_from(transaction).where(_matches(chosen))).scalar_one()


def totals(db: Connection, chosen: Filter) -> tuple[int, pd.DataFrame]:
    """Count the rows of a filter and sum what of them is no transfer, by account.

    Where a category or kind is asked for, only the parts of split transactions that match are summed.

    Returns:
        The number of transactions, and account_id (int64), money_in, money_out (int64, minor units, both positive).
    """
    t, s = transaction.c, split.c
    matching = _matches(chosen)
    transfers = t.transfer_id.is_not(None) if chosen.kind == "transfer" else t.transfer_id.is_(None)
    if chosen.kind in ("income", "spending") or chosen.categories:
        part = func.coalesce(s.amount, t.amount)
        label = func.coalesce(t.category_id, s.category_id)
        source = transaction.outerjoin(split, and_(s.book_id == t.book_id, s.transaction_id == t.id, t.category_id.is_(None)))
        query = select(t.account_id, *_in_and_out(part)).select_from(source).where(matching, transfers, _wanted(chosen, label, part))
    else:
        query = select(t.account_id, *_in_and_out(t.amount)).where(matching, transfers)
    rows = db.execute(query.group_by(t.account_id)).all()
    frame = pd.DataFrame([tuple(int(v) for v in row) for row in rows], columns=["account_id", "money_in", "money_out"], dtype="int64")
    return count(db, chosen), frame


def _in_and_out(amount: ColumnElement[int]) -> Sequence[ColumnElement[int]]:
    return func.sum(case((amount > 0, amount), else_=0)), func.sum(case((amount < 0, -amount), else_=0))
