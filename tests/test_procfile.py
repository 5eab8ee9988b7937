"""The Procfile is started as a host does, by honcho: release, then web, on both databases; its first visitors come all at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.test_start import PATIENCE, free_port

ROOT = Path(__file__).resolve().parent.parent
# The address of a library's file is known before any page has named it.
FIRST = (
    "/",
    "/sign-in",
    "/health",
    "/_dash-component-suites/dash/deps/react@18.v4_4_1m0.3.1.min.js",
    "/_dash-component-suites/dash/dash-renderer/build/dash_renderer.min.js",
    "/_dash-component-suites/dash/dcc/dash_core_components.js",
)


def honcho(*args: str) -> list[str]:
    """Return a command of honcho's on our Procfile."""
    return [sys.executable, "-m", "honcho", "--app-root", str(ROOT), "--procfile", str(ROOT / "Procfile"), *args]


@contextmanager
def web(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the web line until the test is over, its whole group of processes."""
    with log.open("wb") as out:
        process = subprocess.Popen(honcho("start", "web"), cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def test_the_procfile_serves_and_survives_the_first_rush(kind: str, new_database: Callable[..., str], tmp_path: Path) -> None:
    port = free_port()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    env = {key: value for key, value in os.environ.items() if key != "WEB_CONCURRENCY"} | {
        "DATABASE_URL": new_database(kind, empty=True),
        "SECRET_KEY": "9f" * 32,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PATH": path,
        "PYTHONUNBUFFERED": "1",
    }
    release = subprocess.run(honcho("start", "release"), cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert release.returncode == 0, release.stderr
    assert "up to date" in release.stdout
    address, log = f"http://127.0.0.1:{port}", tmp_path / "web.log"

    def visit(place: str) -> tuple[str, int]:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            try:
                return place, requests.get(address + place, timeout=PATIENCE).status_code
            except requests.ConnectionError:
                # Nobody listens yet: ask again, so that the twelve are the very first requests.
                continue
        pytest.fail(f"nobody answered {place}:\n{log.read_text()[-3000:]}")

    with web(env, log) as process:
        with ThreadPoolExecutor(12) as crowd:
            answers = list(crowd.map(visit, FIRST * 2))
        page = requests.get(address + "/sign-in", timeout=PATIENCE)
    assert [(place, status) for place, status in answers if status >= 500] == [], log.read_text()[-3000:]
    assert dict(answers)["/health"] == dict(answers)["/sign-in"] == dict(answers)["/"] == 200
    assert [dict(answers)[place] for place in FIRST[3:]].count(200) >= 1, "the library's files are there"
    assert 'name="csrf_token"' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Traceback" not in log.read_text()
