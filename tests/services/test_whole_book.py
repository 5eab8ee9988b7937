"""A whole book goes out and comes back as the same book, and nothing else comes in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from dashboard.errors import DashboardError, InputNotValid, NotFound, StatementNotReadable, TooManyTries
from dashboard.importing.choices import Choices
from dashboard.model import database, schema
from dashboard.model.changes import change
from dashboard.model.people import book as book_table
from dashboard.model.queries import flow
from dashboard.money import plain
from dashboard.periods import month_of
from dashboard.selection import Selection
from dashboard.services import accounts, budgets, demo, history, ledger, transactions, transfers
from dashboard.services.books import Book, Done, book_by_email
from dashboard.services.imports import drafts, receipts
from dashboard.services.people import limits
from dashboard.services.portable import book as whole_book
from dashboard.services.portable import exports
from tests.conftest import ALICE, BOB, PASSWORD, Clock
from tests.model.test_writing import SIZES, Step, Story, numbers, steps
from tests.ways import House, Snapshot, balances, bank_csv, journal, snapshot

Document = dict[str, Any]


def content(data: bytes) -> list[bytes]:
    """Return an export without the moment it was made."""
    return [line for line in data.splitlines() if not line.startswith(b'"exported_at"')]


def bare(found: Snapshot) -> Snapshot:
    """Return a book's rows without its number."""
    return {name: [{k: v for k, v in row.items() if k != "book_id"} for row in rows] for name, rows in found.items()}


def figures(book: Book) -> list[Any]:
    with book.reading() as db:
        rows = (
            flow.by_month(db, book.id, 190001, 219912),
            flow.by_span(db, book.id, [(date(1900, 1, 1), date(2199, 12, 31))]),
            balances(db, book.id).astype(object).values.tolist(),
        )
    return [sorted(map(tuple, one), key=repr) for one in rows]


def told(book: Book) -> list[tuple[int, str, bool, bool]]:
    return [tuple(line) for line in journal(book)]


def head_of(book: Book) -> dict[str, Any]:
    with book.reading() as db:
        return dict(db.execute(select(book_table).where(book_table.c.id == book.id)).mappings().one())


def filled(house: House) -> bytes:
    """Fill a book with one of everything and return it as JSON."""
    current, savings = house.account("Current", opening="12.50"), house.account("Savings")
    house.account("Yen", "JPY")
    house.take_in(
        bank_csv([("2026-11-02", "COFFEE BAR", "-3.20"), ("2026-11-02", "COFFEE BAR", "-3.20"), ("2026-11-04", "EMPLOYER", "2600.00")])
    )
    row = house.add(current, "2026-11-05", "-50.01", "Caf\u00e9 \u201c\U0001f600\u201d\u2028", "Groceries")
    house.split(row, [("Groceries", -2000), (None, -3001)])
    out = house.add(current, "2026-11-06", "-70", "To savings")
    house.add(savings, "2026-11-06", "70", "From current")
    transfers.mark(house.book, [out])
    budgets.set_budget(house.book, house.category("Groceries"), 202602, "EUR", budgets.BudgetForm("400"))
    budgets.set_budget(house.book, house.category("Groceries"), 202602, "EUR", budgets.BudgetForm("450"))
    budgets.set_budget(house.book, house.category("Groceries"), 202609, "EUR", budgets.BudgetForm(""))
    transactions.delete(house.book, [house.rows()[0]["id"]])
    gone = house.add(current, "2026-11-07", "-1", "Slip")
    house.edit(gone, payee="Slipped", note="twice")
    transactions.delete(house.book, [gone])
    undone = house.take_in(bank_csv([("2026-10-02", "COFFEE BAR", "-1.00"), ("2026-10-04", "EMPLOYER", "1.00")]), "other.csv")
    history.undo(house.book, undone.revision)
    history.undo_last(house.book)
    return whole_book.dump(house.book)


def test_a_book_with_one_of_everything_comes_back_as_the_same_book(house: House, other_house: House) -> None:
    data = filled(house)
    done = whole_book.load(other_house.book, data)
    assert (done.revision, done.message) == (
        0,
        f"The book \u201cAlice\u201d is back, with {len(snapshot(house.book)['account'])} accounts, {len(house.rows())} transactions, {len(house.changes())} changes",
    )
    assert content(whole_book.dump(other_house.book)) == content(data)
    assert bare(snapshot(other_house.book)) == bare(snapshot(house.book))
    assert figures(other_house.book) == figures(house.book)
    assert told(other_house.book) == told(house.book)
    assert head_of(other_house.book) | {"id": 0} == head_of(house.book) | {"id": 0}
    new = book_by_email(other_house.book.engine, BOB)
    assert exports.whole_csv(new) == exports.whole_csv(house.book)
    assert [a.balance for a in accounts.all_accounts(new)] == [a.balance for a in accounts.all_accounts(house.book)]
    with new.reading() as db:
        assert set(db.execute(select(change.c.user_id).where(change.c.book_id == new.id)).scalars()) == {new.user_id}


def test_the_book_goes_on_where_it_was(house: House, other_house: House) -> None:
    data = filled(house)
    whole_book.load(other_house.book, data)
    for one in (house, other_house):
        one.add(one.rows()[0]["account_id"], "2026-11-08", "-5", "After", "Gifts")
        history.undo_last(one.book)
    assert content(whole_book.dump(other_house.book)) == content(whole_book.dump(house.book))


def test_the_months_are_derived_anew(house: House, other_house: House) -> None:
    with database.transaction(house.book.engine) as db:
        db.execute(update(book_table).where(book_table.c.id == house.book.id).values(month_start=25))
    house.add(house.account(), "2026-11-02", "-5")
    whole_book.load(other_house.book, whole_book.dump(house.book))
    assert [row["month"] for row in other_house.rows()] == [202610]


def test_it_comes_back_on_the_other_database_too(kind: str, house: House, new_database: Callable[..., str]) -> None:
    data = filled(house)
    engine = database.make_engine(new_database("postgres" if kind == "sqlite" else "sqlite"))
    try:
        book = book_by_email(engine, BOB)
        whole_book.load(book, data)
        assert content(whole_book.dump(book)) == content(data)
        for number in reversed(House(book).changes()):
            with suppress(DashboardError):
                history.undo(book, number)
            with suppress(DashboardError):
                history.undo(house.book, number)
        assert [c for c in content(whole_book.dump(book)) if b'"at"' not in c] == [
            c for c in content(whole_book.dump(house.book)) if b'"at"' not in c
        ]
    finally:
        engine.dispose()


def test_it_is_readable_and_holds_no_people_and_nobody_elses_rows(house: House, other_house: House) -> None:
    theirs = other_house.account("Theirs-4711")
    other_house.add(theirs, "2026-11-02", "-5", "ALICE-7f3a")
    drafts.keep(house.book, "waiting-0815.csv", b"x", Choices())
    data = filled(house)
    for secret in (b"Theirs-4711", b"ALICE-7f3a", ALICE.encode(), BOB.encode(), PASSWORD.encode(), b"scrypt", b"waiting-0815"):
        assert secret not in data
    document = json.loads(data)
    assert (document["format"], document["version"], document["schema"]) == ("personal-finance-dashboard", 1, schema.newest())
    for table in document["tables"].values():
        ids = [row[table["columns"].index("id")] for row in table["rows"]]
        assert ids == sorted(ids)
    assert [c["revision"] for c in document["journal"]] == house.changes()
    assert data.count(b"\n") > len(house.rows()) + len(house.changes())


def test_only_an_empty_book_takes_one_in(house: House, other_house: House) -> None:
    data = filled(house)
    for fill in (
        other_house.account,
        lambda: budgets.set_budget(other_house.book, other_house.category("Gifts"), 202611, "EUR", budgets.BudgetForm("5")).revision,
    ):
        fill()
        before, head = snapshot(other_house.book), head_of(other_house.book)
        with pytest.raises(InputNotValid, match="empty"):
            whole_book.load(other_house.book, data)
        assert (snapshot(other_house.book), head_of(other_house.book)) == (before, head)
        history.undo_last(other_house.book)
    whole_book.load(other_house.book, data)
    assert content(whole_book.dump(other_house.book)) == content(data)
    with pytest.raises(InputNotValid, match="empty"):
        whole_book.load(other_house.book, data)


def test_the_sample_data_comes_back_and_goes_in_one_click(sqlite_house: House, clock: Clock) -> None:
    engine = sqlite_house.book.engine
    demo.load(sqlite_house.book)
    data = whole_book.dump(sqlite_house.book)
    whole_book.load(book_by_email(engine, BOB), data)
    new = book_by_email(engine, BOB)
    assert content(whole_book.dump(new)) == content(data)
    assert figures(new) == figures(sqlite_house.book)
    demo.remove(new)
    assert House(new).rows() == []


def test_files_that_wait_in_the_empty_book_go(house: House, other_house: House) -> None:
    for _ in range(4):
        waiting = drafts.keep(other_house.book, "a.csv", b"x", Choices())
    house.account()
    whole_book.load(other_house.book, whole_book.dump(house.book))
    with pytest.raises(NotFound):
        drafts.take(other_house.book, waiting)
    for _ in range(3):
        drafts.keep(other_house.book, "a.csv", b"x", Choices())


def test_both_ways_are_limited(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "export", limits.Limit(2, 3600))
    monkeypatch.setitem(limits.LIMITS, "import", limits.Limit(2, 3600))
    for _ in range(2):
        data = whole_book.dump(sqlite_house.book)
        with pytest.raises(StatementNotReadable):
            whole_book.load(sqlite_house.book, b"{}")
    with pytest.raises(TooManyTries):
        whole_book.dump(sqlite_house.book)
    with pytest.raises(TooManyTries):
        whole_book.load(sqlite_house.book, data)


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (b'{\n"format": "personal-finance-dashboard",\n', True),
        (b'\xef\xbb\xbf {"format":"personal-finance-dashboard"', True),
        (b'{"format": "other"}', False),
        (b'date,payee\n2026-11-02,"format"', False),
        (b"", False),
        (b"\x00" * 600, False),
        (b"{" * 600, False),
        (b" " * 100_000, False),
    ],
)
def test_a_whole_book_is_known_by_its_first_bytes(data: bytes, is_one: bool) -> None:
    assert whole_book.is_whole_book(data) is is_one


class Tale(Story):
    """A random history with budgets and accounts among it."""

    def do(self, step: Step, now: Snapshot) -> None:
        """Do one step."""
        name, a, b, c = step
        if name == "budget":
            budgets.set_budget(
                self.book,
                self.categories[a % 2],
                (202601, 202611)[b % 2],
                "EUR",
                budgets.BudgetForm(plain(SIZES[c % len(SIZES)], "EUR") if c % 4 else ""),
            )
        elif name == "account":
            self.house.account(f"Account {a}", ("EUR", "CHF")[b % 2], plain(c, "EUR"))
        elif name in ("transfer", "untransfer"):
            ids = [row["id"] for row in now["transaction"]]
            if ids:
                (transfers.mark if name == "transfer" else transfers.unmark)(self.book, [ids[a % len(ids)]])
        else:
            super().do(step, now)


tale_steps = st.one_of(steps, st.tuples(st.sampled_from(["budget", "account"]), numbers, numbers, numbers))
relaxed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def answered(book: Book, number: int) -> str:
    try:
        return history.undo(book, number).message
    except DashboardError as error:
        return f"{type(error).__name__}: {error.message}"


def there_and_back(fresh_book: Callable[[], Book], history: list[Step]) -> None:
    tale, new = Tale(fresh_book()), fresh_book()
    for step in history:
        tale.tell(step)
    old = tale.book
    data = whole_book.dump(old)
    whole_book.load(new, data)
    assert content(whole_book.dump(new)) == content(data)
    assert bare(snapshot(new)) == bare(snapshot(old))
    assert figures(new) == figures(old)
    for number in reversed(House(new).changes()):
        if number <= tale.first:
            continue
        said = answered(new, number)
        assert said == answered(old, number)
        assert said.startswith(("Undone", "Done again"))
        assert bare(snapshot(new)) == bare(tale.before[number]), (
            f"undoing change {number} in the loaded book did not restore what stood before it"
        )
    assert content(whole_book.dump(new)) == content(whole_book.dump(old))


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=40, deadline=None, suppress_health_check=relaxed)
@given(history=st.lists(tale_steps, min_size=3, max_size=14))
def test_any_history_comes_back_and_unwinds_to_its_beginning_on_sqlite(fresh_book: Callable[[], Book], history: list[Step]) -> None:
    there_and_back(fresh_book, history)


@pytest.mark.parametrize("kind", ["postgres"])
@settings(max_examples=10, deadline=None, suppress_health_check=relaxed)
@given(history=st.lists(tale_steps, min_size=3, max_size=14))
def test_any_history_comes_back_and_unwinds_to_its_beginning_on_postgresql(fresh_book: Callable[[], Book], history: list[Step]) -> None:
    there_and_back(fresh_book, history)


# What follows is about files that somebody has changed.


def sound(book: Book) -> None:
    """Hold a book to what must be true of any."""
    now, head = snapshot(book), head_of(book)
    rows, parts = {row["id"]: row for row in now["transaction"]}, now["split"]
    held = {row["id"]: row["currency"] for row in now["account"]}
    for found in now.values():
        assert all(0 < row["id"] < head["next_id"] and 0 < row["revision"] <= head["revision"] for row in found)
    for owner in {part["transaction_id"] for part in parts}:
        assert sum(part["amount"] for part in parts if part["transaction_id"] == owner) == rows[owner]["amount"]
        assert rows[owner]["category_id"] is None
    legs: dict[int, list[dict[str, Any]]] = {}
    for row in rows.values():
        assert row["month"] == month_of(row["date"], head["month_start"])
        if row["transfer_id"] is not None:
            assert 0 < row["transfer_id"] < head["next_id"]
            legs.setdefault(row["transfer_id"], []).append(row)
    for joined in legs.values():
        assert len(joined) <= 2
        if len(joined) == 2:
            one, two = joined
            alike = held[one["account_id"]] == held[two["account_id"]]
            assert one["amount"] + two["amount"] == 0 if alike else one["amount"] * two["amount"] < 0
    figures(book)
    ledger.listed(book, Selection.from_query("?p=2026", book.today))
    receipts.earlier(book)
    for row in now["import"]:
        receipts.receipt_of(book, row["id"])


def tries(book: Book, data: bytes) -> bool:
    """Load a file; say whether it was taken. Where not, nothing is stored; where so, the book is sound and every undo is answered."""
    before = (snapshot(book), head_of(book), told(book))
    try:
        done = whole_book.load(book, data)
    except DashboardError as error:
        assert isinstance(error, InputNotValid | StatementNotReadable)
        assert error.message.endswith(".")
        assert "\n" not in error.message
        assert (snapshot(book), head_of(book), told(book)) == before
        return False
    assert isinstance(done, Done)
    sound(book)
    assert whole_book.is_whole_book(whole_book.dump(book))
    for number in reversed(House(book).changes()):
        with suppress(DashboardError):
            history.undo(book, number)
    return True


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a document."""
    yield path
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield from places(node[key], (*path, key))


STRANGE: list[Any] = [
    None, True, False, 0, 1, -1, 2, 22, 10**13, 10**13 + 1, -(10**13), 2**31, 2**53, 2**63, -(2**63), 10**30, 1.5, float("nan"), float("inf"),
    "", " ", "x", "\x00", "\ud800", "x" * 600, "2026-11-31", "2026-11-30", "0001-01-01", "9999-12-31", "2026-11-18T12:00:00", "0001-01-01T00:00:00+14:00",
    "EUR", "XXX", "income", "insert", "update", "delete", "transaction", "__class__", "book_id", "month", "{}", "[]", '{"accounts": 1}', '{"hints": {"columns": 5}}',
    [], [[]], {}, [1], [1, 1], [2, 1], [[1, 1]], [[1, 2**60]], {"t": "book"}, [None], ["id"], ["amount", "amount"],
]  # fmt: skip


def changed(document: Document, path: tuple[Any, ...], how: str, value: Any) -> bytes:
    """Return a document as a file with one thing done to it."""
    mutant = copy.deepcopy(document)
    if path:
        node = mutant
        for key in path[:-1]:
            node = node[key]
        if how == "drop":
            del node[path[-1]]
        elif how == "twice" and isinstance(node, list):
            node.insert(path[-1], copy.deepcopy(node[path[-1]]))
        elif how == "near" and type(node[path[-1]]) is int:
            node[path[-1]] += value if type(value) is int and abs(value) < 3 else 1
        else:
            node[path[-1]] = value
    return json.dumps(mutant).encode()


@pytest.fixture
def document(sqlite_house: House) -> Document:
    """Return a book with one of everything, parsed."""
    parsed: Document = json.loads(filled(sqlite_house))
    return parsed


@pytest.fixture
def fresh_sqlite(sqlite_house: House) -> Callable[[], Book]:
    """Return a function that makes one more empty book on SQLite."""
    from sqlalchemy import insert

    engine = sqlite_house.book.engine

    def make() -> Book:
        with database.transaction(engine) as db:
            made: int = db.execute(
                insert(book_table)
                .values(name="fresh", currency="EUR", zone="UTC", month_start=1, revision=0, next_id=1)
                .returning(book_table.c.id)
            ).scalar_one()
        return Book(made, 1, "owner", "fresh", "EUR", "UTC", 0, "en-IE", "Alice", ALICE, engine)

    return make


def mutant(document: Document, dice: st.DataObject) -> bytes:
    section = dice.draw(st.sampled_from(["book", "tables", "journal", None]))
    # Tables and the journal are large: a section is drawn first, so that none is left out.
    inside = list(places(document[section], (section,)) if section else places(document))
    path = dice.draw(st.sampled_from(inside))
    return changed(document, path, dice.draw(st.sampled_from(["set", "drop", "twice", "near"])), dice.draw(st.sampled_from(STRANGE)))


@settings(max_examples=250, deadline=None, suppress_health_check=relaxed)
@given(dice=st.data())
def test_no_change_of_a_file_gives_anything_but_a_sound_book_or_one_sentence_on_sqlite(
    document: Document, fresh_sqlite: Callable[[], Book], dice: st.DataObject
) -> None:
    tries(fresh_sqlite(), mutant(document, dice))


@pytest.mark.parametrize("kind", ["postgres"])
@settings(max_examples=60, deadline=None, suppress_health_check=relaxed)
@given(dice=st.data())
def test_no_change_of_a_file_gives_anything_but_a_sound_book_or_one_sentence_on_postgresql(
    document: Document, fresh_book: Callable[[], Book], dice: st.DataObject
) -> None:
    tries(fresh_book(), mutant(document, dice))


@settings(max_examples=100, deadline=None, suppress_health_check=relaxed)
@given(
    place=st.floats(0, 1),
    cut=st.integers(0, 40),
    put=st.sampled_from([b"", b"0", b"-", b'"', b"[", b"}", b"\xff", b"\x00", b"9" * 5000, b",", b"null"]),
)
def test_no_damage_to_its_bytes_gives_anything_but_a_sound_book_or_one_sentence(
    document: Document, fresh_sqlite: Callable[[], Book], place: float, cut: int, put: bytes
) -> None:
    data = json.dumps(document, ensure_ascii=False).encode()
    at = int(place * len(data))
    tries(fresh_sqlite(), data[:at] + put + data[at + cut :])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"format": "personal-finance-dashboard", "version": NaN}',
        b'{"format": "personal-finance-dashboard", "version": ' + b"9" * 10_000 + b"}",
        b'{"format": "personal-finance-dashboard", "version": 1e400}',
        b'{"format": "personal-finance-dashboard", "version": true, "schema": "0005"}',
        b'{"format": "personal-finance-dashboard", "version": 2, "schema": "0005"}',
        b'{"format": "personal-finance-dashboard", "version": 1, "schema": "9999"}',
        b'{"format": "personal-finance-dashboard", "version": 1, "schema": "0005"}',
    ],
    ids=lambda data: data[:60].decode(errors="replace")[:60],
)
def test_what_is_no_whole_book_is_refused_in_a_sentence(sqlite_book: Book, data: bytes) -> None:
    assert tries(sqlite_book, data) is False


def at(document: Document, table: str, row: int, column: str) -> tuple[Any, ...]:
    """Return the path of a value in a table."""
    return ("tables", table, "rows", row, document["tables"][table]["columns"].index(column))


CASES: list[tuple[str, int, str, Any, str]] = [
    ("account", 0, "currency", "XXX", "table account, row 1, currency, is not a currency"),
    ("account", 0, "kind", "vault", "kind, is none of its choices"),
    ("account", 0, "name", "", "name, is empty"),
    ("account", 0, "name", "x" * 81, "longer than 80"),
    ("account", 0, "closed", 1, "neither true nor false"),
    ("account", 1, "id", "21", "id, is not a whole number"),
    ("category", 0, "slot", 19, "slot, is out of range"),
    ("category", 0, "icon", "house x", "icon, has not the right form"),
    ("import", 0, "sha256", "0", "sha256, has not the right form"),
    ("import", 0, "reading", "[" * 50_000, "reading, is not JSON"),
    ("import", 0, "reading", '{"accounts": {"a": [1]}}', "reading, is not what an import remembers"),
    ("import", 0, "at", "yesterday", "at, is not a moment"),
    ("budget", 0, "month", 202613, "month, is not a month"),
    ("budget", 0, "amount", -1, "amount, is out of range"),
    ("transaction", 1, "amount", 10**13 + 1, "amount, is out of range"),
    ("transaction", 1, "amount", 5.0, "cannot be read"),
    ("transaction", 1, "amount", True, "amount, is not a whole number"),
    ("transaction", 1, "date", "2026-02-30", "date, is not a date"),
    ("transaction", 1, "date", "20261102", "date, is not a date"),
    ("transaction", 1, "date", "2200-01-01", "date, is not a date"),
    ("transaction", 1, "account_id", 1, "account_id, points at a row that is not there"),
    ("transaction", 1, "category_id", 10**6, "category_id, is out of range"),
    ("transaction", 1, "payee", "a\x00b", "payee, holds characters"),
    ("transaction", 1, "payee", "\ud83d", "payee, holds characters"),
    ("transaction", 1, "fingerprint", None, "only half"),
    ("transaction", 1, "revision", 10**6, "revision, is out of range"),
    ("split", 0, "amount", -2001, "is not the sum of its parts"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "said"), CASES, ids=[f"{t}.{c}={str(v)[:20]!a}" for t, _, c, v, _ in CASES])
def test_a_value_that_cannot_be_is_refused_with_its_place(
    document: Document, fresh_sqlite: Callable[[], Book], table: str, row: int, column: str, value: Any, said: str
) -> None:
    data = changed(document, at(document, table, row, column), "set", value)
    with pytest.raises(StatementNotReadable, match=said):
        whole_book.load(fresh_sqlite(), data)
    assert tries(fresh_sqlite(), data) is False


def rows_with(document: Document, table: str, column: str) -> list[int]:
    place = document["tables"][table]["columns"].index(column)
    return [i for i, row in enumerate(document["tables"][table]["rows"]) if row[place] is not None]


def test_rows_that_do_not_belong_together_are_refused(document: Document, fresh_sqlite: Callable[[], Book]) -> None:
    legs = rows_with(document, "transaction", "transfer_id")
    owner = document["tables"]["split"]["rows"][0][document["tables"]["split"]["columns"].index("transaction_id")]
    split_row = next(i for i, row in enumerate(document["tables"]["transaction"]["rows"]) if row[0] == owner)
    shared = document["tables"]["transaction"]["rows"][legs[0]][document["tables"]["transaction"]["columns"].index("transfer_id")]
    held = document["tables"]["transaction"]["columns"].index("account_id")
    beside = document["tables"]["transaction"]["rows"][legs[1]][held]
    yen = next(row[0] for row in document["tables"]["account"]["rows"] if "JPY" in row)
    for path, value, said in (
        (at(document, "transaction", legs[0], "amount"), -1, "add up to zero"),
        (at(document, "transaction", split_row, "transfer_id"), shared, "more than two sides"),
        (at(document, "transaction", legs[0], "account_id"), beside, "both sides in one account"),
        (at(document, "transaction", split_row, "category_id"), 1, "a category of its own"),
        (("book", "next_id"), 30, "out of range"),
        (("book", "revision"), 5, "out of range"),
        (("book", "demo"), 10**6, "demo, is out of range"),
        (("book", "month_start"), 31, "month_start, is out of range"),
        (("book", "zone"), "../etc/passwd", "not a time zone"),
        (("book", "currency"), "eur", "not a currency"),
    ):
        with pytest.raises(StatementNotReadable, match=said):
            whole_book.load(fresh_sqlite(), changed(document, path, "set", value))
    # In two currencies the sides need not cancel out, but one goes out and one comes in.
    across = json.loads(changed(document, at(document, "transaction", legs[0], "account_id"), "set", yen))
    amount = across["tables"]["transaction"]["columns"].index("amount")
    across["tables"]["transaction"]["rows"][legs[0]][amount] = across["tables"]["transaction"]["rows"][legs[1]][amount]
    with pytest.raises(StatementNotReadable, match="two sides that go the same way"):
        whole_book.load(fresh_sqlite(), json.dumps(across).encode())
    for table in ("account", "transaction", "budget"):
        with pytest.raises(StatementNotReadable, match="the id of another row"):
            whole_book.load(fresh_sqlite(), changed(document, ("tables", table, "rows", 0), "twice", None))


def test_a_journal_that_undo_could_not_replay_is_refused(document: Document, fresh_sqlite: Callable[[], Book]) -> None:
    found = [(c, s) for c, entry in enumerate(document["journal"]) for s, step in enumerate(entry["steps"]) if step["op"] == "update"]
    c, s = found[0]
    step = ("journal", c, "steps", s)
    undone = next(i for i, entry in enumerate(document["journal"]) if entry["undone_by"] is not None)
    other = next(
        entry["revision"] for entry in document["journal"][undone + 1 :] if entry["undoes"] != document["journal"][undone]["revision"]
    )
    for path, value, said in (
        ((*step, "t"), "user", "of a kind that this version does not know"),
        ((*step, "t"), ["transaction"], "of a kind that this version does not know"),
        ((*step, "op"), "drop", "of a kind that this version does not know"),
        ((*step, "cols"), ["book_id"], "a column that this version does not know"),
        ((*step, "cols"), ["id"], "a column that this version does not know"),
        ((*step, "before"), [], "names no rows"),
        ((*step, "before", 0), [1, 1], "not as many values as columns"),
        ((*step, "before", 0, 1), 10**6, "revision, is out of range"),
        ((*step, "sql"), "DROP TABLE", "which this version does not know"),
        ((*step, "leaves"), [], "does not fit its rows"),
        (("journal", c, "steps"), [], "has no steps"),
        (("journal", c, "revision"), 1, "out of range|undo"),
        (("journal", c, "action"), "x" * 301, "longer than 300"),
        (("journal", undone, "undone_by"), document["book"]["revision"] + 1, "out of range"),
        (("journal", undone, "undone_by"), other, "does not undo it"),
    ):
        with pytest.raises(StatementNotReadable, match=said):
            whole_book.load(fresh_sqlite(), changed(document, path, "set", value))


def test_a_replaced_currency_still_comes_back(document: Document, fresh_sqlite: Callable[[], Book]) -> None:
    assert tries(fresh_sqlite(), changed(document, at(document, "account", 2, "currency"), "set", "DEM"))


def test_a_moment_without_a_zone_is_in_utc(document: Document, fresh_sqlite: Callable[[], Book]) -> None:
    new = fresh_sqlite()
    whole_book.load(new, changed(document, at(document, "import", 0, "at"), "set", "2026-11-18T12:00:00"))
    place = document["tables"]["import"]["columns"].index("at")
    assert json.loads(whole_book.dump(new))["tables"]["import"]["rows"][0][place] == "2026-11-18T12:00:00+00:00"


def test_a_file_that_is_too_large_is_refused_unread(sqlite_book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_book, "LARGEST_FILE", 10)
    with pytest.raises(StatementNotReadable, match="larger than"):
        whole_book.load(sqlite_book, b"{" + b" " * 20 + b"}")
