"""Balances over time: at the end of every month they are the opening one and all rows until then."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.worth import SERIES_COLUMNS, by_currency, month_ends
from dashboard.periods import add_months, months_between

MONTHS = months_between(202512, 202611)


def sums(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame([(*row, 1) for row in rows], columns=["account_id", "month", "amount", "count"], dtype="int64")


ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-30, 14).map(lambda n: add_months(202512, n)), st.integers(-(10**12), 10**12)), max_size=40
)


@given(ROWS, st.tuples(*[st.integers(-(10**12), 10**12)] * 3))
def test_a_months_end_is_the_opening_balance_and_all_rows_until_then(rows: list[tuple[int, int, int]], opening: tuple[int, ...]) -> None:
    openings = dict(zip((1, 2, 3), opening, strict=True))
    ends = month_ends(sums([*rows, *((account, 101, start) for account, start in openings.items())]), openings, MONTHS)
    assert list(ends.columns) == MONTHS
    assert set(ends.dtypes) == {ends[MONTHS[0]].dtype}
    for account, start in openings.items():
        for month in MONTHS:
            assert ends.at[account, month] == start + sum(a for i, m, a in rows if i == account and m <= month)


@given(ROWS)
def test_assets_and_debts_sum_to_the_net_and_currencies_stay_apart(rows: list[tuple[int, int, int]]) -> None:
    ends = month_ends(sums(rows), [1, 2, 3], MONTHS)
    series = by_currency(ends, {1: "CHF", 2: "EUR", 3: "CHF"})
    assert series["currency"].tolist() == ["CHF"] * 12 + ["EUR"] * 12
    for code, ids in (("CHF", [1, 3]), ("EUR", [2])):
        own = series[series["currency"] == code]
        assert own["net"].tolist() == ends.loc[ids].sum().tolist()
        assert (own["assets"] >= 0).all()
        assert (own["debts"] <= 0).all()


def test_a_book_without_accounts_has_an_empty_series() -> None:
    series = by_currency(month_ends(sums([]), [], MONTHS), {})
    assert list(series.columns) == list(SERIES_COLUMNS)
    assert series.empty


def test_an_asset_without_rows_is_worth_its_opening_balance_in_every_month() -> None:
    assert month_ends(sums([(2, 202601, 5), (1, 199905, 30_000_000)]), [1, 2], MONTHS).loc[1].tolist() == [30_000_000] * 12
