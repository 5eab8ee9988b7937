"""The four figures of the dashboard: what came in, went out and stayed; or of what the page is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard import money, periods
from dashboard.view import tags as html
from dashboard.view.charts import currency_code, shade_of, subject, whole_budget
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


def share_of(part: int, whole: int) -> float | None:
    """Return a part as a share, None where it is no part of the whole."""
    return part / whole if 0 <= part <= whole and whole else None


def _narrow_cards(shown: Overview, words: Words) -> list[Element]:
    """Return what the page is narrowed to: spent, its share of all spending, the average month, what is left of its budget."""
    what, versus = subject(shown), _versus(shown, words)
    income = shade_of(shown) == "inc"
    shade, code = f"--{shade_of(shown)}", currency_code(shown)
    months = shown.months[shown.months["key"] <= periods.month_of(shown.today)]
    trend = months["income" if income else "spending"].tolist()
    side = "income" if income else "spending"
    value, so_far, before = (getattr(sums, side) for sums in (shown.sums, shown.so_far, shown.before))
    wholes = (shown.whole.income, shown.whole_so_far.income, shown.whole_before.income) if income else shown.outlays
    parts = (value, so_far, before) if income else shown.costs
    href = query("/transactions", shown.selection, currency=code)
    label = (
        f"Received: {what}"
        if income
        else f"Spent at {what}"
        if shown.selection.payee and not shown.selection.categories
        else f"Spent on {what}"
    )
    cards = [_kpi(label, (value, so_far, before), shade, trend, href, versus, shown, words, more_is_good=income)]
    values = (value, so_far, before)
    # What more came back than went out is no part of what was spent.
    shares = [share_of(part, whole) if net >= 0 else None for net, part, whole in zip(values, parts, wholes, strict=True)]
    cards.append(_share(shares, side, shade, href, versus, shown, words, more_is_good=income))
    first = shown.first or 0
    finished = [v for m, v in zip(months["key"].tolist(), trend, strict=True) if first <= m < shown.open_month]
    average = round(sum(finished) / len(finished)) if finished else None
    cards.append(_average(average, value, shade, trend, href, shown, words))
    cards.append(_left(shown, words, href))
    return cards


def _share(
    shares: Sequence[float | None], of: str, token: str, href: str, versus: str, shown: Overview, words: Words, *, more_is_good: bool
) -> Element:
    """Return a share of all there is; what is known of it so far is compared with what it was."""
    share, so_far, earlier = shares
    text = [words.percent(share, 1)]
    if so_far is None or earlier is None or not shown.comparable:
        why = f"no {of} to compare" if shown.comparable else _lacking(shown, words)
        return _card(f"Share of {of}", [*text], [why], "", [], token, href)
    points = round((so_far - earlier) * 100, 1)
    delta = _arrow(points >= 0, _points(points, words), f"{'more' if points >= 0 else 'less'} than {versus}", _since(shown, words))
    kind = "" if not points else "good" if (points > 0) == more_is_good else "bad"
    return _card(f"Share of {of}", [*text], delta, kind, [], token, href)


def _points(points: float, words: Words) -> str:
    size = words.percent(abs(points) / 100, 1).rstrip("%\u00a0") if abs(points) < 999 else words.number(round(abs(points)))
    return f"{size}\u00a0pts"


def _average(average: int | None, value: int, token: str, trend: list[int], href: str, shown: Overview, words: Words) -> Element:
    if average is None:
        return _card("Average a month", ["\u2013"], ["no finished month yet"], "", [], token, href)
    amount = _amount(average, shown, words)
    if shown.period.kind != "month":
        return _card("Average a month", amount, ["over the last finished months"], "", trend, token, href)
    if shown.period.month >= shown.open_month:
        # A month that is not over is no measure beside whole ones.
        return _card("Average a month", amount, ["of the months that are over"], "", trend, token, href)
    difference = value - average
    size = words.whole(abs(difference), shown.currency)
    delta = _arrow(difference >= 0, size, f"{'more' if difference >= 0 else 'less'} in this month")
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
    of = whole_budget(shown, words)
    rest = f", {to_go(shown, words)}" if shown.current else ""
    delta: list[Child] = [icon("exclamation-octagon-fill"), f" over {of}{rest}"] if left < 0 else [f"of {of}{rest}"]
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


def _arrow(up: bool, size: str, than: str, since: str = "") -> list[Child]:
    """Return how much a figure differs: an arrow, of which days, the size, than what."""
    return [icon("arrow-up" if up else "arrow-down"), f" {since}", html.B(size), f" {than}"]


def _wide_cards(shown: Overview, words: Words) -> list[Element]:
    # Months to come have not been nothing: they are not there yet.
    months = shown.months[shown.months["key"] <= periods.month_of(shown.today)]
    rates = [n / i if i > 0 else 0.0 for n, i in zip(months["net"].tolist(), months["income"].tolist(), strict=True)]
    versus = _versus(shown, words)

    def figure(label: str, name: str, token: str, kind: str, *, more_is_good: bool) -> Element:
        values = (getattr(shown.sums, name), getattr(shown.so_far, name), getattr(shown.before, name))
        href = query("/transactions", shown.selection, kind=kind, currency=currency_code(shown))
        return _kpi(label, values, token, months[name].tolist(), href, versus, shown, words, more_is_good=more_is_good)

    return [
        figure("Income", "income", "--inc", "income", more_is_good=True),
        figure("Spending", "spending", "--exp", "spending", more_is_good=False),
        figure("Net", "net", "--ink", "", more_is_good=True),
        _rate(rates, query("/transactions", shown.selection, kind="", currency=currency_code(shown)), versus, shown, words),
    ]


def _kpi(
    label: str,
    values: tuple[int, int, int],
    token: str,
    trend: list[int],
    href: str,
    versus: str,
    shown: Overview,
    words: Words,
    *,
    more_is_good: bool,
) -> Element:
    """Return a figure; `values` are all of the period, what is known of it, and what that is compared with."""
    value, so_far, before = values
    change = so_far - before
    size, since = words.whole(abs(change), shown.currency), _since(shown, words)
    kind, said = "", _lacking(shown, words)
    delta: list[Child] = [said]
    if shown.comparable and not change:
        said = f"{since}the same as {versus}"
        delta = [said]
    elif shown.comparable:
        than = f"{'more' if change > 0 else 'less'} than {versus}"
        delta, said = _arrow(change > 0, size, than, since), f"{since}{size} {than}"
        kind = "good" if (change > 0) == more_is_good else "bad"
    said = f"{label} {words.money(value, shown.currency)}, {said}."
    return _card(label, _amount(value, shown, words), delta, kind, trend, token, href, said=said)


def _rate(trend: list[float], href: str, versus: str, shown: Overview, words: Words) -> Element:
    rate, now, earlier = shown.sums.savings_rate, shown.so_far.savings_rate, shown.before.savings_rate
    text = words.percent(rate, 1)
    kind, said = "", "no income to compare" if shown.comparable else _lacking(shown, words)
    delta: list[Child] = [said]
    if shown.comparable and now is not None and earlier is not None:
        points = round((now - earlier) * 100, 1)
        than, since = f"{'above' if points >= 0 else 'below'} {versus}", _since(shown, words)
        delta, said = _arrow(points >= 0, _points(points, words), than, since), f"{since}{_points(points, words)} {than}"
        kind = "good" if points >= 0 else "bad"
    return _card("Savings rate", [text], delta, kind, trend, "--ink", href, said=f"Savings rate {text}, {said}.")
