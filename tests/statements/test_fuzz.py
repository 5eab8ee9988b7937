"""Whatever the bytes, the answer is a statement or a refusal in words, and what is stored stays within bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, read
from tests.statements.samples import FOLDER, SAMPLES

DATA = {name: (FOLDER / name).read_bytes() for name in SAMPLES}
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "-",
            "--",
            "+",
            "Date",
            "Amount",
            "Betrag",
            "Saldo",
            "Debit",
            "Credit",
            "Total",
            "Pending",
            "D",
            "C",
            "EUR",
            "$",
            "NaN",
            "1e400",
            "(1.00)",
            '"',
            "'",
            '="1"',
            "\x00",
            "0000-00-00",
            "31/02/2024",
            "29/02/2024",
            "1/1/1",
            "R0.1.1",
            "令和元年1月1日",
            "999/01/01",
            "2643-01-01",
            "2443-02-29",
            "9999-12-31",
        ]
    ),
    st.dates(date(1000, 1, 1)).map(str),
    st.dates().map(lambda day: f"{day:%d/%m/%y}"),
    st.decimals(allow_nan=True, allow_infinity=True, places=None).map(str),
    st.text(max_size=12),
    st.integers().map(str),
)
HINTS = st.builds(
    Hints,
    dates=st.sampled_from([None, "dmy", "mdy", "ymd"]),
    sign=st.sampled_from([None, "out-negative", "out-positive"]),
    decimal=st.sampled_from([None, ",", "."]),
    year=st.sampled_from([None, 2024]),
    columns=st.dictionaries(st.sampled_from(["amount", "debit", "credit", "date"]), st.integers(0, 8), max_size=2),
    cells=st.dictionaries(st.integers(1, 6), st.dictionaries(st.sampled_from(["date", "amount"]), st.text(max_size=8)), max_size=2),
)


def answered(data: bytes, hints: Hints | None = None) -> None:
    """Read, and check what no statement may break."""
    try:
        statement = read(data, "", hints)
    except StatementNotReadable as refused:
        assert refused.message[0].isupper()
        assert len(refused.message) < 300
        return
    lines = [row.line for row in statement.rows]
    assert lines
    for row in statement.rows:
        assert type(row.date) is date
        assert 1900 <= row.date.year <= 2199
        assert isinstance(row.amount, Decimal)
        assert row.amount.is_finite()
        assert abs(row.amount) < Decimal(10) ** 45
        assert row.line >= 1
    for rejected in statement.rejected:
        assert rejected.reason
        assert rejected.kind in {"problem", "held", "summary"}
    for question in statement.questions:
        assert question.text
        assert question.options


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf\xff")
@example(b'"\n"')
@example(b"0,0\r0,0")
def test_any_bytes_are_answered(data: bytes) -> None:
    answered(data)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "utf-16-be"]))
def test_any_text_is_answered(text: str, encoding: str) -> None:
    answered(text.encode(encoding, errors="replace"))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    HINTS,
)
def test_any_grid_is_answered_under_any_hints(grid: list[list[str]], delimiter: str, end: str, hints: Hints) -> None:
    data = end.join(delimiter.join(row) for row in grid).encode("utf-8", errors="replace")
    answered(data)
    answered(data, hints)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_a_damaged_sample_is_answered(name: str, data: st.DataObject) -> None:
    damaged = bytearray(DATA[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        kind = data.draw(st.sampled_from(["change", "drop", "insert", "cut"]))
        if kind == "change":
            damaged[at] = data.draw(st.integers(0, 255))
        elif kind == "drop":
            del damaged[at : at + data.draw(st.integers(1, 40))]
        elif kind == "insert":
            damaged[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        else:
            del damaged[at + 1 :]
        if not damaged:
            break
    answered(bytes(damaged))


@pytest.mark.parametrize(
    "line",
    [
        b"a" * 300_000,
        b'"' * 100_001,
        b"1" * 200_000,
        b"," * 1_000,
        b"2025-01-01," * 300,
        b"\x80" * 50_000,
        b"(" * 50_000 + b"1",
        b"1," * 390,
        b" " * 200_000 + b"1",
    ],
)
def test_one_endless_line_is_answered(line: bytes) -> None:
    answered(line)
    answered(b"Date,Text,Amount\n2025-01-14,Tea,-1.00\n" + line + b"\n2025-01-15,Pay,30.00\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_cut_off_anywhere_is_answered(name: str) -> None:
    for length in range(0, len(DATA[name]), 7):
        answered(DATA[name][:length])


@pytest.mark.parametrize(
    "columns", [{"amount": 99}, {"amount": 0}, {"debit": 2, "credit": 2}, {"debit": 2}, {"nonsense": 1}, {"amount": -1}]
)
def test_a_wrong_choice_of_columns_is_answered(columns: dict[str, int]) -> None:
    answered(DATA["british_pair.csv"], Hints(columns=columns))
