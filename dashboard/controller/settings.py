"""Settings: how a person reads, how they sign in."""

from __future__ import annotations

from flask_wtf.csrf import generate_csrf

from dashboard.controller.answers import Act, Action, Answer, Page, toast
from dashboard.controller.session import config
from dashboard.services import changes, people
from dashboard.services.books import Book
from dashboard.view.pages import settings as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, _query: str, _theme: str) -> Element:
    return page.page(book, changes.history(book), Words(book.locale, book.today), https=config().https, csrf=generate_csrf())


def _save_preferences(book: Book, sent: Action) -> Answer:
    people.set_preferences(
        book.engine, book.user_id, locale=sent.form.get("locale"), zone=sent.form.get("zone"), currency=sent.form.get("currency")
    )
    return Answer(toast=toast("Settings saved"), revision=book.revision + 1)


ACTIONS: dict[str, Act] = {
    "save-preferences": _save_preferences,
}
PAGES: dict[str, Page] = {page.PATH: _show}
