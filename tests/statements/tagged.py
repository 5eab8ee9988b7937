"""Our own small files in the tagged formats, JSON and Excel, invented for these tests, with what they hold."""

from __future__ import annotations

from dashboard.errors import StatementNotReadable
from dashboard.statements import Statement, read
from tests.statements.samples import FOLDER, Movement, _movements

# File name: format, movements.
TAGGED: dict[str, tuple[str, list[Movement]]] = {
    "two_accounts.ofx": (
        "ofx",
        _movements("2025-03-03 -42.50|2025-03-07 1875.00|2025-03-10 -300.00|2025-03-21 -64.10|2025-03-10 300.00|2025-03-31 1.07"),
    ),
    "xml_card.ofx": ("ofx", _movements("2025-05-12 -18.25|2025-05-20 250.00|2025-05-23 -31.40")),
    "registers.qif": ("qif", _movements("2005-01-14 -1240.00|2005-01-20 -96.30|2005-02-01 2100.00|2005-01-17 -22.80|2005-01-28 118.90")),
    "pages.sta": ("mt940", _movements("2025-02-03 -81.20|2025-02-04 1250.00|2025-02-06 81.20|2025-02-28 -7.90")),
    "batches.camt053.xml": ("camt", _movements("2025-06-03 -120.00|2025-06-12 61.25|2025-06-20 -30.00")),
    "open_banking.json": ("json", _movements("2025-08-04 -12.40|2025-08-15 1450.00|2025-08-29 -640.00")),
    "old_sheet.xls": ("xls", _movements("2025-09-03 -23.50|2025-09-15 1510.00|2025-09-24 -700.00")),
}


def sample(name: str) -> bytes:
    """Return a sample's bytes."""
    return (FOLDER / name).read_bytes()


def text_of(name: str) -> str:
    """Return a sample's text."""
    return sample(name).decode()


def rows_or_word(data: bytes) -> list[tuple[object, ...]] | None:
    """Return date, amount, account, payee and counterpart of every row; None where the file is refused or something is asked."""
    try:
        statement = read(data)
    except StatementNotReadable:
        return None
    return None if statement.questions else told(statement)


def told(statement: Statement) -> list[tuple[object, ...]]:
    """Return what a statement's rows say, without their places in the file."""
    return [(r.date, r.amount, r.currency, r.account, r.payee, r.text, r.counter) for r in statement.rows]
