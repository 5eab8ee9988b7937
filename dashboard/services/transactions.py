"""Transactions: added, edited, split, categorised, reviewed, noted, deleted; one by one or many at once.

A split is a transaction's amount in parts, each with a category of its own; only the parts are counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from dashboard.analysis import payees
from dashboard.bounds import LONGEST_NAME, LONGEST_TEXT, MOST_PARTS
from dashboard.errors import InputNotValid
from dashboard.model.queries import splits
from dashboard.model.queries import transactions as queries
from dashboard.model.queries.splits import Piece
from dashboard.model.queries.transactions import Transaction
from dashboard.model.transactions import dismissed, split, transaction
from dashboard.model.writing import Writer
from dashboard.money import money, parse_amount, signed_amount
from dashboard.periods import parse_day
from dashboard.services import fields
from dashboard.services.accounts import account_of, read_accounts
from dashboard.services.books import Book, Done
from dashboard.services.categories import add_named, category_of, named, read_categories
from dashboard.services.ledger import all_there, meant, sent_before, stored
from dashboard.services.reconciling import warning
from dashboard.services.transfers import Followed, follow, other_leg

NOTHING = "A transaction moves money: type an amount other than 0"
CELLS = ("date", "payee", "category", "account", "note", "amount")
# What a form says of a transaction.
FORM = frozenset({"account_id", "date", "amount", "payee", "note", "category_id", "reviewed"})


class Part(NamedTuple):
    """One part of a split; amount in minor units, signed as its transaction is."""

    category_id: int | None
    amount: int
    note: str


class Opened(NamedTuple):
    """A transaction as its form shows it: with the parts it is split into, and all legs of its transfer."""

    row: Transaction
    parts: list[Piece]
    legs: list[Transaction]


@dataclass(frozen=True)
class TransactionForm:
    """What a form says of a transaction, as it was typed.

    direction: spent or received; the sign of the amount comes from it. parts: of a split, {"amount", "category", "note"} each; where
    there are any, the category is theirs; None leaves those there are. key: what a form sends once; the same key again adds
    nothing (a double click).
    """

    direction: object
    amount: object
    payee: object
    category_id: object
    account_id: object
    day: object
    note: object = ""
    parts: object = None
    key: object = None


def one(book: Book, transaction_id: object) -> Opened:
    """Return one transaction.

    Raises:
        NotFound: it is not in this book.
    """
    with book.reading() as db:
        row = stored(db, book, [fields.identity(transaction_id)])[0]
        legs = queries.of_transfers(db, book.id, [row.transfer_id]) if row.transfer_id is not None else []
        return Opened(row, splits.parts_of(db, book.id, row.id), legs)


def save(book: Book, transaction_id: object, revision: object, form: TransactionForm) -> Done:
    """Add a transaction (no id) or change one.

    Raises:
        InputNotValid: a field cannot be used; it is named.
        NotFound: the transaction, account or category is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    wanted = fields.optional_identity(transaction_id)
    plain = _plain(book, form)
    with book.writing() as w:
        if wanted is None:
            return _add(w, book, _told(w.connection, book, plain, form, None))
        w.guard(transaction, wanted, fields.identity(revision))
        before = stored(w.connection, book, [wanted])[0]
        told = _told(w.connection, book, plain, form, before)
        pieces = told.parts or []
        if pieces and before.transfer_id is not None:
            raise InputNotValid("A transfer is not split: it is no spending", "part-amount-0")
        resplit = told.parts is not None and _rewrite(w, before.id, pieces)
        category_id = told.category_id
        if told.parts is None and splits.among(w.connection, book.id, [before.id]):
            category_id = None
            if told.amount != before.amount:
                raise InputNotValid("This transaction is split: change its parts first", "amount")
        after = before._replace(
            account_id=told.account_id,
            date=told.day,
            amount=told.amount,
            payee=told.payee,
            note=told.note,
            category_id=category_id,
            reviewed=True,
        )
        _change(w, book, before, after, FORM)
        w.action = f"\u201c{told.payee[:60]}\u201d {'split' if resplit and pieces else 'changed'}"
        return Done(w.revision, w.action + warning(w, book), before.id)


class _Plain(NamedTuple):
    """What a form says that needs no look into the book."""

    spent: bool
    day: date
    payee: str
    note: str
    key: str
    category_id: int | None


class _Told(NamedTuple):
    """What a form says, checked; amounts in minor units of the account's currency, signed. parts: None leaves those there are."""

    account_id: int
    day: date
    amount: int
    payee: str
    note: str
    category_id: int | None
    parts: list[Part] | None
    key: str


def _plain(book: Book, form: TransactionForm) -> _Plain:
    side = fields.choice(form.direction, "direction", ("spent", "received"))
    category_id = fields.optional_identity(form.category_id)
    when = parse_day(form.day, book.today, book.locale)
    who = fields.text(form.payee, "payee", longest=LONGEST_TEXT, required=True)
    note = fields.text(form.note, "note", longest=LONGEST_TEXT)
    return _Plain(side == "spent", when, who, note, fields.text(form.key, "key", longest=64), category_id)


def _told(db: Connection, book: Book, plain: _Plain, form: TransactionForm, before: Transaction | None) -> _Told:
    """Check what a form says against the book; `before`: the transaction as it was, None for a new one."""
    if form.account_id in (None, ""):
        raise InputNotValid("Choose an account", "account")
    held_in = account_of(db, book, form.account_id)
    if plain.category_id is not None:
        category_of(db, book, plain.category_id)
    size = parse_amount(form.amount, held_in.currency, book.locale)
    if size < 0:
        raise InputNotValid("Type the amount without a minus, and choose Spent or Received", "amount")
    if not size and (before is None or before.amount):
        raise InputNotValid(NOTHING, "amount")
    amount = -size if plain.spent else size
    parts = None if form.parts is None else _parts(db, book, form.parts, amount, held_in.currency)
    category_id = None if parts else plain.category_id
    return _Told(held_in.id, plain.day, amount, plain.payee, plain.note, category_id, parts, plain.key)


def _add(w: Writer, book: Book, told: _Told) -> Done:
    """Write a new transaction; what one form has sent already is not added again."""
    if told.key and (earlier := sent_before(w.connection, book, told.key)):
        return Done(0, "Saved already", earlier)
    w.action = f"\u201c{told.payee[:60]}\u201d added"
    row = {
        "account_id": told.account_id,
        "date": told.day,
        "amount": told.amount,
        "payee": told.payee,
        "note": told.note,
        "category_id": told.category_id,
        "reviewed": True,
        "text": "",
        "bank_id": f"form:{told.key}" if told.key else None,
        "payee_key": payees.key(told.payee),
        "decided": w.revision,
    }
    created = w.insert(transaction, [row])[0]
    _rewrite(w, created, told.parts or [])
    return Done(w.revision, w.action + warning(w, book), created)


def _parts(db: Connection, book: Book, typed: object, whole: int, currency: str) -> list[Part]:
    """Read the parts that a person typed, each without sign: it is the whole's; a minus makes one go against it.

    Args:
        typed: a list of {"amount", "category", "note"}; those without an amount are left out.
        whole: the transaction's amount, minor units, signed.

    Raises:
        InputNotValid: a part cannot be read, there is only one, or they do not add up to the whole.
        NotFound: a category is not in this book.
    """
    if not isinstance(typed, Sequence) or isinstance(typed, str) or len(typed) > MOST_PARTS:
        raise InputNotValid(f"A transaction splits into at most {MOST_PARTS} parts", "part-amount-0")
    sign = -1 if whole < 0 else 1
    found: list[Part] = []
    for place, row in enumerate(typed):
        if not isinstance(row, Mapping) or row.get("amount") in (None, ""):
            continue
        try:
            size = parse_amount(row["amount"], currency, book.locale)
        except InputNotValid as error:
            raise InputNotValid(error.message, f"part-amount-{place}") from error
        if not size:
            raise InputNotValid("A part of nothing is none: type its amount", f"part-amount-{place}")
        wanted = fields.optional_identity(row.get("category"))
        if wanted is not None:
            category_of(db, book, wanted)
        note = fields.text(row.get("note"), f"part-note-{place}", longest=LONGEST_TEXT, label="note")
        found.append(Part(wanted, sign * size, note))
    if len(found) == 1:
        raise InputNotValid("One part is no split: add another, or choose the category above", "part-amount-0")
    rest = whole - sum(part.amount for part in found)
    if found and rest:
        text = money(abs(rest), currency, book.locale)
        raise InputNotValid(f"{text} left to assign" if rest * sign > 0 else f"{text} too much assigned", "part-amount-0")
    return found


def _rewrite(w: Writer, transaction_id: int, parts: Sequence[Part]) -> bool:
    """Put these parts in place of those there are, within a change; return whether anything had to be written."""
    now = splits.parts_of(w.connection, w.book_id, transaction_id)
    if [Part(piece.category_id, piece.amount, piece.note) for piece in now] == list(parts):
        return False
    w.delete(split, [piece.id for piece in now])
    w.insert(split, [{"transaction_id": transaction_id, **part._asdict()} for part in parts])
    return True


def edit(book: Book, transaction_id: object, revision: object, cell: object, value: object) -> Done:
    """Change one cell of a transaction, as in a spreadsheet.

    Args:
        cell: one of CELLS; an amount without a sign keeps the side it is on, + and - change it. A category is an id.

    Raises:
        InputNotValid: the value cannot be used.
        NotFound: the transaction, account or category is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    name = fields.choice(cell, "cell", CELLS)
    wanted = fields.identity(transaction_id)
    with book.writing() as w:
        w.guard(transaction, wanted, fields.identity(revision))
        before = stored(w.connection, book, [wanted])[0]
        column, after = _edited(w.connection, book, before, name, value)
        after = after._replace(reviewed=True)
        if after == before:
            return Done(0, "Nothing changed", wanted)
        _change(w, book, before, after, {column, "reviewed"})
        w.action = f"\u201c{after.payee[:60]}\u201d changed"
        return Done(w.revision, w.action + warning(w, book), wanted)


def _edited(db: Connection, book: Book, before: Transaction, name: str, value: object) -> tuple[str, Transaction]:
    """Return the column that a cell of this name holds, and the transaction with it changed.

    Raises: as of `edit`.
    """
    if name == "date":
        return "date", before._replace(date=parse_day(value, book.today, book.locale))
    if name == "payee":
        return "payee", before._replace(payee=fields.text(value, "payee", longest=LONGEST_TEXT, required=True))
    if name == "note":
        return "note", before._replace(note=fields.text(value, "note", longest=LONGEST_TEXT))
    if name == "account":
        return "account_id", before._replace(account_id=account_of(db, book, value).id)
    is_split = bool(splits.among(db, book.id, [before.id]))
    if name == "category":
        if before.transfer_id is not None:
            raise InputNotValid("A transfer has no category. Unmark it first.")
        if is_split:
            raise InputNotValid("A split transaction has a category in each part")
        wanted = fields.optional_identity(value)
        return "category_id", before._replace(category_id=None if wanted is None else category_of(db, book, wanted).id)
    amount = _meant(value, before.amount, account_of(db, book, before.account_id).currency, book.locale)
    if is_split and amount != before.amount:
        raise InputNotValid("This transaction is split: open it and change its parts", "amount")
    return "amount", before._replace(amount=amount)


def _meant(value: object, before: int, currency: str, locale: str) -> int:
    """Return the amount that was typed into a cell: without a sign it stays on the side it is on."""
    size, signed = signed_amount(value, currency, locale)
    if not size and before:
        raise InputNotValid(NOTHING, "amount")
    if size < 0 and not signed:
        raise InputNotValid("That comes to less than nothing: begin with + or \u2212 to say which way", "amount")
    return size if signed or before >= 0 else -size


def _change(w: Writer, book: Book, before: Transaction, after: Transaction, columns: Collection[str]) -> None:
    """Write these columns of a transaction, and with it what hangs on it."""
    other, moved = other_leg(w.connection, book, before), after.account_id != before.account_id
    if before.transfer_id is not None:
        columns, after = {*columns, "category_id"}, after._replace(category_id=None)
    # An ordinary change asks for no account.
    currencies = {a.id: a.currency for a in read_accounts(w.connection, book)} if moved or other is not None else {}
    if moved and not before.by_hand:
        raise InputNotValid("An imported transaction stays in the account whose statement it is from", "account")
    exchanged = moved and currencies[after.account_id] != currencies[before.account_id]
    if exchanged and "amount" not in columns:
        raise InputNotValid("That account has another currency: open the transaction and type its amount", "account")
    values = {name: getattr(after, name) for name in columns}
    if before.by_hand and after.payee != before.payee:
        # A bank's row stays known by the bank's words, however it is called here.
        values["payee_key"] = payees.key(after.payee)
    if after.category_id != before.category_id:
        values["decided"] = w.revision
    if other is not None:
        if exchanged:
            raise InputNotValid("That account has another currency: open the transfer and type both amounts", "account")
        follow(w, Followed(before, after, columns), other, currencies)
    w.update(transaction, [before.id], **values)


def set_category(book: Book, rows: object, category_id: object, *, new: object = None, revision: object = None) -> Done:
    """Give transactions a category, or none; transfers and split ones stay as they are, and the sentence says so.

    Args:
        rows: as of `ledger.meant`.
        new: the name of a category to make for them.
        revision: of the only row, where a person saw it; None asks nothing.

    Raises:
        NotFound: one of them, or the category, is not in this book.
        ChangedMeanwhile: the row was written since the person saw it.
        InputNotValid: only transfers or split ones are among them.
    """
    wanted = fields.optional_identity(category_id)
    name = fields.text(new, "category", longest=LONGEST_NAME) and named(new, "category")
    with book.writing() as w:
        ids = meant(w.connection, book, rows)
        if revision is not None:
            for i in ids:
                w.guard(transaction, i, fields.identity(revision))
        if name:
            existing = read_categories(w.connection, book)
            same = next((c for c in existing if c.name.casefold() == name.casefold()), None)
            wanted = same.id if same else add_named(w, existing, {name: False})[name]
        label = category_of(w.connection, book, wanted).name if wanted is not None else "Uncategorised"
        plain, left = _without_transfers_and_splits(w.connection, book, ids)
        if not plain:
            raise InputNotValid(
                "A transfer has no category. Unmark it first."
                if not splits.among(w.connection, book.id, ids)
                else "A split transaction has a category in each part"
            )
        w.update(transaction, plain, category_id=wanted, reviewed=True, decided=w.revision)
        w.action = f"{_named(w.connection, book, plain)} now {label}" + (f"; {left} transfers or splits stay as they are" if left else "")
        return Done(w.revision, w.action)


def _without_transfers_and_splits(db: Connection, book: Book, ids: list[int]) -> tuple[list[int], int]:
    """Return which of these can have a category, and how many cannot."""
    transfers = queries.transfers_among(db, book.id, ids)
    all_there(ids, transfers)
    parts = splits.among(db, book.id, ids)
    plain = [i for i in ids if not transfers[i] and i not in parts]
    return plain, len(ids) - len(plain)


def _named(db: Connection, book: Book, ids: list[int]) -> str:
    """Return how a sentence calls these transactions, with its verb."""
    if len(ids) > 1:
        return f"{len(ids):,} transactions are"
    return f"\u201c{queries.payee_of(db, book.id, ids[0])[:60]}\u201d is"


def review(book: Book, rows: object, *, reviewed: bool = True) -> Done:
    """Mark transactions as looked at, or as to be looked at.

    Raises:
        NotFound: one of them is not in this book.
    """
    with book.writing() as w:
        ids = meant(w.connection, book, rows)
        both = queries.with_legs(w.connection, book.id, ids)
        written = w.update(transaction, both, reviewed=reviewed) if both else 0
        all_there(both, range(written))
        w.action = f"{_named(w.connection, book, ids)} now {'reviewed' if reviewed else 'to review'}"
        return Done(w.revision, w.action)


def set_account(book: Book, rows: object, account_id: object) -> Done:
    """Move transactions to another account of the same currency; imported ones stay where their statement is from.

    Raises:
        NotFound: one of them, or the account, is not in this book.
        InputNotValid: an imported one, a transfer, or one of another currency is among them.
    """
    with book.writing() as w:
        target = account_of(w.connection, book, account_id)
        accounts = {a.id: a.currency for a in read_accounts(w.connection, book)}
        found = stored(w.connection, book, meant(w.connection, book, rows))
        if any(not row.by_hand and row.account_id != target.id for row in found):
            raise InputNotValid("An imported transaction stays in the account whose statement it is from")
        if any(row.transfer_id is not None for row in found):
            raise InputNotValid("A transfer lies between two accounts: open it to change them")
        if any(accounts[row.account_id] != target.currency for row in found):
            raise InputNotValid(f"{target.name} has another currency than some of these")
        w.update(transaction, [row.id for row in found], account_id=target.id)
        w.action = f"{_named(w.connection, book, [row.id for row in found])} now in {target.name}"
        return Done(w.revision, w.action + warning(w, book))


def alike(book: Book, transaction_id: object, before: object) -> list[int]:
    """Return the other transactions of a payee that have the category that this one had before, or none: what a correction may be of too.

    Raises:
        NotFound: the transaction is not in this book.
    """
    old = fields.optional_identity(before)
    with book.reading() as db:
        row = stored(db, book, [fields.identity(transaction_id)])[0]
        return [i for i in queries.of_payee(db, book.id, row.payee, old) if i != row.id]


def add_note(book: Book, rows: object, note: object) -> Done:
    """Add words or #tags to the notes of transactions; those that have them already stay as they are.

    Raises:
        NotFound: one of them is not in this book.
        InputNotValid: there is nothing to add, or a note grows too long.
    """
    words = fields.text(note, "note", longest=LONGEST_TEXT, required=True)
    with book.writing() as w:
        by_note: dict[str, list[int]] = {}
        for row in stored(w.connection, book, queries.with_legs(w.connection, book.id, meant(w.connection, book, rows))):
            if words not in row.note.split() and words != row.note:
                longer = fields.text(f"{row.note} {words}", "note", longest=LONGEST_TEXT)
                by_note.setdefault(longer, []).append(row.id)
        for text, ids in by_note.items():
            w.update(transaction, ids, note=text)
        count = sum(len(ids) for ids in by_note.values())
        w.action = f"\u201c{words[:60]}\u201d added to {count:,} {'note' if count == 1 else 'notes'}"
        return Done(w.revision if count else 0, w.action)


def delete(book: Book, rows: object) -> Done:
    """Delete transactions; imported ones are remembered, so that the next overlapping file does not bring them back.

    A transfer that is shown as one row goes with both its legs.

    Raises:
        NotFound: one of them is not in this book.
    """
    with book.writing() as w:
        asked = stored(w.connection, book, meant(w.connection, book, rows))
        found = {row.id: row for row in asked}
        # What a bank's file says of one account is not deleted for what another's says.
        typed = queries.of_transfers(w.connection, book.id, [r.transfer_id for r in asked if r.transfer_id is not None and r.by_hand])
        found |= {leg.id: leg for leg in typed if leg.by_hand}
        w.delete(split, splits.ids_of(w.connection, book.id, list(found)))
        # The other sides stay transfers, alone now, and are written: undo takes both or none.
        shared = [row.transfer_id for row in found.values() if row.transfer_id is not None]
        for leg in queries.of_transfers(w.connection, book.id, shared):
            if leg.id not in found:
                w.update(transaction, [leg.id], transfer_id=w.new_ids(1)[0])
        w.delete(transaction, list(found))
        w.insert(
            dismissed,
            [
                {"account_id": r.account_id, "fingerprint": r.fingerprint, "occurrence": r.occurrence}
                for r in found.values()
                if not r.by_hand
            ],
        )
        w.action = f"\u201c{asked[0].payee[:60]}\u201d deleted" if len(asked) == 1 else f"{len(asked):,} transactions deleted"
        return Done(w.revision, w.action + warning(w, book))
