"""What a rule finds in the whole history of a book, and what it would change there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import NamedTuple

from sqlalchemy import Connection, Text, select, type_coerce

from dashboard.analysis.rules import TOO_SLOW, Rule, compiled
from dashboard.errors import InputNotValid
from dashboard.model.queries import splits
from dashboard.model.transactions import transaction
from dashboard.services.accounts import Account
from dashboard.services.books import Book
from dashboard.services.categories import Category

SHOWN = 8


class Sample(NamedTuple):
    """One transaction that a rule matches; amount in minor units of the currency, signed.

    fate: "change" where the rule would give it its category; "same" where it has it already; "earlier" where another rule
    comes first, by the name `by`; "transfer" and "split" where it is left alone.
    """

    id: int
    date: date
    payee: str
    amount: int
    currency: str
    category: str
    fate: str
    by: str = ""


@dataclass(frozen=True)
class Preview:
    """What a rule finds in the whole history.

    matched: all that its conditions fit, of which `changing` would have another category. sums: of those that are no
    transfers, minor units by currency. rows: the first few, those that would change first, newest first. category: the name
    of what they would have, "" where none is chosen yet.
    """

    matched: int
    changing: int
    transfers: int
    splits: int
    earlier: int
    sums: dict[str, int]
    rows: tuple[Sample, ...]
    category: str


def effect(
    db: Connection, book: Book, rule: Rule, earlier: Iterable[Rule], accounts: Mapping[int, Account], categories: Mapping[int, Category]
) -> tuple[Preview, list[int]]:
    """Return what a rule finds in the history, and the ids of those that would have another category.

    Args:
        earlier: the rules in force before it: what one of them fits stays theirs.
        accounts, categories: all of the book's, by id.

    Raises:
        InputNotValid: its pattern, or one of a rule before it, takes too long.
    """
    t = transaction.c
    # The day stays what the driver says: to read 100,000 of them takes longer than all the matching.
    columns = t.id, type_coerce(t.date, Text).label("day"), t.payee, t.text, t.amount, t.account_id, t.category_id, t.transfer_id
    query = select(*columns).where(t.book_id == book.id)
    if rule.account_id is not None:
        query = query.where(t.account_id == rule.account_id)
    if rule.direction:
        query = query.where(t.amount > 0 if rule.direction == "in" else t.amount < 0)
    alone = compiled([rule])
    found = [row for row in db.execute(query).all() if alone.match(row[2], row[3], row[4], row[5])]
    if alone.slow:
        raise InputNotValid(TOO_SLOW, "pattern")
    before = compiled(earlier)
    parts = splits.among(db, book.id, [row.id for row in found])
    fates: dict[int, tuple[str, str]] = {}
    sums: dict[str, int] = {}
    for i, _, payee, text, amount, account_id, category_id, transfer_id in found:
        fate = "change", ""
        if transfer_id is not None:
            fate = "transfer", ""
        elif i in parts:
            fate = "split", ""
        elif first := before.match(payee, text, amount, account_id):
            fate = "earlier", first.subject
        elif rule.category_id is None or category_id == rule.category_id:
            fate = "same", ""
        fates[i] = fate
        if transfer_id is None:
            code = accounts[account_id].currency
            sums[code] = sums.get(code, 0) + amount
    if before.slow:
        raise InputNotValid(f"The rule for {before.slow[0].subject} before this one takes too long: change that one first", "pattern")
    names: dict[int | None, str] = {None: "", **{c.id: c.name for c in categories.values()}}
    shown = nlargest(SHOWN, found, key=lambda row: (fates[row.id][0] == "change", row.day, row.id))
    samples = [
        Sample(row.id, _day(row.day), row.payee, row.amount, accounts[row.account_id].currency, names[row.category_id], *fates[row.id])
        for row in shown
    ]
    count = Counter(fate for fate, _ in fates.values())
    told = Preview(
        len(found),
        count["change"],
        count["transfer"],
        count["split"],
        count["earlier"],
        sums,
        tuple(samples),
        names[rule.category_id],
    )
    return told, [i for i, (fate, _) in fates.items() if fate == "change"]


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
