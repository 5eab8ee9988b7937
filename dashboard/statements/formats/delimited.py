"""Delimited text: which delimiter, by what comes out of it, and the grid of cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import pairwise

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats import own
from dashboard.statements.formats.contract import Format, Head
from dashboard.statements.shapes import Hints, Statement
from dashboard.statements.table import reader
from dashboard.statements.table.columns import clean, mark_evidence, number_shape
from dashboard.statements.table.dates import date_shape
from dashboard.statements.table.grid import straightened
from dashboard.statements.table.vocabulary import header_hits
from dashboard.statements.text import decode

DELIMITERS = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE = 300_000
MOST_COLUMNS = 400
MOST_LINES_IN_A_FIELD = 30
LONGEST_FIELD = 100_000
MOST_ROWS = 1_000_000

Grid = list[list[str]]

_WHOLE_LINE = re.compile(r'"(?:[^"]|""){3,5000}"')
_WHOLE = re.compile(r"[-+]?\d{1,9}")
_CENTS = re.compile(r"\d{2}")
_LEAD = re.compile(r"[-+$(]{0,2}\d{1,3}")
_GROUP = re.compile(r"\d{3}(?:\.\d{1,2})?\)?")


def is_text(_head: Head) -> bool:
    """Say that a file may be delimited text, as any may that is no other format."""
    return True


def read(data: bytes, hints: Hints) -> Statement:
    """Read delimited text of any delimiter, encoding and layout.

    Raises:
        StatementNotReadable: nothing in it looks like dated amounts.
    """
    text, encoding = decode(data)
    _refuse_wide(text)
    if own.begins(text):
        grid, lines = _cells(text, ",", csv.QUOTE_MINIMAL)
        if len(grid) == 1:
            raise StatementNotReadable("This export holds no transactions.")
        return reader.read(grid, lines, reader.Source("csv", encoding, NAMES[","], ","), hints)
    text = _unwrap(text).replace("~|~", "|")
    sample = text if len(text) <= SAMPLE else text[: text.rfind("\n", 0, SAMPLE) + 1 or SAMPLE]
    delimiter, quoting = _delimiter(sample)
    grid, lines = _cells(text, delimiter, quoting)
    if delimiter == ",":
        grid = _rejoin(grid)
    source = reader.Source("csv" if delimiter != "\t" else "tsv", encoding, NAMES[delimiter], delimiter)
    return reader.read(grid, lines, source, hints)


FORMAT = Format("delimited text", is_text, read)


def _unwrap(text: str) -> str:
    """Take off quotes around whole lines, which some programs put there: "date,text,amount"."""
    if not text.startswith('"'):
        return text
    lines = text.splitlines()
    for line in lines[:50]:
        if line.strip() and not _WHOLE_LINE.fullmatch(line.strip()):
            return text
    return "\n".join(line.strip()[1:-1].replace('""', '"') if _WHOLE_LINE.fullmatch(line.strip()) else line for line in lines)


def _rejoin(grid: Grid) -> Grid:
    """Put amounts together again whose marks were taken for delimiters, where the heads tell how many cells a row has.

    Without heads only decimals are joined: two digits after whole numbers in every row, and no other decimals.
    """
    dated = [row for row in grid[:600] if any(date_shape(clean(cell)) for cell in row[:20])]
    if not dated:
        return grid
    width = _width_of_heads(grid)
    widths = Counter(map(len, dated))
    if width and max(widths) <= width:
        return grid
    pairs = _decimal_pairs(dated) if len(widths) == 1 and len(dated) >= (1 if width else 3) else []
    if pairs and (not width or len(dated[0]) - len(pairs) == width):
        return [_joined(row, pairs, ",") if len(row) == len(dated[0]) else row for row in grid]
    if not width or any(_ungrouped(cell) for row in dated if len(row) <= width for cell in row):
        # Thousands stand without a mark here: what makes a row too wide is a delimiter inside a text.
        return grid
    return [_rejoin_thousands(row, width) if len(row) > width else row for row in grid]


def _width_of_heads(grid: Grid) -> int:
    """Return how many cells the line of heads has, 0 where no line is one."""
    heads = max(grid[:40], key=header_hits)
    known = header_hits(heads) >= 2 and not any(number_shape(clean(cell)) or date_shape(clean(cell)) for cell in heads)
    return len(heads) if known else 0


def _ungrouped(cell: str) -> bool:
    """Say whether a cell is an amount of a thousand or more, with decimals and no mark between its digits."""
    return re.fullmatch(r"[-+(]?[^\w\s.,-]?\d{4,}\.\d{2}\)?", cell.strip()) is not None


def _decimal_pairs(rows: Grid) -> list[int]:
    """Return the columns of whole numbers that are followed by one of two digits throughout."""
    pairs: list[int] = []
    for c in range(len(rows[0]) - 1):
        if c - 1 in pairs:
            continue
        cells = [(row[c].strip(), row[c + 1].strip()) for row in rows]
        filled = [(a, b) for a, b in cells if a or b]
        if (
            filled
            and all(_WHOLE.fullmatch(a) and _CENTS.fullmatch(b) for a, b in filled)
            and (any(b[0] == "0" for _, b in filled) or any(a[0] == "-" for a, _ in filled) or len(filled) < len(cells))
        ):
            pairs.append(c)
    marked = any(
        mark_evidence(shape) in (".", ",")
        for row in rows
        for cell in row
        if not date_shape(clean(cell)) and (shape := number_shape(clean(cell)))
    )
    return [] if marked else pairs


def _rejoin_thousands(row: list[str], width: int) -> list[str]:
    """Join 1 and 234.56, where just as many joints are possible as the row has cells too many."""
    while row and len(row) > width and not row[-1].strip():
        row = row[:-1]
    joints = [c for c in range(len(row) - 1) if _LEAD.fullmatch(row[c].strip()) and _GROUP.fullmatch(row[c + 1].strip())]
    return _joined(row, joints, "") if len(row) - len(joints) == width and all(b - a > 1 for a, b in pairwise(joints)) else row


def _joined(row: list[str], at: list[int], mark: str) -> list[str]:
    found: list[str] = []
    for c, cell in enumerate(row):
        if c - 1 in at:
            found[-1] = f"{found[-1].strip()}{mark}{cell.strip()}" if found[-1].strip() or cell.strip() else ""
        else:
            found.append(cell)
    return found


def _refuse_wide(text: str) -> None:
    """Count columns before splitting: a line of a million fields must cost nothing."""
    for line in text[:2_000_000].splitlines()[:200]:
        if max(line.count(d) for d in DELIMITERS) > MOST_COLUMNS * 4 and len(line) > 5000:
            raise StatementNotReadable("This file has more columns than any statement. Check that it is the right file.")


def _delimiter(sample: str) -> tuple[str, int]:
    """Return the delimiter under which most rows hold a date and an amount, and how quotes are read."""
    best: tuple[float, str, int] = (-1.0, ",", csv.QUOTE_MINIMAL)
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            try:
                grid, _ = _cells(sample, delimiter, quoting)
            except StatementNotReadable:
                continue
            # A stray quote swallows lines: quotes that are no quotes show as fewer rows.
            score = _outcome(straightened(grid[:600])) - (0.5 if quoting == csv.QUOTE_NONE else 0)
            if score > best[0] + 1e-9:
                best = (score, delimiter, quoting)
            if '"' not in sample:
                break
    if best[0] <= 0:
        raise StatementNotReadable(
            "We could not find transactions in this file: no line has both a date and an amount. "
            "Check that it is the statement, or ask your bank for CSV."
        )
    return best[1], best[2]


def _outcome(grid: Grid) -> float:
    good, widths, heads = 0, Counter[int](), 0
    for row in grid[:600]:
        cells = [clean(cell) for cell in row[:60]]
        dates = [c for c in cells if date_shape(c)]
        numbers = sum(1 for c in cells if c and number_shape(c) and not date_shape(c))
        # A compact date is a number as well: a second one may be the amount.
        if dates and (numbers or (len(dates) > 1 and any(c.isdigit() for c in dates))):
            good += 1
            widths[len(row)] += 1
        elif len(row) > 1:
            heads = max(heads, header_hits(row))
    if not good:
        return 0.0
    agreement = widths.most_common(1)[0][1] / good
    return good * (0.7 + 0.3 * agreement) + min(heads, 6) * 0.1 * min(good, 10)


def _cells(text: str, delimiter: str, quoting: int) -> tuple[Grid, list[int]]:
    """Split text into rows of cells, each with the number of the line it starts on; blank rows are left out."""
    quotes = {"quoting": quoting} if quoting == csv.QUOTE_NONE else {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **quotes)  # type: ignore[arg-type]
    grid: Grid = []
    lines: list[int] = []
    end = 0
    try:
        for row in reader:
            start, end = end + 1, reader.line_num
            if not any(row) or (len(row) == 1 and not row[0].strip()):
                continue
            if end - start > MOST_LINES_IN_A_FIELD:
                raise StatementNotReadable(
                    f"Line {start}: a quotation mark is opened and not closed. Correct that line and drop the file again."
                )
            if len(row) > MOST_COLUMNS:
                raise StatementNotReadable(
                    f"Line {start} has {len(row)} columns, more than any statement. Check that it is the right file."
                )
            grid.append(row)
            lines.append(start)
            if len(grid) > MOST_ROWS:
                raise StatementNotReadable("This file has more than a million rows. Split it and import the parts.")
    except csv.Error as error:
        raise StatementNotReadable(
            f"Line {reader.line_num}: a field is longer than any statement's. Check that it is the right file."
        ) from error
    return grid, lines
