"""QIF: records of lettered lines. Its dates and amounts are written as the country does, so the grid reader decides them."""

from __future__ import annotations

import re
from dataclasses import replace

from dashboard.errors import StatementNotReadable
from dashboard.statements import table
from dashboard.statements.shapes import Hints, Statement
from dashboard.statements.text import decode

HEADS = ["Date", "Amount", "Payee", "Memo", "Category"]
# Lists of accounts, categories and the like stand among the transactions.
NO_TRANSACTIONS = (
    "!type:cat",
    "!type:class",
    "!type:memorized",
    "!type:security",
    "!type:invst",
    "!type:invitem",
    "!type:prices",
    "!type:budget",
    "!account",
    "!option",
    "!clear",
)
_APOSTROPHE = re.compile(r"'\s*(\d{2,4})\s*$")


def is_qif(head: bytes) -> bool:
    """Say whether a file's first bytes are those of QIF."""
    return head.startswith((b"!TYPE", b"!ACCOUNT", b"!OPTION", b"!CLEAR"))


def read(data: bytes, hints: Hints) -> Statement:
    """Read a QIF file.

    Raises:
        StatementNotReadable: it holds no transactions.
    """
    text, encoding = decode(data)
    grid, lines = [HEADS], [1]
    record: dict[str, str] = {}
    start, skipping = 0, False
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        line = raw.strip("\ufeff \t")
        if line.startswith("!"):
            skipping = line.lower().startswith(NO_TRANSACTIONS)
            record = {}
            continue
        if skipping or not line:
            continue
        start = start or number
        if line[0] == "^":
            _add(record, start, grid, lines)
            record, start = {}, 0
        elif line[0] not in "SE$%":
            # Of a letter that comes twice the first is the record's own: the rest belongs to its splits.
            record.setdefault(line[0].upper(), line[1:].strip())
    _add(record, start, grid, lines)
    if len(grid) < 2:
        raise StatementNotReadable("This QIF file holds no transactions. Export the account's register from the program again.")
    # A register is its owner's: minus is money out, and an opening balance is a record like any other.
    signed = hints if hints.sign else replace(hints, sign="out-negative")
    return table.read(grid, lines, table.Source("qif", encoding, "", "", summaries=False), signed)


def _add(record: dict[str, str], line: int, grid: list[list[str]], lines: list[int]) -> None:
    amount = record.get("T") or record.get("U") or ""
    if "D" in record or amount:
        category = record.get("L", "")
        grid.append(
            [
                _date(record.get("D", "")),
                amount,
                record.get("P") or record.get("M", ""),
                record.get("M", ""),
                "" if category.startswith("[") else category,
            ]
        )
        lines.append(line)


def _date(text: str) -> str:
    """Write 6/ 7'05 as 6/7/2005: the apostrophe stands for this century."""
    body = re.sub(r"\s+", "", text)
    return _APOSTROPHE.sub(lambda m: "/" + (m[1] if len(m[1]) == 4 else f"20{m[1].zfill(2)}"), body)
