"""Undo: from the toast, from the import history, from the command line. An undo is itself a change and can be undone."""

from __future__ import annotations

from sqlalchemy import select

from dashboard.errors import RowsAreGone, UndoRefused
from dashboard.model.changes import change
from dashboard.model.imports import import_
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
        imported = (
            w.connection.execute(select(import_.c.id).where(import_.c.book_id == book.id, import_.c.revision == number).limit(1)).first()
            is not None
        )
        what = w.undo(number, take_edits=imported)
        w.action = (
            f"Undone: {what.removeprefix('Undone: ')}"
            if not what.startswith("Undone: ")
            else f"Done again: {what.removeprefix('Undone: ')}"
        )
        if w.taken_edits:
            w.action += f", {w.taken_edits} of its rows had been edited since"
        return Done(w.revision, w.action)


def undo_last(book: Book) -> Done:
    """Take back the latest change that is in force and is no undo itself.

    Raises:
        UndoRefused: there is nothing to undo.
    """
    c = change.c
    with book.reading() as db:
        numbers = (
            db.execute(
                select(c.revision)
                .where(c.book_id == book.id, c.undone_by.is_(None), c.undoes.is_(None))
                .order_by(c.revision.desc())
                .limit(LOOKED_BACK)
            )
            .scalars()
            .all()
        )
    for number in numbers:
        # An edit of rows whose import has been undone since went with them; what came before it is next.
        try:
            return undo(book, number)
        except RowsAreGone:
            continue
    raise UndoRefused("There is nothing to undo.")
