"""A file on its way into a book: its rows with their fates, in groups that go into one account each."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from dashboard import statements
from dashboard.services.accounts import Account
from dashboard.services.suggesting import Idea, Ideas

NEW, DUPLICATE, DELETED, PROBLEM, HELD = "new", "duplicate", "deleted", "problem", "held"
# Equal to a saved row and perhaps another; like a saved row in another form or on another day. Both wait for a person's word.
UNSURE, MATCH = "unsure", "match"
# Left out by a person before, beside a saved one.
LEFT = "left"
# No movement: a balance, a total, a title between rows.
ASIDE = "aside"
# What is left out unless a person ticks it.
ASKED_FOR = (DELETED, UNSURE, MATCH, LEFT)


# The roles of columns that hold amounts: one, or one for each way.
AMOUNTS = frozenset({"amount", "debit", "credit"})


class Portion(NamedTuple):
    """One part of a row that our own export split: the category's name, minor units, and its note."""

    category: str
    amount: int
    note: str


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
    # What the bank says was in the account after it: as it stands there, and None in `balance` where the balances do not add up.
    stated: int | None = None
    balance: int | None = None
    counter: str = ""
    # The saved transaction that it is, or may be, the same as.
    twin: int | None = None
    parts: tuple[Portion, ...] = ()
    # Both sides of a transfer share it within the file; 0 where it is none, or stands alone.
    transfer: int = 0

    @property
    def labelled(self) -> tuple[tuple[str, int], ...]:
        """Return the names of the categories that the file gives it, each with what is booked to it."""
        return tuple((part.category, part.amount) for part in self.parts) or ((self.category, self.amount or 0),)


class Moved(NamedTuple):
    """A row that has just been put in, as far as a transfer is found by it; amount in minor units, `counter` the other side's number."""

    id: int
    account_id: int
    day: date
    amount: int
    counter: str


class Twin(NamedTuple):
    """A saved transaction beside which a row of a file is shown."""

    id: int
    date: date
    amount: int
    payee: str
    by_hand: bool


class Standing(NamedTuple):
    """How an account will stand to the bank's balance on a file's last day: what the bank has more (minor units), and a sentence."""

    key: str
    difference: int
    said: str


@dataclass
class Group:
    """The rows of a file that go into one account: an existing one, or (no id) a new one of this name."""

    key: str
    label: str
    currency: str
    account_id: int | None
    name: str
    lines: list[Line] = field(default_factory=list)
    # What the account opens with: a new one, or an old one whose first rows these are (None: as it does already).
    opening: int | None = None
    # What the bank says was in the account before the first of the rows and after the last, where that is proven.
    held: tuple[int, int] | None = None
    # How the account was chosen: "" nobody has said, "new" a new one was asked for, "named" the one of this name.
    said: str = ""

    @property
    def days(self) -> list[date]:
        """Return the days of the rows that could be read."""
        return [line.day for line in self.lines if line.day is not None and line.amount is not None]

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
    # The saved transactions that rows stand beside, by id.
    twins: dict[int, Twin] = field(default_factory=dict)
    ideas: Ideas | None = None
    # How the accounts will stand to the bank's balances.
    standings: tuple[Standing, ...] = ()

    @property
    def questions(self) -> list[statements.Question]:
        """Return what is open: what the file cannot decide, and whose it is where an account gave files of this shape before."""
        answered = answers_of(self.choices)
        found = [question for question in self.statement.questions if question.key not in answered]
        names = {a.id: a.name for a in self.accounts}
        for group in self.groups:
            doubted = [i for i in self.choices.get("doubts", {}).get(group.key, ()) if i in names]
            if group.account_id is None and not group.said and doubted:
                options = [statements.Option(str(i), names[i], ("gave files with these columns before",)) for i in doubted]
                new = statements.Option("new", "A new account", (f"called {group.name}",))
                text = "Which account is this file from? It names none, and nothing in it is known from an earlier file."
                found.insert(0, statements.Question(f"account:{group.key}", text, (*options, new)))
        return found

    @property
    def lines(self) -> list[Line]:
        """Return all rows in the file's order."""
        return sorted((line for group in self.groups for line in group.lines), key=lambda found: found.line)

    @property
    def chosen(self) -> list[Line]:
        """Return the rows that will be added."""
        return [line for group in self.groups for line in group.lines if self.takes(line)]

    def takes(self, line: Line) -> bool:
        """Say whether a row will be added: new ones unless left out, those there is doubt about only if asked for."""
        if line.status == NEW:
            return line.line not in self.skipped
        return line.status in ASKED_FOR and line.line in self.taken

    @cached_property
    def skipped(self) -> frozenset[int]:
        """Return the lines that a person left out."""
        return frozenset(self.choices.get("skip", ()))

    @cached_property
    def taken(self) -> frozenset[int]:
        """Return the lines that a person took in."""
        return frozenset(self.choices.get("take", ()))

    def idea(self, line: Line, account_id: int | None = None) -> Idea | None:
        """Return the category that a row will get, or (a guess) that is only offered."""
        if self.ideas is None or line.amount is None or self.statement.own_export:
            return None
        return self.ideas.of(line.payee, line.text, line.amount, account_id, line.category)

    @cached_property
    def account_names(self) -> dict[int, str]:
        """Return the name of the account that each movement goes into, by its line; nothing where all go into one."""
        known = {a.id: a.name for a in self.accounts}
        if len(self.groups) < 2:
            return {}
        named = [(group, known.get(group.account_id or 0, group.name)) for group in self.groups]
        return {line.line: name for group, name in named for line in group.lines if line.amount is not None}

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
        count = proof.steps + (0 if proof.ends else proof.series)
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
    return key_of(row.account, row.currency)


def key_of(account: str, currency: str | None) -> str:
    """Return the key of the group of an account, as a file calls it, and a currency."""
    return f"{account[:80]}|{currency or ''}"


def shape_of(statement: statements.Statement) -> str:
    """Name the shape of a file, so that the next one from there needs no question."""
    reading = statement.reading
    layout = list(reading.header) if any(reading.header) else sorted((k, list(v)) for k, v in reading.columns.items())
    return hashlib.sha256(json.dumps([reading.format, reading.delimiter, layout]).encode()).hexdigest()[:24]


def answers_of(choices: dict[str, Any]) -> dict[str, Any]:
    """Return what was answered about a file: by the person, else for the last file of its shape that went into its account."""
    said: dict[str, Any] = choices.get("hints", {})
    recalled = choices.get("recalled", {})
    kept = [recalled.get(str(where), {}) for where in choices.get("accounts", {}).values()]
    before: dict[str, Any] = kept[0] if kept and all(one == kept[0] for one in kept) else {}
    if "columns" in before and "columns" in said:
        mine = said["columns"]
        theirs = before["columns"] if mine.keys().isdisjoint(AMOUNTS) else {k: v for k, v in before["columns"].items() if k not in AMOUNTS}
        return before | said | {"columns": theirs | mine}
    return before | said
