"""What flowed in a period: all of it, so far, before it and in the months that tell what is usual; each read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from sqlalchemy import Connection

from dashboard.analysis import comparing, projections, summaries
from dashboard.analysis.comparing import Comparison, Entered
from dashboard.analysis.projections import Course
from dashboard.analysis.summaries import Sums
from dashboard.model.queries import flow, reach
from dashboard.model.queries.flow import Flowed
from dashboard.periods import Period, add_months, last_day, month_of, months_between
from dashboard.services.books import Book

WINDOW = 12
NOW, SO_FAR, BEFORE = "now", "so far", "before"
# The places of the spans that are read of any period that days count in; those of the earlier months follow.
PLACES = {NOW: 0, SO_FAR: 1, BEFORE: 2}


@dataclass(frozen=True)
class Narrowed:
    """What of a book is counted: accounts (None all), payee ("" all), categories (none all); which categories are income."""

    accounts: tuple[int, ...] | None
    payee: str
    categories: frozenset[int]
    income: frozenset[int]


def known(db: Connection, book: Book, accounts: Sequence[int] | None) -> tuple[date | None, date]:
    """Return the day of the first row of some accounts, None where there is none, and the day up to which they are known."""
    begun = reach.first_day(db, book.id, accounts)
    newest = reach.newest_day(db, book.id, accounts, book.today)
    if newest is None or not reach.has_files(db, book.id):
        return begun, book.today
    rows = reach.entered(db, book.id, newest - comparing.USED, accounts)
    return begun, comparing.reached([Entered(*row) for row in rows], book.today)


class Flows:
    """What flowed, by month, and where days count by span."""

    def __init__(self, db: Connection, book: Book, period: Period, narrowed: Narrowed) -> None:
        self.db, self.book, self.period, self.narrowed = db, book, period, narrowed
        self._spent: dict[tuple[str, bool], dict[int, int]] = {}
        self.begun, reached = known(db, book, narrowed.accounts)
        self.compared = Comparison(period, self.begun, reached)
        self.running = period.has(book.today)
        last = self._last_month()
        self.window = months_between(add_months(last, 1 - WINDOW), last)
        # A custom period may reach further back than the months do; its figures come out of the spans.
        first = self.window[0] if period.kind == "custom" else min(self.window[0], month_of(period.shifted(-1).start))
        self.by_month = flow.by_month(db, book.id, first, period.month, narrowed.accounts, narrowed.payee)
        self.by_days = period.kind == "custom" or (self.compared.begins and self.compared.partial)
        # Where a month goes: only of one that is running.
        months = self.running and period.kind == "month"
        self.same_days = self.compared.same_days if period.kind == "month" and self.by_days else []
        self.rests = self.compared.rests if months else []
        self.spans = self._spans()

    def _last_month(self) -> int:
        """Return the month that the bars end with: of days chosen freely, as "all", the last with rows; a row years ahead is a slip."""
        period, now = self.period, month_of(self.book.today)
        if period.kind != "custom" or period.month <= now:
            return period.month
        day = reach.newest_day(self.db, self.book.id, self.narrowed.accounts, until=last_day(add_months(now, WINDOW - 1)))
        latest = month_of(day) if day is not None else now
        return min(period.month, max(latest, month_of(period.start)))

    def _spans(self) -> list[Flowed]:
        passed, before, period = self.compared.passed, self.compared.before, self.period
        spans = []
        if self.by_days:
            spans = [(p.start, p.end) for p in (period, passed, before)]
        offset = len(spans)
        self.offset = offset
        spans += [*self.same_days, *self.rests]
        return flow.by_span(self.db, self.book.id, spans, self.narrowed.accounts, self.narrowed.payee)

    def of(self, which: str) -> tuple[list[Flowed], list[int]]:
        """Return a flow, and which keys of it are the period, what is known of it, or what it is compared with."""
        if which == SO_FAR and not self.compared.begins:
            return self.by_month, []
        if self.by_days:
            return self.spans, [PLACES[which]]
        meant = self.compared.before if which == BEFORE else self.period
        return self.by_month, months_between(month_of(meant.start), month_of(meant.end))

    def masked(self, flows: list[Flowed]) -> list[Flowed]:
        """Return what of a flow is in the chosen categories."""
        wanted = self.narrowed.categories
        return [one for one in flows if one.category_id in wanted] if wanted else flows

    def sums(self, which: str, *, masked: bool = True) -> Sums:
        """Return income and spending."""
        flows, keys = self.of(which)
        return summaries.total(self.masked(flows) if masked else flows, self.narrowed.income, keys)

    def spent(self, which: str, *, masked: bool = True) -> dict[int, int]:
        """Return what each category cost."""
        if (which, masked) not in self._spent:
            flows, keys = self.of(which)
            self._spent[which, masked] = summaries.spent_in(self.masked(flows) if masked else flows, self.narrowed.income, keys)
        return self._spent[which, masked]

    def without_payee(self, which: str) -> list[Flowed]:
        """Return what flowed of every payee, as of `of`."""
        flows, keys = self.of(which)
        if not self.narrowed.payee:
            return [one for one in flows if one.key in keys]
        if which == SO_FAR and not self.compared.begins:
            return []
        meant = {NOW: self.period, SO_FAR: self.compared.passed, BEFORE: self.compared.before}[which]
        return flow.by_span(self.db, self.book.id, [(meant.start, meant.end)], self.narrowed.accounts)

    def usual(self) -> list[dict[int, int]]:
        """Return what each category cost in what the period is compared with: of a month, the same days of six months."""
        if self.period.kind != "month":
            return [self.spent(BEFORE)] if self.compared.comparable else []
        if not self.compared.begins:
            return []
        if self.by_days:
            places = range(self.offset, self.offset + len(self.same_days))
            return [summaries.spent_in(self.masked(self.spans), self.narrowed.income, [place]) for place in places]
        return [summaries.spent_in(self.masked(self.by_month), self.narrowed.income, [m]) for m in self.compared.earlier]

    @cached_property
    def course(self) -> Course:
        """Return how the period usually goes on."""
        left = self.running and self.compared.partial
        if self.period.kind == "year" and left:
            return self._course_of_year()
        if self.period.kind != "month":
            return Course(left)
        bills = self._bills() if self.compared.begins else {}
        first = self.offset + len(self.same_days)
        rests: dict[int, list[int]] = {}
        for key, category_id, amount in self.spans:
            if key >= first and category_id not in self.narrowed.income:
                rests.setdefault(category_id, [0] * len(self.rests))[key - first] -= amount
        return Course(left, rests, len(self.rests), bills)

    def _course_of_year(self) -> Course:
        """Let a running year go on as its months that are over went."""
        now = month_of(self.compared.known)
        months = [m for m in self.window if m < now and self.begun is not None and m >= month_of(self.begun)]
        by_category = {m: summaries.spent_in(self.by_month, self.narrowed.income, [m]) for m in months}
        start = Period.of_month(now).start
        running = flow.by_span(self.db, self.book.id, [(start, self.compared.known)], self.narrowed.accounts, self.narrowed.payee)
        this_month = summaries.spent_in(running, self.narrowed.income, [0])
        left = sum(1 for m in self.window if m >= now)
        ids = {i for one in (this_month, *by_category.values()) for i in one}
        rests = {i: projections.rest_of_year([by_category[m].get(i, 0) for m in months], left, this_month.get(i, 0)) for i in ids}
        return Course(True, rests, projections.ENOUGH_MONTHS if len(months) >= projections.ENOUGH_MONTHS else 0)

    def _bills(self) -> dict[int, int]:
        """Return what each category costs that is paid once a month."""
        begun = month_of(self.begun) if self.begun else None
        earlier = [m for m in (add_months(self.period.month, -i) for i in range(1, comparing.LOOK_BACK + 1)) if begun and m >= begun]
        if len(earlier) < projections.ENOUGH_MONTHS:
            return {}
        counted = flow.payments(self.db, self.book.id, min(earlier), max(earlier), self.narrowed.accounts, self.narrowed.payee)
        counts: dict[int, dict[int, int]] = {}
        for month, category_id, count in counted:
            counts.setdefault(category_id, {})[month] = count
        ids = comparing.paid_monthly(counts, earlier, projections.ENOUGH_MONTHS, begun) - {0}
        costs: dict[int, list[int]] = {}
        for month, category_id, amount in self.by_month:
            if category_id in ids and month in earlier:
                costs.setdefault(category_id, []).append(-amount)
        return {i: int(median(mine)) for i, mine in costs.items() if i not in self.narrowed.income}
