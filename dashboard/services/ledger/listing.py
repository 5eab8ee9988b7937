"""The list of transactions: what a selection shows of a book, and what of it an action is for."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection

from dashboard.analysis.frames import rows as rows_of
from dashboard.errors import ChangedMeanwhile, InputNotValid, NotFound
from dashboard.model.queries import imported, ledger
from dashboard.model.queries import transactions as queries
from dashboard.model.queries.terms import Dated, Group, Term
from dashboard.model.queries.transactions import Transaction
from dashboard.model.writing import chunks
from dashboard.periods import Period, period_text
from dashboard.selection import Selection
from dashboard.services import fields
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book
from dashboard.services.categories import Category, read_categories
from dashboard.services.ledger.searching import NOBODY, understood

REMEMBERED = 2000
OFTEN = 3
MOST_PAYEES = 300


@dataclass(frozen=True)
class Ledger:
    """One page of the list: `rows` and `parts` as of queries/ledger.py, and the sums of all that match, by currency."""

    rows: pd.DataFrame
    parts: pd.DataFrame
    count: int
    page: int
    pages: int
    money_in: dict[str, int]
    money_out: dict[str, int]
    unseen: int
    accounts: dict[int, Account]
    categories: dict[int, Category]
    selection: Selection
    notes: tuple[str, ...] = ()

    @property
    def by_day(self) -> dict[tuple[date, str], int]:
        """Return what the page's rows of each day sum to by currency, without transfers: minor units by (day, currency)."""
        rows = self.rows[self.rows["transfer_id"].isna()]
        codes = rows["account_id"].map(lambda i: self.accounts[i].currency)
        return {key: int(value) for key, value in rows.groupby([rows["date"], codes])["amount"].sum().items()}


class Known(NamedTuple):
    """What was chosen for a payee the last time; amount in minor units, signed."""

    payee: str
    category_id: int | None
    account_id: int
    amount: int
    times: int


def listed(book: Book, selection: Selection) -> Ledger:
    """Return the page of transactions that a selection shows."""
    with book.reading() as db:
        accounts = {a.id: a for a in read_accounts(db, book)}
        categories = {c.id: c for c in read_categories(db, book)}
        chosen, notes = filter_of(db, book, selection, list(accounts.values()), list(categories.values()))
        count, sums = ledger.totals(db, chosen)
        pages = max(1, -(-count // ledger.PAGE))
        number = min(selection.page, pages)
        rows = ledger.page(db, chosen, number) if count else ledger.page(db, chosen, size=0)
        parts = ledger.parts(db, book.id, [row.id for row in rows_of(rows) if row.parts])
        unseen = ledger.unseen(db, book.id)
    money_in: dict[str, int] = {}
    money_out: dict[str, int] = {}
    for account_id, came, went in rows_of(sums):
        code = accounts[account_id].currency
        money_in[code] = money_in.get(code, 0) + came
        money_out[code] = money_out.get(code, 0) + went
    return Ledger(rows, parts, count, number, pages, money_in, money_out, unseen, accounts, categories, selection, notes)


def filter_of(
    db: Connection, book: Book, selection: Selection, accounts: Sequence[Account], categories: Sequence[Category], *, fold: bool = True
) -> tuple[ledger.Filter, tuple[str, ...]]:
    """Turn a selection into a filter of this book, and say what of its search was not understood.

    Accounts and categories of others are like unknown ones. With `fold` a transfer between two accounts is one row.
    """
    search = understood(selection.search, accounts, categories, book.locale)
    labels = selection.categories
    if search.categories is not None:
        labels = tuple(i for i in labels if i in search.categories) or (NOBODY,) if labels else search.categories
    # An import is looked at whole, whatever months it spans.
    whole = selection.period == Period.all_time() or bool(selection.imported)
    groups, notes = search.groups, search.notes
    start: date | None = None if whole else selection.period.start
    end: date | None = None if whole else selection.period.end
    if search.dated:
        if start and end:
            notes += (f"The search says which days are looked at: not only {period_text(selection.period, book.locale)}.",)
        groups, start, end = _dated(groups, start, end)
    chosen = ledger.Filter(
        book_id=book.id,
        start=start,
        end=end,
        accounts=_accounts(selection, search.accounts, accounts),
        categories=labels,
        kind=selection.kind,
        income_categories=tuple(c.id for c in categories if c.is_income),
        search=groups,
        payee=selection.payee,
        imported=queries.edges_of_import(db, book.id, selection.imported) if selection.imported else None,
        unseen=selection.review,
        fold=fold,
        sort=selection.sort,
    )
    return chosen, notes


def _accounts(selection: Selection, searched: Collection[int] | None, accounts: Sequence[Account]) -> tuple[int, ...] | None:
    """Return the accounts that a selection and its search (None: all) let through, None for all of the book's."""
    if not selection.accounts and not selection.currency and searched is None:
        return None
    return tuple(
        a.id
        for a in accounts
        if (not selection.accounts or a.id in selection.accounts)
        and (selection.currency is None or a.currency == selection.currency)
        and (searched is None or a.id in searched)
    )


def _dated(groups: tuple[Group, ...], start: date | None, end: date | None) -> tuple[tuple[Group, ...], date | None, date | None]:
    """Return the groups of a search that says days itself, and the days that all rows are in: a group that says none keeps the page's."""
    if len(groups) > 1:
        page = (Term((Dated(start, end),)),)
        return tuple(group if any(map(_says_days, group)) else group + page for group in groups), None, None
    days = [term.either[0] for term in groups[0] if _says_days(term)]
    first = max((one.start for one in days if isinstance(one, Dated) and one.start), default=None)
    last = min((one.end for one in days if isinstance(one, Dated) and one.end), default=None)
    rest = tuple(term for term in groups[0] if not _says_days(term))
    return ((rest,) if rest else ()), first, last


def _says_days(term: Term) -> bool:
    return isinstance(term.either[0], Dated) and not term.negated


def meant(db: Connection, book: Book, rows: object) -> list[int]:
    """Return the ids that an action is for: a list of them, or all that a selection finds.

    Args:
        rows: ids; or {"query": the list's address, "count": how many the person saw}.

    Raises:
        InputNotValid: nothing is selected.
        NotFound: one of the ids cannot be one.
        ChangedMeanwhile: the selection finds another number of rows than the person saw.
    """
    if isinstance(rows, dict):
        query, seen = rows.get("query"), rows.get("count")
        selection = Selection.from_query(query, book.today)
        chosen, _ = filter_of(db, book, selection, read_accounts(db, book), read_categories(db, book))
        found = ledger.ids(db, chosen)
        if len(found) != seen:
            raise ChangedMeanwhile("The list has changed since you selected it. Look at it again; nothing was changed.")
        return found
    if not isinstance(rows, list):
        rows = [rows]
    return list(dict.fromkeys(fields.identities(rows)))


def stored(db: Connection, book: Book, ids: list[int]) -> list[Transaction]:
    """Return transactions.

    Raises:
        InputNotValid: none is asked for.
        NotFound: one of them is not in this book.
    """
    found = queries.by_ids(db, book.id, ids)
    all_there(ids, found)
    return found


def all_there(ids: Sequence[int], found: Sized) -> None:
    """Refuse where some of the transactions that are asked for were not found.

    Raises:
        InputNotValid: none is asked for.
        NotFound: one of them is not in this book.
    """
    if not ids:
        raise InputNotValid("Select some rows first")
    if len(found) != len(set(ids)):
        raise NotFound("That transaction does not exist, or is not yours.")


def sent_before(db: Connection, book: Book, key: str) -> int | None:
    """Return the transaction that a form with this key has made already."""
    # Only the newest rows can be a double click; they are at the end of the book's ids.
    return queries.newest_with_bank_id(db, book.id, f"form:{key}", 50)


def counted(book: Book, rows: object) -> tuple[int, dict[str, int]]:
    """Return how many transactions are selected and what they sum to by currency, transfers left out.

    Raises: as of `meant`.
    """
    with book.reading() as db:
        ids = meant(db, book, rows)
        accounts = {a.id: a.currency for a in read_accounts(db, book)}
        sums: dict[str, int] = {}
        count = 0
        for part in chunks(ids):
            found, frame = ledger.totals(db, ledger.Filter(book.id, ids=tuple(part)))
            count += found
            for account_id, came, went in rows_of(frame):
                code = accounts[account_id]
                sums[code] = sums.get(code, 0) + came - went
    return count, sums


def known_payees(book: Book) -> list[Known]:
    """Return what was chosen last for each payee of the latest transactions, the most frequent payees first."""
    found: dict[str, Known] = {}
    with book.reading() as db:
        for row in queries.latest_payees(db, book.id, REMEMBERED):
            known = found.get(row.payee)
            found[row.payee] = known._replace(times=known.times + 1) if known else Known(*row, 1)
    return sorted(found.values(), key=lambda k: -k.times)[:MOST_PAYEES]


def to_review(book: Book) -> int:
    """Count the transactions that nobody has reviewed yet."""
    with book.reading() as db:
        return ledger.unseen(db, book.id)


def import_name(book: Book, import_id: int) -> str:
    """Return the file name of an import, "" where it is not in this book."""
    with book.reading() as db:
        found = imported.by_id(db, book.id, import_id)
    return found.file if found is not None else ""
