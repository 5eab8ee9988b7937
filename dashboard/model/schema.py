"""Which state of the tables there is: the one this version makes, and those it can bring up to it."""

from __future__ import annotations

from functools import lru_cache

from alembic.config import Config
from alembic.script import ScriptDirectory

from dashboard.model.database import MIGRATIONS


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """Return the names of all states of the tables that this version knows, newest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def newest() -> str:
    """Return the name of the state that this version works with."""
    return revisions()[0]
