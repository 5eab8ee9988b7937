"""Budgets hold from their month on, until the next one or an end."""

from __future__ import annotations

import json
import re

import pytest

from dashboard.errors import ChangedMeanwhile, InputNotValid, NotFound
from dashboard.money import plain
from dashboard.periods import Period, add_months
from dashboard.selection import Selection
from dashboard.services import budgets, categories, demo, history, transactions
from dashboard.services.books import Done
from dashboard.services.budgets import Cell, Plan
from dashboard.services.overview import overview, summed
from dashboard.view.pages import budgets as budgets_page
from dashboard.view.parts import Words
from tests.conftest import Clock
from tests.ways import House, bank_csv, snapshot


def held(house: House, period: str, currency: str | None = None) -> dict[str, int]:
    shown = overview(house.book, Selection(Period.parse(period), currency=currency))
    return {shown.names[line.category_id].name: line.budget for line in shown.budgets}


def test_a_budget_holds_from_its_month_until_the_next_and_ends_when_emptied(house: House) -> None:
    house.account()
    groceries = house.category("Groceries")
    budgets.set_budget(house.book, groceries, 202602, "EUR", budgets.BudgetForm("400"))
    budgets.set_budget(house.book, groceries, 202606, "EUR", budgets.BudgetForm("450.50"))
    budgets.set_budget(house.book, groceries, 202609, "EUR", budgets.BudgetForm(""))
    budgets.set_budget(house.book, house.category("Gifts"), 202608, "EUR", budgets.BudgetForm("20"))
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
    budgets.set_budget(house.book, groceries, 202602, "EUR", budgets.BudgetForm("400"))
    before = snapshot(house.book)
    done = budgets.set_budget(house.book, groceries, 202602, "EUR", budgets.BudgetForm("500"))
    assert held(house, "2026-03") == {"Groceries": 50000}
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_a_budget_is_in_its_own_currency(house: House) -> None:
    house.account("Current")
    house.account("Francs", "CHF")
    budgets.set_budget(house.book, house.category("Groceries"), 202602, "CHF", budgets.BudgetForm("400"))
    assert held(house, "2026-11") == {}
    assert held(house, "2026-11", "CHF") == {"Groceries": 40000}


@pytest.mark.parametrize("amount", ["-1", "1e400", "NaN", "--5", "1.005", "x", 5, ["1"]])
def test_an_amount_that_cannot_be_is_refused_and_nothing_is_stored(house: House, amount: object) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm(amount))
    assert refused.value.field == "amount"
    assert snapshot(house.book) == before


def test_income_has_no_budget_and_zero_is_none(house: House) -> None:
    with pytest.raises(InputNotValid, match="income"):
        budgets.set_budget(house.book, house.category("Salary"), 202611, "EUR", budgets.BudgetForm("400"))
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("0"))
    assert held(house, "2026-11") == {}


@pytest.mark.parametrize("month", [202613, 202600, 0, 189912, 220001, -5])
def test_a_month_that_cannot_be_is_refused(house: House, month: int) -> None:
    with pytest.raises(InputNotValid):
        budgets.set_budget(house.book, house.category("Groceries"), month, "EUR", budgets.BudgetForm("400"))


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
        budgets.set_budget(house.book, theirs, 202611, "EUR", budgets.BudgetForm("400"))


def test_left_to_spend_counts_budgeted_categories_only_and_says_where_the_month_is_heading(house: House) -> None:
    account = house.account()
    budgets.set_budget(house.book, house.category("Groceries"), 202601, "EUR", budgets.BudgetForm("400"))
    budgets.set_budget(house.book, house.category("Gifts"), 202601, "EUR", budgets.BudgetForm("30"))
    budgets.set_budget(house.book, house.category("Pets"), 202601, "EUR", budgets.BudgetForm("100"))
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


GROCERIES, GIFTS, PETS = "Groceries", "Gifts", "Pets"


def put(house: House, amount: object, month: int = 202611, name: str = GROCERIES, *, later: bool = False) -> Done:
    return budgets.set_budget(house.book, house.category(name), month, "EUR", budgets.BudgetForm(amount, later=later))


def planned(house: House, month: int = 202611, currency: str | None = None) -> Plan:
    return budgets.plan(house.book, Selection(Period.of_month(month), currency=currency))


def cell(house: House, month: int = 202611, name: str = GROCERIES, currency: str | None = None) -> Cell:
    return planned(house, month, currency).cells[house.category(name)]


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("+20", 42000),
        ("-10", 39000),
        ("\u221210", 39000),
        ("+0.50", 40050),
        ("-400", None),
        ("*1.1", 44000),
        ("\u00d71,1", 44000),
        ("* 0.333", 13300),
        ("*0", None),
        ("350 + 12.50", 36250),
        ("  1,200 ", 120000),
        ("", None),
        (None, None),
    ],
)
def test_an_amount_or_a_change_of_the_one_in_force_is_typed(house: House, typed: object, becomes: int | None) -> None:
    put(house, "400", 202609)
    put(house, typed)
    assert cell(house).budget == becomes
    assert cell(house, 202610).budget == 40000, "what came before stays"


@pytest.mark.parametrize(
    "typed", ["-401", "*-1", "*", "*x", "*1e3", "*99999", "*1.1.1", "+x", "+-5", "\u00d7", "10000000000000000", "*9999"]
)
def test_what_cannot_be_typed_is_refused_with_a_sentence_and_the_budget_stays(house: House, typed: str) -> None:
    put(house, "99999999999" if typed == "*9999" else "400")
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        put(house, typed)
    assert (refused.value.field, bool(refused.value.message)) == ("amount", True)
    assert snapshot(house.book) == before


@pytest.mark.parametrize(("typed", "becomes"), [("+20", 2000), ("*1.1", None), ("-1", None)])
def test_a_change_of_no_budget_is_a_change_of_nothing(house: House, typed: str, becomes: int | None) -> None:
    if typed == "-1":
        with pytest.raises(InputNotValid, match="less than nothing"):
            put(house, typed)
    else:
        put(house, typed)
    assert cell(house).budget == becomes


def test_what_says_the_same_writes_nothing(house: House) -> None:
    put(house, "400")
    known = house.changes()
    assert put(house, "400.00").revision == put(house, "+0", 202612).revision == put(house, "*1").revision == 0
    assert budgets.set_carry(house.book, house.category(GROCERIES), 202611, "EUR", carry=False).revision == 0
    assert house.changes() == known


def test_later_months_follow_where_that_is_wished_and_undo_brings_them_back(house: House) -> None:
    put(house, "400", 202609)
    put(house, "500", 202612)
    put(house, "", 202702)
    assert cell(house).later == 2
    before = snapshot(house.book)
    done = put(house, "400", later=True)
    assert done.message.endswith("all later months with it")
    assert [cell(house, m).budget for m in (202610, 202611, 202612, 202702, 202801)] == [40000] * 5
    assert cell(house).later == 0
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    assert put(house, "450").revision
    assert [cell(house, m).budget for m in (202611, 202612, 202702)] == [45000, 50000, None]


def test_a_new_amount_keeps_the_switch_and_the_switch_keeps_the_amount(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-05", "-150", category=GROCERIES)
    put(house, "400", 202610)
    budgets.set_carry(house.book, house.category(GROCERIES), 202610, "EUR", carry=True)
    put(house, "*1.1")
    assert (cell(house).budget, cell(house).carry, cell(house).carried) == (44000, True, 25000)
    budgets.set_carry(house.book, house.category(GROCERIES), 202612, "EUR", carry=False)
    assert (cell(house, 202612).budget, cell(house, 202612).carry, cell(house, 202612).carried) == (44000, False, 0)
    assert (cell(house).carry, cell(house).carried) == (True, 25000), "it holds from its month on, not before"
    line = planned(house).shown.budgets[0]
    assert (line.budget, line.carried, line.available, line.left) == (44000, 25000, 69000, 69000)


def test_only_a_budget_carries_over(house: House) -> None:
    for month in (202610, 202612):
        with pytest.raises(InputNotValid, match="Set a budget for Groceries first"):
            budgets.set_carry(house.book, house.category(GROCERIES), month, "EUR", carry=True)
        put(house, "400", 202611)
        put(house, "", 202612)
    with pytest.raises(NotFound):
        budgets.set_carry(house.book, 10**9, 202611, "EUR", carry=True)


def test_what_was_overspent_is_carried_too_and_the_status_knows(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-05", "-450", category=GROCERIES)
    house.add(account, "2026-11-05", "-360", category=GROCERIES)
    put(house, "400", 202610)
    budgets.set_carry(house.book, house.category(GROCERIES), 202610, "EUR", carry=True)
    line = planned(house).shown.budgets[0]
    assert (line.carried, line.available, line.left, line.status) == (-5000, 35000, -1000, "over")


def test_copy_fills_what_is_empty_and_offers_the_others(house: House) -> None:
    for name, amount in ((GROCERIES, "400"), (GIFTS, "30"), (PETS, "50")):
        put(house, amount, 202610, name)
    budgets.set_carry(house.book, house.category(GIFTS), 202610, "EUR", carry=True)
    put(house, "", 202611, GIFTS)
    put(house, "450", 202611, GROCERIES)
    before = snapshot(house.book)
    done, others = budgets.copy(house.book, 202611, "EUR")
    assert (done.message, others) == ("October copied: 1 budget set from November 2026", 1)
    assert [cell(house, name=n).budget for n in (GROCERIES, GIFTS, PETS)] == [45000, 3000, 5000]
    assert cell(house, name=GIFTS).carry
    replaced, others = budgets.copy(house.book, 202611, "EUR", replace=True)
    assert (cell(house).budget, others) == (40000, 0)
    with pytest.raises(InputNotValid, match="Nothing to fill"):
        budgets.copy(house.book, 202611, "EUR")
    history.undo(house.book, replaced.revision)
    again, others = budgets.copy(house.book, 202611, "EUR")
    assert (again.revision, others) == (0, 1)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_suggestions_are_the_average_of_three_months_in_whole_units(house: House) -> None:
    account = house.account()
    for month, size in (("08", "-100"), ("09", "-101.50"), ("10", "-100.25"), ("07", "-999"), ("11", "-999")):
        house.add(account, f"2026-{month}-05", size, category=GROCERIES)
    house.add(account, "2026-10-06", "-1.49", category=PETS)
    house.add(account, "2026-10-06", "50", category="Travel")
    house.add(account, "2026-10-06", "2000", category="Salary")
    house.add(account, "2026-10-06", "-90")
    house.add(account, "2026-10-07", "-60", category=GIFTS)
    categories.archive(house.book, house.category(GIFTS), archived=True)
    before = snapshot(house.book)
    done, others = budgets.suggest(house.book, 202611, "EUR")
    assert (done.message, others) == ("Suggested: 1 budget set from November 2026", 0)
    assert held(house, "2026-11") == {GROCERIES: 10100}
    put(house, "300")
    assert budgets.suggest(house.book, 202611, "EUR")[1] == 1
    budgets.suggest(house.book, 202611, "EUR", replace=True)
    assert held(house, "2026-11") == {GROCERIES: 10100}
    for _ in range(3):
        history.undo_last(house.book)
    assert snapshot(house.book) == before


def offers(house: House, month: int = 202611) -> list[list[str]]:
    plan = planned(house, month)
    return budgets_page._suggestions(plan.cells[house.category(GROCERIES)], plan.shown, Words("en-IE", house.book.today))


@pytest.mark.parametrize(
    ("costs", "average", "said"),
    [
        # The months before the book began do not count; those within it without spending do.
        ({"10": "300"}, 30000, ["Average of 1 month: \u20ac300", "October spent"]),
        ({"09": "300", "10": "300"}, 30000, ["Average of 2 months: \u20ac300, \u20ac300", "October spent"]),
        ({"08": "280", "09": "310", "10": "310"}, 30000, ["Average of 3 months: \u20ac280, \u20ac310, \u20ac310", "October spent"]),
        ({"06": "999", "08": "300", "10": "300"}, 20000, ["Average of 3 months: \u20ac300, \u20ac0, \u20ac300", "October spent"]),
        # What happened in one of several months is no habit.
        ({"06": "1", "07": "1", "10": "900"}, None, []),
        ({"09": "900", "10": "0"}, None, []),
    ],
)
def test_a_suggestion_counts_the_months_of_the_book_and_says_its_reason(
    house: House, costs: dict[str, str], average: int | None, said: list[str]
) -> None:
    account = house.account()
    for month, size in costs.items():
        if size == "0":
            house.add(account, f"2026-{month}-05", "-5", category=PETS)
        else:
            house.add(account, f"2026-{month}-05", f"-{size}", category=GROCERIES)
    house.add(account, "2026-11-03", "-77", category=GROCERIES)
    assert cell(house).average == average
    assert [one[0] for one in offers(house)] == said
    # A month that is not over is no measure for the next.
    assert cell(house, 202612).costs == cell(house).costs
    assert "November spent so far" in [one[0] for one in offers(house, 202612)] or average is None
    if average is None:
        with pytest.raises(InputNotValid, match="Nothing to fill"):
            budgets.suggest(house.book, 202611, "EUR")
    else:
        budgets.suggest(house.book, 202611, "EUR")
        assert held(house, "2026-11") == {GROCERIES: average}


def test_nothing_to_copy_or_suggest_is_a_sentence_and_no_change(house: House) -> None:
    for fill in (budgets.copy, budgets.suggest):
        with pytest.raises(InputNotValid, match="Nothing to fill"):
            fill(house.book, 202611, "EUR")
    assert house.changes() == []


def test_an_archived_category_is_not_filled_but_keeps_its_budget_in_sight(house: House) -> None:
    put(house, "30", 202609, GIFTS)
    put(house, "", 202611, GIFTS)
    categories.archive(house.book, house.category(GIFTS), archived=True)
    with pytest.raises(InputNotValid, match="Nothing to fill"):
        budgets.copy(house.book, 202611, "EUR")
    field = f'"budget-{house.category(GIFTS)}"'
    assert field in json.dumps(budgets_page.page(planned(house, 202610), "light"))
    assert field not in json.dumps(budgets_page.page(planned(house, 202611), "light"))


def test_a_cell_knows_six_months_behind_with_the_budgets_of_their_time(house: House) -> None:
    account = house.account()
    for month, size in (("05", "-50"), ("06", "-60"), ("09", "-90.01"), ("10", "-100"), ("10", "30"), ("04", "-999"), ("11", "-999")):
        house.add(account, f"2026-{month}-05", size, category=GROCERIES)
    put(house, "80", 202606)
    put(house, "", 202608)
    put(house, "120", 202610)
    found = cell(house)
    assert found.behind == (
        (202605, 5000, None),
        (202606, 6000, 8000),
        (202607, 0, 8000),
        (202608, 0, None),
        (202609, 9001, None),
        (202610, 7000, 12000),
    )
    assert (found.budget, found.costs, found.average, found.later, found.carry) == (12000, (0, 9001, 7000), 5300, 0, False)


def test_each_currency_has_its_own_plan(house: House) -> None:
    euros, francs = house.account("Current"), house.account("Francs", "CHF")
    for month in ("08", "09", "10"):
        house.add(euros, f"2026-{month}-05", "-90", category=GROCERIES)
        house.add(francs, f"2026-{month}-05", "-60", category=GROCERIES)
    budgets.suggest(house.book, 202611, "CHF")
    assert (cell(house).budget, cell(house, currency="CHF").budget) == (None, 6000)
    assert cell(house, currency="CHF").behind[-1] == (202610, 6000, None)
    assert cell(house).behind[-1] == (202610, 9000, None)
    with pytest.raises(InputNotValid):
        budgets.copy(house.book, 202611, "JPY")
    with pytest.raises(InputNotValid):
        budgets.suggest(house.book, 202611, "XYZ")


def test_the_page_the_dashboard_and_the_command_line_say_the_same(house: House) -> None:
    demo.load(house.book)
    for month in (202611, 202610, 202701):
        shown = overview(house.book, Selection(Period.of_month(month)))
        plan, said = planned(house, month), summed(shown)
        assert plan.shown.budgets == shown.budgets
        assert len(shown.budgets) > 5
        assert said["budgets"] == [
            {
                "category": shown.names[line.category_id].name,
                "budget": plain(line.budget, "EUR"),
                "carried": plain(line.carried, "EUR"),
                "spent": plain(line.spent, "EUR"),
                "left": plain(line.left, "EUR"),
                "status": line.status,
            }
            for line in shown.budgets
        ]
        for line in shown.budgets:
            mine = plan.cells[line.category_id]
            assert (mine.budget, mine.carried) == (line.budget, line.carried)
            later = cell(house, add_months(month, 1), shown.names[line.category_id].name)
            assert later.behind[-1] == (month, line.spent, line.budget)
            if later.carry:
                assert later.carried == line.left, "what is left is what the next month receives"


def said_of(house: House, month: int = 202611) -> str:
    return json.dumps(budgets_page.page(planned(house, month), "light"), ensure_ascii=False, default=str)


def test_the_groups_and_what_is_kept_back_and_free_are_the_plan_in_parts(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-05", "-6", category=GROCERIES)
    house.add(account, "2026-11-01", "2000", category="Salary")
    house.add(account, "2026-11-05", "-150", category=GROCERIES)
    house.add(account, "2026-11-06", "-40", category=PETS)
    put(house, "400", 202610)
    put(house, "1000", 202611, GIFTS)
    budgets.set_carry(house.book, house.category(GROCERIES), 202610, "EUR", carry=True)
    plan = planned(house)
    assert sum(group.budgeted for group in plan.groups) == plan.budgeted == 140000
    assert sum(group.left for group in plan.groups) == plan.shown.budget_left == plan.kept_back == 164400
    assert sum(group.carried for group in plan.groups) == plan.shown.budget_carried == 39400
    assert sum(group.used for group in plan.groups) == plan.shown.spending.now == 19000
    assert (plan.free, plan.shown.outside_budgets) == (60000, 4000)
    assert plan.whole == plan.income + 39400 == plan.free + plan.kept_back + plan.shown.budget_spent
    assert plan.behind[202610] == 600
    put(house, "3000", 202611, GIFTS)
    assert (planned(house).left, planned(house).free) == (-140000, 0)


@pytest.mark.parametrize(("day", "period", "left"), [(18, "2026-11", 25000 // 12), (30, "2026-11", 25000), (18, "2026", 55000 // 2)])
def test_what_may_be_spent_is_of_the_days_or_months_that_are_left(house: House, clock: Clock, day: int, period: str, left: int) -> None:
    clock.set(2026, 11, day)
    put(house, "300", 202611)
    house.add(house.account(), "2026-11-05", "-50", category=GROCERIES)
    assert overview(house.book, Selection(Period.parse(period))).allowance == left


def test_what_is_carried_over_is_not_budgeted_from_this_months_income_again(house: House) -> None:
    account = house.account()
    house.add(account, "2026-10-01", "2000", category="Salary")
    house.add(account, "2026-10-05", "-6", category=GROCERIES)
    house.add(account, "2026-11-01", "2000", category="Salary")
    put(house, "400", 202610)
    put(house, "1000", 202611, GIFTS)
    budgets.set_carry(house.book, house.category(GROCERIES), 202610, "EUR", carry=True)
    plan = planned(house)
    assert (plan.income, plan.budgeted, plan.left) == (200000, 140000, 60000)
    assert (plan.shown.budget, plan.shown.budget_carried) == (179400, 39400)
    text = said_of(house)
    assert "of \u20ac1,400 + \u20ac394 carried over" in text
    assert "\u20ac394.00 carried over is in budgets besides" in text
    assert "of \u20ac1,794" not in text
    # November is not over: what it leaves may still be spent.
    assert "\u20ac794.00 carried over so far is in budgets besides" in said_of(house, 202612)


def test_a_month_that_has_not_begun_is_budgeted_from_what_usually_comes(house: House) -> None:
    account = house.account()
    put(house, "400", 202612)
    plan = planned(house, 202612)
    assert (plan.expected, plan.income, plan.left) == (True, 0, -40000)
    assert "no income is known to expect" in said_of(house, 202612)
    assert "Over-assigned" not in said_of(house, 202612)
    for month, size in (("08", "2000"), ("09", "2600"), ("10", "2500"), ("11", "9000")):
        house.add(account, f"2026-{month}-01", size, category="Salary")
    plan = planned(house, 202612)
    assert (plan.expected, plan.income, plan.left) == (True, 250000, 210000), "November is not over"
    assert "of \u20ac2,500.00 expected income" in said_of(house, 202612)
    house.add(account, "2026-12-01", "2700", category="Salary")
    assert planned(house, 202612).income == 270000, "what is known is more than usual"
    put(house, "3000", 202612)
    text = said_of(house, 202612)
    assert "Budgeted beyond expected income" in text
    assert "Over-assigned" not in text
    assert planned(house, 202611).income == 900000
    put(house, "9001", 202611, PETS)
    assert "Over-assigned by" in said_of(house)


def test_a_running_month_expects_what_usually_comes_until_it_has_come(house: House, clock: Clock) -> None:
    clock.set(2026, 11, 2)
    account = house.account()
    for month, size in (("08", "2000"), ("09", "2600"), ("10", "2500")):
        house.add(account, f"2026-{month}-25", size, category="Salary")
    put(house, "2400", 202611)
    plan = planned(house)
    assert (plan.expected, plan.income, plan.left) == (True, 250000, 10000)
    text = said_of(house)
    assert "of \u20ac2,500.00 expected income, \u20ac2,400.00 budgeted" in text
    assert "Over-assigned" not in text
    typed = house.add(account, "2026-11-25", "2550", category="Salary")
    plan = planned(house)
    assert (plan.expected, plan.income, plan.left) == (False, 255000, 15000), "typed ahead is known"
    assert "of \u20ac2,550.00 income this month" in said_of(house)
    house.edit(typed, amount="2300")
    assert (planned(house).expected, planned(house).income) == (True, 250000)
    clock.set(2026, 12, 1)
    plan = planned(house)
    assert (plan.expected, plan.income, plan.left) == (False, 230000, -10000), "a month that is over has what came"
    assert "Over-assigned by" in said_of(house)


@pytest.mark.parametrize(("last", "costs"), [("12", (10000, 20000, 30000)), ("27", (20000, 30000, 5000))])
def test_a_month_that_statements_end_within_is_no_measure(house: House, last: str, costs: tuple[int, ...]) -> None:
    account = house.account()
    rows = [("2026-07-05", "Market", "-100.00"), ("2026-08-05", "Market", "-200.00"), ("2026-09-05", "Market", "-300.00")]
    house.take_in(bank_csv([*rows, (f"2026-10-{last}", "Market", "-50.00")]))
    transactions.set_category(house.book, [row["id"] for row in house.rows()], house.category(GROCERIES))
    assert {row["account_id"] for row in house.rows()} == {account}
    found = cell(house)
    assert found.costs == costs
    assert ("October spent so far" in [one[0] for one in offers(house)]) == (last == "12")
    budgets.suggest(house.book, 202611, "EUR")
    assert held(house, "2026-11") == {GROCERIES: found.average}


def test_money_that_came_back_does_not_push_the_bar_of_the_month_out_of_its_box(house: House) -> None:
    account = house.account()
    house.add(account, "2026-11-01", "3000", category="Salary")
    house.add(account, "2026-11-02", "1250", "Refund", GIFTS)
    put(house, "2650", 202611, GIFTS)
    widths = re.findall(r'"width": "([0-9.]+)%", "background"', said_of(house))
    assert sum(map(float, widths[:2])) == pytest.approx(100, abs=0.2)


def test_of_two_tabs_that_set_one_budget_the_second_is_told(house: House) -> None:
    groceries = house.category("Groceries")
    budgets.set_budget(house.book, groceries, 202611, "EUR", budgets.BudgetForm("40", seen=0))
    with pytest.raises(ChangedMeanwhile, match="Groceries has been changed meanwhile"):
        budgets.set_budget(house.book, groceries, 202611, "EUR", budgets.BudgetForm("50", seen="0"))
    budgets.set_budget(house.book, groceries, 202612, "EUR", budgets.BudgetForm("50", seen="4000"))
    assert {row["month"]: row["amount"] for row in snapshot(house.book)["budget"]} == {202611: 4000, 202612: 5000}
