"""JSON: records wherever they stand in a document; what waits is held, cents are no euros, and nothing unstorable comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, Statement, read
from tests.statements.samples import movements
from tests.statements.tagged import TAGGED, sample, text_of, told

NAME = "open_banking.json"
TWO = [{"date": "2025-01-14", "amount": -1.5, "payee": "Tea"}, {"date": "2025-01-20", "amount": 12.25, "payee": "Pay"}]
EXPECTED = [(date(2025, 1, 14), Decimal("-1.50")), (date(2025, 1, 20), Decimal("12.25"))]


def said(document: Any) -> Statement:
    """Read a document."""
    return read(json.dumps(document).encode())


def test_booked_records_are_read_and_pending_ones_held() -> None:
    statement = read(sample(NAME))
    assert movements(statement) == TAGGED[NAME][1]
    assert [(r.kind, r.text) for r in statement.rejected] == [("held", "Kioski")]
    assert {(row.account, row.currency) for row in statement.rows} == {("FI1410093000123458", "EUR")}


@pytest.mark.parametrize("change", ["one line", "UTF-16", "a mark", "CRLF", "ASCII", "pending first"])
def test_the_same_document_written_in_another_way_gives_the_same_rows(change: str) -> None:
    text, document = text_of(NAME), json.loads(text_of(NAME))
    document["transactions"] = {"pending": document["transactions"]["pending"], "booked": document["transactions"]["booked"]}
    data = {
        "one line": json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode(),
        "UTF-16": text.encode("utf-16"),
        "a mark": b"\xef\xbb\xbf" + text.encode(),
        "CRLF": text.replace("\n", "\r\n").encode(),
        "ASCII": json.dumps(json.loads(text)).encode(),
        "pending first": json.dumps(document).encode(),
    }[change]
    assert told(read(data)) == told(read(sample(NAME)))


@pytest.mark.parametrize(
    "document",
    [
        TWO,
        {"transactions": TWO},
        {"a": {"b": {"c": TWO}}},
        {"data": [{"id": "x", "rows": TWO}]},
        [[], TWO],
        {"other": [{"name": "no dates"}], "rows": TWO},
        [{"date": {"value": r["date"], "name": "Date", "id": 0}, "x": {"value": r["amount"], "name": "Amount", "id": 1}} for r in TWO],
        [r | {"date": f"{r['date']}+0100"} for r in TWO],
        [r | {"date": f"{r['date']}T23:59:00.000+02:00"} for r in TWO],
        [{"date": "2025-01-14", "items": TWO[:1]}, {"date": "2025-01-20", "items": TWO[1:]}],
    ],
)
def test_records_are_found_wherever_they_stand(document: Any) -> None:
    assert movements(said(document)) == EXPECTED


def test_the_accounts_of_a_document_are_read_together_and_kept_apart() -> None:
    statement = said(
        {"accounts": [{"iban": "DE02120300000000202051", "transactions": TWO}, {"iban": "DE02500105170137075030", "transactions": TWO[:1]}]}
    )
    assert movements(statement) == [*EXPECTED, EXPECTED[0]]
    assert [row.account[-4:] for row in statement.rows] == ["2051", "2051", "5030"]


def test_a_day_around_its_bookings_is_theirs() -> None:
    statement = said(
        [{"date": "2025-01-14", "total": -3.5, "bookings": [{"amount": -1.5, "payee": "Tea"}, {"amount": -2.0, "payee": "Bun"}]}]
    )
    assert movements(statement) == [(date(2025, 1, 14), Decimal("-1.50")), (date(2025, 1, 14), Decimal("-2.00"))]


def test_another_list_with_dates_and_amounts_is_named() -> None:
    statement = said({"debits": TWO, "credits": TWO[1:]})
    assert movements(statement) == EXPECTED
    assert ["\u201ccredits\u201d" in r.reason for r in statement.problems] == [True]


def test_what_is_all_pending_is_no_statement() -> None:
    with pytest.raises(StatementNotReadable, match="no list"):
        said({"pending": TWO})


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("-1.234", "-1.234"),
        ("-1234", "-1234"),
        ("1.5E2", "150"),
        ("-0.1", "-0.1"),
        ('"-1.50"', "-1.50"),
        ('"-1,50"', "-1.50"),
        ("1e-2", "0.01"),
    ],
)
def test_a_number_is_read_as_it_stands(written: str, amount: str) -> None:
    statement = read(
        f'[{{"date":"2025-01-14","amount":{written},"payee":"Tea"}},{{"date":"2025-01-20","amount":-7.25,"payee":"Tea"}}]'.encode()
    )
    if '"-1,50"' not in written:
        assert movements(statement)[0] == (date(2025, 1, 14), Decimal(amount))
    else:
        assert statement.questions or statement.problems or statement.rows[0].amount == Decimal(amount)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "1e400", "9" * 400, '""', '"--5"', "null", "true"])
def test_what_is_no_amount_is_rejected_with_its_row(bad: str) -> None:
    rows = [f'{{"date":"2025-01-{14 + n}","amount":{amount},"payee":"Tea"}}' for n, amount in enumerate(("-1.50", bad, "-2.50", "-3.50"))]
    statement = read(f"[{','.join(rows)}]".encode())
    assert [row.amount for row in statement.rows] == [Decimal("-1.50"), Decimal("-2.50"), Decimal("-3.50")]
    assert [r.line for r in statement.problems] == [2]


def test_the_smallest_coins_are_no_full_units() -> None:
    feed = [{"time": r["date"], "amount": {"currency": "GBP", "minorUnits": int(r["amount"] * 100)}, "payee": r["payee"]} for r in TWO]  # type: ignore[operator]
    assert movements(said(feed)) == EXPECTED
    yen = [
        {"time": "2025-01-14", "amount": {"currency": "JPY", "minorUnits": -150}, "payee": "Tea"},
        {"time": "2025-01-20", "amount": {"currency": "JPY", "minorUnits": 90}, "payee": "Tea"},
    ]
    assert [row.amount for row in said(yen).rows] == [-150, 90]


def test_whole_numbers_throughout_are_asked_about() -> None:
    rows = [{"date": f"2025-01-{d}", "amount": -d * 131, "payee": "Tea"} for d in range(10, 20)]
    rows = [*rows, {"date": "2025-01-30", "amount": 5001, "payee": "Pay"}]
    assert [[o.value for o in q.options] for q in said(rows).questions if q.key == "unit"] == [["whole", "cents"]]
    for unit, last in (("whole", "5001"), ("cents", "50.01")):
        answered = read(json.dumps(rows).encode(), "", Hints(unit=unit))
        assert (str(answered.rows[-1].amount), [q for q in answered.questions if q.key == "unit"]) == (last, [])
    assert [q.key for q in said(rows[-3:]).questions] == ["unit"]
    assert said([{"date": "2025-01-30", "amount": n, "payee": "Pay"} for n in (-20, 1500)]).questions == []


def test_the_currency_beside_an_amount_is_its_own_and_no_other_word_of_three_letters() -> None:
    feed = [
        {"date": r["date"], "original": {"amountMinor": -99, "currency": "JPY"}, "country": "KWD", "currency": "EUR", "payee": r["payee"]}
        | {"amountMinor": int(r["amount"] * 100)}  # type: ignore[operator]
        for r in TWO
    ]
    assert movements(said(feed)) == EXPECTED


@pytest.mark.parametrize(
    "amount",
    [
        lambda n: {"value": {"unscaledValue": str(n), "scale": "2"}, "currencyCode": "EUR"},
        lambda n: {"value": n, "precision": 2, "currency": "EUR"},
        lambda n: {"value": n / 100, "precision": 2, "currency": "EUR"},
    ],
)
def test_a_scale_says_where_the_mark_belongs(amount: Callable[[int], dict[str, object]]) -> None:
    feed = [{"date": r["date"], "amount": amount(int(r["amount"] * 100)), "payee": r["payee"]} for r in TWO]  # type: ignore[operator]
    statement = said(feed)
    assert movements(statement) == EXPECTED
    assert statement.questions == []


def test_what_a_flag_calls_pending_is_held() -> None:
    feed = [{"date": "2025-01-30", "amount": -1.25, "payee": f"Pie {n}", "pending": n > 1} for n in range(3)]
    statement = said(feed)
    assert (len(statement.rows), [(r.line, r.kind) for r in statement.rejected]) == (2, [(3, "held")])
    with pytest.raises(StatementNotReadable, match="booked yet"):
        said(feed[2:])


def test_records_one_a_line_are_read() -> None:
    assert movements(read("\n".join(map(json.dumps, TWO)).encode())) == EXPECTED


def test_text_that_no_database_stores_is_cleaned() -> None:
    row = read(b'[{"date":"2025-01-14","amount":-1.5,"payee":"a\\u0000b\\ud800c"},{"date":"2025-01-20","amount":2.5,"payee":"x"}]').rows[0]
    assert row.payee == "a b c"


@pytest.mark.parametrize(
    "data", [b'{"a":"b"', b'[{"a":1},', b'{"a":"b"}', b'[{"a":"b"}]', b'{"a":' * 100_000, b'[{"a":1},' + b"[" * 100_000]
)
def test_what_holds_no_records_is_refused(data: bytes) -> None:
    with pytest.raises(StatementNotReadable):
        read(data)
