"""What an import does, as it is said when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dashboard.importing.choices import Doubt
from dashboard.importing.shapes import ASIDE, DELETED, DUPLICATE, HELD, LEFT, MATCH, NEW, PROBLEM, UNSURE, Check, Line, flows


@dataclass(frozen=True)
class Receipt:
    """What an import did. Amounts are minor units by currency, both positive."""

    file: str
    read: int
    added: int
    duplicates: int
    problems: int
    left_out: int
    money_in: dict[str, int]
    money_out: dict[str, int]
    start: date | None
    end: date | None
    accounts: tuple[str, ...]
    proof: str
    import_ids: tuple[int, ...] = ()
    revision: int = 0
    # Rows that are equal to a saved one and may be another; rows like a saved one. Both were left out.
    unsure: tuple[Line, ...] = ()
    matches: tuple[Line, ...] = ()
    # Movements between own accounts that were found among the rows; pairs that may be some.
    transfers: int = 0
    pairs: int = 0
    # Which rules were left out as too slow, in a sentence.
    rules: str = ""
    # How the accounts stand to the bank's balances, where that is news.
    standings: tuple[str, ...] = ()


class Stored(NamedTuple):
    """An import as it stands in the book; `month` (yyyymm) is its latest transaction's."""

    id: int
    revision: int
    file: str
    account: str
    currency: str
    added: int
    duplicates: int
    problems: int
    proof: str
    month: int
    # Rows that were left out since they may be saved already.
    doubts: tuple[Doubt, ...] = ()
    # Which rules were left out as too slow, in a sentence.
    rules: str = ""
    # How the account stands to the bank's balance, where that is news.
    standing: str = ""
    # What the file put into other accounts: the import's id, the account's name and how many rows.
    also: tuple[tuple[int, str, int], ...] = ()
    # How many of its rows are transfers between own accounts by now: they are neither in nor out.
    transfers: int = 0


def receipt(checked: Check, chosen: Sequence[Line]) -> Receipt:
    """Return what putting the chosen rows in will do."""
    money_in, money_out = flows(chosen)
    days = [line.day for line in chosen if line.day is not None]
    unsure, like = (
        tuple(x for g in checked.groups for x in g.lines if x.status == status and not checked.takes(x)) for status in (UNSURE, MATCH)
    )
    return Receipt(
        file=checked.file,
        read=sum(len(g.lines) for g in checked.groups),
        added=len(chosen),
        # Rows equal to a saved one; those of which nobody can tell whether they are another are named besides.
        duplicates=checked.count(DUPLICATE) + checked.count(LEFT) + len(unsure),
        problems=checked.count(PROBLEM),
        left_out=sum(1 for g in checked.groups for x in g.lines if x.status in (NEW, DELETED, MATCH) and not checked.takes(x))
        + checked.count(HELD)
        + checked.count(ASIDE),
        money_in=money_in,
        money_out=money_out,
        start=min(days, default=None),
        end=max(days, default=None),
        accounts=tuple(g.name for g in checked.groups if any(checked.takes(x) for x in g.lines)),
        proof=checked.proof_text,
        unsure=unsure,
        matches=like,
        standings=tuple(standing.said for standing in checked.standings),
    )
