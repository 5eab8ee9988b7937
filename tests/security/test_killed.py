"""G-02: a process killed while it imports loses nothing that was said to be done, and leaves nothing half done."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable

from dashboard.model import database
from dashboard.services import imports
from dashboard.services.books import book_by_email
from tests.conftest import ALICE
from tests.ways import House, bank_csv, order

KILLS = 25
ROWS = 50


def importer(url: str, round_: int, said: int) -> None:
    """Import file after file until killed, and write a byte after each that is done."""
    book = book_by_email(database.make_engine(url), ALICE)
    for number in range(10_000):
        rows = [(f"2026-11-{1 + n % 28:02}", f"SHOP {round_}/{number}", f"-{n + 1}.00") for n in range(ROWS)]
        imports.import_file(book, "x.csv", bank_csv(rows), order("Current"))
        os.write(said, b".")


def test_killing_the_importing_process_25_times_loses_nothing_and_leaves_no_half_import(new_database: Callable[..., str]) -> None:
    url = new_database("sqlite")
    done = 0
    for round_ in range(KILLS):
        hear, tell = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                importer(url, round_, tell)
            finally:
                os._exit(1)
        os.close(tell)
        # After a few are done: wherever it is in the next one.
        for _ in range(1 + round_ % 3):
            assert os.read(hear, 1) == b"."
            done += 1
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        # It may have said more before it died.
        while more := os.read(hear, 1024):
            done += len(more)
        os.close(hear)
    engine = database.make_engine(url)
    try:
        house = House(book_by_email(engine, ALICE))
        counts = Counter(row["text"] for row in house.rows())
        assert set(counts.values()) == {ROWS}
        assert done <= len(counts) <= done + KILLS
        with engine.connect() as db:
            assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        after = bank_csv([("2026-11-02", "AFTER", "-1.00"), ("2026-11-03", "AFTER", "-2.00")])
        assert imports.import_file(house.book, "after.csv", after, order("After")).added == 2
    finally:
        engine.dispose()
