"""The drawer that adds and edits a transaction: spent, received or moved, in parts where it was for several things."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from dashboard import money, periods
from dashboard.bounds import MOST_PARTS
from dashboard.view import tags as html
from dashboard.view.parts import Child, Words, act, field, icon, kept, notice, once, tile
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.accounts import Account
    from dashboard.services.categories import Category
    from dashboard.services.ledger import Known
    from dashboard.services.transactions import Opened, Piece

SIDES = (("spent", "Spent"), ("received", "Received"), ("transfer", "Transfer"))
PARTS_SHOWN = 2
OFTEN = 3


class Offered(NamedTuple):
    """What a form offers: accounts, categories, and what payees were last used for; picking one fills category and account.

    The form has the payees' stamp and the most frequent of them.
    """

    accounts: Sequence[Account]
    categories: Sequence[Category]
    known: Sequence[Known] = ()


class Kept(NamedTuple):
    """What the last of several that are added one after the other kept: its day and the id of its account."""

    day: date | None = None
    account: int | None = None


NOTHING = Kept()


class _Entry(NamedTuple):
    """What a form begins with.

    held: the transaction, None to add one. source, target: the account it is of; of a joined pair where it
    leaves and where it arrives. sent, came: minor units as booked; `came` only where it arrives in another currency. pair: both
    legs are known. alone: it is marked as a transfer and has no other leg.
    """

    held: Opened | None
    source: Account | None
    target: Account | None
    sent: int | None
    came: int | None
    pair: bool
    alone: bool

    @property
    def transfer(self) -> bool:
        """Say whether it is a movement between own accounts."""
        return self.pair or self.alone

    @property
    def parts(self) -> Sequence[Piece]:
        """Return the parts of a split."""
        return self.held.parts if self.held else ()

    @property
    def side(self) -> str:
        """Return which of SIDES it is."""
        if self.pair:
            return "transfer"
        return "spent" if self.held is None or self.held.row.amount <= 0 else "received"


def _begun(held: Opened | None, accounts: Sequence[Account], kept_account: int | None) -> _Entry:
    """Return what a form begins with: what is held of a row, or the account that was kept, or the first that is open."""
    opened = next(iter(_open(held, accounts)), None)
    last = next((a for a in accounts if a.id == (held.row.account_id if held else kept_account)), opened)
    if held is None:
        return _Entry(None, last, None, None, None, pair=False, alone=False)
    row = held.row
    if len(held.legs) != 2:
        return _Entry(held, last, None, row.amount, None, pair=False, alone=row.transfer_id is not None)
    other = next(leg for leg in held.legs if leg.id != row.id)
    out, into = (row, other) if row.amount < 0 else (other, row)
    source, target = (next(a for a in accounts if a.id == leg.account_id) for leg in (out, into))
    came = into.amount if source.currency != target.currency else None
    return _Entry(held, source, target, out.amount, came, pair=True, alone=False)


def _open(held: Opened | None, accounts: Sequence[Account]) -> list[Account]:
    """Return the accounts to choose from: closed ones only where the row is in one."""
    return [a for a in accounts if not a.closed or (held is not None and a.id == held.row.account_id)]


def form(opened: Opened | None, offered: Offered, words: Words, key: str, *, last: Kept = NOTHING, split: bool = False) -> Element:
    """Return the drawer's form: empty to add, filled to edit.

    Args:
        opened: the transaction, None to add one.
        key: sent once, so that a double click adds one row.
        last: what the last of several kept.
        split: open with the parts.
    """
    entry = _begun(opened, offered.accounts, last.account)
    row, categories = opened.row if opened else None, offered.categories
    fields = [
        notice("This is a transfer between own accounts: it is counted neither as income nor as spending.") if entry.transfer else None,
        _sides(entry),
        _amount_field(entry, words),
        _payee_field(row.payee if row else ""),
        html.P(f"Bank text: {row.text}", className="caption bank-words") if row and row.text and row.text != row.payee else None,
        _category_field(entry, categories),
        _where_and_when(entry, offered.accounts, words.typed_day(row.date if row else last.day or words.today), words),
        field(
            "Note or #tag",
            "note",
            html.Input(id="field-note", name="note", value=row.note if row else "", maxLength=500, autoComplete="off"),
        ),
        None if entry.transfer else _parts(entry, categories, words, opened=split),
        html.Div(
            [
                html.Input(type="hidden", name=name, value=str(value))
                for name, value in (("id", row.id if row else ""), ("revision", row.revision if row else ""), ("key", key))
            ]
        ),
        None if row else _often(offered, words),
        _foot(row.id if row else None, transfer=entry.transfer),
    ]
    return html.Form(
        kept(fields),
        className="entry",
        **{
            "data-act": "save-transaction",
            "data-known": _stamp(offered.known),
            "data-currencies": json.dumps({str(a.id): a.currency for a in offered.accounts}),
            "data-point": money.decimal_point(words.locale),
            **({"data-across": ""} if entry.came is not None else {}),
        },
    )


def _sides(entry: _Entry) -> Element:
    """Return the choice of spent, received or transfer; what a row is may change between the first two, a joined pair stays one."""
    offered = [s for s in SIDES if (s[0] == "transfer") == entry.pair] if entry.held else SIDES
    sides = html.RadioItems(
        id="field-direction",
        name="direction",
        value=entry.side,
        options=[{"label": label, "value": value} for value, label in offered],
        label="segment",
        className="segments",
    )
    return html.Div([sides], className="field", role="group", **{"aria-label": "Spent, received or transfer"})


def _amount_field(entry: _Entry, words: Words) -> Element:
    box = html.Input(
        id="field-amount",
        name="amount",
        value=_typed(abs(entry.sent), entry.source, words) if entry.sent is not None else "",
        className="big",
        inputMode="decimal",
        autoComplete="off",
        required=True,
        autoFocus=not entry.held,
    )
    return field("Amount", "amount", box, _sum_hint(entry.source, words))


def _payee_field(payee: str) -> Element:
    box = html.Input(
        id="field-payee",
        name="payee",
        value=payee,
        autoComplete="off",
        maxLength=500,
        list="known-payees",
    )
    return field("Payee", "payee", box)


def _category_field(entry: _Entry, categories: Sequence[Category]) -> Element:
    """Return the choice of the category of what is in no parts."""
    plain = entry.held and not entry.transfer and not entry.parts
    chosen = field("Category", "category", _categories("category", entry.held.row.category_id if entry.held else None, categories))
    return html.Div(kept([chosen, _always() if plain else None]), className="only-plain")


def _where_and_when(entry: _Entry, accounts: Sequence[Account], day: str, words: Words) -> Element:
    """Return the account, of a transfer also the other one and what arrives there, and the day."""
    offered = _open(entry.held, accounts)
    arrives = html.Input(
        id="field-arrives",
        name="arrives",
        value=_typed(entry.came, entry.target, words) if entry.came is not None else "",
        inputMode="decimal",
        autoComplete="off",
    )
    other = [
        field("To", "to", _accounts("to", entry.target, offered)),
        field("Arrives as", "arrives", arrives, "In the other account's currency"),
    ]
    return html.Div(
        [
            field("Account", "account", _accounts("account", entry.source, offered)),
            html.Div(other, className="only-transfer"),
            _day_field(day, words),
        ],
        className="field-row",
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


def _parts(entry: _Entry, categories: Sequence[Category], words: Words, *, opened: bool) -> Element:
    """Return the parts of a split: those there are, two at least; the first has the category there was. assets/js/forms.js adds more."""
    more = html.Button(
        [icon("plus"), " Part"], type="button", className="btn-line btn-small", **{"data-more": "part", "data-most": str(MOST_PARTS)}
    )
    rest = html.Span("", className="caption rest", **{"aria-live": "polite"})
    rows = [_part(place, entry, categories, words) for place in range(max(len(entry.parts), PARTS_SHOWN))]
    return html.Details(
        [
            html.Summary([icon("signpost-split"), " Split into parts"], className="btn-line btn-small"),
            html.Div([*rows, html.Div([more, rest], className="part-foot")], className="parts"),
        ],
        className="split-box only-plain",
        open=bool(entry.parts) or opened,
    )


def _part(place: int, entry: _Entry, categories: Sequence[Category], words: Words) -> Element:
    """Return the fields of one part; what goes the other way than the whole has a minus."""
    part = entry.parts[place] if place < len(entry.parts) else None
    whole = entry.held.row if entry.held else None
    amount, chosen = "", None if place or whole is None else whole.category_id
    if part and whole:
        other_way = part.amount > 0 if whole.amount < 0 else part.amount < 0
        amount, chosen = ("-" if other_way else "") + _typed(abs(part.amount), entry.source, words), part.category_id
    return html.Div(
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
            _part_category(place, chosen, categories),
            html.Input(
                name=f"part-note-{place}",
                value=part.note if part else "",
                placeholder="Note",
                maxLength=500,
                autoComplete="off",
                **{"aria-label": f"Note of part {place + 1}"},
            ),
        ],
        className="part-row",
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


def _often(offered: Offered, words: Words) -> Element | None:
    """Return what is added most often, each one click (or Alt and its number) away."""
    names, held = {c.id: c for c in offered.categories}, {a.id: a for a in offered.accounts}
    rows: list[Child] = []
    for place, one in enumerate([k for k in offered.known if k.times > 1 and k.account_id in held][:OFTEN], 1):
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


def _foot(row_id: int | None, *, transfer: bool) -> Element:
    buttons: list[Child] = []
    if row_id is not None:
        what = ("Not a transfer", "no-transfer") if transfer else ("Mark as transfer", "transfer")
        buttons = [
            once(act([icon("trash"), "Delete"], "delete-transaction", row_id, class_name="btn-line btn-danger")),
            once(act([icon("arrow-left-right"), what[0]], what[1], row_id)),
        ]
    else:
        another = ["Save and add another", html.Span("\u21e7\u21b5", className="key")]
        buttons = [html.Button(another, type="submit", name="again", value="again", className="btn-line")]
    # Enter presses the first button of a form that submits: Save comes first, and is shown last.
    save = html.Button(["Save", html.Span("\u21b5", className="key")], type="submit", className="btn-ink", style={"order": 2})
    return html.Div([save, *buttons, html.Span(style={"flex": 1, "order": 1})], className="drawer-foot")
