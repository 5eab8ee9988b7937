"""What a page shows: period, currency and filters, read from the address and written back to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qs, quote_plus

from dashboard.errors import InputNotValid
from dashboard.money import is_currency
from dashboard.periods import Period, month_of

LONGEST_SEARCH = 200
# What begins a term about amounts.
AMOUNT_SIGNS = "<>=\u2264\u2265"
# A term of a search: "a phrase", perhaps of a field; a sign and its amount, apart or not; or what stands between two spaces.
_TERM = re.compile(rf'-?(?:[^\W\d_]+:)?"[^"]*"?|-?(?:<=|>=|[{AMOUNT_SIGNS}])\s*[^\s{AMOUNT_SIGNS}]\S*|\S+')
LONGEST_PAYEE = 500
LARGEST_ID = 2**53
# How a list of transactions may be ordered; "" is newest first.
SORTS = ("", "oldest", "out", "in")


@dataclass(frozen=True)
class Selection:
    """The part of a book a page shows.

    `categories` holds ids, 0 meaning uncategorised; empty means all. `payee` is one exact payee, `review` asks for what
    nobody has looked at yet, `sort` is one of SORTS. `notes` says in sentences what of the address could not be read and
    was left out.
    """

    period: Period
    currency: str | None = None
    accounts: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    kind: str = ""
    search: str = ""
    payee: str = ""
    review: bool = False
    sort: str = ""
    page: int = 1
    imported: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, query: object, now: date) -> Selection:
        """Read `?p=2026-11&acc=3&cat=7&q=rent`. What cannot be read falls back to the default and is noted."""
        text = query if isinstance(query, str) else ""
        # A thousand parameters are an attack on the parser, not an address.
        values = parse_qs(text.lstrip("?")) if len(text) < 4000 and text.count("&") < 50 else {}
        notes: list[str] = []
        period = Period.of_month(month_of(now))
        if wanted := values.get("p", [""])[0]:
            try:
                period = Period.parse(wanted)
            except InputNotValid as error:
                notes.append(f"{error.message}: this month is shown instead.")
        currency = values.get("cur", [""])[0] or None
        if currency is not None and not is_currency(currency):
            notes.append("That currency does not exist.")
            currency = None
        kind = values.get("type", [""])[0]
        page = values.get("page", ["1"])[0]
        imported = values.get("import", ["0"])[0]
        return cls(
            period=period,
            currency=currency,
            accounts=_ids(values.get("acc", [])),
            categories=_ids(values.get("cat", [])),
            kind=kind if kind in ("income", "spending", "transfer") else "",
            search=_text(values.get("q", [""])[0]),
            payee=_text(values.get("payee", [""])[0], LONGEST_PAYEE),
            review=values.get("review", [""])[0] == "1",
            sort=next((s for s in values.get("sort", [])[:1] if s in SORTS), ""),
            page=min(int(page), 100_000) if page.isascii() and page.isdecimal() and len(page) < 7 and int(page) else 1,
            imported=next(iter(_ids([imported])), 0),
            notes=tuple(notes),
        )

    def to_query(self) -> str:
        """Write the selection as the end of an address, with its question mark."""
        # Only what a person typed needs quoting; a page writes seventy of these.
        query = f"?p={self.period}"
        if self.currency:
            query += f"&cur={self.currency}"
        if self.accounts:
            query += f"&acc={'.'.join(map(str, self.accounts))}"
        if self.categories:
            query += f"&cat={'.'.join(map(str, self.categories))}"
        if self.kind:
            query += f"&type={self.kind}"
        if self.search:
            query += f"&q={quote_plus(self.search)}"
        if self.payee:
            query += f"&payee={quote_plus(self.payee)}"
        if self.review:
            query += "&review=1"
        if self.sort:
            query += f"&sort={self.sort}"
        if self.imported:
            query += f"&import={self.imported}"
        return query + (f"&page={self.page}" if self.page > 1 else "")

    def changed(self, **changes: object) -> Selection:
        """Return the selection with these parts changed, from its first page."""
        return replace(self, **({"page": 1, "notes": ()} | changes))  # type: ignore[arg-type]

    @property
    def filtered(self) -> bool:
        """Say whether anything but the period narrows it."""
        return bool(self.accounts or self.categories or self.kind or self.search or self.imported or self.payee or self.review)

    def unfiltered(self) -> Selection:
        """Return the selection without what narrows it; period, currency and order stay."""
        return self.changed(accounts=(), categories=(), kind="", search="", imported=0, payee="", review=False)


def terms_of(search: str) -> list[str]:
    """Return the terms of a search as they were typed; joined by spaces they are the search again."""
    return _TERM.findall(search)


def _text(value: str, longest: int = LONGEST_SEARCH) -> str:
    """Return what was searched for, with what no text holds replaced: half characters and control characters."""
    # Joiners and marks of direction are no letters, but stand in names as banks and people write them.
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Cf" else "\ufffd" for c in value.strip()[:longest])


def _ids(values: list[str]) -> tuple[int, ...]:
    found = [int(part) for value in values for part in value.split(".")[:200] if part.isascii() and part.isdecimal() and len(part) < 17]
    return tuple(dict.fromkeys(i for i in found if i < LARGEST_ID))
