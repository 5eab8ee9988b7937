"""The sample data of a book: loaded into an empty one, and removed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from dashboard.errors import InputNotValid, UndoRefused
from dashboard.folding import folded
from dashboard.model.accounts import account
from dashboard.model.budgets import budget
from dashboard.model.categories import PRESET
from dashboard.model.changes import unpacked
from dashboard.model.queries import budgets, nouns
from dashboard.model.queries import demo as stored
from dashboard.model.transactions import split, transaction
from dashboard.model.writing import Writer
from dashboard.money import decimals
from dashboard.periods import add_months, first_day, month_of
from dashboard.services.books import Book, Done
from dashboard.services.demo.household import ACCOUNTS, BUDGETS, MONTHS, Entry, household

ADDED, REMOVED = "Sample data added", "Sample data removed"
COLUMNS = ("account_id", "date", "month", "amount", "payee", "text", "note", "category_id", "transfer_id", "reviewed", "folded")
# What one euro of the sample is in the currency, so that a loaf of bread costs what it may; 1 where none is said.
SIZES = {
    "JPY": 160, "KRW": 1500, "INR": 60, "CNY": 8, "HUF": 400, "CZK": 25, "SEK": 11, "NOK": 11, "DKK": 7, "PLN": 4, "RON": 5,
    "ISK": 150, "TRY": 40, "THB": 38, "MXN": 20, "BRL": 6, "ZAR": 20, "HKD": 9, "TWD": 35, "PHP": 60, "IDR": 17000, "VND": 27000,
    "CLP": 1000, "COP": 4500, "ARS": 1000, "RSD": 117, "UAH": 45, "ILS": 4, "AED": 4, "SAR": 4, "EGP": 50, "NGN": 1500, "KES": 140,
    "PKR": 300, "BDT": 130, "LKR": 330, "CRC": 550, "PYG": 8000, "UGX": 4000, "TZS": 2800, "XOF": 650, "XAF": 650,
}  # fmt: skip


def load(book: Book) -> Done:
    """Fill an empty book with a made-up household of 24 months, in its own currency.

    Raises:
        InputNotValid: it holds an account or a transaction already.
    """
    entries = household(book.today)
    with book.writing(ADDED) as w:
        if not stored.has_room(w.connection, book.id):
            raise InputNotValid("Sample data goes only into an empty book, and this one has accounts or transactions already")
        # What they open with was there before the first of the months.
        same = {"currency": book.currency, "number": "", "closed": False, "opened": _first_day(book) - timedelta(days=1)}
        rows = [same | {"name": name, "kind": kind, "opening": _minor(cents, book.currency)} for name, kind, cents in ACCOUNTS]
        accounts = dict(zip((name for name, _, _ in ACCOUNTS), w.insert(account, rows), strict=True))
        categories = _categories(w.connection, book)
        _put_in(w, book, entries, accounts, categories)
        _set_budgets(w, book, categories)
        w.mark_demo(w.revision)
        return Done(w.revision, ADDED)


def remove(book: Book) -> Done:
    """Take the sample data out, with the edits of its rows; what a person added stays, or is named as being in the way.

    Raises:
        UndoRefused: there is no sample data, or a person's own rows are in its accounts.
    """
    with book.writing(REMOVED) as w:
        found = stored.loaded(w.connection, book.id)
        if found is None:
            raise UndoRefused("There is no sample data in this book.")
        _nothing_of_theirs(w.connection, book, found.data)
        w.undo(found.revision, take_edits=True)
        w.action = REMOVED
        if w.taken_edits:
            w.action += f", {w.taken_edits} of its rows had been edited"
        # book.demo stays: whether the sample is there is said by its change, and an undo of this brings it back.
        return Done(w.revision, w.action)


def _minor(cents: int, currency: str) -> int:
    """Turn hundredths of a euro into minor units of about that worth, in steps that prices have there."""
    size, unit = SIZES.get(currency, 1), int("1" + "0" * decimals(currency))
    step = max(1, int("1" + "0" * (len(str(size)) - 1)) * unit // 100)
    return (cents * size * unit // 100 + step // 2) // step * step


def _categories(db: Connection, book: Book) -> dict[str, int]:
    """Return the ids of the preset categories by their first names; a renamed one is known by its icon."""
    there = nouns.categories(db, book.id)
    by_name = {(one.name.lower(), one.kind): one.id for one in there}
    by_icon = {(one.icon, one.kind): one.id for one in there}
    found = {name: by_name.get((name.lower(), kind), by_icon.get((icon, kind))) for name, _, kind, _, icon in PRESET}
    return {name: int(i) for name, i in found.items() if i is not None}


def _put_in(w: Writer, book: Book, entries: list[Entry], accounts: dict[str, int], categories: dict[str, int]) -> None:
    transfers = iter(w.new_ids(sum(1 for e in entries if e.to)))
    rows: list[tuple[object, ...]] = []
    parts: list[tuple[int, dict[str, object]]] = []
    for e in entries:
        pieces = [_minor(p.cents, book.currency) for p in e.parts]
        amount = sum(pieces) if pieces else _minor(e.cents, book.currency)
        transfer = next(transfers) if e.to else None
        day, month = e.day.isoformat(), month_of(e.day, w.month_start)
        kept = (e.payee, e.text, e.note, categories.get(e.category or ""), transfer, e.reviewed, folded(e.payee, e.text, e.note))
        parts += [
            (len(rows), {"category_id": categories.get(p.category), "amount": size, "note": p.note})
            for p, size in zip(e.parts, pieces, strict=True)
        ]
        rows.append((accounts[e.account], day, month, amount, *kept))
        if e.to:
            rows.append((accounts[e.to], day, month, -amount, *kept))
    ids = w.insert_many(transaction, COLUMNS, rows, len(rows))
    w.insert(split, [values | {"transaction_id": ids[place]} for place, values in parts])


def _set_budgets(w: Writer, book: Book, categories: dict[str, int]) -> None:
    """Budget what is not budgeted yet, from the first month on."""
    taken = budgets.categories(w.connection, book.id)
    month = month_of(_first_day(book), w.month_start)
    wanted = {categories[name]: (cents, carry) for name, cents, carry in BUDGETS if name in categories}
    w.insert(
        budget,
        [
            {"category_id": i, "currency": book.currency, "month": month, "amount": _minor(cents, book.currency), "carry": carry}
            for i, (cents, carry) in wanted.items()
            if i not in taken
        ],
    )


def _first_day(book: Book) -> date:
    """Return the first day of the sample's months."""
    return first_day(add_months(month_of(book.today), 1 - MONTHS))


def _nothing_of_theirs(db: Connection, book: Book, data: bytes) -> None:
    """Refuse where a person's own transactions or imports are in the sample's accounts."""
    steps = unpacked(data)
    accounts, rows = (
        [(first, last) for step in steps if step["t"] == table.name for first, last in step["ids"]] for table in (account, transaction)
    )
    files = stored.imports_in(db, book.id, accounts)
    if files:
        raise UndoRefused(
            f"{files} of your imports {'is' if files == 1 else 'are'} in the sample accounts. "
            "Undo them on the Import page first, and import the files anew afterwards."
        )
    others = stored.others_in(db, book.id, accounts, rows)
    if others:
        raise UndoRefused(
            f"{others} of your own transactions {'is' if others == 1 else 'are'} in the sample accounts. "
            "Move them to an account of yours, or delete them, first."
        )
