"""An hour of a household's clicks over HTTP: the server's part of them, how large its answers are, what memory it keeps."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Callable, Iterator

from dashboard.periods import add_months
from dashboard.selection import Selection
from dashboard.services.books import Book
from dashboard.services.categories import all_categories
from dashboard.services.ledger import listed
from tests.benchmarks.measuring import report
from tests.benchmarks.serving import Visitor, resident

CLICKS, WARM = 1_200, 200
LARGEST = 60 * 1024


def measure_answers(visitor: Visitor, book: Book) -> None:
    """Measure the pages as the server sends them: milliseconds over HTTP, and bytes before compression."""
    groceries = next(c.id for c in all_categories(book) if c.name == "Groceries")
    largest = 0
    pages = {
        "dashboard, a month": "/?p=2026-10",
        "dashboard, one category": f"/?p=2026-10&cat={groceries}",
        "dashboard, one payee": "/?p=2026-10&payee=Tesco",
        "dashboard, a year": "/?p=2026",
        "dashboard, all time": "/?p=all",
        "transactions, a month": "/transactions?p=2026-10",
        "transactions, all time": "/transactions?p=all",
        "budgets": "/budgets?p=2026-11",
    }
    for name, address in pages.items():
        times = []
        for _ in range(9):
            begun = time.perf_counter()
            answer = visitor.look(address)
            times.append((time.perf_counter() - begun) * 1000)
        size, wire = len(answer.content), int(answer.headers.get("Content-Length", 0))
        aimed = name.startswith("dashboard")
        largest = max(largest, size) if aimed else largest
        report(
            f"  server's part, {name}",
            f"{statistics.median(times[1:]):.0f} ms, {size / 1024:.1f} KB  ({wire / 1024:.1f} KB compressed)",
            "<= 60 KB" if aimed else "reported",
            size <= LARGEST if aimed else None,
        )


def measure_hour(visitor: Visitor, book: Book, pid: int) -> None:
    """Click for an hour's worth and compare the worker's memory with what it was when warm."""
    clicks = _clicks(visitor, book)
    for _ in range(WARM):
        next(clicks)()
    warm = resident(pid)
    for _ in range(CLICKS - WARM):
        next(clicks)()
    end = resident(pid)
    report(
        f"memory of a worker, {CLICKS:,} clicks against the first {WARM}",
        f"{(end / warm - 1) * 100:+.1f} %  ({warm:.0f} -> {end:.0f} MiB)",
        "<= +5 %",
        end <= warm * 1.05,
    )
    report("memory of a worker after it", f"{end:.0f} MiB", "<= 250 MiB", end <= 250)


def _clicks(visitor: Visitor, book: Book) -> Iterator[Callable[[], object]]:
    """Yield what a household does, the same mix over and over with other months, filters and rows."""
    rng = random.Random(11)
    labels = [c.id for c in all_categories(book)]
    rows = [int(i) for i in listed(book, Selection.from_query("p=2026-10", book.today)).rows["id"]]
    payees = ("Tesco", "Lidl", "Netflix", "IKEA", "Café Luna")

    def month() -> str:
        back = add_months(202611, -rng.randrange(36))
        return f"{back // 100}-{back % 100:02}"

    def see(address: str) -> Callable[[], object]:
        return lambda: visitor.look(address)

    def do(name: str, value: object = "", extra: object = "", words: object = "") -> Callable[[], object]:
        return lambda: steps.append(visitor.act(name, value, extra=extra, words=words).get("revision"))

    steps: list[object] = []

    def undo() -> object:
        return visitor.act("undo-last", steps[-1:])

    for turn in itertools.count():
        row, label, payee = rng.choice(rows), rng.choice(labels), rng.choice(payees)
        yield see(f"/?p={month()}")
        yield see(f"/?p={month()}&cat={label}")
        yield see(f"/?p={month()}&payee={payee}")
        yield see(f"/?p={2026 - turn % 10}")
        yield see(f"/transactions?p={month()}")
        yield see(f"/transactions?p={month()}&cat={label}")
        yield see(f"/transactions?p=all&q={payee}")
        yield see(f"/transactions?p=all&page={rng.randrange(1, 1000)}")
        yield see(f"/transactions?p={month()}&type=spending&sort=out")
        yield do("open-transaction", row)
        yield do("change-rows", [row], "category", label)
        yield see("/transactions?p=2026-10")
        yield undo
        yield do("change-rows", rng.sample(rows, 20), "category", label)
        yield see("/?p=2026-10")
        yield undo
        yield see(f"/budgets?p={month()}")
        yield do("set-budget", label, "202611 EUR", str(rng.randrange(20, 400)))
        yield see("/history")
        yield see("/accounts")
