"""Transactions: listed, added, edited, categorised, marked as transfers, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from dashboard.analysis.frames import rows as rows_of
from dashboard.errors import InputNotValid, NotFound
from dashboard.model.imports import import_
from dashboard.model.queries import ledger
from dashboard.model.transactions import LONGEST_TEXT, dismissed, split, transaction
from dashboard.model.writing import Writer
from dashboard.money import parse_amount
from dashboard.periods import parse_day
from dashboard.selection import Selection
from dashboard.services import fields
from dashboard.services.accounts import Account, account_of, read_accounts
from dashboard.services.books import Book, Done
from dashboard.services.categories import Category, category_of, read_categories

TRANSFER_DAYS = 4


@dataclass(frozen=True)
class Ledger:
    """One page of the list: `rows` as of queries/ledger.py, and the sums of all that match, by currency."""

    rows: pd.DataFrame
    count: int
    page: int
    pages: int
    money_in: dict[str, int]
    money_out: dict[str, int]
    accounts: dict[int, Account]
    categories: dict[int, Category]
    selection: Selection


def listed(book: Book, selection: Selection) -> Ledger:
    """Return the page of transactions that a selection shows."""
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = {c.id: c for c in read_categories(db, book)}
        chosen = filter_of(db, book, selection, list(accounts.values()), list(categories.values()))
        count, sums = ledger.totals(db, chosen)
        pages = max(1, -(-count // ledger.PAGE))
        number = min(selection.page, pages)
        rows = ledger.page(db, chosen, number)
    money_in: dict[str, int] = {}
    money_out: dict[str, int] = {}
    for account_id, came, went in rows_of(sums):
        code = accounts[account_id].currency
        money_in[code] = money_in.get(code, 0) + came
        money_out[code] = money_out.get(code, 0) + went
    return Ledger(rows, count, number, pages, money_in, money_out, accounts, categories, selection)


def filter_of(
    db: Connection, book: Book, selection: Selection, accounts: Sequence[Account], categories: Sequence[Category]
) -> ledger.Filter:
    """Turn a selection into a filter of this book: accounts and categories of others are like unknown ones."""
    wanted: tuple[int, ...] | None = None
    if selection.accounts or selection.currency:
        wanted = tuple(
            a.id
            for a in accounts
            if (not selection.accounts or a.id in selection.accounts) and (selection.currency is None or a.currency == selection.currency)
        )
    imported: tuple[int, int] | None = None
    start: date | None = selection.period.start
    end: date | None = selection.period.end
    if selection.imported:
        t = transaction.c
        ends = db.execute(select(func.min(t.id), func.max(t.id)).where(t.book_id == book.id, t.import_id == selection.imported)).one()
        imported = (ends[0] or 0, ends[1] or 0)
        # An import is looked at whole, whatever months it spans.
        start = end = None
    return ledger.Filter(
        book_id=book.id,
        start=start,
        end=end,
        accounts=wanted,
        categories=selection.categories,
        kind=selection.kind,
        income_categories=tuple(c.id for c in categories if c.is_income),
        words=tuple(selection.search.split()[:8]),
        imported=imported,
    )


def one(book: Book, transaction_id: object) -> dict[str, Any]:
    """Return one transaction as a mapping of its columns.

    Raises:
        NotFound: it is not in this book.
    """
    with book.reading() as db:
        return _row(db, book, fields.identity(transaction_id))


def _row(db: Connection, book: Book, wanted: int) -> dict[str, Any]:
    found = db.execute(select(transaction).where(transaction.c.book_id == book.id, transaction.c.id == wanted)).mappings().one_or_none()
    if found is None:
        raise NotFound("That transaction does not exist, or is not yours.")
    return dict(found)


def save(
    book: Book,
    transaction_id: object,
    revision: object,
    *,
    direction: object,
    amount: object,
    payee: object,
    category_id: object,
    account_id: object,
    day: object,
    note: object = "",
    key: object = None,
) -> Done:
    """Add a transaction (no id) or change one.

    Args:
        direction: spent or received; the sign of the amount comes from it.
        key: what a form sends once; the same key again adds nothing (a double click).

    Raises:
        InputNotValid: a field cannot be used; it is named.
        NotFound: the transaction, account or category is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    side = fields.choice(direction, "direction", ("spent", "received"))
    wanted = fields.optional_identity(transaction_id)
    chosen_category = fields.optional_identity(category_id)
    when = parse_day(day, book.today)
    who = fields.text(payee, "payee", longest=LONGEST_TEXT, required=True)
    remark = fields.text(note, "note", longest=LONGEST_TEXT)
    once = fields.text(key, "key", longest=64) or None
    with book.writing() as w:
        if account_id in (None, ""):
            raise InputNotValid("Choose an account", "account")
        held_in = account_of(w.connection, book, account_id)
        if chosen_category is not None:
            category_of(w.connection, book, chosen_category)
        size = parse_amount(amount, held_in.currency, book.locale)
        if size < 0:
            raise InputNotValid("Type the amount without a minus, and choose Spent or Received", "amount")
        values = {
            "account_id": held_in.id,
            "date": when,
            "amount": -size if side == "spent" else size,
            "payee": who,
            "note": remark,
            "category_id": chosen_category,
        }
        if wanted is None:
            if once is not None and (earlier := _sent_before(w.connection, book, once)):
                return Done(0, "Saved already", earlier)
            w.action = f"\u201c{who[:60]}\u201d added"
            created = w.insert(transaction, [values | {"text": "", "bank_id": f"form:{once}" if once else None}])[0]
            return Done(w.revision, w.action, created)
        w.guard(transaction, wanted, fields.identity(revision))
        _change(w, book, wanted, values)
        w.action = f"\u201c{who[:60]}\u201d changed"
        return Done(w.revision, w.action, wanted)


def _sent_before(db: Connection, book: Book, key: str) -> int | None:
    t = transaction.c
    # Only the newest rows can be a double click; they are at the end of the book's ids.
    newest = select(t.id, t.bank_id).where(t.book_id == book.id).order_by(t.id.desc()).limit(50)
    return next((row.id for row in db.execute(newest) if row.bank_id == f"form:{key}"), None)


def _change(w: Writer, book: Book, wanted: int, values: dict[str, Any]) -> None:
    before = _row(w.connection, book, wanted)
    parts = w.connection.execute(select(split.c.id).where(split.c.book_id == book.id, split.c.transaction_id == wanted)).scalars().all()
    if parts:
        if values["amount"] != before["amount"]:
            raise InputNotValid("This transaction is split: change its parts first", "amount")
        values = values | {"category_id": None}
    if before["transfer_id"] is not None:
        others = [leg for leg in _legs(w.connection, book, [before["transfer_id"]]) if leg["id"] != wanted]
        if others:
            if others[0]["account_id"] == values["account_id"]:
                raise InputNotValid("Both sides of a transfer would be in one account", "account")
            if values["amount"] != before["amount"] and _is_split(w.connection, book, [others[0]["id"]]):
                raise InputNotValid("The other side of this transfer is split: change its parts first", "amount")
            accounts = {a.id: a.currency for a in read_accounts(w.connection, book)}
            if accounts[values["account_id"]] != accounts[others[0]["account_id"]]:
                raise InputNotValid("Both sides of a transfer have one currency: unmark it first", "account")
            # Both legs are written, so that they keep summing to zero and undo takes both or none.
            w.update(transaction, [others[0]["id"]], amount=-values["amount"])
    if before["fingerprint"] is not None and values["account_id"] != before["account_id"]:
        raise InputNotValid("An imported transaction stays in the account whose statement it is from", "account")
    w.update(transaction, [wanted], **values)


def set_category(book: Book, transaction_ids: object, category_id: object) -> Done:
    """Give transactions a category, or none.

    Raises:
        NotFound: one of them, or the category, is not in this book.
        InputNotValid: a transfer or split is among them.
    """
    ids = fields.identities(transaction_ids)
    wanted = fields.optional_identity(category_id)
    with book.writing() as w:
        name = category_of(w.connection, book, wanted).name if wanted is not None else "Uncategorised"
        rows = _rows(w.connection, book, ids)
        if any(row["transfer_id"] is not None for row in rows):
            raise InputNotValid("A transfer has no category. Unmark it first.")
        if _is_split(w.connection, book, ids):
            raise InputNotValid("A split transaction has a category in each part")
        w.update(transaction, ids, category_id=wanted)
        what = f"\u201c{rows[0]['payee'][:60]}\u201d is" if len(rows) == 1 else f"{len(rows)} transactions are"
        w.action = f"{what} now {name}"
        return Done(w.revision, w.action)


def mark_transfer(book: Book, transaction_ids: object, *, transfer: bool) -> Done:
    """Mark transactions as movements between own accounts, or take the mark back.

    The other side is joined where exactly one row in another account fits: the opposite amount within four days.

    Raises:
        NotFound: one of them is not in this book.
    """
    ids = fields.identities(transaction_ids)
    with book.writing() as w:
        rows = _rows(w.connection, book, ids)
        if not transfer:
            legs = _legs(w.connection, book, [row["transfer_id"] for row in rows if row["transfer_id"] is not None])
            w.update(transaction, [leg["id"] for leg in legs], transfer_id=None)
            w.action = "Not a transfer any more" if len(rows) == 1 else f"{len(rows)} transactions are no transfers any more"
            return Done(w.revision, w.action)
        accounts = {a.id: a for a in read_accounts(w.connection, book)}
        joined = 0
        done: set[int] = set()
        for row in rows:
            if row["transfer_id"] is not None or row["id"] in done:
                continue
            other = _counterpart(w.connection, book, row, accounts, done)
            pair = [row["id"]] if other is None else [row["id"], other]
            w.update(transaction, pair, transfer_id=w.new_ids(1)[0])
            done.update(pair)
            joined += other is not None
        w.action = "Marked as a transfer" if len(rows) == 1 else f"{len(rows)} transactions marked as transfers"
        if joined:
            w.action += " and joined with the other side" if len(rows) == 1 else f", {joined} joined with the other side"
        return Done(w.revision, w.action)


def _counterpart(db: Connection, book: Book, row: dict[str, Any], accounts: dict[int, Account], taken: set[int]) -> int | None:
    t = transaction.c
    near = timedelta(days=TRANSFER_DAYS)
    same_currency = [a.id for a in accounts.values() if a.currency == accounts[row["account_id"]].currency and a.id != row["account_id"]]
    fits = (
        db.execute(
            select(t.id)
            .where(
                t.book_id == book.id,
                t.date >= row["date"] - near,
                t.date <= row["date"] + near,
                t.amount == -row["amount"],
                t.account_id.in_(same_currency),
                t.transfer_id.is_(None),
            )
            .limit(20)
        )
        .scalars()
        .all()
    )
    free = [i for i in fits if i not in taken]
    return free[0] if len(free) == 1 else None


def delete(book: Book, transaction_ids: object) -> Done:
    """Delete transactions; imported ones are remembered, so that the next overlapping file does not bring them back.

    Raises:
        NotFound: one of them is not in this book.
    """
    ids = fields.identities(transaction_ids)
    with book.writing() as w:
        rows = _rows(w.connection, book, ids)
        parts = w.connection.execute(select(split.c.id).where(split.c.book_id == book.id, split.c.transaction_id.in_(ids))).scalars().all()
        w.delete(split, parts)
        # The other sides stay transfers, alone now, and are written: undo takes both or none.
        shared = [row["transfer_id"] for row in rows if row["transfer_id"] is not None]
        for leg in _legs(w.connection, book, shared):
            if leg["id"] not in ids:
                w.update(transaction, [leg["id"]], transfer_id=w.new_ids(1)[0])
        w.delete(transaction, ids)
        w.insert(
            dismissed,
            [
                {"account_id": r["account_id"], "fingerprint": r["fingerprint"], "occurrence": r["occurrence"]}
                for r in rows
                if r["fingerprint"] is not None
            ],
        )
        w.action = f"\u201c{rows[0]['payee'][:60]}\u201d deleted" if len(rows) == 1 else f"{len(rows)} transactions deleted"
        return Done(w.revision, w.action)


def _rows(db: Connection, book: Book, ids: list[int]) -> list[dict[str, Any]]:
    if not ids:
        raise InputNotValid("Select some rows first")
    t = transaction.c
    found: list[dict[str, Any]] = []
    unique = sorted(set(ids))
    for start in range(0, len(unique), 500):
        part = unique[start : start + 500]
        found += [dict(row) for row in db.execute(select(transaction).where(t.book_id == book.id, t.id.in_(part))).mappings()]
    if len(found) != len(unique):
        raise NotFound("That transaction does not exist, or is not yours.")
    return found


def _is_split(db: Connection, book: Book, ids: list[int]) -> bool:
    return db.execute(select(split.c.id).where(split.c.book_id == book.id, split.c.transaction_id.in_(ids)).limit(1)).first() is not None


def _legs(db: Connection, book: Book, transfer_ids: list[int]) -> list[dict[str, Any]]:
    t = transaction.c
    if not transfer_ids:
        return []
    return [
        dict(row) for row in db.execute(select(transaction).where(and_(t.book_id == book.id, t.transfer_id.in_(transfer_ids)))).mappings()
    ]


def import_name(book: Book, import_id: int) -> str:
    """Return the file name of an import, "" where it is not in this book."""
    with book.reading() as db:
        return db.execute(select(import_.c.file).where(import_.c.book_id == book.id, import_.c.id == import_id)).scalar_one_or_none() or ""
