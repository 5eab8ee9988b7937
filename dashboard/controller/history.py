"""The history of changes, and taking them back."""

from __future__ import annotations

from urllib.parse import parse_qs

from dashboard.controller.answers import Act, Action, Answer, Page, done
from dashboard.services import history
from dashboard.services.books import Book
from dashboard.view.pages import history as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, query: str, _theme: str) -> Element:
    text = parse_qs(query).get("page", ["1"])[0] if query.count("&") < 10 else "1"
    number = int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 1
    entries, older = history.history(book, number)
    return page.page(entries, Words(book.locale, book.today, book.zone), number=number, older=older)


def _undo(book: Book, sent: Action) -> Answer:
    return done(history.undo(book, sent.value))


def _undo_last(book: Book, sent: Action) -> Answer:
    return done(history.undo_last(book, sent.value or []))


ACTIONS: dict[str, Act] = {"undo": _undo, "undo-last": _undo_last}
PAGES: dict[str, Page] = {page.PATH: _show}
