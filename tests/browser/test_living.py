"""Journeys around the money: signing up, themes, narrow windows, two browsers, no JavaScript."""

from __future__ import annotations

import re

import pytest

from dashboard.services import budgets
from dashboard.services.people import people
from dashboard.view.palette import colour
from tests.browser.conftest import Person, Site, sign_in
from tests.conftest import ALICE, BOB, PASSWORD

PAGES = ("/", "/?p=2026", "/?p=2026-11-01..2026-11-10", "/transactions", "/budgets", "/import", "/accounts", "/settings")


@pytest.fixture
def furnished(site: Site) -> Site:
    """Give Alice a book with long names and large numbers, which are what breaks a narrow page."""
    house = site.house()
    account = house.account("Joint household account for everyday spending", opening="123456789.01")
    for day, amount, payee, category in (
        ("2026-11-02", "248000.55", "A" * 60, "Salary"),
        ("2026-11-03", "-123456.78", "Donaudampfschifffahrtsgesellschaft " * 3, "Home & garden"),
        ("2026-11-05", "-71000", "Market", "Groceries"),
        ("2026-10-05", "-99", "Market", "Subscriptions"),
    ):
        house.add(account, day, amount, payee, category)
    for name, amount in (("Groceries", "70000"), ("Home & garden", "222222"), ("Phone & internet", "12345")):
        budgets.set_budget(house.book, house.category(name), 202611, "EUR", budgets.BudgetForm(amount))
    return site


def test_somebody_new_signs_up_and_sees_how_to_start(stranger: Person, site: Site) -> None:
    stranger.driver.get(site.url + "/")
    stranger.click("a", "Create an account")
    for name, text in (("name", "Cleo"), ("email", "cleo@example.org"), ("password", "four green herons")):
        stranger.put(f"[name={name}]", text)
    stranger.click("button[type=submit]")
    stranger.see("Your money picture starts with one file")
    assert stranger.until(lambda: stranger.text(".sidebar-foot")).startswith("C")
    assert stranger.texts(".starts h2") == ["Import a file", "Look around first", "Start by hand"]
    stranger.click(".starts button", "Add an account")
    stranger.put(".offcanvas.show #field-name", "Wallet\n")
    stranger.see("Wallet", ".sidebar-accounts")
    stranger.click(".nav-item[href='/import']")
    stranger.see("Drop your bank files here")


def test_the_theme_is_kept_and_the_figures_are_redrawn_in_it(alice: Person, furnished: Site) -> None:
    alice.open("/?p=2026-11")
    started = alice.js("return document.documentElement.dataset.bsTheme")
    other = {"light": "dark", "dark": "light"}[started]

    def drawn(theme: str) -> bool:
        line = alice.chart("#bars")["data"][2]["line"]["color"]
        ring = alice.chart("#donut")["data"][0]["marker"]["line"]["color"]
        bow = alice.chart("#gauge")["data"][0]["gauge"]["bgcolor"]
        return bool((line, ring, bow) == (colour("ink", theme), colour("surface", theme), colour("sunken", theme)))

    alice.until(lambda: drawn(started), f"figures in {started}")
    alice.click("[data-act=theme]")
    alice.until(lambda: drawn(other), f"figures in {other}")
    ground = alice.js("return getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb({}, {}, {})".format(*(int(colour("bg", other)[i : i + 2], 16) for i in (1, 3, 5)))
    alice.driver.refresh()
    alice.until(lambda: drawn(other), f"figures in {other} after a reload")
    assert alice.js("return document.documentElement.dataset.bsTheme") == other


def settled(person: Person, name: str) -> list[str]:
    """Return what is too wide once charts have found their size; a scrollbar that comes late makes them look for it again."""
    try:
        person.until(lambda: not person.overflow(), name)
    except AssertionError:
        return [f"{name}: {part}" for part in person.overflow()]
    return []


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_page_scrolls_sideways(alice: Person, furnished: Site, width: int) -> None:
    alice.size(width, 844)
    wide = []
    alice.cookie("theme", "light")
    for path in PAGES:
        alice.open(path)
        if path.startswith("/?") or path == "/":
            alice.chart("#bars")
        for theme in ("light", "dark"):
            alice.js("document.documentElement.dataset.bsTheme = arguments[0]", theme)
            wide += settled(alice, f"{theme} {path}")
    for path in ("/sign-in", "/sign-up", "/password"):
        if path != "/password":
            alice.driver.execute_cdp_cmd("Network.deleteCookies", {"name": "session", "url": furnished.url})
        else:
            alice.sign_in()
        alice.driver.get(furnished.url + path)
        alice.one("form")
        wide += settled(alice, path)
    assert not wide, wide


def test_the_drawer_and_the_menus_fit_a_phone(alice: Person, furnished: Site) -> None:
    alice.size(320, 700)
    alice.open("/")
    alice.click(".menu summary.period-title")
    alice.one(".menu[open] .popover-box")
    outside = alice.js(
        "return [...document.querySelectorAll('.menu[open] .popover-box *')].filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.left < 0 || r.right > innerWidth); }).length"
    )
    assert outside == 0, "parts of the period menu lie outside the window"
    alice.click(".bottom-bar .plus")
    alice.one(".offcanvas.show #field-amount")
    alice.until(
        lambda: alice.js(
            "const r = document.querySelector('.offcanvas.show').getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth"
        ),
        "the drawer inside the window",
    )
    alice.click(".offcanvas.show .btn-ink", "Save")
    small = alice.js(
        "return [...document.querySelectorAll('.bottom-bar a, .bottom-bar button, .bottom-bar summary')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 38).map(e => e.innerText)"
    )
    assert small == [], "too small to touch"


def test_who_was_signed_out_elsewhere_comes_back_to_the_same_page(alice: Person, site: Site) -> None:
    house = site.house()
    house.add(house.account(), "2026-10-05", "-10", "Market", "Groceries")
    alice.open("/budgets?p=2026-10")
    people.set_password(site.engine, ALICE, "a new one, seven words")
    alice.click(".step.back")
    alice.until(lambda: alice.where().startswith("/sign-in"), "the sign-in page")
    alice.see("You were signed out")
    alice.put("[name=email]", ALICE)
    alice.put("[name=password]", "a new one, seven words\n")
    alice.see("Budgets", "#page h1")
    assert alice.where() == "/budgets?p=2026-09"


def test_the_second_tab_is_told_that_a_row_has_changed_meanwhile(alice: Person, site: Site) -> None:
    house = site.house()
    row = house.add(house.account(), "2026-11-17", "-16.70", "Corner Bakery")
    alice.open("/transactions")
    alice.click(".ledger-row[data-id] .cell-more")
    alice.one(".offcanvas.show #field-payee")
    house.edit(row, payee="From the other tab")
    alice.put("#field-payee", "From this tab")
    alice.click(".offcanvas.show .drawer-foot .btn-ink", "Save")
    alice.see("changed", ".toast-box.error")
    assert alice.one("#field-payee").get_attribute("value") == "From this tab", "what was typed stays"
    assert house.row(row)["payee"] == "From the other tab"
    alice.js("document.dispatchEvent(new Event('visibilitychange'))")
    alice.see("From the other tab", ".ledger-row:not(.headings)")


def test_the_doors_work_without_javascript(site: Site) -> None:
    client = site.client(None)
    answer = client.get("/budgets?p=2026-10")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/budgets%3Fp%3D2026-10")

    def token(path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
        assert found
        return found[1]

    wrong = client.post(answer.location, data={"csrf_token": token(answer.location), "email": BOB, "password": "not this one"})
    assert wrong.status_code in (400, 401)
    assert "do not match" in wrong.text
    right = client.post(answer.location, data={"csrf_token": token(answer.location), "email": BOB, "password": PASSWORD})
    assert (right.status_code, right.location) == (302, "/budgets?p=2026-10")
    changed = client.post("/password", data={"csrf_token": token("/password"), "old": PASSWORD, "password": "five brown herons"})
    assert (changed.status_code, changed.location) == (302, "/settings?tab=security")
    sign_in(site.app.server.test_client(), BOB, "five brown herons")
    visitor = site.app.server.test_client()
    client = visitor
    short = client.post(
        "/sign-up",
        data={
            "csrf_token": token("/sign-up"),
            "name": "Dan",
            "email": "dan@example.org",
            "password": "short",
            "currency": "EUR",
            "locale": "en-IE",
        },
    )
    assert short.status_code == 400
    assert 'value="dan@example.org"' in short.text, "nothing typed is lost"
    assert "at least 8" in short.text.lower()
    made = client.post(
        "/sign-up",
        data={
            "csrf_token": token("/sign-up"),
            "name": "Dan",
            "email": "dan@example.org",
            "password": "six white herons",
            "currency": "EUR",
            "locale": "en-IE",
            "zone": "UTC",
        },
    )
    assert (made.status_code, made.location) == (302, "/")
    assert client.get("/").status_code == 200
