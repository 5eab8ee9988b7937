"""OFX, QFX and QBO: SGML of version 1 and XML of version 2, read by a scanner that forgives what real files get wrong.

Banks write the wrong encoding, leave out headers and closing tags, and put bare ampersands into names; a strict parser
refuses a third of real files. What is needed is little: which account holds, the blocks of transactions, and in them
tags with values. One pass over the tags finds both, so each opened transaction is either read or left out with a reason.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
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
    currency_code,
    day,
    too_large,
    unreadable,
    words,
)
from dashboard.statements.shapes import Ends, Hints, Option, Question, Reading, Rejected, Row, Series, Statement
from dashboard.statements.text import decode

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._:]{0,60})(?:\s[^<>]*)?>")
_OPENING = re.compile(rb"<OFX[\s>]|<\?OFX")
ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM")
OTHER_SIDES = ("BANKACCTTO", "CCACCTTO", "INVACCTTO", "LOANACCTTO", "XFERDEST")
# What stands after or around a list of transactions ends one that is not closed.
ENDS = ("BANKTRANLIST", "BANKTRANLISTP", "INVBANKTRAN", "INVTRANLIST", "LEDGERBAL", "AVAILBAL", "STMTRS", "CCSTMTRS", "INVSTMTRS", "OFX")
# Movements of securities and loans: they move no money of a bank account that is not booked there too.
NO_MONEY = frozenset(
    """BUYDEBT BUYMF BUYOPT BUYOTHER BUYSTOCK SELLDEBT SELLMF SELLOPT SELLOTHER SELLSTOCK INCOME REINVEST RETOFCAP INVEXPENSE MARGININTEREST
    JRNLFUND JRNLSEC CLOSUREOPT SPLIT TRANSFER LOANSTMTTRN""".split()
)
# What a kind of transaction says of its direction; the other kinds go either way.
OUT, INTO = ("DEBIT", "ATM", "POS", "FEE", "SRVCHG", "CHECK", "DIRECTDEBIT"), ("CREDIT", "DEP", "DIRECTDEP", "DIV")


@dataclass
class _Block:
    """One transaction as it stands: its tags, and what held around it."""

    kind: str
    start: int
    currency: str | None
    account: str
    pending: bool
    tags: dict[str, str] = field(default_factory=dict)
    counter: str = ""
    whole: bool = False
    line: int = 0


def is_ofx(head: Head) -> bool:
    """Say whether a file's first bytes are those of OFX."""
    return b"OFXHEADER" in head.text or _OPENING.search(head.text) is not None


def read(data: bytes, hints: Hints) -> Statement:
    """Read an OFX file.

    Raises:
        StatementNotReadable: it holds no transactions.
    """
    text, encoding = _text(data)
    if "<!ENTITY" in text.upper():
        raise StatementNotReadable("This OFX file asks for things outside itself, which no statement does. It was not read.")
    text = _without_cdata(text)
    around = _Around()
    blocks = list(_blocks(text, around))
    _number(text, blocks)
    money = [b for b in blocks if b.kind not in NO_MONEY]
    marks = Marks((b.tags.get("TRNAMT", "") for b in money), (b.currency for b in money), hints.decimal)
    rows: list[Row] = []
    kinds: list[str] = []
    rejected: list[Rejected] = []
    for block in blocks:
        found = _row(block, marks, hints.cells.get(block.line, {}))
        if isinstance(found, Row):
            rows.append(found)
            kinds.append(block.tags.get("TRNTYPE", "").upper())
        else:
            rejected.append(found)
    if not rows and not rejected:
        raise StatementNotReadable("This OFX file holds no transactions. Choose a longer period at your bank and download it again.")
    if (not blocks or blocks[-1].whole) and "</OFX" not in text[-20_000:].upper():
        line = blocks[-1].line if blocks else 1
        rejected.append(Rejected(line, "the file ends before its closing tag: it may be cut off", "problem", "end"))
    rows, said, question = _sides(rows, kinds, hints)
    open_questions = [q for q in (marks.question, question) if q is not None]
    sure = not open_questions and not any(r.kind == "problem" for r in rejected + said)
    held = _held(around.balances, rows, marks) if sure else {}
    return Statement(rows, rejected + said, open_questions, Reading(FORMAT.name, encoding), ends=held)


FORMAT = Format("ofx", is_ofx, read)


def _held(balances: list[_Ledger], rows: list[Row], marks: Marks) -> dict[Series, Ends]:
    """Return what each account held, by a closing balance of a day that the rows lead up to; many banks write today's instead."""
    told: list[tuple[Series, Ends | None]] = []
    for name in dict.fromkeys((row.account, row.currency) for row in rows):
        mine = [row for row in rows if (row.account, row.currency) == name]
        last = max(row.date for row in mine)
        said = [b for b in balances if (b.account, b.currency) == name]
        closing = marks(said[0].amount) if len(said) == 1 else None
        # No balance is written as a zero, too.
        if closing and (on := said[0].day) is not None and (end := said[0].end) is not None and last <= on <= end:
            told.append((name, Ends(closing - sum(row.amount for row in mine), closing)))
    return ends.joined(told)


def _text(data: bytes) -> tuple[str, str]:
    """Decode: UTF-8 where it fits whatever the header says, else the declared code page, else by what comes out."""
    try:
        if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\x00" not in data[:200]:
            return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        declared = re.search(rb"CHARSET:\s*([\w-]{3,20})|encoding=[\"']([\w-]{3,20})[\"']", data[:1000], re.IGNORECASE)
        name = (declared[1] or declared[2]).decode("ascii", "replace").lower() if declared else ""
        name = f"cp{name}" if re.fullmatch(r"12\d\d", name) else f"iso-{name}" if name.startswith("8859-") else name
        if name.startswith(("cp", "iso-8859", "windows-", "latin", "shift", "euc", "big5", "gb", "koi8")):
            try:
                return data.decode(name), name
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data)


def _without_cdata(text: str) -> str:
    """Write the raw text of XML as text with entities."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += (text[at:start], html.escape(text[start + 9 : end], quote=False))
        at = end + 3
    return "".join((*parts, text[at:])) if parts else text


def _blocks(text: str, around: _Around) -> Iterator[_Block]:
    """Yield the transactions, in the order of the file, and take in what stands around them."""
    block: _Block | None = None
    other_side = False
    count = 0
    for closing, name, value, start in _tags(text):
        begins = not closing and (name in ("STMTTRN", "STMTTRNP") or (around.investing and name in NO_MONEY and block is None))
        if block is not None and (begins or name in ENDS or (closing and name == block.kind)):
            block.whole = True
            yield block
            block = None
        if begins:
            count += 1
            if count > MOST_ROWS:
                raise StatementNotReadable(TOO_MANY)
            block = _Block(name, start, around.currency, around.account, around.pending or name == "STMTTRNP")
            other_side = False
        elif name in OTHER_SIDES:
            other_side = not closing
        elif block is None:
            around.take(name, value, closing=closing)
        elif other_side and name == "ACCTID":
            block.counter = block.counter or value
        elif not closing:
            # The first of a name is the transaction's own; what follows belongs to what is inside it.
            block.tags.setdefault(name, value)
    if block is not None:
        yield block


def _tags(text: str) -> Iterator[tuple[bool, str, str, int]]:
    """Yield each tag: whether it closes, its name, the value behind it, and where it stands."""
    tags = _TAG.finditer(text)
    tag = next(tags, None)
    while tag is not None:
        after = next(tags, None)
        # A value ends with its line: SGML closes no tags.
        value = re.split(r"[\r\n]", text[tag.end() : after.start() if after else len(text)].lstrip(), maxsplit=1)[0].strip()
        yield bool(tag[1]), tag[2].rpartition(":")[2].upper(), value, tag.start()
        tag = after


class _Ledger(NamedTuple):
    """An account's balance as the bank writes it, of which day, and the day until which the transactions are all there."""

    account: str
    currency: str | None
    amount: str
    day: date | None
    end: date | None


class _Around:
    """What holds for the transactions that follow, and the balances of bank accounts."""

    def __init__(self) -> None:
        self.currency: str | None = None
        self.account = ""
        self.naming = self.pending = self.investing = False
        self.balances: list[_Ledger] = []
        # Of the statement that is open: the last day of its period, and its balance so far.
        self.end: date | None = None
        self.amount = ""
        self.ledger = self.card = False

    def take(self, name: str, value: str, *, closing: bool) -> None:
        """Take in a tag that stands outside transactions."""
        if name == "CURDEF" and not closing:
            self.currency, self.account = currency_code(value), ""
        elif name in ACCOUNTS:
            self.naming = not closing
            self.account = self.account if closing else ""
        elif name == "ACCTID" and self.naming and not closing:
            number = words(html.unescape(value))
            # A number that is all crosses tells no account from another.
            self.account = self.account or (number if any(map(str.isdigit, number)) else "")
        elif name == "BANKTRANLISTP":
            self.pending = not closing
        elif name == "INVTRANLIST":
            self.investing = not closing
        elif name in ("BANKTRANLIST", "LEDGERBAL"):
            self.naming = self.pending = False
        self._balance(name, value, closing=closing)

    def _balance(self, name: str, value: str, *, closing: bool) -> None:
        if name in ("STMTRS", "CCSTMTRS"):
            # What a card owes is written with either sign.
            self.end, self.ledger, self.card = None, False, name == "CCSTMTRS"
        elif name in ("LEDGERBAL", "AVAILBAL"):
            self.ledger, self.amount = name == "LEDGERBAL" and not closing and not self.card, ""
        elif closing:
            return
        elif name == "DTEND":
            self.end = day(value)
        elif self.ledger and name == "BALAMT":
            self.amount = value
        elif self.ledger and name == "DTASOF":
            self.balances.append(_Ledger(self.account, self.currency, self.amount, day(value), self.end))


def _number(text: str, blocks: list[_Block]) -> None:
    """Give each transaction its line, or its place where several stand on one."""
    ends = [match.start() for match in re.finditer(r"\n", text)] or [match.start() for match in re.finditer(r"\r", text)]
    lines = [bisect_right(ends, block.start) + 1 for block in blocks]
    single = len(set(lines)) == len(lines)
    for place, block in enumerate(blocks):
        block.line = lines[place] if single else place + 1


def _row(block: _Block, marks: Marks, mended: dict[str, str]) -> Row | Rejected:
    tags, line = block.tags, block.line
    name, memo = (words(html.unescape(html.unescape(tags.get(key, "")))) for key in ("NAME", "MEMO"))
    payee = name or memo or words(html.unescape(tags.get("PAYEE", ""))) or words(tags.get("TRNTYPE", "")).capitalize()
    if not block.whole:
        return Rejected(line, "the file ends within this transaction: it is cut off. Download it again", "problem", "end", text=payee)
    if block.kind in NO_MONEY:
        return Rejected(line, "is a movement of securities or a loan, not of money; it was left out", "held", text=payee)
    if block.pending:
        return Rejected(line, "is pending; it comes again when it is booked", "held", text=payee)
    when = day(mended.get("date")) or day(tags.get("DTPOSTED")) or day(tags.get("DTUSER"))
    raw = mended.get("amount") or tags.get("TRNAMT")
    size = marks(raw)
    if when is None:
        return unreadable(line, "date", mended.get("date") or tags.get("DTPOSTED"), payee)
    if size is None:
        return unreadable(line, "amount", raw, payee)
    if abs(size) >= LARGEST:
        return too_large(line, raw, payee)
    own = currency_code(tags.get("CURSYM")) if "ORIGCURRENCY" not in tags else None
    # A cheque's number is how its owner knows it.
    number = f"cheque {words(tags['CHECKNUM'])}" if tags.get("CHECKNUM", "").strip("0 ") else ""
    said = words(" ".join(part for part in (memo if memo != payee else "", number) if part))
    return Row(
        line,
        when,
        size,
        own or block.currency,
        payee,
        said,
        account=block.account,
        bank_id=words(tags.get("FITID"))[:128],
        counter=account_number(html.unescape(block.counter)),
    )


def _sides(rows: list[Row], kinds: list[str], hints: Hints) -> tuple[list[Row], list[Rejected], Question | None]:
    """Ask where the signs are against what each transaction is said to be: debits without a minus, or all of it turned round."""
    debits = [row.amount for row, kind in zip(rows, kinds, strict=True) if kind in OUT and row.amount]
    credits_ = [row.amount for row, kind in zip(rows, kinds, strict=True) if kind in INTO and row.amount]
    unsigned = all(row.amount >= 0 for row in rows)
    turned = bool(credits_) and all(size < 0 for size in credits_)
    if not debits or not all(size > 0 for size in debits) or not (unsigned or turned):
        return rows, [], None
    if hints.sign == "out-negative":
        return rows, [], None
    if hints.sign == "out-positive":
        kept: list[Row] = []
        left: list[Rejected] = []
        for row, kind in zip(rows, kinds, strict=True):
            if turned or kind in (*OUT, *INTO):
                kept.append(row._replace(amount=-row.amount if turned or kind in OUT else row.amount))
            else:
                left.append(Rejected(row.line, "does not say whether it is money in or money out", "problem", "amount", "", row.payee))
        return kept, left, None
    examples = tuple(str(size) for size in debits[:3])
    question = Question(
        "sign",
        "Debits carry no minus in this file. Are they money out?",
        (
            Option("out-positive", "Debits are money out", tuple(f"-{size}" for size in examples)),
            Option("out-negative", "They are money in, as their signs say", examples),
        ),
    )
    return rows, [], question
