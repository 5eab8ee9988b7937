"""The writer and its journal: over random histories nothing is lost, nothing is half done, everything can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.errors import ChangedMeanwhile, DashboardError, UndoRefused
from dashboard.model.queries import flow
from dashboard.model.transactions import transaction
from dashboard.money import plain, share
from dashboard.periods import month_of
from dashboard.services import history, imports, transactions, transfers
from dashboard.services.books import Book
from tests.ways import House, Snapshot, balances, bank_csv, journal, order, own_csv, snapshot

DAYS = ("2026-01-31", "2026-02-28", "2026-10-31", "2026-11-01", "2026-11-02", "2026-11-18")
SIZES = (1, 100, 1999, 5000, 5000, 10000, 3333)
CATEGORIES = ("Groceries", "Housing", "Salary")

Step = tuple[str, int, int, int]
numbers = st.integers(0, 30)
steps = st.tuples(
    st.sampled_from(
        [
            "add",
            "pair",
            "edit",
            "edit",
            "categorise",
            "transfer",
            "untransfer",
            "split",
            "cell",
            "note",
            "move",
            "join",
            "delete",
            "import",
            "undo last",
            "undo any",
            "redo",
        ]
    ),
    numbers,
    numbers,
    numbers,
)


class Story:
    """A random history of one book; knows how it stood before each change."""

    def __init__(self, book: Book) -> None:
        self.book, self.house = book, House(book)
        with book.writing("categories") as w:
            from dashboard.model.categories import category

            w.insert(
                category,
                [
                    {
                        "name": n,
                        "group": "g",
                        "kind": "income" if n == "Salary" else "expense",
                        "slot": 1,
                        "icon": "tag",
                        "position": 0,
                        "archived": False,
                    }
                    for n in CATEGORIES
                ],
            )
        self.accounts = [self.house.account(name) for name in ("Current", "Savings")]
        self.categories = [self.house.category(name) for name in CATEGORIES]
        self.first = self.house.changes()[-1]
        self.before: dict[int, Snapshot] = {}

    def tell(self, step: Step) -> None:
        """Do one step; what is refused has changed nothing."""
        before, known = snapshot(self.book), self.house.changes()
        try:
            self.do(step, before)
        except DashboardError:
            assert snapshot(self.book) == before, f"{step} was refused and yet changed something"
        new = self.house.changes()[len(known) :]
        assert len(new) <= 1, f"{step} made {len(new)} changes"
        self.before |= dict.fromkeys(new, before)
        self.check()

    def do(self, step: Step, now: Snapshot) -> None:
        name, a, b, c = step
        rows = now["transaction"]
        if name == "add":
            sign = "-" if c % 3 else ""
            self.house.add(self.accounts[b % 2], DAYS[a % len(DAYS)], sign + plain(SIZES[c % len(SIZES)], "EUR"))
        elif name == "pair":
            if not set(self.accounts) <= {row["id"] for row in snapshot(self.book)["account"]}:
                return  # an undo has taken the accounts
            day, size = date.fromisoformat(DAYS[a % len(DAYS)]), SIZES[c % len(SIZES)]
            with self.book.writing("both sides") as w:
                head = {"date": day, "payee": "Transfer", "text": "", "note": "", "transfer_id": w.new_ids(1)[0]}
                w.insert(
                    transaction,
                    [
                        head | {"account_id": account, "amount": amount}
                        for account, amount in zip(self.accounts, (-size, size), strict=True)
                    ],
                )
        elif name == "import":
            lines = [
                (
                    DAYS[i % len(DAYS)],
                    f"Payee {i % 4}",
                    "",
                    ("", "Groceries", "Transfer")[i % 3],
                    "",
                    plain(-SIZES[i % len(SIZES)], "EUR"),
                    "EUR",
                    "",
                )
                for i in range(a, a + 1 + b % 4)
            ]
            imports.import_file(self.book, "some.csv", own_csv(lines), order(("Current", "Savings", "New")[c % 3]))
        elif name == "undo last":
            history.undo_last(self.book)
        elif name in ("undo any", "redo"):
            told = [
                change
                for change in journal(self.book)
                if change.revision > self.first and (name == "undo any" or (change.is_undo and not change.undone))
            ]
            if told:
                history.undo(self.book, told[a % len(told) if name == "undo any" else 0].revision)
        elif rows:
            self.change(name, rows[a % len(rows)], rows[b % len(rows)], c)

    def change(self, name: str, row: dict[str, Any], another: dict[str, Any], c: int) -> None:
        if name == "edit":
            self.house.edit(
                row["id"], amount=plain(SIZES[c % len(SIZES)], "EUR"), day=DAYS[c % len(DAYS)], direction=("spent", "received")[c % 2]
            )
        elif name == "categorise":
            transactions.set_category(self.book, [row["id"], another["id"]], [*self.categories, None][c % 4])
        elif name == "transfer":
            transfers.mark(self.book, [row["id"]])
        elif name == "untransfer":
            transfers.unmark(self.book, [row["id"]])
        elif name == "delete":
            transactions.delete(self.book, [row["id"], another["id"]] if c % 2 else [row["id"]])
        elif name == "split":
            parts = [
                {"amount": plain(abs(part), "EUR"), "category": [*self.categories, None][(c + i) % 4]}
                for i, part in enumerate(share(row["amount"], 2 + c % 3))
            ]
            # Every fifth takes the parts back.
            self.house.edit(row["id"], parts=parts if c % 5 else [])
        elif name == "cell":
            cell, value = (("amount", plain(SIZES[c % len(SIZES)], "EUR")), ("account", self.accounts[c % 2]), ("note", "#tag"))[c % 3]
            transactions.edit(self.book, row["id"], row["revision"], cell, value)
        elif name == "note":
            transactions.add_note(self.book, [row["id"], another["id"]], ("#one", "#two")[c % 2])
        elif name == "move":
            transfers.save(
                self.book,
                None,
                None,
                transfers.TransferForm(
                    amount=plain(SIZES[c % len(SIZES)], "EUR"), from_id=self.accounts[0], to_id=self.accounts[1], day="t"
                ),
            )
        elif name == "join":
            transfers.mark(self.book, [row["id"], another["id"]])

    def check(self) -> None:
        now = snapshot(self.book)
        rows, parts = {row["id"]: row for row in now["transaction"]}, now["split"]
        for owner in {part["transaction_id"] for part in parts}:
            assert sum(part["amount"] for part in parts if part["transaction_id"] == owner) == rows[owner]["amount"], (
                "the parts of a split are not the whole"
            )
            assert rows[owner]["category_id"] is None
        legs: dict[int, list[dict[str, Any]]] = {}
        for row in rows.values():
            assert row["month"] == month_of(row["date"])
            if row["transfer_id"] is not None:
                legs.setdefault(row["transfer_id"], []).append(row)
        currencies = {row["id"]: row["currency"] for row in now["account"]}
        assert not {part["transaction_id"] for part in parts} & {row["id"] for joined in legs.values() for row in joined}, "a leg is split"
        for joined in legs.values():
            assert len(joined) <= 2
            if len(joined) == 2:
                if currencies[joined[0]["account_id"]] == currencies[joined[1]["account_id"]]:
                    assert joined[0]["amount"] + joined[1]["amount"] == 0, "the legs of a transfer do not sum to zero"
                else:
                    assert joined[0]["amount"] * joined[1]["amount"] < 0, "the legs of a transfer go the same way"
                assert joined[0]["account_id"] != joined[1]["account_id"], "both legs of a transfer lie in one account"
        with self.book.reading() as db:
            flowed = sum(one.amount for one in flow.by_month(db, self.book.id, 190001, 219912))
            spanned = sum(one.amount for one in flow.by_span(db, self.book.id, [(date(1900, 1, 1), date(2199, 12, 31))]))
            held = int(balances(db, self.book.id)["amount"].sum())
        assert flowed == spanned == sum(row["amount"] for row in rows.values() if row["transfer_id"] is None)
        assert held == sum(row["amount"] for row in rows.values())

    def unwind(self) -> None:
        """Undo change by change, the undos among them too: each time the book stands as it did before that change."""
        for number in reversed(self.house.changes()):
            if number > self.first:
                history.undo(self.book, number)
                assert snapshot(self.book) == self.before[number], f"undoing change {number} did not restore what stood before it"
                self.check()


def told(fresh_book: Callable[[], Book], history: list[Step]) -> None:
    story = Story(fresh_book())
    for step in history:
        story.tell(step)
    story.unwind()


# The database is shared by the examples; each works on a book of its own.
relaxed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=80, deadline=None, suppress_health_check=relaxed)
@given(history=st.lists(steps, min_size=3, max_size=14))
def test_any_history_keeps_the_invariants_and_unwinds_to_its_beginning_on_sqlite(
    fresh_book: Callable[[], Book], history: list[Step]
) -> None:
    told(fresh_book, history)


@pytest.mark.parametrize("kind", ["postgres"])
@settings(max_examples=12, deadline=None, suppress_health_check=relaxed)
@given(history=st.lists(steps, min_size=3, max_size=14))
def test_any_history_keeps_the_invariants_and_unwinds_to_its_beginning_on_postgresql(
    fresh_book: Callable[[], Book], history: list[Step]
) -> None:
    told(fresh_book, history)


def test_a_long_history_of_every_kind_of_change_unwinds(fresh_book: Callable[[], Book]) -> None:
    told(
        fresh_book,
        [
            ("add", 0, 0, 1),
            ("add", 0, 1, 3),
            ("import", 1, 3, 0),
            ("split", 0, 0, 1),
            ("categorise", 1, 2, 1),
            ("edit", 2, 0, 4),
            ("delete", 3, 0, 0),
            ("undo last", 0, 0, 0),
            ("redo", 0, 0, 0),
            ("undo any", 3, 0, 0),
            ("import", 0, 3, 1),
            ("transfer", 1, 0, 0),
            ("untransfer", 1, 0, 0),
            ("undo any", 1, 0, 0),
            ("import", 1, 3, 2),
            ("undo last", 0, 0, 0),
            ("delete", 0, 1, 1),
            ("redo", 0, 0, 0),
        ],
    )


def test_what_was_undone_away_is_not_found_by_what_comes_after(fresh_book: Callable[[], Book]) -> None:
    told(fresh_book, [("undo last", 0, 0, 0)] * 3 + [("import", 0, 0, 0), ("split", 0, 0, 1), ("cell", 0, 0, 1), ("categorise", 0, 0, 0)])


def test_the_other_leg_of_a_deleted_one_keeps_the_sum_at_zero_through_undo(house: House) -> None:
    imports.import_file(house.book, "s.csv", bank_csv([("2026-11-02", "IN", "50.00"), ("2026-11-09", "X", "-1.00")]), order("Savings"))
    into = house.rows()[0]["id"]
    out = house.add(house.account("Current"), "2026-11-02", "-50")
    transfers.mark(house.book, [out])
    deleted = transactions.delete(house.book, [out])
    house.edit(into, amount="70.00")
    try:
        history.undo(house.book, deleted.revision)
    except UndoRefused:
        return
    assert house.row(out)["amount"] + house.row(into)["amount"] == 0


def test_editing_one_leg_leaves_the_parts_of_the_other_the_whole(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    house.split(out, [("Groceries", -3000), (None, -2000)])
    with house.book.writing("As older versions let it be") as w:
        w.update(transaction, [out, into], transfer_id=w.new_ids(1)[0])
    with pytest.raises(DashboardError, match="is split"):
        house.edit(into, amount="70.00")
    assert sum(part["amount"] for part in snapshot(house.book)["split"]) == house.row(out)["amount"]


def test_the_legs_of_a_transfer_stay_in_accounts_of_one_currency(house: House) -> None:
    current, savings, francs = house.account("Current"), house.account("Savings"), house.account("Francs", "CHF")
    out, into = house.add(current, "2026-11-02", "-50"), house.add(savings, "2026-11-02", "50")
    transfers.mark(house.book, [out])
    with pytest.raises(DashboardError):
        house.edit(into, account_id=francs)
    assert house.row(into)["account_id"] == savings


def test_undo_is_refused_by_the_name_of_what_came_later_and_changes_nothing(house: House) -> None:
    account = house.account()
    row = house.add(account, "2026-11-02", "-5", "Baker")
    first = transactions.set_category(house.book, [row], house.category("Groceries"))
    transactions.set_category(house.book, [row], house.category("Gifts"))
    before = snapshot(house.book)
    with pytest.raises(UndoRefused, match="now Gifts"):
        history.undo(house.book, first.revision)
    assert snapshot(house.book) == before


def test_an_edit_on_a_row_that_was_changed_meanwhile_is_refused(house: House) -> None:
    row = house.add(house.account(), "2026-11-02", "-5", "Baker")
    seen = house.row(row)["revision"]
    house.edit(row, payee="Bakery")
    with pytest.raises(ChangedMeanwhile):
        house.edit(row, payee="Butcher", revision=seen)
    assert house.row(row)["payee"] == "Bakery"


def test_a_row_that_was_changed_and_changed_back_by_undo_is_still_the_one_that_was_seen(house: House) -> None:
    row = house.add(house.account(), "2026-11-02", "-5", "Baker")
    seen = house.row(row)["revision"]
    history.undo(house.book, house.edit(row, payee="Bakery").revision)
    house.edit(row, payee="Butcher", revision=seen)
    assert house.row(row)["payee"] == "Butcher"


def test_the_months_follow_the_start_of_the_book_month_even_through_undo(house: House) -> None:
    from sqlalchemy import update

    from dashboard.model import database
    from dashboard.model.people import book as book_table

    row = house.add(house.account(), "2026-11-02", "-5")
    with database.transaction(house.book.engine) as db:
        db.execute(update(book_table).where(book_table.c.id == house.book.id).values(month_start=25))
    deleted = transactions.delete(house.book, [row])
    history.undo(house.book, deleted.revision)
    assert house.row(row)["month"] == 202610


def test_a_row_cannot_point_at_another_households(house: House, other_house: House) -> None:
    from sqlalchemy.exc import IntegrityError

    for number in range(30):
        theirs = other_house.account(f"Account {number}")
    with pytest.raises(IntegrityError), house.book.writing() as w:
        w.insert(transaction, [{"account_id": theirs, "date": date(2026, 11, 2), "amount": -1, "payee": "x", "text": "", "note": ""}])
    assert house.rows() == []
