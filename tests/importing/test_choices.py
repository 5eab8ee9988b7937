"""What was chosen about a file is the same when it is read back, and what an import remembers, too."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dashboard.importing.choices import Answers, Choices, Destination, Doubt, Memory

ANSWERS = st.builds(
    Answers,
    dates=st.sampled_from([None, "dmy", "mdy"]),
    sign=st.sampled_from([None, "out-positive"]),
    decimal=st.sampled_from([None, ","]),
    trust=st.sampled_from([None, "yes"]),
    year=st.sampled_from([None, 2026]),
    columns=st.dictionaries(st.sampled_from(["amount", "debit", "credit", "date", "payee"]), st.integers(0, 9), max_size=3),
)
KEYS = st.text(max_size=8)
IDS = st.integers(1, 2**53)
DESTINATIONS = IDS.map(Destination) | st.builds(Destination, st.none(), st.sampled_from(["new", "named"]), st.text(max_size=9))
CHOICES = st.builds(
    Choices,
    ANSWERS,
    st.dictionaries(KEYS, DESTINATIONS, max_size=3),
    st.dictionaries(KEYS, st.lists(IDS, max_size=3).map(tuple), max_size=2),
    st.dictionaries(IDS, ANSWERS, max_size=2),
    st.dictionaries(IDS, st.dictionaries(st.sampled_from(["date", "amount"]), st.text(max_size=5), max_size=2), max_size=2),
    st.frozensets(IDS, max_size=3),
    st.frozensets(IDS, max_size=3),
)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(choices=CHOICES)
def test_choices_are_read_back_as_they_were(choices: Choices) -> None:
    assert Choices.loads(choices.dumps()) == choices


@given(
    memory=st.builds(
        Memory,
        st.text(max_size=5),
        ANSWERS,
        st.dictionaries(KEYS, IDS, max_size=2),
        st.text(max_size=5),
        st.text(max_size=5),
        st.text(max_size=5),
        st.none() | st.tuples(DAYS, DAYS),
        st.lists(st.builds(Doubt, DAYS, st.integers(-(10**15), 10**15), st.text(max_size=5)), max_size=3).map(tuple),
    )
)
def test_what_an_import_remembers_is_read_back_as_it_was(memory: Memory) -> None:
    assert Memory.loads(memory.dumps()) == memory


@given(later=ANSWERS, before=ANSWERS)
def test_what_was_said_last_counts_and_the_rest_stays(later: Answers, before: Answers) -> None:
    both = later.over(before)
    assert both.said() == later.said() | before.said()
    for name in ("dates", "sign", "decimal", "trust", "year"):
        assert getattr(both, name) == (getattr(later, name) or getattr(before, name))
    assert {role: both.columns[role] for role in later.columns} == later.columns
    assert later.over(later) == later
    assert later.over(Answers()) == later == Answers().over(later)


def test_another_column_of_amounts_takes_the_place_of_those_before() -> None:
    before = Answers(columns={"debit": 3, "credit": 4, "date": 0})
    assert Answers(columns={"amount": 2}).over(before).columns == {"amount": 2, "date": 0}


def test_what_an_account_answered_before_counts_where_all_go_into_such_accounts() -> None:
    said = Answers(sign="out-positive")
    known = Choices(accounts={"|": Destination(7)}, recalled={7: said})
    assert known.settled == said
    assert known.answered(Answers(sign="out-negative")).settled.sign == "out-negative", "a person's word comes first"
    assert known.placed("other|", Destination(None, "new")).settled == Answers(), "two accounts that say different things"


def test_a_row_is_ticked_one_way_at_a_time() -> None:
    choices = Choices().ticked(4, take=True).ticked(5, take=False)
    assert (choices.take, choices.skip) == ({4}, {5})
    assert choices.ticked(4, take=False) == Choices(skip=frozenset({4, 5}))


def test_an_older_books_memory_is_read_as_far_as_it_goes() -> None:
    assert Memory.loads("{}") == Memory()
    assert Memory.loads(json.dumps({"shape": "a", "hints": {"sign": 7, "nobody": "knows"}, "days": []})) == Memory("a")
