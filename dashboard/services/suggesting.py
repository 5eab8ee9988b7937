"""Suggested categories: the person's rules first, then what this book has shown, then common words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from dashboard import statements
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.rules import Compiled, Rule, compiled, unreadable
from dashboard.analysis.suggestions import SURE, WORDS, Past, Suggester
from dashboard.errors import InputNotValid
from dashboard.model.categories import PRESET
from dashboard.model.queries import learning
from dashboard.money import to_minor
from dashboard.services import rules
from dashboard.services.books import Book
from dashboard.services.categories import IMPORTED, Category, offered, read_categories

_ICONS = {icon: name for name, _, _, _, icon in PRESET}


class Idea(NamedTuple):
    """A category for a row: its id and name, how sure (as of analysis/suggestions.py) and why."""

    category_id: int
    category: str
    sure: int
    why: str

    @property
    def is_sure(self) -> bool:
        """Say whether it is sure."""
        return self.sure == SURE

    @property
    def level(self) -> str:
        """Say how sure in a word."""
        return WORDS[self.sure]


@dataclass
class Ideas:
    """What suggests categories for the rows of one book."""

    rules: Compiled
    suggester: Suggester
    names: dict[int, str]
    by_name: dict[str, int]
    # The rules whose patterns no search understands.
    unfit: tuple[Rule, ...] = ()

    @property
    def left_out(self) -> str:
        """Say which rules were left out since their patterns take too long or cannot be used, "" where none was."""
        slow = _named([rule.subject for rule in self.rules.slow], "takes", "take", "too long")
        unfit = _named([rule.subject for rule in self.unfit], "has", "have", "a pattern that cannot be used")
        return ". ".join(filter(None, (slow, unfit)))

    def of(self, payee: str, text: str, amount: int, account_id: int | None, category: str = "") -> Idea | None:
        """Return the idea for a row: payee and text as the bank wrote them, minor units, what the bank calls its category."""
        if (
            self.rules.rules
            and (rule := self.rules.match(payee, text, amount, account_id or 0)) is not None
            and rule.category_id in self.names
        ):
            return Idea(rule.category_id, self.names[rule.category_id], SURE, f"your rule {rule.subject}")
        if (known := self.by_name.get(category.casefold())) is not None:
            return Idea(known, self.names[known], SURE, "the file says so")
        found = self.suggester.suggest(payee, text, out=amount < 0, bank_category=category)
        return Idea(found.category, self.names[found.category], found.sure, found.why) if found else None


def _named(names: Sequence[str], one: str, many: str, what: str) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return f"The rule for {names[0]} {one} {what} and was left out: say its pattern more simply"
    return f"The rules for {', '.join(names[:3])}{' and others' * (len(names) > 3)} {many} {what} and were left out: say them more simply"


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
