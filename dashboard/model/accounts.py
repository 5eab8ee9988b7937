"""Accounts: where money is held or owed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, String, UniqueConstraint

from dashboard.model.tables import BigInt, book_table, in_book

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
    # The day from which the opening balance holds; none: from the beginning of time.
    Column("opened", Date),
)

# What a person said that an account is worth at the end of a day, minor units: a house, a car. It holds until the next one,
# with what is booked after it.
account_value = book_table(
    "value",
    Column("account_id", BigInt, nullable=False),
    Column("day", Date, nullable=False),
    Column("amount", BigInt, nullable=False),
    in_book("account_id", "account"),
    UniqueConstraint("book_id", "account_id", "day", name="uq_value_day"),
)
