"""Opens an Excel workbook in a process of its own, with limits: a file of a kilobyte may ask for more memory than there is.

Run as a script with the workbook on standard input, it prints the cells as JSON. It imports nothing of the house, so that
it starts quickly, and what goes wrong in it ends it and nothing else.
"""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import date, datetime, time, timedelta

# Of a small file, of each byte of a larger one, and of any: 100,000 rows of eight columns take 33 a byte.
LEAST_MEMORY = 96 * 2**20
MEMORY_PER_BYTE = 64
MEMORY = 768 * 2**20
# Of a small file, of each MB of a larger one, and of any: 3.6 MB take two.
LEAST_SECONDS = 8
SECONDS_PER_MB = 8
SECONDS = 60
MOST_SHEETS = 50
# Cells of a sheet, blank ones included: a million rows of four, or 100,000 of forty.
MOST_CELLS = 4_000_000


def cell(value: object) -> str:
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


def sheets(data: bytes, most_rows: int, most_columns: int) -> list[tuple[str, int, list[tuple[int, list[str]]]]]:
    """Return each sheet's name, its width, and its rows that are not blank with their numbers.

    Raises:
        OverflowError: a sheet is larger than any statement.
    """
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only the process with limits opens workbooks

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = []
    for name in book.sheet_names[:MOST_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > most_rows or sheet.width > most_columns or sheet.height * sheet.width > MOST_CELLS:
            raise OverflowError(name)
        rows = []
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
            cells = [cell(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                rows.append((number, cells))
        found.append((name, sheet.width, rows))
    return found


def memory(size: int) -> int:
    """Return how many bytes a file of this size may take to open."""
    return min(MEMORY, LEAST_MEMORY + MEMORY_PER_BYTE * size)


def seconds(size: int) -> int:
    """Return how many seconds of work a file of this size may take to open."""
    return min(SECONDS, LEAST_SECONDS + SECONDS_PER_MB * (size >> 20))


def limit(size: int) -> None:
    """Allow this process so much memory and time for a file of this size."""
    # A panic without memory would wait for ever for the memory that its backtrace takes.
    os.environ["RUST_BACKTRACE"] = "0"
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory(size), memory(size)))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds(size), seconds(size)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, print JSON; say "large" where a sheet is too large."""
    data = sys.stdin.buffer.read()
    limit(len(data))
    try:
        found: object = sheets(data, int(sys.argv[1]), int(sys.argv[2]))
    except OverflowError:
        found = "large"
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
