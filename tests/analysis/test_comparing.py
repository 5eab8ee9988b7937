"""What can be compared with what."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.analysis.comparing import Comparison, Entered, months_over, open_month, paid_monthly, reached
from dashboard.periods import Period

TODAY = date(2026, 11, 20)
NOVEMBER = Period.of_month(202611)


def filed(account: int, day: date, number: int = 1, *, spent: int = 1) -> Entered:
    return Entered(account, day, number, number, spent)


def typed(account: int, day: date) -> Entered:
    return Entered(account, day, None, None, 1)


def nov(day: int) -> date:
    return date(2026, 11, day)


@pytest.mark.parametrize(
    ("entered", "until"),
    [
        ([], TODAY),
        ([filed(1, nov(3)), filed(1, nov(12))], nov(12)),
        # Typed by hand: today. Beside it the one that files feed decides.
        ([typed(1, nov(3))], TODAY),
        ([typed(1, nov(3)), filed(2, nov(12))], nov(12)),
        # One row typed beside the files says nothing of the days between.
        ([filed(1, nov(12)), typed(1, nov(15))], nov(12)),
        # A single file to begin with, and typed since.
        ([filed(1, nov(2)), *(typed(1, nov(d)) for d in (4, 9, 15))], TODAY),
        ([filed(1, date(2026, 10, 5)), filed(1, nov(2), 2), *(typed(1, nov(d)) for d in (4, 9, 15))], nov(2)),
        # Several accounts: the first to end decides, unless it is out of use or nothing is spent from it.
        ([filed(1, nov(18)), filed(2, nov(12))], nov(12)),
        ([filed(1, nov(18)), filed(2, date(2026, 9, 1))], nov(18)),
        ([filed(1, nov(18)), filed(2, date(2026, 9, 30))], date(2026, 9, 30)),
        ([filed(1, nov(18)), filed(2, date(2026, 9, 30), spent=0)], nov(18)),
        ([filed(2, date(2026, 9, 30), spent=0)], date(2026, 9, 30)),
        # What a bank announces for the days to come reaches today.
        ([filed(1, nov(25))], TODAY),
    ],
)
def test_a_book_reaches_as_far_as_its_files_do(entered: list[Entered], until: date) -> None:
    assert reached(entered, TODAY) == until


def test_files_that_end_on_the_12th_are_compared_up_to_the_12th() -> None:
    found = Comparison(NOVEMBER, date(2026, 5, 1), nov(12))
    assert (str(found.passed), str(found.before), found.comparable) == ("2026-11-01..2026-11-12", "2026-10-01..2026-10-12", True)
    assert (found.day, found.partial) == (12, True)
    assert found.same_days[0] == (date(2026, 10, 1), date(2026, 10, 12))
    assert found.rests[0] == (date(2026, 10, 13), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("begun", "comparable", "months", "rests"),
    [
        (date(2026, 10, 31), False, 0, 0),
        (date(2026, 10, 2), False, 0, 1),
        (date(2026, 10, 1), True, 1, 1),
        (date(2026, 9, 15), True, 1, 2),
        (date(2020, 1, 1), True, 6, 6),
        (None, False, 0, 0),
    ],
)
def test_nothing_is_compared_with_days_before_the_book_began(begun: date | None, comparable: bool, months: int, rests: int) -> None:
    found = Comparison(NOVEMBER, begun, nov(18))
    assert (found.comparable, len(found.same_days), len(found.rests)) == (comparable, months, rests)


def test_what_no_statement_has_reached_is_not_compared() -> None:
    found = Comparison(NOVEMBER, date(2026, 1, 1), date(2026, 10, 28))
    assert (found.begins, found.comparable, found.same_days, found.day) == (False, False, [], 0)
    assert found.rests[0] == (date(2026, 10, 1), date(2026, 10, 31))
    october = Comparison(Period.of_month(202610), date(2026, 1, 1), date(2026, 10, 28))
    assert (str(october.before), october.comparable) == ("2026-09-01..2026-09-28", True)


def test_a_month_that_is_over_is_compared_with_whole_months() -> None:
    found = Comparison(Period.of_month(202609), date(2026, 1, 1), TODAY)
    assert (str(found.before), found.same_days[:2], found.rests) == (
        "2026-08",
        [(date(2026, 8, 1), date(2026, 8, 31)), (date(2026, 7, 1), date(2026, 7, 31))],
        [],
    )


def test_a_bill_is_what_took_one_payment_in_each_month() -> None:
    months = [202608, 202609, 202610]
    payments = {1: dict.fromkeys(months, 1), 2: {202608: 1, 202609: 2, 202610: 1}, 3: {202609: 1, 202610: 1}}
    assert paid_monthly(payments, months, 3) == {1}
    assert paid_monthly(payments, months[1:], 3) == set()
    assert paid_monthly(payments, [202607, *months], 3, begun=202607) == {1}, "begun after the rent of July"
    assert paid_monthly(payments, [202607, *months], 3) == set()


@pytest.mark.parametrize(
    ("begun", "before", "months"),
    [
        (date(2026, 10, 31), 202611, [202610]),
        (date(2026, 9, 5), 202611, [202609, 202610]),
        (date(2020, 1, 1), 202611, [202608, 202609, 202610]),
        (date(2020, 1, 1), 202612, [202608, 202609, 202610]),
        (date(2020, 1, 1), 202603, [202512, 202601, 202602]),
        (date(2026, 11, 3), 202611, []),
        (None, 202611, []),
    ],
)
def test_months_that_are_over_and_in_the_book_are_averaged(begun: date | None, before: int, months: list[int]) -> None:
    assert months_over(begun, 202611, before, 3) == months


@pytest.mark.parametrize(
    ("known", "month"),
    [(TODAY, 202611), (date(2026, 11, 1), 202611), (date(2026, 10, 25), 202611), (date(2026, 10, 24), 202610), (date(2026, 7, 3), 202607)],
)
def test_a_month_is_over_where_statements_reach_its_last_week(known: date, month: int) -> None:
    assert open_month(known, TODAY) == month
    assert open_month(TODAY, date(2026, 11, 28)) == 202611, "today decides where days are typed"
