"""Rows of a file that a book may have in another form: typed by hand, from another format, on another day, pending then booked.

They are offered beside the saved row and left out until a person says that both are real. Never are two merged.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from dashboard.analysis import payees
from dashboard.model.imports import import_
from dashboard.model.transactions import transaction
from dashboard.services.books import Book
from dashboard.services.import_shapes import DUPLICATE, LEFT, MATCH, NEW, UNSURE, Line, Twin

# A purchase that was typed in is booked up to so many days later; what another file says is at most so many days off.
TYPED_BEFORE, TYPED_AFTER, OFF = timedelta(days=7), timedelta(days=2), timedelta(days=5)
# So many saved rows, the nearest, are weighed for a row; of more, it stands beside the nearest that is free.
NEAREST = 20


class Saved(NamedTuple):
    """A transaction of the account that no row of the file is known to be."""

    id: int
    day: date
    amount: int
    payee: str
    text: str
    by_hand: bool
    import_id: int | None


class Earlier(NamedTuple):
    """An earlier file of the account: its shape, and the days it covered, where they are known."""

    shape: str
    first: date | None
    last: date | None


def find(db: Connection, book: Book, account_id: int, lines: Sequence[Line], shape: str) -> list[Line]:
    """Return the lines, new ones marked as matches where the account holds their like; `shape` is the file's."""
    new = [place for place, line in enumerate(lines) if line.status == NEW and line.day is not None]
    days = [line.day for line in lines if line.day is not None and line.status in (NEW, DUPLICATE, UNSURE, MATCH, LEFT)]
    if not new:
        return list(lines)
    first, last = min(days), max(days)
    taken = {line.twin for line in lines if line.twin is not None}
    wanted = {lines[place].amount for place in new}
    there = _saved(db, book, account_id, first, last)
    saved = [s for s in there if s.id not in taken and s.amount in wanted]
    if not saved:
        return list(lines)
    files = _earlier(db, book, account_id)
    # What the bank repeats in this file of what it said before: where that is most, what is missing has changed.
    before = [s.id in taken for s in there if first < s.day < last and (file := files.get(s.import_id or 0)) and file.shape == shape]
    repeats = sum(before) * 2 >= len(before)
    pools = _pooled(saved, files, shape, first, last, repeats=repeats)
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
    waiting = [p for p in new if result[p].status == NEW and any(pool.rows for pool in pools[result[p].amount])]
    for off in range(max(TYPED_BEFORE, OFF).days + 1):
        for place in waiting:
            line = result[place]
            free = [(*found, pool) for pool in pools[line.amount] if (found := pool.nearest(line))] if line.status == NEW else []
            if free and (nearest := min(free, key=lambda one: one[0]))[0] <= off:
                result[place] = line._replace(status=MATCH, twin=nearest[2].take(nearest[1]).id)
    return result


def twins(db: Connection, book: Book, lines: Sequence[Line]) -> dict[int, Twin]:
    """Return the saved transactions that the rows in doubt stand beside."""
    wanted = sorted({line.twin for line in lines if line.twin and line.status in (UNSURE, MATCH)})
    t = transaction.c
    found: dict[int, Twin] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = select(t.id, t.date, t.amount, t.payee, t.fingerprint).where(t.book_id == book.id, t.id.in_(part))
        for row in db.execute(query):
            found[row.id] = Twin(row.id, row.date, row.amount, row.payee, row.fingerprint is None)
    return found


class _Pool:
    """Saved rows of one amount that rows of a file may be, within the same number of days, in the order of their days."""

    def __init__(self, before: timedelta, after: timedelta, file: Earlier | None = None) -> None:
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


def _pooled(
    saved: list[Saved], files: dict[int, Earlier], shape: str, first: date, last: date, *, repeats: bool
) -> dict[int | None, list[_Pool]]:
    """Return the saved rows that rows of a file may be, by amount."""
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
    found: dict[int | None, list[_Pool]] = defaultdict(list)
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


def _saved(db: Connection, book: Book, account_id: int, first: date, last: date) -> list[Saved]:
    t = transaction.c
    query = select(t.id, t.date, t.amount, t.payee, t.text, t.fingerprint, t.import_id).where(
        t.book_id == book.id, t.account_id == account_id, t.date >= first - TYPED_BEFORE, t.date <= last + OFF
    )
    return [Saved(r[0], r[1], r[2], r[3], r[4], r[5] is None, r[6]) for r in db.execute(query).all()]


def _earlier(db: Connection, book: Book, account_id: int) -> dict[int, Earlier]:
    i = import_.c
    found: dict[int, Earlier] = {}
    for row_id, text in db.execute(select(i.id, i.reading).where(i.book_id == book.id, i.account_id == account_id)):
        kept: dict[str, Any] = json.loads(text)
        days = kept.get("days") or [None, None]
        first, last = (date.fromisoformat(day) if day else None for day in days)
        found[row_id] = Earlier(str(kept.get("shape", "")), first, last)
    return found
