"""Which state of the tables there is: the one this version makes, those it can bring up to it, and whether a file has one of them."""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

from alembic.config import Config
from alembic.script import ScriptDirectory

from dashboard.model.database import MIGRATIONS

# What only the text of a table tells: no pragma does.
UNTOLD = re.compile(r"\b(?:CHECK|COLLATE|CONFLICT|GENERATED|AUTOINCREMENT|DEFERRABLE|WITHOUT|STRICT)\b")
QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """Return the names of all states of the tables that this version knows, newest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def newest() -> str:
    """Return the name of the state that this version works with."""
    return revisions()[0]


def difference(found: sqlite3.Connection, model: sqlite3.Connection) -> str | None:
    """Return the first thing that sets a database's tables apart from a model's, as "it …"; None where they are the same."""
    theirs, ours = _tables(found), _tables(model)
    if missing := sorted(ours.keys() - theirs.keys()):
        return f"it lacks the table {missing[0]}"
    if more := sorted(theirs.keys() - ours.keys()):
        return f"its table {more[0]} is none of its version"
    for table in sorted(ours):
        if said := _between(table, _parts(found, table, theirs[table]), _parts(model, table, ours[table])):
            return said
    return None


def _between(table: str, found: dict[str, object], model: dict[str, object]) -> str | None:
    if missing := sorted(model.keys() - found.keys()):
        return f"its table {table} lacks the {missing[0]}"
    if more := sorted(found.keys() - model.keys()):
        return f"the {more[0]} of its table {table} is none of its version"
    for name in sorted(model):
        if found[name] != model[name]:
            return f"in its table {table} the {name} is not as it should be"
    return None


def _tables(db: sqlite3.Connection) -> dict[str, str]:
    """Return the text of each table; those that SQLite keeps for itself, its statistics say, are nobody's."""
    return dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"))


def _parts(db: sqlite3.Connection, table: str, text: str) -> dict[str, object]:
    """Return a table's columns, keys and indexes by what a person would call them; in any order, in whatever spelling."""
    parts: dict[str, object] = {"text": sorted(UNTOLD.findall(QUOTED.sub(" ", text).upper()))}
    for _, name, kind, needed, default, place, hidden in db.execute("SELECT * FROM pragma_table_xinfo(?)", (table,)):
        parts[f"column {name}"] = (kind.upper(), needed, _plain(default), place, hidden)
    keys: dict[int, list[tuple[object, ...]]] = {}
    for number, _, target, mine, theirs, on_update, on_delete, match in db.execute("SELECT * FROM pragma_foreign_key_list(?)", (table,)):
        keys.setdefault(number, []).append((mine, target, theirs, on_update, on_delete, match))
    for key in keys.values():
        parts["reference of " + ", ".join(sorted(str(column[0]) for column in key)) + f" to {key[0][1]}"] = sorted(map(str, key))
    for _, name, unique, origin, partial in db.execute("SELECT * FROM pragma_index_list(?)", (table,)):
        columns = [tuple(row) for row in db.execute('SELECT name, "desc", coll, key FROM pragma_index_xinfo(?)', (name,))]
        made = db.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", (name,)).fetchone()
        where = _plain(re.split(r"\bWHERE\b", made[0], maxsplit=1, flags=re.IGNORECASE)[-1]) if partial and made and made[0] else ""
        words = ", ".join(str(column[0]) for column in columns if column[3])
        called = f"index {name}" if origin == "c" else f"key of {words}"
        parts[called] = (unique, origin, columns, where)
    return parts


def _plain(text: str | None) -> str:
    return re.sub(r"[\s\"()]+", "", text or "").casefold()
