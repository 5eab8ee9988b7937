"""The product as it is served, and a person at it without a browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from dash import Dash

from dashboard import create_app
from dashboard.config import Config
from dashboard.view import ids
from tests.security import forging

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def served(database_url: str) -> Iterator[tuple[str, int, float]]:
    """Start the product as the Procfile does, with one worker; yield its address, the worker's pid and the seconds to the first page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {"DATABASE_URL": database_url, "SECRET_KEY": "b" * 64, "DASHBOARD_ENV": "production"}
    env |= {"HOST": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": "1"}
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5):
                    break
            except OSError:
                if process.poll() is not None:
                    raise
        taken = time.perf_counter() - begun
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True).stdout.split()
        yield f"http://127.0.0.1:{port}", int(children[0]), taken
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def resident(pid: int) -> float:
    """Return a process's memory in MiB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def callbacks(folder: Path) -> Dash:
    """Return the app on an empty database: it is asked only which callbacks there are."""
    return create_app(Config(database_url=f"sqlite:///{folder / 'callbacks.sqlite3'}", secret_key="b" * 64))


class Visitor:
    """A person signed in over HTTP, whose every click is the request that the browser would send."""

    def __init__(self, address: str, app: Dash, email: str, password: str) -> None:
        self.address, self.app = address, app
        self.session = requests.Session()
        answer = self.session.get(f"{address}/sign-in")
        token = forging.re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
        assert token, answer.text[:300]
        sent = {"csrf_token": token[1], "email": email, "password": password}
        self.session.post(f"{address}/sign-in", data=sent).raise_for_status()

    def _post(self, component: str, values: list[object], state: list[object]) -> requests.Response:
        body = forging.body_of(self.app, forging.callback_of(self.app, component), values, state)
        answer = self.session.post(
            self.address + forging.CALLBACK,
            json=body,
            headers={"X-CSRFToken": self.session.cookies["csrf"], "Sec-Fetch-Site": "same-origin"},
        )
        answer.raise_for_status()
        return answer

    def look(self, address: str) -> requests.Response:
        """Open a page."""
        return self._post(ids.VIEW, [address, 0, "light"], [])

    def act(self, name: str, value: object = "", *, extra: object = "", words: object = "", fields: object = None) -> dict[str, Any]:
        """Send one action and return the toast it is answered with."""
        sent = {"act": name, "value": value, "extra": extra, "text": words, "fields": fields or {}, "at": 1}
        body = self._post(ids.ACTION, [sent], [0]).json()
        for part in ("sideUpdate", "response"):
            if toast := (body.get(part) or {}).get(ids.TOAST, {}).get("data"):
                return dict(toast)
        return {}
