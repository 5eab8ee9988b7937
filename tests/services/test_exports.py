"""An export imports back to the same book, and no spreadsheet runs what stands in it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.errors import TooManyTries
from dashboard.model.transactions import transaction
from dashboard.selection import Selection
from dashboard.services import accounts, categories, imports, transfers
from dashboard.services.fields import text as clean
from dashboard.services.people import limits
from dashboard.services.portable import exports
from dashboard.statements.formats.own import ENDS, HEAD, SIGNS, neutralise, restore
from tests.ways import House, bank_csv, own_csv

RISKY = [
    '=HYPERLINK("http://evil")',
    "+1",
    "-1",
    "@SUM(1)",
    "'=1+1",
    "''+x",
    "'plain",
    "'",
    "|cmd",
    "%x",
    "\t=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "Shop;=1+1",
    "Shop;'=1+1",
    "Shop,-1;@x",
    'Shop; ""=1+1',
    "plain",
    'a,b;"c"',
    "\u20ac \u00e4\U0001f600",
    "x" * 500,
]


def content(house: House) -> list[tuple[Any, ...]]:
    """Return what a person sees of each transaction."""
    held = {a.id: (a.name, a.currency) for a in accounts.all_accounts(house.book)}
    named = {c.id: c.name for c in categories.all_categories(house.book)}
    return sorted(
        (
            row["date"],
            row["payee"],
            row["text"],
            row["note"],
            row["amount"],
            held[row["account_id"]],
            named.get(row["category_id"], ""),
            row["transfer_id"] is not None,
        )
        for row in house.rows()
    )


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_an_export_imported_into_another_persons_empty_book_is_the_same_book(house: House, other_house: House) -> None:
    current, yen = house.account("Current"), house.account("=Yen", "JPY")
    house.take_in(
        bank_csv([("2026-11-02", "COFFEE BAR", "-3.20"), ("2026-11-02", "COFFEE BAR", "-3.20"), ("2026-11-04", "EMPLOYER", "2600.00")])
    )
    for number, words in enumerate(RISKY):
        row = house.add(current, f"2026-11-{number + 1:02}", f"-{number + 1}.05", words, ("Groceries", "Salary", None)[number % 3])
        house.edit(row, note=words)
    house.add(yen, "2026-11-05", "-500", "Ramen", "Eating out")
    nothing = house.add(current, "2026-11-06", "1", "Nothing")
    with house.book.writing("A bank's row of nothing") as w:
        w.update(transaction, [nothing], amount=0)
    transfers.mark(house.book, [house.add(current, "2026-11-07", "-50", "To savings")])
    exported = exports.whole_csv(house.book)
    receipt = other_house.take_in(exported.encode(), "export.csv")
    assert (receipt.problems, receipt.duplicates) == (0, 0)
    assert content(other_house) == content(house)
    assert sorted(cells(exports.whole_csv(other_house.book))) == sorted(cells(exported))
    assert other_house.take_in(exported.encode(), "export.csv").added == 0
    assert content(other_house) == content(house)


def test_both_sides_of_a_transfer_are_transfers_again(house: House, other_house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    out = house.add(current, "2026-11-02", "-50", category="Gifts")
    house.add(savings, "2026-11-02", "50")
    transfers.mark(house.book, [out])
    other_house.take_in(exports.whole_csv(house.book).encode())
    assert [row["transfer_id"] is None for row in other_house.rows()] == [False, False]


def test_a_category_that_is_not_there_is_made_of_the_right_kind(house: House) -> None:
    house.take_in(
        own_csv(
            [
                ("2026-11-02", "Shop", "", "Beekeeping", "Current", "-5.00", "EUR", ""),
                ("2026-11-02", "Shop", "", "Honey sold", "Current", "9.00", "EUR", ""),
                ("2026-11-02", "Shop", "", "groceries", "Current", "-1.00", "EUR", ""),
            ]
        )
    )
    made = {c.name: c for c in categories.all_categories(house.book)}
    assert (made["Beekeeping"].kind, made["Honey sold"].kind) == ("expense", "income")
    assert "groceries" not in made
    assert house.rows()[-1]["category_id"] == made["Groceries"].id


def test_the_export_holds_the_filtered_rows_oldest_first_in_plain_decimals(house: House) -> None:
    current = house.account("Current")
    house.add(current, "2026-11-05", "-1234.50", "Later", "Groceries")
    house.add(current, "2026-11-02", "0.07", "Earlier", "Salary")
    house.add(current, "2026-10-02", "-1", "Before")
    rows = cells(exports.selected_csv(house.book, Selection.from_query("", house.book.today)))
    assert rows == [
        list(HEAD),
        ["2026-11-02", "Earlier", "", "Salary", "Current", "0.07", "EUR", "", "", "", "", ""],
        ["2026-11-05", "Later", "", "Groceries", "Current", "-1234.50", "EUR", "", "", "", "", ""],
    ]
    assert len(cells(exports.selected_csv(house.book, Selection.from_query("?q=earl", house.book.today)))) == 2
    assert len(cells(exports.selected_csv(house.book, Selection.from_query("?p=2020", house.book.today)))) == 1


def test_numbers_stay_numbers_and_text_never_becomes_a_formula(house: House) -> None:
    current = house.account("=Current")
    for words in RISKY:
        house.edit(house.add(current, "2026-11-02", "-5", words), note=words)
    for row in cells(exports.whole_csv(house.book))[1:]:
        found = dict(zip(HEAD, row, strict=True))
        assert found["amount"] == "-5.00"
        assert not any(found[name].startswith((*SIGNS, "\t", "\r")) for name in ("payee", "text", "category", "account", "note"))


ODD = st.text(st.sampled_from("'\"ab \u00e4" + SIGNS + ENDS), max_size=9)


@given(ODD)
def test_what_is_neutralised_is_restored_and_begins_no_formula(words: str) -> None:
    written = neutralise(words)
    assert restore(written) == words
    assert not written.startswith((*SIGNS, "\t", "\r", "\n"))
    # A text that was written twice is read twice.
    assert restore(restore(neutralise(written))) == words


def begins_formula(cell: str) -> bool:
    return cell.lstrip(' "\u00a0').startswith(tuple(SIGNS))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(ODD, ODD, ODD), min_size=1, max_size=3))
def test_wherever_a_spreadsheet_splits_no_cell_begins_a_formula(words: list[tuple[str, str, str]]) -> None:
    out = own_csv([("2026-11-02", *map(neutralise, row), "Current", "-1.00", "EUR", neutralise(row[0])) for row in words]).decode()
    for sign in (";", "\t", "|"):
        # As one that knows quotes reads it, and as one that does not.
        quoted = [cell for row in csv.reader(io.StringIO(out, newline=""), delimiter=sign) for cell in row]
        plain = [cell for line in out.splitlines() for cell in line.split(sign)]
        assert not [cell for cell in quoted + plain if begins_formula(cell)], sign
    assert not [cell for row in cells(out) for cell in row if begins_formula(cell) and cell != "-1.00"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=4))
def test_any_words_survive_the_way_out_and_in(sqlite_house: House, words: list[tuple[str, str]]) -> None:
    from dashboard.statements import read

    rows = [(clean(payee, "payee", longest=500) or "x", clean(note, "note", longest=500)) for payee, note in words]
    data = own_csv([("2026-11-02", neutralise(payee), "", "", "Current", "-1.00", "EUR", neutralise(note)) for payee, note in rows])
    assert [(row.payee, row.note) for row in read(data, "x.csv").rows] == rows


def test_an_apostrophe_that_was_typed_is_still_there_after_two_ways(house: House, other_house: House) -> None:
    current = house.account("Current")
    for words in ("'=1+1", "''=1+1", "'tis", "=1+1"):
        house.add(current, "2026-11-02", "-1", words)
    other_house.take_in(exports.whole_csv(house.book).encode())
    assert [row["payee"] for row in other_house.rows()] == [row["payee"] for row in house.rows()] == ["'=1+1", "''=1+1", "'tis", "=1+1"]


def test_exports_are_limited(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "export", limits.Limit(2, 3600))
    chosen = Selection.from_query("", house.book.today)
    for _ in range(2):
        exports.selected_csv(house.book, chosen)
    with pytest.raises(TooManyTries):
        exports.selected_csv(house.book, chosen)


def test_one_household_exports_nothing_of_another(house: House, other_house: House) -> None:
    theirs = other_house.account("Theirs")
    other_house.add(theirs, "2026-11-02", "-5", "ALICE-7f3a")
    assert "ALICE-7f3a" not in exports.whole_csv(house.book)
    assert cells(exports.selected_csv(house.book, Selection.from_query(f"?acc={theirs}", house.book.today))) == [list(HEAD)]
    assert imports.import_file(house.book, "x.csv", exports.whole_csv(other_house.book).encode()).added == 1
