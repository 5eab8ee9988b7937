"""A grid of cells to a statement: the whole file decides, and every row is read or left out with a reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from dashboard.errors import StatementNotReadable
from dashboard.periods import utc_now
from dashboard.statements import ends
from dashboard.statements.formats import own
from dashboard.statements.shapes import Hints, Question, Reading, Row, Statement
from dashboard.statements.table import dates, questions
from dashboard.statements.table.amounts import Hypothesis, hypotheses
from dashboard.statements.table.columns import Column, number_shape, role_of
from dashboard.statements.table.currencies import CURRENCY_CODES, OWN_MONEY, currency_of
from dashboard.statements.table.dates import DateShape, Years, date_shape
from dashboard.statements.table.grid import Layout, find_table, read_sections, sections_of, straightened, swapped_back
from dashboard.statements.table.rows import Decided, RowReader, Texts
from dashboard.statements.table.vocabulary import EITHER_ACCOUNT, fold
from dashboard.statements.table.weights import BY_DATE_ROLE, CHOICE, CURRENCY, DAY, ORDER, ROWS, WORDS

_IN_TEXT = re.compile(r"(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d(?![\d/.-])")
NOTHING_BOOKED = "Nothing in this file is booked yet, or was carried out. Import it again when it is."
OTHER_CALENDAR = "The years in this file are of the Islamic or the Persian calendar. Ask your bank for it with Gregorian dates."
WORDED = ("payee", "description")
# What a head of words may name; of two that it names as well, the first.
TEXT_ROLES = ("payee", "description", "note", "category", "account", "counter_account", "status", "id", "direction", "currency")
# By ISO 4217, and those that are written without it.
NO_MINOR_UNIT = frozenset("JPY KRW VND CLP ISK PYG XOF XAF XPF UGX RWF BIF DJF GNF KMF VUV IQD IDR HUF COP CRC".split())
THREE_DECIMALS = frozenset("KWD BHD OMR JOD TND LYD".split())
PLAIN_DATES = frozenset({"date", "datum", "fecha", "data", "dato", "dats", "tarih"})
ENGLISH = frozenset(
    """date description amount balance debit credit transaction posted posting type details memo category name payee account currency status
    reference note notes value check number deposit withdrawal""".split()
)
FRENCH = frozenset("date libelle debit credit montant solde operation valeur".split())


@dataclass(frozen=True)
class Source:
    """Where a grid came from."""

    format: str
    encoding: str
    delimiter_name: str
    delimiter: str
    # Whether balances and totals may stand among the rows.
    summaries: bool = True


def read(grid: list[list[str]], lines: list[int], source: Source, hints: Hints) -> Statement:
    """Read a grid.

    Args:
        grid: rows of cells, blank rows left out.
        lines: the line of the file each row starts on.

    Raises:
        StatementNotReadable: no row has both a date and an amount.
    """
    if grid and tuple(cell.strip().lower() for cell in grid[0]) in own.HEADS:
        return own.read(grid, lines, source.encoding, source.delimiter_name, hints.cells)
    grid = straightened(grid)
    if parts := sections_of(grid):
        return read_sections(parts, grid, lines, hints, lambda grid, lines, hints: _read(grid, lines, source, hints))
    return _read(grid, lines, source, hints)


def _read(grid: list[list[str]], lines: list[int], source: Source, hints: Hints) -> Statement:
    """Read a grid that is one table."""
    grid, layout = _found(grid, source)
    table = _Table(grid, lines, layout, source, hints)
    marks = _Marks(layout, hints)
    found = _wanted(hypotheses(layout.columns, marks.of), hints)
    if not found or (found[0].score < CHOICE.weakest and not hints.amounts_chosen):
        raise StatementNotReadable(
            "We could not find the amounts in this file. Which column holds them? Export it with a line of column heads."
        )
    decided, asked = _decided(table, found, marks)
    mark = marks.of(layout.columns[decided.best.columns[0]])
    one = _with_days_carried(table, _Pass(table, decided))
    proof, held = one.proof, ends.of_rows(one.rows, one.proof)
    if proof is None and one.rows and (outer := ends.find(table.outside(one.rows), mark)) is not None:
        # Balances above or below the table tell which way money went, where its rows do not.
        if any(q.key == "sign" for q in asked) and (turned := ends.turned_round(outer, one.rows)) is not None:
            asked = [q for q in asked if q.key != "sign"]
            one = _Pass(table, replace(decided, flip=not decided.flip)) if turned else one
        proof = ends.prove(outer, one.rows)
        held = ends.of_parts([(outer.opening, one.rows, outer.closing)])
    rows, rejected = one.rows, one.rejected
    if not rows:
        waiting = rejected and all(r.kind == "held" for r in rejected)
        raise StatementNotReadable(NOTHING_BOOKED if waiting else "This file has column heads but no transactions that could be read.")
    problems = len([r for r in rejected if r.kind == "problem"])
    if problems > ROWS.unreadable * (len(rows) + len(rejected)) and len(rejected) > ROWS.unreadable_least:
        asked.append(questions.mostly_unreadable(len(rows), len(rejected)))
    reading = Reading(
        source.format,
        source.encoding,
        source.delimiter_name,
        tuple(layout.heads),
        one.reader.used_columns(),
        decided.order,
        mark,
        "out-positive" if one.reader.decided.flip else "out-negative",
    )
    return Statement(rows, rejected, asked, reading, proof, ends=held)


@dataclass(frozen=True)
class _Table:
    """One table, where it came from, and what a person has said about it."""

    grid: list[list[str]]
    lines: list[int]
    layout: Layout
    source: Source
    hints: Hints

    @property
    def above(self) -> list[list[str]]:
        """Return the lines over the heads, or over the first row where there are none."""
        layout = self.layout
        return self.grid[: layout.header if layout.header is not None else layout.start]

    def outside(self, rows: list[Row]) -> list[list[str]]:
        """Return the lines that are not rows of the table."""
        inside = {row.line for row in rows}
        head, start = len(self.above), self.layout.start
        return [cells for i, cells in enumerate(self.grid) if i < head or (i >= start and self.lines[i] not in inside)][:400]


class _Pass:
    """The rows of a table under one decided reading."""

    def __init__(self, table: _Table, decided: Decided) -> None:
        self.reader = RowReader(decided)
        self.rows, self.rejected, self.proof = self.reader.read(table.grid, table.lines, table.hints.progress)


def _with_days_carried(table: _Table, one: _Pass) -> _Pass:
    """Return the rows read with a day that is written once, over all of its rows, where that is so: balances prove it."""
    if sum(1 for r in one.rejected if r.field == "date" and not r.value) < 2:
        return one
    other = _Pass(table, replace(one.reader.decided, carry=True))
    proven = other.proof is not None and other.proof.agree == other.proof.steps >= 3 and not other.proof.ends
    return other if proven else one


def _decided(table: _Table, found: list[Hypothesis], marks: _Marks) -> tuple[Decided, list[Question]]:
    """Decide how the rows are read, and ask what nothing decides.

    Raises:
        StatementNotReadable: its years are of another calendar.
    """
    layout, hints, best = table.layout, table.hints, found[0]
    amounts = layout.columns[best.columns[0]]
    currency = _currency(layout, table.grid, best, hints.currency)
    date_column = _date_column(layout, hints)
    if _other_calendar(date_column):
        raise StatementNotReadable(OTHER_CALENDAR)
    column_question = None if hints.amounts_chosen else questions.columns_question(found, layout)
    # What is asked about marks settles those of all columns.
    mark_question = marks.question(amounts, layout, currency)
    above = " ".join(cell for row in table.above for cell in row if cell)[:2000]
    flip, sign_question = questions.sign(best, layout, hints, above)
    best.fee, fee_question = questions.fee(best, layout, hints, marks.of(amounts))
    order, order_question = _order(table, date_column, marks, currency)
    years, year_question = _years(date_column, order, table.above, hints)
    decided = Decided(
        layout,
        best,
        flip=flip,
        mark_of=marks.of,
        date_column=date_column.index,
        order=order,
        years=years,
        texts=_texts(layout, best, {*best.columns, date_column.index, best.balance, currency.column}, hints.columns.get("payee")),
        currency=currency.fixed,
        currency_column=currency.column,
        cells=hints.cells,
        summaries=table.source.summaries,
    )
    asked = [column_question, mark_question, sign_question, fee_question, order_question, year_question]
    return decided, [question for question in asked if question]


def _found(grid: list[list[str]], source: Source) -> tuple[list[list[str]], Layout]:
    layout = find_table(grid)
    if layout is not None and source.format in ("xlsx", "xls"):
        back = swapped_back([*grid], [c.index for c in layout.columns if c.kind == "date"])
        grid, layout = (grid, layout) if back == grid else (back, find_table(back))
    if layout is None:
        raise StatementNotReadable(
            "We could not find transactions in this file: no line has both a date and an amount. "
            "Check that it is the statement, or ask your bank for CSV."
        )
    return grid, layout


@dataclass
class _Currency:
    column: int | None
    fixed: str | None
    seen: set[str]


class _Marks:
    """The decimal mark of each number column: its own evidence, else what the other columns show."""

    def __init__(self, layout: Layout, hints: Hints) -> None:
        self.hint = hints.decimal
        sure = Counter(c.mark for c in layout.columns if c.kind == "number" and c.mark in (".", ","))
        self.common = sure.most_common(1)[0][0] if sure else None

    def of(self, column: Column) -> str:
        if self.hint:
            return self.hint
        if column.mark in (".", ","):
            return column.mark
        if self.common:
            return self.common
        if column.mark.startswith("?"):
            # Three digits after the only mark: thousands, until a question says otherwise.
            return "," if column.mark == "?." else "."
        return "."

    def question(self, column: Column, layout: Layout, currency: _Currency) -> Question | None:
        if self.hint or self.common or not column.mark.startswith("?"):
            return None
        heads = "".join(layout.heads)
        # One "500" beside "1,750", in any column written the same way, and what follows the mark is no fraction.
        alike = [c for c in layout.columns if c is column or (c.kind == "number" and c.mark == column.mark)]
        small = any(cell.isdigit() and 0 < int(cell) < 1000 for c in alike for cell in c.cells if cell)
        if currency.seen and currency.seen <= THREE_DECIMALS:
            self.common = column.mark[1:]
            return None
        # Where three decimals are usual, banks write Arabic, English or French.
        if small or _eastern(heads) or (currency.seen & NO_MINOR_UNIT) or _foreign_words(layout, FRENCH):
            return None
        return questions.decimal(column)


def _wanted(found: list[Hypothesis], hints: Hints) -> list[Hypothesis]:
    """Return the hypotheses that a person's choice of columns allows."""
    wanted = hints.columns
    if not hints.amounts_chosen:
        return found
    if "amount" in wanted:
        return [h for h in found if h.form != "pair" and h.columns[0] == wanted["amount"]]
    if "debit" in wanted and "credit" in wanted:
        return [h for h in found if h.form in ("pair", "direction") and h.columns == (wanted["debit"], wanted["credit"])]
    return found


def _date_column(layout: Layout, hints: Hints) -> Column:
    """Return the column of booking dates; started, value and due dates and constants come last."""
    chosen = hints.columns.get("date", -1)
    if 0 <= chosen < len(layout.columns) and layout.columns[chosen].kind == "date":
        return layout.columns[chosen]
    candidates = [c for c in layout.columns if c.kind == "date"]

    def rank(column: Column) -> tuple[float, int]:
        best_role = column.role_among(("date_booking", "date", "date_value", "date_other"))
        score = BY_DATE_ROLE.get(best_role, DAY.time if "time" in column.head.casefold() else DAY.unnamed)
        if column.head.casefold().strip() in PLAIN_DATES:
            # Beside the date of something, a bare "date" is the account's own.
            score += DAY.plain
        if column.distinct == 1 and len(column.cells) >= (6 if best_role else 3) and len(candidates) > 1:
            score += DAY.constant
        if _other_calendar(column):
            score += DAY.other_calendar
        if column.fill < DAY.fill:
            score += DAY.sparse_booking if best_role == "date_booking" else DAY.sparse
        return score, -column.index

    return max(candidates, key=rank)


def _other_calendar(column: Column) -> bool:
    """Say whether a column's years are of the Islamic or the Persian calendar: 1445/09/01, 1402/12/21."""
    shapes = [s for cell in column.cells if (s := date_shape(cell))]
    return bool(shapes) and all(s.year is not None and 1300 <= s.year < 1500 for s in shapes)


def _order(table: _Table, chosen: Column, marks: _Marks, currency: _Currency) -> tuple[str, Question | None]:
    if table.hints.dates:
        return table.hints.dates, None
    layout = table.layout
    columns = [chosen, *(c for c in layout.columns if c.kind == "date" and c is not chosen)]
    shapes = [[date_shape(cell) for cell in column.cells] for column in columns]
    shapes += [told for c in layout.columns if c.kind == "text" and any(told := [_told_date(cell) for cell in c.cells])]
    heads = " ".join(layout.heads)
    foreign = bool(heads) and not heads.isascii()
    order, lead, differs = dates.order_of(
        shapes,
        delimiter=table.source.delimiter,
        mark=marks.common or "",
        currencies=currency.seen,
        foreign_heads=foreign or _foreign_words(layout),
        eastern_heads=_eastern(heads),
    )
    if order != "ymd" and differs and lead < ORDER.clear:
        return order, questions.date_order(chosen, shapes[0])
    return order, None


def _years(column: Column, order: str, above: list[list[str]], hints: Hints) -> tuple[Years, Question | None]:
    shapes = [date_shape(cell) for cell in column.cells]
    turn = dates.turn_of(shapes, order)
    told = hints.year or dates.year_of_period((" ".join(filter(None, row)) for row in above), shapes, order, turn)
    last, question = questions.year(shapes, told, utc_now().year, over_new_year=turn < 13)
    return Years(last, turn), question


def _told_date(cell: str) -> DateShape | None:
    """Return a date that stands within a text: "CARD 4417 Value Date: 30/03/2024"."""
    found = _IN_TEXT.search(cell) if len(cell) > 10 else None
    return date_shape(found[0]) if found else None


def _eastern(heads: str) -> bool:
    """Say whether heads are Chinese, Japanese or Korean."""
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in heads)


def _foreign_words(layout: Layout, also: frozenset[str] = frozenset()) -> bool:
    """Say whether heads are in a language other than English (and that of `also`), whose countries write the day first."""
    words = [w for c in layout.columns if c.roles for w in fold(c.head).split()]
    return len(words) >= 2 and not any(
        w in ENGLISH | also or w.rstrip("s") in ENGLISH | also or ("\u0600" <= w[0] <= "\u06ff" and also) for w in words
    )


def _currency(layout: Layout, grid: list[list[str]], best: Hypothesis, said: str | None) -> _Currency:
    """Find the currency: a column of codes, the amount cells' own signs, the head, the lines above the table; a person may have `said`."""
    found = _code_column(layout, best) or _of_cells(layout.columns[best.columns[0]])
    if found is None:
        code = _of_heads(layout, best) or _of_lines(grid[: layout.header or layout.start])
        found = _Currency(None, code, {code} if code else set())
    return replace(found, fixed=said) if said else found


def _code_column(layout: Layout, best: Hypothesis) -> _Currency | None:
    """Return what the likeliest column of codes says, None where there is none."""
    at = best.columns[0]
    candidates = []
    for column in layout.columns:
        filled = [cell for cell in column.cells if cell]
        codes = [code for cell in filled if (code := OWN_MONEY if cell == OWN_MONEY else currency_of(cell))]
        if filled and column.kind == "text" and len(codes) >= CURRENCY.codes * len(filled) and column.fill >= CURRENCY.least_fill:
            foreign = column.named("original", "rate", "fee") >= CURRENCY.foreign_strength or _of_another(column.index, layout, best)
            score = CURRENCY.fill * column.fill + (CURRENCY.named if column.named("currency") else 0.0)
            score += CURRENCY.foreign if foreign else 0.0
            score += CURRENCY.distance * abs(column.index - at)
            if column.index == at + 1:
                score += CURRENCY.beside
            candidates.append((score, column.index, set(codes)))
    if not candidates or max(candidates)[0] <= 0:
        return None
    _, index, seen = max(candidates, key=lambda c: c[0])
    return _Currency(index, next(iter(seen)) if len(seen) == 1 else None, seen - {OWN_MONEY})


def _of_cells(amounts: Column) -> _Currency | None:
    """Return what the signs within the amounts say, None where there are none."""
    shapes = [s for cell in amounts.cells if (s := number_shape(cell))]
    signed = [s.currency for s in shapes if s.currency]
    seen = set(signed)
    # A single "USD 5.00" among bare amounts is of its row, and not of all.
    alone = len(seen) == 1 and len(signed) * 2 > len(shapes)
    return _Currency(None, signed[0] if alone else None, seen) if seen else None


def _of_heads(layout: Layout, best: Hypothesis) -> str | None:
    """Return the currency that a head of the amounts names."""
    for index in best.columns:
        for word in layout.heads[index].replace("(", " ").replace(")", " ").replace("/", " ").split():
            if (code := currency_of(word)) and (word.upper() == word or code != word.upper()):
                return code
    return None


def _of_lines(above: list[list[str]]) -> str | None:
    """Return the one currency that the lines above the table name at the end of a cell."""
    named = {
        code
        for row in above
        for cell in row
        for word in cell.strip().replace(":", " ").split()[-2:]
        if (code := (word if word in CURRENCY_CODES else "EUR" if word == "\u20ac" else None))
    }
    return named.pop() if len(named) == 1 else None


def _of_another(index: int, layout: Layout, best: Hypothesis) -> bool:
    """Say whether a column of codes stands behind another column of amounts than the one that was chosen."""
    if index == 0 or index - 1 in best.columns:
        return False
    before = layout.columns[index - 1]
    return before.kind == "number" and role_of(before) == "amount"


def _texts(layout: Layout, best: Hypothesis, taken: set[int | None], payee: int | None) -> Texts:
    """Choose the columns for payee, text, note, category, account and id among those that are not `taken`."""
    rows = len(layout.core)
    free = [c for c in layout.columns if c.index not in taken and c.kind in ("text", "number", "empty")]
    payees, descriptions = _named(free, "payee", rows), _named(free, "description", rows)
    payees.sort(key=lambda i: (-layout.columns[i].named("payee"), i))
    if payee is not None and any(c.index == payee for c in free):
        payees = [payee]
    loose_only = not any(layout.columns[i].kind == "text" for i in (*payees, *descriptions))
    if loose_only:
        loose = [c for c in free if c.kind == "text" and not c.named("status", "currency", "account", "id", "category")]
        loose = loose or [c for c in free if c.kind == "text"]
        descriptions = sorted({c.index for c in loose} | set(descriptions))
    accounts = [layout.columns[i] for i in _named(free, "account", rows, constants=True)]
    return Texts(
        payee=tuple(payees),
        text=tuple(descriptions),
        note=tuple(_named(free, "note", rows)),
        category=tuple(_named(free, "category", rows)[:1]),
        account=_account_column(accounts, free, best, rows),
        bank_id=tuple(i for i in _named(free, "id", rows) if _tells_apart(layout.columns[i]))[:1],
        counter=tuple(_named(free, "counter_account", rows, constants=True)[:1]),
        status=tuple(c.index for c in free if _may_be_status(c, {*payees, *descriptions})),
        loose=loose_only,
    )


def _named(free: list[Column], role: str, rows: int, *, constants: bool = False) -> list[int]:
    """Return the columns whose heads name a role best; of those that tell rows apart, none that is the same throughout."""
    among = [c for c in free if c.kind == "text" or role in ("account", "id") or (role in WORDED and c.kind in ("empty", "number"))]
    return [
        c.index
        for c in among
        if c.role_among(TEXT_ROLES) == role
        # What a row is told apart by must not hang on the rows beside it: an overlapping file has others.
        and (constants or role in WORDED or c.distinct > 1 or rows < 3)
    ]


def _may_be_status(column: Column, worded: set[int]) -> bool:
    """Say whether a column may hold the states of rows: by its head, or by how few different words it has."""
    if column.kind in ("text", "empty") and column.named("status"):
        return True
    return column.kind == "text" and column.distinct <= WORDS.kinds and column.index not in worded


def _account_column(named: list[Column], free: list[Column], best: Hypothesis, rows: int) -> tuple[int, ...]:
    """Return the column that tells which of a person's accounts a row is of: one of these that are `named` so, else of numbers."""
    # Of several accounts the balances never add up in one go.
    one = best.proof is not None and best.proof.agree == best.proof.steps >= 3
    vague = [c for c in free if fold(c.head) in EITHER_ACCOUNT and all(sum(map(str.isdigit, cell)) >= 4 for cell in c.cells)]
    several = [
        c for c in named if c.fill > WORDS.account_fill and 2 <= c.distinct <= ((rows + 1) // 2 if rows < 20 else max(10, rows // 8))
    ]
    several = several or [c for c in vague if 2 <= c.distinct <= rows // 4]
    single = [c for c in named if c.distinct == 1] or [c for c in vague if c.distinct == 1 and rows >= 4]
    return tuple(c.index for c in (single if one else several or single)[:1])


def _tells_apart(column: Column) -> bool:
    """Say whether a column holds the bank's own number of each row: by its head and by what such numbers look like.

    It must not hang on how many rows a file has: the same rows in a shorter file have the same numbers.
    """
    filled = [cell for cell in column.cells if cell]
    if not filled or column.distinct != len(filled) or len(filled) < len(column.cells):
        return False
    strength = column.named("id")
    long = min(map(len, filled)) >= (WORDS.id_length_sure if strength >= WORDS.id_sure else WORDS.id_length)
    return strength >= WORDS.id_strength and long and any(c.isdigit() for c in filled[0])
