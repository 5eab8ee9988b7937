"""Undo: from the toast, from the import history, from the command line. An undo is itself a change and can be undone."""

from __future__ import annotations

from dashboard.errors import RowsAreGone, UndoRefused
from dashboard.model.queries import history as stored
from dashboard.services import fields
from dashboard.services.books import Book, Done

LOOKED_BACK = 100


def undo(book: Book, revision: object) -> Done:
    """Take back one change; an import goes with the later edits of its rows.

    Raises:
        UndoRefused: it is undone already, or later changes stand on it; the sentence names them.
    """
    number = fields.identity(revision)
    with book.writing() as w:
        what = w.undo(number, take_edits=stored.is_import(w.connection, book.id, number))
        w.action = (
            f"Undone: {what.removeprefix('Undone: ')}"
            if not what.startswith("Undone: ")
            else f"Done again: {what.removeprefix('Undone: ')}"
        )
        if w.taken_edits:
            w.action += f", {w.taken_edits} of its rows had been edited since"
        return Done(w.revision, w.action)


def undo_last(book: Book, steps: object = None) -> Done:
    """Take back the latest change that is in force and is no undo itself.

    Args:
        steps: the changes of a person's session, by revision: of these only, and never the sample data. None: of all.

    Raises:
        UndoRefused: there is nothing to undo.
    """
    with book.reading() as db:
        if steps is None:
            numbers = stored.latest(db, book.id, LOOKED_BACK)
        else:
            numbers = stored.latest_among(db, book.id, book.user_id, _revisions(steps), LOOKED_BACK)
    for number in numbers:
        # An edit of rows whose import has been undone since went with them; what came before it is next.
        try:
            return undo(book, number)
        except RowsAreGone:
            continue
    raise UndoRefused("There is nothing to undo." if steps is None else "Nothing of this session is left to undo; see the history.")


def _revisions(steps: object) -> list[int]:
    """Return the last of the revisions that a browser remembers."""
    if not isinstance(steps, list):
        return []
    return [number for number in steps[-LOOKED_BACK:] if type(number) is int and 0 < number <= fields.LARGEST_ID]
