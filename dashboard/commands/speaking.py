"""What all commands share: how they speak, what they refuse with, and whose book they are for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from sqlalchemy import Engine

from dashboard import directions
from dashboard.config import from_env
from dashboard.errors import DashboardError, InputNotValid, QuestionOpen
from dashboard.model import database
from dashboard.services.books import Book, book_by_email

ASKED = 2
# What a terminal obeys instead of showing it.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def kindly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what is refused into one line on standard error and a non-zero exit."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DashboardError as error:
            say(_line(f"dashboard: {error.message}{_answers(error)}"), err=True)
            sys.exit(ASKED if isinstance(error, InputNotValid) else 1)
        except OSError as error:
            say(_line(f"dashboard: {error.filename or ''}: {error.strerror}"), err=True)
            sys.exit(1)

    return run


def _line(text: str) -> str:
    return re.sub(r"[\r\n\u2028\u2029]+", " ", text)


def _answers(error: DashboardError) -> str:
    """Say how a question that a file leaves open is answered here."""
    if not isinstance(error, QuestionOpen) or not error.answers:
        return ""
    return " Pass " + " or ".join(f"--{error.field} {value}" + f" ({label})" * bool(label) for value, label in error.answers)


def say(text: str, *, err: bool = False) -> None:
    """Write text; what turns a line round is shown as a mark, and nothing of it is a command to the terminal."""
    click.echo(_OBEYED.sub("\ufffd", directions.shown(text)), err=err)


def as_text(found: object) -> str:
    """Write JSON whose texts turn no line round, and command no terminal: the same values, escaped."""
    return _OBEYED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", directions.escaped(json.dumps(found, ensure_ascii=False)))


def engine() -> Engine:
    """Open the database of the settings; SQLite is brought to this version's tables."""
    found = database.make_engine(from_env().database_url)
    if found.dialect.name == "sqlite":
        database.migrate(found)
    return found


def book_of(email: str) -> Book:
    """Return the book of the person with this address."""
    return book_by_email(engine(), email)
