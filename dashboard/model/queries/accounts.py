"""Accounts: who has a name, what was said of their worth, and what files filled. Amounts are minor units of an account's currency."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from dashboard.model.accounts import account, account_value
from dashboard.model.imports import import_
from dashboard.model.transactions import dismissed


class Value(NamedTuple):
    """What an account was said to be worth at the end of a day."""

    id: int
    account_id: int
    day: date
    amount: int


_VALUE = select(*(account_value.c[name] for name in Value._fields))


def with_name(db: Connection, book_id: int, name: str) -> list[int]:
    """Return the accounts of a name, however it is capitalised."""
    same = func.lower(account.c.name) == name.lower()
    return list(db.execute(select(account.c.id).where(account.c.book_id == book_id, same)).scalars())


def values(db: Connection, book_id: int, account_id: int) -> list[Value]:
    """Return what was said of an account's worth, newest day first."""
    v = account_value.c
    query = _VALUE.where(v.book_id == book_id, v.account_id == account_id).order_by(v.day.desc())
    return [Value(*row) for row in db.execute(query)]


def value(db: Connection, book_id: int, value_id: int) -> Value | None:
    """Return one value, None where it is not in the book."""
    v = account_value.c
    row = db.execute(_VALUE.where(v.book_id == book_id, v.id == value_id)).one_or_none()
    return None if row is None else Value(*row)


def filled_from_a_file(db: Connection, book_id: int, account_id: int) -> bool:
    """Say whether an import went into an account, or rows of one were left out of it."""
    for table in (import_, dismissed):
        c = table.c
        if db.execute(select(c.id).where(c.book_id == book_id, c.account_id == account_id).limit(1)).first() is not None:
            return True
    return False
