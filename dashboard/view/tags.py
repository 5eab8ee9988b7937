"""Elements of a page as plain dicts, as `assets/js/tree.js` draws them: {"type": tag, "props": {…, "children": …}}.

A page is five hundred elements. As Dash components each costs the server the checking of its properties and the browser a
subscriber of the store, asked again at every change of anything; as a tree, which is one property of one component
(`dashboard.view.tree.Tree`), they cost what React takes to draw them. Properties have React's names. Text is only ever text.
A `key` names an element among its siblings; without one its `id` or `data-id` does: rows that move take focus and what is
being typed with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Element = dict[str, Any]


def _tag(name: str) -> Callable[..., Element]:
    def make(children: Any = None, **properties: Any) -> Element:
        if children is not None:
            properties["children"] = children
        return {"type": name, "props": properties}

    make.__name__ = make.__qualname__ = name
    make.__doc__ = f"Return a {name} element."
    return make


A, B, Br, Button, Datalist, Details, Div, Form = map(_tag, ("a", "b", "br", "button", "datalist", "details", "div", "form"))
H1, H2, Header, I, Label, Li, Nav = map(_tag, ("h1", "h2", "header", "i", "label", "li", "nav"))  # noqa: E741 - that is its name
Fieldset, Legend = map(_tag, ("fieldset", "legend"))
Ol, Option, P, Section, Span, Strong, Summary = map(_tag, ("ol", "option", "p", "section", "span", "strong", "summary"))
Table, Tbody, Td, Th, Thead, Tr, Ul = map(_tag, ("table", "tbody", "td", "th", "thead", "tr", "ul"))
# A figure, drawn by Plotly where it stands: id, figure, config, style.
Graph = _tag("Graph")
_input, _select = map(_tag, ("input", "select"))


def Input(**properties: Any) -> Element:  # noqa: N802 - an element is named as its tag is
    """Return a field; `value` is what it holds until somebody types."""
    return _input(**properties | {"className": f"{properties.get('className', '')} form-control".strip()})


def Select(value: str | None, options: Sequence[Mapping[str, Any]], placeholder: str = "", **properties: Any) -> Element:  # noqa: N802
    """Return a choice of one among options (`value`, `label`, perhaps `disabled`); the placeholder stands there until one is chosen."""
    first = Option(placeholder, value="", disabled=True, hidden=True)
    rest = [Option(option["label"], **{k: v for k, v in option.items() if k != "label"}) for option in options]
    return _select([first, *rest], value=value or "", className="form-select", **properties)


def Checkbox(*, value: bool, label: Any = "", **properties: Any) -> Element:  # noqa: N802 - as above
    """Return a box to tick, with what it says."""
    box = _input(type="checkbox", checked=value, className="form-check-input", **properties)
    return Div([box, Label(label, className="form-check-label form-label", htmlFor=properties["id"])], className="form-check")


def RadioItems(  # noqa: N802 - as above
    *, id: str, name: str, value: str | None, options: Sequence[Mapping[str, Any]], className: str, label: str = ""  # noqa: A002, N803
) -> Element:
    """Return a choice of one that shows all there are (`value`, `label`); `label` is the class of each."""
    return Div(
        [
            Div(
                [
                    _input(
                        type="radio",
                        id=f"{id}-{option['value']}",
                        name=name,
                        value=option["value"],
                        checked=option["value"] == value,
                        className="form-check-input",
                    ),
                    Label(option["label"], htmlFor=f"{id}-{option['value']}", className=f"form-check-label {label}".strip()),
                ],
                className="form-check form-check-inline",
            )
            for option in options
        ],
        id=id,
        className=className,
    )
