"""A whole book's rows, out and in, past the Writer: what comes back keeps its ids, revisions and journal, so it is the same book.

Rows leave as plain JSON values and come in as Python's; a transaction's `month` stays at home, since it is derived from the date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Table, delete, insert, select, update

from dashboard.model.changes import change, packed, unpacked
from dashboard.model.deriving import DERIVED, derived
from dashboard.model.imports import draft
from dashboard.model.people import book
from dashboard.model.writing import JOURNALLED, chunks

HEAD = ("name", "currency", "zone", "month_start", "revision", "next_id", "demo")
ENTRY = ("revision", "at", "action", "undoes", "undone_by", "steps")
CHUNK = 2000

# A row by column, an entry of the journal with ENTRY's keys, and a step of one, as of writing.py.
Row: TypeAlias = dict[str, Any]
Entry: TypeAlias = dict[str, Any]
Step: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Whole:
    """A book as it comes in: HEAD's columns, each table's rows by column, and the journal with ENTRY's keys, all checked."""

    head: dict[str, Any]
    tables: dict[str, list[Row]]
    journal: list[Entry]


class Shape(NamedTuple):
    """What a table says of a column: the type of its values, its longest text, whether it may be empty, and whether it holds an id."""

    name: str
    kind: type
    longest: int | None
    optional: bool
    pointing: bool


def columns(table: Table) -> list[str]:
    """Return the columns of a table that leave with a book."""
    return [c.name for c in table.columns if c.name != "book_id" and c not in DERIVED]


def shapes(table: Table) -> list[Shape]:
    """Return what a table says of its columns that leave with a book."""
    pointing = {c for key in table.foreign_key_constraints for c in key.column_keys} | {"id", "transfer_id", "one_id", "two_id", "same_as"}
    return [
        Shape(c.name, c.type.python_type, getattr(c.type, "length", None), bool(c.nullable), c.name in pointing)
        for c in (table.c[name] for name in columns(table))
    ]


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; moments are in UTC, whatever the database made of them."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def head(db: Connection, book_id: int) -> Row:
    """Return the book's own row, HEAD's columns."""
    return dict(db.execute(select(*(book.c[n] for n in HEAD)).where(book.c.id == book_id)).mappings().one())


def rows(db: Connection, table: Table, book_id: int) -> Iterator[list[Any]]:
    """Yield a table's rows in the order of their ids, as `columns` names them, in plain values."""
    query = select(*(table.c[n] for n in columns(table))).where(table.c.book_id == book_id).order_by(table.c.id)
    for row in db.execute(query.execution_options(yield_per=CHUNK)):
        yield [plain(value) if isinstance(value, date) else value for value in row]


def journal(db: Connection, book_id: int) -> Iterator[Entry]:
    """Yield the changes of a book, oldest first, with ENTRY's keys; the steps are those of writing.py."""
    c = change.c
    query = select(c.revision, c.at, c.action, c.undoes, c.undone_by, c.data).where(c.book_id == book_id).order_by(c.revision)
    for row in db.execute(query.execution_options(yield_per=CHUNK)):
        steps = [_in_utc(step) for step in unpacked(row.data)]
        yield dict(zip(ENTRY, (row.revision, plain(row.at), row.action, row.undoes, row.undone_by, steps), strict=True))


def _in_utc(step: Step) -> Step:
    """Give the moments in a step their zone: SQLite keeps none, and PostgreSQL would take them for its own."""
    table = JOURNALLED[step["t"]]
    moments = [2 + i for i, name in enumerate(step.get("cols", ())) if table.c[name].type.python_type is datetime]
    for row in step.get("before", ()) if moments else ():
        for i in moments:
            row[i] = row[i] and plain(datetime.fromisoformat(row[i]))
    for name, value in step.get("set", {}).items():
        if value is not None and table.c[name].type.python_type is datetime:
            step["set"][name] = plain(datetime.fromisoformat(value))
    return step


def lock(db: Connection, book_id: int) -> None:
    """Keep every other writer of the book out until this transaction ends."""
    db.execute(update(book).where(book.c.id == book_id).values(revision=book.c.revision))


def is_empty(db: Connection, book_id: int) -> bool:
    """Say whether nothing is in a book but categories that came with it: no rows, and no change in force."""
    for table in JOURNALLED.values():
        if table.name != "category" and db.execute(select(table.c.id).where(table.c.book_id == book_id).limit(1)).first():
            return False
    in_force = select(change.c.revision).where(change.c.book_id == book_id, change.c.undone_by.is_(None), change.c.undoes.is_(None))
    return db.execute(in_force.limit(1)).first() is None


def put(db: Connection, book_id: int, user_id: int, whole: Whole) -> None:
    """Put a checked book in the place of an empty one; files that wait there go, for their ids may be taken now."""
    for table in (change, draft, *reversed(JOURNALLED.values())):
        db.execute(delete(table).where(table.c.book_id == book_id))
    db.execute(update(book).where(book.c.id == book_id).values(**whole.head))
    start = whole.head["month_start"]
    for name, table in JOURNALLED.items():
        for some in chunks(whole.tables[name], CHUNK):
            db.execute(insert(table), [derived(table, {"book_id": book_id} | row, start) for row in some])
    for entries in chunks(whole.journal, CHUNK):
        db.execute(insert(change), [_entry(book_id, user_id, entry) for entry in entries])


def _entry(book_id: int, user_id: int, entry: Entry) -> Row:
    return {"book_id": book_id, "user_id": user_id, "data": packed(entry["steps"])} | {k: v for k, v in entry.items() if k != "steps"}
