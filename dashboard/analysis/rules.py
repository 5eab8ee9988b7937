"""Rules for categories: what a transaction must be like, and which rule is the first that fits it.

A pattern is anyone's regular expression: patterns.py sees to it that none runs for long over one line. A run has a time
limit for all its matches together, which grows with its rows. The rule that has used most of it is left out for the rest
of the run and named; nothing waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from time import thread_time
from typing import Any

from dashboard.analysis import patterns
from dashboard.errors import InputNotValid
from dashboard.folding import fold, folded

LONGEST = patterns.LONGEST
# Seconds of this thread that all matches of a run may take: ALL, and MORE for each text, of which a match takes two millionths.
ALL, MORE = 1.2, 0.0005
DIRECTIONS = ("in", "out")
# What fits a text is remembered for so many pairs of a text and a rule: 300 patterns for 100,000 texts would fill gigabytes.
MOST_KEPT = 100_000
TOO_SLOW = "This pattern takes too long: say it more simply, with fewer + and * inside each other"


@dataclass(frozen=True)
class Rule:
    """One rule: all conditions that are given must hold.

    contains: looked for in payee and bank text, whatever the case and the accents. pattern: a regular expression, looked
    for in the same, line by line. least, most: minor units of the account's own currency, without sign, both included.
    direction: "in", "out" or "" for either.
    """

    id: int
    revision: int
    position: int
    category_id: int | None
    contains: str = ""
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    account_id: int | None = None
    direction: str = ""

    @property
    def conditions(self) -> dict[str, Any]:
        """Return what is given, by the names it is stored under."""
        given = {
            "contains": self.contains or None,
            "pattern": self.pattern or None,
            "least": self.least,
            "most": self.most,
            "account": self.account_id,
            "direction": self.direction or None,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def subject(self) -> str:
        """Return what a sentence calls it: “spar”."""
        words = self.contains or self.pattern
        if words:
            return f"\u201c{words[:60]}\u201d"
        if self.least is not None or self.most is not None:
            return "an amount"
        return "an account" if self.account_id is not None else "money in" if self.direction == "in" else "money out"

    def fits_numbers(self, amount: int, account_id: int) -> bool:
        """Say whether amount (minor units, signed) and account are those it asks for."""
        if self.account_id is not None and self.account_id != account_id:
            return False
        if self.direction and not (amount > 0 if self.direction == "in" else amount < 0):
            return False
        size = abs(amount)
        return (self.least is None or size >= self.least) and (self.most is None or size <= self.most)


def stored(given: dict[str, Any]) -> str:
    """Write conditions as they are stored."""
    return json.dumps(given, ensure_ascii=False, sort_keys=True)


def parsed(text: str) -> dict[str, Any]:
    """Read stored conditions as the arguments of a Rule.

    Raises:
        ValueError: they are none; anybody's file may hold anything.
    """
    try:
        given = json.loads(text)
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(given, dict) or not set(given) <= {"contains", "pattern", "least", "most", "account", "direction"}:
        raise ValueError
    for name in ("contains", "pattern"):
        if name in given and not (isinstance(given[name], str) and 0 < len(given[name]) <= LONGEST):
            raise ValueError
    for name in ("least", "most", "account"):
        if name in given and not (type(given[name]) is int and 0 <= given[name] < 2**53):
            raise ValueError
    if "direction" in given and given["direction"] not in DIRECTIONS:
        raise ValueError
    if given.get("least", 0) > given.get("most", 2**53):
        raise ValueError
    return {"account_id" if name == "account" else name: value for name, value in given.items()}


def unreadable(pattern: str) -> str:
    """Say why a pattern cannot be searched for, "" where it can."""
    try:
        patterns.ready(pattern)
    except patterns.NotReadable as error:
        return f"cannot be used: {error}"
    return ""


def checked(pattern: str) -> str:
    """Return a pattern that can be searched for.

    Raises:
        InputNotValid: it is no regular expression, or asks for what is not offered; the sentence says which.
    """
    if why := unreadable(pattern):
        raise InputNotValid(f"This pattern {why}", "pattern")
    return pattern


class Compiled:
    """Rules made ready for one run over many rows. `slow`: those that were left out since their patterns took too long."""

    def __init__(self, rules: Iterable[Rule], seconds: float | None = None) -> None:
        """Take the rules in the order of their positions; `seconds`, ALL by default, is what all patterns may take before the first row."""
        self.rules = sorted((r for r in rules if r.conditions), key=lambda r: (r.position, r.id))
        self.slow: list[Rule] = []
        self._left_out: set[int] = set()
        self._left = ALL if seconds is None else seconds
        self._used = {r.id: 0.0 for r in self.rules}
        self._worded = [(r, fold(r.contains)) for r in self.rules]
        # By payee and text: the rules whose words are in them, and which patterns fit.
        self._known: dict[tuple[str, str], tuple[tuple[Rule, ...], dict[int, bool]]] = {}
        self._kept = 0

    def match(self, payee: str, text: str, amount: int, account_id: int) -> Rule | None:
        """Return the first rule that fits a transaction; amount in minor units, signed."""
        candidates, found = self._known.get((payee, text)) or self._worded_for(payee, text)
        for rule in candidates:
            if not rule.fits_numbers(amount, account_id):
                continue
            if rule.pattern and rule.id not in found:
                found[rule.id] = self._search(rule, payee, text)
            if not rule.pattern or found[rule.id]:
                return rule
        return None

    def _worded_for(self, payee: str, text: str) -> tuple[tuple[Rule, ...], dict[int, bool]]:
        self._left += MORE
        both = folded(payee, text)
        candidates = tuple([rule for rule, words in self._worded if words in both])
        self._kept += len(candidates) + 1
        if self._kept > MOST_KEPT:
            self._known.clear()
            self._kept = len(candidates) + 1
        known = self._known[payee, text] = candidates, {}
        return known

    def _search(self, rule: Rule, payee: str, text: str) -> bool:
        if rule.id in self._left_out:
            return False
        start = thread_time()
        try:
            found = patterns.ready(rule.pattern).search(f"{payee}\n{text}")
        except patterns.NotReadable:
            return False
        took = thread_time() - start
        self._used[rule.id] += took
        self._left -= took
        if self._left <= 0:
            slow = max(self.rules, key=lambda r: self._used[r.id])
            # What it took is there for the others.
            self._left, self._used[slow.id] = self._left + self._used[slow.id], 0.0
            self.slow.append(slow)
            self._left_out.add(slow.id)
        return found


def compiled(rules: Iterable[Rule], seconds: float | None = None) -> Compiled:
    """Make rules ready for one run; see Compiled."""
    return Compiled(rules, seconds)


def first_match(rules: Iterable[Rule], payee: str, text: str, amount: int, account_id: int) -> Rule | None:
    """Return the first rule, by position, that fits one transaction."""
    return compiled(rules).match(payee, text, amount, account_id)
