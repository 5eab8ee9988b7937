"""Where a month's budgets are heading, what they carry over, and which need attention.

Projection = spent so far + the median spending of the remaining days over the last six months, or what is known to come
where that is more; under three months of data it is called early, and without any only what is known is expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from dashboard.money import round_half_up
from dashboard.periods import months_between

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

    status: over, heading, paid, pace. `spent` is all of the period, `so_far` what of it has happened: the rest is known to come.
    `carried` is what earlier months left (negative: overspent); `expected` is the projection at the period's end; `early` marks
    one that little is behind.
    """

    category_id: int
    budget: int
    spent: int
    expected: int
    status: str
    early: bool = False
    carried: int = 0
    ahead: int = 0

    @property
    def available(self) -> int:
        """Return the budget with what it carries over."""
        return self.budget + self.carried

    @property
    def left(self) -> int:
        """Return what is left; negative where it is over."""
        return self.available - self.spent

    @property
    def so_far(self) -> int:
        """Return what has been spent already."""
        return self.spent - self.ahead


def status_of(budget: int, spent: int, expected: int, *, paid: bool = False) -> str:
    """Return over, heading, paid or pace."""
    if spent > budget:
        return "over"
    return "heading" if expected > budget * ON_PACE else "paid" if paid else "pace"


def by_category(said: Iterable[tuple[int, int, int | None, bool]]) -> dict[int, list[Held]]:
    """Return what was said of budgets (category, month, amount, carry over) by category, in the order it is given."""
    found: dict[int, list[Held]] = {}
    for category_id, month, amount, carry in said:
        found.setdefault(category_id, []).append(Held(month, amount, carry))
    return found


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


def carrying(held: Mapping[int, Sequence[Held]], month: int) -> dict[int, Sequence[Held]]:
    """Return the budgets that carry over into a month, by category."""
    return {i: mine for i, mine in held.items() if (now := in_force(mine, month)) and now.carry}


def begun(held: Mapping[int, Sequence[Held]], month: int) -> int:
    """Return the first month from which some budgets were set, the month given where there are none."""
    return min((one.month for mine in held.values() for one in mine), default=month)


def carried(held: Mapping[int, Sequence[Held]], spent: Mapping[int, Mapping[int, int]], month: int) -> dict[int, int]:
    """Return what each of some budgets receives from the months before, in minor units; negative: overspent.

    Args:
        held: those that carry over into the month, by category.
        spent: what each category cost in the months before, since they were first set.
    """
    months = months_between(begun(held, month), month)
    return {i: carried_into(mine, spent.get(i, {}), months, month) for i, mine in held.items()}


class Course(NamedTuple):
    """How a period usually goes on, as far as it is known: minor units by category id.

    rests: what was spent in the days that are left, in each earlier month that has all of them; a category without is zero in
    all of `months`. bills: what a category costs that is paid once a month. running: whether days are left.
    """

    running: bool = False
    rests: Mapping[int, Sequence[int]] = {}
    months: int = 0
    bills: Mapping[int, int] = {}

    def rest(self, category_id: int) -> Sequence[int]:
        """Return what the days that are left cost in each earlier month."""
        return self.rests.get(category_id, [0] * self.months)

    def paid(self, category_id: int, so_far: int) -> bool:
        """Say whether a category is a bill whose payment of this month has come."""
        return category_id in self.bills and so_far > 0 and so_far * 2 >= self.bills[category_id]


def project(so_far: int, ahead: int, rests: Sequence[int]) -> tuple[int, bool]:
    """Return what will have been spent by the period's end, and whether that is an early estimate.

    What is known to come is part of what usually comes: the larger of the two is expected. Where nothing is known of the days
    that are left, only what is known to come is: two days say nothing about a month.

    Args:
        so_far, ahead: what was spent, and what is dated after that, minor units.
        rests: what the days that are left cost in each earlier period there is data for.
    """
    if not rests:
        return so_far + ahead, True
    return so_far + max(0, ahead, int(median(rests))), len(rests) < ENOUGH_MONTHS


def project_whole(so_far: Mapping[int, int], ahead: Mapping[int, int], course: Course) -> int:
    """Return what will have been spent on everything: the median of whole rests, and what is known beyond it of each category.

    Bills that are paid do not come again.
    """
    paid = {i for i in course.rests if course.paid(i, so_far.get(i, 0))}
    rests = [sum(mine[n] for i, mine in course.rests.items() if i not in paid) for n in range(course.months)]
    usual = max(0, int(median(rests))) if rests else 0
    beyond = sum(
        max(0, amount - (0 if i in paid or not course.months else max(0, int(median(course.rest(i)))))) for i, amount in ahead.items()
    )
    return sum(so_far.values()) + max(usual + beyond, sum(ahead.values()))


def suggested(costs: Sequence[int], unit: int) -> int | None:
    """Return what a budget may be by what months cost: their average in whole units, None where that says nothing.

    What happened in one of several months only is no habit.

    Args:
        costs: of the months that are over and in the book, minor units; months without spending are zeros.
        unit: how many minor units are one.
    """
    if not costs or (len(costs) > 1 and sum(1 for cost in costs if cost) < 2):
        return None
    average = Decimal(sum(costs)) / len(costs)
    return round_half_up(average / unit) * unit if average >= unit else None


def rest_of_year(months: Sequence[int], left: int, this_month: int) -> list[int]:
    """Return what a running year's days that are left cost if its months go on as they went, nothing where too few are over.

    Args:
        months: what each of its months that are over cost, minor units.
        left: how many months are not over, the running one with them.
        this_month: what the running one cost so far.
    """
    if len(months) < ENOUGH_MONTHS:
        return []
    return [max(0, sum(months) * left // len(months) - this_month)] * ENOUGH_MONTHS


def budget_lines(
    budgets: Mapping[int, int],
    spent: Mapping[int, int],
    so_far: Mapping[int, int],
    course: Course,
    carried: Mapping[int, int] | None = None,
) -> list[BudgetLine]:
    """Return a line for each budget, those that need attention first: over by amount, heading over, then by share used.

    Args:
        budgets, spent, so_far, carried: minor units by category id; `spent` holds what is dated after today as well.
    """
    lines = []
    for category_id, amount in budgets.items():
        whole, now = spent.get(category_id, 0), so_far.get(category_id, 0)
        received = (carried or {}).get(category_id, 0)
        paid = course.paid(category_id, now)
        expected, early = project(now, whole - now, course.rest(category_id)) if course.running and not paid else (whole, False)
        status = status_of(amount + received, whole, expected, paid=paid)
        lines.append(BudgetLine(category_id, amount, whole, expected, status, early, received, whole - now))
    order = {"over": 0, "heading": 1, "pace": 2, "paid": 2}
    return sorted(lines, key=lambda b: (order[b.status], b.left if b.status == "over" else 0, -b.spent / max(1, b.available)))
