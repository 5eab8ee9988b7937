"""Encodings and words: bytes become the letters the bank wrote, heads are known in every spelling."""

from __future__ import annotations

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from dashboard.statements.table.vocabulary import head_roles
from dashboard.statements.text import decode
from tests.statements.samples import FOLDER, SAMPLES, movements, table

GERMAN = "Buchungstag;Empfänger;Betrag\n02.04.2025;Bäckerei Grünwald;-7,85\n15.04.2025;Möbel Süß;12,00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859_15"])
def test_letters_survive_every_encoding(encoding: str) -> None:
    statement = read(GERMAN.encode(encoding))
    assert [row.payee for row in statement.rows] == ["Bäckerei Grünwald", "Möbel Süß"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Дата;Описание;Сумма\n14.03.2025;Пятёрочка;-312,50\n15.03.2025;Зарплата;20000,00\n", "cp1251"),
        ("Data;Opis;Kwota\n14.03.2025;Żółta księgarnia;-12,50\n15.03.2025;Wypłata Łódź;100,00\n", "cp1250"),
        ("日付,摘要,出金,入金\n2025/3/14,電気料金,640,\n2025/3/15,給料,,215000\n", "cp932"),
        ("交易日期,摘要,支出,收入\n2025-03-14,超市购物,64.00,\n2025-03-15,工资,,2150.00\n", "gb18030"),
        ("거래일자,적요,출금액,입금액\n2025.03.14,전기요금,6400,\n2025.03.15,급여,,215000\n", "cp949"),
        ("2024/02/01,ＡＭＡＺＯＮ．ＣＯ．ＪＰ,6884\n2024/02/04,モバイルＳｕｉｃａ,5434\n2024/02/14,ユニクロ　返品,-3990\n", "cp932"),
        ("2024/02/01,ＡＭＡＺＯＮ．ＣＯ．ＪＰ,6884\n2024/02/04,モバイルＳｕｉｃａ,5434\n2024/02/14,ユニクロ　返品,-3990\n", "euc_jp"),
        ("日期,摘要,支出,存入\n2025/03/14,超級市場,64,\n2025/03/15,薪資轉帳,,42150\n", "big5"),
        ("תאריך,תיאור,חובה,זכות\n14/03/2025,חשמל,64.00,\n15/03/2025,משכורת,,2150.00\n", "cp1255"),
    ],
)
def test_a_legacy_encoding_is_found_by_its_words(text: str, encoding: str) -> None:
    found, _ = decode(text.encode(encoding))
    assert found == text


def test_pounds_stay_pounds() -> None:
    statement = read("Date,Text,Amount\n14/03/2025,Café,-£4.60\n15/03/2025,Pay,£40.00\n".encode("cp1252"))
    assert {row.currency for row in statement.rows} == {"GBP"}
    assert statement.rows[0].payee == "Café"


def test_stray_zero_bytes_are_dropped_and_many_are_refused() -> None:
    data = table("Date,Description,Amount", "2025-01-14,Tea,-1.00", "2025-01-15,Pay,30.00")
    assert movements(read(data + b"\x00\x00")) == movements(read(data))
    with pytest.raises(StatementNotReadable):
        read(b"\x01\x02\x00\x03abc\x05\x06\x00\x07" * 100)


@pytest.mark.parametrize(
    ("plain", "spelled"),
    [
        ("Empfänger", "Empfaenger"),
        ("Begünstigter", "Beguenstigter"),
        ("Währung", "Waehrung"),
        ("Überweisungszweck", "Ueberweisungszweck"),
        ("Beløb", "Beloeb"),
        ("Bogført", "Bogfoert"),
        ("Määrä", "Maeaerae"),
        ("Fälligkeit", "Faelligkeit"),
        ("Gebühren", "Gebuehren"),
    ],
)
def test_heads_are_known_with_umlauts_and_with_two_letters(plain: str, spelled: str) -> None:
    assert head_roles(plain)
    assert head_roles(plain) == head_roles(spelled)


@pytest.mark.parametrize(
    ("one", "other"),
    [("支払金額", "お支払い金額"), ("預り金額", "お預かり金額"), ("AccountBalance", "account balance"), ("BETRAG", "betrag")],
)
def test_heads_are_known_in_other_writings(one: str, other: str) -> None:
    def best(head: str) -> str:
        roles = head_roles(head)
        return max(roles, key=lambda role: roles[role])

    assert best(one) == best(other)


def test_a_letter_of_the_name_is_no_mojibake_in_any_sample() -> None:
    for name in SAMPLES:
        for row in read((FOLDER / name).read_bytes()).rows:
            assert "\ufffd" not in row.payee + row.text
            assert "Ã" not in row.payee + row.text
