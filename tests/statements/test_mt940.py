"""MT940: its dialects are read alike, its pages prove each other, and what is missing is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from tests.statements.samples import movements
from tests.statements.tagged import TAGGED, sample, text_of, told

NAME = "pages.sta"


def message(*lines: str, opening: str = "C250101EUR100,00", closing: str | None = None) -> bytes:
    """Return a message with its movements; without a closing balance it is cut off."""
    end = [f":62F:{closing}", "-"] if closing else []
    return "\n".join((":20:X", ":25:1234567", ":28C:1/1", f":60F:{opening}", *lines, *end, "")).encode()


def one(line: str, about: str = "Shop") -> object:
    return read(message(f":61:{line}", f":86:{about}", closing="C250131EUR1,00"))


def test_pages_are_read_and_prove_each_other() -> None:
    statement = read(sample(NAME))
    assert movements(statement) == TAGGED[NAME][1]
    assert statement.proof is not None
    assert (statement.proof.agree, statement.proof.steps) == (4, 4)
    assert statement.rejected == []
    assert {row.account for row in statement.rows} == {"20041010/0009988770"}


def test_name_purpose_and_counterpart_come_from_the_subfields() -> None:
    first, second, *_ = read(sample(NAME)).rows
    assert (first.payee, first.counter) == ("Hausverwaltung Nord GmbH", "DE02100500000054540402")
    assert (second.payee, second.text, second.counter) == ("Werk Sued", "Lohn 02/25", "DE02120300000000202051")


@pytest.mark.parametrize("change", ["CRLF", "CR", "UTF-16", "envelope", "no dashes", "signs", "other sign", "lines of their own", "spaces"])
def test_the_same_file_written_in_another_way_gives_the_same_rows(change: str) -> None:
    text = text_of(NAME)
    data = {
        "CRLF": text.replace("\n", "\r\n").encode(),
        "CR": text.replace("\n", "\r").encode(),
        "UTF-16": text.encode("utf-16"),
        "envelope": text.replace(":20:", "{1:F01ABCDDEFFAXXX0000000000}{2:O9400000}{4:\n:20:").replace("\n-\n", "\n-}\n").encode(),
        "no dashes": text.replace("\n-\n", "\n").encode(),
        "signs": text.replace("?", ">").encode(),
        "other sign": text.replace("?", "~").encode(),
        "lines of their own": text.replace("?3", "\n?3").encode(),
        "spaces": text.replace("\n:61", "\n :61").encode(),
    }[change]
    assert told(read(data)) == told(read(sample(NAME)))


@pytest.mark.parametrize(
    ("line", "day", "amount"),
    [
        ("2501140114D12,50NTRFNONREF", date(2025, 1, 14), "-12.50"),
        ("250114C12,5NTRFNONREF", date(2025, 1, 14), "12.50"),
        ("2501140114DR12,NTRFNONREF", date(2025, 1, 14), "-12"),
        ("2501140114RC12,50NTRFNONREF", date(2025, 1, 14), "-12.50"),
        ("2501140114RD12,50NTRFNONREF", date(2025, 1, 14), "12.50"),
        ("2501140114RCR12,50NTRFNONREF", date(2025, 1, 14), "-12.50"),
        ("2501140114DN,50S073NONREF", date(2025, 1, 14), "-0.50"),
        ("2412310102C1.250,00NTRFNONREF", date(2024, 12, 31), "1250"),
        ("20250114D12,50NTRFNONREF", date(2025, 1, 14), "-12.50"),
        ("9912310103D12,50NTRFNONREF", date(1999, 12, 31), "-12.50"),
    ],
)
def test_the_line_of_a_movement_is_read_in_every_form(line: str, day: date, amount: str) -> None:
    row = one(line).rows[0]  # type: ignore[attr-defined]
    assert (row.date, row.amount) == (day, Decimal(amount))


@pytest.mark.parametrize("line", ["2502310231D1,00NTRF", "hello", "250114D,NTRF", "2501140114X1,00NTRF", "250114D1" + "0" * 20 + ",00NTRF"])
def test_a_line_that_cannot_be_is_rejected_with_its_number(line: str) -> None:
    statement = read(message(":61:2501140114D1,00NTRFA", ":86:a", f":61:{line}", ":86:b", closing="C250131EUR1,00"))
    assert len(statement.rows) == 1
    assert [r.line for r in statement.problems] == [7]


def test_what_is_only_expected_is_held() -> None:
    statement = one("2501140114ED12,50NTRFNONREF")
    assert statement.rows == []  # type: ignore[attr-defined]
    assert [r.kind for r in statement.rejected] == ["held"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("about", "payee", "text", "counter"),
    [
        ("/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J Bakker/REMI/Huur mei/EREF/X", "J Bakker", "Huur mei", "NL91ABNA0417164300"),
        ("/CNTP/NL91ABNA0417164300/ABNANL2A/J Bakker/Den Haag//REMI/USTD//Huur mei/", "J Bakker", "Huur mei", "NL91ABNA0417164300"),
        ("166?00GUTSCHRIFT?20EREF+44?21IBAN+DE02120300000000202051?22SVWZ+Miete?32Karl", "Karl", "Miete", "DE02120300000000202051"),
        ("020~00Przelew~20Czynsz~32Anna~33 Nowak~38PL61109010140000071219812874", "Anna Nowak", "Czynsz", "PL61109010140000071219812874"),
        ("Bakery\nRound the corner", "Bakery", "Round the corner", ""),
        ("Bakery\nNL91ABNA0417164300", "Bakery", "NL91ABNA0417164300", "NL91ABNA0417164300"),
        ("Paid >12 times ?20 in all", "Paid >12 times ?20 in all", "", ""),
        ("", "Booking", "", ""),
    ],
)  # fmt: skip
def test_what_stands_about_a_movement_is_read_in_every_dialect(about: str, payee: str, text: str, counter: str) -> None:
    row = one("2501140114D12,50NTRFNONREF", about).rows[0]  # type: ignore[attr-defined]
    assert (row.payee, row.text, row.counter) == (payee, text, counter)


def test_the_accounts_own_number_is_no_counterpart() -> None:
    assert one("2501140114D12,50NTRFNONREF", "020?00x?311234567?32Karl").rows[0].counter == ""  # type: ignore[attr-defined]


def test_a_missing_closing_balance_is_said() -> None:
    statement = read(message(":61:2501140114D1,00NTRFA", ":86:a"))
    assert len(statement.rows) == 1
    assert [r.field for r in statement.problems] == ["balance"]


def test_a_first_statement_without_an_end_is_said_though_a_second_has_one() -> None:
    data = message(":61:2501140114D1,00NTRFA", ":86:a") + message(":61:2501150115D2,00NTRFA", ":86:a", closing="C250131EUR98,00")
    statement = read(data)
    assert [row.amount for row in statement.rows] == [-1, -2]
    assert [(r.line, r.field) for r in statement.problems] == [(4, "balance")]


def test_a_missing_page_is_said() -> None:
    pages = text_of(NAME)
    first, second = pages.split("-\n:20:")
    assert "last page" in read(first.encode()).problems[0].reason
    other = pages.replace(":60M:C250204EUR2168,80", ":60M:C250206EUR2250,00")
    assert "page may be missing" in read(other.encode()).problems[0].reason
    assert read((":20:" + second).encode()).problems == []


def test_a_movement_cut_off_within_its_amount_is_not_read() -> None:
    data = message(":61:2501140114D1,00NTRFA", ":86:a", ":61:2501150115D123,45NTRFA")
    for cut in range(data.index(b"D123") + 2, data.index(b"NTRFA", 100) + 3):
        statement = read(data[:cut])
        assert [row.amount for row in statement.rows] == [-1]
        assert statement.problems


def test_a_point_before_decimals_is_read_where_the_file_shows_it() -> None:
    data = message(":61:2501140114D1.50NTRFA", ":86:a", ":61:2501150115D1,250.00NTRFA", ":86:b", closing="C250131EUR1.00")
    assert [row.amount for row in read(data).rows] == [Decimal("-1.50"), Decimal("-1250.00")]


def test_a_file_without_movements_is_refused() -> None:
    with pytest.raises(StatementNotReadable, match="no transactions"):
        read(message(closing="C250131EUR100,00"))
