"""Budgets and the history on the screen: by mouse and by keyboard, and nothing that cannot be taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import budgets
from tests.browser.conftest import Person, Site, number
from tests.ways import House


@pytest.fixture
def spender(site: Site) -> House:
    """Fill Alice's book with three months of spending in three categories, and with a budget for one of them."""
    house = site.house()
    account = house.account("Current")
    for month in ("08", "09", "10"):
        house.add(account, f"2026-{month}-05", "-300", "Market", "Groceries")
        house.add(account, f"2026-{month}-06", "-60", "Trattoria", "Eating out")
        house.add(account, f"2026-{month}-07", "-20.40", "Paws", "Pets")
    house.add(account, "2026-10-09", "-90", "Market", "Groceries")
    house.add(account, "2026-11-09", "-100", "Market", "Groceries")
    budgets.set_budget(house.book, house.category("Groceries"), 202609, "EUR", budgets.BudgetForm("350"))
    return house


def cell(house: House, name: str) -> str:
    return f"#budget-{house.category(name)}"


def value(person: Person, css: str) -> str:
    return str(person.js("return document.querySelector(arguments[0]).value", css))


def held(house: House, name: str, month: int = 202611) -> int | None:
    return budgets.plan(house.book, Selection(Period.of_month(month))).cells[house.category(name)].budget


def focused(person: Person, css: str) -> None:
    person.until(lambda: person.js("return document.activeElement.matches(arguments[0])", css), f"the cursor in {css}")


def test_amounts_are_typed_changed_and_walked_through_with_the_keyboard(alice: Person, spender: House) -> None:
    groceries, eating, pets = (cell(spender, name) for name in ("Groceries", "Eating out", "Pets"))
    alice.open("/budgets?p=2026-11")
    order: list[str] = alice.js("return [...document.querySelectorAll('.budget-grid input')].map(e => '#' + e.id)")
    alice.click(eating)
    alice.keys("45" + Keys.ENTER)
    alice.see("Budget for Eating out set from November 2026", ".toast-box")
    focused(alice, order[order.index(eating) + 1])
    alice.keys(Keys.ARROW_UP)
    focused(alice, eating)
    alice.until(lambda: value(alice, eating) == "45", "45")
    alice.keys("*1.1" + Keys.ARROW_DOWN)
    alice.until(lambda: value(alice, eating) == "50", "ten per cent more, in whole euros")
    assert held(spender, "Eating out") == 5000
    alice.keys(Keys.ARROW_UP)
    focused(alice, eating)
    alice.keys("+20", Keys.TAB)
    alice.until(lambda: value(alice, eating) == "70", "twenty more")
    alice.close_toasts()
    alice.click(eating)
    alice.keys("-100" + Keys.ENTER)
    alice.see("less than nothing", ".toast-box.error")
    assert held(spender, "Eating out") == 7000
    alice.close_toasts()
    alice.click(groceries)
    alice.keys("999", Keys.ESCAPE)
    assert value(alice, groceries) == "350", "Escape leaves it as it was"
    alice.click(pets)
    alice.see("Left to budget", ".hero")
    assert held(spender, "Groceries") == 35000
    assert alice.overflow() == []


def test_suggestions_are_chosen_by_mouse_and_by_keyboard(alice: Person, spender: House) -> None:
    groceries, eating = cell(spender, "Groceries"), cell(spender, "Eating out")
    budgets.set_budget(spender.book, spender.category("Groceries"), 202701, "EUR", budgets.BudgetForm("500"))
    alice.open("/budgets?p=2026-11")
    alice.click(groceries)
    assert [t.split("\u20ac")[0].rstrip(": ") for t in alice.texts(".suggestions [role=option]")] == [
        "Average of 3 months",
        "October spent",
        "October budget",
        "Apply to all later months",
    ]
    alice.keys("4")
    alice.click(".suggestions [role=option]", "Average of 3 months")
    alice.until(lambda: value(alice, groceries) == "330", "the average")
    alice.gone(".suggestions")
    alice.until(lambda: held(spender, "Groceries") == 33000, "the average saved")
    alice.click(eating)
    alice.click(groceries)
    focused(alice, groceries)
    ActionChains(alice.driver).key_down(Keys.ALT).send_keys(Keys.ARROW_DOWN).key_up(Keys.ALT).perform()
    focused(alice, ".suggestions [role=option]")
    alice.keys(Keys.ARROW_DOWN, Keys.ENTER)
    alice.until(lambda: value(alice, groceries) == "390", "what October cost")
    alice.until(lambda: (held(spender, "Groceries"), held(spender, "Groceries", 202701)) == (39000, 50000), "October's cost saved")
    focused(alice, groceries)
    alice.close_toasts()
    alice.click(eating)
    alice.click(groceries)
    alice.click(".suggestions [role=option]", "Apply to all later months")
    alice.see("all later months with it", ".toast-box")
    alice.until(lambda: held(spender, "Groceries", 202701) == 39000, "January too")
    alice.undo()
    alice.until(lambda: held(spender, "Groceries", 202701) == 50000, "January as it was")


def test_what_is_being_typed_while_the_last_cell_is_saved_is_not_lost(alice: Person, spender: House) -> None:
    eating = cell(spender, "Eating out")
    alice.open("/budgets?p=2026-11")
    order: list[str] = alice.js("return [...document.querySelectorAll('.budget-grid input')].map(e => '#' + e.id)")
    following = order[order.index(eating) + 1]
    alice.click(eating)
    alice.keys("45" + Keys.ENTER + "12")
    alice.until(lambda: "\u20ac395" in alice.text(".hero"), "the first saved and drawn")
    focused(alice, following)
    assert value(alice, following) == "12"
    alice.keys(Keys.ENTER)
    alice.until(lambda: "\u20ac407" in alice.text(".hero"), "the second saved too")
    assert held(spender, "Eating out") == 4500
    # Going on to type after the page was drawn anew saves once: twenty more are twenty more.
    alice.click(eating)
    alice.keys("+10" + Keys.ENTER + "+")
    alice.until(lambda: value(alice, eating) == "55", "the third saved and drawn")
    alice.keys("8" + Keys.TAB)
    alice.until(lambda: value(alice, following) == "20", "the fourth")
    assert held(spender, "Eating out") == 5500


def test_what_is_left_is_carried_over_by_a_switch(alice: Person, spender: House) -> None:
    alice.open("/budgets?p=2026-11")
    switch = f"button[role=switch][data-value='{spender.category('Groceries')}']"
    assert alice.one(switch).get_attribute("aria-checked") == "false"
    alice.see("\u20ac250", ".left-cell:not(:empty)")
    alice.click(switch)
    alice.until(lambda: alice.one(switch).get_attribute("aria-checked") == "true", "the switch on")
    # 350 less 300 in September and 350 less 390 in October, of which November gets what October left.
    alice.see("\u2212\u20ac40", switch)
    focused(alice, switch)
    alice.undo()
    alice.until(lambda: alice.one(switch).get_attribute("aria-checked") == "false", "the switch off again")
    alice.close_toasts()
    alice.one(switch).send_keys(Keys.SPACE)
    alice.until(lambda: alice.one(switch).get_attribute("aria-checked") == "true", "the switch on by keyboard")


def test_copying_and_suggesting_fill_what_is_empty_and_offer_the_rest(alice: Person, spender: House) -> None:
    groceries, eating, pets = (cell(spender, name) for name in ("Groceries", "Eating out", "Pets"))
    alice.open("/budgets?p=2026-11")
    alice.click("#page button", "Suggest")
    alice.see("Suggested: 2 budgets set from November 2026", ".toast-box")
    alice.until(lambda: (value(alice, eating), value(alice, pets)) == ("60", "20"), "the averages")
    assert value(alice, groceries) == "350"
    alice.click(".toast-box button", "Also replace 1 existing")
    alice.until(lambda: value(alice, groceries) == "330", "the other one too")
    alice.undo()
    alice.until(lambda: value(alice, groceries) == "350", "only that taken back")
    assert value(alice, pets) == "20"
    alice.close_toasts()
    alice.click("#page button", "Copy October")
    alice.see("Nothing to fill", ".toast-box.error")
    alice.close_toasts()
    budgets.set_budget(spender.book, spender.category("Groceries"), 202611, "EUR", budgets.BudgetForm("400"))
    alice.open("/budgets?p=2026-11")
    alice.click("#page button", "Copy October")
    alice.see("1 of them differ", ".toast-box")
    alice.click(".toast-box button", "Also replace 1 existing")
    alice.until(lambda: value(alice, groceries) == "350", "October's")
    assert number(alice.text(".hero .large")) != Decimal(0)


def test_a_change_is_looked_up_in_the_history_and_undone_there(alice: Person, spender: House) -> None:
    spender.edit(spender.rows()[0]["id"], amount="310", payee="Big market")
    alice.open("/history")
    entry = ".history-item:first-child"
    alice.see("\u201cBig market\u201d changed", entry)
    assert "Alice" in alice.text(entry)
    assert not alice.all(f"{entry} details[open]")
    alice.click(f"{entry} summary .who")
    alice.until(lambda: alice.all(f"{entry} details[open]"), "the entry open")
    table = alice.text(f"{entry} .history-rows")
    assert "\u2212\u20ac300.00" in table
    assert "\u2212\u20ac310.00" in table
    assert "Market" in table
    before = len(alice.all(".history-item"))
    alice.click(f"{entry} button", "Undo")
    alice.see("ndone", ".toast-box")
    alice.until(lambda: len(alice.all(".history-item")) == before + 1, "the undo in the history")
    assert spender.rows()[0]["amount"] == -30000
    alice.see("Undone", ".history-item:nth-child(2)")
    assert not alice.all(".history-item:nth-child(2) button[data-act=undo]")
    alice.click(f"{entry} button", "Undo")
    alice.until(lambda: spender.rows()[0]["amount"] == -31000, "done again")
    assert alice.overflow() == []
