"""Marks, signs and sides of amounts; what a running balance proves; what is asked."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, read
from dashboard.statements.table import amounts
from dashboard.statements.table.columns import number_shape, to_amount
from tests.statements.samples import table


@pytest.mark.parametrize(
    ("cell", "mark", "expected"),
    [
        ("1,234.56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1'234.56", ".", "1234.56"),
        ("1\u2019234.56", ".", "1234.56"),
        ("1\u00a0234,56", ",", "1234.56"),
        ("1\u202f234,56", ",", "1234.56"),
        ("1,20,450.00", ".", "120450.00"),
        (".23", ".", "0.23"),
        ("12,5", ",", "12.5"),
        ("-12.50", ".", "-12.50"),
        ("\u221212,50", ",", "-12.50"),
        ("12.50-", ".", "-12.50"),
        ("(12.50)", ".", "-12.50"),
        ("($85.00)", ".", "-85.00"),
        ("- $220.00", ".", "-220.00"),
        ("+12.50", ".", "12.50"),
        ("12,50 EUR", ",", "12.50"),
        ("-85,50 TL", ",", "-85.50"),
        ("1 250,00 kr", ",", "1250.00"),
        ("R$ 10,00", ",", "10.00"),
        ("-R 1 234.50", ".", "-1234.50"),
        ("RM12.50", ".", "12.50"),
        ("\u00a512", ".", "12"),
        ("\\7,000", ".", "7000"),
        ("7,000円", ".", "7000"),
    ],
)
def test_a_written_amount_is_that_number(cell: str, mark: str, expected: str) -> None:
    shape = number_shape(cell)
    assert shape is not None
    assert to_amount(shape, mark) == Decimal(expected)


@pytest.mark.parametrize(
    "cell",
    [
        "NaN",
        "inf",
        "-Infinity",
        "1e400",
        "1e5",
        "9" * 400,
        "",
        "--5",
        "5--",
        "+-5",
        "1.2.3.4",
        "0x10",
        "\u0661\u0662 twelve",
        "R1001",
        "12.50 or so",
    ],
)
def test_what_is_no_amount_is_no_number(cell: str) -> None:
    shape = number_shape(cell)
    assert shape is None or to_amount(shape, ".") is None


@pytest.mark.parametrize("cell", ["NaN", "inf", "1e400", "9" * 400, "--5", "twelve", "1,2,3"])
def test_a_row_with_an_unreadable_amount_is_left_out_with_its_line(cell: str) -> None:
    rows = [f'2025-01-{day},Shop {day},"-{day}.50"' for day in range(10, 16)]
    rows[3] = f'2025-01-13,Broken,"{cell}"'
    statement = read(table("Date,Description,Amount", *rows))
    assert len(statement.rows) == 5
    assert [(r.line, r.kind, r.field) for r in statement.rejected] == [(5, "problem", "amount")]
    assert sum((row.amount for row in statement.rows), Decimal(0)).is_finite()


def test_an_empty_amount_is_no_zero() -> None:
    statement = read(table("Date,Description,Amount", "2025-01-14,Tea,-1.00", "2025-01-15,Note,", "2025-01-16,Pay,30.00"))
    assert len(statement.rows) == 2
    assert [r.line for r in statement.rejected] == [3]


def test_only_positive_amounts_are_asked_and_the_answer_is_obeyed() -> None:
    data = table("Date,Description,Amount", "2025-01-14,Tea,1.00", "2025-01-15,Cake,2.00", "2025-01-16,Pie,3.00")
    assert [q.key for q in read(data).questions] == ["sign"]
    assert [row.amount for row in read(data, "", Hints(sign="out-positive")).rows] == [-1, -2, -3]
    assert [row.amount for row in read(data, "", Hints(sign="out-negative")).rows] == [1, 2, 3]


def test_a_card_whose_payments_and_returns_alone_are_negative_is_turned_round() -> None:
    statement = read(
        table(
            "Date,Description,Amount",
            "2025-01-14,Tea,1.00",
            "2025-01-15,Cake,2.00",
            "2025-01-16,PAYMENT - THANK YOU,-30.00",
            "2025-01-17,Pie,3.00",
            "2025-01-18,Offer credit,-5.00",
            "2025-01-19,Tart,4.00",
        )
    )
    assert [str(row.amount) for row in statement.rows] == ["-1.00", "-2.00", "30.00", "-3.00", "5.00", "-4.00"]
    assert statement.questions == []


def test_refunds_that_are_negative_without_any_word_of_a_card_are_asked() -> None:
    statement = read(
        table(
            "Date,Description,Amount",
            "2025-01-14,Tea,1.00",
            "2025-01-15,Cake,2.00",
            "2025-01-16,Refund tea,-1.00",
            "2025-01-17,Pie,3.00",
        )
    )
    assert [q.key for q in statement.questions] == ["sign"]


def test_a_balance_that_falls_while_amounts_are_positive_is_asked() -> None:
    statement = read(
        table(
            "Date,Withdrawal / Deposit,Balance,Details",
            "2025-03-08,45.00,955.00,Tea",
            "2025-03-13,1950.00,2905.00,Pay",
            "2025-03-14,12.50,2892.50,Cake",
        )
    )
    assert statement.questions


def test_rows_without_a_direction_word_among_rows_with_one_are_asked() -> None:
    data = table(
        "Date|Description|Amount|Debit / Credit", "08/03/2025|Tea|45.00|", "13/03/2025|Payment|1950.00|Cr", "14/03/2025|Cake|12.50|"
    )
    assert [q.key for q in read(data).questions] == ["sign"]
    assert [row.amount for row in read(data, "", Hints(sign="out-positive")).rows] == [-45, 1950, Decimal("-12.50")]


@pytest.mark.parametrize("head", ["Sign", "+/-", ""])
def test_a_column_of_plus_and_minus_signs_is_the_sign(head: str) -> None:
    statement = read(
        table(f"Date;Description;Amount;{head}", "2025-03-08;Tea;45.00;-", "2025-03-13;Pay;1950.00;+", "2025-03-14;Cake;12.50;-")
    )
    assert [row.amount for row in statement.rows] == [-45, 1950, Decimal("-12.50")]
    assert not statement.questions


def test_a_column_of_minus_signs_alone_leaves_the_rest_positive() -> None:
    statement = read(table("Date;Description;Amount;Sign", "2025-03-08;Tea;45.00;-", "2025-03-13;Pay;1950.00;", "2025-03-14;Cake;12.50;-"))
    assert [row.amount for row in statement.rows] == [-45, 1950, Decimal("-12.50")]


def test_a_kind_of_movement_in_one_row_is_no_direction() -> None:
    statement = read(table("Transaction Date,Description,Type,Amount", "2025-03-26,Autopay,Payment,0.99"))
    assert statement.questions
    assert statement.rows[0].amount == Decimal("0.99")


def test_one_named_side_names_the_other() -> None:
    statement = read(table("Date;Text;Zzzq;Credit", "08.03.2025;Tea;45,00;", "13.03.2025;Pay;;1950,00", "14.03.2025;Cake;12,50;"))
    assert [row.amount for row in statement.rows] == [-45, 1950, Decimal("-12.50")]
    assert not statement.questions


def test_two_sides_without_names_and_without_a_balance_are_asked() -> None:
    statement = read(table("08.03.2025;Tea;45,00;", "13.03.2025;Pay;;1950,00", "14.03.2025;Cake;12,50;"))
    assert [q.key for q in statement.questions] == ["columns"]


def test_three_digits_after_the_only_mark_are_asked_unless_heads_or_currency_tell() -> None:
    rows = ("08/03/2025,Tea,-45.500", "13/03/2025,Pay,950.000", "14/03/2025,Cake,-12.250")
    assert [q.key for q in read(table("Date,Description,Amount", *rows)).questions] == ["decimal"]
    assert read(table("Date,Description,Amount", *rows), "", Hints(decimal=".")).rows[0].amount == Decimal("-45.5")
    assert read(table("Date,Description,Amount (KWD)", *rows)).rows[0].amount == Decimal("-45.5")
    assert read(table("Date,Description,Amount (ISK)", *rows)).rows[0].amount == Decimal(-45500)
    assert read(table("Fecha,Descripcion,Importe", *rows)).rows[0].amount == Decimal(-45500)


def test_the_balance_proof_names_the_first_line_that_breaks_it() -> None:
    lines = [
        "2025-01-10,A,-1.00,99.00",
        "2025-01-11,B,-2.00,97.00",
        "2025-01-12,C,-3.00,94.00",
        "2025-01-13,D,-4.00,91.00",
        "2025-01-14,E,-5.00,86.00",
    ]
    proof = read(table("Date,Text,Amount,Balance", *lines)).proof
    assert proof is not None
    assert proof.holds
    assert (proof.agree, proof.steps, proof.broken_line) == (3, 4, 5)


def test_a_table_without_amounts_is_refused() -> None:
    with pytest.raises(StatementNotReadable):
        read(table("Date,Description", "2025-01-14,Tea", "2025-01-15,Cake"))


SIDED = [
    # A minus beside a word that most amounts have without one is a reversal.
    ([("Debit", "10.50")] * 9 + [("Debit", "-5.25"), ("Credit", "100.00")], ["-10.50"] * 9 + ["5.25", "100.00"]),
    # A card's: each debit is positive, each credit negative, but for one that was taken back.
    ([("Debit", "10.50")] * 8 + [("Credit", "-100.00")] * 3 + [("Debit", "-5.00")], ["-10.50"] * 8 + ["100.00"] * 3 + ["5.00"]),
    # Signs that say what the words say, but for one that was taken back.
    ([("Debit", "-10.50")] * 8 + [("Credit", "100.00")] * 3 + [("Debit", "5.00")], ["-10.50"] * 8 + ["100.00"] * 3 + ["5.00"]),
]


@pytest.mark.parametrize(("cells", "expected"), SIDED)
def test_words_and_signs_are_read_together(cells: list[tuple[str, str]], expected: list[str]) -> None:
    lines = [f"2026-03-{i + 1:02},Shop {chr(65 + i)}{i},{word},{amount}" for i, (word, amount) in enumerate(cells)]
    statement = read(table("Date,Description,Type,Amount", *lines))
    assert [row.amount for row in statement.rows] == [Decimal(e) for e in expected]
    assert not statement.questions


def test_words_and_signs_that_say_no_one_thing_are_asked_about() -> None:
    cells = [*[("Debit", "10.50")] * 4, *[("Credit", "-100.00")] * 3, *[("Debit", "-5.00")] * 2, *[("Credit", "5")] * 2]
    data = table("Date,Description,Type,Amount", *(f"2026-03-{i + 1:02},Shop {i},{w},{a}" for i, (w, a) in enumerate(cells)))
    (question,) = read(data).questions
    assert (question.key, [option.value for option in question.options]) == ("columns", ["3", "3,2"])
    answered = read(data, "", Hints(columns={"debit": 3, "credit": 2}))
    assert not answered.questions
    assert [str(row.amount) for row in answered.rows] == ["-10.50"] * 4 + ["100.00"] * 3 + ["5.00"] * 2 + ["-5"] * 2


def test_a_sign_beside_a_word_that_no_row_before_had_is_a_problem_and_no_guess() -> None:
    cells = [*[("Debit", "10.50")] * 700, *[("Credit", "3.00")] * 10, ("Debit", "-5.00")]
    statement = read(
        table("Date,Description,Type,Amount", *(f"2026-03-{i % 28 + 1:02},Shop {i},{w},{a}" for i, (w, a) in enumerate(cells)))
    )
    assert [(r.line, r.reason) for r in statement.problems] == [
        (712, "The amount \u201c-5.00 Debit\u201d cannot be read \u2013 correct it")
    ]


@pytest.mark.parametrize(
    "heads",
    [
        ["Amount"],
        ["Debit", "Credit"],
        ["Fee", "Amount", "Rate"],
        ["Fee", "Debit", "Credit", "Balance"],
        ["k"],
        ["Fee", "Rate", "Original amount"],
    ],
    ids=" ".join,
)
def test_many_columns_of_numbers_are_not_all_tried_with_each_other(heads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would take minutes if every two or three of four hundred columns were tried: that this ends is what is tested."""
    tried = 0
    proved = amounts._prove

    def counted(*given: object) -> None:
        nonlocal tried
        tried += 1
        proved(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(amounts, "_prove", counted)
    wide = [heads[n % len(heads)] + str(n) * (heads == ["k"]) for n in range(399)]
    rows = [["2025-01-14", *(f"{n % 7}.{r % 10}1" for n in range(399))] for r in range(40)]
    with suppress(StatementNotReadable):
        read(table(*map(",".join, [["Date", *wide], *rows])))
    assert tried <= amounts.MOST_NUMBERS**2


def test_the_columns_that_are_tried_are_those_whose_heads_say_most() -> None:
    heads = ["Date", *(f"k{n}" for n in range(200)), "Amount", "Payee"]
    rows = [["2025-01-14", *(["1.11"] * 200), f"-{n}.50", f"Shop {n}"] for n in range(1, 6)]
    assert [str(row.amount) for row in read(table(*map(",".join, [heads, *rows]))).rows] == [f"-{n}.50" for n in range(1, 6)]
