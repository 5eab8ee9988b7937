"""The parts of split transactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from dashboard.model.transactions import split
from dashboard.model.writing import chunks


class Piece(NamedTuple):
    """A part of a split transaction as it is stored; amount is minor units, signed as its transaction is."""

    id: int
    category_id: int | None
    amount: int
    note: str


def parts_of(db: Connection, book_id: int, transaction_id: int) -> list[Piece]:
    """Return the parts of a transaction in the order they were written."""
    s = split.c
    query = select(s.id, s.category_id, s.amount, s.note).where(s.book_id == book_id, s.transaction_id == transaction_id).order_by(s.id)
    return [Piece(*row) for row in db.execute(query)]


def among(db: Connection, book_id: int, ids: Sequence[int]) -> set[int]:
    """Return which of these transactions are split."""
    s = split.c
    found: set[int] = set()
    for part in chunks(ids):
        query = select(s.transaction_id).where(s.book_id == book_id, s.transaction_id.in_(part)).distinct()
        found.update(db.execute(query).scalars())
    return found


def ids_of(db: Connection, book_id: int, transaction_ids: Sequence[int]) -> list[int]:
    """Return the parts of these transactions."""
    s = split.c
    found: list[int] = []
    for part in chunks(transaction_ids):
        found += db.execute(select(s.id).where(s.book_id == book_id, s.transaction_id.in_(part))).scalars()
    return found


def is_split(t: Any) -> ColumnElement[bool]:
    """Say of a transaction that it has parts; `t` holds the columns of the table or of an alias."""
    s = split.c
    return select(s.id).where(s.book_id == t.book_id, s.transaction_id == t.id).exists()
