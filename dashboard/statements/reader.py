"""The door of the reader: looks at the bytes, never at the name, and hands them to what reads that format."""

from __future__ import annotations

from dashboard.errors import StatementNotReadable
from dashboard.statements import sniff
from dashboard.statements.shapes import Hints, Statement


def read(data: bytes, filename: str = "", hints: Hints | None = None) -> Statement:
    """Read a bank's file.

    Args:
        data: the whole file.
        filename: what a file is, its bytes say; kept for formats that need it in messages.
        hints: what a person has said about it.

    Raises:
        StatementNotReadable: it is no statement; the message says what to ask the bank for.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise StatementNotReadable("This file is empty. Download it from your bank again.")
    del filename
    return sniff.reader_of(data)(data, hints or Hints())
