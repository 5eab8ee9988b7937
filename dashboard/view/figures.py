"""The Plotly figures, as plain dicts: a function of data each. One place gives every figure its layout and config.

Dicts are a hundredth of `go.Figure` in time and a twentieth in size; a test builds a `go.Figure` of each.
"""

from __future__ import annotations

import html as markup
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

from dashboard.view.palette import blend, colour, faded, slot

Figure = dict[str, Any]

# showSendToCloud: plotly.js offers to upload the figure, which is a household's money, unless told not to.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}
FONT = "Inter, system-ui, sans-serif"
# What begins and ends a name of a direction of its own: an answer holds no such signs, so a figure says it by a tag.
_FIRST, _LAST = "\u2068", "\u2069"


class Slice(NamedTuple):
    """One category of the donut: minor units, already formatted for the hover, and where a click leads."""

    name: str
    amount: int
    slot: int
    text: str
    href: str
    faded: bool = False


class Bar(NamedTuple):
    """One month of the bars; amounts are minor units."""

    label: str
    income: int
    spending: int
    net: int | None
    text: str
    href: str
    selected: bool
    # What the running month's spending is expected to grow by.
    more: int = 0


def apart(name: str) -> str:
    """Return a name as it stands beside an amount in a figure's text: one written from the right turns nothing round but itself."""
    return f"{_FIRST}{name}{_LAST}" if any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in name) else name


def safe(text: str) -> str:
    """Escape text for a figure: Plotly draws a small set of tags, links included, in every string. Lines stay lines, names apart."""
    escaped = markup.escape(text, quote=False).replace("\n", "<br>")
    return escaped.replace(_FIRST, '<span style="unicode-bidi:isolate">').replace(_LAST, "</span>")


def _layout(theme: str, **extra: Any) -> Figure:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 0, "t": 6, "b": 0},
        "font": {"family": FONT, "size": 12, "color": colour("ink-3", theme)},
        "showlegend": False,
        "dragmode": False,
        "autosize": True,
        "hoverlabel": {
            "bgcolor": colour("ink", theme),
            "bordercolor": colour("ink", theme),
            "align": "left",
            "font": {"family": FONT, "size": 13, "color": colour("surface", theme)},
        },
    } | extra


def donut(slices: Sequence[Slice], theme: str) -> Figure:
    """Draw spending by category: clockwise from twelve, no text on the slices."""
    return {
        "data": [
            {
                "type": "pie",
                "hole": 0.7,
                "sort": False,
                "direction": "clockwise",
                "rotation": 0,
                "textinfo": "none",
                "labels": [safe(s.name) for s in slices],
                "values": [s.amount for s in slices],
                "marker": {
                    "colors": [faded(s.slot, theme) if s.faded else slot(s.slot, theme) for s in slices],
                    "line": {"color": colour("surface", theme), "width": 2.5},
                },
                "customdata": [[s.href, safe(s.text)] for s in slices],
                # A template's %{customdata[1]} is "-" on a slice: a slice may stand for several rows.
                "hovertext": [safe(s.text) for s in slices],
                "hoverinfo": "text",
            }
        ],
        "layout": _layout(theme, margin={"l": 2, "r": 2, "t": 2, "b": 2}),
    }


def _column(name: str, x: list[int], y: Sequence[int | None], colours: list[str], **more: Any) -> Figure:
    return {"type": "bar", "name": name, "x": x, "y": y, "marker": {"color": colours}, "hoverinfo": "skip"} | more


def reach(months: Sequence[Bar]) -> tuple[int, int]:
    """Return the lowest and the highest of what `bars` draws: where more came back than went out, a bar points down."""
    values = [v for m in months for v in (m.income, m.spending, m.spending + m.more, m.net or 0)]
    return min([0, *values]), max([1, *values])


def bars(months: Sequence[Bar], ticks: Sequence[tuple[int, str]], theme: str) -> Figure:
    """Draw income and spending month by month with net as a line; the selected month in full colour on a band.

    Args:
        months: oldest first.
        ticks: values of the axis (minor units) with their labels.
    """
    x = list(range(len(months)))
    low, high = reach(months)
    shades = {token: [colour(token, theme) if m.selected else blend(token, theme, 0.66) for m in months] for token in ("inc", "exp")}
    traces = [
        _column("Income", x, [m.income for m in months], shades["inc"], offsetgroup="inc"),
        _column("Spending", x, [m.spending for m in months], shades["exp"], offsetgroup="exp"),
        {
            "type": "scatter",
            "name": "Net",
            "mode": "lines+markers",
            "x": x,
            "y": [m.net for m in months],
            "hoverinfo": "skip",
            "line": {"color": colour("ink", theme), "width": 2},
            "marker": {"size": 6, "color": colour("surface", theme), "line": {"color": colour("ink", theme), "width": 1.5}},
        },
    ]
    if any(m.more for m in months):
        outline = {"color": "rgba(0,0,0,0)", "line": {"color": colour("exp", theme), "width": 1.5}}
        base = [m.spending for m in months]
        traces.insert(2, _column("Expected", x, [m.more or None for m in months], [], offsetgroup="exp", base=base) | {"marker": outline})
    return _by_month(months, traces, ticks, low, high, theme)


def one_series(months: Sequence[Bar], ticks: Sequence[tuple[int, str]], theme: str, *, shade: str, budget: int | None = None) -> Figure:
    """Draw one thing month by month, with its budget as a dotted line.

    Args:
        months: oldest first; what is drawn stands in `spending`.
        ticks: values of the axis (minor units) with their labels.
        shade: a token or a slot as of palette.colour.
        budget: minor units, None for none.
    """
    x = list(range(len(months)))
    values = [m.spending for m in months]
    low, high = min([0, *values]), max([1, budget or 0, *(m.spending + m.more for m in months)])
    traces = [_column("Spent", x, values, [colour(shade, theme) if m.selected else blend(shade, theme, 0.66) for m in months])]
    if budget:
        ends = [-0.55, len(months) - 0.45]
        line = {"color": colour("ink", theme), "width": 2, "dash": "dot"}
        traces.append(
            {"type": "scatter", "mode": "lines", "name": "Budget", "x": ends, "y": [budget] * 2, "line": line, "hoverinfo": "skip"}
        )
    return _by_month(months, traces, ticks, low, high, theme)


def _by_month(months: Sequence[Bar], traces: list[Figure], ticks: Sequence[tuple[int, str]], low: int, high: int, theme: str) -> Figure:
    """Draw traces over months: the selected ones on a band, and the whole height of each to hover and to click."""
    return {
        "data": [*traces, _hits(months)],
        "layout": _layout(
            theme,
            barmode="group",
            bargap=0.34,
            bargroupgap=0.08,
            barcornerradius=3,
            shapes=[_band(place, theme) for place, m in enumerate(months) if m.selected],
            xaxis=_names_axis(months, theme),
            yaxis={
                "fixedrange": True,
                "gridcolor": colour("line", theme),
                "zerolinecolor": colour("line-2", theme),
                "zeroline": True,
                "automargin": True,
                "tickmode": "array",
                "tickvals": [v for v, _ in ticks],
                "ticktext": [safe(t) for _, t in ticks],
                "range": [min(low * 1.08, ticks[0][0] if ticks else 0), max(high * 1.06, ticks[-1][0] * 1.02 if ticks else 0)],
            },
            yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True},
        ),
    }


def _band(place: int, theme: str) -> Figure:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": place - 0.47,
        "x1": place + 0.47,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": colour("sel", theme),
    }


def _hits(months: Sequence[Bar]) -> Figure:
    """Return a full-height bar for each month that takes hover and click, so that a short bar is not the target."""
    return {
        "type": "bar",
        "x": list(range(len(months))),
        "y": [1] * len(months),
        "yaxis": "y2",
        "width": 0.94,
        "offset": -0.47,
        "marker": {"color": "rgba(0,0,0,0)"},
        "customdata": [[m.href, safe(m.text)] for m in months],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }


def _names_axis(months: Sequence[Bar], theme: str) -> Figure:
    return {
        "fixedrange": True,
        "showgrid": False,
        "showline": False,
        "zeroline": False,
        "tickangle": 0,
        "ticklabelstandoff": 6,
        "tickmode": "array",
        "tickvals": list(range(len(months))),
        "ticktext": [f"<b>{safe(m.label)}</b>" if m.selected else safe(m.label) for m in months],
        "automargin": True,
        "tickfont": {"color": colour("ink-2", theme)},
        "range": [-0.55, len(months) - 0.45],
    }


def gauge(spent: int, budget: int, expected: int, pace: int | None, status: str, theme: str) -> Figure:
    """Draw the month's whole budget as a half ring: spent, fainter what is expected, a tick at today's pace.

    Args:
        spent, budget, expected, pace: minor units; pace is the budget's share of the days gone by, None where
            the period is not running.
        status: pace, heading or over, which gives the colour.
    """
    token = {"pace": "ok", "heading": "watch", "over": "over"}[status]
    whole = max(budget, spent, 1)
    return {
        "data": [
            {
                "type": "indicator",
                "mode": "gauge",
                "value": max(0, spent),
                "domain": {"x": [0, 1], "y": [0, 1]},
                "gauge": {
                    "axis": {"range": [0, whole], "visible": False},
                    "bar": {"color": colour(token, theme), "thickness": 1},
                    "borderwidth": 0,
                    "bgcolor": colour("sunken", theme),
                    "steps": [{"range": [0, max(0, min(whole, expected))], "color": blend(token, theme, 0.32)}],
                }
                | (
                    {}
                    if pace is None
                    else {
                        "threshold": {
                            "value": max(0, min(whole, pace)),
                            "thickness": 1,
                            "line": {"color": colour("ink", theme), "width": 2},
                        }
                    }
                ),
            }
        ],
        "layout": _layout(theme, margin={"l": 4, "r": 4, "t": 4, "b": 4}),
    }


def axis_ticks(low: int, high: int, most: int = 5) -> list[int]:
    """Return round values between two, at most so many."""
    span = max(high - low, 1)
    step = 10 ** (len(str(span)) - 1)
    for factor in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5):
        size = int(step * factor)
        if size > 0 and span // size + 1 <= most:
            break
    first = -(-low // size) * size
    return list(range(first, high + 1, size))
