"""When a category was last said: so far a note, or any other edit, counted as if it were said anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.add_column("transaction", sa.Column("decided", BIG, nullable=True))
    op.execute(sa.text('UPDATE "transaction" SET decided = revision WHERE category_id IS NOT NULL'))


def downgrade() -> None:
    """Go back."""
    op.drop_column("transaction", "decided")
