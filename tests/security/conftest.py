"""The attacked site: one application a process, and for each test its own copy of a database with two filled households.

Alice's rows are full of the canary and numbered far away from Bob's. The log is watched in every test: a traceback is a
failure. So is SQL: a statement on a household's table that does not say whose book it reads is one.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, update

from dashboard import create_app, periods
from dashboard.config import Config
from dashboard.model import database
from dashboard.model.changes import change
from dashboard.model.imports import draft, rule
from dashboard.model.people import book as book_table
from dashboard.model.people import user
from dashboard.model.transactions import pair
from dashboard.services import accounts, budgets, imports, transactions, transfers
from dashboard.services.books import Book, book_by_email
from tests.conftest import ALICE, BOB, NOON, Clock
from tests.security import owned
from tests.security.forging import ALICE_FROM, CANARY, REVISION_FROM, sign_in, tracebacks
from tests.ways import House, bank_csv, own_csv, snapshot

KEY = "a key of the tests, longer than thirty-two characters"


def furnish(engine: Engine, email: str, mark: str) -> None:
    """Fill a household with one or two of everything there is, `mark` in each text."""
    house = House(book_by_email(engine, email))
    book = house.book
    current = house.account(f"{mark} current")
    saved = house.account(f"{mark} savings", opening="100")
    # Of a month that is over, budgets can be suggested.
    house.add(current, "2026-10-07", "-9.50", f"{mark} dinner", "Eating out")
    lunch = house.add(current, "2026-11-03", "-12.50", f"{mark} lunch", "Eating out")
    both = house.add(current, "2026-11-05", "-90", f"{mark} fair")
    house.edit(lunch, note=f"{mark} note")
    house.split(both, [("Groceries", -4000), ("Gifts", -5000)])
    transfers.mark(book, [house.add(current, "2026-11-06", "-20", f"{mark} moved")])
    budgets.set_budget(book, house.category("Eating out"), 202611, "EUR", budgets.BudgetForm("200"))
    house.take_in(
        own_csv(
            [
                ("2026-11-07", f"{mark} market", f"{mark} bank text", f"{mark} food", f"{mark} current", "-30.00", "EUR", f"{mark} note"),
                ("2026-11-08", f"{mark} pay", "", "Salary", f"{mark} current", "2500.00", "EUR", ""),
            ]
        ),
        f"{mark} own.csv",
    )
    transactions.delete(book, [house.rows()[-1]["id"]])
    house.take_in(
        own_csv([("2026-11-09", f"{mark} second", "", f"{mark} fun", f"{mark} current", "-9.00", "EUR", "")]), f"{mark} second.csv"
    )
    imports.receive(
        book,
        f"{mark} waiting.csv",
        bank_csv(
            [
                ("2026-11-10", f"{mark} waiting", "-1.00"),
                ("2026-11-11", f"{mark} waits too", "-2.00"),
                ("2026-99-11", f"{mark} bad day", "-2.00"),
            ]
        ),
    )
    sides = [
        (house.add(current, "2026-10-05", f"-{n}1", f"{mark} gone"), house.add(saved, "2026-10-06", f"{n}1", f"{mark} come"))
        for n in (7, 8)
    ]
    with book.writing(f"{mark} rule") as w:
        w.insert(pair, [{"one_id": one, "two_id": two, "refused": False} for one, two in sides])
        w.insert(rule, [{"position": 1, "category_id": house.category("Gifts"), "conditions": f'{{"contains": "{mark}"}}'}])
    home = house.account(f"{mark} house")
    accounts.revalue(book, home, "310000", "2026-11-01")
    accounts.revalue(book, home, "320000", "2026-11-11")


@pytest.fixture(scope="session")
def estate(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the database that tests copy: Alice's household and Bob's, both lived in."""
    path = tmp_path_factory.mktemp("estate") / "estate.sqlite3"
    shutil.copyfile(sqlite_template, path)
    engine = database.make_engine(f"sqlite:///{path}")
    periods.set_clock(lambda: NOON)
    try:
        with database.transaction(engine) as db:
            alice = book_by_email(engine, ALICE)
            db.execute(
                update(book_table)
                .where(book_table.c.id == alice.id)
                .values(next_id=ALICE_FROM, revision=REVISION_FROM, name=f"{CANARY} home")
            )
            db.execute(update(user).where(user.c.id == alice.user_id).values(name=CANARY))
        furnish(engine, ALICE, CANARY)
        furnish(engine, BOB, "Bob")
    finally:
        periods.set_clock(None)
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    """Build the application once a process, as it runs in production over plain HTTP."""
    return create_app(Config(database_url=f"sqlite:///{tmp_path_factory.mktemp('app') / 'app.sqlite3'}", secret_key=KEY, env="production"))


@dataclass
class Site:
    """An application on its own database, with the two people of it."""

    app: Dash
    engine: Engine
    path: Path
    clock: Clock
    statements: list[str] = field(default_factory=list, repr=False)

    def signed_in(self, email: str, **more: Any) -> FlaskClient:
        """Sign a browser in through the form."""
        return sign_in(self.app, email, **more)

    def anonymous(self) -> FlaskClient:
        """Return a browser that nobody is signed in with."""
        return self.app.server.test_client()

    def book(self, email: str) -> Book:
        """Return a person's book."""
        return book_by_email(self.engine, email)

    def house(self, email: str) -> House:
        """Return a person's book with short ways to fill it."""
        return House(self.book(email))

    def ids(self, email: str) -> dict[str, list[int]]:
        """Return the ids of a household by what they are ids of; preset categories, whose ids everybody has, only where they are used."""
        book = self.book(email)
        found = {name: [row["id"] for row in rows] for name, rows in snapshot(book).items()}
        with book.reading() as db:
            found["draft"] = list(db.execute(select(draft.c.id).where(draft.c.book_id == book.id)).scalars())
            found["change"] = list(db.execute(select(change.c.revision).where(change.c.book_id == book.id)).scalars())
        return {name: [i for i in ids if name != "category" or i > 20] for name, ids in found.items()}

    def one_of_each(self, email: str) -> list[int]:
        """Return one id of each kind of a household's."""
        return [found[0] for found in self.ids(email).values()]


@pytest.fixture
def site(
    application: Dash, estate: Path, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """Put the application on a fresh copy of the two households; afterwards no traceback is in the log and all SQL named its book."""
    made = opened(application, estate, tmp_path / "site.sqlite3", clock, monkeypatch)
    caplog.set_level(logging.INFO)
    yield made
    made.engine.dispose()
    assert tracebacks(caplog.get_records("call")) == []
    assert owned.unowned(made.statements) == []


def opened(app: Dash, template: Path, path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Put an application on a copy of a database, and note the SQL it sends."""
    shutil.copyfile(template, path)
    engine = database.make_engine(f"sqlite:///{path}")
    monkeypatch.setitem(app.server.config, "ENGINE", engine)
    made = Site(app, engine, path, clock)

    @event.listens_for(engine, "connect")
    def _hurry(connection: Any, _record: object) -> None:
        # Whether a commit survives a power cut is another test's question.
        connection.execute("PRAGMA synchronous=OFF")

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, _values: object, _context: object, _many: object) -> None:
        made.statements.append(statement)

    return made


@pytest.fixture
def failing(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return a function that takes this test's tracebacks out of the log: for tests that provoke one."""

    def taken() -> list[str]:
        found = tracebacks(caplog.records)
        caplog.clear()
        return found

    return taken


@pytest.fixture
def alice(site: Site) -> FlaskClient:
    """Return Alice's browser."""
    return site.signed_in(ALICE)


@pytest.fixture
def bob(site: Site) -> FlaskClient:
    """Return Bob's browser."""
    return site.signed_in(BOB)


@pytest.fixture
def anon(site: Site) -> FlaskClient:
    """Return a stranger's browser."""
    return site.anonymous()
