"""How a file was understood, on the check screen: the line of detected values, and the questions that are open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import periods
from dashboard.periods import Period
from dashboard.view import tags as html
from dashboard.view.pages.accounts import currency_options
from dashboard.view.parts import Child, Words, icon, kept
from dashboard.view.tags import Element

if TYPE_CHECKING:
    from dashboard.importing.shapes import Check, Group
    from dashboard.statements import Question

ORDERS = {"dmy": "31/12/2026", "mdy": "12/31/2026", "ymd": "2026-12-31"}


def detected(shown: Check, words: Words) -> Element:
    """Return what was understood of a file as one line of values, each of them to be changed in place."""
    reading, draft = shown.statement.reading, shown.draft_id
    values: list[Child] = [
        _value("Format", html.B(", ".join(part for part in (reading.format.upper(), reading.delimiter, reading.encoding) if part)))
    ]
    values += [_account(group, shown, several=len(shown.groups) > 1) for group in shown.groups]
    if reading.dates and reading.dates != "ymd":
        values.append(_choice("Dates", "dates", draft, reading.dates, {order: ORDERS[order] for order in ("dmy", "mdy")}))
    if reading.decimal:
        values.append(_choice("Amounts", "decimal", draft, reading.decimal, {",": "1.234,56", ".": "1,234.56"}))
    if "amount" in reading.columns and "direction" not in reading.columns:
        values.append(_choice("Minus means", "sign", draft, reading.sign, {"out-negative": "money out", "out-positive": "money in"}))
    if any(group.account_id is None and group.names_no_currency for group in shown.groups):
        # The file names no currency: the person does.
        codes = {option["value"]: option["label"] for option in currency_options()}
        values.append(_choice("Currency", "currency", draft, shown.groups[0].currency, codes))
    proof = shown.statement.proof
    tone = "ok" if proof is not None and proof.agree == proof.steps else "watch"
    badge = html.Span([icon("patch-check"), shown.proof_text], className=f"pill {tone}") if proof is not None else None
    days = [line.day for line in shown.lines if line.day]
    span = periods.period_text(Period("custom", min(days), max(days)), words.locale) if days else ""
    return html.Div(
        kept(
            [
                html.Span(icon("filetype-csv"), className="tile"),
                html.Div([html.Div(shown.file, className="file"), html.Div(f"{len(shown.lines)} rows, {span}", className="caption")]),
                html.Span(className="spacer"),
                *values,
                badge,
            ]
        ),
        className="card-box detected",
    )


def _value(label: str, control: Element) -> Element:
    return html.Label([html.Span(label, className="caption"), control], className="value")


def _choice(label: str, key: str, draft: int, value: str | None, answers: dict[str, str]) -> Element:
    """Return a value of the reading with the others there are: answer to label."""
    options = [{"label": name, "value": answer} for answer, name in answers.items()]
    said = {"data-change": "answer", "data-value": str(draft), "data-extra": key}
    return _value(label, html.Div(html.Select(value=value, options=options), **said))


def _account(group: Group, shown: Check, *, several: bool) -> Element:
    label = f"Account ({group.label or group.currency})" if several else "Account"
    # A file that names no currency is in the account's, whichever that is.
    silent = group.names_no_currency
    usable = [a for a in shown.accounts if a.id == group.account_id or (not a.closed and (silent or a.currency == group.currency))]
    options = [
        *({"label": f"{a.name} ({a.currency})" if silent else a.name, "value": str(a.id)} for a in usable),
        {"label": f"New: {group.name}" if group.account_id is None else "New account", "value": "new"},
    ]
    return _value(
        label,
        html.Div(
            html.Select(value="new" if group.account_id is None else str(group.account_id), options=options),
            **{"data-change": "choose-account", "data-value": str(shown.draft_id), "data-extra": group.key},
        ),
    )


def question_card(question: Question, shown: Check) -> Element:
    """Return one question with its answers side by side, on real rows."""
    options = [
        html.Button(
            kept([html.B(option.label), html.Span(" \u00b7 ".join(option.examples), className="caption") if option.examples else None]),
            type="button",
            className="option",
            **{"data-act": "answer", "data-value": str(shown.draft_id), "data-extra": f"{question.key}={option.value}"},
        )
        for option in question.options
    ]
    return html.Div(
        [html.Div([icon("question-circle"), " ", html.B(question.text)], role="alert"), html.Div(options, className="options")],
        className="card-box question",
    )


def heading(name: str, role: str, shown: Check, class_name: str = "") -> Element:
    """Return a column's head of the check table: from which column of the file it comes, and a choice of another."""
    reading = shown.statement.reading
    heads = reading.header
    used = columns_of(role, shown)
    if not any(heads) or not used or shown.statement.own_export:
        return html.Span(name, className=class_name)
    mine = ",".join(map(str, used[: 2 if role == "amount" else 1]))
    options = [{"label": f"{name} from \u201c{head}\u201d", "value": str(c)} for c, head in enumerate(heads) if head]
    if "," in mine:
        both = "\u201d and \u201c".join(heads[c] for c in used[:2])
        options.insert(0, {"label": f"{name} from \u201c{both}\u201d", "value": mine})
    said = {"data-change": "answer", "data-value": str(shown.draft_id), "data-extra": "columns" if role == "amount" else role}
    return html.Span(
        html.Label(
            [
                html.Span(f"Column of the file that holds the {name.lower()}", className="visually-hidden"),
                html.Select(value=mine, options=options),
            ],
            **said,
        ),
        className=f"heading-choice {class_name}".strip(),
    )


def columns_of(role: str, shown: Check) -> tuple[int, ...]:
    """Return the columns of the file that a column of the table is made of."""
    columns = shown.statement.reading.columns
    # An amount may come from two columns; a payee may only stand among the other words.
    return columns.get(role) or (
        columns.get("debit", ()) + columns.get("credit", ()) if role == "amount" else columns.get("text", ())[:1] if role == "payee" else ()
    )
