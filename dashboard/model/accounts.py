"""Accounts: where money is held or owed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, String

from dashboard.model.tables import BigInt, book_table

KINDS = ("checking", "savings", "card", "cash", "loan", "investment", "asset")

account = book_table(
    "account",
    Column("name", String(80), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("opening", BigInt, nullable=False, default=0),
    Column("number", String(64), nullable=False, default=""),
    Column("closed", Boolean, nullable=False, default=False),
    # The last statement whose balance agreed: its day, and the balance in minor units.
    Column("checked_on", Date),
    Column("checked", BigInt),
)
