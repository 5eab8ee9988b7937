"""What a person has said about a file that waits, and what an import remembers of its file: typed, and as the JSON it is stored as."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import NamedTuple

from dashboard.statements import Hints, Statement

# The roles of columns that hold amounts: one, or one for each way.
AMOUNTS = frozenset({"amount", "debit", "credit"})
# What is remembered of the answers; the year and the currency are the next file's own.
LASTING = frozenset({"dates", "sign", "decimal", "unit", "fee", "columns"})


@dataclass(frozen=True)
class Answers:
    """What was answered about a whole file, as of statements.Hints; None is for what nobody has said.

    trust: "yes" where the rest of a file is wanted that is mostly unreadable. columns: role to column number from 0.
    """

    dates: str | None = None
    sign: str | None = None
    decimal: str | None = None
    unit: str | None = None
    fee: str | None = None
    trust: str | None = None
    year: int | None = None
    currency: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict)

    def said(self) -> frozenset[str]:
        """Return the names of what was answered."""
        return frozenset(name for name in _NAMES if getattr(self, name) not in (None, {}))

    def only(self, names: Collection[str]) -> Answers:
        """Return the answers of these names, without the rest."""
        return Answers.from_json({name: value for name, value in self.to_json().items() if name in names})

    def over(self, before: Answers) -> Answers:
        """Return these answers, and where they say nothing those before; columns of amounts are said together."""
        kept = dict(before.columns)
        if not self.columns.keys().isdisjoint(AMOUNTS):
            kept = {role: column for role, column in kept.items() if role not in AMOUNTS}
        told = {name: getattr(self, name) for name in self.said() - {"columns"}}
        return replace(before, **told, columns=kept | dict(self.columns))

    def to_json(self) -> dict[str, object]:
        """Return what is stored."""
        return {name: dict(value) if name == "columns" else value for name in _NAMES if (value := getattr(self, name)) not in (None, {})}

    @classmethod
    def from_json(cls, stored: object) -> Answers:
        """Return what was stored; what is none of ours is left out."""
        told = stored if isinstance(stored, dict) else {}
        columns = told.get("columns")
        found = {name: told[name] for name in _TEXTS if isinstance(told.get(name), str)}
        return cls(
            **found,
            year=told["year"] if isinstance(told.get("year"), int) else None,
            columns={str(role): column for role, column in columns.items() if isinstance(column, int)} if isinstance(columns, dict) else {},
        )


_NAMES = tuple(one.name for one in fields(Answers))
_TEXTS = ("dates", "sign", "decimal", "unit", "fee", "trust", "currency")


class Destination(NamedTuple):
    """Where a group of rows goes: into an account that is there, or into one of a name.

    `how`: "new" for one that is to be made; "named" for the one of this name, made where there is none.
    """

    account_id: int | None = None
    how: str = ""
    name: str = ""

    def to_json(self) -> int | str:
        """Return what is stored: the account's id, or "new:NAME" or "named:NAME"."""
        return self.account_id if self.account_id is not None else f"{self.how}:{self.name}"

    @classmethod
    def from_json(cls, stored: object) -> Destination:
        """Return what was stored."""
        if isinstance(stored, int):
            return cls(stored)
        how, _, name = stored.partition(":") if isinstance(stored, str) else ("", "", "")
        return cls(None, how, name)


@dataclass(frozen=True)
class Choices:
    """What is chosen about a file, by a person or from earlier files.

    accounts: a group's key to where its rows go. doubts: to the accounts they may go into. recalled: an account's id to what was
    answered of its last file of this shape. cells: line to {"date" or "amount": text as corrected}. skip, take: lines that a person
    left out, or took in.
    """

    answers: Answers = Answers()
    accounts: Mapping[str, Destination] = field(default_factory=dict)
    doubts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    recalled: Mapping[int, Answers] = field(default_factory=dict)
    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    skip: frozenset[int] = frozenset()
    take: frozenset[int] = frozenset()

    @property
    def settled(self) -> Answers:
        """Return what is answered: by the person, else for the last file of its shape that went into its account."""
        kept = [self.recalled.get(where.account_id or 0, Answers()) for where in self.accounts.values()]
        return self.answers.over(kept[0]) if kept and all(one == kept[0] for one in kept) else self.answers

    @property
    def hints(self) -> Hints:
        """Return what is said of the file as the reader takes it."""
        told = self.settled
        return Hints(
            dates=told.dates,
            sign=told.sign,
            decimal=told.decimal,
            unit=told.unit,
            fee=told.fee,
            year=told.year,
            currency=told.currency,
            columns=dict(told.columns),
            cells={line: dict(cells) for line, cells in self.cells.items()},
        )

    def answered(self, answers: Answers) -> Choices:
        """Return the choices with these answers over those before."""
        return replace(self, answers=answers.over(self.answers))

    def placed(self, key: str, where: Destination) -> Choices:
        """Return the choices with a group's rows going into an account."""
        return replace(self, accounts={**self.accounts, key: where})

    def mended(self, line: int, cell: str, text: str) -> Choices:
        """Return the choices with a cell of a line corrected."""
        return replace(self, cells={**self.cells, line: {**self.cells.get(line, {}), cell: text}})

    def ticked(self, line: int, *, take: bool) -> Choices:
        """Return the choices with a row taken in, or left out."""
        this = {line}
        return replace(self, skip=self.skip - this if take else self.skip | this, take=self.take | this if take else self.take - this)

    def dumps(self) -> str:
        """Return what is stored."""
        return json.dumps(
            {
                "hints": self.answers.to_json(),
                "accounts": {key: where.to_json() for key, where in self.accounts.items()},
                "doubts": {key: list(those) for key, those in self.doubts.items()},
                "recalled": {str(i): answers.to_json() for i, answers in self.recalled.items()},
                "cells": {str(line): dict(cells) for line, cells in self.cells.items()},
                "skip": sorted(self.skip),
                "take": sorted(self.take),
            }
        )

    @classmethod
    def loads(cls, text: str) -> Choices:
        """Return what was stored."""
        stored = json.loads(text)
        return cls(
            Answers.from_json(stored.get("hints")),
            {key: Destination.from_json(where) for key, where in stored.get("accounts", {}).items()},
            {key: tuple(those) for key, those in stored.get("doubts", {}).items()},
            {int(i): Answers.from_json(answers) for i, answers in stored.get("recalled", {}).items()},
            {int(line): cells for line, cells in stored.get("cells", {}).items()},
            frozenset(stored.get("skip", ())),
            frozenset(stored.get("take", ())),
        )


class Doubt(NamedTuple):
    """A row that was left out since it may be saved already: its day, minor units and payee."""

    day: date
    amount: int
    payee: str


@dataclass(frozen=True)
class Memory:
    """What an import remembers of its file: the column `reading` of the table of imports.

    shape: as of `shape_of`. answers: what was answered. accounts: a group's key to its account. days: the first and the last day
    that the file covers. proof, standing, rules: what the receipt says of balances and of rules that were left out.
    """

    shape: str = ""
    answers: Answers = Answers()
    accounts: Mapping[str, int] = field(default_factory=dict)
    proof: str = ""
    standing: str = ""
    rules: str = ""
    days: tuple[date, date] | None = None
    doubts: tuple[Doubt, ...] = ()

    def dumps(self) -> str:
        """Return what is stored."""
        told = {
            "shape": self.shape,
            "hints": self.answers.to_json(),
            "accounts": dict(self.accounts),
            "proof": self.proof,
            "standing": self.standing,
            "days": [day.isoformat() for day in self.days or ()],
            "doubts": [[doubt.day.isoformat(), doubt.amount, doubt.payee] for doubt in self.doubts],
        }
        return json.dumps(told | ({"rules": self.rules} if self.rules else {}))

    @classmethod
    def loads(cls, text: str) -> Memory:
        """Return what was stored; older books know less of their files."""
        stored = json.loads(text)
        days = [date.fromisoformat(day) for day in stored.get("days") or ()]
        return cls(
            str(stored.get("shape", "")),
            Answers.from_json(stored.get("hints")),
            dict(stored.get("accounts", {})),
            stored.get("proof", ""),
            stored.get("standing", ""),
            stored.get("rules", ""),
            (days[0], days[1]) if len(days) == 2 else None,
            tuple(Doubt(date.fromisoformat(day), int(amount), str(payee)) for day, amount, payee in stored.get("doubts", ())),
        )


def shape_of(statement: Statement) -> str:
    """Name the shape of a file, so that the next one from there needs no question."""
    reading = statement.reading
    layout = list(reading.header) if any(reading.header) else sorted((k, list(v)) for k, v in reading.columns.items())
    return hashlib.sha256(json.dumps([reading.format, reading.delimiter, layout]).encode()).hexdigest()[:24]
