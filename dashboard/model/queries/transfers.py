"""Transfers and their legs; pairs of transactions that may be transfers. Amounts are minor units of their account's currency."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select

from dashboard.model.queries.splits import is_split
from dashboard.model.transactions import pair, transaction


class SideRow(NamedTuple):
    """One of the two rows of a pair."""

    id: int
    account_id: int
    day: date
    amount: int
    payee: str
    text: str


class PairRow(NamedTuple):
    """Two rows of two accounts that cancel out and wait for a word; the one that money left by comes first."""

    id: int
    sides: tuple[SideRow, SideRow]


def alone(t: Any) -> ColumnElement[bool]:
    """Say of a transfer's leg that its other side is not in the book; `t` holds the columns of the table or of an alias."""
    leg = transaction.alias("leg").c
    return ~exists().where(leg.book_id == t.book_id, leg.transfer_id == t.transfer_id, leg.id != t.id)


def counterparts(db: Connection, book_id: int, amount: int, accounts: list[int], days: tuple[date, date]) -> list[int]:
    """Return the rows of an amount in some accounts and days that may be a transfer's other side: not split, no transfer or a lone leg."""
    t = transaction.c
    fits = select(t.id, is_split(t)).where(
        t.book_id == book_id,
        t.date >= days[0],
        t.date <= days[1],
        t.amount == amount,
        t.account_id.in_(accounts),
        or_(t.transfer_id.is_(None), alone(t)),
    )
    # More are no less in doubt.
    return [row[0] for row in db.execute(fits.limit(20)) if not row[1]]


def waiting_pairs(db: Connection, book_id: int, most: int) -> list[PairRow]:
    """Return the pairs that wait, oldest first; those whose rows are gone or are transfers by now are no pairs any more."""
    return [_pair(row) for row in db.execute(_pairs(book_id).limit(most))]


def waiting_pair(db: Connection, book_id: int, pair_id: int) -> PairRow | None:
    """Return one pair that waits."""
    row = db.execute(_pairs(book_id).where(pair.c.id == pair_id)).one_or_none()
    return None if row is None else _pair(row)


def _pair(row: Any) -> PairRow:
    width = len(SideRow._fields)
    one, two = SideRow(*row[1 : 1 + width]), SideRow(*row[1 + width :])
    return PairRow(row[0], (one, two) if one.amount <= two.amount else (two, one))


def _pairs(book_id: int) -> Select[Any]:
    one, two, p = transaction.alias("one"), transaction.alias("two"), pair.c
    names = ("id", "account_id", "date", "amount", "payee", "text")
    return (
        select(p.id, *(t.c[name].label(f"{name}_{n}") for n, t in ((1, one), (2, two)) for name in names))
        .join(one, and_(one.c.book_id == p.book_id, one.c.id == p.one_id))
        .join(two, and_(two.c.book_id == p.book_id, two.c.id == p.two_id))
        .where(p.book_id == book_id, p.refused.is_(False), one.c.transfer_id.is_(None), two.c.transfer_id.is_(None))
        .where(one.c.amount == -two.c.amount, one.c.account_id != two.c.account_id)
        .order_by(p.id)
    )
