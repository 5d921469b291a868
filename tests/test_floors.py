"""The imports of each file go down only, as docs/architecture.md draws it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "elute"


def floors() -> dict[str, int]:
    """File or folder of src/elute -> floor, from the table of docs/architecture.md."""
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return {
        name.rstrip("/"): int(floor)
        for floor, names in re.findall(r"^\| (\d+) \| (`[^|]+) \|", table, re.M)
        for name in re.findall(r"`([^`]+)`", names)
    }


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def imported(path: Path) -> set[str]:
    """Rooms that a file imports, inside functions too."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "elute":
            modules |= {f"elute.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    named = {module.split(".")[1] for module in modules if module.startswith("elute.")}
    return {
        name if (SOURCE / name).is_dir() else f"{name}.py"
        for name in named
        if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").exists()
    }


def test_every_file_has_a_floor() -> None:
    rooms = {room(path) for path in SOURCE.rglob("*.py")} - {"__init__.py"}
    assert rooms == set(floors())


def test_imports_go_down_only() -> None:
    floor = floors()
    wrong = [
        f"{path.relative_to(SOURCE)} (floor {floor[room(path)]}) imports {other} (floor {floor[other]})"
        for path in SOURCE.rglob("*.py")
        if room(path) != "__init__.py"
        for other in imported(path)
        if other != room(path) and floor[other] >= floor[room(path)]
    ]
    assert wrong == []
