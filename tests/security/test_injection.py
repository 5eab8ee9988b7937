"""Group E: text that is meant to be code, and values of kinds that nobody expects."""

from __future__ import annotations

import json
import logging

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.services.people import limits
from dashboard.services.people.limits import Limit
from dashboard.view import ids
from tests.conftest import ALICE, BOB, PASSWORD
from tests.security.conftest import Site
from tests.security.forging import (
    CALLBACK,
    act,
    body_of,
    everything_of,
    forge,
    post,
    said,
    server_callbacks,
    submit,
    tracebacks,
    upload,
    view,
)
from tests.security.good_requests import NAMES, good_requests

JUNK: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    float("nan"),
    float("inf"),
    "",
    " ",
    "x" * 5000,
    "0",
    "-1",
    "1e9",
    "NaN",
    "null",
    "\x00",
    "\ud800",
    "\u202e\u0661\u0662",
    "' OR 1=1 --",
    "%s%n{0}{x.__class__}",
    "=1+1",
    "../../etc/passwd",
    "9" * 400,
    "2026-99-99",
    [],
    [None],
    [[["x"]]],
    {},
    {"act": []},
    {"id": {"id": 1}},
)
QUOTES = (
    "' OR 1=1 --",
    '"; DROP TABLE "transaction"; --',
    "%",
    "_",
    "\\",
    "%%",
    "lunch' --",
    "') UNION SELECT password FROM user --",
    "{{7*7}}",
    "${7*7}",
)


@pytest.fixture(autouse=True)
def _no_hourly_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("import", "export"):
        monkeypatch.setitem(limits.LIMITS, name, Limit(10**6, 3600))


def stumbles(answer_status: int, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what went wrong in the server since the last look: a 500 or a traceback."""
    found = tracebacks(caplog.records) + ([f"status {answer_status}"] if answer_status >= 500 else [])
    caplog.clear()
    return found


@pytest.mark.parametrize("text", QUOTES)
def test_a_filter_takes_text_as_text(site: Site, alice: FlaskClient, text: str) -> None:
    """E-01: quotes, ends and wildcards find themselves and nothing else."""
    from urllib.parse import quote

    house = site.house(ALICE)
    house.add(site.ids(ALICE)["account"][0], "2026-11-12", "-1", f"before {text} after")
    from dashboard.selection import Selection
    from dashboard.services import ledger

    word = text.split(maxsplit=1)[0]
    found = ledger.listed(house.book, Selection.from_query(f"p=2026&q={quote(text)}", house.book.today))
    assert found.rows["payee"].tolist() == [f"before {text} after"], word
    assert f"before {text} after" in json.dumps(
        view(alice, site.app, f"/transactions?p=2026&q={quote(text)}").get_json(), ensure_ascii=False
    ).replace('\\"', '"').replace("\\\\", "\\")
    assert said(act(alice, site.app, "search", "/transactions?p=2026", words=text)) == {}
    assert len(house.rows()) >= 5


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=1e9",
        "page=99999999999999999999",
        "page=null",
        "page=%5B1%5D",
        "page=0",
        "sort=amount;DELETE%20FROM%20user",
        "sort=__class__",
        "size=-1",
        "cur=EUR%27",
        "cur=" + "x" * 500,
        "type=income%27--",
        "acc=-1",
        "acc=1;2",
        "acc=9999999999999999",
        "cat=0.0.0",
        "cat=%00",
        "p=2026-13",
        "p=2026-00",
        "p=0000",
        "p=9999-12",
        "p=2026-11-18..2026-11-01",
        "p=1900-01-01..2199-12-31",
        "p=%E2%82%AC",
        "import=-1",
        "import=9007199254740993",
        "q=%00",
        "q=%ED%A0%80",
        "&".join(["acc=1"] * 60),
        "draft=x",
        "done=x",
        "draft=&done=",
        "=",
        "%",
        "p=2026&p=1999",
        "show=%3Cscript%3E",
        "draft=99999999999999999",
        "p=1900",
        "p=2199-12",
        "p=1900-01",
    ],
)
def test_an_address_that_makes_no_sense_shows_a_page(site: Site, alice: FlaskClient, query: str) -> None:
    """E-02: what cannot be read falls back to the default."""
    before = everything_of(site.path, site.book(ALICE).id)
    for path in ("/", "/transactions", "/budgets", "/import", "/accounts", "/settings"):
        answer = view(alice, site.app, f"{path}?{query}")
        assert answer.status_code == 200
        assert "error" not in said(answer), (path, ascii(said(answer)))
        assert answer.get_json()["response"]["page"]["node"]
    for action in ("search", "custom-period", "export"):
        assert (
            act(alice, site.app, action, f"/transactions?{query}", words="x", fields={"from": "2026-11-01", "to": "2026-11-02"}).status_code
            == 200
        )
    assert everything_of(site.path, site.book(ALICE).id) == before


def test_a_lone_surrogate_in_an_address_shows_a_page(site: Site, alice: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """E-02: JSON can carry half a character; no database can."""
    for path in (
        "/transactions?q=\ud800",
        "/?q=\ud800",
        "/import?draft=\ud800",
        "/\ud800",
        "/transactions?type=\ud800&cur=\ud800&p=\ud800",
    ):
        answer = view(alice, site.app, path)
        assert stumbles(answer.status_code, caplog) == [], ascii(path)


def test_no_text_writes_a_line_of_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """E-03: names, addresses, payees, files and ids with line ends stay on one line."""
    caplog.set_level(logging.DEBUG)
    forged = "x\n[ERROR] forged\r\n[ERROR] forged"
    client = site.anonymous()
    submit(client, "/sign-up", email="cleo@example.org", password=PASSWORD, name=forged, currency="EUR", locale="en-IE", zone=forged)
    submit(site.anonymous(), "/sign-in", {"X-Forwarded-For": "1.2.3.4 forged"}, email=forged, password=forged)
    submit(site.anonymous(), "/sign-up", email=f"a@b.example\n{forged}", password=PASSWORD, name="x", currency="EUR", locale="en-IE")
    client.get("/")
    act(client, site.app, forged, forged)
    act(client, site.app, "save-account", fields={"name": forged, "kind": "cash", "currency": "EUR"})
    upload(client, site.app, b"x", forged)
    client.get(f"/{forged}".replace("\n", "%0A").replace("\r", "%0D"))
    for record in caplog.records:
        assert not any(c in record.getMessage() for c in "\r\n") or record.exc_info, record.getMessage()
    assert site.book("cleo@example.org").user_name == "x [ERROR] forged [ERROR] forged"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"1",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"output":' * 5000,
        b'{"output": null}',
        b'{"output": []}',
        b'{"output": "nothing.here"}',
        b'{"output": "..a.b...c.d.."}',
        b'{"output": {"a": 1}}',
        b'{"output": "page.node", "inputs": 5}',
        b"1" * 6000,
    ],
    ids=lambda b: repr(b[:40]),
)
def test_a_body_that_is_no_callback_is_refused(site: Site, alice: FlaskClient, body: bytes) -> None:
    """E-04: 4xx, and no traceback in the log."""
    assert 400 <= post(alice, site.app, body).status_code < 500


def test_a_callback_the_browser_runs_itself_is_refused(site: Site, alice: FlaskClient) -> None:
    """E-04: Dash lists them among its callbacks, but Python has nothing to run."""
    there = [output for output in site.app.callback_map if output not in server_callbacks(site.app)]
    assert there
    for output in there:
        assert 400 <= forge(alice, site.app, output).status_code < 500, output


PARTS = ("output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds")


@pytest.mark.parametrize("part", PARTS)
def test_a_request_with_one_wrong_part_is_refused_or_answered(
    site: Site, alice: FlaskClient, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    """E-04: every part of the envelope, missing or of another kind."""
    wrong = []
    for output in server_callbacks(site.app):
        good = body_of(site.app, output, ["/"])
        bodies = [
            {k: v for k, v in good.items() if k != part},
            *[good | {part: junk} for junk in JUNK],
            good | {part: [{}]},
            good | {part: [{"id": 1, "property": 2}]},
            good | {part: {"id": "x", "property": "y"}},
        ]
        if part in ("inputs", "state") and good[part]:
            first = good[part][0]
            bodies += [good | {part: [first | {key: junk}, *good[part][1:]]} for key in ("id", "property") for junk in JUNK]
            bodies += [
                good | {part: [{k: v for k, v in first.items() if k != "value"}, *good[part][1:]]},
                good | {part: good[part] * 2},
                good | {part: [good[part], *good[part][1:]]},
            ]
        for body in bodies:
            wrong += [(output, str(body.get(part))[:80], found) for found in stumbles(post(alice, site.app, body).status_code, caplog)]
    assert wrong == []


def test_every_input_and_state_takes_any_value(site: Site, alice: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """E-04, over the application's own list of callbacks."""
    wrong = []
    for output in server_callbacks(site.app):
        known = site.app.callback_map[output]
        for place in range(len(known["inputs"]) + len(known["state"])):
            for junk in JUNK:
                values: list[object] = ["/", 0, "light"][: len(known["inputs"])] + [0] * len(known["state"])
                values[place] = junk
                answer = forge(alice, site.app, output, values[: len(known["inputs"])], values[len(known["inputs"]) :])
                wrong += [(output, place, junk, found) for found in stumbles(answer.status_code, caplog)]
    assert wrong == []


def test_the_name_of_an_action_may_be_anything(site: Site, alice: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """E-04."""
    wrong = []
    for junk in (*JUNK, *["__class__", "register"]):
        wrong += [(junk, found) for found in stumbles(act(alice, site.app, junk).status_code, caplog)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_an_action_takes_any_value(site: Site, bob: FlaskClient, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """E-04: a kind sentence or a 4xx; afterwards every page can be shown still."""
    good = good_requests(site, BOB)[name]
    draft = site.ids(BOB)["draft"][0]
    wrong = []
    for place in good.places():
        for junk in JUNK:
            wrong += [(place, junk, found) for found in stumbles(good.with_value(place, junk).send(bob, site.app).status_code, caplog)]
    for junk in JUNK:
        wrong += [
            ("fields", junk, found)
            for found in stumbles(act(bob, site.app, name, good.value, extra=good.extra, fields=junk).status_code, caplog)
        ]
    for address in ("/", "/transactions?p=2026", "/budgets", "/import", f"/import?draft={draft}", "/accounts", "/settings"):
        answer = view(bob, site.app, address)
        wrong += [
            ("afterwards", address, found)
            for found in [*stumbles(answer.status_code, caplog), *[e for e in [said(answer).get("error")] if e]]
        ]
    assert wrong == []


ANSWERS = [
    f"{key}={value}"
    for key, values in {
        "dates": ("dmy", "mdy", "x"),
        "sign": ("out-negative", "out-positive"),
        "decimal": (",", "."),
        "unit": ("whole", "cents", "x"),
        "fee": ("besides", "included", "x"),
        "year": ("1900", "2199", "\u0662\u0660\u0662\u0666"),
        "currency": ("JPY", "XXX"),
        "trust": ("yes",),
        "columns": ("0", "2", "999", "0,0", "999,998", "1,2", "\u0661", "2,", "-1"),
    }.items()
    for value in values
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_any_answer_about_a_file_leaves_it_readable(site: Site, bob: FlaskClient, answer: str) -> None:
    """E-04: what a person corrects about a file may be nonsense; the check page and the import say so."""
    draft = site.ids(BOB)["draft"][0]
    assert act(bob, site.app, "answer", draft, extra=answer).status_code == 200
    for line, cell in ((2, "date"), (4, "amount"), (9_007_199_254_740_991, "date")):
        act(bob, site.app, "mend", draft, extra=f"{line}={cell}", words="9" * 40)
    assert "error" not in said(view(bob, site.app, f"/import?draft={draft}"))
    assert act(bob, site.app, "commit-import", draft).status_code == 200


CONTENTS = (
    b"",
    b"x",
    b"\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"\xef\xbb\xbf",
    b"PK\x03\x04" + bytes(400),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    b'{"format": "personal-finance-dashboard"',
    b'{"format": "personal-finance-dashboard", "version": ' + b"[" * 5000,
    b"A" * 60_000,
)


def test_a_file_may_be_anything(site: Site, bob: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """E-04 where bytes come in: whatever they are, and whatever they are called."""
    wrong = []
    for contents in CONTENTS:
        for name in ("a.csv", *(text for text in JUNK if isinstance(text, str) and text.isprintable())):
            wrong += [(contents[:20], name, found) for found in stumbles(upload(bob, site.app, contents, name).status_code, caplog)]
    assert wrong == []


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=40) | st.sampled_from(JUNK),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "value", "act", "fields", "extra", "date", "amount"]) | st.text(max_size=5), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_junk_in_every_place_at_once(site: Site, bob: FlaskClient, caplog: pytest.LogCaptureFixture, data: st.DataObject) -> None:
    """E-04 with values nobody thought of."""
    output = data.draw(st.sampled_from(server_callbacks(site.app)))
    known = site.app.callback_map[output]
    act_on = st.fixed_dictionaries(
        {
            "act": st.sampled_from(NAMES),
            "value": ANY,
            "extra": ANY,
            "text": ANY,
            "fields": ANY | st.dictionaries(st.sampled_from(sorted(FIELDS)), ANY),
        }
    )
    any_input = act_on | ANY if known["inputs"][0]["id"] == ids.ACTION else ANY
    inputs = [data.draw(any_input) for _ in known["inputs"]]
    state = [data.draw(ANY) for _ in known["state"]]
    answer = forge(bob, site.app, output, inputs, state)
    assert stumbles(answer.status_code, caplog) == []


FIELDS = {
    "id",
    "revision",
    "direction",
    "amount",
    "payee",
    "category",
    "account",
    "date",
    "note",
    "key",
    "name",
    "kind",
    "currency",
    "opening",
    "number",
    "from",
    "to",
    "locale",
    "zone",
}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/password"])
def test_every_field_of_a_form_takes_any_text(
    site: Site, alice: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """E-04 for the forms without JavaScript."""
    from dashboard.services.people import people

    monkeypatch.setattr(people, "check_password_hash", lambda *_: False)
    monkeypatch.setattr(people, "generate_password_hash", lambda *_: "scrypt:x")
    monkeypatch.setattr(limits, "LIMITS", {name: Limit(10**6, 3600) for name in limits.LIMITS})
    good = {
        "email": "cleo@example.org",
        "password": PASSWORD,
        "old": PASSWORD,
        "name": "Cleo",
        "currency": "EUR",
        "locale": "en-IE",
        "zone": "UTC",
        "keep": "y",
    }
    wrong = []
    client = alice if path == "/password" else site.anonymous()
    for name in good:
        for junk in (j for j in JUNK if isinstance(j, str) and "\ud800" not in j):
            wrong += [(name, junk[:20], found) for found in stumbles(submit(client, path, **good | {name: junk}).status_code, caplog)]
            client = alice if path == "/password" else site.anonymous()
    assert wrong == []


def test_the_callbacks_address_takes_no_other_method(site: Site, alice: FlaskClient) -> None:
    """E-04."""
    for method in ("PUT", "PATCH", "DELETE"):
        assert alice.open(CALLBACK, method=method).status_code in (403, 405)
