"""Migrations and query plans, on both databases."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, inspect, text

from dashboard.errors import UndoRefused
from dashboard.model import database
from dashboard.model.queries import flow, reach
from dashboard.model.tables import metadata
from dashboard.services import budgets, history, imports, rules
from dashboard.services.books import Book
from tests.ways import House, bank_csv, order, snapshot

MIGRATE = "import sys; from dashboard.model import database as d; sys.stdin.readline(); d.migrate(d.make_engine(sys.argv[1]))"


@pytest.fixture
def empty_url(kind: str, new_database: Callable[..., str]) -> str:
    return new_database(kind, empty=True)


@pytest.fixture
def empty_engine(empty_url: str) -> Iterator[Engine]:
    opened = database.make_engine(empty_url)
    yield opened
    opened.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def drift(engine: Engine) -> list[object]:
    with engine.connect() as db:
        return list(compare_metadata(MigrationContext.configure(db, opts={"compare_type": True, "compare_server_default": True}), metadata))


def test_migrations_go_up_down_and_up_again_and_leave_exactly_the_tables_of_the_model(empty_engine: Engine) -> None:
    assert tables(empty_engine) == set()
    database.migrate(empty_engine)
    assert tables(empty_engine) == set(metadata.tables)
    assert drift(empty_engine) == []
    database.migrate(empty_engine, "base")
    assert tables(empty_engine) == set()
    database.migrate(empty_engine)
    assert drift(empty_engine) == []


def test_dinars_that_were_kept_without_paras_get_them_and_are_known_again(house: House) -> None:
    engine, rows = house.book.engine, [("2026-11-02", "Pekara Beograd", "-120.00"), ("2026-11-03", "PRODAVNICA #12", "-2500.00")]
    dinars, euros = house.account("Dinari", "RSD", "1000"), house.account("Euro", "EUR", "10")
    euro = house.add(euros, "2026-11-01", "-5.00")
    imports.import_file(house.book, "izvod.csv", bank_csv(rows), order("Dinari"))
    house.split(house.rows()[1]["id"], [("Groceries", -10000), ("Pets", -2000)])
    budgets.set_budget(house.book, house.category("Groceries"), "202611", "RSD", budgets.BudgetForm("300"))
    ruled = rules.save(
        house.book, None, None, rules.RuleForm(contains="pekara", least="50", account_id=dinars, category_id=house.category("Pets"))
    )
    before = snapshot(house.book)
    database.migrate(engine, "-4")
    with engine.connect() as db:
        assert sorted(db.execute(text('SELECT amount FROM "transaction"')).scalars()) == [-2500, -500, -120]
        assert sorted(db.execute(text("SELECT amount FROM split")).scalars()) == [-100, -20]
        assert db.execute(text("SELECT opening FROM account ORDER BY id")).scalars().all()[-2:] == [1000, 1000]
        assert '"least": 50}' in db.execute(text("SELECT conditions FROM rule")).scalar_one()
    database.migrate(engine)
    # The way back forgot from which days the openings hold: the way forward takes the days before the first rows.
    for row in before["account"]:
        row["opened"] = date(2026, 11, 1) if row["name"] == "Dinari" else date(2026, 10, 31)
    assert snapshot(house.book) == before
    again = imports.import_file(house.book, "izvod.csv", bank_csv(rows), order("Dinari"))
    assert (again.added, again.duplicates) == (0, 2)
    with pytest.raises(UndoRefused):
        history.undo(house.book, ruled.revision)
    assert house.row(euro)["amount"] == -500


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with engine.connect() as db:
        people = db.execute(text('SELECT COUNT(*) FROM "user"')).scalar_one()
    database.migrate(engine)
    with engine.connect() as db:
        assert db.execute(text('SELECT COUNT(*) FROM "user"')).scalar_one() == people == 2


def test_four_processes_that_race_to_migrate_all_succeed(empty_url: str, empty_engine: Engine) -> None:
    racers = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_url], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    errors = [racer.communicate(timeout=60)[1] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0, 0, 0], errors
    assert drift(empty_engine) == []


def test_sqlite_checks_references_after_a_migration(sqlite_engine: Engine) -> None:
    database.migrate(sqlite_engine)
    with sqlite_engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


@pytest.mark.parametrize("accounts", [None, [1, 2]])
def test_how_far_a_book_reaches_is_read_from_the_index_of_days(sqlite_book: Book, accounts: list[int] | None) -> None:
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "transaction" in statement and not statement.startswith("EXPLAIN"):
            with sqlite_book.engine.connect() as other:
                plans.extend(row[3] for row in other.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))  # type: ignore[arg-type]

    event.listen(sqlite_book.engine, "before_cursor_execute", explain)
    with sqlite_book.reading() as db:
        reach.first_day(db, sqlite_book.id, accounts)
        reach.newest_day(db, sqlite_book.id, accounts, date(2026, 11, 18))
        reach.entered(db, sqlite_book.id, date(2026, 9, 17), accounts)
    reads = [line for line in plans if "SEARCH" in line or "SCAN" in line]
    assert len(reads) == 3
    assert all("ix_transaction_page" in line for line in reads), reads
    assert not any("ORDER BY" in line for line in plans)


@pytest.mark.parametrize("accounts", [None, [1, 2]])
@pytest.mark.parametrize(
    ("index", "ask"),
    [
        ("ix_transaction_flow", lambda db, book, accounts: flow.by_month(db, book, 202601, 202612, accounts)),
        ("ix_transaction_flow", lambda db, book, accounts: flow.payments(db, book, 202605, 202610, accounts)),
        (
            "ix_transaction_page",
            lambda db, book, accounts: flow.by_span(
                db, book, [(date(2026, 11, 1), date(2026, 11, 18)), (date(2026, 10, 1), date(2026, 10, 18))], accounts
            ),
        ),
    ],
)
def test_every_sum_is_read_from_covering_indexes(
    sqlite_book: Book, index: str, ask: Callable[..., object], accounts: list[int] | None
) -> None:
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if ("SUM(" in statement.upper() or "COUNT(" in statement.upper()) and not statement.startswith("EXPLAIN"):
            with sqlite_book.engine.connect() as other:
                plans.extend(row[3] for row in other.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))  # type: ignore[arg-type]

    event.listen(sqlite_book.engine, "before_cursor_execute", explain)
    with sqlite_book.reading() as db:
        ask(db, sqlite_book.id, accounts)
    reads = [
        line
        for line in plans
        if line.startswith(("SEARCH", "SCAN")) and "SUBQUERY" not in line.upper() and not line.endswith(("SCAN both", "SCAN u"))
    ]
    reads = [line for line in reads if "transaction" in line or "split" in line]
    assert reads
    assert [line for line in reads if f"COVERING INDEX {index}" not in line and "COVERING INDEX ix_split_parts" not in line] == []
    assert any(f"COVERING INDEX {index}" in line for line in reads)
    assert any("COVERING INDEX ix_split_parts" in line for line in reads)
