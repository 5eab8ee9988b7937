"""Leaving: a person deletes their account, is out at once, may be brought back for a week, and is then gone for good."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from dashboard.errors import DashboardError, InputNotValid
from dashboard.model import database
from dashboard.model.people import attempt, book, membership, session, user
from dashboard.model.tables import metadata
from dashboard.periods import utc_now
from dashboard.services import addresses, limits, people, sessions

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
        db.execute(update(user).where(user.c.id == user_id).values(deleted_at=now, disabled=True))
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
        back = update(user).where(user.c.id == user_id, user.c.deleted_at.is_not(None)).values(deleted_at=None, disabled=False)
        if not db.execute(back).rowcount:
            raise InputNotValid(f"The account of {email} is not deleted")
    log.info("account restored user=%s", user_id)


def purge(engine: Engine) -> int:
    """Erase for good whoever left a week ago, with all that is in their own books; return how many people that were."""
    with database.reading(engine) as db:
        due = db.execute(select(user.c.id).where(user.c.deleted_at <= utc_now() - KEPT).order_by(user.c.id)).scalars().all()
    count = 0
    for user_id in due:
        with database.transaction(engine) as db:
            if engine.dialect.name == "sqlite":
                # What is deleted is overwritten in the file, too.
                db.exec_driver_sql("PRAGMA secure_delete=ON")
            count += _erase(db, user_id)
    if count and engine.dialect.name == "sqlite":
        # The write-ahead log still holds what the file no longer does.
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return count


def purge_due(engine: Engine) -> None:
    """Purge in passing, at start and at a sign-in; what cannot be done now is left for another time."""
    try:
        purge(engine)
    except (SQLAlchemyError, DashboardError):
        log.warning("nobody was purged", exc_info=True)


def _erase(db: Connection, user_id: int) -> int:
    # Asked again under the lock: another process may have purged them, the command line brought them back.
    leaving = select(user.c.email).where(user.c.id == user_id, user.c.deleted_at <= utc_now() - KEPT).with_for_update()
    email = db.execute(leaving).scalar_one_or_none()
    if email is None:
        return 0
    for book_id in _books_of_nobody_else(db, user_id):
        for table in reversed(metadata.sorted_tables):
            if "book_id" in table.c:
                db.execute(delete(table).where(table.c.book_id == book_id))
        db.execute(delete(book).where(book.c.id == book_id))
        counted = [limits.subject(kind, str(book_id)) for kind in BY_BOOK]
        db.execute(delete(attempt).where(attempt.c.subject.in_(counted)))
    db.execute(delete(membership).where(membership.c.user_id == user_id))
    db.execute(delete(session).where(session.c.user_id == user_id))
    db.execute(delete(attempt).where(attempt.c.subject == limits.subject("sign-in", addresses.key(email))))
    db.execute(delete(user).where(user.c.id == user_id))
    log.warning("purged user=%s", user_id)
    return 1


def _books_of_nobody_else(db: Connection, user_id: int) -> list[Any]:
    """Return the books that belong to this person alone; what is shared stays with the others."""
    anybody = membership.alias()
    members = select(func.count()).select_from(anybody).where(anybody.c.book_id == book.c.id).scalar_subquery()
    mine = select(book.c.id).join(membership, membership.c.book_id == book.c.id)
    return list(db.execute(mine.where(membership.c.user_id == user_id, membership.c.role == "owner", members == 1)).scalars())
