"""Our own small statements, invented for these tests, with what they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from dashboard.statements import Statement

FOLDER = Path(__file__).parents[1] / "samples"
Movement = tuple[date, Decimal]


def _movements(text: str) -> list[Movement]:
    return [(date.fromisoformat(day), Decimal(amount)) for day, amount in (line.split() for line in text.split("|"))]


# File name: encoding, currency or None, movements.
SAMPLES: dict[str, tuple[str, str | None, list[Movement]]] = {
    "german_preamble.csv": ("cp1252", "EUR", _movements("2025-04-02 -7.85|2025-04-03 -96.00|2025-04-15 2340.10|2025-04-28 -1120.00")),
    "american_signed.csv": ("utf-8", None, _movements("2025-05-19 -43.18|2025-05-16 1250.00|2025-05-14 -38.50|2025-05-02 -11.50")),
    "british_pair.csv": ("utf-8", None, _movements("2025-02-03 -4.60|2025-02-07 -750.00|2025-02-21 1890.25|2025-02-24 -23.90")),
    "dutch_direction.csv": ("utf-8", "EUR", _movements("2025-03-11 -54.95|2025-03-12 -118.20|2025-03-25 2105.00|2025-03-27 -12.40")),
    "headless_balance.csv": ("utf-8", None, _movements("2025-06-17 -18.20|2025-06-16 1500.00|2025-06-14 -60.00|2025-06-13 -9.90")),
    "japanese_pair.csv": ("cp932", None, _movements("2025-07-02 -640|2025-07-10 215000|2025-07-18 -7412|2025-07-25 -68000")),
    "turkish_suffix.csv": ("cp1254", "TRY", _movements("2025-08-04 -85.50|2025-08-15 28000.00|2025-08-19 -1240.75")),
    "greek_sign_letter.csv": ("cp1253", None, _movements("2025-09-05 -3.80|2025-09-15 1120.00|2025-09-18 -430.00")),
    "thai_years.csv": ("utf-8", None, _movements("2025-01-03 -60.00|2025-01-15 21000.00|2025-01-29 -812.50")),
    "years_first.csv": ("utf-8", None, _movements("2025-02-04 -1980|2025-02-14 230000|2025-02-26 -3100")),
    "unquoted_decimals.csv": ("utf-8", None, _movements("2025-10-06 -14.90|2025-10-15 1870.00|2025-10-20 -11.05")),
    "indian_suffix.csv": ("utf-8", None, _movements("2025-11-03 -120450.00|2025-11-12 95000.00|2025-11-21 -500.00")),
}


def movements(statement: Statement) -> list[Movement]:
    """Return date and amount of every row."""
    return [(row.date, row.amount) for row in statement.rows]


def table(*lines: str) -> bytes:
    """Return lines as the bytes of a file."""
    return ("\n".join(lines) + "\n").encode()
