"""Several accounts in one table of cells, each under a title and heads of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple, Protocol

from dashboard.errors import StatementNotReadable
from dashboard.statements import ends
from dashboard.statements.shapes import Hints, Proof, Statement, added
from dashboard.statements.table.cells import clean, date_shape
from dashboard.statements.table.layout import is_head
from dashboard.statements.table.vocabulary import CARD_NUMBER, EITHER_ACCOUNT, fold, head_roles

# So many lines above its heads may name a section's account.
REACH = 12
_DATA = re.compile(r"\d\D*\d\D*\d\D*\d").search
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b")
# "Checking 1111", "Everyday Saver ****4321": a name, and the end of a number.
_NAMED = re.compile(r"[^\W\d][^\d]{2,40}[ (*x\u2022.-]+\d{4,}\)?")
# What else is numbered so.
_OTHER = frozenset(
    "page statement seite auszug kontoauszug pagina extracto extrait releve estratto nr no number tel phone fax period from to date year "
    "total balance opening closing reference customer client".split()
)


class Section(NamedTuple):
    """A part of a grid, from its title on, and the account that it is of."""

    start: int
    end: int
    account: str


def found(grid: list[list[str]]) -> list[Section]:
    """Return the parts of a grid that are of several accounts, none where it is of one."""
    heads = [i for i, row in enumerate(grid) if not _DATA("".join(row)) and is_head(row)]
    if len(heads) < 2:
        return []
    parts: list[Section] = []
    for n, head in enumerate(heads):
        start, account = _title(grid, max(head - REACH, heads[n - 1] + 1 if n else 0), head)
        if n and not account:
            # Heads that are repeated on a new page.
            continue
        if parts and account == parts[-1].account:
            continue
        if parts:
            parts[-1] = parts[-1]._replace(end=start)
        parts.append(Section(start if n else 0, len(grid), account))
    return parts if len({part.account for part in parts} - {""}) > 1 else []


class _Reader(Protocol):
    def __call__(self, grid: list[list[str]], lines: list[int], hints: Hints) -> Statement:
        """Read one table."""


def read(parts: list[Section], grid: list[list[str]], lines: list[int], hints: Hints, one: _Reader) -> Statement:
    """Read each part by itself and put them together.

    Raises:
        StatementNotReadable: none of them has transactions.
    """
    told: list[Statement] = []
    for part in parts:
        mine, at = grid[part.start : part.end], lines[part.start : part.end]
        try:
            statement = one(mine, at, hints)
        except StatementNotReadable:
            if (part is parts[-1] and not told) or any(date_shape(clean(cell)) for row in mine for cell in row):
                raise
            # An account where nothing happened.
            continue
        if statement.questions and (like := next((s for s in told if _answers(s, statement)), None)) is not None:
            # What another part of the same columns shows of dates, marks and signs is so here.
            known = {name: getattr(hints, name) or getattr(like.reading, name) for name in ("dates", "decimal", "sign")}
            statement = one(mine, at, replace(hints, **known))
        told.append(
            replace(
                statement,
                rows=[row if row.account else row._replace(account=part.account) for row in statement.rows],
                ends={(account or part.account, currency): held for (account, currency), held in statement.ends.items()},
            )
        )
    asked = {question.key: question for statement in reversed(told) for question in statement.questions}
    return replace(
        told[0],
        rows=[row for statement in told for row in statement.rows],
        rejected=[row for statement in told for row in statement.rejected],
        questions=list(asked.values()),
        proof=_proof([statement.proof for statement in told]),
        ends=ends.joined(
            (name, statement.ends.get(name)) for statement in told for name in {(row.account, row.currency) for row in statement.rows}
        ),
    )


def _answers(known: Statement, asking: Statement) -> bool:
    return not known.questions and known.reading.header == asking.reading.header


def _proof(proofs: list[Proof | None]) -> Proof | None:
    """Return what all balances prove together, nothing where a part has none; one that does not hold speaks for itself."""
    known = [proof for proof in proofs if proof is not None]
    broken = next((proof for proof in known if not proof.holds and proof.agree < proof.steps), None)
    if broken is not None or len(known) < len(proofs) or len({proof.ends for proof in known}) > 1:
        return broken
    return added(known)


def _title(grid: list[list[str]], first: int, head: int) -> tuple[int, str]:
    """Return where a part begins, and the account that a line over its heads names, "" where none does; the nearest tells."""
    start = head
    for i in range(head - 1, first - 1, -1):
        cells = [cell.strip() for cell in grid[i] if cell.strip()]
        if len(cells) > 2 and any(date_shape(clean(cell)) for cell in cells):
            break
        start = i
        if account := _account(cells):
            return i, account
    return start, ""


def _account(cells: list[str]) -> str:
    """Return the account that a line of cells names: by a word for accounts, or by how its number is written."""
    pieces = [piece.strip() for cell in cells for piece in cell.split(":", 1) if piece.strip()]
    for name, value in pairwise(pieces):
        if "account" in head_roles(name) or fold(name) in EITHER_ACCOUNT:
            return value[:80]
    if len(cells) != 1 or len(cells[0]) > 60:
        return ""
    if iban := _IBAN.search(cells[0]):
        return iban[0]
    alone = cells[0]
    words = set(fold(alone).split())
    if "account" in head_roles(alone) and any(map(str.isdigit, alone)):
        return alone
    return alone if (_NAMED.fullmatch(alone) or CARD_NUMBER.fullmatch(alone)) and words.isdisjoint(_OTHER) else ""
