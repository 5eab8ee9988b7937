"""What kind of file this is, by its first bytes and never by its name."""

from __future__ import annotations

import re

from dashboard.errors import StatementNotReadable

ASK_FOR = "Ask your bank for CSV \u2013 usually under Export or Download transactions."
LATER = "is not read yet. Until it is, download the same statement as CSV."


def refuse_other_formats(data: bytes) -> None:
    """Pass what may be delimited text.

    Raises:
        StatementNotReadable: it is something else, named in the sentence.
    """
    head = data[:4096]
    # UTF-16 looks binary byte by byte; without its zero bytes the marks of the formats show.
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    if head.startswith(b"%PDF"):
        raise StatementNotReadable(f"This looks like a PDF. {ASK_FOR}")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        sheet = b"xl/" in data[:200_000] or b"[Content_Types].xml" in data[:200_000]
        raise StatementNotReadable(
            f"This is an Excel file (.xlsx), which {LATER}"
            if sheet
            else f"This is an archive. Unpack it and drop what is inside. {ASK_FOR}"
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise StatementNotReadable(f"This is an Excel file (.xls), which {LATER}")
    if head.startswith((b"MZ", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"SQLite format")):
        raise StatementNotReadable(f"This is not a statement but a program, picture or archive. {ASK_FOR}")
    if b"OFXHEADER" in text or re.search(rb"<OFX>|<\?OFX", text):
        raise StatementNotReadable(f"This is an OFX file, which {LATER}")
    if text.startswith((b"!TYPE", b"!ACCOUNT", b"!OPTION", b"!CLEAR")):
        raise StatementNotReadable(f"This is a QIF file, which {LATER}")
    if b"CAMT.05" in text or b"BKTOCSTMR" in text:
        raise StatementNotReadable(f"This is a CAMT file, which {LATER}")
    if re.search(rb"(^|\n|\r|\{4:)\s*:20:", text) and re.search(rb":(25|28C?|60[FM]):", text):
        raise StatementNotReadable(f"This is an MT940 file, which {LATER}")
    if text.startswith((b"<!DOCTYPE", b"<HTML", b"<TABLE", b"<HEAD", b"<BODY")):
        raise StatementNotReadable(f"This is a web page, perhaps a sign-in page that was saved instead of the statement. {ASK_FOR}")
    if text.startswith(b"<?XML") or re.match(rb"<[A-Z]+[ >]", text):
        raise StatementNotReadable(f"This is an XML file that holds no statement we can read. {ASK_FOR}")
    if text.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ")) and b":" in text and b'"' in text:
        raise StatementNotReadable(f"This is a JSON file, which {LATER}")
