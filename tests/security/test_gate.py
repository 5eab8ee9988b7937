"""Group A and B at the door: nobody passes who is not signed in, whatever they say of themselves."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import ALICE
from tests.security.conftest import Site
from tests.security.forging import CALLBACK, CANARY, UPLOADS, body_of, callback_of, is_turned_away, post, server_callbacks

# What a stranger may see, written down here once more on purpose: a new public address has to be put into both lists.
OPEN = {
    "/sign-in",
    "/sign-up",
    "/health",
    "/_favicon.ico",
    "/favicon.ico",
    "/assets/<path:filename>",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
}
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
FILLED = {"filename": "css/app.css", "package_name": "dash", "fingerprinted_path": "dcc/dash_core_components.js", "path": "transactions"}


def test_a_stranger_gets_a_200_from_the_written_list_only(site: Site, anon: FlaskClient) -> None:
    """A-01, over every rule of the application and every method."""
    rules = list(site.app.server.url_map.iter_rules())
    assert len(rules) > 10
    wrong, answered = [], set()
    for rule in rules:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: FILLED[found[1]], rule.rule)
        for method in METHODS:
            answer = anon.open(path, method=method, json={} if method != "GET" else None)
            if answer.status_code == 200 and rule.rule in OPEN:
                answered.add(rule.rule)
                continue
            # 405: what only takes posts does not even say who may.
            expected = answer.status_code == 405 or (
                answer.status_code == 401 or is_turned_away(answer)
                if path.startswith("/_") or path == UPLOADS
                else answer.status_code == 302 and answer.location.startswith("/sign-in")
            )
            if not expected and answer.status_code not in ((400, 404, 405) if rule.rule in OPEN or method != "GET" else ()):
                wrong.append((method, path, answer.status_code))
            assert CANARY not in answer.text
    assert wrong == []
    assert answered == OPEN


def test_unknown_dash_addresses_do_not_pass_either(anon: FlaskClient) -> None:
    """A-01 for addresses that exist in other setups of Dash."""
    for path in (
        "/_dash-config",
        "/_dash-mcp",
        "/_mcp",
        "/_dash-ws-callback",
        "/_alive_x",
        "/_dash-layout/",
        "/_dash-dependencies?x=1",
        "//_dash-layout",
        "/_Dash-Layout",
    ):
        answer = anon.get(path)
        assert answer.status_code != 200, path
        assert b"callback" not in answer.data


def test_a_stranger_calls_no_callback(site: Site, anon: FlaskClient) -> None:
    """B-01: every callback of the list, with values that would show something."""
    outputs = list(site.app.callback_map)
    assert len(outputs) >= 4
    for output in outputs:
        for value in ("/", "/transactions", {"act": "open-account", "value": "new"}, None):
            assert is_turned_away(post(anon, site.app, body_of(site.app, output, [value, 0, "light"], [0]))), output


@pytest.mark.parametrize("where", ["extra input", "extra state", "renamed input", "body", "next to the list"])
def test_no_claim_in_the_body_opens_a_callback(site: Site, anon: FlaskClient, where: str) -> None:
    """B-07: what dash-auth believed."""
    for output in server_callbacks(site.app):
        body = body_of(site.app, output, ["/"])
        claim = {"id": "url", "property": "pathname", "value": "/sign-in"}
        if where == "extra input":
            body["inputs"].append(claim)
        elif where == "extra state":
            body["state"].append(claim)
        elif where == "renamed input":
            body["inputs"][0] = claim
        else:
            body |= claim | {"pathname": "/sign-in"}
        assert is_turned_away(post(anon, site.app, body))
        assert is_turned_away(anon.post(f"{CALLBACK}?next=/sign-in&pathname=/sign-in", json=body))


@pytest.mark.parametrize(
    "path",
    [
        "/app.py",
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2f..%2fetc/passwd",
        "/assets//etc/passwd",
        "/.git/config",
        "/.env",
        "/requirements.txt",
        "/data/dashboard.sqlite3",
        "/site.sqlite3",
        "/data/secret_key",
        "/dashboard/config.py",
        "/_dash-component-suites/dash/../../app.py",
        "/_dash-component-suites/dashboard/config.py",
        "/_dash-component-suites/flask/app.py",
        "/assets/%00",
        "/assets/css/app.css%00.py",
    ],
)
@pytest.mark.parametrize("who", ["stranger", "Alice"])
def test_no_file_of_the_server_is_served(site: Site, path: str, who: str) -> None:
    """H-07, by content: Dash answers unknown addresses with its empty frame and 200."""
    answer = (site.anonymous() if who == "stranger" else site.signed_in(ALICE)).get(path)
    assert answer.status_code in (200, 302, 401, 404)
    for text in ("create_app", "import annotations", "root:x:", "[core]", "SQLite format", "SECRET_KEY", "dash==", CANARY):
        assert text not in answer.text
    if answer.status_code == 200:
        assert "react-entry-point" in answer.text


def test_the_frame_holds_no_data(site: Site, alice: FlaskClient) -> None:
    """What Dash sends before any callback ran is the same for everybody."""
    for path in ("/", "/transactions", "/_dash-layout", "/_dash-dependencies"):
        answer = alice.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text
        assert ALICE not in answer.text


def test_background_jobs_sockets_and_the_model_server_are_off(site: Site) -> None:
    """Doors of Dash that this product does not use are not there."""
    assert not any("mcp" in rule.rule or "ws" in rule.rule.split("/")[-1] for rule in site.app.server.url_map.iter_rules())
    assert not any(known.get("background") or known.get("websocket") for known in site.app.callback_map.values())
    assert callback_of(site.app, "action")


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/nothing/at_all.js",
        "/_dash-component-suites/dash/at_all.js",
        "/_dash-component-suites/x/..%2fy",
        "/assets/none.css",
    ],
)
def test_a_stranger_cannot_make_the_server_stumble(anon: FlaskClient, path: str) -> None:
    """H-02 and E-04 at the addresses that are open to all: not there is 404, not an error with its traceback in the log."""
    assert anon.get(path).status_code == 404
