"""Our own CSV export, read back exactly: the one layout that is known, because we write it.

Text that a spreadsheet would run as a formula is written with an apostrophe before it and read without: at the beginning
of a text, and inside it wherever a program that splits at another sign than ours begins a cell. Apostrophes and quotes
between that place and the sign of the formula change nothing, so that exactly what was put in is taken out.

What belongs together shares a number: the parts of a split transaction, and the two sides of a transfer.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dashboard.bounds import LONGEST_TEXT, MOST_PARTS, cut
from dashboard.statements.shapes import Part, Reading, Rejected, Row, Statement

# The columns of the first versions, whose files are read for ever.
EARLIER = ("date", "payee", "text", "category", "account", "amount", "currency", "note")
# What stands in the last two is of versions to come, and is not read.
HEAD = (*EARLIER, "transfer", "split", "tags", "status")
HEADS = (HEAD, EARLIER)
# The columns that hold what people write, guarded on the way out.
WORDS = ("payee", "text", "category", "account", "note", "transfer", "split")
# What begins a formula or a command, and what East Asian keyboards and programs take for the same signs.
SIGNS = "=+-@|%\uff1d\uff0b\uff0d\uff20\uff5c\uff05\ufe66\ufe62\ufe63\ufe6b\ufe6a\u2212"
# Where one program or another begins a cell.
ENDS = ";,\t\r\n|\x0b\x0c\x85\u2028\u2029"
_PLACE = rf"(?:\A(?={{guard}}[\s\"']*[{re.escape(SIGNS)}\t\r\n])|(?<=[{re.escape(ENDS)}])(?={{guard}}[\s\"']*[{re.escape(SIGNS)}]))"
_BEFORE = re.compile(_PLACE.replace("{guard}", ""))
_GUARD = re.compile(_PLACE.replace("{guard}", "'") + "'")
# The category of both sides of a transfer.
TRANSFER = "Transfer"
# What the rows of one split have in common.
COMMON = ("date", "payee", "text", "account", "currency", "note")
_NUMBER = re.compile(r"[1-9]\d{0,8}")
_PART = re.compile(r"([1-9]\d{0,8})(?: (.*))?", re.DOTALL)


class Entry(NamedTuple):
    """A line of an export: the row alone, and of a part of a split the split's number and the part's note."""

    row: Row
    split: int = 0
    note: str = ""


class Leg(NamedTuple):
    """One side of a transfer. `currency` is "" where the file names none; amounts of one currency are in one unit."""

    account: Hashable
    currency: str
    amount: Decimal


def neutralise(text: str) -> str:
    """Write text so that no spreadsheet runs it; `restore` gives it back."""
    return _BEFORE.sub("'", text)


def restore(text: str) -> str:
    """Read text that `neutralise` wrote."""
    return _GUARD.sub("", text)


def begins(text: str) -> bool:
    """Say whether a text is our own export as we wrote it, which then needs no guess at its delimiter."""
    return text.startswith(tuple(f"{','.join(head)}\r\n" for head in HEADS))


def is_own(grid: list[list[str]]) -> bool:
    """Say whether a grid is our own export, whatever program has written it anew."""
    return bool(grid) and tuple(cell.strip().lower() for cell in grid[0]) in HEADS


def read(grid: list[list[str]], lines: list[int], encoding: str, delimiter: str, cells: dict[int, dict[str, str]]) -> Statement:
    """Read a grid whose first row is one of HEADS."""
    head = HEAD if len(grid[0]) == len(HEAD) else EARLIER
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    broken: dict[int, int] = {}
    spelled = {("category", TRANSFER.lower()): TRANSFER}
    for line, given in zip(lines[1:], grid[1:], strict=True):
        # Programs leave out what is empty at the end of a row.
        found = given + [""] * (len(head) - len(given)) if len(given) >= len(EARLIER) else given
        if len(found) != len(head):
            rejected.append(Rejected(line, f"has {len(found)} columns, not {len(head)}"))
            continue
        one = _entry(line, dict(zip(head, found, strict=True)) | cells.get(line, {}), spelled)
        if isinstance(one, Entry):
            entries.append(one)
            continue
        rejected.append(one)
        if head is HEAD and (part := split_number(restore(found[HEAD.index("split")]))) and part[0]:
            broken.setdefault(part[0], line)
    rows, no_splits = joined(entries, broken)
    rows, no_transfers = transfers(rows) if head is HEAD else (paired(rows), [])
    columns: dict[str, tuple[int, ...]] = {name: (i,) for i, name in enumerate(head)}
    reading = Reading("csv", encoding, delimiter, head, columns, "ymd", ".", "out-negative")
    return Statement(rows, sorted([*rejected, *no_splits, *no_transfers]), [], reading, own_export=True)


def _entry(line: int, cells: dict[str, str], spelled: dict[tuple[str, str], str]) -> Entry | Rejected:
    """Read one line. A book has no two names that differ in case or in what is no text: they are spelled as they first were."""
    said = {name: restore(cells.get(name, "")) for name in WORDS}
    for name in ("category", "account"):
        short = cut(said[name])
        said[name] = spelled.setdefault((name, short.lower()), short)
    payee = said["payee"]
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError:
        return Rejected(line, f"\u201c{cells['date'][:30]}\u201d is not a date", field="date", value=cells["date"], text=payee)
    written = cells["amount"]
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", written):
        return Rejected(line, f"\u201c{written[:30]}\u201d is not an amount", field="amount", value=written, text=payee)
    part = split_number(said["split"])
    if part is None:
        return Rejected(line, f"\u201c{said['split'][:30]}\u201d in the column split does not begin with a number", text=payee)
    transfer = transfer_number(said["transfer"])
    is_transfer = said["category"] == TRANSFER
    if transfer is None:
        return Rejected(line, f"\u201c{said['transfer'][:30]}\u201d in the column transfer is not a number", text=payee)
    if transfer and not is_transfer:
        return Rejected(line, f"has the number of a transfer, and its category is not \u201c{TRANSFER}\u201d", text=payee)
    if part[0] and is_transfer:
        return Rejected(line, "is a transfer, and those are not split", text=payee)
    for name, value in (("payee", payee), ("text", said["text"]), ("note", said["note"]), ("note of the part", part[1])):
        if len(value) > LONGEST_TEXT:
            return Rejected(line, f"the {name} is longer than {LONGEST_TEXT} characters", text=payee[:LONGEST_TEXT])
    row = Row(
        line,
        day,
        Decimal(written),
        cells["currency"] or None,
        payee,
        said["text"],
        said["note"],
        said["category"],
        said["account"],
        transfer=transfer,
    )
    return Entry(row, *part)


def transfer_number(cell: str) -> int | None:
    """Read the number of a transfer, 0 where there is none; None is for what is no number."""
    return 0 if not cell else int(cell) if _NUMBER.fullmatch(cell) else None


def split_number(cell: str) -> tuple[int, str] | None:
    """Read the number of a split and the part's note, (0, "") where there is none; None is for what does not begin with a number."""
    if not cell:
        return 0, ""
    found = _PART.fullmatch(cell)
    return (int(found[1]), found[2] or "") if found else None


def split_cell(number: int, note: str) -> str:
    """Write what `split_number` reads."""
    return f"{number} {note}" if note else str(number)


def misfit(legs: Sequence[Leg]) -> str:
    """Say why these are not the two sides of one transfer, "" where they are; one side may stand alone."""
    if len(legs) < 2:
        return ""
    if len(legs) > 2:
        return f"{len(legs)} rows carry it, and a transfer has two sides"
    one, two = legs
    if one.account == two.account:
        return "both sides are in one account"
    if one.currency and one.currency == two.currency:
        return "its two sides do not cancel out" if one.amount + two.amount else ""
    return "" if one.amount * two.amount < 0 else "money must leave on one side and arrive on the other"


def joined(entries: Iterable[Entry], broken: Mapping[int, int]) -> tuple[list[Row], list[Rejected]]:
    """Return the rows with those of a split as one, where its first part stood, and those that are none.

    Args:
        entries: the lines that could be read.
        broken: of the splits that have a line which could not, the number and that line.
    """
    rows: list[Row] = []
    together: dict[int, list[Entry]] = defaultdict(list)
    places: dict[int, int] = {}
    for entry in entries:
        if not entry.split:
            rows.append(entry.row)
            continue
        if entry.split not in places:
            places[entry.split] = len(rows)
            rows.append(entry.row)
        together[entry.split].append(entry)
    rejected: list[Rejected] = []
    bad: set[int] = set()
    for number, those in together.items():
        if wrong := _no_split(those, broken.get(number)):
            reason, field = wrong
            rejected += [_refused(entry.row, f"split {number}: {reason}", field) for entry in those]
            bad.add(places[number])
        else:
            parts = tuple(Part(entry.row.category, entry.row.amount, entry.note) for entry in those)
            whole = sum((part.amount for part in parts), Decimal())
            rows[places[number]] = those[0].row._replace(category="", amount=whole, parts=parts)
    return [row for place, row in enumerate(rows) if place not in bad], rejected


def _no_split(those: Sequence[Entry], broken: int | None) -> tuple[str, str] | None:
    """Return why these are not the parts of one transaction, and the field that a person may correct."""
    if broken is not None:
        return f"line {broken} of it cannot be read", ""
    if len(those) == 1:
        return "it has one part only", ""
    if len(those) > MOST_PARTS:
        return f"it has {len(those)} parts, and a transaction splits into at most {MOST_PARTS}", ""
    first = those[0].row
    for name in COMMON:
        if any(getattr(entry.row, name) != getattr(first, name) for entry in those):
            return f"its rows differ in {name}", "date" if name == "date" else ""
    return None


def transfers(rows: Sequence[Row]) -> tuple[list[Row], list[Rejected]]:
    """Return the rows without those that share a transfer's number and are not its two sides, and these."""
    together: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.transfer:
            together[row.transfer].append(row)
    wrong = {number: why for number, those in together.items() if (why := misfit([_leg(row) for row in those]))}
    if not wrong:
        return list(rows), []
    rejected = [_refused(row, f"transfer {row.transfer}: {wrong[row.transfer]}", "amount") for row in rows if row.transfer in wrong]
    return [row for row in rows if row.transfer not in wrong], rejected


def paired(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of an export without numbers with those of its transfers that no third row could be a side of.

    They are of one day and one currency, in two accounts, and cancel out.
    """
    found: dict[tuple[object, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    counts: Counter[tuple[object, ...]] = Counter()
    legs = [place for place, row in enumerate(rows) if row.category == TRANSFER and row.amount]
    for place in legs:
        row = rows[place]
        key = (row.date, row.currency, row.amount)
        found[key][row.account].append(place)
        counts[key] += 1

    def only(place: int) -> int | None:
        row = rows[place]
        key = (row.date, row.currency, -row.amount)
        there = found.get(key, {})
        if counts[key] - len(there.get(row.account, ())) != 1:
            return None
        return next(those[0] for account, those in there.items() if account != row.account)

    result = list(rows)
    number = 0
    for place in legs:
        other = only(place)
        if other is not None and place < other and only(other) == place:
            number += 1
            result[place] = rows[place]._replace(transfer=number)
            result[other] = rows[other]._replace(transfer=number)
    return result


def _leg(row: Row) -> Leg:
    return Leg(row.account, row.currency or "", row.amount)


def _refused(row: Row, reason: str, field: str) -> Rejected:
    value = {"date": row.date.isoformat(), "amount": str(row.amount)}.get(field, "")
    return Rejected(row.line, reason, field=field, value=value, text=row.payee)
