"""Income, spending and net by month and by category. `flow` frames are those of model/queries/flow.py.

Spending is what left in expense categories and uncategorised, less refunds booked to them; income what came in income
categories and uncategorised; transfers are in neither. Net is income less spending, and equals the sum of all rows
that are no transfer (DESIGN.md of the project, section 3).

The frames are small (some hundred rows), so each figure takes its columns as arrays once: a groupby costs more than
the query it follows (`make bench`). Sums stay in int64: exact.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import median
from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.analysis.frames import rows

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


class Share(NamedTuple):
    """What a category cost: minor units; its share of what was spent, none (NaN) where more came back than went out."""

    category_id: int
    amount: int
    share: float


def by_key(flow: pd.DataFrame, keys: Sequence[int], income_ids: Collection[int]) -> pd.DataFrame:
    """Sum income, spending and net for each key (a month or a span), zeros where nothing flowed.

    Args:
        flow: key, category_id, amount.
        keys: ascending.
        income_ids: the categories that are income.

    Returns:
        key, income, spending, net (int64, minor units), in the order of `keys`.
    """
    wanted = np.asarray(keys, dtype="int64")
    key, amount, is_income = _columns(flow, income_ids)
    known = np.isin(key, wanted)
    place = np.searchsorted(wanted, key[known])
    income, spending = np.zeros(len(wanted), "int64"), np.zeros(len(wanted), "int64")
    np.add.at(income, place, np.where(is_income, amount, 0)[known])
    np.add.at(spending, place, np.where(is_income, 0, -amount)[known])
    return pd.DataFrame({"key": wanted, "income": income, "spending": spending, "net": income - spending})


def total(flow: pd.DataFrame, income_ids: Collection[int], keys: Collection[int] | None = None) -> Sums:
    """Sum income and spending over the flow, or over some of its keys."""
    key, amount, is_income = _columns(flow, income_ids)
    if keys is not None:
        known = np.isin(key, list(keys))
        amount, is_income = amount[known], is_income[known]
    return Sums(int(amount[is_income].sum()), -int(amount[~is_income].sum()))


def spending_by_category(flow: pd.DataFrame, income_ids: Collection[int], keys: Collection[int] | None) -> pd.DataFrame:
    """Sum spending by category over some keys, the largest first; categories that sum to zero are left out.

    Returns:
        category_id (int64, 0 uncategorised), amount (int64, minor units; negative where refunds outweigh), share (float64 of
        the sum of those that cost something; NaN where refunds outweigh).
    """
    ids, sums = _costs(flow, income_ids, keys)
    whole = int(sums[sums > 0].sum())
    return pd.DataFrame({"category_id": ids, "amount": sums, "share": np.where(sums > 0, sums / max(whole, 1), np.nan)})


def _costs(flow: pd.DataFrame, income_ids: Collection[int], keys: Collection[int] | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the categories that some keys, or all, sum to something in, and these sums, the largest first."""
    key, amount, is_income = _columns(flow, income_ids)
    counted = ~is_income if keys is None else np.isin(key, list(keys)) & ~is_income
    ids, place = np.unique(flow["category_id"].to_numpy()[counted], return_inverse=True)
    sums = np.zeros(len(ids), "int64")
    np.add.at(sums, place, -amount[counted])
    order = np.argsort(-sums, kind="stable")
    order = order[sums[order] != 0]
    return ids[order], sums[order]


def fold_small(categories: pd.DataFrame, most: int = MOST_SLICES) -> tuple[list[Share], list[Share], list[Share]]:
    """Cut a ranking into its first rows, the rest where more than one would be left over, and what came back."""
    shares = [Share(*row) for row in rows(categories)]
    positive, back = [s for s in shares if s.amount > 0], [s for s in shares if s.amount < 0]
    return (positive, [], back) if len(positive) <= most + 1 else (positive[:most], positive[most:], back)


class Change(NamedTuple):
    """How a category's spending differs from what is usual: minor units, more than usual positive."""

    category_id: int
    amount: int
    usual: int

    @property
    def difference(self) -> int:
        """Return how much more than usual it is; negative: less."""
        return self.amount - self.usual


def spent_in(flow: pd.DataFrame, income_ids: Collection[int], keys: Collection[int] | None = None) -> dict[int, int]:
    """Return what each category cost over some keys, or all: minor units, positive, by category id."""
    ids, sums = _costs(flow, income_ids, keys)
    return dict(zip(ids.tolist(), sums.tolist(), strict=True))


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


def _columns(flow: pd.DataFrame, income_ids: Collection[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return keys, amounts, and which amounts are income."""
    return flow["key"].to_numpy(), flow["amount"].to_numpy(), np.isin(flow["category_id"].to_numpy(), list(income_ids))
