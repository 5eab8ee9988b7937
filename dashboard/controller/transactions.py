"""Transactions: the list, the drawer, what is done to rows."""

from __future__ import annotations

import secrets

from dashboard.controller.answers import Act, Action, Answer, Page, done, opened, toast, within
from dashboard.selection import Selection
from dashboard.services import accounts, categories, exports, fields, transactions
from dashboard.services.books import Book
from dashboard.view.pages import accounts as accounts_page
from dashboard.view.pages import transactions as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, query: str, _theme: str) -> Element:
    selection = Selection.from_query(query, book.today)
    name = transactions.import_name(book, selection.imported) if selection.imported else ""
    return page.page(transactions.listed(book, selection), Words(book.locale, book.today), name)


def _open_transaction(book: Book, sent: Action) -> Answer:
    with book.reading() as db:
        held = accounts.read_accounts(db, book)
        names = categories.read_categories(db, book)
    words = Words(book.locale, book.today)
    if not held:
        return Answer(
            **(
                opened("First, an account", accounts_page.form(None, book.currency, words))._asdict()
                | {"toast": toast("A transaction needs an account: name one first.")}
            )
        )
    row = None if sent.value == "new" else transactions.one(book, sent.value)
    return opened("Edit transaction" if row else "Add transaction", page.form(row, held, names, words, secrets.token_hex(8)))


def _save_transaction(book: Book, sent: Action) -> Answer:
    form = sent.form
    saved = transactions.save(
        book,
        form.get("id"),
        form.get("revision"),
        direction=form.get("direction"),
        amount=form.get("amount"),
        payee=form.get("payee"),
        category_id=form.get("category"),
        account_id=form.get("account"),
        day=form.get("date"),
        note=form.get("note"),
        key=form.get("key"),
    )
    return done(saved, drawer_open=False) if saved.revision else Answer(drawer_open=False)


def _delete_transaction(book: Book, sent: Action) -> Answer:
    return done(transactions.delete(book, [sent.value]), drawer_open=False)


def _transfer(book: Book, sent: Action) -> Answer:
    return done(transactions.mark_transfer(book, [sent.value], transfer=True), drawer_open=False)


def _no_transfer(book: Book, sent: Action) -> Answer:
    return done(transactions.mark_transfer(book, [sent.value], transfer=False), drawer_open=False)


def _set_category(book: Book, sent: Action) -> Answer:
    return done(transactions.set_category(book, [sent.value], sent.text))


def _search(book: Book, sent: Action) -> Answer:
    path, _, query = str(sent.value)[:4000].partition("?")
    selection = Selection.from_query(query, book.today).changed(search=fields.text(sent.text, "search", longest=200))
    return Answer(href=within(path) + selection.to_query())


def _export(book: Book, sent: Action) -> Answer:
    _, _, query = str(sent.value)[:4000].partition("?")
    selection = Selection.from_query(query, book.today)
    text = exports.selected_csv(book, selection)
    return Answer(download={"content": text, "filename": f"transactions-{selection.period}.csv", "type": "text/csv", "base64": False})


ACTIONS: dict[str, Act] = {
    "open-transaction": _open_transaction,
    "save-transaction": _save_transaction,
    "delete-transaction": _delete_transaction,
    "transfer": _transfer,
    "no-transfer": _no_transfer,
    "set-category": _set_category,
    "search": _search,
    "export": _export,
}
PAGES: dict[str, Page] = {page.PATH: _show}
