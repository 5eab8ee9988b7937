"""Rules that give transactions their category: listed, tried on the whole history, saved, ordered, deleted; each change can be undone.

What is suggested for a new row begins with them: the person's rules first, then what this book has shown, then common words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import nlargest
from typing import NamedTuple

from sqlalchemy import Connection

from dashboard import statements
from dashboard.analysis.frames import rows as rows_of
from dashboard.analysis.ideas import Idea, Ideas
from dashboard.analysis.rules import DIRECTIONS, LONGEST, TOO_SLOW, Compiled, Rule, checked, compiled, parsed, unreadable
from dashboard.analysis.rules import stored as stored_conditions
from dashboard.analysis.suggestions import Past, Suggester
from dashboard.errors import InputNotValid, NotFound
from dashboard.folding import fold
from dashboard.model.imports import rule as table
from dashboard.model.queries import learning, splits, transactions
from dashboard.model.queries import rules as stored
from dashboard.model.queries.transactions import Words
from dashboard.model.transactions import transaction
from dashboard.money import parse_amount, to_minor
from dashboard.services import fields
from dashboard.services.accounts import Account, read_accounts
from dashboard.services.books import Book, Done
from dashboard.services.categories import Category, offered, pick, presets, read_categories
from dashboard.services.ledger import stored as stored_transactions

# So many of the transactions that a rule matches are shown.
SHOWN = 8


@dataclass(frozen=True)
class RuleForm:
    """A rule as its form sends it, nothing checked yet: what it looks for, all of which must fit, and the category it gives."""

    contains: object = ""
    pattern: object = ""
    least: object = ""
    most: object = ""
    account_id: object = None
    direction: object = ""
    category_id: object = None


@dataclass(frozen=True)
class Sheet:
    """All rules in their order with what they name. resting: why a rule is left out at present, by id. currency: the book's main one."""

    rules: list[Rule]
    resting: dict[int, str]
    accounts: dict[int, Account]
    categories: dict[int, Category]
    currency: str

    @property
    def in_force(self) -> list[Rule]:
        """Return the rules that do not rest, in their order."""
        return [rule for rule in self.rules if rule.id not in self.resting]


class Fate(NamedTuple):
    """What becomes of a transaction that a rule matches, as of Sample; `by` names the rule that comes first."""

    name: str
    by: str = ""


class Sample(NamedTuple):
    """One transaction that a rule matches; amount in minor units of the currency, signed.

    fate: "change" where the rule would give it its category; "same" where it has it already; "earlier" where another rule
    comes first, by the name `by`; "transfer" and "split" where it is left alone.
    """

    id: int
    date: date
    payee: str
    amount: int
    currency: str
    category: str
    fate: str
    by: str = ""


@dataclass(frozen=True)
class Preview:
    """What a rule finds in the whole history.

    matched: all that its conditions fit, of which `changing` would have another category. sums: of those that are no
    transfers, minor units by currency. rows: the first few, those that would change first, newest first. category: the name
    of what they would have, "" where none is chosen yet.
    """

    matched: int
    changing: int
    transfers: int
    splits: int
    earlier: int
    sums: dict[str, int]
    rows: tuple[Sample, ...]
    category: str


def all_rules(book: Book) -> Sheet:
    """Return all rules of a book, those that rest too."""
    with book.reading() as db:
        return read_sheet(db, book)


def pick_rule(rules: Sequence[Rule], rule_id: object) -> Rule:
    """Return one of some rules.

    Raises:
        NotFound: it is not among them.
    """
    wanted = fields.identity(rule_id)
    found = next((rule for rule in rules if rule.id == wanted), None)
    if found is None:
        raise NotFound("That rule does not exist, or is not yours.")
    return found


def read_sheet(db: Connection, book: Book) -> Sheet:
    """Return all rules of a book, on an open connection."""
    accounts = {a.id: a for a in read_accounts(db, book)}
    categories = {c.id: c for c in read_categories(db, book)}
    rules, resting = [], {}
    for row in stored.in_order(db, book.id):
        try:
            given = parsed(row.conditions)
        except ValueError:
            given = {}
        rule = Rule(row.id, row.revision, row.position, row.category_id, **given)
        rules.append(rule)
        if why := _why_resting(rule, accounts, categories):
            resting[rule.id] = why
    return Sheet(rules, resting, accounts, categories, book.currency)


def _why_resting(rule: Rule, accounts: Mapping[int, Account], categories: Mapping[int, Category]) -> str:
    category = categories.get(rule.category_id or 0)
    if category is None:
        return "It has no category"
    if category.archived:
        return f"{category.name} is archived"
    if rule.account_id is not None and rule.account_id not in accounts:
        return "Its account is gone"
    if rule.pattern and (unfit := unreadable(rule.pattern)):
        return f"Its pattern {unfit}"
    return "" if rule.conditions else "It has no conditions"


def wanted(book: Book, rule_id: object, like: object = None) -> Rule:
    """Return the rule that is to be edited: one there is, for "new" an empty one, for "like" that of a transaction's payee.

    Raises:
        NotFound: the rule or the transaction is not in this book.
    """
    if rule_id == "new":
        return Rule(0, 0, 0, None)
    return suggested(book, like) if rule_id == "like" else pick_rule(all_rules(book).rules, rule_id)


def suggested(book: Book, transaction_id: object) -> Rule:
    """Return the rule that would give all of a transaction's payee its category: the one there is for that payee, or a new one (id 0).

    Raises:
        NotFound: the transaction is not in this book.
    """
    with book.reading() as db:
        row = stored_transactions(db, book, [fields.identity(transaction_id)])[0]
    words = row.payee[:LONGEST].strip()
    known = next((r for r in all_rules(book).rules if list(r.conditions) == ["contains"] and fold(r.contains) == fold(words)), None)
    return replace(known, category_id=row.category_id) if known else Rule(0, 0, 0, row.category_id, contains=words)


def worth_offering(book: Book, transaction_id: int) -> str:
    """Return the payee that a rule could be offered for after its category was chosen, "" where one does so already."""
    with book.reading() as db:
        row = stored_transactions(db, book, [transaction_id])[0]
        is_split = bool(splits.among(db, book.id, [row.id]))
        if row.category_id is None or row.transfer_id is not None or is_split or not fold(row.payee):
            return ""
        found = compiled(read_sheet(db, book).in_force).match(row.payee, row.text, row.amount, row.account_id)
    return "" if found and found.category_id == row.category_id else row.payee


def preview(book: Book, rule_id: object, form: RuleForm) -> Preview:
    """Say what a rule would find and change, before it is saved; without a category nothing would change.

    Raises:
        InputNotValid: a condition cannot be used, there is none, or the pattern takes too long.
        NotFound: the rule, the account or the category is not in this book.
    """
    wanted, chosen, expression = fields.optional_identity(rule_id), fields.optional_identity(form.category_id), _pattern(form.pattern)
    with book.reading() as db:
        sheet = read_sheet(db, book)
        if chosen is not None:
            pick(list(sheet.categories.values()), chosen)
        rule = _typed(book, sheet, wanted, form, expression)
        return _tried(db, book, replace(rule, category_id=chosen), sheet)[0]


def save(book: Book, rule_id: object, revision: object, form: RuleForm, *, apply: bool = False, seen: object = None) -> Done:
    """Make a rule (no id), which comes last, or change one.

    Args:
        apply: give the transactions of the history that it matches its category too, in the same change.
        seen: how many of them the person was told would change; None asks nothing.

    Raises:
        InputNotValid: a field cannot be used, there is no condition, the same rule is there already, the pattern takes too
            long, or another number of transactions would change than the person saw.
        NotFound: the rule, the account or the category is not in this book.
        ChangedMeanwhile: the rule was written since the person saw it.
    """
    # A pattern is tried before the book is locked.
    wanted, chosen, expression = fields.optional_identity(rule_id), fields.optional_identity(form.category_id), _pattern(form.pattern)
    with book.writing() as w:
        sheet = read_sheet(w.connection, book)
        rule = _typed(book, sheet, wanted, form, expression)
        if wanted is not None:
            w.guard(table, wanted, fields.identity(revision))
        if chosen is None:
            raise InputNotValid("Choose a category", "category")
        category = pick(list(sheet.categories.values()), chosen)
        if category.archived:
            raise InputNotValid(f"\u201c{category.name}\u201d is archived: offer it again, or choose another category", "category")
        if any(_same(other, rule) for other in sheet.rules if other.id != wanted):
            raise InputNotValid("Another rule has exactly these conditions: change that one", "contains")
        rule = replace(rule, category_id=category.id)
        # Matched even where nothing is to change: what is too slow for this history is not saved.
        changing = _tried(w.connection, book, rule, sheet)[1] if apply or rule.pattern else []
        if apply and seen not in (None, "") and str(seen) != str(len(changing)):
            raise InputNotValid(f"{_counted(len(changing))} would change: look at them first, then save", "apply")
        before = next((other for other in sheet.rules if other.id == wanted), None)
        values = {"category_id": category.id, "conditions": stored_conditions(rule.conditions)}
        created = rule.id
        if before is None:
            created = w.insert(table, [values | {"position": rule.position}])[0]
        elif (before.category_id, before.conditions) != (rule.category_id, rule.conditions):
            w.update(table, [rule.id], **values)
        if apply:
            w.update(transaction, changing, category_id=category.id, decided=w.revision)
        w.action = f"Rule for {rule.subject} \u2192 {category.name} {'added' if before is None else 'changed'}"
        w.action += f", {_counted(len(changing))} changed" if apply and changing else ""
        return Done(w.revision, w.action, created) if w.steps else Done(0, "Nothing changed", created)


def delete(book: Book, rule_id: object) -> Done:
    """Delete a rule; what it has given its category keeps it.

    Raises:
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        found = pick_rule(read_sheet(w.connection, book).rules, rule_id)
        w.action = f"Rule for {found.subject} deleted"
        w.delete(table, [found.id])
        return Done(w.revision, w.action)


def move(book: Book, rule_id: object, up: bool) -> Done:
    """Move a rule one place up or down; of those that fit a transaction the first one counts.

    Raises:
        InputNotValid: it is the first or last already.
        NotFound: it is not in this book.
    """
    with book.writing() as w:
        order = read_sheet(w.connection, book).rules
        found = pick_rule(order, rule_id)
        place = order.index(found)
        other = place + (-1 if up else 1)
        if not 0 <= other < len(order):
            raise InputNotValid(f"The rule for {found.subject} is the {'first' if up else 'last'} already")
        w.action = f"Rule for {found.subject} moved {'up' if up else 'down'}"
        free = sorted(rule.position for rule in order)
        order[place], order[other] = order[other], order[place]
        last = -1
        for rule, position in zip(order, free, strict=True):
            # Two may have come to one position by an undo: then the places after it move on.
            last = max(last + 1, position)
            if rule.position != last:
                w.update(table, [rule.id], position=last)
        return Done(w.revision, w.action)


def _typed(book: Book, sheet: Sheet, rule_id: int | None, form: RuleForm, expression: str) -> Rule:
    """Read the conditions that a person typed, as the rule they would be: a new one after all others."""
    before = pick_rule(sheet.rules, rule_id) if rule_id is not None else None
    words = fields.text(form.contains, "contains", longest=LONGEST, label="text")
    if words and not fold(words):
        raise InputNotValid("Type letters or digits to look for", "contains")
    held = fields.optional_identity(form.account_id)
    if held is not None and held not in sheet.accounts:
        raise NotFound("That account does not exist, or is not yours.")
    currency = sheet.accounts[held].currency if held is not None else book.currency
    low, high = _bound(form.least, "least", currency, book), _bound(form.most, "most", currency, book)
    if low is not None and high is not None and low > high:
        raise InputNotValid("This is less than the amount it begins with", "most")
    side = "" if form.direction in (None, "") else fields.choice(form.direction, "direction", DIRECTIONS)
    number, place = (before.id, before.position) if before else (0, max((r.position for r in sheet.rules), default=-1) + 1)
    rule = Rule(number, before.revision if before else 0, place, None, words, expression, low or None, high, held, side)
    if not rule.conditions:
        raise InputNotValid("Give the rule something to look for: words, an amount, an account or a direction", "contains")
    return rule


def _pattern(value: object) -> str:
    """Return a pattern as it was typed: in a regular expression two spaces are not one."""
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise InputNotValid(f"A pattern is one line of at most {LONGEST} characters", "pattern")
    return checked(value) if value.strip() else ""


def _bound(value: object, name: str, currency: str, book: Book) -> int | None:
    if value in (None, ""):
        return None
    try:
        size = parse_amount(value, currency, book.locale)
    except InputNotValid as error:
        raise InputNotValid(error.message, name) from error
    if size < 0 or (isinstance(value, str) and value.strip().startswith("+")):
        raise InputNotValid("Type the amount without a sign, and choose Spent or Received", name)
    return size


def _same(one: Rule, other: Rule) -> bool:
    mine, theirs = one.conditions, other.conditions
    return mine | {"contains": fold(one.contains)} == theirs | {"contains": fold(other.contains)}


def _tried(db: Connection, book: Book, rule: Rule, sheet: Sheet) -> tuple[Preview, list[int]]:
    """Return what a rule finds in the whole history, and the ids of those that would have another category.

    Raises:
        InputNotValid: its pattern, or one of a rule in force before it, takes too long.
    """
    alone = compiled([rule])
    every = transactions.words(db, book.id, rule.account_id, rule.direction)
    found = [row for row in every if alone.match(row.payee, row.text, row.amount, row.account_id)]
    if alone.slow:
        raise InputNotValid(TOO_SLOW, "pattern")
    mine = rule.position, rule.id or fields.LARGEST_ID
    before = compiled(r for r in sheet.rules if r.id not in sheet.resting and (r.position, r.id) < mine)
    fates = _fates(found, rule, before, splits.among(db, book.id, [row.id for row in found]))
    if before.slow:
        raise InputNotValid(f"The rule for {before.slow[0].subject} before this one takes too long: change that one first", "pattern")
    return _told(found, rule, fates, sheet), [i for i, fate in fates.items() if fate.name == "change"]


def _fates(found: Iterable[Words], rule: Rule, before: Compiled, parted: Collection[int]) -> dict[int, Fate]:
    """Decide what becomes of the transactions that a rule matches, by id.

    Args:
        before: the rules in force before it: what one of them fits stays theirs.
        parted: which of the transactions are split.
    """
    fates: dict[int, Fate] = {}
    for row in found:
        if row.transfer_id is not None:
            fates[row.id] = Fate("transfer")
        elif row.id in parted:
            fates[row.id] = Fate("split")
        elif first := before.match(row.payee, row.text, row.amount, row.account_id):
            fates[row.id] = Fate("earlier", first.subject)
        elif rule.category_id is None or row.category_id == rule.category_id:
            fates[row.id] = Fate("same")
        else:
            fates[row.id] = Fate("change")
    return fates


def _told(found: Sequence[Words], rule: Rule, fates: Mapping[int, Fate], sheet: Sheet) -> Preview:
    """Say what a rule finds: how many, what they come to, and the first few."""
    currencies = {a.id: a.currency for a in sheet.accounts.values()}
    names: dict[int | None, str] = {None: "", **{c.id: c.name for c in sheet.categories.values()}}
    sums: Counter[str] = Counter()
    for row in found:
        if row.transfer_id is None:
            sums[currencies[row.account_id]] += row.amount
    shown = nlargest(SHOWN, found, key=lambda row: (fates[row.id].name == "change", row.day, row.id))
    samples = (
        Sample(row.id, _day(row.day), row.payee, row.amount, currencies[row.account_id], names[row.category_id], *fates[row.id])
        for row in shown
    )
    count = Counter(fate.name for fate in fates.values())
    return Preview(
        matched=len(found),
        changing=count["change"],
        transfers=count["transfer"],
        splits=count["split"],
        earlier=count["earlier"],
        sums=dict(sums),
        rows=tuple(samples),
        category=names[rule.category_id],
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _counted(count: int) -> str:
    return "1 transaction" if count == 1 else f"{count:,} transactions"


def ideas(db: Connection, book: Book) -> Ideas:
    """Learn from a book's history, on an open connection."""
    categories = offered(read_categories(db, book))
    alive = {c.id for c in categories}
    past = [
        Past(r.key, r.payee, r.text, bool(r.out), r.category, r.rows, r.last)
        for r in rows_of(learning.past(db, book.id))
        if r.category in alive
    ]
    sheet = read_sheet(db, book)
    return Ideas(
        compiled(sheet.in_force),
        Suggester.of(past, presets(categories)),
        {c.id: c.name for c in categories},
        {c.name.casefold(): c.id for c in categories},
        tuple(rule for rule in sheet.rules if rule.pattern and unreadable(rule.pattern)),
    )


def ideas_for(book: Book, rows: Sequence[statements.Row]) -> list[Idea | None]:
    """Return the idea for each row of a statement; what is split has its categories."""
    with book.reading() as db:
        found = ideas(db, book)
    return [None if r.parts else found.of(r.payee, r.text, _minor(r, book.currency), None, r.category) for r in rows]


def _minor(row: statements.Row, currency: str) -> int:
    try:
        return to_minor(row.amount, row.currency or currency)
    except InputNotValid:
        return 1 if row.amount > 0 else -1
