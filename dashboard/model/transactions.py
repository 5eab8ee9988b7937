"""Transactions, their splits, and the keys of imported rows that a person has deleted."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, PrimaryKeyConstraint, String, Table, Text, UniqueConstraint, false, text
from sqlalchemy.sql.schema import ForeignKeyConstraint

from dashboard.bounds import LONGEST_TEXT
from dashboard.model.tables import BigInt, book_table, in_book, metadata

transaction = book_table(
    "transaction",
    Column("account_id", BigInt, nullable=False),
    Column("date", Date, nullable=False),
    # The book month (yyyymm): derived from the date by the writer, never journalled.
    Column("month", Integer, nullable=False),
    # Minor units of the account's currency; money out is negative.
    Column("amount", BigInt, nullable=False),
    Column("payee", String(LONGEST_TEXT), nullable=False),
    Column("text", String(LONGEST_TEXT), nullable=False, default=""),
    Column("note", String(LONGEST_TEXT), nullable=False, default=""),
    Column("category_id", BigInt),
    Column("bank_id", String(128)),
    # What the bank said, hashed, and which of its equals a row is; none where a person typed it.
    Column("fingerprint", BigInt),
    Column("occurrence", Integer),
    Column("import_id", BigInt),
    # Shared by both legs of a transfer; alone where the other account is not in the book.
    Column("transfer_id", BigInt),
    # Whether a person has looked at it: imported rows begin unseen, typed ones seen.
    Column("reviewed", Boolean, nullable=False, default=False, server_default=false()),
    # What the bank said was in the account after this row, minor units.
    Column("balance", BigInt),
    # The other side's account number, where the bank gave it.
    Column("counter", String(64)),
    # The payee as analysis/payees.py knows it again, hashed.
    Column("payee_key", BigInt),
    # How sure we were of a category that we put there (3 sure, 2 likely); none where a person or the file said it.
    Column("guess", Integer),
    # The book's revision in which its category was last said: what was said last of a payee is what is learned.
    Column("decided", BigInt),
    # Payee, bank's text and note as folding.py folds them: derived by the writer, never journalled.
    Column("folded", Text, nullable=False, server_default=text("''")),
    in_book("account_id", "account"),
    in_book("category_id", "category"),
    in_book("import_id", "import"),
    UniqueConstraint("book_id", "account_id", "fingerprint", "occurrence", name="uq_transaction_fingerprint"),
    Index("ix_transaction_flow", "book_id", "month", "category_id", "account_id", "amount", "transfer_id", "id"),
    Index("ix_transaction_page", "book_id", "date", "id", "category_id", "account_id", "amount", "transfer_id"),
    Index(
        "ix_transaction_transfer",
        "book_id",
        "transfer_id",
        sqlite_where=text("transfer_id IS NOT NULL"),
        postgresql_where=text("transfer_id IS NOT NULL"),
    ),
    Index("ix_transaction_review", "book_id", "reviewed", sqlite_where=text("reviewed = 0"), postgresql_where=text("reviewed = false")),
)

split = book_table(
    "split",
    Column("transaction_id", BigInt, nullable=False),
    Column("category_id", BigInt),
    Column("amount", BigInt, nullable=False),
    Column("note", String(LONGEST_TEXT), nullable=False, default=""),
    # The note folded, as above.
    Column("folded", Text, nullable=False, server_default=text("''")),
    in_book("transaction_id", "transaction"),
    in_book("category_id", "category"),
    Index("ix_split_parts", "book_id", "transaction_id", "category_id", "amount"),
)

dismissed = Table(
    "dismissed",
    metadata,
    Column("book_id", BigInt, nullable=False, autoincrement=False),
    Column("id", BigInt, nullable=False, autoincrement=False),
    Column("revision", BigInt, nullable=False),
    Column("account_id", BigInt, nullable=False),
    Column("fingerprint", BigInt, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("bank_id", String(128)),
    Column("balance", BigInt),
    # The transaction that a person saw a row beside and left it out for; none where the row itself was deleted.
    Column("same_as", BigInt),
    PrimaryKeyConstraint("book_id", "id"),
    ForeignKeyConstraint(["book_id"], ["book.id"]),
    in_book("account_id", "account"),
    Index("ix_dismissed_account", "book_id", "account_id"),
    sqlite_with_rowid=False,
)

# Two transactions that may be the two sides of a transfer: waiting for a person's word, or refused. A transaction that is
# deleted leaves its pairs behind, where nothing finds them until an undo brings it back.
pair = book_table(
    "pair",
    Column("one_id", BigInt, nullable=False),
    Column("two_id", BigInt, nullable=False),
    Column("refused", Boolean, nullable=False, default=False),
    Index("ix_pair_waiting", "book_id", sqlite_where=text("refused = 0"), postgresql_where=text("refused = false")),
)
