"""Categories: the page, the drawers, what is done to them."""

from __future__ import annotations

from dashboard.controller.answers import Act, Action, Answer, Page, done, opened
from dashboard.errors import NotFound
from dashboard.services import categories, fields
from dashboard.services.books import Book
from dashboard.view.pages import categories as page
from dashboard.view.parts import Words
from dashboard.view.tags import Element


def _show(book: Book, _query: str, _theme: str) -> Element:
    return page.page(categories.shelf(book), Words(book.locale, book.today))


def _open_category(book: Book, sent: Action) -> Answer:
    found = categories.shelf(book)
    if sent.value == "new":
        return opened("Add a category", page.form(None, found))
    one = categories.pick(found.categories, sent.value)
    return opened("Edit category", page.form(one, found))


def _save_category(book: Book, sent: Action) -> Answer:
    form = sent.form
    saved = categories.save(
        book,
        form.get("id"),
        form.get("revision"),
        categories.CategoryForm(
            name=form.get("name"), group=form.get("group"), kind=form.get("kind"), slot=form.get("slot"), icon=form.get("icon")
        ),
    )
    return done(saved, drawer_open=False)


def _merge_category(book: Book, sent: Action) -> Answer:
    return done(categories.merge(book, sent.form.get("from"), sent.form.get("into")), drawer_open=False)


def _archive_category(book: Book, sent: Action) -> Answer:
    return done(categories.archive(book, sent.value, fields.choice(sent.extra, "state", ("yes", "no")) == "yes"), drawer_open=False)


def _delete_category(book: Book, sent: Action) -> Answer:
    return done(categories.delete(book, sent.value), drawer_open=False)


def _move_category(book: Book, sent: Action) -> Answer:
    return done(categories.move(book, sent.value, _up(sent)))


def _up(sent: Action) -> bool:
    return fields.choice(sent.extra, "direction", ("up", "down")) == "up"


def _open_group(book: Book, sent: Action) -> Answer:
    names = list(dict.fromkeys(one.group for one in categories.all_categories(book)))
    if not isinstance(sent.value, str) or sent.value not in names:
        raise NotFound("That group does not exist.")
    return opened("Rename group", page.group_form(sent.value, names))


def _rename_group(book: Book, sent: Action) -> Answer:
    return done(categories.rename_group(book, sent.form.get("group"), sent.form.get("name")), drawer_open=False)


def _move_group(book: Book, sent: Action) -> Answer:
    return done(categories.move_group(book, sent.value, _up(sent)))


ACTIONS: dict[str, Act] = {
    "open-category": _open_category,
    "save-category": _save_category,
    "merge-category": _merge_category,
    "archive-category": _archive_category,
    "delete-category": _delete_category,
    "move-category": _move_category,
    "open-group": _open_group,
    "rename-group": _rename_group,
    "move-group": _move_group,
}
PAGES: dict[str, Page] = {page.PATH: _show}
