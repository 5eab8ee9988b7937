"""QIF: registers of several accounts, their dates and splits; what is no movement of money is left out with a word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from tests.statements.samples import movements
from tests.statements.tagged import TAGGED, sample, text_of, told

NAME = "registers.qif"


def register(*records: str, kind: str = "Bank", end: str = "^\n") -> bytes:
    """Return a register, each record given by its lines with ; between them."""
    return (f"!Type:{kind}\n" + "^\n".join(record.replace(";", "\n") + "\n" for record in records) + end).encode()


def test_rows_carry_the_account_that_was_named_last() -> None:
    statement = read(sample(NAME))
    assert movements(statement) == TAGGED[NAME][1]
    assert [row.account for row in statement.rows] == ["Household"] * 3 + ["Plastic"] * 2
    assert [(r.kind, r.text) for r in statement.rejected] == [("held", "ACME")]
    assert not statement.questions


def test_a_split_counts_once_and_a_transfer_is_no_category() -> None:
    rows = read(sample(NAME)).rows
    assert (rows[1].amount, rows[1].text) == (Decimal("-96.30"), "Weekly shop")
    assert [row.category for row in rows] == ["Rent", "", "", "", ""]


@pytest.mark.parametrize("change", ["CRLF", "CR", "blank lines", "UTF-16", "lower case", "no end", "spaces"])
def test_the_same_file_written_in_another_way_gives_the_same_rows(change: str) -> None:
    text = text_of(NAME)
    data = {
        "CRLF": text.replace("\n", "\r\n").encode(),
        "CR": text.replace("\n", "\r").encode(),
        "blank lines": text.replace("\n", "\n\n").encode(),
        "UTF-16": text.encode("utf-16"),
        "lower case": text.replace("!Type", "!type").replace("!Account", "!ACCOUNT").encode(),
        "no end": text.rstrip("^\n").encode() + b"\n",
        "spaces": text.replace("\n", "  \n").encode(),
    }[change]
    assert told(read(data)) == told(read(sample(NAME)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/14' 5", date(2005, 1, 14)),
        ("1/14'05", date(2005, 1, 14)),
        ("1/14'2005", date(2005, 1, 14)),
        ("14.1.05", date(2005, 1, 14)),
        ("14 January 2005", date(2005, 1, 14)),
        ("Jan 14, 2005", date(2005, 1, 14)),
        ("2005-01-14", date(2005, 1, 14)),
        (" 1/14/99", date(1999, 1, 14)),
    ],
)
def test_dates_are_read_as_programs_write_them(written: str, meant: date) -> None:
    assert read(register(f"D{written};T-1.00;PShop")).rows[0].date == meant


def test_an_open_order_of_day_and_month_is_asked_about() -> None:
    assert [q.key for q in read(register("D03/04/2025;T-1.00;PShop")).questions] == ["dates"]


def test_decimal_commas_are_read() -> None:
    rows = read(register("D14.01.2025;T-1.234,56;PMiete", "D15.01.2025;T2,50;PPfand")).rows
    assert [row.amount for row in rows] == [Decimal("-1234.56"), Decimal("2.50")]


@pytest.mark.parametrize("bad", ["D31/02/2025;T-1.00;PShop", "D14/01/2025;Tabc;PShop", "D14/01/2025;PShop"])
def test_a_bad_record_is_named_and_the_others_are_read(bad: str) -> None:
    statement = read(register("D14/01/2025;T-1.00;PShop", bad, "D16/01/2025;T-3.00;PShop"))
    assert [row.amount for row in statement.rows] == [-1, -3]
    assert [r.line for r in statement.problems] == [6]


@pytest.mark.parametrize("kind", ["Cat", "Class", "Memorized", "Security", "Prices", "Tag", "Budget"])
def test_lists_hold_no_movements(kind: str) -> None:
    data = register("NFood;DEating;T9.00", kind=kind) + register("D14/01/2025;T-1.00;PShop")
    assert [row.amount for row in read(data).rows] == [-1]


def test_a_file_of_investments_alone_says_so() -> None:
    with pytest.raises(StatementNotReadable, match="only investments"):
        read(register("D14/01/2025;NBuy;YACME;T10.00", kind="Invst"))


def test_an_amount_that_ends_the_file_may_be_cut_off() -> None:
    whole = register("D14/01/2025;T-1.00;PShop", "D15/01/2025;PShop;T-123.45", end="")
    cut = read(whole.rstrip()[:-3])
    assert [row.amount for row in cut.rows] == [-1]
    assert [r.field for r in cut.problems] == ["end"]
    assert len(read(whole).rows) == 2
