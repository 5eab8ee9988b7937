"""What the libraries would read from the environment changes nothing in what is served: generated from their own source."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dash
import pytest

from dashboard import create_app
from dashboard.config import Config, forget_others

SOURCE = Path(dash.__file__).parent
# Some are read by a name put together: DASH_ and the setting's own.
PUT_TOGETHER = {f"DASH_{name.upper()}" for name in re.findall(r'get_combined_config\(\s*"(\w+)"', (SOURCE / "dash.py").read_text())}
WRITTEN = {
    name
    for path in SOURCE.rglob("*.py")
    if path.relative_to(SOURCE).parts[0] != "testing"
    for name in re.findall(r"\bDASH_[A-Z_]*[A-Z]\b", path.read_text())
}
NAMES = sorted({*WRITTEN, *PUT_TOGETHER, "FLASK_DEBUG"})


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(f"sqlite:///{tmp_path_factory.mktemp('env') / 'book.sqlite3'}", "k" * 40, env="production")


def what_is_served(settings: Config) -> dict[str, Any]:
    """Return what an app on these settings shows of itself."""
    app = create_app(settings)
    server = app.server
    try:
        with server.test_request_context("/"):
            page = app.index()
            config = app._config()
        return {
            # Made anew by each app, and objects of its own.
            "page": re.sub(r'"end_id":"[^"]*"', "", page),
            "config": {name: value for name, value in config.items() if name not in ("end_id", "validation_layout")},
            "tools": dict(app._dev_tools),
            "rules": sorted(map(str, server.url_map.iter_rules())),
            "debug": server.debug,
            "sign-in": re.sub(r'value="[^"]*"', "", server.test_client().get("/sign-in").text),
        }
    finally:
        server.config["ENGINE"].dispose()


@pytest.fixture(scope="module")
def plain(settings: Config) -> dict[str, Any]:
    return what_is_served(settings)


def test_the_sweep_sees_the_names_that_open_something() -> None:
    assert {"DASH_DEBUG", "DASH_UI", "DASH_HOT_RELOAD", "DASH_MCP_ENABLED", "DASH_URL_BASE_PATHNAME", "DASH_SERVE_DEV_BUNDLES"} <= set(
        NAMES
    )
    assert len(NAMES) > 25


@pytest.mark.parametrize("name", NAMES)
def test_no_variable_of_a_library_changes_what_is_served(
    settings: Config, plain: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    value = "/elsewhere/" if "PATH" in name else "true"
    monkeypatch.setenv(name, value)
    with caplog.at_level(logging.WARNING, "dashboard"):
        assert what_is_served(settings) == plain
    assert [record.message.count(name) for record in caplog.records if "ignored" in record.message] == [1]


def test_all_of_them_at_once_and_in_small_letters_change_nothing(
    settings: Config, plain: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "true")
        monkeypatch.setenv(name.lower(), "true")
    assert what_is_served(settings) == plain
    assert not [name for name in os.environ if name.upper().startswith("DASH_") and "TEST" not in name.upper()]


def test_our_own_settings_and_those_of_tests_stay() -> None:
    env = {"DASHBOARD_ENV": "production", "DASH_TEST_CHROMEPATH": "/x", "DASH_UI": "true", "PORT": "1", "flask_debug": "1"}
    assert forget_others(env) == ["DASH_UI", "flask_debug"]
    assert set(env) == {"DASHBOARD_ENV", "DASH_TEST_CHROMEPATH", "PORT"}


def test_without_any_of_them_nothing_is_said(settings: Config, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "dashboard"):
        what_is_served(settings)
    assert not [record for record in caplog.records if "ignored" in record.message]


@pytest.mark.parametrize("name", ["DASH_UI", "FLASK_DEBUG"])
def test_the_names_matter_where_nobody_forgets_them(
    settings: Config, plain: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch, new_database: Callable[..., str]
) -> None:
    monkeypatch.setattr("dashboard.forget_others", list)
    monkeypatch.setenv(name, "true")
    assert what_is_served(settings) != plain
