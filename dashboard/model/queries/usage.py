"""What uses a category: transactions, parts of split ones, budgets and rules."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, select, union_all

from dashboard.model.budgets import budget
from dashboard.model.imports import rule
from dashboard.model.transactions import split, transaction


class Uses(NamedTuple):
    """How often a category is used; a split transaction counts once, however many of its parts are in it."""

    transactions: int
    budgets: int
    rules: int


def counts(db: Connection, book_id: int) -> pd.DataFrame:
    """Count every category's transactions, of all times, transfers included.

    Returns:
        category_id (int64), count (int64); categories without any are left out.
    """
    t, s = transaction.c, split.c
    whole = select(t.category_id, func.count()).where(t.book_id == book_id, t.category_id.is_not(None)).group_by(t.category_id)
    parts = (
        select(s.category_id, func.count(s.transaction_id.distinct()))
        .where(s.book_id == book_id, s.category_id.is_not(None))
        .group_by(s.category_id)
    )
    rows = [(int(c), int(n)) for c, n in db.execute(union_all(whole, parts))]
    frame = pd.DataFrame(rows, columns=["category_id", "count"], dtype="int64")
    return frame.groupby("category_id", as_index=False).sum()


def planned(db: Connection, book_id: int) -> frozenset[int]:
    """Return the categories that a budget or a rule names."""
    budgets = select(budget.c.category_id).where(budget.c.book_id == book_id)
    rules = select(rule.c.category_id).where(rule.c.book_id == book_id, rule.c.category_id.is_not(None))
    return frozenset(int(i) for i in db.execute(budgets.union(rules)).scalars())


def of_category(db: Connection, book_id: int, category_id: int) -> Uses:
    """Count what uses one category."""
    t, s = transaction.c, split.c
    whole = db.execute(select(func.count()).where(t.book_id == book_id, t.category_id == category_id)).scalar_one()
    parts = db.execute(
        select(func.count(s.transaction_id.distinct())).where(s.book_id == book_id, s.category_id == category_id)
    ).scalar_one()
    budgets = db.execute(select(func.count()).where(budget.c.book_id == book_id, budget.c.category_id == category_id)).scalar_one()
    rules = db.execute(select(func.count()).where(rule.c.book_id == book_id, rule.c.category_id == category_id)).scalar_one()
    return Uses(whole + parts, budgets, rules)
