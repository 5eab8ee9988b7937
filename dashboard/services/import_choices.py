"""What a person says about a file that waits: answers to its questions, its accounts, mended cells, ticked rows."""

from __future__ import annotations

import re
from typing import Any

from dashboard import statements
from dashboard.errors import InputNotValid, NotFound, StatementNotReadable
from dashboard.services import drafts, fields
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book
from dashboard.services.import_shapes import AMOUNTS, answers_of

# What can be said of a whole file in a word, and the words.
ANSWERS = {
    "dates": ("dmy", "mdy"),
    "sign": ("out-negative", "out-positive"),
    "decimal": (",", "."),
    "unit": ("whole", "cents"),
    "fee": ("besides", "included"),
    "trust": ("yes",),
}


def hints_of(choices: dict[str, Any]) -> statements.Hints:
    """Return what a person has said about a file as hints for the reader."""
    said = answers_of(choices)
    return statements.Hints(
        dates=said.get("dates"),
        sign=said.get("sign"),
        decimal=said.get("decimal"),
        unit=said.get("unit"),
        fee=said.get("fee"),
        year=said.get("year"),
        currency=said.get("currency"),
        columns=said.get("columns", {}),
        cells={int(line): cells for line, cells in choices.get("cells", {}).items()},
    )


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
    told: object = value
    columns: dict[str, int] = {}
    if name in ANSWERS:
        told = fields.choice(value, name, ANSWERS[name])
    elif name == "year":
        if not re.fullmatch(r"(19|20|21)\d\d", value):
            raise InputNotValid("Choose a year")
        told = int(value)
    elif name == "currency":
        told = fields.currency(value)
    elif name in ("date", "payee"):
        columns = {name: chosen_columns(value).get("amount", 0)}
    else:
        columns = chosen_columns(value)

    def say(choices: dict[str, Any]) -> None:
        said = choices.setdefault("hints", {})
        if columns:
            before = said.get("columns", {})
            kept = before if name != "columns" else {role: column for role, column in before.items() if role not in AMOUNTS}
            said["columns"] = kept | columns
        else:
            said[name] = told

    if columns:
        # What cannot be read so is said at once: the check screen would have nothing to show.
        draft = drafts.take(book, draft_id)
        say(draft.choices)
        try:
            statements.read(draft.data, draft.file, hints_of(draft.choices))
        except StatementNotReadable as error:
            raise InputNotValid("That column cannot be read so: choose another", name) from error
    drafts.choose(book, draft_id, say)


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
    chosen: str | int
    if account_id == "new":
        chosen = f"new:{fields.text(name, 'name', longest=80) if name else ''}"
    else:
        chosen = fields.identity(account_id)
        with book.reading() as db:
            if all(a.id != chosen for a in read_accounts(db, book)):
                raise NotFound("That account does not exist, or is not yours.")

    def say(choices: dict[str, Any]) -> None:
        choices.setdefault("accounts", {})[key] = chosen

    drafts.choose(book, draft_id, say)


def mend(book: Book, draft_id: object, line: object, cell: object, text: object) -> None:
    """Correct a bad cell of a file in place: `cell` is date or amount.

    Raises:
        NotFound: the draft is not in this book.
        InputNotValid: there is no such cell.
    """
    name = fields.choice(cell, "cell", ("date", "amount"))
    number = str(fields.identity(line))
    mended = fields.text(text, name, longest=45)

    def say(choices: dict[str, Any]) -> None:
        choices.setdefault("cells", {}).setdefault(number, {})[name] = mended

    drafts.choose(book, draft_id, say)


def tick(book: Book, draft_id: object, line: object, *, take: bool) -> None:
    """Take a row in, or leave it out.

    Raises:
        NotFound: the draft is not in this book.
    """
    number = fields.identity(line)

    def say(choices: dict[str, Any]) -> None:
        for name, wanted in (("skip", not take), ("take", take)):
            ticked = set(choices.get(name, ()))
            (ticked.add if wanted else ticked.discard)(number)
            choices[name] = sorted(ticked)

    drafts.choose(book, draft_id, say)
