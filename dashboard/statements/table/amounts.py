"""Which columns hold the amounts and what their signs mean: every possibility is a hypothesis with values, scored whole.

A running balance that adds up proves column, decimals, sign and order at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from dashboard.statements.shapes import Proof
from dashboard.statements.table.columns import ZERO, Column, Values, number_shape, number_values, role_of
from dashboard.statements.table.currencies import currency_of
from dashboard.statements.table.dates import date_shape, to_date
from dashboard.statements.table.vocabulary import CREDIT_WORDS, DEBIT_WORDS, FEE_HEADS, LOOSE_DIRECTIONS, NEUTRAL_WORDS, fold
from dashboard.statements.table.weights import BY_ROLE, DIRECTION, PAIR, PROOF, SINGLE

SCORED_ROWS = 600
# Columns of numbers that are tried with each other, by twos and threes: no statement has half as many.
MOST_NUMBERS = 24
_ACCOUNT = frozenset(
    """account konta konto kontos kontowahrung racuna rachunku compte cuenta conta conto hesap счета рахунку tilin rekening szamla uctu
    contului saskaitos konti""".split()
)


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
    neutral: int = 0
    balance: int | None = None
    proof: Proof | None = None
    both_signs: bool = False
    marked: bool = False
    direction: dict[str, int] = field(default_factory=dict)
    # How a direction's words and the signs go together: "word" (no signs), "sign" (both say the same), "turned" (each says the
    # contrary), "product" (a minus turns the word round: a reversal).
    reading: str = ""
    signs: tuple[int, int] = (1, 1)
    # The column of fees that balances say is taken off besides.
    fee: int | None = None
    # The column of fees of which that is left open.
    open_fee: int | None = None
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
    numbers = _candidates(columns)
    values = {c.index: number_values(c, mark_for(c), slice(0, SCORED_ROWS)) for c in numbers}
    decimals = {c.index: any(v is not None and v != v.to_integral_value() for v in values[c.index]) for c in numbers}
    found = _of_one_column(columns, numbers, values, decimals)
    for debit in numbers:
        found.extend(pair for credit in numbers if debit.index != credit.index and (pair := _pair(debit, credit, values, decimals)))
    # What moved the account is the amount after the fee, and the one in its own currency.
    nets = _after_fees(numbers, values)
    _prefer(found, nets, PROOF.net)
    _prefer(found, _converted(numbers, values), PROOF.converted)
    _prefer(found, _exchanged(numbers, values, columns), PROOF.exchanged)
    _prove_all(found, columns, numbers, values, {net for _, net in nets})
    # Money in before money out, and neither named: only balances that add up can say so.
    found = [h for h in found if h.form != "pair" or h.named or h.columns[0] < h.columns[1] or (h.proof is not None and h.proof.holds)]
    found += _differences(numbers, values)
    return sorted(found, key=lambda h: -h.score)


def _candidates(columns: list[Column]) -> list[Column]:
    """Return the columns that may hold amounts, balances, fees or rates."""
    numbers = [c for c in columns if c.kind == "number" and not (c.look_alike and not c.named("amount", "debit", "credit"))]
    # A month without money in leaves its column empty, and it is still the other half of the pair.
    numbers += [c for c in columns if c.kind == "empty" and role_of(c) in ("debit", "credit")]
    return _likeliest(numbers)


def _likeliest(numbers: list[Column]) -> list[Column]:
    """Return the columns that are tried, in their order: those whose heads say most, then the fullest."""
    best = sorted(numbers, key=lambda c: (-max(c.roles.values(), default=0), -c.fill, c.index))[:MOST_NUMBERS]
    return sorted(best, key=lambda c: c.index)


def _prefer(found: list[Hypothesis], pairs: list[tuple[int, int]], points: float) -> None:
    """Favour what reads the second column of a pair over what reads the first."""
    for other, own in pairs:
        for hypothesis in found:
            if other in hypothesis.columns or own in hypothesis.columns:
                hypothesis.score += points if own in hypothesis.columns else -points


def _of_one_column(columns: list[Column], numbers: list[Column], values: dict[int, Values], decimals: dict[int, bool]) -> list[Hypothesis]:
    """Return each column read alone, and together with each one of directions."""
    some_decimals = any(decimals[c.index] for c in numbers if role_of(c) not in ("rate", "fee", "original"))
    directions = [(c, meaning) for c in columns if (meaning := direction_of(c))]
    # Where a transfer has a source and a target amount, and nothing else is one, the account's own is one of them.
    own = {role_of(c) for c in numbers}.isdisjoint(("amount", "debit", "credit"))
    found: list[Hypothesis] = []
    for column in numbers:
        single = _single(column, values[column.index], decimals[column.index], some_decimals)
        if own and role_of(column) == "original":
            single.score += SINGLE.alone
        single.score += _home_currency(column, columns) + _own_signs(column, numbers)
        if _is_charge(column, numbers):
            single.score += SINGLE.charge
            single.charged = single.named = True
        found.append(single)
        found.extend(made for other, meaning in directions if (made := _directed(single, other, meaning)))
    return found


def _is_charge(column: Column, numbers: list[Column]) -> bool:
    """Say whether a charge has nothing beside it that would hold the credits: money out, and refunds with a minus."""
    return (
        role_of(column) == "debit" and column.named("debit") >= SINGLE.charge_strength and not any(role_of(c) == "credit" for c in numbers)
    )


def _single(column: Column, values: Values, has_decimals: bool, some_decimals: bool) -> Hypothesis:
    """Return one column read alone, scored by its head and by its values."""
    known = [v for v in values if v is not None]
    shapes = [s for cell in column.cells[:SCORED_ROWS] if (s := number_shape(cell))]
    marked = any(s.sign > 0 or s.side for s in shapes)
    score = _head_points(column)
    if column.look_alike:
        score += SINGLE.look_alike
    fill = len(known) / max(1, len(values))
    score += SINGLE.fill * fill + (SINGLE.half_empty if fill < SINGLE.half else 0.0)
    score += SINGLE.decimals if has_decimals else (SINGLE.no_decimals if some_decimals else 0.0)
    negative, positive = any(v < 0 for v in known), any(v > 0 for v in known)
    score += SINGLE.signs if negative or marked else 0.0
    if len(known) >= 3 and len(set(known)) == 1:
        score += SINGLE.constant
    if sum(1 for v in known if not v) * 2 > len(known):
        score += SINGLE.zeros
    if not any(known):
        score += SINGLE.nothing
    named = role_of(column) == "amount"
    return Hypothesis("single", (column.index,), score, values, named=named, both_signs=negative and positive, marked=marked)


def _head_points(column: Column) -> float:
    """Return how much a head speaks for its column as that of the amounts."""
    role = role_of(column)
    score = BY_ROLE.get(role, 0.0)
    if role != "amount":
        return score
    score += min(column.named("amount"), SINGLE.strongest) * SINGLE.strength
    if not _ACCOUNT.isdisjoint(fold(column.head).split()):
        # "Amount in account currency": beside the one of the purchase it is the account's own.
        score += SINGLE.account
    if column.named("original", "fee", "id") >= column.named("amount"):
        score += SINGLE.other
    return score


def _home_currency(column: Column, columns: list[Column]) -> float:
    """Favour an amount beside one constant currency over one beside a changing currency: that is the account's own."""
    if column.index + 1 >= len(columns):
        return 0.0
    codes = [code for cell in columns[column.index + 1].cells if (code := currency_of(cell))]
    if len(codes) < SINGLE.codes * len(column.cells):
        return 0.0
    return SINGLE.one_currency if len(set(codes)) == 1 else SINGLE.currencies


def _own_signs(column: Column, numbers: list[Column]) -> float:
    """Favour amounts that all carry one currency's sign over those beside them that carry several."""

    def signs(one: Column) -> set[str]:
        return {s.currency for cell in one.cells[:SCORED_ROWS] if (s := number_shape(cell)) and s.currency}

    mine = signs(column)
    if len(mine) > 1:
        return SINGLE.currencies
    return SINGLE.one_currency if len(mine) == 1 and any(len(signs(other)) > 1 for other in numbers if other is not column) else 0.0


def _directed(single: Hypothesis, column: Column, meaning: dict[str, int]) -> Hypothesis | None:
    """Return the single column read with a direction column, None where that contradicts it."""
    words = [meaning.get(fold(cell)) for cell in column.cells[:SCORED_ROWS]]
    # A row without a word takes the side nobody wrote; only a lone minus says that the rest is plus.
    bare = not single.both_signs and set(meaning) != {"-"}
    rows = [(v, sign) for v, sign in zip(single.values, words, strict=True) if v]
    told = [(v, sign) for v, sign in rows if sign]
    agreed = _agreement(told, meaning, both_signs=single.both_signs)
    if agreed is None:
        return None
    reading, clear = agreed
    score = single.score + DIRECTION.unclear
    if clear:
        score = single.score + DIRECTION.words + (DIRECTION.named if column.named("direction") else 0.0)
        score += DIRECTION.agree if reading == "sign" and told else 0.0
    return Hypothesis(
        "direction",
        (*single.columns, column.index),
        score,
        _signed(single.values, words, reading),
        named=single.named,
        reading=reading,
        neutral=sum(1 for v, sign in rows if sign == 0 or (sign is None and v > 0 and bare)),
        both_signs=True,
        direction=meaning,
    )


def _agreement(told: list[tuple[Decimal, int]], meaning: dict[str, int], *, both_signs: bool) -> tuple[str, bool] | None:
    """Return how words and signs go together, which is the `reading` of a Hypothesis, and whether clearly; None where they do not.

    Args:
        told: the amount of each row that has a word, and what the word means.
    """
    agree = sum(1 for v, sign in told if v * sign > 0)
    oppose, plus = len(told) - agree, sum(1 for v, _ in told if v > 0)
    if plus == len(told) and not both_signs:
        return "word", True
    if oppose and all(word.strip(" .()[]") in LOOSE_DIRECTIONS for word in meaning):
        return None
    if not oppose or not agree:
        return "turned" if oppose else "sign", True
    if agree >= max(oppose, plus):
        return None
    # A minus beside a word is that word's reversal where most amounts have none.
    return "product" if plus >= oppose else "turned", max(plus, oppose) >= DIRECTION.clearly * len(told)


def _signed(values: Values, words: list[int | None], reading: str) -> Values:
    """Return the values with the signs that their words give them."""
    signed: Values = []
    for value, sign in zip(values, words, strict=True):
        if value is None or not sign or reading in ("sign", "turned"):
            signed.append(-value if value is not None and reading == "turned" else value)
        else:
            signed.append(value * sign if reading == "product" else abs(value) * sign)
    return signed


def _pair(debit: Column, credit: Column, values: dict[int, Values], decimals: dict[int, bool]) -> Hypothesis | None:
    """Return two columns read as money out and money in, None where they cannot be that."""
    out, into = values[debit.index], values[credit.index]
    roles = role_of(debit), role_of(credit)
    if not _may_be_sides(debit, credit):
        return None
    # Each row that fills one of two columns, one of them named, names the other.
    named = roles in (("debit", "credit"), ("debit", ""), ("", "credit"))
    both = sum(1 for a, b in zip(out, into, strict=True) if a and b)
    either = sum(1 for a, b in zip(out, into, strict=True) if a or b)
    present = sum(1 for a, b in zip(out, into, strict=True) if a is not None or b is not None)
    if not either or (both and both > PAIR.overlap * either):
        return None
    # Columns without both names are a pair only where each row fills one of them and both are used.
    if roles != ("debit", "credit") and (both or either < PAIR.unnamed_fill * present or not any(out) or not any(into)):
        return None
    score = PAIR.named * ((roles[0] == "debit") + (roles[1] == "credit"))
    score = score + PAIR.apart * (1 - both / either) + PAIR.fill * present / len(out)
    score += PAIR.decimals if decimals[debit.index] or decimals[credit.index] else 0.0
    if not named:
        score += PAIR.beside if credit.index == debit.index + 1 else PAIR.elsewhere
    signs = _majority(out), _majority(into)
    moved = [_moved(a, b, signs) for a, b in zip(out, into, strict=True)]
    return Hypothesis("pair", (debit.index, credit.index), score, moved, named=named, both_signs=True, signs=signs)


def _may_be_sides(debit: Column, credit: Column) -> bool:
    """Say whether heads and places of two columns allow that they are money out and money in."""
    roles = role_of(debit), role_of(credit)
    if roles == ("debit", "credit"):
        return True
    if roles[0] not in ("debit", "id", "") or roles[1] not in ("credit", "id", ""):
        return False
    return debit.index <= credit.index + 1


def _moved(out: Decimal | None, into: Decimal | None, signs: tuple[int, int]) -> Decimal | None:
    """Return what a row moved by the cells of its two sides, None where both are empty."""
    if out is None and into is None:
        return None
    return (into or ZERO) * signs[1] - (out or ZERO) * signs[0]


def _majority(values: Values) -> int:
    """Return the sign most values of a column have, 0 where it has none: some banks write money out as negative in its own column."""
    negative = sum(1 for v in values if v is not None and v < 0)
    positive = sum(1 for v in values if v is not None and v > 0)
    return -1 if negative > positive else 1 if positive else 0


def _ascends(columns: list[Column]) -> bool:
    """Say whether the oldest row stands first, whichever of day and month does."""
    dates = next((c for c in columns if c.kind == "date"), None)
    shapes = [s for cell in dates.cells if (s := date_shape(cell))] if dates else []
    if len(shapes) < 2:
        return False
    ends = [(to_date(shapes[0], order, 2000), to_date(shapes[-1], order, 2000)) for order in ("dmy", "mdy")]
    known = [(first, last) for first, last in ends if first and last]
    return bool(known) and all(first < last for first, last in known)


def _prove_all(found: list[Hypothesis], columns: list[Column], numbers: list[Column], values: dict[int, Values], nets: set[int]) -> None:
    """Hold every hypothesis against the balances; `nets` are the columns from which fees are taken off already."""
    balances = [c for c in numbers if c.named("balance") or (not role_of(c) and c.fill > SINGLE.fill_balance)]
    oldest_first = _ascends(columns)
    fees = [c for c in numbers if role_of(c) == "fee"]
    for hypothesis in found:
        _prove(hypothesis, balances, values)
        for fee in fees:
            _prove_with_fee(hypothesis, fee, balances, values)
        if hypothesis.fee is None and hypothesis.columns[0] not in nets:
            _leave_fee_open(hypothesis, fees, values)
        if oldest_first and (hypothesis.proof is None or not hypothesis.proof.agree):
            _prove_before(hypothesis, balances, values)


def _prove_before(hypothesis: Hypothesis, balances: list[Column], values: dict[int, Values]) -> None:
    """Prove by balances that stand before their row, as some banks write them; only where the oldest row is known to be first.

    Newest first the same equation would mean the amounts turned round.
    """
    if hypothesis.form != "single" or not hypothesis.both_signs:
        return
    for column in balances:
        known = values[column.index]
        rows = [
            (v, b, after)
            for v, b, after in zip(hypothesis.values, known, known[1:], strict=False)
            if v and b is not None and after is not None
        ]
        if column.index not in hypothesis.columns and len(rows) >= 3 and all(after - b == v for v, b, after in rows):
            hypothesis.proof, hypothesis.balance = Proof(len(rows), len(rows)), None
            hypothesis.score += PROOF.before
            return


def _prove_with_fee(hypothesis: Hypothesis, fee: Column, balances: list[Column], values: dict[int, Values]) -> None:
    """Take a fee off the amounts where the balances of several rows say so; one row's alone may be a chance, and is left open."""
    if fee.index in hypothesis.columns or not any(values[fee.index]):
        return
    taken: Values = [v if not f else (v or ZERO) - abs(f) for v, f in zip(hypothesis.values, values[fee.index], strict=True)]
    charged = sum(1 for f in values[fee.index] if f)
    before = hypothesis.proof.agree if hypothesis.proof else 0
    for column in balances:
        if column.index not in hypothesis.columns and column is not fee:
            proof, _ = balance_proof(taken, values[column.index])
            if proof.steps < 2 or proof.agree <= before:
                continue
            if proof.agree - before >= max(2, charged / 2):
                hypothesis.values, hypothesis.fee = taken, fee.index
                hypothesis.score += PROOF.fee * proof.agree / proof.steps
                hypothesis.proof, hypothesis.balance = proof, column.index
            else:
                hypothesis.open_fee = fee.index
            return


def _leave_fee_open(hypothesis: Hypothesis, fees: list[Column], values: dict[int, Values]) -> None:
    """Leave open whether a fee is part of the amounts, where no balance says so."""
    if hypothesis.proof is None or not hypothesis.proof.holds:
        charged = [c for c in fees if fold(c.head) in FEE_HEADS and c.index not in hypothesis.columns and any(values[c.index])]
        hypothesis.open_fee = charged[0].index if len(charged) == 1 else hypothesis.open_fee


def _prove(hypothesis: Hypothesis, balances: list[Column], values: dict[int, Values]) -> None:
    for column in balances:
        if column.index in hypothesis.columns:
            continue
        known = values[column.index]
        if len({b for b in known if b is not None}) < 2:
            continue
        proof, _ = balance_proof(hypothesis.values, known)
        # A column that is not named so, and explains nothing, is no balance.
        told = proof.agree or (proof.steps and column.named("balance"))
        if told and (hypothesis.proof is None or proof.agree > hypothesis.proof.agree):
            hypothesis.proof, hypothesis.balance = proof, column.index
    if hypothesis.proof is None or not hypothesis.proof.agree:
        return
    share = hypothesis.proof.agree / hypothesis.proof.steps
    if hypothesis.proof.steps == 1:
        hypothesis.score += PROOF.one_step
    elif hypothesis.proof.agree >= 2 and share >= PROOF.share:
        hypothesis.score += PROOF.steps * share


def _after_fees(numbers: list[Column], values: dict[int, Values]) -> list[tuple[int, int]]:
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


def _converted(numbers: list[Column], values: dict[int, Values]) -> list[tuple[int, int]]:
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
                if known and all(r and abs(a * r - b) <= abs(b) / PROOF.rounding for a, r, b in known):
                    found.append((foreign.index, home.index))
    return found


def _exchanged(numbers: list[Column], values: dict[int, Values], columns: list[Column]) -> list[tuple[int, int]]:
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
            if max(chained) < PROOF.chained * (len(rows) - 1):
                continue
            moved: Values = [
                None if a is None or b is None else b - a for a, b in zip(values[before.index], values[after.index], strict=True)
            ]
            proof = Proof(max(chained), len(rows) - 1)
            found.append(
                Hypothesis(
                    "difference",
                    (before.index, after.index),
                    PROOF.difference,
                    moved,
                    named=True,
                    balance=after.index,
                    proof=proof,
                    both_signs=True,
                )
            )
    return found
