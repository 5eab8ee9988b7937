"""A statement that was read, as bytes and back: a file that waits is read once."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any

from dashboard.statements.shapes import Ends, Hints, Option, Part, Proof, Question, Reading, Rejected, Row, Statement

# What is read back must be worth less than reading the file: the fastest compression.
LEVEL = 1


def kept(statement: Statement, hints: Hints) -> bytes:
    """Return a statement as bytes, with what a person had said of the file when it was read."""
    told = {
        "by": _reader(),
        "said": _said(hints),
        "count": len(statement.rows),
        "rows": _columns(statement.rows),
        "rejected": statement.rejected,
        "questions": statement.questions,
        "reading": vars(statement.reading),
        "proof": statement.proof,
        "own": statement.own_export,
        "ends": [[*series, str(ends.opening), str(ends.closing)] for series, ends in statement.ends.items()],
    }
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), LEVEL)


def read_back(data: bytes, hints: Hints) -> Statement | None:
    """Return a statement from bytes; None where other things were said of the file, or another version of this program read it."""
    try:
        told = json.loads(zlib.decompress(data))
    except (zlib.error, ValueError):
        return None
    if told["by"] != _reader() or told["said"] != _said(hints):
        return None
    reading = told["reading"]
    columns = {role: tuple(those) for role, those in reading["columns"].items()}
    return Statement(
        _rows(told["rows"], told["count"]),
        [Rejected(*values) for values in told["rejected"]],
        [
            Question(key, text, tuple(Option(value, label, tuple(examples)) for value, label, examples in options))
            for key, text, options in told["questions"]
        ],
        Reading(**{**reading, "header": tuple(reading["header"]), "columns": columns}),
        Proof(*told["proof"]) if told["proof"] is not None else None,
        told["own"],
        {(account, code): Ends(Decimal(opening), Decimal(closing)) for account, code, opening, closing in told["ends"]},
    )


def _columns(rows: Sequence[Row]) -> dict[str, list[object]]:
    """Return rows column by column; one value stands for a column that has no other, as most have in most files."""
    found: dict[str, list[object]] = {}
    for name, values in zip(Row._fields, zip(*rows, strict=True), strict=False):
        write = _WRITES.get(name)
        known = list(values) if write is None else [None if value is None else write(value) for value in values]
        found[name] = known[:1] if known.count(known[0]) == len(known) else known
    return found


def _rows(columns: Mapping[str, list[Any]], count: int) -> list[Row]:
    """Return the rows of `_columns`."""
    if not count:
        return []
    whole = []
    for name in Row._fields:
        read = _READS.get(name)
        known = columns[name] if read is None else [None if value is None else read(value) for value in columns[name]]
        whole.append(known if len(known) == count else repeat(known[0], count))
    return list(map(Row._make, zip(*whole, strict=True)))


_WRITES: dict[str, Callable[[Any], object]] = {
    "date": date.isoformat,
    "amount": str,
    "balance": str,
    "parts": lambda parts: [[part.category, str(part.amount), part.note] for part in parts],
}
_READS: dict[str, Callable[[Any], object]] = {
    "date": lru_cache(maxsize=1024)(date.fromisoformat),
    "amount": Decimal,
    "balance": Decimal,
    "parts": lambda parts: tuple(Part(category, Decimal(amount), note) for category, amount, note in parts),
}


def _said(hints: Hints) -> list[object]:
    """Return what a person said of a file, as JSON gives it back."""
    columns, cells = sorted(hints.columns.items()), sorted((line, sorted(those.items())) for line, those in hints.cells.items())
    told = [hints.dates, hints.sign, hints.decimal, hints.year, hints.currency, hints.unit, hints.fee, columns, cells]
    back: list[object] = json.loads(json.dumps(told))
    return back


@lru_cache(maxsize=1)
def _reader() -> str:
    """Name this version of the reader: after an upgrade a file is read anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]
