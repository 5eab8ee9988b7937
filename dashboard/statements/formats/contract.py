"""What a format is: its name, what tells a file of it by its bytes and never by its name, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dashboard.statements.shapes import Hints, Statement

BEGINNING = 4096
MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"


class Head(NamedTuple):
    """What tells a file: its bytes, and its first ones as text in capitals, without zero bytes and what stands before text."""

    data: bytes
    text: bytes

    @classmethod
    def of(cls, data: bytes) -> Head:
        """Return what tells this file."""
        # UTF-16 looks binary byte by byte; without its zero bytes the marks of the formats show.
        return cls(data, data[:BEGINNING].replace(b"\x00", b"").lstrip(MARKS).upper())


class Format(NamedTuple):
    """A format: `tells` says whether a file is of it, `read` reads one or raises StatementNotReadable."""

    name: str
    tells: Callable[[Head], bool]
    read: Callable[[bytes, Hints], Statement]
