"""Rows of a file that a book may have in another form: typed by hand, from another format, on another day, pending then booked.

They are offered beside the saved row and left out until a person says that both are real. Never are two merged.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from dashboard.analysis import payees
from dashboard.importing.shapes import DUPLICATE, LEFT, MATCH, NEW, UNSURE, Line, Saved, Span

# A purchase that was typed in is booked up to so many days later; what another file says is at most so many days off.
TYPED_BEFORE, TYPED_AFTER, OFF = timedelta(days=7), timedelta(days=2), timedelta(days=5)
# So many saved rows, the nearest, are weighed for a row; of more, it stands beside the nearest that is free.
NEAREST = 20


def reach(lines: Sequence[Line]) -> tuple[date, date] | None:
    """Return the first and the last day of which saved rows are to be looked at, None where nothing in the file is new."""
    if not any(line.status == NEW and line.day is not None for line in lines):
        return None
    first, last = _covered(lines)
    return first - TYPED_BEFORE, last + OFF


def find(lines: Sequence[Line], saved: Sequence[Saved], spans: Sequence[Span], shape: str) -> list[Line]:
    """Return the lines, new ones marked as matches where the account holds their like.

    Args:
        lines: the rows of a file that go into one account, with their fates (duplicates.py).
        saved: the account's transactions of the days of `reach`.
        spans: what earlier files of the account covered.
        shape: the file's, as that of the spans.
    """
    new = [place for place, line in enumerate(lines) if line.status == NEW and line.day is not None]
    taken = {line.twin for line in lines if line.twin is not None}
    wanted = {lines[place].amount for place in new}
    free = [s for s in saved if s.id not in taken and s.amount in wanted]
    if not free:
        return list(lines)
    first, last = _covered(lines)
    files = {span.import_id: span for span in spans}
    # What the bank repeats in this file of what it said before: where that is most, what is missing has changed.
    before = [s.id in taken for s in saved if first < s.day < last and (file := files.get(s.import_id or 0)) and file.shape == shape]
    repeats = sum(before) * 2 >= len(before)
    pools = _pooled(free, files, shape, (first, last), repeats=repeats)
    return _nearest(_alike(lines, new, pools), new, pools)


def _covered(lines: Sequence[Line]) -> tuple[date, date]:
    """Return the first and the last day of the rows that are, or may be, the account's."""
    days = [line.day for line in lines if line.day is not None and line.status in (NEW, DUPLICATE, UNSURE, MATCH, LEFT)]
    return min(days), max(days)


def _alike(lines: Sequence[Line], new: Sequence[int], pools: _Pools) -> list[Line]:
    """Set new lines beside the saved rows nearest to them in days and words, the nearest pair first; those leave the pools."""
    words = _Words()
    pairs: list[tuple[float, int, int]] = []
    for place in new:
        line = lines[place]
        pairs += [(words.distance(line, place, one), place, one.id) for pool in pools[line.amount] for one in pool.near(line)]
    result = list(lines)
    used: set[int] = set()
    for _, place, one_id in sorted(pairs):
        if one_id not in used and result[place].status == NEW:
            used.add(one_id)
            result[place] = result[place]._replace(status=MATCH, twin=one_id)
    for pool in (pool for those in pools.values() for pool in those):
        pool.keep(lambda one: one.id not in used)
    return result


def _nearest(lines: list[Line], new: Sequence[int], pools: _Pools) -> list[Line]:
    """Set the new lines that are left beside the nearest saved row that is free, day by day."""
    waiting = [p for p in new if lines[p].status == NEW and any(pool.rows for pool in pools[lines[p].amount])]
    for off in range(max(TYPED_BEFORE, OFF).days + 1):
        for place in waiting:
            line = lines[place]
            free = [(*found, pool) for pool in pools[line.amount] if (found := pool.nearest(line))] if line.status == NEW else []
            if free and (nearest := min(free, key=lambda one: one[0]))[0] <= off:
                lines[place] = line._replace(status=MATCH, twin=nearest[2].take(nearest[1]).id)
    return lines


class _Pool:
    """Saved rows of one amount that rows of a file may be, within the same number of days, in the order of their days."""

    def __init__(self, before: timedelta, after: timedelta, file: Span | None = None) -> None:
        """Begin an empty one; `file`: only rows of the days that this earlier file covered may be of it."""
        self.before, self.after, self.file = before, after, file
        self.rows: list[Saved] = []
        self.days: list[date] = []

    def keep(self, wanted: Callable[[Saved], bool]) -> None:
        """Keep only what is wanted, in order."""
        self.rows = sorted((one for one in self.rows if wanted(one)), key=lambda one: (one.day, one.id))
        self.days = [one.day for one in self.rows]

    def near(self, line: Line) -> list[Saved]:
        """Return the nearest rows that a line may be."""
        assert line.day is not None
        first, last = self._reach(line)
        if last - first <= NEAREST:
            return self.rows[first:last]
        middle, day = bisect_left(self.days, line.day), line.day
        return sorted(self.rows[max(first, middle - NEAREST) : min(last, middle + NEAREST)], key=lambda one: abs(one.day - day))[:NEAREST]

    def nearest(self, line: Line) -> tuple[int, int] | None:
        """Return how many days off the nearest row is that a line may be, and its place."""
        assert line.day is not None
        first, last = self._reach(line)
        if first >= last:
            return None
        middle = bisect_left(self.days, line.day)
        return min((abs((self.days[at] - line.day).days), at) for at in (middle - 1, middle) if first <= at < last)

    def take(self, place: int) -> Saved:
        """Take a row out."""
        del self.days[place]
        return self.rows.pop(place)

    def _reach(self, line: Line) -> tuple[int, int]:
        assert line.day is not None
        if self.file and not (self.file.first and self.file.last and self.file.first <= line.day <= self.file.last):
            return 0, 0
        return bisect_left(self.days, line.day - self.before), bisect_right(self.days, line.day + self.after)


_Pools = dict[int | None, list[_Pool]]


def _pooled(saved: Sequence[Saved], files: dict[int, Span], shape: str, covered: tuple[date, date], *, repeats: bool) -> _Pools:
    """Return the saved rows that rows of a file may be, by amount."""
    first, last = covered
    pools: dict[tuple[int, str | int], _Pool] = {}
    for one in saved:
        file = files.get(one.import_id or 0)
        if one.by_hand:
            pool = pools.setdefault((one.amount, "typed"), _Pool(TYPED_BEFORE, TYPED_AFTER))
        elif file is not None and file.shape == shape:
            # The bank itself would have repeated it here: a row that is gone was pending, and stands here as it was booked.
            if not (repeats and first < one.day < last):
                continue
            pool = pools.setdefault((one.amount, "here"), _Pool(OFF, OFF))
        elif first <= one.day <= last:
            pool = pools.setdefault((one.amount, "here"), _Pool(OFF, OFF))
        elif file is not None:
            pool = pools.setdefault((one.amount, one.import_id or 0), _Pool(OFF, OFF, file))
        else:
            continue
        pool.rows.append(one)
    found: _Pools = defaultdict(list)
    for (amount, _), pool in pools.items():
        pool.keep(lambda _one: True)
        found[amount].append(pool)
    return found


class _Words:
    """How unlike two rows are; the words of each are taken apart once."""

    def __init__(self) -> None:
        self._mine: dict[int, set[str]] = {}
        self._theirs: dict[int, set[str]] = {}

    def distance(self, line: Line, place: int, one: Saved) -> float:
        """Return the days apart, less for words in common."""
        assert line.day is not None
        if place not in self._mine:
            self._mine[place] = set(payees.all_words(f"{line.payee} {line.text}"))
        if one.id not in self._theirs:
            self._theirs[one.id] = set(payees.all_words(f"{one.payee} {one.text}"))
        mine, theirs = self._mine[place], self._theirs[one.id]
        common = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
        return abs((line.day - one.day).days) - 3.0 * common
