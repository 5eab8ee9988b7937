"""The search box: words and operators, understood as a person means them."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.queries.terms import Bound, Dated, Said, Sized, Term
from dashboard.model.transactions import transaction
from dashboard.selection import Selection, terms_of
from dashboard.services import history, ledger, transactions
from dashboard.services.accounts import Account, all_accounts
from dashboard.services.categories import Category, all_categories
from dashboard.services.ledger.searching import MOST_TERMS, NOBODY, Search, understood
from tests.ways import House

EURO = (Bound(None, ">", 5000),)


@pytest.fixture
def known(sqlite_house: House) -> tuple[list[Account], list[Category]]:
    for name in ("Current", "Credit card", "Card of Ann"):
        sqlite_house.account(name)
    return all_accounts(sqlite_house.book), all_categories(sqlite_house.book)


def read(known: tuple[list[Account], list[Category]], text: str, locale: str = "en-IE") -> Search:
    return understood(text, *known, locale)


def said(*words: str, place: str = "", negated: bool = False) -> tuple[Term, ...]:
    return tuple(Term((Said(one, place),), negated) for one in words)


def sized(*bounds: Bound, negated: bool = False) -> Term:
    return Term((Sized(bounds),), negated)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("", ()),
        ("   ", ()),
        ("baker  bread", said("baker", "bread")),
        ('"fresh bread" baker', said("fresh bread", "baker")),
        ('"never closed', said("never closed")),
        ('""', ()),
        ("#Tag", said("#tag")),
        ("baker -son", (*said("baker"), *said("son", negated=True))),
        ('-"a b"', said("a b", negated=True)),
        ("-", said("-")),
        ("100%", said("100%")),
        ("12:30", said("12:30")),
        ("https://example.org/x", said("https://example.org/x")),
        ("\u017babka CAF\u00c9 M\u00dcLLER-\u00d6ZT\u00dcRK stra\u00dfe", said("zabka", "cafe", "muller-ozturk", "strasse")),
        ("payee:Lidl", said("lidl", place="payee")),
        ('PAYEE:"two words" -note:x', (*said("two words", place="payee"), *said("x", place="note", negated=True))),
        ("text:visa tag:sun tag:#sun", (*said("visa", place="text"), *said("#sun", "#sun", place="note"))),
        ("payee:", ()),
        (">50", (sized(*EURO),)),
        ("> 50", (sized(*EURO),)),
        ("amount:>50", (sized(*EURO),)),
        ("->50", (sized(*EURO, negated=True),)),
        (">=50 <60.50", (sized(Bound(None, ">=", 5000)), sized(Bound(None, "<", 6050)))),
        ("\u226450", (sized(Bound(None, "<=", 5000)),)),
        ("=12.50", (sized(Bound(None, "=", 1250)),)),
        ("=12,5", (sized(Bound(None, "=", 1250)),)),
        (">1,234.50", (sized(Bound(None, ">", 123450)),)),
        ("12.50", (Term((Said("12.50"), Sized((Bound(None, "=", 1250),)))),)),
        ("10..20", (Term((Said("10..20"), Sized((Bound(None, ">=", 1000, 2000),)))),)),
        ("amount:10..", (sized(Bound(None, ">=", 1000)),)),
        ("date:2026", (Term((Dated(date(2026, 1, 1), date(2026, 12, 31)),)),)),
        ("date:2026-02", (Term((Dated(date(2026, 2, 1), date(2026, 2, 28)),)),)),
        ("-date:2026-02-03", (Term((Dated(date(2026, 2, 3), date(2026, 2, 3)),), True),)),
        ("date:2026-10-05..2026-11", (Term((Dated(date(2026, 10, 5), date(2026, 11, 30)),)),)),
        ("date:..2026", (Term((Dated(None, date(2026, 12, 31)),)),)),
        (">", ()),
        ("> =", ()),
        ("OR", ()),
        ("a OR", said("a")),
        ("or", said("or")),
    ],
)
def test_a_search_is_taken_apart(known: tuple[list[Account], list[Category]], text: str, group: tuple[Term, ...]) -> None:
    found = read(known, text)
    assert found.groups == ((group,) if group else ())
    assert found.notes == ()


def test_or_begins_another_way_to_be_found(known: tuple[list[Account], list[Category]]) -> None:
    assert read(known, "a b OR c OR OR d").groups == (said("a", "b"), said("c"), said("d"))


def test_the_locale_says_what_a_mark_is(known: tuple[list[Account], list[Category]]) -> None:
    assert read(known, ">1.234,50", "de-DE").groups == ((sized(Bound(None, ">", 123450)),),)


@pytest.mark.parametrize(
    "text", [">5.005", "=1.2.3", "<9999999999999999999999", ">5x", "date:2026-13", "date:yesterday", "date:2026-11..2026-10", "amount:x"]
)
def test_what_cannot_be_read_is_left_out_and_said(known: tuple[list[Account], list[Category]], text: str) -> None:
    found = read(known, f"baker {text}")
    assert found.groups == (said("baker"),)
    assert len(found.notes) == 1
    assert text in found.notes[0]


def test_a_field_that_is_none_is_said_and_looked_for(known: tuple[list[Account], list[Category]]) -> None:
    found = read(known, "foo:bar")
    assert found.groups == (said("foo:bar"),)
    assert "\u201cfoo:\u201d is no field" in found.notes[0]


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_said(text: str) -> None:
    understood(text, [], [], "de-DE")
    assert terms_of(" ".join(terms_of(text))) == terms_of(text)


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
    assert len(found.groups[0]) == MOST_TERMS
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
        # A part of the market's row is as small.
        ("cat:groceries <20", "", ["Baker", "Market"]),
        ("cat:groceries <10", "", ["Baker"]),
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


FOUND = {
    "-cat:groceries": ["Caf\u00e9 M\u00fcller", "Rent", "\u017babka"],
    "-acc:wallet": ["Caf\u00e9 M\u00fcller", "Market", "Rent"],
    "zabka": ["\u017babka"],
    "\u017bABKA": ["\u017babka"],
    "muller": ["Caf\u00e9 M\u00fcller"],
    "payee:cafe": ["Caf\u00e9 M\u00fcller"],
    "payee:november": [],
    "note:november": ["Rent"],
    "november": ["Rent"],
    "text:november": [],
    "text:dublin": ["Rent"],
    "note:dublin": [],
    "8.40": ["Caf\u00e9 M\u00fcller"],
    "12.50": ["Market"],
    "> 100": ["Rent"],
    "10..20": ["Market"],
    "20..35": ["Market"],
    "-8.40 -rent": ["Market", "\u017babka"],
    "#soap": ["Market"],
    "tag:soap": ["Market"],
    "-tag:soap -cat:housing": ["Caf\u00e9 M\u00fcller", "\u017babka"],
    "cat:groceries -#soap": [],
    "zabka OR muller": ["Caf\u00e9 M\u00fcller", "\u017babka"],
    "zabka OR cat:groceries <20": ["Market", "\u017babka"],
    "date:2026-10": ["October"],
    "date:2026-11": ["Caf\u00e9 M\u00fcller", "Market", "Rent", "\u017babka"],
    "-date:2026-11-02": ["Market", "\u017babka"],
    "date:2026-10 OR zabka": ["October", "\u017babka"],
    "100%": [],
    "_": [],
    "cat:none": ["Caf\u00e9 M\u00fcller", "\u017babka"],
    "-cat:none": ["Market", "Rent"],
}


@pytest.fixture
def filled(house: House) -> House:
    account, wallet = house.account(), house.account("Wallet")
    rent = house.add(account, "2026-11-02", "-900", "Rent", "Housing")
    house.edit(rent, note="for November")
    with house.book.writing("As a bank says it") as w:
        w.update(transaction, [rent], text="RENT DUBLIN 8")
    house.add(account, "2026-11-02", "-8.40", "Caf\u00e9 M\u00fcller")
    house.add(wallet, "2026-11-03", "-4", "\u017babka")
    house.add(account, "2026-10-30", "-4", "October", "Housing")
    market = house.add(account, "2026-11-04", "-32.50", "Market")
    house.edit(market, parts=[{"amount": "20", "category": house.category("Groceries"), "note": ""}, {"amount": "12.50", "category": house.category("Pets"), "note": "for Rex #Soap"}], category_id=None)
    return house


@pytest.mark.parametrize("search", FOUND)
def test_a_search_finds_exactly_these(filled: House, search: str) -> None:
    query = f"?p=2026-11&q={quote_plus(search)}"
    assert sorted(ledger.listed(filled.book, Selection.from_query(query, filled.book.today)).rows["payee"]) == FOUND[search]


def test_what_is_written_later_is_found_as_well_and_undone_not_any_more(filled: House) -> None:
    def found(search: str) -> list[str]:
        return sorted(ledger.listed(filled.book, Selection.from_query(f"?p=all&q={quote_plus(search)}", filled.book.today)).rows["payee"])

    row = next(r["id"] for r in filled.rows() if r["payee"] == "Rent")
    done = filled.edit(row, note="\u00dcber alles")
    assert (found("uber"), found("november")) == (["Rent"], [])
    history.undo(filled.book, done.revision)
    assert (found("uber"), found("note:november")) == ([], ["Rent"])
    gone = transactions.delete(filled.book, [row])
    assert found("note:november") == []
    history.undo(filled.book, gone.revision)
    assert found("note:november") == ["Rent"]
    assert found("payee:zabka") == ["\u017babka"]
