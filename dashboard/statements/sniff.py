"""What kind of file this is, by its bytes and never by its name. A format is one file here with a test and a reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats import camt, delimited, mt940, ofx, qif, records, sheets
from dashboard.statements.shapes import Hints, Statement

Read: TypeAlias = Callable[[bytes, Hints], Statement]

ASK_FOR = "Ask your bank for CSV, OFX or CAMT.053 \u2013 usually under Export or Download transactions."
# A format that is not delimited text: what tells it from its first bytes, and what reads it.
TAGGED: tuple[tuple[Callable[[bytes], bool], Read], ...] = (
    (ofx.is_ofx, ofx.read),
    (qif.is_qif, qif.read),
    (camt.is_camt, camt.read),
    (mt940.is_mt940, mt940.read),
)


def reader_of(data: bytes) -> Read:
    """Return what reads this file.

    Raises:
        StatementNotReadable: it is something else, named in the sentence.
    """
    head = data[:4096]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF"):
        raise StatementNotReadable(f"This looks like a PDF. {ASK_FOR}")
    if sheets.is_sheet(data):
        return sheets.read
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise StatementNotReadable(f"This is an archive. Unpack it and drop what is inside. {ASK_FOR}")
    if head.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise StatementNotReadable(f"This is a text document or mail, not a statement. {ASK_FOR}")
    if head.startswith((b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"SQLite format")):
        raise StatementNotReadable(f"This is not a statement but a program, picture or archive. {ASK_FOR}")
    # UTF-16 looks binary byte by byte; without its zero bytes the marks of the formats show.
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    for tells, read in TAGGED:
        if tells(text):
            return read
    if text.startswith((b"<!DOCTYPE", b"<HTML", b"<TABLE", b"<HEAD", b"<BODY")):
        raise StatementNotReadable(f"This is a web page, perhaps a sign-in page that was saved instead of the statement. {ASK_FOR}")
    if text.startswith(b"<?XML") or re.match(rb"<[A-Z]+[ >]", text):
        raise StatementNotReadable(f"This is an XML file that holds no statement we can read. {ASK_FOR}")
    return records.read if records.is_json(text) else delimited.read
