"""Group B between two households: Bob, signed in, with every id of Alice's, in every place of every request there is."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from dashboard.services.people import limits
from dashboard.services.people.limits import Limit
from dashboard.view import ids as names
from tests.conftest import ALICE, BOB
from tests.security import owned
from tests.security.conftest import Site
from tests.security.forging import (
    ALICE_FROM,
    CANARY,
    NOBODYS,
    act,
    callback_of,
    everything_of,
    figures,
    forge,
    said,
    server_callbacks,
    submit,
    unnumbered,
    view,
)
from tests.security.good_requests import NAMES, good_requests, new_entries

PATHS = ("/", "/transactions", "/budgets", "/categories", "/rules", "/import", "/accounts", "/settings")
PARAMETERS = ("acc", "cat", "import", "draft", "done", "id", "user", "book", "p", "q")


@pytest.fixture(autouse=True)
def _no_hourly_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep exports more often than a person."""
    for name in ("import", "export"):
        monkeypatch.setitem(limits.LIMITS, name, Limit(10**6, 3600))


def all_of(site: Site, email: str) -> list[int]:
    """Return every number that names something of a household's."""
    return sorted({i for found in site.ids(email).values() for i in found})


def leaks(text: str) -> bool:
    """Say whether a response shows anything of Alice."""
    return CANARY in text or ALICE in text


def test_the_sweeps_have_something_to_find(site: Site, alice: FlaskClient) -> None:
    """Alice's pages are full of the canary, every table of hers has rows, and no id of hers is one of Bob's."""
    held = site.ids(ALICE)
    assert {name for name, found in held.items() if not found} == set()
    assert min(all_of(site, ALICE)) >= ALICE_FROM
    assert not set(all_of(site, ALICE)) & set(all_of(site, BOB))
    shown = [view(alice, site.app, f"{path}{query}") for path, query in ((p, "") for p in PATHS if p != "/budgets")]
    shown += [
        view(alice, site.app, f"/import?draft={held['draft'][0]}"),
        view(alice, site.app, f"/import?done={held['import'][0]}"),
        act(alice, site.app, "open-account", held["account"][0]),
    ]
    assert all(leaks(answer.text) for answer in shown)


def test_every_action_has_a_good_request_to_start_from(site: Site) -> None:
    """A new action is not forgotten: it fails here until the sweeps know what it carries."""
    assert sorted(good_requests(site, BOB)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_good_request_does_what_it_is_for(site: Site, bob: FlaskClient, name: str) -> None:
    """The sweeps would find nothing behind a request that is refused for another reason."""
    for sent in new_entries(good_requests(site, BOB)[name]):
        answer = sent.send(bob, site.app)
        assert answer.status_code in (200, 204), answer.text
        assert "error" not in said(answer), said(answer)


# Whatever is sent along, each of these goes one step further than the last: two answers are never the same.
STEPWISE = {"undo-last"}


@pytest.mark.parametrize("name", NAMES)
def test_no_action_reaches_another_household(site: Site, bob: FlaskClient, name: str) -> None:
    """B-02 and B-03: not found, as for an id that never was; nothing of Alice's shown, nothing of hers changed."""
    alice_book = site.book(ALICE).id
    before = everything_of(site.path, alice_book)
    wrong = []
    start = good_requests(site, BOB)[name]
    for good in new_entries(start):
        for place in good.places():
            for number, one in enumerate(site.one_of_each(ALICE)):
                for hers, nobodys in zip(
                    good.variants(place, one, plain=number > 1), good.variants(place, NOBODYS, plain=number > 1), strict=True
                ):
                    text = hers.send(bob, site.app).text
                    if not number and name not in STEPWISE:
                        # Each twice: what a request does the first time, it does to the state that the next one meets.
                        nobodys.send(bob, site.app)
                        again = hers.send(bob, site.app)
                        text += "" if unnumbered(again) == unnumbered(nobodys.send(bob, site.app)) else CANARY
                    if leaks(text):
                        wrong.append(hers)
    every = [start.with_value(("value", ""), one) for one in all_of(site, ALICE)]
    wrong += [sent for sent in every if leaks(sent.send(bob, site.app).text)]
    assert wrong == []
    assert everything_of(site.path, alice_book) == before


@pytest.mark.parametrize("name", NAMES)
def test_no_action_believes_who_somebody_says_they_are(site: Site, bob: FlaskClient, name: str) -> None:
    """B-05: owner, user, book and role sent along are ignored wherever they stand."""
    alice = site.book(ALICE)
    before = everything_of(site.path, alice.id)
    claims = {
        "book_id": alice.id,
        "user_id": alice.user_id,
        "owner_id": alice.user_id,
        "book": alice.id,
        "user": ALICE,
        "email": ALICE,
        "is_admin": True,
        "role": "owner",
        "import_id": 1,
    }
    sent = good_requests(site, BOB)[name]
    answer = act(
        bob,
        site.app,
        name,
        sent.value,
        extra=sent.extra,
        words=sent.words,
        fields=sent.fields | {k: v for k, v in claims.items() if k not in sent.fields},
        **claims,
    )
    assert answer.status_code in (200, 204)
    forge(
        bob, site.app, callback_of(site.app, names.ACTION), [{"act": name, "value": sent.value, "fields": sent.fields} | claims], [claims]
    )
    assert not leaks(answer.text)
    assert everything_of(site.path, alice.id) == before


@pytest.mark.parametrize("path", PATHS)
def test_no_address_shows_another_household(site: Site, bob: FlaskClient, path: str) -> None:
    """B-02, B-04 and B-06: filters, drafts, receipts and pages with Alice's ids look as with ids that never were."""
    before = everything_of(site.path, site.book(ALICE).id)
    wrong = []
    held = site.ids(ALICE)
    for parameter in PARAMETERS if path == "/import" else [p for p in PARAMETERS if p not in ("draft", "done")]:
        unknown = unnumbered(view(bob, site.app, f"{path}?{parameter}={NOBODYS}"))
        for number, one in enumerate(site.one_of_each(ALICE)):
            answer = view(bob, site.app, f"{path}?{parameter}={one}")
            if leaks(answer.text) or unnumbered(answer) != unknown:
                wrong.append((parameter, one))
            if not number and leaks(
                view(bob, site.app, f"{path}/{one}").text
                + view(bob, site.app, f"{path}?p=2026&{parameter}={'.'.join(map(str, all_of(site, ALICE)))}").text
            ):
                wrong.append((parameter, "all"))
    everything = "&".join(f"{p}={i}" for p, table in (("acc", "account"), ("cat", "category"), ("import", "import")) for i in held[table])
    assert not leaks(view(bob, site.app, f"{path}?{everything}").text)
    assert wrong == []
    assert everything_of(site.path, site.book(ALICE).id) == before


def test_a_chart_filtered_by_anothers_account_is_the_one_of_an_unknown_account(site: Site, bob: FlaskClient) -> None:
    """B-04, figure by figure."""
    hers = site.ids(ALICE)["account"][0]
    drawn = [list(figures(view(bob, site.app, f"/?acc={i}").get_json())) for i in (hers, NOBODYS)]
    assert drawn[0]
    assert re.sub(str(hers), "ID", str(drawn[0])) == re.sub(str(NOBODYS), "ID", str(drawn[1]))


def test_no_callback_shows_another_household_whatever_is_put_into_it(site: Site, bob: FlaskClient) -> None:
    """B-02, over the application's own list: each input and state with each of Alice's ids, plain and wrapped."""
    before = everything_of(site.path, site.book(ALICE).id)
    for output in server_callbacks(site.app):
        known = site.app.callback_map[output]
        inputs, state = len(known["inputs"]), len(known["state"])
        for one in site.one_of_each(ALICE):
            for value in (
                one,
                {"id": one, "book_id": site.book(ALICE).id, "user_id": 1},
                [one],
                f"/import?draft={one}",
                f"/transactions?import={one}&acc={one}&cat={one}",
            ):
                answer = forge(bob, site.app, output, [value] * inputs, [value] * state)
                assert answer.status_code in (200, 204)
                assert not leaks(answer.text), (output, value)
    assert everything_of(site.path, site.book(ALICE).id) == before


def test_an_export_holds_ones_own_rows_only(site: Site, bob: FlaskClient) -> None:
    """B-06: with nothing chosen, with Alice's account, and with her import."""
    held = site.ids(ALICE)
    for query in ("", f"?p=2026&acc={held['account'][0]}", f"?import={held['import'][0]}", f"?p=2026&cat={held['category'][0]}"):
        answer = act(bob, site.app, "export", f"/transactions{query}")
        assert "date" in answer.get_json()["response"][names.DOWNLOAD]["data"]["content"].lower()
        assert not leaks(answer.text)
    assert "Bob lunch" in act(bob, site.app, "export", "/transactions?p=2026").text


def test_an_upload_is_not_compared_with_anothers_rows(site: Site, bob: FlaskClient) -> None:
    """Duplicates are looked for in one's own book only (Firefly #8322)."""
    house = site.house(BOB)
    data = b"Date,Description,Amount\r\n2026-11-07,%s market,-30.00\r\n2026-11-10,%s waiting,-1.00\r\n" % (CANARY.encode(), CANARY.encode())
    from dashboard.services import imports

    assert house.fates(imports.receive(house.book, "x.csv", data)) == ["new", "new"]


@pytest.mark.parametrize(
    "extra",
    [
        {"role": "admin"},
        {"owner_id": "1"},
        {"book_id": "1", "user_id": "1", "id": "1"},
        {"disabled": "y", "is_admin": "y", "revision": "9"},
    ],
)
def test_signing_up_with_more_fields_makes_an_ordinary_person(site: Site, extra: dict[str, str]) -> None:
    """B-09: and with nothing of anybody else's."""
    before = everything_of(site.path, site.book(ALICE).id)
    client = site.anonymous()
    answer = submit(
        client,
        "/sign-up",
        email="cleo@example.org",
        password="four green kingfishers",
        name="Cleo",
        currency="EUR",
        locale="en-IE",
        zone="UTC",
        **extra,
    )
    assert answer.status_code == 302
    client.get("/")
    book = site.book("cleo@example.org")
    assert (book.role, book.user_name, book.id > site.book(BOB).id) == ("owner", "Cleo", True)
    assert not leaks("".join(view(client, site.app, path).text for path in PATHS))
    assert everything_of(site.path, site.book(ALICE).id) == before


def test_settings_with_more_fields_change_ones_own_book_alone(site: Site, bob: FlaskClient) -> None:
    """B-09."""
    alice = site.book(ALICE)
    before = everything_of(site.path, alice.id)
    fields = {
        "locale": "de-DE",
        "zone": "Asia/Tokyo",
        "currency": "CHF",
        "user_id": alice.user_id,
        "book_id": alice.id,
        "role": "viewer",
        "email": "eve@evil.example",
        "disabled": True,
        "password": "x",
    }
    assert "message" in said(act(bob, site.app, "save-preferences", fields=fields))
    mine = site.book(BOB)
    assert (mine.locale, mine.zone, mine.currency, mine.email, mine.role) == ("de-DE", "Asia/Tokyo", "CHF", BOB, "owner")
    assert everything_of(site.path, alice.id) == before


def test_every_statement_says_whose_rows_it_means(site: Site, bob: FlaskClient) -> None:
    """B-08: all pages and all actions of one household; the fixture asks the same of every other test here."""
    held = site.ids(BOB)
    for address in (
        *PATHS,
        "/?cur=EUR",
        "/transactions?type=income&q=lunch",
        f"/import?draft={held['draft'][0]}",
        f"/import?done={held['import'][0]}",
        f"/transactions?import={held['import'][0]}",
    ):
        assert view(bob, site.app, address).status_code == 200
    good = good_requests(site, BOB)
    # Whoever has left can do nothing more.
    for name in sorted(NAMES, key=lambda name: name == "delete-account"):
        for sent in new_entries(good[name]):
            sent.send(bob, site.app)
    touched = {
        table for table in owned.TABLES for statement in site.statements if re.search(rf'\b(FROM|JOIN|UPDATE)\s+"?{table}"?\b', statement)
    }
    assert touched >= {"account", "budget", "category", "change", "draft", "import", "membership", "split", "transaction"}
    assert owned.unowned(site.statements) == []


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ('SELECT * FROM "transaction" WHERE "transaction".id = ?', ["transaction"]),
        ("UPDATE account SET name=? WHERE account.id = ?", ["account"]),
        ("DELETE FROM split", ["split"]),
        ("SELECT budget.book_id, budget.id FROM budget WHERE budget.id = ?", ["budget"]),
        ('SELECT t.id FROM "transaction" AS t WHERE t.book_id = ?', []),
        (
            "SELECT 1 FROM (SELECT id FROM split WHERE split.id = 1) AS x WHERE x.id IN (SELECT id FROM account WHERE account.book_id = ?)",
            ["split"],
        ),
        ("SELECT account.id FROM account WHERE account.book_id = ? UNION ALL SELECT draft.id FROM draft WHERE draft.id = ?", ["draft"]),
        (
            'SELECT 1 FROM "transaction" LEFT OUTER JOIN split ON split.transaction_id = "transaction".id WHERE "transaction".book_id = ?',
            ["split"],
        ),
        ("SELECT account.id FROM account, draft WHERE account.book_id = ? AND draft.id = ?", ["draft"]),
        ("INSERT INTO account (book_id) VALUES (?)", []),
        ("SELECT * FROM user WHERE id = ?", []),
    ],
)
def test_the_reader_of_statements_sees_a_forgotten_book(statement: str, wrong: list[str]) -> None:
    """B-08 can fail."""
    assert owned.missing(statement) == wrong
