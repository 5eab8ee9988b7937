"""Tries, counted by a subject: whose they are, and what was tried, as one text. All moments are UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from dashboard.model.people import attempt
from dashboard.model.tables import aware


class Tries(NamedTuple):
    """How many tries there were, and when the first of them was; None where there was none."""

    made: int
    first: datetime | None


def queue(db: Connection, subject: str) -> None:
    """Wait for whoever counts the same, until this transaction ends."""
    if db.dialect.name == "postgresql":
        # Two tries at once would both count before either is counted; SQLite has one writer anyway.
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject))))


def since(db: Connection, subject: str, at: datetime) -> Tries:
    """Return the tries after a moment."""
    count, first = db.execute(select(func.count(), func.min(attempt.c.at)).where(attempt.c.subject == subject, attempt.c.at > at)).one()
    return Tries(int(count), None if first is None else aware(first))


def add(db: Connection, subject: str, at: datetime) -> int:
    """Add a try, and return its number."""
    number: int = db.execute(insert(attempt).values(subject=subject, at=at).returning(attempt.c.id)).scalar_one()
    return number


def forget(db: Connection, subjects: Iterable[str]) -> None:
    """Delete all tries of some subjects."""
    db.execute(delete(attempt).where(attempt.c.subject.in_(list(subjects))))


def forget_one(db: Connection, number: int) -> None:
    """Delete one try."""
    db.execute(delete(attempt).where(attempt.c.id == number))


def forget_older(db: Connection, at: datetime) -> None:
    """Delete the tries before a moment, whoever's they are."""
    db.execute(delete(attempt).where(attempt.c.at < at))
