"""Elements as plain dicts are what the components themselves would send."""

from __future__ import annotations

import json
from typing import Any

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html
from dash._utils import to_json

from dashboard.view import tags

LIBRARIES = {tags.HTML: html, "dash_core_components": dcc, "dash_bootstrap_components": dbc}
EVERY = {
    name: make for name, make in vars(tags).items() if name not in ("Any", "Callable", "Element") and name[0].isupper() and callable(make)
}


@pytest.mark.parametrize("name", sorted(EVERY))
def test_an_element_is_what_the_component_sends(name: str) -> None:
    made: dict[str, Any] = EVERY[name](id="x", style={"color": "red"})
    sent = json.loads(str(to_json(getattr(LIBRARIES[made["namespace"]], name)(id="x", style={"color": "red"}))))
    # A component says that it has no children; an element leaves them out.
    # The short name of the largest library; the browser resolves it to the long one.
    sent["namespace"] = tags.HTML if sent["namespace"] == "dash_html_components" else sent["namespace"]
    sent["props"] = {key: value for key, value in sent["props"].items() if value is not None}
    assert made == sent


def test_children_and_attributes_arrive() -> None:
    made = tags.Div(["a", tags.B("b")], className="c", **{"data-act": "d", "aria-label": "e"})
    component = html.Div(["a", html.B("b")], className="c", **{"data-act": "d", "aria-label": "e"})
    assert made == json.loads(str(to_json(component)).replace("dash_html_components", tags.HTML))
