"""How often things may be tried: all limits in one place, counted in the database so that processes share them."""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from dashboard.errors import TooManyTries
from dashboard.model import database
from dashboard.model.queries import limits as stored
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
    limit, name = LIMITS[kind], subject(kind, who)
    stored.queue(db, name)
    since = utc_now() - timedelta(seconds=limit.seconds)
    tried = stored.since(db, name, since)
    if tried.made >= limit.tries:
        # A limit of none is reached before the first try.
        first = tried.first or utc_now()
        wait = max(1, math.ceil((first - since).total_seconds()))
        minutes = math.ceil(wait / 60)
        raise TooManyTries(f"Too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again.", wait)
    return limit.tries - tried.made


def count(db: Connection, kind: str, who: str) -> int:
    """Count one try, and forget those past every window; return what `take_back` knows the try by."""
    now = utc_now()
    stored.forget_older(db, now - timedelta(seconds=max(limit.seconds for limit in LIMITS.values())))
    return stored.add(db, subject(kind, who), now)


def take_back(db: Connection, number: int) -> None:
    """Forget one try."""
    stored.forget_one(db, number)


def forget(db: Connection, kind: str, who: str) -> None:
    """Forget the tries, after a right password."""
    stored.forget(db, [subject(kind, who)])


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
