"""Controls of direction are shown as marks, and what is shown is read back as what it was."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dashboard.directions import NAMES, all_shown, escaped, mean_all, meant, present, shown

WORDS = st.text(st.sampled_from("ab \u05d0\u27e8\u27e9RLO" + "".join(NAMES)), max_size=12)


def test_the_list_has_every_control_that_turns_text_round() -> None:
    bidirectional = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    found = {chr(n) for n in range(0x110000) if unicodedata.bidirectional(chr(n)) in bidirectional}
    assert set(NAMES) == found | {"\u200e", "\u200f", "\u061c"}


def test_each_is_found_in_bytes_and_its_neighbours_are_not() -> None:
    for number in [*range(0x600, 0x640), *range(0x2000, 0x2070)]:
        control = chr(number)
        for written in (control.encode(), f"\\u{number:04x}".encode(), f"\\u{number:04X}".encode()):
            assert present(b"x" + written) == (control in NAMES), hex(number)


def test_a_control_is_shown_as_its_mark() -> None:
    assert shown("invoice\u202egpj.exe") == "invoice\u27e8RLO\u27e9gpj.exe"
    assert shown("Caf\u00e9 \u05d0\u05d1") == "Caf\u00e9 \u05d0\u05d1"


@given(WORDS)
def test_what_is_shown_has_no_control_and_reads_back(text: str) -> None:
    assert not set(shown(text)) & set(NAMES)
    assert shown(meant(shown(text))) == shown(text)
    if not any(f"\u27e8{name}\u27e9" in text for name in NAMES.values()):
        assert meant(shown(text)) == text


@given(st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner), max_leaves=6))
def test_lists_and_dicts_are_gone_through(value: object) -> None:
    for ascii_only in (True, False):
        written = json.dumps(all_shown(value), ensure_ascii=ascii_only)
        assert not present(written.encode())
        assert present(json.dumps(value, ensure_ascii=ascii_only).encode()) == any(
            c in json.dumps(value, ensure_ascii=False) for c in NAMES
        )
    assert all_shown(mean_all(all_shown(value))) == all_shown(value)
    assert json.loads(escaped(json.dumps(value, ensure_ascii=False))) == value


def test_a_file_to_keep_is_left_as_it_is() -> None:
    assert all_shown({"keep": {"content": "\u202e"}, "\u202e": ["\u202e"]}, but="keep") == {
        "keep": {"content": "\u202e"},
        "\u27e8RLO\u27e9": ["\u27e8RLO\u27e9"],
    }
