"""What an account held before the first of a file's rows and after the last: balances that stand so prove what lies between."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from dashboard.statements.shapes import Ends, Proof, Row, Series


def prove(ends: Ends, rows: list[Row]) -> Proof:
    """Say whether the rows lead from one balance to the other."""
    holds = ends.opening + sum((row.amount for row in rows), Decimal(0)) == ends.closing
    return Proof(len(rows) if holds else 0, len(rows), None if holds else rows[0].line, ends=True)


def turned_round(ends: Ends, rows: list[Row]) -> bool | None:
    """Say whether the rows lead there with every sign turned round, or as they are; None where neither does, or both."""
    total = sum((row.amount for row in rows), Decimal(0))
    as_they_are, other = ends.opening + total == ends.closing, ends.opening - total == ends.closing
    return None if as_they_are == other else other


def of_rows(rows: list[Row], proof: Proof | None) -> dict[Series, Ends]:
    """Return what each account held, where the balances of its rows prove every step."""
    if proof is None or proof.ends or proof.agree != proof.steps or not proof.steps:
        return {}
    series: dict[Series, list[Row]] = {}
    for row in rows:
        series.setdefault((row.account, row.currency), []).append(row)
    if len(series) != proof.series:
        return {}
    found = {}
    for key, one in series.items():
        first, last = (one[0], one[-1]) if one[0].date < one[-1].date else (one[-1], one[0])
        if first.date < last.date and first.balance is not None and last.balance is not None:
            found[key] = Ends(first.balance - first.amount, last.balance)
    return found


def of_parts(parts: Iterable[tuple[Decimal | None, list[Row], Decimal | None]]) -> dict[Series, Ends]:
    """Return what each account held, where the rows of all of its statements lead from one balance to the other.

    Args:
        parts: opening balance, rows and closing balance of each statement in the file.
    """
    told: list[tuple[Series, Ends | None]] = []
    for opening, rows, closing in parts:
        names = dict.fromkeys((row.account, row.currency) for row in rows)
        proven = opening is not None and closing is not None and opening + sum((row.amount for row in rows), Decimal(0)) == closing
        held = Ends(opening, closing) if proven and len(names) == 1 and opening is not None and closing is not None else None
        told += [(name, held) for name in names]
    return joined(told)


def joined(told: Iterable[tuple[Series, Ends | None]]) -> dict[Series, Ends]:
    """Return what each account held before its first statement and after its last, where each begins as the one before ended.

    Args:
        told: what each statement says, oldest or newest first; None where it proves nothing.
    """
    series: dict[Series, list[Ends | None]] = {}
    for name, held in told:
        series.setdefault(name, []).append(held)
    found = {}
    for name, all_of_it in series.items():
        known = [held for held in all_of_it if held is not None]
        if len(known) < len(all_of_it):
            continue
        for order in (known, known[::-1]):
            if all(one.closing == other.opening for one, other in pairwise(order)):
                found[name] = Ends(order[0].opening, order[-1].closing)
                break
    return found
