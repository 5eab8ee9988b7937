"""The address: what is written reads back, and nothing typed into it breaks a page."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.periods import Period
from dashboard.selection import LARGEST_ID, LONGEST_SEARCH, Selection

NOW = date(2026, 11, 18)
ids = st.lists(st.integers(0, LARGEST_ID - 1), unique=True, max_size=8).map(tuple)
periods = st.one_of(
    st.integers(1900, 2199).map(Period.of_year),
    st.tuples(st.integers(1900, 2199), st.integers(1, 12)).map(lambda ym: Period.of_month(ym[0] * 100 + ym[1])),
    st.tuples(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 400)).map(
        lambda p: Period("custom", p[0], min(date(2199, 12, 31), date.fromordinal(p[0].toordinal() + p[1])))
    ),
)
selections = st.builds(
    Selection,
    period=periods,
    currency=st.sampled_from([None, "EUR", "CHF", "JPY"]),
    accounts=ids,
    categories=ids,
    kind=st.sampled_from(["", "income", "spending", "transfer"]),
    search=st.text(max_size=60).map(lambda text: "".join(c for c in text if c.isprintable()).strip()),
    page=st.integers(1, 100_000),
    imported=st.integers(0, LARGEST_ID - 1),
)


@given(selections)
def test_a_selection_reads_back_from_the_address_it_writes(selection: Selection) -> None:
    again = Selection.from_query(selection.to_query(), NOW)
    assert again == selection
    assert again.notes == ()


names = st.sampled_from(["p", "cur", "acc", "cat", "q", "type", "page", "import", "x"])
forms = st.lists(st.tuples(names, st.text(max_size=40)), max_size=12).map(urlencode)


@given(st.one_of(st.text(), st.none(), st.integers(), st.binary(), st.lists(st.text()), forms, forms.map(lambda q: f"?{q}")))
@example("?p=2026-13&acc=-1&cat=1e9&page=0&import=x&type=all&cur=EURO")
@example("?" + "&".join(["acc=1"] * 5000))
@example("?page=99999999999999999999&acc=" + "9" * 400)
@example("?page=\u0661&acc=\u00b2&import=\u0967")
@example("?q=\ud800")
@example("?q=%ED%A0%80&p=%00")
def test_no_address_raises_and_every_one_leads_to_a_page_with_an_address_of_its_own(query: object) -> None:
    selection = Selection.from_query(query, NOW)
    assert Selection.from_query(selection.to_query(), NOW) == selection
    assert 1 <= selection.page <= 100_000
    assert all(0 <= i < LARGEST_ID for i in (*selection.accounts, *selection.categories, selection.imported))
    assert len(selection.search) <= LONGEST_SEARCH


@given(st.text())
@example("\x00")
def test_a_search_holds_nothing_that_a_database_cannot_take(words: str) -> None:
    assert "\x00" not in Selection.from_query("?" + urlencode({"q": words}), NOW).search


def test_without_an_address_this_month_is_shown() -> None:
    assert Selection.from_query("", NOW) == Selection(Period.of_month(202611))


@pytest.mark.parametrize(
    ("query", "note"), [("?p=2026-13", "is not a period"), ("?p=yesterday", "is not a period"), ("?cur=EURO", "currency does not exist")]
)
def test_what_could_not_be_read_is_said(query: str, note: str) -> None:
    selection = Selection.from_query(query, NOW)
    assert note in " ".join(selection.notes)
    assert selection == Selection(Period.of_month(202611))


def test_a_changed_filter_starts_at_the_first_page() -> None:
    there = Selection.from_query("?p=2026-10&page=7&acc=3.4&cat=0&q=rent&type=spending", NOW)
    assert (there.page, there.accounts, there.categories, there.search, there.kind) == (7, (3, 4), (0,), "rent", "spending")
    changed = there.changed(search="")
    assert (changed.page, changed.accounts) == (1, (3, 4))
    assert there.filtered
    assert not Selection(Period.of_year(2026)).filtered
