"""Whatever happens to a file of any format, the answer is a statement or a refusal in words, and what it holds can be stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, read
from tests.statements.tagged import TAGGED, sample
from tests.statements.workbooks import workbook

FILES = {name: sample(name) for name in TAGGED if not name.endswith(".xls")}
# What opens a format, so that random bytes get past the door.
DOORS = (
    b"OFXHEADER:100\n<OFX><STMTTRN>",
    b"<OFX><CURDEF>EUR<BANKTRANLIST><STMTTRN><DTPOSTED>20250114<TRNAMT>",
    b"!Type:Bank\nD",
    b":20:A\n:25:1\n:60F:C250101EUR1,00\n:61:250114",
    b":20:A\n:25:1\n:61:2501140114D1,00NTRF\n:86:",
    b'<?xml version="1.0"?><Document xmlns="camt.053"><Stmt><Ntry>',
    b'[{"date":"2025-01-14","amount":"',
    b'{"transactions":[',
    b"PK\x03\x04xl/workbook.xml",
)
TEXTS = st.sampled_from(
    [b"<", b">", b"</", b"<STMTTRN>", b"</STMTTRN>", b"<TRNAMT>", b"<CURDEF>", b"<BANKACCTTO>", b"&#xD800;", b"&amp;", b"<![CDATA[", b"]]>", b"-1e999",
     b"9" * 70, b"NaN", b"00000000", b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", b"\n", b"\r", b"\n:61:", b"\n:86:", b"\n:62M:", b"\n-}\n{1:", b"?20",
     b"/NAME/", b"\n^\n", b"\n!Account\nN", b"\n!Type:Invst\n", b"<Ntry>", b"</Ntry>", b"<Amt Ccy='", b"[", b"{", b'"', b'":', b",", b"1e400"]
)  # fmt: skip


def answered(data: bytes, hints: Hints | None = None) -> None:
    """Read, and check what no statement may break."""
    try:
        statement = read(data, "", hints)
    except StatementNotReadable as refused:
        assert refused.message[0].isupper()
        assert len(refused.message) < 300
        return
    assert statement.rows or statement.rejected
    for row in statement.rows:
        assert type(row.date) is date
        assert 1900 <= row.date.year <= 2199
        assert isinstance(row.amount, Decimal)
        assert row.amount.is_finite()
        assert statement.reading.format not in {"ofx", "camt", "mt940"} or abs(row.amount) < Decimal("1e15")
        assert row.currency is None or re.fullmatch(r"[A-Z]{3}", row.currency)
        for text in (row.payee, row.text, row.note, row.category, row.account, row.bank_id, row.counter):
            assert len(text.encode()) <= 4 * 500
            assert "\x00" not in text
    for rejected in statement.rejected:
        assert rejected.reason
        assert rejected.kind in {"problem", "held", "summary"}
        assert "\x00" not in rejected.text.encode().decode() + rejected.reason + rejected.value
    for question in statement.questions:
        assert question.text
        assert question.options


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(DOORS), st.lists(st.one_of(TEXTS, st.binary(max_size=20), st.text(max_size=8).map(str.encode)), max_size=12))
def test_anything_behind_the_beginning_of_a_format_is_answered(door: bytes, parts: list[bytes]) -> None:
    answered(door + b"".join(parts))


def _dropped(data: bytes, at: int, size: int) -> bytes:
    tags = list(re.finditer(rb"<[^<>]*>|:\d\d[A-Z]?:|\n", data))
    if not tags:
        return data[size:]
    tag = tags[at % len(tags)]
    return data[: tag.start()] + data[tag.end() :]


MUTATIONS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "cut": lambda data, at, _: data[:at],
    "begin later": lambda data, at, _: data[at:],
    "double": lambda data, at, size: data[: at + size] + data[at:],
    "twice": lambda data, _at, _size: data + data,
    "flip": lambda data, at, size: data[:at] + bytes([data[at] ^ (1 << size % 8)]) + data[at + 1 :],
    "drop": lambda data, at, size: data[:at] + data[at + size :],
    "drop a tag": _dropped,
    "huge": lambda data, at, size: re.sub(rb"\d+[.,]\d+", lambda m: m[0] * (1 + size), data, count=1 + at % 3),
    "deep": lambda data, at, _size: data[:at] + b"<x>" * 3000 + data[at:],
    "deep list": lambda data, at, _size: data[:at] + b"[" * 3000 + data[at:],
    "zero": lambda data, at, size: data[:at] + b"\x00" * size + data[at:],
}
HINTS = st.sampled_from(
    [None, Hints(sign="out-positive", decimal=","), Hints(sign="out-negative", decimal="."), Hints(cells={1: {"amount": "x", "date": "y"}})]
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.sampled_from(sorted(MUTATIONS)), st.integers(0, 10**6), st.integers(1, 40)), min_size=1, max_size=3),
    HINTS,
)
def test_a_damaged_file_of_any_format_is_answered(name: str, steps: list[tuple[str, int, int]], hints: Hints | None) -> None:
    data = FILES[name]
    for kind, at, size in steps:
        data = MUTATIONS[kind](data, at % len(data), size) if data else data
    answered(data, hints)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.lists(TEXTS, min_size=1, max_size=3), st.integers(0, 10**6))
def test_a_file_with_something_put_in_is_answered(name: str, parts: list[bytes], at: int) -> None:
    place = at % len(FILES[name])
    answered(FILES[name][:place] + b"".join(parts) + FILES[name][place:])


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["cut", "flip", "drop", "zero", "double"]), st.integers(0, 10**6), st.integers(1, 40)),
        min_size=1,
        max_size=2,
    )
)
def test_a_damaged_workbook_is_answered(kind: str, steps: list[tuple[str, int, int]]) -> None:
    rows = [["Date", "Description", "Amount"], ["2025-01-14", "Tea", -1.5], ["2025-01-20", "Pay", 12.25]]
    data = workbook(rows) if kind == "xlsx" else sample("old_sheet.xls")
    for name, at, size in steps:
        data = MUTATIONS[name](data, at % len(data), size) if data else data
    answered(data)


def _long(unit: str, before: str = "", after: str = "", size: int = 300_000) -> bytes:
    return (before + unit * (size // len(unit)) + after).encode()


OFX, MT940 = (
    "<OFX><CURDEF>EUR<BANKTRANLIST><STMTTRN><DTPOSTED>20250114<TRNAMT>-1<NAME>",
    ":20:A\n:25:1\n:60F:C250101EUR1,00\n:61:2501140114D1,00NTRF\n:86:",
)


@pytest.mark.parametrize(
    "data",
    [
        *(_long(unit, OFX) for unit in ("<", "<A ", "x ", "\n", "&amp;", "<![CDATA[", "<BANKACCTTO>", "<STMTTRN>", "<CURDEF>")),
        *(_long(unit, MT940) for unit in ("?20", "\n", "/NAME/", "SVWZ+", "IBAN+ ", "\n- ", "\n:", ":61:")),
        _long(" '", "!Type:Bank\nD", "1\nT1\n^\n"),
        _long("  ", "!Type:Bank\nD1", "1\nT1\n^\n"),
        _long("[", '{"a":'),
        _long('{"a":', "[1,"),
        _long('{"a":"b"}\n'),
        _long("1", '[{"date":"2025-01-14","amount":', "}]"),
        _long("<a>", '<?xml version="1.0"?><Document xmlns="camt.053"><Stmt>'),
    ],
    ids=lambda data: data[-12:].decode(errors="replace"),
)
def test_one_long_run_of_anything_is_answered(data: bytes) -> None:
    """Each would take hours if a pattern looked at it again from every place: that this ends is what is tested."""
    answered(data)
