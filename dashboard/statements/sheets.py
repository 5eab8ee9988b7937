"""Excel workbooks, .xlsx and .xls: the sheet with the most dated amounts becomes a grid, and the grid reader decides."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from dashboard.errors import StatementNotReadable
from dashboard.statements import table
from dashboard.statements.cells import clean, date_shape, number_shape
from dashboard.statements.delimited import MOST_COLUMNS, MOST_ROWS
from dashboard.statements.shapes import Hints, Rejected, Statement

# Unpacked; a statement of 100,000 rows is a tenth of it. More is a bomb.
LARGEST = 120 * 2**20
OTHERS = 3
_DAMAGED = "This Excel file is damaged, or protected by a password. Open it in a spreadsheet program and save it as CSV."


def is_sheet(data: bytes) -> bool:
    """Say whether a file is an Excel workbook, by its first bytes."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    return data.startswith(b"PK\x03\x04") and (
        b"xl/" in data[:200_000] or b"[Content_Types].xml" in data[:200_000] or b"xl/workbook" in data[-200_000:]
    )


def read(data: bytes, hints: Hints) -> Statement:
    """Read an Excel workbook.

    Raises:
        StatementNotReadable: it is damaged, too large unpacked, or no sheet holds dated amounts.
    """
    if data.startswith(b"PK"):
        _weigh(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = []
        for name in book.sheet_names[:50]:
            sheet = book.get_sheet_by_name(name)
            if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS * 10:
                raise StatementNotReadable("This workbook has a sheet larger than any statement. Check that it is the right file.")
            grids.append((name, *_grid(sheet.to_python(skip_empty_area=False))))
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError) as error:
        raise StatementNotReadable(_DAMAGED) from error
    counted = sorted(((_dated(grid), place) for place, (_, grid, _) in enumerate(grids)), key=lambda pair: (-pair[0], pair[1]))
    if not counted or not counted[0][0]:
        raise StatementNotReadable("No sheet of this workbook holds a line with both a date and an amount. Check that it is the statement.")
    _, grid, lines = grids[counted[0][1]]
    statement = table.read(grid, lines, table.Source("xlsx" if data.startswith(b"PK") else "xls", "typed", "", ""), hints)
    left = [grids[place][0] for count, place in counted[1:] if count >= OTHERS]
    for name in left:
        statement.rejected.append(
            Rejected(0, f"The sheet \u201c{name[:40]}\u201d holds transactions too: save it as a file of its own to import it")
        )
    return statement


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
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise StatementNotReadable(_DAMAGED) from error
    except Exception as error:
        if isinstance(error, StatementNotReadable) or type(error).__module__ != "zlib":
            raise
        raise StatementNotReadable(_DAMAGED) from error


def _grid(rows: Sequence[Sequence[object]]) -> tuple[list[list[str]], list[int]]:
    grid, lines = [], []
    for number, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row[:MOST_COLUMNS]]
        if any(cells):
            grid.append(cells)
            lines.append(number)
    return grid, lines


def _cell(value: object) -> str:
    """Write a typed cell as text that reads back as the same: dates as ISO, numbers with a point."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        text = f"{round(value, 6):.6f}".rstrip("0").rstrip(".")
        # One decimal would be short for money, and a mark before three digits open.
        whole, _, rest = text.partition(".")
        return text if not rest else f"{whole}.{rest.ljust(2, '0')}" if len(rest) != 3 else f"{whole}.{rest}0"
    if isinstance(value, (time, timedelta)):
        return str(value)
    return str(value) if value is not None else ""


def _dated(grid: list[list[str]]) -> int:
    """Count the rows with both a date and an amount."""
    count = 0
    for row in grid[:2000]:
        cells = [clean(cell) for cell in row[:60]]
        dates = [c for c in cells if date_shape(c)]
        count += bool(dates) and any(c and number_shape(c) and not date_shape(c) for c in cells)
    return count
