"""Categories, and the preset ones a new book starts with."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String

from dashboard.model.tables import book_table

EXPENSE, INCOME = "expense", "income"

category = book_table(
    "category",
    Column("name", String(80), nullable=False),
    Column("group", String(80), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("slot", Integer, nullable=False),
    Column("icon", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("archived", Boolean, nullable=False, default=False),
)

# (name, group, kind, colour slot, icon); the slots are those of the palette in assets/css/tokens.css.
PRESET: tuple[tuple[str, str, str, int, str], ...] = (
    ("Housing", "Essentials", EXPENSE, 1, "house"),
    ("Groceries", "Essentials", EXPENSE, 2, "basket"),
    ("Childcare", "Essentials", EXPENSE, 3, "balloon"),
    ("Transport", "Essentials", EXPENSE, 5, "train-front"),
    ("Utilities", "Essentials", EXPENSE, 6, "lightning"),
    ("Insurance", "Essentials", EXPENSE, 7, "umbrella"),
    ("Phone & internet", "Essentials", EXPENSE, 14, "wifi"),
    ("Health", "Essentials", EXPENSE, 12, "heart-pulse"),
    ("Eating out", "Lifestyle", EXPENSE, 4, "cup-hot"),
    ("Clothing", "Lifestyle", EXPENSE, 9, "handbag"),
    ("Pets", "Lifestyle", EXPENSE, 13, "hearts"),
    ("Fun & events", "Lifestyle", EXPENSE, 11, "ticket-perforated"),
    ("Subscriptions", "Lifestyle", EXPENSE, 15, "collection-play"),
    ("Personal care", "Lifestyle", EXPENSE, 17, "scissors"),
    ("Travel", "Occasional", EXPENSE, 8, "airplane"),
    ("Home & garden", "Occasional", EXPENSE, 10, "tools"),
    ("Gifts", "Occasional", EXPENSE, 16, "gift"),
    ("Learning", "Occasional", EXPENSE, 18, "book"),
    ("Salary", "Income", INCOME, 0, "cash-coin"),
    ("Other income", "Income", INCOME, 0, "piggy-bank"),
)
