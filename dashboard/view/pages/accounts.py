"""Accounts: what is where, and the drawer that makes and edits one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dashboard import money
from dashboard.money import CURRENCIES
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, amount, field, head, icon, link
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account

PATH = "/accounts"
KINDS = {
    "checking": "Current account",
    "savings": "Savings",
    "card": "Card",
    "cash": "Cash",
    "loan": "Loan",
    "investment": "Investment",
    "asset": "Asset",
}
COMMON = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD", "NZD", "JPY", "INR", "BRL")


def page(accounts: Sequence[Account], worth: Mapping[str, int], words: Words) -> Element:
    """Return all accounts with their balances."""
    bar = head(
        "Accounts", html.Span(className="spacer"), act([icon("plus-lg"), "Add an account"], "open-account", "new", class_name="btn-ink")
    )
    if not accounts:
        return html.Div(
            [
                bar,
                html.Div(
                    [
                        html.P("No accounts yet. An import makes one by itself, or add one by hand."),
                        link("Import a file", "/import", "btn-line"),
                    ],
                    className="card-box empty",
                ),
            ]
        )
    rows: list[Child] = [
        html.Div(
            [html.Span("Account"), html.Span("Kind"), html.Span("Rows", className="right"), html.Span("Balance", className="right")],
            className="grid-row account-grid headings",
        )
    ]
    rows += [_row(a, words) for a in accounts]
    totals = html.Div(
        [html.Span("Net worth", className="muted"), *[html.Strong(words.money(v, code)) for code, v in worth.items()]], className="answer"
    )
    return html.Div([bar, totals, html.Div(rows, className="table-box")])


def _row(a: Account, words: Words) -> Element:
    return html.Button(
        [
            html.Div(
                [
                    html.Div(a.name, className="ellipsis", style={"fontWeight": 500}),
                    html.Div(a.number, className="caption ellipsis"),
                ]
            ),
            html.Span(KINDS[a.kind], className="wide muted"),
            html.Span(str(a.count), className="wide right muted"),
            amount(words.money(a.balance, a.currency)),
        ],
        type="button",
        className="grid-row account-grid",
        **{
            "data-act": "open-account",
            "data-value": str(a.id),
            "aria-label": f"{a.name}, {words.money(a.balance, a.currency)}. Edit.",
        },
    )


def form(account: Account | None, currency: str, words: Words) -> Element:
    """Return the drawer's form: empty to add, filled to edit."""
    code = account.currency if account else currency
    opening = money.plain(account.opening, code).replace(".", money.decimal_point(words.locale)) if account else ""
    return html.Form(
        [
            field(
                "Name",
                "name",
                html.Input(
                    id="field-name",
                    name="name",
                    value=account.name if account else "",
                    required=True,
                    maxlength=80,
                    autocomplete="off",
                    autofocus=True,
                ),
            ),
            html.Div(
                [
                    field(
                        "Kind",
                        "kind",
                        html.Select(
                            id="field-kind",
                            name="kind",
                            value=account.kind if account else "checking",
                            options=[{"label": v, "value": k} for k, v in KINDS.items()],
                        ),
                    ),
                    field(
                        "Currency", "currency", html.Select(id="field-currency", name="currency", value=code, options=currency_options())
                    ),
                ],
                className="field-row",
            ),
            field(
                "Opening balance",
                "opening",
                html.Input(id="field-opening", name="opening", value=opening, inputmode="decimal", autocomplete="off"),
                "What was in it before the first transaction; a debt has a minus",
            ),
            field(
                "Number",
                "number",
                html.Input(id="field-number", name="number", value=account.number if account else "", maxlength=64, autocomplete="off"),
                "IBAN or number as it stands in the bank's files: imports find the account by it",
            ),
            html.Div(
                [
                    html.Input(type="hidden", name="id", value=str(account.id) if account else ""),
                    html.Input(type="hidden", name="revision", value=str(account.revision) if account else ""),
                ]
            ),
            html.Div(
                [
                    link("Show transactions", f"/transactions?acc={account.id}", "btn-line") if account else html.Span(),
                    html.Span(style={"flex": 1}),
                    html.Button("Save", type="submit", className="btn-ink"),
                ],
                className="drawer-foot",
            ),
        ],
        **{"data-act": "save-account"},
    )


def currency_options() -> list[dict[str, str]]:
    """Return the currencies, the common ones first."""
    return [{"label": code, "value": code} for code in (*COMMON, *(c for c in CURRENCIES if c not in COMMON))]
