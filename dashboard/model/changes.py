"""The journal: who changed what, when, and what stood there before."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint, String, Table

from dashboard.model.tables import BigInt, metadata

change = Table(
    "change",
    metadata,
    Column("book_id", BigInt, nullable=False, autoincrement=False),
    Column("revision", BigInt, nullable=False, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("user_id", BigInt, nullable=False),
    # One sentence for the person: "3 transactions deleted".
    Column("action", String(300), nullable=False),
    Column("undoes", BigInt),
    Column("undone_by", BigInt),
    # zlib of a JSON list of steps; see writing.py.
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("book_id", "revision"),
    ForeignKeyConstraint(["book_id"], ["book.id"]),
    sqlite_with_rowid=False,
)
