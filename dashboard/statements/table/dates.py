"""Dates: what a cell could be as one, which of day and month stands first over all rows, and the year where none is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from dashboard.periods import utc_now
from dashboard.statements.table.vocabulary import fold
from dashboard.statements.table.weights import ORDER

LONGEST_CELL = 45
DAY_FIRST_CURRENCIES = frozenset(
    "EUR GBP CHF PLN CZK HUF DKK NOK SEK RON BGN HRK AUD NZD INR BRL MXN ARS COP CLP ZAR SGD HKD TRY RUB UAH ILS THB IDR MYR".split()
)
# From December to January the month falls by so many at least; within a statement it never does.
LEAP = 6
# A period covers no more than a year, and a row may be a few days off.
LONGEST_PERIOD, OFF = timedelta(days=370), timedelta(days=7)
_DATE = re.compile(
    r"(?<![\w./])(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}[ -][^\W\d_]{3,12}\.?,?[ -]\d{2,4}|[^\W\d_]{3,12}\.? \d{1,2},? \d{4})(?![\w/])"
)
# A name that two languages give to different months stands where most people mean it; the other dates of the file decide.
_NAMES = (
    """january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuu tammi styczen stycznia sty leden ledna jaanuar
    sausio janvaris ocak oca января янв ianuarie ian januara ιαν gener janar sichnya січня януари јануари јан jaan ianouarios
    ιανουαριου ינואר يناير""",
    """february feb februar fevrier fevr fev febrero febbraio fevereiro februari helmikuu helmi luty lutego lut unor unora veebruar
    vasario subat sub февраля фев februarie februara φεβ febrer shkurt shk лютого февруари феб veebr φεβρουαριου פברואר فبراير""",
    """march mar marz maerz mrz mars marzo marco maart maaliskuu maalis marzec marca brezen brezna marts kovo mart mrt марта мар martie
    μαρ marc maret mac martius березня март marcius μαρτιου מרץ מרס مارس""",
    """april apr avril avr abril abr aprile aprill huhtikuu huhti kwiecien kwietnia kwi duben dubna balandzio nisan nis апреля апр
    aprilie aprilis aprila απρ prill pri квітня април απριλιου אפריל ابريل""",
    """may mai mayo maggio mag maio mei toukokuu touko maj maja kveten kvetna geguzes mayis мая май maijs majus μαι maig травня мај
    μαιου מאי مايو""",
    """june jun juni juin junio giugno giu junho kesakuu kesa czerwiec czerwca cze cerven cervna juuni birzelio haziran haz июня июн
    iunie junijs junius juna ιουν juny qershor qer червня юни јун ιουνιου יוני يونيو""",
    """july jul juli juillet juil julio luglio lug julho heinakuu heina lipiec lipca lip cervenec cervence juuli liepos temmuz tem июля
    июл iulie julijs julius jula ιουλ juliol korrik kor липня юли јул ιουλιου יולי يوليو""",
    """august aug aout agosto ago augustus elokuu elo sierpien sierpnia sie srpen srpna rugpjucio agustos agu августа авг augusti
    augusts augusztus avgust avgusta αυγ agost gusht gus ags ogos agust серпня avg август αυγουστου אוגוסט اغسطس""",
    """september sep sept septembre septiembre settembre set setembro syyskuu syys wrzesien wrzesnia wrz zari rugsejo eylul eyl
    сентября сен septembrie septembris szeptember σεπ setembre shtator sht szept вересня септември сеп σεπτεμβριου ספטמבר سبتمبر""",
    """october oct oktober okt octobre octubre ottobre ott outubro out lokakuu loka pazdziernik pazdziernika paz rijen rijna oktoober
    spalio ekim eki октября окт octombrie oktobris oktobar οκτ tetor tet жовтня октомври οκτωβριου אוקטובר اكتوبر""",
    """november nov novembre noviembre novembro marraskuu marras listopad listopada lis listopadu lapkricio kasim kas ноября ноя
    noiembrie novembris νοε nentor nen nandor листопада ноември ное νοεμβριου נובמבר نوفمبر""",
    """december dec dezember dez decembre diciembre dic dicembre dezembro desember des joulukuu joulu grudzien grudnia gru prosinec
    prosince detsember gruodzio aralik ara декабря дек decembrie decembris δεκ desembre dhjetor dhj dis грудня декември δεκεμβριου
    דצמבר ديسمبر""",
)
MONTHS = {fold(name): number for number, names in enumerate(_NAMES, 1) for name in names.split()}


class DateShape(NamedTuple):
    """A cell that could be a date: year first, open (two numbers and a year), or with the month named.

    kind: ymd, open, named; year is None where the cell has none. short: its year has two digits, so the first number
    could be the year as well.
    """

    kind: str
    first: int
    second: int
    year: int | None
    dotted: bool = False
    short: bool = False


_TIME = r"(?:[T ,.-]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.:,]\d+)?\s*(?:[AaPp]\.?[Mm]\.?)?(?:\s*(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{2,4}))?)?"
_YMD = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?" + _TIME + r"(?:-[\d.]+)?")
# Years of the Republic of China (113/03/01) and of the emperor (R6.3.1, 令和6年3月1日).
_ROC = re.compile(r"(1\d{2})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_ERA = re.compile(
    r"(R|H|S|\u4ee4\u548c|\u5e73\u6210|\u662d\u548c)\s?(\d{1,2}|\u5143)(?:[./-]|\u5e74)\s?(\d{1,2})(?:[./-]|\u6708)\s?(\d{1,2})\u65e5?"
    + _TIME
)
_ERAS = {"R": 2018, "H": 1988, "S": 1925, "\u4ee4\u548c": 2018, "\u5e73\u6210": 1988, "\u662d\u548c": 1925}
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?" + _TIME)
_COMPACT_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})")
_OPEN = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|'?\d{2})\.?" + _TIME)
_CJK = re.compile(r"(?:(\d{4})\s*[\u5e74\ub144])?\s*(\d{1,2})\s*[\u6708\uc6d4]\s*(\d{1,2})\s*[\u65e5\uc77c]?" + _TIME)
_NO_YEAR = re.compile(r"(\d{1,2})([/-])(\d{1,2})|(\d{1,2})\.(\d{1,2})\.")
_DAY_MONTH = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[-/ .]?\s*(?:de\s+)?"
    r"([^\W\d_]{3,12})\.?,?[-/ .]?\s*(?:de\s+)?(\d{4}|\d{2})?\.?" + _TIME
)
_MONTH_DAY = re.compile(r"(?:[^\W\d_]{2,9}\.?,?\s+)?([^\W\d_]{3,12})\.?[-/ ]\s*(\d{1,2})(?:st|nd|rd|th)?,?[-/ ]?\s*(\d{4})?" + _TIME)


@lru_cache(maxsize=100_000)
def date_shape(cell: str) -> DateShape | None:
    """Return what the cell could be as a date, None where it cannot be one."""
    if not 3 <= len(cell) <= LONGEST_CELL or not any(c.isdigit() for c in cell):
        return None
    if match := _YMD.fullmatch(cell):
        return DateShape("ymd", int(match[3]), int(match[4]), _common_era(int(match[1])))
    if match := _COMPACT.fullmatch(cell):
        return _compact(cell, match)
    if match := _OPEN.fullmatch(cell):
        return DateShape("open", int(match[1]), int(match[3]), _year(match[4]), match[2] == ".", len(match[4]) == 2)
    if match := _CJK.fullmatch(cell):
        return DateShape("ymd", int(match[2]), int(match[3]), int(match[1]) if match[1] else None)
    if match := _ROC.fullmatch(cell):
        return DateShape("ymd", int(match[3]), int(match[4]), int(match[1]) + 1911)
    if match := _ERA.fullmatch(cell):
        return DateShape("ymd", int(match[3]), int(match[4]), _ERAS[match[1]] + (1 if match[2] == "\u5143" else int(match[2])))
    if match := _NO_YEAR.fullmatch(cell):
        dotted = match[4] is not None
        return DateShape("open", int(match[4] or match[1]), int(match[5] or match[3]), None, dotted)
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.fullmatch(cell)
        if match and (month := MONTHS.get(fold(match[month_group]))):
            return DateShape("named", month, int(match[day_group]), _year(match[3]) if match[3] else None)
    return None


def _compact(cell: str, match: re.Match[str]) -> DateShape | None:
    """Return what digits without marks could be as a date: 20240301, or 01032024."""
    if 1950 <= int(match[1]) <= 2100 and 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
        return DateShape("ymd", int(match[2]), int(match[3]), int(match[1]))
    if (day := _COMPACT_DAY.fullmatch(cell)) and 1950 <= int(day[3]) <= 2100 and 1 <= int(day[1]) <= 31 and 1 <= int(day[2]) <= 31:
        return DateShape("open", int(day[1]), int(day[2]), int(day[3]))
    return None


def _year(text: str) -> int:
    year = int(text.strip("'"))
    if len(text.strip("'")) > 2:
        return _common_era(year)
    # Two-digit years: statements are not older than 1970.
    return year + (2000 if year < 70 else 1900)


def _common_era(year: int) -> int:
    """Return the year, counted from Buddha where no other count fits: 2567 is 2024."""
    return year - 543 if 2443 <= year <= 2643 else year


def to_date(shape: DateShape, order: str, year: int | None = None) -> date | None:
    """Return the date under an order (dmy, mdy or ymd), None where the calendar has no such day."""
    month, day = (shape.first, shape.second) if shape.kind != "open" or order == "mdy" else (shape.second, shape.first)
    stated = shape.year
    if order == "ymd" and shape.short and stated is not None:
        day, stated = stated % 100, 2000 + shape.first if shape.first < 70 else 1900 + shape.first
    if stated is None and year is None:
        return None
    try:
        found = date(stated if stated is not None else year or 0, month, day)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def order_of(
    columns: list[list[DateShape | None]],
    *,
    delimiter: str,
    mark: str,
    currencies: set[str],
    foreign_heads: bool,
    eastern_heads: bool = False,
) -> tuple[str, float, bool]:
    """Decide the order of open dates (1/2/2026).

    Args:
        columns: the date columns over the core rows, the leading one first; cells that are no date are None.
        delimiter, mark, currencies, foreign_heads, eastern_heads: what else the file shows of its country.

    Returns:
        (order, lead, differs): dmy, mdy or ymd (nothing open, or 24/03/01); by how many points it leads;
        whether the other order would give other, possible dates.
    """
    scores = {"dmy": 0.0, "mdy": 0.0}
    open_seen = False
    for rank, shapes in enumerate(columns):
        open_cells = [s for s in shapes if s is not None and s.kind == "open"]
        if not open_cells:
            continue
        open_seen = True
        _weigh(open_cells, 1.0 if rank == 0 else ORDER.second, scores)
    if not open_seen or _year_first(columns[0], eastern_heads):
        return "ymd", ORDER.certain, False
    _agree_with_sure_columns(columns, scores)
    if delimiter == ";" or mark == ",":
        scores["dmy"] += ORDER.format
    if currencies & DAY_FIRST_CURRENCIES:
        scores["dmy"] += ORDER.currency
    if "USD" in currencies:
        scores["mdy"] += ORDER.currency
    if foreign_heads:
        scores["dmy"] += ORDER.language
    order = "dmy" if scores["dmy"] >= scores["mdy"] else "mdy"
    return order, abs(scores["dmy"] - scores["mdy"]), _differs(columns)


def _weigh(open_cells: list[DateShape], weight: float, scores: dict[str, float]) -> None:
    """Add to the scores of the orders what one column's open dates say."""
    # 31/02 is no day at all, and still only a day-first file would write it.
    days_first = sum(1 for s in open_cells if s.first > 12)
    days_second = sum(1 for s in open_cells if s.second > 12)
    if days_first != days_second:
        scores["dmy" if days_first > days_second else "mdy"] += ORDER.impossible
        return
    if any(s.dotted for s in open_cells):
        scores["dmy"] += ORDER.dotted * weight
    firsts, seconds = {s.first for s in open_cells}, {s.second for s in open_cells}
    regular = _each_once(open_cells, firsts, seconds)
    if len(open_cells) >= 2 and len(firsts) != len(seconds) and not regular:
        # Days take more different values than months.
        lead = min(ORDER.variety_most, ORDER.variety * abs(len(firsts) - len(seconds)))
        scores["dmy" if len(firsts) > len(seconds) else "mdy"] += lead * weight
    for order in scores:
        scores[order] += _sorted_points([to_date(s, order, 2000) for s in open_cells]) * weight
    scores[_nearer_span(open_cells)] += ORDER.nearer if len(open_cells) > 2 and firsts != seconds and not regular else 0.0


def _year_first(shapes: list[DateShape | None], eastern_heads: bool) -> bool:
    """Say whether 24/03/01 begins with its year: read so, a statement covers weeks, and otherwise many years."""
    cells = [s for s in shapes if s is not None]
    if not cells or not all(s.kind == "open" and s.short and to_date(s, "ymd") for s in cells):
        return False
    soon = utc_now().date() + timedelta(days=366)
    if any(s.dotted or (told := to_date(s, "ymd")) is None or told > soon for s in cells) and not eastern_heads:
        return False
    spans = {order: _span(cells, order) for order in ("dmy", "mdy", "ymd") if all(to_date(s, order) for s in cells)}
    year_first, other = spans.pop("ymd"), min(spans.values(), default=None)
    if other is None or (eastern_heads and year_first <= other):
        return True
    return other > ORDER.year_first_days and year_first * ORDER.year_first_times < other


def _each_once(cells: list[DateShape], firsts: set[int], seconds: set[int]) -> bool:
    """Say whether 01/05, 02/05, 03/05 … could be the first of each month as well as each day of one: one row for every step, none twice."""
    few, many = sorted((firsts, seconds), key=len)
    return len(few) == 1 and 3 <= len(many) == len(cells) == max(many) - min(many) + 1


def _span(cells: list[DateShape], order: str) -> int:
    days = [day for s in cells if (day := to_date(s, order))]
    return (max(days) - min(days)).days if days else 0


def _sorted_points(days: list[date | None]) -> float:
    real = [day for day in days if day is not None]
    if len(real) < 3 or len(set(real)) < 3:
        return 0.0
    up = sum(1 for a, b in pairwise(real) if a <= b)
    down = sum(1 for a, b in pairwise(real) if a >= b)
    return ORDER.sorted * max(up, down) / (len(real) - 1)


def _nearer_span(cells: list[DateShape]) -> str:
    """Return the order under which the statement covers the shorter time."""
    spans = {}
    for order in ("dmy", "mdy"):
        days = [day for s in cells if (day := to_date(s, order, 2000))]
        spans[order] = (max(days) - min(days)).days if days else 0
    return "dmy" if spans["dmy"] <= spans["mdy"] else "mdy"


def _agree_with_sure_columns(columns: list[list[DateShape | None]], scores: dict[str, float]) -> None:
    """Let a column whose dates are sure speak for an open one: two dates of a row lie days apart, not months."""
    sure = [c for c in columns if any(s is not None and s.kind != "open" and s.year for s in c)]
    for other in columns:
        if not sure or other is sure[0] or not any(s is not None and s.kind == "open" for s in other):
            continue
        for order in scores:
            gaps = []
            for a, b in zip(sure[0], other, strict=True):
                if a is None or b is None or a.kind == "open":
                    continue
                first, second = to_date(a, "dmy"), to_date(b, order, a.year)
                if first and second:
                    gaps.append(abs((first - second).days) <= ORDER.beside_days)
            if gaps:
                scores[order] += ORDER.beside * sum(gaps) / len(gaps)


def _differs(columns: list[list[DateShape | None]]) -> bool:
    return any(
        s is not None and s.kind == "open" and s.first != s.second and to_date(s, "dmy", 2000) and to_date(s, "mdy", 2000)
        for s in columns[0]
    )


@dataclass(frozen=True)
class Years:
    """Which year dates without one are in: `last`, and the one before from the month `turn` on, where New Year lies among them."""

    last: int | None = None
    turn: int = 13

    def day(self, shape: DateShape, order: str) -> date | None:
        """Return the day of a cell, None where the calendar has none."""
        if self.last is not None and shape.year is None and _month(shape, order) >= self.turn:
            return to_date(shape, order, self.last - 1)
        return to_date(shape, order, self.last)


def turn_of(shapes: Iterable[DateShape | None], order: str) -> int:
    """Return the month from which on dates without a year are the older year's, 13 where no New Year lies among them."""
    months = [_month(s, order) for s in shapes if s is not None and s.year is None]
    jumps = [(i, a < b) for i, (a, b) in enumerate(pairwise(months), 1) if abs(a - b) >= LEAP]
    if len(jumps) != 1:
        return 13
    place, newest_first = jumps[0]
    older, newer = (months[place:], months[:place]) if newest_first else (months[:place], months[place:])
    return min(older) if min(older) > max(newer) else 13


def year_of_period(above: Iterable[str], shapes: Iterable[DateShape | None], order: str, turn: int) -> int | None:
    """Return the year that a period above the table tells, where all of its rows lie in it."""
    cells = [s for s in shapes if s is not None and s.year is None]
    # The period may be written the other way round than the rows are: 17 Dec beside 12/17/2023.
    for line, way in product(above, dict.fromkeys((order, "dmy", "mdy"))):
        told = [day for found in _DATE.findall(line) if (shape := date_shape(found)) and shape.year and (day := to_date(shape, way))]
        if len(told) < 2 or not told[0] <= told[-1] <= told[0] + LONGEST_PERIOD:
            continue
        for year in (told[-1].year, told[0].year):
            days = [Years(year, turn).day(s, order) for s in cells]
            if days and all(day is not None and told[0] - OFF <= day <= told[-1] + OFF for day in days):
                return year
    return None


def _month(shape: DateShape, order: str) -> int:
    return shape.first if shape.kind != "open" or order == "mdy" else shape.second
