"""`make screenshots`: a picture of every screen, with the sample data, on a desk and a phone, light and dark.

Usage: python tests/screenshots.py [FOLDER]. The clock stands at 18 November 2026, so that two runs show the same.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from selenium import webdriver  # noqa: E402
from selenium.common.exceptions import WebDriverException  # noqa: E402
from selenium.webdriver.remote.webdriver import WebDriver  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

from dashboard import create_app  # noqa: E402
from dashboard.config import Config  # noqa: E402
from dashboard.periods import set_clock  # noqa: E402
from dashboard.services import categories, demo, imports, rules  # noqa: E402
from dashboard.services.books import Book, book_by_email  # noqa: E402
from dashboard.services.people import people  # noqa: E402
from tests.browser.conftest import sign_in  # noqa: E402
from tests.conftest import pytest_setup_options  # noqa: E402

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
MARA, NEWCOMER = "mara@kelly.example", "noor@haddad.example"
PASSWORD = "three blue herons"
SIZES = {"desktop": (1440, 900), "mobile": (390, 844)}
THEMES = ("light", "dark")
STATEMENT = ROOT / "tests" / "samples" / "web_bank.csv"
NOTHING = "There is nothing at this address"
PATIENCE = 15
# Drawn is a page whose graphs all have been drawn, whose fonts are there and which nothing is being fetched for.
READY = """
const app = document.getElementById("react-entry-point");
if (!app) return document.readyState === "complete";
if (!document.querySelector("#page h1") || !document.querySelector(".sidebar-foot")) return false;
const graphs = [...document.querySelectorAll("#page .dash-graph")];
return graphs.every((g) => g.querySelector(".main-svg")) && document.fonts.status === "loaded";
"""
DRAWER = '#page [data-act="open-transaction"][data-value="new"], .bottom-bar [data-act="open-transaction"], [data-act="open-transaction"][data-value="new"]'
OPEN = "const b = [...document.querySelectorAll(arguments[0])].find((e) => e.offsetParent); if (b) b.click(); return Boolean(b);"
FRAMES = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)));"


class Camera:
    """A browser at the product that takes pictures into a folder."""

    def __init__(self, driver: WebDriver, address: str, folder: Path) -> None:
        self.driver, self.address, self.folder = driver, address, folder
        self.taken: list[str] = []
        self.left_out: list[str] = []

    def sit(self, size: str, theme: str, session: str) -> None:
        """Take a seat: a screen's size, a theme, and who is signed in ("" nobody)."""
        width, height = SIZES[size]
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        for name, value in (("theme", theme), ("seen_theme", theme), ("session", session)):
            if value:
                self.driver.execute_cdp_cmd(
                    "Network.setCookie", {"name": name, "value": value, "url": self.address, "httpOnly": name == "session"}
                )
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "mobile"}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def until(self, script: str, *args: object) -> None:
        """Ask the page until the answer is true."""

        def ask(driver: WebDriver) -> bool:
            try:
                return bool(driver.execute_script(script, *args))
            except WebDriverException:
                return False

        WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(ask)

    def shoot(self, name: str, path: str, then: Callable[[Camera], None] | None = None) -> None:
        """Open an address and take its picture; one that leads nowhere or never comes is left out with a note."""
        self.driver.get(self.address + path)
        try:
            self.until(READY)
            if NOTHING in str(self.driver.execute_script("return document.body.innerText")):
                return self._leave_out(name, f"{path}: nothing at this address")
            if then is not None:
                then(self)
        except WebDriverException:
            return self._leave_out(name, f"{path}: not ready within {PATIENCE} seconds")
        self.driver.execute_async_script(FRAMES)
        self.driver.save_screenshot(str(self.folder / f"{name}.png"))
        self.taken.append(name)
        return None

    def _leave_out(self, name: str, why: str) -> None:
        self.left_out.append(f"{name}: {why}")


def drawer(camera: Camera) -> None:
    """Open the drawer that adds a transaction."""
    camera.until(OPEN, DRAWER)
    camera.until(
        "const d = document.querySelector('.drawer.show:not(.showing)'); return d && d.querySelector('form') && d.getAnimations().length === 0"
    )


@contextmanager
def served(server: Flask) -> Iterator[str]:
    """Serve the product on a free port in a thread, so that it shares this process's clock."""
    http = make_server("127.0.0.1", 0, server, threaded=True)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()


def session_of(server: Flask, email: str) -> str:
    """Sign somebody in and return the cookie."""
    client = server.test_client()
    sign_in(client, email, PASSWORD)
    cookie = client.get_cookie("session")
    assert cookie
    return str(cookie.value)


def seats() -> Iterator[tuple[str, str]]:
    """Yield each size with each theme."""
    yield from ((size, theme) for size in SIZES for theme in THEMES)


def write_rules(book: Book) -> None:
    """Give the book a few rules."""
    named = {c.name: c.id for c in categories.all_categories(book)}
    rules.save(book, None, None, rules.RuleForm(contains="lidl", category_id=named["Groceries"]))
    rules.save(
        book, None, None, rules.RuleForm(contains="city transit", least="2", most="50", direction="out", category_id=named["Transport"])
    )
    rules.save(book, None, None, rules.RuleForm(pattern=r"^(netflix|spotify)\b", category_id=named["Subscriptions"]))


def take_all(camera: Camera, server: Flask, book: Book) -> None:
    """Take every picture."""
    mara, newcomer = session_of(server, MARA), session_of(server, NEWCOMER)
    eating_out = next(c.id for c in categories.all_categories(book) if c.name == "Eating out")
    draft = imports.receive(book, STATEMENT.name, STATEMENT.read_bytes())
    pages: dict[str, tuple[str, Callable[[Camera], None] | None]] = {
        "dashboard": ("/", None),
        "dashboard-filtered": (f"/?p=2026-11&cat={eating_out}", None),
        "dashboard-year": ("/?p=2026", None),
        "transactions": ("/transactions?p=2026-11", None),
        "transactions-add": ("/transactions?p=2026-11", drawer),
        "budgets": ("/budgets", None),
        "accounts": ("/accounts", None),
        "categories": ("/categories", None),
        "rules": ("/rules", None),
        "import-1-drop": ("/import", None),
        "import-2-check": (f"/import?draft={draft}", None),
        "settings": ("/settings", None),
        "settings-security": ("/settings?tab=security", None),
        "history": ("/history", None),
    }
    for size, theme in seats():
        camera.sit(size, theme, mara)
        for name, (path, then) in pages.items():
            camera.shoot(f"{name}-{size}-{theme}", path, then)
        camera.sit(size, theme, newcomer)
        camera.shoot(f"first-run-{size}-{theme}", "/")
        camera.sit(size, theme, "")
        camera.shoot(f"signin-{size}-{theme}", "/sign-in")
        camera.shoot(f"signup-{size}-{theme}", "/sign-up")
    # Only now, since it changes what all the others show.
    done = imports.commit(book, draft).import_ids[0]
    for size, theme in seats():
        camera.sit(size, theme, mara)
        camera.shoot(f"import-3-done-{size}-{theme}", f"/import?done={done}")


def main(folder: Path) -> int:
    """Make the pictures and say what was left out; return 1 where there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    set_clock(lambda: NOW)
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="dashboard-pictures-") as place:
        server = create_app(Config(f"sqlite:///{place}/pictures.sqlite3", "k" * 40)).server
        engine = server.config["ENGINE"]
        for email, name in ((MARA, "Mara Kelly"), (NEWCOMER, "Noor Haddad")):
            people.sign_up(engine, people.NewPerson(email, name, PASSWORD, currency="EUR", locale="en-IE", zone="Europe/Dublin"))
        book = book_by_email(engine, MARA)
        demo.load(book)
        write_rules(book)
        options = pytest_setup_options()
        options.add_argument("--hide-scrollbars")
        driver = webdriver.Chrome(options=options)
        try:
            with served(server) as address:
                camera = Camera(driver, address, folder)
                take_all(camera, server, book)
        finally:
            driver.quit()
            engine.dispose()
    print(f"{len(camera.taken)} pictures in {folder}")
    for line in camera.left_out:
        print(f"left out: {line}")
    return 0 if camera.taken else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".screenshots")))
