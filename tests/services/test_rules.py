"""Rules: tried on the history, saved with what they change, ordered, deleted; each change can be undone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import bounds
from dashboard.analysis.rules import Rule
from dashboard.errors import ChangedMeanwhile, InputNotValid, NotFound, StatementNotReadable
from dashboard.model.imports import rule as table
from dashboard.model.transactions import transaction
from dashboard.services import accounts, categories, history, rules, transfers
from dashboard.services.books import Book, Done
from dashboard.services.portable import book as whole_book
from dashboard.services.rules import all_rules, preview
from tests.ways import House, snapshot


def add(house: House, category: str = "Groceries", *, apply: bool = False, seen: object = None, **conditions: object) -> Done:
    return rules.save(house.book, None, None, rules.RuleForm(category_id=house.category(category), **conditions), apply=apply, seen=seen)


def order(book: Book) -> list[str]:
    return [r.contains for r in all_rules(book).rules]


def only(book: Book) -> Rule:
    (one,) = all_rules(book).rules
    return one


@pytest.fixture
def shops(house: House) -> dict[str, int]:
    """A little history: what is there by name."""
    current, card = house.account(), house.account("Card")
    both = house.add(current, "2026-11-05", "-90", "Spar fair")
    house.split(both, [("Groceries", -4000), ("Gifts", -5000)])
    found = {
        "current": current,
        "card": card,
        "old": house.add(current, "2024-03-01", "-10", "SPAR Wien", "Gifts"),
        "plain": house.add(card, "2026-11-02", "-20", "Spar\u00e9 Graz"),
        "right": house.add(current, "2026-11-03", "-30", "spar", "Groceries"),
        "refund": house.add(current, "2026-11-04", "5", "Spar refund", "Gifts"),
        "split": both,
        "moved": house.add(current, "2026-11-06", "-50", "Spar savings"),
        "other": house.add(current, "2026-11-07", "-7", "Billa", "Gifts"),
    }
    transfers.mark(house.book, [found["moved"]])
    return found


def test_a_preview_says_what_would_change_and_what_is_left_alone(house: House, shops: dict[str, int]) -> None:
    before = snapshot(house.book)
    shown = preview(house.book, None, rules.RuleForm(contains="spar", category_id=house.category("Groceries")))
    assert (shown.matched, shown.changing, shown.transfers, shown.splits, shown.earlier) == (6, 3, 1, 1, 0)
    # Without the transfer; the split one counts whole.
    assert shown.sums == {"EUR": -1000 - 2000 - 3000 + 500 - 9000}
    assert [(s.id, s.fate) for s in shown.rows] == [
        (shops["refund"], "change"),
        (shops["plain"], "change"),
        (shops["old"], "change"),
        (shops["moved"], "transfer"),
        (shops["split"], "split"),
        (shops["right"], "same"),
    ]
    assert (shown.rows[0].category, shown.rows[1].category, shown.category) == ("Gifts", "", "Groceries")
    assert str(shown.rows[2].date) == "2024-03-01"
    assert preview(house.book, "", rules.RuleForm(contains="spar")).changing == 0
    assert snapshot(house.book) == before


def test_each_condition_narrows(house: House, shops: dict[str, int]) -> None:
    def found(**conditions: object) -> int:
        return preview(house.book, None, rules.RuleForm(**conditions)).matched

    assert found(contains="spar", direction="out") == 5
    assert found(contains="spar", direction="in") == 1
    assert found(contains="spar", least="10", most="30") == 3
    assert found(contains="spar", account_id=shops["card"]) == 1
    assert found(account_id=str(shops["card"])) == 1
    assert found(pattern="^(spar|billa)$") == 2
    assert found(most="7") == 2


def test_applying_changes_what_was_promised_and_one_undo_takes_both_back(house: House, shops: dict[str, int]) -> None:
    before = snapshot(house.book)
    done = add(house, contains="Spar", apply=True, seen="3")
    assert done.message == "Rule for \u201cSpar\u201d \u2192 Groceries added, 3 transactions changed"
    now = {row["id"]: row for row in snapshot(house.book)["transaction"]}
    was = {row["id"]: row for row in before["transaction"]}
    groceries = house.category("Groceries")
    changed = {i for i in now if now[i] != was[i]}
    assert changed == {shops["old"], shops["plain"], shops["refund"]}
    for i in changed:
        same = {"category_id": None, "revision": 0, "decided": 0}
        assert now[i] | same == was[i] | same
        assert (now[i]["category_id"], now[i]["decided"]) == (groceries, done.revision)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_what_was_to_be_reviewed_still_is(house: House, shops: dict[str, int]) -> None:
    with house.book.writing("unseen") as w:
        w.update(transaction, [shops["plain"]], reviewed=False)
    add(house, contains="spar", apply=True)
    assert (house.row(shops["plain"])["reviewed"], house.row(shops["old"])["reviewed"]) == (False, True)


def test_without_applying_nothing_is_changed(house: House, shops: dict[str, int]) -> None:
    before = snapshot(house.book)
    assert add(house, contains="spar").message == "Rule for \u201cspar\u201d \u2192 Groceries added"
    assert snapshot(house.book)["transaction"] == before["transaction"]


def test_another_number_than_the_person_saw_is_not_changed_unseen(house: House, shops: dict[str, int]) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid, match="3 transactions would change: look") as refused:
        add(house, contains="spar", apply=True, seen="2")
    assert refused.value.field == "apply"
    assert snapshot(house.book) == before


def test_an_earlier_rule_keeps_what_is_its(house: House, shops: dict[str, int]) -> None:
    add(house, "Gifts", contains="spar", least="10")
    shown = preview(house.book, None, rules.RuleForm(contains="spar", category_id=house.category("Groceries")))
    assert (shown.matched, shown.changing, shown.earlier) == (6, 1, 3)
    assert {s.by for s in shown.rows if s.fate == "earlier"} == {"\u201cspar\u201d"}
    made = add(house, contains="spar", apply=True, seen="1")
    assert house.row(shops["old"])["category_id"] == house.category("Gifts")
    assert house.row(shops["refund"])["category_id"] == house.category("Groceries")
    rules.move(house.book, made.created, True)
    moved = next(r for r in all_rules(house.book).rules if r.id == made.created)
    assert preview(house.book, moved.id, rules.RuleForm(contains="spar", category_id=moved.category_id)).changing == 2


def test_a_rule_is_changed_and_an_open_form_of_it_is_told(house: House, shops: dict[str, int]) -> None:
    add(house, contains="spar")
    seen = only(house.book)
    done = rules.save(house.book, seen.id, seen.revision, rules.RuleForm(contains="Billa", category_id=house.category("Pets")), apply=True)
    assert done.message == "Rule for \u201cBilla\u201d \u2192 Pets changed, 1 transaction changed"
    now = only(house.book)
    assert (now.id, now.contains, now.category_id, now.position) == (seen.id, "Billa", house.category("Pets"), seen.position)
    with pytest.raises(ChangedMeanwhile):
        rules.save(house.book, seen.id, seen.revision, rules.RuleForm(contains="x", category_id=house.category("Pets")))
    again = rules.save(house.book, now.id, now.revision, rules.RuleForm(contains="Billa", category_id=house.category("Pets")), apply=True)
    assert (again.revision, again.message) == (0, "Nothing changed")


@pytest.mark.parametrize(
    ("conditions", "field", "words"),
    [
        ({}, "contains", "something to look for"),
        ({"contains": "  "}, "contains", "something to look for"),
        ({"least": "0"}, "contains", "something to look for"),
        ({"contains": "\u0301"}, "contains", "letters or digits"),
        ({"contains": "x" * 201}, "contains", "longer than 200"),
        ({"contains": 5}, "contains", "not text"),
        ({"pattern": "("}, "pattern", "cannot be used"),
        ({"pattern": "(?:(?:a{1000}){1000}){1000}"}, "pattern", "too large"),
        ({"pattern": r"(a)\1"}, "pattern", "back-references"),
        ({"pattern": "x" * 201}, "pattern", "at most 200"),
        ({"pattern": "a\nb"}, "pattern", "one line"),
        ({"pattern": ["a"]}, "pattern", "one line"),
        ({"least": "ten"}, "least", "not an amount"),
        ({"least": "-5"}, "least", "without a sign"),
        ({"most": "+5"}, "most", "without a sign"),
        ({"least": "6", "most": "5.99"}, "most", "less than"),
        ({"least": 5}, "least", "Type an amount"),
        ({"contains": "a", "direction": "up"}, "direction", "Choose"),
        ({"contains": "a", "category_id": None}, "category", "Choose a category"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(house: House, conditions: dict[str, Any], field: str, words: str) -> None:
    before = snapshot(house.book)
    with pytest.raises(InputNotValid, match=words) as refused:
        rules.save(house.book, None, None, rules.RuleForm(**({"category_id": house.category("Pets")} | conditions)))
    assert refused.value.field == field
    if field != "category":
        with pytest.raises(InputNotValid, match=words):
            preview(house.book, None, rules.RuleForm(**conditions))
    assert snapshot(house.book) == before


def test_a_pattern_too_slow_for_this_history_is_not_saved(house: House, shops: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    house.add(shops["current"], "2026-11-08", "-1", "a" * 400 + "!")
    # Whatever a pattern costs, a run has no more time than this.
    monkeypatch.setattr("dashboard.analysis.rules.ALL", 0.0)
    monkeypatch.setattr("dashboard.analysis.rules.MORE", 0.0)
    with pytest.raises(InputNotValid, match="takes too long"):
        preview(house.book, None, rules.RuleForm(pattern="(a|aa)+$"))
    with pytest.raises(InputNotValid, match="takes too long"):
        add(house, pattern="(a|aa)+$")
    with house.book.writing("from elsewhere") as w:
        w.insert(table, [{"position": 0, "category_id": house.category("Pets"), "conditions": '{"pattern": "(a|aa)+$"}'}])
    with pytest.raises(InputNotValid, match="before this one takes too long"):
        preview(house.book, None, rules.RuleForm(contains="a", category_id=house.category("Pets")))


def test_the_same_rule_twice_and_too_many_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    add(house, contains="Caf\u00e9", direction="out")
    with pytest.raises(InputNotValid, match="exactly these conditions"):
        add(house, "Pets", contains="cafe", direction="out")
    add(house, "Pets", contains="cafe")
    monkeypatch.setitem(bounds.MOST, "rule", 2)
    with pytest.raises(InputNotValid, match="at most 2 rules: delete one"):
        add(house, contains="more")


def test_what_belongs_to_others_is_not_found(house: House, other_house: House) -> None:
    mine, theirs = add(house, contains="spar").created, other_house.account("Theirs")
    there = rules.save(other_house.book, None, None, rules.RuleForm(contains="x", category_id=other_house.category("Pets"))).created
    categories.save(other_house.book, None, None, categories.CategoryForm(name="Secret", group="Own", kind="expense", icon="star"))
    secret, before = other_house.category("Secret"), snapshot(house.book)
    for wrong in ({"account_id": theirs}, {"category_id": secret}, {"category_id": 10**12}, {"account_id": "x"}):
        for ask in (
            lambda **kw: preview(house.book, None, rules.RuleForm(**kw)),
            lambda **kw: rules.save(house.book, None, None, rules.RuleForm(**kw)),
        ):
            with pytest.raises(NotFound):
                ask(**({"contains": "a", "category_id": house.category("Pets")} | wrong))
    for gone in (there + 10**6, 0, -1, None, "x"):
        for do in (lambda i: rules.delete(house.book, i), lambda i: rules.move(house.book, i, True)):
            with pytest.raises(NotFound):
                do(gone)
    with pytest.raises(NotFound):
        preview(house.book, mine + 10**6, rules.RuleForm(contains="a"))
    assert snapshot(house.book) == before


def test_rules_are_moved_and_deleted_and_put_back(house: House) -> None:
    ids = [add(house, contains=name).created for name in "abc"]
    with pytest.raises(InputNotValid, match="is the first already"):
        rules.move(house.book, ids[0], True)
    with pytest.raises(InputNotValid, match="is the last already"):
        rules.move(house.book, ids[2], False)
    before = snapshot(house.book)
    done = rules.move(house.book, ids[2], True)
    assert (order(house.book), done.message) == (["a", "c", "b"], "Rule for \u201cc\u201d moved up")
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    gone = rules.delete(house.book, ids[0])
    assert (order(house.book), gone.message) == (["b", "c"], "Rule for \u201ca\u201d deleted")
    add(house, contains="d")
    history.undo(house.book, gone.revision)
    assert order(house.book) == ["a", "b", "c", "d"]
    # Two on one position, as they may come from elsewhere, are told apart by a move.
    with house.book.writing("same") as w:
        w.update(table, ids, position=1)
    rules.move(house.book, ids[2], True)
    assert order(house.book)[:3] == ["a", "c", "b"]


def test_what_rests_is_left_out_and_says_why(house: House, shops: dict[str, int]) -> None:
    spare = house.account("Spare")
    add(house, "Pets", contains="spar", apply=False)
    add(house, "Gifts", account_id=spare)
    broken = [
        {"position": 8, "category_id": None, "conditions": '{"contains": "a"}'},
        {"position": 9, "category_id": house.category("Pets"), "conditions": '{"pattern": "("}'},
        {"position": 9, "category_id": house.category("Gifts"), "conditions": '{"pattern": "("}'},
        {"position": 9, "category_id": house.category("Gifts"), "conditions": "nonsense"},
    ]
    with house.book.writing("elsewhere") as w:
        w.insert(table, broken)
    done = categories.archive(house.book, house.category("Pets"), True)
    assert done.message == "\u201cPets\u201d archived, 2 rules rest meanwhile"
    accounts.delete(house.book, spare)
    sheet = all_rules(house.book)
    assert [sheet.resting.get(r.id) for r in sheet.rules] == [
        "Pets is archived",
        "Its account is gone",
        "It has no category",
        "Pets is archived",
        "Its pattern cannot be used: missing ): (",
        "It has no conditions",
    ]
    with house.book.reading() as db:
        assert rules.read_sheet(db, house.book).in_force == []
    # Those that rest keep nothing from the others.
    assert preview(house.book, None, rules.RuleForm(contains="spar", category_id=house.category("Groceries"))).earlier == 0
    with pytest.raises(InputNotValid, match="is archived") as refused:
        add(house, "Pets", contains="dog")
    assert refused.value.field == "category"
    categories.archive(house.book, house.category("Pets"), False)
    with house.book.reading() as db:
        assert [r.contains for r in rules.read_sheet(db, house.book).in_force] == ["spar"]


def test_merging_takes_rules_along_and_what_a_rule_names_is_not_deleted(house: House) -> None:
    add(house, "Pets", contains="vet")
    add(house, "Pets", contains="dog")
    with pytest.raises(InputNotValid, match="is used by 2 rules: merge"):
        categories.delete(house.book, house.category("Pets"))
    assert house.category("Pets") in categories.shelf(house.book).used
    before = snapshot(house.book)
    done = categories.merge(house.book, house.category("Pets"), house.category("Health"))
    assert done.message.endswith("0 transactions and 2 rules followed")
    assert {r.category_id for r in all_rules(house.book).rules} == {house.category("Health")}
    assert not all_rules(house.book).resting
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_the_history_tells_a_rule_in_words(house: House, shops: dict[str, int]) -> None:
    add(house, contains="spar", least="5", account_id=shops["card"], direction="out")
    seen = only(house.book)
    rules.save(house.book, seen.id, seen.revision, rules.RuleForm(pattern="^spar", category_id=house.category("Gifts")))
    rules.delete(house.book, seen.id)
    gone, changed, made = history.history(house.book)[0][:3]
    assert made.action == "Rule for \u201cspar\u201d \u2192 Groceries added"
    assert (made.rows[0].noun, made.rows[0].name, made.rows[0].currency) == ("rule", "spar", "EUR")
    assert {name: after for name, _, after in made.rows[0].fields} == {
        "category": "Groceries",
        "contains": "spar",
        "at_least": 500,
        "account": "Card",
        "direction": "out",
    }
    assert {name: (was, now) for name, was, now in changed.rows[0].fields} == {
        "category": ("Groceries", "Gifts"),
        "contains": ("spar", None),
        "pattern": (None, "^spar"),
        "at_least": (500, None),
        "account": ("Card", None),
        "direction": ("out", None),
    }
    assert (gone.rows[0].name, len(gone.rows[0].fields)) == ("^spar", 2)


def test_a_transaction_suggests_the_rule_for_its_payee(house: House, shops: dict[str, int]) -> None:
    one = rules.suggested(house.book, shops["other"])
    assert (one.id, one.contains, one.category_id) == (0, "Billa", house.category("Gifts"))
    assert rules.worth_offering(house.book, shops["other"]) == "Billa"
    for left_alone in ("plain", "split", "moved"):
        assert rules.worth_offering(house.book, shops[left_alone]) == ""
    made = add(house, "Gifts", contains="BILLA").created
    assert rules.worth_offering(house.book, shops["other"]) == "", "a rule does so already"
    house.edit(shops["other"], category_id=house.category("Pets"))
    assert rules.worth_offering(house.book, shops["other"]) == "Billa"
    again = rules.suggested(house.book, shops["other"])
    assert (again.id, again.category_id) == (made, house.category("Pets")), "the one there is is changed, not a second one made"
    with pytest.raises(NotFound):
        rules.suggested(house.book, 10**9)


def test_a_whole_book_brings_its_rules_along(house: House, other_book: Book) -> None:
    add(house, contains="spar", pattern="x|y", least="5", most="9", direction="out")
    data = whole_book.dump(house.book)
    whole_book.load(other_book, data)
    assert [r.conditions for r in all_rules(other_book).rules] == [only(house.book).conditions]


@pytest.mark.parametrize("bad", ["{}", "[]", '{"contains": 5}', '{"contains": ""}', '{"x": 1}', '{"least": 1.5}', "{"])
def test_a_whole_book_with_a_rule_that_cannot_be_is_refused(house: House, other_book: Book, bad: str) -> None:
    add(house, contains="spar")
    document = json.loads(whole_book.dump(house.book))
    rows = document["tables"]["rule"]
    rows["rows"][0][rows["columns"].index("conditions")] = bad
    before = snapshot(other_book)
    with pytest.raises(StatementNotReadable, match="table rule, row 1, conditions,"):
        whole_book.load(other_book, json.dumps(document).encode())
    assert snapshot(other_book) == before


def test_a_whole_book_with_more_rules_than_anybody_makes_is_refused(house: House, other_book: Book) -> None:
    add(house, contains="spar")
    document = json.loads(whole_book.dump(house.book))
    rows = document["tables"]["rule"]["rows"]
    document["book"]["next_id"] += 2000
    place = document["tables"]["rule"]["columns"].index("id")
    rows += [[*rows[0][:place], rows[0][place] + n, *rows[0][place + 1 :]] for n in range(1, 1001)]
    with pytest.raises(StatementNotReadable, match="more than 300 rows"):
        whole_book.load(other_book, json.dumps(document).encode())


conditions_ = st.fixed_dictionaries(
    {},
    optional={
        "contains": st.sampled_from(["spar", "a", "caf\u00e9", "billa 1"]),
        "pattern": st.sampled_from(["^spar", "a|b", r"\d$"]),
        "least": st.sampled_from(["1", "2.50", "5"]),
        "most": st.sampled_from(["5", "7", "100"]),
        "direction": st.sampled_from(["in", "out"]),
    },
).filter(bool)
rows_ = st.lists(
    st.tuples(
        st.sampled_from(["Spar", "SPAR 1", "Caf\u00e9 Luna", "Billa 1", "Other"]),
        st.sampled_from(["-1", "-2.50", "-5", "3", "7", "-60"]),
        st.sampled_from([None, "Groceries", "Gifts"]),
        st.sampled_from(["plain", "plain", "plain", "split", "transfer"]),
    ),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=rows_, made=st.lists(st.tuples(conditions_, st.sampled_from(["Groceries", "Gifts", "Pets"])), min_size=1, max_size=3))
def test_applying_changes_exactly_what_the_preview_counted_and_undo_restores_all(
    house: House, rows: list[tuple[str, str, str | None, str]], made: list[tuple[dict[str, object], str]]
) -> None:
    held = accounts.all_accounts(house.book)
    account = held[0].id if held else house.account()
    for payee, size, category, fate in rows:
        row = house.add(account, "2026-11-02", size, payee, category)
        if fate == "split":
            amount = house.row(row)["amount"]
            house.split(row, [("Pets", amount - 30), (None, 30)])
        elif fate == "transfer":
            transfers.mark(house.book, [row])
    taken = []
    for conditions, category in made:
        before = snapshot(house.book)
        try:
            shown = preview(house.book, None, rules.RuleForm(category_id=house.category(category), **conditions))
            done = add(house, category, apply=True, seen=str(shown.changing), **conditions)
        except InputNotValid:
            assert snapshot(house.book) == before
            continue
        taken.append((before, done))
        was = {row["id"]: row for row in before["transaction"]}
        changed = [row for row in snapshot(house.book)["transaction"] if row != was[row["id"]]]
        assert len(changed) == shown.changing
        assert all(row["category_id"] == house.category(category) and row["transfer_id"] is None for row in changed)
        assert snapshot(house.book)["split"] == before["split"]
        assert preview(house.book, done.created, rules.RuleForm(category_id=house.category(category), **conditions)).changing == 0
    for before, done in reversed(taken):
        history.undo(house.book, done.revision)
        assert snapshot(house.book) == before
