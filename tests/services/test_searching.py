"""The search box: words and operators, understood as a person means them."""

from __future__ import annotations

from urllib.parse import quote_plus

import pytest

from dashboard.model.queries.ledger import Bound
from dashboard.selection import Selection
from dashboard.services import ledger
from dashboard.services.accounts import Account, all_accounts
from dashboard.services.categories import Category, all_categories
from dashboard.services.searching import MOST_TERMS, NOBODY, Search, understood
from tests.ways import House

EURO = (Bound(None, ">", 5000),)


@pytest.fixture
def known(sqlite_house: House) -> tuple[list[Account], list[Category]]:
    for name in ("Current", "Credit card", "Card of Ann"):
        sqlite_house.account(name)
    return all_accounts(sqlite_house.book), all_categories(sqlite_house.book)


def read(known: tuple[list[Account], list[Category]], text: str, locale: str = "en-IE") -> Search:
    return understood(text, *known, locale)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Search()),
        ("   ", Search()),
        ("baker  bread", Search(words=("baker", "bread"))),
        ('"fresh bread" baker', Search(words=("fresh bread", "baker"))),
        ('"never closed', Search(words=("never closed",))),
        ('""', Search()),
        ("#tag", Search(words=("#tag",))),
        ("baker -son", Search(words=("baker",), without=("son",))),
        ('-"a b"', Search(without=("a b",))),
        ("-", Search(words=("-",))),
        ("100%", Search(words=("100%",))),
        (">50", Search(bounds=(EURO,))),
        (">=50 <60.50", Search(bounds=((Bound(None, ">=", 5000),), (Bound(None, "<", 6050),)))),
        ("=12.50", Search(bounds=((Bound(None, "=", 1250),),))),
        ("=12,5", Search(bounds=((Bound(None, "=", 1250),),))),
        (">1,234.50", Search(bounds=((Bound(None, ">", 123450),),))),
        (">", Search()),
        ("> =", Search()),
    ],
)
def test_a_search_is_taken_apart(known: tuple[list[Account], list[Category]], text: str, found: Search) -> None:
    assert read(known, text) == found


def test_the_locale_says_what_a_mark_is(known: tuple[list[Account], list[Category]]) -> None:
    assert read(known, ">1.234,50", "de-DE").bounds == ((Bound(None, ">", 123450),),)


@pytest.mark.parametrize("text", [">5.005", "=1.2.3", "<9999999999999999999999", ">5x"])
def test_an_amount_that_is_none_is_left_out_and_said(known: tuple[list[Account], list[Category]], text: str) -> None:
    found = read(known, f"baker {text}")
    assert (found.words, found.bounds) == (("baker",), ())
    assert len(found.notes) == 1
    assert text in found.notes[0]


def test_a_name_finds_what_begins_with_it_before_what_holds_it(known: tuple[list[Account], list[Category]]) -> None:
    accounts = {a.name: a.id for a in known[0]}
    categories = {c.name: c.id for c in known[1]}
    assert read(known, "acc:card").accounts == (accounts["Card of Ann"],)
    assert read(known, "acc:ann").accounts == (accounts["Card of Ann"],)
    assert read(known, 'ACCOUNT:"credit card"').accounts == (accounts["Credit card"],)
    assert read(known, "acc:cur acc:credit").accounts == tuple(sorted((accounts["Current"], accounts["Credit card"])))
    assert read(known, "cat:pets").categories == (categories["Pets"],)
    assert read(known, "cat:none").categories == (0,)
    assert read(known, "cat:uncategorised cat:pets").categories == tuple(sorted((0, categories["Pets"])))


def test_a_name_that_nothing_bears_finds_nothing_and_is_said(known: tuple[list[Account], list[Category]]) -> None:
    found = read(known, "cat:zzz acc:yyy")
    assert (found.categories, found.accounts) == ((NOBODY,), (NOBODY,))
    assert [("zzz" in note, "yyy" in note) for note in found.notes] == [(True, False), (False, True)]


def test_too_many_words_are_cut_and_that_is_said(known: tuple[list[Account], list[Category]]) -> None:
    found = read(known, " ".join(f"w{i}" for i in range(MOST_TERMS + 3)))
    assert len(found.words) == MOST_TERMS
    assert found.notes


def test_an_amount_is_in_the_minor_units_of_each_account(house: House) -> None:
    euro, yen = house.account("Current"), house.account("Yen", "JPY")
    house.add(euro, "2026-11-02", "-60", "Euro")
    house.add(yen, "2026-11-02", "-60", "Yen")
    house.add(yen, "2026-11-02", "-6000", "Many yen")
    house.add(euro, "2026-11-02", "-12.50", "Cents")

    def found(search: str) -> list[str]:
        query = f"?p=2026-11&q={quote_plus(search)}"
        return sorted(ledger.listed(house.book, Selection.from_query(query, house.book.today)).rows["payee"])

    assert found("=60") == ["Euro", "Yen"]
    assert found(">100") == ["Many yen"]
    assert found("=12.50") == ["Cents"], "no account in yen can hold it"
    assert found("<20") == ["Cents"]
    assert found(">10 acc:yen") == ["Many yen", "Yen"]
    assert found("many -yen") == []


@pytest.mark.parametrize(
    ("search", "menu", "expected"),
    [
        ("cat:groceries", "", ["Baker", "Market"]),
        ("cat:groceries", "Groceries", ["Baker", "Market"]),
        ("cat:groceries", "Clothing", []),
        ("cat:none", "", ["Market", "Nothing"]),
        ("cat:zzz", "", []),
        ("#holiday", "", ["Nothing"]),
        ("cat:groceries <20", "", ["Baker"]),
    ],
)
def test_operators_narrow_what_the_menus_chose(house: House, search: str, menu: str, expected: list[str]) -> None:
    account = house.account()
    house.add(account, "2026-11-02", "-5", "Baker", "Groceries")
    house.split(house.add(account, "2026-11-03", "-30", "Market"), [("Groceries", -2000), (None, -1000)])
    house.add(account, "2026-11-03", "-30", "Shirts", "Clothing")
    house.edit(house.add(account, "2026-11-04", "-9", "Nothing"), note="sun #holiday")
    query = f"?p=2026-11&q={quote_plus(search)}" + (f"&cat={house.category(menu)}" if menu else "")
    assert sorted(ledger.listed(house.book, Selection.from_query(query, house.book.today)).rows["payee"]) == expected
