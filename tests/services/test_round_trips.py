"""Our own export, brought into an empty book, is the same book: its transfers have both sides and its splits their parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.bounds import MOST_PARTS, cleaned
from dashboard.errors import StatementNotReadable
from dashboard.model.accounts import account
from dashboard.model.transactions import split, transaction
from dashboard.selection import Selection
from dashboard.services import categories, history, imports
from dashboard.services.books import Book
from dashboard.services.portable import exports
from dashboard.statements import read
from dashboard.statements.formats.own import ENDS, SIGNS
from dashboard.view.pages import imports as page
from dashboard.view.parts import Words
from tests.ways import House, bank_csv, numbered_csv, order, own_csv, snapshot

ODD = st.text(st.sampled_from("'\"ab1 ~\u00e4" + SIGNS + ENDS), max_size=7).map(cleaned)
WORDS = st.tuples(ODD.map(lambda text: text or "x"), ODD, ODD)
SIZES = st.integers(-3, 3).map(lambda n: n * 100)
DAYS = st.integers(1, 3)
CATEGORIES = ("Groceries", "=Odd; -cat", "Transfers")
PARTS = st.lists(st.tuples(st.integers(0, 3), SIZES, ODD), min_size=2, max_size=4)
ENTRIES = st.one_of(
    st.tuples(st.just("plain"), st.integers(0, 2), DAYS, WORDS, SIZES, st.integers(0, 3)),
    st.tuples(st.just("split"), st.integers(0, 2), DAYS, WORDS, PARTS),
    st.tuples(st.just("moved"), st.permutations([0, 1, 2]), st.tuples(DAYS, DAYS), WORDS, st.integers(1, 3), st.booleans()),
    st.tuples(st.just("alone"), st.integers(0, 2), DAYS, WORDS, SIZES),
)
NAMES = st.lists(ODD.filter(bool), min_size=3, max_size=3, unique_by=str.lower)


def fill(book: Book, names: list[str], entries: list[Any]) -> None:
    """Put any rows into an empty book: plain ones, splits, transfers with both sides and with one."""
    with book.writing("filled") as w:
        kinds = {name: n == 2 for n, name in enumerate(CATEGORIES)}
        labels = [None, *categories.add_named(w, [], kinds).values()]
        held = [
            w.insert(account, [{"name": n, "kind": "checking", "currency": c, "opening": 0, "number": "", "closed": False}])[0]
            for n, c in zip(names, ("EUR", "EUR", "JPY"), strict=True)
        ]

        def row(place: int, day: int, words: tuple[str, str, str], amount: int, **more: object) -> int:
            payee, text, note = words
            said = {"payee": payee, "text": text, "note": note}
            made = {"account_id": held[place], "date": date(2026, 11, day), "amount": amount, "category_id": None, "transfer_id": None}
            return w.insert(transaction, [made | said | more])[0]

        for kind, where, day, words, *rest in entries:
            if kind == "plain":
                row(where, day, words, rest[0], category_id=labels[rest[1]])
            elif kind == "split":
                whole = row(where, day, words, sum(size for _, size, _ in rest[0]))
                told = [{"category_id": labels[n], "amount": size, "note": note} for n, size, note in rest[0]]
                w.insert(split, [{"transaction_id": whole, **part} for part in told])
            elif kind == "moved":
                shared, size = w.new_ids(1)[0], rest[0] * 100 * (1 if rest[1] else -1)
                came = size * 7 if 2 in where[:2] else size
                row(where[0], day[0], words, -size, transfer_id=shared)
                row(where[1], day[1], words, came, transfer_id=shared)
            else:
                row(where, day, words, rest[0], transfer_id=w.new_ids(1)[0])


def shape(book: Book) -> tuple[list[Any], list[Any]]:
    """Return the sizes of a book's transfers, and of its splits, whatever their ids are."""
    held = snapshot(book)
    rows = {row["id"]: row for row in held["transaction"]}
    moved: dict[int, list[int]] = {}
    for row in rows.values():
        if row["transfer_id"] is not None:
            moved.setdefault(row["transfer_id"], []).append(row["amount"])
    parts: dict[int, list[tuple[int, str]]] = {}
    for part in held["split"]:
        parts.setdefault(part["transaction_id"], []).append((part["amount"], part["note"]))
    return sorted(map(sorted, moved.values())), sorted((rows[i]["amount"], those) for i, those in parts.items())


def there_and_back(fresh_book: Callable[[], Book], names: list[str], entries: list[Any]) -> None:
    book, other = fresh_book(), fresh_book()
    fill(book, names, entries)
    exported = exports.whole_csv(book)
    receipt = House(other).take_in(exported.encode(), "export.csv")
    assert (receipt.added, receipt.problems, receipt.duplicates) == (len(snapshot(book)["transaction"]), 0, 0)
    assert exports.whole_csv(other) == exported
    assert shape(other) == shape(book)
    assert House(other).take_in(exported.encode(), "again.csv").added == 0
    assert House(other).take_in(exported.encode() + b"\r\n", "another.csv").added == 0
    assert exports.whole_csv(other) == exported
    assert House(book).take_in(exported.encode(), "own.csv").added == 0


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(names=NAMES, entries=st.lists(ENTRIES, min_size=1, max_size=6))
def test_any_book_comes_back_to_the_byte(fresh_book: Callable[[], Book], names: list[str], entries: list[Any]) -> None:
    there_and_back(fresh_book, names, entries)


def test_a_book_with_splits_and_transfers_comes_back_to_the_byte(fresh_book: Callable[[], Book]) -> None:
    words = ("=Shop", "'+text; -1", "=note")
    there_and_back(
        fresh_book,
        ["DE89370400440532013000", "A B", "a-b"],
        [
            ("plain", 1, 2, words, -500, 1),
            ("moved", [0, 1, 2], (1, 3), words, 2, True),
            ("moved", [2, 1, 0], (2, 2), ("Exchange", "", ""), 3, True),
            ("split", 0, 2, words, [(1, -300, "=coat"), (2, -200, ""), (0, 100, "3 May")]),
            ("split", 0, 2, words, [(1, -300, ""), (2, -100, "")]),
            ("alone", 2, 1, words, -100),
            ("plain", 0, 2, words, -400, 3),
        ],
    )


def test_accounts_of_like_names_are_told_apart_when_their_export_comes_again(fresh_book: Callable[[], Book]) -> None:
    rows = [("plain", place, 2, ("Shop", "", ""), -100 * (place + 1), 0) for place in range(3)]
    there_and_back(fresh_book, ["A B", "-", "a-b"], rows)
    there_and_back(fresh_book, ["AB", "A B", "a-b"], rows)


HAND = [
    ["2026-11-02", "Shop", "", "Groceries", "Current", "-20.00", "EUR", "n", "", "1 food"],
    ["2026-11-03", "Bank", "", "Transfer", "Current", "-5.00", "EUR", "", "1", "", "a, b", "pending"],
    ["2026-11-02", "Shop", "", "", "Current", "-10.00", "EUR", "n", "", "1"],
    ["2026-11-04", "Bank", "", "Transfer", "Yen", "800", "JPY", "", "1"],
]


def test_rows_are_one_split_wherever_they_stand_and_what_is_of_later_versions_is_not_read(house: House) -> None:
    assert house.take_in(numbered_csv(HAND), "x.csv").problems == 0
    whole, leg, other = house.rows()
    assert (whole["amount"], whole["category_id"], whole["note"]) == (-3000, None, "n")
    parts = [(p["transaction_id"], p["amount"], p["category_id"], p["note"]) for p in snapshot(house.book)["split"]]
    assert parts == [(whole["id"], -2000, house.category("Groceries"), "food"), (whole["id"], -1000, None, "")]
    assert leg["transfer_id"] == other["transfer_id"] is not None


def test_an_export_that_a_spreadsheet_saved_again_is_read_as_the_same() -> None:
    rows = read(numbered_csv(HAND), "x.csv").rows
    again = numbered_csv(HAND).decode().replace("\r\n", "\n")
    assert [read(b"\xef\xbb\xbf" + again.encode(), "x.csv").rows, read(again.replace(",,,\n", "\n").encode(), "x.csv").rows] == [rows, rows]
    assert read(again.replace('"a, b"', "a").replace(",", ";").encode(), "x.csv").rows == rows


def test_a_file_of_any_number_of_accounts_is_read_in_one_pass() -> None:
    rows = [("2026-11-02", "Bank", "", "Transfer", f"A {n}", "-5.00" if n % 2 else "5.00", "EUR", "") for n in range(20_000)]
    assert {row.transfer for row in read(own_csv(rows), "x.csv").rows} == {0}


def test_undoing_the_import_takes_parts_and_transfers_away_again(house: House) -> None:
    receipt = house.take_in(numbered_csv(HAND), "x.csv")
    history.undo(house.book, receipt.revision)
    assert house.rows() == snapshot(house.book)["split"] == []


@pytest.mark.parametrize(
    ("row", "cells", "reason"),
    [
        (1, {8: "one"}, "\u201cone\u201d in the column transfer is not a number"),
        (1, {8: "0"}, "\u201c0\u201d in the column transfer is not a number"),
        (1, {3: "Gifts"}, "has the number of a transfer, and its category is not \u201cTransfer\u201d"),
        (1, {9: "2"}, "is a transfer, and those are not split"),
        (0, {9: "food"}, "\u201cfood\u201d in the column split does not begin with a number"),
        (0, {9: "1 " + "x" * 501}, "the note of the part is longer than 500 characters"),
        (0, {9: ""}, "split 1: it has one part only"),
        (0, {0: "2026-11-01"}, "split 1: its rows differ in date"),
        (0, {4: "Other"}, "split 1: its rows differ in account"),
        (0, {6: "USD"}, "split 1: its rows differ in currency"),
        (0, {1: "Shops"}, "split 1: its rows differ in payee"),
        (0, {5: "1,00"}, "split 1: line 2 of it cannot be read"),
        (3, {4: "Current"}, "transfer 1: both sides are in one account"),
        (3, {6: "EUR"}, "transfer 1: its two sides do not cancel out"),
        (3, {5: "-800"}, "transfer 1: money must leave on one side and arrive on the other"),
        (0, {3: "Transfer", 8: "1", 9: ""}, "transfer 1: 3 rows carry it, and a transfer has two sides"),
    ],
)
def test_a_cell_that_was_edited_wrong_is_refused_in_a_sentence(row: int, cells: dict[int, str], reason: str) -> None:
    rows = [[*given, *[""] * (12 - len(given))] for given in HAND]
    for place, cell in cells.items():
        rows[row][place] = cell
    statement = read(numbered_csv(rows), "x.csv")
    assert reason in [bad.reason for bad in statement.rejected]
    assert [bad.line for bad in statement.rejected] == sorted(bad.line for bad in statement.rejected)
    # Each line is either read or named.
    assert len(statement.rejected) + sum(len(r.parts) or 1 for r in statement.rows) == len(HAND)


def test_a_split_of_too_many_parts_is_refused_and_one_of_the_most_is_read() -> None:
    one = ["2026-11-02", "Shop", "", "", "Current", "-1.00", "EUR", "", "", "1"]
    assert [len(row.parts) for row in read(numbered_csv([one] * MOST_PARTS), "x.csv").rows] == [MOST_PARTS]
    statement = read(numbered_csv([one] * (MOST_PARTS + 1)), "x.csv")
    assert {bad.reason for bad in statement.rejected} == {"split 1: it has 21 parts, and a transaction splits into at most 20"}


def test_a_part_finer_than_its_currency_is_a_problem_of_its_row(house: House) -> None:
    one = ["2026-11-02", "Shop", "", "", "Current", "-1.005", "EUR", "", "", "1"]
    receipt = house.take_in(numbered_csv([one, one]), "x.csv")
    assert (receipt.added, receipt.problems) == (0, 1)


def test_the_sides_of_an_old_exports_transfers_are_joined_where_only_two_fit(house: House) -> None:
    def leg(day: int, held_in: str, amount: str, currency: str = "EUR", category: str = "Transfer") -> tuple[str, ...]:
        return (f"2026-11-{day:02}", "Bank", "", category, held_in, amount, currency, "")

    house.take_in(
        own_csv(
            [
                leg(1, "A", "-5.00"),
                leg(1, "B", "5.00"),
                leg(2, "A", "-5.00"),
                leg(2, "B", "5.00"),
                leg(2, "C", "5.00"),
                leg(3, "A", "-5.00"),
                leg(4, "B", "5.00"),
                leg(5, "A", "-5.00"),
                leg(5, "A", "5.00"),
                leg(6, "A", "-5.00"),
                leg(6, "Yen", "5", "JPY"),
                leg(7, "A", "-5.00"),
                leg(7, "B", "5.00", category="Gifts"),
            ]
        )
    )
    moved = sorted((row["transfer_id"], row["date"].day) for row in house.rows() if row["transfer_id"] is not None)
    shared = {day for one, day in moved if [n for n, _ in moved].count(one) == 2}
    assert (len(moved), shared) == (12, {1})


def test_a_side_whose_other_one_is_saved_and_alone_is_joined_to_it(house: House) -> None:
    out, came = (
        ["2026-11-03", "Bank", "", "Transfer", "Current", "-5.00", "EUR", "", "1"],
        ["2026-11-04", "Bank", "", "Transfer", "Yen", "800", "JPY", "", "1"],
    )
    first = ["2026-11-01", "Shop", "", "", "Current", "-1.00", "EUR"]
    last = ["2026-11-09", "Shop", "", "", "Current", "-1.00", "EUR"]
    house.take_in(numbered_csv([first, out, last]), "first.csv")
    assert house.take_in(numbered_csv([first, out, last, came]), "both.csv").added == 1
    legs = [row["transfer_id"] for row in house.rows() if row["transfer_id"] is not None]
    assert len(legs) == 2
    assert len(set(legs)) == 1


def test_sides_that_a_person_puts_into_one_account_stay_single(house: House) -> None:
    rows = [["2026-11-03", "Bank", "", "Transfer", name, size, "EUR", "", "1"] for name, size in (("A", "-5.00"), ("B", "5.00"))]
    receipt = imports.import_file(house.book, "x.csv", numbered_csv(rows), order("Both"))
    assert receipt.added == 2
    assert len({row["transfer_id"] for row in house.rows()} - {None}) == 2


def test_a_side_whose_other_one_is_not_selected_carries_its_number_alone(house: House) -> None:
    house.take_in(numbered_csv([["2026-11-03", "Bank", "", "Transfer", n, s, "EUR", "", "7"] for n, s in (("A", "-5.00"), ("B", "5.00"))]))
    text = exports.selected_csv(house.book, Selection.from_query(f"?acc={house.rows()[0]['account_id']}", house.book.today))
    assert text.splitlines()[1:] == ["2026-11-03,Bank,,Transfer,A,-5.00,EUR,,1,,,"]


def test_a_transfer_that_is_split_and_parts_that_are_none_are_written_as_the_whole(house: House) -> None:
    current = house.account("Current")
    moved, broken = house.add(current, "2026-11-02", "-5"), house.add(current, "2026-11-03", "-5")
    for row, sizes in ((moved, (-300, -200)), (broken, (-300, -100))):
        house.split(row, [("Groceries", size) for size in sizes])
    with house.book.writing("marked") as w:
        w.update(transaction, [moved], transfer_id=w.new_ids(1)[0])
    assert exports.whole_csv(house.book).splitlines()[1:] == [
        "2026-11-02,Shop,,Transfer,Current,-5.00,EUR,,1,,,",
        "2026-11-03,Shop,,,Current,-5.00,EUR,,,,,",
    ]


def test_the_check_shows_a_split_as_one_row_with_its_parts(house: House) -> None:
    draft = imports.receive(house.book, "x.csv", numbered_csv(HAND))
    shown = imports.check(house.book, draft)
    assert len(shown.lines) == 3
    text = str(page.check(shown, Words("en-IE", house.book.today), ""))
    assert "Split: Groceries \u2212\u20ac20.00, Uncategorised \u2212\u20ac10.00" in text


def test_an_export_of_nothing_is_refused_by_a_sentence(house: House) -> None:
    with pytest.raises(StatementNotReadable, match=r"^This export holds no transactions\.$"):
        house.take_in(exports.whole_csv(house.book).encode(), "x.csv")


def test_a_book_that_came_from_a_bank_knows_its_own_export_again_splits_included(house: House) -> None:
    rows = [(f"2026-11-{n:02}", f"AMZN MKTP*A1B{n} 1234", f"-{n}.00") for n in range(2, 9)]
    house.take_in(bank_csv(rows))
    house.split(house.rows()[3]["id"], [("Groceries", -300), (None, -200)])
    before = snapshot(house.book)
    assert house.take_in(exports.whole_csv(house.book).encode(), "own.csv").added == 0
    assert {name: snapshot(house.book)[name] for name in ("transaction", "split")} == {n: before[n] for n in ("transaction", "split")}


def test_what_came_from_an_export_without_numbers_is_not_doubled_by_one_with_them(house: House, other_house: House) -> None:
    house.take_in(numbered_csv(HAND), "x.csv")
    old = [
        ("2026-11-02", "Shop", "", "", "Current", "-30.00", "EUR", "n"),
        ("2026-11-03", "Bank", "", "Transfer", "Current", "-5.00", "EUR", ""),
        ("2026-11-04", "Bank", "", "Transfer", "Yen", "800", "JPY", ""),
    ]
    assert other_house.take_in(own_csv(old), "old.csv").added == 3
    receipt = other_house.take_in(exports.whole_csv(house.book).encode(), "new.csv")
    assert (receipt.added, len(other_house.rows())) == (0, 3)
