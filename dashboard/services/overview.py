"""What the dashboard shows for a period: one read, one answer; the page, the command line and the benchmark all ask here."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypedDict, TypeVar

import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis import projections, summaries
from dashboard.analysis.comparing import Comparison, open_month
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.projections import BudgetLine, in_force
from dashboard.analysis.summaries import Change, Ring, Shares, Sides, Sums
from dashboard.errors import DashboardError
from dashboard.model.queries import budgets, flow, ledger, reach
from dashboard.money import plain
from dashboard.periods import Period, add_months, month_of, months_between
from dashboard.selection import Selection
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import UNCATEGORISED, UNCATEGORISED_INCOME, Category, read_categories
from dashboard.services.flows import BEFORE, NOW, SO_FAR, Flows, Narrowed

log = logging.getLogger("dashboard")

RECENT = 8
PAYEES = 5
CHANGES = 5
NO_ROWS = pd.DataFrame(columns=list(ledger.COLUMNS), dtype="object")
NO_PAYEES = pd.DataFrame(columns=list(flow.PAYEE_COLUMNS), dtype="object")
T = TypeVar("T")


@dataclass(frozen=True)
class Overview:
    """Everything the dashboard shows. Amounts are minor units of `currency`, spending positive.

    The selection's accounts, categories and payee narrow everything but `categories`, from which categories are chosen,
    and `whole`, what the period sums to without category and payee. months: key (yyyymm), income, spending, net over the
    twelve months that end with the period. categories: category_id, amount, share; recent: as of queries/ledger.py;
    payees: as of queries/flow.py. failed: the sentence that stands in place of a card that could not be read, by its name.
    `sums` holds what is dated after today too; `so_far` and `before` are what is compared. costs are what the selection's
    categories cost, outlays what all did, both without those that more came back in than went out.
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
    so_far: Sums
    before: Sums
    whole: Sums
    whole_so_far: Sums
    whole_before: Sums
    costs: Sides
    outlays: Sides
    comparison: Comparison
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
        """Say whether there is data for all of the days that are compared, on both sides."""
        return self.comparison.comparable

    @property
    def compares(self) -> bool:
        """Say whether there is anything that tells what is usual: of a month, a whole one before it."""
        return bool(self.comparison.begins and self.comparison.earlier) if self.period.kind == "month" else self.comparable

    @property
    def open_month(self) -> int:
        """Return the first month (yyyymm) that is not over, or that statements end within."""
        return open_month(self.comparison.known, self.today)

    @property
    def compared(self) -> Period:
        """Return the days that what is known of the period is compared with."""
        return self.comparison.before

    @property
    def narrowed(self) -> bool:
        """Say whether categories or a payee narrow what is shown."""
        return bool(self.selection.categories or self.selection.payee)

    @property
    def of_income(self) -> bool:
        """Say whether the chosen categories are income, all of them."""
        chosen = [self.names[i] for i in self.selection.categories if i in self.names]
        return bool(chosen) and all(c.is_income for c in chosen)

    @property
    def income(self) -> Sides:
        """Return what came in."""
        return Sides(*(sums.income for sums in (self.sums, self.so_far, self.before)))

    @property
    def spending(self) -> Sides:
        """Return what was spent."""
        return Sides(*(sums.spending for sums in (self.sums, self.so_far, self.before)))

    @property
    def net(self) -> Sides:
        """Return what is left of the income."""
        return Sides(*(sums.net for sums in (self.sums, self.so_far, self.before)))

    @property
    def narrowed_to(self) -> Sides:
        """Return what the chosen categories or the payee brought in, where they are income, or cost."""
        return self.income if self.of_income else self.spending

    @property
    def shares(self) -> Shares:
        """Return what the selection narrows to as shares of all income or spending; what more came back of than went out has none."""
        wholes = Sides(self.whole.income, self.whole_so_far.income, self.whole_before.income) if self.of_income else self.outlays
        parts = self.income if self.of_income else self.costs
        found = zip(self.narrowed_to, parts, wholes, strict=True)
        return Shares(*(summaries.share_of(part, whole) if net >= 0 else None for net, part, whole in found))

    @property
    def savings_rates(self) -> Shares:
        """Return net as shares of income."""
        return Shares(*(sums.savings_rate for sums in (self.sums, self.so_far, self.before)))

    @property
    def begun(self) -> list[Any]:
        """Return the rows of `months` that have begun: those to come have not been nothing, they are not there yet."""
        return [row for row in rows_of(self.months) if row.key <= month_of(self.today)]

    @property
    def monthly_rates(self) -> list[float]:
        """Return net as a share of income in each month that has begun, 0 without income."""
        return [row.net / row.income if row.income > 0 else 0.0 for row in self.begun]

    @property
    def year(self) -> Sums:
        """Return what `months` sum to."""
        rows = rows_of(self.months)
        return Sums(sum(row.income for row in rows), sum(row.spending for row in rows))

    @property
    def average(self) -> int | None:
        """Return what the selection narrows to in an average month of `months` that is over and in the book, None without one."""
        first, side = self.first or 0, "income" if self.of_income else "spending"
        over = [getattr(row, side) for row in self.begun if first <= row.key < self.open_month]
        return round(sum(over) / len(over)) if over else None

    @property
    def above_average(self) -> int | None:
        """Return by how much the period is above the average month, None without one."""
        average = self.average
        return None if average is None else self.narrowed_to.now - average

    @property
    def to_come(self) -> int:
        """Return by how much the running month's spending is expected to grow."""
        spent = [row.spending for row in rows_of(self.months) if row.key == month_of(self.today)]
        return max(0, self.expected - spent[0]) if spent and self.expected is not None else 0

    @property
    def ring(self) -> Ring:
        """Return spending by category, small ones folded into one."""
        return summaries.fold_small(self.categories)

    @property
    def chosen_share(self) -> float | None:
        """Return the chosen categories' share of what was spent, None where nothing was."""
        shares = {row.category_id: row.share for row in rows_of(self.categories) if row.amount > 0}
        return sum(shares.get(i, 0) for i in self.selection.categories) if shares else None

    @property
    def passed(self) -> float | None:
        """Return which share of the month has passed, as far as statements reach; None where the period is not a running month."""
        if self.period.kind != "month" or not self.current:
            return None
        return self.comparison.day / self.period.days

    @property
    def budget(self) -> int:
        """Return the sum of the budgets, with what they carry over."""
        return sum(b.available for b in self.budgets)

    @property
    def budgeted(self) -> int:
        """Return the sum of the budgets, without what they carry over."""
        return sum(b.budget for b in self.budgets)

    @property
    def budget_carried(self) -> int:
        """Return what the budgets carry over from earlier months; negative: overspent."""
        return sum(b.carried for b in self.budgets)

    @property
    def budget_spent(self) -> int:
        """Return what was spent in budgeted categories."""
        return sum(b.spent for b in self.budgets)

    @property
    def budget_so_far(self) -> int:
        """Return what has been spent in budgeted categories already."""
        return sum(b.so_far for b in self.budgets)

    @property
    def budget_expected(self) -> int:
        """Return what will have been spent in budgeted categories by the period's end."""
        return sum(b.expected for b in self.budgets)

    @property
    def budget_left(self) -> int:
        """Return what is left of the budgets; negative: overspent."""
        return self.budget - self.budget_spent

    @property
    def budget_status(self) -> str:
        """Return over, heading or pace, of all budgets together."""
        return projections.status_of(self.budget, self.budget_spent, self.budget_expected)

    @property
    def budget_pace(self) -> int | None:
        """Return what of the budgets would be spent by now if every day cost the same, None where no month is running."""
        return None if self.passed is None else int(self.budget * self.passed)

    @property
    def outside_budgets(self) -> int:
        """Return what was spent in categories without a budget."""
        return max(0, self.sums.spending - self.budget_spent)

    @property
    def covered(self) -> bool:
        """Say whether budgets are the measure of all that was spent: none went elsewhere, and nobody's share of it is shown."""
        return bool(self.budgets) and self.outlays.now <= self.budget_spent and not self.selection.payee

    @property
    def allowance(self) -> int:
        """Return what may be spent of the budgets a day until the month's end, or of a year's a month; today is spent already."""
        # On the last day what is left is for today.
        days, months = max(1, (self.period.end - self.today).days), max(1, 13 - self.today.month)
        return self.budget_left // (days if self.period.kind == "month" else months)


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
        # Uncategorised money has two sides, and both are meant by it.
        wanted = frozenset((*selection.categories, UNCATEGORISED_INCOME.id) if 0 in selection.categories else selection.categories)
        self.flows = Flows(db, book, self.period, Narrowed(self.counted, selection.payee, wanted, self.income))
        self.failed: dict[str, str] = {}

    def answer(self) -> Overview:
        """Put it together; a card that cannot be read says so and leaves the others standing."""
        db, book, flows = self.db, self.book, self.flows
        by_category = summaries.spending_by_category(flows.of(NOW)[0], self.income, flows.of(NOW)[1])
        everything = [flows.without_payee(which) for which in (NOW, SO_FAR, BEFORE)]
        whole, whole_so_far, whole_before = (summaries.total(one, self.income) for one in everything)
        newest = reach.newest_day(db, book.id, self.counted)
        chosen = self._chosen()
        recent = self._part("Recent transactions", lambda: ledger.page(db, chosen, 1, RECENT), NO_ROWS)
        count = self._part("Recent transactions", lambda: ledger.count(db, chosen), 0)
        payees = self._part("Top payees", self._payees, NO_PAYEES)
        return Overview(
            selection=self.selection,
            today=self.today,
            locale=book.locale,
            currency=self.currency,
            currencies=self.currencies,
            elsewhere=self._part("Other currencies", self._elsewhere, ()),
            empty=newest is None and reach.newest_day(db, book.id) is None,
            demo=book.demo,
            sums=flows.sums(NOW),
            so_far=flows.sums(SO_FAR),
            before=flows.sums(BEFORE),
            whole=whole,
            whole_so_far=whole_so_far,
            whole_before=whole_before,
            costs=Sides(*(summaries.outlay(flows.spent(which)) for which in (NOW, SO_FAR, BEFORE))),
            outlays=Sides(*(summaries.outlay(summaries.spent_in(one, self.income)) for one in everything)),
            comparison=flows.compared,
            months=summaries.by_key(flows.masked(flows.by_month), flows.window, self.income),
            categories=by_category,
            names=self.names,
            accounts=self.accounts,
            counted=self.counted,
            first=month_of(flows.begun) if flows.begun else None,
            latest=month_of(newest) if newest and recent.empty and "Recent transactions" not in self.failed else None,
            recent=recent,
            count=count,
            payees=payees,
            changes=self._part("Biggest changes", self._changes, []),
            budgets=self._part("Budgets", self._budgets, []),
            expected=self._expected(),
            failed=self.failed,
        )

    def _chosen(self) -> ledger.Filter:
        """Return which transactions are listed: those of the period, narrowed as the selection is."""
        return ledger.Filter(
            self.book.id,
            self.period.start,
            self.period.end,
            accounts=self.counted,
            categories=self.selection.categories,
            payee=self.selection.payee,
            income_categories=tuple(i for i in self.income if i > 0),
            fold=True,
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
        income = [i for i in self.income if i > 0]
        asked = flow.Spending(
            self.period.start, self.period.end, income, self.counted, self.selection.payee, self.selection.categories
        )
        return flow.by_payee(self.db, self.book.id, asked, PAYEES)

    def _changes(self) -> list[Change]:
        """Return how the period's spending differs from what is usual: the same days of six months; of a year, the year before."""
        return summaries.biggest_changes(self.flows.spent(SO_FAR), self.flows.usual(), CHANGES)

    def _budgets(self) -> list[BudgetLine]:
        """Return the period's budget lines, those the filter is after."""
        period = self.period
        if period.kind == "custom":
            return []
        held = projections.by_category(budgets.said(self.db, self.book.id, self.currency))
        amounts: dict[int, int] = {}
        for month in months_between(month_of(period.start), period.month):
            for category_id, mine in held.items():
                if (now := in_force(mine, month)) is not None and now.amount is not None:
                    amounts[category_id] = amounts.get(category_id, 0) + now.amount
        spent = self.flows.spent(NOW, masked=False)
        if self.selection.categories:
            amounts = {i: amount for i, amount in amounts.items() if i in self.selection.categories}
        if self.selection.payee:
            amounts = {i: amount for i, amount in amounts.items() if spent.get(i)}
        if not amounts:
            return []
        first = month_of(period.start)
        carrying = projections.carrying({i: held[i] for i in amounts}, first)
        cost = flow.spending(self.db, self.book.id, projections.begun(carrying, first), add_months(first, -1), self.counted)
        received = projections.carried(carrying, cost, first)
        so_far = self.flows.spent(SO_FAR, masked=False)
        return projections.budget_lines(amounts, spent, so_far, self.flows.course, received)

    def _expected(self) -> int | None:
        """Return what will have been spent by the running month's end, None where there is too little to say."""
        course = self.flows.course if self.flows.running and self.period.kind == "month" else None
        if course is None or not course.running or course.months < projections.ENOUGH_MONTHS:
            return None
        wanted = self.flows.narrowed.categories
        if wanted:
            course = course._replace(rests={i: mine for i, mine in course.rests.items() if i in wanted})
        now, so_far = self.flows.spent(NOW), self.flows.spent(SO_FAR)
        ahead = {i: now.get(i, 0) - so_far.get(i, 0) for i in {*now, *so_far}}
        return projections.project_whole(so_far, ahead, course)

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


class Summary(TypedDict):
    """The figures of an overview as JSON, amounts as decimal strings."""

    month: str
    currency: str
    income: str
    spending: str
    net: str
    by_category: list[dict[str, str]]
    budgets: list[dict[str, str]]
    months: list[dict[str, str]]


def summed(shown: Overview) -> Summary:
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
