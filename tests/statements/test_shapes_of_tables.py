"""Classes of layouts that programs write: each is read by what its columns are to each other, not by whose they are."""

from __future__ import annotations

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from tests.statements.samples import table


def amounts(*lines: str, encoding: str = "utf-8") -> list[str]:
    statement = read(table(*lines).decode().encode(encoding))
    assert statement.questions == []
    return [str(row.amount) for row in statement.rows]


def test_a_date_in_three_columns_is_one() -> None:
    statement = read(
        table(
            "操作日(年),操作日(月),操作日(日),摘要,お支払金額,お預り金額,残高",
            "2025,6,2,コンビニ,640,,99360",
            "2025,6,14,給与,,198000,297360",
            "2025,6,27,家賃,62000,,235360",
        )
    )
    assert [(row.date.isoformat(), str(row.amount)) for row in statement.rows] == [
        ("2025-06-02", "-640"),
        ("2025-06-14", "198000"),
        ("2025-06-27", "-62000"),
    ]


def test_a_column_for_each_currency_is_amount_and_currency() -> None:
    statement = read(
        table(
            "Account,Date,Description,CAD$,USD$",
            "1,2025-01-17,Shop,-12.50,",
            "2,2025-01-18,Wire,,350.00",
            "1,2025-01-19,Fee,-1.95,",
        )
    )
    assert [(str(row.amount), row.currency) for row in statement.rows] == [("-12.50", "CAD"), ("350.00", "USD"), ("-1.95", "CAD")]


@pytest.mark.parametrize(
    ("local", "foreign"), [("Monto en pesos", "Monto en d\u00f3lares"), ("Importe $", "Importe U$S"), ("Amount local", "Amount USD")]
)
@pytest.mark.parametrize("none", ["", "0,00"])
def test_money_that_heads_call_by_its_name_is_kept_apart_and_pesos_are_the_accounts(local: str, foreign: str, none: str) -> None:
    rows = ["02/05/2024;Shop;{0};-12,99", "14/05/2024;Fuel;-8.700,00;{0}", "21/05/2024;Film;{0};-20,00", "28/05/2024;Pay;95.000,00;{0}"]
    statement = read(table(f"Fecha;Descripcion;{local};{foreign}", *(row.format(none) for row in rows)))
    assert [(str(row.amount), row.currency) for row in statement.rows] == [
        ("-12.99", "USD"),
        ("-8700.00", None),
        ("-20.00", "USD"),
        ("95000.00", None),
    ]


def test_one_amount_with_a_currency_gives_it_to_no_other_row() -> None:
    rows = [f"2024-05-{14 + n},Shop,-{n + 1}.50" for n in range(5)]
    statement = read(table("Date,Description,Amount", *rows, "2024-05-28,Hotel,USD -80.00"))
    assert [row.currency for row in statement.rows] == [None] * 5 + ["USD"]


def test_the_balances_of_each_account_and_each_currency_are_a_series_of_their_own() -> None:
    rows = [
        f"{account};{14 + n}.03.2024;Shop;-{n + 1},00;{currency};{start - (n + 1) * (n + 2) // 2},00"
        for account, currency, start in (("DE1100", "EUR", 100), ("DE2200", "EUR", 900), ("DE2200", "USD", 50))
        for n in range(4)
    ]
    proof = read(table("IBAN Auftragskonto;Datum;Text;Betrag;W\u00e4hrung;Saldo", *rows)).proof
    assert proof is not None
    assert (proof.agree, proof.steps, proof.broken_line) == (9, 9, None)


@pytest.mark.parametrize("first", ["1445/09/0{}", "1402/12/2{}"])
def test_dates_of_another_calendar_are_no_dates_where_others_stand_beside_them_and_refused_alone(first: str) -> None:
    rows = [(first.format(n + 1), f"2024/03/1{n + 1}", f"-{n + 1}.50") for n in range(4)]
    lines = [f"{other},{day},Shop,{amount}" for other, day, amount in rows]
    assert [row.date.day for row in read(table("Hijri Date,Date,Description,Amount", *lines)).rows] == [11, 12, 13, 14]
    with pytest.raises(StatementNotReadable, match="Gregorian"):
        read(table("Date,Description,Amount", *(f"{other},Shop,{amount}" for other, _, amount in rows)))


def test_a_reference_beneath_the_date_does_not_hide_it() -> None:
    assert amounts(
        "Date,Debit,Credit,Balance,Details",
        '"02/01/2025\n5204 - 52667",500.00,,1500.00,Rent',
        '"14/01/2025\n5205 - 52668",,900.00,2400.00,Pay',
        '"25/01/2025\n5206 - 52669",20.00,,2380.00,Shop',
    ) == ["-500.00", "900.00", "-20.00"]


def test_of_an_amount_a_fee_and_what_is_left_the_last_moved_the_account() -> None:
    assert amounts(
        "Date,Type,Amount,Fee,Net Amount,Notes",
        "2025-01-17,Cash out,-100.00,-1.75,-101.75,Bank",
        "2025-01-18,Pay,842.16,0,842.16,Employer",
        "2025-01-25,Received,60.00,-1.65,58.35,Friend",
    ) == ["-101.75", "842.16", "58.35"]


def test_of_an_amount_a_rate_and_what_it_makes_the_last_is_the_accounts() -> None:
    assert amounts(
        "Date;Text;Betrag;Kurs;Betrag umgerechnet",
        "17.01.2025;Hotel;-100,00;1,0500;-105,00",
        "18.01.2025;Shop;-20,00;1,0000;-20,00",
        "25.01.2025;Lohn;2000,00;1,0000;2000,00",
    ) == ["-105.00", "-20.00", "2000.00"]


def test_letters_under_a_head_that_names_both_sides_are_their_initials() -> None:
    assert amounts(
        "FECHA;DESCRIPCION;MONTO;SALDO;CARGO/ABONO",
        "17/01/2025;PAN;18.990;981.010;C",
        "18/01/2025;SUELDO;1.200.000;2.181.010;A",
        "25/01/2025;LUZ;23.230;2.157.780;C",
    ) == ["-18990", "1200000", "-23230"]


def test_a_balance_before_and_one_after_say_what_moved() -> None:
    statement = read(
        table(
            "DATE,TYPE,AMOUNT,FEES,BAL BEFORE,BAL AFTER,REF",
            "01-Feb-2025,TRANSFER,658.03,0.00,341.77,999.80,thanks",
            "13-Feb-2025,CASH_OUT,86.08,0.65,999.80,913.07,food",
            "14-Feb-2025,PAYMENT,13.07,0.00,913.07,900.00,light",
        )
    )
    assert [str(row.amount) for row in statement.rows] == ["658.03", "-86.73", "-13.07"]
    assert statement.proof is not None
    assert statement.proof.holds


def test_a_charged_amount_without_a_credit_beside_it_is_money_out() -> None:
    assert amounts(
        "Date,Merchant,Transaction amount,Charged amount",
        "2025-01-17,Hotel,EUR 52.00,ILS 213.40",
        "2025-01-18,Shop,ILS 5.90,ILS 5.90",
        "2025-01-25,Shop,-ILS 120.00,-ILS 120.00",
    ) == ["-213.40", "-5.90", "120.00"]


def test_money_in_before_money_out_without_known_heads_is_proved_by_the_balance() -> None:
    assert amounts(
        "17.01.2025;Qqpx;500,00;;1500,00",
        "18.01.2025;Wwrt;;20,00;1480,00",
        "25.01.2025;Zzlk;;30,00;1450,00",
        "26.01.2025;Qqpx;100,00;;1550,00",
    ) == ["500.00", "-20.00", "-30.00", "100.00"]


def test_balances_above_and_below_the_table_prove_it_and_tell_the_sign() -> None:
    lines = ("Opening balance:,1000.00", "Date,Description,Amount", "2025-01-17,Shop,20.00", "2025-01-18,Rent,500.00")
    down, up = read(table(*lines, "Closing balance:,480.00")), read(table(*lines, "Closing balance:,1520.00"))
    for statement, signs in ((down, ["-20.00", "-500.00"]), (up, ["20.00", "500.00"])):
        assert [str(row.amount) for row in statement.rows] == signs
        assert statement.questions == []
        assert statement.proof is not None
        assert (statement.proof.agree, statement.proof.steps) == (2, 2)
    wrong = read(table(*lines, "Closing balance:,999.00"))
    assert [q.key for q in wrong.questions] == ["sign"]
    assert wrong.proof is not None
    assert (wrong.proof.agree, wrong.proof.broken_line) == (0, 3)


def test_a_last_row_that_is_the_sum_of_all_others_is_a_closing_balance_where_it_says_so() -> None:
    statement = read(
        table(
            "0,20250201,OPEN,1000.00,OPEN BALANCE",
            "H,20250203,,-100.00,RENT",
            "H,20250214,,-50.00,SHOP",
            "H,20250225,,25.00,REFUND",
            "0,20250228,CLOSE,875.00,CLOSE BALANCE",
        )
    )
    assert [str(row.amount) for row in statement.rows] == ["-100.00", "-50.00", "25.00"]


def test_an_encoding_is_told_by_the_letters_of_one_language() -> None:
    for text, encoding in (
        (
            "Datums;Maksātāja vai saņēmēja nosaukums;Debets;Kredīts\n17.01.2025;Rīgas satiksme, biļete;1,50;\n25.01.2025;Alga, Pēteris;;900,00\n",
            "cp1257",
        ),
        ("Datum;Příjemce;Částka\n17.01.2025;Plzeňský pivovar, žízeň;-100,50\n25.01.2025;Výplata, řádek;20000,00\n", "cp1250"),
        ("Tarih;Açıklama;Tutar\n17.01.2025;Şok market, İstanbul çarşı;-100,50\n25.01.2025;Maaş ödemesi ığdır;20000,00\n", "cp1254"),
        (
            "Date;Libellé;Débit;Crédit\n17.01.2025;Café de la gare, crêpes à emporter;4,50;\n25.01.2025;Salaire août reçu;;2000,00\n",
            "cp1252",
        ),
    ):
        statement = read(text.encode(encoding))
        assert statement.reading.encoding == encoding
        assert statement.rows[0].payee.split(",")[0] in text


def test_a_date_within_a_text_tells_the_order_of_the_others() -> None:
    statement = read(table("02/04/2025,-45.60,SHOP Card xx17 Value Date: 30/03/2025,1812.35"))
    assert (statement.rows[0].date.isoformat(), statement.questions) == ("2025-04-02", [])


def test_heads_chosen_by_a_person_are_followed() -> None:
    from dashboard.statements import Hints

    data = table(
        "Booked,Valued,Who,What,Amount,Other amount",
        "2025-01-17,2025-01-19,Shop,Bread,-1.00,-2.00",
        "2025-01-18,2025-01-20,Firm,Pay,9.00,8.00",
    )
    row = read(data, hints=Hints(columns={"date": 1, "payee": 3, "amount": 5})).rows[0]
    assert (row.date.isoformat(), row.payee, str(row.amount)) == ("2025-01-19", "Bread", "-2.00")


def test_a_balance_before_each_row_proves_rows_that_stand_oldest_first() -> None:
    assert amounts(
        "03-01-2025,Qqpx,1533.20,-30.00,8471",
        "14-01-2025,Wwrt,1503.20,-612.00,5088",
        "25-01-2025,Zzlk,891.20,2712.00,8861",
        "27-01-2025,Qqpx,3603.20,-96.89,8557",
    ) == ["-30.00", "-612.00", "2712.00", "-96.89"]


def test_an_amount_in_a_currency_is_not_money_in() -> None:
    assert amounts(
        "Date,Details,Amount (in Rs),Points",
        "2025-01-17,SHOP,-551.00,5",
        "2025-01-18,PAY,1112.43,11",
    ) == ["-551.00", "1112.43"]


EVERYDAY, SAVINGS = "DE44500105175407324931", "DE12500105170648489890"


def accounts_of(head: str, *cells: str) -> list[str]:
    """Return the account of each row of a file whose second column has this head and these cells."""
    lines = [f"2026-03-{1 + i % 28:02},{cell},Shop {i},{-(i * 7.31 + 3):.2f}" for i, cell in enumerate(cells)]
    return [row.account for row in read(table(f"Date,{head},Description,Amount", *lines)).rows]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Account", [EVERYDAY, SAVINGS, EVERYDAY]),
        ("Account Name", ["Everyday", "Savings"] * 10),
        ("Account", [f"Account {n}" for n in range(14)] * 10),
        # A row that names none is a group of its own and not everybody's.
        ("Account", [*[EVERYDAY, SAVINGS] * 10, ""]),
        # Heads that the other side's numbers have as well: told by the cells.
        ("Account Number", [EVERYDAY, SAVINGS] * 10),
        ("Account number", [EVERYDAY] * 5),
        ("IBAN", [EVERYDAY, SAVINGS] * 10),
    ],
)
def test_the_accounts_of_a_table_are_kept_apart(head: str, cells: list[str]) -> None:
    assert accounts_of(head, *cells) == cells


@pytest.mark.parametrize(
    "cells", [[f"DE{n:02}500105175407324931" for n in range(20)], [EVERYDAY, "", SAVINGS, ""] * 5, ["", EVERYDAY] * 10]
)
def test_numbers_of_the_other_side_are_no_accounts_of_ones_own(cells: list[str]) -> None:
    assert set(accounts_of("IBAN", *cells)) == {""}


def test_rows_whose_balances_add_up_in_one_go_are_of_one_account() -> None:
    lines = [f"2026-03-0{1 + i},{(EVERYDAY, SAVINGS)[i % 2]},Shop {i},-1.00,{100 - i}.00" for i in range(6)]
    assert {row.account for row in read(table("Date,Account,Description,Amount,Balance", *lines)).rows} == {""}
