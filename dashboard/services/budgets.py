"""Budgets: what a month may cost, category by category. One holds from its month until the next one set."""

from __future__ import annotations

from sqlalchemy import select

from dashboard.errors import InputNotValid
from dashboard.model.budgets import budget
from dashboard.money import parse_amount
from dashboard.periods import month_text
from dashboard.services import fields
from dashboard.services.books import Book, Done
from dashboard.services.categories import category_of


def set_budget(book: Book, category_id: object, month: int, currency: str, amount: object) -> Done:
    """Set a category's budget from a month (yyyymm) on; nothing or 0 ends it from that month.

    Raises:
        InputNotValid: the amount cannot be read or is negative, or the category is income.
        NotFound: the category is not in this book.
    """
    code = fields.currency(currency)
    size = None if amount in (None, "") else parse_amount(amount, code, book.locale)
    if size is not None and size < 0:
        raise InputNotValid("A budget cannot be negative", "amount")
    if not (1900 <= month // 100 <= 2199 and 1 <= month % 100 <= 12):
        raise InputNotValid("Budgets go from 1900 to 2199", "month")
    with book.writing() as w:
        chosen = category_of(w.connection, book, category_id)
        if chosen.is_income:
            raise InputNotValid(f"{chosen.name} is income: budgets are for spending", "amount")
        b = budget.c
        same = w.connection.execute(
            select(b.id).where(b.book_id == book.id, b.category_id == chosen.id, b.currency == code, b.month == month)
        ).scalar_one_or_none()
        if same is None:
            w.insert(budget, [{"category_id": chosen.id, "currency": code, "month": month, "amount": size or None, "carry": False}])
        else:
            w.update(budget, [same], amount=size or None)
        since = month_text(month, book.locale)
        w.action = f"Budget for {chosen.name} set from {since}" if size else f"Budget for {chosen.name} ended from {since}"
        return Done(w.revision, w.action)
