"""Texts without case and accents: what a search and a rule compare, on both databases alike."""

from __future__ import annotations

import re
import unicodedata

# Letters with a stroke, which Unicode does not take apart.
STROKES = str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe", "\u00f0": "d", "\u0127": "h"}
)
MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# Between the texts of a row: no folded text holds one.
BETWEEN = "\n"


def fold(text: str) -> str:
    """Return a text without case and accents, its words one space apart."""
    if not text.isascii():
        text = MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
        if not text.isascii():
            text = text.translate(STROKES)
    return " ".join(text.lower().split())


# What makes spaces uneven: then each text is taken word by word.
_UNEVEN = re.compile(r"[^\S \n]|  | \n|\n |^ | $")


def folded(*texts: str) -> str:
    """Return texts of a row folded, in their order, BETWEEN them; stored beside them, so that a change here needs a migration."""
    whole = BETWEEN.join(texts)
    # The short way for plain text: a file has a hundred thousand of it.
    if whole.isascii() and whole.count(BETWEEN) == len(texts) - 1 and not _UNEVEN.search(whole):
        return whole.lower()
    return BETWEEN.join(map(fold, texts))
