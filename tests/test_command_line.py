"""The command line: the same services as the web, answers in one shape, refusals in one line."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from dashboard.__main__ import main
from dashboard.commands.speaking import as_text
from dashboard.errors import DashboardError
from dashboard.model import database
from dashboard.model.people import user
from dashboard.money import plain
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services import budgets
from dashboard.services.books import book_by_email
from dashboard.services.overview import overview
from dashboard.services.people import leaving, people, sessions
from dashboard.statements.formats.own import HEAD
from tests.conftest import ALICE, BOB, PASSWORD, Clock
from tests.ways import House

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "samples"
BANK, BAD, OPEN = (SAMPLES / f"web_{name}.csv" for name in ("bank", "bad_row", "ambiguous"))


@dataclass
class Shell:
    """The command line on one database."""

    url: str

    def __call__(self, *args: object, given: str = "") -> Result:
        """Run a command in this process."""
        return CliRunner().invoke(
            main, [str(a) for a in args], input=given, env={"DATABASE_URL": self.url, "SECRET_KEY": "k" * 40, "DASHBOARD_ENV": None}
        )

    def ok(self, *args: object, given: str = "") -> str:
        """Run a command that must succeed and return what it says."""
        result = self(*args, given=given)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *args: object, code: int) -> str:
        """Run a command that must be refused, in one line on standard error and none on standard output."""
        result = self(*args)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert result.stderr.startswith("dashboard: ")
        assert result.stderr.count("\n") == 1, result.stderr
        return result.stderr

    def house(self, email: str = ALICE) -> House:
        """Return a person's book with the short ways to fill it."""
        return House(book_by_email(database.make_engine(self.url), email))


@pytest.fixture
def shell(clock: Clock, new_database: Callable[..., str]) -> Shell:
    """Return the command line on a database of two people, on SQLite."""
    return Shell(new_database("sqlite"))


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_inspect_reads_without_storing_and_says_one_object_a_file(shell: Shell) -> None:
    found = lines(shell.ok("inspect", "--json", BANK, BAD, OPEN))
    assert [Path(f["file"]) for f in found] == [BANK, BAD, OPEN]
    assert all(set(f) == {"file", "format", "encoding", "question", "transactions", "rejected", "error", "proof"} for f in found)
    assert found[0]["transactions"][0] == {
        "date": "2026-11-18",
        "amount": "-7.40",
        "currency": "EUR",
        "description": "B\u00e4ckerei Sonnenfeld",
    }
    assert len(found[0]["transactions"]) == 10
    assert [set(r) for r in found[1]["rejected"]] == [{"row", "reason"}]
    assert found[1]["rejected"][0]["row"] == 3
    assert "03/04/2026" in found[2]["question"]
    assert shell.house().rows() == []


def test_inspect_says_in_the_object_what_is_no_statement(shell: Shell, tmp_path: Path) -> None:
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7\n")
    found = lines(shell.ok("inspect", "--json", pdf, BANK))
    assert "PDF" in found[0]["error"]
    assert found[0]["transactions"] == []
    assert len(found[1]["transactions"]) == 10
    assert shell.ok("inspect", BANK).count("\n") >= 11


def test_import_gives_a_receipt_and_the_same_file_again_adds_nothing(shell: Shell) -> None:
    shape = {"file": str(BANK), "read": 10, "added": 10, "duplicates": 0, "problems": 0, "proof": None}
    assert lines(shell.ok("import", "--user", ALICE, "--account", "Giro", "--json", BANK)) == [shape]
    assert lines(shell.ok("import", "--user", ALICE, "--json", BANK)) == [shape | {"added": 0, "duplicates": 10}]
    assert len(shell.house().rows()) == 10
    assert shell.house(BOB).rows() == []
    assert "10 duplicates" in shell.ok("import", "--user", ALICE, BANK)


def test_import_takes_the_good_rows_and_counts_the_bad(shell: Shell) -> None:
    receipt = lines(shell.ok("import", "--user", ALICE, "--json", BAD))[0]
    assert (receipt["added"], receipt["problems"]) == (2, 1)


def test_an_open_question_stores_nothing_and_says_what_to_pass(shell: Shell) -> None:
    assert "--dates" in shell.refused("import", "--user", ALICE, OPEN, code=2)
    assert shell.house().rows() == []
    shell.ok("import", "--user", ALICE, "--dates", "mdy", OPEN)
    assert sorted(str(r["date"]) for r in shell.house().rows()) == ["2026-03-04", "2026-05-04", "2026-07-06"]


def test_a_second_possible_account_stores_nothing_and_says_what_to_pass(shell: Shell) -> None:
    house = shell.house()
    house.account("One")
    house.account("Two")
    assert "--account" in shell.refused("import", "--user", ALICE, BANK, code=2)
    assert house.rows() == []


def test_what_cannot_be_read_or_found_is_one_line_and_exit_1(shell: Shell, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert "empty" in shell.refused("import", "--user", ALICE, empty, code=1).lower()
    assert "No such file" in shell.refused("import", "--user", ALICE, tmp_path / "missing.csv", code=1)
    assert "nobody@example.org" in shell.refused("undo", "--user", "nobody@example.org", code=1)
    assert shell("import", "--user", ALICE, "--dates", "sometimes", BANK).exit_code == 2
    assert shell("nonsense").exit_code == 2


def test_undo_takes_back_the_last_change_and_says_which(shell: Shell) -> None:
    shell.ok("import", "--user", ALICE, "--account", "Giro", BANK)
    assert shell.ok("undo", "--user", ALICE).strip()
    assert shell.house().rows() == []


def test_undo_of_nothing_is_refused_in_one_line(shell: Shell) -> None:
    result = shell("undo", "--user", ALICE)
    assert result.exit_code in (1, 2)
    assert result.stderr.count("\n") == 1


def test_summary_says_what_the_dashboard_shows(shell: Shell) -> None:
    house = shell.house()
    account, dollars = house.account(), house.account("Dollars", "USD")
    house.add(account, "2026-11-03", "-61.10", "Market", "Groceries")
    house.add(account, "2026-11-04", "11.10", "Market", "Groceries")
    house.add(account, "2026-11-05", "2400", "Studio", "Salary")
    house.add(account, "2026-10-05", "-8.40", "Corner")
    house.add(dollars, "2026-11-05", "-7", "Diner", "Groceries")
    budgets.set_budget(house.book, house.category("Groceries"), 202611, "EUR", budgets.BudgetForm("620"))
    found = json.loads(shell.ok("summary", "--user", ALICE, "--month", "2026-11", "--json"))
    shown = overview(house.book, Selection(Period.parse("2026-11")))
    assert {k: found[k] for k in ("month", "currency", "income", "spending", "net")} == {
        "month": "2026-11",
        "currency": "EUR",
        "income": plain(shown.sums.income, "EUR"),
        "spending": plain(shown.sums.spending, "EUR"),
        "net": plain(shown.sums.net, "EUR"),
    }
    assert (found["income"], found["spending"], found["net"]) == ("2400.00", "50.00", "2350.00")
    assert found["by_category"] == [{"category": "Groceries", "amount": "50.00"}]
    assert [(b["category"], b["budget"], b["spent"], b["left"]) for b in found["budgets"]] == [("Groceries", "620.00", "50.00", "570.00")]
    assert len(found["months"]) == 12
    assert found["months"][-1] == {"month": "2026-11", "income": "2400.00", "spending": "50.00", "net": "2350.00"}
    assert found["months"][-2]["spending"] == "8.40"
    dollars_alone = json.loads(shell.ok("summary", "--user", ALICE, "--month", "2026-11", "--currency", "USD", "--json"))
    assert (dollars_alone["currency"], dollars_alone["spending"]) == ("USD", "7.00")
    assert "2350.00" in shell.ok("summary", "--user", ALICE, "--month", "2026-11")


@pytest.mark.parametrize(
    "args", [("--month", "2026-13"), ("--month", "2026"), ("--month", "soon"), ("--month", "2026-11", "--currency", "USD")]
)
def test_summary_refuses_what_is_no_month_or_has_no_account(shell: Shell, args: Sequence[str]) -> None:
    shell.house().account()
    shell.refused("summary", "--user", ALICE, *args, code=2)


def test_export_gives_every_transaction_and_imports_into_another_book(shell: Shell, tmp_path: Path) -> None:
    shell.ok("import", "--user", ALICE, "--account", "Giro", BANK)
    text = shell.ok("export", "--user", ALICE)
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == list(HEAD)
    assert sum(Decimal(row[5]) for row in rows[1:]) == Decimal("1161.40")
    file = tmp_path / "mine.csv"
    assert shell.ok("export", "--user", ALICE, "--format", "csv", "-o", file) == ""
    assert list(csv.reader(io.StringIO(file.read_text()))) == rows
    shell.ok("import", "--user", BOB, file)
    assert list(csv.reader(io.StringIO(shell.ok("export", "--user", BOB)))) == rows


def test_a_split_and_a_transfer_go_out_as_csv_are_inspected_and_come_back(shell: Shell, tmp_path: Path) -> None:
    house = shell.house()
    current, yen = house.account("Current"), house.account("Yen", "JPY")
    house.split(house.add(current, "2026-11-02", "-5", "Market"), [("Groceries", -300), (None, -200)])
    house.add(yen, "2026-11-03", "-500", "Ramen")
    file = tmp_path / "mine.csv"
    shell.ok("export", "--user", ALICE, "--format", "csv", "-o", file)
    (found,) = lines(shell.ok("inspect", "--json", file))
    parts = [{"category": "Groceries", "amount": "-3.00", "note": ""}, {"category": "", "amount": "-2.00", "note": ""}]
    assert [(row["amount"], row.get("parts")) for row in found["transactions"]] == [("-5.00", parts), ("-500", None)]
    assert "in 2 parts" in shell.ok("inspect", "--user", ALICE, file)
    shell.ok("import", "--user", BOB, file)
    assert shell.ok("export", "--user", BOB).encode() == shell.ok("export", "--user", ALICE).encode()


def test_a_whole_book_goes_out_and_comes_back(shell: Shell, tmp_path: Path) -> None:
    shell.ok("import", "--user", ALICE, "--account", "Giro", BANK)
    shell.ok("import", "--user", ALICE, "--account", "Other", BAD)
    shell.ok("undo", "--user", ALICE)
    file = tmp_path / "book.json"
    assert shell.ok("export", "--user", ALICE, "--format", "json", "-o", file) == ""
    assert shell.ok("export", "--user", ALICE, "--format", "json").encode() == file.read_bytes()
    assert shell.ok("import", "--user", BOB, file) == (
        f"{file}: The book \u201cAlice\u201d is back, with 1 account, 10 transactions, 3 changes\n"
    )
    assert shell.ok("export", "--user", BOB, "--format", "json").encode() == file.read_bytes()
    assert shell.ok("undo", "--user", BOB) == shell.ok("undo", "--user", ALICE)


def test_a_whole_book_has_a_receipt_too_and_goes_into_an_empty_one_only(shell: Shell, tmp_path: Path) -> None:
    shell.ok("import", "--user", ALICE, "--account", "Giro", BANK)
    file = tmp_path / "book.json"
    shell.ok("export", "--user", ALICE, "--format", "json", "-o", file)
    assert "empty" in shell.refused("import", "--user", ALICE, file, code=2)
    broken = tmp_path / "broken.json"
    broken.write_bytes(file.read_bytes()[:-3])
    assert "not whole" in shell.refused("import", "--user", BOB, broken, code=1)
    shape = {"file": str(file), "read": 10, "added": 10, "duplicates": 0, "problems": 0, "proof": None}
    assert lines(shell.ok("import", "--user", BOB, "--json", file)) == [shape]


def test_a_copy_is_taken_and_put_back(shell: Shell, tmp_path: Path) -> None:
    shell.ok("import", "--user", ALICE, "--account", "Giro", BANK)
    copy = tmp_path / "copy.sqlite3"
    assert shell.ok("backup", copy) == f"{copy}: {copy.stat().st_size:,} bytes\n"
    assert "there already" in shell.refused("backup", copy, code=2)
    shell.ok("undo", "--user", ALICE)
    assert shell.house().rows() == []
    said = shell.ok("restore", copy)
    assert len(shell.house().rows()) == 10
    kept = said.strip().rsplit(" ", 1)[1]
    first, second = said.splitlines()
    assert first.startswith(f"{copy} is in place. Everybody is signed out;")
    assert second == f"What was there before is in {kept}"
    shell.ok("restore", kept)
    assert shell.house().rows() == []
    assert "not a SQLite database" in shell.refused("restore", BANK, code=2)


def test_postgresql_is_told_what_to_run() -> None:
    shell = Shell("postgresql://ann:" + "s3cret@db.example/money")
    for command, program in (("backup", "pg_dump"), ("restore", "pg_restore")):
        said = shell.refused(command, "copy.dump", code=2)
        assert f"{program} --" in said
        assert "--dbname=money" in said
        assert "s3cret" not in said


def test_people_are_added_listed_given_passwords_and_kept_out(shell: Shell) -> None:
    engine = database.make_engine(shell.url)
    assert "cleo@example.org" in shell.ok(
        "user", "add", "cleo@example.org", "--name", "Cleo", "--password-stdin", given="four green herons\n"
    )
    assert [line.split("\t")[0] for line in shell.ok("user", "list").splitlines()] == [ALICE, BOB, "cleo@example.org"]
    opened = people.sign_in(engine, "cleo@example.org", "four green herons", keep=True, address="::1", agent="")
    shell.ok("user", "password", "cleo@example.org", "--password-stdin", given="five brown herons\n")
    assert sessions.session_user(engine, opened.token) is None, "signed out everywhere"
    people.sign_in(engine, "cleo@example.org", "five brown herons", keep=True, address="::1", agent="")
    shell.ok("user", "disable", "cleo@example.org")
    assert "disabled" in shell.ok("user", "list").splitlines()[-1]
    with pytest.raises(DashboardError):
        people.sign_in(engine, "cleo@example.org", "five brown herons", keep=True, address="::1", agent="")


def test_a_password_that_is_not_given_is_made_and_told_once(shell: Shell) -> None:
    said = shell.ok("user", "add", "dan@example.org")
    made = next(line.split(": ", 1)[1] for line in said.splitlines() if line.startswith("Password: "))
    people.sign_in(database.make_engine(shell.url), "dan@example.org", made, keep=False, address="::1", agent="")


@pytest.mark.parametrize(
    ("args", "given"),
    [
        (("add", ALICE), PASSWORD),
        (("add", "no address"), PASSWORD),
        (("add", "eve@example.org"), "short"),
        (("password", "nobody@example.org"), PASSWORD),
    ],
)
def test_people_that_cannot_be_are_refused_in_one_line(shell: Shell, args: Sequence[str], given: str) -> None:
    result = shell("user", *args, "--password-stdin", given=given + "\n")
    assert result.exit_code in (1, 2)
    assert result.stderr.startswith("dashboard: ")
    assert result.stderr.count("\n") == 1


def test_migrate_makes_an_empty_database_ready_on_both_and_may_run_twice(kind: str, new_database: Callable[..., str]) -> None:
    shell = Shell(new_database(kind, empty=True))
    for _ in range(2):
        assert "up to date" in shell.ok("migrate")
    assert shell.ok("user", "list") == ""


def test_it_runs_as_a_program_of_its_own(new_database: Callable[..., str], tmp_path: Path) -> None:
    url = new_database("sqlite", empty=True)
    env = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "k" * 40}
    run = subprocess.run(
        [sys.executable, "-m", "dashboard", "user", "add", "eve@example.org", "--password-stdin"],
        cwd=ROOT,
        env=env,
        input="six white herons\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    missing = subprocess.run(
        [sys.executable, "-m", "dashboard", "undo", "--user", "nobody@example.org"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert missing.returncode == 1
    assert "Traceback" not in missing.stderr
    broken = subprocess.run(
        [sys.executable, "-m", "dashboard", "user", "list"],
        cwd=ROOT,
        env=env | {"DATABASE_URL": f"sqlite:///{tmp_path}/none/there/x.sqlite3", "PORT": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert broken.returncode == 1
    assert broken.stderr.startswith("dashboard: PORT")
    assert broken.stderr.count("\n") == 1


def test_who_deleted_their_account_is_listed_with_the_day_and_brought_back(shell: Shell) -> None:
    engine = database.make_engine(shell.url)
    opened = people.sign_in(engine, BOB, PASSWORD, keep=True, address="::1", agent="")
    purged = leaving.delete_account(engine, opened.user_id, "Bob", PASSWORD, address="::1")
    line = next(line for line in shell.ok("user", "list").splitlines() if line.startswith(BOB))
    assert line.endswith(f"deleted, purged on {purged.date().isoformat()}")
    assert BOB in shell.ok("user", "restore", BOB)
    assert people.sign_in(engine, BOB, PASSWORD, keep=True, address="::1", agent="")
    assert "deleted" not in shell.ok("user", "list")


def test_an_address_is_changed_and_addresses_that_are_one_are_named(shell: Shell) -> None:
    assert "new@example.org" in shell.ok("user", "email", ALICE, "New@Example.org.")
    assert "Nobody here" in shell.refused("user", "email", ALICE, "other@example.org", code=1)
    assert "already" in shell.refused("user", "email", "new@example.org", BOB.upper(), code=2)
    assert "cannot be seen" in shell.refused("user", "email", BOB, "b\u200b@example.org", code=2)
    with database.make_engine(shell.url).begin() as db:
        db.execute(update(user).where(user.c.email == BOB).values(email="new@example.org\u200b"))
    first, second = shell.ok("user", "list").splitlines()
    assert "one address with 'new@example.org\\u200b'" in first
    assert "one address with 'new@example.org'" in second
    shell.ok("user", "email", "new@example.org\u200b", BOB)
    assert "one address" not in shell.ok("user", "list")


@pytest.mark.parametrize(
    "command",
    [
        ("user", "add", "ann@example.org"),
        ("user", "list"),
        ("user", "email", ALICE, BOB),
        ("user", "disable", ALICE),
        ("user", "restore", ALICE),
        ("summary", "--user", ALICE, "--month", "2026-11"),
        ("import", "--user", ALICE, BANK),
        ("inspect", "--user", ALICE, BANK),
        ("export", "--user", ALICE),
        ("undo", "--user", ALICE),
        ("demo", "--user", ALICE),
    ],
    ids=lambda command: " ".join(map(str, command[:2])),
)
def test_every_command_before_the_first_migration_says_what_to_run(command: Sequence[object], new_database: Callable[..., str]) -> None:
    result = Shell(new_database("postgres", empty=True))(*command, given="four green herons\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("dashboard: ")
    assert result.stderr.count("\n") == 1
    assert "python -m dashboard migrate" in result.stderr


def test_a_database_that_cannot_be_reached_is_a_sentence() -> None:
    shell = Shell("postgresql://ann@127.0.0.1:1/money")
    for command in (("user", "list"), ("migrate",)):
        assert "cannot be reached" in shell.refused(*command, code=1)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_what_cannot_be_written_is_a_sentence_and_is_read_all_the_same(kind: str, new_database: Callable[..., str]) -> None:
    shell = Shell(new_database(kind))
    engine = database.make_engine(shell.url)
    if kind == "postgres":
        with engine.begin() as db:
            db.exec_driver_sql(f'ALTER DATABASE "{engine.url.database}" SET default_transaction_read_only = on')
    with database.transaction(engine):
        assert ALICE in shell.ok("user", "list")
        assert shell.ok("export", "--user", ALICE).startswith("date,")
        if kind == "postgres":
            assert "cannot be written" in shell.refused("user", "disable", ALICE, code=1)
            assert "cannot be written" in shell.refused("demo", "--user", ALICE, code=1)
    engine.dispose()


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x07", "\x9b1m", "\r", "\x7f"])
def test_no_name_gives_the_terminal_a_command_or_begins_a_line(shell: Shell, tmp_path: Path, sign: str) -> None:
    for command in (("inspect", f"{tmp_path}/a{sign}\nb.csv"), ("restore", f"{tmp_path}/a{sign}\nb")):
        said = shell(*command).stderr
        assert said.count("\n") == 1
        assert not any(c in said for c in "\x1b\x07\x9b\r\x7f")


def test_json_says_controls_as_escapes() -> None:
    held = {"a": "\x9b1m\x7f\x1b\u202e\xe9\n"}
    assert as_text(held).isprintable()
    assert json.loads(as_text(held)) == held


def test_a_summary_is_in_a_currency_that_the_book_knows(shell: Shell) -> None:
    assert "No account is in usd" in shell.refused("summary", "--user", ALICE, "--month", "2026-11", "--currency", "usd", code=2)
    assert "EUR" in shell.ok("summary", "--user", ALICE, "--month", "2026-11", "--currency", "EUR")
