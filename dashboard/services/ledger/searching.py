"""What a search box understands, and what it says of what it does not.

Words and "phrases" stand in payee, bank text, note or a part's note, whatever their case and accents. All of them must hold;
`OR` between them begins another way to be found, and `-` before one turns it round. An amount, `12.50`, finds rows and parts of
that size, and rows that say it; `>50`, `<= 20`, `=12.50` and `10..20` only amounts. A field's name and a colon ask of one thing:
cat:pets, acc:card, payee:lidl, note:x, text:x, tag:x, amount:>50, date:2026-11, date:2026-10-05..2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.errors import InputNotValid
from dashboard.folding import fold
from dashboard.model.queries.terms import Bound, Dated, Group, Kept, Labelled, Said, Sized, Term, What
from dashboard.money import decimals, parse_amount
from dashboard.periods import Period
from dashboard.selection import AMOUNT_SIGNS, terms_of
from dashboard.services.accounts import Account
from dashboard.services.categories import Category

MOST_TERMS = 12
# No row has it: what is asked for by a name that nothing bears is nothing, not everything.
NOBODY = -1
FIELDS = ("cat", "acc", "payee", "note", "text", "tag", "amount", "date")
NAMES = {"category": "cat", "account": "acc"} | {name: name for name in FIELDS}
_SIGNED = re.compile(rf"(<=|>=|[{AMOUNT_SIGNS}])\s*(\S.*)")
_BARE = re.compile(r"[^\w\s\d]?\d[\d.,'\u2019\u00a0\u202f]*")
_FIELD = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SIGNS = {"\u2264": "<=", "\u2265": ">="}


@dataclass(frozen=True)
class Search:
    """A search box, understood.

    groups: one must hold. categories and accounts hold ids that are asked for of every row, None where they were not; dated says
    that the search itself says which days. `notes` says in sentences what was not understood.
    """

    groups: tuple[Group, ...] = ()
    categories: tuple[int, ...] | None = None
    accounts: tuple[int, ...] | None = None
    dated: bool = False
    notes: tuple[str, ...] = ()


def understood(text: str, accounts: Sequence[Account], categories: Sequence[Category], locale: str) -> Search:
    """Take a search apart. `cat:` and `acc:` find what begins with the name, else what holds it; "none" is uncategorised."""
    return _Reader(accounts, categories, locale).read(text)


class _Reader:
    def __init__(self, accounts: Sequence[Account], categories: Sequence[Category], locale: str) -> None:
        self.accounts, self.categories, self.locale = accounts, categories, locale
        self.notes: list[str] = []

    def read(self, text: str) -> Search:
        terms = terms_of(text)
        if len(terms) > MOST_TERMS:
            self.notes.append(f"Only the first {MOST_TERMS} words were looked for.")
        groups: list[list[Term]] = [[]]
        for term in terms[:MOST_TERMS]:
            if term == "OR":
                groups.append([])
            elif (found := self._term(term)) is not None:
                groups[-1].append(found)
        groups = [group for group in groups if group]
        wanted: dict[type, set[int]] = {}
        if len(groups) == 1:
            # Asked of every row: they narrow what the menus chose, and two of a kind widen, as two choices in a menu do.
            for asked in groups[0]:
                if not asked.negated and isinstance(what := asked.either[0], (Labelled, Kept)):
                    wanted.setdefault(type(what), set()).update(what[0])
            groups = [[asked for asked in groups[0] if asked.negated or not isinstance(asked.either[0], (Labelled, Kept))]]
        return Search(
            tuple(tuple(group) for group in groups if group),
            tuple(sorted(wanted[Labelled])) if Labelled in wanted else None,
            tuple(sorted(wanted[Kept])) if Kept in wanted else None,
            any(isinstance(term.either[0], Dated) and not term.negated for group in groups for term in group),
            tuple(self.notes),
        )

    def _term(self, term: str) -> Term | None:
        """Return what a term asks; None where it asks nothing, or nothing that was understood."""
        negated = term.startswith("-") and bool(term.strip('-"'))
        bare = term.removeprefix("-") if negated else term
        if not bare.strip(AMOUNT_SIGNS):
            # Somebody is about to type an amount.
            return None
        try:
            either = self._either(bare)
        except InputNotValid as error:
            self.notes.append(f"{error.message}: \u201c{term[:40]}\u201d was left out.")
            return None
        return Term(either, negated) if either else None

    def _either(self, term: str) -> tuple[What, ...]:
        if _SIGNED.fullmatch(term):
            return (self._sized(term),)
        field = _FIELD.fullmatch(term)
        if field and (name := NAMES.get(field[1].lower())):
            asked = field[2].strip().strip('"').strip()
            return (self._asked(name, asked),) if asked else ()
        if field and field[2] and not field[2].startswith("//"):
            known = ", ".join(f"{name}:" for name in FIELDS)
            self.notes.append(f"\u201c{field[1][:20]}:\u201d is no field, so it was looked for as it stands; fields are {known}.")
        words = fold(term.strip('"'))
        if not words:
            return ()
        if _BARE.fullmatch(term) or ".." in term:
            try:
                return Said(words), self._sized(term)
            except InputNotValid:
                return (Said(words),)
        return (Said(words),)

    def _asked(self, field: str, text: str) -> What:
        if field == "cat":
            if fold(text) in ("none", "uncategorised"):
                return Labelled((0,))
            return Labelled(self._called(text, [(c.id, c.name) for c in self.categories], "category"))
        if field == "acc":
            return Kept(self._called(text, [(a.id, a.name) for a in self.accounts], "account"))
        if field == "amount":
            return self._sized(text)
        if field == "date":
            return _dated(text)
        return Said("#" + fold(text.removeprefix("#")), "note") if field == "tag" else Said(fold(text), field)

    def _called(self, name: str, named: Sequence[tuple[int, str]], noun: str) -> tuple[int, ...]:
        words = fold(name)
        begins = {i for i, full in named if fold(full).startswith(words)}
        found = begins or {i for i, full in named if words in fold(full)}
        if not found:
            self.notes.append(f"There is no {noun} called \u201c{name[:40]}\u201d.")
        return tuple(sorted(found)) or (NOBODY,)

    def _sized(self, text: str) -> Sized:
        """Return the limits in the minor units of each number of decimals there is."""
        first, dots, last = text.partition("..")
        if dots:
            if not first or not last:
                return Sized(self._bounds(*(">=", first) if first else ("<=", last)))
            most = {bound.accounts: bound.minor for bound in self._bounds("<=", last)}
            both = [b._replace(most=most[b.accounts]) for b in self._bounds(">=", first) if b.accounts in most]
            if not both:
                raise InputNotValid("These two are not amounts of one currency")
            return Sized(tuple(both))
        signed = _SIGNED.fullmatch(text)
        sign, amount = (signed[1], signed[2]) if signed else ("=", text)
        return Sized(self._bounds(_SIGNS.get(sign, sign), amount))

    def _bounds(self, sign: str, amount: str) -> tuple[Bound, ...]:
        by_places: dict[int, list[Account]] = {}
        for account in self.accounts:
            by_places.setdefault(decimals(account.currency), []).append(account)
        if len(by_places) < 2:
            currency = self.accounts[0].currency if self.accounts else "EUR"
            return (Bound(None, sign, abs(parse_amount(amount, currency, self.locale))),)
        found = []
        for held in by_places.values():
            try:
                found.append(Bound(tuple(a.id for a in held), sign, abs(parse_amount(amount, held[0].currency, self.locale))))
            except InputNotValid:
                # 12.50 is no amount of yen: no account in yen can hold it.
                continue
        if not found:
            raise InputNotValid(f"\u201c{amount[:40]}\u201d is not an amount")
        return tuple(found)



def _dated(text: str) -> Dated:
    first, dots, last = text.partition("..")
    start = _days(first)[0] if first else None
    end = _days(last)[1] if last else None if dots else _days(first)[1]
    if start and end and end < start:
        raise InputNotValid("The last day is before the first")
    return Dated(start, end)


def _days(text: str) -> tuple[date, date]:
    """Return the first and last day of a year, a month or a day as 2026, 2026-11, 2026-11-05."""
    wrong = InputNotValid("Dates are searched for as 2026, 2026-11 or 2026-11-05")
    found = _DAY.fullmatch(text)
    if not found:
        raise wrong
    parts = [f"{int(part):02}" for part in found.groups() if part]
    whole = "-".join(parts)
    try:
        period = Period.parse(f"{whole}..{whole}" if len(parts) == 3 else whole)
    except InputNotValid:
        raise wrong from None
    return period.start, period.end
