"""A transfer is one thing with two legs: what is said of one of them reaches the other, and no leg is split.

Legs in one currency cancel out; in two currencies they go opposite ways, each with its own amount. A leg that a bank's file
brought keeps the account and the day of its statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select

from dashboard.errors import InputNotValid
from dashboard.model.transactions import transaction
from dashboard.model.writing import Writer, chunks
from dashboard.services.books import Book
from dashboard.services.ledger import legs_of
from dashboard.services.splits import are_split
from dashboard.statements.formats.own import Leg, misfit

SPLIT = "A split transaction is no transfer: put its parts together first"
# What a person says of a transfer, and not of one side of it.
SHARED = ("note", "reviewed")


def other_leg(db: Connection, book: Book, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the other leg of a transfer; None for one that stands alone, or for what is none."""
    if row["transfer_id"] is None:
        return None
    return next((leg for leg in legs_of(db, book, [row["transfer_id"]]) if leg["id"] != row["id"]), None)


def together(db: Connection, book: Book, ids: Sequence[int]) -> list[int]:
    """Return these ids and those of the other legs of what of them is a transfer."""
    t, leg = transaction.alias("row").c, transaction.alias("leg").c
    found = dict.fromkeys(ids)
    for part in chunks(list(found)):
        # Said of both, so that both are found by the index of transfers.
        joined = leg.book_id == book.id, t.book_id == book.id, leg.transfer_id == t.transfer_id
        marked = t.transfer_id.is_not(None), leg.transfer_id.is_not(None)
        found |= dict.fromkeys(db.execute(select(leg.id).where(*joined, *marked, t.id.in_(part))).scalars())
    return list(found)


def follow(
    w: Writer, book: Book, row: Mapping[str, Any], other: Mapping[str, Any], values: Mapping[str, Any], currencies: Mapping[int, str]
) -> None:
    """Write to the other leg what a change of one means for it; both are written, so that undo takes both or none.

    Args:
        row: the leg as it was. values: what it is to be.
        currencies: of all accounts, by id.

    Raises:
        InputNotValid: both would be in one account, or the other one is split.
    """
    account_id, amount = values.get("account_id", row["account_id"]), values.get("amount", row["amount"])
    if other["account_id"] == account_id:
        raise InputNotValid("Both sides of a transfer would be in one account", "account")
    told = {name: values[name] for name in SHARED if name in values}
    if other["fingerprint"] is None:
        told |= {"date": values["date"]} if "date" in values else {}
        # What was typed once for both stays one word; a name of its own stays its own.
        told |= {"payee": values["payee"]} if "payee" in values and other["payee"] == row["payee"] else {}
    if currencies[account_id] == currencies[other["account_id"]]:
        told["amount"] = -amount
    elif amount * other["amount"] >= 0:
        if not amount:
            raise InputNotValid("Both sides of a transfer move something", "amount")
        told["amount"] = -other["amount"]
    if told.get("amount", other["amount"]) != other["amount"] and are_split(w.connection, book, [other["id"]]):
        # Older books may hold such a leg.
        raise InputNotValid("The other side of this transfer is split: change its parts first", "amount")
    if any(other[name] != now for name, now in told.items()):
        w.update(transaction, [other["id"]], **told)


def not_split(db: Connection, book: Book, ids: Sequence[int]) -> None:
    """Refuse to make a transfer of what is split.

    Raises:
        InputNotValid: one of them is.
    """
    if are_split(db, book, ids):
        raise InputNotValid(SPLIT)


def fit(one: Mapping[str, Any], two: Mapping[str, Any], currencies: Mapping[int, str]) -> bool:
    """Say whether two rows can be the legs of one transfer."""
    return not misfit([Leg(row["account_id"], currencies[row["account_id"]], Decimal(row["amount"])) for row in (one, two)])


def alone(t: Any) -> ColumnElement[bool]:
    """Say of a transfer's leg that its other side is not in the book; `t` holds the columns of the table or of an alias."""
    leg = transaction.alias("leg").c
    return ~exists().where(leg.book_id == t.book_id, leg.transfer_id == t.transfer_id, leg.id != t.id)
