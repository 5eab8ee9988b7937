"""Taking data out: transactions as CSV, in the layout that statements/formats/own.py reads back exactly."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.frames import rows as rows_of
from dashboard.bounds import MOST_PARTS
from dashboard.model.queries import ledger
from dashboard.model.writing import chunks
from dashboard.money import plain
from dashboard.selection import Selection
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import Category, read_categories
from dashboard.services.ledger import filter_of
from dashboard.services.people import limits
from dashboard.statements.formats.own import HEAD, TRANSFER, Leg, misfit, neutralise, split_cell


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
        return _csv(db, chosen, accounts, categories)


def whole_csv(book: Book) -> str:
    """Return all transactions of the book as CSV, oldest first."""
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = {c.id: c for c in read_categories(db, book)}
        return _csv(db, ledger.Filter(book.id), accounts, categories)


def _csv(db: Connection, chosen: ledger.Filter, accounts: dict[int, Account], categories: dict[int, Category]) -> str:
    rows = rows_of(ledger.page(db, chosen, size=None))
    # Within a day by account: an import puts in one account after the other, and so the next export is the same.
    rows.sort(key=lambda row: (row.date, accounts[row.account_id].name, row.id))
    parts = _parts(db, chosen.book_id, rows)
    transfers = _transfers(rows, accounts)
    splits = 0
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows:
        held_in = accounts[row.account_id]
        # (category, amount, split)
        portions = [(_name(row.category_id, categories) if row.transfer_id is None else TRANSFER, row.amount, "")]
        if row.id in parts:
            splits += 1
            portions = [(_name(p.category_id, categories), p.amount, split_cell(splits, p.note)) for p in parts[row.id]]
        for category, amount, part in portions:
            words = map(neutralise, (row.payee, row.text, category, held_in.name))
            money = (plain(amount, held_in.currency), held_in.currency)
            ends = (neutralise(row.note), transfers.get(row.id, ""), neutralise(part), "", "")
            writer.writerow([row.date.isoformat(), *words, *money, *ends])
    return out.getvalue()


def _name(category_id: int | None, categories: Mapping[int, Category]) -> str:
    return "" if category_id is None else categories[category_id].name


def _parts(db: Connection, book_id: int, rows: Iterable[Any]) -> dict[int, list[Any]]:
    """Return the parts of the rows that are split into some; those of a transfer count nowhere and are left out."""
    amounts = {row.id: row.amount for row in rows if row.parts and row.transfer_id is None}
    found: dict[int, list[Any]] = defaultdict(list)
    for some in chunks(list(amounts)):
        for part in rows_of(ledger.parts(db, book_id, some)):
            found[part.transaction_id].append(part)
    # What an import would refuse is written as the whole it is.
    return {i: those for i, those in found.items() if 2 <= len(those) <= MOST_PARTS and sum(part.amount for part in those) == amounts[i]}


def _transfers(rows: Sequence[Any], accounts: Mapping[int, Account]) -> dict[int, int]:
    """Number the transfers in the order of their first sides; return each side's number by its row's id."""
    legs: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if row.transfer_id is not None:
            legs[row.transfer_id].append(row)
    # Sides that do not fit each other, as an old book may hold them, are written as transfers with one side each.
    apart = {i for i, those in legs.items() if misfit([_leg(row, accounts[row.account_id]) for row in those])}
    numbers: dict[tuple[int, int], int] = {}
    found: dict[int, int] = {}
    for row in rows:
        if row.transfer_id is not None:
            key = (row.transfer_id, row.id if row.transfer_id in apart else 0)
            found[row.id] = numbers.setdefault(key, len(numbers) + 1)
    return found


def _leg(row: Any, held_in: Account) -> Leg:
    return Leg(held_in.id, held_in.currency, Decimal(row.amount))
