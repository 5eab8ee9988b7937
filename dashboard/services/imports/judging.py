"""What a book says about the rows of a file: each question is fetched here and decided in dashboard/importing."""

from __future__ import annotations

from sqlalchemy import Connection

from dashboard import statements
from dashboard.importing import accounts, balances, duplicates, lookalikes
from dashboard.importing.choices import Choices, shape_of
from dashboard.importing.grouping import Ground
from dashboard.importing.shapes import MATCH, UNSURE, Check, Group, Line, Standing, Target, Twin
from dashboard.model.queries import imported, reach
from dashboard.services.books import Book


def ground(db: Connection, book: Book) -> Ground:
    """Return what of a book says where rows go."""
    return Ground(imported.targets(db, book.id), book.currency, reach.has_files(db, book.id))


def recall(db: Connection, book: Book, statement: statements.Statement) -> Choices:
    """Return what is known of a file from those of its shape before it, as of importing/accounts.py."""
    targets = imported.targets(db, book.id)
    memories = accounts.Memories({}, {})
    if not statement.own_export:
        memories = accounts.of_shape(shape_of(statement), imported.memories(db, book.id, accounts.REMEMBERED), targets)
    asked = {question.key for question in statement.questions}
    few = 1 if len(targets) == 1 else accounts.KNOWN_PAYEES
    like: dict[str, dict[int, float]] = {}
    groups = accounts.by_group(statement)
    for key, rows in groups.items():
        if rows[0].account or accounts.by_label(targets, rows[0].account) is not None:
            continue
        like[key] = {}
        for target in accounts.fitting(rows, targets, memories):
            mark = accounts.marks(rows, target.currency, dated="dates" not in asked)
            seen = imported.seen(db, book.id, target.id, mark, accounts.SAMPLE)
            like[key][target.id] = accounts.likeness(rows, target, mark, seen, few)
    return accounts.recall(groups, asked, targets, memories, like)


def settle(db: Connection, book: Book, groups: list[Group]) -> list[Target]:
    """Find the account of groups that have none yet, and return all accounts as they stand.

    To be called again under the book's lock: another process may have made the account since.

    Raises:
        ChangedMeanwhile: the account of a group is gone, or has another currency by now.
    """
    targets = imported.targets(db, book.id)
    for group in accounts.open_groups(groups, targets):
        prints = accounts.prints(group)
        if prints:
            found = accounts.by_content(group, targets, imported.with_fingerprints(db, book.id, prints))
            found = found or accounts.by_amounts(group, targets, imported.of_amounts(db, book.id, accounts.sample(group)))
            accounts.settle(group, found)
    return targets


def judge(db: Connection, book: Book, groups: list[Group], shape: str, digest: str) -> None:
    """Say of each row whether its account has it, had it, may have it, or not; over all the groups that go into one account."""
    together: dict[object, list[Group]] = {}
    for group in groups:
        together.setdefault(group.place, []).append(group)
    for those in together.values():
        lines = [line for group in those for line in group.lines]
        judged = _judged(db, book, those[0].account_id, lines, (shape, digest))
        start = 0
        for group in those:
            group.lines = judged[start : start + len(group.lines)]
            start += len(group.lines)


def _judged(db: Connection, book: Book, account_id: int | None, lines: list[Line], file: tuple[str, str]) -> list[Line]:
    """Return the rows that go into one account with their fates; `file` is the file's shape and digest."""
    shape, digest = file
    if account_id is None:
        return duplicates.judge(lines, (), (), digest)
    spans = imported.spans(db, book.id, account_id)
    judged = duplicates.judge(lines, imported.known(db, book.id, account_id), spans, digest)
    days = lookalikes.reach(judged)
    if days is None:
        return judged
    return lookalikes.find(judged, imported.saved(db, book.id, account_id, days), spans, shape)


def twins(db: Connection, book: Book, lines: list[Line]) -> dict[int, Twin]:
    """Return the saved transactions that the rows in doubt stand beside."""
    return imported.twins(db, book.id, sorted({line.twin for line in lines if line.twin and line.status in (UNSURE, MATCH)}))


def stand(db: Connection, book: Book, checked: Check, targets: list[Target]) -> tuple[Standing, ...]:
    """Decide what the accounts of a file open with, and say where they will not stand as the bank says."""
    by_id = {target.id: target for target in targets}
    holdings: dict[str, balances.Holding] = {}
    for key, asked in balances.asked(checked.groups).items():
        values = imported.values(db, book.id, asked.account_id)
        sums = imported.sums(db, book.id, asked, *balances.said(values, asked))
        holdings[key] = balances.holding(by_id[asked.account_id], sums, values, asked)
    return balances.stand(checked, holdings, book.locale)
