"""How accounts will stand to the bank's balances once a file is imported: what they open with, and why the two differ.

Where a file's balances prove its rows (statements/ends.py), or one stands behind the last, they say what was in the account
before the first of them. With nothing older in the book that is what the account opens with. Wherever the balances differ
then, the check and the receipt say by how much and why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select

from dashboard.model.transactions import transaction
from dashboard.money import money
from dashboard.periods import day_text
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.import_accounts import target_of
from dashboard.services.import_shapes import DUPLICATE, MATCH, PROBLEM, Check, Group, Standing


class _Stored(NamedTuple):
    """What an account has: the sum before a file's first day, and until its last; how many rows before, and on the first day.

    `later` counts the rows after the last day of which the bank said a balance.
    """

    before: int = 0
    until: int = 0
    older: int = 0
    on_first: int = 0
    later: int = 0


def stand(db: Connection, book: Book, checked: Check) -> tuple[Standing, ...]:
    """Decide what the accounts of a file open with, and say where they will not stand as the bank says.

    Called again under the book's lock, after each row's fate is known.
    """
    openings = {a.id: a.opening for a in read_accounts(db, book)}
    return tuple(_standings(db, book, checked, openings))


def _standings(db: Connection, book: Book, checked: Check, openings: dict[int, int]) -> Iterator[Standing]:
    targets = [target_of(group) for group in checked.groups]
    for group, target in zip(checked.groups, targets, strict=True):
        days = [line.day for line in group.lines if line.day is not None and line.amount is not None]
        if group.held is None or not days or targets.count(target) > 1:
            continue
        first, last = min(days), max(days)
        stored, opening = _Stored(), 0
        if group.account_id is not None:
            stored, opening = _stored(db, book, group.account_id, first, last), openings[group.account_id]
        there = sum(1 for line in group.lines if line.status in (DUPLICATE, MATCH) and line.day == first)
        group.opening = None
        if not stored.older and stored.on_first <= there and opening != group.held[0]:
            # Nothing in the book is older, so what was there before is what the account opens with.
            opening = group.opening = group.held[0]
        chosen = sum(line.amount or 0 for line in group.lines if checked.takes(line))
        span = _Span(book, group, first, last)
        moved = opening + chosen - openings[group.account_id] if group.account_id is not None and group.opening is not None else 0
        if difference := group.held[1] - (opening + stored.until + chosen):
            yield Standing(group.key, difference, span.differs(checked, difference, opening + stored.before))
        elif moved and (stored.later or openings[group.account_id or 0]):
            yield Standing(group.key, -moved, span.gap(moved))
        elif group.opening and (group.account_id is not None or checked.statement.proof is None):
            # A new account that opens as it is proven is no news.
            yield Standing(group.key, 0, span.opens())


class _Span(NamedTuple):
    """The rows of a file for an account from its first day to its last; puts what the balances say into words."""

    book: Book
    group: Group
    first: date
    last: date

    def opens(self) -> str:
        """Say what an account opens with from now on."""
        return f"{self.group.name} opens with {self._money(self._before)}, the bank\u2019s balance before {self._day(self.first)}"

    def gap(self, moved: int) -> str:
        """Say that what the account opened with until now does not go on from this file."""
        return (
            f"{self.group.name}: the bank\u2019s balances before and after {self._day(self.last)} are {self._money(abs(moved))} apart. "
            "Rows after that day are missing"
        )

    def differs(self, checked: Check, difference: int, ours_before: int) -> str:
        """Say how the account will not stand as the bank says, and why."""
        left = [
            line.amount
            for line in self.group.lines
            if line.amount is not None and line.status not in (DUPLICATE, MATCH, PROBLEM) and not checked.takes(line)
        ]
        if left and sum(left) == difference:
            why = f"The {len(left)} rows that are left out make it up" if len(left) > 1 else "The row that is left out makes it up"
        elif self._before - ours_before == difference:
            why = f"Rows before {self._day(self.first)} are missing, or what the account opens with is not right"
        else:
            why = "Until then the book has rows that the bank does not have, or lacks some"
        off = f"{self._money(abs(difference))} {'less' if difference > 0 else 'more'}"
        return f"{self.group.name}: {off} than the bank\u2019s {self._money(self._after)} on {self._day(self.last)}. {why}"

    @property
    def _before(self) -> int:
        assert self.group.held is not None
        return self.group.held[0]

    @property
    def _after(self) -> int:
        assert self.group.held is not None
        return self.group.held[1]

    def _money(self, minor: int) -> str:
        return money(minor, self.group.currency, self.book.locale)

    def _day(self, day: date) -> str:
        return day_text(day, self.book.locale)


def _stored(db: Connection, book: Book, account_id: int, first: date, last: date) -> _Stored:
    t = transaction.c

    def total(which: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, value), else_=0)), 0)

    older, until, later = t.date < first, t.date <= last, (t.date > last) & t.balance.is_not(None)
    query = select(total(older, t.amount), total(until, t.amount), total(older, 1), total(t.date == first, 1), total(later, 1))
    row = db.execute(query.where(t.book_id == book.id, t.account_id == account_id)).one()
    return _Stored(*(int(value) for value in row))
