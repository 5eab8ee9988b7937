"""MT940 and its dialects: SWIFT's lines of fields, each begun by its number between colons.

What stands in the field about a movement, each country writes in its own way: about.py reads that.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from dashboard.errors import StatementNotReadable
from dashboard.statements import ends
from dashboard.statements.formats import about
from dashboard.statements.formats.tagged import (
    LARGEST,
    MOST_ROWS,
    TOO_MANY,
    Marks,
    amount,
    calendar_day,
    day,
    proved,
    too_large,
    unreadable,
    words,
)
from dashboard.statements.shapes import Hints, Reading, Rejected, Row, Statement
from dashboard.statements.text import decode

_FIELD = re.compile(r"^[ \t]*:(\d{2}[A-Z]?|NS):", re.MULTILINE)
# The end of a message and the begin of the next one's envelope.
_END = re.compile(r"\n-\}?[ \t]*(?=\n|$)|\n\{[1-5]:|\n-\}")
# Date of value, perhaps with its century; date of entry; side; funds code; amount; kind; reference.
_LINE = re.compile(
    r"(?P<value>(?:19|20)?\d{6})[ ]?(?P<entry>\d{4})?[ ]?(?P<mark>R?[CD]|E[CD])[ ]?(?P<funds>[A-Z])?[ ]?(?P<amount>[\d.,]{1,40})"
    r"(?P<kind>[A-Z][A-Z0-9]{3})?(?P<ref>[^\n]{0,80})"
)
_BALANCE = re.compile(r"(?P<mark>R?[CD])[ ]?(?P<day>\d{6})[ ]?(?P<currency>[A-Z]{3})[ ]?(?P<amount>[\d,.]{1,40})")
_LONGEST_ABOUT = 4000


class _Balance(NamedTuple):
    amount: Decimal
    currency: str


class _Field(NamedTuple):
    tag: str
    body: str
    line: int


def is_mt940(head: bytes) -> bool:
    """Say whether a file's first bytes are those of MT940."""
    return re.search(rb"(^|\n|\r|\{4:)[ \t]*:20:", head) is not None and re.search(rb":(25P?|28C?|60[FM]):", head) is not None


def read(data: bytes, hints: Hints) -> Statement:
    """Read an MT940 file.

    Raises:
        StatementNotReadable: it holds no transactions.
    """
    text, encoding = decode(data)
    fields = _fields(re.sub(r"\r\n?", "\n", text).replace("{4::20:", "{4:\n:20:"))
    if not any(f.tag == "61" for f in fields):
        raise StatementNotReadable("This MT940 file holds no transactions. Choose a longer period at your bank and download it again.")
    movements = [match for f in fields if f.tag == "61" and (match := _LINE.match(f.body))]
    balances = [balance for f in fields if f.tag in ("60F", "60M") and (balance := _balance(f.body))]
    # The standard has a comma in each amount; where a file writes points, they tell which mark is which.
    marks = Marks((match["amount"] for match in movements), (b.currency for b in balances), hints.decimal)
    pages = _Pages()
    for place, field in enumerate(fields):
        if field.tag in ("25", "25P"):
            pages.account = words(field.body.partition("\n")[0])
        elif field.tag in ("60F", "60M"):
            pages.begin(field)
        elif field.tag == "61":
            told = fields[place + 1].body if place + 1 < len(fields) and fields[place + 1].tag == "86" else ""
            last = place == len(fields) - 1
            pages.take(_movement(field, pages, told[:_LONGEST_ABOUT], marks, hints.cells.get(field.line, {}), last=last))
        elif field.tag in ("62F", "62M"):
            pages.end(field)
    pages.finish(fields[-1].line)
    questions = [marks.question] if marks.question else []
    reading, held = Reading("mt940", encoding), ends.of_parts(pages.parts)
    return Statement(pages.rows, pages.rejected, questions, reading, proved(pages.parts), ends=held)


def _fields(text: str) -> list[_Field]:
    found: list[_Field] = []
    heads = list(islice(_FIELD.finditer(text), MOST_ROWS * 3))
    if len(heads) == MOST_ROWS * 3:
        raise StatementNotReadable(TOO_MANY)
    line, seen = 1, 0
    for place, head in enumerate(heads):
        line += text.count("\n", seen, head.start())
        seen = head.start()
        body = text[head.end() : heads[place + 1].start() if place + 1 < len(heads) else len(text)]
        found.append(_Field(head[1], _END.split(body, maxsplit=1)[0].strip(), line))
    return found


class _Pages:
    """Goes through a file's statements and their pages, each between two balances."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.rejected: list[Rejected] = []
        self.parts: list[tuple[Decimal | None, list[Row], Decimal | None]] = []
        self.account = ""
        self.opening: _Balance | None = None
        self.carried: _Balance | None = None
        self.mine: list[Row] = []
        # Whether a statement has begun whose closing balance is still to come.
        self.begun = False
        self.since = 1

    @property
    def currency(self) -> str | None:
        """Return the currency of the statement, as its opening balance has it."""
        return self.opening.currency if self.opening else None

    def begin(self, field: _Field) -> None:
        """Begin a statement (60F) or its next page (60M)."""
        self._unfinished()
        self.opening, self.mine, self.begun, self.since = _balance(field.body), [], True, field.line
        # What is carried forward from one page must be where the next begins.
        if self.carried is not None and (field.tag == "60F" or (self.opening is not None and self.carried != self.opening)):
            reason = "the page before does not end with the balance this one begins with: a page may be missing"
            self.rejected.append(Rejected(field.line, reason, "problem", "balance"))
        self.carried = None

    def take(self, found: Row | Rejected) -> None:
        """Add a movement."""
        if isinstance(found, Row):
            self.rows.append(found)
            self.mine.append(found)
        else:
            self.rejected.append(found)

    def end(self, field: _Field) -> None:
        """End a statement (62F) or a page (62M)."""
        closing = _balance(field.body)
        if self.begun and closing is None:
            self.rejected.append(Rejected(field.line, "the closing balance cannot be read: it may be cut off", "problem", "balance"))
        self.parts.append((self.opening.amount if self.opening else None, self.mine, closing.amount if closing else None))
        self.carried = closing if field.tag == "62M" else None
        # What follows a page without a balance of its own goes on from there.
        self.opening, self.mine, self.begun = self.carried, [], False

    def finish(self, line: int) -> None:
        """Say what is missing at the end of a file."""
        self._unfinished()
        if self.carried is not None and self.rows:
            reason = "the file ends with a balance carried forward: its last page may be missing"
            self.rejected.append(Rejected(line, reason, "problem", "balance"))

    def _unfinished(self) -> None:
        if self.begun or (self.opening is not None and self.mine):
            reason = "the statement that begins here ends before its closing balance: it may be cut off"
            self.rejected.append(Rejected(self.since, reason, "problem", "balance"))


def _balance(body: str) -> _Balance | None:
    match = _BALANCE.match(body)
    size = amount(match["amount"]) if match else None
    return _Balance(-size if match["mark"] in ("D", "RC") else size, match["currency"]) if match and size is not None else None


def _movement(field: _Field, pages: _Pages, told: str, marks: Marks, mended: dict[str, str], *, last: bool) -> Row | Rejected:
    line, match = field.line, _LINE.match(field.body)
    who = about.told(told)
    payee, said = who.payee, who.text
    if match is None:
        return unreadable(line, "amount", field.body.partition("\n")[0], payee)
    if last and not match["kind"]:
        return Rejected(line, "the file ends within this movement: it is cut off. Download it again", "problem", "end", text=payee)
    when = day(mended.get("date")) or _day(match["value"])
    if when is None:
        return unreadable(line, "date", mended.get("date") or match["value"], payee)
    raw = mended.get("amount") or match["amount"]
    size = marks(raw)
    if size is None:
        return unreadable(line, "amount", raw, payee)
    if abs(size) >= LARGEST:
        return too_large(line, raw, payee)
    if match["mark"] in ("EC", "ED"):
        return Rejected(line, "is only expected; it comes again when it is booked", "held", text=payee)
    # A reversed credit takes money away, a reversed debit brings it back.
    out = match["mark"] in ("D", "RC")
    extra = words(" ".join(field.body.split("\n")[1:]))
    reference = words((match["ref"] or "").partition("//")[2])
    if not payee:
        payee, extra = extra or "Booking", ""
    return Row(
        line,
        when,
        -size if out else size,
        pages.currency,
        payee,
        said or extra,
        account=pages.account,
        bank_id=reference[:128],
        counter="" if who.counter and pages.account.replace(" ", "").endswith(who.counter) else who.counter,
    )


def _day(raw: str) -> date | None:
    """Read YYMMDD, where years far ahead are of the last century, or YYYYMMDD."""
    century = int(raw[:2]) * 100 if len(raw) == 8 else 1900 if int(raw[:2]) > 79 else 2000
    year, month, of_month = raw[-6:-4], raw[-4:-2], raw[-2:]
    return calendar_day(century + int(year), int(month), int(of_month))
