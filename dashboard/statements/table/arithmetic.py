"""What columns of amounts are to each other: one less a fee, one times a rate, a balance before and one after."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from dashboard.statements.shapes import Proof
from dashboard.statements.table.currencies import currency_of
from dashboard.statements.table.hypothesis import ZERO, Hypothesis, Values, role_of
from dashboard.statements.table.layout import Column


def after_fees(numbers: list[Column], values: dict[int, Values]) -> list[tuple[int, int]]:
    """Return the pairs of columns of which one is the other less a fee in every row: gross, fee and net stand side by side."""
    found = []
    for gross in numbers:
        for fee in numbers:
            if fee.index == gross.index or role_of(fee) != "fee":
                continue
            for net in numbers:
                if net.index in (gross.index, fee.index) or role_of(net) not in ("amount", ""):
                    continue
                rows = [
                    r
                    for r in zip(values[gross.index], values[fee.index], values[net.index], strict=True)
                    if r[0] is not None and r[2] is not None
                ]
                sizes = [r[1] for r in rows if r[1]]
                # A fee is written as what it takes away, or as how large it is.
                side = 1 if all(size < 0 for size in sizes) else -1 if all(size > 0 for size in sizes) else 0
                if sizes and side and all(c == (a or ZERO) + side * (b or ZERO) for a, b, c in rows):
                    found.append((gross.index, net.index))
    return found


def converted(numbers: list[Column], values: dict[int, Values]) -> list[tuple[int, int]]:
    """Return the pairs of columns of which the second is the first times a rate, wherever the two differ: the account's own amount."""
    found = []
    rates = [c for c in numbers if role_of(c) == "rate"]
    for foreign in numbers if rates else ():
        for home in numbers:
            if home is foreign or role_of(home) not in ("amount", "") or role_of(foreign) not in ("amount", "original", ""):
                continue
            for rate in rates:
                rows = zip(values[foreign.index], values[rate.index], values[home.index], strict=True)
                known = [(a, r, b) for a, r, b in rows if a and b and a != b]
                if known and all(r and abs(a * r - b) <= abs(b) / 50 for a, r, b in known):
                    found.append((foreign.index, home.index))
    return found


def exchanged(numbers: list[Column], values: dict[int, Values], columns: list[Column]) -> list[tuple[int, int]]:
    """Return the pairs of columns that are equal but where the code beside the first is a foreign one: the second is the account's."""
    found = []
    for foreign in numbers:
        beside = columns[foreign.index + 1] if foreign.index + 1 < len(columns) else None
        codes = [currency_of(cell) for cell in beside.cells] if beside is not None and beside.kind == "text" else []
        usual, count = Counter(codes).most_common(1)[0] if codes else (None, 0)
        if usual is None or count == len(codes):
            continue
        for home in numbers:
            rows = list(zip(values[foreign.index], values[home.index], codes, strict=False))
            if home is foreign or home.named("balance") or any(a is None or b is None for a, b, _ in rows):
                continue
            if all((a == b) == (code == usual) for a, b, code in rows):
                found.append((foreign.index, home.index))
    return found


def differences(numbers: list[Column], values: dict[int, Values]) -> list[Hypothesis]:
    """Return what a balance before and one after each row say: where the two chain from row to row, their difference is what moved."""
    found = []
    for before in numbers:
        for after in numbers:
            if after is before or not (before.named("balance") and after.named("balance")):
                continue
            rows = [(a, b) for a, b in zip(values[before.index], values[after.index], strict=True) if a is not None and b is not None]
            if len(rows) < 2 or all(a == b for a, b in rows):
                continue
            chained = [sum(1 for x, y in pairwise(order) if x[1] == y[0]) for order in (rows, rows[::-1])]
            if max(chained) < 0.9 * (len(rows) - 1):
                continue
            moved: Values = [
                None if a is None or b is None else b - a for a, b in zip(values[before.index], values[after.index], strict=True)
            ]
            proof = Proof(max(chained), len(rows) - 1)
            found.append(
                Hypothesis(
                    "difference", (before.index, after.index), 20.0, moved, named=True, balance=after.index, proof=proof, both_signs=True
                )
            )
    return found
