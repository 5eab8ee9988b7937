"""What the tagged formats share: amounts and dates as their standards write them, words cleaned, balances proved."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from dashboard.statements.shapes import Proof, Rejected, Row

LONGEST_TEXT = 500
MOST_ROWS = 1_000_000


def words(text: str | None) -> str:
    """Return one line of text without control characters, no longer than what is stored."""
    return " ".join("".join(c if c.isprintable() else " " for c in (text or "")[: LONGEST_TEXT * 4]).split())[:LONGEST_TEXT]


def amount(text: str | None) -> Decimal | None:
    """Read an amount with a point or a comma before its decimals; None where it is none.

    The last mark is the decimal one, unless it stands more than once; one mark before three digits is taken as the
    standards have it, decimals.
    """
    body = re.sub(r"[\s\u00a0']", "", (text or "")[:60]).replace("\u2212", "-")
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", body):
        return None
    last = max(body.rfind("."), body.rfind(","))
    if last >= 0 and body.count(body[last]) == 1:
        body = re.sub(r"[.,]", "", body[:last]) + "." + body[last + 1 :]
    else:
        body = re.sub(r"[.,]", "", body)
    try:
        return Decimal(body)
    except InvalidOperation:
        return None


def day(text: str | None) -> date | None:
    """Read a date whose first eight digits are year, month and day, with or without marks; None where it is none."""
    match = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})", (text or "")[:40])
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def proved(parts: list[tuple[Decimal | None, list[Row], Decimal | None]]) -> Proof | None:
    """Return how many rows lie between an opening and a closing balance that they explain, None where no balances stand.

    Args:
        parts: opening balance, rows and closing balance of each statement in the file.
    """
    agree = steps = 0
    broken: int | None = None
    for opening, rows, closing in parts:
        if opening is None or closing is None or not rows:
            continue
        steps += len(rows)
        if opening + sum((row.amount for row in rows), Decimal(0)) == closing:
            agree += len(rows)
        elif broken is None:
            broken = rows[0].line
    return Proof(agree, steps, broken, ends=True) if steps else None


def unreadable(line: int, what: str, value: str | None, text: str = "") -> Rejected:
    """Return a row that holds no date or amount that could be read."""
    said = words(value)[:40]
    reason = f"\u201c{said}\u201d is not {'a date' if what == 'date' else 'an amount'}" if said else f"has no {what}"
    return Rejected(line, reason, "problem", what, said, text)
