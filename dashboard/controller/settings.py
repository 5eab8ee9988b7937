"""Settings: who somebody is, how they read, how they sign in, and how they leave."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from dash import set_props
from flask import request, session
from flask_wtf.csrf import generate_csrf

from dashboard import periods
from dashboard.controller.answers import Act, Action, Answer, Page, file, opened, toast
from dashboard.controller.session import address, config, token
from dashboard.periods import Period
from dashboard.selection import Selection
from dashboard.services.books import Book
from dashboard.services.people import leaving, people, sessions
from dashboard.services.portable import book as whole_book
from dashboard.services.portable import exports
from dashboard.view import ids
from dashboard.view.pages import settings as page
from dashboard.view.pages import settings_security
from dashboard.view.parts import Child, Words
from dashboard.view.tags import Element


def _show(book: Book, query: str, _theme: str) -> Element:
    wanted = parse_qs(query).get("tab", [""])[-1]
    tab = wanted if wanted in CARDS else "profile"
    return page.page(tab, *CARDS[tab](book))


def _words(book: Book) -> Words:
    return Words(book.locale, book.today)


def _appearance() -> dict[str, str]:
    """Return what this browser has chosen; anything else in its cookies is nothing."""
    known = {"theme": ("light", "dark"), "keep": ("on",), "keys": ("off",)}
    said = {name: request.cookies.get(name, "") for name in known}
    return page.APPEARANCE | {name: value for name, value in said.items() if value in known[name]}


def _security(book: Book) -> list[Child]:
    changed = periods.day_of(people.person(book.engine, book.user_id).password_at, book.zone)
    held = sessions.devices(book.engine, book.user_id, token())
    return settings_security.security(book, held, changed, _words(book), https=config().https, csrf=generate_csrf())


CARDS: dict[str, Callable[[Book], list[Child]]] = {
    "profile": page.profile,
    "numbers": lambda book: page.numbers(book, _words(book)),
    "appearance": lambda _book: page.appearance(_appearance()),
    "categories": lambda _book: [
        *page.elsewhere(
            "Categories", "Rename, recolour, merge, archive and order what your money is counted under.", "Open categories", "/categories"
        ),
        *page.elsewhere("Rules", "What gives a transaction its category by itself: words, amounts, accounts.", "Open rules", "/rules"),
    ],
    "accounts": lambda _book: page.elsewhere(
        "Accounts", "Balances, opening balances, statements to check against, and accounts that are closed.", "Open accounts", "/accounts"
    ),
    "security": _security,
    "data": lambda _book: page.data(),
    "shortcuts": lambda _book: page.shortcuts(single_keys=_appearance()["keys"] == "on"),
}


def _save_name(book: Book, sent: Action) -> Answer:
    called = people.set_name(book.engine, book.user_id, sent.form.get("name"))
    return Answer(toast=toast(f"You are called {called} here"), revision=book.revision + 1)


def _change_email(book: Book, sent: Action) -> Answer:
    now = people.change_email(
        book.engine, book.user_id, sent.form.get("email"), sent.form.get("password"), token=token(), address=address()
    )
    return Answer(toast=toast(f"You sign in with {now} from now on. Every other device is signed out."), revision=book.revision + 1)


def _save_preferences(book: Book, sent: Action) -> Answer:
    people.set_preferences(
        book.engine, book.user_id, locale=sent.form.get("locale"), zone=sent.form.get("zone"), currency=sent.form.get("currency")
    )
    return Answer(toast=toast("Settings saved"), revision=book.revision + 1)


def _end_session(book: Book, sent: Action) -> Answer:
    name = sessions.end(book.engine, book.user_id, sent.value, token())
    return Answer(toast=toast(f"{name} is signed out"), revision=book.revision)


def _end_other_sessions(book: Book, _sent: Action) -> Answer:
    count = sessions.sign_out_elsewhere(book.engine, book.user_id, token())
    return Answer(toast=toast(f"{_words(book).counted(count, 'other device')} signed out"), revision=book.revision)


def _export_all(book: Book, _sent: Action) -> Answer:
    everything = exports.selected_csv(book, Selection(Period.all_time()))
    return file(everything, f"transactions-{book.today.isoformat()}.csv", "text/csv")


def _export_book(book: Book, _sent: Action) -> Answer:
    return file(whole_book.dump(book).decode(), f"book-{book.today.isoformat()}.json", "application/json")


def _open_leaving(book: Book, _sent: Action) -> Answer:
    return opened("Delete this account", settings_security.leaving_form(book))


def _delete_account(book: Book, sent: Action) -> Answer:
    leaving.delete_account(book.engine, book.user_id, sent.form.get("name"), sent.form.get("password"), address=address())
    session.clear()
    # The page behind is nobody's any more: the browser leaves it, as it does when a session has ended.
    set_props(ids.REDIRECT, {"href": "/sign-in?deleted=1"})
    return Answer()


ACTIONS: dict[str, Act] = {
    "save-name": _save_name,
    "change-email": _change_email,
    "save-preferences": _save_preferences,
    "end-session": _end_session,
    "end-other-sessions": _end_other_sessions,
    "export-all": _export_all,
    "export-book": _export_book,
    "open-leaving": _open_leaving,
    "delete-account": _delete_account,
}
PAGES: dict[str, Page] = {page.PATH: _show}
