"""Where a month's budgets are heading, what they carry over, and which need attention.

Projection = spent so far + the median spending of the remaining days over the last six months; under three months of
data it is linear and called early (DESIGN-UI.md of the project, section 8.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

ON_PACE = 1.02
ENOUGH_MONTHS = 3


class Held(NamedTuple):
    """What was said of a category's budget from a month (yyyymm) on: minor units, None where it ends; carry over or not."""

    month: int
    amount: int | None
    carry: bool


@dataclass(frozen=True)
class BudgetLine:
    """One category's budget in a period; amounts in minor units, spending positive.

    status: over, heading, pace. `carried` is what earlier months left (negative: overspent); `expected` is the projection
    at the period's end; `early` marks a linear one.
    """

    category_id: int
    budget: int
    spent: int
    expected: int
    status: str
    early: bool = False
    carried: int = 0

    @property
    def available(self) -> int:
        """Return the budget with what it carries over."""
        return self.budget + self.carried

    @property
    def left(self) -> int:
        """Return what is left; negative where it is over."""
        return self.available - self.spent


def status_of(budget: int, spent: int, expected: int) -> str:
    """Return over, heading or pace."""
    if spent > budget:
        return "over"
    return "heading" if expected > budget * ON_PACE else "pace"


def in_force(held: Sequence[Held], month: int) -> Held | None:
    """Return what holds of a category's budget in a month (yyyymm): the latest said up to it, None where none is set.

    Args:
        held: oldest first.
    """
    last = None
    for one in held:
        if one.month <= month:
            last = one
    return last if last is not None and last.amount is not None else None


def carried_into(held: Sequence[Held], spent: Mapping[int, int], months: Sequence[int], month: int) -> int:
    """Return what the months before left of a budget that carries over, in minor units; negative where they overspent.

    A month that carries over receives what the month before left of its own budget and of what that one received.

    Args:
        held: oldest first.
        spent: by month (yyyymm), minor units, positive.
        months: every month up to the one asked for, ascending.
        month: the month that receives.
    """
    left = 0
    for one in months:
        now = in_force(held, one)
        received = left if now is not None and now.carry else 0
        if one == month:
            return received
        left = 0 if now is None or now.amount is None else received + now.amount - spent.get(one, 0)
    return 0


def project(spent: int, day: int, days: int, rest_of_earlier_months: list[int]) -> tuple[int, bool]:
    """Return what will have been spent by the month's end, and whether that is an early, linear estimate.

    Args:
        spent: until today, minor units.
        day, days: today's place in the month and how many days it has.
        rest_of_earlier_months: what was spent after the same day in each earlier month there is data for.
    """
    if day >= days:
        return spent, False
    if len(rest_of_earlier_months) >= ENOUGH_MONTHS:
        return spent + max(0, int(median(rest_of_earlier_months))), False
    return spent + max(0, spent) * (days - day) // day, True


def budget_lines(
    budgets: Mapping[int, int],
    spent: Mapping[int, int],
    day: int,
    days: int,
    rests: Mapping[int, list[int]],
    earlier: int,
    carried: Mapping[int, int] | None = None,
) -> list[BudgetLine]:
    """Return a line for each budget, those that need attention first: over by amount, heading over, then by share used.

    Args:
        budgets, spent, carried: minor units by category id.
        day, days: today's place in the period and its length.
        rests: by category, what was spent after this day in each earlier month; a category without is zero in all of them.
        earlier: how many earlier months there is data for.
    """
    lines = []
    for category_id, amount in budgets.items():
        so_far = spent.get(category_id, 0)
        received = (carried or {}).get(category_id, 0)
        expected, early = project(so_far, day, days, rests.get(category_id, [0] * earlier))
        status = status_of(amount + received, so_far, expected)
        lines.append(BudgetLine(category_id, amount, so_far, expected, status, early, received))
    order = {"over": 0, "heading": 1, "pace": 2}
    return sorted(lines, key=lambda b: (order[b.status], b.left if b.status == "over" else 0, -b.spent / max(1, b.available)))
