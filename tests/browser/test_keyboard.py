"""The product by keyboard alone: every focus can be seen, nothing traps it, and money is kept without a pointer."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Person, Site
from tests.browser.screens import STATEMENT, at_rest, drawn, furnish, stand_before, ways

MOST = 260
# What has the focus: who it is, and what is wrong with how it shows. Inputs that are hidden on purpose show it beside them.
FOCUS = """
const e = document.activeElement;
if (!e || e === document.body) return null;
if (!e.dataset.stop) e.dataset.stop = String(window.stops = (window.stops || 0) + 1);
const shown = [e, e.nextElementSibling, e.parentElement, e.closest('#upload') && document.querySelector('#upload .drop')].filter(Boolean);
const ringed = shown.find((x) => { const s = getComputedStyle(x), r = x.getBoundingClientRect();
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && Number(s.opacity) > 0.1 && r.width > 2 && r.height > 2; });
const name = e.tagName + '.' + e.className + ' ' + (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().slice(0, 40);
if (!ringed) return [e.dataset.stop, name, 'no ring'];
const r = ringed.getBoundingClientRect();
const points = [[.5, .5], [.2, .3], [.8, .7], [.5, .15], [.5, .85]].map(([x, y]) => [r.left + r.width * x, r.top + r.height * y]);
const seen = points.some(([x, y]) => { const hit = document.elementFromPoint(x, y); return hit && (ringed.contains(hit) || hit.contains(ringed)); });
return [e.dataset.stop, name, seen ? '' : 'hidden at ' + Math.round(r.left) + ',' + Math.round(r.top) + ' ' + Math.round(r.width) + 'x' + Math.round(r.height)];
"""
WALKED = (
    "dashboard", "dashboard filtered", "dashboard tables", "transactions", "bulk bar", "budgets", "accounts", "categories", "import choose",
    "import check", "import done", "history entry", "settings profile", "settings appearance", "settings security", "settings data",
)  # fmt: skip
HELD = ("add drawer", "edit drawer", "account drawer", "category drawer", "reconcile", "leaving")


def stops(person: Person, *, most: int = MOST) -> tuple[list[str], list[str]]:
    """Press Tab until the focus comes round; return the stops and what is wrong with them."""
    seen: dict[str, str] = {}
    wrong = []
    last, stays = "", 0
    for _ in range(most):
        person.keys(Keys.TAB)
        stop = person.js(FOCUS)
        if stop is None:
            if seen:
                return list(seen.values()), wrong
            continue
        number, name, fault = stop
        # A field of a date holds day, month, year and calendar.
        stays = stays + 1 if number == last else 0
        last = number
        if 0 < stays < 5:
            continue
        if number in seen:
            if number == next(iter(seen)) and not stays:
                return list(seen.values()), wrong
            return list(seen.values()), [*wrong, f"{name}: the focus stays"]
        seen[number] = name
        if fault:
            wrong.append(f"{name}: {fault}")
    return list(seen.values()), [*wrong, f"no end after {most}"]


def tab_to(person: Person, css: str, words: str = "") -> None:
    """Press Tab until this has the focus."""
    for _ in range(MOST):
        person.keys(Keys.TAB)
        if person.js(
            "const e = document.activeElement; return e.matches(arguments[0]) && (e.textContent + (e.getAttribute('aria-label') || '')).includes(arguments[1])",
            css,
            words,
        ):
            return
    raise AssertionError(f"Tab never comes to {css} {words!r}")


def focused(person: Person, css: str) -> None:
    """Wait until this has the focus."""
    person.until(
        lambda: person.js("return document.activeElement.matches(arguments[0])", css),
        f"the focus on {css}, not on {person.js('return document.activeElement.outerHTML.slice(0, 200)')}",
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_every_stop_of_the_tab_key_can_be_seen_and_none_holds_it(alice: Person, site: Site, width: int) -> None:
    screens = ways(furnish(site))
    alice.size(width, 844)
    wrong = []
    for name in WALKED:
        stand_before(alice, screens[name])
        alice.js("document.activeElement.blur(); getSelection().removeAllRanges()")
        found, faults = stops(alice)
        wrong += [f"{name}: {fault}" for fault in faults]
        assert len(found) > 3, (name, found)
    assert not wrong, "\n".join(wrong)


def test_a_drawer_keeps_the_focus_until_escape(alice: Person, site: Site) -> None:
    screens = ways(furnish(site))
    wrong = []
    for name in HELD:
        stand_before(alice, screens[name])
        found, faults = stops(alice, most=80)
        wrong += [f"{name}: {fault}" for fault in faults]
        assert len(found) > 1, name
        assert alice.js("return Boolean(document.activeElement.closest('#drawer')) || document.activeElement === document.body"), name
        alice.keys(Keys.ESCAPE)
        alice.gone(".offcanvas.show")
    assert not wrong, "\n".join(wrong)


def test_what_opens_closes_with_escape_and_gives_the_focus_back(alice: Person, site: Site) -> None:
    furnish(site)
    alice.open("/?p=2026-11")
    drawn(alice)
    for opener, opened in (
        (".period-title", ".menu[open] .popover-box"),
        ("[data-open=command]", "#command:not([hidden])"),
        ("[data-act=open-transaction]", ".offcanvas.show:not(.showing)"),
        (".right-side summary", ".menu[open] .popover-box"),
    ):
        tab_to(alice, opener)
        alice.keys(Keys.ENTER)
        at_rest(alice, opened)
        alice.keys(Keys.ESCAPE)
        alice.until(lambda css=opened: not any(e.is_displayed() for e in alice.all(css)), f"{opened} closed")
        focused(alice, opener)


def test_the_first_stop_leads_past_the_navigation(alice: Person, site: Site) -> None:
    furnish(site)
    alice.open("/transactions")
    alice.keys(Keys.TAB)
    focused(alice, ".skip-link")
    alice.keys(Keys.ENTER)
    focused(alice, "#page")
    alice.keys(Keys.TAB)
    focused(alice, "#page *")


def test_money_is_kept_by_keyboard_alone(alice: Person, site: Site, tmp_path: Path) -> None:
    ids = furnish(site)
    house = site.house()
    before = len(house.rows())
    alice.open("/?p=2026-11")
    drawn(alice)
    tab_to(alice, "[data-act=open-transaction]", "Add")
    alice.keys(Keys.ENTER)
    focused(alice, "#field-amount")
    alice.keys("12.50 + 4.20", Keys.TAB, "Keyboard shop", Keys.TAB, "Gro", Keys.TAB, Keys.TAB, Keys.ENTER)
    alice.see("Keyboard shop", ".toast-box")
    assert len(house.rows()) == before + 1
    assert house.rows()[-1]["amount"] == -1670
    alice.gone(".offcanvas.show")
    alice.driver.switch_to.active_element.send_keys(Keys.CONTROL, "z")
    alice.until(lambda: len(house.rows()) == before, "the row undone")

    alice.open("/?p=2026-11")
    drawn(alice)
    tab_to(alice, "a.legend-row", "Eating out")
    alice.keys(Keys.ENTER)
    alice.see("Category: Eating out", ".answer")
    assert f"cat={ids['category']}" in alice.where()
    alice.keys(Keys.ESCAPE)
    alice.until(lambda: "cat=" not in alice.where(), "the filter gone")

    alice.open("/budgets?p=2026-11")
    drawn(alice)
    tab_to(alice, ".input-cell input")
    alice.driver.switch_to.active_element.send_keys(Keys.CONTROL, "a")
    alice.keys("1234", Keys.ENTER)
    # The whole of the budgets was €4,400 with €1,380 for the first of them.
    alice.see("of €4,254", ".hero")


def test_a_file_is_imported_by_keyboard_alone(alice: Person, site: Site) -> None:
    house = site.house()
    alice.open("/import")
    tab_to(alice, "#upload input[type=file]")
    # The file dialog itself is the system's: the path goes into the field that has the focus.
    alice.driver.switch_to.active_element.send_keys(str(STATEMENT))
    alice.until(lambda: "draft=" in alice.where(), "the check")
    alice.one(".commit-bar")
    tab_to(alice, "button", "Import ")
    alice.keys(Keys.ENTER)
    alice.until(lambda: "done=" in alice.where(), "the receipt")
    assert house.rows()
