"""What a file that waits says is kept with it, so that it is read once and not at each look."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("draft", sa.Column("reading", sa.LargeBinary()))


def downgrade() -> None:
    """Go back."""
    op.drop_column("draft", "reading")
