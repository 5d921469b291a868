"""Facts about hosts and libraries that elute is built around, where no other file tests what follows from them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from pages import Page, table

import elute
from elute.widget.frame import from_bits, to_bits

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src" / "elute").rglob("*.py"))


def names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What a source imports and calls by name: ("import", module) and ("call", name)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (("import", alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield "import", (node.module or "").split(".")[0]
        elif isinstance(node, ast.Call):
            yield "call", node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_elute_writes_no_csv_and_reads_no_pickle() -> None:
    refused = {
        *(("import", name) for name in ("csv", "pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml")),
        *(("call", name) for name in ("to_csv", "write_csv", "to_pickle", "read_pickle", "eval", "exec", "savetxt")),
    }  # fmt: skip
    found = {
        (path.name, *used) for path in SOURCES for used in names(ast.parse(path.read_text(encoding="utf-8"))) if used in refused
    }
    assert found == set()
    loads = [
        (path.name, ast.unparse(node))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) in ("np.load", "np.save")
    ]
    assert loads and [load for load in loads if "allow_pickle=False" not in load[1]] == []


def test_no_loop_uses_the_pool_of_numba() -> None:
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"parallel\s*=\s*True|\bprange\b", source), path.name
        if re.search(r"^\s*import umap\.", source, re.M):  # umap-learn has loops that do: in the helper process only
            assert path.relative_to(ROOT / "src" / "elute").parts == ("project", "umap.py")
            assert "offload.call(" in source


def test_the_page_is_text_read_once_small_and_awaits_nothing() -> None:
    code = elute.Widget._esm
    assert type(code) is str and elute.Widget._esm is code, "a Path would keep every widget alive"
    assert 100_000 < len(code.encode()) < 500_000
    exported = re.search(r"^export default \{(.*)\}", (ROOT / "js" / "src" / "index.ts").read_text(encoding="utf-8"), re.M)
    assert exported is not None and exported[1].strip() == "render", "an initialize() would have two seconds"


def test_a_selection_of_two_million_rows_is_a_quarter_of_a_megabyte() -> None:
    rows = np.random.default_rng(0).random(2_000_000) < 0.5
    packed = to_bits(rows)
    assert len(packed) == 250_000
    assert np.array_equal(from_bits(packed, len(rows)), rows)


def test_three_undos_give_the_masks_from_before(open_page: Callable[..., Page]) -> None:
    df = table()
    df.loc[20:24, "text"] = df.loc[25, "text"]
    page = open_page(df)
    page.ask("run")
    page.wait()
    before = page.mask("kept")
    s = page.widget.session
    page.ask("drop", to_bits(s.round.labels == s.round.labels[50]), decision="d1")
    page.wait()
    first = page.mask("kept")
    page.ask("accept", decision="d2", ids=[one.id for one in s.suggestions if one.kind == "copies"])
    page.wait()
    page.ask("settings", decision="d3", settings={"clusterer": {"name": "kmeans", "k": 2}})
    page.ask("run")
    page.wait()
    after = page.mask("kept")
    assert sum(after) < sum(first) < sum(before) == 60
    assert page.ask("state")[0]["settings"]["clusterer"]["k"] == 2
    for number, expected in enumerate((after, first, before)):
        page.ask("undo", decision=f"u{number}")
        page.wait()
        assert page.mask("kept") == expected
    assert page.ask("state")[0]["settings"]["clusterer"]["k"] == 3
    for number in range(3):
        page.ask("redo", decision=f"r{number}")
    page.wait()
    assert page.mask("kept") == after
