"""JSON: the list of records with the most dated amounts in it becomes a grid, and the grid reader decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dashboard.errors import StatementNotReadable
from dashboard.statements import table
from dashboard.statements.cells import clean, date_shape, number_shape
from dashboard.statements.delimited import MOST_COLUMNS, MOST_ROWS
from dashboard.statements.shapes import Hints, Statement
from dashboard.statements.text import decode

DEEPEST = 12
_DAMAGED = "This JSON file is damaged or cut off. Download it again."
_NOTHING = "This JSON file holds no list of transactions. Check that it is the statement."


def is_json(text: bytes) -> bool:
    """Say whether a file's first bytes are those of JSON."""
    return text.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ")) and b":" in text and b'"' in text


def read(data: bytes, hints: Hints) -> Statement:
    """Read a JSON file.

    Raises:
        StatementNotReadable: it is damaged or holds no list of transactions.
    """
    text, encoding = decode(data)
    try:
        # Amounts stay as they are written: a float would round them.
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: "")
    except (ValueError, RecursionError) as error:
        raise StatementNotReadable(_DAMAGED) from error
    found = sorted(_lists(document, 0), key=_dated, reverse=True)
    if not found or not _dated(found[0]):
        raise StatementNotReadable(_NOTHING)
    records = [flat for record in found[0][:MOST_ROWS] if (flat := dict(_flat(record, "", 0)))]
    heads = list(dict.fromkeys(key for record in records[:2000] for key in record))[:MOST_COLUMNS]
    grid = [heads, *([record.get(key, "") for key in heads] for record in records)]
    return table.read(grid, list(range(len(grid))), table.Source("json", encoding, "", ""), hints)


def _lists(value: Any, depth: int) -> Iterator[list[Any]]:
    """Yield every list of records, those in fields too."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        if sum(isinstance(item, dict) for item in value[:50]) * 2 > len(value[:50]):
            yield [item for item in value if isinstance(item, dict)]
        else:
            for item in value[:50]:
                yield from _lists(item, depth + 1)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _lists(item, depth + 1)


def _flat(record: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in list(record.items())[:MOST_COLUMNS]:
        name = f"{before} {key}".strip()[:80]
        if isinstance(value, dict) and depth < 3:
            yield from _flat(value, name, depth + 1)
        elif isinstance(value, list):
            yield name, " ".join(str(item) for item in value[:20] if isinstance(item, str))
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        elif value is not None:
            yield name, str(value)


def _dated(records: list[Any]) -> int:
    count = 0
    for record in records[:300]:
        cells = [clean(value) for _, value in _flat(record, "", 0)][:60]
        count += any(date_shape(c) for c in cells) and any(c and number_shape(c) and not date_shape(c) for c in cells)
    return count
