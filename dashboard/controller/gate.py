"""The one gate: every request passes it, and it denies what it does not know.

Cross-site requests are told by Sec-Fetch-Site where the browser sends it, else by Origin: the algorithm of Filippo
Valsorda's and Datasette's CSRF protection. Callbacks carry a token as well. What a callback request may contain is
read off the callback list: ids, properties and their number must be those registered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, jsonify, redirect, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import BadRequest, MethodNotAllowed, UnsupportedMediaType
from wtforms import ValidationError

from dashboard import directions
from dashboard.controller import uploads
from dashboard.controller.web import LIBRARY, csrf
from dashboard.errors import NotSignedIn, RequestRefused
from dashboard.view import ids

# Code and pictures, and the pages one needs to get in: nothing here shows a household's data.
PUBLIC = frozenset({"auth.sign_in", "auth.sign_up", "auth.health", "auth.favicon", "/_favicon.ico"}) | LIBRARY
CALLBACK = "/_dash-update-component"
SAFE = ("GET", "HEAD", "OPTIONS")
POST_ONLY = ("/sign-out", CALLBACK, uploads.PATH)


def guard(server: Flask) -> None:
    """Put the gate before everything else."""
    server.before_request(_check)


def _check() -> Any:
    if request.method not in SAFE:
        _same_site()
    if request.path in POST_ONLY and request.method in SAFE and request.method != "OPTIONS":
        # Dash answers any address with its frame; these are for forms and callbacks alone.
        raise MethodNotAllowed(["POST"])
    if request.endpoint in PUBLIC:
        return None
    if request.url_rule is None:
        # Unknown addresses end as not found, signed in or not.
        return None
    if not current_user.is_authenticated:
        return _sign_in_first()
    if request.method not in SAFE:
        _with_token()
    if request.path == CALLBACK:
        _known_callback()
    return None


def _with_token() -> None:
    """Refuse what carries no token of this browser's session.

    Raises:
        RequestRefused: it is missing, or another's.
    """
    try:
        if request.path == uploads.PATH:
            # In the header alone: looking for it in the form would read the file of somebody who has none.
            validate_csrf(request.headers.get("X-CSRFToken"))
        else:
            csrf.protect()
    except (CSRFError, ValidationError) as error:
        raise RequestRefused("This page is out of date. Reload it and try again; nothing was changed.") from error


def _same_site() -> None:
    """Refuse what another site's page sends.

    Raises:
        RequestRefused: the request comes from elsewhere.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise RequestRefused
        return
    origin = request.headers.get("Origin")
    if origin is None:
        # No browser: nothing that could ride on somebody's cookie.
        return
    try:
        parts = urlsplit(origin)
    except ValueError as error:
        raise RequestRefused from error
    if (parts.scheme, parts.netloc) != (request.scheme, request.host):
        raise RequestRefused


def _sign_in_first() -> Any:
    if request.path == CALLBACK:
        # Dash's own way to say "go there": a bare 401 would leave a dead page.
        page = urlsplit(request.headers.get("Referer", ""))
        back = safe_next(page.path + (f"?{page.query}" if page.query else ""))
        target = "/sign-in?expired=1" + (f"&next={quote(back, safe='')}" if back != "/" else "")
        return jsonify(multi=True, response={}, sideUpdate={ids.REDIRECT: {"href": target}})
    if request.path.startswith("/_") or request.path == uploads.PATH:
        raise NotSignedIn
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect("/sign-in" + (f"?next={quote(target)}" if target != "/" else ""))


def _known_callback() -> None:
    """Refuse a callback request whose parts are not those of the callback it names.

    Raises:
        BadRequest: it is no such request.
    """
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        body: Any = request.get_json(silent=True)
    except RecursionError as error:
        raise BadRequest from error
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise BadRequest
    known = current_app.config["CALLBACKS"].get(body["output"])
    # Callbacks that run in the browser have nothing to answer here.
    if known is None or "callback" not in known:
        raise BadRequest
    if not (_given(body.get("inputs", []), known["inputs"]) and _given(body.get("state", []), known["state"])):
        raise BadRequest
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(item, str) for item in changed):
        raise BadRequest
    # A form says again what a page has shown it: marks for the controls of direction.
    try:
        directions.mean_all([part for name in ("inputs", "state") for part in body.get(name, [])])
    except RecursionError as error:
        raise BadRequest from error
    if not _answers(body.get("outputs"), body["output"]):
        raise BadRequest


def _given(items: object, wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether what a request gives are exactly the properties that a callback takes, in their order."""
    if not isinstance(items, list) or len(items) != len(wanted) or not all(isinstance(item, dict) for item in items):
        return False
    return all([item.get("id"), item.get("property")] == [want["id"], want["property"]] for item, want in zip(items, wanted, strict=True))


def _answers(outputs: object, name: str) -> bool:
    """Say whether what a request wants set is what a callback of this name sets."""
    several = name.startswith("..")
    if several != isinstance(outputs, list):
        return False
    listed: list[Any] = outputs if isinstance(outputs, list) else [outputs]
    if not all(isinstance(item, dict) and isinstance(item.get("id"), str) and isinstance(item.get("property"), str) for item in listed):
        return False
    named = "...".join(f"{item['id']}.{item['property']}" for item in listed)
    return (f"..{named}.." if several else named) == name


def safe_next(target: object) -> str:
    r"""Return where to go after signing in: a path of this site, else the home page.

    Browsers read a backslash as a slash and drop tabs and line ends, so that "/\evil.example" leaves the site.
    """
    if (
        not isinstance(target, str)
        or not target.startswith("/")
        or target[1:2] in ("/", "\\")
        or any(c in target for c in "\\\t\r\n")
        or ":" in target.split("?")[0]
    ):
        return "/"
    return target if not target.startswith(("/sign-", "/_")) else "/"


def redirect_to(target: object) -> Response:
    """Return a redirect to a path of this site."""
    answer: Response = redirect(safe_next(target))  # type: ignore[assignment]
    return answer
