"""The row that breaks it: a ledger is broken in one way, and the finder names that row among its first three."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dashboard.analysis.reconciling import COLUMNS, Finding, find

START = date(2026, 10, 1)
END = date(2026, 10, 31)
OPENING = 100_000


@dataclass(frozen=True)
class Row:
    id: int
    date: date
    amount: int
    balance: int | None


def frame(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame([(r.id, r.date, r.amount, r.balance, f"Payee {r.id}") for r in rows], columns=list(COLUMNS), dtype="object")


def ask(rows: list[Row], bank: int, day: date = END, checked: tuple[date, int] | None = None, opening: int = OPENING) -> Finding:
    return find(frame(rows), [(date.min, opening)], day, bank, checked)


def named(found: Finding) -> list[int]:
    return [s.id for s in found.suspects[:3]]


@st.composite
def ledgers(draw: st.DrawFn, stated: bool) -> list[Row]:
    """Make a month's rows in the bank's order, all of different size, with or without its running balance."""
    sizes = draw(st.lists(st.integers(101, 99_999), min_size=4, max_size=25, unique=True))
    days = sorted(draw(st.lists(st.integers(0, 29), min_size=len(sizes), max_size=len(sizes))))
    rows, held = [], OPENING
    for i, (size, day) in enumerate(zip(sizes, days, strict=True), 1):
        amount = size if draw(st.integers(0, 4)) == 0 else -size
        held += amount
        rows.append(Row(i, START + timedelta(days=day), amount, held if stated else None))
    return rows


def shuffled(rows: list[Row], seed: int) -> list[Row]:
    random.Random(seed).shuffle(rows)
    return rows


def total(rows: list[Row]) -> int:
    return OPENING + sum(r.amount for r in rows)


def distinct_balances(rows: list[Row]) -> bool:
    """Say whether no balance comes twice: the account was never at the same amount on two occasions."""
    seen = [OPENING, *(r.balance for r in rows)]
    return len(set(seen)) == len(seen)


@given(ledgers(stated=True), st.data(), st.integers())
def test_a_row_that_is_gone_is_found_by_the_banks_balances(rows: list[Row], data: st.DataObject, seed: int) -> None:
    assume(distinct_balances(rows))
    bank = total(rows)
    # Behind the last row nothing shows where it stood.
    place = data.draw(st.integers(0, len(rows) - 2))
    gone, behind = rows[place], rows[place + 1]
    found = ask(shuffled([r for r in rows if r is not gone], seed), bank)
    best = found.suspects[0]
    assert (best.id, best.why, best.amount) == (behind.id, "gap", gone.amount)
    assert best.other == (rows[place - 1].id if place else 0)
    assert found.breaks[0].missing == gone.amount
    assert gone.date <= found.breaks[0].day <= behind.date


@given(ledgers(stated=True), st.data(), st.integers())
def test_a_changed_amount_is_found_by_the_banks_balances(rows: list[Row], data: st.DataObject, seed: int) -> None:
    assume(distinct_balances(rows))
    bank = total(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    wrong = data.draw(st.integers(-99_999, 99_999).filter(lambda n: n != rows[place].amount))
    assume(rows[place].balance - wrong not in {OPENING, *(r.balance for r in rows)})
    changed = [replace(r, amount=wrong) if r is rows[place] else r for r in rows]
    assert rows[place].id in named(ask(shuffled(changed, seed), bank))


@given(ledgers(stated=True), st.data(), st.booleans(), st.integers())
def test_a_row_that_stands_twice_is_found_by_the_banks_balances(rows: list[Row], data: st.DataObject, typed: bool, seed: int) -> None:
    assume(distinct_balances(rows))
    row = data.draw(st.sampled_from(rows))
    copy = replace(row, id=99, balance=None if typed else row.balance)
    found = ask(shuffled([*rows, copy], seed), total(rows))
    assert {row.id, 99} & set(named(found))
    assert found.suspects[0].why == "doubled"


@given(ledgers(stated=True), st.data(), st.integers(-99_999, 99_999).filter(bool), st.integers())
def test_a_typed_row_among_the_banks_is_found(rows: list[Row], data: st.DataObject, amount: int, seed: int) -> None:
    assume(distinct_balances(rows))
    day = data.draw(st.sampled_from(rows)).date
    assert 99 in named(ask(shuffled([*rows, Row(99, day, amount, None)], seed), total(rows)))


@given(ledgers(stated=True), st.data(), st.integers())
def test_a_row_dated_past_the_statement_is_found_by_the_banks_balances(rows: list[Row], data: st.DataObject, seed: int) -> None:
    assume(distinct_balances(rows))
    row = data.draw(st.sampled_from(rows))
    moved = [replace(r, date=END + timedelta(days=2)) if r is row else r for r in rows]
    assert row.id in named(ask(shuffled(moved, seed), total(rows)))


@given(ledgers(stated=False), st.data(), st.integers())
def test_without_balances_a_row_too_many_is_found(rows: list[Row], data: st.DataObject, seed: int) -> None:
    extra = Row(99, data.draw(st.sampled_from(rows)).date, data.draw(st.integers(100_000, 900_000)), None)
    assert named(ask(shuffled([*rows, extra], seed), total(rows)))[0] == 99


@given(ledgers(stated=False), st.data(), st.integers(0, 3), st.integers())
def test_without_balances_a_row_that_stands_twice_is_found(rows: list[Row], data: st.DataObject, apart: int, seed: int) -> None:
    row = data.draw(st.sampled_from(rows))
    copy = replace(row, id=99, date=min(END, row.date + timedelta(days=apart)))
    found = ask(shuffled([*rows, copy], seed), total(rows))
    assert set(named(found)[:2]) == {row.id, 99}
    assert found.suspects[0].why == "doubled"


@given(ledgers(stated=False), st.data(), st.integers())
def test_without_balances_a_wrong_sign_is_found(rows: list[Row], data: st.DataObject, seed: int) -> None:
    row = data.draw(st.sampled_from(rows))
    flipped = [replace(r, amount=-r.amount) if r is row else r for r in rows]
    found = ask(shuffled(flipped, seed), total(rows))
    assert (row.id, "sign", row.amount) in [(s.id, s.why, s.amount) for s in found.suspects[:3]]


@given(ledgers(stated=False), st.data(), st.integers(1, 3), st.integers())
def test_without_balances_a_row_dated_past_the_statement_is_found(rows: list[Row], data: st.DataObject, late: int, seed: int) -> None:
    row = data.draw(st.sampled_from(rows))
    moved = [replace(r, date=END + timedelta(days=late)) if r is row else r for r in rows]
    assert row.id in named(ask(shuffled(moved, seed), total(rows)))


@given(ledgers(stated=False), st.data())
def test_only_rows_after_the_last_statement_that_agreed_are_named(rows: list[Row], data: st.DataObject) -> None:
    cut = data.draw(st.sampled_from(rows)).date
    later = [r for r in rows if r.date > cut]
    assume(later)
    row = data.draw(st.sampled_from(later))
    flipped = [replace(r, amount=-r.amount) if r is row else r for r in rows]
    checked = (cut, OPENING + sum(r.amount for r in rows if r.date <= cut))
    found = ask(flipped, total(rows), checked=checked)
    assert found.stale == 0
    assert row.id in named(found)
    assert {s.id for s in found.suspects} <= {r.id for r in later}


@given(ledgers(stated=False), st.data())
def test_a_change_before_the_last_statement_that_agreed_is_looked_for_there(rows: list[Row], data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    flipped = [replace(r, amount=-r.amount) if r is row else r for r in rows]
    checked = (row.date, OPENING + sum(r.amount for r in rows if r.date <= row.date))
    found = ask(flipped, total(rows), checked=checked)
    assert found.stale == 2 * row.amount or row.date == END
    assert row.id in named(found)
    assert all(r.date <= row.date for r in rows if r.id in [s.id for s in found.suspects])


@settings(max_examples=50)
@given(ledgers(stated=True), st.integers(-99_999, 99_999).filter(bool))
def test_a_wrong_opening_balance_is_told_apart_from_a_wrong_row(rows: list[Row], off: int) -> None:
    assume(distinct_balances(rows))
    assume(len([r for r in rows if r.date == rows[0].date]) == 1)
    found = ask(rows, total(rows), opening=OPENING - off)
    assert found.breaks[0].opening
    assert found.breaks[0].missing == off


def test_two_digits_that_changed_places_are_seen() -> None:
    rows = [Row(1, START, -2150, None), Row(2, START, -4480, None), Row(3, START, -700, None)]
    found = ask(rows, OPENING - 1250 - 4480 - 700)
    assert [(s.id, s.why, s.amount) for s in found.suspects] == [(1, "swapped", -1250)]


def test_two_bookings_around_the_day_that_together_explain_it_are_named() -> None:
    rows = [Row(1, END, -2111, None), Row(2, END, -4480, None), Row(3, END + timedelta(days=2), -713, None)]
    found = ask(rows, OPENING - 4480 - 713)
    assert {(s.id, s.why, s.other) for s in found.suspects} == {(1, "pair", 3), (3, "pair", 1)}


def test_where_nothing_explains_it_nobody_is_accused() -> None:
    assert ask([Row(1, START, -2111, None)], OPENING - 1).suspects == []
    assert ask([], 5).suspects == []
