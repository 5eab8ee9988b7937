"""Several accounts under one another, each with a title and heads of its own; pages of one account are one table."""

from __future__ import annotations

from collections import Counter

import pytest

from dashboard.statements import read
from tests.statements.samples import table

HEAD = "Date,Description,Amount"
FIRST = [HEAD, "2024-03-01,Tea,-1.50", "2024-03-02,Cake,-2.50", "2024-03-04,Pay,900.00"]
SECOND = [HEAD, "2024-03-01,Interest,1.20", "2024-03-09,Transfer,50.00"]


@pytest.mark.parametrize(
    ("titles", "labels"),
    [
        (("Account: Everyday 1111-2222", "Account: Savings 3333-4444"), ("Everyday 1111-2222", "Savings 3333-4444")),
        (("Account number,11112222", "Account number,33334444"), ("11112222", "33334444")),
        (("Checking ...1111", "Savings ...3333"), ("Checking ...1111", "Savings ...3333")),
        (("DE44500105175407324931", "DE12500105170648489890"), ("DE44500105175407324931", "DE12500105170648489890")),
        (
            ("Konto 111122\nZeitraum,01.03.2024 - 31.03.2024", "Konto 333344\nZeitraum,01.03.2024 - 31.03.2024"),
            ("Konto 111122", "Konto 333344"),
        ),
    ],
)
def test_accounts_under_titles_of_their_own_are_kept_apart(titles: tuple[str, str], labels: tuple[str, str]) -> None:
    statement = read(table(*titles[0].splitlines(), *FIRST, "", *titles[1].splitlines(), *SECOND))
    assert Counter(row.account for row in statement.rows) == {labels[0]: 3, labels[1]: 2}
    # The second has no money out: the first shows what a sign means.
    assert statement.questions == []
    assert len({row.line for row in statement.rows}) == 5


def test_accounts_with_other_columns_are_read_each_by_its_own() -> None:
    card = ["Transaction Date,Merchant,Charge", "2024-03-01,Shop,11.20", "2024-03-09,Garage,50.00", "2024-03-10,Return,-5.00"]
    statement = read(table("Checking 1111", *FIRST, "Credit card 3333", *card))
    assert [(row.account, str(row.amount)) for row in statement.rows[3:]] == [
        ("Credit card 3333", "-11.20"),
        ("Credit card 3333", "-50.00"),
        ("Credit card 3333", "5.00"),
    ]


@pytest.mark.parametrize("title", ["", "Page 2 of 3", "Account: Everyday 1111-2222", "Statement 0004", "Customer 12345678"])
def test_heads_repeated_on_another_page_are_of_the_same_account(title: str) -> None:
    statement = read(table("Account: Everyday 1111-2222", *FIRST, *filter(None, [title]), *SECOND))
    assert (len(statement.rows), len({row.account for row in statement.rows})) == (5, 1)


def test_an_account_where_nothing_happened_is_no_error() -> None:
    statement = read(table("Account: A 1111", *FIRST, "Account: B 2222", HEAD, "No transactions", "Account: C 3333", *SECOND))
    assert Counter(row.account for row in statement.rows) == {"A 1111": 3, "C 3333": 2}


def test_balances_prove_all_accounts_together_and_one_that_does_not_add_up_is_named() -> None:
    head = f"{HEAD},Balance"
    one = [head, "2024-03-01,Tea,-1.50,98.50", "2024-03-02,Cake,-2.50,96.00", "2024-03-04,Pay,900.00,996.00"]
    two = [head, "2024-03-01,Fee,-1.00,49.00", "2024-03-02,Fee,-1.00,48.00", "2024-03-03,Fee,-1.00,47.00", "2024-03-03,Fee,-1.00,46.00"]
    proof = read(table("Account: A 1111", *one, "Account: B 2222", *two)).proof
    assert proof is not None
    assert (proof.agree, proof.steps) == (5, 5)
    proof = read(table("Account: A 1111", *one, "Account: B 2222", *two[:-1], "2024-03-03,Fee,-1.00,40.00")).proof
    assert proof is not None
    assert (proof.agree, proof.broken_line) == (4, 11)


def test_a_day_that_is_written_once_is_that_of_the_rows_below_it_where_balances_prove_it() -> None:
    rows = ["01/03/2024,Tea,-1.50,98.50", ",Cake,-2.50,96.00", ",Bus,-2.00,94.00", "13/03/2024,Pay,900.00,994.00", ",Shop,-44.00,950.00"]
    statement = read(table(f"{HEAD},Balance", *rows))
    assert [row.date.day for row in statement.rows] == [1, 1, 1, 13, 13]
    assert statement.rejected == []
    totals = read(table(f"{HEAD},Balance", *rows, ",Total debit,-50.00,", ",Sum of it,902.50,"))
    assert (len(totals.rows), len(totals.rejected)) == (5, 2)
    # Without balances each of them is named and none is guessed.
    bare = read(table(HEAD, *(row.rpartition(",")[0] for row in rows)))
    assert ([row.date.day for row in bare.rows], len(bare.problems)) == ([1, 13], 3)
