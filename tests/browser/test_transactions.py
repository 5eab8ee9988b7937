"""The list of transactions by keyboard, mouse and thumb: edited in place, selected, searched, split, moved, undone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from dashboard.model.transactions import transaction
from dashboard.services import transactions, transfers
from tests.browser.conftest import Person, Site, number
from tests.ways import House, snapshot

ROW = "#ledger .ledger-row[data-id]"
EDITOR = ".cell-editor input"


@pytest.fixture
def house(site: Site) -> House:
    """Give Alice two accounts and three purchases, the newest on top: Butcher, Market, Baker."""
    house = site.house()
    current, card = house.account("Current"), house.account("Card")
    house.add(card, "2026-11-14", "-5", "Baker", "Groceries")
    house.add(current, "2026-11-15", "-50", "Market", "Groceries")
    house.add(current, "2026-11-16", "-7", "Butcher")
    return house


def cell(house: House, payee: str, name: str) -> str:
    """Return the selector of a cell."""
    return f'#ledger [data-id="{found(house, payee)["id"]}"] .cell-{name}'


def found(house: House, payee: str) -> dict[str, Any]:
    """Return the row of a payee as it is stored."""
    return next(row for row in house.rows() if row["payee"] == payee)


def chord(person: Person, held: str, key: str) -> None:
    """Press a key while another is held."""
    ActionChains(person.driver).key_down(held).send_keys(key).key_up(held).perform()


def focus(person: Person) -> str:
    """Return the row and the cell that have the focus: "12 category"."""
    return str(
        person.js(
            "const c = document.activeElement.closest('#ledger [data-id] > *'); return c ? c.parentElement.dataset.id + ' ' + /cell-(\\w+)/.exec(c.className)[1] : ''"
        )
    )


def stands(person: Person, house: House, payee: str, name: str) -> None:
    """Wait until this cell has the focus."""
    wanted = f"{found(house, payee)['id']} {name}"
    person.until(lambda: focus(person) == wanted, f"focus on {wanted}, it is on {focus(person)!r}")


def payees(person: Person) -> list[str]:
    """Return who is listed, from top to bottom."""
    return person.texts(f"{ROW} .payee")


def lists(person: Person, *wanted: str) -> None:
    """Wait until exactly these are listed."""
    person.until(lambda: payees(person) == list(wanted), f"{wanted} listed")


def stored(person: Person, house: House, payee: str, **values: object) -> None:
    """Wait until a row is stored so."""
    person.until(lambda: {name: found(house, payee)[name] for name in values} == values, f"{payee} stored as {values}")


def test_cells_are_edited_by_keyboard_as_in_a_spreadsheet(alice: Person, house: House) -> None:
    groceries, pets = house.category("Groceries"), house.category("Pets")
    alice.open("/transactions")
    alice.click(cell(house, "Butcher", "category"))
    alice.one(EDITOR).send_keys("groc" + Keys.ENTER)
    stored(alice, house, "Butcher", category_id=groceries)
    alice.see("Groceries", cell(house, "Butcher", "category"))
    stands(alice, house, "Market", "category")
    # A row of cells without a hand on the mouse: each is saved while the next is typed.
    alice.keys(Keys.ENTER)
    alice.one(EDITOR).send_keys("pets" + Keys.TAB)
    alice.until(lambda: alice.one(EDITOR).get_attribute("aria-label") == "Account", "the account's editor")
    alice.keys(Keys.TAB)
    alice.until(lambda: alice.one(EDITOR).get_attribute("aria-label") == "Note or #tag", "the note's editor")
    alice.keys("#pet", Keys.TAB)
    alice.until(lambda: alice.one(EDITOR).get_attribute("aria-label") == "Amount", "the amount's editor")
    assert alice.one(EDITOR).get_attribute("value") == "-50.00"
    alice.keys("20 + 4.50", Keys.ENTER)
    stored(alice, house, "Market", category_id=pets, note="#pet", amount=-2450)
    alice.see("24.50", cell(house, "Market", "amount"))
    stands(alice, house, "Baker", "amount")
    alice.keys(Keys.HOME)
    stands(alice, house, "Baker", "payee")
    alice.keys(Keys.ENTER)
    alice.one(EDITOR).send_keys("somebody else", Keys.ESCAPE)
    alice.gone(".cell-editor")
    stands(alice, house, "Baker", "payee")
    alice.keys(Keys.ARROW_UP, Keys.END, Keys.ARROW_LEFT)
    stands(alice, house, "Market", "amount")
    alice.close_toasts()
    alice.keys(Keys.F2)
    alice.one(EDITOR).send_keys("abc" + Keys.ENTER)
    alice.see("not an amount", ".toast-box.error")
    alice.see("24.50", cell(house, "Market", "amount"))
    assert found(house, "Market")["amount"] == -2450
    assert [row["payee"] for row in house.rows()] == ["Baker", "Market", "Butcher"], "Escape saved nothing"


def test_a_new_category_is_made_where_it_is_typed_and_its_cell_is_undone_by_ctrl_z(alice: Person, house: House) -> None:
    alice.open("/transactions")
    alice.click(cell(house, "Butcher", "category"))
    alice.one(EDITOR).send_keys("Meat")
    alice.see("New category \u201cMeat\u201d", ".listbox")
    alice.keys(Keys.ENTER)
    alice.see("Meat", cell(house, "Butcher", "category"))
    assert found(house, "Butcher")["category_id"] == house.category("Meat")
    chord(alice, Keys.CONTROL, "z")
    alice.see("Uncategorised", cell(house, "Butcher", "category"))
    assert found(house, "Butcher")["category_id"] is None


def test_rows_are_selected_changed_together_and_undone(alice: Person, house: House) -> None:
    alice.open("/transactions")
    alice.click(f'{ROW}[data-id="{found(house, "Butcher")["id"]}"] .pick')
    alice.see("1 selected", "#bulk")
    ActionChains(alice.driver).key_down(Keys.SHIFT).click(alice.one(f'{ROW}[data-id="{found(house, "Baker")["id"]}"] .pick')).key_up(
        Keys.SHIFT
    ).perform()
    alice.see("3 selected", "#bulk")
    alice.see("62.00", "#bulk-sum")
    alice.click("[data-bulk=category]")
    alice.one(EDITOR).send_keys("gifts" + Keys.ENTER)
    gifts = house.category("Gifts")
    alice.until(lambda: {row["category_id"] for row in house.rows()} == {gifts}, "all are gifts")
    alice.see("3 transactions are now Gifts", ".toast-box")
    alice.undo()
    alice.until(lambda: {row["category_id"] for row in house.rows()} == {None, house.category("Groceries")}, "as they were")
    alice.see("Uncategorised", cell(house, "Butcher", "category"))
    alice.until(lambda: not alice.one("body").get_attribute("class").count("has-bulk"), "nothing selected any more")


def test_all_that_a_filter_finds_is_changed_at_once_unless_it_has_changed_meanwhile(alice: Person, house: House) -> None:
    account = house.rows()[0]["account_id"]
    with house.book.writing("many") as w:
        head = {"account_id": account, "date": date(2026, 11, 2), "text": "", "note": ""}
        w.insert(transaction, [head | {"amount": -100 - i, "payee": f"Kiosk {i}"} for i in range(60)])

    def select_all() -> None:
        alice.click("#ledger .pick[data-all]")
        alice.see("50 selected", "#bulk")
        alice.click("[data-bulk=all]", "Select all 60")
        alice.see("60 selected", "#bulk")

    alice.open("/transactions?p=2026-11&q=kiosk")
    select_all()
    house.add(account, "2026-11-03", "-1", "Kiosk of another tab")
    alice.click("[data-bulk=note]")
    alice.one(EDITOR).send_keys("#kiosk" + Keys.ENTER)
    alice.see("The list has changed", ".toast-box.error")
    assert {row["note"] for row in house.rows()} == {""}
    transactions.delete(house.book, [found(house, "Kiosk of another tab")["id"]])
    alice.open("/transactions?p=2026-11&q=kiosk")
    select_all()
    alice.click("[data-bulk=note]")
    alice.one(EDITOR).send_keys("#kiosk" + Keys.ENTER)
    alice.see("60 notes", ".toast-box")
    assert {row["note"] for row in house.rows() if row["payee"].startswith("Kiosk")} == {"#kiosk"}
    assert {row["note"] for row in house.rows() if not row["payee"].startswith("Kiosk")} == {""}
    alice.undo()
    assert {row["note"] for row in house.rows()} == {""}


def test_the_drawer_takes_a_run_of_entries_without_the_mouse(alice: Person, house: House) -> None:
    alice.open("/transactions")
    alice.keys("n")
    alice.until(lambda: alice.js("return document.activeElement.id") == "field-amount", "the cursor in the amount")
    alice.keys("12.50 + 4.20")
    alice.see("= 16.70", ".entry")
    alice.keys(Keys.TAB, "Baker")
    alice.see("Filled from last time: Groceries, Card", ".entry")
    alice.put("#field-date", "y")
    chord(alice, Keys.SHIFT, Keys.ENTER)
    alice.until(lambda: len(house.rows()) == 4, "the first of the run")
    baker, card, groceries = house.rows()[-1], found(house, "Baker")["account_id"], house.category("Groceries")
    assert (baker["amount"], baker["payee"], baker["date"]) == (-1670, "Baker", date(2026, 11, 17))
    assert (baker["category_id"], baker["account_id"]) == (groceries, card)
    alice.until(lambda: not alice.one(".offcanvas.show #field-payee").get_attribute("value"), "an empty form")
    alice.until(lambda: alice.js("return document.activeElement.id") == "field-amount", "the cursor in the amount again")
    alice.keys("3", Keys.TAB, "Kiosk", Keys.ENTER)
    alice.gone(".offcanvas.show")
    kiosk = found(house, "Kiosk")
    assert (kiosk["amount"], kiosk["date"], kiosk["account_id"]) == (-300, date(2026, 11, 17), card), "date and account are kept"


def test_money_moved_between_accounts_is_one_row_and_no_spending(alice: Person, house: House) -> None:
    alice.open("/transactions")
    before = alice.listed()
    alice.keys("n")
    alice.one(".offcanvas.show #field-amount")
    alice.click(".offcanvas.show .segment", "Transfer")
    alice.put("#field-amount", "50")
    alice.choose("#field-account", "Current (EUR)")
    alice.choose("#field-to", "Card (EUR)")
    alice.click(".offcanvas.show .drawer-foot .btn-ink", "Save")
    alice.gone(".offcanvas.show")
    alice.see("Current \u2192 Card", "#ledger")
    assert len(payees(alice)) == 4
    assert alice.listed() == before
    assert sorted(row["amount"] for row in house.rows() if row["transfer_id"]) == [-5000, 5000]
    card = found(house, "Baker")["account_id"]
    alice.open(f"/transactions?p=2026-11&acc={card}")
    alice.see("+\u20ac50.00", "#ledger")
    chord(alice, Keys.CONTROL, "z")
    lists(alice, "Baker")
    assert len(house.rows()) == 3


def test_a_transfer_between_currencies_is_one_row_and_both_its_amounts_are_edited(alice: Person, site: Site) -> None:
    house = site.house()
    current, dollars = house.account("Current"), house.account("Dollars", "USD")
    transfers.save(
        house.book, None, None, transfers.TransferForm(amount="100", arrives="110", from_id=current, to_id=dollars, day="2026-11-03")
    )
    alice.open("/transactions?p=2026-11")
    alice.see("US$110.00", ".ledger-row .cell-amount")
    assert len(payees(alice)) == 1
    alice.click(".ledger-row .cell-more")
    assert alice.one(".offcanvas.show #field-arrives").get_attribute("value") == "110.00"
    alice.put("#field-arrives", "108.50")
    alice.click(".offcanvas.show .drawer-foot .btn-ink", "Save")
    alice.see("US$108.50", ".ledger-row .cell-amount")
    assert sorted(row["amount"] for row in house.rows()) == [-10000, 10850]


def test_a_purchase_is_split_and_the_form_says_what_is_left(alice: Person, house: House) -> None:
    alice.open("/transactions")
    alice.keys("j", "j")
    stands(alice, house, "Market", "payee")
    alice.keys("s")
    alice.one(".offcanvas.show #field-part-amount-0")
    alice.put("#field-part-amount-0", "30")
    alice.see("20.00 left to assign", ".entry .rest")
    alice.choose("#field-part-category-0", "Groceries")
    alice.put("#field-part-amount-1", "16.88")
    alice.see("3.12 left to assign", ".entry .rest")
    alice.click(".offcanvas.show .drawer-foot .btn-ink", "Save")
    alice.see("\u20ac3.12 left to assign", ".field-error")
    alice.put("#field-part-amount-1", "20")
    alice.see("Adds up", ".entry .rest")
    alice.choose("#field-part-category-1", "Gifts")
    alice.click(".offcanvas.show .drawer-foot .btn-ink", "Save")
    alice.gone(".offcanvas.show")
    alice.see("Split 2", f'{ROW}[data-id="{found(house, "Market")["id"]}"]')
    alice.until(lambda: [number(t) for t in alice.texts("#ledger .part .cell-amount")] == [-30, -20], "its parts")
    alice.open(f"/transactions?p=2026-11&cat={house.category('Gifts')}")
    alice.until(lambda: alice.listed() == (0, 20), "only the part that is a gift")
    chord(alice, Keys.CONTROL, "z")
    alice.gone(ROW)
    assert found(house, "Market")["category_id"] == house.category("Groceries")


def test_more_parts_are_added_empty_and_saved_with_the_rest(alice: Person, house: House) -> None:
    row = found(house, "Market")
    alice.open("/transactions")
    alice.js("finance.say('open-transaction', String(arguments[0]), { extra: 'split' })", row["id"])
    alice.put("#field-part-amount-0", "30")
    assert alice.js("return document.querySelector('#field-part-category-0').selectedOptions[0].text") == "Groceries"
    alice.put("#field-part-amount-1", "15")
    alice.choose("#field-part-category-1", "Pets")
    alice.click(".part-foot button", "Part")
    # It takes what is left, and nothing else of the part before it.
    alice.until(lambda: alice.one("#field-part-amount-2").get_attribute("value") == "5.00", "the rest")
    assert alice.js("const s = document.querySelector('#field-part-category-2'); return [s.name, s.value, s.ariaLabel]") == [
        "part-category-2",
        "0",
        "Category of part 3",
    ]
    alice.choose("#field-part-category-2", "Gifts")
    alice.click(".entry button[type=submit]", "Save")
    alice.gone(".offcanvas.show")
    parts = [(part["category_id"], part["amount"]) for part in snapshot(house.book)["split"]]
    assert parts == [(house.category(name), amount) for name, amount in (("Groceries", -3000), ("Pets", -1500), ("Gifts", -500))]
    # As many as there may be.
    alice.js("finance.say('open-transaction', String(arguments[0]), { extra: 'split' })", row["id"])
    alice.one("#field-part-amount-2")
    for _ in range(30):
        alice.js("document.querySelector('[data-more=part]').click()")
    assert len(alice.all(".part-row")) == 20


def test_what_is_typed_into_the_search_narrows_in_place_without_a_step_in_the_history(alice: Person, house: House) -> None:
    alice.open("/transactions?p=2026-11")
    lists(alice, "Butcher", "Market", "Baker")
    steps = alice.js("return history.length")
    alice.click("#field-q")

    def search(text: str) -> None:
        # Wherever the focus is: the list is drawn anew beneath it, and it has to stay in the box.
        chord(alice, Keys.CONTROL, "a")
        alice.keys(text or Keys.DELETE)

    for typed, rest in (
        ("b", ("Butcher", "Baker")),
        ("b -butch", ("Baker",)),
        (">6", ("Butcher", "Market")),
        ("=50", ("Market",)),
        ("cat:groc", ("Market", "Baker")),
        ("acc:card", ("Baker",)),
        ("cat:groc <10", ("Baker",)),
        ("", ("Butcher", "Market", "Baker")),
    ):
        search(typed)
        lists(alice, *rest)
        assert alice.js("return document.activeElement.id") == "field-q", "the cursor stays"
        assert alice.one("#field-q").get_attribute("value") == typed
    search("cat:nonsense")
    alice.see("There is no category called \u201cnonsense\u201d", "#page .notice")
    search("butch")
    lists(alice, "Butcher")
    assert alice.where() == "/transactions?p=2026-11&q=butch"
    assert alice.js("return history.length") == steps


def test_filters_are_chips_that_are_put_on_and_taken_off(alice: Person, house: House) -> None:
    alice.open("/transactions?p=2026-11")
    alice.click(".filters summary", "Account")
    alice.click(".filters .option", "Card")
    lists(alice, "Baker")
    alice.see("Card", ".filters .on")
    assert alice.listed() == (0, 5)
    alice.driver.back()
    lists(alice, "Butcher", "Market", "Baker")
    alice.click(".filters summary", "Category")
    alice.click(".filters .option", "Uncategorised")
    lists(alice, "Butcher")
    alice.click(".clear-filters")
    lists(alice, "Butcher", "Market", "Baker")
    alice.click(".filters summary", "Amount")
    alice.put("#field-least", "6")
    alice.put("#field-most", "50")
    alice.click("form[data-act=amounts] button")
    lists(alice, "Butcher", "Market")
    alice.click("#page h1")
    alice.keys(Keys.ESCAPE)
    lists(alice, "Butcher", "Market", "Baker")


def test_the_keys_of_the_list(alice: Person, house: House) -> None:
    alice.open("/transactions?p=2026-11")
    lists(alice, "Butcher", "Market", "Baker")
    alice.keys("j")
    stands(alice, house, "Butcher", "payee")
    alice.keys("j", "j", "k")
    stands(alice, house, "Market", "payee")
    alice.keys("x")
    alice.see("1 selected", "#bulk")
    alice.keys("j")
    chord(alice, Keys.SHIFT, "x")
    alice.see("2 selected", "#bulk")
    alice.keys("c")
    alice.one(EDITOR).send_keys("pets" + Keys.ENTER)
    pets = house.category("Pets")
    alice.until(lambda: {found(house, p)["category_id"] for p in ("Market", "Baker")} == {pets}, "both are for pets")
    alice.until(lambda: not alice.one("body").get_attribute("class").count("has-bulk"), "the selection let go")
    alice.click(f'{ROW}[data-id="{found(house, "Butcher")["id"]}"] .pick')
    alice.see("1 selected", "#bulk")
    alice.keys(Keys.ESCAPE)
    alice.until(lambda: not alice.one("body").get_attribute("class").count("has-bulk"), "nothing selected")
    alice.keys("k", "k", "k")
    stands(alice, house, "Butcher", "payee")
    alice.keys("e")
    alice.one(EDITOR).send_keys(Keys.CONTROL, "a")
    alice.keys("Fleischer", Keys.ENTER)
    alice.until(lambda: "Fleischer" in payees(alice), "the new name")
    alice.keys("k", "c")
    alice.one(EDITOR).send_keys("health" + Keys.ENTER)
    stored(alice, house, "Fleischer", category_id=house.category("Health"))
    alice.keys("y")
    alice.until(lambda: alice.where() == "/transactions?p=2026", "this year")


def test_a_second_tab_is_told_and_sees_what_the_first_has_written(alice: Person, house: House) -> None:
    alice.open("/transactions")
    alice.click(cell(house, "Butcher", "amount"))
    alice.one(EDITOR)
    row = found(house, "Butcher")["id"]
    house.edit(row, amount="8", note="from the other tab")
    alice.keys("9", Keys.ENTER)
    alice.see("changed in the meantime", ".toast-box.error")
    alice.see("8.00", cell(house, "Butcher", "amount"))
    alice.see("from the other tab", cell(house, "Butcher", "note"))
    assert house.row(row)["amount"] == -800, "what the first wrote is not lost"
    alice.click(cell(house, "Butcher", "amount"))
    alice.one(EDITOR).send_keys("9" + Keys.ENTER)
    stored(alice, house, "Butcher", amount=-900, note="from the other tab")
    alice.click(cell(house, "Butcher", "category"))
    alice.one(EDITOR)
    house.edit(row, payee="Butcher", category_id=house.category("Pets"))
    alice.keys("Brand new", Keys.ENTER)
    alice.until(lambda: len(alice.all(".toast-box.error")) == 2, "told once more")
    assert house.row(row)["category_id"] == house.category("Pets")


def test_on_a_phone_a_tap_opens_and_a_long_press_selects(alice: Person, house: House) -> None:
    alice.size(390, 844)
    alice.open("/transactions")
    lists(alice, "Butcher", "Market", "Baker")
    alice.click(f'{ROW}[data-id="{found(house, "Market")["id"]}"] .payee')
    alice.until(lambda: alice.one(".offcanvas.show #field-payee").get_attribute("value") == "Market", "the sheet")
    alice.until(
        lambda: alice.js(
            "const r = document.querySelector('.offcanvas.show').getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth"
        ),
        "the sheet inside the window",
    )
    alice.click(".offcanvas.show .btn-close")
    alice.gone(".offcanvas.show")
    hand = ActionChains(alice.driver)
    hand.click_and_hold(alice.one(f'{ROW}[data-id="{found(house, "Butcher")["id"]}"] .payee')).perform()
    alice.see("1 selected", "#bulk")
    hand.release().perform()
    assert not alice.all(".offcanvas.show"), "a long press opens nothing"
    alice.click(f'{ROW}[data-id="{found(house, "Baker")["id"]}"] .payee')
    alice.see("2 selected", "#bulk")
    assert alice.overflow() == []
    alice.click("[data-bulk=delete]")
    lists(alice, "Market")
    alice.undo()
    lists(alice, "Butcher", "Market", "Baker")


def test_the_command_box_finds_and_opens(alice: Person, house: House) -> None:
    alice.open("/")
    alice.keys("/")
    alice.until(lambda: alice.js("return document.activeElement.id") == "field-command", "the cursor in the box")
    alice.see("Go to Dashboard", "#command")
    alice.keys("butch")
    alice.see("Butcher", "#command [role=listbox]")
    alice.until(lambda: len(alice.all("#command [role=option]")) == 3, "the category known by that word, the row and all rows")
    alice.keys(Keys.ARROW_UP)
    alice.until(lambda: "All 1 transaction" in alice.text("#command [aria-selected=true]"), "the last option")
    alice.keys(Keys.ARROW_UP, Keys.ENTER)
    alice.until(lambda: alice.one(".offcanvas.show #field-payee").get_attribute("value") == "Butcher", "the transaction")
    alice.click(".offcanvas.show .btn-close")
    alice.gone(".offcanvas")
    chord(alice, Keys.CONTROL, "k")
    alice.until(lambda: alice.js("return document.activeElement.id") == "field-command", "the cursor in the box again")
    alice.keys("nothing like it")
    alice.see("Nothing is called", "#command")
    alice.keys(Keys.ESCAPE)
    alice.until(lambda: not alice.one("body").find_element("id", "command").is_displayed(), "the box closed")
    alice.keys("/")
    alice.keys("transact")
    alice.see("Go to Transactions", "#command")
    alice.keys(Keys.ENTER)
    alice.until(lambda: alice.where().startswith("/transactions"), "the list")
    alice.js("finance.say('delete-transaction', String(arguments[0]))", found(house, "Butcher")["id"])
    alice.until(lambda: len(alice.all(".ledger-row[data-id]")) == 2, "the row deleted")
    chord(alice, Keys.CONTROL, "z")
    alice.see("ndone", ".toast-box")
    lists(alice, "Butcher", "Market", "Baker")


def test_the_second_of_two_tabs_is_told_and_sees_the_row_as_it_stands(alice: Person, house: House) -> None:
    alice.open("/transactions")
    alice.click(cell(house, "Butcher", "note"))
    alice.one(EDITOR).send_keys("mine")
    row = found(house, "Butcher")
    transactions.edit(house.book, row["id"], row["revision"], "note", "theirs")
    alice.driver.execute_script('window.finance.say("look")')
    alice.see("theirs", cell(house, "Butcher", "note"))
    alice.keys(Keys.ENTER)
    alice.see("changed in the meantime", "#toasts")
    alice.see("theirs", cell(house, "Butcher", "note"))
    assert found(house, "Butcher")["note"] == "theirs"
    # The row is edited on as it stands now, several times over.
    for text in ("one", "two"):
        alice.click(cell(house, "Butcher", "note"))
        alice.until(lambda: alice.one(EDITOR).get_attribute("aria-label") == "Note or #tag", "the editor")
        alice.keys(text, Keys.ENTER)
        stored(alice, house, "Butcher", note=text)
        alice.see(text, cell(house, "Butcher", "note"))


def test_the_keys_undo_what_this_tab_did_and_no_more(alice: Person, house: House) -> None:
    alice.open("/transactions")
    before = [row["note"] for row in house.rows()]
    alice.click(cell(house, "Butcher", "note"))
    alice.keys("mine", Keys.ENTER)
    alice.see("mine", cell(house, "Butcher", "note"))
    alice.until(lambda: not alice.all(EDITOR), "no editor")
    chord(alice, Keys.CONTROL, "z")
    alice.until(lambda: [row["note"] for row in house.rows()] == before, "undone")
    count = len(house.rows())
    for _ in range(2):
        chord(alice, Keys.CONTROL, "z")
        alice.see("Nothing of this session", "#toasts")
    assert len(house.rows()) == count
