"""Splits: the parts are the whole, each with a category of its own, and only they are counted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.bounds import MOST_PARTS
from dashboard.errors import DashboardError, InputNotValid, NotFound
from dashboard.model.transactions import pair
from dashboard.money import plain, share
from dashboard.selection import Selection
from dashboard.services import history, overview, transactions, transfers
from tests.ways import House, snapshot

Parts = list[dict[str, Any]]


def parts_of(house: House, row: int) -> list[tuple[int | None, int, str]]:
    return [(p.category_id, p.amount, p.note) for p in transactions.one(house.book, row).parts]


@pytest.fixture
def bought(house: House) -> int:
    return house.add(house.account(), "2026-11-02", "-50", "Market", "Groceries")


def halves(house: House, one: str = "30", two: str = "20") -> Parts:
    return [{"amount": one, "category": house.category("Groceries"), "note": "food"}, {"amount": two, "category": "0", "note": None}]


def test_a_purchase_is_split_and_only_its_parts_are_counted(house: House, bought: int) -> None:
    before = snapshot(house.book)
    done = house.edit(bought, parts=halves(house))
    assert done.message == "\u201cMarket\u201d split"
    assert parts_of(house, bought) == [(house.category("Groceries"), -3000, "food"), (None, -2000, "")]
    assert house.row(bought)["category_id"] is None
    shown = overview.overview(house.book, Selection.from_query("?p=2026-11", house.book.today))
    assert {row.category_id: row.amount for row in shown.categories.itertuples()} == {house.category("Groceries"): 3000, 0: 2000}
    assert shown.sums.spending == 5000
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_a_new_transaction_comes_in_parts_and_is_one_change(house: House) -> None:
    account = house.account()
    before = snapshot(house.book)
    done = transactions.save(
        house.book,
        None,
        None,
        transactions.TransactionForm(
            direction="received",
            amount="12 + 8",
            payee="Market",
            category_id=house.category("Pets"),
            account_id=account,
            day="t",
            parts=[{"amount": "25"}, {"amount": "-5", "category": house.category("Gifts")}, {"amount": ""}, {"amount": None}],
        ),
    )
    assert parts_of(house, done.created) == [(None, 2500, ""), (house.category("Gifts"), -500, "")]
    assert house.row(done.created)["category_id"] is None, "the category is in the parts"
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


@pytest.mark.parametrize(
    ("parts", "message", "field"),
    [
        ([{"amount": "30"}, {"amount": "16.88"}], "\u20ac3.12 left to assign", "part-amount-0"),
        ([{"amount": "30"}, {"amount": "20.01"}], "\u20ac0.01 too much", "part-amount-0"),
        ([{"amount": "50"}], "One part is no split", "part-amount-0"),
        ([{"amount": "50"}, {"amount": "0"}], "type its amount", "part-amount-1"),
        ([{"amount": "30"}, {"amount": "x"}], "not an amount", "part-amount-1"),
        ([{"amount": "30"}, {"amount": "19.999"}, {"amount": "0.001"}], "decimals", "part-amount-1"),
        ([{"amount": "1"}] * (MOST_PARTS + 1), "at most", "part-amount-0"),
        ("30 20", "at most", "part-amount-0"),
        ([{"amount": "30", "note": "x" * 600}, {"amount": "20"}], "longer", "part-note-0"),
    ],
)
def test_parts_that_are_not_the_whole_are_refused_in_one_sentence(
    house: House, bought: int, parts: object, message: str, field: str
) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid, match=message) as refused:
        house.edit(bought, parts=parts)
    assert refused.value.field == field
    assert snapshot(house.book) == before


def test_a_category_of_another_book_is_not_found_in_a_part(house: House, other_house: House, bought: int) -> None:
    from dashboard.services.categories import add_named

    with other_house.book.writing() as w:
        theirs = add_named(w, [], {f"Theirs {i}": False for i in range(60)})["Theirs 59"]
    before = snapshot(house.book)
    with pytest.raises(NotFound):
        house.edit(bought, parts=[{"amount": "30", "category": theirs}, {"amount": "20"}])
    assert snapshot(house.book) == before


def test_a_split_stays_where_the_form_says_nothing_of_it_and_goes_where_it_has_no_parts(house: House, bought: int) -> None:
    house.edit(bought, parts=halves(house))
    house.edit(bought, payee="Big market", category_id=house.category("Pets"))
    assert len(parts_of(house, bought)) == 2
    assert house.row(bought)["category_id"] is None
    with pytest.raises(InputNotValid, match="change its parts"):
        house.edit(bought, amount="60")
    before = snapshot(house.book)
    done = house.edit(bought, parts=[], category_id=house.category("Pets"))
    assert (parts_of(house, bought), house.row(bought)["category_id"]) == ([], house.category("Pets"))
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_amount_and_parts_change_together_and_equal_parts_are_not_rewritten(house: House, bought: int) -> None:
    house.edit(bought, parts=halves(house))
    kept = [p["id"] for p in snapshot(house.book)["split"]]
    house.edit(bought, parts=halves(house), payee="Shop")
    assert [p["id"] for p in snapshot(house.book)["split"]] == kept
    house.edit(bought, amount="60", parts=halves(house, two="30"))
    assert [amount for _, amount, _ in parts_of(house, bought)] == [-3000, -3000]
    house.edit(bought, amount="60", direction="received", parts=halves(house, two="30"))
    assert [amount for _, amount, _ in parts_of(house, bought)] == [3000, 3000]


def test_a_cell_of_a_split_refuses_category_and_amount_and_takes_the_rest(house: House, bought: int) -> None:
    house.edit(bought, parts=halves(house))
    for cell, value in (("category", house.category("Pets")), ("amount", "60")):
        with pytest.raises(InputNotValid):
            transactions.edit(house.book, bought, house.row(bought)["revision"], cell, value)
    transactions.edit(house.book, bought, house.row(bought)["revision"], "note", "all of it")
    assert house.row(bought)["note"] == "all of it"
    assert sum(amount for _, amount, _ in parts_of(house, bought)) == -5000


def test_a_transfer_is_not_split_and_a_split_is_no_transfer(house: House, bought: int) -> None:
    row = house.row(bought)
    other = house.add(house.account("Savings"), row["date"].isoformat(), str(-row["amount"] / 100))
    transfers.mark(house.book, [bought])
    with pytest.raises(InputNotValid, match="transfer"):
        house.edit(bought, parts=halves(house))
    transfers.unmark(house.book, [bought])
    house.edit(bought, parts=halves(house))
    with house.book.writing("Found by an import, and split since") as w:
        waiting = w.insert(pair, [{"one_id": bought, "two_id": other, "refused": False}])[0]
    before = snapshot(house.book)
    for said in (
        lambda: transfers.mark(house.book, [bought]),
        lambda: transfers.mark(house.book, [bought, other]),
        lambda: transfers.confirm(house.book, waiting),
    ):
        with pytest.raises(InputNotValid, match="split transaction is no transfer"):
            said()
    assert snapshot(house.book) == before
    # Nor is it taken for the other side of one.
    transfers.mark(house.book, [other])
    assert house.row(bought)["transfer_id"] is None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sizes=st.lists(st.integers(-300, 5000), min_size=1, max_size=6), whole=st.integers(1, 9000), equal=st.booleans())
def test_parts_are_stored_exactly_where_they_add_up(house: House, bought: int, sizes: list[int], whole: int, equal: bool) -> None:
    if equal:
        sizes = share(whole, len(sizes))
    before = snapshot(house.book)
    valid = len(sizes) > 1 and all(sizes) and sum(sizes) == whole
    try:
        house.edit(bought, amount=plain(whole, "EUR"), parts=[{"amount": plain(size, "EUR")} for size in sizes])
    except DashboardError:
        assert not valid
        assert snapshot(house.book) == before
    else:
        assert valid
        assert [amount for _, amount, _ in parts_of(house, bought)] == [-size for size in sizes]
