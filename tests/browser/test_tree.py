"""The tree that draws a page (assets/js/tree.js), in a real browser: what it keeps, what it changes, what it refuses."""

from __future__ import annotations

from typing import Any

from dashboard.view import tags
from tests.browser.conftest import Person

DRAW = "window.dash_clientside.set_props('page', arguments[0]);"
SEEN = "return [...document.querySelectorAll('#page .row')].map((row) => row.textContent + '=' + row.querySelector('input').value)"


def draw(person: Person, node: Any) -> None:
    """Let the page show this and wait until it does; each drawing has a number of its own."""
    number = person.js("return window.turn = (window.turn || 0) + 1")
    person.js(DRAW, {"node": tags.Div([node, tags.Span(id="turn", title=str(number))], key="test")})
    person.until(lambda: person.js("return document.getElementById('turn')?.title") == str(number), "the tree")


def row(key: str, value: str) -> tags.Element:
    return tags.Div([key, tags.Input(name=key, value=value)], className="row", key=key)


def test_text_is_text_and_nothing_of_a_tree_runs(alice: Person) -> None:
    alice.open("/settings")
    draw(
        alice,
        tags.Div(
            [
                tags.P("<img src=x onerror='window.ran=1'>"),
                tags.A("go", href="javascript:window.ran=1", id="bad"),
                tags.A("go", href=" \tjavascript:window.ran=1", id="worse"),
                tags.A("go", href="/budgets", id="good"),
                tags.Form(action="https://elsewhere.example", id="away"),
                tags.Form(action="/sign-out", id="home"),
                tags.B(
                    "x",
                    id="b",
                    dangerouslySetInnerHTML={"__html": "<i id='made'></i>"},
                    onClick="window.ran=1",
                    src="https://elsewhere.example",
                    **{"data-x": "<script>"},
                ),
                ["a", None, False, 7, tags.Br()],
            ]
        ),
    )
    assert alice.js("return document.querySelector('#page p').textContent") == "<img src=x onerror='window.ran=1'>"
    assert alice.js("return ['bad', 'worse', 'good'].map((id) => document.getElementById(id).getAttribute('href'))") == [None, None, "/budgets"]
    assert alice.js("return ['away', 'home'].map((id) => document.getElementById(id).getAttribute('action'))") == [None, "/sign-out"]
    assert alice.js("return [...document.getElementById('b').attributes].map((a) => a.name).sort()") == ["data-x", "id"]
    alice.js("for (const id of ['bad', 'worse', 'b']) document.getElementById(id).click()")
    assert alice.js("return [window.ran, document.getElementById('made')]") == [None, None]
    assert alice.js("return document.querySelector('#page').innerText.includes('a7')")


def test_a_field_keeps_what_is_typed_and_a_key_moves_with_its_row(alice: Person) -> None:
    alice.open("/settings")
    draw(alice, [row("a", "1"), row("b", "2"), row("c", "3")])
    alice.js("window.b = document.querySelector('[name=b]'); b.focus(); b.setSelectionRange(0, 1)")
    alice.keys("typed")
    alice.js("b.setSelectionRange(2, 4)")
    # Another row comes before it, and the server says something else of it: who is typing there goes on typing.
    draw(alice, [row("new", "0"), row("c", "30"), row("b", "20"), row("a", "1")])
    assert alice.js(SEEN) == ["new=0", "c=30", "b=typed", "a=1"]
    assert alice.js("return document.activeElement === b && [b.selectionStart, b.selectionEnd]") == [2, 4]
    # Left alone it shows what the server says next; what the server says again changes nothing that was typed.
    alice.js("b.blur(); document.querySelector('[name=a]').value = 'left'")
    draw(alice, [row("b", "21"), row("a", "1")])
    assert alice.js(SEEN) == ["b=21", "a=left"]
    # Where nobody has typed yet, a selection of all stays one of all.
    alice.js("b.focus(); b.select()")
    draw(alice, [row("b", "1234"), row("a", "1")])
    assert alice.js("return [b.value, b.selectionStart, b.selectionEnd]") == ["1234", 0, 4]
    # Names that stand twice name nobody, and everything is drawn.
    draw(alice, [row("x", "1"), row("x", "2")])
    assert alice.js(SEEN) == ["x=1", "x=2"]


def test_boxes_and_choices_follow_the_server_and_reset_takes_back(alice: Person) -> None:
    def form(on: bool, chosen: str, side: str) -> tags.Element:
        options = [{"label": name, "value": name} for name in "ab"]
        return tags.Form(
            [
                tags.Checkbox(value=on, label="All", id="box"),
                tags.Select(chosen, options, "Choose", id="choice"),
                tags.RadioItems(id="side", name="side", value=side, options=options, className="segments"),
            ],
            id="test-form",
        )

    held = "return [box.checked, choice.value, new FormData(document.getElementById('test-form')).get('side')]"
    alice.open("/settings")
    draw(alice, form(False, "", "a"))
    assert alice.js(held) == [False, "", "a"]
    draw(alice, form(True, "b", "b"))
    assert alice.js(held) == [True, "b", "b"]
    alice.js("box.click(); choice.value = 'a'; document.getElementById('side-a').click()")
    assert alice.js(held) == [False, "a", "a"]
    alice.js("window.finance.reset(document.getElementById('test-form').elements)")
    assert alice.js(held) == [True, "b", "b"]


def test_a_chart_is_drawn_again_only_where_its_figure_is_another(alice: Person) -> None:
    def graph(value: int) -> tags.Element:
        figure = {"data": [{"type": "bar", "x": ["a"], "y": [value]}], "layout": {"height": 100}}
        return tags.Graph(id="test-chart", figure=figure, config={}, style={"height": "100px"})

    alice.open("/settings")
    alice.js("window.plots = []; for (const name of ['react', 'newPlot', 'purge']) { const real = Plotly[name]; Plotly[name] = (...given) => { plots.push(name); return real(...given); }; }")
    draw(alice, [graph(1), tags.P("one")])
    alice.chart("#test-chart")
    alice.js("window.slot = document.querySelector('#test-chart .js-plotly-plot')")
    draw(alice, [graph(1), tags.P("two")])
    assert alice.js("return plots.filter((name) => name === 'react').length") == 1
    draw(alice, [graph(2), tags.P("two")])
    assert alice.js("return [slot.isConnected, slot._fullData[0].y[0], plots.filter((name) => name === 'react').length]") == [True, 2, 2]
    draw(alice, tags.P("gone"))
    assert alice.js("return plots.at(-1)") == "purge"


def test_a_part_is_shown_until_the_next_tree(alice: Person) -> None:
    def node(text: str) -> tags.Element:
        return tags.Div([tags.Input(name="q", value=""), tags.Div("nothing yet", id="answer")], title=text)

    shown = "return document.getElementById('answer').textContent"
    alice.open("/settings")
    draw(alice, node("one"))
    alice.js("document.querySelector('#page [name=q]').focus()")
    alice.keys("typed")
    alice.js(DRAW, {"part": {"id": "answer", "node": [tags.B("3"), " found"]}})
    alice.until(lambda: alice.js(shown) == "3 found", "the part")
    assert alice.js("const at = document.activeElement; return [at.name, at.value]") == ["q", "typed"]
    draw(alice, node("two"))
    assert alice.js(shown) == "nothing yet"


def test_what_is_refused_while_a_drawer_leaves_is_said_where_it_stays(alice: Person) -> None:
    alice.open("/accounts")
    alice.click(".head button", "Add an account")
    alice.one(".offcanvas.show:not(.showing) #field-name")
    alice.driver.execute_async_script("""const done = arguments[0];
        document.querySelector('.offcanvas .btn-close').click();
        (function leaving() {
            if (!document.querySelector('.offcanvas:not(.show) #field-name')) return requestAnimationFrame(leaving);
            window.finance.show({ error: 'Another account has that name', field: 'name' });
            done();
        })();""")
    alice.gone(".offcanvas")
    alice.see("Another account has that name", ".toast-box.error")
