"""Budgets: the month's matrix, group by group, with six months behind, what is spent, left and carried over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dashboard import money, periods
from dashboard.view import tags as html
from dashboard.view.charts import currency_code, currency_switch, gauge, meter
from dashboard.view.parts import Child, Words, act, budget_state, data_table, head, icon, kept, link, notice, once, period_bar, query, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.budgets import Cell, Group, Plan
    from dashboard.services.categories import Category
    from dashboard.services.overview import Overview

PATH = "/budgets"
HEADS = ("Category", "Last 6 months", "Budget", "Spent", "Used, with today\u2019s pace", "Left", "", "Carry over")


def page(plan: Plan, theme: str) -> Element:
    """Return the budgets of a month."""
    shown = plan.shown
    words = Words(shown.locale, shown.today)
    month, before = shown.period.month, periods.add_months(shown.period.month, -1)
    extra = f"{month} {shown.currency}"
    bar = head(
        html.H1("Budgets"),
        period_bar(PATH, shown.selection, words, kinds=False, ahead=12),
        html.Span(className="spacer"),
        currency_switch(PATH, shown),
        once(act([icon("copy"), f"Copy {periods.month_name(before, words.locale)}"], "copy-budgets", extra=extra)),
        once(act([icon("magic"), "Suggest"], "suggest-budgets", extra=extra)),
        link([icon("tags"), html.Span("Categories", className="visually-hidden")], "/categories", "btn-line btn-icon", title="Categories"),
    )
    notes = [notice(text, "watch") for text in shown.selection.notes]
    if "Budgets" in shown.failed:
        notes.append(notice(f"Budgets could not be loaded. {shown.failed['Budgets']}", "error"))
    headings = [html.Span(text, className="right" if text in ("Budget", "Spent", "Left") else "") for text in HEADS]
    rows: list[Child] = [html.Div(headings, className="grid-row budget-grid headings")]
    rows += [_group(group, plan, words) for group in plan.groups]
    table = html.Div(rows, className="table-box budgets", **{"data-extra": extra})
    return html.Div(kept([bar, *notes, _hero(plan, words, theme), table]))


def _hero(plan: Plan, words: Words, theme: str) -> Element:
    shown = plan.shown
    currency = shown.currency
    kept_back, free, whole = plan.kept_back, plan.free, plan.whole
    stack = [
        html.Div(style={"width": f"{min(100, value / whole * 100):.1f}%", "background": f"var({token})"})
        for value, token in ((shown.budget_spent, "--ink"), (kept_back, "--line-2"), (free, "--inc"))
        if value > 0
    ]
    legend = [
        html.Span([html.Span(className="swatch", style={"--c": f"var({token})"}), f" {name} ", html.B(words.whole(value, currency))])
        for name, value, token in (
            ("Spent in budgets", shown.budget_spent, "--ink"),
            ("Still in budgets", kept_back, "--line-2"),
            ("Left to budget", free, "--inc"),
            ("Spent outside budgets", shown.outside_budgets, "--exp"),
        )
    ]
    figure: Child = (
        gauge(shown, words, theme) if shown.budgets else html.Div("Set a first budget below, or let us suggest some", className="ghost")
    )
    return html.Div(
        [
            figure,
            html.Div(_left(plan, words)),
            html.Div(
                [html.Div(stack, className="stack"), html.Div(legend, className="stack-legend"), _table(plan, words)],
                className="stack-part",
            ),
        ],
        className="card-box hero",
    )


def _left(plan: Plan, words: Words) -> list[Child]:
    """Return what is left to budget, of what; what has not come yet is expected, and no reason to shout."""
    currency, left = plan.shown.currency, plan.left
    carried = plan.shown.budget_carried
    sums = f"{words.money(plan.income, currency)}", f"{words.money(plan.budgeted, currency)}"
    if not plan.expected:
        title = "Left to budget" if left >= 0 else "Over-assigned by"
        of = f"of {sums[0]} income this month"
    elif plan.income:
        title = "Left to budget" if left >= 0 else "Budgeted beyond expected income"
        of = f"of {sums[0]} expected income, {sums[1]} budgeted"
    else:
        title, of, left = "Budgeted", "no income is known to expect", plan.budgeted
    red = {"color": "var(--over)"} if left < 0 and not plan.expected else {}
    return kept(
        [
            html.Div(title, className="caption"),
            html.Div(words.money(abs(left), currency), className="large", style=red),
            html.Div(of, className="caption"),
            html.Div(_carried_words(plan.shown, words), className="caption") if carried else None,
        ]
    )


def _carried_words(shown: Overview, words: Words) -> str:
    """Return what becomes of what earlier months left: so far, where one of them is not over."""
    carried, so_far = shown.budget_carried, " so far" if shown.period.month > shown.open_month else ""
    size = words.money(abs(carried), shown.currency)
    if carried > 0:
        return f"{size} carried over{so_far} is in budgets besides"
    return f"{size} overspent before{so_far} is taken from budgets"


def _table(plan: Plan, words: Words) -> Element:
    """Return what the gauge and the small bars show: six months of spending, then this month, the whole first."""
    shown, currency = plan.shown, plan.shown.currency
    behind, lines = plan.behind, {line.category_id: line for line in shown.budgets}
    rows: list[list[str]] = [
        [
            "All",
            *(
                words.money(v, currency)
                for v in (*behind.values(), plan.budgeted, shown.budget_carried, shown.budget_spent, shown.budget_left)
            ),
        ]
    ]
    for i, cell in plan.spending.items():
        now = (
            [words.money(v, currency) for v in (lines[i].budget, lines[i].carried, lines[i].spent, lines[i].left)]
            if i in lines
            else ["\u2013"] * 4
        )
        rows.append([shown.names[i].name, *(words.money(spent, currency) for _, spent, _ in cell.behind), *now])
    heads = ["Category", *(periods.month_short(m, words.locale) for m in behind), "Budget", "Carried over", "Spent", "Left"]
    return data_table(heads, rows, "Budgets and the last 6 months")


def _group(group: Group, plan: Plan, words: Words) -> Element:
    """Return a group that folds away, with its sums in its head."""
    currency, left, carried = plan.shown.currency, group.left, group.carried
    name = html.Span(
        [icon("chevron-down"), f" {group.name} ", html.Span(str(len(group.members)), className="muted")], className="name-cell"
    )
    over = {"color": "var(--over)"} if left < 0 else {}
    return html.Details(
        [
            html.Summary(
                [
                    name,
                    html.Span(className="budget-cell"),
                    html.Span(words.whole(group.budgeted, currency), className="right budget-cell"),
                    html.Span(words.whole(group.used, currency), className="right budget-cell"),
                    html.Span(className="budget-cell"),
                    html.Span(words.whole(left, currency) if group.lines else "", className="right left-cell", style=over),
                    html.Span(className="budget-cell"),
                    html.Span(words.whole(carried, currency, plus=True) if carried else "", className="budget-cell"),
                ],
                className="grid-row budget-grid group-row",
            ),
            *(_row(c, group, plan, words) for c in group.members),
        ],
        className="budget-group",
        open=True,
    )


def _row(category: Category, group: Group, plan: Plan, words: Words) -> Element:
    """Return a category's row: what it cost before, the field of its budget, and what became of that."""
    shown, cell, line = plan.shown, plan.cells[category.id], group.lines.get(category.id)
    currency, extra = shown.currency, f"{shown.period.month} {shown.currency}"
    spent = words.whole(group.spent[category.id], currency)
    left = (
        html.Span(words.whole(line.left, currency), className="right left-cell", style={"color": "var(--over)"} if line.left < 0 else {})
        if line
        else html.Span("\u2013", className="right left-cell muted wide-only")
    )
    state: Child = budget_state(line.status, words.whole(line.expected, currency)) if line else None
    href = query("/transactions", shown.selection, categories=(category.id,), currency=currency_code(shown), payee="", accounts=())
    return html.Div(
        [
            html.Label(
                [tile(category.icon, category.slot), html.Span(category.name, className="ellipsis")],
                className="with-tile name-cell",
                htmlFor=f"budget-{category.id}",
            ),
            _behind(cell, category.name, currency, words),
            _budget_field(category, cell, extra, shown, words),
            html.A(
                spent,
                href=href,
                className="right spent-cell",
                **{"aria-label": f"{category.name}: {spent} spent. Opens the transactions."},
            ),
            html.Div(meter(line, shown.passed) if line else None, className="meter-cell"),
            left,
            html.Span(state, className="state-cell"),
            _carry(category, cell, extra, currency, words) if cell.budget else html.Span(className="carry-cell"),
        ],
        className="grid-row budget-grid",
    )


def _budget_field(category: Category, cell: Cell, extra: str, shown: Overview, words: Words) -> Element:
    """Return the field that sets a category's budget, with what it may be set to."""
    box = html.Input(
        value=_typed(cell.budget, shown.currency, words) if cell.budget else "",
        name=f"budget-{category.id}",
        id=f"budget-{category.id}",
        # What is refused in one month is not carried to another.
        key=extra,
        inputMode="text",
        autoComplete="off",
        placeholder="\u2013",
        className="form-control",
    )
    return html.Div(
        box,
        className="input-cell",
        **{
            "data-change": "set-budget",
            "data-value": str(category.id),
            "data-extra": f"{extra} was={cell.budget or 0}",
            "data-suggest": json.dumps(_suggestions(cell, shown, words), ensure_ascii=False),
        },
    )


def _typed(minor: int, currency: str, words: Words) -> str:
    """Write a budget as it is typed, without decimals that are nothing."""
    point = money.decimal_point(words.locale)
    return money.plain(minor, currency).replace(".", point).removesuffix(point + "0" * money.decimals(currency))


def _suggestions(cell: Cell, shown: Overview, words: Words) -> list[list[str]]:
    """Return what a cell may be set to: [what it is, the amount in words, the amount as typed, "" or "later"]."""
    currency, locale = shown.currency, words.locale
    month, spent, budget = cell.behind[-1]
    name = periods.month_name(month, locale)
    so_far = " so far" if month >= shown.open_month else ""
    offers = [(f"{name} budget", budget)]
    if cell.habit:
        # What happened once is no reason to expect it again.
        offers.insert(0, (f"{name} spent{so_far}", spent))
    if cell.average is not None:
        costs = ", ".join(words.whole(cost, currency) for cost in cell.costs)
        offers.insert(0, (f"Average of {words.counted(len(cell.costs), 'month')}: {costs}", cell.average))
    found = [[what, words.whole(value, currency), _typed(max(0, value), currency, words), ""] for what, value in offers if value]
    if cell.later and cell.budget is not None:
        found.append(["Apply to all later months", "", _typed(cell.budget, currency, words), "later"])
    return found


def _behind(cell: Cell, name: str, currency: str, words: Words) -> Element:
    """Return six months as small bars under the budget's dashed line; those over it in its colour."""
    top = max([1, *(max(spent, budget or 0) for _, spent, budget in cell.behind), cell.budget or 0])
    bars: list[Child] = []
    said = []
    for month, spent, budget in cell.behind:
        over = budget is not None and spent > budget
        bars.append(html.Span(className="over" if over else "", style={"height": f"{max(2, spent / top * 100):.0f}%"}))
        said.append(f"{periods.month_short(month, words.locale)} {words.whole(spent, currency)}")
    if cell.budget:
        bars.append(html.I(style={"bottom": f"{cell.budget / top * 100:.0f}%"}))
    return html.Div(bars, className="mini", role="img", title=", ".join(said), **{"aria-label": f"{name}, spent: {', '.join(said)}"})


def _carry(category: Category, cell: Cell, extra: str, currency: str, words: Words) -> Element:
    carried = words.whole(cell.carried, currency, plus=True) if cell.carry else "Off"
    switch = html.Button(
        [html.Span(className="switch"), html.Span(carried, style={"color": "var(--over)"} if cell.carried < 0 and cell.carry else {})],
        type="button",
        className="switch-box",
        role="switch",
        **{
            "aria-checked": "true" if cell.carry else "false",
            "aria-label": f"{category.name} carries over what is left: {carried}",
            "data-act": "carry-budget",
            "data-value": str(category.id),
            "data-extra": f"{extra} {'off' if cell.carry else 'on'}",
        },
    )
    return html.Span(switch, className="carry-cell")
