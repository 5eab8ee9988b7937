"""Cross-filtering: whatever the dashboard is narrowed to, every card says the same, and that is what is in the book.

A made-up household is counted a second time here, row by row in Python, and compared with what the queries answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

import pandas as pd
import pytest

from dashboard.errors import DashboardError, InputNotValid
from dashboard.model.queries import budgets as stored_budgets
from dashboard.model.queries import flow, ledger
from dashboard.model.transactions import split, transaction
from dashboard.periods import Period, add_months, first_day, last_day, months_between, same_day
from dashboard.selection import Selection
from dashboard.services import budgets, overview
from dashboard.services import ledger as lists
from dashboard.services.overview import Overview
from dashboard.view.pages import dashboard as page
from tests.ways import House

TODAY = date(2026, 11, 18)
PERIODS = ("2026-11", "2026-10", "2026", "2025", "2026-10-15..2026-11-10")
PAYEES = ("Lidl", "Aldi", "Studio", "L\u2019Osteria", "100% caf\u00e9_", "Fam\u00fclla\u200d\U0001f469", "lidl")
SPENDING, INCOME, NEITHER = ("Groceries", "Gifts", "Travel"), ("Salary", "Other income"), None


@dataclass(frozen=True)
class Part:
    """One amount with one category, as the figures count it; category 0 for none."""

    day: date
    account: int
    payee: str
    category: int
    amount: int
    row: int


@dataclass
class Household:
    """A book, and all that counts in it."""

    house: House
    parts: list[Part]
    income: set[int]
    accounts: dict[int, str]
    categories: dict[str, int]

    def spent(self, part: Part) -> int:
        """Return what a part adds to spending: nothing where it is income."""
        return 0 if part.category in self.income or (not part.category and part.amount > 0) else -part.amount

    def earned(self, part: Part) -> int:
        """Return what a part adds to income."""
        return part.amount if not self.spent(part) else 0

    def within(
        self,
        start: date,
        end: date,
        *,
        payee: str = "",
        accounts: tuple[int, ...] = (),
        currency: str = "EUR",
        categories: tuple[int, ...] = (),
    ) -> Iterator[Part]:
        """Yield what counts of a span of days."""
        for part in self.parts:
            if (
                start <= part.day <= end
                and (not payee or part.payee == payee)
                and self.accounts[part.account] == currency
                and (not accounts or part.account in accounts)
                and (not categories or part.category in categories)
            ):
                yield part


def show(home: Household, period: str, **filters: Any) -> Overview:
    return overview.overview(home.house.book, Selection(Period.parse(period)).changed(**filters))


@pytest.fixture
def home(house: House, kind: str) -> Household:
    """Fourteen months of rows of every sort in three accounts: splits, refunds, transfers, no category, two currencies, days to come."""
    dice = random.Random(kind)
    accounts = {house.account("Current"): "EUR", house.account("Savings"): "EUR", house.account("Francs", "CHF"): "CHF"}
    ids = {name: house.category(name) for name in (*SPENDING, *INCOME)}
    values: list[dict[str, Any]] = []
    pieces: list[tuple[int, int | None, int]] = []
    for n in range(260):
        day = date(2025, 10, 1) + timedelta(days=dice.randint(0, 420)) if n % 3 else date(2026, dice.choice((10, 11)), dice.randint(1, 28))
        chosen = dice.choice((*SPENDING, *SPENDING, *INCOME, NEITHER, NEITHER))
        amount = dice.choice((-1, -1, -1, 1)) * dice.randint(1, 20000) or -1
        kind = dice.random()
        if kind < 0.15:
            chosen, first = None, dice.randint(-9000, 9000) or 1
            pieces += [(n, ids.get(dice.choice((*SPENDING, *INCOME, "none"))), size or 1) for size in (first, amount - first)]
        values.append(
            {
                "account_id": dice.choice(list(accounts)),
                "date": day,
                "amount": amount if kind >= 0.15 else sum(size for place, _, size in pieces if place == n),
                "payee": dice.choice(PAYEES),
                "text": "",
                "note": "",
                "category_id": ids.get(chosen or ""),
                "transfer_id": 10**6 + n if kind > 0.93 else None,
                "reviewed": True,
            }
        )
    with house.book.writing("household") as w:
        rows = w.insert(transaction, values)
        w.insert(split, [{"transaction_id": rows[place], "category_id": i, "amount": size, "note": ""} for place, i, size in pieces])
    parts = []
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        if value["transfer_id"] is None:
            mine = [(i, size) for at, i, size in pieces if at == place] or [(value["category_id"], value["amount"])]
            parts += [Part(value["date"], value["account_id"], value["payee"], i or 0, size, row) for i, size in mine]
    return Household(house, parts, {ids[name] for name in INCOME}, accounts, ids)


def told(found: Overview) -> list[tuple[int, int]]:
    return list(zip(found.categories["category_id"].tolist(), found.categories["amount"].tolist(), strict=True))


def same_everywhere(home: Household, found: Overview) -> None:
    """Hold the figures, the months, the count, the latest rows, the list and the paper of one selection against each other."""
    chosen, period = found.selection, found.period
    paper = list(
        home.within(
            period.start, period.end, payee=chosen.payee, accounts=chosen.accounts, currency=found.currency, categories=chosen.categories
        )
    )
    spent, earned = sum(map(home.spent, paper)), sum(map(home.earned, paper))
    assert found.sums == (earned, spent), chosen
    opened = lists.listed(home.house.book, chosen.changed(currency=found.currency))
    assert opened.money_in.get(found.currency, 0) - opened.money_out.get(found.currency, 0) == found.sums.net
    assert opened.count == found.count
    assert found.recent["id"].tolist() == opened.rows["id"].tolist()[: overview.RECENT]
    if chosen.categories or chosen.payee:
        assert found.recent["transfer_id"].isna().all() or not chosen.categories
    if period.kind == "month":
        last = found.months.iloc[-1]
        assert (last["income"], last["spending"], last["net"]) == (*found.sums, found.sums.net)


@pytest.mark.parametrize("period", PERIODS)
def test_a_category_that_is_filtered_by_costs_what_its_slice_says(home: Household, period: str) -> None:
    plain = show(home, period)
    same_everywhere(home, plain)
    assert plain.whole == plain.sums
    assert plain.whole_before == plain.before
    seen = dict(told(plain))
    assert sum(seen.values()) == plain.sums.spending
    months = pd.DataFrame(0, index=range(12), columns=["income", "spending", "net"])
    for category in (*home.categories.values(), 0):
        found = show(home, period, categories=(category,))
        assert found.sums.spending == seen.get(category, 0)
        assert told(found) == told(plain), "the ring stays whole"
        assert (found.whole, found.whole_before) == (plain.sums, plain.before)
        same_everywhere(home, found)
        months += found.months[["income", "spending", "net"]]
    assert (months == plain.months[["income", "spending", "net"]]).all().all(), "the categories' months add up to all months"
    both = show(home, period, categories=(home.categories["Groceries"], home.categories["Salary"], 0))
    same_everywhere(home, both)


@pytest.mark.parametrize("period", PERIODS)
def test_the_payees_add_up_to_everything(home: Household, period: str) -> None:
    plain = show(home, period)
    found = {payee: show(home, period, payee=payee) for payee in PAYEES}
    assert sum(f.sums.spending for f in found.values()) == plain.sums.spending
    assert sum(f.sums.income for f in found.values()) == plain.sums.income
    assert sum(f.before.spending for f in found.values()) == plain.before.spending
    for payee, narrowed in found.items():
        same_everywhere(home, narrowed)
        assert (narrowed.whole, narrowed.whole_before) == (plain.sums, plain.before)
        assert sum(amount for _, amount in told(narrowed)) == narrowed.sums.spending, "the ring is the payee's"
        for category, amount in told(narrowed):
            both = show(home, period, payee=payee, categories=(category,))
            assert both.sums.spending == amount
            same_everywhere(home, both)


def test_accounts_and_currencies_narrow_as_everything_else_does(home: Household) -> None:
    current, savings, francs = home.accounts
    for period in ("2026-11", "2026"):
        one, two, both = (show(home, period, accounts=ids) for ids in ((current,), (savings,), (current, savings)))
        for found in (one, two, both, show(home, period, accounts=(francs,)), show(home, period, currency="CHF")):
            same_everywhere(home, found)
        assert one.sums.net + two.sums.net == both.sums.net == show(home, period).sums.net
        groceries = home.categories["Groceries"]
        narrowed = show(home, period, accounts=(current,), categories=(groceries,), payee="Lidl")
        same_everywhere(home, narrowed)
        assert narrowed.whole == one.sums
    assert show(home, "2026", accounts=(francs,)).currency == "CHF"
    assert show(home, "2026", accounts=(10**9,)).sums == (0, 0), "another's account is none"


def top(home: Household, start: date, end: date, **filters: Any) -> list[tuple[str, int, int]]:
    sums: dict[str, int] = {}
    counts: dict[str, set[int]] = {}
    for part in home.within(start, end, **filters):
        if home.spent(part):
            sums[part.payee] = sums.get(part.payee, 0) + home.spent(part)
            counts.setdefault(part.payee, set()).add(part.row)
    ranked = sorted(((p, s, len(counts[p])) for p, s in sums.items() if s > 0), key=lambda r: -r[1])
    return ranked[: overview.PAYEES]


@pytest.mark.parametrize("period", PERIODS)
def test_the_top_payees_are_those_that_most_was_spent_at(home: Household, period: str) -> None:
    span = Period.parse(period)
    for filters in ({}, {"categories": (home.categories["Gifts"],)}, {"categories": (0,)}, {"accounts": tuple(home.accounts)[:1]}):
        found = show(home, period, **filters)
        rows = list(zip(found.payees["payee"], found.payees["amount"], found.payees["count"], strict=True))
        assert rows == top(home, span.start, span.end, **filters)
        for payee, amount, _ in rows:
            assert show(home, period, payee=payee, **filters).sums.spending == amount, "a click on it shows just that"
    lidl = show(home, period, payee="Lidl").payees
    assert set(lidl["payee"]) <= {"Lidl"}


def begun(home: Household) -> date:
    """Return the day of the first row in euros, transfers too."""
    return min(row["date"] for row in home.house.rows() if home.accounts[row["account_id"]] == "EUR")


def by_category(home: Household, start: date, end: date, **filters: Any) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in home.within(start, end, **filters):
        if home.spent(part):
            found[part.category] = found.get(part.category, 0) + home.spent(part)
    return found


@pytest.mark.parametrize("payee", ["", "Lidl"])
@pytest.mark.parametrize("period", PERIODS)
def test_the_biggest_changes_are_against_the_same_days_of_six_months_or_the_period_before(home: Household, period: str, payee: str) -> None:
    span = Period.parse(period)
    running = span.has(TODAY)
    now = by_category(home, span.start, TODAY if running else span.end, payee=payee)
    first = begun(home)
    if span.kind == "month":
        months = [add_months(span.month, -i) for i in range(1, 7)]
        day = TODAY.day if running else 31
        usual = [by_category(home, first_day(m), same_day(m, day), payee=payee) for m in months if first_day(m) >= first]
    else:
        before = span.compared(TODAY)[1]
        usual = [by_category(home, before.start, before.end, payee=payee)] if before.start >= first else []
    differences = {i: now.get(i, 0) - int(median(u.get(i, 0) for u in usual)) for i in {*now, *(k for u in usual for k in u)} if usual}
    expected = sorted((d for d in differences.values() if abs(d) >= 2000), key=lambda d: -abs(d))[: overview.CHANGES]
    found = show(home, period, payee=payee)
    assert [c.difference for c in found.changes] == expected
    assert all(differences[c.category_id] == c.difference and c.amount == now.get(c.category_id, 0) for c in found.changes)
    chosen = home.categories["Travel"]
    narrowed = show(home, period, payee=payee, categories=(chosen,))
    assert [c.difference for c in narrowed.changes] == [d for i, d in differences.items() if i == chosen and abs(d) >= 2000]


def test_what_is_expected_is_what_the_rest_of_the_month_usually_costs(home: Household) -> None:
    for filters in ({}, {"categories": (home.categories["Groceries"],)}, {"payee": "Aldi"}):
        starts = [same_day(m, TODAY.day) + timedelta(days=1) for m in (add_months(202611, -i) for i in range(1, 7))]
        rests = [by_category(home, start, last_day(start.year * 100 + start.month), **filters) for start in starts if start > begun(home)]
        so_far, ahead = (
            by_category(home, *span, **filters) for span in ((date(2026, 11, 1), TODAY), (date(2026, 11, 19), date(2026, 11, 30)))
        )
        usual = max(0, int(median(sum(rest.values()) for rest in rests)))
        beyond = sum(max(0, size - max(0, int(median(rest.get(i, 0) for rest in rests)))) for i, size in ahead.items())
        found = show(home, "2026-11", **filters)
        assert (found.so_far.spending, found.sums.spending - found.so_far.spending) == (sum(so_far.values()), sum(ahead.values()))
        assert found.expected == sum(so_far.values()) + max(usual + beyond, sum(ahead.values()))
    assert show(home, "2026-10").expected is None
    assert show(home, "2026").expected is None


def test_without_anything_before_it_nothing_is_compared(house: House) -> None:
    account = house.account()
    house.add(account, "2026-11-05", "-90", category="Groceries")
    for period in ("2026-11", "2026", "2026-11-01..2026-11-10"):
        found = overview.overview(house.book, Selection(Period.parse(period)))
        assert (found.comparable, found.changes, found.expected) == (False, [], None)
    house.add(account, "2026-10-02", "-10", category="Groceries")
    found = overview.overview(house.book, Selection(Period.parse("2026-11")))
    assert (found.comparable, found.changes, found.expected) == (False, [], None), "the first of October is not in the book"
    house.add(account, "2026-10-01", "-10", category="Groceries")
    found = overview.overview(house.book, Selection(Period.parse("2026-11")))
    assert (found.comparable, [c.difference for c in found.changes], found.expected) == (True, [7000], None)


def test_the_budget_follows_the_filter(home: Household) -> None:
    for name, amount in (("Groceries", "500"), ("Gifts", "100")):
        budgets.set_budget(home.house.book, home.categories[name], 202601, "EUR", budgets.BudgetForm(amount))
    groceries, travel = home.categories["Groceries"], home.categories["Travel"]
    plain, one = show(home, "2026-11"), show(home, "2026-11", categories=(groceries,))
    assert (plain.budget, one.budget) == (60000, 50000)
    assert one.budgets == [line for line in plain.budgets if line.category_id == groceries]
    assert one.budget_spent == one.sums.spending
    assert show(home, "2026-11", categories=(travel,)).budgets == []
    assert show(home, "2026", categories=(groceries,)).budget == 12 * 50000
    assert show(home, "2026-11-01..2026-11-30", categories=(groceries,)).budgets == []
    lidl = show(home, "2026-11", payee="Lidl")
    assert {line.category_id for line in lidl.budgets} == {i for i, _ in told(lidl)} & {groceries, home.categories["Gifts"]}
    assert all(line.spent == dict(told(lidl))[line.category_id] for line in lidl.budgets)


def words_of(element: Any) -> str:
    """Return all that an element says."""
    if isinstance(element, dict):
        return " ".join(words_of(value) for value in element.values())
    return " ".join(map(words_of, element)) if isinstance(element, (list, tuple)) else str(element)


def broken(*_args: object, **_more: object) -> None:
    raise ZeroDivisionError("the secret inside")


def wrong_sql(module: Any, name: str) -> Callable[..., Any]:
    """Return a query that the database itself refuses: on PostgreSQL that ends the transaction."""

    def ask(db: Any, *_args: object, **_more: object) -> None:
        db.exec_driver_sql("SELECT nothing FROM nowhere")

    return ask


@pytest.mark.parametrize(
    ("module", "name", "card"),
    [
        (ledger, "page", "Recent transactions"),
        (ledger, "count", "Recent transactions"),
        (flow, "by_payee", "Top payees"),
        (stored_budgets, "said", "Budgets"),
        (overview.summaries, "biggest_changes", "Biggest changes"),
    ],
)
@pytest.mark.parametrize("way", ["python", "database"])
def test_a_card_that_fails_says_so_and_leaves_the_others_standing(
    home: Household, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, module: Any, name: str, card: str, way: str
) -> None:
    budgets.set_budget(home.house.book, home.categories["Groceries"], 202601, "EUR", budgets.BudgetForm("500"))
    healthy = show(home, "2026-11")
    monkeypatch.setattr(module, name, broken if way == "python" or card == "Biggest changes" else wrong_sql(module, name))
    found = show(home, "2026-11")
    assert list(found.failed) == [card]
    assert "Error number" in found.failed[card]
    number = found.failed[card].split("Error number ")[1].split()[0]
    assert number in caplog.text, "the number leads to the log"
    assert "secret" not in found.failed[card]
    assert (found.sums, found.before, told(found), found.latest) == (healthy.sums, healthy.before, told(healthy), None)
    for other, mine, theirs in (
        ("Top payees", found.payees.to_dict(), healthy.payees.to_dict()),
        ("Budgets", found.budgets, healthy.budgets),
        ("Biggest changes", found.changes, healthy.changes),
        ("Recent transactions", (found.count, len(found.recent)), (healthy.count, len(healthy.recent))),
    ):
        if other != card:
            assert mine == theirs, other
    said = words_of(page.page(found, "light"))
    assert found.failed[card] in said
    assert "Set a budget" not in said, "what could not be read is not said to be missing"


def test_a_card_with_something_to_say_says_that(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise InputNotValid("Too much of it")

    monkeypatch.setattr(flow, "by_payee", refuse)
    assert show(home, "2026-11").failed == {"Top payees": "Too much of it"}
    assert issubclass(InputNotValid, DashboardError)


def test_months_of_a_window_are_months(home: Household) -> None:
    assert show(home, "2026-11", payee="Lidl").months["key"].tolist() == months_between(202512, 202611)
