"""The journal: who changed what, when, and what stood there before."""

from __future__ import annotations

import json
import zlib
from typing import Any

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint, String, Table

from dashboard.model.tables import BigInt, metadata

change = Table(
    "change",
    metadata,
    Column("book_id", BigInt, nullable=False, autoincrement=False),
    Column("revision", BigInt, nullable=False, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("user_id", BigInt, nullable=False),
    # One sentence for the person: "3 transactions deleted".
    Column("action", String(300), nullable=False),
    Column("undoes", BigInt),
    Column("undone_by", BigInt),
    # The steps, as of `packed`.
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("book_id", "revision"),
    ForeignKeyConstraint(["book_id"], ["book.id"]),
    sqlite_with_rowid=False,
)


# One step of a change: JSON, of which writing.py says what it holds.
Step = dict[str, Any]


def packed(steps: list[Step]) -> bytes:
    """Return a change's steps as its `data` holds them."""
    return zlib.compress(json.dumps(steps, separators=(",", ":")).encode(), 3)


def unpacked(data: bytes) -> list[Step]:
    """Return the steps that a change's `data` holds; what a step is stands in writing.py.

    Raises:
        ValueError: it holds none.
    """
    try:
        steps: list[Step] = json.loads(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError from error
    return steps
