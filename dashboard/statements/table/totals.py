"""Balances and totals that stand among the rows: told by their words."""

from __future__ import annotations

import re
from functools import lru_cache

from dashboard.statements.table.vocabulary import SUMMARY_WORDS, fold

# What stands around the words of a balance: dates, "as of", currencies.
_AROUND = re.compile(
    r"\b(?:as of|as at|on|at|of|per|am|vom|zum|au|le|del|al|a|em|op|den|dne|na dzien|z dnia|ka|til|pr|from|to|for|"
    r"eur|usd|gbp|chf|pln|sek|nok|dkk|czk)\b|[\d./:,*()\s-]+"
)
_FIRST_WORDS = frozenset(words.split()[0] for words in SUMMARY_WORDS)
LONGEST_SUMMARY = 40


@lru_cache(maxsize=20_000)
def _may_begin(word: str) -> bool:
    return fold(word.strip(" .:*\t")) in _FIRST_WORDS


def is_summary(cell: str) -> bool:
    """Say whether a text names a balance or a total, perhaps with a date: Closing balance as of 31/03/2024."""
    if len(cell) > LONGEST_SUMMARY or not _may_begin(cell.lstrip(" .:*\t").partition(" ")[0]):
        return False
    folded = fold(cell.strip(" .:*\t"))
    if folded in SUMMARY_WORDS or not any(c.isdigit() for c in folded):
        return folded in SUMMARY_WORDS
    # Only phrases: "Total" with a number behind it is a petrol station.
    bare = " ".join(_AROUND.sub(" ", folded).split())
    return " " in bare and bare in SUMMARY_WORDS
