"""Transactions: saved once, never over another's edit, joined as transfers only where there is no doubt, found by every filter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid, NotFound
from dashboard.selection import Selection
from dashboard.services import changes, transactions
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
    return transactions.save(house.book, None, None, **(FORM | {"account_id": account} | changed)).created


def payees(house: House, query: str) -> list[str]:
    return transactions.listed(house.book, Selection.from_query(query, house.book.today)).rows["payee"].tolist()


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
    changes.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    transactions.set_category(house.book, rows[:1], house.category("Gifts"))
    transactions.set_category(house.book, rows[:1], None)
    assert {row["category_id"] for row in house.rows()} == {None}


@pytest.mark.parametrize("ids", [[], None, "1", [None], ["x"], [1.5], [True], list(range(1, 20_000))])
def test_a_selection_of_rows_that_cannot_be_is_refused(house: House, ids: object) -> None:
    for ask in (
        lambda: transactions.set_category(house.book, ids, None),
        lambda: transactions.delete(house.book, ids),
        lambda: transactions.mark_transfer(house.book, ids, transfer=True),
    ):
        with pytest.raises(DashboardError):
            ask()


def test_the_other_side_of_a_transfer_is_joined_where_exactly_one_fits(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-05", "50")
    house.add(savings, "2026-11-02", "50.01")
    house.add(savings, "2026-11-07", "50")
    house.add(current, "2026-11-02", "50")
    done = transactions.mark_transfer(house.book, [out], transfer=True)
    assert "joined" in done.message
    marked = [row["id"] for row in house.rows() if row["transfer_id"] is not None]
    assert marked == [out, into]
    assert house.row(out)["transfer_id"] == house.row(into)["transfer_id"]


@pytest.mark.parametrize("fitting", [0, 2])
def test_without_exactly_one_other_side_a_transfer_stands_alone(house: House, fitting: int) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out = house.add(current, "2026-11-02", "-50")
    for _ in range(fitting):
        house.add(savings, "2026-11-02", "50")
    done = transactions.mark_transfer(house.book, [out], transfer=True)
    assert "joined" not in done.message
    assert [row["id"] for row in house.rows() if row["transfer_id"] is not None] == [out]


def test_a_row_in_another_currency_is_no_other_side(house: House) -> None:
    current, francs = house.account("Current"), house.account("Francs", "CHF")
    out = house.add(current, "2026-11-02", "-50")
    house.add(francs, "2026-11-02", "50")
    transactions.mark_transfer(house.book, [out], transfer=True)
    assert [row["id"] for row in house.rows() if row["transfer_id"] is not None] == [out]


def test_two_marked_together_join_each_other_and_one_other_side_is_never_shared(house: House) -> None:
    current, card, savings = house.account("Current"), house.account("Card"), house.account("Savings")
    one, two, into = house.add(current, "2026-11-02", "-50"), house.add(card, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transactions.mark_transfer(house.book, [one, two, into], transfer=True)
    legs: dict[int, list[int]] = {}
    for row in house.rows():
        legs.setdefault(row["transfer_id"], []).append(row["amount"])
    assert None not in legs
    assert all(len(amounts) == 1 or sum(amounts) == 0 for amounts in legs.values())


def test_unmarking_one_side_frees_both_and_a_transfer_takes_no_category(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transactions.mark_transfer(house.book, [out], transfer=True)
    with pytest.raises(InputNotValid, match="transfer"):
        transactions.set_category(house.book, [into], house.category("Gifts"))
    transactions.mark_transfer(house.book, [into], transfer=False)
    assert {row["transfer_id"] for row in house.rows()} == {None}


def test_editing_one_side_of_a_transfer_keeps_the_other_its_mirror(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transactions.mark_transfer(house.book, [out], transfer=True)
    house.edit(out, amount="70")
    assert (house.row(out)["amount"], house.row(into)["amount"]) == (-7000, 7000)
    with pytest.raises(InputNotValid, match="one account"):
        house.edit(out, account_id=savings)


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
    changes.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_an_imported_row_that_is_deleted_is_remembered_until_that_is_undone(house: House) -> None:
    house.take_in(bank_csv([("2026-11-02", "BAKER", "-5.00"), ("2026-11-03", "BUTCHER", "-7.00")]))
    row = house.rows()[0]
    done = transactions.delete(house.book, [row["id"]])
    assert [(d["fingerprint"], d["occurrence"]) for d in snapshot(house.book)["dismissed"]] == [(row["fingerprint"], row["occurrence"])]
    changes.undo(house.book, done.revision)
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
        lambda: transactions.mark_transfer(house.book, [theirs], transfer=True),
        lambda: transactions.save(house.book, theirs, other_house.row(theirs)["revision"], **(FORM | {"account_id": ours_account})),
        lambda: save(house, theirs_account),
        lambda: house.edit(ours, account_id=theirs_account),
        lambda: changes.undo(house.book, their_change + 1000),
    ):
        with pytest.raises((NotFound, ChangedMeanwhile, DashboardError)):
            ask()
    assert snapshot(other_house.book) == before
    assert snapshot(house.book) == own
    seen = transactions.listed(house.book, Selection.from_query(f"?p=2026&acc={theirs_account}", house.book.today))
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
    transactions.mark_transfer(house.book, [house.add(current, "2026-11-07", "-50", "Savings plan")], transfer=True)
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
    from dashboard.services.accounts import all_accounts

    names = {a.name: str(a.id) for a in all_accounts(listed.book)} | {
        name: str(listed.category(name)) for name in ("Groceries", "Clothing")
    }
    for name, number in names.items():
        query = query.replace("{" + name + "}", number)
    assert payees(listed, query) == expected


def test_pages_hold_each_row_once(house: House) -> None:
    account = house.account()
    with house.book.writing("many") as w:
        from datetime import date

        from dashboard.model.transactions import transaction

        w.insert(
            transaction,
            [
                {"account_id": account, "date": date(2026, 11, 1 + i % 3), "amount": -i, "payee": f"P{i}", "text": "", "note": ""}
                for i in range(120)
            ],
        )
    pages = [transactions.listed(house.book, Selection.from_query(f"?page={n}", house.book.today)) for n in (1, 2, 3)]
    assert [len(p.rows) for p in pages] == [50, 50, 20]
    assert sorted(i for p in pages for i in p.rows["id"].tolist()) == [row["id"] for row in house.rows()]
    assert {(p.count, p.pages, p.money_out["EUR"]) for p in pages} == {(120, 3, sum(range(120)))}
    assert transactions.listed(house.book, Selection.from_query("?page=99", house.book.today)).page == 3
