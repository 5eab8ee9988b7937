"""Leaving: a person deletes their account, is out at once, may be brought back for a week, and is then gone for good."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from dashboard.errors import InputNotValid
from dashboard.model import database
from dashboard.model.queries import limits as tries
from dashboard.model.queries import people as stored
from dashboard.periods import utc_now
from dashboard.services.people import addresses, limits, people, sessions

log = logging.getLogger("dashboard.security")

KEPT = timedelta(days=7)
# What is counted by the number of a book; the rest is counted by a person's address.
BY_BOOK = ("import", "export")


def delete_account(engine: Engine, user_id: int, name: object, password: object, *, address: str) -> datetime:
    """Take somebody's leave: signed out everywhere, kept out, and purged at the moment returned.

    Raises:
        InputNotValid: the name is not theirs, or the password is wrong.
        TooManyTries: the password was wrong too often.
    """
    called = people.person(engine, user_id).name
    # Before the password, which costs a try: a name is no secret.
    if not isinstance(name, str) or " ".join(name.split()).casefold() != called.casefold():
        raise InputNotValid(f"Type your name as it stands here: {called}", "name")
    who = people.confirm(engine, user_id, password, field="password", address=address)
    now = utc_now()
    with database.transaction(engine) as db:
        people.still(db, who)
        stored.leave(db, user_id, now)
        sessions.end_all(db, user_id)
    log.warning("account deleted user=%s address=%s", user_id, address)
    return now + KEPT


def restore(engine: Engine, email: str) -> None:
    """Bring back somebody who has deleted their account and is not purged yet.

    Raises:
        NotFound: nobody has this address.
        InputNotValid: the account is not deleted.
    """
    with database.transaction(engine) as db:
        user_id = addresses.id_of(db, email)
        if not stored.come_back(db, user_id):
            raise InputNotValid(f"The account of {email} is not deleted")
    log.info("account restored user=%s", user_id)


def purge(engine: Engine) -> int:
    """Erase for good whoever left a week ago, with all that is in their own books; return how many people that were."""
    with database.reading(engine) as db:
        due = stored.left_before(db, utc_now() - KEPT)
    count = 0
    for user_id in due:
        with database.erasing(engine) as db:
            count += _erase(db, user_id)
    if count:
        database.empty_log(engine)
    return count


def purge_due(engine: Engine) -> None:
    """Purge in passing, at start and at a sign-in; what cannot be done now is left for another time."""
    try:
        purge(engine)
    except database.FAILURES:
        log.warning("nobody was purged", exc_info=True)


def _erase(db: Connection, user_id: int) -> int:
    # Asked again under the lock: another process may have purged them, the command line brought them back.
    email = stored.email_of_left(db, user_id, utc_now() - KEPT)
    if email is None:
        return 0
    erased = stored.erase(db, user_id)
    counted = [limits.subject(kind, str(book_id)) for book_id in erased for kind in BY_BOOK]
    tries.forget(db, [*counted, limits.subject("sign-in", addresses.key(email))])
    log.warning("purged user=%s", user_id)
    return 1
