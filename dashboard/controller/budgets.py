"""Budgets: the month, and what is set in it."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, Page, done
from dashboard.errors import InputNotValid
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import budgets
from dashboard.services.books import Book
from dashboard.services.overview import overview
from dashboard.view.pages import budgets as page
from dashboard.view.tags import Element


def _show(book: Book, query: str, theme: str) -> Element:
    return page.page(overview(book, _monthly(Selection.from_query(query, book.today))), theme)


def _monthly(selection: Selection) -> Selection:
    """Return the selection of one month: a budget is a month's."""
    return selection if selection.period.kind == "month" else selection.changed(period=Period.of_month(selection.period.month))


def _set_budget(book: Book, sent: Action) -> Answer:
    month, _, currency = str(sent.extra)[:20].partition(" ")
    if not (month.isascii() and month.isdecimal() and len(month) == 6 and 1 <= int(month) % 100 <= 12):
        raise InputNotValid("Choose a month")
    return done(budgets.set_budget(book, sent.value, int(month), currency, sent.text))


ACTIONS: dict[str, Act] = {
    "set-budget": _set_budget,
}
PAGES: dict[str, Page] = {page.PATH: _show}
