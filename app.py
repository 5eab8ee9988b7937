"""The door: `python app.py` serves, at home and in production; `app:server` is for any other WSGI server."""

from __future__ import annotations

import sys

from dashboard import create_app
from dashboard.config import from_env
from dashboard.errors import DashboardError

try:
    config = from_env()
    app = create_app(config)
except DashboardError as error:
    sys.exit(f"dashboard: {error.message}")
server = app.server

if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("dashboard: app.py starts the server and takes no arguments; commands are given as: python -m dashboard COMMAND")
    from dashboard import serving

    try:
        listeners = serving.listen(config)
    except DashboardError as error:
        sys.exit(f"dashboard: {error.message}")
    print(f"Personal Finance Dashboard: http://{config.host}:{config.port}", flush=True)  # noqa: T201 - where to look, for whoever started it
    # Each process opens connections of its own.
    server.config["ENGINE"].dispose()
    serving.serve(server, listeners, config)
