"""The dashboard: what it shows for an address."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, Page, within
from dashboard.controller.session import narrow
from dashboard.errors import InputNotValid
from dashboard.periods import parse_day
from dashboard.selection import Selection
from dashboard.services.books import Book
from dashboard.services.overview import overview
from dashboard.view.pages import dashboard as page
from dashboard.view.tags import Element


def _show(book: Book, query: str, theme: str) -> Element:
    return page.page(overview(book, Selection.from_query(query, book.today)), theme, narrow=narrow())


def _custom_period(book: Book, sent: Action) -> Answer:
    path, _, query = str(sent.value)[:4000].partition("?")
    start, end = (parse_day(sent.form.get(name), book.today, book.locale) for name in ("from", "to"))
    if end < start:
        raise InputNotValid("The last day is before the first", "to")
    selection = Selection.from_query(query, book.today)
    period = Selection.from_query(f"p={start.isoformat()}..{end.isoformat()}", book.today).period
    return Answer(href=within(path) + selection.changed(period=period).to_query())


ACTIONS: dict[str, Act] = {
    "custom-period": _custom_period,
}
PAGES: dict[str, Page] = {page.PATH: _show}
