"""What an Excel workbook would cost to open, counted from its packed parts before any program opens it.

A program that opens a sheet makes a grid up to its farthest cell: two cells are enough to ask for a gigabyte. So the parts
are unpacked piece by piece, kept by nobody, and their tags counted; what directories and dimensions say is not asked.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats.excel_process import MOST_CELLS

DAMAGED = "This Excel file is damaged. Open it in a spreadsheet program and save it as CSV."
PROTECTED = "This Excel file is protected by a password. Open it in a spreadsheet program and save it without one, or as CSV."
TOO_LARGE = "This workbook has a sheet larger than any statement. Check that it is the right file."
# Unpacked; a statement of 100,000 rows is a tenth of it. More is a bomb.
LARGEST = 120 * 2**20
# Unpacked, of small files and of each byte of larger ones; a table of numbers packs to a tenth, one of equal rows to a fiftieth.
SMALL = 16 * 2**20
PER_BYTE = 100
# Cells of the grids, of small files and of each cell that is there.
SMALL_GRID = 2**20
PER_CELL = 40
_PIECE = 2**20
# Other formats that the same program would open, by parts that no Excel workbook of text has.
_OTHER = re.compile(r"(?i)^(content\.xml|xl[/\\]workbook\.bin)$")
# A cell of format alone, exactly as programs write it: it takes no place in the grid.
_BLANK = re.compile(rb"<(?:\w+:)?c(?:\s+[\w:]+=\"[^\"'<>]*\")*\s*/>")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{0,7})([0-9]{0,10})")
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s>/])")
_ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row(?=[\s>/])")


def weigh(data: bytes) -> None:
    """Refuse an archive whose work or memory would not be in proportion to its bytes.

    Raises:
        StatementNotReadable: that, or it is damaged or locked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _weigh(archive, len(data))
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error) as error:
        raise StatementNotReadable(DAMAGED) from error
    except (RuntimeError, NotImplementedError) as error:
        # A single part that is encrypted, or packed as no spreadsheet program packs.
        raise StatementNotReadable(PROTECTED if "password" in str(error) else DAMAGED) from error
    except (OSError, EOFError, ValueError, KeyError, IndexError) as error:
        raise StatementNotReadable(DAMAGED) from error


def _weigh(archive: zipfile.ZipFile, size: int) -> None:
    total = cells = area = 0
    most = min(LARGEST, max(SMALL, PER_BYTE * size))
    if len(archive.infolist()) > 2000:
        raise StatementNotReadable("This archive holds more parts than any workbook. It was not read.")
    for info in archive.infolist():
        if _OTHER.match(info.filename):
            raise StatementNotReadable(DAMAGED)
        extent = Extent()
        with archive.open(info) as part:
            for piece in _pieces(part):
                total += len(piece)
                if total > most:
                    raise StatementNotReadable("Unpacked, this workbook is larger than any statement. It was not read.")
                extent.add(piece)
        cells, area = cells + extent.cells, area + extent.area()
        if area > MOST_CELLS or area > max(SMALL_GRID, PER_CELL * cells):
            raise StatementNotReadable(TOO_LARGE)


def _pieces(part: object) -> Iterator[bytes]:
    """Yield a part in pieces that end before a tag, as far as there are tags."""
    kept = b""
    while chunk := part.read(_PIECE):  # type: ignore[attr-defined]
        piece = kept + chunk
        cut = piece.rfind(b"<")
        # What is longer than a piece without a tag is text.
        cut = cut if len(piece) - cut <= _PIECE and cut > 0 else len(piece)
        yield piece[:cut]
        kept = piece[cut:]
    yield kept


@dataclass
class Extent:
    """How far the cells of one part reach, seen piece by piece: never less than a program would find."""

    cells: int = 0
    far_row: int = 0
    far_column: int = 0
    rows: int = 0
    unplaced: int = 0
    longest: int = 0
    _running: int = field(default=0, repr=False)

    def add(self, piece: bytes) -> None:
        """Count what stands in a piece."""
        blank = len(_BLANK.findall(piece))
        seen = len(_CELL.findall(piece))
        rows = len(_ROW.findall(piece))
        if not seen and not rows:
            return
        places = _PLACE.findall(_BLANK.sub(b"", piece) if blank else piece)
        self.cells += seen - blank
        self.rows += rows
        for letters in {letters for letters, _ in places}:
            self.far_column = max(self.far_column, _column(letters))
        self.far_row = max([self.far_row, *(int(number or b"0") for number in {number for _, number in places})])
        placed = sum(1 for letters, _ in places if letters)
        self.unplaced += max(seen - blank - placed, 0) + max(rows - (len(places) - placed), 0)
        for number, stretch in enumerate(_ROW.split(piece)):
            self._running = (self._running if not number else 0) + len(_CELL.findall(stretch))
            self.longest = max(self.longest, self._running)

    def area(self) -> int:
        """Return the most cells that a grid of it can have; a cell or row that names no place follows the one before."""
        if not self.cells:
            return 0
        after = self.unplaced > 0
        return (self.far_row + (self.rows if after else 0)) * (self.far_column + (self.longest if after else 0))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
