"""Movements between own accounts, found when a statement comes in.

The other side's account number tells, where the bank gives it. Else two rows that cancel out in two accounts within four
days are one movement, where no third row could be either of them and neither looks like a purchase or an income. What is
left in doubt waits as a pair for a person's word. In our own export the two sides share a number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from dashboard.analysis.suggestions import concepts
from dashboard.importing.shapes import DUPLICATE, Candidate, Check, Group, Line, Moved, Target, bare_number
from dashboard.statements.formats.own import TRANSFER, Leg, misfit

# The sides of a movement are booked at most so many days apart.
TRANSFER_DAYS = 4
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


class Join(NamedTuple):
    """Rows that are the sides of one transfer: of one that has a number already, or of a new one (None)."""

    ids: tuple[int, ...]
    transfer_id: int | None = None


class Found(NamedTuple):
    """Transfers that are sure, and pairs (the lower id first) that wait for a person's word."""

    joins: tuple[Join, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()


class Named(NamedTuple):
    """A new row whose other side's number is an own account's."""

    row: Moved
    owner: int


def days_of(new: Sequence[Moved]) -> tuple[date, date]:
    """Return the first and the last day of rows."""
    return min(row.day for row in new), max(row.day for row in new)


# By the number of the other side's account.


def named(new: Iterable[Moved], accounts: Iterable[Target]) -> list[Named]:
    """Return the new rows that say the number of an own account."""
    numbers = _numbers(accounts)
    return [Named(row, owner) for row in new if row.counter and (owner := _owner(row.counter, numbers, row.account_id)) is not None]


def by_number(
    new: Sequence[Moved], told: Sequence[Named], waiting: Iterable[Candidate], there: Iterable[Candidate], accounts: Mapping[int, Target]
) -> list[Join]:
    """Return what joins the rows whose other side's number is an own account's.

    Args:
        new: the rows that have come. told: those of `named`.
        waiting: the sides of transfers that stand alone and say a number, near the new rows' days.
        there: rows without a transfer, not split, in the accounts that are named and of amounts that cancel out with a named row's.
    """
    done, joins = _fetched(new, told, waiting, accounts)
    by_place: dict[tuple[int, int], list[Candidate]] = defaultdict(list)
    for one in there:
        by_place[one.account_id, one.amount].append(one)
    for row, owner in told:
        if row.id in done:
            continue
        fits = [
            x
            for x in by_place[owner, -row.amount]
            if x.id not in done
            and x.id != row.id
            and abs(x.day - row.day) <= NEAR
            and accounts[x.account_id].currency == accounts[row.account_id].currency
            and not _of_another(x, accounts[row.account_id])
            # What a person has said of a row is not taken back.
            and not _settled(x)
        ]
        fits.sort(key=lambda x: (not x.counter, abs(x.day - row.day), x.id))
        both = (row.id, *(x.id for x in fits[:1]))
        joins.append(Join(both))
        done.update(both)
    return joins


def _fetched(
    new: Sequence[Moved], told: Sequence[Named], waiting: Iterable[Candidate], accounts: Mapping[int, Target]
) -> tuple[set[int], list[Join]]:
    """Join new rows with sides that came earlier, were marked by their number, and wait for these."""
    numbers = _numbers(accounts.values())
    by_amount: dict[int, list[Candidate]] = defaultdict(list)
    for one in waiting:
        by_amount[one.amount].append(one)
    # What names an own account comes before what merely has its amount.
    sure = {row.id for row, _ in told}
    done: set[int] = set()
    joins: list[Join] = []
    asked = [row for row in new if -row.amount in by_amount]
    for row in sorted(asked, key=lambda row: row.id not in sure):
        fits = (
            x
            for x in by_amount.get(-row.amount, ())
            if x.id not in done
            and x.account_id != row.account_id
            and abs(x.day - row.day) <= NEAR
            and _owner(x.counter, numbers, x.account_id) == row.account_id
            and not _of_another(row, accounts[x.account_id])
        )
        other = next(fits, None)
        if other is not None and other.transfer_id is not None:
            joins.append(Join((row.id, other.id), other.transfer_id))
            done |= {row.id, other.id}
    return done, joins


def _numbers(accounts: Iterable[Target]) -> dict[str, int]:
    return {bare: a.id for a in accounts if len(bare := bare_number(a.number)) >= SHORTEST_NUMBER}


def _owner(counter: str, numbers: dict[str, int], own: int) -> int | None:
    """Return the own account that has a number, whole or by its end: an IBAN ends with the number that the bank's file may name."""
    bare = bare_number(counter)
    if len(bare) < SHORTEST_NUMBER:
        return None
    for number, account_id in numbers.items():
        if account_id != own and (bare == number or bare.endswith(number) or number.endswith(bare)):
            return account_id
    return None


def _of_another(row: Candidate | Moved, account: Target) -> bool:
    """Say whether a row names the number of somebody else than this account's: then its other side is not there."""
    said, number = bare_number(row.counter), bare_number(account.number)
    return min(len(said), len(number)) >= SHORTEST_NUMBER and not (said.endswith(number) or number.endswith(said))


# By their amounts and days.


class Opposite:
    """The rows that cancel out with others, stored ones and new ones, by amount and account."""

    def __init__(self, stored: Sequence[Moved], new: Sequence[Moved], currencies: Mapping[int, str]) -> None:
        """Sort rows out; `currencies`: of all accounts, by id."""
        mine = {row.amount for row in new}
        amounts = mine.union(row.amount for row in stored)
        # Of most amounts there is no other side at all.
        both = {amount for amount in mine if amount and -amount in amounts}
        both |= {-amount for amount in both}
        self._currencies = currencies
        self._rows: dict[tuple[str, int], dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for row in chain(stored, new):
            if row.amount in both:
                self._rows[currencies[row.account_id], row.amount][row.account_id].append((row.day.toordinal(), row.id))
        for rows in (rows for by_account in self._rows.values() for rows in by_account.values()):
            rows.sort()

    def of(self, row: Moved | Candidate) -> list[int]:
        """Return the rows of other accounts that cancel out with one, near its day."""
        by_account = self._rows.get((self._currencies[row.account_id], -row.amount))
        if not by_account or (len(by_account) == 1 and row.account_id in by_account):
            return []
        day = row.day.toordinal()
        found: list[int] = []
        for other, rows in by_account.items():
            if other != row.account_id:
                start = bisect_left(rows, (day - NEAR.days,))
                found += [i for at, i in rows[start : start + MOST_LOOKED_AT] if at <= day + NEAR.days]
        return found

    def sides(self, new: Iterable[Moved]) -> dict[int, list[int]]:
        """Return, of new rows that have any, the rows that may be their other sides."""
        return {row.id: fits for row in new if (fits := self.of(row))}


def by_amount(
    opposite: Opposite, sides: Mapping[int, Sequence[int]], rows: Mapping[int, Candidate], accounts: Mapping[int, Target]
) -> Found:
    """Return which rows that cancel out are one movement, and which may be.

    Args:
        sides: the new rows with those that may be their other sides, as of `Opposite.sides`.
        rows: all of them by id, but for those that are split.
    """
    done: set[int] = set()
    joins: list[Join] = []
    doubtful: list[tuple[int, int]] = []
    for row_id, fits in sorted(sides.items()):
        if row_id in done or row_id not in rows:
            continue
        one = rows[row_id]
        free = [rows[i] for i in fits if i in rows and i not in done and not _strangers(one, rows[i], accounts)]
        if not free:
            continue
        alone = len(free) == 1 and opposite.of(free[0]) == [row_id]
        near = sorted(free, key=lambda x: (abs(x.day - one.day), x.id))[:MOST_CHOICES]
        two = near[0]
        names = [accounts[x.account_id].name for x in (one, two)]
        moves = _moves(one, names) or _moves(two, names)
        if alone and (moves or not (_bought(one) or _bought(two))):
            joins.append(Join((one.id, two.id)))
            done.update((one.id, two.id))
        elif moves or (alone and not (_settled(one) or _settled(two))):
            doubtful += [(min(one.id, x.id), max(one.id, x.id)) for x in near]
    return Found(tuple(joins), tuple(dict.fromkeys(pair for pair in doubtful if done.isdisjoint(pair))))


def unlike(pairs: Iterable[tuple[int, int]], known: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs that begin to wait: those that neither wait nor were refused already, and no more than help."""
    return [pair for pair in pairs if pair not in known][:MOST_PAIRS]


def _strangers(one: Candidate, two: Candidate, accounts: Mapping[int, Target]) -> bool:
    return _of_another(one, accounts[two.account_id]) or _of_another(two, accounts[one.account_id])


def _moves(row: Candidate, names: Sequence[str]) -> bool:
    """Say whether a row's words speak of a movement between accounts: by the vocabulary, or by an own account's name."""
    said = f"{row.payee} {row.text}"
    known = concepts(said)
    return bool(known and known[0] in MOVES) or any(len(name) > 3 and name.casefold() in said.casefold() for name in names)


def _bought(row: Candidate) -> bool:
    """Say whether a row looks like a purchase or an income: somebody gave it a category, we would, or it begins as purchases do."""
    return row.category_id is not None or BOUGHT.search(f"{row.payee} {row.text}") is not None


def _settled(row: Candidate) -> bool:
    """Say whether a person or a file gave a row its category: what is booked is hardly a transfer."""
    return row.category_id is not None and row.guess is None


# By the number that both sides share in our own export.


class Numbered(NamedTuple):
    """The chosen sides of transfers in a file, by line, and the lines of each number; the saved twins of sides by that number."""

    sides: dict[int, Leg]
    lines: dict[int, list[int]]
    twins: dict[int, int]


def numbered(checked: Check) -> Numbered:
    """Return what of a file is a side of a transfer by its own word."""
    found = Numbered({}, defaultdict(list), {})
    for group in checked.groups:
        for line in group.lines:
            if line.category != TRANSFER or line.amount is None:
                continue
            if checked.takes(line):
                found.sides[line.line] = _side(group, line)
                found.lines[line.transfer].append(line.line)
            elif line.transfer and line.status == DUPLICATE and line.twin is not None:
                found.twins[line.transfer] = line.twin
    return found


def joined(found: Numbered, alone: Mapping[int, Candidate], currencies: Mapping[int, str], fresh: Iterable[int]) -> dict[int, int]:
    """Return the transfer that each chosen side is of, by its line.

    A side whose other one is saved already, and stands alone there, is joined to it.

    Args:
        alone: of the twins those that are a transfer with one side, by id.
        currencies: of all accounts, by id.
        fresh: as many new numbers as there are sides.
    """
    transfers = dict(zip(found.sides, fresh, strict=True))
    for number, lines in found.lines.items():
        if not number:
            continue
        legs = [found.sides[line] for line in lines]
        other = alone.get(found.twins.get(number, 0))
        if len(lines) == 2 and not misfit(legs):
            transfers[lines[1]] = transfers[lines[0]]
        elif len(lines) == 1 and other is not None and other.transfer_id is not None:
            saved = Leg(other.account_id, currencies[other.account_id], Decimal(other.amount))
            if not misfit([*legs, saved]):
                transfers[lines[0]] = other.transfer_id
    return transfers


def _side(group: Group, line: Line) -> Leg:
    return Leg(group.place, group.currency, Decimal(line.amount or 0))
