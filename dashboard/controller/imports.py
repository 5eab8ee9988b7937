"""Imports: drop a file, check it, take it in."""

from __future__ import annotations

import base64
import binascii
import secrets
from urllib.parse import parse_qs

from dashboard.config import UPLOAD_LIMIT
from dashboard.controller.answers import Act, Action, Answer, Page, done, toast
from dashboard.errors import DashboardError, DatabaseBusy, NotFound, StatementNotReadable
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import accounts, categories, drafts, import_choices, import_receipts, imports, ledger
from dashboard.services.books import Book, Done
from dashboard.view.pages import imports as page
from dashboard.view.pages import transactions as transactions_page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, query: str, _theme: str) -> Element:
    words = Words(book.locale, book.today)
    values = parse_qs(query) if query.count("&") < 10 else {}
    try:
        if "draft" in values:
            only = values.get("show", [""])[0]
            return page.check(imports.check(book, values["draft"][0]), words, only if only in page.STATUS else "")
        if "done" in values:
            return _finished(book, values["done"][0], words)
    except DatabaseBusy:
        raise
    except DashboardError as error:
        return page.failed(error.message)
    return page.choose(import_receipts.earlier(book), accounts.all_accounts(book), words, largest=UPLOAD_LIMIT)


def _finished(book: Book, import_id: str, words: Words) -> Element:
    receipt = import_receipts.receipt_of(book, import_id)
    shown = ledger.listed(book, Selection(Period.of_month(receipt.month), imported=receipt.id))
    if not shown.count:
        raise NotFound("This import has been undone: the book is as it was before.")
    names = {c.id: c for c in categories.all_categories(book)}
    rows = transactions_page.recent_list(shown.rows.head(8), shown.accounts, names, words)
    row = {
        "id": receipt.id,
        "file": receipt.file,
        "added": receipt.added,
        "duplicates": receipt.duplicates,
        "problems": receipt.problems,
        "account": receipt.account,
        "proof": receipt.proof,
        "revision": receipt.revision,
        "dashboard": f"/?p={receipt.month // 100}-{receipt.month % 100:02}&cur={receipt.currency}",
    }
    return page.done(row, rows, words, shown.money_in, shown.money_out)


def decoded(contents: object) -> bytes:
    """Return an uploaded file's bytes.

    Raises:
        StatementNotReadable: what arrived is no file.
    """
    if not isinstance(contents, str) or ";base64," not in contents[:300]:
        raise StatementNotReadable("That file did not arrive. Drop it again.")
    try:
        return base64.b64decode(contents.split(";base64,", 1)[1], validate=True)
    except (binascii.Error, ValueError) as error:
        raise StatementNotReadable("That file did not arrive whole. Drop it again.") from error


def _reread(book: Book) -> Answer:
    """Let the check screen read its file again: the revision's store takes a value it has not had."""
    return Answer(revision=f"{book.revision}:{secrets.token_hex(3)}")


def _answer(book: Book, sent: Action) -> Answer:
    key, _, value = str(sent.extra)[:80].partition("=")
    import_choices.answer(book, sent.value, key, value or sent.text)
    return _reread(book)


def _choose_account(book: Book, sent: Action) -> Answer:
    import_choices.choose_account(book, sent.value, sent.extra, sent.text)
    return _reread(book)


def _mend(book: Book, sent: Action) -> Answer:
    line, _, cell = str(sent.extra)[:40].partition("=")
    import_choices.mend(book, sent.value, line, cell, sent.text)
    return _reread(book)


def _tick(book: Book, sent: Action) -> Answer:
    import_choices.tick(book, sent.value, sent.extra, take=sent.text is True)
    return _reread(book)


def _drop_draft(book: Book, sent: Action) -> Answer:
    drafts.drop(book, sent.value)
    return Answer(href="/import")


def _commit_import(book: Book, sent: Action) -> Answer:
    receipt = imports.commit(book, sent.value)
    if not receipt.added:
        return Answer(toast=toast("Nothing in this file was new"), href="/import")
    message = f"{receipt.added} transaction{'s' if receipt.added != 1 else ''} added"
    return done(Done(receipt.revision, message), href=f"/import?done={receipt.import_ids[0]}")


ACTIONS: dict[str, Act] = {
    "answer": _answer,
    "choose-account": _choose_account,
    "mend": _mend,
    "tick": _tick,
    "drop-draft": _drop_draft,
    "commit-import": _commit_import,
}
PAGES: dict[str, Page] = {page.PATH: _show}
