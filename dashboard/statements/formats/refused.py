"""What is no statement, by its bytes, and the sentence that says so. Each is a format whose reader refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats.contract import BEGINNING, Format, Head
from dashboard.statements.shapes import Hints

ASK_FOR = "Ask your bank for CSV, OFX or CAMT.053 \u2013 usually under Export or Download transactions."
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
DOCUMENTS = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
PROGRAMS = (b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"SQLite format")
PAGES = (b"<!DOCTYPE", b"<HTML", b"<TABLE", b"<HEAD", b"<BODY")


def _refused(name: str, tells: Callable[[Head], bool], sentence: str) -> Format:
    def read(_data: bytes, _hints: Hints) -> NoReturn:
        raise StatementNotReadable(f"{sentence} {ASK_FOR}")

    return Format(name, tells, read)


def _is_pdf(head: Head) -> bool:
    return head.data[:BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF")


def _is_xml(head: Head) -> bool:
    return head.text.startswith(b"<?XML") or re.match(rb"<[A-Z]+[ >]", head.text) is not None


# What is no text. The words of a format of text may stand in it.
NO_TEXT = (
    _refused("pdf", _is_pdf, "This looks like a PDF."),
    _refused("archive", lambda head: head.data.startswith(ARCHIVES), "This is an archive. Unpack it and drop what is inside."),
    _refused("document", lambda head: head.data.startswith(DOCUMENTS), "This is a text document or mail, not a statement."),
    _refused("program", lambda head: head.data.startswith(PROGRAMS), "This is not a statement but a program, picture or archive."),
)
# What is marked up like some of the formats.
MARKED_UP = (
    _refused(
        "web page",
        lambda head: head.text.startswith(PAGES),
        "This is a web page, perhaps a sign-in page that was saved instead of the statement.",
    ),
    _refused("xml", _is_xml, "This is an XML file that holds no statement we can read."),
)
