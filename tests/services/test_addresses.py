"""An address has one form: whatever way it is written, it is one account, one password and one count of tries."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given
from sqlalchemy import Engine, update

from dashboard.errors import InputNotValid, NotFound, TooManyTries
from dashboard.model import database
from dashboard.model.people import user
from dashboard.services import books
from dashboard.services.people import addresses, leaving, limits, people, sessions
from tests.conftest import ALICE, BOB, PASSWORD

NEW = {"currency": "EUR", "locale": "en-IE", "zone": "UTC"}
WAYS = [
    "ALICE@EXAMPLE.ORG",
    " alice@example.org\n",
    "\uff41lice@example.org",
    "alice\uff20example.org",
    "alice@\uff45xample.org",
    "alice@example\u3002org",
    "alice@example\uff0eorg",
    "alice@example.org.",
]
UNSEEN = [
    "\u200b",
    "\u00ad",
    "\u2060",
    "\ufeff",
    "\u200d",
    "\u202e",
    "\u3164",
    "\ufe0f",
    "\u034f",
    "\u2800",
    "\x00",
    "\x7f",
    "\u00a0",
    " ",
    "\t",
]


def enter(engine: Engine, email: object, password: str = PASSWORD) -> sessions.Session:
    return people.sign_in(engine, email, password, keep=True, address="192.0.2.1", agent="")


def stored(engine: Engine, number: int, email: str) -> None:
    """Store an address as earlier versions did."""
    with database.transaction(engine) as db:
        db.execute(update(user).where(user.c.id == number).values(email=email))


def taken(engine: Engine, email: str) -> None:
    """See that an address is nobody's to have: neither at sign-up, nor by a change, nor on the command line."""
    with pytest.raises(InputNotValid, match="already"):
        people.sign_up(engine, people.NewPerson(email, "", "correct horse battery", **NEW))
    with pytest.raises(InputNotValid, match="already"):
        people.change_email(engine, 2, email, PASSWORD, token=None, address="192.0.2.1")
    with pytest.raises(InputNotValid, match="already"):
        people.set_email(engine, BOB, email)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_an_address_is_one_account(engine: Engine, way: str) -> None:
    assert addresses.normal(way) == ALICE
    taken(engine, way)
    assert enter(engine, way).user_id == 1
    assert books.book_by_email(engine, way).user_id == 1


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("place", [1, 7, 17])
def test_what_cannot_be_seen_is_refused_by_a_sentence(sqlite_engine: Engine, unseen: str, place: int) -> None:
    email = ALICE[:place] + unseen + ALICE[place:]
    if email.strip() == ALICE:
        return
    with pytest.raises(InputNotValid, match="cannot be seen") as refused:
        people.sign_up(sqlite_engine, people.NewPerson(email, "", "correct horse battery", **NEW))
    assert refused.value.field == "email"
    with pytest.raises(InputNotValid, match="cannot be seen"):
        people.set_email(sqlite_engine, BOB, email)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@b\u00fccher.example", "ann@xn--bcher-kva.example"),
        ("ann@B\u00dcCHER.example.", "ann@XN--BCHER-KVA.example"),
        ("ann@bu\u0308cher.example", "ann@b\u00fccher.example"),
        ("ann@fa\u00df.example", "ann@xn--fa-hia.example"),
        ("\u017fam@example.org", "SAM@example.org"),
        ("stra\u00dfe@example.org", "STRASSE@example.org"),
    ],
)
def test_a_domain_and_its_name_in_the_network_are_one(engine: Engine, one: str, other: str) -> None:
    people.sign_up(engine, people.NewPerson(one, "", PASSWORD, **NEW))
    taken(engine, other)
    assert enter(engine, one).user_id == enter(engine, other).user_id == 3


@pytest.mark.parametrize(
    "email",
    [
        "ann@nas.local",
        "ann@home.lan",
        "ann@box.internal",
        "a.b+c@x.org",
        "o_o@a--b.example",
        "ann@10.0.0.1",
        "\u5f20\u4e09@example.org",
        "x!y@-a.lan",
    ],
)
def test_what_may_be_of_a_network_at_home_stays_an_address(sqlite_engine: Engine, email: str) -> None:
    assert addresses.normal(email) == email
    people.sign_up(sqlite_engine, people.NewPerson(email, "", PASSWORD, **NEW))
    assert enter(sqlite_engine, email).user_id == 3


@pytest.mark.parametrize(
    "email",
    [
        "a@b",
        "a@.x.org",
        "a@x..org",
        "a@x.org..",
        "a@.",
        "a@xn--zzzzzzz999999.org",
        "a@\u2100.org",
        "a@x\u2024\u2024org",
        "a@\u2764.xn--",
        "@",
        "a",
    ],
)
def test_what_is_no_address_is_a_sentence(email: str) -> None:
    with pytest.raises(InputNotValid):
        addresses.normal(email)


@given(st.text(max_size=30) | st.builds("{}@{}.{}".format, *[st.text(max_size=12)] * 3))
def test_the_normal_form_is_its_own_and_what_anything_is_found_by(text: str) -> None:
    found = addresses.key(text)
    assert addresses.key(found.lower()) == addresses.key(found)
    try:
        email = addresses.normal(text)
    except InputNotValid:
        return
    assert addresses.normal(email) == email == found
    assert addresses.normal(email.upper()) == email or not email.isascii()


@pytest.mark.parametrize("old", ["alice@example.org\u200b", "\uff41lice@example.org", "alice@example.org.", "al\u00adice@example.org"])
def test_an_address_of_before_signs_in_as_it_stands_and_in_normal_form(engine: Engine, old: str) -> None:
    stored(engine, 1, old)
    assert enter(engine, old).user_id == enter(engine, ALICE).user_id == enter(engine, ALICE.upper()).user_id == 1
    assert books.book_by_email(engine, ALICE).user_id == books.book_by_email(engine, old).user_id == 1
    taken(engine, ALICE)
    assert people.change_email(engine, 1, ALICE, PASSWORD, token=None, address="192.0.2.2") == ALICE
    assert enter(engine, ALICE).user_id == 1


@pytest.mark.parametrize(
    ("one", "two"), [(ALICE, ALICE + "\u200b"), (ALICE + ".", ALICE + "\u200b"), ("\uff41lice@example.org", "al\u00adice@example.org")]
)
def test_two_that_become_one_stay_two_and_are_named(engine: Engine, one: str, two: str) -> None:
    stored(engine, 1, one)
    stored(engine, 2, two)
    assert (enter(engine, one).user_id, enter(engine, two).user_id) == (1, 2)
    if one != ALICE:
        with pytest.raises(InputNotValid, match="do not match"):
            enter(engine, ALICE)
        with pytest.raises(NotFound, match="Several"):
            books.book_by_email(engine, ALICE)
    assert addresses.twins([one, two, "x@y.zz"]) == {one: [two], two: [one]}
    with pytest.raises(InputNotValid, match="already"):
        people.sign_up(engine, people.NewPerson(ALICE, "", "correct horse battery", **NEW))
    people.set_email(engine, two, "other@example.org")
    assert enter(engine, ALICE).user_id == 1


def test_another_way_to_write_an_address_is_no_further_try(engine: Engine) -> None:
    ways = [*WAYS, *(ALICE[:3] + c + ALICE[3:] for c in UNSEEN), "\u200b" * 300 + ALICE]
    for n in range(limits.LIMITS["sign-in"].tries):
        with pytest.raises(InputNotValid):
            enter(engine, ways[n], "wrong password")
    for way in (*ways, ALICE):
        with pytest.raises(TooManyTries):
            enter(engine, way)
    with pytest.raises(TooManyTries):
        people.confirm(engine, 1, PASSWORD, field="password", address="192.0.2.1")
    assert enter(engine, BOB).user_id == 2


def test_an_address_is_changed_from_the_command_line_as_on_the_web(engine: Engine) -> None:
    opened = enter(engine, ALICE)
    assert people.set_email(engine, ALICE.upper(), "Ann@B\u00fccher.example") == "ann@xn--bcher-kva.example"
    assert sessions.session_user(engine, opened.token) is None
    assert enter(engine, "ann@b\u00fccher.example").user_id == 1
    with pytest.raises(NotFound):
        people.set_email(engine, ALICE, "ann@example.org")
    with pytest.raises(InputNotValid, match="already"):
        people.set_email(engine, "ann@b\u00fccher.example", "ann@b\u00fccher.example")
    people.disable(engine, "ANN@xn--bcher-kva.example")
    with pytest.raises(InputNotValid, match="not deleted"):
        leaving.restore(engine, "ann@b\u00fccher.example")
