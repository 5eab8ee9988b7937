"""CAMT.052 and .053 of ISO 20022, versions 2 to 10: XML, read by local names so that each version's namespace will do.

An entry is what the account's balance moved by; a batch's single payments stand inside it and are not counted again.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from dashboard.errors import StatementNotReadable
from dashboard.statements.shapes import Hints, Proof, Reading, Rejected, Row, Statement
from dashboard.statements.tagged import amount, day, proved, unreadable, words

OPENING, CLOSING = ("OPBD", "PRCD", "OPAV"), ("CLBD", "CLAV", "ITBD")
WAITING = ("PDNG", "INFO", "FUTR")
STATEMENTS = ("Stmt", "Rpt", "Ntfctn")


def is_camt(head: bytes) -> bool:
    """Say whether a file's first bytes are those of CAMT."""
    return b"CAMT.05" in head or b"BKTOCSTMR" in head


def read(data: bytes, hints: Hints) -> Statement:
    """Read a CAMT file.

    Raises:
        StatementNotReadable: it is no XML that may be read, or holds no statement.
    """
    del hints
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise StatementNotReadable("This XML file asks for things outside itself, which no statement does. It was not read.") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise StatementNotReadable("This CAMT file is damaged or cut off. Download it from your bank again.") from error
    rows: list[Row] = []
    rejected: list[Rejected] = []
    parts: list[tuple[Decimal | None, list[Row], Decimal | None]] = []
    number = 0
    for statement in (e for e in root.iter() if _name(e) in STATEMENTS):
        account, currency = _account(statement)
        mine: list[Row] = []
        for entry in _all(statement, "Ntry"):
            number += 1
            found = _entry(entry, number, account, currency)
            (mine if isinstance(found, Row) else rejected).append(found)  # type: ignore[arg-type]
        rows += mine
        parts.append((_balance(statement, OPENING), mine, _balance(statement, CLOSING)))
    if not number:
        raise StatementNotReadable("This CAMT file holds no entries. Choose a longer period at your bank and download it again.")
    proof: Proof | None = proved(parts)
    return Statement(rows, rejected, [], Reading("camt", "xml"), proof)


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


def _account(statement: Element) -> tuple[str, str | None]:
    number = _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    return words(number), _text(statement, "Acct", "Ccy") or None


def _balance(statement: Element, kinds: tuple[str, ...]) -> Decimal | None:
    found: dict[str, Decimal] = {}
    for balance in _all(statement, "Bal"):
        kind = _text(balance, "Tp", "CdOrPrtry", "Cd") or _text(balance, "Cd")
        size = amount(_text(balance, "Amt"))
        if size is not None:
            found.setdefault(kind, -size if _text(balance, "CdtDbtInd") == "DBIT" else size)
    return next((found[kind] for kind in kinds if kind in found), None)


def _entry(entry: Element, number: int, account: str, currency: str | None) -> Row | Rejected:
    side = _text(entry, "CdtDbtInd")
    payee, text = _told(entry, side)
    status = _text(entry, "Sts") or _text(entry, "Sts", "Cd")
    if status in WAITING:
        return Rejected(number, "is not booked yet; it comes again when it is", "held", text=payee)
    raw = _text(entry, "BookgDt", "Dt") or _text(entry, "BookgDt", "DtTm") or _text(entry, "ValDt", "Dt") or _text(entry, "ValDt", "DtTm")
    when, size = day(raw), amount(_text(entry, "Amt"))
    if when is None:
        return unreadable(number, "date", raw, payee)
    if size is None or side not in ("CRDT", "DBIT") or size > Decimal("1e15"):
        return unreadable(number, "amount", _text(entry, "Amt"), payee)
    amount_element = _first(entry, "Amt")
    code = amount_element.get("Ccy") if amount_element is not None else None
    reference = _text(entry, "AcctSvcrRef") or _text(entry, "NtryDtls", "TxDtls", "Refs", "AcctSvcrRef")
    return Row(
        number, when, -size if side == "DBIT" else size, code or currency, payee, text, account=account, bank_id=words(reference)[:128]
    )


def _told(entry: Element, side: str) -> tuple[str, str]:
    """Return who was paid or paid, and what for."""
    details = [d for group in _all(entry, "NtryDtls") for d in _all(group, "TxDtls")]
    extra = words(_text(entry, "AddtlNtryInf"))
    if not details:
        return extra or "Booking", ""
    other = ("Cdtr", "UltmtCdtr") if side == "DBIT" else ("Dbtr", "UltmtDbtr")
    names = []
    for detail in details[:20]:
        for role in other:
            name = _text(detail, "RltdPties", role, "Nm") or _text(detail, "RltdPties", role, "Pty", "Nm")
            if name:
                names.append(words(name))
                break
    remitted = [words(u.text) for d in details[:20] for r in _all(d, "RmtInf") for u in _all(r, "Ustrd") if u.text]
    if not remitted:
        remitted = [words(_text(d, "AddtlTxInf")) for d in details[:20] if _text(d, "AddtlTxInf")]
    text = words(" ".join(dict.fromkeys(remitted)) or (extra if names else ""))
    if len(details) > 1:
        text = words(f"{len(details)} payments. {text}")
    payee = ", ".join(dict.fromkeys(names[:3])) + (" \u2026" if len(set(names)) > 3 else "")
    return words(payee) or extra or text or "Booking", text if text != extra or payee else ""
