"""What a search asks of a row, and the condition that says it: of the row, or of one of the parts it is split into."""

from __future__ import annotations

import operator
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from dashboard.folding import BETWEEN
from dashboard.model.transactions import split

COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}
# Where a text of one kind stands among those that are folded together; "" is any of them.
PLACES = {"": 0, "payee": 1, "text": 2, "note": 3}


class Bound(NamedTuple):
    """A limit on the size of an amount: the accounts it is for (None: all), one of COMPARED, and minor units of their currency.

    most: it is no larger than this either.
    """

    accounts: tuple[int, ...] | None
    sign: str
    minor: int
    most: int | None = None


class Said(NamedTuple):
    """Words, folded, that stand in the row: anywhere, or in its payee, text or note; in a part's note too."""

    words: str
    place: str = ""


class Sized(NamedTuple):
    """Limits on the amount of the row or of one of its parts, of which one holds."""

    bounds: tuple[Bound, ...]


class Dated(NamedTuple):
    """Days, both included; None is open."""

    start: date | None
    end: date | None


class Labelled(NamedTuple):
    """Categories of the row or of one of its parts, 0 for none."""

    categories: tuple[int, ...]


class Kept(NamedTuple):
    """Accounts."""

    accounts: tuple[int, ...]


What: TypeAlias = Said | Sized | Dated | Labelled | Kept


class Term(NamedTuple):
    """What must hold, one of several; `negated`: none of them may."""

    either: tuple[What, ...]
    negated: bool = False


# All of a group's terms hold.
Group: TypeAlias = tuple[Term, ...]


def holds(dialect: str, groups: tuple[Group, ...], t: Any) -> ColumnElement[bool]:
    """Say which rows a search finds; `t` holds the columns of the table or of an alias."""
    return or_(*(and_(true(), *(_term(dialect, term, t) for term in group)) for group in groups))


def _term(dialect: str, term: Term, t: Any) -> ColumnElement[bool]:
    found = or_(false(), *(_one(dialect, what, t) for what in term.either))
    return ~found if term.negated else found


def _one(dialect: str, what: What, t: Any) -> ColumnElement[bool]:
    s = split.c
    if isinstance(what, Said):
        own = _said(dialect, what, t)
        return or_(own, _in_parts(t, _within(dialect, s.folded, what.words))) if what.place in ("", "note") else own
    if isinstance(what, Sized):
        own = or_(*(_sized(bound, t, t.amount) for bound in what.bounds))
        return or_(own, _in_parts(t, or_(*(_sized(bound, t, s.amount) for bound in what.bounds))))
    if isinstance(what, Labelled):
        ids = [i for i in what.categories if i]
        own = and_(t.category_id.is_not(None), t.category_id.in_(ids))
        none = and_(t.category_id.is_(None), ~_in_parts(t)) if 0 in what.categories else false()
        part = or_(s.category_id.in_(ids), s.category_id.is_(None)) if 0 in what.categories else s.category_id.in_(ids)
        return and_(t.transfer_id.is_(None), or_(own, none, _in_parts(t, part)))
    if isinstance(what, Dated):
        return and_(true(), *([t.date >= what.start] if what.start else []), *([t.date <= what.end] if what.end else []))
    found: ColumnElement[bool] = t.account_id.in_(what.accounts)
    return found


def _said(dialect: str, what: Said, t: Any) -> ColumnElement[bool]:
    anywhere = _within(dialect, t.folded, what.words)
    place = PLACES[what.place]
    if not place:
        return anywhere
    if dialect == "postgresql":
        return and_(anywhere, _within(dialect, func.split_part(t.folded, BETWEEN, place), what.words))
    # Each text ends where the next begins.
    rest, text = t.folded, t.folded
    for _ in range(place):
        end = func.instr(rest, BETWEEN)
        text = func.substr(rest, 1, end - 1) if place < PLACES["note"] else rest
        rest = func.substr(rest, end + 1)
    return and_(anywhere, _within(dialect, text, what.words))


def _within(dialect: str, text: Any, words: str) -> ColumnElement[bool]:
    find = func.strpos if dialect == "postgresql" else func.instr
    return find(text, words) > 0


def _sized(bound: Bound, t: Any, amount: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = COMPARED[bound.sign](func.abs(amount), bound.minor)
    if bound.most is not None:
        found = and_(found, func.abs(amount) <= bound.most)
    return found if bound.accounts is None else and_(t.account_id.in_(bound.accounts), found)


def _in_parts(t: Any, *such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say which rows have a part such as this; only rows without a category have any."""
    s = split.c
    found = select(s.transaction_id).where(s.book_id == t.book_id, s.transaction_id == t.id, *such).correlate_except(split).exists()
    return and_(t.category_id.is_(None), found)
