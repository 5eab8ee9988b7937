"""One good request for every action: what the sweeps start from and change one place at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from dash import Dash
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.controller.actions import ACTIONS
from dashboard.model.accounts import account as accounts
from dashboard.model.accounts import account_value
from dashboard.model.imports import import_
from dashboard.model.transactions import dismissed, split, transaction
from dashboard.services import budgets, demo, rules
from dashboard.services.books import Book
from dashboard.services.people import sessions
from tests.conftest import PASSWORD
from tests.security.conftest import Site
from tests.security.forging import act
from tests.ways import snapshot

Place = tuple[str, str]


@dataclass(frozen=True)
class Sent:
    """An action with everything it carries."""

    act: str
    value: object = ""
    extra: object = ""
    words: object = ""
    fields: dict[str, object] = field(default_factory=dict)
    # What has to be so before it is sent; it is made so once.
    first: Callable[[], object] = lambda: None

    def send(self, client: FlaskClient, app: Dash) -> TestResponse:
        """Send it."""
        self.first()
        return act(client, app, self.act, self.value, extra=self.extra, words=self.words, fields=self.fields)

    def places(self) -> Iterator[Place]:
        """Yield every place that somebody could fill with something else."""
        yield from ((part, "") for part in ("value", "extra", "words"))
        yield from (("fields", name) for name in self.fields)

    def with_value(self, place: Place, value: object) -> Sent:
        """Return it with another value in one place."""
        part, name = place
        return replace(self, **{part: self.fields | {name: value} if part == "fields" else value})

    def variants(self, place: Place, wanted: int, *, plain: bool = False) -> Iterator[Sent]:
        """Yield it with an id in one place, in each of the ways a place can hold one, or only as it is."""
        path = str(self.value).partition("?")[0] or "/"
        shapes: list[object] = [str(wanted)]
        if plain:
            pass
        elif place[0] == "value":
            shapes += [wanted, f"{path}?acc={wanted}", f"{path}?cat={wanted}", f"{path}?import={wanted}&p=2026"]
        elif place[0] == "extra":
            shapes += [f"{wanted}={str(self.extra).partition('=')[2]}", f"{str(self.extra).partition('=')[0]}={wanted}"]
        yield from (self.with_value(place, shape) for shape in shapes)


def end_of_budgets(book: Book, category_id: int) -> None:
    """Let a budget end with the year, so that January's cell is empty and can be filled from December's."""
    budgets.set_budget(book, category_id, 202612, "EUR", budgets.BudgetForm("41"))
    budgets.set_budget(book, category_id, 202701, "EUR", budgets.BudgetForm(""))


def other_device(site: Site, user_id: int) -> str:
    """Sign a person in on one more device, and return what a page knows it by."""
    opened = sessions.open_session(site.engine, user_id, address="192.0.2.9", agent="Mozilla/5.0 (iPhone) Safari")
    return next(d.id for d in sessions.devices(site.engine, user_id, opened.token) if d.here)


def good_requests(site: Site, email: str) -> dict[str, Sent]:
    """Return one request for every action that does what it is for, in a furnished household."""
    house, ids = site.house(email), site.ids(email)
    rows = house.rows()
    first, account, draft = rows[0], ids["account"][0], ids["draft"][0]
    transfer = next(row for row in rows if row["transfer_id"] is not None)
    gifts = house.category("Gifts")
    from dashboard.services.categories import shelf

    found = shelf(house.book)
    pets = next(c for c in found.categories if c.name == "Pets")
    unused = next(c.id for c in found.categories if c.id not in found.used and c != pets)
    with house.book.reading() as db:
        from dashboard.services.accounts import account_of, close

        account_revision = account_of(db, house.book, account).revision
    entry: dict[str, object] = {
        "id": first["id"],
        "revision": first["revision"],
        "direction": "spent",
        "amount": "3.20",
        "payee": "Bakery",
        "category": gifts,
        "account": account,
        "date": "2026-11-12",
        "note": "",
        "key": "",
    }
    conditions: dict[str, object] = {
        "contains": "lunch",
        "pattern": "lu+nch",
        "least": "5",
        "most": "50",
        "direction": "out",
        "account": account,
        "category": gifts,
        "apply": "on",
    }
    rule_id, rule_revision = next((row["id"], row["revision"]) for row in snapshot(house.book)["rule"])
    second_rule = rules.save(house.book, None, None, rules.RuleForm(contains="second", category_id=gifts)).created
    third_rule = rules.save(house.book, None, None, rules.RuleForm(contains="third", category_id=gifts)).created
    closed_account, spare_account = house.account("Closed one"), house.account("Spare one")
    close(house.book, closed_account)
    first_pair, second_pair = (row["id"] for row in snapshot(house.book)["pair"])
    twin, _ = (house.add(account, "2026-11-12", "-4", "Twin", name) for name in ("Gifts", None))
    made = [
        Sent("open-transaction", first["id"]),
        Sent("save-transaction", fields=entry),
        Sent("delete-transaction", rows[1]["id"]),
        Sent("transfer", first["id"]),
        Sent("no-transfer", transfer["id"]),
        Sent("confirm-pair", first_pair),
        Sent("refuse-pair", second_pair),
        Sent("edit-cell", first["id"], f"{first['revision']} category", gifts),
        Sent("change-rows", [first["id"]], "category", gifts),
        Sent("count-rows", [first["id"]]),
        Sent("change-alike", twin, "0"),
        Sent("known-payees"),
        Sent("amounts", "/transactions?p=2026-11", fields={"least": "5", "most": "50"}),
        Sent("open-account", account),
        Sent("open-category", gifts),
        Sent(
            "save-category",
            fields={
                "id": pets.id,
                "revision": pets.revision,
                "name": "Animals",
                "group": "Own",
                "kind": "expense",
                "slot": "3",
                "icon": "bug",
            },
        ),
        Sent("merge-category", fields={"from": gifts, "into": pets.id}),
        Sent("archive-category", gifts, "yes"),
        Sent("delete-category", unused),
        Sent("move-category", pets.id, "up"),
        Sent("open-group", "Lifestyle"),
        Sent("rename-group", fields={"group": "Lifestyle", "name": "Fun"}),
        Sent("move-group", "Lifestyle", "up"),
        Sent("open-rule", "like", first["id"]),
        Sent("preview-rule", fields={"id": rule_id} | conditions),
        Sent("save-rule", fields={"id": rule_id, "revision": rule_revision, "seen": ""} | conditions),
        Sent("delete-rule", third_rule),
        Sent("move-rule", second_rule, "up"),
        Sent("set-budget", gifts, "202611 EUR", "50"),
        Sent(
            "carry-budget",
            gifts,
            "202611 EUR on",
            first=cache(lambda: budgets.set_budget(house.book, gifts, 202611, "EUR", budgets.BudgetForm("40"))),
        ),
        Sent("copy-budgets", "", "202701 EUR", first=cache(lambda: end_of_budgets(house.book, gifts))),
        Sent("suggest-budgets", "", "202612 EUR replace"),
        Sent("undo", ids["change"][-1]),
        Sent("undo-last", ids["change"]),
        Sent(
            "save-account",
            fields={
                "id": account,
                "revision": account_revision,
                "name": "Purse",
                "kind": "cash",
                "currency": "EUR",
                "opening": "5",
                "opened": "2026-11-01",
                "number": "",
            },
        ),
        Sent("open-value", account),
        Sent("set-value", fields={"account": account, "amount": "70", "date": "2026-11-12"}),
        Sent("unsay-value", ids["value"][0]),
        Sent("open-reconcile", account),
        Sent("reconcile", fields={"account": account, "amount": "12.50", "date": "2026-11-18"}),
        Sent("close-account", account),
        Sent("reopen-account", closed_account),
        Sent("remove-account", spare_account),
        Sent("custom-period", "/?p=2026-11", fields={"from": "2026-11-01", "to": "2026-11-18"}),
        Sent("export", "/transactions?p=2026-11"),
        Sent("save-name", fields={"name": "Robert"}),
        Sent("change-email", fields={"email": "new@example.org", "password": PASSWORD}),
        Sent("end-session", other_device(site, house.book.user_id)),
        Sent("end-other-sessions"),
        Sent("export-all"),
        Sent("export-book"),
        Sent("open-leaving"),
        Sent("delete-account", fields={"name": house.book.user_name, "password": PASSWORD}),
        Sent("save-preferences", fields={"locale": "de-DE", "zone": "Europe/Berlin", "currency": "EUR"}),
        Sent("answer", draft, "dates=dmy"),
        Sent("choose-account", draft, "|", str(account)),
        Sent("mend", draft, "4=date", "2026-11-12"),
        Sent("tick", draft, "2", words=False),
        Sent("drop-draft", draft),
        Sent("commit-import", draft),
        Sent("load-demo", first=cache(lambda: empty(site, house.book))),
        Sent("remove-demo", first=cache(lambda: (empty(site, house.book), demo.load(house.book)))),
        Sent("look"),
    ]
    # The account goes where the page sends it: in extra the group, in text the choice.
    return {sent.act: sent for sent in made}


def empty(site: Site, book: Book) -> None:
    """Leave nothing in a book that sample data could stand in the way of."""
    with site.engine.begin() as db:
        for table in (split, dismissed, transaction, import_, account_value, accounts):
            db.execute(table.delete().where(table.c.book_id == book.id))


def new_entries(sent: Sent) -> list[Sent]:
    """Return a request and, where it changes a row, the same as one that adds it."""
    if "id" not in sent.fields:
        return [sent]
    other = {name: "Second purse" for name in ("name", "contains") if name == "name" or name in sent.fields}
    return [sent, replace(sent, fields=sent.fields | {"id": ""} | other)]


NAMES = sorted(ACTIONS)
