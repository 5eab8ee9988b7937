"""Categories of new rows: rules before history before words; learned at once, forgotten on undo, never from another book."""

from __future__ import annotations

from dashboard.services import changes, imports, rules, suggesting, transactions
from dashboard.services.suggesting import Idea
from tests.ways import House, bank_csv, own_csv

NEW = [("2026-11-03", "ZORBAN #1234", "-4.20"), ("2026-11-04", "ZORBAN #0456", "-4.20"), ("2026-11-05", "REWE 4321", "-30.00")]


def idea(house: House, payee: str, amount: int = -420) -> Idea | None:
    """Return what would be suggested for a payee now."""
    with house.book.reading() as db:
        return suggesting.ideas(db, house.book).of(payee, payee, amount, None)


def test_new_rows_get_a_likely_category_and_their_payee_a_name(house: House) -> None:
    house.take_in(bank_csv(NEW))
    rows = house.rows()
    assert [row["payee"] for row in rows] == ["ZORBAN", "ZORBAN", "REWE"]
    assert [row["text"] for row in rows] == ["ZORBAN #1234", "ZORBAN #0456", "REWE 4321"]
    assert [row["category_id"] for row in rows] == [None, None, house.category("Groceries")]
    assert [row["guess"] for row in rows] == [None, None, 2]


def test_a_correction_is_learned_at_once_and_forgotten_on_undo(house: House) -> None:
    house.take_in(bank_csv(NEW))
    assert idea(house, "ZORBAN #999") is None
    done = transactions.set_category(house.book, [house.rows()[0]["id"]], house.category("Pets"))
    learned = idea(house, "ZORBAN #999")
    assert learned is not None
    assert (learned.category, learned.why) == ("Pets", "seen once")
    changes.undo(house.book, done.revision)
    assert idea(house, "ZORBAN #999") is None


def test_our_own_guesses_teach_nothing_until_a_person_has_seen_them(house: House) -> None:
    house.take_in(bank_csv(NEW))
    before = idea(house, "REWE 99")
    assert before is not None
    assert "by its words" in before.why
    transactions.review(house.book, [house.rows()[2]["id"]])
    after = idea(house, "REWE 99")
    assert after is not None
    assert after.why == "seen once"


def test_one_book_never_learns_from_another(house: House, other_house: House) -> None:
    other_house.take_in(own_csv([("2026-11-01", "ZORBAN", "", "Pets", "Card", "-1.00", "EUR", "")] * 5))
    assert idea(house, "ZORBAN") is None
    learned = idea(other_house, "ZORBAN")
    assert learned is not None
    assert learned.is_sure


def test_a_rule_comes_before_everything_else(house: House) -> None:
    rules.save(house.book, None, None, contains="rewe", category_id=house.category("Gifts"))
    found = idea(house, "REWE 4321")
    assert found is not None
    assert (found.category, found.is_sure) == ("Gifts", True)
    house.take_in(bank_csv(NEW))
    assert house.rows()[2]["category_id"] == house.category("Gifts")


def test_a_file_with_categories_of_the_books_own_names_is_believed(house: House) -> None:
    head = "Date,Description,Category,Amount"
    house.take_in(b"\n".join([head.encode(), b"2026-11-03,ZORBAN,Pets,-4.20", b"2026-11-04,ZORBAN,Unknown,-4.20"]))
    assert next((row["category_id"], row["guess"]) for row in house.rows()) == (house.category("Pets"), None)


def test_inspecting_for_a_person_says_category_sure_and_why(house: House) -> None:
    from dashboard import statements

    house.take_in(own_csv([("2026-11-01", "ZORBAN", "", "Pets", "Card", "-1.00", "EUR", "")] * 5))
    found = suggesting.for_rows(house.book, statements.read(bank_csv(NEW)).rows)
    assert [(i.category, i.is_sure) if i else None for i in found] == [("Pets", True), ("Pets", True), ("Groceries", False)]
    assert imports.import_file(house.book, "new.csv", bank_csv(NEW)).added == 3
