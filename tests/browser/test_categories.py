"""A person tidies the categories: adds one, gives it another colour, merges two, takes it back."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import Person, Site


def test_categories_are_added_recoloured_merged_and_put_back(alice: Person, site: Site) -> None:
    house = site.house()
    account = house.account()
    house.add(account, "2026-11-02", "-5", "Vet", "Pets")
    house.add(account, "2025-01-02", "-7", "Vet", "Pets")
    alice.open("/categories")
    alice.see("2 transactions", "#page")

    alice.click(".head button", "Add a category")
    alice.put(".offcanvas.show #field-name", "pets")
    alice.put(".offcanvas.show #field-group", "Good causes")
    alice.keys(Keys.ENTER)
    alice.see("Another category has that name", ".offcanvas.show .field-error")
    alice.put(".offcanvas.show #field-name", "Donations\n")
    alice.gone(".offcanvas.show")
    alice.see("Good causes")
    assert alice.texts(".category-name")[-1] == "Donations"

    alice.close_toasts()
    alice.click(".category-name", "Donations")
    alice.one(".offcanvas.show #field-name")
    # By keyboard: the radio that is chosen takes the focus, the arrows choose.
    alice.js("document.querySelector('.offcanvas.show .colour-grid input:checked').focus()")
    before = alice.js("return document.activeElement.value")
    alice.keys(Keys.ARROW_RIGHT)
    alice.until(lambda: alice.js("return document.activeElement.checked && document.activeElement.value") != before, "another colour")
    after = alice.js("return document.activeElement.value")
    alice.click(".offcanvas.show button[type=submit]", "Save")
    alice.see("changed", "#toasts")
    alice.until(
        lambda: f"--slot-{after})" in alice.js("return [...document.querySelectorAll('.category-row .tile')].pop().outerHTML"), "the tile"
    )

    alice.close_toasts()
    alice.click(".category-name", "Pets")
    alice.choose(".offcanvas.show #field-into", "Fun & events")
    alice.click(".offcanvas.show .category-merge button", "Merge")
    alice.see("\u201cPets\u201d merged into \u201cFun & events\u201d, 2 transactions followed", "#toasts")
    alice.until(lambda: "Pets" not in alice.texts(".category-name"), "Pets gone")
    alice.undo()
    alice.until(lambda: "Pets" in alice.texts(".category-name"), "Pets back")
    assert alice.texts(".category-uses a")[0] == "2 transactions"


def test_the_focus_goes_along_with_what_is_moved(alice: Person) -> None:
    alice.open("/categories")
    alice.one("[aria-label='Move Groceries down']")
    for place in (2, 3):
        alice.js("document.querySelector(`[aria-label='Move Groceries down']`).focus()") if place == 2 else None
        alice.keys(Keys.ENTER)
        alice.until(lambda place=place: alice.texts(".category-name")[place] == "Groceries", f"place {place}")
        assert alice.js("return document.activeElement.ariaLabel") == "Move Groceries down"


def test_an_archived_one_is_folded_away_and_offered_again(alice: Person) -> None:
    alice.size(320, 700)
    alice.open("/categories")
    alice.click(".category-name", "Pets")
    alice.click(".offcanvas.show .category-buttons button", "Archive")
    alice.see("archived", ".toast-box")
    alice.close_toasts()
    alice.click(".category-archive summary", "Archived (1)")
    assert not alice.overflow()
    small = alice.js(
        "return [...document.querySelectorAll('.categories button, .categories a, .categories summary')].map(e => [e.getBoundingClientRect(), e]).filter(([r]) => r.width && r.height < 24).map(([, e]) => e.outerHTML)"
    )
    assert small == []
    alice.click(".category-archive button", "Offer again")
    alice.gone(".category-archive")
    assert "Pets" in alice.texts(".category-name")
