"""Importing statements: what a file says, what of it is new, and putting that into the book.

Reading and hashing happen outside the lock; inside it the account's keys are read, the new rows put in, and the journal
written, all or nothing. Each step is the same three: what the book knows is fetched, dashboard/importing decides, and what
was decided is written.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from dashboard import statements
from dashboard.errors import InputNotValid, NotFound, QuestionOpen
from dashboard.importing.accounts import placed
from dashboard.importing.choices import Answers, Choices, shape_of
from dashboard.importing.grouping import grouped
from dashboard.importing.receipts import Receipt, receipt
from dashboard.importing.shapes import NEW, Check, Group
from dashboard.model import database
from dashboard.model.queries import drafts as stored_drafts
from dashboard.model.queries import imported
from dashboard.model.writing import Writer
from dashboard.services import fields
from dashboard.services.books import Book
from dashboard.services.categories import read_categories
from dashboard.services.imports import drafts, judging, transfers, writing
from dashboard.services.people import limits
from dashboard.services.rules import ideas
from dashboard.statements import keeping

# So many new rows move the database's statistics enough to refresh them.
MANY = 5000
# So many rows are shown before they are imported.
SHOWN = 200


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


@dataclass(frozen=True)
class _File:
    """A file that was read: its own name, its digest, what it says, and what was chosen about it."""

    name: str
    digest: str
    statement: statements.Statement
    choices: Choices
    draft_id: int | None = None


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
    with book.reading() as db:
        choices = judging.recall(db, book, statement)
    return drafts.keep(book, name, data, choices, keeping.kept(statement, statements.Hints()))


def clean_name(filename: object) -> str:
    """Return a file's own name without folders; it is shown, never used as a path."""
    text = filename if isinstance(filename, str) else "statement"
    tail = PurePosixPath(text[-2000:].replace("\\", "/")).name or "statement"
    return fields.text(tail[-200:], "file name", longest=200) or "statement"


@_uncollected()
def check(book: Book, draft_id: object, status: str = "") -> Check:
    """Return a draft with every row's fate; `shown` of it are rows of a status, or ("") of all.

    Raises:
        NotFound: the draft is gone or not in this book.
    """
    file = _draft(book, draft_id)
    with book.reading() as db:
        groups = grouped(file.name, file.statement, file.choices, judging.ground(db, book))
        targets = judging.settle(db, book, groups)
        judging.judge(db, book, groups, shape_of(file.statement), file.digest)
        checked = Check(file.draft_id or 0, file.name, file.statement, groups, targets, file.choices)
        lines = checked.of_status(status)
        checked.shown, checked.hidden = lines[:SHOWN], max(0, len(lines) - SHOWN)
        checked.twins = judging.twins(db, book, checked.shown)
        checked.standings = judging.stand(db, book, checked, targets)
        if not file.statement.own_export:
            found = ideas(db, book)
            for line in checked.shown:
                if line.status == NEW and line.amount is not None:
                    idea = found.of(line.payee, line.text, line.amount, None, line.category)
                    checked.ideas |= {line.line: idea} if idea is not None else {}
            checked.slow_rules = found.left_out
    return checked


@_uncollected()
def commit(book: Book, draft_id: object) -> Receipt:
    """Put a draft's chosen rows into the book.

    Raises:
        NotFound: it is imported already, or gone.
        InputNotValid: a question about it is still open.
    """
    return _commit(book, _draft(book, draft_id))


@dataclass(frozen=True)
class Order:
    """What is said of a file that is imported in one go.

    account: into the account of this name, made if it is new. answers: to questions. take: lines that are added although they may
    be saved already.
    """

    account: str | None = None
    answers: Answers = field(default_factory=Answers)
    take: frozenset[int] = frozenset()


@_uncollected()
def import_file(
    book: Book, filename: str, data: bytes, order: Order | None = None, progress: Callable[[float], None] | None = None
) -> Receipt:
    """Read and import a file in one go, as the command line does; any size.

    Args:
        progress: is told the share of the work that is done.

    Raises:
        StatementNotReadable: it is no statement.
        InputNotValid: a question is open, or it is not clear which account is meant; the sentence says what to pass.
    """
    told = progress or (lambda _share: None)
    order = order or Order()
    choices = Choices(order.answers, take=order.take)

    def read() -> statements.Statement:
        return statements.read(data, filename, choices.hints, progress=lambda share: told(share * 0.6))

    statement = read()
    name = clean_name(filename)
    account = fields.text(order.account, "account", longest=80, required=True) if order.account is not None else None
    with book.reading() as db:
        targets = imported.targets(db, book.id)
        known = judging.recall(db, book, statement)
    choices = replace(choices, accounts=placed(targets, statement, known, account))
    # What was answered for another file is for one that is known to be of the same account.
    sure = {where.account_id for where in (*known.accounts.values(), *(choices.accounts.values() if account is not None else ()))}
    choices = replace(choices, recalled={i: answers for i, answers in known.recalled.items() if i in sure})
    if choices.recalled:
        statement = read()
    told(0.6)
    done = _commit(book, _File(name, hashlib.sha256(data).hexdigest(), statement, choices), told)
    told(1.0)
    return done


def _draft(book: Book, draft_id: object) -> _File:
    """Return a file that waits with what it says: it is read again only where other things were said of it since."""
    draft = drafts.take(book, draft_id)
    hints = draft.choices.hints
    statement = keeping.read_back(draft.reading, hints) if draft.reading else None
    if statement is None:
        statement = statements.read(draft.data, draft.file, hints)
        drafts.keep_reading(book, draft.id, keeping.kept(statement, hints))
    return _File(draft.file, hashlib.sha256(draft.data).hexdigest(), statement, draft.choices, draft.id)


def _commit(book: Book, file: _File, told: Callable[[float], None] = lambda _share: None) -> Receipt:
    answered = file.choices.settled.said()
    if still_open := [question for question in file.statement.questions if question.key not in answered]:
        question = still_open[0]
        raise QuestionOpen(question.text, question.key, tuple((option.value, option.label) for option in question.options[:2]))
    with book.reading() as db:
        ground = judging.ground(db, book)
    groups = grouped(file.name, file.statement, file.choices, ground)
    with book.writing() as w:
        if file.draft_id is not None and not stored_drafts.remove(w.connection, book.id, file.draft_id):
            raise NotFound("This file has been imported already.")
        checked = _checked(w, book, file, groups)
        told(0.75)
        done = _put_in(w, book, file, checked)
        told(0.9)
    if done.added >= MANY:
        database.tidy(book.engine)
    return done


def _checked(w: Writer, book: Book, file: _File, groups: list[Group]) -> Check:
    """Return a file with every row's fate as it is under the book's lock.

    Raises:
        InputNotValid: it is not clear which account is meant.
    """
    targets = judging.settle(w.connection, book, groups)
    checked = Check(file.draft_id or 0, file.name, file.statement, groups, targets, file.choices)
    if checked.questions:
        raise InputNotValid(checked.questions[0].text, checked.questions[0].key)
    judging.judge(w.connection, book, groups, shape_of(file.statement), file.digest)
    checked.standings = judging.stand(w.connection, book, checked, targets)
    return checked


def _put_in(w: Writer, book: Book, file: _File, checked: Check) -> Receipt:
    """Write what is chosen, and what was left out beside a saved one."""
    chosen = checked.chosen
    done = receipt(checked, chosen)
    if file.draft_id is not None:
        writing.leave_out(w, checked)
    if not chosen:
        w.action = f"Rows of {file.name} left out that are there already"
        return replace(done, revision=w.revision if w.steps else 0)
    own = file.statement.own_export
    found = None if own else ideas(w.connection, book)
    names = writing.named_categories(w, checked, read_categories(w.connection, book))
    labels = writing.Labels(names, found, transfers.numbered(w, checked) if own else {})
    written = writing.put_in(w, checked, labels, file.digest)
    slow = found.left_out if found is not None else ""
    writing.remember_rules(w, written, slow)
    joined, waiting = (0, 0) if own else transfers.join(w, written.rows)
    w.action = f"{len(chosen)} transactions from {file.name} imported"
    return replace(
        done, import_ids=tuple(written.memories), revision=w.revision, transfers=joined, pairs=waiting, rules=slow
    )
