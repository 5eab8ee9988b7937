"""Where budgets are heading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.projections import BudgetLine, budget_lines, project, status_of


@pytest.mark.parametrize(
    ("spent", "day", "days", "rests", "expected"),
    [
        (100, 15, 30, [10, 20, 90], (120, False)),
        (100, 15, 30, [10, 20, 30, 40], (125, False)),
        (100, 15, 30, [0, 0, 0], (100, False)),
        (100, 15, 30, [-50, -40, -30], (100, False)),
        (100, 15, 30, [10, 20], (200, True)),
        (0, 1, 30, [], (0, True)),
        (-50, 15, 30, [], (-50, True)),
        (100, 30, 30, [10, 20, 30], (100, False)),
        (100, 31, 30, [], (100, False)),
    ],
)
def test_the_rest_of_the_month_is_what_it_usually_was_and_linear_only_where_little_is_known(
    spent: int, day: int, days: int, rests: list[int], expected: tuple[int, bool]
) -> None:
    assert project(spent, day, days, rests) == expected


@given(st.integers(0, 10**9), st.integers(1, 31), st.integers(28, 31), st.lists(st.integers(-(10**6), 10**9), max_size=6))
def test_a_projection_is_never_below_what_is_spent(spent: int, day: int, days: int, rests: list[int]) -> None:
    assert project(spent, day, days, rests)[0] >= spent


@pytest.mark.parametrize(
    ("spent", "expected", "status"), [(1001, 1001, "over"), (1000, 1020, "pace"), (1000, 1021, "heading"), (0, 0, "pace")]
)
def test_the_status_is_over_heading_or_on_pace(spent: int, expected: int, status: str) -> None:
    assert status_of(1000, spent, expected) == status


def test_budgets_that_need_attention_come_first() -> None:
    budgets = dict.fromkeys(range(1, 7), 1000)
    spent = {1: 100, 2: 900, 3: 1001, 4: 3000, 5: 990}
    lines = budget_lines(budgets, spent, 15, 30, {5: [500] * 3}, 3)
    assert [line.category_id for line in lines] == [4, 3, 5, 2, 1, 6]
    assert lines[0] == BudgetLine(4, 1000, 3000, 3000, "over")
    assert lines[0].left == -2000


def test_a_category_without_rows_in_the_earlier_months_spent_nothing_in_them() -> None:
    known, unknown = (budget_lines({1: 1000}, {1: 300}, 15, 30, {}, months)[0] for months in (3, 2))
    assert known == BudgetLine(1, 1000, 300, 300, "pace")
    assert unknown == BudgetLine(1, 1000, 300, 600, "pace", early=True)
