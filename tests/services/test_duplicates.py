"""The same movements are in the book once, however the files that hold them are cut, and in whatever order they come."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.importing import duplicates
from dashboard.services import accounts, imports
from tests.ways import House, bank_csv, order

HEADS = {"": "Date,Description,Amount", "ids": "Date,Description,Amount,Transaction ID", "balances": "Date,Description,Amount,Balance"}
Movement = tuple[str, str, Decimal]
NUMBERS = count(1)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Movement], list[tuple[int, int]]]:
    """Return movements by day, with many equal ones, and segments that cover them, in any order."""
    rows: list[Movement] = []
    for day in range(draw(st.integers(1, 4))):
        for _ in range(draw(st.integers(1, 4))):
            words, amount = draw(st.sampled_from([("Coffee", "-3.20"), ("Coffee", "-3.20"), ("Refund", "3.20"), ("Bread", "-2.10")]))
            rows.append((f"2026-11-{day + 2:02}", words, Decimal(amount)))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(rows) - 1)), max_size=3)) | {0, len(rows)})
    pieces = [(max(0, a - draw(st.integers(0, 2))), min(len(rows), b + draw(st.integers(0, 2)))) for a, b in pairwise(cuts)]
    return rows, draw(st.permutations([p for p in pieces if p[0] < p[1]]))


def written(rows: list[Movement], piece: tuple[int, int], kind: str) -> bytes:
    """Write a segment as a bank would: its own numbers, or the balance after each row."""
    lines, balance = [HEADS[kind]], Decimal("100.00")
    for place, (day, words, amount) in enumerate(rows):
        balance += amount
        if piece[0] <= place < piece[1]:
            extra = {"": "", "ids": f",TX-2026-{place + 70001}", "balances": f",{balance}"}[kind]
            lines.append(f"{day},{words},{amount}{extra}")
    return "\n".join(lines).encode()


def held(house: House, account: int) -> Counter[tuple[str, str, int]]:
    return Counter((r["date"].isoformat(), r["text"] or r["payee"], r["amount"]) for r in house.rows() if r["account_id"] == account)


def whole_days(rows: list[Movement], pieces: list[tuple[int, int]]) -> bool:
    """Say whether each day lies whole within some segment."""
    for day in {row[0] for row in rows}:
        places = [i for i, row in enumerate(rows) if row[0] == day]
        if not any(a <= places[0] and places[-1] < b for a, b in pieces):
            return False
    return True


CUT_THRICE = [
    *(("2026-11-02", "Coffee", Decimal("-3.20")), *[("2026-11-03", "Coffee", Decimal("-3.20"))] * 3),
    *(("2026-11-03", "Refund", Decimal("3.20")), *[("2026-11-04", "Coffee", Decimal("-3.20"))] * 2),
]


@pytest.mark.parametrize("kind", HEADS)
@example(story=(CUT_THRICE, [(0, 2), (4, 6), (2, 6), (6, 7)]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
def test_however_a_statement_is_cut_the_book_holds_it_once(
    sqlite_house: House, kind: str, story: tuple[list[Movement], list[tuple[int, int]]]
) -> None:
    rows, pieces = story
    name = f"Account {next(NUMBERS)}"
    named, files = 0, set()
    for piece in pieces:
        data = written(rows, piece, kind)
        receipt = imports.import_file(sqlite_house.book, "part.csv", data, order(name, sign="out-negative"))
        # A file that is byte for byte an earlier one is that file again.
        named += piece[1] - piece[0] if data in files else len(receipt.unsure)
        files.add(data)
    account = next(a.id for a in accounts.all_accounts(sqlite_house.book) if a.name == name)
    there = held(sqlite_house, account)
    wanted = Counter((day, words, int(amount * 100)) for day, words, amount in rows)
    assert not there - wanted, "nothing is doubled"
    missing = wanted - there
    if kind == "ids" or whole_days(rows, pieces):
        assert not missing
    # Balances tell equal rows apart unless the day comes round to one again: 97, 100, 97.
    assert missing.total() <= named, "what cannot be told apart is named"
    again = imports.import_file(
        sqlite_house.book, "all.csv", written(rows, (0, len(rows)), kind), order(name, sign="out-negative")
    )
    assert again.added == missing.total()
    assert held(sqlite_house, account) == wanted


def numbered(*rows: tuple[str, str, str, str]) -> bytes:
    return "\n".join([HEADS["ids"], *(",".join(row) for row in rows)]).encode()


OLD = [("2026-11-02", "BAKER", "-2.00", "TX-F001"), ("2026-11-09", "SHOP", "-7.00", "TX-F002")]
NEXT = ("2026-11-12", "TAXI", "-9.00", "TX-F004")


def test_a_row_of_the_banks_own_number_is_there_whatever_its_words(sqlite_house: House) -> None:
    sqlite_house.account("Giro")
    sqlite_house.take_in(numbered(*OLD, ("2026-11-10", "COFFEE PENDING", "-33.00", "TX-F003")))
    draft = imports.receive(sqlite_house.book, "b.csv", numbered(("2026-11-10", "COFFEE LTD DUBLIN", "-33.00", "TX-F003"), NEXT))
    lines = imports.check(sqlite_house.book, draft).lines
    assert [(line.status, line.twin is not None) for line in lines] == [("duplicate", True), ("new", False)]
    assert (imports.commit(sqlite_house.book, draft).added, len(sqlite_house.rows())) == (1, 4)


def test_on_another_day_it_is_offered_beside_the_saved_one_and_asked_once(sqlite_house: House) -> None:
    sqlite_house.account("Giro")
    sqlite_house.take_in(numbered(*OLD, ("2026-11-10", "COFFEE PENDING", "-33.00", "TX-F003")))
    data = numbered(("2026-11-11", "COFFEE LTD DUBLIN", "-33.00", "TX-F003"), NEXT)
    receipt = sqlite_house.take_in(data, "b.csv")
    assert (receipt.added, [line.payee for line in receipt.matches]) == (1, ["COFFEE LTD DUBLIN"])
    again = sqlite_house.take_in(data, "b.csv")
    assert (again.added, again.matches) == (0, ())


def test_numbers_that_a_bank_gives_to_other_amounts_tell_nothing(sqlite_house: House) -> None:
    sqlite_house.account("Giro")
    sqlite_house.take_in(numbered(*OLD, ("2026-11-10", "RENT", "-33.00", "TX-F003")))
    later = [
        ("2026-12-01", "KIOSK", "-5.00", "TX-F001"),
        ("2026-12-02", "CAFE", "-6.00", "TX-F002"),
        ("2026-12-03", "BAR", "-33.00", "TX-F003"),
    ]
    assert sqlite_house.take_in(numbered(*later), "b.csv").added == 3


def test_the_balances_of_a_day_are_looked_up_once(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = duplicates._by_day
    monkeypatch.setattr(duplicates, "_by_day", lambda rows: asked.append(1) or real(rows))
    sqlite_house.account("Giro")
    for shift in (0, 50):
        rows = [f"2026-11-03,Coffee,-1.00,{1000 + shift / 100 - n}" for n in range(40)]
        sqlite_house.take_in("\n".join([HEADS["balances"], *rows]).encode(), f"{shift}.csv")
    assert len(asked) == 2, "once in the file, once in the account"


def test_a_text_of_digits_alone_in_one_file_is_the_same_words_in_the_next(sqlite_house: House) -> None:
    sqlite_house.account("Giro")
    digits = [("2026-11-02", "447102399", "-2.00"), ("2026-11-03", "447102388", "-7.50"), ("2026-11-04", "998102377", "-9.99")]
    sqlite_house.take_in(bank_csv(digits))
    receipt = sqlite_house.take_in(bank_csv([*digits, ("2026-11-05", "BAKER", "-1.20"), ("2026-11-06", "TAXI", "-8.00")]), "b.csv")
    assert (receipt.added, receipt.duplicates) == (2, 3)
