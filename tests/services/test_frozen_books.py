"""Books as earlier states of the tables exported and kept them: they come back with their journal, and so do their databases.

tests/samples/books holds one of each state, made by the program of its time: NNNN.json is the export, NNNN.db.gz the SQLite
database. A change of the tables adds the state before it, and its name here.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, insert, select, text

from dashboard.errors import UndoRefused
from dashboard.model import database, schema
from dashboard.model.changes import change
from dashboard.services import history
from dashboard.services.books import Book, book_by_email
from dashboard.services.portable import book as whole_book
from tests.ways import House, snapshot

BOOKS = Path(__file__).parents[1] / "samples" / "books"
STATES = sorted(path.stem for path in BOOKS.glob("*.json"))
OWNER = "frozen@example.org"


@pytest.fixture
def brought(house: House, state: str) -> House:
    """Bring one into an empty book."""
    whole_book.load(house.book, (BOOKS / f"{state}.json").read_bytes())
    return house


@pytest.fixture
def opened(tmp_path: Path, state: str, kind: str, new_database: Callable[..., str], clock: object) -> Iterator[House]:
    """Open one's database with this version; on PostgreSQL, what that version would have kept there."""
    path = tmp_path / "old.sqlite3"
    path.write_bytes(gzip.decompress((BOOKS / f"{state}.db.gz").read_bytes()))
    engine = database.make_engine(f"sqlite:///{path}")
    if kind == "postgres":
        old, engine = engine, database.make_engine(new_database("postgres", empty=True))
        database.migrate(engine, state)
        copied(old, engine)
        old.dispose()
    database.migrate(engine)
    yield House(book_by_email(engine, OWNER))
    engine.dispose()


def copied(old: Engine, new: Engine) -> None:
    """Copy all rows into a database of the same tables."""
    held, wanted = MetaData(), MetaData()
    held.reflect(old)
    wanted.reflect(new)
    with old.connect() as here, new.begin() as there:
        there.execute(text("SET TIME ZONE 'UTC'"))
        for table in wanted.sorted_tables:
            rows = [dict(row) for row in here.execute(select(held.tables[table.name])).mappings()]
            if rows and table.name != "alembic_version":
                there.execute(insert(table), rows)


def exported(book: Book) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(whole_book.dump(book))
    return found


def in_force(book: Book) -> list[int]:
    """Return the changes that can be undone, newest first."""
    c = change.c
    with book.reading() as db:
        query = select(c.revision).where(c.book_id == book.id, c.undoes.is_(None), c.undone_by.is_(None)).order_by(c.revision.desc())
        return list(db.execute(query).scalars())


def held(house: House) -> None:
    """Say what must be true of each of the books, whatever it was kept in."""
    now = snapshot(house.book)
    accounts = {row["name"]: row for row in now["account"]}
    names = {row["id"]: row["name"] for row in now["account"]}
    # The dinars have their paras.
    assert accounts["Dinari"]["opening"] == 500_000
    assert [row["amount"] for row in now["transaction"] if row["payee"] == "Pijaca"] == [-123_400]
    assert [row["amount"] for row in now["budget"] if row["currency"] == "RSD"] == [2_000_000]
    # Values as they were said: on 1 November 310,000, whatever was said of September later and booked in August.
    said = {row["day"].isoformat(): row["amount"] for row in now["value"]}
    assert said == {"2026-11-01": 31_000_000, "2026-09-01": 30_500_000}
    # One that a person has edited since stays the transaction that it is.
    assert [row["note"] for row in now["transaction"] if row["payee"] == "Revaluation"] == ["agent's word"]
    # Openings hold from the day before the first row; since they have a day of their own, from that.
    opened = {accounts[name]["opened"].isoformat() for name in ("Savings", "House")}
    assert opened in ({"2026-10-31", "2026-08-09"}, {"2000-01-01", "2026-11-18"})
    # What was typed as one transfer is one, also between two currencies.
    legs: dict[int, list[tuple[str, int]]] = {}
    for row in now["transaction"]:
        if row["transfer_id"] is not None and row["payee"] != "Revaluation":
            legs.setdefault(row["transfer_id"], []).append((names[row["account_id"]], row["amount"]))
    assert sorted(map(sorted, legs.values())) == [
        [("Current", -60_000), ("Savings", 60_000)],
        [("Current", -10_000), ("Dollars", 11_000)],
        [("Current", -5_000), ("Dollars", 5_450)],
    ]
    assert len(now["split"]) == 2


def test_every_state_before_this_one_that_could_export_has_a_frozen_book() -> None:
    exporting = [name for name in schema.revisions() if "0002" <= name < schema.newest()]
    assert sorted(exporting) == STATES
    assert all((BOOKS / f"{name}.db.gz").exists() for name in STATES)


@pytest.mark.parametrize("state", STATES)
def test_an_export_of_an_earlier_state_comes_back(brought: House) -> None:
    held(brought)


@pytest.mark.parametrize("state", STATES)
def test_a_database_of_an_earlier_state_opens(opened: House) -> None:
    held(opened)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("state", STATES)
def test_both_ways_give_the_same_book(brought: House, opened: House, state: str) -> None:
    one, other = exported(brought.book), exported(opened.book)
    assert one["book"] == other["book"]
    assert one["tables"] == other["tables"]
    if state >= "0005":
        # Before, a database could not undo what was written without paras; a file can.
        assert one["journal"] == other["journal"]


@pytest.mark.parametrize("state", STATES)
def test_it_is_undone_step_by_step_to_its_beginning_and_done_again(brought: House) -> None:
    book, before = brought.book, exported(brought.book)
    assert history.history(book)[0]
    undone = [history.undo(book, revision) for revision in in_force(book)]
    now = snapshot(book)
    assert not any(rows for name, rows in now.items() if name not in ("category", "change"))
    # And forward again, to the same book.
    for done in reversed(undone):
        history.undo(book, done.revision)
    after = exported(book)
    assert after["tables"] == before["tables"]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("state", STATES)
def test_what_came_back_goes_out_and_comes_back_again(brought: House, other_house: House, state: str) -> None:
    whole_book.load(other_house.book, whole_book.dump(brought.book))
    held(other_house)
    assert exported(other_house.book)["tables"] == exported(brought.book)["tables"]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("state", STATES)
def test_what_a_migrated_database_holds_goes_out_and_comes_back(opened: House, other_house: House, state: str) -> None:
    whole_book.load(other_house.book, whole_book.dump(opened.book))
    assert exported(other_house.book)["journal"] == exported(opened.book)["journal"]
    if state < "0005":
        with pytest.raises(UndoRefused):
            history.undo(other_house.book, 2)
