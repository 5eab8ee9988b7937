"""Rows of a file that a book may have in another form: typed by hand, from another format, on another day, pending then booked.

They are offered beside the saved row and left out until a person says that both are real. Never are two merged.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
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
    days = [line.day for line in lines if line.day is not None and line.status in (NEW, DUPLICATE, UNSURE, LEFT)]
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
    by_amount: dict[int, list[Saved]] = defaultdict(list)
    for one in saved:
        by_amount[one.amount].append(one)
    pairs: list[tuple[float, int, Saved]] = []
    for place in new:
        line = lines[place]
        near = (one for one in by_amount.get(line.amount or 0, ()) if _may_be(line, one, files, shape, first, last, repeats=repeats))
        pairs += [(_distance(line, one), place, one) for one in near]
    result = list(lines)
    used: set[int] = set()
    for _, place, one in sorted(pairs, key=lambda pair: (pair[0], pair[1], pair[2].id)):
        if one.id not in used and result[place].status == NEW:
            used.add(one.id)
            result[place] = result[place]._replace(status=MATCH, twin=one.id)
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


def _may_be(line: Line, one: Saved, files: dict[int, Earlier], shape: str, first: date, last: date, *, repeats: bool) -> bool:
    assert line.day is not None
    later = line.day - one.day
    if one.by_hand:
        return -TYPED_AFTER <= later <= TYPED_BEFORE
    if abs(later) > OFF:
        return False
    file = files.get(one.import_id or 0)
    if file is None:
        return first <= one.day <= last
    if file.shape == shape:
        # The bank itself would have repeated it here: a row that is gone was pending, and stands here as it was booked.
        return repeats and first < one.day < last
    return first <= one.day <= last or (file.first is not None and file.last is not None and file.first <= line.day <= file.last)


def _distance(line: Line, one: Saved) -> float:
    """Return how unlike two rows are: days apart, less for words in common."""
    assert line.day is not None
    mine = set(payees.all_words(f"{line.payee} {line.text}"))
    theirs = set(payees.all_words(f"{one.payee} {one.text}"))
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
