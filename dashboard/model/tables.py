"""How every table of this house is made: composite keys that start with the book, names for all constraints.

Each row of a book carries `book_id`, and every key begins with it: a row cannot point at another household's row,
each query starts at an index prefix, and the tables can be distributed by book as they are.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts only in INTEGER; PostgreSQL needs eight bytes for minor units and ids.
BigInt = BigInteger().with_variant(Integer, "sqlite")


def book_table(name: str, *items: SchemaItem) -> Table:
    """Make a table of a book's nouns: (book_id, id) is its key, `revision` the book revision that last wrote the row."""
    return Table(
        name,
        metadata,
        Column("book_id", BigInt, nullable=False, autoincrement=False),
        Column("id", BigInt, nullable=False, autoincrement=False),
        Column("revision", BigInt, nullable=False),
        *items,
        PrimaryKeyConstraint("book_id", "id"),
        ForeignKeyConstraint(["book_id"], ["book.id"]),
        sqlite_with_rowid=False,
    )


def in_book(column: str, target: str) -> ForeignKeyConstraint:
    """Point at a row of the same book. No ON DELETE: nulling a composite key would null the book as well."""
    return ForeignKeyConstraint(["book_id", column], [f"{target}.book_id", f"{target}.id"])


def aware(moment: datetime) -> datetime:
    """Return a stored moment with its zone, which SQLite does not keep."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
