"""What is searched in is kept without case and accents, beside what was written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.folding import folded

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXTS = {"transaction": ("payee", "text", "note"), "split": ("note",)}
CHUNK = 2000


def upgrade() -> None:
    """Go forward."""
    db = op.get_bind()
    for name, texts in TEXTS.items():
        op.add_column(name, sa.Column("folded", sa.Text(), nullable=False, server_default=sa.text("''")))
        table = sa.table(name, *map(sa.column, ("book_id", "id", "folded", *texts)))
        _fill(db, table, texts)


def _fill(db: sa.Connection, table: sa.TableClause, texts: tuple[str, ...]) -> None:
    c = table.c
    key = sa.tuple_(c.book_id, c.id)
    put = sa.update(table).where(c.book_id == sa.bindparam("b"), c.id == sa.bindparam("i")).values(folded=sa.bindparam("f"))
    last = (-1, -1)
    while True:
        rows = db.execute(
            sa.select(c.book_id, c.id, *(c[text] for text in texts)).where(key > sa.tuple_(*last)).order_by(c.book_id, c.id).limit(CHUNK)
        ).all()
        if not rows:
            return
        db.execute(put, [{"b": row[0], "i": row[1], "f": folded(*row[2:])} for row in rows])
        last = rows[-1][0], rows[-1][1]


def downgrade() -> None:
    """Go back."""
    for name in reversed(TEXTS):
        op.drop_column(name, "folded")
