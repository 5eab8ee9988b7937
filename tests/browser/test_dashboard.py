"""Cross-filtering on the screen: one click narrows every card, and every way back leads back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from selenium.webdriver.common.keys import Keys

from dashboard.services import budgets
from tests.browser.conftest import Person, Site, number
from tests.ways import House


@pytest.fixture
def household(site: Site) -> House:
    """Fill Alice's book with two accounts, seven months of groceries and a November that can be counted on paper."""
    house = site.house()
    current, card = house.account("Current"), house.account("Card")
    for month in range(4, 11):
        house.add(current, f"2026-{month:02}-05", "-80", "Market", "Groceries")
        house.add(current, f"2026-{month:02}-25", "-20", "Market", "Groceries")
        house.add(current, f"2026-{month:02}-02", "2000", "Studio", "Salary")
    for account, day, amount, payee, category in (
        (current, "2026-11-02", "2100", "Studio", "Salary"),
        (current, "2026-11-03", "-150", "Market", "Groceries"),
        (card, "2026-11-04", "-50", "Corner shop", "Groceries"),
        (card, "2026-11-05", "-60", "Trattoria", "Eating out"),
        (current, "2026-11-06", "-40", "Market", "Gifts"),
        (current, "2026-11-07", "-12.50", "Kiosk", None),
    ):
        house.add(account, day, amount, payee, category)
    for name, amount in (("Groceries", "300"), ("Eating out", "50")):
        budgets.set_budget(house.book, house.category(name), 202601, "EUR", budgets.BudgetForm(amount))
    return house


def point(person: Person, x: float, y: float) -> None:
    """Point at a place of the window with the mouse itself, until something is said of it."""
    person.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y, "button": "none"})
    person.until(lambda: person.all(".hoverlayer .hovertext, .hoverlayer path"), "the hover")


def tap(person: Person, x: float, y: float) -> None:
    """Click at a point of the window with the mouse itself."""
    point(person, x, y)
    for kind in ("mousePressed", "mouseReleased"):
        person.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1})


def narrowed(person: Person, chip: str) -> None:
    """Wait until the page is narrowed to this."""
    person.see(chip, "#page .answer .chip.on")


def wide(person: Person) -> None:
    """Wait until nothing narrows the page."""
    person.until(lambda: "Income" in person.kpis() and not person.all("#page .answer .chip.on"), "everything again")


def groceries_everywhere(person: Person) -> None:
    """Look at every card: each shows groceries and nothing else."""
    narrowed(person, "Category: Groceries")
    figures = person.kpis()
    assert list(figures) == ["Spent on Groceries", "Share of spending", "Average a month", "Left in budget"]
    assert number(figures["Spent on Groceries"]) == 200
    assert number(figures["Share of spending"]) == Decimal(64)
    assert number(figures["Average a month"]) == 100
    assert number(figures["Left in budget"]) == 100
    bars = person.chart("#bars")
    assert bars["data"][0]["y"][-8:] == [10000] * 7 + [20000]
    assert bars["data"][1]["line"]["dash"] == "dot"
    assert bars["data"][1]["y"] == [30000, 30000]
    gauge = person.chart("#gauge")["data"][0]
    assert (gauge["value"], gauge["gauge"]["axis"]["range"]) == (20000, [0, 30000])
    assert [t.split("\u20ac")[0] for t in person.texts(".budget-row .name")] == ["Groceries"]
    assert person.texts(".change-row .name") == ["Groceries"]
    assert person.texts(".payee-row .name") == ["Market", "Corner shop"]
    colours = person.chart("#donut")["data"][0]["marker"]["colors"]
    assert len(colours) == len(set(colours)) == 4, "the ring stays whole"
    pressed = person.js("return [...document.querySelectorAll('.legend-row[aria-pressed=true] .name')].map(e => e.textContent)")
    assert pressed == ["Groceries"]
    assert "\u20ac200" in person.text(".donut-middle")
    person.see("Open 2 transactions", "#page .answer")


def test_a_legend_row_narrows_every_card_and_every_way_back_leads_back(alice: Person, household: House) -> None:
    alice.open("/?p=2026-11")
    wide(alice)
    alice.click(".legend-row", "Groceries")
    groceries_everywhere(alice)
    assert f"cat={household.category('Groceries')}" in alice.where()
    alice.keys(Keys.ESCAPE)
    wide(alice)
    alice.driver.back()
    groceries_everywhere(alice)
    alice.driver.back()
    wide(alice)
    alice.driver.forward()
    groceries_everywhere(alice)
    alice.driver.refresh()
    groceries_everywhere(alice)
    alice.click(".legend-row", "Groceries")
    wide(alice)
    alice.click(".legend-row", "Groceries")
    groceries_everywhere(alice)
    alice.click("#page .answer .chip.on")
    wide(alice)


def test_a_slice_narrows_and_the_transactions_behind_it_are_exactly_those(alice: Person, household: House) -> None:
    alice.open("/?p=2026-11")
    alice.chart("#donut")
    # Just right of twelve: the largest slice begins there.
    at = alice.js("""const r = document.querySelector('#donut .slice path.surface').getBoundingClientRect(), g = document.querySelector('#donut').getBoundingClientRect();
        return [g.left + g.width / 2 + 0.85 * g.height / 2 - 2, g.top + g.height / 2]""")
    point(alice, *at)
    assert alice.until(lambda: alice.texts(".hoverlayer .hovertext"), "the words of the slice") == ["Groceries \u20ac200.00 \u00b7 64\u00a0%"]
    tap(alice, *at)
    groceries_everywhere(alice)
    spent = number(alice.kpis()["Spent on Groceries"])
    alice.click("#page .answer .link", "Open 2 transactions")
    alice.until(lambda: alice.where().startswith("/transactions?"), "the transactions")
    came, went = alice.listed()
    assert went - came == spent
    alice.see("Corner shop")
    assert "Trattoria" not in alice.text("#page")


def test_a_month_says_what_it_is_above_its_bars(alice: Person, household: House) -> None:
    alice.open("/?p=2026-11")
    alice.chart("#bars")
    spot = """const p = document.querySelector('#bars .js-plotly-plot'), r = p.getBoundingClientRect(), x = p._fullLayout.xaxis;
        return [r.left + x._offset + x.c2p(arguments[0]), r.top + r.height / 2, r.top]"""
    for month in (0, 6, 11):
        left, middle, top = alice.js(spot, month)
        name = alice.js("return document.querySelector('#bars .js-plotly-plot').data.at(-1).customdata[arguments[0]][1]", month)
        point(alice, left, middle)
        said = name.replace("<br>", "")
        alice.until(lambda said=said: said in alice.js("return [...document.querySelectorAll('#bars .hovertext')].map((l) => l.textContent)"), said)
        box, text = alice.js("const l = document.querySelector('#bars .hoverlayer .hovertext'); return ['path', 'text.nums'].map((css) => { const r = l.querySelector(css).getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })")
        # Room on every side of the text, and nothing beside the month but above it.
        assert all(b - a >= 6 for a, b in ((box[0], text[0]), (box[1], text[1]), (text[2], box[2]), (text[3], box[3])))
        assert box[3] <= top + 20
        assert box[0] <= left <= box[2]


def test_a_payee_and_a_change_narrow_too_and_both_together(alice: Person, household: House) -> None:
    alice.open("/?p=2026-11")
    wide(alice)
    assert alice.texts(".payee-row .name")[0] == "Market"
    alice.click(".payee-row", "Market")
    narrowed(alice, "Payee: Market")
    assert number(alice.kpis()["Spent at Market"]) == 190
    assert alice.kpis()["Transactions"] == "2"
    assert sorted(alice.texts(".legend-row .name")) == ["Gifts", "Groceries"]
    alice.click(".legend-row", "Gifts")
    alice.until(lambda: alice.texts("#page .answer .chip.on") == ["Category: Gifts", "Payee: Market"], "both")
    assert number(alice.kpis()["Spent on Gifts at Market"]) == 40
    alice.see("Open 1 transaction", "#page .answer")
    alice.keys(Keys.ESCAPE)
    wide(alice)
    alice.click(".change-row", "Eating out")
    narrowed(alice, "Category: Eating out")
    assert number(alice.kpis()["Left in budget"]) == -10
    gauge = alice.chart("#gauge")["data"][0]
    assert (gauge["value"], gauge["gauge"]["axis"]["range"]) == (6000, [0, 6000])


def test_the_filter_goes_along_through_time(alice: Person, household: House) -> None:
    alice.open(f"/?p=2026-11&cat={household.category('Groceries')}")
    narrowed(alice, "Groceries")
    alice.click(".step.back")
    alice.until(lambda: number(alice.kpis()["Spent on Groceries"]) == 100, "October's groceries")
    alice.open(f"/?p=2026&cat={household.category('Groceries')}")
    alice.until(lambda: number(alice.kpis()["Spent on Groceries"]) == 900, "the year's groceries")
    assert number(alice.kpis()["Left in budget"]) == 12 * 300 - 900
    alice.open("/?p=2026")
    wide(alice)
    assert alice.amounts()["Spending"] == Decimal("1012.50")
    assert "weeks in" in alice.text("#page .answer")
    assert "a month" in alice.text("#page .answer")
    alice.open(f"/?p=2026-10-20..2026-11-03&cat={household.category('Groceries')}")
    alice.until(lambda: number(alice.kpis()["Spent on Groceries"]) == 170, "a custom range")
    alice.see("A custom range has no budget")


def test_one_account_is_shown_alone(alice: Person, household: House) -> None:
    alice.open("/?p=2026-11")
    wide(alice)
    alice.click("#page .answer summary", "All accounts")
    alice.click("#page .answer .option", "Card")
    alice.until(lambda: alice.amounts() == {"Income": 0, "Spending": 110, "Net": -110}, "the card alone")
    assert "acc=" in alice.where()
    alice.click(".legend-row", "Groceries")
    alice.until(lambda: number(alice.kpis().get("Spent on Groceries", "0")) == 50, "the card's groceries")
    alice.see("Open 1 transaction", "#page .answer")
    alice.driver.back()
    alice.driver.back()
    wide(alice)
    assert alice.amounts()["Spending"] == Decimal("312.50")


def test_a_first_look_loads_the_sample_data_and_removes_it(alice: Person, site: Site) -> None:
    alice.open("/")
    alice.see("Your money picture starts with one file")
    alice.click("#page button", "Load sample data")
    alice.see("This is sample data", ".notice.sample")
    assert alice.amounts()["Income"] > 0
    assert len(alice.all(".legend-row")) > 4
    assert site.house().rows()
    alice.close_toasts()
    alice.click(".notice.sample button", "Remove sample data")
    alice.see("Your money picture starts with one file")
    assert site.house().rows() == []
    assert alice.overflow() == []
