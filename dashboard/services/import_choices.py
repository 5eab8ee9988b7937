"""What a person says about a file that waits: answers to its questions, its accounts, mended cells, ticked rows."""

from __future__ import annotations

import re
from typing import Any

from dashboard import statements
from dashboard.errors import InputNotValid, NotFound
from dashboard.services import drafts, fields
from dashboard.services.accounts import read_accounts
from dashboard.services.books import Book


def hints_of(choices: dict[str, Any]) -> statements.Hints:
    """Return what a person has said about a file as hints for the reader."""
    said = choices.get("hints", {})
    return statements.Hints(
        dates=said.get("dates"),
        sign=said.get("sign"),
        decimal=said.get("decimal"),
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
    draft = drafts.take(book, draft_id)
    said = draft.choices.setdefault("hints", {})
    name = fields.choice(key, "question", ("dates", "sign", "decimal", "year", "columns", "date", "payee", "currency", "trust"))
    if not isinstance(value, str) or len(value) > 40:
        raise InputNotValid("Choose one of the answers")
    if name == "dates":
        said[name] = fields.choice(value, "date order", ("dmy", "mdy"))
    elif name == "sign":
        said[name] = fields.choice(value, "sign", ("out-negative", "out-positive"))
    elif name == "decimal":
        said[name] = fields.choice(value, "decimal mark", (",", "."))
    elif name == "year":
        if not re.fullmatch(r"(19|20|21)\d\d", value):
            raise InputNotValid("Choose a year")
        said[name] = int(value)
    elif name == "currency":
        said[name] = fields.currency(value)
    elif name == "trust":
        said["trust"] = "yes"
    elif name in ("date", "payee"):
        said["columns"] = said.get("columns", {}) | {name: chosen_columns(value).get("amount", 0)}
    else:
        kept = {role: column for role, column in said.get("columns", {}).items() if role in ("date", "payee")}
        said["columns"] = kept | chosen_columns(value)
    drafts.choose(book, draft.id, draft.choices)


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
    draft = drafts.take(book, draft_id)
    key = fields.text(group, "group", longest=200)
    if account_id == "new":
        title = fields.text(name, "name", longest=80) if name else ""
        draft.choices.setdefault("accounts", {})[key] = f"new:{title}"
    else:
        wanted = fields.identity(account_id)
        with book.reading() as db:
            if all(a.id != wanted for a in read_accounts(db, book)):
                raise NotFound("That account does not exist, or is not yours.")
        draft.choices.setdefault("accounts", {})[key] = wanted
    drafts.choose(book, draft.id, draft.choices)


def mend(book: Book, draft_id: object, line: object, cell: object, text: object) -> None:
    """Correct a bad cell of a file in place: `cell` is date or amount.

    Raises:
        NotFound: the draft is not in this book.
        InputNotValid: there is no such cell.
    """
    draft = drafts.take(book, draft_id)
    name = fields.choice(cell, "cell", ("date", "amount"))
    number = str(fields.identity(line))
    draft.choices.setdefault("cells", {}).setdefault(number, {})[name] = fields.text(text, name, longest=45)
    drafts.choose(book, draft.id, draft.choices)


def tick(book: Book, draft_id: object, line: object, *, take: bool) -> None:
    """Take a row in, or leave it out.

    Raises:
        NotFound: the draft is not in this book.
    """
    draft = drafts.take(book, draft_id)
    number = fields.identity(line)
    for name, wanted in (("skip", not take), ("take", take)):
        ticked = set(draft.choices.get(name, ()))
        (ticked.add if wanted else ticked.discard)(number)
        draft.choices[name] = sorted(ticked)
    drafts.choose(book, draft.id, draft.choices)
