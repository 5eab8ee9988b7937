"""Settings, from the environment alone; the README's table is held to SETTINGS by a test."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.errors import ConfigNotSafe

ROOT = Path(__file__).resolve().parent.parent
WEAK_KEYS = frozenset({"dev", "change-me", "changeme", "secret", "secret-key", "development"})
SHORTEST_KEY = 32
UPLOAD_LIMIT = 10 * 2**20
MOST_WORKERS = 256
OTHERS = ("DASH_", "FLASK_DEBUG")

SETTINGS = {
    "DATABASE_URL": "sqlite:///data/dashboard.sqlite3 in the project's folder",
    "SECRET_KEY": "made at first start and kept beside the database; must be set in production",
    "DASHBOARD_ENV": "development",
    "HOST": "127.0.0.1",
    "PORT": "8050",
    "WEB_CONCURRENCY": "1",
    "HTTPS": "off",
    "TRUSTED_PROXIES": "0",
    "SIGNUP": "open",
}


@dataclass(frozen=True)
class Config:
    """What one running instance is set to."""

    database_url: str
    secret_key: str
    env: str = "development"
    host: str = "127.0.0.1"
    port: int = 8050
    workers: int = 1
    https: bool = False
    trusted_proxies: int = 0
    signup: str = "open"

    @property
    def production(self) -> bool:
        """Say whether strangers may reach this instance."""
        return self.env == "production"

    def __post_init__(self) -> None:
        """Refuse what would run but not be safe.

        Raises:
            ConfigNotSafe: with the setting's name and what to do.
        """
        key = self.secret_key.strip()
        if self.production and (len(key) < SHORTEST_KEY or key.lower() in WEAK_KEYS):
            raise ConfigNotSafe(
                "SECRET_KEY is missing or too short for production: set it to 32 or more random characters, "
                'for example the output of: python -c "import secrets; print(secrets.token_hex(32))"'
            )
        if self.env not in ("development", "production"):
            raise ConfigNotSafe(f"DASHBOARD_ENV is {self.env!r}: use development or production")
        if self.signup not in ("open", "closed"):
            raise ConfigNotSafe(f"SIGNUP is {self.signup!r}: use open or closed")
        if not 1 <= self.workers <= MOST_WORKERS:
            raise ConfigNotSafe(f"WEB_CONCURRENCY is {self.workers}: use 1 to {MOST_WORKERS}")


def from_env(env: Mapping[str, str] = os.environ) -> Config:
    """Read the settings from environment variables.

    Raises:
        ConfigNotSafe: a setting cannot be read, or must not be used in production.
    """
    url = env.get("DATABASE_URL") or f"sqlite:///{ROOT / 'data' / 'dashboard.sqlite3'}"
    # Hosts still hand out the scheme that SQLAlchemy dropped, and a plain one picks a driver we do not ship.
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    mode = env.get("DASHBOARD_ENV", "development")
    key = env.get("SECRET_KEY", "")
    if not key and mode == "development":
        key = _kept_key(url)
    return Config(
        database_url=url,
        secret_key=key,
        env=mode,
        host=env.get("HOST") or "127.0.0.1",
        port=_number(env, "PORT", 8050),
        workers=_number(env, "WEB_CONCURRENCY", 1),
        https=_switch(env, "HTTPS"),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
        signup=env.get("SIGNUP", "open"),
    )


def forget_others(env: MutableMapping[str, str] = os.environ) -> list[str]:
    """Take out of the environment what Dash and Flask would read there past our settings; return the names.

    Hot reload, debugging and other addresses are not for whoever signs in. Dash reads some names when a page is asked for,
    and small letters too; its tests' own names stay.
    """
    names = [name for name in env if name.upper().startswith(OTHERS) and not name.upper().startswith("DASH_TEST_")]
    for name in names:
        del env[name]
    return sorted(names)


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address, None for any other database."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _kept_key(url: str) -> str:
    """Return the development key kept beside the database, making it at first use."""
    path = sqlite_path(url)
    if path is None:
        return secrets.token_hex(SHORTEST_KEY)
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret_key"
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        key = secrets.token_hex(SHORTEST_KEY)
        handle.write(key)
    return key


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or len(text) > 5:
        raise ConfigNotSafe(f"{name} is {text!r}: use a whole number")
    return int(text)


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").lower()
    if text in ("", "0", "off", "no", "false"):
        return False
    if text in ("1", "on", "yes", "true"):
        return True
    raise ConfigNotSafe(f"{name} is {text!r}: use on or off")
