"""The door of the reader: looks at the bytes, never at the name, and hands them to what reads that format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats import format_of
from dashboard.statements.shapes import Hints, Statement


def read(data: bytes, filename: str = "", hints: Hints | None = None, progress: Callable[[float], None] | None = None) -> Statement:
    """Read a bank's file.

    Args:
        data: the whole file.
        filename: what a file is, its bytes say; kept for formats that need it in messages.
        hints: what a person has said about it.
        progress: is told the share that is read, from time to time.

    Raises:
        StatementNotReadable: it is no statement; the message says what to ask the bank for.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise StatementNotReadable("This file is empty. Download it from your bank again.")
    del filename
    said = hints or Hints()
    return format_of(data).read(data, replace(said, progress=progress) if progress else said)
