"""Settings: how somebody gets in, where they are signed in, and how they leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from dashboard import periods
from dashboard.view import tags as html
from dashboard.view.pages.settings import row
from dashboard.view.parts import Child, Words, act, card, field, icon, kept, notice, once, sign_out
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.books import Book
    from dashboard.services.people.sessions import Device


def security(book: Book, devices: Sequence[Device], changed: date, words: Words, *, https: bool, csrf: str) -> list[Child]:
    """Return how somebody signs in, and where they are; `changed` is the day the password was set."""
    plain_http = (
        "This server is reached over plain HTTP: anyone on the same network could read along. The README says how to put HTTPS before it."
    )
    ways = html.Div(
        [
            row(
                "Password",
                f"Set {_near(words, changed)}. Changing it signs out every other device.",
                html.A("Change", href="/password", className="btn-line btn-small", **{"data-plain": "1"}),
                "key",
            ),
            row(book.email, "Signed in on this device", sign_out(csrf, "Sign out", "btn-line btn-small"), "person"),
        ]
    )
    others = len(devices) - 1
    everywhere = once(act("Sign out everywhere else", "end-other-sessions", class_name="btn-line btn-small")) if others > 0 else None
    count = words.counted(len(devices), "device")
    return [
        None if https else notice(plain_http, "watch"),
        card("Sign-in", ways),
        card("Signed-in devices", html.Div([_device(d, book.zone, words) for d in devices]), caption=count, aside=kept([everywhere])),
    ]


def _device(device: Device, zone: str, words: Words) -> Element:
    seen = "now" if device.now else _near(words, periods.day_of(device.seen, zone))
    title: list[Child] = [html.Span(device.name)]
    if device.here:
        title.append(html.Span("This device", className="pill ok"))
    end = once(act("Sign out", "end-session", device.id, class_name="btn-line btn-small", label=f"Sign out {device.name}, {seen}"))
    image = "phone" if device.handheld else "laptop"
    return row(title, f"{device.address} · {seen}", None if device.here else end, image, key=device.id)


def _near(words: Words, day: date) -> str:
    """Return a recent day within a sentence: today, yesterday, 9 Nov."""
    near = words.near(day)
    return near.lower() if near in ("Today", "Yesterday") else near


def leaving_form(book: Book) -> Element:
    """Return the form that deletes the account: what happens, what to take along, and who says so."""
    steps = (
        "Every device is signed out at once, this one too.",
        "For 7 days the person who runs this server can bring the account back. Until then its address stays taken.",
        "Then accounts, transactions, budgets, files and history are erased for good.",
    )
    downloads = html.Div(
        [
            once(act([icon("download"), "CSV"], "export-all", class_name="btn-line", label="Download all transactions as CSV")),
            once(act([icon("download"), "JSON"], "export-book", class_name="btn-line", label="Download the whole book as JSON")),
        ],
        className="leave-downloads",
    )
    form = html.Form(
        [
            field(
                f"Type your name: {book.user_name}",
                "name",
                html.Input(id="leave-name", name="name", autoComplete="off", maxLength=80),
            ),
            field(
                "Present password",
                "password",
                html.Input(id="leave-password", name="password", type="password", maxLength=1024, autoComplete="current-password"),
            ),
            html.Div(html.Button("Delete this account", type="submit", className="btn-line btn-danger"), className="drawer-foot"),
        ],
        **{"data-act": "delete-account"},
    )
    return html.Div(
        [
            html.Ul([html.Li(step) for step in steps], className="leave-steps"),
            html.P("Take everything with you first:", className="caption"),
            downloads,
            form,
        ]
    )
