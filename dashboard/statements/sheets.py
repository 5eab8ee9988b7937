"""Excel workbooks, .xlsx and .xls: the sheet with the most dated amounts becomes a grid, and the grid reader decides.

A process of its own opens them (workbook.py): what such files can make a program do, it does there.
"""

from __future__ import annotations

import io
import json
import lzma
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

from dashboard.errors import StatementNotReadable
from dashboard.statements import table, workbook
from dashboard.statements.cells import clean, date_shape, number_shape
from dashboard.statements.delimited import MOST_COLUMNS, MOST_ROWS
from dashboard.statements.layout import same_heads
from dashboard.statements.shapes import Hints, Rejected, Statement

# Unpacked; a statement of 100,000 rows is a tenth of it. More is a bomb.
LARGEST = 120 * 2**20
OTHERS = 3
_DAMAGED = "This Excel file is damaged. Open it in a spreadsheet program and save it as CSV."
_PROTECTED = "This Excel file is protected by a password. Open it in a spreadsheet program and save it without one, or as CSV."
_TOO_LARGE = "This workbook has a sheet larger than any statement. Check that it is the right file."
_OLE = b"\xd0\xcf\x11\xe0"
# Names of streams stand in UTF-16 in the directory of such a file.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_WORKBOOK = tuple(name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document", "__substg1.0", "__properties_version"))
_PART = re.compile(rb"(?i)xl[/\\]workbook\d{0,3}\.xml")


def is_sheet(data: bytes) -> bool:
    """Say whether a file is an Excel workbook, by its bytes."""
    if data.startswith(_OLE):
        return not any(name in data for name in _NO_WORKBOOK)
    return data.startswith(b"PK\x03\x04") and _PART.search(data) is not None


def read(data: bytes, hints: Hints) -> Statement:
    """Read an Excel workbook.

    Raises:
        StatementNotReadable: it is damaged, too large unpacked, or no sheet holds dated amounts.
    """
    packed = data.startswith(b"PK")
    if packed:
        _weigh(data)
    elif _ENCRYPTED in data:
        raise StatementNotReadable(_PROTECTED)
    # Blank cells at the end of a row are cells: each row of a sheet is as wide as the sheet.
    grids = [
        (name, [[*row, *[""] * (width - len(row))][:MOST_COLUMNS] for _, row in rows], [number for number, _ in rows])
        for name, width, rows in _opened(data)
    ]
    counted = sorted(((_dated(grid), place) for place, (_, grid, _) in enumerate(grids)), key=lambda pair: (-pair[0], pair[1]))
    if not counted or not counted[0][0]:
        raise StatementNotReadable("No sheet of this workbook holds a line with both a date and an amount. Check that it is the statement.")
    _, grid, lines = grids[counted[0][1]]
    statement = table.read(grid, lines, table.Source("xlsx" if packed else "xls", "typed", "", ""), hints)
    heads = list(statement.reading.header)
    left = [
        Rejected(0, f"The sheet \u201c{name[:40]}\u201d holds transactions too: save it as a file of its own to import it")
        for count, (name, other, _) in ((count, grids[place]) for count, place in counted[1:])
        if count >= OTHERS or (count and any(same_heads(row, heads) for row in other[:60]))
    ]
    return replace(statement, rejected=[*statement.rejected, *left])


def _weigh(data: bytes) -> None:
    """Unpack without keeping, up to the limit: what a directory says of its own sizes may be a lie."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > 2000:
                raise StatementNotReadable("This archive holds more parts than any workbook. It was not read.")
            for info in archive.infolist():
                with archive.open(info) as part:
                    while chunk := part.read(2**20):
                        total += len(chunk)
                        if total > LARGEST:
                            raise StatementNotReadable("Unpacked, this workbook is larger than any statement. It was not read.")
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error) as error:
        raise StatementNotReadable(_DAMAGED) from error
    except (RuntimeError, NotImplementedError) as error:
        # A single part that is encrypted, or packed as no spreadsheet program packs.
        raise StatementNotReadable(_PROTECTED if "password" in str(error) else _DAMAGED) from error
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise StatementNotReadable(_DAMAGED) from error


def _opened(data: bytes) -> list[tuple[str, int, list[tuple[int, list[str]]]]]:
    """Return the sheets, how wide they are, and their numbered rows, as the process with limits read them."""
    command = [sys.executable, "-I", str(Path(workbook.__file__)), str(MOST_ROWS), str(MOST_COLUMNS * 10)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file is its input, not its name
            command, input=data, capture_output=True, timeout=workbook.SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise StatementNotReadable(_TOO_LARGE) from error
    if done.returncode:
        said = done.stderr[-4000:].lower()
        large = done.returncode < 0 or b"memoryerror" in said or b"memory allocation" in said
        raise StatementNotReadable(_TOO_LARGE if large else _PROTECTED if b"password" in said else _DAMAGED)
    found = json.loads(done.stdout)
    if found == "large":
        raise StatementNotReadable(_TOO_LARGE)
    return [(name, min(width, MOST_COLUMNS), rows) for name, width, rows in found]


def _dated(grid: list[list[str]]) -> int:
    """Count the rows with both a date and an amount."""
    count = 0
    for row in grid[:2000]:
        cells = [clean(cell) for cell in row[:60]]
        dates = [c for c in cells if date_shape(c)]
        count += bool(dates) and any(c and number_shape(c) and not date_shape(c) for c in cells)
    return count
