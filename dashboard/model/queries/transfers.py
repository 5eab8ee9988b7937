"""Transfers and their sides; pairs of transactions that may be transfers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists

from dashboard.model.transactions import transaction


def alone(t: Any) -> ColumnElement[bool]:
    """Say of a transfer's leg that its other side is not in the book; `t` holds the columns of the table or of an alias."""
    leg = transaction.alias("leg").c
    return ~exists().where(leg.book_id == t.book_id, leg.transfer_id == t.transfer_id, leg.id != t.id)
