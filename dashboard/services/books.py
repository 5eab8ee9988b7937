"""The book a request works on, with the person who asks: every query and every change takes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from dashboard import periods
from dashboard.errors import NotFound
from dashboard.model import database
from dashboard.model.queries import books as stored
from dashboard.model.writing import Writer, writing
from dashboard.services.people import addresses


class Done(NamedTuple):
    """A change that was made: its number in the journal, and the sentence for the toast."""

    revision: int
    message: str
    created: int = 0


@dataclass(frozen=True)
class Book:
    """One household's money, as seen by one member."""

    id: int
    user_id: int
    role: str
    name: str
    currency: str
    zone: str
    revision: int
    locale: str
    user_name: str
    email: str
    engine: Engine = field(repr=False, compare=False)
    # Whether the sample data is in it.
    demo: bool = False

    @property
    def today(self) -> date:
        """Return the date where the book's people live."""
        return periods.today(self.zone)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one consistent view of the database."""
        with database.reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self, action: str = "") -> Iterator[Writer]:
        """Open one journalled change of this book."""
        with writing(self.engine, self.id, self.user_id, action) as writer:
            yield writer


def book_of(engine: Engine, user_id: int) -> Book:
    """Return the book a person works in.

    Raises:
        NotFound: the person does not exist, is disabled, or belongs to no book.
    """
    with database.reading(engine) as db:
        return read_book(db, engine, user_id)


def read_book(db: Connection, engine: Engine, user_id: int) -> Book:
    """Return the book a person works in, on an open connection.

    Raises:
        NotFound: the person does not exist, is disabled, or belongs to no book.
    """
    row = stored.of_person(db, user_id)
    if row is None:
        raise NotFound
    return Book(
        row.id, user_id, row.role, row.name, row.currency, row.zone, row.revision, row.locale, row.user_name, row.email, engine, row.demo
    )


def book_by_email(engine: Engine, email: str) -> Book:
    """Return the book of the person with this address.

    Raises:
        NotFound: nobody has it, or several do.
    """
    with database.reading(engine) as db:
        return read_book(db, engine, addresses.id_of(db, email))
