"""The one writer. Nothing else in the house inserts, updates or deletes a book's rows; a test sees to it.

A change is one database transaction: it first bumps `book.revision` (lock, change number and row version in one),
stamps every row it touches with it, and stores in the journal what stood there before. Undo walks the steps backwards,
refuses where a row has been written since, writes the old content with its old revision, and is itself a change.

A step is one of
    {"t": table, "op": "insert", "ids": [[first, last], …]}        the rows themselves are the content
    {"t": table, "op": "update", "cols": […], "before": [[id, revision, …]], "set": {column: new value}}
    {"t": table, "op": "delete", "cols": […], "before": [[id, revision, …]]}
An undo writes old revisions back, so its insert and update steps also hold "leaves": the revisions it left, by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dashboard import bounds
from dashboard.errors import ChangedMeanwhile, RowsAreGone, UndoRefused
from dashboard.model import database
from dashboard.model.accounts import account, account_value
from dashboard.model.budgets import budget
from dashboard.model.categories import category
from dashboard.model.changes import change, packed, unpacked
from dashboard.model.deriving import DERIVED, dated, derived, fold_anew
from dashboard.model.imports import import_, rule
from dashboard.model.people import book
from dashboard.model.transactions import dismissed, pair, split, transaction
from dashboard.periods import utc_now

JOURNALLED: dict[str, Table] = {
    t.name: t for t in (account, account_value, category, import_, budget, rule, transaction, split, dismissed, pair)
}
CHUNK = 500
T = TypeVar("T")


class Writer:
    """Writes one change of one book."""

    def __init__(self, connection: Connection, book_id: int, user_id: int) -> None:
        """Lock the book and take the change's number."""
        self.connection = connection
        self.book_id = book_id
        self.user_id = user_id
        # The first statement of every write: on PostgreSQL what is read before it may be stale.
        row = connection.execute(
            update(book).where(book.c.id == book_id).values(revision=book.c.revision + 1).returning(book.c.revision, book.c.month_start)
        ).one()
        self.revision: int = row.revision
        self.month_start: int = row.month_start
        self.action = ""
        self.steps: list[dict[str, Any]] = []
        self.undoes: int | None = None
        self.taken_edits = 0

    def new_ids(self, count: int) -> range:
        """Take so many ids of the book; they are contiguous."""
        last = self.connection.execute(
            update(book).where(book.c.id == self.book_id).values(next_id=book.c.next_id + count).returning(book.c.next_id)
        ).scalar_one()
        return range(last - count, last)

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> range:
        """Insert rows and return their ids.

        Raises:
            InputNotValid: the book would hold more of them than one may.
        """
        if not rows:
            return range(0)
        ids = self.new_ids(len(rows))
        head = {"book_id": self.book_id, "revision": self.revision}
        full = [derived(table, head | {"id": i} | dict(row), self.month_start) for i, row in zip(ids, rows, strict=True)]
        self.connection.execute(insert(table), full)
        self._there_is_room(table)
        self.steps.append({"t": table.name, "op": "insert", "ids": [[ids[0], ids[-1]]]})
        return ids

    def _there_is_room(self, table: Table) -> None:
        if table.name in bounds.MOST:
            held = self.connection.execute(select(func.count()).select_from(table).where(table.c.book_id == self.book_id)).scalar_one()
            bounds.room_for(table.name, held)

    def insert_many(self, table: Table, columns: Sequence[str], rows: Iterable[tuple[Any, ...]], count: int) -> range:
        """Insert `count` rows by the driver, past SQLAlchemy's row handling; dates come as ISO text.

        `columns` leave out book_id, id and revision; the caller derives what is derived.
        """
        if not count:
            return range(0)
        ids = self.new_ids(count)
        names = ", ".join(f'"{name}"' for name in ("book_id", "id", "revision", *columns))
        book_id, revision = self.book_id, self.revision
        values = ((book_id, i, revision, *row) for i, row in zip(ids, rows, strict=True))
        raw = self.connection.connection.dbapi_connection
        assert raw is not None
        driver: Any = raw
        if self.connection.dialect.name == "postgresql":
            with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * (len(columns) + 3))
            driver.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', values)
        self.steps.append({"t": table.name, "op": "insert", "ids": [[ids[0], ids[-1]]]})
        return ids

    def update(self, table: Table, ids: Iterable[int], **values: Any) -> int:
        """Set the same values on rows; return how many there were."""
        columns = [name for name in values if table.c[name] not in DERIVED]
        before: list[list[Any]] = []
        for part in chunks(sorted(set(ids))):
            before += self._rows(table, part, columns)
            where = and_(table.c.book_id == self.book_id, table.c.id.in_(part))
            new = dated(table, values, self.month_start)
            self.connection.execute(update(table).where(where).values(**new, revision=self.revision))
            fold_anew(self.connection, table, self.book_id, part, values)
        if before:
            told = dict(zip(columns, _plain([values[name] for name in columns]), strict=True))
            self.steps.append({"t": table.name, "op": "update", "cols": columns, "before": before, "set": told})
        return len(before)

    def delete(self, table: Table, ids: Iterable[int]) -> int:
        """Delete rows; return how many there were."""
        columns = _content(table)
        before: list[list[Any]] = []
        for part in chunks(sorted(set(ids))):
            before += self._rows(table, part, columns)
            self.connection.execute(delete(table).where(table.c.book_id == self.book_id, table.c.id.in_(part)))
        if before:
            self.steps.append({"t": table.name, "op": "delete", "cols": columns, "before": before})
        return len(before)

    def guard(self, table: Table, row_id: int, revision: int) -> None:
        """Refuse to go on where the row is not the one that the person saw.

        Raises:
            ChangedMeanwhile: another tab or person has written it since, or deleted it.
        """
        found = self.connection.execute(
            select(table.c.revision).where(table.c.book_id == self.book_id, table.c.id == row_id)
        ).scalar_one_or_none()
        if found != revision:
            raise ChangedMeanwhile

    def undo(self, number: int, *, take_edits: bool = False) -> str:
        """Take back the change with this number and return what it was.

        With `take_edits` what it added goes even where it was edited or partly deleted since; `taken_edits` counts
        those rows. Without, any later change of its rows stands in the way.

        Raises:
            UndoRefused: it is undone already, or rows of it have been changed since.
        """
        row = self._change(number)
        if row is None:
            raise UndoRefused("That change does not exist.")
        if row.undone_by is not None:
            raise UndoRefused("That change is undone already.")
        for step in reversed(unpacked(row.data)):
            table = JOURNALLED[step["t"]]
            if step["op"] == "insert":
                self._remove(table, step, number, take_edits)
            elif step["op"] == "update":
                self._restore(table, step, number, take_edits=take_edits)
            else:
                self._put_back(table, step)
        self._names_are_apart()
        self.connection.execute(
            update(change).where(change.c.book_id == self.book_id, change.c.revision == number).values(undone_by=self.revision)
        )
        if row.undoes is not None:
            # Undoing an undo puts the first change in force again, so that it can be undone anew.
            self.connection.execute(
                update(change).where(change.c.book_id == self.book_id, change.c.revision == row.undoes).values(undone_by=None)
            )
        self.undoes = number
        return str(row.action)

    def mark_demo(self, revision: int | None) -> None:
        """Say which change brought the sample data; whether it is there still, that change says."""
        self.connection.execute(update(book).where(book.c.id == self.book_id).values(demo=revision))

    def store(self) -> None:
        """Write the change into the journal; an empty one leaves no trace but its number."""
        if not self.steps:
            return
        self.connection.execute(
            insert(change).values(
                book_id=self.book_id,
                revision=self.revision,
                at=utc_now(),
                user_id=self.user_id,
                action=self.action[:300],
                undoes=self.undoes,
                undone_by=None,
                data=packed(self.steps),
            )
        )

    def _change(self, number: int) -> Any:
        return self.connection.execute(select(change).where(change.c.book_id == self.book_id, change.c.revision == number)).one_or_none()

    def _remove(self, table: Table, step: dict[str, Any], number: int, take_edits: bool) -> None:
        """Take back an insert."""
        columns = _content(table)
        expected = iter(step.get("leaves") or ())
        before: list[list[Any]] = []
        for first, last in step["ids"]:
            in_range = and_(table.c.book_id == self.book_id, table.c.id >= first, table.c.id <= last)
            rows = self.connection.execute(
                select(table.c.id, table.c.revision, *(table.c[c] for c in columns)).where(in_range).order_by(table.c.id)
            ).all()
            if len(rows) != last - first + 1 and not take_edits:
                raise RowsAreGone("This cannot be undone: some of what it added has been deleted since.")
            for row in rows:
                if row.revision != next(expected, number):
                    if not take_edits:
                        raise UndoRefused(self._why(row.revision))
                    self.taken_edits += 1
            if take_edits and table is transaction:
                self._release(first, last)
            elif take_edits and table is account:
                for hung in (dismissed, account_value):
                    own = and_(hung.c.book_id == self.book_id, hung.c.account_id >= first, hung.c.account_id <= last)
                    self.delete(hung, self.connection.execute(select(hung.c.id).where(own)).scalars().all())
            try:
                self.connection.execute(delete(table).where(in_range))
            except IntegrityError as error:
                raise UndoRefused("This cannot be undone: what it added is in use now. Undo or delete that first.") from error
            before += [_plain(row) for row in rows]
        self.steps.append({"t": table.name, "op": "delete", "cols": columns, "before": before})

    def _release(self, first: int, last: int) -> None:
        """Let go of what later edits hung onto transactions that are about to go: their splits, the other legs of transfers."""
        own = and_(split.c.book_id == self.book_id, split.c.transaction_id >= first, split.c.transaction_id <= last)
        self.delete(split, self.connection.execute(select(split.c.id).where(own)).scalars().all())
        leg, other = transaction.alias("leg"), transaction.alias("other")
        legs = self.connection.execute(
            select(other.c.id, other.c.revision)
            .join(leg, and_(leg.c.book_id == other.c.book_id, leg.c.transfer_id == other.c.transfer_id))
            .where(
                leg.c.book_id == self.book_id,
                leg.c.id >= first,
                leg.c.id <= last,
                # Said of both, so that both are found by the index of transfers.
                leg.c.transfer_id.is_not(None),
                other.c.transfer_id.is_not(None),
                other.c.book_id == self.book_id,
                (other.c.id < first) | (other.c.id > last),
            )
        ).all()
        for row_id, revision in legs:
            self._unmark(row_id, revision)

    def _unmark(self, row_id: int, revision: int) -> None:
        """Put a leg back to what it was before it was marked as a transfer, revision and all, so that what made it can be undone next."""
        row = self._change(revision)
        for step in unpacked(row.data) if row is not None else []:
            before = [b for b in step.get("before", ()) if b[0] == row_id]
            if step["op"] == "update" and step["t"] == transaction.name and "transfer_id" in step["cols"] and before:
                self._restore(transaction, {"cols": step["cols"], "before": before}, revision)
                return
        self.update(transaction, [row_id], transfer_id=None)

    def _restore(self, table: Table, step: dict[str, Any], number: int, *, take_edits: bool = False) -> None:
        """Take back an update; with `take_edits` rows that were written since keep what they have, but for a transfer it joined them to."""
        columns, before = step["cols"], step["before"]
        if take_edits:
            before = self._untouched(table, step, number)
            if not before:
                return
        now: list[list[Any]] = []
        for part in chunks(before):
            now += self._rows(table, [row[0] for row in part], columns)
        if len(now) != len(before):
            raise RowsAreGone("This cannot be undone: some of what it changed has been deleted since.")
        if table is account and "currency" in columns:
            self._same_currency(columns, before, now)
        leaves = dict(zip((row[0] for row in step["before"]), step.get("leaves") or [number] * len(step["before"]), strict=True))
        for row in now:
            if row[1] != leaves[row[0]]:
                raise UndoRefused(self._why(row[1]))
        values = [dated(table, self._named(table, columns, row), self.month_start) for row in before]
        names = [name for name in values[0] if name != "id"]
        statement = (
            update(table)
            .where(table.c.book_id == self.book_id, table.c.id == bindparam("b_id"))
            .values({name: bindparam(f"b_{name}") for name in names})
        )
        try:
            for chunk in chunks(values):
                self.connection.execute(statement, [{f"b_{name}": row[name] for name in (*names, "id")} for row in chunk])
                fold_anew(self.connection, table, self.book_id, [row["id"] for row in chunk], columns)
        except IntegrityError as error:
            raise UndoRefused("This cannot be undone: what it pointed at before has been deleted since. Undo that first.") from error
        self.steps.append({"t": table.name, "op": "update", "cols": columns, "before": now, "leaves": [row[1] for row in before]})

    def _untouched(self, table: Table, step: dict[str, Any], number: int) -> list[list[Any]]:
        """Return what stood before in the rows that nobody has written since; edited ones only let go of the step's transfer."""
        expected = dict(zip((row[0] for row in step["before"]), step.get("leaves") or [number] * len(step["before"]), strict=True))
        joined = step.get("set", {}).get("transfer_id")
        revisions: dict[int, int] = {}
        loose: list[int] = []
        for part in chunks(list(expected)):
            for row_id, revision, *content in self._rows(table, part, ["transfer_id"] if table is transaction else []):
                revisions[row_id] = revision
                if revision != expected[row_id] and content and joined is not None and content[0] == joined:
                    loose.append(row_id)
        self.taken_edits += sum(1 for row_id, revision in revisions.items() if revision != expected[row_id])
        if loose:
            self.update(table, loose, transfer_id=None)
        return [row for row in step["before"] if revisions.get(row[0]) == expected[row[0]]]

    def _same_currency(self, columns: list[str], before: list[list[Any]], now: list[list[Any]]) -> None:
        """Refuse to give an account with transactions or values another currency: their minor units would mean other amounts."""
        place = 2 + columns.index("currency")
        for old, new in zip(before, now, strict=True):
            if old[place] == new[place]:
                continue
            for used, noun in ((transaction, "transactions"), (account_value, "values")):
                own = select(used.c.id).where(used.c.book_id == self.book_id, used.c.account_id == new[0]).limit(1)
                if self.connection.execute(own).first() is not None:
                    raise UndoRefused(f"This cannot be undone: the account has {noun} in its present currency.")

    def _names_are_apart(self) -> None:
        """Refuse to bring back a name that another account or category has taken meanwhile."""
        for table in {JOURNALLED[step["t"]] for step in self.steps} & {account, category}:
            name = func.lower(table.c.name)
            twice = select(func.min(table.c.name)).where(table.c.book_id == self.book_id).group_by(name).having(func.count() > 1).limit(1)
            if taken := self.connection.execute(twice).scalar_one_or_none():
                raise UndoRefused(f"This cannot be undone: another {table.name} is called \u201c{taken}\u201d now. Rename that first.")

    def _put_back(self, table: Table, step: dict[str, Any]) -> None:
        """Take back a delete."""
        start, book_id = self.month_start, self.book_id
        rows = [derived(table, {"book_id": book_id} | self._named(table, step["cols"], row), start) for row in sorted(step["before"])]
        try:
            for part in chunks(rows):
                self.connection.execute(insert(table), part)
        except IntegrityError as error:
            raise UndoRefused("This cannot be undone: what was deleted is there again, or needs something that is gone.") from error
        self.steps.append(
            {"t": table.name, "op": "insert", "ids": _ranges([row["id"] for row in rows]), "leaves": [row["revision"] for row in rows]}
        )

    def _why(self, revision: int) -> str:
        later = self._change(revision)
        what = f"\u201c{later.action}\u201d" if later is not None else "another change"
        return f"This cannot be undone before {what}, which came later."

    def _rows(self, table: Table, ids: Sequence[int], columns: Sequence[str]) -> list[list[Any]]:
        found = self.connection.execute(
            select(table.c.id, table.c.revision, *(table.c[c] for c in columns))
            .where(table.c.book_id == self.book_id, table.c.id.in_(ids))
            .order_by(table.c.id)
        ).all()
        return [_plain(row) for row in found]

    def _named(self, table: Table, columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
        values = dict(zip(("id", "revision", *columns), row, strict=True))
        for name, value in values.items():
            kind = table.c[name].type.python_type
            if value is not None and kind is date:
                values[name] = date.fromisoformat(value)
            elif value is not None and kind is datetime:
                values[name] = datetime.fromisoformat(value)
        return values


def _content(table: Table) -> list[str]:
    """Return the names of the columns that a person filled."""
    return [c.name for c in table.columns if c.name not in ("book_id", "id", "revision") and c not in DERIVED]


def _ranges(ids: Sequence[int]) -> list[list[int]]:
    """Fold sorted ids into runs [first, last]."""
    runs: list[list[int]] = []
    for i in ids:
        if runs and runs[-1][1] == i - 1:
            runs[-1][1] = i
        else:
            runs.append([i, i])
    return runs


def _plain(row: Iterable[Any]) -> list[Any]:
    return [value.isoformat() if isinstance(value, date) else value for value in row]


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Cut what a statement names one by one into parts that any database takes."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@contextmanager
def writing(engine: Engine, book_id: int, user_id: int, action: str = "") -> Iterator[Writer]:
    """Open one change of a book: kept whole with its journal entry, or not at all.

    Raises:
        DatabaseBusy: another process held the database for too long.
    """
    with database.transaction(engine) as connection:
        writer = Writer(connection, book_id, user_id)
        writer.action = action
        yield writer
        writer.store()
