"""Categories suggested from a book's own history and from common words, with how sure and why."""

from __future__ import annotations

from dashboard.analysis import payees
from dashboard.analysis.suggestions import GUESS, LIKELY, SURE, Past, Suggester, concepts

FOOD, FUN, PAY = 1, 2, 3
PRESETS = {"Groceries": (FOOD, False), "Eating out": (FUN, False), "Salary": (PAY, True)}


def past(*rows: tuple[str, int, int], out: bool = True) -> list[Past]:
    """Return a history of (payee, category, rows), the latest last."""
    return [Past(payees.key(payee) or 0, payee, "", out, category, count, last) for last, (payee, category, count) in enumerate(rows, 1)]


def test_a_payee_seen_often_is_sure_and_says_how_often() -> None:
    found = Suggester.of(past(("SPAR #12", FOOD, 4), ("KINO", FUN, 3)), {}).suggest("SPAR #77 DUBLIN", "", out=True)
    assert found is not None
    assert (found.category, found.sure, found.why) == (FOOD, SURE, "seen 4 times")


def test_what_was_said_last_of_a_payee_holds_at_once_but_is_not_sure() -> None:
    found = Suggester.of(past(("SPAR", FOOD, 10), ("SPAR", FUN, 1)), {}).suggest("SPAR", "", out=True)
    assert found is not None
    assert found.category == FUN
    assert found.sure < SURE


def test_money_in_learns_nothing_from_money_out() -> None:
    assert Suggester.of(past(("SPAR", FOOD, 4)), {}).suggest("SPAR", "", out=False) is None


def test_common_words_help_a_new_book_and_are_never_sure() -> None:
    cold = Suggester.of([], PRESETS)
    groceries, salary = cold.suggest("REWE SAGT DANKE", "", out=True), cold.suggest("Employer", "Gehalt November", out=False)
    assert groceries is not None
    assert salary is not None
    assert (groceries.category, groceries.sure) == (FOOD, LIKELY)
    assert (salary.category, salary.sure) == (PAY, LIKELY)
    assert cold.suggest("Gehaltsvorschuss zurück", "Gehalt", out=True) is None
    refund = cold.suggest("REWE", "", out=False)
    assert refund is not None
    assert refund.sure == GUESS
    assert cold.suggest("Zxqw Kvbn", "", out=True) is None


def test_a_trade_goes_where_this_book_puts_it() -> None:
    mine = Suggester.of(past(("STARBUCKS", 9, 3), ("COSTA COFFEE", 9, 3), ("NERO CAFFE", 9, 2)), PRESETS)
    found = mine.suggest("ESPRESSO HOUSE", "", out=True)
    assert found is not None
    assert found.category == 9


def test_words_are_understood_in_many_languages_and_scripts() -> None:
    for text, concept in {
        "Bäckerei Schmidt": "groceries",
        "PHARMACIE DU CENTRE": "pharmacy",
        "Gasolinera Repsol": "fuel",
        "セブン−イレブン": "groceries",
        "Аптека 36.6": "pharmacy",
        "Zahnarztpraxis Dr. Weiß": "doctor",
        "Stadtwerke Kiel": "power",
        "בית מרקחת": "pharmacy",
    }.items():
        assert concepts(text)[0] == concept, text
