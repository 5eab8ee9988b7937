"""A grid of cells before it is read: what programs took apart put together, where its table begins, several in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from statistics import median
from typing import NamedTuple, Protocol

from dashboard.errors import StatementNotReadable
from dashboard.statements import ends
from dashboard.statements.shapes import Hints, Proof, Statement, added
from dashboard.statements.table.columns import Column, clean, column_of, number_shape
from dashboard.statements.table.currencies import OWN_MONEY, currency_of
from dashboard.statements.table.dates import date_shape
from dashboard.statements.table.vocabulary import CARD_NUMBER, EITHER_ACCOUNT, fold, head_roles
from dashboard.statements.table.weights import TABLE

# So many rows tell what was taken apart.
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
# So many rows tell where the table is, and what its columns are.
SAMPLE_ROWS = 3000
HEAD_REACH = 25
DATE_ROLES = ("date", "date_booking", "date_value", "date_other")
# So many lines above its heads may name a section's account.
REACH = 12
_DATA = re.compile(r"\d\D*\d\D*\d\D*\d").search
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b")
# "Checking 1111", "Everyday Saver ****4321": a name, and the end of a number.
_NAMED = re.compile(r"[^\W\d][^\d]{2,40}[ (*x\u2022.-]+\d{4,}\)?")
# What else is numbered so.
_OTHER = frozenset(
    "page statement seite auszug kontoauszug pagina extracto extrait releve estratto nr no number tel phone fax period from to date year "
    "total balance opening closing reference customer client".split()
)


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
        if len(named) < 2 or len({code for _, code in named}) < len(named) or not _each_fills_one(grid[at + 1 :], [c for c, _ in named]):
            continue
        columns = {c for c, _ in named}
        made = [*grid[:at], [*(cell for c, cell in enumerate(heads) if c not in columns), "Amount", "Currency"]]
        for row in grid[at + 1 :]:
            said = [(row[c], code) for c, code in named if c < len(row) and _holds_money(row[c])]
            made.append([*(cell for c, cell in enumerate(row) if c not in columns), *(said[0] if len(said) == 1 else ("", ""))])
        return made
    return grid


def _each_fills_one(rows: Grid, columns: list[int]) -> bool:
    """Say whether each of the first rows that reach so far has an amount in just one of these columns."""
    body = [row for row in rows if len(row) > columns[-1]]
    filled = [[c for c in columns if _holds_money(row[c])] for row in body[:SAMPLE]]
    return bool(body) and not any(len(one) != 1 or not number_shape(clean(row[one[0]])) for one, row in zip(filled, body, strict=False))


@dataclass
class Layout:
    """A table found in a grid: row numbers are those of the grid."""

    core: list[int]
    start: int
    header: int | None
    heads: list[str]
    columns: list[Column]
    known: bool
    # How many cells the core rows have.
    widths: list[int]


def find_table(grid: list[list[str]]) -> Layout | None:
    """Find the table, None where no row has both a date and an amount."""
    sample = [[clean(cell) for cell in row] for row in grid[:SAMPLE_ROWS]]
    core = _core_rows(sample)
    if not core:
        return None
    header, heads = _header(sample, core)
    core = _first_table(sample, core, heads)
    width = max(len(sample[i]) for i in core)
    heads += [""] * (width - len(heads))
    columns = [column_of(c, heads[c], [sample[i][c] if c < len(sample[i]) else "" for i in core]) for c in range(width)]
    # A row before the first whole one, of the same width and with a number in it, is a row with something wrong.
    start = header + 1 if header is not None else core[0]
    if header is None:
        while start > 0 and len(sample[start - 1]) == len(sample[core[0]]) and any(number_shape(c) for c in sample[start - 1]):
            start -= 1
    return Layout(core, start, header, heads, columns, known=any(c.roles for c in columns), widths=[len(sample[i]) for i in core])


def _core_rows(sample: list[list[str]]) -> list[int]:
    """Return the rows that have a date in the leading date column and a number beside it."""
    width = max((len(row) for row in sample), default=0)
    dated = [0] * width
    shaped: list[list[bool]] = []
    for row in sample:
        marks = [date_shape(cell) is not None for cell in row]
        shaped.append(marks)
        for c, is_date in enumerate(marks):
            dated[c] += is_date
    best = max(dated, default=0)
    if not best:
        return []
    for anchor in sorted(range(width), key=lambda c: (dated[c] < TABLE.anchor * best, c)):
        if not dated[anchor]:
            continue
        core = [
            i
            for i, row in enumerate(sample)
            if anchor < len(row)
            and shaped[i][anchor]
            and any(c != anchor and number_shape(cell) and (not shaped[i][c] or cell.isdigit()) for c, cell in enumerate(row))
        ]
        # A column of numbers that pass for dates leaves no amounts beside it; look further.
        if len(core) >= max(1, best // 3):
            return _without_preamble(sample, core)
    return []


def _without_preamble(sample: list[list[str]], core: list[int]) -> list[int]:
    """Leave out lines that only look like rows, above and far from the table: they are narrower."""
    if len(core) < 3:
        return core
    filled = [sum(1 for cell in sample[i] if cell) for i in core]
    usual = median(filled)
    keep = [i for i, count in zip(core, filled, strict=True) if count * 2 >= usual]
    first = keep[0]
    return [i for i in core if i >= first]


def _header(sample: list[list[str]], core: list[int]) -> tuple[int | None, list[str]]:
    """Return the row of heads above the first core row, with half-empty neighbours joined in, and the heads."""
    first = core[0]
    usual = median(sum(1 for cell in sample[i] if cell) for i in core)
    best = _named_heads(sample, first, usual)
    if best is not None:
        return best, _with_neighbours(sample, best, first, usual)
    row = sample[first - 1] if first else []
    filled = [cell for cell in row if cell]
    unlike_data = filled and not any(number_shape(c) or date_shape(c) for c in filled)
    if unlike_data and len(filled) >= TABLE.head_unknown * usual and len(set(filled)) == len(filled):
        return first - 1, list(row)
    return None, []


def _named_heads(sample: list[list[str]], first: int, usual: float) -> int | None:
    """Return the row above the first one that names most roles of columns, None where none names any."""
    best, best_score = None, 0.0
    for i in range(max(0, first - HEAD_REACH), first):
        row = sample[i]
        filled = [cell for cell in row if cell]
        if len(filled) * 2 < min(usual, len(sample[first])) or any(date_shape(cell) for cell in filled):
            continue
        if sum(1 for cell in filled if number_shape(cell)) * 3 > len(filled):
            continue
        # A row of heads names each role once; distinct ones count, and nearer is better.
        roles = {max(r, key=lambda k: r[k]) for cell in filled if (r := head_roles(cell))}
        score = len(roles) + TABLE.head_fill * len(filled) / max(1, usual) + TABLE.head_distance * (first - i)
        if roles and score > best_score:
            best, best_score = i, score
    return best


def _with_neighbours(sample: list[list[str]], best: int, first: int, usual: float) -> list[str]:
    """Return a row of heads, with those that it lacks from the lines beside it: banks break long heads over two."""
    heads = list(sample[best])
    for near in (best - 1, best + 1):
        if not 0 <= near < first:
            continue
        other = sample[near]
        filled = [c for c in other if c]
        if not filled or len(filled) * 2 > usual or any(number_shape(c) or date_shape(c) for c in filled):
            continue
        for c, cell in enumerate(other):
            if cell and c < len(heads) and not heads[c]:
                heads[c] = cell
    return heads


def is_head(cells: list[str]) -> bool:
    """Say whether a row is a line of heads: a date, an amount and one more role, and nothing that is data."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < 3 or any(number_shape(clean(cell)) or date_shape(clean(cell)) for cell in filled):
        return False
    roles = {max(r, key=lambda k: r[k]) for cell in filled if (r := head_roles(clean(cell)))}
    return len(roles) >= 3 and not roles.isdisjoint(DATE_ROLES) and not roles.isdisjoint(("amount", "debit", "credit"))


def _first_table(sample: list[list[str]], core: list[int], heads: list[str]) -> list[int]:
    """Leave out what stands under other heads further down: a second table has columns of its own."""
    members = set(core)
    for i in range(core[0] + 1, core[-1]):
        if i not in members and is_head(sample[i]) and not same_heads(sample[i], heads):
            return [c for c in core if c < i]
    return core


def same_heads(cells: list[str], heads: list[str]) -> bool:
    """Say whether a line of heads repeats the table's own."""
    return all(fold(clean(a)) == fold(b) for a, b in zip_longest(cells, heads, fillvalue=""))


class Section(NamedTuple):
    """A part of a grid, from its title on, and the account that it is of."""

    start: int
    end: int
    account: str


def sections_of(grid: list[list[str]]) -> list[Section]:
    """Return the parts of a grid that are of several accounts, none where it is of one."""
    heads = [i for i, row in enumerate(grid) if not _DATA("".join(row)) and is_head(row)]
    if len(heads) < 2:
        return []
    parts: list[Section] = []
    for n, head in enumerate(heads):
        start, account = _title(grid, max(head - REACH, heads[n - 1] + 1 if n else 0), head)
        if n and not account:
            # Heads that are repeated on a new page.
            continue
        if parts and account == parts[-1].account:
            continue
        if parts:
            parts[-1] = parts[-1]._replace(end=start)
        parts.append(Section(start if n else 0, len(grid), account))
    return parts if len({part.account for part in parts} - {""}) > 1 else []


class _Reader(Protocol):
    def __call__(self, grid: list[list[str]], lines: list[int], hints: Hints) -> Statement:
        """Read one table."""


def read_sections(parts: list[Section], grid: list[list[str]], lines: list[int], hints: Hints, one: _Reader) -> Statement:
    """Read each part by itself and put them together.

    Raises:
        StatementNotReadable: none of them has transactions.
    """
    told: list[Statement] = []
    for part in parts:
        mine, at = grid[part.start : part.end], lines[part.start : part.end]
        try:
            statement = one(mine, at, hints)
        except StatementNotReadable:
            if (part is parts[-1] and not told) or any(date_shape(clean(cell)) for row in mine for cell in row):
                raise
            # An account where nothing happened.
            continue
        if statement.questions and (like := next((s for s in told if _answers(s, statement)), None)) is not None:
            # What another part of the same columns shows of dates, marks and signs is so here.
            known = {name: getattr(hints, name) or getattr(like.reading, name) for name in ("dates", "decimal", "sign")}
            statement = one(mine, at, replace(hints, **known))
        told.append(
            replace(
                statement,
                rows=[row if row.account else row._replace(account=part.account) for row in statement.rows],
                ends={(account or part.account, currency): held for (account, currency), held in statement.ends.items()},
            )
        )
    return _together(told)


def _together(told: list[Statement]) -> Statement:
    """Return the statements of several accounts as one."""
    asked = {question.key: question for statement in reversed(told) for question in statement.questions}
    return replace(
        told[0],
        rows=[row for statement in told for row in statement.rows],
        rejected=[row for statement in told for row in statement.rejected],
        questions=list(asked.values()),
        proof=_proof([statement.proof for statement in told]),
        ends=ends.joined(
            (name, statement.ends.get(name)) for statement in told for name in {(row.account, row.currency) for row in statement.rows}
        ),
    )


def _answers(known: Statement, asking: Statement) -> bool:
    return not known.questions and known.reading.header == asking.reading.header


def _proof(proofs: list[Proof | None]) -> Proof | None:
    """Return what all balances prove together, nothing where a part has none; one that does not hold speaks for itself."""
    known = [proof for proof in proofs if proof is not None]
    broken = next((proof for proof in known if not proof.holds and proof.agree < proof.steps), None)
    if broken is not None or len(known) < len(proofs) or len({proof.ends for proof in known}) > 1:
        return broken
    return added(known)


def _title(grid: list[list[str]], first: int, head: int) -> tuple[int, str]:
    """Return where a part begins, and the account that a line over its heads names, "" where none does; the nearest tells."""
    start = head
    for i in range(head - 1, first - 1, -1):
        cells = [cell.strip() for cell in grid[i] if cell.strip()]
        if len(cells) > 2 and any(date_shape(clean(cell)) for cell in cells):
            break
        start = i
        if account := _account(cells):
            return i, account
    return start, ""


def _account(cells: list[str]) -> str:
    """Return the account that a line of cells names: by a word for accounts, or by how its number is written."""
    pieces = [piece.strip() for cell in cells for piece in cell.split(":", 1) if piece.strip()]
    for name, value in pairwise(pieces):
        if "account" in head_roles(name) or fold(name) in EITHER_ACCOUNT:
            return value[:80]
    if len(cells) != 1 or len(cells[0]) > 60:
        return ""
    if iban := _IBAN.search(cells[0]):
        return iban[0]
    alone = cells[0]
    words = set(fold(alone).split())
    if "account" in head_roles(alone) and any(map(str.isdigit, alone)):
        return alone
    return alone if (_NAMED.fullmatch(alone) or CARD_NUMBER.fullmatch(alone)) and words.isdisjoint(_OTHER) else ""
