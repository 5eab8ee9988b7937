"""Excel: typed cells, several sheets, and what such a file can do to a program."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from tests.statements.samples import movements
from tests.statements.tagged import TAGGED, sample
from tests.statements.workbooks import Cell, Formula, packed, sheet_xml, workbook

HEADS: list[Cell] = ["Date", "Description", "Amount", "Balance"]
ROWS: list[list[Cell]] = [
    [date(2025, 1, 14), "Grocer", -23.5, 976.5],
    [date(2025, 1, 20), "Wages", 1510.0, 2486.5],
    [date(2025, 1, 24), "Rent", -700.0, 1786.5],
]
EXPECTED = [(date(2025, 1, 14), Decimal("-23.50")), (date(2025, 1, 20), Decimal(1510)), (date(2025, 1, 24), Decimal(-700))]


def test_an_old_workbook_is_read() -> None:
    assert movements(read(sample("old_sheet.xls"))) == TAGGED["old_sheet.xls"][1]


@pytest.mark.parametrize("from_1904", [False, True])
def test_typed_dates_and_numbers_are_read(from_1904: bool) -> None:
    statement = read(workbook([HEADS, *ROWS], from_1904=from_1904))
    assert movements(statement) == EXPECTED
    assert [row.line for row in statement.rows] == [2, 3, 4]
    assert not statement.questions
    assert not statement.rejected


def test_titles_over_merged_cells_and_blank_rows_are_no_rows() -> None:
    above: list[list[Cell]] = [["Account movements"], [], ["Holder", "A. Person"], ["From 01/01/2025 to 31/01/2025"], []]
    statement = read(workbook([*above, HEADS, *ROWS], merged="A1:D1"))
    assert movements(statement) == EXPECTED
    assert statement.rows[0].line == 7


def test_text_with_the_marks_of_a_country_is_read() -> None:
    rows: list[list[Cell]] = [
        ["Fecha", "Concepto", "Importe", "Saldo"],
        ["14/01/2025", "Compra", "-1.023,50", "976,50"],
        ["20/01/2025", "Nomina", "1.510,00", "2.486,50"],
    ]
    assert movements(read(workbook(rows))) == [(date(2025, 1, 14), Decimal("-1023.50")), (date(2025, 1, 20), Decimal("1510.00"))]


def test_what_a_formula_came_to_is_read_and_one_without_a_result_is_said() -> None:
    done = [[*ROWS[0][:2], Formula("=-47/2|-23.5"), 976.5], *ROWS[1:]]
    assert movements(read(workbook([HEADS, *done]))) == EXPECTED
    open_ = [[*ROWS[0][:2], Formula("=-47/2"), 976.5], *ROWS[1:]]
    statement = read(workbook([HEADS, *open_]))
    assert movements(statement) == EXPECTED[1:]
    assert [r.line for r in statement.problems] == [2]


def test_a_number_with_three_decimals_is_no_thousand() -> None:
    rows: list[list[Cell]] = [["Date", "Description", "Amount"], [date(2025, 1, 14), "Fuel", -12.345], [date(2025, 1, 20), "Fuel", -10.125]]
    statement = read(workbook(rows))
    assert [row.amount for row in statement.rows] == [Decimal("-12.345"), Decimal("-10.125")]


def test_another_sheet_with_transactions_is_named_and_one_without_is_not() -> None:
    more = [HEADS, [date(2025, 2, 3), "Other", -1.0, 5.0]]
    statement = read(workbook([HEADS, *ROWS], Savings=more, Notes=[["Read me", "2025"], ["Printed", date(2025, 2, 1)]]))
    assert movements(statement) == EXPECTED
    assert [r.reason for r in statement.problems] == [
        "The sheet \u201cSavings\u201d holds transactions too: save it as a file of its own to import it"
    ]


def test_the_sheet_with_the_movements_is_found_wherever_it_stands() -> None:
    data = packed({"Summary": sheet_xml([["Summary"], ["Balance", 1786.5]]), "List": sheet_xml([HEADS, *ROWS])})
    assert movements(read(data)) == EXPECTED


def test_a_workbook_without_dated_amounts_is_refused() -> None:
    with pytest.raises(StatementNotReadable, match="No sheet"):
        read(workbook([["Hello"], ["World"]]))


def test_a_workbook_with_a_password_is_refused_in_words() -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 200
    with pytest.raises(StatementNotReadable, match="password"):
        read(locked)


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "AZ900000"])
def test_a_cell_far_away_costs_no_memory_and_kills_no_process(cell: str) -> None:
    row = "".join(c for c in cell if c.isdigit())
    body = sheet_xml([HEADS, *ROWS]).replace("</sheetData>", f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>')
    if cell == "XFD1":
        body = sheet_xml([HEADS, *ROWS]).replace("</row>", f'<c r="{cell}"><v>1</v></c></row>', 1)
    data = packed({"S": body})
    assert len(data) < 3000
    try:
        statement = read(data)
    except StatementNotReadable as refused:
        assert "larger than any statement" in refused.message
    else:
        assert movements(statement) == EXPECTED


@pytest.mark.parametrize("cut", [30, 200, 600, 1000, -1, -22, -200])
def test_a_workbook_cut_off_is_refused_in_words(cut: int) -> None:
    with pytest.raises(StatementNotReadable):
        read(workbook([HEADS, *ROWS])[:cut])


@pytest.mark.parametrize("cut", [20, 600, 2000, 4000])
def test_an_old_workbook_cut_off_is_refused_in_words(cut: int) -> None:
    with pytest.raises(StatementNotReadable):
        read(sample("old_sheet.xls")[:cut])


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_days_and_months_that_excel_exchanged_are_put_back(order: str) -> None:
    days = [date(2026, 3, n) for n in (2, 5, 11, 13, 20, 28)]
    cells: list[Cell] = [
        # What has no such month in the other country's order stayed a text there.
        date(2026, day.day, day.month) if day.day <= 12 else f"{day:%d/%m/%Y}" if order == "dmy" else f"{day:%m/%d/%Y}"
        for day in days
    ]
    statement = read(workbook([["Date", "Description", "Amount"], *([cell, f"Shop {i}", -1.5 - i] for i, cell in enumerate(cells))]))
    assert [row.date for row in statement.rows] == days
    assert statement.questions == []


def test_dates_of_two_kinds_that_nobody_exchanged_stay_as_they_are() -> None:
    cells: list[Cell] = [date(2026, 3, 2), date(2026, 3, 14), "16/03/2026", "17/03/2026"]
    statement = read(workbook([["Date", "Description", "Amount"], *([cell, f"Shop {i}", -1.5 - i] for i, cell in enumerate(cells))]))
    assert [row.date for row in statement.rows] == [date(2026, 3, n) for n in (2, 14, 16, 17)]
