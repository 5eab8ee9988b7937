"""What an import asks of a book, in the shapes of dashboard/importing: the one arrow from here to there.

Amounts are minor units of their account's currency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from dashboard.importing.accounts import OFF, Marks, Seen
from dashboard.importing.balances import Asked, Sums, Worth
from dashboard.importing.choices import Memory
from dashboard.importing.shapes import Candidate, Known, Moved, Saved, Span, Target, Twin
from dashboard.model.imports import import_
from dashboard.model.queries import accounts, nouns
from dashboard.model.queries.splits import is_split
from dashboard.model.queries.transfers import alone
from dashboard.model.transactions import dismissed, pair, transaction
from dashboard.model.writing import chunks


class Import(NamedTuple):
    """An import as it is stored; `memory` is what it remembers of its file."""

    id: int
    revision: int
    account_id: int
    file: str
    added: int
    duplicates: int
    problems: int
    memory: Memory


# Accounts, and what earlier files said.


def targets(db: Connection, book_id: int) -> list[Target]:
    """Return the book's accounts, oldest first."""
    return [
        Target(row.id, row.name, row.currency, row.number, row.closed, row.opening, row.opened) for row in nouns.accounts(db, book_id)
    ]


def memories(db: Connection, book_id: int, most: int) -> list[tuple[int, Memory]]:
    """Return the account of the latest imports and what they remember of their files, newest first."""
    i = import_.c
    query = select(i.account_id, i.reading).where(i.book_id == book_id).order_by(i.id.desc()).limit(most)
    return [(row.account_id, Memory.loads(row.reading)) for row in db.execute(query)]


def by_id(db: Connection, book_id: int, import_id: int) -> Import | None:
    """Return one import."""
    i = import_.c
    columns = (i.id, i.revision, i.account_id, i.file, i.added, i.duplicates, i.problems, i.reading)
    row = db.execute(select(*columns).where(i.book_id == book_id, i.id == import_id)).one_or_none()
    return None if row is None else Import(*row[:-1], Memory.loads(row.reading))


def of_change(db: Connection, book_id: int, revision: int) -> list[tuple[int, int, int]]:
    """Return id, account and count of the imports that one change made, oldest first."""
    i = import_.c
    same = select(i.id, i.account_id, i.added).where(i.book_id == book_id, i.revision == revision).order_by(i.id)
    return [(row.id, row.account_id, row.added) for row in db.execute(same)]


def month_and_transfers(db: Connection, book_id: int, import_id: int) -> tuple[int | None, int]:
    """Return the latest month (yyyymm) of an import's transactions, and how many of them are transfers."""
    t = transaction.c
    # No index finds an import's rows: they are looked through once.
    query = select(func.max(t.month), func.count(t.transfer_id)).where(t.book_id == book_id, t.import_id == import_id)
    row = db.execute(query).one()
    return row[0], row[1]


# What an account has of a file's rows.


def known(db: Connection, book_id: int, account_id: int) -> list[Known]:
    """Return all that an account has of files, had, or was told to leave out."""
    t, d = transaction.c, dismissed.c
    query = select(t.fingerprint, t.occurrence, t.bank_id, t.balance, t.id, t.date, t.amount).where(
        t.book_id == book_id, t.account_id == account_id, t.fingerprint.is_not(None)
    )
    found = [Known(r[0], r[1], r[2] or "", r[3], r[4], r[5], r[6]) for r in db.execute(query).all()]
    places = {(one.fingerprint, one.occurrence) for one in found}
    gone = select(d.fingerprint, d.occurrence, d.bank_id, d.balance, d.same_as).where(d.book_id == book_id, d.account_id == account_id)
    found += [
        Known(r[0], r[1], r[2] or "", r[3], gone=True, same_as=r[4]) for r in db.execute(gone).all() if (r[0], r[1]) not in places
    ]
    return found


def spans(db: Connection, book_id: int, account_id: int) -> list[Span]:
    """Return what earlier files of an account covered."""
    i = import_.c
    found = []
    for row in db.execute(select(i.id, i.sha256, i.reading).where(i.book_id == book_id, i.account_id == account_id)):
        memory = Memory.loads(row.reading)
        found.append(Span(row.id, row.sha256, memory.shape, *(memory.days or (None, None))))
    return found


def saved(db: Connection, book_id: int, account_id: int, days: tuple[date, date]) -> list[Saved]:
    """Return an account's transactions of these days."""
    t = transaction.c
    query = select(t.id, t.date, t.amount, t.payee, t.text, t.fingerprint, t.import_id).where(
        t.book_id == book_id, t.account_id == account_id, t.date >= days[0], t.date <= days[1]
    )
    return [Saved(r[0], r[1], r[2], r[3], r[4], r[5] is None, r[6]) for r in db.execute(query).all()]


def twins(db: Connection, book_id: int, ids: Sequence[int]) -> dict[int, Twin]:
    """Return transactions as rows of a file stand beside them, by id."""
    t = transaction.c
    found: dict[int, Twin] = {}
    for part in chunks(ids):
        query = select(t.id, t.date, t.amount, t.payee, t.fingerprint).where(t.book_id == book_id, t.id.in_(part))
        found |= {r[0]: Twin(r[0], r[1], r[2], r[3], r[4] is None) for r in db.execute(query)}
    return found


def with_fingerprints(db: Connection, book_id: int, prints: Sequence[int]) -> dict[int, int]:
    """Return of how many of these fingerprints an account has a row, by account."""
    t = transaction.c
    # One question for all accounts: a file may name as many others as it has rows.
    alike = select(t.account_id, func.count(func.distinct(t.fingerprint))).where(t.book_id == book_id, t.fingerprint.in_(prints))
    return {row[0]: row[1] for row in db.execute(alike.group_by(t.account_id))} if prints else {}


def of_amounts(db: Connection, book_id: int, sample: Sequence[tuple[date, int]]) -> list[tuple[int, date, int]]:
    """Return account, day and amount of the rows that have an amount of a sample, within OFF of its days."""
    if not sample:
        return []
    t = transaction.c
    days = [day for day, _ in sample]
    within = t.date.between(min(days) - OFF, max(days) + OFF)
    near = select(t.account_id, t.date, t.amount).distinct().where(t.book_id == book_id, within, t.amount.in_({a for _, a in sample}))
    return [(row[0], row[1], row[2]) for row in db.execute(near)]


def seen(db: Connection, book_id: int, account_id: int, mark: Marks, most: int) -> Seen:
    """Return what an account has of the marks of rows that name none; of rows the latest, at the most so many."""
    t = transaction.c
    mine = (t.book_id == book_id, t.account_id == account_id)
    covered: list[tuple[date, int, int | None]] = []
    if mark.covered is not None:
        rows = select(t.date, t.amount, t.payee_key).where(*mine, t.date.between(*mark.covered), t.fingerprint.is_not(None))
        covered = [(r[0], abs(r[1]), r[2]) for r in db.execute(rows.order_by(t.date.desc()).limit(most))]
    numbered = select(t.bank_id, t.amount).where(*mine, t.bank_id.in_(mark.numbers)).limit(most)
    begun = select(t.id).where(*mine, t.balance.in_(mark.begins)).limit(1)
    payees = select(func.count(func.distinct(t.payee_key))).where(*mine, t.payee_key.in_(mark.payees))
    return Seen(
        covered,
        [(r[0], r[1]) for r in db.execute(numbered)] if mark.numbers else [],
        bool(mark.begins) and db.execute(begun).first() is not None,
        db.execute(payees).scalar_one(),
    )


# How accounts stand.


def values(db: Connection, book_id: int, account_id: int) -> list[Worth]:
    """Return what was said of an account's worth, newest day first."""
    return [Worth(one.day, one.amount) for one in accounts.values(db, book_id, account_id)]


def sums(db: Connection, book_id: int, asked: Asked, before: Worth | None, until: Worth | None) -> Sums:
    """Return what an account has before and within a file's days; where a value was said, of the rows after its day."""
    t = transaction.c

    def total(which: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, value), else_=0)), 0)

    def since(said: Worth | None, which: ColumnElement[bool]) -> ColumnElement[bool]:
        return which & (t.date > said.day) if said is not None else which

    older, later = t.date < asked.first, (t.date > asked.last) & t.balance.is_not(None)
    query = select(
        total(since(before, older), t.amount),
        total(since(until, t.date <= asked.last), t.amount),
        total(older, 1),
        total(t.date == asked.first, 1),
        total(later, 1),
    )
    row = db.execute(query.where(t.book_id == book_id, t.account_id == asked.account_id)).one()
    return Sums(*(int(value) for value in row))


# Sides of transfers.


def opposite(db: Connection, book_id: int, days: tuple[date, date], before_id: int) -> list[Moved]:
    """Return the rows of these days that are no transfer and came before an id, without their words: read off the index alone."""
    t = transaction.c
    query = select(t.id, t.account_id, t.date, t.amount).where(
        t.book_id == book_id, t.date >= days[0], t.date <= days[1], t.transfer_id.is_(None), t.id < before_id
    )
    return [Moved(r[0], r[1], r[2], r[3]) for r in db.execute(query).all()]


def candidates(db: Connection, book_id: int, ids: Sequence[int]) -> dict[int, Candidate]:
    """Return those of these transactions that are not split, by id: a split one is no side of a transfer."""
    return {one.id: one for part in chunks(ids) for one in _sides(db, book_id, transaction.c.id.in_(part) & ~is_split(transaction.c))}


def free_sides(
    db: Connection, book_id: int, account_ids: Collection[int], amounts: Iterable[int], days: tuple[date, date]
) -> list[Candidate]:
    """Return the rows of these accounts, amounts and days that are no transfer and not split."""
    t = transaction.c
    free = and_(t.account_id.in_(account_ids), t.date.between(*days), t.transfer_id.is_(None), ~is_split(t))
    return [one for part in chunks(sorted(set(amounts))) for one in _sides(db, book_id, free & t.amount.in_(part))]


def lone_sides(db: Connection, book_id: int, days: tuple[date, date]) -> list[Candidate]:
    """Return the transfers of these days with one side whose other side has a number."""
    t = transaction.c
    one_sided = select(t.transfer_id).where(t.book_id == book_id, t.transfer_id.is_not(None)).group_by(t.transfer_id)
    lone = t.transfer_id.in_(one_sided.having(func.count() == 1))
    return _sides(db, book_id, lone & t.counter.is_not(None) & t.date.between(*days))


def lone_among(db: Connection, book_id: int, ids: Sequence[int]) -> dict[int, Candidate]:
    """Return those of these transactions that are a transfer with one side, by id."""
    t = transaction.c
    return {
        one.id: one for part in chunks(ids) for one in _sides(db, book_id, t.id.in_(part) & t.transfer_id.is_not(None) & alone(t))
    }


def pairs(db: Connection, book_id: int) -> set[tuple[int, int]]:
    """Return the pairs that wait or were refused, the lower id first."""
    return {(row[0], row[1]) for row in db.execute(select(pair.c.one_id, pair.c.two_id).where(pair.c.book_id == book_id))}


def _sides(db: Connection, book_id: int, where: ColumnElement[bool]) -> list[Candidate]:
    t = transaction.c
    query = select(t.id, t.account_id, t.date, t.amount, t.payee, t.text, t.counter, t.category_id, t.guess, t.transfer_id)
    rows = db.execute(query.where(t.book_id == book_id, where).order_by(t.id)).all()
    return [Candidate(r[0], r[1], r[2], r[3], r[4], r[5], r[6] or "", r[7], r[8], r[9]) for r in rows]
