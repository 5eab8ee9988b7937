"""The server's own settings: limits, cookies, headers, errors, compression, and Dash on it."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

from dash import Dash, set_props
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, current_app, g, render_template, request
from flask_compress import Compress
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard import directions
from dashboard.config import ROOT, Config
from dashboard.controller import uploads
from dashboard.controller.session import login_manager
from dashboard.errors import DashboardError, TooManyTries
from dashboard.view import ids, shell

log = logging.getLogger("dashboard")

# Ten thousand selected rows by their ids are the most a callback carries, and they take 170 KB; files come in elsewhere.
REQUEST_LIMIT = 2**20
A_YEAR = 31_536_000
STYLES = (
    "vendor/bootstrap.min.css",
    "vendor/bootstrap-icons.min.css",
    "css/tokens.css",
    "css/app.css",
    "css/transactions.css",
    "css/budgets.css",
    "css/history.css",
    "css/categories.css",
    "css/rules.css",
    "css/settings.css",
    "css/accounts.css",
    "css/importing.css",
    "css/upload.css",
    "css/touch.css",
)
EARLY_SCRIPT = "js/theme.js"
# Plotly comes before Dash's own scripts: finding it, Dash never asks for the full bundle, four times its size.
SCRIPTS = ("vendor/plotly-finance.min.js",)
LATE_SCRIPTS = (
    "js/hover.js",
    "js/tree.js",
    "js/app.js",
    "js/upload.js",
    "js/grid.js",
    "js/forms.js",
    "js/command.js",
    "js/budgets.js",
    "js/rules.js",
    "js/settings.js",
)
csrf = CSRFProtect()


def configure(server: Flask, config: Config, engine: Engine) -> None:
    """Set limits, cookies, headers and error pages."""
    if not logging.getLogger().handlers:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    server.config.update(
        SECRET_KEY=config.secret_key,
        DASHBOARD=config,
        ENGINE=engine,
        MAX_CONTENT_LENGTH=REQUEST_LIMIT,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_NAME="__Host-session" if config.https else "session",
        SESSION_COOKIE_SECURE=config.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=30 * 86_400,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"],
    )
    if config.trusted_proxies:
        count = config.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    csrf.init_app(server)
    # No template asks who is signed in: an error page that did would ask the database that has just failed.
    login_manager().init_app(server, add_context_processor=False)
    Compress(server)
    # Before it is compressed, whoever wrote it.
    server.after_request(_shown)
    server.after_request(_headers)
    server.register_error_handler(Exception, _failed)


def csrf_cookie(config: Config) -> str:
    """Return the name of the cookie that Dash reads its CSRF token from."""
    return "__Host-csrf" if config.https else "csrf"


def add_dash(server: Flask) -> Dash:
    """Put Dash on the server, behind the gate."""
    config: Config = server.config["DASHBOARD"]
    app = Dash(
        "dashboard",
        server=server,
        title="Finance",
        update_title="",
        assets_folder=str(ROOT / "assets"),
        assets_ignore=".*",
        serve_locally=True,
        compress=False,
        csrf_token_name=csrf_cookie(config),
        csrf_header_name="X-CSRFToken",
        on_error=_callback_failed,
        enable_mcp=False,
    )
    app.layout = shell.layout()
    app.index_string = _index()
    policy = _policy(app)
    server.config["CSP"] = policy
    return app


def warm(server: Flask) -> None:
    """Make Dash set itself up now: its first requests at once would otherwise find it half done (TECH.md section 4)."""
    server.test_client().get("/_favicon.ico")


def _asset(path: str) -> str:
    stamp = int((ROOT / "assets" / path).stat().st_mtime)
    return f"/assets/{path}?m={stamp}"


def _index() -> str:
    styles = "\n".join(f'<link rel="stylesheet" href="{_asset(path)}">' for path in STYLES)
    before = "\n".join(f'<script src="{_asset(path)}"></script>' for path in (*LATE_SCRIPTS, *SCRIPTS))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{%title%}}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="{_asset(EARLY_SCRIPT)}"></script>
{styles}
{{%css%}}
</head>
<body>
{{%app_entry%}}
<noscript>This page needs JavaScript for its charts.</noscript>
<footer>
{{%config%}}
{before}
{{%scripts%}}
{{%renderer%}}
</footer>
</body>
</html>"""


def _policy(app: Dash) -> str:
    hashes = " ".join(app.csp_hashes())
    return (
        f"default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
    )


def _headers(response: Response) -> Response:
    config: Config = current_app.config["DASHBOARD"]
    response.headers["Content-Security-Policy"] = current_app.config.get("CSP", "default-src 'none'")
    if "retry_after" in g:
        response.headers["Retry-After"] = str(g.retry_after)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if config.https:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    library = request.endpoint in LIBRARY and response.status_code in (200, 304)
    if not library:
        response.headers["Cache-Control"] = "no-store"
    elif "m" in request.args or "fingerprint" in request.path or ".v" in request.path:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    # Only whom the gate has asked for already: here nothing is asked of the database.
    if response.mimetype == "text/html" and response.status_code == 200 and "_login_user" in g and current_user.is_authenticated:
        # Read by Dash, so not HttpOnly; worth nothing without the session cookie beside it.
        response.set_cookie(csrf_cookie(config), generate_csrf(), samesite="Strict", secure=config.https, path="/")
    return response


def _shown(response: Response) -> Response:
    """Show controls of direction as marks in every page and answer; a file to keep is left as it is."""
    if request.endpoint in LIBRARY or response.direct_passthrough or response.mimetype not in ("text/html", "application/json"):
        return response
    data = response.get_data()
    if not directions.present(data):
        return response
    if response.mimetype == "application/json":
        found = directions.all_shown(json.loads(data), but=ids.DOWNLOAD)
        response.set_data(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
    else:
        response.set_data(directions.shown(data.decode()))
    return response


LIBRARY = frozenset({"_dash_assets.static", "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"})


def _failed(error: Exception) -> Any:
    """Answer an error once for all: a sentence and a status for the person, the rest for the log."""
    if isinstance(error, HTTPException):
        status, message = (
            error.code or 500,
            {
                404: "There is nothing at this address.",
                405: "That cannot be done this way.",
                413: "That is more than can be sent at once. Nothing was changed.",
            }.get(error.code or 500, "That request could not be read."),
        )
    elif isinstance(error, (DependencyException, InvalidResourceError)):
        status, message = 404, "There is nothing at this address."
    elif isinstance(error, DashboardError):
        status, message = error.status, error.message
    else:
        number = secrets.token_hex(4)
        log.error("error %s at %s", number, request.endpoint, exc_info=error)
        status, message = 500, f"Something went wrong on the server. Nothing was changed. Error number {number} is in its log."
    more = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyTries) else {}
    if request.path.startswith("/_dash") or request.path == uploads.PATH:
        return {"error": message}, status, more
    return render_template("error.html", message=message), status, more


def _callback_failed(error: Exception) -> None:
    """Show a callback's error as a message; the page stays as it is."""
    if isinstance(error, TooManyTries):
        g.retry_after = error.retry_after
    if isinstance(error, DashboardError):
        set_props(ids.TOAST, {"data": {"error": error.message, "field": getattr(error, "field", None), "at": secrets.token_hex(4)}})
        return
    number = secrets.token_hex(4)
    log.error("error %s in a callback", number, exc_info=error)
    set_props(
        ids.TOAST,
        {"data": {"error": f"Something went wrong on the server. Nothing was changed. Error number {number} is in its log.", "at": number}},
    )
