"""Settings: who somebody is, how they read numbers, how this browser looks, and the way to all that is kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import get_currency_name

from dashboard import periods
from dashboard.money import LOCALES, money
from dashboard.view import tags as html
from dashboard.view.pages.accounts import currency_options
from dashboard.view.parts import Child, Words, act, card, field, head, icon, kept, link, once
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.services.books import Book

PATH = "/settings"
TABS = (
    ("profile", "Profile", "person"),
    ("numbers", "Numbers and dates", "123"),
    ("appearance", "Appearance", "circle-half"),
    ("categories", "Categories and rules", "tags"),
    ("accounts", "Accounts", "wallet2"),
    ("security", "Security", "shield-lock"),
    ("data", "Data", "database"),
    ("shortcuts", "Shortcuts", "keyboard"),
)
# What this browser is told by its cookies, and what holds where there is none.
APPEARANCE = {"theme": "system", "keep": "off", "keys": "on"}

SHORTCUTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("/", "Ctrl K"), "Search and commands; ⌘ K on a Mac"),
    (("N",), "Add a transaction"),
    (("←", "→"), "Previous and next period"),
    (("T", "Y"), "This month, this year"),
    (("G then D", "T", "B", "I"), "Go to the dashboard, transactions, budgets, import"),
    (("G then A", "C", "H", "S"), "Go to accounts, categories, the history, settings"),
    (("J", "K"), "Row down, row up"),
    (("X", "Shift X"), "Select a row, select up to a row"),
    (("E", "Enter"), "Edit the row"),
    (("C",), "Category of what is selected"),
    (("S",), "Split"),
    (("Ctrl Z",), "Undo the last change of this session; ⌘ Z on a Mac"),
    (("?",), "This list"),
    (("Esc",), "Close, clear the filter, clear the selection"),
)


def page(tab: str, *cards: Child) -> Element:
    """Return a tab of the settings with the way to the others."""
    links = [
        html.Li(
            link(
                [icon(image), html.Span(name)],
                f"{PATH}?tab={key}",
                "settings-tab",
                **({"aria-current": "page"} if key == tab else {}),
            )
        )
        for key, name, image in TABS
    ]
    # A page of another tab is another form: nothing typed into the last one stays behind.
    return html.Div(
        [
            head("Settings"),
            html.Div(
                [
                    html.Nav(html.Ul(links), className="settings-nav", **{"aria-label": "Settings"}),
                    html.Div(kept(cards), className="settings", key=tab),
                ],
                className="settings-grid",
            ),
        ]
    )


def row(title: Child | list[Child], caption: str, control: Child = None, image: str = "", **more: str) -> Element:
    """Return a setting: what it is, what it means, and what changes it."""
    words = html.Div([html.Div(title, className="who"), html.Div(caption, className="caption")], className="grow")
    tile = html.Span(icon(image), className="tile") if image else None
    return html.Div(kept([tile, words, control]), className="list-row settings-row", **more)


def profile(book: Book) -> list[Child]:
    """Return who somebody is: name and address."""
    name = html.Form(
        [
            field(
                "Name",
                "name",
                html.Input(id="profile-name", name="name", value=book.user_name, maxLength=80, autoComplete="name"),
                "Shown beside the navigation.",
            ),
            html.Button("Save the name", type="submit", className="btn-line"),
        ],
        key=f"name {book.user_name}",
        **{"data-act": "save-name"},
    )
    email = html.Form(
        [
            html.Div(
                [
                    field(
                        "Email",
                        "email",
                        html.Input(
                            id="profile-email", name="email", type="email", value=book.email, maxLength=254, autoComplete="username"
                        ),
                    ),
                    field(
                        "Present password",
                        "password",
                        html.Input(
                            id="profile-password", name="password", type="password", maxLength=1024, autoComplete="current-password"
                        ),
                    ),
                ],
                className="field-row",
            ),
            html.P("You sign in with this address. Changing it signs out every other device.", className="caption settings-note"),
            html.Button("Change the address", type="submit", className="btn-line"),
        ],
        # A changed address makes a new form: the password does not stay in it.
        key=f"email {book.email}",
        noValidate=True,
        **{"data-act": "change-email"},
    )
    return [card("Profile", name), card("Email", email)]


def numbers(book: Book, words: Words) -> list[Child]:
    """Return how numbers and dates are written, the main currency and the time zone; a choice is saved at once."""
    form = html.Form(
        [
            field(
                "Format",
                "locale",
                html.Select(id="preferred-locale", name="locale", value=book.locale, options=_formats()),
                "How amounts and dates are written and read, here and in what you type.",
            ),
            field(
                "Main currency",
                "currency",
                html.Select(id="preferred-currency", name="currency", value=book.currency, options=_currencies()),
                f"What new accounts start with and the dashboard opens in: {words.money(-123450, book.currency)}.",
            ),
            field(
                "Time zone",
                "zone",
                html.Select(
                    id="preferred-zone",
                    name="zone",
                    value=book.zone,
                    options=[{"label": z.replace("_", " "), "value": z} for z in sorted(periods.zones()) if "/" in z or z == "UTC"],
                ),
                f"Decides which day is today: it is {words.day(book.today)} there.",
            ),
        ],
        **{"data-act": "save-preferences", "data-now": "1"},
    )
    return [card("Numbers and dates", form, caption="saved as you choose")]


@lru_cache(maxsize=1)
def _formats() -> list[dict[str, str]]:
    return [{"label": f"{language(code)}: {_example(code)}", "value": code} for code in LOCALES]


@lru_cache(maxsize=1)
def _currencies() -> list[dict[str, str]]:
    return [{"label": f"{o['value']}: {get_currency_name(o['value'], locale='en')}", "value": o["value"]} for o in currency_options()]


def language(code: str) -> str:
    """Name a format by its language and country: English (Ireland)."""
    return str(Locale.parse(code, sep="-").get_display_name("en"))


def _example(code: str) -> str:
    return f"{money(-123450, 'EUR', code)}, {periods.day_text(date(2026, 11, 18), code)}"


def appearance(chosen: Mapping[str, str]) -> list[Child]:
    """Return how this browser looks and behaves; assets/js/settings.js keeps it in cookies."""
    rows = [
        row(
            "Theme",
            "System follows what this device is set to, by day and by night.",
            _switch("Theme", "theme", (("light", "Light"), ("dark", "Dark"), ("system", "System")), chosen),
        ),
        row(
            "Keep messages until closed",
            "Otherwise they go by themselves after some seconds, Undo with them.",
            _switch("Keep messages until closed", "keep", (("on", "On"), ("off", "Off")), chosen),
        ),
        row(
            "Single-key shortcuts",
            "N, T, / and the like, outside of fields. Those with Ctrl or ⌘ always work.",
            _switch("Single-key shortcuts", "keys", (("on", "On"), ("off", "Off")), chosen),
        ),
    ]
    note = html.P("Kept in this browser alone: another device has its own.", className="caption settings-note")
    return [card("Appearance", html.Div(rows), note)]


def _switch(label: str, name: str, options: Sequence[tuple[str, str]], chosen: Mapping[str, str]) -> Element:
    buttons = [
        html.Button(
            text,
            type="button",
            className=f"segment{' on' if chosen[name] == value else ''}",
            **{"data-act": "appearance", "data-value": f"{name}={value}", "aria-pressed": "true" if chosen[name] == value else "false"},
        )
        for value, text in options
    ]
    return html.Div(buttons, className="segments", role="group", **{"aria-label": label})


def elsewhere(title: str, caption: str, text: str, href: str) -> list[Child]:
    """Return a card that leads to where something is kept."""
    return [card(title, html.P(caption, className="settings-note"), link([text, icon("chevron-right")], href, "btn-line"))]


def data() -> list[Child]:
    """Return the ways out of the product: the data as files, the history, and the door."""
    rows = [
        row(
            "All transactions as CSV",
            "For a spreadsheet; importing the file again changes nothing.",
            once(act([icon("download"), "CSV"], "export-all", class_name="btn-line", label="Download all transactions as CSV")),
            "filetype-csv",
        ),
        row(
            "The whole book as JSON",
            "Accounts, categories, budgets, splits, transfers and history: an empty book imports it as the same book.",
            once(act([icon("download"), "JSON"], "export-book", class_name="btn-line", label="Download the whole book as JSON")),
            "filetype-json",
        ),
        row("History", "Every change of this book, each with its undo.", link("Open", "/history", "btn-line"), "clock-history"),
    ]
    return [card("Data", html.Div(rows)), leave()]


def leave() -> Element:
    """Return the card that begins the deletion of the account."""
    return card(
        "Delete this account",
        html.Div(
            [
                html.P(
                    "Signs you out everywhere at once and erases everything of yours after 7 days. You can download it all first.",
                    className="muted grow",
                ),
                act("Delete this account…", "open-leaving", class_name="btn-line btn-danger"),
            ],
            className="settings-leave",
        ),
    )


def shortcuts(*, single_keys: bool) -> list[Child]:
    """Return the list of keys."""
    lines = [
        html.Tr([html.Th([html.Span(key, className="keycap") for key in keys], scope="row"), html.Td(does)]) for keys, does in SHORTCUTS
    ]
    state = (
        ["Single keys do nothing while a field has the focus, and can be switched off under ", link("Appearance", f"{PATH}?tab=appearance")]
        if single_keys
        else ["Single keys are switched off in this browser: ", link("Appearance", f"{PATH}?tab=appearance")]
    )
    table = html.Table(
        [html.Thead(html.Tr([html.Th("Key", scope="col"), html.Th("Does", scope="col")])), html.Tbody(lines)], className="shortcut-table"
    )
    return [card("Shortcuts", html.P([*state, "."], className="caption settings-note"), table)]
