"""The door: `gunicorn app:server` in production, `python app.py` at home."""

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
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn in one process: what serves at home is what serves in production."""

        def load_config(self) -> None:
            """Set what the Procfile sets."""
            self.cfg.set("bind", f"{config.host}:{config.port}")
            self.cfg.set("threads", 4)
            self.cfg.set("timeout", 120)
            self.cfg.set("loglevel", "warning")

        def load(self) -> object:
            """Return the application."""
            return server

    print(f"Personal Finance Dashboard: http://{config.host}:{config.port}", flush=True)  # noqa: T201 - where to look, for whoever started it
    Server().run()
