"""A person says once what a payee is for, sees what that changes, and takes it back."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from dashboard.services import rules
from tests.browser.conftest import Person, Site


def test_a_category_is_used_always_and_taken_back_in_one_step(alice: Person, site: Site) -> None:
    house = site.house()
    account = house.account()
    for day in ("2025-03-02", "2026-10-02", "2026-11-02"):
        house.add(account, day, "-5", "Spar Wien")
    house.add(account, "2026-11-03", "-9", "Billa", "Gifts")
    alice.open("/transactions?p=2026-11")
    alice.until(lambda: alice.texts("#ledger .payee") == ["Billa", "Spar Wien"], "the list")
    alice.js("[...document.querySelectorAll('#ledger [data-cell=category]')].pop().click()")
    alice.one(".cell-editor input").send_keys("groc", Keys.ENTER)
    alice.click(".toast-box .also", "Always use for Spar Wien")
    alice.see("Matches 3 transactions; 2 would change", ".rule-form")
    assert alice.js("return document.querySelector('#field-contains').value") == "Spar Wien"
    assert alice.js("return document.activeElement.id") == "field-contains"

    # What is typed is followed: the Billa has another category, and the two of Spar have none.
    alice.close_toasts()
    alice.put(".rule-form #field-contains", "a")
    alice.see("Matches 4 transactions; 3 would change", ".rule-form")
    alice.put(".rule-form #field-contains", "SP\u00c0R")
    alice.see("Matches 3 transactions; 2 would change", ".rule-form")
    alice.see("Also change these 2", ".rule-apply")
    alice.keys(Keys.ENTER)
    alice.gone(".offcanvas.show")
    alice.see("Groceries added, 2 transactions changed", "#toasts")
    groceries = house.category("Groceries")
    assert [row["category_id"] == groceries for row in house.rows()] == [True, True, True, False]
    alice.undo()
    alice.until(lambda: [row["category_id"] == groceries for row in house.rows()] == [False, False, True, False], "taken back")
    assert rules.all_rules(house.book).rules == []


def test_the_drawer_of_a_transaction_leads_to_its_rule(alice: Person, site: Site) -> None:
    house = site.house()
    row = house.add(house.account(), "2026-11-02", "-5", "Spar Wien")
    alice.size(390, 844)
    alice.open("/transactions?p=2026-11")
    alice.click("#ledger .ledger-row[data-id]")
    alice.choose(".offcanvas.show #field-category", "Groceries")
    alice.put(".offcanvas.show #field-note", "kept")
    alice.click(".offcanvas.show .always")
    alice.see("Matches 1 transaction; 0 would change", ".rule-form")
    assert not alice.overflow()
    assert house.row(row)["note"] == "kept"
    alice.click(".rule-form button[type=submit]", "Save")
    alice.see("Groceries added", "#toasts")
    assert [r.contains for r in rules.all_rules(house.book).rules] == ["Spar Wien"]


def test_rules_are_made_ordered_and_deleted_by_hand(alice: Person, site: Site) -> None:
    house = site.house()
    house.add(house.account("Current"), "2026-11-02", "-5", "Spar Wien")
    alice.open("/categories")
    alice.click(".head a", "Rules")
    alice.see("There are none yet", "#page")
    alice.click(".head button", "Add a rule")
    alice.click(".rule-form button[type=submit]", "Save")
    alice.see("something to look for", ".rule-form .field-error")
    alice.click(".rule-more summary", "Use a pattern")
    alice.put("#field-pattern", "(?:(?:a{1000}){1000}){1000}")
    alice.see("too large", ".rule-preview")
    alice.put("#field-pattern", "^spar")
    alice.see("Matches 1 transaction", ".rule-preview")
    alice.put("#field-most", "4")
    alice.see("Matches 0 transactions", ".rule-preview")
    alice.put("#field-most", "")
    alice.choose(".rule-form #field-category", "Groceries")
    alice.see("Matches 1 transaction; 1 would change", ".rule-preview")
    # Not to be changed is remembered while the rest is typed.
    alice.click("#field-apply")
    alice.put("#field-least", "2")
    alice.until(lambda: not alice.all(".rule-preview[aria-busy]"), "the preview")
    assert not alice.js("return document.getElementById('field-apply').checked")
    alice.click(".rule-form button[type=submit]", "Save")
    alice.see("Rule for \u201c^spar\u201d \u2192 Groceries added", "#toasts")
    assert house.rows()[0]["category_id"] is None
    alice.see("Payee or bank text fits ^spar \u00b7 at least \u20ac2.00", ".rule-list")

    rules.save(house.book, None, None, rules.RuleForm(contains="billa", category_id=house.category("Gifts")))
    alice.open("/rules")
    alice.until(lambda: len(alice.all(".rule-row")) == 2, "two rules")
    alice.js("document.querySelectorAll('[aria-label$=\" up\"]')[1].focus()")
    alice.keys(Keys.ENTER)
    alice.until(lambda: "billa" in alice.texts(".rule-words")[0], "moved up")
    assert alice.js("return document.activeElement.ariaLabel") == "Move the rule for \u201cbilla\u201d up"
    alice.close_toasts()
    alice.js("document.querySelector('[aria-label=\"Delete the rule for \u201cbilla\u201d\"]').click()")
    alice.until(lambda: len(alice.all(".rule-row")) == 1, "one rule")
    alice.undo()
    alice.until(lambda: len(alice.all(".rule-row")) == 2, "two rules again")
