"""The rows of a file on their way into a book: which account each goes into, and whether the book has it already (identity.py)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from dashboard import statements
from dashboard.analysis import payees
from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid
from dashboard.model.queries import nouns
from dashboard.model.transactions import transaction
from dashboard.money import to_minor
from dashboard.periods import EARLIEST, LATEST
from dashboard.services import fields
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.import_shapes import HELD, NEW, PROBLEM, Group, Line

# So many rows of a file are looked for in the accounts there are.
SAMPLE = 300
LONGEST_TEXT, LONGEST_ID = 500, 128
# Fewer equal amounts on nearly the same days are a chance.
FEW = 3
# A movement in another form of the same account's statement is at most so many days off.
OFF = timedelta(days=3)


def group_key(row: statements.Row) -> str:
    """Return the key of the group a row belongs to: its account in the file and its currency."""
    return f"{row.account[:80]}|{row.currency or ''}"


def words_of(payee: str, text: str) -> str:
    """Return all that a bank said of a row, once."""
    return text if payee in text else f"{payee} {text}"


def by_label(accounts: Iterable[Account], label: str) -> int | None:
    """Return the account whose number or name the file gives."""
    bare = bare_number(label)
    if not bare:
        return None
    for a in accounts:
        if bare in (bare_number(a.number), bare_number(a.name)):
            return a.id
    return None


def grouped(book: Book, file: str, statement: statements.Statement, choices: dict[str, Any], accounts: list[Account]) -> list[Group]:
    """Sort the rows into groups, one an account, with amounts in minor units and fingerprints."""
    by_id = {a.id: a for a in accounts}
    groups: dict[str, Group] = {}
    proof = statement.proof
    # Balances that contradict the rows are not kept; those of a row or two cannot, and do not prove either.
    proven = proof is None or proof.holds or proof.agree == proof.steps
    for row in statement.rows:
        key = group_key(row)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(book, key, row, file, choices, accounts, by_id)
        group.lines.append(_line(row, group, proven=proven, own=statement.own_export))
    if not groups:
        groups["|"] = Group("|", "", book.currency, None, _stem(file))
    first = next(iter(groups.values()))
    for bad in statement.rejected:
        if bad.kind != "summary":
            status = PROBLEM if bad.kind == "problem" else HELD
            first.lines.append(
                Line(bad.line, status, bad.reason, None, None, first.currency, bad.text, bad.text, field=bad.field, value=bad.value)
            )
    if len(groups) == 1 and first.account_id is None:
        first.opening = _opening(statement, first.currency)
    return list(groups.values())


def _group(
    book: Book, key: str, row: statements.Row, file: str, choices: dict[str, Any], accounts: list[Account], by_id: dict[int, Account]
) -> Group:
    chosen = choices.get("accounts", {}).get(key)
    if isinstance(chosen, int) and chosen in by_id:
        found = by_id[chosen]
        return Group(key, row.account, found.currency, found.id, found.name)
    if chosen is None:
        label = by_label(accounts, row.account)
        # The only account, never filled from a file, and of the right currency, is where a first file goes.
        first = accounts[0] if len(accounts) == 1 else None
        fits = (
            first is not None
            and row.currency in (None, first.currency)
            and not _other_number(first, row.account)
            and not _has_imports(book)
        )
        only = first.id if first is not None and fits else None
        if (match := label or only) is not None:
            return Group(key, row.account, by_id[match].currency, match, by_id[match].name)
    said, _, given = chosen.partition(":") if isinstance(chosen, str) else ("", "", "")
    code = row.currency if row.currency and _usable(row.currency) else book.currency
    return Group(key, row.account, code, None, given or _called(row.account) or _stem(file), said=said)


def _has_imports(book: Book) -> bool:
    with book.reading() as db:
        return not nouns.imports(db, book.id, 1).empty


def _usable(code: str) -> bool:
    try:
        fields.currency(code)
    except InputNotValid:
        return False
    return True


def _called(label: str) -> str:
    """Return an account's name after what the file calls it: of a number, its last four digits."""
    bare = re.sub(r"\s", "", label)
    return f"Account {bare[-4:]}" if len(bare) > 7 and sum(c.isdigit() for c in bare) * 2 > len(bare) else label[:80]


def _stem(file: str) -> str:
    """Return an account's name after a file's: "current-account-nov.csv" becomes "current account nov"."""
    words = re.sub(r"[_\-.]+", " ", file.rsplit(".", 1)[0]).strip()[:40].strip()
    return words[:1].upper() + words[1:] if words else "Account"


def fingerprint(day: str, amount: int, words: str) -> int:
    """Hash what the bank said of a row: date (ISO), minor units, words with their spaces and case evened out."""
    text = f"{day}|{amount}|{' '.join(words.split()).casefold()}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _line(row: statements.Row, group: Group, *, proven: bool, own: bool) -> Line:
    if row.currency is not None and row.currency != group.currency:
        reason = f"is in {row.currency}, and the account {group.name} in {group.currency}: choose another account for it"
        return Line(row.line, PROBLEM, reason, row.date, None, row.currency, row.payee, row.text)
    if not EARLIEST <= row.date <= LATEST:
        return Line(
            row.line,
            PROBLEM,
            "is dated outside 1900 to 2199",
            row.date,
            None,
            group.currency,
            row.payee,
            row.text,
            field="date",
            value=row.date.isoformat(),
        )
    try:
        amount = to_minor(row.amount, group.currency)
    except InputNotValid as error:
        return Line(
            row.line,
            PROBLEM,
            error.message,
            row.date,
            None,
            group.currency,
            row.payee,
            row.text,
            field="amount",
            value=str(row.amount)[:45],
        )
    said = words_of(row.payee, row.text)
    payee = row.payee if own else payees.name(row.payee)
    stated = _stated(row.balance, group.currency) if row.balance is not None else None
    return Line(
        row.line,
        NEW,
        "",
        row.date,
        amount,
        group.currency,
        payee,
        row.text if payee == row.payee else said[:LONGEST_TEXT],
        row.note,
        row.category,
        fingerprint(row.date.isoformat(), amount, said),
        0,
        row.bank_id[:LONGEST_ID],
        stated=stated,
        balance=stated if proven else None,
        counter=row.counter,
    )


def _stated(balance: Decimal, currency: str) -> int | None:
    try:
        return to_minor(balance, currency)
    except InputNotValid:
        return None


def _opening(statement: statements.Statement, currency: str) -> int:
    """Return the balance before the first row, where the bank's balances prove every step."""
    proof, rows = statement.proof, statement.rows
    if proof is None or proof.steps < 2 or proof.agree != proof.steps or rows[0].date == rows[-1].date:
        return 0
    earliest = rows[0] if rows[0].date < rows[-1].date else rows[-1]
    if earliest.balance is None:
        return 0
    try:
        return to_minor(earliest.balance - earliest.amount, currency)
    except DashboardError:
        return 0


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
            group.account_id, group.name, group.opening = found.id, found.name, 0


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
    best, most = None, 0
    for a in accounts:
        if a.currency == group.currency and not _other_number(a, group.label):
            count = db.execute(
                select(func.count(func.distinct(t.fingerprint))).where(
                    t.book_id == book.id, t.account_id == a.id, t.fingerprint.in_(prints)
                )
            ).scalar_one()
            if count > most:
                best, most = a, count
    # Two equal fees are a chance where there are many rows; a tenth of them is none.
    return best if most >= min(len(prints), max(2, len(prints) // 10)) else _by_amounts(db, book, group, accounts)


def _by_amounts(db: Connection, book: Book, group: Group, accounts: list[Account]) -> Account | None:
    """Return the account that has this group's movements in another form: most amounts on nearly the same days."""
    lines = [line for line in group.lines if line.status == NEW and line.day is not None][:SAMPLE]
    if len(lines) < FEW:
        return None
    t = transaction.c
    days = [line.day for line in lines if line.day is not None]
    best, most = None, 0
    for a in accounts:
        if a.currency != group.currency or _other_number(a, group.label):
            continue
        here = select(t.date, t.amount).where(
            t.book_id == book.id, t.account_id == a.id, t.date >= min(days) - OFF, t.date <= max(days) + OFF
        )
        by_amount: dict[int, list[Any]] = {}
        for day, amount in db.execute(here):
            by_amount.setdefault(amount, []).append(day)
        count = sum(1 for line in lines if line.day and any(abs(line.day - day) <= OFF for day in by_amount.get(line.amount or 0, ())))
        if count > most:
            best, most = a, count
    return best if most >= max(FEW, len(lines) * 6 // 10) else None


def bare_number(number: str) -> str:
    """Return an account's number without what is written between its parts."""
    return re.sub(r"[\s-]", "", number).lower()


def _other_number(a: Account, label: str) -> bool:
    """Say whether a file names another account than this one."""
    return bool(label and a.number) and bare_number(label) != bare_number(a.number)
