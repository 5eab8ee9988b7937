"""Categories of new rows: rules before history before words; learned at once, forgotten on undo, never from another book."""

from __future__ import annotations

import pytest

from dashboard.analysis.ideas import Idea
from dashboard.model.imports import rule as table
from dashboard.model.queries import learning
from dashboard.services import history, imports, rules, transactions
from dashboard.services.imports import receipts
from tests.ways import House, bank_csv, own_csv

NEW = [("2026-11-03", "ZORBAN #1234", "-4.20"), ("2026-11-04", "ZORBAN #0456", "-4.20"), ("2026-11-05", "REWE 4321", "-30.00")]


def idea(house: House, payee: str, amount: int = -420) -> Idea | None:
    """Return what would be suggested for a payee now."""
    with house.book.reading() as db:
        return rules.ideas(db, house.book).of(payee, payee, amount, None)


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
    history.undo(house.book, done.revision)
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
    rules.save(house.book, None, None, rules.RuleForm(contains="rewe", category_id=house.category("Gifts")))
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
    found = rules.ideas_for(house.book, statements.read(bank_csv(NEW)).rows)
    assert [(i.category, i.is_sure) if i else None for i in found] == [("Pets", True), ("Pets", True), ("Groceries", False)]
    assert imports.import_file(house.book, "new.csv", bank_csv(NEW)).added == 3


def test_a_note_on_an_old_row_is_no_correction(house: House) -> None:
    house.take_in(bank_csv([*NEW, ("2026-11-06", "ZORBAN #7", "-4.20")]))
    first, second, _, third = [row["id"] for row in house.rows()]
    transactions.set_category(house.book, [first], house.category("Gifts"))
    last = transactions.set_category(house.book, [second, third], house.category("Pets"))
    transactions.add_note(house.book, [first], "for Ann")
    transactions.edit(house.book, first, house.rows()[0]["revision"], "category", house.category("Gifts"))
    learned = idea(house, "ZORBAN #999")
    assert learned is not None
    assert learned.category == "Pets"
    done = transactions.set_category(house.book, [first], house.category("Gifts"))
    learned = idea(house, "ZORBAN #999")
    assert learned is not None
    assert learned.category == "Gifts"
    history.undo(house.book, done.revision)
    learned = idea(house, "ZORBAN #999")
    assert learned is not None
    assert learned.category == "Pets"
    assert last.revision < done.revision


def test_what_was_said_last_is_learned_however_many_payees_there_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.take_in(
        own_csv([("2026-11-01", f"Shop{word}", "", "Gifts", "Card", "-1.00", "EUR", "") for word in ("a", "b", "c") for _ in "12"])
    )
    monkeypatch.setattr(learning, "MOST", 3)
    assert idea(house, "Zorban") is None
    house.add(house.rows()[0]["account_id"], "2026-11-03", "-4.20", "Zorban", "Pets")
    learned = idea(house, "Zorban")
    assert learned is not None
    assert learned.category == "Pets"


def test_a_rule_that_takes_too_long_is_named_and_the_rest_goes_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rules.save(house.book, None, None, rules.RuleForm(pattern="(a|aa)+$", category_id=house.category("Gifts")))
    rows = [*NEW, ("2026-11-06", "a" * 400 + "!", "-1.00")]
    monkeypatch.setattr("dashboard.analysis.rules.ALL", 0.0)
    monkeypatch.setattr("dashboard.analysis.rules.MORE", 0.0)
    shown = imports.check(house.book, imports.receive(house.book, "november.csv", bank_csv(rows)))
    assert [line.line in shown.ideas for line in shown.lines] == [False, False, True, False]
    said = "The rule for \u201c(a|aa)+$\u201d takes too long and was left out: say its pattern more simply"
    assert shown.slow_rules == said
    done = imports.commit(house.book, shown.draft_id)
    assert (done.added, done.rules, receipts.receipt_of(house.book, done.import_ids[0]).rules) == (4, said, said)
    history.undo(house.book, done.revision)
    assert house.rows() == []


def test_a_rule_whose_pattern_is_not_understood_any_more_is_named(house: House) -> None:
    conditions = ('{"pattern": "(?=a)"}', '{"contains": "none", "pattern": "("}')
    with house.book.writing("from an older version") as w:
        w.insert(table, [{"position": 0, "category_id": house.category("Pets"), "conditions": c} for c in conditions])
    shown = imports.check(house.book, imports.receive(house.book, "november.csv", bank_csv(NEW)))
    assert shown.slow_rules == (
        "The rules for \u201c(?=a)\u201d, \u201cnone\u201d have a pattern that cannot be used and were left out: say them more simply"
    )
    assert imports.commit(house.book, shown.draft_id).rules == shown.slow_rules
