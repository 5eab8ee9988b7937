"""Accounts: made, edited, summed by currency, never reached from another book."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid, NotFound, UndoRefused
from dashboard.model.queries import flow
from dashboard.model.transactions import dismissed
from dashboard.services import accounts, history, transactions, transfers
from tests.ways import House, snapshot

GOOD = {"name": "Savings", "kind": "savings", "currency": "EUR", "opening": ""}


def test_the_balance_is_the_opening_one_and_every_row_transfers_included(house: House) -> None:
    current, savings = house.account("Current", opening="100"), house.account("Savings")
    house.add(current, "2026-11-01", "-30.50")
    house.add(current, "2025-01-01", "10")
    out = house.add(current, "2026-11-02", "-50")
    house.add(savings, "2026-11-03", "50")
    transfers.mark(house.book, [out])
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
        ("opened", "x"),
        ("opened", "2026-11-19"),
        ("opened", "1899-12-31"),
        ("opened", 5),
    ],
)
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_stored(house: House, field: str, value: object) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        accounts.save(house.book, None, None, accounts.AccountForm(**(GOOD | {field: value})))
    assert refused.value.field in (field, "amount")
    assert snapshot(house.book) == before


def test_two_accounts_cannot_have_one_name(house: House, other_house: House) -> None:
    first = house.account("Current")
    with pytest.raises(InputNotValid, match="that name"):
        house.account("CURRENT")
    other_house.account("Current")
    accounts.save(house.book, first, house_revision(house, first), accounts.AccountForm(**(GOOD | {"name": "current"})))


def house_revision(house: House, account: int) -> int:
    return next(a.revision for a in accounts.all_accounts(house.book) if a.id == account)


def test_an_account_is_edited_and_the_edit_undone(house: House) -> None:
    account = house.account("Current")
    before = snapshot(house.book)
    done = accounts.save(
        house.book,
        account,
        house_revision(house, account),
        accounts.AccountForm(name="Joint", kind="savings", currency="CHF", opening="1.50", number="CH93 0076"),
    )
    found = accounts.all_accounts(house.book)[0]
    assert (found.name, found.kind, found.currency, found.opening, found.number) == ("Joint", "savings", "CHF", 150, "CH93 0076")
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_an_account_with_transactions_keeps_its_currency(house: House) -> None:
    account = house.account("Current")
    house.add(account, "2026-11-01", "-5")
    with pytest.raises(InputNotValid, match="currency"):
        accounts.save(house.book, account, house_revision(house, account), accounts.AccountForm(**(GOOD | {"currency": "JPY"})))


def test_a_stale_form_is_refused(house: House) -> None:
    account = house.account("Current")
    seen = house_revision(house, account)
    accounts.save(house.book, account, seen, accounts.AccountForm(**GOOD))
    with pytest.raises(ChangedMeanwhile):
        accounts.save(house.book, account, seen, accounts.AccountForm(**(GOOD | {"name": "Old"})))
    assert [a.name for a in accounts.all_accounts(house.book)] == ["Savings"]


@pytest.mark.parametrize("forged", [10**6, -1, 2**70, "x", True, 1.5, [1], {"id": 1}])
def test_an_id_that_is_not_ours_is_not_found(house: House, forged: object) -> None:
    with pytest.raises((NotFound, ChangedMeanwhile)):
        accounts.save(house.book, forged, 1, accounts.AccountForm(**GOOD))


def test_another_books_account_is_like_none(house: House, other_house: House) -> None:
    for number in range(3):
        theirs = other_house.account(f"Theirs {number}")
    before = snapshot(other_house.book)
    revision = house_revision(other_house, theirs)
    with pytest.raises(DashboardError) as forged:
        accounts.save(house.book, theirs, revision, accounts.AccountForm(**GOOD))
    with pytest.raises(DashboardError) as unknown:
        accounts.save(house.book, 10**6, revision, accounts.AccountForm(**GOOD))
    assert (type(forged.value), forged.value.message) == (type(unknown.value), unknown.value.message)
    assert snapshot(other_house.book) == before
    assert accounts.all_accounts(house.book) == []


def test_an_undo_does_not_give_an_account_with_transactions_another_currency(house: House) -> None:
    account = house.account("Cash")
    seen = next(a for a in accounts.all_accounts(house.book) if a.id == account)
    changed = accounts.save(house.book, account, seen.revision, accounts.AccountForm(name="Cash", kind="cash", currency="JPY", opening=""))
    house.add(account, "2026-11-03", "-5000")
    with pytest.raises(UndoRefused):
        history.undo(house.book, changed.revision)
    assert next(a for a in accounts.all_accounts(house.book) if a.id == account).currency == "JPY"


def held(house: House, account: int) -> accounts.Account:
    return next(a for a in accounts.all_accounts(house.book) if a.id == account)


def test_what_is_dated_after_today_is_in_no_balance_of_now(house: House) -> None:
    account = house.account("Current", opening="100")
    house.add(account, "2026-11-18", "-1")
    house.add(account, "2026-11-19", "-20")
    house.add(account, "2027-01-05", "-300")
    assert (held(house, account).balance, held(house, account).count) == (9900, 3)
    seen = accounts.overview(house.book)
    assert seen.accounts == accounts.all_accounts(house.book)
    assert seen.ends.loc[account].tolist() == [10000] * 11 + [9900]
    assert seen.last == {account: date(2026, 11, 18)}


def test_the_overview_ends_each_month_with_the_sum_of_all_rows_until_then(house: House) -> None:
    current, card = house.account("Current", opening="100"), house.account("Card")
    francs = house.account("Francs", "CHF", opening="7")
    for day, amount in (("2024-03-01", "-10"), ("2025-12-31", "5"), ("2026-10-31", "-2.50"), ("2026-11-01", "1")):
        house.add(current, day, amount)
    house.add(card, "2026-10-02", "-30")
    seen = accounts.overview(house.book)
    assert seen.months == [202512, *range(202601, 202612)]
    assert seen.ends.loc[current].tolist() == [9500] * 10 + [9250, 9350]
    assert seen.ends.loc[card].tolist() == [0] * 10 + [-3000] * 2
    now = seen.series[seen.series["month"] == 202611]
    assert now.to_dict("records") == [
        {"currency": "EUR", "month": 202611, "assets": 9350, "debts": -3000, "net": 6350},
        {"currency": "CHF", "month": 202611, "assets": 700, "debts": 0, "net": 700},
    ]
    assert {code: int(net) for code, net in zip(now["currency"], now["net"], strict=True)} == accounts.net_worth(seen.accounts)
    assert francs in seen.ends.index


def spent(house: House) -> list[flow.Flowed]:
    with house.book.reading() as db:
        return flow.by_month(db, house.book.id, 202601, 202612)


def test_an_account_is_closed_and_reopened_and_its_history_stays(house: House) -> None:
    account = house.account("Savings", opening="12.50")
    house.add(account, "2026-11-02", "-5", category="Groceries")
    flowed = spent(house)
    before = snapshot(house.book)
    closed = accounts.close(house.book, account)
    assert closed.message == "Account \u201cSavings\u201d closed; \u20ac7.50 is left in it"
    assert held(house, account).closed
    assert accounts.net_worth(accounts.all_accounts(house.book)) == {"EUR": 750}
    assert spent(house) == flowed != []
    assert accounts.close(house.book, account).revision == 0
    reopened = accounts.reopen(house.book, account)
    assert not held(house, account).closed
    assert accounts.reopen(house.book, account).revision == 0
    history.undo(house.book, reopened.revision)
    history.undo(house.book, closed.revision)
    assert snapshot(house.book) == before


def test_an_empty_account_is_closed_without_a_word_of_what_is_left(house: House) -> None:
    assert accounts.close(house.book, house.account("Empty")).message == "Account \u201cEmpty\u201d closed"


def test_an_account_that_nothing_uses_is_deleted_and_comes_back(house: House) -> None:
    account = house.account("Wrong one", opening="5")
    before = snapshot(house.book)
    done = accounts.delete(house.book, account)
    assert accounts.all_accounts(house.book) == []
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_an_account_in_use_is_not_deleted(house: House) -> None:
    typed, filled = house.account("Typed"), house.account("Filled")
    row = house.add(typed, "2026-11-02", "-5")
    with pytest.raises(InputNotValid, match="close it instead"):
        accounts.delete(house.book, typed)
    with house.book.writing("forgotten") as w:
        w.insert(dismissed, [{"account_id": filled, "fingerprint": 1, "occurrence": 0}])
    with pytest.raises(InputNotValid, match="from a file"):
        accounts.delete(house.book, filled)
    transactions.delete(house.book, [row])
    accounts.delete(house.book, typed)


@pytest.mark.parametrize(("value", "day", "field"), [("x", "2026-11-18", "amount"), ("5", "2026-11-19", "date"), ("5", "x", "date")])
def test_a_value_that_cannot_be_used_is_refused_by_field(house: House, value: str, day: str, field: str) -> None:
    account = house.account("House")
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        accounts.revalue(house.book, account, value, day)
    assert refused.value.field == field
    assert snapshot(house.book) == before


def test_a_closed_account_takes_no_value(house: House) -> None:
    account = house.account("House")
    accounts.close(house.book, account)
    with pytest.raises(InputNotValid, match="reopen"):
        accounts.revalue(house.book, account, "5", "t")


@pytest.mark.parametrize("act", [accounts.close, accounts.reopen, accounts.delete, lambda b, i: accounts.revalue(b, i, "5", "t")])
def test_another_books_account_cannot_be_closed_valued_or_deleted(house: House, other_house: House, act: object) -> None:
    for number in range(3):
        theirs = other_house.account(f"Theirs {number}")
    before = snapshot(other_house.book)
    for forged in (theirs, 10**6, "x", None, True):
        with pytest.raises(NotFound):
            act(house.book, forged)  # type: ignore[operator]
    assert snapshot(other_house.book) == before


def test_another_currency_forgets_what_a_statement_said(house: House) -> None:
    from dashboard.services import reconciling

    account = house.account("Cash", opening="5")
    reconciling.reconcile(house.book, account, "t", "5")
    accounts.save(
        house.book, account, house_revision(house, account), accounts.AccountForm(name="Cash", kind="cash", currency="JPY", opening="500")
    )
    assert (held(house, account).checked_on, held(house, account).checked) == (None, None)
