"""Movements that a book has in another form are offered beside their like; nothing merges by itself, and an answer is remembered."""

from __future__ import annotations

import pytest

from dashboard.importing import lookalikes
from dashboard.services import imports
from dashboard.services.imports import choices
from tests.ways import House, bank_csv, snapshot

BANK = [("2026-11-03", "REWE SAGT DANKE 4321", "-23.40"), ("2026-11-04", "STADTWERKE", "-80.00"), ("2026-11-06", "CINEMA", "-12.00")]
# The same, as another program writes it.
TOLD = [("2026-11-04", "REWE", "-23.40"), ("2026-11-04", "SWK KIEL", "-80.00"), ("2026-11-05", "KINO", "-12.00")]
OFX = """OFXHEADER:100

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKTRANLIST>
{}
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def ofx(*rows: tuple[str, str, str]) -> bytes:
    """Write (day, name, amount) as OFX."""
    return OFX.format(
        "\n".join(
            f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day.replace('-', '')}<TRNAMT>{amount}<FITID>F2026{n:04}<NAME>{name}</STMTTRN>"
            for n, (day, name, amount) in enumerate(rows)
        )
    ).encode()


def test_the_same_movements_in_another_format_are_offered_and_left_out(house: House) -> None:
    house.account("Giro")
    house.take_in(bank_csv(BANK))
    draft = imports.receive(house.book, "same.ofx", ofx(*TOLD, ("2026-11-09", "NEW", "-1.00")))
    shown = imports.check(house.book, draft)
    assert [(line.status, line.twin is not None) for line in shown.lines] == [("match", True)] * 3 + [("new", False)]
    assert {shown.twins[line.twin].payee for line in shown.lines if line.twin} == {"REWE SAGT DANKE", "STADTWERKE", "CINEMA"}
    receipt = imports.commit(house.book, draft)
    assert (receipt.added, len(receipt.matches), len(house.rows())) == (1, 3, 4)


def test_what_was_left_out_once_is_not_asked_again_and_undo_asks_again(house: House) -> None:
    house.account("Giro")
    house.take_in(bank_csv(BANK))
    data = ofx(*TOLD)
    receipt = house.take_in(data, "same.ofx")
    assert (receipt.added, len(receipt.matches)) == (0, 3)
    again = house.take_in(data, "same.ofx")
    assert (again.added, len(again.matches), again.duplicates) == (0, 0, 3)
    from dashboard.services import history

    history.undo(house.book, receipt.revision)
    assert len(house.take_in(data, "same.ofx").matches) == 3


def test_a_refusal_adds_the_row_which_is_known_from_then_on(house: House) -> None:
    house.account("Giro")
    house.take_in(bank_csv(BANK))
    data = ofx(TOLD[2])
    draft = imports.receive(house.book, "one.ofx", data)
    choices.tick(house.book, draft, imports.check(house.book, draft).lines[0].line, take=True)
    assert imports.commit(house.book, draft).added == 1
    assert len(house.rows()) == 4
    again = house.take_in(data, "one.ofx")
    assert (again.added, again.duplicates) == (0, 1)


def test_what_was_typed_by_hand_before_its_file_came_is_offered(house: House) -> None:
    account = house.account("Giro")
    typed = house.add(account, "2026-11-02", "-23.40", "Supermarket")
    draft = imports.receive(house.book, "bank.csv", bank_csv(BANK))
    shown = imports.check(house.book, draft)
    assert [(line.status, line.twin) for line in shown.lines] == [("match", typed), ("new", None), ("new", None)]
    assert shown.twins[typed].by_hand


def test_a_row_that_was_pending_and_is_booked_on_another_day_is_offered(house: House) -> None:
    house.account("Giro")
    house.take_in(bank_csv([*BANK, ("2026-11-07", "HOTEL RESERVATION", "-120.00"), ("2026-11-08", "BAKER", "-2.00")]))
    later = [*BANK, ("2026-11-08", "BAKER", "-2.00"), ("2026-11-09", "HOTEL MAR", "-120.00"), ("2026-11-12", "TAXI", "-9.00")]
    draft = imports.receive(house.book, "later.csv", bank_csv(later))
    assert {line.payee: line.status for line in imports.check(house.book, draft).lines if line.status != "duplicate"} == {
        "HOTEL MAR": "match",
        "TAXI": "new",
    }


def test_equal_amounts_in_files_of_other_months_are_no_match(house: House) -> None:
    house.account("Giro")
    house.take_in(bank_csv([("2026-10-30", "KIOSK", "-3.50"), ("2026-10-31", "BAKER", "-2.00")]))
    receipt = house.take_in(bank_csv([("2026-11-01", "CAFE", "-3.50"), ("2026-11-02", "BAKER", "-2.00")]), "november.csv")
    assert (receipt.added, receipt.matches) == (2, ())


def test_our_own_export_brought_into_the_same_book_again_doubles_nothing(house: House) -> None:
    from dashboard.services.portable import exports

    account = house.account("Giro")
    house.add(account, "2026-11-02", "-7.00", "Typed by hand")
    house.take_in(bank_csv([*BANK, ("2026-11-09", "AMZN MKTP*A1B2 1234", "-5.00")]))
    data = exports.whole_csv(house.book).encode()
    before = snapshot(house.book)["transaction"]
    receipt = house.take_in(data, "export.csv")
    assert receipt.added == 0
    assert snapshot(house.book)["transaction"] == before


def test_a_row_that_cannot_be_told_apart_is_named_and_can_be_added_all_the_same(house: House) -> None:
    house.account("Giro")
    house.take_in(bank_csv(BANK))
    data = bank_csv([BANK[2], ("2026-11-07", "TAXI", "-9.00")])
    draft = imports.receive(house.book, "next.csv", data)
    assert [line.status for line in imports.check(house.book, draft).lines] == ["unsure", "new"]
    choices.tick(house.book, draft, 2, take=True)
    assert imports.commit(house.book, draft).added == 2
    assert [row["amount"] for row in house.rows()].count(-1200) == 2


def test_of_many_like_rows_only_the_nearest_are_weighed_and_none_is_added(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite_house.account("Giro")
    days = [f"2026-11-{2 + n % 5:02}" for n in range(150)]
    sqlite_house.take_in(bank_csv([(day, f"Kiosk {n}", "-1.00") for n, day in enumerate(days)]))
    weighed = []
    real = lookalikes._Words.distance
    monkeypatch.setattr(lookalikes._Words, "distance", lambda self, *given: weighed.append(given) or real(self, *given))
    receipt = sqlite_house.take_in(ofx(*[(day, f"Other {n}", "-1.00") for n, day in enumerate(days)]), "same.ofx")
    assert (receipt.added, len(receipt.matches)) == (0, 150)
    assert len({line.twin for line in receipt.matches}) == 150
    assert len(weighed) <= 150 * lookalikes.NEAREST
