"""The command box: each pause in typing is answered with what is found."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output

from dashboard.controller.session import current_book
from dashboard.services.ledger.finding import find
from dashboard.view import ids
from dashboard.view.command import results
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def register(app: Dash) -> None:
    """Register the callback that finds."""

    @app.callback(output=Output(ids.FOUND, "node"), inputs=[Input(ids.ASKED, "data")], prevent_initial_call=True)
    def show_found(asked: object) -> list[Element]:
        book = current_book()
        return results(find(book, asked.get("text") if isinstance(asked, dict) else ""), Words(book.locale, book.today))

    app.clientside_callback(
        ClientsideFunction("shell", "found"), Output(ids.FOUND, "title"), Input(ids.FOUND, "node"), prevent_initial_call=True
    )
