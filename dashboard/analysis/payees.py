"""Payees as banks write them, and what of that is the name: "STARBUCKS #1234 SEATTLE" and "#0456 RENO" are one payee."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

# What banks write before a name. Only in front of it: "Card Factory" and "Toys R Us" keep their words.
_BEFORE = frozenset(
    """pos point of sale debit debits card cards check checkcard purchase purchases withdrawal withdrwl payment payments pmt recurring recur preauthorized
    authorized authorization authorisation on signature sig pin pinned external internal ach dda eft visa mastercard maestro vpay amex contactless international domestic online
    mobile internet web store direct transaction trans ref reference to from at by via the a an us null signed crd ec sepa girocard debitkarte karte
    karten kartenzahlung kartenumsatz kartenverfugung lastschrift basislastschrift folgelastschrift erstlastschrift einzug zahlung uberweisung gutschrift einkauf kauf dauerauftrag
    carte cb paiement achat facture prlv prelevement virement vir pago pagos compra compras tarjeta con en recibo adeudo transferencia pagamento carta acquisto bonifico addebito
    operazione pos betaalautomaat bea pinbetaling betaling incasso overboeking kortkop kop varekjop varekob kortbetaling korttiosto osto platnosc karta zakup platba kartou nakup
    vasarlas kartyas plata cumparare pos satis alisveris kart odeme islem pokupka oplata \u043f\u043e\u043a\u0443\u043f\u043a\u0430 \u043e\u043f\u043b\u0430\u0442\u0430 \u043a\u0430\u0440\u0442\u0430
    \u0441\u043f\u0438\u0441\u0430\u043d\u0438\u0435""".split()
)
# Who takes the money for somebody else: the name stands behind their star.
_PROCESSORS = frozenset(
    "sq tst paypal pp sumup zettle izettle iz sp spi cko anc fs b2p 0cpayment stripe ppro adyen mollie paddle wpy clr pos pay gpay googlepay applepay ec in dd crv".split()
)
_STAR = re.compile(r"\s*\*+\s*")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_PART = re.compile(r"[^\s*]+")
_DIGITS = dict.fromkeys(range(ord("1"), ord("9") + 1), "0")
_LETTERS = re.compile(r"[^\W\d_]")
WORDS_OF_A_KEY = 3


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return the text in lower case without accents and apostrophes."""
    lowered = text.casefold()
    if not lowered.isascii():
        lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c) or "\u3099" <= c <= "\u309a")
        lowered = unicodedata.normalize("NFC", lowered).replace("\u0142", "l").replace("\u00f8", "o").replace("\u00e6", "ae")
    return lowered.replace("'", "").replace("\u2019", "")


def shape(raw: str) -> str:
    """Return a text with every digit as 0: what is known of one numbered receipt is known of all."""
    return raw.translate(_DIGITS)


def words(raw: str) -> tuple[str, ...]:
    """Return the words of a payee's name, folded: without what the bank writes before it, and up to the first number."""
    return _words(shape(raw))


def all_words(raw: str) -> tuple[str, ...]:
    """Return every word of a text that is no number, folded, in order."""
    return tuple(word for word in _WORD.findall(fold(raw)) if not _is_number(word))


@lru_cache(maxsize=20_000)
def key(raw: str) -> int | None:
    """Return what a payee is known again by, as a signed 64-bit hash; None for no words at all."""
    return _key(shape(raw))


@lru_cache(maxsize=20_000)
def name(raw: str) -> str:
    """Return a payee's name to show: what the bank wrote less what stands before it and from the first number on.

    What holds no number and no star is left as it is: it is a name already.
    """
    begin, end = _name(shape(raw))
    return raw[begin:end]


def _behind_a_star(shaped: str) -> int:
    """Return where the name begins: behind the star of who takes the money for somebody else, else at the front."""
    star = _STAR.search(shaped)
    if star is None or not shaped[star.end() :].strip():
        return 0
    before = _WORD.findall(fold(shaped[: star.start()]))
    return star.end() if before and before[-1] in _PROCESSORS else 0


@lru_cache(maxsize=50_000)
def _words(shaped: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in _WORD.findall(fold(shaped[_behind_a_star(shaped) :])):
        if _is_number(word):
            if sum(map(len, found)) > 2:
                break
        elif found or word not in _BEFORE:
            found.append(word)
    return tuple(found) or tuple(_WORD.findall(fold(shaped))[:WORDS_OF_A_KEY])


def _is_number(word: str) -> bool:
    """Say whether a word numbers something: digits, or a code that holds more of them than letters."""
    digits = sum(map(str.isdigit, word))
    if digits and word[0].isalpha() and len(word) <= 4 and not set(word) <= set("0123456789x"):
        # A101, N26, O2.
        return False
    return digits > 0 and (digits * 2 >= len(word) or set(word) <= set("0123456789x"))


@lru_cache(maxsize=50_000)
def _key(shaped: str) -> int | None:
    named = _words(shaped)[:WORDS_OF_A_KEY]
    if not named:
        return None
    return int.from_bytes(hashlib.blake2b(" ".join(named).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=50_000)
def _name(shaped: str) -> tuple[int, int]:
    """Return where in a text the payee's name begins and ends."""
    everything = 0, len(shaped)
    if "0" not in shaped and "*" not in shaped:
        return everything
    begin, end, letters, started = 0, 0, 0, False
    for part in _PART.finditer(shaped, _behind_a_star(shaped)):
        bare = _WORD.findall(fold(part[0]))
        numbers = not bare or all(_is_number(word) for word in bare)
        if numbers and letters > 2 and (part[0][0] in "#0" and len(part[0]) > 2):
            # A receipt's or a shop's number; Pier 1 and Studio 54 keep theirs.
            break
        before = not started and all(word in _BEFORE or _is_number(word) for word in bare)
        if before and not (numbers and bare and len(part[0]) == 1):
            continue
        if not started:
            begin, started = part.start(), True
        letters += len(_LETTERS.findall(part[0]))
        end = part.end()
    while end > begin and shaped[end - 1] in " -,;:/#.&*":
        end -= 1
    return (begin, end) if letters > 2 else everything
