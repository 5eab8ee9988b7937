"""OFX: what banks get wrong in it is read right, and what is missing is said."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import Hints, read
from tests.statements.samples import movements
from tests.statements.tagged import TAGGED, rows_or_word, sample, text_of, told

SGML, XML = "two_accounts.ofx", "xml_card.ofx"


def one(*tags: str, currency: str = "EUR", end: str = "</OFX>") -> bytes:
    """Return a file of transactions, each given by its tags."""
    body = "".join(f"<STMTTRN><DTPOSTED>20250114{tag}<NAME>Shop</STMTTRN>\n" for tag in tags)
    return f"OFXHEADER:100\n\n<OFX><CURDEF>{currency}<BANKTRANLIST>\n{body}</BANKTRANLIST>{end}".encode()


@pytest.mark.parametrize("name", [SGML, XML])
def test_every_opened_transaction_is_read_or_left_out_with_a_reason(name: str) -> None:
    statement = read(sample(name))
    assert movements(statement) == TAGGED[name][1]
    assert len(statement.rows) + len(statement.rejected) == sample(name).count(b"<STMTTRN>") + sample(name).count(b"<STMTTRNP>")
    assert not statement.questions


def test_each_row_knows_its_account_and_the_other_sides() -> None:
    rows = read(sample(SGML)).rows
    assert [row.account for row in rows] == ["7001234"] * 4 + ["7005678"] * 2
    assert [row.counter for row in rows] == ["", "", "7005678", "", "", ""]
    assert rows[2].text == "monthly"
    assert rows[3].text == "cheque 000118"
    assert rows[0].payee == "Fish & Chips Corner"


def test_what_is_pending_is_held() -> None:
    assert [(r.kind, r.text) for r in read(sample(XML)).rejected] == [("held", "Kiosk")]


def test_the_currency_an_amount_was_converted_from_is_not_its_own() -> None:
    assert {row.currency for row in read(sample(XML)).rows} == {"USD"}


def test_the_day_is_the_banks_whatever_its_zone() -> None:
    assert read(sample(XML)).rows[0].date == date(2025, 5, 12)


def _variants() -> dict[str, bytes]:
    made = {}
    for name in (SGML, XML):
        text = text_of(name)
        made |= {
            f"{name} CRLF": text.replace("\n", "\r\n").encode(),
            f"{name} CR": text.replace("\n", "\r").encode(),
            f"{name} blank lines": text.replace("\n", "\n\n \n").encode(),
            f"{name} lower case tags": re.sub(r"</?[A-Z0-9]+>", lambda m: m[0].lower(), text).encode(),
            f"{name} UTF-16": text.encode("utf-16"),
            f"{name} UTF-16 without a mark": text.encode("utf-16-le"),
            f"{name} with a mark": b"\xef\xbb\xbf" + text.encode(),
            f"{name} without headers": text[text.index("<OFX>") :].encode(),
            f"{name} comma": re.sub(r"(?<=TRNAMT>)([-+]?\d+)\.", r"\1,", text.replace("1,875.00", "1875.00")).encode(),
        }
    sgml = text_of(SGML)
    made["sgml in one line"] = sgml.replace("\n", "").encode()
    made["sgml without ends of transactions"] = sgml.replace("</STMTTRN>", "").encode()
    made["sgml all closed"] = re.sub(r"<(TRNTYPE|TRNAMT|NAME|MEMO|FITID)>([^<\r\n]*)", r"<\1>\2</\1>", sgml).encode()
    made["xml with attributes"] = text_of(XML).replace("<OFX>", '<OFX xmlns="http://ofx.net/types/2003/04">').encode()
    made["xml with raw text"] = text_of(XML).replace("Bloom &amp; Vine", "<![CDATA[Bloom & Vine]]>").encode()
    made["xml in one line"] = "".join(line.strip() for line in text_of(XML).split("\n")).encode()
    return made


@pytest.mark.parametrize("variant", _variants())
def test_the_same_file_written_in_another_way_gives_the_same_rows(variant: str) -> None:
    source = XML if variant.startswith("xml") else SGML
    assert told(read(_variants()[variant])) == told(read(sample(source)))


@pytest.mark.parametrize("declared", ["1252", "UTF-8", "8859-1", "NONE", "CSUNICODE"])
def test_letters_are_read_whatever_the_header_says(declared: str) -> None:
    text = text_of(SGML).replace("CHARSET:1252", f"CHARSET:{declared}").replace("Roofer", "Dachdecker Müßig")
    for encoding in ("cp1252", "utf-8"):
        assert read(text.encode(encoding)).rows[3].payee == "Dachdecker Müßig"


@pytest.mark.parametrize("name", [SGML, XML])
def test_a_file_cut_off_anywhere_says_so(name: str) -> None:
    data = sample(name).rstrip()
    first = data.index(b"<STMTTRN>")
    for length in range(first, len(data) - 2, 3):
        try:
            statement = read(data[:length])
        except StatementNotReadable:
            continue
        assert statement.problems, data[length - 30 : length]
        assert movements(statement) == TAGGED[name][1][: len(statement.rows)]


def test_rows_of_a_file_in_one_line_have_numbers_of_their_own() -> None:
    lines = [row.line for row in read(sample(SGML).replace(b"\n", b"")).rows]
    assert lines == list(range(1, 7))


def test_a_brokers_cash_is_read_and_its_securities_are_left_out_with_a_word() -> None:
    data = (
        b"OFXHEADER:100\n<OFX><INVSTMTRS><CURDEF>USD<INVACCTFROM><BROKERID>b<ACCTID>99100</INVACCTFROM><INVTRANLIST>"
        b"<BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20250102<MEMO>10 ACME</INVTRAN><TOTAL>-100.00</INVBUY></BUYSTOCK>"
        b"<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20250103<TRNAMT>5.00<NAME>Dividend</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>"
        b"</INVTRANLIST></INVSTMTRS></OFX>"
    )
    statement = read(data)
    assert told(statement) == [(date(2025, 1, 3), Decimal("5.00"), "USD", "99100", "Dividend", "", "")]
    assert [(r.kind, r.text) for r in statement.rejected] == [("held", "10 ACME")]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("-12.50", "-12.50"),
        ("-12,50", "-12.50"),
        ("+7", "7"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12.50-", "-12.50"),
        (".5", "0.5"),
    ],
)
def test_an_amount_is_read_with_either_mark(written: str, read_as: str) -> None:
    assert read(one(f"<TRNAMT>{written}")).rows[0].amount == Decimal(read_as)


@pytest.mark.parametrize("bad", ["NaN", "inf", "1e400", "9" * 400, "", "--5", "1,2,3.4", "5 EUR", "0x10", "1e3", "1" + "0" * 16])
def test_what_is_no_amount_is_rejected_with_its_row(bad: str) -> None:
    statement = read(one("<TRNAMT>-1.00", f"<TRNAMT>{bad}", "<TRNAMT>-2.00"))
    assert [row.amount for row in statement.rows] == [Decimal("-1.00"), Decimal("-2.00")]
    assert [(r.line, r.field) for r in statement.rejected] == [(5, "amount")]


@pytest.mark.parametrize("bad", ["00000000", "20250231", "31/01/2025", "", "99991231", "18991231"])
def test_what_is_no_date_is_rejected_with_its_row(bad: str) -> None:
    data = one("<TRNAMT>-1.00", "<TRNAMT>-2.00").replace(b"20250114", bad.encode(), 1)
    assert [r.field for r in read(data).rejected] == ["date"]
    mended = read(data, hints=Hints(cells={4: {"date": "2025-01-31"}}))
    assert [row.date for row in mended.rows] == [date(2025, 1, 31), date(2025, 1, 14)]


def test_three_digits_behind_a_mark_are_asked_about_where_nothing_shows_what_they_are() -> None:
    open_file = one("<TRNAMT>-1.234", "<TRNAMT>-5.678")
    assert [q.key for q in read(open_file).questions] == ["decimal"]
    assert read(open_file, hints=Hints(decimal=",")).rows[0].amount == -1234
    assert read(open_file, hints=Hints(decimal=".")).rows[0].amount == Decimal("-1.234")
    assert read(one("<TRNAMT>-1.234", "<TRNAMT>-5,50")).rows[0].amount == -1234
    assert read(one("<TRNAMT>-1.234", "<TRNAMT>-5.50")).rows[0].amount == Decimal("-1.234")
    assert read(one("<TRNAMT>-1.234", currency="KWD")).rows[0].amount == Decimal("-1.234")
    assert read(one("<TRNAMT>-1.234", currency="CLP")).rows[0].amount == -1234


def test_debits_without_a_minus_are_asked_about() -> None:
    data = one("<TRNAMT>12.00<TRNTYPE>DEBIT", "<TRNAMT>30.00<TRNTYPE>CREDIT", "<TRNAMT>1.00<TRNTYPE>OTHER")
    assert [q.key for q in read(data).questions] == ["sign"]
    answered = read(data, hints=Hints(sign="out-positive"))
    assert [row.amount for row in answered.rows] == [-12, 30]
    assert [r.field for r in answered.rejected] == ["amount"]
    turned = one("<TRNAMT>12.00<TRNTYPE>DEBIT", "<TRNAMT>-30.00<TRNTYPE>CREDIT")
    assert [row.amount for row in read(turned, hints=Hints(sign="out-positive")).rows] == [-12, 30]
    assert [row.amount for row in read(turned, hints=Hints(sign="out-negative")).rows] == [12, -30]


def test_one_debit_that_came_back_is_no_question() -> None:
    assert not read(one("<TRNAMT>12.00<TRNTYPE>DEBIT", "<TRNAMT>-3.00<TRNTYPE>DEBIT")).questions


def test_a_missing_end_is_said_and_the_rows_are_kept() -> None:
    statement = read(one("<TRNAMT>-1.00", end=""))
    assert len(statement.rows) == 1
    assert [r.field for r in statement.problems] == ["end"]


def test_reordered_tags_change_nothing() -> None:
    text = text_of(SGML).replace(
        "<TRNTYPE>DEBIT<DTPOSTED>20250303120000.000[+1:CET]<TRNAMT>-42.50<FITID>F1",
        "<FITID>F1<TRNAMT>-42.50<DTPOSTED>20250303<TRNTYPE>DEBIT",
    )
    assert rows_or_word(text.encode()) == told(read(sample(SGML)))


def closed(kind: str, end: str, *balances: str) -> bytes:
    rows = "".join(f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>2025011{n}<TRNAMT>-5.00<FITID>{n}<NAME>Shop</STMTTRN>" for n in (4, 5))
    head = f"OFXHEADER:100\n\n<OFX><{kind}><CURDEF>EUR<BANKACCTFROM><ACCTID>7001</BANKACCTFROM><BANKTRANLIST>{end}"
    return f"{head}{rows}</BANKTRANLIST>{''.join(balances)}</{kind}></OFX>".encode()


LEDGER = "<LEDGERBAL><BALAMT>90.00<DTASOF>20250131120000</LEDGERBAL>"


@pytest.mark.parametrize(
    ("kind", "end", "balances", "expected"),
    [
        ("STMTRS", "<DTEND>20250131", LEDGER, ("100.00", "90.00")),
        ("STMTRS", "<DTEND>20250131", f"<AVAILBAL><BALAMT>70.00<DTASOF>20250131</AVAILBAL>{LEDGER}", ("100.00", "90.00")),
        ("STMTRS", "<DTEND>20250131", f"{LEDGER}<AVAILBAL><BALAMT>70.00<DTASOF>20250131</AVAILBAL>", ("100.00", "90.00")),
        ("STMTRS", "<DTEND>20250120", LEDGER, None),
        ("STMTRS", "", LEDGER, None),
        ("CCSTMTRS", "<DTEND>20250131", LEDGER, None),
        ("STMTRS", "<DTEND>20250131", LEDGER.replace("90.00", "0.00"), None),
        ("STMTRS", "<DTEND>20250131", LEDGER.replace("0131", "0114"), None),
        ("STMTRS", "<DTEND>20250131", LEDGER.replace("90.00", "x"), None),
    ],
)
def test_a_balance_counts_where_the_rows_lead_up_to_it(kind: str, end: str, balances: str, expected: tuple[str, str] | None) -> None:
    held = read(closed(kind, end, balances)).ends
    assert {name: tuple(map(str, ends)) for name, ends in held.items()} == ({("7001", "EUR"): expected} if expected else {})


def test_accounts_keep_the_order_of_the_file_from_one_run_to_the_next() -> None:
    numbers = [f"70{n}" for n in (18, 11, 15, 12, 17, 13, 16, 14)]
    data = b"".join(closed("STMTRS", "<DTEND>20250131", LEDGER).replace(b"7001", number.encode()) for number in numbers)
    assert [account for account, _ in read(data).ends] == numbers
