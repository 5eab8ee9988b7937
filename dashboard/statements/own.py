"""Our own CSV export, read back exactly: the one layout that is known, because we write it.

Text that a spreadsheet would run as a formula is written with an apostrophe before it and read without: at the beginning
of a text, and inside it wherever a program that splits at another sign than ours begins a cell. Apostrophes and quotes
between that place and the sign of the formula change nothing, so that exactly what was put in is taken out.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from dashboard.bounds import LONGEST_TEXT
from dashboard.statements.shapes import Reading, Rejected, Row, Statement

HEAD = ("date", "payee", "text", "category", "account", "amount", "currency", "note")
TRANSFER = "Transfer"
# What begins a formula or a command, and what East Asian keyboards and programs take for the same signs.
SIGNS = "=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\ufe66\ufe62\ufe63\ufe6b\ufe6a\u2212"
# Where one program or another begins a cell.
ENDS = ";,\t\r\n|\x0b\x0c\x85\u2028\u2029"
_PLACE = rf"(?:\A(?={{guard}}[\s\"']*[{re.escape(SIGNS)}\t\r\n])|(?<=[{re.escape(ENDS)}])(?={{guard}}[\s\"']*[{re.escape(SIGNS)}]))"
_BEFORE = re.compile(_PLACE.replace("{guard}", ""))
_GUARD = re.compile(_PLACE.replace("{guard}", "'") + "'")


def neutralise(text: str) -> str:
    """Write text so that no spreadsheet runs it; `restore` gives it back."""
    return _BEFORE.sub("'", text)


def restore(text: str) -> str:
    """Read text that `neutralise` wrote."""
    return _GUARD.sub("", text)


def read(grid: list[list[str]], lines: list[int], encoding: str, delimiter: str, cells: dict[int, dict[str, str]]) -> Statement:
    """Read a grid whose first row is HEAD."""
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for line, found in zip(lines[1:], grid[1:], strict=True):
        if len(found) != len(HEAD):
            rejected.append(Rejected(line, f"has {len(found)} columns, not {len(HEAD)}"))
            continue
        mended = cells.get(line, {})
        day_text, payee, text, category, account, amount_text, currency, note = found
        day_text, amount_text = mended.get("date", day_text), mended.get("amount", amount_text)
        try:
            day = date.fromisoformat(day_text)
        except ValueError:
            rejected.append(Rejected(line, f"\u201c{day_text[:30]}\u201d is not a date", field="date", value=day_text, text=restore(payee)))
            continue
        try:
            amount = Decimal(amount_text)
            if not re.fullmatch(r"-?\d{1,15}(\.\d{1,4})?", amount_text):
                raise InvalidOperation
        except InvalidOperation:
            rejected.append(
                Rejected(line, f"\u201c{amount_text[:30]}\u201d is not an amount", field="amount", value=amount_text, text=restore(payee))
            )
            continue
        if long := next(
            (name for name, value in (("payee", payee), ("text", text), ("note", note)) if len(restore(value)) > LONGEST_TEXT), None
        ):
            rejected.append(Rejected(line, f"the {long} is longer than {LONGEST_TEXT} characters", text=restore(payee)[:LONGEST_TEXT]))
            continue
        rows.append(
            Row(line, day, amount, currency or None, restore(payee), restore(text), restore(note), restore(category), restore(account))
        )
    columns: dict[str, tuple[int, ...]] = {name: (i,) for i, name in enumerate(HEAD)}
    reading = Reading("csv", encoding, delimiter, HEAD, columns, "ymd", ".", "out-negative")
    return Statement(rows, rejected, [], reading, own_export=True)
