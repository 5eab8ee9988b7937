"""Budgets: the month, and what is set in it."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, Page, done
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import budgets
from dashboard.services.books import Book, Done
from dashboard.view.pages import budgets as page
from dashboard.view.tags import Element


def _show(book: Book, query: str, theme: str) -> Element:
    return page.page(budgets.plan(book, _monthly(Selection.from_query(query, book.today))), theme)


def _monthly(selection: Selection) -> Selection:
    """Return the selection of one whole month: a budget is a month's, and is for all accounts."""
    month = selection.period if selection.period.kind == "month" else Period.of_month(min(selection.period.month, 219912))
    return selection.changed(period=month, notes=selection.notes, accounts=(), categories=(), payee="", search="")


def _of(sent: Action) -> tuple[str, str, list[str]]:
    """Return month, currency and what else a cell said."""
    month, currency, *more = [*str(sent.extra)[:60].split(" "), "", ""]
    return month, currency, more


def _set_budget(book: Book, sent: Action) -> Answer:
    month, currency, more = _of(sent)
    # What the cell showed when it was left: another tab may have set it meanwhile.
    seen = next((word.removeprefix("was=") for word in more if word.startswith("was=")), None)
    form = budgets.BudgetForm(sent.text, later="later" in more, seen=seen)
    return _said(budgets.set_budget(book, sent.value, month, currency, form))


def _carry_budget(book: Book, sent: Action) -> Answer:
    month, currency, more = _of(sent)
    return done(budgets.set_carry(book, sent.value, month, currency, carry="on" in more))


def _copy_budgets(book: Book, sent: Action) -> Answer:
    month, currency, more = _of(sent)
    return _filled(*budgets.copy(book, month, currency, replace="replace" in more), sent, "copy-budgets")


def _suggest_budgets(book: Book, sent: Action) -> Answer:
    month, currency, more = _of(sent)
    return _filled(*budgets.suggest(book, month, currency, replace="replace" in more), sent, "suggest-budgets")


def _said(what: Done) -> Answer:
    return done(what) if what.revision else Answer()


def _filled(what: Done, others: int, sent: Action, act: str) -> Answer:
    """Say what was filled, and offer to replace the cells that were left alone."""
    answer = done(what)
    if others:
        answer.toast["more"] = {"label": f"Also replace {others} existing", "act": act, "extra": f"{sent.extra} replace"}
    return answer


ACTIONS: dict[str, Act] = {
    "set-budget": _set_budget,
    "carry-budget": _carry_budget,
    "copy-budgets": _copy_budgets,
    "suggest-budgets": _suggest_budgets,
}
PAGES: dict[str, Page] = {page.PATH: _show}
