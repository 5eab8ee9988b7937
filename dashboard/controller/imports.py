"""Imports: drop a file, check it, take it in."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs

from dash import no_update

from dashboard.config import UPLOAD_LIMIT
from dashboard.controller import uploads
from dashboard.controller.answers import Act, Action, Answer, Page, done, toast
from dashboard.errors import DashboardError, DatabaseBusy, NotFound
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import accounts, categories, fields, imports, ledger
from dashboard.services.books import Book, Done
from dashboard.services.imports import choices, drafts, receipts
from dashboard.view.pages import imports as page
from dashboard.view.pages import transactions as transactions_page
from dashboard.view.pages.import_files import Zone
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, query: str, _theme: str) -> Element:
    words = Words(book.locale, book.today, book.zone)
    values = parse_qs(query) if query.count("&") < 10 else {}
    try:
        if "draft" in values:
            only = values.get("show", [""])[0]
            status = only if only in page.STATUS else ""
            return page.check(imports.check(book, values["draft"][0], status), words, status, drafts.waiting(book))
        if "done" in values:
            return _finished(book, values["done"][0], words)
    except DatabaseBusy:
        raise
    except DashboardError as error:
        return page.failed(error.message)
    zone = Zone(uploads.PATH, UPLOAD_LIMIT, drafts.TOO_LARGE)
    return page.choose(receipts.earlier(book), accounts.all_accounts(book), words, zone, drafts.waiting(book))


def _finished(book: Book, import_id: str, words: Words) -> Element:
    receipt = receipts.receipt_of(book, import_id)
    shown = ledger.listed(book, Selection(Period.of_month(receipt.month), imported=receipt.id))
    if not shown.count:
        raise NotFound("This import has been undone: the book is as it was before.")
    names = {c.id: c for c in categories.all_categories(book)}
    rows = transactions_page.recent_list(shown.rows.head(8), shown.accounts, names, words)
    return page.done(receipt, rows, (shown.money_in, shown.money_out), words)


def _reread(book: Book) -> Answer:
    """Let the check screen read its file again: the revision's store takes a value it has not had."""
    return Answer(revision=f"{book.revision}:{secrets.token_hex(3)}")


def _answer(book: Book, sent: Action) -> Answer:
    key, _, value = str(sent.extra)[:80].partition("=")
    choices.answer(book, sent.value, key, value or sent.text)
    return _reread(book)


def _choose_account(book: Book, sent: Action) -> Answer:
    choices.choose_account(book, sent.value, sent.extra, sent.text)
    return _reread(book)


def _mend(book: Book, sent: Action) -> Answer:
    line, _, cell = str(sent.extra)[:40].partition("=")
    choices.mend(book, sent.value, line, cell, sent.text)
    return _reread(book)


def _tick(book: Book, sent: Action) -> Answer:
    choices.tick(book, sent.value, sent.extra, take=sent.text is True)
    return _reread(book)


def _next(book: Book, draft_id: object, last: str = page.PATH) -> str:
    """Return where to go from a file that waits no more: to the one after it, else to the first, after the last to `last`."""
    left = [found.id for found in drafts.waiting(book)]
    after = next((one for one in left if one > fields.identity(draft_id)), left[0] if left else None)
    return last if after is None else f"{page.PATH}?draft={after}"


def _drop_draft(book: Book, sent: Action) -> Answer:
    # What it was called is asked before it is gone.
    found = next((w for w in drafts.waiting(book) if str(w.id) == str(sent.value)), None)
    drafts.drop(book, sent.value)
    if sent.extra == "stay":
        said = toast(f"{found.file} forgotten; nothing of it was saved") if found else no_update
        return Answer(toast=said, revision=_reread(book).revision)
    return Answer(href=_next(book, sent.value))


def _commit_import(book: Book, sent: Action) -> Answer:
    receipt = imports.commit(book, sent.value)
    if not receipt.added:
        return Answer(toast=toast("Nothing in this file was new"), href=_next(book, sent.value))
    message = f"{receipt.added} transaction{'s' if receipt.added != 1 else ''} added"
    if receipt.transfers:
        message += f", {receipt.transfers} transfer{'s' if receipt.transfers != 1 else ''} found"
    return done(Done(receipt.revision, message), href=_next(book, sent.value, f"/import?done={receipt.import_ids[0]}"))


ACTIONS: dict[str, Act] = {
    "answer": _answer,
    "choose-account": _choose_account,
    "mend": _mend,
    "tick": _tick,
    "drop-draft": _drop_draft,
    "commit-import": _commit_import,
}
PAGES: dict[str, Page] = {page.PATH: _show}
