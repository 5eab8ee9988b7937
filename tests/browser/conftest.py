"""A browser at the product, and what a person does with it: opening, clicking, typing, dropping files, reading.

Signing in is not retyped: the session's cookie comes from the test client. Nothing waits for a fixed time: `until` asks again.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from dash import Dash
from dash.testing.browser import Browser
from flask.testing import FlaskClient
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from sqlalchemy import Engine
from werkzeug import Response
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard import create_app
from dashboard.config import Config
from dashboard.services.books import book_by_email
from tests.conftest import ALICE, PASSWORD, Clock, pytest_setup_options
from tests.ways import House

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 12
Found = TypeVar("Found")


def sign_in(client: FlaskClient, email: str = ALICE, password: str = PASSWORD) -> None:
    """Sign a test client in with the form, its token included."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token
    answer = client.post("/sign-in", data={"csrf_token": token[1], "email": email, "password": password, "keep": "y"})
    assert answer.status_code == 302, answer.text


def number(text: str) -> Decimal:
    """Read the first amount of a text as en-IE writes it: "−€1,234.50" is -1234.50."""
    found = re.search(r"([-\u2212+]?)\s*[^\d\s.,-]{0,3}\s?(\d[\d,]*(?:\.\d+)?)", text)
    assert found, f"no number in {text!r}"
    return Decimal(found[2].replace(",", "")) * (-1 if found[1] in ("-", "\u2212") else 1)


@dataclass
class Site:
    """The product on a database of its own."""

    app: Dash
    url: str

    @property
    def engine(self) -> Engine:
        """Return its database."""
        found: Engine = self.app.server.config["ENGINE"]
        return found

    def house(self, email: str = ALICE) -> House:
        """Return a person's book with the short ways to fill it."""
        return House(book_by_email(self.engine, email))

    def client(self, email: str | None = ALICE, password: str = PASSWORD) -> FlaskClient:
        """Return a test client, signed in unless nobody is named."""
        client = self.app.server.test_client()
        if email:
            sign_in(client, email, password)
        return client


class Person:
    """Somebody with a browser."""

    def __init__(self, duo: Browser, site: Site) -> None:
        self.duo, self.site, self.driver = duo, site, duo.driver
        # `until` asks again; to look for what is not there must not take two seconds each time.
        self.driver.implicitly_wait(0)

    def until(self, what: Callable[[], Found], why: str = "") -> Found:
        """Ask until the answer is true; what the page replaced meanwhile is asked again."""
        from selenium.webdriver.support.ui import WebDriverWait

        def ask(_driver: object) -> Found | bool:
            try:
                return what()
            except (StaleElementReferenceException, WebDriverException, IndexError):
                return False

        try:
            answer: Found = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(ask)
        except WebDriverException as error:
            raise AssertionError(f"waited in vain for {why or what}; {self.where()} shows: {self.text()[:1500]}") from error
        return answer

    def sign_in(self, email: str = ALICE, password: str = PASSWORD) -> None:
        """Take over the session that the test client opened."""
        cookie = self.site.client(email, password).get_cookie("session")
        assert cookie
        self.cookie("session", cookie.value)

    def cookie(self, name: str, value: str) -> None:
        """Set a cookie without visiting a page first, which would set its own."""
        self.driver.execute_cdp_cmd(
            "Network.setCookie", {"name": name, "value": value, "url": self.site.url, "httpOnly": name == "session"}
        )

    def open(self, path: str) -> None:
        """Load a page anew and wait until it is there."""
        self.driver.get(self.site.url + path)
        self.until(
            lambda: self.js(
                "return !document.getElementById('react-entry-point') || (document.querySelector('#page h1') && document.querySelector('.sidebar-foot') && document.fonts.status === 'loaded')"
            ),
            path,
        )

    def size(self, width: int, height: int = 900) -> None:
        """Make the window so large, below the smallest that a window manager allows too."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        )

    def js(self, script: str, *args: object) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *args)

    def where(self) -> str:
        """Return path and query."""
        return str(self.js("return location.pathname + location.search"))

    def text(self, css: str = "body") -> str:
        """Return what a part of the page says, "" where it is not there."""
        return str(self.js("const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", css))

    def texts(self, css: str) -> list[str]:
        """Return what each such part says, hidden ones included."""
        found: list[str] = self.js("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css)
        return found

    def see(self, words: str, css: str = "body") -> None:
        """Wait until these words stand in a part of the page."""
        shown = "return [...document.querySelectorAll(arguments[0])].some((e) => e.innerText.includes(arguments[1]))"
        self.until(lambda: self.js(shown, css, words), f"{words!r} in {css}")

    def gone(self, css: str) -> None:
        """Wait until there is nothing such on the page."""
        self.until(lambda: not self.all(css), f"no {css}")

    def all(self, css: str) -> list[WebElement]:
        """Return all such parts."""
        found: list[WebElement] = self.driver.find_elements("css selector", css)
        return found

    def one(self, css: str, words: str = "") -> WebElement:
        """Wait for the visible part that says this."""
        return self.until(
            lambda: next((e for e in self.all(css) if e.is_displayed() and words in e.text), False) or None, f"{css} {words!r}"
        )  # type: ignore[return-value]

    def click(self, css: str, words: str = "") -> None:
        """Click the visible part that says this, as soon as it takes clicks."""

        def press() -> bool:
            target = self.one(css, words)
            if not target.is_enabled():
                return False
            self.js(
                "const r = arguments[0].getBoundingClientRect(); if (r.top < 80 || r.bottom > innerHeight - 90) arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})",
                target,
            )
            target.click()
            return True

        self.until(press, f"click on {css} {words!r}")

    def put(self, css: str, text: str) -> None:
        """Type into a field in place of what it holds."""
        field = self.one(css)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text or Keys.DELETE)

    def choose(self, css: str, words: str) -> None:
        """Choose an option of a select."""
        from selenium.webdriver.support.ui import Select

        self.until(lambda: Select(self.one(css)).select_by_visible_text(words) or True, f"{words} in {css}")

    def keys(self, *pressed: str) -> None:
        """Press keys wherever the focus is."""
        ActionChains(self.driver).send_keys(*pressed).perform()

    def drop(self, *paths: Path, on: str = "#page h1") -> None:
        """Drag files from the desktop over the page and drop them, with the browser's own events."""
        spot = self.one(on).rect
        held = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        at = {"x": int(spot["x"] + 5), "y": int(spot["y"] + 5), "data": held}
        for step in ("dragEnter", "dragOver", "drop"):
            self.driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": step, **at})

    def slow(self, milliseconds: int) -> None:
        """Let every answer take so long; 0 lets them come as they come."""
        wire = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", wire)

    def undo(self) -> None:
        """Press Undo in the newest toast."""
        before = len(self.all(".toast-box"))
        self.until(lambda: self.all(".toast-box .undo")[-1].click() or True, "Undo")
        self.until(lambda: before and any("ndone" in t for t in self.texts(".toast-box")), "a toast that says undone")

    def close_toasts(self) -> None:
        """Close every message, so that the next one is known to be new."""
        self.js("document.querySelectorAll('.toast-box').forEach(t => t.remove())")

    def kpis(self) -> dict[str, str]:
        """Return the figures of the dashboard by name."""
        self.one(".kpi")
        return dict(zip(self.texts(".kpi-label"), self.texts(".kpi-value"), strict=True))

    def amounts(self) -> dict[str, Decimal]:
        """Return income, spending and net of the dashboard as numbers."""
        return {name: number(text) for name, text in self.kpis().items() if name != "Savings rate"}

    def listed(self) -> tuple[Decimal, Decimal]:
        """Return what the list of transactions says came in and went out, in one currency."""
        came, went = self.until(
            lambda: self.texts("#page .answer strong")[-2:] if len(self.texts("#page .answer strong")) >= 2 else None, "In and Out"
        )  # type: ignore[misc]
        return number(came), number(went)

    def chart(self, css: str) -> dict[str, Any]:
        """Return what a chart was drawn from, once Plotly has drawn it."""
        return self.until(
            lambda: self.js(
                "const g = document.querySelector(arguments[0] + ' .js-plotly-plot'); return g && g._fullLayout ? {data: g.data, layout: g.layout} : null",
                css,
            ),
            f"chart {css}",
        )  # type: ignore[no-any-return]

    def overflow(self) -> list[str]:
        """Name what makes the page wider than the window; nothing where it fits."""
        found: list[str] = self.js("""
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return [];
            return ['page ' + document.documentElement.scrollWidth].concat([...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1)
                .slice(0, 4).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)));""")
        return found

    def complaints(self) -> list[str]:
        """Return what the browser's console has to complain about, CSP violations included."""
        # That a file was refused is an answer with a status, and Chrome notes every such.
        refused = "/import/file - Failed to load resource: the server responded with a status of 4"
        return [entry["message"] for entry in self.duo.get_logs() or () if refused not in entry["message"]]


class Stage:
    """One address for all tests of a process, at which the product of the test that runs is to be found.

    So the browser keeps what every page loads: 4 MB of scripts.
    """

    def __init__(self) -> None:
        self.product: WSGIApplication | None = None
        self.server = make_server("localhost", 0, self, threaded=True, request_handler=_Silent)
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer with the product that is on."""
        return (self.product or Response("Between two tests", 503))(environ, start)


class _Silent(WSGIRequestHandler):
    def log(self, *_args: object, **_more: object) -> None:
        """Say nothing of requests: a failed test would say them all."""


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Open the address."""
    opened = Stage()
    yield opened
    opened.server.shutdown()


class Chromium:
    """One browser for all tests of a process; each has a tab of its own, without a past but for the cache."""

    def __init__(self, downloads: Path) -> None:
        self.downloads, self.browser = downloads, self._start(downloads)

    @staticmethod
    def _start(downloads: Path) -> Browser:
        return Browser("Chrome", headless=True, options=[pytest_setup_options()], download_path=str(downloads), percy_run=False)

    def fresh(self) -> Browser:
        """Return the browser with a tab in which nothing has been yet; one that has died is started again."""
        for file in self.downloads.iterdir():
            file.unlink()
        try:
            self._new_tab()
        except WebDriverException:
            self.quit()
            self.browser = self._start(self.downloads)
        driver = self.browser.driver
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        driver.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(self.downloads)})
        driver.get_log("browser")
        return self.browser

    def _new_tab(self) -> None:
        # What was emulated, blocked, slowed down or kept for the session is the old tab's, and goes with it.
        driver = self.browser.driver
        old = driver.window_handles
        driver.switch_to.new_window("tab")
        new = driver.current_window_handle
        for handle in old:
            driver.switch_to.window(handle)
            driver.close()
        driver.switch_to.window(new)

    def quit(self) -> None:
        """Close it."""
        with suppress(WebDriverException, OSError):
            self.browser.driver.quit()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Start the browser."""
    started = Chromium(tmp_path_factory.mktemp("downloads"))
    yield started
    started.quit()


@pytest.fixture
def site(clock: Clock, new_database: Callable[..., str], stage: Stage) -> Iterator[Site]:
    """Serve the product with Alice and Bob in it; it is 18 November 2026."""
    app = create_app(Config(new_database("sqlite"), "k" * 40))
    stage.product = app.server
    yield Site(app, stage.url)
    stage.product = None
    app.server.config["ENGINE"].dispose()


@pytest.fixture
def stranger(chromium: Chromium, site: Site) -> Iterator[Person]:
    """Return somebody with a browser who is not signed in; whatever they do, the console stays silent."""
    person = Person(chromium.fresh(), site)
    # Messages stay until they are closed: no test hangs on how long one lives.
    person.cookie("keep", "on")
    yield person
    assert person.complaints() == []
    person.driver.get("about:blank")


@pytest.fixture
def alice(stranger: Person) -> Person:
    """Return Alice, signed in, her book empty."""
    stranger.sign_in()
    return stranger
