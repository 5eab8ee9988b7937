"""The sample data: what is in it, that it goes without a trace, and that nothing of a person's own goes with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dashboard.__main__ import main
from dashboard.errors import InputNotValid, UndoRefused
from dashboard.model.people import book as book_table
from dashboard.model.queries import demo as stored
from dashboard.periods import Period, add_months, last_day, month_of
from dashboard.selection import Selection
from dashboard.services import accounts, budgets, demo, history, imports, transactions, transfers
from dashboard.services.books import Book, book_by_email
from dashboard.services.demo.household import BUDGETS, household, spent
from dashboard.services.overview import overview
from tests.conftest import ALICE, Clock
from tests.ways import House, bank_csv, order, snapshot


def shown(book: Book) -> bool:
    """Say whether the banner stands over the page."""
    return book_by_email(book.engine, book.email).demo


def without_revisions(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [{k: v for k, v in row.items() if k != "revision"} for row in rows] for name, rows in found.items()}


def test_it_comes_as_one_change_and_goes_without_a_trace(house: House) -> None:
    book = house.book
    before = snapshot(book)
    assert not shown(book)
    done = demo.load(book)
    assert done.message == "Sample data added"
    assert len(house.changes()) == 1
    assert shown(book)
    filled = snapshot(book)
    assert 1_400 < len(filled["transaction"]) < 2_200
    removed = demo.remove(book)
    assert removed.message == "Sample data removed"
    assert snapshot(book) == before
    assert not shown(book)
    history.undo(book, removed.revision)
    assert snapshot(book) == filled
    assert shown(book)
    demo.remove(book)
    assert snapshot(book) == before
    with pytest.raises(UndoRefused, match="no sample data"):
        demo.remove(book)


def test_undone_from_the_history_it_is_gone_too(house: House) -> None:
    before = snapshot(house.book)
    loaded = demo.load(house.book)
    undone = history.undo(house.book, loaded.revision)
    assert snapshot(house.book) == before
    assert not shown(house.book)
    with house.book.reading() as db:
        assert stored.loaded(db, house.book.id) is None
    history.undo(house.book, undone.revision)
    assert shown(house.book)
    with house.book.reading() as db:
        assert stored.loaded(db, house.book.id) is not None
    demo.remove(house.book)
    assert snapshot(house.book) == before


def test_it_can_come_again(sqlite_house: House) -> None:
    for _ in range(2):
        demo.load(sqlite_house.book)
        first = without_revisions(snapshot(sqlite_house.book))
        demo.remove(sqlite_house.book)
    demo.load(sqlite_house.book)
    assert Counter(r["amount"] for r in snapshot(sqlite_house.book)["transaction"]) == Counter(r["amount"] for r in first["transaction"])
    assert shown(sqlite_house.book)


def test_what_is_in_it_adds_up(house: House) -> None:
    book = house.book
    demo.load(book)
    found = snapshot(book)
    rows, parts = found["transaction"], defaultdict(list)
    for part in found["split"]:
        parts[part["transaction_id"]].append(part["amount"])
    by_id = {row["id"]: row for row in rows}
    assert len(parts) >= 24
    assert all(sum(amounts) == by_id[i]["amount"] and len(amounts) > 1 for i, amounts in parts.items())
    assert all(by_id[i]["category_id"] is None for i in parts)
    legs = defaultdict(list)
    for row in rows:
        if row["transfer_id"] is not None:
            legs[row["transfer_id"]].append(row)
    assert len(legs) > 70
    assert all(len(two) == 2 and two[0]["amount"] == -two[1]["amount"] for two in legs.values())
    assert all(two[0]["account_id"] != two[1]["account_id"] and two[0]["category_id"] is None for two in legs.values())
    assert min(row["date"] for row in rows) == date(2024, 12, 1)
    assert max(row["date"] for row in rows) <= book.today
    assert all(row["month"] == month_of(row["date"]) for row in rows)
    assert all(row["amount"] and row["payee"] and row["text"] == row["text"].upper() for row in rows)
    assert any("#" in row["note"] for row in rows)
    unseen = [row for row in rows if not row["reviewed"]]
    assert 3 <= len(unseen) <= 8
    assert min(row["date"] for row in unseen) >= book.today - timedelta(days=7)
    assert sum(row["category_id"] is None and row["transfer_id"] is None and row["id"] not in parts for row in rows) >= 3
    assert {a["kind"] for a in found["account"]} == {"checking", "savings", "investment", "card", "loan"}
    assert {a["opened"] for a in found["account"]} == {date(2024, 11, 30)}
    held = {a.name: a.balance for a in accounts.all_accounts(book)}
    assert held["Current"] > 0 < held["Savings"]
    assert held["Credit card"] < 0 > held["Car loan"]
    assert sum(b["carry"] for b in found["budget"]) in (2, 3)
    assert {b["month"] for b in found["budget"]} == {202412}


def test_the_dashboard_has_something_to_show(sqlite_house: House) -> None:
    demo.load(sqlite_house.book)
    month = overview(sqlite_house.book, Selection(Period.parse("2026-11")))
    assert month.sums.income > month.sums.spending > 0
    states = {month.names[line.category_id].name: line.status for line in month.budgets}
    assert states["Eating out"] == "over"
    assert states["Groceries"] == "heading"
    whole = overview(sqlite_house.book, Selection(Period.parse("2026")))
    assert len(whole.categories) > 12


@given(st.dates(date(2001, 1, 1), date(2199, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_whatever_the_day_one_budget_is_over_and_one_heads_over(today: date) -> None:
    entries = household(today)
    start, month = today.replace(day=1), month_of(today)
    limits = {name: amount for name, amount, _ in BUDGETS}
    assert all(e.day <= today for e in entries)
    assert [e.day for e in entries] == sorted(e.day for e in entries)
    assert all(sum(p.cents for p in e.parts) == e.cents for e in entries if e.parts)
    assert spent(entries, "Eating out", start, today) > limits["Eating out"]
    groceries = spent(entries, "Groceries", start, today)
    assert 0 < groceries <= limits["Groceries"]
    if today != last_day(month):
        # At least half of the last six months spent more after this day than is left of the budget.
        from dashboard.periods import same_day

        rests = sorted(
            spent(entries, "Groceries", same_day(m, today.day) + timedelta(days=1), last_day(m))
            for m in (add_months(month, -n) for n in range(1, 7))
        )
        assert groceries + (rests[2] + rests[3]) // 2 > limits["Groceries"] * 1.02


def test_a_day_later_the_past_is_the_same() -> None:
    old = [e for e in household(date(2026, 11, 18)) if e.day < date(2026, 11, 1)]
    new = [e for e in household(date(2026, 11, 19)) if e.day < date(2026, 11, 1)]
    assert old == new


@pytest.mark.parametrize(
    ("currency", "decimals", "rent"), [("JPY", 0, 220_800), ("EUR", 2, 138_000), ("KWD", 3, 1_380_000), ("INR", 2, 8_280_000)]
)
def test_it_is_in_the_books_own_currency(sqlite_house: House, currency: str, decimals: int, rent: int) -> None:
    demo.load(replace(sqlite_house.book, currency=currency))
    found = snapshot(sqlite_house.book)
    assert {a["currency"] for a in found["account"]} == {b["currency"] for b in found["budget"]} == {currency}
    assert [row["amount"] for row in found["transaction"] if row["payee"] == "Northside Lettings"][-1] == -rent
    sums: dict[int, int] = defaultdict(int)
    for part in found["split"]:
        sums[part["transaction_id"]] += part["amount"]
    assert all(row["amount"] == sums[row["id"]] for row in found["transaction"] if row["id"] in sums)
    transfers: dict[int, int] = defaultdict(int)
    for row in found["transaction"]:
        if row["transfer_id"] is not None:
            transfers[row["transfer_id"]] += row["amount"]
    assert set(transfers.values()) == {0}
    if decimals == 3:
        assert all(row["amount"] % 10 == 0 for row in found["transaction"])


def test_a_book_with_anything_in_it_is_left_alone(house: House) -> None:
    house.account("Mine")
    before = snapshot(house.book)
    with pytest.raises(InputNotValid, match="only into an empty book"):
        demo.load(house.book)
    assert snapshot(house.book) == before
    assert len(house.changes()) == 1
    assert not shown(house.book)


def test_it_does_not_come_twice(sqlite_house: House) -> None:
    demo.load(sqlite_house.book)
    before = snapshot(sqlite_house.book)
    with pytest.raises(InputNotValid):
        demo.load(sqlite_house.book)
    assert snapshot(sqlite_house.book) == before
    assert shown(sqlite_house.book)


def test_edits_of_it_are_never_in_the_way(house: House) -> None:
    book = house.book
    before = snapshot(book)
    demo.load(book)
    rows = [row for row in house.rows() if row["transfer_id"] is None and row["category_id"] is not None]
    house.edit(rows[0]["id"], payee="Edited by me")
    house.split(rows[1]["id"], [("Gifts", rows[1]["amount"] - 1), (None, 1)])
    transactions.set_category(book, [rows[2]["id"]], house.category("Learning"))
    transactions.delete(book, [rows[3]["id"], rows[4]["id"]])
    budgets.set_budget(book, house.category("Groceries"), 202412, "EUR", budgets.BudgetForm("700"))
    first = accounts.all_accounts(book)[0]
    accounts.save(book, first.id, first.revision, accounts.AccountForm(name="Renamed", kind="checking", currency="EUR", opening="5"))
    leg = next(row["id"] for row in house.rows() if row["transfer_id"] is not None)
    transfers.unmark(book, [leg])
    # An account of their own, with a row joined to one of the sample's, stays.
    mine = house.account("Mine")
    free = next(row for row in house.rows() if row["payee"] == "Northside Lettings" and row["date"] == date(2026, 11, 1))
    own = house.add(mine, "2026-11-01", "1380", "Back")
    transfers.mark(book, [free["id"], own])
    edited = without_revisions(snapshot(book))
    removed = demo.remove(book)
    assert "had been edited" in removed.message
    left = snapshot(book)
    assert [row["id"] for row in left["transaction"]] == [own]
    assert left["transaction"][0]["transfer_id"] is None
    assert [a["name"] for a in left["account"]] == ["Mine"]
    assert left["category"] == before["category"]
    assert left["split"] == left["budget"] == []
    history.undo(book, removed.revision)
    assert without_revisions(snapshot(book)) == edited
    assert shown(book)


def test_own_rows_in_its_accounts_are_never_taken_along(house: House) -> None:
    demo.load(house.book)
    current = accounts.all_accounts(house.book)[0].id
    mine = [house.add(current, "2026-11-17", "-3"), house.add(current, "2026-11-18", "-4")]
    before = snapshot(house.book)
    with pytest.raises(UndoRefused, match="2 of your own transactions are in the sample accounts"):
        demo.remove(house.book)
    assert snapshot(house.book) == before
    assert shown(house.book)
    transactions.delete(house.book, mine)
    demo.remove(house.book)
    assert house.rows() == []


def test_own_imports_into_its_accounts_are_never_taken_along(house: House) -> None:
    demo.load(house.book)
    done = imports.import_file(
        house.book, "bank.csv", bank_csv([("2026-11-16", "LIDL", "-3.10"), ("2026-11-17", "LIDL", "-4.20")]), order("Current")
    )
    with pytest.raises(UndoRefused, match="1 of your imports is in the sample accounts"):
        demo.remove(house.book)
    history.undo(house.book, done.revision)
    demo.remove(house.book)
    assert house.rows() == []


def test_it_leaves_budgets_and_renamed_categories_as_they_are(sqlite_house: House) -> None:
    book = sqlite_house.book
    budgets.set_budget(book, sqlite_house.category("Groceries"), 202412, "EUR", budgets.BudgetForm("1"))
    before = snapshot(book)
    demo.load(book)
    assert next(b["amount"] for b in snapshot(book)["budget"] if b["category_id"] == sqlite_house.category("Groceries")) == 100
    demo.remove(book)
    assert snapshot(book) == before


def test_months_that_begin_later_are_kept(sqlite_house: House, clock: Clock) -> None:
    book = sqlite_house.book
    with book.engine.begin() as db:
        db.execute(book_table.update().values(month_start=25))
    demo.load(book)
    assert all(row["month"] == month_of(row["date"], 25) for row in sqlite_house.rows())
    with book.reading() as db:
        assert db.execute(select(book_table.c.demo).where(book_table.c.id == book.id)).scalar_one() == sqlite_house.changes()[-1]


def test_the_command_line_fills_an_empty_book_and_refuses_another(sqlite_house: House) -> None:
    address = sqlite_house.book.engine.url.render_as_string(hide_password=False)

    def demo_for(email: str) -> Result:
        return CliRunner().invoke(
            main, ["demo", "--user", email], env={"DATABASE_URL": address, "SECRET_KEY": "k" * 40, "DASHBOARD_ENV": None}
        )

    first = demo_for(ALICE)
    assert (first.exit_code, first.output.count("\n")) == (0, 1)
    assert first.output.startswith("Sample data added")
    assert len(sqlite_house.rows()) > 1_400
    again = demo_for(ALICE)
    assert (again.exit_code, again.stdout, again.stderr.count("\n")) == (2, "", 1)
    assert "only into an empty book" in again.stderr
    assert demo_for("nobody@example.org").exit_code == 1
