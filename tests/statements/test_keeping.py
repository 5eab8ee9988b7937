"""What a file says is the same when it is read back, and is not read back where something else was said of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.statements import Ends, Hints, Option, Part, Proof, Question, Reading, Rejected, Row, Statement, keeping

TEXT = st.text(max_size=6)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=3)
ROWS = st.builds(
    Row,
    st.integers(1, 10**6),
    st.dates(date(1900, 1, 1)),
    AMOUNTS,
    st.none() | TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    TEXT,
    st.none() | AMOUNTS,
    TEXT,
    st.lists(st.builds(Part, TEXT, AMOUNTS, TEXT), max_size=2).map(tuple),
    st.integers(0, 9),
)
READINGS = st.builds(
    Reading,
    TEXT,
    st.none() | TEXT,
    header=st.lists(TEXT, max_size=3).map(tuple),
    columns=st.dictionaries(TEXT, st.lists(st.integers(0, 9), max_size=2).map(tuple), max_size=2),
    sign=st.none() | TEXT,
)
QUESTIONS = st.builds(Question, TEXT, TEXT, st.lists(st.builds(Option, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple)), max_size=2).map(tuple))
STATEMENTS = st.builds(
    Statement,
    st.lists(ROWS, max_size=4),
    st.lists(st.builds(Rejected, st.integers(1, 9), TEXT, TEXT, TEXT, TEXT, TEXT), max_size=2),
    st.lists(QUESTIONS, max_size=2),
    READINGS,
    st.none() | st.builds(Proof, st.integers(0, 9), st.integers(0, 9), st.none() | st.integers(1, 9), st.booleans(), st.integers(1, 3)),
    st.booleans(),
    st.dictionaries(st.tuples(TEXT, st.none() | TEXT), st.builds(Ends, AMOUNTS, AMOUNTS), max_size=2),
)


@given(statement=STATEMENTS)
def test_a_statement_is_read_back_as_it_was(statement: Statement) -> None:
    found = keeping.read_back(keeping.kept(statement, Hints()), Hints())
    assert found == statement
    assert found is not None
    assert [str(row.amount) for row in found.rows] == [str(row.amount) for row in statement.rows], "with the zeros a bank wrote"


EMPTY = Statement([], [], [], Reading("csv"))


@pytest.mark.parametrize(
    "other",
    [Hints(dates="mdy"), Hints(columns={"amount": 2}), Hints(cells={3: {"amount": "1"}}), Hints(year=2024), Hints(fee="besides")],
)
def test_what_was_said_since_is_read_anew(other: Hints) -> None:
    data = keeping.kept(EMPTY, other)
    assert keeping.read_back(data, other) == EMPTY
    assert keeping.read_back(data, Hints()) is None
    assert keeping.read_back(keeping.kept(EMPTY, Hints()), other) is None


def test_another_version_of_the_reader_reads_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    data = keeping.kept(EMPTY, Hints())
    monkeypatch.setattr(keeping, "_reader", lambda: "another")
    assert keeping.read_back(data, Hints()) is None
    assert keeping.read_back(b"no bytes of ours", Hints()) is None
