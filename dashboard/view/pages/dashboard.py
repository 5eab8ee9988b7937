"""The dashboard: the answer, four figures, two charts, the budgets, what was spent last, where, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import periods
from dashboard.periods import Period
from dashboard.view import tags as html
from dashboard.view.charts import HOME, bars_card, categories_named, currency_code, currency_switch, donut_card
from dashboard.view.pages import dashboard_lists as lists
from dashboard.view.pages.dashboard_figures import kpis, to_go
from dashboard.view.parts import (
    Child,
    Words,
    act,
    add_button,
    head,
    icon,
    kept,
    link,
    long_money,
    notice,
    once,
    option,
    period_bar,
    popover,
    query,
)
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.overview import Overview

PATH = HOME


def page(shown: Overview, theme: str, *, narrow: bool = False) -> Element:
    """Return the dashboard of a period; on a narrow screen the months are single letters."""
    words = Words(shown.locale, shown.today)
    bar = head(
        period_bar(PATH, shown.selection, words),
        html.Span(className="spacer"),
        currency_switch(PATH, shown),
        html.Button(
            [icon("search"), html.Span(["Search", html.Span("/", className="key")], className="wide-only-inline")],
            type="button",
            className="btn-line",
            **{"data-open": "command", "aria-label": "Search and commands"},
        ),
        add_button(),
    )
    notes: list[Child] = [notice(text, "watch") for text in shown.selection.notes]
    if shown.demo:
        notes.append(_sample_banner())
    if shown.empty:
        return html.Div([bar, *notes, *_first_run()])
    return html.Div(
        kept(
            [
                bar,
                *notes,
                _narrowed(shown, words) if shown.narrowed else _answer(shown, words),
                kpis(shown, words),
                html.Div([donut_card(shown, words, theme), bars_card(shown, words, theme, narrow=narrow)], className="charts"),
                html.Div(
                    [
                        html.Div([lists.budgets(shown, words, theme), lists.recent(shown, words)], className="stacked"),
                        html.Div([lists.changes(shown, words), lists.payees(shown, words)], className="stacked"),
                    ],
                    className="columns",
                ),
            ]
        ),
        className=long_money(words, shown.currency, shown.sums.income, shown.sums.spending, -abs(shown.sums.net), shown.budget),
    )


def _sample_banner() -> Element:
    return html.Div(
        [
            icon("info-circle"),
            html.Span("This is sample data: a made-up household."),
            html.Span(className="spacer"),
            once(act("Remove sample data", "remove-demo", class_name="btn-line btn-small")),
        ],
        className="notice sample",
        role="status",
    )


def _first_run() -> list[Element]:
    starts = (
        (
            "upload",
            "Import a file",
            "CSV, Excel, OFX or CAMT, as your bank gives it. You check every row before anything is saved.",
            link("Choose a file", "/import", "btn-ink"),
        ),
        (
            "magic",
            "Look around first",
            "Load a made-up household with 24 months of data. Remove it again with one click.",
            once(act("Load sample data", "load-demo")),
        ),
        (
            "pencil-square",
            "Start by hand",
            "Add an account and type your first transaction. Good if you use cash or one account.",
            act("Add an account", "open-account", "new"),
        ),
    )
    steps = ("Get data in", "Check the categories", "Set a first budget")
    return [
        html.P("Your money picture starts with one file. Everything stays on this server.", className="muted lead-line"),
        html.Div(
            [
                html.Span(
                    [html.Span(str(n), className="dot"), html.Span(text, className="word")],
                    className="now" if n == 1 else "",
                    **({"aria-current": "step"} if n == 1 else {}),
                )
                for n, text in enumerate(steps, 1)
            ],
            className="stepper",
        ),
        html.Div(
            [
                html.Div([html.Span(icon(image), className="tile"), html.H2(title), html.P(text), button], className="card-box")
                for image, title, text, button in starts
            ],
            className="starts",
        ),
        html.Div(
            [
                html.Div("Your spending by category appears here", className="ghost"),
                html.Div("Your 12-month income and spending appear here", className="ghost"),
            ],
            className="charts",
        ),
    ]


def _account_chip(shown: Overview) -> Element | None:
    """Return the choice of accounts, None where there is only one."""
    held = [a for a in shown.accounts.values() if a.currency == shown.currency]
    if len(held) < 2:
        return None
    chosen = shown.selection.accounts
    names = [a.name for a in held if a.id in chosen]
    text = ", ".join(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "") if names else "All accounts"
    rows: list[Child] = [option("All accounts", query(PATH, shown.selection, accounts=()), on=not names)]
    for a in held:
        wanted = tuple(i for i in chosen if i != a.id) if a.id in chosen else (*chosen, a.id)
        rows.append(option(a.name, query(PATH, shown.selection, accounts=wanted, currency=currency_code(shown)), on=a.id in chosen))
    return popover("Accounts", text, rows, on=bool(names), class_name="right-side")


def _narrowed(shown: Overview, words: Words) -> Element:
    """Return what narrows the page, each part with its cross, and the way on to the transactions."""
    chips: list[Child] = []
    if chosen := shown.selection.categories:
        one = shown.names.get(chosen[0]) if len(chosen) == 1 else None
        label = f"Category: {categories_named(shown)}" if len(chosen) == 1 else categories_named(shown)
        text = [icon(one.icon if one else "tags"), html.Span(label, className="ellipsis"), icon("x-lg")]
        chips.append(link(text, query(PATH, shown.selection, categories=()), "chip on", title="Take this filter off"))
    if shown.selection.payee:
        text = [icon("shop"), html.Span(f"Payee: {shown.selection.payee}", className="ellipsis"), icon("x-lg")]
        chips.append(link(text, query(PATH, shown.selection, payee=""), "chip on", title="Take this filter off"))
    what = "category" if not shown.selection.payee else "payee" if not shown.selection.categories else "payee and category"
    everything = query("/transactions", shown.selection, currency=currency_code(shown))
    return html.Div(
        kept(
            [
                *chips,
                html.Span(f"Everything below shows this {what} only.", className="muted wide-only-inline"),
                link("Clear", query(PATH, shown.selection, categories=(), payee=""), "link clear-filters"),
                html.Span(className="spacer"),
                link([f"Open {words.counted(shown.count, 'transaction')} ", icon("chevron-right")], everything),
                _account_chip(shown),
            ]
        ),
        className="answer",
    )


def _answer(shown: Overview, words: Words) -> Element:
    """Return the sentence that one looks for first: what is left to spend, or what became of it."""
    line = _left_to_spend(shown, words) if shown.budgets else _without_budget(shown, words)
    if shown.latest is not None:
        line.append(
            html.Span(
                [
                    " \u00b7 Nothing here yet. Latest: ",
                    link(
                        periods.month_text(shown.latest, words.locale), query(PATH, shown.selection, period=Period.of_month(shown.latest))
                    ),
                ]
            )
        )
    if shown.budgets and shown.outside_budgets:
        line.append(html.Span(f" \u00b7 {words.whole(shown.outside_budgets, shown.currency)} outside any budget", className="muted"))
    beside = [f"net {words.whole(net, code)} in {count} account{'s' if count > 1 else ''}" for code, net, count in shown.elsewhere if net]
    return html.Div(
        kept(
            [
                html.P(line),
                html.Span(className="spacer"),
                html.Span("and " + ", ".join(beside), className="caption") if beside else None,
                _account_chip(shown),
            ]
        ),
        className="answer",
    )


def _without_budget(shown: Overview, words: Words) -> list[Child]:
    if shown.period.kind == "custom" or "Budgets" in shown.failed:
        return [periods.period_text(shown.period, words.locale)]
    where = f"Day {_day(shown)} of {shown.period.days} \u00b7 " if shown.current and shown.period.kind == "month" else ""
    return [where, link("Set a budget", "/budgets" + shown.selection.changed().to_query()), " to see what is left"]


def _day(shown: Overview) -> int:
    """Return the number of today among the period's days."""
    return (shown.today - shown.period.start).days + 1


def _left_to_spend(shown: Overview, words: Words) -> list[Child]:
    """Return what is left of the budgets: of a running period for how long, of others what became of them."""
    left, period = shown.budget_left, shown.period
    over = html.Strong(f"{words.whole(abs(left), shown.currency)} over budget")
    if not shown.current:
        finished: list[Child] = ["Finished "] if period.end < shown.today else []
        if left < 0:
            return [*finished, over]
        return [*finished, html.Strong(f"{words.whole(left, shown.currency)} {'under budget' if finished else 'to spend'}")]
    month = period.kind == "month"
    where = f"Day {_day(shown)} of {period.days} \u00b7 " if month else f"{words.counted(-(-_day(shown) // 7), 'week')} in \u00b7 "
    if left < 0:
        return [where, over, f" with {to_go(shown, words)}"]
    return [
        where,
        html.Strong(f"{words.whole(left, shown.currency)} left to spend"),
        " \u2013 about ",
        html.Strong(f"{words.whole(shown.allowance, shown.currency)} {'a day' if month else 'a month'}"),
        f" until {periods.day_short(period.end, words.locale)}",
    ]
