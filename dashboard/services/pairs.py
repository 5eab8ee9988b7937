"""Pairs that may be transfers: what an import found and could not decide waits here for a person's word."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from dashboard.errors import NotFound
from dashboard.model.transactions import pair, transaction
from dashboard.services import fields
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book, Done
from dashboard.services.legs import not_split

# So many are shown at once; more come up as these are answered.
MOST = 20


class Side(NamedTuple):
    """One of two rows: amount in minor units of `currency`."""

    id: int
    account: str
    currency: str
    day: Any
    amount: int
    payee: str
    text: str


class Pair(NamedTuple):
    """Two rows that cancel out in two accounts; `out` is the one that money left by."""

    id: int
    out: Side
    into: Side


def waiting(book: Book) -> list[Pair]:
    """Return the pairs that wait, oldest first; those whose rows are gone or are transfers by now are no pairs any more."""
    with book.reading() as db:
        rows = db.execute(_statement(book).limit(MOST)).all()
        accounts = {a.id: a for a in read_accounts(db, book)} if rows else {}
    found = []
    for row in rows:
        sides = []
        for n in (1, 2):
            account_id, day, amount, payee, text = (
                getattr(row, f"{name}_{n}") for name in ("account_id", "date", "amount", "payee", "text")
            )
            held = accounts[account_id]
            sides.append(Side(getattr(row, f"id_{n}"), held.name, held.currency, day, amount, payee, text))
        sides.sort(key=lambda side: side.amount)
        found.append(Pair(row.pair_id, *sides))
    return found


def confirm(book: Book, pair_id: object) -> Done:
    """Make a pair one transfer.

    Raises:
        NotFound: it waits no longer, or is not in this book.
        InputNotValid: one of the two is split.
    """
    with book.writing() as w:
        row = _one(w.connection, book, pair_id)
        not_split(w.connection, book, [row.id_1, row.id_2])
        number = w.new_ids(1)[0]
        for i in (row.id_1, row.id_2):
            w.update(transaction, [i], transfer_id=number, category_id=None, guess=None, reviewed=True)
        w.delete(pair, [row.pair_id])
        w.action = f"\u201c{row.payee_1[:60]}\u201d joined as a transfer"
        return Done(w.revision, w.action)


def refuse(book: Book, pair_id: object) -> Done:
    """Remember that a pair is no transfer.

    Raises:
        NotFound: it waits no longer, or is not in this book.
    """
    with book.writing() as w:
        row = _one(w.connection, book, pair_id)
        w.update(pair, [row.pair_id], refused=True)
        w.action = f"\u201c{row.payee_1[:60]}\u201d is no transfer"
        return Done(w.revision, w.action)


def _statement(book: Book) -> Any:
    one, two, p = transaction.alias("one"), transaction.alias("two"), pair.c
    names = ("id", "account_id", "date", "amount", "payee", "text")
    return (
        select(p.id.label("pair_id"), *(t.c[name].label(f"{name}_{n}") for n, t in ((1, one), (2, two)) for name in names))
        .join(one, and_(one.c.book_id == p.book_id, one.c.id == p.one_id))
        .join(two, and_(two.c.book_id == p.book_id, two.c.id == p.two_id))
        .where(p.book_id == book.id, p.refused.is_(False), one.c.transfer_id.is_(None), two.c.transfer_id.is_(None))
        .where(one.c.amount == -two.c.amount, one.c.account_id != two.c.account_id)
        .order_by(p.id)
    )


def _one(db: Connection, book: Book, pair_id: object) -> Any:
    row = db.execute(_statement(book).where(pair.c.id == fields.identity(pair_id))).one_or_none()
    if row is None:
        raise NotFound("These two wait no longer: they were changed, or answered already.")
    return row
