"""The last pass: every row after the heads is read, its day, its signed amount and its words, or left out with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard.bounds import LONGEST_TEXT
from dashboard.statements.shapes import Proof, Rejected, Row, added
from dashboard.statements.table.amounts import Hypothesis, balance_proof
from dashboard.statements.table.columns import CREDIT_SIDES, EMPTY, ZERO, Column, clean, number_shape, to_amount
from dashboard.statements.table.currencies import OWN_MONEY, currency_of
from dashboard.statements.table.dates import Years, date_shape
from dashboard.statements.table.grid import Layout
from dashboard.statements.table.leftovers import Leftovers, is_summary
from dashboard.statements.table.vocabulary import FAILED_WORDS, LOOSE_DIRECTIONS, PENDING_WORDS, fold
from dashboard.statements.table.weights import ROWS

MISSING = object()
UNKNOWN = "?"
PENDING = "is pending at the bank; it comes again when it is booked"
YES = frozenset("true yes y 1 x".split())
# So many rows are read between two words of progress.
STEP = 5000
_BARE = re.compile(r"[-+(]?[\d.,' ]*\d[-)]?|").fullmatch
_PLAIN = {".": re.compile(r"-?\d+(?:\.\d+)?"), ",": re.compile(r"-?\d+(?:,\d+)?")}


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
    counter: tuple[int, ...] = ()
    # Whether the text columns were chosen for want of heads that say so.
    loose: bool = False


@dataclass(frozen=True)
class Decided:
    """How a table is read: what has been decided over all of its rows before the first of them is."""

    layout: Layout
    best: Hypothesis
    # Whether every sign is turned round.
    flip: bool
    mark_of: Callable[[Column], str]
    date_column: int
    order: str
    years: Years
    texts: Texts
    # That of all rows without one of their own, and the column of codes.
    currency: str | None
    currency_column: int | None
    # What a person has put right: line to {field: text}.
    cells: dict[int, dict[str, str]]
    # Whether balances and totals may stand among the rows.
    summaries: bool = True
    # Whether a row without a date is of the day of the one before it.
    carry: bool = False


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


class RowReader:
    """Reads rows under one decided reading."""

    def __init__(self, decided: Decided) -> None:
        """Keep what has been decided, and what of the columns follows from it."""
        layout, best, texts = decided.layout, decided.best, decided.texts
        self.decided, self.layout, self.best, self.texts = decided, layout, best, texts
        self.date_column, self.currency_column, self.cells = decided.date_column, decided.currency_column, decided.cells
        # What a cell was found to be; most come again.
        self.days: dict[str, date | None] = {}
        self.states: dict[str, str] = {}
        self.codes: dict[str, str | None] = {}
        columns = layout.columns
        self.amounts = Amounts(layout, best, flip=decided.flip, mark_of=decided.mark_of)
        self.balance_column = best.balance
        if best.balance is None:
            named = (
                c.index
                for c in columns
                if c.kind == "number"
                and c.index not in best.columns
                and c.fill > ROWS.balance_fill
                and c.named("balance") >= max(c.named("amount"), ROWS.balance_strength)
            )
            self.balance_column = next(named, None)
        self.balance = Numbers(decided.mark_of(columns[self.balance_column])) if self.balance_column is not None else Numbers(".")
        self.width = self._usual_width()
        self.other_dates = [c.index for c in columns if c.kind == "date" and c.fill >= ROWS.dates]
        # Where the booking date is a column of its own that nearly all rows fill, one without it is not booked.
        self.booked = [
            i
            for i in self.other_dates
            if columns[i].fill >= ROWS.booked and columns[i].role_among(("date_booking", "date")) == "date_booking"
        ]
        self.waiting: list[int] = []
        # Under a head of states, what is pending stands beside what is not.
        self.mixed = [
            i for i in texts.status if columns[i].named("status") and len({_state(cell) for cell in columns[i].cells if cell.strip()}) > 1
        ]
        # "pending: true" says it by its head.
        self.flags = [i for i in texts.status if fold(columns[i].head).replace(" ", "") in ("pending", "ispending")]
        self.usual_fill = sum(c.fill for c in columns)
        self.worded = tuple(dict.fromkeys((*texts.text, *texts.payee)))

    def _usual_width(self) -> int:
        """Return how many cells rows have, 0 where that varies by more than a few rows."""
        widths = self.layout.widths
        usual = max(set(widths), key=widths.count)
        wider = sum(1 for width in widths if width > usual)
        return usual if widths.count(usual) * 2 > len(widths) and wider * 4 <= len(widths) and len(widths) >= 3 else 0

    def _waiting(self, grid: list[list[str]]) -> list[int]:
        """Return the date columns that just the newest rows, at one end of the table, lack, whatever its head says: they are not booked."""
        where = self.date_column
        columns = [i for i in self.other_dates if i not in self.booked and i != where and self.layout.columns[i].fill >= ROWS.booked]
        if not columns:
            return []
        dated = [(day, row) for row in grid[self.layout.start :] if len(row) > where and type(day := self._day(row[where])) is date]
        return [i for i in columns if _only_newest_lack([(day, len(row) > i and bool(row[i].strip())) for day, row in dated])]

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

    def read(
        self, grid: list[list[str]], lines: list[int], progress: Callable[[float], None] | None = None
    ) -> tuple[list[Row], list[Rejected], Proof | None]:
        """Read all rows of the grid from the table's start; `progress` is told the share that is done."""
        left = Leftovers(self.layout, grid, summaries=self.decided.summaries)
        rows, rejected = left.rows, left.rejected
        full, width, where = len(self.layout.columns), self.width, self.date_column
        days, amount_of, carry = self.days, self.amounts.of, self.decided.carry
        self.waiting = self._waiting(grid)
        last: date | None = None
        left.judge_above(lines, grid)
        for i in range(self.layout.start, len(grid)):
            if progress and not i % STEP:
                progress(i / len(grid))
            found, line = grid[i], lines[i]
            cells = found if len(found) >= full else [*found, *[""] * (full - len(found))]
            mended = self.cells.get(line) if self.cells else None
            if mended:
                day = self._day(mended.get("date") or cells[where])
                amount = amount_of(self.amounts.corrected(cells, mended["amount"]) if mended.get("amount") else cells)
            else:
                day = days.get(cells[where]) or self._day(cells[where])
                amount = amount_of(cells)
            if carry:
                # A total has no balance of its own.
                day = last if day is None and not cells[where].strip() and self._tells_balance(cells) else day
                last = day if type(day) is date else last
            if type(day) is not date or type(amount) is not Decimal:
                left.judge(line, found, day, amount, self._text(cells))
            elif reason := (
                left.section or self._left_out(cells) or (self._misplaced(found) if width and len(found) > width and not mended else None)
            ):
                rejected.append(Rejected(line, reason[1], reason[0], text=self._text(cells)))
            else:
                rows.append(self._row(line, day, amount, cells))
        # What a person mended is a row.
        left.hold_stray_ends(grid, lines, self.date_column, self.cells)
        if self.best.proof is None:
            left.hold_sums(self.cells)
        return rows, rejected, self._proven(rows, rejected)

    def _proven(self, rows: list[Row], rejected: list[Rejected]) -> Proof | None:
        """Return what the balances beside the rows prove, once a row that is the opening balance is left out."""
        if self.balance_column is None or not rows:
            return None
        told = _proof(rows)
        proof = told if told.steps else None
        if told.steps - told.agree == 1 and len(rows) > 4 and (without := _without_opening(rows, self.cells)) is not None:
            proof, row = without
            why = "is the opening balance: those of all other rows begin with it"
            rejected.append(Rejected(row.line, why, "summary", text=row.text))
        return proof

    def _misplaced(self, cells: list[str]) -> tuple[str, str] | None:
        """Return why a row cannot be trusted: it was split into other columns than the heads and the other rows."""
        if any(cell.strip() for cell in cells[self.width :]):
            return "problem", f"has {len(cells)} columns, not {self.width}: a delimiter inside a text or an amount stands without quotes"
        return None

    def _day(self, cell: str) -> date | str | None:
        found = self.days.get(cell, MISSING)
        if found is MISSING:
            text = clean(cell)
            shape = date_shape(text)
            found = self.decided.years.day(shape, self.decided.order) if shape else None
            self.days[cell] = found
        if found is None:
            text = clean(cell)
            return text if text and text.casefold() not in EMPTY else None
        return found  # type: ignore[return-value]

    def _left_out(self, cells: list[str]) -> tuple[str, str] | None:
        """Return why a whole row is no movement: a balance or total, or one that failed."""
        states = self.states
        for column in self.flags:
            if fold(cells[column]) in YES:
                return "held", PENDING
        for column in self.texts.status:
            cell = cells[column]
            state = states.get(cell)
            if state is None:
                state = states[cell] = _state(cell)
            if state == "failed":
                return "held", f"was not carried out ({cell.strip()[:30]})"
            if state == "pending" and (
                column in self.mixed or self._lacks_balance(cells) or any(not cells[c].strip() for c in self.other_dates)
            ):
                return "held", PENDING
        if self.currency_column is not None and self._code(cell := cells[self.currency_column]) == UNKNOWN:
            return "problem", f"is in \u201c{cell.strip()[:20]}\u201d, which is no currency we know"
        for column in self.booked:
            if not cells[column].strip():
                return "held", "has no booking date yet; it comes again when it is booked"
        for column in self.waiting:
            if not cells[column].strip() and not self._tells_balance(cells):
                return "held", "lacks a date that all older rows have; it comes again when it is booked"
        return self._summary(cells) if self.decided.summaries else None

    def _summary(self, cells: list[str]) -> tuple[str, str] | None:
        """Return why a row is, or may be, a balance or a total by its words."""
        for column in self.worded:
            if is_summary(cells[column]) and (filled := sum(1 for c in cells if c.strip())) < self.usual_fill + 0.01:
                word = cells[column].strip()[:30]
                if filled + 1 > self.usual_fill and " " not in word:
                    # As whole as any row, and a shop may be called so, too.
                    return "problem", f"may be a balance or a total ({word}); add it by hand if it is a movement"
                return "summary", f"is a balance or a total ({word})"
        return None

    def _tells_balance(self, cells: list[str]) -> bool:
        return self.balance_column is not None and bool(cells[self.balance_column].strip())

    def _lacks_balance(self, cells: list[str]) -> bool:
        column = self.balance_column
        return column is not None and self.layout.columns[column].fill > ROWS.balances and not cells[column].strip()

    def _code(self, cell: str) -> str | None:
        """Return the currency that a cell of codes names, the file's own where it is empty, UNKNOWN where it names none."""
        if cell not in self.codes:
            code = clean(cell)
            if code == OWN_MONEY:
                return None
            self.codes[cell] = (currency_of(code) or UNKNOWN) if code and code.casefold() not in EMPTY else self.decided.currency
        return self.codes[cell]

    def _currency_of(self, cells: list[str]) -> str | None:
        if self.currency_column is not None:
            # One code in the sample does not vouch for every row behind it.
            return self._code(cells[self.currency_column])
        for column in self.best.columns[: 2 if self.best.form == "pair" else 1]:
            # A cell's own sign counts more than what all others carry.
            if not (cell := cells[column]).isascii() or not _BARE(cell):
                shape = number_shape(clean(cell))
                if shape is not None and shape.currency:
                    return shape.currency
        return self.decided.currency

    def _row(self, line: int, day: date, amount: Decimal, cells: list[str]) -> Row:
        texts = self.texts
        balance = self.balance(cells[self.balance_column]) if self.balance_column is not None else None
        text = _joined(cells, texts.text or texts.payee)
        payee = ""
        for column in texts.payee:
            if payee := _even(cells[column]):
                break
        if texts.loose and not payee:
            # Columns without heads: the longest words of the row say most.
            payee = max((_even(cells[c]) for c in texts.text), key=len, default="")
        note = _joined(cells, texts.note)
        counter = _joined(cells, texts.counter)[:64]
        return Row(
            line,
            day,
            amount,
            self._currency_of(cells),
            (payee or text or note)[:LONGEST_TEXT],
            text,
            note,
            _joined(cells, texts.category),
            _joined(cells, texts.account),
            _joined(cells, texts.bank_id),
            balance if isinstance(balance, Decimal) else None,
            counter if sum(map(str.isdigit, counter)) >= 4 else "",
        )

    def _text(self, cells: list[str]) -> str:
        return _joined(cells, self.texts.text or self.texts.payee)


def _proof(rows: list[Row]) -> Proof:
    """Count the steps that agree; where not all do, those of each account and each currency for themselves."""
    series: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        series.setdefault((row.account, row.currency), []).append(row)
    whole = _steps(rows)
    if len(series) == 1 or whole.agree == whole.steps:
        return whole
    told = [proof for one in series.values() if (proof := _steps(one)).steps]
    return added(told)


def _steps(rows: list[Row]) -> Proof:
    return balance_proof([r.amount for r in rows], [r.balance for r in rows], [r.line for r in rows])[0]


def _without_opening(rows: list[Row], mended: Container[int]) -> tuple[Proof, Row] | None:
    """Take out a first or last row that is the opening balance, where without it every step agrees and begins with just that amount."""
    for end in (0, -1):
        if rows[end].line in mended:
            continue
        others = rows[1:] if end == 0 else rows[:-1]
        proof, newest_first = balance_proof([r.amount for r in others], [r.balance for r in others])
        oldest = others[-1 if newest_first else 0]
        if proof.agree == proof.steps and oldest.balance is not None and rows[end].amount == oldest.balance - oldest.amount:
            return proof, rows.pop(end)
    return None


def _only_newest_lack(rows: list[tuple[date, bool]]) -> bool:
    """Say whether just the newest rows, at one end, lack something: each row is its day and whether it has it."""
    count = sum(1 for _, has in rows if not has)
    if not 0 < count < len(rows):
        return False
    for newest, older in ((rows[:count], rows[count:]), (rows[-count:], rows[:-count])):
        if not any(has for _, has in newest):
            return min(day for day, _ in newest) >= max(day for day, _ in older)
    return False


def _state(cell: str) -> str:
    """Return what a state says of its row: failed, pending, or "-" for nothing; "Payment declined" ends with what it says."""
    word = fold(cell.strip())
    if word in FAILED_WORDS or not FAILED_WORDS.isdisjoint(part for part in word.split()[1:] if len(part) > 5):
        return "failed"
    return "pending" if word in PENDING_WORDS else "-"


def _even(cell: str) -> str:
    """Return a text with its spaces evened out; most are even."""
    return cell.strip() if cell.isprintable() and "  " not in cell else " ".join(cell.split())


def _joined(cells: list[str], columns: tuple[int, ...]) -> str:
    if not columns:
        return ""
    if len(columns) == 1:
        return _even(cells[columns[0]])[:LONGEST_TEXT]
    return " ".join(filter(None, [_even(cells[c]) for c in columns]))[:LONGEST_TEXT]
