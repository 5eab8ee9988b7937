"""The command box: what it offers before and while something is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.analysis.frames import rows as rows_of
from dashboard.view import tags as html
from dashboard.view.pages.transaction_filters import PATH
from dashboard.view.parts import Child, Words, icon, kept, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.ledger.finding import Found

# (words it is found by, what it says, icon, key, address or action)
COMMANDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("dashboard home overview", "Go to Dashboard", "columns-gap", "G D", "/"),
    ("transactions list", "Go to Transactions", "list-ul", "G T", "/transactions"),
    ("budgets", "Go to Budgets", "sliders", "G B", "/budgets"),
    ("import file upload bank csv", "Import a file", "upload", "G I", "/import"),
    ("accounts balances net worth reconcile", "Go to Accounts", "wallet2", "G A", "/accounts"),
    ("categories groups", "Go to Categories", "tags", "G C", "/categories"),
    ("rules always automatic", "Go to Rules", "list-ol", "", "/rules"),
    ("history changes undo", "History of changes", "clock-history", "G H", "/history"),
    ("settings profile password theme", "Settings", "gear", "G S", "/settings"),
    ("shortcuts keys keyboard help", "Keyboard shortcuts", "keyboard", "?", "/settings?tab=shortcuts"),
    ("add new transaction spent received transfer", "Add a transaction", "plus-lg", "N", "open-transaction=new"),
    ("add new account", "Add an account", "wallet2", "", "open-account=new"),
    ("add new rule always", "Add a rule", "list-ol", "", "open-rule=new"),
    ("undo last change back", "Undo the last change", "arrow-counterclockwise", "Ctrl Z", "undo-last="),
    ("review unseen new", "Transactions to review", "eye", "", "/transactions?p=all&review=1"),
    ("biggest largest expense spent", "Biggest expenses of all time", "sort-down", "", "/transactions?p=all&type=spending&sort=out"),
    ("light dark theme appearance", "Switch between light and dark", "moon", "", "theme="),
    ("export csv download", "Export transactions as CSV", "download", "", "/settings?tab=data"),
)
MOST = 7


def results(found: Found, words: Words) -> list[Element]:
    """Return what fits the words: commands, then accounts, categories and payees, then transactions of all time."""
    typed = found.text.casefold().split()
    options: list[Child] = []
    commands = [c for c in COMMANDS if all(any(w.startswith(t) for w in f"{c[0]} {c[1]}".casefold().split()) for t in typed)]
    for _, text, image, key, target in commands[: MOST if typed else len(COMMANDS)]:
        options.append(
            _option(
                len(options), [icon(image), html.Span(text, className="grow"), html.Span(key, className="key") if key else None], target
            )
        )
    for name, image, slot, target, what in found.places:
        mark = tile(image, slot)
        options.append(
            _option(len(options), [mark, html.Span(name, className="grow ellipsis"), html.Span(what, className="caption")], PATH + target)
        )
    for row in rows_of(found.rows):
        account = found.accounts[row.account_id]
        said = [
            icon("receipt"),
            html.Span(
                [row.payee, html.Span(f" {words.day(row.date)} \u00b7 {account.name}", className="caption")], className="grow ellipsis"
            ),
            html.Span(words.money(row.amount, account.currency, plus=True), className="amount"),
        ]
        options.append(_option(len(options), said, f"open-transaction={row.id}"))
    if found.text and found.count:
        text = f"All {words.counted(found.count, 'transaction')} with \u201c{found.text}\u201d"
        options.append(_option(len(options), [icon("search"), html.Span(text, className="grow ellipsis")], found.address))
    if not options:
        return [html.P(f"Nothing is called \u201c{found.text}\u201d.", className="muted none", **{"data-for": found.text})]
    return [html.Div(options, role="listbox", id="command-options", **{"aria-label": "Results", "data-for": found.text})]


def _option(place: int, children: Sequence[Child], target: str) -> Element:
    more = {"role": "option", "id": f"command-option-{place}", "tabIndex": -1, "aria-selected": "true" if not place else "false"}
    if target.startswith("/"):
        return html.A(kept(children), href=target, className="command-row", **more)
    name, _, value = target.partition("=")
    return html.Button(kept(children), type="button", className="command-row", **more, **{"data-act": name, "data-value": value})
