"""Day first or month first: decided over all rows, never from the first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from dashboard.periods import utc_now
from dashboard.statements.table.cells import DateShape, to_date

CLEAR = 1.5
DAY_FIRST_CURRENCIES = frozenset(
    "EUR GBP CHF PLN CZK HUF DKK NOK SEK RON BGN HRK AUD NZD INR BRL MXN ARS COP CLP ZAR SGD HKD TRY RUB UAH ILS THB IDR MYR".split()
)


def order_of(
    columns: list[list[DateShape | None]],
    *,
    delimiter: str,
    mark: str,
    currencies: set[str],
    foreign_heads: bool,
    eastern_heads: bool = False,
) -> tuple[str, float, bool]:
    """Decide the order of open dates (1/2/2026).

    Args:
        columns: the date columns over the core rows, the leading one first; cells that are no date are None.
        delimiter, mark, currencies, foreign_heads, eastern_heads: what else the file shows of its country.

    Returns:
        (order, lead, differs): dmy, mdy or ymd (nothing open, or 24/03/01); by how many points it leads;
        whether the other order would give other, possible dates.
    """
    scores = {"dmy": 0.0, "mdy": 0.0}
    open_seen = False
    for rank, shapes in enumerate(columns):
        open_cells = [s for s in shapes if s is not None and s.kind == "open"]
        if not open_cells:
            continue
        open_seen = True
        weight = 1.0 if rank == 0 else 0.6
        # 31/02 is no day at all, and still only a day-first file would write it.
        days_first = sum(1 for s in open_cells if s.first > 12)
        days_second = sum(1 for s in open_cells if s.second > 12)
        if days_first != days_second:
            scores["dmy" if days_first > days_second else "mdy"] += 10.0
            continue
        if any(s.dotted for s in open_cells):
            scores["dmy"] += 3.0 * weight
        firsts, seconds = {s.first for s in open_cells}, {s.second for s in open_cells}
        regular = _each_once(open_cells, firsts, seconds)
        if len(open_cells) >= 2 and len(firsts) != len(seconds) and not regular:
            # Days take more different values than months.
            lead = min(2.5, 0.8 * abs(len(firsts) - len(seconds)))
            scores["dmy" if len(firsts) > len(seconds) else "mdy"] += lead * weight
        for order in scores:
            scores[order] += _sorted_points([to_date(s, order, 2000) for s in open_cells]) * weight
        scores[_nearer_span(open_cells)] += 0.5 if len(open_cells) > 2 and firsts != seconds and not regular else 0.0
    if not open_seen or _year_first(columns[0], eastern_heads):
        return "ymd", 99.0, False
    _agree_with_sure_columns(columns, scores)
    if delimiter == ";" or mark == ",":
        scores["dmy"] += 2.0
    if currencies & DAY_FIRST_CURRENCIES:
        scores["dmy"] += 1.6
    if "USD" in currencies:
        scores["mdy"] += 1.6
    if foreign_heads:
        scores["dmy"] += 1.6
    order = "dmy" if scores["dmy"] >= scores["mdy"] else "mdy"
    return order, abs(scores["dmy"] - scores["mdy"]), _differs(columns)


def _year_first(shapes: list[DateShape | None], eastern_heads: bool) -> bool:
    """Say whether 24/03/01 begins with its year: read so, a statement covers weeks, and otherwise many years."""
    cells = [s for s in shapes if s is not None]
    if not cells or not all(s.kind == "open" and s.short and to_date(s, "ymd") for s in cells):
        return False
    soon = utc_now().date() + timedelta(days=366)
    if any(s.dotted or (told := to_date(s, "ymd")) is None or told > soon for s in cells) and not eastern_heads:
        return False
    spans = {order: _span(cells, order) for order in ("dmy", "mdy", "ymd") if all(to_date(s, order) for s in cells)}
    year_first, other = spans.pop("ymd"), min(spans.values(), default=None)
    if other is None or (eastern_heads and year_first <= other):
        return True
    return other > 300 and year_first * 4 < other


def _each_once(cells: list[DateShape], firsts: set[int], seconds: set[int]) -> bool:
    """Say whether 01/05, 02/05, 03/05 … could be the first of each month as well as each day of one: one row for every step, none twice."""
    few, many = sorted((firsts, seconds), key=len)
    return len(few) == 1 and 3 <= len(many) == len(cells) == max(many) - min(many) + 1


def _span(cells: list[DateShape], order: str) -> int:
    days = [day for s in cells if (day := to_date(s, order))]
    return (max(days) - min(days)).days if days else 0


def _sorted_points(days: list[date | None]) -> float:
    real = [day for day in days if day is not None]
    if len(real) < 3 or len(set(real)) < 3:
        return 0.0
    up = sum(1 for a, b in pairwise(real) if a <= b)
    down = sum(1 for a, b in pairwise(real) if a >= b)
    return 2.0 * max(up, down) / (len(real) - 1)


def _nearer_span(cells: list[DateShape]) -> str:
    """Return the order under which the statement covers the shorter time."""
    spans = {}
    for order in ("dmy", "mdy"):
        days = [day for s in cells if (day := to_date(s, order, 2000))]
        spans[order] = (max(days) - min(days)).days if days else 0
    return "dmy" if spans["dmy"] <= spans["mdy"] else "mdy"


def _agree_with_sure_columns(columns: list[list[DateShape | None]], scores: dict[str, float]) -> None:
    """Let a column whose dates are sure speak for an open one: two dates of a row lie days apart, not months."""
    sure = [c for c in columns if any(s is not None and s.kind != "open" and s.year for s in c)]
    for other in columns:
        if not sure or other is sure[0] or not any(s is not None and s.kind == "open" for s in other):
            continue
        for order in scores:
            gaps = []
            for a, b in zip(sure[0], other, strict=True):
                if a is None or b is None or a.kind == "open":
                    continue
                first, second = to_date(a, "dmy"), to_date(b, order, a.year)
                if first and second:
                    gaps.append(abs((first - second).days) <= 10)
            if gaps:
                scores[order] += 4.0 * sum(gaps) / len(gaps)


def _differs(columns: list[list[DateShape | None]]) -> bool:
    return any(
        s is not None and s.kind == "open" and s.first != s.second and to_date(s, "dmy", 2000) and to_date(s, "mdy", 2000)
        for s in columns[0]
    )
