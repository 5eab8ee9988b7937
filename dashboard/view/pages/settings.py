"""Settings: how numbers and dates are written, the password, and the history of changes with undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from dashboard import periods
from dashboard.money import LOCALES, money
from dashboard.view import tags as html
from dashboard.view.pages.accounts import currency_options
from dashboard.view.parts import Child, Words, act, card, field, head, icon, link, notice
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.books import Book
    from dashboard.services.changes import Change


PATH = "/settings"


def page(book: Book, changes: Sequence[Change], words: Words, *, https: bool, csrf: str) -> Element:
    """Return the settings of a person and their book."""
    rows: list[Child] = []
    for change in changes:
        button: Child = (
            html.Span("Undone", className="caption")
            if change.undone
            else act([icon("arrow-counterclockwise"), "Undo"], "undo", change.revision, class_name="btn-line btn-small", once=True)
        )
        rows.append(
            html.Div(
                [
                    html.Div(
                        [html.Div(change.action, className="who"), html.Div(words.day(change.at.date()), className="caption")],
                        className="grow",
                    ),
                    button,
                ],
                className="list-row",
            )
        )
    form = html.Form(
        [
            html.Div(
                [
                    field(
                        "Numbers and dates",
                        "locale",
                        html.Select(
                            id="preferred-locale",
                            name="locale",
                            value=book.locale,
                            options=[{"label": f"{code}: {_example(code)}", "value": code} for code in LOCALES],
                        ),
                    ),
                    field(
                        "Main currency",
                        "currency",
                        html.Select(id="preferred-currency", name="currency", value=book.currency, options=currency_options()),
                    ),
                ],
                className="field-row",
            ),
            field(
                "Time zone",
                "zone",
                html.Select(
                    id="preferred-zone",
                    name="zone",
                    value=book.zone,
                    options=[{"label": z, "value": z} for z in sorted(periods.zones()) if "/" in z or z == "UTC"],
                ),
            ),
            html.Button("Save", type="submit", className="btn-ink"),
        ],
        **{"data-act": "save-preferences"},
    )
    safe = (
        []
        if https
        else [
            notice(
                "This server is reached over plain HTTP: anyone on the same network could read along. "
                "The README says how to put HTTPS before it.",
                "watch",
            )
        ]
    )
    return html.Div(
        [
            head("Settings"),
            html.Div(
                [
                    *safe,
                    card("Numbers and dates", form),
                    card(
                        "Sign-in",
                        html.Div(
                            [
                                html.Div(
                                    [
                                        html.Div(
                                            [
                                                html.Div("Password", className="who"),
                                                html.Div("Changing it signs out every other device", className="caption"),
                                            ],
                                            className="grow",
                                        ),
                                        html.A("Change", href="/password", className="btn-line btn-small", **{"data-plain": "1"}),
                                    ],
                                    className="list-row",
                                ),
                                html.Div(
                                    [
                                        html.Div(
                                            [html.Div(book.email, className="who"), html.Div("Signed in", className="caption")],
                                            className="grow",
                                        ),
                                        html.Form(
                                            [
                                                html.Input(type="hidden", name="csrf_token", value=csrf),
                                                html.Button("Sign out", type="submit", className="btn-line btn-small"),
                                            ],
                                            method="post",
                                            action="/sign-out",
                                        ),
                                    ],
                                    className="list-row",
                                ),
                            ]
                        ),
                    ),
                    card("Accounts", html.P([link("Accounts and balances", "/accounts")])),
                    card(
                        "History",
                        html.Div(rows) if rows else html.P("Nothing has been changed yet.", className="muted"),
                        caption="every change can be undone",
                    ),
                ],
                className="settings",
            ),
        ]
    )


def _example(code: str) -> str:
    return f"{money(-123450, 'EUR', code)}, {periods.day_text(date(2026, 11, 18), code)}"
