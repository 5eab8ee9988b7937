"""What imports did, as long as they stand."""

from __future__ import annotations

import pandas as pd

from dashboard.errors import NotFound
from dashboard.importing.receipts import Stored
from dashboard.model.queries import imported, nouns
from dashboard.periods import month_of
from dashboard.services import fields
from dashboard.services.books import Book


def earlier(book: Book) -> pd.DataFrame:
    """Return the latest imports, as of queries/nouns.py."""
    with book.reading() as db:
        return nouns.imports(db, book.id)


def receipt_of(book: Book, import_id: object) -> Stored:
    """Return one import.

    Raises:
        NotFound: it is undone, or not in this book.
    """
    wanted = fields.identity(import_id)
    with book.reading() as db:
        found = imported.by_id(db, book.id, wanted)
        if found is None:
            raise NotFound("This import has been undone: the book is as it was before.")
        month, transfers = imported.month_and_transfers(db, book.id, wanted)
        accounts = {a.id: a for a in imported.targets(db, book.id)}
        same = imported.of_change(db, book.id, found.revision)
    into, memory = accounts[found.account_id], found.memory
    return Stored(
        found.id,
        found.revision,
        found.file,
        into.name,
        into.currency,
        found.added,
        found.duplicates,
        found.problems,
        memory.proof,
        month or month_of(book.today),
        memory.doubts,
        memory.rules,
        memory.standing,
        tuple((i, accounts[account_id].name, added) for i, account_id, added in same if i != wanted),
        transfers,
    )
