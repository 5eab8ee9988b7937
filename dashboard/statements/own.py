"""Our own CSV export, read back exactly: the one layout that is known, because we write it.

Text that a spreadsheet would run as a formula is written with an apostrophe before it and read without. Text that
itself begins with apostrophes before such a sign gets one more, so that nothing is lost on the way.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from dashboard.bounds import LONGEST_TEXT
from dashboard.statements.shapes import Reading, Rejected, Row, Statement

HEAD = ("date", "payee", "text", "category", "account", "amount", "currency", "note")
TRANSFER = "Transfer"
_RISKY = re.compile(r"'*[=+\-@\t\r\n|%]")


def neutralise(text: str) -> str:
    """Write text so that no spreadsheet runs it; `restore` gives it back."""
    return f"'{text}" if _RISKY.match(text) else text


def restore(text: str) -> str:
    """Read text that `neutralise` wrote."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


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
