"""What people and callbacks hand in, checked once: every value from outside passes one of these."""

from __future__ import annotations

from dashboard.bounds import cleaned
from dashboard.errors import InputNotValid, NotFound
from dashboard.money import is_currency

LARGEST_ID = 2**53
MOST_IDENTITIES = 10_000


def text(value: object, field: str, *, longest: int, required: bool = False, label: str | None = None) -> str:
    """Return one line of clean text.

    Raises:
        InputNotValid: it is no text, missing or too long.
    """
    name = label or field
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise InputNotValid(f"{name.capitalize()} is not text", field)
    line = cleaned(value[: longest * 4])
    if required and not line:
        raise InputNotValid(f"Type a {name}", field)
    if len(line) > longest or len(value) > longest * 4:
        raise InputNotValid(f"{name.capitalize()} is longer than {longest} characters", field)
    return line


def identity(value: object) -> int:
    """Return the id of a row.

    Raises:
        NotFound: no row can have it.
    """
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 17:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < LARGEST_ID:
        raise NotFound
    return value


def identities(values: object, most: int = MOST_IDENTITIES) -> list[int]:
    """Return the ids of rows.

    Raises:
        NotFound: one of them cannot be an id.
        InputNotValid: it is no list of a sensible length.
    """
    if not isinstance(values, list) or len(values) > most:
        raise InputNotValid("Select some rows first")
    return [identity(value) for value in values]


def optional_identity(value: object) -> int | None:
    """Return the id of a row, None for nothing.

    Raises:
        NotFound: no row can have it.
    """
    return None if value in (None, "", 0, "0") else identity(value)


def choice(value: object, field: str, options: tuple[str, ...]) -> str:
    """Return one of the options.

    Raises:
        InputNotValid: it is none of them.
    """
    if not isinstance(value, str) or value not in options:
        raise InputNotValid(f"Choose a {field}", field)
    return value


def currency(value: object) -> str:
    """Return a currency's code.

    Raises:
        InputNotValid: there is no such currency.
    """
    if not isinstance(value, str) or not is_currency(value):
        raise InputNotValid("Choose a currency", "currency")
    return value
