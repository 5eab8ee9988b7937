"""Group H: headers, cookies, limits, errors, secrets and what is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dash import Dash
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard import create_app
from dashboard.config import Config
from dashboard.controller import auth, dashboard
from dashboard.errors import ConfigNotSafe
from dashboard.services import fields
from dashboard.services.people import limits, people
from dashboard.services.people.limits import Limit
from dashboard.view import ids
from tests.conftest import ALICE, PASSWORD, Clock
from tests.security.conftest import KEY, Site, opened
from tests.security.forging import CALLBACK, UPLOADS, act, callback_of, forge, post, said, submit, upload, view

ROOT = Path(__file__).resolve().parents[2]
STATEMENT = b"Date,Payee,Amount\n2026-11-12,Shop,-1.00\n"
SECRET = "the inside of the machine /etc/hidden"


def policy(answer: TestResponse) -> dict[str, str]:
    """Return a response's content security policy by directive."""
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))}


def responses(site: Site, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, TestResponse]]:
    """Yield a response of every kind."""
    anon = site.anonymous()
    yield "sign-in", anon.get("/sign-in")
    yield "sign-up", anon.get("/sign-up")
    yield "health", anon.get("/health")
    yield "302", anon.get("/")
    yield "401", anon.get("/_dash-layout")
    yield "turned away", view(anon, site.app, "/")
    yield "400", anon.post("/sign-in", data={})
    yield "frame", client.get("/")
    yield "layout", client.get("/_dash-layout")
    yield "dependencies", client.get("/_dash-dependencies")
    yield "callback", view(client, site.app, "/transactions")
    yield "nothing changed", forge(client, site.app, callback_of(site.app, ids.VIEW))
    yield "file", upload(client, site.app, STATEMENT)
    yield "400 file", upload(client, site.app, b"x")
    yield "401 file", upload(anon, site.app, STATEMENT)
    yield "403 file", upload(client, site.app, STATEMENT, headers={"Sec-Fetch-Site": "cross-site"})
    yield "405 file", client.get(UPLOADS)
    yield "413 file", upload(client, site.app, bytes(11 * 2**20))
    yield "export", act(client, site.app, "export", "/transactions")
    yield "password", client.get("/password")
    yield "403", post(client, site.app, {}, {"Sec-Fetch-Site": "cross-site"})
    yield "400 callback", post(client, site.app, {})
    yield "404", client.get("/assets/none.css")
    yield "405", client.put("/")
    yield "413", post(client, site.app, b"x" * (2 * 2**20))
    yield "415", post(client, site.app, b"{}", {"Content-Type": "text/plain"})
    yield "stylesheet", anon.get("/assets/css/app.css")
    yield "stylesheet by stamp", anon.get("/assets/css/app.css?m=1")
    yield "not modified", anon.get("/assets/css/app.css", headers={"If-None-Match": anon.get("/assets/css/app.css").headers["ETag"]})
    yield "bundle", anon.get("/_dash-component-suites/dash/dcc/dash_core_components.js")
    yield "options", client.options("/")
    monkeypatch.setattr(limits, "LIMITS", {name: Limit(0, 60) if name != "sign-up" else Limit(10, 60) for name in limits.LIMITS})
    monkeypatch.setattr(limits, "left", _no_more)
    yield "429", submit(site.anonymous(), "/sign-in", email=ALICE, password=PASSWORD)
    monkeypatch.setattr(auth, "render_template", _break)
    yield "500", anon.get("/sign-in")


def _no_more(*_: object) -> int:
    raise limits.TooManyTries("Too many tries.", 30)


def _break(*_: object, **__: object) -> object:
    raise RuntimeError(SECRET)


def test_every_kind_of_response_carries_the_headers(
    site: Site, alice: FlaskClient, monkeypatch: pytest.MonkeyPatch, failing: Callable[[], list[str]]
) -> None:
    """H-03."""
    seen = set()
    for kind, answer in responses(site, alice, monkeypatch):
        if kind[:3].isdecimal():
            assert answer.status_code == int(kind[:3]), (kind, answer.status_code)
        seen.add(answer.status_code)
        said_policy = policy(answer)
        assert said_policy["default-src"] in ("'none'", "'self'"), kind
        assert said_policy["frame-ancestors"] == said_policy["object-src"] == said_policy["base-uri"] == "'none'", kind
        assert said_policy["form-action"] == said_policy["connect-src"] == "'self'", kind
        assert re.fullmatch(r"'self'( 'sha256-[\w+/=]+')+", said_policy["script-src"]), kind
        assert "http" not in answer.headers["Content-Security-Policy"], kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        library = kind in ("stylesheet", "stylesheet by stamp", "not modified", "bundle")
        assert ("no-store" in answer.headers.get("Cache-Control", "")) is not library, (kind, answer.headers.get("Cache-Control"))
        assert "Strict-Transport-Security" not in answer.headers, kind
        assert not re.search(r"Werkzeug|Python|waitress", answer.headers.get("Server", "")), kind
        assert "X-Powered-By" not in answer.headers
    assert seen >= {200, 302, 304, 400, 401, 403, 404, 405, 413, 415, 429, 500}
    assert failing()


def test_a_failure_shows_a_number_that_is_in_the_log_and_nothing_else(
    site: Site, alice: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failing: Callable[[], list[str]]
) -> None:
    """H-02: on a page and in a callback, in production."""
    assert not site.app.server.debug
    assert not site.app.server.config.get("PROPAGATE_EXCEPTIONS")
    monkeypatch.setattr(auth, "render_template", _break)
    monkeypatch.setattr(dashboard, "overview", _break)
    for answer in (site.anonymous().get("/sign-in"), view(alice, site.app, "/")):
        assert answer.status_code in (200, 500)
        for inside in (SECRET, "Traceback", "RuntimeError", "werkzeug", "File &#34;", ".py", "debugger"):
            assert inside not in answer.text
        number = re.search(r"Error number ([0-9a-f]{8})", answer.text)
        assert number
        assert any(number[1] in record.getMessage() for record in caplog.records)
    assert len(failing()) == 2


def test_no_page_names_a_version_or_offers_tools(site: Site, alice: FlaskClient) -> None:
    """H-02."""
    frame = alice.get("/").text
    assert '"ui":false' in frame.replace(" ", "") or '"ui":true' not in frame.replace(" ", "")
    assert "hot_reload" not in frame
    assert site.anonymous().get("/?__debugger__=yes&cmd=resource&f=debugger.js").status_code == 302
    assert "EVALEX" not in alice.get("/console").text


@pytest.fixture
def https(estate: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Put an application that is served over HTTPS on a database."""
    app: Dash = create_app(Config(database_url=f"sqlite:///{tmp_path / 'first.sqlite3'}", secret_key=KEY, env="production", https=True))
    return opened(app, estate, tmp_path / "https.sqlite3", clock, monkeypatch)


def test_cookies_over_https_are_locked_to_this_host(https: Site) -> None:
    """H-04, and HSTS of H-03."""
    client = https.app.server.test_client()
    secure = {"base_url": "https://localhost"}
    first = client.get("/sign-in", **secure)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', first.text)
    assert token
    answer = client.post("/sign-in", data={"csrf_token": token[1], "email": ALICE, "password": PASSWORD, "keep": "y"}, **secure)
    assert answer.status_code == 302
    cookies = [line for got in (first, answer, client.get("/", **secure)) for line in got.headers.getlist("Set-Cookie")]
    assert {line.split("=")[0] for line in cookies} == {"__Host-session", "__Host-csrf"}
    for line in cookies:
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"secure", "path=/"} <= parts, line
        assert parts & {"samesite=lax", "samesite=strict"}, line
        assert not any(part.startswith("domain") for part in parts)
        # The second is read by Dash, and worth nothing without the first.
        assert ("httponly" in parts) is line.startswith("__Host-session"), line
    age = re.search(r"max-age=(\d+)", client.get("/health", **secure).headers["Strict-Transport-Security"])
    assert age
    assert int(age[1]) >= 31_536_000


def test_cookies_over_plain_http_are_as_strict_as_they_can_be(site: Site) -> None:
    """H-04."""
    client = site.anonymous()
    answer = submit(client, "/sign-in", email=ALICE, password=PASSWORD)
    line = answer.headers["Set-Cookie"]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Expires" not in line


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up"])
def test_a_burst_at_a_form_ends_in_429(site: Site, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """H-05: from one address, over many accounts; an X-Forwarded-For of one's own changes nothing."""
    monkeypatch.setattr(people, "check_password_hash", lambda *_: False)
    monkeypatch.setattr(people, "generate_password_hash", lambda *_: "scrypt:1:1:1$x$y")
    tries = limits.LIMITS["sign-in-address" if path == "/sign-in" else "sign-up"].tries
    answers = [
        submit(
            site.anonymous(),
            path,
            {"X-Forwarded-For": f"10.0.0.{n}"},
            email=f"c{n}@example.org",
            password=PASSWORD,
            name="C",
            currency="EUR",
            locale="en-IE",
            zone="UTC",
        )
        for n in range(tries + 1)
    ]
    assert 429 not in [a.status_code for a in answers[:-1]]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("kind", ["import", "export"])
def test_a_burst_of_files_is_refused_with_the_time_to_wait(
    site: Site, alice: FlaskClient, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-05. A callback says so as Dash can show it: its 200 with the sentence; where files come in it is 429. Retry-After either way."""
    monkeypatch.setitem(limits.LIMITS, kind, Limit(3, 3600))
    before = len(site.ids(ALICE)["draft"])

    def once() -> TestResponse:
        if kind == "export":
            return act(alice, site.app, "export", "/transactions")
        return upload(alice, site.app, STATEMENT)

    answers = [once() for _ in range(4)]
    last = answers[-1]
    if kind == "import":
        assert (last.status_code, "Too many tries" in last.get_json()["error"]) == (429, True)
    else:
        assert "Too many tries" in said(last)["error"]
    assert "content" not in last.text
    assert len(site.ids(ALICE)["draft"]) <= before + 3
    assert int(last.headers.get("Retry-After", "0")) > 0, "no Retry-After"


@pytest.mark.parametrize("key", ["", "dev", "change-me", "CHANGE-ME ", "x" * 31, " " * 40])
def test_production_does_not_start_without_a_key(key: str) -> None:
    """H-01."""
    with pytest.raises(ConfigNotSafe, match="SECRET_KEY"):
        Config(database_url="sqlite:///never", secret_key=key, env="production")


def test_the_door_exits_with_one_clear_line(tmp_path: Path) -> None:
    """H-01, as a host would see it."""
    env = {
        "DASHBOARD_ENV": "production",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}",
        "SECRET_KEY": "dev",
        "PATH": "/usr/bin:/bin",
    }
    ended = subprocess.run([sys.executable, str(ROOT / "app.py")], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "SECRET_KEY" in ended.stderr
    assert not (tmp_path / "x.sqlite3").exists()


def test_there_are_no_people_nobody_made(tmp_path: Path) -> None:
    """H-01: no default account."""
    app = create_app(Config(database_url=f"sqlite:///{tmp_path / 'new.sqlite3'}", secret_key=KEY))
    assert people.everyone(app.server.config["ENGINE"]) == []


def sources() -> list[Path]:
    """Return what belongs to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = (
        listed.stdout.split("\0")
        if listed.returncode == 0
        else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if not any(part.startswith(".") for part in p.parts)]
    )
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|\bxox[abp]-|\bsk_live_|\bAIza[\w-]{35}|scrypt:\d+:\d+:\d+\$\w{16}\$[0-9a-f]{64}|"
    r"(?i:secret_?key|api_?key|token|passwd)\s*[:=]\s*[\"'][0-9a-zA-Z+/_-]{32,}[\"']|\b(?:postgres(?:ql)?|mysql)(?:\+\w+)?://\w+:(?!\.\.\.|password|secret|pass)[^@\s\"'{$<]{4,}@(?!localhost|127\.)|\b[A-Z]{2}\d{2}(?: ?\d{4}){4,6}\b(?<!0000)",
)


def test_no_secret_and_no_database_is_in_the_repository() -> None:
    """H-06."""
    files = sources()
    assert len(files) > 50
    assert [
        p.name for p in files if re.search(r"\.(sqlite3?|db|pem|key|p12)(-wal|-shm)?$|^\.env|^id_(rsa|ed25519)|^secret_key$", p.name)
    ] == []
    found = [
        (str(path.relative_to(ROOT)), match[0][:30])
        for path in files
        if path.suffix not in (".woff2", ".png", ".jpg", ".gif") and "vendor" not in path.parts
        for match in SECRETS.finditer(path.read_text(errors="replace"))
    ]
    # Account numbers that the standards and the banks themselves give as examples.
    examples = (
        "DE8937",
        "DE02120300000000202051",
        "DE0250010517",
        "DE4450010517",
        "AT6119043002",
        "AT4832000000",
        "AT0211000000",
        "PL6110901014",
        "NL91",
        "GB",
        "IE",
    )
    assert [one for one in found if not one[1].startswith(examples)] == []


def test_the_scan_sees_a_secret() -> None:
    """H-06 can fail; the samples are put together here so that the scan does not find itself."""
    for sample in (
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "SECRET_" + 'KEY = "' + "a1" * 20 + '"',
        "postgresql://me:" + "hunter22@db.example/x",
        "AKIA" + "A" * 16,
    ):
        assert SECRETS.search(sample), sample


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_requirement_is_pinned(name: str) -> None:
    """H-06: what is tested is what is installed."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    assert [
        line for line in lines if line and not line.startswith("-r") and not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+( ?;.*)?", line)
    ] == []


def test_the_pinned_versions_are_past_the_known_faults() -> None:
    """H-06: Flask's cookie cache (CVE-2026-27205), Werkzeug's form parser (CVE-2024-49767), Dash's background callbacks."""
    pinned = dict(re.findall(r"^([\w-]+)(?:\[.*\])?==([\d.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))

    def version(name: str) -> tuple[int, ...]:
        return tuple(int(part) for part in pinned[name].split("."))

    assert version("Flask") >= (3, 1, 3)
    assert version("Werkzeug") >= (3, 0, 6)
    assert version("dash") >= (4, 4, 1)


def test_a_callback_carries_no_file(site: Site, alice: FlaskClient) -> None:
    """H-05 and F-01: what is too large is refused by its announced length; ten thousand selected rows are not."""
    answer = alice.post(
        CALLBACK,
        data=b"",
        headers={"Content-Length": str(2**31), "Content-Type": "application/json", "X-CSRFToken": "x", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (400, 403, 413)
    assert site.app.server.config["MAX_CONTENT_LENGTH"] <= 2**20
    assert act(alice, site.app, "count-rows", [2**53 - 1] * fields.MOST_IDENTITIES).status_code == 200
