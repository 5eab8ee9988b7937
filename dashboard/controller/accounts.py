"""Accounts: the list, the drawer, what is done to them."""

from __future__ import annotations

from dataclasses import replace

from dashboard.controller.answers import Act, Action, Answer, Page, done, opened
from dashboard.services import accounts, reconciling
from dashboard.services.books import Book
from dashboard.view.pages import accounts as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, _query: str, _theme: str) -> Element:
    return page.page(accounts.overview(book), Words(book.locale, book.today))


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
        accounts.AccountForm(
            name=form.get("name"),
            kind=form.get("kind"),
            currency=form.get("currency"),
            opening=form.get("opening"),
            number=form.get("number"),
            opened=form.get("opened"),
        ),
    )
    return done(saved, drawer_open=False)


def _one(book: Book, account_id: object) -> accounts.Account:
    with book.reading() as db:
        found = accounts.account_of(db, book, account_id)
        return replace(found, balance=accounts.balance_at(db, book, found, book.today))


def _open_value(book: Book, sent: Action) -> Answer:
    found = _one(book, sent.value)
    with book.reading() as db:
        said = accounts.values_of(db, book, found.id)
    return opened(f"What is {found.name} worth?", page.value_form(found, said, Words(book.locale, book.today)))


def _set_value(book: Book, sent: Action) -> Answer:
    form = sent.form
    return done(accounts.revalue(book, form.get("account"), form.get("amount"), form.get("date")), drawer_open=False)


def _open_reconcile(book: Book, sent: Action) -> Answer:
    found = _one(book, sent.value)
    return opened(f"Reconcile {found.name}", page.reconcile_form(found, Words(book.locale, book.today), book.today))


def _reconcile(book: Book, sent: Action) -> Answer:
    form = sent.form
    result = reconciling.reconcile(book, form.get("account"), form.get("date"), form.get("amount"))
    if result.done is not None:
        return done(result.done, drawer_open=False)
    typed, words = str(form.get("amount")), Words(book.locale, book.today)
    return opened(f"Reconcile {result.account.name}", page.reconcile_form(result.account, words, result.day, typed, result))


ACTIONS: dict[str, Act] = {
    "open-account": _open_account,
    "save-account": _save_account,
    "close-account": lambda book, sent: done(accounts.close(book, sent.value)),
    "reopen-account": lambda book, sent: done(accounts.reopen(book, sent.value)),
    "remove-account": lambda book, sent: done(accounts.delete(book, sent.value)),
    "open-value": _open_value,
    "set-value": _set_value,
    "unsay-value": lambda book, sent: done(accounts.unsay(book, sent.value), drawer_open=False),
    "open-reconcile": _open_reconcile,
    "reconcile": _reconcile,
}
PAGES: dict[str, Page] = {page.PATH: _show}
