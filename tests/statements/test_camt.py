"""CAMT: every version by its local names, entries and not their payments, and nothing from outside the file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from tests.statements.samples import movements
from tests.statements.tagged import TAGGED, sample, text_of, told

NAME = "batches.camt053.xml"
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def one(entry: str, account: str = "", space: str = SPACE) -> bytes:
    """Return a statement of one entry."""
    return f'<?xml version="1.0"?><Document xmlns="{space}"><BkToCstmrStmt><Stmt>{account}<Ntry>{entry}</Ntry></Stmt></BkToCstmrStmt></Document>'.encode()


BOOKED = "<Sts>BOOK</Sts><BookgDt><Dt>2025-01-14</Dt></BookgDt>"
OUT = f"<Amt Ccy='EUR'>12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>{BOOKED}"


def test_entries_are_read_batches_counted_once_and_what_waits_is_held() -> None:
    statement = read(sample(NAME))
    assert movements(statement) == TAGGED[NAME][1]
    assert [r.kind for r in statement.rejected] == ["held"]
    assert statement.proof is not None
    assert statement.proof.agree == statement.proof.steps == 3


def test_names_and_counterparts_are_the_other_sides_also_where_money_is_given_back() -> None:
    rows = read(sample(NAME)).rows
    assert [row.payee for row in rows] == ["Stadtwerke Öd", "Anna, Bert", "Clemens"]
    assert [row.counter for row in rows] == ["AT483200000012345864", "", "00-7788"]
    assert {row.account for row in rows} == {"AT611904300234573201"}


def _variants() -> dict[str, bytes]:
    text = text_of(NAME)
    made = {
        "CRLF": text.replace("\n", "\r\n").encode(),
        "one line": "".join(line.strip() for line in text.split("\n")).encode(),
        "UTF-16": text.replace("UTF-8", "UTF-16").encode("utf-16"),
        "UTF-16 that says UTF-8": text.encode("utf-16"),
        "latin-1": text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "latin-1 that says UTF-8": text.encode("latin-1"),
        "windows-1252": text.replace("UTF-8", "windows-1252").encode("cp1252"),
        "a mark": b"\xef\xbb\xbf" + text.encode(),
        "blank lines above": b"\n\n  " + text.encode(),
        "no declaration": text[text.index("<Document") :].encode(),
        "no namespace": text.replace(f' xmlns="{SPACE}"', "").encode(),
        "a prefix": text.replace(f' xmlns="{SPACE}"', f' xmlns:n="{SPACE}"').replace("</", "\0").replace("<", "<n:").replace("\0", "</n:").replace("<n:?", "<?").encode(),
        "wrapped": text.replace("<Document", "<Envelope><Document").replace("</Document>", "</Document></Envelope>").encode(),
        "other order": text.replace('<Amt Ccy="EUR">120.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>', '<CdtDbtInd>DBIT</CdtDbtInd><Amt Ccy="EUR">120.00</Amt>').encode(),
        "comments": text.replace("<Ntry>", "<Ntry><!-- one -->").encode(),
    }  # fmt: skip
    for version in range(2, 14):
        made[f"version {version}"] = text.replace("053.001.08", f"053.001.{version:02}").encode()
    made["a report"] = text.replace("camt.053", "camt.052").replace("BkToCstmrStmt", "BkToCstmrAcctRpt").replace("Stmt>", "Rpt>").encode()
    made["a notification"] = (
        text.replace("camt.053", "camt.054").replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>").encode()
    )
    return made


@pytest.mark.parametrize("variant", _variants())
def test_the_same_file_written_in_another_way_gives_the_same_rows(variant: str) -> None:
    assert told(read(_variants()[variant])) == told(read(sample(NAME)))


def test_several_statements_keep_their_accounts_and_prove_themselves() -> None:
    text = text_of(NAME)
    second = (
        text[text.index("<Stmt>") : text.index("</Stmt>") + 7]
        .replace("AT611904300234573201", "AT021100000012345678")
        .replace("411.25", "1.00")
    )
    statement = read(text.replace("</Stmt>", f"</Stmt>{second}").encode())
    assert [row.account[-4:] for row in statement.rows] == ["3201"] * 3 + ["5678"] * 3
    assert statement.proof is not None
    assert (statement.proof.agree, statement.proof.steps) == (3, 6)


def test_of_balances_of_several_days_the_first_and_the_last_count() -> None:
    day = "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt>{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2025-06-{}</Dt></Dt></Bal>"
    more = day.format("CLBD", "380.00", "03") + day.format("OPBD", "380.00", "04")
    proof = read(text_of(NAME).replace("<Ntry>", f"{more}<Ntry>", 1).encode()).proof
    assert proof is not None
    assert proof.agree == 3


@pytest.mark.parametrize(
    ("entry", "amount"),
    [
        (OUT, "-12.50"),
        (OUT.replace("DBIT", "CRDT"), "12.50"),
        (OUT.replace("DBIT</CdtDbtInd>", "DBIT</CdtDbtInd><RvslInd>true</RvslInd>"), "-12.50"),
        (OUT.replace("12.50", "12"), "-12"),
        (OUT.replace("12.50", "1234.567"), "-1234.567"),
        (OUT.replace("12.50", "12,50"), "-12.50"),
        (OUT.replace("BookgDt", "ValDt"), "-12.50"),
        (OUT.replace("<Dt>2025-01-14</Dt>", "<DtTm>2025-01-14T00:30:00+02:00</DtTm>"), "-12.50"),
    ],
)
def test_an_entry_is_read_in_every_form(entry: str, amount: str) -> None:
    row = read(one(entry)).rows[0]
    assert (row.date, row.amount, row.currency) == (date(2025, 1, 14), Decimal(amount), "EUR")


@pytest.mark.parametrize(
    "entry",
    [
        OUT.replace("12.50", "NaN"),
        OUT.replace("12.50", ""),
        OUT.replace("12.50", "9" * 400),
        OUT.replace("12.50", "-12.50"),
        OUT.replace("12.50", "1e3"),
        OUT.replace("DBIT", "X"),
        OUT.replace("2025-01-14", "0000-00-00"),
        OUT.replace("2025-01-14", "2025-02-30"),
        OUT.replace("2025-01-14", "10000-01-01"),
        "",
    ],
)
def test_an_entry_that_cannot_be_is_rejected_with_its_number(entry: str) -> None:
    statement = read(one(entry))
    assert statement.rows == []
    assert [r.line for r in statement.problems] == [1]


@pytest.mark.parametrize(
    "status",
    ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>", "<Sts><Cd>FUTR</Cd></Sts>", "<Sts><Prtry>Pending</Prtry></Sts>"],
)
def test_what_is_not_booked_is_held(status: str) -> None:
    assert [r.kind for r in read(one(OUT.replace("<Sts>BOOK</Sts>", status))).rejected] == ["held"]


def test_a_comma_before_three_digits_is_asked_about() -> None:
    assert [q.key for q in read(one(OUT.replace("12.50", "1,250"))).questions] == ["decimal"]


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = sample(NAME).rstrip()
    for length in range(300, len(data) - 1, 37):
        with pytest.raises(StatementNotReadable):
            read(data[:length])


@pytest.mark.parametrize("where", ["file://{}", "http://127.0.0.1:9/secret"])
def test_an_entity_from_outside_is_refused_and_not_read(where: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("2025-01-14")
    text = (
        text_of(NAME).replace("?>", f'?><!DOCTYPE Document [<!ENTITY x SYSTEM "{where.format(secret)}">]>', 1).replace("2025-06-03", "&x;")
    )
    with pytest.raises(StatementNotReadable, match="outside itself"):
        read(text.encode())


def test_a_hundred_thousand_elements_in_each_other_are_no_harm() -> None:
    deep = text_of(NAME).replace("<Ntry>", "<x>" * 100_000 + "</x>" * 100_000 + "<Ntry>", 1)
    assert movements(read(deep.encode())) == TAGGED[NAME][1]
    with pytest.raises(StatementNotReadable):
        read(deep[:300_000].encode())


def test_another_message_of_the_standard_is_no_statement() -> None:
    with pytest.raises(StatementNotReadable, match="XML file"):
        read(b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>')
