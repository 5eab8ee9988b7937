"""The same movements are in an account once, however the files that hold them are cut, and in whatever order they come."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings

from dashboard.importing import duplicates
from dashboard.importing.shapes import DUPLICATE, NEW, UNSURE, Known, Line
from tests.importing.values import SEEDS, Account, day, line

# Day, words and minor units of what a bank has booked.
Movement = tuple[int, str, int]
# Movements, and the segments of them that come as files.
Story = tuple[list[Movement], list[tuple[int, int]]]
KINDS = ("", "ids", "balances")
WORDS = [("Coffee", -320), ("Coffee", -320), ("Refund", 320), ("Bread", -210)]


def story_of(random: Random) -> Story:
    """Return movements by day, with many equal ones, and segments that cover them, in any order."""
    days = range(random.randint(1, 4))
    rows = [(number, *random.choice(WORDS)) for number in days for _ in range(random.randint(1, 4))]
    inner = range(1, max(2, len(rows)))
    cuts = sorted({0, len(rows), *random.sample(inner, random.randint(0, min(3, len(inner))))})
    pieces = [(max(0, a - random.randint(0, 2)), min(len(rows), b + random.randint(0, 2))) for a, b in pairwise(cuts)]
    return rows, random.sample(pieces, len(pieces))


def written(rows: list[Movement], piece: tuple[int, int], kind: str) -> list[Line]:
    """Return a segment as a bank would write it: with its own numbers, or the balance after each row."""
    found, balance = [], 10_000
    for place, (number, words, amount) in enumerate(rows):
        balance += amount
        if piece[0] <= place < piece[1]:
            bank_id = f"TX-2026-{place + 70001}" if kind == "ids" else ""
            found.append(line(place, day(number), words, amount, bank_id, balance if kind == "balances" else None))
    return found


def whole_days(rows: list[Movement], pieces: list[tuple[int, int]]) -> bool:
    """Say whether each day lies whole within some segment."""
    places = {number: [i for i, row in enumerate(rows) if row[0] == number] for number, _, _ in rows}
    return all(any(a <= those[0] and those[-1] < b for a, b in pieces) for those in places.values())


COFFEE, REFUND = (0, "Coffee", -320), (0, "Refund", 320)
CUT_THRICE = [(0, "Coffee", -320), *[(1, "Coffee", -320)] * 3, (1, "Refund", 320), *[(2, "Coffee", -320)] * 2]


HARD: list[Story] = [
    (CUT_THRICE, [(0, 2), (4, 6), (2, 6), (6, 7)]),
    # The day comes round to a balance: what ends at it may be the row before those that are known, or the one after.
    ([COFFEE, REFUND, COFFEE], [(1, 3), (0, 1)]),
    ([COFFEE, REFUND, COFFEE], [(0, 2), (2, 3)]),
    ([COFFEE, REFUND, COFFEE, COFFEE], [(2, 4), (1, 2), (0, 1)]),
]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4000, deadline=None)
@given(random=SEEDS)
def test_however_a_statement_is_cut_the_account_holds_it_once(kind: str, random: Random) -> None:
    hold_once(kind, *story_of(random))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("story", HARD)
def test_what_once_went_wrong_goes_right(kind: str, story: Story) -> None:
    hold_once(kind, *story)


def hold_once(kind: str, rows: list[Movement], pieces: list[tuple[int, int]]) -> None:
    """Take the segments in as files and look what the account holds."""
    account, named, files = Account(), 0, set()
    for piece in pieces:
        lines = written(rows, piece, kind)
        digest = str([(x.day, x.text, x.amount, x.bank_id, x.stated) for x in lines])
        judged = account.take_in(lines, digest)
        # A file that is byte for byte an earlier one is that file again.
        named += len(lines) if digest in files else sum(x.status == UNSURE for x in judged)
        files.add(digest)
    wanted = Counter(x.fingerprint for x in written(rows, (0, len(rows)), kind))
    assert not account.held - wanted, "nothing is doubled"
    missing = wanted - account.held
    if kind == "ids" or whole_days(rows, pieces):
        assert not missing
    # Balances tell equal rows apart unless the day comes round to one again: 97, 100, 97.
    assert missing.total() <= named, "what cannot be told apart is named"
    account.take_in(written(rows, (0, len(rows)), kind), "all")
    assert account.held == wanted


@settings(max_examples=2000, deadline=None)
@given(random=SEEDS)
def test_every_row_has_one_fate_and_each_new_one_a_place_of_its_own(random: Random) -> None:
    rows, pieces = story_of(random)
    kind = random.choice(KINDS)
    account = Account()
    for piece in pieces:
        lines = written(rows, piece, kind)
        judged = account.take_in(lines, str(piece))
        assert [x._replace(status=NEW, reason="", occurrence=0, twin=None) for x in judged] == lines
        twins = [x.twin for x in judged if x.status == DUPLICATE]
        assert len(twins) == len(set(twins)), "a saved row is the same as one row only"
        assert all(x.reason for x in judged if x.status != NEW)
    places = [(one.fingerprint, one.occurrence) for one in account.known]
    assert len(places) == len(set(places)), "the key of the table of transactions"


def test_a_row_that_was_deleted_is_brought_back_by_a_word_only_and_one_left_out_is_not_asked_again() -> None:
    new = line(1, day(0), "Coffee", -320)
    (gone,) = duplicates.judge([new], [Known(new.fingerprint, 0, gone=True)], (), "")
    (left,) = duplicates.judge([new], [Known(new.fingerprint, 0, gone=True, same_as=7)], (), "")
    assert (gone.status, left.status, left.twin) == ("deleted", "left", 7)
