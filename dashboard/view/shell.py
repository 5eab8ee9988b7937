"""The frame around every page: navigation, drawer, messages, and the stores that callbacks listen to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.view import ids, tags
from dashboard.view.parts import Child, Words, act, icon, kept, link, notice, sign_out
from dashboard.view.tags import Element
from dashboard.view.tree import Tree

if TYPE_CHECKING:
    from dashboard.services.accounts import Balances
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
    """Return the frame; it holds no data. What it shows is drawn by trees, whose nodes callbacks set."""
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
            dcc.Store(id=ids.SELECTED),
            dcc.Store(id=ids.ASKED),
            html.Nav(Tree(ids.SIDEBAR, _sidebar(), className="contents"), className="sidebar", **{"aria-label": "Main"}),
            html.Main(Tree(ids.PAGE, _skeleton(), className="page page-slot", tabIndex=-1), className="main"),
            html.Nav(Tree(ids.BOTTOM, bottom_bar(), className="contents"), className="bottom-bar", **{"aria-label": "Main, short"}),
            dbc.Offcanvas(
                Tree(ids.FORM),
                id=ids.DRAWER,
                is_open=False,
                placement="end",
                class_name="drawer",
                title="",
                labelledby="drawer-title",
            ),
            Tree(ids.KNOWN, className="contents"),
            Tree("bulk", _bulk(), className="bulk-bar", role="toolbar", hidden=True, **{"aria-label": "Selected transactions"}),
            html.Div(_command(), id="command", className="command", hidden=True),
            html.Div(id="toasts", className="toasts", **{"aria-live": "polite"}),
            html.Div(html.Span(className="visually-hidden"), id="busy", className="busy", role="status"),
        ],
        className="shell",
    )


def _skeleton() -> Element:
    """Return the shape of a page to come; the stylesheet shows it only where it takes longer than a blink."""
    box = [tags.Div(className="bone"), tags.Div(className="bone wide")]
    return tags.Div(
        [
            tags.Div(tags.Span("Loading", className="visually-hidden"), className="head", role="status"),
            tags.Div([tags.Div(box, className="card-box") for _ in range(4)], className="kpis"),
            tags.Div([tags.Div(box, className="card-box tall") for _ in range(2)], className="charts"),
        ],
        className="skeleton",
        **{"aria-busy": "true"},
    )


BULK = (
    ("category", "tag", "Category"),
    ("note", "hash", "Tag"),
    ("account", "wallet2", "Account"),
    ("transfer", "arrow-left-right", "Mark as transfer"),
    ("reviewed", "check-circle", "Reviewed"),
    ("delete", "trash", "Delete"),
)


def _bulk() -> list[Child]:
    """Return the bar for what is selected; assets/js/grid.js shows it."""
    return [
        tags.Span(id="bulk-count", className="bulk-count", **{"aria-live": "polite"}),
        tags.Span(id="bulk-sum", className="bulk-sum"),
        tags.Button("Select all", type="button", hidden=True, **{"data-bulk": "all"}),
        *(
            tags.Button([icon(image), tags.Span(name, className="word")], type="button", title=name, **{"data-bulk": what})
            for what, image, name in BULK
        ),
        tags.Button(
            [icon("x-lg"), tags.Span("Esc", className="key")], type="button", **{"data-bulk": "none", "aria-label": "Clear the selection"}
        ),
    ]


def _command() -> Component:
    """Return the command box; assets/js/command.js opens it."""
    field = tags.Input(
        id="field-command",
        type="text",
        autoComplete="off",
        placeholder="Search transactions, pages, actions",
        role="combobox",
        **{"aria-label": "Search transactions, pages, actions", "aria-controls": "command-options", "aria-expanded": "false"},
    )
    return html.Div(
        [Tree(node=[icon("search"), field], className="search"), Tree(ids.FOUND, className="found")],
        className="command-box",
        role="dialog",
        **{"aria-label": "Search and commands", "aria-modal": "true"},
    )


def _navigation(unseen: str) -> Element:
    """Return the list of pages and how much waits to be reviewed; assets/js/app.js marks the one that is shown."""
    return tags.Ul(
        [
            tags.Li(
                tags.A(
                    kept(
                        [
                            icon(image),
                            tags.Span(name, className="text"),
                            tags.Span(unseen, id=ids.TO_REVIEW, className="badge-count text", title="To review")
                            if href == "/transactions"
                            else None,
                        ]
                    ),
                    href=href,
                    className="nav-item",
                    title=name,
                )
            )
            for href, name, image in NAVIGATION
        ],
        className="nav-list",
    )


def bottom_bar(csrf: str = "") -> list[Element]:
    """Return the bar of phones."""
    add = act(icon("plus"), "open-transaction", "new", class_name="plus", label="Add a transaction")
    items = {href: tags.A([icon(image), "Home" if href == "/" else name], href=href) for href, name, image in NAVIGATION}
    behind = tags.Details([tags.Summary([icon("three-dots"), "More"]), tags.Div(_more(csrf), className="popover-box")], className="menu")
    return [items["/"], items["/transactions"], add, items["/budgets"], behind]


def _sidebar(below: Sequence[Element] = (), unseen: str = "") -> list[Element]:
    logo = tags.Div([tags.Span(icon("bar-chart-fill"), className="logo-mark"), tags.Span("Finance", className="text")], className="logo")
    return [logo, _navigation(unseen), *below]


def sidebar(book: Book, balances: Balances, unseen: int, csrf: str, words: Words) -> list[Element]:
    """Return the navigation, and beneath it the balances and the person."""
    theme = tags.Button(
        icon("moon"),
        type="button",
        className="btn-plain btn-icon btn-small",
        title="Light or dark",
        **{"data-act": "theme", "aria-label": "Switch between light and dark"},
    )
    below = [
        tags.Div(_balances(balances, words), className="sidebar-accounts"),
        tags.Div([_person(book, csrf), theme], className="sidebar-foot"),
    ]
    return _sidebar(below, words.number(unseen) if unseen else "")


def _balances(shown: Balances, words: Words) -> list[Child]:
    """Return what all accounts come to, and what is in each; closed ones that are not empty are one row."""
    worth = [tags.Div(words.whole(v, code)) for code, v in shown.worth.items()]
    head = tags.Div(
        [tags.A("Accounts", href="/accounts"), tags.Span(worth, className="right")],
        className="sidebar-row sidebar-head",
    )
    if not shown.accounts:
        return [head, act([icon("plus"), "Add an account"], "open-account", "new", class_name="btn-plain btn-small")]
    rows: list[Child] = [
        tags.A(
            [tags.Span(a.name, className="ellipsis"), tags.Span(words.whole(a.balance, a.currency))],
            href=f"/transactions?acc={a.id}",
            className="sidebar-row",
        )
        for a in shown.opened
    ]
    if left := shown.left_behind:
        said = " ".join(words.whole(v, code) for code, v in shown.closed_worth.items())
        rows.append(tags.A([tags.Span(f"{len(left)} closed"), tags.Span(said)], href="/accounts", className="sidebar-row"))
    return [head, *rows]


def _person(book: Book, csrf: str) -> Element:
    """Return who is signed in, and what is behind the name."""
    initials = "".join(word[0] for word in book.user_name.split()[:2]).upper() or "?"
    return tags.Details(
        [
            tags.Summary(
                [tags.Span(initials, className="avatar"), tags.Span(book.user_name, className="who"), icon("chevron-up")],
                title=book.email,
                **{"aria-label": f"{book.user_name}: settings, history, sign out"},
            ),
            tags.Div([*_places(), _sign_out(csrf)], className="popover-box"),
        ],
        className="menu person",
    )


# What is behind the person's name, and behind "More" on a phone.
PLACES = (
    ("/categories", "Categories", "tags"),
    ("/rules", "Rules", "list-ol"),
    ("/history", "History", "clock-history"),
    ("/settings", "Settings", "gear"),
    ("/settings?tab=shortcuts", "Keyboard shortcuts", "keyboard"),
)


def _places() -> list[Element]:
    return [tags.A([icon(image), name], href=href, className="option") for href, name, image in PLACES]


def _sign_out(csrf: str) -> Element:
    return sign_out(csrf, [icon("box-arrow-right"), "Sign out"], "option")


def _more(csrf: str) -> list[Element]:
    """Return what stands behind "More" in the bar of phones."""
    items = {href: tags.A([icon(image), name], href=href, className="option") for href, name, image in NAVIGATION}
    search = tags.Button([icon("search"), "Search"], type="button", className="option", **{"data-open": "command"})
    theme = tags.Button([icon("moon"), "Light or dark"], type="button", className="option", **{"data-act": "theme"})
    return [items["/import"], items["/accounts"], search, *_places(), theme, _sign_out(csrf)]


def not_found() -> Element:
    """Return what stands at an address that leads nowhere."""
    return tags.Div([tags.H1("There is nothing at this address"), link("To the dashboard", "/", "btn-ink")], className="empty")


def failed(message: str) -> Element:
    """Return what stands in place of a page that could not be shown."""
    return tags.Div(
        [notice(message, "error"), tags.A("Try again", href="", className="btn-line", **{"data-plain": "1"})], className="empty"
    )
