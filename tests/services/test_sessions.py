"""Where somebody is signed in, as they see it, and how they end it from another device."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event

from dashboard.errors import DatabaseBusy, InputNotValid, NotFound
from dashboard.model import database
from dashboard.services.people import limits, people, sessions
from tests.conftest import ALICE, BOB, PASSWORD, Clock

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"


def enter(engine: Engine, email: str = ALICE, agent: str = FIREFOX, *, keep: bool = True) -> sessions.Session:
    return people.sign_in(engine, email, PASSWORD, keep=keep, address="192.0.2.1", agent=agent)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (IPHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
            "Chrome on Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) CriOS/141.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("curl/8.5.0", "curl"),
        ("Something (Linux)", "A browser on Linux"),
        ("<script>alert(1)</script>", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, name: str) -> None:
    assert sessions.device_name(agent) == name


def test_devices_are_ones_own_the_present_one_first(engine: Engine, clock: Clock) -> None:
    old = enter(engine, agent=IPHONE)
    clock.forward(days=2)
    here = enter(engine)
    clock.forward(minutes=1)
    enter(engine, agent="curl/8.5.0")
    enter(engine, BOB)
    clock.forward(minutes=10)
    found = sessions.devices(engine, here.user_id, here.token)
    assert [(d.name, d.here, d.now, d.handheld) for d in found] == [
        ("Firefox on Linux", True, True, False),
        ("curl", False, False, False),
        ("Safari on iPhone", False, False, True),
    ]
    assert found[2].seen == clock.moment.replace(day=18, hour=12, minute=0)
    assert old.user_id == here.user_id


def test_what_a_page_knows_a_session_by_opens_nothing(engine: Engine) -> None:
    opened = enter(engine)
    shown = sessions.devices(engine, opened.user_id, opened.token)[0]
    assert shown.id == hashlib.sha256(opened.token.encode()).hexdigest()[:16]
    assert sessions.session_user(engine, shown.id) is None


def test_a_session_that_ran_out_is_not_listed(engine: Engine, clock: Clock) -> None:
    enter(engine, keep=False)
    clock.forward(hours=13)
    here = enter(engine)
    assert len(sessions.devices(engine, here.user_id, here.token)) == 1


def test_another_device_is_ended_and_only_that_one(engine: Engine) -> None:
    here, phone, third = enter(engine), enter(engine, agent=IPHONE), enter(engine)
    target = next(d.id for d in sessions.devices(engine, here.user_id, here.token) if d.handheld)
    assert sessions.end(engine, here.user_id, target, here.token) == "Safari on iPhone"
    assert [sessions.session_user(engine, s.token) for s in (here, phone, third)] == [here.user_id, None, here.user_id]
    with pytest.raises(NotFound):
        sessions.end(engine, here.user_id, target, here.token)


def test_somebody_elses_session_is_as_unknown_as_one_that_never_was(engine: Engine) -> None:
    here, bobs = enter(engine), enter(engine, BOB)
    bobs_id = sessions.devices(engine, bobs.user_id, bobs.token)[0].id
    said = []
    for wrong in (bobs_id, "0" * 16):
        with pytest.raises(NotFound) as refused:
            sessions.end(engine, here.user_id, wrong, here.token)
        said.append(refused.value.message)
    assert said[0] == said[1]
    assert sessions.session_user(engine, bobs.token) == bobs.user_id


def test_the_device_in_use_is_left_by_signing_out(engine: Engine) -> None:
    here = enter(engine)
    with pytest.raises(InputNotValid, match="this device"):
        sessions.end(engine, here.user_id, sessions.devices(engine, here.user_id, here.token)[0].id, here.token)
    assert sessions.session_user(engine, here.token) == here.user_id


@pytest.mark.parametrize("wrong", ["", "%", "_" * 16, "0" * 15, "0" * 64, "G" * 16, "0" * 15 + "\n", None, 5, ["0" * 16], {"id": 1}])
def test_a_made_up_id_ends_nothing(engine: Engine, wrong: object) -> None:
    here, phone = enter(engine), enter(engine, agent=IPHONE)
    with pytest.raises(NotFound):
        sessions.end(engine, here.user_id, wrong, here.token)
    assert sessions.session_user(engine, phone.token) == phone.user_id


def test_everywhere_else_is_everywhere_but_here_and_nobody_elses(engine: Engine) -> None:
    here, phone, third, bobs = enter(engine), enter(engine, agent=IPHONE), enter(engine), enter(engine, BOB)
    assert sessions.sign_out_elsewhere(engine, here.user_id, here.token) == 2
    assert [sessions.session_user(engine, s.token) for s in (here, phone, third, bobs)] == [here.user_id, None, None, bobs.user_id]
    assert sessions.sign_out_elsewhere(engine, here.user_id, here.token) == 0


def locked(engine: Engine) -> Engine:
    """Hold what another process holds while it writes."""
    other = create_engine(engine.url)
    db = other.connect()
    if engine.dialect.name == "sqlite":
        db.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        db.exec_driver_sql("SELECT * FROM session FOR UPDATE")
        db.exec_driver_sql("LOCK TABLE session IN EXCLUSIVE MODE")
    event.listen(other, "engine_disposed", lambda _: db.close())
    return other


def read_only(engine: Engine) -> Engine:
    """Let nothing be written, as a disk or a server that only reads does."""
    engine.dispose()

    def close(connection: Any, _record: object) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            connection.commit()

    event.listen(engine, "connect", close)
    return engine


@pytest.mark.parametrize("state", [locked, read_only])
def test_who_reads_is_known_without_a_write_and_the_stamp_comes_later(
    engine: Engine, clock: Clock, state: Callable[[Engine], Engine], caplog: pytest.LogCaptureFixture
) -> None:
    opened = enter(engine)
    clock.forward(minutes=6)
    caplog.set_level(logging.DEBUG, logger="dashboard")
    other = state(engine)
    assert sessions.session_user(engine, opened.token) == opened.user_id
    assert [(r.levelname, r.exc_info) for r in caplog.records if "stamp of a session" in r.getMessage()] == [("DEBUG", None)]
    if state is locked:
        other.dispose()
        assert sessions.session_user(engine, opened.token) == opened.user_id
        assert sessions.devices(engine, opened.user_id, opened.token)[0].seen == clock()
    else:
        with pytest.raises(DatabaseBusy, match="cannot be written"):
            people.set_name(engine, opened.user_id, "Anna")
        clock.forward(days=31)
        assert sessions.session_user(engine, opened.token) is None


def test_a_write_waits_again_after_one_in_passing_did_not(sqlite_engine: Engine) -> None:
    assert database.in_passing(sqlite_engine, lambda _db: None, "nothing")
    with sqlite_engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA busy_timeout").scalar() == database.BUSY_MS


@pytest.mark.parametrize("state", [locked, read_only])
def test_what_only_reads_is_taken_out_where_its_count_cannot_be_written(engine: Engine, state: Callable[[Engine], Engine]) -> None:
    other = state(engine)
    limits.spend_reading(engine, "export", "1")
    other.dispose()
