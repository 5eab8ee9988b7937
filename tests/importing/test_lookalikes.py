"""Rows in another form are offered beside the saved one: never two beside one, none too far away, and none that stands free is missed."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import given, settings

from dashboard.importing import lookalikes
from dashboard.importing.lookalikes import OFF, TYPED_AFTER, TYPED_BEFORE
from dashboard.importing.shapes import MATCH, NEW, Line, Saved, Span
from tests.importing.values import SEEDS, day, line

WORDS = ("Baker", "Baker Lane 3", "Taxi", "Card 4711 Taxi", "")
AMOUNTS = (-320, -320, -500, 500)
Book = tuple[list[Line], list[Saved], list[Span]]


def book_of(random: Random) -> Book:
    """Return new rows of a file, what an account has of these weeks, and two earlier files, one of the same shape."""
    days = range(random.randint(1, 8))
    lines = [line(n, day(random.randint(0, 14)), random.choice(WORDS), random.choice(AMOUNTS)) for n in days]
    saved = []
    for n in range(random.randint(0, 10)):
        source = random.choice((None, 1, 2))
        saved.append(Saved(n + 1, day(random.randint(-8, 22)), random.choice(AMOUNTS), random.choice(WORDS), "", source is None, source))
    first, last = sorted((random.randint(0, 14), random.randint(0, 14)))
    return lines, saved, [Span(1, "a", "same", day(first), day(last)), Span(2, "b", "other", day(-8), day(22))]


def near(new: Line, one: Saved) -> bool:
    assert new.day is not None
    before, after = (TYPED_BEFORE, TYPED_AFTER) if one.by_hand else (OFF, OFF)
    return new.amount == one.amount and new.day - before <= one.day <= new.day + after


@settings(max_examples=2000, deadline=None)
@given(random=SEEDS)
def test_a_saved_row_stands_beside_one_row_of_its_amount_near_its_day(random: Random) -> None:
    lines, saved, spans = book_of(random)
    found = lookalikes.find(lines, saved, spans, "same")
    by_id = {one.id: one for one in saved}
    assert [x._replace(status=NEW, twin=None) for x in found] == lines
    twins = [x.twin for x in found if x.status == MATCH]
    assert len(twins) == len(set(twins))
    for x in found:
        assert (x.status == MATCH) == (x.twin is not None)
        assert x.twin is None or near(x, by_id[x.twin])


@settings(max_examples=2000, deadline=None)
@given(random=SEEDS)
def test_what_a_person_typed_and_nothing_else_claims_is_offered(random: Random) -> None:
    lines, saved, spans = book_of(random)
    found = lookalikes.find(lines, saved, spans, "same")
    taken = {x.twin for x in found}
    free = [one for one in saved if one.by_hand and one.id not in taken]
    assert not [(x, one) for x in found if x.status == NEW for one in free if near(x, one)]


@settings(max_examples=1000, deadline=None)
@given(random=SEEDS)
def test_only_days_within_reach_are_asked_for(random: Random) -> None:
    lines, saved, spans = book_of(random)
    reach = lookalikes.reach(lines)
    assert reach is not None
    within = [one for one in saved if reach[0] <= one.day <= reach[1]]
    assert lookalikes.find(lines, within, spans, "same") == lookalikes.find(lines, saved, spans, "same")
    assert lookalikes.reach([x._replace(status="duplicate") for x in lines]) is None


def test_a_row_that_the_same_bank_says_no_more_was_pending() -> None:
    """Of the same shape and inside both files: what the bank repeats is there, and what it does not was booked as this row."""
    pending = Saved(1, day(3), -500, "Taxi pending", "", False, 1)
    kept = [Saved(n, day(n), -n * 100 - 1, "Shop", "", False, 1) for n in (2, 4, 5)]
    there = [line(n, day(n), "Shop", -n * 100 - 1)._replace(status="duplicate", twin=n) for n in (2, 4, 5)]
    lines = [line(8, day(0), "First", -1), *there, line(9, day(4), "Taxi Ltd", -500), line(10, day(9), "Last", -2)]
    spans = [Span(1, "a", "same", day(0), day(9))]
    assert [x.twin for x in lookalikes.find(lines, [pending, *kept], spans, "same") if x.status == MATCH] == [1]
    assert isinstance(lines[0].day, date)
