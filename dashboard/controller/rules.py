"""Rules: the page, the drawer with what a rule would find, what is done to them."""

from __future__ import annotations

from typing import Any

from dash import set_props

from dashboard.controller.answers import Act, Action, Answer, Page, done, opened
from dashboard.errors import InputNotValid
from dashboard.services import fields, rules, transactions
from dashboard.services.books import Book, Done
from dashboard.services.rules import RuleForm
from dashboard.view import ids
from dashboard.view.pages import rules as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element

LONGEST_LABEL = 28


def _show(book: Book, _query: str, _theme: str) -> Element:
    return page.page(rules.all_rules(book), Words(book.locale, book.today))


def offered(book: Book, saved: Done, transaction_id: object, before: int | None) -> list[dict[str, str]]:
    """Return what is offered once a category was chosen: the payee's others, and always; nothing where that is so already.

    Args:
        before: the category that the transaction had.
    """
    row = transactions.one(book, transaction_id).row if saved.revision else None
    if row is None or row.category_id is None or row.category_id == before:
        return []
    offers = []
    words = Words(book.locale, book.today)
    if others := transactions.alike(book, transaction_id, before):
        label = f"The other {words.number(len(others))} of this payee" if len(others) > 1 else "The other one of this payee"
        offers.append({"label": label, "act": "change-alike", "value": str(transaction_id), "extra": str(before or 0)})
    if payee := rules.worth_offering(book, fields.identity(transaction_id)):
        short = payee if len(payee) <= LONGEST_LABEL else f"{payee[: LONGEST_LABEL - 1].rstrip()}\u2026"
        offers.append({"label": f"Always use for {short}", "act": "open-rule", "value": "like", "extra": str(transaction_id)})
    return offers


def always(book: Book, transaction_id: object) -> Answer:
    """Open the rule that gives all of a transaction's payee the category it has."""
    return _drawer(book, "like", transaction_id)


def _open_rule(book: Book, sent: Action) -> Answer:
    return _drawer(book, sent.value, sent.extra)


def _drawer(book: Book, wanted: object, like: object) -> Answer:
    rule = rules.wanted(book, wanted, like)
    sheet, words = rules.all_rules(book), Words(book.locale, book.today)
    typed = page.typed(rule, sheet, words)
    found = _found(book, typed | {"id": str(rule.id or "")}, ticked=True)
    return opened("Edit rule" if rule.id else "Add a rule", page.form(rule, typed, sheet, found))


def _typed(form: dict[str, Any]) -> RuleForm:
    return RuleForm(
        contains=form.get("contains"),
        pattern=form.get("pattern"),
        least=form.get("least"),
        most=form.get("most"),
        account_id=form.get("account"),
        direction=form.get("direction"),
        category_id=form.get("category"),
    )


def _found(book: Book, form: dict[str, Any], *, ticked: bool) -> Element:
    """Return what a form's rule would find; where it cannot be tried yet, why."""
    try:
        found = rules.preview(book, form.get("id"), _typed(form))
    except InputNotValid as error:
        return page.not_found_yet(error.message, ticked=ticked)
    return page.found(found, Words(book.locale, book.today), ticked=ticked)


def _preview_rule(book: Book, sent: Action) -> Answer:
    # Past the answer: the form stays as it is, with what is being typed.
    set_props(ids.FORM, {"part": {"id": ids.RULE_PREVIEW, "node": _found(book, sent.form, ticked="apply" in sent.form)}})
    return Answer()


def _save_rule(book: Book, sent: Action) -> Answer:
    form = sent.form
    saved = rules.save(book, form.get("id"), form.get("revision"), _typed(form), apply="apply" in form, seen=form.get("seen"))
    return done(saved, drawer_open=False)


def _delete_rule(book: Book, sent: Action) -> Answer:
    return done(rules.delete(book, sent.value), drawer_open=False)


def _move_rule(book: Book, sent: Action) -> Answer:
    return done(rules.move(book, sent.value, fields.choice(sent.extra, "direction", ("up", "down")) == "up"))


ACTIONS: dict[str, Act] = {
    "open-rule": _open_rule,
    "preview-rule": _preview_rule,
    "save-rule": _save_rule,
    "delete-rule": _delete_rule,
    "move-rule": _move_rule,
}
PAGES: dict[str, Page] = {page.PATH: _show}
