"""What accounts open with, and how they stand to the bank's balances: whatever the order of the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate, count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.services import accounts, history, imports
from dashboard.services.books import Book
from dashboard.services.imports import choices, receipts
from tests.ways import House, order, snapshot

FIRST = date(2026, 9, 1)
NUMBERS = count()


def statement(opening: int, rows: Sequence[tuple[date, int]]) -> bytes:
    """Write a bank's file with a running balance; amounts in whole units."""
    balances = list(accumulate((amount for _, amount in rows), initial=opening))[1:]
    lines = [f"{day},Shop {day.day},{amount}.00,{balance}.00" for (day, amount), balance in zip(rows, balances, strict=True)]
    return "\r\n".join(["Date,Description,Amount,Balance", *lines]).encode()


def month(number: int, opening: int, *amounts: int) -> bytes:
    return statement(opening, [(date(2026, number, 2 + n), amount) for n, amount in enumerate(amounts)])


def take_in(book: Book, data: bytes, name: str = "Current") -> tuple[str, ...]:
    """Import a file into an account and return what is said of its balance."""
    # Files of money in alone are asked about.
    return imports.import_file(book, "bank.csv", data, order(name, sign="out-negative")).standings


def held(book: Book) -> dict[str, tuple[int, int]]:
    return {a.name: (a.opening // 100, a.balance // 100) for a in accounts.all_accounts(book)}


SEPTEMBER, OCTOBER, NOVEMBER = month(9, 500, 100, -50, 50), month(10, 600, 480, -60, -20), month(11, 1000, -5, -10, -15)


def test_a_new_account_opens_with_what_the_bank_had_before(house: House) -> None:
    assert take_in(house.book, NOVEMBER) == ()
    assert held(house.book) == {"Current": (1000, 970)}


def test_an_older_file_moves_what_the_account_opens_with_and_undo_brings_it_back(house: House) -> None:
    take_in(house.book, NOVEMBER)
    before = snapshot(house.book)
    receipt = imports.import_file(house.book, "older.csv", OCTOBER, order("Current"))
    assert receipt.standings == ("Current opens with \u20ac600.00, the bank\u2019s balance before 2 Oct 2026",)
    assert held(house.book) == {"Current": (600, 970)}
    history.undo(house.book, receipt.revision)
    assert snapshot(house.book) == before


def test_rows_that_are_missing_between_two_files_are_said_until_they_are_there(house: House) -> None:
    take_in(house.book, NOVEMBER)
    gap = take_in(house.book, SEPTEMBER)
    assert gap == (
        "Current: the bank\u2019s balances before and after 4 Sept 2026 are \u20ac400.00 apart. Rows after that day are missing",
    )
    take_in(house.book, OCTOBER)
    assert held(house.book) == {"Current": (500, 970)}


def test_a_newer_file_that_does_not_go_on_from_the_last_says_so(house: House) -> None:
    take_in(house.book, SEPTEMBER)
    said = take_in(house.book, NOVEMBER)
    assert [text.partition(". ")[0] for text in said] == ["Current: \u20ac400.00 less than the bank\u2019s \u20ac970.00 on 4 Nov 2026"]
    assert said[0].endswith("Rows before 2 Nov 2026 are missing, or what the account opens with is not right")


def test_a_row_of_ones_own_that_the_bank_does_not_have_is_said(house: House) -> None:
    take_in(house.book, SEPTEMBER)
    current = next(a.id for a in accounts.all_accounts(house.book))
    house.add(current, "2026-10-03", "-7.00", "Coins")
    said = take_in(house.book, OCTOBER)
    assert len(said) == 1
    assert said[0].startswith("Current: \u20ac7.00 less than the bank\u2019s \u20ac1,000.00 on 4 Oct 2026. Until then the book has rows")


def test_a_row_that_is_left_out_explains_the_difference(house: House) -> None:
    draft = imports.receive(house.book, "bank.csv", OCTOBER)
    choices.tick(house.book, draft, 3, take=False)
    standing = imports.check(house.book, draft).standings[0]
    assert standing.difference == -6000
    assert standing.said.endswith("The row that is left out makes it up")
    stored = imports.commit(house.book, draft)
    assert receipts.receipt_of(house.book, stored.import_ids[0]).standing == standing.said


PAGES = """:20:A
:25:DE1111
:28C:1/1
:60F:C260930EUR100,00
:61:261001D5,00NMSCNONREF
:86:Shop
:62F:C261001EUR95,00
:20:B
:25:DE2222
:28C:1/1
:60F:C260930EUR900,00
:61:261002C50,00NMSCNONREF
:86:Pay
:62F:C261002EUR950,00
"""
PARTS = """Account: DE89370400440532013000
Date,Description,Amount,Balance
2026-11-02,Salary,2480.00,3480.00
2026-11-14,Market,-64.85,3415.15

Account: DE75512108001245126199
Date,Description,Amount,Balance
2026-11-15,Interest,4.85,904.85
2026-11-17,To checking,-100.00,804.85
"""


@pytest.mark.parametrize(
    ("data", "expected"),
    [(PAGES, {(100_00, 95_00), (900_00, 950_00)}), (PARTS, {(1000_00, 3415_15), (900_00, 804_85)})],
    ids=["pages", "parts"],
)
def test_each_account_of_a_file_opens_with_its_own_balance(house: House, data: str, expected: set[tuple[int, int]]) -> None:
    draft = imports.receive(house.book, "all.txt", data.encode())
    stored = imports.commit(house.book, draft)
    assert {(a.opening, a.balance) for a in accounts.all_accounts(house.book)} == expected
    receipt = receipts.receipt_of(house.book, stored.import_ids[0])
    assert [(i, count) for i, _, count in receipt.also] == [(stored.import_ids[1], 1 if data is PAGES else 2)]


def test_a_balance_that_nothing_proves_is_taken_and_said(house: House) -> None:
    data = (
        "OFXHEADER:100\n<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>DE1111</BANKACCTFROM><BANKTRANLIST><DTEND>20261031"
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261002<TRNAMT>-5.00<FITID>1<NAME>Shop</STMTTRN></BANKTRANLIST>"
        "<LEDGERBAL><BALAMT>95.00<DTASOF>20261031</LEDGERBAL></STMTRS></OFX>"
    )
    receipt = imports.import_file(house.book, "bank.ofx", data.encode(), order("Current"))
    assert receipt.standings == ("Current opens with \u20ac100.00, the bank\u2019s balance before 2 Oct 2026",)
    assert held(house.book) == {"Current": (100, 95)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.lists(st.integers(-90, 90).filter(bool), min_size=2, max_size=4), min_size=2, max_size=4),
    opening=st.integers(-500, 500),
    dice=st.randoms(use_true_random=False),
)
def test_in_any_order_of_the_files_the_account_holds_what_the_bank_says(
    sqlite_house: House, parts: list[list[int]], opening: int, dice: Random
) -> None:
    name = f"Account {next(NUMBERS)}"
    files, day, balance = [], FIRST, opening
    for amounts in parts:
        rows = [(day + timedelta(n), amount) for n, amount in enumerate(amounts)]
        files.append(statement(balance, rows))
        balance += sum(amounts)
        day = rows[-1][0] + timedelta(1)
    dice.shuffle(files)
    for data in files:
        take_in(sqlite_house.book, data, name)
    assert held(sqlite_house.book)[name] == (opening, balance)
    assert [take_in(sqlite_house.book, data, name) for data in files] == [()] * len(files)
