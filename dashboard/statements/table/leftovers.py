"""Rows that are no movement: what lacks a date or an amount, sections, balances and totals; each with its reason."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from decimal import Decimal
from functools import lru_cache

from dashboard.bounds import LONGEST_TEXT
from dashboard.statements.shapes import Rejected, Row
from dashboard.statements.table.columns import EMPTY, clean, number_shape
from dashboard.statements.table.dates import date_shape
from dashboard.statements.table.grid import Layout, is_head, same_heads
from dashboard.statements.table.vocabulary import FAILED_WORDS, PENDING_WORDS, SUMMARY_WORDS, fold

PENDING_SECTION = ("held", "stands under pending; it comes again when it is booked")
# What balances are called, in a row that may be one.
_BALANCE_WORDS = re.compile(
    r"\bbalance|\btotal|summe\b|\bsuma\b|saldo|\bsolde|stand\b|zustatek|zostatek|egyenleg|stanje|\bsold(?:ul)?\b|bakiye|"
    r"остаток|余额|餘額|残高|잔액"
)
# What stands around the words of a balance: dates, "as of", currencies.
_AROUND = re.compile(
    r"\b(?:as of|as at|on|at|of|per|am|vom|zum|au|le|del|al|a|em|op|den|dne|na dzien|z dnia|ka|til|pr|from|to|for|"
    r"eur|usd|gbp|chf|pln|sek|nok|dkk|czk)\b|[\d./:,*()\s-]+"
)
_FIRST_WORDS = frozenset(words.split()[0] for words in SUMMARY_WORDS)
LONGEST_SUMMARY = 40


class Leftovers:
    """Judges what is no whole row, in the order of the file, and remembers under which title rows stand."""

    def __init__(self, layout: Layout, grid: list[list[str]], *, summaries: bool) -> None:
        """Look above the table for a title that says its rows are pending."""
        self.layout, self.summaries = layout, summaries
        self.usual_fill = sum(c.fill for c in layout.columns)
        self.rows: list[Row] = []
        self.rejected: list[Rejected] = []
        first = layout.start if layout.header is None else layout.header
        pending = any(_only_word(cells) in PENDING_WORDS for cells in grid[max(0, first - 2) : first])
        self.section: tuple[str, str] | None = PENDING_SECTION if pending else None

    def judge(self, line: int, cells: list[str], day: date | str | None, amount: Decimal | str | None, text: str) -> None:
        """Judge a row that lacks a date or an amount."""
        words = [fold(cell.strip()) for cell in cells if cell.strip()]
        if not words or all(word in EMPTY for word in words):
            return
        rejected = self.rejected
        if self._begins_section(line, cells, words):
            return
        whole = text or " ".join(filter(None, (clean(cell) for cell in cells)))[:LONGEST_TEXT]
        if any(word in PENDING_WORDS or word in FAILED_WORDS for word in words):
            rejected.append(Rejected(line, "is pending or was not carried out; it comes again when it is booked", "held", text=whole))
        elif isinstance(day, date) and amount is None:
            rejected.append(Rejected(line, "has no amount", "problem", "amount", "", text))
        elif any(word.strip(" .:*") in SUMMARY_WORDS for word in words):
            rejected.append(Rejected(line, "is a balance or a total", "summary", text=whole))
        elif day is None and amount is None:
            self._continuation(line, cells, text)
        elif not isinstance(day, date) and isinstance(amount, Decimal):
            self._undated(line, cells, str(day or "")[:40], text)
        elif isinstance(day, date):
            shown = str(amount)[:40]
            rejected.append(Rejected(line, f"The amount “{shown}” cannot be read – correct it", "problem", "amount", shown, text))
        else:
            self._unread(line, cells, str(day or "")[:40], whole)

    def _unread(self, line: int, cells: list[str], shown: str, whole: str) -> None:
        """Name a row whose day and amount both cannot be read; before the first row, a short one is none."""
        if self.rows or len(cells) >= len(self.layout.columns) / 2:
            kind = "problem" if sum(1 for cell in cells if cell.strip()) > self.usual_fill / 2 else "summary"
            self.rejected.append(Rejected(line, "has neither a date nor an amount that can be read", kind, "date", shown, whole))

    def _undated(self, line: int, cells: list[str], shown: str, text: str) -> None:
        """Name a row with an amount and no day; `shown` is what stands in place of it."""
        reason = "has no date"
        if shown and date_shape(shown):
            reason = f"“{shown}” does not exist in the calendar – correct the date"
        elif shown:
            reason = f"“{shown}” is not a date – correct it"
        kind = "problem" if shown or text or not self._looks_like_total(cells) else "summary"
        self.rejected.append(Rejected(line, reason, kind, "date", shown, text))

    def judge_above(self, lines: list[int], grid: list[list[str]]) -> None:
        """Name the rows over a table without heads that may be some of its own, cut short."""
        for i in range(self.layout.start if self.layout.header is None else 0):
            told = [clean(cell) for cell in grid[i]]
            text = " ".join(filter(None, told))[:LONGEST_TEXT]
            dated = sum(1 for cell in told if date_shape(cell))
            if dated == 1 and any(number_shape(cell) and not date_shape(cell) for cell in told) and not _BALANCE_WORDS.search(fold(text)):
                why = "stands above the table with fewer columns; add it by hand if it is a movement"
                self.rejected.append(Rejected(lines[i], why, text=text))

    def _begins_section(self, line: int, cells: list[str], words: list[str]) -> bool:
        """Say whether a row is the title or the heads of another part of the file, and remember which."""
        rejected = self.rejected
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
        rejected.append(Rejected(line, "is a title between rows", "summary", text=clean(next(filter(None, cells)))))
        return True

    def _looks_like_total(self, cells: list[str]) -> bool:
        return sum(1 for c in cells if c.strip()) < self.usual_fill / 2

    def _continuation(self, line: int, cells: list[str], text: str) -> None:
        """Append the rest of a description that spills onto a line of its own."""
        rejected, rows = self.rejected, self.rows
        numbers = sum(1 for cell in cells if number_shape(clean(cell)))
        if numbers and len(cells) < len(self.layout.columns) and any(date_shape(clean(cell)) for cell in cells):
            rejected.append(Rejected(line, f"has {len(cells)} columns, not {len(self.layout.columns)}", "problem", text=text or cells[0]))
            return
        if rows and text and not numbers and sum(1 for c in cells if c.strip()) <= max(2, self.usual_fill / 2):
            last = rows[-1]
            rows[-1] = last._replace(text=f"{last.text} {text}"[:LONGEST_TEXT])
        else:
            rejected.append(Rejected(line, "has no date and no amount", "summary" if numbers or not text else "problem", text=text))

    def hold_stray_ends(self, grid: list[list[str]], lines: list[int], date_column: int, mended: Container[int]) -> None:
        """Leave out a first or last row that is no movement: its date is written unlike all others, or it breaks off.

        Banks that write no heads write the period or the closing balance as a row of its own. `mended` lines are rows.
        """
        rows, rejected = self.rows, self.rejected
        if len(rows) < 4:
            return
        at = {line: i for i, line in enumerate(lines)}
        sample = [grid[at[row.line]] for row in (rows if len(rows) <= 40 else (*rows[:20], *rows[-20:]))]
        kinds = [
            shape.kind if (shape := date_shape(clean(cells[date_column] if date_column < len(cells) else ""))) else "" for cells in sample
        ]
        for end, others, near in ((0, kinds[1:], sample[1:]), (-1, kinds[:-1], sample[:-1])):
            cells, widths = sample[end], {len(other) for other in near}
            if rows[end].line in mended:
                continue
            alien = len(set(others)) == 1 and kinds[end] not in others
            if alien or (len(widths) == 1 and len(cells) + 2 <= min(widths) and len(cells) < len(self.layout.columns) - 1):
                row = rows.pop(end)
                reason = "is written unlike all other rows, as a period or a closing balance is; add it by hand if it is a movement"
                rejected.append(Rejected(row.line, reason, text=row.text))

    def hold_sums(self, mended: Container[int]) -> None:
        """Leave out a last row (a first one, where the newest stands first) that is the sum of all others: a total or a closing balance.

        Where it is a closing balance, the row at the other end is the opening one, and its words say so.
        """
        rows, rejected = self.rows, self.rejected
        if not self.summaries or len(rows) < 5:
            return
        for end, other in ((-1, 0), (0, -1)):
            worded = rows[end].line not in mended and (not rows[end].text or _BALANCE_WORDS.search(fold(rows[end].text)))
            if (
                worded
                and rows[end].line not in mended
                and rows[end].amount
                and sum((row.amount for row in rows), Decimal(0)) == 2 * rows[end].amount
            ):
                row = rows.pop(end)
                rejected.append(Rejected(row.line, "is the sum of all other rows: a total or a closing balance", "summary", text=row.text))
                if rows[other].line not in mended and _BALANCE_WORDS.search(fold(rows[other].text)):
                    row = rows.pop(other)
                    rejected.append(Rejected(row.line, "is an opening balance", "summary", text=row.text))
                return


def _only_word(cells: list[str]) -> str:
    """Return the folded text of a row that has one cell, "" for others."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return fold(filled[0]) if len(filled) == 1 else ""


@lru_cache(maxsize=20_000)
def _may_begin(word: str) -> bool:
    return fold(word.strip(" .:*\t")) in _FIRST_WORDS


def is_summary(cell: str) -> bool:
    """Say whether a text names a balance or a total, perhaps with a date: Closing balance as of 31/03/2024."""
    if len(cell) > LONGEST_SUMMARY or not _may_begin(cell.lstrip(" .:*\t").partition(" ")[0]):
        return False
    folded = fold(cell.strip(" .:*\t"))
    if folded in SUMMARY_WORDS or not any(c.isdigit() for c in folded):
        return folded in SUMMARY_WORDS
    # Only phrases: "Total" with a number behind it is a petrol station.
    bare = " ".join(_AROUND.sub(" ", folded).split())
    return " " in bare and bare in SUMMARY_WORDS
