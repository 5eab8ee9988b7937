"""Journeys through the settings: how this browser looks, who somebody is, where they are signed in, and how they leave."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import select

from dashboard.errors import InputNotValid
from dashboard.model import database
from dashboard.model.people import user
from dashboard.services import books
from dashboard.services.people import leaving, people, sessions
from tests.browser.conftest import Person, Site, sign_in
from tests.conftest import ALICE, PASSWORD

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1"
# Notes what the theme was at the very first frame that the browser painted.
FIRST_PAINT = """
    window.painted = [];
    new PerformanceObserver((list) => list.getEntries().forEach(() => window.painted.push(document.documentElement.dataset.bsTheme)))
        .observe({ type: 'paint', buffered: true });
    document.addEventListener('DOMContentLoaded', () => window.painted.push(document.documentElement.dataset.bsTheme));
    new MutationObserver((all) => all.forEach((one) => window.painted.push('from ' + one.oldValue)))
        .observe(document, { subtree: true, attributes: true, attributeOldValue: true, attributeFilter: ['data-bs-theme'] });
"""
TABS = ("profile", "numbers", "appearance", "categories", "accounts", "security", "data", "shortcuts")


def theme(person: Person) -> str:
    return str(person.js("return document.documentElement.dataset.bsTheme"))


def pressed(person: Person, name: str) -> list[str]:
    """Return which choices of a setting are shown as chosen."""
    found: list[str] = person.js(
        "return [...document.querySelectorAll('[data-act=appearance][aria-pressed=true]')].map(b => b.dataset.value)"
        ".filter(v => v.startsWith(arguments[0]))",
        name,
    )
    return found


def system(person: Person, scheme: str) -> None:
    """Set the device to light or dark."""
    person.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def test_a_theme_is_chosen_kept_and_never_flashes(alice: Person) -> None:
    system(alice, "light")
    alice.open("/settings?tab=appearance")
    assert (theme(alice), pressed(alice, "theme")) == ("light", ["theme=system"])
    alice.click("[data-act=appearance]", "Dark")
    alice.until(lambda: theme(alice) == "dark" and pressed(alice, "theme") == ["theme=dark"], "dark")
    alice.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FIRST_PAINT})
    for path in ("/settings?tab=appearance", "/sign-in", "/"):
        alice.open(path)
        alice.until(lambda: len(alice.js("return window.painted")) > 1, "a first paint")
        assert set(alice.js("return window.painted")) <= {"dark", "from null"}, path
    alice.open("/settings?tab=appearance")
    assert pressed(alice, "theme") == ["theme=dark"]


def test_system_follows_the_device_while_the_page_is_open(alice: Person) -> None:
    system(alice, "light")
    alice.cookie("theme", "light")
    alice.open("/settings?tab=appearance")
    system(alice, "dark")
    assert theme(alice) == "light"
    alice.click("[data-act=appearance]", "System")
    alice.until(lambda: theme(alice) == "dark", "the device's theme")
    system(alice, "light")
    alice.until(lambda: theme(alice) == "light", "the device's theme, changed")
    assert pressed(alice, "theme") == ["theme=system"]
    assert "theme=light" not in alice.js("return document.cookie.replace(/seen_theme=\\w+/, '')")


def test_messages_and_keys_are_this_browsers_own_choice(alice: Person, site: Site) -> None:
    alice.open("/settings?tab=appearance")
    alice.click("[data-value='keep=on']")
    alice.click("[data-value='keys=off']")
    for _ in range(2):
        data = alice.js("return {...document.documentElement.dataset}")
        assert (data["keep"], data["keys"]) == ("on", "off")
        assert (pressed(alice, "keep"), pressed(alice, "keys")) == (["keep=on"], ["keys=off"])
        alice.open("/settings?tab=appearance")
    alice.click(".settings-tab", "Shortcuts")
    alice.see("Single keys are switched off in this browser")
    alice.keys("n")
    alice.click(".settings-tab", "Appearance")
    alice.click("[data-value='keys=on']")
    alice.until(lambda: "keys" not in alice.js("return {...document.documentElement.dataset}"), "keys on again")
    assert not alice.all(".offcanvas.show")


def test_every_tab_has_its_address_and_a_wrong_one_is_the_first(alice: Person) -> None:
    alice.open("/settings?tab=nonsense")
    assert alice.texts(".settings-tab[aria-current=page]") == ["Profile"]
    for number, tab in enumerate(TABS):
        alice.js("document.querySelectorAll('.settings-tab')[arguments[0]].click()", number)
        alice.until(
            lambda tab=tab: alice.all(f".settings-tab[aria-current=page][href='/settings?tab={tab}']") and alice.all(".settings .card-box"),
            tab,
        )
        assert alice.where() == f"/settings?tab={tab}"
    alice.driver.back()
    alice.until(lambda: alice.texts(".settings-tab[aria-current=page]") == ["Data"], "Back")


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_tab_scrolls_sideways(alice: Person, width: int) -> None:
    alice.size(width, 844)
    for tab in TABS:
        alice.open(f"/settings?tab={tab}")
        alice.until(lambda: not alice.overflow(), tab)
    alice.open("/settings?tab=data")
    alice.click("[data-act=open-leaving]")
    alice.one(".offcanvas.show [name=password]")
    alice.until(
        lambda: alice.js(
            "const r = document.querySelector('.offcanvas.show').getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth"
        ),
        "the drawer inside the window",
    )


def test_a_choice_of_numbers_is_saved_at_once(alice: Person, site: Site) -> None:
    alice.open("/settings?tab=numbers")
    alice.choose("[name=locale]", "German (Germany): \u22121.234,50\u00a0\u20ac, 18. Nov. 2026")
    alice.see("Settings saved", ".toasts")
    alice.see("18. Nov. 2026 there")
    assert books.book_by_email(site.engine, ALICE).locale == "de-DE"


def test_a_name_is_saved_and_stands_beside_the_navigation(alice: Person) -> None:
    alice.open("/settings")
    alice.put("[name=name]", "Alice Cooper\n")
    alice.see("Alice Cooper", ".sidebar-foot")
    alice.put("[name=name]", "")
    alice.click("button[type=submit]", "Save the name")
    alice.see("Type a name", ".field-error")


def test_an_address_is_changed_with_the_password(alice: Person, site: Site) -> None:
    alice.open("/settings")
    alice.put("[name=email]", "alice@new.example")
    alice.put("[name=password]", "not this one\n")
    alice.see("not your present password", ".field-error")
    assert alice.one("[name=email]").get_attribute("value") == "alice@new.example", "what was typed stays"
    alice.put("[name=password]", f"{PASSWORD}\n")
    alice.see("You sign in with alice@new.example", ".toasts")
    alice.until(lambda: alice.one("[name=password]").get_attribute("value") == "", "an empty password field")
    assert alice.one("[name=email]").get_attribute("value") == "alice@new.example"
    sign_in(site.app.server.test_client(), "alice@new.example")


def test_a_device_is_signed_out_from_the_list(alice: Person, site: Site) -> None:
    who = books.book_by_email(site.engine, ALICE).user_id
    phone = people.sign_in(site.engine, ALICE, PASSWORD, keep=True, address="192.0.2.7", agent=IPHONE)
    alice.open("/settings?tab=security")
    alice.see("Safari on iPhone")
    assert "This device" in alice.text(".settings")
    alice.click("[aria-label^='Sign out Safari on iPhone']")
    alice.see("Safari on iPhone is signed out", ".toasts")
    alice.until(lambda: "192.0.2.7" not in alice.text(".settings"), "the shorter list")
    assert sessions.session_user(site.engine, phone.token) is None
    for _ in range(2):
        people.sign_in(site.engine, ALICE, PASSWORD, keep=True, address="192.0.2.7", agent=IPHONE)
    alice.open("/settings?tab=security")
    alice.click("button", "Sign out everywhere else")
    alice.see("2 other devices signed out", ".toasts")
    alice.until(lambda: alice.text(".settings").count("Safari on iPhone") == 0, "one device left")
    assert len(sessions.devices(site.engine, who, None)) == 1


def test_the_persons_menu_leads_where_people_look_and_signs_out(alice: Person, site: Site) -> None:
    alice.open("/transactions")
    alice.click(".person > summary")
    assert [t for t in alice.texts(".person .option") if t] == ["Categories", "Rules", "History", "Settings", "Keyboard shortcuts", "Sign out"]
    alice.keys(Keys.ESCAPE)
    alice.until(lambda: not alice.all(".person[open]"), "the menu closed")
    assert alice.js("return document.activeElement.matches('.person > summary')")
    alice.keys(Keys.ENTER)
    alice.click(".person .option", "History")
    alice.until(lambda: alice.where() == "/history", "the history")
    alice.click(".person > summary")
    alice.click(".person .option", "Sign out")
    alice.until(lambda: alice.where().startswith("/sign-in"), "signed out")
    who = books.book_by_email(site.engine, ALICE).user_id
    assert sessions.devices(site.engine, who, None) == []
    alice.size(390, 844)
    alice.sign_in()
    alice.open("/")
    alice.click(".bottom-bar summary")
    alice.click(".bottom-bar .option", "Sign out")
    alice.until(lambda: alice.where().startswith("/sign-in"), "signed out on the phone")


def test_an_account_is_deleted_and_brought_back(alice: Person, site: Site) -> None:
    alice.open("/settings?tab=data")
    alice.click("[data-act=open-leaving]")
    alice.see("erased for good", ".offcanvas.show")
    alice.put(".offcanvas.show [name=name]", "Bob")
    alice.put(".offcanvas.show [name=password]", f"{PASSWORD}\n")
    alice.see("Type your name", ".offcanvas.show .field-error")
    alice.put(".offcanvas.show [name=name]", "Alice")
    alice.click(".offcanvas.show button[type=submit]")
    alice.until(lambda: alice.where() == "/sign-in?deleted=1", "the sign-in page")
    alice.see("can bring it back within 7 days", ".notice")
    with pytest.raises(InputNotValid, match="do not match"):
        people.sign_in(site.engine, ALICE, PASSWORD, keep=True, address="192.0.2.7", agent=IPHONE)
    leaving.restore(site.engine, ALICE)
    alice.put("[name=email]", ALICE)
    alice.put("[name=password]", f"{PASSWORD}\n")
    alice.one(".sidebar-foot")
    with database.reading(site.engine) as db:
        assert db.execute(select(user.c.deleted_at).where(user.c.email == ALICE)).scalar_one() is None


def test_the_sign_up_page_notices_a_slip_and_says_how_long_is_long(stranger: Person, site: Site) -> None:
    stranger.driver.get(site.url + "/sign-up")
    stranger.put("#email", "cleo@gmial.com")
    stranger.put("#password", "short")
    stranger.see("Did you mean gmail.com?", "[data-typo]")
    stranger.see("At least 8 characters", "[data-strength]")
    stranger.click("[data-typo] button")
    assert stranger.one("#email").get_attribute("value") == "cleo@gmail.com"
    stranger.put("#password", "four green herons")
    stranger.see("Strong", "[data-strength]")
    for right in ("cleo@gmail.com", "cleo@gmx.at", "cleo@example.org", "cleo@"):
        stranger.put("#email", right)
        stranger.put("#name", "Cleo")
        stranger.until(lambda: not stranger.all("[data-typo]")[0].is_displayed(), f"no hint about {right}")
