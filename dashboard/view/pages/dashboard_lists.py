"""The lists of the dashboard: budgets, the latest transactions, what changed, and where most was spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import periods
from dashboard.analysis.frames import rows as rows_of
from dashboard.view import tags as html
from dashboard.view.charts import budget_table, budgeted, currency_code, filtered_by, gauge, meter, subject
from dashboard.view.pages.transactions import recent_list
from dashboard.view.parts import Child, Words, budget_state, card, failed_card, icon, link, query, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.analysis.projections import BudgetLine
    from dashboard.services.overview import Overview

MOST_BUDGETS = 7


def budgets(shown: Overview, words: Words, theme: str) -> Element:
    """Return the gauge of the whole budget and a bar for each, those that need attention first."""
    if "Budgets" in shown.failed:
        return failed_card("Budgets", shown.failed["Budgets"])
    everything = query("/budgets", shown.selection, categories=(), payee="", accounts=())
    if not shown.budgets:
        text = (
            "A custom range has no budget."
            if shown.period.kind == "custom"
            else "No budget for this."
            if shown.narrowed
            else "No budgets yet. Set one for a category, and you see here what is left of it."
        )
        return card("Budgets", html.P(text, className="muted"), aside=[link(["Set budgets ", icon("chevron-right")], everything)])
    if shown.selection.payee:
        # Others are paid from the same budgets too: what is left of them is not this payee's to say.
        shared = html.P(f"The budgets that {shown.selection.payee} is paid from, and what it took of them.", className="muted")
        return card("Budgets", html.Div([gauge(shown, words, theme), shared], className="budget-body"))
    title = "Budget" if len(shown.budgets) == 1 and shown.narrowed else "Budgets"
    more = link([f"All {len(shown.budgets)} " if not shown.narrowed else "Edit ", icon("chevron-right")], everything)
    return card(
        title,
        html.Div(
            [
                gauge(shown, words, theme),
                html.Div([_budget(shown, b, words) for b in shown.budgets[:MOST_BUDGETS]], className="budget-rows"),
            ],
            className="budget-body chart-part",
        ),
        aside=[more, budget_table(shown, words)],
        caption="needs attention first" if len(shown.budgets) > 1 else "",
    )


def _budget(shown: Overview, line: BudgetLine, words: Words) -> Element:
    """Return one category's budget: bar, spent of budget, left, status."""
    category, currency, left = shown.names[line.category_id], shown.currency, line.left
    of = budgeted(line.budget, line.carried, currency, words, short=True)
    said = f"{category.name}: {words.whole(line.spent, currency)} of {budgeted(line.budget, line.carried, currency, words)} spent"
    if line.status == "heading":
        said += f", heading for {words.whole(line.expected, currency)}"
    return html.A(
        [
            tile(category.icon, category.slot),
            html.Span(category.name, className="name"),
            meter(line, shown.passed),
            html.Span([html.B(words.whole(line.spent, currency)), f" of {of}"], className="of"),
            html.Span(
                [html.B(words.whole(abs(left), currency)), " left" if left >= 0 else " over"],
                className=f"left {'' if left >= 0 else 'is-over'}",
            ),
            html.Span(budget_state(line.status, words.whole(line.expected, currency)), className="state-cell"),
        ],
        href=filtered_by(shown, categories=(line.category_id,)),
        className="budget-row",
        **{"aria-label": said},
    )


def recent(shown: Overview, words: Words) -> Element:
    """Return the latest transactions of the period."""
    if "Recent transactions" in shown.failed:
        return failed_card("Recent transactions", shown.failed["Recent transactions"])
    everything = link(
        [f"All {words.number(shown.count)} ", icon("chevron-right")], query("/transactions", shown.selection, currency=currency_code(shown))
    )
    body: Child = (
        recent_list(shown.recent, shown.accounts, shown.names, words)
        if len(shown.recent)
        else html.P("No transactions in this period.", className="muted")
    )
    return card(f"{subject(shown)} transactions" if shown.narrowed else "Recent transactions", body, aside=[everything])


def changes(shown: Overview, words: Words) -> Element:
    """Return what differs most from what is usual, as bars to either side of nothing."""
    title = "Biggest changes"
    if title in shown.failed:
        return failed_card(title, shown.failed[title])
    versus = {
        "month": f"{_days(shown, words)}against the usual same days" if _partial(shown) else "against a usual month",
        "year": "against the year before",
    }.get(shown.period.kind, "against the days before")
    if not shown.changes:
        begun = shown.period.start <= shown.today
        text = "Nothing differs much from what is usual." if shown.compares else "There is too little before it to compare with."
        text = text if begun else "It has not begun yet."
        return card(title, html.P(text, className="muted"), caption=versus)
    largest = max(abs(c.difference) for c in shown.changes)
    word = "usual" if shown.period.kind == "month" else "before"
    rows = []
    for change in shown.changes:
        category, more = shown.names[change.category_id], change.difference > 0
        width = f"{abs(change.difference) / largest * 50:.1f}%"
        size = words.whole(change.difference, shown.currency, plus=True)
        usual = words.whole(change.usual, shown.currency)
        rows.append(
            html.A(
                [
                    tile(category.icon, category.slot),
                    html.Span(category.name, className="name"),
                    html.Span(
                        html.Span(className="more" if more else "less", style={"width": width}),
                        className="diverging",
                        **{"aria-hidden": "true"},
                    ),
                    html.Span(size, className="amount"),
                    html.Span(f"{word} {usual}", className="caption"),
                ],
                href=filtered_by(shown, categories=(change.category_id,)),
                className="change-row",
                **{"aria-label": f"{category.name}: {size}, {word} {usual}"},
            )
        )
    return card(title, html.Div(rows), caption=versus)


def _partial(shown: Overview) -> bool:
    """Say whether only some days of the period are compared."""
    return shown.comparison.begins and shown.comparison.partial


def _days(shown: Overview, words: Words) -> str:
    """Return which days are compared, where these do not go up to today."""
    passed = shown.comparison.passed
    return f"{periods.span_text(passed, words.locale)} " if passed.end < min(shown.today, shown.period.end) else ""


def payees(shown: Overview, words: Words) -> Element:
    """Return where most was spent."""
    title = "Top payees"
    if title in shown.failed:
        return failed_card(title, shown.failed[title])
    if shown.payees.empty:
        return card(title, html.P("Nothing was spent in this period.", className="muted"))
    found = rows_of(shown.payees)
    largest = max(row.amount for row in found)
    rows = []
    for row in found:
        category = shown.names.get(row.category_id)
        image = tile(category.icon, category.slot) if category else html.Span(icon("question-circle"), className="tile")
        amount = words.whole(row.amount, shown.currency)
        pressed = shown.selection.payee == row.payee
        rows.append(
            html.A(
                [
                    image,
                    html.Span(row.payee, className="name"),
                    html.Span(amount, className="amount"),
                    html.Span(f"{row.count} \u00d7", className="caption"),
                    html.Span(
                        html.Span(style={"width": f"{row.amount / largest * 100:.1f}%"}), className="thin-bar", **{"aria-hidden": "true"}
                    ),
                ],
                href=filtered_by(shown, payee=row.payee),
                className="payee-row" + (" on" if pressed else ""),
                role="button",
                **{"aria-pressed": "true" if pressed else "false", "aria-label": f"{row.payee}: {amount}, {row.count} times"},
            )
        )
    more = link(
        ["All ", icon("chevron-right")], query("/transactions", shown.selection, kind="spending", sort="out", currency=currency_code(shown))
    )
    return card(title, html.Div(rows), aside=[more])
