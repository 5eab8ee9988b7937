"""What people type, of any script and keyboard, made plain; and sums, reckoned exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction

from dashboard.errors import InputNotValid

MINUS = "\u2212"
SIGNS = "+-"
BETWEEN = re.compile(r" +|[+*/()-]")
# Marks of direction around a number, and what a copied cell begins with; inside a number they may turn it around and are refused.
UNSEEN = "\u200b\u200e\u200f\u061c\ufeff"
MEANT = {
    MINUS: "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2215": "/",
    "\u2044": "/",
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\uffe5": "\u00a5",
    "\uffe1": "\u00a3",
    "\t": " ",
    "\u066a": "%",
}


def plain(text: str) -> str:
    """Write digits of any script as 0 to 9, signs and spaces of any kind as those of a keyboard."""
    return "".join(map(_plain, text.strip().strip(UNSEEN).strip()))


def _plain(mark: str) -> str:
    if mark in MEANT:
        return MEANT[mark]
    if "\uff01" <= mark <= "\uff5e":
        mark = chr(ord(mark) - 0xFEE0)
    if unicodedata.category(mark) == "Zs":
        return " "
    return str(unicodedata.decimal(mark)) if unicodedata.category(mark) == "Nd" else mark


def worth(parts: list[str], value: Callable[[str], Fraction]) -> Fraction:
    """Reckon a sum: brackets, then * and /, then + and -, from left to right.

    Args:
        parts: as of `parts_of`.
        value: of a number.

    Raises:
        InputNotValid: with one sentence for the person.
    """
    reader = _Sum(parts, value)
    found = reader.total()
    if reader.place != len(reader.parts):
        raise InputNotValid("That is no sum: a sign or a bracket is missing or too many", "amount")
    return found


class _Sum:
    """A reader of one sum, part by part."""

    def __init__(self, parts: list[str], value: Callable[[str], Fraction]) -> None:
        self.parts, self.value, self.place = parts, value, 0

    def _next(self, signs: str) -> str:
        """Take one of these signs, if it is next."""
        at = self.place + (self.parts[self.place : self.place + 1] == [" "])
        if at < len(self.parts) and self.parts[at] in signs:
            self.place = at + 1
            return self.parts[at]
        return ""

    def total(self) -> Fraction:
        found = self._product()
        while sign := self._next("+-"):
            found += self._product() if sign == "+" else -self._product()
        return found

    def _product(self) -> Fraction:
        found = self._factor()
        while sign := self._next("*/"):
            other = self._factor()
            if sign == "/" and not other:
                raise InputNotValid("Nothing can be divided by 0", "amount")
            found = found * other if sign == "*" else found / other
        return found

    def _factor(self) -> Fraction:
        # "--5" and "5+-3" are slips; after a space a sign is meant.
        if not self.place or self.parts[self.place - 1] == "(" or self.parts[self.place : self.place + 1] == [" "]:
            sign = self._next("+-")
        else:
            sign = ""
        if self._next("("):
            found = self.total()
            if not self._next(")"):
                raise InputNotValid("A bracket is not closed", "amount")
        else:
            self.place += self.parts[self.place : self.place + 1] == [" "]
            if self.place == len(self.parts) or self.parts[self.place] in "+-*/()":
                raise InputNotValid("That is no sum: a number is missing", "amount")
            found = self.value(self.parts[self.place])
            self.place += 1
        return -found if sign == "-" else found


def parts_of(text: str, number: re.Pattern[str]) -> list[str] | None:
    """Cut a plain text into signs, brackets, numbers, and the space between two signs; None where something else is among them."""
    found, place = [], 0
    while place < len(text):
        match = number.match(text, place) or BETWEEN.match(text, place)
        if not match:
            return None
        found.append(match[0] if match[0].strip() else " ")
        place = match.end()
    near = zip(["", *found], found, [*found[1:], ""], strict=False)
    return [part for before, part, after in near if part != " " or (before in [*"+-*/"] and after in [*SIGNS])]
