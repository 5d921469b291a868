"""What is in the wheel, and that it works with only what it brings."""

from __future__ import annotations

import os
import re
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from commands import run
from kernels import a_kernel, execute

import elute

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from licences import npm, permitted, python  # noqa: E402
from release import compared  # noqa: E402

LACKING = """
import re, sys
from pathlib import Path
import elute, elute.errors
from elute.engines.dask import Dask
folder, texts = Path(sys.argv[1]), ["a b", "c d"] * 8
s = elute.Session(texts, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=folder / "journal")
s.run()
s.drop([0])
asked = elute.Session(
    texts, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=folder / "asked",
    analyst=elute.OpenAIAnalyst("a-model", base_url="http://127.0.0.1:1/v1"),
)
asked.run()
for name, make in {
    "sbert": lambda: elute.Session(texts, embedder="sbert").run(),
    "openai": lambda: elute.Session(texts, embedder="openai").run(),
    "analyst": lambda: asked.analyze(),
    "parquet": lambda: elute.read(folder / "a.parquet"),
    "feather": lambda: elute.read(folder / "a.feather"),
    "workbook": lambda: elute.read(folder / "a.xlsx"),
    "recipe": lambda: s.recipe().save(folder / "recipe"),
    "shards": lambda: elute.apply_recipe(folder / "recipe", folder / "a.jsonl", folder / "out"),
    "far": lambda: elute.apply_recipe(folder / "recipe", "s3://bucket/a.jsonl", folder / "out"),
    "dask": lambda: Dask(),
}.items():
    try:
        make()
        print(f"{name}: nothing")
    except elute.errors.MissingExtraError as error:
        print(f"{name}:", *re.findall(r"Type: pip install 'elute\\[(\\w+)\\]'$", str(error)))
    except Exception as error:
        print(f"{name}: {type(error).__name__} {error}")
"""

SLOW = """
import time, numpy as np, elute
class Slow:
    def fit_transform(self, X):
        for _ in range(400):
            time.sleep(0.01)
        return X[:, :3]
rng = np.random.default_rng(0)
w = elute.Widget([f"text {i}" for i in range(60)], embedder=rng.normal(size=(60, 8)), clusterer=elute.KMeans(3), projector=Slow())
w.start()
import ipykernel; print(ipykernel.__version__)
"""


def test_the_wheel_holds_the_package_and_nothing_else(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    files = zipfile.ZipFile(wheel).infolist()
    names = [file.filename for file in files]
    tracked = {str(path.relative_to(Path(elute.__file__).parent.parent)) for path in Path(elute.__file__).parent.rglob("*.py")}
    needed = {
        "elute/py.typed",
        "elute/widget/static/widget.js",
        "elute/widget/static/widget.css",
        "elute/analyze/stopwords.txt",
    }
    assert {name for name in names if not name.startswith("elute-")} == tracked | needed
    assert any(name.endswith("licenses/LICENSE") for name in names)
    large = {file.filename: file.compress_size for file in files if file.compress_size > 6_000}
    assert {name.split("/")[-1] for name in large} == {"widget.js", "widget.css", "RECORD"}
    assert sum(large.values()) < 170_000, "the page"
    assert wheel.stat().st_size < 1_100_000, "and sources, none of which is large, and no other file"


def test_the_sdist_has_the_page_built_and_its_source(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"src/elute/widget/static/widget.js", "js/src/index.ts", "js/package-lock.json", "LICENSE", "README.md"} <= names
    assert not any("node_modules" in name or name.startswith(".demo") for name in names)


def test_it_imports_fast_and_shows_a_widget_with_no_model(clean: Path) -> None:
    code = """
import time; start = time.process_time()
import elute
assert time.process_time() - start < 0.5, "import is slow"
w = elute.Widget([f"{a} {b}" for a in "red green blue".split() for b in "cat dog cow fox".split()], clusterer=elute.KMeans(3))
w.start(); assert w.wait(200)
print(w.session.embedder.name, w.session.round.metrics["clusters"], len(w.clean()))
print([note for note in w.session.round.notes if "elute[sbert]" in note])
print(w._repr_mimebundle_()[0].keys() if isinstance(w._repr_mimebundle_(), tuple) else w._repr_mimebundle_().keys())
"""
    out = run(clean, "-W", "error::UserWarning", "-c", code)
    assert "TF-IDF 3 12" in out and "pip install 'elute[" in out and "widget-view+json" in out


def test_a_missing_extra_is_the_command_to_type(clean: Path, tmp_path: Path) -> None:
    for name in ("a.parquet", "a.feather", "a.xlsx", "a.jsonl"):
        (tmp_path / name).write_bytes(b"PAR1")
    out = run(clean, "-c", LACKING, tmp_path, env={**os.environ, "ELUTE_HOME": str(tmp_path / "home")})
    assert dict(line.split(": ", 1) for line in out.splitlines()) == {
        "sbert": "sbert", "openai": "openai", "analyst": "openai", "parquet": "recipe", "feather": "recipe", "workbook": "xlsx",
        "recipe": "recipe", "shards": "recipe", "far": "recipe", "dask": "dask",
    }  # fmt: skip


@pytest.mark.parametrize("ipykernel", ["6.31.0", "7"])
def test_a_cell_computes_while_a_round_runs_and_cancel_stops_it(ipykernel: str, request: pytest.FixtureRequest) -> None:
    # the older and the newer handle the page on different threads
    with a_kernel(request.getfixturevalue("clean") if ipykernel == "6.31.0" else sys.executable) as client:
        assert execute(client, SLOW).startswith(ipykernel)
        start = time.monotonic()
        out = execute(client, "print(sum(range(100_000)), w.status['busy'], w.session.journal.records[-1].kind)")
        assert time.monotonic() - start < 2
        assert out.split() == ["4999950000", "True", "open"]
        execute(client, "w._rounds.cancel(); assert w.wait(8); assert not w.status['busy']")
        execute(client, "assert w.keep.all(); w.session.run(projector='pca'); assert len(w.session.rounds) == 1")


def test_wheel_and_sdist_hold_what_git_holds(dist: Path) -> None:
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    tracked = run("git", "-C", ROOT, "ls-files").splitlines()
    fresh = set(run("git", "-C", ROOT, "status", "--porcelain", "-uall").replace("\n", " ").split())
    told = compared(wheel, sdist, [name for name in tracked if (ROOT / name).exists()])
    # while one works in the tree, files that are not committed yet are built too
    assert [line for line in told if "not in git" not in line or not set(line.split(": ")[1].split(", ")) <= fresh] == []
    assert compared(wheel, sdist, [*tracked, "src/elute/gone.py"])[0].startswith("missing in the wheel: src/elute/gone.py")
    assert any(line.startswith("in the sdist and not in git: CHANGELOG.md") for line in compared(wheel, sdist, []))


def test_nothing_in_the_wheel_can_be_a_pickle_or_runs_one(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    assert {Path(name).suffix for name in archive.namelist()} <= {".py", ".typed", ".js", ".css", ".txt", ".html", "", ".json"}
    loads = re.compile(r"^\s*(import|from) (pickle|cloudpickle|dill|joblib|shelve|marshal)\b|allow_pickle=True", re.M)
    assert [name for name in archive.namelist() if name.endswith(".py") and loads.search(archive.read(name).decode())] == []


def test_the_version_is_said_in_one_place(dist: Path) -> None:
    assert f"\nversion: {elute.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (wheel,) = dist.glob("*.whl")
    meta = zipfile.ZipFile(wheel).read(f"elute-{elute.__version__}.dist-info/METADATA").decode()
    assert f"\nVersion: {elute.__version__}\n" in meta and "\nLicense-Expression: Apache-2.0\n" in meta


def test_licences_are_permitted() -> None:
    assert permitted("MIT AND (GPL-3.0 OR Apache-2.0)") and permitted("Apache-2.0 WITH LLVM-exception") and permitted("MPL-2.0")
    assert not permitted("GPL-3.0-only") and not permitted("") and not permitted("MIT AND AGPL-3.0")
    assert not [name for name, licence in {**python(), **npm(False), **npm(True)}.items() if not permitted(licence)]
