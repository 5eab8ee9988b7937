"""The database: one engine a process, its connections, and the migrations at start.

SQLite runs with a write-ahead log and full synchronisation; a write begins IMMEDIATE, so that two writers wait for
each other instead of failing half way (MODEL.md and SECURITY.md of the design, measured there).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from dashboard.config import sqlite_path
from dashboard.errors import DashboardError, DatabaseBusy, DatabaseNotReady
from dashboard.model import accounts, budgets, categories, changes, imports, people, transactions  # noqa: F401 - tables

log = logging.getLogger("dashboard")

BUSY_MS = 5000
MIGRATIONS = Path(__file__).parent / "migrations"
# Any constant does: it keeps two processes from migrating PostgreSQL at once.
MIGRATION_LOCK = 7_302_114
UNWRITABLE = "The database cannot be written: its disk is full or read-only. Nothing was changed."
UNREACHABLE = "The database cannot be reached. Try again in a moment."
# What PostgreSQL names by number, whatever language it speaks: locks held too long, read-only, full, and what `migrate` has not made yet.
BUSY_STATES = ("55P03", "40P01", "40001")
UNWRITABLE_STATES = ("25006", "53100")
UNMADE_STATES = ("42P01", "42703", "3F000")
# What a transaction may end with that failed, for whoever goes on without it.
FAILURES = (SQLAlchemyError, DashboardError)


class Taken(Exception):
    """Another row has what only one may have; the transaction cannot go on."""


def make_engine(url: str) -> Engine:
    """Return the engine for an address; call it once a process, after any fork."""
    path = sqlite_path(url)
    if path is None:
        return create_engine(
            url,
            pool_size=5,
            max_overflow=5,
            pool_pre_ping=True,
            # What people store has no place in a log.
            hide_parameters=True,
            connect_args={"options": f"-c lock_timeout={BUSY_MS}"},
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # A household's money is for the one who runs this, not for every user of the machine.
        path.touch(mode=0o600)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        # SQLAlchemy sends BEGIN itself (below); the driver's own would come too late for IMMEDIATE.
        connection.isolation_level = None
        with suppress(sqlite3.OperationalError):
            # A file that cannot be written keeps what it has; it can be read all the same.
            connection.execute("PRAGMA journal_mode=WAL")
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "temp_store=MEMORY",
            "cache_size=-16384",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one consistent view of the database.

    Raises:
        DatabaseBusy: another process held it for longer than BUSY_MS.
    """
    # PostgreSQL would otherwise look anew at each statement, and a total might not fit its rows.
    snapshot = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with _kind_errors(), engine.connect().execution_options(**snapshot) as connection, connection.begin():
        yield connection


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that writes: all of it is kept, or none.

    Raises:
        DatabaseBusy: another process held the database for longer than BUSY_MS.
    """
    with _kind_errors(), engine.connect().execution_options(write=True) as connection, connection.begin():
        yield connection


@contextmanager
def taking() -> Iterator[None]:
    """Do a write that another row may be in the way of.

    Raises:
        Taken: one is.
    """
    try:
        yield
    except IntegrityError as error:
        raise Taken from error


@contextmanager
def erasing(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that deletes for good: SQLite overwrites in its file what is deleted.

    Raises:
        DatabaseBusy: another process held the database for longer than BUSY_MS.
    """
    with transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        yield connection


def empty_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which still holds what was erased in the file."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def in_passing(engine: Engine, write: Callable[[Connection], object], what: str) -> bool:
    """Do a write that may as well not happen, and say whether it did: it waits for nobody, and reading never depends on it."""
    try:
        with engine.connect().execution_options(write=True) as connection:
            if engine.dialect.name != "sqlite":
                with connection.begin():
                    connection.execute(text("SET LOCAL lock_timeout = 1"))
                    connection.execute(text("SET LOCAL synchronous_commit = off"))
                    write(connection)
                return True
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA busy_timeout=0")
            try:
                with connection.begin():
                    write(connection)
            finally:
                raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    except (SQLAlchemyError, sqlite3.Error) as error:
        log.debug("%s was left out: %s", what, type(error).__name__)
        return False
    return True


@contextmanager
def _kind_errors() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.OperationalError) as error:
        kind = _kind(error.orig if isinstance(error, DBAPIError) else error)
        if kind is None:
            raise
        raise kind from error


def _kind(error: object) -> DashboardError | None:
    """Return the sentence for what a database refuses, None for what is a fault of this program."""
    said, state = str(error), getattr(error, "sqlstate", None)
    if isinstance(error, sqlite3.OperationalError):
        if "locked" in said or "busy" in said:
            return DatabaseBusy()
        if "readonly" in said or "disk is full" in said:
            return DatabaseBusy(UNWRITABLE)
        if "unable to open" in said:
            return DatabaseBusy(UNREACHABLE)
        return DatabaseNotReady() if "no such table" in said or "no such column" in said else None
    if state in BUSY_STATES:
        return DatabaseBusy()
    if state in UNWRITABLE_STATES:
        return DatabaseBusy(UNWRITABLE)
    if state in UNMADE_STATES:
        log.warning("the database has other tables than this version: %s", type(error).__name__)
        return DatabaseNotReady()
    # Without a number there was no answer: no server, or one that has gone away, which 08 and 57P say.
    gone = type(error).__name__ == "OperationalError" and state is None
    return DatabaseBusy(UNREACHABLE) if gone or str(state or "")[:3] in ("080", "57P") else None


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision, "base", "-1" and "-2" back; processes that race wait for each other and find nothing left to do.

    Raises:
        DatabaseBusy: the database is held by another process, cannot be written, or cannot be reached.
    """
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _kind_errors():
        if revision == "head" and _is_newest(engine, config):
            # Nothing to write: reading goes on beside whoever writes, and where nothing can be written.
            return
        _move(engine, config, revision)


def _is_newest(engine: Engine, config: AlembicConfig) -> bool:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads() == tuple(ScriptDirectory.from_config(config).get_heads())


def _move(engine: Engine, config: AlembicConfig, revision: str) -> None:
    down = revision == "base" or revision.startswith("-")
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(write=True) as connection:
            # Outside a transaction, or SQLite ignores it; batch migrations rebuild tables and need it off.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    config.attributes["connection"] = connection
                    (command.downgrade if down else command.upgrade)(config, revision)
                    if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
                        raise RuntimeError(f"the migration broke references: {broken[:3]}")
            finally:
                raw.execute("PRAGMA foreign_keys=ON")
    else:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            (command.downgrade if down else command.upgrade)(config, revision)


def tidy(engine: Engine) -> None:
    """Refresh the database's own statistics after a large write, so that queries keep their indexes.

    The write is done by then: where the statistics cannot be had now, they are left for another time.
    """
    try:
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection, connection.begin():
                connection.exec_driver_sql("PRAGMA optimize")
        else:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text('VACUUM (ANALYZE) "transaction"'))
    except SQLAlchemyError:
        log.warning("statistics were not refreshed", exc_info=True)
