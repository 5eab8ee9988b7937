"""What a person does each week: rows looked at, the bank's own balances, statements that agreed, people who left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.add_column("transaction", sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("transaction", sa.Column("balance", BIG, nullable=True))
    # What is there already has been lived with; only what comes from now on is to be looked at.
    op.execute(sa.text('UPDATE "transaction" SET reviewed = true'))
    op.create_index(
        "ix_transaction_review",
        "transaction",
        ["book_id", "reviewed"],
        sqlite_where=sa.text("reviewed = 0"),
        postgresql_where=sa.text("reviewed = false"),
    )
    op.add_column("account", sa.Column("checked_on", sa.Date(), nullable=True))
    op.add_column("account", sa.Column("checked", BIG, nullable=True))
    op.add_column("book", sa.Column("demo", BIG, nullable=True))
    op.add_column("user", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_transaction_review", "transaction")
    for table, names in (
        ("transaction", ("reviewed", "balance")),
        ("account", ("checked_on", "checked")),
        ("book", ("demo",)),
        ("user", ("deleted_at",)),
    ):
        for name in names:
            op.drop_column(table, name)
