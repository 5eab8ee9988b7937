"""The cards with a chart: what a service answered, drawn, with its legend, its summary sentence and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import money, periods
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.summaries import fold_small
from dashboard.periods import Period
from dashboard.view import figures, ids
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, card, data_table, icon, link, query, slot_style
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.overview import Overview

# No category has it: the stylesheet's and the palette's "other".
OTHER_SLOT = 99
HOME = "/"


def currency_code(shown: Overview) -> str | None:
    """Return the currency for a link's address, None where there is only one."""
    return shown.currency if len(shown.currencies) > 1 else None


def currency_switch(path: str, shown: Overview) -> Element | None:
    """Return the choice of currency of a page, None where there is only one."""
    if len(shown.currencies) < 2:
        return None
    return html.Div(
        [
            link(code, query(path, shown.selection, currency=code), f"segment{' on' if code == shown.currency else ''}")
            for code in shown.currencies
        ],
        className="segments",
        role="group",
        **{"aria-label": "Currency"},
    )


def donut_card(shown: Overview, words: Words, theme: str) -> Element:
    """Return spending by category: the donut and its legend, each row a link to its transactions."""
    currency = shown.currency
    largest, rest = fold_small(shown.categories)
    rows: list[Child] = []
    slices: list[figures.Slice] = []
    code = currency_code(shown)
    for category_id, amount, share in largest:
        category = shown.names[category_id]
        href = query("/transactions", shown.selection, categories=(category_id,), kind="spending" if not category_id else "", currency=code)
        colour_slot = category.slot or OTHER_SLOT
        rows.append(_legend_row(category.name, category.icon, colour_slot, amount, share, href, currency, words))
        slices.append(
            figures.Slice(
                category.name, amount, colour_slot, f"{category.name} {words.money(amount, currency)} \u00b7 {words.percent(share)}", href
            )
        )
    if rest:
        positive = [s for s in rest if s.amount > 0]
        total, ids_ = sum(s.amount for s in rest), tuple(s.category_id for s in rest)
        href = query("/transactions", shown.selection, categories=ids_, kind="spending", currency=code)
        name = f"Other ({len(ids_)})" if positive else "Refunds"
        rows.append(_legend_row(name, "three-dots", OTHER_SLOT, total, sum(s.share for s in rest), href, currency, words))
        if positive:
            slices.append(figures.Slice(name, sum(s.amount for s in positive), OTHER_SLOT, f"{name} {words.money(total, currency)}", href))
    whole = shown.sums.spending
    # Beside spending that no budget covers the budget would be the wrong measure.
    of_budget = f"of {words.whole(shown.budget, currency)} budget" if shown.budgets and whole <= shown.budget_spent else ""
    summary = f"Spending by category in {periods.period_text(shown.period, words.locale)}: {words.money(whole, currency)}" + (
        f", most of it {shown.names[largest[0].category_id].name}." if largest else "."
    )
    table = [[shown.names[c].name, words.money(a, currency), words.percent(s)] for c, a, s in rows_of(shown.categories)]
    chart: Child = (
        html.Div(
            [
                html.Div(
                    [
                        html.Div(
                            html.Graph(id=ids.DONUT, figure=figures.donut(slices, theme), config=figures.CONFIG, style={"height": "188px"}),
                            role="img",
                            **{"aria-label": summary},
                        ),
                        html.Div(["Spent", html.B(words.whole(whole, currency)), of_budget], className="donut-middle"),
                    ],
                    className="donut-chart",
                ),
                html.Ul(rows, className="legend"),
            ],
            className="donut chart-part",
        )
        if rows
        else html.Div(
            [
                html.P(f"Nothing spent in {periods.period_text(shown.period, words.locale)}."),
                html.Graph(id=ids.DONUT, figure=figures.donut([], theme), config=figures.CONFIG, style={"display": "none"}),
            ],
            className="empty chart-part",
        )
    )
    everything = link(["All categories ", icon("chevron-right")], query("/transactions", shown.selection, kind="spending", currency=code))
    return card(
        "Spending by category", chart, aside=[everything, data_table(["Category", "Amount", "Share"], table, "Spending by category")]
    )


def _legend_row(name: str, icon_name: str, slot: int, amount: int, share: float, href: str, currency: str, words: Words) -> Element:
    style = slot_style(slot) if slot != OTHER_SLOT else {"--c": "var(--other)"}
    return html.Li(
        link(
            [
                html.Span(className="swatch"),
                icon(icon_name),
                html.Span(name, className="name"),
                html.B(words.whole(amount, currency)),
                html.Span(words.percent(share), className="share"),
            ],
            href,
            "legend-row",
            style=style,
        )
    )


def bars_card(shown: Overview, words: Words, theme: str, *, narrow: bool) -> Element:
    """Return twelve months of income and spending; on a narrow screen the months are single letters."""
    currency, frame = shown.currency, shown.months
    chosen = (
        set(periods.months_between(periods.month_of(shown.period.start), shown.period.month)) if shown.period.kind != "custom" else set()
    )
    months, table = [], []
    for place, (month, income, spending, net) in enumerate(rows_of(frame)):
        name = periods.month_short(month, words.locale)
        label = name[:1] if narrow else name + (f"\n{month // 100}" if place == 0 or month % 100 == 1 else "")
        title = periods.month_text(month, words.locale)
        text = (
            f"{title}\nIncome {words.money(income, currency)}\nSpending {words.money(spending, currency)}\nNet {words.money(net, currency)}"
        )
        href = query(HOME, shown.selection, period=Period.of_month(month))
        months.append(
            figures.Bar(
                label,
                income,
                spending,
                net if month <= periods.month_of(shown.today) else None,
                text,
                href,
                month in chosen and len(chosen) == 1,
            )
        )
        table.append([title, words.money(income, currency), words.money(spending, currency), words.money(net, currency)])
    ticks = [
        (v, money.money_axis(v, currency, words.locale))
        for v in figures.axis_ticks(min(0, int(frame["net"].min())), max(int(frame["income"].max()), int(frame["spending"].max()), 1))
    ]
    summary = (
        f"Income and spending over twelve months to {periods.month_text(shown.period.month, words.locale)}: "
        f"income {words.money(int(frame['income'].sum()), currency)}, "
        f"spending {words.money(int(frame['spending'].sum()), currency)}."
    )
    legend = html.Div(
        [
            html.Span([html.Span(className="swatch", style={"--c": f"var(--{t})"}), name])
            for name, t in (("Income", "inc"), ("Spending", "exp"), ("Net", "ink"))
        ],
        className="bars-legend",
    )
    chart = html.Div(
        html.Graph(id=ids.BARS, figure=figures.bars(months, ticks, theme), config=figures.CONFIG, style={"height": "252px"}),
        className="bars-chart chart-part",
        role="img",
        **{"aria-label": summary},
    )
    return card(
        "Income and spending", chart, aside=[legend, data_table(["Month", "Income", "Spending", "Net"], table, "Income and spending")]
    )


def gauge(shown: Overview, words: Words, theme: str) -> Element:
    """Return the half ring of the whole budget, with a real link over it."""
    left = shown.budget - shown.budget_spent
    status = "over" if left < 0 else "heading" if shown.budget_expected > shown.budget * 1.02 else "pace"
    pace = pace_of(shown)
    said = (
        f"{words.whole(left, shown.currency)} left of {words.whole(shown.budget, shown.currency)}"
        if left >= 0
        else f"{words.whole(-left, shown.currency)} over {words.whole(shown.budget, shown.currency)}"
    )
    figure = figures.gauge(
        shown.budget_spent, shown.budget, shown.budget_expected, None if pace is None else int(shown.budget * pace), status, theme
    )
    budgeted = tuple(line.category_id for line in shown.budgets)
    return html.Div(
        [
            html.Graph(id=ids.GAUGE, figure=figure, config=figures.CONFIG | {"staticPlot": True}, style={"height": "132px"}),
            html.Div(
                [
                    html.B(words.whole(abs(left), shown.currency)),
                    "left" if left >= 0 else "over",
                    f" of {words.whole(shown.budget, shown.currency)}",
                ],
                className="gauge-middle",
            ),
            html.A(
                href=query("/transactions", shown.selection, categories=budgeted, currency=currency_code(shown)),
                title=f"Budget: {said}",
                **{"aria-label": f"Budget: {said}. Opens the transactions."},
            ),
        ],
        className="gauge",
    )


def pace_of(shown: Overview) -> float | None:
    """Return which share of the month has passed; None where the period is not a running month."""
    if shown.period.kind != "month" or not shown.current:
        return None
    return ((shown.today - shown.period.start).days + 1) / shown.period.days
