"""OFX, QFX and QBO: SGML of version 1 and XML of version 2, read by a scanner that forgives what real files get wrong.

Banks write the wrong encoding, leave out headers and closing tags, and put bare ampersands into names; a strict parser
refuses a third of real files. What is needed is little: the blocks of transactions, and in them tags with values.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from decimal import Decimal

from dashboard.errors import StatementNotReadable
from dashboard.statements.shapes import Hints, Reading, Rejected, Row, Statement
from dashboard.statements.tagged import MOST_ROWS, amount, day, unreadable, words
from dashboard.statements.text import decode

_BLOCK = re.compile(
    r"<(STMTTRNP?|INVBANKTRAN)>(.*?)(?=</\1>|<STMTTRNP?>|</BANKTRANLIST|</BANKTRANLISTP|<LEDGERBAL>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<([A-Za-z0-9.]{1,32})>\s*([^<\r\n]*)")
_PLACE = re.compile(r"<(CURDEF|BANKACCTFROM|CCACCTFROM|INVACCTFROM)>\s*([^<]*)(.{0,400})", re.IGNORECASE | re.DOTALL)
_ID = re.compile(r"<ACCTID>\s*([^<\r\n]*)", re.IGNORECASE)
_OTHER_SIDE = re.compile(r"<(BANKACCTTO|CCACCTTO)>.*?(</\1>|\Z)", re.IGNORECASE | re.DOTALL)


def is_ofx(head: bytes) -> bool:
    """Say whether a file's first bytes are those of OFX; zero bytes and marks of UTF-16 are taken off."""
    return b"OFXHEADER" in head or re.search(rb"<OFX>|<\?OFX", head) is not None


def read(data: bytes, hints: Hints) -> Statement:
    """Read an OFX file.

    Raises:
        StatementNotReadable: it holds no transactions.
    """
    del hints
    text, encoding = _text(data)
    places = _places(text)
    starts = [place for place, _, _ in places]
    lines = [match.start() for match in re.finditer(r"\n", text)] or [match.start() for match in re.finditer(r"\r", text)]
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for number, block in enumerate(_BLOCK.finditer(text)):
        if number >= MOST_ROWS:
            raise StatementNotReadable("This file has more than a million transactions. Split it and import the parts.")
        line = bisect_right(lines, block.start()) + 1
        place = bisect_right(starts, block.start()) - 1
        currency, account = (places[place][1], places[place][2]) if place >= 0 else (None, "")
        found = _row(block[1].upper(), block[2], line, currency, account)
        if isinstance(found, Row):
            rows.append(found)
        else:
            rejected.append(found)
    if not rows and not rejected:
        raise StatementNotReadable("This OFX file holds no transactions. Choose a longer period at your bank and download it again.")
    return Statement(rows, rejected, [], Reading("ofx", encoding))


def _text(data: bytes) -> tuple[str, str]:
    """Decode: UTF-8 where it fits whatever the header says, else the declared code page, else by what comes out."""
    try:
        if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\x00" not in data[:200]:
            return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        declared = re.search(rb"CHARSET:\s*(\d{3,5})|encoding=[\"']([\w-]+)[\"']", data[:1000], re.IGNORECASE)
        name = (declared[1] or declared[2]).decode("ascii", "replace") if declared else ""
        name = f"cp{name}" if name.isdecimal() and len(name) == 4 else name
        if name and name.lower().replace("-", "") not in ("utf8", "usascii", "ascii"):
            try:
                return data.decode(name), name.lower()
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data)


def _places(text: str) -> list[tuple[int, str | None, str]]:
    """Return from which place on which currency and account hold, in the order of the file."""
    found: list[tuple[int, str | None, str]] = []
    currency: str | None = None
    account = ""
    for match in _PLACE.finditer(text):
        if match[1].upper() == "CURDEF":
            code = match[2].strip().upper()
            currency, account = (code if re.fullmatch(r"[A-Z]{3}", code) else None), ""
        elif number := _ID.search(match[0]):
            account = words(html.unescape(number[1]))
        found.append((match.start(), currency, account))
    return found


def _row(kind: str, block: str, line: int, currency: str | None, account: str) -> Row | Rejected:
    tags: dict[str, str] = {}
    for tag in _TAG.finditer(_OTHER_SIDE.sub("", block)):
        # The first of a name is the transaction's own; what follows belongs to what is inside it.
        tags.setdefault(tag[1].upper(), tag[2].strip())
    name, memo = (words(html.unescape(html.unescape(tags.get(key, "")))) for key in ("NAME", "MEMO"))
    payee = name or memo or words(html.unescape(tags.get("PAYEE", ""))) or words(tags.get("TRNTYPE", "")).capitalize()
    if kind == "STMTTRNP":
        return Rejected(line, "is pending; it comes again when it is booked", "held", text=payee)
    when = day(tags.get("DTPOSTED")) or day(tags.get("DTUSER"))
    size = amount(tags.get("TRNAMT"))
    if when is None:
        return unreadable(line, "date", tags.get("DTPOSTED"), payee)
    if size is None:
        return unreadable(line, "amount", tags.get("TRNAMT"), payee)
    if not Decimal("-1e15") < size < Decimal("1e15"):
        return Rejected(line, "is larger than any household's", "problem", "amount", words(tags.get("TRNAMT"))[:40], payee)
    own = tags.get("CURSYM", "").upper() if "ORIGCURRENCY" not in block.upper() else ""
    # A cheque's number is how its owner knows it.
    number = f"cheque {words(tags['CHECKNUM'])}" if tags.get("CHECKNUM", "").strip("0 ") else ""
    said = " ".join(part for part in (memo if memo != payee else "", number) if part)
    return Row(
        line,
        when,
        size,
        own if re.fullmatch(r"[A-Z]{3}", own) else currency,
        payee,
        said,
        account=account,
        bank_id=words(tags.get("FITID"))[:128],
    )
