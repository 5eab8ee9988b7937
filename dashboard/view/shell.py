"""The frame around every page: navigation, drawer, messages, and the stores that callbacks listen to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.view import ids, tags
from dashboard.view.parts import Child, Words, act, icon, link, notice
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account
    from dashboard.services.books import Book

NAVIGATION = (
    ("/", "Dashboard", "columns-gap"),
    ("/transactions", "Transactions", "list-ul"),
    ("/budgets", "Budgets", "sliders"),
    ("/import", "Import", "upload"),
    ("/accounts", "Accounts", "wallet2"),
    ("/settings", "Settings", "gear"),
)


def layout() -> Component:
    """Return the frame; it holds no data."""
    return html.Div(
        [
            html.A("Skip to content", href="#page", className="skip-link", **{"data-plain": "1"}),
            dcc.Location(id=ids.URL, refresh="callback-nav"),
            dcc.Location(id=ids.REDIRECT, refresh=True),
            dcc.Store(id=ids.VIEW),
            dcc.Store(id=ids.REVISION),
            dcc.Store(id=ids.THEME),
            dcc.Store(id=ids.ACTION),
            dcc.Store(id=ids.TOAST),
            dcc.Download(id=ids.DOWNLOAD),
            html.Nav(
                [
                    html.Div(
                        [html.Span(icon("bar-chart-fill"), className="logo-mark"), html.Span("Finance", className="text")], className="logo"
                    ),
                    html.Div(id="nav"),
                    html.Div(id=ids.SIDEBAR, style={"display": "contents"}),
                ],
                className="sidebar",
                **{"aria-label": "Main"},
            ),
            html.Main(html.Div(id=ids.PAGE, className="page page-slot", tabIndex=-1), className="main"),
            html.Nav(id="bottom-bar", className="bottom-bar", **{"aria-label": "Main, short"}),
            dbc.Offcanvas(id=ids.DRAWER, is_open=False, placement="end", class_name="drawer", title=""),
            html.Div(id="toasts", className="toasts", **{"aria-live": "polite"}),
        ],
        className="shell",
    )


def everything() -> Component:
    """Return the frame with every part that a callback names, on whatever page it is."""
    return html.Div([layout(), dcc.Graph(id=ids.DONUT), dcc.Graph(id=ids.BARS), dcc.Graph(id=ids.GAUGE), dcc.Upload(id=ids.UPLOAD)])


def navigation(path: str) -> Element:
    """Return the list of pages with the current one marked."""
    return tags.Ul(
        [
            tags.Li(
                tags.A([icon(image), tags.Span(name, className="text")], href=href, className="nav-item", title=name, **_here(href == path))
            )
            for href, name, image in NAVIGATION
        ],
        className="nav-list",
    )


def bottom_bar(path: str) -> list[Element]:
    """Return the bar of phones."""
    add = act(icon("plus"), "open-transaction", "new", class_name="plus", label="Add a transaction")
    items = {
        href: tags.A([icon(image), "Home" if href == "/" else name], href=href, **_here(href == path)) for href, name, image in NAVIGATION
    }
    rest = ("/import", "/accounts", "/settings")
    theme = tags.Button([icon("moon"), "Light or dark"], type="button", className="btn-plain", **{"data-act": "theme"})
    more = tags.Details(
        [
            tags.Summary([icon("three-dots"), "More"], **_here(path in rest)),
            tags.Div([*[items[href] for href in rest], theme], className="popover-box"),
        ],
        className="menu",
    )
    return [items["/"], items["/transactions"], add, items["/budgets"], more]


def _here(current: bool) -> dict[str, str]:
    return {"aria-current": "page"} if current else {}


def sidebar(book: Book, accounts: Sequence[Account], worth: Mapping[str, int], words: Words) -> list[Element]:
    """Return the balances and the person, beneath the navigation."""
    head = tags.Div(
        [tags.Span("Accounts"), tags.Span(" ".join(words.whole(v, code) for code, v in worth.items()))],
        className="sidebar-row sidebar-head",
    )
    rows: list[Child] = [
        tags.A(
            [tags.Span(a.name, className="ellipsis"), tags.Span(words.whole(a.balance, a.currency))],
            href=f"/transactions?acc={a.id}",
            className="sidebar-row",
        )
        for a in accounts
    ]
    if not accounts:
        rows = [act([icon("plus"), "Add an account"], "open-account", "new", class_name="btn-plain btn-small")]
    initials = "".join(word[0] for word in book.user_name.split()[:2]).upper() or "?"
    return [
        tags.Div([head, *rows], className="sidebar-accounts"),
        tags.Div(
            [
                tags.Span(initials, className="avatar"),
                tags.Span(book.user_name, className="who", title=book.email),
                tags.Button(
                    icon("moon"),
                    type="button",
                    className="btn-plain btn-icon btn-small",
                    title="Light or dark",
                    **{"data-act": "theme", "aria-label": "Switch between light and dark"},
                ),
            ],
            className="sidebar-foot",
        ),
    ]


def not_found() -> Element:
    """Return what stands at an address that leads nowhere."""
    return tags.Div([tags.H1("There is nothing at this address"), link("To the dashboard", "/", "btn-ink")], className="empty")


def failed(message: str) -> Element:
    """Return what stands in place of a page that could not be shown."""
    return tags.Div(
        [notice(message, "error"), tags.A("Try again", href="", className="btn-line", **{"data-plain": "1"})], className="empty"
    )
