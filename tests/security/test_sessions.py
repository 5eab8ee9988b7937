"""Group A: who is signed in, for how long, and what ends it."""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from werkzeug.security import check_password_hash
from werkzeug.test import TestResponse

from dashboard.model import database
from dashboard.model.people import user
from dashboard.services.people import limits, people
from dashboard.view import ids as names
from tests.conftest import ALICE, BOB, PASSWORD
from tests.security.conftest import Site
from tests.security.forging import CANARY, act, everything_of, form_token, is_turned_away, said, sign_in, submit, view

WRONG = "not the password at all"
NEW = "four green kingfishers"


class Count:
    """Counts calls, and answers instead of what it stands for."""

    def __init__(self, answer: object) -> None:
        self.answer, self.calls = answer, 0

    def __call__(self, *_: object, **__: object) -> object:
        self.calls += 1
        return self.answer


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Count password checks instead of doing them; no password is right."""
    counted = Count(answer=False)
    monkeypatch.setattr(people, "check_password_hash", counted)
    return counted


def without_tokens(answer: TestResponse, email: str) -> tuple[int, str, dict[str, str]]:
    """Return what of an answer a stranger can compare: without random tokens and the address that was typed."""
    body = re.sub(r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*" name="csrf_token"', "", answer.text.replace(email, "EMAIL"))
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k not in ("Set-Cookie", "Content-Length")}


def test_a_known_and_an_unknown_address_are_told_apart_by_nothing(site: Site, checks: Count) -> None:
    """A-02: the same answers try by try, into the pause, and one check of a password each."""
    with database.transaction(site.engine) as db:
        db.execute(update(user).where(user.c.email == BOB).values(disabled=True))
    seen: dict[str, list[object]] = {}
    for email in (ALICE, "nobody@example.org", BOB):
        before = checks.calls
        seen[email] = [
            without_tokens(submit(site.anonymous(), "/sign-in", email=email, password=WRONG), email)
            for _ in range(limits.LIMITS["sign-in"].tries + 2)
        ]
        assert checks.calls - before == limits.LIMITS["sign-in"].tries
    assert seen[ALICE] == seen["nobody@example.org"] == seen[BOB]


def test_the_dummy_hash_costs_what_a_real_one_costs() -> None:
    """A-02: what is checked for an unknown address has the cost of a person's own hash."""
    assert people._NOBODY.split("$")[0].startswith("scrypt:")
    assert people._NOBODY.split("$")[0] == people.generate_password_hash("x" * 8).split("$")[0]


def test_a_person_with_the_right_password_but_disabled_is_told_nothing_more(site: Site) -> None:
    """A-02 and A-10: disabled is like unknown."""
    people.disable(site.engine, BOB)
    answer = submit(site.anonymous(), "/sign-in", email=BOB, password=PASSWORD)
    assert answer.status_code == 400
    assert people.WRONG in answer.text


def test_after_too_many_wrong_passwords_an_account_rests_and_others_do_not(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-03."""
    real = people.check_password_hash
    fast = Count(answer=False)
    monkeypatch.setattr(people, "check_password_hash", fast)
    answers = [submit(site.anonymous(), "/sign-in", email=ALICE, password=WRONG) for _ in range(20)]
    assert [a.status_code for a in answers[-10:]] == [429] * 10
    assert 0 < int(answers[-1].headers["Retry-After"]) <= limits.LIMITS["sign-in"].seconds
    assert fast.calls <= limits.LIMITS["sign-in"].tries
    monkeypatch.setattr(people, "check_password_hash", real)
    assert submit(site.anonymous(), "/sign-in", email=ALICE.upper(), password=PASSWORD).status_code == 429
    assert site.signed_in(BOB)
    site.clock.forward(seconds=int(answers[-1].headers["Retry-After"]) + 1)
    assert site.signed_in(ALICE)


def test_the_window_of_an_account_is_shared_by_sign_in_and_change_of_password(site: Site, alice: FlaskClient, checks: Count) -> None:
    """A-03: the limit is in one place that every check of a password passes (Nextcloud's two side doors)."""
    for _ in range(limits.LIMITS["sign-in"].tries):
        assert submit(alice, "/password", old=WRONG, password=NEW).status_code == 400
    assert submit(alice, "/password", old=PASSWORD, password=NEW).status_code == 429
    assert submit(site.anonymous(), "/sign-in", email=ALICE, password=PASSWORD).status_code == 429
    assert checks.calls == limits.LIMITS["sign-in"].tries


def test_signing_in_to_an_account_of_ones_own_does_not_give_back_wrong_tries_at_others(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-03: somebody with an account here could else try one password on every other account, without end."""
    monkeypatch.setattr(people, "check_password_hash", lambda hashed, password: password == PASSWORD and hashed != people._NOBODY)
    tries = limits.LIMITS["sign-in-address"].tries
    refused = []
    for number in range(tries + 2):
        refused.append(submit(site.anonymous(), "/sign-in", email=f"person{number}@example.org", password=WRONG).status_code)
        if number % 10 == 9:
            submit(site.anonymous(), "/sign-in", email=BOB, password=PASSWORD)
    assert refused[-1] == 429


@pytest.mark.parametrize(
    ("password", "kept"),
    [
        ("sevench", False),
        ("password", False),
        ("Password1", False),
        ("iloveyou", False),
        ("12345678", False),
        ("q1w2e3r4", False),
        ("x" * 57 + " end64", True),
        ("long " * 24 + "end12345", True),
        ("\U0001f426 blaue Reiher \u00fc\u00df", True),
    ],
)
def test_a_password_is_refused_for_being_short_or_common_and_for_nothing_else(
    site: Site, anon: FlaskClient, password: str, kept: bool
) -> None:
    """A-04: and none is cut short."""
    answer = submit(anon, "/sign-up", name="Cleo", email="cleo@example.org", password=password, currency="EUR", locale="en-IE", zone="UTC")
    assert answer.status_code == (302 if kept else 400), answer.text[-800:]
    with site.engine.connect() as db:
        stored = db.execute(text("SELECT password FROM user WHERE email = 'cleo@example.org'")).scalar_one_or_none()
    assert (stored is not None) is kept
    if stored:
        assert check_password_hash(stored, password)
        assert not check_password_hash(stored, password[:-1])


def test_a_password_of_megabytes_is_refused_before_it_is_hashed(
    site: Site, anon: FlaskClient, checks: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-05, at every form with a password."""
    hashed = Count(answer="scrypt:x")
    monkeypatch.setattr(people, "generate_password_hash", hashed)
    for size in (1025, 5 * 2**20):
        for path in ("/sign-in", "/sign-up"):
            answer = submit(anon, path, email="cleo@example.org", password="x" * size, name="Cleo", currency="EUR", locale="en-IE")
            assert answer.status_code in (400, 413)
    assert checks.calls == hashed.calls == 0


def test_signing_up_beyond_the_limit_hashes_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-05 and H-05: a refused sign-up costs no scrypt, or the limit protects nothing."""
    hashed = Count(answer="scrypt:32768:8:1$x$y")
    monkeypatch.setattr(people, "generate_password_hash", hashed)
    for number in range(limits.LIMITS["sign-up"].tries + 5):
        submit(
            site.anonymous(),
            "/sign-up",
            email=f"cleo{number}@example.org",
            password=NEW,
            name="Cleo",
            currency="EUR",
            locale="en-IE",
            zone="UTC",
        )
    assert hashed.calls == limits.LIMITS["sign-up"].tries


def test_nothing_of_a_strangers_session_survives_signing_in(site: Site) -> None:
    """A-06: no value put there before, and another cookie."""
    client = site.anonymous()
    token = form_token(client.get("/sign-in"))
    with client.session_transaction() as held:
        held["planted"] = "by a stranger"
        held["_user_id"] = "planted"
    before = client.get_cookie("session")
    assert client.post("/sign-in", data={"csrf_token": token, "email": ALICE, "password": PASSWORD}).status_code == 302
    after = client.get_cookie("session")
    assert before
    assert after
    assert before.value != after.value
    with client.session_transaction() as held:
        assert "planted" not in held
        assert held["_user_id"] != "planted"


def test_a_token_of_before_signing_in_is_worth_nothing_after(site: Site) -> None:
    """A-06: what a stranger's form held cannot be sent with the new session."""
    client = site.anonymous()
    token = form_token(client.get("/sign-in"))
    client.post("/sign-in", data={"csrf_token": token, "email": ALICE, "password": PASSWORD})
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 403


def test_a_changed_password_ends_every_other_session(site: Site, alice: FlaskClient) -> None:
    """A-07: the old password is asked for, this browser stays, the other and a copied cookie are out."""
    other, copied = site.signed_in(ALICE), alice.get_cookie("session")
    assert submit(alice, "/password", old=WRONG, password=NEW).status_code == 400
    assert CANARY in view(other, site.app, "/accounts").text
    assert submit(alice, "/password", old=PASSWORD, password=NEW).location == "/settings?tab=security"
    assert is_turned_away(view(other, site.app, "/accounts"))
    thief = site.anonymous()
    assert copied
    thief.set_cookie("session", copied.value)
    assert is_turned_away(view(thief, site.app, "/accounts"))
    alice.get("/")
    assert CANARY in view(alice, site.app, "/accounts").text
    assert submit(site.anonymous(), "/sign-in", email=ALICE, password=PASSWORD).status_code == 400


def test_signing_out_kills_the_cookie_wherever_a_copy_lies(site: Site, alice: FlaskClient) -> None:
    """A-07: the session is ended on the server, not in the browser alone."""
    cookies = [alice.get_cookie(name) for name in ("session", "csrf")]
    assert CANARY in view(alice, site.app, "/accounts").text
    token = cookies[1]
    assert token
    assert alice.post("/sign-out", data={"csrf_token": token.value}).location == "/sign-in"
    thief = site.anonymous()
    for cookie in cookies:
        assert cookie
        thief.set_cookie(cookie.key, cookie.value)
    assert thief.get("/").status_code == 302
    assert is_turned_away(view(thief, site.app, "/accounts"))
    assert is_turned_away(act(thief, site.app, "open-account", "new"))


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        " //evil.example",
        "/%09/evil.example",
        "///evil.example",
        "/x:y",
        "/sign-out",
        "/_dash-layout",
        "",
        "http:/evil.example",
        "/..//evil.example",
        "/\x00/evil.example",
    ],
)
def test_signing_in_leads_nowhere_but_home(site: Site, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """A-08."""
    monkeypatch.setattr(people, "check_password_hash", lambda _hashed, password: password == PASSWORD)
    client = site.anonymous()
    answer = client.post(
        "/sign-in",
        query_string={"next": target},
        data={"csrf_token": form_token(client.get("/sign-in")), "email": ALICE, "password": PASSWORD},
    )
    assert answer.status_code == 302
    place = answer.location
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))
    assert place == "/" or "evil" in place
    assert ":" not in place.split("?")[0]


def test_signing_in_leads_back_to_the_page_that_was_asked_for(site: Site) -> None:
    """A-08: the check does not refuse everything."""
    client = site.anonymous()
    place = client.get("/transactions?acc=3").location
    answer = client.post(place, data={"csrf_token": form_token(client.get(place)), "email": ALICE, "password": PASSWORD})
    assert answer.location == "/transactions?acc=3"


@pytest.mark.parametrize(("keep", "alive", "dead"), [(False, 11.9, 12.1), (True, 24 * 29.9, 24 * 30.1)])
def test_a_session_nobody_uses_ends(site: Site, keep: bool, alive: float, dead: float) -> None:
    """A-09: after 12 hours, or 30 days where that was asked for."""
    client = site.signed_in(ALICE, keep=keep)
    site.clock.forward(hours=alive)
    assert CANARY in view(client, site.app, "/accounts").text
    site.clock.forward(hours=dead)
    assert is_turned_away(view(client, site.app, "/accounts"))
    assert client.get("/").location == "/sign-in"


def test_a_session_ends_after_ninety_days_however_much_it_is_used(site: Site) -> None:
    """A-09."""
    client = site.signed_in(ALICE)
    for _ in range(9):
        site.clock.forward(days=9.9)
        assert not is_turned_away(view(client, site.app, "/accounts"))
    site.clock.forward(days=1)
    assert is_turned_away(view(client, site.app, "/accounts"))


def test_the_page_after_an_ended_session_says_so(site: Site) -> None:
    """A-09: what was typed is not lost without a word."""
    assert "You were signed out" in site.anonymous().get("/sign-in?expired=1").text


def test_a_disabled_or_deleted_person_is_out_at_once(site: Site, alice: FlaskClient, bob: FlaskClient) -> None:
    """A-10: by the flag alone, and by the row being gone."""
    with database.transaction(site.engine) as db:
        db.execute(update(user).where(user.c.email == ALICE).values(disabled=True))
    with closing(sqlite3.connect(site.path)) as raw:
        raw.execute("DELETE FROM user WHERE email = ?", (BOB,))
        raw.commit()
    for client in (alice, bob):
        assert is_turned_away(view(client, site.app, "/accounts"))
        assert is_turned_away(act(client, site.app, "open-account", "new"))
        assert client.get("/").status_code == 302


@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbb", ".", "a" * 5000, "eyJfdXNlcl9pZCI6MX0.Zz0AAA.\u00e9"])
def test_a_cookie_that_this_server_did_not_sign_is_nobody(site: Site, cookie: str) -> None:
    """A-06: and no error."""
    client = site.anonymous()
    client.set_cookie("session", cookie)
    assert client.get("/").status_code == 302
    assert is_turned_away(view(client, site.app, "/"))


@pytest.mark.parametrize("held", [1, True, None, [], {}, "1", "x" * 10_000, ALICE])
def test_a_signed_cookie_that_names_no_session_is_nobody(site: Site, held: object) -> None:
    """A-06: the cookie holds a random token, not a person's number."""
    client = site.anonymous()
    with client.session_transaction() as values:
        values["_user_id"] = held
        values["user_id"] = 1
    assert client.get("/").status_code == 302


def test_neither_database_nor_log_holds_what_opens_a_door(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """A-11: scrypt only, no password, no token, no cookie; every try is in the log with user and address."""
    caplog.set_level(logging.DEBUG)
    client = sign_in(site.app, ALICE)
    with client.session_transaction() as held:
        token = held["_user_id"]
    cookie = client.get_cookie("session")
    assert cookie
    submit(site.anonymous(), "/sign-in", email=ALICE, password=WRONG)
    submit(client, "/password", old=PASSWORD, password=NEW)
    submit(
        site.anonymous(),
        "/sign-up",
        email="cleo@example.org",
        password="seven ostriches run",
        name="Cleo",
        currency="EUR",
        locale="en-IE",
        zone="UTC",
    )
    with site.engine.connect() as db:
        assert all(row[0].startswith("scrypt:") for row in db.execute(text("SELECT password FROM user")))
    stored = site.path.read_bytes() + site.path.with_name(f"{site.path.name}-wal").read_bytes()
    for secret in (PASSWORD, WRONG, NEW, "seven ostriches run", token, cookie.value):
        assert secret not in caplog.text
        assert secret.encode() not in stored
    lines = [record.getMessage() for record in caplog.records if record.name == "dashboard.security"]
    for expected in (
        r"signed in user=\d+ address=127\.0\.0\.1",
        r"sign-in refused account=\w+ address=127\.0\.0\.1",
        r"password changed user=\d+ address=",
        r"signed up user=\d+ address=",
    ):
        assert any(re.search(expected, line) for line in lines), expected


def other_devices(client: FlaskClient, site: Site) -> list[str]:
    """Return the ids by which the page of signed-in devices names the others."""
    text = view(client, site.app, "/settings?tab=security").text
    return re.findall(r'"data-act":"end-session","data-value":"([0-9a-f]{16})"', text.replace(" ", ""))


def leave(client: FlaskClient, site: Site, **fields: object) -> TestResponse:
    """Delete Alice's account from the drawer."""
    return act(client, site.app, "delete-account", fields={"name": CANARY, "password": PASSWORD} | fields)


def test_a_session_ended_from_another_device_is_dead_on_its_next_callback(site: Site, alice: FlaskClient) -> None:
    """A-07: and the one that ended it goes on."""
    phone = site.signed_in(ALICE)
    (shown,) = other_devices(alice, site)
    assert CANARY in view(phone, site.app, "/accounts").text
    assert "signed out" in said(act(alice, site.app, "end-session", shown))["message"]
    assert is_turned_away(view(phone, site.app, "/accounts"))
    assert is_turned_away(act(phone, site.app, "open-account", "new"))
    assert phone.get("/").status_code == 302
    assert CANARY in view(alice, site.app, "/accounts").text
    assert other_devices(alice, site) == []


def test_signing_out_everywhere_else_leaves_this_browser_and_other_people(site: Site, alice: FlaskClient, bob: FlaskClient) -> None:
    """A-07."""
    others = [site.signed_in(ALICE) for _ in range(2)]
    assert said(act(alice, site.app, "end-other-sessions"))["message"] == "2 other devices signed out"
    assert all(is_turned_away(view(client, site.app, "/accounts")) for client in others)
    assert CANARY in view(alice, site.app, "/accounts").text
    assert not is_turned_away(view(bob, site.app, "/accounts"))


def test_another_persons_session_is_as_unknown_as_none(site: Site, alice: FlaskClient, bob: FlaskClient) -> None:
    """B-03 for sessions: the id, its whole hash or the token itself end nothing of Alice's."""
    phone = site.signed_in(ALICE)
    (shown,) = other_devices(alice, site)
    with phone.session_transaction() as held:
        token = held["_user_id"]
    said_of = [
        said(act(bob, site.app, "end-session", one))["error"]
        for one in (shown, hashlib.sha256(token.encode()).hexdigest(), token, "0" * 16, None, [shown], 1)
    ]
    assert len(set(said_of)) == 1
    assert CANARY in view(phone, site.app, "/accounts").text
    assert shown not in view(bob, site.app, "/settings?tab=security").text


def test_the_page_of_devices_shows_no_token(site: Site, alice: FlaskClient) -> None:
    """14.3.3: what opens a session is in no page."""
    text = view(alice, site.app, "/settings?tab=security").text
    with alice.session_transaction() as held:
        token = held["_user_id"]
    assert token not in text
    assert hashlib.sha256(token.encode()).hexdigest() not in text


def test_a_changed_address_ends_every_other_session(site: Site, alice: FlaskClient) -> None:
    """A-07: an address is half of what one signs in with."""
    phone = site.signed_in(ALICE)
    wrong = act(alice, site.app, "change-email", fields={"email": "new@example.org", "password": WRONG})
    assert said(wrong)["field"] == "password"
    assert not is_turned_away(view(phone, site.app, "/accounts"))
    taken = act(alice, site.app, "change-email", fields={"email": BOB, "password": PASSWORD})
    assert said(taken)["field"] == "email"
    assert "message" in said(act(alice, site.app, "change-email", fields={"email": "new@example.org", "password": PASSWORD}))
    assert is_turned_away(view(phone, site.app, "/accounts"))
    assert CANARY in view(alice, site.app, "/accounts").text
    assert submit(site.anonymous(), "/sign-in", email=ALICE, password=PASSWORD).status_code == 400
    assert site.signed_in("new@example.org")


def test_the_window_of_an_account_is_shared_by_every_form_with_a_password(site: Site, alice: FlaskClient, checks: Count) -> None:
    """A-03: one limit for sign-in, password, address and deletion, in whatever order they are tried."""
    tries = limits.LIMITS["sign-in"].tries
    ways = [
        lambda: act(alice, site.app, "change-email", fields={"email": "new@example.org", "password": WRONG}),
        lambda: leave(alice, site, password=WRONG),
    ]
    for number in range(tries):
        assert said(ways[number % 2]())["field"] == "password"
    answer = leave(alice, site)
    assert "Too many tries" in said(answer)["error"]
    assert 0 < int(answer.headers["Retry-After"]) <= limits.LIMITS["sign-in"].seconds
    assert submit(site.anonymous(), "/sign-in", email=ALICE, password=PASSWORD).status_code == 429
    assert checks.calls == tries


def test_deleting_the_account_ends_every_live_session(site: Site, alice: FlaskClient, bob: FlaskClient) -> None:
    """A-10: on the next callback; signing in is refused as for an unknown address; a stranger learns nothing at sign-up."""
    phone = site.signed_in(ALICE)
    answer = leave(alice, site).get_json()
    assert answer["sideUpdate"] == {names.REDIRECT: {"href": "/sign-in?deleted=1"}}
    for client in (alice, phone):
        assert is_turned_away(view(client, site.app, "/accounts"))
        assert is_turned_away(act(client, site.app, "open-account", "new"))
        assert client.get("/").status_code == 302
    assert "7 days" in site.anonymous().get("/sign-in?deleted=1").text
    refused = submit(site.anonymous(), "/sign-in", email=ALICE, password=PASSWORD)
    unknown = submit(site.anonymous(), "/sign-in", email="nobody@example.org", password=PASSWORD)
    assert without_tokens(refused, ALICE) == without_tokens(unknown, "nobody@example.org")
    more = {"name": "x", "password": NEW, "currency": "EUR", "locale": "en-IE", "zone": "UTC"}
    again = [submit(site.anonymous(), "/sign-up", email=email, **more) for email in (ALICE, BOB)]
    assert without_tokens(again[0], ALICE) == without_tokens(again[1], BOB)
    assert not is_turned_away(view(bob, site.app, "/accounts"))


@pytest.mark.parametrize("field", ["name", "password"])
def test_nothing_but_ones_name_and_password_deletes_an_account(site: Site, alice: FlaskClient, field: str) -> None:
    """E-04 for the one action that the sweeps can send but once."""
    for junk in (None, True, 0, "", " ", "x" * 5000, [], {}, [PASSWORD], {"name": CANARY}, "\x00", ALICE, "%"):
        with database.transaction(site.engine) as db:
            limits.forget(db, "sign-in", ALICE)
        assert said(leave(alice, site, **{field: junk}))["field"] == field
    assert CANARY in view(alice, site.app, "/accounts").text


def test_a_purge_in_passing_takes_the_one_household_and_leaves_the_other(site: Site, alice: FlaskClient) -> None:
    """A-10: a week later somebody else signs in, and nothing of Alice's is in any table."""
    hers, his = site.book(ALICE), site.book(BOB)
    before = everything_of(site.path, his.id)
    leave(alice, site)
    site.clock.forward(days=6, hours=23)
    bob = site.signed_in(BOB)
    assert CANARY in everything_of(site.path, hers.id)
    site.clock.forward(hours=2)
    bob = site.signed_in(BOB)
    assert everything_of(site.path, hers.id) == ""
    assert everything_of(site.path, his.id) == before
    assert not is_turned_away(view(bob, site.app, "/accounts"))
    with closing(sqlite3.connect(site.path)) as raw:
        dump = "\n".join(raw.iterdump())
    assert CANARY not in dump
    assert ALICE not in dump
