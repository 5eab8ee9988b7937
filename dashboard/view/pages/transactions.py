"""Transactions: the list by days, edited in place; what it finds, and what is done to the rows that are selected."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard import money, periods
from dashboard.analysis.frames import rows as rows_of
from dashboard.selection import Selection
from dashboard.view import tags as html
from dashboard.view.pages.transaction_filters import ORDERS, PATH, chips, sums
from dashboard.view.pages.transaction_pairs import pairs_card
from dashboard.view.parts import Child, Words, act, add_button, amount, head, icon, kept, link, notice, period_bar, query, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account
    from dashboard.services.categories import Category
    from dashboard.services.ledger import Ledger
    from dashboard.services.transfers import Pair


def page(shown: Ledger, words: Words, imported_file: str = "", pairs: Sequence[Pair] = (), *, narrow: bool = False) -> Element:
    """Return one page of the list; on a narrow screen a row says its category and account under its payee."""
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
                    placeholder="Search, >50, #tag, cat:pets",
                    autoComplete="off",
                    **{"aria-label": "Search payee, bank text, note; 12.50, >50, #tag, cat:pets, payee:lidl, date:2026-11, -not, OR"},
                ),
                **{"data-typed": "search", "data-value": PATH + chosen.to_query()},
            ),
        ],
        className="search" + (" on" if chosen.search else ""),
    )
    bar = head(
        html.H1("Transactions"),
        period_bar(PATH, chosen, words, kinds=False, title=False, everything=True) if not chosen.imported else None,
        html.Span(className="spacer"),
        html.Button(
            icon("search"),
            type="button",
            className="btn-plain btn-icon narrow-flex",
            **{"data-open": "search", "aria-label": "Search the list"},
        ),
        search,
        add_button(),
    )
    notes = [notice(text, "watch") for text in (*chosen.notes, *shown.notes)]
    body: Child = _list(shown, words, narrow=narrow) if shown.count else _nothing(shown)
    return html.Div(
        kept(
            [
                bar,
                *notes,
                pairs_card(pairs, words),
                html.Div([chips(shown, words, imported_file), html.Span(className="spacer"), sums(shown, words)], className="answer"),
                body,
            ]
        )
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
    everywhere = query(PATH, shown.selection, period=periods.Period.all_time())
    return html.Div(
        kept(
            [
                html.P("No transactions match."),
                link("Clear filters", PATH + shown.selection.unfiltered().to_query())
                if shown.selection.filtered
                else act("Add a transaction", "open-transaction", "new"),
                link("Look in all of time", everywhere) if shown.selection.period != periods.Period.all_time() else None,
            ]
        ),
        className="card-box empty",
    )


def choices(accounts: Mapping[int, Account], categories: Mapping[int, Category]) -> str:
    """Return what cells can be set to as JSON: [id, name, group, other words, colour slot, icon] and [id, name]."""
    return json.dumps(
        {
            "category": [[c.id, c.name, c.group, " ".join(c.words), c.slot, c.icon] for c in categories.values() if not c.archived],
            "account": [[a.id, a.name] for a in accounts.values() if not a.closed],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _headings(chosen: Selection) -> Element:
    """Return the heads of the columns; those of the day and the amount put the list in their order, and again in the other."""

    def sorts(text: str, orders: dict[str, str], class_name: str, *beside: Child) -> Element:
        after = list(orders)[(list(orders).index(chosen.sort) + 1) % len(orders)] if chosen.sort in orders else next(iter(orders))
        way = orders.get(chosen.sort, "")
        said = f"{text}, {dict(ORDERS)[after].lower()}"
        image = icon("arrow-up" if way == "ascending" else "arrow-down") if way else None
        head = link(kept([text, image]), query(PATH, chosen, sort=after), "sorts", title=dict(ORDERS)[after], **{"aria-label": said})
        return html.Div([head, *beside], className=class_name, **({"aria-sort": way} if way else {}))

    # Money that left is the smaller number: the largest spent stands at the end of what ascends.
    amount = sorts("Amount", {"out": "ascending", "in": "descending"}, "right")
    day = sorts("Date", {"": "descending", "oldest": "ascending"}, "two-heads", html.Span("Payee"))
    return html.Div(
        [
            html.Div(className="pick-cell"),
            day,
            html.Div("Category"),
            html.Div("Account"),
            html.Div("Note and tags"),
            amount,
            html.Div(""),
        ],
        className="grid-row ledger-row headings",
    )


def _list(shown: Ledger, words: Words, *, narrow: bool) -> Element:
    chosen = shown.selection
    by_day = chosen.sort in ("", "oldest")
    children: list[Child] = [_headings(chosen)]
    by_date = _day_sums(shown)
    parts: dict[int, list[Any]] = {}
    for part in rows_of(shown.parts):
        parts.setdefault(part.transaction_id, []).append(part)
    day: date | None = None
    for row in rows_of(shown.rows):
        if by_day and row.date != day:
            day = row.date
            totals = " ".join(words.money(v, code, plus=True) for (d, code), v in by_date.items() if d == day)
            heading = periods.day_heading(day, words.locale) + (" \u00b7 today" if day == words.today else "")
            children.append(html.Div(html.Div([html.Span(heading), html.Span(totals)], className="day-cell"), className="day-row"))
        children.append(_row(row, shown, words, dated=not by_day, narrow=narrow))
        children += [_part(part, row, shown, words) for part in parts.get(row.id, [])]
    grid = html.Div(
        children,
        className="table-box ledger",
        id="ledger",
        role="grid",
        **{
            "aria-label": "Transactions",
            "aria-multiselectable": "true",
            "data-choices": choices(shown.accounts, shown.categories),
            "data-query": chosen.to_query(),
            "data-count": str(shown.count),
        },
    )
    return html.Div([grid, _pager(shown)])


def _day_sums(shown: Ledger) -> dict[tuple[date, str], int]:
    """Sum each day of the page by currency, without transfers."""
    rows = shown.rows[shown.rows["transfer_id"].isna()]
    codes = rows["account_id"].map(lambda i: shown.accounts[i].currency)
    return {key: int(value) for key, value in rows.groupby([rows["date"], codes])["amount"].sum().items()}


def category_words(row: Any, names: Mapping[int, Category]) -> str:
    """Return a transaction's category in words."""
    if row.transfer_id is not None:
        return "Transfer"
    if row.parts:
        return f"{row.parts} parts"
    return "Uncategorised" if row.category_id is None else names[row.category_id].name


def _pills(row: Any, shown: Ledger) -> list[Child]:
    found: list[Child] = []
    if row.parts:
        found.append(html.Span([icon("signpost-split"), f"Split {row.parts}"], className="pill"))
    if row.other_account_id is not None:
        ends = [shown.accounts[row.account_id].name, shown.accounts[row.other_account_id].name]
        if row.amount > 0:
            ends.reverse()
        found.append(html.Span([icon("arrow-left-right"), f"{ends[0]} \u2192 {ends[1]}"], className="pill"))
    elif row.transfer_id is not None:
        found.append(html.Span([icon("arrow-left-right"), "Transfer"], className="pill"))
    return found


def _note(text: str, chosen: Selection) -> list[Child]:
    """Return a note with its #tags as links that find their like."""
    found: list[Child] = []
    for word in text.split(" "):
        if word.startswith("#") and len(word) > 1:
            found += [link(word, query(PATH, chosen.unfiltered(), search=word), "pill tag", tabIndex=-1), " "]
        else:
            found.append(word + " ")
    return found


def _row(row: Any, shown: Ledger, words: Words, *, dated: bool, narrow: bool) -> Element:
    """Return one transaction, said in as few elements as can be: there are fifty of them, and the browser adds the rest.

    assets/js/grid.js gives each row its box to tick and each cell its role and place in the tab order; a cell is edited as
    what stands in data-v, else as what it says; one that is `fixed` is opened instead.
    """
    account = shown.accounts[row.account_id]
    transfer, split = row.transfer_id is not None, bool(row.parts)
    day = words.day(row.date) if dated else ""
    if narrow:
        says = "Choose a category" if not transfer and not split and row.category_id is None else category_words(row, shown.categories)
        caption = " \u00b7 ".join(filter(None, (day, says, account.name)))
    else:
        caption = " \u00b7 ".join(filter(None, (day, row.text if row.text != row.payee else "")))
    pills = _pills(row, shown)
    payee: Child = html.Span(row.payee, className="payee")
    plain = money.plain(row.amount, account.currency).replace(".", money.decimal_point(words.locale))
    amount_class = "cell-amount" + (" transfer" if transfer else " in" if row.amount > 0 else "") + (" fixed" if split else "")
    return html.Div(
        [
            html.Div(className="pick-cell"),
            html.Div(
                kept(
                    [
                        html.Div([payee, *pills], className="payee-line") if pills else payee,
                        html.Span(caption, className="caption") if caption else None,
                    ]
                ),
                className="cell-payee",
            ),
            _category_cell(row, shown.categories),
            html.Div(account.name, className="cell-account fixed")
            if row.import_id is not None or transfer
            else html.Div(account.name, className="cell-account", **{"data-v": str(row.account_id)}),
            html.Div(_note(row.note, shown.selection) if row.note else None, className="cell-note"),
            html.Div(_amount(row, shown, words), className=amount_class, **{"data-v": plain}),
            html.Div(className="cell-more fixed"),
        ],
        className="grid-row ledger-row" + ("" if row.reviewed else " unseen"),
        **{"data-id": str(row.id), "data-revision": str(row.revision)},
    )


def _amount(row: Any, shown: Ledger, words: Words) -> Child:
    """Say a transaction's amount; a transfer between two currencies has two, the shown leg's first."""
    here = words.money(row.amount, shown.accounts[row.account_id].currency, plus=True)
    if row.other_account_id is None or shown.accounts[row.other_account_id].currency == shown.accounts[row.account_id].currency:
        return here
    there = words.money(row.other_amount, shown.accounts[row.other_account_id].currency, plus=True)
    return html.Div([html.Div(here), html.Div(there, className="caption")])


def _category_cell(row: Any, names: Mapping[int, Category]) -> Element:
    """Return a transaction's category with its icon on a tint of its colour; what a transfer or a split has instead."""
    if row.transfer_id is not None:
        return html.Div("not counted", className="cell-category fixed tiled bi-arrow-left-right muted")
    if row.parts:
        return html.Div(f"{row.parts} parts", className="cell-category fixed tiled bi-signpost-split")
    if row.category_id is None:
        return html.Div("Uncategorised", className="cell-category tiled bi-question-circle missing", **{"data-v": "0"})
    category = names[row.category_id]
    return html.Div(category.name, className=f"cell-category tiled s{category.slot} bi-{category.icon}", **{"data-v": str(category.id)})


def _part(part: Any, row: Any, shown: Ledger, words: Words) -> Element:
    account = shown.accounts[row.account_id]
    category = None if part.category_id is None else shown.categories[part.category_id]
    image = category.icon if category else "question-circle"
    slot = category.slot if category else 0
    return html.Div(
        [
            html.Div(className="pick-cell"),
            html.Div([icon("arrow-return-right"), f" part of {row.payee}"], className="cell-payee muted"),
            html.Div(category.name if category else "Uncategorised", className=f"cell-category tiled s{slot} bi-{image}"),
            html.Div(className="cell-account"),
            html.Div(part.note, className="cell-note"),
            html.Div(words.money(part.amount, account.currency, plus=True), className="cell-amount muted"),
            html.Div(className="cell-more"),
        ],
        className="grid-row ledger-row part",
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
            to(shown.page - 1, "chevron-left", "Page before"),
            html.Span(f"Page {shown.page} of {shown.pages}"),
            to(shown.page + 1, "chevron-right", "Next page"),
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
            else html.Span(icon("arrow-left-right" if transfer else "signpost-split" if row.parts else "question-circle"), className="tile")
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
