"""Who asks, what, call, show: settings of the server, the gate, forms and callbacks. One line a page."""

from __future__ import annotations

from dash import Dash
from flask import Flask

from dashboard.controller import actions, auth, command, pages, uploads
from dashboard.controller.gate import guard
from dashboard.controller.web import add_dash, configure, warm

__all__ = ["add_callbacks", "add_dash", "add_forms", "configure", "guard", "warm"]


def add_forms(server: Flask) -> None:
    """Register the pages that work without JavaScript, and where files come in."""
    server.register_blueprint(auth.blueprint)
    server.register_blueprint(uploads.blueprint)


def add_callbacks(app: Dash) -> None:
    """Register what the pages show and what people do on them."""
    pages.register(app)
    actions.register(app)
    command.register(app)
