"""Which rows of a file a book has already.

A row is known by its account, date, amount and words; of several that are equal in these, by the bank's own number, else by
the balance after it, else by how many there are. A day that lies inside a file is whole in it: where it is whole in two
files, their counts are the same rows. Where a day is cut by both and nothing else tells equal rows apart, none is added and
each is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from dashboard.importing.shapes import DELETED, DUPLICATE, LEFT, MATCH, NEW, UNSURE, Known, Line, Span

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


def judge(lines: Sequence[Line], known: Sequence[Known], spans: Sequence[Span], digest: str) -> list[Line]:
    """Return the rows of a file that go into an account, each new one with its fate and a free place among its equals.

    Args:
        lines: in the file's order; only new ones are judged.
        known: what the account has of files, had, or was told to leave out; nothing for an account that is yet to be made.
        spans: what earlier files of the account covered.
        digest: the file's, as that of the spans.
    """
    trusted = _trusted(lines)
    if not known:
        return _numbered(lines, trusted)
    judging = _Judging(lines, known, spans, digest, trusted)
    result = list(lines)
    for print_, places in judging.by_print.items():
        rows = judging.known.get(print_)
        if rows is None:
            for n, place in enumerate(places):
                result[place] = _fresh(lines[place], n, place in judging.twice)
            continue
        for place, line in judging.equals(places, rows).items():
            result[place] = line
        # What may be added has a place of its own among its equals.
        free = 1 + max(k.occurrence for k in rows)
        for place in places:
            if result[place].status in (NEW, UNSURE):
                result[place] = result[place]._replace(occurrence=free)
                free += 1
    return _by_number(result, known, judging.ids & trusted)


class _Judging:
    """What is held against each set of equal rows."""

    def __init__(self, lines: Sequence[Line], known: Sequence[Known], spans: Sequence[Span], digest: str, trusted: set[str]) -> None:
        self.lines, self.trusted = lines, trusted
        self.known: dict[int, list[Known]] = {}
        for one in known:
            self.known.setdefault(one.fingerprint, []).append(one)
        self.by_print: dict[int, list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            if line.status == NEW:
                self.by_print[line.fingerprint].append(place)
        self.spans = [(span.first, span.last) for span in spans if span.first is not None and span.last is not None]
        self.again = any(span.digest == digest and span.first is not None for span in spans)
        mine = [line.day for line in lines if line.status == NEW and line.day is not None]
        self.edges = (min(mine), max(mine)) if mine else None
        self.ids = {one.bank_id for one in known if one.bank_id}
        stable = any(line.bank_id in self.ids for line in lines if line.bank_id in trusted)
        numbered = (p for p in self.by_print if p in self.known and any(k.bank_id for k in self.known[p]))
        self.renumbered = not stable and sum(1 for _ in numbered) >= FEW
        self.twice = _twice(lines, trusted)
        self.days = _Days(lines, known)

    def equals(self, places: Sequence[int], rows: Sequence[Known]) -> dict[int, Line]:
        """Return the lines of these places, which are equal in date, amount and words to these known rows, with their fates."""
        pairs, left, rest = _paired([(p, self.lines[p]) for p in places], rows, self.trusted)
        kinds = _Queues(rest, _Kind.of)
        day = self.lines[places[0]].day
        assert day is not None
        inside = self._whole_in_both(day)
        sure = self.again or inside or _certain(day, self.edges, self.spans)
        result: dict[int, Line] = {}
        for place in left:
            line = self.lines[place]
            other = kinds.take(k for k in kinds.keys if _may_be(line, k, self.trusted, whole=inside, renumbered=self.renumbered))
            if other is not None:
                conflict = bool(line.bank_id in self.trusted and other.bank_id and line.bank_id != other.bank_id)
                result[place] = _same(line, other, sure=sure and not conflict, conflict=conflict)
                continue
            told = [] if pairs else [k for k in kinds.keys if _tells_balance(line, k, self.trusted)]
            unsorted = kinds.take(told) if told and self.days.sorted_anew(day) else None
            result[place] = (
                line._replace(status=UNSURE, reason=SORTED_ANEW, twin=unsorted.id)
                if unsorted is not None
                else _fresh(line, 0, place in self.twice)
            )
        for place, other in pairs:
            line = self.lines[place]
            numbered = line.bank_id in self.trusted and bool(other.bank_id)
            result[place] = _same(line, other, sure=sure or numbered or not self.days.comes_round(line))
        return result

    def _whole_in_both(self, day: date) -> bool:
        """Say whether a day lies inside this file and inside an earlier one."""
        edges = self.edges
        return edges is not None and edges[0] < day < edges[1] and any(first < day < last for first, last in self.spans)


def _by_number(lines: list[Line], known: Sequence[Known], ids: set[str]) -> list[Line]:
    """Return the lines, new ones marked whose number and amount a saved row of other words has: it was pending, say.

    `ids`: the numbers that tell the file's rows apart and that the account knows. A bank that gives most of them to other
    amounts counts anew, and is not believed.
    """
    open_ = [place for place, line in enumerate(lines) if line.status == NEW and line.bank_id in ids]
    if not open_:
        return lines
    wanted = {lines[place].bank_id for place in open_}
    saved: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        if not one.gone and one.bank_id in wanted:
            saved[one.bank_id].append(one)
    alike = sum(1 for place in open_ if any(one.amount == lines[place].amount for one in saved[lines[place].bank_id]))
    found = sum(1 for line in lines if line.status != NEW and line.twin is not None and line.bank_id in ids)
    if (found + alike) * 2 <= found + len(open_):
        return lines
    used = {line.twin for line in lines if line.twin is not None}
    result = list(lines)
    for place in open_:
        line = lines[place]
        like = [one for one in saved[line.bank_id] if one.amount == line.amount and one.id not in used]
        if like:
            other = min(like, key=lambda one: (one.day != line.day, one.id))
            used.add(other.id)
            status, reason = (DUPLICATE, NUMBERED) if other.day == line.day else (MATCH, TOLD_ANEW)
            result[place] = line._replace(status=status, reason=reason, twin=other.id)
    return result


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


def _paired(
    lines: list[tuple[int, Line]], rows: Sequence[Known], trusted: set[str]
) -> tuple[list[tuple[int, Known]], list[int], list[Known]]:
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


def _tells_balance(line: Line, known: _Kind, trusted: set[str]) -> bool:
    """Say whether only the balance tells a line from a known row that is there."""
    return not known.gone and line.stated is not None and known.balanced and not (line.bank_id in trusted and known.numbered)


class _Days:
    """The balances of each day in the file and in the account, sorted out once and only where they are asked for."""

    def __init__(self, lines: Sequence[Line], known: Sequence[Known]) -> None:
        self._lines, self._known = lines, known
        self._leads: dict[tuple[date, int], set[int]] | None = None
        self._balances: tuple[_ByDay, _ByDay] | None = None
        self._anew: dict[date, bool] = {}

    def comes_round(self, line: Line) -> bool:
        """Say whether a day leads from the balance after a row back to the one before it.

        Then another row of the same words may have come to that balance, too: 97, 100, 97. Rows of the file and of the account lead
        from one balance to the next.
        """
        if line.day is None or line.stated is None or not line.amount:
            return False
        if self._leads is None:
            self._leads = defaultdict(set)
            for balances in self._both():
                for day, rows in balances.items():
                    for after, amount in rows:
                        self._leads[day, after - amount].add(after)
        seen, ways = set(), [line.stated]
        while ways:
            balance = ways.pop()
            if balance == line.stated - line.amount:
                return True
            if balance not in seen:
                seen.add(balance)
                ways += self._leads.get((line.day, balance), ())
        return False

    def sorted_anew(self, day: date) -> bool:
        """Say whether balances of a day differ from the known ones only because the bank sorted the day anew.

        Then the day begins at one balance in both, and none of its rows has the balance it had.
        """
        if day not in self._anew:
            mine, theirs = (balances.get(day, set()) for balances in self._both())
            self._anew[day] = not mine & theirs and bool(_begins(mine) & _begins(theirs))
        return self._anew[day]

    def _both(self) -> tuple[_ByDay, _ByDay]:
        """Return the balances in the file and in the account."""
        if self._balances is None:
            here = ((x.day, x.stated, x.amount) for x in self._lines if x.status == NEW)
            self._balances = _by_day(here), _by_day((k.day, k.balance, k.amount) for k in self._known if not k.gone)
        return self._balances


_ByDay = dict[date, set[tuple[int, int]]]


def _by_day(rows: Iterable[tuple[date | None, int | None, int | None]]) -> _ByDay:
    """Return balance and amount of rows (day, balance, amount) that tell both, by day."""
    found: _ByDay = defaultdict(set)
    for day, balance, amount in rows:
        if day is not None and balance is not None and amount is not None:
            found[day].add((balance, amount))
    return found


def _begins(rows: set[tuple[int, int]]) -> set[int]:
    """Return the balances that rows begin from and that none of them ends at."""
    return {balance - amount for balance, amount in rows} - {balance for balance, _ in rows}


def _certain(day: date, edges: tuple[date, date] | None, spans: Sequence[tuple[date, date]]) -> bool:
    """Say whether counting is enough for a day: one file holds it whole, or both are cut at the same side of it."""
    if edges is None or edges[0] < day < edges[1]:
        return True
    touching = [(first, last) for first, last in spans if first <= day <= last]
    if any(first < day < last for first, last in touching):
        return True
    # Files that begin with a day share its end, those that end with it its begin; one of each shares nothing.
    begin = edges[0] == day < edges[1] and all(first == day < last for first, last in touching)
    end = edges[0] < day == edges[1] and all(first < day == last for first, last in touching)
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
