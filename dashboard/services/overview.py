"""What the dashboard shows for a period: one read, one answer; the page, the command line and the benchmark all ask here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, select

from dashboard.analysis import projections, summaries
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.projections import BudgetLine
from dashboard.analysis.summaries import Sums
from dashboard.model.queries import flow, ledger, nouns
from dashboard.model.transactions import transaction
from dashboard.money import plain
from dashboard.periods import Period, add_months, first_day, last_day, month_of, months_between, same_day
from dashboard.selection import Selection
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import UNCATEGORISED, UNCATEGORISED_INCOME, Category, read_categories

WINDOW = 12
LOOK_BACK = 6
RECENT = 8


@dataclass(frozen=True)
class Overview:
    """Everything the dashboard shows. Amounts are minor units of `currency`, spending positive.

    months: key (yyyymm), income, spending, net over the twelve months that end with the period.
    categories: category_id, amount, share; recent: as of queries/ledger.py.
    """

    selection: Selection
    today: date
    locale: str
    currency: str
    currencies: tuple[str, ...]
    elsewhere: tuple[tuple[str, int, int], ...]
    empty: bool
    sums: Sums
    before: Sums
    compared: Period
    months: pd.DataFrame
    categories: pd.DataFrame
    names: dict[int, Category]
    accounts: dict[int, Account]
    recent: pd.DataFrame
    count: int
    # The month (yyyymm) of the newest transaction, where the period has none.
    latest: int | None
    budgets: list[BudgetLine]
    budget: int
    budget_spent: int
    budget_expected: int

    @property
    def period(self) -> Period:
        """Return the period shown."""
        return self.selection.period

    @property
    def current(self) -> bool:
        """Say whether the period is still running."""
        return self.period.has(self.today)


def overview(book: Book, selection: Selection) -> Overview:
    """Return what the dashboard shows for a selection."""
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = read_categories(db, book)
        names = {c.id: c for c in (*categories, UNCATEGORISED, UNCATEGORISED_INCOME)}
        income_ids = frozenset(c.id for c in names.values() if c.is_income)
        currency, currencies = _currency(book, selection, accounts)
        counted = tuple(a.id for a in accounts.values() if a.currency == currency) if len(currencies) > 1 else None
        period, today = selection.period, book.today
        last = period.month
        window = months_between(add_months(last, 1 - WINDOW), last)
        # A running month is compared by days; whole months and years come out of the monthly sums.
        flows = flow.by_month(db, book.id, min(window[0], month_of(period.shifted(-1).start)), last, counted)
        _, compared = period.compared(today)
        if period.kind == "custom" or period.has(today):
            spans = flow.by_span(db, book.id, [(period.start, period.end), (compared.start, compared.end)], counted)
            sums, before = summaries.total(spans, income_ids, [0]), summaries.total(spans, income_ids, [1])
            shown, keys = spans, [0]
        else:
            keys = months_between(month_of(period.start), last)
            shown = flows
            sums = summaries.total(flows, income_ids, keys)
            before = summaries.total(flows, income_ids, months_between(month_of(compared.start), month_of(compared.end)))
        by_category = summaries.spending_by_category(shown, income_ids, keys)
        chosen = ledger.Filter(book.id, period.start, period.end, accounts=counted)
        recent = ledger.page(db, chosen, 1, RECENT)
        count = ledger.count(db, chosen)
        latest = _latest(db, book) if recent.empty else None
        empty = recent.empty and latest is None
        lines, whole, spent, expected = _budgets(db, book, currency, period, today, counted, by_category)
        elsewhere = _elsewhere(db, book, period, accounts, currency, income_ids)
    return Overview(
        selection=selection,
        today=today,
        locale=book.locale,
        currency=currency,
        currencies=currencies,
        elsewhere=elsewhere,
        empty=empty,
        sums=sums,
        before=before,
        compared=compared,
        months=summaries.by_key(flows, window, income_ids),
        categories=by_category,
        names=names,
        accounts=accounts,
        recent=recent,
        count=count,
        latest=latest,
        budgets=lines,
        budget=whole,
        budget_spent=spent,
        budget_expected=expected,
    )


def _currency(book: Book, selection: Selection, accounts: dict[int, Account]) -> tuple[str, tuple[str, ...]]:
    """Return the currency of the figures, and all there are: the main one first, and shown even where no account has it yet."""
    used = list(dict.fromkeys(a.currency for a in accounts.values()))
    if not used:
        return selection.currency or book.currency, (book.currency,)
    main = book.currency if book.currency in used else used[0]
    everything = (main, *(c for c in used if c != main))
    return (selection.currency if selection.currency in everything else main), everything


def _latest(db: Connection, book: Book) -> int | None:
    """Return the month of the book's newest transaction, None where it has none."""
    day = db.execute(select(func.max(transaction.c.date)).where(transaction.c.book_id == book.id)).scalar_one()
    return None if day is None else month_of(day)


def _elsewhere(
    db: Connection, book: Book, period: Period, accounts: dict[int, Account], currency: str, income_ids: frozenset[int]
) -> tuple[tuple[str, int, int], ...]:
    """Return what stands beside the figures in other currencies: (currency, net of the period, number of accounts)."""
    found = []
    for code in dict.fromkeys(a.currency for a in accounts.values()):
        if code == currency:
            continue
        ids = [a.id for a in accounts.values() if a.currency == code]
        sums = summaries.total(flow.by_span(db, book.id, [(period.start, period.end)], ids), income_ids)
        found.append((code, sums.net, len(ids)))
    return tuple(found)


def _budgets(
    db: Connection, book: Book, currency: str, period: Period, today: date, counted: tuple[int, ...] | None, by_category: pd.DataFrame
) -> tuple[list[BudgetLine], int, int, int]:
    """Return the period's budget lines and their sums: budget, spent in budgeted categories, expected."""
    spent = dict(zip(by_category["category_id"].tolist(), by_category["amount"].tolist(), strict=True))
    if period.kind == "custom":
        return [], 0, 0, 0
    amounts: dict[int, int] = {}
    for month in months_between(month_of(period.start), period.month):
        rows = nouns.budgets(db, book.id, currency, month)
        for category_id, amount in zip(rows["category_id"].tolist(), rows["amount"].tolist(), strict=True):
            amounts[category_id] = amounts.get(category_id, 0) + amount
    if not amounts:
        return [], 0, 0, 0
    day, days = _place(period, today)
    rests, earlier = _rests(db, book, period, today, counted) if period.kind == "month" and period.has(today) else ({}, 0)
    lines = projections.budget_lines(amounts, spent, day, days, rests, earlier)
    return lines, sum(b.budget for b in lines), sum(b.spent for b in lines), sum(b.expected for b in lines)


def _place(period: Period, today: date) -> tuple[int, int]:
    """Return today's place in the period and its length; a period that is not running is over or not begun."""
    if period.has(today):
        return (today - period.start).days + 1, period.days
    return period.days, period.days


def _rests(db: Connection, book: Book, period: Period, today: date, counted: tuple[int, ...] | None) -> tuple[dict[int, list[int]], int]:
    """Return what each category spent after today's day in each of the last six months that have data, and how many those are."""
    months = [add_months(period.month, -i) for i in range(1, LOOK_BACK + 1)]
    first = db.execute(
        select(transaction.c.date).where(transaction.c.book_id == book.id).order_by(transaction.c.date).limit(1)
    ).scalar_one_or_none()
    if first is None:
        return {}, 0
    months = [m for m in months if first_day(m) >= first.replace(day=1)]
    spans = [(same_day(m, today.day) + timedelta(days=1), last_day(m)) for m in months]
    rest = flow.by_span(db, book.id, spans, counted)
    found: dict[int, list[int]] = {}
    for key, category_id, amount in rows_of(rest):
        found.setdefault(category_id, [0] * len(months))[key] -= amount
    return found, len(months)


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
