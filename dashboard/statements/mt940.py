"""MT940 and its dialects: SWIFT's lines of fields, each begun by its number between colons."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dashboard.errors import StatementNotReadable
from dashboard.statements.shapes import Hints, Reading, Rejected, Row, Statement
from dashboard.statements.tagged import amount, proved, unreadable, words
from dashboard.statements.text import decode

_FIELD = re.compile(r"^:(\d{2}[A-Z]?):", re.MULTILINE)
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])?(?P<amount>\d[\d,.]*)(?P<kind>[A-Z][A-Z0-9]{3})?(?P<ref>[^\n]{0,80})"
)
_BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>[\d,.]+)")
_SUBFIELD = re.compile(r"[?>~^](\d{2})")
_CODEWORD = re.compile(r"/(NAME|REMI|BENM|ORDP|IBAN|EREF|TRTP|CSID|MARF|BIC|ISDT|USTD|CNTP)/")
_SEPA = re.compile(r"(?:^|\s)(SVWZ|EREF|KREF|MREF|CRED|ABWA|ABWE|IBAN|BIC|DEBT|COAM|OAMT)\+")


class _Balance(NamedTuple):
    amount: Decimal
    currency: str


def is_mt940(head: bytes) -> bool:
    """Say whether a file's first bytes are those of MT940."""
    return re.search(rb"(^|\n|\r|\{4:)\s*:20:", head) is not None and re.search(rb":(25|28C?|60[FM]):", head) is not None


def read(data: bytes, hints: Hints) -> Statement:
    """Read an MT940 file.

    Raises:
        StatementNotReadable: it holds no transactions.
    """
    del hints
    text, encoding = decode(data)
    text = re.sub(r"\r\n?", "\n", text)
    fields = list(_FIELD.finditer(text))
    rows: list[Row] = []
    rejected: list[Rejected] = []
    parts: list[tuple[Decimal | None, list[Row], Decimal | None]] = []
    account, opening = "", None
    mine: list[Row] = []
    line, seen = 1, 0
    for place, field in enumerate(fields):
        line += text.count("\n", seen, field.start())
        seen = field.start()
        body = text[field.end() : fields[place + 1].start() if place + 1 < len(fields) else len(text)]
        body = re.split(r"\n-\}?|\n\{", body)[0].rstrip("\n -}")
        tag = field[1]
        if tag == "25":
            account = words(body.partition("\n")[0])
        elif tag in ("60F", "60M"):
            opening, mine = _balance(body), []
        elif tag == "61":
            about = _about(text, fields, place)
            found = _movement(body, line, account, opening.currency if opening else None, about)
            if isinstance(found, Row):
                rows.append(found)
                mine.append(found)
            else:
                rejected.append(found)
        elif tag in ("62F", "62M"):
            closing = _balance(body)
            parts.append((opening.amount if opening else None, mine, closing.amount if closing else None))
            opening, mine = (closing, []) if tag == "62M" else (None, [])
    if opening is not None and mine:
        rejected.append(Rejected(line, "the file ends before its closing balance: it may be cut off", "problem", "balance"))
    if not rows and not rejected:
        raise StatementNotReadable("This MT940 file holds no transactions. Choose a longer period at your bank and download it again.")
    return Statement(rows, rejected, [], Reading("mt940", encoding), proved(parts))


def _balance(body: str) -> _Balance | None:
    match = _BALANCE.match(body.strip())
    size = amount(match["amount"]) if match else None
    return _Balance(-size if match["mark"] == "D" else size, match["currency"]) if match and size is not None else None


def _about(text: str, fields: list[re.Match[str]], place: int) -> str:
    """Return what the field after a movement says of it."""
    if place + 1 >= len(fields) or fields[place + 1][1] != "86":
        return ""
    end = fields[place + 2].start() if place + 2 < len(fields) else len(text)
    return re.split(r"\n-\}?\s*(?:\n|$)|\n\{", text[fields[place + 1].end() : end])[0].strip("\n")


def _movement(body: str, line: int, account: str, currency: str | None, about: str) -> Row | Rejected:
    match = _LINE.match(body.strip())
    payee, said = _told(about)
    if match is None:
        return unreadable(line, "amount", body.partition("\n")[0], payee)
    raw = match["value"]
    try:
        # Two digits of a year: those far ahead are of the last century.
        year = int(raw[:2])
        when = date((1900 if year > 79 else 2000) + year, int(raw[2:4]), int(raw[4:6]))
    except ValueError:
        return unreadable(line, "date", raw, payee)
    size = amount(match["amount"])
    if size is None or size > Decimal("1e15"):
        return unreadable(line, "amount", match["amount"], payee)
    # A reversed credit takes money away, a reversed debit brings it back.
    out = match["mark"] in ("D", "RC", "ED")
    extra = words(" ".join(body.strip().split("\n")[1:]))
    reference = words((match["ref"] or "").partition("//")[2])
    if not payee:
        payee, extra = extra or "Booking", ""
    return Row(line, when, -size if out else size, currency, payee, said or extra, account=account, bank_id=reference[:128])


def _told(about: str) -> tuple[str, str]:
    """Return who and what for, of the dialects there are: ?20 subfields, /NAME/ code words, plain lines."""
    if subfields := list(_SUBFIELD.finditer(about)):
        parts: dict[int, str] = {}
        for place, field in enumerate(subfields):
            end = subfields[place + 1].start() if place + 1 < len(subfields) else len(about)
            number = int(field[1])
            parts[number] = parts.get(number, "") + about[field.end() : end].replace("\n", "")
        purpose = "".join(parts[n] for n in sorted(parts) if 20 <= n <= 29 or 60 <= n <= 63)
        name = words("".join(parts.get(n, "") for n in (32, 33)))
        return name or words(parts.get(0, "")) or words(_remittance(purpose)), words(_remittance(purpose)) or words(parts.get(0, ""))
    joined = about.replace("\n", "")
    if _CODEWORD.search(joined):
        name, remitted = _code(joined, "NAME"), _code(joined, "REMI") or _code(joined, "USTD")
        remitted = re.sub(r"^/?(USTD|STRD)//?", "", remitted)
        return words(name) or words(remitted), words(remitted) if name else ""
    lines = [words(part) for part in about.split("\n") if words(part)]
    return (lines[0], words(" ".join(lines[1:]))) if lines else ("", "")


def _remittance(purpose: str) -> str:
    """Return what was written for the reader, of SEPA's code words; all of it where there are none."""
    marks = list(_SEPA.finditer(purpose))
    for place, mark in enumerate(marks):
        if mark[1] == "SVWZ":
            return purpose[mark.end() : marks[place + 1].start() if place + 1 < len(marks) else len(purpose)]
    return purpose[: marks[0].start()] if marks and marks[0].start() else purpose


def _code(text: str, word: str) -> str:
    marks = list(_CODEWORD.finditer(text))
    for place, mark in enumerate(marks):
        if mark[1] == word:
            return text[mark.end() : marks[place + 1].start() if place + 1 < len(marks) else len(text)].strip("/ ")
    return ""
