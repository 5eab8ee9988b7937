"""The household of the sample data: 24 months of a family of four, made up by rules and a fixed seed.

Amounts here are hundredths of a euro; demo.py turns them into the book's currency. Whole months are made and then cut
at today, so that the day says only how much of the last month is there; the seed is that month alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

from dashboard.periods import add_months, first_day, last_day, month_of, months_between, same_day

MONTHS = 24
CURRENT, SAVINGS, BROKERAGE, CARD, LOAN = "Current", "Savings", "Brokerage", "Credit card", "Car loan"
# (name, kind, opening balance)
ACCOUNTS = (
    (CURRENT, "checking", 218_000),
    (SAVINGS, "savings", 124_000),
    (BROKERAGE, "investment", 490_500),
    (CARD, "card", -48_620),
    (LOAN, "loan", -618_000 - MONTHS * 31_000),
)
# (category, amount, carried over): in force from the first month on.
BUDGETS = (
    ("Housing", 138_000, False),
    ("Groceries", 62_000, False),
    ("Childcare", 42_000, False),
    ("Transport", 18_000, False),
    ("Utilities", 21_500, False),
    ("Insurance", 10_000, True),
    ("Phone & internet", 7_500, False),
    ("Health", 11_500, False),
    ("Eating out", 24_000, False),
    ("Clothing", 16_000, False),
    ("Pets", 18_000, False),
    ("Fun & events", 15_000, False),
    ("Subscriptions", 6_000, False),
    ("Travel", 23_000, True),
    ("Home & garden", 21_000, False),
    ("Gifts", 6_500, True),
)
BONUS = "End-of-year bonus"
HEADING_FOR, LARGEST_SO_FAR = 68_000, 61_200
OVER, DINNER = 26_600, 11_850

ALL, ODD = tuple(range(1, 13)), (1, 3, 5, 7, 9, 11)
# What comes on its day: (day, months, account, category, payee, bank's words, amount, give or take, note)
FIXED = (
    (1, ALL, CURRENT, "Housing", "Northside Lettings", "STO NORTHSIDE LETTINGS RENT", -138_000, 0, ""),
    (2, ALL, CURRENT, "Childcare", "Little Oaks Nursery", "DD LITTLE OAKS NURSERY LTD", -42_000, 0, ""),
    (7, ALL, CURRENT, "Phone & internet", "Fibre Direct", "DD FIBRE DIRECT IRL", -4_500, 0, ""),
    (21, ALL, CURRENT, "Phone & internet", "Tesco Mobile", "DD TESCO MOBILE IRELAND", -2_200, 0, ""),
    (9, ALL, CURRENT, "Utilities", "Bright Electric", "DD BRIGHT ELECTRIC", -9_600, 1_400, ""),
    (14, ODD, CURRENT, "Utilities", "Gas Networks", "DD GAS NETWORKS IRL", -6_700, 900, "{bill} bill"),
    (20, ODD, CURRENT, "Utilities", "City Water", "DD CITY WATER", -2_750, 0, ""),
    (6, ALL, CURRENT, "Insurance", "Harbour Life", "DD HARBOUR LIFE ASSURANCE", -4_680, 0, ""),
    (5, (3,), CURRENT, "Insurance", "Allianz Home & Car", "ALLIANZ MOTOR POLICY 71190", -48_600, 0, "Car, whole year #car"),
    (5, (11,), CURRENT, "Insurance", "Allianz Home & Car", "ALLIANZ HOME POLICY 20418", -11_820, 0, "Home, whole year"),
    (15, ALL, CURRENT, "Subscriptions", "Spotify Family", "SPOTIFY P2F1", -1_799, 0, ""),
    (8, ALL, CARD, "Subscriptions", "Netflix", "NETFLIX.COM", -1_499, 0, ""),
    (19, ALL, CARD, "Subscriptions", "iCloud+", "APPLE.COM/BILL", -299, 0, ""),
    (23, ALL, CARD, "Subscriptions", "The Guardian", "GUARDIAN NEWS & MEDIA", -1_200, 0, ""),
    (13, ALL, CURRENT, "Learning", "Piano Lessons", "P KEARNEY MUSIC", -3_000, 0, "#kids"),
    (10, ALL, CARD, "Pets", "Paws & Claws", "PAWS AND CLAWS D8", -3_800, 500, ""),
    (12, (5, 11), CURRENT, "Pets", "Riverside Vets", "RIVERSIDE VETERINARY", -12_800, 1_000, "Vaccinations #milo"),
    (11, (2, 5, 8), CURRENT, "Health", "Dr Nolan", "DR A NOLAN FAMILY PRACTICE", -6_500, 0, ""),
    (17, (10,), CURRENT, "Health", "Bridge Dental", "BRIDGE DENTAL CLINIC", -6_500, 500, "Check-up #family"),
    (26, (3, 9), CURRENT, "Health", "Laya Health", "LAYA HEALTHCARE CLAIM 5582", 4_500, 0, "Refund of the GP"),
    (31, ALL, SAVINGS, "Other income", "Interest", "CREDIT INTEREST", 760, 90, ""),
    (28, (3, 6, 9, 12), BROKERAGE, "Other income", "Dividends", "DISTRIBUTION WORLD INDEX", 6_120, 700, ""),
    (22, (5,), CURRENT, "Other income", "Revenue", "REVENUE TAX REFUND", 31_240, 2_000, "Medical expenses"),
    (24, (2, 6, 10), CURRENT, "Other income", "Marketplace", "ADVERTS PAYOUT", 4_500, 1_500, "Outgrown clothes #kids"),
    # The summer holiday, the autumn break, and what was left over of the deposit.
    (17, (2,), CARD, "Travel", "Aer Lingus", "AER LINGUS 0534 DUBLIN", -64_380, 3_000, "Four seats to Faro #algarve"),
    (3, (7,), CARD, "Travel", "Casa do Mar", "CASA DO MAR ALOJAMENTO", -118_000, 4_000, "Two weeks #algarve"),
    (4, (7,), CARD, "Travel", "Sol Car Hire", "SOL RENT A CAR FARO", -26_400, 1_000, "#algarve"),
    (6, (8,), CURRENT, "Travel", "Casa do Mar", "CASA DO MAR REEMBOLSO", 15_000, 0, "Deposit back #algarve"),
    (24, (10,), CARD, "Travel", "Lakeside Hotel", "LAKESIDE HOTEL KILLARNEY", -22_400, 1_500, "Autumn break"),
    # Birthdays and Christmas.
    (16, (1, 4, 8), CARD, "Gifts", "Toymaster", "TOYMASTER 0091", -4_200, 900, "Birthday #kids"),
    (7, (5,), CARD, "Gifts", "Bloom & Stem", "BLOOM AND STEM FLORIST", -3_800, 300, "Mother\u2019s Day #family"),
    (5, (12,), CARD, "Gifts", "Toymaster", "TOYMASTER 0091", -16_400, 2_000, "#christmas #kids"),
    (9, (12,), CARD, "Gifts", "Chapters Books", "CHAPTERS BOOKSTORE", -8_700, 900, "#christmas"),
    (13, (12,), CARD, "Gifts", "Weir Jewellers", "WEIR JEWELLERS DUBLIN", -18_500, 1_500, "For Mara #christmas"),
    (19, (12,), CURRENT, "Gifts", "Kilkenny Design", "KILKENNY DESIGN CENTRE", -11_200, 1_400, "Grandparents #christmas"),
    (8, (12,), CURRENT, "Home & garden", "Wicklow Trees", "WICKLOW CHRISTMAS TREES", -5_500, 400, "#christmas"),
)
# What comes with the week: (weekday, of 100 weeks, account, category, payee, bank's words, least, most)
WEEKLY = (
    (5, 96, CARD, "Groceries", "SuperValu", "SUPERVALU 2231 RATHMINES", 4_600, 6_900),
    (1, 92, CARD, "Groceries", "Lidl", "LIDL 0417 DUBLIN 8", 1_900, 3_600),
    (3, 88, CURRENT, "Groceries", "Lidl", "LIDL 0417 DUBLIN 8", 1_700, 3_400),
    (6, 85, CARD, "Groceries", "Corner Bakery", "CORNER BAKERY", 560, 1_040),
    (4, 60, CARD, "Groceries", "Fresh Basket Market", "FRESH BASKET MKT", 900, 2_000),
    (0, 80, CARD, "Eating out", "Bean & Leaf", "SUMUP BEAN AND LEAF", 420, 890),
    (2, 75, CARD, "Eating out", "Bean & Leaf", "SUMUP BEAN AND LEAF", 420, 890),
    (4, 45, CARD, "Eating out", "Noodle Box", "NOODLE BOX RATHMINES", 1_890, 2_950),
    (0, 35, CURRENT, "Transport", "City Transit", "CITY TRANSIT APP 4411", 450, 900),
    (2, 65, CURRENT, "Transport", "City Transit", "CITY TRANSIT APP 4411", 450, 450),
    (4, 40, CARD, "Transport", "Bike Share", "BIKE SHARE DUBLIN", 287, 687),
    (5, 22, CARD, "Fun & events", "Odeon Cinema", "ODEON POINT SQUARE", 1_806, 3_150),
    (6, 25, CARD, "Fun & events", "Markievicz Pool", "DCC MARKIEVICZ LEISURE", 780, 1_260),
)
# What comes now and then: (least and most a month, account, category, payee, bank's words, least, most)
SOMETIMES = (
    (1, 2, CARD, "Eating out", "Trattoria Nonna", "TRATTORIA NONNA", 4_450, 6_900),
    (1, 2, CARD, "Transport", "Circle K", "CIRCLE K NAAS ROAD", 4_200, 5_600),
    (0, 2, CURRENT, "Transport", "ParkRite", "PARKRITE DRURY ST", 380, 950),
    (0, 2, CARD, "Clothing", "Second Story", "SECOND STORY DUBLIN", 1_600, 4_600),
    (0, 2, CARD, "Clothing", "Penneys", "PENNEYS MARY ST", 1_250, 4_300),
    (1, 2, CURRENT, "Health", "Hickey\u2019s Pharmacy", "HICKEYS PHARMACY 14", 790, 2_350),
    (0, 2, CARD, "Home & garden", "Woodie\u2019s", "WOODIES SALLYNOGGIN", 1_500, 6_200),
    (0, 1, CARD, "Home & garden", "IKEA", "IKEA BALLYMUN", 3_400, 9_800),
    (0, 1, CARD, "Learning", "Chapters Books", "CHAPTERS BOOKSTORE", 1_100, 2_900),
    (0, 1, CARD, "Personal care", "The Cutting Room", "CUTTING ROOM D6", 3_200, 6_800),
    (0, 1, CARD, "Personal care", "Boots", "BOOTS 0622 GRAFTON ST", 880, 2_600),
    (0, 1, CURRENT, "Fun & events", "Ticketmaster", "TICKETMASTER IE", 2_400, 4_800),
)
# What it was in the first of the two years.
ONCE = {
    "Northside Lettings": -132_000,
    "Little Oaks Nursery": -39_500,
    "Netflix": -1_299,
    "Harbour Analytics": 339_000,
    "Studio Ames": 213_000,
}
ABROAD = (
    ("Pingo Doce", "PINGO DOCE LAGOS"),
    ("O Camilo", "RESTAURANTE O CAMILO"),
    ("Zoomarine", "ZOOMARINE ALBUFEIRA"),
    ("Galp", "GALP A22"),
)
NEW = (  # what came last and nobody has put anywhere: (days ago, account, payee, bank's words, amount)
    (6, CARD, "Zettle *RVRSD", "ZETTLE *RVRSD DUBLIN", -950),
    (4, CURRENT, "PayPal *MKTPL", "PAYPAL *MKTPL 35314369001", -1_340),
    (2, CARD, "SumUp *8841", "SUMUP *8841 DUB", -2_400),
)
# From this day on there is room in the month's groceries for a basket of a certain price.
ROOM = 8
NEWEST = 2


class Part(NamedTuple):
    """One part of a split entry."""

    category: str
    cents: int
    note: str


class Entry(NamedTuple):
    """One thing that happened; `to` is the account that got what left this one, `parts` sum to the whole."""

    day: date
    account: str
    category: str | None
    payee: str
    text: str
    cents: int
    note: str = ""
    parts: tuple[Part, ...] = ()
    to: str = ""
    reviewed: bool = True


def household(today: date) -> list[Entry]:
    """Return what happened in the 24 months until today, in the order of days; one category is over, one heading over its budget."""
    last = month_of(today)
    luck = random.Random(f"sample data {last}")  # noqa: S311 - made-up shopping, not a secret
    entries: list[Entry] = []
    held, owed = ACCOUNTS[0][2], -ACCOUNTS[3][2]
    for month in months_between(add_months(last, 1 - MONTHS), last):
        made = [*_fixed(month, luck), *_weekly(month, luck), *_sometimes(month, luck), *_special(month, luck), *_moved(month, owed)]
        if month <= add_months(last, -12):
            made = [e._replace(cents=ONCE.get(e.payee, e.cents)) if e.note != BONUS else e for e in made]
        owed = -sum(e.cents for e in made if e.account == CARD)
        held += sum(e.cents for e in made if e.account == CURRENT) - sum(e.cents for e in made if e.to == CURRENT)
        # What is more than a month needs goes where it earns something.
        if (spare := (held - 240_000) // 5_000 * 5_000) > 0:
            made.append(Entry(same_day(month, 27), CURRENT, None, "To Savings", "TRANSFER 8834 SPARE", -spare, to=SAVINGS))
            held -= spare
        entries += made
    entries = [e for e in entries if e.day <= today]
    entries += _new(today)
    entries = _heading_over(_over(entries, today), today)
    entries.sort(key=lambda e: e.day)
    return [*entries[:-NEWEST], *(e._replace(reviewed=False) for e in entries[-NEWEST:])]


def _fixed(month: int, luck: random.Random) -> Iterator[Entry]:
    bill = "\u2013".join(first_day(add_months(month, -n)).strftime("%b") for n in (2, 1))
    for day, months, account, category, payee, text, cents, around, note in FIXED:
        drawn = luck.randint(-around, around)
        if month % 100 in months:
            yield Entry(same_day(month, day), account, category, payee, text, cents + drawn, note.format(bill=bill))


def _weekly(month: int, luck: random.Random) -> Iterator[Entry]:
    for n in range(last_day(month).day):
        day = first_day(month) + timedelta(days=n)
        for weekday, chance, account, category, payee, text, least, most in WEEKLY:
            if day.weekday() == weekday and luck.randrange(100) < chance:
                yield Entry(day, account, category, payee, text, -luck.randint(least, most))
    yield Entry(first_day(month), CARD, "Groceries", "Corner Bakery", "CORNER BAKERY", -luck.randint(560, 1_040))
    # The shop that fills the cupboards comes with the month's end: it is what the projection has to know.
    yield Entry(
        last_day(month), CARD, "Groceries", "SuperValu", "SUPERVALU 2231 RATHMINES", -luck.randint(7_600, 9_900), "Monthly stock-up"
    )


def _sometimes(month: int, luck: random.Random) -> Iterator[Entry]:
    for least, most, account, category, payee, text, low, high in SOMETIMES:
        for _ in range(luck.randint(least, most)):
            yield Entry(same_day(month, luck.randint(1, 28)), account, category, payee, text, -luck.randint(low, high))


def _special(month: int, luck: random.Random) -> Iterator[Entry]:
    """Yield pay, cash, a purchase in several categories, something sent back, and the days abroad."""
    name = first_day(month).strftime("%b").upper()
    yield Entry(_workday(same_day(month, 3)), CURRENT, "Salary", "Harbour Analytics", f"SALARY {name} HARBOUR ANALYTICS", 348_000)
    yield Entry(_workday(same_day(month, 15)), CURRENT, "Salary", "Studio Ames", f"SALARY {name} STUDIO AMES", 218_000)
    if month % 100 == 12:
        text = "BONUS HARBOUR ANALYTICS"
        yield Entry(_workday(same_day(month, 18)), CURRENT, "Salary", "Harbour Analytics", text, 240_000, BONUS)
    day, groceries, home = luck.randint(4, 26), luck.randint(2_200, 3_400), luck.randint(900, 2_200)
    basket = (Part("Groceries", -groceries, ""), Part("Home & garden", -home, ""))
    yield Entry(same_day(month, day), CARD, None, "Fresh Basket Market", "FRESH BASKET MKT", -groceries - home, "", basket)
    cash = (Part("Personal care", -3_500, "Barber"), Part("Fun & events", -1_500, "Pocket money #kids"))
    if month % 2:
        yield Entry(same_day(month, 12), CURRENT, None, "Cash machine", "ATM 0042 RATHMINES RD", -5_000, "", cash)
    else:
        yield Entry(same_day(month, 12), CURRENT, "Fun & events", "Cash machine", "ATM 0042 RATHMINES RD", -3_000, "Fairground #kids")
    if month % 3 == 0:
        price = luck.randint(2_990, 5_900)
        yield Entry(same_day(month, 11), CARD, "Clothing", "Nordic Kids", "NORDICKIDS.COM", -price, "Snowsuit #kids")
        yield Entry(same_day(month, 24), CARD, "Clothing", "Nordic Kids", "NORDICKIDS.COM REFUND", price, "Sent back: too small")
    if month % 100 == 7:
        for n in range(9):
            payee, text = ABROAD[n % len(ABROAD)]
            yield Entry(same_day(month, 4 + n), CARD, "Travel", payee, text, -luck.randint(2_400, 7_400), "#algarve")


def _workday(day: date) -> date:
    """Return the day, or the Friday before it."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _moved(month: int, owed: int) -> Iterator[Entry]:
    """Yield what moves between the family's own accounts."""
    yield Entry(same_day(month, 6), CURRENT, None, "Credit card payment", "DD CARD SERVICES FULL BALANCE", -owed, to=CARD)
    yield Entry(same_day(month, 16), CURRENT, None, "To Brokerage", "STO SAVINGS PLAN WORLD INDEX", -70_000, to=BROKERAGE)
    yield Entry(same_day(month, 10), CURRENT, None, "Car loan", "STO CAR FINANCE 60417", -31_000, to=LOAN)
    yield Entry(same_day(month, 14), CURRENT, None, "To Savings", "TRANSFER 8834", -50_000, to=SAVINGS)
    if month % 100 == 8:
        yield Entry(same_day(month, 1), SAVINGS, None, "From Savings", "TRANSFER 8834 HOLIDAY", -200_000, "#algarve", to=CURRENT)


def _new(today: date) -> Iterator[Entry]:
    for ago, account, payee, text, cents in NEW:
        yield Entry(today - timedelta(days=ago), account, None, payee, text, cents, reviewed=False)
    if today.day >= ROOM:
        basket = (Part("Groceries", -3_812, ""), Part("Home & garden", -1_650, "Party plates"))
        day, note = today - timedelta(days=2), "Party snacks #home"
        yield Entry(day, CARD, None, "Fresh Basket Market", "FRESH BASKET MKT", -5_462, note, basket)
    yield Entry(today, CARD, "Groceries", "Lidl", "LIDL 0417 DUBLIN 8", -2_790)
    yield Entry(today, CURRENT, "Transport", "City Transit", "CITY TRANSIT APP 4411", -450)


def spent(entries: list[Entry], category: str, start: date, end: date) -> int:
    """Return what was spent in a category from one day to another, both included, parts of splits too."""
    within = [e for e in entries if start <= e.day <= end]
    whole = sum(e.cents for e in within if e.category == category)
    return -whole - sum(p.cents for e in within for p in e.parts if p.category == category)


def _over(entries: list[Entry], today: date) -> list[Entry]:
    """Add the dinner that takes this month's eating out over its budget, whatever day it is."""
    start = today.replace(day=1)
    bill = max(DINNER, OVER - spent(entries, "Eating out", start, today))
    day = max(start, today - timedelta(days=4))
    return [*entries, Entry(day, CARD, "Eating out", "Trattoria Nonna", "TRATTORIA NONNA", -bill, "Dad\u2019s birthday #family")]


def _heading_over(entries: list[Entry], today: date) -> list[Entry]:
    """Fit this month's groceries to what the last six months spent after this day, so that they head over their budget."""
    start, month = today.replace(day=1), month_of(today)
    rests = [
        spent(entries, "Groceries", same_day(m, today.day) + timedelta(days=1), last_day(m))
        for m in (add_months(month, -n) for n in range(1, 7))
    ]
    wanted = min(HEADING_FOR - int(median(rests)), LARGEST_SO_FAR)
    plain = [e for e in entries if e.day >= start and e.category == "Groceries"]
    whole = -sum(e.cents for e in plain)
    rest = wanted - (spent(entries, "Groceries", start, today) - whole)
    return [e._replace(cents=-(max(1, -e.cents * rest // whole))) if e in plain else e for e in entries]
