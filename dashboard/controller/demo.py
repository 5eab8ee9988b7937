"""The sample data: put in and taken out with one click each."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, done
from dashboard.services import demo
from dashboard.services.books import Book


def _load(book: Book, _sent: Action) -> Answer:
    return done(demo.load(book))


def _remove(book: Book, _sent: Action) -> Answer:
    return done(demo.remove(book))


ACTIONS: dict[str, Act] = {
    "load-demo": _load,
    "remove-demo": _remove,
}
