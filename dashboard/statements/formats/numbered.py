"""What belongs together in our own export by a number: the parts of a split transaction, and the two sides of a transfer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from dashboard.bounds import MOST_PARTS
from dashboard.statements.shapes import Part, Rejected, Row

TRANSFER = "Transfer"
# What the rows of one split have in common.
COMMON = ("date", "payee", "text", "account", "currency", "note")
_NUMBER = re.compile(r"[1-9]\d{0,8}")
_PART = re.compile(r"([1-9]\d{0,8})(?: (.*))?", re.DOTALL)


class Entry(NamedTuple):
    """A line of an export: the row alone, and of a part of a split the split's number and the part's note."""

    row: Row
    split: int = 0
    note: str = ""


class Leg(NamedTuple):
    """One side of a transfer. `currency` is "" where the file names none; amounts of one currency are in one unit."""

    account: Hashable
    currency: str
    amount: Decimal


def transfer_number(cell: str) -> int | None:
    """Read the number of a transfer, 0 where there is none; None is for what is no number."""
    return 0 if not cell else int(cell) if _NUMBER.fullmatch(cell) else None


def split_number(cell: str) -> tuple[int, str] | None:
    """Read the number of a split and the part's note, (0, "") where there is none; None is for what does not begin with a number."""
    if not cell:
        return 0, ""
    found = _PART.fullmatch(cell)
    return (int(found[1]), found[2] or "") if found else None


def split_cell(number: int, note: str) -> str:
    """Write what `split_number` reads."""
    return f"{number} {note}" if note else str(number)


def misfit(legs: Sequence[Leg]) -> str:
    """Say why these are not the two sides of one transfer, "" where they are; one side may stand alone."""
    if len(legs) < 2:
        return ""
    if len(legs) > 2:
        return f"{len(legs)} rows carry it, and a transfer has two sides"
    one, two = legs
    if one.account == two.account:
        return "both sides are in one account"
    if one.currency and one.currency == two.currency:
        return "its two sides do not cancel out" if one.amount + two.amount else ""
    return "" if one.amount * two.amount < 0 else "money must leave on one side and arrive on the other"


def joined(entries: Iterable[Entry], broken: Mapping[int, int]) -> tuple[list[Row], list[Rejected]]:
    """Return the rows with those of a split as one, where its first part stood, and those that are none.

    Args:
        entries: the lines that could be read.
        broken: of the splits that have a line which could not, the number and that line.
    """
    rows: list[Row] = []
    together: dict[int, list[Entry]] = defaultdict(list)
    places: dict[int, int] = {}
    for entry in entries:
        if not entry.split:
            rows.append(entry.row)
            continue
        if entry.split not in places:
            places[entry.split] = len(rows)
            rows.append(entry.row)
        together[entry.split].append(entry)
    rejected: list[Rejected] = []
    bad: set[int] = set()
    for number, those in together.items():
        if wrong := _no_split(those, broken.get(number)):
            reason, field = wrong
            rejected += [_refused(entry.row, f"split {number}: {reason}", field) for entry in those]
            bad.add(places[number])
        else:
            parts = tuple(Part(entry.row.category, entry.row.amount, entry.note) for entry in those)
            whole = sum((part.amount for part in parts), Decimal())
            rows[places[number]] = those[0].row._replace(category="", amount=whole, parts=parts)
    return [row for place, row in enumerate(rows) if place not in bad], rejected


def _no_split(those: Sequence[Entry], broken: int | None) -> tuple[str, str] | None:
    """Return why these are not the parts of one transaction, and the field that a person may correct."""
    if broken is not None:
        return f"line {broken} of it cannot be read", ""
    if len(those) == 1:
        return "it has one part only", ""
    if len(those) > MOST_PARTS:
        return f"it has {len(those)} parts, and a transaction splits into at most {MOST_PARTS}", ""
    first = those[0].row
    for name in COMMON:
        if any(getattr(entry.row, name) != getattr(first, name) for entry in those):
            return f"its rows differ in {name}", "date" if name == "date" else ""
    return None


def transfers(rows: Sequence[Row]) -> tuple[list[Row], list[Rejected]]:
    """Return the rows without those that share a transfer's number and are not its two sides, and these."""
    together: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.transfer:
            together[row.transfer].append(row)
    wrong = {number: why for number, those in together.items() if (why := misfit([_leg(row) for row in those]))}
    if not wrong:
        return list(rows), []
    rejected = [_refused(row, f"transfer {row.transfer}: {wrong[row.transfer]}", "amount") for row in rows if row.transfer in wrong]
    return [row for row in rows if row.transfer not in wrong], rejected


def paired(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of an export without numbers with those of its transfers that no third row could be a side of.

    They are of one day and one currency, in two accounts, and cancel out.
    """
    found: dict[tuple[object, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    counts: Counter[tuple[object, ...]] = Counter()
    legs = [place for place, row in enumerate(rows) if row.category == TRANSFER and row.amount]
    for place in legs:
        row = rows[place]
        key = (row.date, row.currency, row.amount)
        found[key][row.account].append(place)
        counts[key] += 1

    def only(place: int) -> int | None:
        row = rows[place]
        key = (row.date, row.currency, -row.amount)
        there = found.get(key, {})
        if counts[key] - len(there.get(row.account, ())) != 1:
            return None
        return next(those[0] for account, those in there.items() if account != row.account)

    result = list(rows)
    number = 0
    for place in legs:
        other = only(place)
        if other is not None and place < other and only(other) == place:
            number += 1
            result[place] = rows[place]._replace(transfer=number)
            result[other] = rows[other]._replace(transfer=number)
    return result


def _leg(row: Row) -> Leg:
    return Leg(row.account, row.currency or "", row.amount)


def _refused(row: Row, reason: str, field: str) -> Rejected:
    value = {"date": row.date.isoformat(), "amount": str(row.amount)}.get(field, "")
    return Rejected(row.line, reason, field=field, value=value, text=row.payee)
