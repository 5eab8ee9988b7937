"""Income, spending and net by month and by category, of what flowed: rows of (key, category_id, amount), as of model/queries/flow.py.

Spending is what left in expense categories and uncategorised, less refunds booked to them; income what came in income
categories and uncategorised; transfers are in neither. Net is income less spending, and equals the sum of all rows
that are no transfer (DESIGN.md of the project, section 3).

A figure is a pass over some hundred rows: as a DataFrame each pass costs more than the query it follows (`make bench`). What
is drawn or shown as a table is one. Amounts are whole minor units throughout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from dashboard.analysis.frames import rows

# (key, category_id, amount): a month (yyyymm) or a span's place; 0 uncategorised out, -1 in; minor units, out negative.
Flow: TypeAlias = Iterable[tuple[int, int, int]]
MOST_SLICES = 8
# Minor units: what changed by less is noise. Twenty euros; in currencies without decimals, 2,000 of the unit.
SMALL = 2000


class Sums(NamedTuple):
    """Income and spending in minor units, spending positive."""

    income: int
    spending: int

    @property
    def net(self) -> int:
        """Return what is left."""
        return self.income - self.spending

    @property
    def savings_rate(self) -> float | None:
        """Return net as a share of income; None without income."""
        return self.net / self.income if self.income > 0 else None


class Sides(NamedTuple):
    """One figure of the period, of what is known of it, and of what that is compared with; minor units."""

    now: int
    so_far: int
    before: int

    @property
    def change(self) -> int:
        """Return by how much what is known is more than what it is compared with."""
        return self.so_far - self.before


class Shares(NamedTuple):
    """A share of the period, of what is known of it, and of what that is compared with; None where there is none."""

    now: float | None
    so_far: float | None
    before: float | None

    @property
    def points(self) -> float | None:
        """Return by how many percentage points (one decimal) what is known is above what it is compared with."""
        return None if self.so_far is None or self.before is None else round((self.so_far - self.before) * 100, 1)


def share_of(part: int, whole: int) -> float | None:
    """Return a part as a share, None where it is no part of the whole."""
    return part / whole if 0 <= part <= whole and whole else None


class Share(NamedTuple):
    """What a category cost: minor units; its share of what was spent, none (NaN) where more came back than went out."""

    category_id: int
    amount: int
    share: float


def by_key(flow: Flow, keys: Sequence[int], income_ids: Collection[int]) -> pd.DataFrame:
    """Sum income, spending and net for each key (a month or a span), zeros where nothing flowed.

    Args:
        flow: rows of (key, category_id, amount); what has another key is left out.
        keys: in their order.
        income_ids: the categories that are income.

    Returns:
        key, income, spending, net (int64, minor units), in the order of `keys`.
    """
    income, spending = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
    for key, category_id, amount in flow:
        if key in income:
            if category_id in income_ids:
                income[key] += amount
            else:
                spending[key] -= amount
    came, went = (np.array(list(one.values()), dtype="int64") for one in (income, spending))
    return pd.DataFrame({"key": np.array(keys, dtype="int64"), "income": came, "spending": went, "net": came - went})


def total(flow: Flow, income_ids: Collection[int], keys: Collection[int] | None = None) -> Sums:
    """Sum income and spending over the flow, or over some of its keys."""
    income = spending = 0
    for key, category_id, amount in flow:
        if keys is None or key in keys:
            if category_id in income_ids:
                income += amount
            else:
                spending -= amount
    return Sums(income, spending)


def spending_by_category(flow: Flow, income_ids: Collection[int], keys: Collection[int] | None) -> pd.DataFrame:
    """Sum spending by category over some keys, the largest first; categories that sum to zero are left out.

    Returns:
        category_id (int64, 0 uncategorised), amount (int64, minor units; negative where refunds outweigh), share (float64 of
        the sum of those that cost something; NaN where refunds outweigh).
    """
    spent = spent_in(flow, income_ids, keys)
    whole = max(outlay(spent), 1)
    return pd.DataFrame(
        {
            "category_id": np.array(list(spent), dtype="int64"),
            "amount": np.array(list(spent.values()), dtype="int64"),
            "share": np.array([a / whole if a > 0 else np.nan for a in spent.values()], dtype="float64"),
        }
    )


class Ring(NamedTuple):
    """Spending by category as a ring has room for it: the largest slices, the small ones that are one slice, and what came back."""

    largest: list[Share]
    rest: list[Share]
    back: list[Share]

    @property
    def whole(self) -> int:
        """Return what all of it sums to, in minor units."""
        return sum(s.amount for part in self for s in part)

    @property
    def rest_amount(self) -> int:
        """Return what the small ones cost together, in minor units."""
        return sum(s.amount for s in self.rest)

    @property
    def rest_share(self) -> float:
        """Return the small ones' share of what was spent."""
        return sum(s.share for s in self.rest)


def fold_small(categories: pd.DataFrame, most: int = MOST_SLICES) -> Ring:
    """Cut a ranking into its first rows, the rest where more than one would be left over, and what came back."""
    shares = [Share(*row) for row in rows(categories)]
    positive, back = [s for s in shares if s.amount > 0], [s for s in shares if s.amount < 0]
    return Ring(positive, [], back) if len(positive) <= most + 1 else Ring(positive[:most], positive[most:], back)


class Change(NamedTuple):
    """How a category's spending differs from what is usual: minor units, more than usual positive."""

    category_id: int
    amount: int
    usual: int

    @property
    def difference(self) -> int:
        """Return how much more than usual it is; negative: less."""
        return self.amount - self.usual


def spent_in(flow: Flow, income_ids: Collection[int], keys: Collection[int] | None = None) -> dict[int, int]:
    """Return what each category cost over some keys, or all: minor units, positive, by category id, the largest first."""
    sums: dict[int, int] = {}
    for key, category_id, amount in flow:
        if category_id not in income_ids and (keys is None or key in keys):
            sums[category_id] = sums.get(category_id, 0) - amount
    return {i: spent for i, spent in sorted(sums.items(), key=lambda one: (-one[1], one[0])) if spent}


def outlay(spent: Mapping[int, int]) -> int:
    """Return what the categories cost that cost something, by category id: what shares are of."""
    return sum(amount for amount in spent.values() if amount > 0)


def biggest_changes(now: Mapping[int, int], usual: Sequence[Mapping[int, int]], most: int) -> list[Change]:
    """Return the categories that differ most from the median of what they usually cost, the largest difference first.

    Args:
        now: minor units by category id.
        usual: the same of each earlier period; a category that is not in one cost nothing then.
        most: how many; differences under SMALL are left out.
    """
    if not usual:
        return []
    ids = {i for one in (now, *usual) for i in one}
    changes = [Change(i, now.get(i, 0), int(median([one.get(i, 0) for one in usual]))) for i in ids]
    large = [c for c in changes if abs(c.difference) >= SMALL]
    return sorted(large, key=lambda c: (-abs(c.difference), c.category_id))[:most]
