"""Budgets hold from their month on, until the next one or an end."""

from __future__ import annotations

import pytest

from dashboard.errors import InputNotValid, NotFound
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import budgets, changes
from dashboard.services.overview import overview
from tests.ways import House, snapshot


def held(house: House, period: str, currency: str | None = None) -> dict[str, int]:
    shown = overview(house.book, Selection(Period.parse(period), currency=currency))
    return {shown.names[line.category_id].name: line.budget for line in shown.budgets}


def test_a_budget_holds_from_its_month_until_the_next_and_ends_when_emptied(house: House) -> None:
    house.account()
    groceries = house.category("Groceries")
    budgets.set_budget(house.book, groceries, 202602, "EUR", "400")
    budgets.set_budget(house.book, groceries, 202606, "EUR", "450.50")
    budgets.set_budget(house.book, groceries, 202609, "EUR", "")
    budgets.set_budget(house.book, house.category("Gifts"), 202608, "EUR", "20")
    assert [held(house, f"2026-{m:02}") for m in (1, 2, 5, 6, 8, 9, 12)] == [
        {},
        {"Groceries": 40000},
        {"Groceries": 40000},
        {"Groceries": 45050},
        {"Groceries": 45050, "Gifts": 2000},
        {"Gifts": 2000},
        {"Gifts": 2000},
    ]
    assert held(house, "2026") == {"Groceries": 4 * 40000 + 3 * 45050, "Gifts": 5 * 2000}
    assert held(house, "2026-06-01..2026-06-30") == {}


def test_setting_it_again_for_the_same_month_replaces_it_and_undo_brings_the_old_one_back(house: House) -> None:
    groceries = house.category("Groceries")
    budgets.set_budget(house.book, groceries, 202602, "EUR", "400")
    before = snapshot(house.book)
    done = budgets.set_budget(house.book, groceries, 202602, "EUR", "500")
    assert held(house, "2026-03") == {"Groceries": 50000}
    changes.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_a_budget_is_in_its_own_currency(house: House) -> None:
    house.account("Current")
    house.account("Francs", "CHF")
    budgets.set_budget(house.book, house.category("Groceries"), 202602, "CHF", "400")
    assert held(house, "2026-11") == {}
    assert held(house, "2026-11", "CHF") == {"Groceries": 40000}


@pytest.mark.parametrize("amount", ["-1", "1e400", "NaN", "--5", "1.005", "x", 5, ["1"]])
def test_an_amount_that_cannot_be_is_refused_and_nothing_is_stored(house: House, amount: object) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", amount)
    assert refused.value.field == "amount"
    assert snapshot(house.book) == before


def test_income_has_no_budget_and_zero_is_none(house: House) -> None:
    with pytest.raises(InputNotValid, match="income"):
        budgets.set_budget(house.book, house.category("Salary"), 202611, "EUR", "400")
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", "0")
    assert held(house, "2026-11") == {}


@pytest.mark.parametrize("month", [202613, 202600, 0, 189912, 220001, -5])
def test_a_month_that_cannot_be_is_refused(house: House, month: int) -> None:
    with pytest.raises(InputNotValid):
        budgets.set_budget(house.book, house.category("Groceries"), month, "EUR", "400")


def test_another_books_category_is_not_found(house: House, other_house: House) -> None:
    from dashboard.model.categories import category

    with other_house.book.writing("category") as w:
        theirs = w.insert(
            category,
            [
                {"name": f"Theirs {n}", "group": "g", "kind": "expense", "slot": 1, "icon": "tag", "position": 0, "archived": False}
                for n in range(3)
            ],
        )[-1]
    with pytest.raises(NotFound):
        budgets.set_budget(house.book, theirs, 202611, "EUR", "400")


def test_left_to_spend_counts_budgeted_categories_only_and_says_where_the_month_is_heading(house: House) -> None:
    account = house.account()
    budgets.set_budget(house.book, house.category("Groceries"), 202601, "EUR", "400")
    budgets.set_budget(house.book, house.category("Gifts"), 202601, "EUR", "30")
    budgets.set_budget(house.book, house.category("Pets"), 202601, "EUR", "100")
    for month in range(5, 11):
        # What the earlier months spent after the 18th: 100, 110, ... 150; their median is 125.
        house.add(account, f"2026-{month:02}-25", f"-{50 + month * 10}", category="Groceries")
        house.add(account, f"2026-{month:02}-18", "-300", category="Groceries")
    house.add(account, "2026-11-10", "-300", category="Groceries")
    house.add(account, "2026-11-10", "-45", category="Gifts")
    house.add(account, "2026-11-11", "10", "Refund", category="Gifts")
    house.add(account, "2026-11-11", "-999", category="Travel")
    shown = overview(house.book, Selection(Period.of_month(202611)))
    lines = [(shown.names[b.category_id].name, b.spent, b.left, b.expected, b.status, b.early) for b in shown.budgets]
    assert lines == [
        ("Gifts", 3500, -500, 3500, "over", False),
        ("Groceries", 30000, 10000, 42500, "heading", False),
        ("Pets", 0, 10000, 0, "pace", False),
    ]
    assert (shown.budget, shown.budget_spent, shown.budget_expected) == (53000, 33500, 46000)
