"""Reconciling: an account's balance against the one of the bank's statement, and what keeps them from agreeing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis.reconciling import COLUMNS, NEAR, Break, Finding, Suspect, find
from dashboard.errors import ChangedMeanwhile
from dashboard.importing.grouping import fingerprint
from dashboard.model.accounts import account, account_value
from dashboard.model.changes import Step, unpacked
from dashboard.model.queries import history, worth
from dashboard.model.queries import transactions as queries
from dashboard.model.queries.transactions import Place, Transaction
from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer
from dashboard.money import money, parse_amount
from dashboard.periods import day_text
from dashboard.services.accounts import Account, Value, account_of, balance_at, past_day, read_accounts, values_of
from dashboard.services.books import Book, Done

# So many changes of the journal are looked through for what was deleted or changed since.
LOOKED_BACK = 1000
MOST_NAMED = 3
# A change of one of these moves a balance.
MOVES = {"amount", "date", "account_id"}


class Named(NamedTuple):
    """A row that may be what breaks it, and why; amount is minor units of the account's currency."""

    id: int
    day: date
    payee: str
    amount: int
    reason: str


@dataclass(frozen=True)
class Reconciled:
    """What came of a comparison: `done` where it agrees, else sentences and rows, the likeliest first. Minor units."""

    account: Account
    day: date
    bank: int
    ours: int
    done: Done | None = None
    sentences: tuple[str, ...] = ()
    rows: tuple[Named, ...] = ()

    @property
    def difference(self) -> int:
        """Return what the bank has more."""
        return self.bank - self.ours


class Change(NamedTuple):
    """A change in force, as the journal holds it."""

    revision: int
    at: date
    action: str
    steps: list[Step]


def reconcile(book: Book, account_id: object, day: object, balance: object) -> Reconciled:
    """Compare an account's balance at the end of a day with the bank's.

    Where they agree, that is kept with the account, and its rows up to that day count as reviewed. Where they differ,
    nothing is stored, and the rows that break it are named.

    Raises:
        NotFound: it is not in this book.
        InputNotValid: the day or balance cannot be used.
    """
    when = past_day(book, day)
    with book.reading() as db:
        found = account_of(db, book, account_id)
        bank = parse_amount(balance, found.currency, book.locale)
        ours = balance_at(db, book, found, when)
        if ours != bank:
            return _explained(db, book, Reconciled(found, when, bank, ours))
    with book.writing() as w:
        found = account_of(w.connection, book, found.id)
        if balance_at(w.connection, book, found, when) != bank:
            raise ChangedMeanwhile
        w.action = f"\u201c{found.name}\u201d agrees with the bank on {day_text(when, book.locale)}; its rows until then are reviewed"
        if found.checked_on is None or when >= found.checked_on:
            w.update(account, [found.id], checked_on=when, checked=bank)
        w.update(transaction, queries.unseen_until(w.connection, book.id, found.id, when), reviewed=True)
        done = Done(w.revision if w.steps else 0, w.action, found.id)
    return Reconciled(found, when, bank, bank, done)


def _explained(db: Connection, book: Book, result: Reconciled) -> Reconciled:
    """Return the comparison with what explains its difference."""
    held, day = result.account, result.day
    rows = {row.id: row for row in queries.of_account(db, book.id, held.id, day + NEAR)}
    known = [(row.id, row.date, row.amount, row.balance, row.payee) for row in rows.values()]
    frame = pd.DataFrame(known, columns=list(COLUMNS), dtype="object")
    checked = (held.checked_on, held.checked) if held.checked_on is not None and held.checked is not None else None
    marks = worth.marks(db, book.id)
    mine = marks[marks["account_id"] == held.id]
    found = find(frame, list(zip(mine["day"], mine["amount"].tolist(), strict=True)), day, result.bank, checked)
    values = values_of(db, book, held.id)
    tell = _Teller(book, held, rows, values)
    suspects = sorted(found.suspects, key=lambda s: not tell.was_edited(s))
    sentences = [
        tell.difference(result),
        *tell.stale(found, _moved_since(db, book, held, rows, values)),
        *tell.where(found.breaks[:MOST_NAMED]),
    ]
    wanted = {b.missing for b in found.breaks} | {result.difference}
    sentences += [tell.deleted(at, row) for at, row in _deleted(db, book, held, day, wanted)]
    if not suspects and not found.breaks and not found.stale and len(sentences) == 1:
        sentences.append(tell.nothing(checked[0] if checked and checked[0] < day else None))
    named = tuple(Named(s.id, rows[s.id].date, rows[s.id].payee, rows[s.id].amount, tell.reason(s)) for s in suspects)
    return Reconciled(held, day, result.bank, result.ours, None, tuple(sentences), named)


class _Teller:
    """Puts what was found into words."""

    def __init__(self, book: Book, held: Account, rows: dict[int, Transaction], values: Sequence[Value]) -> None:
        """Keep how the person reads amounts and dates."""
        self.locale, self.account, self.rows, self.values = book.locale, held, rows, values

    def money(self, minor: int) -> str:
        return money(minor, self.account.currency, self.locale)

    def day(self, day: date) -> str:
        return day_text(day, self.locale)

    def payee(self, row_id: int) -> str:
        return f"\u201c{self.rows[row_id].payee[:60]}\u201d"

    def difference(self, r: Reconciled) -> str:
        size, side = self.money(abs(r.difference)), "more" if r.difference > 0 else "less"
        return f"The bank has {size} {side} than this account on {self.day(r.day)}: {self.money(r.bank)} there, {self.money(r.ours)} here."

    def stale(self, found: Finding, since: Sequence[Change]) -> list[str]:
        if not found.stale or self.account.checked_on is None:
            return []
        first = f"On {self.day(self.account.checked_on)} the balance agreed, and it does not any more"
        if not since:
            return [f"{first}: rows up to that day were changed since."]
        what = "; ".join(f"\u201c{c.action}\u201d on {self.day(c.at)}" for c in since[:MOST_NAMED])
        return [f"{first}. Since then: {what}."]

    def where(self, breaks: Sequence[Break]) -> Iterator[str]:
        for number, b in enumerate(breaks):
            size = f"{self.money(abs(b.missing))} {'more' if b.missing > 0 else 'less'}"
            if b.opening:
                yield (
                    f"The bank\u2019s first balance here, on {self.day(b.day)}, is {size} than ours: "
                    f"perhaps {self.start(b)}, or earlier rows are missing."
                )
            elif b.since is None:
                yield f"By {self.day(b.day)} the bank has {size}."
            elif number:
                yield f"Between {self.day(b.since)} and {self.day(b.day)} it differs anew: the bank has {size}."
            else:
                yield f"Until {self.day(b.since)} the bank\u2019s own balances agree; by {self.day(b.day)} the bank has {size}."

    def start(self, b: Break) -> str:
        """Say what our balance before the bank's first one would have to begin with."""
        said = next((value for value in self.values if value.day <= b.day), None)
        if said is not None:
            return f"the value of {self.money(said.amount)} on {self.day(said.day)} is not right"
        opened, begins = self.account.opened, self.money(self.account.opening_on(b.day) + b.missing)
        later = f" and holds before {self.day(opened)}" if opened is not None and opened > b.day else ""
        return f"the opening balance is {begins}{later}"

    def deleted(self, at: date, row: Step) -> str:
        what = f"\u201c{row['payee'][:60]}\u201d of {self.money(row['amount'])} from {self.day(date.fromisoformat(row['date']))}"
        return f"You deleted {what} on {self.day(at)}."

    def nothing(self, since: date | None) -> str:
        span = f"The balance agreed on {self.day(since)}: what is wrong came after it. " if since else ""
        return f"{span}No single row explains the difference: several may be wrong, or rows are missing that were never imported."

    def was_edited(self, s: Suspect) -> bool:
        """Say whether the row's fingerprint, which an edit never changes, is that of the amount that would agree."""
        return s.why == "gap" and self._printed(s.id, self.rows[s.id].amount + s.amount)

    def _printed(self, row_id: int, amount: int) -> bool:
        row = self.rows[row_id]
        words = row.text if row.payee == row.text else f"{row.payee} {row.text}"
        return bool(row.fingerprint == fingerprint(row.date.isoformat(), amount, words))

    def reason(self, s: Suspect) -> str:
        """Say why a row is named."""
        row = self.rows[s.id]
        other = self.rows.get(s.other)
        if self.was_edited(s):
            return f"Its amount was changed: the bank\u2019s file says {self.money(row.amount + s.amount)}"
        if s.why == "gap":
            place = f"between {self.payee(s.other)} and this row" if other is not None else "before this row"
            # The fingerprint of an untouched row is that of its amount.
            either = "" if self._printed(s.id, row.amount) else ", or the amount of this row was changed"
            return f"{self.money(s.amount)} is missing {place}{either}"
        if other is not None:
            when = self.day(other.date)
            return {
                "doubled": f"Stands here twice: the same amount on {when}",
                "moved": f"By the bank\u2019s balances it belongs to {when}",
                "pair": f"Together with {self.payee(s.other)} it is the difference: the bank may have booked them earlier or later",
            }[s.why]
        return {
            "unstated": "Typed by hand, and the bank\u2019s balances of these days have no place for it",
            "typed": "Typed by hand, in the days where it breaks",
            "misplaced": "The bank\u2019s balances of this day have no place for it",
            "sign": f"With the other sign, {self.money(s.amount)}, it would agree",
            "swapped": f"With two digits swapped, {self.money(s.amount)}, it would agree",
            "extra": "It is exactly the difference: the bank may not have it",
            "late": "It is exactly the difference: the bank may have booked it a few days later",
            "early": "It is exactly the difference: the bank may have booked it a few days earlier",
        }[s.why]


def _journal(db: Connection, book: Book) -> Iterator[Change]:
    """Yield the changes that are in force, newest first."""
    for revision, at, action, data in history.in_force(db, book.id, LOOKED_BACK):
        yield Change(revision, at.astimezone(ZoneInfo(book.zone)).date(), action, unpacked(data))


def _before(step: Step) -> Iterator[Step]:
    """Yield the rows of a step as they stood before it."""
    for values in step.get("before", ()):
        yield dict(zip(("id", "revision", *step["cols"]), values, strict=True))


def _moved_since(db: Connection, book: Book, held: Account, rows: dict[int, Transaction], values: Sequence[Value]) -> list[Change]:
    """Return the changes since the last statement that agreed which moved the balance of its day."""
    if held.checked_on is None:
        return []
    last = held.checked_on.isoformat()
    inside = {
        transaction.name: {row.id for row in rows.values() if row.date <= held.checked_on},
        account_value.name: {value.id for value in values if value.day <= held.checked_on},
    }
    found: list[Change] = []
    for done in _journal(db, book):
        for step in done.steps:
            if step["t"] == account.name and step["op"] == "update" and any(row["id"] == held.id for row in _before(step)):
                if "checked_on" in step["cols"]:
                    return found
                if {"opening", "opened"} & set(step["cols"]):
                    found.append(done)
                    break
            elif step["t"] in inside and _moves(step, held.id, last, inside[step["t"]]):
                found.append(done)
                break
    return found


def _moves(step: Step, account_id: int, last: str, inside: set[int]) -> bool:
    """Say whether a step added, changed or took away rows or values of an account up to a day."""
    if step["op"] == "insert":
        return any(first <= i <= end for first, end in step["ids"] for i in inside)
    if step["op"] == "update" and not MOVES & set(step["cols"]):
        return False
    when = "date" if step["t"] == transaction.name else "day"
    return any(row["id"] in inside or (row.get("account_id") == account_id and str(row.get(when, "9999")) <= last) for row in _before(step))


def _deleted(db: Connection, book: Book, held: Account, day: date, wanted: set[int]) -> list[tuple[date, Step]]:
    """Return the account's deleted rows of one of these amounts, and when they were deleted."""
    found = []
    for done in _journal(db, book):
        for step in done.steps:
            if step["t"] == transaction.name and step["op"] == "delete":
                found += [
                    (done.at, row)
                    for row in _before(step)
                    if row["account_id"] == held.id and row["amount"] in wanted and row["date"] <= day.isoformat()
                ]
        if len(found) >= MOST_NAMED:
            break
    return found[:MOST_NAMED]


# What a change means for the day on which an account agreed with the bank.


def warning(w: Writer, book: Book) -> str:
    """Return what to add to a change's sentence where it moves a balance that agreed with the bank; "" where it does not."""
    agreed = {a.id: (a.name, a.checked_on) for a in read_accounts(w.connection, book) if a.checked_on is not None}
    moved = {at.account_id for at in _moved(w) if at.account_id in agreed and at.day <= agreed[at.account_id][1]} if agreed else ()
    named = " and ".join(f"{name} until {day_text(day, book.locale)}" for i, (name, day) in agreed.items() if i in moved)
    return f". The bank agreed with {named}: compare anew" if named else ""


def _moved(w: Writer) -> Iterator[Place]:
    """Yield the places of rows that a change added, moved or took away, as they were and as they are."""
    for step in w.steps:
        if step["t"] != transaction.name:
            continue
        if step["op"] == "insert":
            ids = [i for first, last in step["ids"] for i in range(first, last + 1)]
            yield from queries.places(w.connection, w.book_id, ids).values()
            continue
        rows = list(_before(step))
        if step["op"] == "delete":
            yield from (Place(row["account_id"], date.fromisoformat(row["date"]), row["amount"]) for row in rows)
        elif MOVES & {*step["cols"]}:
            now = queries.places(w.connection, w.book_id, [row["id"] for row in rows])
            for row in rows:
                new = now.get(row["id"])
                old = _place(row, new) if new is not None else None
                if new is not None and old is not None and old != new:
                    yield from (old, new)


def _place(row: Step, now: Place) -> Place:
    """Return where a row counted before a step, which names only what it changed."""
    day = date.fromisoformat(row["date"]) if "date" in row else now.day
    return Place(row.get("account_id", now.account_id), day, row.get("amount", now.amount))
