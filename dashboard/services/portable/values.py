"""What the values of a whole book may be, column by column: each check returns the value as it is stored, or says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from babel.core import get_global

from dashboard.analysis.rules import parsed, stored
from dashboard.bounds import LONGEST_NAME, LONGEST_TEXT, cleaned
from dashboard.importing.grouping import LONGEST_ID
from dashboard.model import whole
from dashboard.model.accounts import KINDS
from dashboard.model.categories import EXPENSE, INCOME, SLOTS
from dashboard.model.writing import JOURNALLED
from dashboard.money import LARGEST, is_currency
from dashboard.periods import EARLIEST, LATEST, zones
from dashboard.services.fields import LARGEST_ID

# What PostgreSQL's integer columns hold, and its bigint.
INT, BIG = 2**31 - 1, 2**63 - 1
LONGEST_JSON = 100_000
# Zero bytes and halves of characters stop PostgreSQL, and the second SQLite too.
UNFIT = re.compile("[\x00\ud800-\udfff]")

Check = Callable[[Any], Any]


class Wrong(Exception):
    """What is wrong with one value: the end of a sentence that begins with its place."""


class Rule(NamedTuple):
    """What a column may hold."""

    name: str
    check: Check
    optional: bool


def number(least: int, most: int) -> Check:
    """Check a whole number between two others."""

    def check(value: Any) -> int:
        if type(value) is not int:
            raise Wrong("is not a whole number")
        if not least <= value <= most:
            raise Wrong("is out of range")
        return value

    return check


def text(longest: int, *, required: bool = False, clean: bool = True) -> Check:
    """Check a text that both databases can hold; it is cleaned as one that is typed."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("is not text")
        if len(value) > longest:
            raise Wrong(f"is longer than {longest} characters")
        if UNFIT.search(value):
            raise Wrong("holds characters that no text has")
        line = cleaned(value) if clean else value
        if required and not value.strip():
            raise Wrong("is empty")
        # Names that cannot be seen were taken once: what was exported then comes back.
        return line or ("\u2013" if required else "")

    return check


def optional(check: Check) -> Check:
    """Let nothing pass besides."""
    return lambda value: None if value is None else check(value)


def one_of(*options: str) -> Check:
    """Check a word of a few."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in options:
            raise Wrong("is none of its choices")
        return value

    return check


def matching(pattern: str) -> Check:
    """Check a text of one form."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise Wrong("has not the right form")
        return value

    return check


def flag(value: Any) -> bool:
    """Check a yes or no."""
    if type(value) is not bool:
        raise Wrong("is neither true nor false")
    return value


def day(value: Any) -> date:
    """Check a date between 1900 and 2199."""
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("is not a date") from None
    if found.isoformat() != value or not EARLIEST <= found <= LATEST:
        raise Wrong("is not a date from 1900 to 2199")
    return found


def moment(value: Any) -> datetime:
    """Check a moment; one without a zone is in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("is not a moment") from None
    if not EARLIEST.year < found.year < LATEST.year:
        raise Wrong("is not a moment between 1900 and 2199")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def month(value: Any) -> int:
    """Check a month (yyyymm)."""
    found: int = number(EARLIEST.year * 100, LATEST.year * 100 + 12)(value)
    if not 1 <= found % 100 <= 12:
        raise Wrong("is not a month")
    return found


@lru_cache(maxsize=1)
def _once_tender() -> frozenset[str]:
    return frozenset(code for used in get_global("territory_currencies").values() for code, _, _, tender in used if tender)


def currency(value: Any) -> str:
    """Check a currency; one that has been replaced since is still what an old account is in."""
    if not isinstance(value, str) or not (is_currency(value) or value in _once_tender()):
        raise Wrong("is not a currency")
    return value


def zone(value: Any) -> str:
    """Check a time zone."""
    if not isinstance(value, str) or value not in zones():
        raise Wrong("is not a time zone")
    return value


def json_object(value: Any) -> str:
    """Check a text that holds a JSON object; the texts in it are cleaned."""
    text(LONGEST_JSON, clean=False)(value)
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        raise Wrong("is not JSON") from None
    if not isinstance(found, dict):
        raise Wrong("is not a JSON object")
    neat = _neat(found)
    return str(value) if neat == found else json.dumps(neat)


def _neat(value: Any) -> Any:
    """Return a JSON value with all its texts cleaned; by its names the next file is known again, so they stay."""
    if isinstance(value, dict):
        return {key: _neat(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_neat(inner) for inner in value]
    return cleaned(value) if isinstance(value, str) else value


def reading(value: Any) -> str:
    """Check what an import remembers of its file: the next file of that shape is read by it."""
    neat = json_object(value)
    found = json.loads(neat)
    hints, accounts = found.get("hints", {}), found.get("accounts", {})
    named = isinstance(found.get("shape", ""), str) and isinstance(found.get("proof", ""), str)
    if not named or not isinstance(hints, dict) or not isinstance(accounts, dict):
        raise Wrong("is not what an import remembers")
    try:
        for name, check in HINTS.items():
            if name in hints:
                check(hints[name])
        for account in accounts.values():
            number(1, LARGEST_ID)(account)
        for covered in found.get("days", ()):
            day(covered)
        for when, amount, payee in found.get("doubts", ()):
            day(when)
            money(amount)
            text(LONGEST_TEXT)(payee)
    except (Wrong, TypeError, ValueError):
        raise Wrong("is not what an import remembers") from None
    return neat


def conditions(value: Any) -> str:
    """Check what a rule asks for. Whether a pattern can be used is said where the rules are listed."""
    text(LONGEST_JSON, clean=False)(value)
    try:
        given = json.loads(value)
        if "contains" in given:
            given["contains"] = cleaned(given["contains"])
        if not given.get("pattern", "a").isprintable() or not parsed(stored(given)):
            raise Wrong("is not what a rule asks for")
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Wrong("is not what a rule asks for") from None
    return stored(given)


def _columns(value: Any) -> None:
    if not isinstance(value, dict) or not set(value) <= {"amount", "debit", "credit", "date", "payee"}:
        raise Wrong("is not what an import remembers")
    for place in value.values():
        number(0, 999)(place)


HINTS: dict[str, Check] = {
    "dates": one_of("dmy", "mdy"),
    "sign": one_of("out-negative", "out-positive"),
    "decimal": one_of(",", "."),
    "unit": one_of("whole", "cents"),
    "fee": one_of("besides", "included"),
    "columns": _columns,
}
money = number(-LARGEST, LARGEST)
count = number(0, INT)
RULES: dict[str, Check] = {
    "account.name": text(LONGEST_NAME, required=True),
    "account.kind": one_of(*KINDS),
    "account.opening": money,
    "account.checked": money,
    "category.name": text(LONGEST_NAME, required=True),
    "category.kind": one_of(EXPENSE, INCOME),
    "category.slot": number(0, SLOTS),
    "category.icon": matching(r"[a-z0-9-]{1,40}"),
    "import.sha256": matching(r"[0-9a-f]{64}"),
    "import.read": count,
    "import.added": count,
    "import.duplicates": count,
    "import.problems": count,
    "import.reading": reading,
    "budget.month": month,
    "budget.amount": number(0, LARGEST),
    "rule.conditions": conditions,
    "transaction.amount": money,
    "value.amount": money,
    "transaction.balance": money,
    "transaction.guess": number(1, 3),
    "transaction.payee_key": number(-BIG - 1, BIG),
    "dismissed.balance": money,
    "transaction.payee": text(LONGEST_TEXT, required=True),
    # No person reads these, and a file is known again by them as they are.
    "bank_id": text(LONGEST_ID, clean=False),
    "split.amount": money,
    "currency": currency,
    "occurrence": count,
    "fingerprint": number(-BIG - 1, BIG),
    # The next one must fit, too.
    "position": number(-INT // 2, INT // 2),
}


def rules(table: str, next_id: int, revision: int) -> dict[str, Rule]:
    """Return what each column of a table may hold in a book that has come so far."""
    ids, found = number(1, next_id - 1), {}
    kinds = {date: day, datetime: moment, bool: flag, int: number(-INT, INT)}
    for column in whole.shapes(JOURNALLED[table]):
        check = RULES.get(f"{table}.{column.name}") or RULES.get(column.name)
        if column.pointing:
            check = ids
        elif column.name == "revision":
            check = number(1, revision)
        elif check is None:
            check = kinds.get(column.kind) or text(column.longest or LONGEST_JSON)
        found[column.name] = Rule(column.name, check, column.optional)
    return found
