"""The four figures of the dashboard: what came in, went out and stayed; or of what the page is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard import money, periods
from dashboard.analysis.summaries import Sums
from dashboard.view import tags as html
from dashboard.view.charts import currency_code, shade_of, subject
from dashboard.view.parts import Child, Words, icon, kept, query, sparkline
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.overview import Overview


def kpis(shown: Overview, words: Words) -> Element:
    """Return four cards, each a link to the transactions behind it."""
    cards = _narrow_cards(shown, words) if shown.narrowed else _wide_cards(shown, words)
    return html.Div(cards, className="kpis")


def _versus(shown: Overview, words: Words) -> str:
    """Return what the figures are compared with, in words: 1–18 Oct, October, 2025."""
    span = (
        periods.span_text(shown.compared, words.locale) if shown.period.kind != "year" or shown.current else str(shown.compared.start.year)
    )
    named = str(shown.compared.end.year) in span or shown.compared.start.year == shown.period.start.year
    return span if named else f"{span} {shown.compared.end.year}"


def _narrow_cards(shown: Overview, words: Words) -> list[Element]:
    """Return what the page is narrowed to: spent, its share of all spending, the average month, what is left of its budget."""
    what, versus = subject(shown), _versus(shown, words)
    income = shade_of(shown) == "inc"
    shade, code = f"--{shade_of(shown)}", currency_code(shown)
    months = shown.months[shown.months["key"] <= periods.month_of(shown.today)]
    trend = months["income" if income else "spending"].tolist()
    value, before = (shown.sums.income, shown.before.income) if income else (shown.sums.spending, shown.before.spending)
    whole = shown.whole.income if income else shown.whole.spending
    whole_before = shown.whole_before.income if income else shown.whole_before.spending
    href = query("/transactions", shown.selection, currency=code)
    label = (
        f"Received: {what}"
        if income
        else f"Spent at {what}"
        if shown.selection.payee and not shown.selection.categories
        else f"Spent on {what}"
    )
    cards = [_kpi(label, value, before, shade, trend, href, versus, shown, words, more_is_good=income)]
    share = value / whole if whole > 0 else None
    earlier = before / whole_before if whole_before > 0 else None
    cards.append(_share(share, earlier, "income" if income else "spending", shade, href, versus, words, more_is_good=income))
    first, now = shown.first or 0, periods.month_of(shown.today)
    finished = [v for m, v in zip(months["key"].tolist(), trend, strict=True) if first <= m < now]
    average = round(sum(finished) / len(finished)) if finished else None
    cards.append(_average(average, value, shade, trend, href, shown, words))
    cards.append(_left(shown, words, href))
    return cards


def _share(
    share: float | None, earlier: float | None, of: str, token: str, href: str, versus: str, words: Words, *, more_is_good: bool
) -> Element:
    if share is None or earlier is None:
        return _card(f"Share of {of}", [words.percent(share, 1)], [f"no {of} to compare"], "", [], token, href)
    points = round((share - earlier) * 100, 1)
    delta = _arrow(points >= 0, _points(points, words), f"{'more' if points >= 0 else 'less'} than {versus}")
    kind = "" if not points else "good" if (points > 0) == more_is_good else "bad"
    return _card(f"Share of {of}", [words.percent(share, 1)], delta, kind, [], token, href)


def _points(points: float, words: Words) -> str:
    return words.percent(abs(points) / 100, 1).rstrip("%\u00a0") + "\u00a0pts"


def _average(average: int | None, value: int, token: str, trend: list[int], href: str, shown: Overview, words: Words) -> Element:
    if average is None:
        return _card("Average a month", ["\u2013"], ["no finished month yet"], "", [], token, href)
    amount = _amount(average, shown, words)
    if shown.period.kind != "month":
        return _card("Average a month", amount, ["over the last finished months"], "", trend, token, href)
    difference = value - average
    size = words.whole(abs(difference), shown.currency)
    when = "this month so far" if shown.current else "in this month"
    delta = _arrow(difference >= 0, size, f"{'more' if difference >= 0 else 'less'} {when}")
    return _card("Average a month", amount, delta, "", trend, token, href)


def _left(shown: Overview, words: Words, href: str) -> Element:
    """Return what is left of the budget; of one payee how often it was paid, since its budget is shared with others."""
    if shown.selection.payee:
        return _card("Transactions", [words.number(shown.count)], ["in this period"], "", [], "--ink", href)
    if not shown.budgets:
        link_to = query("/budgets", shown.selection, categories=())
        said = "could not be read" if "Budgets" in shown.failed else "no budget set"
        return _card("Left in budget", ["\u2013"], [said], "", [], "--ink", link_to)
    left = shown.budget - shown.budget_spent
    amount = _amount(left, shown, words)
    of = words.whole(shown.budget, shown.currency)
    to_go = f", {(shown.period.end - shown.today).days} days to go" if shown.current else ""
    delta: list[Child] = [icon("exclamation-octagon-fill"), f" over {of}{to_go}"] if left < 0 else [f"of {of}{to_go}"]
    return _card("Left in budget", amount, delta, "bad" if left < 0 else "", [], "--over" if left < 0 else "--ink", href, over=left < 0)


def _card(
    label: str,
    value: list[Child],
    delta: list[Child],
    kind: str,
    trend: Sequence[float],
    token: str,
    href: str,
    *,
    over: bool = False,
    said: str = "",
) -> Element:
    """Return one card; `said` is what it is called where that is more than what it shows."""
    return html.A(
        kept(
            [
                html.Div([html.Span(className="swatch"), html.Span(label, className="ellipsis")], className="kpi-label"),
                html.Div(value, className="kpi-value" + (" over" if over else "")),
                html.Div(delta, className=f"delta {kind}".strip()),
                sparkline(trend),
            ]
        ),
        href=href,
        className="card-box kpi",
        style={"--c": f"var({token})"},
        **({"aria-label": f"{said} Opens the transactions."} if said else {}),
    )


def _amount(minor: int, shown: Overview, words: Words) -> list[Child]:
    """Return an amount whose decimals are written smaller."""
    whole, cents = money.money_parts(minor, shown.currency, words.locale)
    return [whole, html.Span(cents + money.money_suffix(shown.currency, words.locale), className="cents")]


def _arrow(up: bool, size: str, than: str) -> list[Child]:
    """Return how much a figure differs: an arrow, the size, than what."""
    return [icon("arrow-up" if up else "arrow-down"), " ", html.B(size), f" {than}"]


def _wide_cards(shown: Overview, words: Words) -> list[Element]:
    # Months to come have not been nothing: they are not there yet.
    months = shown.months[shown.months["key"] <= periods.month_of(shown.today)]
    now, before = shown.sums, shown.before
    rates = [n / i if i > 0 else 0.0 for n, i in zip(months["net"].tolist(), months["income"].tolist(), strict=True)]
    versus = _versus(shown, words)

    def address(kind: str) -> str:
        return query("/transactions", shown.selection, kind=kind, currency=currency_code(shown))

    return [
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
        _rate(now, before if shown.comparable else Sums(0, 0), rates, address(""), versus, words),
    ]


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
    change = value - before
    size = words.whole(abs(change), shown.currency)
    kind, said = "", "nothing before it to compare"
    delta: list[Child] = [said]
    if shown.comparable and not change:
        said = f"the same as {versus}"
        delta = [said]
    elif shown.comparable:
        than = f"{'more' if change > 0 else 'less'} than {versus}"
        delta, said = _arrow(change > 0, size, than), f"{size} {than}"
        kind = "good" if (change > 0) == more_is_good else "bad"
    said = f"{label} {words.money(value, shown.currency)}, {said}."
    return _card(label, _amount(value, shown, words), delta, kind, trend, token, href, said=said)


def _rate(now: Sums, before: Sums, trend: list[float], href: str, versus: str, words: Words) -> Element:
    rate, earlier = now.savings_rate, before.savings_rate
    text = words.percent(rate, 1)
    delta: list[Child] = ["no income to compare"]
    kind, said = "", ""
    if rate is not None and earlier is not None:
        points = round((rate - earlier) * 100, 1)
        than = f"{'above' if points >= 0 else 'below'} {versus}"
        delta, said = _arrow(points >= 0, _points(points, words), than), f"{_points(points, words)} {than}"
        kind = "good" if points >= 0 else "bad"
    return _card("Savings rate", [text], delta, kind, trend, "--ink", href, said=f"Savings rate {text}. {said}")
