"""Controls of writing direction in the texts of others: shown as marks, so that no file name or payee reads other than it is.

A bank's word with U+202E in it turns round what follows. New books keep no such sign (bounds.py); files that are only looked
at and older books hold them. What shows one shows a mark instead, and what comes back with such a mark from a form means the
control.
"""

from __future__ import annotations

import re
from typing import Any

NAMES = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
OPENS, CLOSES = "\u27e8", "\u27e9"
_CONTROL = re.compile(f"[{''.join(NAMES)}]")
_MARKS = {f"{OPENS}{name}{CLOSES}": control for control, name in NAMES.items()}
_MARK = re.compile("|".join(_MARKS))
# In UTF-8 and as JSON's escapes, by their first bytes: a list of alternatives takes twenty times as long a page.
_IN_BYTES = re.compile(rb"\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])|\xd8\x9c|\\u(?:061[cC]|200[eEfF]|202[a-eA-E]|206[6-9])")


def shown(text: str) -> str:
    """Write each control as its mark: U+202E as ⟨RLO⟩."""
    return text if text.isascii() else _CONTROL.sub(lambda found: f"{OPENS}{NAMES[found[0]]}{CLOSES}", text)


def meant(text: str) -> str:
    """Read each mark as its control: what `shown` wrote, and nothing else of a text."""
    return _MARK.sub(lambda found: _MARKS[found[0]], text) if OPENS in text else text


def escaped(text: str) -> str:
    """Write the controls in JSON as its escapes: the same values, and nothing that turns round a terminal's line."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def all_shown(value: Any, *, but: str = "") -> Any:
    """Return lists and dicts with their texts shown, names too, except what stands under the name `but`."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list):
        return [all_shown(item, but=but) for item in value]
    if isinstance(value, dict):
        return {shown(name): item if name == but else all_shown(item, but=but) for name, item in value.items()}
    return value


def mean_all(value: Any) -> Any:
    """Put the controls back for their marks, in lists and dicts in their place; return the value."""
    if isinstance(value, str):
        return meant(value)
    if isinstance(value, list):
        value[:] = map(mean_all, value)
    elif isinstance(value, dict):
        for name in list(value):
            value[name] = mean_all(value[name])
    return value


def present(data: bytes) -> bool:
    """Say whether there is a control in written text or JSON, also as an escape."""
    return _IN_BYTES.search(data) is not None
