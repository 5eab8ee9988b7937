"""Suggested categories: the person's rules first, then what this book has shown, then common words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from dashboard import statements
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.ideas import Idea, Ideas
from dashboard.analysis.rules import compiled, unreadable
from dashboard.analysis.suggestions import Past, Suggester
from dashboard.errors import InputNotValid
from dashboard.model.categories import PRESET
from dashboard.model.queries import learning
from dashboard.money import to_minor
from dashboard.services import rules
from dashboard.services.books import Book
from dashboard.services.categories import IMPORTED, Category, offered, read_categories

_ICONS = {icon: name for name, _, _, _, icon in PRESET}


def ideas(db: Connection, book: Book) -> Ideas:
    """Learn from a book's history, on an open connection."""
    categories = offered(read_categories(db, book))
    alive = {c.id for c in categories}
    past = [
        Past(r.key, r.payee, r.text, bool(r.out), r.category, r.rows, r.last)
        for r in rows_of(learning.past(db, book.id))
        if r.category in alive
    ]
    sheet = rules.read_sheet(db, book)
    return Ideas(
        compiled(sheet.in_force),
        Suggester.of(past, presets(categories)),
        {c.id: c.name for c in categories},
        {c.name.casefold(): c.id for c in categories},
        tuple(rule for rule in sheet.rules if rule.pattern and unreadable(rule.pattern)),
    )


def for_rows(book: Book, rows: Sequence[statements.Row]) -> list[Idea | None]:
    """Return the idea for each row of a statement; what is split has its categories."""
    with book.reading() as db:
        found = ideas(db, book)
    return [None if r.parts else found.of(r.payee, r.text, _minor(r, book.currency), None, r.category) for r in rows]


def _minor(row: statements.Row, currency: str) -> int:
    try:
        return to_minor(row.amount, row.currency or currency)
    except InputNotValid:
        return 1 if row.amount > 0 else -1


def presets(categories: list[Category]) -> dict[str, tuple[int, bool]]:
    """Return the book's categories by the preset names they began with; one that was renamed is known by its icon."""
    kinds = {name: kind for name, _, kind, _, _ in PRESET}
    named = {c.name: (c.id, c.is_income) for c in categories if kinds.get(c.name) == c.kind}
    # One that came with a file wears whatever icon was free.
    renamed = [c for c in categories if c.name not in kinds and c.group != IMPORTED]
    return {_ICONS[c.icon]: (c.id, c.is_income) for c in renamed if kinds.get(_ICONS.get(c.icon, "")) == c.kind} | named
