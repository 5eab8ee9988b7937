"""What could be read wrongly without a word: each a small file in which one row tells what the others do not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dashboard.statements import Hints, Statement, read
from tests.statements.samples import table


def amounts(statement: Statement) -> list[Decimal]:
    return [row.amount for row in statement.rows]


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_a_refund_does_not_turn_a_column_of_money_out_round() -> None:
    rows = ("2024-01-05,Dress,60.00,", "2024-01-06,Salary,,2000.00", "2024-01-07,Dress refund,-60.00,")
    assert amounts(read(table("Date,Description,Paid out,Paid in", *rows))) == money("-60", "2000", "60")


def test_a_side_that_was_empty_at_first_is_money_out_however_it_is_signed() -> None:
    into = [f"2024-{1 + n // 28 % 12:02d}-{1 + n % 28:02d},Pay,,{n + 1}.50" for n in range(620)]
    statement = read(table("Date,Description,Debit,Credit", *into, "2025-12-30,Rent,-700.00,", "2025-12-31,Rent,701.00,"))
    assert amounts(statement)[-2:] == money("-700", "-701")


def test_what_is_owed_on_a_card_grows_with_every_purchase() -> None:
    rows = ("10.00,110.00", "20.00,130.00", "5.00,135.00", "-100.00,35.00", "7.50,42.50")
    words = ("Shop A", "Shop B", "Shop C", "PAYMENT RECEIVED - THANK YOU", "Shop D")
    lines = [f"2024-03-{13 + n},{word},{row}" for n, (word, row) in enumerate(zip(words, rows, strict=True))]
    assert amounts(read(table("Date,Description,Amount,Balance", *lines))) == money("-10", "-20", "-5", "100", "-7.50")


def test_a_shop_called_total_is_named_and_not_dropped() -> None:
    rows = ("13/01/2024;TOTAL;-45,00", "14/01/2024;Carrefour;-12,30", "15/01/2024;Salaire;1500,00", "25/01/2024;TOTAL;-50,00")
    statement = read(table("Date;Description;Amount", *rows))
    assert len(statement.rows) + sum(1 for r in statement.rejected if r.kind == "problem") == 4


def test_a_row_without_its_day_is_named() -> None:
    rows = (
        "15/01/2024;15/01/2024;A;10,00;;90,00",
        ";;B;5,00;;",
        "16/01/2024;16/01/2024;C;1,00;;84,00",
        "17/01/2024;17/01/2024;D;;9,00;93,00",
    )
    statement = read(table("Date;Value date;Description;Debit;Credit;Balance", *rows))
    assert [(r.line, r.kind) for r in statement.rejected] == [(3, "problem")]


def test_a_standing_order_is_no_closing_balance() -> None:
    rows = [f"2024-03-{14 + n},{text},{amount}" for n, (text, amount) in enumerate((("A", -40), ("B", -30), ("C", -20), ("D", 40)))]
    statement = read(table("Date,Description,Amount", *rows, "2024-03-28,Standing order rent,-50"))
    assert len(statement.rows) == 5


@pytest.mark.parametrize("code", ["BTC", "USDT"])
def test_an_unknown_currency_is_not_the_accounts(code: str) -> None:
    rows = [f"2024-03-{14 + n},Shop,-{n + 1}.00,EUR" for n in range(9)]
    statement = read(table("Date,Description,Amount,Currency", *rows, f"2024-03-28,Coin,-0.02,{code}"))
    assert len(statement.rows) == 9
    assert [(r.kind, code in r.reason) for r in statement.rejected] == [("problem", True)]


def test_an_amounts_own_sign_counts_more_than_all_others() -> None:
    rows = [f"2024-03-{14 + n},Shop,-€{n + 1}.50" for n in range(5)]
    statement = read(table("Date,Description,Amount", *rows, "2024-03-28,Shop,-US$7.00"))
    assert statement.rows[-1].currency == "USD"
    assert {row.currency for row in statement.rows[:-1]} == {"EUR"}


def test_the_amount_on_the_account_is_not_in_the_purchases_currency() -> None:
    head = "Datum;Text;Betrag;W\u00e4hrung;Betrag EUR"
    statement = read(table(head, "13.01.2024;A;-10,00;USD;-9,20", "14.01.2024;B;-30,00;GBP;-35,10", "15.01.2024;C;-5,00;EUR;-5,00"))
    assert not {row.currency for row in statement.rows if row.amount in money("-9.20", "-35.10")} - {"EUR", None}


def test_what_moved_on_the_account_is_told_by_the_rows_in_a_foreign_currency() -> None:
    rows = [f"{14 + n}.03.2024;Shop;-{n + 1},50;BYN;-{n + 1},50" for n in range(6)]
    statement = read(table("Datum;Text;Summe;Code;Umsatz", *rows, "28.03.2024;Shop;-12,99;USD;-42,58"))
    assert amounts(statement)[-1] == Decimal("-42.58")
    assert statement.rows[-1].currency != "USD"


def test_fees_that_the_balance_takes_off_are_taken_off() -> None:
    rows = ("-20.00,0.50,79.50", "-10.00,0.50,69.00", "5.00,0,74.00", "-4.00,1.00,69.00", "-9.00,0.25,59.75")
    lines = [f"2024-03-{14 + n},Shop,{row}" for n, row in enumerate(rows)]
    statement = read(table("Date,Description,Amount,Fee,Balance", *lines))
    assert amounts(statement) == money("-20.50", "-10.50", "5", "-5", "-9.25")
    assert statement.proof is not None
    assert statement.proof.agree == statement.proof.steps == 4


FEES = [
    "Date,Description,Fee,Amount after fees",
    "Date,Description,Source fee amount,Source amount (after fees)",
    "Datum,Name,Geb\u00fchr,Betrag nach Geb\u00fchren",
    "Date,Libell\u00e9,Frais,Montant hors frais",
    "Date,Description,Fee amount,Source amount",
]


@pytest.mark.parametrize("heads", FEES)
def test_whether_a_fee_is_part_of_the_amount_is_asked_where_nothing_tells(heads: str) -> None:
    rows = ("2024-05-20,Rent,3.21,-500.00", "2024-05-18,Acme,0.00,2000.00", "2024-05-15,Film,0.61,-45.00", "2024-05-14,Shop,0.55,-80.00")
    statement = read(table(heads, *rows))
    assert [(q.key, [(o.value, o.examples) for o in q.options]) for q in statement.questions] == [
        ("fee", [("besides", ("-503.21", "-45.61", "-80.55")), ("included", ("-500.00", "-45.00", "-80.00"))])
    ]
    for said, first in (("besides", "-503.21"), ("included", "-500.00")):
        answered = read(table(heads, *rows), "", Hints(fee=said))
        assert (amounts(answered)[0], answered.questions) == (Decimal(first), [])


def test_a_few_fees_that_the_balances_take_off_are_taken_off_and_a_single_one_is_asked() -> None:
    rows = ["2024-03-14,Shop,-20.00,0.00,80.00", "2024-03-15,Cash,-10.00,0.42,69.58", "2024-03-16,Shop,-5.00,0.00,64.58"]
    heads = "Date,Description,Amount,Fee,Balance"
    one = read(table(heads, *rows))
    assert [q.key for q in one.questions] == ["fee"]
    included = read(table(heads, *rows), "", Hints(fee="included"))
    assert included.proof is not None
    assert (amounts(included)[1], included.proof.broken_line) == (Decimal("-10.00"), 3)
    two = read(table(heads, *rows, "2024-03-17,Shop,-4.00,0.00,60.58", "2024-03-18,Cash,-50.00,1.50,9.08"))
    assert not two.questions
    assert amounts(two) == money("-20", "-10.42", "-5", "-4", "-51.50")


@pytest.mark.parametrize("empty", [0, 3010])
def test_what_is_pending_or_declined_under_a_head_of_states_is_held_back(empty: int) -> None:
    rows = [f"2024-{1 + n // 28 % 12:02d}-{1 + n % 28:02d},Shop,-{n + 1}.50," for n in range(empty)]
    rows += ["2024-12-20,Shop,-5.00,Booked", "2024-12-21,Shop,-6.00,Booked"]
    statement = read(table("Date,Description,Amount,Status", *rows, "2024-12-30,Rent,-700.00,Declined"))
    assert [r.kind for r in statement.rejected] == ["held"]
    if not empty:
        statement = read(table("Date,Description,Amount,Status", *rows, "2024-12-30,Rent,-700.00,Pending"))
        assert [r.kind for r in statement.rejected] == ["held"]


def test_a_cancelled_order_is_a_text_and_no_state() -> None:
    rows = ("2024-03-14,Shop,-45.00", "2024-03-15,Amazon cancelled order refund,45.00", "2024-03-16,Pay,1500.00", "2024-03-17,Rent,-700.00")
    assert len(read(table("Date,Description,Amount", *rows)).rows) == 4


@pytest.mark.parametrize("days", [[f"31/12/{y}" for y in range(19, 24)], [f"01.01.{y}" for y in range(20, 25)]])
def test_the_last_day_of_each_year_does_not_begin_with_the_year(days: list[str]) -> None:
    statement = read(
        table("Date;Text;Amount", *[f"{day};Interest;{n + 1},40" for n, day in enumerate(days)]), "", Hints(sign="out-negative")
    )
    assert [row.date.year for row in statement.rows] == [2000 + int(day[-2:]) for day in days]


def test_one_row_a_month_and_one_row_a_day_are_asked_about() -> None:
    rows = [f"{n:02d}/05/2024,Interest,1.10,{100 + n}.{10 + n}" for n in range(1, 13)]
    assert "dates" in {q.key for q in read(table("Date,Description,Amount,Balance", *rows)).questions}


def test_a_side_may_be_glued_to_its_amount() -> None:
    rows = ("2024-03-14,A,10.00DR", "2024-03-15,B,20.00DR", "2024-03-16,C,35.00CR")
    assert amounts(read(table("Date,Description,Amount", *rows))) == money("-10", "-20", "35")


def test_five_hundred_beside_thousands_tells_that_the_mark_is_no_decimal() -> None:
    points = ('"1,750"', "500")
    rows = [f'2024-03-{14 + n},Shop,"-{n + 1},250",{points[n % 2]}' for n in range(6)]
    statement = read(table("Date,Description,Amount,Points", *rows))
    assert not [q for q in statement.questions if q.key == "decimal"]
    assert statement.rows[0].amount == -1250


def test_a_line_that_tells_the_opening_balance_is_no_money_in() -> None:
    rows = ("-15.00,285.00", "-5.50,300.00", "40.00,305.50", "-7.25,265.50", "-2.00,272.75", "-1.00,274.75")
    lines = [f"2024-01-{28 - n},Shop {n},{row}" for n, row in enumerate(rows)]
    statement = read(table("2024-01-31,JAN KOWALSKI,275.75,285.00", *lines))
    assert amounts(statement) == money("-15", "-5.50", "40", "-7.25", "-2", "-1")
    assert statement.proof is not None
    assert statement.proof.agree == statement.proof.steps == 5


def test_a_row_cut_short_above_a_table_without_heads_is_named() -> None:
    rows = [f"2025-03-{d:02},Shop {d},{-d}.50,REF {d},ONLINE,MAIN ST" for d in range(10, 16)]
    statement = read(table("2025-03-09,-7.25", *rows))
    assert len(statement.rows) == 6
    assert [(r.line, r.kind) for r in statement.rejected] == [(1, "problem")]


def test_mending_one_row_lets_no_total_in() -> None:
    rows = [f"2025-03-{d:02},Shop {d},-{d}.50" for d in range(10, 16)]
    data = table("Date,Description,Amount", *rows, "2025-03-32,Pie,-1.00", "2025-03-31,Closing balance,-79.00")
    assert (len(read(data).rows), len(read(data, "", Hints(cells={8: {"date": "2025-03-30"}})).rows)) == (6, 7)


def test_a_comma_within_a_text_does_not_make_its_amount_a_thousand() -> None:
    whole = ["2025-03-10,Rent,-1345.00", "2025-03-11,Tea,-3.50", "2025-03-12,Cake,-4.50"]
    statement = read(table("Date,Description,Amount", *whole, "2025-03-13,ROOM,12,345.00"))
    assert [r.line for r in statement.problems] == [5]
    # Where the file writes its thousands so, they are joined.
    joined = read(table("Date,Description,Amount", "2025-03-10,Rent,-1,345.00", *whole[1:]))
    assert joined.rows[0].amount == Decimal(-1345)


def test_a_column_of_numbers_that_explains_nothing_is_no_balance() -> None:
    rows = [f"2025-03-{d:02},Shop {d},-{d}.50,{n}" for d, n in zip(range(10, 16), (4417, 4417, 93, 5012, 7, 93), strict=True)]
    statement = read(table("Date,Description,Amount,Terminal", *rows))
    assert statement.proof is None
    assert {row.balance for row in statement.rows} == {None}
