"""The same statement written in another way gives the same rows, or a question, or a reason: never other rows in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from dashboard.statements.table.columns import clean, number_shape
from dashboard.statements.table.dates import date_shape, to_date
from tests.statements.samples import FOLDER, SAMPLES, Movement, movements

Grid = list[list[str]]
# What the samples that are cut into cells by plain rules look like: delimiter, lines above the heads, heads or none, columns of dates and amounts.
SHAPES: dict[str, tuple[str, int, bool, tuple[int, ...], tuple[int, ...]]] = {
    "german_preamble.csv": (";", 3, True, (0, 1), (4, 5)),
    "american_signed.csv": (",", 0, True, (0,), (2, 4)),
    "british_pair.csv": (",", 0, True, (0,), (2, 3, 4)),
    "dutch_direction.csv": (",", 0, True, (0,), (3,)),
    "headless_balance.csv": (",", 0, False, (0,), (1, 3)),
    "japanese_pair.csv": (",", 0, True, (0,), (2, 3, 4)),
    "turkish_suffix.csv": (";", 0, True, (0,), (2, 3)),
    "greek_sign_letter.csv": (";", 0, True, (0,), (2,)),
    "thai_years.csv": (",", 0, True, (0,), (2, 3, 4)),
    "indian_suffix.csv": (",", 0, True, (0,), (2, 3)),
}


class Sample:
    """A sample as a grid, and its variants as bytes."""

    def __init__(self, name: str) -> None:
        self.encoding, _, self.expected = SAMPLES[name]
        self.delimiter, above, heads, self.dates, self.numbers = SHAPES[name]
        text = (FOLDER / name).read_bytes().decode(self.encoding)
        self.grid: Grid = [row for row in csv.reader(io.StringIO(text), delimiter=self.delimiter) if row]
        self.start = above + heads
        self.above, self.body = self.grid[: self.start], self.grid[self.start :]

    def write(self, grid: Grid, delimiter: str = "", encoding: str = "utf-8") -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter or self.delimiter).writerows(grid)
        return out.getvalue().encode(encoding)

    def mapped(self, columns: tuple[int, ...], change: Callable[[str], str]) -> bytes:
        return self.write(self.above + [[change(cell) if c in columns else cell for c, cell in enumerate(row)] for row in self.body])

    def dated(self, form: str) -> bytes:
        first = [day for day, _ in self.expected]

        def change(cell: str) -> str:
            shape = date_shape(clean(cell))
            orders = [day for order in ("dmy", "mdy") if shape and (day := to_date(shape, order))]
            day = next((d for d in orders if any(abs((d - e).days) < 5 for e in first)), None)
            return day.strftime(form) if day else cell

        return self.mapped(self.dates, change)


def silent(data: bytes, expected: list[Movement]) -> str:
    """Return what is wrong and was not said, "" where the rows are right, asked, left out with a reason, or the file is refused."""
    try:
        statement = read(data)
    except StatementNotReadable:
        return ""
    found = movements(statement)
    missing = len(expected) - len(found)
    if found == expected or statement.questions or 0 < missing <= len(statement.rejected):
        return ""
    return f"{found} instead of {expected}"


@pytest.fixture(params=SHAPES, name="sample")
def sample_of_each_layout(request: pytest.FixtureRequest) -> Sample:
    return Sample(request.param)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_another_delimiter_gives_the_same_rows(sample: Sample, delimiter: str) -> None:
    assert movements(read(sample.write(sample.grid, delimiter))) == sample.expected


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_another_encoding_gives_the_same_rows(sample: Sample, encoding: str) -> None:
    assert movements(read(sample.write(sample.grid, encoding=encoding))) == sample.expected


def test_reversed_rows_give_reversed_rows(sample: Sample) -> None:
    assert not silent(sample.write(sample.above + sample.body[::-1]), sample.expected[::-1])


def test_no_heads_give_the_same_rows_or_a_question(sample: Sample) -> None:
    assert not silent(sample.write(sample.body), sample.expected)


def test_heads_of_no_language_give_the_same_rows_or_a_question(sample: Sample) -> None:
    heads = [f"zzq{c}xx" for c in range(len(sample.body[0]))]
    assert not silent(sample.write([heads, *sample.body]), sample.expected)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_first_rows_alone_give_those_rows_or_a_question(sample: Sample, count: int) -> None:
    assert not silent(sample.write(sample.above + sample.body[:count]), sample.expected[:count])


def test_without_its_last_column_the_rows_are_the_same_or_asked(sample: Sample) -> None:
    assert not silent(sample.write([row[:-1] for row in sample.grid]), sample.expected)


def test_a_preamble_and_a_total_change_nothing(sample: Sample) -> None:
    above = [["Account statement"], ["Account number", "4711 0815"], ["Period", "01.01.2025 - 31.12.2025"], ["Opening balance", "1234.56"]]
    total = [""] * len(sample.body[0])
    total[sample.numbers[0]] = sample.body[0][sample.numbers[0]] or "1.00"
    total[next(c for c in range(len(total)) if c not in (*sample.numbers, *sample.dates))] = "Total"
    assert not silent(sample.write([*above, *sample.grid, total]), sample.expected)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d %b %Y", "%d-%b-%y", "%Y/%m/%d", "%d.%m.%y"])
def test_dates_in_another_form_give_the_same_days_or_a_question(sample: Sample, form: str) -> None:
    assert not silent(sample.dated(form), sample.expected)


def test_swapped_decimal_marks_give_the_same_amounts_or_a_question(sample: Sample) -> None:
    def swap(cell: str) -> str:
        return cell.translate(str.maketrans(".,", ",.")) if number_shape(clean(cell)) else cell

    assert not silent(sample.mapped(sample.numbers, swap), sample.expected)


FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d %b %Y", "%m/%d/%y", "%d-%m-%y", "%y-%m-%d", "%Y/%m/%d")
HEADS = {
    "en": ("Date", "Description", "Amount", "Balance", "Debit", "Credit"),
    "de": ("Datum", "Text", "Betrag", "Saldo", "Soll", "Haben"),
    "es": ("Fecha", "Concepto", "Importe", "Saldo", "Cargo", "Abono"),
    "": ("", "", "", "", "", ""),
}
# Columns that are neither date nor amount and often look like it; their keys are their heads.
EXTRAS: dict[str, Callable[[int, int], str]] = {
    "Reference": lambda value, _: str(100_000 + abs(value) % 900_000),
    "No": lambda _, row: str(row + 1),
    "Currency": lambda *_: "CHF",
    "Fee": lambda *_: "0.00",
    "Branch": lambda value, _: str(10 + abs(value) % 7),
    "Card": lambda *_: "****4711",
    "Time": lambda value, _: f"{abs(value) % 24:02}:{abs(value) % 60:02}",
}
day_gaps = st.lists(st.integers(0, 9), min_size=4, max_size=14)
cents = st.integers(-400_000, 400_000).filter(lambda value: value % 100 != 0)


def _written(value: Decimal, mark: str, *, grouped: bool) -> str:
    text = f"{value:,.2f}" if grouped else f"{value:.2f}"
    return text.translate(str.maketrans(".,", ",.")) if mark == "," else text


@settings(max_examples=250, deadline=None)
@given(
    start=st.dates(date(2019, 1, 1), date(2026, 6, 1)),
    gaps=day_gaps,
    values=st.lists(cents, min_size=14, max_size=14),
    form=st.sampled_from(FORMS),
    delimiter=st.sampled_from(",;\t|"),
    mark=st.sampled_from(".,"),
    language=st.sampled_from(sorted(HEADS)),
    pair=st.booleans(),
    balance=st.booleans(),
    newest_first=st.booleans(),
    grouped=st.booleans(),
    extras=st.sets(st.sampled_from(sorted(EXTRAS))),
)
def test_an_invented_statement_is_read_right_or_asked(
    *,
    start: date,
    gaps: list[int],
    values: list[int],
    form: str,
    delimiter: str,
    mark: str,
    language: str,
    pair: bool,
    balance: bool,
    newest_first: bool,
    grouped: bool,
    extras: set[str],
) -> None:
    # Nobody writes the month first beside decimal commas, semicolons or heads of a country that writes the day first.
    assume("%m/%d" not in form or (language in {"en", ""} and delimiter != ";" and mark == "."))
    # 19-01-01 on every line could as well be the first of January 2001.
    assume(form != "%y-%m-%d" or any(gaps[1:]))
    day, total = start, Decimal(5000)
    expected, grid = [], []
    for gap, value in zip(gaps, values, strict=False):
        day += timedelta(days=gap)
        amount = Decimal(value) / 100
        total += amount
        sides = [
            _written(-amount, mark, grouped=grouped) if amount < 0 else "",
            _written(amount, mark, grouped=grouped) if amount > 0 else "",
        ]
        numbers = sides if pair else [_written(amount, mark, grouped=grouped)]
        expected.append((day, amount))
        grid.append(
            [
                day.strftime(form),
                f"Shop in {chr(65 + abs(value) % 26)}street",
                *(EXTRAS[extra](value, len(grid)) for extra in sorted(extras)),
                *numbers,
                *([_written(total, mark, grouped=grouped)] if balance else []),
            ]
        )
    if newest_first:
        expected, grid = expected[::-1], grid[::-1]
    names = HEADS[language]
    if language:
        grid.insert(0, [*names[:2], *sorted(extras), *(names[4:6] if pair else names[2:3]), *(names[3:4] if balance else [])])
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(grid)
    assert not silent(out.getvalue().encode(), expected)
