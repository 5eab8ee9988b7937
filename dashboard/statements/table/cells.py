"""Single cells: what could be a date, what could be an amount. Which of several readings holds, the columns decide."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from dashboard.statements.table.currencies import CURRENCY_WORDS
from dashboard.statements.table.months import MONTHS
from dashboard.statements.table.vocabulary import fold

LONGEST = 45
MOST_LETTERS = 8
_EDGES = " \t\u00a0\u202f\u2007\u200b\u200e\u200f\ufeff"
EMPTY = frozenset({"", "-", "--", "---", "/", "n/a", "na", "null", "none", "\u2013", "\u2014", "."})


def clean(cell: str) -> str:
    """Take off what exports wrap around values: spaces of all kinds, ="…", '…'."""
    cell = cell.strip(_EDGES)
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1].strip(_EDGES)
    if cell.startswith("'") and len(cell) > 1 and (cell.endswith("'") or cell[1].isdigit()):
        cell = cell.strip("'").strip(_EDGES)
    return cell


class DateShape(NamedTuple):
    """A cell that could be a date: year first, open (two numbers and a year), or with the month named.

    kind: ymd, open, named; year is None where the cell has none. short: its year has two digits, so the first number
    could be the year as well.
    """

    kind: str
    first: int
    second: int
    year: int | None
    dotted: bool = False
    short: bool = False


_TIME = r"(?:[T ,.-]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.:,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?(?:\s*(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{2,4}))?)?"
_YMD = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?" + _TIME + r"(?:-[\d.]+)?")
# Years of the Republic of China (113/03/01) and of the emperor (R6.3.1, 令和6年3月1日).
_ROC = re.compile(r"(1\d{2})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_ERA = re.compile(
    r"(R|H|S|\u4ee4\u548c|\u5e73\u6210|\u662d\u548c)\s?(\d{1,2}|\u5143)(?:[./-]|\u5e74)\s?(\d{1,2})(?:[./-]|\u6708)\s?(\d{1,2})\u65e5?"
    + _TIME
)
_ERAS = {"R": 2018, "H": 1988, "S": 1925, "\u4ee4\u548c": 2018, "\u5e73\u6210": 1988, "\u662d\u548c": 1925}
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?" + _TIME)
_COMPACT_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})")
_OPEN = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|'?\d{2})\.?" + _TIME)
_CJK = re.compile(r"(?:(\d{4})\s*[\u5e74\ub144])?\s*(\d{1,2})\s*[\u6708\uc6d4]\s*(\d{1,2})\s*[\u65e5\uc77c]?" + _TIME)
_NO_YEAR = re.compile(r"(\d{1,2})([/-])(\d{1,2})|(\d{1,2})\.(\d{1,2})\.")
_DAY_MONTH = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[-/ .]?\s*(?:de\s+)?"
    r"([^\W\d_]{3,12})\.?,?[-/ .]?\s*(?:de\s+)?(\d{4}|\d{2})?\.?" + _TIME
)
_MONTH_DAY = re.compile(r"(?:[^\W\d_]{2,9}\.?,?\s+)?([^\W\d_]{3,12})\.?[-/ ]\s*(\d{1,2})(?:st|nd|rd|th)?,?[-/ ]?\s*(\d{4})?" + _TIME)


@lru_cache(maxsize=100_000)
def date_shape(cell: str) -> DateShape | None:
    """Return what the cell could be as a date, None where it cannot be one."""
    if not 3 <= len(cell) <= LONGEST or not any(c.isdigit() for c in cell):
        return None
    if match := _YMD.fullmatch(cell):
        return DateShape("ymd", int(match[3]), int(match[4]), _common_era(int(match[1])))
    if match := _COMPACT.fullmatch(cell):
        if 1950 <= int(match[1]) <= 2100 and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
            return DateShape("ymd", int(match[2]), int(match[3]), int(match[1]))
        if (day := _COMPACT_DAY.fullmatch(cell)) and 1950 <= int(day[3]) <= 2100 and 1 <= int(day[1]) <= 31 and 1 <= int(day[2]) <= 31:
            return DateShape("open", int(day[1]), int(day[2]), int(day[3]))
        return None
    if match := _OPEN.fullmatch(cell):
        return DateShape("open", int(match[1]), int(match[3]), _year(match[4]), match[2] == ".", len(match[4]) == 2)
    if match := _CJK.fullmatch(cell):
        return DateShape("ymd", int(match[2]), int(match[3]), int(match[1]) if match[1] else None)
    if match := _ROC.fullmatch(cell):
        return DateShape("ymd", int(match[3]), int(match[4]), int(match[1]) + 1911)
    if match := _ERA.fullmatch(cell):
        return DateShape("ymd", int(match[3]), int(match[4]), _ERAS[match[1]] + (1 if match[2] == "\u5143" else int(match[2])))
    if match := _NO_YEAR.fullmatch(cell):
        dotted = match[4] is not None
        return DateShape("open", int(match[4] or match[1]), int(match[5] or match[3]), None, dotted)
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.fullmatch(cell)
        if match and (month := MONTHS.get(fold(match[month_group]))):
            return DateShape("named", month, int(match[day_group]), _year(match[3]) if match[3] else None)
    return None


def _year(text: str) -> int:
    year = int(text.strip("'"))
    if len(text.strip("'")) > 2:
        return _common_era(year)
    # Two-digit years: statements are not older than 1970.
    return year + (2000 if year < 70 else 1900)


def _common_era(year: int) -> int:
    """Return the year, counted from Buddha where no other count fits: 2567 is 2024."""
    return year - 543 if 2443 <= year <= 2643 else year


def to_date(shape: DateShape, order: str, year: int | None = None) -> date | None:
    """Return the date under an order (dmy, mdy or ymd), None where the calendar has no such day."""
    month, day = (shape.first, shape.second) if shape.kind != "open" or order == "mdy" else (shape.second, shape.first)
    stated = shape.year
    if order == "ymd" and shape.short and stated is not None:
        day, stated = stated % 100, 2000 + shape.first if shape.first < 70 else 1900 + shape.first
    if stated is None and year is None:
        return None
    try:
        found = date(stated if stated is not None else year or 0, month, day)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


class NumberShape(NamedTuple):
    """A cell that could be an amount: its digits with their marks, its sign (0: none written), side and currency."""

    body: str
    sign: int
    side: str
    currency: str | None


_SIDE = re.compile(r"(?i)\s*(?<![a-z])(cr|dr|db|hab|h|s)\.?$")
# A lone R is the rand only before an amount with decimals; otherwise it begins a reference.
_RAND = re.compile(r"([-\u2212(]?)\s?R\s?(-?\d[\d ,\u00a0]*[.,]\d{2}\)?)")
_BODY = re.compile(r"\d{1,3}(?:[ .,'\u2019]\d{2,3})*(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+|\d+[.,]")
_SYMBOLS = "\u20ac\u00a3$\u00a5\u20b9\u20aa\u20a9\u20bd\u20ba\u20ab\u20b1\u20b4\u0e3f\uffe5\uffe1"


@lru_cache(maxsize=200_000)
def number_shape(cell: str) -> NumberShape | None:
    """Return what the cell could be as an amount, None where it cannot be one."""
    if not 1 <= len(cell) <= LONGEST or not any(c.isdigit() for c in cell):
        return None
    body = cell
    side, currency = "", None
    if not body[0].isdigit() or not body[-1].isdigit():
        if sum(map(str.isalpha, body)) > MOST_LETTERS:
            return None
        if rand := _RAND.fullmatch(body):
            body, currency = rand[1] + rand[2], "ZAR"
        for word, code in CURRENCY_WORDS:
            if word in body and (not word.isascii() or not word.isalpha() or re.search(rf"(?i)(?<![a-z]){re.escape(word)}(?![a-z])", body)):
                body = body.replace(word, " ").strip(_EDGES)
                currency = code
                break
        if body.startswith("\\") or body.endswith(("\u5186", "\u5143")):
            # The yen sign of Shift-JIS stands where ASCII has the backslash.
            body = body.strip("\\\u5186\u5143")
        if match := _SIDE.search(body):
            side, body = match[1].lower(), body[: match.start()]
    body = body.strip(_EDGES)
    sign = 0
    if body.startswith("(") and body.endswith(")"):
        sign, body = -1, body[1:-1].strip(_EDGES)
    for _ in range(2):
        if body[:1] in ("-", "\u2212", "\u2013") and not sign:
            sign, body = -1, body[1:].strip(_EDGES)
        elif body[:1] == "+" and not sign:
            sign, body = 1, body[1:].strip(_EDGES)
        elif body[-1:] in ("-", "\u2212") and not sign:
            sign, body = -1, body[:-1].strip(_EDGES)
        elif body[-1:] == "+" and not sign:
            sign, body = 1, body[:-1].strip(_EDGES)
        body = body.strip(_SYMBOLS + _EDGES)
    body = body.replace("\u00a0", " ").replace("\u202f", " ")
    return NumberShape(body, sign, side, currency) if _BODY.fullmatch(body) else None


@lru_cache(maxsize=64)
def _strict(mark: str) -> re.Pattern[str]:
    group = "[ '\u2019,]" if mark == "." else "[ '\u2019.]"
    return re.compile(
        rf"(?:\d+|"
        rf"\d{{1,3}}({group})\d{{3}}(?:\1\d{{3}})*|\d{{1,2}}(?:{group}\d{{2}})+{group}\d{{3}})(?:{re.escape(mark)}\d*)?|{re.escape(mark)}\d+"
    )


def to_amount(shape: NumberShape, mark: str) -> Decimal | None:
    """Return the signed value under a decimal mark, None where the digits do not fit it. The side is not applied."""
    body = shape.body
    if not body.isdigit():
        if not _strict(mark).fullmatch(body):
            return None
        for group in (" ", "'", "\u2019", "," if mark == "." else "."):
            body = body.replace(group, "")
        body = body.replace(mark, ".")
    value = Decimal(body)
    return -value if shape.sign < 0 else value


def mark_evidence(shape: NumberShape) -> str:
    """Return which decimal mark a cell needs: "." or ",", "?" where both could be, "" where it shows none."""
    body = shape.body
    dot, comma = body.rfind("."), body.rfind(",")
    if dot < 0 and comma < 0:
        return ""
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark, at = (".", dot) if dot >= 0 else (",", comma)
    other = "," if mark == "." else "."
    if body.count(mark) > 1 or (len(body) - at - 1 == 3 and 1 <= at <= 3 and body[0] != "0" and body[:at].isdigit()):
        return other if body.count(mark) > 1 else f"?{mark}"
    return mark
