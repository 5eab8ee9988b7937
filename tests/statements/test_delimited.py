"""Delimited text of any layout: what our own samples hold, and what a damaged or foreign file is answered with."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, read
from dashboard.statements.formats import delimited
from tests.statements.samples import FOLDER, SAMPLES, movements, table


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_movements_without_a_question(name: str) -> None:
    encoding, currency, expected = SAMPLES[name]
    statement = read((FOLDER / name).read_bytes(), name)
    assert movements(statement) == expected
    assert not statement.questions
    assert not statement.problems
    assert statement.reading.encoding == encoding
    assert {row.currency for row in statement.rows} == {currency}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n1 0 obj", "This looks like a PDF. Ask your bank for CSV"),
        (b"PK\x03\x04\x14\x00[Content_Types].xml xl/workbook.xml", "This Excel file is damaged"),
        (b"PK\x03\x04\x14\x00\x00\x00letter.txt", "This is an archive. Unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This Excel file is damaged"),
        (b"MZ\x90\x00\x03\x00\x00", "This is not a statement but a program, picture or archive."),
        (b"\x7fELF\x02\x01\x01", "This is not a statement but a program, picture or archive."),
        (b"\x89PNG\r\n\x1a\n", "This is not a statement but a program, picture or archive."),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "This is a web page, perhaps a sign-in page"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n\n<OFX></OFX>", "This OFX file holds no transactions."),
        (b"!Type:Bank\n^\n", "This QIF file holds no transactions."),
        (
            b"<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'/>",
            "This CAMT file holds no entries.",
        ),
        (b":20:START\n:25:1/2\n:28C:1\n:60F:C250101EUR1,00\n", "This MT940 file holds no transactions."),
        (b"<?xml version='1.0'?><note/>", "This is an XML file that holds no statement"),
        (b'{"a": [{"name": "x"}]}', "This JSON file holds no list of transactions."),
    ],
)
def test_what_holds_no_transactions_is_refused_by_its_content_with_its_name(data: bytes, sentence: str) -> None:
    for name in ("statement.csv", "statement.ofx", ""):
        with pytest.raises(StatementNotReadable) as refused:
            read(data, name)
        assert refused.value.message.startswith(sentence)


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\t", b"\x00\x00"])
def test_an_empty_file_is_refused_as_empty(data: bytes) -> None:
    with pytest.raises(StatementNotReadable, match="empty"):
        read(data)


@pytest.mark.parametrize(
    "data", [b"a", b"7", b"Date,Description,Amount\n", b"Datum;Text;Betrag;Saldo", b"hello world\nthis is no statement\n"]
)
def test_a_file_without_movements_is_refused_kindly(data: bytes) -> None:
    with pytest.raises(StatementNotReadable) as refused:
        read(data)
    assert "find transactions" in refused.value.message


def test_a_million_columns_are_refused_before_they_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    def split(*_: object) -> None:
        pytest.fail("the line was split")

    monkeypatch.setattr(delimited, "_cells", split)
    with pytest.raises(StatementNotReadable, match="more columns than any statement"):
        read(b"Date,Amount" + b"," * 1_000_000 + b"\n2025-01-02,1.00\n")


def test_a_few_thousand_columns_are_refused_too() -> None:
    with pytest.raises(StatementNotReadable):
        read(b"Date,Amount" + b"," * 1_500 + b"\n2025-01-02,1.00" + b"," * 1_500 + b"\n")


def test_a_quotation_mark_that_is_never_closed_names_its_line_or_costs_no_row() -> None:
    lines = ["Date,Description,Amount", *(f"2025-01-{day:02},Shop,-{day}.00" for day in range(1, 29))]
    lines[5] = '2025-01-05,"Shop,-5.00'
    lines *= 3
    try:
        statement = read(table(*lines))
    except StatementNotReadable as refused:
        assert "Line" in refused.message
    else:
        assert len(statement.rows) + len(statement.problems) >= 3 * 28


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_give_the_same_rows(end: str) -> None:
    _, _, expected = SAMPLES["british_pair.csv"]
    text = (FOLDER / "british_pair.csv").read_text("utf-8")
    assert movements(read(end.join(text.splitlines()).encode())) == expected


def test_text_that_looks_like_a_formula_stays_text() -> None:
    statement = read(
        table("Date,Description,Amount", '2025-01-14,"=HYPERLINK(""http://x"")",-1.00', "2025-01-15,@SUM(1),-2.00", "2025-01-16,Tea,3.00")
    )
    assert [row.payee for row in statement.rows] == ['=HYPERLINK("http://x")', "@SUM(1)", "Tea"]


def test_quotes_around_whole_lines_are_taken_off() -> None:
    statement = read(
        table('"Date,Description,Amount"', '"2025-01-14,Tea,-1.00"', '"2025-01-15,""Cake, large"",-2.50"', '"2025-01-16,Pay,30.00"')
    )
    assert [(row.payee, row.amount) for row in statement.rows] == [
        ("Tea", Decimal("-1.00")),
        ("Cake, large", Decimal("-2.50")),
        ("Pay", Decimal("30.00")),
    ]


def test_thousands_without_quotes_are_joined_where_the_heads_tell_the_width() -> None:
    statement = read(
        table(
            "Date,Description,Ref,Amount,Balance",
            "2025-01-14,Tea,1,-45.00,955.00",
            "2025-01-15,Pay,2,1,950.00,2,905.00",
            "2025-01-16,Cake,3,-5.00,2,900.00",
        )
    )
    assert [row.amount for row in statement.rows] == [Decimal("-45.00"), Decimal("1950.00"), Decimal("-5.00")]
    assert statement.proof is not None
    assert statement.proof.holds


def test_a_row_split_inside_its_text_is_left_out_and_named() -> None:
    rows = [f"2025-01-{day},Shop,100{day},-{day}.50,Food" for day in range(10, 16)]
    rows[2] = "2025-01-12,Shop, Inc,10012,-12.50,Food"
    statement = read(table("Date,Description,Ref,Amount,Category", *rows))
    assert [(r.line, r.kind) for r in statement.rejected] == [(4, "problem")]
    assert Decimal(10012) not in [row.amount for row in statement.rows]


def test_the_file_name_decides_nothing() -> None:
    data = (FOLDER / "british_pair.csv").read_bytes()
    assert read(data, "x.pdf").rows == read(data, "../../etc/passwd").rows == read(data, "n" * 5000).rows


def test_a_person_can_name_the_columns() -> None:
    data = table("Day,Text,One,Two", "2025-01-14,Tea,1.00,7.00", "2025-01-15,Cake,2.00,8.00", "2025-01-16,Pie,3.00,9.00")
    statement = read(data, "", Hints(columns={"amount": 3}, sign="out-positive"))
    assert [row.amount for row in statement.rows] == [-7, -8, -9]


def test_a_file_whose_days_stand_under_the_head_of_an_amount_is_refused_in_a_sentence() -> None:
    """The beginning of the heads is cut off: "20250311" stands under "Bij" then, and no column of days is left."""
    with pytest.raises(StatementNotReadable, match="no line has both a date and an amount"):
        read((FOLDER / "dutch_direction.csv").read_bytes()[18:])
