"""Transactions, one by one and as sums: what services decide by. Amounts are minor units of their account's currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, false, func, select, type_coerce

from dashboard.model.queries.splits import is_split
from dashboard.model.transactions import split, transaction
from dashboard.model.writing import chunks


class Transaction(NamedTuple):
    """A transaction as it is stored; see model/transactions.py for what each column holds."""

    id: int
    revision: int
    account_id: int
    date: date
    amount: int
    payee: str
    text: str
    note: str
    category_id: int | None
    bank_id: str | None
    fingerprint: int | None
    occurrence: int | None
    import_id: int | None
    transfer_id: int | None
    reviewed: bool
    balance: int | None

    @property
    def by_hand(self) -> bool:
        """Say whether a person typed it, and no bank's file brought it."""
        return self.fingerprint is None


class Words(NamedTuple):
    """What a rule looks at of a transaction; `day` as the driver says it, ISO text or a date."""

    id: int
    day: date | str
    payee: str
    text: str
    amount: int
    account_id: int
    category_id: int | None
    transfer_id: int | None


class Place(NamedTuple):
    """Where a transaction counts: its account, day and amount."""

    account_id: int
    day: date
    amount: int


class Payee(NamedTuple):
    """What was chosen for a payee in one transaction."""

    payee: str
    category_id: int | None
    account_id: int
    amount: int


_COLUMNS = tuple(transaction.c[name] for name in Transaction._fields)


def by_ids(db: Connection, book_id: int, ids: Iterable[int]) -> list[Transaction]:
    """Return those of these transactions that are in the book."""
    return _where(db, book_id, transaction.c.id, ids)


def of_transfers(db: Connection, book_id: int, transfer_ids: Iterable[int]) -> list[Transaction]:
    """Return all legs of some transfers."""
    return _where(db, book_id, transaction.c.transfer_id, transfer_ids)


def _where(db: Connection, book_id: int, column: ColumnElement[int | None], values: Iterable[int]) -> list[Transaction]:
    """Return the transactions that hold one of these values in a column."""
    found: list[Transaction] = []
    for part in chunks(sorted(set(values))):
        query = select(*_COLUMNS).where(transaction.c.book_id == book_id, column.in_(part)).order_by(transaction.c.id)
        found += [Transaction(*row) for row in db.execute(query)]
    return found


def with_legs(db: Connection, book_id: int, ids: Sequence[int]) -> list[int]:
    """Return these ids and those of the other legs of what of them is a transfer."""
    t, leg = transaction.alias("row").c, transaction.alias("leg").c
    found = dict.fromkeys(ids)
    for part in chunks(list(found)):
        # Said of both, so that both are found by the index of transfers.
        joined = leg.book_id == book_id, t.book_id == book_id, leg.transfer_id == t.transfer_id
        marked = t.transfer_id.is_not(None), leg.transfer_id.is_not(None)
        found |= dict.fromkeys(db.execute(select(leg.id).where(*joined, *marked, t.id.in_(part))).scalars())
    return list(found)


def transfers_among(db: Connection, book_id: int, ids: Sequence[int]) -> dict[int, bool]:
    """Return of those of these transactions that are in the book whether each is a transfer."""
    t = transaction.c
    found: dict[int, bool] = {}
    for part in chunks(ids):
        query = select(t.id, t.transfer_id.is_not(None)).where(t.book_id == book_id, t.id.in_(part))
        found |= {row[0]: bool(row[1]) for row in db.execute(query)}
    return found


def places(db: Connection, book_id: int, ids: Sequence[int]) -> dict[int, Place]:
    """Return where these transactions count, by id."""
    t = transaction.c
    found: dict[int, Place] = {}
    for part in chunks(ids):
        query = select(t.id, t.account_id, t.date, t.amount).where(t.book_id == book_id, t.id.in_(part))
        found |= {row[0]: Place(row[1], row[2], row[3]) for row in db.execute(query)}
    return found


def payee_of(db: Connection, book_id: int, transaction_id: int) -> str:
    """Return the payee of a transaction that is in the book."""
    t = transaction.c
    return str(db.execute(select(t.payee).where(t.book_id == book_id, t.id == transaction_id)).scalar_one())


def newest_with_bank_id(db: Connection, book_id: int, bank_id: str, among: int) -> int | None:
    """Return that of the newest transactions, so many, which has a bank's number."""
    t = transaction.c
    newest = select(t.id, t.bank_id).where(t.book_id == book_id).order_by(t.id.desc()).limit(among)
    return next((row[0] for row in db.execute(newest) if row[1] == bank_id), None)


def of_payee(db: Connection, book_id: int, payee: str, category_id: int | None) -> list[int]:
    """Return the transactions of a payee that are no transfer and have this category, or none at all in any part."""
    t = transaction.c
    bare = t.category_id.is_(None) & ~is_split(t)
    fits = bare if category_id is None else bare | (t.category_id == category_id)
    query = select(t.id).where(t.book_id == book_id, t.payee == payee, t.transfer_id.is_(None), fits)
    return list(db.execute(query.order_by(t.id)).scalars())


def of_category(db: Connection, book_id: int, category_id: int) -> tuple[list[int], dict[int, int]]:
    """Return the transactions of a category, and the parts that are in it with the transaction of each."""
    t, s = transaction.c, split.c
    whole = db.execute(select(t.id).where(t.book_id == book_id, t.category_id == category_id)).scalars()
    parts = db.execute(select(s.id, s.transaction_id).where(s.book_id == book_id, s.category_id == category_id))
    return list(whole), {row[0]: row[1] for row in parts}


def latest_payees(db: Connection, book_id: int, most: int) -> list[Payee]:
    """Return what was chosen in the latest transactions that are no transfers, newest first."""
    t = transaction.c
    query = select(t.payee, t.category_id, t.account_id, t.amount).where(t.book_id == book_id, t.transfer_id.is_(None))
    return [Payee(*row) for row in db.execute(query.order_by(t.date.desc(), t.id.desc()).limit(most))]


def edges_of_import(db: Connection, book_id: int, import_id: int) -> tuple[int, int]:
    """Return the first and the last id of what an import brought, (0, 0) where nothing is left."""
    t = transaction.c
    row = db.execute(select(func.min(t.id), func.max(t.id)).where(t.book_id == book_id, t.import_id == import_id)).one()
    return row[0] or 0, row[1] or 0


# Of one account.


def any_in(db: Connection, book_id: int, account_id: int) -> bool:
    """Say whether an account has transactions."""
    t = transaction.c
    return db.execute(select(t.id).where(t.book_id == book_id, t.account_id == account_id).limit(1)).first() is not None


def total(db: Connection, book_id: int, account_id: int, until: date, after: date | None) -> int:
    """Return what an account's transactions come to up to a day, those until another day left out."""
    t = transaction.c
    later = (t.date > after,) if after is not None else ()
    query = select(func.sum(t.amount)).where(t.book_id == book_id, t.account_id == account_id, t.date <= until, *later)
    return int(db.execute(query).scalar_one() or 0)


def unseen_until(db: Connection, book_id: int, account_id: int, day: date) -> list[int]:
    """Return an account's transactions up to a day that nobody has reviewed."""
    t = transaction.c
    query = select(t.id).where(t.book_id == book_id, t.account_id == account_id, t.date <= day, t.reviewed == false())
    return list(db.execute(query).scalars())


def of_account(db: Connection, book_id: int, account_id: int, until: date) -> list[Transaction]:
    """Return an account's transactions up to a day, in the order of days."""
    t = transaction.c
    query = select(*_COLUMNS).where(t.book_id == book_id, t.account_id == account_id, t.date <= until)
    return [Transaction(*row) for row in db.execute(query.order_by(t.date, t.id))]


def words(db: Connection, book_id: int, account_id: int | None, direction: str) -> Iterator[Words]:
    """Yield what a rule looks at of the book's transactions: of one account, that came "in" or went "out", or of all."""
    t = transaction.c
    # The day stays what the driver says: to read 100,000 of them takes longer than all the matching.
    day = type_coerce(t.date, Text).label("day")
    query = select(t.id, day, t.payee, t.text, t.amount, t.account_id, t.category_id, t.transfer_id).where(t.book_id == book_id)
    if account_id is not None:
        query = query.where(t.account_id == account_id)
    if direction:
        query = query.where(t.amount > 0 if direction == "in" else t.amount < 0)
    for row in db.execute(query).all():
        yield Words(*row)
