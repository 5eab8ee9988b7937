"""How banks write currencies: codes, signs and names."""

from __future__ import annotations

from dashboard.money import CURRENCIES
from dashboard.statements.table.vocabulary import fold

# Legal tender of today, and what stands in a household's older files.
CURRENCY_CODES = frozenset((*CURRENCIES, *"ATS BEF DEM EEK ESP FIM FRF GRD HRK ITL LTL LVL NLG PTE SIT SKK".split()))
# Signs that mean one currency; a bare dollar, yen or krona could be several and says nothing.
CURRENCY_WORDS: tuple[tuple[str, str | None], ...] = tuple(
    [
        ("HK$", "HKD"),
        ("US$", "USD"),
        ("A$", "AUD"),
        ("NZ$", "NZD"),
        ("C$", "CAD"),
        ("CA$", "CAD"),
        ("S$", "SGD"),
        ("R$", "BRL"),
        ("\u20ac", "EUR"),
        ("\u00a3", "GBP"),
        ("\u20b9", "INR"),
        ("Rs.", "INR"),
        ("\u20aa", "ILS"),
        ("\u20a9", "KRW"),
        ("\u20bd", "RUB"),
        ("\u20ba", "TRY"),
        ("\u20b4", "UAH"),
        ("\u0e3f", "THB"),
        ("z\u0142", "PLN"),
        ("K\u010d", "CZK"),
        ("Ft", "HUF"),
        ("lei", "RON"),
        ("\u043b\u0432", "BGN"),
        ("\u0440\u0443\u0431.", "RUB"),
        ("Rp", "IDR"),
        ("SFr.", "CHF"),
        ("Fr.", "CHF"),
        ("kr.", None),
        ("kr", None),
        ("TL", "TRY"),
        ("RM", "MYR"),
        ("S/.", "PEN"),
        ("S/", "PEN"),
        ("KM", "BAM"),
        ("din.", "RSD"),
        ("din", "RSD"),
        ("Ls", "LVL"),
        ("Lt", "LTL"),
        ("\u20b8", "KZT"),
        ("\u20be", "GEL"),
        ("\u20a6", "NGN"),
        ("\u20b1", "PHP"),
        ("\u20ab", "VND"),
        ("\u20b2", "PYG"),
        ("\u20a1", "CRC"),
        ("KSh", "KES"),
        ("Kshs", "KES"),
        ("Dhs", "AED"),
        ("Dh", "AED"),
        ("Rs", "INR"),
        ("Bs", None),
        ("$", None),
        ("\u00a5", None),
        ("\uffe5", None),
    ]
    + [(code, code) for code in sorted(CURRENCY_CODES)]
)
CURRENCY_NAMES = {
    fold(k): v
    for k, v in {
        "人民币": "CNY",
        "人民幣": "CNY",
        "RMB": "CNY",
        "CNH": "CNY",
        "港币": "HKD",
        "港幣": "HKD",
        "美元": "USD",
        "日元": "JPY",
        "欧元": "EUR",
        "円": "JPY",
        "RUR": "RUB",
        "руб": "RUB",
        "₪": "ILS",
        "שח": "ILS",
        "ש״ח": "ILS",
        "nis": "ILS",
        "€": "EUR",
        "£": "GBP",
        "euro": "EUR",
        "euros": "EUR",
        "us dollar": "USD",
        "zł": "PLN",
        "zl": "PLN",
        "kč": "CZK",
        "₹": "INR",
        "元": "CNY",
        "$": "",
    }.items()
}
# What stands for the money of an account's own country, where a file calls it "pesos" or "local".
OWN_MONEY = "\u00a4"


def currency_of(cell: str) -> str | None:
    """Return the code of a currency cell: EUR, usd, 人民币; None where it names none."""
    text = cell.strip()
    if len(text) > 12:
        return None
    upper = text.upper()
    return upper if upper in CURRENCY_CODES else CURRENCY_NAMES.get(fold(text)) or None
