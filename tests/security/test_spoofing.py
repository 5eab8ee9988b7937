"""Group D: text that is meant to be markup, shown in a real browser under the real policy."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.serving import make_server

from dashboard.model import database
from dashboard.model.people import user
from dashboard.services import budgets, imports
from dashboard.view import ids
from tests.conftest import ALICE, pytest_setup_options
from tests.security.conftest import Site
from tests.security.forging import act, figures, strings, submit, token_of, upload, view
from tests.ways import bank_csv, own_csv

PAYLOADS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "{{7*7}}",
    "${7*7}",
    "<b>Food</b>",
    "[x](javascript:alert(1))",
    "![](http://evil.example/p.gif)",
    '<a href="http://evil.example">x</a>',
    "javascript:alert(1)",
)
WATCH = """window.violations = []; window.dialogs = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective + " " + e.blockedURI));
for (const name of ["alert", "confirm", "prompt"]) window[name] = (text) => { window.dialogs.push(String(text)); };"""


class Missing:
    """A message that is made when it is needed."""

    def __init__(self, tell: Callable[[], str]) -> None:
        self.tell = tell

    def __str__(self) -> str:
        """Make it."""
        return self.tell()


def poison(site: Site) -> dict[str, int]:
    """Put every payload into every text a person can store; return where to look."""
    house = site.house(ALICE)
    book = house.book
    with database.transaction(site.engine) as db:
        db.execute(update(user).where(user.c.email == ALICE).values(name=PAYLOADS[1]))
    first = 0
    for number, payload in enumerate(PAYLOADS):
        account = house.account(f"{payload}"[:80])
        first = first or account
        row = house.add(account, "2026-11-17", f"-{10 + number}", payload)
        house.edit(row, note=f"note {payload}")
    receipt = house.take_in(
        own_csv([("2026-11-16", p, f"text {p}", p, PAYLOADS[0], f"-{900 - 80 * n}.00", "EUR", f"own {p}") for n, p in enumerate(PAYLOADS)]),
        f"{PAYLOADS[1]}.csv",
    )
    for payload in PAYLOADS[:6]:
        budgets.set_budget(book, house.category(payload), 202611, "EUR", budgets.BudgetForm("40"))
    waiting = imports.receive(
        book,
        f"{PAYLOADS[2]}.csv",
        bank_csv(
            [
                ("2026-11-14", PAYLOADS[0], "-1.00"),
                ("2026-11-15", PAYLOADS[1], "-2.00"),
                ("<svg onload=window.pwned=1>", PAYLOADS[5], "-3.00"),
                ("2026-11-15", "bad amount", "<svg onload=window.pwned=1>"),
            ]
        ),
    )
    return {"account": first, "row": house.rows()[-1]["id"], "import": receipt.import_ids[0], "draft": waiting}


def test_every_string_of_every_figure_is_escaped(site: Site, alice: FlaskClient) -> None:
    """D-02, on the figures as data: Plotly draws a small set of tags in any string."""
    poison(site)
    seen = []
    for address in ("/", "/budgets", "/?p=2026", "/?p=2026-11-01..2026-11-18"):
        for figure in figures(view(alice, site.app, address).get_json()):
            for text in strings(figure):
                bare = text.removesuffix("<extra></extra>").replace("<br>", "").removeprefix("<b>").removesuffix("</b>")
                assert "<" not in bare, text
                assert ">" not in bare, text
                seen.append(text)
    # The donut folds small categories into one; the largest are the first.
    for payload in PAYLOADS[:4]:
        assert any(html.escape(payload, quote=False) in text for text in seen), payload
        assert not any(payload in text for text in seen if "<" in payload)


def test_nothing_renders_markdown_or_raw_markup(site: Site, alice: FlaskClient) -> None:
    """D-01 and D-03, on every page as data: no component that reads markup, and no address but our own."""
    places = poison(site)

    def walk(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            if "type" in part and "props" in part:
                yield part
            for item in part.values():
                yield from walk(item)
        elif isinstance(part, list):
            for item in part:
                yield from walk(item)

    for address in (
        "/",
        "/transactions",
        "/budgets",
        "/import",
        f"/import?draft={places['draft']}",
        f"/import?done={places['import']}",
        "/accounts",
        "/settings",
        "/settings?tab=security",
        "/history",
    ):
        for component in walk(view(alice, site.app, address).get_json()):
            assert component["type"] not in (
                "Markdown",
                "Iframe",
                "DashDangerouslySetInnerHTML",
                "ObjectEl",
                "Embed",
                "Script",
                "DataTable",
            )
            props = component["props"]
            for name in ("href", "src", "action", "formAction"):
                assert str(props.get(name, "/")).startswith(("/", "#")) or props.get(name) == "", (name, props.get(name))
            assert "dangerously_allow_html" not in props
            assert not any(name.lower().startswith("on") and isinstance(value, str) for name, value in props.items())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_forms_without_javascript_show_text_as_text(site: Site, payload: str) -> None:
    """D-01 for the pages that a template writes."""
    answer = submit(
        site.anonymous(),
        "/sign-up",
        email=f"{payload}@example.org",
        password="short",
        name=payload,
        currency=payload,
        locale=payload,
        zone=payload,
    )
    assert answer.status_code == 400
    if "<" in payload:
        assert payload not in answer.text
    assert html.escape(payload) in answer.text or html.escape(payload, quote=False) in answer.text or "&#34;" in answer.text
    for path in (f"/sign-in?next={payload}", f"/{payload}", f"/assets/{payload}"):
        assert "<" not in payload or payload not in site.anonymous().get(path).text


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example",
        "https://evil.example",
        "\\\\evil.example",
    ],
)
def test_no_action_sends_the_browser_elsewhere(site: Site, alice: FlaskClient, target: str) -> None:
    """D-04: the addresses that a person's text goes into lead to pages of this site only."""
    for name in ("search", "custom-period"):
        answer = act(alice, site.app, name, target, words=target, fields={"from": "2026-11-01", "to": "2026-11-02"})
        place = answer.get_json()["response"].get(ids.URL, {}).get("href", "/?")
        assert place.startswith(("/?", "/transactions?", "/budgets?"))


@pytest.fixture
def browser() -> Iterator[Any]:
    """Start Chromium with its console open to us."""
    from selenium import webdriver
    from selenium.webdriver.common.desired_capabilities import DesiredCapabilities

    options = pytest_setup_options()
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})  # type: ignore[attr-defined]
    driver = webdriver.Chrome(options=options, desired_capabilities=DesiredCapabilities.CHROME | {"goog:loggingPrefs": {"browser": "ALL"}})
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    yield driver
    driver.quit()


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Serve the application to the browser."""
    server = make_server("127.0.0.1", 0, site.app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_a_browser_shows_every_payload_as_the_text_it_is(site: Site, alice: FlaskClient, browser: Any, address: str) -> None:
    """D-01 to D-06: every page and drawer, a toast, and an error; no dialog, no violation, no foreign request, a clean console."""
    from selenium.webdriver.support.ui import WebDriverWait

    places = poison(site)
    wait = WebDriverWait(browser, 20, poll_frequency=0.05)
    # Set before any page: a stranger's request for an icon would be answered with a session cookie of its own.
    for name in ("session", "csrf"):
        cookie = alice.get_cookie(name)
        assert cookie
        browser.execute_cdp_cmd(
            "Network.setCookie", {"name": name, "value": cookie.value, "url": address, "httpOnly": name == "session", "sameSite": "Lax"}
        )

    def shown() -> str:
        # What stands in fields is text as well, and the rest of the page is all of its text, seen or not.
        return str(
            browser.execute_script(
                "return document.body.textContent + ' ' + [...document.querySelectorAll('input')].map(i => i.value).join(' ')"
            )
        )

    def looks(expected: tuple[str, ...], where: str) -> None:
        wait.until(
            lambda _: all(text in shown() for text in expected),
            Missing(
                lambda: (
                    f"{where}: {[t for t in expected if t not in shown()]} at {browser.current_url}, {browser.get_log('browser')[:3]}, {shown()[:300]!r}"
                )
            ),
        )
        state = browser.execute_script(
            "return [window.pwned || null, window.dialogs, window.violations, [...new Set(performance.getEntriesByType('resource').map(e => new URL(e.name).origin))], "
            "document.querySelectorAll('#page script, #page iframe, #page [onload], #page [onerror], #page img[src=x], a[href^=javascript]').length]"
        )
        assert state[:3] == [None, [], []], (where, state)
        assert set(state[3]) <= {address, "null"}, (where, state)
        assert state[4] == 0, where

    def opened(path: str, *expected: str) -> None:
        browser.execute_script(
            "history.pushState({}, '', arguments[0]); window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'))", path
        )
        looks(expected, path)

    def sent(action: str, value: object, fields: object = None) -> None:
        browser.execute_script(
            "window.dash_clientside.set_props('action', {data: {act: arguments[0], value: arguments[1], fields: arguments[2], at: Math.random()}})",
            action,
            value,
            fields,
        )

    browser.get(address)
    looks((PAYLOADS[1], PAYLOADS[0], PAYLOADS[9]), "/")
    assert "49" not in [part for part in shown().split() if part == "49"]
    wait.until(lambda d: d.execute_script("return !!document.querySelector('#donut .js-plotly-plot .slice')"))
    label = browser.execute_script(
        "const d = document.querySelector('#donut .js-plotly-plot'); const at = d.data[0].labels.findIndex(l => l.includes('Food')); "
        "Plotly.Fx.hover(d, [{curveNumber: 0, pointNumber: Math.max(at, 0)}]); return d.data[0].labels[Math.max(at, 0)]"
    )
    assert label
    opened("/transactions", *PAYLOADS, *(f"note {p}" for p in PAYLOADS))
    opened(f"/transactions?acc={places['account']}", PAYLOADS[0])
    opened("/transactions?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D1%3E", PAYLOADS[1])
    opened("/budgets", *PAYLOADS[:6])
    opened("/accounts", *PAYLOADS)
    opened("/import", f"{PAYLOADS[1]}.csv")
    opened(f"/import?draft={places['draft']}", f"{PAYLOADS[2]}.csv", PAYLOADS[0], PAYLOADS[1], "<svg onload=window.pwned=1>")
    opened(f"/import?done={places['import']}", f"{PAYLOADS[1]}.csv", PAYLOADS[0])
    opened("/history", PAYLOADS[1])
    opened(f"/{PAYLOADS[0].replace('<', '%3C').replace('>', '%3E')}", "nothing at this address")
    opened("/transactions", PAYLOADS[0])
    sent("open-transaction", places["row"])
    looks(("Edit transaction", "own "), "the drawer of a transaction")
    sent("open-account", places["account"])
    looks(("Edit account", PAYLOADS[0]), "the drawer of an account")
    sent("delete-transaction", places["row"])
    looks(("deleted", "Undo"), "a toast")
    sent("save-account", "", {"name": PAYLOADS[0], "kind": "cash", "currency": "EUR"})
    looks(("Another account has that name",), "an error")
    console = [
        entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING") and "favicon" not in entry["message"]
    ]
    assert console == []


def test_a_file_name_and_a_bad_cell_are_text_in_messages(site: Site, alice: FlaskClient) -> None:
    """D-05 and D-06: what a refusal says of a file is plain text, and short."""
    answer = upload(alice, site.app, b"x", "<img src=x onerror=alert(1)>" * 200)
    assert answer.mimetype == "application/json"
    sentence = answer.get_json()["error"]
    assert isinstance(sentence, str)
    assert len(sentence) < 500
    assert token_of(alice, site.app)
    assert json.dumps(sentence)
