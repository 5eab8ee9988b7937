"""What of a bank's words is the payee, and which words make two rows one payee."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis import payees


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("STARBUCKS #1234 SEATTLE WA", "STARBUCKS"),
        ("POS Withdrawal - DOORDASH*QDOBA MEXICAN 303 2nd Street - Card Ending In 8349", "DOORDASH*QDOBA MEXICAN"),
        ("SQ *MUDLEAF COFFEE Plano TX", "MUDLEAF COFFEE Plano TX"),
        ("CARTE 13/06/22 VELIB METROPOLE", "VELIB METROPOLE"),
        ("A101 MARKET 4412", "A101 MARKET"),
        ("PIER 1 IMPORTS 0912", "PIER 1 IMPORTS"),
        ("STUDIO 54", "STUDIO 54"),
        ("Telekom Deutschland GmbH", "Telekom Deutschland GmbH"),
        ("COFFEE BAR", "COFFEE BAR"),
        ("12345", "12345"),
        ("セブンイレブン 123", "セブンイレブン"),
    ],
)
def test_a_name_is_what_the_bank_wrote_less_what_numbers_the_receipt(raw: str, name: str) -> None:
    assert payees.name(raw) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STARBUCKS #1234", "Starbucks #0456 RENO NV"),
        ("PAYPAL *NETFLIX.COM 7700", "Netflix.com 866-579-7172"),
        ("8382 Recurring Debit Card Spotify 877-7781161", "SPOTIFY 06/03 PURCHASE 877"),
        ("Café Möwe", "CAFE MOWE"),
    ],
)
def test_one_payee_is_known_again_however_it_is_numbered(one: str, other: str) -> None:
    assert payees.key(one) == payees.key(other)


def test_two_payees_are_two() -> None:
    assert len({payees.key(raw) for raw in ("STARBUCKS #1", "SUBWAY #1", "A101", "N26", "Stadtwerke Kiel", "Stadtwerke Bonn")}) == 6


@given(st.text(max_size=60))
def test_any_text_has_a_name_of_itself_and_the_same_key_again(raw: str) -> None:
    name = payees.name(raw)
    assert name in raw
    assert payees.key(raw) == payees.key(raw)
    assert payees.name(name) == name or len(payees.name(name)) < len(name)
