"""The four figures of the dashboard: what came in, went out and stayed; or of what the page is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from dashboard import money, periods
from dashboard.view import tags as html
from dashboard.view.charts import currency_code, shade_of, subject, whole_budget
from dashboard.view.parts import Child, Words, icon, kept, query, sparkline
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.analysis.summaries import Sides
    from dashboard.services.overview import Overview


def kpis(shown: Overview, words: Words) -> Element:
    """Return four cards, each a link to the transactions behind it."""
    cards = _narrow_cards(shown, words) if shown.narrowed else _wide_cards(shown, words)
    return html.Div([_drawn(card) for card in cards], className="kpis")


def _versus(shown: Overview, words: Words) -> str:
    """Return what the figures are compared with, in words: 1–18 Oct, October, 2025."""
    span = (
        periods.span_text(shown.compared, words.locale)
        if shown.period.kind != "year" or shown.compared.kind != "year"
        else str(shown.compared.start.year)
    )
    named = str(shown.compared.end.year) in span or shown.compared.start.year == shown.period.start.year
    return span if named else f"{span} {shown.compared.end.year}"


def _since(shown: Overview, words: Words) -> str:
    """Return which days of the period are compared, where these are not what the figures are of: 1–12 Nov."""
    passed = shown.comparison.passed
    unseen = passed.end < min(shown.today, shown.period.end)
    if not shown.comparable or not (unseen or shown.so_far != shown.sums):
        return ""
    return periods.span_text(passed, words.locale) + ": "


def _lacking(shown: Overview, words: Words) -> str:
    """Return why nothing is compared."""
    if shown.period.start > shown.today:
        return "not begun yet"
    if not shown.comparison.begins:
        return f"statements reach {periods.day_short(shown.comparison.known, words.locale)}"
    return "nothing before it to compare"


def to_go(shown: Overview, words: Words) -> str:
    """Return how much of a running period is left: 12 days to go; on its last day, that it is."""
    days = (shown.period.end - shown.today).days
    return f"{words.counted(days, 'day')} to go" if days else "today to go"


class _Card(NamedTuple):
    """One card: a figure, what it differs from (`kind`: good, bad or neither), its months as a line, and where it leads.

    `colour` is a token of the stylesheet; `said` is what it is called where that is more than what it shows.
    """

    label: str
    value: list[Child]
    delta: list[Child]
    href: str
    kind: str = ""
    trend: Sequence[float] = ()
    colour: str = "--ink"
    over: bool = False
    said: str = ""


def _drawn(card: _Card) -> Element:
    return html.A(
        kept(
            [
                html.Div([html.Span(className="swatch"), html.Span(card.label, className="ellipsis")], className="kpi-label"),
                html.Div(card.value, className="kpi-value" + (" over" if card.over else "")),
                html.Div(card.delta, className=f"delta {card.kind}".strip()),
                sparkline(card.trend),
            ]
        ),
        href=card.href,
        className="card-box kpi",
        style={"--c": f"var({card.colour})"},
        **({"aria-label": f"{card.said} Opens the transactions."} if card.said else {}),
    )


def _narrow_cards(shown: Overview, words: Words) -> list[_Card]:
    """Return what the page is narrowed to: spent, its share of all spending, the average month, what is left of its budget."""
    what, income = subject(shown), shown.of_income
    colour, href = f"--{shade_of(shown)}", query("/transactions", shown.selection, currency=currency_code(shown))
    trend = [row.income if income else row.spending for row in shown.begun]
    label = (
        f"Received: {what}"
        if income
        else f"Spent at {what}"
        if shown.selection.payee and not shown.selection.categories
        else f"Spent on {what}"
    )
    compared = _compared(shown.narrowed_to, shown, words, more_is_good=income)
    return [
        _kpi(_Card(label, [], [], href, trend=trend, colour=colour), shown.narrowed_to.now, compared, shown, words),
        _share(colour, href, shown, words),
        _average(_Card("Average a month", [], [], href, trend=trend, colour=colour), shown, words),
        _left(shown, words, href),
    ]


def _share(colour: str, href: str, shown: Overview, words: Words) -> _Card:
    """Return a share of all there is; what is known of it so far is compared with what it was."""
    of, shares = "income" if shown.of_income else "spending", shown.shares
    card = _Card(f"Share of {of}", [words.percent(shares.now, 1)], [], href, colour=colour)
    points = shares.points
    if points is None or not shown.comparable:
        return card._replace(delta=[f"no {of} to compare" if shown.comparable else _lacking(shown, words)])
    than = f"{'more' if points >= 0 else 'less'} than {_versus(shown, words)}"
    kind = "" if not points else "good" if (points > 0) == shown.of_income else "bad"
    return card._replace(delta=_arrow(points >= 0, _points(points, words), than, _since(shown, words)), kind=kind)


def _points(points: float, words: Words) -> str:
    size = words.percent(abs(points) / 100, 1).rstrip("%\u00a0") if abs(points) < 999 else words.number(round(abs(points)))
    return f"{size}\u00a0pts"


def _average(card: _Card, shown: Overview, words: Words) -> _Card:
    """Return the average month, and beside it a month that is over."""
    average, above = shown.average, shown.above_average
    if average is None or above is None:
        return card._replace(value=["\u2013"], delta=["no finished month yet"], trend=())
    card = card._replace(value=_amount(average, shown, words))
    if shown.period.kind != "month":
        return card._replace(delta=["over the last finished months"])
    if shown.period.month >= shown.open_month:
        # A month that is not over is no measure beside whole ones.
        return card._replace(delta=["of the months that are over"])
    size = words.whole(abs(above), shown.currency)
    return card._replace(delta=_arrow(above >= 0, size, f"{'more' if above >= 0 else 'less'} in this month"))


def _left(shown: Overview, words: Words, href: str) -> _Card:
    """Return what is left of the budget; of one payee how often it was paid, since its budget is shared with others."""
    if shown.selection.payee:
        return _Card("Transactions", [words.number(shown.count)], ["in this period"], href)
    if not shown.budgets:
        link_to = query("/budgets", shown.selection, categories=())
        said = "could not be read" if "Budgets" in shown.failed else "no budget set"
        return _Card("Left in budget", ["\u2013"], [said], link_to)
    left = shown.budget_left
    amount = _amount(left, shown, words)
    of = whole_budget(shown, words)
    rest = f", {to_go(shown, words)}" if shown.current else ""
    if left < 0:
        delta: list[Child] = [icon("exclamation-octagon-fill"), f" over {of}{rest}"]
        return _Card("Left in budget", amount, delta, href, "bad", colour="--over", over=True)
    return _Card("Left in budget", amount, [f"of {of}{rest}"], href)


def _amount(minor: int, shown: Overview, words: Words) -> list[Child]:
    """Return an amount whose decimals are written smaller."""
    whole, cents = money.money_parts(minor, shown.currency, words.locale)
    return [whole, html.Span(cents + money.money_suffix(shown.currency, words.locale), className="cents")]


def _arrow(up: bool, size: str, than: str, since: str = "") -> list[Child]:
    """Return how much a figure differs: an arrow, of which days, the size, than what."""
    return [icon("arrow-up" if up else "arrow-down"), f" {since}", html.B(size), f" {than}"]


def _wide_cards(shown: Overview, words: Words) -> list[_Card]:
    begun = shown.begun

    def figure(label: str, name: str, colour: str, kind: str, *, more_is_good: bool) -> _Card:
        sides: Sides = getattr(shown, name)
        href = query("/transactions", shown.selection, kind=kind, currency=currency_code(shown))
        compared = _compared(sides, shown, words, more_is_good=more_is_good)
        return _kpi(
            _Card(label, [], [], href, trend=[getattr(row, name) for row in begun], colour=colour), sides.now, compared, shown, words
        )

    return [
        figure("Income", "income", "--inc", "income", more_is_good=True),
        figure("Spending", "spending", "--exp", "spending", more_is_good=False),
        figure("Net", "net", "--ink", "", more_is_good=True),
        _rate(query("/transactions", shown.selection, kind="", currency=currency_code(shown)), shown, words),
    ]


class _Compared(NamedTuple):
    """What a figure differs by: drawn, in words, and whether that is good or bad."""

    delta: list[Child]
    said: str
    kind: str = ""


def _compared(sides: Sides, shown: Overview, words: Words, *, more_is_good: bool) -> _Compared:
    if not shown.comparable:
        said = _lacking(shown, words)
        return _Compared([said], said)
    change, since, versus = sides.change, _since(shown, words), _versus(shown, words)
    if not change:
        said = f"{since}the same as {versus}"
        return _Compared([said], said)
    size, than = words.whole(abs(change), shown.currency), f"{'more' if change > 0 else 'less'} than {versus}"
    kind = "good" if (change > 0) == more_is_good else "bad"
    return _Compared(_arrow(change > 0, size, than, since), f"{since}{size} {than}", kind)


def _kpi(card: _Card, value: int, compared: _Compared, shown: Overview, words: Words) -> _Card:
    """Return a card with the period's figure in minor units, and what it is compared with."""
    said = f"{card.label} {words.money(value, shown.currency)}, {compared.said}."
    return card._replace(value=_amount(value, shown, words), delta=compared.delta, kind=compared.kind, said=said)


def _rate(href: str, shown: Overview, words: Words) -> _Card:
    rates = shown.savings_rates
    text, points = words.percent(rates.now, 1), rates.points
    if shown.comparable and points is not None:
        size, since = _points(points, words), _since(shown, words)
        than = f"{'above' if points >= 0 else 'below'} {_versus(shown, words)}"
        compared = _Compared(_arrow(points >= 0, size, than, since), f"{since}{size} {than}", "good" if points >= 0 else "bad")
    else:
        said = "no income to compare" if shown.comparable else _lacking(shown, words)
        compared = _Compared([said], said)
    said = f"Savings rate {text}, {compared.said}."
    return _Card("Savings rate", [text], compared.delta, href, compared.kind, shown.monthly_rates, said=said)
