"""The rules of the house, held by tests: who may import whom, who may write, what is listed where."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dashboard.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "dashboard"
FILES = sorted(HOUSE.rglob("*.py"))
CODE = [*FILES, ROOT / "app.py"] if (ROOT / "app.py").exists() else FILES
VENDOR = ROOT / "assets" / "vendor"
LONGEST = 600

# `bounds`, `directions`, `errors`, `money`, `periods`, `selection` and `typed` are for everyone; `config` for whoever is set by it.
SHARED = {"bounds", "directions", "errors", "folding", "money", "periods", "selection", "typed"}
MAY_IMPORT = {
    "directions": set(),
    "errors": set(),
    "folding": set(),
    "bounds": {"errors"},
    "typed": {"errors"},
    "money": {"errors", "typed"},
    "periods": {"errors", "typed"},
    "selection": {"errors", "money", "periods"},
    "config": {"errors"},
    "serving": {"config", "errors"},
    "statements": SHARED,
    "analysis": SHARED,
    "importing": SHARED | {"statements", "analysis"},
    "model": SHARED | {"config"},
    "services": SHARED | {"config", "model", "statements", "analysis", "importing"},
    "view": SHARED | {"statements", "analysis", "importing"},
    "controller": SHARED | {"config", "services", "view"},
    "__init__": SHARED | {"config", "services", "controller", "model"},
    "__main__": SHARED | {"commands", "config", "services", "statements", "analysis", "importing", "model"},
    "commands": SHARED | {"config", "services", "model"},
}
# What an import asks of a book comes in the shapes that the import has: the one arrow from the model to it.
ARROWS = {"model/queries/imported.py": {"importing"}}
# What the view draws are the dataclasses of services: their names in annotations, never the modules at run time.
FOR_TYPES_ONLY = {"view": {"services"}}
# What the view has of analysis at run time: it reads the rows of a table and says how long a field may be, and computes nothing.
READ_BY_THE_VIEW = {"dashboard.analysis.frames.rows", "dashboard.analysis.rules.LONGEST"}
# What adds up, ranks or averages, by name or as a method of a table.
FIGURING = {"sum", "fsum", "mean", "median", "groupby", "cumsum", "sort_values", "pivot_table", "merge"}
# The outer layers are no business of the inner ones.
FOREIGN = {
    "money": {"babel"},
    "periods": {"babel"},
    "directions": set(),
    "errors": set(),
    "folding": set(),
    "typed": set(),
    "bounds": {"errors"},
    "selection": set(),
    "config": set(),
    "serving": {"waitress"},
    "statements": {"defusedxml", "python_calamine"},
    "analysis": {"pandas", "numpy", "re2"},
    "importing": set(),
    "model": {"sqlalchemy", "alembic", "pandas", "numpy"},
    "services": {"sqlalchemy", "pandas", "babel", "idna", "werkzeug", "zxcvbn"},
    "view": {"dash", "dash_bootstrap_components", "pandas", "babel"},
    "controller": {"dash", "flask", "flask_compress", "flask_login", "flask_wtf", "sqlalchemy", "werkzeug", "wtforms"},
    "commands": {"click", "sqlalchemy"},
    "__main__": {"click"},
    "__init__": {"dash", "flask"},
}
# SQL is the model's: the rooms above it pass an engine or a connection on.
FROM_SQLALCHEMY = {
    "services": {"sqlalchemy.Connection", "sqlalchemy.Engine"},
    "controller": {"sqlalchemy.Engine"},
    "commands": {"sqlalchemy.Engine"},
}
# The longest function, the most parameters (self left out), the most ways through one: if, for, while, except, ternaries, matches and
# asserts, each comprehension and each condition in it, and what `and` and `or` add. EXCEPTIONS: `file.py:function`, and why it may be more.
MOST_LINES, MOST_PARAMETERS, MOST_BRANCHES = 50, 6, 25
EXCEPTIONS: dict[str, str] = {}
# Rooms in which a decision may not hide behind names that nobody checks.
TYPED = ("importing", "services")
STANDARD = sys.stdlib_module_names
WRITERS = {
    "model/writing.py",
    "model/deriving.py",
    "model/whole.py",
    "model/database.py",
    "model/backups.py",
    *(f"model/queries/{name}.py" for name in ("people", "books", "sessions", "limits", "drafts")),
}


@cache
def parsed(path: Path) -> ast.Module:
    """Return the tree of a file of the house, which nobody writes while the tests run."""
    return ast.parse(path.read_text())


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Yield each module that a file imports, its line, and whether for annotations only."""
    tree = parsed(path)
    typed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    package = ["dashboard", *path.relative_to(HOUSE).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno, id(node) in typed
        elif isinstance(node, ast.ImportFrom):
            base = (
                [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
                if node.level
                else (node.module or "").split(".")
            )
            for name in node.names:
                yield ".".join([*filter(None, base), name.name]), node.lineno, id(node) in typed


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    here = room(path)
    allowed = MAY_IMPORT[here] | {here} | ARROWS.get(str(path.relative_to(HOUSE)), set())
    wrong = []
    for module, line, typed in imports(path):
        parts = module.split(".")
        if parts[0] == "dashboard":
            target = parts[1] if len(parts) > 1 else "__init__"
            # `from dashboard import create_app` asks the factory's own room.
            target = target if target in MAY_IMPORT else "__init__"
            if (
                target not in allowed
                and not (typed and target in FOR_TYPES_ONLY.get(here, set()))
                and not (target == "__init__" and here == "__main__")
            ):
                wrong.append(f"{name_of(path)}:{line} {here} imports {module}")
        elif here in FOREIGN and parts[0] not in STANDARD and parts[0] not in FOREIGN[here]:
            wrong.append(f"{name_of(path)}:{line} {here} imports {module}")
    assert wrong == []


def test_the_walk_sees_a_forbidden_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "view").mkdir()
    bad = tmp_path / "view" / "bad.py"
    bad.write_text(
        "from typing import TYPE_CHECKING\nfrom dashboard.model import accounts\nif TYPE_CHECKING:\n    from dashboard.services import books\n"
    )
    monkeypatch.setitem(globals(), "HOUSE", tmp_path)
    found = {(module, typed) for module, _, typed in imports(bad)}
    assert ("dashboard.model.accounts", False) in found
    assert ("dashboard.services.books", True) in found


def figuring(path: Path) -> list[str]:
    """Return what a file of the view computes: calls that add up, and what it has of analysis beyond what it may read."""
    calls = [
        f"line {node.lineno} calls {name}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", getattr(node.func, "attr", ""))) in FIGURING
    ]
    return calls + [
        f"line {line} has {module}"
        for module, line, typed in imports(path)
        if module.startswith("dashboard.analysis") and not typed and module not in READ_BY_THE_VIEW
    ]


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "view"], ids=name_of)
def test_the_view_computes_nothing(path: Path) -> None:
    assert figuring(path) == []


def test_the_search_for_figures_finds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "view").mkdir()
    bad = tmp_path / "view" / "bad.py"
    bad.write_text(
        "from dashboard.analysis.frames import rows\nfrom dashboard.analysis.summaries import fold_small\n"
        "whole = sum(amounts)\nmonths['net'].sum()\n"
    )
    monkeypatch.setitem(globals(), "HOUSE", tmp_path)
    assert figuring(bad) == ["line 3 calls sum", "line 4 calls sum", "line 2 has dashboard.analysis.summaries.fold_small"]


def writes(path: Path) -> list[int]:
    """Return the lines that call SQLAlchemy's insert, update or delete, by whatever way they came in, or write SQL that does."""
    tree = parsed(path)
    verbs = {"insert", "update", "delete"}
    bound: set[str] = set()
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            bound |= {name.asname or name.name for name in node.names if name.name in verbs}
        elif isinstance(node, ast.Import):
            modules |= {(name.asname or name.name).split(".")[0] for name in node.names if name.name.startswith("sqlalchemy")}
    found = []
    tables = {
        "account",
        "category",
        "import_",
        "budget",
        "rule",
        "transaction",
        "split",
        "dismissed",
        "change",
        "book",
        "user",
        "session",
        "membership",
        "attempt",
        "draft",
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            direct = isinstance(called, ast.Name) and called.id in bound
            by_module = (
                isinstance(called, ast.Attribute)
                and called.attr in verbs
                and isinstance(called.value, ast.Name)
                and called.value.id in (modules | tables)
            )
            if direct or by_module:
                found.append(node.lineno)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.match(r"\s*(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|COPY\s)", node.value)
        ):
            found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", [p for p in FILES if "migrations" not in p.parts], ids=name_of)
def test_only_the_writer_and_the_keepers_of_people_write(path: Path) -> None:
    if str(path.relative_to(HOUSE)) in WRITERS:
        return
    assert writes(path) == []


def test_the_search_for_writes_finds_those_of_the_writers() -> None:
    assert all(writes(HOUSE / name) for name in WRITERS - {"model/database.py"})


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_callback_is_global_and_no_callback_error_is_hidden(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert "suppress_callback_exceptions" not in text
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "") == "dash":
            assert not {name.name for name in node.names} & {"callback", "clientside_callback"}, f"line {node.lineno}"
        if isinstance(node, ast.Attribute) and node.attr in ("callback", "clientside_callback") and isinstance(node.value, ast.Name):
            assert node.value.id != "dash", f"line {node.lineno}"


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in FROM_SQLALCHEMY], ids=name_of)
def test_sql_is_built_in_the_model_alone(path: Path) -> None:
    taken = {module for module, _, _ in imports(path) if module.split(".")[0] == "sqlalchemy"}
    assert taken <= FROM_SQLALCHEMY[room(path)]


def branches(function: ast.AST) -> int:
    """Count the ways through a function, as a reader has to follow them."""
    count = 1
    for node in ast.walk(function):
        if isinstance(node, ast.If | ast.For | ast.While | ast.ExceptHandler | ast.IfExp | ast.Assert | ast.match_case):
            count += 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
    return count


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def too_much(path: Path) -> list[str]:
    """Return the functions of a file that are too long, take too much, or have too many ways through them."""
    found = []
    for function in functions(path):
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        size = (function.end_lineno or function.lineno) - function.lineno + 1
        taken = sum(1 for one in given if one.arg not in ("self", "cls"))
        ways = branches(function)
        if size > MOST_LINES or taken > MOST_PARAMETERS or ways > MOST_BRANCHES:
            found.append(f"{path.name}:{function.name}: {size} lines, {taken} parameters, {ways} branches")
    return found


@pytest.mark.parametrize("path", [p for p in CODE if "migrations" not in p.parts], ids=name_of)
def test_no_function_is_long_takes_much_or_has_many_ways_through_it(path: Path) -> None:
    assert [said for said in too_much(path) if ":".join(said.split(":")[:2]) not in EXCEPTIONS] == []


def test_the_search_for_long_functions_finds_them(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    many = ", ".join(f"a{n}" for n in range(7))
    bad.write_text(f"def one({many}):\n    pass\n\n\ndef two(x):\n    return [y for y in x if y and {' and '.join('x' * 25)}]\n")
    assert [said.split(":")[1] for said in too_much(bad)] == ["one", "two"]
    worse = tmp_path / "worse.py"
    worse.write_text("def three():\n" + "    pass\n" * 50)
    assert [said.split(":")[1] for said in too_much(worse)] == ["three"]


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in TYPED], ids=name_of)
def test_what_decides_takes_named_values(path: Path) -> None:
    """No function takes any names (`**values`), and none passes rows on as mappings of anything."""
    assert [function.name for function in functions(path) if function.args.kwarg is not None] == []
    assert "dict[str, Any]" not in path.read_text()


def modules_of(folder: str) -> dict[str, set[str]]:
    """Return the modules of a folder, a package counting one, with those beside it that each imports."""
    base, prefix = HOUSE / folder, ["dashboard", *folder.split("/")]
    found: dict[str, set[str]] = {}
    for path in base.rglob("*.py"):
        here = path.relative_to(base).parts[0].removesuffix(".py")
        if here == "__init__":
            continue
        taken = (module.split(".") for module, _, _ in imports(path))
        beside = {parts[len(prefix)] for parts in taken if parts[: len(prefix)] == prefix and len(parts) > len(prefix)}
        found.setdefault(here, set()).update(beside - {here})
    return {here: those & found.keys() for here, those in found.items()}


def floors_of(modules: dict[str, set[str]]) -> dict[str, int]:
    """Return on which floor each module stands, one above the highest that it imports; those in a circle, or above one, are left out."""
    floors: dict[str, int] = {}
    while ready := {here for here, those in modules.items() if here not in floors and those <= floors.keys()}:
        floors |= {here: 1 + max((floors[one] for one in modules[here]), default=0) for here in ready}
    return floors


@pytest.mark.parametrize("folder", ["services", "importing", "statements", "statements/table", "analysis"])
def test_the_modules_of_a_room_form_no_circle(folder: str) -> None:
    modules = modules_of(folder)
    assert len(modules) > 4
    assert modules.keys() == floors_of(modules).keys()


def test_the_search_for_circles_finds_them() -> None:
    assert floors_of({"one": set(), "two": {"one", "three"}, "three": {"two"}, "four": {"one"}}) == {"one": 1, "four": 2}


def test_services_are_few_and_stand_on_few_floors() -> None:
    """A service is a noun: what is only overflow of another goes back to it, and a new one is a new noun."""
    known = modules_of("services")
    assert len(known) <= 20
    assert max(floors_of(known).values()) <= 8
    assert sum(map(len, known.values())) <= 60


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_file_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def test_no_money_is_a_float() -> None:
    calls = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        if room(path) in ("money", "model", "services")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert calls == []


def table_of_settings() -> dict[str, str]:
    rows = re.findall(r"^\|\s*`([A-Z_]+)`\s*\|([^|\n]*)\|", (ROOT / "README.md").read_text(), re.MULTILINE)
    return {name: default.strip().strip("`").strip() for name, default in rows}


def test_the_readme_lists_exactly_the_settings_there_are_with_their_defaults() -> None:
    assert table_of_settings() == SETTINGS


def test_what_others_made_is_listed_with_version_licence_and_checksum() -> None:
    listed = tomllib.loads((VENDOR / "VENDOR.toml").read_text())
    entries = next(iter(value for value in listed.values() if isinstance(value, list)))
    for entry in entries:
        assert all(str(entry.get(part, "")).strip() for part in ("name", "version", "licence", "file", "sha256")), entry
    sums = {entry["file"]: entry["sha256"] for entry in entries}
    assert len(sums) == len(entries)
    present = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.toml"
    }
    assert sums == present


def test_every_requirement_is_pinned_or_says_why_not() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    loose = [
        line
        for above, line in zip(["", *lines], lines, strict=False)
        if line.strip() and not line.startswith("#") and "==" not in line and not above.startswith(f"# {re.split('[<>=!~; ]', line)[0]}")
    ]
    assert loose == []


def test_nothing_that_is_drawn_comes_from_another_machine() -> None:
    outside = [
        f"{name_of(path)}: {address}"
        for path in (ROOT / "assets").rglob("*")
        if path.suffix in (".css", ".js") and VENDOR not in path.parents
        for address in re.findall(r"(?:url\(|@import|fetch\(|src=)\s*['\"]?(?:https?:)?//[^\s'\")]+", path.read_text())
    ]
    assert outside == []


def test_the_makefile_explains_each_target() -> None:
    text = (ROOT / "Makefile").read_text()
    for target in ("run", "test", "lint", "bench", "help"):
        assert re.search(rf"^{target}:.*## ", text, re.MULTILINE), target
