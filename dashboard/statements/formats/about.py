"""The field about a movement in MT940, in the ways there are: numbered subfields, code words between slashes, plain lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from dashboard.statements.formats.tagged import account_number, words

# 166?00..., 020~00..., ^20...: which sign stands before the numbers, the first of them shows.
_FIRST_SUBFIELD = re.compile(r"\s*(?:\d{3}|[A-Z0-9]{1,4})?\s*([?>~^<@|])\d{2}")
_CODEWORD = re.compile(
    r"/(NAME|REMI|BENM|ORDP|IBAN|EREF|TRTP|CSID|MARF|BIC|ISDT|USTD|CNTP|RTRN|PREF|NRTX|ADDR|ULTB|ULTD|ULTC|PURP|CREF|RREF|IREF|SVCL|ACCT|OCMT|CHGS)/"
)
# Without a space before them: each begins a subfield, and subfields are joined as they were cut.
_SEPA = re.compile(r"(SVWZ|EREF|KREF|MREF|CRED|ABWA|ABWE|IBAN|BIC|DEBT|COAM|OAMT|SQTP|ANAM|MDAT)\+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


class About(NamedTuple):
    """Who, what for, and the other side's account."""

    payee: str
    text: str
    counter: str = ""


def told(field: str) -> About:
    """Read the field about a movement."""
    if first := _FIRST_SUBFIELD.match(field):
        return _numbered(field.replace("\n", ""), first[1])
    joined = field.replace("\n", "")
    if marks := list(_CODEWORD.finditer(joined)):
        return _coded(joined, marks)
    lines = [words(part) for part in field.split("\n") if words(part)]
    if not lines:
        return About("", "")
    # Some banks give the number a line of its own.
    alone = next((line for line in lines if _IBAN.fullmatch(line)), "")
    return About(lines[0], words(" ".join(lines[1:])), alone or _after_iban(field))


def _numbered(field: str, sign: str) -> About:
    """Read subfields: 00 kind of booking, 20 to 29 and 60 to 63 purpose, 31 or 38 account, 32 and 33 name."""
    subfields = list(re.finditer(re.escape(sign) + r"(\d{2})", field))
    parts: dict[int, str] = {}
    for place, found in enumerate(subfields):
        end = subfields[place + 1].start() if place + 1 < len(subfields) else len(field)
        number = int(found[1])
        parts[number] = parts.get(number, "") + field[found.end() : end]
    purpose = "".join(parts[n] for n in sorted(parts) if 20 <= n <= 29 or 60 <= n <= 63)
    name = words("".join(parts.get(n, "") for n in (32, 33)))
    counter = account_number(parts.get(38)) or account_number(parts.get(31)) or _after_iban(f"IBAN+{_sepa(purpose, 'IBAN')}")
    kind, remitted = words(parts.get(0, "")), words(_remittance(purpose))
    return About(name or kind or remitted, remitted or kind, counter)


def _remittance(purpose: str) -> str:
    """Return what was written for the reader, of SEPA's code words; all of it where there are none."""
    first = _SEPA.search(purpose)
    return _sepa(purpose, "SVWZ") or (purpose[: first.start()] if first and first.start() else purpose)


def _sepa(purpose: str, word: str) -> str:
    """Return what stands behind one of SEPA's code words, "" where it does not occur."""
    marks = list(_SEPA.finditer(purpose))
    for place, mark in enumerate(marks):
        if mark[1] == word:
            return purpose[mark.end() : marks[place + 1].start() if place + 1 < len(marks) else len(purpose)]
    return ""


def _after_iban(purpose: str) -> str:
    """Return the number behind IBAN+ or IBAN: in a text."""
    match = re.search(r"\bIBAN[+:]\s?([A-Z0-9 ]{8,42})", purpose)
    found = _IBAN.match(match[1].replace(" ", "")) if match else None
    return found[0] if found else ""


def _coded(field: str, marks: list[re.Match[str]]) -> About:
    """Read /NAME/ and its like; /CNTP/ holds account, bank, name and city of the other side."""
    parts: dict[str, str] = {}
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(field)
        parts.setdefault(mark[1], field[mark.end() : end].strip("/ "))
    start = marks[0].start()
    other = next((p.split("/") for mark in marks if mark[1] == "CNTP" and (p := field[mark.end() : mark.end() + 300])), [])
    name = words(parts.get("NAME") or (other[2] if len(other) > 2 else ""))
    remitted = words(re.sub(r"^/?(USTD|STRD)//?", "", parts.get("REMI") or parts.get("USTD") or ""))
    counter = account_number((parts.get("IBAN") or parts.get("ACCT") or (other[0] if other else "")).partition("/")[0])
    before = words(field[:start].strip("/ "))
    return About(name or remitted or before, remitted if name else "", counter)
