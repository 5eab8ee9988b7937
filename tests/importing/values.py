"""Values that decisions about imports are tried on: lines of files, and an account that keeps what was put into it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from hypothesis import strategies as st

from dashboard.importing import duplicates
from dashboard.importing.grouping import fingerprint
from dashboard.importing.shapes import ASKED_FOR, DUPLICATE, NEW, Known, Line, Span

DAY = date(2026, 11, 2)
# Values are drawn from a seed, which a failure names: a hundred times as many as Hypothesis puts together itself.
SEEDS = st.randoms(use_true_random=True)


def day(number: int) -> date:
    """Return the day so many days after the first."""
    return DAY + timedelta(days=number)


def line(place: int, when: date, words: str, amount: int, bank_id: str = "", stated: int | None = None) -> Line:
    """Return a new row of a file, as grouping.py makes it."""
    print_ = fingerprint(when.isoformat(), amount, words)
    return Line(place, NEW, "", when, amount, "EUR", words, words, fingerprint=print_, bank_id=bank_id, stated=stated, balance=stated)


@dataclass
class Account:
    """What an account has of files; rows are put in as the services do it."""

    known: list[Known] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    ids: count[int] = field(default_factory=lambda: count(1))

    def take_in(self, lines: list[Line], digest: str, shape: str = "") -> list[Line]:
        """Judge the rows of a file and keep the new ones; return all with their fates."""
        judged = duplicates.judge(lines, self.known, self.spans, digest)
        added = [x for x in judged if x.status == NEW]
        covered = [x.day for x in judged if x.day is not None and x.status in (NEW, DUPLICATE, *ASKED_FOR)]
        if added:
            self.spans.append(Span(next(self.ids), digest, shape, min(covered), max(covered)))
        for x in added:
            self.known.append(Known(x.fingerprint, x.occurrence, x.bank_id, x.balance, next(self.ids), x.day, x.amount))
        return judged

    @property
    def held(self) -> Counter[int]:
        """Return how many rows of each fingerprint are there."""
        return Counter(one.fingerprint for one in self.known)
