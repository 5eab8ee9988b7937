"""Day or month first, calendars of other countries, and dates that do not exist."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.statements import Hints, read
from dashboard.statements.table.dates import date_shape, to_date
from tests.statements.samples import table


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2025-03-09", "2025-03-09"),
        ("2025/3/9", "2025-03-09"),
        ("2025.03.09.", "2025-03-09"),
        ("20250309", "2025-03-09"),
        ("2025-03-09T10:11:12.5+01:00", "2025-03-09"),
        ("09.03.2025", "2025-03-09"),
        ("9.3.25", "2025-03-09"),
        ("9 Mar 2025", "2025-03-09"),
        ("09-MAR-25", "2025-03-09"),
        ("09MAR2025", "2025-03-09"),
        ("March 9, 2025", "2025-03-09"),
        ("Sun 9 Mar 2025", "2025-03-09"),
        ("9 de marzo de 2025", "2025-03-09"),
        ("9. März 2025", "2025-03-09"),
        ("2025年3月9日", "2025-03-09"),
        ("2025년 3월 9일", "2025-03-09"),
        ("R7.3.9", "2025-03-09"),
        ("令和7年3月9日", "2025-03-09"),
        ("平成31年4月1日", "2019-04-01"),
        ("令和元年5月1日", "2019-05-01"),
        ("114/03/09", "2025-03-09"),
        ("09/03/2568", "2025-03-09"),
        ("2568-03-09", "2025-03-09"),
    ],
)
def test_a_written_date_is_that_day(cell: str, expected: str) -> None:
    shape = date_shape(cell)
    assert shape is not None
    assert to_date(shape, "dmy") == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "cell", ["0000-00-00", "31/02/2024", "2025-13-01", "30.02.2025", "99/99/9999", "2025-00-10", "01/01/10000", "10000-01-01"]
)
def test_a_date_that_does_not_exist_is_no_day(cell: str) -> None:
    shape = date_shape(cell)
    assert shape is None or (to_date(shape, "dmy") is None and to_date(shape, "mdy") is None)


def test_a_row_with_an_impossible_date_is_left_out_with_its_line() -> None:
    statement = read(
        table("Date,Description,Amount,Balance", "14/02/2025,Tea,-1.00,99.00", "31/02/2025,Cake,-2.00,97.00", "01/03/2025,Pay,30.00,127.00")
    )
    assert [row.date for row in statement.rows] == [date(2025, 2, 14), date(2025, 3, 1)]
    assert [(r.line, r.kind, r.field, r.value) for r in statement.rejected] == [(3, "problem", "date", "31/02/2025")]
    assert "calendar" in statement.rejected[0].reason


def test_one_telling_row_decides_the_order_for_all() -> None:
    rows = ["03/04/2025,Tea,-1.00", "05/04/2025,Cake,-2.00", "25/04/2025,Pay,30.00"]
    assert [row.date.month for row in read(table("Date,Description,Amount", *rows)).rows] == [4, 4, 4]
    rows = ["04/03/2025,Tea,-1.00", "04/05/2025,Cake,-2.00", "04/25/2025,Pay,30.00"]
    assert [row.date.month for row in read(table("Date,Description,Amount", *rows)).rows] == [4, 4, 4]


def test_an_open_date_is_asked_and_the_answer_is_obeyed() -> None:
    data = table("Date,Description,Amount", "03/04/2025,Tea,-1.00")
    asked = read(data)
    assert [q.key for q in asked.questions] == ["dates"]
    assert {option.value for option in asked.questions[0].options} == {"dmy", "mdy"}
    assert read(data, "", Hints(dates="dmy")).rows[0].date == date(2025, 4, 3)
    assert read(data, "", Hints(dates="mdy")).rows[0].date == date(2025, 3, 4)
    assert not read(data, "", Hints(dates="mdy")).questions


def test_dates_without_a_year_are_asked() -> None:
    data = table("Date,Description,Amount", "14/03,Tea,-1.00", "15/03,Cake,-2.00", "16/03,Pay,30.00")
    assert [q.key for q in read(data).questions] == ["year"]
    assert [row.date for row in read(data, "", Hints(year=2024)).rows] == [date(2024, 3, 14), date(2024, 3, 15), date(2024, 3, 16)]


def test_two_digits_in_front_are_the_year_where_the_last_ones_run_like_days() -> None:
    statement = read(table("Date;Text;Amount", "25-03-04;Tea;-1.00", "25-03-17;Cake;-2.00", "25-03-29;Pay;30.00"))
    assert [row.date for row in statement.rows] == [date(2025, 3, 4), date(2025, 3, 17), date(2025, 3, 29)]
    statement = read(table("Date;Text;Amount", "04-03-25;Tea;-1.00", "17-03-25;Cake;-2.00", "29-03-25;Pay;30.00"))
    assert [row.date for row in statement.rows] == [date(2025, 3, 4), date(2025, 3, 17), date(2025, 3, 29)]


def test_a_booking_date_goes_before_a_started_date_even_where_some_rows_lack_it() -> None:
    statement = read(
        table(
            "Started Date,Completed Date,Description,Amount,State",
            "2025-03-08,2025-03-09,Tea,-1.00,COMPLETED",
            "2025-03-13,2025-03-13,Pay,30.00,COMPLETED",
            "2025-03-14,,Cake,-2.00,REVERTED",
            "2025-03-15,,Pie,-3.00,PENDING",
        )
    )
    assert [row.date for row in statement.rows] == [date(2025, 3, 9), date(2025, 3, 13)]
    assert [r.kind for r in statement.rejected] == ["held", "held"]


def test_a_compound_head_is_a_date_by_its_last_part() -> None:
    statement = read(
        table("Reskontradatum;Transaktionsdatum;Text;Belopp", "2025-03-14;2025-03-13;Te;-1,00", "2025-03-17;2025-03-16;Lon;20,00")
    )
    assert [row.date.day for row in statement.rows] == [14, 17]
