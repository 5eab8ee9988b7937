"""Transfers: movements between own accounts, counted neither as income nor as spending.

A transfer is one thing with two legs: what is said of one of them reaches the other, and no leg is split. Legs in one currency
cancel out; in two currencies they go opposite ways, each with its own amount. A leg that a bank's file brought keeps the
account and the day of its statement. What an import found and could not decide waits as a pair for a person's word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection

from dashboard.bounds import LONGEST_TEXT
from dashboard.errors import InputNotValid, NotFound
from dashboard.importing.transfers import TRANSFER_DAYS
from dashboard.model.queries import splits
from dashboard.model.queries import transactions as queries
from dashboard.model.queries import transfers as stored_pairs
from dashboard.model.queries.transactions import Transaction
from dashboard.model.transactions import pair as pairs
from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer
from dashboard.money import money, parse_amount
from dashboard.periods import parse_day
from dashboard.services import fields
from dashboard.services.accounts import Account, account_of, read_accounts
from dashboard.services.books import Book, Done
from dashboard.services.ledger import meant, sent_before, stored
from dashboard.services.reconciling import warning
from dashboard.statements.formats.own import Leg, misfit

SPLIT = "A split transaction is no transfer: put its parts together first"
# What a person says of a transfer, and not of one side of it.
SHARED = ("note", "reviewed")
# So many pairs are shown at once; more come up as these are answered.
MOST_PAIRS = 20


@dataclass(frozen=True)
class TransferForm:
    """What a form says of a transfer, as it was typed.

    arrives: the amount in the other account's currency, where that is another. key: what a form sends once; the same key again
    adds nothing (a double click).
    """

    amount: object
    from_id: object
    to_id: object
    day: object
    arrives: object = None
    payee: object = None
    note: object = ""
    key: object = None


class _Plain(NamedTuple):
    """What a form says that needs no look into the book."""

    day: date
    note: str
    payee: str
    key: str


class _Told(NamedTuple):
    """What a form says, checked: the accounts, and what leaves one and comes into the other, minor units of each, both positive."""

    source: Account
    target: Account
    size: int
    came: int


def save(book: Book, transaction_id: object, revision: object, form: TransferForm) -> Done:
    """Add a transfer as a row in each account (no id), or change both legs of one.

    Raises:
        InputNotValid: a field cannot be used; it is named.
        NotFound: the transaction or an account is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    wanted = fields.optional_identity(transaction_id)
    plain = _Plain(
        parse_day(form.day, book.today, book.locale),
        fields.text(form.note, "note", longest=LONGEST_TEXT),
        fields.text(form.payee, "payee", longest=LONGEST_TEXT),
        fields.text(form.key, "key", longest=64),
    )
    with book.writing() as w:
        told = _told(w.connection, book, form)
        way = f"Transfer from {told.source.name} to {told.target.name}"
        if wanted is not None:
            w.guard(transaction, wanted, fields.identity(revision))
            _change(w, book, wanted, told, plain)
            w.action = f"{way} changed"
            return Done(w.revision, w.action + warning(w, book), wanted)
        if plain.key and (earlier := sent_before(w.connection, book, plain.key)):
            return Done(0, "Saved already", earlier)
        shared = {
            "date": plain.day,
            "note": plain.note,
            "category_id": None,
            "reviewed": True,
            "text": "",
            "transfer_id": w.new_ids(1)[0],
            "bank_id": f"form:{plain.key}" if plain.key else None,
        }
        out = {"account_id": told.source.id, "amount": -told.size, "payee": plain.payee or f"To {told.target.name}"}
        into = {"account_id": told.target.id, "amount": told.came, "payee": plain.payee or f"From {told.source.name}"}
        w.action = f"{way} added"
        made = w.insert(transaction, [shared | out, shared | into])[0]
        return Done(w.revision, w.action + warning(w, book), made)


def _told(db: Connection, book: Book, form: TransferForm) -> _Told:
    """Check what a form says against the book."""
    for value, name in ((form.from_id, "account"), (form.to_id, "to")):
        if value in (None, ""):
            raise InputNotValid("Choose an account", name)
    source, target = account_of(db, book, form.from_id), account_of(db, book, form.to_id)
    if source.id == target.id:
        raise InputNotValid("Choose two different accounts", "to")
    size = parse_amount(form.amount, source.currency, book.locale)
    if size <= 0:
        raise InputNotValid("Type what was moved, without a sign", "amount")
    came = size
    if source.currency != target.currency:
        came = parse_amount(form.arrives, target.currency, book.locale) if form.arrives not in (None, "") else 0
        if came <= 0:
            raise InputNotValid(f"Type what arrived in {target.currency}", "arrives")
    return _Told(source, target, size, came)


def _change(w: Writer, book: Book, wanted: int, told: _Told, plain: _Plain) -> None:
    """Write both legs of the transfer of a transaction."""
    before = stored(w.connection, book, [wanted])[0]
    legs = queries.of_transfers(w.connection, book.id, [before.transfer_id] if before.transfer_id is not None else [])
    if len(legs) != 2:
        raise InputNotValid("This transfer has one side only: unmark it, then add it as a transfer", "direction")
    sides = [(leg, told.source if leg.amount < 0 else told.target) for leg in legs]
    for leg, account in sides:
        if not leg.by_hand and leg.account_id != account.id:
            field = "account" if leg.amount < 0 else "to"
            raise InputNotValid("An imported transaction stays in the account whose statement it is from", field)
    not_split(w.connection, book, [leg.id for leg in legs])
    for leg, account in sides:
        amount = -told.size if leg.amount < 0 else told.came
        values = {"account_id": account.id, "amount": amount, "note": plain.note, "reviewed": True}
        # A bank's leg keeps the day of its statement, unless it is the one that was opened; words of its own stay its own.
        more: dict[str, object] = {}
        if leg.id == wanted or leg.by_hand:
            more["date"] = plain.day
        if plain.payee and (leg.id == wanted or (leg.by_hand and leg.payee == before.payee)):
            more["payee"] = plain.payee
        w.update(transaction, [leg.id], **values, **more)


def mark(book: Book, rows: object) -> Done:
    """Mark transactions as movements between own accounts.

    Two rows that can be the sides of one transfer are joined. Of any other the other side is joined where exactly one row in
    another account fits: the opposite amount within four days. A side that stood alone is joined as one that was not marked.

    Raises:
        NotFound: one of them is not in this book.
        InputNotValid: two rows of two accounts do not fit, one is split, or all are transfers with both their sides.
    """
    with book.writing() as w:
        asked = stored(w.connection, book, meant(w.connection, book, rows))
        legs = _legs_of(w.connection, book, asked)
        sides = Counter(leg.transfer_id for leg in legs)
        found = [row for row in asked if row.transfer_id is None or sides[row.transfer_id] < 2]
        if not found:
            raise InputNotValid("This is a transfer already" if len(asked) == 1 else "These are transfers already, with both their sides")
        not_split(w.connection, book, [row.id for row in found])
        accounts = {a.id: a for a in read_accounts(w.connection, book)}
        if len(found) == 2 and found[0].account_id != found[1].account_id:
            return _join(w, book, found, accounts)
        marked, joined = _mark(w, book, found, accounts)
        if not marked:
            raise InputNotValid(
                "This is a transfer already, and nothing in another account fits it. Select both its sides to join them"
                if len(asked) == 1
                else "These are transfers already, and nothing in other accounts fits them. Select two sides at a time to join them"
            )
        w.action = "Marked as a transfer" if marked == 1 else f"{marked} transactions marked as transfers"
        if joined:
            w.action += " and joined with the other side" if marked == 1 else f", {joined} joined with the other side"
        return Done(w.revision, w.action)


def _mark(w: Writer, book: Book, rows: Sequence[Transaction], accounts: Mapping[int, Account]) -> tuple[int, int]:
    """Mark rows one by one; return how many were marked, and how many of these joined with their other side."""
    marked, joined = 0, 0
    done: set[int] = set()
    for row in rows:
        if row.id in done:
            continue
        other = _counterpart(w.connection, book, row, accounts, done)
        both = [row.id] if other is None else [row.id, other]
        if other is not None or row.transfer_id is None:
            w.update(transaction, both, transfer_id=w.new_ids(1)[0], reviewed=True)
            marked += 1
        done.update(both)
        joined += other is not None
    return marked, joined


def _join(w: Writer, book: Book, two: Sequence[Transaction], accounts: Mapping[int, Account]) -> Done:
    currencies = [accounts[row.account_id].currency for row in two]
    if misfit([Leg(row.account_id, code, Decimal(row.amount)) for row, code in zip(two, currencies, strict=True)]):
        rest = money(two[0].amount + two[1].amount, currencies[0], book.locale)
        raise InputNotValid(
            f"The two sides of a transfer cancel out; these leave {rest}. Correct an amount, or mark one alone."
            if currencies[0] == currencies[1]
            else "Of the two sides of a transfer one goes out and one comes in. Correct an amount, or mark one alone."
        )
    w.update(transaction, [row.id for row in two], transfer_id=w.new_ids(1)[0], reviewed=True)
    names = [accounts[row.account_id].name for row in sorted(two, key=lambda row: row.amount)]
    w.action = f"Joined as a transfer from {names[0]} to {names[1]}"
    return Done(w.revision, w.action)


def unmark(book: Book, rows: object) -> Done:
    """Take the mark back, from both legs.

    Raises:
        NotFound: one of them is not in this book.
    """
    with book.writing() as w:
        found = stored(w.connection, book, meant(w.connection, book, rows))
        w.update(transaction, [leg.id for leg in _legs_of(w.connection, book, found)], transfer_id=None)
        w.action = "Not a transfer any more" if len(found) == 1 else f"{len(found)} transactions are no transfers any more"
        return Done(w.revision, w.action)


def _legs_of(db: Connection, book: Book, rows: Sequence[Transaction]) -> list[Transaction]:
    return queries.of_transfers(db, book.id, [row.transfer_id for row in rows if row.transfer_id is not None])


def _counterpart(db: Connection, book: Book, row: Transaction, accounts: Mapping[int, Account], taken: Collection[int]) -> int | None:
    near = timedelta(days=TRANSFER_DAYS)
    others = [a.id for a in accounts.values() if a.currency == accounts[row.account_id].currency and a.id != row.account_id]
    there = stored_pairs.counterparts(db, book.id, -row.amount, others, (row.date - near, row.date + near))
    free = [i for i in there if i not in taken]
    return free[0] if len(free) == 1 else None


# What a change of one leg means for the other.


def other_leg(db: Connection, book: Book, row: Transaction) -> Transaction | None:
    """Return the other leg of a transfer; None for one that stands alone, or for what is none."""
    return next((leg for leg in _legs_of(db, book, [row]) if leg.id != row.id), None)


class Followed(NamedTuple):
    """A leg as it was and as it is to be, and which columns are said anew."""

    before: Transaction
    after: Transaction
    columns: Collection[str]


def follow(w: Writer, change: Followed, other: Transaction, currencies: Mapping[int, str]) -> None:
    """Write to the other leg what a change of one means for it; both are written, so that undo takes both or none.

    Args:
        currencies: of all accounts, by id.

    Raises:
        InputNotValid: both would be in one account, or the other one is split.
    """
    before, after, columns = change
    if other.account_id == after.account_id:
        raise InputNotValid("Both sides of a transfer would be in one account", "account")
    told: dict[str, object] = {name: getattr(after, name) for name in SHARED if name in columns}
    if other.by_hand:
        told |= {"date": after.date} if "date" in columns else {}
        # What was typed once for both stays one word; a name of its own stays its own.
        told |= {"payee": after.payee} if "payee" in columns and other.payee == before.payee else {}
    if currencies[after.account_id] == currencies[other.account_id]:
        told["amount"] = -after.amount
    elif after.amount * other.amount >= 0:
        if not after.amount:
            raise InputNotValid("Both sides of a transfer move something", "amount")
        told["amount"] = -other.amount
    if told.get("amount", other.amount) != other.amount and splits.among(w.connection, w.book_id, [other.id]):
        # Older books may hold such a leg.
        raise InputNotValid("The other side of this transfer is split: change its parts first", "amount")
    if any(getattr(other, name) != now for name, now in told.items()):
        w.update(transaction, [other.id], **told)


def not_split(db: Connection, book: Book, ids: Sequence[int]) -> None:
    """Refuse to make a transfer of what is split.

    Raises:
        InputNotValid: one of them is.
    """
    if splits.among(db, book.id, ids):
        raise InputNotValid(SPLIT)


# Pairs that may be transfers.


class Side(NamedTuple):
    """One of two rows: amount in minor units of `currency`."""

    id: int
    account: str
    currency: str
    day: date
    amount: int
    payee: str


class Pair(NamedTuple):
    """Two rows that cancel out in two accounts; `out` is the one that money left by."""

    id: int
    out: Side
    into: Side


def waiting(book: Book) -> list[Pair]:
    """Return the pairs that wait, oldest first; those whose rows are gone or are transfers by now are no pairs any more."""
    with book.reading() as db:
        found = stored_pairs.waiting_pairs(db, book.id, MOST_PAIRS)
        accounts = {a.id: a for a in read_accounts(db, book)} if found else {}

    def side(row: stored_pairs.SideRow) -> Side:
        held = accounts[row.account_id]
        return Side(row.id, held.name, held.currency, row.day, row.amount, row.payee)

    return [Pair(one.id, side(one.sides[0]), side(one.sides[1])) for one in found]


def confirm(book: Book, pair_id: object) -> Done:
    """Make a pair one transfer.

    Raises:
        NotFound: it waits no longer, or is not in this book.
        InputNotValid: one of the two is split.
    """
    with book.writing() as w:
        pair = _waiting(w.connection, book, pair_id)
        ids = [side.id for side in pair.sides]
        not_split(w.connection, book, ids)
        number = w.new_ids(1)[0]
        for i in sorted(ids):
            w.update(transaction, [i], transfer_id=number, category_id=None, guess=None, reviewed=True)
        w.delete(pairs, [pair.id])
        w.action = f"{_called(pair)} joined as a transfer"
        return Done(w.revision, w.action)


def refuse(book: Book, pair_id: object) -> Done:
    """Remember that a pair is no transfer.

    Raises:
        NotFound: it waits no longer, or is not in this book.
    """
    with book.writing() as w:
        pair = _waiting(w.connection, book, pair_id)
        w.update(pairs, [pair.id], refused=True)
        w.action = f"{_called(pair)} is no transfer"
        return Done(w.revision, w.action)


def _waiting(db: Connection, book: Book, pair_id: object) -> stored_pairs.PairRow:
    found = stored_pairs.waiting_pair(db, book.id, fields.identity(pair_id))
    if found is None:
        raise NotFound("These two wait no longer: they were changed, or answered already.")
    return found


def _called(pair: stored_pairs.PairRow) -> str:
    """Return how a sentence calls a pair: by the payee of its older row."""
    return f"\u201c{min(pair.sides).payee[:60]}\u201d"
