"""What is in the wheel, and that it works with only what it brings."""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from commands import run

import elute


def test_the_wheel_holds_the_package_and_nothing_else(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tracked = {str(path.relative_to(Path(elute.__file__).parent.parent)) for path in Path(elute.__file__).parent.rglob("*.py")}
    assert tracked <= set(names)
    for needed in (
        "elute/py.typed",
        "elute/widget/static/widget.js",
        "elute/widget/static/widget.css",
        "elute/analyze/stopwords.txt",
    ):
        assert needed in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert all(name.startswith(("elute/", "elute-")) for name in names)
    assert wheel.stat().st_size < 1_000_000


def test_the_sdist_has_the_page_built_and_its_source(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"src/elute/widget/static/widget.js", "js/src/index.ts", "js/package-lock.json", "LICENSE", "README.md"} <= names
    assert not any("node_modules" in name or name.startswith(".demo") for name in names)


def test_it_imports_fast_and_shows_a_widget_with_no_model(clean: Path) -> None:
    code = """
import time; start = time.perf_counter()
import elute
assert time.perf_counter() - start < 0.5, "import is slow"
w = elute.Widget([f"{a} {b}" for a in "red green blue".split() for b in "cat dog cow fox".split()], clusterer=elute.KMeans(3))
w.start(); assert w.wait(200)
print(w.session.embedder.name, w.session.round.metrics["clusters"], len(w.clean()))
print([note for note in w.session.round.notes if "elute[sbert]" in note])
print(w._repr_mimebundle_()[0].keys() if isinstance(w._repr_mimebundle_(), tuple) else w._repr_mimebundle_().keys())
"""
    out = run(clean, "-W", "error::UserWarning", "-c", code)
    assert "TF-IDF 3 12" in out and "pip install 'elute[" in out and "widget-view+json" in out


def test_a_missing_extra_is_the_command_to_type(clean: Path) -> None:
    code = """
import elute
for make in (lambda: elute.Session(["a b", "c d"], embedder="sbert").run(), lambda: elute.Session(["a b"], embedder="openai").run()):
    try:
        make()
    except elute.errors.MissingExtraError as error:
        print(error)
"""
    out = run(clean, "-c", code.replace("import elute", "import elute, elute.errors"))
    assert "pip install 'elute[sbert]'" in out and "pip install 'elute[openai]'" in out
