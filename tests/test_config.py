"""Settings: read from the environment, and refused where they would not be safe."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dashboard.config import SETTINGS, Config, from_env, sqlite_path
from dashboard.errors import ConfigNotSafe

KEY = "0123456789abcdef0123456789abcdef"


def production(**settings: str) -> dict[str, str]:
    return {"DASHBOARD_ENV": "production", "DATABASE_URL": "sqlite:////tmp/unused.sqlite3", "SECRET_KEY": KEY} | settings


@pytest.mark.parametrize("key", ["", " ", "dev", "change-me", "secret", "x" * 31, " " * 40, "short" + " " * 40])
def test_production_refuses_to_start_with_a_weak_key_by_one_line_that_does_not_tell_it(key: str) -> None:
    with pytest.raises(ConfigNotSafe, match="SECRET_KEY") as refused:
        from_env(production(SECRET_KEY=key))
    assert "\n" not in refused.value.message
    if len(key.strip()) > 10:
        assert key.strip() not in refused.value.message


def test_production_never_makes_a_key_of_its_own(tmp_path: Path) -> None:
    settings = production(DATABASE_URL=f"sqlite:///{tmp_path}/book.sqlite3")
    del settings["SECRET_KEY"]
    with pytest.raises(ConfigNotSafe):
        from_env(settings)
    assert list(tmp_path.iterdir()) == []


def test_production_starts_with_a_real_key() -> None:
    config = from_env(production())
    assert config.production
    assert config.secret_key == KEY


def test_development_makes_a_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/data/book.sqlite3"}
    first, second = from_env(settings), from_env(settings)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "999999"),
        ("HTTPS", "maybe"),
        ("SIGNUP", "sometimes"),
        ("DASHBOARD_ENV", "prod"),
        ("TRUSTED_PROXIES", "*"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigNotSafe, match=name):
        from_env(production(**{name: value}))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_addresses_as_hosts_give_them_lead_to_the_driver_we_ship(scheme: str) -> None:
    assert from_env(production(DATABASE_URL=f"{scheme}://u:p@db/money")).database_url == "postgresql+psycopg://u:p@db/money"


def test_the_defaults_are_those_of_the_table() -> None:
    config = from_env({"SECRET_KEY": KEY})
    assert (config.host, str(config.port), config.env, config.signup, str(config.trusted_proxies), config.https) == (
        SETTINGS["HOST"],
        SETTINGS["PORT"],
        SETTINGS["DASHBOARD_ENV"],
        SETTINGS["SIGNUP"],
        SETTINGS["TRUSTED_PROXIES"],
        SETTINGS["HTTPS"] != "off",
    )
    assert sqlite_path(config.database_url) is not None


@pytest.mark.parametrize(("value", "on"), [("on", True), ("1", True), ("TRUE", True), ("off", False), ("0", False), ("", False)])
def test_a_switch_is_on_or_off(value: str, on: bool) -> None:
    assert from_env(production(HTTPS=value)).https is on


def test_settings_cannot_change_while_it_runs() -> None:
    with pytest.raises(AttributeError):
        Config("sqlite://", KEY).port = 1  # type: ignore[misc]
