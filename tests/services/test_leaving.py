"""Leaving: out at once, back within a week, then gone for good, and nobody else's row with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from dashboard.errors import InputNotValid, NotFound, NotSignedIn, TooManyTries
from dashboard.model import database
from dashboard.model.imports import rule
from dashboard.model.people import attempt, book, membership
from dashboard.model.tables import metadata
from dashboard.model.transactions import pair
from dashboard.services import accounts, books, budgets, imports
from dashboard.services.people import leaving, limits, people, sessions
from tests.conftest import ALICE, BOB, PASSWORD, Clock
from tests.ways import House, bank_csv

HERE = {"address": "192.0.2.1"}
NEW = {"currency": "EUR", "locale": "en-IE", "zone": "UTC"}


def enter(engine: Engine, email: str = ALICE) -> sessions.Session:
    return people.sign_in(engine, email, PASSWORD, keep=True, agent="test", **HERE)


def leave(engine: Engine, opened: sessions.Session) -> None:
    leaving.delete_account(engine, opened.user_id, "Alice", PASSWORD, **HERE)


def lived_in(engine: Engine, email: str) -> House:
    """Fill a book with a row of everything."""
    house = House(books.book_by_email(engine, email))
    account = house.account()
    accounts.revalue(house.book, account, "900", "2026-11-01")
    house.add(account, "2026-11-03", "-12.50", f"lunch of {email}", "Eating out")
    row = house.add(account, "2026-11-05", "-90", "fair")
    house.split(row, [("Groceries", -4000), ("Gifts", -5000)])
    with house.book.writing("pair") as w:
        w.insert(pair, [{"one_id": row, "two_id": row, "refused": False}])
    budgets.set_budget(house.book, house.category("Gifts"), 202611, "EUR", budgets.BudgetForm("200"))
    house.take_in(bank_csv([("2026-11-07", "Market", "-3.00"), ("2026-11-08", "Kiosk", "-4.00")]))
    from dashboard.services import transactions

    transactions.delete(house.book, [house.rows()[-1]["id"]])
    imports.receive(house.book, "waiting.csv", bank_csv([("2026-11-10", "Waiting", "-1.00")]))
    with house.book.writing("rule") as w:
        w.insert(rule, [{"position": 1, "category_id": house.category("Gifts"), "conditions": "{}"}])
    limits.spend(engine, "export", str(house.book.id))
    return house


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    with database.reading(engine) as db:
        return {
            name: sorted((dict(row) for row in db.execute(select(table)).mappings()), key=repr) for name, table in metadata.tables.items()
        }


def owned_by(rows: dict[str, list[dict[str, Any]]], book_id: int, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of one book and its person."""
    return {
        name: [
            row
            for row in found
            if row.get("book_id") == book_id
            or row.get("user_id") == user_id
            or (name == "book" and row["id"] == book_id)
            or (name == "user" and row["id"] == user_id)
        ]
        for name, found in rows.items()
    }


def test_leaving_is_out_everywhere_at_once_with_the_ordinary_sentence(engine: Engine) -> None:
    laptop, phone, bobs = enter(engine), enter(engine), enter(engine, BOB)
    leave(engine, laptop)
    assert [sessions.session_user(engine, s.token) for s in (laptop, phone, bobs)] == [None, None, bobs.user_id]
    with pytest.raises(InputNotValid, match="do not match"):
        enter(engine)
    with pytest.raises(NotFound):
        books.book_by_email(engine, ALICE)
    assert [(p.email, p.deleted_at is not None) for p in people.everyone(engine)] == [(ALICE, True), (BOB, False)]


@pytest.mark.parametrize("name", ["Bob", "", None, 5, ["Alice"], "alice@example.org", "Ali"])
def test_another_name_deletes_nothing_and_costs_no_try(engine: Engine, name: object) -> None:
    opened = enter(engine)
    for _ in range(limits.LIMITS["sign-in"].tries + 1):
        with pytest.raises(InputNotValid) as refused:
            leaving.delete_account(engine, opened.user_id, name, PASSWORD, **HERE)
        assert refused.value.field == "name"
    assert sessions.session_user(engine, opened.token) == opened.user_id


@pytest.mark.parametrize("password", ["wrong password", "", None, 5, [PASSWORD], {"password": PASSWORD}, "x" * 5000])
def test_a_wrong_password_deletes_nothing(engine: Engine, password: object) -> None:
    opened = enter(engine)
    with pytest.raises(InputNotValid) as refused:
        leaving.delete_account(engine, opened.user_id, "Alice", password, **HERE)
    assert refused.value.field == "password"
    assert sessions.session_user(engine, opened.token) == opened.user_id


def test_the_password_cannot_be_guessed_through_the_form_that_deletes(engine: Engine) -> None:
    opened = enter(engine)
    for _ in range(limits.LIMITS["sign-in"].tries):
        with pytest.raises(InputNotValid):
            leaving.delete_account(engine, opened.user_id, "Alice", "wrong password", **HERE)
    with pytest.raises(TooManyTries):
        leave(engine, opened)
    assert sessions.session_user(engine, opened.token) == opened.user_id


def test_a_name_is_typed_as_people_type(engine: Engine) -> None:
    opened = enter(engine)
    people.set_name(engine, opened.user_id, "Alice Mary Cooper")
    leaving.delete_account(engine, opened.user_id, "  alice  mary cooper ", PASSWORD, **HERE)
    assert sessions.session_user(engine, opened.token) is None


def test_nobody_is_purged_before_the_week_is_over(engine: Engine, clock: Clock) -> None:
    leave(engine, enter(engine))
    before = everything(engine)
    clock.forward(days=7, seconds=-1)
    assert leaving.purge(engine) == 0
    assert everything(engine) == before


def test_within_the_week_everything_comes_back_as_it_was(engine: Engine, clock: Clock) -> None:
    house = lived_in(engine, ALICE)
    before = owned_by(everything(engine), house.book.id, house.book.user_id)
    leave(engine, enter(engine))
    clock.forward(days=6)
    leaving.restore(engine, ALICE.upper())
    after = owned_by(everything(engine), house.book.id, house.book.user_id)
    assert after == before
    clock.forward(days=6)
    assert leaving.purge(engine) == 0
    assert enter(engine).user_id == house.book.user_id


def test_only_who_left_can_be_brought_back(engine: Engine) -> None:
    people.disable(engine, BOB)
    for email in (ALICE, BOB):
        with pytest.raises(InputNotValid, match="not deleted"):
            leaving.restore(engine, email)
    with pytest.raises(NotFound):
        leaving.restore(engine, "nobody@example.org")
    assert [p.disabled for p in people.everyone(engine)] == [False, True]


def test_a_purge_removes_every_row_of_the_one_and_none_of_another(engine: Engine, clock: Clock) -> None:
    alice, bob = lived_in(engine, ALICE).book, lived_in(engine, BOB).book
    opened, bobs = enter(engine), enter(engine, BOB)
    full = everything(engine)
    held = {name for name, rows in owned_by(full, alice.id, alice.user_id).items() if rows}
    assert held == set(metadata.tables) - {"attempt"}
    leave(engine, opened)
    clock.forward(days=7)
    with pytest.raises(InputNotValid):
        people.sign_in(engine, ALICE, "wrong password", keep=True, agent="test", **HERE)
    others = {name: [row for row in rows if row not in owned_by(full, alice.id, alice.user_id)[name]] for name, rows in full.items()}
    assert leaving.purge(engine) == 1
    left = everything(engine)
    counted = {limits.subject("sign-in", ALICE), limits.subject("export", str(alice.id))}
    assert not counted & {row["subject"] for row in left["attempt"]}
    for name in set(metadata.tables) - {"attempt"}:
        assert left[name] == others[name], name
    assert owned_by(left, bob.id, bob.user_id) == owned_by(full, bob.id, bob.user_id)
    assert sessions.session_user(engine, bobs.token) == bob.user_id
    assert leaving.purge(engine) == 0


def test_an_address_is_free_again_after_the_purge_and_not_before(engine: Engine, clock: Clock) -> None:
    leave(engine, enter(engine))
    with pytest.raises(InputNotValid, match="already"):
        people.sign_up(engine, people.NewPerson(ALICE, "Another", PASSWORD, **NEW))
    clock.forward(days=7)
    leaving.purge(engine)
    people.sign_up(engine, people.NewPerson(ALICE, "Another", PASSWORD, **NEW))
    assert books.book_by_email(engine, ALICE).user_name == "Another"


def test_a_book_that_is_shared_stays_with_the_others(engine: Engine, clock: Clock) -> None:
    house = lived_in(engine, ALICE)
    bob = books.book_by_email(engine, BOB)
    with database.transaction(engine) as db:
        db.execute(insert(membership).values(book_id=house.book.id, user_id=bob.user_id, role="editor"))
    before = everything(engine)
    leave(engine, enter(engine))
    clock.forward(days=7)
    assert leaving.purge(engine) == 1
    left = everything(engine)
    assert left["transaction"] == before["transaction"]
    assert [row["user_id"] for row in left["membership"] if row["book_id"] == house.book.id] == [bob.user_id]
    assert [row["email"] for row in left["user"]] == [BOB]


def test_a_password_changed_meanwhile_keeps_the_account(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = enter(sqlite_engine)
    confirm = people.confirm

    def slow(*args: Any, **more: Any) -> people.Confirmed:
        who = confirm(*args, **more)
        people.set_password(sqlite_engine, ALICE, "four green herons")
        return who

    monkeypatch.setattr(people, "confirm", slow)
    with pytest.raises(NotSignedIn):
        leave(sqlite_engine, opened)
    assert people.everyone(sqlite_engine)[0].deleted_at is None


def test_on_sqlite_no_byte_of_it_is_left_in_the_files(sqlite_engine: Engine, clock: Clock) -> None:
    lived_in(sqlite_engine, ALICE)
    path = Path(str(sqlite_engine.url.database))
    leave(sqlite_engine, enter(sqlite_engine))
    clock.forward(days=7)
    leaving.purge(sqlite_engine)
    kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    for secret in (f"lunch of {ALICE}".encode(), ALICE.encode()):
        assert secret not in kept
    assert BOB.encode() in kept


def test_a_purge_that_cannot_be_done_now_waits(new_database: Callable[..., str], caplog: pytest.LogCaptureFixture) -> None:
    empty = database.make_engine(new_database("sqlite", empty=True))
    leaving.purge_due(empty)
    assert "nobody was purged" in caplog.text
    empty.dispose()


def test_what_is_counted_by_address_alone_is_left(engine: Engine, clock: Clock) -> None:
    leave(engine, enter(engine))
    clock.forward(days=7)
    limits.spend(engine, "sign-up", "192.0.2.1")
    leaving.purge(engine)
    with database.reading(engine) as db:
        assert db.execute(select(attempt.c.subject)).scalars().all() == [limits.subject("sign-up", "192.0.2.1")]
        assert len(db.execute(select(book.c.id)).all()) == 1
