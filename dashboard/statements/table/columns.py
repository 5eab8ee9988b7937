"""Single cells and whole columns: what a cell could be as an amount, and what a column is by all of its cells and its head."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from dashboard.statements.table.currencies import CURRENCY_WORDS, currency_of
from dashboard.statements.table.dates import LONGEST_CELL, date_shape
from dashboard.statements.table.vocabulary import fold, head_roles
from dashboard.statements.table.weights import KIND, ROLE

ZERO = Decimal(0)
CREDIT_SIDES = frozenset({"cr", "hab", "h"})
Values = list[Decimal | None]
MOST_LETTERS = 8
_EDGES = " \t\u00a0\u202f\u2007\u200b\u200e\u200f\ufeff"
EMPTY = frozenset({"", "-", "--", "---", "/", "n/a", "na", "null", "none", "\u2013", "\u2014", "."})


def clean(cell: str) -> str:
    """Take off what exports wrap around values: spaces of all kinds, ="…", '…'."""
    cell = cell.strip(_EDGES)
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1].strip(_EDGES)
    if cell.startswith("'") and len(cell) > 1 and (cell.endswith("'") or cell[1].isdigit()):
        cell = cell.strip("'").strip(_EDGES)
    return cell


class NumberShape(NamedTuple):
    """A cell that could be an amount: its digits with their marks, its sign (0: none written), side and currency."""

    body: str
    sign: int
    side: str
    currency: str | None


_SIDE = re.compile(r"(?i)\s*(?<![a-z])(cr|dr|db|hab|h|s)\.?$")
# A lone R is the rand only before an amount with decimals; otherwise it begins a reference.
_RAND = re.compile(r"([-\u2212(]?)\s?R\s?(-?\d[\d ,\u00a0]*[.,]\d{2}\)?)")
_BODY = re.compile(r"\d{1,3}(?:[ .,'\u2019]\d{2,3})*(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+|\d+[.,]")
_SYMBOLS = "\u20ac\u00a3$\u00a5\u20b9\u20aa\u20a9\u20bd\u20ba\u20ab\u20b1\u20b4\u0e3f\uffe5\uffe1"


@lru_cache(maxsize=200_000)
def number_shape(cell: str) -> NumberShape | None:
    """Return what the cell could be as an amount, None where it cannot be one."""
    if not 1 <= len(cell) <= LONGEST_CELL or not any(c.isdigit() for c in cell):
        return None
    body = cell
    side, currency = "", None
    if not body[0].isdigit() or not body[-1].isdigit():
        if sum(map(str.isalpha, body)) > MOST_LETTERS:
            return None
        if rand := _RAND.fullmatch(body):
            body, currency = rand[1] + rand[2], "ZAR"
        for word, code in CURRENCY_WORDS:
            if word in body and (not word.isascii() or not word.isalpha() or re.search(rf"(?i)(?<![a-z]){re.escape(word)}(?![a-z])", body)):
                body = body.replace(word, " ").strip(_EDGES)
                currency = code
                break
        if body.startswith("\\") or body.endswith(("\u5186", "\u5143")):
            # The yen sign of Shift-JIS stands where ASCII has the backslash.
            body = body.strip("\\\u5186\u5143")
        if match := _SIDE.search(body):
            side, body = match[1].lower(), body[: match.start()]
    body = body.strip(_EDGES)
    sign, body = _sign_of(body)
    body = body.replace("\u00a0", " ").replace("\u202f", " ")
    return NumberShape(body, sign, side, currency) if _BODY.fullmatch(body) else None


def _sign_of(body: str) -> tuple[int, str]:
    """Return the sign that stands before or behind an amount, or that brackets are (0: none is written), and the rest."""
    sign = 0
    if body.startswith("(") and body.endswith(")"):
        sign, body = -1, body[1:-1].strip(_EDGES)
    for _ in range(2):
        if body[:1] in ("-", "\u2212", "\u2013") and not sign:
            sign, body = -1, body[1:].strip(_EDGES)
        elif body[:1] == "+" and not sign:
            sign, body = 1, body[1:].strip(_EDGES)
        elif body[-1:] in ("-", "\u2212") and not sign:
            sign, body = -1, body[:-1].strip(_EDGES)
        elif body[-1:] == "+" and not sign:
            sign, body = 1, body[:-1].strip(_EDGES)
        body = body.strip(_SYMBOLS + _EDGES)
    return sign, body


@lru_cache(maxsize=64)
def _strict(mark: str) -> re.Pattern[str]:
    group = "[ '\u2019,]" if mark == "." else "[ '\u2019.]"
    return re.compile(
        rf"(?:\d+|"
        rf"\d{{1,3}}({group})\d{{3}}(?:\1\d{{3}})*|\d{{1,2}}(?:{group}\d{{2}})+{group}\d{{3}})(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+"
    )


def to_amount(shape: NumberShape, mark: str) -> Decimal | None:
    """Return the signed value under a decimal mark, None where the digits do not fit it. The side is not applied."""
    body = shape.body
    if not body.isdigit():
        if not _strict(mark).fullmatch(body):
            return None
        for group in (" ", "'", "\u2019", "," if mark == "." else "."):
            body = body.replace(group, "")
        body = body.replace(mark, ".")
    value = Decimal(body)
    return -value if shape.sign < 0 else value


def mark_evidence(shape: NumberShape) -> str:
    """Return which decimal mark a cell needs: "." or ",", "?" where both could be, "" where it shows none."""
    body = shape.body
    dot, comma = body.rfind("."), body.rfind(",")
    if dot < 0 and comma < 0:
        return ""
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark, at = (".", dot) if dot >= 0 else (",", comma)
    other = "," if mark == "." else "."
    if body.count(mark) > 1 or (len(body) - at - 1 == 3 and 1 <= at <= 3 and body[0] != "0" and body[:at].isdigit()):
        return other if body.count(mark) > 1 else f"?{mark}"
    return mark


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


def column_of(index: int, head: str, cells: list[str]) -> Column:
    """Return what a column is by its cells over the core rows and by its head."""
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
    if dates >= KIND.dates * len(filled) and not (compact == len(filled) and column.named("amount", "debit", "credit", "balance")):
        column.kind = "date"
    elif len(numbers) >= KIND.numbers * len(filled) and not _codes(filled):
        column.kind = "number"
        column.mark = _mark([mark_evidence(shape) for shape in numbers])
        column.look_alike = _looks_alike(filled)
    else:
        column.words = {fold(cell) for cell in filled} if column.distinct <= KIND.words else set()
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


def number_values(column: Column, mark: str, rows: slice = slice(None)) -> Values:
    """Return the signed values of a column's cells, None where a cell is empty or does not fit the mark."""
    found: Values = []
    for cell in column.cells[rows]:
        shape = number_shape(cell) if cell.casefold() not in EMPTY else None
        value = to_amount(shape, mark) if shape else None
        if value is not None and shape is not None and shape.side:
            value = abs(value) if shape.side in CREDIT_SIDES else -abs(value)
        found.append(value)
    return found


def role_of(column: Column) -> str:
    """Return what a number column's head says it is, demoting roles first: "Amount (fee)" is a fee."""
    order = ("fee", "original", "rate", "balance", "id", "debit", "credit", "amount")
    best = max(column.roles.values(), default=0)
    strong = [role for role in order if column.roles.get(role, 0) >= max(1, best - ROLE.near)]
    for role in ("fee", "original", "rate"):
        if role in strong:
            return role
    if column.named("debit") and column.named("credit"):
        return "amount"
    if column.named("balance") and column.named("balance") >= column.named("amount"):
        return "balance"
    for role in ("debit", "credit"):
        # "Amount (debit)" names both; the side is what tells it from its twin.
        if column.named(role) and column.named(role) >= column.named("amount") - ROLE.side:
            return role
    if column.named("amount"):
        return "amount"
    return "id" if column.named("id") else ""
