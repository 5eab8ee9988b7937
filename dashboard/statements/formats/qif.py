"""QIF: records of lettered lines. Its dates and amounts are written as the country does, so the grid reader decides them."""

from __future__ import annotations

import re
from dataclasses import replace

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats.contract import Format, Head
from dashboard.statements.formats.fields import MOST_ROWS, TOO_MANY, words
from dashboard.statements.shapes import Hints, Rejected, Statement
from dashboard.statements.table import reader
from dashboard.statements.text import decode

HEADS = ["Date", "Amount", "Payee", "Memo", "Category"]
# Lists of categories, prices and the like stand among the transactions.
NO_TRANSACTIONS = tuple(
    f"!type:{name}" for name in ("cat", "class", "memorized", "security", "prices", "budget", "invitem", "tag", "payee", "template", "unit")
)
INVESTMENTS = ("!type:invst", "!type:port")
_APOSTROPHE = re.compile(r"'(\d{1,2}|\d{4})$")
_AROUND_MARKS = re.compile(r"\s*([-/.'])\s*")


def is_qif(head: Head) -> bool:
    """Say whether a file's first bytes are those of QIF."""
    return head.text.startswith((b"!TYPE", b"!ACCOUNT", b"!OPTION", b"!CLEAR"))


def read(data: bytes, hints: Hints) -> Statement:
    """Read a QIF file.

    Raises:
        StatementNotReadable: it holds no transactions.
    """
    text, encoding = decode(data)
    records = _Records()
    lines = re.split(r"\r\n|\n|\r", text)
    for number, raw in enumerate(lines, 1):
        line = raw.strip("\ufeff \t\x1a")
        if line.startswith("!"):
            records.title(line.lower())
        elif line:
            records.line(line, number)
    records.end(cut_off=bool(lines[-1].strip()) and lines[-1].strip()[0] in "DTU")
    if len(records.grid) < 2:
        if records.rejected and all(row.kind == "held" for row in records.rejected):
            raise StatementNotReadable(
                "This QIF file holds no movements of money, only investments. Export the register of a bank or card account."
            )
        raise StatementNotReadable("This QIF file holds no transactions. Export the account's register from the program again.")
    # A register is its owner's: minus is money out, and an opening balance is a record like any other.
    signed = hints if hints.sign else replace(hints, sign="out-negative")
    found = reader.read(records.grid, records.lines, reader.Source(FORMAT.name, encoding, "", "", summaries=False), signed)
    rows = [row._replace(account=records.around[row.line][0], category=records.around[row.line][1]) for row in found.rows]
    return replace(found, rows=rows, rejected=found.rejected + records.rejected)


FORMAT = Format("qif", is_qif, read)


class _Records:
    """Gathers lettered lines into records, each in the account that was named last."""

    def __init__(self) -> None:
        self.grid, self.lines = [HEADS], [1]
        # By line: the account a record is in, and its category.
        self.around: dict[int, tuple[str, str]] = {}
        self.rejected: list[Rejected] = []
        self.record: dict[str, str] = {}
        self.start = 0
        self.part = "money"
        self.account = ""

    def title(self, line: str) -> None:
        """Begin another part of the file."""
        self._finish()
        if line.startswith(("!option", "!clear")):
            self.part = "list"
        elif line.startswith("!account"):
            self.part, self.account = "account", ""
        elif line.startswith(INVESTMENTS):
            self.part = "investments"
        else:
            self.part = "list" if line.startswith(NO_TRANSACTIONS) else "money"

    def line(self, line: str, number: int) -> None:
        """Take in one line."""
        letter, value = line[0].upper(), line[1:].strip()
        if letter == "^":
            self._finish()
            return
        self.start = self.start or number
        if self.part == "account" and letter == "N":
            # Of a list of accounts the last one is the one whose transactions follow.
            self.account = words(value)
        elif letter not in "SE$%":
            # Of a letter that comes twice the first is the record's own: the rest belongs to its splits.
            self.record.setdefault(letter, value)

    def end(self, *, cut_off: bool) -> None:
        """Close the last record. One that ends the file with its date or amount may be cut off in the middle of it."""
        if cut_off and self.record and self.part == "money":
            reason = "the file ends within this record: it may be cut off. Export it again"
            self.rejected.append(Rejected(self.start, reason, "problem", "end", text=words(self.record.get("P"))))
            self.record = {}
        self._finish()

    def _finish(self) -> None:
        record, line = self.record, self.start
        self.record, self.start = {}, 0
        amount = record.get("T") or record.get("U") or ""
        if self.part == "investments" and record:
            said = words(record.get("Y") or record.get("P") or record.get("M"))
            self.rejected.append(Rejected(line, "is a movement of securities, not of money; it was left out", "held", text=said))
        if self.part != "money" or not ("D" in record or amount):
            return
        if len(self.grid) > MOST_ROWS:
            raise StatementNotReadable(TOO_MANY)
        category = "" if record.get("L", "").startswith("[") else words(record.get("L"))
        self.grid.append(
            [
                _date(record.get("D", "")),
                amount,
                record.get("P") or record.get("M", ""),
                record.get("M", ""),
                category,
            ]
        )
        self.lines.append(line)
        self.around[line] = (self.account, category)


def _date(text: str) -> str:
    """Write 6/ 7'05 as 6/7/2005: the apostrophe stands for this century."""
    body = _AROUND_MARKS.sub(r"\1", text[:45].strip())
    return _APOSTROPHE.sub(lambda m: "/" + (m[1] if len(m[1]) == 4 else f"20{m[1].zfill(2)}"), body)
