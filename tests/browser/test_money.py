"""Journeys with money: adding and undoing, moving through time, following every number to what it is made of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from selenium.webdriver.common.keys import Keys

from dashboard.services import budgets, transfers
from tests.browser.conftest import Person, Site, number
from tests.ways import House


@pytest.fixture
def lived_in(site: Site) -> House:
    """Fill Alice's book with every case a sum can trip over: refunds, splits, transfers of one and two sides, no category."""
    house = site.house()
    current, savings = house.account("Current"), house.account("Savings")
    for day, amount, payee, category in (
        ("2026-11-01", "-900", "Landlord", "Housing"),
        ("2026-11-02", "2400", "Studio", "Salary"),
        ("2026-11-03", "-61.10", "Market", "Groceries"),
        ("2026-11-04", "11.10", "Market", "Groceries"),
        ("2026-11-05", "-35.55", "Trattoria", "Eating out"),
        ("2026-11-06", "-44", "Fuel", "Transport"),
        ("2026-11-07", "-27", "Cinema", "Fun & events"),
        ("2026-11-08", "-19.99", "Boots", "Health"),
        ("2026-11-09", "-60", "Uniqlo", "Clothing"),
        ("2026-11-10", "-15", "Paws", "Pets"),
        ("2026-11-11", "-12", "Bookshop", "Gifts"),
        ("2026-11-12", "-9.99", "Netflix", "Subscriptions"),
        ("2026-11-13", "-31", "Piano", "Learning"),
        ("2026-11-14", "-8.40", "Corner", None),
        ("2026-11-15", "20", "Flea market", None),
        ("2026-11-16", "-50", "Studio", "Salary"),
        ("2026-10-02", "2400", "Studio", "Salary"),
        ("2026-10-03", "-75", "Market", "Groceries"),
        ("2025-10-05", "-10", "Market", "Groceries"),
    ):
        house.add(current, day, amount, payee, category)
    both = house.add(current, "2026-11-10", "-300", "To savings")
    house.add(savings, "2026-11-10", "300", "From current")
    alone = house.add(current, "2026-11-17", "-77", "To somewhere")
    mixed = house.add(current, "2026-11-17", "-100", "Department store")
    house.split(mixed, [("Groceries", -7000), ("Clothing", -2500), (None, -500)])
    for row in (both, alone):
        transfers.mark(house.book, [row])
    for name, amount in (("Groceries", "150"), ("Eating out", "30"), ("Clothing", "200")):
        budgets.set_budget(house.book, house.category(name), 202611, "EUR", budgets.BudgetForm(amount))
    return house


def test_a_transaction_is_added_changed_and_deleted_and_each_step_is_undone(alice: Person, site: Site) -> None:
    house = site.house()
    house.account("Current")
    alice.open("/transactions")
    alice.keys("n")
    alice.one(".offcanvas.show #field-amount")
    alice.until(lambda: alice.js("return document.activeElement.id") == "field-amount", "the cursor in the amount")
    alice.keys("1e400", Keys.TAB, "Corner Bakery", Keys.ENTER)
    alice.see("mount", ".field-error")
    assert alice.js("return document.querySelector('.field-error').closest('.field').querySelector('input').id") == "field-amount"
    assert alice.one("#field-amount").get_attribute("aria-describedby") == "error-amount"
    assert alice.one("#field-payee").get_attribute("value") == "Corner Bakery", "nothing typed is lost"
    alice.put("#field-amount", "12.50 + 4.20" + Keys.ENTER)
    alice.gone(".offcanvas.show")
    alice.see("\u2212\u20ac16.70", ".ledger-row:not(.headings) .cell-amount")
    alice.undo()
    alice.gone(".ledger-row:not(.headings)")
    assert house.rows() == []

    row = house.add(house.account("Card"), "2026-11-17", "-16.70", "Corner Bakery")
    alice.open("/transactions")
    original = house.row(row)

    def change(what: str) -> None:
        """Open the drawer, do one thing, see it in the list, take it back from the toast."""
        alice.close_toasts()
        alice.click(".ledger-row[data-id] .cell-more")
        alice.one(".offcanvas.show #field-amount")
        if what == "amount":
            alice.put("#field-amount", "20" + Keys.ENTER)
            alice.see("\u2212\u20ac20.00", ".ledger-row:not(.headings)")
        elif what == "category":
            alice.choose("#field-category", "Groceries")
            alice.click(".drawer-foot .btn-ink", "Save")
            alice.see("Groceries", ".ledger-row:not(.headings)")
        elif what == "transfer":
            alice.click(".drawer-foot button", "Mark as transfer")
            alice.see("not counted", ".ledger-row:not(.headings)")
        else:
            alice.click(".drawer-foot button", "Delete")
            alice.gone(".ledger-row:not(.headings)")
        alice.gone(".offcanvas.show")
        alice.undo()
        alice.see("\u2212\u20ac16.70", ".ledger-row:not(.headings)")
        alice.see("Uncategorised", ".ledger-row:not(.headings)")
        assert {k: v for k, v in house.row(row).items() if k != "revision"} == {k: v for k, v in original.items() if k != "revision"}, what

    for what in ("amount", "category", "transfer", "delete"):
        change(what)


def test_a_deletion_is_undone_from_the_history_after_a_reload(alice: Person, site: Site) -> None:
    house = site.house()
    row = house.add(house.account(), "2026-11-17", "-16.70", "Corner Bakery")
    alice.open("/transactions")
    alice.click(".ledger-row[data-id] .cell-more")
    alice.click(".offcanvas.show .drawer-foot button", "Delete")
    alice.gone(".ledger-row:not(.headings)")
    alice.open("/history")
    alice.see("\u201cCorner Bakery\u201d deleted")
    alice.until(
        lambda: next(r for r in alice.all(".history-item") if "deleted" in r.text).find_element("css selector", "button").click() or True,
        "Undo in the history",
    )
    alice.see("ndone", ".toast-box")
    assert house.row(row)["payee"] == "Corner Bakery"


def test_time_is_moved_by_arrows_menus_ranges_and_charts_and_stands_in_the_address(alice: Person, lived_in: House) -> None:
    alice.open("/")
    assert alice.where() == "/"
    assert alice.amounts()["Income"] == Decimal(2420) - Decimal(50)
    alice.click(".step.back")
    alice.until(lambda: alice.amounts()["Spending"] == Decimal(75), "October")
    assert "p=2026-10" in alice.where()
    alice.driver.back()
    alice.until(lambda: alice.amounts()["Income"] == Decimal(2370), "November again by Back")
    alice.driver.forward()
    alice.until(lambda: alice.amounts()["Spending"] == Decimal(75), "October again by Forward")
    alice.click(".menu summary.period-title", "October")
    alice.click(".month-grid a", "Nov")
    alice.until(lambda: alice.amounts()["Income"] == Decimal(2370), "November by the menu")
    alice.click(".menu summary.period-title", "2026")
    alice.click(".menu .option", "2025")
    alice.until(lambda: "p=2025-11" in alice.where() and alice.amounts()["Spending"] == 0, "November of last year")
    alice.open("/?p=2026-11")
    alice.click(".menu summary.period-title", "November")
    alice.js(
        "for (const [n, v] of [['from', '2026-10-03'], ['to', '2026-11-03']]) document.querySelector(`form[data-act=custom-period] [name=${n}]`).value = v"
    )
    alice.click("form[data-act=custom-period] button")
    alice.until(
        lambda: alice.amounts() == {"Income": Decimal(2400), "Spending": Decimal("1036.10"), "Net": Decimal("1363.90")}, "the custom range"
    )
    assert "p=2026-10-03..2026-11-03" in alice.where()
    alice.driver.refresh()
    alice.until(lambda: alice.amounts()["Spending"] == Decimal("1036.10"), "the same range after a reload")

    alice.open("/?p=2026-11")

    def october() -> bool:
        # Tapped again where it was drawn before it listened, or moved under the finger while fonts came.
        if "p=2026-10" not in alice.where():
            place = next(i for i, text in enumerate(alice.chart("#bars")["layout"]["xaxis"]["ticktext"]) if "Oct" in text)
            at = alice.js(
                """const g = document.querySelector('#bars .js-plotly-plot'), l = g._fullLayout, r = g.getBoundingClientRect();
                return [r.left + l._size.l + l.xaxis.d2p(arguments[0]), r.top + l._size.t + l._size.h / 3]""",
                place,
            )
            tap(alice, *at)
        return "p=2026-10" in alice.where() and alice.amounts()["Spending"] == Decimal(75)

    alice.until(october, "October by its bar")
    alice.open("/?p=2026-11")
    alice.chart("#donut")
    at = alice.js("""const r = document.querySelector('#donut .slice path.surface').getBoundingClientRect(), g = document.querySelector('#donut').getBoundingClientRect();
        return [g.left + g.width / 2 + 0.85 * g.height / 2 - 2, g.top + g.height / 2]""")
    tap(alice, *at)
    alice.until(lambda: alice.where().startswith("/?p=2026-11&cat="), "a category by its slice")
    alice.until(lambda: any("900" in figure for figure in alice.kpis().values()), "the figures of that category")


def tap(person: Person, x: float, y: float) -> None:
    """Click at a point of the window with the mouse itself."""
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        person.driver.execute_cdp_cmd(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": x, "y": y, "button": "left" if kind != "mouseMoved" else "none", "clickCount": 1},
        )
        if kind == "mouseMoved":
            person.until(lambda: person.all(".hoverlayer .hovertext, .hoverlayer path"), "the hover")


def test_every_number_opens_exactly_what_it_is_made_of(alice: Person, lived_in: House) -> None:
    alice.open("/?p=2026-11")
    alice.one(".kpi")
    shown: list[list[str]] = alice.js("""
        const found = [], put = (kind, e, text) => found.push([kind + ': ' + e.innerText.replace(/\\s+/g, ' '), new URL(e.href).pathname + new URL(e.href).search, text]);
        document.querySelectorAll('.kpi').forEach(e => { if (!e.innerText.includes('Savings')) put(e.querySelector('.kpi-label').innerText, e, e.querySelector('.kpi-value').textContent); });
        document.querySelectorAll('.legend-row').forEach(e => put('legend', e, e.querySelector('b').textContent));
        document.querySelectorAll('.budget-row').forEach(e => put('budget', e, e.querySelector('.of b').textContent));
        return found;""")
    assert len([s for s in shown if s[0].startswith("legend")]) == 9, "eight categories and the others"
    assert len(shown) == 3 + 9 + 3
    wrong = []
    for name, to, text in shown:
        # A category filters the dashboard in place; its transactions are the list of the same selection.
        href = to.replace("/?", "/transactions?") + ("" if "type=" in to else "&type=spending") if to.startswith("/?") else to
        alice.js("history.pushState({}, '', arguments[0]); window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'))", href)
        alice.until(
            lambda href=href: (
                alice.js("const i = document.querySelector('.search [data-typed=search]'); return i && i.dataset.value") == href
            ),
            href,
        )  # type: ignore[misc]
        came, went = alice.listed()
        total = came - went if name.startswith(("Income", "Net")) else went - came
        if abs(total - number(text)) > (Decimal("0.5") if "." not in text else 0):
            wrong.append(f"{name} ({href}) opens a list of in {came}, out {went}")
    assert not wrong, wrong
    alice.open("/?p=2026-11")
    alice.click(".kpi", "Spending")
    alice.until(lambda: "type=spending" in alice.where(), "the spending by a real click")


def test_a_budget_is_set_shown_with_the_gauge_held_on_and_ended(alice: Person, site: Site) -> None:
    house = site.house()
    house.add(house.account(), "2026-11-10", "-438", "Market", "Groceries")
    groceries = f"#budget-{house.category('Groceries')}"
    alice.open("/budgets?p=2026-11")
    alice.put(groceries, "abc\n")
    alice.see("mount", ".toast-box.error")
    alice.close_toasts()
    alice.put(groceries, "620\n")
    alice.see("\u20ac182", ".left-cell:not(:empty)")
    alice.click(".nav-item[href='/']")
    alice.see("\u20ac182 left to spend")
    alice.see("\u20ac438 of \u20ac620", ".budget-row")
    gauge = alice.chart("#gauge")["data"][0]
    assert (gauge["type"], gauge["value"], gauge["gauge"]["axis"]["range"]) == ("indicator", 43800, [0, 62000])
    assert gauge["gauge"]["threshold"]["value"] == 62000 * 18 // 30
    alice.click(".gauge a")
    alice.until(lambda: alice.where().startswith("/transactions?") and alice.listed()[1] == Decimal(438), "what the gauge is made of")
    alice.open("/budgets?p=2026-12")
    assert alice.one(groceries).get_attribute("value") == "620", "a budget holds from its month on"
    alice.put(groceries, "")
    alice.keys(Keys.ENTER)
    alice.until(lambda: alice.all(".toast-box .undo"), "the budget ended")
    alice.open("/budgets?p=2026-12")
    assert alice.one(groceries).get_attribute("value") == ""
    alice.open("/budgets?p=2026-11")
    assert alice.one(groceries).get_attribute("value") == "620", "what was is not rewritten"


def test_two_currencies_are_never_added_together(alice: Person, site: Site) -> None:
    house = site.house()
    euro, dollar = house.account("Current", "EUR"), house.account("Dollars", "USD")
    house.add(euro, "2026-11-05", "-100", "Market", "Groceries")
    house.add(dollar, "2026-11-06", "-7", "Diner", "Groceries")
    house.add(dollar, "2026-11-07", "50", "Gig", "Salary")
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("150"))
    alice.open("/?p=2026-11")
    assert alice.amounts() == {"Income": 0, "Spending": 100, "Net": -100}
    alice.see("43 in 1 account", ".answer")
    links = alice.js("return [...document.querySelectorAll('.gauge a, .kpi')].map(e => e.getAttribute('href'))")
    assert [link for link in links if "cur=EUR" not in link] == [], "these open the dollars too"
    net_worth = alice.text(".sidebar-head")
    assert "100" in net_worth
    assert "43" in net_worth
    assert "57" not in net_worth
    alice.click(".head .segments a", "USD")
    alice.until(lambda: alice.amounts() == {"Income": 50, "Spending": 7, "Net": 43}, "the dollars alone")
    assert "$" in alice.kpis()["Income"]
    alice.click(".legend-row", "Groceries")
    alice.click("#page .answer a", "Open 1 transaction")
    alice.until(lambda: alice.listed() == (0, 7), "only the dollars of the category")
    alice.open("/transactions?p=2026-11")
    assert [number(t) for t in alice.texts("#page .answer strong")] == [0, 100, 50, 7]
