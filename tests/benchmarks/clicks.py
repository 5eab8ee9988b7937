"""What a click costs in Chromium: product and floor in turn in one browser, from the click to the last change inside the page.

The floor is the same answer drawn by a page without a framework (floor.js: `createElement` and `Plotly.react`), fetched as a
file. What the product may take is twice that and the server's own answer together.
"""

from __future__ import annotations

import functools
import http.server
import json
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.benchmarks.households import LAST_DAY
from tests.benchmarks.measuring import report

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parents[1] / "assets"
ROUNDS = 10
PAGE = """<!DOCTYPE html><meta charset="utf-8">{styles}<body><main id="page"></main>
<script src="assets/vendor/plotly-finance.min.js"></script><script src="floor.js"></script><script>
window.step = async (file) => {{
  const body = await (await fetch(file + "?" + performance.now())).json();
  await draw(document.getElementById("page"), body.node);
}};
</script>"""
# Keeps what each update was answered with, and how long that took.
HOOK = """
window.bench = { answers: [], asked: 0 };
const real = window.fetch;
window.fetch = async function (...request) {
  if (!String(request[0].url || request[0]).includes("_dash-update-component")) return real(...request);
  const begun = performance.now(), answer = await real(...request), text = await answer.clone().text();
  window.bench.asked += performance.now() - begun;
  window.bench.answers.push(text);
  return answer;
};
"""
# Does something and waits until nothing has changed inside the page for a while: ms to the last change, the longest task, ms asked.
WATCH = """
const done = arguments[arguments.length - 1], [kind, what] = arguments;
const begun = performance.now(), long = [];
let last = 0;
const inside = ({ target, addedNodes }) => (target.closest ? target : target.parentElement || document.body).closest("#page, #form")
  || [...addedNodes].some((node) => node.querySelector && node.querySelector("#form"));
const tasks = new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (entry.startTime + entry.duration > begun) long.push(entry.duration); });
tasks.observe({ type: "longtask" });
const changes = new MutationObserver((records) => { if (records.some(inside)) last = performance.now(); });
changes.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
if (window.bench) { window.bench.asked = 0; window.bench.answers = []; }
if (kind === "click") { const target = [...document.querySelectorAll(what)].find((e) => e.offsetParent); if (!target) return done("nothing to click: " + what); target.click(); } else window.step(what);
(function wait() {
  const now = performance.now();
  if (now - begun > 10000) return done("nothing changed: " + what);
  // A drawer that closes takes its form with it and changes nothing else.
  if ((!last && !what.includes("close")) || now - last < 300 || now - begun < 500) return setTimeout(wait, 20);
  changes.disconnect();
  tasks.disconnect();
  done({ last: last - begun, longest: Math.max(0, ...long), asked: window.bench ? window.bench.asked : 0, answers: window.bench ? window.bench.answers : [] });
})();
"""


class Click(NamedTuple):
    """A click on a page and the one that takes it back."""

    name: str
    address: str
    there: str
    back: str


# A month that the benchmarks' households have rows in, whatever day it is.
MONTH = f"p={LAST_DAY:%Y-%m}"
NEW = "[data-act=open-transaction][data-value=new]"
CLICKS = (
    Click("month", f"/?{MONTH}", ".step.back", ".step.forward"),
    Click("category", f"/?{MONTH}", ".legend a", ".legend a"),
    Click("list filter", f"/transactions?{MONTH}", "a.chip[aria-pressed=false]:not(.clear-filters)", "a.chip.clear-filters"),
    Click("next page of the list", "/transactions?p=all", ".pager a[title='Next page']", ".pager a[title='Page before']"),
    Click("opening transactions", f"/?{MONTH}", ".nav-item[href='/transactions']", ".nav-item[href='/']"),
    Click("opening budgets", f"/?{MONTH}", ".nav-item[href='/budgets']", ".nav-item[href='/']"),
    Click("the drawer", "/transactions", NEW, ".offcanvas .btn-close"),
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def _floor() -> Iterator[tuple[str, Path]]:
    """Serve the floor's page from a folder; yield its address and the folder, where the answers are put."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "assets").symlink_to(ASSETS)
        (folder / "floor.js").write_text((HERE / "floor.js").read_text())
        styles = "".join(f'<link rel="stylesheet" href="assets/{p.relative_to(ASSETS)}">' for p in sorted(ASSETS.rglob("*.css")))
        (folder / "index.html").write_text(PAGE.format(styles=styles))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=name))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", folder
        finally:
            server.shutdown()
            server.server_close()


def _watched(driver: Any, kind: str, what: str) -> dict[str, Any]:
    found = driver.execute_async_script(WATCH, kind, what)
    if isinstance(found, str):
        raise TimeoutError(found)
    return dict(found)


def _node(answers: list[str]) -> Any:
    """Return what an answer draws: the page's tree or the drawer's."""
    for answer in reversed(answers):
        for part in ("page", "form"):
            if node := json.loads(answer)["response"].get(part, {}).get("node"):
                return node
    raise AssertionError("no answer draws anything")


def measure_clicks(driver: Any, address: str, count: int) -> None:
    """Measure every click with this many transactions, signed in already."""
    driver.set_script_timeout(30)
    product = driver.current_window_handle
    driver.switch_to.new_window("tab")
    floor = driver.current_window_handle
    with _floor() as (at, folder):
        driver.get(at)
        for click in CLICKS:
            mine, least, asked, longest = _measured(driver, click, (product, address), (floor, folder))
            allowed = 2 * (least + asked)
            report(
                f"{click.name}, Chromium, {count:,}",
                f"{mine / (least + asked):.2f} x  ({mine:.0f} ms; floor {least:.0f} + answer {asked:.0f}; longest task {longest:.0f})",
                "<= 2 x",
                mine <= allowed,
            )
    driver.close()
    driver.switch_to.window(product)


def _measured(driver: Any, click: Click, product: tuple[str, str], floor: tuple[str, Path]) -> tuple[float, float, float, float]:
    """Return the medians of a click: product, floor, the server's answer and the product's longest task, in ms."""
    driver.switch_to.window(product[0])
    driver.get(product[1] + click.address)
    WebDriverWait(driver, 20).until(lambda d: [e for e in d.find_elements(By.CSS_SELECTOR, click.there) if e.is_displayed()])
    # What comes late, such as the sidebar's figures, is no part of a click.
    driver.execute_async_script("setTimeout(arguments[0], 800)")
    driver.execute_script(HOOK)
    mine, least = [], []
    for turn in range(ROUNDS + 1):
        driver.switch_to.window(product[0])
        there, back = _watched(driver, "click", click.there), _watched(driver, "click", click.back)
        if not turn:
            (floor[1] / "there.json").write_text(json.dumps({"node": _node(there["answers"])}))
            (floor[1] / "back.json").write_text(json.dumps({"node": _node(back["answers"]) if back["answers"] else ""}))
        driver.switch_to.window(floor[0])
        drawn = _watched(driver, "step", "there.json")
        _watched(driver, "step", "back.json")
        if turn:
            mine.append(there)
            least.append(drawn["last"])
    return (
        statistics.median(one["last"] for one in mine),
        statistics.median(least),
        statistics.median(one["asked"] for one in mine),
        statistics.median(one["longest"] for one in mine),
    )
