"""How accounts will stand to the bank's balances once a file is imported: what they open with, and why the two differ.

Where a file's balances prove its rows (statements/ends.py), or one stands behind the last, they say what was in the account
before the first of them. With nothing older in the book that is what the account opens with. Wherever the balances differ
then, the check and the receipt say by how much and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dashboard.importing.shapes import DUPLICATE, MATCH, PROBLEM, Check, Group, Standing, Target
from dashboard.money import money
from dashboard.periods import EARLIEST, day_text


class Worth(NamedTuple):
    """What an account was said to be worth at the end of a day, minor units."""

    day: date
    amount: int


class Sums(NamedTuple):
    """What an account has: the sum before a file's first day, and until its last; how many rows before, and on the first day.

    Where a value was said, a sum is only of the rows after its day. `later` counts the rows after the last day of which the
    bank said a balance.
    """

    before: int = 0
    until: int = 0
    older: int = 0
    on_first: int = 0
    later: int = 0


class Holding(NamedTuple):
    """An account as a file finds it: what it has, and what was last said of its worth before the file and until its end."""

    account: Target | None = None
    sums: Sums = Sums()
    before: Worth | None = None
    until: Worth | None = None
    valued_since: bool = False

    @property
    def opening(self) -> int:
        """Return what it opens with until now."""
        return self.account.opening if self.account is not None else 0


class Asked(NamedTuple):
    """An account of which a file's balances are to be held against what it has, and the file's first and last day for it."""

    account_id: int
    first: date
    last: date


def asked(groups: Iterable[Group]) -> dict[str, Asked]:
    """Return what is asked of accounts that are there, by the group's key."""
    return {g.key: Asked(g.account_id, *_edges(g)) for g in _told(list(groups)) if g.account_id is not None}


def holding(account: Target, sums: Sums, values: Iterable[Worth], days: Asked) -> Holding:
    """Return an account as a file finds it; `values` is all that was said of its worth, newest first."""
    before, until = said(values, days)
    return Holding(account, sums, before, until, any(value.day >= days.first for value in values))


def said(values: Iterable[Worth], days: Asked) -> tuple[Worth | None, Worth | None]:
    """Return what was last said of an account's worth before a file's first day, and until its last."""
    known = list(values)
    return next((v for v in known if v.day < days.first), None), next((v for v in known if v.day <= days.last), None)


def stand(checked: Check, holdings: Mapping[str, Holding], locale: str) -> tuple[Standing, ...]:
    """Decide what the accounts of a file open with, and say where they will not stand as the bank says.

    `holdings`: of the accounts that `asked` names, by the group's key. To be called again once each row's fate is known for good.
    """
    return tuple(_standings(checked, holdings, locale))


def opens_on(opened: date | None, group: Group, taken: Iterable[date]) -> date | None:
    """Return the day from which an account's opening balance holds once rows of a file, those of these days, are in it.

    What it opens with was there before the first of all rows: where a file brings older ones, or says it itself, it moves back.
    """
    if opened is None or (group.opening is None and min(taken, default=date.max) > opened):
        return opened
    return min(opened, day_before(group))


def day_before(group: Group) -> date:
    """Return the day before the first row that a file has for an account."""
    first, _ = _edges(group)
    return first - timedelta(days=1) if first > EARLIEST else first


def _edges(group: Group) -> tuple[date, date]:
    """Return the first and the last day of a group that has rows."""
    assert group.edges is not None
    return group.edges


def _told(groups: list[Group]) -> list[Group]:
    """Return the groups whose balances are proven and that alone go into their account."""
    places = [group.place for group in groups]
    return [g for g, place in zip(groups, places, strict=True) if g.held is not None and g.edges and places.count(place) == 1]


def _standings(checked: Check, holdings: Mapping[str, Holding], locale: str) -> Iterator[Standing]:
    for group in _told(checked.groups):
        known = holdings.get(group.key, Holding())
        opening = _opening(group, known)
        taken = [(line.day, line.amount or 0) for line in group.lines if line.day is not None and checked.takes(line)]
        before, until = _ours(known, group, opening, taken)
        words = _Words(group, known.before, locale)
        # Where a value was said since, nothing after it moves.
        moved = opening + sum(amount for _, amount in taken) - known.opening if group.opening is not None and not known.valued_since else 0
        if difference := words.after - until:
            yield Standing(group.key, difference, words.differs(checked, difference, before))
        elif known.account is not None and moved and (known.sums.later or known.opening):
            yield Standing(group.key, -moved, words.gap(moved))
        elif group.opening and (known.account is not None or checked.statement.proof is None):
            # A new account that opens as it is proven is no news.
            yield Standing(group.key, 0, words.opens())


def _opening(group: Group, known: Holding) -> int:
    """Return what an account will open with; where that is what the file says, the group says so too."""
    group.opening = None
    assert group.held is not None
    first, _ = _edges(group)
    there = sum(1 for line in group.lines if line.status in (DUPLICATE, MATCH) and line.day == first)
    if known.before is None and not known.sums.older and known.sums.on_first <= there and known.opening != group.held[0]:
        # Nothing in the book is older, so what was there before is what the account opens with.
        group.opening = group.held[0]
    return known.opening if group.opening is None else group.opening


def _ours(known: Holding, group: Group, opening: int, taken: list[tuple[date, int]]) -> tuple[int, int]:
    """Return what will be in an account before a file's first day and after its last."""
    opened = opens_on(known.account.opened, group, (day for day, _ in taken)) if known.account is not None else None

    def begins(worth: Worth | None, day: date) -> int:
        return worth.amount if worth is not None else opening if opened is None or opened <= day else 0

    counted = sum(amount for day, amount in taken if known.until is None or day > known.until.day)
    first, last = _edges(group)
    return (
        begins(known.before, first - timedelta(days=1)) + known.sums.before,
        begins(known.until, last) + known.sums.until + counted,
    )


class _Words:
    """Puts into words what the bank's balances before and after the rows of a group say."""

    def __init__(self, group: Group, said: Worth | None, locale: str) -> None:
        assert group.held is not None
        self.group, self.said, self.locale = group, said, locale
        self.first, self.last = _edges(group)
        self.before, self.after = group.held

    def opens(self) -> str:
        """Say what an account opens with from now on."""
        return f"{self.group.name} opens with {self._money(self.before)}, the bank\u2019s balance before {self._day(self.first)}"

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
        elif self.before - ours_before == difference:
            basis = f"the value of {self._day(self.said.day)}" if self.said is not None else "what the account opens with"
            why = f"Rows before {self._day(self.first)} are missing, or {basis} is not right"
        else:
            why = "Until then the book has rows that the bank does not have, or lacks some"
        off = f"{self._money(abs(difference))} {'less' if difference > 0 else 'more'}"
        return f"{self.group.name}: {off} than the bank\u2019s {self._money(self.after)} on {self._day(self.last)}. {why}"

    def _money(self, minor: int) -> str:
        return money(minor, self.group.currency, self.locale)

    def _day(self, day: date) -> str:
        return day_text(day, self.locale)
