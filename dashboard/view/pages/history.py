"""The history: every change of the book, with what stood there before and after, and its undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from dashboard.periods import month_text
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, head, icon, kept, link, once
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.history import Entry, Row

PATH = "/history"
# Amounts in minor units among the fields of a change.
AMOUNTS = frozenset({"amount", "opening", "checked", "at_least", "at_most"})
DAYS = frozenset({"date", "checked_on", "opened", "day"})
LABELS = {"opening": "opening balance", "opened": "opening balance on"}


def page(entries: Sequence[Entry], words: Words, *, number: int, older: bool) -> Element:
    """Return one page of the history, newest first."""
    bar = head("History", html.Span(className="spacer"), html.Span("Every change can be undone", className="caption"))
    if not entries:
        return html.Div(
            [
                bar,
                html.Div([html.P("Nothing has been changed yet."), link("To the dashboard", "/", "btn-line")], className="card-box empty"),
            ]
        )
    rows = [_entry(entry, words) for entry in entries]
    steps = html.Nav(
        kept(
            [
                link("Newer", f"{PATH}?page={number - 1}", "btn-line") if number > 1 else None,
                link("Older", f"{PATH}?page={number + 1}", "btn-line") if older else None,
            ]
        ),
        className="pager",
        **{"aria-label": "Pages"},
    )
    return html.Div([bar, html.Div(rows, className="table-box history"), steps])


def _entry(entry: Entry, words: Words) -> Element:
    button: Child = (
        html.Span("Undone", className="pill")
        if entry.undone
        else once(
            act(
                [icon("arrow-counterclockwise"), "Undo"],
                "undo",
                entry.revision,
                class_name="btn-line btn-small",
                label=f"Undo: {entry.action}",
            )
        )
    )
    more = entry.count - len(entry.rows)
    details = [_row(row, words) for row in entry.rows]
    if more > 0:
        details.append(html.P(f"and {words.counted(more, 'more row')}", className="caption"))
    opening = html.Details(
        [
            html.Summary(
                [
                    icon("chevron-right"),
                    html.Span(
                        [
                            html.Span(entry.action, className="who"),
                            html.Span(f"{entry.who} \u00b7 {words.moment(entry.at)}", className="caption"),
                        ],
                        className="grow",
                    ),
                    html.Span(words.counted(entry.count, "row"), className="caption wide-only-inline"),
                ],
                className="history-row",
            ),
            html.Div(details, className="history-rows"),
        ],
        className="history-entry" + (" is-undone" if entry.undone else ""),
    )
    # Beside its summary, not within: a button within a button is none to a screen reader.
    return html.Div([opening, html.Div(button, className="history-undo")], className="history-item")


def _row(row: Row, words: Words) -> Element:
    cells = [
        html.Tr(
            [
                html.Th(LABELS.get(name) or name.replace("_", " "), scope="row"),
                html.Td(_said(name, before, row.currency, words)),
                html.Td(_said(name, after, row.currency, words)),
            ]
        )
        for name, before, after in row.fields
    ]
    return html.Div(
        [
            html.Div([html.Span(row.noun, className="pill"), html.Span(row.name, className="ellipsis")], className="payee-line"),
            html.Table(
                [
                    html.Thead(html.Tr([html.Th("Field", scope="col"), html.Th("Before", scope="col"), html.Th("After", scope="col")])),
                    html.Tbody(cells),
                ],
                className="history-table",
            )
            if cells
            else html.P("Nothing that is shown changed.", className="caption"),
        ]
    )


def _said(name: str, value: object, currency: str, words: Words) -> str:
    """Return a value as a person reads it."""
    if value is None or value == "":
        return "\u2013"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in AMOUNTS and isinstance(value, int):
        return words.money(value, currency)
    if name in DAYS:
        return words.day(date.fromisoformat(str(value)))
    if name == "at":
        return words.moment(datetime.fromisoformat(str(value)))
    if name == "month" and isinstance(value, int):
        return month_text(value, words.locale)
    return str(value)
