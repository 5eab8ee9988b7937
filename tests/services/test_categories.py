"""Categories and groups: made, changed, merged, ordered, archived; figures stay and every change can be undone."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.analysis import projections
from dashboard.errors import ChangedMeanwhile, DashboardError, InputNotValid, NotFound
from dashboard.model.budgets import budget
from dashboard.model.categories import ICONS, PRESET, SYNONYMS
from dashboard.model.imports import rule
from dashboard.model.queries import flow
from dashboard.model.queries.budgets import said
from dashboard.model.transactions import transaction
from dashboard.services import budgets, categories, history
from dashboard.services.books import Book, Done
from dashboard.services.categories import Category
from tests.ways import House, snapshot

ROOT = Path(__file__).resolve().parents[2]
MONTHS = [202600 + m for m in range(1, 13)]


def one(book: Book, name: str) -> Category:
    return next(c for c in categories.all_categories(book) if c.name == name)


def names(book: Book, group: str) -> list[str]:
    return [c.name for c in categories.all_categories(book) if c.group == group]


def groups(book: Book) -> list[str]:
    return list(dict.fromkeys(c.group for c in categories.all_categories(book)))


def change(book: Book, called: str, **values: object) -> Done:
    c = one(book, called)
    form: dict[str, object] = {"name": c.name, "group": c.group, "kind": c.kind, "slot": c.slot, "icon": c.icon}
    return categories.save(book, c.id, c.revision, categories.CategoryForm(**(form | values)))  # type: ignore[arg-type]


def new(book: Book, name: str, group: str = "Own", kind: str = "expense", slot: object = None, icon: object = "star") -> Category:
    categories.save(book, None, None, categories.CategoryForm(name=name, group=group, kind=kind, slot=slot, icon=icon))
    return one(book, name)


def test_the_presets_and_the_icons_are_there_to_be_chosen_and_found() -> None:
    drawn = set(re.findall(r"\.bi-([a-z0-9-]+)::before", (ROOT / "assets/vendor/bootstrap-icons.min.css").read_text()))
    assert set(ICONS) <= drawn
    assert len(set(ICONS)) == len(ICONS)
    assert {icon for *_, icon in PRESET} <= set(ICONS)
    assert set(SYNONYMS) == {name for name, *_ in PRESET}


def test_heat_finds_utilities_even_by_another_name(house: House) -> None:
    assert "heat" in one(house.book, "Utilities").words
    change(house.book, "Utilities", name="Power and warmth")
    assert "heat" in one(house.book, "Power and warmth").words


def test_a_new_one_stands_at_the_end_of_its_group_in_the_lowest_unused_colour(house: House) -> None:
    change(house.book, "Pets", slot="4", kind=None)
    before = snapshot(house.book)
    done = categories.save(
        house.book, None, None, categories.CategoryForm(name="  Donations ", group="lifestyle", kind="expense", slot="", icon="heart-pulse")
    )
    made = one(house.book, "Donations")
    assert (made.id, made.group, made.slot, made.icon, made.archived) == (done.created, "Lifestyle", 13, "heart-pulse", False)
    assert names(house.book, "Lifestyle")[-1] == "Donations"
    assert done.message == "Category \u201cDonations\u201d added"
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_after_eighteen_the_least_used_colour_of_the_group_is_shared_with_another_icon(house: House) -> None:
    made = new(house.book, "Donations", "Occasional", icon="house")
    taken = {c.slot: c.icon for c in categories.all_categories(house.book) if c.group == "Occasional" and c.id != made.id}
    assert made.slot not in taken
    assert made.slot != 1, "Housing has this icon in this colour"
    assert new(house.book, "Other donations", "Occasional", icon="house").slot not in {1, made.slot, *taken}


def test_income_has_no_colour_of_its_own_and_a_name_keeps_the_colour(house: House) -> None:
    assert new(house.book, "Rent received", "Income", "income", slot="7").slot == 0
    before = one(house.book, "Pets")
    assert (
        change(house.book, "Pets", name="Animals", slot=None, icon=None, kind="").message
        == "\u201cPets\u201d renamed to \u201cAnimals\u201d"
    )
    after = one(house.book, "Animals")
    assert (after.slot, after.icon, after.kind, after.position) == (before.slot, before.icon, before.kind, before.position)
    change(house.book, "Animals", slot="7")
    assert one(house.book, "Animals").slot == 7


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "groceries"}, "name"),
        ({"name": "TRANSFER"}, "name"),
        ({"name": "Uncategorised"}, "name"),
        ({"name": 5}, "name"),
        ({"group": " "}, "group"),
        ({"kind": "transfer"}, "kind"),
        ({"slot": "19"}, "slot"),
        ({"slot": "-1"}, "slot"),
        ({"slot": True}, "slot"),
        ({"slot": ["1"]}, "slot"),
        ({"icon": 'x" onload'}, "icon"),
        ({"icon": 7}, "icon"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_stored(house: House, values: dict[str, object], field: str) -> None:
    before = snapshot(house.book)
    good: dict[str, object] = {"name": "Donations", "group": "Own", "kind": "expense", "slot": "3", "icon": "star"}
    with pytest.raises(InputNotValid) as refused:
        categories.save(house.book, None, None, categories.CategoryForm(**(good | values)))  # type: ignore[arg-type]
    assert refused.value.field == field
    with pytest.raises(InputNotValid) as refused:
        change(house.book, "Pets", **values)
    assert refused.value.field == field
    assert snapshot(house.book) == before


def test_the_kind_is_fixed_by_transactions_parts_and_budgets(house: House) -> None:
    account = house.account()
    house.add(account, "2026-11-02", "-5", category="Pets")
    house.split(house.add(account, "2026-11-02", "-5"), [("Gifts", -300), (None, -200)])
    budgets.set_budget(house.book, house.category("Travel"), 202611, "EUR", budgets.BudgetForm("5"))
    for name in ("Pets", "Gifts", "Travel"):
        with pytest.raises(InputNotValid, match="cannot change") as refused:
            change(house.book, name, kind="income")
        assert refused.value.field == "kind"
    change(house.book, "Learning", kind="income")
    assert (one(house.book, "Learning").kind, one(house.book, "Learning").slot) == ("income", 0)


def test_the_second_of_two_tabs_is_told(house: House) -> None:
    seen = one(house.book, "Pets")
    change(house.book, "Pets", name="Animals")
    with pytest.raises(ChangedMeanwhile):
        categories.save(house.book, seen.id, seen.revision, categories.CategoryForm(name="Beasts", group="Own", icon="star"))
    assert one(house.book, "Animals").id == seen.id


def test_another_books_category_is_not_found(house: House, other_house: House) -> None:
    for number in range(3):
        theirs = new(other_house.book, f"Theirs {number}")
    mine = house.category("Pets")
    before, before_theirs = snapshot(house.book), snapshot(other_house.book)
    for attempt in (
        lambda: categories.save(house.book, theirs.id, theirs.revision, categories.CategoryForm(name="x", group="x", icon="star")),
        lambda: categories.merge(house.book, theirs.id, mine),
        lambda: categories.merge(house.book, mine, theirs.id),
        lambda: categories.archive(house.book, theirs.id, True),
        lambda: categories.delete(house.book, theirs.id),
        lambda: categories.move(house.book, theirs.id, True),
        lambda: categories.move_group(house.book, "Own", True),
        lambda: categories.rename_group(house.book, "Own", "Mine"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert (snapshot(house.book), snapshot(other_house.book)) == (before, before_theirs)


def test_an_archived_one_keeps_its_history_and_is_no_longer_offered(house: House) -> None:
    house.add(house.account(), "2026-11-02", "-5", category="Pets")
    before = snapshot(house.book)
    done = categories.archive(house.book, house.category("Pets"), True)
    found = categories.all_categories(house.book)
    assert "Pets" in [c.name for c in found]
    assert "Pets" not in [c.name for c in categories.offered(found)]
    assert categories.shelf(house.book).amounts[house.category("Pets")] == 500
    assert categories.archive(house.book, house.category("Pets"), False).message == "\u201cPets\u201d is offered again"
    assert len(categories.offered(categories.all_categories(house.book))) == len(found)
    history.undo(house.book, done.revision + 1)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_only_what_nothing_uses_can_be_deleted(house: House) -> None:
    account = house.account()
    house.add(account, "2026-11-02", "-5", category="Pets")
    house.split(house.add(account, "2026-11-02", "-5"), [("Gifts", -300), (None, -200)])
    budgets.set_budget(house.book, house.category("Travel"), 202611, "EUR", budgets.BudgetForm("5"))
    with house.book.writing("rule") as w:
        w.insert(rule, [{"position": 0, "category_id": house.category("Learning"), "conditions": "{}"}])
    for name, what in (("Pets", "1 transaction"), ("Gifts", "1 transaction"), ("Travel", "a budget"), ("Learning", "a rule")):
        with pytest.raises(InputNotValid, match=what):
            categories.delete(house.book, house.category(name))
        assert house.category(name) in categories.shelf(house.book).used
    before = snapshot(house.book)
    done = categories.delete(house.book, house.category("Clothing"))
    assert "Clothing" not in names(house.book, "Lifestyle")
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_moving_goes_past_the_archived_and_stops_at_both_ends(house: House) -> None:
    categories.archive(house.book, house.category("Clothing"), True)
    before = snapshot(house.book)
    done = categories.move(house.book, house.category("Pets"), True)
    assert [n for n in names(house.book, "Lifestyle") if n != "Clothing"][:2] == ["Pets", "Eating out"]
    with pytest.raises(InputNotValid, match="first"):
        categories.move(house.book, house.category("Pets"), True)
    with pytest.raises(InputNotValid, match="last"):
        categories.move(house.book, house.category("Personal care"), False)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_groups_move_with_all_that_is_in_them(house: House) -> None:
    before, lifestyle = snapshot(house.book), names(house.book, "Lifestyle")
    assert groups(house.book) == ["Essentials", "Lifestyle", "Occasional", "Income"]
    done = categories.move_group(house.book, "Lifestyle", True)
    assert groups(house.book) == ["Lifestyle", "Essentials", "Occasional", "Income"]
    assert names(house.book, "Lifestyle") == lifestyle
    with pytest.raises(InputNotValid, match="first"):
        categories.move_group(house.book, "Lifestyle", True)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_a_group_is_renamed_and_joined(house: House) -> None:
    before = snapshot(house.book)
    first = categories.rename_group(house.book, "Lifestyle", "Fun")
    assert (first.message, groups(house.book)[1]) == ("Group \u201cLifestyle\u201d renamed to \u201cFun\u201d", "Fun")
    second = categories.rename_group(house.book, "Fun", "essentials")
    assert (second.message, groups(house.book)) == (
        "Group \u201cFun\u201d joined with \u201cEssentials\u201d",
        ["Essentials", "Occasional", "Income"],
    )
    assert categories.rename_group(house.book, "Income", "Income").revision == 0
    for bad in ("", " ", "x" * 81, None, 5):
        with pytest.raises(InputNotValid):
            categories.rename_group(house.book, "Income", bad)
    for number in (second.revision, first.revision):
        history.undo(house.book, number)
    assert snapshot(house.book) == before


def flows(book: Book) -> dict[tuple[int, int], int]:
    """Return what flowed by month and category."""
    with book.reading() as db:
        return {(k, c): a for k, c, a in flow.by_month(db, book.id, 202501, 202712)}


def together(sums: dict[tuple[int, int], int], mapped: dict[int, int]) -> dict[tuple[int, int], int]:
    """Add up by month, with some categories counted as others."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for (key, category), amount in sums.items():
        found[key, mapped.get(category, category)] += amount
    return {k: v for k, v in found.items() if v}


def in_force(book: Book) -> dict[tuple[int, int], int]:
    """Return the budget of every month and category, by the rule that the figures ask."""
    found = {}
    with book.reading() as db:
        for n, currency in enumerate(("EUR", "CHF")):
            for category, held in projections.by_category(said(db, book.id, currency)).items():
                for month in (202512, *MONTHS, 202701):
                    if (now := projections.in_force(held, month)) is not None:
                        found[month * 10 + n, category] = now.amount or 0
    return found


def test_a_merge_takes_transactions_parts_budgets_and_rules_along(house: House) -> None:
    account = house.account()
    pets, fun = house.category("Pets"), house.category("Fun & events")
    house.add(account, "2026-10-02", "-5", category="Pets")
    house.add(account, "2026-11-02", "-7", category="Fun & events")
    both = house.add(account, "2026-11-03", "-10")
    house.split(both, [("Pets", -600), ("Fun & events", -100), ("Pets", -300)])
    budgets.set_budget(house.book, pets, 202602, "EUR", budgets.BudgetForm("40"))
    budgets.set_budget(house.book, pets, 202606, "EUR", budgets.BudgetForm(""))
    budgets.set_budget(house.book, pets, 202604, "CHF", budgets.BudgetForm("11"))
    budgets.set_budget(house.book, fun, 202603, "EUR", budgets.BudgetForm("30"))
    budgets.set_budget(house.book, fun, 202606, "EUR", budgets.BudgetForm("35"))
    with house.book.writing("rule") as w:
        w.insert(rule, [{"position": 0, "category_id": pets, "conditions": "{}"}])
    before, sums, force, seen = snapshot(house.book), flows(house.book), in_force(house.book), house.row(both)["revision"]
    done = categories.merge(house.book, pets, str(fun))
    assert done.message == "\u201cPets\u201d merged into \u201cFun & events\u201d, 2 transactions and 1 rule followed"
    after = snapshot(house.book)
    assert "Pets" not in [c.name for c in categories.all_categories(house.book)]
    assert [s["category_id"] for s in after["split"]] == [fun] * 3
    assert [r["category_id"] for r in after["rule"]] == [fun]
    assert house.row(both)["revision"] == done.revision != seen
    assert flows(house.book) == together(sums, {pets: fun})
    assert in_force(house.book) == together(force, {pets: fun})
    assert [in_force(house.book)[m * 10, fun] for m in (202602, 202603, 202606)] == [4000, 7000, 3500]
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before
    history.undo(house.book, done.revision + 1)
    assert in_force(house.book) == together(force, {pets: fun})


def test_where_both_are_in_force_the_one_that_stays_says_whether_it_carries_over(house: House) -> None:
    pets, fun = house.category("Pets"), house.category("Fun & events")
    set_ = [
        (pets, 202601, 100, True),
        (pets, 202605, None, False),
        (fun, 202603, 50, False),
        (fun, 202607, None, False),
        (pets, 202608, 9, True),
    ]
    with house.book.writing("budgets") as w:
        w.insert(budget, [{"category_id": c, "currency": "EUR", "month": m, "amount": a, "carry": x} for c, m, a, x in set_])
    categories.merge(house.book, pets, fun)
    rows = sorted((b["month"], b["amount"], bool(b["carry"])) for b in snapshot(house.book)["budget"])
    assert rows == [(202601, 100, True), (202603, 150, False), (202605, 50, False), (202607, None, False), (202608, 9, True)]


def test_what_cannot_be_merged_is_refused(house: House) -> None:
    pets, salary = house.category("Pets"), house.category("Salary")
    before = snapshot(house.book)
    for into, what in ((pets, "another"), (salary, "Income and spending"), ("", "Choose"), (None, "Choose")):
        with pytest.raises(InputNotValid, match=what) as refused:
            categories.merge(house.book, pets, into)
        assert refused.value.field == "into"
    assert snapshot(house.book) == before


def test_twenty_thousand_rows_follow_within_two_seconds(sqlite_house: House) -> None:
    book = sqlite_house.book
    account, pets, fun = sqlite_house.account(), sqlite_house.category("Pets"), sqlite_house.category("Fun & events")
    day = date(2026, 1, 1)
    with book.writing("rows") as w:
        row = {"account_id": account, "payee": "Vet", "text": "", "note": "", "category_id": pets}
        w.insert(transaction, [row | {"date": day + timedelta(days=i % 300), "amount": -i} for i in range(20_000)])
    started = time.perf_counter()
    done = categories.merge(book, pets, fun)
    assert time.perf_counter() - started < 2
    assert "20000 transactions followed" in done.message
    assert categories.shelf(book).counts == {fun: 20_000}


def test_the_shelf_says_what_the_list_says(house: House) -> None:
    euro, francs = house.account("Current"), house.account("Francs", "CHF")
    house.add(euro, "2026-01-01", "-5", category="Pets")
    house.add(euro, "2025-12-31", "-7", category="Pets")
    house.add(francs, "2026-05-01", "-9", category="Pets")
    house.add(euro, "2026-05-01", "100", category="Salary")
    house.split(house.add(euro, "2026-02-01", "-10"), [("Pets", -600), ("Pets", -400)])
    found = categories.shelf(house.book)
    pets, salary = house.category("Pets"), house.category("Salary")
    assert (found.currency, found.elsewhere) == ("EUR", True)
    assert (found.counts, found.amounts) == ({pets: 4, salary: 1}, {pets: 1500, salary: 10000})
    assert found.used == {pets, salary}


step = st.tuples(
    st.sampled_from(("add", "change", "merge", "archive", "delete", "move", "move group", "rename group", "spend", "split", "budget")),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(1, 12),
)
WORDS = ("Bread", "Rent", "bread", "Fun", "Cats", "Wages")


def told(book: Book, story: list[tuple[str, int, int, int]]) -> None:
    """Do what a story says as far as it is allowed, watch the sums, and take everything back."""
    house = House(book)
    account = house.account()
    for number, (name, kind) in enumerate((("A", "expense"), ("B", "expense"), ("C", "expense"), ("D", "income"))):
        categories.save(book, None, None, categories.CategoryForm(name=name, group=f"G{number % 2}", kind=kind, icon="star"))
    done: list[tuple[int, dict[str, object]]] = []
    for what, i, j, n in story:
        before: dict[str, object] = dict(snapshot(book))
        sums, force = flows(book), in_force(book)
        mapped: dict[int, int] = {}
        with suppress(DashboardError):
            done.extend((made, before) for made in act(house, account, what, i, j, n, mapped) if made)
        if what not in ("spend", "split"):
            assert flows(book) == together(sums, mapped), what
        if what != "budget":
            assert in_force(book) == together(force, mapped), what
        found = categories.all_categories(book)
        assert len({c.name.casefold() for c in found}) == len(found)
        assert all((1 <= c.slot <= 18) != c.is_income for c in found)
    for number, before in reversed(done):
        history.undo(book, number)
        assert snapshot(book) == before


def act(house: House, account: int, what: str, i: int, j: int, n: int, mapped: dict[int, int]) -> Iterator[int]:
    """Do one step; yield the numbers of its changes."""
    book = house.book
    found = categories.all_categories(book)
    if what == "add":
        kind = "income" if n == 1 else "expense"
        slot = n if n > 6 else None
        yield categories.save(
            book, None, None, categories.CategoryForm(name=WORDS[i], group=f"g{j % 3}", kind=kind, slot=slot, icon=ICONS[n])
        ).revision
    if what == "add" or not found:
        return
    one, two = found[i % len(found)], found[j % len(found)]
    if what == "change":
        yield categories.save(
            book, one.id, one.revision, categories.CategoryForm(name=WORDS[j], group=f"G{n % 3}", kind=one.kind, slot=n, icon=ICONS[n])
        ).revision
    elif what == "merge":
        made = categories.merge(book, one.id, two.id)
        mapped[one.id] = two.id
        yield made.revision
    elif what == "archive":
        yield categories.archive(book, one.id, n > 4).revision
    elif what == "delete":
        yield categories.delete(book, one.id).revision
    elif what == "move":
        yield categories.move(book, one.id, n > 6).revision
    elif what == "move group":
        yield categories.move_group(book, one.group, n > 6).revision
    elif what == "rename group":
        yield categories.rename_group(book, one.group, f"G{j % 4}").revision
    elif what == "budget":
        yield budgets.set_budget(
            book, one.id, 202600 + n, "CHF" if j == 5 else "EUR", budgets.BudgetForm("" if j == 4 else str(j + 1))
        ).revision
    else:
        with book.writing("entry") as w:
            row = {"account_id": account, "date": date(2026, n, 5), "amount": -(j + 2), "payee": "x", "text": "", "note": ""}
            made_id = w.insert(transaction, [row | {"category_id": None if what == "split" else one.id}])[0]
            if what == "split":
                from dashboard.model.transactions import split

                parts = [(one.id, -1), (two.id, -(j + 1))]
                w.insert(split, [{"transaction_id": made_id, "category_id": c, "amount": a, "note": ""} for c, a in parts])
        yield w.revision


# The database is shared by the examples; each works on a book of its own.
relaxed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=60, deadline=None, suppress_health_check=relaxed)
@given(story=st.lists(step, min_size=4, max_size=16))
def test_any_story_keeps_the_sums_and_unwinds_on_sqlite(fresh_book: Callable[[], Book], story: list[tuple[str, int, int, int]]) -> None:
    told(fresh_book(), story)


@pytest.mark.parametrize("kind", ["postgres"])
@settings(max_examples=10, deadline=None, suppress_health_check=relaxed)
@given(story=st.lists(step, min_size=4, max_size=16))
def test_any_story_keeps_the_sums_and_unwinds_on_postgresql(fresh_book: Callable[[], Book], story: list[tuple[str, int, int, int]]) -> None:
    told(fresh_book(), story)
