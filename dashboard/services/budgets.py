"""Budgets: what a month may cost, category by category. One holds from its month until the next one set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import NamedTuple

from sqlalchemy import Connection

from dashboard.analysis import summaries
from dashboard.analysis.comparing import months_over, open_month
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.projections import BudgetLine, Held, by_category, in_force, suggested
from dashboard.errors import ChangedMeanwhile, InputNotValid
from dashboard.model.budgets import budget
from dashboard.model.queries import budgets as stored
from dashboard.model.queries import flow, nouns
from dashboard.model.writing import Writer
from dashboard.money import LARGEST, decimals, money, money_whole, parse_amount, round_half_up
from dashboard.periods import add_months, month_name, month_text, months_between
from dashboard.selection import Selection
from dashboard.services import fields
from dashboard.services.books import Book, Done
from dashboard.services.categories import UNCATEGORISED, Category, category_of, read_categories
from dashboard.services.flows import known
from dashboard.services.overview import Overview, overview
from dashboard.typed import plain

BEHIND = 6
AVERAGED = 3


@dataclass(frozen=True)
class BudgetForm:
    """A budget as its cell sends it, nothing checked yet.

    amount: as typed; +20, -10 and *1.1 change the one in force. later: forget what is set for months to come, so that this one
    holds on. seen: what the person saw there, minor units, 0 for none; None asks nothing.
    """

    amount: object
    later: bool = False
    seen: object = None


class Column(NamedTuple):
    """The cells of a month (yyyymm) in a currency, with all that was ever said of budgets in it, by category."""

    currency: str
    month: int
    held: Mapping[int, list[Held]]


@dataclass(frozen=True)
class Cell:
    """One category's row of the matrix; amounts in minor units, spending positive.

    behind: (month yyyymm, spent, budget or None) of the six months before, oldest first. costs: what the last three months cost
    that are over and in the book, oldest first. average: of these, in whole units, None where they say nothing. later: how many
    budgets are set for months to come.
    """

    budget: int | None
    carry: bool
    carried: int
    behind: tuple[tuple[int, int, int | None], ...]
    costs: tuple[int, ...]
    average: int | None
    later: int

    @property
    def habit(self) -> bool:
        """Say whether it cost something in more than one of several months."""
        return len(self.costs) < 2 or sum(1 for cost in self.costs if cost) > 1


@dataclass(frozen=True)
class Group:
    """The budgets of a group of categories: what is budgeted, and what each cost; sums in minor units, spending positive."""

    name: str
    members: list[Category]
    lines: dict[int, BudgetLine]
    spent: dict[int, int]

    @property
    def budgeted(self) -> int:
        """Return what is newly budgeted."""
        return sum(line.budget for line in self.lines.values())

    @property
    def used(self) -> int:
        """Return what all of its categories cost, budgeted or not."""
        return sum(self.spent.values())

    @property
    def left(self) -> int:
        """Return what is left of its budgets; negative: overspent."""
        return sum(line.left for line in self.lines.values())

    @property
    def carried(self) -> int:
        """Return what its budgets carry over; negative: overspent before."""
        return sum(line.carried for line in self.lines.values())


@dataclass(frozen=True)
class Plan:
    """A month's budgets: what the dashboard shows of it, each category's row of the matrix, and what may be budgeted.

    income: minor units; of a month that is not over what is usual, where that is more than is known.
    """

    shown: Overview
    cells: dict[int, Cell]
    income: int

    @property
    def expected(self) -> bool:
        """Say whether the income is an expectation: more than is known, or of a month that has not begun."""
        return self.income > self.shown.sums.income or self.shown.period.start > self.shown.today

    @property
    def budgeted(self) -> int:
        """Return what is newly budgeted for the month, without what earlier months left."""
        return sum(line.budget for line in self.shown.budgets)

    @property
    def left(self) -> int:
        """Return what of the income is left to budget; what is carried over was income of earlier months."""
        return self.income - self.budgeted

    @property
    def free(self) -> int:
        """Return what may still be budgeted: nothing where more is budgeted than comes in."""
        return max(0, self.left)

    @property
    def kept_back(self) -> int:
        """Return what is still in budgets."""
        return max(0, self.shown.budget_left)

    @property
    def whole(self) -> int:
        """Return what there is to spend, of which what is spent, kept back and free are parts."""
        # Money that came back makes more left than was ever budgeted.
        return max(self.income + self.shown.budget_carried, self.shown.budget, self.kept_back + self.free, 1)

    @property
    def groups(self) -> list[Group]:
        """Return the categories that may have a budget, by their groups; archived ones only where they have one."""
        found: dict[str, Group] = {}
        lines = {line.category_id: line for line in self.shown.budgets}
        spent = {row.category_id: row.amount for row in rows_of(self.shown.categories)}
        for one in self.shown.names.values():
            gone = one.archived and self.cells[one.id].budget is None
            if not one.is_income and one.id and not gone:
                group = found.setdefault(one.group, Group(one.group, [], {}, {}))
                group.members.append(one)
                group.spent[one.id] = spent.get(one.id, 0)
                if one.id in lines:
                    group.lines[one.id] = lines[one.id]
        return list(found.values())

    @property
    def spending(self) -> dict[int, Cell]:
        """Return the cells of what is no income, by category id."""
        return {c.id: self.cells[c.id] for c in self.shown.names.values() if c.id in self.cells and not c.is_income}

    @property
    def behind(self) -> dict[int, int]:
        """Return what was spent in each of the six months before (yyyymm), in all categories together."""
        sums: dict[int, int] = {}
        for cell in self.spending.values():
            for month, spent, _ in cell.behind:
                sums[month] = sums.get(month, 0) + spent
        return sums


def plan(book: Book, selection: Selection) -> Plan:
    """Return the budgets of the month that a selection shows."""
    shown = overview(book, selection)
    month = shown.period.month
    with book.reading() as db:
        held = _held(db, book, shown.currency)
        months = months_between(add_months(month, -BEHIND), add_months(month, -1))
        averaged = months_over(shown.comparison.begun, shown.open_month, month, AVERAGED)
        spent = flow.spending(db, book.id, min([*months, *averaged]), months[-1], shown.counted)
        income = shown.sums.income
        if month >= shown.open_month:
            income = max(income, _usual_income(db, book, shown))
    unit = 10 ** decimals(shown.currency)
    received = {line.category_id: line.carried for line in shown.budgets}
    cells = {}
    for category in shown.names.values():
        mine, cost = held.get(category.id, []), spent.get(category.id, {})
        now = in_force(mine, month)
        behind = tuple((m, cost.get(m, 0), one.amount if (one := in_force(mine, m)) else None) for m in months)
        costs = tuple(cost.get(m, 0) for m in averaged)
        cells[category.id] = Cell(
            now.amount if now else None,
            now.carry if now else False,
            received.get(category.id, 0),
            behind,
            costs,
            suggested(costs, unit),
            sum(1 for one in mine if one.month > month),
        )
    return Plan(shown, cells, income)


def _usual_income(db: Connection, book: Book, shown: Overview) -> int:
    """Return what usually comes in a month: the median of up to six that are over."""
    months = months_over(shown.comparison.begun, shown.open_month, shown.period.month, BEHIND)
    if not months:
        return 0
    flows = flow.by_month(db, book.id, months[0], months[-1], shown.counted)
    came = summaries.by_key(flows, months, [c.id for c in shown.names.values() if c.is_income])
    return max(0, int(median(came["income"].tolist())))


def _held(db: Connection, book: Book, currency: str) -> dict[int, list[Held]]:
    """Return all that was ever said of budgets in a currency, by category, oldest first."""
    return by_category(stored.said(db, book.id, currency))


def set_budget(book: Book, category_id: object, month: object, currency: object, form: BudgetForm) -> Done:
    """Set a category's budget from a month on; nothing or 0 ends it from that month.

    Args:
        month: yyyymm.

    Raises:
        ChangedMeanwhile: something else stands there than the person saw.
        InputNotValid: the amount cannot be read or is negative, or the category is income.
        NotFound: the category is not in this book.
    """
    code, first = fields.currency(currency), _month(month)
    with book.writing() as w:
        chosen = category_of(w.connection, book, category_id)
        if chosen.is_income:
            raise InputNotValid(f"{chosen.name} is income: budgets are for spending", "amount")
        mine = _held(w.connection, book, code).get(chosen.id, [])
        now = in_force(mine, first)
        held = now.amount or 0 if now else 0
        if form.seen is not None and str(form.seen) != str(held):
            raise ChangedMeanwhile(f"The budget for {chosen.name} has been changed meanwhile. Look at it again; nothing was changed.")
        size = _typed(form.amount, held, code, book.locale)
        forgotten = w.delete(budget, stored.later(w.connection, book.id, chosen.id, code, first)) if form.later else 0
        if (now.amount if now else None) == (size or None) and not forgotten:
            return Done(0, "That is the budget already")
        _put(w, code, first, {chosen.id: (size, now.carry if now else False)})
        since = month_text(first, book.locale)
        w.action = f"Budget for {chosen.name} {'set' if size else 'ended'} from {since}" + (
            ", all later months with it" if forgotten else ""
        )
        return Done(w.revision, w.action)


def set_carry(book: Book, category_id: object, month: object, currency: object, *, carry: bool) -> Done:
    """Let a budget carry over what is left or overspent, from a month (yyyymm) on, or stop that.

    Raises:
        InputNotValid: the category has no budget in that month.
        NotFound: the category is not in this book.
    """
    code, first = fields.currency(currency), _month(month)
    with book.writing() as w:
        chosen = category_of(w.connection, book, category_id)
        now = in_force(_held(w.connection, book, code).get(chosen.id, []), first)
        if now is None or now.amount is None:
            raise InputNotValid(f"Set a budget for {chosen.name} first: then it can carry over what is left")
        if now.carry == carry:
            return Done(0, f"{chosen.name} {'carries over' if carry else 'carries nothing over'} already")
        _put(w, code, first, {chosen.id: (now.amount, carry)})
        w.action = f"{chosen.name} {'carries over' if carry else 'carries nothing over'} from {month_text(first, book.locale)}"
        return Done(w.revision, w.action)


def copy(book: Book, month: object, currency: object, *, replace: bool = False) -> tuple[Done, int]:
    """Fill a month's empty cells with the budgets of the month before; with `replace` the others too.

    Returns:
        What was done, and how many cells that differ were left as they are.

    Raises:
        InputNotValid: there is nothing to copy.
    """
    code, first = fields.currency(currency), _month(month)
    before = add_months(first, -1)
    with book.writing() as w:
        held = _held(w.connection, book, code)
        offered = {c.id for c in read_categories(w.connection, book) if not c.archived}
        wanted = {i: one for i, mine in held.items() if i in offered and (one := in_force(mine, before)) is not None}
        copied = {i: (one.amount or 0, one.carry) for i, one in wanted.items()}
        return _fill(w, book, Column(code, first, held), copied, f"{month_name(before, book.locale)} copied", replace=replace)


def suggest(book: Book, month: object, currency: object, *, replace: bool = False) -> tuple[Done, int]:
    """Fill a month's empty cells with the average of the last three months in the book, in whole units; with `replace` the others too.

    Returns:
        What was done, and how many cells that differ were left as they are.

    Raises:
        InputNotValid: there is nothing to suggest.
    """
    code, first = fields.currency(currency), _month(month)
    unit = 10 ** decimals(code)
    with book.writing() as w:
        categories = [c for c in read_categories(w.connection, book) if not c.is_income and not c.archived]
        counted = [a.id for a in nouns.accounts(w.connection, book.id) if a.currency == code]
        begun, reached = known(w.connection, book, counted)
        months = months_over(begun, open_month(reached, book.today), first, AVERAGED)
        spent = flow.spending(w.connection, book.id, months[0], months[-1], counted) if months else {}
        held = _held(w.connection, book, code)
        wanted = {}
        for category in categories:
            cost = spent.get(category.id, {})
            average = suggested([cost.get(m, 0) for m in months], unit)
            now = in_force(held.get(category.id, []), first)
            if average is not None:
                wanted[category.id] = (average, now.carry if now else False)
        if not wanted and spent.get(UNCATEGORISED.id):
            raise InputNotValid("What was spent has no category yet: choose categories under Transactions, then budgets can be suggested")
        return _fill(w, book, Column(code, first, held), wanted, "Suggested", replace=replace)


def _fill(w: Writer, book: Book, column: Column, wanted: Mapping[int, tuple[int, bool]], what: str, *, replace: bool) -> tuple[Done, int]:
    """Fill the empty cells of a column with what is wanted, by category (amount, carry over); with `replace` the others too."""
    now = {i: in_force(column.held.get(i, []), column.month) for i in wanted}
    empty = {i: value for i, value in wanted.items() if now[i] is None}
    others = {i: value for i, value in wanted.items() if (one := now[i]) is not None and (one.amount, one.carry) != value}
    chosen = empty | (others if replace else {})
    since = month_text(column.month, book.locale)
    if not chosen:
        if others:
            return Done(0, f"Every category that could be filled has a budget; {len(others)} of them differ"), len(others)
        raise InputNotValid(f"Nothing to fill: the budgets of {since} say this already, or there is no spending yet")
    _put(w, column.currency, column.month, chosen)
    w.action = f"{what}: {len(chosen)} {'budget' if len(chosen) == 1 else 'budgets'} set from {since}"
    return Done(w.revision, w.action), 0 if replace else len(others)


def _put(w: Writer, currency: str, month: int, wanted: Mapping[int, tuple[int, bool]]) -> None:
    """Say from a month on what each category's budget is and whether it carries over."""
    there = stored.in_month(w.connection, w.book_id, currency, month)
    for category_id, (size, carry) in wanted.items():
        if category_id in there:
            w.update(budget, [there[category_id]], amount=size or None, carry=carry)
    w.insert(
        budget,
        [
            {"category_id": i, "currency": currency, "month": month, "amount": size or None, "carry": carry}
            for i, (size, carry) in wanted.items()
            if i not in there
        ],
    )


def _month(value: object) -> int:
    text = str(value)
    month = int(text) if text.isascii() and text.isdecimal() and len(text) == 6 else 0
    if not (1900 <= month // 100 <= 2199 and 1 <= month % 100 <= 12):
        raise InputNotValid("Budgets go from 1900 to 2199: choose a month", "month")
    return month


def _typed(amount: object, now: int, currency: str, locale: str) -> int:
    """Read what was typed into a budget's cell: an amount, or a change of the one in force."""
    if amount in (None, ""):
        return 0
    text = plain(amount) if isinstance(amount, str) else ""
    if text[:1] == "*":
        digits = text[1:].strip().replace(",", ".")
        try:
            factor = Decimal(digits) if re.fullmatch(r"\d{1,4}(?:\.\d{1,6})?", digits) else None
        except InvalidOperation:
            factor = None
        if factor is None:
            raise InputNotValid(f"\u201c{text[:40]}\u201d is no factor: type for example *1.1", "amount")
        unit = 10 ** decimals(currency)
        size: int = round_half_up(now * factor / unit) * unit
    elif text[:1] in ("+", "-"):
        size = now + parse_amount(text, currency, locale)
        if size < 0:
            raise InputNotValid(f"That would leave less than nothing of {money_whole(now, currency, locale)}", "amount")
    else:
        size = parse_amount(amount, currency, locale)
    if size < 0:
        raise InputNotValid("A budget cannot be negative", "amount")
    if size > LARGEST:
        raise InputNotValid(f"{money(size, currency, locale)} is too large for a budget", "amount")
    return size
