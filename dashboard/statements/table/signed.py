"""The amount of a row under one decided reading: one column, one with its direction, or one of two."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from dashboard.statements.table.cells import EMPTY, clean, number_shape, to_amount
from dashboard.statements.table.hypothesis import CREDIT_SIDES, Hypothesis
from dashboard.statements.table.layout import Column, Layout
from dashboard.statements.table.vocabulary import LOOSE_DIRECTIONS, fold

_PLAIN = {".": re.compile(r"-?\d+(?:\.\d+)?"), ",": re.compile(r"-?\d+(?:,\d+)?")}
ZERO = Decimal(0)


class Numbers:
    """Turns the cells of one column into signed amounts; the common forms take the short way."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.plain = _PLAIN[mark].fullmatch

    def __call__(self, cell: str) -> Decimal | str | None:
        """Return the amount, None for an empty cell, the cell itself where it cannot be read."""
        if self.plain(cell) and len(cell) < 20:
            return Decimal(cell.replace(",", ".") if self.mark == "," else cell)
        cell = clean(cell)
        if cell.casefold() in EMPTY or set(cell) == {"-"}:
            return None
        shape = number_shape(cell)
        if shape is None:
            return cell
        value = to_amount(shape, self.mark)
        if value is None:
            return cell
        if shape.side:
            return abs(value) if shape.side in CREDIT_SIDES else -abs(value)
        return value


class Amounts:
    """Turns the rows of a table into signed amounts; rows are as wide as the table."""

    def __init__(self, layout: Layout, best: Hypothesis, *, flip: bool, mark_of: Callable[[Column], str]) -> None:
        """Keep what has been decided."""
        self.layout, self.best, self.flip = layout, best, flip
        self.numbers = {i: Numbers(mark_of(layout.columns[i])) for i in best.columns if layout.columns[i].kind in ("number", "empty")}
        if best.fee is not None:
            self.numbers[best.fee] = Numbers(mark_of(layout.columns[best.fee]))

    def corrected(self, cells: list[str], text: str) -> list[str]:
        """Return the row with a person's amount in place of the one that cannot be read; its column still gives the sign."""
        columns = self.best.columns[:2] if self.best.form == "pair" else self.best.columns[:1]
        wrong = next((c for c in columns if isinstance(self.numbers[c](cells[c]), str)), None)
        filled = next((c for c in columns if cells[c].strip()), columns[0])
        row = [*cells]
        at = filled if wrong is None else wrong
        row[at] = text if isinstance(self.numbers[at](text), Decimal) else self._in_file_style(text, self.numbers[at].mark)
        return row

    @staticmethod
    def _in_file_style(text: str, mark: str) -> str:
        """Return an amount typed with the other decimal mark as the file would write it; other text as it is."""
        shape = number_shape(clean(text))
        value = to_amount(shape, "," if mark == "." else ".") if shape else None
        return text if value is None else str(value).replace(".", mark)

    def of(self, cells: list[str]) -> Decimal | str | None:
        """Return a row's amount, None where it has none, the cell itself where it cannot be read."""
        amount = self._before_fee(cells)
        if (column := self.best.fee) is None or isinstance(amount, str):
            return amount
        fee = self.numbers[column](cells[column])
        if isinstance(fee, str) or not fee:
            return fee if isinstance(fee, str) else amount
        return (amount or ZERO) - abs(fee)

    def _before_fee(self, cells: list[str]) -> Decimal | str | None:
        best, columns = self.best, self.best.columns
        if best.form == "difference":
            before, after = self.numbers[columns[0]](cells[columns[0]]), self.numbers[columns[1]](cells[columns[1]])
            if isinstance(before, Decimal) and isinstance(after, Decimal):
                return after - before
            return next((x for x in (before, after) if isinstance(x, str)), None)
        if best.form == "pair":
            out, into = self.numbers[columns[0]](cells[columns[0]]), self.numbers[columns[1]](cells[columns[1]])
            if isinstance(out, str) or isinstance(into, str):
                return out if isinstance(out, str) else into
            if out is None and into is None:
                return None
            return _on_side(into or ZERO, best.signs[1]) - _on_side(out or ZERO, best.signs[0])
        value = self.numbers[columns[0]](cells[columns[0]])
        if not isinstance(value, Decimal):
            return value
        if best.form == "direction":
            word = clean(cells[columns[1]])
            sign = best.direction.get(fold(word))
            if sign is None and word and best.reading != "turned":
                return value if value < 0 else f"{value} {word}"
            if not sign:
                return -value if self.flip else value
            return self._directed(value, sign, word)
        return -value if self.flip else value

    def _directed(self, value: Decimal, sign: int, word: str) -> Decimal | str:
        """Return the amount of a row with a direction, the cells themselves where they say what no row before them said."""
        reading = self.best.reading
        if reading == "product" or (reading == "word" and value >= 0):
            return value * sign
        if reading == "turned":
            return -value if self.flip else value
        if reading == "word" or (value * sign < 0 and fold(word).strip(" .()[]") not in LOOSE_DIRECTIONS):
            return f"{value} {word}"
        return value


def _on_side(value: Decimal, sign: int) -> Decimal:
    """Return an amount of one side's column; a side that nobody had seen filled holds money moved, however it is signed."""
    return value * sign if sign else abs(value)
