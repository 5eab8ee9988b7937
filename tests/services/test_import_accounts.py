"""Which account a file is of: where files of one shape come from several accounts, nothing is taken for granted without a word."""

from __future__ import annotations

import pytest

from dashboard.errors import InputNotValid, QuestionOpen
from dashboard.services import accounts, imports
from dashboard.services.imports import choices
from tests.ways import House, bank_csv, order

CARD = [("2026-08-03", "Grocer", "12.00"), ("2026-08-09", "Bookshop", "30.00"), ("2026-08-20", "Petrol", "41.00")]
NEXT = [("2026-09-02", "Grocer", "14.00"), ("2026-09-09", "Petrol", "38.00"), ("2026-09-20", "Cinema", "11.00")]
SAVINGS = [("2026-09-01", "Interest", "1.10"), ("2026-09-05", "Standing order in", "200.00"), ("2026-09-28", "Bonus", "5.00")]


@pytest.fixture
def card(house: House) -> int:
    """A card whose file was asked about once: without signs, what is spent."""
    card = house.account("Card")
    draft = imports.receive(house.book, "card.csv", bank_csv(CARD))
    choices.choose_account(house.book, draft, imports.check(house.book, draft).groups[0].key, card)
    choices.answer(house.book, draft, "sign", "out-positive")
    assert imports.commit(house.book, draft).added == 3
    return card


def test_the_next_file_of_an_account_needs_no_question(house: House, card: int) -> None:
    shown = imports.check(house.book, imports.receive(house.book, "card-11.csv", bank_csv(NEXT)))
    assert ([g.account_id for g in shown.groups], shown.questions) == ([card], [])
    assert [line.amount for line in shown.lines] == [-1400, -3800, -1100]


def test_a_file_of_the_same_shape_from_another_account_is_asked_about(house: House, card: int) -> None:
    draft = imports.receive(house.book, "savings.csv", bank_csv(SAVINGS))
    shown = imports.check(house.book, draft)
    assert [q.key for q in shown.questions] == [f"account:{shown.groups[0].key}", "sign"]
    assert [o.label for o in shown.questions[0].options] == ["Card", "A new account"]
    with pytest.raises(InputNotValid):
        imports.commit(house.book, draft)
    choices.answer(house.book, draft, shown.questions[0].key, "new")
    # What a card's file meant by its signs is nothing to this one.
    assert [q.key for q in imports.check(house.book, draft).questions] == ["sign"]
    choices.answer(house.book, draft, "sign", "out-negative")
    imports.commit(house.book, draft)
    assert {a.name: a.balance for a in accounts.all_accounts(house.book)} == {"Card": -8300, "Savings": 20610}
    # Both are known from now on, each with its own sign.
    again = imports.check(house.book, imports.receive(house.book, "s.csv", bank_csv([*SAVINGS, ("2026-09-29", "Interest", "2.00")])))
    assert ([g.name for g in again.groups], again.questions, again.lines[-1].amount) == (["Savings"], [], 200)
    assert imports.check(house.book, imports.receive(house.book, "c.csv", bank_csv(NEXT))).groups[0].account_id == card


def test_an_answer_of_the_account_brings_its_other_answers_with_it(house: House, card: int) -> None:
    draft = imports.receive(house.book, "holiday.csv", bank_csv([("2026-09-02", "Hotel", "90.00"), ("2026-09-03", "Museum", "8.00")]))
    asked = imports.check(house.book, draft).questions[0]
    choices.answer(house.book, draft, asked.key, str(card))
    shown = imports.check(house.book, draft)
    assert (shown.questions, [line.amount for line in shown.lines]) == ([], [-9000, -800])


def test_days_that_both_files_hold_with_other_amounts_are_another_accounts_whatever_the_payees(house: House, card: int) -> None:
    more = [("2026-08-02", "Grocer", "7.00"), *[(f"2026-08-{day:02}", "Petrol", f"{day}.00") for day in range(3, 22)]]
    house.account("Other")
    shown = imports.check(house.book, imports.receive(house.book, "other.csv", bank_csv([("2026-08-01", "Bookshop", "1.00"), *more])))
    assert shown.questions[0].key.startswith("account:")


def test_the_command_line_takes_no_other_files_answers_either(house: House, card: int) -> None:
    with pytest.raises(QuestionOpen) as asked:
        imports.import_file(house.book, "savings.csv", bank_csv(SAVINGS))
    assert asked.value.field == "sign"
    assert imports.import_file(house.book, "card-11.csv", bank_csv(NEXT)).added == 3
    house.account("Other")
    with pytest.raises(QuestionOpen) as asked_again:
        imports.import_file(house.book, "savings.csv", bank_csv(SAVINGS))
    assert asked_again.value.field == "account"
    later = bank_csv([("2026-10-02", "Grocer", "15.00"), ("2026-10-03", "Petrol", "30.00")])
    assert imports.import_file(house.book, "card-12.csv", later).added == 2
    assert next(a for a in accounts.all_accounts(house.book) if a.name == "Card").balance == -8300 - 6300 - 4500


def two_accounts(*amounts: str) -> bytes:
    parts = [
        f"<STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>{number}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>"
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260902<TRNAMT>{amount}<FITID>{number}1<NAME>Shop</STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS>"
        for number, amount in zip(("11112222", "33334444"), amounts, strict=True)
    ]
    return ("OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1>" + "".join(parts) + "</BANKMSGSRSV1></OFX>").encode()


@pytest.mark.parametrize("way", ["web", "command line"])
def test_two_accounts_of_a_file_do_not_both_go_into_the_only_one(house: House, way: str) -> None:
    house.account("Current")
    data = two_accounts("-5.00", "-6.00")
    if way == "web":
        house.take_in(data, "all.ofx")
    else:
        imports.import_file(house.book, "all.ofx", data)
    found = {a.name: (a.balance, a.number) for a in accounts.all_accounts(house.book)}
    assert found == {"Current": (0, ""), "Account 2222": (-500, "11112222"), "Account 4444": (-600, "33334444")}


def test_an_account_that_takes_both_gets_the_number_of_neither(house: House) -> None:
    house.account("Current")
    imports.import_file(house.book, "all.ofx", two_accounts("-5.00", "-6.00"), order("Current"))
    assert [(a.balance, a.number) for a in accounts.all_accounts(house.book)] == [(-1100, "")]
