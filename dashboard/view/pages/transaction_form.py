"""The drawer that adds and edits a transaction: spent, received or moved, in parts where it was for several things."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard import money, periods
from dashboard.bounds import MOST_PARTS
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, field, icon, kept, notice, once, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account
    from dashboard.services.categories import Category
    from dashboard.services.ledger import Known

SIDES = (("spent", "Spent"), ("received", "Received"), ("transfer", "Transfer"))
PARTS_SHOWN = 2
OFTEN = 3


def form(
    row: Mapping[str, Any] | None,
    accounts: Sequence[Account],
    categories: Sequence[Category],
    words: Words,
    key: str,
    *,
    known: Sequence[Known] = (),
    kept_day: date | None = None,
    kept_account: int | None = None,
    split: bool = False,
) -> Element:
    """Return the drawer's form: empty to add, filled to edit.

    Args:
        row: as of services/transactions.one, None to add.
        key: sent once, so that a double click adds one row.
        known: what payees were last used for; picking one fills category and account. The form has their stamp and the most frequent.
        kept_day, kept_account: what the last of several kept.
        split: open with the parts.
    """
    held: Mapping[str, Any] = row or {}
    open_accounts = [a for a in accounts if not a.closed or a.id == held.get("account_id")]
    last = next((a for a in accounts if a.id == held.get("account_id", kept_account)), open_accounts[0] if open_accounts else None)
    legs = held.get("legs", [])
    pair = len(legs) == 2
    other = next((leg for leg in legs if leg["id"] != held["id"]), None) if pair else None
    source, target, sent, came = last, None, held.get("amount"), None
    if other is not None:
        out, into = (held, other) if held["amount"] < 0 else (other, held)
        source, target = (next(a for a in accounts if a.id == leg["account_id"]) for leg in (out, into))
        sent, came = out["amount"], into["amount"] if source.currency != target.currency else None
    alone = held.get("transfer_id") is not None and not pair
    parts = held.get("parts", [])
    side = "transfer" if pair else "spent" if not row or held["amount"] <= 0 else "received"
    # What a row is may change between spent and received; a joined pair stays one until it is unmarked.
    offered = [s for s in SIDES if (s[0] == "transfer") == pair] if row else list(SIDES)
    sides = html.RadioItems(
        id="field-direction",
        name="direction",
        value=side,
        options=[{"label": label, "value": value} for value, label in offered],
        label="segment",
        className="segments",
    )
    day = words.typed_day(held.get("date") or kept_day or words.today)
    return html.Form(
        kept(
            [
                notice("This is a transfer between own accounts: it is counted neither as income nor as spending.")
                if alone or pair
                else None,
                html.Div([sides], className="field", role="group", **{"aria-label": "Spent, received or transfer"}),
                field(
                    "Amount",
                    "amount",
                    html.Input(
                        id="field-amount",
                        name="amount",
                        value=_typed(abs(sent), source, words) if sent is not None and source else "",
                        className="big",
                        inputMode="decimal",
                        autoComplete="off",
                        required=True,
                        autoFocus=not row,
                    ),
                    _sum_hint(source, words),
                ),
                field(
                    "Payee",
                    "payee",
                    html.Input(
                        id="field-payee",
                        name="payee",
                        value=held.get("payee", ""),
                        autoComplete="off",
                        maxLength=500,
                        list="known-payees",
                    ),
                ),
                html.P(f"Bank text: {held['text']}", className="caption bank-words")
                if held.get("text") and held["text"] != held["payee"]
                else None,
                html.Div(
                    kept(
                        [
                            field("Category", "category", _categories("category", held.get("category_id"), categories)),
                            _always() if row and not pair and not alone and not parts else None,
                        ]
                    ),
                    className="only-plain",
                ),
                html.Div(
                    [
                        field("Account", "account", _accounts("account", source, open_accounts)),
                        html.Div(
                            [
                                field("To", "to", _accounts("to", target, open_accounts)),
                                field(
                                    "Arrives as",
                                    "arrives",
                                    html.Input(
                                        id="field-arrives",
                                        name="arrives",
                                        value=_typed(came, target, words) if came is not None and target else "",
                                        inputMode="decimal",
                                        autoComplete="off",
                                    ),
                                    "In the other account's currency",
                                ),
                            ],
                            className="only-transfer",
                        ),
                        _day_field(day, words),
                    ],
                    className="field-row",
                ),
                field(
                    "Note or #tag",
                    "note",
                    html.Input(id="field-note", name="note", value=held.get("note", ""), maxLength=500, autoComplete="off"),
                ),
                _parts(parts, held, last, categories, words, opened=split) if not pair and not alone else None,
                html.Div(
                    [
                        html.Input(type="hidden", name=name, value=str(value))
                        for name, value in (("id", held.get("id", "")), ("revision", held.get("revision", "")), ("key", key))
                    ]
                ),
                _often(known, accounts, categories, words) if not row else None,
                _foot(held, transfer=pair or alone),
            ]
        ),
        className="entry",
        **{
            "data-act": "save-transaction",
            "data-known": _stamp(known),
            "data-currencies": json.dumps({str(a.id): a.currency for a in accounts}),
            "data-point": money.decimal_point(words.locale),
            **({"data-across": ""} if came is not None else {}),
        },
    )


def _sum_hint(account: Account | None, words: Words) -> str:
    if account and not money.decimals(account.currency):
        return "Type a sum if you like: 1250 + 420"
    return "Type a sum if you like: 12.50 + 4.20".replace(".", money.decimal_point(words.locale))


def _typed(minor: int, account: Account | None, words: Words) -> str:
    if account is None:
        return ""
    return money.plain(minor, account.currency).replace(".", money.decimal_point(words.locale))


def _categories(name: str, chosen: int | None, categories: Sequence[Category]) -> Element:
    options = [{"label": "Uncategorised", "value": "0"}]
    options += [{"label": c.name, "value": str(c.id)} for c in categories if not c.archived or c.id == chosen]
    return html.Select(id=f"field-{name}", name=name, value=str(chosen or 0), options=options)


def _always() -> Element:
    """Return the way to a rule for this payee and category; assets/js/rules.js saves what was typed first."""
    text = [icon("list-ol"), "Always use for this payee"]
    return html.Button(text, type="button", className="btn-line btn-small always", **{"data-always": "1"})


def _accounts(name: str, chosen: Account | None, accounts: Sequence[Account]) -> Element:
    options = [{"label": f"{a.name} ({a.currency})", "value": str(a.id)} for a in accounts]
    return html.Select(
        id=f"field-{name}", name=name, value=str(chosen.id) if chosen else "", options=options, placeholder="Choose an account"
    )


def _day_field(day: str, words: Words) -> Element:
    box = html.Div(
        [
            html.Input(id="field-date", name="date", value=day, autoComplete="off", required=True),
            html.Button(
                icon("calendar3"),
                type="button",
                className="btn-plain btn-icon pick-day",
                tabIndex=-1,
                **{"data-pick": "field-date", "aria-label": "Choose from a calendar"},
            ),
        ],
        className="with-button",
    )
    between = next(letter for letter in day if not letter.isdigit())
    hint = "t today, y yesterday, -3, " + between.join(("14", "11") if periods.day_first(words.locale) else ("11", "14"))
    return html.Div([html.Label("Date", htmlFor="field-date"), box, html.Span(hint, className="caption")], className="field")


def _parts(
    parts: Sequence[Mapping[str, Any]],
    held: Mapping[str, Any],
    account: Account | None,
    categories: Sequence[Category],
    words: Words,
    *,
    opened: bool,
) -> Element:
    """Return the parts of a split: those there are, two at least; the first has the category there was. assets/js/forms.js adds more."""
    sign = -1 if held.get("amount", -1) < 0 else 1
    rows: list[Child] = []
    for place in range(max(len(parts), PARTS_SHOWN)):
        part = parts[place] if place < len(parts) else None
        amount = _typed(abs(part["amount"]), account, words) if part else ""
        if part and part["amount"] * sign < 0:
            amount = f"-{amount}"
        rows.append(
            html.Div(
                [
                    html.Div(
                        html.Input(
                            id=f"field-part-amount-{place}",
                            name=f"part-amount-{place}",
                            value=amount,
                            inputMode="decimal",
                            autoComplete="off",
                            placeholder="Amount",
                            **{"aria-label": f"Amount of part {place + 1}"},
                        ),
                        className="field",
                    ),
                    _part_category(place, part["category_id"] if part else held.get("category_id") if not place else None, categories),
                    html.Input(
                        name=f"part-note-{place}",
                        value=part["note"] if part else "",
                        placeholder="Note",
                        maxLength=500,
                        autoComplete="off",
                        **{"aria-label": f"Note of part {place + 1}"},
                    ),
                ],
                className="part-row",
            )
        )
    return html.Details(
        [
            html.Summary([icon("signpost-split"), " Split into parts"], className="btn-line btn-small"),
            html.Div(
                [
                    *rows,
                    html.Div(
                        [
                            html.Button(
                                [icon("plus"), " Part"],
                                type="button",
                                className="btn-line btn-small",
                                **{"data-more": "part", "data-most": str(MOST_PARTS)},
                            ),
                            html.Span("", className="caption rest", **{"aria-live": "polite"}),
                        ],
                        className="part-foot",
                    ),
                ],
                className="parts",
            ),
        ],
        className="split-box only-plain",
        open=bool(parts) or opened,
    )


def _part_category(place: int, chosen: int | None, categories: Sequence[Category]) -> Element:
    select = _categories(f"part-category-{place}", chosen, categories)
    select["props"]["aria-label"] = f"Category of part {place + 1}"
    return select


def known_payees(known: Sequence[Known]) -> Element:
    """Return what the payee's field offers: payees with their last category and account. Where its stamp is another, a form asks for it."""
    options = [html.Option(value=k.payee, **{"data-category": k.category_id or 0, "data-account": k.account_id}) for k in known]
    return html.Datalist(options, id="known-payees", **{"data-stamp": _stamp(known)})


def _stamp(known: Sequence[Known]) -> str:
    said = json.dumps([(k.payee, k.category_id, k.account_id) for k in known])
    return hashlib.blake2s(said.encode(), digest_size=8).hexdigest()


def _often(known: Sequence[Known], accounts: Sequence[Account], categories: Sequence[Category], words: Words) -> Element | None:
    """Return what is added most often, each one click (or Alt and its number) away."""
    names, held = {c.id: c for c in categories}, {a.id: a for a in accounts}
    rows: list[Child] = []
    for place, one in enumerate([k for k in known if k.times > 1 and k.account_id in held][:OFTEN], 1):
        category = names.get(one.category_id or 0)
        account = held[one.account_id]
        what = " \u00b7 ".join(filter(None, (category.name if category else "", account.name)))
        rows.append(
            html.Button(
                [
                    tile(category.icon, category.slot) if category else html.Span(icon("question-circle"), className="tile"),
                    html.Span([one.payee, " ", html.Span(what, className="caption")], className="grow ellipsis"),
                    html.Span(words.money(one.amount, account.currency, plus=True), className="amount"),
                    html.Span(f"Alt {place}", className="key"),
                ],
                type="button",
                className="list-row",
                **{
                    "data-fill": json.dumps(
                        {
                            "direction": "spent" if one.amount <= 0 else "received",
                            "amount": _typed(abs(one.amount), account, words),
                            "payee": one.payee,
                            "category": str(one.category_id or 0),
                            "account": str(account.id),
                        },
                        ensure_ascii=False,
                    )
                },
            )
        )
    return html.Div([html.P("Often added", className="caption"), *rows], className="often") if rows else None


def _foot(held: Mapping[str, Any], *, transfer: bool) -> Element:
    buttons: list[Child] = []
    if held:
        what = ("Not a transfer", "no-transfer") if transfer else ("Mark as transfer", "transfer")
        buttons = [
            once(act([icon("trash"), "Delete"], "delete-transaction", held["id"], class_name="btn-line btn-danger")),
            once(act([icon("arrow-left-right"), what[0]], what[1], held["id"])),
        ]
    else:
        another = ["Save and add another", html.Span("\u21e7\u21b5", className="key")]
        buttons = [html.Button(another, type="submit", name="again", value="again", className="btn-line")]
    # Enter presses the first button of a form that submits: Save comes first, and is shown last.
    save = html.Button(["Save", html.Span("\u21b5", className="key")], type="submit", className="btn-ink", style={"order": 2})
    return html.Div([save, *buttons, html.Span(style={"flex": 1, "order": 1})], className="drawer-foot")
