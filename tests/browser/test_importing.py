"""Journeys with files: dropped, checked, mended, answered, imported, undone, and taken out again."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from tests.browser.conftest import Person, Site
from tests.conftest import ALICE, BOB

SAMPLES = Path(__file__).parent.parent / "samples"
BANK = SAMPLES / "web_bank.csv"


def written(path: Path) -> list[Decimal]:
    """Return the amounts of web_bank.csv, read without the product's help."""
    rows = list(csv.reader(path.read_text().splitlines()[4:], delimiter=";"))
    return [Decimal(row[4].replace(".", "").replace(",", ".")) for row in rows]


def drop_and_import(person: Person, path: Path) -> None:
    """Drop a file anywhere on the import page and press Import."""
    person.open("/import")
    person.drop(path)
    person.click(".commit-bar .btn-ink", "Import")
    person.see("added to")


def test_a_dropped_bank_file_is_checked_imported_shown_and_undone(alice: Person, site: Site) -> None:
    alice.open("/import")
    alice.drop(BANK)
    alice.see("Check")
    assert len(alice.until(lambda: alice.all(".check-row:not(.headings)"))) == 10
    assert set(alice.texts(".check-row .pill")) == {"New"}
    assert site.house().rows() == [], "nothing is saved before Import is pressed"
    alice.click(".commit-bar .btn-ink", "Import 10 transactions")
    alice.see("10 transactions added to")
    amounts = written(BANK)
    income, spending = sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)
    alice.click("a", "Open the dashboard")
    assert alice.amounts() == {"Income": income, "Spending": spending, "Net": income - spending}
    alice.undo()
    alice.see("Choose a file")
    assert site.house().rows() == []


def test_the_same_file_again_adds_nothing_and_no_genuine_twin_is_lost(alice: Person, site: Site) -> None:
    drop_and_import(alice, BANK)
    assert [r["payee"] for r in site.house().rows()].count("Café Möwe") == 2
    alice.open("/import")
    alice.drop(BANK)
    alice.see("Duplicate 10")
    assert alice.one(".commit-bar .btn-ink").get_attribute("disabled")
    assert alice.text(".commit-bar .btn-ink") == "Nothing new to import"
    assert len(site.house().rows()) == 10


def test_a_bad_row_is_mended_in_place_and_imported(alice: Person, site: Site) -> None:
    alice.open("/import")
    alice.drop(SAMPLES / "web_bad_row.csv", on=".nav-item[href='/settings']")
    alice.see("Line 3")
    alice.see("does not exist")
    assert alice.text(".commit-bar .btn-ink") == "Import 2 transactions"
    alice.put("input.mend", "28/10/2026\n")
    alice.click(".commit-bar .btn-ink", "Import 3 transactions")
    alice.see("3 transactions added")
    assert sorted((str(r["date"]), r["amount"]) for r in site.house().rows()) == [
        ("2026-10-28", -8900),
        ("2026-11-12", 150000),
        ("2026-11-16", -1240),
    ]


def test_open_dates_are_asked_and_what_is_no_statement_is_refused_in_a_sentence(alice: Person, site: Site, tmp_path: Path) -> None:
    pdf, large = tmp_path / "statement.pdf", tmp_path / "large.csv"
    pdf.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    large.write_bytes(b"Date,Description,Amount\n" + b"2026-11-01,Shop,-1.00\n" * 530_000)
    alice.open("/import")
    for path, words in ((pdf, "PDF"), (large, "larger than 10 MB")):
        alice.close_toasts()
        alice.drop(path)
        alice.see(words, ".toast-box.error")
        assert alice.where() == "/import"
    alice.close_toasts()
    alice.drop(SAMPLES / "web_ambiguous.csv")
    alice.see("03/04/2026 could be 3 April or 4 March. Which one?")
    assert not alice.one(".commit-bar .btn-ink").is_enabled(), "nothing is imported while a question is open"
    readings = alice.texts(".question .option")
    assert len(readings) == 2
    assert "April" in readings[0]
    assert "March" in readings[1]
    alice.click(".question .option", "March")
    alice.click(".commit-bar .btn-ink", "Import 3 transactions")
    alice.see("3 transactions added")
    assert sorted(str(r["date"]) for r in site.house().rows()) == ["2026-03-04", "2026-05-04", "2026-07-06"]


def test_exported_transactions_make_the_same_book_for_somebody_else(alice: Person, site: Site) -> None:
    house = site.house()
    current, dollars = house.account("Current"), house.account("Dollars", "USD")
    house.add(current, "2026-11-03", "-12.30", "Bakery", "Groceries")
    house.add(current, "2026-11-03", "-12.30", "Bakery", "Groceries")
    house.add(current, "2026-11-04", "1500", '=HYPERLINK("x")', "Salary")
    house.add(dollars, "2026-11-05", "-4.99", '\'quoted, "twice"')
    alice.open("/transactions")
    alice.click("button", "Export CSV")
    file = alice.until(lambda: next(iter(Path(alice.duo.download_path).glob("*.csv")), None), "the download")
    assert file is not None
    for line in file.read_text().splitlines()[1:]:
        assert not any(cell.startswith(("=", "+", "@")) for cell in next(csv.reader([line]))), "no spreadsheet runs a formula of ours"
    alice.sign_in(BOB)
    alice.open("/import")
    alice.drop(file)
    alice.click(".commit-bar .btn-ink", "Import 4 transactions")
    alice.see("4 transactions added")

    def told(email: str) -> list[tuple[object, ...]]:
        told_by = site.house(email)
        with told_by.book.reading() as db:
            from dashboard.services.accounts import read_accounts
            from dashboard.services.categories import read_categories

            held = {a.id: (a.name, a.currency) for a in read_accounts(db, told_by.book)}
            names = {c.id: c.name for c in read_categories(db, told_by.book)}
        return sorted(
            (str(r["date"]), r["amount"], r["payee"], r["text"], r["note"], names.get(r["category_id"], ""), *held[r["account_id"]])
            for r in told_by.rows()
        )

    assert told(BOB) == told(ALICE)
