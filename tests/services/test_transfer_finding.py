"""Movements between own accounts are found when a statement comes in; what is in doubt waits, and an undo leaves no trace."""

from __future__ import annotations

from datetime import date

from dashboard.importing import transfers as finding
from dashboard.importing.receipts import Receipt
from dashboard.importing.shapes import Moved
from dashboard.services import accounts, history, imports, transfers
from dashboard.services.imports import choices
from tests.ways import House, bank_csv, order, snapshot


def into(house: House, name: str, *rows: tuple[str, str, str]) -> Receipt:
    """Import rows into an account."""
    return imports.import_file(house.book, f"{name}.csv", bank_csv(rows), order(name, sign="out-negative"))


def joined(house: House) -> list[set[int]]:
    """Return the amounts of each transfer."""
    found: dict[int, set[int]] = {}
    for row in house.rows():
        if row["transfer_id"] is not None:
            found.setdefault(row["transfer_id"], set()).add(row["amount"])
    return list(found.values())


def test_two_rows_that_cancel_out_within_four_days_are_one_transfer(house: House) -> None:
    into(house, "Giro", ("2026-11-03", "Own transfer", "-500.00"), ("2026-11-03", "RENT", "-900.00"))
    receipt = into(house, "Savings", ("2026-11-05", "Own transfer", "500.00"), ("2026-11-09", "Interest", "1.20"))
    assert (receipt.transfers, receipt.pairs) == (1, 0)
    assert joined(house) == [{-50000, 50000}]


def test_days_apart_or_in_one_account_are_none(house: House) -> None:
    into(house, "Giro", ("2026-11-03", "Own transfer", "-500.00"), ("2026-11-04", "Own transfer back", "500.00"))
    assert into(house, "Savings", ("2026-11-09", "Own transfer", "500.00")).transfers == 0
    assert joined(house) == []


def test_two_that_could_be_the_other_side_wait_for_a_word(house: House) -> None:
    into(house, "Giro", ("2026-11-03", "Transfer to savings", "-500.00"), ("2026-11-04", "Transfer to savings", "-500.00"))
    receipt = into(house, "Savings", ("2026-11-05", "Transfer from giro", "500.00"))
    assert (receipt.transfers, receipt.pairs) == (0, 2)
    waiting, other = transfers.waiting(house.book)
    assert other.into == waiting.into
    assert (waiting.out.account, waiting.into.account, waiting.out.amount) == ("Giro", "Savings", -50000)
    before = snapshot(house.book)
    said = transfers.confirm(house.book, waiting.id)
    assert joined(house) == [{-50000, 50000}]
    assert transfers.waiting(house.book) == []
    history.undo(house.book, said.revision)
    assert snapshot(house.book) == before
    refused = transfers.refuse(house.book, waiting.id)
    assert [one.id for one in transfers.waiting(house.book)] == [other.id]
    history.undo(house.book, refused.revision)
    assert len(transfers.waiting(house.book)) == 2


def test_a_purchase_and_an_equal_income_are_not_joined_by_themselves(house: House) -> None:
    into(house, "Giro", ("2026-11-03", "NETFLIX.COM", "-15.00"), ("2026-11-03", "SALARY", "2000.00"))
    receipt = into(house, "Card", ("2026-11-04", "Refund of a friend", "15.00"), ("2026-11-04", "Rent", "-2000.00"))
    assert receipt.transfers == 0
    assert joined(house) == []


def test_the_other_sides_number_joins_whatever_else_could_be_and_marks_what_came_first(house: House) -> None:
    one = accounts.save(
        house.book,
        None,
        None,
        accounts.AccountForm(name="Giro", kind="checking", currency="EUR", opening="", number="DE89370400440532013000"),
    ).created
    accounts.save(
        house.book,
        None,
        None,
        accounts.AccountForm(name="Savings", kind="savings", currency="EUR", opening="", number="DE02120300000000202051"),
    )
    head = "Date,Description,Amount,Counterparty account"
    data = bank_csv(
        [("2026-11-03", "Sparen", "-50.00,DE02120300000000202051"), ("2026-11-04", "Miete", "-900.00,DE44500105175407324931")], head
    )
    data = data.replace(b'"', b"")
    draft = imports.receive(house.book, "giro.csv", data)
    choices.choose_account(house.book, draft, imports.check(house.book, draft).groups[0].key, one)
    receipt = imports.commit(house.book, draft)
    assert receipt.transfers == 1
    assert joined(house) == [{-5000}]
    assert imports.import_file(
        house.book,
        "savings.csv",
        bank_csv([("2026-11-04", "Sparen", "50.00,DE89370400440532013000"), ("2026-11-05", "Zinsen", "0.10,")], head).replace(b'"', b""),
        order("Savings", sign="out-negative"),
    ).transfers
    assert joined(house) == [{-5000, 5000}]


GIRO, SAVINGS, FRIEND = "DE89370400440532013000", "DE02120300000000202051", "DE44500105175407324931"


def two_accounts(house: House) -> None:
    """Open two accounts whose numbers are known."""
    for name, number in (("Giro", GIRO), ("Savings", SAVINGS)):
        accounts.save(house.book, None, None, accounts.AccountForm(name=name, kind="checking", currency="EUR", opening="", number=number))


def told(house: House, name: str, *rows: tuple[str, str, str]) -> Receipt:
    """Import rows whose last part is the amount and the other side's number."""
    data = bank_csv(rows, "Date,Description,Amount,Counterparty account").replace(b'"', b"")
    return imports.import_file(house.book, f"{name}.csv", data, order(name, sign="out-negative"))


def test_a_friends_payment_is_not_taken_for_the_other_side(house: House) -> None:
    two_accounts(house)
    told(house, "Giro", ("2026-11-10", "Sparen", f"-100.00,{SAVINGS}"))
    told(house, "Savings", ("2026-11-09", "Fred", f"100.00,{FRIEND}"), ("2026-11-11", "Von Giro", f"100.00,{GIRO}"))
    assert {row["payee"] for row in house.rows() if row["transfer_id"] is not None} == {"Sparen", "Von Giro"}
    assert joined(house) == [{-10000, 10000}]


def test_a_friends_payment_that_came_first_keeps_what_it_is(house: House) -> None:
    two_accounts(house)
    told(house, "Savings", ("2026-11-09", "Fred", f"100.00,{FRIEND}"), ("2026-11-10", "Interest", "1.00,"))
    told(house, "Giro", ("2026-11-10", "Sparen", f"-100.00,{SAVINGS}"))
    assert {row["payee"] for row in house.rows() if row["transfer_id"] is not None} == {"Sparen"}


def test_two_strangers_are_never_the_sides_of_one_transfer(house: House) -> None:
    two_accounts(house)
    told(house, "Giro", ("2026-11-03", "Anna", f"-50.00,{FRIEND}"))
    receipt = told(house, "Savings", ("2026-11-05", "Bob", f"50.00,{FRIEND}"))
    assert (receipt.transfers, receipt.pairs) == (0, 0)
    assert joined(house) == []


def test_undoing_the_import_lets_go_of_the_other_side_also_when_that_was_edited_since(house: House) -> None:
    into(house, "Giro", ("2026-11-03", "Own transfer", "-500.00"))
    before = snapshot(house.book)["transaction"]
    receipt = into(house, "Savings", ("2026-11-05", "Own transfer", "500.00"))
    history.undo(house.book, receipt.revision)
    assert [(r["amount"], r["transfer_id"]) for r in snapshot(house.book)["transaction"]] == [(r["amount"], None) for r in before]
    receipt = into(house, "Savings", ("2026-11-05", "Own transfer", "500.00"))
    row = next(r for r in house.rows() if r["amount"] == -50000)
    from dashboard.services import transactions

    transactions.edit(house.book, row["id"], row["revision"], "note", "for the summer")
    history.undo(house.book, receipt.revision)
    (left,) = house.rows()
    assert (left["amount"], left["transfer_id"], left["note"]) == (-50000, None, "for the summer")


def test_a_found_transfer_is_undone_in_one_click(house: House) -> None:
    into(house, "Giro", ("2026-11-03", "Own transfer", "-500.00"))
    into(house, "Savings", ("2026-11-05", "Own transfer", "500.00"))
    transfers.unmark(house.book, [house.rows()[0]["id"]])
    assert joined(house) == []


def test_of_thousands_of_equal_amounts_on_one_day_a_few_are_looked_at() -> None:
    day = date(2026, 11, 2)
    new = [Moved(10_000 + i, 2, day, -500, "") for i in range(4000)]
    opposite = finding.Opposite([Moved(i, 1, day, 500) for i in range(4000)], new, {1: "EUR", 2: "EUR"})
    assert {len(opposite.of(leg)) for leg in new} == {finding.MOST_LOOKED_AT}
