"""Everything out, everything back: a book as one JSON document, and such a document as the same book again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import NoReturn

from dashboard.errors import InputNotValid, StatementNotReadable
from dashboard.model import database, schema, upgrades, whole
from dashboard.model.writing import JOURNALLED
from dashboard.periods import utc_now
from dashboard.services.books import Book, Done
from dashboard.services.people import limits
from dashboard.services.portable.checks import checked, hold_together

FORMAT, VERSION = "personal-finance-dashboard", 1
# Ten times what a busy household writes in a lifetime; reading takes about ten times as much memory.
LARGEST_FILE = 256 * 2**20
# So many rows move the database's statistics enough to refresh them.
MANY = 5000
NOT_EMPTY = "Something is in this book already: a whole book can only be imported into an empty one. Nothing was imported."

_MARK = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,100}\{\s{0,100}"format"\s{0,20}:\s{0,20}"' + FORMAT.encode() + b'"')


def is_whole_book(data: bytes) -> bool:
    """Say whether a file is a whole book, by its first bytes."""
    return _MARK.match(data[:500]) is not None


def dump(book: Book) -> bytes:
    """Return the whole book as JSON in UTF-8, a row a line: its own row, its tables and its journal; no people, no files that wait.

    Raises:
        TooManyTries: too many exports in an hour.
    """
    limits.spend_reading(book.engine, "export", str(book.id))
    write = json.JSONEncoder(ensure_ascii=False).encode
    top = {"format": FORMAT, "version": VERSION, "exported_at": utc_now().isoformat(), "schema": schema.newest()}
    lines = [f"{write(name)}: {write(value)}" for name, value in top.items()]
    with book.reading() as db:
        lines.append(f'"book": {write(whole.head(db, book.id))}')
        tables = [
            f'"{name}": {{"columns": {write(whole.columns(table))}, "rows": [{_listed(map(write, whole.rows(db, table, book.id)))}]}}'
            for name, table in JOURNALLED.items()
        ]
        lines.append(f'"tables": {{{_listed(tables)}}}')
        lines.append(f'"journal": [{_listed(map(write, whole.journal(db, book.id)))}]')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _listed(lines: Iterable[str]) -> str:
    text = ",\n".join(lines)
    return f"\n{text}\n" if text else ""


def load(book: Book, data: bytes) -> Done:
    """Put a whole book into an empty one; the person who does it becomes the journal's. Files that wait in it are dropped.

    Returns:
        Revision 0: there is no change to undo, the journal goes on where the file's ends.

    Raises:
        InputNotValid: something is in the book already.
        StatementNotReadable: anything in the file cannot be so; the sentence names the place. Nothing is stored.
        TooManyTries: too many imports in an hour.
    """
    limits.spend(book.engine, "import", str(book.id))
    with book.reading() as db:
        if not whole.is_empty(db, book.id):
            raise InputNotValid(NOT_EMPTY)
    document, state = _document(data)
    found = checked(document)
    if state != schema.newest():
        upgrades.upgrade(found, state, book.today)
        hold_together(found)
    with database.transaction(book.engine) as db:
        whole.lock(db, book.id)
        if not whole.is_empty(db, book.id):
            raise InputNotValid(NOT_EMPTY)
        whole.put(db, book.id, book.user_id, found)
    counts = {name: len(rows) for name, rows in found.tables.items()}
    if sum(counts.values()) >= MANY:
        database.tidy(book.engine)
    said = ", ".join(
        f"{count:,} {noun}{'' if count == 1 else 's'}"
        for noun, count in (("account", counts["account"]), ("transaction", counts["transaction"]), ("change", len(found.journal)))
    )
    return Done(0, f"The book \u201c{found.head['name']}\u201d is back, with {said}")


def _document(data: bytes) -> tuple[dict[str, object], str]:
    """Return what a file holds, and the state of the tables that it is of."""
    if len(data) > LARGEST_FILE:
        raise StatementNotReadable(f"This file is larger than {LARGEST_FILE // 2**20} MB. Nothing was imported.")
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise StatementNotReadable("This file is not whole, or was changed: it cannot be read as JSON. Nothing was imported.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StatementNotReadable("This file is not a book that was exported here. Nothing was imported.")
    version, state = document.get("version"), document.get("schema")
    if type(version) is not int or version != VERSION or not isinstance(state, str) or state not in schema.revisions():
        raise StatementNotReadable("This file is from a newer version of this program: update this one first. Nothing was imported.")
    return document, state


def _no_number(text: str) -> NoReturn:
    """Refuse what no book holds: amounts are whole numbers."""
    raise ValueError(text[:20])
