"""The list of transactions: what a filter finds, in what order, and that its sums are those of exactly these rows."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.errors import ChangedMeanwhile, InputNotValid, NotFound
from dashboard.folding import fold
from dashboard.model.queries import ledger as queries
from dashboard.model.queries.ledger import Filter
from dashboard.model.queries.terms import Bound, Dated, Kept, Labelled, Said, Sized, Term, What
from dashboard.model.transactions import split, transaction
from dashboard.selection import Selection
from dashboard.services import history, transactions, transfers
from dashboard.services import ledger as service
from dashboard.services.books import Book
from tests.ways import House, Snapshot, snapshot

PAYEES = ("Baker", "B\u00e4ckerei M\u00dcLLER", "100% Wolle_x", "Employer", "baker & son")
NOTES = ("", "#holiday", "#holiday with Ann", "100")
WORDS = ("bak", "BAKER", "#holiday", "100%", "_x", "m\u00fcller", "M\u00dcLLER", "ann", "apfel", "zzz")
COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}
FIRST = date(2026, 9, 20)


class Shelf:
    """A book with rows of every kind, and what a person with a pencil would find in it."""

    def __init__(self, book: Book) -> None:
        self.book, self.house = book, House(book)
        self.accounts = [self.house.account("Current"), self.house.account("Card"), self.house.account("Yen", "JPY")]
        self.categories = [self.house.category(name) for name in ("Groceries", "Clothing", "Salary", "Other income")]
        self.income = tuple(self.categories[2:])
        rows: list[dict[str, Any]] = [
            {
                "account_id": self.accounts[i * 7 % 3],
                "date": FIRST + timedelta(days=i * 5 % 60),
                "amount": (-1, -1, 1, -1)[i % 4] * (100, 1250, 5000, 1, 333)[i % 5],
                "payee": PAYEES[i % 5],
                "text": "CARD 4711 WOLLE" if i % 6 == 0 else "",
                "note": NOTES[i * 3 % 4],
                "category_id": None if i % 5 in (0, 3) else self.categories[i % 4],
                "reviewed": i % 3 == 0,
            }
            for i in range(48)
        ]
        with book.writing("shelf") as w:
            made = w.insert(transaction, rows)
            for place, (one, two) in enumerate(((0, 1), (3, 4))):
                joint = w.new_ids(1)[0]
                for row, sign in ((made[one], -1), (made[two], 1)):
                    w.update(transaction, [row], category_id=None, transfer_id=joint, amount=sign * 5000 * (place + 1))
            w.update(transaction, [made[6]], category_id=None, transfer_id=w.new_ids(1)[0])
            groceries, clothing, salary = self.categories[:3]
            for place, pieces in ((5, (groceries, clothing)), (10, (groceries, None)), (20, (groceries, salary, None)), (30, (None, None))):
                whole = rows[place]["amount"]
                sizes = [whole + 70, -70] if len(pieces) == 2 else [whole - 30, 50, -20]
                w.update(transaction, [made[place]], category_id=None)
                w.insert(
                    split,
                    [
                        {"transaction_id": made[place], "category_id": c, "amount": a, "note": "\u00c4pfel" if c is None else ""}
                        for c, a in zip(pieces, sizes, strict=True)
                    ],
                )
        self.now: Snapshot = snapshot(book)

    def pieces(self, row: dict[str, Any]) -> list[tuple[int | None, int]]:
        """Return (category, amount) of a row, of each part where it is split."""
        parts = [(p["category_id"], p["amount"]) for p in self.now["split"] if p["transaction_id"] == row["id"]]
        return parts if parts and row["category_id"] is None else [(row["category_id"], row["amount"])]

    def own(self, chosen: Filter, row: dict[str, Any]) -> bool:
        """Say whether a row by itself is what the filter is after."""
        return (
            (chosen.start is None or row["date"] >= chosen.start)
            and (chosen.end is None or row["date"] <= chosen.end)
            and (chosen.accounts is None or row["account_id"] in chosen.accounts)
            and (chosen.ids is None or row["id"] in chosen.ids)
            and (not chosen.unseen or not row["reviewed"])
            and (not chosen.payee or row["payee"] == chosen.payee)
            and (
                not chosen.search
                or any(all(any(self.holds(what, row) for what in term.either) != term.negated for term in group) for group in chosen.search)
            )
        )

    def holds(self, what: What, row: dict[str, Any]) -> bool:
        """Say whether a row, or one of its parts, is what a term asks for."""
        parts = [] if row["category_id"] is not None else [p for p in self.now["split"] if p["transaction_id"] == row["id"]]
        if isinstance(what, Said):
            texts = [row[name] for name in ("payee", "text", "note") if what.place in ("", name)]
            notes = [p["note"] for p in parts] if what.place in ("", "note") else []
            return any(what.words in fold(text) for text in (*texts, *notes))
        if isinstance(what, Sized):
            return any(
                (bound.accounts is None or row["account_id"] in bound.accounts)
                and COMPARED[bound.sign](abs(amount), bound.minor)
                and (bound.most is None or abs(amount) <= bound.most)
                for bound in what.bounds
                for amount in (row["amount"], *(p["amount"] for p in parts))
            )
        if isinstance(what, Dated):
            return (what.start is None or row["date"] >= what.start) and (what.end is None or row["date"] <= what.end)
        if isinstance(what, Kept):
            return row["account_id"] in what.accounts
        return row["transfer_id"] is None and any((c or 0) in what.categories for c, _ in self.pieces(row))

    def wanted(self, chosen: Filter, category: int | None, amount: int) -> bool:
        """Say whether a piece has the category and kind of the filter."""
        if chosen.categories and (category or 0) not in chosen.categories:
            return False
        came_in = amount > 0 if category is None else category in self.income
        went_out = amount < 0 if category is None else category not in self.income
        return {"": True, "income": came_in, "spending": went_out}[chosen.kind]

    def expected(self, chosen: Filter) -> tuple[list[dict[str, Any]], Counter[tuple[int, bool]]]:
        """Return the rows of a filter, and their sums by (account, came in)."""
        found, sums = [], Counter[tuple[int, bool]]()
        labelled = chosen.kind in ("income", "spending") or bool(chosen.categories and chosen.kind != "transfer")
        for row in self.now["transaction"]:
            moved = row["transfer_id"] is not None
            if not self.own(chosen, row) or (moved if labelled else chosen.kind == "transfer" and not moved):
                continue
            others = [o for o in self.now["transaction"] if moved and o["transfer_id"] == row["transfer_id"] and o["id"] != row["id"]]
            if chosen.fold and row["amount"] > 0 and any(o["amount"] < 0 and self.own(chosen, o) for o in others):
                continue
            pieces = [p for p in self.pieces(row) if self.wanted(chosen, *p)] if labelled else [(None, row["amount"])]
            if not pieces:
                continue
            found.append(row)
            if labelled or not moved or chosen.kind == "transfer":
                for _, amount in pieces:
                    sums[row["account_id"], amount > 0] += abs(amount)
        return found, sums


def filters(shelf: Shelf) -> st.SearchStrategy[Filter]:
    ids = [row["id"] for row in shelf.now["transaction"]]
    bound = st.builds(
        Bound,
        st.none() | st.just(tuple(shelf.accounts[:2])),
        st.sampled_from(sorted(COMPARED)),
        st.sampled_from([0, 1, 100, 333, 1250, 5000, 99999]),
        st.none() | st.sampled_from([100, 5000]),
    )
    day = st.none() | st.integers(-5, 65).map(lambda n: FIRST + timedelta(days=n))
    what = st.one_of(
        st.builds(Said, st.sampled_from(WORDS).map(fold), st.sampled_from(["", "", "payee", "text", "note"])),
        st.builds(Sized, st.lists(bound, min_size=1, max_size=2).map(tuple)),
        st.builds(Dated, day, day),
        st.builds(Labelled, st.lists(st.sampled_from([0, *shelf.categories, -1]), min_size=1, max_size=2).map(tuple)),
        st.builds(Kept, st.lists(st.sampled_from([*shelf.accounts, -1]), min_size=1, max_size=2).map(tuple)),
    )
    term = st.builds(Term, st.lists(what, min_size=1, max_size=2).map(tuple), st.booleans())
    return st.builds(
        Filter,
        book_id=st.just(shelf.book.id),
        start=day,
        end=day,
        accounts=st.none() | st.lists(st.sampled_from([*shelf.accounts, -1]), max_size=3).map(tuple),
        categories=st.lists(st.sampled_from([0, *shelf.categories]), max_size=3).map(tuple),
        kind=st.sampled_from(["", "", "income", "spending", "transfer"]),
        income_categories=st.just(shelf.income),
        search=st.just(()) | st.lists(st.lists(term, min_size=1, max_size=3).map(tuple), min_size=1, max_size=2).map(tuple),
        payee=st.sampled_from(["", "", *PAYEES]),
        unseen=st.booleans(),
        ids=st.none() | st.lists(st.sampled_from(ids), min_size=1, max_size=30).map(tuple),
        fold=st.booleans(),
        sort=st.sampled_from(["", "oldest", "out", "in"]),
    )


ORDER: dict[str, Callable[[dict[str, Any]], Any]] = {
    "": lambda r: (-r["date"].toordinal(), -r["id"]),
    "oldest": lambda r: (r["date"], r["id"]),
    "out": lambda r: (r["transfer_id"] is not None, r["amount"], -r["date"].toordinal(), -r["id"]),
    "in": lambda r: (r["transfer_id"] is not None, -r["amount"], -r["date"].toordinal(), -r["id"]),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_filter_lists_and_sums_what_a_pencil_finds(fresh_shelf: Shelf, data: st.DataObject) -> None:
    # Many filters an example: drawing is cheap, and the book is the same.
    for chosen in data.draw(st.lists(filters(fresh_shelf), min_size=6, max_size=6)):
        rows, sums = fresh_shelf.expected(chosen)
        with fresh_shelf.book.reading() as db:
            count, frame = queries.totals(db, chosen)
            assert count == len(rows) == queries.count(db, chosen)
            listed = queries.page(db, chosen, size=None)["id"].tolist()
            assert sorted(listed) == sorted(queries.ids(db, chosen)) == sorted(row["id"] for row in rows)
        assert listed == [row["id"] for row in sorted(rows, key=ORDER[chosen.sort])]
        found = {
            (row.account_id, came): value for row in frame.itertuples() for came, value in ((True, row.money_in), (False, row.money_out))
        }
        assert {key: value for key, value in found.items() if value} == {key: value for key, value in sums.items() if value}


@pytest.fixture
def fresh_shelf(house: House) -> Shelf:
    return Shelf(house.book)


def shown(house: House, query: str) -> service.Ledger:
    return service.listed(house.book, Selection.from_query(query, house.book.today))


def test_a_transfer_is_one_row_where_both_accounts_are_shown_and_its_leg_where_one_is(house: House) -> None:
    current, savings = house.account("Current"), house.account("Savings")
    house.add(current, "2026-11-02", "-5", "Baker")
    out = transfers.save(
        house.book, None, None, transfers.TransferForm(amount="50", from_id=current, to_id=savings, day="2026-11-03", payee="Put by")
    ).created
    into = next(row["id"] for row in house.rows() if row["transfer_id"] is not None and row["id"] != out)
    for query, ids, ends in (
        ("?p=2026-11", [out], [savings]),
        ("?p=2026-11&type=transfer", [out], [savings]),
        (f"?p=2026-11&acc={savings}", [into], [current]),
        (f"?p=2026-11&acc={current}&type=transfer", [out], [savings]),
        (f"?p=2026-11&acc={current}.{savings}&q=%3D50", [out], [savings]),
        ("?p=2026-11&q=%22From+Current%22+-put", [], []),
    ):
        found = shown(house, query)
        rows = found.rows[found.rows["transfer_id"].notna()]
        assert (rows["id"].tolist(), rows["other_account_id"].tolist()) == (ids, ends), query
    everything = shown(house, "?p=2026-11")
    assert (everything.count, everything.money_in, everything.money_out) == (2, {"EUR": 0}, {"EUR": 500}), "a transfer is in no sum"


def test_only_the_parts_that_match_are_summed_and_all_parts_are_shown(house: House) -> None:
    row = house.add(house.account(), "2026-11-02", "-50", "Market")
    house.split(row, [("Groceries", -3000), ("Gifts", -1500), (None, -500)])
    for query, went in ((f"?cat={house.category('Groceries')}", 3000), ("?cat=0", 500), ("?type=spending", 5000), ("", 5000)):
        found = shown(house, query)
        assert (found.count, found.money_out, found.rows["parts"].tolist()) == (1, {"EUR": went}, [3]), query
        assert found.parts["amount"].tolist() == [-3000, -1500, -500]
    assert shown(house, f"?cat={house.category('Pets')}").count == 0


def test_what_nobody_has_looked_at_is_counted_and_found(house: House) -> None:
    account = house.account()
    rows = [house.add(account, "2026-11-02", "-5", name) for name in ("Baker", "Butcher")]
    assert service.to_review(house.book) == 0
    done = transactions.review(house.book, rows[:1], reviewed=False)
    assert service.to_review(house.book) == shown(house, "").unseen == 1
    assert shown(house, "?review=1").rows["payee"].tolist() == ["Baker"]
    history.undo(house.book, done.revision)
    assert shown(house, "?review=1").count == 0


def test_an_exact_payee_is_not_a_word(house: House) -> None:
    account = house.account()
    for name in ("Baker", "Baker & Son", "baker"):
        house.add(account, "2026-11-02", "-5", name)
    assert shown(house, "?payee=Baker").rows["payee"].tolist() == ["Baker"]
    assert shown(house, "?payee=Bak").count == 0
    assert shown(house, "?q=baker").count == 3


def test_all_that_is_found_is_meant_only_while_it_is_as_many_as_were_seen(house: House) -> None:
    account = house.account()
    ids = [house.add(account, "2026-11-02", "-5", "Baker") for _ in range(3)]
    house.add(account, "2026-10-02", "-5", "Baker")
    everything = {"query": "?p=2026-11&q=baker", "count": 3}
    assert service.counted(house.book, everything) == (3, {"EUR": -1500})
    with house.book.reading() as db:
        assert sorted(service.meant(db, house.book, everything)) == ids
        assert service.meant(db, house.book, [ids[0], str(ids[0])]) == [ids[0]]
        for stale in (2, 4, None, "3", True, 3.5):
            with pytest.raises(ChangedMeanwhile):
                service.meant(db, house.book, everything | {"count": stale})
        with pytest.raises(NotFound):
            service.meant(db, house.book, ["x"])
    with pytest.raises(InputNotValid):
        transactions.review(house.book, {"query": "?p=2026-11&q=nothing", "count": 0})


def test_a_selection_is_summed_by_currency_without_transfers(house: House) -> None:
    current, savings, yen = house.account("Current"), house.account("Savings"), house.account("Yen", "JPY")
    ids = [house.add(current, "2026-11-02", "-5.50"), house.add(savings, "2026-11-03", "2"), house.add(yen, "2026-11-03", "-700")]
    transfers.save(house.book, None, None, transfers.TransferForm(amount="50", from_id=current, to_id=savings, day="2026-11-03"))
    ids += [row["id"] for row in house.rows() if row["transfer_id"] is not None]
    assert service.counted(house.book, ids) == (5, {"EUR": -350, "JPY": -700})


def test_a_payee_is_remembered_with_what_was_chosen_last(house: House) -> None:
    current, card = house.account("Current"), house.account("Card")
    house.add(current, "2026-11-02", "-5", "Baker", "Groceries")
    house.add(card, "2026-11-05", "-7", "Baker", "Eating out")
    house.add(current, "2026-11-06", "-9", "Butcher")
    transfers.save(
        house.book, None, None, transfers.TransferForm(amount="50", from_id=current, to_id=card, day="2026-11-07", payee="Never")
    )
    baker, butcher = service.known_payees(house.book)
    assert baker == service.Known("Baker", house.category("Eating out"), card, -700, 2)
    assert (butcher.payee, butcher.category_id, butcher.times) == ("Butcher", None, 1)


def test_pages_hold_each_row_once(house: House) -> None:
    account = house.account()
    with house.book.writing("many") as w:
        w.insert(
            transaction,
            [
                {"account_id": account, "date": date(2026, 11, 1 + i % 3), "amount": -i, "payee": f"P{i}", "text": "", "note": ""}
                for i in range(120)
            ],
        )
    for sort in ("", "&sort=oldest", "&sort=out", "&sort=in"):
        pages = [shown(house, f"?page={n}{sort}") for n in (1, 2, 3)]
        assert [len(p.rows) for p in pages] == [50, 50, 20]
        assert sorted(i for p in pages for i in p.rows["id"].tolist()) == [row["id"] for row in house.rows()]
        assert {(p.count, p.pages, p.money_out["EUR"]) for p in pages} == {(120, 3, sum(range(120)))}
    assert shown(house, "?page=99").page == 3


def test_another_books_rows_are_in_no_list_and_no_sum(house: House, other_house: House) -> None:
    theirs = other_house.account("Theirs")
    row = other_house.add(theirs, "2026-11-02", "-5", "ALICE-7f3a", "Groceries")
    house.account()
    for query in (
        "?p=all",
        f"?p=all&acc={theirs}",
        "?p=all&q=alice",
        f"?p=all&cat={other_house.category('Groceries')}",
        "?p=all&payee=ALICE-7f3a",
    ):
        found = shown(house, query)
        assert (found.count, len(found.rows), found.money_out) == (0, 0, {}), query
    assert service.counted(house.book, [row]) == (0, {})
    assert service.known_payees(house.book) == []
