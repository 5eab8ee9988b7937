"""The product for everyone: axe-core, narrow and magnified windows, charts in words and numbers, what a device asks for."""

from __future__ import annotations

from importlib.resources import files

from tests.browser.conftest import Person, Site, number
from tests.browser.screens import drawn, furnish, walk, ways

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
# Newer rules of WCAG 2.2 are off by default; a theme changes colours and nothing else.
RUN = """
const [wanted, done] = arguments;
const which = wanted === 'colours' ? {runOnly: ['color-contrast', 'link-in-text-block']} : {rules: {'target-size': {enabled: true}}};
axe.run(document, {resultTypes: ['violations'], ...which}).then((found) => done(
    found.violations.map((v) => [v.impact, v.id, v.nodes.length, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any.concat(n.all, n.none)[0] || {message: ''}).message.slice(0, 200))])),
    (error) => done([['serious', String(error), 1, []]]));
"""
HEAVY = ("serious", "critical")


def theme(person: Person, name: str) -> None:
    """Let every page be drawn in a theme."""
    person.cookie("theme", name)


# Links within a line of text may be as small as the text is; a box to tick counts with its label.
SMALL = """
const least = arguments[0];
return [...document.querySelectorAll('a[href], button, summary, select, input:not([type=hidden]), [role=checkbox], [role=option]')].filter((e) => {
    const s = getComputedStyle(e);
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true}) || s.opacity < 0.1 || s.display === 'inline' || e.matches('.skip-link')) return false;
    const label = e.labels && e.labels.length && e.matches('[type=checkbox], [type=radio]') ? [...e.labels].map((l) => l.getBoundingClientRect()) : [];
    const boxes = [e.getBoundingClientRect(), ...label];
    return Math.max(...boxes.map((b) => Math.min(b.width, b.height))) < least - 0.5;
}).slice(0, 6).map((e) => e.tagName + '.' + e.className + ' ' + (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().slice(0, 30) + ' ' +
    Math.round(e.getBoundingClientRect().width) + 'x' + Math.round(e.getBoundingClientRect().height));
"""


def test_on_a_desk_axe_finds_nothing_serious_and_everything_can_be_hit(stranger: Person, site: Site) -> None:
    ids = furnish(site)
    theme(stranger, "light")
    wrong: list[str] = []
    seen: list[str] = []

    def look(name: str) -> None:
        seen.append(name)
        wrong.extend(misfits(stranger, name, 24))
        stranger.js(AXE)
        # The stylesheet makes the theme, and nothing is drawn anew for it but the charts.
        for shade, rules in (("dark", "colours"), ("light", "all")):
            stranger.js("document.documentElement.setAttribute('data-bs-theme', arguments[0])", shade)
            wrong.extend(f"{name}, {shade}: {v}" for v in stranger.driver.execute_async_script(RUN, rules) if v[0] in HEAVY)

    walk(stranger, ids, look)
    assert len(seen) > 40
    assert not wrong, "\n".join(wrong)


def test_on_a_phone_every_screen_fits_and_everything_can_be_hit(stranger: Person, site: Site) -> None:
    ids = furnish(site)
    theme(stranger, "light")
    stranger.cookie("narrow", "1")
    stranger.size(320, 844)
    wrong: list[str] = []
    seen: list[str] = []

    def look(name: str) -> None:
        seen.append(name)
        # What the server draws is the same for all phones; the rest is the stylesheet's.
        for width in (720, 320):
            stranger.size(width, 844)
            wrong.extend(misfits(stranger, f"{name} at {width}", 38))

    walk(stranger, ids, look, skip=("cell editor",))
    assert len(seen) > 40
    assert not wrong, "\n".join(wrong)


def misfits(person: Person, name: str, least: int) -> list[str]:
    """Return what makes a screen too wide, and what on it is too small to hit."""
    wrong = []
    try:
        person.until(lambda: not person.overflow(), name)
    except AssertionError:
        wrong.append(f"{name}: too wide {person.overflow()}")
    return wrong + [f"{name}: too small {small}" for small in person.js(SMALL, least)]


# What draws numbers: Plotly, the small bars of the budgets, the lines of the accounts. The figures at the top of the
# dashboard are links that say theirs in a sentence.
UNSAID = """
return [...document.querySelectorAll('#page .dash-graph, #page .mini, #page .spark')].filter((e) => e.offsetParent).filter((e) => {
    const figure = e.closest('a.kpi'), said = figure ? figure.getAttribute('aria-label') || figure.textContent : (e.closest('[role=img]') || e).getAttribute('aria-label') || '';
    return !/\\d/.test(said) || said.length < 12;
}).map((e) => e.outerHTML.slice(0, 120));
"""


def table(person: Person, name: str) -> list[list[str]]:
    """Open a chart's table and return its rows."""
    css = f".table-view:has(summary[aria-label^='{name}'])"
    person.js("const t = document.querySelector(arguments[0]); if (!t.open) t.querySelector('summary').click()", css)
    rows: list[list[str]] = person.until(
        lambda: person.js(
            "return [...document.querySelectorAll(arguments[0] + ' tbody tr')].map(r => [...r.children].map(c => c.textContent))", css
        ),
        f"the table of {name}",
    )
    return rows


def cents(text: str) -> int:
    """Read an amount of a table in minor units."""
    return int(number(text) * 100)


def test_every_chart_says_in_words_what_it_shows(alice: Person, site: Site) -> None:
    screens = ways(furnish(site))
    for name in ("dashboard", "dashboard filtered", "dashboard year", "dashboard days", "budgets", "accounts"):
        alice.open(screens[name][0])
        drawn(alice)
        alice.until(lambda: alice.all("#page .dash-graph, #page .spark"), name)
        assert not alice.js(UNSAID), (name, alice.js(UNSAID))
        assert alice.all(".table-view"), name


def test_every_chart_has_its_numbers_as_a_table(alice: Person, site: Site) -> None:
    screens = ways(furnish(site))
    alice.open(screens["dashboard"][0])
    pie, bars, gauge = (alice.chart(css)["data"] for css in ("#donut", "#bars", "#gauge"))
    listed = [cents(row[1]) for row in table(alice, "Spending by category")]
    assert sum(pie[0]["values"]) == sum(amount for amount in listed if amount > 0)
    assert set(pie[0]["values"][:-1]) <= set(listed)
    months = table(alice, "Income and spending")
    for trace, column in (("Income", 1), ("Spending", 2), ("Net", 3)):
        shown = next(t["y"] for t in bars if t.get("name") == trace)
        assert [v or 0 for v in shown] == [cents(row[column]) for row in months], trace
    whole = table(alice, "Budgets")[0]
    assert gauge[0]["value"] == cents(whole[3])
    assert cents(whole[1]) + cents(whole[2]) - cents(whole[3]) == cents(whole[5])

    alice.open(screens["dashboard filtered"][0])
    one = next(t["y"] for t in alice.chart("#bars")["data"] if t.get("type") == "bar" and max(t["y"]) > 1)
    assert one == [cents(row[1]) for row in table(alice, "Eating out, last 12 months")]

    alice.open(screens["budgets"][0])
    drawn(alice)
    said = {
        label.split(", spent: ")[0]: label
        for label in alice.js("return [...document.querySelectorAll('.mini')].map(e => e.getAttribute('aria-label'))")
    }
    rows = {row[0]: row for row in table(alice, "Budgets")}
    assert len(said) > 10
    for name, label in said.items():
        behind = [cents(part.split()[-1]) for part in label.split(", spent: ")[1].split(", ")]
        assert [round(cents(v) / 100) for v in rows[name][1:7]] == [amount // 100 for amount in behind], name
    assert cents(rows["All"][7]) == cents(whole[1])

    alice.open(screens["accounts"][0])
    worth = table(alice, "Net worth")
    assert len(worth) == 12
    ends = alice.js("return [...document.querySelectorAll('.worth-figure [role=img]')].map(e => e.getAttribute('aria-label'))")
    for label, column in zip(ends, (1, 2, 3), strict=True):
        assert f"from {worth[0][column]} to {worth[-1][column]}." in label
    assert all(cents(row[1]) == cents(row[2]) + cents(row[3]) == sum(cents(v) for v in row[4:]) for row in worth)


def test_without_plotly_the_tables_stand_in_for_the_charts(alice: Person, site: Site) -> None:
    screens = ways(furnish(site))
    alice.driver.execute_cdp_cmd("Network.enable", {})
    alice.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*plotly*"]})
    for name in ("dashboard", "dashboard filtered", "budgets"):
        alice.open(screens[name][0])
        alice.until(lambda: alice.all(".chart-table tbody tr"), f"{name}: a table")
        assert not alice.all(".js-plotly-plot .main-svg")
        alice.one(".budget-row, .budgets .grid-row, .kpi")
    alice.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    # What was blocked stands in the console, and nothing else does.
    other = [line for line in alice.complaints() if "plotly" not in line.lower() and not line.endswith(" Event")]
    assert not other, other


def test_motion_and_colours_are_what_the_device_asks_for(alice: Person, site: Site) -> None:
    furnish(site)
    alice.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}, {"name": "forced-colors", "value": "active"}]},
    )
    alice.cookie("keep", "on")
    alice.open("/?p=2026-11")
    drawn(alice)
    moving = alice.js(
        "return [...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).map(e => e.className)"
    )
    assert not moving
    alice.js("dash_clientside.set_props('toast', {data: {message: 'Saved', revision: 2}})")
    alice.one(".toast-box")
    assert not alice.all(".toast-box .time"), "a message that is kept has no time line"
    for css in (".card-box", ".nav-item[aria-current=page]", ".meter", ".toast-box", ".btn-ink", ".segment.on", ".chip"):
        edge = alice.js(
            "const s = getComputedStyle(document.querySelector(arguments[0])); return s.borderTopStyle !== 'none' && parseFloat(s.borderTopWidth) >= 1",
            css,
        )
        assert edge, f"{css} has no border where colours are the system's"
    hues = alice.js(
        "return [...document.querySelectorAll('.legend .swatch, .meter > span')].filter(e => e.offsetParent).map(e => getComputedStyle(e).backgroundColor)"
    )
    assert len(set(hues)) > 3, "swatches keep their colours"
