"""Which rows of a file a book has already.

A row is known by its account, date, amount and words; of several that are equal in these, by the bank's own number, else by
the balance after it, else by how many there are. A day that lies inside a file is whole in it: where it is whole in two
files, their counts are the same rows. Where a day is cut by both and nothing else tells equal rows apart, none is added and
each is named.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, select

from dashboard.model.imports import import_
from dashboard.model.transactions import dismissed, transaction
from dashboard.services.books import Book
from dashboard.services.import_shapes import DELETED, DUPLICATE, LEFT, MATCH, NEW, UNSURE, Line

SAME = "Same date, amount and text as a saved one"
CUT = "Same date, amount and text as a saved one, at the edge of both files: tick it if it happened twice"
RENUMBERED = "Same date, amount and text as a saved one that the bank numbers otherwise: tick it if it happened twice"
SORTED_ANEW = "Same date, amount and text as a saved one with another balance after it: tick it if it happened twice"
NUMBERED = "Same number of the bank, date and amount as a saved one"
TOLD_ANEW = "Same number of the bank and amount as a saved one, on another day or with other words: tick it if it is another"
TWICE = "Stands twice in the file, with one number of the bank: tick it if it happened twice"
LEFT_OUT = "Left out before, beside a saved one; tick it to add it"
GONE = "Deleted earlier; tick it to bring it back"
# So many rows whose numbers are all unknown, while their words are known, speak of a bank that numbers anew each time.
FEW = 3
K = TypeVar("K", bound=Hashable)


class Known(NamedTuple):
    """One row that the account has, had, or was told to leave out."""

    id: int
    occurrence: int
    bank_id: str
    balance: int | None
    gone: bool = False
    same_as: int | None = None


class Span(NamedTuple):
    """The first and the last day of an earlier file, and its digest."""

    first: date
    last: date
    digest: str


def judge(db: Connection, book: Book, account_id: int | None, lines: Sequence[Line], digest: str) -> list[Line]:
    """Return the rows of a file that go into an account, each new one with its fate and a free place among its equals."""
    trusted = _trusted(lines)
    known = _known(db, book, account_id) if account_id is not None else {}
    if not known or account_id is None:
        return _numbered(lines, trusted)
    spans = _spans(db, book, account_id)
    mine = [line.day for line in lines if line.status == NEW and line.day is not None]
    edges = (min(mine), max(mine)) if mine else None
    by_print: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.status == NEW:
            by_print[line.fingerprint].append(place)
    ids = {k.bank_id for rows in known.values() for k in rows if k.bank_id}
    stable = any(line.bank_id in ids for line in lines if line.bank_id in trusted)
    renumbered = not stable and sum(1 for p in by_print if p in known and any(k.bank_id for k in known[p])) >= FEW
    result = list(lines)
    twice = _twice(lines, trusted)
    again = any(span.digest == digest for span in spans)
    days = _Days(db, book, account_id, lines)
    told_balances = [x for x in lines if x.status == NEW and x.stated is not None and x.amount is not None]
    ends = [told_balances[0], told_balances[-1]] if told_balances else []
    for print_, places in by_print.items():
        rows = known.get(print_)
        if rows is None:
            for n, place in enumerate(places):
                result[place] = _fresh(lines[place], n, place in twice)
            continue
        pairs, left, rest = _paired([(p, lines[p]) for p in places], rows, trusted)
        kinds = _Queues(rest, _Kind.of)
        day = lines[places[0]].day
        assert day is not None
        sure = again or _certain(day, edges, spans)
        inside = edges is not None and edges[0] < day < edges[1] and any(s.first < day < s.last for s in spans)
        unmatched = []
        for place in left:
            line = lines[place]
            other = kinds.take(k for k in kinds.keys if _may_be(line, k, trusted, whole=inside, renumbered=renumbered))
            if other is None:
                told = [] if pairs else [k for k in kinds.keys if _tells_balance(line, k, trusted)]
                unsorted = kinds.take(told) if told and days.sorted_anew(day) else None
                if unsorted is not None:
                    result[place] = line._replace(status=UNSURE, reason=SORTED_ANEW, twin=unsorted.id)
                else:
                    unmatched.append(place)
                continue
            conflict = bool(line.bank_id in trusted and other.bank_id and line.bank_id != other.bank_id)
            result[place] = _same(line, other, sure=(sure or inside) and not conflict, conflict=conflict)
        for place, other in pairs:
            result[place] = _same(lines[place], other, sure=sure or inside or not _may_follow(lines[place], other, ends, trusted))
        for place in unmatched:
            result[place] = _fresh(lines[place], 0, place in twice)
        # What may be added has a place of its own among its equals.
        free = 1 + max(k.occurrence for k in rows)
        for place in places:
            if result[place].status in (NEW, UNSURE):
                result[place] = result[place]._replace(occurrence=free)
                free += 1
    return _by_number(db, book, account_id, result, ids & trusted)


def _by_number(db: Connection, book: Book, account_id: int, lines: list[Line], ids: set[str]) -> list[Line]:
    """Return the lines, new ones marked whose number and amount a saved row of other words has: it was pending, say.

    `ids`: the numbers that tell the file's rows apart and that the account knows. A bank that gives most of them to other
    amounts counts anew, and is not believed.
    """
    open_ = [place for place, line in enumerate(lines) if line.status == NEW and line.bank_id in ids]
    if not open_:
        return lines
    saved = _numbers(db, book, account_id, sorted({lines[place].bank_id for place in open_}))
    alike = sum(1 for place in open_ if any(one.amount == lines[place].amount for one in saved[lines[place].bank_id]))
    known = sum(1 for line in lines if line.status != NEW and line.twin is not None and line.bank_id in ids)
    if (known + alike) * 2 <= known + len(open_):
        return lines
    used = {line.twin for line in lines if line.twin is not None}
    result = list(lines)
    for place in open_:
        line = lines[place]
        like = [one for one in saved[line.bank_id] if one.amount == line.amount and one.id not in used]
        if like:
            other = min(like, key=lambda one: (one.date != line.day, one.id))
            used.add(other.id)
            status, reason = (DUPLICATE, NUMBERED) if other.date == line.day else (MATCH, TOLD_ANEW)
            result[place] = line._replace(status=status, reason=reason, twin=other.id)
    return result


def _numbers(db: Connection, book: Book, account_id: int, ids: list[str]) -> dict[str, list[Any]]:
    """Return id, date and amount of the rows that the bank gave these numbers."""
    t = transaction.c
    found: dict[str, list[Any]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        query = select(t.bank_id, t.id, t.date, t.amount).where(
            t.book_id == book.id, t.account_id == account_id, t.fingerprint.is_not(None), t.bank_id.in_(ids[start : start + 500])
        )
        for row in db.execute(query):
            found[row.bank_id].append(row)
    return found


def _fresh(line: Line, occurrence: int, doubled: bool) -> Line:
    if doubled:
        return line._replace(occurrence=occurrence, status=UNSURE, reason=TWICE)
    return line._replace(occurrence=occurrence)


def _same(line: Line, known: Known, *, sure: bool, conflict: bool = False) -> Line:
    if known.same_as is not None:
        return line._replace(status=LEFT, reason=LEFT_OUT, occurrence=known.occurrence, twin=known.same_as)
    if known.gone:
        return line._replace(status=DELETED, reason=GONE, occurrence=known.occurrence)
    if sure:
        return line._replace(status=DUPLICATE, reason=SAME, occurrence=known.occurrence, twin=known.id)
    return line._replace(status=UNSURE, reason=RENUMBERED if conflict else CUT, twin=known.id)


def _paired(lines: list[tuple[int, Line]], rows: list[Known], trusted: set[str]) -> tuple[list[tuple[int, Known]], list[int], list[Known]]:
    """Pair what the bank's numbers and balances make sure of.

    Returns:
        The pairs, the places of the lines that are left, and the known rows that are left.
    """
    rest = sorted(rows, key=lambda k: (k.gone, k.occurrence))
    pairs: list[tuple[int, Known]] = []
    left: list[tuple[int, Line]] = []
    numbers = _Queues(rest, lambda k: k.bank_id)
    for place, line in lines:
        other = numbers.take([line.bank_id]) if line.bank_id in trusted else None
        if other is None:
            left.append((place, line))
        else:
            pairs.append((place, other))
    last: list[int] = []
    balances = _Queues(numbers.left(), lambda k: (k.balance, bool(k.bank_id)))
    for place, line in left:
        numbered = line.bank_id in trusted
        wanted = [(line.stated, False)] if numbered else [(line.stated, False), (line.stated, True)]
        other = balances.take(wanted) if line.stated is not None else None
        if other is None:
            last.append(place)
        else:
            pairs.append((place, other))
    return pairs, last, balances.left()


class _Queues(Generic[K]):
    """Known rows by a key, each to be taken once, the first of them first."""

    def __init__(self, rows: Iterable[Known], key: Callable[[Known], K]) -> None:
        self.keys: dict[K, deque[tuple[int, Known]]] = {}
        for n, row in enumerate(rows):
            self.keys.setdefault(key(row), deque()).append((n, row))

    def take(self, wanted: Iterable[K]) -> Known | None:
        """Take the first of all that have one of these keys."""
        found = [queue for key in wanted if (queue := self.keys.get(key))]
        return min(found, key=lambda queue: queue[0][0]).popleft()[1] if found else None

    def left(self) -> list[Known]:
        """Return what nobody took, in order."""
        return [row for _, row in sorted((one for queue in self.keys.values() for one in queue), key=lambda one: one[0])]


class _Kind(NamedTuple):
    """What decides whether a known row can be a line that is equal to it in all but number and balance."""

    numbered: bool
    balanced: bool
    gone: bool

    @classmethod
    def of(cls, known: Known) -> _Kind:
        return cls(bool(known.bank_id), known.balance is not None, known.gone)


def _may_be(line: Line, known: _Kind, trusted: set[str], *, whole: bool, renumbered: bool) -> bool:
    """Say whether a line and a known row, equal in date, amount and words, can be one where no number and no balance says so."""
    if line.bank_id in trusted and known.numbered:
        return renumbered and whole
    if line.stated is not None and known.balanced:
        # Balances that differ are two rows, but for a day that both files hold whole: its rows came in another order.
        return whole
    return True


def _may_follow(line: Line, known: Known, ends: Sequence[Line], trusted: set[str]) -> bool:
    """Say whether a file may begin just where a known row ended, so that a row of its own has come to the same balance again.

    `ends`: the first and the last row of the file that tell a balance.
    """
    if line.stated is None or (line.bank_id in trusted and known.bank_id):
        return False
    return any(x is not line and x.stated is not None and x.amount is not None and x.stated - x.amount == known.balance for x in ends)


def _tells_balance(line: Line, known: _Kind, trusted: set[str]) -> bool:
    """Say whether only the balance tells a line from a known row that is there."""
    return not known.gone and line.stated is not None and known.balanced and not (line.bank_id in trusted and known.numbered)


class _Days:
    """The balances of each day in the file and in the account, looked up once."""

    def __init__(self, db: Connection, book: Book, account_id: int, lines: Sequence[Line]) -> None:
        self._db, self._book, self._account_id, self._lines = db, book, account_id, lines
        self._here: dict[date | None, set[tuple[Any, Any]]] | None = None
        self._anew: dict[date, bool] = {}

    def sorted_anew(self, day: date) -> bool:
        """Say whether balances of a day differ from the known ones only because the bank sorted the day anew.

        Then the day begins at one balance in both, and none of its rows has the balance it had.
        """
        if day not in self._anew:
            if self._here is None:
                self._here = defaultdict(set)
                for x in self._lines:
                    if x.status == NEW and x.stated is not None and x.amount is not None:
                        self._here[x.day].add((x.stated, x.amount))
            here, there = self._here[day], self._there(day)
            self._anew[day] = not here & there and bool(_begins(here) & _begins(there))
        return self._anew[day]

    def _there(self, day: date) -> set[tuple[Any, Any]]:
        t = transaction.c
        query = select(t.balance, t.amount).where(
            t.book_id == self._book.id, t.account_id == self._account_id, t.date == day, t.balance.is_not(None)
        )
        return {(row.balance, row.amount) for row in self._db.execute(query).all()}


def _begins(rows: set[tuple[Any, Any]]) -> set[int]:
    """Return the balances that rows begin from and that none of them ends at."""
    return {balance - amount for balance, amount in rows} - {balance for balance, _ in rows}


def _certain(day: date, edges: tuple[date, date] | None, spans: Sequence[Span]) -> bool:
    """Say whether counting is enough for a day: one file holds it whole, or both are cut at the same side of it."""
    if edges is None or edges[0] < day < edges[1]:
        return True
    touching = [span for span in spans if span.first <= day <= span.last]
    if any(span.first < day < span.last for span in touching):
        return True
    # Files that begin with a day share its end, those that end with it its begin; one of each shares nothing.
    begin = edges[0] == day < edges[1] and all(span.first == day < span.last for span in touching)
    end = edges[0] < day == edges[1] and all(span.first < day == span.last for span in touching)
    return bool(touching) and (begin or end)


def _trusted(lines: Sequence[Line]) -> set[str]:
    """Return the bank's numbers that tell rows apart: unlike in nearly all rows, and not counted anew in each file."""
    counts = Counter(line.bank_id for line in lines if line.bank_id and line.status == NEW)
    total = sum(counts.values())
    if not total or len(counts) < 0.9 * total:
        return set()
    numbers = sorted(int(i) for i in counts if i.isdecimal() and len(i) < 7)
    if len(numbers) == len(counts) and numbers[0] <= 1 and numbers[-1] <= len(numbers) + 1:
        return set()
    return set(counts)


def _twice(lines: Sequence[Line], trusted: set[str]) -> set[int]:
    """Return the places of lines whose number and words a line before them has."""
    seen: set[tuple[str, int]] = set()
    found: set[int] = set()
    for place, line in enumerate(lines):
        if line.status == NEW and line.bank_id in trusted:
            key = (line.bank_id, line.fingerprint)
            if key in seen:
                found.add(place)
            seen.add(key)
    return found


def _numbered(lines: Sequence[Line], trusted: set[str]) -> list[Line]:
    """Number the equals of lines for an account that has none of them."""
    twice = _twice(lines, trusted)
    seen: dict[int, int] = {}
    result = []
    for place, line in enumerate(lines):
        if line.status != NEW:
            result.append(line)
            continue
        n = seen[line.fingerprint] = seen.get(line.fingerprint, -1) + 1
        result.append(_fresh(line, n, place in twice) if n or twice else line)
    return result


def _known(db: Connection, book: Book, account_id: int) -> dict[int, list[Known]]:
    t, d = transaction.c, dismissed.c
    found: dict[int, list[Known]] = {}
    query = select(t.fingerprint, t.id, t.occurrence, t.bank_id, t.balance).where(
        t.book_id == book.id, t.account_id == account_id, t.fingerprint.is_not(None)
    )
    places = set()
    for print_, row_id, occurrence, bank_id, balance in db.execute(query).all():
        found.setdefault(print_, []).append(Known(row_id, occurrence, bank_id or "", balance))
        places.add((print_, occurrence))
    gone = select(d.fingerprint, d.occurrence, d.bank_id, d.balance, d.same_as).where(d.book_id == book.id, d.account_id == account_id)
    for print_, occurrence, bank_id, balance, same_as in db.execute(gone).all():
        if (print_, occurrence) not in places:
            found.setdefault(print_, []).append(Known(0, occurrence, bank_id or "", balance, gone=True, same_as=same_as))
    return found


def _spans(db: Connection, book: Book, account_id: int) -> list[Span]:
    """Return the days that earlier files of this account covered."""
    i = import_.c
    found = []
    for text, digest in db.execute(select(i.reading, i.sha256).where(i.book_id == book.id, i.account_id == account_id)):
        days = json.loads(text).get("days")
        if isinstance(days, list) and len(days) == 2:
            found.append(Span(date.fromisoformat(days[0]), date.fromisoformat(days[1]), digest))
    return found
