"""Amounts: exact, rounded by one rule, read back as they are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.errors import InputNotValid
from dashboard.money import (
    LARGEST,
    LOCALES,
    MINUS,
    decimals,
    is_currency,
    money,
    money_axis,
    money_parts,
    money_suffix,
    money_whole,
    parse_amount,
    percent,
    plain,
    round_half_up,
    share,
    signed_amount,
    to_decimal,
    to_minor,
)

CURRENCIES = ("EUR", "USD", "CHF", "JPY", "KWD", "GBP", "SEK", "PLN")
minor = st.integers(-LARGEST, LARGEST)


@given(minor, st.sampled_from(CURRENCIES))
def test_a_plain_amount_reads_back_as_the_same_minor_units(amount: int, currency: str) -> None:
    assert to_minor(Decimal(plain(amount, currency)), currency) == amount
    assert to_minor(to_decimal(amount, currency), currency) == amount


@given(minor, st.integers(1, 400))
def test_shares_sum_to_the_whole_and_differ_by_one_at_most(amount: int, parts: int) -> None:
    cut = share(amount, parts)
    assert sum(cut) == amount
    assert len(cut) == parts
    assert max(cut) - min(cut) <= 1


def test_a_third_of_a_hundred_euros_loses_no_cent() -> None:
    assert share(100_00, 3) == [33_34, 33_33, 33_33]
    assert share(-100_00, 3) == [-33_34, -33_33, -33_33]


@given(
    amount=st.integers(-(10**11), 10**11),
    locale=st.sampled_from(LOCALES),
    currency=st.sampled_from(("EUR", "USD", "CHF", "JPY", "KWD", "GBP")),
)
def test_what_is_shown_can_be_typed_again(amount: int, locale: str, currency: str) -> None:
    assert parse_amount(money(amount, currency, locale), currency, locale) == amount


@given(amount=minor, locale=st.sampled_from(LOCALES), currency=st.sampled_from(CURRENCIES))
def test_the_two_parts_and_the_suffix_make_the_whole(amount: int, locale: str, currency: str) -> None:
    assert "".join(money_parts(amount, currency, locale)) + money_suffix(currency, locale) == money(amount, currency, locale)


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("RSD", 2), ("ALL", 2), ("IQD", 3)])
def test_a_currency_has_its_own_decimals(currency: str, places: int) -> None:
    assert decimals(currency) == places
    assert plain(-5, currency) == {0: "-5", 2: "-0.05", 3: "-0.005"}[places]
    assert to_minor(Decimal(1), currency) == 10**places


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("267.5", 268), ("0.4999999999999999999999", 0)]
)
def test_halves_are_rounded_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Decimal(value)) == rounded


@pytest.mark.parametrize(("value", "currency"), [("0.005", "EUR"), ("2.675", "EUR"), ("0.5", "JPY"), ("0.0001", "KWD")])
def test_more_decimals_than_the_currency_has_are_refused_never_rounded(value: str, currency: str) -> None:
    with pytest.raises(InputNotValid, match="decimals"):
        to_minor(Decimal(value), currency)
    with pytest.raises(InputNotValid):
        parse_amount(value, currency, "en-IE")


def test_the_third_decimal_of_a_dinar_stays() -> None:
    assert parse_amount("2.675", "KWD", "en-IE") == 2675
    assert to_minor(Decimal("2.675"), "KWD") == 2675
    assert money(2675, "KWD", "en-IE").endswith("2.675")


@pytest.mark.parametrize(
    "text",
    [
        "1e400",
        "1e5",
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "--5",
        "-+5",
        "9" * 400,
        "9" * 50,
        "",
        " ",
        "-",
        ".",
        ",",
        "5--",
        "5+-3",
        "12 -",
        "12+3-",
        "12+",
        "*3",
        "5/0",
        "1/(2-2)",
        "(5",
        "5)",
        "()",
        "10%",
        "1e9",
        "1\u20ac2",
        "12\u20ac50",
        "12 USD",
        "1 2",
        "12 34",
        "1'23",
        "5\u00b2",
        "\u00bd",
        "1.234",
        "1.234+1",
        "2\u202e1",
        "1+" * 40 + "1",
        "9999999999*9999999999",
        "0x10",
        "1_000",
        "1,2,3",
        "1.2.3",
        "12,34.5",
        "five",
        "1 + ",
        "10000000000000.00",
        None,
        5,
        5.0,
        True,
        [],
        {"a": 1},
        b"5",
    ],
)
def test_what_is_no_amount_is_refused_by_one_sentence(text: object) -> None:
    with pytest.raises(InputNotValid) as refused:
        parse_amount(text, "EUR", "en-IE")
    assert refused.value.field == "amount"
    assert 0 < len(refused.value.message) < 100
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e21", "1e12"])
def test_numbers_beyond_any_household_are_refused(value: str) -> None:
    with pytest.raises(InputNotValid):
        to_minor(Decimal(value), "EUR")


@given(st.text(max_size=80), st.sampled_from(LOCALES))
def test_any_text_is_an_amount_or_refused_by_a_sentence(text: str, locale: str) -> None:
    try:
        assert abs(parse_amount(text, "EUR", locale)) <= LARGEST
    except InputNotValid as refused:
        assert refused.field == "amount"


@pytest.mark.parametrize(
    ("text", "locale", "amount"),
    [
        ("12.50", "en-IE", 1250),
        ("12,50", "en-IE", 1250),
        ("1,234.56", "en-IE", 123456),
        ("1.234,56", "de-DE", 123456),
        ("1\u2019234.56", "de-CH", 123456),
        ("1\u202f234,56", "fr-FR", 123456),
        ("1 234,56", "fr-FR", 123456),
        ("-3", "en-IE", -300),
        (f"{MINUS}3", "en-IE", -300),
        ("+3", "en-IE", 300),
        ("\u20ac12.50", "en-IE", 1250),
        (".5", "en-IE", 50),
        ("12.50 + 4.20", "en-IE", 1670),
        ("10 - 2.5", "en-IE", 750),
        ("1,23,456.00", "en-IN", 12345600),
        ("1,234", "en-IE", 123400),
        ("1.234", "de-DE", 123400),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, locale: str, amount: int) -> None:
    assert parse_amount(text, "EUR", locale) == amount


@pytest.mark.parametrize("locale", ["de-CH", "fr-CH"])
@pytest.mark.parametrize("text", ["1'234.50", "1\u2019234.50", "CHF 1'234.50", "1\u2019234,50", "1234.50 CHF", "1\u202f234.5"])
def test_the_swiss_type_apostrophes(text: str, locale: str) -> None:
    assert parse_amount(text, "CHF", locale) == 123450


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.50+4.20", 1670),
        ("12*3", 3600),
        ("12\u00d73", 3600),
        ("100/3", 3333),
        ("200/3", 6667),
        ("100/3*3", 10000),
        ("2+3*4", 1400),
        ("20-3-2", 1500),
        ("(2+3)*4", 2000),
        ("100*0.075", 750),
        ("=1+2", 300),
        ("10 + -5", 500),
        ("1-2", -100),
        ("\u20ac12 + \u20ac3", 1500),
        ("5,", 500),
        ("5.", 500),
        ("12,-", 1200),
        ("12.\u2013", 1200),
        ("12,--", 1200),
        ("12,- + 3", 1500),
        ("(12.50)", -1250),
        ("(\u20ac12.50)", -1250),
        ("12-", -1200),
        ("12.50\u2212", -1250),
        ("\u20ac-5", -500),
        ("\u20ac 12,50", 1250),
        ("12,50 EUR", 1250),
        ("12.50 eur", 1250),
        ("1 234.50", 123450),
        ("1\u2009234\u00a0567,5", 123456750),
        ("\uff11\uff12\uff0e\uff15\uff10", 1250),
        ("\u0661\u0662\u066b\u0665", 1250),
        ("\u200e12.50", 1250),
    ],
)
def test_sums_and_habits_of_many_keyboards_are_read(text: str, amount: int) -> None:
    assert parse_amount(text, "EUR", "en-IE") == amount


@pytest.mark.parametrize(("text", "currency", "amount"), [("\u00a51234", "JPY", 1234), ("\uffe51,234", "JPY", 1234), ("$12", "CAD", 1200)])
def test_a_currency_has_its_short_sign_everywhere(text: str, currency: str, amount: int) -> None:
    assert parse_amount(text, currency, "en-IE") == amount


@given(
    numbers=st.lists(st.tuples(st.sampled_from("+-*/"), st.integers(0, 99999)), min_size=1, max_size=5),
    locale=st.sampled_from(LOCALES),
    space=st.sampled_from(("", " ", "\u00a0")),
)
def test_a_sum_is_reckoned_exactly_and_rounded_once(numbers: list[tuple[str, int]], locale: str, space: str) -> None:
    point = money_parts(1, "EUR", locale)[1][0]
    text = "".join(f"{space}{sign}{space}" * (i > 0) + f"{n // 100}{point}{n % 100:02}" for i, (sign, n) in enumerate(numbers))
    exact = "".join(f"{sign}" * (i > 0) + f"Fraction({n}, 100)" for i, (sign, n) in enumerate(numbers))
    try:
        cents = eval(exact, {"Fraction": Fraction}) * 100  # noqa: S307
    except ZeroDivisionError:
        with pytest.raises(InputNotValid, match="divided by 0"):
            parse_amount(text, "EUR", locale)
        return
    size = int(abs(cents) + Fraction(1, 2))
    if size <= LARGEST:
        assert parse_amount(text, "EUR", locale) == (size if cents > 0 else -size)


@pytest.mark.parametrize(
    ("text", "signed"),
    [("5", False), ("-5", True), ("+5", True), ("5-", True), ("(5)", True), ("\u20ac-5", True), ("(2+3)", False), ("1-2", False)],
)
def test_a_sign_of_its_own_is_told(text: str, signed: bool) -> None:
    assert signed_amount(text, "EUR", "en-IE")[1] is signed


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (-118_50, "EUR", "en-IE", f"{MINUS}\u20ac118.50"),
        (362_012, "EUR", "en-IE", "\u20ac3,620.12"),
        (362_012, "EUR", "de-DE", "3.620,12\u00a0\u20ac"),
        (1234, "JPY", "en-IE", "JP\u00a51,234"),
        (0, "EUR", "en-IE", "\u20ac0.00"),
        (-5, "EUR", "en-IE", f"{MINUS}\u20ac0.05"),
        (12_345_678_00, "INR", "en-IN", "\u20b91,23,45,678.00"),
    ],
)
def test_amounts_are_written_as_the_locale_does(amount: int, currency: str, locale: str, shown: str) -> None:
    assert money(amount, currency, locale) == shown


def test_money_in_may_carry_a_plus_and_nothing_carries_none() -> None:
    assert money(5_00, "EUR", "en-IE", plus=True) == "+\u20ac5.00"
    assert money(0, "EUR", "en-IE", plus=True) == "\u20ac0.00"


@pytest.mark.parametrize(
    ("amount", "shown"), [(437_50, "\u20ac438"), (437_49, "\u20ac437"), (-437_50, f"{MINUS}\u20ac438"), (-49, "\u20ac0"), (50, "\u20ac1")]
)
def test_whole_units_are_rounded_halves_away_from_zero_and_zero_has_no_sign(amount: int, shown: str) -> None:
    assert money_whole(amount, "EUR", "en-IE") == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "\u20ac0"), (999_00, "\u20ac999"), (2_000_00, "\u20ac2k"), (1_500_000_00, "\u20ac1.5M"), (-2_500_00, f"{MINUS}\u20ac2.5k")],
)
def test_axis_labels_are_short(amount: int, shown: str) -> None:
    assert money_axis(amount, "EUR", "en-IE") == shown


def test_a_share_that_does_not_exist_is_a_dash() -> None:
    assert percent(None, "en-IE") == "\u2013"
    assert percent(Decimal("0.385"), "en-US") == "39%"
    assert percent(Decimal("-0.385"), "en-US", 1) == f"{MINUS}38.5%"


def test_only_currencies_are_currencies() -> None:
    assert is_currency("EUR")
    assert not any(is_currency(other) for other in ("eur", "EURO", "", "XX", None, 5, "ABC"))


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (2_000_00, "EUR", "de-DE", "2\u00a0Tsd.\u00a0\u20ac"),
        (2_500_000_00, "EUR", "de-DE", "2,5\u00a0Mio.\u00a0\u20ac"),
        (2_000_00, "USD", "en-US", "$2K"),
        (2_000_00, "EUR", "fr-FR", "2\u00a0k\u00a0\u20ac"),
        (500_000, "JPY", "ja-JP", "\uffe550\u4e07"),
    ],
)
def test_axis_labels_are_short_in_each_language(amount: int, currency: str, locale: str, shown: str) -> None:
    assert money_axis(amount, currency, locale) == shown
