"""What may be a transfer: two rows side by side, with two answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.view import tags as html
from dashboard.view.parts import Words, act, amount, card, icon
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.transfers import Pair, Side


def pairs_card(pairs: Sequence[Pair], words: Words) -> Element | None:
    """Return the pairs that wait for a word, None where there are none."""
    if not pairs:
        return None
    return card(
        "Transfers between your accounts?",
        html.Ul([_pair(one, words) for one in pairs], className="pairs"),
        caption="The same amount went out here and came in there. A transfer counts as neither spending nor income.",
        class_name="pairs-card",
    )


def _pair(one: Pair, words: Words) -> Element:
    said = f"{one.out.payee} and {one.into.payee}"
    return html.Li(
        [
            html.Div(
                [_side(one.out, words), html.Span(icon("arrow-left-right"), className="muted"), _side(one.into, words)], className="sides"
            ),
            html.Div(
                [
                    act(
                        "It is a transfer",
                        "confirm-pair",
                        one.id,
                        class_name="btn-line btn-small",
                        label=f"It is a transfer: {said}",
                        once=True,
                    ),
                    act("No", "refuse-pair", one.id, class_name="btn-plain btn-small", label=f"No transfer: {said}", once=True),
                ],
                className="chips",
            ),
        ],
        key=f"pair {one.id}",
    )


def _side(side: Side, words: Words) -> Element:
    return html.Div(
        [
            html.Div(
                [html.Span(side.payee, className="ellipsis"), amount(words.money(side.amount, side.currency, plus=True))], className="line"
            ),
            html.Div(f"{side.account} \u00b7 {words.day(side.day)}", className="caption"),
        ],
        className="side",
    )
