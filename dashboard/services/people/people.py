"""People: sign up, sign in, passwords, and what they say about themselves.

Every check of a password is `sign_in` or `confirm`, and both pass the limits.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from werkzeug.security import check_password_hash, generate_password_hash

from dashboard.errors import InputNotValid, NotSignedIn, TooManyTries
from dashboard.model import database
from dashboard.model.categories import PRESET, category
from dashboard.model.queries import books
from dashboard.model.queries import people as stored
from dashboard.model.queries.people import PersonRow
from dashboard.model.writing import Writer
from dashboard.money import LOCALES
from dashboard.periods import utc_now, zones
from dashboard.services import fields
from dashboard.services.people import addresses, limits, sessions
from dashboard.services.people.sessions import Session

log = logging.getLogger("dashboard.security")

SHORTEST_PASSWORD = 8
# Longer ones are refused before they are hashed: scrypt over megabytes is an attack.
LONGEST_PASSWORD = 1024
COMMON = 3000
WRONG = "That email and password do not match."
TAKEN = "There is an account with that email already."
TAKEN_SIGN_IN = f"{TAKEN} Sign in instead."
# Checked for unknown addresses, so that they take as long as known ones.
_NOBODY = generate_password_hash(secrets.token_hex(16))


class Person(NamedTuple):
    """Somebody with an account here; `password_at` and `deleted_at` are UTC."""

    email: str
    name: str
    disabled: bool
    password_at: datetime
    deleted_at: datetime | None


class Confirmed(NamedTuple):
    """A person who has just typed the right password, and the hash it was held against."""

    user_id: int
    email: str
    name: str
    password: str


class NewPerson(NamedTuple):
    """What a form says of somebody who signs up, as it was sent."""

    email: object
    name: object
    password: object
    currency: object
    locale: object
    zone: object


class _Checked(NamedTuple):
    """Somebody who may sign up."""

    email: str
    name: str
    password: str
    currency: str
    locale: str
    zone: str


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - half a megabyte, only needed when a password is set

    # The list is of any length; those that pass our shortest are the ones that matter.
    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST_PASSWORD]
    return frozenset(long_enough[:COMMON])


def check_new_password(password: object, email: str = "") -> str:
    """Return a password that may be set.

    Raises:
        InputNotValid: too short, too long, or among the first that anyone would try.
    """
    if not isinstance(password, str):
        raise InputNotValid("Type a password", "password")
    if len(password) < SHORTEST_PASSWORD:
        raise InputNotValid(f"Use at least {SHORTEST_PASSWORD} characters", "password")
    if len(password.encode()) > LONGEST_PASSWORD:
        raise InputNotValid(f"Use at most {LONGEST_PASSWORD} bytes", "password")
    if password.lower() in _common() or (email and password.lower() in (email.lower(), email.split("@", maxsplit=1)[0].lower())):
        raise InputNotValid("That password is among the first that anyone would try. Use a few words of your own.", "password")
    return password


def sign_up(engine: Engine, form: NewPerson, *, address: str | None = None) -> int:
    """Make a person with a book of their own, the preset categories in it; return the person's id.

    Raises:
        InputNotValid: something is missing or the address is taken.
        TooManyTries: too many new people from this address.
    """
    new = _checked(form)
    if address is not None:
        limits.spend(engine, "sign-up", address)
    # Hashing is the dear part: only for those within their limit.
    hashed = generate_password_hash(new.password)
    try:
        with database.transaction(engine) as db:
            if addresses.others(db, new.email):
                raise InputNotValid(TAKEN_SIGN_IN, "email")
            user_id = stored.add(db, new.email, new.name, hashed, new.locale, utc_now())
            book_id = books.add(db, user_id, name=new.name, currency=new.currency, zone=new.zone)
            _furnish(Writer(db, book_id, user_id))
    except database.Taken as error:
        raise InputNotValid(TAKEN_SIGN_IN, "email") from error
    log.info("signed up user=%s address=%s", user_id, address)
    return user_id


def _checked(form: NewPerson) -> _Checked:
    email = addresses.normal(form.email)
    name = fields.text(form.name, "name", longest=80) or email.split("@")[0][:80]
    password = check_new_password(form.password, email)
    currency = fields.currency(form.currency)
    locale = form.locale if isinstance(form.locale, str) and form.locale in LOCALES else "en-IE"
    zone = form.zone if isinstance(form.zone, str) and form.zone in zones() else "UTC"
    return _Checked(email, name, password, currency, locale, zone)


def _furnish(writer: Writer) -> None:
    """Put the preset categories in a new book: the ground it stands on and no change of it, so nothing undoes them."""
    writer.insert(
        category,
        [
            {"name": name, "group": group, "kind": kind, "slot": slot, "icon": icon, "position": position, "archived": False}
            for position, (name, group, kind, slot, icon) in enumerate(PRESET)
        ],
    )


def sign_in(engine: Engine, email: object, password: object, *, keep: bool, address: str, agent: str) -> Session:
    """Check a password and open a session.

    Raises:
        InputNotValid: they do not match; the sentence is the same for an unknown address.
        TooManyTries: this account or this address has tried too often.
    """
    if not isinstance(password, str) or len(password.encode()) > LONGEST_PASSWORD:
        raise InputNotValid(WRONG)
    # Counted by the normal form: another way to write an address is no further try.
    tried = addresses.key(email)
    with database.transaction(engine) as db:
        limits.left(db, "sign-in", tried)
        limits.left(db, "sign-in-address", address)
        # Counted before the password is checked, so that tries at the same moment cannot pass together.
        limits.count(db, "sign-in", tried)
        counted = limits.count(db, "sign-in-address", address)
        meant = addresses.ids(db, email)
        # Nobody has the number 0: an unknown address is looked up as a known one is.
        row = stored.by_id(db, meant[0] if len(meant) == 1 else 0)
    right = check_password_hash(row.password if row else _NOBODY, password)
    if not right or row is None or row.disabled:
        log.warning("sign-in refused account=%s address=%s", hashlib.sha256(tried.encode()).hexdigest()[:12], address)
        with database.reading(engine) as db:
            raise InputNotValid(_wrong(db, tried))
    with database.transaction(engine) as db:
        # The password may have been changed while it was checked; what it opened would outlive the change.
        if not stored.has_password(db, row.id, row.password):
            raise InputNotValid(WRONG)
        limits.forget(db, "sign-in", tried)
        # Only this try: a right password of one's own must not open the way to guess at others'.
        limits.take_back(db, counted)
        opened = sessions.enter(db, row.id, keep=keep, address=address, agent=agent)
    log.info("signed in user=%s address=%s", row.id, address)
    return opened


def _wrong(db: Connection, tried: str) -> str:
    pause = limits.LIMITS["sign-in"].seconds // 60
    try:
        tries = limits.left(db, "sign-in", tried)
    except TooManyTries:
        return f"{WRONG} Wait {pause} minutes before the next try."
    return f"{WRONG} {tries} {'try' if tries == 1 else 'tries'} left, then a pause of {pause} minutes."


def confirm(engine: Engine, user_id: int, password: object, *, field: str, address: str) -> Confirmed:
    """Check the password of somebody who is signed in, before what only they may do.

    Raises:
        InputNotValid: it is not theirs; at this field.
        TooManyTries: this account has tried too often.
    """
    with database.transaction(engine) as db:
        row = stored.by_id(db, user_id)
        if row is None:
            raise NotSignedIn
        limits.left(db, "sign-in", addresses.key(row.email))
        # Counted before it is checked, so that tries at the same moment cannot pass together.
        limits.count(db, "sign-in", addresses.key(row.email))
    if not isinstance(password, str) or len(password.encode()) > LONGEST_PASSWORD or not check_password_hash(row.password, password):
        log.warning("password refused user=%s address=%s", user_id, address)
        raise InputNotValid("That is not your present password", field)
    with database.transaction(engine) as db:
        limits.forget(db, "sign-in", addresses.key(row.email))
    return Confirmed(user_id, row.email, row.name, row.password)


def still(db: Connection, who: Confirmed) -> None:
    """Hold a confirmation against the database, within the transaction that acts on it.

    Raises:
        NotSignedIn: the password was changed, or the person disabled, since it was checked.
    """
    if not stored.has_password(db, who.user_id, who.password, lock=True):
        raise NotSignedIn


def change_password(engine: Engine, user_id: int, old: object, new: object, *, address: str, agent: str) -> Session:
    """Set a new password, end every session, and open one for this browser.

    Raises:
        InputNotValid: the old one is wrong or the new one may not be set.
        TooManyTries: the old one was wrong too often.
    """
    wanted = check_new_password(new)
    who = confirm(engine, user_id, old, field="old", address=address)
    hashed = generate_password_hash(check_new_password(wanted, who.email))
    with database.transaction(engine) as db:
        still(db, who)
        _set_password(db, user_id, hashed)
        opened = sessions.enter(db, user_id, keep=True, address=address, agent=agent)
    log.info("password changed user=%s address=%s", user_id, address)
    return opened


def change_email(engine: Engine, user_id: int, email: object, password: object, *, token: object, address: str) -> str:
    """Set a person's address, which they sign in with, end their other sessions, and return it.

    Raises:
        InputNotValid: it is none, somebody has it, or the password is wrong.
        TooManyTries: the password was wrong too often, or too many addresses were asked about.
    """
    checked = addresses.normal(email)
    who = confirm(engine, user_id, password, field="password", address=address)
    if checked == who.email:
        raise InputNotValid("That is your address already", "email")
    # As at sign-up, the answer tells whether somebody has the address.
    limits.spend(engine, "sign-up", address)
    try:
        with database.transaction(engine) as db:
            still(db, who)
            _set_email(db, user_id, checked)
            sessions.end_others(db, user_id, token)
    except database.Taken as error:
        raise InputNotValid(TAKEN, "email") from error
    log.info("email changed user=%s address=%s", user_id, address)
    return checked


def set_name(engine: Engine, user_id: int, name: object) -> str:
    """Set what a person is called, and return it.

    Raises:
        InputNotValid: it is empty or too long.
    """
    called = fields.text(name, "name", longest=80, required=True)
    with database.transaction(engine) as db:
        stored.set_name(db, user_id, called)
        books.touch(db, user_id)
    return called


def person(engine: Engine, user_id: int) -> Person:
    """Return a person.

    Raises:
        NotSignedIn: there is nobody with this number.
    """
    with database.reading(engine) as db:
        row = stored.by_id(db, user_id)
    if row is None:
        raise NotSignedIn
    return _person(row)


def set_password(engine: Engine, email: str, new: str) -> None:
    """Set a person's password from the command line and end their sessions.

    Raises:
        NotFound: nobody has this address.
        InputNotValid: the password may not be set.
    """
    hashed = generate_password_hash(check_new_password(new, email))
    with database.transaction(engine) as db:
        _set_password(db, addresses.id_of(db, email), hashed)


def set_email(engine: Engine, old: str, new: str) -> str:
    """Set a person's address from the command line, end their sessions, and return it.

    Raises:
        NotFound: nobody has the old address.
        InputNotValid: the new one is none, theirs already, or somebody else's.
    """
    checked = addresses.normal(new)
    try:
        with database.transaction(engine) as db:
            user_id = addresses.id_of(db, old)
            if stored.by_email(db, [checked]).get(checked) == user_id:
                raise InputNotValid(f"{checked} is their address already", "email")
            _set_email(db, user_id, checked)
            sessions.end_all(db, user_id)
    except database.Taken as error:
        raise InputNotValid(TAKEN, "email") from error
    log.info("email changed user=%s", user_id)
    return checked


def disable(engine: Engine, email: str) -> None:
    """Keep a person out and end their sessions; their book stays.

    Raises:
        NotFound: nobody has this address.
    """
    with database.transaction(engine) as db:
        user_id = addresses.id_of(db, email)
        stored.disable(db, user_id)
        sessions.end_all(db, user_id)


def everyone(engine: Engine) -> list[Person]:
    """Return everyone, in the order they came."""
    with database.reading(engine) as db:
        return [_person(row) for row in stored.everyone(db)]


def set_preferences(engine: Engine, user_id: int, *, locale: object, zone: object, currency: object) -> None:
    """Set how a person reads numbers and dates, and the main currency and time zone of their book.

    Raises:
        InputNotValid: there is no such format, zone or currency.
    """
    checked = fields.choice(locale, "number and date format", LOCALES)
    code = fields.currency(currency)
    if not isinstance(zone, str) or zone not in zones():
        raise InputNotValid("Choose a time zone", "zone")
    with database.transaction(engine) as db:
        stored.set_locale(db, user_id, checked)
        books.set_preferences(db, user_id, currency=code, zone=zone)


def _person(row: PersonRow) -> Person:
    return Person(row.email, row.name, row.disabled, row.password_at, row.deleted_at)


def _set_email(db: Connection, user_id: int, email: str) -> None:
    if addresses.others(db, email, user_id):
        raise InputNotValid(TAKEN, "email")
    stored.set_email(db, user_id, email)
    books.touch(db, user_id)


def _set_password(db: Connection, user_id: int, hashed: str) -> None:
    stored.set_password(db, user_id, hashed, utc_now())
    sessions.end_all(db, user_id)
