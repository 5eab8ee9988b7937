"""What can be compared: days that were in the book and that statements have reached, with the same days of another period.

A book that began on 31 October says nothing of 1 to 30 October, and files that end on the 12th nothing of the 13th: what is
compared there would be something with nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from dashboard.periods import Period, add_months, first_day, last_day, month_of, same_day

LOOK_BACK = 6
# An account without a row from a file for so long is out of use.
USED = timedelta(days=62)
# So many days on which rows were typed make a habit, where no second file came.
HABIT = 3
# The last row of a statement may be so much older than the statement.
QUIET = timedelta(days=7)

Days = tuple[date, date]


class Entered(NamedTuple):
    """How an account's rows of a day came into the book.

    first_file, last_file: the smallest and largest id of the files they came from, None where they were typed. spent: how many
    of them took money out and are no transfer.
    """

    account_id: int
    day: date
    first_file: int | None
    last_file: int | None
    spent: int


def reached(entered: Iterable[Entered], today: date) -> date:
    """Return the day up to which the book knows what happened: today, or earlier where an account's files end.

    Of several accounts the one whose files end first decides. One without a file for two months before the newest row is out of
    use, one that took a single file and is typed since is kept by hand, and one that nothing was spent from, as a savings
    account with its yearly interest, holds no other back.
    """
    accounts: dict[int, list[Entered]] = {}
    for one in entered:
        accounts.setdefault(one.account_id, []).append(one)
    newest = max((min(one.day, today) for mine in accounts.values() for one in mine), default=today)
    ends: list[tuple[date, bool]] = []
    for mine in accounts.values():
        files = [one for one in mine if one.first_file is not None]
        last = max((one.day for one in files), default=None)
        if last is None or last < newest - USED:
            continue
        several = len({i for one in files for i in (one.first_file, one.last_file)}) > 1
        typed = sum(1 for one in mine if one.first_file is None and one.spent and last < one.day <= today)
        if several or typed < HABIT:
            ends.append((min(last, today), any(one.spent for one in files)))
    return min((end for end, spent in ends if spent), default=min((end for end, _ in ends), default=today))


@dataclass(frozen=True)
class Comparison:
    """What of a period is known, and what it may be compared with.

    begun: the day of the first row, None in an empty book. known: the day up to which the book knows what happened.
    """

    period: Period
    begun: date | None
    known: date

    @property
    def begins(self) -> bool:
        """Say whether anything of the period can be known yet."""
        return self.known >= self.period.start

    @property
    def partial(self) -> bool:
        """Say whether days of the period are left of which nothing is known."""
        return self.known < self.period.end

    @property
    def passed(self) -> Period:
        """Return what is known of the period; all of it where that is nothing."""
        return self.period.compared(self.known)[0]

    @property
    def before(self) -> Period:
        """Return what the passed days stand against."""
        return self.period.compared(self.known)[1]

    @property
    def comparable(self) -> bool:
        """Say whether there is something on both sides for all of their days."""
        return self.begun is not None and self.begins and self.begun <= self.before.start < self.period.start

    @property
    def day(self) -> int:
        """Return how many days of the period are known."""
        return max(0, min((self.known - self.period.start).days + 1, self.period.days))

    @property
    def earlier(self) -> list[int]:
        """Return the months (yyyymm) of the six before that the book has all days of, the latest first."""
        months = (add_months(self.period.month, -i) for i in range(1, LOOK_BACK + 1))
        return [m for m in months if self.begun is not None and self.begun <= first_day(m)]

    @property
    def same_days(self) -> list[Days]:
        """Return of each earlier month the days that are known of this one."""
        if not self.begins:
            return []
        return [(first_day(m), same_day(m, self.day) if self.partial else last_day(m)) for m in self.earlier]

    @property
    def rests(self) -> list[Days]:
        """Return of each of the six months before the days that this one has left, where the book has all of them."""
        if not self.partial:
            return []
        months = (add_months(self.period.month, -i) for i in range(1, LOOK_BACK + 1))
        spans = ((first_day(m) + timedelta(days=self.day), last_day(m)) for m in months)
        return [(start, end) for start, end in spans if self.begun is not None and self.begun <= start]


def paid_monthly(payments: Mapping[int, Mapping[int, int]], months: Collection[int], enough: int, begun: int | None = None) -> set[int]:
    """Return the categories that took exactly one payment in each of the months, where there are enough of these.

    Args:
        payments: how many by category id and month (yyyymm).
        begun: the month the book began in, perhaps after the payment: it may have none.
    """
    found = set()
    for category_id, counts in payments.items():
        meant = [m for m in months if m != begun or counts.get(m)]
        if len(meant) >= enough and all(counts.get(m, 0) == 1 for m in meant):
            found.add(category_id)
    return found


def open_month(known: date, today: date) -> int:
    """Return the first month (yyyymm) that may still change: the running one, or an earlier one that statements end within."""
    return min(month_of(today), month_of(known + QUIET))


def months_over(begun: date | None, open_from: int, before: int, most: int) -> list[int]:
    """Return the last months (yyyymm) before one that are over and in the book, oldest first; the one it began in counts.

    Args:
        open_from: as of `open_month`.
    """
    if begun is None:
        return []
    last = add_months(min(before, open_from), -1)
    return [m for m in (add_months(last, -i) for i in reversed(range(most))) if m >= month_of(begun)]
