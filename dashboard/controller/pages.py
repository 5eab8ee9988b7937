"""What each address shows. One callback answers them all, so that one click is one request."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from flask import request
from flask_wtf.csrf import generate_csrf

from dashboard.config import UPLOAD_LIMIT
from dashboard.controller.session import config, current_book
from dashboard.errors import DashboardError, DatabaseBusy, NotFound
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import accounts, categories, changes, imports, transactions
from dashboard.services.books import Book
from dashboard.services.overview import overview
from dashboard.view import ids, shell
from dashboard.view.pages import accounts as accounts_page
from dashboard.view.pages import budgets as budgets_page
from dashboard.view.pages import dashboard as dashboard_page
from dashboard.view.pages import imports as imports_page
from dashboard.view.pages import settings as settings_page
from dashboard.view.pages import transactions as transactions_page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def register(app: Dash) -> None:
    """Register the callbacks that show."""
    app.clientside_callback(
        ClientsideFunction("shell", "view"),
        Output(ids.VIEW, "data"),
        Input(ids.URL, "pathname"),
        Input(ids.URL, "search"),
        State(ids.VIEW, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("shell", "toast"), Output("toasts", "title"), Input(ids.TOAST, "data"), prevent_initial_call=True
    )
    for chart in (ids.DONUT, ids.BARS):
        app.clientside_callback(
            ClientsideFunction("shell", "open"),
            Output(ids.URL, "href", allow_duplicate=True),
            Input(chart, "clickData", allow_optional=True),
            prevent_initial_call=True,
        )

    @app.callback(
        output=[Output(ids.PAGE, "children"), Output("nav", "children"), Output("bottom-bar", "children")],
        inputs=[Input(ids.VIEW, "data"), Input(ids.REVISION, "data"), Input(ids.THEME, "data")],
        prevent_initial_call=True,
    )
    def show_page(view: object, _revision: object, theme: object) -> tuple[Any, Any, Any]:
        if not isinstance(view, str) or len(view) > 4000:
            return no_update, no_update, no_update
        path, _, query = view.partition("?")
        book = current_book()
        return _page(book, path, query, _theme(theme)), shell.navigation(path), shell.bottom_bar(path)

    @app.callback(output=Output(ids.SIDEBAR, "children"), inputs=[Input(ids.REVISION, "data")])
    def show_sidebar(_revision: object) -> list[Element]:
        book = current_book()
        found = accounts.all_accounts(book)
        return shell.sidebar(book, found, accounts.net_worth(found), Words(book.locale, book.today))


def _theme(switched: object) -> str:
    """Return the theme the figures are drawn in: what was switched to, else what the browser's cookies say."""
    for said in (switched, request.cookies.get("theme"), request.cookies.get("seen_theme")):
        if said in ("light", "dark"):
            return str(said)
    return "light"


def _page(book: Book, path: str, query: str, theme: str) -> Element:
    try:
        if path == dashboard_page.PATH:
            return dashboard_page.page(
                overview(book, Selection.from_query(query, book.today)), theme, narrow=request.cookies.get("narrow") == "1"
            )
        if path == transactions_page.PATH:
            return _transactions(book, query)
        if path == budgets_page.PATH:
            return budgets_page.page(overview(book, _monthly(Selection.from_query(query, book.today))), theme)
        if path == imports_page.PATH:
            return _import(book, query)
        if path == "/accounts":
            found = accounts.all_accounts(book)
            return accounts_page.page(found, accounts.net_worth(found), Words(book.locale, book.today))
        if path == "/settings":
            return settings_page.page(
                book, changes.history(book), Words(book.locale, book.today), https=config().https, csrf=generate_csrf()
            )
    except DatabaseBusy as error:
        return shell.failed(error.message)
    return shell.not_found()


def _monthly(selection: Selection) -> Selection:
    """Return the selection of one month: a budget is a month's."""
    return selection if selection.period.kind == "month" else selection.changed(period=Period.of_month(selection.period.month))


def _transactions(book: Book, query: str) -> Element:
    selection = Selection.from_query(query, book.today)
    name = transactions.import_name(book, selection.imported) if selection.imported else ""
    return transactions_page.page(transactions.listed(book, selection), Words(book.locale, book.today), name)


def _import(book: Book, query: str) -> Element:
    words = Words(book.locale, book.today)
    values = parse_qs(query) if query.count("&") < 10 else {}
    try:
        if "draft" in values:
            only = values.get("show", [""])[0]
            return imports_page.check(imports.check(book, values["draft"][0]), words, only if only in imports_page.STATUS else "")
        if "done" in values:
            return _done(book, values["done"][0], words)
    except DatabaseBusy:
        raise
    except DashboardError as error:
        return imports_page.failed(error.message)
    return imports_page.choose(imports.earlier(book), accounts.all_accounts(book), words, largest=UPLOAD_LIMIT)


def _done(book: Book, import_id: str, words: Words) -> Element:
    receipt = imports.receipt_of(book, import_id)
    shown = transactions.listed(book, Selection(Period.of_month(receipt.month), imported=receipt.id))
    if not shown.count:
        raise NotFound("This import has been undone: the book is as it was before.")
    names = {c.id: c for c in categories.all_categories(book)}
    rows = transactions_page.recent_list(shown.rows.head(8), shown.accounts, names, words)
    row = {
        "id": receipt.id,
        "file": receipt.file,
        "added": receipt.added,
        "duplicates": receipt.duplicates,
        "problems": receipt.problems,
        "account": receipt.account,
        "proof": receipt.proof,
        "revision": receipt.revision,
        "dashboard": f"/?p={receipt.month // 100}-{receipt.month % 100:02}&cur={receipt.currency}",
    }
    return imports_page.done(row, rows, words, shown.money_in, shown.money_out)
