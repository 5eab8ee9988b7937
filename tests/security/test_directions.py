"""Texts of others that turn the line round: no page, message or terminal holds such a control, and each text is isolated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import update

from dashboard import bounds
from dashboard.__main__ import main
from dashboard.config import ROOT
from dashboard.directions import NAMES, present, shown
from dashboard.model import database
from dashboard.model.people import user
from dashboard.services import accounts, budgets, imports
from dashboard.view import ids
from tests.conftest import ALICE
from tests.security.conftest import Site
from tests.security.forging import act, figures, strings, submit, upload, view
from tests.ways import bank_csv, own_csv

CANARY = "canary"
TEXT = CANARY + "".join(NAMES) + "gpj.exe"
MARKED = shown(TEXT)
# Blocks are isolated by the browser itself (HTML, rendering, bidirectional text), fields and lists of choices by their boxes.
BLOCKS = "div form fieldset h1 h2 h3 header li nav ol p section table tbody thead tr ul details input select option datalist".split()


@pytest.fixture(autouse=True)
def as_it_was_stored_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store the controls, as older books and files that are only looked at hold them."""
    monkeypatch.setattr(bounds, "_FRAMES", {})


def poison(site: Site) -> dict[str, Any]:
    """Put the canary into every text a person or a bank can hand in; return where to look."""
    house = site.house(ALICE)
    with database.transaction(site.engine) as db:
        db.execute(update(user).where(user.c.email == ALICE).values(name=TEXT))
    account = house.account(TEXT)
    row = house.add(account, "2026-11-17", "-10", TEXT)
    house.edit(row, note=TEXT)
    receipt = house.take_in(own_csv([("2026-11-16", TEXT, TEXT, TEXT, TEXT, "-900.00", "EUR", TEXT)]), f"{TEXT}.csv")
    budgets.set_budget(house.book, house.category(TEXT), 202611, "EUR", budgets.BudgetForm("40"))
    rows = [("2026-11-14", TEXT, "-1.00"), (TEXT, TEXT, "-3.00"), ("2026-11-15", TEXT, TEXT), ("2026-11-16", TEXT, "-4.00")]
    waiting = imports.receive(house.book, f"{TEXT}.csv", bank_csv(rows))
    return {"account": account, "row": row, "category": house.category(TEXT), "import": receipt.import_ids[0], "draft": waiting}


def walk(part: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text that stands among an element's children with the element's type."""
    if isinstance(part, str):
        yield inside, part
    elif isinstance(part, list):
        for item in part:
            yield from walk(item, inside)
    elif isinstance(part, dict) and "type" in part and "props" in part:
        yield from walk(part["props"].get("children"), part["type"])
    elif isinstance(part, dict):
        for item in part.values():
            if isinstance(item, (dict, list)):
                yield from walk(item, inside)


def isolating() -> set[str]:
    """Return the elements that the stylesheet isolates."""
    css = (ROOT / "assets/css/app.css").read_text()
    found = re.search(r":where\(([^)]*)\) \{ unicode-bidi: isolate; \}", css)
    assert found
    return {name.strip() for name in found[1].split(",")} | set(BLOCKS)


def test_no_page_holds_a_control_of_direction_and_every_text_is_isolated(site: Site, alice: FlaskClient) -> None:
    places = poison(site)
    seen, isolated = 0, isolating()
    for address in (
        "/",
        "/?p=2026",
        "/transactions",
        f"/transactions?acc={places['account']}",
        f"/transactions?q={CANARY}%E2%80%AE",
        "/budgets",
        "/import",
        f"/import?draft={places['draft']}",
        f"/import?done={places['import']}",
        "/accounts",
        "/categories",
        "/rules",
        "/settings",
        "/settings?tab=security",
        "/history",
    ):
        answer = view(alice, site.app, address)
        assert answer.status_code == 200
        assert not present(answer.data), address
        for kind, text in walk(answer.get_json()):
            if CANARY in text:
                seen += 1
                assert kind in isolated, (address, kind, text)
        for figure in figures(answer.get_json()):
            seen += sum(CANARY in text for text in strings(figure))
    assert seen > 25
    assert not present(alice.get("/").data)


def test_no_drawer_toast_or_refusal_holds_one(site: Site, alice: FlaskClient) -> None:
    places = poison(site)
    for name, value, fields in (
        ("open-transaction", places["row"], None),
        ("open-account", places["account"], None),
        ("open-category", places["category"], None),
        ("save-account", "", {"name": TEXT, "kind": "cash", "currency": "EUR"}),
        ("delete-transaction", places["row"], None),
        ("export", "/transactions", None),
    ):
        answer = act(alice, site.app, name, value, fields=fields or {})
        found = answer.get_json() or {}
        # A file to keep is for programs, which read what was written.
        found.get("response", {}).pop(ids.DOWNLOAD, None)
        assert not present(json.dumps(found, ensure_ascii=False).encode()), name
    answer = upload(alice, site.app, b"%PDF-1.7 \xe2\x80\xae", f"{TEXT}.pdf")
    assert answer.status_code >= 400
    assert not present(answer.data)


def test_an_exported_file_holds_what_was_stored(site: Site, alice: FlaskClient) -> None:
    poison(site)
    for name in ("export", "export-all", "export-book"):
        answer = act(alice, site.app, name, "/transactions").get_json()
        content = answer["response"][ids.DOWNLOAD]["data"]["content"]
        assert TEXT in content or TEXT in json.dumps(json.loads(content), ensure_ascii=False)


def test_a_form_that_is_saved_as_it_was_shown_changes_nothing(site: Site, alice: FlaskClient) -> None:
    places = poison(site)
    fields = {"name": MARKED, "kind": "cash", "currency": "EUR"}
    act(alice, site.app, "save-account", places["account"], fields=fields)
    house = site.house(ALICE)
    held = [account.name for account in accounts.all_accounts(house.book)]
    assert TEXT in held
    assert MARKED not in held


@pytest.mark.parametrize("path", ["/sign-in?next=/%E2%80%AEx", "/%E2%80%AEx", "/assets/%E2%80%AEx"])
def test_no_page_without_javascript_holds_one(site: Site, path: str) -> None:
    assert not present(site.anonymous().get(path).data)
    assert not present(submit(site.anonymous(), "/sign-up", email=f"{TEXT}@x.org", password="short", name=TEXT).data)


def test_the_command_line_writes_marks_and_its_json_the_same_values(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(site)
    monkeypatch.setenv("DATABASE_URL", site.engine.url.render_as_string(hide_password=False))
    run = CliRunner().invoke(main, ["summary", "--user", ALICE, "--month", "2026-11"])
    assert MARKED[:24] in run.output
    assert not present(run.output.encode())
    run = CliRunner().invoke(main, ["summary", "--user", ALICE, "--month", "2026-11", "--json"])
    assert not any(control in run.output for control in NAMES)
    assert TEXT in [line["category"] for line in json.loads(run.output)["by_category"]]


def test_the_browsers_own_list_of_controls_is_the_same() -> None:
    script = (ROOT / "assets/js/upload.js").read_text()
    listed = re.findall(r'"\\u([0-9a-f]{4})": "([A-Z]{3})"', script)
    assert {chr(int(code, 16)): name for code, name in listed} == NAMES
