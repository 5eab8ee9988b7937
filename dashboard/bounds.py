"""How much a book holds, and which signs its texts are made of: the same for what is typed, imported and brought back."""

from __future__ import annotations

import re
import unicodedata

from dashboard.errors import InputNotValid

# A list without pages shows all of these, so there are only as many as one page bears.
MOST = {"account": 500, "category": 500, "rule": 300, "value": 5000}
# A transaction is split into so many parts.
MOST_PARTS = 20
# Of names; of payees, notes and what a bank wrote.
LONGEST_NAME, LONGEST_TEXT = 80, 500

# Controls, halves of characters, private and unassigned ones, and what ends a line: they forge logs and break exports.
_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# Embeddings and isolates of a direction are dropped, they only frame a text; what turns its order round is shown for what it is.
_FRAMES = dict.fromkeys((0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2068, 0x2069)) | dict.fromkeys((0x202D, 0x202E), "\ufffd")
# Anything but what is drawn as nothing: spaces, fillers, joiners, marks of direction, selectors of a variant.
_SEEN = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def cleaned(text: str) -> str:
    """Return one line of text, its words one space apart; nothing where none of it can be seen."""
    if text.isascii() and text.isprintable():
        # Most of what banks write, a hundred thousand times a file.
        return " ".join(text.split())
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(sign) in _NO_TEXT else sign for sign in text.translate(_FRAMES))
    return " ".join(text.split()) if _SEEN.search(text) else ""


def cut(text: str, longest: int = LONGEST_NAME) -> str:
    """Return the beginning of a clean text, such as a name that a file gives; nothing where none of it can be seen."""
    return cleaned(cleaned(text)[:longest])


def room_for(noun: str, count: int) -> None:
    """Refuse more than a book holds before anything is done for each of them.

    Raises:
        InputNotValid: so many of a noun do not fit.
    """
    if count > MOST[noun]:
        plural = "categories" if noun == "category" else f"{noun}s"
        raise InputNotValid(f"A book holds at most {MOST[noun]} {plural}: delete one first")
