"""What a workbook would cost is counted before it is opened, and what opening takes is in proportion to the file."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import tracemalloc

import pytest

from dashboard.errors import StatementNotReadable
from dashboard.statements import read
from dashboard.statements.formats import excel, excel_process, excel_weight
from tests.statements.samples import movements
from tests.statements.tagged import sample
from tests.statements.test_excel import EXPECTED, HEADS, ROWS
from tests.statements.workbooks import column, packed, sheet_xml, workbook


def sheet(extra: str) -> str:
    """Return the sheet of three movements with more rows after them."""
    return sheet_xml([HEADS, *ROWS]).replace("</sheetData>", extra + "</sheetData>")


WIDE = "".join(f'<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>' for r in range(5, 500))
BOMBS = {
    "500 rows of 16,384 columns, one cell each": {"S": sheet(WIDE)},
    "a corner": {"S": sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')},
    "a corner in single quotes, small letters and spaces": {"S": sheet("<row><c  r = 'xfd1048576'><v>1</v></c></row>")},
    "a corner behind a sign in an attribute": {"S": sheet('<row r="9"><c x=">" r="XFD900000"><v>1</v></c></row>')},
    "a corner behind a tag in an attribute": {"S": sheet("""<row r="9"><c x='<c s="' r="XFD900000" y='"/>'><v>1</v></c></row>""")},
    "a corner with a prefix": {"S": sheet('<x:row xmlns:x="u" r="9"><x:c r="XFD900000"><x:v>1</x:v></x:c></x:row>')},
    "cells after the last named place": {"S": sheet('<row r="900000">' + "<c><v>1</v></c>" * 5000 + "</row>")},
    "a row far down and one far out": {
        "S": sheet('<row r="60000"/><row r="70000"><c r="A70000"><v>1</v></c><c r="AZZ9"><v>1</v></c></row>')
    },
    "many sheets of a little": {f"S{n}": sheet('<row r="30000"><c r="Z30000"><v>1</v></c></row>') for n in range(50)},
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=list(BOMBS))
def test_a_grid_out_of_proportion_is_refused_before_it_is_opened(bomb: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_opened", lambda _: pytest.fail("it was opened"))
    data = packed(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(StatementNotReadable, match="larger than any statement"):
            read(data)
        assert tracemalloc.get_traced_memory()[1] < 12 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "extra",
    [
        '<dimension ref="A1:XFD1048576"/>',
        # Programs write the format of whole rows and columns cell by cell.
        "".join(f'<row r="{r}">' + "".join(f'<c r="{column(c)}{r}" s="0"/>' for c in range(1024)) + "</row>" for r in range(5, 40)),
        '<row r="9000"><c r="H9000"><v>1</v></c></row>',
    ],
    ids=["a dimension that lies", "format alone", "one cell far away"],
)
def test_what_only_looks_large_is_read(extra: str) -> None:
    assert movements(read(packed({"S": sheet(extra)}))) == EXPECTED


def test_cells_that_name_no_place_are_counted_as_they_stand() -> None:
    body = sheet_xml([HEADS, *ROWS * 3000])
    bare = excel_weight.re.sub(r' r="[A-Z]*\d+"', "", body)
    for text, least in ((body, 9001 * 4), (bare, 9001 * 4)):
        extent = excel_weight.Extent()
        for piece in excel_weight._pieces(io.BytesIO(text.encode())):
            extent.add(piece)
        assert extent.cells == 9001 * 4
        assert least <= extent.area() <= 3 * least


def test_a_place_is_seen_wherever_the_pieces_end(monkeypatch: pytest.MonkeyPatch) -> None:
    text = sheet('<row r="7"><c r="ZZ7"><v>1</v></c></row>').encode()
    for size in range(1, 90):
        monkeypatch.setattr(excel_weight, "_PIECE", size)
        extent = excel_weight.Extent()
        for piece in excel_weight._pieces(io.BytesIO(text)):
            extent.add(piece)
        assert extent.far_column >= 702 or size < 24, size


@pytest.mark.parametrize("name", ["content.xml", "xl/workbook.bin", "XL\\Workbook.BIN"])
def test_a_workbook_that_is_another_format_as_well_is_not_opened_as_that(name: str) -> None:
    repeated = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000"/>'
    with pytest.raises(StatementNotReadable, match="damaged"):
        read(packed({"S": sheet("")}, more={name: repeated}))


def test_an_archive_behind_an_old_workbook_is_weighed_too() -> None:
    with pytest.raises(StatementNotReadable, match="larger than any statement"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + packed({"S": sheet(WIDE)}))


def far_cells(data: bytes) -> bytes:
    """Move a cell of an old workbook to the farthest corner there is: the records that hold numbers name their row and column."""
    changed = bytearray(data)
    for kind in (0x0203, 0x027E, 0x00FD, 0x0204):
        at = data.find(struct.pack("<H", kind), 512)
        while at >= 0:
            size = struct.unpack_from("<H", data, at + 2)[0]
            row, place = struct.unpack_from("<HH", data, at + 4)
            if size in (10, 14) and row < 100 and place < 20:
                struct.pack_into("<HH", changed, at + 4, 65535, 65535)
                return bytes(changed)
            at = data.find(struct.pack("<H", kind), at + 2)
    pytest.fail("no cell found")


def spent(data: bytes) -> tuple[int, int, bytes]:
    """Open a workbook as the house does; return how it ended, its largest memory in bytes and what it said."""
    code = (
        "import resource, subprocess, sys; d = sys.stdin.buffer.read();"
        f"r = subprocess.run([sys.executable, '-I', {excel_process.__file__!r}, '1000000', '5000'], input=d, capture_output=True);"
        "print(r.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024); print(r.stdout[:900], r.stderr[-300:])"
    )
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True).stdout
    code_, most = done.split(b"\n")[0].split()
    return int(code_), int(most), done


def test_an_old_workbook_that_reaches_far_takes_no_more_than_its_size_allows() -> None:
    data = far_cells(sample("old_sheet.xls"))
    _, most, _ = spent(data)
    assert most < excel_process.memory(len(data)) + 32 * 2**20
    with pytest.raises(StatementNotReadable, match="larger than any statement"):
        read(data)


@pytest.mark.parametrize("strings", [1, 50])
def test_a_long_text_that_is_repeated_takes_no_more_than_the_size_allows(strings: int) -> None:
    shared = "".join(f"<si><t>{'x' * 32_000}{n}</t></si>" for n in range(strings))
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>{r % strings}</v></c></row>' for r in range(5, 20_000))
    data = packed(
        {"S": sheet(cells)},
        more={"xl/sharedStrings.xml": f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{shared}</sst>".encode()},
    )
    _, most, _ = spent(data)
    assert most < excel_process.memory(len(data)) + 32 * 2**20


def test_a_shared_text_is_read() -> None:
    shared = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>Baker</t></si></sst>"
    cells = '<row r="5"><c r="A5"><v>45700</v></c><c r="B5" t="s"><v>0</v></c></row>'
    code, _, said = spent(packed({"S": sheet(cells)}, more={"xl/sharedStrings.xml": shared}))
    assert code == 0
    assert b"Baker" in said


def test_a_program_that_runs_out_of_memory_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "1")
    shared = f"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>{'x' * 1000}</t></si></sst>"
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(5, 100_000))
    data = packed({"S": sheet(cells)}, more={"xl/sharedStrings.xml": shared.encode()})
    # A process that waits is ended from outside: here that is an error.
    monkeypatch.setattr(excel.subprocess, "TimeoutExpired", KeyError)
    with pytest.raises(StatementNotReadable, match="larger than any statement"):
        read(data)


def test_memory_and_work_grow_with_the_file_up_to_a_limit() -> None:
    sizes = [0, 2**10, 238 * 2**10, 2**20, 5 * 2**20, 10 * 2**20]
    for allowed, most in ((excel_process.memory, excel_process.MEMORY), (excel_process.seconds, excel_process.SECONDS)):
        found = [allowed(size) for size in sizes]
        assert found == sorted(found)
        assert found[2] * 5 < most
        assert max(found) <= most


def test_an_honest_statement_of_many_rows_fits_its_memory() -> None:
    data = workbook([HEADS, *ROWS * 8000])
    code, most, said = spent(data)
    assert code == 0, said
    assert most < excel_process.memory(len(data))


def test_two_workbooks_at_once_are_opened_and_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, both, lock = [0], [0], threading.Barrier(excel.AT_ONCE), threading.Lock()

    def opened(_: bytes) -> list[object]:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        both.wait(timeout=30)
        with lock:
            inside[0] -= 1
        return []

    monkeypatch.setattr(excel, "_opened", opened)

    def ask() -> None:
        with pytest.raises(StatementNotReadable):
            read(workbook([HEADS, *ROWS]))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert most[0] == excel.AT_ONCE
    assert inside[0] == 0
