"""The year of dates that are written without one: New Year among them, and the period that stands above the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product

from dashboard.statements.table.cells import DateShape, date_shape, to_date

# From December to January the month falls by so many at least; within a statement it never does.
LEAP = 6
# A period covers no more than a year, and a row may be a few days off.
LONGEST, OFF = timedelta(days=370), timedelta(days=7)
_DATE = re.compile(
    r"(?<![\w./])(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[ -][^\W\d_]{3,12}\.?,?[ -]\d{2,4}|[^\W\d_]{3,12}\.? \d{1,2},? \d{4})(?![\w/])"
)


@dataclass(frozen=True)
class Years:
    """Which year dates without one are in: `last`, and the one before from the month `turn` on, where New Year lies among them."""

    last: int | None = None
    turn: int = 13

    def day(self, shape: DateShape, order: str) -> date | None:
        """Return the day of a cell, None where the calendar has none."""
        if self.last is not None and shape.year is None and _month(shape, order) >= self.turn:
            return to_date(shape, order, self.last - 1)
        return to_date(shape, order, self.last)


def turn_of(shapes: Iterable[DateShape | None], order: str) -> int:
    """Return the month from which on dates without a year are the older year's, 13 where no New Year lies among them."""
    months = [_month(s, order) for s in shapes if s is not None and s.year is None]
    jumps = [(i, a < b) for i, (a, b) in enumerate(pairwise(months), 1) if abs(a - b) >= LEAP]
    if len(jumps) != 1:
        return 13
    place, newest_first = jumps[0]
    older, newer = (months[place:], months[:place]) if newest_first else (months[:place], months[place:])
    return min(older) if min(older) > max(newer) else 13


def of_period(above: Iterable[str], shapes: Iterable[DateShape | None], order: str, turn: int) -> int | None:
    """Return the year that a period above the table tells, where all of its rows lie in it."""
    cells = [s for s in shapes if s is not None and s.year is None]
    # The period may be written the other way round than the rows are: 17 Dec beside 12/17/2023.
    for line, way in product(above, dict.fromkeys((order, "dmy", "mdy"))):
        told = [day for found in _DATE.findall(line) if (shape := date_shape(found)) and shape.year and (day := to_date(shape, way))]
        if len(told) < 2 or not told[0] <= told[-1] <= told[0] + LONGEST:
            continue
        for year in (told[-1].year, told[0].year):
            days = [Years(year, turn).day(s, order) for s in cells]
            if days and all(day is not None and told[0] - OFF <= day <= told[-1] + OFF for day in days):
                return year
    return None


def _month(shape: DateShape, order: str) -> int:
    return shape.first if shape.kind != "open" or order == "mdy" else shape.second
