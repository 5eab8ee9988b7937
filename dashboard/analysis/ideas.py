"""The category for a row: the person's rules first, then what the file says, then what the book has shown, then common words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.analysis.rules import Compiled, Rule
from dashboard.analysis.suggestions import SURE, WORDS, Suggester


class Idea(NamedTuple):
    """A category for a row: its id and name, how sure (as of analysis/suggestions.py) and why."""

    category_id: int
    category: str
    sure: int
    why: str

    @property
    def is_sure(self) -> bool:
        """Say whether it is sure."""
        return self.sure == SURE

    @property
    def level(self) -> str:
        """Say how sure in a word."""
        return WORDS[self.sure]


@dataclass
class Ideas:
    """What suggests categories for the rows of one book."""

    rules: Compiled
    suggester: Suggester
    names: dict[int, str]
    by_name: dict[str, int]
    # The rules whose patterns no search understands.
    unfit: tuple[Rule, ...] = ()

    @property
    def left_out(self) -> str:
        """Say which rules were left out since their patterns take too long or cannot be used, "" where none was."""
        slow = _named([rule.subject for rule in self.rules.slow], "takes", "take", "too long")
        unfit = _named([rule.subject for rule in self.unfit], "has", "have", "a pattern that cannot be used")
        return ". ".join(filter(None, (slow, unfit)))

    def of(self, payee: str, text: str, amount: int, account_id: int | None, category: str = "") -> Idea | None:
        """Return the idea for a row: payee and text as the bank wrote them, minor units, what the bank calls its category."""
        if (
            self.rules.rules
            and (rule := self.rules.match(payee, text, amount, account_id or 0)) is not None
            and rule.category_id in self.names
        ):
            return Idea(rule.category_id, self.names[rule.category_id], SURE, f"your rule {rule.subject}")
        if (known := self.by_name.get(category.casefold())) is not None:
            return Idea(known, self.names[known], SURE, "the file says so")
        found = self.suggester.suggest(payee, text, out=amount < 0, bank_category=category)
        return Idea(found.category, self.names[found.category], found.sure, found.why) if found else None


def _named(names: Sequence[str], one: str, many: str, what: str) -> str:
    if not names:
        return ""
    if len(names) == 1:
        return f"The rule for {names[0]} {one} {what} and was left out: say its pattern more simply"
    return f"The rules for {', '.join(names[:3])}{' and others' * (len(names) > 3)} {many} {what} and were left out: say them more simply"
