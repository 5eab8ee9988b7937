"""Generated households: so many transactions over so many years, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlalchemy import Engine

from dashboard.importing.grouping import fingerprint
from dashboard.model import database
from dashboard.model.accounts import account
from dashboard.model.budgets import budget
from dashboard.model.transactions import split, transaction
from dashboard.periods import month_of
from dashboard.services.books import Book, book_of
from dashboard.services.categories import all_categories
from dashboard.services.people import people

LAST_DAY = date(2026, 11, 18)
PASSWORD = "correct horse battery staple"
# category: (payees, smallest and largest amount in cents, weight)
HABITS: dict[str, tuple[tuple[str, ...], int, int, int]] = {
    "Groceries": (("Lidl", "SuperValu", "Fresh Basket Market", "Corner Bakery", "Tesco"), 600, 6800, 30),
    "Eating out": (("Trattoria Nonna", "Café Luna", "Bao House", "The Long Table"), 900, 5200, 14),
    "Transport": (("City Transit", "Circle K Fuel", "Bike Share", "Irish Rail"), 250, 5800, 14),
    "Utilities": (("Gas Networks", "City Water", "Electric Ireland"), 2700, 11000, 3),
    "Phone & internet": (("Tesco Mobile", "Virgin Media"), 2200, 4500, 2),
    "Insurance": (("Allianz Home & Car",), 9000, 12000, 1),
    "Clothing": (("Uniqlo", "Second Story"), 2000, 9500, 4),
    "Health": (("Boots Pharmacy", "Dr Hayes"), 900, 6500, 4),
    "Pets": (("Paws & Co",), 1500, 8300, 2),
    "Fun & events": (("Odeon Cinema", "Climb Hall", "Ticket House"), 1200, 5400, 5),
    "Subscriptions": (("Netflix", "Spotify Family", "iCloud+", "The Guardian"), 299, 1799, 4),
    "Personal care": (("Barber & Sons",), 1800, 4200, 2),
    "Travel": (("Ryanair", "Booking House"), 5900, 42000, 1),
    "Home & garden": (("Woodie's", "IKEA"), 1500, 14500, 3),
    "Gifts": (("Bookshop", "Flower Stall"), 1500, 7000, 2),
    "Learning": (("Piano Lessons",), 3000, 3000, 2),
}
BUDGETS = {
    "Housing": 138000,
    "Groceries": 62000,
    "Eating out": 24000,
    "Transport": 21000,
    "Utilities": 19000,
    "Clothing": 16000,
    "Pets": 18000,
    "Fun & events": 10000,
    "Health": 9000,
    "Home & garden": 21000,
    "Travel": 15000,
    "Subscriptions": 6000,
}
COLUMNS = ("account_id", "date", "month", "amount", "payee", "text", "note", "category_id", "fingerprint", "occurrence", "transfer_id")
Row = tuple[int, str, int, int, str, str, str, int | None, int, int, int | None]


def household(engine: Engine, count: int, years: int, email: str = "mara@kelly.example", seed: int = 7) -> Book:
    """Fill a new person's book: a steady salary and rent, habits by weight, 5 % transfers, 2 % splits, twelve budgets."""
    user_id = people.sign_up(engine, people.NewPerson(email, "Mara Kelly", PASSWORD, currency="EUR", locale="en-IE", zone="Europe/Dublin"))
    book = book_of(engine, user_id)
    rng = random.Random(seed)
    names = {c.name: c.id for c in all_categories(book)}
    first = LAST_DAY - timedelta(days=int(years * 365.25) - 1)
    with book.writing("Sample household") as w:
        base = {"currency": "EUR", "number": "", "closed": False}
        current, card, savings = w.insert(
            account,
            [
                base | {"name": "Current", "kind": "checking", "opening": 180000},
                base | {"name": "Card", "kind": "card", "opening": 0},
                base | {"name": "Savings", "kind": "savings", "opening": 900000},
            ],
        )
        rows = _rows(rng, count, first, names, current, card, savings, w.new_ids(count))
        ids = w.insert_many(transaction, COLUMNS, rows, len(rows))
        parts = []
        large = -2000 * _scale(count, first)
        for i, row in zip(ids, rows, strict=True):
            if row[7] is None and row[10] is None and row[3] < large and rng.random() < 0.6:
                part = row[3] * 2 // 3
                parts += [
                    {"transaction_id": i, "category_id": names["Groceries"], "amount": part, "note": ""},
                    {"transaction_id": i, "category_id": names["Home & garden"], "amount": row[3] - part, "note": ""},
                ]
        w.insert(split, parts)
        start = month_of(first)
        w.insert(
            budget,
            [
                {"category_id": names[name], "currency": "EUR", "month": start, "amount": amount, "carry": False}
                for name, amount in BUDGETS.items()
            ],
        )
    database.tidy(engine)
    return book_of(engine, user_id)


def _scale(count: int, first: date) -> float:
    """Shrink amounts where there are many a month, so that every size of household is a plausible one."""
    return min(1.0, 45 * ((LAST_DAY - first).days + 1) / 30.4 / count)


def _rows(
    rng: random.Random, count: int, first: date, names: dict[str, int], current: int, card: int, savings: int, transfer_ids: range
) -> list[Row]:
    days = (LAST_DAY - first).days + 1
    rows: list[Row] = []
    transfers = iter(transfer_ids)
    seen: dict[int, int] = {}

    def add(account_id: int, day: date, amount: int, payee: str, category: int | None, transfer: int | None = None) -> None:
        text = f"{payee.upper()} {rng.randrange(10_000):04}"
        print_ = fingerprint(day.isoformat(), amount, f"{payee} {text}")
        seen[print_] = place = seen.get(print_, -1) + 1
        rows.append((account_id, day.isoformat(), month_of(day), amount, payee, text, "", category, print_, place, transfer))

    month = first.replace(day=1)
    while month <= LAST_DAY:
        for day, amount, payee, category in (
            (1, -138000, "Landlord", "Housing"),
            (15, 348000, "Studio Ames", "Salary"),
            (25, 218060, "Harbour Design", "Salary"),
        ):
            when = month.replace(day=day)
            if first <= when <= LAST_DAY and len(rows) < count // 2:
                add(current, when, amount, payee, names[category])
        month = (month.replace(day=28) + timedelta(days=5)).replace(day=1)
    weights = [habit[3] for habit in HABITS.values()]
    kinds = list(HABITS)
    scale = _scale(count, first)
    while len(rows) < count:
        day = first + timedelta(days=int(rng.random() * days))
        chance = rng.random()
        if chance < 0.025 and len(rows) + 2 <= count:
            shared, amount = next(transfers), rng.randrange(50, 400) * 100
            add(current, day, -amount, "To Savings", None, shared)
            add(savings, day, amount, "From Current", None, shared)
        elif chance < 0.06:
            add(card, day, -max(50, int(rng.randrange(500, 9000) * scale)), "SumUp *8841", None)
        else:
            kind = rng.choices(kinds, weights)[0]
            payees, low, high, _ = HABITS[kind]
            add(rng.choice((current, card)), day, -max(50, int(rng.randint(low, high) * scale)), rng.choice(payees), names[kind])
    return rows
