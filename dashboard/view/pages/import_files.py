"""Files on their way in: where they are dropped, and those that wait for their check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from dashboard.view import ids
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, card, icon, link
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.importing.shapes import Waiting


class Zone(NamedTuple):
    """Where files go: the address, how many bytes each may have, and what is said of a larger one."""

    to: str
    largest: int
    too_large: str


def drop_zone(zone: Zone) -> Element:
    """Return where files are chosen and dropped; assets/js/upload.js puts in the field and a line for each file it sends."""
    said = "CSV, Excel, OFX, QIF, CAMT or MT940 as your bank gives it"
    inside = html.Div(
        [
            html.Span(icon("file-earmark-arrow-up"), className="tile"),
            html.H2(
                [
                    html.Span("Drop your bank files here", className="wide-only"),
                    html.Span("Add your bank files", className="narrow-only"),
                ]
            ),
            html.P(f"{said}, up to {zone.largest // 2**20} MB each. Several at once is fine. Or a book exported here.", className="muted"),
            html.Span([icon("folder2-open"), "Choose files"], className="btn-ink"),
            html.P([icon("shield-check"), " Read on this server only. Nothing is saved until you press Import."], className="caption"),
            html.Span(className="drop-words", **{"aria-hidden": "true"}),
        ],
        className="drop",
    )
    told = {"data-to": zone.to, "data-most": str(zone.largest), "data-refusal": zone.too_large}
    return html.Div([html.Div(inside, id=ids.UPLOAD, **told), html.Div(id=ids.SENDING)])


def waiting_card(waiting: Sequence[Waiting], words: Words) -> Element | None:
    """Return the files that wait, each to be checked or forgotten."""
    if not waiting:
        return None
    rows = [
        html.Div(
            [
                html.Span(icon("file-earmark-text"), className="tile"),
                html.Div(
                    [
                        html.Div(found.file, className="ellipsis name", title=found.file),
                        html.Div(f"{words.size(found.size)} \u00b7 {words.moment(found.at)}", className="caption"),
                    ],
                    className="grow",
                ),
                link("Check", f"/import?draft={found.id}", "btn-line btn-small", **{"aria-label": f"Check {found.file}"}),
                act("Forget", "drop-draft", found.id, class_name="btn-plain btn-small", extra="stay", label=f"Forget {found.file}"),
            ],
            className="list-row",
        )
        for found in waiting
    ]
    return card("Waiting files", html.Div(rows), class_name="waiting-files", caption="Read, and kept for a day until you import them")


def waiting_strip(waiting: Sequence[Waiting], shown: int) -> Element | None:
    """Return the way from one waiting file to the next, where more than one waits."""
    places = [found.id for found in waiting]
    if len(places) < 2 or shown not in places:
        return None
    chips: list[Child] = [
        link(
            html.Span(found.file, className="ellipsis"),
            f"/import?draft={found.id}",
            f"chip{' on' if found.id == shown else ''}",
            title=found.file,
            **({"aria-current": "true"} if found.id == shown else {}),
        )
        for found in waiting
    ]
    where = html.Span(f"{places.index(shown) + 1} of {len(places)}:", className="muted")
    return html.Nav([where, html.Div(chips, className="chips")], className="waiting", **{"aria-label": "Waiting files"})
