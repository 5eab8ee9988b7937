"""Which account the rows of a file go into: the file's own word, a person's, what the book has of it already, or what was said last."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dashboard import statements
from dashboard.analysis import payees
from dashboard.errors import ChangedMeanwhile, InputNotValid, QuestionOpen
from dashboard.importing.choices import LASTING, Answers, Choices, Destination, Memory
from dashboard.importing.shapes import NEW, Group, Target, bare_number, is_number, key_of
from dashboard.money import to_minor

# So many rows of a file are looked for in the accounts there are.
SAMPLE = 300
# Fewer equal amounts on nearly the same days are a chance.
FEW = 3
# A movement in another form of the same account's statement is at most so many days off.
OFF = timedelta(days=3)
# So much of a file's payees an account knows where the file is its own, and of several accounts more than one payee.
KNOWN_SHARE, KNOWN_PAYEES = 0.2, 2
# The imports that are looked through for one of the same shape.
REMEMBERED = 200


def by_label(accounts: Iterable[Target], label: str) -> int | None:
    """Return the account whose number or name the file gives: first the one of just that name."""
    known, name, bare = list(accounts), label.strip().lower(), bare_number(label)
    for a in known:
        if a.name.lower() == name:
            return a.id
    if not bare:
        return None
    for a in known:
        if bare in (bare_number(a.number), bare_number(a.name)):
            return a.id
    return None


def other_number(a: Target, label: str) -> bool:
    """Say whether a file names another account than this one."""
    return bool(label and a.number) and bare_number(label) != bare_number(a.number)


# What is known of a file from those of its shape before it.


class Marks(NamedTuple):
    """What rows that name no account are looked for by.

    covered: the first and the last day, None where the rows' days are not certain. numbers: the bank's, to the amounts they have
    here. begins: the balances that the rows may begin from, minor units. payees: keys, as of analysis/payees.py.
    """

    covered: tuple[date, date] | None
    numbers: Mapping[str, Decimal]
    begins: frozenset[int]
    payees: frozenset[int | None]


class Seen(NamedTuple):
    """What an account has of such marks.

    covered: day, size in minor units and payee's key of its rows of these days, the latest first. numbered: number and amount of
    its rows with such numbers. begun: whether it has had such a balance. payees: how many of the payees it knows.
    """

    covered: Sequence[tuple[date, int, int | None]] = ()
    numbered: Sequence[tuple[str, int]] = ()
    begun: bool = False
    payees: int = 0


class Memories(NamedTuple):
    """What earlier files of a shape say.

    by_key: where groups of this key went. answers: what was answered of each account's last one, the newest first.
    """

    by_key: Mapping[str, int]
    answers: Mapping[int, Answers]


def of_shape(shape: str, imports: Iterable[tuple[int, Memory]], accounts: Iterable[Target]) -> Memories:
    """Return what imports, each with its account and the newest first, remember of files of a shape."""
    there = {a.id for a in accounts}
    by_key: dict[str, int] = {}
    answers: dict[int, Answers] = {}
    for account_id, memory in imports:
        if memory.shape == shape and account_id in there:
            answers.setdefault(account_id, memory.answers.only(LASTING))
            for key, where in memory.accounts.items():
                if where in there:
                    by_key.setdefault(key, where)
    return Memories(by_key, answers)


def by_group(statement: statements.Statement) -> dict[str, list[statements.Row]]:
    """Return the rows of a file by group."""
    rows: dict[tuple[str, str | None], list[statements.Row]] = {}
    for row in statement.rows:
        rows.setdefault((row.account, row.currency), []).append(row)
    found: dict[str, list[statements.Row]] = {}
    for (account, currency), those in rows.items():
        found.setdefault(key_of(account, currency), []).extend(those)
    return found


def fitting(rows: Sequence[statements.Row], accounts: Sequence[Target], memories: Memories) -> list[Target]:
    """Return the accounts that gave files of this shape and that rows without an account's name may go into, the latest first."""
    by_id = {a.id: a for a in accounts}
    return [by_id[i] for i in memories.answers if rows[0].currency in (None, by_id[i].currency) and not by_id[i].closed]


def marks(rows: Sequence[statements.Row], currency: str, *, dated: bool) -> Marks:
    """Return what rows are looked for by in an account of a currency; `dated`: their days are certain."""
    days = [row.date for row in rows]
    return Marks(
        (min(days), max(days)) if dated else None,
        {row.bank_id: row.amount for row in rows[:SAMPLE] if row.bank_id},
        frozenset(_begins(rows, currency)),
        frozenset(payees.key(row.payee or row.text) for row in rows[:SAMPLE]),
    )


def likeness(rows: Sequence[statements.Row], a: Target, mark: Marks, seen: Seen, few: int) -> float:
    """Return how much an account's files are like these rows, which name no account: 0 where nothing says that they are its own.

    `few`: fewer payees in common say nothing. Which sign means money out may be open still.
    """
    if mark.covered is not None:
        first, last = mark.covered
        here = _told(rows, {day for day, _, _ in seen.covered}, a.currency)
        whole = [(day, size) for day, size, _ in seen.covered if first < day < last]
        if len(whole) >= FEW:
            # What is known of days that the file holds whole must stand in it.
            amounts = {one[:2] for one in here}
            share = sum(1 for one in whole if one in amounts) / len(whole)
            return 2 + share if share >= 0.5 else 0.0
        if here.intersection(seen.covered):
            return 2.0
    if seen.begun or any(abs(amount) == _size(mark.numbers[number], a.currency) for number, amount in seen.numbered):
        return 2.0
    keys = len(mark.payees)
    return seen.payees / keys if seen.payees >= few and seen.payees >= KNOWN_SHARE * keys else 0.0


def recall(
    groups: Mapping[str, Sequence[statements.Row]],
    asked: Collection[str],
    accounts: Sequence[Target],
    memories: Memories,
    like: Mapping[str, Mapping[int, float]],
) -> Choices:
    """Return what is known of a file from those of its shape before it.

    Other accounts may give files of the same shape ("Date, Description, Amount"), so an account is taken for the file's own only
    where the file names it, or where their rows, balances or payees are the same.

    Args:
        groups: the file's rows by group. asked: the keys of its questions.
        like: of each group that names no account, how much the accounts of `fitting` are like it.

    Returns:
        Choices with accounts, doubts, and what was answered before as far as it is a question here: a file that decides is not
        overruled.
    """
    found: dict[str, int] = {}
    doubts: dict[str, tuple[int, ...]] = {}
    for key, rows in groups.items():
        known = by_label(accounts, rows[0].account)
        if known is None and rows[0].account:
            known = memories.by_key.get(key)
        elif known is None:
            alike = like.get(key, {})
            known = max(alike, key=lambda i: alike[i]) if any(alike.values()) else None
            if known is None and alike:
                doubts[key] = tuple(alike)[:3]
        if known is not None:
            found[key] = known
    told = {*found.values(), *(i for those in doubts.values() for i in those)}
    recalled = {i: memories.answers[i].only(asked) for i in told if i in memories.answers}
    return Choices(
        accounts={key: Destination(i) for key, i in found.items()},
        doubts=doubts,
        recalled={i: answers for i, answers in recalled.items() if answers.said()},
    )


def _told(rows: Iterable[statements.Row], days: set[date], currency: str) -> set[tuple[date, int, int | None]]:
    """Return day, size in minor units and payee of the rows of these days."""
    found = set()
    for row in rows:
        if row.date in days and (size := _size(row.amount, currency)) is not None:
            found.add((row.date, size, payees.key(row.payee or row.text)))
    return found


def _size(amount: Decimal, currency: str) -> int | None:
    """Return an amount's size in minor units, None where the currency has no such amount."""
    try:
        return abs(to_minor(amount, currency))
    except InputNotValid:
        return None


def _begins(rows: Sequence[statements.Row], currency: str) -> set[int]:
    """Return the balances, but for zero, that rows may begin from: that before the first or before the last of them."""
    try:
        found = {to_minor(row.balance - row.amount, currency) for row in (rows[0], rows[-1]) if row.balance is not None}
    except InputNotValid:
        return set()
    return found - {0}


# Where a file is put without a question, by the command line.


def placed(accounts: Sequence[Target], statement: statements.Statement, known: Choices, name: str | None) -> dict[str, Destination]:
    """Return the account of each group of a file that nobody is asked about; all in one of a name where one is given.

    Raises:
        QuestionOpen: it is not clear which account is meant.
    """
    groups = {key_of(account, currency): account for account, currency in {(row.account, row.currency): None for row in statement.rows}}
    if name is not None:
        named = next((a.id for a in accounts if a.name.lower() == name.strip().lower()), None)
        return dict.fromkeys(groups, Destination(None, "named", name) if named is None else Destination(named))
    found = dict(known.accounts)
    for key, label in groups.items():
        if key in found or statement.own_export:
            continue
        if len(accounts) > 1 and not is_number(label):
            raise QuestionOpen("There is more than one account this could go into.", "account", (("NAME", ""),))
        if len(accounts) == len(groups) == 1 and not (is_number(label) and accounts[0].number):
            found[key] = Destination(accounts[0].id)
    return found


# Where rows go of which nobody has said it: an account that has them already.


def open_groups(groups: Iterable[Group], accounts: Sequence[Target]) -> list[Group]:
    """Return the groups that may go into an account that has their rows; those of a name find theirs.

    Raises:
        ChangedMeanwhile: the account of a group is gone, or has another currency by now.
    """
    currencies = {a.id: a.currency for a in accounts}
    still_open = []
    for group in groups:
        if group.account_id is not None and currencies.get(group.account_id) != group.currency:
            raise ChangedMeanwhile("The account of this file was changed in the meantime. Look at the file again; nothing was imported.")
        if group.account_id is None and group.said == "named":
            settle(group, next((a for a in accounts if a.name.lower() == group.name.lower() and a.currency == group.currency), None))
        elif group.account_id is None and group.said != "new":
            still_open.append(group)
    return still_open


def settle(group: Group, found: Target | None) -> None:
    """Let the rows of a group go into an account."""
    if found is not None:
        group.account_id, group.name = found.id, found.name


def prints(group: Group) -> list[int]:
    """Return the fingerprints by which a group's account is looked for."""
    return list({line.fingerprint for line in group.lines[:SAMPLE] if line.status == NEW})


def by_content(group: Group, accounts: Sequence[Target], counts: Mapping[int, int]) -> Target | None:
    """Return the account that has rows of this group already: two equal days, amounts and texts are no chance.

    `counts`: of how many of `prints` an account has a row, by account.
    """
    best, most = None, 0
    for a in accounts:
        if a.currency == group.currency and not other_number(a, group.label) and counts.get(a.id, 0) > most:
            best, most = a, counts[a.id]
    # Two equal fees are a chance where there are many rows; a tenth of them is none.
    wanted = len(prints(group))
    return best if most and most >= min(wanted, max(2, wanted // 10)) else None


def sample(group: Group) -> list[tuple[date, int]]:
    """Return day and minor units of the rows by which a group's account is looked for in another form; none where they are few."""
    found = [(line.day, line.amount or 0) for line in group.lines if line.status == NEW and line.day is not None][:SAMPLE]
    return found if len(found) >= FEW else []


def by_amounts(group: Group, accounts: Sequence[Target], near: Iterable[tuple[int, date, int]]) -> Target | None:
    """Return the account that has this group's movements in another form: most amounts on nearly the same days.

    `near`: account, day and minor units of the rows of such amounts within OFF of the days of `sample`.
    """
    lines = sample(group)
    held: dict[int, dict[int, list[date]]] = {}
    for account_id, day, amount in near:
        held.setdefault(account_id, {}).setdefault(amount, []).append(day)
    best, most = None, 0
    for a in accounts:
        if a.id not in held or a.currency != group.currency or other_number(a, group.label):
            continue
        by_amount = held[a.id]
        count = sum(1 for day, amount in lines if any(abs(day - other) <= OFF for other in by_amount.get(amount, ())))
        if count > most:
            best, most = a, count
    return best if most >= max(FEW, len(lines) * 6 // 10) else None
