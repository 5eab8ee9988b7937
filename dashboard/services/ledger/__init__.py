"""The list of transactions: what a selection and its search show of a book, and what the command box finds in it."""

from __future__ import annotations

from dashboard.services.ledger.listing import (
    Known,
    Ledger,
    all_there,
    counted,
    filter_of,
    import_name,
    known_payees,
    listed,
    meant,
    sent_before,
    stored,
    to_review,
)

__all__ = [
    "Known",
    "Ledger",
    "all_there",
    "counted",
    "filter_of",
    "import_name",
    "known_payees",
    "listed",
    "meant",
    "sent_before",
    "stored",
    "to_review",
]
