"""Dates without a year: asked for once, over New Year in two years, and told by the period above the table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statements import Hints, read
from tests.statements.samples import table

OVER = ["28/12", "30/12", "31/12", "02/01", "05/01", "13/01"]
HEAD = "Date,Description,Amount"


def lines_of(days: list[str]) -> list[str]:
    return [f"{day},Shop {i},-{i + 1}.50" for i, day in enumerate(days)]


@pytest.mark.parametrize("newest_first", [False, True])
def test_over_new_year_the_year_that_is_asked_for_is_the_last(newest_first: bool) -> None:
    lines = lines_of(OVER)
    data = table(HEAD, *(reversed(lines) if newest_first else lines))
    (question,) = read(data).questions
    assert "over New Year" in question.text
    days = {row.date for row in read(data, "", Hints(year=2024)).rows}
    assert days == {date(2023, 12, d) for d in (28, 30, 31)} | {date(2024, 1, d) for d in (2, 5, 13)}


@given(st.dates(date(2001, 1, 1), date(2030, 1, 1)), st.lists(st.integers(1, 20), min_size=3, max_size=12), st.booleans())
def test_whatever_days_a_statement_covers_the_year_it_ends_in_is_enough(start: date, steps: list[int], newest_first: bool) -> None:
    days, at = [], start
    for step in steps:
        days.append(at)
        at += timedelta(days=step)
    written = [f"{day:%-d}. {day:%B},Shop {i},-{i + 1}.50" for i, day in enumerate(days)]
    data = table(HEAD, *(reversed(written) if newest_first else written))
    rows = read(data, "", Hints(year=days[-1].year)).rows
    assert sorted(row.date for row in rows) == days


@pytest.mark.parametrize(
    "above",
    [
        "Periode,=,15/12/2023 - 15/01/2024",
        "Statement from 28 December 2023 to 14 January 2024",
        "Opened 01/02/2015\nZeitraum: 20.12.2023-20.01.2024",
        "Statement Period,DEC 17 2023 - JAN 16 2024",
        '"December 17, 2023 to January 16, 2024"',
        "Period,12/17/2023 - 01/16/2024",
    ],
)
def test_the_period_above_the_table_tells_the_year(above: str) -> None:
    statement = read(table(*above.splitlines(), "", HEAD, *lines_of(OVER)))
    assert statement.questions == []
    assert (statement.rows[0].date, statement.rows[-1].date) == (date(2023, 12, 28), date(2024, 1, 13))


@pytest.mark.parametrize(
    "above", ["Opened 01/02/2015", "Opened 01/02/2015 and valid to 31/12/2027", "Printed 03/03/2024", "01/02/2024 - 29/02/2024"]
)
def test_dates_above_the_table_that_are_not_its_period_tell_nothing(above: str) -> None:
    assert [q.key for q in read(table(above, "", HEAD, *lines_of(OVER))).questions] == ["year"]
