"""Alembic's entry: runs on the connection that `database.migrate` opened and locked."""

from __future__ import annotations

from alembic import context

from dashboard.model import database  # noqa: F401 - brings in every table
from dashboard.model.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=False,
)
context.run_migrations()
