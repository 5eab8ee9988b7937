"""Files between choosing and importing: which wait, for how long, and what is said of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard import statements
from dashboard.controller import imports as controller
from dashboard.controller.answers import Action
from dashboard.errors import FileTooLarge, InputNotValid
from dashboard.importing.choices import Choices
from dashboard.services import imports
from dashboard.services.imports import choices, drafts
from tests.conftest import Clock
from tests.ways import House, bank_csv

NOVEMBER = bank_csv([("2026-11-03", "Shop", "-3.00"), ("2026-11-04", "Pay", "5.00")])
DECEMBER = bank_csv([("2026-12-03", "Shop", "-3.00"), ("2026-12-04", "Pay", "5.00")])


def test_the_files_of_a_book_that_wait_are_told_newest_last(house: House, other_house: House, clock: Clock) -> None:
    imports.receive(house.book, "yesterday.csv", NOVEMBER)
    clock.forward(hours=20)
    first = imports.receive(house.book, "first.csv", NOVEMBER)
    imports.receive(other_house.book, "theirs.csv", NOVEMBER)
    clock.forward(hours=5)
    second = imports.receive(house.book, "second.csv", DECEMBER)
    told = drafts.waiting(house.book)
    assert [(w.id, w.file, w.size) for w in told] == [(first, "first.csv", len(NOVEMBER)), (second, "second.csv", len(DECEMBER))]
    assert told[0].at < told[1].at
    drafts.drop(house.book, first)
    assert [w.id for w in drafts.waiting(house.book)] == [second]


def test_one_more_than_may_wait_is_refused_and_none_goes_for_it(house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    held = [imports.receive(house.book, name, NOVEMBER) for name in ("a.csv", "b.csv")]
    with pytest.raises(InputNotValid, match="2 files wait already"):
        imports.receive(house.book, "c.csv", NOVEMBER)
    assert [w.id for w in drafts.waiting(house.book)] == held
    clock.forward(hours=25)
    assert imports.receive(house.book, "c.csv", NOVEMBER)


def test_a_file_is_not_larger_than_an_upload_may_be(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "UPLOAD_LIMIT", 10)
    with pytest.raises(FileTooLarge, match=r"larger than 10 MB\. Split it"):
        drafts.keep(sqlite_house.book, "a.csv", b"x" * 11, Choices())


def test_from_a_file_that_waits_no_more_the_way_goes_to_the_next_then_the_first_then_out(sqlite_house: House) -> None:
    book = sqlite_house.book
    a, b, c = (imports.receive(book, name, data) for name, data in (("a.csv", NOVEMBER), ("b.csv", NOVEMBER), ("c.csv", DECEMBER)))

    def after(act: str, draft: int) -> str:
        return str(controller.ACTIONS[act](book, Action(str(draft), "", "", {})).href)

    assert after("commit-import", b) == f"/import?draft={c}"
    assert after("commit-import", c) == f"/import?draft={a}"
    # Everything in it is in the book already: nothing to say of a receipt.
    assert after("commit-import", a) == "/import"
    d = imports.receive(book, "d.csv", bank_csv([("2026-10-03", "Shop", "-3.00")]))
    choices.answer(book, d, imports.check(book, d).questions[0].key, "new")
    assert after("commit-import", d).startswith("/import?done=")
    e, f = (imports.receive(book, name, NOVEMBER) for name in ("e.csv", "f.csv"))
    assert after("drop-draft", e) == f"/import?draft={f}"
    assert after("drop-draft", f) == "/import"


def test_two_ticks_at_once_are_both_kept(house: House) -> None:
    draft = imports.receive(house.book, "a.csv", NOVEMBER)
    lines = [line.line for line in imports.check(house.book, draft).lines]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda line: choices.tick(house.book, draft, line, take=False), lines * 4))
    assert imports.check(house.book, draft).chosen == []


def test_a_file_is_read_when_it_comes_and_again_only_where_something_is_said_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    read, asked = statements.read, []
    monkeypatch.setattr(statements, "read", lambda *given, **more: asked.append(1) or read(*given, **more))
    draft = imports.receive(house.book, "a.csv", NOVEMBER)
    line = imports.check(house.book, draft).lines[0]
    choices.tick(house.book, draft, line.line, take=False)
    imports.check(house.book, draft)
    assert len(asked) == 1
    choices.answer(house.book, draft, "sign", "out-positive")
    first, second = imports.check(house.book, draft), imports.check(house.book, draft)
    assert (first.lines, len(asked)) == (second.lines, 2)
    assert imports.commit(house.book, draft).added == len(first.lines) - 1
    assert len(asked) == 2
