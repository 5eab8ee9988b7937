"""Joining what has just been imported with the other sides of its transfers, within the import's change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from dashboard.importing import transfers
from dashboard.importing.shapes import Check, Moved
from dashboard.importing.transfers import NEAR, Join
from dashboard.model.queries import imported
from dashboard.model.transactions import pair, transaction
from dashboard.model.writing import Writer


def join(w: Writer, new: Sequence[Moved]) -> tuple[int, int]:
    """Join rows with their other sides; return how many transfers were found, and how many pairs wait for a person's word."""
    db, book_id = w.connection, w.book_id
    accounts = {a.id: a for a in imported.targets(db, book_id)}
    if len(accounts) < 2 or not new:
        return 0, 0
    near = _around(new, 1)
    told = transfers.named(new, accounts.values())
    there = imported.free_sides(db, book_id, {owner for _, owner in told}, {-row.amount for row, _ in told}, near)
    named = transfers.by_number(new, told, imported.lone_sides(db, book_id, near), there, accounts)
    _mark(w, named)
    joined = {i for one in named for i in one.ids}
    rest = [row for row in new if row.id not in joined]
    if not rest:
        return len(named), 0
    stored = imported.opposite(db, book_id, _around(rest, 2), min(row.id for row in rest))
    opposite = transfers.Opposite(stored, rest, {a.id: a.currency for a in accounts.values()})
    sides = opposite.sides(rest)
    rows = imported.candidates(db, book_id, sorted({i for row_id, fits in sides.items() for i in (row_id, *fits)}))
    found = transfers.by_amount(opposite, sides, rows, accounts)
    _mark(w, found.joins)
    waiting = transfers.unlike(found.pairs, imported.pairs(db, book_id) if found.pairs else ())
    w.insert(pair, [{"one_id": one, "two_id": two, "refused": False} for one, two in waiting])
    return len(named) + len(found.joins), len(waiting)


def numbered(w: Writer, checked: Check) -> dict[int, int]:
    """Return the transfer that each chosen row of our own export is a side of, by its line."""
    found = transfers.numbered(checked)
    if not found.sides:
        return {}
    alone = imported.lone_among(w.connection, w.book_id, sorted(found.twins.values()))
    currencies = {a.id: a.currency for a in imported.targets(w.connection, w.book_id)}
    return transfers.joined(found, alone, currencies, w.new_ids(len(found.sides)))


def _around(rows: Sequence[Moved], times: int) -> tuple[date, date]:
    first, last = transfers.days_of(rows)
    return first - times * NEAR, last + times * NEAR


def _mark(w: Writer, joins: Iterable[Join]) -> None:
    """Make rows the sides of one transfer; a transfer has no category."""
    for one in joins:
        number = w.new_ids(1)[0] if one.transfer_id is None else one.transfer_id
        for row_id in one.ids:
            w.update(transaction, [row_id], transfer_id=number, category_id=None, guess=None)
