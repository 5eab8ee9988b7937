"""Group G where it is a matter of two requests at once: double clicks, two tabs, and the night between two months."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from dashboard.errors import DashboardError
from dashboard.services import accounts, history, imports, transactions, transfers
from dashboard.services.imports import choices
from dashboard.view import ids
from tests.conftest import ALICE
from tests.security.conftest import Site
from tests.security.forging import act, said, token_of, view
from tests.ways import House, bank_csv, held_at, journal, order, snapshot

MANY = 10


def at_once(site: Site, client: FlaskClient, call: Callable[[FlaskClient], TestResponse]) -> list[TestResponse]:
    """Send the same request ten times in parallel, each from a tab of the same browser."""
    session = client.get_cookie("session")
    assert session

    def tab() -> FlaskClient:
        other = site.anonymous()
        other.set_cookie("session", session.value)
        other.set_cookie("csrf", token_of(client, site.app))
        return other

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(call, [tab() for _ in range(MANY)]))


def form_of(answer: TestResponse) -> dict[str, str]:
    """Return the fields of the drawer's form as the browser would send them."""
    found: dict[str, str] = {}

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            props = part.get("props")
            # Of boxes and radios a browser sends those that are ticked.
            left = isinstance(props, dict) and props.get("type") in ("radio", "checkbox") and not props.get("checked")
            if isinstance(props, dict) and isinstance(props.get("name"), str) and not left:
                found[props["name"]] = str(props.get("value", ""))
            for item in part.values():
                walk(item)
        elif isinstance(part, list):
            for item in part:
                walk(item)

    walk(answer.get_json()["response"][ids.FORM])
    return found


def test_ten_equal_saves_at_once_are_one_transaction(site: Site, alice: FlaskClient) -> None:
    """G-05: the form's key makes them one, whichever comes first."""
    before = len(site.house(ALICE).rows())
    form = form_of(act(alice, site.app, "open-transaction", "new")) | {"amount": "4.20", "payee": "Ten at once"}
    assert form["key"]
    answers = at_once(site, alice, lambda tab: act(tab, site.app, "save-transaction", fields=form))
    assert all(answer.status_code == 200 and "error" not in said(answer) for answer in answers)
    assert [row["payee"] for row in site.house(ALICE).rows()].count("Ten at once") == 1
    assert len(site.house(ALICE).rows()) == before + 1


def test_a_new_form_adds_another(site: Site, alice: FlaskClient) -> None:
    """G-05 turned round: two equal genuine coffees are two."""
    for _ in range(2):
        form = form_of(act(alice, site.app, "open-transaction", "new")) | {"amount": "2.80", "payee": "Coffee"}
        assert "message" in said(act(alice, site.app, "save-transaction", fields=form))
    assert [row["payee"] for row in site.house(ALICE).rows()].count("Coffee") == 2


def test_ten_imports_of_one_draft_at_once_are_one_import(site: Site, alice: FlaskClient) -> None:
    """G-05 and G-04."""
    house = site.house(ALICE)
    draft = imports.receive(
        house.book, "once.csv", bank_csv([("2026-11-12", "Only once", "-1.00"), ("2026-11-13", "Only once too", "-2.00")])
    )
    choices.choose_account(house.book, draft, "|", site.ids(ALICE)["account"][0])
    answers = at_once(site, alice, lambda tab: act(tab, site.app, "commit-import", draft))
    assert sum("message" in said(answer) for answer in answers) == 1
    assert [row["payee"] for row in house.rows()].count("Only once") == 1


def test_ten_undos_of_one_change_at_once_are_one_undo(site: Site, alice: FlaskClient) -> None:
    """G-05."""
    house = site.house(ALICE)
    house.add(site.ids(ALICE)["account"][0], "2026-11-12", "-1", "Undone once")
    number = house.changes()[-1]
    answers = at_once(site, alice, lambda tab: act(tab, site.app, "undo", number))
    assert sum("message" in said(answer) for answer in answers) == 1
    assert "Undone once" not in [row["payee"] for row in house.rows()]
    assert len([c for c in journal(house.book) if c.is_undo]) == 1


@pytest.mark.parametrize("noun", ["transaction", "account"])
def test_the_second_of_two_tabs_is_told_that_it_changed(site: Site, alice: FlaskClient, noun: str) -> None:
    """G-08: and nothing of the first is lost."""
    row = site.ids(ALICE)[noun][0]
    name = "payee" if noun == "transaction" else "name"
    first, second = (form_of(act(alice, site.app, f"open-{noun}", row)) for _ in range(2))
    if noun == "transaction":
        first, second = first | {"direction": "spent"}, second | {"direction": "spent"}
    assert "message" in said(act(alice, site.app, f"save-{noun}", fields=first | {name: "By the first tab"}))
    assert "meantime" in said(act(alice, site.app, f"save-{noun}", fields=second | {name: "By the second tab"}))["error"]
    stored = next(r for r in snapshot(site.book(ALICE))[noun] if r["id"] == row)
    assert stored[name] == "By the first tab"
    again = form_of(act(alice, site.app, f"open-{noun}", row)) | {
        name: "By the second tab",
        **({"direction": "spent"} if noun == "transaction" else {}),
    }
    assert "message" in said(act(alice, site.app, f"save-{noun}", fields=again))


def test_saving_what_another_tab_deleted_says_so(site: Site, alice: FlaskClient) -> None:
    """G-08."""
    row = site.ids(ALICE)["transaction"][0]
    form = form_of(act(alice, site.app, "open-transaction", row)) | {"direction": "spent"}
    assert "message" in said(act(alice, site.app, "delete-transaction", row))
    assert "meantime" in said(act(alice, site.app, "save-transaction", fields=form))["error"]
    assert row not in site.ids(ALICE)["transaction"]


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Put the server into a time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "day", "month"),
    [("Europe/Dublin", "2026-10-31", 202610), ("Asia/Tokyo", "2026-11-01", 202611), ("America/Los_Angeles", "2026-10-31", 202610)],
)
def test_a_booking_at_half_past_eleven_falls_into_the_households_own_month(
    site: Site, server_zone: str, zone: str, day: str, month: int
) -> None:
    """G-11: where the people live decides, and the server's zone nothing."""
    site.clock.set(2026, 10, 31, 23, 30)
    alice = site.signed_in(ALICE)
    act(alice, site.app, "save-preferences", fields={"locale": "en-IE", "zone": zone, "currency": "EUR"})
    form = form_of(act(alice, site.app, "open-transaction", "new")) | {"amount": "7.77", "payee": "Zephyrine"}
    year, of_year, of_month = day.split("-")
    assert form["date"] == f"{int(of_month)}/{int(of_year)}/{year}"
    assert "message" in said(act(alice, site.app, "save-transaction", fields=form))
    stored = next(row for row in site.house(ALICE).rows() if row["payee"] == "Zephyrine")
    assert (stored["date"].isoformat(), stored["month"]) == (day, month)
    data = bank_csv([("2026-10-31", "Imported late", "-1.00")])
    imports.commit(site.book(ALICE), imports.receive(site.book(ALICE), "late.csv", data))
    assert [row["month"] for row in site.house(ALICE).rows() if row["payee"] == "Imported late"] == [202610]
    assert "Zephyrine" in json.dumps(view(alice, site.app, "/").get_json())
    assert "Zephyrine" not in json.dumps(view(alice, site.app, f"/transactions?p={'2026-11' if month == 202610 else '2026-10'}").get_json())


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "edit", "split", "transfer", "unmark", "delete", "import", "undo", "categorise", "value"]),
        st.integers(0, 10**6),
        st.integers(-(10**9), 10**9),
    ),
    min_size=4,
    max_size=14,
)


def holds(house: House) -> None:
    """Check what is true of every ledger: whole cents, parts that sum to the whole, transfers that sum to nothing, balances that are sums."""
    found = snapshot(house.book)
    rows = {row["id"]: row for row in found["transaction"]}
    parts: dict[int, int] = {}
    for part in found["split"]:
        assert type(part["amount"]) is int
        parts[part["transaction_id"]] = parts.get(part["transaction_id"], 0) + part["amount"]
    assert all(rows[i]["amount"] == whole and rows[i]["category_id"] is None for i, whole in parts.items())
    legs: dict[int, list[dict[str, Any]]] = {}
    for row in rows.values():
        assert type(row["amount"]) is int
        assert row["month"] == row["date"].year * 100 + row["date"].month
        if row["transfer_id"] is not None:
            legs.setdefault(row["transfer_id"], []).append(row)
    for both in legs.values():
        assert len(both) in (1, 2)
        assert len(both) == 1 or (sum(leg["amount"] for leg in both) == 0 and both[0]["account_id"] != both[1]["account_id"])
    for account in accounts.all_accounts(house.book):
        # What is dated in the future is not in the account yet.
        assert account.balance == held_at(found, account.id, house.book.today)


def step(house: House, kind: str, pick: int, size: int) -> None:
    """Do one thing to a ledger; what is refused is refused whole."""
    book, rows = house.book, house.rows()
    row = rows[pick % len(rows)] if rows else None
    held = [a.id for a in accounts.all_accounts(book)] or [house.account("Again")]
    day = f"2026-{1 + pick % 12:02}-{1 + pick % 28:02}"
    if kind == "add" or row is None:
        house.add(held[pick % len(held)], day, f"{(size or 1) / 100:.2f}", f"Shop {pick % 5}")
    elif kind == "edit":
        house.edit(row["id"], amount=f"{abs(size or 1) / 100:.2f}", day=day, account_id=held[pick % len(held)])
    elif kind == "split" and row["transfer_id"] is None and not any(p["transaction_id"] == row["id"] for p in snapshot(book)["split"]):
        house.split(row["id"], [("Groceries", row["amount"] // 3), (None, row["amount"] - row["amount"] // 3)])
    elif kind in ("transfer", "unmark"):
        (transfers.mark if kind == "transfer" else transfers.unmark)(book, [row["id"]])
    elif kind == "categorise":
        transactions.set_category(book, [row["id"]], house.category("Gifts"))
    elif kind == "value":
        accounts.revalue(book, held[pick % len(held)], f"{size / 100:.2f}", day)
    elif kind == "delete":
        transactions.delete(book, [row["id"]])
    elif kind == "import":
        imports.import_file(
            book,
            "x.csv",
            bank_csv(
                [
                    (day, f"Bank {pick % 3}", f"{size / 100:.2f}"),
                    (day, f"Bank {pick % 3}", f"{size / 100:.2f}"),
                    (day, "Other side", f"{-row['amount'] / 100:.2f}"),
                ]
            ),
            order("Second"),
        )
    elif kind == "undo":
        numbers = house.changes()
        history.undo(book, numbers[pick % len(numbers)])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_a_ledger_adds_up_after_anything(site: Site, steps: list[tuple[str, int, int]]) -> None:
    """G-09: on an empty book for each example, checked after every step."""
    from dataclasses import replace

    from sqlalchemy import insert

    from dashboard.model import database
    from dashboard.model.categories import category
    from dashboard.model.people import book as book_table
    from dashboard.model.writing import Writer

    mine = site.book(ALICE)
    with database.transaction(site.engine) as db:
        made = db.execute(
            insert(book_table)
            .values(name="fresh", currency="EUR", zone="UTC", month_start=1, revision=0, next_id=1)
            .returning(book_table.c.id)
        ).scalar_one()
        Writer(db, made, mine.user_id).insert(
            category,
            [
                {"name": n, "group": "x", "kind": "expense", "slot": 1, "icon": "tag", "position": p, "archived": False}
                for p, n in enumerate(("Groceries", "Gifts"))
            ],
        )
    house = House(replace(mine, id=made, revision=0))
    house.account("First")
    house.account("Second", opening="10.05")
    for kind, pick, size in steps:
        before = snapshot(house.book)
        try:
            step(house, kind, pick, size)
        except DashboardError:
            assert snapshot(house.book) == before
        holds(house)
