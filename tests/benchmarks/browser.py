"""In a real browser: from a click to the last thing drawn, what a first visit downloads, and what jumps about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.benchmarks import clicks
from tests.benchmarks.measuring import report
from tests.conftest import pytest_setup_options

FIRST_VISIT = 1_300_000
SIZES = {1440: 900, 390: 844}
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push([entry.value, entry.sources.map((s) => {
    const node = s.node && (s.node.nodeType === 1 ? s.node : s.node.parentElement);
    return node ? node.tagName.toLowerCase() + (node.id ? "#" + node.id : "") + "." + String(node.className).split(" ").join(".") : "?";
  })]);
}).observe({ type: "layout-shift", buffered: true });
"""
# What each page has when all of it is there.
WHOLE = {"/": ".js-plotly-plot .main-svg", "/transactions": ".ledger-row", "/budgets": ".page-title, h1"}


@contextmanager
def _browser(**more: object) -> Iterator[Any]:
    options: Any = pytest_setup_options()
    for name, value in more.items():
        options.set_capability(f"goog:{name}", value)
    driver = webdriver.Chrome(options=options)
    try:
        driver.set_script_timeout(20)
        yield driver
    finally:
        driver.quit()


def _sign_in(driver: Any, address: str, email: str, password: str) -> None:
    driver.get(f"{address}/sign-in")
    driver.find_element(By.ID, "email").send_keys(email)
    driver.find_element(By.ID, "password").send_keys(password)
    driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
    _there(driver, "/")


def _there(driver: Any, path: str) -> None:
    least = 3 if path == "/" else 1
    WebDriverWait(driver, 20).until(lambda d: len(d.find_elements(By.CSS_SELECTOR, WHOLE[path])) >= least)


def measure_clicks(address: str, email: str, password: str, count: int) -> None:
    """Measure every click against a page without a framework, in one browser."""
    with _browser() as driver:
        _sign_in(driver, address, email, password)
        clicks.measure_clicks(driver, address, count)


def measure_first_visit(address: str, email: str, password: str) -> None:
    """Count what the wire carries from the sign-in page to the dashboard, with nothing in the cache."""
    with _browser(loggingPrefs={"performance": "ALL"}) as driver:
        _sign_in(driver, address, email, password)
        driver.execute_async_script("setTimeout(arguments[0], 800)")
        names: dict[str, str] = {}
        sizes: dict[str, int] = {}
        for line in driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            found = message.get("params", {})
            if message["method"] == "Network.requestWillBeSent":
                names[found["requestId"]] = found["request"]["url"].partition("?")[0].rpartition("/")[2]
            elif message["method"] == "Network.loadingFinished":
                sizes[found["requestId"]] = sizes.get(found["requestId"], 0) + int(found["encodedDataLength"])
    total = sum(sizes.values())
    largest = sorted(sizes, key=lambda i: -sizes[i])[:8]
    report("first visit, cold cache, over the wire", f"{total / 1e6:.2f} MB, {len(sizes)} files", "<= 1.3 MB", total <= FIRST_VISIT)
    for i in largest:
        report(f"  {names.get(i, '?')[:52]}", f"{sizes[i] / 1000:.0f} KB", "")


def measure_shift(address: str, email: str, password: str) -> None:
    """Sum what jumps about while each page loads with nothing in the cache, on a desk and on a phone."""
    with _browser() as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SHIFTS})
        driver.execute_cdp_cmd("Network.enable", {})
        for width, height in SIZES.items():
            screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 768}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
            if width == next(iter(SIZES)):
                _sign_in(driver, address, email, password)
            else:
                # The first page on a new screen tells the server how wide it is.
                driver.get(f"{address}/")
                _there(driver, "/")
            for path in WHOLE:
                driver.execute_cdp_cmd("Network.clearBrowserCache", {})
                driver.get(address + path)
                _there(driver, path)
                driver.execute_async_script("setTimeout(arguments[0], 1200)")
                shifts = driver.execute_script("return window.shifts")
                total = sum(value for value, _ in shifts)
                report(f"layout shift of {path}, {width} wide", f"{total:.4f}", "<= 0.02", total <= 0.02)
                for value, sources in shifts:
                    if value > 0.002:
                        print(f"      {value:.4f}: {', '.join(sources)}")
