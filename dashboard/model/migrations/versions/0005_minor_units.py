"""Amounts of currencies whose hundredths banks write, though nobody has such coins: dinars of Serbia, lek, kyat and others.

They were kept in full units, so that a statement's 1.234,56 could not be read. What changes wrote before is not undone after
this: it holds the old amounts.
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UNITS = dict.fromkeys("AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split(), 100) | {"IQD": 1000}


IN_BOOK = ("book_id", "id")
ACCOUNT = sa.table("account", *map(sa.column, (*IN_BOOK, "currency", "opening", "checked")))
TRANSACTION = sa.table(
    "transaction", *map(sa.column, (*IN_BOOK, "account_id", "date", "amount", "balance", "payee", "text", "fingerprint"))
)
SPLIT = sa.table("split", *map(sa.column, ("book_id", "transaction_id", "amount")))
DISMISSED = sa.table("dismissed", *map(sa.column, ("book_id", "account_id", "balance")))
BUDGET = sa.table("budget", *map(sa.column, ("currency", "amount")))
RULE = sa.table("rule", *map(sa.column, (*IN_BOOK, "conditions")))
BOOK = sa.table("book", *map(sa.column, ("id", "currency")))
CHANGE = sa.table("change", *map(sa.column, ("book_id", "revision", "undone_by")))


def upgrade() -> None:
    """Go forward."""
    _scale(op.get_bind(), up=True)


def downgrade() -> None:
    """Go back; hundredths are lost."""
    _scale(op.get_bind(), up=False)


def _scale(db: sa.Connection, *, up: bool) -> None:
    def times(table: sa.TableClause, unit: int, *names: str) -> sa.Update:
        return sa.update(table).values({n: table.c[n] * unit if up else sa.cast(table.c[n] / unit, sa.BigInteger) for n in names})

    a, t, s, d, c = ACCOUNT.c, TRANSACTION.c, SPLIT.c, DISMISSED.c, CHANGE.c
    for book_id, account_id, currency in db.execute(sa.select(a.book_id, a.id, a.currency).where(a.currency.in_(UNITS))).all():
        unit = UNITS[currency]
        _name_anew(db, book_id, account_id, unit, up=up)
        mine = sa.select(t.id).where(t.book_id == book_id, t.account_id == account_id)
        db.execute(times(SPLIT, unit, "amount").where(s.book_id == book_id, s.transaction_id.in_(mine)))
        db.execute(times(TRANSACTION, unit, "amount", "balance").where(t.book_id == book_id, t.account_id == account_id))
        db.execute(times(DISMISSED, unit, "balance").where(d.book_id == book_id, d.account_id == account_id))
        db.execute(times(ACCOUNT, unit, "opening", "checked").where(a.book_id == book_id, a.id == account_id))
        db.execute(sa.update(CHANGE).values(undone_by=c.revision).where(c.book_id == book_id, c.undone_by.is_(None)))
    for currency, unit in UNITS.items():
        db.execute(times(BUDGET, unit, "amount").where(BUDGET.c.currency == currency))
    _rules(db, up=up)


def _rules(db: sa.Connection, *, up: bool) -> None:
    """Scale what rules ask of amounts: of their own account's currency, else of the book's."""
    r, a, b = RULE.c, ACCOUNT.c, BOOK.c
    query = sa.select(r.book_id, r.id, r.conditions, b.currency).join_from(RULE, BOOK, r.book_id == b.id)
    for book_id, rule_id, conditions, home in db.execute(query).all():
        given = json.loads(conditions)
        account = db.execute(sa.select(a.currency).where(a.book_id == book_id, a.id == given.get("account"))).scalar()
        unit = UNITS.get(account or home)
        if unit and not {"least", "most"}.isdisjoint(given):
            given |= {k: given[k] * unit if up else given[k] // unit for k in ("least", "most") if k in given}
            new = json.dumps(given, ensure_ascii=False, sort_keys=True)
            db.execute(sa.update(RULE).values(conditions=new).where(r.book_id == book_id, r.id == rule_id))


def _name_anew(db: sa.Connection, book_id: int, account_id: int, unit: int, *, up: bool) -> None:
    """Hash rows of an account anew: an amount is part of what they are known again by."""
    t = TRANSACTION.c
    query = sa.select(t.id, t.date, t.amount, t.payee, t.text, t.fingerprint).where(
        t.book_id == book_id, t.account_id == account_id, t.fingerprint.is_not(None)
    )
    for row in db.execute(query).all():
        day, amount = str(row.date), row.amount * unit if up else int(row.amount / unit)
        for words in (row.text if row.payee in row.text else f"{row.payee} {row.text}", row.text):
            if _fingerprint(day, row.amount, words) == row.fingerprint:
                new = _fingerprint(day, amount, words)
                db.execute(sa.update(TRANSACTION).values(fingerprint=new).where(t.book_id == book_id, t.id == row.id))
                break


def _fingerprint(day: str, amount: int, words: str) -> int:
    text = f"{day}|{amount}|{' '.join(words.split()).casefold()}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
