"""The one component of our own: a division of the page whose content is a tree of plain elements.

`assets/js/tree.js` draws it. A callback sets `node` and the browser changes what differs: fields keep what is being typed,
their caret and the focus, charts are drawn anew only where their figure changed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from dash.development.base_component import Component

from dashboard.view.tags import Element

Node = Element | str | None | list[Any]


class Tree(Component):  # type: ignore[misc]  # Dash has no types
    """A division whose content is `node`: an element of `dashboard.view.tags`, text, or a list of both.

    Args:
        id: what callbacks name it by.
        node: what it shows.
        part: `{"id": …, "node": …}` shows another content in the element of this id, until the next `node`.
        className, style, title, role, hidden, tabIndex: attributes of the division; aria- and data- ones too.
    """

    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _namespace = "finance"
    _type = "Tree"

    def __init__(self, id: str | None = None, node: Node = None, **attributes: Any) -> None:  # noqa: A002 - Dash's name
        self._prop_names = ["id", "node", "part", "className", "style", "title", "role", "hidden", "tabIndex"]
        self._valid_wildcard_attributes = ["data-", "aria-"]
        self.available_properties = self._prop_names
        self.available_wildcard_properties = self._valid_wildcard_attributes
        given = {"id": id, "node": node} | attributes
        super().__init__(**{name: value for name, value in given.items() if value is not None})
