"""Reading needs no write: with the database held by a writer, or read-only, every page answers, and waits for nobody."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from dashboard.controller import session as controller_session
from dashboard.controller.pages import PAGES
from dashboard.controller.settings import CARDS
from dashboard.errors import DatabaseBusy
from tests.conftest import ALICE, BOB
from tests.security.conftest import Site
from tests.security.forging import everything_of, forge, is_turned_away, said, server_callbacks, view
from tests.security.good_requests import NAMES, good_requests
from tests.security.test_gate import FILLED

VIEWS = [*PAGES, *(f"/settings?tab={tab}" for tab in CARDS), "/nowhere"]


@contextmanager
def held(site: Site) -> Iterator[list[str]]:
    """Hold the write lock as another process does; yield what waits for it."""
    waiting: list[str] = []

    def note(connection: Any, _cursor: object, statement: str, *_: object) -> None:
        if statement == "BEGIN IMMEDIATE" and connection.connection.dbapi_connection.execute("PRAGMA busy_timeout").fetchone()[0]:
            waiting.append(statement)

    event.listen(site.engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(site.path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield waiting
    event.remove(site.engine, "before_cursor_execute", note)


@contextmanager
def read_only(site: Site) -> Iterator[list[str]]:
    """Let nothing be written."""

    def close(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    event.listen(site.engine, "checkout", close)
    yield []
    event.remove(site.engine, "checkout", close)
    site.engine.dispose()


STATES = {"held": held, "read-only": read_only}


@pytest.mark.parametrize("state", STATES)
def test_every_address_and_every_page_is_read_beside_a_writer(site: Site, alice: FlaskClient, state: str) -> None:
    site.clock.forward(minutes=6)
    wrong = []
    with STATES[state](site) as waiting:
        for rule in site.app.server.url_map.iter_rules():
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: FILLED[found[1]], rule.rule)
            if "GET" in (rule.methods or ()):
                answer = alice.get(path)
                # What only takes posts, and what sends home whoever is signed in already.
                if answer.status_code not in ((302, 405) if path.startswith(("/sign-", "/_dash-update", "/import/file")) else (200,)):
                    wrong.append((path, answer.status_code))
        for address in VIEWS:
            answer = view(alice, site.app, address)
            if answer.status_code != 200 or said(answer) or "cannot be" in answer.text or "was busy" in answer.text:
                wrong.append((address, answer.status_code))
        for output in server_callbacks(site.app):
            for value in ("/", {"act": "look"}, {"text": "lunch"}, None):
                answer = forge(alice, site.app, output, [value, 0, "light"], [0])
                if answer.status_code not in (200, 204) or said(answer):
                    wrong.append((output, answer.status_code))
    assert wrong == []
    assert waiting == []


@pytest.mark.parametrize("name", NAMES)
def test_every_action_that_changes_nothing_is_read_beside_a_writer(site: Site, bob: FlaskClient, name: str) -> None:
    sent = good_requests(site, BOB)[name]
    sent.first()
    book = site.book(BOB).id
    before = everything_of(site.path, book)
    sent.send(bob, site.app)
    if everything_of(site.path, book) != before or name.startswith("end-"):
        return
    site.clock.forward(minutes=6)
    for state in STATES.values():
        with state(site) as waiting:
            answer = sent.send(bob, site.app)
        assert answer.status_code in (200, 204)
        assert "error" not in said(answer), said(answer)
        assert waiting == []


@pytest.mark.parametrize("state", STATES)
def test_an_ended_session_is_refused_and_never_extended_where_nothing_can_be_written(site: Site, alice: FlaskClient, state: str) -> None:
    site.clock.forward(days=30, minutes=1)
    with STATES[state](site):
        for path in ("/", "/settings", "/transactions"):
            answer = alice.get(path)
            assert answer.status_code == 302
            assert answer.location.startswith("/sign-in")
        assert is_turned_away(view(alice, site.app, "/"))
    assert alice.get("/").status_code == 302


@pytest.mark.parametrize("error", [DatabaseBusy(), RuntimeError("anything")])
@pytest.mark.parametrize("path", ["/", "/settings", "/sign-in", "/password", "/_dash-layout"])
def test_an_error_page_asks_for_nobody(
    site: Site, alice: FlaskClient, path: str, error: Exception, monkeypatch: pytest.MonkeyPatch, failing: Any
) -> None:
    asked = []

    def fail(*_: object) -> None:
        asked.append(path)
        raise error

    monkeypatch.setattr(controller_session.sessions, "session_user", fail)
    answer = alice.get(path)
    assert answer.status_code == (503 if isinstance(error, DatabaseBusy) else 500)
    assert "busy" in answer.text or "Something went wrong" in answer.text
    assert len(asked) == 1
    assert len(failing()) == (0 if isinstance(error, DatabaseBusy) else 1)


def test_a_write_where_nothing_can_be_written_is_a_sentence(site: Site, bob: FlaskClient) -> None:
    sent = good_requests(site, BOB)["save-name"]
    with read_only(site):
        assert "cannot be written" in said(sent.send(bob, site.app))["error"]
        answer = site.anonymous().get("/sign-in")
        assert answer.status_code == 200
    assert site.signed_in(ALICE)
