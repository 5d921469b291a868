"""What tries harder in ``make torture`` is run there: each test that asks how hard to try bears its mark."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def names(node: ast.AST) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def unmarked(source: str) -> list[str]:
    """Names of the tests that try harder, by themselves or by a constant of their file, and that ``make torture`` passes by."""
    body = ast.parse(source).body
    brought = [one for one in body if isinstance(one, ast.ImportFrom) and one.module == "torture"]
    asks = frozenset(name.name for one in brought for name in one.names) - {"torture"}
    given = {target: node for node in body if isinstance(node, ast.Assign) for target in map(ast.unparse, node.targets)}
    if "pytestmark" in given and "torture" in names(given["pytestmark"]):
        return []
    harder = asks | {target for target, node in given.items() if names(node) & asks and target.isupper()}
    tests = [node for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return [node.name for node in tests if names(node) & harder and "torture" not in names(node)]


@pytest.mark.parametrize("path", sorted(HERE.rglob("test_*.py")), ids=lambda path: path.name)
def test_whatever_tries_harder_is_in_make_torture(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_the_rule_finds_one() -> None:
    source = "from torture import times, torture\nMANY = times(1, 9)\n"
    assert unmarked(source + "def test_a():\n    go(MANY)\n\n@torture\ndef test_b():\n    go(MANY)\n") == ["test_a"]
