"""What a person says about a file that waits: answers to its questions, its accounts, mended cells, ticked rows."""

from __future__ import annotations

import re

from dashboard import statements
from dashboard.errors import InputNotValid, NotFound, StatementNotReadable
from dashboard.importing.choices import Answers, Destination
from dashboard.model.queries import imported
from dashboard.services import fields
from dashboard.services.books import Book
from dashboard.services.imports import drafts

# What can be said of a whole file in a word, and the words.
ANSWERS = {
    "dates": ("dmy", "mdy"),
    "sign": ("out-negative", "out-positive"),
    "decimal": (",", "."),
    "unit": ("whole", "cents"),
    "fee": ("besides", "included"),
    "trust": ("yes",),
}


def answer(book: Book, draft_id: object, key: object, value: object) -> None:
    """Keep a person's answer or correction about a whole file.

    Raises:
        InputNotValid: there is no such question or answer.
        NotFound: the draft, or an account named in the answer, is not in this book.
    """
    if isinstance(key, str) and key.startswith("account:"):
        choose_account(book, draft_id, key.partition(":")[2], value)
        return
    name = fields.choice(key, "question", (*ANSWERS, "year", "columns", "date", "payee", "currency"))
    if not isinstance(value, str) or len(value) > 40:
        raise InputNotValid("Choose one of the answers")
    told = _answers(name, value)
    if told.columns:
        # What cannot be read so is said at once: the check screen would have nothing to show.
        draft = drafts.take(book, draft_id)
        try:
            statements.read(draft.data, draft.file, draft.choices.answered(told).hints)
        except StatementNotReadable as error:
            raise InputNotValid("That column cannot be read so: choose another", name) from error
    drafts.choose(book, draft_id, lambda choices: choices.answered(told))


def _answers(name: str, value: str) -> Answers:
    """Return one answer, checked.

    Raises:
        InputNotValid: it is none.
    """
    if name in ANSWERS:
        return Answers.from_json({name: fields.choice(value, name, ANSWERS[name])})
    if name == "year":
        if not re.fullmatch(r"(19|20|21)\d\d", value):
            raise InputNotValid("Choose a year")
        return Answers(year=int(value))
    if name == "currency":
        return Answers(currency=fields.currency(value))
    columns = chosen_columns(value)
    return Answers(columns={name: columns.get("amount", 0)} if name in ("date", "payee") else columns)


def chosen_columns(value: str) -> dict[str, int]:
    """Read the answer to which columns hold the amounts: "3", or "3,4" for money out and money in.

    Raises:
        InputNotValid: these are no column numbers.
    """
    parts = value.split(",")
    if not 1 <= len(parts) <= 2 or not all(part.isdecimal() and len(part) < 4 for part in parts):
        raise InputNotValid("Choose a column")
    numbers = [int(part) for part in parts]
    return {"amount": numbers[0]} if len(numbers) == 1 else {"debit": numbers[0], "credit": numbers[1]}


def choose_account(book: Book, draft_id: object, group: object, account_id: object, name: object = None) -> None:
    """Say which account a group of rows goes into: an id, or "new" with a name.

    Raises:
        NotFound: the draft or account is not in this book.
        InputNotValid: the name cannot be used.
    """
    key = fields.text(group, "group", longest=200)
    if account_id == "new":
        where = Destination(None, "new", fields.text(name, "name", longest=80) if name else "")
    else:
        where = Destination(fields.identity(account_id))
        with book.reading() as db:
            if all(a.id != where.account_id for a in imported.targets(db, book.id)):
                raise NotFound("That account does not exist, or is not yours.")
    drafts.choose(book, draft_id, lambda choices: choices.placed(key, where))


def mend(book: Book, draft_id: object, line: object, cell: object, text: object) -> None:
    """Correct a bad cell of a file in place: `cell` is date or amount.

    Raises:
        NotFound: the draft is not in this book.
        InputNotValid: there is no such cell.
    """
    name = fields.choice(cell, "cell", ("date", "amount"))
    number = fields.identity(line)
    mended = fields.text(text, name, longest=45)
    drafts.choose(book, draft_id, lambda choices: choices.mended(number, name, mended))


def tick(book: Book, draft_id: object, line: object, *, take: bool) -> None:
    """Take a row in, or leave it out.

    Raises:
        NotFound: the draft is not in this book.
    """
    number = fields.identity(line)
    drafts.choose(book, draft_id, lambda choices: choices.ticked(number, take=take))
