"""Categories: the presets of a book, and those that an import of our own export brings along."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.analysis.frames import rows as rows_of
from dashboard.errors import NotFound
from dashboard.model.categories import EXPENSE, INCOME, category
from dashboard.model.queries import nouns
from dashboard.model.queries.flow import UNCATEGORISED_IN
from dashboard.model.writing import Writer
from dashboard.services import fields
from dashboard.services.books import Book

SLOTS = 18


@dataclass(frozen=True)
class Category:
    """One category; slot is its colour (1 to 18, 0 for income), never a hex value."""

    id: int
    name: str
    group: str
    kind: str
    slot: int
    icon: str

    @property
    def is_income(self) -> bool:
        """Say whether what is booked to it counts as income."""
        return self.kind == INCOME


UNCATEGORISED = Category(0, "Uncategorised", "", EXPENSE, 0, "question-circle")
UNCATEGORISED_INCOME = Category(UNCATEGORISED_IN, "Uncategorised", "", INCOME, 0, "question-circle")


def all_categories(book: Book) -> list[Category]:
    """Return the book's categories in their order."""
    with book.reading() as db:
        return read_categories(db, book)


def read_categories(db: Connection, book: Book) -> list[Category]:
    """Return the book's categories in their order, on an open connection."""
    return [Category(row.id, row.name, row.group, row.kind, row.slot, row.icon) for row in rows_of(nouns.categories(db, book.id))]


def category_of(db: Connection, book: Book, category_id: object) -> Category:
    """Return one of the book's categories.

    Raises:
        NotFound: it is not in this book.
    """
    wanted = fields.identity(category_id)
    found = next((c for c in read_categories(db, book) if c.id == wanted), None)
    if found is None:
        raise NotFound("That category does not exist, or is not yours.")
    return found


def add_named(w: Writer, existing: list[Category], names: dict[str, bool]) -> dict[str, int]:
    """Add categories that are not there yet, within a change; `names` says of each whether it is income.

    Returns:
        The new ones' ids by name.
    """
    used = [c.slot for c in existing]
    rows = []
    for place, (name, income) in enumerate(names.items()):
        free = next((slot for slot in range(1, SLOTS + 1) if slot not in used), 1 + place % SLOTS)
        used.append(free)
        rows.append(
            {
                "name": name[:80],
                "group": "Income" if income else "Imported",
                "kind": INCOME if income else EXPENSE,
                "slot": 0 if income else free,
                "icon": "tag",
                "position": len(existing) + place,
                "archived": False,
            }
        )
    return dict(zip(names, w.insert(category, rows), strict=True)) if rows else {}
