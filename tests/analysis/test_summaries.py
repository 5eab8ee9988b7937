"""Flows shaped: income, spending and net, exact to the cent."""

from __future__ import annotations

from statistics import median

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis import summaries
from dashboard.model.queries.flow import UNCATEGORISED_IN, UNCATEGORISED_OUT

INCOME = frozenset({10, UNCATEGORISED_IN})


def flowed(*rows: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    return list(rows)


flows = st.lists(
    st.tuples(
        st.sampled_from([202610, 202611, 202612]),
        st.sampled_from([1, 2, 10, UNCATEGORISED_OUT, UNCATEGORISED_IN]),
        st.integers(-(10**13), 10**13),
    ),
    max_size=30,
)


def test_refunds_lessen_spending_and_corrections_lessen_income() -> None:
    flow = flowed(
        (202611, 1, -5000),
        (202611, 1, 2000),
        (202611, 10, 9000),
        (202611, 10, -1000),
        (202611, UNCATEGORISED_OUT, -7),
        (202611, UNCATEGORISED_IN, 5),
    )
    assert summaries.total(flow, INCOME) == (8005, 3007)
    assert summaries.total(flow, INCOME).net == 4998


@given(flows)
def test_income_less_spending_is_the_sum_of_all_rows(rows: list[tuple[int, int, int]]) -> None:
    flow = flowed(*rows)
    assert summaries.total(flow, INCOME).net == sum(amount for _, _, amount in rows)
    keys = [202610, 202611, 202612]
    months = summaries.by_key(flow, keys, INCOME)
    assert months["key"].tolist() == keys
    assert months["net"].tolist() == [sum(amount for key, _, amount in rows if key == k) for k in keys]
    assert int(months["spending"].sum()) == summaries.total(flow, INCOME).spending
    ranked = summaries.spending_by_category(flow, INCOME, keys)
    assert int(ranked["amount"].sum()) == summaries.total(flow, INCOME).spending
    assert ranked["amount"].tolist() == sorted(ranked["amount"].tolist(), reverse=True)
    assert not set(ranked["category_id"]) & INCOME


def test_months_in_which_nothing_flowed_are_zeros_and_others_are_left_out() -> None:
    months = summaries.by_key(flowed((202611, 1, -5), (202601, 1, -9)), [202610, 202611], INCOME)
    assert months.to_dict("list") == {"key": [202610, 202611], "income": [0, 0], "spending": [0, 5], "net": [0, -5]}
    assert {str(kind) for kind in months.dtypes} == {"int64"}


def test_nothing_at_all_has_its_shape_too() -> None:
    assert summaries.total(flowed(), INCOME) == (0, 0)
    assert summaries.spending_by_category(flowed(), INCOME, [202611]).columns.tolist() == ["category_id", "amount", "share"]
    assert summaries.by_key(flowed(), [202611], INCOME)["net"].tolist() == [0]


def test_shares_are_of_the_whole_and_a_category_that_sums_to_zero_is_left_out() -> None:
    ranked = summaries.spending_by_category(flowed((1, 1, -7500), (1, 2, -2500), (1, 3, -50), (1, 3, 50), (2, 4, -999)), INCOME, [1])
    assert ranked.to_dict("list") == {"category_id": [1, 2], "amount": [7500, 2500], "share": [0.75, 0.25]}


def test_the_savings_rate_needs_an_income() -> None:
    assert summaries.Sums(1000, 750).savings_rate == 0.25
    assert summaries.Sums(0, 750).savings_rate is None


@given(st.lists(st.integers(-1000, 10**9).filter(bool), max_size=25))
def test_folding_small_categories_loses_none(amounts: list[int]) -> None:
    ranked = pd.DataFrame({"category_id": range(len(amounts)), "amount": sorted(amounts, reverse=True), "share": 0.0})
    first, rest, back = summaries.fold_small(ranked)
    assert sum(share.amount for share in (*first, *rest, *back)) == sum(amounts)
    assert len(first) <= summaries.MOST_SLICES + 1
    assert all(share.amount > 0 for share in (*first, *rest))
    assert all(share.amount < 0 for share in back)
    assert len(rest) != 1
    ring = summaries.fold_small(ranked)
    assert (ring.whole, ring.rest_amount) == (sum(amounts), sum(share.amount for share in rest))


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 100, 0.0), (25, 100, 0.25), (100, 100, 1.0), (101, 100, None), (-1, 100, None), (0, 0, None)]
)
def test_a_share_is_of_a_whole_that_has_the_part(part: int, whole: int, share: float | None) -> None:
    assert summaries.share_of(part, whole) == share


def test_shares_differ_by_points_and_sides_by_minor_units() -> None:
    assert summaries.Shares(0.9, 0.3055, 0.25).points == 5.5
    assert summaries.Shares(0.9, None, 0.25).points is None
    assert summaries.Shares(0.9, 0.3, None).points is None
    assert summaries.Sides(900, 300, 450).change == -150


def test_shares_are_of_what_was_spent_and_what_came_back_has_none() -> None:
    flow = flowed((1, 1, -10000), (1, 2, 5000), (1, 10, 99999))
    ranked = summaries.spending_by_category(flow, INCOME, [1])
    assert ranked[["category_id", "amount"]].to_numpy().tolist() == [[1, 10000], [2, -5000]]
    assert ranked["share"].isna().tolist() == [False, True]
    assert ranked["share"].sum() == 1
    assert summaries.outlay(summaries.spent_in(flow, INCOME)) == 10000
    alone = summaries.spending_by_category(flowed((1, 2, 5000)), INCOME, [1])
    assert (alone["amount"].tolist(), alone["share"].isna().tolist()) == ([-5000], [True])


@given(flows)
def test_shares_add_up_to_the_whole_where_anything_was_spent(rows: list[tuple[int, int, int]]) -> None:
    ranked = summaries.spending_by_category(flowed(*rows), INCOME, [202610, 202611, 202612])
    spent = ranked[ranked["amount"] > 0]
    assert abs(spent["share"].sum() - (1 if len(spent) else 0)) < 1e-9
    assert ranked["share"].isna().tolist() == (ranked["amount"] < 0).tolist()


def test_the_biggest_changes_are_against_the_median_and_small_ones_are_noise() -> None:
    usual = [{1: 10000, 2: 500, 4: 3000}, {1: 30000, 4: 3000}, {1: 12000, 2: 4000, 4: 3000}]
    now = {1: 15000, 2: 2499, 3: 2000, 4: 1000}
    found = summaries.biggest_changes(now, usual, 5)
    assert [(c.category_id, c.amount, c.usual, c.difference) for c in found] == [
        (1, 15000, 12000, 3000),
        (3, 2000, 0, 2000),
        (4, 1000, 3000, -2000),
    ]
    assert summaries.biggest_changes(now, usual, 1) == found[:1]
    assert summaries.biggest_changes({1: 1999}, [{}], 5) == []
    assert summaries.biggest_changes({}, [{1: 2000}], 5) == [summaries.Change(1, 0, 2000)]
    assert summaries.biggest_changes(now, [], 5) == []


spent = st.dictionaries(st.integers(1, 6), st.integers(-5000, 10**7), max_size=6)


@given(spent, st.lists(spent, min_size=1, max_size=6), st.integers(0, 7))
def test_the_biggest_changes_leave_no_bigger_one_out(now: dict[int, int], usual: list[dict[int, int]], most: int) -> None:
    found = summaries.biggest_changes(now, usual, most)
    sizes = [abs(c.difference) for c in found]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= summaries.SMALL for size in sizes)
    assert len({c.category_id for c in found}) == len(found) <= most
    for i in range(1, 7):
        middle = int(median(month.get(i, 0) for month in usual))
        assert all(c.usual == middle and c.amount == now.get(i, 0) for c in found if c.category_id == i)
        if i not in {c.category_id for c in found} and abs(now.get(i, 0) - middle) >= summaries.SMALL:
            assert len(found) == most
            assert all(size >= abs(now.get(i, 0) - middle) for size in sizes)


def test_what_categories_cost_leaves_income_out_and_keeps_refunds() -> None:
    flow = flowed((1, 1, -500), (2, 1, 200), (1, 2, 900), (1, 10, 900), (1, UNCATEGORISED_OUT, -7), (1, UNCATEGORISED_IN, 7))
    assert summaries.spent_in(flow, INCOME, [1]) == {1: 500, 2: -900, 0: 7}
    assert summaries.spent_in(flow, INCOME, [1, 2]) == {1: 300, 2: -900, 0: 7}
