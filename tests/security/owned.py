"""Says of a SQL statement whether it names the book of every household's table it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboard.model.tables import metadata

TABLES = sorted(name for name, table in metadata.tables.items() if "book_id" in table.c)
# (what the statement looks like, why it may ask without a book)
ALLOWED: tuple[tuple[str, str], ...] = (
    (
        r"FROM book JOIN membership ON membership\.book_id = book\.id JOIN \"?user\"? .*\"?user\"?\.id = ",
        "read_book: membership is what says which book a person has, so it is asked by the person",
    ),
    (
        r"UPDATE book SET .*SELECT membership\.book_id .*membership\.user_id = .*membership\.role = ",
        "set_preferences: the books a person owns, asked by the person",
    ),
    (
        r"^DELETE FROM membership WHERE membership\.user_id = ",
        "purge: somebody who is gone belongs to no book, whosever it is",
    ),
)
_NAMED = re.compile(rf'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?({"|".join(TABLES)})"?(?:\s+AS\s+"?(\w+)"?)?(?=[\s,)]|$)', re.IGNORECASE)
_LISTED = re.compile(rf',\s+"?({"|".join(TABLES)})"?(?:\s+AS\s+"?(\w+)"?)?(?=\s*(?:,|\sWHERE|\sJOIN|$))', re.IGNORECASE)


def scopes(statement: str) -> list[str]:
    """Split a statement into its SELECTs: parentheses that only group stay where they are."""
    found: list[str] = []
    stack: list[str] = [""]
    for part in re.split(r"([()])", " ".join(statement.split())):
        if part == "(":
            stack.append("")
        elif part == ")":
            inner = stack.pop()
            if re.match(r"\s*(?:SELECT|WITH)\b", inner, re.IGNORECASE):
                found += re.split(r"\bUNION(?: ALL)?\b", inner)
                stack[-1] += "(…)"
            else:
                stack[-1] += f"({inner})"
        else:
            stack[-1] += part
    return [*found, *re.split(r"\bUNION(?: ALL)?\b", stack[0])]


def missing(statement: str) -> list[str]:
    """Return the household tables of a statement that no comparison of their book_id narrows."""
    if not re.match(r"\s*(?:SELECT|UPDATE|DELETE|WITH)\b", statement, re.IGNORECASE):
        return []
    found = []
    for scope in scopes(statement):
        for name, alias in [*_NAMED.findall(scope), *(_LISTED.findall(scope.split(" FROM ", 1)[1]) if " FROM " in scope else [])]:
            column = rf'"?\b{alias or name}"?\.book_id'
            where = re.split(r"\b(?:WHERE|ON)\b", scope, maxsplit=1)[-1]
            if not re.search(rf"{column}\s*(?:=|IN\b)|=\s*{column}", where) or where == scope:
                found.append(alias or name)
    return found


def unowned(statements: Iterable[str]) -> list[str]:
    """Return the statements that read or write a household's table without saying whose, but for those allowed."""
    return sorted(
        {
            f"{names}: {s}"
            for s in set(statements)
            if (names := missing(s)) and not any(re.search(look, " ".join(s.split())) for look, _ in ALLOWED)
        }
    )
