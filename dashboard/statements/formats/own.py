"""Our own CSV export, read back exactly: the one layout that is known, because we write it.

Text that a spreadsheet would run as a formula is written with an apostrophe before it and read without: at the beginning
of a text, and inside it wherever a program that splits at another sign than ours begins a cell. Apostrophes and quotes
between that place and the sign of the formula change nothing, so that exactly what was put in is taken out.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from dashboard.bounds import LONGEST_TEXT, cut
from dashboard.statements.formats import numbered
from dashboard.statements.formats.numbered import TRANSFER, Entry
from dashboard.statements.shapes import Reading, Rejected, Row, Statement

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


def neutralise(text: str) -> str:
    """Write text so that no spreadsheet runs it; `restore` gives it back."""
    return _BEFORE.sub("'", text)


def restore(text: str) -> str:
    """Read text that `neutralise` wrote."""
    return _GUARD.sub("", text)


def begins(text: str) -> bool:
    """Say whether a text is our own export as we wrote it, which then needs no guess at its delimiter."""
    return text.startswith(tuple(f"{','.join(head)}\r\n" for head in HEADS))


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
        if head is HEAD and (part := numbered.split_number(restore(found[HEAD.index("split")]))) and part[0]:
            broken.setdefault(part[0], line)
    rows, no_splits = numbered.joined(entries, broken)
    rows, no_transfers = numbered.transfers(rows) if head is HEAD else (numbered.paired(rows), [])
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
    part = numbered.split_number(said["split"])
    if part is None:
        return Rejected(line, f"\u201c{said['split'][:30]}\u201d in the column split does not begin with a number", text=payee)
    transfer = numbered.transfer_number(said["transfer"])
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
