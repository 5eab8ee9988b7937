"""The dashboard's figures: against a book counted by hand, and always the sum of the rows behind them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import timedelta

import pytest

from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import ledger, transfers
from dashboard.services.overview import Overview, overview
from dashboard.view.pages import dashboard as page
from tests.conftest import Clock
from tests.ways import House


def shown(house: House, period: str = "2026-11", currency: str | None = None) -> Overview:
    return overview(house.book, Selection(Period.parse(period), currency=currency))


def by_name(found: Overview) -> dict[str, int]:
    return {
        found.names[i].name: amount
        for i, amount in zip(found.categories["category_id"].tolist(), found.categories["amount"].tolist(), strict=True)
    }


@pytest.fixture
def small(house: House) -> House:
    """A book that can be counted on paper."""
    current, savings = house.account("Current"), house.account("Savings")
    house.add(current, "2026-10-05", "-100", category="Groceries")
    house.add(current, "2026-10-18", "-40", category="Gifts")
    house.add(current, "2026-10-19", "-999", category="Travel")
    house.add(current, "2026-10-31", "2500", category="Salary")
    house.add(current, "2025-11-30", "-11", category="Gifts")
    house.add(current, "2026-11-01", "2600", category="Salary")
    house.add(current, "2026-11-02", "-5.25", category="Groceries")
    house.add(current, "2026-11-03", "-60", category="Clothing")
    house.add(current, "2026-11-04", "25", "Refund", "Clothing")
    house.add(current, "2026-11-05", "-9.99", "Unknown shop")
    house.add(current, "2026-11-06", "13", "Unknown gift")
    house.split(house.add(current, "2026-11-07", "-30", "Market"), [("Groceries", -2000), ("Gifts", -1500), (None, -500), (None, 1000)])
    house.add(savings, "2026-11-08", "500")
    transfers.mark(house.book, [house.add(current, "2026-11-08", "-500")])
    return house


def test_the_figures_of_a_month_are_those_counted_by_hand(small: House) -> None:
    found = shown(small)
    # Income: 2600 + 13 + the 10 that came in within the split. Spending: 25.25 + 35 + 9.99 + 15 + 5.
    assert found.sums == (262300, 9024)
    assert found.sums.net == 253276
    assert by_name(found) == {"Clothing": 3500, "Groceries": 2525, "Gifts": 1500, "Uncategorised": 1499}
    assert sum(by_name(found).values()) == found.sums.spending
    assert found.categories["share"].sum() == pytest.approx(1)
    assert found.count == 8
    assert (found.current, found.empty, found.currency, found.elsewhere) == (True, False, "EUR", ())


def test_a_running_month_is_compared_with_the_same_days_of_the_one_before(small: House) -> None:
    found = shown(small)
    assert found.before == (0, 14000)
    assert str(found.compared) == "2026-10-01..2026-10-18"
    assert shown(small, "2026-10").sums == (250000, 113900)


def test_the_twelve_months_end_with_the_period_and_each_is_what_its_own_page_shows(small: House) -> None:
    months = shown(small).months
    assert months["key"].tolist() == [202512, *range(202601, 202612)]
    assert months.iloc[-1][["income", "spending", "net"]].tolist() == [262300, 9024, 253276]
    assert months.iloc[-2]["net"] == 250000 - 113900
    assert months.iloc[:-2][["income", "spending", "net"]].to_numpy().sum() == 0
    assert [shown(small, str(Period.of_month(m))).sums.net for m in months["key"].tolist()] == months["net"].tolist()


def test_a_year_and_a_span_of_days_are_the_sums_of_their_months(small: House) -> None:
    year, span = shown(small, "2026"), shown(small, "2026-10-01..2026-11-30")
    assert year.sums == span.sums == (262300 + 250000, 9024 + 113900)
    assert by_name(year) == by_name(span)
    assert year.before == (0, 0)
    assert shown(small, "2025").sums == (0, 1100)


def test_a_year_that_is_over_says_the_same_as_when_it_was_running(small: House, clock: Clock) -> None:
    running = shown(small, "2026")
    clock.set(2027, 3, 1)
    over = shown(small, "2026")
    assert (over.sums, by_name(over), over.before) == (running.sums, by_name(running), (0, 1100))


def test_an_empty_book_shows_zeros_and_says_that_it_is_empty(house: House) -> None:
    found = shown(house)
    assert (found.sums, found.before, found.count, found.empty, found.currency) == ((0, 0), (0, 0), 0, True, "EUR")
    assert found.months["net"].tolist() == [0] * 12
    assert found.categories.empty
    assert found.recent.empty


def test_a_month_without_rows_in_a_book_with_some_is_not_an_empty_book(small: House) -> None:
    assert not shown(small, "2020-01").empty


def test_the_recent_rows_are_the_newest_of_the_period(small: House) -> None:
    recent = shown(small).recent
    assert len(recent) == 8
    assert recent["date"].tolist() == sorted(recent["date"].tolist(), reverse=True)
    assert shown(small, "2026-10").recent["amount"].tolist() == [250000, -99900, -4000, -10000]


def test_a_refund_stands_below_the_pie_without_a_share(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-01", "-1", category="Groceries")
    house.add(account, "2026-11-02", "-100", category="Groceries")
    house.add(account, "2026-11-03", "50", "Back", "Clothing")
    groceries, clothing = house.category("Groceries"), house.category("Clothing")
    found = shown(house)
    assert (found.sums.spending, found.outlays.now, by_name(found)) == (5000, 10000, {"Groceries": 10000, "Clothing": -5000})
    narrowed = {i: overview(house.book, Selection(Period.parse("2026-11"), categories=(i,))) for i in (groceries, clothing)}
    assert [(n.costs, n.outlays) for n in narrowed.values()] == [
        ((10000, 10000, 100), (10000, 10000, 100)),
        ((0, 0, 0), (10000, 10000, 100)),
    ]
    text = json.dumps([page.page(one, "light") for one in (found, *narrowed.values())], default=str, ensure_ascii=False)
    for nonsense in ("200\u00a0%", "-100\u00a0%", "\u2212100\u00a0%", "200.0\u00a0%", "nan", "NaN"):
        assert nonsense not in text
    assert "100\u00a0%" in text
    assert '"className": "share", "children": "back"' in text


def test_different_currencies_are_never_added(small: House) -> None:
    francs, more = small.account("Francs", "CHF"), small.account("More francs", "CHF")
    small.add(francs, "2026-11-02", "-1000", category="Groceries")
    small.add(more, "2026-11-03", "400")
    yen = small.account("Yen", "JPY")
    small.add(yen, "2026-10-03", "-5000", category="Groceries")
    euros, swiss = shown(small), shown(small, currency="CHF")
    assert (euros.currency, euros.currencies) == ("EUR", ("EUR", "CHF", "JPY"))
    assert euros.sums == (262300, 9024)
    assert euros.before == (0, 14000)
    assert by_name(euros)["Groceries"] == 2525
    assert euros.months["spending"].tolist()[-2:] == [113900, 9024]
    assert euros.elsewhere == (("CHF", -60000, 2), ("JPY", 0, 1))
    assert set(euros.recent["account_id"]).isdisjoint({francs, more, yen})
    assert (swiss.sums, by_name(swiss), swiss.count) == ((40000, 100000), {"Groceries": 100000}, 2)
    assert shown(small, currency="USD").currency == "EUR"


def test_one_household_sees_nothing_of_another(small: House, other_house: House) -> None:
    found = shown(other_house)
    assert (found.sums, found.empty, found.accounts) == ((0, 0), True, {})


@pytest.fixture
def busy(house: House) -> House:
    """Two accounts, a year of rows of every sort, always the same ones."""
    dice = random.Random(7)
    accounts = [house.account("Current"), house.account("Savings")]
    names = ["Groceries", "Housing", "Clothing", "Salary", "Other income", None, None]
    for number in range(120):
        day = f"{dice.choice(('2025-12', '2026-10', '2026-11', '2026-11'))}-{dice.randint(1, 28):02}"
        row = house.add(
            dice.choice(accounts),
            day,
            f"{dice.choice((-1, -1, 1)) * dice.randint(1, 99999) / 100:.2f}",
            f"Payee {number}",
            dice.choice(names),
        )
        if number % 9 == 0:
            amount = house.row(row)["amount"]
            first = dice.randint(-5000, 5000)
            house.split(row, [(dice.choice(names), first), (dice.choice(names), amount - first)])
        elif number % 11 == 0:
            transfers.mark(house.book, [row])
    return house


def behind(house: House, period: str, **filters: object) -> int:
    """Sum what the list says of a drill-down."""
    found = ledger.listed(house.book, Selection(Period.parse(period)).changed(**filters))
    return sum(found.money_in.values()) - sum(found.money_out.values())


def test_every_figure_is_the_sum_of_the_rows_it_opens(busy: House) -> None:
    for period in ("2026-11", "2026-10", "2026", "2025", "2026-10-15..2026-11-10"):
        found = shown(busy, period)
        assert behind(busy, period, kind="income") == found.sums.income
        assert behind(busy, period, kind="spending") == -found.sums.spending
        assert behind(busy, period) == found.sums.net
        for number, amount in zip(found.categories["category_id"].tolist(), found.categories["amount"].tolist(), strict=True):
            assert behind(busy, period, kind="spending", categories=(number,)) == -amount, found.names[number].name
        assert ledger.listed(busy.book, Selection(Period.parse(period))).count == found.count


def test_the_categories_and_the_uncategorised_are_all_there_is(busy: House) -> None:
    everything = [*(c for c in shown(busy).names if c > 0), 0]
    assert sum(behind(busy, "2026", categories=(c,)) for c in everything) == shown(busy, "2026").sums.net
    assert behind(busy, "2026", categories=tuple(everything)) == shown(busy, "2026").sums.net


def test_a_drill_down_lists_just_the_rows_that_make_the_figure(busy: House) -> None:
    def ids(rows: Iterable[object]) -> set[object]:
        return set(rows)

    for kind in ("income", "spending"):
        found = ledger.listed(busy.book, Selection(Period.parse("2026-11")).changed(kind=kind))
        assert found.count == len(ids(found.rows["id"].tolist())) > 0
        assert found.rows["transfer_id"].isna().all()


# What the two databases answer is compared elsewhere; which day it is, none of them knows.
@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("today", [(2027, 1, 1), (2027, 2, 28), (2028, 2, 29), (2026, 12, 31), (2026, 11, 18)])
def test_a_whole_is_what_was_and_what_lies_ahead_on_any_day(busy: House, clock: Clock, today: tuple[int, int, int]) -> None:
    clock.set(*today)
    now = busy.book.today
    account = next(iter(shown(busy).accounts))
    for n, amount in enumerate(("-30", "45.10", "-12.34", "20")):
        busy.add(account, (now + timedelta(days=9 * n)).isoformat(), amount, "Ahead", (None, "Salary", "Housing", "Groceries")[n])
    days = (f"{now}..{now + timedelta(days=30)}", "2026-10-01..2028-03-31")
    for text in (f"{now:%Y-%m}", f"{now:%Y}", f"{now.year + 1}", *days):
        period = Period.parse(text)
        for filters in ({}, {"accounts": (account,)}, {"payee": "Ahead"}, {"categories": (0,)}, {"categories": (busy.category("Housing"),)}):
            found = overview(busy.book, Selection(period).changed(**filters))
            assert not found.failed
            page.page(found, "light")
            start = max(period.start, found.comparison.known + timedelta(days=1))
            ahead = f"{start}..{period.end}" if start <= period.end else None
            for kind, sign in (("income", 1), ("spending", -1)):
                rest = sign * behind(busy, ahead, kind=kind, **filters) if ahead else 0
                assert getattr(found.sums, kind) == sign * behind(busy, text, kind=kind, **filters) == getattr(found.so_far, kind) + rest


def test_the_bars_of_all_time_end_with_the_rows_there_are(house: House) -> None:
    account = house.account("Current")
    house.add(account, "2025-03-01", "-5")
    house.add(account, "2026-10-05", "-7")
    assert shown(house, "all").months["key"].tolist()[-1] == 202610
    house.add(account, "2199-12-31", "-9")
    months = shown(house, "all").months
    assert months["key"].tolist()[-1] == 202610
    assert len(months) == 12
    assert shown(house, "2026-11-01..2199-12-31").months["key"].tolist()[-1] == 202611
    house.add(account, "2027-01-05", "-7")
    assert shown(house, "all").months["key"].tolist()[-1] == 202701
