"""What the command box finds in a book: accounts, categories, payees and transactions of all time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from dashboard.folding import fold
from dashboard.model.queries import ledger
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import fields
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import read_categories
from dashboard.services.ledger.listing import filter_of

MOST_ROWS = 6
MOST_PLACES = 4
SHORTEST = 2


class Place(NamedTuple):
    """Something with transactions of its own; `address` is the end of the list's address."""

    name: str
    icon: str
    slot: int
    address: str
    what: str


@dataclass(frozen=True)
class Found:
    """What fits the words; rows as of queries/ledger.py, `count` of all that match."""

    text: str
    places: tuple[Place, ...]
    rows: pd.DataFrame
    count: int
    address: str
    accounts: dict[int, Account]


def find(book: Book, typed: object) -> Found:
    """Look for words everywhere; they mean what they mean in the search box of the list.

    Raises:
        InputNotValid: it is no text, or too long.
    """
    text = fields.text(typed, "search", longest=200)
    everything = Selection(Period.all_time(), search=text)
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = read_categories(db, book)
        rows, count = pd.DataFrame(columns=list(ledger.COLUMNS)), 0
        if len(text) >= SHORTEST:
            chosen, _ = filter_of(db, book, everything, list(accounts.values()), categories)
            rows = ledger.page(db, chosen, 1, MOST_ROWS)
            count = ledger.count(db, chosen) if len(rows) == MOST_ROWS else len(rows)
    low = fold(text)
    places: list[Place] = []
    if text:
        places += [Place(a.name, "wallet2", 0, f"?acc={a.id}", "Account") for a in accounts.values() if low in fold(a.name)]
        places += [
            Place(c.name, c.icon, c.slot, f"?cat={c.id}", c.group)
            for c in categories
            if low in fold(c.name) or any(w.startswith(low) for w in c.words)
        ]
    return Found(text, tuple(places[:MOST_PLACES]), rows, count, "/transactions" + everything.to_query(), accounts)
