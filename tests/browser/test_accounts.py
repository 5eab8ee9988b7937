"""Accounts on the screen: a balance is broken, reconciling finds the row, it is mended, and the bank agrees."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard.services import accounts
from tests.browser.conftest import Person, Site, number
from tests.ways import House, bank_csv


@pytest.fixture
def filled(site: Site) -> House:
    """Fill Alice's book from a statement whose balances add up: €838.40 at its end."""
    house = site.house()
    house.take_in(
        bank_csv(
            [
                ("2026-11-03", "Lidl", "-12.50", "987.50"),  # type: ignore[list-item]
                ("2026-11-05", "Fuel", "-60.00", "927.50"),  # type: ignore[list-item]
                ("2026-11-09", "Boots", "-42.10", "885.40"),  # type: ignore[list-item]
                ("2026-11-12", "Netflix", "-47.00", "838.40"),  # type: ignore[list-item]
            ],
            "Date,Description,Amount,Balance",
        )
    )
    return house


def more(person: Person, option: str, account: str = "Statement") -> None:
    """Choose something from an account's menu."""
    person.click(f"summary[aria-label='More for {account}']")
    person.click(".account-menu[open] .option", option)


def reconcile(person: Person, balance: str) -> None:
    """Type a statement's balance and compare."""
    person.put(".offcanvas.show #field-amount", balance)
    person.click(".offcanvas.show form button", "Compare")


def test_what_breaks_a_balance_is_found_mended_and_then_agrees(alice: Person, filled: House) -> None:
    boots = next(row["id"] for row in filled.rows() if row["payee"] == "Boots")
    filled.edit(boots, amount="24.10")
    alice.open("/accounts")
    assert number(alice.text(".account-row .amount")) == Decimal("856.40")
    more(alice, "Reconcile")
    reconcile(alice, "838.3 + 0.1")
    alice.see("The bank has \u20ac18.00 less than this account on 18 Nov 2026", ".reconciled")
    assert alice.texts(".suspect .who")[0] == "Boots"
    assert "the bank\u2019s file says \u2212\u20ac42.10" in alice.texts(".suspect .caption")[0]
    alice.click(".suspect", "Boots")
    alice.until(lambda: alice.one(".offcanvas.show #field-amount").get_attribute("value") == "24.10", "the row to mend")
    alice.put(".offcanvas.show #field-amount", "42.10")
    alice.click(".offcanvas.show button", "Save")
    alice.until(lambda: number(alice.text(".account-row .amount")) == Decimal("838.40"), "the balance mended")
    alice.gone(".offcanvas.show")
    alice.close_toasts()
    more(alice, "Reconcile")
    reconcile(alice, "838.40")
    alice.see("agrees with the bank", ".toasts")
    alice.see("Agreed on 18 Nov 2026", ".account-row:not(.headings)")
    assert {row["reviewed"] for row in filled.rows()} == {True}
    alice.undo()
    alice.see("No statement yet", ".account-row:not(.headings)")


def test_a_house_is_added_valued_and_an_account_closed_and_reopened(alice: Person, filled: House) -> None:
    alice.open("/accounts")
    alice.click("#page .btn-ink", "Add an account")
    alice.put(".offcanvas.show #field-name", "House")
    alice.choose(".offcanvas.show #field-kind", "Asset")
    alice.see("a house, a car", ".offcanvas.show")
    alice.put(".offcanvas.show #field-opening", "300000")
    alice.click(".offcanvas.show button", "Save")
    alice.until(lambda: number(alice.text(".worth-value")) == Decimal(300838), "net worth with the house")
    alice.gone(".offcanvas.show")
    more(alice, "Set value", "House")
    alice.put(".offcanvas.show #field-amount", "310,000")
    alice.click(".offcanvas.show button", "Save")
    alice.until(lambda: number(alice.text(".worth-value")) == Decimal(310838), "net worth with the new value")
    alice.gone(".offcanvas.show")
    alice.close_toasts()
    more(alice, "Set value", "House")
    alice.see("18 Nov 2026", ".offcanvas.show .values-said")
    alice.click(".values-said [aria-label='Delete the value of 18 Nov 2026']")
    alice.until(lambda: number(alice.text(".worth-value")) == Decimal(300838), "net worth without the value")
    alice.undo()
    alice.until(lambda: number(alice.text(".worth-value")) == Decimal(310838), "net worth with the value again")
    alice.gone(".offcanvas.show")
    alice.close_toasts()
    more(alice, "Close", "House")
    alice.see("\u20ac310,000.00 is left in it", ".toasts")
    alice.see("1 closed account", ".closed-accounts")
    assert number(alice.text(".worth-value")) == Decimal(310838)
    alice.undo()
    alice.gone(".closed-accounts")
    assert [a.closed for a in accounts.all_accounts(filled.book)] == [False, False]


@pytest.mark.parametrize("width", [1440, 1024, 390, 320])
def test_the_page_fits_every_window(alice: Person, filled: House, width: int) -> None:
    filled.account("House with a rather long name that does not end", opening="1234567.89")
    accounts.close(filled.book, filled.account("Old", "CHF"))
    alice.size(width)
    alice.open("/accounts")
    alice.one(".account-row .amount")
    assert alice.overflow() == []
