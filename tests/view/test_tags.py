"""Elements are what assets/js/tree.js draws: its tags, React's attributes, Bootstrap's fields."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dash import html

from dashboard.config import ROOT
from dashboard.view import tags
from dashboard.view.tree import Tree

SCRIPT = (ROOT / "assets/js/tree.js").read_text()
DRAWN = {name for part in re.findall(r"new Set\(\[(.*?)\]\)", SCRIPT, re.DOTALL)[:2] for name in re.findall(r'"(\w+)"', part)}
MADE = {name: make for name, make in vars(tags).items() if name[0].isupper() and callable(make) and name not in ("Any", "Callable", "Element")}
FIELDS = {"Input", "Select", "Checkbox", "RadioItems"}


@pytest.mark.parametrize("name", sorted(MADE.keys() - FIELDS - {"Graph", "Mapping", "Sequence"}))
def test_an_element_is_one_that_the_browser_draws_and_dash_knows(name: str) -> None:
    made: dict[str, Any] = MADE[name](["x"], id="x", style={"color": "red"})
    assert made == {"type": name.lower(), "props": {"id": "x", "style": {"color": "red"}, "children": ["x"]}}
    assert made["type"] in DRAWN
    assert hasattr(html, name)


def test_fields_are_bootstraps() -> None:
    assert tags.Input(name="n", value="v", className="big")["props"] == {"name": "n", "value": "v", "className": "big form-control"}
    chosen = tags.Select("2", [{"label": "L", "value": "1"}, {"label": "M", "value": "2"}], "Choose", id="s")
    assert (chosen["props"]["value"], chosen["props"]["className"]) == ("2", "form-select")
    assert [o["props"]["value"] for o in chosen["props"]["children"]] == ["", "1", "2"]
    box, label = tags.Checkbox(value=True, label="All", id="c")["props"]["children"]
    assert (box["props"]["checked"], label["props"]["htmlFor"]) == (True, "c")
    radios = tags.RadioItems(id="r", name="r", value="b", options=[{"label": "A", "value": "a"}, {"label": "B", "value": "b"}], className="x")
    assert [r["props"]["children"][0]["props"]["checked"] for r in radios["props"]["children"]] == [False, True]


def test_the_tree_takes_the_attributes_of_a_division() -> None:
    sent = Tree("t", tags.B("x"), className="c", **{"aria-label": "l"}).to_plotly_json()
    assert (sent["type"], sent["namespace"]) == ("Tree", "finance")
    assert sent["props"] == {"id": "t", "node": {"type": "b", "props": {"children": "x"}}, "className": "c", "aria-label": "l"}
    with pytest.raises(TypeError):
        Tree(dangerouslySetInnerHTML="x")
