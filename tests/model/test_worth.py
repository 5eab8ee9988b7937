"""Balances are read from covering indexes, however many rows there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import event

from dashboard.model.accounts import account
from dashboard.model.queries import worth
from dashboard.services import accounts
from dashboard.services.books import Book
from tests.ways import House

TODAY = date(2026, 11, 18)


@contextmanager
def explained(book: Book) -> Iterator[list[str]]:
    """Write down how the database goes about each question."""
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            with book.engine.connect() as other:
                plans.extend(row[3] for row in other.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))  # type: ignore[arg-type]

    event.listen(book.engine, "before_cursor_execute", explain)
    yield plans
    event.remove(book.engine, "before_cursor_execute", explain)


def test_balances_by_month_are_read_from_covering_indexes(sqlite_house: House) -> None:
    book = sqlite_house.book
    sqlite_house.add(sqlite_house.account(), "2026-11-02", "-5")
    with explained(book) as plans, book.reading() as db:
        sums = worth.month_sums(db, book.id, TODAY)
        worth.last_days(db, book.id, sums, TODAY)
    reads = [line for line in plans if line.startswith(("SEARCH", "SCAN")) and "transaction" in line]
    assert [line.split("COVERING INDEX ")[-1].split()[0] for line in reads] == [
        "ix_transaction_flow",
        "ix_transaction_page",
        "ix_transaction_page",
    ]
    assert all("COVERING INDEX" in line for line in reads)


def test_values_cost_one_scan_of_a_covering_index_however_many_there_are(sqlite_house: House) -> None:
    book = sqlite_house.book
    homes = [sqlite_house.account(f"House {n}", opening="5") for n in range(3)]
    with explained(book) as without, book.reading() as db:
        worth.month_balances(db, book.id, TODAY)
    for home in homes:
        for day in ("2024-05-05", "2026-01-01", "2026-11-11"):
            accounts.revalue(book, home, "7", day)
    with explained(book) as plans, book.reading() as db:
        worth.month_balances(db, book.id, TODAY)
    reads = [line for line in plans if line.startswith(("SEARCH", "SCAN")) and "transaction" in line]
    assert [line.split("COVERING INDEX ")[-1].split()[0] for line in reads] == [
        "ix_transaction_page",
        "ix_transaction_flow",
        "ix_transaction_page",
    ]
    assert len([line for line in without if "transaction" in line]) == len(reads) - 1
    assert [line for line in plans if "value" in line] == ["SEARCH value USING PRIMARY KEY (book_id=?)"]


def test_marks_are_what_an_opening_and_each_value_add_on_their_day(house: House) -> None:
    old, home, none = house.account("Old", opening="1"), house.account("House", opening="100", opened="2026-03-01"), house.account("None")
    with house.book.writing("as it was before openings had days") as w:
        w.update(account, [old], opened=None)
    house.add(home, "2026-04-01", "20")
    house.add(none, "2026-04-01", "9")
    for day, amount in (("2026-11-18", "150"), ("2026-05-01", "130"), ("2026-02-01", "70")):
        accounts.revalue(house.book, home, amount, day)
    accounts.revalue(house.book, none, "10", "2026-11-01")
    with house.book.reading() as db:
        marks = worth.marks(db, house.book.id)
        found = worth.month_balances(db, house.book.id, date(2026, 11, 17))
    assert list(marks.itertuples(index=False, name=None)) == [
        (old, worth.EVER, 100),
        (home, date(2026, 2, 1), 7000),
        (home, date(2026, 5, 1), 4000),
        (home, date(2026, 11, 18), 2000),
        (none, date(2026, 11, 1), 100),
    ]
    assert set(map(str, found.dtypes)) == {"int64"}
    assert found[found["month"] == worth.LATER]["amount"].tolist() == [2000]
    assert int(found["count"].sum()) == 2


def test_what_is_later_this_month_and_later_at_all_is_told_apart(house: House) -> None:
    current = house.account("Current")
    for day, amount in (("2026-10-31", "1"), ("2026-11-01", "2"), ("2026-11-18", "4"), ("2026-11-19", "8"), ("2027-03-01", "16")):
        house.add(current, day, amount)
    with house.book.reading() as db:
        sums = worth.month_sums(db, house.book.id, TODAY)
        assert worth.last_days(db, house.book.id, sums, TODAY) == {current: TODAY}
    assert sorted(sums.itertuples(index=False, name=None)) == [
        (current, 202610, 100, 1),
        (current, 202611, 600, 2),
        (current, worth.LATER, 2400, 2),
    ]
    assert set(map(str, sums.dtypes)) == {"int64"}
