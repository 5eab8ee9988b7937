"""Budgets, as they were said: each holds from its month until the next one said of its category."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from dashboard.model.budgets import budget


class Said(NamedTuple):
    """What was said of a category's budget from a month (yyyymm) on: minor units, None where it ends; carry over or not."""

    category_id: int
    month: int
    amount: int | None
    carry: bool


class BudgetRow(NamedTuple):
    """The same with its currency, as it is stored."""

    id: int
    category_id: int
    currency: str
    month: int
    amount: int | None
    carry: bool


_MINE = (budget.c.book_id == bindparam("book_id"), budget.c.currency == bindparam("currency"))
# Put together once; only its values change.
_SAID = select(*(budget.c[name] for name in Said._fields)).where(*_MINE).order_by(budget.c.month, budget.c.id)


def said(db: Connection, book_id: int, currency: str) -> list[Said]:
    """Return all that was ever said of budgets in a currency, oldest month first."""
    return [Said(*row) for row in db.execute(_SAID, {"book_id": book_id, "currency": currency})]


def of_categories(db: Connection, book_id: int, category_ids: Collection[int]) -> list[BudgetRow]:
    """Return all that was ever said of some categories, oldest month first."""
    b = budget.c
    mine = (b.book_id == book_id, b.category_id.in_(category_ids))
    query = select(*(b[name] for name in BudgetRow._fields)).where(*mine).order_by(b.month, b.id)
    return [BudgetRow(*row) for row in db.execute(query)]


def in_month(db: Connection, book_id: int, currency: str, month: int) -> dict[int, int]:
    """Return what is said from exactly this month on: ids by category."""
    b = budget.c
    query = select(b.category_id, b.id).where(b.book_id == book_id, b.currency == currency, b.month == month)
    return {row[0]: row[1] for row in db.execute(query)}


def later(db: Connection, book_id: int, category_id: int, currency: str, month: int) -> list[int]:
    """Return what is said of a category from months after this one on."""
    b = budget.c
    mine = (b.book_id == book_id, b.category_id == category_id, b.currency == currency, b.month > month)
    return list(db.execute(select(b.id).where(*mine)).scalars())


def categories(db: Connection, book_id: int) -> set[int]:
    """Return the categories of which any budget was ever said, in whatever currency."""
    b = budget.c
    return set(db.execute(select(b.category_id).where(b.book_id == book_id)).scalars())
