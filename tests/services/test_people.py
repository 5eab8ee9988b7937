"""Who may come in: sign-up, sign-in, sessions that end, passwords, and the throttle. SECURITY.md group A, below the web."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, update

from dashboard.errors import InputNotValid, NotFound, NotSignedIn, TooManyTries
from dashboard.model import database
from dashboard.model.people import attempt, session, user
from dashboard.services import books, categories
from dashboard.services.people import addresses, limits, people, sessions
from tests.conftest import ALICE, BOB, PASSWORD, Clock

HERE = {"address": "192.0.2.1", "agent": "test"}
NEW = {"currency": "CHF", "locale": "de-CH", "zone": "Europe/Zurich"}


def enter(
    engine: Engine, email: str = ALICE, password: object = PASSWORD, *, keep: bool = True, address: str = "192.0.2.1"
) -> sessions.Session:
    return people.sign_in(engine, email, password, keep=keep, address=address, agent="test")


def fail(engine: Engine, times: int, email: str = ALICE, address: str = "192.0.2.1") -> str:
    message = ""
    for _ in range(times):
        with pytest.raises(InputNotValid) as refused:
            enter(engine, email, "wrong password", address=address)
        message = refused.value.message
    return message


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the checks instead of paying for them, where a test needs hundreds."""
    checked: list[str] = []

    def check(stored: str, given: str) -> bool:
        checked.append(given)
        return given == PASSWORD

    monkeypatch.setattr(people, "check_password_hash", check)
    return checked


def test_signing_up_makes_a_book_of_ones_own_with_the_preset_categories(engine: Engine) -> None:
    who = people.sign_up(engine, people.NewPerson(" Carol@Example.ORG ", "", "correct horse battery", **NEW))
    book = books.book_by_email(engine, "carol@example.org")
    assert (book.user_id, book.currency, book.locale, book.zone, book.role, book.user_name) == (
        who,
        "CHF",
        "de-CH",
        "Europe/Zurich",
        "owner",
        "carol",
    )
    assert [c.name for c in categories.all_categories(book)][:2] == ["Housing", "Groceries"]
    assert book.id not in {books.book_by_email(engine, email).id for email in (ALICE, BOB)}


@pytest.mark.parametrize(
    "email",
    [
        "",
        "alice",
        "@example.org",
        "a@b",
        "a b@example.org",
        "a@exa mple.org",
        "<a>@example.org",
        "a@@example.org",
        "a\n@example.org",
        "x" * 5000 + "@example.org",
        None,
        5,
        ["a@example.org"],
    ],
)
def test_what_is_no_address_cannot_sign_up(sqlite_engine: Engine, email: object) -> None:
    with pytest.raises(InputNotValid) as refused:
        people.sign_up(sqlite_engine, people.NewPerson(email, "Carol", "correct horse battery", **NEW))
    assert refused.value.field == "email"


def test_an_address_signs_up_once_whatever_its_case(engine: Engine) -> None:
    with pytest.raises(InputNotValid, match="already"):
        people.sign_up(engine, people.NewPerson(ALICE.upper(), "Alice", "correct horse battery", **NEW))
    assert len(people.everyone(engine)) == 2


@pytest.mark.parametrize(
    "password",
    [
        "7 chars",
        "password",
        "Password",
        "12345678",
        "iloveyou",
        "carol@example.org",
        "x" * 1025,
        "\U0001f600" * 257,
        "",
        None,
        12345678,
        ["correct horse"],
    ],
)
def test_a_password_that_anyone_would_try_is_refused(sqlite_engine: Engine, password: object) -> None:
    with pytest.raises(InputNotValid) as refused:
        people.sign_up(sqlite_engine, people.NewPerson("carol@example.org", "Carol", password, **NEW))
    assert refused.value.field == "password"
    assert len(people.everyone(sqlite_engine)) == 2


@pytest.mark.parametrize("password", ["x9" * 32, "x9" * 64, "\U0001f511 two keys \u00e4\u00df", "  spaces around  "])
def test_long_and_unusual_passwords_are_taken_and_never_cut_short(sqlite_engine: Engine, password: str) -> None:
    people.sign_up(sqlite_engine, people.NewPerson("carol@example.org", "Carol", password, **NEW))
    assert enter(sqlite_engine, "carol@example.org", password)
    for near in (password[:-1], password.strip() if password != password.strip() else password + "x"):
        with pytest.raises(InputNotValid):
            enter(sqlite_engine, "carol@example.org", near)


def test_passwords_and_tokens_are_kept_as_hashes_only_and_never_logged(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "dashboard")
    opened = enter(engine)
    fail(engine, 1)
    with database.reading(engine) as db:
        passwords = db.execute(select(user.c.password)).scalars().all()
        stored = " ".join(str(row) for table in (user, session, attempt) for row in db.execute(select(table)))
    assert all(p.startswith("scrypt:") for p in passwords)
    assert PASSWORD not in stored
    assert opened.token not in stored
    assert "wrong password" not in caplog.text
    assert PASSWORD not in caplog.text
    assert opened.token not in caplog.text
    assert "signed in user=" in caplog.text
    assert "sign-in refused" in caplog.text
    assert "192.0.2.1" in caplog.text


def test_an_unknown_address_is_refused_by_the_same_sentence_after_the_same_work(sqlite_engine: Engine, cheap_hashes: list[str]) -> None:
    assert fail(sqlite_engine, 1, ALICE) == fail(sqlite_engine, 1, "nobody@example.org")
    assert fail(sqlite_engine, 4, ALICE) == fail(sqlite_engine, 4, "nobody@example.org")
    assert len(cheap_hashes) == 10
    for email in (ALICE, "nobody@example.org"):
        with pytest.raises(TooManyTries):
            enter(sqlite_engine, email)


def test_known_and_unknown_addresses_take_as_long(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "sign-in", limits.Limit(1000, 300))

    took: dict[str, list[float]] = {ALICE: [], "nobody@example.org": []}
    for _ in range(7):
        for email, times in took.items():
            start = time.perf_counter()
            fail(sqlite_engine, 1, email)
            times.append(time.perf_counter() - start)
    known, unknown = (sorted(times)[3] for times in took.values())
    # A hash is 80 ms; one that is left out would make it ten times faster, on any machine.
    assert 0.5 < known / unknown < 2


def test_five_wrong_passwords_make_the_account_rest_even_for_the_right_one(engine: Engine, clock: Clock) -> None:
    assert "Wait 5 minutes" in fail(engine, 5)
    with pytest.raises(TooManyTries) as refused:
        enter(engine)
    assert 0 < refused.value.retry_after <= 300
    assert enter(engine, BOB)
    clock.forward(seconds=299)
    with pytest.raises(TooManyTries):
        enter(engine)
    clock.forward(seconds=2)
    assert enter(engine)


def test_asking_during_the_rest_does_not_lengthen_it(engine: Engine, clock: Clock) -> None:
    fail(engine, 5)
    for _ in range(10):
        clock.forward(seconds=29)
        with pytest.raises(TooManyTries):
            enter(engine)
    clock.forward(seconds=15)
    assert enter(engine)


def test_a_right_password_forgives_the_wrong_ones(engine: Engine) -> None:
    fail(engine, 4)
    enter(engine)
    assert "4 tries left" in fail(engine, 1)


def test_one_address_cannot_try_many_accounts(engine: Engine, cheap_hashes: list[str]) -> None:
    for number in range(50):
        fail(engine, 1, f"somebody{number}@example.org", "198.51.100.7")
    with pytest.raises(TooManyTries):
        enter(engine, address="198.51.100.7")
    assert enter(engine, address="192.0.2.1")
    assert len(cheap_hashes) == 51


def test_a_right_password_of_ones_own_does_not_open_the_way_to_others(engine: Engine, cheap_hashes: list[str]) -> None:
    for number in range(49):
        fail(engine, 1, f"somebody{number}@example.org", "198.51.100.7")
    enter(engine, BOB, address="198.51.100.7")
    with pytest.raises((TooManyTries, InputNotValid)):
        enter(engine, "somebody@example.org", "wrong password", address="198.51.100.7")
    with pytest.raises(TooManyTries):
        enter(engine, "somebody.else@example.org", "wrong password", address="198.51.100.7")


def test_tries_at_the_same_moment_are_counted_each(sqlite_engine: Engine, cheap_hashes: list[str]) -> None:
    def attempt_once(_: int) -> str:
        try:
            enter(sqlite_engine, ALICE, "wrong password")
        except (InputNotValid, TooManyTries) as refused:
            return type(refused).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(attempt_once, range(20)))
    assert results.count("InputNotValid") == 5
    assert results.count("TooManyTries") == 15
    assert len(cheap_hashes) == 5


@pytest.mark.parametrize("password", ["x" * 5 * 2**20, "\U0001f600" * 2**18, None, 5, ["a"], {"a": 1}])
def test_a_megabyte_of_password_is_never_hashed(sqlite_engine: Engine, password: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "check_password_hash", lambda *_: pytest.fail("hashed"))
    with pytest.raises(InputNotValid, match="do not match"):
        enter(sqlite_engine, ALICE, password)


@pytest.mark.parametrize("email", ["\x00", "alice\x00@example.org", "' OR 1=1 --", "x" * 10_000, None, 5, [ALICE], "\u00e4@example.org"])
def test_any_address_that_is_tried_is_answered_by_the_same_sentence(engine: Engine, cheap_hashes: list[str], email: object) -> None:
    with pytest.raises(InputNotValid, match="do not match"):
        people.sign_in(engine, email, "wrong password", keep=False, **HERE)


def test_a_session_is_worth_nothing_after_sign_out(engine: Engine) -> None:
    first, second = enter(engine), enter(engine)
    assert first.token != second.token
    sessions.sign_out(engine, first.token)
    assert sessions.session_user(engine, first.token) is None
    assert sessions.session_user(engine, second.token) == second.user_id


def test_a_new_password_ends_every_session_but_the_new_one(engine: Engine) -> None:
    laptop, phone, bobs = enter(engine), enter(engine), enter(engine, BOB)
    with pytest.raises(InputNotValid) as refused:
        people.change_password(engine, laptop.user_id, "wrong password", "four green herons", **HERE)
    assert refused.value.field == "old"
    assert sessions.session_user(engine, phone.token) == phone.user_id
    now = people.change_password(engine, laptop.user_id, PASSWORD, "four green herons", **HERE)
    assert [sessions.session_user(engine, s.token) for s in (laptop, phone)] == [None, None]
    assert sessions.session_user(engine, now.token) == now.user_id == laptop.user_id
    assert sessions.session_user(engine, bobs.token) == bobs.user_id
    with pytest.raises(InputNotValid):
        enter(engine)
    assert enter(engine, ALICE, "four green herons")


def test_the_old_password_cannot_be_guessed_through_the_form_that_changes_it(engine: Engine) -> None:
    opened = enter(engine)
    for _ in range(5):
        with pytest.raises(InputNotValid):
            people.change_password(engine, opened.user_id, "wrong password", "four green herons", **HERE)
    with pytest.raises(TooManyTries):
        people.change_password(engine, opened.user_id, PASSWORD, "four green herons", **HERE)
    assert sessions.session_user(engine, opened.token) == opened.user_id


def test_a_new_password_must_be_a_good_one(sqlite_engine: Engine) -> None:
    opened = enter(sqlite_engine)
    with pytest.raises(InputNotValid) as refused:
        people.change_password(sqlite_engine, opened.user_id, PASSWORD, "password", **HERE)
    assert refused.value.field == "password"
    assert sessions.session_user(sqlite_engine, opened.token) == opened.user_id


@pytest.mark.parametrize(("keep", "hours"), [(True, 30 * 24), (False, 12)])
def test_a_session_that_rests_too_long_ends(engine: Engine, clock: Clock, keep: bool, hours: int) -> None:
    opened = enter(engine, keep=keep)
    clock.forward(hours=hours - 1)
    assert sessions.session_user(engine, opened.token) == opened.user_id
    clock.forward(hours=hours - 1)
    assert sessions.session_user(engine, opened.token) == opened.user_id
    clock.forward(hours=hours + 1)
    assert sessions.session_user(engine, opened.token) is None


def test_a_session_ends_after_ninety_days_however_busy(engine: Engine, clock: Clock) -> None:
    opened = enter(engine)
    for _ in range(9):
        clock.forward(days=10, minutes=-1)
        assert sessions.session_user(engine, opened.token) == opened.user_id
    clock.forward(days=1)
    assert sessions.session_user(engine, opened.token) is None


def test_a_disabled_person_is_out_at_once_and_stays_out(engine: Engine) -> None:
    opened = enter(engine)
    people.disable(engine, ALICE)
    assert sessions.session_user(engine, opened.token) is None
    with pytest.raises(InputNotValid, match="do not match"):
        enter(engine)
    with pytest.raises(NotFound):
        books.book_by_email(engine, ALICE)


def test_a_person_disabled_by_hand_is_out_although_the_session_stands(engine: Engine) -> None:
    opened = enter(engine)
    with database.transaction(engine) as db:
        db.execute(update(user).where(user.c.email == ALICE).values(disabled=True))
    assert sessions.session_user(engine, opened.token) is None


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, None, 5, b"x", "\x00"])
def test_a_made_up_token_opens_nothing(engine: Engine, token: object) -> None:
    assert sessions.session_user(engine, token) is None


def test_the_command_line_sets_a_password_and_ends_the_sessions(engine: Engine) -> None:
    opened = enter(engine)
    people.set_password(engine, ALICE, "four green herons")
    assert sessions.session_user(engine, opened.token) is None
    assert enter(engine, ALICE, "four green herons")
    with pytest.raises(NotFound, match=r"nobody@example\.org"):
        people.set_password(engine, "nobody@example.org", "four green herons")


def test_one_address_signs_up_ten_people_an_hour(engine: Engine, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(people, "generate_password_hash", lambda _: "scrypt:x")
    for number in range(10):
        people.sign_up(engine, people.NewPerson(f"new{number}@example.org", "", "correct horse battery", **NEW), address="198.51.100.7")
    with pytest.raises(TooManyTries):
        people.sign_up(engine, people.NewPerson("new10@example.org", "", "correct horse battery", **NEW), address="198.51.100.7")
    clock.forward(hours=1, seconds=1)
    assert people.sign_up(engine, people.NewPerson("new10@example.org", "", "correct horse battery", **NEW), address="198.51.100.7")


def test_preferences_are_checked_and_kept(engine: Engine) -> None:
    who = books.book_by_email(engine, ALICE).user_id
    people.set_preferences(engine, who, locale="de-DE", zone="Asia/Tokyo", currency="JPY")
    book = books.book_by_email(engine, ALICE)
    assert (book.locale, book.zone, book.currency) == ("de-DE", "Asia/Tokyo", "JPY")
    for wrong in ({"locale": "xx-XX"}, {"zone": "Mars/Base"}, {"currency": "EURO"}, {"zone": None}, {"locale": ["de-DE"]}):
        with pytest.raises(InputNotValid):
            people.set_preferences(engine, who, **({"locale": "de-DE", "zone": "UTC", "currency": "EUR"} | wrong))
    assert books.book_by_email(engine, BOB).locale == "en-IE"


def test_a_new_address_needs_the_password_and_ends_the_other_sessions(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dashboard")
    laptop, phone = enter(engine), enter(engine)
    for wrong in ("wrong password", "", None, 5, [PASSWORD], "x" * 5000):
        with pytest.raises((InputNotValid, TooManyTries)):
            people.change_email(engine, laptop.user_id, "alice@new.example", wrong, token=laptop.token, address="192.0.2.1")
        assert sessions.session_user(engine, phone.token) == laptop.user_id
    with database.transaction(engine) as db:
        limits.forget(db, "sign-in", ALICE)
    now = people.change_email(engine, laptop.user_id, " Alice@New.Example ", PASSWORD, token=laptop.token, address="192.0.2.1")
    assert now == "alice@new.example"
    assert [sessions.session_user(engine, s.token) for s in (laptop, phone)] == [laptop.user_id, None]
    with pytest.raises(InputNotValid, match="do not match"):
        enter(engine)
    assert enter(engine, "alice@new.example").user_id == laptop.user_id
    assert f"email changed user={laptop.user_id} address=192.0.2.1" in caplog.text


@pytest.mark.parametrize("email", [BOB, BOB.upper(), ALICE, "alice", "", None, 5, "a b@example.org", "x" * 300 + "@example.org"])
def test_an_address_that_is_taken_or_none_changes_nothing(engine: Engine, email: object) -> None:
    laptop, phone = enter(engine), enter(engine)
    with pytest.raises(InputNotValid) as refused:
        people.change_email(engine, laptop.user_id, email, PASSWORD, token=laptop.token, address="192.0.2.1")
    assert refused.value.field == "email"
    assert sessions.session_user(engine, phone.token) == phone.user_id
    assert [p.email for p in people.everyone(engine)] == [ALICE, BOB]


def test_an_address_taken_in_the_same_moment_is_refused_by_the_database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = enter(engine)
    # Both have looked before either has written.
    monkeypatch.setattr(addresses, "others", lambda *_: False)
    for take in (
        lambda: people.sign_up(engine, people.NewPerson(BOB, "", "correct horse battery", **NEW)),
        lambda: people.change_email(engine, opened.user_id, BOB, PASSWORD, token=opened.token, address="192.0.2.1"),
        lambda: people.set_email(engine, ALICE, BOB),
    ):
        with pytest.raises(InputNotValid, match="There is an account with that email already") as refused:
            take()
        assert refused.value.field == "email"
    assert [p.email for p in people.everyone(engine)] == [ALICE, BOB]
    assert sessions.session_user(engine, opened.token) == opened.user_id


def test_the_password_cannot_be_guessed_through_the_form_that_changes_the_address(engine: Engine) -> None:
    opened = enter(engine)
    for _ in range(5):
        with pytest.raises(InputNotValid):
            people.change_email(engine, opened.user_id, "a@new.example", "wrong password", token=opened.token, address="192.0.2.1")
    with pytest.raises(TooManyTries):
        people.change_email(engine, opened.user_id, "a@new.example", PASSWORD, token=opened.token, address="192.0.2.1")
    with pytest.raises(TooManyTries):
        enter(engine)


def test_asking_who_has_which_address_is_limited_as_at_sign_up(sqlite_engine: Engine, cheap_hashes: list[str]) -> None:
    opened = enter(sqlite_engine)
    for _ in range(limits.LIMITS["sign-up"].tries):
        with pytest.raises(InputNotValid, match="already"):
            people.change_email(sqlite_engine, opened.user_id, BOB, PASSWORD, token=opened.token, address="192.0.2.1")
    with pytest.raises(TooManyTries):
        people.change_email(sqlite_engine, opened.user_id, "free@example.org", PASSWORD, token=opened.token, address="192.0.2.1")


def test_a_password_changed_while_it_was_checked_confirms_nothing(sqlite_engine: Engine) -> None:
    opened = enter(sqlite_engine)
    who = people.confirm(sqlite_engine, opened.user_id, PASSWORD, field="password", address="192.0.2.1")
    people.set_password(sqlite_engine, ALICE, "four green herons")
    with database.transaction(sqlite_engine) as db, pytest.raises(NotSignedIn):
        people.still(db, who)


def test_a_name_is_cleaned_and_kept(engine: Engine) -> None:
    before = books.book_by_email(engine, ALICE)
    assert people.set_name(engine, before.user_id, "  Alice\n Cooper ") == "Alice Cooper"
    after = books.book_by_email(engine, ALICE)
    assert (after.user_name, after.revision) == ("Alice Cooper", before.revision + 1)
    for wrong in ("", "   ", None, 5, ["Alice"], "x" * 81):
        with pytest.raises(InputNotValid) as refused:
            people.set_name(engine, before.user_id, wrong)
        assert refused.value.field == "name"
    assert books.book_by_email(engine, BOB).user_name == "Bob"
