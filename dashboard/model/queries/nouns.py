"""The small tables, whole: accounts and categories of a book, and its imports."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Row, Select, bindparam, select

from dashboard.model.accounts import account
from dashboard.model.categories import category
from dashboard.model.imports import import_

ACCOUNT_COLUMNS = ("id", "revision", "name", "kind", "currency", "opening", "number", "closed", "checked_on", "checked", "opened")
CATEGORY_COLUMNS = ("id", "revision", "name", "group", "kind", "slot", "icon", "position", "archived")
IMPORT_COLUMNS = ("id", "revision", "account_id", "file", "at", "read", "added", "duplicates", "problems", "format")


def accounts(db: Connection, book_id: int) -> Sequence[Row[Any]]:
    """Return ACCOUNT_COLUMNS, oldest first; opening is minor units of the account's currency."""
    return db.execute(_accounts(), {"book_id": book_id}).all()


def categories(db: Connection, book_id: int) -> Sequence[Row[Any]]:
    """Return CATEGORY_COLUMNS in their order; slot is 1 to 18, 0 for income."""
    return db.execute(_categories(), {"book_id": book_id}).all()


def imports(db: Connection, book_id: int, limit: int = 30) -> pd.DataFrame:
    """Return IMPORT_COLUMNS of the latest imports, newest first; all columns are object."""
    rows = db.execute(_imports(), {"book_id": book_id, "limit": limit}).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=list(IMPORT_COLUMNS), dtype="object")


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
def _imports() -> Select[Any]:
    i = import_.c
    return select(*(i[n] for n in IMPORT_COLUMNS)).where(i.book_id == bindparam("book_id")).order_by(i.id.desc()).limit(bindparam("limit"))
