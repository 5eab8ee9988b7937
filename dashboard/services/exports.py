"""Taking data out: transactions as CSV, in the layout that statements/own.py reads back exactly."""

from __future__ import annotations

import csv
import io

import pandas as pd

from dashboard.analysis.frames import rows as rows_of
from dashboard.model.queries import ledger
from dashboard.money import plain
from dashboard.selection import Selection
from dashboard.services import limits
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import Category, read_categories
from dashboard.services.ledger import filter_of
from dashboard.statements.own import HEAD, TRANSFER, neutralise


def selected_csv(book: Book, selection: Selection) -> str:
    """Return the transactions of a selection as CSV, oldest first.

    Raises:
        TooManyTries: too many exports in an hour.
    """
    limits.spend_reading(book.engine, "export", str(book.id))
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = {c.id: c for c in read_categories(db, book)}
        chosen, _ = filter_of(db, book, selection, list(accounts.values()), list(categories.values()), fold=False)
        return _csv(ledger.page(db, chosen, size=None), accounts, categories)


def whole_csv(book: Book) -> str:
    """Return all transactions of the book as CSV, oldest first."""
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = {c.id: c for c in read_categories(db, book)}
        return _csv(ledger.page(db, ledger.Filter(book.id), size=None), accounts, categories)


def _csv(rows: pd.DataFrame, accounts: dict[int, Account], categories: dict[int, Category]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows_of(rows.iloc[::-1]):
        held_in = accounts[row.account_id]
        if row.transfer_id is not None:
            category = TRANSFER
        else:
            category = "" if row.category_id is None else categories[row.category_id].name
        words = (row.payee, row.text, category, held_in.name)
        writer.writerow(
            [row.date.isoformat(), *map(neutralise, words), plain(row.amount, held_in.currency), held_in.currency, neutralise(row.note)]
        )
    return out.getvalue()
