"""The small tables, whole: accounts, categories and budgets of a book, and its imports."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, bindparam, func, select

from dashboard.model.accounts import account
from dashboard.model.budgets import budget
from dashboard.model.categories import category
from dashboard.model.imports import import_

ACCOUNT_COLUMNS = ("id", "revision", "name", "kind", "currency", "opening", "number", "closed")
CATEGORY_COLUMNS = ("id", "revision", "name", "group", "kind", "slot", "icon", "position", "archived")
BUDGET_COLUMNS = ("id", "revision", "category_id", "currency", "month", "amount", "carry")
IMPORT_COLUMNS = ("id", "revision", "account_id", "file", "at", "read", "added", "duplicates", "problems", "format")


def accounts(db: Connection, book_id: int) -> pd.DataFrame:
    """Return ACCOUNT_COLUMNS, oldest first; opening is minor units of the account's currency."""
    return _frame(db, _accounts(), ACCOUNT_COLUMNS, book_id=book_id)


def categories(db: Connection, book_id: int) -> pd.DataFrame:
    """Return CATEGORY_COLUMNS in their order; slot is 1 to 18, 0 for income."""
    return _frame(db, _categories(), CATEGORY_COLUMNS, book_id=book_id)


def budgets(db: Connection, book_id: int, currency: str, month: int) -> pd.DataFrame:
    """Return the budgets in force in a month (yyyymm): for each category the latest one set up to it, if it has an amount.

    Returns:
        BUDGET_COLUMNS; month is the one it was set for, amount minor units.
    """
    return _frame(db, _budgets(), BUDGET_COLUMNS, book_id=book_id, currency=currency, month=month)


def imports(db: Connection, book_id: int, limit: int = 30) -> pd.DataFrame:
    """Return IMPORT_COLUMNS of the latest imports, newest first."""
    return _frame(db, _imports(), IMPORT_COLUMNS, book_id=book_id, limit=limit)


# Each statement is put together once; only its values change.
@lru_cache(maxsize=1)
def _accounts() -> Select[Any]:
    a = account.c
    return select(*(a[n] for n in ACCOUNT_COLUMNS)).where(a.book_id == bindparam("book_id")).order_by(a.id)


@lru_cache(maxsize=1)
def _categories() -> Select[Any]:
    c = category.c
    return select(*(c[n] for n in CATEGORY_COLUMNS)).where(c.book_id == bindparam("book_id")).order_by(c.position, c.id)


@lru_cache(maxsize=1)
def _budgets() -> Select[Any]:
    b = budget.c
    mine = (b.book_id == bindparam("book_id"), b.currency == bindparam("currency"))
    latest = (
        select(b.category_id, func.max(b.month).label("month"))
        .where(*mine, b.month <= bindparam("month"))
        .group_by(b.category_id)
        .subquery()
    )
    return (
        select(*(b[n] for n in BUDGET_COLUMNS))
        .where(*mine, b.amount.is_not(None))
        .join(latest, (latest.c.category_id == b.category_id) & (latest.c.month == b.month))
    )


@lru_cache(maxsize=1)
def _imports() -> Select[Any]:
    i = import_.c
    return select(*(i[n] for n in IMPORT_COLUMNS)).where(i.book_id == bindparam("book_id")).order_by(i.id.desc()).limit(bindparam("limit"))


def _frame(db: Connection, statement: Select[Any], columns: tuple[str, ...], **values: object) -> pd.DataFrame:
    """Return a statement's rows; all columns are object."""
    return pd.DataFrame([tuple(row) for row in db.execute(statement, values)], columns=list(columns), dtype="object")
