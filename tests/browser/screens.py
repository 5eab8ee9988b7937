"""Every screen of the product with the sample data in it, and how a person comes to stand before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from dashboard.model.transactions import split, transaction
from dashboard.services import categories, demo, imports, rules
from tests.browser.conftest import Person, Site
from tests.conftest import ALICE, BOB
from tests.ways import snapshot

STATEMENT = Path(__file__).parents[1] / "samples" / "web_bank.csv"
TABS = ("profile", "numbers", "appearance", "categories", "accounts", "security", "data", "shortcuts")
Way = tuple[str, Callable[[Person], object] | None]


def furnish(site: Site) -> dict[str, int]:
    """Put the sample data into Alice's book with a file checked and one imported; return the numbers that addresses need."""
    house = site.house()
    demo.load(house.book)
    house = site.house()
    held = imports.commit(house.book, imports.receive(house.book, "earlier.csv", STATEMENT.read_bytes()))
    draft = imports.receive(site.house().book, "later.csv", STATEMENT.read_bytes() + b"31/02/2026,Nonsense,-3.00\n")
    imports.receive(
        site.house().book, "a name as long as banks give them, with the account and the month 2026-11.csv", STATEMENT.read_bytes()
    )
    rows = snapshot(house.book)
    assert transaction.name in rows
    groceries = next(c.id for c in categories.all_categories(house.book) if c.name == "Groceries")
    transport = next(c.id for c in categories.all_categories(house.book) if c.name == "Transport")
    rules.save(house.book, None, None, rules.RuleForm(pattern=r"^(netflix|spotify)\b", direction="out", category_id=groceries))
    held_rule = rules.save(house.book, None, None, rules.RuleForm(contains="transit", least="2", most="50", category_id=transport)).created
    return {
        "rule": held_rule,
        "draft": draft,
        "done": held.import_ids[0],
        "category": next(c.id for c in categories.all_categories(house.book) if c.name == "Eating out"),
        "split": rows[split.name][0]["transaction_id"],
    }


def drawn(person: Person) -> None:
    """Wait until every chart of the page is there."""
    person.until(
        lambda: person.js(
            "return [...document.querySelectorAll('#page .dash-graph')].every(g => g.querySelector('.main-svg') || !g.offsetParent)"
        ),
        "charts",
    )


def at_rest(person: Person, css: str) -> None:
    """Wait until a drawer or list has arrived where it stays."""
    person.one(css)
    person.until(
        lambda: person.js("return document.getAnimations().every(a => a.playState !== 'running' || a.animationName === 'drain')"),
        f"{css} at rest",
    )


def drawer(person: Person, what: str, value: object) -> None:
    """Open a drawer as its button would."""
    person.until(lambda: person.js("return Boolean(window.dash_clientside && dash_clientside.set_props)"))
    person.js("finance.say(arguments[0], String(arguments[1]))", what, value)
    at_rest(person, ".offcanvas.show:not(.showing) form")


def bulk(person: Person) -> None:
    """Select two rows."""
    person.until(lambda: len(person.all("#ledger .ledger-row[data-id] .pick")) > 2, "rows")
    person.js("[...document.querySelectorAll('#ledger .ledger-row[data-id] .pick')].slice(0, 2).forEach(p => p.click())")
    person.until(lambda: person.text("#bulk-sum"), "the sum of what is selected")


def cell_list(person: Person) -> None:
    """Open the list of categories over a cell."""
    person.until(lambda: person.all("#ledger .ledger-row[data-id] [data-cell=category]"), "cells")
    person.js("document.querySelector('#ledger .ledger-row[data-id] [data-cell=category]').click()")
    person.one(".cell-editor [role=option]")


def suggestions(person: Person) -> None:
    """Put the cursor into a budget, whose suggestions open."""
    person.until(lambda: person.js("const i = document.querySelector('.input-cell input'); i.focus(); return document.activeElement === i"))
    person.one(".suggestions button")


def reconcile(person: Person) -> None:
    """Open the drawer that holds an account against a statement."""
    person.until(
        lambda: person.js("const b = document.querySelector('[data-act=open-reconcile]'); if (b) b.click(); return Boolean(b)"), "reconcile"
    )
    at_rest(person, ".offcanvas.show:not(.showing) form")


def entry(person: Person) -> None:
    """Open a change of the history."""
    person.click(".history-row")
    person.one(".history-rows")


def command(person: Person) -> None:
    """Open the command box and look for something."""
    person.until(lambda: person.js("return Boolean(window.finance && document.querySelector('.sidebar-foot'))"))
    person.keys("/")
    person.one("#command input").send_keys("a")
    person.until(lambda: len(person.all("#command [role=option]")) > 3, "results")


def period_menu(person: Person) -> None:
    """Open the choice of months."""
    person.click(".period .menu summary")
    person.one(".menu[open] .popover-box")


def tables(person: Person) -> None:
    """Show every chart as its table."""
    person.js("document.querySelectorAll('.table-view > summary').forEach(s => s.click())")
    person.until(lambda: len(person.all(".chart-table")) > 1, "tables")


def message(person: Person) -> None:
    """Make a message with everything on it."""
    person.js(
        "dash_clientside.set_props('toast', {data: {message: 'Changed 3 transactions', revision: 3, more: {label: 'Also change 6 earlier ones', act: 'look'}}})"
    )
    person.one(".toast-box")


def settings_drawer(person: Person) -> None:
    """Open the drawer that deletes the account."""
    person.click("[data-act=open-leaving]")
    at_rest(person, ".offcanvas.show:not(.showing) form")


def ways(ids: Mapping[str, int]) -> dict[str, Way]:
    """Return each screen of somebody signed in: its address and what is done there."""
    inside: dict[str, Way] = {
        "dashboard": ("/?p=2026-11", drawn),
        "dashboard filtered": (f"/?p=2026-11&cat={ids['category']}", drawn),
        "dashboard year": ("/?p=2026", drawn),
        "dashboard days": ("/?p=2026-11-01..2026-11-10", drawn),
        "dashboard tables": ("/?p=2026-11", tables),
        "period menu": ("/?p=2026-11", period_menu),
        "message": ("/?p=2026-11", message),
        "transactions": ("/transactions?p=2026-11", None),
        "bulk bar": ("/transactions?p=2026-11", bulk),
        "cell editor": ("/transactions?p=2026-11", cell_list),
        "add drawer": ("/transactions?p=2026-11", lambda p: drawer(p, "open-transaction", "new")),
        "edit drawer": ("/transactions?p=all", lambda p: drawer(p, "open-transaction", ids["split"])),
        "nothing found": ("/transactions?q=zzzzzz", None),
        "budgets": ("/budgets?p=2026-11", drawn),
        "budget suggestions": ("/budgets?p=2026-11", suggestions),
        "accounts": ("/accounts", None),
        "account drawer": ("/accounts", lambda p: drawer(p, "open-account", "new")),
        "reconcile": ("/accounts", reconcile),
        "categories": ("/categories", None),
        "category drawer": ("/categories", lambda p: drawer(p, "open-category", ids["category"])),
        "rules": ("/rules", None),
        "rule drawer": ("/rules", lambda p: drawer(p, "open-rule", ids["rule"])),
        "import choose": ("/import", None),
        "import check": (f"/import?draft={ids['draft']}", None),
        "import done": (f"/import?done={ids['done']}", None),
        "history": ("/history", None),
        "history entry": ("/history", entry),
        "command box": ("/?p=2026-11", command),
        "leaving": ("/settings?tab=data", settings_drawer),
        "nowhere": ("/nowhere", None),
    }
    return inside | {f"settings {tab}": (f"/settings?tab={tab}", None) for tab in TABS} | {"password": ("/password", None)}


OUTSIDE = {"sign in": "/sign-in", "sign up": "/sign-up"}


def stand_before(person: Person, way: Way) -> None:
    """Open a screen and do what shows it whole."""
    path, then = way
    person.open(path)
    if then:
        then(person)


def walk(person: Person, ids: Mapping[str, int], look: Callable[[str], None], *, skip: tuple[str, ...] = ()) -> None:
    """Go through every screen, then through the empty book of somebody new, then outside, and look at each."""
    person.sign_in(ALICE)
    for name, way in ways(ids).items():
        if name not in skip:
            stand_before(person, way)
            look(name)
    person.sign_in(BOB)
    for name, path in {"first run": "/", "no transactions": "/transactions", "no accounts": "/accounts", "no budgets": "/budgets"}.items():
        person.open(path)
        look(name)
    person.driver.execute_cdp_cmd("Network.deleteCookies", {"name": "session", "url": person.site.url})
    for name, path in OUTSIDE.items():
        person.driver.get(person.site.url + path)
        person.one("form")
        look(name)
