"""Months, periods and the clock: the same everywhere, whatever zone the server is in."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import periods
from dashboard.errors import InputNotValid
from dashboard.periods import (
    EARLIEST,
    LATEST,
    Period,
    add_months,
    day_heading,
    day_near,
    day_short,
    day_text,
    last_day,
    month_of,
    month_text,
    months_between,
    parse_day,
    same_day,
    span_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

days = st.dates(EARLIEST, LATEST)
months = days.map(month_of)
# Not from the ends of time, where a period cannot move.
inner = st.dates(date(1990, 1, 1), date(2100, 12, 31))
any_period = st.one_of(
    inner.map(month_of).map(Period.of_month),
    inner.map(lambda d: Period.of_year(d.year)),
    st.tuples(inner, inner).map(lambda pair: Period("custom", min(pair), max(pair))),
)


@pytest.fixture
def server_zone() -> Iterator[object]:
    before = os.environ.get("TZ")

    def put(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield put
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize("server", ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Dublin", "Asia/Tokyo", "America/Los_Angeles"])
def test_the_31st_at_half_past_eleven_at_night_is_in_the_same_month_on_any_server(server: str, zone: str, server_zone, clock) -> None:
    server_zone(server)
    clock.moment = datetime(2026, 10, 31, 23, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert periods.today(zone) == date(2026, 10, 31)
    assert month_of(periods.today(zone)) == 202610
    assert parse_day("t", periods.today(zone)) == date(2026, 10, 31)
    assert parse_day("2026-10-31", periods.today(zone)) == date(2026, 10, 31)


def test_people_in_two_zones_have_two_dates_at_one_moment(clock) -> None:
    clock.moment = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert periods.today("Asia/Tokyo") == date(2026, 11, 1)
    assert periods.today("America/Los_Angeles") == date(2026, 10, 31)


def test_the_clock_can_be_given_back() -> None:
    periods.set_clock(lambda: datetime(2000, 1, 1, tzinfo=UTC))
    assert periods.utc_now().year == 2000
    periods.set_clock(None)
    assert periods.utc_now().year > 2000


@given(months, st.integers(-600, 600))
def test_months_go_forth_and_back(month: int, steps: int) -> None:
    assert add_months(add_months(month, steps), -steps) == month


@given(days, st.integers(1, 28))
def test_a_book_month_begins_on_its_day(day: date, start: int) -> None:
    month = month_of(day, start)
    assert month == (month_of(day) if day.day >= start else add_months(month_of(day), -1))


def test_months_between_includes_both_ends() -> None:
    assert months_between(202611, 202702) == [202611, 202612, 202701, 202702]
    assert months_between(202611, 202611) == [202611]


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [(202602, 31, date(2026, 2, 28)), (202802, 30, date(2028, 2, 29)), (202604, 31, date(2026, 4, 30)), (202605, 31, date(2026, 5, 31))],
)
def test_a_day_that_a_month_does_not_have_is_its_last(month: int, day: int, expected: date) -> None:
    assert same_day(month, day) == expected


@given(any_period)
def test_a_period_is_read_from_the_address_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-00",
        "1899",
        "2200",
        "1899-12",
        "2026-1",
        "20261",
        "2026-11-18",
        "2026-11-18..2026-11-17",
        "2026-02-30..2026-03-01",
        "0000-00-00..9999-99-99",
        "2026-11..2026-12",
        "now",
        "-2026",
        "2026-11 ",
        "\u0662\u0660\u0662\u0666\u00b2",
        "2026\n",
        "x" * 5000,
    ],
)
def test_what_is_no_period_is_refused_by_a_sentence(text: str) -> None:
    with pytest.raises(InputNotValid, match="is not a period"):
        Period.parse(text)


@given(any_period, st.integers(-24, 24))
def test_a_period_shifted_and_shifted_back_is_itself_and_as_long(period: Period, steps: int) -> None:
    moved = period.shifted(steps)
    if moved != period:
        assert moved.shifted(-steps) == period
        assert moved.kind == period.kind
    if period.kind == "custom":
        assert moved.days == period.days


@given(any_period)
def test_the_period_before_ends_the_day_before(period: Period) -> None:
    before = period.shifted(-1)
    if before != period:
        assert (period.start - before.end).days == 1


@pytest.mark.parametrize("period", [Period.of_month(190001), Period.of_year(1900), Period("custom", EARLIEST, date(1900, 1, 9))])
def test_nothing_is_before_the_beginning_of_time(period: Period) -> None:
    assert period.shifted(-1) == period
    assert period.shifted(-(10**9)) == period
    assert period.shifted(10**9) == period


@pytest.mark.parametrize(
    ("period", "now", "so_far", "before"),
    [
        # A running month: the same days of the one before.
        (Period.of_month(202611), date(2026, 11, 18), "2026-11-01..2026-11-18", "2026-10-01..2026-10-18"),
        # The month before is shorter or longer: all of it where this one ends, the rent of the 31st of October beside that of the 30th.
        (Period.of_month(202603), date(2026, 3, 31), "2026-03", "2026-02"),
        (Period.of_month(202603), date(2026, 3, 30), "2026-03-01..2026-03-30", "2026-02-01..2026-02-28"),
        (Period.of_month(202611), date(2026, 11, 30), "2026-11", "2026-10"),
        # A month that is over: the whole one before.
        (Period.of_month(202610), date(2026, 11, 18), "2026-10", "2026-09"),
        (Period.of_year(2026), date(2026, 11, 18), "2026-01-01..2026-11-18", "2025-01-01..2025-11-18"),
        (Period.of_year(2028), date(2028, 2, 29), "2028-01-01..2028-02-29", "2027-01-01..2027-02-28"),
        (Period.of_year(2025), date(2026, 11, 18), "2025", "2024"),
        (Period("custom", date(2026, 11, 3), date(2026, 11, 12)), date(2026, 11, 18), "2026-11-03..2026-11-12", "2026-10-24..2026-11-02"),
        (Period("custom", date(2026, 11, 3), date(2026, 11, 12)), date(2026, 11, 5), "2026-11-03..2026-11-05", "2026-10-24..2026-10-26"),
        # Whole months beside whole ones, however long, and their days beside the same days.
        (Period("custom", date(2026, 11, 1), date(2026, 11, 30)), date(2026, 12, 1), "2026-11-01..2026-11-30", "2026-10-01..2026-10-31"),
        (Period("custom", date(2026, 11, 1), date(2026, 11, 30)), date(2026, 11, 18), "2026-11-01..2026-11-18", "2026-10-01..2026-10-18"),
        (Period("custom", date(2026, 3, 1), date(2026, 4, 30)), date(2026, 11, 18), "2026-03-01..2026-04-30", "2026-01-01..2026-02-28"),
        (Period("custom", date(2026, 10, 1), date(2026, 11, 30)), date(2026, 11, 18), "2026-10-01..2026-11-18", "2026-08-01..2026-09-18"),
        # From one pay day to the next.
        (Period("custom", date(2026, 10, 15), date(2026, 11, 14)), date(2026, 11, 18), "2026-10-15..2026-11-14", "2026-09-15..2026-10-14"),
        (Period("custom", date(2026, 10, 15), date(2026, 11, 14)), date(2026, 11, 5), "2026-10-15..2026-11-05", "2026-09-15..2026-10-05"),
        # What begins a month has what is paid on the first.
        (Period("custom", date(2026, 11, 1), date(2026, 11, 18)), date(2026, 11, 18), "2026-11-01..2026-11-18", "2026-10-01..2026-10-18"),
        # Nothing is before the beginning of time, and nothing has passed of what has not begun.
        (Period.all_time(), date(2026, 11, 18), "1900-01-01..2026-11-18", "all"),
        (Period.of_month(202612), date(2026, 11, 18), "2026-12", "2026-11"),
    ],
)
def test_a_running_period_is_compared_with_the_same_days_before(period: Period, now: date, so_far: str, before: str) -> None:
    assert tuple(map(str, period.compared(now))) == (so_far, before)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-18", date(2026, 11, 18)),
        ("t", date(2026, 11, 18)),
        ("Yesterday", date(2026, 11, 17)),
        ("-3", date(2026, 11, 15)),
        ("14/11", date(2026, 11, 14)),
        ("14.11.", date(2026, 11, 14)),
        ("14.11.2025", date(2025, 11, 14)),
        ("3 4 2026", date(2026, 4, 3)),
        (" 2026-1-2 ", date(2026, 1, 2)),
        ("29.2.2028", date(2028, 2, 29)),
        ("24.12.26", date(2026, 12, 24)),
        ("24/12/99", date(1999, 12, 24)),
        ("\uff11\uff14\uff0f\uff11\uff11", date(2026, 11, 14)),
        ("\u0661\u0664.\u0661\u0661", date(2026, 11, 14)),
        ("14.\u00a011.\u00a02026", date(2026, 11, 14)),
    ],
)
def test_a_date_is_read_as_people_type_it(text: str, expected: date) -> None:
    assert parse_day(text, date(2026, 11, 18)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/02/2026",
        "2026-02-29",
        "29.2.2026",
        "0000-00-00",
        "1899-12-31",
        "2200-01-01",
        "10000-01-01",
        "32/1",
        "1/13",
        "18 Nov",
        "--3",
        "-1000",
        "\u00b2/1",
        "1e3",
        "x" * 5000,
        None,
        5,
        20261118,
        [],
        {"date": "t"},
        True,
    ],
)
def test_a_date_that_cannot_be_is_refused_by_one_sentence(text: object) -> None:
    with pytest.raises(InputNotValid) as refused:
        parse_day(text, date(2026, 11, 18))
    assert refused.value.field == "date"
    assert len(refused.value.message) < 100


@given(inner, st.sampled_from(("de-DE", "en-US")))
def test_a_day_without_a_year_is_the_last_or_one_of_this_month_or_the_next(now: date, locale: str) -> None:
    for month in range(-10, 2):
        day = periods.first_day(add_months(month_of(now), month))
        typed = f"{day.day}/{day.month}" if periods.day_first(locale) else f"{day.month}/{day.day}"
        assert parse_day(typed, now, locale) == day


@pytest.mark.parametrize("text", ["24.12.26", "26-12-24"])
def test_two_digits_are_no_year_where_it_comes_first(text: str) -> None:
    with pytest.raises(InputNotValid, match="in full"):
        parse_day(text, date(2026, 11, 18), "sv-SE")


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused_by_a_sentence(text: str) -> None:
    try:
        assert EARLIEST <= parse_day(text, date(2026, 11, 18)) <= LATEST
    except InputNotValid as refused:
        assert refused.field == "date"


def test_dates_are_written_with_the_month_by_name() -> None:
    day = date(2026, 11, 18)
    assert day_text(day, "en-IE") == "18 Nov 2026"
    assert day_short(day, "en-IE") == "18 Nov"
    assert day_text(day, "de-DE") == "18. Nov. 2026"
    assert month_text(202611, "en-IE") == "November 2026"
    assert "Wed" in day_heading(day, "en-IE")
    assert [day_near(d, day, "en-IE") for d in (day, date(2026, 11, 17), date(2026, 11, 2), date(2025, 11, 2))] == [
        "Today",
        "Yesterday",
        "2 Nov",
        "2 Nov 2025",
    ]


def test_a_span_names_what_it_can_shortly() -> None:
    assert span_text(Period("custom", date(2026, 10, 1), date(2026, 10, 18)), "en-IE") == "1\u201318 Oct"
    assert span_text(Period("custom", date(2026, 9, 28), date(2026, 10, 3)), "en-IE") == "28 Sept \u2013 3 Oct"
    assert span_text(Period.of_month(202610), "en-IE") == "October"
    days = Period("custom", date(2026, 10, 1), date(2026, 10, 18))
    assert span_text(days, "de-DE") == "1.\u201318. Okt."
    assert span_text(days, "fr-FR") == "1\u201318 oct."
    assert span_text(days, "ja-JP") == "10\u67081\u65e5\uff5e18\u65e5"


@given(months)
def test_a_month_ends_where_the_next_begins(month: int) -> None:
    assert (periods.first_day(add_months(month, 1)) - last_day(month)).days == 1
