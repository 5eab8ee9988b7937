"""Files on their way in: one file a request, as a form sends it; assets/js/upload.js does. The gate has let it pass."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.config import UPLOAD_LIMIT
from dashboard.controller.session import current_book
from dashboard.errors import FileTooLarge, StatementNotReadable
from dashboard.services import imports
from dashboard.services.imports import drafts
from dashboard.services.portable import book as whole_book

PATH = "/import/file"
# The file, and the lines around it that say its name.
REQUEST_LIMIT = UPLOAD_LIMIT + 2**14

blueprint = Blueprint("uploads", __name__)


@blueprint.post(PATH)
def take() -> dict[str, Any]:
    """Read a file and let it wait for its check; a whole book comes in at once or not at all.

    Returns:
        The draft's id; of a whole book where to go, and what to say there.
    """
    book = current_book()
    name, data = _file()
    if whole_book.is_whole_book(data):
        return {"href": "/", "message": whole_book.load(book, data).message}
    return {"draft": imports.receive(book, name, data)}


def _file() -> tuple[str | None, bytes]:
    """Return the one file of this request.

    Raises:
        FileTooLarge: by its announced length, before anything of it is read, or by what came.
        StatementNotReadable: there is no such part, or more than one.
    """
    request.max_content_length = REQUEST_LIMIT
    request.max_form_parts = 4
    # What is in memory of it at a time: the parser takes 64 KB and keeps what may be the beginning of the end.
    request.max_form_memory_size = 2**18
    try:
        found = request.files.getlist("file")
    except RequestEntityTooLarge as error:
        raise FileTooLarge(drafts.TOO_LARGE) from error
    if len(found) != 1:
        raise StatementNotReadable("That file did not arrive. Drop it again.")
    return found[0].filename, found[0].read()
