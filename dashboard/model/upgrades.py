"""What the migrations that rewrite rows do to a book: the same to one that comes in from an older version, journal and all.

A step of the journal holds rows as they were (model/writing.py). What a migration does to a row it does to these images too,
so that undoing an old change gives what it would have been.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from dashboard.model.whole import Row, Step, Whole, plain

# Currencies that were kept without the decimals that banks write, and how many of today's units one of them was.
SCALED = dict.fromkeys("AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split(), 100) | {"IQD": 1000}
AMOUNTS = ("amount", "balance", "opening", "checked")
# What revaluations were called when they were transactions.
REVALUATION = "Revaluation"


def upgrade(whole: Whole, state: str, today: date) -> None:
    """Bring a book from an older state of the tables to the newest, in place.

    Args:
        whole: all of it, checked; tables and columns of later states may be missing.
        state: the state of the tables that it is from, as alembic names it.
        today: the day from which the openings of empty accounts hold.
    """
    if state < "0004":
        for row in whole.tables["transaction"]:
            row["decided"] = row["revision"] if row.get("category_id") is not None else None
    if state < "0005":
        _Scale(whole).all()
    if state < "0006":
        _days(whole, today)
        transfers_and_values(whole)


def images(whole: Whole, table: str) -> Iterator[tuple[Step, list[Any]]]:
    """Yield every row of a table that the journal holds as it was, with its step: [id, revision, *the step's columns]."""
    for entry in whole.journal:
        for step in entry["steps"]:
            if step["t"] == table:
                for row in step.get("before", ()):
                    yield step, row


def _ever(whole: Whole, table: str) -> dict[int, Row]:
    """Return every row there is or was and is known whole, by id: as it stands, else as it was deleted."""
    found = {
        row[0]: {"id": row[0], "revision": row[1]} | dict(zip(step["cols"], row[2:], strict=True))
        for step, row in images(whole, table)
        if step["op"] == "delete"
    }
    return found | {row["id"]: {name: plain(value) for name, value in row.items()} for row in whole.tables[table]}


class _Scale:
    """Gives amounts the decimals of their currencies that they were kept without."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.known = {name: _ever(whole, name) for name in ("account", "transaction", "split", "dismissed", "budget")}

    def all(self) -> None:
        """Scale the rows and what the journal holds."""
        for name in (*self.known, "rule"):
            units = {row["id"]: self._unit(name, row["id"], row) for row in self.whole.tables[name]}
            for row in self.whole.tables[name]:
                self._scale(name, row, units[row["id"]])
            for step, image in images(self.whole, name):
                values = dict(zip(step["cols"], image[2:], strict=True))
                self._scale(name, values, self._unit(name, image[0], values))
                image[2:] = [values[column] for column in step["cols"]]
        for entry in self.whole.journal:
            for step in entry["steps"]:
                if step["t"] in (*self.known, "rule") and "set" in step:
                    self._scale(step["t"], step["set"], self._unit(step["t"], step["before"][0][0], step["set"]))

    def _unit(self, table: str, row_id: int, values: Row) -> int:
        if table == "rule":
            return 1
        whole = self.known[table].get(row_id, {}) | values
        if table == "split":
            whole = self.known["transaction"].get(whole.get("transaction_id", 0), {})
        if table not in ("account", "budget"):
            whole = self.known["account"].get(whole.get("account_id", 0), {})
        return SCALED.get(whole.get("currency", ""), 1)

    def _scale(self, table: str, values: Row, unit: int) -> None:
        if table == "rule" and values.get("conditions"):
            values["conditions"] = self._conditions(values["conditions"])
        if unit == 1:
            return
        if values.get("fingerprint") is not None and "payee" in values:
            values["fingerprint"] = _named_anew(values, unit)
        for name in AMOUNTS:
            if values.get(name) is not None:
                values[name] *= unit

    def _conditions(self, text: str) -> str:
        """Scale what a rule asks of amounts: of its own account's currency, else of the book's."""
        given = json.loads(text)
        account = self.known["account"].get(given.get("account", 0), {})
        unit = SCALED.get(account.get("currency", self.whole.head["currency"]), 1)
        if unit == 1 or {"least", "most"}.isdisjoint(given):
            return text
        return json.dumps(given | {k: given[k] * unit for k in ("least", "most") if k in given}, ensure_ascii=False, sort_keys=True)


def _named_anew(values: Row, unit: int) -> int:
    """Hash a row anew: its amount is part of what it is known again by."""
    day, amount, payee, text = plain(values["date"]), values["amount"], values["payee"], values.get("text") or ""
    for words in (text if payee in text else f"{payee} {text}", text):
        if _fingerprint(day, amount, words) == values["fingerprint"]:
            return _fingerprint(day, amount * unit, words)
    return int(values["fingerprint"])


def _fingerprint(day: str, amount: int, words: str) -> int:
    text = f"{day}|{amount}|{' '.join(words.split()).casefold()}"
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _days(whole: Whole, today: date) -> None:
    """Let openings hold from the day before an account's first row, those of empty ones from today."""
    first: dict[int, date] = {}
    for row in whole.tables["transaction"]:
        first[row["account_id"]] = min(row["date"], first.get(row["account_id"], row["date"]))
    for row in whole.tables["account"]:
        row["opened"] = first[row["id"]] - timedelta(days=1) if row["id"] in first else today


def transfers_and_values(whole: Whole) -> set[int]:
    """Make one transfer of two legs that were typed together, and keep revaluations as they were said.

    Args:
        whole: its accounts, all legs of its transfers, all rows of accounts that were revalued, and its journal.

    Returns:
        The changes of the journal that were rewritten.
    """
    return _joined(whole) | _values(whole)


def _joined(whole: Whole) -> set[int]:
    """Give both legs of a transfer between currencies, typed in one form, one number; return the changes that are rewritten."""
    said = _typed_together(whole)
    if not said:
        return set()
    for row in whole.tables["transaction"]:
        if (number := row.get("transfer_id")) is not None:
            row["transfer_id"] = said.get(number, number)
    rewritten = set()
    for entry in whole.journal:
        for step in entry["steps"]:
            if step["t"] == "transaction" and "transfer_id" in step.get("cols", ()):
                place = 2 + step["cols"].index("transfer_id")
                for image in step["before"]:
                    image[place] = said.get(image[place], image[place])
                if "transfer_id" in step.get("set", {}):
                    step["set"]["transfer_id"] = said.get(step["set"]["transfer_id"], step["set"]["transfer_id"])
                rewritten.add(entry["revision"])
    return rewritten


def _typed_together(whole: Whole) -> dict[int, int]:
    """Return the numbers of transfers whose one leg was typed together with that of another number, to that number."""
    ever, accounts = _ever(whole, "transaction"), _ever(whole, "account")
    legs = Counter(row["transfer_id"] for row in ever.values() if row.get("transfer_id") is not None)
    together = {tuple(step["ids"][0]) for entry in whole.journal for step in entry["steps"] if _is_insert(step) and len(step["ids"]) == 1}
    said: dict[int, int] = {}
    for one_id, one in ever.items():
        two = ever.get(one_id + 1)
        if two is None or not all(row.get("transfer_id") is not None and legs[row["transfer_id"]] == 1 for row in (one, two)):
            continue
        key = one.get("bank_id")
        typed = (key is not None and key.startswith("form:") and key == two.get("bank_id")) or (one_id, one_id + 1) in together
        currencies = {accounts.get(row["account_id"], {}).get("currency") for row in (one, two)}
        if typed and len(currencies) == 2 and one["amount"] * two["amount"] < 0:
            said[two["transfer_id"]] = one["transfer_id"]
    return said


def _is_insert(step: Step) -> bool:
    return bool(step["t"] == "transaction" and step["op"] == "insert")


def _values(whole: Whole) -> set[int]:
    """Keep what a person said that an account is worth as it was said: a revaluation that nothing but undo has touched since.

    What was said is what the account held then, with all that was booked before it by its number, and the difference itself.
    """
    ever = _ever(whole, "transaction")
    found = {i: row for i, row in ever.items() if _is_revaluation(row)}
    if not found:
        return set()
    mentions = _mentions(whole, found)
    found = {i: row for i, row in found.items() if _came_and_went(row, mentions.get(i, []))}
    amounts = _said(whole, found)
    here = sorted(
        (row for row in whole.tables["transaction"] if row["id"] in found), key=lambda row: (row["account_id"], row["date"], row["id"])
    )
    # Of two words for one day the last one holds; the other stays the row that it is.
    last = {list(same)[-1]["id"] for _, same in groupby(here, key=lambda row: (row["account_id"], row["date"]))}
    gone = found.keys() - {row["id"] for row in here}
    whole.tables.setdefault("value", []).extend(
        {"id": row["id"], "revision": row["revision"], "account_id": row["account_id"], "day": row["date"], "amount": amounts[row["id"]]}
        for row in here
        if row["id"] in last
    )
    whole.tables["transaction"][:] = [row for row in whole.tables["transaction"] if row["id"] not in last]
    rewritten = set()
    for i in last | gone:
        for entry, step in mentions[i]:
            step["t"] = "value"
            if step["op"] == "delete":
                step["before"] = [[i, step["before"][0][1], found[i]["account_id"], found[i]["date"], amounts[i]]]
                step["cols"] = ["account_id", "day", "amount"]
            rewritten.add(entry["revision"])
    return rewritten


def _is_revaluation(row: Row) -> bool:
    typed = all(not row.get(name) for name in ("bank_id", "fingerprint", "import_id", "category_id", "text", "note"))
    return row.get("payee") == REVALUATION and row.get("transfer_id") is not None and typed


def _mentions(whole: Whole, found: dict[int, Row]) -> dict[int, list[tuple[Row, Step]]]:
    """Return the steps that name some rows, those alone that any other step names not at all, by id.

    An insert may claim any ids there are: what it names besides is never listed.
    """
    mentions: defaultdict[int, list[tuple[Row, Step]]] = defaultdict(list)
    besides: set[int] = set()
    ranges: list[tuple[int, int]] = []
    for entry in whole.journal:
        for step in entry["steps"]:
            if step["t"] != "transaction":
                continue
            named = [row[0] for row in step.get("before", ())]
            if step["op"] == "insert" and len(step["ids"]) == 1 and step["ids"][0][0] == step["ids"][0][1]:
                named = [step["ids"][0][0]]
            elif step["op"] == "insert":
                ranges += map(tuple, step["ids"])
            if len(named) == 1 and step["op"] != "update":
                mentions[named[0]].append((entry, step))
            else:
                besides.update(named)
    ids = sorted(found)
    end = 0
    for first, last in sorted(ranges):
        besides.update(ids[bisect_left(ids, max(first, end)) : bisect_right(ids, last)])
        end = max(end, last + 1)
    return {i: steps for i, steps in mentions.items() if i in found and i not in besides}


def _came_and_went(row: Row, mentions: list[tuple[Row, Step]]) -> bool:
    """Say whether nothing but undoing has written a row since it was made."""
    return any(entry["revision"] == row["revision"] for entry, _ in mentions)


def _said(whole: Whole, found: dict[int, Row]) -> dict[int, int]:
    """Return what was said by each revaluation: the opening, all that was booked before it up to its day, and itself."""
    openings = {i: row.get("opening", 0) for i, row in _ever(whole, "account").items()}
    rows = {row["id"]: (row["account_id"], plain(row["date"]), row["amount"]) for row in whole.tables["transaction"]}
    wanted = {row["account_id"] for row in found.values()}
    days = sorted(
        {(account, day) for account, day, _ in rows.values() if account in wanted} | {(r["account_id"], r["date"]) for r in found.values()}
    )
    place = {day: at for at, day in enumerate(days, 1)}
    # Sums over the days until one, as rows are added by their numbers: a tree of partial sums.
    sums = [0] * (len(days) + 1)

    def add(at: int, amount: int) -> None:
        while at < len(sums):
            sums[at] += amount
            at += at & -at

    def until(at: int) -> int:
        total = 0
        while at:
            total += sums[at]
            at -= at & -at
        return total

    amounts = {}
    for i in sorted(rows.keys() | found.keys()):
        if i in found:
            row = found[i]
            here, before = place[row["account_id"], row["date"]], bisect_left(days, (row["account_id"], ""))
            amounts[i] = openings.get(row["account_id"], 0) + row["amount"] + until(here) - until(before)
        if i in rows and rows[i][0] in wanted:
            account, day, amount = rows[i]
            add(place[account, day], amount)
    return amounts
