"""The rows of a file on their way into a book: which account each goes into, and whether the book has it already.

A row's identity is its account, date, amount, the bank's words, and which one of its equals it is in the file: two
equal coffees both stay, and an overlapping file adds only what is new.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from dashboard import statements
from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid
from dashboard.model.queries import nouns
from dashboard.model.transactions import dismissed, transaction
from dashboard.money import to_minor
from dashboard.periods import EARLIEST, LATEST
from dashboard.services import fields
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book

NEW, DUPLICATE, DELETED, PROBLEM, HELD = "new", "duplicate", "deleted", "problem", "held"
# So many rows of a file are looked for in the accounts there are.
SAMPLE = 300


class Line(NamedTuple):
    """One row of a file with its fate. amount is minor units of `currency`, None where it could not be read."""

    line: int
    status: str
    reason: str
    day: date | None
    amount: int | None
    currency: str
    payee: str
    text: str
    note: str = ""
    category: str = ""
    fingerprint: int = 0
    occurrence: int = 0
    bank_id: str = ""
    field: str = ""
    value: str = ""
    # What the bank says was in the account after it; None where its balances do not add up.
    balance: int | None = None


@dataclass
class Group:
    """The rows of a file that go into one account: an existing one, or (no id) a new one of this name."""

    key: str
    label: str
    currency: str
    account_id: int | None
    name: str
    lines: list[Line] = field(default_factory=list)
    opening: int = 0
    # How the account was chosen: "" nobody has said, "new" a new one was asked for, "named" the one of this name.
    said: str = ""

    @property
    def names_no_currency(self) -> bool:
        """Say whether the file leaves the currency open; see `group_key`."""
        return self.key.endswith("|")


@dataclass
class Check:
    """A file before it is imported: how it was understood and what each row's fate is."""

    draft_id: int
    file: str
    statement: statements.Statement
    groups: list[Group]
    accounts: list[Account]
    choices: dict[str, Any]

    @property
    def lines(self) -> list[Line]:
        """Return all rows in the file's order."""
        return sorted((line for group in self.groups for line in group.lines), key=lambda found: found.line)

    @property
    def chosen(self) -> list[Line]:
        """Return the rows that will be added."""
        return [line for group in self.groups for line in group.lines if self.takes(line)]

    def takes(self, line: Line) -> bool:
        """Say whether a row will be added: new ones unless left out, deleted ones only if asked for."""
        if line.status == NEW:
            return line.line not in self.choices.get("skip", ())
        return line.status == DELETED and line.line in self.choices.get("take", ())

    def count(self, status: str) -> int:
        """Count the rows of a fate."""
        return sum(1 for group in self.groups for line in group.lines if line.status == status)

    @property
    def proof_text(self) -> str:
        """Say what the bank's balance proves, "" where the file has none."""
        return proof_text(self.statement.proof)


def proof_text(proof: statements.Proof | None) -> str:
    """Say what the bank's balance proves."""
    if proof is None:
        return ""
    if proof.agree == proof.steps:
        count = proof.steps + (0 if proof.ends else 1)
        return f"All {count} rows agree with the bank\u2019s balance" if count > 1 else "The row agrees with the bank\u2019s balance"
    if proof.ends:
        return (
            f"{proof.agree} of {proof.steps} rows add up between the bank\u2019s balances; "
            f"line {proof.broken_line} begins those that do not"
        )
    where = f"; line {proof.broken_line} is the first that does not" if proof.broken_line else ""
    return f"{proof.agree} of {proof.steps} steps agree with the bank\u2019s balance{where}"


def group_key(row: statements.Row) -> str:
    """Return the key of the group a row belongs to: its account in the file and its currency."""
    return f"{row.account[:80]}|{row.currency or ''}"


def by_label(accounts: Iterable[Account], label: str) -> int | None:
    """Return the account whose number or name the file gives."""
    bare = _bare(label)
    if not bare:
        return None
    for a in accounts:
        if bare in (_bare(a.number), _bare(a.name)):
            return a.id
    return None


def grouped(book: Book, file: str, statement: statements.Statement, choices: dict[str, Any], accounts: list[Account]) -> list[Group]:
    """Sort the rows into groups, one an account, with amounts in minor units and fingerprints."""
    by_id = {a.id: a for a in accounts}
    groups: dict[str, Group] = {}
    seen: dict[tuple[str, int], int] = {}
    proof = statement.proof
    proven = proof is not None and (proof.holds or proof.agree == proof.steps)
    for row in statement.rows:
        key = group_key(row)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(book, key, row, file, choices, accounts, by_id)
        group.lines.append(_line(row, group, seen, proven=proven))
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


def _line(row: statements.Row, group: Group, seen: dict[tuple[str, int], int], *, proven: bool) -> Line:
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
    print_ = fingerprint(row.date.isoformat(), amount, row.text if row.payee == row.text else f"{row.payee} {row.text}")
    place = seen[group.key, print_] = seen.get((group.key, print_), -1) + 1
    return Line(
        row.line,
        NEW,
        "",
        row.date,
        amount,
        group.currency,
        row.payee,
        row.text,
        row.note,
        row.category,
        print_,
        place,
        row.bank_id,
        balance=_stated(row.balance, group.currency) if proven else None,
    )


def _stated(balance: Decimal | None, currency: str) -> int | None:
    try:
        return None if balance is None else to_minor(balance, currency)
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
    targets = [_target(group) for group in groups]
    if len(set(targets)) < len(targets):
        _number_anew(groups)


def _target(group: Group) -> object:
    if group.account_id is not None:
        return group.account_id
    return (group.name.lower(), group.currency) if group.said == "named" else group.key


def _number_anew(groups: list[Group]) -> None:
    """Count equals over all the groups that go into one account."""
    seen: dict[tuple[object, int], int] = {}
    for group in groups:
        target = _target(group)
        for i, line in enumerate(group.lines):
            if line.status == NEW:
                place = seen[target, line.fingerprint] = seen.get((target, line.fingerprint), -1) + 1
                group.lines[i] = line._replace(occurrence=place)


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
    return best if most >= min(len(prints), max(2, len(prints) // 10)) else None


def _bare(number: str) -> str:
    return re.sub(r"[\s-]", "", number).lower()


def _other_number(a: Account, label: str) -> bool:
    """Say whether a file names another account than this one."""
    return bool(label and a.number) and _bare(label) != _bare(a.number)


def judge(db: Connection, book: Book, group: Group) -> None:
    """Say of each row of a group whether the account has it, had it, or not."""
    if group.account_id is None:
        return
    stored, gone = _keys(db, book, group.account_id)
    if not stored and not gone:
        return
    for i, line in enumerate(group.lines):
        if line.status != NEW:
            continue
        key = (line.fingerprint, line.occurrence)
        if key in stored:
            group.lines[i] = line._replace(status=DUPLICATE, reason="Same date, amount and text as a saved one")
        elif key in gone:
            group.lines[i] = line._replace(status=DELETED, reason="Deleted earlier; tick it to bring it back")


def _keys(db: Connection, book: Book, account_id: int) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    t, d = transaction.c, dismissed.c
    query = select(t.fingerprint, t.occurrence).where(t.book_id == book.id, t.account_id == account_id, t.fingerprint.is_not(None))
    stored = {(row[0], row[1]) for row in db.execute(query)}
    gone = {
        (row[0], row[1]) for row in db.execute(select(d.fingerprint, d.occurrence).where(d.book_id == book.id, d.account_id == account_id))
    }
    return stored, gone - stored
