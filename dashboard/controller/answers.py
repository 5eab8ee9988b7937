"""What the browser sent and what it is answered: the shapes that all actions share."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dash import no_update

from dashboard.services.books import Book, Done
from dashboard.view.tags import Div, Element


class Action(NamedTuple):
    """What the browser sent: text, or a form's fields; nothing of it is trusted."""

    value: object
    extra: object
    text: object
    form: dict[str, Any]


class Answer(NamedTuple):
    """What changes on the page; what is not said stays."""

    toast: Any = no_update
    revision: Any = no_update
    href: Any = no_update
    drawer_open: Any = no_update
    drawer_title: Any = no_update
    drawer: Any = no_update
    download: Any = no_update
    # What is selected in the list: how many and their sum; False lets go of it.
    selected: Any = no_update
    # What the payee's field offers.
    known: Any = no_update


Act = Callable[[Book, Action], Answer]
Page = Callable[[Book, str, str], Element]


def toast(message: str, **more: Any) -> dict[str, Any]:
    """Return a message for the corner; `at` makes two equal ones two."""
    return {"message": message, "at": secrets.token_hex(4)} | more


def done(what: Done, *, also: Sequence[dict[str, str]] = (), **more: Any) -> Answer:
    """Say what was done, with its undo, and let the page refresh; `also` is what else is offered: labels and actions."""
    said = {"more": list(also)} if also else {}
    return Answer(toast=toast(what.message, revision=what.revision, **said), revision=what.revision or no_update, **more)


def opened(title: str, form: Element) -> Answer:
    """Show a form in the drawer."""
    # A new key makes a new form: nothing typed into the last one stays behind.
    return Answer(drawer_open=True, drawer_title=title, drawer=Div(form, key=secrets.token_hex(4)))


def file(content: str, name: str, kind: str) -> Answer:
    """Let the browser save a text as a file; `kind` is its media type."""
    return Answer(download={"content": content, "filename": name, "type": kind, "base64": False})


def within(path: str) -> str:
    """Return a page's path, the home page for any other."""
    return path if path in ("/", "/transactions", "/budgets") else "/"
