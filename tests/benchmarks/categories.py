"""How often a suggested category is right: with half of a labelled set as history, on the other half; cold and warm.

The sets are not ours and are not shipped: they are looked for beside the project, and on a machine that has none a made-up one stands in.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from dashboard.analysis import payees
from dashboard.analysis.suggestions import SURE, Past, Suggester
from dashboard.model.categories import PRESET
from tests.benchmarks.measuring import report

SETS = Path(__file__).resolve().parents[3] / "shared" / "statements"
HALVES = 6
# What the labels of the sets are called here, by the words in them: only so can a cold start be judged.
MEANT = {
    "Groceries": ("groceries", "super markets"),
    "Eating out": ("restaurant", "coffee", "fast food", "food delivery", "bars", "bakeries"),
    "Transport": ("/ gas", "taxis", "public transport", "parking", "automobile", "tolls", "car loan", "transport"),
    "Utilities": ("electricity", "water"),
    "Phone & internet": ("internet", "mobile phone", "communications"),
    "Housing": ("/ rent", "mortgage"),
    "Insurance": ("insurance",),
    "Health": ("pharmac", "primary", "health care", "drug store"),
    "Pets": ("pet supplies", "veterinary"),
    "Clothing": ("clothing",),
    "Travel": ("lodging", "flights", "airline", "travel", "car rental"),
    "Gifts": ("donations",),
    "Salary": ("wages", "salary"),
}


class Labelled(NamedTuple):
    """A row of a set: what the bank wrote, whether money left, and its label."""

    text: str
    out: bool
    label: str


def sets() -> dict[str, list[Labelled]]:
    """Return the labelled sets there are."""
    found: dict[str, list[Labelled]] = {}
    if (SETS / "manifest.json").exists():
        for one in json.loads((SETS / "manifest.json").read_text())["labelled"]:
            if rows := _read(SETS / one["file"], one.get("label_columns"), one.get("text_column")):
                found[Path(one["file"]).stem[:24]] = rows
    return found or {"made up": _made_up()}


def _read(path: Path, labels: list[str] | None, column: str | None) -> list[Labelled]:
    text = path.read_text(encoding="utf-8-sig")
    delimiter = ";" if text.partition("\n")[0].count(";") > 2 else ","
    rows = []
    for row in csv.DictReader(text.splitlines(), delimiter=delimiter):
        label = " / ".join(row[name] or "" for name in labels) if labels else row.get("transaction_category") or ""
        words = row[column] if column else row["transaction_text"]
        amount = next((row[name] for name in ("Amount", "amount", "Charges $") if name in row), None)
        out = row.get("transaction_type") == "Debit" if amount is None else bool(amount) and (amount[0] == "-" or "Charges $" in row)
        if label.strip(" /") and words:
            rows.append(Labelled(words, out, label))
    return rows


def _made_up() -> list[Labelled]:
    dice = random.Random(4)
    shops = [(f"SHOP {'ABCDEFGHIJ'[n % 10]}{'KLMNOP'[n // 10]}", f"Label {n % 9}") for n in range(60)]
    return [Labelled(f"{shop} #{dice.randrange(10_000)}", True, label) for _ in range(600) for shop, label in [dice.choice(shops)]]


def measure_categories() -> None:
    """Report what is right, cold and warm, and how much of it is Sure."""
    every: Counter[str] = Counter()
    for name, rows in sets().items():
        counted = _warm(rows)
        every.update(counted)
        cold = _cold(rows)
        share = f"{cold['right'] / cold['told']:.0%} of {cold['told'] / cold['known']:.0%}" if cold["told"] else "none"
        report(f"categories of {name}, {len(rows)} rows", f"{_said(counted)}; cold: right {share}", "reported")
    precision, coverage = every["sure right"] / max(1, every["sure"]), every["sure"] / every["rows"]
    report("  what is marked Sure is right, warm", f"{precision:.1%}", ">= 97 %", precision >= 0.97)
    report("  warm rows that are Sure", f"{coverage:.1%}", ">= 40 %", coverage >= 0.40)


def _said(counted: Counter[str]) -> str:
    rows, sure = counted["rows"], counted["sure"]
    return f"right {counted['right'] / rows:.0%}, Sure {sure / rows:.0%}, of these right {counted['sure right'] / max(1, sure):.1%}"


def _warm(rows: list[Labelled]) -> Counter[str]:
    """Suggest one half by the other, for several ways of halving."""
    counted: Counter[str] = Counter()
    for turn in range(HALVES):
        mixed = rows[:]
        random.Random(turn).shuffle(mixed)
        half = len(mixed) // 2
        names = {label: place for place, label in enumerate(sorted({row.label for row in mixed}), 1)}
        groups = Counter(mixed[:half])
        past = [
            Past(payees.key(row.text) or 0, row.text, row.text, row.out, names[row.label], count, last)
            for last, (row, count) in enumerate(groups.items(), 1)
        ]
        suggester = Suggester.of(past, {})
        for row in mixed[half:]:
            found = suggester.suggest(row.text, row.text, out=row.out)
            right = found is not None and found.category == names[row.label]
            counted["rows"] += 1
            counted["right"] += right
            if found is not None and found.sure == SURE:
                counted["sure"] += 1
                counted["sure right"] += right
    return counted


def _cold(rows: list[Labelled]) -> Counter[str]:
    """Suggest by common words alone, for the rows whose label is one of ours by another name."""
    numbers = {name: (place, kind == "income") for place, (name, _, kind, _, _) in enumerate(PRESET, 1)}
    suggester = Suggester.of([], numbers)
    counted: Counter[str] = Counter()
    for row in rows:
        meant = next((name for name, words in MEANT.items() if any(word in row.label.lower() for word in words)), None)
        if meant is None:
            continue
        counted["known"] += 1
        found = suggester.suggest(row.text, row.text, out=row.out)
        if found is not None:
            counted["told"] += 1
            counted["right"] += found.category == numbers[meant][0]
    return counted
