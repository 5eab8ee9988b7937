"""Balances are read from covering indexes, however many rows there are."""

from __future__ import annotations

from datetime import date

from sqlalchemy import event

from dashboard.model.queries import worth
from tests.ways import House

TODAY = date(2026, 11, 18)


def test_balances_by_month_are_read_from_covering_indexes(sqlite_house: House) -> None:
    book = sqlite_house.book
    sqlite_house.add(sqlite_house.account(), "2026-11-02", "-5")
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            with book.engine.connect() as other:
                plans.extend(row[3] for row in other.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))  # type: ignore[arg-type]

    event.listen(book.engine, "before_cursor_execute", explain)
    with book.reading() as db:
        sums = worth.month_sums(db, book.id, TODAY)
        worth.last_days(db, book.id, sums, TODAY)
    reads = [line for line in plans if line.startswith(("SEARCH", "SCAN")) and "transaction" in line]
    assert [line.split("COVERING INDEX ")[-1].split()[0] for line in reads] == [
        "ix_transaction_flow",
        "ix_transaction_page",
        "ix_transaction_page",
    ]
    assert all("COVERING INDEX" in line for line in reads)


def test_what_is_later_this_month_and_later_at_all_is_told_apart(house: House) -> None:
    account = house.account("Current")
    for day, amount in (("2026-10-31", "1"), ("2026-11-01", "2"), ("2026-11-18", "4"), ("2026-11-19", "8"), ("2027-03-01", "16")):
        house.add(account, day, amount)
    with house.book.reading() as db:
        sums = worth.month_sums(db, house.book.id, TODAY)
        assert worth.last_days(db, house.book.id, sums, TODAY) == {account: TODAY}
    assert sorted(sums.itertuples(index=False, name=None)) == [
        (account, 202610, 100, 1),
        (account, 202611, 600, 2),
        (account, worth.LATER, 2400, 2),
    ]
    assert set(map(str, sums.dtypes)) == {"int64"}
