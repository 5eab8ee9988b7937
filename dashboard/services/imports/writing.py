"""Writing a file's chosen rows: the accounts and categories they need, the rows, and one import for each account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count

from dashboard.analysis import payees
from dashboard.analysis.ideas import Ideas
from dashboard.analysis.suggestions import LIKELY
from dashboard.bounds import cleaned, cut, room_for
from dashboard.folding import folded
from dashboard.importing.balances import day_before, opens_on
from dashboard.importing.choices import Doubt, Memory, shape_of
from dashboard.importing.shapes import ASKED_FOR, DUPLICATE, MATCH, NEW, PROBLEM, UNSURE, Check, Group, Line, Moved, Target, is_number
from dashboard.model.accounts import account
from dashboard.model.imports import import_
from dashboard.model.transactions import dismissed, split, transaction
from dashboard.model.writing import Writer
from dashboard.periods import month_of, utc_now
from dashboard.services.categories import RESERVED, Category, add_named

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
Row = tuple[int | str | bool | None, ...]
# So many rows that were left out in doubt a receipt names.
MOST_DOUBTS = 100


@dataclass
class Imported:
    """What was written: the imports, what each of them remembers, and the rows as far as transfers are found by them."""

    memories: dict[int, Memory] = field(default_factory=dict)
    rows: list[Moved] = field(default_factory=list)


@dataclass(frozen=True)
class Labels:
    """What rows are given: categories by their names in lower case, ideas for those without, and transfers by line."""

    categories: Mapping[str, int]
    ideas: Ideas | None
    transfers: Mapping[int, int]


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


def named_categories(w: Writer, checked: Check, known: list[Category]) -> dict[str, int]:
    """Return the ids of categories by their names in lower case; those that only our own export names are made."""
    by_name = {c.name.lower(): c.id for c in known}
    if not checked.statement.own_export:
        return by_name
    reserved = {word.casefold() for word in RESERVED}
    sums: dict[str, int] = {}
    for name, amount in (labelled for line in checked.chosen for labelled in line.labelled):
        if name and name.casefold() not in reserved and name.lower() not in by_name:
            sums[name] = sums.get(name, 0) + amount
    return by_name | {name.lower(): new for name, new in add_named(w, known, {n: s > 0 for n, s in sums.items()}).items()}


def put_in(w: Writer, checked: Check, labels: Labels, digest: str) -> Imported:
    """Write the chosen rows, the accounts they need, and one import for each account; `digest` is the file's."""
    takes = checked.takes
    chosen = {group.key: lines for group in checked.groups if (lines := [line for line in group.lines if takes(line)])}
    accounts = _Accounts(w, checked, chosen)
    done = Imported()
    placed: dict[str, int] = {}
    for group in checked.groups:
        if group.key not in chosen:
            continue
        lines = chosen[group.key]
        account_id = placed[group.key] = accounts.of(group, lines)
        memory = _memory(checked, group, placed)
        row = {
            "account_id": account_id,
            "file": checked.file,
            "sha256": digest,
            "format": checked.statement.reading.format,
            "at": utc_now(),
            "read": len(group.lines),
            "added": len(lines),
            "duplicates": sum(1 for x in group.lines if x.status == DUPLICATE),
            "problems": sum(1 for x in group.lines if x.status == PROBLEM),
            "reading": memory.dumps(),
        }
        import_id = w.insert(import_, [row])[0]
        done.memories[import_id] = memory
        if lines[0].day and lines[-1].day and lines[0].day > lines[-1].day:
            # Newest first in the file: turned round, so that ids grow with time and a day keeps its order.
            lines.reverse()
        ids = w.insert_many(transaction, COLUMNS, _tuples(w, (account_id, import_id), lines, labels), len(lines))
        _put_in_parts(w, ids, lines, labels.categories)
        done.rows += [Moved(i, account_id, x.day, x.amount or 0, x.counter) for i, x in zip(ids, lines, strict=True) if x.day]
    return done


def remember_rules(w: Writer, done: Imported, left_out: str) -> None:
    """Keep with the imports which rules were left out while they were written, in a sentence."""
    if left_out:
        for i, memory in done.memories.items():
            w.update(import_, [i], reading=replace(memory, rules=left_out).dumps())


def _memory(checked: Check, group: Group, placed: Mapping[str, int]) -> Memory:
    """Return what an import remembers of its file; `placed`: the accounts of groups until now, by key."""
    days = [line.day for line in group.lines if line.day is not None and line.status in (NEW, DUPLICATE, *ASKED_FOR)]
    doubts = [
        Doubt(x.day, x.amount or 0, cleaned(x.payee)[:80])
        for x in group.lines
        if x.status in (UNSURE, MATCH) and x.day is not None and not checked.takes(x)
    ]
    return Memory(
        shape=shape_of(checked.statement),
        answers=checked.choices.settled,
        accounts={key: i for key, i in placed.items() if key.partition("|")[0]},
        proof=checked.proof_text,
        standing=next((x.said for x in checked.standings if x.key == group.key), ""),
        days=(min(days), max(days)),
        doubts=tuple(doubts[:MOST_DOUBTS]),
    )


class _Accounts:
    """The accounts that an import goes into: those there are, and those it makes."""

    def __init__(self, w: Writer, checked: Check, chosen: Mapping[str, Sequence[Line]]) -> None:
        self._w, self._checked = w, checked
        self._there = {a.id: a for a in checked.accounts}
        self._taken = {a.name.lower() for a in checked.accounts}
        self._made: dict[tuple[str, str], int] = {}
        fresh = {group.place for group in checked.groups if group.account_id is None and group.key in chosen}
        room_for("account", len(checked.accounts) + len(fresh))

    def of(self, group: Group, lines: Sequence[Line]) -> int:
        """Return the account of a group, made or told what its rows say of it."""
        if group.account_id is None and group.said == "named":
            group.account_id = self._made.get((group.name.lower(), group.currency))
        if group.account_id is None:
            group.account_id = self._made[group.name.lower(), group.currency] = self._make(group)
        else:
            self._tell(self._there[group.account_id], group, lines)
        return group.account_id

    def _make(self, group: Group) -> int:
        # Our own export names accounts, and no bank knows them by that.
        number = "" if self._checked.statement.own_export else cleaned(group.label)[:64]
        new = Target(0, self._free_name(group.name), group.currency, number, False, group.opening or 0, day_before(group))
        made = self._w.insert(account, [{"kind": "checking"} | {name: value for name, value in new._asdict().items() if name != "id"}])[0]
        self._there[made] = new._replace(id=made)
        return made

    def _tell(self, held: Target, group: Group, lines: Sequence[Line]) -> None:
        """Give an account the number that its statement names, and let it open with what the bank had before, or earlier than until now."""
        others = {g.label for g in self._checked.groups if g.account_id == held.id} - {group.label}
        named = held.id not in self._made.values() and not held.number and not others and is_number(group.label)
        now = held._replace(
            number=cleaned(group.label)[:64] if named else held.number,
            opening=held.opening if group.opening is None else group.opening,
            opened=opens_on(held.opened, group, (line.day for line in lines if line.day is not None)),
        )
        self._there[held.id] = now
        changed = {name: value for name, value, was in zip(now._fields, now, held, strict=True) if value != was}
        if changed:
            self._w.update(account, [held.id], **changed)

    def _free_name(self, name: str) -> str:
        """Return a name that no account has, and take it."""
        name = cut(name) or "Account"
        names = chain([name], (f"{name[:70]} {n}" for n in count(2)))
        free = next(one for one in names if one.lower() not in self._taken)
        self._taken.add(free.lower())
        return free


def _put_in_parts(w: Writer, ids: Sequence[int], lines: Sequence[Line], categories: Mapping[str, int]) -> None:
    """Write the parts of rows that our own export split."""
    w.insert(
        split,
        [
            {
                "transaction_id": i,
                "category_id": categories.get(part.category.lower()) if part.category else None,
                "amount": part.amount,
                "note": cleaned(part.note),
            }
            for i, line in zip(ids, lines, strict=True)
            for part in line.parts
        ],
    )


def _tuples(w: Writer, into: tuple[int, int], lines: Sequence[Line], labels: Labels) -> Iterator[Row]:
    """Return the rows as COLUMNS, made one at a time, so that a large file is not held once more; `into`: account and import.

    Nothing here asks the database: while rows are copied into PostgreSQL their connection takes no other question.
    """
    start, revision = w.month_start, w.revision
    account_id, import_id = into
    ideas = labels.ideas
    months: dict[date, tuple[str, int]] = {}
    for line in lines:
        day = line.day
        assert day is not None
        if (known := months.get(day)) is None:
            known = months[day] = (day.isoformat(), month_of(day, start))
        transfer_id = labels.transfers.get(line.line)
        category = None if transfer_id is not None or not line.category else labels.categories.get(line.category.lower())
        guess = None
        if category is None and ideas is not None:
            idea = ideas.of(line.payee, line.text, line.amount or 0, account_id, line.category)
            if idea is not None and idea.sure >= LIKELY:
                category, guess = idea.category_id, idea.sure
        text, note = cleaned(line.text), cleaned(line.note) if line.note else ""
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
