"""The rows of a file on their way into a book, in groups that go into one account each (import_accounts.py)."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import Any

from dashboard import statements
from dashboard.analysis import payees
from dashboard.bounds import LONGEST_TEXT, cut
from dashboard.errors import DashboardError, InputNotValid
from dashboard.model.queries import nouns
from dashboard.money import to_minor
from dashboard.periods import EARLIEST, LATEST
from dashboard.services import fields
from dashboard.services.accounts import Account
from dashboard.services.books import Book
from dashboard.services.import_accounts import by_label, other_number
from dashboard.services.import_shapes import ASIDE, HELD, NEW, PROBLEM, Group, Line, Portion, group_key, key_of

LONGEST_ID = 128


def words_of(payee: str, text: str) -> str:
    """Return all that a bank said of a row, once."""
    return text if payee in text else f"{payee} {text}"


def grouped(book: Book, file: str, statement: statements.Statement, choices: dict[str, Any], accounts: list[Account]) -> list[Group]:
    """Sort the rows into groups, one an account, with amounts in minor units and fingerprints."""
    groups: dict[str, Group] = {}
    alone = len({group_key(row) for row in statement.rows}) == 1
    proof = statement.proof
    # Balances that contradict the rows are not kept; those of a row or two cannot, and do not prove either.
    proven = proof is None or proof.holds or proof.agree == proof.steps
    for row in statement.rows:
        key = group_key(row)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(book, key, row, file, choices, accounts, alone=alone, own=statement.own_export)
        group.lines.append(_line(row, group, proven=proven, own=statement.own_export))
    if not groups:
        groups["|"] = Group("|", "", book.currency, None, _stem(file))
    first = next(iter(groups.values()))
    for bad in statement.rejected:
        status = {"problem": PROBLEM, "held": HELD}.get(bad.kind, ASIDE)
        first.lines.append(
            Line(bad.line, status, bad.reason, None, None, first.currency, bad.text, bad.text, field=bad.field, value=bad.value)
        )
    for (label, currency), ends in statement.ends.items():
        group = groups[key_of(label, currency)]
        group.held = _held(ends, group.currency)
    return list(groups.values())


def _group(
    book: Book, key: str, row: statements.Row, file: str, choices: dict[str, Any], accounts: list[Account], *, alone: bool, own: bool
) -> Group:
    by_id = {a.id: a for a in accounts}
    chosen = choices.get("accounts", {}).get(key)
    if isinstance(chosen, int) and chosen in by_id:
        found = by_id[chosen]
        return Group(key, row.account, found.currency, found.id, found.name)
    if chosen is None:
        label = by_label(accounts, row.account)
        # The only account, never filled from a file, and of the right currency, is where a first file of one account goes.
        first = accounts[0] if alone and len(accounts) == 1 else None
        fits = (
            first is not None and row.currency in (None, first.currency) and not other_number(first, row.account) and not _has_imports(book)
        )
        only = first.id if first is not None and fits else None
        if (match := label or only) is not None:
            return Group(key, row.account, by_id[match].currency, match, by_id[match].name)
    said, _, given = chosen.partition(":") if isinstance(chosen, str) else ("", "", "")
    # Our own export gives the account's name, whatever it is like.
    called = cut(row.account if own else _called(row.account))
    code = row.currency if row.currency and _usable(row.currency) else book.currency
    return Group(key, row.account, code, None, given or called or _stem(file), said=said)


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
        parts = tuple(Portion(part.category, to_minor(part.amount, group.currency), part.note) for part in row.parts)
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
        parts=parts,
        transfer=row.transfer,
    )


def _stated(balance: Decimal, currency: str) -> int | None:
    try:
        return to_minor(balance, currency)
    except InputNotValid:
        return None


def _held(ends: statements.Ends, currency: str) -> tuple[int, int] | None:
    try:
        return to_minor(ends.opening, currency), to_minor(ends.closing, currency)
    except DashboardError:
        return None
