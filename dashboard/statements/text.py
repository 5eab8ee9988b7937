"""Bytes to text: which encoding a bank wrote.

Marks and strict UTF-8 decide where they can. Otherwise the candidates are scored by how much the result looks like
words: letters of one script in a run, capitals only where capitals stand, few symbols, known column words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dashboard.errors import StatementNotReadable
from dashboard.statements.table.vocabulary import header_hits

SAMPLE = 60_000
SINGLE_BYTE = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1257",
    "cp1254",
    "cp1253",
    "cp1255",
    "cp1256",
    "iso8859_2",
    "iso8859_15",
    "koi8_r",
    "cp852",
    "cp866",
    "mac_roman",
)
# The first bytes of the characters that people write often: each of these standards keeps them together, before the rare ones.
_COMMON = {
    "cp932": range(0x88, 0x98),
    "gb18030": range(0xB0, 0xD8),
    "big5": range(0xA4, 0xC7),
    "euc_kr": range(0xB0, 0xC9),
    "euc_jp": range(0xB0, 0xD0),
}
MULTI_BYTE = tuple(_COMMON)
JAPANESE = ("cp932", "euc_jp")


# The letters beyond a to z of the languages that an encoding was made for: real text keeps to one of them.
_ALPHABETS = {
    codec: tuple(frozenset(letters) for letters in languages.split())
    for codec, languages in {
        "cp1252": "äöüß àâæçéèêëîïôœùûü áéíñóúüªº àáâãçéêíóôõúªº àèéìòù åäöé æøåé áðéíóúýþæö àçèéíïòóúü ëïéè",
        "cp1250": "ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű ăâîşţ čćđšž",
        "cp1257": "āčēģīķļņšūž ąčęėįšųūž äõöüšž",
        "cp1254": "\u00e7\u011f\u0131\u00f6\u015f\u00fc\u0307",
    }.items()
}
# What else tells the country an encoding belongs to: its currencies and the first letters of its account numbers.
_COUNTRIES = {
    "cp1250": re.compile(r"\b(?:PLN|CZK|HUF|RON|HRK|RSD|BAM)\b|\b(?:PL|CZ|SK|HU|RO|HR|SI|RS|BA)\d\d[ \dA-Z]{10}"),
    "cp1257": re.compile(r"\b(?:LVL|LTL|EEK)\b|\b(?:LV|LT|EE)\d\d[ \dA-Z]{10}"),
    "cp1254": re.compile(r"\b(?:TRY|TRL)\b|\bTR\d\d[ \d]{10}|\d TL\b"),
}


def decode(data: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        StatementNotReadable: these bytes are no text.
    """
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return _clean(data.decode(codec)), codec
            except UnicodeDecodeError:
                break
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        codec = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
        try:
            return _clean(data.decode(codec)), codec
        except UnicodeDecodeError:
            pass
    try:
        return _clean(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    sample, plain = _legacy_sample(data), data[:SAMPLE].decode("ascii", errors="ignore")
    best = max(((_score(sample, codec, plain), codec) for codec in (*SINGLE_BYTE, *MULTI_BYTE)), key=lambda found: found[0])
    for codec in (best[1], "cp1252"):
        try:
            return _clean(data.decode(codec)), codec
        except UnicodeDecodeError:
            continue
    # The few bytes cp1252 leaves undefined are kept readable instead of refusing the whole file.
    return _clean(data.decode(best[1], errors="replace")), best[1]


def _clean(text: str) -> str:
    text = text.lstrip("\ufeff")
    if "\x00" in text:
        # Stray zero bytes are padding of old exports; many of them mean that this is no text at all.
        if text.count("\x00") * 20 > len(text):
            raise StatementNotReadable("This file is binary, not a statement. Ask your bank for CSV.")
        text = text.replace("\x00", "")
    controls = sum(1 for c in text[:4000] if ord(c) < 32 and c not in "\t\r\n\x0c\x1a")
    if controls * 20 > len(text[:4000]):
        raise StatementNotReadable("This file is binary, not a statement. Ask your bank for CSV.")
    return text


def _legacy_sample(data: bytes) -> bytes:
    """Return the lines with bytes above ASCII: they alone decide."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if any(byte > 127 for byte in line[:2000])]
    return b"\n".join(line[:2000] for line in lines[:400])[:SAMPLE]


def _score(sample: bytes, codec: str, plain: str) -> float:
    """Return how much like words the sample is in this encoding, per character above ASCII."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError as error:
        if codec in MULTI_BYTE and error.start > len(sample) - 4:
            text = sample.decode(codec, errors="ignore")
        else:
            return -100.0
    points, count, before = 0.0, 0, " "
    for index, char in enumerate(text):
        if ord(char) > 127:
            count += 1
            after = text[index + 1] if index + 1 < len(text) else " "
            points += _wide_points(char, codec) if codec in MULTI_BYTE else _char_points(char, before, after)
        before = char
    hits = sum(header_hits(re.split(r"[,;\t|]", line)) for line in text.splitlines()[:30])
    letters = {c for c in text.casefold() if ord(c) > 127 and c.isalpha()}
    at_home = bool(letters) and any(letters <= alphabet for alphabet in _ALPHABETS.get(codec, ()))
    points += 0.5 * count * at_home
    points += 0.4 * count * bool((told := _COUNTRIES.get(codec)) and told.search(plain))
    # Ties go to the encoding that is used most.
    rank = (*SINGLE_BYTE, *MULTI_BYTE).index(codec)
    return (points / count if count else 0.0) + min(hits, 10) * 0.15 - rank * 0.002


@lru_cache(maxsize=4096)
def _wide_points(char: str, codec: str) -> float:
    """Return how likely a character is in a text that was written in this encoding of two bytes."""
    if "\u3040" <= char <= "\u30ff":
        return 1.0 if codec in JAPANESE else 0.2
    if "\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3":
        written = char.encode(codec, errors="ignore")
        # Below A1 the second byte belongs to the characters that GBK added to GB 2312: the rarest.
        rare = len(written) != 2 or written[0] not in _COMMON[codec] or (codec == "gb18030" and written[1] < 0xA1)
        return -0.2 if rare else 1.0
    if "\uff61" <= char <= "\uff9f":
        return 0.4
    if "\uff00" <= char <= "\uff60":
        return 0.8
    return 0.3 if "\u3000" <= char <= "\u303f" else -1.0


def _char_points(char: str, before: str, after: str) -> float:
    """Return how likely a character is between these two in a text that was written in an encoding of one byte."""
    kind = unicodedata.category(char)
    if kind in ("Lu", "Ll"):
        return _letter_points(char, before, after, capital=kind == "Lu")
    if kind == "Lo":
        return 0.8 if "\u05d0" <= char <= "\u06ff" and (before > "\x7f" or after > "\x7f") else -0.6
    if kind == "Sc" and (before.isdigit() or after.isdigit() or after in " )" or before in " ("):
        return 0.8
    if char in " °§–’“”«»№":
        return 0.2
    return -0.8


def _letter_points(char: str, before: str, after: str, *, capital: bool) -> float:
    """Return how likely a letter is between these two: scripts do not mix in a word, and capitals do not follow small letters."""
    latin = char < "\u0370"
    points = 1.0
    for other in (before, after):
        if other.isalpha() and (other < "\u0370") != latin:
            points -= 1.2
    if capital and before.isalpha() and before.islower():
        points -= 1.5
    if not capital and after.isalpha() and after.isupper() and not before.isupper():
        points -= 0.8
    if latin and not before.isalpha() and not after.isalpha():
        points -= 1.0
    if not latin and not (before > "\x7f" and before.isalpha()) and not (after > "\x7f" and after.isalpha()):
        points -= 1.0
    return points
