"""What an import did, when it is done and as long as it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd
from sqlalchemy import func, select

from dashboard.errors import NotFound
from dashboard.model.imports import import_
from dashboard.model.queries import nouns
from dashboard.model.transactions import transaction
from dashboard.periods import month_of
from dashboard.services import fields
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.import_shapes import ASIDE, DELETED, DUPLICATE, HELD, LEFT, MATCH, NEW, PROBLEM, UNSURE, Check, Line


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


def receipt(checked: Check, chosen: list[Line]) -> Receipt:
    """Return what putting the chosen rows in will do."""
    money_in: dict[str, int] = {}
    money_out: dict[str, int] = {}
    for line in chosen:
        side = money_in if (line.amount or 0) > 0 else money_out
        side[line.currency] = side.get(line.currency, 0) + abs(line.amount or 0)
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
    # Rows that were left out since they may be saved already: day, minor units, payee.
    doubts: tuple[tuple[date, int, str], ...] = ()
    # Which rules were left out as too slow, in a sentence.
    rules: str = ""
    # How the account stands to the bank's balance, where that is news.
    standing: str = ""
    # What the file put into other accounts: the import's id, the account's name and how many rows.
    also: tuple[tuple[int, str, int], ...] = ()
    # How many of its rows are transfers between own accounts by now: they are neither in nor out.
    transfers: int = 0


def earlier(book: Book) -> pd.DataFrame:
    """Return the latest imports, as of queries/nouns.py."""
    with book.reading() as db:
        return nouns.imports(db, book.id)


def receipt_of(book: Book, import_id: object) -> Stored:
    """Return one import.

    Raises:
        NotFound: it is undone, or not in this book.
    """
    wanted = fields.identity(import_id)
    i, t = import_.c, transaction.c
    with book.reading() as db:
        row = db.execute(select(import_).where(i.book_id == book.id, i.id == wanted)).one_or_none()
        if row is None:
            raise NotFound("This import has been undone: the book is as it was before.")
        # No index finds an import's rows: they are looked through once.
        own = select(func.max(t.month), func.count(t.transfer_id)).where(t.book_id == book.id, t.import_id == wanted)
        month, transfers = db.execute(own).one()
        names = {a.id: a for a in read_accounts(db, book)}
        into = names[row.account_id]
        same = select(i.id, i.account_id, i.added).where(i.book_id == book.id, i.revision == row.revision, i.id != wanted).order_by(i.id)
        also = tuple((other.id, names[other.account_id].name, other.added) for other in db.execute(same))
    kept = json.loads(row.reading)
    return Stored(
        row.id,
        row.revision,
        row.file,
        into.name,
        into.currency,
        row.added,
        row.duplicates,
        row.problems,
        kept.get("proof", ""),
        month or month_of(book.today),
        tuple((date.fromisoformat(day), int(amount), str(payee)) for day, amount, payee in kept.get("doubts", ())),
        kept.get("rules", ""),
        kept.get("standing", ""),
        also,
        transfers,
    )
