"""The contrasts of WCAG 2.2 AA, recomputed from the stylesheet: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.view.palette import blend, tokens

THEMES = ("light", "dark")
TEXTS = ("ink", "ink-2", "ink-3", "ok", "watch", "over", "inc")
GROUNDS = ("bg", "surface", "surface-2", "sunken", "sel")
STYLES = sorted((Path(__file__).parents[2] / "assets" / "css").glob("*.css"))
# Disabled controls and shapes without words need no contrast of text; these rules are of nothing else.
WORDLESS = re.compile(r"aria-disabled|::before|\.spark|\.excess")


def rules() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield selector and declarations of every rule of the stylesheets, whatever it is nested in."""
    for path in STYLES:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", text):
            pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
            yield selector.strip(), {name.strip(): value.strip() for name, value in pairs}


def resolved(value: str, found: dict[str, str]) -> str | None:
    """Return what a declared colour is in a theme; None where it is not one of ours."""
    value = value.removesuffix("!important").strip()
    if match := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return found.get(match[1])
    return value if re.fullmatch(r"#[0-9A-Fa-f]{6}", value) else None


def mixed(one: str, share: float, other: str) -> str:
    """Mix two colours as color-mix(in srgb) does."""
    parts = (round(int(one[i : i + 2], 16) * share + int(other[i : i + 2], 16) * (1 - share)) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02X}" for part in parts)


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


@pytest.mark.parametrize("theme", THEMES)
def test_every_rule_with_a_ground_has_readable_text_on_it(theme: str) -> None:
    found = tokens()[theme]
    pairs = {}
    for selector, declared in rules():
        if WORDLESS.search(selector) or (theme == "light" and "=dark" in selector):
            continue
        ground = resolved(declared.get("background", declared.get("background-color", "")), found)
        text = resolved(declared.get("color", ""), found) or (found["ink"] if "=dark" in selector else None)
        if ground and text:
            pairs[selector] = contrast(text, ground)
    assert len(pairs) > 20
    assert not {selector: ratio for selector, ratio in pairs.items() if ratio < 4.5}


def test_text_is_written_in_no_other_colours_than_those_measured() -> None:
    known = {*TEXTS, "on-ink", "info"}
    used = {
        (selector, match[1])
        for selector, declared in rules()
        if not WORDLESS.search(selector) and (match := re.fullmatch(r"var\(--([\w-]+)\)", declared.get("color", "")))
    }
    assert {name for _, name in used} >= {"ink", "ink-2", "ink-3", "over", "watch"}
    # A line in a category's colour is drawn with a mask: it is a shape.
    assert not {pair for pair in used if pair[1] not in known}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shape", [*(f"slot-{n}" for n in range(19)), "ink-3"])
def test_the_icon_of_a_category_can_be_seen_on_its_tint(theme: str, shape: str) -> None:
    found = tokens()[theme]
    shares = {
        part: float(match[1]) / 100
        for selector, declared in rules()
        if selector == ".tile"
        for part, value in declared.items()
        if (match := re.match(r"color-mix\(in srgb, var\(--c.*\)\) (\d+)%", value))
    }
    assert set(shares) == {"color", "background"}
    icon = mixed(found[shape], shares["color"], found["ink"])
    assert contrast(icon, mixed(found[shape], shares["background"], found["surface"])) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground", "share"), [("on-ink", "ink", 0.18), ("ink", "surface", 0.18), ("ink-2", "bg", 0.14), ("on-ink", "ink", 0.14)]
)
def test_keys_and_counts_are_readable_on_a_tint_of_themselves(theme: str, text: str, ground: str, share: float) -> None:
    found = tokens()[theme]
    assert contrast(found[text], mixed(found[text], share, found[ground])) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_fainter_words_of_the_bulk_bar_are_readable(theme: str) -> None:
    found = tokens()[theme]
    faint = next(float(declared["opacity"]) for selector, declared in rules() if selector == ".bulk-sum")
    assert contrast(mixed(found["on-ink"], faint, found["ink"]), found["ink"]) >= 4.5
