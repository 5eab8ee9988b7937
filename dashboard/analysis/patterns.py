r"""Regular expressions that anyone may type or send: none costs more than its own few letters, and all together little memory.

The engine is RE2: it reads a text once, whatever the pattern, and gives up on a pattern that would need more than MEMORY.
What it cannot do, it cannot do for a reason: look-around and back-references need the engine whose time has no bound.

It knows letters and word boundaries of ASCII only. So `\w`, `\d` and their like are written as classes of Unicode, and
for a pattern with `\b` the text gets a mark at each boundary of its words, which every other part of the pattern skips.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import re2

# As many characters as a pattern may have, wherever it comes from.
LONGEST = 200
# Bytes that a compiled pattern may need with what it remembers of texts, and how many such are kept: 58 MB in all. A class of
# all letters needs much, so few patterns are large.
SMALL, MANY = 64 * 1024, 300
LARGE, FEW = 512 * 1024, 80
# At each boundary so many marks stand: as many \b may follow each other there. No text holds this code point.
MARK, MARKS = "\U0010ffff", "\U0010ffff" * 4
SKIP = f"{MARK}*"
# To RE2 these are letters of no case; to people and to Python each is the i of its word.
_DOTS = "\u0130\u0131"
_PLAIN = str.maketrans(dict.fromkeys(_DOTS, "i"))
TOO_LARGE = "it is too large: say it with fewer repetitions"
AROUND = "look-around (?=, ?!, ?<=, ?<!) is not offered here"
BACKWARDS = "back-references and recursion are not offered here"

_WORD = r"\p{L}\p{M}\p{N}_"
# Pc is without the low line.
_NO_WORD = (
    r"\p{Cc}\p{Cf}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{S}\p{Z}\x{203F}\x{2040}\x{2054}\x{FE33}\x{FE34}\x{FE4D}\x{FE4E}\x{FE4F}\x{FF3F}"
)
_NO_DIGIT = r"\p{L}\p{M}\p{Nl}\p{No}\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}"
_NO_SPACE = r"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}"
# What stands for an escape inside of [ ].
_MEMBERS = {"w": _WORD, "W": _NO_WORD, "d": r"\p{Nd}", "D": _NO_DIGIT, "s": r"\s\p{Z}", "S": _NO_SPACE, "b": r"\x08"}
_ALONE = {"w": f"[{_WORD}]", "W": f"[^{_WORD}]", "d": r"[\p{Nd}]", "D": r"[^\p{Nd}]", "s": r"[\s\p{Z}]", "S": r"[^\s\p{Z}]"}
_POSIX = {"alpha": r"\p{L}", "digit": r"\p{Nd}", "alnum": r"\p{L}\p{N}", "word": _WORD, "space": r"\s\p{Z}", "punct": r"\p{P}\p{S}"}
_POSIX |= {"upper": r"\p{L}", "lower": r"\p{L}"}

_REPEATED = re.compile(r"\{(\d*)(,?)(\d*)\}", re.ASCII)
_NAMED = re.compile(r"\(\?P?<[A-Za-z_]\w*>")
_FLAGS = re.compile(r"\(\?[ims]*-?[ims]*[:)]")
_CODE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_PROPERTY = re.compile(r"\\[pP](?:[A-Z]|\{\^?\w{1,40}\})")
_POSIX_NAME = re.compile(r"\[:(\w+):\]")
_ASKEW = re.compile(r"\\b[()?:]*(?:\^|\\A)|(?:\$|\\[zZ])[()?:]*\\b|(?:\\b[()?:]*){5}")
_BOUNDARY = re.compile(r"\b")


class NotReadable(Exception):
    """A pattern is none that is offered here: the end of a sentence that says why."""


class Pattern(NamedTuple):
    """A pattern that is ready to search. marked: its texts need a mark at the boundaries of their words."""

    engine: re2._Regexp
    marked: bool

    def search(self, text: str) -> bool:
        """Say whether it is found anywhere in a text, whatever the case; ^ and $ are those of each line."""
        text = (text if text.isascii() else text.translate(_PLAIN)).replace(MARK, " ")
        return self.engine.search(_with_marks(text) if self.marked else text) is not None


def ready(pattern: str) -> Pattern:
    """Return a pattern that can be searched for.

    Raises:
        NotReadable: it is no regular expression, asks for what is not offered, or is too large.
    """
    found = _small(pattern)
    if found == TOO_LARGE:
        found = _large(pattern)
    if isinstance(found, str):
        raise NotReadable(found)
    return found


@lru_cache(maxsize=MANY)
def _small(pattern: str) -> Pattern | str:
    return _tried(pattern, SMALL)


@lru_cache(maxsize=FEW)
def _large(pattern: str) -> Pattern | str:
    return _tried(pattern, LARGE)


def _tried(pattern: str, memory: int) -> Pattern | str:
    """Return a pattern that is ready, or why it is not."""
    if len(pattern) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.case_sensitive = False
    options.never_capture = True
    marked = _has_boundary(pattern)
    try:
        written = _Translation(pattern, marked).whole()
        return Pattern(re2.compile(f"(?m){written}", options), marked)
    except NotReadable as error:
        return str(error)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        return TOO_LARGE if "too large" in said or "repetition size" in said else said.replace("(?m)", "", 1).replace(MARK, "")[:100]
    except UnicodeEncodeError:
        return "it holds half a character"


def _has_boundary(pattern: str) -> bool:
    # Of pairs of backslashes each is a letter; in [\b] it is another thing, and the marks do no harm.
    return re.search(r"(?<!\\)(?:\\\\)*\\b", pattern) is not None


class _Translation:
    """Writes one pattern as RE2 reads it, part by part."""

    def __init__(self, pattern: str, marked: bool) -> None:
        self.pattern, self.marked = pattern, marked
        self.at = 0

    def whole(self) -> str:
        """Return the pattern as RE2 reads it."""
        if self.marked and _ASKEW.search(self.pattern):
            # The marks of a word's boundary stand inside of its line.
            raise NotReadable("\u201c\\b^\u201d and \u201c$\\b\u201d are not offered here: write \u201c^\\b\u201d and \u201c\\b$\u201d")
        parts = []
        while self.at < len(self.pattern):
            parts.append(self._part())
        return "".join(parts)

    def _part(self) -> str:
        sign = self.pattern[self.at]
        if sign == "\\":
            return self._escape()
        if sign == "[":
            return self._class()
        if sign == "(":
            return self._group()
        if repeated := _REPEATED.match(self.pattern, self.at):
            least, comma, most = repeated.groups()
            if least or (comma and most):
                self.at = repeated.end()
                return f"{{{least or 0}{comma}{most}}}"
        self.at += 1
        if sign in "*+?|)^":
            return sign
        if sign == "$":
            return f"{SKIP}$" if self.marked else "$"
        if sign == ".":
            return self._atom(f"[^\n{MARK}]" if self.marked else ".")
        return self._atom(f"\\{sign}" if sign in "]{}" else sign.translate(_PLAIN))

    def _atom(self, one: str) -> str:
        """Write what takes one character, after any marks."""
        return f"(?:{SKIP}{one})" if self.marked else one

    def _take(self, found: re.Match[str]) -> str:
        self.at = found.end()
        return found[0]

    def _group(self) -> str:
        rest = self.pattern[self.at :]
        if not rest.startswith("(?"):
            self.at += 1
            return "("
        if found := _NAMED.match(self.pattern, self.at):
            self._take(found)
            return "("
        if found := _FLAGS.match(self.pattern, self.at):
            if self.marked and "s" in found[0]:
                raise NotReadable("(?s) and \\b together are not offered here")
            return self._take(found)
        if rest.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            raise NotReadable(AROUND)
        if re.match(r"\(\?(?:P=|P>|R|&|[+-]?\d)", rest):
            raise NotReadable(BACKWARDS)
        raise NotReadable(f"\u201c{rest[:3]}\u201d is not offered here")

    def _escape(self) -> str:
        if self.at + 1 == len(self.pattern):
            raise NotReadable("it ends with a backslash")
        sign = self.pattern[self.at + 1]
        if sign in "bAzZ":
            self.at += 2
            return {"b": MARK, "A": r"\A"}.get(sign) or (rf"{SKIP}\z" if self.marked else r"\z")
        if sign in _ALONE:
            self.at += 2
            one = _ALONE[sign]
            return self._atom(one.replace("]", f"{MARK}]") if self.marked and one.startswith("[^") else one)
        if sign.isdecimal() and sign != "0":
            raise NotReadable(BACKWARDS)
        return self._atom(self._single(in_class=False))

    def _single(self, *, in_class: bool) -> str:
        """Write an escape that is one character, or a property of it."""
        if found := _PROPERTY.match(self.pattern, self.at):
            said = self._take(found)
            if self.marked and (said[1] == "P") != ("^" in said):
                if in_class:
                    raise NotReadable("\\P and \\b together are not offered here")
                return f"[{said}]".replace("[\\P", "[^\\p").replace("{^", "{").replace("]", f"{MARK}]")
            return said
        if found := _CODE.match(self.pattern, self.at):
            self._take(found)
            code = int(next(digits for digits in found.groups() if digits), 16)
            if code >= ord(MARK) or 0xD800 <= code < 0xE000:
                raise NotReadable("it names a character that does not exist")
            if chr(code) in _DOTS:
                return self._dotted(chr(code)) if in_class else "i"
            return rf"\x{{{code:X}}}"
        sign = self.pattern[self.at + 1]
        if (sign.isalnum() and sign not in "tnrfva") or sign == MARK:
            raise NotReadable(f"\u201c\\{sign}\u201d is not known here")
        self.at += 2
        # RE2 reads a backslash before ASCII only.
        return f"\\{sign}" if sign.isascii() else sign

    def _class(self) -> str:
        start = self.at
        self.at += 1
        negative = self.pattern.startswith("^", self.at)
        self.at += negative
        parts: list[str] = []
        while True:
            if self.at >= len(self.pattern):
                raise NotReadable(f"\u201c[\u201d at {start + 1} has no end")
            sign = self.pattern[self.at]
            if sign == "]" and parts:
                self.at += 1
                break
            parts.append(self._member(sign))
        return self._atom(f"[{'^' * negative}{''.join(parts)}{MARK * (negative and self.marked)}]")

    def _dotted(self, sign: str) -> str:
        """Write an i of _DOTS as a member of a class: what follows it may make it the begin of a range."""
        return f"i{sign}" if self.pattern.startswith("-", self.at) else f"{sign}i"

    def _member(self, sign: str) -> str:
        if found := _POSIX_NAME.match(self.pattern, self.at):
            if found[1] not in _POSIX:
                raise NotReadable(f"\u201c{found[0]}\u201d is not known here")
            self._take(found)
            return _POSIX[found[1]]
        if sign == "\\":
            following = self.pattern[self.at + 1 : self.at + 2]
            if following in _MEMBERS and following:
                self.at += 2
                return _MEMBERS[following]
            if not following or (following.isdecimal() and following != "0"):
                raise NotReadable("a backslash stands before nothing that it could mean")
            return self._single(in_class=True)
        self.at += 1
        if sign in _DOTS:
            return self._dotted(sign)
        return f"\\{sign}" if sign in "[]" else sign


@lru_cache(maxsize=1)
def _with_marks(text: str) -> str:
    if text.isascii():
        return _BOUNDARY.sub(MARKS, text)
    parts, before = [], False
    for sign in text:
        inside = sign == "_" or sign.isalnum() or unicodedata.category(sign)[0] == "M"
        if inside != before:
            parts.append(MARKS)
        parts.append(sign)
        before = inside
    return "".join(parts) + MARKS * before
