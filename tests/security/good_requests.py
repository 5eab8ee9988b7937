"""One good request for every action: what the sweeps start from and change one place at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dash import Dash
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.controller.actions import ACTIONS
from tests.security.conftest import Site
from tests.security.forging import act

Place = tuple[str, str]


@dataclass(frozen=True)
class Sent:
    """An action with everything it carries."""

    act: str
    value: object = ""
    extra: object = ""
    words: object = ""
    fields: dict[str, object] = field(default_factory=dict)

    def send(self, client: FlaskClient, app: Dash) -> TestResponse:
        """Send it."""
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


def good_requests(site: Site, email: str) -> dict[str, Sent]:
    """Return one request for every action that does what it is for, in a furnished household."""
    house, ids = site.house(email), site.ids(email)
    rows = house.rows()
    first, account, draft = rows[0], ids["account"][0], ids["draft"][0]
    transfer = next(row for row in rows if row["transfer_id"] is not None)
    gifts = house.category("Gifts")
    with house.book.reading() as db:
        from dashboard.services.accounts import account_of

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
    made = [
        Sent("open-transaction", first["id"]),
        Sent("save-transaction", fields=entry),
        Sent("delete-transaction", rows[1]["id"]),
        Sent("transfer", first["id"]),
        Sent("no-transfer", transfer["id"]),
        Sent("set-category", first["id"], words=gifts),
        Sent("open-account", account),
        Sent("set-budget", gifts, "202611 EUR", "50"),
        Sent("undo", ids["change"][-1]),
        Sent(
            "save-account",
            fields={
                "id": account,
                "revision": account_revision,
                "name": "Purse",
                "kind": "cash",
                "currency": "EUR",
                "opening": "5",
                "number": "",
            },
        ),
        Sent("search", "/transactions?p=2026-11", words="lunch"),
        Sent("custom-period", "/?p=2026-11", fields={"from": "2026-11-01", "to": "2026-11-18"}),
        Sent("export", "/transactions?p=2026-11"),
        Sent("save-preferences", fields={"locale": "de-DE", "zone": "Europe/Berlin", "currency": "EUR"}),
        Sent("answer", draft, "dates=dmy"),
        Sent("choose-account", draft, "|", str(account)),
        Sent("mend", draft, "4=date", "2026-11-12"),
        Sent("tick", draft, "2", words=False),
        Sent("drop-draft", draft),
        Sent("commit-import", draft),
        Sent("look"),
    ]
    # The account goes where the page sends it: in extra the group, in text the choice.
    return {sent.act: sent for sent in made}


def new_entries(sent: Sent) -> list[Sent]:
    """Return a request and, where it changes a row, the same as one that adds it."""
    return [sent, sent.with_value(("fields", "id"), "").with_value(("fields", "name"), "Second purse")] if "id" in sent.fields else [sent]


NAMES = sorted(ACTIONS)
