"""Imports: nothing twice, no genuine twin dropped, all or nothing, undone whole."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import event

from dashboard.errors import DashboardError, InputNotValid, NotFound, QuestionOpen, StatementNotReadable, UndoRefused
from dashboard.selection import Selection
from dashboard.services import accounts, history, imports, ledger, transactions, transfers
from dashboard.services.books import Book
from dashboard.services.imports import choices, receipts, writing
from tests.conftest import ALICE
from tests.ways import House, bank_csv, order, own_csv, snapshot

NOVEMBER = [
    ("2026-11-02", "COFFEE BAR", "-3.20"),
    ("2026-11-02", "COFFEE BAR", "-3.20"),
    ("2026-11-03", "RENT", "-900.00"),
    ("2026-11-04", "EMPLOYER", "2600.00"),
]
LATER = [*NOVEMBER[2:], ("2026-11-05", "BAKER", "-4.10"), ("2026-11-06", "BAKER", "-4.10")]
RACE = """
import sys
from dashboard.model import database
from dashboard.services import books, imports
book = books.book_by_email(database.make_engine(sys.argv[1]), sys.argv[2])
data = open(sys.argv[3], "rb").read()
draft = imports.receive(book, "november.csv", data) if sys.argv[4] == "web" else None
print("ready", flush=True)
sys.stdin.readline()
receipt = imports.commit(book, draft) if draft else imports.import_file(book, "november.csv", data)
print(receipt.added, flush=True)
"""


def amounts(house: House) -> list[int]:
    return [row["amount"] for row in house.rows()]


def test_a_first_file_makes_an_account_and_says_what_it_did(house: House) -> None:
    receipt = house.take_in(bank_csv(NOVEMBER), "current-account.csv")
    assert (receipt.read, receipt.added, receipt.duplicates, receipt.problems, receipt.left_out) == (4, 4, 0, 0, 0)
    assert (receipt.money_in, receipt.money_out) == ({"EUR": 260000}, {"EUR": 90640})
    assert (str(receipt.start), str(receipt.end)) == ("2026-11-02", "2026-11-04")
    assert [(a.name, a.balance, a.count) for a in accounts.all_accounts(house.book)] == [("Current account", 169360, 4)]
    assert amounts(house) == [-320, -320, -90000, 260000]


@pytest.mark.parametrize("head", ["Date,Description,Amount", ""])
def test_the_same_file_again_adds_nothing(house: House, head: str) -> None:
    data = bank_csv(NOVEMBER, head)
    house.take_in(data)
    before = snapshot(house.book)
    draft = imports.receive(house.book, "statement.csv", data)
    assert house.fates(draft) == ["duplicate"] * 4
    receipt = imports.commit(house.book, draft)
    assert (receipt.added, receipt.duplicates, receipt.revision) == (0, 4, 0)
    assert snapshot(house.book) == before


def test_an_overlapping_file_adds_only_what_is_new_and_genuine_twins_stay(house: House) -> None:
    house.take_in(bank_csv(NOVEMBER))
    receipt = house.take_in(bank_csv(LATER), "later.csv")
    assert (receipt.added, receipt.duplicates) == (2, 2)
    third = house.take_in(bank_csv([*NOVEMBER, ("2026-11-02", "COFFEE BAR", "-3.20")]), "third.csv")
    assert (third.added, third.duplicates) == (1, 4)
    assert sorted(amounts(house)) == sorted([-320, -320, -320, -90000, 260000, -410, -410])


def test_spaces_and_case_do_not_make_a_row_new_but_another_account_does(house: House) -> None:
    house.take_in(bank_csv(NOVEMBER))
    assert house.take_in(bank_csv([(d, f" {w.lower().replace(' ', '   ')} ", a) for d, w, a in NOVEMBER])).added == 0
    other = house.account("Other")
    draft = imports.receive(house.book, "statement.csv", bank_csv(NOVEMBER))
    choices.choose_account(house.book, draft, imports.check(house.book, draft).groups[0].key, other)
    assert imports.commit(house.book, draft).added == 4


def test_the_command_line_adds_nothing_twice_either(house: House) -> None:
    assert imports.import_file(house.book, "november.csv", bank_csv(NOVEMBER)).added == 4
    assert imports.import_file(house.book, "november.csv", bank_csv(NOVEMBER)).added == 0
    assert imports.import_file(house.book, "november.csv", bank_csv(LATER), order("november")).added == 2
    house.account("Other")
    assert imports.import_file(house.book, "november.csv", bank_csv(NOVEMBER)).added == 0
    with pytest.raises(QuestionOpen) as asked:
        imports.import_file(house.book, "december.csv", bank_csv([("2026-12-01", "GIFT", "-20.00")]))
    assert (asked.value.field, asked.value.answers) == ("account", (("NAME", ""),))
    assert len(house.rows()) == 6


@pytest.mark.parametrize("way", ["web", "command line"])
@pytest.mark.parametrize("known", [True, False], ids=["known account", "new account"])
def test_two_processes_with_the_same_file_at_once_make_exactly_one_copy(
    house: House, url: str, tmp_path: Any, way: str, known: bool
) -> None:
    if known:
        house.account("Current")
    path = tmp_path / "november.csv"
    path.write_bytes(bank_csv(NOVEMBER * 50))
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, url, ALICE, str(path), way],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate(timeout=60) for racer in racers]
    assert sorted(int(out) for out, _ in answers) == [0, 200], answers
    assert len(house.rows()) == 200
    assert len(accounts.all_accounts(house.book)) == 1


def test_a_draft_is_imported_once_however_often_it_is_clicked(house: House) -> None:
    draft = imports.receive(house.book, "november.csv", bank_csv(NOVEMBER))
    imports.commit(house.book, draft)
    with pytest.raises(NotFound):
        imports.commit(house.book, draft)
    assert len(house.rows()) == 4


@pytest.mark.parametrize("known", [True, False], ids=["known account", "new account"])
def test_a_file_that_waits_twice_is_imported_once(house: House, known: bool) -> None:
    if known:
        house.account("Current")
    first, second = (imports.receive(house.book, "november.csv", bank_csv(NOVEMBER)) for _ in range(2))
    assert imports.commit(house.book, first).added == 4
    assert imports.commit(house.book, second).added == 0
    assert len(accounts.all_accounts(house.book)) == 1


def test_a_fault_at_any_statement_leaves_nothing_and_the_file_can_be_imported_again(house: House) -> None:
    data = own_csv(
        [
            ("2026-11-02", "Shop", "", "A new category", "First", "-5.00", "EUR", ""),
            ("2026-11-03", "Shop", "", "Transfer", "Second", "-7.00", "EUR", ""),
        ]
    )
    draft = imports.receive(house.book, "export.csv", data)
    before = snapshot(house.book)
    left = [0]

    def stumble(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise RuntimeError("the power went out")

    event.listen(house.book.engine, "before_cursor_execute", stumble)
    event.listen(house.book.engine, "commit", stumble)
    faults = 0
    while True:
        left[0] = faults + 1
        try:
            receipt = imports.commit(house.book, draft)
            left[0] = 0
            break
        except RuntimeError:
            faults += 1
        assert snapshot(house.book) == before, f"statement {faults}"
    assert faults > 8
    assert receipt.added == 2
    assert len(house.rows()) == 2


@pytest.mark.parametrize("k", [0, 1, 499, 999])
def test_a_fault_at_any_row_leaves_nothing_and_the_file_can_be_imported_again(
    house: House, monkeypatch: pytest.MonkeyPatch, k: int
) -> None:
    draft = imports.receive(
        house.book, "long.csv", bank_csv([(f"2026-11-{1 + i % 28:02}", f"SHOP {i}", f"-{i + 1}.00") for i in range(1000)])
    )
    before, build = snapshot(house.book), writing._tuples

    def broken(*args: Any, **named: Any) -> list[tuple[Any, ...]]:
        rows = list(build(*args, **named))
        rows[k] = (*rows[k][:3], None, *rows[k][4:])
        return rows

    monkeypatch.setattr(writing, "_tuples", broken)
    with pytest.raises(Exception, match=r"(?i)null"):
        imports.commit(house.book, draft)
    assert snapshot(house.book) == before
    monkeypatch.setattr(writing, "_tuples", build)
    assert imports.commit(house.book, draft).added == 1000


def test_undoing_an_import_takes_all_of_it_and_can_itself_be_undone(house: House) -> None:
    before = snapshot(house.book)
    receipt = house.take_in(bank_csv(NOVEMBER))
    after = snapshot(house.book)
    undone = history.undo(house.book, receipt.revision)
    assert snapshot(house.book) == before
    history.undo(house.book, undone.revision)
    assert snapshot(house.book) == after
    history.undo(house.book, receipt.revision)
    assert house.take_in(bank_csv(NOVEMBER)).added == 4


def edited(house: House) -> receipts.Receipt:
    """Import into an account that was there, then work on the rows in every way."""
    savings = house.account("Savings")
    house.account("Current")
    into = house.add(savings, "2026-11-03", "900")
    receipt = imports.import_file(house.book, "november.csv", bank_csv(NOVEMBER), order("Current"))
    coffee, _, rent, salary = [row["id"] for row in house.rows() if row["id"] != into]
    transactions.set_category(house.book, [coffee], house.category("Eating out"))
    transfers.mark(house.book, [rent])
    assert house.row(into)["transfer_id"] is not None
    house.split(salary, [("Salary", 250000), ("Gifts", 10000)])
    return receipt


def test_later_edits_of_its_rows_go_with_an_undone_import_and_come_back_with_it(house: House) -> None:
    receipt = edited(house)
    with_edits = snapshot(house.book)
    undone = history.undo(house.book, receipt.revision)
    assert "3 of its rows had been edited" in undone.message
    assert [(row["amount"], row["transfer_id"]) for row in house.rows()] == [(90000, None)]
    assert snapshot(house.book)["split"] == []
    history.undo(house.book, undone.revision)
    assert snapshot(house.book) == with_edits


def test_after_an_import_with_edits_is_undone_the_change_before_it_can_be_undone_next(house: House) -> None:
    receipt = edited(house)
    history.undo(house.book, receipt.revision)
    assert "Shop" in history.undo_last(house.book).message
    assert house.rows() == []


def test_an_import_that_made_its_account_is_undone_even_after_one_of_its_rows_was_deleted(house: House) -> None:
    receipt = house.take_in(bank_csv(NOVEMBER))
    transactions.delete(house.book, [house.rows()[0]["id"]])
    history.undo(house.book, receipt.revision)
    assert house.rows() == []
    assert accounts.all_accounts(house.book) == []


def test_an_import_whose_account_is_used_by_another_row_is_not_undone(house: House) -> None:
    receipt = house.take_in(bank_csv(NOVEMBER))
    house.add(accounts.all_accounts(house.book)[0].id, "2026-11-10", "-1")
    before = snapshot(house.book)
    with pytest.raises(UndoRefused, match="in use"):
        history.undo(house.book, receipt.revision)
    assert snapshot(house.book) == before


def test_what_was_deleted_comes_back_only_when_it_is_ticked(house: House) -> None:
    house.take_in(bank_csv(NOVEMBER))
    transactions.delete(house.book, [house.rows()[2]["id"]])
    draft = imports.receive(house.book, "statement.csv", bank_csv(LATER))
    assert house.fates(draft) == ["deleted", "duplicate", "new", "new"]
    found = imports.check(house.book, draft)
    assert [line.text or line.payee for line in found.chosen] == ["BAKER", "BAKER"]
    line = next(line for line in found.lines if line.status == "deleted")
    assert "Deleted earlier" in line.reason
    choices.tick(house.book, draft, line.line, take=True)
    assert imports.commit(house.book, draft).added == 3
    assert sorted(amounts(house)) == sorted([-320, -320, -90000, 260000, -410, -410])


def test_a_new_row_can_be_left_out_and_taken_in_again(house: House) -> None:
    draft = imports.receive(house.book, "november.csv", bank_csv(NOVEMBER))
    rent = imports.check(house.book, draft).lines[2].line
    choices.tick(house.book, draft, rent, take=False)
    assert len(imports.check(house.book, draft).chosen) == 3
    choices.tick(house.book, draft, rent, take=True)
    assert len(imports.check(house.book, draft).chosen) == 4
    choices.tick(house.book, draft, rent, take=False)
    receipt = imports.commit(house.book, draft)
    assert (receipt.added, receipt.left_out) == (3, 1)
    assert -90000 not in amounts(house)


@pytest.mark.parametrize(("cell", "bad", "good"), [("amount", "12,x0", "-12.00"), ("date", "2026-02-31", "2026-02-28")])
def test_a_bad_cell_is_named_with_its_row_the_others_are_offered_and_it_can_be_mended(house: House, cell: str, bad: str, good: str) -> None:
    row = ("2026-11-05", "BAKER", "-12.00")
    broken = (row[0], row[1], bad) if cell == "amount" else (bad, *row[1:])
    draft = imports.receive(house.book, "november.csv", bank_csv([*NOVEMBER, broken]))
    found = imports.check(house.book, draft)
    problem = next(line for line in found.lines if line.status == "problem")
    assert (problem.line, problem.field, problem.value) == (6, cell, bad)
    assert problem.reason
    assert len(found.chosen) == 4
    choices.mend(house.book, draft, problem.line, cell, good)
    found = imports.check(house.book, draft)
    assert [line.status for line in found.lines] == ["new"] * 5
    imports.commit(house.book, draft)
    assert -1200 in amounts(house)


@pytest.mark.parametrize("bad", ["1e400", "NaN", "inf", "--5", "", "9" * 400])
def test_an_amount_that_cannot_be_is_a_problem_of_its_row_alone(house: House, bad: str) -> None:
    receipt = house.take_in(bank_csv([*NOVEMBER, ("2026-11-05", "BAKER", bad)]))
    assert receipt.added == 4
    assert receipt.problems == 1
    assert sum(amounts(house)) == 169360


def test_several_currencies_become_several_accounts(house: House) -> None:
    data = own_csv(
        [
            ("2026-11-02", "Shop", "", "", "Travel card", "-5.00", "EUR", ""),
            ("2026-11-02", "Shop", "", "", "Travel card", "-5.00", "CHF", ""),
            ("2026-11-03", "Shop", "", "", "Travel card", "-500", "JPY", ""),
        ]
    )
    receipt = house.take_in(data)
    assert receipt.money_out == {"EUR": 500, "CHF": 500, "JPY": 500}
    assert sorted((a.currency, a.balance) for a in accounts.all_accounts(house.book)) == [("CHF", -500), ("EUR", -500), ("JPY", -500)]
    assert len({a.name for a in accounts.all_accounts(house.book)}) == 3
    before = snapshot(house.book)
    assert house.take_in(data).added == 0
    assert snapshot(house.book) == before


def test_a_banks_file_with_a_currency_column_is_never_added_across(house: House) -> None:
    rows = [f"2026-11-0{n},SHOP {n},-{n}.00,{code}" for n, code in enumerate(("EUR", "CHF", "EUR", "CHF"), 1)]
    house.take_in("\r\n".join(["Date,Description,Amount,Currency", *rows]).encode())
    assert sorted((a.currency, a.balance) for a in accounts.all_accounts(house.book)) == [("CHF", -600), ("EUR", -400)]


def test_two_accounts_of_a_file_put_into_one_keep_their_equal_rows(house: House) -> None:
    current = house.account("Current")
    data = own_csv([("2026-11-02", "Shop", "", "", name, "-5.00", "EUR", "") for name in ("First", "Second")])
    draft = imports.receive(house.book, "export.csv", data)
    for group in imports.check(house.book, draft).groups:
        choices.choose_account(house.book, draft, group.key, current)
    assert imports.commit(house.book, draft).added == 2
    assert amounts(house) == [-500, -500]


def test_the_account_named_on_the_command_line_takes_every_row_of_the_file(house: House) -> None:
    data = own_csv([("2026-11-02", "Shop", "", "", name, amount, "EUR", "") for name, amount in (("First", "-5.00"), ("Second", "-6.00"))])
    imports.import_file(house.book, "export.csv", data, order("Everything"))
    assert [(a.name, a.count) for a in accounts.all_accounts(house.book)] == [("Everything", 2)]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (1, "x" * 5000),
        (2, "x" * 5000),
        (3, "x" * 5000),
        (4, "x" * 5000),
        (7, "x" * 5000),
        (1, "a\x00b"),
        (7, "a\x00b"),
        (3, "a\x00b"),
        (4, "a\x00b"),
        (6, "EURO"),
        (0, "9999-12-31"),
        (5, "999999999999999"),
        (1, ""),
    ],
)
def test_whatever_stands_in_a_cell_a_file_is_imported_or_refused_by_a_sentence(house: House, place: int, text: str) -> None:
    cells = ["2026-11-02", "Shop", "words", "Groceries", "Current", "-5.00", "EUR", "note"]
    cells[place] = text
    with suppress(DashboardError):
        house.take_in(own_csv([cells, ["2026-11-03", "Shop", "words", "", "Current", "-6.00", "EUR", ""]]))
        assert -600 in amounts(house)
        assert all(len(row[name]) <= 500 and "\x00" not in row[name] for row in house.rows() for name in ("payee", "text", "note"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"\xff\xfe",
        b"x",
        b"hello, this is a letter\nwith two lines",
        b"%PDF-1.7 ...",
        b"PK\x03\x04 zip",
        b"<html><body>2026-11-02</body></html>",
        b"\x00" * 100,
        b"Date,Description,Amount\r\n",
    ],
)
def test_a_file_that_is_no_statement_is_refused_by_one_sentence_and_nothing_is_kept(house: House, data: bytes) -> None:
    before = snapshot(house.book)
    with pytest.raises(StatementNotReadable) as refused:
        imports.receive(house.book, "x.csv", data)
    assert 0 < len(refused.value.message) < 300
    assert snapshot(house.book) == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\bank\\x.csv", "x.csv"),
        ("a\n[ERROR] b.csv", "a [ERROR] b.csv"),
        ("", "statement"),
        (None, "statement"),
        (5, "statement"),
        ("\x00\x01", "statement"),
        ("/", "statement"),
    ],
)
def test_a_file_name_is_never_a_path(given: object, kept: str) -> None:
    assert imports.clean_name(given) == kept


def test_a_file_name_of_five_thousand_letters_is_cut(house: House) -> None:
    assert len(imports.clean_name("x" * 5000)) <= 200
    house.take_in(bank_csv(NOVEMBER), "n" * 5000 + ".csv")
    assert len(accounts.all_accounts(house.book)[0].name) <= 80


def test_an_open_question_is_asked_before_anything_is_stored_and_answered_for_the_next_file_too(house: House) -> None:
    ambiguous = b"Date,Description,Amount\r\n03/04/2026,SHOP A,-1.00\r\n05/06/2026,SHOP B,-2.00\r\n07/08/2026,SHOP C,-3.00\r\n"
    draft = imports.receive(house.book, "x.csv", ambiguous)
    found = imports.check(house.book, draft)
    assert [question.key for question in found.statement.questions] == ["dates"]
    before = snapshot(house.book)
    with pytest.raises(QuestionOpen) as asked:
        imports.commit(house.book, draft)
    # How an answer is passed is the command line's to say: a browser has no arguments.
    assert "--" not in asked.value.message
    assert (asked.value.field, [value for value, _ in asked.value.answers]) == ("dates", ["dmy", "mdy"])
    assert snapshot(house.book) == before
    choices.answer(house.book, draft, "dates", "dmy")
    imports.commit(house.book, draft)
    assert [str(row["date"]) for row in house.rows()] == ["2026-04-03", "2026-06-05", "2026-08-07"]
    assert house.fates(imports.receive(house.book, "y.csv", ambiguous)) == ["duplicate"] * 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dates", "ymdd"),
        ("sign", ""),
        ("decimal", ";"),
        ("year", "20266"),
        ("currency", "EURO"),
        ("columns", "x"),
        ("columns", "1,2,3"),
        ("colour", "red"),
        (None, None),
        ("dates", ["dmy"]),
        ("year", 2026),
        ("columns", "\u00b2"),
    ],
)
def test_an_answer_that_was_not_offered_is_refused(sqlite_house: House, key: object, value: object) -> None:
    draft = imports.receive(sqlite_house.book, "x.csv", bank_csv(NOVEMBER))
    with pytest.raises(InputNotValid):
        choices.answer(sqlite_house.book, draft, key, value)


def test_a_column_that_holds_no_amounts_is_refused_and_the_file_stays_as_it_was(house: House) -> None:
    draft = imports.receive(house.book, "x.csv", bank_csv(NOVEMBER))
    before = imports.check(house.book, draft)
    for value in ("1", "99", "0,1"):
        with pytest.raises(InputNotValid, match="choose another"):
            choices.answer(house.book, draft, "columns", value)
    assert imports.check(house.book, draft).lines == before.lines


def test_another_books_draft_and_account_are_not_found(house: House, other_house: House) -> None:
    theirs = [imports.receive(other_house.book, "x.csv", bank_csv(NOVEMBER)) for _ in range(3)][-1]
    their_account = [other_house.account(f"Theirs {n}") for n in range(5)][-1]
    ours = imports.receive(house.book, "x.csv", bank_csv(NOVEMBER))
    for ask in (
        lambda: imports.check(house.book, theirs),
        lambda: imports.commit(house.book, theirs),
        lambda: choices.mend(house.book, theirs, 2, "date", "2026-01-01"),
        lambda: choices.tick(house.book, theirs, 2, take=False),
        lambda: choices.answer(house.book, theirs, "dates", "dmy"),
        lambda: choices.choose_account(house.book, theirs, "|", "new"),
        lambda: choices.choose_account(house.book, ours, "|", their_account),
    ):
        with pytest.raises(NotFound):
            ask()
    assert imports.commit(other_house.book, theirs).added == 4
    assert house.rows() == []


def test_a_draft_waits_for_a_day(house: House, clock: Any) -> None:
    draft = imports.receive(house.book, "x.csv", bank_csv(NOVEMBER))
    clock.forward(hours=23)
    assert imports.check(house.book, draft)
    clock.forward(hours=2)
    imports.receive(house.book, "y.csv", bank_csv(LATER))
    with pytest.raises(NotFound, match="day has passed"):
        imports.check(house.book, draft)


def test_an_import_is_seen_whole_whatever_months_it_spans(house: House) -> None:
    house.add(house.account("Cash"), "2026-11-02", "-1")
    receipt = house.take_in(bank_csv([*NOVEMBER, ("2025-01-02", "OLD", "-1.00")]))
    found = ledger.listed(house.book, Selection.from_query(f"?import={receipt.import_ids[0]}", house.book.today))
    assert found.count == 5
    assert ledger.import_name(house.book, receipt.import_ids[0]) == "statement.csv"


def test_a_file_that_is_newest_first_keeps_the_order_of_a_day(house: House) -> None:
    house.take_in(bank_csv([("2026-11-04", "THIRD", "-3.00"), ("2026-11-03", "SECOND", "-2.00"), ("2026-11-03", "FIRST", "-1.00")]))
    assert amounts(house) == [-100, -200, -300]


def test_the_month_of_each_imported_row_is_that_of_its_date(house: House) -> None:
    house.take_in(bank_csv([("2026-01-31", "JAN", "-1.00"), ("2026-10-31", "LAST", "-1.00"), ("2026-11-01", "FIRST", "-1.00")]))
    assert [row["month"] for row in house.rows()] == [202601, 202610, 202611]


def test_two_imports_of_one_book_do_not_wait_for_another_books(book: Book, other_book: Book, clock: Any) -> None:
    assert House(book).take_in(bank_csv(NOVEMBER)).added == 4
    assert House(other_book).take_in(bank_csv(NOVEMBER)).added == 4


CARDS = [(f"2026-11-{day:02}", "Card payment", f"-{day}.50") for day in (2, 3, 4, 5, 6)]
SAME_WORDS = [
    pytest.param(CARDS, [*CARDS, ("2026-11-07", "Direct debit", "-40.00")], id="one word in all rows"),
    pytest.param(CARDS[:2], [*CARDS[:2], ("2026-11-07", "Direct debit", "-40.00")], id="two rows, then three"),
    pytest.param(
        [(d, "", a) for d, _, a in CARDS], [*[(d, "", a) for d, _, a in CARDS], ("2026-11-07", "Rent", "-900.00")], id="no words at first"
    ),
]


@pytest.mark.parametrize("head", ["Date,Description,Amount", ""])
@pytest.mark.parametrize(("part", "whole"), SAME_WORDS)
def test_what_a_row_is_told_apart_by_does_not_hang_on_the_rows_beside_it(
    house: House, part: list[tuple[str, str, str]], whole: list[tuple[str, str, str]], head: str
) -> None:
    house.account("Current")
    first = imports.import_file(house.book, "november.csv", bank_csv(part, head), order("Current"))
    assert first.added == len(part)
    again = imports.import_file(house.book, "november.csv", bank_csv(whole, head), order("Current"))
    assert (again.added, again.duplicates) == (1, len(part))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date,Text,Debit,Credit\n2026-11-02,Rent,900.00,\n2026-11-03,Shop,12.5O,\n2026-11-04,Pay,,2600.00\n2026-11-05,Bus,2.10,\n", -1250),
        (
            "Date,Text,Amount,D/C\n2026-11-02,Rent,900.00,D\n2026-11-03,Shop,12.5O,D\n2026-11-04,Pay,2600.00,C\n2026-11-05,Bus,2.10,D\n",
            -1250,
        ),
        ("Date,Text,Debit,Credit\n2026-11-02,Rent,900.00,\n2026-11-03,Back,,12.5O\n2026-11-04,Pay,,2600.00\n2026-11-05,Bus,2.10,\n", 1250),
    ],
)
def test_a_mended_amount_keeps_the_side_its_column_or_direction_gives(house: House, text: str, expected: int) -> None:
    house.account("Current")
    draft = imports.receive(house.book, "november.csv", text.encode())
    choices.mend(house.book, draft, 3, "amount", "12.50")
    imports.commit(house.book, draft)
    assert next(row["amount"] for row in house.rows() if abs(row["amount"]) == 1250) == expected


def test_an_answer_does_not_overrule_a_later_file_that_decides_by_itself(house: House) -> None:
    house.account("Card")
    open_ = bank_csv([("2026-11-13", "Shop", "12.00"), ("2026-11-14", "Cafe", "3.00"), ("2026-11-15", "Fuel", "40.00")])
    draft = imports.receive(house.book, "card.csv", open_)
    choices.answer(house.book, draft, "sign", "out-positive")
    imports.commit(house.book, draft)
    clear = bank_csv(
        [
            ("2026-11-13", "Salary", "2000.00"),
            ("2026-11-14", "Rent", "-900.00"),
            ("2026-11-15", "Shop", "-20.00"),
            ("2026-11-16", "Cafe", "-3.00"),
        ]
    )
    rows = imports.check(house.book, imports.receive(house.book, "current.csv", clear)).lines
    assert [line.amount for line in rows] == [200000, -90000, -2000, -300]


def test_dates_of_which_some_have_no_year_are_asked_about(house: House) -> None:
    draft = imports.receive(
        house.book, "card.csv", bank_csv([("30 Dec 2025", "A", "-1.00"), ("31 Dec 2025", "B", "-2.00"), ("2 Jan", "C", "-3.00")])
    )
    assert [question.key for question in imports.check(house.book, draft).statement.questions] == ["year"]
    with pytest.raises(InputNotValid):
        imports.commit(house.book, draft)
