"""Books as a whole: whose they are, what is set for all of a book, and their end."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from dashboard.model.changes import change
from dashboard.model.people import book, membership, user
from dashboard.model.tables import metadata


class BookRow(NamedTuple):
    """A book with one of its people; `demo` is whether the sample data is in it."""

    id: int
    role: str
    name: str
    currency: str
    zone: str
    revision: int
    locale: str
    user_name: str
    email: str
    demo: bool


def of_person(db: Connection, user_id: int) -> BookRow | None:
    """Return the oldest book of a person, None where they have none, are kept out, or do not exist."""
    b, c = book.c, change.c
    row = db.execute(
        select(
            b.id,
            membership.c.role,
            b.name,
            b.currency,
            b.zone,
            b.revision,
            user.c.locale,
            user.c.name.label("user_name"),
            user.c.email,
            c.revision.is_not(None).label("demo"),
        )
        .join(membership, membership.c.book_id == b.id)
        .join(user, user.c.id == membership.c.user_id)
        .outerjoin(change, (c.book_id == b.id) & (c.revision == b.demo) & c.undone_by.is_(None))
        .where(user.c.id == user_id, user.c.disabled.is_(False))
        .order_by(b.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else BookRow(*row)


def add(db: Connection, owner: int, *, name: str, currency: str, zone: str) -> int:
    """Add an empty book, whose months are the calendar's, with a person as its owner; return its id."""
    values = {"name": name, "currency": currency, "zone": zone, "month_start": 1, "revision": 0, "next_id": 1}
    book_id: int = db.execute(insert(book).values(values).returning(book.c.id)).scalar_one()
    db.execute(insert(membership).values(book_id=book_id, user_id=owner, role="owner"))
    return book_id


def touch(db: Connection, owner: int) -> None:
    """Raise the revision of a person's own books, which open pages are refreshed by."""
    db.execute(update(book).where(_owned(owner)).values(revision=book.c.revision + 1))


def set_preferences(db: Connection, owner: int, *, currency: str, zone: str) -> None:
    """Set the main currency and the time zone of a person's own books, and raise their revision."""
    db.execute(update(book).where(_owned(owner)).values(revision=book.c.revision + 1, currency=currency, zone=zone))


def of_nobody_else(db: Connection, owner: int) -> list[int]:
    """Return the books that belong to this person alone: what is shared is not among them."""
    anybody = membership.alias()
    members = select(func.count()).select_from(anybody).where(anybody.c.book_id == book.c.id).scalar_subquery()
    mine = select(book.c.id).join(membership, membership.c.book_id == book.c.id)
    found = db.execute(mine.where(membership.c.user_id == owner, membership.c.role == "owner", members == 1)).scalars()
    return [int(number) for number in found]


def erase(db: Connection, book_id: int) -> None:
    """Delete a book with all that is in it, its journal too."""
    for table in reversed(metadata.sorted_tables):
        if "book_id" in table.c:
            db.execute(delete(table).where(table.c.book_id == book_id))
    db.execute(delete(book).where(book.c.id == book_id))


def _owned(user_id: int) -> ColumnElement[bool]:
    return book.c.id.in_(select(membership.c.book_id).where(membership.c.user_id == user_id, membership.c.role == "owner"))
