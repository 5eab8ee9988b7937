"""Where a table starts in a grid, whether it has heads, and what each column could be."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from statistics import median

from dashboard.statements.table.cells import EMPTY, clean, date_shape, mark_evidence, number_shape
from dashboard.statements.table.currencies import currency_of
from dashboard.statements.table.vocabulary import fold, head_roles

SAMPLE_ROWS = 3000
HEAD_REACH = 25
DATE_ROLES = ("date", "date_booking", "date_value", "date_other")
NUMBER_ROLES = ("amount", "debit", "credit", "balance", "fee", "original", "rate", "id")
TEXT_ROLES = ("direction", "currency", "status", "payee", "description", "note", "category", "account", "counter_account", "id")


@dataclass
class Column:
    """One column over the core rows: its head and what its cells look like."""

    index: int
    head: str
    roles: dict[str, int]
    cells: list[str]
    kind: str = "text"
    fill: float = 0.0
    # The decimal mark its cells need: ".", "," or "" where they show none; "?" with the mark where both could be.
    mark: str = ""
    distinct: int = 0
    look_alike: bool = False
    words: set[str] = field(default_factory=set)

    def named(self, *roles: str) -> int:
        """Return how strongly the head says one of these roles, 0 where it says none."""
        return max((self.roles.get(role, 0) for role in roles), default=0)

    def role_among(self, roles: tuple[str, ...]) -> str:
        """Return the role its head names best among these, "" where it names none."""
        found = [(self.roles[role], -order, role) for order, role in enumerate(roles) if role in self.roles]
        return max(found)[2] if found else ""


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


def find(grid: list[list[str]]) -> Layout | None:
    """Find the table, None where no row has both a date and an amount."""
    sample = [[clean(cell) for cell in row] for row in grid[:SAMPLE_ROWS]]
    core = _core_rows(sample)
    if not core:
        return None
    header, heads = _header(sample, core)
    core = _first_table(sample, core, heads)
    width = max(len(sample[i]) for i in core)
    heads += [""] * (width - len(heads))
    columns = [_column(c, heads[c], [sample[i][c] if c < len(sample[i]) else "" for i in core]) for c in range(width)]
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
    for anchor in sorted(range(width), key=lambda c: (dated[c] < 0.8 * best, c)):
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
        score = len(roles) + 0.3 * len(filled) / max(1, usual) - 0.02 * (first - i)
        if roles and score > best_score:
            best, best_score = i, score
    if best is None:
        above = first - 1
        row = sample[above] if above >= 0 else []
        filled = [cell for cell in row if cell]
        unlike_data = filled and not any(number_shape(c) or date_shape(c) for c in filled)
        if unlike_data and len(filled) >= 0.8 * usual and len(set(filled)) == len(filled):
            return above, list(row)
        return None, []
    heads = list(sample[best])
    for near in (best - 1, best + 1):
        if not 0 <= near < first or near == best:
            continue
        other = sample[near]
        filled_near = [c for c in other if c]
        if not filled_near or len(filled_near) * 2 > usual or any(number_shape(c) or date_shape(c) for c in filled_near):
            continue
        for c, cell in enumerate(other):
            if cell and c < len(heads) and not heads[c]:
                heads[c] = cell
    return best, heads


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


def _column(index: int, head: str, cells: list[str]) -> Column:
    filled = [cell for cell in cells if cell.casefold() not in EMPTY]
    if "+" in filled or (not filled and "-" in cells and "direction" in head_roles(head)):
        # In a column of signs a dash is a minus and not an empty cell.
        signs = [cell for cell in cells if cell]
        filled = signs if set(signs) <= {"+", "-"} else filled
    column = Column(index, head, head_roles(head), cells, fill=len(filled) / len(cells))
    if not filled:
        column.kind = "empty"
        return column
    column.distinct = len(set(filled))
    dates = sum(1 for cell in filled if date_shape(cell))
    numbers = [shape for cell in filled if (shape := number_shape(cell))]
    compact = sum(1 for cell in filled if cell.isdigit())
    if dates >= 0.7 * len(filled) and not (compact == len(filled) and column.named("amount", "debit", "credit", "balance")):
        column.kind = "date"
    elif len(numbers) >= 0.8 * len(filled) and not _codes(filled):
        column.kind = "number"
        column.mark = _mark([mark_evidence(shape) for shape in numbers])
        column.look_alike = _looks_alike(filled)
    else:
        column.words = {fold(cell) for cell in filled} if column.distinct <= 40 else set()
    return column


def _codes(filled: list[str]) -> bool:
    return all(currency_of(cell) for cell in filled)


def _mark(evidence: list[str]) -> str:
    dots, commas = evidence.count("."), evidence.count(",")
    if dots or commas:
        return "." if dots >= commas else ","
    return next((e for e in evidence if e), "")


def _looks_alike(filled: list[str]) -> bool:
    """Say whether these numbers are rather ids: long, zero-led or counting up."""
    digits = [cell for cell in filled if cell.isdigit()]
    if len(digits) < len(filled):
        return False
    if any(len(cell) >= 9 for cell in digits) or any(len(cell) > 1 and cell[0] == "0" for cell in digits):
        return True
    values = list(map(int, digits))
    return len(values) >= 4 and all(b - a == values[1] - values[0] and abs(b - a) == 1 for a, b in pairwise(values))
