"""What is kept of a row beside what was said of it, worked out of that: never journalled, exported or restored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from dashboard.folding import folded
from dashboard.model.transactions import split, transaction
from dashboard.periods import month_of

# An old value would be wrong under a new month start.
DERIVED = frozenset({transaction.c.month, transaction.c.folded, split.c.folded})
# What is searched in, folded into one text.
FOLDED: dict[Table, tuple[str, ...]] = {transaction: ("payee", "text", "note"), split: ("note",)}


def derived(table: Table, row: Mapping[str, Any], month_start: int) -> dict[str, Any]:
    """Return a whole row with what is derived from it."""
    full = dated(table, row, month_start)
    if texts := FOLDED.get(table):
        full["folded"] = folded(*(full.get(name) or "" for name in texts))
    return full


def dated(table: Table, values: Mapping[str, Any], month_start: int) -> dict[str, Any]:
    """Return some values of a row, with its month where its date is among them."""
    full = dict(values)
    if table is transaction and "date" in full:
        full["month"] = month_of(full["date"], month_start)
    return full


def fold_anew(db: Connection, table: Table, book_id: int, ids: Sequence[int], written: Collection[str]) -> None:
    """Fold the texts of rows anew where one of them is among the columns that were written."""
    texts = FOLDED.get(table, ())
    if not set(texts) & set(written):
        return
    found = select(table.c.id, *(table.c[name] for name in texts)).where(table.c.book_id == book_id, table.c.id.in_(ids))
    rows = [{"b_id": i, "b_folded": folded(*values)} for i, *values in db.execute(found)]
    if rows:
        here = update(table).where(table.c.book_id == book_id, table.c.id == bindparam("b_id"))
        db.execute(here.values(folded=bindparam("b_folded")), rows)
