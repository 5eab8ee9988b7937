"""What a change means for the day on which an account agreed with the bank."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer, chunks
from dashboard.periods import day_text
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book

MOVES = ("account_id", "date", "amount")
Place = tuple[Any, ...]


def warning(w: Writer, book: Book) -> str:
    """Return what to add to a change's sentence where it moves a balance that agreed with the bank; "" where it does not."""
    held = {a.id: (a.name, a.checked_on) for a in read_accounts(w.connection, book) if a.checked_on is not None}
    moved = {account for account, day, _ in _moved(w) if account in held and str(day) <= str(held[account][1])} if held else ()
    named = " and ".join(f"{name} until {day_text(day, book.locale)}" for i, (name, day) in held.items() if i in moved)
    return f". The bank agreed with {named}: compare anew" if named else ""


def _moved(w: Writer) -> Iterator[Place]:
    """Yield account, day and amount of rows that a change added, moved or took away, as they were and as they are."""
    for step in w.steps:
        if step["t"] != transaction.name:
            continue
        if step["op"] == "insert":
            yield from _now(w, [i for first, last in step["ids"] for i in range(first, last + 1)]).values()
            continue
        rows = [dict(zip(("id", "revision", *step["cols"]), row, strict=True)) for row in step["before"]]
        now = _now(w, [row["id"] for row in rows]) if step["op"] == "update" and {*MOVES} & {*step["cols"]} else {}
        for row in rows:
            if step["op"] == "delete":
                yield tuple(row[name] for name in MOVES)
            elif row["id"] in now:
                new = now[row["id"]]
                old = tuple(row.get(name, value) for name, value in zip(MOVES, new, strict=True))
                if [*map(str, old)] != [*map(str, new)]:
                    yield from (old, new)


def _now(w: Writer, ids: list[int]) -> dict[int, Place]:
    t = transaction.c
    found: dict[int, Place] = {}
    for part in chunks(ids):
        query = select(t.id, *(t[name] for name in MOVES)).where(t.book_id == w.book_id, t.id.in_(part))
        found |= {row[0]: tuple(row[1:]) for row in w.connection.execute(query)}
    return found
