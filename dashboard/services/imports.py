"""Importing statements: what a file says, what of it is new, and putting that into the book.

Reading and hashing happen outside the lock; inside it the account's keys are read, the new rows put in, and the
journal written, all or nothing. What a row's fate is, import_rows.py says.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import func, select

from dashboard import statements
from dashboard.errors import InputNotValid, NotFound
from dashboard.model import database
from dashboard.model.accounts import account
from dashboard.model.imports import import_
from dashboard.model.queries import nouns
from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer
from dashboard.periods import month_of, utc_now
from dashboard.services import categories, drafts, fields, limits
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import Category, read_categories
from dashboard.services.import_choices import hints_of
from dashboard.services.import_rows import DELETED, DUPLICATE, HELD, NEW, PROBLEM, Check, Line, by_label, group_key, grouped, judge, settle
from dashboard.statements.own import TRANSFER

COLUMNS = (
    "account_id",
    "date",
    "month",
    "amount",
    "payee",
    "text",
    "note",
    "category_id",
    "bank_id",
    "fingerprint",
    "occurrence",
    "import_id",
    "transfer_id",
    "reviewed",
    "balance",
)
# So many new rows move the database's statistics enough to refresh them.
MANY = 5000


@dataclass(frozen=True)
class Receipt:
    """What an import did. Amounts are minor units by currency, both positive."""

    file: str
    read: int
    added: int
    duplicates: int
    problems: int
    left_out: int
    money_in: dict[str, int]
    money_out: dict[str, int]
    start: date | None
    end: date | None
    accounts: tuple[str, ...]
    proof: str
    import_ids: tuple[int, ...] = ()
    revision: int = 0


def receive(book: Book, filename: object, data: bytes) -> int:
    """Take a file in, read it once to see that it is a statement, and keep it as a draft; return the draft's id.

    Raises:
        StatementNotReadable: it is no statement; nothing is kept.
        TooManyTries: too many files in an hour.
    """
    limits.spend(book.engine, "import", str(book.id))
    name = clean_name(filename)
    statement = statements.read(data, name)
    remembered = _remembered(book, _shape(statement))
    # An answer is for its question: a file that decides by itself is not overruled.
    asked = {question.key for question in statement.questions}
    hints = {key: value for key, value in remembered.get("hints", {}).items() if key in asked}
    return drafts.keep(book, name, data, {"hints": hints, "accounts": remembered.get("accounts", {})})


def clean_name(filename: object) -> str:
    """Return a file's own name without folders; it is shown, never used as a path."""
    text = filename if isinstance(filename, str) else "statement"
    tail = PurePosixPath(text[-2000:].replace("\\", "/")).name or "statement"
    return fields.text(tail[-200:], "file name", longest=200) or "statement"


def check(book: Book, draft_id: object) -> Check:
    """Return a draft with every row's fate.

    Raises:
        NotFound: the draft is gone or not in this book.
    """
    draft = drafts.take(book, draft_id)
    statement = statements.read(draft.data, draft.file, hints_of(draft.choices))
    return _check(book, draft.id, draft.file, statement, draft.choices)


def commit(book: Book, draft_id: object) -> Receipt:
    """Put a draft's chosen rows into the book.

    Raises:
        NotFound: it is imported already, or gone.
        InputNotValid: a question about it is still open.
    """
    draft = drafts.take(book, draft_id)
    statement = statements.read(draft.data, draft.file, hints_of(draft.choices))
    return _commit(book, draft.id, draft.file, hashlib.sha256(draft.data).hexdigest(), statement, draft.choices)


def import_file(book: Book, filename: str, data: bytes, *, account_name: str | None = None, hints: dict[str, Any] | None = None) -> Receipt:
    """Read and import a file in one go, as the command line does; any size.

    Raises:
        StatementNotReadable: it is no statement.
        InputNotValid: a question is open, or it is not clear which account is meant; the sentence says what to pass.
    """
    choices: dict[str, Any] = {"hints": hints or {}, "accounts": {}}
    statement = statements.read(data, filename, hints_of(choices))
    name = clean_name(filename)
    with book.reading() as db:
        accounts = read_accounts(db, book)
    groups = {group_key(row): row.account for row in statement.rows}
    if account_name is not None:
        known = next((a for a in accounts if a.name.lower() == account_name.strip().lower()), None)
        choices["accounts"] = dict.fromkeys(
            groups, known.id if known else f"named:{fields.text(account_name, 'account', longest=80, required=True)}"
        )
    else:
        for key, label in groups.items():
            found = by_label(accounts, label)
            if found is None and len(accounts) > 1 and not statement.own_export:
                raise InputNotValid("There is more than one account this could go into: pass --account NAME")
            if found is None and len(accounts) == 1 and not statement.own_export:
                found = accounts[0].id
            if found is not None:
                choices["accounts"][key] = found
    return _commit(book, None, name, hashlib.sha256(data).hexdigest(), statement, choices)


def _shape(statement: statements.Statement) -> str:
    """Name the shape of a file, so that the next one from there needs no question."""
    reading = statement.reading
    return (
        hashlib.sha256(json.dumps([reading.format, reading.delimiter, list(reading.header)]).encode()).hexdigest()[:24]
        if any(reading.header)
        else ""
    )


def _remembered(book: Book, shape: str) -> dict[str, Any]:
    """Return what was chosen for the last file of this shape, as far as it still holds."""
    if not shape:
        return {}
    with book.reading() as db:
        alive = {a.id for a in read_accounts(db, book)}
        rows = db.execute(select(import_.c.reading).where(import_.c.book_id == book.id).order_by(import_.c.id.desc()).limit(200)).scalars()
        for text in rows:
            kept = json.loads(text)
            if kept.get("shape") == shape:
                hints = {k: v for k, v in kept.get("hints", {}).items() if k in ("dates", "sign", "decimal", "columns")}
                return {"hints": hints, "accounts": {k: v for k, v in kept.get("accounts", {}).items() if v in alive}}
    return {}


def _check(book: Book, draft_id: int, file: str, statement: statements.Statement, choices: dict[str, Any]) -> Check:
    with book.reading() as db:
        accounts = read_accounts(db, book)
        groups = grouped(book, file, statement, choices, accounts)
        settle(db, book, groups)
        for group in groups:
            judge(db, book, group)
    return Check(draft_id, file, statement, groups, accounts, choices)


def _commit(book: Book, draft_id: int | None, file: str, digest: str, statement: statements.Statement, choices: dict[str, Any]) -> Receipt:
    still_open = [q for q in statement.questions if q.key not in choices.get("hints", {})]
    if still_open:
        question = still_open[0]
        answers = " or ".join(f"--{question.key} {option.value} ({option.label})" for option in question.options[:2])
        raise InputNotValid(f"{question.text} Pass {answers}", question.key)
    with book.reading() as db:
        accounts = read_accounts(db, book)
    groups = grouped(book, file, statement, choices, accounts)
    checked = Check(draft_id or 0, file, statement, groups, accounts, choices)
    with book.writing() as w:
        if draft_id is not None and not drafts.remove(w.connection, book, draft_id):
            raise NotFound("This file has been imported already.")
        settle(w.connection, book, groups)
        for group in groups:
            judge(w.connection, book, group)
        chosen = checked.chosen
        receipt = _receipt(checked, chosen)
        if not chosen:
            return receipt
        ids = _put_in(w, book, checked, read_categories(w.connection, book), statement, digest)
        w.action = f"{len(chosen)} transactions from {file} imported"
        done = Receipt(**(receipt.__dict__ | {"import_ids": tuple(ids), "revision": w.revision}))
    if len(chosen) >= MANY:
        database.tidy(book.engine)
    return done


def _put_in(w: Writer, book: Book, checked: Check, known: list[Category], statement: statements.Statement, digest: str) -> list[int]:
    """Write the chosen rows, the accounts and categories they need, and one import for each account."""
    by_name = {c.name.lower(): c.id for c in known}
    if statement.own_export:
        sums: dict[str, int] = {}
        for line in checked.chosen:
            if line.category and line.category != TRANSFER and line.category.lower() not in by_name:
                sums[line.category] = sums.get(line.category, 0) + (line.amount or 0)
        by_name |= {name.lower(): new for name, new in categories.add_named(w, known, {n: s > 0 for n, s in sums.items()}).items()}
    import_ids: list[int] = []
    made: dict[tuple[str, str], int] = {}
    placed: dict[str, int] = {}
    for group in checked.groups:
        lines = [line for line in group.lines if checked.takes(line)]
        if not lines:
            continue
        if group.account_id is None and group.said == "named":
            group.account_id = made.get((group.name.lower(), group.currency))
        if group.account_id is None:
            group.account_id = made[group.name.lower(), group.currency] = w.insert(
                account,
                [
                    {
                        "name": _free_name(w, book, group.name),
                        "kind": "checking",
                        "currency": group.currency,
                        "opening": group.opening,
                        "number": group.label[:64],
                        "closed": False,
                    }
                ],
            )[0]
        placed[group.key] = group.account_id
        kept = {"shape": _shape(statement), "hints": checked.choices.get("hints", {}), "accounts": placed, "proof": checked.proof_text}
        import_ids.append(
            w.insert(
                import_,
                [
                    {
                        "account_id": group.account_id,
                        "file": checked.file,
                        "sha256": digest,
                        "format": statement.reading.format,
                        "at": utc_now(),
                        "read": len(group.lines),
                        "added": len(lines),
                        "duplicates": sum(1 for x in group.lines if x.status == DUPLICATE),
                        "problems": sum(1 for x in group.lines if x.status == PROBLEM),
                        "reading": json.dumps(kept),
                    }
                ],
            )[0]
        )
        if lines[0].day and lines[-1].day and lines[0].day > lines[-1].day:
            # Newest first in the file: turned round, so that ids grow with time and a day keeps its order.
            lines.reverse()
        w.insert_many(transaction, COLUMNS, _tuples(w, group.account_id, import_ids[-1], lines, by_name, own=statement.own_export))
    return import_ids


def _tuples(w: Writer, account_id: int, import_id: int, lines: list[Line], by_name: dict[str, int], *, own: bool) -> list[tuple[Any, ...]]:
    start = w.month_start
    months: dict[date, tuple[str, int]] = {}
    transfers = iter(w.new_ids(count)) if own and (count := sum(1 for x in lines if x.category == TRANSFER)) else iter(())
    rows = []
    for line in lines:
        day = line.day
        assert day is not None
        if (known := months.get(day)) is None:
            known = months[day] = (day.isoformat(), month_of(day, start))
        is_transfer = own and line.category == TRANSFER
        rows.append(
            (
                account_id,
                known[0],
                known[1],
                line.amount,
                line.payee or line.text or "\u2013",
                line.text,
                line.note,
                None if is_transfer or not line.category else by_name.get(line.category.lower()),
                line.bank_id[:128] or None,
                line.fingerprint,
                line.occurrence,
                import_id,
                next(transfers) if is_transfer else None,
                False,
                line.balance,
            )
        )
    return rows


def _free_name(w: Writer, book: Book, name: str) -> str:
    taken = {a.name.lower() for a in read_accounts(w.connection, book)}
    if name.lower() not in taken:
        return name
    return next(f"{name[:70]} {n}" for n in range(2, 10_000) if f"{name[:70]} {n}".lower() not in taken)


def _receipt(checked: Check, chosen: list[Line]) -> Receipt:
    money_in: dict[str, int] = {}
    money_out: dict[str, int] = {}
    for line in chosen:
        side = money_in if (line.amount or 0) > 0 else money_out
        side[line.currency] = side.get(line.currency, 0) + abs(line.amount or 0)
    days = [line.day for line in chosen if line.day is not None]
    return Receipt(
        file=checked.file,
        read=sum(len(g.lines) for g in checked.groups),
        added=len(chosen),
        duplicates=checked.count(DUPLICATE),
        problems=checked.count(PROBLEM),
        left_out=checked.count(NEW) + checked.count(DELETED) - len(chosen) + checked.count(HELD),
        money_in=money_in,
        money_out=money_out,
        start=min(days, default=None),
        end=max(days, default=None),
        accounts=tuple(g.name for g in checked.groups if any(checked.takes(x) for x in g.lines)),
        proof=checked.proof_text,
    )


class Stored(NamedTuple):
    """An import as it stands in the book; `month` (yyyymm) is its latest transaction's."""

    id: int
    revision: int
    file: str
    account: str
    currency: str
    added: int
    duplicates: int
    problems: int
    proof: str
    month: int


def earlier(book: Book) -> pd.DataFrame:
    """Return the latest imports, as of queries/nouns.py."""
    with book.reading() as db:
        return nouns.imports(db, book.id)


def receipt_of(book: Book, import_id: object) -> Stored:
    """Return one import.

    Raises:
        NotFound: it is undone, or not in this book.
    """
    wanted = fields.identity(import_id)
    i, t = import_.c, transaction.c
    with book.reading() as db:
        row = db.execute(select(import_).where(i.book_id == book.id, i.id == wanted)).one_or_none()
        if row is None:
            raise NotFound("This import has been undone: the book is as it was before.")
        month = db.execute(select(func.max(t.month)).where(t.book_id == book.id, t.import_id == wanted)).scalar_one() or month_of(
            book.today
        )
        into = next(a for a in read_accounts(db, book) if a.id == row.account_id)
    return Stored(
        row.id,
        row.revision,
        row.file,
        into.name,
        into.currency,
        row.added,
        row.duplicates,
        row.problems,
        json.loads(row.reading).get("proof", ""),
        month,
    )
