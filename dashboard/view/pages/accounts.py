"""Accounts: what is where, and the drawers that edit, value and reconcile one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from dashboard import money, periods
from dashboard.analysis.frames import rows as rows_of
from dashboard.money import CURRENCIES
from dashboard.view import tags as html
from dashboard.view.parts import (
    Child,
    Words,
    act,
    amount,
    data_table,
    date_input,
    field,
    head,
    icon,
    kept,
    link,
    long_money,
    notice,
    once,
    sparkline,
)
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account, Overview, Value
    from dashboard.services.reconciling import Reconciled

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


def page(shown: Overview, words: Words) -> Element:
    """Return what all accounts come to, and each with its balance."""
    bar = head(
        "Accounts", html.Span(className="spacer"), act([icon("plus-lg"), "Add an account"], "open-account", "new", class_name="btn-ink")
    )
    if not shown.accounts:
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
    opened = [a for a in shown.accounts if not a.closed]
    closed = [a for a in shown.accounts if a.closed]
    folded = html.Details(
        [
            html.Summary([icon("chevron-right"), "1 closed account" if len(closed) == 1 else f"{len(closed)} closed accounts"]),
            html.Div([_row(a, shown, words) for a in closed], className="table-box accounts"),
        ],
        className="closed-accounts",
    )
    table = html.Div([_headings(), *[_row(a, shown, words) for a in opened]], className="table-box accounts")
    return html.Div(kept([bar, _worth(shown, words), table if opened else None, folded if closed else None]))


def _worth(shown: Overview, words: Words) -> Element:
    """Return net worth, what is owned and what is owed, in each currency for itself."""
    series, changes = rows_of(shown.series), shown.change
    blocks: list[Child] = []
    for code in dict.fromkeys(row.currency for row in series):
        own = [row for row in series if row.currency == code]
        held = [a for a in shown.accounts if a.currency == code]
        first, now = own[0], own[-1]
        since = periods.month_text(first.month, words.locale)
        blocks.append(
            html.Div(
                [
                    _figure(
                        "Net worth",
                        code,
                        f"{words.whole(changes[code], code, plus=True)} since {since}",
                        [r.net for r in own],
                        words,
                    ),
                    _figure("You own", code, _count([a for a in held if a.balance > 0]), [r.assets for r in own], words, "var(--inc)"),
                    _figure("You owe", code, _count([a for a in held if a.balance < 0]), [r.debts for r in own], words, "var(--exp)"),
                ],
                className=f"worth {long_money(words, code, now.net, now.assets, now.debts)}".strip(),
                role="group",
                **{"aria-label": f"In {code}"},
            )
        )
        # The lines of the accounts below have their numbers here too.
        table = [
            [
                periods.month_text(r.month, words.locale),
                *(words.money(int(v), code) for v in (r.net, r.assets, r.debts, *(shown.ends.loc[a.id, r.month] for a in held))),
            ]
            for r in own
        ]
        blocks.append(data_table(["Month", "Net worth", "You own", "You owe", *(a.name for a in held)], table, f"Net worth in {code}"))
    return html.Section(blocks, className="card-box worth-box", **{"aria-label": "Net worth"})


def _count(held: Sequence[Account]) -> str:
    return "1 account" if len(held) == 1 else f"{len(held)} accounts"


def _figure(label: str, code: str, caption: str, points: Sequence[int], words: Words, colour: str = "var(--ink)") -> Element:
    """Return what something comes to now, the last of its points, with the way there."""
    line, value = sparkline(points), points[-1]
    said = f"{label} over {len(points)} months: from {words.money(points[0], code)} to {words.money(value, code)}."
    return html.Div(
        kept(
            [
                html.Div(label, className="caption"),
                html.Div(words.whole(value, code), className="worth-value", title=words.money(value, code)),
                html.Div(caption, className="caption"),
                html.Div(line, role="img", **{"aria-label": said}) if line else None,
            ]
        ),
        className="worth-figure",
        style={"--c": colour},
    )


def _headings() -> Element:
    names = ("Account", "Kind", "12 months", "Last transaction", "Balance", "")
    return html.Div(
        [html.Span(name, className="right" if name == "Balance" else "") for name in names], className="grid-row account-row headings"
    )


def _row(a: Account, shown: Overview, words: Words) -> Element:
    points = shown.ends.loc[a.id].tolist()
    line = sparkline(points)
    last = shown.last.get(a.id)
    checked = f"agreed on {words.day(a.checked_on)}" if a.checked_on else "no statement yet"
    return html.Div(
        [
            html.Div(
                [
                    link(a.name, f"/transactions?acc={a.id}", "ellipsis account-name"),
                    html.Div(a.number, className="caption ellipsis"),
                    html.Div(f"{words.near(last)}, {checked}" if last else checked, className="caption narrow-only"),
                ]
            ),
            html.Span(KINDS[a.kind], className="wide muted"),
            html.Div(
                line,
                className="wide spark-cell",
                role="img",
                **{"aria-label": f"From {words.money(points[0], a.currency)} to {words.money(points[-1], a.currency)} in 12 months."},
            ),
            html.Div(
                [html.Div(words.near(last) if last else "\u2013"), html.Div(checked[0].upper() + checked[1:], className="caption")],
                className="wide",
            ),
            amount(words.money(a.balance, a.currency)),
            _menu(a),
        ],
        className="grid-row account-row",
        key=f"account-{a.id}",
    )


def _menu(a: Account) -> Element:
    def option(text: str, name: str, danger: bool = False) -> Element:
        return act(text, name, a.id, class_name="option danger" if danger else "option")

    options = [
        html.A("Show transactions", href=f"/transactions?acc={a.id}", className="option"),
        option("Reconcile", "open-reconcile"),
        *([] if a.closed else [option("Set value", "open-value")]),
        option("Edit", "open-account"),
        option("Reopen", "reopen-account") if a.closed else option("Close", "close-account"),
        *([] if a.count else [option("Delete", "remove-account", danger=True)]),
    ]
    return html.Details(
        [
            html.Summary(icon("three-dots"), className="btn-plain btn-icon", **{"aria-label": f"More for {a.name}"}),
            html.Div(options, className="popover-box"),
        ],
        className="menu account-menu",
    )


def reconcile_form(account: Account, words: Words, day: date, typed: str = "", result: Reconciled | None = None) -> Element:
    """Return the drawer that asks for a statement's day and balance, with what came of the last answer."""
    last = (
        f"The last one that agreed: {words.money(account.checked or 0, account.currency)} on {words.day(account.checked_on)}."
        if account.checked_on
        else "Where both agree, this is kept as the last statement that agreed."
    )
    asked = _Asked("reconcile", "Balance on the statement", "Compare", f"As the bank prints it; a debt has a minus. {last}")
    return html.Div(
        kept(
            [
                _asking(account, asked, typed, day),
                _result(result, words) if result is not None else None,
            ]
        )
    )


def value_form(account: Account, said: Sequence[Value], words: Words) -> Element:
    """Return the drawer that asks what an account is worth, above what was said of it until now."""
    hint = (
        f"It is {words.money(account.balance, account.currency)} now. A value holds until the next one, "
        "with what is booked after it; it counts as neither income nor spending."
    )
    return html.Div(
        kept(
            [
                _asking(account, _Asked("set-value", "Worth", "Save", hint), "", words.today),
                html.Section(
                    [html.H2("Values said"), html.Div([_value(value, account, words) for value in said])],
                    className="values-said",
                    **{"aria-label": "Values said"},
                )
                if said
                else None,
            ]
        )
    )


def _value(value: Value, account: Account, words: Words) -> Element:
    day = words.day(value.day)
    return html.Div(
        [
            html.Span(day, className="grow"),
            amount(words.money(value.amount, account.currency)),
            once(
                act(icon("trash"), "unsay-value", value.id, class_name="btn-plain btn-icon btn-small", label=f"Delete the value of {day}")
            ),
        ],
        className="list-row",
        key=f"value-{value.id}",
    )


class _Asked(NamedTuple):
    """What a drawer asks: the action that it sends, what the amount is, what its button says, and a hint."""

    action: str
    label: str
    button: str
    hint: str


def _asking(account: Account, asked: _Asked, typed: str, day: date) -> Element:
    """Return the form that asks for an amount of an account at the end of a day."""
    return html.Form(
        [
            field(
                f"{asked.label}, {account.currency}",
                "amount",
                html.Input(id="field-amount", name="amount", value=typed, inputMode="decimal", autoComplete="off", maxLength=60),
                asked.hint,
            ),
            date_input("date", day.isoformat(), "At the end of"),
            html.Input(type="hidden", name="account", value=str(account.id)),
            html.Div([html.Button(asked.button, type="submit", className="btn-ink")], className="drawer-foot"),
        ],
        **{"data-act": asked.action},
    )


def _result(result: Reconciled, words: Words) -> Element:
    code = result.account.currency
    first, *more = result.sentences
    rows = [
        html.Button(
            [
                html.Div(
                    [
                        html.Div(
                            [html.Span(row.payee, className="who ellipsis"), html.Span(words.near(row.day), className="when")],
                            className="suspect-head",
                        ),
                        html.Div(row.reason, className="caption"),
                    ],
                    className="grow",
                ),
                amount(words.money(row.amount, code, plus=True), came_in=row.amount > 0),
            ],
            type="button",
            className="list-row suspect",
            **{"data-act": "open-transaction", "data-value": str(row.id)},
        )
        for row in result.rows
    ]
    return html.Section(
        kept(
            [
                notice(first, "watch"),
                *[html.P(text, className="said") for text in more],
                html.H2("Look at these first" if len(rows) > 1 else "Look at this one") if rows else None,
                html.Div(rows) if rows else None,
            ]
        ),
        className="reconciled",
        **{"aria-label": "What was found"},
    )


def form(account: Account | None, currency: str, words: Words) -> Element:
    """Return the drawer's form: empty to add, filled to edit."""
    code = account.currency if account else currency
    name = html.Input(
        id="field-name",
        name="name",
        value=account.name if account else "",
        required=True,
        maxLength=80,
        autoComplete="off",
        autoFocus=True,
    )
    return html.Form(
        [
            field("Name", "name", name),
            _kind_and_currency(account.kind if account else "checking", code),
            html.P(
                "Asset: a house, a car. Its value is the opening balance; set a new value when it changes.", className="caption kind-hint"
            ),
            _opening(account, code, words),
            field(
                "Number",
                "number",
                html.Input(id="field-number", name="number", value=account.number if account else "", maxLength=64, autoComplete="off"),
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


def _kind_and_currency(kind: str, code: str) -> Element:
    kinds = [{"label": said, "value": one} for one, said in KINDS.items()]
    return html.Div(
        [
            field("Kind", "kind", html.Select(id="field-kind", name="kind", value=kind, options=kinds)),
            field("Currency", "currency", html.Select(id="field-currency", name="currency", value=code, options=currency_options())),
        ],
        className="field-row",
    )


def _opening(account: Account | None, code: str, words: Words) -> Element:
    """Return what an account opens with, and the day from which that holds."""
    opening = money.plain(account.opening, code).replace(".", money.decimal_point(words.locale)) if account else ""
    day = account.opened if account else words.today
    return html.Div(
        [
            html.Div(
                [
                    field(
                        "Opening balance",
                        "opening",
                        html.Input(id="field-opening", name="opening", value=opening, inputMode="decimal", autoComplete="off"),
                    ),
                    date_input("opened", day.isoformat() if day else "", "On"),
                ],
                className="field-row",
            ),
            html.P("What was in it before its transactions, from that day on; a debt has a minus", className="caption opening-hint"),
        ]
    )


def currency_options() -> list[dict[str, str]]:
    """Return the currencies, the common ones first."""
    return [{"label": code, "value": code} for code in (*COMMON, *(c for c in CURRENCIES if c not in COMMON))]
