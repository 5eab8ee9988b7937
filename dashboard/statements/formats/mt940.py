"""MT940 and its dialects: SWIFT's lines of fields, each begun by its number between colons.

What stands in the field about a movement, each country writes in its own way: in numbered subfields, in code words between
slashes, in plain lines.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from dashboard.errors import StatementNotReadable
from dashboard.statements import ends
from dashboard.statements.formats.contract import Format, Head
from dashboard.statements.formats.fields import (
    LARGEST,
    MOST_ROWS,
    TOO_MANY,
    Marks,
    account_number,
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
# 166?00..., 020~00..., ^20...: which sign stands before the numbers, the first of them shows.
_FIRST_SUBFIELD = re.compile(r"\s*(?:\d{3}|[A-Z0-9]{1,4})?\s*([?>~^<@|])\d{2}")
_CODEWORD = re.compile(
    r"/(NAME|REMI|BENM|ORDP|IBAN|EREF|TRTP|CSID|MARF|BIC|ISDT|USTD|CNTP|RTRN|PREF|NRTX|ADDR|ULTB|ULTD|ULTC|PURP|CREF|RREF|IREF|SVCL|ACCT|OCMT|CHGS)/"
)
# Without a space before them: each begins a subfield, and subfields are joined as they were cut.
_SEPA = re.compile(r"(SVWZ|EREF|KREF|MREF|CRED|ABWA|ABWE|IBAN|BIC|DEBT|COAM|OAMT|SQTP|ANAM|MDAT)\+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


class _Balance(NamedTuple):
    amount: Decimal
    currency: str


class _About(NamedTuple):
    """Who, what for, and the other side's account."""

    payee: str
    text: str
    counter: str = ""


class _Field(NamedTuple):
    tag: str
    body: str
    line: int


def is_mt940(head: Head) -> bool:
    """Say whether a file's first bytes are those of MT940."""
    return re.search(rb"(^|\n|\r|\{4:)[ \t]*:20:", head.text) is not None and re.search(rb":(25P?|28C?|60[FM]):", head.text) is not None


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
    reading, held = Reading(FORMAT.name, encoding), ends.of_parts(pages.parts)
    return Statement(pages.rows, pages.rejected, questions, reading, proved(pages.parts), ends=held)


FORMAT = Format("mt940", is_mt940, read)


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
    who = _about(told)
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


def _about(field: str) -> _About:
    """Read the field about a movement, in whichever of the ways it is written."""
    if first := _FIRST_SUBFIELD.match(field):
        return _numbered(field.replace("\n", ""), first[1])
    joined = field.replace("\n", "")
    if marks := list(_CODEWORD.finditer(joined)):
        return _coded(joined, marks)
    lines = [words(part) for part in field.split("\n") if words(part)]
    if not lines:
        return _About("", "")
    # Some banks give the number a line of its own.
    alone = next((line for line in lines if _IBAN.fullmatch(line)), "")
    return _About(lines[0], words(" ".join(lines[1:])), alone or _after_iban(field))


def _numbered(field: str, sign: str) -> _About:
    """Read subfields: 00 kind of booking, 20 to 29 and 60 to 63 purpose, 31 or 38 account, 32 and 33 name."""
    subfields = list(re.finditer(re.escape(sign) + r"(\d{2})", field))
    parts: dict[int, str] = {}
    for place, found in enumerate(subfields):
        end = subfields[place + 1].start() if place + 1 < len(subfields) else len(field)
        number = int(found[1])
        parts[number] = parts.get(number, "") + field[found.end() : end]
    purpose = "".join(parts[n] for n in sorted(parts) if 20 <= n <= 29 or 60 <= n <= 63)
    name = words("".join(parts.get(n, "") for n in (32, 33)))
    counter = account_number(parts.get(38)) or account_number(parts.get(31)) or _after_iban(f"IBAN+{_sepa(purpose, 'IBAN')}")
    kind, remitted = words(parts.get(0, "")), words(_remittance(purpose))
    return _About(name or kind or remitted, remitted or kind, counter)


def _remittance(purpose: str) -> str:
    """Return what was written for the reader, of SEPA's code words; all of it where there are none."""
    first = _SEPA.search(purpose)
    return _sepa(purpose, "SVWZ") or (purpose[: first.start()] if first and first.start() else purpose)


def _sepa(purpose: str, word: str) -> str:
    """Return what stands behind one of SEPA's code words, "" where it does not occur."""
    marks = list(_SEPA.finditer(purpose))
    for place, mark in enumerate(marks):
        if mark[1] == word:
            return purpose[mark.end() : marks[place + 1].start() if place + 1 < len(marks) else len(purpose)]
    return ""


def _after_iban(purpose: str) -> str:
    """Return the number behind IBAN+ or IBAN: in a text."""
    match = re.search(r"\bIBAN[+:]\s?([A-Z0-9 ]{8,42})", purpose)
    found = _IBAN.match(match[1].replace(" ", "")) if match else None
    return found[0] if found else ""


def _coded(field: str, marks: list[re.Match[str]]) -> _About:
    """Read /NAME/ and its like; /CNTP/ holds account, bank, name and city of the other side."""
    parts: dict[str, str] = {}
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(field)
        parts.setdefault(mark[1], field[mark.end() : end].strip("/ "))
    start = marks[0].start()
    other = next((p.split("/") for mark in marks if mark[1] == "CNTP" and (p := field[mark.end() : mark.end() + 300])), [])
    name = words(parts.get("NAME") or (other[2] if len(other) > 2 else ""))
    remitted = words(re.sub(r"^/?(USTD|STRD)//?", "", parts.get("REMI") or parts.get("USTD") or ""))
    counter = account_number((parts.get("IBAN") or parts.get("ACCT") or (other[0] if other else "")).partition("/")[0])
    before = words(field[:start].strip("/ "))
    return _About(name or remitted or before, remitted if name else "", counter)
