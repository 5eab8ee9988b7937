"""Transactions: the list by days, and the drawer that adds and edits one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard import money, periods
from dashboard.analysis.frames import rows as rows_of
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, amount, field, head, icon, kept, link, notice, period_bar, query, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account
    from dashboard.services.categories import Category
    from dashboard.services.transactions import Ledger

PATH = "/transactions"


def page(shown: Ledger, words: Words, imported_file: str = "") -> Element:
    """Return one page of the list."""
    chosen = shown.selection
    search = html.Div(
        [
            icon("search"),
            html.Div(
                html.Input(
                    id="field-q",
                    name="q",
                    type="search",
                    value=chosen.search,
                    placeholder="Search payee or note",
                    debounce=True,
                    autocomplete="off",
                ),
                **{"data-change": "search", "data-value": PATH + chosen.to_query()},
            ),
        ],
        className="search",
    )
    bar = head(
        html.H1("Transactions"),
        period_bar(PATH, chosen, words, kinds=False, title=False) if not chosen.imported else None,
        html.Span(className="spacer"),
        search,
        act(
            [icon("plus-lg"), "Add", html.Span("N", className="key")],
            "open-transaction",
            "new",
            class_name="btn-ink wide-only",
            label="Add a transaction",
        ),
    )
    notes = [notice(text, "watch") for text in chosen.notes]
    body: Child = _list(shown, words) if shown.count else _nothing(shown)
    return html.Div(
        kept(
            [
                bar,
                *notes,
                html.Div([_chips(shown, imported_file), html.Span(className="spacer"), _sums(shown, words)], className="answer"),
                body,
            ]
        )
    )


def _sums(shown: Ledger, words: Words) -> Element:
    currencies = list(dict.fromkeys([*shown.money_in, *shown.money_out])) or [""]
    parts: list[Child] = [f"{shown.count} transaction{'s' if shown.count != 1 else ''}"]
    for code in currencies:
        if code:
            parts += [
                html.Span(
                    [
                        " In ",
                        html.Strong(words.money(shown.money_in.get(code, 0), code)),
                        " Out ",
                        html.Strong(words.money(shown.money_out.get(code, 0), code)),
                    ]
                )
            ]
    parts.append(act([icon("download"), "Export CSV"], "export", PATH + shown.selection.to_query(), class_name="btn-line btn-small"))
    return html.Div(parts, style={"display": "flex", "gap": "12px", "alignItems": "center", "flexWrap": "wrap"})


def _chips(shown: Ledger, imported_file: str) -> Element:
    chosen = shown.selection
    accounts = _menu_chip("Account", [(a.name, (a.id,)) for a in shown.accounts.values()], chosen.accounts, "accounts", shown)
    names: list[tuple[str, tuple[int, ...]]] = [("Uncategorised", (0,)), *((c.name, (c.id,)) for c in shown.categories.values())]
    categories = _menu_chip("Category", names, chosen.categories, "categories", shown)
    kinds = [
        link(text, query(PATH, chosen, kind="" if chosen.kind == kind else kind), f"chip{' on' if chosen.kind == kind else ''}")
        for text, kind in (("Income", "income"), ("Spending", "spending"), ("Transfers", "transfer"))
    ]
    clear = (
        link([icon("x-lg"), "Clear filters"], query(PATH, chosen, accounts=(), categories=(), kind="", search="", imported=0), "chip")
        if chosen.filtered
        else None
    )
    from_file = html.Span(f"From {imported_file or 'one import'}", className="chip on") if chosen.imported else None
    return html.Div(
        kept([from_file, accounts, categories, *kinds, clear]),
        className="filters",
        style={"display": "flex", "gap": "8px", "flexWrap": "wrap"},
    )


def _menu_chip(label: str, options: Sequence[tuple[str, tuple[int, ...]]], chosen: tuple[int, ...], part: str, shown: Ledger) -> Element:
    selection = shown.selection
    named = [name for name, value in options if value[0] in chosen]
    text = f"{label}: {', '.join(named[:2])}{' …' if len(named) > 2 else ''}" if named else label
    rows = [
        html.A(
            name,
            href=query(PATH, selection, **{part: value}),
            className="option",
            **({"aria-current": "true"} if value[0] in chosen else {}),
        )
        for name, value in options
    ]
    if chosen:
        rows.insert(0, html.A("All", href=query(PATH, selection, **{part: ()}), className="option"))
    return html.Details(
        [
            html.Summary([text, icon("chevron-down")], className=f"chip{' on' if chosen else ''}"),
            html.Div(rows, className="popover-box", style={"maxHeight": "320px", "overflowY": "auto"}),
        ],
        className="menu",
    )


def _nothing(shown: Ledger) -> Element:
    if not shown.accounts:
        return html.Div(
            [
                html.P("No transactions yet. Import a file from your bank, or add an account and type them in."),
                html.Div([link("Import a file", "/import", "btn-ink"), act("Add an account", "open-account", "new")], className="chips"),
            ],
            className="card-box empty",
        )
    clear = query(PATH, shown.selection, accounts=(), categories=(), kind="", search="", imported=0)
    return html.Div(
        [
            html.P("No transactions match."),
            link("Clear filters", clear) if shown.selection.filtered else act("Add a transaction", "open-transaction", "new"),
        ],
        className="card-box empty",
    )


def _list(shown: Ledger, words: Words) -> Element:
    children: list[Child] = [
        html.Div(
            [
                html.Span("Payee, newest first"),
                html.Span("Category"),
                html.Span("Account"),
                html.Span("Note"),
                html.Span("Amount", className="right"),
            ],
            className="grid-row ledger-row headings",
        )
    ]
    sums = _day_sums(shown)
    day: date | None = None
    for row in rows_of(shown.rows):
        if row.date != day:
            day = row.date
            totals = " ".join(words.money(v, code, plus=True) for (d, code), v in sums.items() if d == day)
            heading = periods.day_heading(day, words.locale) + (" \u00b7 today" if day == words.today else "")
            children.append(html.Div([html.Span(heading), html.Span(totals)], className="day-row"))
        children.append(_row(row, shown, words))
    return html.Div([html.Div(children, className="table-box"), _pager(shown)])


def _day_sums(shown: Ledger) -> dict[tuple[date, str], int]:
    """Sum each day of the page by currency, without transfers."""
    rows = shown.rows[shown.rows["transfer_id"].isna()]
    codes = rows["account_id"].map(lambda i: shown.accounts[i].currency)
    return {key: int(value) for key, value in rows.groupby([rows["date"], codes])["amount"].sum().items()}


def category_cell(row: Any, names: Mapping[int, Category]) -> Element:
    """Return a transaction's category with its tile; what a transfer or a split has instead."""
    if row.transfer_id is not None:
        return html.Span(
            [html.Span(icon("arrow-left-right"), className="tile"), html.Span("Transfer, not counted", className="ellipsis muted")],
            className="with-tile",
        )
    if row.parts:
        return html.Span(
            [html.Span(icon("signpost-split"), className="tile"), html.Span(f"{row.parts} categories", className="ellipsis")],
            className="with-tile",
        )
    if row.category_id is None:
        return html.Span(
            [html.Span(icon("question-circle"), className="tile"), html.Span("Uncategorised", className="ellipsis muted")],
            className="with-tile",
        )
    category = names[row.category_id]
    return html.Span([tile(category.icon, category.slot), html.Span(category.name, className="ellipsis")], className="with-tile")


def category_words(row: Any, names: Mapping[int, Category]) -> str:
    """Return a transaction's category in words."""
    if row.transfer_id is not None:
        return "Transfer"
    if row.parts:
        return f"{row.parts} categories"
    return "Uncategorised" if row.category_id is None else names[row.category_id].name


def _row(row: Any, shown: Ledger, words: Words) -> Element:
    account = shown.accounts[row.account_id]
    transfer = row.transfer_id is not None
    text = words.money(row.amount, account.currency, plus=True)
    bank_text = row.text if row.text and row.text != row.payee else None
    return html.Button(
        [
            html.Div(
                kept(
                    [
                        html.Div(row.payee, className="ellipsis", style={"fontWeight": 500}),
                        html.Div(bank_text, className="caption ellipsis bank-text") if bank_text else None,
                        html.Div(
                            f"{category_words(row, shown.categories)} \u00b7 {account.name}", className="caption ellipsis narrow-only"
                        ),
                    ]
                )
            ),
            html.Div(category_cell(row, shown.categories), className="wide"),
            html.Span(account.name, className="wide ellipsis muted"),
            html.Span(row.note, className="wide ellipsis"),
            amount(text, came_in=row.amount > 0, transfer=transfer),
        ],
        type="button",
        className="grid-row ledger-row",
        **{"data-act": "open-transaction", "data-value": str(row.id), "aria-label": f"{row.payee}, {text}, {words.day(row.date)}. Edit."},
    )


def _pager(shown: Ledger) -> Element:
    if shown.pages < 2:
        return html.Div()
    chosen = shown.selection

    def to(number: int, name: str, label: str) -> Element:
        if not 1 <= number <= shown.pages:
            return html.Span(icon(name), className="btn-line btn-icon", style={"opacity": 0.4})
        return link(icon(name), query(PATH, chosen, page=number), "btn-line btn-icon", title=label, **{"aria-label": label})

    return html.Nav(
        [
            to(shown.page - 1, "chevron-left", "Newer"),
            html.Span(f"Page {shown.page} of {shown.pages}"),
            to(shown.page + 1, "chevron-right", "Older"),
        ],
        className="pager",
        **{"aria-label": "Pages"},
    )


def recent_list(rows: pd.DataFrame, accounts: Mapping[int, Account], names: Mapping[int, Category], words: Words) -> Element:
    """Return a short list of transactions, each opening in the drawer."""
    children = []
    for row in rows_of(rows):
        account = accounts[row.account_id]
        transfer = row.transfer_id is not None
        category = None if row.category_id is None else names[row.category_id]
        image = (
            tile(category.icon, category.slot)
            if category
            else html.Span(icon("arrow-left-right" if transfer else "question-circle"), className="tile")
        )
        children.append(
            html.Button(
                [
                    image,
                    html.Div(
                        [
                            html.Div(row.payee, className="who"),
                            html.Div(f"{category_words(row, names)} \u00b7 {account.name}", className="caption"),
                        ],
                        className="grow",
                    ),
                    html.Span(words.near(row.date), className="when"),
                    amount(words.money(row.amount, account.currency, plus=True), came_in=row.amount > 0, transfer=transfer),
                ],
                type="button",
                className="list-row",
                style={"background": "none", "borderWidth": "0 0 1px"},
                **{"data-act": "open-transaction", "data-value": str(row.id)},
            )
        )
    return html.Div(children)


def form(row: Mapping[str, Any] | None, accounts: Sequence[Account], categories: Sequence[Category], words: Words, key: str) -> Element:
    """Return the drawer's form: empty to add, filled to edit. `key` is sent once, so that a double click adds one row."""
    known = row or {}
    last = next((a for a in accounts if a.id == known.get("account_id")), accounts[0] if accounts else None)
    spent = not row or known["amount"] <= 0
    text = ""
    if row and last:
        text = money.plain(abs(known["amount"]), last.currency)
        text = text.replace(".", money.decimal_point(words.locale))
    sides = html.RadioItems(
        id="field-direction",
        name="direction",
        value="spent" if spent else "received",
        options=[{"label": "Spent", "value": "spent"}, {"label": "Received", "value": "received"}],
        inline=True,
        label_class_name="segment",
        class_name="segments",
    )
    options = [{"label": "Uncategorised", "value": "0"}, *({"label": c.name, "value": str(c.id)} for c in categories)]
    transfer = known.get("transfer_id") is not None
    extra: list[Child] = []
    if row:
        what = ("Not a transfer", "no-transfer") if transfer else ("Mark as transfer", "transfer")
        extra = [
            act([icon("trash"), "Delete"], "delete-transaction", known["id"], class_name="btn-line btn-danger", once=True),
            act([icon("arrow-left-right"), what[0]], what[1], known["id"], once=True),
        ]
    return html.Form(
        kept(
            [
                notice("This is a transfer between own accounts: it is counted neither as income nor as spending.") if transfer else None,
                html.Div([sides], className="field", role="group", **{"aria-label": "Spent or received"}),
                field(
                    "Amount",
                    "amount",
                    html.Input(
                        id="field-amount",
                        name="amount",
                        value=text,
                        className="big",
                        inputmode="decimal",
                        autocomplete="off",
                        required=True,
                        autofocus=not row,
                    ),
                    "Type a sum if you like: 12.50 + 4.20",
                ),
                field(
                    "Payee",
                    "payee",
                    html.Input(
                        id="field-payee", name="payee", value=known.get("payee", ""), autocomplete="off", required=True, maxlength=500
                    ),
                ),
                html.P(f"Bank text: {known['text']}", className="caption", style={"marginBottom": "12px"})
                if known.get("text") and known["text"] != known["payee"]
                else None,
                field(
                    "Category",
                    "category",
                    html.Select(id="field-category", name="category", value=str(known.get("category_id") or 0), options=options),
                ),
                html.Div(
                    [
                        field(
                            "Account",
                            "account",
                            html.Select(
                                id="field-account",
                                name="account",
                                value=str(last.id) if last else "",
                                options=[{"label": f"{a.name} ({a.currency})", "value": str(a.id)} for a in accounts],
                            ),
                        ),
                        field(
                            "Date",
                            "date",
                            html.Input(id="field-date", name="date", type="date", value=(known.get("date") or words.today).isoformat()),
                        ),
                    ],
                    className="field-row",
                ),
                field(
                    "Note", "note", html.Input(id="field-note", name="note", value=known.get("note", ""), maxlength=500, autocomplete="off")
                ),
                html.Div(
                    [
                        html.Input(type="hidden", name=name, value=str(value))
                        for name, value in (("id", known.get("id", "")), ("revision", known.get("revision", "")), ("key", key))
                    ]
                ),
                html.Div(
                    [*extra, html.Span(style={"flex": 1}), html.Button("Save", type="submit", className="btn-ink")], className="drawer-foot"
                ),
            ]
        ),
        **{"data-act": "save-transaction"},
    )
