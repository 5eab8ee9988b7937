"""Transactions: added, edited, categorised, reviewed, noted, deleted; one by one or many at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from dashboard.analysis import payees
from dashboard.bounds import LONGEST_NAME, LONGEST_TEXT
from dashboard.errors import InputNotValid
from dashboard.model.transactions import dismissed, split, transaction
from dashboard.model.writing import Writer, chunks
from dashboard.money import parse_amount, signed_amount
from dashboard.periods import parse_day
from dashboard.services import fields
from dashboard.services.accounts import account_of, read_accounts
from dashboard.services.agreed import warning
from dashboard.services.books import Book, Done
from dashboard.services.categories import add_named, category_of, named, read_categories
from dashboard.services.ledger import all_there, legs_of, meant, sent_before, stored
from dashboard.services.legs import follow, other_leg, together
from dashboard.services.splits import are_split, parsed, parts_of, rewrite

NOTHING = "A transaction moves money: type an amount other than 0"
CELLS = ("date", "payee", "category", "account", "note", "amount")


def one(book: Book, transaction_id: object) -> dict[str, Any]:
    """Return one transaction as a mapping of its columns; "parts" holds its splits, "legs" all legs of its transfer.

    Raises:
        NotFound: it is not in this book.
    """
    with book.reading() as db:
        row = stored(db, book, [fields.identity(transaction_id)])[0]
        legs = legs_of(db, book, [row["transfer_id"]]) if row["transfer_id"] is not None else []
        return row | {"parts": parts_of(db, book, row["id"]), "legs": legs}


def save(
    book: Book,
    transaction_id: object,
    revision: object,
    *,
    direction: object,
    amount: object,
    payee: object,
    category_id: object,
    account_id: object,
    day: object,
    note: object = "",
    parts: object = None,
    key: object = None,
) -> Done:
    """Add a transaction (no id) or change one.

    Args:
        direction: spent or received; the sign of the amount comes from it.
        parts: of a split, as of `splits.parsed`; where there are any, the category is theirs. None leaves those there are.
        key: what a form sends once; the same key again adds nothing (a double click).

    Raises:
        InputNotValid: a field cannot be used; it is named.
        NotFound: the transaction, account or category is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    side = fields.choice(direction, "direction", ("spent", "received"))
    wanted = fields.optional_identity(transaction_id)
    chosen_category = fields.optional_identity(category_id)
    when = parse_day(day, book.today, book.locale)
    who = fields.text(payee, "payee", longest=LONGEST_TEXT, required=True)
    remark = fields.text(note, "note", longest=LONGEST_TEXT)
    once = fields.text(key, "key", longest=64) or None
    with book.writing() as w:
        if account_id in (None, ""):
            raise InputNotValid("Choose an account", "account")
        held_in = account_of(w.connection, book, account_id)
        if chosen_category is not None:
            category_of(w.connection, book, chosen_category)
        size = parse_amount(amount, held_in.currency, book.locale)
        if size < 0:
            raise InputNotValid("Type the amount without a minus, and choose Spent or Received", "amount")
        if not size and (wanted is None or stored(w.connection, book, [wanted])[0]["amount"]):
            raise InputNotValid(NOTHING, "amount")
        signed = -size if side == "spent" else size
        pieces = [] if parts is None else parsed(w.connection, book, parts, signed, held_in.currency)
        values = {
            "account_id": held_in.id,
            "date": when,
            "amount": signed,
            "payee": who,
            "note": remark,
            "category_id": None if pieces else chosen_category,
            "reviewed": True,
        }
        if wanted is None:
            if once is not None and (earlier := sent_before(w.connection, book, once)):
                return Done(0, "Saved already", earlier)
            w.action = f"\u201c{who[:60]}\u201d added"
            added = {"text": "", "bank_id": f"form:{once}" if once else None, "payee_key": payees.key(who), "decided": w.revision}
            created = w.insert(transaction, [values | added])[0]
            rewrite(w, book, created, pieces)
            return Done(w.revision, w.action + warning(w, book), created)
        w.guard(transaction, wanted, fields.identity(revision))
        before = stored(w.connection, book, [wanted])[0]
        if pieces and before["transfer_id"] is not None:
            raise InputNotValid("A transfer is not split: it is no spending", "part-amount-0")
        resplit = parts is not None and rewrite(w, book, wanted, pieces)
        if parts is None and are_split(w.connection, book, [wanted]):
            values["category_id"] = None
            if signed != before["amount"]:
                raise InputNotValid("This transaction is split: change its parts first", "amount")
        _change(w, book, before, values)
        w.action = f"\u201c{who[:60]}\u201d {'split' if resplit and pieces else 'changed'}"
        return Done(w.revision, w.action + warning(w, book), wanted)


def edit(book: Book, transaction_id: object, revision: object, cell: object, value: object) -> Done:
    """Change one cell of a transaction, as in a spreadsheet.

    Args:
        cell: one of CELLS; an amount without a sign keeps the side it is on, + and - change it. A category is an id.

    Raises:
        InputNotValid: the value cannot be used.
        NotFound: the transaction, account or category is not in this book.
        ChangedMeanwhile: it was written since the person saw it.
    """
    name = fields.choice(cell, "cell", CELLS)
    wanted = fields.identity(transaction_id)
    with book.writing() as w:
        w.guard(transaction, wanted, fields.identity(revision))
        before = stored(w.connection, book, [wanted])[0]
        is_split = bool(are_split(w.connection, book, [wanted]))
        values: dict[str, Any] = {"reviewed": True}
        if name == "date":
            values["date"] = parse_day(value, book.today, book.locale)
        elif name == "payee":
            values["payee"] = fields.text(value, "payee", longest=LONGEST_TEXT, required=True)
        elif name == "note":
            values["note"] = fields.text(value, "note", longest=LONGEST_TEXT)
        elif name == "account":
            values["account_id"] = account_of(w.connection, book, value).id
        elif name == "category":
            if before["transfer_id"] is not None:
                raise InputNotValid("A transfer has no category. Unmark it first.")
            if is_split:
                raise InputNotValid("A split transaction has a category in each part")
            wanted_category = fields.optional_identity(value)
            values["category_id"] = None if wanted_category is None else category_of(w.connection, book, wanted_category).id
        else:
            currency = account_of(w.connection, book, before["account_id"]).currency
            values["amount"] = _meant(value, before["amount"], currency, book.locale)
            if is_split and values["amount"] != before["amount"]:
                raise InputNotValid("This transaction is split: open it and change its parts", "amount")
        changed = {key: now for key, now in values.items() if before[key] != now}
        if not changed:
            return Done(0, "Nothing changed", wanted)
        _change(w, book, before, values)
        w.action = f"\u201c{values.get('payee', before['payee'])[:60]}\u201d changed"
        return Done(w.revision, w.action + warning(w, book), wanted)


def _meant(value: object, before: int, currency: str, locale: str) -> int:
    """Return the amount that was typed into a cell: without a sign it stays on the side it is on."""
    size, signed = signed_amount(value, currency, locale)
    if not size and before:
        raise InputNotValid(NOTHING, "amount")
    if size < 0 and not signed:
        raise InputNotValid("That comes to less than nothing: begin with + or \u2212 to say which way", "amount")
    return size if signed or before >= 0 else -size


def _change(w: Writer, book: Book, before: dict[str, Any], values: dict[str, Any]) -> None:
    """Write a transaction, and with it what hangs on it."""
    wanted: int = before["id"]
    account_id = values.get("account_id", before["account_id"])
    if before["transfer_id"] is not None:
        values = values | {"category_id": None}
    other, moved = other_leg(w.connection, book, before), account_id != before["account_id"]
    # An ordinary change asks for no account.
    currencies = {a.id: a.currency for a in read_accounts(w.connection, book)} if moved or other is not None else {}
    if moved and before["fingerprint"] is not None:
        raise InputNotValid("An imported transaction stays in the account whose statement it is from", "account")
    exchanged = moved and currencies[account_id] != currencies[before["account_id"]]
    if exchanged and "amount" not in values:
        raise InputNotValid("That account has another currency: open the transaction and type its amount", "account")
    if before["fingerprint"] is None and values.get("payee", before["payee"]) != before["payee"]:
        # A bank's row stays known by the bank's words, however it is called here.
        values = values | {"payee_key": payees.key(values["payee"])}
    if values.get("category_id", before["category_id"]) != before["category_id"]:
        values = values | {"decided": w.revision}
    if other is not None:
        if exchanged:
            raise InputNotValid("That account has another currency: open the transfer and type both amounts", "account")
        follow(w, book, before, other, values, currencies)
    w.update(transaction, [wanted], **values)


def set_category(book: Book, rows: object, category_id: object, *, new: object = None, revision: object = None) -> Done:
    """Give transactions a category, or none; transfers and split ones stay as they are, and the sentence says so.

    Args:
        rows: as of `ledger.meant`.
        new: the name of a category to make for them.
        revision: of the only row, where a person saw it; None asks nothing.

    Raises:
        NotFound: one of them, or the category, is not in this book.
        ChangedMeanwhile: the row was written since the person saw it.
        InputNotValid: only transfers or split ones are among them.
    """
    wanted = fields.optional_identity(category_id)
    name = fields.text(new, "category", longest=LONGEST_NAME) and named(new, "category")
    with book.writing() as w:
        ids = meant(w.connection, book, rows)
        if revision is not None:
            for i in ids:
                w.guard(transaction, i, fields.identity(revision))
        if name:
            existing = read_categories(w.connection, book)
            same = next((c for c in existing if c.name.casefold() == name.casefold()), None)
            wanted = same.id if same else add_named(w, existing, {name: False})[name]
        label = category_of(w.connection, book, wanted).name if wanted is not None else "Uncategorised"
        plain, left = _without_transfers_and_splits(w.connection, book, ids)
        if not plain:
            raise InputNotValid(
                "A transfer has no category. Unmark it first."
                if not are_split(w.connection, book, ids)
                else "A split transaction has a category in each part"
            )
        w.update(transaction, plain, category_id=wanted, reviewed=True, decided=w.revision)
        w.action = f"{_named(w.connection, book, plain)} now {label}" + (f"; {left} transfers or splits stay as they are" if left else "")
        return Done(w.revision, w.action)


def _without_transfers_and_splits(db: Connection, book: Book, ids: list[int]) -> tuple[list[int], int]:
    """Return which of these can have a category, and how many cannot."""
    t = transaction.c
    found: dict[int, bool] = {}
    for part in chunks(ids):
        query = select(t.id, t.transfer_id.is_(None)).where(t.book_id == book.id, t.id.in_(part))
        found |= {row[0]: bool(row[1]) for row in db.execute(query)}
    all_there(ids, found)
    parts = are_split(db, book, ids)
    plain = [i for i in ids if found[i] and i not in parts]
    return plain, len(ids) - len(plain)


def _named(db: Connection, book: Book, ids: list[int]) -> str:
    """Return how a sentence calls these transactions, with its verb."""
    if len(ids) > 1:
        return f"{len(ids):,} transactions are"
    t = transaction.c
    payee = db.execute(select(t.payee).where(t.book_id == book.id, t.id == ids[0])).scalar_one()
    return f"\u201c{payee[:60]}\u201d is"


def review(book: Book, rows: object, *, reviewed: bool = True) -> Done:
    """Mark transactions as looked at, or as to be looked at.

    Raises:
        NotFound: one of them is not in this book.
    """
    return _set(book, rows, "reviewed" if reviewed else "to review", reviewed=reviewed)


def set_account(book: Book, rows: object, account_id: object) -> Done:
    """Move transactions to another account of the same currency; imported ones stay where their statement is from.

    Raises:
        NotFound: one of them, or the account, is not in this book.
        InputNotValid: an imported one, a transfer, or one of another currency is among them.
    """
    with book.writing() as w:
        target = account_of(w.connection, book, account_id)
        accounts = {a.id: a.currency for a in read_accounts(w.connection, book)}
        found = stored(w.connection, book, meant(w.connection, book, rows))
        if any(row["fingerprint"] is not None and row["account_id"] != target.id for row in found):
            raise InputNotValid("An imported transaction stays in the account whose statement it is from")
        if any(row["transfer_id"] is not None for row in found):
            raise InputNotValid("A transfer lies between two accounts: open it to change them")
        if any(accounts[row["account_id"]] != target.currency for row in found):
            raise InputNotValid(f"{target.name} has another currency than some of these")
        w.update(transaction, [row["id"] for row in found], account_id=target.id)
        w.action = f"{_named(w.connection, book, [row['id'] for row in found])} now in {target.name}"
        return Done(w.revision, w.action + warning(w, book))


def alike(book: Book, transaction_id: object, before: object) -> list[int]:
    """Return the other transactions of a payee that have the category that this one had before, or none: what a correction may be of too.

    Raises:
        NotFound: the transaction is not in this book.
    """
    row = one(book, transaction_id)
    t, s = transaction.c, split.c
    in_parts = select(s.transaction_id).where(s.book_id == t.book_id, s.transaction_id == t.id).exists()
    old = fields.optional_identity(before)
    same = t.category_id.is_(None) & ~in_parts
    query = select(t.id).where(
        t.book_id == book.id,
        t.payee == row["payee"],
        t.transfer_id.is_(None),
        t.id != row["id"],
        same if old is None else same | (t.category_id == old),
    )
    with book.reading() as db:
        return list(db.execute(query.order_by(t.id)).scalars())


def add_note(book: Book, rows: object, note: object) -> Done:
    """Add words or #tags to the notes of transactions; those that have them already stay as they are.

    Raises:
        NotFound: one of them is not in this book.
        InputNotValid: there is nothing to add, or a note grows too long.
    """
    words = fields.text(note, "note", longest=LONGEST_TEXT, required=True)
    with book.writing() as w:
        by_note: dict[str, list[int]] = {}
        for row in stored(w.connection, book, together(w.connection, book, meant(w.connection, book, rows))):
            if words not in row["note"].split() and words != row["note"]:
                longer = fields.text(f"{row['note']} {words}", "note", longest=LONGEST_TEXT)
                by_note.setdefault(longer, []).append(row["id"])
        for text, ids in by_note.items():
            w.update(transaction, ids, note=text)
        count = sum(len(ids) for ids in by_note.values())
        w.action = f"\u201c{words[:60]}\u201d added to {count:,} {'note' if count == 1 else 'notes'}"
        return Done(w.revision if count else 0, w.action)


def _set(book: Book, rows: object, what: str, **values: Any) -> Done:
    with book.writing() as w:
        ids = meant(w.connection, book, rows)
        both = together(w.connection, book, ids)
        written = w.update(transaction, both, **values) if both else 0
        all_there(both, range(written))
        w.action = f"{_named(w.connection, book, ids)} now {what}"
        return Done(w.revision, w.action)


def delete(book: Book, rows: object) -> Done:
    """Delete transactions; imported ones are remembered, so that the next overlapping file does not bring them back.

    A transfer that is shown as one row goes with both its legs.

    Raises:
        NotFound: one of them is not in this book.
    """
    with book.writing() as w:
        asked = stored(w.connection, book, meant(w.connection, book, rows))
        found = {row["id"]: row for row in asked}
        found |= {
            leg["id"]: leg
            for leg in legs_of(w.connection, book, [r["transfer_id"] for r in asked if r["transfer_id"] is not None and _by_hand(r)])
            if _by_hand(leg)
        }
        ids = list(found)
        parts: list[int] = []
        for part in chunks(ids):
            query = select(split.c.id).where(split.c.book_id == book.id, split.c.transaction_id.in_(part))
            parts += w.connection.execute(query).scalars()
        w.delete(split, parts)
        # The other sides stay transfers, alone now, and are written: undo takes both or none.
        shared = [row["transfer_id"] for row in found.values() if row["transfer_id"] is not None]
        for leg in legs_of(w.connection, book, shared):
            if leg["id"] not in found:
                w.update(transaction, [leg["id"]], transfer_id=w.new_ids(1)[0])
        w.delete(transaction, ids)
        w.insert(
            dismissed,
            [
                {"account_id": r["account_id"], "fingerprint": r["fingerprint"], "occurrence": r["occurrence"]}
                for r in found.values()
                if r["fingerprint"] is not None
            ],
        )
        w.action = f"\u201c{asked[0]['payee'][:60]}\u201d deleted" if len(asked) == 1 else f"{len(asked):,} transactions deleted"
        return Done(w.revision, w.action + warning(w, book))


def _by_hand(row: dict[str, Any]) -> bool:
    """Say whether a person typed it: what a bank's file says of one account is not deleted for what another's says."""
    return row["fingerprint"] is None
