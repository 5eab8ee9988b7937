"""What is known again of a bank's rows: the other side's number, the payee, guesses; rows left out; pairs that may be transfers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.add_column("transaction", sa.Column("counter", sa.String(length=64), nullable=True))
    op.add_column("transaction", sa.Column("payee_key", BIG, nullable=True))
    op.add_column("transaction", sa.Column("guess", sa.Integer(), nullable=True))
    op.add_column("dismissed", sa.Column("bank_id", sa.String(length=128), nullable=True))
    op.add_column("dismissed", sa.Column("balance", BIG, nullable=True))
    op.add_column("dismissed", sa.Column("same_as", BIG, nullable=True))
    op.create_table(
        "pair",
        sa.Column("book_id", BIG, autoincrement=False, nullable=False),
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("one_id", BIG, nullable=False),
        sa.Column("two_id", BIG, nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_pair_book_id")),
        sa.PrimaryKeyConstraint("book_id", "id", name=op.f("pk_pair")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_pair_waiting", "pair", ["book_id"], sqlite_where=sa.text("refused = 0"), postgresql_where=sa.text("refused = false")
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_pair_waiting", "pair")
    op.drop_table("pair")
    for name in ("same_as", "balance", "bank_id"):
        op.drop_column("dismissed", name)
    for name in ("guess", "payee_key", "counter"):
        op.drop_column("transaction", name)
