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
        alice.drop(path)
        alice.see(words, ".file-row.refused")
        assert alice.where() == "/import"
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


# What the lines of files say, and what is announced, from now on.
WATCH = """
window.seen = [];
const note = (words) => { if (words && seen[seen.length - 1] !== words) seen.push(words); };
new MutationObserver(() => {
    for (const line of document.querySelectorAll('.file-row')) {
        const bar = line.querySelector('[role=progressbar]');
        note([line.querySelector('.name').textContent, line.querySelector('.state').textContent, bar ? bar.getAttribute('aria-valuenow') || bar.getAttribute('aria-valuetext') : ''].join('|'));
    }
    note(document.querySelector('#sending [role=status]')?.textContent);
}).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
"""


def test_several_files_are_sent_at_once_and_checked_one_after_the_other(alice: Person, site: Site, tmp_path: Path) -> None:
    pdf = tmp_path / "statement.pdf"
    pdf.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    alice.open("/import")
    alice.js(WATCH)
    alice.drop(pdf, SAMPLES / "web_ambiguous.csv", BANK, SAMPLES / "web_bad_row.csv", on=".nav-item[href='/settings']")
    alice.see("1 of 3:", ".waiting")
    assert alice.texts(".waiting .chip") == ["web_ambiguous.csv", "web_bank.csv", "web_bad_row.csv"]
    assert alice.texts(".waiting [aria-current]") == ["web_ambiguous.csv"]
    alice.see("statement.pdf: This looks like a PDF", ".toast-box.error")
    seen = alice.js("return seen")
    for words in (
        "statement.pdf|Sending 0\xa0%|0",
        "web_bank.csv|Waiting|0",
        "web_bank.csv|Sending 0\xa0%|0",
        "web_bank.csv|Reading\u2026|Reading\u2026",
        "Reading web_bank.csv",
        "web_bank.csv is read",
        "3 files read, 1 file refused",
    ):
        assert words in seen, words
    assert any(words.startswith("statement.pdf|This looks like a PDF") for words in seen)

    # A slow answer: the line at the top says so, and the button that it says so itself.
    alice.click(".question .option", "March")
    alice.gone(".question")
    alice.close_toasts()
    alice.slow(700)
    alice.click(".commit-bar .btn-ink", "Import 3 transactions")
    alice.see("Importing\u2026", ".commit-bar .btn-ink")
    alice.until(lambda: alice.texts("#busy.on[role=status]") == ["Working\u2026"], "the line at the top")
    alice.slow(0)
    alice.see("1 of 2:", ".waiting")
    alice.see("3 transactions added", ".toast-box")
    assert alice.texts(".waiting [aria-current]") == ["web_bank.csv"]
    alice.gone("#busy.on")
    alice.undo()
    assert site.house().rows() == []

    # Back forgets the file that is shown and goes to the next; what is forgotten on the first page leaves the others.
    alice.click(".commit-bar button", "Back")
    alice.see("Line 3")
    assert not alice.all(".waiting"), "one file alone has no way to others"
    alice.open("/import")
    assert alice.texts(".waiting-files .name") == ["web_bad_row.csv"]
    alice.drop(BANK)
    alice.see("2 of 2:", ".waiting")
    alice.click(".nav-item", "Import")
    alice.click("[data-act=drop-draft][aria-label='Forget web_bad_row.csv']")
    alice.until(lambda: alice.texts(".waiting-files .name") == ["web_bank.csv"], "one file left")
    alice.click(".waiting-files a", "Check")
    alice.click(".commit-bar .btn-ink", "Import 10 transactions")
    alice.see("10 transactions added to")
    assert len(site.house().rows()) == 10

    # Who was signed out meanwhile is led to sign in, and back here.
    alice.open("/import")
    alice.driver.execute_cdp_cmd("Network.deleteCookies", {"name": "session", "url": site.url})
    alice.drop(BANK)
    alice.until(lambda: alice.where() == "/sign-in?expired=1&next=%2Fimport", "sign-in")


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


def test_whose_a_file_is_that_names_no_account_is_asked_where_another_account_gave_files_like_it(
    alice: Person, site: Site, tmp_path: Path
) -> None:
    card, savings = tmp_path / "card.csv", tmp_path / "savings.csv"
    card.write_text("Date,Description,Amount\n2026-10-03,Grocer,-12.00\n2026-10-09,Salary,3000.00\n")
    savings.write_text("Date,Description,Amount\n2026-11-03,Interest,1.10\n2026-11-09,Fee,-3.00\n")
    site.house().take_in(card.read_bytes(), "card.csv")
    alice.open("/import")
    alice.drop(savings)
    alice.see("Which account is this file from?", ".question")
    assert alice.texts(".question .option b") == ["Card", "A new account"]
    assert not alice.one(".commit-bar .btn-ink").is_enabled()
    alice.click(".question .option", "A new account")
    alice.gone(".question")
    alice.click(".commit-bar .btn-ink", "Import 2 transactions")
    alice.see("2 transactions added")
    assert len({r["account_id"] for r in site.house().rows()}) == 2
