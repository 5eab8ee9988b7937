"""How often things may be tried: all limits in one place, counted in the database so that processes share them."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, select

from dashboard.errors import TooManyTries
from dashboard.model import database
from dashboard.model.people import attempt
from dashboard.periods import utc_now


class Limit(NamedTuple):
    """So many tries in so many seconds."""

    tries: int
    seconds: int


LIMITS = {
    # Wrong passwords for one account; then it rests, whoever asks.
    "sign-in": Limit(5, 300),
    # Wrong passwords from one address, over all accounts.
    "sign-in-address": Limit(50, 300),
    "sign-up": Limit(10, 3600),
    "import": Limit(200, 3600),
    "export": Limit(100, 3600),
}


def subject(kind: str, who: str) -> str:
    """Name what is counted; addresses and e-mails are kept as hashes."""
    return f"{kind}:{hashlib.sha256(who.encode()).hexdigest()[:40]}"


def left(db: Connection, kind: str, who: str) -> int:
    """Return how many tries are left.

    Raises:
        TooManyTries: none; with the seconds to wait.
    """
    if db.dialect.name == "postgresql":
        # Two tries at once would both count before either is counted; SQLite has one writer anyway.
        db.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject(kind, who)))))
    limit = LIMITS[kind]
    since = utc_now() - timedelta(seconds=limit.seconds)
    name = subject(kind, who)
    count: int
    count, first = db.execute(select(func.count(), func.min(attempt.c.at)).where(attempt.c.subject == name, attempt.c.at > since)).one()
    if count >= limit.tries:
        if isinstance(first, str):
            first = datetime.fromisoformat(first)
        if first.tzinfo is None:
            first = first.replace(tzinfo=UTC)
        wait = max(1, math.ceil((first - since).total_seconds()))
        minutes = math.ceil(wait / 60)
        raise TooManyTries(f"Too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again.", wait)
    return limit.tries - count


def count(db: Connection, kind: str, who: str) -> int:
    """Count one try, and forget those past every window; return what `take_back` knows the try by."""
    now = utc_now()
    db.execute(delete(attempt).where(attempt.c.at < now - timedelta(seconds=max(limit.seconds for limit in LIMITS.values()))))
    number: int = db.execute(insert(attempt).values(subject=subject(kind, who), at=now).returning(attempt.c.id)).scalar_one()
    return number


def take_back(db: Connection, number: int) -> None:
    """Forget one try."""
    db.execute(delete(attempt).where(attempt.c.id == number))


def forget(db: Connection, kind: str, who: str) -> None:
    """Forget the tries, after a right password."""
    db.execute(delete(attempt).where(attempt.c.subject == subject(kind, who)))


def spend(engine: Engine, kind: str, who: str) -> None:
    """Count one use of something that is always allowed, up to its limit.

    Raises:
        TooManyTries: the limit is reached.
    """
    with database.transaction(engine) as db:
        left(db, kind, who)
        count(db, kind, who)


def spend_reading(engine: Engine, kind: str, who: str) -> None:
    """Count one use of something that only reads: where the count cannot be written, now or ever, it is read all the same.

    Raises:
        TooManyTries: the limit is reached.
    """
    with database.reading(engine) as db:
        left(db, kind, who)
    database.in_passing(engine, lambda db: count(db, kind, who), f"the count of an {kind}")
