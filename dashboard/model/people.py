"""People, the books they belong to, their sessions, and the attempts that throttle sign-in."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table

from dashboard.model.tables import BigInt, metadata

user = Table(
    "user",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("password", String(255), nullable=False),
    Column("password_at", DateTime(timezone=True), nullable=False),
    Column("locale", String(12), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # When the person asked to be deleted: they are out at once, and gone for good a week later.
    Column("deleted_at", DateTime(timezone=True)),
)

book = Table(
    "book",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("month_start", Integer, nullable=False, default=1),
    Column("revision", BigInt, nullable=False, default=0),
    Column("next_id", BigInt, nullable=False, default=1),
    # The change that brought the sample data, while it is there.
    Column("demo", BigInt),
)

membership = Table(
    "membership",
    metadata,
    Column("book_id", BigInt, ForeignKey("book.id"), primary_key=True, autoincrement=False),
    Column("user_id", BigInt, ForeignKey("user.id"), primary_key=True, autoincrement=False),
    Column("role", String(10), nullable=False),
    Index("ix_membership_user_id", "user_id"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", BigInt, ForeignKey("user.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Index("ix_session_user_id", "user_id"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", BigInt, primary_key=True),
    Column("subject", String(96), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_attempt_subject_at", "subject", "at"),
)
