"""The commands for whoever runs it: people and the database."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import click

from dashboard.commands.speaking import engine, kindly, say
from dashboard.config import from_env
from dashboard.model import backups, database
from dashboard.services.people import addresses, leaving, people

SIGNED_OUT = "Everybody is signed out; passwords, and who is kept out, are as they were in the copy"


@click.group()
def user() -> None:
    """Add people, list them, set their addresses and passwords, keep them out."""


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@click.option("--name", default="", help="what to call them")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--locale", default="en-IE", show_default=True, help="how numbers and dates are written")
@click.option("--zone", default="UTC", show_default=True, help="time zone")
@kindly
def add(email: str, *, password_stdin: bool, name: str, currency: str, locale: str, zone: str) -> None:
    """Add a person with a book of their own."""
    password = _password(from_stdin=password_stdin)
    people.sign_up(engine(), people.NewPerson(email, name, password, currency=currency, locale=locale, zone=zone))
    say(f"{email} added")


@user.command(name="list")
@kindly
def list_people() -> None:
    """List everyone."""
    everyone = people.everyone(engine())
    twins = addresses.twins(person.email for person in everyone)
    for person in everyone:
        state = "\tdisabled" if person.disabled else ""
        if person.deleted_at:
            state = f"\tdeleted, purged on {(person.deleted_at + leaving.KEPT).date().isoformat()}"
        if alike := twins.get(person.email):
            # Written out: what tells them apart may be nothing that can be seen.
            also = ", ".join(map(ascii, alike))
            state += f"\tone address with {also}: signs in only as it stands, {person.email!a}; `user email` changes it"
        say(f"{person.email}\t{person.name}{state}")


@user.command(name="password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@kindly
def set_password(email: str, *, password_stdin: bool) -> None:
    """Set a person's password and sign them out everywhere."""
    people.set_password(engine(), email, _password(from_stdin=password_stdin))
    say(f"The password of {email} is changed; they are signed out everywhere")


@user.command(name="email")
@click.argument("old")
@click.argument("new")
@kindly
def set_email(old: str, new: str) -> None:
    """Change the address that a person signs in with, and sign them out everywhere."""
    now = people.set_email(engine(), old, new)
    say(f"{old} signs in with {now} from now on; they are signed out everywhere")


@user.command()
@click.argument("email")
@kindly
def disable(email: str) -> None:
    """Keep a person out; their book stays."""
    people.disable(engine(), email)
    say(f"{email} is disabled")


@user.command(name="restore")
@click.argument("email")
@kindly
def restore_person(email: str) -> None:
    """Take back the deletion of an account, within the week."""
    leaving.restore(engine(), email)
    say(f"{email} is back, and signs in with the same password")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    made = secrets.token_urlsafe(12)
    say(f"Password: {made}")
    return made


@click.command()
@click.option("--restored", is_flag=True, help="after pg_restore: sign everybody out, and check that the copy was whole")
@kindly
def migrate(*, restored: bool) -> None:
    """Bring the database to this version's tables."""
    found = database.make_engine(from_env().database_url)
    database.migrate(found)
    if restored:
        backups.settle(found)
    say("The database is up to date" + (f". {SIGNED_OUT}" if restored else ""))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@kindly
def backup(file: Path) -> None:
    """Copy the database into a new file, also while the server runs."""
    size = backups.backup(from_env().database_url, file)
    say(f"{file}: {size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@kindly
def restore(file: Path) -> None:
    """Put a copy in the place of the database, also while the server runs; what was there is kept beside it."""
    done = backups.restore(from_env().database_url, file)
    say(f"{file} is in place. {SIGNED_OUT}")
    if done.kept:
        say(f"What was there before is in {done.kept}" + (". It was damaged: start the server again" if done.restart else ""))
