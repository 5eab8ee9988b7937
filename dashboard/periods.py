"""Months and periods: pure dates. The only formatter of dates, and the only clock.

A month is the integer yyyymm, as it is stored; a Period is a month, a year or any range of days.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_interval, format_skeleton, format_time

from dashboard.errors import InputNotValid
from dashboard.typed import plain

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def utc_now() -> datetime:
    """Return the moment; tests put another clock in its place by `set_clock`."""
    return _clock()


def _system_clock() -> datetime:
    return datetime.now(UTC)


_clock: Callable[[], datetime] = _system_clock


def set_clock(clock: Callable[[], datetime] | None) -> None:
    """Put another clock in place; None restores the machine's. For tests and pictures."""
    global _clock  # noqa: PLW0603 - the one injectable clock of the process
    _clock = clock or _system_clock


def today(zone: str) -> date:
    """Return the date where the book's people live, whatever zone the server is in."""
    return day_of(utc_now(), zone)


def day_of(moment: datetime, zone: str) -> date:
    """Return the date of a moment where the book's people live; what SQLite kept without its zone is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(available_timezones())


def month_of(day: date, start: int = 1) -> int:
    """Return the book month (yyyymm) of a day; `start` is the day on which the book's months begin."""
    if day.day >= start:
        return day.year * 100 + day.month
    previous = day.replace(day=1) - timedelta(days=1)
    return previous.year * 100 + previous.month


def add_months(month: int, count: int) -> int:
    """Return the month (yyyymm) so many months later."""
    index = month // 100 * 12 + month % 100 - 1 + count
    return index // 12 * 100 + index % 12 + 1


def months_between(first: int, last: int) -> list[int]:
    """Return every month (yyyymm) from the first to the last, both included."""
    count = (last // 100 - first // 100) * 12 + last % 100 - first % 100
    return [add_months(first, i) for i in range(count + 1)]


def first_day(month: int) -> date:
    """Return the first day of a month (yyyymm)."""
    return date(month // 100, month % 100, 1)


def last_day(month: int) -> date:
    """Return the last day of a month (yyyymm)."""
    return first_day(add_months(month, 1)) - timedelta(days=1)


def same_day(month: int, day: int) -> date:
    """Return that day of the month, or its last where the month is shorter."""
    return min(last_day(month), first_day(month) + timedelta(days=day - 1))


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included; `kind` is month, year or custom."""

    kind: str
    start: date
    end: date

    @classmethod
    def of_month(cls, month: int) -> Period:
        """Return the period of a month (yyyymm)."""
        return cls("month", first_day(month), last_day(month))

    @classmethod
    def of_year(cls, year: int) -> Period:
        """Return the period of a calendar year."""
        return cls("year", date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def all_time(cls) -> Period:
        """Return the period that leaves nothing out."""
        return cls("custom", EARLIEST, LATEST)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2026-11", "2026", "2026-11-01..2026-11-18" or "all".

        Raises:
            InputNotValid: it is none of these, or outside 1900 to 2199.
        """
        if text == "all":
            return cls.all_time()
        if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
            month = int(match[1]) * 100 + int(match[2])
            if 1900 <= int(match[1]) <= 2199 and 1 <= int(match[2]) <= 12:
                return cls.of_month(month)
        elif re.fullmatch(r"\d{4}", text) and 1900 <= int(text) <= 2199:
            return cls.of_year(int(text))
        elif match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text):
            try:
                start, end = date.fromisoformat(match[1]), date.fromisoformat(match[2])
            except ValueError:
                raise InputNotValid(f"\u201c{text[:40]}\u201d is not a period", "period") from None
            if EARLIEST <= start <= end <= LATEST:
                return cls("custom", start, end)
        raise InputNotValid(f"\u201c{text[:40]}\u201d is not a period", "period")

    def __str__(self) -> str:
        """Write the period as it stands in the address."""
        if self.kind == "month":
            return f"{self.start:%Y-%m}"
        if self.kind == "year":
            return f"{self.start:%Y}"
        if self == Period.all_time():
            return "all"
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    @property
    def month(self) -> int:
        """Return the month (yyyymm) the period ends in."""
        return month_of(self.end)

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.end - self.start).days + 1

    def shifted(self, steps: int) -> Period:
        """Return the period so many steps of its own length later; the same one at the ends of time."""
        try:
            if self.kind == "month":
                moved = Period.of_month(add_months(self.month, steps))
            elif self.kind == "year":
                moved = Period.of_year(self.start.year + steps)
            else:
                length = timedelta(days=self.days * steps)
                moved = Period("custom", self.start + length, self.end + length)
        except (ValueError, OverflowError):
            return self
        return moved if moved.start >= EARLIEST and moved.end <= LATEST else self

    def has(self, day: date) -> bool:
        """Say whether the day lies in it."""
        return self.start <= day <= self.end

    def compared(self, now: date) -> tuple[Period, Period]:
        """Return what has passed of it by a day, and the same days of the period before: 1-18 Nov and 1-18 Oct.

        Whole months stand against whole months, and days that begin a month against the same days of the month before, so that
        what is paid on one day of the month is on both sides. Any other range stands against as many days right before it.
        """
        running = self.start <= now < self.end
        so_far = Period("custom", self.start, now) if running else self
        if self.shifted(-1) == self:
            return so_far, self
        steps = self._months
        if steps and (self.kind != "custom" or self.start > first_day(add_months(month_of(EARLIEST), steps))):
            start = same_day(add_months(month_of(self.start), -steps), self.start.day)
            if running:
                return so_far, Period("custom", start, same_day(add_months(month_of(now), -steps), now.day))
            if self.kind != "custom":
                return so_far, self.shifted(-1)
            whole = (self.end + timedelta(days=1)).day == self.start.day
            end = self.start - timedelta(days=1) if whole else same_day(add_months(self.month, -steps), self.end.day)
            return so_far, Period("custom", start, end)
        before = self.shifted(-1)
        return so_far, Period("custom", before.start, before.start + (so_far.end - so_far.start)) if running else before

    @property
    def _months(self) -> int:
        """Return how many months back the same days lie: of whole months, and of days that begin a month; else 0."""
        after = self.end + timedelta(days=1)
        count = (after.year - self.start.year) * 12 + after.month - self.start.month
        if after.day == self.start.day:
            return count
        return count + 1 if self.start.day == 1 else 0


@lru_cache(maxsize=8192)
def _formatted(day: date, form: str, locale: str) -> str:
    name = locale.replace("-", "_")
    if form.startswith("L"):
        return format_date(day, form, locale=name)
    return str(format_skeleton(form, day, locale=name))


def day_text(day: date, locale: str) -> str:
    """Format a date for a table, month by name: 18 Nov 2026."""
    return _formatted(day, "yMMMd", locale)


def moment_text(at: datetime, zone: str, locale: str) -> str:
    """Format a moment in a time zone: 18 Nov 2026, 12:04."""
    there = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    return f"{day_text(there.date(), locale)}, {format_time(there.time(), 'short', locale=locale.replace('-', '_'))}"


def day_numeric(day: date, locale: str) -> str:
    """Format a date as people type it there: 18/11/2026, 11/18/2026, 2026/11/18."""
    return re.sub(r"[^\d./-]", "", _formatted(day, "yMd", locale)).strip("./-")


@lru_cache(maxsize=64)
def day_first(locale: str) -> bool:
    """Say whether this locale types the day before the month."""
    return _formatted(date(2026, 11, 25), "Md", locale).find("25") < _formatted(date(2026, 11, 25), "Md", locale).find("11")


@lru_cache(maxsize=64)
def year_first(locale: str) -> bool:
    """Say whether this locale types the year before the rest."""
    return day_numeric(date(2026, 11, 25), locale).startswith(("2026", "26"))


def day_short(day: date, locale: str) -> str:
    """Format a date without its year: 18 Nov."""
    return _formatted(day, "MMMd", locale)


def day_heading(day: date, locale: str) -> str:
    """Format a date as the heading of a day: Wed 18 Nov 2026."""
    return _formatted(day, "yMMMEd", locale)


def day_near(day: date, now: date, locale: str) -> str:
    """Format a recent date: Today, Yesterday, else the short date."""
    if day == now:
        return "Today"
    if day == now - timedelta(days=1):
        return "Yesterday"
    return day_short(day, locale) if day.year == now.year else day_text(day, locale)


def month_name(month: int, locale: str) -> str:
    """Return a month's own name: November."""
    return _formatted(first_day(month), "LLLL", locale)


def month_short(month: int, locale: str) -> str:
    """Return a month's short name: Nov."""
    return _formatted(first_day(month), "LLL", locale)


def month_text(month: int, locale: str) -> str:
    """Format a month with its year: November 2026."""
    return _formatted(first_day(month), "yMMMM", locale)


def period_text(period: Period, locale: str) -> str:
    """Format a period: November 2026, 2026, 1 Nov 2026 – 18 Nov 2026."""
    if period.kind == "month":
        return month_text(period.month, locale)
    if period.kind == "year":
        return str(period.start.year)
    if period == Period.all_time():
        return "All time"
    return f"{day_text(period.start, locale)} \u2013 {day_text(period.end, locale)}"


def span_text(period: Period, locale: str) -> str:
    """Format a span of days shortly: 1–18 Oct, 28 Sep – 3 Oct, October where it is a whole month."""
    if period.start == first_day(period.month) and period.end == last_day(period.month):
        return month_name(period.month, locale)
    if period.start.year != period.end.year:
        return period_text(period, locale)
    if period.days == 1:
        return day_short(period.start, locale)
    if month_of(period.start) == month_of(period.end) and locale.startswith("en"):
        if locale == "en-US":
            return f"{day_short(period.start, locale)}\u2013{period.end.day}"
        return f"{period.start.day}\u2013{day_short(period.end, locale)}"
    if month_of(period.start) == month_of(period.end):
        return format_interval(period.start, period.end, "MMMd", locale=locale.replace("-", "_"))
    return f"{day_short(period.start, locale)} \u2013 {day_short(period.end, locale)}"


def parse_day(text: object, now: date, locale: str = "en-IE") -> date:
    """Read a date a person typed: 2026-11-18, t (today), y (yesterday), -3 (days ago), 14/11, 14.11.2026, 14.11.26.

    Whether 3/4 is 3 April or 4 March is the locale's; without a year it is the last such day, or one of this month or the next.

    Raises:
        InputNotValid: with one sentence for the person.
    """
    if not isinstance(text, str) or not text.strip():
        raise InputNotValid("Type a date", "date")
    said = text.strip()[:40]
    body = plain(text[:80]).lower()
    if body in ("t", "today"):
        return now
    if body in ("y", "yesterday"):
        return now - timedelta(days=1)
    if re.fullmatch(r"-\d{1,3}", body):
        return now - timedelta(days=int(body[1:]))
    try:
        day = date(*_parts(body, now, locale, said))
    except ValueError:
        raise InputNotValid(f"\u201c{said}\u201d does not exist in the calendar", "date") from None
    if not EARLIEST <= day <= LATEST:
        raise InputNotValid("Dates go from 1900 to 2199", "date")
    return day


def _parts(body: str, now: date, locale: str, said: str) -> tuple[int, int, int]:
    """Return year, month and day of a typed date."""
    mark = r" ?[-./ ] ?"
    if match := re.fullmatch(rf"(\d{{4}}){mark}(\d{{1,2}}){mark}(\d{{1,2}})\.?", body):
        return int(match[1]), int(match[2]), int(match[3])
    match = re.fullmatch(rf"(\d{{1,2}}){mark}(\d{{1,2}})(?:{mark}(\d{{4}}|\d{{2}}))?\.?", body)
    if not match:
        raise InputNotValid(f"\u201c{said}\u201d is not a date", "date")
    number, month = (int(match[1]), int(match[2])) if day_first(locale) else (int(match[2]), int(match[1]))
    if not match[3]:
        # In January "28/12" is last December, in December "1/1" the coming January.
        ahead = now.month + 1 - month
        return now.year + (ahead >= 12) - (ahead < 0), month, number
    if len(match[3]) == 4:
        return int(match[3]), month, number
    if year_first(locale):
        raise InputNotValid(f"Type the year of \u201c{said}\u201d in full", "date")
    # Of two digits: the year within the last eighty or the coming twenty.
    year = now.year - now.year % 100 + int(match[3])
    return year - 100 * (year >= now.year + 20) + 100 * (year < now.year - 80), month, number
