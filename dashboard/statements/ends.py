"""Balances that stand above or below a table: before its first row and after its last, they prove what lies between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from dashboard.statements.cells import clean, number_shape, to_amount
from dashboard.statements.shapes import Proof, Row
from dashboard.statements.vocabulary import fold

LONGEST_LABEL = 60
_OPENING = re.compile(
    r"\b(opening|beginning|starting|previous|initial|brought forward|b/f|anfangs\w*|alter|vorheriger|ancien|initiale?|precedent|anterior|inicial|iniziale|begin\w*|ingaende|"
    r"inngaende|indgaende|alku\w*|poczatkow\w*|pocatecni|pociatocny|nyito|pocetn\w*|prethodn\w*|acilis|devreden|algsaldo|sakuma|pradin\w*)\b|"
    r"входящ|начальн|期初|前月|繰越|이월|ยอดยกมา|dau ky|awal"
)
_CLOSING = re.compile(
    r"\b(closing|ending|final|current|new|carried forward|c/f|end\w*|neuer|schluss\w*|nouveau|actual|atual|finale|eind\w*|utgaende|udgaende|loppu\w*|koncow\w*|konecny|zaro|"
    r"krajn\w*|novo|kapanis|loppsaldo|beigu|pabaig\w*)\b|исходящ|конечн|期末|現在|ยอดยกไป|cuoi ky|akhir"
)
_BALANCE = re.compile(
    r"balance|saldo|solde|stand\b|kontostand|bestand|zustatek|zostatok|egyenleg|stanje|bakiye|sold\b|salda|"
    r"остаток|余额|餘額|残高|잔액|ยอด|so du"
)


class Ends(NamedTuple):
    """What was in the account before the first row and after the last."""

    opening: Decimal
    closing: Decimal


def find(lines: Iterable[list[str]], mark: str) -> Ends | None:
    """Return the balances that lines outside the table name, None unless just one opening and one closing one stand there."""
    opening: set[Decimal] = set()
    closing: set[Decimal] = set()
    for cells in lines:
        for at, cell in enumerate(cells):
            label, _, behind = cell.partition(":") if ":" in cell else (cell, "", "")
            words = fold(label.strip())
            if not words or len(label) > LONGEST_LABEL or not _BALANCE.search(words):
                continue
            kinds = [kind for kind, words_of in ((opening, _OPENING), (closing, _CLOSING)) if words_of.search(words)]
            value = next((v for text in (behind, *cells[at + 1 :]) if (v := _value(text, mark)) is not None), None)
            if len(kinds) == 1 and value is not None:
                kinds[0].add(value)
    return Ends(opening.pop(), closing.pop()) if len(opening) == len(closing) == 1 else None


def _value(text: str, mark: str) -> Decimal | None:
    shape = number_shape(clean(text)) if text.strip() else None
    return to_amount(shape, mark) if shape else None


def prove(ends: Ends, rows: list[Row]) -> Proof:
    """Say whether the rows lead from one balance to the other."""
    holds = ends.opening + sum((row.amount for row in rows), Decimal(0)) == ends.closing
    return Proof(len(rows) if holds else 0, len(rows), None if holds else rows[0].line, ends=True)


def turned_round(ends: Ends, rows: list[Row]) -> bool | None:
    """Say whether the rows lead there with every sign turned round, or as they are; None where neither does, or both."""
    total = sum((row.amount for row in rows), Decimal(0))
    as_they_are, other = ends.opening + total == ends.closing, ends.opening - total == ends.closing
    return None if as_they_are == other else other
