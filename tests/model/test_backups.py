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
from sqlalchemy import Engine, text

from dashboard import create_app
from dashboard.config import Config, sqlite_path
from dashboard.errors import DatabaseBusy, InputNotValid, TooManyTries
from dashboard.model import backups, database, schema, scratch
from dashboard.services.books import book_by_email
from dashboard.services.people import people, sessions
from tests.conftest import ALICE, BOB, PASSWORD, Clock
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
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema.newest(),)]
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
            db.executescript(statement)
    return path


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('DROP TABLE "budget"', "it lacks the table budget"),
        ("DROP TABLE session", "it lacks the table session"),
        ("CREATE TABLE extra (id INTEGER)", "its table extra is none of its version"),
        ("ALTER TABLE account DROP COLUMN checked", "its table account lacks the column checked"),
        ("ALTER TABLE account ADD COLUMN more INTEGER", "the column more of its table account is none of its version"),
        ("ALTER TABLE account RENAME COLUMN checked TO check_ed", "lacks the column checked"),
        ("DROP INDEX ix_session_user_id", "its table session lacks the index ix_session_user_id"),
        ("CREATE UNIQUE INDEX more ON attempt (subject)", "the index more of its table attempt is none of its version"),
        ("DROP INDEX ix_session_user_id; CREATE UNIQUE INDEX ix_session_user_id ON session (user_id)", "is not as it should be"),
        ("DROP INDEX ix_session_user_id; CREATE INDEX ix_session_user_id ON session (user_id) WHERE user_id > 1", "is not as it should be"),
        ('DROP TABLE attempt; CREATE TABLE attempt (id INTEGER PRIMARY KEY, "subject" VARCHAR(96), at DATETIME NOT NULL)', "table attempt"),
        (
            (
                "DROP TABLE session; CREATE TABLE session (token_hash VARCHAR(64) PRIMARY KEY NOT NULL, user_id INTEGER NOT NULL,"
                " created_at DATETIME NOT NULL, seen_at DATETIME NOT NULL, idle_seconds INTEGER NOT NULL, address VARCHAR(64) NOT NULL,"
                " agent VARCHAR(200) NOT NULL); CREATE INDEX ix_session_user_id ON session (user_id)"
            ),
            "its table session lacks the reference of user_id to user",
        ),
        (
            "PRAGMA writable_schema=1; UPDATE sqlite_master SET sql = replace(sql, 'subject VARCHAR(96)', 'subject VARCHAR(96) CHECK (0)')",
            "in its table attempt the text is not as it should be",
        ),
        ("UPDATE alembic_version SET version_num = '0001'", "is none of its version"),
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


def signed_in(engine: Engine) -> str:
    return people.sign_in(engine, ALICE, PASSWORD, keep=True, address="::1", agent="").token


def test_a_copy_that_is_put_back_lets_nobody_in_and_forgets_no_try(engine: Engine, url: str, tmp_path: Path, clock: Clock) -> None:
    stolen = signed_in(engine)
    backups.backup(url, tmp_path / "copy")
    people.change_password(engine, 1, PASSWORD, "four green herons", address="::1", agent="")
    assert sessions.session_user(engine, stolen) is None
    for _ in range(5):
        with pytest.raises(InputNotValid):
            people.sign_in(engine, BOB, "wrong password", keep=True, address="::1", agent="")
    done = backups.restore(url, tmp_path / "copy")
    assert sessions.session_user(engine, stolen) is None
    with pytest.raises(TooManyTries):
        people.sign_in(engine, BOB, PASSWORD, keep=True, address="::1", agent="")
    mine = signed_in(engine)
    assert done.kept is not None
    backups.restore(url, done.kept)
    assert sessions.session_user(engine, mine) is None
    with engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM session").scalar() == 0
    backups.restore(f"sqlite:///{tmp_path}/new.sqlite3", tmp_path / "copy")
    fresh = database.make_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    assert sessions.session_user(fresh, stolen) is None
    fresh.dispose()


def test_a_damaged_database_is_replaced_by_one_with_no_sessions(engine: Engine, url: str, tmp_path: Path, clock: Clock) -> None:
    stolen = signed_in(engine)
    backups.backup(url, tmp_path / "copy")
    engine.dispose()
    live(url).write_bytes(b"garbage" * 1000)
    backups.restore(url, tmp_path / "copy")
    assert sessions.session_user(engine, stolen) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_another_program_put_back_lets_nobody_in_and_must_be_whole(kind: str, new_database: Callable[..., str], clock: Clock) -> None:
    engine = database.make_engine(new_database(kind))
    stolen = signed_in(engine)
    database.migrate(engine)
    backups.settle(engine)
    assert sessions.session_user(engine, stolen) is None
    with engine.begin() as db:
        db.execute(text("DROP TABLE budget"))
    with pytest.raises(InputNotValid, match="no whole copy"):
        backups.settle(engine)
    engine.dispose()


def test_statistics_and_every_way_to_a_version_are_no_difference(filled: House, url: str, engine: Engine, tmp_path: Path) -> None:
    database.migrate(engine, "-1")
    database.migrate(engine)
    with engine.connect() as db:
        db.exec_driver_sql("ANALYZE")
    backups.backup(url, tmp_path / "copy")
    backups.restore(url, tmp_path / "copy")


@pytest.mark.parametrize("revision", schema.revisions())
def test_a_copy_of_each_version_comes_back_and_its_broken_rows_are_a_sentence(
    filled: House, url: str, new_database: Callable[..., str], revision: str, tmp_path: Path
) -> None:
    older = new_database("sqlite", empty=True)
    engine = database.make_engine(older)
    database.migrate(engine, revision)
    engine.dispose()
    backups.restore(url, live(older))
    if revision >= "0007":
        # The step from there reads no rows: what is broken in them is none of its business.
        return
    spoiled(
        live(older),
        "INSERT INTO book (id, name, currency, zone, month_start, revision, next_id) VALUES (1, 'x', 'RSD', 'UTC', 1, 0, 2)",
        "INSERT INTO rule (book_id, id, revision, position, conditions) VALUES (1, 1, 1, 1, 'no json')",
    )
    if revision == "0005":
        # A journal that nobody can read, of a book that holds a transfer.
        spoiled(
            live(older),
            "INSERT INTO account (book_id, id, revision, name, kind, currency, opening, number, closed) VALUES (1, 2, 1, 'a', 'cash', 'EUR', 0, '', 0)",
            'INSERT INTO "transaction" (book_id, id, revision, account_id, date, month, amount, payee, text, note, transfer_id) '
            "VALUES (1, 3, 1, 2, '2026-11-01', 202611, 5, 'x', '', '', 9)",
            "INSERT INTO change (book_id, revision, at, user_id, action, data) VALUES (1, 1, '2026-11-01', 1, '', x'00')",
        )
    if revision == "0006":
        # A payee that is no text.
        spoiled(
            live(older),
            "INSERT INTO account (book_id, id, revision, name, kind, currency, opening, number, closed) VALUES (1, 2, 1, 'a', 'cash', 'EUR', 0, '', 0)",
            'INSERT INTO "transaction" (book_id, id, revision, account_id, date, month, amount, payee, text, note) '
            "VALUES (1, 3, 1, 2, '2026-11-01', 202611, 5, x'ff', '', '')",
        )
    with pytest.raises(InputNotValid, match="cannot be brought up"):
        backups.restore(url, live(older))
    assert leftovers(live(url).parent) == []


def killed(url: str, command: str, file: Path, at: str) -> None:
    """Run a command in a process that kills itself when it comes to a function."""
    code = f"""
import os, signal, sys
from pathlib import Path
from dashboard.model import backups
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
backups.{at} = die
backups.{command}(sys.argv[1], Path(sys.argv[2]))
"""
    assert subprocess.run([sys.executable, "-c", code, url, str(file)], cwd=ROOT, check=False).returncode == -9


@pytest.mark.parametrize("at", ["_opened", "_settle", "_name"])
def test_a_killed_backup_leaves_no_file_under_the_name_and_the_next_one_tidies_up(filled: House, url: str, tmp_path: Path, at: str) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    killed(url, "backup", folder / "copy", at)
    assert not (folder / "copy").exists()
    assert leftovers(folder)
    backups.backup(url, folder / "copy")
    assert leftovers(folder) == []


@pytest.mark.parametrize("at", ["_prepare", "_check", "_replace", "_name"])
def test_a_killed_restore_is_tidied_up_by_the_next_start(filled: House, url: str, tmp_path: Path, at: str) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    backups.backup(url, folder / "copy")
    before = snapshot(filled.book)
    killed(url, "restore", folder / "copy", at)
    assert snapshot(filled.book) == before
    assert leftovers(live(url).parent)
    create_app(Config(database_url=url, secret_key="k" * 40))
    assert leftovers(live(url).parent) == []
    assert snapshot(filled.book) == before


def test_a_folder_in_use_and_one_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from dashboard.model import scratch
with scratch.folder(Path(sys.argv[1]), scratch.COPY) as folder:
    (folder / "half.sqlite3").touch()
    print(folder.name, flush=True)
    sys.stdin.read()
"""
    (tmp_path / ".copy-mypphoto").mkdir()
    (tmp_path / ".copy-mypphoto" / "dear.jpg").touch()
    (tmp_path / ".copy-of things").mkdir()
    run = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    name = run.stdout.readline().strip()
    scratch.sweep(tmp_path)
    assert (tmp_path / name / "half.sqlite3").exists()
    run.kill()
    run.communicate()
    scratch.sweep(tmp_path)
    assert leftovers(tmp_path) == [".copy-mypphoto", ".copy-of things"]
    assert (tmp_path / ".copy-mypphoto" / "dear.jpg").exists()


def test_a_disk_without_second_names_takes_a_copy_too(filled: House, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    backups.backup(url, tmp_path / "copy")
    assert integrity(tmp_path / "copy") == "ok"
    with pytest.raises(InputNotValid, match="there already"):
        backups.backup(url, tmp_path / "copy")


@pytest.mark.parametrize(
    ("address", "taken", "given"),
    [
        (
            "postgresql+psycopg://ann:" + "s3cret" + "@db.example:5433/money",
            (
                "pg_dump --format=custom --exclude-table-data=session --exclude-table-data=attempt --host=db.example --port=5433 --username=ann --dbname=money '--file=my copy.part'"
                " && mv -n 'my copy.part' 'my copy'"
            ),
            "pg_restore --clean --if-exists --no-owner --single-transaction --host=db.example --port=5433 --username=ann --dbname=money 'my copy'",
        ),
        (
            "postgresql+psycopg://postgres:@/postgres?host=/run/pg",
            (
                "pg_dump --format=custom --exclude-table-data=session --exclude-table-data=attempt --host=/run/pg --username=postgres --dbname=postgres '--file=my copy.part'"
                " && mv -n 'my copy.part' 'my copy'"
            ),
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
    assert f"{given} && python -m dashboard migrate --restored" in back.value.message
    assert "s3cret" not in out.value.message + back.value.message
