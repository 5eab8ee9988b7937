"""The figures are plain data that Plotly accepts, in the colours of the stylesheet, and none offers to leave the house."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from dash import html
from dash._utils import to_json as to_json_plotly
from plotly.graph_objects import Figure

from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import accounts, budgets, history, imports, ledger, transactions
from dashboard.services.categories import all_categories
from dashboard.services.imports import drafts, receipts
from dashboard.services.overview import overview
from dashboard.view import figures, ids, palette, shell
from dashboard.view.pages import accounts as accounts_page
from dashboard.view.pages import budgets as budgets_page
from dashboard.view.pages import dashboard as dashboard_page
from dashboard.view.pages import history as history_page
from dashboard.view.pages import imports as imports_page
from dashboard.view.pages import settings as settings_page
from dashboard.view.pages import settings_security as security_page
from dashboard.view.pages import transaction_form as form_page
from dashboard.view.pages import transactions as transactions_page
from dashboard.view.pages.import_files import Zone
from dashboard.view.parts import Words
from tests.ways import House, bank_csv

THEMES = ("light", "dark")
DRAWERS = {"transaction", "new transaction", "account", "leaving"}
# The attributes of what Dash has no element for.
FIELDS = {
    "input": set(
        "id name type value checked placeholder required disabled className inputMode autoComplete maxLength min max list role tabIndex autoFocus".split()
    ),
    "select": set("id name value required disabled className children".split()),
    "Graph": {"id", "figure", "config", "style"},
}
SLICES = [
    figures.Slice("<b>Food</b>", 7500, 2, "Food \u20ac75", "/transactions?cat=2"),
    figures.Slice("Other", 2500, 99, "Other \u20ac25", "/transactions"),
]
FADED = [SLICES[0], SLICES[1]._replace(faded=True)]
MONTHS = [figures.Bar(name, 200, 150 * i, 200 - 150 * i, name, f"/?p={name}", i == 2) for i, name in enumerate(("Sep", "Oct", "Nov"))]
RUNNING = [*MONTHS[:2], MONTHS[2]._replace(more=50)]
AHEAD = [*MONTHS[:2], MONTHS[2]._replace(net=None)]
REFUNDED = [*MONTHS[:2], MONTHS[2]._replace(spending=-40)]
GAUGE = figures.gauge(438, 620, 580, 372, "pace", "light")


def every(theme: str) -> list[figures.Figure]:
    """Draw each kind of figure, the empty and the extreme ones too."""
    return [
        figures.donut(SLICES, theme),
        figures.donut([], theme),
        figures.bars(MONTHS, [(0, "\u20ac0"), (200, "\u20ac2")], theme),
        figures.bars([], [], theme),
        figures.donut(FADED, theme),
        figures.bars(RUNNING, [(0, "\u20ac0")], theme),
        figures.bars(AHEAD, [(0, "\u20ac0")], theme),
        figures.one_series(MONTHS, [(0, "\u20ac0")], theme, shade="slot-2", budget=250),
        figures.one_series(RUNNING, [(0, "\u20ac0")], theme, shade="exp"),
        figures.one_series(REFUNDED, [(0, "\u20ac0")], theme, shade="inc"),
        figures.one_series([], [], theme, shade="slot-18"),
        *(
            figures.gauge(spent, budget, expected, pace, status, theme)
            for spent, budget, expected, pace, status in (
                (438, 620, 580, 372, "pace"),
                (700, 620, 800, 372, "over"),
                (-50, 620, -50, 372, "heading"),
                (0, 0, 0, 0, "pace"),
            )
        ),
    ]


def walk(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every element of a page as it is sent to the browser, whatever it was made with."""

    def inner(sent: Any) -> Iterator[dict[str, Any]]:
        if isinstance(sent, dict):
            if set(sent) in ({"type", "props"}, {"type", "namespace", "props"}):
                yield sent
            for value in sent.values():
                yield from inner(value)
        elif isinstance(sent, list):
            for value in sent:
                yield from inner(value)

    return inner(json.loads(to_json_plotly(part)))


def ids_of(part: Any) -> list[str]:
    """Return the ids of a page, as often as they stand there."""
    return [element["props"]["id"] for element in walk(part) if element["props"].get("id")]


def colours(part: Any) -> Iterator[str]:
    """Yield every colour of a figure."""
    if isinstance(part, dict):
        for value in part.values():
            yield from colours(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from colours(value)
    elif isinstance(part, str) and re.fullmatch(r"#[0-9A-Fa-f]{3,8}|rgba?\(.*\)", part):
        yield part


@pytest.fixture
def pages(sqlite_house: House) -> dict[str, Any]:
    """Build every page of a lived-in book, and of an empty one what differs."""
    book = sqlite_house.book
    words = Words(book.locale, book.today)
    empty = dashboard_page.page(overview(book, Selection(Period.parse("2026-11"))), "light")
    account = sqlite_house.account()
    row = sqlite_house.add(account, "2026-11-03", "-438", "Market", "Groceries")
    sqlite_house.add(account, "2026-11-02", "1500", "Studio", "Salary")
    budgets.set_budget(book, sqlite_house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("620"))
    budgets.set_carry(book, sqlite_house.category("Groceries"), 202611, "EUR", carry=True)
    food, pay = sqlite_house.category("Groceries"), sqlite_house.category("Salary")
    draft = imports.receive(
        book, "bank.csv", bank_csv([("2026-11-05", "Shop", "-1.00"), ("2026-11-31", "Shop", "-2.00"), ("2026-11-06", "Shop", "-3.00")])
    )
    held, names = accounts.all_accounts(book), all_categories(book)
    built = {"first run": empty, "check": imports_page.check(imports.check(book, draft), words, "")}
    for period in ("2026-11", "2026", "2026-11-01..2026-11-10", "2020-01"):
        built[f"dashboard {period}"] = dashboard_page.page(overview(book, Selection(Period.parse(period))), "dark", narrow=period == "2026")
    for name, part in (("category", {"categories": (food,)}), ("payee", {"payee": "Market"}), ("income", {"categories": (pay,)})):
        narrowed = overview(book, Selection(Period.parse("2026-11")).changed(**part))
        built[f"dashboard of a {name}"] = dashboard_page.page(narrowed, "light")
    return built | {
        "budgets": budgets_page.page(budgets.plan(book, Selection(Period.parse("2026-11"))), "light"),
        "history": history_page.page(history.history(book)[0], words, number=1, older=True),
        "no history": history_page.page([], words, number=1, older=False),
        "transactions": transactions_page.page(ledger.listed(book, Selection(Period.parse("2026-11"))), words),
        "transaction": form_page.form(transactions.one(book, row), form_page.Offered(held, names), words, "key"),
        "new transaction": form_page.form(None, form_page.Offered(held, names), words, "key"),
        "accounts": accounts_page.page(accounts.overview(book), words),
        "account": accounts_page.form(held[0], "EUR", words),
        "import": imports_page.choose(
            receipts.earlier(book), held, words, Zone("/import/file", 10 * 2**20, "Too large"), drafts.waiting(book)
        ),
        "settings": settings_page.page("profile", *settings_page.profile(book), *settings_page.numbers(book, words), *settings_page.data()),
        "appearance": settings_page.page("appearance", *settings_page.appearance(settings_page.APPEARANCE)),
        "shortcuts": settings_page.page("shortcuts", *settings_page.shortcuts(single_keys=False)),
        "security": settings_page.page("security", *security_page.security(book, (), book.today, words, https=False, csrf="token")),
        "leaving": security_page.leaving_form(book),
    }


@pytest.mark.parametrize("theme", THEMES)
def test_plotly_accepts_every_figure(theme: str) -> None:
    for figure in every(theme):
        Figure(figure)
        json.dumps(figure, allow_nan=False)


def test_plotly_would_refuse_a_wrong_one() -> None:
    with pytest.raises(ValueError, match="hole"):
        Figure(figures.donut(SLICES, "light") | {"data": [figures.donut(SLICES, "light")["data"][0] | {"hole": "large"}]})


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_a_figure_is_a_token_of_its_theme(theme: str) -> None:
    solid = set(palette.tokens()[theme].values())
    mixed = {palette.blend(token, theme, share) for token in palette.tokens()[theme] for share in (0.24, 0.32, 0.66)}
    for figure in every(theme):
        strange = set(colours(figure)) - solid - mixed - {"rgba(0,0,0,0)"}
        assert strange == set()


def test_what_people_wrote_is_text_in_a_figure_never_markup() -> None:
    name = '<a href="https://evil.example">x</a>'
    for figure in (
        figures.donut([figures.Slice(name, 1, 1, name, "/")], "light"),
        figures.donut([figures.Slice(name, 1, 1, name, "/", faded=True)], "light"),
        figures.bars([figures.Bar(name, 1, 1, 0, name, "/", selected=True, more=1)], [(1, name)], "light"),
        figures.one_series([figures.Bar(name, 1, 1, 0, name, "/", selected=True)], [(1, name)], "light", shade="exp", budget=1),
    ):
        assert "<a" not in json.dumps(figure)


def test_the_slices_are_the_amounts_and_each_leads_on() -> None:
    pie = figures.donut(SLICES, "light")["data"][0]
    assert (pie["values"], pie["sort"], pie["hole"]) == ([7500, 2500], False, 0.7)
    assert [point[0] for point in pie["customdata"]] == [s.href for s in SLICES]
    assert (pie["hovertext"], pie["hoverinfo"]) == ([figures.safe(s.text) for s in SLICES], "text")
    assert "hovertemplate" not in pie


def test_the_bars_are_income_spending_and_net_and_one_month_stands_out() -> None:
    income, spending, net, hits = figures.bars(MONTHS, [(0, "0")], "light")["data"]
    assert (income["y"], spending["y"], net["y"]) == ([200, 200, 200], [0, 150, 300], [200, 50, -100])
    assert [point[0] for point in hits["customdata"]] == [m.href for m in MONTHS]
    assert income["marker"]["color"].count(palette.colour("inc", "light")) == 1
    assert figures.bars(MONTHS, [(0, "0")], "light")["layout"]["yaxis"]["range"][0] <= -100, "a loss is not cut off"


def test_what_is_expected_stands_hollow_on_the_running_months_spending() -> None:
    income, spending, expected, net, _hits = figures.bars(RUNNING, [(0, "0")], "light")["data"]
    assert (expected["y"], expected["base"]) == ([None, None, 50], spending["y"])
    assert (expected["offsetgroup"], expected["marker"]["color"]) == (spending["offsetgroup"], "rgba(0,0,0,0)")
    assert income["offsetgroup"] != expected["offsetgroup"]
    assert figures.bars(RUNNING, [(0, "0")], "light")["layout"]["yaxis"]["range"][1] > 350
    assert net["y"][-1] == -100
    assert len(figures.bars(MONTHS, [(0, "0")], "light")["data"]) == 4, "nothing is expected of finished months"


def test_one_series_is_the_amounts_in_their_colour_under_the_budgets_line() -> None:
    drawn = figures.one_series(REFUNDED, [(0, "0")], "dark", shade="slot-2", budget=250)
    bars, budget, hits = drawn["data"]
    assert bars["y"] == [0, 150, -40]
    assert bars["marker"]["color"].count(palette.colour("slot-2", "dark")) == 1
    assert (budget["y"], budget["line"]["dash"]) == ([250, 250], "dot")
    assert [point[0] for point in hits["customdata"]] == [m.href for m in REFUNDED]
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low <= -40, "a refund is not cut off"
    assert high >= 250, "nor is the budget"
    assert len(figures.one_series(MONTHS, [], "dark", shade="exp")["data"]) == 2


def test_only_the_slices_that_are_not_chosen_fade() -> None:
    plain, narrowed = (figures.donut(slices, "light")["data"][0]["marker"]["colors"] for slices in (SLICES, FADED))
    assert narrowed[0] == plain[0]
    assert narrowed[1] != plain[1]
    assert figures.donut(FADED, "light")["data"][0]["customdata"] == figures.donut(SLICES, "light")["data"][0]["customdata"]


def test_the_gauge_shows_spent_expected_and_the_pace_of_today() -> None:
    dial = GAUGE["data"][0]
    assert (dial["mode"], dial["value"], dial["gauge"]["axis"]["range"]) == ("gauge", 438, [0, 620])
    assert dial["gauge"]["steps"][0]["range"] == [0, 580]
    assert dial["gauge"]["threshold"]["value"] == 372
    assert figures.gauge(700, 620, 800, 372, "over", "light")["data"][0]["gauge"]["axis"]["range"] == [0, 700]


def test_the_axis_has_round_values_and_few_of_them() -> None:
    for low, high in ((0, 1), (0, 99), (-5_000, 548_000), (0, 10**12), (-3, -1), (0, 0)):
        ticks = figures.axis_ticks(low, high)
        assert len(ticks) <= 6
        assert all(low <= tick <= high for tick in ticks)
        assert ticks == sorted(set(ticks))


def test_no_graph_offers_to_send_the_figure_away(pages: dict[str, Any]) -> None:
    graphs = [
        (name, element["props"])
        for name, page in (pages | {"frame": shell.layout()}).items()
        for element in walk(page)
        if element["type"] == "Graph"
    ]
    assert {graph["id"] for _, graph in graphs} >= {ids.DONUT, ids.BARS, ids.GAUGE}
    for name, graph in graphs:
        assert graph["config"]["showSendToCloud"] is False, f"{name}: {graph['id']}"
        assert graph["config"]["displayModeBar"] is False, f"{name}: {graph['id']}"
        Figure(graph["figure"])


def test_every_element_is_one_the_browser_draws_with_attributes_it_knows(pages: dict[str, Any]) -> None:
    for name, page in pages.items():
        for element in walk(page):
            # An unknown name or property would be silence in the browser.
            known = FIELDS.get(element["type"]) or set(getattr(html, element["type"].capitalize())()._prop_names)
            odd = {key for key in element["props"] if not key.startswith(("data-", "aria-"))} - known - {"key"}
            assert not odd, f"{name}: {element['type']} {odd}"


def test_no_page_holds_more_than_a_few_components(pages: dict[str, Any]) -> None:
    """Each is a subscriber of Dash's store and asked at every change; a page's answer is the one property of one of them."""
    components = [element for page in pages.values() for element in walk(page) if "namespace" in element]
    assert components == []
    assert len([element for element in walk(shell.layout()) if "namespace" in element]) <= 60


def test_an_id_stands_once_on_a_page(pages: dict[str, Any]) -> None:
    frame = ids_of(shell.layout())
    for name, page in pages.items():
        assert [i for i, times in Counter([*frame, *ids_of(page)]).items() if times > 1] == [], name


def test_a_drawer_and_the_page_behind_it_share_no_id(pages: dict[str, Any]) -> None:
    for drawer in DRAWERS:
        for name in set(pages) - DRAWERS:
            assert set(ids_of(pages[drawer])) & set(ids_of(pages[name])) == set(), f"{drawer} over {name}"


def test_every_page_has_one_heading(pages: dict[str, Any]) -> None:
    for name in set(pages) - DRAWERS:
        assert [element["type"] for element in walk(pages[name])].count("h1") == 1, name


def test_a_name_written_from_the_right_turns_nothing_round_beside_it() -> None:
    name = "\u05de\u05db\u05d5\u05dc\u05ea <1>"
    text = f"{figures.apart(name)} \u20ac75 \u00b7 12 %\n{figures.apart('Lidl')} \u20ac5"
    drawn = figures.donut([figures.Slice(name, 7500, 2, text, "/")], "light")
    held = '<span style="unicode-bidi:isolate">\u05de\u05db\u05d5\u05dc\u05ea &lt;1&gt;</span>'
    assert drawn["data"][0]["customdata"][0][1] == f"{held} \u20ac75 \u00b7 12 %<br>Lidl \u20ac5"
    assert drawn["data"][0]["labels"] == ["\u05de\u05db\u05d5\u05dc\u05ea &lt;1&gt;"]
