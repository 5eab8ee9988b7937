"""The last pass: every row after the heads is read or left out with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard.statements.amounts import CREDIT_SIDES, Hypothesis, balance_proof
from dashboard.statements.cells import EMPTY, clean, date_shape, number_shape, to_amount, to_date
from dashboard.statements.layout import Column, Layout, is_head, same_heads
from dashboard.statements.shapes import Proof, Rejected, Row
from dashboard.statements.totals import LONGEST_SUMMARY, is_summary
from dashboard.statements.vocabulary import FAILED_WORDS, PENDING_WORDS, SUMMARY_WORDS, currency_of, fold

_PLAIN = {".": re.compile(r"-?\d+(?:\.\d+)?"), ",": re.compile(r"-?\d+(?:,\d+)?")}
LONGEST_TEXT = 500
MISSING = object()
PENDING_SECTION = ("held", "stands under pending; it comes again when it is booked")


@dataclass(frozen=True)
class Texts:
    """Which columns hold which words."""

    payee: tuple[int, ...]
    text: tuple[int, ...]
    note: tuple[int, ...]
    category: tuple[int, ...]
    account: tuple[int, ...]
    bank_id: tuple[int, ...]
    status: tuple[int, ...]
    # Whether the text columns were chosen for want of heads that say so.
    loose: bool = False


class _Numbers:
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


class RowReader:
    """Reads rows under one decided reading."""

    def __init__(
        self,
        layout: Layout,
        best: Hypothesis,
        *,
        flip: bool,
        mark_of: Callable[[Column], str],
        date_column: int,
        order: str,
        year: int | None,
        texts: Texts,
        currency: str | None,
        currency_column: int | None,
        cells: dict[int, dict[str, str]],
        summaries: bool = True,
    ) -> None:
        """Keep what has been decided."""
        self.layout, self.best, self.flip, self.texts = layout, best, flip, texts
        self.date_column, self.order, self.year = date_column, order, year
        self.currency, self.currency_column, self.cells, self.summaries = currency, currency_column, cells, summaries
        columns = layout.columns
        used = (*best.columns, *([best.balance] if best.balance is not None else []))
        self.numbers = {i: _Numbers(mark_of(columns[i])) for i in used if columns[i].kind in ("number", "empty")}
        self.days: dict[str, date | None] = {}
        if best.balance is None:
            named = [
                c
                for c in columns
                if c.kind == "number" and c.index not in best.columns and c.fill > 0.2 and c.named("balance") >= max(c.named("amount"), 3)
            ]
            self.balance_column = named[0].index if named else None
            if named:
                self.numbers[named[0].index] = _Numbers(mark_of(named[0]))
        else:
            self.balance_column = best.balance
        self.signed = best.form == "direction" and self._has_signs()
        self.section: tuple[str, str] | None = None
        self.width = self._usual_width()
        self.other_dates = [c.index for c in columns if c.kind == "date" and c.fill >= 0.5]
        # Where the booking date is a column of its own that nearly all rows fill, one without it is not booked.
        self.booked = [
            i for i in self.other_dates if columns[i].fill >= 0.8 and columns[i].role_among(("date_booking", "date")) == "date_booking"
        ]
        self.usual_fill = sum(c.fill for c in columns)

    def _usual_width(self) -> int:
        """Return how many cells rows have, 0 where that varies by more than a few rows."""
        widths = self.layout.widths
        usual = max(set(widths), key=widths.count)
        wider = sum(1 for width in widths if width > usual)
        return usual if widths.count(usual) * 2 > len(widths) and wider * 4 <= len(widths) and len(widths) >= 3 else 0

    def used_columns(self) -> dict[str, tuple[int, ...]]:
        """Return role to column numbers, for the heads of the check screen."""
        form, columns = self.best.form, self.best.columns
        used: dict[str, tuple[int, ...]] = {"date": (self.date_column,)}
        if form == "pair":
            used |= {"debit": columns[:1], "credit": columns[1:]}
        else:
            used["amount"] = columns[:1]
            if form == "direction":
                used["direction"] = columns[1:]
        for role in ("payee", "text", "note", "category", "account"):
            if found := getattr(self.texts, role):
                used[role] = found
        if self.balance_column is not None:
            used["balance"] = (self.balance_column,)
        if self.currency_column is not None:
            used["currency"] = (self.currency_column,)
        return used

    def read(self, grid: list[list[str]], lines: list[int]) -> tuple[list[Row], list[Rejected], Proof | None]:
        """Read all rows of the grid from the table's start."""
        rows: list[Row] = []
        rejected: list[Rejected] = []
        first = self.layout.start if self.layout.header is None else self.layout.header
        if any(_only_word(cells) in PENDING_WORDS for cells in grid[max(0, first - 2) : first]):
            self.section = PENDING_SECTION
        for i in range(self.layout.start, len(grid)):
            cells, line = grid[i], lines[i]
            mended = self.cells.get(line)
            day = self._day(mended["date"]) if mended and mended.get("date") else self._day(_at(cells, self.date_column))
            amount = self._amount(self._corrected(cells, mended["amount"]) if mended and mended.get("amount") else cells)
            if type(day) is date and type(amount) is Decimal:
                if (
                    reason := self.section
                    or self._left_out(cells)
                    or (self._misplaced(cells) if len(cells) > self.width and not mended else None)
                ):
                    rejected.append(Rejected(line, reason[1], reason[0], text=self._text(cells)))
                else:
                    rows.append(self._row(line, day, amount, cells))
                continue
            self._incomplete(line, cells, day, amount, rows, rejected)
        self._hold_stray_ends(rows, rejected, grid, lines)
        proof = None
        if self.balance_column is not None and rows:
            found, _ = balance_proof([r.amount for r in rows], [r.balance for r in rows], [r.line for r in rows])
            proof = found if found.steps else None
        return rows, rejected, proof

    def _misplaced(self, cells: list[str]) -> tuple[str, str] | None:
        """Return why a row cannot be trusted: it was split into other columns than the heads and the other rows."""
        if self.width and any(cell.strip() for cell in cells[self.width :]):
            return "problem", f"has {len(cells)} columns, not {self.width}: a delimiter inside a text or an amount stands without quotes"
        return None

    def _hold_stray_ends(self, rows: list[Row], rejected: list[Rejected], grid: list[list[str]], lines: list[int]) -> None:
        """Leave out a first or last row that is no movement: its date is written unlike all others, or it breaks off.

        Banks that write no heads write the period or the closing balance as a row of its own.
        """
        if len(rows) < 4 or self.cells:
            return
        at = {line: i for i, line in enumerate(lines)}
        sample = [grid[at[row.line]] for row in (rows if len(rows) <= 40 else (*rows[:20], *rows[-20:]))]
        kinds = [shape.kind if (shape := date_shape(clean(_at(cells, self.date_column)))) else "" for cells in sample]
        for end, others, near in ((0, kinds[1:], sample[1:]), (-1, kinds[:-1], sample[:-1])):
            cells, widths = sample[end], {len(other) for other in near}
            alien = len(set(others)) == 1 and kinds[end] not in others
            if alien or (len(widths) == 1 and len(cells) + 2 <= min(widths) and len(cells) < len(self.layout.columns) - 1):
                row = rows.pop(end)
                reason = "is written unlike all other rows, as a period or a closing balance is; add it by hand if it is a movement"
                rejected.append(Rejected(row.line, reason, text=row.text))

    def _day(self, cell: str) -> date | str | None:
        found = self.days.get(cell, MISSING)
        if found is MISSING:
            text = clean(cell)
            shape = date_shape(text)
            found = to_date(shape, self.order, self.year) if shape else None
            self.days[cell] = found
        if found is None:
            text = clean(cell)
            return text if text and text.casefold() not in EMPTY else None
        return found  # type: ignore[return-value]

    def _corrected(self, cells: list[str], text: str) -> list[str]:
        """Return the row with a person's amount in place of the one that cannot be read; its column still gives the sign."""
        columns = self.best.columns[:2] if self.best.form == "pair" else self.best.columns[:1]
        wrong = next((c for c in columns if isinstance(self.numbers[c](_at(cells, c)), str)), None)
        filled = next((c for c in columns if _at(cells, c).strip()), columns[0])
        row = [*cells, *[""] * (len(self.layout.columns) - len(cells))]
        at = filled if wrong is None else wrong
        row[at] = text if isinstance(self.numbers[at](text), Decimal) else self._in_file_style(text, self.numbers[at].mark)
        return row

    @staticmethod
    def _in_file_style(text: str, mark: str) -> str:
        """Return an amount typed with the other decimal mark as the file would write it; other text as it is."""
        shape = number_shape(clean(text))
        value = to_amount(shape, "," if mark == "." else ".") if shape else None
        return text if value is None else str(value).replace(".", mark)

    def _amount(self, cells: list[str]) -> Decimal | str | None:
        best, columns = self.best, self.best.columns
        if best.form == "pair":
            out, into = self.numbers[columns[0]](_at(cells, columns[0])), self.numbers[columns[1]](_at(cells, columns[1]))
            if isinstance(out, str) or isinstance(into, str):
                return out if isinstance(out, str) else into
            if out is None and into is None:
                return None
            return (into or Decimal(0)) * best.signs[1] - (out or Decimal(0)) * best.signs[0]
        value = self.numbers[columns[0]](_at(cells, columns[0]))
        if not isinstance(value, Decimal):
            return value
        if best.form == "direction":
            word = clean(_at(cells, columns[1]))
            sign = best.direction.get(fold(word))
            if best.flip or not (sign or word):
                return -value if self.flip else value
            if sign is None:
                return value if value < 0 else f"{value} {word}"
            if sign == 0:
                return -value if self.flip else value
            return value if self.signed else abs(value) * sign
        return -value if self.flip else value

    def _has_signs(self) -> bool:
        """Say whether the amounts carry signs of their own beside the direction words."""
        column = self.layout.columns[self.best.columns[0]]
        return any(isinstance(v := self.numbers[column.index](cell), Decimal) and v < 0 for cell in column.cells[:600])

    def _left_out(self, cells: list[str]) -> tuple[str, str] | None:
        """Return why a whole row is no movement: a balance or total, or one that failed."""
        for column in self.texts.status:
            word = fold(_at(cells, column).strip())
            if word in FAILED_WORDS:
                return "held", f"was not carried out ({_at(cells, column).strip()[:30]})"
            if word in PENDING_WORDS and (self._lacks_balance(cells) or any(not _at(cells, c).strip() for c in self.other_dates)):
                return "held", "is pending at the bank; it comes again when it is booked"
        if any(not _at(cells, column).strip() for column in self.booked):
            return "held", "has no booking date yet; it comes again when it is booked"
        for column in (*self.texts.text, *self.texts.payee) if self.summaries else ():
            cell = _at(cells, column)
            if len(cell) <= LONGEST_SUMMARY and is_summary(cell):
                filled = sum(1 for c in cells if c.strip())
                if filled < self.usual_fill + 0.01:
                    return "summary", f"is a balance or a total ({cell.strip()[:30]})"
        return None

    def _lacks_balance(self, cells: list[str]) -> bool:
        return (
            self.balance_column is not None
            and self.layout.columns[self.balance_column].fill > 0.5
            and not _at(cells, self.balance_column).strip()
        )

    def _row(self, line: int, day: date, amount: Decimal, cells: list[str]) -> Row:
        texts = self.texts
        currency = self.currency
        if currency is None:
            if self.currency_column is not None:
                currency = currency_of(clean(_at(cells, self.currency_column)))
            elif (shape := number_shape(clean(_at(cells, self.best.columns[0])))) is not None:
                currency = shape.currency
        elif self.currency_column is not None:
            # One code in the sample does not vouch for every row behind it.
            currency = currency_of(clean(_at(cells, self.currency_column))) or currency
        balance = self.numbers[self.balance_column](_at(cells, self.balance_column)) if self.balance_column is not None else None
        text = self._text(cells)
        payee = next((found for c in texts.payee if (found := " ".join(_at(cells, c).split()))), "")
        if texts.loose and not payee:
            # Columns without heads: the longest words of the row say most.
            payee = max((" ".join(_at(cells, c).split()) for c in texts.text), key=len, default="")
        return Row(
            line,
            day,
            amount,
            currency,
            (payee or text)[:LONGEST_TEXT],
            text,
            self._joined(cells, texts.note),
            self._joined(cells, texts.category),
            self._joined(cells, texts.account),
            self._joined(cells, texts.bank_id),
            balance if isinstance(balance, Decimal) else None,
        )

    def _text(self, cells: list[str]) -> str:
        return self._joined(cells, self.texts.text or self.texts.payee)

    @staticmethod
    def _joined(cells: list[str], columns: tuple[int, ...]) -> str:
        if not columns:
            return ""
        if len(columns) == 1:
            return " ".join(_at(cells, columns[0]).split())[:LONGEST_TEXT]
        return " ".join(" ".join([_at(cells, c) for c in columns]).split())[:LONGEST_TEXT]

    def _incomplete(
        self, line: int, cells: list[str], day: date | str | None, amount: Decimal | str | None, rows: list[Row], rejected: list[Rejected]
    ) -> None:
        """Judge a row that lacks a date or an amount."""
        words = [fold(cell.strip()) for cell in cells if cell.strip()]
        if not words or all(word in EMPTY for word in words):
            return
        text = self._text(cells)
        if self._begins_section(line, cells, words, rejected):
            return
        if any(word in PENDING_WORDS or word in FAILED_WORDS for word in words):
            rejected.append(Rejected(line, "is pending or was not carried out; it comes again when it is booked", "held", text=text))
        elif isinstance(day, date) and amount is None:
            rejected.append(Rejected(line, "has no amount", "problem", "amount", "", text))
        elif any(word.strip(" .:*") in SUMMARY_WORDS for word in words):
            rejected.append(Rejected(line, "is a balance or a total", "summary", text=text))
        elif day is None and amount is None:
            self._continuation(line, cells, text, rows, rejected)
        elif not isinstance(day, date) and isinstance(amount, Decimal):
            shown = str(day or "")[:40]
            reason = (
                f"\u201c{shown}\u201d does not exist in the calendar \u2013 correct the date"
                if shown and date_shape(shown)
                else (f"\u201c{shown}\u201d is not a date \u2013 correct it" if shown else "has no date")
            )
            kind = "problem" if shown or not self._looks_like_total(cells) else "summary"
            rejected.append(Rejected(line, reason, kind, "date", shown, text))
        elif isinstance(day, date):
            shown = str(amount)[:40]
            rejected.append(
                Rejected(line, f"The amount \u201c{shown}\u201d cannot be read \u2013 correct it", "problem", "amount", shown, text)
            )
        elif len(cells) < len(self.layout.columns) / 2 and not rows:
            return
        else:
            rejected.append(
                Rejected(
                    line,
                    "has neither a date nor an amount that can be read",
                    "problem" if len(words) > self.usual_fill / 2 else "summary",
                    "date",
                    str(day or "")[:40],
                    text,
                )
            )

    def _begins_section(self, line: int, cells: list[str], words: list[str], rejected: list[Rejected]) -> bool:
        """Say whether a row is the title or the heads of another part of the file, and remember which."""
        if is_head(cells):
            if same_heads(cells, self.layout.heads):
                rejected.append(Rejected(line, "repeats the column heads", "summary"))
            else:
                self.section = ("problem", "stands in a second table with other columns; export that table as a file of its own")
                rejected.append(Rejected(line, "begins a second table with other columns; export that table as a file of its own"))
            return True
        if len(words) == 1 and self.section is None and words[0] in PENDING_WORDS:
            self.section = PENDING_SECTION
        elif (
            len(words) == 1 and self.section and self.section[0] == "held" and words[0] not in PENDING_WORDS and not number_shape(words[0])
        ):
            self.section = None
        else:
            return False
        rejected.append(Rejected(line, "is a title between rows", "summary"))
        return True

    def _looks_like_total(self, cells: list[str]) -> bool:
        return sum(1 for c in cells if c.strip()) < self.usual_fill / 2

    def _continuation(self, line: int, cells: list[str], text: str, rows: list[Row], rejected: list[Rejected]) -> None:
        """Append the rest of a description that spills onto a line of its own."""
        numbers = sum(1 for cell in cells if number_shape(clean(cell)))
        if numbers and len(cells) < len(self.layout.columns) and any(date_shape(clean(cell)) for cell in cells):
            rejected.append(
                Rejected(line, f"has {len(cells)} columns, not {len(self.layout.columns)}", "problem", text=text or _at(cells, 0))
            )
            return
        if rows and text and not numbers and sum(1 for c in cells if c.strip()) <= max(2, self.usual_fill / 2):
            last = rows[-1]
            rows[-1] = last._replace(text=f"{last.text} {text}"[:LONGEST_TEXT])
        else:
            rejected.append(Rejected(line, "has no date and no amount", "summary" if numbers or not text else "problem", text=text))


def _only_word(cells: list[str]) -> str:
    """Return the folded text of a row that has one cell, "" for others."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return fold(filled[0]) if len(filled) == 1 else ""


def _at(cells: list[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""
