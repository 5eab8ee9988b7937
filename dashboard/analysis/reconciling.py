"""Which row keeps an account's balance from agreeing with the bank's statement, by evidence, best first.

1. The bank's own running balances: each such row is a step from `before` (its balance less its amount) to `after`, in
   whatever order a day's rows stand. The step that no other follows ends the day; the first day that ends otherwise than
   here is where it breaks, and a step whose start nothing reaches stands behind a gap.
2. The last statement that agreed: only rows after it can be wrong, unless what it said is no longer so.
3. Arithmetic: a row that is the difference, half of it, twice there, with two digits swapped, or close to the day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any, NamedTuple

import pandas as pd

from dashboard.analysis.frames import rows as rows_of

# What moves a balance on a day beside the rows, minor units: the opening balance, a value that was said.
Marks = Sequence[tuple[date, int]]
COLUMNS = ("id", "date", "amount", "balance", "payee")
# Bookings this many days around a statement's end may stand on its other side; equal rows this near may be one.
NEAR = timedelta(days=3)
MOST = 12
# Pairs are looked for among so many rows at most.
FEW = 60


class Suspect(NamedTuple):
    """A row that may be what breaks it.

    why: unstated, typed, doubled, misplaced, moved, gap, sign, swapped, extra, late, early or pair.
    amount: minor units the reason speaks of: what is missing (gap), what it should be (sign, swapped).
    other: the id of the row that the reason names beside it, 0 where there is none.
    """

    id: int
    why: str
    amount: int = 0
    other: int = 0


class Break(NamedTuple):
    """Where the bank's balances leave ours: between the end of `since` (None: the beginning) and that of `day`.

    missing: what the bank has more, minor units. opening: before the first row that the bank gave a balance.
    """

    since: date | None
    day: date
    missing: int
    opening: bool = False


class Finding(NamedTuple):
    """What is known of a difference. stale: by how much the balance has left the last statement that agreed, minor units."""

    suspects: list[Suspect]
    breaks: list[Break]
    stale: int = 0


class Step(NamedTuple):
    """A row with the balances around it, None where the bank gave none."""

    id: int
    date: date
    amount: int
    before: int | None
    after: int | None
    payee: str


def find(rows: pd.DataFrame, marks: Marks, day: date, bank: int, checked: tuple[date, int] | None = None) -> Finding:
    """Name the rows that may explain why an account's balance is not what the bank says.

    Args:
        rows: COLUMNS of the account, some days beyond `day` too; amount and balance minor units, balance None where unknown.
        marks: as of model/queries/worth.py, the account's.
        day, bank: the statement's day and balance.
        checked: day and balance of the last statement that agreed.
    """
    steps = [_step(row) for row in rows_of(rows[list(COLUMNS)])]
    if checked is not None and checked[0] < day:
        ours = _until(marks, checked[0]) + sum(s.amount for s in steps if s.date <= checked[0])
        stale = checked[1] - ours
        early = _search(steps, marks, checked[0], checked[1]) if stale else Finding([], [])
        later = [s for s in steps if s.date > checked[0]]
        since = [checked, *(mark for mark in marks if mark[0] > checked[0])]
        rest = bank - _until(since, day) - sum(s.amount for s in later if s.date <= day)
        late = _search(later, since, day, bank) if rest else Finding([], [])
        return Finding(_once([*early.suspects, *late.suspects]), [*early.breaks, *late.breaks], stale)
    return _search(steps, marks, day, bank)


def _until(marks: Marks, day: date) -> int:
    return sum(amount for when, amount in marks if when <= day)


def _step(row: Any) -> Step:
    stated = row.balance is not None and row.balance == row.balance
    after = int(row.balance) if stated else None
    return Step(int(row.id), row.date, int(row.amount), None if after is None else after - int(row.amount), after, row.payee)


def _search(steps: Sequence[Step], marks: Marks, day: date, bank: int) -> Finding:
    breaks, explained, last = _breaks(steps, marks, day, bank)
    suspects: list[Suspect] = []
    for found in breaks:
        suspects += _at_break(steps, found)
    rest = bank - _until(marks, day) - sum(s.amount for s in steps if s.date <= day) - explained
    if rest:
        # What the bank's balances do not cover is left to arithmetic.
        suspects += _by_arithmetic([s for s in steps if last is None or s.date > last], rest, day)
        suspects += _by_arithmetic([s for s in steps if last is not None and s.date <= last], rest, day)
    elif not suspects:
        suspects += _by_arithmetic(steps, explained, day)
    return Finding(_once(suspects), breaks)


def _once(suspects: Sequence[Suspect]) -> list[Suspect]:
    """Name each row once, for its best reason."""
    best: dict[int, Suspect] = {}
    for s in suspects:
        best.setdefault(s.id, s)
    return list(best.values())[:MOST]


def _breaks(steps: Sequence[Step], marks: Marks, day: date, bank: int) -> tuple[list[Break], int, date | None]:
    """Follow the bank's balances from day to day.

    Returns:
        The breaks, what the bank has more by the end of the last day whose end is known, and that day.
    """
    stated: dict[date, list[Step]] = defaultdict(list)
    ours: Counter[date] = Counter()
    for s in steps:
        ours[s.date] += s.amount
        if s.after is not None:
            stated[s.date].append(s)
    moved: Counter[date] = Counter()
    for when, amount in marks:
        moved[when] += amount
    held, at = 0, {}
    for when in sorted(ours.keys() | moved.keys()):
        held += ours[when] + moved[when]
        at[when] = held
    breaks: list[Break] = []
    days = sorted(stated)
    difference, last = 0, None
    known: int | None = None
    for place, when in enumerate(days):
        if when > day:
            break
        starts, ends = _ends(stated[when])
        if place == 0 and len(starts) == 1:
            begin = starts[0] - (at[when] - ours[when])
            if begin:
                breaks.append(Break(None, when, begin, opening=True))
                difference = begin
        following = days[place + 1] if place + 1 < len(days) else None
        goes_on = [bank] if following is None or following > day else _ends(stated[following])[0]
        close = _close(stated[when], ends, known, goes_on)
        known = close
        if close is None:
            continue
        missing = close - at[when] - difference
        if missing:
            breaks.append(Break(last, when, missing))
            difference += missing
        last = when
    return breaks, difference, last


def _ends(steps: Sequence[Step]) -> tuple[list[int], list[int]]:
    """Return the balances at which a day's steps begin without another reaching them, and those that no other goes on from."""
    befores = Counter(s.before for s in steps if s.before is not None)
    afters = Counter(s.after for s in steps if s.after is not None)
    return list((befores - afters).elements()), list((afters - befores).elements())


def _close(steps: Sequence[Step], ends: list[int], known: int | None, goes_on: list[int]) -> int | None:
    """Return the bank's balance at the end of a day, None where its rows leave it open."""
    if len(set(ends)) == 1:
        return ends[0]
    if not ends:
        # The day came round to where it began.
        return known if any(s.before == known for s in steps) else None
    told = set(ends) & set(goes_on)
    return told.pop() if len(told) == 1 else None


def _at_break(steps: Sequence[Step], found: Break) -> Iterator[Suspect]:
    """Name the rows at a break, the surest first."""
    missing = found.missing
    within = [s for s in steps if (found.since is None or s.date > found.since) and s.date <= found.day]
    stated = [s for s in within if s.after is not None]
    typed = [s for s in within if s.after is None and not (found.opening and s.date == found.day)]
    starts, ends = _ends(stated)
    wrong = [s for s in stated if s.amount == -missing] if not found.opening else []
    yield from _stated_twice(wrong)
    yield from _typed_for_it(typed, steps, missing)
    yield from (Suspect(s.id, "misplaced") for s in wrong if s.before in starts and s.after in ends)
    gaps = [(s, s.before - missing) for s in stated if s.before is not None and s.before in starts]
    yield from _moved_here(gaps, steps, {s.id for s in within})
    yield from _gaps(gaps, steps, found)
    yield from _by_arithmetic(typed, missing, found.day)
    yield from (Suspect(s.id, "typed") for s in typed)


def _stated_twice(wrong: Sequence[Step]) -> Iterator[Suspect]:
    """Name rows of the amount that is too much which stand twice with one balance after them."""
    for one, other in combinations(wrong, 2):
        if (one.date, one.after) == (other.date, other.after):
            yield from (Suspect(one.id, "doubled", other=other.id), Suspect(other.id, "doubled", other=one.id))


def _typed_for_it(typed: Sequence[Step], steps: Sequence[Step], missing: int) -> Iterator[Suspect]:
    """Name rows of the amount that is too much which a person typed."""
    for s in typed:
        if s.amount == -missing:
            twin = next((o for o in steps if o.id != s.id and o.amount == s.amount and abs(o.date - s.date) <= NEAR), None)
            yield Suspect(s.id, "doubled", other=twin.id) if twin else Suspect(s.id, "unstated")


def _moved_here(gaps: Sequence[tuple[Step, int]], steps: Sequence[Step], inside: set[int]) -> Iterator[Suspect]:
    """Name rows of other days that lead from the balance before a gap to the one behind it; `gaps`: a row, and what should lead to it."""
    outside: dict[tuple[int | None, int | None], Step] = {
        (s.before, s.after): s for s in steps if s.after is not None and s.id not in inside
    }
    for s, left in gaps:
        if (moved := outside.get((left, s.before))) is not None:
            yield Suspect(moved.id, "moved", other=s.id)


def _gaps(gaps: Sequence[tuple[Step, int]], steps: Sequence[Step], found: Break) -> Iterator[Suspect]:
    """Name the rows before which one of the missing amount is missing."""
    reached = {s.after: s for s in steps if s.after is not None and s.date <= found.day}
    for s, left in gaps:
        if found.opening:
            yield Suspect(s.id, "gap", found.missing)
        elif (earlier := reached.get(left)) is not None and earlier.id != s.id:
            yield Suspect(s.id, "gap", found.missing, earlier.id)


def _by_arithmetic(steps: Sequence[Step], missing: int, day: date) -> Iterator[Suspect]:
    """Name the rows whose amounts explain what is missing; typed rows before the bank's, near ones before far."""
    known = sorted((s for s in steps if s.date <= day), key=lambda s: (s.after is not None, day - s.date))
    after = sorted((s for s in steps if day < s.date <= day + NEAR), key=lambda s: s.date)
    by_amount: dict[int, list[Step]] = defaultdict(list)
    for s in known:
        by_amount[s.amount].append(s)
    extra = by_amount[-missing]
    for one, other in combinations(extra[:FEW], 2):
        if abs(one.date - other.date) <= NEAR:
            yield Suspect(one.id, "doubled", other=other.id)
            yield Suspect(other.id, "doubled", other=one.id)
    yield from (Suspect(s.id, "early", missing) for s in after if s.amount == missing)
    yield from (Suspect(s.id, "late" if day - s.date < NEAR else "extra") for s in extra)
    if missing % 2 == 0:
        yield from (Suspect(s.id, "sign", -s.amount) for s in by_amount[-missing // 2])
    if missing % 9 == 0:
        for s in known:
            if s.amount + missing in _swapped(s.amount):
                yield Suspect(s.id, "swapped", s.amount + missing)
    around = [(s, -s.amount) for s in known if day - s.date < NEAR] + [(s, s.amount) for s in after]
    for (one, a), (other, b) in combinations(around[:FEW], 2):
        if a + b == missing:
            yield Suspect(one.id, "pair", other=other.id)
            yield Suspect(other.id, "pair", other=one.id)


def _swapped(amount: int) -> set[int]:
    """Return an amount with each two neighbouring digits swapped."""
    digits, sign = str(abs(amount)), -1 if amount < 0 else 1
    return {sign * int(digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]) for i in range(len(digits) - 1)} - {amount}
