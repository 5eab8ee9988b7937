"""What the tagged formats share: amounts and dates as their standards write them, words cleaned, balances proved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from dashboard.bounds import LONGEST_TEXT
from dashboard.statements.shapes import Option, Proof, Question, Rejected, Row
from dashboard.statements.table.reader import NO_MINOR_UNIT, THREE_DECIMALS

LONGEST_NUMBER = 60
LARGEST = Decimal("1e15")
# More than any household moves in a lifetime: a file of ten megabytes could open two million.
MOST_ROWS = 250_000
TOO_MANY = "This file holds more transactions than are read at once. Split it and import the parts."
_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019]")
_AMOUNT = re.compile(r"([+-]?)([\d.,]*\d[\d.,]*)([+-]?)")
_WHOLE = {mark: re.compile(rf"\d*|\d{{1,3}}(?:{re.escape(mark)}\d{{2,3}})*{re.escape(mark)}\d{{3}}") for mark in ".,"}
# One mark, three digits behind it and up to three before: 1.234.
_OPEN = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")


def words(text: str | None) -> str:
    """Return one line of text without control characters, no longer than what is stored."""
    return " ".join("".join(c if c.isprintable() else " " for c in (text or "")[: LONGEST_TEXT * 4]).split())[:LONGEST_TEXT]


def account_number(text: str | None) -> str:
    """Return an account's number as a bank wrote it, "" where that is no number."""
    found = words(text)[:64].strip("/ ")
    return found if sum(map(str.isdigit, found)) >= 4 else ""


def _bare(text: str | None) -> tuple[bool, str]:
    """Return whether an amount is negative, and its digits with their marks; ("" where it is none)."""
    whole = text or ""
    body = _SPACES.sub("", whole).replace("\u2212", "-") if len(whole) <= LONGEST_NUMBER else ""
    match = _AMOUNT.fullmatch(body)
    if match is None or (match[1] and match[3]):
        return False, ""
    return "-" in (match[1], match[3]), match[2]


def amount(text: str | None, mark: str = "") -> Decimal | None:
    """Read an amount with a point or a comma before its decimals; None where it is none.

    The last mark is the decimal one, unless it stands more than once; one mark before three digits is taken as the
    standards have it, decimals. Where `mark` is given, the other one stands between thousands.
    """
    negative, body = _bare(text)
    if not body:
        return None
    last = body[max(body.rfind("."), body.rfind(","))] if "." in body or "," in body else ""
    if last and body.count(last) == 1 and (not mark or last == mark or not _OPEN.fullmatch(body)):
        whole, _, decimals = body.rpartition(last)
        groups = "," if last == "." else "."
    else:
        whole, decimals, groups = body, "", last or ","
    if not _WHOLE[groups].fullmatch(whole):
        return None
    size = Decimal(f"{whole.replace(groups, '') or '0'}.{decimals or '0'}") if decimals else Decimal(whole.replace(groups, "") or "0")
    return -size if negative else size


class Marks:
    """Which of a file's marks stands before decimals, where single amounts do not say: 1.234 among others like 12,50."""

    def __init__(self, texts: Iterable[str], currencies: Iterable[str | None], said: str | None) -> None:
        """Look at all amounts of a file, their currencies, and what a person has said."""
        self.open = ""
        sure: set[str] = set()
        for text in texts:
            _, body = _bare(text)
            if match := _OPEN.fullmatch(body):
                self.open = self.open or body
            elif (last := max(body.rfind("."), body.rfind(","))) >= 0 and body.count(body[last]) == 1:
                sure.add(body[last])
        self.mark = said or (sure.pop() if len(sure) == 1 else "")
        codes = {code for code in currencies if code}
        if self.open and not self.mark and not sure:
            match = _OPEN.fullmatch(self.open)
            found = match[1] if match else "."
            if codes and codes <= THREE_DECIMALS:
                self.mark = found
            elif codes and codes <= NO_MINOR_UNIT:
                self.mark = "," if found == "." else "."
        elif sure:
            # Both kinds in one file: each amount speaks for itself.
            self.open = ""

    def __call__(self, text: str | None) -> Decimal | None:
        """Read one amount."""
        return amount(text, self.mark)

    @property
    def question(self) -> Question | None:
        """Ask whether the digits behind a mark are decimals, where nothing in the file shows it."""
        if not self.open or self.mark:
            return None
        mark = "." if "." in self.open else ","
        return Question(
            "decimal",
            f"Is {self.open} in thousands, or are the digits after \u201c{mark}\u201d decimals?",
            (
                Option("," if mark == "." else ".", f"Thousands: {self.open.replace(mark, '')}"),
                Option(mark, f"Decimals: {self.open.replace(mark, '.')}"),
            ),
        )


def day(text: str | None) -> date | None:
    """Read a date whose first eight digits are year, month and day, with or without marks; None where it is none."""
    match = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})", (text or "")[:40])
    return calendar_day(int(match[1]), int(match[2]), int(match[3])) if match else None


def calendar_day(year: int, month: int, of_month: int) -> date | None:
    """Return a day of the years that are stored, None where the calendar has none."""
    try:
        return date(year, month, of_month) if 1900 <= year <= 2199 else None
    except ValueError:
        return None


def currency_code(text: str | None) -> str | None:
    """Return a currency's code of three letters, None where it is none."""
    found = (text or "")[:20].strip().upper()
    return found if re.fullmatch(r"[A-Z]{3}", found) else None


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


def too_large(line: int, value: str | None, text: str = "") -> Rejected:
    """Return a row whose amount is none that anybody has."""
    return Rejected(line, "is larger than any household's", "problem", "amount", words(value)[:40], text)
