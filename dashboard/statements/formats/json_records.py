"""JSON: the lists of records with the most dated amounts in them become a grid, and the grid reader decides.

Banks nest: an account holds its list, a booking its amount, and what is pending has a list of its own. Lists at the same
place of a document belong together; those that are named for what is not booked yet are held back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from typing import Any, NamedTuple

from dashboard.errors import StatementNotReadable
from dashboard.statements.formats.contract import Format, Head
from dashboard.statements.formats.delimited import MOST_COLUMNS
from dashboard.statements.formats.fields import LONGEST_NUMBER, MOST_ROWS, TOO_MANY, words
from dashboard.statements.shapes import Hints, Option, Question, Rejected, Row, Statement
from dashboard.statements.table import reader
from dashboard.statements.table.columns import clean, number_shape
from dashboard.statements.table.currencies import CURRENCY_CODES
from dashboard.statements.table.dates import date_shape
from dashboard.statements.table.reader import NO_MINOR_UNIT, THREE_DECIMALS
from dashboard.statements.table.vocabulary import fold
from dashboard.statements.text import decode

DEEPEST = 12
SAMPLE = 300
_DAMAGED = "This JSON file is damaged or cut off. Download it again."
_NOTHING = "This JSON file holds no list of transactions. Check that it is the statement."
_WAITING = frozenset("pending scheduled upcoming future planned reserved information standing authorised authorized holds".split())
# 2024-01-05+01:00 and 2024-01-05Z: a day of XML, whose zone says nothing of the day.
_ZONED_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:?\d{2})")
_MINOR_NAME = re.compile(r"\b(?:minor(?: ?units?)?|cents?|pence)\b", re.IGNORECASE)
_NO_MINOR = NO_MINOR_UNIT - frozenset("IQD IDR HUF COP CRC".split())
# What stands beside a whole number and says where its decimal mark belongs.
_SCALE_NAMES = (["scale"], ["precision"], ["exponent"], ["decimals"])
_UNSCALED_NAME = re.compile(r"\b(?:unscaled ?)?(?:value|units|amount)$", re.IGNORECASE)
_CURRENCY_NAME = frozenset("currency ccy cur currencycode code iso".split())
_NO_MOVEMENTS = frozenset("balance balances saldo limits rates".split())
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
_ACCOUNT_NAMES = ("iban", "accountid", "accountnumber", "account id", "account number", "number", "id")


class _Number(str):
    """A number of the document, told from text that looks like one."""

    __slots__ = ()


@dataclass
class _List:
    """The records at one place of a document, and the account each stands in."""

    path: tuple[str, ...]
    records: list[dict[str, str]] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)

    @property
    def dated(self) -> int:
        """Count the records with a date and an amount, of the first ones."""
        return sum(map(_is_dated, self.records[:SAMPLE]))

    @property
    def waiting(self) -> bool:
        """Say whether this place is named for what is not booked yet."""
        return not _WAITING.isdisjoint(self._words)

    @property
    def tells_of_balances(self) -> bool:
        """Say whether this place is named for something that is no movement."""
        return not _NO_MOVEMENTS.isdisjoint(self._words)

    @property
    def _words(self) -> set[str]:
        return {word for name in self.path[-2:] for word in fold(_spaced(name)).split()}


def is_json(head: Head) -> bool:
    """Say whether a file's first bytes are those of JSON."""
    return re.match(rb"\{\s*[\"}]|\[\s*[{\[]", head.text) is not None and b":" in head.text and b'"' in head.text


def read(data: bytes, hints: Hints) -> Statement:
    """Read a JSON file.

    Raises:
        StatementNotReadable: it is damaged or holds no list of transactions.
    """
    text, encoding = decode(data)
    dated = sorted((place for place in _lists(_parsed(text)) if place.dated), key=lambda place: (place.waiting, -place.dated))
    if not dated or dated[0].waiting:
        raise StatementNotReadable(_NOTHING)
    chosen, others = dated[0], dated[1:]
    units = _Units.of(chosen.records)
    grid = [[units.name(head) for head in units.heads], *(units.cells(record) for record in chosen.records)]
    statement = reader.read(grid, list(range(len(grid))), reader.Source(FORMAT.name, encoding, "", ""), hints)
    rows = [row if row.account else row._replace(account=chosen.accounts[row.line - 1]) for row in statement.rows]
    left = [*statement.rejected, *_left_out(chosen, others)]
    asked = None if units.minor or units.scales else _whole_numbers(chosen, rows, units.heads, statement)
    if asked and hints.unit == "cents":
        rows = [_in_full_units(row) for row in rows]
    questions = statement.questions + ([asked] if asked and not hints.unit else [])
    return replace(statement, rows=rows, rejected=left, questions=questions)


FORMAT = Format("json", is_json, read)


def _parsed(text: str) -> Any:
    """Parse a document, or one a line."""
    try:
        return _loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines[:50]):
            raise StatementNotReadable(_DAMAGED) from error
    try:
        return [_loads(line) for line in lines]
    except (ValueError, RecursionError) as error:
        raise StatementNotReadable(_DAMAGED) from error


def _loads(text: str) -> Any:
    # Amounts stay as they are written: a float would round them.
    return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=lambda _: "")


def _lists(document: Any) -> list[_List]:
    """Gather the records of a document, those at one place together."""
    found: dict[tuple[str, ...], _List] = {}
    for path, around, record in _records(document, (), _Around(), 0):
        place = found.setdefault(path, _List(path))
        if len(place.records) >= MOST_ROWS:
            raise StatementNotReadable(TOO_MANY)
        # Where bookings are gathered by day, the day stands around them.
        place.records.append(around.days | record if around.days and not _has_date(record) else record)
        place.accounts.append(around.account)
    return list(found.values())


class _Around(NamedTuple):
    """What stands around a record: the account it is in, and the dates of the record that holds its list."""

    account: str = ""
    days: dict[str, str] = {}  # noqa: RUF012 - never written to


def _records(value: Any, path: tuple[str, ...], around: _Around, depth: int) -> Iterator[tuple[tuple[str, ...], _Around, dict[str, str]]]:
    """Yield every record that stands in a list, with the names that lead there and what is around it."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        around = around._replace(account=_account_of(value) or around.account)
        for key, item in value.items():
            if isinstance(item, (dict, list)):
                yield from _records(item, (*path, str(key)[:80]), around, depth + 1)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                record = dict(_flat(item, "", 0))
                yield path, around, record
                if any(isinstance(inner, (dict, list)) for inner in item.values()):
                    days = {name: text for name, text in record.items() if not text.isdigit() and date_shape(clean(text))}
                    yield from _records(item, path, around._replace(days=days or around.days), depth + 1)
            elif isinstance(item, list):
                yield from _records(item, path, around, depth + 1)


def _account_of(value: dict[str, Any]) -> str:
    """Return the number of the account that a part of a document is about."""
    places = [value, *(value[name] for name in ("account", "info", "Account") if isinstance(value.get(name), dict))]
    if not any(isinstance(item, (list, dict)) for item in value.values()):
        return ""
    for place in places:
        folded = {fold(_spaced(str(key)[:80])): item for key, item in list(place.items())[:MOST_COLUMNS]}
        for name in _ACCOUNT_NAMES:
            found = folded.get(name)
            if isinstance(found, str) and (name != "id" or place is not value) and any(map(str.isdigit, found[:64])):
                return words(found)[:64]
    return ""


def _spaced(name: str) -> str:
    return re.sub(r"[_\-.]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def _flat(record: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield names and values of a record and of what is inside it, as one row."""
    for key, given in list(record.items())[:MOST_COLUMNS]:
        name, value = _storable(f"{before} {key}".strip()[:80]), given
        if isinstance(given, dict) and isinstance(given.get("name"), str) and "value" in given and set(given) <= {"name", "value", "id"}:
            # A column that brings its own name along.
            name, value = _storable(given["name"][:80]) or name, given["value"]
        if isinstance(value, dict):
            if depth < 3:
                yield from _flat(value, name, depth + 1)
        elif isinstance(value, list):
            yield name, _storable(" ".join(str(item) for item in value[:20] if isinstance(item, str)))
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        elif value is not None:
            yield name, value if isinstance(value, _Number) else _storable(str(value))


def _storable(text: str) -> str:
    """Return text that a database can keep: no control characters, no halves of characters."""
    clean_text = _UNSTORABLE.sub(" ", text) if not text.isprintable() else text
    day = _ZONED_DAY.fullmatch(clean_text) if len(clean_text) < 20 else None
    return day[1] if day else clean_text


def _cell(value: str, unit: int) -> str:
    """Write a number so that it reads back as the same: with its point, and never with three digits behind it.

    Args:
        value: a cell; only what is a number in the document is written anew.
        unit: how many of it make one of the currency, 0 where it counts full units.
    """
    if (not isinstance(value, _Number) and not unit) or len(value) > LONGEST_NUMBER:
        return str(value)
    try:
        number = Decimal(value) / (unit or 1)
    except InvalidOperation:
        return str(value)
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        return str(value)
    text = f"{number:f}"
    return f"{text}0" if len(text.partition(".")[2]) in (1, 3) else text


class _Units(NamedTuple):
    """The columns of a list, and those of its amounts that come in the smallest coins or as a whole number and a scale."""

    heads: list[str]
    minor: list[str]
    # Each with what holds its scale, which is no column then.
    scales: dict[str, str]

    @classmethod
    def of(cls, records: list[dict[str, str]]) -> _Units:
        """Find them by their names and values."""
        heads = list(dict.fromkeys(key for record in records for key in record))[:MOST_COLUMNS]
        scales = _scales(heads, records)
        minor = [
            head
            for head in heads
            if head not in scales and _MINOR_NAME.search(_spaced(head)) and all(_whole(r.get(head, "")) for r in records)
        ]
        return cls([head for head in heads if head not in scales.values()], minor, scales)

    def name(self, head: str) -> str:
        """Return the name of a column in full units."""
        if head in self.scales:
            return _UNSCALED_NAME.sub("", _spaced(head)).strip() or "amount"
        if head in self.minor:
            return _MINOR_NAME.sub("", _spaced(head)).strip().removesuffix(" In").strip() or "amount"
        return head

    def cells(self, record: dict[str, str]) -> list[str]:
        """Return the cells of a record in full units."""
        units = {head: _unit(record, head) for head in self.minor} | {
            head: 10 ** int(record[by]) for head, by in self.scales.items() if head in record
        }
        return [_cell(record.get(head, ""), units.get(head, 0)) for head in self.heads]


def _unit(record: dict[str, str], head: str) -> int:
    """Return how many of the smallest coins make one of an amount's currency: of several the one that stands beside it."""
    codes = [key for key, value in record.items() if value in CURRENCY_CODES and not _CURRENCY_NAME.isdisjoint(fold(_spaced(key)).split())]
    named = fold(_spaced(head)).split()

    def nearness(key: str) -> tuple[int, int]:
        path = fold(_spaced(key)).split()
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, named, strict=False))), -len(path)

    return _coins(record[max(codes, key=nearness)] if codes else None)


def _around(head: str) -> str:
    """Return the names that lead to a value: those of "amount" in "original amount currency"."""
    return _spaced(head).rpartition(" ")[0]


def _coins(code: str | None) -> int:
    return 1 if code in _NO_MINOR else 1000 if code in THREE_DECIMALS else 100


def _scales(heads: list[str], records: list[dict[str, str]]) -> dict[str, str]:
    """Return the amounts that come as a whole number and a scale (-2850 and 2 are -28.50), each with what holds its scale."""
    found: dict[str, str] = {}
    for by in (head for head in heads if fold(_spaced(head)).split()[-1:] in _SCALE_NAMES):
        if not all(_whole(r.get(by, "")) and len(r.get(by, "")) <= 1 for r in records):
            continue
        beside = [head for head in heads if head != by and _UNSCALED_NAME.sub("", _spaced(head)).strip() == _around(by)]
        beside = [head for head in beside if all(_whole(r.get(head, "")) and (r.get(by) or not r.get(head)) for r in records)]
        if len(beside) == 1:
            found[beside[0]] = by
    return found


def _in_full_units(row: Row) -> Row:
    places = 1 - len(str(_coins(row.currency)))
    return row._replace(amount=row.amount.scaleb(places), balance=None if row.balance is None else row.balance.scaleb(places))


def _whole(value: str) -> bool:
    return not value or re.fullmatch(r"-?\d{1,18}(?:\.0{1,2})?", value) is not None


def _has_date(record: dict[str, str]) -> bool:
    return any(date_shape(clean(value)) for value in record.values() if not value.isdigit())


def _is_dated(record: dict[str, str]) -> bool:
    cells = [clean(value) for value in record.values()][:60]
    return any(date_shape(c) for c in cells) and any(c and number_shape(c) and not date_shape(c) for c in cells)


def _left_out(chosen: _List, others: list[_List]) -> Iterator[Rejected]:
    """Say what other lists hold: what waits is held, and the rest has to come from a file of its own."""
    before = len(chosen.records)
    for place in others:
        if chosen.path[: len(place.path)] == place.path:
            # It holds the lists that were read.
            continue
        name = words(place.path[-1] if place.path else "list")[:40]
        if place.waiting:
            for record in place.records:
                before += 1
                said = max((value for value in record.values() if not date_shape(value) and not number_shape(value)), key=len, default="")
                yield Rejected(before, f"stands under \u201c{name}\u201d; it comes again when it is booked", "held", text=words(said))
        elif not place.tells_of_balances:
            before += 1
            reason = f"{len(place.records)} records under \u201c{name}\u201d have dates and amounts too: save them as a file of their own"
            yield Rejected(before, reason)


def _whole_numbers(chosen: _List, rows: list[Row], heads: list[str], statement: Statement) -> Question | None:
    """Ask where every amount is a whole number, as in exports that count in cents; None where full units are likely."""
    columns = statement.reading.columns.get("amount", ())
    column = heads[columns[0]] if columns else ""
    values = [record.get(column, "") for record in chosen.records]
    counted = [value for value in values if isinstance(value, _Number)]
    currencies = {row.currency for row in rows if row.currency}
    if len(counted) < 2 or not all(map(_whole, values)) or (currencies and currencies <= NO_MINOR_UNIT):
        return None
    if sum(1 for value in counted if value.endswith("00") or value == "0") * 2 > len(counted):
        return None
    if len(counted) < 5 and sum(1 for value in counted if value.endswith(("0", "5"))) * 2 > len(counted):
        # Few amounts, and round ones.
        return None
    cents = tuple(str(_in_full_units(row).amount) for row in rows[:3])
    return Question(
        "unit",
        "Every amount in this file is a whole number. Are they full units, or cents?",
        (Option("whole", "Full units, as they stand", tuple(str(row.amount) for row in rows[:3])), Option("cents", "Cents", cents)),
    )
