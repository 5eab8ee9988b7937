"""Which account the rows of a file go into: the file's own word, a person's, what the book has of it already, or what was said last."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard import statements
from dashboard.analysis import payees
from dashboard.errors import ChangedMeanwhile, InputNotValid
from dashboard.model.imports import import_
from dashboard.model.transactions import transaction
from dashboard.money import to_minor
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.import_shapes import NEW, Group, group_key, shape_of

# So many rows of a file are looked for in the accounts there are.
SAMPLE = 300
# Fewer equal amounts on nearly the same days are a chance.
FEW = 3
# A movement in another form of the same account's statement is at most so many days off.
OFF = timedelta(days=3)
# So much of a file's payees an account knows where the file is its own, and of several accounts more than one payee.
KNOWN_SHARE, KNOWN_PAYEES = 0.2, 2
# The imports that are looked through for one of the same shape.
REMEMBERED = 200
# What is remembered of the answers; the year and the currency are the next file's own.
LASTING = ("dates", "sign", "decimal", "unit", "fee", "columns")


def by_label(accounts: Iterable[Account], label: str) -> int | None:
    """Return the account whose number or name the file gives: first the one of just that name."""
    known, name, bare = list(accounts), label.strip().lower(), bare_number(label)
    for a in known:
        if a.name.lower() == name:
            return a.id
    if not bare:
        return None
    for a in known:
        if bare in (bare_number(a.number), bare_number(a.name)):
            return a.id
    return None


def recall(book: Book, statement: statements.Statement) -> dict[str, Any]:
    """Return what is known of a file from those of its shape before it.

    Other accounts may give files of the same shape ("Date, Description, Amount"), so an account is taken for the file's own only
    where the file names it, or where their rows, balances or payees are the same.

    Returns:
        Choices about a file. accounts: a group's key to the account it goes into. doubts: to those it may go into. recalled:
        what was answered of each account's last file, as far as it is a question here: a file that decides is not overruled.
    """
    rows: dict[str, list[statements.Row]] = {}
    for row in statement.rows:
        rows.setdefault(group_key(row), []).append(row)
    asked = {question.key for question in statement.questions}
    found: dict[str, int] = {}
    doubts: dict[str, list[int]] = {}
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        by_key, answers = ({}, {}) if statement.own_export else _last(db, book, shape_of(statement), accounts)
        for key, those in rows.items():
            label = those[0].account
            known = by_label(accounts.values(), label)
            if known is None and label:
                known = by_key.get(key)
            elif known is None:
                fit = [i for i in answers if those[0].currency in (None, accounts[i].currency) and not accounts[i].closed]
                few = 1 if len(accounts) == 1 else KNOWN_PAYEES
                marks = {i: _likeness(db, book, accounts[i], those, few, dated="dates" not in asked) for i in fit}
                known = max(marks, key=lambda i: marks[i]) if any(marks.values()) else None
                if known is None and fit:
                    doubts[key] = fit[:3]
            if known is not None:
                found[key] = known
    told = {*found.values(), *(i for those in doubts.values() for i in those)}
    recalled = {str(i): {k: v for k, v in answers.get(i, {}).items() if k in asked} for i in told}
    return {"accounts": found, "doubts": doubts, "recalled": {i: hints for i, hints in recalled.items() if hints}}


def _last(db: Connection, book: Book, shape: str, accounts: dict[int, Account]) -> tuple[dict[str, int], dict[int, dict[str, Any]]]:
    """Return where groups of files of this shape went, and what was answered of each account's last one, the newest first."""
    by_key: dict[str, int] = {}
    answers: dict[int, dict[str, Any]] = {}
    i = import_.c
    query = select(i.account_id, i.reading).where(i.book_id == book.id).order_by(i.id.desc()).limit(REMEMBERED)
    for account_id, text in db.execute(query):
        kept = json.loads(text)
        if kept.get("shape") == shape and account_id in accounts:
            answers.setdefault(account_id, {k: v for k, v in kept.get("hints", {}).items() if k in LASTING})
            for key, where in kept.get("accounts", {}).items():
                if where in accounts:
                    by_key.setdefault(key, where)
    return by_key, answers


def _likeness(db: Connection, book: Book, a: Account, rows: Sequence[statements.Row], few: int, *, dated: bool) -> float:
    """Return how much an account's files are like these rows, which name no account: 0 where nothing says that they are its own.

    `few`: fewer payees in common say nothing. `dated`: the rows' days are certain. Which sign means money out may be open still.
    """
    t = transaction.c
    mine = (t.book_id == book.id, t.account_id == a.id)
    days = [row.date for row in rows]
    if dated:
        first, last = min(days), max(days)
        covered = select(t.date, t.amount, t.payee_key).where(*mine, t.date.between(first, last), t.fingerprint.is_not(None))
        there = [(r[0], abs(r[1]), r[2]) for r in db.execute(covered.order_by(t.date.desc()).limit(SAMPLE))]
        here = _told(rows, {one[0] for one in there}, a.currency)
        whole = [one[:2] for one in there if first < one[0] < last]
        if len(whole) >= FEW:
            # What is known of days that the file holds whole must stand in it.
            amounts = {one[:2] for one in here}
            share = sum(1 for one in whole if one in amounts) / len(whole)
            return 2 + share if share >= 0.5 else 0.0
        if here.intersection(there):
            return 2.0
    numbers = {row.bank_id: row.amount for row in rows[:SAMPLE] if row.bank_id}
    numbered = select(t.bank_id, t.amount).where(*mine, t.bank_id.in_(numbers)).limit(SAMPLE)
    if any(abs(row.amount) == _size(numbers[row.bank_id], a.currency) for row in db.execute(numbered)):
        return 2.0
    begins = _begins(rows, a.currency)
    if begins and db.execute(select(t.id).where(*mine, t.balance.in_(begins)).limit(1)).first():
        return 2.0
    keys = {payees.key(row.payee or row.text) for row in rows[:SAMPLE]}
    known = db.execute(select(func.count(func.distinct(t.payee_key))).where(*mine, t.payee_key.in_(keys))).scalar_one()
    return known / len(keys) if known >= few and known >= KNOWN_SHARE * len(keys) else 0.0


def _told(rows: Iterable[statements.Row], days: set[date], currency: str) -> set[tuple[date, int, int | None]]:
    """Return day, size in minor units and payee of the rows of these days."""
    found = set()
    for row in rows:
        if row.date in days and (size := _size(row.amount, currency)) is not None:
            found.add((row.date, size, payees.key(row.payee or row.text)))
    return found


def _size(amount: Decimal, currency: str) -> int | None:
    """Return an amount's size in minor units, None where the currency has no such amount."""
    try:
        return abs(to_minor(amount, currency))
    except InputNotValid:
        return None


def _begins(rows: Sequence[statements.Row], currency: str) -> set[int]:
    """Return the balances, but for zero, that rows may begin from: that before the first or before the last of them."""
    try:
        found = {to_minor(row.balance - row.amount, currency) for row in (rows[0], rows[-1]) if row.balance is not None}
    except InputNotValid:
        return set()
    return found - {0}


def settle(db: Connection, book: Book, groups: list[Group]) -> None:
    """Find the account of groups that have none yet: the one of the name that was given, else the one that has rows of theirs.

    Called again under the book's lock: another process may have made the account since.
    """
    accounts = read_accounts(db, book)
    currencies = {a.id: a.currency for a in accounts}
    for group in groups:
        if group.account_id is not None and currencies.get(group.account_id) != group.currency:
            raise ChangedMeanwhile("The account of this file was changed in the meantime. Look at the file again; nothing was imported.")
        if group.account_id is not None or group.said == "new":
            continue
        if group.said == "named":
            found = next((a for a in accounts if a.name.lower() == group.name.lower() and a.currency == group.currency), None)
        else:
            found = _by_content(db, book, group, accounts)
        if found is not None:
            group.account_id, group.name = found.id, found.name


def target_of(group: Group) -> object:
    """Return what groups have in common that go into one account: its id, or its name where it is yet to be made."""
    if group.account_id is not None:
        return group.account_id
    return (group.name.lower(), group.currency) if group.said == "named" else group.key


def _by_content(db: Connection, book: Book, group: Group, accounts: list[Account]) -> Account | None:
    """Return the account that has rows of this group already: two equal days, amounts and texts are no chance."""
    prints = list({line.fingerprint for line in group.lines[:SAMPLE] if line.status == NEW})
    if not prints:
        return None
    t = transaction.c
    # One question for all accounts: a file may name as many others as it has rows.
    alike = select(t.account_id, func.count(func.distinct(t.fingerprint))).where(t.book_id == book.id, t.fingerprint.in_(prints))
    counts: dict[int, int] = {row[0]: row[1] for row in db.execute(alike.group_by(t.account_id))}
    best, most = None, 0
    for a in accounts:
        if a.currency == group.currency and not other_number(a, group.label) and counts.get(a.id, 0) > most:
            best, most = a, counts[a.id]
    # Two equal fees are a chance where there are many rows; a tenth of them is none.
    return best if most >= min(len(prints), max(2, len(prints) // 10)) else _by_amounts(db, book, group, accounts)


def _by_amounts(db: Connection, book: Book, group: Group, accounts: list[Account]) -> Account | None:
    """Return the account that has this group's movements in another form: most amounts on nearly the same days."""
    lines = [line for line in group.lines if line.status == NEW and line.day is not None][:SAMPLE]
    if len(lines) < FEW:
        return None
    t = transaction.c
    days = [line.day for line in lines if line.day is not None]
    sizes = {line.amount for line in lines}
    near = (
        select(t.account_id, t.date, t.amount)
        .distinct()
        .where(t.book_id == book.id, t.date.between(min(days) - OFF, max(days) + OFF), t.amount.in_(sizes))
    )
    held: dict[int, dict[int, list[date]]] = {}
    for account_id, day, amount in db.execute(near):
        held.setdefault(account_id, {}).setdefault(amount, []).append(day)
    best, most = None, 0
    for a in accounts:
        if a.id not in held or a.currency != group.currency or other_number(a, group.label):
            continue
        by_amount = held[a.id]
        count = sum(1 for line in lines if line.day and any(abs(line.day - day) <= OFF for day in by_amount.get(line.amount or 0, ())))
        if count > most:
            best, most = a, count
    return best if most >= max(FEW, len(lines) * 6 // 10) else None


def bare_number(number: str) -> str:
    """Return an account's number without what is written between its parts."""
    return re.sub(r"[\s-]", "", number).lower()


def other_number(a: Account, label: str) -> bool:
    """Say whether a file names another account than this one."""
    return bool(label and a.number) and bare_number(label) != bare_number(a.number)
