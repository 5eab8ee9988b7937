"""Texts without case and accents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.folding import BETWEEN, fold, folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u017babka", "zabka"),
        ("CAF\u00c9", "cafe"),
        ("M\u00dcLLER-\u00d6ZT\u00dcRK", "muller-ozturk"),
        ("\u0130stanbul \u0131\u015f\u0131k", "istanbul isik"),
        ("Stra\u00dfe", "strasse"),
        ("\u0141\u00f3d\u017a \u00d8l \u0110or\u0111e", "lodz ol dorde"),
        ("\u1f08\u03b8\u1fc6\u03bd\u03b1\u03b9", "\u03b1\u03b8\u03b7\u03bd\u03b1\u03b9"),
        ("\uff21\uff22\uff23", "abc"),
        ("  two \t words\n", "two words"),
    ],
)
def test_case_and_accents_are_folded(text: str, plain: str) -> None:
    assert fold(text) == plain


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from(" \t\naB\x1c"), max_size=8), min_size=1, max_size=3))
def test_the_texts_of_a_row_are_folded_each_for_itself(texts: list[str]) -> None:
    whole = folded(*texts)
    assert whole.split(BETWEEN) == [fold(text) for text in texts]
    assert folded(*whole.split(BETWEEN)) == whole
