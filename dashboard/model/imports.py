"""Imports: what was taken from which file; drafts: files between choosing and importing; rules for categories."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, LargeBinary, String, Text

from dashboard.model.tables import BigInt, book_table, in_book

import_ = book_table(
    "import",
    Column("account_id", BigInt, nullable=False),
    Column("file", String(255), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("format", String(20), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("read", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
    # What was understood of the file, as JSON: for the receipt and the history.
    Column("reading", Text, nullable=False),
    in_book("account_id", "account"),
)

draft = book_table(
    "draft",
    Column("user_id", BigInt, nullable=False),
    Column("file", String(255), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("data", LargeBinary, nullable=False),
    # Hints and corrections a person gave, as JSON.
    Column("choices", Text, nullable=False),
    # What the file says, as statements/keeping.py writes it.
    Column("reading", LargeBinary),
)

rule = book_table(
    "rule",
    Column("position", Integer, nullable=False),
    Column("category_id", BigInt),
    # Conditions as JSON (analysis/rules.py): contains, pattern, least, most, account, direction.
    Column("conditions", Text, nullable=False),
    in_book("category_id", "category"),
)
