"""Elements as plain dicts, in the form in which Dash sends its components to the browser.

A page is five hundred elements. As `dash.html` objects, which check every property by name, they take ten times as long
to make and to write as the numbers they show take to read (`make bench`); as dicts they cost nothing, as the figures do.
A test holds the form to what the components themselves make. Names and properties are those of `dash.html`,
`dash.dcc` and `dash_bootstrap_components`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Element = dict[str, Any]


# What the browser knows `dash_html_components` by as well (assets/js/app.js): a page says it seven hundred times.
HTML = "h"


def _tag(name: str, namespace: str = HTML) -> Callable[..., Element]:
    def make(children: Any = None, **properties: Any) -> Element:
        if children is not None:
            properties["children"] = children
        return {"type": name, "namespace": namespace, "props": properties}

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"Return a {name} element."
    return make


A, B, Br, Button, Datalist, Details, Div, Form = map(_tag, ("A", "B", "Br", "Button", "Datalist", "Details", "Div", "Form"))
H1, H2, Header, I, Label, Li, Nav = map(_tag, ("H1", "H2", "Header", "I", "Label", "Li", "Nav"))  # noqa: E741 - that is its name
Fieldset, Legend = map(_tag, ("Fieldset", "Legend"))
Ol, Option, P, Section, Span, Strong, Summary = map(_tag, ("Ol", "Option", "P", "Section", "Span", "Strong", "Summary"))
Table, Tbody, Td, Th, Thead, Tr, Ul = map(_tag, ("Table", "Tbody", "Td", "Th", "Thead", "Tr", "Ul"))
Graph = _tag("Graph", "dash_core_components")
Checkbox, Input, RadioItems, Select = (_tag(name, "dash_bootstrap_components") for name in ("Checkbox", "Input", "RadioItems", "Select"))
