"""Budgets: the month's, category by category, with what is spent and left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import money
from dashboard.analysis.projections import BudgetLine
from dashboard.view import tags as html
from dashboard.view.charts import currency_switch, gauge
from dashboard.view.parts import Child, Words, budget_state, head, kept, meter, notice, period_bar, query, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.categories import Category
    from dashboard.services.overview import Overview

PATH = "/budgets"


def page(shown: Overview, theme: str) -> Element:
    """Return the budgets of a month."""
    words = Words(shown.locale, shown.today)
    bar = head(
        html.H1("Budgets"),
        period_bar(PATH, shown.selection, words, kinds=False, title=False),
        html.Span(className="spacer"),
        currency_switch(PATH, shown),
    )
    notes = [notice(text, "watch") for text in shown.selection.notes]
    lines = {line.category_id: line for line in shown.budgets}
    spent = dict(zip(shown.categories["category_id"].tolist(), shown.categories["amount"].tolist(), strict=True))
    groups: dict[str, list[Category]] = {}
    for category in shown.names.values():
        if not category.is_income and category.id:
            groups.setdefault(category.group, []).append(category)
    rows: list[Child] = [
        html.Div(
            [
                html.Span("Category"),
                html.Span("Budget", className="right"),
                html.Span("Spent", className="right"),
                html.Span("Used"),
                html.Span("Left", className="right"),
                html.Span(),
            ],
            className="grid-row budget-grid headings",
        )
    ]
    for group, members in groups.items():
        whole = sum(lines[c.id].budget for c in members if c.id in lines)
        used = sum(spent.get(c.id, 0) for c in members)
        left = sum(lines[c.id].left for c in members if c.id in lines)
        rows.append(
            html.Div(
                [
                    html.Span(group, className="name-cell"),
                    html.Span(words.whole(whole, shown.currency), className="right budget-cell"),
                    html.Span(words.whole(used, shown.currency), className="right budget-cell"),
                    html.Span(className="budget-cell"),
                    html.Span(words.whole(left, shown.currency) if whole else "", className="right left-cell"),
                    html.Span(className="budget-cell"),
                ],
                className="grid-row budget-grid group-row",
            )
        )
        rows += [_row(c, lines.get(c.id), spent.get(c.id, 0), shown, words) for c in members]
    return html.Div(kept([bar, *notes, _hero(shown, words, theme), html.Div(rows, className="table-box")]))


def _hero(shown: Overview, words: Words, theme: str) -> Element:
    currency = shown.currency
    left = shown.sums.income - shown.budget
    kept_back = max(0, shown.budget - shown.budget_spent)
    scale = max(shown.sums.income, shown.budget, 1)
    stack = [
        html.Div(style={"width": f"{min(100, value / scale * 100):.1f}%", "background": f"var({token})"})
        for value, token in ((shown.budget_spent, "--ink"), (kept_back, "--line-2"), (max(0, left), "--inc"))
        if value > 0
    ]
    legend = [
        html.Span([html.Span(className="swatch", style={"--c": f"var({token})"}), f" {name} ", html.B(words.whole(value, currency))])
        for name, value, token in (
            ("Spent in budgets", shown.budget_spent, "--ink"),
            ("Still in budgets", kept_back, "--line-2"),
            ("Left to budget", max(0, left), "--inc"),
            ("Spent outside budgets", max(0, shown.sums.spending - shown.budget_spent), "--exp"),
        )
    ]
    figure: Child = gauge(shown, words, theme) if shown.budgets else html.Div("Set a first budget below", className="ghost")
    title = "Left to budget" if left >= 0 else "Over-assigned by"
    return html.Div(
        [
            figure,
            html.Div(
                [
                    html.Div(title, className="caption"),
                    html.Div(words.money(abs(left), currency), className="large", style={} if left >= 0 else {"color": "var(--over)"}),
                    html.Div(f"of {words.money(shown.sums.income, currency)} income this month", className="caption"),
                ]
            ),
            html.Div([html.Div(stack, className="stack"), html.Div(legend, className="stack-legend")], className="stack-part"),
        ],
        className="card-box hero",
    )


def _row(category: Category, line: BudgetLine | None, spent: int, shown: Overview, words: Words) -> Element:
    currency = shown.currency
    text = ""
    if line:
        text = money.plain(line.budget, currency).replace(".", money.decimal_point(words.locale))
        zeros = money.decimal_point(words.locale) + "0" * money.decimals(currency)
        text = text.removesuffix(zeros)
    pace = ((shown.today - shown.period.start).days + 1) / shown.period.days if shown.current else None
    state: Child = budget_state(line.status, words.whole(line.expected, currency)) if line else None
    left = (
        html.Span(words.whole(line.left, currency), className="right left-cell", style={"color": "var(--over)"} if line.left < 0 else {})
        if line
        else html.Span("\u2013", className="right left-cell muted wide-only")
    )
    box = html.Input(
        value=text,
        name=f"budget-{category.id}",
        inputmode="decimal",
        autocomplete="off",
        debounce=True,
        placeholder="\u2013",
        id=f"budget-{category.id}",
    )
    return html.Div(
        [
            html.Label(
                [tile(category.icon, category.slot), html.Span(category.name, className="ellipsis")],
                className="with-tile name-cell",
                htmlFor=f"budget-{category.id}",
            ),
            html.Div(
                box,
                className="input-cell",
                **{"data-change": "set-budget", "data-value": str(category.id), "data-extra": f"{shown.period.month} {currency}"},
            ),
            html.A(
                words.whole(spent, currency),
                href=query(
                    "/transactions", shown.selection, categories=(category.id,), currency=currency if len(shown.currencies) > 1 else None
                ),
                className="right spent-cell",
            ),
            html.Div(meter(line.spent, line.budget, line.expected, line.status, pace) if line else None, className="meter-cell"),
            left,
            html.Span(state, className="state-cell"),
        ],
        className="grid-row budget-grid",
    )
