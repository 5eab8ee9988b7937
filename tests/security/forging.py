"""Requests as the Dash renderer builds them, and as somebody builds them who means harm."""

from __future__ import annotations

import html
import io
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from dash import Dash
from dash._utils import split_callback_id
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.config import Config
from dashboard.controller.web import csrf_cookie
from dashboard.model.tables import metadata
from dashboard.view import ids
from tests.conftest import PASSWORD

CALLBACK = "/_dash-update-component"
UPLOADS = "/import/file"
CANARY = "ALICE-7f3a"
# Alice's rows are numbered from here, so that none of her ids is by chance one of Bob's.
ALICE_FROM = 500_001
REVISION_FROM = 700_001
# As long as Alice's, and like hers no month: only its being nobody's makes a difference.
NOBODYS = 600_001
AGENT = "Mozilla/5.0 (security tests)"


def server_callbacks(app: Dash) -> list[str]:
    """Return every callback that Python answers, as the app itself lists them."""
    return [output for output, known in app.callback_map.items() if "callback" in known]


def callback_of(app: Dash, component: str) -> str:
    """Return the server callback whose first input is this component's."""
    return next(o for o in server_callbacks(app) if app.callback_map[o]["inputs"][0]["id"] == component)


def body_of(app: Dash, output: str, inputs: Sequence[object] = (), state: Sequence[object] = ()) -> dict[str, Any]:
    """Return the JSON the renderer would send; values that are not given are null."""
    known = app.callback_map[output]

    def filled(part: str, values: Sequence[object]) -> list[dict[str, object]]:
        given = [*values, *[None] * len(known[part])]
        return [{"id": item["id"], "property": item["property"], "value": value} for item, value in zip(known[part], given, strict=False)]

    changed = [f"{item['id']}.{item['property']}" for item in known["inputs"][:1]]
    return {
        "output": output,
        "outputs": split_callback_id(output),
        "inputs": filled("inputs", inputs),
        "changedPropIds": changed,
        "parsedChangedPropsIds": changed,
        "state": filled("state", state),
    }


def token_of(client: FlaskClient, app: Dash) -> str:
    """Return the token Dash's renderer would read from its cookie, "" where there is none."""
    config: Config = app.server.config["DASHBOARD"]
    cookie = client.get_cookie(csrf_cookie(config))
    return cookie.value if cookie else ""


def post(client: FlaskClient, app: Dash, data: object, headers: Mapping[str, str] | None = None) -> TestResponse:
    """Post anything to the callback address, with the headers a browser sends from our own page."""
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    sent = {
        "Content-Type": "application/json",
        "X-CSRFToken": token_of(client, app),
        "Sec-Fetch-Site": "same-origin",
        "User-Agent": AGENT,
    } | dict(headers or {})
    return client.post(CALLBACK, data=raw, headers={name: value for name, value in sent.items() if value})


def forge(client: FlaskClient, app: Dash, output: str, inputs: Sequence[object] = (), state: Sequence[object] = ()) -> TestResponse:
    """Call one callback with these values, as the renderer does."""
    return post(client, app, body_of(app, output, inputs, state))


def act(
    client: FlaskClient,
    app: Dash,
    name: object,
    value: object = "",
    *,
    extra: object = "",
    words: object = "",
    fields: object = None,
    **more: object,
) -> TestResponse:
    """Send one action, as assets/js/app.js does."""
    sent = {"act": name, "value": value, "extra": extra, "text": words, "fields": {} if fields is None else fields, "at": 1} | more
    return forge(client, app, callback_of(app, ids.ACTION), [sent], [0])


def upload(
    client: FlaskClient, app: Dash, data: bytes, name: str = "a.csv", headers: Mapping[str, str] | None = None, *, part: str = "file"
) -> TestResponse:
    """Send one file, as assets/js/upload.js does."""
    sent = {"X-CSRFToken": token_of(client, app), "Sec-Fetch-Site": "same-origin", "User-Agent": AGENT} | dict(headers or {})
    return client.post(
        UPLOADS,
        data={part: (io.BytesIO(data), name)},
        content_type="multipart/form-data",
        headers={k: v for k, v in sent.items() if v},
    )


def view(client: FlaskClient, app: Dash, address: str) -> TestResponse:
    """Open a page."""
    return forge(client, app, callback_of(app, ids.VIEW), [address, 0, "light"])


def said(answer: TestResponse) -> dict[str, Any]:
    """Return the toast of an answer: {} where it has none."""
    body = answer.get_json(silent=True) or {}
    for part in ("sideUpdate", "response"):
        toast = (body.get(part) or {}).get(ids.TOAST, {}).get("data")
        if toast:
            return dict(toast)
    return {}


def form_token(answer: TestResponse) -> str:
    """Return the hidden token of a form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert found, answer.text[:300]
    return html.unescape(found[1])


def submit(client: FlaskClient, path: str, headers: Mapping[str, str] | None = None, **values: str) -> TestResponse:
    """Fetch a form and send it with its token."""
    token = form_token(client.get(path))
    return client.post(path, data={"csrf_token": token, **values}, headers={"User-Agent": AGENT} | dict(headers or {}))


def sign_in(app: Dash, email: str, password: str = PASSWORD, *, keep: bool = True, base_url: str | None = None) -> FlaskClient:
    """Sign in through the form and open the home page, which hands out the callbacks' token."""
    client = app.server.test_client()
    if base_url:
        client.environ_base["wsgi.url_scheme"] = base_url.split(":", maxsplit=1)[0]
    answer = submit(client, "/sign-in", email=email, password=password, **({"keep": "y"} if keep else {}))
    assert answer.status_code == 302, answer.text[-600:]
    assert client.get("/").status_code == 200
    return client


def is_turned_away(answer: TestResponse) -> bool:
    """Say whether an answer is 401, or Dash's own redirect to sign-in with nothing else in it."""
    redirect = {"multi": True, "response": {}, "sideUpdate": {ids.REDIRECT: {"href": "/sign-in?expired=1"}}}
    return answer.status_code == 401 or (answer.status_code == 200 and answer.get_json(silent=True) == redirect)


def everything_of(path: Path, book_id: int) -> str:
    """Return every stored row of one book, and of its people, as text; past SQLAlchemy, whose statements are watched."""
    queries = [
        (name, f'SELECT * FROM "{name}" WHERE book_id = ? ORDER BY 1, 2')
        for name, table in sorted(metadata.tables.items())
        if "book_id" in table.c
    ]
    queries += [
        ("book", "SELECT * FROM book WHERE id = ?"),
        ("user", "SELECT * FROM user WHERE id IN (SELECT user_id FROM membership WHERE book_id = ?)"),
    ]
    with closing(sqlite3.connect(path)) as db:
        return "\n".join(f"{name} {row!r}" for name, query in queries for row in db.execute(query, (book_id,)))


def strings(value: object) -> Iterator[str]:
    """Yield every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (found for item in value.values() for found in strings(item))
    elif isinstance(value, list):
        yield from (found for item in value for found in strings(item))


def figures(value: object) -> Iterator[dict[str, Any]]:
    """Yield every figure of a page."""
    if isinstance(value, dict):
        if isinstance(value.get("figure"), dict):
            yield value["figure"]
        yield from (found for item in value.values() for found in figures(item))
    elif isinstance(value, list):
        yield from (found for item in value for found in figures(item))


def unnumbered(answer: TestResponse) -> tuple[int, str]:
    """Return an answer without its numbers and random keys, to be compared with another's."""
    return answer.status_code, re.sub(r"[\w.-]{60,}|[0-9a-f]*[0-9][0-9a-f]*|(?<=[:\"])[a-f]{6,8}(?=\")", "#", answer.text)


def tracebacks(records: Iterable[Any]) -> list[str]:
    """Return what of a log is the house's own failure: errors with a traceback."""
    return [
        f"{record.getMessage()}: {record.exc_info[1]!r}"
        for record in records
        if record.exc_info and record.levelname in ("ERROR", "CRITICAL")
    ]
