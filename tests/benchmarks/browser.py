"""In a real browser: from a click to the last thing drawn, what a first visit downloads, and what jumps about."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.benchmarks.measuring import report
from tests.conftest import pytest_setup_options

ROUNDS = 9
FIRST_VISIT = 1_300_000
SIZES = {1440: 900, 390: 844}
# Counts what Plotly draws and when the page changed, and answers from memory when it is told to: the same page with fixed figures.
HOOK = """
window.bench = { drawn: 0, last: 0, changed: 0, posts: 0, kept: {}, fixed: false };
for (const name of ["react", "newPlot"]) {
  const real = window.Plotly && window.Plotly[name];
  if (real) window.Plotly[name] = function (...args) {
    return real.apply(this, args).then((done) => { window.bench.drawn++; window.bench.last = performance.now(); return done; });
  };
}
new MutationObserver(() => requestAnimationFrame(() => { window.bench.changed = performance.now(); }))
  .observe(document.getElementById("page"), { childList: true, subtree: true, characterData: true });
const real = window.fetch;
window.fetch = async function (url, options) {
  if (!String(url).includes("_dash-update-component")) return real(url, options);
  window.bench.posts++;
  const body = JSON.parse(options.body);
  const key = body.output + JSON.stringify(body.inputs);
  if (window.bench.fixed && window.bench.kept[key]) {
    // The same server, the same way there and back, but nothing to work out: only the answer is exchanged.
    await real("/health");
    return new Response(window.bench.kept[key], { status: 200, headers: { "Content-Type": "application/json" } });
  }
  const answer = await real(url, options);
  window.bench.kept[key] = await answer.clone().text();
  return answer;
};
"""
CLICK = """
const done = arguments[arguments.length - 1], [selector, charts] = arguments;
const bench = window.bench, drawn = bench.drawn, posts = bench.posts, begun = performance.now();
bench.changed = 0;
document.querySelector(selector).click();
(function wait() {
  // So many charts, or a list that is not the old one, and nothing more for a while.
  const last = charts ? bench.last : bench.changed;
  if (bench.drawn - drawn >= charts && last > begun && performance.now() - last > 150) return done([last - begun, bench.posts - posts]);
  if (performance.now() - begun > 8000) return done(["after " + selector + " only " + (bench.drawn - drawn) + " charts", 0]);
  requestAnimationFrame(wait);
})();
"""
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


class Change(NamedTuple):
    """A click and the click that takes it back, and how many charts each draws; none: a list is drawn."""

    name: str
    address: str
    there: str
    back: str
    charts: int


CHANGES = (
    Change("month clicked -> last chart drawn", "/", ".step.back", ".step.forward", 3),
    Change("legend clicked -> last chart drawn", "/", ".legend a", ".legend a", 3),
    Change(
        "list's filter clicked -> list drawn", "/transactions", "a.chip[aria-pressed=false]:not(.clear-filters)", "a.chip.clear-filters", 0
    ),
)


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


def measure_changes(address: str, email: str, password: str) -> None:
    """Measure each change from click to drawn against the same page with fixed figures, and count its requests."""
    with _browser() as driver:
        _sign_in(driver, address, email, password)
        for change in CHANGES:
            driver.get(address + change.address)
            _there(driver, change.address)
            # What comes late, such as the sidebar's figures, is no part of a change.
            driver.execute_async_script("setTimeout(arguments[0], 600)")
            driver.execute_script(HOOK)
            mine, fixed, requests = _changed(driver, change)
            report(
                f"{change.name}, Chromium, 100,000",
                f"{mine / fixed:.2f} x  ({mine:.0f} ms, fixed {fixed:.0f} ms, {requests} request{'s' * (requests > 1)})",
                "<= 1.5 x, 1 request",
                mine / fixed <= 1.5 and requests == 1,
            )


def _changed(driver: Any, change: Change) -> tuple[float, float, int]:
    times: dict[bool, list[float]] = {True: [], False: []}
    requests = 0
    for turn in range(ROUNDS + 1):
        for fixed in (False, True):
            driver.execute_script(f"window.bench.fixed = {json.dumps(fixed)}")
            for step in (change.there, change.back):
                took, posts = driver.execute_async_script(CLICK, step, change.charts)
                if isinstance(took, str):
                    raise TimeoutError(f"{change.name}: {took}")
                if turn:
                    times[fixed].append(took)
                    requests = max(requests, posts)
    return statistics.median(times[False]), statistics.median(times[True]), requests


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
