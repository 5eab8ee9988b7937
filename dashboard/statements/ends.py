"""What an account held before the first of a file's rows and after the last: balances that stand so prove what lies between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise

from dashboard.statements.shapes import Ends, Proof, Row, Series
from dashboard.statements.table.columns import clean, number_shape, to_amount
from dashboard.statements.table.vocabulary import fold

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


def of_rows(rows: list[Row], proof: Proof | None) -> dict[Series, Ends]:
    """Return what each account held, where the balances of its rows prove every step."""
    if proof is None or proof.ends or proof.agree != proof.steps or not proof.steps:
        return {}
    series: dict[Series, list[Row]] = {}
    for row in rows:
        series.setdefault((row.account, row.currency), []).append(row)
    if len(series) != proof.series:
        return {}
    found = {}
    for key, one in series.items():
        first, last = (one[0], one[-1]) if one[0].date < one[-1].date else (one[-1], one[0])
        if first.date < last.date and first.balance is not None and last.balance is not None:
            found[key] = Ends(first.balance - first.amount, last.balance)
    return found


def of_parts(parts: Iterable[tuple[Decimal | None, list[Row], Decimal | None]]) -> dict[Series, Ends]:
    """Return what each account held, where the rows of all of its statements lead from one balance to the other.

    Args:
        parts: opening balance, rows and closing balance of each statement in the file.
    """
    told: list[tuple[Series, Ends | None]] = []
    for opening, rows, closing in parts:
        names = dict.fromkeys((row.account, row.currency) for row in rows)
        proven = opening is not None and closing is not None and opening + sum((row.amount for row in rows), Decimal(0)) == closing
        held = Ends(opening, closing) if proven and len(names) == 1 and opening is not None and closing is not None else None
        told += [(name, held) for name in names]
    return joined(told)


def joined(told: Iterable[tuple[Series, Ends | None]]) -> dict[Series, Ends]:
    """Return what each account held before its first statement and after its last, where each begins as the one before ended.

    Args:
        told: what each statement says, oldest or newest first; None where it proves nothing.
    """
    series: dict[Series, list[Ends | None]] = {}
    for name, held in told:
        series.setdefault(name, []).append(held)
    found = {}
    for name, all_of_it in series.items():
        known = [held for held in all_of_it if held is not None]
        if len(known) < len(all_of_it):
            continue
        for order in (known, known[::-1]):
            if all(one.closing == other.opening for one, other in pairwise(order)):
                found[name] = Ends(order[0].opening, order[-1].closing)
                break
    return found
