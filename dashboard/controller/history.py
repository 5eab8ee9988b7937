"""The history of changes, and taking them back."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, done
from dashboard.services import changes
from dashboard.services.books import Book


def _undo(book: Book, sent: Action) -> Answer:
    return done(changes.undo(book, sent.value))


ACTIONS: dict[str, Act] = {
    "undo": _undo,
}
