"""Facts about hosts and libraries that elute is built around, where no other file tests what follows from them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pages import Page, table

import elute
from elute.widget.frame import from_bits, to_bits

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "src" / "elute"
SOURCES = {path.relative_to(HOME).as_posix(): path.read_text(encoding="utf-8") for path in HOME.rglob("*.py")}


def test_elute_writes_no_csv() -> None:
    """So no cell of elute's begins a formula: tables come back in kind, and a person who writes a file has their own options."""
    found = {
        name
        for name, source in SOURCES.items()
        if re.search(r"^\s*(import|from) csv\b|\b(to|write)_csv\(|\bsavetxt\(", source, re.M)
    }
    assert found == set()


def test_no_loop_uses_the_pool_of_numba() -> None:
    assert {name for name, source in SOURCES.items() if re.search(r"parallel\s*=\s*True|\bprange\b", source)} == set()
    # umap-learn has loops that do: in the helper process only
    imports = {name for name, source in SOURCES.items() if re.search(r"^\s*(import|from) umap\b", source, re.M)}
    assert imports == {"project/umap.py"} and "offload.call(" in SOURCES["project/umap.py"]


def test_the_page_is_text_read_once_small_and_awaits_nothing() -> None:
    code = elute.Widget._esm
    assert isinstance(code, str), "a Path would keep every widget alive"
    assert 100_000 < len(code.encode()) < 500_000
    exported = re.search(r"^export default \{(.*)\}", (ROOT / "js" / "src" / "index.ts").read_text(encoding="utf-8"), re.M)
    assert exported is not None and exported[1].split(",")[0].strip() == "render"
    assert "initialize" not in exported[1], "it would have two seconds"


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
    s = page.widget.session
    before = page.mask("kept")
    page.ask("drop", to_bits(s.round.labels == s.round.labels[50]), decision="d1")
    page.wait()
    first = page.mask("kept")
    page.ask("suggestions")
    page.wait()
    copies = [one["id"] for one in page.ask("suggestions")[0]["suggestions"] if one["kind"] == "copies"]
    page.ask("accept", decision="d2", ids=copies)
    page.wait()
    after = page.mask("kept")
    assert sum(after) < sum(first) < sum(before) == 60
    page.ask("settings", decision="d3", settings={"clusterer": {"name": "kmeans", "k": 2}})
    page.ask("run")
    assert page.wait()["settings"]["clusterer"]["k"] == 2
    for number, expected in enumerate((after, first, before)):
        page.ask("undo", decision=f"u{number}")
        state = page.wait()
        assert page.mask("kept") == expected
    assert state["settings"]["clusterer"]["k"] == 3 and state["undo"] is None
    for number in range(3):
        page.ask("redo", decision=f"r{number}")
    assert page.wait()["settings"]["clusterer"]["k"] == 2 and page.mask("kept") == after


def test_the_example_of_a_docstring_has_a_home_and_names_of_its_own() -> None:
    """One alone, where no test of tests/ ran before: it took what the last one had left, and wrote into the home of who ran it."""
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "src/elute/forgetting.py"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
