"""Accounts: made, edited, listed with what is in them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, func, select

from dashboard.analysis.frames import rows as rows_of
from dashboard.errors import InputNotValid, NotFound
from dashboard.model.accounts import KINDS, account
from dashboard.model.queries import flow, nouns
from dashboard.model.transactions import transaction
from dashboard.money import parse_amount
from dashboard.services import fields
from dashboard.services.books import Book, Done


@dataclass(frozen=True)
class Account:
    """One account; amounts are minor units of its currency."""

    id: int
    revision: int
    name: str
    kind: str
    currency: str
    opening: int
    number: str
    closed: bool
    balance: int = 0
    count: int = 0


def all_accounts(book: Book) -> list[Account]:
    """Return the book's accounts with their balances."""
    with book.reading() as db:
        return read_accounts(db, book, balances=True)


def read_accounts(db: Connection, book: Book, *, balances: bool = False) -> list[Account]:
    """Return the book's accounts, oldest first, on an open connection."""
    sums: dict[int, tuple[int, int]] = {}
    if balances:
        frame = flow.balances(db, book.id)
        sums = {a: (s, n) for a, s, n in zip(frame["account_id"].tolist(), frame["amount"].tolist(), frame["count"].tolist(), strict=True)}
    found = []
    for row in rows_of(nouns.accounts(db, book.id)):
        total, count = sums.get(row.id, (0, 0))
        found.append(
            Account(row.id, row.revision, row.name, row.kind, row.currency, row.opening, row.number, row.closed, row.opening + total, count)
        )
    return found


def net_worth(accounts: list[Account]) -> dict[str, int]:
    """Sum the balances by currency; different currencies are never added."""
    frame = pd.DataFrame([(a.currency, a.balance) for a in accounts], columns=["currency", "balance"])
    return {str(k): int(v) for k, v in frame.groupby("currency", sort=False)["balance"].sum().items()}


def account_of(db: Connection, book: Book, account_id: object) -> Account:
    """Return one of the book's accounts.

    Raises:
        NotFound: it is not in this book.
    """
    wanted = fields.identity(account_id)
    found = next((a for a in read_accounts(db, book) if a.id == wanted), None)
    if found is None:
        raise NotFound("That account does not exist, or is not yours.")
    return found


def save(
    book: Book, account_id: object, revision: object, *, name: object, kind: object, currency: object, opening: object, number: object = ""
) -> Done:
    """Make an account (no id) or change one.

    Raises:
        InputNotValid: a field cannot be used, or another account has the name.
        NotFound: it is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    title = fields.text(name, "name", longest=80, required=True)
    sort = fields.choice(kind, "kind", KINDS)
    code = fields.currency(currency)
    start = parse_amount(opening, code, book.locale) if opening not in (None, "") else 0
    values = {"name": title, "kind": sort, "currency": code, "opening": start, "number": fields.text(number, "number", longest=64)}
    wanted = fields.optional_identity(account_id)
    with book.writing() as w:
        _name_is_free(w.connection, book, title, wanted)
        if wanted is None:
            w.action = f"Account \u201c{title}\u201d added"
            created = w.insert(account, [values | {"closed": False}])[0]
            return Done(w.revision, w.action, created)
        w.guard(account, wanted, fields.identity(revision))
        before = account_of(w.connection, book, wanted)
        if before.currency != code and _has_rows(w.connection, book, wanted):
            raise InputNotValid("The currency of an account with transactions cannot change", "currency")
        w.action = f"Account \u201c{title}\u201d changed"
        w.update(account, [wanted], **values)
        return Done(w.revision, w.action, wanted)


def _has_rows(db: Connection, book: Book, account_id: int) -> bool:
    t = transaction.c
    return db.execute(select(t.id).where(t.book_id == book.id, t.account_id == account_id).limit(1)).first() is not None


def _name_is_free(db: Connection, book: Book, name: str, except_id: int | None) -> None:
    same = db.execute(select(account.c.id).where(account.c.book_id == book.id, func.lower(account.c.name) == name.lower())).scalars().all()
    if any(i != except_id for i in same):
        raise InputNotValid("Another account has that name", "name")
