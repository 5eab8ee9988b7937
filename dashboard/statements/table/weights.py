"""What counts how much where a table does not say what it means: the points and the shares of every decision, in one place.

Points are added up and compared within one decision. Shares are of rows or cells, from 0 to 1. Strengths are lengths of words: a
head says a role the more strongly, the longer the phrase that names it.
"""

from __future__ import annotations

from typing import NamedTuple


class _Table(NamedTuple):
    """Where a table begins: which rows are its own, and which line above them holds its heads."""

    anchor: float = 0.8  # share of the dates of the fullest column, from which on a column further left leads
    head_fill: float = 0.3  # points of a line of heads that fills as many cells as rows do
    head_distance: float = -0.02  # points for each line between heads and the first row
    head_unknown: float = 0.8  # share of a row's cells that a line of unknown words fills to be one of heads


class _Kind(NamedTuple):
    """What a column is by its cells."""

    dates: float = 0.7  # share of cells that could be dates, from which on it is a column of dates
    numbers: float = 0.8  # share of cells that could be amounts, from which on it is a column of numbers
    words: int = 40  # so many different cells may still be words that say which way money went


class _Role(NamedTuple):
    """What a column of numbers is by its head, which may say several things."""

    near: int = 3  # a role so much weaker than the strongest still counts
    side: int = 8  # debit or credit may be so much weaker than amount: "Amount (debit)" is a debit


class _Single(NamedTuple):
    """One column as that of the amounts."""

    strength: float = 0.03  # points for each letter of what names it an amount
    strongest: int = 12  # more letters than this say no more
    account: float = 1.0  # its head says that it is in the account's currency
    other: float = -2.0  # its head says as strongly that it is another amount, a fee or a number of something
    look_alike: float = -2.0  # its cells look like numbers of something
    fill: float = 2.5  # every row has one
    half_empty: float = -2.0  # fewer rows than `half` have one
    half: float = 0.5  # share of rows
    decimals: float = 1.0  # some have decimals
    no_decimals: float = -1.5  # none has decimals, and those of another column have
    signs: float = 1.2  # some carry a minus, a plus or a side
    constant: float = -2.0  # all are the same
    zeros: float = -2.5  # most are zero
    nothing: float = -6.0  # all are zero or empty
    alone: float = 6.0  # it is one of the two sides of an exchange, and there is no other amount
    charge: float = 3.0  # its head says that it is money out, and no column is of money in
    charge_strength: int = 5  # strength from which on a head says that
    codes: float = 0.8  # share of rows with a code beside the amount, from which on they say something
    one_currency: float = 0.4  # its currency is the same throughout, and so it may be the account's own
    currencies: float = -1.5  # its currencies change, and so they are those of purchases
    fill_balance: float = 0.2  # share of rows that a column without a head fills, above which it may be one of balances


# By the role that a head says, with which a column is a candidate for the amounts.
BY_ROLE = {
    "amount": 4.0,
    "debit": 1.0,  # one side of a pair may be the only column
    "credit": 1.0,
    "balance": -3.0,
    "fee": -4.0,
    "original": -4.0,  # the amount of the purchase, in the currency of the shop
    "rate": -4.5,
    "id": -4.0,
}


class _Direction(NamedTuple):
    """One column of amounts together with one of words that say which way they went: beside what the amounts have."""

    words: float = 2.0  # there are such words
    named: float = 2.0  # a head says that they are
    agree: float = 0.5  # signs say the same as the words
    clearly: float = 0.8  # share of rows, from which on what words and signs say together is clear
    unclear: float = -0.1  # it is not clear: just less than the amounts alone


class _Pair(NamedTuple):
    """Two columns as those of money out and of money in."""

    named: float = 3.2  # for each that its head names
    apart: float = 2.0  # no row fills both
    fill: float = 1.5  # every row has one of them
    decimals: float = 1.0  # some have decimals
    beside: float = 1.0  # not both are named, and money in stands right behind money out
    elsewhere: float = -1.0  # not both are named, and it does not
    overlap: float = 0.3  # share of rows that fill both, above which they are no pair
    unnamed_fill: float = 0.9  # share of rows that fill one of two columns that are not both named, below which they are no pair


class _Proof(NamedTuple):
    """What balances and the columns of amounts beside each other prove."""

    steps: float = 6.0  # every step from balance to balance is explained
    one_step: float = 3.0  # there is only one step, and it is
    share: float = 0.3  # share of steps explained, below which it is chance
    before: float = 6.0  # every step is explained by balances that stand before their row
    fee: float = 6.0  # every step is explained with the fee taken off
    difference: float = 20.0  # what is between two columns of balances moved: nothing says more
    chained: float = 0.9  # share of rows whose balance before is the one after of the row beside it, for those to be such columns
    net: float = 3.0  # the amount less its fee, over the one before it
    converted: float = 2.0  # the amount times a rate, over the one before it
    exchanged: float = 2.0  # the amount that differs where the currency beside the other is a foreign one
    rounding: int = 50  # the part of an amount by which a rate may miss it


class _Choice(NamedTuple):
    """When a reading of the amounts is taken without asking."""

    weakest: float = 2.2  # points below which no column holds amounts
    clear_named: float = 0.8  # points by which it leads, where heads name it
    clear: float = 2.0  # points by which it leads, where they do not


class _Order(NamedTuple):
    """Which of day and month stands first."""

    second: float = 0.6  # weight of another column of dates than the leading one
    impossible: float = 10.0  # the first or the second number is above twelve
    dotted: float = 3.0  # written with dots
    variety: float = 0.8  # for each value that one of the numbers takes more than the other: days vary more than months
    variety_most: float = 2.5  # more values than this many points say no more
    nearer: float = 0.5  # rows cover the shorter time
    sorted: float = 2.0  # rows are in the order of their days
    beside: float = 4.0  # each lies near a date of its row that is sure
    beside_days: int = 10  # so near
    format: float = 2.0  # written with semicolons between cells or commas before decimals
    currency: float = 1.6  # the currency is one of countries that write so
    language: float = 1.6  # heads are in a language other than English
    certain: float = 99.0  # lead of the year first
    clear: float = 1.5  # lead below which a person is asked
    year_first_days: int = 300  # read with the year last, dates cover more days than this where the year stands first
    year_first_times: int = 4  # and so many times as many as with the year first


class _Day(NamedTuple):
    """Which column of dates is that of the account."""

    time: float = 2.0  # its head says nothing but a time
    unnamed: float = 1.5  # its head says nothing
    plain: float = 0.05  # its head says "date" and nothing else
    constant: float = -3.0  # all are the same, beside others that are not
    other_calendar: float = -4.0  # its years are of another calendar
    sparse: float = -2.0  # fewer rows than `fill` have one
    sparse_booking: float = -1.5  # so it is, and its head says that it is of the booking: what is pending has none
    fill: float = 0.6  # share of rows


# By the role that the head of a column of dates says.
BY_DATE_ROLE = {"date_booking": 2.0, "date": 2.0, "date_value": 0.5, "date_other": 0.0}


class _Currency(NamedTuple):
    """Which column of codes is that of the amounts."""

    codes: float = 0.8  # share of cells that are codes, from which on it is such a column
    least_fill: float = 0.5  # share of rows that have one, from which on it is such a column
    fill: float = 3.0  # every row has one
    named: float = 2.0  # its head says so
    foreign: float = -8.0  # it is of the amount of the purchase, or stands behind another amount
    foreign_strength: int = 6  # strength from which on a head says that
    distance: float = -0.1  # for each column between it and the amount
    beside: float = 1.0  # it stands right behind the amount


class _Sign(NamedTuple):
    """Whose point of view the signs take."""

    mostly: float = 0.6  # share of positive amounts, above which they may be a card's
    nearly_all: float = 0.75  # share above which they may be without any payment among them
    some: float = 0.4  # share from which on several payments with a minus may be to a card


class _Words(NamedTuple):
    """Which columns hold what tells a row and its account."""

    account_fill: float = 0.85  # share of rows that have an account, above which the column tells several apart
    kinds: int = 6  # so many different words may be states or kinds of movement
    id_strength: int = 4  # strength of a head from which on cells may be the bank's own numbers
    id_sure: int = 10  # strength from which on shorter ones are
    id_length: int = 8  # characters of such a number
    id_length_sure: int = 6  # characters where the head is sure


class _Rows(NamedTuple):
    """What a row is without one of its cells."""

    balance_fill: float = 0.2  # share of rows above which a column that is named so is that of the balance
    balance_strength: int = 3  # strength from which on it is named so
    dates: float = 0.5  # share of rows that have another date, from which on one without may be pending
    booked: float = 0.8  # share of rows that have a booking date, from which on one without is pending
    balances: float = 0.5  # share of rows that have a balance, above which one without may be pending
    unreadable: float = 0.4  # share of rows that cannot be read, above which it may be the wrong file
    unreadable_least: int = 3  # so many may always be left out


TABLE, KIND, ROLE = _Table(), _Kind(), _Role()
SINGLE, DIRECTION, PAIR, PROOF, CHOICE = _Single(), _Direction(), _Pair(), _Proof(), _Choice()
ORDER, DAY, CURRENCY, SIGN = _Order(), _Day(), _Currency(), _Sign()
WORDS, ROWS = _Words(), _Rows()
