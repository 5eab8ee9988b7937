"""Workbooks written by hand: no writer of Excel files is installed, and half of what is tested no writer would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Style 0 is a plain cell and style 1 a day.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)

_EPOCH = '<workbookPr date1904="1"/>'

Cell = str | float | date | None


class Formula(str):
    """A cell whose value a program worked out: "=B2*2|12.5"."""

    __slots__ = ()


def column(index: int) -> str:
    """Return the letters of a column, from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(value: Cell, place: str, *, from_1904: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Formula):
        formula, _, result = value.partition("|")
        return f'<c r="{place}"><f>{escape(formula[1:])}</f>{f"<v>{result}</v>" if result else ""}</c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - (date(1904, 1, 1) if from_1904 else date(1899, 12, 30))).days}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def sheet_xml(rows: Sequence[Sequence[Cell]], *, from_1904: bool = False, after: str = "") -> str:
    """Return a sheet as its XML."""
    body = "".join(
        f'<row r="{r}">{"".join(_cell(value, f"{column(c)}{r}", from_1904=from_1904) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, 1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{after}</worksheet>'


def packed(sheets: dict[str, str], *, from_1904: bool = False, more: dict[str, bytes] | None = None) -> bytes:
    """Put sheets that are written already into a workbook."""
    out = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    relations = "".join(f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in zip(numbers, sheets, strict=True))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{_EPOCH if from_1904 else ""}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for n, text in zip(numbers, sheets.values(), strict=True):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", text)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[Cell]], *, from_1904: bool = False, merged: str = "", **others: Sequence[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet, or more by their names."""
    after = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    sheets = {"Movements": sheet_xml(rows, from_1904=from_1904, after=after)}
    return packed(sheets | {name: sheet_xml(more, from_1904=from_1904) for name, more in others.items()}, from_1904=from_1904)
