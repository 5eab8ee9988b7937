"""Who is signed in: Flask-Login over the sessions in the database.

What Flask-Login keeps in the signed cookie is the session's token, not the person: ended in the database, it is worth
nothing, wherever a copy of the cookie lies.
"""

from __future__ import annotations

from flask import current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import Engine

from dashboard.config import Config
from dashboard.errors import NotSignedIn
from dashboard.services.books import Book, book_of
from dashboard.services.people import sessions


class Member(UserMixin):  # type: ignore[misc]
    """A signed-in browser, as Flask-Login wants it."""

    def __init__(self, token: str, user_id: int) -> None:
        """Keep the session's token and whose it is."""
        self.id = token
        self.user_id = user_id


def login_manager() -> LoginManager:
    """Return the adapter between Flask-Login and the sessions of the database."""
    manager = LoginManager()
    # Sessions live in the database; the address of a phone changes all day.
    manager.session_protection = None

    @manager.user_loader
    def load(token: str) -> Member | None:
        user_id = sessions.session_user(engine(), token)
        return Member(token, user_id) if user_id is not None else None

    return manager


def engine() -> Engine:
    """Return this process's database."""
    found: Engine = current_app.config["ENGINE"]
    return found


def config() -> Config:
    """Return the settings this process runs with."""
    found: Config = current_app.config["DASHBOARD"]
    return found


def enter(opened: sessions.Session, *, keep: bool) -> None:
    """Sign a browser in: nothing of what its cookie held before survives."""
    session.clear()
    session.permanent = keep
    login_user(Member(opened.token, opened.user_id))


def token() -> str | None:
    """Return what this browser is signed in by, None where nobody is."""
    return str(current_user.get_id()) if current_user.is_authenticated else None


def leave() -> None:
    """End this browser's session, here and in the database."""
    sessions.sign_out(engine(), token())
    session.clear()


def current_book() -> Book:
    """Return the book of whoever asks.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    if not current_user.is_authenticated:
        raise NotSignedIn
    if "book" not in g:
        g.book = book_of(engine(), current_user.user_id)
    found: Book = g.book
    return found


def address() -> str:
    """Return the address the request came from; behind a proxy only what a trusted one says."""
    return request.remote_addr or "unknown"


def agent() -> str:
    """Return the browser's own name, shortened."""
    return (request.user_agent.string or "")[:200]


def narrow() -> bool:
    """Say whether the browser's window is a phone's; assets/js/theme.js tells."""
    return request.cookies.get("narrow") == "1"
