"""Budgets: an amount for a category that holds from its month until the next one set."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, UniqueConstraint

from dashboard.model.tables import BigInt, book_table, in_book

budget = book_table(
    "budget",
    Column("category_id", BigInt, nullable=False),
    Column("currency", String(3), nullable=False),
    # The first month (yyyymm) it applies to.
    Column("month", Integer, nullable=False),
    # Minor units; none ends the budget from this month on.
    Column("amount", BigInt),
    Column("carry", Boolean, nullable=False, default=False),
    in_book("category_id", "category"),
    UniqueConstraint("book_id", "category_id", "currency", "month", name="uq_budget_month"),
)
