"""Transfers of our own export, put together again: the two sides share a number there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection, select

from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer, chunks
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.import_accounts import target_of
from dashboard.services.import_shapes import DUPLICATE, Check, Group, Line
from dashboard.services.legs import alone
from dashboard.statements.formats.own import TRANSFER, Leg, misfit


def transfer_ids(w: Writer, book: Book, checked: Check) -> dict[int, int]:
    """Return the transfer that each chosen row is a side of, by its line, within a change.

    A side whose other one is saved already, and stands alone there, is joined to it.
    """
    new: dict[int, tuple[Group, Line]] = {}
    pairs: dict[int, list[int]] = defaultdict(list)
    twins: dict[int, int] = {}
    for group in checked.groups:
        for line in group.lines:
            if line.category != TRANSFER or line.amount is None:
                continue
            if checked.takes(line):
                new[line.line] = group, line
                pairs[line.transfer].append(line.line)
            elif line.transfer and line.status == DUPLICATE and line.twin is not None:
                twins[line.transfer] = line.twin
    if not new:
        return {}
    fresh = iter(w.new_ids(len(new)))
    found = {line: next(fresh) for line in new}
    saved = _alone(w.connection, book, sorted(twins.values()))
    for number, lines in pairs.items():
        if not number:
            continue
        legs = [_leg(*new[line]) for line in lines]
        other = saved.get(twins.get(number, 0))
        if len(lines) == 2 and not misfit(legs):
            found[lines[1]] = found[lines[0]]
        elif len(lines) == 1 and other is not None and not misfit([*legs, other[1]]):
            found[lines[0]] = other[0]
    return found


def _leg(group: Group, line: Line) -> Leg:
    return Leg(target_of(group), group.currency, Decimal(line.amount or 0))


def _alone(db: Connection, book: Book, ids: Sequence[int]) -> dict[int, tuple[int, Leg]]:
    """Return, of those of these transactions that are a transfer with one side, which transfer that is and the side."""
    if not ids:
        return {}
    currencies = {a.id: a.currency for a in read_accounts(db, book)}
    t = transaction.c
    found: dict[int, tuple[int, Leg]] = {}
    for part in chunks(ids):
        query = select(t.id, t.transfer_id, t.account_id, t.amount).where(t.book_id == book.id, t.id.in_(part), t.transfer_id.is_not(None))
        for row in db.execute(query.where(alone(t))):
            found[row.id] = row.transfer_id, Leg(row.account_id, currencies[row.account_id], Decimal(row.amount))
    return found
