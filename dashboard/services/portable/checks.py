"""What a whole book must be before it comes in. The file is anyone's: nothing of it is believed, neither rows nor journal.

Undo replays the journal, so its steps pass the same checks as the rows: known tables and columns, values that such a column can hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NoReturn

from dashboard.bounds import MOST, MOST_PARTS
from dashboard.errors import StatementNotReadable
from dashboard.model import schema, whole
from dashboard.model.whole import ENTRY, HEAD, Entry, Row, Step, Whole
from dashboard.model.writing import JOURNALLED
from dashboard.services.fields import LARGEST_ID
from dashboard.services.portable.values import Check, Rule, Wrong, currency, moment, number, optional, rules, text, zone

# All amounts of a book together: no sum over them may run over, whatever is selected.
LARGEST_SUM = 2**62


def refuse(where: str, what: str) -> NoReturn:
    """Refuse the file, naming the place.

    Raises:
        StatementNotReadable: always.
    """
    raise StatementNotReadable(f"Nothing was imported: {where} {what}.")


def checked(document: object) -> Whole:
    """Return a parsed document (version 1) as a book that may be put in; one of an earlier state of the tables once it is upgraded.

    Raises:
        StatementNotReadable: anything in it cannot be so; the sentence names the place.
    """
    named = _keys("the file", document, ("format", "version", "exported_at", "schema", "book", "tables", "journal"))
    older = named["schema"] != schema.newest()
    given = named["book"]
    if older and isinstance(given, dict):
        given = {"demo": None} | given
    head = _head(_keys("the book", given, HEAD))
    by_table = {name: rules(name, head["next_id"], head["revision"]) for name in JOURNALLED}
    tables = named["tables"]
    if older and isinstance(tables, dict):
        # A table that the file's version did not have is empty.
        tables = {name: {"columns": list(by_table[name]), "rows": []} for name in JOURNALLED} | tables
    tables = _keys("the list of tables", tables, tuple(JOURNALLED))
    found = {name: _rows(name, tables[name], by_table[name]) for name in JOURNALLED}
    book = Whole(head, found, _journal(named["journal"], head, by_table))
    hold_together(book)
    return book


def _keys(where: str, value: object, names: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(value, dict):
        refuse(where, "is missing")
    if missing := [name for name in names if name not in value]:
        refuse(where, f"has no \u201c{missing[0]}\u201d")
    if more := [name for name in value if name not in names]:
        refuse(where, f"holds \u201c{more[0][:40]!a}\u201d, which this version does not know")
    return value


def _head(given: Mapping[str, object]) -> Row:
    checks: dict[str, Check] = {
        "name": text(80, required=True),
        "currency": currency,
        "zone": zone,
        "month_start": number(1, 28),
        # Half of what there is: a book that comes back can go on for ever.
        "revision": number(0, LARGEST_ID // 2),
        "next_id": number(1, LARGEST_ID // 2),
        "demo": optional(number(1, LARGEST_ID)),
    }
    found = {name: _value(f"the book, {name},", check, given[name]) for name, check in checks.items()}
    if found["demo"] is not None and found["demo"] > found["revision"]:
        refuse("the book, demo,", "is out of range")
    return found


def _value(where: str, check: Check, value: Any) -> Any:
    try:
        return check(value)
    except Wrong as wrong:
        refuse(where, str(wrong))


def _rows(name: str, given: object, by_column: Mapping[str, Rule]) -> list[Row]:
    held = _keys(f"table {name}", given, ("columns", "rows"))
    columns = _known(f"table {name}", held["columns"], by_column)
    if missing := [n for n, rule in by_column.items() if n not in columns and not _may_miss(name, rule)]:
        refuse(f"table {name}", f"has no column \u201c{missing[0]}\u201d")
    if not isinstance(held["rows"], list):
        refuse(f"table {name}", "has no rows")
    if len(held["rows"]) > MOST.get(name, len(held["rows"])):
        refuse(f"table {name}", f"has more than {MOST[name]} rows")
    order = [by_column[n] for n in columns]
    found = [dict(zip(columns, _row(f"table {name}, row {i},", row, order), strict=True)) for i, row in enumerate(held["rows"], 1)]
    seen: set[int] = set()
    for i, row in enumerate(found, 1):
        if row["id"] in seen:
            refuse(f"table {name}, row {i},", "has the id of another row")
        seen.add(row["id"])
    return found


def _may_miss(table: str, rule: Rule) -> bool:
    return rule.optional or JOURNALLED[table].c[rule.name].default is not None


def _known(where: str, columns: object, by_column: Mapping[str, Rule]) -> list[str]:
    if not isinstance(columns, list) or not all(isinstance(n, str) for n in columns):
        refuse(where, "does not name its columns")
    if any(n not in by_column for n in columns):
        refuse(where, "has a column that this version does not know")
    if len(set(columns)) != len(columns):
        refuse(where, "names a column twice")
    return columns


def _row(where: str, row: object, order: list[Rule]) -> list[Any]:
    if not isinstance(row, list) or len(row) != len(order):
        refuse(where, "has not as many values as columns")
    try:
        # The name is known where it is needed, outside of the fast path.
        return [None if value is None and rule.optional else rule.check(value) for value, rule in zip(row, order, strict=True)]
    except Wrong:
        for value, rule in zip(row, order, strict=True):
            if value is not None or not rule.optional:
                _value(f"{where} {rule.name},", rule.check, value)
        raise


def hold_together(book: Whole) -> None:
    """Hold the rows of a book to what must be true of any.

    Raises:
        StatementNotReadable: something in it cannot be so; the sentence names the place.
    """
    found = book.tables
    ids = {name: {row["id"] for row in rows} for name, rows in found.items()}
    for name, table in JOURNALLED.items():
        for key in table.foreign_key_constraints:
            column, target = key.column_keys[-1], key.referred_table.name
            if target not in ids:
                continue
            for i, row in enumerate(found[name], 1):
                if row.get(column) is not None and row[column] not in ids[target]:
                    refuse(f"table {name}, row {i}, {column},", "points at a row that is not there")
    for name in ("account", "category"):
        _once(name, [{"id": row["id"], "name": row["name"].lower()} for row in found[name]], ("name",))
    _once("budget", found["budget"], ("category_id", "currency", "month"))
    _once("transaction", [r for r in found["transaction"] if r.get("fingerprint") is not None], ("account_id", "fingerprint", "occurrence"))
    _once("value", found["value"], ("account_id", "day"))
    amounts = [r["amount"] for r in (*found["transaction"], *found["value"])] + [a.get("opening", 0) for a in found["account"]]
    if sum(map(abs, amounts)) > LARGEST_SUM:
        refuse("the transactions", "add up to more than can be counted")
    for row in found["transaction"]:
        if (row.get("fingerprint") is None) != (row.get("occurrence") is None):
            refuse(f"transaction {row['id']}", "has only half of what knows it again")
    _splits(found)
    _transfers(found)


def _once(name: str, rows: Iterable[Row], columns: tuple[str, ...]) -> None:
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        key = tuple(row.get(n) for n in columns)
        if key in seen:
            refuse(f"{name} {row['id']}", "is there twice")
        seen.add(key)


def _splits(found: Mapping[str, list[Row]]) -> None:
    parts: defaultdict[int, int] = defaultdict(int)
    counts: defaultdict[int, int] = defaultdict(int)
    for row in found["split"]:
        parts[row["transaction_id"]] += row["amount"]
        counts[row["transaction_id"]] += 1
        if counts[row["transaction_id"]] > MOST_PARTS:
            refuse(f"transaction {row['transaction_id']}", f"has more than {MOST_PARTS} parts")
    for row in found["transaction"] if parts else ():
        if row["id"] in parts and parts[row["id"]] != row["amount"]:
            refuse(f"transaction {row['id']}", "is not the sum of its parts")
        if row["id"] in parts and row.get("category_id") is not None:
            refuse(f"transaction {row['id']}", "is split and has a category of its own")


def _transfers(found: Mapping[str, list[Row]]) -> None:
    currencies = {row["id"]: row["currency"] for row in found["account"]}
    legs: defaultdict[int, list[Row]] = defaultdict(list)
    for row in found["transaction"]:
        if row.get("transfer_id") is not None:
            legs[row["transfer_id"]].append(row)
    for joined in legs.values():
        where = f"the transfer of transaction {joined[0]['id']}"
        if len(joined) > 2:
            refuse(where, "has more than two sides")
        if len(joined) < 2:
            continue
        one, two = joined
        if one["account_id"] == two["account_id"]:
            refuse(where, "has both sides in one account")
        alike = currencies[one["account_id"]] == currencies[two["account_id"]]
        if one["amount"] + two["amount"] if alike else one["amount"] * two["amount"] >= 0:
            refuse(where, "has sides that do not add up to zero" if alike else "has two sides that go the same way")


def _journal(given: object, head: Row, by_table: Mapping[str, Mapping[str, Rule]]) -> list[Entry]:
    if not isinstance(given, list):
        refuse("the journal", "is missing")
    found: dict[int, Entry] = {}
    last = 0
    for i, raw in enumerate(given, 1):
        entry = _keys(f"change {i} of the journal", raw, ENTRY)
        own = _value(f"change {i} of the journal", number(last + 1, head["revision"]), entry["revision"])
        where, last = f"change {own}", own
        found[own] = {
            "revision": own,
            "at": _value(f"{where}, at,", moment, entry["at"]),
            "action": _value(f"{where}, action,", text(300), entry["action"]),
            "undoes": _value(f"{where}, undoes,", optional(number(1, own - 1)), entry["undoes"]),
            "undone_by": _value(f"{where}, undone_by,", optional(number(own, head["revision"])), entry["undone_by"]),
            "steps": _steps(where, entry["steps"], own, head["next_id"], by_table),
        }
    for own, entry in found.items():
        if entry["undoes"] is not None and entry["undoes"] not in found:
            refuse(f"change {own}", "undoes a change that is not there")
        # What a migration made impossible to undo is undone by itself.
        if entry["undone_by"] not in (None, own) and (entry["undone_by"] not in found or found[entry["undone_by"]]["undoes"] != own):
            refuse(f"change {own}", "is undone by a change that does not undo it")
    return list(found.values())


def _steps(where: str, given: object, own: int, next_id: int, by_table: Mapping[str, Mapping[str, Rule]]) -> list[Step]:
    if not isinstance(given, list) or not given:
        refuse(where, "has no steps")
    found = []
    for i, step in enumerate(given, 1):
        here = f"{where}, step {i},"
        if not isinstance(step, dict) or step.get("t") not in tuple(by_table) or step.get("op") not in ("insert", "update", "delete"):
            refuse(here, "is of a kind that this version does not know")
        shape = ("t", "op", "ids") if step["op"] == "insert" else ("t", "op", "cols", "before")
        # Only what an undo wrote back knows the revisions it left.
        leaves = ("leaves",) if "leaves" in step and step["op"] != "delete" else ()
        told = ("set",) if "set" in step and step["op"] == "update" else ()
        _keys(here, step, (*shape, *leaves, *told))
        kept = {"t": step["t"], "op": step["op"]}
        if step["op"] == "insert":
            kept["ids"] = _ranges(here, step["ids"], next_id)
            size = sum(last - first + 1 for first, last in kept["ids"])
        else:
            kept |= _before(here, step, own, by_table[step["t"]])
            size = len(kept["before"])
        if told:
            kept["set"] = _set(here, step["set"], kept["cols"], by_table[step["t"]])
        if leaves:
            if not isinstance(step["leaves"], list) or len(step["leaves"]) != size:
                refuse(here, "does not fit its rows")
            kept["leaves"] = [_value(f"{here} leaves,", number(1, own), revision) for revision in step["leaves"]]
        found.append(kept)
    return found


def _set(where: str, given: object, columns: list[str], by_column: Mapping[str, Rule]) -> Row:
    named = _keys(f"{where} what it set,", given, tuple(columns))
    values = _row(where, [named[n] for n in columns], [by_column[n] for n in columns])
    return {n: whole.plain(value) for n, value in zip(columns, values, strict=True)}


def _ranges(where: str, given: object, next_id: int) -> list[list[int]]:
    if not isinstance(given, list):
        refuse(where, "names no rows")
    after = 0
    for pair in given:
        if not isinstance(pair, list) or len(pair) != 2:
            refuse(where, "names no rows")
        first = _value(where, number(after + 1, next_id - 1), pair[0])
        after = _value(where, number(first, next_id - 1), pair[1])
    return given


def _before(where: str, step: Step, own: int, by_column: Mapping[str, Rule]) -> Step:
    content = {n: rule for n, rule in by_column.items() if n not in ("id", "revision")}
    columns = _known(where, step["cols"], content)
    if not isinstance(step["before"], list) or (step["op"] == "update" and not step["before"]):
        refuse(where, "names no rows")
    order = [by_column["id"], Rule("revision", number(1, own), optional=False), *(content[n] for n in columns)]
    rows = [_row(f"{where} row {i},", row, order) for i, row in enumerate(step["before"], 1)]
    if any(one[0] >= other[0] for one, other in pairwise(rows)):
        refuse(where, "has its rows out of order")
    return {"cols": columns, "before": [[whole.plain(value) for value in row] for row in rows]}
