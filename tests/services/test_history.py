"""The history: who changed what and when, and what stood there before and after is what stood there."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from dashboard.errors import DashboardError, UndoRefused
from dashboard.model import database
from dashboard.model.changes import change
from dashboard.services import accounts, budgets, categories, demo, fields, history, transactions, transfers
from dashboard.services.history import Entry, Row
from dashboard.view.pages import history as history_page
from dashboard.view.parts import Words
from tests.conftest import NOON, Clock
from tests.ways import House, Snapshot, bank_csv, snapshot


def newest(house: House) -> Entry:
    return history.history(house.book)[0][0]


def told(row: Row) -> dict[str, tuple[object, object]]:
    return {name: (before, after) for name, before, after in row.fields}


def rows(entry: Entry, noun: str = "transaction") -> list[Row]:
    return [row for row in entry.rows if row.noun == noun]


def test_an_empty_book_has_no_history(house: House) -> None:
    assert history.history(house.book) == ([], False)


def test_who_and_when_and_what_was_added(house: House) -> None:
    current = house.account()
    house.add(current, "2026-11-14", "-12.50", "Bakery", "Groceries")
    entry = newest(house)
    assert (entry.who, entry.at.replace(tzinfo=None), entry.action, entry.undone, entry.count) == (
        "Alice",
        NOON.replace(tzinfo=None),
        "\u201cBakery\u201d added",
        False,
        1,
    )
    assert (entry.rows[0].name, entry.rows[0].currency) == ("Bakery", "EUR")
    assert told(entry.rows[0]) == {
        "account": (None, "Current"),
        "date": (None, "2026-11-14"),
        "amount": (None, -1250),
        "payee": (None, "Bakery"),
        "category": (None, "Groceries"),
        "reviewed": (None, True),
    }


def test_an_entry_says_what_it_was_not_what_became_of_it_later(house: House) -> None:
    row = house.add(house.account(), "2026-11-14", "-12.50", "Bakery", "Groceries")
    house.edit(row, amount="20", category_id=house.category("Gifts"))
    house.edit(row, payee="Baker", day="2026-11-15")
    transactions.delete(house.book, [row])
    deleted, second, first, added = history.history(house.book)[0][:4]
    assert told(added.rows[0])["amount"] == (None, -1250)
    assert told(added.rows[0])["category"] == (None, "Groceries")
    assert told(first.rows[0]) == {"amount": (-1250, -2000), "category": ("Groceries", "Gifts")}
    assert told(second.rows[0]) == {"payee": ("Bakery", "Baker"), "date": ("2026-11-14", "2026-11-15")}
    assert told(deleted.rows[0])["amount"] == (-2000, None)
    assert [entry.rows[0].name for entry in (added, first, second, deleted)] == ["Bakery", "Bakery", "Bakery", "Baker"]


def test_an_undo_and_its_undo_say_what_they_put_back_and_the_first_says_that_it_is_undone(house: House) -> None:
    row = house.add(house.account(), "2026-11-14", "-12.50", "Bakery")
    house.edit(row, amount="20")
    edited = newest(house)
    undo = history.undo(house.book, edited.revision)
    back, first = history.history(house.book)[0][:2]
    assert (back.action.startswith("Undone"), back.undone, first.undone) == (True, False, True)
    assert told(back.rows[0]) == {"amount": (-2000, -1250)}
    assert told(first.rows[0]) == {"amount": (-1250, -2000)}
    history.undo(house.book, undo.revision)
    again, back, first = history.history(house.book)[0][:3]
    assert (again.action.startswith("Done again"), back.undone, first.undone) == (True, True, False)
    assert told(again.rows[0]) == {"amount": (-1250, -2000)}


def test_an_addition_that_is_undone_still_says_what_it_was(house: House) -> None:
    house.add(house.account(), "2026-11-14", "-12.50", "Bakery")
    history.undo_last(house.book)
    back, added = history.history(house.book)[0][:2]
    assert (added.undone, added.rows[0].name, told(added.rows[0])["amount"]) == (True, "Bakery", (None, -1250))
    assert (back.rows[0].name, told(back.rows[0])["amount"]) == ("Bakery", (-1250, None))


def test_a_bulk_change_shows_its_first_rows_and_counts_all(house: House) -> None:
    current = house.account()
    ids = [house.add(current, "2026-11-14", f"-{n}", f"Payee {n}") for n in range(1, 13)]
    transactions.set_category(house.book, ids, house.category("Gifts"))
    entry = newest(house)
    assert (entry.count, len(entry.rows)) == (12, history.SHOWN)
    assert all(told(row) == {"category": ("Uncategorised", "Gifts")} for row in entry.rows)
    assert [row.name for row in entry.rows] == [f"Payee {n}" for n in range(1, 9)]


def test_a_split_and_a_transfer_are_told_in_the_accounts_currency(house: House) -> None:
    francs, euros = house.account("Francs", "CHF"), house.account("Euros")
    row = house.add(francs, "2026-11-14", "-30", "Market", "Groceries")
    parts = [{"amount": "10", "category": house.category("Gifts")}, {"amount": "20", "category": ""}]
    house.edit(row, parts=parts)
    entry = newest(house)
    assert [(told(r), r.currency) for r in rows(entry, "split")] == [
        ({"category": (None, "Gifts"), "amount": (None, -1000)}, "CHF"),
        ({"amount": (None, -2000)}, "CHF"),
    ]
    assert told(rows(entry)[0]) == {"category": ("Groceries", "Uncategorised")}
    transactions.delete(house.book, [row])
    assert [r.currency for r in rows(newest(house), "split")] == ["CHF", "CHF"]
    history.undo_last(house.book)
    assert [(told(r)["amount"], r.currency) for r in rows(newest(house), "split")] == [((None, -1000), "CHF"), ((None, -2000), "CHF")]
    alone = house.add(euros, "2026-11-15", "-5", "Savings")
    transfers.mark(house.book, [alone])
    assert told(newest(house).rows[0]) == {"transfer": (None, "transfer")}


def test_an_import_and_its_undo_are_told_with_the_account_they_made(house: House) -> None:
    house.take_in(bank_csv([("2026-11-02", "Shop", "-1.00"), ("2026-11-03", "Studio", "200.00")]))
    entry = newest(house)
    assert [row.name for row in rows(entry)] == ["Shop", "Studio"]
    assert told(rows(entry)[0])["amount"] == (None, -100)
    assert {row.noun for row in entry.rows} >= {"account", "import", "transaction"}
    history.undo(house.book, entry.revision)
    back, first = history.history(house.book)[0][:2]
    assert [told(row)["amount"] for row in rows(back)] == [(-100, None), (20000, None)]
    assert (first.undone, told(rows(first)[1])["amount"]) == (True, (None, 20000))
    name = rows(first, "account")[0].name
    assert told(rows(first)[0])["account"] == (None, name), "the account is gone, its name is not"


def test_a_budget_tells_its_category_and_month(house: House) -> None:
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("400"))
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("+20"))
    budgets.set_carry(house.book, house.category("Groceries"), 202611, "EUR", carry=True)
    carry, changed, first = history.history(house.book)[0][:3]
    assert first.rows[0].name == "Groceries"
    assert told(first.rows[0])["month"] == (None, 202611)
    assert told(first.rows[0])["amount"] == (None, 40000)
    assert told(changed.rows[0]) == {"amount": (40000, 42000)}
    assert told(carry.rows[0]) == {"carry": (False, True)}


def test_a_merged_category_is_called_what_it_was(house: House) -> None:
    row = house.add(house.account(), "2026-11-14", "-12.50", "Bakery", "Pets")
    categories.merge(house.book, house.category("Pets"), house.category("Groceries"))
    merged, added = history.history(house.book)[0][:2]
    assert told(rows(merged)[0]) == {"category": ("Pets", "Groceries")}
    assert [r.name for r in rows(merged, "category")] == ["Pets"]
    assert told(added.rows[0])["category"] == (None, "Pets")
    assert house.row(row)["category_id"] == house.category("Groceries")


def test_accounts_and_sample_data_are_told_and_taken_back(house: House) -> None:
    first = house.account("Current", opening="100")
    revision = next(a.revision for a in accounts.all_accounts(house.book) if a.id == first)
    accounts.save(house.book, first, revision, accounts.AccountForm(name="Giro", kind="checking", currency="EUR", opening="150"))
    renamed, made = history.history(house.book)[0][:2]
    assert told(renamed.rows[0]) == {"name": ("Current", "Giro"), "opening": (10000, 15000)}
    assert (made.rows[0].name, told(made.rows[0])["opening"]) == ("Current", (None, 10000))


def test_a_value_and_the_day_of_an_opening_are_told_with_their_account(house: House) -> None:
    home = house.account("House", "JPY", opening="300000", opened="2026-01-01")
    accounts.revalue(house.book, home, "310000", "2026-11-01")
    made = newest(house)
    assert made.action == "\u201cHouse\u201d is worth JP\u00a5310,000 on 1 Nov 2026"
    assert made.rows == (Row("value", "House", (("account", None, "House"), ("day", None, "2026-11-01"), ("amount", None, 310000)), "JPY"),)
    accounts.revalue(house.book, home, "320000", "2026-11-01")
    assert (newest(house).rows[0].name, told(newest(house).rows[0])) == ("House", {"amount": (310000, 320000)})
    seen = accounts.all_accounts(house.book)[0]
    accounts.save(
        house.book,
        home,
        seen.revision,
        accounts.AccountForm(name="House", kind="asset", currency="JPY", opening="300000", opened="2026-02-01"),
    )
    assert told(newest(house).rows[0]) == {"kind": ("checking", "asset"), "opened": ("2026-01-01", "2026-02-01")}
    accounts.delete(house.book, home)
    gone = newest(house)
    assert [(row.noun, row.name, row.currency) for row in gone.rows] == [("value", "House", "JPY"), ("account", "House", "JPY")]
    shown = str(history_page.page([gone, made], Words("en-IE", house.book.today), number=1, older=False))
    assert "1 Nov 2026" in shown
    assert "opening balance on" in shown


def test_the_sample_data_is_one_entry_and_its_removal_another(house: House) -> None:
    demo.load(house.book)
    entry = newest(house)
    assert entry.count > 500
    assert len(entry.rows) == history.SHOWN
    before = entry.rows
    demo.remove(house.book)
    removed, loaded = history.history(house.book)[0][:2]
    assert (loaded.undone, loaded.rows, loaded.count) == (True, before, entry.count)
    assert removed.count >= entry.count


def test_the_pages_hold_every_change_once_newest_first(house: House) -> None:
    current = house.account()
    for n in range(1, 65):
        house.add(current, "2026-11-14", f"-{n}", f"Payee {n}")
    found: list[Entry] = []
    for page, older in ((1, True), (2, True), (3, False)):
        entries, more = history.history(house.book, page)
        assert (more, len(entries)) == (older, history.PAGE if older else 5)
        found += entries
    assert [entry.revision for entry in found] == house.changes()[::-1]
    assert history.history(house.book, 4) == ([], False)
    for odd in (0, -1, "2", None, fields.LARGEST_ID):
        assert history.history(house.book, odd)[0] == history.history(house.book)[0]


def test_another_households_journal_is_never_seen(house: House, other_house: House) -> None:
    house.add(house.account("Mine"), "2026-11-14", "-12.50", "Bakery", "Groceries")
    mine = history.history(house.book)
    assert history.history(other_house.book) == ([], False)
    other_house.add(other_house.account("Theirs"), "2026-11-15", "-99", "Secret")
    transactions.delete(other_house.book, [other_house.rows()[0]["id"]])
    assert history.history(house.book) == mine
    assert "Secret" in str(history.history(other_house.book))
    assert "Bakery" not in str(history.history(other_house.book))


TABLES = ("account", "category", "budget", "transaction", "split")


def readable(value: Any) -> object:
    """Say a stored value as the history does; amounts, texts and truths stay as they are."""
    return value.isoformat() if isinstance(value, date) else value


def pair(old: dict[str, Any], new: dict[str, Any], name: str) -> tuple[object, object]:
    """Return a field before and after."""
    if name == "transfer":
        return "transfer" if old.get("transfer_id") else None, "transfer" if new.get("transfer_id") else None
    return readable(old.get(name)), readable(new.get(name))


def test_before_and_after_are_what_the_book_held_whatever_was_done(house: House, clock: Clock) -> None:
    """Every shown field of every entry is compared with a copy of the book from before and after that change."""
    dice = random.Random(11)
    held = [house.account("One"), house.account("Two"), house.account("Francs", "CHF")]
    names = ["Groceries", "Gifts", "Pets", None]
    shots: dict[int, tuple[Snapshot, Snapshot]] = {}

    def some() -> int:
        return int(dice.choice(house.rows())["id"])

    def any_revision() -> int:
        return dice.choice(house.changes()[-8:])

    steps = (
        lambda: house.add(dice.choice(held), f"2026-11-{dice.randint(1, 18):02}", f"-{dice.randint(1, 90)}", "P", dice.choice(names)),
        lambda: house.edit(some(), amount=str(dice.randint(1, 90)), payee=f"Q{dice.randint(1, 9)}"),
        lambda: transactions.set_category(house.book, [some(), some()], house.category("Gifts")),
        lambda: transactions.delete(house.book, [some()]),
        lambda: transfers.mark(house.book, [some()]),
        lambda: transactions.add_note(house.book, [some()], "#seen"),
        lambda: budgets.set_budget(house.book, house.category("Gifts"), 202611, "EUR", budgets.BudgetForm(str(dice.randint(1, 500)))),
        lambda: budgets.set_carry(house.book, house.category("Gifts"), dice.choice((202611, 202612)), "EUR", carry=True),
        lambda: history.undo(house.book, any_revision()),
        lambda: history.undo_last(house.book),
    )
    for _ in range(70):
        before, known = snapshot(house.book), house.changes()
        try:
            dice.choice(steps)()
        except (DashboardError, IndexError):
            continue
        if house.changes() != known:
            shots[house.changes()[-1]] = (before, snapshot(house.book))
    assert len(shots) > 30
    found = [entry for page in (1, 2, 3) for entry in history.history(house.book, page)[0] if entry.revision in shots]
    assert len(found) == len(shots)
    checked = 0
    for entry in found:
        before, after = shots[entry.revision]
        changed = {
            (table, row_id): (old, new)
            for table in TABLES
            for row_id in {r["id"] for shot in (before, after) for r in shot[table]}
            for old, new in [[next((r for r in shot[table] if r["id"] == row_id), {}) for shot in (before, after)]]
            if {k: v for k, v in old.items() if k != "revision"} != {k: v for k, v in new.items() if k != "revision"}
        }
        for row in entry.rows:
            if not row.fields or row.noun not in TABLES:
                continue
            plain = {n: pair for n, pair in told(row).items() if n not in ("account", "category")}
            assert any(
                table == row.noun and all(pair(old, new, name) == said for name, said in plain.items())
                for (table, _), (old, new) in changed.items()
            ), (entry.action, row, changed)
            checked += len(plain)
    assert checked > 60


def test_a_person_who_is_gone_is_called_that(house: House) -> None:
    house.account()
    with database.transaction(house.book.engine) as db:
        db.execute(update(change).where(change.c.book_id == house.book.id).values(user_id=999))
    assert newest(house).who == "someone who is gone"


def test_the_keys_take_back_what_this_session_did_and_nothing_else(house: House) -> None:
    sample = demo.load(house.book).revision
    account = accounts.all_accounts(house.book)[0].id
    earlier = house.add(account, "2026-11-01", "-5", "Earlier")
    rows = [house.add(account, "2026-11-02", "-6", "One"), house.add(account, "2026-11-03", "-7", "Two")]
    mine = [entry.revision for entry in history.history(house.book)[0][:2]]
    assert "Two" in history.undo_last(house.book, mine).message
    assert "One" in history.undo_last(house.book, [1, *mine]).message
    for steps in (mine, [], "x", [True, "1", 0, -1, 2**70, 1.5, {}]):
        with pytest.raises(UndoRefused, match="Nothing of this session"):
            history.undo_last(house.book, steps)
    with pytest.raises(UndoRefused, match="Nothing of this session"):
        history.undo_last(house.book, [sample])
    assert house.row(earlier)["payee"] == "Earlier"
    assert not {*rows} & {row["id"] for row in house.rows()}
