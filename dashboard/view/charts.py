"""The cards with a chart: what a service answered, drawn, with its legend, its summary sentence and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dashboard import money, periods
from dashboard.analysis.frames import rows as rows_of
from dashboard.periods import Period
from dashboard.view import figures, ids, parts
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, card, data_table, icon, link, query, slot_style
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.analysis.projections import BudgetLine
    from dashboard.analysis.summaries import Ring, Share
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
            link(
                code,
                query(path, shown.selection, currency=code, accounts=()),
                f"segment{' on' if code == shown.currency else ''}",
            )
            for code in shown.currencies
        ],
        className="segments",
        role="group",
        **{"aria-label": "Currency"},
    )


def filtered_by(shown: Overview, *, path: str = HOME, **part: object) -> str:
    """Return the address that narrows everything to a category or payee; of what narrows it already, the one that lets go."""
    now = {name: getattr(shown.selection, name) for name in part}
    wider: dict[str, object] = {"categories": (), "payee": ""}
    return query(path, shown.selection, **({name: wider[name] for name in part} if now == part else part))


def shade_of(shown: Overview) -> str:
    """Return the token of what the selection narrows to: a category's colour where it is one, else spending's."""
    chosen = [shown.names[i] for i in shown.selection.categories if i in shown.names]
    if len(chosen) == 1 and chosen[0].slot:
        return f"slot-{chosen[0].slot}"
    return "inc" if shown.of_income else "exp"


def categories_named(shown: Overview) -> str:
    """Return the chosen categories in words: Eating out, 3 categories."""
    names = [shown.names[i].name if i in shown.names else "one that is gone" for i in shown.selection.categories]
    return names[0] if len(names) == 1 else f"{len(names)} categories" if names else ""


def subject(shown: Overview) -> str:
    """Return what the selection narrows to in words: Eating out, Lidl, Eating out at Lidl."""
    return " at ".join(filter(None, (categories_named(shown), shown.selection.payee)))


class _Row(NamedTuple):
    """A row of the ring's legend, and its slice: minor units; no share where more came back than went out."""

    name: str
    icon: str
    slot: int
    amount: int
    share: float | None
    href: str
    pressed: bool


def donut_card(shown: Overview, words: Words, theme: str) -> Element:
    """Return spending by category: the donut and its legend; a slice or row narrows the page to it, and again lets go."""
    ring, currency = shown.ring, shown.currency
    slices, back = _slices(shown, ring), [_category_row(shown, s) for s in ring.back]
    when = periods.period_text(shown.period, words.locale)
    table = [[shown.names[c].name, words.money(a, currency), words.percent(s if a > 0 else None)] for c, a, s in rows_of(shown.categories)]
    rows_behind = query("/transactions", shown.selection, kind="spending", categories=(), currency=currency_code(shown))
    everything = link(["All categories ", icon("chevron-right")], rows_behind)
    if slices or back:
        at = f" at {shown.selection.payee}" if shown.selection.payee else ""
        most = f", most of it {slices[0].name}." if slices else "."
        summary = f"Spending by category in {when}{at}: {words.money(ring.whole, currency)}{most}"
        figure = figures.donut([_slice(row, shown, words) for row in slices], theme)
        graph = html.Graph(id=ids.DONUT, figure=figure, config=figures.CONFIG, style={"height": "188px"})
        drawn = html.Div(graph, role="img", **{"aria-label": summary})
        middle = html.Div(_middle(shown, words, ring.whole), className="donut-middle")
        legend = html.Ul([_legend_row(row, currency, words) for row in (*slices, *back)], className="legend")
        chart = html.Div([html.Div([drawn, middle], className="donut-chart"), legend], className="donut chart-part")
    else:
        nothing = html.Graph(id=ids.DONUT, figure=figures.donut([], theme), config=figures.CONFIG, style={"display": "none"})
        chart = html.Div([html.P(f"Nothing spent in {when}."), nothing], className="empty chart-part")
    return card(
        "Spending by category", chart, aside=[everything, data_table(["Category", "Amount", "Share"], table, "Spending by category")]
    )


def _slices(shown: Overview, ring: Ring) -> list[_Row]:
    """Return the ring's slices, the largest first, the small ones as one at the end."""
    rows = [_category_row(shown, one) for one in ring.largest]
    if ring.rest:
        small, chosen = tuple(s.category_id for s in ring.rest), set(shown.selection.categories)
        pressed = bool(chosen) and chosen <= set(small)
        href = filtered_by(shown, categories=small)
        rows.append(_Row(f"Other ({len(small)})", "three-dots", OTHER_SLOT, ring.rest_amount, ring.rest_share, href, pressed))
    return rows


def _category_row(shown: Overview, one: Share) -> _Row:
    """Return the row of a category; one that more came back of than was spent has no share."""
    category = shown.names[one.category_id]
    href, pressed = filtered_by(shown, categories=(one.category_id,)), one.category_id in shown.selection.categories
    share = one.share if one.amount > 0 else None
    return _Row(category.name, category.icon, category.slot or OTHER_SLOT, one.amount, share, href, pressed)


def _slice(row: _Row, shown: Overview, words: Words) -> figures.Slice:
    text = f"{figures.apart(row.name)} {words.money(row.amount, shown.currency)} \u00b7 {words.percent(row.share)}"
    return figures.Slice(row.name, row.amount, row.slot, text, row.href, faded=bool(shown.selection.categories) and not row.pressed)


def _middle(shown: Overview, words: Words, whole: int) -> list[Child]:
    """Return what stands in the ring: it is of all categories, also where one of them is chosen; then it says what that one cost."""
    currency = shown.currency
    if shown.selection.categories:
        spent = shown.sums.spending
        at = f" at {shown.selection.payee}" if shown.selection.payee else ""
        return [
            html.Span(subject(shown), className="ellipsis"),
            html.B(words.whole(spent, currency)),
            "money back" if spent < 0 else f"{words.percent(shown.chosen_share)} of spending{at}",
        ]
    return [
        "Spent",
        html.B(words.whole(whole, currency)),
        # Beside spending that no budget covers the budget would be the wrong measure; the ring leaves no room for more words.
        f"of {whole_budget(shown, words, short=True)}" + ("" if shown.budget_carried else " budget") if shown.covered else "",
    ]


def _legend_row(row: _Row, currency: str, words: Words) -> Element:
    style = slot_style(row.slot) if row.slot != OTHER_SLOT else {"--c": "var(--other)"}
    return html.Li(
        link(
            [
                html.Span(className="swatch"),
                icon(row.icon),
                html.Span(row.name, className="name"),
                html.B(words.whole(row.amount, currency)),
                html.Span(words.percent(row.share) if row.share is not None else "back", className="share"),
            ],
            row.href,
            "legend-row",
            style=style,
            role="button",
            **{"aria-pressed": "true" if row.pressed else "false"},
        )
    )


def bars_card(shown: Overview, words: Words, theme: str, *, narrow: bool) -> Element:
    """Return twelve months of income and spending, or of what the selection narrows to; narrow screens show single letters."""
    currency = shown.currency
    chosen = (
        set(periods.months_between(periods.month_of(shown.period.start), shown.period.month)) if shown.period.kind != "custom" else set()
    )
    shade = shade_of(shown)
    alone = shown.narrowed
    months, table = [], []
    now, to_come = periods.month_of(shown.today), shown.to_come if shade != "inc" else 0
    for place, (month, income, spending, net) in enumerate(rows_of(shown.months)):
        name = periods.month_short(month, words.locale)
        label = name[:1] if narrow else name + (f"\n{month // 100}" if place == 0 or month % 100 == 1 else "")
        title = periods.month_text(month, words.locale)
        value = income if shade == "inc" else spending
        more = to_come if month == now else 0
        lines = (
            [f"{figures.apart(subject(shown))} {words.money(value, currency)}"]
            if alone
            else [
                f"Income {words.money(income, currency)}",
                f"Spending {words.money(spending, currency)}",
                f"Net {words.money(net, currency)}",
            ]
        )
        if more:
            lines.append(f"Expected {words.whole(shown.expected or 0, currency)}")
        href = query(HOME, shown.selection, period=Period.of_month(month))
        selected = month in chosen and len(chosen) == 1
        line = net if month <= now else None
        months.append(figures.Bar(label, income, value if alone else spending, line, "\n".join([title, *lines]), href, selected, more))
        table.append(
            [title, words.money(value, currency)]
            if alone
            else [title, words.money(income, currency), words.money(spending, currency), words.money(net, currency)]
        )
    if alone:
        return _one_series_card(shown, words, theme, months, table, shade)
    summary = (
        f"Income and spending over twelve months to {periods.month_text(shown.period.month, words.locale)}: "
        f"income {words.money(shown.year.income, currency)}, "
        f"spending {words.money(shown.year.spending, currency)}."
    )
    keys = [("Income", "var(--inc)", ""), ("Spending", "var(--exp)", ""), ("Net", "var(--ink)", "")]
    if any(m.more for m in months):
        keys.append(("Expected", "var(--exp)", "hollow"))
    figure = figures.bars(months, _ticks(*figures.reach(months), currency, words), theme)
    return _months_card("Income and spending", figure, summary, keys, ["Month", "Income", "Spending", "Net"], table)


def _one_series_card(shown: Overview, words: Words, theme: str, months: list[figures.Bar], table: list[list[str]], shade: str) -> Element:
    what, currency = subject(shown), shown.currency
    budget = shown.budget if shown.budgets and shown.period.kind == "month" and not shown.selection.payee else None
    low = min(0, *(m.spending for m in months))
    high = max(1, budget or 0, *(m.spending + m.more for m in months))
    figure = figures.one_series(months, _ticks(low, high, currency, words), theme, shade=shade, budget=budget)
    total = shown.year.income if shade == "inc" else shown.year.spending
    summary = f"{what} over twelve months to {periods.month_text(shown.period.month, words.locale)}: {words.money(total, currency)}."
    keys = [(what, f"var(--{shade})", "")]
    if budget:
        keys.append((f"Budget {words.whole(budget, currency)}", "var(--ink)", "dotted"))
    return _months_card(f"{what}, last 12 months", figure, summary, keys, ["Month", what], table)


def _ticks(low: int, high: int, currency: str, words: Words) -> list[tuple[int, str]]:
    ticks = figures.axis_ticks(low, high)
    # One above the highest bar, so that its size can be read between two.
    if len(ticks) > 1 and ticks[-1] < high:
        ticks.append(2 * ticks[-1] - ticks[-2])
    return [(v, money.money_axis(v, currency, words.locale)) for v in ticks]


def _months_card(
    title: str, figure: figures.Figure, summary: str, keys: list[tuple[str, str, str]], heads: list[str], table: list[list[str]]
) -> Element:
    legend = html.Div(
        [
            html.Span([html.Span(className=f"swatch {kind}".strip(), style={"--c": colour}), html.Span(name, className="ellipsis")])
            for name, colour, kind in keys
        ],
        className="bars-legend",
    )
    chart = html.Div(
        html.Graph(id=ids.BARS, figure=figure, config=figures.CONFIG, style={"height": "252px"}),
        className="bars-chart chart-part",
        role="img",
        **{"aria-label": summary},
    )
    return card(title, chart, aside=[legend, data_table(heads, table, title)])


def budgeted(budget: int, carried: int, currency: str, words: Words, *, short: bool = False) -> str:
    """Return a budget with what is in it: €4,400, €4,400 + €394 carried over, €4,400 − €50 overspent before."""
    text = words.whole(budget, currency)
    if not carried:
        return text
    sign, why = ("+", "carried over") if carried > 0 else ("\u2212", "overspent before")
    return f"{text} {sign} {words.whole(abs(carried), currency)}" + ("" if short else f" {why}")


def whole_budget(shown: Overview, words: Words, *, short: bool = False) -> str:
    """Return the sum of the budgets with what is in it."""
    return budgeted(shown.budgeted, shown.budget_carried, shown.currency, words, short=short)


def _of_budget(shown: Overview, words: Words, word: str) -> list[Child]:
    """Return what the middle of the gauge is of; what is carried over stands in a line of its own, below the ring."""
    carried = shown.budget_carried
    first = f"{word} of {words.whole(shown.budgeted, shown.currency)}".strip()
    if not carried:
        return [first]
    sign, why = ("+", "carried over") if carried > 0 else ("\u2212", "overspent before")
    return [first + (" budgeted" if not word else ""), html.Div(f"{sign} {words.whole(abs(carried), shown.currency)} {why}")]


def gauge(shown: Overview, words: Words, theme: str) -> Element:
    """Return the half ring of the whole budget, or of the one the selection narrows to, with a real link over it."""
    currency, spent = shown.currency, shown.budget_spent
    left, pace = shown.budget_left, shown.budget_pace
    if shown.selection.payee:
        # Others were paid from the same budget too: what is left of it is not known here.
        middle: list[Child] = [html.B(words.whole(spent, currency)), *_of_budget(shown, words, "")]
        said = f"{words.whole(spent, currency)} of {whole_budget(shown, words)} spent at {shown.selection.payee}"
        pace = None
    else:
        word = "left" if left >= 0 else "over"
        middle = [html.B(words.whole(abs(left), currency)), *_of_budget(shown, words, word)]
        said = f"{words.whole(abs(left), currency)} {word} of {whole_budget(shown, words)}"
    done = spent if left < 0 else shown.budget_so_far
    figure = figures.gauge(done, shown.budget, shown.budget_expected, pace, shown.budget_status, theme)
    budgeted = tuple(line.category_id for line in shown.budgets)
    return html.Div(
        [
            html.Div(
                html.Graph(id=ids.GAUGE, figure=figure, config=figures.CONFIG | {"staticPlot": True}, style={"height": "132px"}),
                role="img",
                **{"aria-label": f"Budget: {said}."},
            ),
            html.Div(middle, className="gauge-middle"),
            html.A(
                href=query("/transactions", shown.selection, categories=budgeted, currency=currency_code(shown)),
                title=f"Budget: {said}",
                **{"aria-label": f"Budget: {said}. Opens the transactions."},
            ),
        ],
        className="gauge chart-part",
    )


def budget_table(shown: Overview, words: Words) -> Element:
    """Return the gauge's numbers as a table, the whole first, then each budget."""
    whole = (shown.budgeted, shown.budget_carried, shown.budget_spent, shown.budget_expected)
    lines = [(shown.names[b.category_id].name, (b.budget, b.carried, b.spent, b.expected), b.left) for b in shown.budgets]
    everything = [("All budgets", whole, shown.budget_left), *lines]
    rows = [[name, *(words.money(v, shown.currency) for v in (*values, left))] for name, values, left in everything]
    return data_table(["Category", "Budget", "Carried over", "Spent", "Expected", "Left"], rows, "Budgets")


def meter(line: BudgetLine, pace: float | None) -> Element:
    """Return a budget's bar: what is known to come is expected, not spent, unless it is over with it; a bill has no pace."""
    spent = line.spent if line.status == "over" else line.so_far
    bill = line.status == "paid"
    return parts.meter(spent, line.available, line.expected, line.status, None if bill else pace)
