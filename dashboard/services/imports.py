"""Importing statements: what a file says, what of it is new, and putting that into the book.

Reading and hashing happen outside the lock; inside it the account's keys are read, the new rows put in, and the
journal written, all or nothing. Which account a row goes into import_accounts.py says, whether it is there already identity.py
and matches.py, its category suggesting.py, which rows are transfers transfer_finding.py, and how the accounts then stand to the
bank's balances import_balances.py.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection

from dashboard import statements
from dashboard.errors import InputNotValid, NotFound, QuestionOpen
from dashboard.model import database
from dashboard.services import drafts, fields, identity, import_balances, matches, transfer_finding
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import read_categories
from dashboard.services.import_accounts import recall, settle, target_of
from dashboard.services.import_choices import hints_of
from dashboard.services.import_receipts import Receipt, receipt
from dashboard.services.import_rows import grouped
from dashboard.services.import_shapes import Check, Group, answers_of, group_key, shape_of
from dashboard.services.import_storing import is_number, leave_out, put_in
from dashboard.services.people import limits
from dashboard.services.suggesting import ideas

# So many new rows move the database's statistics enough to refresh them.
MANY = 5000


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for cycles among a hundred thousand rows that have none: a quarter of the time (`make bench`).

    Used as a decorator. Of two at once the first to end lets it look again, which costs the other only that.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def receive(book: Book, filename: object, data: bytes) -> int:
    """Take a file in, read it once to see that it is a statement, and keep it as a draft; return the draft's id.

    Raises:
        StatementNotReadable: it is no statement; nothing is kept.
        TooManyTries: too many files in an hour.
    """
    limits.spend(book.engine, "import", str(book.id))
    name = clean_name(filename)
    statement = statements.read(data, name)
    return drafts.keep(book, name, data, {"hints": {}, **recall(book, statement)})


def clean_name(filename: object) -> str:
    """Return a file's own name without folders; it is shown, never used as a path."""
    text = filename if isinstance(filename, str) else "statement"
    tail = PurePosixPath(text[-2000:].replace("\\", "/")).name or "statement"
    return fields.text(tail[-200:], "file name", longest=200) or "statement"


@_uncollected()
def check(book: Book, draft_id: object) -> Check:
    """Return a draft with every row's fate.

    Raises:
        NotFound: the draft is gone or not in this book.
    """
    draft = drafts.take(book, draft_id)
    statement = statements.read(draft.data, draft.file, hints_of(draft.choices))
    return _check(book, draft, statement)


@_uncollected()
def commit(book: Book, draft_id: object) -> Receipt:
    """Put a draft's chosen rows into the book.

    Raises:
        NotFound: it is imported already, or gone.
        InputNotValid: a question about it is still open.
    """
    draft = drafts.take(book, draft_id)
    statement = statements.read(draft.data, draft.file, hints_of(draft.choices))
    return _commit(book, draft.id, draft.file, hashlib.sha256(draft.data).hexdigest(), statement, draft.choices)


@_uncollected()
def import_file(
    book: Book,
    filename: str,
    data: bytes,
    *,
    account_name: str | None = None,
    hints: dict[str, Any] | None = None,
    take: Sequence[int] = (),
    progress: Callable[[float], None] | None = None,
) -> Receipt:
    """Read and import a file in one go, as the command line does; any size.

    Args:
        account_name: into this account, made if it is new.
        hints: answers to questions, as of import_choices.py.
        take: lines that are added although they may be saved already.
        progress: is told the share of the work that is done.

    Raises:
        StatementNotReadable: it is no statement.
        InputNotValid: a question is open, or it is not clear which account is meant; the sentence says what to pass.
    """
    told = progress or (lambda _share: None)
    choices: dict[str, Any] = {"hints": hints or {}, "accounts": {}, "take": list(take)}

    def read() -> statements.Statement:
        return statements.read(data, filename, hints_of(choices), progress=lambda share: told(share * 0.6))

    statement = read()
    name = clean_name(filename)
    with book.reading() as db:
        accounts = read_accounts(db, book)
    known = recall(book, statement)
    choices["accounts"] = _placed(accounts, statement, known["accounts"], account_name)
    # What was answered for another file is for one that is known to be of the same account.
    sure = {*known["accounts"].values(), *(choices["accounts"].values() if account_name is not None else ())}
    choices["recalled"] = {i: hints for i, hints in known["recalled"].items() if int(i) in sure}
    if choices["recalled"]:
        statement = read()
    told(0.6)
    receipt = _commit(book, None, name, hashlib.sha256(data).hexdigest(), statement, choices, told)
    told(1.0)
    return receipt


def _placed(accounts: list[Account], statement: statements.Statement, known: dict[str, int], name: str | None) -> dict[str, Any]:
    """Return the account of each group of a file that nobody is asked about.

    Raises:
        InputNotValid: it is not clear which account is meant.
    """
    groups = {group_key(row): row.account for row in statement.rows}
    if name is not None:
        named = next((a.id for a in accounts if a.name.lower() == name.strip().lower()), None)
        return dict.fromkeys(groups, f"named:{fields.text(name, 'account', longest=80, required=True)}" if named is None else named)
    placed = dict(known)
    for key, label in groups.items():
        if key in placed or statement.own_export:
            continue
        if len(accounts) > 1 and not is_number(label):
            raise QuestionOpen("There is more than one account this could go into.", "account", (("NAME", ""),))
        if len(accounts) == len(groups) == 1 and not (is_number(label) and accounts[0].number):
            placed[key] = accounts[0].id
    return placed


def _check(book: Book, draft: drafts.Draft, statement: statements.Statement) -> Check:
    with book.reading() as db:
        accounts = read_accounts(db, book)
        groups = grouped(book, draft.file, statement, draft.choices, accounts)
        settle(db, book, groups)
        _judge(db, book, groups, shape_of(statement), hashlib.sha256(draft.data).hexdigest())
        shown = Check(draft.id, draft.file, statement, groups, accounts, draft.choices, ideas=ideas(db, book))
        shown.twins = matches.twins(db, book, shown.lines)
        shown.standings = import_balances.stand(db, book, shown)
    return shown


def _judge(db: Connection, book: Book, groups: list[Group], shape: str, digest: str) -> None:
    """Say of each row whether its account has it, had it, may have it, or not; over all the groups that go into one account."""
    together: dict[object, list[Group]] = {}
    for group in groups:
        together.setdefault(target_of(group), []).append(group)
    for those in together.values():
        lines = [line for group in those for line in group.lines]
        account_id = those[0].account_id
        judged = identity.judge(db, book, account_id, lines, digest)
        if account_id is not None:
            judged = matches.find(db, book, account_id, judged, shape)
        start = 0
        for group in those:
            group.lines = judged[start : start + len(group.lines)]
            start += len(group.lines)


def _commit(
    book: Book,
    draft_id: int | None,
    file: str,
    digest: str,
    statement: statements.Statement,
    choices: dict[str, Any],
    told: Callable[[float], None] = lambda _share: None,
) -> Receipt:
    if still_open := [q for q in statement.questions if q.key not in answers_of(choices)]:
        question = still_open[0]
        raise QuestionOpen(question.text, question.key, tuple((option.value, option.label) for option in question.options[:2]))
    with book.reading() as db:
        accounts = read_accounts(db, book)
    groups = grouped(book, file, statement, choices, accounts)
    checked = Check(draft_id or 0, file, statement, groups, accounts, choices)
    with book.writing() as w:
        if draft_id is not None and not drafts.remove(w.connection, book, draft_id):
            raise NotFound("This file has been imported already.")
        settle(w.connection, book, groups)
        if checked.questions:
            raise InputNotValid(checked.questions[0].text, checked.questions[0].key)
        _judge(w.connection, book, groups, shape_of(statement), digest)
        told(0.75)
        chosen = checked.chosen
        checked.standings = import_balances.stand(w.connection, book, checked)
        did = receipt(checked, chosen)
        if draft_id is not None:
            leave_out(w, checked)
        if not chosen:
            w.action = f"Rows of {file} left out that are there already"
            return replace(did, revision=w.revision if w.steps else 0)
        found = ideas(w.connection, book) if not statement.own_export else None
        ids, rows = put_in(w, book, checked, read_categories(w.connection, book), statement, digest, found)
        told(0.9)
        moved = transfer_finding.join(w, book, rows) if not statement.own_export else transfer_finding.Found()
        w.action = f"{len(chosen)} transactions from {file} imported"
        slow = found.left_out if found is not None else ""
        done = replace(did, import_ids=tuple(ids), revision=w.revision, transfers=moved.joined, pairs=moved.waiting, rules=slow)
    if len(chosen) >= MANY:
        database.tidy(book.engine)
    return done
