"""Amounts: integers of minor units with a currency. The only parser, rounder and formatter of money.

Everything here is exact: no float takes part. The number of decimals is the currency's (ISO 4217, by Babel).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision, get_currency_symbol, get_decimal_symbol, get_group_symbol

from dashboard import typed
from dashboard.errors import InputNotValid
from dashboard.typed import MINUS

NBSP = "\u00a0"
# Far above any household, far below what a signed 64-bit sum over 100,000 rows can hold.
LARGEST = 10**13
# What is typed as an amount, sums included.
LONGEST = 60
SIGNS = frozenset("+-*/() ")
# What is legal tender somewhere today: neither the mark nor the codes of gold and testing.
CURRENCIES: tuple[str, ...] = tuple(
    sorted({code for used in get_global("territory_currencies").values() for code, _, end, tender in used if end is None and tender})
)
LOCALES = (
    "en-IE",
    "en-GB",
    "en-US",
    "de-DE",
    "de-AT",
    "de-CH",
    "fr-FR",
    "fr-CH",
    "es-ES",
    "it-IT",
    "nl-NL",
    "nl-BE",
    "pt-PT",
    "pt-BR",
    "pl-PL",
    "cs-CZ",
    "sv-SE",
    "da-DK",
    "nb-NO",
    "fi-FI",
    "hu-HU",
    "ro-RO",
    "en-CA",
    "en-AU",
    "en-NZ",
    "en-IN",
    "ja-JP",
    "zh-CN",
    "ko-KR",
)


# Of these the CLDR, which Babel goes by, counts the coins that are in use; banks write what ISO 4217 says.
BANKED = dict.fromkeys("AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split(), 2) | {"IQD": 3}


@lru_cache(maxsize=512)
def decimals(currency: str) -> int:
    """Return how many decimals the currency's minor unit has by ISO 4217: EUR 2, JPY 0, KWD 3."""
    return BANKED.get(currency) or get_currency_precision(currency)


@lru_cache(maxsize=512)
def is_currency(code: object) -> bool:
    """Say whether this is a currency's ISO 4217 code."""
    return isinstance(code, str) and code in CURRENCIES


def to_minor(amount: Decimal, currency: str) -> int:
    """Turn an exact decimal into minor units.

    Raises:
        InputNotValid: it has more decimals than the currency, or is too large to be a household's.
    """
    if not amount.is_finite():
        raise InputNotValid("That is not an amount")
    # Bounded before scaling: 1e400 would otherwise be written out in full.
    if amount and amount.adjusted() > 20:
        raise InputNotValid("The amount is too large")
    scaled = amount.scaleb(decimals(currency))
    minor = int(scaled)
    if scaled != minor:
        raise InputNotValid(f"{currency} has {decimals(currency)} decimals: {amount} has more")
    if abs(minor) > LARGEST:
        raise InputNotValid("The amount is too large")
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """Turn minor units into an exact decimal with the currency's decimals."""
    return Decimal(minor).scaleb(-decimals(currency))


def plain(minor: int, currency: str) -> str:
    """Write minor units as a plain decimal string, as in exports: -12.50."""
    places = decimals(currency)
    if not places:
        return str(minor)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def share(minor: int, parts: int) -> list[int]:
    """Cut an amount into equal parts that sum to it; the first parts take what is left over."""
    whole, rest = divmod(abs(minor), parts)
    sign = -1 if minor < 0 else 1
    return [sign * (whole + (1 if i < rest else 0)) for i in range(parts)]


def round_half_up(value: Decimal) -> int:
    """Round to whole minor units, halves away from zero, as shops and banks do."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def parse_amount(text: object, currency: str, locale: str) -> int:
    """Read what a person typed: "1.234,56", "-3", "12,-", "(12.50)", "12.50 + 4", "100/3". The locale's own marks are tried first.

    Returns:
        Minor units; a sum is rounded once, halves away from zero.

    Raises:
        InputNotValid: with one sentence for the person.
    """
    return signed_amount(text, currency, locale)[0]


def signed_amount(text: object, currency: str, locale: str) -> tuple[int, bool]:
    """Read an amount as `parse_amount`, and say whether it was typed with a sign of its own: -5, +5, 5-, (5)."""
    if not isinstance(text, str) or not text.strip():
        raise InputNotValid("Type an amount", "amount")
    if len(text) > LONGEST:
        raise InputNotValid("That is too long for an amount", "amount")
    form = _form(currency, locale)
    # The Arabic marks are named by what they do.
    body = typed.plain(text.replace("\u066b", form.point).replace("\u066c", form.group)).removeprefix("=").strip()
    if "%" in body:
        raise InputNotValid("Percent are not reckoned here: type the amount", "amount")
    body = _sign_first(body, form)
    parts = typed.parts_of(body, form.one)
    other = next((code for code in re.findall(r"[A-Z]{3}", body) if code in CURRENCIES and code != currency), None)
    if other:
        raise InputNotValid(f"That is an amount of {other}: this one is of {currency}", "amount")
    if not parts:
        raise InputNotValid(f"\u201c{text.strip()[:40]}\u201d is not an amount", "amount")

    numbers = {part: Decimal(_digits(part, form, text)) for part in parts if part not in SIGNS}
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        # Only what multiplies or divides may have more decimals than the currency.
        if part in numbers and not {before, after} & {"*", "/"}:
            _within(numbers[part], currency)
    exact = typed.worth(parts, lambda part: Fraction(numbers[part])) * 10 ** decimals(currency)
    size = int(abs(exact) + Fraction(1, 2))
    if size > LARGEST:
        raise InputNotValid("The amount is too large", "amount")
    return (-size if exact < 0 else size), parts[0] in ("-", "+")


def _sign_first(body: str, form: _Form) -> str:
    """Return an amount with its sign before it: (5), 5- and \u20ac-5 are -5."""
    if len(body) > 2 and body[0] == "(" and body[-1] == ")" and form.one.fullmatch(body[1:-1].strip()):
        return f"-{body[1:-1].strip()}"
    if body[-1:] == "-" and not form.one.fullmatch(body) and form.one.fullmatch(body[:-1]):
        return f"-{body[:-1]}"
    if form.before.match(body) and (sign := form.before.sub("", body, count=1))[:1] in ("-", "+"):
        return sign
    return body


def _within(number: Decimal, currency: str) -> None:
    try:
        to_minor(number, currency)
    except InputNotValid as error:
        raise InputNotValid(error.message, "amount") from error


class _Form(NamedTuple):
    """How one amount of a currency looks in a locale: `one` whole, `bare` without its currency, `before` the currency alone."""

    one: re.Pattern[str]
    before: re.Pattern[str]
    currency: re.Pattern[str]
    bare: re.Pattern[str]
    group: str
    point: str


@lru_cache(maxsize=512)
def _form(currency: str, locale: str) -> _Form:
    point, group = decimal_point(locale), typed.plain(get_group_symbol(locale.replace("-", "_")) or " ") or " "
    # The last group has three digits everywhere; those before it two in India. A space or an apostrophe is never a decimal mark.
    own = rf"\d{{1,3}}(?:{re.escape(group)}\d{{2,3}})*{re.escape(group)}\d{{3}}"
    whole = r"(?:\d{1,3}(?: \d{3})+(?!\d)|\d{1,3}(?:'\d{3})+(?!\d)|\d{1,15})"
    # "12,-" and "12.-" are whole: what stands behind the mark is no sign unless something follows.
    end = r"(?:[.,]-{1,2}(?! *[\d(])|[.,](?!\d))?"
    mark = re.escape(point)
    bare = rf"(?:{own}(?:{mark}\d{{1,4}})?|{whole}(?:{mark}\d{{1,4}}|[.,]\d{{1,2}})|{mark}\d{{1,4}}|(?:{own}|{whole}){end})(?![\d.,'])"
    names = {currency} | {typed.plain(symbol_of(currency, other)) for other in LOCALES}
    names |= {mark for name in names for mark in name if unicodedata.category(mark) == "Sc"}
    code = "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"
    return _Form(
        re.compile(rf"(?:{code} ?(?={bare}))?{bare}(?: ?{code})?", re.IGNORECASE),
        re.compile(rf"{code} ?", re.IGNORECASE),
        re.compile(code, re.IGNORECASE),
        re.compile(bare),
        group,
        point,
    )


def _digits(part: str, form: _Form, text: str) -> str:
    """Return a number as Python writes it."""
    body = form.currency.sub("", part).strip()
    if not form.bare.fullmatch(body):
        raise InputNotValid(f"\u201c{text.strip()[:40]}\u201d is not an amount", "amount")
    body = re.sub(r"[.,]-*$", "", body)
    cut = re.fullmatch(rf"(.*?)(?:{re.escape(form.point)}(\d{{1,4}}))?", body)
    if cut and cut[2] is None:
        # One mark and one or two digits after it can only be decimals, whichever mark it is.
        cut = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", body)
    whole, cents = (cut[1], cut[2] or "0") if cut else (body, "0")
    return f"{re.sub(r'[^0-9]', '', whole) or '0'}.{cents}"


def decimal_point(locale: str) -> str:
    """Return the mark this locale writes before decimals."""
    return get_decimal_symbol(locale.replace("-", "_"))


@lru_cache(maxsize=1024)
def symbol_of(currency: str, locale: str) -> str:
    """Return the currency's symbol as this locale writes it: €, CHF, CA$."""
    return get_currency_symbol(currency, locale=locale.replace("-", "_"))


@dataclass(frozen=True)
class _Pattern:
    prefix: str
    suffix: str
    point: str
    group: str
    sizes: tuple[int, int]
    places: int


@lru_cache(maxsize=1024)
def _pattern(currency: str, locale: str) -> _Pattern:
    """Take the locale's currency pattern apart once: Babel's own formatter is 50 times slower a call."""
    parsed = Locale.parse(locale.replace("-", "_"))
    pattern = parsed.currency_formats["standard"]
    symbol = symbol_of(currency, locale)
    prefix = pattern.prefix[0].replace("\u00a4", symbol)
    # CLDR puts a space between digits and a symbol made of letters where the pattern has none.
    if prefix and prefix[-1].isalpha():
        prefix += NBSP
    return _Pattern(
        prefix=prefix.replace(" ", NBSP),
        suffix=pattern.suffix[0].replace("\u00a4", symbol).replace(" ", NBSP),
        point=get_decimal_symbol(parsed),
        group=get_group_symbol(parsed).replace(" ", NBSP),
        sizes=(pattern.grouping[0], pattern.grouping[1]),
        places=decimals(currency),
    )


def _grouped(digits: str, pattern: _Pattern) -> str:
    first, then = pattern.sizes
    if len(digits) <= first:
        return digits
    parts = [digits[-first:]]
    rest = digits[:-first]
    while rest:
        parts.append(rest[-then:])
        rest = rest[:-then]
    return pattern.group.join(reversed(parts))


def money(minor: int, currency: str, locale: str, *, plus: bool = False) -> str:
    """Format with the currency's decimals: −€118.50; `plus` puts a sign before money in."""
    whole, cents = money_parts(minor, currency, locale, plus=plus)
    pattern = _pattern(currency, locale)
    return f"{whole}{cents}{pattern.suffix}"


def money_parts(minor: int, currency: str, locale: str, *, plus: bool = False) -> tuple[str, str]:
    """Format in two parts, so that a card can write the decimals smaller: ("€3,620", ".12"); the suffix is left out."""
    pattern = _pattern(currency, locale)
    digits = str(abs(minor)).rjust(pattern.places + 1, "0")
    whole, cents = (digits[: -pattern.places], digits[-pattern.places :]) if pattern.places else (digits, "")
    sign = MINUS if minor < 0 else "+" if plus and minor > 0 else ""
    return f"{sign}{pattern.prefix}{_grouped(whole, pattern)}", f"{pattern.point}{cents}" if cents else ""


def money_suffix(currency: str, locale: str) -> str:
    """Return what this locale writes after an amount, with its space: " €"."""
    return _pattern(currency, locale).suffix


def money_whole(minor: int, currency: str, locale: str, *, plus: bool = False) -> str:
    """Format in whole units, halves away from zero, as overviews do: €438."""
    units = round_half_up(to_decimal(minor, currency))
    pattern = _pattern(currency, locale)
    sign = MINUS if units < 0 else "+" if plus and units > 0 else ""
    return f"{sign}{pattern.prefix}{_grouped(str(abs(units)), pattern)}{pattern.suffix}"


# What an axis calls a million and a thousand; the Japanese count in ten thousands.
SHORT = {
    "en": ((6, "M"), (3, "k")),
    "en-US": ((6, "M"), (3, "K")),
    "de": ((6, f"{NBSP}Mio."), (3, f"{NBSP}Tsd.")),
    "fr": ((6, f"{NBSP}M"), (3, f"{NBSP}k")),
    "ja": ((8, "\u5104"), (4, "\u4e07")),
    "zh": ((8, "\u4ebf"), (4, "\u4e07")),
}


def money_axis(minor: int, currency: str, locale: str) -> str:
    """Format short for an axis: €2k, €1.5M."""
    units = to_decimal(minor, currency)
    pattern = _pattern(currency, locale)
    sign = MINUS if units < 0 else ""
    size = abs(units)
    for power, letter in SHORT.get(locale) or SHORT.get(locale[:2]) or SHORT["en"]:
        if size >= (limit := Decimal(10**power)):
            short = f"{(size / limit):.1f}".removesuffix(".0").replace(".", pattern.point)
            return f"{sign}{pattern.prefix}{short}{letter}{pattern.suffix}"
    return f"{sign}{pattern.prefix}{_grouped(str(int(size)), pattern)}{pattern.suffix}"


def percent(share_of_one: Decimal | float | None, locale: str, places: int = 0) -> str:
    """Format a share: 38 %, 36.0 %; "–" where there is none; how many times the whole where it is ten times that: 10 ×."""
    if share_of_one is None:
        return "\u2013"
    value = (Decimal(str(share_of_one)) * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if abs(value) > 999:
        return f"{MINUS if value < 0 else ''}{number(round_half_up(abs(value) / 100), locale)}{NBSP}\u00d7"
    text = f"{abs(value)}".replace(".", _pattern("EUR", locale).point)
    sign = MINUS if value < 0 else ""
    space = "" if locale.startswith(("en", "ja", "zh", "ko")) and not locale.endswith("IE") else NBSP
    return f"{sign}{text}{space}%"


def size(count: int, locale: str) -> str:
    """Format a number of bytes as the size of a file: 340 KB, 2.4 MB."""
    if count < 2**20:
        return f"{number(-(-count // 2**10), locale)}{NBSP}KB"
    # Upwards: what is just too large must not look as if it were not.
    tenths = -(-count * 10 // 2**20)
    return f"{number(tenths // 10, locale)}{get_decimal_symbol(locale.replace('-', '_'))}{tenths % 10}{NBSP}MB"


def number(value: int, locale: str) -> str:
    """Format a count with the locale's groups: 1,204."""
    return (MINUS if value < 0 else "") + _grouped(str(abs(value)), _pattern("EUR", locale))
