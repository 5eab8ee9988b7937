"""The filters over the list of transactions: chips, each with its menu, and what the filtered rows sum to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.periods import Period
from dashboard.selection import AMOUNT_SIGNS, Selection, terms_of
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, field, icon, kept, link, option, popover, query
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.ledger import Ledger

PATH = "/transactions"
ORDERS = (("", "Newest first"), ("oldest", "Oldest first"), ("out", "Largest spent first"), ("in", "Largest received first"))
KINDS = (("income", "Income"), ("spending", "Spending"), ("transfer", "Transfers"))


def sums(shown: Ledger, words: Words) -> Element:
    """Return how many transactions the filters find and what came in and went out, by currency."""
    currencies = list(dict.fromkeys([*shown.money_in, *shown.money_out]))
    parts: list[Child] = [words.counted(shown.count, "transaction")]
    parts += [
        html.Span(
            [
                " In ",
                html.Strong(words.money(shown.money_in.get(code, 0), code)),
                " Out ",
                html.Strong(words.money(shown.money_out.get(code, 0), code)),
            ]
        )
        for code in currencies
    ]
    parts.append(
        act(
            [icon("download"), html.Span("Export CSV", className="wide-only-inline")],
            "export",
            PATH + shown.selection.to_query(),
            class_name="btn-line btn-small",
            label="Export CSV",
        )
    )
    return html.Div(parts, className="sums")


def chips(shown: Ledger, words: Words, imported_file: str) -> Element:
    """Return the filters: one that is on says its value, and its menu or cross takes it off."""
    chosen = shown.selection
    review = link(
        ["To review", html.Span(words.number(shown.unseen), className="count")],
        query(PATH, chosen, review=not chosen.review, **({} if chosen.review else {"period": Period.all_time()})),
        f"chip{' on' if chosen.review else ''}",
        **{"aria-pressed": "true" if chosen.review else "false", "role": "button"},
    )
    accounts = _menu_chip("Account", [(a.name, a.id) for a in shown.accounts.values()], chosen.accounts, "accounts", chosen)
    names = [("Uncategorised", 0), *((c.name, c.id) for c in shown.categories.values() if not c.archived or c.id in chosen.categories)]
    categories = _menu_chip("Category", names, chosen.categories, "categories", chosen)
    return html.Div(
        kept(
            [
                html.Span(f"From {imported_file or 'one import'}", className="chip on") if chosen.imported else None,
                review if shown.unseen or chosen.review else None,
                accounts,
                categories,
                _amount_chip(chosen),
                _type_chip(chosen),
                _off(f"Payee: {chosen.payee}", query(PATH, chosen, payee="")) if chosen.payee else None,
                _order_chip(chosen),
                link([icon("x-lg"), "Clear filters"], PATH + chosen.unfiltered().to_query(), "chip clear-filters")
                if chosen.filtered
                else None,
            ]
        ),
        className="filters chips",
        role="group",
        **{"aria-label": "Filters"},
    )


def _off(text: str, href: str) -> Element:
    return link([html.Span(text, className="ellipsis"), icon("x-lg")], href, "chip on", title="Take this filter off")


def _menu_chip(label: str, options: Sequence[tuple[str, int]], chosen: tuple[int, ...], part: str, selection: Selection) -> Element:
    """Return a chip that opens a list where any number may be chosen."""
    named = [name for name, i in options if i in chosen]
    text = ", ".join(named[:2]) + (f" +{len(named) - 2}" if len(named) > 2 else "") if named else label
    rows = [
        option(name, query(PATH, selection, **{part: tuple(c for c in chosen if c != i) if i in chosen else (*chosen, i)}), on=i in chosen)
        for name, i in options
    ]
    if chosen:
        rows.insert(0, option("All", query(PATH, selection, **{part: ()}), on=False))
    return popover(label, text, rows, on=bool(named))


def _type_chip(chosen: Selection) -> Element:
    text = dict(KINDS).get(chosen.kind, "Type")
    rows = [option(name, query(PATH, chosen, kind="" if chosen.kind == kind else kind), on=chosen.kind == kind) for kind, name in KINDS]
    return popover("Type", text, rows, on=bool(chosen.kind))


def _order_chip(chosen: Selection) -> Element:
    rows = [option(name, query(PATH, chosen, sort=order), on=chosen.sort == order) for order, name in ORDERS]
    return popover("Order", dict(ORDERS)[chosen.sort], rows)


def _amount_chip(chosen: Selection) -> Element:
    terms = [term for term in terms_of(chosen.search) if term[0] in AMOUNT_SIGNS]
    form = html.Form(
        [
            html.Div(
                [
                    field("From", "least", html.Input(id="field-least", name="least", inputMode="decimal", autoComplete="off")),
                    field("To", "most", html.Input(id="field-most", name="most", inputMode="decimal", autoComplete="off")),
                ],
                className="field-row",
            ),
            html.Button("Show these amounts", type="submit", className="btn-line btn-small"),
        ],
        **{"data-act": "amounts", "data-value": PATH + chosen.to_query()},
    )
    return popover("Amount", " ".join(terms) or "Amount", [form], on=bool(terms))
