"""Rules: what fits, which one is first, and patterns that would never end."""

from __future__ import annotations

import json
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis import rules
from dashboard.analysis.rules import Rule, compiled, first_match, fold, parsed, stored
from dashboard.errors import InputNotValid

# Patterns over which a matcher that walks back runs for longer than the universe.
ENDLESS = ("(a+)+$", "(a|aa)+$", r"(\w+\s?)*$", "(x+x+)+y", r"([a-z]+)*\d", "^(([a-z])+.)+[A-Z]([a-z])+$")


def rule(number: int = 1, category: int = 9, **conditions: object) -> Rule:
    return Rule(number, 1, number, category, **conditions)  # type: ignore[arg-type]


def fits(one: Rule, payee: str = "Shop", text: str = "", amount: int = -500, account: int = 1) -> bool:
    return first_match([one], payee, text, amount, account) is one


@pytest.mark.parametrize(
    ("words", "payee", "text"),
    [
        ("spar", "SPAR Wien", ""),
        ("SPAR", "Visa", "interspar 4711"),
        ("cafe creme", "Caf\u00e9  Cr\u00e8me", ""),
        ("caf\u00e9", "CAFE LUNA", ""),
        ("strasse", "Hauptstra\u00dfe 1", ""),
        ("zlote", "Z\u0142ote Tarasy", ""),
        ("smorrebrod", "Sm\u00f8rrebr\u00f8d", ""),
        ("\u041c\u0410\u0413\u0410\u0417\u0418\u041d", "\u043c\u0430\u0433\u0430\u0437\u0438\u043d", ""),
    ],
)
def test_words_are_found_whatever_the_case_and_the_accents(words: str, payee: str, text: str) -> None:
    assert fits(rule(contains=words), payee, text)


def test_words_are_one_phrase_in_one_of_the_two() -> None:
    assert not fits(rule(contains="fresh market"), "Fresh", "Market")
    assert not fits(rule(contains="fresh market"), "Market Fresh", "")
    assert fits(rule(contains="fresh market"), "x", "a  FRESH\tmarket b")


def test_all_conditions_must_hold() -> None:
    one = rule(contains="spar", pattern=r"\bwien\b", least=500, most=5000, account_id=3, direction="out")
    good = {"payee": "Spar", "text": "1010 Wien", "amount": -500, "account": 3}
    assert fits(one, **good)  # type: ignore[arg-type]
    for wrong in ({"payee": "Billa"}, {"text": "1010 Wiener"}, {"amount": -499}, {"amount": -5001}, {"amount": 500}, {"account": 4}):
        assert not fits(one, **(good | wrong))  # type: ignore[arg-type]
    assert fits(one, "Spar", "WIEN", -5000, 3)


def test_nothing_is_neither_in_nor_out_and_a_pattern_begins_with_payee_or_text() -> None:
    assert not fits(rule(direction="in"), amount=0)
    assert not fits(rule(direction="out"), amount=0)
    assert fits(rule(most=0), amount=0)
    assert fits(rule(pattern="^spar$"), "Visa", "SPAR")
    assert not fits(rule(pattern="visa.*spar"), "Visa", "SPAR")


def test_the_first_by_position_wins_and_a_rule_without_conditions_never_does() -> None:
    many = [Rule(1, 1, 5, 1, contains="a"), Rule(2, 1, 2, 2, contains="a"), Rule(3, 1, 0, 3), Rule(4, 1, 2, 4, contains="a")]
    found = first_match(many, "a", "", 1, 1)
    assert found is not None
    assert found.id == 2
    assert first_match(many, "b", "", 1, 1) is None
    assert [r.id for r in compiled(many).rules] == [2, 4, 1]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["", "in", "out"]), st.integers(0, 9)), max_size=6),
    st.lists(st.tuples(st.text("abcAB ", max_size=4), st.text("abc", max_size=3), st.integers(-5, 5), st.integers(1, 2)), max_size=12),
)
def test_a_run_finds_what_each_row_by_itself_would(made: list[tuple[str, int, str, int]], rows: list[tuple[str, str, int, int]]) -> None:
    many = [
        Rule(i, 1, place, 1, contains=words, least=least or None, direction=side) for i, (words, least, side, place) in enumerate(made, 1)
    ]
    run = compiled(many)
    for payee, text, amount, account in rows:
        held = [
            r
            for r in many
            if (fold(r.contains) in fold(payee) or fold(r.contains) in fold(text))
            and (r.least is None or abs(amount) >= r.least)
            and (not r.direction or (amount > 0 if r.direction == "in" else amount < 0))
        ]
        assert run.match(payee, text, amount, account) == min(held, key=lambda r: (r.position, r.id), default=None)


@given(st.text(max_size=60))
def test_a_payee_finds_itself_among_other_words(text: str) -> None:
    assert "\n" not in fold(text)
    assert fold(text) in fold(f"a {text} b")


def test_each_distinct_text_is_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = rules.folded
    monkeypatch.setattr(rules, "folded", lambda *texts: calls.extend(texts) or real(*texts))
    run = compiled([rule(contains="spar")])
    calls.clear()
    for _ in range(1000):
        run.match("Spar", "Wien", -1, 1)
    assert calls == ["Spar", "Wien"]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_no_pattern_runs_for_long_over_a_line(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a matcher that walks back would need the life of the universe for is one of ten thousand others here.
    run = compiled([rule(pattern=pattern)])
    for n in range(200):
        run.match("a" * 900 + f"!{n}", "", -1, 1)
    assert run.slow == []


@pytest.mark.parametrize(
    "pattern", ["[", "(", "*a", r"\p{nonsense}", r"\L<words>", "a++", "(?P<x", r"(.)\1", "(?=a)", "(?:(?:a{1000}){1000}){1000}"]
)
def test_what_is_no_pattern_is_refused_with_a_sentence(pattern: str) -> None:
    with pytest.raises(InputNotValid, match="This pattern cannot be used: ") as refused:
        rules.checked(pattern)
    assert refused.value.field == "pattern"
    assert rules.unreadable(pattern)
    assert not fits(rule(pattern=pattern))


@pytest.mark.parametrize(
    "pattern", [r"^spar\b|interspar", r"miete.*(januar|februar)", r"\b(amazon|amzn)\b.*\bprime\b", r"\d+.*\d+.*x", "a" * 200]
)
def test_honest_patterns_pass(pattern: str) -> None:
    assert rules.checked(pattern) == pattern


def test_the_time_of_ordinary_patterns_grows_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each look at the clock is a hundredth of what a text may take: thirty patterns fit, however many rows there are.
    ticks = count()
    monkeypatch.setattr(rules, "thread_time", lambda: next(ticks) * rules.MORE / 100)
    made = [rule(n, pattern=f"none{n}") for n in range(1, 30)] + [rule(30, pattern="^shop")]
    run = compiled(made, seconds=rules.MORE)
    found = [run.match(f"Shop {n}", "", -1, 1) for n in range(500)]
    assert (found, run.slow) == ([made[-1]] * 500, [])


def test_the_costliest_pattern_is_left_out_where_all_together_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]

    class Pattern:
        def __init__(self, takes: float) -> None:
            self.takes = takes

        def search(self, text: str) -> bool:
            clock[0] += self.takes
            return bool(text) and self.takes == rules.MORE / 10

    known = {"cheap": Pattern(rules.MORE / 10), "dear": Pattern(rules.MORE * 2), "dearer": Pattern(rules.MORE * 3)}
    monkeypatch.setattr(rules, "thread_time", lambda: clock[0])
    monkeypatch.setattr(rules.patterns, "ready", known.__getitem__)
    dear, dearer, cheap = rule(1, pattern="dear"), rule(2, pattern="dearer"), rule(3, pattern="cheap")
    run = compiled([dear, dearer, cheap], seconds=rules.MORE * 10)
    assert [run.match(f"Shop {n}", "", -1, 1) for n in range(500)] == [cheap] * 500
    assert run.slow == [dearer, dear]
    assert clock[0] < rules.MORE * 200


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "contains": st.text(min_size=1, max_size=200),
            "pattern": st.text(min_size=1, max_size=200),
            "least": st.integers(1, 50),
            "most": st.integers(50, 2**50),
            "account_id": st.integers(1, 2**50),
            "direction": st.sampled_from(rules.DIRECTIONS),
        },
    )
)
def test_conditions_come_back_as_they_were_stored(conditions: dict[str, object]) -> None:
    one = rule(**conditions)
    assert rule(**parsed(stored(one.conditions))) == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 100_000,
        '{"contains": ""}',
        '{"contains": 5}',
        json.dumps({"contains": "x" * 201}),
        json.dumps({"pattern": "x" * 201}),
        '{"least": -1}',
        '{"least": true}',
        '{"least": 1.5}',
        '{"most": 1e400}',
        '{"least": 6, "most": 5}',
        '{"account": "1"}',
        '{"direction": "up"}',
        '{"words": "spar"}',
    ],
)
def test_what_are_no_conditions_is_told_apart(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller says what is wrong
        parsed(text)


def test_a_sentence_has_a_name_for_every_rule() -> None:
    named = [
        rule(contains="spar", pattern="x"),
        rule(pattern="^x"),
        rule(least=5),
        rule(account_id=1),
        rule(direction="in"),
        rule(direction="out"),
    ]
    assert [r.subject for r in named] == ["\u201cspar\u201d", "\u201c^x\u201d", "an amount", "an account", "money in", "money out"]


def test_what_is_remembered_of_texts_does_not_grow_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_KEPT", 50)
    run = compiled([Rule(i, 1, i, 1, pattern=f"shop {i}$") for i in range(20)], seconds=1000)
    for n in range(200):
        found = run.match(f"Shop {n}", "", -1, 1)
        assert (found.id if found else None) == (n if n < 20 else None)
        assert sum(len(candidates) + 1 for candidates, _ in run._known.values()) <= 50


def test_a_rule_that_was_left_out_is_not_looked_for_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    run = compiled([Rule(i, 1, i, 1, pattern=f"shop {i}$") for i in range(20)], seconds=-1000)
    run.match("Other", "", -1, 1)
    assert len(run.slow) == 20
    monkeypatch.setattr(Rule, "__eq__", lambda *_: pytest.fail("rules were compared"))
    assert run.match("Shop 3", "", -1, 1) is None
