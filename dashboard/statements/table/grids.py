"""What some programs do to a table before it is one: dates in three columns, a column for each currency, two lines in a cell.

Each is undone on the grid, so that what reads tables sees one column for the date and one for the amount.
"""

from __future__ import annotations

import re

from dashboard.statements.table.cells import clean, date_shape, number_shape
from dashboard.statements.table.currencies import OWN_MONEY, currency_of
from dashboard.statements.table.vocabulary import fold, head_roles

SAMPLE = 600
# Money that heads call by its name.
_MONEY = {
    **dict.fromkeys(("dolares", "dolar", "dollars", "dollar", "us dollars", "u$s", "us$"), "USD"),
    **dict.fromkeys(("pesos", "$", "local", "local currency", "moneda local", "moneda nacional"), OWN_MONEY),
    "soles": "PEN",
    "reais": "BRL",
    "colones": "CRC",
    "quetzales": "GTQ",
    "bolivianos": "BOB",
    "guaranies": "PYG",
}
LONGEST_DATED_CELL = 80

Grid = list[list[str]]


def straightened(grid: Grid) -> Grid:
    """Return the grid with what was taken apart put together again; rows and their order stay."""
    grid = _one_line_dates(grid)
    grid = _joined_dates(grid)
    return _one_amount(grid)


def _one_line_dates(grid: Grid) -> Grid:
    """Take the second line off cells whose first is a date: banks print a document's number beneath it."""
    if not any("\n" in cell for row in grid[:SAMPLE] for cell in row):
        return grid
    return [[_first_line(cell) if "\n" in cell else cell for cell in row] for row in grid]


def _first_line(cell: str) -> str:
    first = cell.strip().partition("\n")[0].strip()
    return first if len(cell) <= LONGEST_DATED_CELL and date_shape(clean(first)) else cell


def _joined_dates(grid: Grid) -> Grid:
    """Put 2024 | 6 | 2 together, where three columns side by side hold a year, a month and a day throughout."""
    rows = [row for row in grid[:SAMPLE] if any(re.fullmatch(r"(19|20|21)\d\d", cell.strip()) for cell in row[:20])]
    if not rows or len(rows) * 2 < len(grid[:SAMPLE]) or any(date_shape(clean(cell)) for row in rows[:20] for cell in row):
        return grid
    for c in range(min(map(len, rows)) - 2):
        if all(_is_day(row[c : c + 3]) for row in rows):
            return [
                [*row[:c], "-".join(part.strip().zfill(2) for part in row[c : c + 3]), *row[c + 3 :]]
                if _is_day(row[c : c + 3])
                else [*row[:c], " ".join(filter(None, row[c : c + 1])), *row[c + 3 :]]
                for row in grid
            ]
    return grid


def swapped_back(grid: Grid, columns: list[int]) -> Grid:
    """Return the grid with the days and months put back that Excel exchanged in these columns of dates.

    Opened in another country's Excel, 05/03/2026 becomes the third of May, and 13/03/2026 stays a text, since there is no
    thirteenth month. So real dates whose days are all twelve or less beside texts that all begin (or all go on) with more
    are none that a bank wrote.
    """
    for c in columns:
        shapes = {i: shape for i, row in enumerate(grid) if c < len(row) and (shape := date_shape(clean(row[c])))}
        real = {i: s for i, s in shapes.items() if s.kind == "ymd" and s.year is not None}
        texts = [s for s in shapes.values() if s.kind == "open" and s.year is not None]
        if len(real) < 2 or len(texts) < 2 or any(s.second > 12 for s in real.values()):
            continue
        day_first = all(s.first > 12 >= s.second for s in texts)
        if not day_first and not all(s.second > 12 >= s.first for s in texts):
            continue
        for i, s in real.items():
            # Excel took the first number of the text for the month where texts begin with the day, and for the day otherwise.
            first, second = (s.first, s.second) if day_first else (s.second, s.first)
            grid[i] = [*grid[i][:c], f"{first:02}/{second:02}/{s.year}", *grid[i][c + 1 :]]
    return grid


def _is_day(cells: list[str]) -> bool:
    parts = [cell.strip() for cell in cells]
    return (
        len(parts) == 3
        and bool(re.fullmatch(r"(19|20|21)\d\d", parts[0]))
        and all(part.isdecimal() and len(part) <= 2 for part in parts[1:])
        and 1 <= int(parts[1]) <= 12
        and 1 <= int(parts[2]) <= 31
    )


def _named_currency(head: str) -> str | None:
    """Return the currency that a head is of (CAD$, "Amount in dollars"), OWN_MONEY where several countries' is called so."""
    if code := currency_of(head.replace("$", "").strip()):
        return code
    words = fold(head).replace(" en ", " ").replace(" em ", " ").replace(" in ", " ").split()
    if not 2 <= len(words) <= 3 or "amount" not in head_roles(words[0]):
        return None
    return currency_of(words[-1]) or _MONEY.get(" ".join(words[1:]))


def _holds_money(cell: str) -> bool:
    return any("1" <= digit <= "9" for digit in cell)


def _one_amount(grid: Grid) -> Grid:
    """Make CAD$ | USD$ one column of amounts and one of currencies, where heads name currencies and each row fills one."""
    for at, heads in enumerate(grid[:40]):
        named = [(c, code) for c, head in enumerate(heads) if (code := _named_currency(head)) is not None]
        if len(named) < 2 or len({code for _, code in named}) < len(named):
            continue
        body = [row for row in grid[at + 1 :] if len(row) > named[-1][0]]
        filled = [[c for c, _ in named if _holds_money(row[c])] for row in body[:SAMPLE]]
        if not body or any(
            len(columns) != 1 or not number_shape(clean(row[columns[0]])) for columns, row in zip(filled, body, strict=False)
        ):
            continue
        columns = {c for c, _ in named}
        made = [*grid[:at], [*(cell for c, cell in enumerate(heads) if c not in columns), "Amount", "Currency"]]
        for row in grid[at + 1 :]:
            said = [(row[c], code) for c, code in named if c < len(row) and _holds_money(row[c])]
            made.append([*(cell for c, cell in enumerate(row) if c not in columns), *(said[0] if len(said) == 1 else ("", ""))])
        return made
    return grid
