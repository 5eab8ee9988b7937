"""A filter change in a real browser: from the click to the last chart drawn."""

from __future__ import annotations

import json
import statistics
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.conftest import pytest_setup_options

ROUNDS = 9
# Counts what Plotly draws, and answers from memory when it is told to: the same page with fixed figures.
HOOK = """
window.bench = { drawn: 0, last: 0, posts: 0, kept: {}, fixed: false };
for (const name of ["react", "newPlot"]) {
  const real = window.Plotly[name];
  window.Plotly[name] = function (...args) {
    return real.apply(this, args).then((done) => { window.bench.drawn++; window.bench.last = performance.now(); return done; });
  };
}
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
const done = arguments[arguments.length - 1];
const bench = window.bench, drawn = bench.drawn, posts = bench.posts, begun = performance.now();
document.querySelector(arguments[0]).click();
(function wait() {
  // Three charts, and nothing drawn for a while after the third.
  if (bench.drawn - drawn >= 3 && performance.now() - bench.last > 150) return done([bench.last - begun, bench.posts - posts]);
  if (performance.now() - begun > 8000) return done(["only " + (bench.drawn - drawn) + " charts", 0]);
  requestAnimationFrame(wait);
})();
"""


def filter_change(address: str, email: str, password: str) -> tuple[float, float, int]:
    """Return milliseconds from click to last chart, the same with fixed figures, and how many requests a click makes."""
    driver = webdriver.Chrome(options=pytest_setup_options())
    try:
        driver.set_script_timeout(20)
        driver.get(f"{address}/sign-in")
        driver.find_element(By.ID, "email").send_keys(email)
        driver.find_element(By.ID, "password").send_keys(password)
        driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        WebDriverWait(driver, 20).until(lambda d: len(d.find_elements(By.CSS_SELECTOR, ".js-plotly-plot .main-svg")) >= 3)
        driver.execute_script(HOOK)
        times: dict[bool, list[float]] = {True: [], False: []}
        requests = 0
        for turn in range(ROUNDS + 1):
            for fixed in (False, True):
                driver.execute_script(f"window.bench.fixed = {json.dumps(fixed)}")
                for step in (".step.back", ".step.forward"):
                    took, posts = _clicked(driver, step)
                    if turn:
                        times[fixed].append(took)
                        requests = max(requests, posts)
        return statistics.median(times[False]), statistics.median(times[True]), requests
    finally:
        driver.quit()


def _clicked(driver: Any, step: str) -> tuple[float, int]:
    took, posts = driver.execute_async_script(CLICK, step)
    if isinstance(took, str):
        raise TimeoutError(took)
    return took, posts
