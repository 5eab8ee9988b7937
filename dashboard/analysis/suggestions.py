"""Which category a transaction belongs to: the user's rules, then what this book has shown, then what common words mean.

What a row shows are its clues, from the most telling to the least: the payee as it is known again, its first words, what it
is by the vocabulary, the bank's own category, single words. The book's history says of each clue which category its rows
went to. How far a kind of clue can be trusted the history says as well: each of its rows is guessed from all others, and a
kind that would have been right often enough is Sure. So one book's habits decide about that book alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from dashboard.analysis import payees
from dashboard.analysis.merchants import CONCEPTS

SURE, LIKELY, GUESS = 3, 2, 1
WORDS = {SURE: "Sure", LIKELY: "Likely", GUESS: "Guess"}
# Shares of past guesses of one kind that were right, from which on it is called so.
SURE_FROM, LIKELY_FROM = 0.965, 0.75
LONGEST_PHRASE = 4
# A guess that the history makes worse than this yields to the vocabulary.
LEAST = 0.5
# Concepts whose name is no word for people.
NAMES = {
    "fastfood": "fast food",
    "healthinsurance": "health insurance",
    "carloan": "car loan",
    "cardpayment": "card payment",
    "care": "personal care",
}


class Suggestion(NamedTuple):
    """A category (its id) for a row, how sure it is (SURE, LIKELY or GUESS), and why, in words."""

    category: int
    sure: int
    why: str


class Past(NamedTuple):
    """What the history holds of a payee, known by `key` (payees.py): `rows` of one category, the latest written by revision `last`."""

    key: int
    payee: str
    text: str
    out: bool
    category: int
    rows: int
    last: int


class Clue(NamedTuple):
    """One thing a row shows: a kind, a value, and the side the money went."""

    kind: str
    value: str
    out: bool


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], str], dict[str, str], dict[str, str], dict[str, str]]:
    """Return the vocabulary as whole phrases, beginnings and endings of words, and what scripts without spaces hold."""
    whole: dict[tuple[str, ...], str] = {}
    begins: dict[str, str] = {}
    ends: dict[str, str] = {}
    inside: dict[str, str] = {}
    for concept, (_, text) in CONCEPTS.items():
        for phrase in (p.strip() for p in text.replace("\n", " ").split("|")):
            if not phrase:
                continue
            folded = payees.fold(phrase.strip("*"))
            if any("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in folded):
                inside.setdefault(folded, concept)
            elif phrase.startswith("*"):
                ends.setdefault(folded, concept)
            elif phrase.endswith("*") and " " not in folded and "*" not in folded:
                begins.setdefault(folded, concept)
            else:
                whole.setdefault(tuple(folded.replace("*", " ").split()), concept)
    return whole, begins, ends, inside


@lru_cache(maxsize=50_000)
def concepts(text: str) -> tuple[str, ...]:
    """Return what a text speaks of by the vocabulary, the most telling first."""
    whole, begins, ends, inside = _phrases()
    found: dict[str, float] = {}
    said = payees.all_words(text)

    def note(concept: str, points: float, place: int) -> None:
        found[concept] = max(found.get(concept, 0.0), points - 0.05 * place)

    for start in range(len(said)):
        for size in range(min(LONGEST_PHRASE, len(said) - start), 0, -1):
            part = said[start : start + size]
            if concept := whole.get(part):
                note(concept, sum(map(len, part)) + 1.5 * size, start)
                break
        word = said[start]
        for length in range(len(word), 2, -1):
            if concept := begins.get(word[:length]):
                note(concept, length + (1.0 if length == len(word) else 0.0), start)
                break
        for at in range(1, len(word) - 3):
            if concept := ends.get(word[at:]):
                note(concept, len(word) - at, start)
                break
    if not text.isascii():
        glued = payees.fold(text)
        for phrase, concept in inside.items():
            if phrase in glued:
                note(concept, 3.0 * len(phrase), 0)
    return tuple(sorted(found, key=lambda concept: -found[concept]))


# Words that say nothing of a payee when they stand alone at the front.
_PLAIN = frozenset(
    """the der die das le la les el los il de van st san new us uk www com paypal google apple amazon amzn sq ach
    web online payment transfer""".split()
)


@lru_cache(maxsize=50_000)
def _clues(key: int, payee: str, text: str) -> tuple[tuple[str, str], ...]:
    full = _full(payee, text)
    named = payees.words(payee)
    found: list[tuple[str, str]] = [("whole", " ".join(payees.all_words(full))), ("payee", str(key))]
    if len(named) > 1:
        found.append(("two", " ".join(named[:2])))
    if named and len(named[0]) > 2 and named[0] not in _PLAIN:
        found.append(("first", named[0]))
    known = concepts(full)
    if known:
        found.append(("concept", known[0]))
        if len(known) > 1:
            found.append(("concepts", " ".join(sorted(known[:3]))))
    return tuple(found)


def _full(payee: str, text: str) -> str:
    return text if payee in text else f"{payee} {text}"


def _spoken(payee: str, text: str) -> str:
    known = concepts(_full(payee, text))
    return known[0] if known else ""


# The kinds of clues, the most telling first, each with how often it is right as far as nobody knows better.
KINDS = {"whole": 0.96, "payee": 0.95, "two": 0.9, "first": 0.85, "concepts": 0.8, "concept": 0.75}
# What it adds that rows do not agree, or that one, two, three and more do.
STRENGTHS = {0: -0.3, 1: -0.03, 2: -0.005, 3: 0.02}
# What a trade says of a row, apart from its name.
TRADES = ("concept", "concepts")
AGREEMENT = 0.02
# How many rows of experience an opinion is worth that comes without any.
PRIOR = 7.0
# Single words and trades are Sure only where so many rows agree.
MANY = 4


@dataclass
class Suggester:
    """Suggests categories for the rows of one book."""

    seen: dict[Clue, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    latest: dict[Clue, tuple[int, int]] = field(default_factory=dict)
    # What the rows behind a clue spoke of by the vocabulary.
    spoke: dict[Clue, set[str]] = field(default_factory=lambda: defaultdict(set))
    trust: dict[tuple[str, int, int], float] = field(default_factory=dict)
    # The book's categories by the preset names that the vocabulary leads to: id, and whether money comes in by it.
    presets: dict[str, tuple[int, bool]] = field(default_factory=dict)
    _known: dict[tuple[str, str, bool, str], Suggestion | None] = field(default_factory=dict)

    @classmethod
    def of(cls, past: Sequence[Past], presets: dict[str, tuple[int, bool]]) -> Suggester:
        """Learn from a history; `presets` maps a preset category's name to the book's id for it and whether it is income."""
        made = cls(presets=presets)
        for row in past:
            spoken = _spoken(row.payee, row.text)
            for kind, value in _clues(row.key, row.payee, row.text):
                clue = Clue(kind, value, row.out)
                made.spoke[clue].add(spoken)
                # A hundred rows of one shop say no more about its first word than a few do.
                made.seen[clue][row.category] += row.rows if kind in ("whole", "payee") else min(row.rows, 3)
                if row.last >= made.latest.get(clue, (-1, 0))[0]:
                    made.latest[clue] = (row.last, row.category)
        made._weigh(past)
        return made

    def _weigh(self, past: Iterable[Past]) -> None:
        """Guess each row of the history from all others, and count how often each kind of clue is right."""
        right: Counter[tuple[str, int, int]] = Counter()
        tried: Counter[tuple[str, int, int]] = Counter()
        for row in past:
            found: list[tuple[str, int, int]] = []
            for kind, value in _clues(row.key, row.payee, row.text):
                counts = self.seen[Clue(kind, value, row.out)]
                own = row.rows if kind in ("whole", "payee") else min(row.rows, 3)
                left = counts.copy()
                # Of several equal rows each is guessed from the rest of them too; of a single one from the others.
                left[row.category] -= 1 if own > 1 and kind in ("whole", "payee") else own
                if (leader := _leader(left)) is not None:
                    found.append((kind, _strength(left), leader[0]))
            weight = min(row.rows, 3)
            for kind, strength, category in found:
                bucket = (kind, strength, _agreement(kind, category, found))
                tried[bucket] += weight
                right[bucket] += weight * (category == row.category)
        for kind, prior in KINDS.items():
            count, hits = (sum(n for bucket, n in counter.items() if bucket[0] == kind and bucket[1]) for counter in (tried, right))
            # What the kind is worth in this book, before its strengths are told apart.
            here = (hits + PRIOR * prior) / (count + PRIOR)
            for strength, more in STRENGTHS.items():
                for agreement in (-1, 0, 1):
                    bucket = (kind, strength, agreement)
                    start = here + more + AGREEMENT * agreement
                    self.trust[bucket] = (right[bucket] + PRIOR * start) / (tried[bucket] + PRIOR)

    def suggest(self, payee: str, text: str, *, out: bool, bank_category: str = "") -> Suggestion | None:
        """Return the category of a row by its words as the bank wrote them, None where nothing speaks for any.

        `bank_category` is what the bank calls it; of that only the words are understood.
        """
        shape = payees.shape(payee)
        shaped = shape, shape if text == payee else payees.shape(text), out, bank_category
        if shaped not in self._known:
            self._known[shaped] = self._suggested(payee, text, out, bank_category)
        return self._known[shaped]

    def _suggested(self, payee: str, text: str, out: bool, bank_category: str) -> Suggestion | None:
        best: tuple[float, Suggestion] | None = None
        clues = _clues(payees.key(payee) or 0, payee, text)
        spoken = _spoken(payee, text)
        found: list[tuple[str, int, int]] = []
        counted: list[tuple[str, Clue, int]] = []
        for kind, value in clues:
            clue = Clue(kind, value, out)
            counts = self.seen.get(clue)
            leader = _leader(counts) if counts else None
            if counts is None or leader is None:
                continue
            category, strength = leader[0], _strength(counts)
            if kind in ("whole", "payee") and self.latest[clue][1] != category:
                # What was last said of this payee holds at once.
                category, strength = self.latest[clue][1], 0
            found.append((kind, strength, category))
            counted.append((value, clue, counts[category]))
        for (kind, strength, category), (value, clue, count) in zip(found, counted, strict=True):
            trust = self.trust.get((kind, strength, _agreement(kind, category, found)), 0.5)
            if kind not in ("whole", "payee") and (count < MANY or (kind in ("two", "first") and spoken not in self.spoke[clue])):
                # The same word in front of another trade is another payee: Uber drives and delivers.
                trust = min(trust, SURE_FROM - 0.001)
            if best is None or trust > best[0] + 1e-9:
                best = trust, Suggestion(category, _level(trust), _why(kind, value, count))
        if best is not None and best[0] >= LEAST:
            return best[1]
        cold = self._by_words(_full(payee, text), out) or self._by_words(bank_category, out)
        return cold if best is None or (cold is not None and cold.sure > best[1].sure) else best[1]

    def _by_words(self, text: str, out: bool) -> Suggestion | None:
        known = [c for c in concepts(text) if CONCEPTS[c][0] in self.presets]
        if not known:
            return None
        category, comes_in = self.presets[CONCEPTS[known[0]][0]]
        if comes_in and out:
            return None
        # Several trades in one text, or money back from one that takes it, leave room for doubt.
        clear = comes_in != out and len({CONCEPTS[c][0] for c in concepts(text)}) == 1
        return Suggestion(category, LIKELY if clear else GUESS, f"\u201c{NAMES.get(known[0], known[0])}\u201d by its words")


def _agreement(kind: str, category: int, found: Sequence[tuple[str, int, int]]) -> int:
    """Say whether what a row speaks of and what its name is known for lead to one category (1), to two (-1), or stand alone (0)."""
    trade = kind in TRADES
    others = {other for name, strength, other in found if strength and (name in TRADES) != trade}
    return 0 if not others else 1 if category in others else -1


def _leader(counts: Counter[int]) -> tuple[int, int] | None:
    """Return the category with the most rows and their number, None where nothing is left."""
    found = [(count, name) for name, count in counts.items() if count > 0]
    if not found:
        return None
    count, name = max(found)
    return name, count


def _strength(counts: Counter[int]) -> int:
    """Return how much stands behind a clue: 0 mixed, else 1 to 3 for one, two, three and more rows that agree."""
    total = sum(count for count in counts.values() if count > 0)
    leader = _leader(counts)
    if leader is None or leader[1] < total * 0.9:
        return 0
    return min(3, total)


def _level(trust: float) -> int:
    return SURE if trust >= SURE_FROM else LIKELY if trust >= LIKELY_FROM else GUESS


def _why(kind: str, value: str, count: int) -> str:
    times = "once" if count == 1 else f"{count} times"
    if kind in ("whole", "payee"):
        return f"seen {times}"
    if kind in TRADES:
        trade = value.split(maxsplit=1)[0]
        return f"\u201c{NAMES.get(trade, trade)}\u201d, as {times} before"
    return f"\u201c{value}\u201d, seen {times}"
