"""What people do: the browser sends one action at a time, with a name; each name has one function in its noun's file."""

from __future__ import annotations

import secrets
from typing import Any

from dash import Dash, Input, Output, State, no_update, set_props

from dashboard.controller import accounts, budgets, categories, dashboard, demo, history, imports, rules, settings, transactions
from dashboard.controller.answers import Act, Action, Answer, toast
from dashboard.controller.session import current_book
from dashboard.services import whole_book
from dashboard.services.imports import receive
from dashboard.view import ids

NOUNS = (dashboard, transactions, budgets, categories, rules, imports, accounts, settings, history, demo)
ACTIONS: dict[str, Act] = {"look": lambda book, _sent: Answer(revision=book.revision)}
for _noun in NOUNS:
    ACTIONS |= _noun.ACTIONS


def register(app: Dash) -> None:
    """Register the callbacks that do."""
    outputs = [
        Output(ids.TOAST, "data"),
        Output(ids.REVISION, "data"),
        Output(ids.URL, "href"),
        Output(ids.DRAWER, "is_open"),
        Output(ids.DRAWER, "title"),
        Output(ids.DRAWER, "children"),
        Output(ids.DOWNLOAD, "data"),
        Output(ids.SELECTED, "data"),
    ]

    @app.callback(output=outputs, inputs=[Input(ids.ACTION, "data")], state=[State(ids.REVISION, "data")], prevent_initial_call=True)
    def act(sent: object, revision: object) -> Answer:
        if not isinstance(sent, dict) or not isinstance(sent.get("act"), str) or sent["act"] not in ACTIONS:
            return Answer()
        book = current_book()
        if sent["act"] == "look":
            return Answer(revision=book.revision) if book.revision != revision else Answer()
        form = sent.get("fields")
        return ACTIONS[sent["act"]](
            book, Action(sent.get("value"), sent.get("extra"), sent.get("text"), form if isinstance(form, dict) else {})
        )

    @app.callback(
        output=Output(ids.URL, "href", allow_duplicate=True),
        inputs=[Input(ids.UPLOAD, "contents", allow_optional=True)],
        state=[State(ids.UPLOAD, "filename", allow_optional=True)],
        prevent_initial_call=True,
    )
    def upload(contents: object, filename: object) -> Any:
        if contents is None:
            return no_update
        book, data = current_book(), imports.decoded(contents)
        if whole_book.is_whole_book(data):
            # The whole book comes in at once or not at all; a fresh page, since its revision may be a lower one.
            set_props(ids.TOAST, {"data": toast(whole_book.load(book, data).message)})
            set_props(ids.REVISION, {"data": secrets.token_hex(4)})
            return "/"
        return f"/import?draft={receive(book, filename, data)}"

    app.server.config["CALLBACKS"] = app.callback_map
