"""The list of transactions: the first rows of every kind of filter, and its sums, against one raw scan of the table."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from dashboard.model.queries import ledger as queries
from dashboard.selection import Selection
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import read_categories
from dashboard.services.ledger import filter_of, listed
from tests.benchmarks.measuring import in_turn, report

AIM_MS = 100
SCAN = """
SELECT id FROM "transaction" WHERE book_id = ? AND id > 0 AND (payee LIKE '%zzyzx%' OR text LIKE '%zzyzx%' OR note LIKE '%zzyzx%')
ORDER BY +date DESC, id DESC LIMIT 50
"""


def measure_lists(book: Book, file: Path) -> None:
    """Measure the first rows and the whole answer of each filter; report those that are slow."""
    with book.reading() as db:
        accounts, categories = read_accounts(db, book), read_categories(db, book)
    groceries, learning = (next(c.id for c in categories if c.name == name) for name in ("Groceries", "Learning"))
    filters = {
        "a month": "p=2026-11",
        "a year": "p=2026",
        "all time": "p=all",
        "all time, a rare word": "p=all&q=3217",
        "all time, a frequent word": "p=all&q=tesco",
        "all time, a word that is nowhere": "p=all&q=zzyzx",
        "all time, a frequent category": f"p=all&cat={groceries}",
        "all time, a rare category": f"p=all&cat={learning}",
        "all time, uncategorised": "p=all&cat=0",
        "all time, spending": "p=all&type=spending",
        "all time, income": "p=all&type=income",
        "all time, transfers": "p=all&type=transfer",
        "all time, more than 60": "p=all&q=%3E60",
        "all time, a payee": "p=all&payee=Tesco",
        "all time, an account": f"p=all&acc={accounts[1].id}",
        "all time, unseen": "p=all&review=1",
        "all time, largest first": "p=all&sort=out",
        "all time, a category and a word": f"p=all&cat={groceries}&q=lidl",
        "all time, the last page": "p=all&page=1900",
    }
    slowest = 0.0
    raw = sqlite3.connect(file)
    raw.execute("PRAGMA cache_size=-16384")
    with book.reading() as db:
        for name, query in filters.items():
            selection = Selection.from_query(query, book.today)
            chosen, notes = filter_of(db, book, selection, accounts, categories)
            assert not notes, notes
            first, whole, scan = in_turn(
                [
                    lambda chosen=chosen, selection=selection: queries.page(db, chosen, selection.page),
                    lambda selection=selection: listed(book, selection),
                    lambda: raw.execute(SCAN, (book.id,)).fetchall(),
                ],
                5,
            )
            slowest = max(slowest, first / scan)
            report(
                f"  list, {name}",
                f"{first:.0f} ms, whole answer {whole:.0f} ms  (scan {scan:.0f} ms)",
                f"<= {AIM_MS} ms, aim",
            )
    raw.close()
    report("first rows of any filter, against a raw scan", f"{slowest:.2f} x", "<= 2.8 x", slowest <= 2.8)
