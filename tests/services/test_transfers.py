"""Transfers: by hand, joined, alone; two legs that stay each other's mirror, and neither income nor spending anywhere."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from dashboard.errors import ChangedMeanwhile, InputNotValid, NotFound
from dashboard.selection import Selection
from dashboard.services import history, imports, ledger, overview, transactions, transfers
from dashboard.services.portable import exports
from tests.ways import House, bank_csv, order, snapshot


def moved(house: House, one: int, two: int, **changed: object) -> int:
    form: dict[str, Any] = {"amount": "50", "from_id": one, "to_id": two, "day": "2026-11-03"}
    return transfers.save(house.book, None, None, transfers.TransferForm(**(form | changed))).created


def legs(house: House) -> list[dict[str, Any]]:
    return [row for row in house.rows() if row["transfer_id"] is not None]


@pytest.fixture
def pair(house: House) -> tuple[int, int]:
    return house.account("Current"), house.account("Savings")


def test_a_transfer_by_hand_is_one_change_of_two_legs_and_is_undone_whole(house: House, pair: tuple[int, int]) -> None:
    before = snapshot(house.book)
    done = transfers.save(
        house.book, None, None, transfers.TransferForm(amount="20 + 30", from_id=pair[0], to_id=str(pair[1]), day="y", note="#plan")
    )
    out, into = legs(house)
    assert (out["id"], done.message) == (done.created, "Transfer from Current to Savings added")
    assert [(leg["account_id"], leg["amount"], leg["payee"]) for leg in (out, into)] == [
        (pair[0], -5000, "To Savings"),
        (pair[1], 5000, "From Current"),
    ]
    assert out["transfer_id"] == into["transfer_id"]
    assert {(leg["date"].isoformat(), leg["note"], leg["category_id"], leg["reviewed"]) for leg in (out, into)} == {
        ("2026-11-17", "#plan", None, True)
    }
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_a_transfer_is_neither_income_nor_spending_anywhere(house: House, pair: tuple[int, int]) -> None:
    house.add(pair[0], "2026-11-02", "-5", "Baker", "Groceries")
    house.add(pair[0], "2026-11-02", "100", "Work", "Salary")
    moved(house, *pair)
    typed, came = house.add(pair[0], "2026-11-05", "-70", "Out"), house.add(pair[1], "2026-11-06", "70", "In")
    transfers.mark(house.book, [typed, came])
    transfers.mark(house.book, [house.add(pair[0], "2026-11-07", "-9", "Alone")])
    selection = Selection.from_query("?p=2026-11", house.book.today)
    shown = overview.overview(house.book, selection)
    assert (shown.sums.income, shown.sums.spending) == (10000, 500)
    assert shown.categories["amount"].sum() == 500
    months = shown.months.set_index("key")
    assert (months.loc[202611, "income"], months.loc[202611, "spending"]) == (10000, 500)
    found = ledger.listed(house.book, selection)
    assert (found.count, found.money_in, found.money_out) == (5, {"EUR": 10000}, {"EUR": 500})
    for kind, count in (("income", 1), ("spending", 1), ("transfer", 3)):
        assert ledger.listed(house.book, selection.changed(kind=kind)).count == count
    assert {known.payee for known in ledger.known_payees(house.book)} == {"Baker", "Work"}


def test_both_legs_stand_in_the_export_and_are_transfers_there(house: House, pair: tuple[int, int]) -> None:
    moved(house, *pair)
    text = exports.selected_csv(house.book, Selection.from_query("?p=2026-11", house.book.today))
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert sorted((row[4], row[5], row[3]) for row in rows) == [("Current", "-50.00", "Transfer"), ("Savings", "50.00", "Transfer")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"from_id": ""}, "account"),
        ({"to_id": None}, "to"),
        ({"day": "31/02"}, "date"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_by_its_field(
    house: House, pair: tuple[int, int], changed: dict[str, Any], field: str
) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid) as refused:
        moved(house, *pair, **changed)
    assert refused.value.field == field
    with pytest.raises(InputNotValid, match="two different"):
        moved(house, pair[0], pair[0])
    with pytest.raises(NotFound):
        moved(house, pair[0], 999_999)
    assert snapshot(house.book) == before


def test_the_same_form_sent_twice_moves_money_once(house: House, pair: tuple[int, int]) -> None:
    assert moved(house, *pair, key="form-1") in (moved(house, *pair, key="form-1"), legs(house)[0]["id"])
    assert len(legs(house)) == 2


def test_into_another_currency_both_amounts_are_typed_and_both_are_edited(house: House, pair: tuple[int, int]) -> None:
    yen = house.account("Yen", "JPY")
    for arrives in (None, "", "0", "-5", "5.5"):
        with pytest.raises(InputNotValid):
            moved(house, pair[0], yen, arrives=arrives)
    assert house.rows() == []
    moved(house, pair[0], yen, arrives="8000")
    out, into = legs(house)
    assert (out["amount"], into["amount"]) == (-5000, 8000)
    assert out["transfer_id"] == into["transfer_id"]
    listing = ledger.listed(house.book, Selection.from_query("?p=2026-11", house.book.today))
    assert [(row.amount, row.other_amount) for row in listing.rows.itertuples()] == [(-5000, 8000)]
    before = snapshot(house.book)
    done = transfers.save(
        house.book,
        out["id"],
        out["revision"],
        transfers.TransferForm(amount="50", arrives="7900", from_id=pair[0], to_id=yen, day="2026-11-03"),
    )
    assert [leg["amount"] for leg in legs(house)] == [-5000, 7900]
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    # In a cell one amount is changed at a time, and a sign turns the whole transfer round.
    transactions.edit(house.book, into["id"], house.row(into["id"])["revision"], "amount", "7950")
    assert [leg["amount"] for leg in legs(house)] == [-5000, 7950]
    transactions.edit(house.book, into["id"], house.row(into["id"])["revision"], "amount", "-7950")
    assert [leg["amount"] for leg in legs(house)] == [5000, -7950]
    transactions.edit(house.book, into["id"], house.row(into["id"])["revision"], "amount", "+7950")
    deleted = transactions.delete(house.book, [out["id"]])
    assert legs(house) == []
    history.undo(house.book, deleted.revision)
    assert [leg["amount"] for leg in legs(house)] == [-5000, 7950]
    shown = overview.overview(house.book, Selection.from_query("?p=2026-11", house.book.today))
    assert (shown.sums.income, shown.sums.spending) == (0, 0)


def test_a_pair_is_edited_from_either_side_and_stays_a_mirror(house: House, pair: tuple[int, int]) -> None:
    card = house.account("Card")
    out = moved(house, *pair)
    into = legs(house)[1]["id"]
    before = snapshot(house.book)
    done = transfers.save(
        house.book,
        into,
        house.row(into)["revision"],
        transfers.TransferForm(amount="70", from_id=card, to_id=pair[1], day="2026-11-09", payee="Put by"),
    )
    assert [(r["account_id"], r["amount"], r["payee"], r["date"].day) for r in legs(house)] == [
        (card, -7000, "To Savings", 9),
        (pair[1], 7000, "Put by", 9),
    ]
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    transactions.edit(house.book, into, house.row(into)["revision"], "amount", "80")
    assert [r["amount"] for r in legs(house)] == [-8000, 8000]
    with pytest.raises(InputNotValid, match="no category"):
        transactions.edit(house.book, into, house.row(into)["revision"], "category", house.category("Gifts"))
    with pytest.raises(ChangedMeanwhile):
        transfers.save(house.book, out, 1, transfers.TransferForm(amount="70", from_id=pair[0], to_id=pair[1], day="t"))
    yen = house.account("Yen", "JPY")
    with pytest.raises(InputNotValid, match="arrived in JPY"):
        transfers.save(
            house.book, out, house.row(out)["revision"], transfers.TransferForm(amount="70", from_id=pair[0], to_id=yen, day="t")
        )
    transfers.save(
        house.book, out, house.row(out)["revision"], transfers.TransferForm(amount="70", from_id=pair[0], to_id=yen, arrives="9", day="t")
    )
    assert [(r["account_id"], r["amount"]) for r in legs(house)] == [(pair[0], -7000), (yen, 9)]


def test_what_is_said_of_one_leg_reaches_the_other_and_a_banks_leg_keeps_its_day(house: House, pair: tuple[int, int]) -> None:
    out = moved(house, *pair, day="2026-11-01")
    into = legs(house)[1]["id"]

    def said() -> list[tuple[str, str, bool]]:
        return [(leg["date"].isoformat(), leg["note"], leg["reviewed"]) for leg in legs(house)]

    before = snapshot(house.book)
    done = transactions.edit(house.book, out, house.row(out)["revision"], "date", "2026-10-31")
    assert said() == [("2026-10-31", "", True)] * 2
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    transactions.edit(house.book, into, house.row(into)["revision"], "note", "rent")
    transactions.add_note(house.book, [out], "#plan")
    transactions.review(house.book, [out], reviewed=False)
    assert said() == [("2026-11-01", "rent #plan", False)] * 2
    house.edit(into, day="2026-10-30", note="moved")
    assert said() == [("2026-10-30", "moved", True)] * 2
    transfers.save(
        house.book,
        into,
        house.row(into)["revision"],
        transfers.TransferForm(amount="50", from_id=pair[0], to_id=pair[1], day="2026-10-29", note="n"),
    )
    assert said() == [("2026-10-29", "n", True)] * 2
    imports.import_file(house.book, "s.csv", bank_csv([("2026-11-05", "IN", "60.00"), ("2026-11-06", "X", "-1.00")]), order("Savings"))
    banks = next(row["id"] for row in house.rows() if row["payee"] == "IN")
    mine = house.add(pair[0], "2026-11-04", "-60")
    transfers.mark(house.book, [mine, banks])
    transactions.edit(house.book, mine, house.row(mine)["revision"], "date", "2026-11-03")
    transactions.edit(house.book, mine, house.row(mine)["revision"], "note", "both")
    assert [(house.row(i)["date"].day, house.row(i)["note"]) for i in (mine, banks)] == [(3, "both"), (5, "both")]
    transactions.edit(house.book, banks, house.row(banks)["revision"], "date", "2026-11-07")
    assert [house.row(i)["date"].day for i in (mine, banks)] == [7, 7]


def test_an_imported_leg_stays_in_its_account_and_a_lone_one_is_not_edited_as_a_pair(house: House, pair: tuple[int, int]) -> None:
    imports.import_file(house.book, "s.csv", bank_csv([("2026-11-02", "IN", "50.00"), ("2026-11-09", "X", "-1.00")]), order("Savings"))
    into = house.rows()[0]["id"]
    card = house.account("Card")
    out = house.add(pair[0], "2026-11-02", "-50")
    transfers.mark(house.book, [out])
    assert len(legs(house)) == 2
    with pytest.raises(InputNotValid, match="statement") as refused:
        transfers.save(
            house.book, out, house.row(out)["revision"], transfers.TransferForm(amount="50", from_id=pair[0], to_id=card, day="t")
        )
    assert refused.value.field == "to"
    deleted = transactions.delete(house.book, [out])
    assert house.row(into)["transfer_id"] is not None, "what the bank said is not deleted for what a person typed"
    with pytest.raises(InputNotValid, match="one side"):
        transfers.save(
            house.book, into, house.row(into)["revision"], transfers.TransferForm(amount="50", from_id=pair[0], to_id=pair[1], day="t")
        )
    history.undo(house.book, deleted.revision)
    assert len({row["transfer_id"] for row in legs(house)}) == 1


def test_a_transfer_typed_by_hand_is_deleted_with_both_legs_and_comes_back_with_both(house: House, pair: tuple[int, int]) -> None:
    moved(house, *pair)
    for leg in legs(house):
        before = snapshot(house.book)
        done = transactions.delete(house.book, [leg["id"]])
        assert house.rows() == []
        history.undo(house.book, done.revision)
        assert snapshot(house.book) == before


def test_two_rows_are_joined_where_they_cancel_out_however_far_apart(house: House, pair: tuple[int, int]) -> None:
    out, into = house.add(pair[0], "2026-11-02", "-50", "A", "Gifts"), house.add(pair[1], "2026-12-30", "50", "B")
    odd = house.add(pair[1], "2026-11-02", "49", "C")
    before = snapshot(house.book)
    with pytest.raises(InputNotValid, match=r"1\.00"):
        transfers.mark(house.book, [out, odd])
    done = transfers.mark(house.book, [into, out])
    assert done.message == "Joined as a transfer from Current to Savings"
    assert house.row(out)["transfer_id"] == house.row(into)["transfer_id"] is not None
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_two_rows_of_two_currencies_are_joined_where_one_goes_out_and_one_comes_in(house: House, pair: tuple[int, int]) -> None:
    yen = house.account("Yen", "JPY")
    out, into = house.add(pair[0], "2026-11-02", "-50"), house.add(yen, "2026-11-02", "8000")
    odd = house.add(yen, "2026-11-02", "-8000")
    with pytest.raises(InputNotValid, match="one goes out and one comes in"):
        transfers.mark(house.book, [out, odd])
    transfers.mark(house.book, [out, into])
    assert house.row(out)["transfer_id"] == house.row(into)["transfer_id"] is not None
    transfers.unmark(house.book, [into])
    assert [house.row(i)["transfer_id"] for i in (out, into)] == [None, None]


def test_marking_says_what_it_did_and_never_nothing(house: House, pair: tuple[int, int]) -> None:
    out, into = house.add(pair[0], "2026-11-02", "-50"), house.add(pair[1], "2026-12-02", "50")
    for row in (out, into):
        transfers.mark(house.book, [row])
    assert len({house.row(i)["transfer_id"] for i in (out, into)}) == 2
    before = snapshot(house.book)
    with pytest.raises(InputNotValid, match="nothing in another account fits it"):
        transfers.mark(house.book, [out])
    assert snapshot(house.book) == before
    # Two sides that stood alone, as after importing an older export.
    assert transfers.mark(house.book, [out, into]).message == "Joined as a transfer from Current to Savings"
    for rows in ([out], [out, into]):
        with pytest.raises(InputNotValid, match="already"):
            transfers.mark(house.book, rows)
    late = house.add(pair[1], "2026-11-20", "-9")
    transfers.mark(house.book, [late])
    house.add(pair[0], "2026-11-20", "9")
    assert transfers.mark(house.book, [late]).message == "Marked as a transfer and joined with the other side"


def test_the_other_side_of_a_transfer_is_joined_where_exactly_one_fits(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-05", "50")
    house.add(savings, "2026-11-02", "50.01")
    house.add(savings, "2026-11-07", "50")
    house.add(current, "2026-11-02", "50")
    done = transfers.mark(house.book, [out])
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
    done = transfers.mark(house.book, [out])
    assert "joined" not in done.message
    assert [row["id"] for row in house.rows() if row["transfer_id"] is not None] == [out]


def test_a_row_in_another_currency_is_no_other_side(house: House) -> None:
    current, francs = house.account("Current"), house.account("Francs", "CHF")
    out = house.add(current, "2026-11-02", "-50")
    house.add(francs, "2026-11-02", "50")
    transfers.mark(house.book, [out])
    assert [row["id"] for row in house.rows() if row["transfer_id"] is not None] == [out]


def test_two_marked_together_join_each_other_and_one_other_side_is_never_shared(house: House) -> None:
    current, card, savings = house.account("Current"), house.account("Card"), house.account("Savings")
    one, two, into = house.add(current, "2026-11-02", "-50"), house.add(card, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transfers.mark(house.book, [one, two, into])
    legs: dict[int, list[int]] = {}
    for row in house.rows():
        legs.setdefault(row["transfer_id"], []).append(row["amount"])
    assert None not in legs
    assert all(len(amounts) == 1 or sum(amounts) == 0 for amounts in legs.values())


def test_unmarking_one_side_frees_both_and_a_transfer_takes_no_category(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transfers.mark(house.book, [out])
    with pytest.raises(InputNotValid, match="transfer"):
        transactions.set_category(house.book, [into], house.category("Gifts"))
    transfers.unmark(house.book, [into])
    assert {row["transfer_id"] for row in house.rows()} == {None}


def test_editing_one_side_of_a_transfer_keeps_the_other_its_mirror(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transfers.mark(house.book, [out])
    house.edit(out, amount="70")
    assert (house.row(out)["amount"], house.row(into)["amount"]) == (-7000, 7000)
    with pytest.raises(InputNotValid, match="one account"):
        house.edit(out, account_id=savings)


def test_what_was_marked_is_counted_and_named(house: House) -> None:
    current, savings, dollars = house.account("Current"), house.account("Savings"), house.account("Dollars", "USD")
    out, came = house.add(current, "2026-11-10", "-100"), house.add(savings, "2026-11-11", "100")
    alone, other = house.add(dollars, "2026-11-12", "110"), house.add(dollars, "2026-11-13", "7")
    transfers.mark(house.book, [alone])
    assert transfers.mark(house.book, [alone, other]).message == "Marked as a transfer"
    assert transfers.mark(house.book, [out, came, alone]).message == "Marked as a transfer and joined with the other side"
    with pytest.raises(InputNotValid, match=r"^These are transfers already, and nothing in other accounts fits them"):
        transfers.mark(house.book, [alone, out])
    with pytest.raises(InputNotValid, match=r"^This is a transfer already, and nothing in another account fits it"):
        transfers.mark(house.book, [alone])
