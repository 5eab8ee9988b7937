"""The shapes of an import: what a book knows, a row on its way from a file into it, the rows in groups, and the whole with its fates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from dashboard import statements
from dashboard.analysis.ideas import Idea
from dashboard.importing.choices import Choices

NEW, DUPLICATE, DELETED, PROBLEM, HELD = "new", "duplicate", "deleted", "problem", "held"
# Equal to a saved row and perhaps another; like a saved row in another form or on another day. Both wait for a person's word.
UNSURE, MATCH = "unsure", "match"
# Left out by a person before, beside a saved one.
LEFT = "left"
# No movement: a balance, a total, a title between rows.
ASIDE = "aside"
# What is left out unless a person ticks it.
ASKED_FOR = (DELETED, UNSURE, MATCH, LEFT)
# What is skipped: no problem, and no doubt that waits for a word.
PASSED_OVER = (DUPLICATE, DELETED, LEFT, HELD, ASIDE)
# What a person looks at first.
LOOKED_AT = (PROBLEM, HELD, MATCH, UNSURE)


# What a book knows: model/queries/imported.py returns these.


class Target(NamedTuple):
    """An account as far as rows of files go into it; opening is minor units, from the end of the day `opened` on (None: always)."""

    id: int
    name: str
    currency: str
    number: str = ""
    closed: bool = False
    opening: int = 0
    opened: date | None = None


class Known(NamedTuple):
    """One imported row that an account has, had, or was told to leave out.

    day, amount (minor units): None where the row itself is gone. same_as: the transaction beside which a person left it out.
    """

    fingerprint: int
    occurrence: int
    bank_id: str = ""
    balance: int | None = None
    id: int = 0
    day: date | None = None
    amount: int | None = None
    gone: bool = False
    same_as: int | None = None


class Span(NamedTuple):
    """What an earlier file of an account covered: its import, its digest, its shape, its first and its last day where they are known."""

    import_id: int
    digest: str
    shape: str
    first: date | None
    last: date | None


class Saved(NamedTuple):
    """A transaction of an account, as far as a row of a file is like it; amount in minor units."""

    id: int
    day: date
    amount: int
    payee: str
    text: str
    by_hand: bool
    import_id: int | None


class Twin(NamedTuple):
    """A saved transaction beside which a row of a file is shown."""

    id: int
    date: date
    amount: int
    payee: str
    by_hand: bool


class Candidate(NamedTuple):
    """A saved transaction that may be one side of a transfer; amount in minor units, `counter` the number of its other side."""

    id: int
    account_id: int
    day: date
    amount: int
    payee: str = ""
    text: str = ""
    counter: str = ""
    category_id: int | None = None
    guess: int | None = None
    transfer_id: int | None = None


class Moved(NamedTuple):
    """A transaction as far as its amount says that it may be one side of a transfer: a new one with the number of its other side."""

    id: int
    account_id: int
    day: date
    amount: int
    counter: str = ""


# On the way from a file into a book.


class Waiting(NamedTuple):
    """A file that waits, without its content; `size` is in bytes, `at` UTC."""

    id: int
    file: str
    size: int
    at: datetime


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

    @cached_property
    def edges(self) -> tuple[date, date] | None:
        """Return the first and the last day of the rows that could be read, None where there is none; asked once all are there."""
        days = [line.day for line in self.lines if line.day is not None and line.amount is not None]
        return (min(days), max(days)) if days else None

    @property
    def names_no_currency(self) -> bool:
        """Say whether the file leaves the currency open; see `group_key`."""
        return self.key.endswith("|")

    @property
    def place(self) -> object:
        """Return what groups have in common that go into one account: its id, or its name where it is yet to be made."""
        if self.account_id is not None:
            return self.account_id
        return (self.name.lower(), self.currency) if self.said == "named" else self.key


@dataclass
class Check:
    """A file before it is imported: how it was understood and what each row's fate is."""

    draft_id: int
    file: str
    statement: statements.Statement
    groups: list[Group]
    accounts: Sequence[Target]
    choices: Choices
    # The saved transactions that rows stand beside, by id.
    twins: dict[int, Twin] = field(default_factory=dict)
    # How the accounts will stand to the bank's balances.
    standings: tuple[Standing, ...] = ()
    # The rows that are shown, what needs a look first, and how many more there are like these.
    shown: list[Line] = field(default_factory=list)
    hidden: int = 0
    # The category that a shown row will get, or (a guess) that is only offered, by its line.
    ideas: dict[int, Idea] = field(default_factory=dict)
    # Which rules are left out as too slow, in a sentence.
    slow_rules: str = ""

    @property
    def questions(self) -> list[statements.Question]:
        """Return what is open: what the file cannot decide, and whose it is where an account gave files of this shape before."""
        answered = self.choices.settled.said()
        found = [question for question in self.statement.questions if question.key not in answered]
        names = {a.id: a.name for a in self.accounts}
        for group in self.groups:
            doubted = [i for i in self.choices.doubts.get(group.key, ()) if i in names]
            if group.account_id is None and not group.said and doubted:
                options = [statements.Option(str(i), names[i], ("gave files with these columns before",)) for i in doubted]
                new = statements.Option("new", "A new account", (f"called {group.name}",))
                text = "Which account is this file from? It names none, and nothing in it is known from an earlier file."
                found.insert(0, statements.Question(f"account:{group.key}", text, (*options, new)))
        return found

    @cached_property
    def lines(self) -> list[Line]:
        """Return all rows in the file's order."""
        return sorted((line for group in self.groups for line in group.lines), key=lambda found: found.line)

    @property
    def chosen(self) -> list[Line]:
        """Return the rows that will be added."""
        return [line for group in self.groups for line in group.lines if self.takes(line)]

    def takes(self, line: Line) -> bool:
        """Say whether a row will be added: new ones unless left out, those there is doubt about only if asked for."""
        choices, status = self.choices, line.status
        if status == NEW:
            return not choices.skip or line.line not in choices.skip
        return status in ASKED_FOR and line.line in choices.take

    def of_status(self, status: str) -> list[Line]:
        """Return the rows of a fate, or ("") all, those that need a look first, the others in the file's order."""
        lines = [line for line in self.lines if not status or line.status == status]
        look = [line for line in lines if line.status in LOOKED_AT]
        return look + [line for line in lines if line.status not in LOOKED_AT]

    @cached_property
    def flows(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return what the rows that will be added bring in and take out, as of `flows`."""
        return flows(self.chosen)

    @cached_property
    def account_names(self) -> dict[int, str]:
        """Return the name of the account that each movement goes into, by its line; nothing where all go into one."""
        known = {a.id: a.name for a in self.accounts}
        if len(self.groups) < 2:
            return {}
        named = [(group, known.get(group.account_id or 0, group.name)) for group in self.groups]
        return {line.line: name for group, name in named for line in group.lines if line.amount is not None}

    @cached_property
    def counts(self) -> Counter[str]:
        """Return how many rows there are of each fate."""
        return Counter(line.status for group in self.groups for line in group.lines)

    def count(self, status: str) -> int:
        """Count the rows of a fate."""
        return self.counts[status]

    @property
    def skipped(self) -> int:
        """Count the rows that are skipped."""
        return sum(self.counts[status] for status in PASSED_OVER)

    @property
    def doubtful(self) -> int:
        """Count the rows that may be saved already and are left out."""
        return sum(1 for line in self.lines if line.status in (UNSURE, MATCH) and not self.takes(line))

    @property
    def proof_text(self) -> str:
        """Say what the bank's balance proves, "" where the file has none."""
        return proof_text(self.statement.proof)


def flows(lines: Iterable[Line]) -> tuple[dict[str, int], dict[str, int]]:
    """Return what rows bring in and take out, minor units by currency, both positive."""
    money_in: dict[str, int] = {}
    money_out: dict[str, int] = {}
    for line in lines:
        side = money_in if (line.amount or 0) > 0 else money_out
        side[line.currency] = side.get(line.currency, 0) + abs(line.amount or 0)
    return money_in, money_out


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


def bare_number(number: str) -> str:
    """Return an account's number without what is written between its parts."""
    return re.sub(r"[\s-]", "", number).lower()


def is_number(label: str) -> bool:
    """Say whether a file names its account by a number: then it is that account, or a new one."""
    return sum(map(str.isdigit, label)) >= 4
