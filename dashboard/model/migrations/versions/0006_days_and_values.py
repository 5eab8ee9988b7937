"""Openings have a day, what things are worth is kept as it was said, and a transfer between currencies is one transfer."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

from dashboard.model import upgrades
from dashboard.model.changes import packed, unpacked
from dashboard.model.whole import Whole
from dashboard.periods import utc_now

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_BOOK = ("book_id", "id", "revision")
ACCOUNT = sa.table("account", *map(sa.column, (*IN_BOOK, "currency", "opening")), sa.column("opened", sa.Date()))
TRANSACTION = sa.table(
    "transaction",
    sa.column("date", sa.Date()),
    *map(
        sa.column,
        (*IN_BOOK, "account_id", "amount", "payee", "text", "note", "category_id", "bank_id", "fingerprint", "import_id", "transfer_id"),
    ),
)
VALUE = sa.table("value", *map(sa.column, (*IN_BOOK, "account_id")), sa.column("day", sa.Date()), sa.column("amount"))
CHANGE = sa.table("change", *map(sa.column, ("book_id", "revision", "data")))


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
    db = op.get_bind()
    _days(db)
    t = TRANSACTION.c
    for book_id in db.execute(sa.select(t.book_id).where(t.transfer_id.is_not(None)).distinct()).scalars().all():
        _book(db, book_id)


def _days(db: sa.Connection) -> None:
    """Let openings hold from the day before an account's first row, those of empty ones from today."""
    a, t = ACCOUNT.c, TRANSACTION.c
    first = {
        (row[0], row[1]): row[2]
        for row in db.execute(sa.select(t.book_id, t.account_id, sa.func.min(t.date)).group_by(t.book_id, t.account_id))
    }
    today = utc_now().date()
    for book_id, account_id in db.execute(sa.select(a.book_id, a.id)).all():
        day = first.get((book_id, account_id))
        day = date.fromisoformat(day) if isinstance(day, str) else day
        opened = today if day is None else day - timedelta(days=1)
        db.execute(sa.update(ACCOUNT).where(a.book_id == book_id, a.id == account_id).values(opened=opened))


def _book(db: sa.Connection, book_id: int) -> None:
    """Rewrite transfers and revaluations of a book, and what its journal holds of them."""
    t, c = TRANSACTION.c, CHANGE.c
    valued = sa.select(t.account_id).where(t.book_id == book_id, t.payee == upgrades.REVALUATION)
    rows = db.execute(sa.select(TRANSACTION).where(t.book_id == book_id, t.transfer_id.is_not(None) | t.account_id.in_(valued))).mappings()
    before = {row["id"]: dict(row) for row in rows}
    accounts = [dict(row) for row in db.execute(sa.select(ACCOUNT).where(ACCOUNT.c.book_id == book_id)).mappings()]
    journal = [
        {"revision": row.revision, "steps": unpacked(row.data)}
        for row in db.execute(sa.select(CHANGE).where(c.book_id == book_id).order_by(c.revision))
    ]
    whole = Whole({}, {"account": accounts, "transaction": [dict(row) for row in before.values()], "value": []}, journal)
    rewritten = upgrades.transfers_and_values(whole)
    left = {row["id"]: row for row in whole.tables["transaction"]}
    for i, row in before.items():
        here = t.book_id == book_id, t.id == i
        if i not in left:
            db.execute(sa.delete(TRANSACTION).where(*here))
        elif left[i]["transfer_id"] != row["transfer_id"]:
            db.execute(sa.update(TRANSACTION).where(*here).values(transfer_id=left[i]["transfer_id"]))
    for row in whole.tables["value"]:
        day = date.fromisoformat(row["day"]) if isinstance(row["day"], str) else row["day"]
        db.execute(sa.insert(VALUE).values(**row | {"book_id": book_id, "day": day}))
    for entry in journal:
        if entry["revision"] in rewritten:
            here = c.book_id == book_id, c.revision == entry["revision"]
            db.execute(sa.update(CHANGE).where(*here).values(data=packed(entry["steps"])))


def downgrade() -> None:
    """Go back; what was said of values is lost."""
    op.drop_table("value")
    op.drop_column("account", "opened")
