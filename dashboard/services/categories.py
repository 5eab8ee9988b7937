"""Categories and their groups: listed with their use, added, changed, merged, ordered, archived; each change can be undone.

Two levels: a group is a name that its categories share, and stands where the first of them does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from dashboard.analysis.projections import Held, in_force
from dashboard.bounds import LONGEST_NAME, cut, room_for
from dashboard.errors import InputNotValid, NotFound
from dashboard.model.budgets import budget
from dashboard.model.categories import EXPENSE, ICONS, INCOME, KINDS, PRESET, SLOTS, SYNONYMS, category
from dashboard.model.imports import rule
from dashboard.model.queries import budgets, flow, nouns, rules, transactions, usage
from dashboard.model.queries.budgets import BudgetRow
from dashboard.model.transactions import split, transaction
from dashboard.model.writing import Writer
from dashboard.periods import Period
from dashboard.services import fields
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book, Done
from dashboard.statements.formats.own import TRANSFER

# The group of categories that came with a file.
IMPORTED = "Imported"
PLAIN_ICON = ICONS[0]
_BY_ICON = {icon: name for name, _, _, _, icon in PRESET}
T = TypeVar("T")


@dataclass(frozen=True)
class Category:
    """One category; slot is its colour (1 to 18, 0 for income), never a hex value."""

    id: int
    name: str
    group: str
    kind: str
    slot: int
    icon: str
    revision: int = 0
    position: int = 0
    archived: bool = False

    @property
    def is_income(self) -> bool:
        """Say whether what is booked to it counts as income."""
        return self.kind == INCOME

    @property
    def words(self) -> tuple[str, ...]:
        """Return what else it may be called; a preset that was renamed is still known by its icon."""
        return SYNONYMS.get(self.name) or SYNONYMS.get(_BY_ICON.get(self.icon, ""), ())


@dataclass(frozen=True)
class CategoryForm:
    """A category as its form sends it, nothing checked yet.

    No kind means the one it has, no slot the next free one or the one it has; the group may be new.
    """

    name: object
    group: object
    icon: object
    kind: object = None
    slot: object = None


@dataclass(frozen=True)
class Shelf:
    """All categories in their order with what is in them; counts and amounts by id.

    amounts: minor units of `currency` in `year`, spending and income both positive. elsewhere: whether accounts in other
    currencies are left out of them. used: what a transaction, a budget or a rule names, so that it cannot be deleted. icons: what
    one may be chosen from.
    """

    categories: list[Category]
    year: Period
    currency: str
    elsewhere: bool
    counts: dict[int, int]
    amounts: dict[int, int]
    used: frozenset[int]
    icons: tuple[str, ...] = ICONS


UNCATEGORISED = Category(0, "Uncategorised", "", EXPENSE, 0, "question-circle")
UNCATEGORISED_INCOME = Category(flow.UNCATEGORISED_IN, "Uncategorised", "", INCOME, 0, "question-circle")
# An export says these where there is no category, so no category can be called so.
RESERVED = (UNCATEGORISED.name, TRANSFER)


def all_categories(book: Book) -> list[Category]:
    """Return the book's categories in their order, group by group."""
    with book.reading() as db:
        return read_categories(db, book)


def read_categories(db: Connection, book: Book) -> list[Category]:
    """Return the book's categories in their order, group by group, on an open connection."""
    groups: dict[str, list[Category]] = {}
    for row in nouns.categories(db, book.id):
        one = Category(row.id, row.name, row.group, row.kind, row.slot, row.icon, row.revision, row.position, bool(row.archived))
        groups.setdefault(one.group, []).append(one)
    return [one for members in groups.values() for one in members]


def shelf(book: Book) -> Shelf:
    """Return all categories with their use."""
    year = Period.of_year(book.today.year)
    with book.reading() as db:
        categories = read_categories(db, book)
        accounts = read_accounts(db, book)
        currencies = list(dict.fromkeys(a.currency for a in accounts)) or [book.currency]
        currency = book.currency if book.currency in currencies else currencies[0]
        elsewhere = len(currencies) > 1
        counted = [a.id for a in accounts if a.currency == currency] if elsewhere else None
        counts = usage.counts(db, book.id)
        flows = flow.by_span(db, book.id, [(year.start, year.end)], counted)
        planned = usage.planned(db, book.id)
    by_id = dict(zip(counts["category_id"].tolist(), counts["count"].tolist(), strict=True))
    signs = {one.id: 1 if one.is_income else -1 for one in categories}
    amounts = {c: signs[c] * amount for _, c, amount in flows if c in signs}
    return Shelf(categories, year, currency, elsewhere, by_id, amounts, planned | frozenset(by_id))


def presets(categories: list[Category]) -> dict[str, tuple[int, bool]]:
    """Return the book's categories by the preset names they began with; one that was renamed is known by its icon."""
    kinds = {name: kind for name, _, kind, _, _ in PRESET}
    named = {c.name: (c.id, c.is_income) for c in categories if kinds.get(c.name) == c.kind}
    # One that came with a file wears whatever icon was free.
    renamed = [c for c in categories if c.name not in kinds and c.group != IMPORTED]
    return {_BY_ICON[c.icon]: (c.id, c.is_income) for c in renamed if kinds.get(_BY_ICON.get(c.icon, "")) == c.kind} | named


def offered(categories: Iterable[Category]) -> list[Category]:
    """Leave out the archived ones: what is chosen from for a new entry."""
    return [one for one in categories if not one.archived]


def category_of(db: Connection, book: Book, category_id: object) -> Category:
    """Return one of the book's categories.

    Raises:
        NotFound: it is not in this book.
    """
    return pick(read_categories(db, book), category_id)


def pick(known: Sequence[Category], category_id: object) -> Category:
    """Return one of some categories.

    Raises:
        NotFound: it is not among them.
    """
    wanted = fields.identity(category_id)
    found = next((one for one in known if one.id == wanted), None)
    if found is None:
        raise NotFound("That category does not exist, or is not yours.")
    return found


def add_named(w: Writer, existing: list[Category], names: dict[str, bool]) -> dict[str, int]:
    """Add categories that are not there yet, within a change; `names` says of each whether it is income.

    Returns:
        The new ones' ids by name.

    Raises:
        InputNotValid: a book does not hold so many.
    """
    room_for("category", len(existing) + len(names))
    known = list(existing)
    last = max((one.position for one in known), default=-1)
    rows = []
    for place, (name, income) in enumerate(names.items(), last + 1):
        group, kind = ("Income", INCOME) if income else (IMPORTED, EXPENSE)
        slot = 0 if income else free_slot(known, group, PLAIN_ICON)
        worn = {one.icon for one in known if one.slot == slot}
        icon = PLAIN_ICON if income else next((i for i in ICONS if i not in worn), PLAIN_ICON)
        known.append(Category(0, name, group, kind, slot, icon))
        row = {"name": cut(name) or "\u2013", "group": group, "kind": kind, "slot": slot, "icon": icon}
        rows.append(row | {"position": place, "archived": False})
    return dict(zip(names, w.insert(category, rows), strict=True)) if rows else {}


def free_slot(known: Iterable[Category], group: str, icon: str) -> int:
    """Return the colour for a new category: the lowest unused; after 18 the least used in its group, shared with another icon."""
    taken = [one for one in known if one.slot]
    used = {one.slot for one in taken}

    def cost(slot: int) -> tuple[bool, bool, int, int]:
        sharing = [one for one in taken if one.slot == slot]
        beside = sum(one.group.casefold() == group.casefold() for one in sharing)
        return slot in used, any(one.icon == icon for one in sharing), beside, len(sharing)

    return min(range(1, SLOTS + 1), key=cost)


def save(book: Book, category_id: object, revision: object, form: CategoryForm) -> Done:
    """Make a category (no id) or change one.

    Raises:
        InputNotValid: a field cannot be used, another category has the name, or the kind of a used one would change.
        NotFound: it is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    title = named(form.name, "name")
    family = fields.text(form.group, "group", longest=LONGEST_NAME, required=True)
    wanted = fields.optional_identity(category_id)
    with book.writing() as w:
        known = read_categories(w.connection, book)
        before = pick(known, wanted) if wanted is not None else None
        if before is not None:
            w.guard(category, before.id, fields.identity(revision))
        if any(one.name.casefold() == title.casefold() and one.id != wanted for one in known):
            raise InputNotValid("Another category has that name", "name")
        group, kind = _spelled(known, family), _kind(w.connection, book, before, form.kind)
        icon = _icon(form.icon, before)
        slot = 0
        if kind != INCOME:
            slot = _slot(form.slot) or (before.slot if before is not None else 0)
            slot = slot or free_slot([one for one in known if one.id != wanted], group, icon)
        values = {"name": title, "group": group, "kind": kind, "icon": icon, "slot": slot}
        if before is None:
            w.action = f"Category {_quoted(title)} added"
            place = max((one.position for one in known), default=-1) + 1
            return Done(w.revision, w.action, w.insert(category, [values | {"position": place, "archived": False}])[0])
        renamed = before.name != title
        w.action = f"{_quoted(before.name)} renamed to {_quoted(title)}" if renamed else f"Category {_quoted(title)} changed"
        w.update(category, [before.id], **values)
        return Done(w.revision, w.action, before.id)


def named(value: object, field: str) -> str:
    """Return a name that a category may have.

    Raises:
        InputNotValid: it is empty, too long, or means that there is no category.
    """
    title = fields.text(value, field, longest=LONGEST_NAME, required=True)
    if title.casefold() in (word.casefold() for word in RESERVED):
        raise InputNotValid(f"{_quoted(title)} means that there is no category: choose another name", field)
    return title


def _spelled(known: Iterable[Category], family: str) -> str:
    """Return a group's name as it is spelled already, if it is there."""
    names = list(dict.fromkeys(one.group for one in known))
    return family if family in names else next((name for name in names if name.casefold() == family.casefold()), family)


def _kind(db: Connection, book: Book, before: Category | None, value: object) -> str:
    if before is not None and value in (None, ""):
        return before.kind
    kind = fields.choice(value, "kind", KINDS)
    if before is not None and kind != before.kind:
        uses = usage.of_category(db, book.id, before.id)
        if uses.transactions or uses.budgets:
            raise InputNotValid("The kind of a category with transactions or budgets cannot change", "kind")
    return kind


def _icon(value: object, before: Category | None) -> str:
    if value in (None, ""):
        return before.icon if before is not None else PLAIN_ICON
    if not isinstance(value, str) or value not in (*ICONS, before.icon if before is not None else PLAIN_ICON):
        raise InputNotValid("Choose an icon", "icon")
    return value


def _slot(value: object) -> int:
    """Return the colour that was chosen, 0 where none was."""
    if value in (None, "", 0, "0"):
        return 0
    if isinstance(value, bool) or str(value) not in map(str, range(1, SLOTS + 1)):
        raise InputNotValid("Choose a colour", "slot")
    return int(str(value))


def merge(book: Book, from_id: object, into_id: object) -> Done:
    """Let everything of one category belong to another, and delete the first: transactions, splits, budgets and rules follow.

    Budgets are added month by month, so that what is in force in both together stays the same in every month; where both
    were in force, the second says whether they carry over. Two parts of one split that meet stay two.

    Raises:
        InputNotValid: they are the same, or one is income and the other spending.
        NotFound: one of them is not in this book.
    """
    with book.writing() as w:
        known = read_categories(w.connection, book)
        source = pick(known, from_id)
        if into_id in (None, ""):
            raise InputNotValid("Choose a category", "into")
        target = pick(known, into_id)
        if source.id == target.id:
            raise InputNotValid("Choose another category: this is the same one", "into")
        if source.kind != target.kind:
            raise InputNotValid("Income and spending cannot be merged", "into")
        whole, parts = transactions.of_category(w.connection, book.id, source.id)
        ruled = rules.of_category(w.connection, book.id, source.id)
        parents = set(parts.values())
        w.update(transaction, whole, category_id=target.id)
        # Who edits a split writes its transaction, so that an open form of it is refused.
        w.update(transaction, parents, category_id=None)
        w.update(split, parts, category_id=target.id)
        w.update(rule, ruled, category_id=target.id)
        _merge_budgets(w, source.id, target.id)
        w.delete(category, [source.id])
        count = len(whole) + len(parents)
        followed = _counted(count) + (f" and {_counted(len(ruled), 'rule')}" if ruled else "")
        w.action = f"{_quoted(source.name)} merged into {_quoted(target.name)}, {followed} followed"
        return Done(w.revision, w.action, target.id)


def _merge_budgets(w: Writer, source: int, target: int) -> None:
    """Move the budgets of one category to another, within a change: the sum in force of any month stays the same.

    A budget holds from its month until the next one set, so each month in which either is set gets the sum of what is in
    force in both; an end (no amount) counts as nothing, and only where both have ended does the sum end. Where both are
    in force, the target's carry over is kept; where one is, that one's.
    """
    rows = budgets.of_categories(w.connection, w.book_id, [source, target])
    leaving = [row for row in rows if row.category_id == source]
    w.delete(budget, [row.id for row in leaving])
    new = []
    for currency in dict.fromkeys(row.currency for row in leaving):
        there = {row.month: row for row in rows if row.category_id == target and row.currency == currency}
        ours = _held(there.values())
        theirs = _held(row for row in leaving if row.currency == currency)
        # The sum can only change in a month where one of the two does.
        for month in sorted({one.month for one in (*theirs, *ours)}):
            holding = [one for one in (in_force(ours, month), in_force(theirs, month)) if one is not None]
            amount = sum(one.amount or 0 for one in holding) if holding else None
            carry = bool(holding and holding[0].carry)
            if month not in there:
                new.append({"category_id": target, "currency": currency, "month": month, "amount": amount, "carry": carry})
            elif (there[month].amount, there[month].carry) != (amount, carry):
                w.update(budget, [there[month].id], amount=amount, carry=carry)
    w.insert(budget, new)


def _held(said: Iterable[BudgetRow]) -> list[Held]:
    return [Held(row.month, row.amount, row.carry) for row in said]


def archive(book: Book, category_id: object, archived: bool) -> Done:
    """Stop or begin to offer a category for new entries; its history and budgets stay, its rules rest meanwhile.

    Raises:
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        found = category_of(w.connection, book, category_id)
        ruled = usage.of_category(w.connection, book.id, found.id).rules
        rest = f", {_counted(ruled, 'rule')} {'rests' if ruled == 1 else 'rest'} meanwhile" if ruled else ""
        w.action = f"{_quoted(found.name)} archived{rest}" if archived else f"{_quoted(found.name)} is offered again"
        w.update(category, [found.id], archived=archived)
        return Done(w.revision, w.action, found.id)


def delete(book: Book, category_id: object) -> Done:
    """Delete a category that nothing uses.

    Raises:
        InputNotValid: something uses it.
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        found = category_of(w.connection, book, category_id)
        uses = usage.of_category(w.connection, book.id, found.id)
        if any(uses):
            ruled = "a rule" if uses.rules == 1 else f"{uses.rules} rules"
            what = _counted(uses.transactions) if uses.transactions else "a budget" if uses.budgets else ruled
            raise InputNotValid(f"{_quoted(found.name)} is used by {what}: merge it into another one, or archive it")
        w.action = f"Category {_quoted(found.name)} deleted"
        w.delete(category, [found.id])
        return Done(w.revision, w.action)


def move(book: Book, category_id: object, up: bool) -> Done:
    """Move a category one place up or down among those of its group that are offered.

    Raises:
        InputNotValid: it is the first or last already.
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        known = read_categories(w.connection, book)
        found = pick(known, category_id)
        beside = [one for one in known if one.group == found.group and (one.id == found.id or not one.archived)]
        other = _neighbour(beside, found, up, found.name)
        order = list(known)
        one, two = known.index(found), known.index(other)
        order[one], order[two] = other, found
        return _reorder(w, order, f"{_quoted(found.name)} moved {'up' if up else 'down'}")


def move_group(book: Book, group: object, up: bool) -> Done:
    """Move a group one place up or down among those with a category that is offered.

    Raises:
        InputNotValid: it is the first or last already.
        NotFound: no category of this book is in such a group.
    """
    with book.writing() as w:
        known = read_categories(w.connection, book)
        name = _group(known, group)
        names = list(dict.fromkeys(one.group for one in known))
        shown = {one.group for one in known if not one.archived} | {name}
        other = _neighbour([n for n in names if n in shown], name, up, name)
        one, two = names.index(name), names.index(other)
        names[one], names[two] = other, name
        order = [one for group_name in names for one in known if one.group == group_name]
        return _reorder(w, order, f"Group {_quoted(name)} moved {'up' if up else 'down'}")


def rename_group(book: Book, old: object, new: object) -> Done:
    """Give a group another name; that of another group joins the two.

    Raises:
        InputNotValid: the name cannot be used.
        NotFound: no category of this book is in such a group.
    """
    title = fields.text(new, "name", longest=LONGEST_NAME, required=True)
    with book.writing() as w:
        known = read_categories(w.connection, book)
        name = _group(known, old)
        target = _spelled([one for one in known if one.group != name], title)
        joins = any(one.group == target for one in known if one.group != name)
        w.action = f"Group {_quoted(name)} {'joined with' if joins else 'renamed to'} {_quoted(target)}"
        if target != name:
            w.update(category, [one.id for one in known if one.group == name], group=target)
        return Done(w.revision if w.steps else 0, w.action)


def _group(known: Iterable[Category], value: object) -> str:
    if not isinstance(value, str) or value not in {one.group for one in known}:
        raise NotFound("That group does not exist.")
    return value


def _neighbour(row: Sequence[T], one: T, up: bool, name: str) -> T:
    place = row.index(one) + (-1 if up else 1)
    if not 0 <= place < len(row):
        raise InputNotValid(f"{_quoted(name)} is the {'first' if up else 'last'} already")
    return row[place]


def _reorder(w: Writer, order: Sequence[Category], action: str) -> Done:
    """Put the categories into this order, writing as few of them as there are out of place."""
    w.action = action
    place = -1
    for one, free in zip(order, sorted(one.position for one in order), strict=True):
        place = max(place + 1, free)
        if one.position != place:
            w.update(category, [one.id], position=place)
    return Done(w.revision, w.action)


def _quoted(name: str) -> str:
    return f"\u201c{name}\u201d"


def _counted(count: int, noun: str = "transaction") -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"
