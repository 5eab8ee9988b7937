"""The contrasts of WCAG 2.2 AA, recomputed from the stylesheet: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

from __future__ import annotations

import pytest

from dashboard.view.palette import blend, tokens

THEMES = ("light", "dark")
TEXTS = ("ink", "ink-2", "ink-3", "ok", "watch", "over")
GROUNDS = ("bg", "surface", "surface-2", "sunken")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_and_grey_777_is_just_too_faint() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_readable_on_every_ground(theme: str, text: str, ground: str) -> None:
    found = tokens()[theme]
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ok", "ok-bg"),
        ("watch", "watch-bg"),
        ("over", "over-bg"),
        ("info", "info-bg"),
        ("on-ink", "ink"),
        ("inc", "surface"),
        ("inc", "bg"),
        ("ink", "sel"),
        ("ink-2", "sel"),
        ("ink-3", "sel"),
    ],
)
def test_text_is_readable_on_its_own_tint(theme: str, text: str, ground: str) -> None:
    found = tokens()[theme]
    assert contrast(found[text], found[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("edge", ["line-2", "focus"])
@pytest.mark.parametrize("ground", ["bg", "surface", "surface-2"])
def test_borders_and_the_focus_ring_can_be_seen(theme: str, edge: str, ground: str) -> None:
    found = tokens()[theme]
    assert contrast(found[edge], found[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shape", [*(f"slot-{n}" for n in range(19)), "other", "inc", "exp"])
def test_every_category_can_be_seen_on_a_card(theme: str, shape: str) -> None:
    found = tokens()[theme]
    assert contrast(found[shape], found["surface"]) >= 3


def test_both_themes_have_the_same_tokens() -> None:
    assert set(tokens()["light"]) == set(tokens()["dark"])


def test_a_blend_lies_between_its_colour_and_the_surface() -> None:
    for theme in THEMES:
        assert blend("inc", theme, 1) == tokens()[theme]["inc"]
        assert blend("inc", theme, 0) == tokens()[theme]["surface"]
