"""Group F: what a file can do to the program that reads it. F-01 is the door's own business, F-10 that of exports."""

from __future__ import annotations

import io
import json
import resource
import struct
import subprocess
import time
import tracemalloc
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dashboard.errors import StatementNotReadable
from dashboard.model.imports import draft, import_
from dashboard.services import accounts, imports
from dashboard.statements import read
from tests.statements.tagged import TAGGED, sample, text_of
from tests.statements.workbooks import packed, sheet_xml, workbook
from tests.ways import House, snapshot

ROWS = [["Date", "Description", "Amount"], ["2025-01-14", "Tea", -1.5], ["2025-01-20", "Pay", 12.25]]
MEGABYTE = 2**20


def nothing_kept(house: House) -> bool:
    """Say whether no draft and no import is in the book."""
    with house.book.reading() as db:
        return not any(
            db.execute(select(func.count()).select_from(t).where(t.c.book_id == house.book.id)).scalar_one() for t in (draft, import_)
        )


def refused(house: House, data: bytes, name: str = "statement.csv") -> str:
    """Drop a file that must be refused whole, and return the sentence."""
    before = snapshot(house.book)
    with pytest.raises(StatementNotReadable) as error:
        imports.receive(house.book, name, data)
    assert nothing_kept(house)
    assert snapshot(house.book) == before
    assert 0 < len(error.value.message) < 300
    return error.value.message


def bomb(size: int = 200 * MEGABYTE) -> bytes:
    """Return a workbook with a part of blanks without end."""
    return packed({"S": sheet_xml(ROWS)}, more={"xl/more.xml": b" " * size})


def lying(data: bytes, part: str, told: int) -> bytes:
    """Return an archive whose directory says that a part is smaller than it is, with the check sum of so much of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole, header = archive.read(part), archive.getinfo(part).header_offset
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(part.encode()))
    changed = bytearray(data)
    # Check sum, packed size, size: in the header before the part, and in its entry of the directory at the end.
    for at in (header + 14, entry + 16):
        changed[at : at + 4] = struct.pack("<I", zlib.crc32(whole[:told]))
        changed[at + 8 : at + 12] = struct.pack("<I", told)
    return bytes(changed)


def test_a_workbook_that_unpacks_to_two_hundred_megabytes_is_refused_in_little_memory(sqlite_house: House) -> None:
    """F-02."""
    data = bomb()
    assert len(data) < 250_000
    tracemalloc.start()
    try:
        said = refused(sqlite_house, data, "statement.xlsx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "Unpacked" in said
    assert peak < 30 * MEGABYTE


@pytest.mark.parametrize("told", [100, 2000])
def test_a_workbook_that_lies_about_its_size_costs_no_more(sqlite_house: House, told: int) -> None:
    """F-02: what the directory says is 100 bytes unpacks to 150 MB."""
    start, end = sheet_xml(ROWS).split("</sheetData>")
    data = lying(packed({"S": f"{start}{' ' * (150 * MEGABYTE)}</sheetData>{end}"}), "xl/worksheets/sheet1.xml", told)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        imports.receive(sqlite_house.book, "statement.xlsx", data)
    except StatementNotReadable as error:
        assert len(error.message) < 300
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1024 * 1024


def test_a_cell_in_the_last_corner_ends_a_process_of_its_own_and_not_ours(sqlite_house: House) -> None:
    """F-02: half a terabyte asked for by a file of a kilobyte."""
    body = sheet_xml(ROWS).replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert "larger than any statement" in refused(sqlite_house, packed({"S": body}), "statement.xlsx")


def entity(text: str, definition: str, use: str) -> bytes:
    """Put a document type with an entity into a file, and the entity into a name."""
    declared = f"<!DOCTYPE x [{definition}]>"
    head, _, rest = text.partition("<Document" if "<Document" in text else "<OFX>")
    return f"{head}{declared}{'<Document' if '<Document' in text else '<OFX>'}{rest.replace('Stadtwerke Öd', use).replace('Pay Office', use)}".encode()


@pytest.mark.parametrize("name", ["batches.camt053.xml", "two_accounts.ofx"])
@pytest.mark.parametrize("where", ["file://{}", "http://127.0.0.1:9/x", "php://filter/{}"])
def test_nothing_outside_a_file_is_read(sqlite_house: House, name: str, where: str, tmp_path: Path) -> None:
    """F-03."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-9c1")
    data = entity(text_of(name), f'<!ENTITY x SYSTEM "{where.format(secret)}">', "&x;")
    assert "outside itself" in refused(sqlite_house, data, name)
    # Without an entity of its own a file may name one: it stays four letters.
    plain = text_of(name).replace("Stadtwerke Öd", "&amp;x;").replace("Pay Office", "&amp;x;")
    assert "&x;" in {row.payee for row in read(plain.encode()).rows}


def test_nothing_outside_a_workbook_is_read(tmp_path: Path) -> None:
    """F-03."""
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-9c1")
    body = sheet_xml(ROWS).replace("?>", f'?><!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret}">]>', 1).replace("Tea", "&x;")
    try:
        statement = read(packed({"S": body}))
    except StatementNotReadable as error:
        assert "SECRET" not in error.message
    else:
        assert "SECRET" not in str(statement)


@pytest.mark.parametrize("name", ["batches.camt053.xml", "two_accounts.ofx"])
def test_a_billion_laughs_are_not_laughed(sqlite_house: House, name: str) -> None:
    """F-04: refused before anything grows; the peak of memory is what shows it."""
    definition = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    data = entity(text_of(name), definition, "&j;")
    tracemalloc.start()
    try:
        refused(sqlite_house, data, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * MEGABYTE


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("statement.csv", b"%PDF-1.7 1 0 obj", "PDF"),
        ("statement.csv", b"MZ\x90\x00\x03" + b"\x00" * 100, "program"),
        ("statement.csv", b"PK\x03\x04" + b"\x00" * 40, "archive"),
        ("statement.ofx", b"<!DOCTYPE html><html><body><form>Sign in</form></body></html>", "web page"),
        ("statement.xlsx", b"%PDF-1.7 1 0 obj", "PDF"),
        ("statement.pdf", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "picture"),
    ],
)
def test_a_file_is_refused_by_what_it_is_and_not_by_its_name(sqlite_house: House, name: str, data: bytes, said: str) -> None:
    """F-05."""
    assert said in refused(sqlite_house, data, name)


def test_a_statement_is_read_by_what_it_is_and_not_by_its_name(sqlite_house: House) -> None:
    """F-05 turned round."""
    for file in TAGGED:
        assert imports.receive(sqlite_house.book, "holiday.pdf", sample(file)) > 0


WORDS = "Date,Description,Amount\n2026-11-02,Café Zoë,-5.00\n2026-11-03,Łódź,-6.00\n2026-11-04,Pay,7.00\n"


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode("utf-8-sig"),
        WORDS.encode("utf-16"),
        WORDS.encode("utf-16-le"),
        WORDS.replace("\n", "\r\n").encode(),
        WORDS.replace("\n", "\r").encode(),
        WORDS.replace("Pay", "P\x00ay").encode(),
    ],
    ids=["mark", "UTF-16", "UTF-16 without a mark", "CRLF", "CR", "zero byte"],
)
def test_a_file_is_stored_without_mojibake_whatever_it_is_written_in(sqlite_house: House, data: bytes) -> None:
    """F-06."""
    sqlite_house.take_in(data)
    assert [row["payee"] for row in sqlite_house.rows()] == ["Café Zoë", "Łódź", "Pay"]


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "mac_roman"])
def test_western_letters_are_stored_as_they_were(sqlite_house: House, codec: str) -> None:
    """F-06."""
    sqlite_house.take_in("Datum;Text;Betrag\n02.11.2026;Café Müller Straße;-5,00\n03.11.2026;Bäckerei Größe;-6,00\n".encode(codec))
    assert [row["payee"] for row in sqlite_house.rows()] == ["Café Müller Straße", "Bäckerei Größe"]


def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line(sqlite_house: House) -> None:
    """F-06: refused with the line, or each row read; none is swallowed."""
    rows = "".join(f'2026-11-{1 + n % 28:02},"Shop {n}",-{n + 1}.00\n' for n in range(80))
    data = f"Date,Description,Amount\n{rows}".replace('"Shop 40"', '"Shop 40').encode()
    try:
        read_rows = read(data).rows
    except StatementNotReadable as error:
        assert "Line 42" in error.message
    else:
        assert len(read_rows) == 80


@pytest.mark.parametrize("kind", ["csv", "csv of tabs", "xlsx", "json"])
def test_a_million_columns_are_refused_at_little_cost(sqlite_house: House, kind: str) -> None:
    """F-07; a third of a million where reading them is slow."""
    data = {
        "csv": b",".join([b"a"] * 1_000_000) + b"\n" + b",".join([b"1"] * 1_000_000),
        "csv of tabs": b"\t".join([b"a"] * 1_000_000) + b"\n2026-11-02\t-1.00\n",
        "xlsx": packed({"S": sheet_xml(ROWS).replace("</row>", "<c><v>1</v></c>" * 300_000 + "</row>", 1)}),
        "json": json.dumps([{f"c{n}": n for n in range(300_000)}]).encode(),
    }[kind]
    start = time.process_time()
    refused(sqlite_house, data, f"statement.{kind[:4]}")
    assert time.process_time() - start < 10


def test_a_field_of_fifty_megabytes_is_refused(sqlite_house: House) -> None:
    """F-08: on the command line too, which takes files of any size."""
    huge = b"x" * (50 * MEGABYTE)
    start = time.process_time()
    for data in (
        b"Date,Description,Amount\n2026-11-02,Tea,-1.00\n2026-11-03," + huge + b",-2.00\n",
        b'Date,Description,Amount\n2026-11-02,"' + huge + b'",-1.00\n',
    ):
        with pytest.raises(StatementNotReadable):
            imports.import_file(sqlite_house.book, "huge.csv", data)
    with pytest.raises(StatementNotReadable, match="MB"):
        imports.receive(
            sqlite_house.book, "huge.csv", b"Date,Description,Amount\n2026-11-02,Tea,-1.00\n" + b"2026-11-02,Tea,-1.00\n" * 600_000
        )
    assert nothing_kept(sqlite_house)
    assert time.process_time() - start < 60


@pytest.mark.parametrize(
    "data",
    [
        b"OFXHEADER:100\n<OFX>" + b"<STMTTRN>" * 1_000_000,
        b":20:A\n:25:1\n" + b":61:\n" * 1_000_000,
        b"!Type:Bank\n" + b"T1\n^\n" * 1_000_000,
        b'[{"date":"2025-01-14","amount":"1.50"}' + b',{"":1}' * 300_000 + b"]",
    ],
    ids=["ofx", "mt940", "qif", "json"],
)
def test_a_million_records_are_refused_before_they_are_kept(data: bytes) -> None:
    """F-08: in memory that is a small multiple of the file's."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(StatementNotReadable, match="more transactions"):
        read(data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700 * 1024


BAD_AMOUNTS = ["NaN", "inf", "-Infinity", "1e400", "9" * 400, "--5", "0x10", "1_000"]


def with_amount(kind: str, amount: str) -> bytes:
    """Return a statement of three rows, the second of them with this amount."""
    rows = [("2026-11-02", "-5.00"), ("2026-11-03", amount), ("2026-11-04", "-7.00")]
    if kind == "csv":
        return ("Date,Description,Amount\n" + "".join(f"{d},Shop,{a}\n" for d, a in rows)).encode()
    if kind == "ofx":
        body = "".join(f"<STMTTRN><DTPOSTED>{d}<TRNAMT>{a}<NAME>Shop</STMTTRN>\n" for d, a in rows)
        return f"OFXHEADER:100\n<OFX><CURDEF>EUR<BANKTRANLIST>{body}</BANKTRANLIST></OFX>".encode()
    if kind == "qif":
        return ("!Type:Bank\n" + "".join(f"D{d}\nT{a}\nPShop\n^\n" for d, a in rows)).encode()
    if kind == "json":
        return json.dumps([{"date": d, "payee": "Shop", "amount": a} for d, a in rows]).encode()
    if kind == "xlsx":
        return workbook([["Date", "Description", "Amount"], *([d, "Shop", a if a == amount else float(a)] for d, a in rows)])
    entries = "".join(
        f"<Ntry><Amt Ccy='EUR'>{a.lstrip('-') if a != amount else a}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{d}</Dt></BookgDt></Ntry>"
        for d, a in rows
    )
    return f"<Document xmlns='camt.053'><BkToCstmrStmt><Stmt>{entries}</Stmt></BkToCstmrStmt></Document>".encode()


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
@pytest.mark.parametrize("kind", ["csv", "ofx", "qif", "json", "xlsx", "camt"])
def test_an_amount_that_cannot_be_is_a_problem_of_its_row_and_totals_stay_finite(kind: str, amount: str) -> None:
    """F-09."""
    statement = read(with_amount(kind, amount))
    assert sum(row.amount for row in statement.rows) == -12
    assert len(statement.problems) == 1


@pytest.mark.parametrize("amount", ["NaN", "1e400", "9" * 400])
def test_a_bad_amount_reaches_no_book(sqlite_house: House, amount: str) -> None:
    """F-09."""
    for kind in ("csv", "ofx"):
        assert sqlite_house.take_in(with_amount(kind, amount)).problems == 1
    assert {row["amount"] for row in sqlite_house.rows()} == {-500, -700}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x.xlsx", "x" * 5000, "-rf; $(touch pwned) `id`.xlsx", "a\n[ERROR] b.xls", "\x00"]
)
def test_a_files_name_is_never_a_path_nor_part_of_a_command(
    sqlite_house: House, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """F-11."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    commands: list[Any] = []
    run = subprocess.run

    def noted(command: Any, **more: Any) -> Any:
        commands.append(command)
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", noted)
    imports.commit(sqlite_house.book, imports.receive(sqlite_house.book, name, workbook(ROWS)))
    assert commands
    for command in commands:
        assert all(len(part) < 300 and "etc" not in part and "pwned" not in part for part in command)
    assert list((tmp_path / "here").iterdir()) == []
    with sqlite_house.book.reading() as db:
        kept = db.execute(select(import_.c.file).where(import_.c.book_id == sqlite_house.book.id)).scalar_one()
    assert len(kept) <= 200
    assert not set(kept) & set("/\\\n\x00")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"x",
        b"<",
        b"{",
        b"\xff\xfe",
        b"Date,Description,Amount\n",
        b"OFXHEADER:100\nDATA:OFXSGML\n\n",
        b"OFXHEADER:100\n\n<OFX><CURDEF>EUR<BANKTRANLIST></BANKTRANLIST></OFX>",
        b"!Type:Bank\n",
        b":20:X\n:25:1\n:28C:1\n:60F:C250101EUR1,00\n:62F:C250131EUR1,00\n",
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>',
        b"[]",
        b'{"transactions": []}',
        workbook([["Date", "Description", "Amount"]]),
        workbook([]),
    ],
)
def test_an_empty_file_of_any_format_is_refused_kindly_and_no_import_is_recorded(sqlite_house: House, data: bytes) -> None:
    """F-12."""
    assert refused(sqlite_house, data).endswith((".", "?"))
    assert accounts.all_accounts(sqlite_house.book) == []


@pytest.mark.parametrize("bad", ["0000-00-00", "31/02/2024", "10000-01-01", "2024-02-30", "1899-12-31", "99999999"])
@pytest.mark.parametrize("kind", ["csv", "ofx", "qif", "json", "camt"])
def test_a_date_that_cannot_be_is_a_problem_of_its_row(kind: str, bad: str) -> None:
    """F-13."""
    statement = read(with_amount(kind, "-6.00").replace(b"2026-11-03", bad.encode()))
    assert [row.date for row in statement.rows] == [date(2026, 11, 2), date(2026, 11, 4)]
    assert len(statement.problems) == 1


@pytest.mark.parametrize("kind", ["csv", "qif", "json", "xlsx"])
def test_an_open_order_of_day_and_month_is_asked_for_the_whole_file(kind: str) -> None:
    """F-13: never guessed row by row."""
    data = (
        with_amount(kind, "-6.00")
        if kind != "xlsx"
        else workbook(
            [["Date", "Description", "Amount"], ["03/04/2024", "Shop", -5.0], ["03/04/2024", "Shop", -6.0], ["03/04/2024", "Shop", -7.0]]
        )
    )
    for day in (b"2026-11-02", b"2026-11-03", b"2026-11-04"):
        data = data.replace(day, b"03/04/2024")
    statement = read(data)
    assert [question.key for question in statement.questions] == ["dates"]
    assert len({row.date for row in statement.rows}) == 1
