"""How accounts will stand to the bank's balances once a file is imported: what they open with, and why the two differ.

Where a file's balances prove its rows (statements/ends.py), or one stands behind the last, they say what was in the account
before the first of them. With nothing older in the book that is what the account opens with. Wherever the balances differ
then, the check and the receipt say by how much and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, select

from dashboard.model.transactions import transaction
from dashboard.money import money
from dashboard.periods import EARLIEST, day_text
from dashboard.services.accounts import Account, Value, read_accounts, values_of
from dashboard.services.books import Book
from dashboard.services.import_accounts import target_of
from dashboard.services.import_shapes import DUPLICATE, MATCH, PROBLEM, Check, Group, Standing


class _Stored(NamedTuple):
    """What an account has: the sum before a file's first day, and until its last; how many rows before, and on the first day.

    Where a value was said, a sum is only of the rows after its day. `later` counts the rows after the last day of which the
    bank said a balance.
    """

    before: int = 0
    until: int = 0
    older: int = 0
    on_first: int = 0
    later: int = 0


class _Known(NamedTuple):
    """An account as a file finds it: what it has, and what was last said of its worth before the file and until its end."""

    account: Account | None = None
    stored: _Stored = _Stored()
    before: Value | None = None
    until: Value | None = None
    valued_since: bool = False

    @property
    def opening(self) -> int:
        """Return what it opens with until now."""
        return self.account.opening if self.account is not None else 0


def stand(db: Connection, book: Book, checked: Check) -> tuple[Standing, ...]:
    """Decide what the accounts of a file open with, and say where they will not stand as the bank says.

    Called again under the book's lock, after each row's fate is known.
    """
    return tuple(_standings(db, book, checked, {a.id: a for a in read_accounts(db, book)}))


def opens_on(opened: date | None, group: Group, taken: Iterable[date]) -> date | None:
    """Return the day from which an account's opening balance holds once rows of a file, those of these days, are in it.

    What it opens with was there before the first of all rows: where a file brings older ones, or says it itself, it moves back.
    """
    if opened is None or (group.opening is None and min(taken, default=date.max) > opened):
        return opened
    return min(opened, day_before(group))


def day_before(group: Group) -> date:
    """Return the day before the first row that a file has for an account."""
    first = min(group.days)
    return first - timedelta(days=1) if first > EARLIEST else first


def _standings(db: Connection, book: Book, checked: Check, accounts: dict[int, Account]) -> Iterator[Standing]:
    targets = [target_of(group) for group in checked.groups]
    for group, target in zip(checked.groups, targets, strict=True):
        if group.held is None or not group.days or targets.count(target) > 1:
            continue
        first, last = min(group.days), max(group.days)
        known = _Known() if group.account_id is None else _known(db, book, accounts[group.account_id], first, last)
        stored, opening = known.stored, known.opening
        there = sum(1 for line in group.lines if line.status in (DUPLICATE, MATCH) and line.day == first)
        group.opening = None
        if known.before is None and not stored.older and stored.on_first <= there and opening != group.held[0]:
            # Nothing in the book is older, so what was there before is what the account opens with.
            opening = group.opening = group.held[0]
        taken = [(line.day, line.amount or 0) for line in group.lines if line.day is not None and checked.takes(line)]
        before, until = _ours(known, group, opening, taken)
        span = _Span(book, group, first, last, known.before)
        # Where a value was said since, nothing after it moves.
        moved = opening + sum(amount for _, amount in taken) - known.opening if group.opening is not None and not known.valued_since else 0
        if difference := group.held[1] - until:
            yield Standing(group.key, difference, span.differs(checked, difference, before))
        elif known.account is not None and moved and (stored.later or known.opening):
            yield Standing(group.key, -moved, span.gap(moved))
        elif group.opening and (known.account is not None or checked.statement.proof is None):
            # A new account that opens as it is proven is no news.
            yield Standing(group.key, 0, span.opens())


def _ours(known: _Known, group: Group, opening: int, taken: list[tuple[date, int]]) -> tuple[int, int]:
    """Return what will be in an account before a file's first day and after its last."""
    opened = opens_on(known.account.opened, group, (day for day, _ in taken)) if known.account is not None else None

    def begins(said: Value | None, day: date) -> int:
        return said.amount if said is not None else opening if opened is None or opened <= day else 0

    counted = sum(amount for day, amount in taken if known.until is None or day > known.until.day)
    first, last = min(group.days), max(group.days)
    return (
        begins(known.before, first - timedelta(days=1)) + known.stored.before,
        begins(known.until, last) + known.stored.until + counted,
    )


class _Span(NamedTuple):
    """The rows of a file for an account from its first day to its last; puts what the balances say into words."""

    book: Book
    group: Group
    first: date
    last: date
    said: Value | None

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
            basis = f"the value of {self._day(self.said.day)}" if self.said is not None else "what the account opens with"
            why = f"Rows before {self._day(self.first)} are missing, or {basis} is not right"
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


def _known(db: Connection, book: Book, held: Account, first: date, last: date) -> _Known:
    t, values = transaction.c, values_of(db, book, held.id)
    before = next((value for value in values if value.day < first), None)
    until = next((value for value in values if value.day <= last), None)

    def total(which: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, value), else_=0)), 0)

    def since(said: Value | None, which: ColumnElement[bool]) -> ColumnElement[bool]:
        return which & (t.date > said.day) if said is not None else which

    older, later = t.date < first, (t.date > last) & t.balance.is_not(None)
    query = select(
        total(since(before, older), t.amount),
        total(since(until, t.date <= last), t.amount),
        total(older, 1),
        total(t.date == first, 1),
        total(later, 1),
    )
    row = db.execute(query.where(t.book_id == book.id, t.account_id == held.id)).one()
    return _Known(held, _Stored(*(int(value) for value in row)), before, until, any(value.day >= first for value in values))
