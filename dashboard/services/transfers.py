"""Transfers: movements between own accounts, counted neither as income nor as spending."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from dashboard.bounds import LONGEST_TEXT
from dashboard.errors import InputNotValid
from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer
from dashboard.money import money, parse_amount
from dashboard.periods import parse_day
from dashboard.services import fields
from dashboard.services.accounts import Account, account_of, read_accounts
from dashboard.services.agreed import warning
from dashboard.services.books import Book, Done
from dashboard.services.ledger import legs_of, meant, sent_before, stored
from dashboard.services.legs import alone, fit, not_split
from dashboard.services.splits import are_split

TRANSFER_DAYS = 4


def save(
    book: Book,
    transaction_id: object,
    revision: object,
    *,
    amount: object,
    arrives: object = None,
    payee: object = None,
    from_id: object,
    to_id: object,
    day: object,
    note: object = "",
    key: object = None,
) -> Done:
    """Add a transfer as a row in each account (no id), or change both legs of one.

    Args:
        arrives: the amount in the other account's currency, where that is another.
        key: what a form sends once; the same key again adds nothing (a double click).

    Raises:
        InputNotValid: a field cannot be used; it is named.
        NotFound: the transaction or an account is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    wanted = fields.optional_identity(transaction_id)
    when = parse_day(day, book.today, book.locale)
    remark = fields.text(note, "note", longest=LONGEST_TEXT)
    said = fields.text(payee, "payee", longest=LONGEST_TEXT)
    once = fields.text(key, "key", longest=64) or None
    with book.writing() as w:
        for value, name in ((from_id, "account"), (to_id, "to")):
            if value in (None, ""):
                raise InputNotValid("Choose an account", name)
        source, target = account_of(w.connection, book, from_id), account_of(w.connection, book, to_id)
        if source.id == target.id:
            raise InputNotValid("Choose two different accounts", "to")
        size = parse_amount(amount, source.currency, book.locale)
        if size <= 0:
            raise InputNotValid("Type what was moved, without a sign", "amount")
        came = size
        if source.currency != target.currency:
            came = parse_amount(arrives, target.currency, book.locale) if arrives not in (None, "") else 0
            if came <= 0:
                raise InputNotValid(f"Type what arrived in {target.currency}", "arrives")
        legs = [
            {"account_id": source.id, "amount": -size, "payee": said or f"To {target.name}"},
            {"account_id": target.id, "amount": came, "payee": said or f"From {source.name}"},
        ]
        shared = {"date": when, "note": remark, "category_id": None, "reviewed": True}
        if wanted is None:
            if once is not None and (earlier := sent_before(w.connection, book, once)):
                return Done(0, "Saved already", earlier)
            both = {"text": "", "transfer_id": w.new_ids(1)[0], "bank_id": f"form:{once}" if once else None}
            rows = [leg | shared | both for leg in legs]
            w.action = f"Transfer from {source.name} to {target.name} added"
            made = w.insert(transaction, rows)[0]
            return Done(w.revision, w.action + warning(w, book), made)
        w.guard(transaction, wanted, fields.identity(revision))
        _change(w, book, wanted, legs, shared, said)
        w.action = f"Transfer from {source.name} to {target.name} changed"
        return Done(w.revision, w.action + warning(w, book), wanted)


def _change(w: Writer, book: Book, wanted: int, legs: list[dict[str, Any]], shared: dict[str, Any], said: str) -> None:
    before = next(iter(stored(w.connection, book, [wanted])))
    pair = legs_of(w.connection, book, [before["transfer_id"]] if before["transfer_id"] is not None else [])
    if len(pair) != 2:
        raise InputNotValid("This transfer has one side only: unmark it, then add it as a transfer", "direction")
    sides = [(row, legs[0] if row["amount"] < 0 else legs[1]) for row in pair]
    for row, leg in sides:
        if row["fingerprint"] is not None and row["account_id"] != leg["account_id"]:
            raise InputNotValid(
                "An imported transaction stays in the account whose statement it is from", "account" if row["amount"] < 0 else "to"
            )
    not_split(w.connection, book, [row["id"] for row in pair])
    for row, leg in sides:
        values = {name: leg[name] for name in ("account_id", "amount")} | {"note": shared["note"], "reviewed": True}
        # A bank's leg keeps the day of its statement, unless it is the one that was opened; words of its own stay its own.
        if row["id"] == wanted or row["fingerprint"] is None:
            values["date"] = shared["date"]
        if said and (row["id"] == wanted or (row["fingerprint"] is None and row["payee"] == before["payee"])):
            values["payee"] = said
        w.update(transaction, [row["id"]], **values)


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
        marks = [row["transfer_id"] for row in asked if row["transfer_id"] is not None]
        legs = Counter(leg["transfer_id"] for leg in legs_of(w.connection, book, marks))
        found = [row for row in asked if legs[row["transfer_id"]] < 2]
        if not found:
            raise InputNotValid("This is a transfer already" if len(asked) == 1 else "These are transfers already, with both their sides")
        not_split(w.connection, book, [row["id"] for row in found])
        accounts = {a.id: a for a in read_accounts(w.connection, book)}
        if len(found) == 2 and found[0]["account_id"] != found[1]["account_id"]:
            return _join(w, book, found, accounts)
        marked, joined = 0, 0
        done: set[int] = set()
        for row in found:
            if row["id"] in done:
                continue
            other = _counterpart(w.connection, book, row, accounts, done)
            pair = [row["id"]] if other is None else [row["id"], other]
            if other is not None or row["transfer_id"] is None:
                w.update(transaction, pair, transfer_id=w.new_ids(1)[0], reviewed=True)
                marked += 1
            done.update(pair)
            joined += other is not None
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


def _join(w: Writer, book: Book, pair: list[dict[str, Any]], accounts: dict[int, Account]) -> Done:
    one, two = (accounts[row["account_id"]].currency for row in pair)
    if not fit(pair[0], pair[1], {a.id: a.currency for a in accounts.values()}):
        rest = money(pair[0]["amount"] + pair[1]["amount"], one, book.locale)
        raise InputNotValid(
            f"The two sides of a transfer cancel out; these leave {rest}. Correct an amount, or mark one alone."
            if one == two
            else "Of the two sides of a transfer one goes out and one comes in. Correct an amount, or mark one alone."
        )
    w.update(transaction, [row["id"] for row in pair], transfer_id=w.new_ids(1)[0], reviewed=True)
    names = [accounts[row["account_id"]].name for row in sorted(pair, key=lambda row: int(row["amount"]))]
    w.action = f"Joined as a transfer from {names[0]} to {names[1]}"
    return Done(w.revision, w.action)


def unmark(book: Book, rows: object) -> Done:
    """Take the mark back, from both legs.

    Raises:
        NotFound: one of them is not in this book.
    """
    with book.writing() as w:
        found = stored(w.connection, book, meant(w.connection, book, rows))
        legs = legs_of(w.connection, book, [row["transfer_id"] for row in found if row["transfer_id"] is not None])
        w.update(transaction, [leg["id"] for leg in legs], transfer_id=None)
        w.action = "Not a transfer any more" if len(found) == 1 else f"{len(found)} transactions are no transfers any more"
        return Done(w.revision, w.action)


def _counterpart(db: Connection, book: Book, row: dict[str, Any], accounts: dict[int, Account], taken: set[int]) -> int | None:
    t = transaction.c
    near = timedelta(days=TRANSFER_DAYS)
    same_currency = [a.id for a in accounts.values() if a.currency == accounts[row["account_id"]].currency and a.id != row["account_id"]]
    fits = select(t.id).where(
        t.book_id == book.id,
        t.date >= row["date"] - near,
        t.date <= row["date"] + near,
        t.amount == -row["amount"],
        t.account_id.in_(same_currency),
        or_(t.transfer_id.is_(None), alone(t)),
    )
    near_by = [i for i in db.execute(fits.limit(20)).scalars() if i not in taken]
    parted = are_split(db, book, near_by)
    free = [i for i in near_by if i not in parted]
    return free[0] if len(free) == 1 else None
