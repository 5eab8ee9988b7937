"""What lies ahead, what was before the book, and what no statement has reached: the dashboard compares none of it with what was."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.periods import Period, month_of
from dashboard.selection import Selection
from dashboard.services import budgets, transactions
from dashboard.services.overview import Overview, overview
from dashboard.view.pages import dashboard as page
from tests.conftest import Clock
from tests.ways import House, bank_csv


def show(house: House, period: str = "2026-11", **filters: Any) -> Overview:
    return overview(house.book, Selection(Period.parse(period)).changed(**filters))


def words_of(element: Any) -> str:
    if isinstance(element, dict):
        return " ".join(words_of(value) for value in element.values())
    return " ".join(map(words_of, element)) if isinstance(element, (list, tuple)) else str(element)


def figures_of(element: Any) -> list[dict[str, Any]]:
    if isinstance(element, dict):
        mine = [element] if "layout" in element and "data" in element else []
        return mine + [found for value in element.values() for found in figures_of(value)]
    return [found for one in element for found in figures_of(one)] if isinstance(element, (list, tuple)) else []


def said(house: House, period: str = "2026-11") -> str:
    return words_of(page.page(show(house, period), "light"))


def line(found: Overview) -> tuple[int, int, int, str]:
    one = found.budgets[0]
    return one.spent, one.expected, one.left, one.status


def rent(house: House, account: int, months: range, day: int = 28) -> None:
    for month in months:
        house.add(account, f"2026-{month:02}-{day:02}", "-1000", "Landlord", "Housing")


def test_the_rent_that_is_typed_ahead_is_known_and_not_heading_anywhere(house: House) -> None:
    account = house.account()
    rent(house, account, range(5, 12))
    budgets.set_budget(house.book, house.category("Housing"), 202605, "EUR", budgets.BudgetForm("1000"))
    found = show(house)
    assert (found.sums.spending, found.so_far.spending, found.before.spending, found.comparable) == (100000, 0, 0, True)
    assert line(found) == (100000, 100000, 0, "pace")
    assert (found.changes, found.expected, found.count) == ([], 100000, 1)
    assert "1\u201318 Nov: the same as 1\u201318 Oct" in said(house)


def test_what_lies_ahead_is_in_the_figures_of_years_and_ranges_but_not_in_what_they_are_compared_with(house: House) -> None:
    account = house.account()
    house.add(account, "2025-01-01", "-5", category="Gifts")
    rent(house, account, range(1, 12))
    budgets.set_budget(house.book, house.category("Housing"), 202601, "EUR", budgets.BudgetForm("1000"))
    year = show(house, "2026")
    assert (year.sums.spending, year.so_far.spending, year.before.spending) == (1100000, 1000000, 500)
    assert line(year) == (1100000, 1200000, 100000, "pace"), "two of twelve months are left, and November's rent is one of them"
    assert [c.amount for c in year.changes] == [1000000]
    days = show(house, "2026-11-01..2026-11-30")
    assert (str(days.compared), days.sums.spending, days.so_far.spending) == ("2026-10-01..2026-10-18", 100000, 0)
    ahead = show(house, "2026-12")
    assert (ahead.comparable, ahead.changes, ahead.expected) == (False, [], None), "what has not begun is compared with nothing"
    assert "not begun yet" in said(house, "2026-12")


def test_a_book_of_two_days_says_nothing_about_its_month_or_year(house: House, clock: Clock) -> None:
    account = house.account()
    clock.set(2026, 11, 2)
    house.add(account, "2026-11-01", "-1000", "Landlord", "Housing")
    budgets.set_budget(house.book, house.category("Housing"), 202611, "EUR", budgets.BudgetForm("1000"))
    month, year = show(house), show(house, "2026")
    assert line(month) == (100000, 100000, 0, "pace")
    assert line(year) == (100000, 100000, 100000, "pace")
    assert (month.expected, month.changes, month.comparable) == (None, [], False)


@pytest.mark.parametrize(("day", "status"), [("2026-11-01", "paid"), ("2026-11-18", "paid"), ("2026-11-19", "pace")])
def test_a_bill_is_paid_once_its_payment_has_come(house: House, day: str, status: str) -> None:
    account = house.account()
    rent(house, account, range(5, 11))
    for month in range(5, 11):
        house.add(account, f"2026-{month:02}-03", "-20", category="Groceries")
        house.add(account, f"2026-{month:02}-09", "-20", category="Groceries")
    house.add(account, "2026-11-03", "-40", category="Groceries")
    house.add(account, day, "-1000", "Landlord", "Housing")
    for name, size in (("Housing", "1000"), ("Groceries", "40")):
        budgets.set_budget(house.book, house.category(name), 202605, "EUR", budgets.BudgetForm(size))
    found = show(house)
    states = {found.names[b.category_id].name: (b.expected, b.status) for b in found.budgets}
    assert states == {"Housing": (100000, status), "Groceries": (4000, "pace")}, "two payments a month are no bill"
    assert found.expected == 104000, "what came early does not come again"
    assert ("Paid" in said(house)) == (status == "paid")


def test_a_book_that_began_on_the_last_day_of_october_has_no_october_to_compare_with(house: House, clock: Clock) -> None:
    account = house.account()
    clock.set(2026, 11, 30)
    house.add(account, "2026-10-31", "-50", category="Groceries")
    house.add(account, "2026-11-20", "-2000", category="Groceries")
    found = show(house)
    assert (found.comparable, found.changes) == (False, [])
    text = said(house)
    assert "nothing before it to compare" in text
    assert "usual" not in text.replace("against the usual", "").replace("against a usual", "")


def test_the_book_of_an_account_or_currency_begins_with_its_own_first_row(house: House) -> None:
    old, new, francs = house.account("Old"), house.account("New"), house.account("Francs", "CHF")
    house.add(old, "2026-09-30", "-50", category="Groceries")
    house.add(new, "2026-10-20", "-50", category="Groceries")
    house.add(francs, "2026-10-20", "-50", category="Groceries")
    assert [show(house, **f).comparable for f in ({}, {"accounts": (old,)}, {"accounts": (new,)}, {"currency": "CHF"})] == [
        True,
        True,
        False,
        False,
    ]
    assert show(house, accounts=(new,)).latest == month_of(show(house).today) - 1


def test_files_that_end_on_the_12th_are_compared_up_to_the_12th_and_the_words_say_so(house: House, clock: Clock) -> None:
    clock.set(2026, 11, 20)
    rows = [(f"2026-{m:02}-{d:02}", f"Shop {d}", f"-{d}.00") for m in range(5, 11) for d in (1, 5, 12, 15, 25)]
    house.take_in(bank_csv([*rows, *((f"2026-11-{d:02}", f"Shop {d}", f"-{d}.00") for d in (1, 5, 12))]))
    found = show(house)
    assert (str(found.comparison.passed), str(found.compared)) == ("2026-11-01..2026-11-12", "2026-10-01..2026-10-12")
    assert (found.so_far.spending, found.before.spending, found.changes) == (1800, 1800, [])
    assert found.expected == 1800 + 4000, "the rest begins on the 13th"
    assert "1\u201312 Nov: the same as 1\u201312 Oct" in said(house)
    account = house.account("Cash")
    house.add(account, "2026-11-19", "-3")
    assert show(house).so_far.spending == 1800, "what is typed by hand does not make statements come"
    clock.set(2026, 12, 5)
    december = show(house, "2026-12")
    assert (december.comparable, december.changes) == (False, [])
    assert "statements reach 12 Nov" in said(house, "2026-12")


def test_a_month_given_by_its_days_is_compared_with_the_whole_month_before(house: House, clock: Clock) -> None:
    account = house.account()
    clock.set(2026, 12, 5)
    rent(house, account, range(9, 12), day=1)
    house.add(account, "2026-10-31", "-70", category="Groceries")
    found = show(house, "2026-11-01..2026-11-30")
    assert (str(found.compared), found.sums.spending, found.before.spending) == ("2026-10-01..2026-10-31", 100000, 107000)
    assert show(house).before == found.before


def test_a_month_to_come_has_not_finished_over_its_budget(house: House) -> None:
    account = house.account()
    budgets.set_budget(house.book, house.category("Housing"), 202610, "EUR", budgets.BudgetForm("800"))
    house.add(account, "2026-12-01", "-1000", "Landlord", "Housing")
    text = said(house, "2026-12")
    assert "\u20ac200 over budget" in text
    assert "Finished" not in text
    assert "Finished" in said(house, "2026-10")


def test_the_average_of_months_leaves_out_one_that_statements_end_within(house: House) -> None:
    house.account()
    house.take_in(bank_csv([(f"2026-{month:02}-05", "Market", "-100.00") for month in range(6, 11)]))
    for row in house.rows():
        transactions.set_category(house.book, row["id"], house.category("Groceries"))
    house.add(house.rows()[0]["account_id"], "2026-09-06", "-50", category="Groceries")
    found = show(house, "2026-10", categories=(house.category("Groceries"),))
    assert found.open_month == 202610
    text = words_of(page.page(found, "light"))
    assert "of the months that are over" in text
    assert "\u20ac112 span cents .50" in text, "450 in four months"


def test_what_a_chart_opens_is_in_its_currency(house: House) -> None:
    euros, francs = house.account(), house.account("Francs", "CHF")
    for account in (euros, francs):
        house.add(account, "2026-11-02", "-10", category="Groceries")
    assert "/transactions?p=2026-11&cur=EUR&type=spending" in said(house)


@pytest.mark.parametrize(("day", "words"), [(18, "12 days to go"), (29, "1 day to go"), (30, "today to go")])
def test_what_is_left_of_a_month_is_counted_in_days(house: House, clock: Clock, day: int, words: str) -> None:
    account = house.account()
    clock.set(2026, 11, day)
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("10"))
    house.add(account, "2026-11-02", "-30", category="Groceries")
    assert f"with {words}" in said(house)
    assert f", {words}" in words_of(page.page(show(house, categories=(house.category("Groceries"),)), "light"))
    clock.set(2027, 1, 3)
    assert "1 week in" in said(house, "2027")


def test_a_month_in_which_more_came_back_than_went_out_is_drawn_whole(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-02", "-10", category="Groceries")
    house.add(account, "2026-11-02", "500", "Back", "Clothing")
    shown = page.page(show(house), "light")
    low, high = next(figure for figure in figures_of(shown) if "yaxis2" in figure["layout"])["layout"]["yaxis"]["range"]
    assert low <= -50000 <= 50000 <= high, "the bar of spending reaches down, the line of what stayed up"


def test_what_is_carried_over_has_room_in_the_ring_and_a_month_to_come_has_not_begun(house: House) -> None:
    account = house.account()
    for month in range(8, 12):
        house.add(account, f"2026-{month:02}-05", "-10", category="Groceries")
    budgets.set_budget(house.book, house.category("Groceries"), 202610, "EUR", budgets.BudgetForm("400"))
    budgets.set_carry(house.book, house.category("Groceries"), 202610, "EUR", carry=True)
    ring = re.search(r"donut-middle (.*?) ul legend", said(house))
    assert ring is not None
    assert ring[1].endswith("of \u20ac400 + \u20ac390")
    text = said(house, "2026-12")
    assert "It has not begun yet." in text
    assert "too little before it" not in text


def test_a_savings_rate_without_a_year_before_says_that_there_is_none(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-05", "100", category="Salary")
    house.add(account, "2026-10-06", "-10", category="Groceries")
    assert "Savings rate 90.0\u00a0%, nothing before it to compare." in said(house, "2026")
    assert "no income to compare" not in said(house, "2026")
    narrowed = show(house, "2026", categories=(house.category("Groceries"),))
    assert "no spending to compare" not in words_of(page.page(narrowed, "light"))
    house.add(account, "2024-12-05", "-100", category="Groceries")
    assert "no income to compare" in said(house, "2026")
