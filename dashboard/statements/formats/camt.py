"""CAMT.052, .053 and .054 of ISO 20022, versions 1 to 13: XML, read by local names so that each version's namespace will do.

An entry is what the account's balance moved by; a batch's single payments stand inside it and are not counted again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

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
    currency_code,
    day,
    proved,
    too_large,
    unreadable,
    words,
)
from dashboard.statements.shapes import Hints, Reading, Rejected, Row, Statement
from dashboard.statements.text import decode

# Booked balances explain each other, and available ones do.
PAIRS = ((("OPBD", "PRCD"), ("CLBD", "ITBD")), (("OPAV",), ("CLAV", "ITAV")))
WAITING = ("PDNG", "INFO", "FUTR")
STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
# Of a batch's single payments, those that are looked at.
MOST_DETAILS = 20
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_NO_REFERENCE = ("NOTPROVIDED", "NONREF")


def is_camt(head: Head) -> bool:
    """Say whether a file's first bytes are those of CAMT."""
    return head.text.startswith(b"<") and (b"CAMT.05" in head.text or b"BKTOCSTMR" in head.text)


def read(data: bytes, hints: Hints) -> Statement:
    """Read a CAMT file.

    Raises:
        StatementNotReadable: it is no XML that may be read, or holds no statement.
    """
    try:
        root = _root(data)
    except DefusedXmlException as error:
        raise StatementNotReadable("This XML file asks for things outside itself, which no statement does. It was not read.") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise StatementNotReadable("This CAMT file is damaged or cut off. Download it from your bank again.") from error
    statements = [(s, list(_all(s, "Ntry"))) for s in root.iter() if _name(s) in STATEMENTS]
    entries = [entry for _, found in statements for entry in found]
    if not entries:
        raise StatementNotReadable("This CAMT file holds no entries. Choose a longer period at your bank and download it again.")
    if len(entries) > MOST_ROWS:
        raise StatementNotReadable(TOO_MANY)
    # The standard has a point before decimals: 1.234 is no thousand here. Only a comma has to be judged.
    texts = [_text(entry, "Amt") for entry in entries]
    marks = Marks((text for text in texts if "," in text), (_currency(entry) for entry in entries), hints.decimal)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    parts: list[tuple[Decimal | None, list[Row], Decimal | None]] = []
    number = 0
    for statement, found in statements:
        owner = _Owner(statement)
        mine: list[Row] = []
        for entry in found:
            number += 1
            taken = _entry(entry, number, owner, marks, hints.cells.get(number, {}))
            if isinstance(taken, Row):
                mine.append(taken)
            else:
                rejected.append(taken)
        rows += mine
        opening, closing = _balances(statement)
        parts.append((opening, mine, closing))
    questions = [marks.question] if marks.question else []
    return Statement(rows, rejected, questions, Reading(FORMAT.name, "xml"), proved(parts), ends=ends.of_parts(parts))


FORMAT = Format("camt", is_camt, read)


def _root(data: bytes) -> Element:
    """Parse; where the declared encoding is not the file's, by the encoding its bytes show."""
    whole = data.strip(b" \t\r\n") if data[:2] not in (b"\xff\xfe", b"\xfe\xff") else data
    try:
        parsed: Element = fromstring(whole, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, DefusedXmlException):
            raise
        text, _ = decode(data)
        parsed = fromstring(_DECLARATION.sub("", text, count=1).strip().encode("utf-8", "replace"), forbid_dtd=True)
    return parsed


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _first(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next(_all(element, name), None) if element is not None else None
    return element


def _text(element: Element | None, *path: str) -> str:
    found = _first(element, *path)
    return (found.text or "").strip() if found is not None else ""


def _currency(entry: Element) -> str | None:
    found = _first(entry, "Amt")
    return currency_code(found.get("Ccy")) if found is not None else None


def _number_of(account: Element | None) -> str:
    return _text(account, "Id", "IBAN") or _text(account, "Id", "Othr", "Id") or _text(account, "Id", "PrtryAcct", "Id")


class _Owner:
    """Whose statement it is: account and currency."""

    def __init__(self, statement: Element) -> None:
        account = _first(statement, "Acct")
        self.account = words(_number_of(account))
        self.currency = currency_code(_text(account, "Ccy"))


def _balances(statement: Element) -> tuple[Decimal | None, Decimal | None]:
    """Return what was there before the first entry and after the last: of several days the earliest and the latest."""
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for balance in _all(statement, "Bal"):
        kind = _text(balance, "Tp", "CdOrPrtry", "Cd") or _text(balance, "Cd")
        size = amount(_text(balance, "Amt"))
        if size is not None:
            when = _text(balance, "Dt", "Dt") or _text(balance, "Dt", "DtTm")
            found.setdefault(kind, []).append((when, -size if _text(balance, "CdtDbtInd") == "DBIT" else size))
    for before, after in PAIRS:
        opening = next((min(found[kind], key=lambda b: b[0])[1] for kind in before if kind in found), None)
        # Of two on one day the later one in the file counts.
        closing = next((max(reversed(found[kind]), key=lambda b: b[0])[1] for kind in after if kind in found), None)
        if opening is not None and closing is not None:
            return opening, closing
    return None, None


def _entry(entry: Element, number: int, owner: _Owner, marks: Marks, mended: dict[str, str]) -> Row | Rejected:
    side = _text(entry, "CdtDbtInd")
    told = _Told(entry, side, owner)
    status = _text(entry, "Sts") or _text(entry, "Sts", "Cd") or _text(entry, "Sts", "Prtry")
    if status.upper() in (*WAITING, "PENDING"):
        return Rejected(number, "is not booked yet; it comes again when it is", "held", text=told.payee)
    raw = next(
        (text for name in ("BookgDt", "ValDt") for kind in ("Dt", "DtTm") if (text := _text(entry, name, kind))),
        "",
    )
    when = day(mended.get("date")) or day(raw)
    written = mended.get("amount") or _text(entry, "Amt")
    size = marks(written)
    if when is None:
        return unreadable(number, "date", mended.get("date") or raw, told.payee)
    if size is None:
        return unreadable(number, "amount", written, told.payee)
    if side not in ("CRDT", "DBIT"):
        return Rejected(number, "does not say whether it is money in or money out", "problem", "amount", words(written)[:40], told.payee)
    if size < 0:
        reason = "has a minus beside its side, which says twice or turns round where it goes; add it by hand"
        return Rejected(number, reason, "problem", "amount", words(written)[:40], told.payee)
    if size >= LARGEST:
        return too_large(number, written, told.payee)
    reference = _text(entry, "AcctSvcrRef") or _text(entry, "NtryDtls", "TxDtls", "Refs", "AcctSvcrRef")
    return Row(
        number,
        when,
        -size if side == "DBIT" else size,
        _currency(entry) or owner.currency,
        told.payee,
        told.text,
        account=owner.account,
        bank_id="" if reference in _NO_REFERENCE else words(reference)[:128],
        counter=told.counter,
    )


class _Told:
    """Who was paid or paid, what for, and the other side's account."""

    def __init__(self, entry: Element, side: str, owner: _Owner) -> None:
        details = [d for group in _all(entry, "NtryDtls") for d in _all(group, "TxDtls")]
        extra = words(_text(entry, "AddtlNtryInf"))
        self.counter = ""
        if not details:
            self.payee, self.text = extra or "Booking", ""
            return
        # The parties of what is given back stay those of what was first paid.
        out = (side == "DBIT") != (_text(entry, "RvslInd") in ("true", "1"))
        others = [_other_side(detail, owner, out=out) for detail in details[:MOST_DETAILS]]
        names = [name for name, _ in others if name]
        numbers = {number for _, number in others}
        if len(numbers) == 1:
            self.counter = numbers.pop()
        remitted = _remitted(details[:MOST_DETAILS], extra)
        text = words(" ".join(dict.fromkeys(remitted)) or (extra if names else ""))
        if len(details) > 1:
            text = words(f"{len(details)} payments. {text}")
        payee = ", ".join(dict.fromkeys(names[:3])) + (" \u2026" if len(set(names)) > 3 else "")
        self.payee = words(payee) or extra or text or "Booking"
        self.text = text if text != extra or payee else ""


def _remitted(details: list[Element], extra: str) -> list[str]:
    """Return what the money is for: in words, else as the bank adds them, else a reference where nothing else is said."""
    found = [words(u.text) for d in details for r in _all(d, "RmtInf") for u in _all(r, "Ustrd") if u.text]
    if not found:
        found = [words(_text(d, "AddtlTxInf")) for d in details if _text(d, "AddtlTxInf")]
    if not found and not extra:
        references = [_text(s, "CdtrRefInf", "Ref") for d in details for r in _all(d, "RmtInf") for s in _all(r, "Strd")]
        found = [words(reference) for reference in references if reference]
    return found


def _other_side(detail: Element, owner: _Owner, *, out: bool) -> tuple[str, str]:
    """Return name and account of whom the money went to or came from."""
    parties = _first(detail, "RltdPties")
    name = ""
    for role in ("Cdtr", "UltmtCdtr") if out else ("Dbtr", "UltmtDbtr"):
        name = name or words(_text(parties, role, "Nm") or _text(parties, role, "Pty", "Nm"))
    number = account_number(_number_of(_first(parties, "CdtrAcct" if out else "DbtrAcct")))
    return name, "" if number == owner.account else number
