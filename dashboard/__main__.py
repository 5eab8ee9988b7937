"""The command line: `python -m dashboard …`. The same services as the web, on the same settings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dashboard import money, statements
from dashboard.commands import running
from dashboard.commands.speaking import as_text, book_of, kindly, say
from dashboard.errors import InputNotValid, StatementNotReadable
from dashboard.importing.choices import Answers
from dashboard.importing.receipts import Receipt
from dashboard.importing.shapes import Line, proof_text
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import (
    accounts,
    demo,
    history,
    imports,
    rules,
)
from dashboard.services.books import Book
from dashboard.services.imports.choices import chosen_columns
from dashboard.services.overview import overview, summed
from dashboard.services.portable import book as whole_book
from dashboard.services.portable import exports

# Bytes from which on an import shows how far it has come.
SHOWN_FROM = 500_000


@click.group(help="Personal Finance Dashboard. Settings come from the environment, as for the web.")
def main() -> None:
    """Hold the commands."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON object a line, one line a file")
@click.option("--user", "email", help="with each row's category as this person's book would have it, how sure, and why")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@kindly
def inspect(files: tuple[Path, ...], *, as_json: bool, email: str | None) -> None:
    """Read bank files without storing anything, and say what was understood."""
    unread = 0
    book = book_of(email) if email else None
    for path in files:
        found = _inspected(path, book)
        say(as_text(found) if as_json else _in_words(found))
        unread += found["error"] is not None
    if unread and not as_json:
        sys.exit(1)


def _inspected(path: Path, book: Book | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "file": str(path),
        "format": None,
        "encoding": None,
        "question": None,
        "transactions": [],
        "rejected": [],
        "error": None,
        "proof": None,
    }
    try:
        statement = statements.read(path.read_bytes(), path.name)
    except StatementNotReadable as error:
        return found | {"error": error.message}
    rows: list[dict[str, Any]] = [
        {"date": r.date.isoformat(), "amount": str(r.amount), "currency": r.currency, "description": r.payee}
        | ({"parts": [part._asdict() | {"amount": str(part.amount)} for part in r.parts]} if r.parts else {})
        for r in statement.rows
    ]
    if book is not None:
        for row, idea in zip(rows, rules.ideas_for(book, statement.rows), strict=True):
            row |= {
                "category": idea.category if idea else None,
                "sure": idea is not None and idea.is_sure,
                "why": f"{idea.level}: {idea.why}" if idea else None,
            }
    return found | {
        "format": statement.reading.format,
        "encoding": statement.reading.encoding,
        "question": statement.questions[0].text if statement.questions else None,
        "transactions": rows,
        "rejected": [{"row": r.line, "reason": r.reason} for r in statement.rejected],
        "proof": proof_text(statement.proof) or None,
    }


def _in_words(found: dict[str, Any]) -> str:
    if found["error"]:
        return f"{found['file']}: {found['error']}"
    lines = [f"{found['file']}: {found['format']}, {found['encoding']}, {len(found['transactions'])} transactions"]
    for r in found["transactions"]:
        said = f"  \u2192 {r['category']} ({r['why']})" if r.get("category") else ""
        said += f"  in {len(r['parts'])} parts" if r.get("parts") else ""
        lines.append(f"  {r['date']}  {r['amount']:>12} {r['currency'] or '   '}  {r['description'][:60]}{said}")
    lines += [f"  line {r['row']}: {r['reason']}" for r in found["rejected"]]
    lines += [f"  {found[name]}" for name in ("proof", "question") if found[name]]
    return "\n".join(lines)


@main.command(name="import")
@click.option("--trust", type=click.Choice(["yes"]), help="import what could be read of a file that is mostly unreadable")
@click.option("--user", "email", required=True, help="whose book")
@click.option("--account", help="into this account; made if it is new")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="whether the day or the month stands first")
@click.option("--sign", type=click.Choice(["out-negative", "out-positive"]), help="whether minus or plus is money out")
@click.option("--decimal", type=click.Choice([",", "."]), help="the decimal mark")
@click.option("--unit", type=click.Choice(["whole", "cents"]), help="whether whole amounts are full units or cents")
@click.option("--fee", type=click.Choice(["besides", "included"]), help="whether fees were taken besides the amounts or are part of them")
@click.option("--year", type=click.IntRange(1900, 2199), help="the year of dates that have none")
@click.option("--columns", help="the column of the amounts, or of money out and money in, from 0: 3 or 3,4")
@click.option("--take", help="add these lines although they may be saved already: 4,7")
@click.option("--json", "as_json", is_flag=True, help="one receipt a file as JSON")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@kindly
def import_files(
    files: tuple[Path, ...], *, email: str, account: str | None, as_json: bool, columns: str | None, take: str | None, **said: Any
) -> None:
    """Import bank files. Where a file leaves something open, nothing is stored and the answer says what to pass."""
    book = book_of(email)
    answers = Answers.from_json({**said, "columns": chosen_columns(columns) if columns else {}})
    order = imports.Order(account, answers, frozenset(_line_numbers(take)))
    for path in files:
        data = path.read_bytes()
        if whole_book.is_whole_book(data):
            _bring_back(book, path, data, as_json=as_json)
            book = book_of(email)
            continue
        with _progress(path, len(data)) as told:
            receipt = imports.import_file(book, path.name, data, order, told)
        (_say_as_json if as_json else _say_in_words)(path, receipt)


def _say_as_json(path: Path, receipt: Receipt) -> None:
    more = {
        "possible_duplicates": [_doubt(line) for line in (*receipt.unsure, *receipt.matches)],
        "transfers": receipt.transfers,
        "possible_transfers": receipt.pairs,
        "balances": list(receipt.standings),
        "rules": receipt.rules,
    }
    told = {
        "file": str(path),
        "read": receipt.read,
        "added": receipt.added,
        "duplicates": receipt.duplicates,
        "problems": receipt.problems,
        "proof": receipt.proof or None,
    }
    say(as_text(told | {name: value for name, value in more.items() if value}))


def _say_in_words(path: Path, receipt: Receipt) -> None:
    doubtful = (*receipt.unsure, *receipt.matches)
    where = f" to {', '.join(receipt.accounts)}" if receipt.accounts else ""
    proof = f". {receipt.proof}" if receipt.proof else ""
    say(f"{path}: {receipt.added} added{where}, {receipt.duplicates} duplicates, {receipt.problems} problems{proof}")
    if receipt.transfers:
        say(f"  {receipt.transfers} of them are transfers between your own accounts")
    if receipt.pairs:
        say(f"  {receipt.pairs} pairs may be transfers: say so under Transactions, To review")
    for sentence in filter(None, (*receipt.standings, receipt.rules)):
        say(f"  {sentence}")
    for line in doubtful:
        say("  left out, line {line}: {date} {amount} {payee}: {reason}".format(**_doubt(line)))
    if doubtful:
        say("  to add them all the same: --take " + ",".join(str(line.line) for line in doubtful))


def _line_numbers(text: str | None) -> list[int]:
    if not text:
        return []
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 9 for part in parts):
        raise InputNotValid("--take wants line numbers: --take 4,7", "take")
    return [int(part) for part in parts]


def _doubt(line: Line) -> dict[str, Any]:
    return {
        "line": line.line,
        "date": line.day.isoformat() if line.day else None,
        "amount": money.plain(line.amount or 0, line.currency),
        "payee": line.payee,
        "reason": line.reason or "Looks like a saved one in another form",
    }


@contextmanager
def _progress(path: Path, size: int) -> Iterator[Callable[[float], None] | None]:
    """Show how far a large file has come, on standard error where somebody looks at it."""
    if size < SHOWN_FROM or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1000, label=path.name, file=sys.stderr) as bar:
        yield lambda share: bar.update(max(0, int(share * 1000) - bar.pos))


@main.command(name="demo")
@click.option("--user", "email", required=True, help="whose book")
@kindly
def sample_data(*, email: str) -> None:
    """Fill an empty book with sample data: a made-up household of 24 months."""
    say(f"{demo.load(book_of(email)).message}; `undo`, or a click on the dashboard, removes it")


def _bring_back(book: Book, path: Path, data: bytes, *, as_json: bool) -> None:
    said = whole_book.load(book, data).message
    count = sum(a.count for a in accounts.all_accounts(book))
    receipt = {"file": str(path), "read": count, "added": count, "duplicates": 0, "problems": 0, "proof": None}
    say(as_text(receipt) if as_json else f"{path}: {said}")


@main.command()
@click.option("--user", "email", required=True, help="whose book")
@kindly
def undo(*, email: str) -> None:
    """Undo the last change and say what it was."""
    say(history.undo_last(book_of(email)).message)


@main.command()
@click.option("--user", "email", required=True, help="whose book")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--currency", help="of several, this one")
@click.option("--json", "as_json", is_flag=True, help="as JSON, amounts as decimal strings")
@kindly
def summary(*, email: str, month: str, currency: str | None, as_json: bool) -> None:
    """Say what the dashboard shows for a month."""
    book = book_of(email)
    period = Period.parse(month)
    if period.kind != "month":
        raise InputNotValid(f"{month} is not a month: use YYYY-MM")
    shown = overview(book, Selection(period, currency=currency))
    if currency is not None and currency not in (*shown.currencies, book.currency):
        raise InputNotValid(f"No account is in {currency}")
    found = summed(shown)
    if as_json:
        say(as_text(found))
        return
    say(f"{month}  income {found['income']}  spending {found['spending']}  net {found['net']}  {shown.currency}")
    for line in found["by_category"]:
        say(f"  {line['category']:<24} {line['amount']:>12}")


@main.command()
@click.option("--user", "email", required=True, help="whose book")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="csv: all transactions; json: the whole book")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="into this file instead of standard output")
@kindly
def export(*, email: str, form: str, output: Path | None) -> None:
    """Take the data out: `import` brings either back."""
    book = book_of(email)
    data = whole_book.dump(book) if form == "json" else exports.whole_csv(book).encode()
    if output is None:
        click.echo(data, nl=False)
    else:
        output.write_bytes(data)


for command in (running.user, running.migrate, running.backup, running.restore):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="python -m dashboard")
