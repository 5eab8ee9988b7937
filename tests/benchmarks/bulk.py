"""A change of 5,000 rows and its undo, against one UPDATE of as many in raw sqlite3 with the same settings."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

from dashboard.model.queries import ledger as queries
from dashboard.selection import Selection
from dashboard.services import history, transactions
from dashboard.services.books import Book
from dashboard.services.categories import all_categories
from tests.benchmarks.measuring import in_turn, report

ROWS = 5_000
SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16384")


def measure_bulk(book: Book, file: Path) -> None:
    """Measure both ways of saying which rows: their ids, and all that a selection finds."""
    raw = sqlite3.connect(file, isolation_level=None)
    for setting in SETTINGS:
        raw.execute(f"PRAGMA {setting}")
    query = 'SELECT id FROM "transaction" WHERE book_id = ? AND category_id IS NOT NULL ORDER BY date DESC LIMIT ?'
    ids = [row[0] for row in raw.execute(query, (book.id, ROWS))]
    before = raw.execute('SELECT category_id, reviewed, book_id, id FROM "transaction" WHERE book_id = ?', (book.id,)).fetchall()
    turns = itertools.cycle([c.id for c in all_categories(book)][:4])
    marks = ",".join("?" * ROWS)

    def floor() -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(
            f'UPDATE "transaction" SET category_id = ?, reviewed = 1 WHERE book_id = ? AND id IN ({marks})', (next(turns), book.id, *ids)
        )
        raw.execute("COMMIT")

    change, undo, least = in_turn([lambda: transactions.set_category(book, ids, next(turns)), lambda: history.undo_last(book), floor], 9)
    report("bulk change of 5,000 rows", f"{change / least:.1f} x  ({change:.0f} ms, floor {least:.0f} ms)", "<= 5 x", change <= 5 * least)
    report("  its undo", f"{undo / least:.1f} x  ({undo:.0f} ms)", "<= 5 x", undo <= 5 * least)
    # A payee's rows of all time are about as many, and are found by the server itself.
    found = "p=all&payee=Tesco"
    with book.reading() as db:
        count = queries.count(db, queries.Filter(book.id, payee="Tesco"))
    rows = {"query": found, "count": count}
    assert Selection.from_query(found, book.today).payee == "Tesco"
    change, undo, least = in_turn([lambda: transactions.set_category(book, rows, next(turns)), lambda: history.undo_last(book), floor], 9)
    per = count / ROWS
    report(f"  all {count:,} found, for each row", f"{change / per / least:.1f} x  ({change:.0f} ms)", "<= 5 x", change / per <= 5 * least)
    report("  its undo, for each row", f"{undo / per / least:.1f} x  ({undo:.0f} ms)", "<= 5 x", undo / per <= 5 * least)
    # The floor wrote past the book: what is measured next finds it as it was.
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany('UPDATE "transaction" SET category_id = ?, reviewed = ? WHERE book_id = ? AND id = ?', before)
    raw.execute("COMMIT")
    raw.close()
