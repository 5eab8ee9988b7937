"""What a book's history says of its payees: which categories their transactions were given, by people and by files."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select, bindparam, func, select

from dashboard.model.transactions import transaction

COLUMNS = ("key", "payee", "text", "out", "category", "rows", "last")
# So many payees are learned from: those with the most rows, and the latest that somebody said something of.
MOST, LATEST = 5000, 1000


def past(db: Connection, book_id: int) -> pd.DataFrame:
    """Return COLUMNS by payee, side and category; a category that we only guessed and nobody has confirmed does not count.

    `key` is the payee's (analysis/payees.py), `out` whether money left, `last` the newest book revision that said the category of a row.
    """
    given = {"book_id": book_id, "most": MOST}
    found = [tuple(row) for row in db.execute(_statement(), given)]
    if len(found) == MOST:
        found = list(dict.fromkeys([*found, *(tuple(row) for row in db.execute(_statement(latest=True), given | {"most": LATEST}))]))
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="object")


@lru_cache(maxsize=2)
def _statement(*, latest: bool = False) -> Select[Any]:
    t = transaction.c
    out = (t.amount < 0).label("out")
    counted, last = func.count().label("rows"), func.max(func.coalesce(t.decided, 0)).label("last")
    return (
        select(t.payee_key, func.min(t.payee), func.min(t.text), out, t.category_id, counted, last)
        .where(
            t.book_id == bindparam("book_id"),
            t.category_id.is_not(None),
            t.transfer_id.is_(None),
            t.payee_key.is_not(None),
            (t.guess.is_(None)) | t.reviewed.is_(True),
        )
        .group_by(t.payee_key, out, t.category_id)
        .order_by(*([last.desc()] if latest else []), counted.desc(), t.payee_key)
        .limit(bindparam("most"))
    )
