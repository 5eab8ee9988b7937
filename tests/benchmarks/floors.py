"""The floors: the same answers by the shortest way there is, raw sqlite3 over covering indexes."""

from __future__ import annotations

import csv
import hashlib
import io
import sqlite3
from datetime import date

FLOW = """
SELECT {key}, t.category_id, SUM(t.amount) FROM "transaction" t
WHERE t.book_id = ? AND {within} AND t.transfer_id IS NULL AND t.category_id IS NOT NULL GROUP BY 1, 2
UNION ALL
SELECT {key}, s.category_id, SUM(COALESCE(s.amount, t.amount)) FROM "transaction" t
LEFT JOIN split s ON s.book_id = t.book_id AND s.transaction_id = t.id
WHERE t.book_id = ? AND {within} AND t.transfer_id IS NULL AND t.category_id IS NULL GROUP BY 1, 2
"""


PAYEES = """
SELECT payee, MAX(category_id), -SUM(amount), COUNT(DISTINCT id) FROM (
    SELECT t.payee, t.category_id, t.amount, t.id FROM "transaction" t
    WHERE t.book_id = ? AND t.date BETWEEN ? AND ? AND t.transfer_id IS NULL AND t.category_id IS NOT NULL
    AND t.category_id NOT IN (SELECT id FROM category WHERE book_id = ? AND kind = 'income')
    UNION ALL
    SELECT t.payee, s.category_id, COALESCE(s.amount, t.amount), t.id FROM "transaction" t
    LEFT JOIN split s ON s.book_id = t.book_id AND s.transaction_id = t.id
    WHERE t.book_id = ? AND t.date BETWEEN ? AND ? AND t.transfer_id IS NULL AND t.category_id IS NULL
    AND COALESCE(s.amount, t.amount) < 0
) GROUP BY payee ORDER BY SUM(amount) LIMIT 5
"""


def dashboard_sums(db: sqlite3.Connection, book: int, months: tuple[int, int], spans: list[tuple[date, date]]) -> int:
    """Read what a month's dashboard is made of.

    Twelve months by category; the spans: the days shown first, those they are compared with, the same days of six months and
    what came after them; where the book begins and ends; the newest rows and their number; the top payees; the budgets.
    """
    rows = db.execute(FLOW.format(key="t.month", within="t.month BETWEEN ? AND ?"), (book, *months) * 2).fetchall()
    for start, end in spans:
        rows += db.execute(FLOW.format(key="1", within="t.date BETWEEN ? AND ?"), (book, start.isoformat(), end.isoformat()) * 2).fetchall()
    shown = (book, spans[0][0].isoformat(), spans[0][1].isoformat())
    for edge in ("MIN", "MAX"):
        rows += db.execute(f'SELECT {edge}(date) FROM "transaction" WHERE book_id = ?', (book,)).fetchall()
    once = "book_id = ? AND date BETWEEN ? AND ? AND (transfer_id IS NULL OR amount <= 0)"
    rows += db.execute(
        f'SELECT id, date, amount, payee, category_id, account_id FROM "transaction" WHERE {once} ORDER BY date DESC, id DESC LIMIT 8',
        shown,
    ).fetchall()
    rows += db.execute(f'SELECT COUNT(*) FROM "transaction" WHERE {once}', shown).fetchall()
    rows += db.execute(PAYEES, (*shown, book, *shown)).fetchall()
    rows += db.execute(
        "SELECT category_id, MAX(month), amount FROM budget WHERE book_id = ? AND month <= ? GROUP BY category_id", (book, months[1])
    ).fetchall()
    for table in ("account", "category"):
        rows += db.execute(f"SELECT * FROM {table} WHERE book_id = ?", (book,)).fetchall()
    return len(rows)


def import_csv(db: sqlite3.Connection, text: str) -> int:
    """Put a CSV file into one table with one unique key; return how many rows were new."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS plain (date TEXT, amount INTEGER, payee TEXT, text TEXT, fingerprint INTEGER, occurrence INTEGER, UNIQUE (fingerprint, occurrence))"
    )
    before = db.execute("SELECT COUNT(*) FROM plain").fetchone()[0]
    rows, seen = [], {}
    reader = csv.reader(io.StringIO(text), delimiter=";")
    next(reader)
    for day, _, payee, words, amount, _, _ in reader:
        iso = f"{day[6:]}-{day[3:5]}-{day[:2]}"
        minor = int(amount.replace(",", ""))
        print_ = int.from_bytes(hashlib.blake2b(f"{iso}|{minor}|{payee} {words}".encode(), digest_size=8).digest(), "big", signed=True)
        seen[print_] = place = seen.get(print_, -1) + 1
        rows.append((iso, minor, payee, words, print_, place))
    with db:
        db.executemany("INSERT OR IGNORE INTO plain VALUES (?, ?, ?, ?, ?, ?)", rows)
    return db.execute("SELECT COUNT(*) FROM plain").fetchone()[0] - before


def statement(count: int, years: int = 20) -> str:
    """Write a bank's CSV with a running balance: semicolons, day first, decimal comma."""
    lines = ["Buchungstag;Valuta;Empfänger;Verwendungszweck;Betrag;Währung;Saldo"]
    balance = 1_000_000
    first = date(2006, 11, 19).toordinal()
    for i in range(count):
        day = date.fromordinal(first + i * int(years * 365.25) // count)
        amount = (i * 7919) % 38_000 - 20_000 or 1
        balance += amount
        lines.append(
            f"{day:%d.%m.%Y};{day:%d.%m.%Y};Laden {i * 31 % 900};Kartenzahlung {i * 104_729 % 1_000_003};{_comma(amount)};EUR;{_comma(balance)}"
        )
    return "\n".join(lines) + "\n"


def _comma(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100},{abs(minor) % 100:02}"
