"""Which columns hold the amounts and what their signs mean: every possibility is a hypothesis with values, scored whole.

A running balance that adds up proves column, decimals, sign and order at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from dashboard.statements.cells import EMPTY, number_shape, to_amount
from dashboard.statements.layout import Column
from dashboard.statements.shapes import Proof
from dashboard.statements.vocabulary import CREDIT_WORDS, DEBIT_WORDS, LOOSE_DIRECTIONS, NEUTRAL_WORDS, currency_of, fold

SCORED_ROWS = 600
ZERO = Decimal(0)
CREDIT_SIDES = frozenset({"cr", "hab", "h"})
_ACCOUNT = frozenset(
    "account konta konto kontos kontowahrung racuna rachunku compte cuenta conta conto hesap \u0441\u0447\u0435\u0442\u0430 \u0440\u0430\u0445\u0443\u043d\u043a\u0443 tilin rekening szamla uctu contului saskaitos konti".split()
)
Values = list[Decimal | None]


@dataclass
class Hypothesis:
    """One way of reading the amounts, with the values it gives over the core rows.

    form: single (one signed column), direction (unsigned with a direction column) or pair (debit and credit columns).
    """

    form: str
    columns: tuple[int, ...]
    score: float
    values: Values
    named: bool
    flip: bool = False
    neutral: int = 0
    balance: int | None = None
    proof: Proof | None = None
    both_signs: bool = False
    marked: bool = False
    direction: dict[str, int] = field(default_factory=dict)
    signs: tuple[int, int] = (1, 1)
    # Whether its head says that all of it is money out.
    charged: bool = False


def balance_proof(
    values: Sequence[Decimal | None], balances: Sequence[Decimal | None], lines: Sequence[int] | None = None
) -> tuple[Proof, bool]:
    """Count the steps between known balances that the amounts explain, oldest first or newest first.

    Returns:
        The better of the two directions, and whether it is the newest-first one.
    """
    best: tuple[Proof, bool] = (Proof(0, 0), False)
    for backward in (False, True):
        agree = steps = 0
        broken: int | None = None
        known: Decimal | None = None
        total = ZERO
        for i, (value, balance) in enumerate(zip(values, balances, strict=True)):
            amount = value or ZERO
            if not backward:
                total += amount
            if balance is not None:
                if known is not None:
                    steps += 1
                    if (balance - known if not backward else known - balance) == total:
                        agree += 1
                    elif broken is None:
                        broken = lines[i] if lines else None
                known, total = balance, ZERO
            if backward:
                total += amount
        if agree > best[0].agree or not best[0].steps:
            best = (Proof(agree, steps, broken), backward)
    return best


def number_values(column: Column, mark: str, rows: slice = slice(None)) -> Values:
    """Return the signed values of a column's cells, None where a cell is empty or does not fit the mark."""
    found: Values = []
    for cell in column.cells[rows]:
        shape = number_shape(cell) if cell.casefold() not in EMPTY else None
        value = to_amount(shape, mark) if shape else None
        if value is not None and shape is not None and shape.side:
            value = abs(value) if shape.side in CREDIT_SIDES else -abs(value)
        found.append(value)
    return found


def direction_of(column: Column) -> dict[str, int]:
    """Return what each word of a direction column means (-1 out, 1 in, 0 neutral); empty where it is none."""
    if column.kind != "text" or not column.words or len(column.words) > 12:
        return {}
    if spelled := _initials(column):
        return spelled
    meaning: dict[str, int] = {}
    for word in column.words:
        bare = word.strip(" .()[]")
        if bare in DEBIT_WORDS:
            meaning[word] = -1
        elif bare in CREDIT_WORDS:
            meaning[word] = 1
        elif bare in NEUTRAL_WORDS:
            meaning[word] = 0
        else:
            return {}
    signs = set(meaning.values()) - {0}
    # One value alone is no direction unless the head says that it is one, and the word does not name a kind of movement.
    sure = any(sign and word.strip(" .()[]") not in LOOSE_DIRECTIONS for word, sign in meaning.items())
    if len(signs) == 2 or (signs and sure and column.named("direction") >= 3):
        return meaning
    return {}


def _initials(column: Column) -> dict[str, int]:
    """Read C and A under "Cargo/Abono": the head names both sides, the cells begin as one of them does."""
    sides = [word for word in re.split(r"[\s/|\\()-]+", fold(column.head)) if word]
    out, into = [w for w in sides if w in DEBIT_WORDS and len(w) > 1], [w for w in sides if w in CREDIT_WORDS and len(w) > 1]
    if len(out) != 1 or len(into) != 1:
        return {}
    meaning: dict[str, int] = {}
    for word in column.words:
        bare = word.strip(" .()[]")
        begins = (out[0].startswith(bare), into[0].startswith(bare))
        if not bare or begins[0] == begins[1]:
            return {}
        meaning[word] = -1 if begins[0] else 1
    return meaning


def hypotheses(columns: list[Column], mark_for: Callable[[Column], str]) -> list[Hypothesis]:
    """Return every reading of the amounts, the best first."""
    rows = slice(0, SCORED_ROWS)
    numbers = [c for c in columns if c.kind == "number" and not (c.look_alike and not c.named("amount", "debit", "credit"))]
    # A month without money in leaves its column empty, and it is still the other half of the pair.
    numbers += [c for c in columns if c.kind == "empty" and _role(c) in ("debit", "credit")]
    values = {c.index: number_values(c, mark_for(c), rows) for c in numbers}
    decimals = {c.index: any(v is not None and v != v.to_integral_value() for v in values[c.index]) for c in numbers}
    some_decimals = any(decimals[c.index] for c in numbers if _role(c) not in ("rate", "fee", "original"))
    directions = [(c, meaning) for c in columns if (meaning := direction_of(c))]
    found: list[Hypothesis] = []
    for column in numbers:
        single = _single(column, values[column.index], decimals[column.index], some_decimals)
        single.score += _home_currency(column, columns) + _own_signs(column, numbers)
        if (
            single.form == "single"
            and _role(column) == "debit"
            and column.named("debit") >= 5
            and not any(_role(c) == "credit" for c in numbers)
        ):
            # A charge with nothing beside it that would hold the credits: money out, and refunds with a minus.
            single.score += 3.0
            single.charged = single.named = True
        found.append(single)
        for other, meaning in directions:
            if made := _directed(single, other, meaning):
                found.append(made)
    for gross, net in _after_fees(numbers, values):
        # What moved the account is the amount after the fee.
        for hypothesis in found:
            if gross in hypothesis.columns or net in hypothesis.columns:
                hypothesis.score += 3.0 if net in hypothesis.columns else -3.0
    for foreign, home in _converted(numbers, values):
        for hypothesis in found:
            if foreign in hypothesis.columns or home in hypothesis.columns:
                hypothesis.score += 2.0 if home in hypothesis.columns else -2.0
    for debit in numbers:
        found.extend(pair for credit in numbers if debit.index != credit.index and (pair := _pair(debit, credit, values, decimals)))
    balances = [c for c in numbers if c.named("balance") or (not _role(c) and c.fill > 0.2)]
    for hypothesis in found:
        _prove(hypothesis, balances, values)
    # Money in before money out, and neither named: only balances that add up can say so.
    found = [h for h in found if h.form != "pair" or h.named or h.columns[0] < h.columns[1] or (h.proof is not None and h.proof.holds)]
    found += _differences(numbers, values)
    return sorted(found, key=lambda h: -h.score)


def _after_fees(numbers: list[Column], values: dict[int, Values]) -> list[tuple[int, int]]:
    """Return the pairs of columns of which one is the other less a fee in every row: gross, fee and net stand side by side."""
    found = []
    for gross in numbers:
        for fee in numbers:
            if fee.index == gross.index or _role(fee) != "fee":
                continue
            for net in numbers:
                if net.index in (gross.index, fee.index) or _role(net) not in ("amount", ""):
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


def _converted(numbers: list[Column], values: dict[int, Values]) -> list[tuple[int, int]]:
    """Return the pairs of columns of which the second is the first times a rate, wherever the two differ: the account's own amount."""
    found = []
    rates = [c for c in numbers if _role(c) == "rate"]
    for foreign in numbers if rates else ():
        for home in numbers:
            if home is foreign or _role(home) not in ("amount", "") or _role(foreign) not in ("amount", "original", ""):
                continue
            for rate in rates:
                rows = zip(values[foreign.index], values[rate.index], values[home.index], strict=True)
                known = [(a, r, b) for a, r, b in rows if a and b and a != b]
                if known and all(r and abs(a * r - b) <= abs(b) / 50 for a, r, b in known):
                    found.append((foreign.index, home.index))
    return found


def _differences(numbers: list[Column], values: dict[int, Values]) -> list[Hypothesis]:
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


def _role(column: Column) -> str:
    """Return what a number column's head says it is, demoting roles first: "Amount (fee)" is a fee."""
    order = ("fee", "original", "rate", "balance", "id", "debit", "credit", "amount")
    best = max(column.roles.values(), default=0)
    strong = [role for role in order if column.roles.get(role, 0) >= max(1, best - 3)]
    for role in ("fee", "original", "rate"):
        if role in strong:
            return role
    if column.named("debit") and column.named("credit"):
        return "amount"
    if column.named("balance") and column.named("balance") >= column.named("amount"):
        return "balance"
    for role in ("debit", "credit"):
        # "Amount (debit)" names both; the side is what tells it from its twin.
        if column.named(role) and column.named(role) + 2 >= column.named("amount") - 6:
            return role
    if column.named("amount"):
        return "amount"
    return "id" if column.named("id") else ""


def _single(column: Column, values: Values, has_decimals: bool, some_decimals: bool) -> Hypothesis:
    known = [v for v in values if v is not None]
    shapes = [s for cell in column.cells[:SCORED_ROWS] if (s := number_shape(cell))]
    marked = any(s.sign > 0 or s.side for s in shapes)
    role = _role(column)
    score = {
        "amount": 4.0 + min(column.named("amount"), 12) * 0.03,
        "debit": 1.0,
        "credit": 1.0,
        "balance": -3.0,
        "fee": -4.0,
        "original": -4.0,
        "rate": -4.5,
        "id": -4.0,
    }.get(role, 0.0)
    if role == "amount" and not _ACCOUNT.isdisjoint(fold(column.head).split()):
        # "Amount in account currency": beside the one of the purchase it is the account's own.
        score += 1.0
    if role == "amount" and column.named("original", "fee", "id") >= column.named("amount"):
        score -= 2.0
    if column.look_alike:
        score -= 2.0
    fill = len(known) / max(1, len(values))
    score += 2.5 * fill - (2.0 if fill < 0.5 else 0.0)
    score += 1.0 if has_decimals else (-1.5 if some_decimals else 0.0)
    negative, positive = any(v < 0 for v in known), any(v > 0 for v in known)
    score += 1.2 if negative or marked else 0.0
    if len(known) >= 3 and len(set(known)) == 1:
        score -= 2.0
    if sum(1 for v in known if not v) * 2 > len(known):
        score -= 2.5
    if not any(known):
        score -= 6.0
    return Hypothesis("single", (column.index,), score, values, named=role == "amount", both_signs=negative and positive, marked=marked)


def _home_currency(column: Column, columns: list[Column]) -> float:
    """Favour an amount beside one constant currency over one beside a changing currency: that is the account's own."""
    if column.index + 1 >= len(columns):
        return 0.0
    codes = [code for cell in columns[column.index + 1].cells if (code := currency_of(cell))]
    if len(codes) < 0.8 * len(column.cells):
        return 0.0
    return 0.4 if len(set(codes)) == 1 else -1.5


def _own_signs(column: Column, numbers: list[Column]) -> float:
    """Favour amounts that all carry one currency's sign over those beside them that carry several."""

    def signs(one: Column) -> set[str]:
        return {s.currency for cell in one.cells[:SCORED_ROWS] if (s := number_shape(cell)) and s.currency}

    mine = signs(column)
    if len(mine) > 1:
        return -1.5
    return 0.4 if len(mine) == 1 and any(len(signs(other)) > 1 for other in numbers if other is not column) else 0.0


def _directed(single: Hypothesis, column: Column, meaning: dict[str, int]) -> Hypothesis | None:
    """Return the single column read with a direction column, None where that contradicts it."""
    words = [meaning.get(fold(cell)) for cell in column.cells[:SCORED_ROWS]]
    signed: Values = []
    neutral = contradictions = agreements = 0
    for value, sign in zip(single.values, words, strict=True):
        if value is None or sign is None:
            # A row without a word takes the side nobody wrote; only a lone minus says that the rest is plus.
            neutral += bool(value and value > 0 and not single.both_signs and set(meaning) != {"-"})
            signed.append(None if value is None else value)
            continue
        if sign == 0:
            neutral += 1
            signed.append(value)
            continue
        if value < 0:
            if sign < 0:
                agreements += 1
            else:
                contradictions += 1
        elif value > 0 and single.both_signs:
            if sign > 0:
                agreements += 1
            else:
                contradictions += 1
        signed.append(abs(value) * sign if not single.both_signs or contradictions == 0 else -value)
    if contradictions and (agreements or all(word.strip(" .()[]") in LOOSE_DIRECTIONS for word in meaning)):
        return None
    flip = contradictions > 0
    if flip:
        signed = [None if v is None else -v for v in single.values]
    elif single.both_signs:
        signed = list(single.values)
    score = single.score + 2.0 + (2.0 if column.named("direction") else 0.0) + (0.5 if agreements and not contradictions else 0.0)
    return Hypothesis(
        "direction",
        (*single.columns, column.index),
        score,
        signed,
        named=single.named,
        flip=flip,
        neutral=neutral,
        both_signs=True,
        direction=meaning,
    )


def _pair(debit: Column, credit: Column, values: dict[int, Values], decimals: dict[int, bool]) -> Hypothesis | None:
    out, into = values[debit.index], values[credit.index]
    roles = _role(debit), _role(credit)
    if roles[0] in ("credit", "balance", "fee", "rate", "original") or roles[1] in ("debit", "balance", "fee", "rate", "original"):
        return None
    # Each row that fills one of two columns, one of them named, names the other.
    named = roles in (("debit", "credit"), ("debit", ""), ("", "credit"))
    if roles != ("debit", "credit") and (
        roles[0] == "amount" or roles[1] == "amount" or (debit.index != credit.index + 1 and debit.index > credit.index)
    ):
        return None
    both = sum(1 for a, b in zip(out, into, strict=True) if a and b)
    either = sum(1 for a, b in zip(out, into, strict=True) if a or b)
    present = sum(1 for a, b in zip(out, into, strict=True) if a is not None or b is not None)
    if not either or (both and both > 0.3 * either):
        return None
    # Columns without both names are a pair only where each row fills one of them and both are used.
    if roles != ("debit", "credit") and (both or either < 0.9 * present or not any(out) or not any(into)):
        return None
    signs = _majority(out), _majority(into)
    signed: Values = []
    for a, b in zip(out, into, strict=True):
        if a is None and b is None:
            signed.append(None)
        else:
            signed.append((b or ZERO) * signs[1] - (a or ZERO) * signs[0])
    score = 3.2 * ((roles[0] == "debit") + (roles[1] == "credit")) + 2.0 * (1 - both / either) + 1.5 * present / len(out)
    score += 1.0 if decimals[debit.index] or decimals[credit.index] else 0.0
    if not named:
        score += 1.0 if credit.index == debit.index + 1 else -1.0
    return Hypothesis("pair", (debit.index, credit.index), score, signed, named=named, both_signs=True, signs=signs)


def _majority(values: Values) -> int:
    """Return the sign most values of a column have, minus in a tie: some banks write money out as negative in its own column."""
    negative = sum(1 for v in values if v is not None and v < 0)
    positive = sum(1 for v in values if v is not None and v > 0)
    return -1 if negative >= positive and negative else 1


def _prove(hypothesis: Hypothesis, balances: list[Column], values: dict[int, Values]) -> None:
    for column in balances:
        if column.index in hypothesis.columns:
            continue
        known = values[column.index]
        if len({b for b in known if b is not None}) < 2:
            continue
        proof, _ = balance_proof(hypothesis.values, known)
        if proof.steps and (hypothesis.proof is None or proof.agree > hypothesis.proof.agree):
            hypothesis.proof, hypothesis.balance = proof, column.index
    if hypothesis.proof is None or not hypothesis.proof.agree:
        return
    share = hypothesis.proof.agree / hypothesis.proof.steps
    if hypothesis.proof.steps == 1:
        hypothesis.score += 3.0
    elif hypothesis.proof.agree >= 2 and share >= 0.3:
        hypothesis.score += 6.0 * share
