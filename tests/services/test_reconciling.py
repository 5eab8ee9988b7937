"""Reconciling: what agrees is kept, what does not is explained, and nothing is stored for it."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.errors import InputNotValid, NotFound
from dashboard.services import accounts, history, transactions, transfers
from dashboard.services.reconciling import Reconciled, reconcile
from tests.ways import House, bank_csv, snapshot

HEAD = "Date,Description,Amount,Balance"


@pytest.fixture
def account(house: House) -> int:
    made = house.account("Current", opening="100")
    for day, amount, payee in (("2026-11-02", "-12.50", "Lidl"), ("2026-11-05", "-30.11", "Fuel"), ("2026-11-09", "200", "Studio")):
        house.add(made, day, amount, payee)
    return made


def statement(house: House) -> int:
    """Import a statement with the bank's balances: €1,000.00 before it, €838.40 after."""
    house.take_in(
        bank_csv(
            [
                ("2026-11-03", "Lidl", "-12.50", "987.50"),  # type: ignore[list-item]
                ("2026-11-05", "Fuel", "-60.00", "927.50"),  # type: ignore[list-item]
                ("2026-11-05", "Cinema", "-27.00", "900.50"),  # type: ignore[list-item]
                ("2026-11-09", "Boots", "-42.10", "858.40"),  # type: ignore[list-item]
                ("2026-11-12", "Netflix", "-20.00", "838.40"),  # type: ignore[list-item]
            ],
            HEAD,
        )
    )
    return accounts.all_accounts(house.book)[0].id


def row_of(house: House, payee: str) -> int:
    return next(row["id"] for row in house.rows() if row["payee"] == payee)


def held(house: House) -> accounts.Account:
    return accounts.all_accounts(house.book)[0]


def said(result: Reconciled) -> str:
    return " ".join(result.sentences)


def test_an_import_keeps_the_banks_balance_of_each_row_and_that_nobody_has_seen_it(house: House) -> None:
    statement(house)
    assert [(row["amount"], row["balance"], row["reviewed"]) for row in house.rows()] == [
        (-1250, 98750, False),
        (-6000, 92750, False),
        (-2700, 90050, False),
        (-4210, 85840, False),
        (-2000, 83840, False),
    ]


def test_balances_that_do_not_add_up_are_not_kept(house: House) -> None:
    house.take_in(
        bank_csv([(f"2026-11-{n:02}", f"Shop {n}", f"-{n}.10", f"{(n * 7919) % 997}.33") for n in range(1, 9)], HEAD)  # type: ignore[misc]
    )
    assert len(house.rows()) == 8
    assert {row["balance"] for row in house.rows()} == {None}


def test_what_agrees_is_kept_with_the_account_and_undone_in_one(house: House) -> None:
    account = statement(house)
    later = house.add(account, "2026-11-15", "-1")
    before = snapshot(house.book)
    result = reconcile(house.book, account, "2026-11-12", "838.40")
    assert result.done is not None
    assert (result.difference, result.rows, result.done.message) == (
        0,
        (),
        "\u201cStatement\u201d agrees with the bank on 12 Nov 2026; its rows until then are reviewed",
    )
    assert (held(house).checked_on, held(house).checked) == (date(2026, 11, 12), 83840)
    assert {row["reviewed"] for row in house.rows() if row["id"] != later} == {True}
    history.undo(house.book, result.done.revision)
    assert snapshot(house.book) == before


def test_an_older_statement_does_not_take_the_place_of_a_newer_one(house: House, account: int) -> None:
    reconcile(house.book, account, "2026-11-09", "257.39")
    assert reconcile(house.book, account, "2026-11-02", "87.50").done is not None
    assert held(house).checked_on == date(2026, 11, 9)


def test_an_amount_is_typed_as_a_sum_with_the_local_mark(house: House, account: int) -> None:
    assert reconcile(house.book, account, "9/11", "200,39 + 57").done is not None


def test_a_difference_stores_nothing(house: House, account: int) -> None:
    before = snapshot(house.book)
    result = reconcile(house.book, account, "2026-11-18", "1")
    assert (result.done, result.bank, result.ours) == (None, 100, 25739)
    assert snapshot(house.book) == before


def test_a_wrong_sign_is_named_with_what_it_should_be(house: House, account: int) -> None:
    wrong = row_of(house, "Fuel")
    house.edit(wrong, direction="received")
    result = reconcile(house.book, account, "2026-11-18", "257.39")
    assert (result.rows[0].id, result.rows[0].reason) == (wrong, "With the other sign, \u2212\u20ac30.11, it would agree")
    assert result.sentences[0] == "The bank has \u20ac60.22 less than this account on 18 Nov 2026: \u20ac257.39 there, \u20ac317.61 here."


def test_a_deleted_row_of_the_bank_is_told_and_the_gap_shown(house: House) -> None:
    account = statement(house)
    transactions.delete(house.book, [row_of(house, "Fuel")])
    result = reconcile(house.book, account, "2026-11-12", "838.40")
    assert (result.rows[0].payee, result.rows[0].reason) == (
        "Cinema",
        "\u2212\u20ac60.00 is missing between \u201cLidl\u201d and this row",
    )
    assert "Until 3 Nov 2026 the bank\u2019s own balances agree; by 5 Nov 2026 the bank has \u20ac60.00 less." in said(result)
    assert "You deleted \u201cFuel\u201d of \u2212\u20ac60.00 from 5 Nov 2026 on 18 Nov 2026." in said(result)


def test_a_changed_amount_is_proven_by_the_fingerprint(house: House) -> None:
    account = statement(house)
    wrong = row_of(house, "Boots")
    house.edit(wrong, amount="41.20")
    result = reconcile(house.book, account, "2026-11-12", "838.40")
    assert (result.rows[0].id, result.rows[0].reason) == (
        wrong,
        "Its amount was changed: the bank\u2019s file says \u2212\u20ac42.10",
    )


def test_a_typed_row_that_the_bank_does_not_have_is_named(house: House) -> None:
    account = statement(house)
    extra = house.add(account, "2026-11-05", "-27", "Cinema again")
    result = reconcile(house.book, account, "2026-11-12", "838.40")
    assert result.rows[0].id == extra
    house.edit(extra, amount="13")
    result = reconcile(house.book, account, "2026-11-12", "838.40")
    assert (result.rows[0].id, result.rows[0].reason) == (
        extra,
        "Typed by hand, and the bank\u2019s balances of these days have no place for it",
    )


def test_a_wrong_opening_balance_is_told(house: House) -> None:
    account = statement(house)
    seen = held(house)
    accounts.save(house.book, account, seen.revision, accounts.AccountForm(name=seen.name, kind=seen.kind, currency="EUR", opening="990"))
    result = reconcile(house.book, account, "2026-11-12", "838.40")
    assert "perhaps the opening balance is \u20ac1,000.00" in said(result)


def test_after_a_statement_that_agreed_only_what_came_later_is_named(house: House, account: int) -> None:
    reconcile(house.book, account, "2026-11-05", "57.39")
    later = house.add(account, "2026-11-10", "-30.11", "Fuel")
    result = reconcile(house.book, account, "2026-11-18", "257.39")
    assert [row.id for row in result.rows] == [later]


def test_a_change_before_the_statement_that_agreed_is_named_by_its_sentence(house: House, account: int) -> None:
    reconcile(house.book, account, "2026-11-05", "57.39")
    house.add(account, "2026-11-10", "-5", "Later")
    wrong = row_of(house, "Lidl")
    house.edit(wrong, amount="21.50")
    result = reconcile(house.book, account, "2026-11-18", "252.39")
    assert "On 5 Nov 2026 the balance agreed, and it does not any more" in said(result)
    assert "\u201cLidl\u201d" in said(result)
    assert "Later" not in said(result)
    assert (result.rows[0].id, result.rows[0].reason) == (wrong, "With two digits swapped, \u2212\u20ac12.50, it would agree")


def test_a_row_deleted_before_the_statement_that_agreed_is_told(house: House, account: int) -> None:
    reconcile(house.book, account, "2026-11-09", "257.39")
    transactions.delete(house.book, [row_of(house, "Fuel")])
    result = reconcile(house.book, account, "2026-11-18", "257.39")
    assert "Since then: \u201c\u201cFuel\u201d deleted\u201d on 18 Nov 2026." in said(result)
    assert "You deleted \u201cFuel\u201d of \u2212\u20ac30.11" in said(result)


def test_a_difference_that_nothing_explains_is_admitted(house: House, account: int) -> None:
    result = reconcile(house.book, account, "2026-11-18", "257.40")
    assert result.rows == ()
    assert "No single row explains the difference" in said(result)


@pytest.mark.parametrize(
    ("day", "balance", "field"),
    [("2026-11-19", "5", "date"), ("", "5", "date"), (None, "5", "date"), ("t", "", "amount"), ("t", "1e9", "amount"), ("t", 5, "amount")],
)
def test_what_cannot_be_used_is_refused_by_field(house: House, account: int, day: object, balance: object, field: str) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        reconcile(house.book, account, day, balance)
    assert refused.value.field == field
    assert snapshot(house.book) == before


def test_another_books_account_is_not_found_and_its_rows_are_never_named(house: House, other_house: House, account: int) -> None:
    for number in range(3):
        theirs = other_house.account(f"Theirs {number}")
    row = other_house.add(theirs, "2026-11-05", "-7", "Secret")
    transactions.delete(other_house.book, [row])
    before = snapshot(other_house.book)
    for forged in (theirs, 10**6, "x", None):
        with pytest.raises(NotFound):
            reconcile(house.book, forged, "t", "0")
    assert "Secret" not in said(reconcile(house.book, account, "t", "250.39"))
    assert snapshot(other_house.book) == before


def test_a_change_on_or_before_the_day_that_agreed_says_so(house: House, account: int) -> None:
    other = house.account("Other")
    reconcile(house.book, account, "2026-11-05", "57.39")
    lidl, fuel, studio = (row_of(house, payee) for payee in ("Lidl", "Fuel", "Studio"))

    def edited(row: int, cell: str, value: str) -> str:
        return transactions.edit(house.book, row, house.row(row)["revision"], cell, value).message

    warned = "The bank agreed with Current until 5 Nov 2026: compare anew"
    assert warned in edited(lidl, "amount", "13")
    assert warned in edited(fuel, "date", "2026-11-07")
    assert warned in edited(studio, "date", "2026-11-05")
    assert warned in edited(studio, "account", str(other))
    assert warned in transactions.set_account(house.book, [studio], account).message
    assert warned in transactions.delete(house.book, [studio]).message
    for cell, value in (("payee", "Aldi"), ("note", "#food"), ("category", str(house.category("Groceries")))):
        assert "agreed" not in edited(lidl, cell, value)
    assert "agreed" not in edited(fuel, "amount", "14")
    late = house.add(account, "2026-11-06", "-1")
    assert "agreed" not in transactions.delete(house.book, [late]).message
    added = transactions.save(
        house.book,
        None,
        None,
        transactions.TransactionForm(direction="spent", amount="1", payee="Kiosk", category_id=None, account_id=account, day="2026-11-04"),
    )
    assert warned in added.message
    moved = transfers.save(
        house.book,
        None,
        None,
        transfers.TransferForm(from_id=other, to_id=account, day="2026-11-05", amount="9", arrives=None, payee="", note="", key=None),
    )
    assert warned in moved.message
