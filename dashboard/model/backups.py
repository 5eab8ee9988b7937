"""Copies of a SQLite database, taken while people write, and put back while a server runs.

A copy is one moment of the database (VACUUM INTO reads in one transaction). Putting one back is one transaction of the
live file (SQLite's backup API): who reads sees all of the old or all of the new, and a crash leaves the old.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Engine, delete, make_url
from sqlalchemy.exc import SQLAlchemyError

from dashboard.config import sqlite_path
from dashboard.errors import DatabaseBusy, InputNotValid
from dashboard.model import database, schema, scratch
from dashboard.model.tables import metadata
from dashboard.periods import utc_now

MAGIC = b"SQLite format 3\x00"
TABLES = frozenset({"alembic_version", "user", "book", "membership", "account", "category", "transaction", "split", "change"})
# What lets somebody in or through, and is of its own moment only: who is signed in, and how many tries they have had.
LETTING_IN = ("session", "attempt")
# How long writers may keep a restore waiting.
PATIENCE_S = 30.0
FULL = "The disk is full, or that folder cannot be written. Nothing was changed."


class Restored(NamedTuple):
    """What a restore did: the file with what was there before, if anything was, and whether a running server must be started again."""

    kept: Path | None
    restart: bool


def backup(url: str, target: Path) -> int:
    """Copy the database as it is at one moment into a new file that only its owner may read; return its size in bytes.

    Raises:
        InputNotValid: the file is there already, there is no database, or it is PostgreSQL; the sentence says what to run.
        DatabaseBusy: the database could not be read, or the file not be written.
    """
    live = sqlite_path(url)
    if os.path.lexists(target):
        raise InputNotValid(_there(target))
    if live is None:
        raise InputNotValid(f"PostgreSQL makes its own copies. Run: {_dump(url, target)}")
    if not live.is_file() or not live.stat().st_size:
        raise InputNotValid(f"There is no database at {live}")
    tidy(url)
    scratch.sweep(target.absolute().parent)
    with _plain_errors(live):
        _copy(live, target.absolute())
    return target.stat().st_size


def tidy(url: str) -> None:
    """Remove what a killed backup or restore has left beside the database."""
    live = sqlite_path(url)
    if live is not None:
        scratch.sweep(live.absolute().parent)


def restore(url: str, source: Path) -> Restored:
    """Put a copy in the place of the database, brought up to this version; what was there stays beside it as a file.

    Nobody is signed in afterwards: a session that was ended since the copy would live again. Tries that are counted now
    stay counted.

    Raises:
        InputNotValid: the file is no sound copy of a database of this program, or it is PostgreSQL.
        DatabaseBusy: writers held the database for too long, or the disk is full. Nothing was changed.
    """
    live = sqlite_path(url)
    if live is None:
        raise InputNotValid(f"PostgreSQL takes its own copies back. Run: {_take_back(url, source)}")
    if live.exists() and source.exists() and live.samefile(source):
        raise InputNotValid("This file is the database itself")
    live.parent.mkdir(parents=True, exist_ok=True)
    tidy(url)
    with scratch.folder(live.parent, scratch.RESTORE) as folder:
        ready = folder / "ready.sqlite3"
        _prepare(source, ready)
        _let_nobody_in(live, ready)
        with _plain_errors(live):
            if live.exists() and live.stat().st_size and not _is_sound(live):
                return Restored(_move_aside(live, ready), restart=True)
            return Restored(_replace(live, ready), restart=False)


def settle(engine: Engine) -> None:
    """Make sure of a database that PostgreSQL's own program has put back and `migrate` has brought up: as after `restore`, nobody is in.

    Raises:
        InputNotValid: it does not have this version's tables.
    """
    with database.transaction(engine) as db:
        for table in LETTING_IN:
            db.execute(delete(metadata.tables[table]))
    with database.reading(engine) as db:
        if compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), metadata):
            raise InputNotValid("What was put back does not have the tables of this version: it is no whole copy. Put another one back.")


def _dump(url: str, target: Path) -> str:
    """Return what copies PostgreSQL: beside the name and then to it, so that half a copy never has it; nobody's session is in it."""
    half = target.with_name(target.name + ".part")
    left_out = [f"--exclude-table-data={table}" for table in LETTING_IN]
    taken = _command(url, "pg_dump", ["--format=custom", *left_out], [f"--file={half}"])
    return f"{taken} && {shlex.join(['mv', '-n', str(half), str(target)])}"


def _take_back(url: str, source: Path) -> str:
    """Return what puts a copy back into PostgreSQL, all or nothing, ends the sessions it may hold, and brings it up to this version."""
    back = _command(url, "pg_restore", ["--clean", "--if-exists", "--no-owner", "--single-transaction"], [str(source)])
    return f"{back} && python -m dashboard migrate --restored"


def _command(url: str, program: str, switches: list[str], files: list[str]) -> str:
    """Return a command for PostgreSQL; the password is left for it to ask, or for .pgpass."""
    parts = make_url(url)
    host = parts.host or parts.query.get("host")
    words = [program, *switches]
    words += [f"--host={host}"] if isinstance(host, str) else []
    words += [f"--port={parts.port}"] if parts.port else []
    words += [f"--username={parts.username}"] if parts.username else []
    return shlex.join([*words, f"--dbname={parts.database or 'postgres'}", *files])


def _there(path: Path) -> str:
    return f"{path} is there already: a copy never overwrites a file"


def _name(half: Path, target: Path) -> None:
    """Give a whole file its name, unless another has it.

    Raises:
        InputNotValid: another has it, or the folder takes no file of that name.
    """
    try:
        os.link(half, target)
    except FileExistsError:
        raise InputNotValid(_there(target)) from None
    except OSError as error:
        # A memory stick knows no second name of a file: there it is looked for first.
        if os.path.lexists(target):
            raise InputNotValid(_there(target)) from None
        try:
            half.rename(target)
        except OSError:
            raise InputNotValid(f"{target} cannot be written: {error.strerror}") from error


@contextmanager
def _plain_errors(live: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise DatabaseBusy from error
        if "full" in str(error) or "readonly" in str(error) or "unable to open" in str(error) or "disk I/O" in str(error):
            raise DatabaseBusy(FULL) from error
        raise DatabaseBusy(f"{live} cannot be read: {error}. Nothing was changed.") from error


def _opened(path: Path) -> closing[sqlite3.Connection]:
    """Open a file that must be there."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=database.BUSY_MS / 1000))


def _copy(live: Path, target: Path) -> None:
    """Write one moment of a database beside a new name, and give it that name when it is whole and on the disk."""
    with scratch.folder(target.parent, scratch.COPY) as folder:
        half = folder / "half.sqlite3"
        half.touch(mode=0o600)
        with _opened(live) as db:
            db.execute("VACUUM INTO ?", (str(half),))
        _settle(half)
        _name(half, target)
    _settle(target.parent)


def _settle(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prepare(source: Path, ready: Path) -> None:
    """Check a copy, and make one of it that has this version's tables."""
    try:
        with source.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as error:
        raise InputNotValid(f"{source} cannot be read: {error.strerror}") from error
    if head != MAGIC:
        raise InputNotValid(f"{source} is not a SQLite database. Nothing was changed.")
    ready.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as theirs, _opened(ready) as ours:
            theirs.backup(ours)
            _check(source, ours, ready.with_name("model.sqlite3"))
    except sqlite3.DatabaseError as error:
        raise InputNotValid(f"{source} is damaged: {error}. Nothing was changed.") from error
    try:
        _migrate(ready)
    except (SQLAlchemyError, CommandError, RuntimeError, ValueError, TypeError, KeyError, AttributeError) as error:
        # What rows hold is anyone's, and migrations read it.
        raise InputNotValid(f"{source} cannot be brought up to this version: its rows are damaged. Nothing was changed.") from error


def _migrate(file: Path, revision: str = "head") -> None:
    engine = database.make_engine(f"sqlite:///{file}")
    try:
        database.migrate(engine, revision)
    finally:
        engine.dispose()


def _let_nobody_in(live: Path, ready: Path) -> None:
    """End the sessions of a copy, and count in it the tries that are counted now instead of those of then."""
    tries: list[tuple[object, ...]] = []
    # What is there may be damaged, or no database of this program: then nothing is counted.
    with suppress(sqlite3.DatabaseError):
        if live.exists() and live.stat().st_size:
            with _opened(live) as db:
                tries = db.execute("SELECT subject, at FROM attempt").fetchall()
    with _opened(ready) as db:
        for table in LETTING_IN:
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        db.executemany("INSERT INTO attempt (subject, at) VALUES (?, ?)", tries)


def _check(source: Path, db: sqlite3.Connection, model: Path) -> None:
    """Refuse what is no sound copy; `model` is where a database of its version is made to hold it against."""
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names >= TABLES:
        raise InputNotValid(f"{source} is not a database of this program. Nothing was changed.")
    if db.execute("SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')").fetchone()[0]:
        raise InputNotValid(f"{source} holds views or triggers, which no copy of this program has. Nothing was changed.")
    state = [str(row[0]) for row in db.execute("SELECT version_num FROM alembic_version")]
    if len(state) != 1 or state[0] not in schema.revisions():
        raise InputNotValid(f"{source} is from a newer version of this program: update this one first. Nothing was changed.")
    _migrate(model, state[0])
    with _opened(model) as made:
        differs = schema.difference(db, made)
    if differs:
        raise InputNotValid(f"{source} is not a whole copy of this program's database: {differs}. Nothing was changed.")
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found == "ok" and db.execute("PRAGMA foreign_key_check").fetchone():
        found = "rows point at others that are not there"
    if found != "ok":
        raise InputNotValid(f"{source} is damaged: {found}. Nothing was changed.")


def _is_sound(live: Path) -> bool:
    try:
        with _opened(live) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False


def _free_name(live: Path) -> Path:
    stem = f"{live.name}.before-{utc_now():%Y%m%d-%H%M%S}"
    names = (live.with_name(stem + (f"-{n}" if n > 1 else "")) for n in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _move_aside(live: Path, ready: Path) -> Path:
    """Put the copy in the place of a file that is no sound database."""
    kept = _free_name(live)
    # At no moment is there nothing under its name: a server would take that for a new database.
    with suppress(OSError):
        os.link(live, kept)
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            live.with_name(live.name + ending).rename(kept.with_name(kept.name + ending))
    if not kept.exists():
        live.rename(kept)
    _settle(ready)
    ready.replace(live)
    _settle(live.parent)
    return kept


def _replace(live: Path, ready: Path) -> Path | None:
    """Put the copy into the live file, in one transaction of it; return the file with what was there."""
    filled = live.exists() and live.stat().st_size > 0
    kept = _free_name(live) if filled else None
    until = time.monotonic() + PATIENCE_S
    done: list[Path] = []

    def between(status: int, _left: int, _all: int) -> None:
        """Keep what is there once the write lock is held (after the first page): no write can come between the two copies."""
        if status == sqlite3.SQLITE_OK and kept is not None and not done:
            _copy(live, kept)
            done.append(kept)
        elif status not in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE) and time.monotonic() > until:
            raise DatabaseBusy

    if not filled:
        live.touch(mode=0o600)
    with _opened(ready) as source, _opened(live) as target:
        size = target.execute("PRAGMA page_size").fetchone()[0]
        if size != source.execute("PRAGMA page_size").fetchone()[0]:
            # A file with a write-ahead log takes pages of its own size only.
            source.execute("PRAGMA journal_mode=DELETE")
            source.execute(f"PRAGMA page_size={int(size)}")
            source.execute("VACUUM")
        # With a write-ahead log what is there can be read, and kept, while the new pages wait for their commit.
        target.execute("PRAGMA journal_mode=WAL")
        try:
            source.backup(target, pages=1, progress=between, sleep=0.05)
        except BaseException:
            for path in done:
                path.unlink(missing_ok=True)
            raise
    return kept
