"""The imports of each file go down only, as docs/architecture.md draws it, and none goes in a circle."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "elute"
ROOMS_DOOR = 15
"""How many files may stand at the top level; what is more belongs in a room."""
WOVEN = {"neighbors", "recipe", "report", "widget"}
"""Rooms whose files name one another, for types and inside functions; for the rest of the house each is one file."""


def floors() -> dict[str, int]:
    """File or folder of src/elute -> floor, from the table of docs/architecture.md. A file of a folder may have its own."""
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return {
        name.rstrip("/"): int(floor)
        for floor, names in re.findall(r"^\| (\d+) \| (`[^|]+) \|", table, re.M)
        for name in re.findall(r"`([^`]+)`", names)
    }


def files() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if path != SOURCE / "__init__.py"]


def place(path: Path, named: dict[str, int]) -> str:
    """The line of the table a file is held to: its own, or its room's."""
    own = path.relative_to(SOURCE).as_posix()
    return own if own in named else own.split("/")[0]


def module(name: str) -> Path | None:
    """The file of a module of elute: a room is its ``__init__.py``."""
    path = SOURCE.joinpath(*name.split(".")[1:])
    return next(
        (one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file() and one.parent != SOURCE.parent), None
    )


def imported(path: Path) -> set[Path]:
    """Files that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "elute":
            for alias in node.names:  # a file by its name, or a name of the file
                found.add(module(f"{node.module}.{alias.name}") or module(node.module or ""))
        elif isinstance(node, ast.Import):
            found |= {module(alias.name) for alias in node.names if alias.name.startswith("elute.")}
    return {one for one in found if one is not None and one not in (path, SOURCE / "__init__.py")}


def test_every_file_has_a_floor() -> None:
    named = floors()
    assert {place(path, named) for path in files()} == set(named)


def test_imports_go_down_only() -> None:
    floor = floors()
    wrong = []
    for path in files():
        here = place(path, floor)
        for other in imported(path):
            there = place(other, floor)
            if there != here and floor[there] >= floor[here]:
                wrong.append(f"{path.relative_to(SOURCE)} (floor {floor[here]}) imports {there} (floor {floor[there]})")
    assert wrong == []


def test_no_file_imports_in_a_circle() -> None:
    def node(path: Path) -> str:
        own = path.relative_to(SOURCE).as_posix()
        return own.split("/")[0] if own.split("/")[0] in WOVEN else own

    ways: dict[str, set[str]] = {}
    for path in files():
        if path.name != "__init__.py":  # the door of a room offers what its files hold: no step of the way
            ways.setdefault(node(path), set()).update(node(one) for one in imported(path) if one.name != "__init__.py")
    TopologicalSorter({here: there - ({here} & WOVEN) for here, there in ways.items()}).prepare()


def test_few_files_stand_outside_of_the_rooms() -> None:
    assert len(list(SOURCE.glob("*.py"))) <= ROOMS_DOOR
