"""What becomes of the budgets of a category that is merged into another."""

from __future__ import annotations

from sqlalchemy import select

from dashboard.analysis.projections import Held, in_force
from dashboard.model.budgets import budget
from dashboard.model.writing import Writer


def merge_budgets(w: Writer, source: int, target: int) -> None:
    """Move the budgets of one category to another, within a change: the sum in force of any month stays the same.

    A budget holds from its month until the next one set, so each month in which either is set gets the sum of what is in
    force in both; an end (no amount) counts as nothing, and only where both have ended does the sum end. Where both are
    in force, the target's carry over is kept; where one is, that one's.
    """
    b = budget.c
    rows = w.connection.execute(
        select(b.id, b.category_id, b.currency, b.month, b.amount, b.carry)
        .where(b.book_id == w.book_id, b.category_id.in_([source, target]))
        .order_by(b.month)
    ).all()
    leaving = [row for row in rows if row.category_id == source]
    w.delete(budget, [row.id for row in leaving])
    new = []
    for currency in dict.fromkeys(row.currency for row in leaving):
        there = {row.month: row for row in rows if row.category_id == target and row.currency == currency}
        ours = [Held(row.month, row.amount, bool(row.carry)) for row in there.values()]
        theirs = [Held(row.month, row.amount, bool(row.carry)) for row in leaving if row.currency == currency]
        # The sum can only change in a month where one of the two does.
        for month in sorted({one.month for one in (*theirs, *ours)}):
            holding = [one for one in (in_force(ours, month), in_force(theirs, month)) if one is not None]
            amount = sum(one.amount or 0 for one in holding) if holding else None
            carry = bool(holding and holding[0].carry)
            if month not in there:
                new.append({"category_id": target, "currency": currency, "month": month, "amount": amount, "carry": carry})
            elif (there[month].amount, bool(there[month].carry)) != (amount, carry):
                w.update(budget, [there[month].id], amount=amount, carry=carry)
    w.insert(budget, new)
