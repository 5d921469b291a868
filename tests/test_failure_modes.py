"""Every failure of the list has a test that is there, and docs/reliability.md tells the same."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from failure_modes import TABLES, Failure

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT.parent / "shared" / "failure-modes.md"
HEADINGS = {"Running": "While one works", "Security and privacy": "Security and privacy", "Bad input": "Bad input"}
FAILURES = [pytest.param(one, id=one.name) for rows in TABLES.values() for one in rows]


@cache
def python_tests(path: Path) -> frozenset[str]:
    """Names of the tests of a file, read and not imported: functions, and classes that are assigned."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = {
        target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)
    }
    return frozenset(name for name in named | assigned if name.startswith(("test_", "Test")))


@cache
def full_tests(path: Path) -> frozenset[str]:
    """Those of them that run in ``make torture`` only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = any(
        "only_full" in ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node)
    )
    marked = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(node.name for node in marked if whole or "only_full" in map(ast.unparse, node.decorator_list))


@cache
def page_tests(path: Path) -> frozenset[str]:
    """Titles of the tests of a file of the page."""
    return frozenset(
        re.findall(r'^\s*(?:it|test)(?:\.\w+)*(?:\(|\([^"]*\)\()"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8"), re.M)
    )


def missing(test: str) -> str:
    """What is wrong with the name of a test; empty where it is there."""
    file, _, name = test.removesuffix(" (full)").partition("::")
    path = ROOT / "js" / "test" / file.removeprefix("js/") if file.startswith("js/") else ROOT / "tests" / file
    if not path.is_file():
        return f"there is no file {path}"
    known = page_tests(path) if path.suffix == ".ts" else python_tests(path)
    if name not in known:
        return f"{file} has no test {name!r}"
    full = path.suffix == ".py" and name in full_tests(path)
    return "" if full == test.endswith(" (full)") else f"{test}: (full) is for what runs in make torture only"


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_is_provoked_or_the_reason_is_told(failure: Failure) -> None:
    assert [wrong for wrong in map(missing, failure.tests) if wrong] == []
    assert failure.tests or failure.why, "a failure that no test provokes needs a reason"
    assert failure.expected and not re.search(r"[\n|]", failure.name + failure.expected + failure.why)


def test_a_name_that_is_wrong_is_noticed() -> None:
    assert (
        missing("test_jobs.py::test_that_nobody_wrote")
        and missing("test_nowhere.py::test_a")
        and missing("js/store.test.ts::nothing")
    )
    assert not missing("test_failure_modes.py::test_a_name_that_is_wrong_is_noticed")


@pytest.mark.skipif(
    not LIST.is_file(), reason="the list the tables began with stands beside the repository, where it is worked on"
)
def test_no_row_of_the_list_is_left_out() -> None:
    parts = re.split(r"^## (.+)$", LIST.read_text(encoding="utf-8"), flags=re.M)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    for heading, ours in HEADINGS.items():
        (body,) = [text for title, text in sections.items() if title.startswith(heading)]
        listed = [line.split("|")[1].strip().replace("`", "") for line in body.splitlines() if line.startswith("| ")][1:]
        assert listed == [one.name for one in TABLES[ours]]
    facts = re.findall(r"^\d+\. ", sections["Facts that shape the design"], re.M)
    assert len(facts) == len(TABLES["Hosts and libraries"])


def test_the_doc_tells_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    sys.modules.pop("reliability", None)
    import reliability

    told = reliability.DOC.read_text(encoding="utf-8")
    assert told == reliability.written(told), "docs/reliability.md is old: make reliability"
