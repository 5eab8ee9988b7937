"""What a file is, its bytes say and never its name; what is no statement is refused with what it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from dashboard.statements.formats import FORMATS
from dashboard.statements.formats.contract import Head
from tests.statements.samples import FOLDER, SAMPLES
from tests.statements.tagged import TAGGED, sample
from tests.statements.workbooks import workbook

KINDS = {name: kind for name, (kind, _) in TAGGED.items()} | dict.fromkeys(SAMPLES, "csv")


def archive(name: str) -> bytes:
    """Return an archive with one file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, "2025-01-14,Tea,-1.50\n")
    return out.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_what_its_bytes_say_whatever_its_name(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    for called in (name, "x.pdf", "x.csv", "x.ofx", "", "x.xlsx"):
        assert read(data, called).reading.format == KINDS[name]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\n\n%PDF-1.7\n1 0 obj", "PDF"),
        (b"MZ\x90\x00\x03\x00", "program, picture or archive"),
        (b"\x7fELF\x02\x01\x01", "program, picture or archive"),
        (b"\x89PNG\r\n\x1a\n", "program, picture or archive"),
        (b"\x1f\x8b\x08\x00", "program, picture or archive"),
        (b"{\\rtf1\\ansi 2025-01-14; -1.00}", "text document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "text document"),
        (archive("statement.csv"), "archive"),
        (archive("word/document.xml"), "archive"),
        (b"<!DOCTYPE html><html><body>Please sign in</body></html>", "web page"),
        (b"<html><head><title>Sign in</title></head></html>", "web page"),
        (b'<?xml version="1.0"?><note><to>you</to></note>', "XML file"),
        (b"\x00\x01\x02\x03" * 200, "binary"),
    ],
)
def test_what_is_no_statement_is_refused_with_what_it_is(data: bytes, said: str) -> None:
    for name in ("statement.csv", "statement.ofx", "statement.xlsx"):
        with pytest.raises(StatementNotReadable) as refused:
            read(data, name)
        assert said in refused.value.message


def test_words_of_a_format_inside_a_text_make_no_file_of_that_format() -> None:
    for words in ("camt.053 export", "BkToCstmrStmt", "!Type:Bank", ":20: and :60F:", "{4:"):
        data = f"Date,Description,Amount\n2025-01-14,{words},-1.50\n2025-01-20,Pay,12.00\n".encode()
        assert read(data).reading.format == "csv"


def test_a_workbook_is_known_by_its_parts() -> None:
    assert (
        read(workbook([["Date", "Description", "Amount"], ["2025-01-14", "Tea", -1.5], ["2025-01-20", "Pay", 12.25]])).reading.format
        == "xlsx"
    )
    assert read(sample("old_sheet.xls")).reading.format == "xls"


def test_each_format_is_listed_once_and_the_last_takes_whatever_is_left() -> None:
    assert len({one.name for one in FORMATS}) == len(FORMATS)
    assert [one.name for one in FORMATS if one.tells(Head.of(b"whatever this is"))] == [FORMATS[-1].name]
