"""What a search box understands: words, "phrases", -words, #tags, >50, <20, =12.50, cat:pets, acc:card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.errors import InputNotValid
from dashboard.model.queries.ledger import COMPARED, Bound
from dashboard.money import decimals, parse_amount
from dashboard.services.accounts import Account
from dashboard.services.categories import Category

MOST_TERMS = 8
# No row has it: what is asked for by a name that nothing bears is nothing, not everything.
NOBODY = -1
_TERM = re.compile(r'-?(?:\w+:)?"[^"]*"?|\S+')
_AMOUNT = re.compile(r"(<=|>=|<|>|=)(\d.*)")
_NAMED = re.compile(r"(cat|category|acc|account):(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Search:
    """A search box, understood.

    categories and accounts hold ids, None where they were not asked for; `notes` says in sentences what was not understood.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    bounds: tuple[tuple[Bound, ...], ...] = ()
    categories: tuple[int, ...] | None = None
    accounts: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()


def understood(text: str, accounts: Sequence[Account], categories: Sequence[Category], locale: str) -> Search:
    """Take a search apart. `cat:` and `acc:` find what begins with the name, else what holds it; "none" is uncategorised."""
    words: list[str] = []
    without: list[str] = []
    bounds: list[tuple[Bound, ...]] = []
    wanted: dict[str, set[int]] = {}
    notes: list[str] = []
    terms = _TERM.findall(text)
    if len(terms) > MOST_TERMS:
        notes.append(f"Only the first {MOST_TERMS} words were looked for.")
    for term in terms[:MOST_TERMS]:
        if term in COMPARED:
            # Somebody is about to type an amount.
            continue
        if amount := _AMOUNT.fullmatch(term):
            try:
                bounds.append(_bounds(amount[1], amount[2], accounts, locale))
            except InputNotValid as error:
                notes.append(f"{error.message}: \u201c{term[:40]}\u201d was left out.")
        elif named := _NAMED.fullmatch(term):
            kind = "cat" if named[1].lower().startswith("cat") else "acc"
            name = named[2].strip('"').casefold()
            found = _called(name, [(c.id, c.name) for c in categories] if kind == "cat" else [(a.id, a.name) for a in accounts])
            if kind == "cat" and name in ("none", "uncategorised"):
                found = {0}
            if not found:
                notes.append(f"There is no {'category' if kind == 'cat' else 'account'} called \u201c{name[:40]}\u201d.")
            # Two of a kind widen, as two choices in a menu do.
            wanted[kind] = wanted.get(kind, set()) | (found or {NOBODY})
        elif term.startswith("-") and term.strip('-"'):
            without.append(term[1:].strip('"'))
        elif term.strip('"'):
            words.append(term.strip('"'))
    return Search(
        tuple(words),
        tuple(without),
        tuple(bounds),
        tuple(sorted(wanted["cat"])) if "cat" in wanted else None,
        tuple(sorted(wanted["acc"])) if "acc" in wanted else None,
        tuple(notes),
    )


def _called(name: str, named: Sequence[tuple[int, str]]) -> set[int]:
    begins = {i for i, full in named if full.casefold().startswith(name)}
    return begins or {i for i, full in named if name in full.casefold()}


def _bounds(sign: str, amount: str, accounts: Sequence[Account], locale: str) -> tuple[Bound, ...]:
    """Return the limit in the minor units of each number of decimals there is."""
    by_places: dict[int, list[Account]] = {}
    for account in accounts:
        by_places.setdefault(decimals(account.currency), []).append(account)
    if len(by_places) < 2:
        currency = accounts[0].currency if accounts else "EUR"
        return (Bound(None, sign, parse_amount(amount, currency, locale)),)
    found = []
    for held in by_places.values():
        try:
            found.append(Bound(tuple(a.id for a in held), sign, parse_amount(amount, held[0].currency, locale)))
        except InputNotValid:
            # 12.50 is no amount of yen: no account in yen can hold it.
            continue
    if not found:
        raise InputNotValid(f"\u201c{amount[:40]}\u201d is not an amount")
    return tuple(found)
