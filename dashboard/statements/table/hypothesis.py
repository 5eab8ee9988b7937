"""One way of reading a table's amounts, with the values it gives, and what balances say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dashboard.statements.shapes import Proof
from dashboard.statements.table.cells import EMPTY, number_shape, to_amount
from dashboard.statements.table.layout import Column

SCORED_ROWS = 600
ZERO = Decimal(0)
CREDIT_SIDES = frozenset({"cr", "hab", "h"})
Values = list[Decimal | None]


@dataclass
class Hypothesis:
    """One way of reading the amounts, with the values it gives over the core rows.

    form: single (one signed column), direction (unsigned with a direction column) or pair (debit and credit columns).
    """

    form: str
    columns: tuple[int, ...]
    score: float
    values: Values
    named: bool
    neutral: int = 0
    balance: int | None = None
    proof: Proof | None = None
    both_signs: bool = False
    marked: bool = False
    direction: dict[str, int] = field(default_factory=dict)
    # How a direction's words and the signs go together: "word" (no signs), "sign" (both say the same), "turned" (each says the
    # contrary), "product" (a minus turns the word round: a reversal).
    reading: str = ""
    signs: tuple[int, int] = (1, 1)
    # The column of fees that balances say is taken off besides.
    fee: int | None = None
    # The column of fees of which that is left open.
    open_fee: int | None = None
    # Whether its head says that all of it is money out.
    charged: bool = False


def balance_proof(
    values: Sequence[Decimal | None], balances: Sequence[Decimal | None], lines: Sequence[int] | None = None
) -> tuple[Proof, bool]:
    """Count the steps between known balances that the amounts explain, oldest first or newest first.

    Returns:
        The better of the two directions, and whether it is the newest-first one.
    """
    best: tuple[Proof, bool] = (Proof(0, 0), False)
    for backward in (False, True):
        agree = steps = 0
        broken: int | None = None
        known: Decimal | None = None
        total = ZERO
        for i, (value, balance) in enumerate(zip(values, balances, strict=True)):
            amount = value or ZERO
            if not backward:
                total += amount
            if balance is not None:
                if known is not None:
                    steps += 1
                    if (balance - known if not backward else known - balance) == total:
                        agree += 1
                    elif broken is None:
                        broken = lines[i] if lines else None
                known, total = balance, ZERO
            if backward:
                total += amount
        if agree > best[0].agree or not best[0].steps:
            best = (Proof(agree, steps, broken), backward)
    return best


def number_values(column: Column, mark: str, rows: slice = slice(None)) -> Values:
    """Return the signed values of a column's cells, None where a cell is empty or does not fit the mark."""
    found: Values = []
    for cell in column.cells[rows]:
        shape = number_shape(cell) if cell.casefold() not in EMPTY else None
        value = to_amount(shape, mark) if shape else None
        if value is not None and shape is not None and shape.side:
            value = abs(value) if shape.side in CREDIT_SIDES else -abs(value)
        found.append(value)
    return found


def role_of(column: Column) -> str:
    """Return what a number column's head says it is, demoting roles first: "Amount (fee)" is a fee."""
    order = ("fee", "original", "rate", "balance", "id", "debit", "credit", "amount")
    best = max(column.roles.values(), default=0)
    strong = [role for role in order if column.roles.get(role, 0) >= max(1, best - 3)]
    for role in ("fee", "original", "rate"):
        if role in strong:
            return role
    if column.named("debit") and column.named("credit"):
        return "amount"
    if column.named("balance") and column.named("balance") >= column.named("amount"):
        return "balance"
    for role in ("debit", "credit"):
        # "Amount (debit)" names both; the side is what tells it from its twin.
        if column.named(role) and column.named(role) + 2 >= column.named("amount") - 6:
            return role
    if column.named("amount"):
        return "amount"
    return "id" if column.named("id") else ""
