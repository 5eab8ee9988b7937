"""Splits: a transaction's amount in parts, each with a category of its own; only the parts are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from dashboard.bounds import LONGEST_TEXT, MOST_PARTS
from dashboard.errors import InputNotValid
from dashboard.model.transactions import split
from dashboard.model.writing import Writer, chunks
from dashboard.money import money, parse_amount
from dashboard.services import fields
from dashboard.services.books import Book
from dashboard.services.categories import category_of


class Part(NamedTuple):
    """One part of a split; amount in minor units, signed as its transaction is."""

    category_id: int | None
    amount: int
    note: str


def parsed(db: Connection, book: Book, typed: object, whole: int, currency: str) -> list[Part]:
    """Read the parts that a person typed, each without sign: it is the whole's; a minus makes one go against it.

    Args:
        typed: a list of {"amount", "category", "note"}; those without an amount are left out.
        whole: the transaction's amount, minor units, signed.

    Raises:
        InputNotValid: a part cannot be read, there is only one, or they do not add up to the whole.
        NotFound: a category is not in this book.
    """
    if not isinstance(typed, Sequence) or isinstance(typed, str) or len(typed) > MOST_PARTS:
        raise InputNotValid(f"A transaction splits into at most {MOST_PARTS} parts", "part-amount-0")
    sign = -1 if whole < 0 else 1
    found: list[Part] = []
    for place, row in enumerate(typed):
        if not isinstance(row, Mapping) or row.get("amount") in (None, ""):
            continue
        try:
            size = parse_amount(row["amount"], currency, book.locale)
        except InputNotValid as error:
            raise InputNotValid(error.message, f"part-amount-{place}") from error
        if not size:
            raise InputNotValid("A part of nothing is none: type its amount", f"part-amount-{place}")
        wanted = fields.optional_identity(row.get("category"))
        if wanted is not None:
            category_of(db, book, wanted)
        note = fields.text(row.get("note"), f"part-note-{place}", longest=LONGEST_TEXT, label="note")
        found.append(Part(wanted, sign * size, note))
    if len(found) == 1:
        raise InputNotValid("One part is no split: add another, or choose the category above", "part-amount-0")
    rest = whole - sum(part.amount for part in found)
    if found and rest:
        text = money(abs(rest), currency, book.locale)
        raise InputNotValid(f"{text} left to assign" if rest * sign > 0 else f"{text} too much assigned", "part-amount-0")
    return found


def rewrite(w: Writer, book: Book, transaction_id: int, parts: Sequence[Part]) -> bool:
    """Put these parts in place of those there are, within a change; return whether anything had to be written."""
    now = parts_of(w.connection, book, transaction_id)
    if [Part(row["category_id"], row["amount"], row["note"]) for row in now] == list(parts):
        return False
    w.delete(split, [row["id"] for row in now])
    w.insert(split, [{"transaction_id": transaction_id, **part._asdict()} for part in parts])
    return True


def parts_of(db: Connection, book: Book, transaction_id: int) -> list[dict[str, Any]]:
    """Return the parts of a transaction in the order they were written, as mappings of their columns."""
    s = split.c
    query = select(split).where(s.book_id == book.id, s.transaction_id == transaction_id).order_by(s.id)
    return [dict(row) for row in db.execute(query).mappings()]


def are_split(db: Connection, book: Book, ids: Sequence[int]) -> set[int]:
    """Return which of these transactions are split."""
    s = split.c
    found: set[int] = set()
    for part in chunks(ids):
        query = select(s.transaction_id).where(s.book_id == book.id, s.transaction_id.in_(part)).distinct()
        found.update(db.execute(query).scalars())
    return found
