"""Movements between own accounts: what cancels out near by and can be nothing else is one, and what is in doubt waits."""

from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given, settings

from dashboard.importing import transfers
from dashboard.importing.shapes import Candidate, Moved, Target
from dashboard.importing.transfers import NEAR, Found, Join, Opposite
from tests.importing.values import SEEDS, day

ACCOUNTS = {
    1: Target(1, "Current", "EUR", "NL91 ABNA 0417 1643 00"),
    2: Target(2, "Savings", "EUR", "9876543210"),
    3: Target(3, "Dollars", "USD"),
    4: Target(4, "Cash", "EUR"),
}
CURRENCIES = {a.id: a.currency for a in ACCOUNTS.values()}
WORDS = ("To savings", "Transfer", "Card purchase Baker", "Anna", "")
SAID = ((None, None), (None, None), (7, None), (7, 2))


def book_of(random: Random) -> tuple[list[Candidate], int]:
    """Return rows of the accounts by id, and from which on they are new."""
    rows = []
    for n in range(random.randint(1, 10)):
        account, when, amount = random.choice(list(ACCOUNTS)), day(random.randint(0, 9)), random.choice((-500, 500, 500, -320, 320))
        rows.append(Candidate(n + 1, account, when, amount, random.choice(WORDS), "", "", *random.choice(SAID)))
    return rows, random.randint(1, len(rows))


def moved(row: Candidate) -> Moved:
    return Moved(row.id, row.account_id, row.day, row.amount, row.counter)


def cancel(one: Candidate, two: Candidate) -> bool:
    """Say whether two rows cancel out: as a person would check it."""
    apart = one.account_id != two.account_id and CURRENCIES[one.account_id] == CURRENCIES[two.account_id]
    return apart and one.amount == -two.amount and abs(one.day - two.day) <= NEAR


def decided(rows: list[Candidate], first: int) -> Found:
    new, stored = ([moved(r) for r in rows if (r.id >= first) == fresh] for fresh in (True, False))
    opposite = Opposite(stored, new, CURRENCIES)
    return transfers.by_amount(opposite, opposite.sides(new), {r.id: r for r in rows}, ACCOUNTS)


@settings(max_examples=2000, deadline=None)
@given(random=SEEDS)
def test_what_is_joined_cancels_out_and_could_be_nothing_else(random: Random) -> None:
    rows, first = book_of(random)
    by_id = {row.id: row for row in rows}
    found = decided(rows, first)
    used = Counter(i for one in found.joins for i in one.ids)
    assert all(times == 1 for times in used.values())
    for one, two in [join.ids for join in found.joins]:
        assert max(one, two) >= first, "nothing but what has come is joined"
        assert cancel(by_id[one], by_id[two])
        for row, other in ((one, two), (two, one)):
            rivals = [r.id for r in rows if r.id != other and r.id not in used and cancel(by_id[row], r) and max(r.id, row) >= first]
            assert not rivals, "a third row could be it"
    for one, two in found.pairs:
        assert one < two
        assert cancel(by_id[one], by_id[two])
        assert not {one, two} & set(used)


@settings(max_examples=2000, deadline=None)
@given(random=SEEDS)
def test_two_rows_that_only_fit_each_other_are_joined_or_wait_unless_somebody_booked_them(random: Random) -> None:
    rows, first = book_of(random)
    found = decided(rows, first)
    told = {frozenset(join.ids) for join in found.joins} | {frozenset(pair) for pair in found.pairs}
    for one in rows:
        fits = [two for two in rows if cancel(one, two)]
        if one.id >= first and len(fits) == 1 and [r.id for r in rows if cancel(fits[0], r)] == [one.id]:
            booked = any(r.category_id is not None and r.guess is None for r in (one, fits[0]))
            assert booked or frozenset((one.id, fits[0].id)) in told


@settings(max_examples=2000, deadline=None)
@given(random=SEEDS)
def test_the_other_sides_are_those_that_a_look_at_each_row_finds(random: Random) -> None:
    rows, first = book_of(random)
    opposite = Opposite([moved(r) for r in rows if r.id < first], [moved(r) for r in rows if r.id >= first], CURRENCIES)
    for row in rows:
        if row.id >= first:
            assert sorted(opposite.of(row)) == [r.id for r in rows if cancel(row, r)]


def test_the_other_sides_number_joins_whatever_its_words_are() -> None:
    row = Moved(9, 1, day(3), -500, "GB99 0000 0098 7654 3210")
    sides = [Candidate(1, 2, day(2), 500, "Baker"), Candidate(2, 2, day(3), 500, "Anna"), Candidate(3, 4, day(3), 500)]
    told = transfers.named([row], ACCOUNTS.values())
    assert [(one.row.id, one.owner) for one in told] == [(9, 2)]
    assert transfers.by_number([row], told, [], sides, ACCOUNTS) == [Join((9, 2))], "the nearest of the account that is named"
    assert transfers.by_number([row], told, [], [], ACCOUNTS) == [Join((9,))], "alone until the other side comes"
    booked = [one._replace(category_id=7) for one in sides]
    assert transfers.by_number([row], told, [], booked, ACCOUNTS) == [Join((9,))], "what a person has said is not taken back"


def test_a_side_that_waited_for_its_other_one_is_found_by_it() -> None:
    waiting = Candidate(1, 1, day(2), -500, counter="9876543210", transfer_id=70)
    assert transfers.by_number([Moved(9, 2, day(3), 500)], [], [waiting], [], ACCOUNTS) == [Join((9, 1), 70)]
    assert transfers.by_number([Moved(9, 4, day(3), 500)], [], [waiting], [], ACCOUNTS) == [], "it names another account"
    assert transfers.by_number([Moved(9, 2, day(8), 500)], [], [waiting], [], ACCOUNTS) == [], "too many days off"


def test_pairs_that_were_answered_do_not_wait_again_and_no_list_grows_without_end() -> None:
    pairs = [(n, n + 1000) for n in range(300)]
    assert transfers.unlike(pairs, {pairs[0]}) == pairs[1 : 1 + transfers.MOST_PAIRS]
