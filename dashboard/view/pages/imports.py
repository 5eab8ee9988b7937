"""Import in three steps: choose a file, check what was understood, done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.analysis.frames import rows as rows_of
from dashboard.view import tags as html
from dashboard.view.pages.import_files import Zone, drop_zone, waiting_card, waiting_strip
from dashboard.view.pages.import_reading import detected, heading, question_card
from dashboard.view.parts import Child, Words, act, amount, card, head, icon, kept, link, meanwhile, notice, once
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.importing.receipts import Stored
    from dashboard.importing.shapes import Check, Line, Waiting
    from dashboard.services.accounts import Account

PATH = "/import"
STATUS = {
    "new": ("New", "plus-circle", "new"),
    "duplicate": ("Duplicate", "files", ""),
    "deleted": ("Deleted earlier", "trash", ""),
    "unsure": ("Duplicate?", "question-circle", "watch"),
    "match": ("Possible duplicate", "files", "watch"),
    "left": ("Left out before", "files", ""),
    "problem": ("Problem", "exclamation-octagon-fill", "problem"),
    "held": ("Not booked", "hourglass-split", "watch"),
    "aside": ("No movement", "dash-circle", ""),
}


def stepper(step: int) -> Element:
    """Return where one is: choose, check, done."""
    spots = []
    for number, word in enumerate(("Choose file", "Check", "Done"), 1):
        now = {"aria-current": "step"} if number == step else {}
        spots.append(
            html.Span(
                [html.Span(icon("check-lg") if number < step else str(number), className="dot"), html.Span(word, className="word")],
                className="now" if number == step else "",
                **now,
            )
        )
    return html.Div(spots, className="stepper")


def choose(imports: pd.DataFrame, accounts: Sequence[Account], words: Words, zone: Zone, waiting: Sequence[Waiting] = ()) -> Element:
    """Return the first step: where files are dropped, those that wait for their check, and the earlier imports with their undo."""
    parts = [drop_zone(zone), waiting_card(waiting, words), _earlier(imports, accounts, words)]
    return html.Div(kept([head("Import", html.Span(className="spacer"), stepper(1)), *parts]))


def _earlier(imports: pd.DataFrame, accounts: Sequence[Account], words: Words) -> Element:
    if imports.empty:
        return html.Div()
    names = {a.id: a.name for a in accounts}
    rows: list[Child] = [
        html.Div(
            [html.Span("Date"), html.Span("File"), html.Span("Account"), html.Span("Result"), html.Span()],
            className="grid-row import-row headings",
        )
    ]
    for row in rows_of(imports):
        result = (
            f"{row.added} added"
            + (f", {row.duplicates} duplicates" if row.duplicates else "")
            + (f", {words.counted(row.problems, 'problem')}" if row.problems else "")
        )
        rows.append(
            html.Div(
                [
                    html.Span(words.day(row.at.date()), className="muted"),
                    html.Span([icon("file-earmark-text"), " ", row.file], className="ellipsis"),
                    html.Span(names.get(row.account_id, ""), className="ellipsis"),
                    html.Span(result, className="muted"),
                    html.Div(
                        [
                            link("Show rows", f"/transactions?import={row.id}"),
                            once(
                                act([icon("arrow-counterclockwise"), "Undo import"], "undo", row.revision, class_name="btn-line btn-small")
                            ),
                        ],
                        className="chips",
                    ),
                ],
                className="grid-row import-row",
            )
        )
    return card("Earlier imports", html.Div(rows))


def check(shown: Check, words: Words, only: str, waiting: Sequence[Waiting] = ()) -> Element:
    """Return the second step: what was understood, what is open, and every row's fate."""
    asked = shown.questions
    counts = {status: shown.count(status) for status in STATUS}
    rows = [_line(line, shown, words) for line in shown.shown]
    headings = html.Div(
        [
            html.Span(),
            html.Span("Status"),
            heading("Date", "date", shown),
            heading("Payee", "payee", shown),
            html.Span("Category, reason"),
            heading("Amount", "amount", shown, class_name="right"),
        ],
        className="grid-row check-row headings",
    )
    more = html.Div(f"and {shown.hidden} more rows like these", className="pager muted") if shown.hidden else None
    return html.Div(
        kept(
            [
                head("Import", html.Span(className="spacer"), stepper(2)),
                waiting_strip(waiting, shown.draft_id),
                detected(shown, words),
                *[notice(standing.said, "watch" if standing.difference else "") for standing in shown.standings],
                notice(shown.slow_rules, "watch") if shown.slow_rules else None,
                *[question_card(q, shown) for q in asked],
                html.Div(
                    [
                        _tab("All", "", len(shown.lines), shown, only),
                        *[_tab(name, status, counts[status], shown, only) for status, (name, _, _) in STATUS.items() if counts[status]],
                    ],
                    className="chips",
                    style={"marginBottom": "12px"},
                ),
                html.Div(kept([headings, *rows, more]), className="table-box"),
                _commit_bar(shown, bool(asked), words),
            ]
        )
    )


def _tab(name: str, status: str, count: int, shown: Check, only: str) -> Element:
    return link(
        f"{name} {count}",
        f"{PATH}?draft={shown.draft_id}" + (f"&show={status}" if status else ""),
        f"chip{' on' if only == status else ''}",
    )


def _line(line: Line, shown: Check, words: Words) -> Element:
    name, image, tone = STATUS[line.status]
    takes = shown.takes(line)
    tickable = line.status in ("new", "deleted", "unsure", "match", "left")
    tick: Child = (
        html.Label(
            [
                html.Span(f"Import line {line.line}", className="visually-hidden"),
                html.Checkbox(value=takes, id=f"tick-{line.line}"),
            ],
            **{"data-change": "tick", "data-value": str(shown.draft_id), "data-extra": str(line.line)},
            title="Import this row",
        )
        if tickable
        else html.Span()
    )
    day: Child = words.day(line.day) if line.day else ""
    money: Child = (
        amount(words.money(line.amount, line.currency, plus=True), came_in=line.amount > 0) if line.amount is not None else html.Span()
    )
    if line.field == "date":
        day = _mend(line, shown, "date")
    elif line.field == "amount":
        money = _mend(line, shown, "amount")
    reason: Child = _reason(line, shown, words)
    told = (shown.account_names.get(line.line), line.text if line.text != line.payee else "")
    caption = html.Div(" \u00b7 ".join(filter(None, told)), className="caption ellipsis") if any(told) else None
    return html.Div(
        [
            tick,
            html.Span(html.Span([icon(image), name], className=f"pill {tone}"), className="status"),
            html.Span(day, className="date"),
            html.Div(
                kept([html.Div(line.payee or line.text or f"Line {line.line}", className="ellipsis", style={"fontWeight": 500}), caption]),
                className="what",
            ),
            html.Span(reason, className="caption reason"),
            html.Div(money, className="amount"),
        ],
        className=f"grid-row check-row{'' if takes else ' off'}",
    )


def _reason(line: Line, shown: Check, words: Words) -> Child:
    """Return why a row has its status: what is wrong with it, what it stands beside, or its category and how sure that is."""
    if line.status == "problem":
        return html.Span([icon("arrow-return-right"), " ", f"Line {line.line}: {line.reason}"], style={"color": "var(--over)"})
    twin = shown.twins.get(line.twin or 0)
    if line.status == "match" and twin is not None:
        how = "typed by hand" if twin.by_hand else "saved"
        beside = f"Beside one {how}: {words.money(twin.amount, line.currency, plus=True)} on {words.day(twin.date)}, {twin.payee}"
        return html.Span([beside, ". ", html.B("Tick it if both are real.")])
    if (idea := shown.ideas.get(line.line)) is not None:
        said = f"{idea.level}, {idea.why}"
        bars = html.Span(
            [html.Span(className="bar on" if n < idea.sure else "bar") for n in range(3)], className="sureness", **{"aria-hidden": "true"}
        )
        return html.Span([html.B(idea.category if idea.sure > 1 else f"{idea.category}?"), " ", bars, " ", said], title=said)
    if line.parts and not line.reason:
        parts = (f"{part.category or 'Uncategorised'} {words.money(part.amount, line.currency, plus=True)}" for part in line.parts)
        return f"Split: {', '.join(parts)}"
    return line.reason or (line.category and f"Category in the file: {line.category}") or ""


def _mend(line: Line, shown: Check, cell: str) -> Element:
    said = html.Span(f"Correct the {cell} of line {line.line}", className="visually-hidden")
    return html.Label(
        [said, html.Input(value=line.value, className="mend", name=f"mend-{line.line}")],
        title=f"Correct the {cell} of line {line.line}",
        **{"data-change": "mend", "data-value": str(shown.draft_id), "data-extra": f"{line.line}={cell}"},
    )


def _commit_bar(shown: Check, asked: bool, words: Words) -> Element:
    """Return what will become of the file's rows, and the button that does it."""
    count, problems = len(shown.chosen), shown.count("problem")
    doubtful = shown.doubtful
    parts: list[Child] = [
        html.B(f"{count} will be added"),
        html.Span(f"\u00b7 {shown.skipped} skipped", className="muted") if shown.skipped else None,
        html.Span(f"\u00b7 {words.counted(doubtful, 'possible duplicate')} left out", className="in-doubt") if doubtful else None,
        html.Span(f"\u00b7 {problems} problem{'s' if problems > 1 else ''} left out", style={"color": "var(--over)", "fontWeight": 600})
        if problems
        else None,
        *_sums(shown, words),
        html.Span(className="spacer"),
        act("Back", "drop-draft", shown.draft_id),
        _commit(shown.draft_id, count, asked),
    ]
    return html.Div(kept(parts), className="commit-bar")


def _sums(shown: Check, words: Words) -> list[Child]:
    """Return what the rows bring in and take out, and how far that is off the bank's balance."""
    came, went = shown.flows
    flows = " \u00b7 ".join(f"in {words.money(came.get(c, 0), c)}, out {words.money(went.get(c, 0), c)}" for c in sorted({*came, *went}))
    currencies = {group.key: group.currency for group in shown.groups}
    off = ", ".join(words.money(abs(s.difference), currencies[s.key]) for s in shown.standings if s.difference)
    return [
        html.Span(f"\u00b7 {flows}", className="muted") if flows else None,
        html.Span(f"\u00b7 {off} off the bank\u2019s balance", className="in-doubt") if off else None,
    ]


def _commit(draft_id: int, count: int, asked: bool) -> Element:
    """Return the button that imports, or what it waits for."""
    if asked or not count:
        return html.Button("Answer the question first" if asked else "Nothing new to import", className="btn-ink", disabled=True)
    said = meanwhile(f"Import {count} transaction{'s' if count > 1 else ''}", "Importing\u2026")
    return once(act(said, "commit-import", draft_id, class_name="btn-ink"))


def done(receipt: Stored, rows: Element, flows: tuple[dict[str, int], dict[str, int]], words: Words) -> Element:
    """Return the third step: the receipt, with undo, what was added, and what was left out in doubt.

    rows: the first of those that were added. flows: what they bring in and take out, minor units by currency.
    """
    month = f"{receipt.month // 100}-{receipt.month % 100:02}"
    return html.Div(
        [
            head("Import", html.Span(className="spacer"), stepper(3)),
            html.Section(
                [
                    html.Div(
                        [
                            html.Span(icon("check-lg"), className="tile", style={"--c": "var(--ok)"}),
                            html.Div(_added(receipt, words)),
                            html.Span(className="spacer"),
                            once(act([icon("arrow-counterclockwise"), "Undo import"], "undo", str(receipt.revision))),
                        ],
                        className="card-head",
                    ),
                    _figures(receipt, flows, words),
                    html.P(_moved(receipt.transfers, words), className="caption"),
                ],
                className="card-box",
                style={"marginBottom": "16px"},
            ),
            *[notice(text, "watch") for text in (receipt.standing, receipt.rules) if text],
            *([_left_out(receipt, words)] if receipt.doubts else []),
            card(
                "Just added",
                rows,
                aside=[
                    link(f"All {receipt.added}", f"/transactions?import={receipt.id}"),
                    link("Open the dashboard", f"/?p={month}&cur={receipt.currency}", "btn-ink btn-small"),
                    link("Import another file", PATH, "btn-line btn-small"),
                ],
            ),
        ]
    )


def _added(receipt: Stored, words: Words) -> list[Child]:
    """Return what was added to which account, what the bank's balance proves, and what went into other accounts."""
    return [
        html.H2(
            f"{words.counted(receipt.added, 'transaction')} added to {receipt.account}", style={"fontSize": "20px", "lineHeight": "26px"}
        ),
        html.Div(" \u00b7 ".join(filter(None, (receipt.file, receipt.proof))), className="caption"),
        *[
            html.Div(["And ", link(f"{words.counted(count, 'transaction')} to {name}", f"{PATH}?done={other}")])
            for other, name, count in receipt.also
        ],
    ]


def _figures(receipt: Stored, flows: tuple[dict[str, int], dict[str, int]], words: Words) -> Element:
    came, went = (" ".join(words.money(v, c) for c, v in side.items()) or "\u2013" for side in flows)
    figures = [
        ("Added", str(receipt.added)),
        ("Duplicates skipped", str(receipt.duplicates)),
        ("Problems left out", str(receipt.problems)),
        ("Money in", came),
        ("Money out", went),
    ]
    return html.Div([html.Div([html.Span(name, className="caption"), html.B(value)]) for name, value in figures], className="figures")


def _moved(count: int, words: Words) -> str:
    """Return how many rows are in neither sum, and why."""
    if not count:
        return ""
    are = "is a transfer" if count == 1 else "are transfers"
    return f"{words.counted(count, 'row')} {are} between your own accounts, and so in neither money in nor money out."


def _left_out(receipt: Stored, words: Words) -> Element:
    lines = [
        html.Li(
            [
                html.Span(f"{words.day(doubt.day)} \u00b7 {doubt.payee}", className="ellipsis"),
                amount(words.money(doubt.amount, receipt.currency, plus=True)),
            ]
        )
        for doubt in receipt.doubts
    ]
    caption = "Each looks like a saved one, and nothing tells for certain. Drop the file again and tick those that are real."
    return card("Left out, perhaps saved already", html.Ul(lines, className="left-out"), caption=caption, class_name="pairs-card")


def failed(message: str) -> Element:
    """Return what stands in place of a draft that is gone."""
    return html.Div(
        [head("Import", html.Span(className="spacer"), stepper(1)), notice(message, "error"), link("Choose a file", PATH, "btn-ink")]
    )
