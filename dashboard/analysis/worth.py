"""Balances over time and what they come to: per account, and by currency. Different currencies are never added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

SERIES_COLUMNS = ("currency", "month", "assets", "debts", "net")


def month_ends(sums: pd.DataFrame, accounts: Iterable[int], months: Sequence[int]) -> pd.DataFrame:
    """Return what was in each account at the end of each month.

    Args:
        sums: account_id, month (yyyymm), amount, as of `month_balances` in model/queries/worth.py.
        accounts: their ids.
        months: yyyymm, ascending; the last is the running one, of which `sums` knows what is until today.

    Returns:
        A row for each account, in their order, a column for each month; int64, minor units.
    """
    by_month = sums.pivot_table(index="account_id", columns="month", values="amount", aggfunc="sum", fill_value=0)
    known = sorted(set(by_month.columns) | set(months))
    running = by_month.reindex(index=list(accounts), columns=known, fill_value=0).astype("int64").cumsum(axis=1)
    return running[list(months)]


def by_currency(balances: pd.DataFrame, currencies: Mapping[int, str]) -> pd.DataFrame:
    """Sum balances by currency: what is owned, what is owed, and both together.

    Args:
        balances: as of `month_ends`.
        currencies: each account's.

    Returns:
        SERIES_COLUMNS, by currency in the order of the accounts and by month: assets (positive balances), debts (negative
        ones), net their sum; int64, minor units.
    """
    order = list(dict.fromkeys(currencies.values()))
    frames = []
    for code in order:
        own = balances.loc[[i for i in balances.index if currencies[i] == code]]
        assets, debts = own.clip(lower=0).sum(), own.clip(upper=0).sum()
        frames.append(pd.DataFrame({"currency": code, "month": list(own.columns), "assets": assets.to_numpy(), "debts": debts.to_numpy()}))
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="object" if name == "currency" else "int64") for name in SERIES_COLUMNS})
    series = pd.concat(frames, ignore_index=True)
    return series.assign(net=series["assets"] + series["debts"])
