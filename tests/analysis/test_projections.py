"""Where budgets are heading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.projections import (
    BudgetLine,
    Course,
    Held,
    budget_lines,
    carried_into,
    in_force,
    project,
    project_whole,
    rest_of_year,
    status_of,
    suggested,
)
from dashboard.periods import months_between

YEAR = months_between(202511, 202612)


@pytest.mark.parametrize(
    ("so_far", "ahead", "rests", "expected"),
    [
        (100, 0, [10, 20, 90], (120, False)),
        (100, 0, [10, 20, 30, 40], (125, False)),
        (100, 0, [0, 0, 0], (100, False)),
        (100, 0, [-50, -40, -30], (100, False)),
        # What is known to come is part of what usually comes, and more than it where it is more.
        (0, 1000, [1000] * 6, (1000, False)),
        (100, 5, [10, 20, 90], (120, False)),
        (100, 50, [10, 20, 90], (150, False)),
        # Little is behind it, or nothing: then only what is known is expected.
        (100, 0, [10, 20], (115, True)),
        (1000, 0, [], (1000, True)),
        (1000, 300, [], (1300, True)),
        (-50, 0, [], (-50, True)),
    ],
)
def test_the_rest_of_the_month_is_what_it_usually_was_and_holds_what_is_known_to_come(
    so_far: int, ahead: int, rests: list[int], expected: tuple[int, bool]
) -> None:
    assert project(so_far, ahead, rests) == expected


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.lists(st.integers(-(10**6), 10**9), max_size=6))
def test_a_projection_is_never_below_what_is_spent_and_known(so_far: int, ahead: int, rests: list[int]) -> None:
    assert project(so_far, ahead, rests)[0] >= so_far + ahead


def test_the_whole_adds_what_is_known_beyond_what_is_usual_of_each_category() -> None:
    course = Course(True, {1: [1000] * 3, 2: [300, 310, 320]}, 3, {1: 1000})
    assert project_whole({2: 200}, {}, course) == 200 + 1310
    assert project_whole({2: 200}, {1: 1000}, course) == 200 + 1310, "the rent is known, and usual"
    assert project_whole({2: 200}, {1: 1000, 3: 500}, course) == 200 + 1310 + 500, "a repair is not"
    assert project_whole({1: 1000, 2: 200}, {}, course) == 1200 + 310, "the rent is paid and does not come again"
    assert project_whole({2: 200}, {3: 500}, Course(True)) == 700


@pytest.mark.parametrize(
    ("months", "left", "this_month", "rest"),
    [
        ([1000, 1000, 1000], 9, 0, 9000),
        ([1000, 1000, 1000], 9, 1000, 8000),
        ([10, 20, 31], 2, 50, 0),
        ([1000, 1000], 10, 0, None),
        ([], 12, 0, None),
    ],
)
def test_a_year_goes_on_as_its_months_that_are_over_went(months: list[int], left: int, this_month: int, rest: int | None) -> None:
    assert rest_of_year(months, left, this_month) == ([] if rest is None else [rest] * 3)


@pytest.mark.parametrize(
    ("spent", "expected", "status"), [(1001, 1001, "over"), (1000, 1020, "pace"), (1000, 1021, "heading"), (0, 0, "pace")]
)
def test_the_status_is_over_heading_or_on_pace(spent: int, expected: int, status: str) -> None:
    assert status_of(1000, spent, expected) == status


def test_a_bill_that_has_come_is_paid_unless_it_cost_more_than_its_budget() -> None:
    assert status_of(1000, 1000, 1000, paid=True) == "paid"
    assert status_of(1000, 1001, 1001, paid=True) == "over"
    course = Course(True, {1: [1000] * 3}, 3, {1: 1000})
    early, half, none = (budget_lines({1: 1000}, {1: size}, {1: size}, course)[0] for size in (990, 499, 0))
    assert (early.expected, early.status) == (990, "paid"), "paid before its day it does not come again"
    assert (half.expected, half.status) == (1499, "heading")
    assert (none.expected, none.status) == (1000, "pace")


def test_what_is_dated_later_is_spent_and_expected_once_but_not_so_far() -> None:
    line = budget_lines({1: 1000}, {1: 1000}, {}, Course(True, {1: [1000] * 6}, 6, {1: 1000}))[0]
    assert line == BudgetLine(1, 1000, 1000, 1000, "pace", ahead=1000)
    assert (line.so_far, line.left) == (0, 0)


def test_budgets_that_need_attention_come_first() -> None:
    budgets = dict.fromkeys(range(1, 7), 1000)
    spent = {1: 100, 2: 900, 3: 1001, 4: 3000, 5: 990}
    lines = budget_lines(budgets, spent, spent, Course(True, {5: [500] * 3}, 3))
    assert [line.category_id for line in lines] == [4, 3, 5, 2, 1, 6]
    assert lines[0] == BudgetLine(4, 1000, 3000, 3000, "over")
    assert lines[0].left == -2000


def test_a_category_without_rows_in_the_earlier_months_spent_nothing_in_them() -> None:
    known, unknown = (budget_lines({1: 1000}, {1: 300}, {1: 300}, Course(True, {}, months))[0] for months in (3, 0))
    assert known == BudgetLine(1, 1000, 300, 300, "pace")
    assert unknown == BudgetLine(1, 1000, 300, 300, "pace", early=True)


HELD = [Held(202602, 1000, False), Held(202604, 2000, True), Held(202606, None, False), Held(202608, 500, True), Held(202610, None, True)]


@pytest.mark.parametrize(
    ("month", "amount"),
    [
        (202601, None),
        (202602, 1000),
        (202603, 1000),
        (202605, 2000),
        (202606, None),
        (202607, None),
        (202609, 500),
        (202610, None),
        (203001, None),
    ],
)
def test_a_budget_is_in_force_until_the_next_is_said_or_it_ends(month: int, amount: int | None) -> None:
    found = in_force(HELD, month)
    assert (found.amount if found else None) == amount
    assert in_force([], month) is None


@pytest.mark.parametrize(
    ("held", "spent", "received"),
    [
        # What was left, what was overspent, what was exactly spent.
        ([Held(202609, 1000, True)], {202609: 400, 202610: 900}, 700),
        ([Held(202609, 1000, True)], {202609: 1300, 202610: 1900}, -1200),
        ([Held(202609, 1000, True)], {202609: 1000, 202610: 1000}, 0),
        # A refund leaves more than there was.
        ([Held(202610, 1000, True)], {202610: -50}, 1050),
        # Only the month that receives decides: what the one before left is kept for it.
        ([Held(202609, 1000, False), Held(202611, 1000, True)], {202609: 400, 202610: 900}, 100),
        ([Held(202609, 1000, True), Held(202611, 1000, False)], {202609: 400}, 0),
        # Off for one month forgets what came before it.
        ([Held(202609, 1000, True), Held(202610, 1000, False), Held(202611, 800, True)], {202609: 0, 202610: 900}, 100),
        # Another amount, the same purse.
        ([Held(202609, 1000, True), Held(202610, 2000, True)], {202609: 400, 202610: 900}, 1700),
        # An end forgets; a new beginning starts from nothing.
        ([Held(202609, 1000, True), Held(202610, None, True)], {202609: 400}, 0),
        ([Held(202608, 1000, True), Held(202609, None, True), Held(202610, 500, True)], {202610: 100}, 400),
        ([Held(202608, 1000, True), Held(202610, None, True), Held(202611, 500, True)], {}, 0),
        # The month itself is spent from what it received, and receives nothing of its own.
        ([Held(202611, 1000, True)], {202610: 99, 202611: 50}, 0),
        ([], {202610: 99}, 0),
    ],
)
def test_what_is_left_or_overspent_is_carried_while_the_switch_is_on(held: list[Held], spent: dict[int, int], received: int) -> None:
    assert carried_into(held, spent, months_between(202608, 202611), 202611) == received


@given(
    st.lists(st.tuples(st.sampled_from(YEAR), st.none() | st.integers(1, 10**7), st.booleans()), max_size=8, unique_by=lambda h: h[0]),
    st.dictionaries(st.sampled_from(YEAR), st.integers(-(10**6), 10**7)),
    st.sampled_from(YEAR),
)
def test_carrying_over_is_what_a_purse_does_month_by_month(
    said: list[tuple[int, int | None, bool]], spent: dict[int, int], month: int
) -> None:
    """An envelope: emptied at every month that does not carry over, filled with the budget, paid from."""
    purse = 0
    amount: int | None = None
    carry = False
    for one in YEAR:
        for start, size, switch in said:
            if start == one:
                amount, carry = size, switch
        if amount is None or not carry:
            purse = 0
        if one == month:
            break
        if amount is not None:
            purse += amount - spent.get(one, 0)
    held = [Held(*one) for one in sorted(said)]
    assert carried_into(held, spent, YEAR, month) == purse
    assert carried_into(held, spent, YEAR[: YEAR.index(month) + 1], month) == purse, "what comes later does not matter"


def test_a_budget_is_judged_with_what_it_received() -> None:
    budgets, spent = {1: 1000, 2: 1000, 3: 1000}, {1: 1200, 2: 900, 3: 10}
    lines = budget_lines(budgets, spent, spent, Course(), {1: 300, 2: -200, 3: -1500})
    assert [(b.category_id, b.available, b.left, b.status) for b in lines] == [
        (3, -500, -510, "over"),
        (2, 800, -100, "over"),
        (1, 1300, 100, "pace"),
    ]


@pytest.mark.parametrize(
    ("costs", "average"),
    [
        ([30000], 30000),
        ([30000, 30000], 30000),
        ([28000, 31000, 31000], 30000),
        ([30000, 0, 30000], 20000),
        ([0, 0, 90000], None),
        ([0, 90000], None),
        ([150], 200),
        ([99], None),
        ([-500, -500], None),
        ([], None),
    ],
)
def test_a_budget_is_suggested_by_the_average_of_months_and_not_by_one_of_several(costs: list[int], average: int | None) -> None:
    assert suggested(costs, 100) == average
