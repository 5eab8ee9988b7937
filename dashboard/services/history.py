"""The journal as people read it: who changed what, when, what stood there before and after.

And undo: from the toast, from the import history, from the command line. An undo is itself a change and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection

from dashboard.analysis.rules import parsed
from dashboard.errors import RowsAreGone, UndoRefused
from dashboard.model.changes import Step, unpacked
from dashboard.model.deriving import DERIVED
from dashboard.model.queries import history as stored
from dashboard.model.writing import JOURNALLED
from dashboard.services import fields
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book, Done
from dashboard.services.categories import read_categories

PAGE = 30
SHOWN = 8
LOOKED_BACK = 100
# What a person never filled in says nothing to them.
SILENT = frozenset(
    {
        "fingerprint",
        "occurrence",
        "bank_id",
        "sha256",
        "reading",
        "import_id",
        "position",
        "balance",
        "transaction_id",
        "payee_key",
        "guess",
        "decided",
        "counter",
        "same_as",
        "one_id",
        "two_id",
    }
)
# What a rule asks for, by its argument's name: stored as one text, told one by one.
CONDITIONS = {
    "contains": "contains",
    "pattern": "pattern",
    "least": "at_least",
    "most": "at_most",
    "account_id": "account_id",
    "direction": "direction",
}
NOUNS = {"import": "import", "dismissed": "remembered deletion", "pair": "possible transfer"}


class Row(NamedTuple):
    """One row that a change wrote: its noun, its name, and (field, before, after); None where it was not, or is not any more."""

    noun: str
    name: str
    fields: tuple[tuple[str, object, object], ...]
    currency: str


@dataclass(frozen=True)
class Entry:
    """One change of the book; `rows` are the first of `count` that it wrote."""

    revision: int
    at: datetime
    who: str
    action: str
    undone: bool
    rows: tuple[Row, ...]
    count: int


def history(book: Book, page: object = 1) -> tuple[list[Entry], bool]:
    """Return one page of the book's changes, newest first, and whether there are older ones."""
    number = page if isinstance(page, int) and 0 < page < fields.LARGEST_ID // PAGE else 1
    with book.reading() as db:
        found = stored.page(db, book.id, limit=PAGE + 1, offset=(number - 1) * PAGE)
        past = _Past(db, book, {row.revision: row.data for row in found[:PAGE]})
        entries = [
            Entry(row.revision, row.at, row.who or "someone who is gone", row.action, row.undone_by is not None, *past.told(row.revision))
            for row in found[:PAGE]
        ]
    return entries, len(found) > PAGE


def undo(book: Book, revision: object) -> Done:
    """Take back one change; an import goes with the later edits of its rows.

    Raises:
        UndoRefused: it is undone already, or later changes stand on it; the sentence names them.
    """
    number = fields.identity(revision)
    with book.writing() as w:
        what = w.undo(number, take_edits=stored.is_import(w.connection, book.id, number))
        w.action = (
            f"Undone: {what.removeprefix('Undone: ')}"
            if not what.startswith("Undone: ")
            else f"Done again: {what.removeprefix('Undone: ')}"
        )
        if w.taken_edits:
            w.action += f", {w.taken_edits} of its rows had been edited since"
        return Done(w.revision, w.action)


def undo_last(book: Book, steps: object = None) -> Done:
    """Take back the latest change that is in force and is no undo itself.

    Args:
        steps: the changes of a person's session, by revision: of these only, and never the sample data. None: of all.

    Raises:
        UndoRefused: there is nothing to undo.
    """
    with book.reading() as db:
        if steps is None:
            numbers = stored.latest(db, book.id, LOOKED_BACK)
        else:
            numbers = stored.latest_among(db, book.id, book.user_id, _revisions(steps), LOOKED_BACK)
    for number in numbers:
        # An edit of rows whose import has been undone since went with them; what came before it is next.
        try:
            return undo(book, number)
        except RowsAreGone:
            continue
    raise UndoRefused("There is nothing to undo." if steps is None else "Nothing of this session is left to undo; see the history.")


class _Past:
    """What rows were after each change.

    The journal holds what stood there before. What a change left is what stands there today, with all that came later
    taken back: so the changes are walked from the newest to the oldest that is shown.
    """

    def __init__(self, db: Connection, book: Book, shown: Mapping[int, bytes]) -> None:
        self.db, self.book = db, book
        self.names = _Names(db, book)
        self.steps: dict[int, list[Step]] = {revision: _steps(data) for revision, data in shown.items()}
        self.chosen = {revision: _first_rows(steps) for revision, steps in self.steps.items()}
        self.rows: dict[tuple[int, int, int], Row] = {}
        # Which account the transactions of splits were in.
        self.parents: dict[int, int] = {}
        self.state = self._today()
        if shown:
            for revision, data in stored.since(db, book.id, min(shown)):
                self._take_back(revision, self.steps.get(revision) or _steps(data))

    def told(self, revision: int) -> tuple[tuple[Row, ...], int]:
        """Return the first rows that a change wrote, and how many it wrote."""
        rows = tuple(row for (number, _, _), row in sorted(self.rows.items()) if number == revision)
        return rows, sum(map(_count, self.steps[revision]))

    def _today(self) -> dict[tuple[str, int], Step]:
        wanted: dict[str, set[int]] = {}
        for name, _, i in (key for chosen in self.chosen.values() for key in chosen):
            wanted.setdefault(name, set()).add(i)
        state: dict[tuple[str, int], Step] = {(name, i): {} for name, ids in wanted.items() for i in ids}
        for name, ids in wanted.items():
            state |= {(name, i): row for i, row in stored.rows(self.db, self.book.id, name, ids).items()}
        return state

    def _take_back(self, revision: int, steps: list[Step]) -> None:
        for step in steps:
            self._remember(step)
        for place in reversed(range(len(steps))):
            step = steps[place]
            for key, was in self._before(step):
                now = self.state[key]
                if (step["t"], place, key[1]) in self.chosen.get(revision, ()):
                    self.rows[revision, place, key[1]] = self._row(step, was, now)
                self.state[key] = was

    def _remember(self, step: Step) -> None:
        """Keep what is deleted was called, and which account it was in."""
        if step["op"] == "delete" and step["t"] in ("account", "category", "transaction"):
            held: dict[int, Any] = {"account": self.names.accounts, "category": self.names.categories, "transaction": self.parents}[
                step["t"]
            ]  # type: ignore[assignment]
            held.update(_column(step, "account_id" if step["t"] == "transaction" else "name"))
            if step["t"] == "account":
                self.names.currencies.update(_column(step, "currency"))

    def _before(self, step: Step) -> Iterator[tuple[tuple[str, int], Step]]:
        """Yield the rows of a step that are followed, with what they were before it."""
        if step["op"] == "insert":
            for key in list(self.state):
                if key[0] == step["t"] and any(first <= key[1] <= last for first, last in step["ids"]):
                    yield key, {}
            return
        for row in step["before"]:
            key = step["t"], row[0]
            if key in self.state:
                was = dict(zip(step["cols"], row[2:], strict=True))
                yield key, was if step["op"] == "delete" else self.state[key] | was

    def _row(self, step: Step, was: Mapping[str, Any], now: Mapping[str, Any]) -> Row:
        was, now, columns = _opened(was), _opened(now), step.get("cols", ())
        whole, names = {**now, **was}, self.names
        if step["op"] == "update":
            columns = [part for name in columns for part in (CONDITIONS.values() if name == "conditions" else (name,))]
            pairs = [(name, was.get(name), now.get(name)) for name in columns if name not in SILENT]
        else:
            hidden = {"id", "revision", "book_id", *(c.name for c in DERIVED if c.table.name == step["t"])}
            told = {name: value for name, value in whole.items() if name not in SILENT and name not in hidden}
            pairs = [(name, was.get(name), now.get(name)) for name, value in told.items() if value not in (None, "", False)]
        said = [
            (name, *(names.value(name, value) if there else None for value, there in ((old, was), (new, now)))) for name, old, new in pairs
        ]
        fields_ = tuple((name.removesuffix("_id"), old, new) for name, old, new in said if old != new)
        return Row(NOUNS.get(step["t"]) or str(step["t"]), _name(whole, names), fields_, self._currency(whole))

    def _currency(self, values: Mapping[str, Any]) -> str:
        """Return the currency of a row's amounts."""
        if values.get("currency"):
            return str(values["currency"])
        account_id = values.get("account_id")
        if account_id is None and (parent := values.get("transaction_id")) is not None:
            if parent not in self.parents:
                self.parents[parent] = stored.account_of(self.db, self.book.id, parent) or 0
            account_id = self.parents[parent]
        return self.names.currencies.get(account_id or 0, self.book.currency)


class _Names:
    """What ids are called."""

    def __init__(self, db: Connection, book: Book) -> None:
        held = read_accounts(db, book)
        self.accounts = {a.id: a.name for a in held}
        self.currencies = {a.id: a.currency for a in held}
        self.categories = {c.id: c.name for c in read_categories(db, book)}

    def value(self, field: str, value: Any) -> object:
        """Return a value as a person knows it: names for ids, the rest as it is."""
        if field == "category_id":
            return "Uncategorised" if value is None else self.categories.get(value, "a category that is gone")
        if field == "account_id":
            return None if value is None else self.accounts.get(value, "an account that is gone")
        if field == "transfer_id" and value is not None:
            return "transfer"
        return value


def _steps(data: bytes) -> list[Step]:
    return [step for step in unpacked(data) if step["t"] in JOURNALLED]


def _column(step: Step, name: str) -> Iterator[tuple[int, Any]]:
    """Yield the ids of a step with one of its values; a journal that came with a whole book may lack any."""
    if name in step["cols"]:
        place = 2 + step["cols"].index(name)
        yield from ((row[0], row[place]) for row in step["before"])


def _first_rows(steps: Sequence[Step]) -> set[tuple[str, int, int]]:
    """Return the rows of a change that are shown: table, place of the step, id."""
    found: list[tuple[str, int, int]] = []
    for place, step in enumerate(steps):
        found += [(step["t"], place, i) for i in islice(_ids(step), SHOWN - len(found))]
    return set(found)


def _ids(step: Step) -> Iterator[int]:
    """Yield the rows of a step. An insert names them by their ends: a whole book may claim any, so they are never listed."""
    if step["op"] == "insert":
        return (i for first, last in step["ids"] for i in range(first, last + 1))
    return (row[0] for row in step["before"])


def _count(step: Step) -> int:
    return sum(last - first + 1 for first, last in step["ids"]) if step["op"] == "insert" else len(step["before"])


def _opened(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row with a rule's conditions one by one in place of their text; other rows as they are."""
    if "conditions" not in values:
        return values
    try:
        given = parsed(values["conditions"])
    except ValueError:
        given = {}
    return {key: value for key, value in values.items() if key != "conditions"} | {name: given.get(key) for key, name in CONDITIONS.items()}


def _name(values: Mapping[str, Any], names: _Names) -> str:
    """Return what a person calls a row."""
    for field in ("payee", "name", "file", "contains", "pattern"):
        if values.get(field):
            return str(values[field])
    # A budget is called as its category, what was said of an account's worth as the account.
    for field in ("category_id", "account_id"):
        if values.get(field):
            return str(names.value(field, values[field]))
    return ""


def _revisions(steps: object) -> list[int]:
    """Return the last of the revisions that a browser remembers."""
    if not isinstance(steps, list):
        return []
    return [number for number in steps[-LOOKED_BACK:] if type(number) is int and 0 < number <= fields.LARGEST_ID]
