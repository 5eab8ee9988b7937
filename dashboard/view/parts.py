"""The small parts that pages are made of, and how a person's numbers and dates are written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from dashboard import money, periods
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.view import tags as html
from dashboard.view.tags import Element

Child: TypeAlias = Element | str | None


# Letters of an amount without decimals: −€118,500 has nine.
LONG = 10


@dataclass(frozen=True)
class Words:
    """How one person reads numbers and dates."""

    locale: str
    today: date
    zone: str = "UTC"

    def money(self, minor: int, currency: str, *, plus: bool = False) -> str:
        """Format with decimals: −€118.50."""
        return money.money(minor, currency, self.locale, plus=plus)

    def whole(self, minor: int, currency: str, *, plus: bool = False) -> str:
        """Format in whole units: €438."""
        return money.money_whole(minor, currency, self.locale, plus=plus)

    def size(self, size: int) -> str:
        """Format the size of a file: 340 KB, 2.4 MB."""
        return money.size(size, self.locale)

    def percent(self, value: float | None, places: int = 0) -> str:
        """Format a share: 38 %."""
        return money.percent(value, self.locale, places)

    def number(self, value: int) -> str:
        """Format a count: 1,204."""
        return money.number(value, self.locale)

    def counted(self, value: int, noun: str) -> str:
        """Format a count with its noun: 1,204 transactions."""
        return f"{self.number(value)} {noun}{'' if value == 1 else 's'}"

    def day(self, day: date) -> str:
        """Format a date: 18 Nov 2026."""
        return periods.day_text(day, self.locale)

    def moment(self, at: datetime) -> str:
        """Format a moment where the book's people live: 18 Nov 2026, 12:04."""
        return periods.moment_text(at, self.zone, self.locale)

    def typed_day(self, day: date) -> str:
        """Format a date as it is typed: 18/11/2026."""
        return periods.day_numeric(day, self.locale)

    def near(self, day: date) -> str:
        """Format a recent date: Today."""
        return periods.day_near(day, self.today, self.locale)


def icon(name: str) -> Element:
    """Return an icon; it says nothing a screen reader should read."""
    return html.I(className=f"bi bi-{name}", **{"aria-hidden": "true"})


def slot_style(slot: int) -> dict[str, str]:
    """Return the style that gives a part its category's colour in either theme."""
    return {"--c": f"var(--slot-{slot})"}


def tile(name: str, slot: int) -> Element:
    """Return an icon on a tint of its category's colour."""
    return html.Span(icon(name), className="tile", style=slot_style(slot) if slot else {"--c": "var(--ink-3)"})


def link(text: Any, href: str, class_name: str = "link", **more: Any) -> Element:
    """Return a link within the product; assets/js/app.js opens it without loading the page anew."""
    return html.A(text, href=href, className=class_name, **more)


def act(text: Any, name: str, value: object = "", *, class_name: str = "btn-line", extra: str = "", label: str | None = None) -> Element:
    """Return a button that sends one action."""
    more: dict[str, str] = {"data-act": name, "data-value": str(value)}
    if extra:
        more["data-extra"] = extra
    if label:
        more["aria-label"] = label
    return html.Button(text, type="button", className=class_name, **more)


def once(button: Element) -> Element:
    """Keep a double click on a button from sending its action twice."""
    return button | {"props": button["props"] | {"data-once": "1"}}


def meanwhile(text: str, busy: str) -> list[Child]:
    """Return what a button says, and what it says while it is at work."""
    return [html.Span(text, className="idle"), html.Span(busy, className="doing")]


def add_button() -> Element:
    """Return the button that adds a transaction; on a phone the bar at the bottom has it."""
    text = [icon("plus-lg"), "Add", html.Span("N", className="key")]
    return act(text, "open-transaction", "new", class_name="btn-ink wide-only", label="Add a transaction")


def card(title: str, *children: Child, aside: Sequence[Child] = (), class_name: str = "", caption: str = "") -> Element:
    """Return a card with its heading."""
    head = [html.H2(title), html.Span(caption, className="caption") if caption else None, html.Span(className="spacer"), *aside]
    return html.Section([html.Div(kept(head), className="card-head"), *kept(children)], className=f"card-box {class_name}".strip())


def failed_card(title: str, message: str) -> Element:
    """Return what stands in place of a card that could not be read; the others stand."""
    again = html.A("Try again", href="", className="btn-line btn-small", **{"data-plain": "1"})
    return card(title, html.Div([notice(f"{title} could not be loaded. {message}", "error"), again], className="failed"))


def popover(label: str, text: str, rows: Sequence[Child], *, on: bool = False, class_name: str = "") -> Element:
    """Return a chip that opens a list; it says what is chosen of it."""
    said = f"{label}: {text}" if on else label
    return html.Details(
        [
            html.Summary(
                [html.Span(text, className="ellipsis"), icon("chevron-down")],
                className=f"chip{' on' if on else ''}",
                **{"aria-label": said},
            ),
            html.Div(rows, className="popover-box scrolls"),
        ],
        className=f"menu {class_name}".strip(),
    )


def option(text: str, href: str, *, on: bool) -> Element:
    """Return a row of such a list, ticked where it is chosen."""
    return html.A([text, icon("check-lg") if on else ""], href=href, className="option", **_current(on))


def kept(children: Sequence[Child]) -> list[Child]:
    """Leave out what is None; a component without children is falsy and still meant."""
    return [child for child in children if child is not None]


def head(title: Child, *actions: Child) -> Element:
    """Return the sticky head of a page: title left, actions right."""
    heading = html.H1(title) if isinstance(title, str) else title
    return html.Header(kept([heading, *actions]), className="head")


def query(path: str, selection: Selection, **changes: object) -> str:
    """Return the address of a page under a selection with some parts changed."""
    return path + selection.changed(**changes).to_query()


def period_bar(
    path: str,
    selection: Selection,
    words: Words,
    *,
    kinds: bool = True,
    everything: bool = False,
    ahead: int = 0,
) -> Element:
    """Return ◀ Month ▾ Year ▾ ▶ and the switch between month, year and custom; all of it links.

    `kinds` offers the switch, on a page whose heading is the period; `everything` offers all of time; `ahead` is how many months
    may come after the running one.
    """
    period, today = selection.period, words.today
    limit = periods.last_day(periods.add_months(periods.month_of(today), ahead)) if ahead else today
    last = period.has(limit) or period.start > limit
    before, after = period.shifted(-1), period.shifted(1)
    this_month = Period.of_month(periods.month_of(today))
    parts: list[Child] = [
        _step("back", "Previous", before, path, selection, words),
        _month_menu(path, selection, words, everything=everything, kinds=kinds or everything) if period.kind != "year" else None,
        _year_menu(path, selection, words) if period.kind != "custom" else None,
        html.Span(icon("chevron-right"), className="step", **{"aria-disabled": "true"})
        if last
        else _step("forward", "Next", after, path, selection, words),
    ]
    if kinds:
        year = Period.of_year(min(period.end.year, today.year))
        month = period if period.kind == "month" else Period.of_month(periods.month_of(min(period.end, today)))
        custom = period if period.kind == "custom" else Period("custom", period.start, min(period.end, max(today, period.start)))
        parts += [
            link("This month", query(path, selection, period=this_month), "chip wide-only") if period != this_month else None,
            html.Div(
                [
                    link(
                        text,
                        query(path, selection, period=target),
                        f"segment{' on' if period.kind == kind else ''}",
                        # It opens the days to choose; only where there is nothing to choose from yet is it a link.
                        **({"data-open": "custom"} if kind == "custom" else {}),
                    )
                    for text, kind, target in (("Month", "month", month), ("Year", "year", year), ("Custom", "custom", custom))
                ],
                className="segments kinds",
            ),
        ]
    heading = html.H1(f"{periods.period_text(period, words.locale)}", className="visually-hidden") if kinds else None
    return html.Div(kept([heading, *parts]), className="period", role="group", **{"aria-label": "Period", "data-now": str(this_month)})


def _step(side: str, word: str, period: Period, path: str, selection: Selection, words: Words) -> Element:
    said = f"{word}: {periods.period_text(period, words.locale)}"
    image = icon("chevron-left" if side == "back" else "chevron-right")
    return link(image, query(path, selection, period=period), f"step {side}", title=said, **{"aria-label": said})


def _month_menu(path: str, selection: Selection, words: Words, *, everything: bool, kinds: bool) -> Element:
    period, today = selection.period, words.today
    now = periods.month_of(today)
    year = today.year if period == Period.all_time() else period.end.year
    text = periods.month_name(period.month, words.locale) if period.kind == "month" else periods.period_text(period, words.locale)
    presets = [
        ("This month", Period.of_month(now)),
        ("Last month", Period.of_month(periods.add_months(now, -1))),
        ("This year", Period.of_year(today.year)),
        ("Last 12 months", Period("custom", periods.first_day(periods.add_months(now, -11)), periods.last_day(now))),
        ("Last year", Period.of_year(today.year - 1)),
        *([("All time", Period.all_time())] if everything else []),
    ]
    if not kinds:
        # Of budgets there are only months.
        presets = presets[:2]
    options = [html.A(name, href=query(path, selection, period=p), className="option", **_current(p == period)) for name, p in presets]
    months = [
        html.A(
            periods.month_short(year * 100 + m, words.locale),
            href=query(path, selection, period=Period.of_month(year * 100 + m)),
            className="future" if year * 100 + m > now else "",
            **_current(period == Period.of_month(year * 100 + m)),
        )
        for m in range(1, 13)
    ]
    days = Period.of_month(now) if period == Period.all_time() else period
    start, end = days.start.isoformat(), days.end.isoformat()
    custom = html.Form(
        [
            html.Div([date_input("from", start, "From"), date_input("to", end, "To")], className="field-row"),
            html.Button("Show these days", type="submit", className="btn-line btn-small"),
        ],
        style={"padding": "8px 10px"},
        **{"data-act": "custom-period", "data-value": path + selection.to_query()},
    )
    return html.Details(
        [
            html.Summary([text, icon("chevron-down")], className="period-title", **{"aria-label": f"{text}, choose a month"}),
            html.Div(
                [html.Div([*options, custom] if kinds else options), html.Div(months, className="month-grid")], className="popover-box wide"
            ),
        ],
        className="menu",
    )


def _year_menu(path: str, selection: Selection, words: Words) -> Element:
    period = selection.period
    year = period.end.year

    def target(other: int) -> Period:
        return Period.of_year(other) if period.kind == "year" else Period.of_month(other * 100 + period.month % 100)

    options = [
        html.A(str(y), href=query(path, selection, period=target(y)), className="option", **_current(y == year))
        for y in range(max(words.today.year, year), max(words.today.year, year) - 12, -1)
    ]
    return html.Details(
        [
            html.Summary([str(year), icon("chevron-down")], className="period-title", **{"aria-label": f"{year}, choose a year"}),
            html.Div(options, className="popover-box"),
        ],
        className="menu",
    )


def _current(here: bool) -> dict[str, str]:
    return {"aria-current": "true"} if here else {}


def date_input(name: str, value: str, label: str) -> Element:
    """Return a labelled date field."""
    return field(label, name, html.Input(id=f"day-{name}", name=name, type="date", value=value))


def field(label: str, name: str, control: Element, hint: str = "") -> Element:
    """Return a labelled control; errors are put beneath it by name."""
    return html.Div(
        kept(
            [
                html.Label(label, htmlFor=control["props"].get("id", f"field-{name}")),
                control,
                html.Span(hint, className="caption") if hint else None,
            ]
        ),
        className="field",
    )


def notice(text: str, kind: str = "") -> Element:
    """Return a line of importance: "", watch or error."""
    return html.Div(
        [icon("info-circle" if not kind else "exclamation-triangle"), html.Span(text)],
        className=f"notice {kind}".strip(),
        role="alert" if kind == "error" else "status",
    )


def amount(text: str, *, came_in: bool = False, transfer: bool = False) -> Element:
    """Return an amount in a list."""
    return html.Span(text, className="amount" + (" transfer" if transfer else " in" if came_in else ""))


def long_money(words: Words, currency: str, *amounts: int) -> str:
    """Return the class of what holds amounts longer than a card has room for beside each other: rupiah, won, a large household."""
    return "long-money" if max(len(words.whole(amount, currency)) for amount in amounts) > LONG else ""


def sign_out(csrf: str, text: Child | list[Child], class_name: str) -> Element:
    """Return the button that signs out, with the token that says it was pressed here."""
    return html.Form(
        [
            html.Input(type="hidden", name="csrf_token", value=csrf),
            html.Button(text, type="submit", className=class_name),
        ],
        method="post",
        action="/sign-out",
    )


def meter(spent: int, budget: int, expected: int, status: str, pace: float | None) -> Element:
    """Return a budget's bar: solid what is spent, tint what is expected, a tick at today's pace; over budget the excess is hatched."""
    scale = max(budget, spent, 1)

    def at(value: float) -> str:
        return f"{max(0.0, min(1.0, value / scale)) * 100:.1f}%"

    parts: list[Child] = []
    if spent > budget:
        parts += [
            html.Span(style={"width": at(budget)}),
            html.Span(className="excess", style={"left": at(budget), "width": at(spent - budget)}),
        ]
    else:
        parts += [html.Span(className="expected", style={"width": at(expected)}), html.Span(style={"width": at(spent)})]
    if pace is not None:
        parts.append(html.Span(className="tick", style={"left": at(budget * pace)}))
    return html.Div(parts, className=f"meter {'pace' if status == 'paid' else status}", **{"aria-hidden": "true"})


STATUS_ICONS = {"over": "exclamation-octagon-fill", "heading": "exclamation-triangle", "pace": "check-lg", "paid": "check-lg"}


def budget_state(status: str, expected: str) -> Element:
    """Return a budget's status by icon, word and colour."""
    text = {"over": "Over budget", "heading": f"Heading for {expected}", "pace": "On pace", "paid": "Paid"}[status]
    return html.Span([icon(STATUS_ICONS[status]), text], className=f"state {'pace' if status == 'paid' else status}")


def data_table(heads: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> Element:
    """Return a chart's numbers as a table, behind a button in the same card; the browser makes it of its JSON when opened."""
    return html.Details(
        [
            html.Summary(
                icon("table"),
                className="btn-plain btn-icon btn-small",
                title=f"{label} as a table",
                **{"aria-label": f"{label} as a table"},
            ),
            html.Div(className="chart-table-slot", **{"data-table": json.dumps([heads, *rows], ensure_ascii=False)}),
        ],
        className="table-view",
    )


def sparkline(values: Sequence[float]) -> Element | None:
    """Return twelve points as a line in the card's colour; it follows the theme by itself."""
    if len(values) < 2 or not any(values):
        return None
    low, high = min(values), max(values)
    span = (high - low) or 1
    points = " ".join(f"{4 + i * 80 / (len(values) - 1):.1f},{34 - (v - low) * 30 / span:.1f}" for i, v in enumerate(values))
    line = f"%3Cpolyline points='{points}' fill='none' stroke='black' stroke-width='2' stroke-linejoin='round'/%3E"
    svg = f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 88 38'%3E{line}%3C/svg%3E"
    mask = f'url("data:image/svg+xml,{svg}") no-repeat'
    return html.Div(className="spark", style={"mask": mask, "background": "var(--c)"}, **{"aria-hidden": "true"})
