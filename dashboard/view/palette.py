"""The colours of the figures, read from the stylesheet that says them once."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

LIGHT, DARK = "light", "dark"
TOKENS = Path(__file__).resolve().parents[2] / "assets" / "css" / "tokens.css"


@lru_cache(maxsize=1)
def tokens() -> dict[str, dict[str, str]]:
    """Return the colours: theme to token to hex value, so that the dark ink is at "dark", "ink"."""
    css = TOKENS.read_text()
    blocks = {LIGHT: css.split("[data-bs-theme=light] {")[1].split("}")[0], DARK: css.split("[data-bs-theme=dark] {")[1].split("}")[0]}
    return {theme: dict(re.findall(r"--([\w-]+): (#[0-9A-Fa-f]{6});", block)) for theme, block in blocks.items()}


def colour(token: str, theme: str) -> str:
    """Return a token's hex value in a theme."""
    return tokens()[DARK if theme == DARK else LIGHT][token]


def slot(number: int, theme: str) -> str:
    """Return the colour of a category's slot (1 to 18; 0 is income's)."""
    return colour(f"slot-{number}" if 0 <= number <= 18 else "other", theme)


def faded(number: int, theme: str) -> str:
    """Return a slot's colour as it stands back behind the one that is chosen."""
    return blend(f"slot-{number}" if 0 <= number <= 18 else "other", theme, 0.24)


def blend(token: str, theme: str, share: float) -> str:
    """Return a token's colour mixed into the surface, solid: an opacity would let the grid shine through."""
    one, two = colour(token, theme), colour("surface", theme)
    mixed = [round(int(one[i : i + 2], 16) * share + int(two[i : i + 2], 16) * (1 - share)) for i in (1, 3, 5)]
    return "#" + "".join(f"{value:02X}" for value in mixed)
