"""People: who has which address, what is known of them, and their end. All moments are UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, delete, insert, select, update

from dashboard.model.database import taking
from dashboard.model.people import membership, session, user
from dashboard.model.queries import books
from dashboard.model.tables import aware


class PersonRow(NamedTuple):
    """A person; `password` is its hash, set at `password_at`; `deleted_at` is when they asked to be gone."""

    id: int
    email: str
    name: str
    password: str
    password_at: datetime
    disabled: bool
    deleted_at: datetime | None


_PERSON = select(*(user.c[name] for name in PersonRow._fields))


def by_id(db: Connection, user_id: int) -> PersonRow | None:
    """Return a person, None where nobody has the number."""
    row = db.execute(_PERSON.where(user.c.id == user_id)).one_or_none()
    return None if row is None else _person(row)


def everyone(db: Connection) -> list[PersonRow]:
    """Return everyone, in the order they came."""
    return [_person(row) for row in db.execute(_PERSON.order_by(user.c.id))]


def by_email(db: Connection, emails: Iterable[str]) -> dict[str, int]:
    """Return who has one of these addresses, letter by letter: ids by address."""
    return {email: int(number) for number, email in db.execute(select(user.c.id, user.c.email).where(user.c.email.in_(list(emails))))}


def by_pattern(db: Connection, pattern: str) -> list[tuple[int, str]]:
    """Return the ids and addresses that a regular expression finds something in, in the order they came."""
    query = select(user.c.id, user.c.email).where(user.c.email.regexp_match(pattern)).order_by(user.c.id)
    return [(int(number), email) for number, email in db.execute(query)]


def has_password(db: Connection, user_id: int, password: str, *, lock: bool = False) -> bool:
    """Say whether a person has this hash and is not kept out; locked, it stays so until the transaction ends."""
    same = select(user.c.id).where(user.c.id == user_id, user.c.password == password, user.c.disabled.is_(False))
    return db.execute(same.with_for_update() if lock else same).first() is not None


def add(db: Connection, email: str, name: str, password: str, locale: str, at: datetime) -> int:
    """Add a person, by the hash of their password, and return their id.

    Raises:
        Taken: somebody has the address.
    """
    values = {"email": email, "name": name, "password": password, "password_at": at, "locale": locale, "disabled": False, "created_at": at}
    with taking():
        user_id: int = db.execute(insert(user).values(values).returning(user.c.id)).scalar_one()
    return user_id


def set_email(db: Connection, user_id: int, email: str) -> None:
    """Set a person's address.

    Raises:
        Taken: somebody else has it.
    """
    with taking():
        db.execute(update(user).where(user.c.id == user_id).values(email=email))


def set_password(db: Connection, user_id: int, password: str, at: datetime) -> None:
    """Set the hash of a person's password."""
    db.execute(update(user).where(user.c.id == user_id).values(password=password, password_at=at))


def set_name(db: Connection, user_id: int, name: str) -> None:
    """Set what a person is called."""
    db.execute(update(user).where(user.c.id == user_id).values(name=name))


def set_locale(db: Connection, user_id: int, locale: str) -> None:
    """Set how a person reads numbers and dates."""
    db.execute(update(user).where(user.c.id == user_id).values(locale=locale))


def disable(db: Connection, user_id: int) -> None:
    """Keep a person out."""
    db.execute(update(user).where(user.c.id == user_id).values(disabled=True))


def leave(db: Connection, user_id: int, at: datetime) -> None:
    """Keep a person out who asked to be gone."""
    db.execute(update(user).where(user.c.id == user_id).values(deleted_at=at, disabled=True))


def come_back(db: Connection, user_id: int) -> bool:
    """Let a person in again who asked to be gone; return whether they had."""
    asked = (user.c.id == user_id, user.c.deleted_at.is_not(None))
    return bool(db.execute(update(user).where(*asked).values(deleted_at=None, disabled=False)).rowcount)


def left_before(db: Connection, at: datetime) -> list[int]:
    """Return who asked to be gone at a moment or before it."""
    return [int(number) for number in db.execute(select(user.c.id).where(user.c.deleted_at <= at).order_by(user.c.id)).scalars()]


def email_of_left(db: Connection, user_id: int, at: datetime) -> str | None:
    """Return the address of a person who asked to be gone at a moment or before it, and lock them; None where they did not."""
    gone = select(user.c.email).where(user.c.id == user_id, user.c.deleted_at <= at).with_for_update()
    email: str | None = db.execute(gone).scalar_one_or_none()
    return email


def erase(db: Connection, user_id: int) -> list[int]:
    """Delete a person, their sessions and the books that are nobody else's; return the ids of those books."""
    alone = books.of_nobody_else(db, user_id)
    for book_id in alone:
        books.erase(db, book_id)
    db.execute(delete(membership).where(membership.c.user_id == user_id))
    db.execute(delete(session).where(session.c.user_id == user_id))
    db.execute(delete(user).where(user.c.id == user_id))
    return alone


def _person(row: Row[tuple[object, ...]]) -> PersonRow:
    found = PersonRow._make(row)
    return found._replace(password_at=aware(found.password_at), deleted_at=aware(found.deleted_at) if found.deleted_at else None)
