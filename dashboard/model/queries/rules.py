"""Rules that give transactions their category, as they are stored."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from dashboard.model.imports import rule


class RuleRow(NamedTuple):
    """A rule; `conditions` is JSON, as of analysis/rules.py."""

    id: int
    revision: int
    position: int
    category_id: int | None
    conditions: str


def in_order(db: Connection, book_id: int) -> list[RuleRow]:
    """Return a book's rules; of those that fit a transaction the first one counts."""
    r = rule.c
    query = select(*(r[name] for name in RuleRow._fields)).where(r.book_id == book_id).order_by(r.position, r.id)
    return [RuleRow(*row) for row in db.execute(query)]


def of_category(db: Connection, book_id: int, category_id: int) -> list[int]:
    """Return the rules that give a category."""
    r = rule.c
    return list(db.execute(select(r.id).where(r.book_id == book_id, r.category_id == category_id)).scalars())
