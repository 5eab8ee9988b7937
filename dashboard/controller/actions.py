"""What people do: the browser sends one action at a time, with a name; each name has one function in its noun's file."""

from __future__ import annotations

from dash import Dash, Input, Output, State

from dashboard.controller import accounts, budgets, categories, dashboard, demo, history, imports, rules, settings, transactions
from dashboard.controller.answers import Act, Action, Answer
from dashboard.controller.session import current_book
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
        Output(ids.FORM, "node"),
        Output(ids.DOWNLOAD, "data"),
        Output(ids.SELECTED, "data"),
        Output(ids.KNOWN, "node"),
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

    app.server.config["CALLBACKS"] = app.callback_map
