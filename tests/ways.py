"""Short ways to fill a book and to look at all that is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, select

from dashboard.importing.choices import Answers
from dashboard.importing.receipts import Receipt
from dashboard.model.changes import change
from dashboard.model.queries import worth
from dashboard.model.transactions import split, transaction
from dashboard.model.writing import JOURNALLED
from dashboard.services import accounts, categories, imports, transactions
from dashboard.services.books import Book
from dashboard.statements.formats.own import EARLIER, HEAD

Snapshot = dict[str, list[dict[str, Any]]]


def snapshot(book: Book) -> Snapshot:
    """Return every row of a book that the journal watches over, revisions included."""
    with book.reading() as db:
        return {
            name: [dict(row) for row in db.execute(select(table).where(table.c.book_id == book.id).order_by(table.c.id)).mappings()]
            for name, table in JOURNALLED.items()
        }


def order(account: str | None = None, take: Iterable[int] = (), **answers: str) -> imports.Order:
    """Return what is said of a file that is imported in one go."""
    return imports.Order(account, Answers.from_json(answers), frozenset(take))


def held_at(found: Snapshot, account_id: int, day: date) -> int:
    """Return what is in an account at the end of a day, from what a balance is and row by row."""
    own = next(a for a in found["account"] if a["id"] == account_id)
    said = [v for v in found["value"] if v["account_id"] == account_id and v["day"] <= day]
    last = max(said, key=lambda v: v["day"], default=None)
    base, since = (last["amount"], last["day"]) if last else (own["opening"] if (own["opened"] or date.min) <= day else 0, date.min)
    return int(base) + sum(r["amount"] for r in found["transaction"] if r["account_id"] == account_id and since < r["date"] <= day)


class Told(NamedTuple):
    """One line of the journal."""

    revision: int
    action: str
    undone: bool
    is_undo: bool


def journal(book: Book) -> list[Told]:
    """Return all changes of a book, newest first."""
    c = change.c
    query = select(c.revision, c.action, c.undone_by, c.undoes).where(c.book_id == book.id).order_by(c.revision.desc())
    with book.reading() as db:
        return [Told(r.revision, r.action, r.undone_by is not None, r.undoes is not None) for r in db.execute(query)]


def balances(db: Connection, book_id: int) -> pd.DataFrame:
    """Return account_id, amount (minor units) and count of all rows of each account, transfers and future ones included."""
    sums = worth.month_sums(db, book_id, date(2026, 11, 18))
    return sums.groupby("account_id", as_index=False)[["amount", "count"]].sum()


def bank_csv(rows: Iterable[tuple[str, str, str]], head: str = "Date,Description,Amount") -> bytes:
    """Write (day, words, amount) as a bank would."""
    out = io.StringIO()
    out.write(f"{head}\r\n" if head else "")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def own_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of (date, payee, text, category, account, amount, currency, note) as our first versions did."""
    out = io.StringIO()
    csv.writer(out).writerows([EARLIER, *rows])
    return out.getvalue().encode()


def numbered_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of HEAD as our export does; what is left out at the end of a row is empty."""
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *([*row, *[""] * (len(HEAD) - len(row))] for row in rows)])
    return out.getvalue().encode()


class House:
    """A book, and how a test fills it."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def account(self, name: str = "Current", currency: str = "EUR", opening: str = "", opened: str = "2000-01-01") -> int:
        """Make an account and return its id; what it opens with is there before all that a test usually adds."""
        return accounts.save(
            self.book, None, None, accounts.AccountForm(name=name, kind="checking", currency=currency, opening=opening, opened=opened)
        ).created

    def category(self, name: str) -> int:
        """Return the id of a preset category."""
        return next(c.id for c in categories.all_categories(self.book) if c.name == name)

    def add(self, account: int, day: str, amount: str, payee: str = "Shop", category: str | None = None) -> int:
        """Add a transaction, signed as the owner sees it, and return its id."""
        size = Decimal(amount)
        return transactions.save(
            self.book,
            None,
            None,
            transactions.TransactionForm(
                direction="spent" if size < 0 else "received",
                amount=str(abs(size)),
                payee=payee,
                category_id=self.category(category) if category else None,
                account_id=account,
                day=day,
            ),
        ).created

    def split(self, row: int, parts: Sequence[tuple[str | None, int]]) -> None:
        """Split a transaction into (category, minor units)."""
        ids = [(self.category(name) if name else None, size) for name, size in parts]
        with self.book.writing("split") as w:
            w.update(transaction, [row], category_id=None)
            w.insert(split, [{"transaction_id": row, "category_id": i, "amount": size, "note": ""} for i, size in ids])

    def rows(self) -> list[dict[str, Any]]:
        """Return the transactions in the order they came in."""
        return snapshot(self.book)["transaction"]

    def row(self, wanted: int) -> dict[str, Any]:
        """Return one transaction."""
        return next(row for row in self.rows() if row["id"] == wanted)

    def edit(self, wanted: int, **changes: object) -> Any:
        """Save a transaction again as a form does, with some fields changed."""
        row = self.row(wanted)
        form: dict[str, Any] = {
            "direction": "spent" if row["amount"] < 0 else "received",
            "amount": f"{Decimal(abs(row['amount'])) / 100:.2f}",
            "payee": row["payee"],
            "category_id": row["category_id"],
            "account_id": row["account_id"],
            "day": row["date"].isoformat(),
            "note": row["note"],
        }
        revision = changes.pop("revision", row["revision"])
        return transactions.save(self.book, wanted, revision, transactions.TransactionForm(**(form | changes)))

    def take_in(self, data: bytes, name: str = "statement.csv") -> Receipt:
        """Import a file as the web does: drop, check, import."""
        return imports.commit(self.book, imports.receive(self.book, name, data))

    def fates(self, draft: int) -> list[str]:
        """Return what would become of each row of a file."""
        return [line.status for line in imports.check(self.book, draft).lines]

    def changes(self) -> list[int]:
        """Return the numbers of all changes, oldest first."""
        with self.book.reading() as db:
            return list(db.execute(select(change.c.revision).where(change.c.book_id == self.book.id).order_by(change.c.revision)).scalars())
