"""What is typed, imported and brought back has the same limits and the same letters; a number in a file makes no work."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import event

from dashboard import bounds
from dashboard.bounds import cleaned
from dashboard.errors import InputNotValid, StatementNotReadable, UndoRefused
from dashboard.services import accounts, categories, history, imports, rules, transactions
from dashboard.services.books import Book
from dashboard.services.portable import book as whole_book
from tests.ways import House, order, own_csv

# A new line, a bell, an escape, a text turned round, a frame of another direction, two ends of lines.
UNFIT = "A\nb\x07c \x1b[31m\u202eevil\u202c \u2066x\u2069\u2028y"
CLEAN = "A b c [31m\ufffdevil x y"


def exported(house: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(whole_book.dump(house.book))
    return found


def table(document: dict[str, Any], name: str) -> tuple[list[str], list[list[Any]]]:
    held = document["tables"][name]
    return held["columns"], held["rows"]


def brought_back(book: Book, document: dict[str, Any]) -> None:
    whole_book.load(book, json.dumps(document).encode())


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_change_that_claims_all_ids_there_are_costs_no_more_than_it_says(house: House, other_house: House) -> None:
    house.add(house.account(), "2026-11-02", "-5")
    document = exported(house)
    last, next_id = 2**52 - 2, 2**52 - 1
    document["book"]["next_id"] = next_id
    claim = {"t": "transaction", "op": "insert", "ids": [[1_000_000, last]]}
    document["book"]["revision"] += 2
    for n in (1, 0):
        entry = document["journal"][-1] | {"revision": document["book"]["revision"] - n, "steps": [claim, claim] if n else [claim]}
        document["journal"].append(entry)
    brought_back(other_house.book, document)
    found, _ = history.history(other_house.book)
    assert [e.count for e in found[:2]] == [last - 999_999, 2 * (last - 999_999)]
    assert [len(e.rows) for e in found[:2]] == [history.SHOWN, history.SHOWN]
    with pytest.raises(UndoRefused):
        history.undo(other_house.book, found[0].revision)
    # And the book goes on.
    other_house.add(other_house.rows()[0]["account_id"], "2026-11-03", "-6")


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("place", "number"), [("next_id", 2**53 - 1), ("revision", 2**53 - 1)])
def test_a_book_that_could_not_go_on_is_not_taken(house: House, other_house: House, place: str, number: int) -> None:
    document = exported(house)
    document["book"][place] = number
    with pytest.raises(StatementNotReadable, match=f"the book, {place}, is out of range"):
        brought_back(other_house.book, document)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("noun", ["account", "category", "rule", "value"])
def test_as_many_as_a_page_bears_come_in_by_every_door(
    house: House, other_house: House, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = house.account()
    accounts.revalue(house.book, account, "100", "2026-11-01")
    rules.save(house.book, None, None, rules.RuleForm(contains="shop", category_id=house.category("Pets")))
    document = exported(house)
    _, rows = table(document, noun)
    monkeypatch.setitem(bounds.MOST, noun, len(rows) - 1)
    with pytest.raises(StatementNotReadable, match=f"table {noun} has more than {len(rows) - 1} rows"):
        brought_back(other_house.book, document)
    monkeypatch.setitem(bounds.MOST, noun, len(rows))
    brought_back(other_house.book, document)
    before = exported(house)["tables"]

    def typed() -> None:
        if noun == "account":
            house.account("One more")
        elif noun == "category":
            form = categories.CategoryForm(name="One more", group="Other", kind="expense", icon="tag", slot="1")
            categories.save(house.book, None, None, form)
        elif noun == "value":
            accounts.revalue(house.book, account, "100", "2026-11-02")
        else:
            rules.save(house.book, None, None, rules.RuleForm(contains="more", category_id=house.category("Pets")))

    with pytest.raises(InputNotValid, match=f"at most {len(rows)} "):
        typed()
    if noun in ("account", "category"):
        lines = [("2026-11-05", "Shop", "", "Never seen", place, "-1.00", "EUR", "") for place in ("Current", "Other place")]
        with pytest.raises(InputNotValid, match=f"at most {len(rows)} "):
            house.take_in(own_csv(lines))
    assert exported(house)["tables"] == before


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_transaction_has_as_many_parts_as_one_can_type(house: House, other_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = house.add(house.account(), "2026-11-02", "-9")
    house.split(row, [("Pets", -400), ("Gifts", -300), ("Health", -200)])
    document = exported(house)
    monkeypatch.setattr("dashboard.services.portable.checks.MOST_PARTS", 2)
    with pytest.raises(StatementNotReadable, match="more than 2 parts"):
        brought_back(other_house.book, document)
    assert transactions.MOST_PARTS == bounds.MOST_PARTS


@pytest.mark.parametrize("kind", ["sqlite"])
def test_no_two_of_a_name_come_back(house: House, other_house: House) -> None:
    house.account("Current")
    house.account("Savings")
    document = exported(house)
    columns, rows = table(document, "account")
    rows[1][columns.index("name")] = "CURRENT\x07"
    with pytest.raises(StatementNotReadable, match="is there twice"):
        brought_back(other_house.book, document)


def test_one_way_of_cleaning() -> None:
    assert cleaned(UNFIT) == CLEAN
    assert cleaned(CLEAN) == CLEAN
    # What joins letters and shows a direction stays: Persian words and families of emoji are made of them.
    for text in ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u200fabc"):
        assert cleaned(text) == text


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_door_cleans_alike(house: House, other_house: House) -> None:
    accounts.save(house.book, None, None, accounts.AccountForm(name=UNFIT, kind="checking", currency="EUR", opening=""))
    typed = house.add(accounts.all_accounts(house.book)[0].id, "2026-11-02", "-5", UNFIT)
    house.edit(typed, note=UNFIT)
    house.take_in(own_csv([("2026-11-05", UNFIT, UNFIT, UNFIT, UNFIT, "-1.00", "EUR", UNFIT)]))
    for row in house.rows():
        assert {row["payee"], row["text"] or CLEAN, row["note"] or CLEAN} == {CLEAN}
    assert CLEAN in {c.name for c in categories.all_categories(house.book)}
    assert {a.name for a in accounts.all_accounts(house.book)} == {CLEAN}
    rules.save(house.book, None, None, rules.RuleForm(contains="abc", category_id=house.category("Pets")))
    clean = exported(house)
    dirty = json.loads(json.dumps(clean, ensure_ascii=False).replace(json.dumps(CLEAN, ensure_ascii=False), json.dumps(UNFIT)))
    columns, rows = table(dirty, "rule")
    rows[0][columns.index("conditions")] = json.dumps({"contains": "abc\x07"})
    assert dirty != clean
    brought_back(other_house.book, dirty)
    back = exported(other_house)
    assert back["tables"] == clean["tables"]
    assert back["journal"] == clean["journal"]


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("Bakery", "Bakery\x07"), ["Bakery"]),
        (("Bakery", "bakery "), ["Bakery"]),
        (("b" * 80 + "1", "b" * 80 + "2"), ["b" * 80]),
        (("\u0130zmir", "i\u0307zmir"), ["\u0130zmir"]),
        (("Groceries\x07", "groceries"), []),
        (("Transfer\x07", "uncategorised"), []),
        (("\x07", "\u200b"), []),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
def test_names_of_a_file_that_are_one_in_a_book_make_one(house: House, other_house: House, names: tuple[str, str], kept: list[str]) -> None:
    before = [c.name for c in categories.all_categories(house.book)]
    data = own_csv([(f"2026-11-0{n}", "Shop", "", name, name, f"-{n}.00", "EUR", "") for n, name in enumerate(names, 1)])
    house.take_in(data)
    assert [c.name for c in categories.all_categories(house.book)][len(before) :] == kept
    assert len(accounts.all_accounts(house.book)) == (2 if "uncategorised" in names else 1)
    assert house.fates(imports.receive(house.book, "again.csv", data)) == ["duplicate", "duplicate"]
    document = exported(house)
    brought_back(other_house.book, document)
    assert exported(other_house)["tables"] == document["tables"]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("noun", ["account", "category"])
def test_a_file_that_names_too_many_is_refused_before_anything_is_done_for_each(
    house: House, noun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        pytest.fail("a row was made for a name that has no room")

    names = [(f"Name {n}", "Current") if noun == "category" else ("", f"Name {n}") for n in range(600)]
    data = own_csv([("2026-11-05", "Shop", "", label, place, "-1.00", "EUR", "") for label, place in names])
    draft = imports.receive(house.book, "many.csv", data)
    monkeypatch.setattr("dashboard.model.writing.Writer.insert_many", never)
    with pytest.raises(InputNotValid, match="at most 500 "):
        imports.commit(house.book, draft)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_accounts_are_looked_at_together_however_many_a_file_names(house: House) -> None:
    lines = [(f"2026-11-0{n}", f"Shop {n}", "", "", "Current", f"-{n}.00", "EUR", "") for n in range(1, 6)]
    house.take_in(own_csv(lines))
    for n in range(20):
        house.account(f"Beside {n}")
    asked: list[str] = []

    def note(_connection: Any, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(house.book.engine, "before_cursor_execute", note)
    other = own_csv([("2026-10-05", f"P {n}", "", "", f"Other {n % 10}", f"-{n}.50", "EUR", "") for n in range(40)])
    imports.check(house.book, imports.receive(house.book, "other.csv", other))
    event.remove(house.book.engine, "before_cursor_execute", note)
    assert len(asked) < 10 * 10, "so many questions a group, not so many a group and account"
    # And an account that was renamed is still known by what is in it.
    account = next(a for a in accounts.all_accounts(house.book) if a.name == "Current")
    form = accounts.AccountForm(name="Daily", kind="checking", currency="EUR", opening="", opened="2000-01-01")
    accounts.save(house.book, account.id, account.revision, form)
    assert set(house.fates(imports.receive(house.book, "again.csv", own_csv(lines)))) == {"duplicate"}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("unseen", ["\u200b", "\u3164", "\u2800 \u00ad", "\ufeff\u200f", "\ufe0f\u034f", "\U000e0041"])
def test_what_cannot_be_seen_is_no_name(house: House, other_house: House, unseen: str) -> None:
    for typed in (
        lambda: house.account(unseen),
        lambda: categories.save(house.book, None, None, categories.CategoryForm(name=unseen, group="Other", kind="expense", icon="tag")),
        lambda: categories.save(house.book, None, None, categories.CategoryForm(name="New", group=unseen, kind="expense", icon="tag")),
        lambda: house.add(house.account(), "2026-11-02", "-5", unseen),
        lambda: rules.save(house.book, None, None, rules.RuleForm(contains=unseen, category_id=house.category("Pets"))),
        lambda: imports.import_file(house.book, "a.csv", own_csv([]) + b"2026-11-05,Shop,,,,-1.00,EUR,\r\n", order(unseen)),
    ):
        with pytest.raises(InputNotValid):
            typed()
    house.take_in(own_csv([("2026-11-05", unseen, unseen, unseen, unseen, "-1.00", "EUR", unseen)]), f"{unseen}.csv")
    (row,) = house.rows()
    assert (row["payee"], row["text"], row["note"], row["category_id"]) == ("\u2013", "", "", None)
    document = exported(house)
    columns, rows = table(document, "transaction")
    rows[0][columns.index("payee")] = unseen
    brought_back(other_house.book, document)
    assert other_house.rows()[0]["payee"] == "\u2013", "books of before this have such payees"


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("word", categories.RESERVED)
def test_no_door_makes_a_category_that_means_there_is_none(house: House, word: str) -> None:
    row = house.add(house.account(), "2026-11-02", "-5")
    with pytest.raises(InputNotValid, match="means that there is no category"):
        transactions.set_category(house.book, [row], None, new=f"{word.upper()}\x07")


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_file_is_still_known_by_words_that_were_cleaned_when_it_came(house: House) -> None:
    data = own_csv([("2026-11-05", UNFIT, UNFIT, "", "Current", "-1.00", "EUR", "")])
    house.take_in(data)
    assert house.fates(imports.receive(house.book, "again.csv", data)) == ["duplicate"]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("noun", ["account", "category", "transaction", "split", "budget", "rule", "value", "import", "dismissed", "pair"])
def test_a_deletion_that_came_with_half_of_its_columns_is_listed(house: House, other_house: House, noun: str) -> None:
    house.add(house.account(), "2026-11-02", "-5")
    document = exported(house)
    document["book"]["revision"] += 1
    step = {"t": noun, "op": "delete", "cols": [], "before": [[1, 1]]}
    document["journal"].append(document["journal"][-1] | {"revision": document["book"]["revision"], "steps": [step]})
    brought_back(other_house.book, document)
    found, _ = history.history(other_house.book)
    assert found[0].count == 1
    with pytest.raises(UndoRefused):
        history.undo(other_house.book, found[0].revision)
