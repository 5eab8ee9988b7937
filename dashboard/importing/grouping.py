"""The rows of a file in groups that go into one account each, with amounts in minor units and fingerprints."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from dashboard import statements
from dashboard.analysis import payees
from dashboard.bounds import LONGEST_TEXT, cut
from dashboard.errors import DashboardError, InputNotValid
from dashboard.importing.accounts import by_label, other_number
from dashboard.importing.choices import Choices, Destination
from dashboard.importing.shapes import ASIDE, HELD, NEW, PROBLEM, Group, Line, Portion, Target, group_key, key_of
from dashboard.money import is_currency, to_minor
from dashboard.periods import EARLIEST, LATEST

LONGEST_ID = 128
_EIGHT_BYTES = Struct(">q")
# A file has many rows of a day.
_iso = lru_cache(maxsize=4096)(date.isoformat)


class Ground(NamedTuple):
    """What of a book says where rows go: its accounts, its main currency, and whether anything was imported into it yet."""

    accounts: Sequence[Target]
    currency: str
    filled: bool


def words_of(payee: str, text: str) -> str:
    """Return all that a bank said of a row, once."""
    return text if payee in text else f"{payee} {text}"


def grouped(file: str, statement: statements.Statement, choices: Choices, ground: Ground) -> list[Group]:
    """Sort the rows into groups, one an account, with amounts in minor units and fingerprints."""
    groups: dict[str, Group] = {}
    own = statement.own_export
    # The only account, never filled from a file, is where a first file of one account goes.
    named = {(row.account, row.currency) for row in statement.rows}
    alone = len(ground.accounts) == 1 and not ground.filled and len({key_of(*of) for of in named}) == 1
    proof = statement.proof
    # Balances that contradict the rows are not kept; those of a row or two cannot, and do not prove either.
    proven = proof is None or proof.holds or proof.agree == proof.steps
    keys: dict[tuple[str, str | None], str] = {}
    for row in statement.rows:
        of = row.account, row.currency
        key = keys.get(of)
        if key is None:
            key = keys[of] = group_key(row)
        group = groups.get(key)
        if group is None:
            where = choices.accounts.get(key)
            name = cut(row.account if own else _called(row.account)) or _stem(file)
            group = groups[key] = _group(row, name, where or _usual(row, ground.accounts, alone=alone), ground)
        group.lines.append(_line(row, group, proven=proven, own=own))
    if not groups:
        groups["|"] = Group("|", "", ground.currency, None, _stem(file))
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


def _usual(row: statements.Row, accounts: Sequence[Target], *, alone: bool) -> Destination:
    """Return where rows go of which nobody has said it: into the account that the file names, or (`alone`) the only one."""
    named = by_label(accounts, row.account)
    if named is None and alone and row.currency in (None, accounts[0].currency) and not other_number(accounts[0], row.account):
        named = accounts[0].id
    return Destination(named)


def _group(row: statements.Row, name: str, where: Destination, ground: Ground) -> Group:
    """Begin the group of a row; `name` is that of a new account which nobody has named."""
    key = group_key(row)
    found = next((a for a in ground.accounts if a.id == where.account_id), None)
    if found is not None:
        return Group(key, row.account, found.currency, found.id, found.name)
    code = row.currency if row.currency and is_currency(row.currency) else ground.currency
    return Group(key, row.account, code, None, where.name or name, said=where.how)


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
    found: int = _EIGHT_BYTES.unpack(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())[0]
    return found


def _line(row: statements.Row, group: Group, *, proven: bool, own: bool) -> Line:
    """Return a row with its amounts in the account's minor units; one that cannot be so is a problem that says why."""
    if row.currency is not None and row.currency != group.currency:
        reason = f"is in {row.currency}, and the account {group.name} in {group.currency}: choose another account for it"
        return _problem(row, row.currency, reason)
    if not EARLIEST <= row.date <= LATEST:
        return _problem(row, group.currency, "is dated outside 1900 to 2199", "date", row.date.isoformat())
    try:
        amount = to_minor(row.amount, group.currency)
        parts = tuple(Portion(part.category, to_minor(part.amount, group.currency), part.note) for part in row.parts) if row.parts else ()
    except InputNotValid as error:
        return _problem(row, group.currency, error.message, "amount", str(row.amount)[:45])
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
        fingerprint(_iso(row.date), amount, said),
        0,
        row.bank_id[:LONGEST_ID],
        "",
        "",
        stated,
        stated if proven else None,
        row.counter,
        None,
        parts,
        row.transfer,
    )


def _problem(row: statements.Row, currency: str, reason: str, field: str = "", value: str = "") -> Line:
    return Line(row.line, PROBLEM, reason, row.date, None, currency, row.payee, row.text, field=field, value=value)


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
