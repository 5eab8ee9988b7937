"""Openings have a day, what things are worth is kept as it was said, and a transfer between currencies is one transfer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.add_column("account", sa.Column("opened", sa.Date(), nullable=True))
    op.create_table(
        "value",
        sa.Column("book_id", BIG, autoincrement=False, nullable=False),
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.ForeignKeyConstraint(["book_id", "account_id"], ["account.book_id", "account.id"], name=op.f("fk_value_book_id_account_id")),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_value_book_id")),
        sa.PrimaryKeyConstraint("book_id", "id", name=op.f("pk_value")),
        sa.UniqueConstraint("book_id", "account_id", "day", name="uq_value_day"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Go back; what was said of values is lost."""
    op.drop_table("value")
    op.drop_column("account", "opened")
