"""Values and openings have days: what was said of a day holds, whatever is typed before it, and an opening begins on its own day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import bounds
from dashboard.errors import InputNotValid, NotFound, UndoRefused
from dashboard.model.accounts import account as accounts_table
from dashboard.model.accounts import account_value
from dashboard.model.transactions import transaction
from dashboard.periods import last_day, month_of
from dashboard.services import accounts, history, imports
from dashboard.services.books import Book
from dashboard.services.reconciling import reconcile
from tests.ways import House, bank_csv, held_at, journal, order, snapshot

TODAY = date(2026, 11, 18)
FORM = {"name": "House", "kind": "asset", "currency": "EUR"}


def at(house: House, account: int, day: str) -> int:
    """Return what is in an account at the end of a day, whole units."""
    with house.book.reading() as db:
        found = accounts.balance_at(db, house.book, accounts.account_of(db, house.book, account), date.fromisoformat(day))
    assert found == held_at(snapshot(house.book), account, date.fromisoformat(day))
    return found // 100


def now(house: House, account: int) -> int:
    """Return what is in an account by its list, its overview and its day alike, whole units."""
    held, shown = accounts.all_accounts(house.book), accounts.overview(house.book)
    assert shown.accounts == held
    balance = next(a for a in held if a.id == account).balance
    assert (balance // 100, balance) == (at(house, account, house.book.today.isoformat()), shown.ends.loc[account].tolist()[-1])
    return balance // 100


def ends(house: House, account: int) -> dict[int, int]:
    shown = accounts.overview(house.book)
    return dict(zip(shown.months, (int(v) // 100 for v in shown.ends.loc[account]), strict=True))


def values(house: House, account: int) -> list[tuple[str, int]]:
    with house.book.reading() as db:
        return [(v.day.isoformat(), v.amount // 100) for v in accounts.values_of(db, house.book, account)]


def seen(house: House, account: int) -> accounts.Account:
    return next(a for a in accounts.all_accounts(house.book) if a.id == account)


def test_a_value_stands_when_an_earlier_one_is_said_after_it(house: House) -> None:
    home = house.account("House", opening="300000", opened="2026-01-01")
    before = snapshot(house.book)
    later = accounts.revalue(house.book, home, "310,000", "2026-11-01")
    assert later.message == "\u201cHouse\u201d is worth \u20ac310,000.00 on 1 Nov 2026"
    earlier = accounts.revalue(house.book, home, "305000", "2026-09-01")
    assert values(house, home) == [("2026-11-01", 310_000), ("2026-09-01", 305_000)]
    assert now(house, home) == 310_000
    assert ends(house, home) == dict.fromkeys((202512,), 0) | dict.fromkeys(range(202601, 202609), 300_000) | {
        202609: 305_000,
        202610: 305_000,
        202611: 310_000,
    }
    assert house.rows() == []
    assert (journal(house.book)[0].action, journal(house.book)[1].action) == (earlier.message, later.message)
    history.undo(house.book, earlier.revision)
    history.undo(house.book, later.revision)
    assert snapshot(house.book) == before


def test_rows_before_a_value_and_on_its_day_are_in_it_and_rows_after_it_are_not(house: House) -> None:
    fund = house.account("Fund", opening="100", opened="2026-01-01")
    accounts.revalue(house.book, fund, "160", "2026-11-10")
    house.add(fund, "2026-11-05", "50")
    assert (at(house, fund, "2026-11-05"), at(house, fund, "2026-11-10"), now(house, fund)) == (150, 160, 160)
    house.add(fund, "2026-11-10", "30")
    assert (at(house, fund, "2026-11-09"), at(house, fund, "2026-11-10"), now(house, fund)) == (150, 160, 160)
    house.add(fund, "2026-11-11", "7")
    assert (at(house, fund, "2026-11-10"), at(house, fund, "2026-11-11"), now(house, fund)) == (160, 167, 167)
    house.add(fund, "2026-11-19", "1000")
    assert now(house, fund) == 167
    assert [a.count for a in accounts.all_accounts(house.book)] == [4]


def test_a_value_before_the_opening_stands_against_it(house: House) -> None:
    home = house.account("House", opening="300000", opened="2026-10-01")
    accounts.revalue(house.book, home, "280000", "2026-08-01")
    assert [at(house, home, day) for day in ("2026-07-31", "2026-08-01", "2026-10-01")] == [0, 280_000, 280_000]
    assert now(house, home) == 280_000
    accounts.revalue(house.book, home, "290000", "2026-10-01")
    assert (at(house, home, "2026-09-30"), now(house, home)) == (280_000, 290_000)


def test_a_value_on_the_day_of_the_opening_is_what_is_there_at_its_end(house: House) -> None:
    home = house.account("House", opening="300000", opened="2026-10-01")
    house.add(home, "2026-09-01", "5")
    accounts.revalue(house.book, home, "310000", "2026-10-01")
    assert [at(house, home, day) for day in ("2026-08-31", "2026-09-30", "2026-10-01")] == [0, 5, 310_000]
    assert now(house, home) == 310_000


def test_what_is_worth_that_already_is_said_all_the_same_and_a_second_word_takes_its_place(house: House) -> None:
    home = house.account("House", opening="300000")
    first = accounts.revalue(house.book, home, "300000", "2026-11-18")
    assert (first.revision > 0, values(house, home)) == (True, [("2026-11-18", 300_000)])
    before = snapshot(house.book)
    assert accounts.revalue(house.book, home, "300,000.00", "t") == (
        0,
        "\u201cHouse\u201d is worth \u20ac300,000.00 on 18 Nov 2026 already",
        0,
    )
    assert snapshot(house.book) == before
    second = accounts.revalue(house.book, home, "320000", "t")
    assert values(house, home) == [("2026-11-18", 320_000)]
    with pytest.raises(UndoRefused):
        history.undo(house.book, first.revision)
    history.undo(house.book, second.revision)
    assert snapshot(house.book) == before


def test_a_value_is_deleted_and_comes_back(house: House) -> None:
    home = house.account("House", opening="300000")
    said = accounts.revalue(house.book, home, "310000", "2026-11-01")
    accounts.revalue(house.book, home, "305000", "2026-09-01")
    before = snapshot(house.book)
    done = accounts.unsay(house.book, str(said.created))
    assert done.message == "\u201cHouse\u201d: the value of \u20ac310,000.00 on 1 Nov 2026 deleted"
    assert (now(house, home), values(house, home)) == (305_000, [("2026-09-01", 305_000)])
    with pytest.raises(NotFound):
        accounts.unsay(house.book, said.created)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


@pytest.mark.parametrize("forged", [10**6, -1, 2**70, "x", None, True, 1.5, [1]])
def test_a_value_that_is_not_ours_is_not_found(house: House, other_house: House, forged: object) -> None:
    for number in range(3):
        theirs = accounts.revalue(other_house.book, other_house.account(f"Theirs {number}"), "5", "t").created
    before = snapshot(other_house.book)
    for wanted in (forged, theirs):
        with pytest.raises(NotFound):
            accounts.unsay(house.book, wanted)
    assert snapshot(other_house.book) == before
    with house.book.reading() as db:
        assert accounts.values_of(db, house.book, before["account"][0]["id"]) == []


def test_an_account_goes_with_its_values_and_comes_back_with_them(house: House) -> None:
    home = house.account("House", opening="300000")
    accounts.revalue(house.book, home, "310000", "2026-11-01")
    before = snapshot(house.book)
    done = accounts.delete(house.book, home)
    assert (snapshot(house.book)["account"], snapshot(house.book)["value"]) == ([], [])
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_a_book_holds_as_many_values_as_its_lists_bear(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bounds.MOST, "value", 2)
    home = house.account("House")
    for day in ("2026-11-01", "2026-11-02"):
        accounts.revalue(house.book, home, "5", day)
    with pytest.raises(InputNotValid, match="at most 2 values"):
        accounts.revalue(house.book, home, "5", "2026-11-03")
    accounts.revalue(house.book, home, "6", "2026-11-02")
    assert values(house, home) == [("2026-11-02", 6), ("2026-11-01", 5)]


def test_the_currency_of_an_account_with_values_stays(house: House) -> None:
    home = house.account("House")
    said = accounts.revalue(house.book, home, "310000", "2026-11-01")
    with pytest.raises(InputNotValid, match="with values") as refused:
        accounts.save(house.book, home, seen(house, home).revision, accounts.AccountForm(**(FORM | {"currency": "JPY"}), opening=""))
    assert refused.value.field == "currency"
    accounts.unsay(house.book, said.created)
    changed = accounts.save(house.book, home, seen(house, home).revision, accounts.AccountForm(**(FORM | {"currency": "JPY"}), opening=""))
    accounts.revalue(house.book, home, "310000", "2026-11-01")
    with pytest.raises(UndoRefused, match="values"):
        history.undo(house.book, changed.revision)


def test_an_opening_holds_from_its_day_in_the_account_and_in_net_worth(house: House) -> None:
    savings = accounts.save(house.book, None, None, accounts.AccountForm(**FORM, opening="100", opened="15/10/2026")).created
    house.account("Other", opening="7", opened="2026-01-31")
    assert seen(house, savings).opened == date(2026, 10, 15)
    assert [at(house, savings, day) for day in ("2026-10-14", "2026-10-15", "2026-11-18")] == [0, 100, 100]
    net = {row["month"]: row["net"] for row in accounts.overview(house.book).series.to_dict("records")}
    assert net == {202512: 0} | dict.fromkeys(range(202601, 202610), 700) | dict.fromkeys((202610, 202611), 10700)


def test_a_new_account_opens_today_and_an_old_one_when_it_did(house: House) -> None:
    home = accounts.save(house.book, None, None, accounts.AccountForm(**FORM, opening="100")).created
    assert seen(house, home).opened == TODAY
    assert (at(house, home, "2026-11-17"), now(house, home)) == (0, 100)
    accounts.save(house.book, home, seen(house, home).revision, accounts.AccountForm(**FORM, opening="90", opened="2026-11-02"))
    before = snapshot(house.book)
    done = accounts.save(house.book, home, seen(house, home).revision, accounts.AccountForm(**FORM, opening="80", opened=""))
    assert (seen(house, home).opened, now(house, home)) == (date(2026, 11, 2), 80)
    history.undo(house.book, done.revision)
    assert snapshot(house.book) == before


def test_an_opening_without_a_day_holds_from_the_beginning(house: House) -> None:
    old = house.account("Old", opening="100")
    with house.book.writing("as it was before openings had days") as w:
        w.update(accounts_table, [old], opened=None)
    house.add(old, "1990-05-05", "5")
    assert (at(house, old, "1990-05-04"), at(house, old, "1990-05-05"), now(house, old)) == (100, 105, 105)
    assert set(ends(house, old).values()) == {105}
    accounts.save(house.book, old, seen(house, old).revision, accounts.AccountForm(**FORM, opening="100", opened=""))
    assert seen(house, old).opened is None


BALANCES = "Date,Description,Amount,Balance"
NOVEMBER = [
    ("2026-11-03", "Lidl", "-12.00", "988.00"),
    ("2026-11-05", "Fuel", "-60.00", "928.00"),
    ("2026-11-09", "Boots", "-42.00", "886.00"),
]
OCTOBER = [
    ("2026-10-05", "Pay", "480.00", "1080.00"),
    ("2026-10-06", "Rent", "-60.00", "1020.00"),
    ("2026-10-07", "Cat", "-20.00", "1000.00"),
]


def take_in(house: House, rows: list[tuple[str, ...]], name: str = "Current") -> int:
    head = BALANCES if len(rows[0]) == 4 else BALANCES.removesuffix(",Balance")
    return imports.import_file(house.book, "bank.csv", bank_csv(rows, head), order(name)).revision  # type: ignore[arg-type]


def test_an_import_opens_an_account_on_the_day_before_its_first_row(house: House) -> None:
    take_in(house, NOVEMBER)
    account = accounts.all_accounts(house.book)[0]
    assert (account.opened, account.opening) == (date(2026, 11, 2), 100000)
    assert ends(house, account.id) == dict.fromkeys((202512, *range(202601, 202611)), 0) | {202611: 886}


def test_an_older_file_moves_the_opening_back_and_its_undo_brings_it_forward(house: House) -> None:
    take_in(house, NOVEMBER)
    account = accounts.all_accounts(house.book)[0].id
    before = snapshot(house.book)
    older = take_in(house, OCTOBER)
    assert (seen(house, account).opened, seen(house, account).opening, now(house, account)) == (date(2026, 10, 4), 60000, 886)
    assert [at(house, account, day) for day in ("2026-10-03", "2026-10-04", "2026-10-07", "2026-11-02")] == [0, 600, 1000, 1000]
    assert ends(house, account)[202610] == 1000
    history.undo(house.book, older)
    assert snapshot(house.book) == before


def test_an_older_file_without_balances_moves_the_day_alone(house: House) -> None:
    account = house.account("Current", opening="100", opened="2026-11-01")
    before = snapshot(house.book)
    older = take_in(house, [row[:3] for row in OCTOBER])
    assert (seen(house, account).opened, seen(house, account).opening, now(house, account)) == (date(2026, 10, 4), 10000, 500)
    assert (at(house, account, "2026-10-03"), at(house, account, "2026-10-04")) == (0, 100)
    history.undo(house.book, older)
    assert snapshot(house.book) == before


@pytest.mark.parametrize(("opened", "moved"), [("2026-11-02", "2026-11-02"), ("2026-11-03", "2026-11-02"), ("2026-11-18", "2026-11-02")])
def test_only_rows_on_or_before_the_opening_move_it(house: House, opened: str, moved: str) -> None:
    account = house.account("Current", opening="100", opened=opened)
    take_in(house, [row[:3] for row in NOVEMBER])
    assert seen(house, account).opened == date.fromisoformat(moved)


def test_rows_that_are_there_already_leave_the_opening_where_it_is(house: House) -> None:
    take_in(house, NOVEMBER)
    account = accounts.all_accounts(house.book)[0].id
    accounts.save(
        house.book,
        account,
        seen(house, account).revision,
        accounts.AccountForm(**(FORM | {"kind": "checking"}), opening="1000", opened="2026-11-06"),
    )
    more = [*NOVEMBER, ("2026-11-12", "Netflix", "-20.00", "866.00")]
    take_in(house, more, "House")
    assert (seen(house, account).opened, now(house, account)) == (date(2026, 11, 6), 866)


def test_a_files_balances_are_compared_with_what_was_said_of_a_day(house: House) -> None:
    take_in(house, OCTOBER)
    account = accounts.all_accounts(house.book)[0].id
    accounts.revalue(house.book, account, "900", "2026-10-31")
    november = imports.import_file(house.book, "november.csv", bank_csv(NOVEMBER, BALANCES), order("Current"))  # type: ignore[arg-type]
    assert [text.partition(". ")[::2] for text in november.standings] == [
        (
            "Current: \u20ac100.00 less than the bank\u2019s \u20ac886.00 on 9 Nov 2026",
            "Rows before 3 Nov 2026 are missing, or the value of 31 Oct 2026 is not right",
        )
    ]
    assert now(house, account) == 786
    found = reconcile(house.book, account, "2026-11-09", "886")
    assert found.difference == 10000
    accounts.revalue(house.book, account, "1000", "2026-10-31")
    assert reconcile(house.book, account, "2026-11-09", "886").done is not None
    accounts.revalue(house.book, account, "990", "2026-10-31")
    said = " ".join(reconcile(house.book, account, "2026-11-18", "886").sentences)
    assert "Since then: \u201c\u201cCurrent\u201d is worth \u20ac990.00 on 31 Oct 2026\u201d" in said


def test_a_late_opening_is_told_where_the_banks_first_balance_says_so(house: House) -> None:
    take_in(house, NOVEMBER)
    account = accounts.all_accounts(house.book)[0].id
    held = seen(house, account)
    accounts.save(
        house.book, account, held.revision, accounts.AccountForm(**(FORM | {"kind": "checking"}), opening="1000", opened="2026-11-18")
    )
    said = " ".join(reconcile(house.book, account, "2026-11-17", "886").sentences)
    assert "perhaps the opening balance is \u20ac1,000.00 and holds before 18 Nov 2026, or earlier rows are missing" in said


def test_an_import_that_is_undone_takes_the_values_of_its_account_with_it(house: House) -> None:
    before = snapshot(house.book)
    done = take_in(house, NOVEMBER)
    accounts.revalue(house.book, accounts.all_accounts(house.book)[0].id, "5", "t")
    full = snapshot(house.book)
    taken = history.undo(house.book, done)
    assert snapshot(house.book) == before
    history.undo(house.book, taken.revision)
    assert snapshot(house.book)["value"] == full["value"]


DAY = st.integers(-500, 40).map(lambda n: TODAY + timedelta(days=n))
AMOUNT = st.integers(-(10**11), 10**11)
ACCOUNT = st.tuples(
    AMOUNT,
    st.none() | DAY,
    st.lists(st.tuples(DAY, AMOUNT), max_size=12),
    st.dictionaries(DAY, AMOUNT, max_size=5),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(ACCOUNT, min_size=1, max_size=3), days=st.lists(DAY, min_size=1, max_size=4))
def test_every_balance_is_what_its_definition_says(
    fresh_book: Callable[[], Book], held: list[tuple[int, date | None, list[tuple[date, int]], dict[date, int]]], days: list[date]
) -> None:
    book = fresh_book()
    with book.writing("all") as w:
        for number, (opening, opened, rows, said) in enumerate(held):
            head = {"name": f"A{number}", "kind": "asset", "currency": "EUR", "number": "", "closed": False}
            made = w.insert(accounts_table, [head | {"opening": opening, "opened": opened}])[0]
            w.insert(transaction, [{"account_id": made, "date": day, "amount": size, "payee": "Shop"} for day, size in rows])
            w.insert(account_value, [{"account_id": made, "day": day, "amount": size} for day, size in said.items()])
    found, shown = snapshot(book), accounts.overview(book)
    assert accounts.all_accounts(book) == shown.accounts
    for one in shown.accounts:
        assert one.balance == held_at(found, one.id, book.today)
        assert [int(v) for v in shown.ends.loc[one.id]] == [
            held_at(found, one.id, book.today if month == month_of(book.today) else last_day(month)) for month in shown.months
        ]
        with book.reading() as db:
            assert [accounts.balance_at(db, book, replace(one, balance=0), day) for day in days] == [
                held_at(found, one.id, d) for d in days
            ]
    net = shown.series[shown.series["month"] == shown.months[-1]]["net"].tolist()
    assert net == [sum(held_at(found, one.id, book.today) for one in shown.accounts)]
