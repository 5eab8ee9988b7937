"""Flows shaped: income, spending and net, exact to the cent."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis import summaries
from dashboard.model.queries.flow import FLOW_COLUMNS, UNCATEGORISED_IN, UNCATEGORISED_OUT

INCOME = frozenset({10, UNCATEGORISED_IN})


def frame(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS), dtype="int64")


flows = st.lists(
    st.tuples(
        st.sampled_from([202610, 202611, 202612]),
        st.sampled_from([1, 2, 10, UNCATEGORISED_OUT, UNCATEGORISED_IN]),
        st.integers(-(10**13), 10**13),
    ),
    max_size=30,
)


def test_refunds_lessen_spending_and_corrections_lessen_income() -> None:
    flow = frame(
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
    flow = frame(*rows)
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
    months = summaries.by_key(frame((202611, 1, -5), (202601, 1, -9)), [202610, 202611], INCOME)
    assert months.to_dict("list") == {"key": [202610, 202611], "income": [0, 0], "spending": [0, 5], "net": [0, -5]}
    assert {str(kind) for kind in months.dtypes} == {"int64"}


def test_nothing_at_all_has_its_shape_too() -> None:
    assert summaries.total(frame(), INCOME) == (0, 0)
    assert summaries.spending_by_category(frame(), INCOME, [202611]).columns.tolist() == ["category_id", "amount", "share"]
    assert summaries.by_key(frame(), [202611], INCOME)["net"].tolist() == [0]


def test_shares_are_of_the_whole_and_a_category_that_sums_to_zero_is_left_out() -> None:
    ranked = summaries.spending_by_category(frame((1, 1, -7500), (1, 2, -2500), (1, 3, -50), (1, 3, 50), (2, 4, -999)), INCOME, [1])
    assert ranked.to_dict("list") == {"category_id": [1, 2], "amount": [7500, 2500], "share": [0.75, 0.25]}


def test_the_savings_rate_needs_an_income() -> None:
    assert summaries.Sums(1000, 750).savings_rate == 0.25
    assert summaries.Sums(0, 750).savings_rate is None


@given(st.lists(st.integers(-1000, 10**9).filter(bool), max_size=25))
def test_folding_small_categories_loses_none(amounts: list[int]) -> None:
    ranked = pd.DataFrame({"category_id": range(len(amounts)), "amount": sorted(amounts, reverse=True), "share": 0.0})
    first, rest = summaries.fold_small(ranked)
    assert sum(share.amount for share in (*first, *rest)) == sum(amounts)
    assert len(first) <= summaries.MOST_SLICES + 1
    assert all(share.amount > 0 for share in first)
    assert sum(share.amount > 0 for share in rest) != 1
