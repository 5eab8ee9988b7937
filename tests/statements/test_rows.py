"""Every row is read or left out with a reason: totals, pending rows, second tables, stray ends."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, read
from dashboard.statements.table.leftovers import is_summary
from tests.statements.samples import FOLDER, SAMPLES, table

HEAD = "Date,Description,Amount,Balance"
ROWS = ("2025-03-08,Tea,-45.00,955.00", "2025-03-13,Pay,1950.00,2905.00", "2025-03-14,Cake,-12.50,2892.50")


@pytest.mark.parametrize(
    "text",
    [
        "Opening balance",
        "Closing balance as of 31/03/2025",
        "Saldo Anterior",
        "S A L D O",
        "TOTAL",
        "Solde initial",
        "Opening Balance 01/03/2025",
        "Endsaldo",
        "合计",
        "итого",
        "الرصيد الافتتاحي",
    ],
)
def test_balances_and_totals_are_no_movements(text: str) -> None:
    assert is_summary(text)


@pytest.mark.parametrize("text", ["Total 1234", "Balance Yoga Studio", "TotalEnergies 31/03", "Balance transfer fee", "Tea"])
def test_shops_that_sound_like_totals_are_movements(text: str) -> None:
    assert not is_summary(text)


def test_dated_opening_and_closing_rows_are_left_out() -> None:
    statement = read(
        table(
            HEAD,
            "2025-03-01,Opening balance 01/03/2025,1000.00,1000.00",
            *ROWS,
            "2025-03-31,Closing balance as at 31/03/2025,2892.50,2892.50",
        )
    )
    assert len(statement.rows) == 3
    assert [r.kind for r in statement.rejected] == ["summary", "summary"]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Pending", "held"), ("Venter", "held"), ("vorgemerkt", "held"), ("Autorizzato", "held"), ("Declined", "held"), ("Reverted", "held")],
)
def test_a_row_that_is_not_booked_is_held_back(word: str, kind: str) -> None:
    rows = [f"{row},Done" for row in ROWS]
    statement = read(table(f"{HEAD},Status", *rows, f"2025-03-20,Pie,-11.00,,{word}"))
    assert len(statement.rows) == 3
    assert [(r.line, r.kind) for r in statement.rejected] == [(5, kind)]


@pytest.mark.parametrize("older", [8, 4000])
@pytest.mark.parametrize("newest_first", [True, False])
def test_the_newest_rows_without_the_date_that_all_older_have_are_held_back(older: int, newest_first: bool) -> None:
    day = [(date(2010, 1, 1) + timedelta(days=n)).strftime("%d.%m.%Y") for n in range(older + 2)]
    rows = [f"{day[n]};{day[n]};-{n + 1},40;Tea" for n in range(older)] + [f"{day[older + n]};;-7,70;Pie" for n in range(2)]
    statement = read(table("Day;Paid;Amount;Text", *(rows[::-1] if newest_first else rows)))
    assert len(statement.rows) == older
    assert [(r.kind, "Pie" in r.text) for r in statement.rejected] == [("held", True)] * 2


def test_a_second_date_lacking_here_and_there_or_beside_a_balance_holds_nothing_back() -> None:
    days = [f"{n}/03/2025" for n in range(14, 26)]
    gap = [f"{day};{'' if n == 5 else day};-1.40;Tea" for n, day in enumerate(days)]
    assert len(read(table("Day;Paid;Amount;Text", *gap)).rows) == 12
    told = [f"{day};{'' if n == 11 else day};-1.40;{98.60 - 1.4 * n:.2f};Tea" for n, day in enumerate(days)]
    assert len(read(table("Day;Paid;Amount;Balance;Text", *told)).rows) == 12


def test_rows_under_a_title_of_pending_ones_are_held_back() -> None:
    statement = read(
        table(
            "Pending Transactions",
            "Date,Description,Amount",
            "03/20/2025,Pie,-11.00",
            "Posted Transactions",
            "03/18/2025,Tea,-45.00",
            "03/15/2025,Pay,1950.00",
        )
    )
    assert [row.payee for row in statement.rows] == ["Tea", "Pay"]
    assert [r.kind for r in statement.rejected] == ["held", "summary"]


def test_heads_that_are_repeated_are_passed_over() -> None:
    statement = read(table(HEAD, ROWS[0], ROWS[1], HEAD, ROWS[2]))
    assert len(statement.rows) == 3
    assert not statement.problems


def test_a_second_table_with_other_columns_is_left_out_and_named() -> None:
    statement = read(
        table(HEAD, *ROWS, "", "Date,Description,Balance,Amount", "2025-03-18,Pizza,100.00,-22.00", "2025-03-20,Bar,89.00,-11.00")
    )
    assert len(statement.rows) == 3
    assert [r.line for r in statement.problems] == [6, 7, 8]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "2025-03-31,01-03-2025,PERIOD,,50.00",
            "14-03-2025,13-03-2025,Tea,,-12.50",
            "13-03-2025,13-03-2025,Pay,,1950.00",
            "08-03-2025,08-03-2025,Rent,,-45.00",
        ],
        [
            "14/03/2025;-12,50;Card;;Tea;;0;Fun",
            "13/03/2025;1950,00;Transfer;;Pay;;0;Fun",
            "08/03/2025;-45,00;Debit;;Rent;;0;Fun",
            "31/03/2025;1987,50;;;00012 X",
        ],
    ],
)
def test_a_period_or_closing_balance_written_as_a_row_is_left_out(lines: list[str]) -> None:
    statement = read(table(*lines))
    assert sorted(row.amount for row in statement.rows) == [-45, Decimal("-12.50"), 1950]
    assert len(statement.problems) == 1


def test_text_that_spills_onto_the_next_line_belongs_to_the_row_above() -> None:
    statement = read(
        table(
            "Date,,Details,,Debit,,Credit",
            '14 Mar 2025,,Card,,"12.50",,',
            ",,Terminal: TEA HOUSE,,,,",
            "15 Mar 2025,,Transfer,,,,30.00",
            ",,From: ANN,,,,",
        )
    )
    assert "TEA HOUSE" in statement.rows[0].text
    assert "ANN" in statement.rows[1].text


@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_after_the_heads_is_a_row_or_has_a_reason(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    statement = read(data)
    lines = [row.line for row in statement.rows] + [r.line for r in statement.rejected]
    assert len(lines) == len(set(lines))
    encoding = SAMPLES[name][0]
    filled = [n for n, line in enumerate(data.decode(encoding).splitlines(), 1) if line.strip()]
    assert set(range(min(r.line for r in statement.rows), filled[-1] + 1)) & set(filled) <= set(lines)


def test_a_correction_mends_one_cell() -> None:
    data = table(HEAD, ROWS[0], "2025-02-31,Pay,1950.00,2905.00", ROWS[2])
    assert [r.line for r in read(data).problems] == [3]
    mended = read(data, "", Hints(cells={3: {"date": "2025-03-13"}}))
    assert not mended.problems
    assert [row.date.day for row in mended.rows] == [8, 13, 14]


def test_a_file_of_pending_rows_alone_is_refused() -> None:
    with pytest.raises(StatementNotReadable):
        read(table("Date,Description,Amount,Status", "2025-03-20,Pie,-11.00,Declined", "2025-03-21,Tea,-1.00,Declined"))
