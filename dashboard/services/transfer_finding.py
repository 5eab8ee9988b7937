"""Movements between own accounts, found when a statement comes in.

The other side's account number tells, where the bank gives it. Else two rows that cancel out in two accounts within four
days are one movement, where no third row could be either of them and neither looks like a purchase or an income. What is
left in doubt waits as a pair for a person's word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select

from dashboard.analysis.suggestions import concepts
from dashboard.model.transactions import pair, transaction
from dashboard.model.writing import Writer, chunks
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.import_accounts import bare_number
from dashboard.services.import_shapes import Moved
from dashboard.services.splits import are_split
from dashboard.services.transfers import TRANSFER_DAYS

NEAR = timedelta(days=TRANSFER_DAYS)
# What moves between own accounts, by the vocabulary.
MOVES = frozenset({"transfer", "cardpayment"})
# Words that only a purchase begins with.
BOUGHT = re.compile(
    r"(?i)\b(card purchase|pos |point of sale|purchase|kartenzahlung|kartenkauf|girocard|carte \d|achat|compra|acquisto|betaalautomaat|"
    r"varekjop|kortkop|korttiosto|zakup)"
)
# So many pairs of one import wait at the most: a list of thousands helps nobody.
MOST_PAIRS = 200
# What could be the other side of one row: the nearest of them wait.
MOST_CHOICES = 3
# Of equal amounts in one account near one day so many are looked at: more are no less in doubt.
MOST_LOOKED_AT = 50
SHORTEST_NUMBER = 6


class Found(NamedTuple):
    """How many transfers were joined or marked, and how many pairs wait."""

    joined: int = 0
    waiting: int = 0


class Leg(NamedTuple):
    """A row that may be one side of a transfer."""

    id: int
    account_id: int
    day: date
    amount: int
    payee: str
    text: str
    counter: str
    category_id: int | None
    guess: int | None
    transfer_id: int | None


def join(w: Writer, book: Book, new: Sequence[Moved]) -> Found:
    """Join what has just been imported with its other sides, within the import's change."""
    accounts = {a.id: a for a in read_accounts(w.connection, book)}
    if len(accounts) < 2 or not new:
        return Found()
    by_number = _by_number(w, book, new, accounts)
    joined, waiting = _by_amount(w, book, [row for row in new if row.id not in by_number], accounts)
    return Found(len(set(by_number.values())) + joined, waiting)


def _rows(db: Connection, book: Book, where: ColumnElement[bool]) -> list[Leg]:
    t = transaction.c
    query = select(t.id, t.account_id, t.date, t.amount, t.payee, t.text, t.counter, t.category_id, t.guess, t.transfer_id).where(
        t.book_id == book.id, where
    )
    return [Leg(r[0], r[1], r[2], r[3], r[4], r[5], r[6] or "", r[7], r[8], r[9]) for r in db.execute(query).all()]


def _owner(counter: str, numbers: dict[str, int], own: int) -> int | None:
    """Return the own account that has a number, whole or by its end: an IBAN ends with the number that the bank's file may name."""
    bare = bare_number(counter)
    if len(bare) < SHORTEST_NUMBER:
        return None
    for number, account_id in numbers.items():
        if account_id != own and (bare == number or bare.endswith(number) or number.endswith(bare)):
            return account_id
    return None


def _of_another(leg: Leg | Moved, account: Account) -> bool:
    """Say whether a row names the number of somebody else than this account's: then its other side is not there."""
    said, number = bare_number(leg.counter), bare_number(account.number)
    return min(len(said), len(number)) >= SHORTEST_NUMBER and not (said.endswith(number) or number.endswith(said))


def _by_number(w: Writer, book: Book, new: Sequence[Moved], accounts: dict[int, Account]) -> dict[int, int]:
    """Join the rows whose other side's number is an own account's; return the transfer of each row that has one now."""
    numbers = {bare: a.id for a in accounts.values() if len(bare := bare_number(a.number)) >= SHORTEST_NUMBER}
    told = [(leg, owner) for leg in new if leg.counter and (owner := _owner(leg.counter, numbers, leg.account_id)) is not None]
    done: dict[int, int] = {}
    waiting = _lonely(w.connection, book, new)
    # What names an own account comes before what merely has its amount.
    sure = {leg.id for leg, _ in told}
    for leg in sorted(new, key=lambda leg: leg.id not in sure):
        # A side that came earlier and was marked by its number waits for this one.
        other = next(
            (
                x
                for x in waiting.get(-leg.amount, ())
                if x.id not in done
                and x.account_id != leg.account_id
                and abs(x.day - leg.day) <= NEAR
                and _owner(x.counter, numbers, x.account_id) == leg.account_id
                and not _of_another(leg, accounts[x.account_id])
            ),
            None,
        )
        if other is not None and other.transfer_id is not None:
            _mark(w, [leg, other], other.transfer_id)
            done[leg.id] = done[other.id] = other.transfer_id
    for leg, owner in told:
        if leg.id in done:
            continue
        fits = [
            x
            for x in _near(w.connection, book, leg, owner)
            if x.id not in done
            and x.transfer_id is None
            and accounts[x.account_id].currency == accounts[leg.account_id].currency
            and not _of_another(x, accounts[leg.account_id])
            # What a person has said of a row is not taken back.
            and not _settled(x)
        ]
        parted = are_split(w.connection, book, [x.id for x in fits])
        fits = [x for x in fits if x.id not in parted]
        fits.sort(key=lambda x: (not x.counter, abs(x.day - leg.day), x.id))
        number = w.new_ids(1)[0]
        both: list[Leg | Moved] = [leg, *fits[:1]]
        _mark(w, both, number)
        done |= {x.id: number for x in both}
    return done


def _near(db: Connection, book: Book, leg: Moved, account_id: int) -> list[Leg]:
    t = transaction.c
    return _rows(
        db,
        book,
        and_(t.account_id == account_id, t.amount == -leg.amount, t.date >= leg.day - NEAR, t.date <= leg.day + NEAR, t.id != leg.id),
    )


def _lonely(db: Connection, book: Book, new: Sequence[Moved]) -> dict[int, list[Leg]]:
    """Return the transfers with one side whose other side has a number, by amount."""
    if not new:
        return {}
    t = transaction.c
    first, last = min(leg.day for leg in new) - NEAR, max(leg.day for leg in new) + NEAR
    alone = select(t.transfer_id).where(t.book_id == book.id, t.transfer_id.is_not(None)).group_by(t.transfer_id).having(func.count() == 1)
    found: dict[int, list[Leg]] = defaultdict(list)
    for leg in _rows(db, book, and_(t.transfer_id.in_(alone), t.counter.is_not(None), t.date >= first, t.date <= last)):
        found[leg.amount].append(leg)
    return found


def _mark(w: Writer, legs: Iterable[Leg | Moved], number: int) -> None:
    """Make rows the sides of one transfer; a transfer has no category."""
    for leg in legs:
        w.update(transaction, [leg.id], transfer_id=number, category_id=None, guess=None)


def _by_amount(w: Writer, book: Book, new: Sequence[Moved], accounts: dict[int, Account]) -> tuple[int, int]:
    if not new:
        return 0, 0
    first, last = min(leg.day for leg in new) - 2 * NEAR, max(leg.day for leg in new) + 2 * NEAR
    t = transaction.c
    # Read off the index alone; what they say is read for the few that fit.
    mine = min(row.id for row in new)
    query = select(t.id, t.account_id, t.date, t.amount).where(
        t.book_id == book.id, t.date >= first, t.date <= last, t.transfer_id.is_(None), t.id < mine
    )
    opposite = _Opposite(w.connection.execute(query).all(), new, {a.id: a.currency for a in accounts.values()})
    candidates = {leg.id: fits for leg in new if (fits := opposite.of(leg.id))}
    if not candidates:
        return 0, 0
    ids = {i for leg_id, fits in candidates.items() for i in (leg_id, *fits)}
    legs = {leg.id: leg for part in chunks(sorted(ids)) for leg in _rows(w.connection, book, t.id.in_(part))}
    for i in are_split(w.connection, book, list(legs)):
        del legs[i]
    done: set[int] = set()
    joined, doubtful = 0, []
    for leg_id, fits in sorted(candidates.items()):
        if leg_id in done or leg_id not in legs:
            continue
        one = legs[leg_id]
        free = [i for i in fits if i in legs and i not in done and not _strangers(one, legs[i], accounts)]
        if not free:
            continue
        alone = len(free) == 1 and opposite.of(free[0]) == [leg_id]
        near = sorted((legs[i] for i in free), key=lambda leg: (abs(leg.day - one.day), leg.id))[:MOST_CHOICES]
        two = near[0]
        names = [accounts[leg.account_id].name for leg in (one, two)]
        moves = _moves(one, names) or _moves(two, names)
        if alone and (moves or not (_bought(one) or _bought(two))):
            _mark(w, [one, two], w.new_ids(1)[0])
            done.update((one.id, two.id))
            joined += 1
        elif moves or (alone and not (_settled(one) or _settled(two))):
            doubtful += [(one, other) for other in near]
    open_pairs = _open(w.connection, book, doubtful)
    waiting = [
        {"one_id": min(one.id, two.id), "two_id": max(one.id, two.id), "refused": False}
        for one, two in doubtful
        if one.id not in done and two.id not in done and (min(one.id, two.id), max(one.id, two.id)) not in open_pairs
    ]
    unlike = list({(row["one_id"], row["two_id"]): row for row in waiting}.values())[:MOST_PAIRS]
    w.insert(pair, unlike)
    return joined, len(unlike)


class _Opposite:
    """The rows that cancel out with others: stored ones (id, account, day, minor units) and new ones, by amount and account."""

    def __init__(self, stored: Sequence[Any], new: Sequence[Moved], currencies: dict[int, str]) -> None:
        mine = {row.amount for row in new}
        amounts = mine.union(row[3] for row in stored)
        # Of most amounts there is no other side at all.
        both = {amount for amount in mine if amount and -amount in amounts}
        both |= {-amount for amount in both}
        self._currencies = currencies
        self._rows: dict[tuple[str, int], dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        self._where: dict[int, tuple[int, int, int]] = {}
        for row_id, account_id, day, amount, *_ in (*stored, *new):
            if amount in both:
                self._rows[currencies[account_id], amount][account_id].append((day.toordinal(), row_id))
                self._where[row_id] = account_id, day.toordinal(), amount
        for rows in (rows for by_account in self._rows.values() for rows in by_account.values()):
            rows.sort()

    def of(self, row_id: int) -> list[int]:
        """Return the rows of other accounts that cancel out with one, near its day."""
        if row_id not in self._where:
            return []
        account_id, day, amount = self._where[row_id]
        found: list[int] = []
        for other, rows in self._rows.get((self._currencies[account_id], -amount), {}).items():
            if other != account_id:
                start = bisect_left(rows, (day - NEAR.days,))
                found += [i for at, i in rows[start : start + MOST_LOOKED_AT] if at <= day + NEAR.days]
        return found


def _strangers(one: Leg, two: Leg, accounts: dict[int, Account]) -> bool:
    return _of_another(one, accounts[two.account_id]) or _of_another(two, accounts[one.account_id])


def _moves(leg: Leg, names: Sequence[str]) -> bool:
    """Say whether a row's words speak of a movement between accounts: by the vocabulary, or by an own account's name."""
    said = f"{leg.payee} {leg.text}"
    known = concepts(said)
    return bool(known and known[0] in MOVES) or any(len(name) > 3 and name.casefold() in said.casefold() for name in names)


def _bought(leg: Leg) -> bool:
    """Say whether a row looks like a purchase or an income: somebody gave it a category, we would, or it begins as purchases do."""
    return leg.category_id is not None or BOUGHT.search(f"{leg.payee} {leg.text}") is not None


def _settled(leg: Leg) -> bool:
    """Say whether a person or a file gave a row its category: what is booked is hardly a transfer."""
    return leg.category_id is not None and leg.guess is None


def _open(db: Connection, book: Book, doubtful: Sequence[tuple[Leg, Leg]]) -> set[tuple[int, int]]:
    """Return the pairs that wait or were refused already."""
    if not doubtful:
        return set()
    return {(row.one_id, row.two_id) for row in db.execute(select(pair.c.one_id, pair.c.two_id).where(pair.c.book_id == book.id))}
