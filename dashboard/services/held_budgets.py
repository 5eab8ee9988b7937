"""What is said of budgets and what they carry over: read by the dashboard and by the budgets page alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from dashboard.analysis.projections import Held, carried_into, in_force
from dashboard.model.queries import flow, nouns
from dashboard.periods import add_months, months_between
from dashboard.services.books import Book


def said(db: Connection, book: Book, currency: str) -> dict[int, list[Held]]:
    """Return all that was ever said of budgets in a currency, by category, oldest first."""
    found: dict[int, list[Held]] = {}
    for row in nouns.all_budgets(db, book.id, currency):
        found.setdefault(row.category_id, []).append(Held(row.month, row.amount, bool(row.carry)))
    return found


def spending(db: Connection, book: Book, first: int, last: int, accounts: Sequence[int] | None) -> dict[int, dict[int, int]]:
    """Return what each category cost in each month (yyyymm) from first to last: minor units, positive, by category and month."""
    found: dict[int, dict[int, int]] = {}
    if first <= last:
        for month, category_id, amount in flow.by_month(db, book.id, first, last, accounts):
            found.setdefault(category_id, {})[month] = -amount
    return found


def carried(db: Connection, book: Book, month: int, accounts: Sequence[int] | None, held: Mapping[int, list[Held]]) -> dict[int, int]:
    """Return what each budget that carries over receives from the months before, in minor units; negative: overspent."""
    carrying = {i: mine for i, mine in held.items() if (now := in_force(mine, month)) and now.carry}
    if not carrying:
        return {}
    first = min(one.month for mine in carrying.values() for one in mine)
    if first >= month:
        return dict.fromkeys(carrying, 0)
    spent = spending(db, book, first, add_months(month, -1), accounts)
    months = months_between(first, month)
    return {i: carried_into(mine, spent.get(i, {}), months, month) for i, mine in carrying.items()}
