"""Rules: the list in its order, and the drawer that shows what a rule would find while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dashboard import money
from dashboard.analysis.rules import LONGEST
from dashboard.view import ids
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, amount, field, head, icon, kept, once, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.analysis.rules import Rule
    from dashboard.services.rules import Preview, Sample, Sheet

PATH = "/rules"
SIDES = (("", "Either"), ("out", "Spent"), ("in", "Received"))


def page(sheet: Sheet, words: Words) -> Element:
    """Return all rules in the order in which they are tried."""
    add = act([icon("plus-lg"), html.Span("Add a rule")], "open-rule", "new", class_name="btn-ink")
    bar = head("Rules", html.Span(className="spacer"), add)
    if not sheet.rules:
        nothing = [
            html.P("A rule gives transactions their category by itself: everything that says \u201cspar\u201d is Groceries."),
            html.P(
                "There are none yet. Add one here, or change the category of a transaction and choose \u201cAlways use for\u2026\u201d.",
                className="caption",
            ),
        ]
        return html.Div([bar, html.Div(nothing, className="card-box empty")], className="rules")
    said = "Tried from top to bottom: the first rule that fits a transaction decides its category."
    rows = [_row(rule, place, sheet, words) for place, rule in enumerate(sheet.rules)]
    return html.Div([bar, html.P(said, className="answer"), html.Ol(rows, className="table-box rule-list")], className="rules")


def _row(rule: Rule, place: int, sheet: Sheet, words: Words) -> Element:
    category = sheet.categories.get(rule.category_id or 0)
    what: Child = (
        html.Span([tile(category.icon, category.slot), html.Span(category.name)], className="rule-category")
        if category
        else html.Span("No category", className="rule-category muted")
    )
    why = sheet.resting.get(rule.id)
    name = f"the rule for {rule.subject}"
    return html.Li(
        [
            html.Span(words.number(place + 1), className="rule-place muted", **{"aria-hidden": "true"}),
            html.Div(
                kept(
                    [
                        act(told(rule, sheet, words), "open-rule", rule.id, class_name="rule-words", label=f"Edit {name}"),
                        html.Span([icon("pause-circle"), f"Rests: {why}"], className="pill watch") if why else None,
                    ]
                ),
                className="rule-said",
            ),
            html.Span([icon("arrow-right"), html.Span("gets", className="visually-hidden"), what], className="rule-gets"),
            html.Div(
                [
                    *_arrows(rule, name, place, len(sheet.rules)),
                    act(icon("pencil"), "open-rule", rule.id, class_name="btn-plain btn-icon btn-small wide-only", label=f"Change {name}"),
                    once(act(icon("trash"), "delete-rule", rule.id, class_name="btn-plain btn-icon btn-small", label=f"Delete {name}")),
                ],
                className="category-tools",
            ),
        ],
        className="rule-row" + (" rests" if why else ""),
        key=f"rule {rule.id}",
    )


def _arrows(rule: Rule, name: str, place: int, count: int) -> list[Element]:
    found = []
    for way, there in (("up", place > 0), ("down", place < count - 1)):
        button = act(
            icon(f"chevron-{way}"),
            "move-rule",
            rule.id,
            extra=way,
            class_name="btn-plain btn-icon btn-small",
            label=f"Move {name} {way}",
        )
        if not there:
            # Not `disabled`: the focus stays on a button that has moved its row to the end.
            button["props"]["aria-disabled"] = "true"
        found.append(button)
    return found


def told(rule: Rule, sheet: Sheet, words: Words) -> list[Child]:
    """Return a rule's conditions in words."""
    parts: list[list[Child]] = []
    if rule.contains:
        parts.append(["Payee or bank text contains ", html.B(f"\u201c{rule.contains}\u201d")])
    if rule.pattern:
        parts.append(["Payee or bank text fits ", html.Span(rule.pattern, className="rule-pattern")])
    if rule.direction:
        parts.append(["received" if rule.direction == "in" else "spent"])
    if rule.least is not None or rule.most is not None:
        parts.append([_bounds(rule, sheet, words)])
    if rule.account_id is not None:
        account = sheet.accounts.get(rule.account_id)
        parts.append([account.name if account else "an account that is gone"])
    if not parts:
        return ["Nothing to look for"]
    said: list[Child] = [part for place, some in enumerate(parts) for part in ([" \u00b7 "] if place else []) + some]
    if isinstance(said[0], str):
        said[0] = said[0][:1].upper() + said[0][1:]
    return said


def _bounds(rule: Rule, sheet: Sheet, words: Words) -> str:
    least, most = (None if value is None else _sum(value, rule, sheet, words) for value in (rule.least, rule.most))
    if least is None:
        return f"at most {most}"
    if most is None:
        return f"at least {least}"
    return f"exactly {least}" if rule.least == rule.most else f"{least} to {most}"


def _currency(rule: Rule, sheet: Sheet) -> str:
    account = sheet.accounts.get(rule.account_id or 0)
    return account.currency if account else sheet.currency


def _sum(value: int, rule: Rule, sheet: Sheet, words: Words) -> str:
    """Return an amount; without its currency where it is that of whatever account a transaction is in."""
    code = _currency(rule, sheet)
    if rule.account_id is not None or {a.currency for a in sheet.accounts.values()} <= {code}:
        return words.money(value, code)
    return _plain(value, code, words)


def _plain(value: int, code: str, words: Words) -> str:
    return money.plain(value, code).replace(".", money.decimal_point(words.locale))


def typed(rule: Rule, sheet: Sheet, words: Words) -> dict[str, str]:
    """Return a rule as its form holds it."""
    code = _currency(rule, sheet)
    low, high = ("" if value is None else _plain(value, code, words) for value in (rule.least, rule.most))
    return {
        "contains": rule.contains,
        "pattern": rule.pattern,
        "least": low,
        "most": high,
        "direction": rule.direction,
        "account": str(rule.account_id or 0),
        "category": str(rule.category_id or ""),
    }


def form(rule: Rule, values: Mapping[str, str], sheet: Sheet, shown: Element) -> Element:
    """Return the drawer: what to look for, the category, and `shown`, what that finds."""
    save = html.Button("Save", type="submit", className="btn-ink", style={"order": 2})
    buttons: list[Child] = [save]
    if rule.id:
        buttons.append(once(act([icon("trash"), "Delete"], "delete-rule", rule.id, class_name="btn-line btn-danger")))
    buttons.append(html.Span(style={"flex": 1, "order": 1}))
    return html.Form(
        [
            field(
                "Payee or bank text contains", "contains", _text("contains", values, maxLength=LONGEST), "Whatever the case and the accents"
            ),
            _pattern(values),
            html.Div(
                [
                    field("Amount from", "least", _text("least", values, inputMode="decimal")),
                    field("to", "most", _text("most", values, inputMode="decimal")),
                ],
                className="field-row",
            ),
            html.Div(
                [
                    html.RadioItems(
                        id="rule-direction",
                        name="direction",
                        value=values["direction"],
                        options=[{"label": label, "value": value} for value, label in SIDES],
                        label="segment",
                        className="segments",
                    )
                ],
                className="field",
                role="group",
                **{"aria-label": "Spent or received"},
            ),
            html.Div(
                [
                    field("Account", "account", _accounts(values["account"], sheet)),
                    field("Gets the category", "category", _categories(values["category"], sheet)),
                ],
                className="field-row",
            ),
            html.Div(shown, id=ids.RULE_PREVIEW, className="rule-preview"),
            html.Div([_hidden("id", str(rule.id or "")), _hidden("revision", str(rule.revision or ""))]),
            html.Div(buttons, className="drawer-foot"),
        ],
        className="rule-form",
        noValidate=True,
        **{"data-act": "save-rule"},
    )


def _pattern(values: Mapping[str, str]) -> Element:
    hint = "A regular expression, found in the payee or the bank text: ^spar\\b|interspar"
    return html.Details(
        [
            html.Summary([icon("regex"), " Use a pattern"], className="btn-line btn-small"),
            field("Pattern", "pattern", _text("pattern", values, maxLength=LONGEST, spellCheck="false"), hint),
        ],
        className="rule-more",
        open=bool(values["pattern"]),
    )


def _accounts(chosen: str, sheet: Sheet) -> Element:
    options = [{"label": "Any account", "value": "0"}]
    options += [{"label": a.name, "value": str(a.id)} for a in sheet.accounts.values() if not a.closed or str(a.id) == chosen]
    if all(option["value"] != chosen for option in options):
        # Said, not dropped: without it the rule would be for any account.
        options.append({"label": "An account that is gone", "value": chosen})
    return html.Select(id="field-account", name="account", value=chosen, options=options)


def _categories(chosen: str, sheet: Sheet) -> Element:
    options = [{"label": c.name, "value": str(c.id)} for c in sheet.categories.values() if not c.archived or str(c.id) == chosen]
    return html.Select(id="field-category", name="category", value=chosen, options=options, placeholder="Choose a category")


def _text(name: str, values: Mapping[str, str], **more: Any) -> Element:
    return html.Input(id=f"field-{name}", name=name, value=values[name], autoComplete="off", **more)


def _hidden(name: str, value: str) -> Element:
    return html.Input(type="hidden", name=name, value=value)


def not_found_yet(why: str, *, ticked: bool) -> Element:
    """Return what stands there while nothing can be looked for, and why."""
    return html.Div([html.P([icon("info-circle"), html.Span(why)], className="rule-message", role="status"), _apply(0, ticked=ticked)])


def found(shown: Preview, words: Words, *, ticked: bool) -> Element:
    """Return what a rule finds: how many, of which so many would change, and the first of them."""
    title = f"Matches {words.counted(shown.matched, 'transaction')}"
    title += f"; {words.number(shown.changing)} would change" if shown.category and shown.matched else ""
    left = " and ".join(words.counted(count, noun) for count, noun in ((shown.transfers, "transfer"), (shown.splits, "split")) if count)
    notes = [
        *(words.money(value, code, plus=True) for code, value in shown.sums.items()),
        f"{left} left alone" if left else "",
        f"{words.number(shown.earlier)} taken by an earlier rule" if shown.earlier else "",
    ]
    rows = [_sample(row, shown.category, words) for row in shown.rows]
    more = shown.matched - len(rows)
    return html.Div(
        kept(
            [
                html.P(title, className="rule-title", role="status"),
                html.P(" \u00b7 ".join(filter(None, notes)), className="caption") if any(notes) else None,
                _apply(shown.changing, ticked=ticked),
                html.Ul(rows, className="rule-found") if rows else None,
                html.P(f"and {words.counted(more, 'more transaction')}", className="caption") if more > 0 else None,
            ]
        )
    )


def _apply(changing: int, *, ticked: bool) -> Element:
    """Return the choice to change what was booked before; it stays in the form, unseen, while there is nothing to change."""
    text = "Also change this one" if changing == 1 else f"Also change these {changing:,}"
    return html.Div(
        [
            html.Checkbox(id="field-apply", name="apply", value=ticked, label=text),
            # What the person was told: another number is not changed unseen.
            _hidden("seen", str(changing)),
        ],
        className="field rule-apply",
        hidden=not changing,
    )


def _sample(row: Sample, category: str, words: Words) -> Element:
    now = row.category or "Uncategorised"
    said = {
        "change": f"{now} \u2192 {category}",
        "same": f"{now} already" if category else now,
        "earlier": f"{now}, by the earlier rule for {row.by}",
        "transfer": "Transfer, left alone",
        "split": "Split, left alone",
    }[row.fate]
    return html.Li(
        [
            html.Div(
                [html.Span(row.payee, className="ellipsis"), html.Span(f"{words.day(row.date)} \u00b7 {said}", className="caption")],
                className="rule-sample",
            ),
            amount(words.money(row.amount, row.currency, plus=True), came_in=row.amount > 0, transfer=row.fate == "transfer"),
        ],
        className="" if row.fate == "change" else "stays",
    )
