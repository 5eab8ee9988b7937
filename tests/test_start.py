"""`python app.py` serves and says where; settings that are not safe stop it with a sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60


def free_port() -> int:
    """Ask the system for a port nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_app_py_answers_on_its_port_and_prints_its_address(new_database: Callable[..., str]) -> None:
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": new_database("sqlite", empty=True),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DASHBOARD_ENV": "development",
    }
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == f"Personal Finance Dashboard: http://127.0.0.1:{port}"
        end = time.monotonic() + PATIENCE
        answer = None
        while answer is None and time.monotonic() < end and process.poll() is None:
            try:
                answer = requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            except requests.ConnectionError:
                continue
        assert answer is not None, "it never answered"
        assert answer.status_code == 200
        assert answer.url.endswith("/sign-in")
        assert requests.get(f"http://127.0.0.1:{port}/health", timeout=5).json() == {"status": "ok"}
    finally:
        process.terminate()
        rest, _ = process.communicate(timeout=20)
    assert "Traceback" not in rest


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DASHBOARD_ENV": "production", "SECRET_KEY": "change-me"}, "SECRET_KEY"),
        ({"DASHBOARD_ENV": "production", "SECRET_KEY": ""}, "SECRET_KEY"),
        ({"DASHBOARD_ENV": "staging"}, "DASHBOARD_ENV"),
        ({"PORT": "many"}, "PORT"),
        ({"SIGNUP": "maybe"}, "SIGNUP"),
    ],
)
def test_a_setting_that_is_not_safe_stops_the_start_with_one_line(
    new_database: Callable[..., str], settings: dict[str, str], named: str
) -> None:
    env = os.environ | {"DATABASE_URL": new_database("sqlite", empty=True), "SECRET_KEY": "k" * 40} | settings
    run = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode != 0
    assert run.stdout == ""
    assert run.stderr.startswith(f"dashboard: {named}")
    assert run.stderr.count("\n") == 1, run.stderr


def test_a_command_given_to_the_server_is_told_where_it_belongs(new_database: Callable[..., str]) -> None:
    env = os.environ | {"DATABASE_URL": new_database("sqlite"), "PORT": str(free_port())}
    run = subprocess.run(
        [sys.executable, "app.py", "inspect", "x.csv"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert run.returncode == 1
    assert run.stderr.strip().endswith("python -m dashboard COMMAND")
