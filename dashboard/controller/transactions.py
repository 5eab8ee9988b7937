"""Transactions: the list, the drawer, what is done to rows, one or many."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from dashboard.bounds import MOST_PARTS
from dashboard.controller.answers import Act, Action, Answer, Page, done, file, opened, toast, within
from dashboard.controller.rules import always, offered
from dashboard.controller.session import narrow
from dashboard.errors import InputNotValid, NotFound
from dashboard.periods import parse_day
from dashboard.selection import AMOUNT_SIGNS, Selection, terms_of
from dashboard.services import accounts, categories, fields, ledger, transactions, transfers
from dashboard.services.books import Book, Done
from dashboard.services.portable import exports
from dashboard.view.pages import accounts as accounts_page
from dashboard.view.pages import transaction_form
from dashboard.view.pages import transactions as page
from dashboard.view.pages.transaction_filters import PATH
from dashboard.view.pages.transaction_form import NOTHING, Kept
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, query: str, _theme: str) -> Element:
    selection = Selection.from_query(query, book.today)
    name = ledger.import_name(book, selection.imported) if selection.imported else ""
    # What may be a transfer is asked where one looks through what has come in.
    asked = transfers.waiting(book) if selection.review or selection.imported or not selection.filtered else []
    return page.page(ledger.listed(book, selection), Words(book.locale, book.today), name, asked, narrow=narrow())


def _confirm_pair(book: Book, sent: Action) -> Answer:
    return done(transfers.confirm(book, sent.value))


def _refuse_pair(book: Book, sent: Action) -> Answer:
    return done(transfers.refuse(book, sent.value))


def _open_transaction(book: Book, sent: Action) -> Answer:
    return _form(book, None if sent.value == "new" else transactions.one(book, sent.value), split=sent.extra == "split")


def _form(book: Book, row: transactions.Opened | None, *, split: bool = False, last: Kept = NOTHING) -> Answer:
    with book.reading() as db:
        held = accounts.read_accounts(db, book)
        names = categories.read_categories(db, book)
    words = Words(book.locale, book.today)
    if not any(not account.closed for account in held) and row is None:
        return opened("First, an account", accounts_page.form(None, book.currency, words))._replace(
            toast=toast("A transaction needs an account: name one first.")
        )
    offered = transaction_form.Offered(held, names, ledger.known_payees(book))
    form = transaction_form.form(row, offered, words, secrets.token_hex(8), last=last, split=split)
    return opened("Edit transaction" if row else "Add transaction", form)


def _save_transaction(book: Book, sent: Action) -> Answer:
    form = sent.form
    before = _category_before(book, form.get("id"))
    if form.get("direction") == "transfer":
        told = transfers.TransferForm(
            amount=form.get("amount"),
            from_id=form.get("account"),
            to_id=form.get("to"),
            day=form.get("date"),
            arrives=form.get("arrives"),
            payee=form.get("payee"),
            note=form.get("note"),
            key=form.get("key"),
        )
        saved = transfers.save(book, form.get("id"), form.get("revision"), told)
    else:
        said = transactions.TransactionForm(
            direction=form.get("direction"),
            amount=form.get("amount"),
            payee=form.get("payee"),
            category_id=form.get("category"),
            account_id=form.get("account"),
            day=form.get("date"),
            note=form.get("note"),
            # A form that shows no parts, as that of a transfer, says nothing of them.
            parts=_parts(form) if "part-amount-0" in form else None,
            key=form.get("key"),
        )
        saved = transactions.save(book, form.get("id"), form.get("revision"), said)
    if sent.extra == "again" and not form.get("id"):
        day = parse_day(form.get("date"), book.today, book.locale)
        again = _form(book, None, last=Kept(day, fields.optional_identity(form.get("account"))))
        return done(saved)._replace(drawer_open=True, drawer_title=again.drawer_title, drawer=again.drawer)
    if sent.extra == "always" and form.get("id"):
        rule = always(book, saved.created)
        return done(saved)._replace(drawer_open=True, drawer_title=rule.drawer_title, drawer=rule.drawer)
    chosen = fields.optional_identity(form.get("category")) if form.get("id") else None
    also = offered(book, saved, saved.created, before) if chosen is not None and chosen != before else []
    return done(saved, also=also, drawer_open=False) if saved.revision else Answer(drawer_open=False)


def _category_before(book: Book, transaction_id: object) -> int | None:
    """Return a transaction's category; what is gone meanwhile is for saving to say."""
    try:
        found = transactions.one(book, transaction_id).row.category_id if transaction_id else None
    except NotFound:
        return None
    return found


def _parts(form: dict[str, Any]) -> list[dict[str, Any]]:
    """Gather the parts that a form holds as part-amount-0, part-category-0, part-note-0 and so on."""
    return [
        {name: form.get(f"part-{name}-{place}") for name in ("amount", "category", "note")}
        for place in range(MOST_PARTS)
        if form.get(f"part-amount-{place}")
    ]


def _edit_cell(book: Book, sent: Action) -> Answer:
    revision, _, cell = str(sent.extra)[:40].partition(" ")
    before = _category_before(book, sent.value) if cell == "category" else None
    if cell == "category" and isinstance(sent.text, dict):
        made = transactions.set_category(book, [sent.value], None, new=sent.text.get("new"), revision=revision)
        return done(made, also=offered(book, made, sent.value, before))
    saved = transactions.edit(book, sent.value, revision, cell, sent.text)
    also = offered(book, saved, sent.value, before) if cell == "category" else []
    return done(saved, also=also) if saved.revision else Answer(revision=f"{book.revision}:{secrets.token_hex(3)}")


def _change_rows(book: Book, sent: Action) -> Answer:
    """Do one thing to all rows that are selected: `extra` names it, `text` says with what."""
    name = fields.choice(sent.extra, "action", tuple(BULK))
    return done(BULK[name](book, sent.value, sent.text), selected=False)


def _count_rows(book: Book, sent: Action) -> Answer:
    count, sums = ledger.counted(book, sent.value)
    words = Words(book.locale, book.today)
    money = " ".join(words.money(value, code, plus=True) for code, value in sums.items())
    return Answer(selected={"count": count, "text": f"{words.number(count)} selected", "sum": money})


def _change_alike(book: Book, sent: Action) -> Answer:
    """Give the others of a payee the category that one was corrected to."""
    row = transactions.one(book, sent.value).row
    rows: list[object] = list(transactions.alike(book, sent.value, sent.extra))
    if not rows:
        return Answer(toast=toast("No other transaction of this payee is left to change."))
    return done(transactions.set_category(book, rows, row.category_id))


def _known_payees(book: Book, _sent: Action) -> Answer:
    return Answer(known=transaction_form.known_payees(ledger.known_payees(book)))


def _delete_transaction(book: Book, sent: Action) -> Answer:
    return done(transactions.delete(book, [sent.value]), drawer_open=False)


def _transfer(book: Book, sent: Action) -> Answer:
    return done(transfers.mark(book, [sent.value]), drawer_open=False)


def _no_transfer(book: Book, sent: Action) -> Answer:
    return done(transfers.unmark(book, [sent.value]), drawer_open=False)


def _amounts(book: Book, sent: Action) -> Answer:
    """Narrow to amounts between two, both included, by the search's own words."""
    path, _, query = str(sent.value)[:4000].partition("?")
    selection = Selection.from_query(query, book.today)
    terms = [term for term in terms_of(selection.search) if term[0] not in AMOUNT_SIGNS]
    for name, sign in (("least", ">="), ("most", "<=")):
        text = fields.text(sent.form.get(name), name, longest=30).replace(" ", "")
        if text and not text[0].isdigit():
            raise InputNotValid("Type an amount without a sign", name)
        terms += [f"{sign}{text}"] if text else []
    return Answer(href=within(path) + selection.changed(search=" ".join(terms)).to_query())


def _export(book: Book, sent: Action) -> Answer:
    _, _, query = str(sent.value)[:4000].partition("?")
    selection = Selection.from_query(query, book.today)
    return file(exports.selected_csv(book, selection), f"transactions-{selection.period}.csv", "text/csv")


def _label(book: Book, rows: object, value: object) -> Done:
    if isinstance(value, dict):
        return transactions.set_category(book, rows, None, new=value.get("new"))
    return transactions.set_category(book, rows, value)


BULK: dict[str, Callable[[Book, object, object], Done]] = {
    "category": _label,
    "account": transactions.set_account,
    "note": transactions.add_note,
    "reviewed": lambda book, rows, _value: transactions.review(book, rows),
    "to-review": lambda book, rows, _value: transactions.review(book, rows, reviewed=False),
    "transfer": lambda book, rows, _value: transfers.mark(book, rows),
    "no-transfer": lambda book, rows, _value: transfers.unmark(book, rows),
    "delete": lambda book, rows, _value: transactions.delete(book, rows),
}
ACTIONS: dict[str, Act] = {
    "open-transaction": _open_transaction,
    "save-transaction": _save_transaction,
    "edit-cell": _edit_cell,
    "change-rows": _change_rows,
    "count-rows": _count_rows,
    "change-alike": _change_alike,
    "known-payees": _known_payees,
    "delete-transaction": _delete_transaction,
    "transfer": _transfer,
    "no-transfer": _no_transfer,
    "confirm-pair": _confirm_pair,
    "refuse-pair": _refuse_pair,
    "amounts": _amounts,
    "export": _export,
}
PAGES: dict[str, Page] = {PATH: _show}
