"""What each category is used for: how often in all, and for how much this year."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.model.categories import ICONS
from dashboard.model.queries import flow, usage
from dashboard.periods import Period
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import Category, read_categories


@dataclass(frozen=True)
class Shelf:
    """All categories in their order with what is in them; counts and amounts by id.

    amounts: minor units of `currency` in `year`, spending and income both positive. elsewhere: whether accounts in other
    currencies are left out of them. used: what a transaction, a budget or a rule names, so that it cannot be deleted. icons: what
    one may be chosen from.
    """

    categories: list[Category]
    year: Period
    currency: str
    elsewhere: bool
    counts: dict[int, int]
    amounts: dict[int, int]
    used: frozenset[int]
    icons: tuple[str, ...] = ICONS


def shelf(book: Book) -> Shelf:
    """Return all categories with their use."""
    year = Period.of_year(book.today.year)
    with book.reading() as db:
        categories = read_categories(db, book)
        accounts = read_accounts(db, book)
        currencies = list(dict.fromkeys(a.currency for a in accounts)) or [book.currency]
        currency = book.currency if book.currency in currencies else currencies[0]
        elsewhere = len(currencies) > 1
        counted = [a.id for a in accounts if a.currency == currency] if elsewhere else None
        counts = usage.counts(db, book.id)
        flows = flow.by_span(db, book.id, [(year.start, year.end)], counted)
        planned = usage.planned(db, book.id)
    by_id = dict(zip(counts["category_id"].tolist(), counts["count"].tolist(), strict=True))
    signs = {one.id: 1 if one.is_income else -1 for one in categories}
    amounts = {c: signs[c] * amount for _, c, amount in flows if c in signs}
    return Shelf(categories, year, currency, elsewhere, by_id, amounts, planned | frozenset(by_id))
