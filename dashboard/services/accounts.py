"""Accounts: made, edited, closed, valued, and listed with what is in them and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis import worth as analysis
from dashboard.bounds import LONGEST_NAME
from dashboard.errors import InputNotValid, NotFound
from dashboard.model.accounts import KINDS, account, account_value
from dashboard.model.queries import accounts as stored
from dashboard.model.queries import nouns, transactions, worth
from dashboard.money import money, parse_amount
from dashboard.periods import add_months, day_text, month_of, months_between, parse_day
from dashboard.services import fields
from dashboard.services.books import Book, Done

# What an account was said to be worth, as it is stored.
Value = stored.Value


@dataclass(frozen=True)
class Account:
    """One account; amounts are minor units of its currency.

    balance: now, what is dated after today left out. count: all its rows. checked_on, checked: the day and balance of the
    last statement that agreed. opened: the day from which the opening balance holds, None from the beginning of time.
    """

    id: int
    revision: int
    name: str
    kind: str
    currency: str
    opening: int
    number: str
    closed: bool
    balance: int = 0
    count: int = 0
    checked_on: date | None = None
    checked: int | None = None
    opened: date | None = None

    def opening_on(self, day: date) -> int:
        """Return what the opening balance comes to at the end of a day."""
        return self.opening if self.opened is None or self.opened <= day else 0


@dataclass(frozen=True)
class AccountForm:
    """An account as its form sends it, nothing checked yet.

    opened: the day from which the opening balance holds; none: as it was, and of a new account today.
    """

    name: object
    kind: object
    currency: object
    opening: object
    number: object = ""
    opened: object = None


@dataclass(frozen=True)
class Overview:
    """All accounts as their page shows them.

    months: yyyymm, the last is the running one. ends: balances at their ends, as of analysis/worth.py. series: SERIES_COLUMNS.
    last: the date of each account's latest row.
    """

    accounts: list[Account]
    months: list[int]
    ends: pd.DataFrame
    series: pd.DataFrame
    last: dict[int, date]

    @property
    def change(self) -> dict[str, int]:
        """Return by how much net worth has changed since the end of the first month: minor units by currency."""
        net = self.series.groupby("currency")["net"]
        return {str(code): int(change) for code, change in (net.last() - net.first()).items()}


# The sparklines' months.
MONTHS = 12


def overview(book: Book, months: int = MONTHS) -> Overview:
    """Return the accounts, their balances at the end of each of the last months, and what they come to by currency."""
    with book.reading() as db:
        found = read_accounts(db, book)
        sums = worth.month_balances(db, book.id, book.today)
        last = worth.last_days(db, book.id, sums, book.today)
    this = month_of(book.today)
    span = months_between(add_months(this, 1 - months), this)
    ends = analysis.month_ends(sums, [a.id for a in found], span)
    return Overview(_filled(found, sums), span, ends, analysis.by_currency(ends, {a.id: a.currency for a in found}), last)


def all_accounts(book: Book) -> list[Account]:
    """Return the book's accounts with their balances."""
    with book.reading() as db:
        return read_accounts(db, book, balances=True)


def read_accounts(db: Connection, book: Book, *, balances: bool = False) -> list[Account]:
    """Return the book's accounts, oldest first, on an open connection; what is in them only where it is asked for."""
    found = [
        Account(
            row.id,
            row.revision,
            row.name,
            row.kind,
            row.currency,
            row.opening,
            row.number,
            row.closed,
            checked_on=row.checked_on,
            checked=row.checked,
            opened=row.opened,
        )
        for row in nouns.accounts(db, book.id)
    ]
    return _filled(found, worth.month_balances(db, book.id, book.today)) if balances else found


def _filled(accounts: list[Account], sums: pd.DataFrame) -> list[Account]:
    """Return the accounts with what is in them now."""
    now = sums[sums["month"] != worth.LATER].groupby("account_id")["amount"].sum().to_dict()
    counts = sums.groupby("account_id")["count"].sum().to_dict()
    return [replace(a, balance=int(now.get(a.id, 0)), count=int(counts.get(a.id, 0))) for a in accounts]


@dataclass(frozen=True)
class Balances:
    """The accounts with what is in them now, as they stand beside every page; sums are minor units by currency."""

    accounts: list[Account]

    @property
    def opened(self) -> list[Account]:
        """Return those that are not closed."""
        return [a for a in self.accounts if not a.closed]

    @property
    def left_behind(self) -> list[Account]:
        """Return the closed ones that are not empty."""
        return [a for a in self.accounts if a.closed and a.balance]

    @property
    def worth(self) -> dict[str, int]:
        """Return what all of them come to."""
        return net_worth(self.accounts)

    @property
    def closed_worth(self) -> dict[str, int]:
        """Return what closed ones still hold."""
        return net_worth(self.left_behind)


def net_worth(accounts: list[Account]) -> dict[str, int]:
    """Sum the balances by currency; different currencies are never added."""
    sums: dict[str, int] = {}
    for a in accounts:
        sums[a.currency] = sums.get(a.currency, 0) + a.balance
    return sums


def account_of(db: Connection, book: Book, account_id: object) -> Account:
    """Return one of the book's accounts.

    Raises:
        NotFound: it is not in this book.
    """
    wanted = fields.identity(account_id)
    found = next((a for a in read_accounts(db, book) if a.id == wanted), None)
    if found is None:
        raise NotFound("That account does not exist, or is not yours.")
    return found


def save(book: Book, account_id: object, revision: object, form: AccountForm) -> Done:
    """Make an account (no id) or change one.

    Raises:
        InputNotValid: a field cannot be used, or another account has the name.
        NotFound: it is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    title = fields.text(form.name, "name", longest=LONGEST_NAME, required=True)
    sort = fields.choice(form.kind, "kind", KINDS)
    code = fields.currency(form.currency)
    start = parse_amount(form.opening, code, book.locale) if form.opening not in (None, "") else 0
    day = past_day(book, form.opened, "opened") if form.opened not in (None, "") else None
    number = fields.text(form.number, "number", longest=64)
    values = {"name": title, "kind": sort, "currency": code, "opening": start, "number": number}
    wanted = fields.optional_identity(account_id)
    with book.writing() as w:
        _name_is_free(w.connection, book, title, wanted)
        if wanted is None:
            w.action = f"Account \u201c{title}\u201d added"
            created = w.insert(account, [values | {"closed": False, "opened": day or book.today}])[0]
            return Done(w.revision, w.action, created)
        w.guard(account, wanted, fields.identity(revision))
        before = account_of(w.connection, book, wanted)
        if before.currency != code:
            _currency_is_free(w.connection, book, wanted)
        w.action = f"Account \u201c{title}\u201d changed"
        # The balance of a statement is in minor units: in another currency they would mean another amount.
        checks = {"checked_on": None, "checked": None} if before.currency != code else {}
        w.update(account, [wanted], **values, opened=day or before.opened, **checks)
        return Done(w.revision, w.action, wanted)


def close(book: Book, account_id: object) -> Done:
    """Close an account: it takes no new entries, and its history stays in every figure.

    Raises:
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        found = account_of(w.connection, book, account_id)
        if found.closed:
            return Done(0, f"\u201c{found.name}\u201d is closed already")
        left = balance_at(w.connection, book, found, book.today)
        rest = f"; {money(left, found.currency, book.locale)} is left in it" if left else ""
        w.action = f"Account \u201c{found.name}\u201d closed{rest}"
        w.update(account, [found.id], closed=True)
        return Done(w.revision, w.action, found.id)


def reopen(book: Book, account_id: object) -> Done:
    """Open a closed account again.

    Raises:
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        found = account_of(w.connection, book, account_id)
        if not found.closed:
            return Done(0, f"\u201c{found.name}\u201d is open already")
        w.action = f"Account \u201c{found.name}\u201d reopened"
        w.update(account, [found.id], closed=False)
        return Done(w.revision, w.action, found.id)


def delete(book: Book, account_id: object) -> Done:
    """Delete an account that nothing uses, and what was said of its worth.

    Raises:
        NotFound: it is not in this book.
        InputNotValid: it has, or had, transactions.
    """
    with book.writing() as w:
        found = account_of(w.connection, book, account_id)
        if transactions.any_in(w.connection, book.id, found.id):
            raise InputNotValid(f"\u201c{found.name}\u201d has transactions: close it instead, and they stay in every figure")
        if stored.filled_from_a_file(w.connection, book.id, found.id):
            raise InputNotValid(f"\u201c{found.name}\u201d was filled from a file: undo that import first, or close the account")
        w.action = f"Account \u201c{found.name}\u201d deleted"
        w.delete(account_value, [value.id for value in values_of(w.connection, book, found.id)])
        w.delete(account, [found.id])
        return Done(w.revision, w.action)


def revalue(book: Book, account_id: object, value: object, day: object) -> Done:
    """Keep what an account is said to be worth at the end of a day: it holds until the next value, with what is booked after it.

    So what it moves is neither income nor spending. A second word for a day takes the place of the first.

    Raises:
        InputNotValid: the value or day cannot be used, or the account is closed.
        NotFound: it is not in this book.
    """
    when = past_day(book, day)
    with book.writing() as w:
        found = account_of(w.connection, book, account_id)
        if found.closed:
            raise InputNotValid(f"\u201c{found.name}\u201d is closed: reopen it first")
        wanted = parse_amount(value, found.currency, book.locale)
        said = f"{money(wanted, found.currency, book.locale)} on {day_text(when, book.locale)}"
        before = next((v for v in values_of(w.connection, book, found.id) if v.day == when), None)
        if before is not None and before.amount == wanted:
            return Done(0, f"\u201c{found.name}\u201d is worth {said} already")
        w.action = f"\u201c{found.name}\u201d is worth {said}"
        if before is not None:
            w.update(account_value, [before.id], amount=wanted)
            return Done(w.revision, w.action, before.id)
        return Done(w.revision, w.action, w.insert(account_value, [{"account_id": found.id, "day": when, "amount": wanted}])[0])


def unsay(book: Book, value_id: object) -> Done:
    """Delete one value, as if it had never been said.

    Raises:
        NotFound: it is not in this book.
    """
    wanted = fields.identity(value_id)
    with book.writing() as w:
        value = stored.value(w.connection, book.id, wanted)
        if value is None:
            raise NotFound("That value does not exist, or is not yours.")
        found = account_of(w.connection, book, value.account_id)
        said = f"{money(value.amount, found.currency, book.locale)} on {day_text(value.day, book.locale)}"
        w.action = f"\u201c{found.name}\u201d: the value of {said} deleted"
        w.delete(account_value, [wanted])
        return Done(w.revision, w.action)


def values_of(db: Connection, book: Book, account_id: int) -> list[Value]:
    """Return what was said of an account's worth, newest day first."""
    return stored.values(db, book.id, account_id)


def past_day(book: Book, day: object, field: str = "date") -> date:
    """Return a day a person typed, today or earlier.

    Raises:
        InputNotValid: it is no date, or still to come.
    """
    try:
        when = parse_day(day, book.today, book.locale)
    except InputNotValid as error:
        raise InputNotValid(error.message, field) from None
    if when > book.today:
        raise InputNotValid("Choose today or an earlier day", field)
    return when


def balance_at(db: Connection, book: Book, found: Account, day: date) -> int:
    """Return what was in an account at the end of a day, minor units."""
    said = next((value for value in values_of(db, book, found.id) if value.day <= day), None)
    booked = transactions.total(db, book.id, found.id, day, said.day if said is not None else None)
    return (said.amount if said is not None else found.opening_on(day)) + booked


def _currency_is_free(db: Connection, book: Book, account_id: int) -> None:
    """Refuse another currency where there are amounts in minor units of the one it has."""
    if transactions.any_in(db, book.id, account_id):
        raise InputNotValid("The currency of an account with transactions cannot change", "currency")
    if values_of(db, book, account_id):
        raise InputNotValid("The currency of an account with values cannot change: delete them first", "currency")


def _name_is_free(db: Connection, book: Book, name: str, except_id: int | None) -> None:
    if any(i != except_id for i in stored.with_name(db, book.id, name)):
        raise InputNotValid("Another account has that name", "name")
