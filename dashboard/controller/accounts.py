"""Accounts: the list, the drawer, what is done to them."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, Page, done, opened
from dashboard.services import accounts
from dashboard.services.books import Book
from dashboard.view.pages import accounts as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, _query: str, _theme: str) -> Element:
    found = accounts.all_accounts(book)
    return page.page(found, accounts.net_worth(found), Words(book.locale, book.today))


def _open_account(book: Book, sent: Action) -> Answer:
    words = Words(book.locale, book.today)
    if sent.value == "new":
        return opened("Add an account", page.form(None, book.currency, words))
    with book.reading() as db:
        found = accounts.account_of(db, book, sent.value)
    return opened("Edit account", page.form(found, book.currency, words))


def _save_account(book: Book, sent: Action) -> Answer:
    form = sent.form
    saved = accounts.save(
        book,
        form.get("id"),
        form.get("revision"),
        name=form.get("name"),
        kind=form.get("kind"),
        currency=form.get("currency"),
        opening=form.get("opening"),
        number=form.get("number"),
    )
    return done(saved, drawer_open=False)


ACTIONS: dict[str, Act] = {
    "open-account": _open_account,
    "save-account": _save_account,
}
PAGES: dict[str, Page] = {page.PATH: _show}
