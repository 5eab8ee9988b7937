"""Where a month's budgets are heading, and which need attention.

Projection = spent so far + the median spending of the remaining days over the last six months; under three months of
data it is linear and called early (DESIGN-UI.md of the project, section 8.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

ON_PACE = 1.02
ENOUGH_MONTHS = 3


@dataclass(frozen=True)
class BudgetLine:
    """One category's budget in a month; amounts in minor units, spending positive.

    status: over, heading, pace. `expected` is the projection at the month's end; `early` marks a linear one.
    """

    category_id: int
    budget: int
    spent: int
    expected: int
    status: str
    early: bool = False

    @property
    def left(self) -> int:
        """Return what is left; negative where it is over."""
        return self.budget - self.spent


def status_of(budget: int, spent: int, expected: int) -> str:
    """Return over, heading or pace."""
    if spent > budget:
        return "over"
    return "heading" if expected > budget * ON_PACE else "pace"


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
    budgets: dict[int, int], spent: dict[int, int], day: int, days: int, rests: dict[int, list[int]], earlier: int
) -> list[BudgetLine]:
    """Return a line for each budget, those that need attention first: over by amount, heading over, then by share used.

    Args:
        budgets, spent: minor units by category id.
        day, days: today's place in the period and its length.
        rests: by category, what was spent after this day in each earlier month; a category without is zero in all of them.
        earlier: how many earlier months there is data for.
    """
    lines = []
    for category_id, amount in budgets.items():
        so_far = spent.get(category_id, 0)
        expected, early = project(so_far, day, days, rests.get(category_id, [0] * earlier))
        lines.append(BudgetLine(category_id, amount, so_far, expected, status_of(amount, so_far, expected), early))
    order = {"over": 0, "heading": 1, "pace": 2}
    return sorted(lines, key=lambda b: (order[b.status], b.left if b.status == "over" else 0, -b.spent / b.budget))
