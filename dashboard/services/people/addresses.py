"""Email addresses: the one form in which they are stored, compared, counted and signed in with.

The form is NFKC, casefolded, the domain as the network knows it (IDNA 2008 after UTS 46; no dot at its end). Nothing is
looked up. Addresses stored before there was one form stay as they are: whoever has one signs in with it as it stands, and
with its normal form where nobody else's has the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

import idna
from sqlalchemy import Connection

from dashboard.errors import InputNotValid, NotFound
from dashboard.model.queries import people as stored
from dashboard.services import fields

LONGEST = 254
# Letters, marks and signs that Unicode draws as nothing, besides the format and control characters.
BLANK = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")
SHAPE = re.compile(r"[^@\s<>\"'();:,\\\[\]]{1,64}@[^@\s<>\"'();:,\\\[\]_/?#%]{1,190}")
# What is stored and may be in another form than the normal one: all others are found as they stand.
ODD = r"[^\x01-\x7f]|\.$|@\.|[@.]xn--"


def normal(value: object) -> str:
    """Return the form in which an address is stored.

    Raises:
        InputNotValid: it is no address, or holds what cannot be seen.
    """
    fields.text(value, "email", longest=LONGEST, required=True)
    typed = str(value).strip()
    if typed != _seen(typed) or typed != "".join(typed.split()):
        raise InputNotValid("That address has a space, or a character that cannot be seen, in it. Type it anew.", "email")
    try:
        email = _form(typed)
    except (idna.IDNAError, UnicodeError) as error:
        raise InputNotValid("That is not an email address", "email") from error
    host = email.rpartition("@")[2]
    unlike = len(email) > LONGEST or not SHAPE.fullmatch(email) or email != _seen(email) or ".." in email
    if unlike or "." not in host or host.startswith("."):
        raise InputNotValid("That is not an email address", "email")
    return email


def key(typed: object) -> str:
    """Return what an address is counted and found by, whatever was typed or stored: what can be seen of it, in normal form."""
    if not isinstance(typed, str):
        return ""
    text = _seen(typed[: LONGEST * 4])
    try:
        return _seen(_form(text))[:LONGEST]
    except (idna.IDNAError, UnicodeError):
        return _seen(_folded(text)).rstrip(".")[:LONGEST]


def ids(db: Connection, typed: object) -> list[int]:
    """Return whom an address means: who has it as it was typed, else in normal form; several where only its writing tells them apart."""
    if not isinstance(typed, str):
        return []
    # Cut as the key is: what is found and what is counted are of the same characters.
    plain = "".join(c for c in typed[: LONGEST * 4].strip().lower() if unicodedata.category(c) not in ("Cc", "Cs"))
    wanted = key(typed)
    tries = [plain, "".join(c for c in plain if c.isprintable()), wanted]
    found = stored.by_email(db, tries)
    for one in tries:
        if one in found:
            return [found[one]]
    return [number for number, email in stored.by_pattern(db, ODD) if key(email) == wanted]


def others(db: Connection, email: str, user_id: int | None = None) -> bool:
    """Say whether somebody else has an address that is this one, in whatever form."""
    exact = stored.by_email(db, [email]).values()
    alike = [number for number, other in stored.by_pattern(db, ODD) if key(other) == key(email)]
    return any(number != user_id for number in (*exact, *alike))


def id_of(db: Connection, email: str) -> int:
    """Return the number of the person with this address.

    Raises:
        NotFound: nobody has it, or several do.
    """
    found = ids(db, email)
    if not found:
        raise NotFound(f"Nobody here has the address {email}. `python -m dashboard user list` shows who has one.")
    if len(found) > 1:
        raise NotFound(f"Several people have the address {email}, written otherwise each. `python -m dashboard user list` shows how.")
    return found[0]


def twins(emails: Iterable[str]) -> dict[str, list[str]]:
    """Return those addresses that are one in normal form, each with the others."""
    alike: dict[str, list[str]] = defaultdict(list)
    for email in emails:
        alike[key(email)].append(email)
    return {email: [other for other in group if other != email] for group in alike.values() if len(group) > 1 for email in group}


def _seen(text: str) -> str:
    return BLANK.sub("", "".join(c for c in text if unicodedata.category(c) not in UNSEEN))


def _form(typed: str) -> str:
    name, at, host = unicodedata.normalize("NFKC", typed)[: LONGEST * 4].rpartition("@")
    return f"{_folded(name)}{at}{_host(host)}"


def _folded(text: str) -> str:
    """Fold case and compatibility until nothing changes any more: each may bring what the other folds."""
    before = None
    while text != before:
        before, text = text, unicodedata.normalize("NFKC", text.casefold())
    return text


def _host(host: str) -> str:
    """Return a domain as the network knows it. Its case is not folded by Python, which takes one letter for two in it: ß is none of ss.

    Raises:
        idna.IDNAError: a label of it is none.
    """
    # Names that are plain go through as they stand, whatever the registries would say of them: they may be of a network at home.
    mapped = idna.uts46_remap(host, std3_rules=False, transitional=False) if host else ""
    if mapped.endswith(".."):
        raise idna.IDNAError("empty label")
    return ".".join(_label(label) for label in mapped.removesuffix(".").split("."))


def _label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        return label
    return idna.alabel(idna.ulabel(label)).decode()
