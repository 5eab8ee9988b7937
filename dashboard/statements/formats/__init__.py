"""The formats, one file each. A new one is a file with its FORMAT and an entry here."""

from __future__ import annotations

from dashboard.statements.formats import camt, delimited, excel, json_records, mt940, ofx, qif, refused
from dashboard.statements.formats.contract import Format, Head

# In the order in which they are asked: what is no text before the formats of text, and what any text may be last.
FORMATS: tuple[Format, ...] = (
    excel.FORMAT,
    *refused.NO_TEXT,
    ofx.FORMAT,
    qif.FORMAT,
    camt.FORMAT,
    mt940.FORMAT,
    *refused.MARKED_UP,
    json_records.FORMAT,
    delimited.FORMAT,
)


def format_of(data: bytes) -> Format:
    """Return the format of a file, which may be one that is refused."""
    head = Head.of(data)
    return next(one for one in FORMATS if one.tells(head))
