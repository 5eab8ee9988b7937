"""What a read statement consists of. Bad rows are values; only a file that is no statement raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Part(NamedTuple):
    """One part of a split transaction, as our own export has it; amount is signed."""

    category: str
    amount: Decimal
    note: str = ""


class Row(NamedTuple):
    """One movement as the bank wrote it. `amount` is exact and signed: money out is negative."""

    line: int
    date: date
    amount: Decimal
    currency: str | None
    payee: str
    text: str = ""
    note: str = ""
    category: str = ""
    account: str = ""
    bank_id: str = ""
    balance: Decimal | None = None
    # The other side's account number, where the bank gives it.
    counter: str = ""
    # What its amount is made of, where our own export says so.
    parts: tuple[Part, ...] = ()
    # The number that both sides of a transfer share in our own export.
    transfer: int = 0


class Rejected(NamedTuple):
    """A line that holds no movement that could be read.

    `kind` is problem (something is wrong with it), held (pending or declined) or summary (balances and totals).
    `field` names what is wrong, date or amount, and `value` is what stands there.
    """

    line: int
    reason: str
    kind: str = "problem"
    field: str = ""
    value: str = ""
    text: str = ""


class Option(NamedTuple):
    """One answer to a question, with what the first rows would be under it."""

    value: str
    label: str
    examples: tuple[str, ...] = ()


class Question(NamedTuple):
    """What the file cannot decide. `key` is the field of Hints that answers it."""

    key: str
    text: str
    options: tuple[Option, ...]


class Proof(NamedTuple):
    """How many steps between known balances the amounts explain, and the first line that does not.

    Where balances stand only before and after a statement's rows (`ends`), the rows are counted, not the steps between them.
    `series` counts the accounts and currencies whose balances begin anew.
    """

    agree: int
    steps: int
    broken_line: int | None = None
    ends: bool = False
    series: int = 1

    @property
    def holds(self) -> bool:
        """Say whether the balances prove the reading."""
        return self.steps >= (1 if self.ends else 2) and self.agree * 2 >= self.steps


# An account, as the file calls it, and the currency of its rows.
Series = tuple[str, str | None]


class Ends(NamedTuple):
    """What was in an account before the first of its rows and after the last."""

    opening: Decimal
    closing: Decimal


def added(proofs: list[Proof]) -> Proof:
    """Return what the balances of several accounts or currencies say together."""
    first = next((proof.broken_line for proof in proofs if proof.broken_line), None)
    return Proof(
        sum(p.agree for p in proofs), sum(p.steps for p in proofs), first, all(p.ends for p in proofs), sum(p.series for p in proofs)
    )


@dataclass(frozen=True)
class Hints:
    """What a person said about a file: answers to questions and corrections.

    dates: dmy, mdy or ymd. sign: out-negative (minus is money out) or out-positive. decimal: "," or ".".
    columns: role (amount, or debit and credit; date; payee) to column number from 0. cells: line to {field: text}.
    """

    dates: str | None = None
    sign: str | None = None
    decimal: str | None = None
    year: int | None = None
    currency: str | None = None
    # Whether whole amounts are full units ("whole") or "cents".
    unit: str | None = None
    # Whether a column of fees is taken off "besides" the amounts, or is "included" in them.
    fee: str | None = None
    columns: dict[str, int] = field(default_factory=dict)
    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    # Not said by the person: who wants to know how far the reading has come.
    progress: Callable[[float], None] | None = None

    @property
    def amounts_chosen(self) -> bool:
        """Say whether the person has said which columns hold the amounts."""
        return not self.columns.keys().isdisjoint(("amount", "debit", "credit"))


@dataclass(frozen=True)
class Reading:
    """How a file was understood, for the line of detected values and the receipt."""

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    header: tuple[str, ...] = ()
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict)
    dates: str | None = None
    decimal: str | None = None
    sign: str | None = None


@dataclass(frozen=True)
class Statement:
    """A file, read: its rows in the file's order, what was left out and why, and what is still open."""

    rows: list[Row]
    rejected: list[Rejected]
    questions: list[Question]
    reading: Reading
    proof: Proof | None = None
    own_export: bool = False
    # What each account held before its first row and after its last, where the bank's balances prove all that lies between
    # (`proof` says so), or a single one stands behind the last.
    ends: Mapping[Series, Ends] = field(default_factory=dict)

    @property
    def problems(self) -> list[Rejected]:
        """Return the lines in which something is wrong."""
        return [row for row in self.rejected if row.kind == "problem"]
