"""The dashboard: the answer, four figures, two charts, the budgets, what was spent last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard import money, periods
from dashboard.analysis.projections import BudgetLine
from dashboard.analysis.summaries import Sums
from dashboard.periods import Period
from dashboard.view import tags as html
from dashboard.view.charts import bars_card, currency_code, currency_switch, donut_card, gauge, pace_of
from dashboard.view.pages.transactions import recent_list
from dashboard.view.parts import (
    Child,
    Words,
    act,
    budget_state,
    card,
    head,
    icon,
    kept,
    link,
    meter,
    notice,
    period_bar,
    query,
    sparkline,
    tile,
)
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.overview import Overview

PATH = "/"
MOST_BUDGETS = 7


def page(shown: Overview, theme: str, *, narrow: bool = False) -> Element:
    """Return the dashboard of a period; on a narrow screen the months are single letters."""
    words = Words(shown.locale, shown.today)
    bar = head(period_bar(PATH, shown.selection, words), html.Span(className="spacer"), currency_switch(PATH, shown), _add())
    notes = [notice(text, "watch") for text in shown.selection.notes]
    if shown.empty:
        return html.Div([bar, *notes, *_first_run()])
    return html.Div(
        kept(
            [
                bar,
                *notes,
                _answer(shown, words),
                _kpis(shown, words),
                html.Div([donut_card(shown, words, theme), bars_card(shown, words, theme, narrow=narrow)], className="charts"),
                html.Div([html.Div(_budgets(shown, words, theme)), html.Div(_recent(shown, words))], className="columns"),
            ]
        )
    )


def _add() -> Element:
    return act(
        [icon("plus-lg"), "Add", html.Span("N", className="key")],
        "open-transaction",
        "new",
        class_name="btn-ink wide-only",
        label="Add a transaction",
    )


def _first_run() -> list[Element]:
    return [
        html.P("Your money picture starts with one file. Everything stays on this server.", className="muted"),
        html.Div(
            [
                html.Div(
                    [
                        html.Span(icon("upload"), className="tile"),
                        html.H2("Import a file"),
                        html.P("CSV from your bank, as it comes. You check every row before anything is saved."),
                        link("Choose a file", "/import", "btn-ink"),
                    ],
                    className="card-box",
                ),
                html.Div(
                    [
                        html.Span(icon("pencil-square"), className="tile"),
                        html.H2("Start by hand"),
                        html.P("Add an account and type your first transaction. Good if you use cash or one account."),
                        act("Add an account", "open-account", "new"),
                    ],
                    className="card-box",
                ),
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


def _answer(shown: Overview, words: Words) -> Element:
    line: list[Child]
    left = shown.budget - shown.budget_spent
    period, today = shown.period, shown.today
    if not shown.budgets:
        where = f"Day {(today - period.start).days + 1} of {period.days} \u00b7 " if shown.current and period.kind == "month" else ""
        line = (
            [where, link("Set a budget", "/budgets" + shown.selection.changed().to_query()), " to see what is left"]
            if period.kind != "custom"
            else [periods.period_text(period, words.locale)]
        )
    elif shown.current:
        # Today is spent; on the last day what is left is for today.
        days = max(1, (period.end - today).days)
        gone = (today - period.start).days + 1
        where = f"Day {gone} of {period.days} \u00b7 " if period.kind == "month" else f"{-(-gone // 7)} weeks in \u00b7 "
        a_day = (left // days, "a day") if period.kind == "month" else (left // max(1, 13 - today.month), "a month")
        if left >= 0:
            line = [
                where,
                html.Strong(f"{words.whole(left, shown.currency)} left to spend"),
                " \u2013 about ",
                html.Strong(f"{words.whole(a_day[0], shown.currency)} {a_day[1]}"),
                f" until {periods.day_short(period.end, words.locale)}",
            ]
        else:
            line = [
                where,
                html.Strong(f"{words.whole(-left, shown.currency)} over budget"),
                f" with {(period.end - today).days} days to go",
            ]
    elif left >= 0:
        line = (
            ["Finished ", html.Strong(f"{words.whole(left, shown.currency)} under budget")]
            if period.end < today
            else [html.Strong(f"{words.whole(left, shown.currency)} to spend")]
        )
    else:
        line = ["Finished ", html.Strong(f"{words.whole(-left, shown.currency)} over budget")]
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
    outside = shown.sums.spending - shown.budget_spent
    if shown.budgets and outside > 0:
        line.append(html.Span(f" \u00b7 {words.whole(outside, shown.currency)} outside any budget", className="muted"))
    beside = [f"net {words.whole(net, code)} in {count} account{'s' if count > 1 else ''}" for code, net, count in shown.elsewhere if net]
    return html.Div(
        kept([html.P(line), html.Span(className="spacer"), html.Span("and " + ", ".join(beside), className="caption") if beside else None]),
        className="answer",
    )


def _kpis(shown: Overview, words: Words) -> Element:
    # Months to come have not been nothing: they are not there yet.
    months = shown.months[shown.months["key"] <= periods.month_of(shown.today)]
    now, before = shown.sums, shown.before
    rates = [n / i if i > 0 else 0.0 for n, i in zip(months["net"].tolist(), months["income"].tolist(), strict=True)]
    span = (
        periods.span_text(shown.compared, words.locale) if shown.period.kind != "year" or shown.current else str(shown.compared.start.year)
    )
    named = str(shown.compared.end.year) in span or shown.compared.start.year == shown.period.start.year
    versus = span if named else f"{span} {shown.compared.end.year}"

    def address(kind: str) -> str:
        return query("/transactions", shown.selection, kind=kind, currency=currency_code(shown))

    return html.Div(
        [
            _kpi(
                "Income",
                now.income,
                before.income,
                "--inc",
                months["income"].tolist(),
                address("income"),
                versus,
                shown,
                words,
                more_is_good=True,
            ),
            _kpi(
                "Spending",
                now.spending,
                before.spending,
                "--exp",
                months["spending"].tolist(),
                address("spending"),
                versus,
                shown,
                words,
                more_is_good=False,
            ),
            _kpi("Net", now.net, before.net, "--ink", months["net"].tolist(), address(""), versus, shown, words, more_is_good=True),
            _rate(now, before, rates, address(""), versus, words),
        ],
        className="kpis",
    )


def _kpi(
    label: str,
    value: int,
    before: int,
    token: str,
    trend: list[int],
    href: str,
    versus: str,
    shown: Overview,
    words: Words,
    *,
    more_is_good: bool,
) -> Element:
    whole, cents = money.money_parts(value, shown.currency, words.locale)
    change = value - before
    size = words.whole(abs(change), shown.currency)
    if change == 0:
        delta: list[Child]
        delta, kind, said = [f"the same as {versus}"], "", f"the same as {versus}"
    else:
        more = "more" if change > 0 else "less"
        delta = [icon("arrow-up" if change > 0 else "arrow-down"), " ", html.B(size), f" {more} than {versus}"]
        kind, said = ("good" if (change > 0) == more_is_good else "bad"), f"{size} {more} than {versus}"
    return html.A(
        kept(
            [
                html.Div([html.Span(className="swatch"), label], className="kpi-label"),
                html.Div(
                    [whole, html.Span(cents + money.money_suffix(shown.currency, words.locale), className="cents")], className="kpi-value"
                ),
                html.Div(delta, className=f"delta {kind}"),
                sparkline(trend),
            ]
        ),
        href=href,
        className="card-box kpi",
        style={"--c": f"var({token})"},
        **{"aria-label": f"{label} {words.money(value, shown.currency)}, {said}. Opens the transactions."},
    )


def _rate(now: Sums, before: Sums, trend: list[float], href: str, versus: str, words: Words) -> Element:
    rate, earlier = now.savings_rate, before.savings_rate
    text = words.percent(rate, 1)
    if rate is None or earlier is None:
        delta: list[Child]
        delta, kind, said = ["no income to compare"], "", ""
    else:
        points = round((rate - earlier) * 100, 1)
        size = f"{abs(points):.1f} pts"
        more = "above" if points >= 0 else "below"
        delta, kind, said = (
            [icon("arrow-up" if points >= 0 else "arrow-down"), " ", html.B(size), f" {more} {versus}"],
            "good" if points >= 0 else "bad",
            f"{size} {more} {versus}",
        )
    return html.A(
        kept(
            [
                html.Div([html.Span(className="swatch"), "Savings rate"], className="kpi-label"),
                html.Div(text, className="kpi-value"),
                html.Div(delta, className=f"delta {kind}"),
                sparkline(trend),
            ]
        ),
        href=href,
        className="card-box kpi",
        style={"--c": "var(--ink)"},
        **{"aria-label": f"Savings rate {text}. {said} Opens the transactions."},
    )


def _budgets(shown: Overview, words: Words, theme: str) -> Element:
    everything = link(
        [f"All {len(shown.budgets)} " if shown.budgets else "Set budgets ", icon("chevron-right")], query("/budgets", shown.selection)
    )
    if not shown.budgets:
        text = (
            "A custom range has no budget."
            if shown.period.kind == "custom"
            else "No budgets yet. Set one for a category, and you see here what is left of it."
        )
        return card("Budgets", html.P(text, className="muted"), aside=[everything])
    rows: list[Child] = [budget_row(shown, line, words) for line in shown.budgets[:MOST_BUDGETS]]
    return card(
        "Budgets",
        html.Div([gauge(shown, words, theme), html.Div(rows)], className="budget-body"),
        aside=[everything],
        caption="needs attention first",
    )


def budget_row(shown: Overview, line: BudgetLine, words: Words) -> Element:
    """Return one category's budget: bar, spent of budget, left, status."""
    category = shown.names[line.category_id]
    budget, spent, expected, status, left = line.budget, line.spent, line.expected, line.status, line.left
    currency = shown.currency
    said = f"{category.name}: {words.whole(spent, currency)} of {words.whole(budget, currency)} spent"
    return html.A(
        [
            tile(category.icon, category.slot),
            html.Span(category.name, className="name"),
            meter(spent, budget, expected, status, pace_of(shown)),
            html.Span([html.B(words.whole(spent, currency)), f" of {words.whole(budget, currency)}"], className="of"),
            html.Span(budget_state(status, words.whole(expected, currency)), className="state-cell"),
            html.Span(f"{words.whole(abs(left), currency)} {'left' if left >= 0 else 'over'}", className="left visually-hidden"),
        ],
        href=query("/transactions", shown.selection, categories=(line.category_id,), currency=currency_code(shown)),
        className="budget-row",
        **{"aria-label": said},
    )


def _recent(shown: Overview, words: Words) -> Element:
    everything = link(
        [f"All {shown.count} ", icon("chevron-right")], query("/transactions", shown.selection, currency=currency_code(shown))
    )
    rows: pd.DataFrame = shown.recent
    body: Child = (
        recent_list(rows, shown.accounts, shown.names, words) if len(rows) else html.P("No transactions in this period.", className="muted")
    )
    return card("Recent transactions", body, aside=[everything])
