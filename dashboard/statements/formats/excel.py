"""Excel workbooks, .xlsx and .xls: the sheet with the most dated amounts becomes a grid, and the grid reader decides.

A process of its own opens them (excel_process.py): what such files can make a program do, it does there.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats import excel_process
from dashboard.statements.formats.contract import Format, Head
from dashboard.statements.formats.delimited import MOST_COLUMNS, MOST_ROWS
from dashboard.statements.formats.excel_weight import DAMAGED, PROTECTED, TOO_LARGE, weigh
from dashboard.statements.shapes import Hints, Rejected, Statement
from dashboard.statements.table import reader
from dashboard.statements.table.columns import clean, number_shape
from dashboard.statements.table.dates import date_shape
from dashboard.statements.table.grid import same_heads

OTHERS = 3
AT_ONCE = 2
# Opening one takes memory for a moment: a worker opens so many at once, others wait. Processes share nothing, so it is here.
_OPENING = threading.BoundedSemaphore(AT_ONCE)
_OLE = b"\xd0\xcf\x11\xe0"
# Names of streams stand in UTF-16 in the directory of such a file.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_WORKBOOK = tuple(name.encode("utf-16-le") for name in ("WordDocument", "PowerPoint Document", "__substg1.0", "__properties_version"))
_PART = re.compile(rb"(?i)xl[/\\]workbook\d{0,3}\.xml")


def is_workbook(head: Head) -> bool:
    """Say whether a file is an Excel workbook, by its bytes."""
    data = head.data
    if data.startswith(_OLE):
        return not any(name in data for name in _NO_WORKBOOK)
    return data.startswith(b"PK\x03\x04") and _PART.search(data) is not None


def read(data: bytes, hints: Hints) -> Statement:
    """Read an Excel workbook.

    Raises:
        StatementNotReadable: it is damaged, too large unpacked, or no sheet holds dated amounts.
    """
    packed = data.startswith(b"PK")
    if not packed and _ENCRYPTED in data:
        raise StatementNotReadable(PROTECTED)
    with _OPENING:
        # Whatever it begins with: the program tries a file as each kind in turn, and an archive is found from its end.
        if packed or zipfile.is_zipfile(io.BytesIO(data)):
            weigh(data)
        sheets = _opened(data)
    # Blank cells at the end of a row are cells: each row of a sheet is as wide as the sheet.
    grids = [
        (name, [[*row, *[""] * (width - len(row))][:MOST_COLUMNS] for _, row in rows], [number for number, _ in rows])
        for name, width, rows in sheets
    ]
    counted = sorted(((_dated(grid), place) for place, (_, grid, _) in enumerate(grids)), key=lambda pair: (-pair[0], pair[1]))
    if not counted or not counted[0][0]:
        raise StatementNotReadable("No sheet of this workbook holds a line with both a date and an amount. Check that it is the statement.")
    _, grid, lines = grids[counted[0][1]]
    statement = reader.read(grid, lines, reader.Source("xlsx" if packed else "xls", "typed", "", ""), hints)
    heads = list(statement.reading.header)
    left = [
        Rejected(0, f"The sheet \u201c{name[:40]}\u201d holds transactions too: save it as a file of its own to import it")
        for count, (name, other, _) in ((count, grids[place]) for count, place in counted[1:])
        if count >= OTHERS or (count and any(same_heads(row, heads) for row in other[:60]))
    ]
    return replace(statement, rejected=[*statement.rejected, *left])


FORMAT = Format("excel", is_workbook, read)


def _opened(data: bytes) -> list[tuple[str, int, list[tuple[int, list[str]]]]]:
    """Return the sheets, how wide they are, and their numbered rows, as the process with limits read them."""
    command = [sys.executable, "-I", str(Path(excel_process.__file__)), str(MOST_ROWS), str(MOST_COLUMNS * 10)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file is its input, not its name
            command, input=data, capture_output=True, timeout=excel_process.seconds(len(data)) * 2, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise StatementNotReadable(TOO_LARGE) from error
    if done.returncode:
        said = done.stderr[-4000:].lower()
        large = done.returncode < 0 or b"memoryerror" in said or b"memory allocation" in said
        raise StatementNotReadable(TOO_LARGE if large else PROTECTED if b"password" in said else DAMAGED)
    found = json.loads(done.stdout)
    if found == "large":
        raise StatementNotReadable(TOO_LARGE)
    return [(name, min(width, MOST_COLUMNS), rows) for name, width, rows in found]


def _dated(grid: list[list[str]]) -> int:
    """Count the rows with both a date and an amount."""
    count = 0
    for row in grid[:2000]:
        cells = [clean(cell) for cell in row[:60]]
        dates = [c for c in cells if date_shape(c)]
        count += bool(dates) and any(c and number_shape(c) and not date_shape(c) for c in cells)
    return count
