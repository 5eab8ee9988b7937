"""The list finds its rows by the index that is meant for it: 100,000 rows are never walked for one page of a month."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from dashboard.model import database
from dashboard.model.queries import ledger
from dashboard.model.queries.ledger import Filter
from dashboard.model.queries.terms import Said, Term
from dashboard.model.transactions import transaction
from tests.ways import House

ROWS = 4000


@contextmanager
def asked(house: House) -> Iterator[list[tuple[str, Any]]]:
    """Write down each question to the database, with what it was asked with."""
    found: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        found.append((statement, parameters))

    event.listen(house.book.engine, "before_cursor_execute", note)
    yield found
    event.remove(house.book.engine, "before_cursor_execute", note)


def plan(house: House, chosen: Filter, number: int = 1) -> str:
    """Return how the database goes about one page of a filter and about its sums."""
    with house.book.reading() as db:
        with asked(house) as questions:
            ledger.page(db, chosen, number)
            ledger.totals(db, chosen)
        explain = "EXPLAIN QUERY PLAN " if db.dialect.name == "sqlite" else "EXPLAIN "
        lines = [str(row[-1]) for statement, values in questions for row in db.exec_driver_sql(explain + statement, values)]
    return "\n".join(line for line in lines if "SUBQUERY" not in line)

WORD = ((Term((Said("p7"),)),),)
NOT = ((Term((Said("p7"),), True),),)


@pytest.fixture
def full(house: House) -> House:
    """Fill a book with four years of rows, and let the database look at them as an import does."""
    account = house.account()
    with house.book.writing("many") as w:
        w.insert(
            transaction,
            [
                {
                    "account_id": account,
                    "date": date(2023, 1, 1) + timedelta(days=i * 1400 // ROWS),
                    "amount": -i,
                    "payee": f"P{i % 70}",
                    "text": "",
                    "note": "",
                }
                for i in range(ROWS)
            ],
        )
    # SQLite refreshes the statistics of tables that were asked for.
    with house.book.reading() as db:
        ledger.totals(db, Filter(house.book.id, fold=True))
    database.tidy(house.book.engine)
    return house


MONTH = {"start": date(2026, 10, 1), "end": date(2026, 10, 31), "fold": True}


@pytest.mark.parametrize("more", [{}, {"search": WORD}, {"payee": "P7"}, {"categories": (0,)}, {"kind": "spending"}, {"unseen": True}])
def test_a_month_is_found_by_the_index_of_days(full: House, more: dict[str, Any]) -> None:
    said = plan(full, Filter(full.book.id, **(MONTH | more)))
    assert "ix_transaction_page" in said
    assert "Seq Scan on transaction " not in said
    assert "SCAN transaction" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("more", [{"search": WORD}, {"search": NOT}, {"payee": "P7"}])
def test_words_over_all_of_time_walk_the_table_in_its_own_order(full: House, more: dict[str, Any]) -> None:
    said = plan(full, Filter(full.book.id, fold=True, **more)).splitlines()
    rows = [line for line in said if line.startswith("SEARCH transaction")]
    assert "USING PRIMARY KEY (book_id=? AND id>?)" in rows[0], said
    assert all("USING PRIMARY KEY" in line for line in rows), said
    legs = [line for line in said if line.startswith(("SEARCH other", "SEARCH leg", "SCAN other", "SCAN leg"))]
    assert legs, said
    assert all("ix_transaction_transfer (book_id=? AND transfer_id=?" in line for line in legs), said


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_newest_of_all_time_come_in_the_order_of_their_index(full: House) -> None:
    with full.book.reading() as db, asked(full) as questions:
        ledger.page(db, Filter(full.book.id, fold=True))
    statement, values = questions[0]
    with full.book.reading() as db:
        said = [str(row[-1]) for row in db.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)]
    assert any("ix_transaction_page" in line for line in said)
    assert not any("TEMP B-TREE" in line for line in said), "nothing is sorted for the first 50 rows"
