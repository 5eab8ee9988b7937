"""A copy is one moment of the database, whoever writes; putting it back is all or nothing, and nothing of before is lost."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.config import sqlite_path
from dashboard.errors import DatabaseBusy, InputNotValid
from dashboard.model import backups, database
from dashboard.services.books import book_by_email
from tests.conftest import ALICE, BOB, Clock
from tests.ways import House, balances, snapshot

ROOT = Path(__file__).resolve().parent.parent.parent
WRITER = """
import sys
from dashboard.model import database
from dashboard.services.books import book_by_email
from tests.ways import balances
book = book_by_email(database.make_engine(sys.argv[1]), sys.argv[2])
account = int(sys.argv[3])
print("ready", flush=True)
# Each change writes two rows that cancel out: a copy that is half a change does not sum to zero.
from dashboard.model.transactions import transaction
from datetime import date
while True:
    with book.writing("pair") as w:
        head = {"account_id": account, "date": date(2026, 11, 2), "payee": "x", "text": "", "note": ""}
        w.insert(transaction, [head | {"amount": -7}, head | {"amount": 7}])
    print(w.revision, flush=True)
    # As people do: look at it, then write again.
    for _ in range(5):
        with book.reading() as db:
            balances(db, book.id)
"""


@pytest.fixture
def url(new_database: Callable[..., str]) -> str:
    """Return the address of a SQLite database of two households."""
    return new_database("sqlite")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Open it, as a server does."""
    opened = database.make_engine(url)
    yield opened
    opened.dispose()


@pytest.fixture
def filled(engine: Engine, clock: Clock) -> House:
    """Return Alice's book with one transaction."""
    house = House(book_by_email(engine, ALICE))
    house.add(house.account(), "2026-11-02", "-5")
    return house


def live(url: str) -> Path:
    path = sqlite_path(url)
    assert path is not None
    return path


def opened(path: Path) -> House:
    return House(book_by_email(database.make_engine(f"sqlite:///{path}"), ALICE))


def integrity(path: Path) -> str:
    with sqlite3.connect(path) as db:
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


def test_a_copy_is_the_database_for_its_owner_alone(filled: House, url: str, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        size = backups.backup(url, tmp_path / "copy")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert size == (tmp_path / "copy").stat().st_size
    assert integrity(tmp_path / "copy") == "ok"
    assert snapshot(opened(tmp_path / "copy").book) == snapshot(filled.book)
    assert leftovers(tmp_path) == []


def test_a_copy_never_overwrites_a_file(filled: House, url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.write_bytes(b"dear")
    with pytest.raises(InputNotValid, match="there already"):
        backups.backup(url, target)
    assert target.read_bytes() == b"dear"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputNotValid):
        backups.backup(url, link)
    assert not (tmp_path / "elsewhere").exists()


def test_a_copy_that_fails_leaves_no_file(url: str, tmp_path: Path) -> None:
    live(url).write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseBusy):
        backups.backup(url, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert leftovers(tmp_path) == []
    with pytest.raises(InputNotValid, match="no database"):
        backups.backup(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path / "copy")
    assert not (tmp_path / "none.sqlite3").exists()
    with pytest.raises(InputNotValid, match="cannot be written"):
        backups.backup(url, tmp_path / "no" / "folder")


def writer(url: str, email: str, account: int) -> subprocess.Popen[str]:
    run = subprocess.Popen([sys.executable, "-c", WRITER, url, email, str(account)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    run.stdout.readline()
    return run


def ended(runs: list[subprocess.Popen[str]]) -> list[int]:
    """Stop them, and return what they have told."""
    for run in runs:
        run.kill()
    return [int(line) for run in runs for line in run.communicate()[0].splitlines(keepends=True) if line.endswith("\n")]


def state(path: Path, email: str) -> tuple[int, int, int]:
    """Return a book's revision, its sum, and how many rows it has."""
    engine = database.make_engine(f"sqlite:///{path}")
    try:
        book = book_by_email(engine, email)
        with book.reading() as db:
            held = balances(db, book.id)
        return book.revision, int(held["amount"].sum()), int(held["count"].sum())
    finally:
        engine.dispose()


def test_copies_taken_while_processes_write_are_each_one_moment_and_come_back(
    engine: Engine, url: str, tmp_path: Path, clock: Clock
) -> None:
    people = (ALICE, BOB)
    held = [House(book_by_email(engine, who)).account() for who in people]
    runs = [writer(url, who, account) for who, account in zip(people, held, strict=True)]
    copies = [tmp_path / f"copy{n}" for n in range(4)]
    try:
        around = [[state(live(url), who) for who in people]]
        for copy in copies:
            backups.backup(url, copy)
            around.append([state(live(url), who) for who in people])
    finally:
        ended(runs)
    for copy, before, after in zip(copies, around, around[1:], strict=False):
        assert integrity(copy) == "ok"
        for who, start, end in zip(people, before, after, strict=True):
            revision, total, count = state(copy, who)
            assert start[0] <= revision <= end[0]
            assert total == 0
            # Signing up and the account took the first two changes; each one since wrote two rows.
            assert count == 2 * (revision - 2)
    written = [sum(revision for revision, _, _ in moment) for moment in around]
    assert written[-1] > written[0], "somebody wrote all the while"
    done = backups.restore(url, copies[1])
    assert [state(live(url), who) for who in people] == [state(copies[1], who) for who in people]
    assert done.kept is not None
    assert integrity(done.kept) == "ok"


def test_restoring_while_others_write_and_read_loses_nothing(engine: Engine, url: str, tmp_path: Path, clock: Clock) -> None:
    account = House(book_by_email(engine, ALICE)).account()
    backups.backup(url, tmp_path / "copy")
    first = state(tmp_path / "copy", ALICE)
    stop, seen, broken = threading.Event(), [], []

    def look() -> None:
        """Read as a server does, through connections that stay open."""
        while not stop.is_set():
            try:
                book = book_by_email(engine, ALICE)
                with book.reading() as db:
                    seen.append((book.revision, int(balances(db, book.id)["amount"].sum())))
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is a failure of this test
                broken.append(error)

    run = writer(url, ALICE, account)
    reader = threading.Thread(target=look)
    reader.start()
    try:
        kept = [backups.restore(url, tmp_path / "copy").kept for _ in range(3)]
    finally:
        stop.set()
        reader.join()
        told = ended([run])
    assert broken == []
    assert all(total == 0 for _, total in seen)
    assert len(set(kept)) == 3
    # The writer tells each change once it is made, and begins anew after each restore: its last one is in the kept file.
    ends = [one for one, after in pairwise(told) if after <= one]
    moments = [state(k, ALICE)[0] for k in kept if k]
    assert ends == [revision for revision in moments if revision > first[0]][: len(ends)]
    assert ends, "somebody wrote all the while"
    states = [state(path, ALICE) for path in (*(k for k in kept if k), live(url))]
    assert all(total == 0 and count == 2 * (revision - first[0]) for revision, total, count in states)
    assert integrity(live(url)) == "ok"
    with sqlite3.connect(live(url)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_was_there_stays_beside_it_and_the_open_server_sees_the_copy(filled: House, url: str, tmp_path: Path) -> None:
    backups.backup(url, tmp_path / "copy")
    before = snapshot(filled.book)
    filled.add(before["account"][0]["id"], "2026-11-03", "-9", "Later")
    later = snapshot(filled.book)
    first = backups.restore(url, tmp_path / "copy")
    assert snapshot(filled.book) == before
    assert first.kept is not None
    assert not first.restart
    assert first.kept.parent == live(url).parent
    assert stat.S_IMODE(first.kept.stat().st_mode) == 0o600
    assert snapshot(opened(first.kept).book) == later
    second = backups.restore(url, first.kept)
    assert snapshot(filled.book) == later
    assert second.kept not in (None, first.kept), "the clock stands still, and yet no file is overwritten"
    filled.add(before["account"][0]["id"], "2026-11-04", "-1", "Goes on")
    assert leftovers(live(url).parent) == []


def test_a_copy_of_an_earlier_version_is_brought_up_to_this_one(filled: House, url: str, new_database: Callable[..., str]) -> None:
    older = new_database("sqlite", empty=True)
    engine = database.make_engine(older)
    database.migrate(engine, "0001")
    engine.dispose()
    backups.restore(url, live(older))
    with sqlite3.connect(live(url)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [("0005",)]
        assert db.execute('SELECT count(*) FROM "user"').fetchone() == (0,)
    with sqlite3.connect(live(older)) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)], "the copy itself stays as it is"


def test_it_comes_back_where_there_is_no_database_yet(filled: House, url: str, tmp_path: Path) -> None:
    backups.backup(url, tmp_path / "copy")
    done = backups.restore(f"sqlite:///{tmp_path}/new/folder/d.sqlite3", tmp_path / "copy")
    assert done == (None, False)
    assert stat.S_IMODE((tmp_path / "new/folder/d.sqlite3").stat().st_mode) == 0o600
    assert snapshot(opened(tmp_path / "new/folder/d.sqlite3").book) == snapshot(filled.book)


def test_a_damaged_database_is_put_aside(filled: House, url: str, engine: Engine, tmp_path: Path) -> None:
    backups.backup(url, tmp_path / "copy")
    before = snapshot(filled.book)
    engine.dispose()
    live(url).write_bytes(b"garbage" * 1000)
    done = backups.restore(url, tmp_path / "copy")
    assert done.restart
    assert done.kept is not None
    assert done.kept.read_bytes() == b"garbage" * 1000
    assert snapshot(opened(live(url)).book) == before


def test_pages_of_another_size_fit_too(filled: House, url: str, tmp_path: Path) -> None:
    with sqlite3.connect(live(url)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backups.backup(url, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy", isolation_level=None) as db:
        db.execute("PRAGMA page_size=8192")
        db.execute("VACUUM")
    before = snapshot(filled.book)
    filled.add(before["account"][0]["id"], "2026-11-03", "-9", "Later")
    backups.restore(url, tmp_path / "copy")
    assert snapshot(filled.book) == before


def spoiled(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.execute(statement)
    return path


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0999'", "newer version"),
        ("DELETE FROM alembic_version", "newer version"),
        ('DROP TABLE "split"', "not a database of this program"),
        ("CREATE TRIGGER t AFTER INSERT ON account BEGIN SELECT 1; END", "views or triggers"),
        ("CREATE VIEW v AS SELECT 1", "views or triggers"),
        ('UPDATE "transaction" SET account_id = 999', "rows point at others"),
    ],
)
def test_a_file_that_is_no_sound_copy_changes_nothing(filled: House, url: str, tmp_path: Path, statement: str, said: str) -> None:
    backups.backup(url, tmp_path / "copy")
    filled.add(snapshot(filled.book)["account"][0]["id"], "2026-11-03", "-9", "Later")
    before = snapshot(filled.book)
    with pytest.raises(InputNotValid, match=said):
        backups.restore(url, spoiled(tmp_path / "copy", statement))
    assert snapshot(filled.book) == before
    assert not list(live(url).parent.glob("*.before-*"))
    assert leftovers(live(url).parent) == []


def test_what_is_no_database_or_damaged_or_itself_changes_nothing(filled: House, url: str, tmp_path: Path) -> None:
    backups.backup(url, tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    before = snapshot(filled.book)
    (tmp_path / "bad").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "torn").write_bytes(whole[:4096] + os.urandom(0) + b"\x5a" * (len(whole) - 4096))
    (tmp_path / "text").write_text(json.dumps({"format": "personal-finance-dashboard"}))
    (tmp_path / "empty").touch()
    for name, said in (
        ("bad", "damaged"),
        ("torn", "damaged|not a database"),
        ("text", "not a SQLite"),
        ("empty", "not a SQLite"),
        ("none", "cannot be read"),
    ):
        with pytest.raises(InputNotValid, match=said):
            backups.restore(url, tmp_path / name)
    with pytest.raises(InputNotValid, match="the database itself"):
        backups.restore(url, live(url))
    assert snapshot(filled.book) == before


def test_a_restore_gives_up_where_writers_never_let_go(filled: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backups.backup(url, tmp_path / "copy")
    monkeypatch.setattr(backups, "PATIENCE_S", 0.0)
    monkeypatch.setattr(database, "BUSY_MS", 50)
    before = snapshot(filled.book)
    with sqlite3.connect(live(url), isolation_level=None) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            backups.restore(url, tmp_path / "copy")
    assert snapshot(filled.book) == before
    assert not list(live(url).parent.glob("*.before-*"))


def test_a_full_disk_leaves_the_database_as_it_was(filled: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backups.backup(url, tmp_path / "copy")
    filled.add(snapshot(filled.book)["account"][0]["id"], "2026-11-03", "-9", "Later")
    before = snapshot(filled.book)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(backups, "_copy", full)
    with pytest.raises(DatabaseBusy, match="full"):
        backups.restore(url, tmp_path / "copy")
    assert snapshot(filled.book) == before
    assert not list(live(url).parent.glob("*.before-*"))


@pytest.mark.parametrize(
    ("address", "taken", "given"),
    [
        (
            "postgresql+psycopg://ann:" + "s3cret" + "@db.example:5433/money",
            "pg_dump --format=custom --host=db.example --port=5433 --username=ann --dbname=money '--file=my copy'",
            "pg_restore --clean --if-exists --no-owner --single-transaction --host=db.example --port=5433 --username=ann --dbname=money 'my copy'",
        ),
        (
            "postgresql+psycopg://postgres:@/postgres?host=/run/pg",
            "pg_dump --format=custom --host=/run/pg --username=postgres --dbname=postgres '--file=my copy'",
            "pg_restore --clean --if-exists --no-owner --single-transaction --host=/run/pg --username=postgres --dbname=postgres 'my copy'",
        ),
    ],
)
def test_postgresql_is_told_what_to_run_without_the_password(address: str, taken: str, given: str) -> None:
    with pytest.raises(InputNotValid) as out:
        backups.backup(address, Path("my copy"))
    with pytest.raises(InputNotValid) as back:
        backups.restore(address, Path("my copy"))
    assert out.value.message.endswith(taken)
    assert f"{given} && python -m dashboard migrate" in back.value.message
    assert "s3cret" not in out.value.message + back.value.message
