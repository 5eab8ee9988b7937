"""Categories: the groups with what is in them, and the drawers that make, edit and merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dashboard.periods import Period
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, field, head, icon, kept, link, once, slot_style
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.categories import Category, Shelf

PATH = "/categories"
# What the slots of assets/css/tokens.css look like, for those who hear or cannot tell them apart.
COLOURS = (
    *("Indigo", "Orange", "Teal", "Plum", "Ochre", "Violet", "Rust", "Sky", "Leaf"),
    *("Berry", "Blue", "Sand", "Forest", "Lilac", "Olive", "Slate", "Rose", "Mint"),
)
KINDS = {"expense": "Spending", "income": "Income"}


def page(shelf: Shelf, words: Words) -> Element:
    """Return all groups with their categories, and the archived ones folded in beneath."""
    rules = link([icon("list-ol"), "Rules"], "/rules", "btn-line")
    named = html.Span(["Add", html.Span("\u00a0a category", className="wide-only-inline")])
    add = act([icon("plus-lg"), named], "open-category", "new", class_name="btn-ink", label="Add a category")
    offered = [one for one in shelf.categories if not one.archived]
    groups: dict[str, list[Category]] = {}
    for one in offered:
        groups.setdefault(one.group, []).append(one)
    parts: list[Child] = [_group(name, members, list(groups), shelf, words) for name, members in groups.items()]
    if not groups:
        parts.append(html.Div(html.P("No categories yet. Add one to sort your transactions into."), className="card-box empty"))
    said = f"Transactions of all times, and the amounts of {shelf.year}"
    said += f" in {shelf.currency}; accounts in other currencies are counted, their amounts are not shown." if shelf.elsewhere else "."
    archived = [one for one in shelf.categories if one.archived]
    return html.Div(
        kept(
            [
                head("Categories", html.Span(className="spacer"), rules, add),
                html.P(said, className="answer"),
                *parts,
                _archived(archived, shelf, words),
            ]
        ),
        className="categories",
    )


def _group(name: str, members: Sequence[Category], names: list[str], shelf: Shelf, words: Words) -> Element:
    place = names.index(name)
    top = html.Div(
        [
            html.H2(name, className="ellipsis"),
            html.Span(className="spacer"),
            *_arrows("move-group", name, f"group {name}", place, len(names)),
            act(icon("pencil"), "open-group", name, class_name="btn-plain btn-icon btn-small", label=f"Rename group {name}"),
        ],
        className="category-group",
    )
    rows = [_row(one, n, len(members), shelf, words) for n, one in enumerate(members)]
    return html.Section([top, html.Ul(rows, className="category-list")], className="table-box", key=f"group {name}", **{"aria-label": name})


def _row(one: Category, place: int, count: int, shelf: Shelf, words: Words) -> Element:
    return html.Li(
        [
            _tile(one),
            html.Div(
                [act(one.name, "open-category", one.id, class_name="category-name", label=f"Edit {one.name}"), _uses(one, shelf, words)]
            ),
            html.Div(
                [
                    *_arrows("move-category", str(one.id), one.name, place, count),
                    act(
                        icon("pencil"),
                        "open-category",
                        one.id,
                        class_name="btn-plain btn-icon btn-small wide-only",
                        label=f"Edit {one.name}",
                    ),
                ],
                className="category-tools",
            ),
        ],
        className="category-row",
        key=f"category {one.id}",
    )


def _tile(one: Category) -> Element:
    return html.Span(icon(one.icon), className="tile", style=slot_style(one.slot))


def _uses(one: Category, shelf: Shelf, words: Words) -> Element:
    """Return how often it was used in all and for how much this year, each leading to its transactions."""
    count, amount = shelf.counts.get(one.id, 0), shelf.amounts.get(one.id, 0)
    if not count:
        return html.Div(html.Span("No transactions", className="muted"), className="category-uses")
    everything = link(words.counted(count, "transaction"), f"/transactions?p={Period.all_time()}&cat={one.id}", "link")
    parts: list[Child] = [everything]
    if amount:
        own = f"&cur={shelf.currency}" if shelf.elsewhere else ""
        parts.append(link(words.whole(amount, shelf.currency), f"/transactions?p={shelf.year}{own}&cat={one.id}", "link"))
    return html.Div(parts, className="category-uses")


def _arrows(action: str, value: str, name: str, place: int, count: int) -> list[Element]:
    found = []
    for way, there in (("up", place > 0), ("down", place < count - 1)):
        button = act(
            icon(f"chevron-{way}"), action, value, extra=way, class_name="btn-plain btn-icon btn-small", label=f"Move {name} {way}"
        )
        if not there:
            # Not `disabled`: the focus stays on a button that has moved its row to the end.
            button["props"]["aria-disabled"] = "true"
        found.append(button)
    return found


def _archived(found: Sequence[Category], shelf: Shelf, words: Words) -> Element | None:
    if not found:
        return None
    rows = [
        html.Li(
            [
                _tile(one),
                html.Div(
                    [act(one.name, "open-category", one.id, class_name="category-name", label=f"Edit {one.name}"), _uses(one, shelf, words)]
                ),
                act(
                    "Offer again", "archive-category", one.id, extra="no", class_name="btn-line btn-small", label=f"Offer {one.name} again"
                ),
            ],
            className="category-row",
            key=f"category {one.id}",
        )
        for one in found
    ]
    about = html.P("Not offered for new entries; their history, figures and budgets stay.", className="caption")
    return html.Details(
        [html.Summary([icon("archive"), f"Archived ({words.number(len(found))})"]), about, html.Ul(rows, className="category-list")],
        className="table-box category-archive",
    )


def form(one: Category | None, shelf: Shelf) -> Element:
    """Return the drawer: empty to add; filled to edit, with what else can be done to it beneath."""
    groups = list(dict.fromkeys(c.group for c in shelf.categories))
    used = one is not None and one.id in shelf.used
    kind = one.kind if one else "expense"
    icons = shelf.icons if one is None or one.icon in shelf.icons else (one.icon, *shelf.icons)
    parts: list[Child] = [
        field("Name", "name", _text("name", one.name if one else "")),
        field("Group", "group", _text("group", one.group if one else "", list="category-groups"), "One of yours, or a new one"),
        html.Datalist([html.Option(value=name) for name in groups], id="category-groups"),
        _kind(kind) if not used else None,
        _colours(one, shelf.categories) if kind == "expense" or not used else None,
        _radios(
            "Icon",
            "icon",
            one.icon if one else icons[0],
            [
                (
                    name,
                    html.Span([icon(name), html.Span(name.replace("-", " "), className="visually-hidden")], title=name.replace("-", " ")),
                )
                for name in icons
            ],
            "icon-grid",
        ),
        html.Div([_hidden("id", str(one.id) if one else ""), _hidden("revision", str(one.revision) if one else "")]),
        html.Div(html.Button("Save", type="submit", className="btn-ink"), className="drawer-foot"),
    ]
    saved = html.Form(kept(parts), **{"data-act": "save-category"})
    return saved if one is None else html.Div([saved, *_more(one, shelf, used=used)])


def _kind(kind: str) -> Element:
    sides = html.RadioItems(
        id="category-kind",
        name="kind",
        value=kind,
        options=[{"label": word, "value": value} for value, word in KINDS.items()],
        label="segment",
        className="segments",
    )
    return html.Fieldset(
        [html.Legend("Kind", className="label"), sides, html.Span("Fixed once it has transactions or budgets", className="caption")],
        className="field",
    )


def _colours(one: Category | None, categories: Sequence[Category]) -> Element:
    wearing: dict[int, str] = {}
    for other in categories:
        wearing.setdefault(other.slot, other.name)
    options = [
        (
            str(slot),
            html.Span(
                [
                    html.Span(className="swatch", style=slot_style(slot)),
                    html.Span(
                        [html.Span(f"{slot} {name}"), html.Span(wearing.get(slot, "free"), className="caption ellipsis")],
                        className="colour-name",
                    ),
                ],
                className="colour",
            ),
        )
        for slot, name in enumerate(COLOURS, 1)
    ]
    hint = "" if one else "Left open, the next free one is taken; income has its own"
    return _radios("Colour", "slot", str(one.slot) if one and one.slot else None, options, "colour-grid", hint)


def _radios(title: str, name: str, value: str | None, options: Sequence[tuple[str, Element]], class_name: str, hint: str = "") -> Element:
    grid = html.RadioItems(
        id=f"category-{name}",
        name=name,
        value=value,
        options=[{"label": label, "value": key} for key, label in options],
        className=class_name,
    )
    return html.Fieldset(
        kept([html.Legend(title, className="label"), grid, html.Span(hint, className="caption") if hint else None]), className="field"
    )


def _more(one: Category, shelf: Shelf, *, used: bool) -> list[Element]:
    """Return what else can be done to a category: merge, archive, delete where nothing uses it."""
    others = [c for c in shelf.categories if c.id != one.id and c.kind == one.kind and not c.archived]
    choose = [{"label": c.name, "value": str(c.id)} for c in others]
    merging = html.Form(
        [
            field(
                "Merge into",
                "into",
                html.Select(None, choose, "Choose a category", id="field-into", name="into"),
                "Its transactions, splits, budgets and rules follow; undo brings it back",
            ),
            _hidden("from", str(one.id)),
            html.Button([icon("sign-merge-right"), "Merge"], type="submit", className="btn-line"),
        ],
        className="category-merge",
        **{"data-act": "merge-category"},
    )
    buttons: list[Child] = [
        once(act([icon("archive"), "Offer again"], "archive-category", one.id, extra="no"))
        if one.archived
        else once(act([icon("archive"), "Archive"], "archive-category", one.id, extra="yes")),
        None if used else once(act([icon("trash"), "Delete"], "delete-category", one.id, class_name="btn-line btn-danger")),
    ]
    return [*([merging] if others else []), html.Div(kept(buttons), className="category-buttons")]


def group_form(name: str, names: Sequence[str]) -> Element:
    """Return the drawer that renames a group."""
    return html.Form(
        [
            field("Name", "name", _text("name", name, list="category-groups"), "The name of another group joins the two"),
            html.Datalist([html.Option(value=other) for other in names if other != name], id="category-groups"),
            _hidden("group", name),
            html.Div(html.Button("Save", type="submit", className="btn-ink"), className="drawer-foot"),
        ],
        **{"data-act": "rename-group"},
    )


def _text(name: str, value: str, **more: Any) -> Element:
    return html.Input(id=f"field-{name}", name=name, value=value, required=True, maxLength=80, autoComplete="off", **more)


def _hidden(name: str, value: str) -> Element:
    return html.Input(type="hidden", name=name, value=value)
