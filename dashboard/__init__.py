"""A personal-finance dashboard that people run themselves."""

from __future__ import annotations

import logging

from dash import Dash
from flask import Flask

from dashboard import controller
from dashboard.config import Config, forget_others, from_env, sqlite_path
from dashboard.model import backups, database
from dashboard.services.people import leaving


def create_app(config: Config | None = None) -> Dash:
    """Return the application, ready to serve as `app.server`."""
    config = config or from_env()
    ignored = forget_others()
    server = Flask("dashboard", static_folder=None, template_folder="view/templates")
    engine = database.make_engine(config.database_url)
    backups.tidy(config.database_url)
    if sqlite_path(config.database_url) is not None:
        database.migrate(engine)
    leaving.purge_due(engine)
    controller.configure(server, config, engine)
    if ignored:
        logging.getLogger(__name__).warning("ignored in the environment, since it is no setting of ours: %s", ", ".join(ignored))
    controller.guard(server)
    controller.add_forms(server)
    app = controller.add_dash(server)
    controller.add_callbacks(app)
    controller.warm(server)
    return app
