"""Writing a file's chosen rows: the accounts and categories they need, the rows, and one import for each account."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, count
from typing import Any

from sqlalchemy import select

from dashboard import statements
from dashboard.analysis import payees
from dashboard.analysis.suggestions import LIKELY
from dashboard.bounds import cleaned, cut, room_for
from dashboard.folding import folded
from dashboard.model.accounts import account
from dashboard.model.imports import import_
from dashboard.model.transactions import dismissed, split, transaction
from dashboard.model.writing import Writer
from dashboard.periods import month_of, utc_now
from dashboard.services import categories, import_joining
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import Category
from dashboard.services.import_accounts import target_of
from dashboard.services.import_balances import day_before, opens_on
from dashboard.services.import_shapes import (
    ASKED_FOR,
    DUPLICATE,
    MATCH,
    NEW,
    PROBLEM,
    UNSURE,
    Check,
    Group,
    Line,
    Moved,
    answers_of,
    shape_of,
)
from dashboard.services.suggesting import Ideas

COLUMNS = (
    "account_id",
    "date",
    "month",
    "amount",
    "payee",
    "text",
    "note",
    "category_id",
    "bank_id",
    "fingerprint",
    "occurrence",
    "import_id",
    "transfer_id",
    "reviewed",
    "balance",
    "counter",
    "payee_key",
    "guess",
    "decided",
    "folded",
)


# So many rows that were left out in doubt a receipt names.
MOST_DOUBTS = 100


def leave_out(w: Writer, checked: Check) -> None:
    """Remember the rows that a person saw beside their like and left out: the next overlapping file does not ask again."""
    w.insert(
        dismissed,
        [
            {
                "account_id": group.account_id,
                "fingerprint": line.fingerprint,
                "occurrence": line.occurrence,
                "bank_id": line.bank_id or None,
                "balance": line.stated,
                "same_as": line.twin,
            }
            for group in checked.groups
            if group.account_id is not None
            for line in group.lines
            if line.status == MATCH and not checked.takes(line)
        ],
    )


def put_in(
    w: Writer, book: Book, checked: Check, known: list[Category], statement: statements.Statement, digest: str, found: Ideas | None
) -> tuple[list[int], list[Moved]]:
    """Write the chosen rows, the accounts and categories they need, and one import for each account.

    Returns:
        The imports' ids, and the rows as far as transfers are found by them.
    """
    by_name = {c.name.lower(): c.id for c in known}
    if statement.own_export:
        reserved = {word.casefold() for word in categories.RESERVED}
        sums: dict[str, int] = {}
        for name, amount in (labelled for line in checked.chosen for labelled in line.labelled):
            if name and name.casefold() not in reserved and name.lower() not in by_name:
                sums[name] = sums.get(name, 0) + amount
        by_name |= {name.lower(): new for name, new in categories.add_named(w, known, {n: s > 0 for n, s in sums.items()}).items()}
    transfers = import_joining.transfer_ids(w, book, checked) if statement.own_export else {}
    import_ids: list[int] = []
    readings: list[dict[str, Any]] = []
    taken = {a.name.lower() for a in read_accounts(w.connection, book)}
    fresh = {target_of(group) for group in checked.groups if group.account_id is None and any(map(checked.takes, group.lines))}
    room_for("account", len(taken) + len(fresh))
    made: dict[tuple[str, str], int] = {}
    placed: dict[str, int] = {}
    moved: list[Moved] = []
    for group in checked.groups:
        lines = [line for line in group.lines if checked.takes(line)]
        if not lines:
            continue
        if group.account_id is None and group.said == "named":
            group.account_id = made.get((group.name.lower(), group.currency))
        if group.account_id is None:
            group.account_id = made[group.name.lower(), group.currency] = w.insert(
                account,
                [
                    {
                        "name": _free_name(taken, group.name),
                        "kind": "checking",
                        "currency": group.currency,
                        "opening": group.opening or 0,
                        # Our own export names accounts, and no bank knows them by that.
                        "number": "" if statement.own_export else cleaned(group.label)[:64],
                        "closed": False,
                        "opened": day_before(group),
                    }
                ],
            )[0]
        else:
            _name_number(w, checked, group)
            _open(w, group, lines)
        placed[group.key] = group.account_id
        days = [line.day for line in group.lines if line.day is not None and line.status in (NEW, DUPLICATE, *ASKED_FOR)]
        kept = {
            "shape": shape_of(statement),
            "hints": answers_of(checked.choices),
            "accounts": {key: i for key, i in placed.items() if key.partition("|")[0]},
            "proof": checked.proof_text,
            "standing": next((x.said for x in checked.standings if x.key == group.key), ""),
            "days": [min(days).isoformat(), max(days).isoformat()],
            "doubts": [
                [x.day.isoformat(), x.amount, cleaned(x.payee)[:80]]
                for x in group.lines
                if x.status in (UNSURE, MATCH) and x.day is not None and not checked.takes(x)
            ][:MOST_DOUBTS],
        }
        readings.append(kept)
        import_ids.append(
            w.insert(
                import_,
                [
                    {
                        "account_id": group.account_id,
                        "file": checked.file,
                        "sha256": digest,
                        "format": statement.reading.format,
                        "at": utc_now(),
                        "read": len(group.lines),
                        "added": len(lines),
                        "duplicates": sum(1 for x in group.lines if x.status == DUPLICATE),
                        "problems": sum(1 for x in group.lines if x.status == PROBLEM),
                        "reading": json.dumps(kept),
                    }
                ],
            )[0]
        )
        if lines[0].day and lines[-1].day and lines[0].day > lines[-1].day:
            # Newest first in the file: turned round, so that ids grow with time and a day keeps its order.
            lines.reverse()
        rows = _tuples(w, group.account_id, import_ids[-1], lines, by_name, found, transfers)
        ids = w.insert_many(transaction, COLUMNS, rows, len(lines))
        _put_in_parts(w, ids, lines, by_name)
        moved += [Moved(i, group.account_id, x.day, x.amount or 0, x.counter) for i, x in zip(ids, lines, strict=True) if x.day]
    if found is not None and found.left_out:
        for i, kept in zip(import_ids, readings, strict=True):
            w.update(import_, [i], reading=json.dumps(kept | {"rules": found.left_out}))
    return import_ids, moved


def _open(w: Writer, group: Group, lines: list[Line]) -> None:
    """Let an account that was there open with what the bank had before the first row, or earlier than until now."""
    a = account.c
    own = (a.book_id == w.book_id, a.id == group.account_id)
    held = w.connection.execute(select(a.id, a.opening, a.opened).where(*own)).one()
    opening = held.opening if group.opening is None else group.opening
    opened = opens_on(held.opened, group, (line.day for line in lines if line.day is not None))
    changed = {name: value for name, value, was in (("opening", opening, held.opening), ("opened", opened, held.opened)) if value != was}
    if changed:
        w.update(account, [held.id], **changed)


def _name_number(w: Writer, checked: Check, group: Group) -> None:
    """Give an account that has no number the one that its statement names."""
    held = next((a for a in checked.accounts if a.id == group.account_id), None)
    others = {g.label for g in checked.groups if g.account_id == group.account_id} - {group.label}
    if held is not None and not held.number and not others and is_number(group.label):
        w.update(account, [held.id], number=cleaned(group.label)[:64])


def _put_in_parts(w: Writer, ids: Iterable[int], lines: list[Line], by_name: dict[str, int]) -> None:
    """Write the parts of rows that our own export split."""
    w.insert(
        split,
        [
            {
                "transaction_id": i,
                "category_id": by_name.get(part.category.lower()) if part.category else None,
                "amount": part.amount,
                "note": cleaned(part.note),
            }
            for i, line in zip(ids, lines, strict=True)
            for part in line.parts
        ],
    )


def _tuples(
    w: Writer, account_id: int, import_id: int, lines: list[Line], by_name: dict[str, int], found: Ideas | None, transfers: dict[int, int]
) -> Iterator[tuple[Any, ...]]:
    """Return the rows as COLUMNS, made one at a time, so that a large file is not held once more.

    Nothing here asks the database: while rows are copied into PostgreSQL their connection takes no other question.
    """
    start, revision = w.month_start, w.revision
    months: dict[date, tuple[str, int]] = {}
    for line in lines:
        day = line.day
        assert day is not None
        if (known := months.get(day)) is None:
            known = months[day] = (day.isoformat(), month_of(day, start))
        transfer_id = transfers.get(line.line)
        category = None if transfer_id is not None or not line.category else by_name.get(line.category.lower())
        guess = None
        if category is None and found is not None:
            idea = found.of(line.payee, line.text, line.amount or 0, account_id, line.category)
            if idea is not None and idea.sure >= LIKELY:
                category, guess = idea.category_id, idea.sure
        text, note = cleaned(line.text), cleaned(line.note)
        payee = cleaned(line.payee) or text or "\u2013"
        yield (
            account_id,
            known[0],
            known[1],
            line.amount,
            payee,
            text,
            note,
            category,
            line.bank_id or None,
            line.fingerprint,
            line.occurrence,
            import_id,
            transfer_id,
            False,
            line.balance,
            line.counter or None,
            payees.key(line.payee or line.text),
            guess,
            None if category is None else revision,
            folded(payee, text, note),
        )


def _free_name(taken: set[str], name: str) -> str:
    """Return a name that no account has, and take it."""
    name = cut(name) or "Account"
    names = chain([name], (f"{name[:70]} {n}" for n in count(2)))
    free = next(one for one in names if one.lower() not in taken)
    taken.add(free.lower())
    return free


def is_number(label: str) -> bool:
    """Say whether a file names its account by a number: then it is that account, or a new one."""
    return sum(map(str.isdigit, label)) >= 4
