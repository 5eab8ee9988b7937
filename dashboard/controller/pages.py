"""What each address shows. One callback answers them all, so that one click is one request."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from flask import request
from flask_wtf.csrf import generate_csrf

from dashboard.controller import accounts, budgets, categories, dashboard, history, imports, rules, settings, transactions
from dashboard.controller.answers import Page
from dashboard.controller.session import current_book
from dashboard.errors import DatabaseBusy
from dashboard.services.accounts import Balances, all_accounts
from dashboard.services.books import Book
from dashboard.services.ledger import to_review
from dashboard.view import ids, shell
from dashboard.view.parts import Words
from dashboard.view.tags import Element

PAGES: dict[str, Page] = {}
for _noun in (dashboard, transactions, budgets, categories, rules, imports, accounts, settings, history):
    PAGES |= _noun.PAGES


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
    app.clientside_callback(
        ClientsideFunction("shell", "selected"), Output("bulk", "title"), Input(ids.SELECTED, "data"), prevent_initial_call=True
    )
    @app.callback(
        output=Output(ids.PAGE, "node"),
        inputs=[Input(ids.VIEW, "data"), Input(ids.REVISION, "data"), Input(ids.THEME, "data")],
        prevent_initial_call=True,
    )
    def show_page(view: object, _revision: object, theme: object) -> Any:
        if not isinstance(view, str) or len(view) > 4000:
            return no_update
        path, _, query = view.partition("?")
        book = current_book()
        return _page(book, path, query, _theme(theme))

    @app.callback(output=[Output(ids.SIDEBAR, "node"), Output(ids.BOTTOM, "node")], inputs=[Input(ids.REVISION, "data")])
    def show_frame(_revision: object) -> tuple[list[Element], list[Element]]:
        book = current_book()
        csrf, words = generate_csrf(), Words(book.locale, book.today)
        return shell.sidebar(book, Balances(all_accounts(book)), to_review(book), csrf, words), shell.bottom_bar(csrf)


def _theme(switched: object) -> str:
    """Return the theme the figures are drawn in: what was switched to, else what the browser's cookies say."""
    for said in (switched, request.cookies.get("theme"), request.cookies.get("seen_theme")):
        if said in ("light", "dark"):
            return str(said)
    return "light"


def _page(book: Book, path: str, query: str, theme: str) -> Element:
    if path not in PAGES:
        return shell.not_found()
    try:
        page = PAGES[path](book, query, theme)
    except DatabaseBusy as error:
        return shell.failed(error.message)
    # Another page, or another file on it, is other elements; the same page with other figures is the same ones.
    asked = parse_qs(query)
    key = " ".join([path, *(f"{name}={asked[name][0]}" for name in ("tab", "draft", "done") if name in asked)])
    return page | {"props": page["props"] | {"key": key}}
