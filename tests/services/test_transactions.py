"""Transactions: saved once, never over another's edit, one by one or many at once, found by every filter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid, NotFound
from dashboard.selection import Selection
from dashboard.services import history, ledger, transactions, transfers
from dashboard.services.accounts import all_accounts
from tests.ways import House, bank_csv, snapshot

FORM: dict[str, Any] = {
    "direction": "spent",
    "amount": "12.50",
    "payee": "Baker",
    "category_id": None,
    "day": "2026-11-02",
    "note": "rolls",
}


def save(house: House, account: int, **changed: object) -> int:
    return transactions.save(house.book, None, None, transactions.TransactionForm(**(FORM | {"account_id": account} | changed))).created


def payees(house: House, query: str) -> list[str]:
    return ledger.listed(house.book, Selection.from_query(query, house.book.today)).rows["payee"].tolist()


def test_a_transaction_is_stored_as_it_was_typed(house: House) -> None:
    account = house.account()
    row = house.row(save(house, account, category_id=house.category("Groceries")))
    assert (row["amount"], row["payee"], row["date"].isoformat(), row["month"], row["note"], row["account_id"]) == (
        -1250,
        "Baker",
        "2026-11-02",
        202611,
        "rolls",
        account,
    )
    assert house.row(save(house, account, direction="received"))["amount"] == 1250
    assert row["fingerprint"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "1e400"),
        ("amount", "NaN"),
        ("amount", "--5"),
        ("amount", "-5"),
        ("amount", ""),
        ("amount", "1.005"),
        ("amount", 5),
        ("amount", None),
        ("day", "31/02/2026"),
        ("day", ""),
        ("day", None),
        ("payee", ""),
        ("payee", "x" * 5000),
        ("payee", ["a"]),
        ("direction", "lost"),
        ("direction", None),
        ("account_id", None),
        ("account_id", ""),
        ("note", "x" * 5000),
        ("note", 5),
    ],
)
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_stored(house: House, field: str, value: object) -> None:
    account = house.account()
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        save(house, account, **{field: value})
    assert refused.value.field in (field, {"day": "date", "account_id": "account"}.get(field))
    assert snapshot(house.book) == before


def test_control_characters_do_not_reach_the_database(house: House) -> None:
    row = house.row(save(house, house.account(), payee="Ba\x00ker\n[ERROR] forged\ud800", note="a\tb\u2028c"))
    assert (row["payee"], row["note"]) == ("Ba ker [ERROR] forged", "a b c")


def test_the_same_form_sent_twice_is_saved_once(house: House) -> None:
    account = house.account()
    assert save(house, account, key="form-1") == save(house, account, key="form-1")
    assert save(house, account, key="form-2") != save(house, account, key="form-1")
    assert len(house.rows()) == 2


def test_ten_equal_posts_at_one_moment_make_one_transaction(house: House) -> None:
    account = house.account()
    with ThreadPoolExecutor(10) as pool:
        saved = set(pool.map(lambda _: save(house, account, key="form-1"), range(10)))
    assert [row["id"] for row in house.rows()] == list(saved)
    assert len(saved) == 1


def test_a_second_tab_is_told_that_the_first_has_saved(house: House) -> None:
    row = save(house, house.account())
    seen = house.row(row)["revision"]
    house.edit(row, amount="20", revision=seen)
    with pytest.raises(ChangedMeanwhile):
        house.edit(row, amount="30", revision=seen)
    assert house.row(row)["amount"] == -2000


@pytest.mark.parametrize("revision", [None, "", 0, -1, 10**9, "x", True, [1]])
def test_a_made_up_revision_saves_nothing(house: House, revision: object) -> None:
    row = save(house, house.account())
    with pytest.raises((ChangedMeanwhile, NotFound)):
        house.edit(row, amount="20", revision=revision)
    assert house.row(row)["amount"] == -1250


def test_a_category_is_set_for_many_and_taken_back_at_once(house: House) -> None:
    account = house.account()
    rows = [save(house, account) for _ in range(3)]
    before = snapshot(house.book)
    done = transactions.set_category(house.book, rows, house.category("Gifts"))
    assert {row["category_id"] for row in house.rows()} == {house.category("Gifts")}
    assert done.message == "3 transactions are now Gifts"
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    transactions.set_category(house.book, rows[:1], house.category("Gifts"))
    transactions.set_category(house.book, rows[:1], None)
    assert {row["category_id"] for row in house.rows()} == {None}


@pytest.mark.parametrize("ids", [[], None, "1", [None], ["x"], [1.5], [True], list(range(1, 20_000))])
def test_a_selection_of_rows_that_cannot_be_is_refused(house: House, ids: object) -> None:
    for ask in (
        lambda: transactions.set_category(house.book, ids, None),
        lambda: transactions.delete(house.book, ids),
        lambda: transfers.mark(house.book, ids),
    ):
        with pytest.raises(DashboardError):
            ask()


def test_a_split_keeps_its_sum_and_its_categories(house: House) -> None:
    row = house.add(house.account(), "2026-11-02", "-50")
    house.split(row, [("Groceries", -3000), ("Gifts", -2000)])
    for refused in (lambda: house.edit(row, amount="60"), lambda: transactions.set_category(house.book, [row], house.category("Pets"))):
        with pytest.raises(InputNotValid):
            refused()
    house.edit(row, payee="Market", category_id=house.category("Pets"))
    assert (house.row(row)["payee"], house.row(row)["category_id"]) == ("Market", None)


def test_deleting_takes_the_parts_along_and_undo_brings_all_back(house: House) -> None:
    account = house.account()
    rows = [house.add(account, "2026-11-02", "-50"), house.add(account, "2026-11-03", "-60")]
    house.split(rows[0], [("Groceries", -3000), (None, -2000)])
    before = snapshot(house.book)
    done = transactions.delete(house.book, rows)
    assert done.message == "2 transactions deleted"
    assert [snapshot(house.book)[name] for name in ("transaction", "split", "dismissed")] == [[], [], []]
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_an_imported_row_that_is_deleted_is_remembered_until_that_is_undone(house: House) -> None:
    house.take_in(bank_csv([("2026-11-02", "BAKER", "-5.00"), ("2026-11-03", "BUTCHER", "-7.00")]))
    row = house.rows()[0]
    done = transactions.delete(house.book, [row["id"]])
    assert [(d["fingerprint"], d["occurrence"]) for d in snapshot(house.book)["dismissed"]] == [(row["fingerprint"], row["occurrence"])]
    history.undo(house.book, done.revision)
    assert snapshot(house.book)["dismissed"] == []


def test_an_imported_row_keeps_its_fingerprint_and_its_account(house: House) -> None:
    house.take_in(bank_csv([("2026-11-02", "BAKER", "-5.00"), ("2026-11-03", "BUTCHER", "-7.00")]))
    row, elsewhere = house.rows()[0], house.account("Elsewhere")
    house.edit(row["id"], payee="Baker's", amount="6", day="2026-11-04")
    assert house.row(row["id"])["fingerprint"] == row["fingerprint"]
    with pytest.raises(InputNotValid, match="stays"):
        house.edit(row["id"], account_id=elsewhere)


def test_another_books_ids_are_not_found_and_nothing_of_theirs_changes(house: House, other_house: House) -> None:
    theirs_account = [other_house.account(f"Theirs {n}") for n in range(5)][-1]
    theirs = [other_house.add(theirs_account, "2026-11-02", "-5", "ALICE-7f3a") for _ in range(5)][-1]
    their_change = other_house.changes()[-1]
    ours_account = house.account()
    ours = house.add(ours_account, "2026-11-02", "-5")
    before, own = snapshot(other_house.book), snapshot(house.book)
    for ask in (
        lambda: transactions.one(house.book, theirs),
        lambda: transactions.delete(house.book, [theirs]),
        lambda: transactions.delete(house.book, [ours, theirs]),
        lambda: transactions.set_category(house.book, [theirs], None),
        lambda: transfers.mark(house.book, [theirs]),
        lambda: transactions.save(
            house.book, theirs, other_house.row(theirs)["revision"], transactions.TransactionForm(**(FORM | {"account_id": ours_account}))
        ),
        lambda: save(house, theirs_account),
        lambda: house.edit(ours, account_id=theirs_account),
        lambda: history.undo(house.book, their_change + 1000),
    ):
        with pytest.raises((NotFound, ChangedMeanwhile, DashboardError)):
            ask()
    assert snapshot(other_house.book) == before
    assert snapshot(house.book) == own
    seen = ledger.listed(house.book, Selection.from_query(f"?p=2026&acc={theirs_account}", house.book.today))
    assert (seen.count, len(seen.rows)) == (0, 0)


@pytest.fixture
def listed(house: House) -> House:
    current, card = house.account("Current"), house.account("Card")
    house.add(current, "2026-11-02", "-5", "Baker", "Groceries")
    house.add(card, "2026-11-03", "-60", "100% Wolle_x", "Clothing")
    house.add(current, "2026-11-04", "2000", "Employer", "Salary")
    house.add(current, "2026-11-05", "-9", "B\u00e4ckerei M\u00dcLLER")
    house.add(current, "2026-10-31", "-7", "October")
    house.add(current, "2026-11-05", "20", "Refund of clothing", "Clothing")
    house.split(house.add(card, "2026-11-06", "-30", "Market"), [("Groceries", -2000), (None, -1000)])
    transfers.mark(house.book, [house.add(current, "2026-11-07", "-50", "Savings plan")])
    return house


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Savings plan", "Market", "Refund of clothing", "B\u00e4ckerei M\u00dcLLER", "Employer", "100% Wolle_x", "Baker"]),
        ("?p=2026-10", ["October"]),
        ("?type=income", ["Employer"]),
        ("?type=transfer", ["Savings plan"]),
        ("?type=spending", ["Market", "Refund of clothing", "B\u00e4ckerei M\u00dcLLER", "100% Wolle_x", "Baker"]),
        ("?cat=0", ["Market", "B\u00e4ckerei M\u00dcLLER"]),
        ("?cat={Groceries}", ["Market", "Baker"]),
        ("?cat={Groceries}.{Clothing}", ["Market", "Refund of clothing", "100% Wolle_x", "Baker"]),
        ("?cat={Groceries}&type=income", []),
        ("?acc={Card}", ["Market", "100% Wolle_x"]),
        ("?acc={Card}&cat={Groceries}", ["Market"]),
        ("?acc=999999", []),
        ("?q=baker", ["Baker"]),
        ("?q=cloth+refund", ["Refund of clothing"]),
        ("?q=100%25", ["100% Wolle_x"]),
        ("?q=%25", ["100% Wolle_x"]),
        ("?q=_", ["100% Wolle_x"]),
        ("?q=m%C3%BCller", ["B\u00e4ckerei M\u00dcLLER"]),
        ("?q=' OR 1=1 --", []),
        ("?q=%00", []),
        ("?cur=CHF", []),
    ],
)
def test_each_filter_finds_what_it_names(listed: House, query: str, expected: list[str]) -> None:
    names = {a.name: str(a.id) for a in all_accounts(listed.book)} | {
        name: str(listed.category(name)) for name in ("Groceries", "Clothing")
    }
    for name, number in names.items():
        query = query.replace("{" + name + "}", number)
    assert payees(listed, query) == expected


def cell(house: House, row: int, name: str, value: object, revision: object = None) -> dict[str, Any]:
    transactions.edit(house.book, row, revision or house.row(row)["revision"], name, value)
    return house.row(row)


def test_each_cell_is_edited_as_in_a_spreadsheet_and_undone(house: House) -> None:
    account, card = house.account(), house.account("Card")
    row = save(house, account)
    transactions.review(house.book, [row], reviewed=False)
    before = snapshot(house.book)
    assert cell(house, row, "date", "y")["date"].isoformat() == "2026-11-17"
    assert house.row(row)["month"] == 202611
    assert house.row(row)["reviewed"], "what a person has edited they have seen"
    assert cell(house, row, "payee", " Bakery ")["payee"] == "Bakery"
    assert cell(house, row, "note", "")["note"] == ""
    assert cell(house, row, "account", str(card))["account_id"] == card
    assert cell(house, row, "category", str(house.category("Gifts")))["category_id"] == house.category("Gifts")
    assert cell(house, row, "category", "0")["category_id"] is None
    typed = {"20": -2000, "12.50 + 4.20": -1670, "100/3": -3333, "+8": 800, "9": 900, "-9,5": -950, "12-": -1200, "(4)": -400, "5,-": -500}
    for text, stored in typed.items():
        assert cell(house, row, "amount", text)["amount"] == stored, text
    for _ in range(15):
        history.undo_last(house.book)
    assert snapshot(house.book) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "x"),
        ("amount", ""),
        ("amount", 5),
        ("amount", "0"),
        ("amount", "3-3"),
        ("amount", "1-2"),
        ("date", "31/02"),
        ("payee", ""),
        ("payee", None),
        ("note", "x" * 501),
        ("account", "999999"),
        ("account", None),
        ("category", "999999"),
        ("category", {"new": "x"}),
        ("id", "1"),
        ("reviewed", True),
        (None, "x"),
    ],
)
def test_a_cell_that_cannot_be_read_changes_nothing(house: House, name: str, value: object) -> None:
    row = save(house, house.account())
    before = snapshot(house.book)
    with pytest.raises(DashboardError):
        cell(house, row, name, value)
    assert snapshot(house.book) == before


def test_a_cell_is_not_written_over_what_another_tab_wrote_nor_where_nothing_changes(house: House) -> None:
    row = save(house, house.account())
    seen = house.row(row)["revision"]
    assert transactions.edit(house.book, row, seen, "payee", "Baker").revision == 0
    cell(house, row, "payee", "From the other tab")
    before = snapshot(house.book)
    for ask in (
        lambda: cell(house, row, "payee", "From this tab", seen),
        lambda: cell(house, row, "amount", "5", seen),
        lambda: transactions.set_category(house.book, [row], None, new="A new one", revision=seen),
    ):
        with pytest.raises(ChangedMeanwhile):
            ask()
    assert snapshot(house.book) == before


def test_an_account_of_another_currency_is_no_cells_to_choose(house: House) -> None:
    row, francs = save(house, house.account()), house.account("Francs", "CHF")
    with pytest.raises(InputNotValid, match="currency"):
        cell(house, row, "account", francs)


BULK: tuple[tuple[str, Any], ...] = (
    ("category", lambda h, rows: transactions.set_category(h.book, rows, h.category("Gifts"))),
    ("new", lambda h, rows: transactions.set_category(h.book, rows, None, new="Brand new")),
    ("account", lambda h, rows: transactions.set_account(h.book, rows, next(a.id for a in all_accounts(h.book) if a.name == "Card"))),
    ("note", lambda h, rows: transactions.add_note(h.book, rows, "#trip")),
    ("review", lambda h, rows: transactions.review(h.book, rows, reviewed=False)),
    ("transfer", lambda h, rows: transfers.mark(h.book, rows)),
    ("delete", lambda h, rows: transactions.delete(h.book, rows)),
)


@pytest.mark.parametrize(("name", "act"), BULK, ids=[name for name, _ in BULK])
def test_many_are_changed_at_once_or_not_at_all_and_undone_at_once(house: House, name: str, act: Any) -> None:
    account = house.account()
    house.account("Card")
    ids = [save(house, account, payee="Baker") for _ in range(3)]
    house.add(account, "2026-11-02", "-9", "Other")
    before = snapshot(house.book)
    everything = {"query": "?p=2026-11&q=baker", "count": 3}
    for stale in (everything | {"count": 2}, [*ids, 999_999], []):
        with pytest.raises(DashboardError):
            act(house, stale)
        assert snapshot(house.book) == before
    done = [act(house, rows) for rows in ([ids[0]], everything if name != "delete" else everything | {"count": 2})]
    after = {row["id"]: row for row in house.rows()}
    assert all(after.get(i) != row for i, row in ((row["id"], row) for row in before["transaction"]) if i in ids)
    assert [row for row in before["transaction"] if row["id"] not in ids] == [row for i, row in after.items() if i not in ids]
    for one in reversed(done):
        history.undo(house.book, one.revision)
    assert snapshot(house.book) == before


def test_a_note_is_added_once_and_keeps_what_stands_there(house: House) -> None:
    account = house.account()
    rows = [save(house, account, note=note) for note in ("", "rolls", "#trip", "#trips")]
    assert transactions.add_note(house.book, rows, "#trip").message == "\u201c#trip\u201d added to 3 notes"
    assert [house.row(row)["note"] for row in rows] == ["#trip", "rolls #trip", "#trip", "#trips #trip"]
    assert transactions.add_note(house.book, rows, "#trip").revision == 0, "nothing was written: nothing is to be undone"
    for bad in ("", None, "x" * 499):
        with pytest.raises(InputNotValid):
            transactions.add_note(house.book, rows, bad)


def test_an_account_is_set_for_many_only_where_each_can_move(house: House) -> None:
    current, card, francs = house.account("Current"), house.account("Card"), house.account("Francs", "CHF")
    plain_row, moved = save(house, current), save(house, current)
    house.take_in(bank_csv([("2026-11-02", "BAKER", "-5.00"), ("2026-11-03", "BUTCHER", "-7.00")]))
    imported = house.rows()[-1]
    transfers.mark(house.book, [moved])
    for rows, target, why in (
        ([plain_row, imported["id"]], card, "statement"),
        ([plain_row, moved], card, "transfer"),
        ([plain_row], francs, "currency"),
    ):
        with pytest.raises(InputNotValid, match=why):
            transactions.set_account(house.book, rows, target)
    assert house.row(plain_row)["account_id"] == current
    transactions.set_account(house.book, [imported["id"]], imported["account_id"])


def test_splits_and_transfers_among_many_stay_as_they_are_and_that_is_said(house: House) -> None:
    account = house.account()
    ids = [save(house, account, amount="50") for _ in range(3)]
    house.split(ids[0], [("Groceries", -3000), (None, -2000)])
    transfers.mark(house.book, [ids[1]])
    done = transactions.set_category(house.book, ids, house.category("Gifts"))
    assert done.message == "\u201cBaker\u201d is now Gifts; 2 transfers or splits stay as they are"
    assert [house.row(i)["category_id"] for i in ids] == [None, None, house.category("Gifts")]
    for row in ids[:2]:
        with pytest.raises(InputNotValid):
            transactions.set_category(house.book, [row], house.category("Gifts"))


def test_the_others_of_a_payee_are_those_with_the_old_category_or_none(house: House) -> None:
    account = house.account()
    rows = [house.add(account, f"2026-11-{day:02}", "-5", "Lidl", name) for day, name in enumerate((None, "Pets", None, "Gifts"), 1)]
    elsewhere = house.add(account, "2026-11-05", "-5", "Aldi")
    house.split(house.add(account, "2026-11-06", "-5", "Lidl"), [("Gifts", -300), (None, -200)])
    assert transactions.alike(house.book, rows[0], 0) == [rows[2]]
    assert transactions.alike(house.book, rows[1], house.category("Pets")) == [rows[0], rows[2]]
    assert transactions.alike(house.book, rows[0], house.category("Gifts")) == [rows[2], rows[3]]
    assert transactions.alike(house.book, elsewhere, None) == []
    with pytest.raises(NotFound):
        transactions.alike(house.book, 10**9, None)
