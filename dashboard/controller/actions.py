"""What people do: the browser sends one action at a time, with a name; each name has one function here."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from dash import Dash, Input, Output, State, no_update

from dashboard.controller.session import current_book
from dashboard.errors import InputNotValid, StatementNotReadable
from dashboard.periods import parse_day
from dashboard.selection import Selection
from dashboard.services import (
    accounts,
    budgets,
    categories,
    changes,
    drafts,
    exports,
    fields,
    import_choices,
    imports,
    people,
    transactions,
)
from dashboard.services.books import Book, Done
from dashboard.view import ids
from dashboard.view.pages import accounts as accounts_page
from dashboard.view.pages import transactions as transactions_page
from dashboard.view.parts import Words
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


def register(app: Dash) -> None:
    """Register the callbacks that do."""
    outputs = [
        Output(ids.TOAST, "data"),
        Output(ids.REVISION, "data"),
        Output(ids.URL, "href"),
        Output(ids.DRAWER, "is_open"),
        Output(ids.DRAWER, "title"),
        Output(ids.DRAWER, "children"),
        Output(ids.DOWNLOAD, "data"),
    ]

    @app.callback(output=outputs, inputs=[Input(ids.ACTION, "data")], state=[State(ids.REVISION, "data")], prevent_initial_call=True)
    def act(sent: object, revision: object) -> Answer:
        if not isinstance(sent, dict) or not isinstance(sent.get("act"), str) or sent["act"] not in ACTIONS:
            return Answer()
        book = current_book()
        if sent["act"] == "look":
            return Answer(revision=book.revision) if book.revision != revision else Answer()
        form = sent.get("fields")
        return ACTIONS[sent["act"]](
            book, Action(sent.get("value"), sent.get("extra"), sent.get("text"), form if isinstance(form, dict) else {})
        )

    @app.callback(
        output=Output(ids.URL, "href", allow_duplicate=True),
        inputs=[Input(ids.UPLOAD, "contents", allow_optional=True)],
        state=[State(ids.UPLOAD, "filename", allow_optional=True)],
        prevent_initial_call=True,
    )
    def upload(contents: object, filename: object) -> Any:
        if contents is None:
            return no_update
        return f"/import?draft={imports.receive(current_book(), filename, decoded(contents))}"

    app.server.config["CALLBACKS"] = app.callback_map


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


def _done(done: Done, **more: Any) -> Answer:
    """Say what was done, with its undo, and let the page refresh."""
    toast = {"message": done.message, "revision": done.revision, "at": secrets.token_hex(4)}
    return Answer(toast=toast, revision=done.revision or no_update, **more)


def _open(title: str, form: Element) -> Answer:
    # A new key makes a new form: nothing typed into the last one stays behind.
    return Answer(drawer_open=True, drawer_title=title, drawer=Div(form, key=secrets.token_hex(4)))


def _open_transaction(book: Book, sent: Action) -> Answer:
    with book.reading() as db:
        held = accounts.read_accounts(db, book)
        names = categories.read_categories(db, book)
    words = Words(book.locale, book.today)
    if not held:
        return Answer(
            **(
                _open("First, an account", accounts_page.form(None, book.currency, words))._asdict()
                | {"toast": {"message": "A transaction needs an account: name one first.", "at": secrets.token_hex(4)}}
            )
        )
    row = None if sent.value == "new" else transactions.one(book, sent.value)
    return _open("Edit transaction" if row else "Add transaction", transactions_page.form(row, held, names, words, secrets.token_hex(8)))


def _save_transaction(book: Book, sent: Action) -> Answer:
    form = sent.form
    done = transactions.save(
        book,
        form.get("id"),
        form.get("revision"),
        direction=form.get("direction"),
        amount=form.get("amount"),
        payee=form.get("payee"),
        category_id=form.get("category"),
        account_id=form.get("account"),
        day=form.get("date"),
        note=form.get("note"),
        key=form.get("key"),
    )
    return _done(done, drawer_open=False) if done.revision else Answer(drawer_open=False)


def _delete_transaction(book: Book, sent: Action) -> Answer:
    return _done(transactions.delete(book, [sent.value]), drawer_open=False)


def _transfer(book: Book, sent: Action) -> Answer:
    return _done(transactions.mark_transfer(book, [sent.value], transfer=True), drawer_open=False)


def _no_transfer(book: Book, sent: Action) -> Answer:
    return _done(transactions.mark_transfer(book, [sent.value], transfer=False), drawer_open=False)


def _set_category(book: Book, sent: Action) -> Answer:
    return _done(transactions.set_category(book, [sent.value], sent.text))


def _open_account(book: Book, sent: Action) -> Answer:
    words = Words(book.locale, book.today)
    if sent.value == "new":
        return _open("Add an account", accounts_page.form(None, book.currency, words))
    with book.reading() as db:
        found = accounts.account_of(db, book, sent.value)
    return _open("Edit account", accounts_page.form(found, book.currency, words))


def _save_account(book: Book, sent: Action) -> Answer:
    form = sent.form
    done = accounts.save(
        book,
        form.get("id"),
        form.get("revision"),
        name=form.get("name"),
        kind=form.get("kind"),
        currency=form.get("currency"),
        opening=form.get("opening"),
        number=form.get("number"),
    )
    return _done(done, drawer_open=False)


def _set_budget(book: Book, sent: Action) -> Answer:
    month, _, currency = str(sent.extra)[:20].partition(" ")
    if not (month.isascii() and month.isdecimal() and len(month) == 6 and 1 <= int(month) % 100 <= 12):
        raise InputNotValid("Choose a month")
    return _done(budgets.set_budget(book, sent.value, int(month), currency, sent.text))


def _undo(book: Book, sent: Action) -> Answer:
    return _done(changes.undo(book, sent.value))


def _search(book: Book, sent: Action) -> Answer:
    path, _, query = str(sent.value)[:4000].partition("?")
    selection = Selection.from_query(query, book.today).changed(search=fields.text(sent.text, "search", longest=200))
    return Answer(href=_within(path) + selection.to_query())


def _custom_period(book: Book, sent: Action) -> Answer:
    path, _, query = str(sent.value)[:4000].partition("?")
    start, end = parse_day(sent.form.get("from"), book.today), parse_day(sent.form.get("to"), book.today)
    if end < start:
        raise InputNotValid("The last day is before the first", "to")
    selection = Selection.from_query(query, book.today)
    period = Selection.from_query(f"p={start.isoformat()}..{end.isoformat()}", book.today).period
    return Answer(href=_within(path) + selection.changed(period=period).to_query())


def _within(path: str) -> str:
    """Return a page's path, the home page for any other."""
    return path if path in ("/", "/transactions", "/budgets") else "/"


def _export(book: Book, sent: Action) -> Answer:
    _, _, query = str(sent.value)[:4000].partition("?")
    selection = Selection.from_query(query, book.today)
    text = exports.selected_csv(book, selection)
    return Answer(download={"content": text, "filename": f"transactions-{selection.period}.csv", "type": "text/csv", "base64": False})


def _save_preferences(book: Book, sent: Action) -> Answer:
    people.set_preferences(
        book.engine, book.user_id, locale=sent.form.get("locale"), zone=sent.form.get("zone"), currency=sent.form.get("currency")
    )
    return Answer(toast={"message": "Settings saved", "at": secrets.token_hex(4)}, revision=book.revision + 1)


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
        return Answer(toast={"message": "Nothing in this file was new", "at": secrets.token_hex(4)}, href="/import")
    message = f"{receipt.added} transaction{'s' if receipt.added != 1 else ''} added"
    return _done(Done(receipt.revision, message), href=f"/import?done={receipt.import_ids[0]}")


ACTIONS: dict[str, Callable[[Book, Action], Answer]] = {
    "open-transaction": _open_transaction,
    "save-transaction": _save_transaction,
    "delete-transaction": _delete_transaction,
    "transfer": _transfer,
    "no-transfer": _no_transfer,
    "set-category": _set_category,
    "open-account": _open_account,
    "save-account": _save_account,
    "set-budget": _set_budget,
    "undo": _undo,
    "search": _search,
    "custom-period": _custom_period,
    "export": _export,
    "save-preferences": _save_preferences,
    "answer": _answer,
    "choose-account": _choose_account,
    "mend": _mend,
    "tick": _tick,
    "drop-draft": _drop_draft,
    "commit-import": _commit_import,
    "look": lambda book, _sent: Answer(revision=book.revision),
}
