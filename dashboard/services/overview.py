"""What the dashboard shows for a period: one read, one answer; the page, the command line and the benchmark all ask here."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import Connection, func, select

from dashboard.analysis import projections, summaries
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.projections import BudgetLine, in_force
from dashboard.analysis.summaries import Change, Sums
from dashboard.errors import DashboardError
from dashboard.model.queries import flow, ledger
from dashboard.model.transactions import transaction
from dashboard.money import plain
from dashboard.periods import Period, add_months, first_day, last_day, month_of, months_between, same_day
from dashboard.selection import Selection
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import UNCATEGORISED, UNCATEGORISED_INCOME, Category, read_categories
from dashboard.services.held_budgets import carried, said

log = logging.getLogger("dashboard")

WINDOW = 12
LOOK_BACK = 6
RECENT = 8
PAYEES = 5
CHANGES = 5
T = TypeVar("T")


@dataclass(frozen=True)
class Overview:
    """Everything the dashboard shows. Amounts are minor units of `currency`, spending positive.

    The selection's accounts, categories and payee narrow everything but `categories`, from which categories are chosen,
    and `whole`, what the period sums to without category and payee. months: key (yyyymm), income, spending, net over the
    twelve months that end with the period. categories: category_id, amount, share; recent: as of queries/ledger.py;
    payees: as of queries/flow.py. failed: the sentence that stands in place of a card that could not be read, by its name.
    """

    selection: Selection
    today: date
    locale: str
    currency: str
    currencies: tuple[str, ...]
    elsewhere: tuple[tuple[str, int, int], ...]
    empty: bool
    demo: bool
    sums: Sums
    before: Sums
    whole: Sums
    whole_before: Sums
    compared: Period
    months: pd.DataFrame
    categories: pd.DataFrame
    names: dict[int, Category]
    accounts: dict[int, Account]
    # The ids of the accounts that are counted; None where all are.
    counted: tuple[int, ...] | None
    # The first month (yyyymm) there is anything in, and the newest where the period has nothing.
    first: int | None
    latest: int | None
    recent: pd.DataFrame
    count: int
    payees: pd.DataFrame
    changes: list[Change]
    budgets: list[BudgetLine]
    # What will have been spent by the running month's end.
    expected: int | None = None
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """Return the period shown."""
        return self.selection.period

    @property
    def current(self) -> bool:
        """Say whether the period is still running."""
        return self.period.has(self.today)

    @property
    def comparable(self) -> bool:
        """Say whether there is data for all of the period it is compared with."""
        return self.first is not None and month_of(self.compared.start) >= self.first

    @property
    def narrowed(self) -> bool:
        """Say whether categories or a payee narrow what is shown."""
        return bool(self.selection.categories or self.selection.payee)

    @property
    def budget(self) -> int:
        """Return the sum of the budgets, with what they carry over."""
        return sum(b.available for b in self.budgets)

    @property
    def budget_spent(self) -> int:
        """Return what was spent in budgeted categories."""
        return sum(b.spent for b in self.budgets)

    @property
    def budget_expected(self) -> int:
        """Return what will have been spent in budgeted categories by the period's end."""
        return sum(b.expected for b in self.budgets)


def overview(book: Book, selection: Selection) -> Overview:
    """Return what the dashboard shows for a selection."""
    with book.reading() as db:
        return _Reading(db, book, selection).answer()


class _Reading:
    """One look at a book: what several cards need is read once."""

    def __init__(self, db: Connection, book: Book, selection: Selection) -> None:
        self.db, self.book, self.selection = db, book, selection
        self.accounts = {a.id: a for a in read_accounts(db, book)}
        categories = read_categories(db, book)
        self.names = {c.id: c for c in (*categories, UNCATEGORISED, UNCATEGORISED_INCOME)}
        self.income = frozenset(c.id for c in self.names.values() if c.is_income)
        self.currency, self.currencies = _currency(book, selection, self.accounts)
        chosen = [a.id for a in self.accounts.values() if a.currency == self.currency]
        if selection.accounts:
            chosen = [i for i in chosen if i in selection.accounts]
        self.counted = tuple(chosen) if len(self.currencies) > 1 or selection.accounts else None
        self.period, self.today = selection.period, book.today
        self.compared = self.period.compared(self.today)[1]
        # Uncategorised money has two sides, and both are meant by it.
        self.wanted = frozenset((*selection.categories, UNCATEGORISED_INCOME.id) if 0 in selection.categories else selection.categories)
        self.failed: dict[str, str] = {}
        self.first, newest = _ends(db, book)
        # The six months before, the same days of each and the rest of each, where the month is still running.
        self.earlier = [m for m in (add_months(self.period.month, -i) for i in range(1, LOOK_BACK + 1)) if self.first and m >= self.first]
        self.running_month = self.period.kind == "month" and self.period.has(self.today)
        self._read_flows()
        self.newest = newest

    def _read_flows(self) -> None:
        """Read what flowed, once by months and, where days count, once by spans: the period, the one before, then the six months."""
        db, book, period, payee = self.db, self.book, self.period, self.selection.payee
        last = period.month
        self.window = months_between(add_months(last, 1 - WINDOW), last)
        first = min(self.window[0], month_of(period.shifted(-1).start))
        # A custom period may reach further back than the months do; its figures come out of the spans.
        self.flows = flow.by_month(db, book.id, first if period.kind != "custom" else self.window[0], last, self.counted, payee)
        self.by_days = period.kind == "custom" or period.has(self.today)
        self.spans: pd.DataFrame | None = None
        if self.by_days:
            spans = [(period.start, period.end), (self.compared.start, self.compared.end)]
            if self.running_month:
                day = self.today.day
                spans += [(first_day(m), same_day(m, day)) for m in self.earlier]
                spans += [(same_day(m, day) + timedelta(days=1), last_day(m)) for m in self.earlier]
            self.spans = flow.by_span(db, book.id, spans, self.counted, payee)

    def _of(self, which: str) -> tuple[pd.DataFrame, list[int]]:
        """Return the flow, and which keys of it are the period ("now") or the one it is compared with ("before")."""
        if self.spans is not None:
            return self.spans, [0] if which == "now" else [1]
        meant = self.period if which == "now" else self.compared
        return self.flows, months_between(month_of(meant.start), month_of(meant.end))

    def _masked(self, flows: pd.DataFrame) -> pd.DataFrame:
        return flows[flows["category_id"].isin(self.wanted)] if self.wanted else flows

    def _sums(self, which: str, *, masked: bool) -> Sums:
        flows, keys = self._of(which)
        return summaries.total(self._masked(flows) if masked else flows, self.income, keys)

    def _whole(self) -> tuple[Sums, Sums]:
        """Return what the periods sum to without category and payee."""
        if not self.selection.payee:
            return self._sums("now", masked=False), self._sums("before", masked=False)
        spans = [(self.period.start, self.period.end), (self.compared.start, self.compared.end)]
        flows = flow.by_span(self.db, self.book.id, spans, self.counted)
        return summaries.total(flows, self.income, [0]), summaries.total(flows, self.income, [1])

    def answer(self) -> Overview:
        """Put it together; a card that cannot be read says so and leaves the others standing."""
        db, book, period = self.db, self.book, self.period
        flows, keys = self._of("now")
        by_category = summaries.spending_by_category(flows, self.income, keys)
        whole, whole_before = self._whole()
        chosen = ledger.Filter(
            book.id,
            period.start,
            period.end,
            accounts=self.counted,
            categories=self.selection.categories,
            payee=self.selection.payee,
            income_categories=tuple(i for i in self.income if i > 0),
            fold=True,
        )
        nothing = pd.DataFrame(columns=list(ledger.COLUMNS), dtype="object")
        recent = self._part("Recent transactions", lambda: ledger.page(db, chosen, 1, RECENT), nothing)
        count = self._part("Recent transactions", lambda: ledger.count(db, chosen), 0)
        payees = self._part("Top payees", self._payees, pd.DataFrame(columns=list(flow.PAYEE_COLUMNS), dtype="object"))
        return Overview(
            selection=self.selection,
            today=self.today,
            locale=book.locale,
            currency=self.currency,
            currencies=self.currencies,
            elsewhere=self._part("Other currencies", self._elsewhere, ()),
            empty=self.newest is None,
            demo=book.demo,
            sums=self._sums("now", masked=True),
            before=self._sums("before", masked=True),
            whole=whole,
            whole_before=whole_before,
            compared=self.compared,
            months=summaries.by_key(self._masked(self.flows), self.window, self.income),
            categories=by_category,
            names=self.names,
            accounts=self.accounts,
            counted=self.counted,
            first=self.first,
            latest=self.newest if recent.empty and "Recent transactions" not in self.failed else None,
            recent=recent,
            count=count,
            payees=payees,
            changes=self._part("Biggest changes", self._changes, []),
            budgets=self._part("Budgets", lambda: self._budgets(by_category), []),
            expected=self._expected(),
            failed=self.failed,
        )

    def _part(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        """Read one card; what goes wrong there is said on it, and the others are read all the same."""
        # On PostgreSQL an error ends the transaction, unless a savepoint takes it back.
        guard = self.db.begin_nested() if self.db.dialect.name == "postgresql" else nullcontext()
        try:
            with guard:
                return read()
        except DashboardError as error:
            self.failed[name] = error.message
        except Exception:
            number = secrets.token_hex(4)
            log.exception("error %s in the card %s", number, name)
            self.failed[name] = f"This could not be read; your data is as it was. Error number {number} is in the server's log."
        return otherwise

    def _payees(self) -> pd.DataFrame:
        return flow.by_payee(
            self.db,
            self.book.id,
            (self.period.start, self.period.end),
            [i for i in self.income if i > 0],
            self.counted,
            payee=self.selection.payee,
            categories=self.selection.categories,
            most=PAYEES,
        )

    def _changes(self) -> list[Change]:
        """Return how the period's spending differs from what is usual: the same days of six months; of a year, the year before."""
        flows, keys = self._of("now")
        now = summaries.spent_in(self._masked(flows), self.income, keys)
        if self.period.kind != "month":
            if self.first is None or month_of(self.compared.start) < self.first:
                return []
            other, other_keys = self._of("before")
            usual = [summaries.spent_in(self._masked(other), self.income, other_keys)]
        elif self.spans is not None and self.running_month:
            usual = [summaries.spent_in(self._masked(self.spans), self.income, [2 + n]) for n in range(len(self.earlier))]
        else:
            usual = [summaries.spent_in(self._masked(self.flows), self.income, [m]) for m in self.earlier]
        return summaries.biggest_changes(now, usual, CHANGES)

    def _budgets(self, by_category: pd.DataFrame) -> list[BudgetLine]:
        """Return the period's budget lines, those the filter is after."""
        period = self.period
        if period.kind == "custom":
            return []
        held = said(self.db, self.book, self.currency)
        amounts: dict[int, int] = {}
        for month in months_between(month_of(period.start), period.month):
            for category_id, mine in held.items():
                if (now := in_force(mine, month)) is not None and now.amount is not None:
                    amounts[category_id] = amounts.get(category_id, 0) + now.amount
        spent = dict(zip(by_category["category_id"].tolist(), by_category["amount"].tolist(), strict=True))
        if self.selection.categories:
            amounts = {i: amount for i, amount in amounts.items() if i in self.selection.categories}
        if self.selection.payee:
            amounts = {i: amount for i, amount in amounts.items() if spent.get(i)}
        if not amounts:
            return []
        received = carried(self.db, self.book, month_of(period.start), self.counted, {i: held[i] for i in amounts})
        day, days = (self.today - period.start).days + 1 if period.has(self.today) else period.days, period.days
        rests: dict[int, list[int]] = {}
        if self.spans is not None and self.running_month:
            offset = 2 + len(self.earlier)
            for key, category_id, amount in rows_of(self.spans):
                if key >= offset:
                    rests.setdefault(category_id, [0] * len(self.earlier))[key - offset] -= amount
        # Only of a month is it known what its rest usually costs; a running year goes on as it went.
        known = len(self.earlier) if self.running_month else 0
        return projections.budget_lines(amounts, spent, day, days, rests, known, received)

    def _expected(self) -> int | None:
        """Return what will have been spent by the running month's end, None where there is too little to say."""
        if self.spans is None or not self.running_month or len(self.earlier) < projections.ENOUGH_MONTHS:
            return None
        offset, flows = 2 + len(self.earlier), self._masked(self.spans)
        rests = [summaries.total(flows, self.income, [offset + n]).spending for n in range(len(self.earlier))]
        return projections.project(self._sums("now", masked=True).spending, 1, 2, rests)[0]

    def _elsewhere(self) -> tuple[tuple[str, int, int], ...]:
        """Return what stands beside the figures in other currencies: (currency, net of the period, number of accounts)."""
        found = []
        for code in self.currencies:
            ids = [a.id for a in self.accounts.values() if a.currency == code]
            if code == self.currency or not ids or self.selection.accounts:
                continue
            flows = flow.by_span(self.db, self.book.id, [(self.period.start, self.period.end)], ids)
            found.append((code, summaries.total(flows, self.income).net, len(ids)))
        return tuple(found)


def _currency(book: Book, selection: Selection, accounts: dict[int, Account]) -> tuple[str, tuple[str, ...]]:
    """Return the currency of the figures, and all there are: the main one first, and shown even where no account has it yet."""
    used = list(dict.fromkeys(a.currency for a in accounts.values()))
    if not used:
        return selection.currency or book.currency, (book.currency,)
    main = book.currency if book.currency in used else used[0]
    everything = (main, *(c for c in used if c != main))
    wanted = selection.currency
    if wanted is None and selection.accounts:
        # An account is shown in its own currency.
        wanted = next((accounts[i].currency for i in selection.accounts if i in accounts), None)
    return (wanted if wanted in everything else main), everything


def _ends(db: Connection, book: Book) -> tuple[int | None, int | None]:
    """Return the months (yyyymm) of the book's first and newest transactions, None where it has none."""
    t = transaction.c
    ends = [db.execute(select(edge).where(t.book_id == book.id)).scalar_one() for edge in (func.min(t.date), func.max(t.date))]
    return ends[0] and month_of(ends[0]), ends[1] and month_of(ends[1])


def summed(shown: Overview) -> dict[str, Any]:
    """Return the figures of an overview with amounts as decimal strings, as `summary --json` prints them."""

    def text(minor: int) -> str:
        return plain(minor, shown.currency)

    return {
        "month": str(shown.period),
        "currency": shown.currency,
        "income": text(shown.sums.income),
        "spending": text(shown.sums.spending),
        "net": text(shown.sums.net),
        "by_category": [{"category": shown.names[c].name, "amount": text(a)} for c, a, _ in rows_of(shown.categories)],
        "budgets": [
            {
                "category": shown.names[b.category_id].name,
                "budget": text(b.budget),
                "carried": text(b.carried),
                "spent": text(b.spent),
                "left": text(b.left),
                "status": b.status,
            }
            for b in shown.budgets
        ],
        "months": [
            {"month": f"{m // 100}-{m % 100:02}", "income": text(i), "spending": text(s), "net": text(n)}
            for m, i, s, n in rows_of(shown.months)
        ],
    }
