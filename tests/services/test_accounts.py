"""Accounts: made, edited, summed by currency, never reached from another book."""

from __future__ import annotations

import pytest

from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid, NotFound, UndoRefused
from dashboard.services import accounts, changes
from tests.ways import House, snapshot

GOOD = {"name": "Savings", "kind": "savings", "currency": "EUR", "opening": ""}


def test_the_balance_is_the_opening_one_and_every_row_transfers_included(house: House) -> None:
    current, savings = house.account("Current", opening="100"), house.account("Savings")
    house.add(current, "2026-11-01", "-30.50")
    house.add(current, "2025-01-01", "10")
    out = house.add(current, "2026-11-02", "-50")
    house.add(savings, "2026-11-03", "50")
    from dashboard.services import transactions

    transactions.mark_transfer(house.book, [out], transfer=True)
    assert [(a.name, a.balance, a.count) for a in accounts.all_accounts(house.book)] == [("Current", 2950, 3), ("Savings", 5000, 1)]


def test_net_worth_never_adds_currencies(house: House) -> None:
    house.account("Current", opening="100")
    house.account("Savings", opening="-30.5")
    house.account("Francs", "CHF", opening="7")
    assert accounts.net_worth(accounts.all_accounts(house.book)) == {"EUR": 6950, "CHF": 700}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 5000),
        ("name", None),
        ("name", 5),
        ("kind", "crypto"),
        ("kind", None),
        ("currency", "EURO"),
        ("currency", None),
        ("currency", ["EUR"]),
        ("opening", "1e400"),
        ("opening", "NaN"),
        ("opening", "--5"),
        ("opening", 5),
        ("number", "x" * 5000),
    ],
)
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_stored(house: House, field: str, value: object) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        accounts.save(house.book, None, None, **(GOOD | {field: value}))
    assert refused.value.field in (field, "amount")
    assert snapshot(house.book) == before


def test_two_accounts_cannot_have_one_name(house: House, other_house: House) -> None:
    first = house.account("Current")
    with pytest.raises(InputNotValid, match="that name"):
        house.account("CURRENT")
    other_house.account("Current")
    accounts.save(house.book, first, house_revision(house, first), **(GOOD | {"name": "current"}))


def house_revision(house: House, account: int) -> int:
    return next(a.revision for a in accounts.all_accounts(house.book) if a.id == account)


def test_an_account_is_edited_and_the_edit_undone(house: House) -> None:
    account = house.account("Current")
    before = snapshot(house.book)
    done = accounts.save(
        house.book,
        account,
        house_revision(house, account),
        name="Joint",
        kind="savings",
        currency="CHF",
        opening="1.50",
        number="CH93 0076",
    )
    found = accounts.all_accounts(house.book)[0]
    assert (found.name, found.kind, found.currency, found.opening, found.number) == ("Joint", "savings", "CHF", 150, "CH93 0076")
    changes.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_an_account_with_transactions_keeps_its_currency(house: House) -> None:
    account = house.account("Current")
    house.add(account, "2026-11-01", "-5")
    with pytest.raises(InputNotValid, match="currency"):
        accounts.save(house.book, account, house_revision(house, account), **(GOOD | {"currency": "JPY"}))


def test_a_stale_form_is_refused(house: House) -> None:
    account = house.account("Current")
    seen = house_revision(house, account)
    accounts.save(house.book, account, seen, **GOOD)
    with pytest.raises(ChangedMeanwhile):
        accounts.save(house.book, account, seen, **(GOOD | {"name": "Old"}))
    assert [a.name for a in accounts.all_accounts(house.book)] == ["Savings"]


@pytest.mark.parametrize("forged", [10**6, -1, 2**70, "x", True, 1.5, [1], {"id": 1}])
def test_an_id_that_is_not_ours_is_not_found(house: House, forged: object) -> None:
    with pytest.raises((NotFound, ChangedMeanwhile)):
        accounts.save(house.book, forged, 1, **GOOD)


def test_another_books_account_is_like_none(house: House, other_house: House) -> None:
    for number in range(3):
        theirs = other_house.account(f"Theirs {number}")
    before = snapshot(other_house.book)
    revision = house_revision(other_house, theirs)
    with pytest.raises(DashboardError) as forged:
        accounts.save(house.book, theirs, revision, **GOOD)
    with pytest.raises(DashboardError) as unknown:
        accounts.save(house.book, 10**6, revision, **GOOD)
    assert (type(forged.value), forged.value.message) == (type(unknown.value), unknown.value.message)
    assert snapshot(other_house.book) == before
    assert accounts.all_accounts(house.book) == []


def test_an_undo_does_not_give_an_account_with_transactions_another_currency(house: House) -> None:
    account = house.account("Cash")
    seen = next(a for a in accounts.all_accounts(house.book) if a.id == account)
    changed = accounts.save(house.book, account, seen.revision, name="Cash", kind="cash", currency="JPY", opening="")
    house.add(account, "2026-11-03", "-5000")
    with pytest.raises(UndoRefused):
        changes.undo(house.book, changed.revision)
    assert next(a for a in accounts.all_accounts(house.book) if a.id == account).currency == "JPY"
