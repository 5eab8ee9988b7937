"""The command line: `python -m dashboard …`. The same services as the web, on the same settings."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from dashboard import directions, money, statements
from dashboard.config import from_env
from dashboard.errors import DashboardError, InputNotValid, QuestionOpen, StatementNotReadable
from dashboard.model import backups, database
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import (
    accounts,
    addresses,
    changes,
    demo,
    exports,
    import_choices,
    import_shapes,
    imports,
    leaving,
    people,
    suggesting,
    whole_book,
)
from dashboard.services.books import Book, book_by_email
from dashboard.services.overview import overview, summed

ASKED = 2
SIGNED_OUT = "Everybody is signed out; passwords, and who is kept out, are as they were in the copy"
# Bytes from which on an import shows how far it has come.
SHOWN_FROM = 500_000


def _kind(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what is refused into one line on standard error and a non-zero exit."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DashboardError as error:
            _say(f"dashboard: {error.message}{_answers(error)}", err=True)
            sys.exit(ASKED if isinstance(error, InputNotValid) else 1)
        except OSError as error:
            _say(f"dashboard: {error.filename or ''}: {error.strerror}", err=True)
            sys.exit(1)

    return run


def _answers(error: DashboardError) -> str:
    """Say how a question that a file leaves open is answered here."""
    if not isinstance(error, QuestionOpen) or not error.answers:
        return ""
    return " Pass " + " or ".join(f"--{error.field} {value}" + f" ({label})" * bool(label) for value, label in error.answers)


def _say(text: str, *, err: bool = False) -> None:
    """Write a line; what turns the line round is shown as a mark."""
    click.echo(directions.shown(text), err=err)


def _json(found: object) -> str:
    return directions.escaped(json.dumps(found, ensure_ascii=False))


def _engine() -> Engine:
    engine = database.make_engine(from_env().database_url)
    if engine.dialect.name == "sqlite":
        database.migrate(engine)
    return engine


def _book(email: str) -> Book:
    return book_by_email(_engine(), email)


@click.group(help="Personal Finance Dashboard. Settings come from the environment, as for the web.")
def main() -> None:
    """Hold the commands."""


@main.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON object a line, one line a file")
@click.option("--user", "email", help="with each row's category as this person's book would have it, how sure, and why")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_kind
def inspect(files: tuple[Path, ...], *, as_json: bool, email: str | None) -> None:
    """Read bank files without storing anything, and say what was understood."""
    unread = 0
    book = _book(email) if email else None
    for path in files:
        found = _inspected(path, book)
        _say(_json(found) if as_json else _in_words(found))
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
        for row, idea in zip(rows, suggesting.for_rows(book, statement.rows), strict=True):
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
        "proof": import_shapes.proof_text(statement.proof) or None,
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
@_kind
def import_files(
    files: tuple[Path, ...], *, email: str, account: str | None, as_json: bool, columns: str | None, take: str | None, **said: Any
) -> None:
    """Import bank files. Where a file leaves something open, nothing is stored and the answer says what to pass."""
    book = _book(email)
    hints = {key: value for key, value in said.items() if value is not None}
    if columns:
        hints["columns"] = import_choices.chosen_columns(columns)
    for path in files:
        data = path.read_bytes()
        if whole_book.is_whole_book(data):
            _bring_back(book, path, data, as_json=as_json)
            book = _book(email)
            continue
        with _progress(path, len(data)) as told:
            receipt = imports.import_file(book, path.name, data, account_name=account, hints=hints, take=_line_numbers(take), progress=told)
        doubtful = (*receipt.unsure, *receipt.matches)
        fields = {
            "file": str(path),
            "read": receipt.read,
            "added": receipt.added,
            "duplicates": receipt.duplicates,
            "problems": receipt.problems,
            "proof": receipt.proof or None,
        } | {
            name: value
            for name, value in (
                ("possible_duplicates", [_doubt(line) for line in doubtful]),
                ("transfers", receipt.transfers),
                ("possible_transfers", receipt.pairs),
                ("balances", list(receipt.standings)),
                ("rules", receipt.rules),
            )
            if value
        }
        if as_json:
            _say(_json(fields))
        else:
            where = f" to {', '.join(receipt.accounts)}" if receipt.accounts else ""
            proof = f". {receipt.proof}" if receipt.proof else ""
            _say(f"{path}: {receipt.added} added{where}, {receipt.duplicates} duplicates, {receipt.problems} problems{proof}")
            if receipt.transfers:
                _say(f"  {receipt.transfers} of them are transfers between your own accounts")
            if receipt.pairs:
                _say(f"  {receipt.pairs} pairs may be transfers: say so under Transactions, To review")
            for sentence in filter(None, (*receipt.standings, receipt.rules)):
                _say(f"  {sentence}")
            for line in doubtful:
                _say("  left out, line {line}: {date} {amount} {payee}: {reason}".format(**_doubt(line)))
            if doubtful:
                _say("  to add them all the same: --take " + ",".join(str(line.line) for line in doubtful))


def _line_numbers(text: str | None) -> list[int]:
    if not text:
        return []
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 9 for part in parts):
        raise InputNotValid("--take wants line numbers: --take 4,7", "take")
    return [int(part) for part in parts]


def _doubt(line: import_shapes.Line) -> dict[str, Any]:
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
@_kind
def sample_data(*, email: str) -> None:
    """Fill an empty book with sample data: a made-up household of 24 months."""
    _say(f"{demo.load(_book(email)).message}; `undo`, or a click on the dashboard, removes it")


def _bring_back(book: Book, path: Path, data: bytes, *, as_json: bool) -> None:
    said = whole_book.load(book, data).message
    count = sum(a.count for a in accounts.all_accounts(book))
    receipt = {"file": str(path), "read": count, "added": count, "duplicates": 0, "problems": 0, "proof": None}
    _say(_json(receipt) if as_json else f"{path}: {said}")


@main.command()
@click.option("--user", "email", required=True, help="whose book")
@_kind
def undo(*, email: str) -> None:
    """Undo the last change and say what it was."""
    _say(changes.undo_last(_book(email)).message)


@main.command()
@click.option("--user", "email", required=True, help="whose book")
@click.option("--month", required=True, help="YYYY-MM")
@click.option("--currency", help="of several, this one")
@click.option("--json", "as_json", is_flag=True, help="as JSON, amounts as decimal strings")
@_kind
def summary(*, email: str, month: str, currency: str | None, as_json: bool) -> None:
    """Say what the dashboard shows for a month."""
    book = _book(email)
    period = Period.parse(month)
    if period.kind != "month":
        raise InputNotValid(f"{month} is not a month: use YYYY-MM")
    shown = overview(book, Selection(period, currency=currency))
    if currency is not None and shown.currency != currency:
        raise InputNotValid(f"No account is in {currency}")
    found = summed(shown)
    if as_json:
        _say(_json(found))
        return
    _say(f"{month}  income {found['income']}  spending {found['spending']}  net {found['net']}  {shown.currency}")
    for line in found["by_category"]:
        _say(f"  {line['category']:<24} {line['amount']:>12}")


@main.command()
@click.option("--user", "email", required=True, help="whose book")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="csv: all transactions; json: the whole book")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="into this file instead of standard output")
@_kind
def export(*, email: str, form: str, output: Path | None) -> None:
    """Take the data out: `import` brings either back."""
    book = _book(email)
    data = whole_book.dump(book) if form == "json" else exports.whole_csv(book).encode()
    if output is None:
        click.echo(data, nl=False)
    else:
        output.write_bytes(data)


@main.group()
def user() -> None:
    """Add people, list them, set their addresses and passwords, keep them out."""


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@click.option("--name", default="", help="what to call them")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--locale", default="en-IE", show_default=True, help="how numbers and dates are written")
@click.option("--zone", default="UTC", show_default=True, help="time zone")
@_kind
def add(email: str, *, password_stdin: bool, name: str, currency: str, locale: str, zone: str) -> None:
    """Add a person with a book of their own."""
    password = _password(from_stdin=password_stdin)
    people.sign_up(_engine(), email, name, password, currency=currency, locale=locale, zone=zone)
    _say(f"{email} added")


@user.command(name="list")
@_kind
def list_people() -> None:
    """List everyone."""
    everyone = people.everyone(_engine())
    twins = addresses.twins(person.email for person in everyone)
    for person in everyone:
        state = "\tdisabled" if person.disabled else ""
        if person.deleted_at:
            state = f"\tdeleted, purged on {(person.deleted_at + leaving.KEPT).date().isoformat()}"
        if alike := twins.get(person.email):
            # Written out: what tells them apart may be nothing that can be seen.
            also = ", ".join(map(ascii, alike))
            state += f"\tone address with {also}: signs in only as it stands, {person.email!a}; `user email` changes it"
        _say(f"{person.email}\t{person.name}{state}")


@user.command(name="password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@_kind
def set_password(email: str, *, password_stdin: bool) -> None:
    """Set a person's password and sign them out everywhere."""
    people.set_password(_engine(), email, _password(from_stdin=password_stdin))
    _say(f"The password of {email} is changed; they are signed out everywhere")


@user.command(name="email")
@click.argument("old")
@click.argument("new")
@_kind
def set_email(old: str, new: str) -> None:
    """Change the address that a person signs in with, and sign them out everywhere."""
    now = people.set_email(_engine(), old, new)
    _say(f"{old} signs in with {now} from now on; they are signed out everywhere")


@user.command()
@click.argument("email")
@_kind
def disable(email: str) -> None:
    """Keep a person out; their book stays."""
    people.disable(_engine(), email)
    _say(f"{email} is disabled")


@user.command(name="restore")
@click.argument("email")
@_kind
def restore_person(email: str) -> None:
    """Take back the deletion of an account, within the week."""
    leaving.restore(_engine(), email)
    _say(f"{email} is back, and signs in with the same password")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    made = secrets.token_urlsafe(12)
    _say(f"Password: {made}")
    return made


@main.command()
@click.option("--restored", is_flag=True, help="after pg_restore: sign everybody out, and check that the copy was whole")
@_kind
def migrate(*, restored: bool) -> None:
    """Bring the database to this version's tables."""
    engine = database.make_engine(from_env().database_url)
    database.migrate(engine)
    if restored:
        backups.settle(engine)
    _say("The database is up to date" + (f". {SIGNED_OUT}" if restored else ""))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@_kind
def backup(file: Path) -> None:
    """Copy the database into a new file, also while the server runs."""
    size = backups.backup(from_env().database_url, file)
    _say(f"{file}: {size:,} bytes")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@_kind
def restore(file: Path) -> None:
    """Put a copy in the place of the database, also while the server runs; what was there is kept beside it."""
    done = backups.restore(from_env().database_url, file)
    _say(f"{file} is in place. {SIGNED_OUT}")
    if done.kept:
        _say(f"What was there before is in {done.kept}" + (". It was damaged: start the server again" if done.restart else ""))


if __name__ == "__main__":
    main(prog_name="python -m dashboard")
