"""What a file cannot decide, put as one question with its readings side by side on real rows."""

from __future__ import annotations

from dashboard.statements.shapes import Hints, Option, Question
from dashboard.statements.table.amounts import Hypothesis
from dashboard.statements.table.columns import ZERO, Column, number_shape, number_values
from dashboard.statements.table.dates import DateShape, to_date
from dashboard.statements.table.grid import Layout
from dashboard.statements.table.vocabulary import CARD_CREDIT_WORDS, CARD_NUMBER, CARD_WORDS, INCOME_WORDS, PAYMENT_WORDS
from dashboard.statements.table.weights import CHOICE, SIGN


def columns_question(found: list[Hypothesis], layout: Layout) -> Question | None:
    """Ask which column holds the amounts, where two readings that give different rows are about as good."""
    best = found[0]
    if best.proof is not None and best.proof.holds:
        return None
    if best.form == "pair" and not best.named:
        return None if _words_tell(best, layout) else _sides(best, layout)
    rival = next((h for h in found[1:] if not _same(h, best)), None)
    if rival is None:
        return None
    if _amount_then_balance(best, rival, layout):
        return None
    clear = CHOICE.clear_named if best.named else CHOICE.clear
    if best.score - rival.score >= clear:
        return None
    options = tuple(Option(",".join(map(str, h.columns)), _label(h, layout), _examples(h)) for h in (best, rival))
    return Question("columns", "Which column holds the amounts?", options)


def _said(best: Hypothesis, layout: Layout) -> list[str]:
    """Return each row's words; those of states and kinds of movement are not the bank's about that row."""
    told = [
        c
        for c in layout.columns
        if c.kind == "text" and c.role_among(("status", "direction", "payee", "description", "note")) not in ("status", "direction")
    ]
    return [" ".join(c.cells[i] for c in told) for i in range(len(best.values))]


def _amount_then_balance(best: Hypothesis, rival: Hypothesis, layout: Layout) -> bool:
    """Say whether a table without heads, too short for a proof, has a signed amount before its last column: the balance stands last."""
    numbers = [c.index for c in layout.columns if c.kind == "number" and not c.look_alike]
    return (
        not layout.known
        and len(layout.core) <= 2
        and best.form == rival.form == "single"
        and len(numbers) == 2
        and best.columns[0] == numbers[0]
        and numbers[1] == max(c.index for c in layout.columns if c.kind != "empty")
        and any(v is not None and v < 0 for v in best.values)
    )


def _words_tell(best: Hypothesis, layout: Layout) -> bool:
    """Say whether the words of the rows tell money in from money out: payments, salaries and refunds on one side alone.

    Every row of the side with fewer must not speak against it, and people pay out more often than they are paid.
    """
    spoken = [0, 0]
    for value, said in zip(best.values, _said(best, layout), strict=True):
        if value:
            spoken[value > 0] += bool(INCOME_WORDS.search(said) or PAYMENT_WORDS.search(said))
    out, into = sum(1 for v in best.values if v and v < 0), sum(1 for v in best.values if v and v > 0)
    return spoken[1] >= 1 and not spoken[0] and out > into and spoken[1] * 2 >= into


def _sides(best: Hypothesis, layout: Layout) -> Question:
    first, second = best.columns
    return Question(
        "columns",
        "Two columns without heads hold amounts. Is the first of them money out?",
        (
            Option(f"{first},{second}", f"{_name(layout, first)} is money out", _examples(best)),
            Option(f"{second},{first}", f"{_name(layout, second)} is money out"),
        ),
    )


def _same(one: Hypothesis, other: Hypothesis) -> bool:
    """Say whether `one` gives no other rows than `other`: it agrees wherever it has an amount at all."""
    return all(a is None or a == (b or 0) for a, b in zip(one.values, other.values, strict=True))


def _name(layout: Layout, index: int) -> str:
    head = layout.heads[index] if index < len(layout.heads) else ""
    return f"\u201c{head}\u201d" if head else f"Column {index + 1}"


def _label(hypothesis: Hypothesis, layout: Layout) -> str:
    names = [_name(layout, index) for index in hypothesis.columns]
    if hypothesis.form == "pair":
        return f"{names[0]} is money out, {names[1]} is money in"
    return f"{names[0]} with {names[1]}" if hypothesis.form == "direction" else names[0]


def _examples(hypothesis: Hypothesis) -> tuple[str, ...]:
    return tuple(str(v) for v in hypothesis.values if v)[:3]


def sign(best: Hypothesis, layout: Layout, hints: Hints, above: str = "") -> tuple[bool, Question | None]:
    """Say whether the signs must be turned round; ask where the file does not show whose point of view it takes.

    `above` is what stands over the table.
    """
    if hints.sign:
        return hints.sign == "out-positive", None
    if best.form in ("pair", "difference"):
        return False, None
    if best.charged:
        return sum(1 for v in best.values if v and v > 0) * 2 > len(best.values), None
    if best.form == "direction":
        return _directed(best)
    known = [v for v in best.values if v is not None and v != 0]
    proven = best.proof is not None and best.proof.holds
    positive = sum(1 for v in known if v > 0)
    if positive == len(known) and best.marked and _partly_marked(best, layout):
        return False, _sign_question(
            best, "Some amounts are marked as credits, the others carry no sign. Is an amount without a mark money out or money in?"
        )
    if positive == len(known) and not best.marked and not best.both_signs:
        return False, _unsigned(best, len(known))
    if not known:
        return False, None
    texts = _said(best, layout)
    # A balance shows how much, and not whose: what is owed on a card grows with every purchase.
    if _is_card(best, layout, texts, above):
        return True, None
    return False, None if proven else _payments_question(best, texts, positive, len(known))


def _unsigned(best: Hypothesis, count: int) -> Question | None:
    """Ask what amounts without any sign are, unless balances say so."""
    proof = best.proof
    # Every step must agree here: balances that fall while amounts are positive say that the sign is left out.
    if proof is not None and proof.holds and count >= 3 and proof.agree * 10 >= proof.steps * 9:
        return None
    return _sign_question(best, "All amounts are positive. Are they money out (a card) or money in?")


def _payments_question(best: Hypothesis, texts: list[str], positive: int, count: int) -> Question | None:
    """Ask whether this is a card's statement, where payments and refunds are the negative amounts among `count`."""
    paying = [v for v, text in zip(best.values, texts, strict=True) if v is not None and PAYMENT_WORDS.search(text)]
    payments, paid_in = sum(1 for v in paying if v < 0), sum(1 for v in paying if v > 0)
    mostly_positive = positive > SIGN.mostly * count
    if mostly_positive and (payments >= 1 or (positive > SIGN.nearly_all * count and count >= 4)) and payments >= paid_in:
        return _sign_question(best, "Most amounts are positive, as on card statements. Is a positive amount money out or money in?")
    if payments >= 2 and payments > paid_in and positive >= SIGN.some * count:
        return _sign_question(best, "Payments and refunds stand with a minus here. Is a positive amount money out or money in?")
    return None


def fee(best: Hypothesis, layout: Layout, hints: Hints, mark: str) -> tuple[int | None, Question | None]:
    """Return the column of fees to take off besides the amounts; ask where neither balances nor the person say so."""
    at = best.fee if best.fee is not None else best.open_fee
    if at is None or hints.fee:
        return (at if hints.fee == "besides" else None), None
    if best.open_fee is None:
        return at, None
    charged = number_values(layout.columns[at], mark, slice(0, len(best.values)))
    rows = [(value or ZERO, abs(fee)) for value, fee in zip(best.values, charged, strict=True) if fee][:3]
    head = _name(layout, at)
    return at, Question(
        "fee",
        f"{head} stands in a column of its own. Is it part of the amounts, or was it taken besides?",
        (
            Option("besides", f"Besides: the amount and {head}", tuple(str(value - fee) for value, fee in rows)),
            Option("included", "Part of it: the amount alone", tuple(str(value) for value, _ in rows)),
        ),
    )


def _directed(best: Hypothesis) -> tuple[bool, Question | None]:
    """Say whether signs beside direction words must be turned round; ask where words and signs leave it open."""
    if best.reading == "turned" and len(set(best.direction.values()) - {0}) == 2:
        # Every debit is positive and every credit negative: the words say which is which.
        return True, None
    if best.reading == "turned":
        return True, _sign_question(best, "Debits stand without and credits with a minus here. Is a positive amount money out or money in?")
    if best.neutral:
        return False, _sign_question(
            best, f"{best.neutral} rows are neither money in nor money out in this file. Read them as their sign says?"
        )
    return False, None


def _is_card(best: Hypothesis, layout: Layout, texts: list[str], above: str) -> bool:
    """Say whether this is a card's statement with purchases as positive amounts: the negative ones are payments to it and returns."""
    rows = [(v, text) for v, text in zip(best.values, texts, strict=True) if v]
    negative = [bool(CARD_CREDIT_WORDS.search(text)) for v, text in rows if v < 0]
    positive = [bool(CARD_CREDIT_WORDS.search(text)) for v, text in rows if v > 0]
    if len(rows) < 4 or not negative or len(positive) < 2 * len(negative) or sum(negative) * 3 < 2 * len(negative) or any(positive):
        return False
    # Rows of any account speak of cards; a card's own number stands alone in its cell.
    cells = (cell for c in layout.columns if c.kind == "text" for cell in c.cells[:20])
    card = any(CARD_WORDS.search(said) for said in (above, *layout.heads)) or any(CARD_NUMBER.fullmatch(cell.strip()) for cell in cells)
    return card or any("thank you" in text.casefold() or "autopay" in text.casefold() for v, text in rows if v < 0)


def _partly_marked(best: Hypothesis, layout: Layout) -> bool:
    shapes = [s for cell in layout.columns[best.columns[0]].cells if (s := number_shape(cell))]
    marked = sum(1 for s in shapes if s.sign or s.side)
    return 0 < marked < len(shapes)


def _sign_question(best: Hypothesis, text: str) -> Question:
    values = [v for v in best.values if v][:3]
    return Question(
        "sign",
        text,
        (
            Option("out-positive", "Positive is money out", tuple(f"{-v}" for v in values)),
            Option("out-negative", "Positive is money in", tuple(f"{v}" for v in values)),
        ),
    )


def date_order(column: Column, shapes: list[DateShape | None]) -> Question:
    """Ask whether the day or the month stands first."""
    telling = next(
        (
            i
            for i, s in enumerate(shapes)
            if s is not None and s.kind == "open" and s.first != s.second and to_date(s, "dmy", 2000) and to_date(s, "mdy", 2000)
        ),
        0,
    )
    cell, shape = column.cells[telling], shapes[telling]
    assert shape is not None
    day_first, month_first = to_date(shape, "dmy", 2000), to_date(shape, "mdy", 2000)
    assert day_first is not None
    assert month_first is not None
    return Question(
        "dates",
        f"{cell} could be {day_first:%-d %B} or {month_first:%-d %B}. Which one?",
        (
            Option("dmy", f"{day_first:%-d %B} \u2013 the day first"),
            Option("mdy", f"{month_first:%-d %B} \u2013 the month first"),
        ),
    )


def year(shapes: list[DateShape | None], told: int | None, current: int, *, over_new_year: bool) -> tuple[int | None, Question | None]:
    """Ask for the year where the dates have none, and nobody `told` it; over New Year for the one that they end in."""
    if told:
        return told, None
    if all(s.year is not None for s in shapes if s is not None):
        return None, None
    text = "There are dates without a year in this file, over New Year. Which year do they end in?"
    return current, Question(
        "year",
        text if over_new_year else "There are dates without a year in this file. Which year is it?",
        tuple(Option(str(y), str(y)) for y in range(current, current - 6, -1)),
    )


def decimal(column: Column) -> Question:
    """Ask whether 1.234 is one thousand or one and a bit."""
    cell = next((c for c in column.cells if "." in c or "," in c), column.cells[0])
    mark = column.mark[1:]
    other = "," if mark == "." else "."
    return Question(
        "decimal",
        f"Is {cell} in thousands, or are the digits after \u201c{mark}\u201d decimals?",
        (
            Option(other, f"Thousands: {cell.replace(mark, '')}"),
            Option(mark, f"Decimals: {cell.replace(mark, '.')}"),
        ),
    )


def mostly_unreadable(read: int, rejected: int) -> Question:
    """Say that too much of a file could not be read to trust the rest."""
    return Question(
        "trust",
        f"Only {read} of {read + rejected} rows could be read. Is this the right file?",
        (Option("yes", "Import what could be read"),),
    )
