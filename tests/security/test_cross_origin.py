"""Group C: what another site's page sends with Alice's cookies."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from dashboard.view import ids
from tests.conftest import ALICE, PASSWORD
from tests.security.conftest import Site
from tests.security.forging import (
    CALLBACK,
    CANARY,
    UPLOADS,
    act,
    body_of,
    callback_of,
    everything_of,
    form_token,
    post,
    said,
    server_callbacks,
    token_of,
    view,
)

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "SAME-ORIGIN, cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost:8051"},
    {"Sec-Fetch-Site": "", "Origin": "https://localhost"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost@evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "http://[broken"},
    {"Sec-Fetch-Site": "", "Origin": "http://LOCALHOST:80:80"},
    {"Sec-Fetch-Site": "", "Origin": "garbage"},
]
NAMED = [" ".join(f"{k}={v}" for k, v in headers.items()) for headers in FOREIGN]


def saved(site: Site) -> dict[str, str]:
    """Return the form of a new account."""
    return {"name": "Stolen", "kind": "cash", "currency": "EUR", "opening": "", "number": ""}


@pytest.mark.parametrize("headers", FOREIGN, ids=NAMED)
def test_another_sites_page_cannot_make_a_callback_run(site: Site, alice: FlaskClient, headers: dict[str, str]) -> None:
    """C-01 and C-02, even with the token: 403, and nothing changed."""
    book = site.book(ALICE).id
    before = everything_of(site.path, book)
    action = body_of(site.app, callback_of(site.app, ids.ACTION), [{"act": "save-account", "fields": saved(site)}], [0])
    for body in (action, *[body_of(site.app, output, ["/accounts"]) for output in server_callbacks(site.app)]):
        answer = post(alice, site.app, body, headers)
        assert answer.status_code == 403
        assert CANARY not in answer.text
    assert everything_of(site.path, book) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
    ],
    ids=str,
)
def test_our_own_page_can(site: Site, alice: FlaskClient, headers: dict[str, str]) -> None:
    """C-01 turned round: the same request from our page does something."""
    body = body_of(site.app, callback_of(site.app, ids.ACTION), [{"act": "save-account", "fields": saved(site)}], [0])
    assert said(post(alice, site.app, body, headers))["message"] == "Account \u201cStolen\u201d added"


@pytest.mark.parametrize("token", ["", "wrong", "another person's", "a stranger's"])
def test_a_callback_without_its_token_is_refused(site: Site, alice: FlaskClient, bob: FlaskClient, token: str) -> None:
    """C-01 where a browser sends neither header: the token alone decides."""
    stranger = site.anonymous()
    sent = {"another person's": token_of(bob, site.app), "a stranger's": form_token(stranger.get("/sign-in"))}.get(token, token)
    for output in server_callbacks(site.app):
        answer = post(alice, site.app, body_of(site.app, output, ["/accounts"]), {"X-CSRFToken": sent, "Sec-Fetch-Site": ""})
        assert answer.status_code == 403
        assert CANARY not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_only_json_is_taken(site: Site, alice: FlaskClient, kind: str) -> None:
    """C-03: what a form of another site could send."""
    answer = post(alice, site.app, body_of(site.app, callback_of(site.app, ids.VIEW), ["/accounts", 0, "light"]), {"Content-Type": kind})
    assert answer.status_code in (400, 403, 415)
    assert CANARY not in answer.text


@pytest.mark.parametrize("path", ["/sign-out", CALLBACK, UPLOADS])
def test_a_link_changes_nothing(site: Site, alice: FlaskClient, path: str) -> None:
    """C-04: sign-out, the one address of delete, undo and import, and the one of files do not answer GET."""
    for method in ("GET", "HEAD"):
        assert alice.open(path, method=method).status_code == 405
    assert CANARY in view(alice, site.app, "/accounts").text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-out", "/password"])
@pytest.mark.parametrize("headers", FOREIGN[:6], ids=NAMED[:6])
def test_another_sites_form_signs_nobody_in_or_out(site: Site, alice: FlaskClient, path: str, headers: dict[str, str]) -> None:
    """C-05: login CSRF, and its relatives."""
    for client in (site.anonymous(), alice):
        token = form_token(client.get("/password" if client is alice else "/sign-in"))
        answer = client.post(
            path,
            data={"csrf_token": token, "email": ALICE, "password": PASSWORD, "old": PASSWORD},
            headers={k: v for k, v in headers.items() if v},
        )
        assert answer.status_code == 403
        with client.session_transaction() as held:
            assert ("_user_id" in held) is (client is alice)
    assert CANARY in view(alice, site.app, "/accounts").text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up"])
def test_a_form_without_its_token_is_not_taken(site: Site, anon: FlaskClient, path: str) -> None:
    """C-05 where a browser sends neither header."""
    answer = anon.post(path, data={"email": ALICE, "password": PASSWORD, "name": "", "currency": "EUR", "locale": "en-IE"})
    assert answer.status_code in (400, 403)
    assert act(anon, site.app, "look").get_json()["response"] == {}


def test_no_header_lets_another_site_read(site: Site, alice: FlaskClient) -> None:
    """C-02: there is no CORS here."""
    for answer in (
        alice.get("/", headers={"Origin": "https://evil.example"}),
        alice.options(CALLBACK, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}),
    ):
        assert not any(name.lower().startswith("access-control") for name in dict(answer.headers))
