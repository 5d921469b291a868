"""The documentation is true: each block of code runs as it stands, each link leads somewhere, each command and name is there.

A block that can't run here stands behind ``<!-- not run: reason -->``, and their number is held.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openai_server import OpenAIServer

import elute
from elute.cli import main
from elute.embed import as_embedder
from elute.engines.run import apply_recipe
from elute.findings import FLAGS, OF, RANKS

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "examples"))
from local_server import answer  # noqa: E402

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
NOT_RUN = 3
BLOCK = re.compile(r"^(?:<!-- not run: (?P<why>.+) -->\n)?```(?P<kind>\w*)\n(?P<code>.*?)^```$", re.M | re.S)
CODE = re.compile(r"^```[\s\S]*?^```$|^(?: {4}.*\n)+|`[^`\n]*`", re.M)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ABOUT = {
    "card": (
        "my bank card was declined at the {}",
        "please block the card i lost near the {}",
        "the machine at the {} kept my card",
    ),
    "pets": ("the cat slept all day on the {}", "our dog ran around the {} and barked", "the kitten hid under the {}"),
    "weather": ("a storm is coming to the {} tonight", "will it rain over the {} tomorrow", "snow fell on the {} this morning"),
}
PLACES = "market station river school bridge garden harbour office library museum church tower".split()
WHEN = "again twice today early late friday monday often slowly suddenly".split()


def table() -> pd.DataFrame:
    """282 texts under three labels, among them 30 lines of sports and 12 copies."""
    rows = [
        (f"{forms[i % 3].format(PLACES[(i * 5 + i // 12) % 12])} {WHEN[(i * 7 + i // 10) % 10]}", intent, f"{intent} {i // 4}")
        for intent, forms in ABOUT.items()
        for i in range(80)
    ]
    line = "GOAL!!! {} UNITED {}-{} full time, scorers on page {}"
    rows += [(line.format(PLACES[i % 12].upper(), i % 5, i % 3, i), list(ABOUT)[i % 3], f"sport {i // 4}") for i in range(30)]
    return pd.DataFrame(rows + rows[:12], columns=["text", "intent", "dialogue_id"])


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the pages speak of."""
    folder, made = tmp_path_factory.mktemp("docs"), table()
    made.to_csv(folder / "texts.csv", index=False)
    (folder / "new").mkdir()
    made.sample(frac=1, random_state=1).to_parquet(folder / "new" / "a.parquet")
    turns = made["text"].iloc[::3].tolist()
    chats = [
        [{"role": "user", "content": said}, {"role": "assistant", "content": f"Let me see about that: {said}"}] for said in turns
    ]
    (folder / "chats.jsonl").write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in chats), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[OpenAIServer]:
    """What answers in the place of a model on this machine."""
    with OpenAIServer(chat=lambda body: json.dumps(answer(body)), dimension=32) as made:
        yield made


def blocks(page: Path) -> list[re.Match[str]]:
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def named(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=named)
def test_code_runs(page: Path, files: Path, server: OpenAIServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in files.iterdir():
        (tmp_path / path.name).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_KEY", "of no worth")
    # where a page names no embedder, the one that needs no model: what is tested here is the page, not MiniLM
    for room in ("elute.rounds.choices", "elute.embed.forms"):
        monkeypatch.setattr(f"{room}.as_embedder", lambda spec: elute.TfidfEmbedder() if spec is None else as_embedder(spec))
    # and in this process: how workers start is tested where engines are
    monkeypatch.setattr(
        "elute.engines.run.apply_recipe", lambda *given, **how: apply_recipe(*given, **{**how, "engine": "inline"})
    )
    names: dict[str, Any] = {"__name__": "docs"}
    for found in blocks(page):
        kind, code = found["kind"], found["code"].replace("http://localhost:11434/v1", server.base_url)
        if found["why"] or kind == "text":
            continue
        if kind == "python":
            exec(compile(code, named(page), "exec"), names)
        else:
            assert kind == "sh", f"{named(page)}: a block of {kind!r} is none that is run"
            shell(code)
    for value in names.values():
        if isinstance(value, elute.Widget):
            value.close()


def shell(code: str) -> None:
    """Run what is elute's own; of what is installed the extras must be there."""
    for line in filter(None, (shlex.split(line, comments=True) for line in code.splitlines())):
        if line[0] == "elute":
            assert main([*line[1:], "--quiet"]) == 0, line
        else:
            assert line[:2] == ["pip", "install"], line
            assert set(re.findall(r"[a-z]+", line[2])) - {"elute"} <= set(extras()), line


def extras() -> dict[str, list[str]]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(told["project"]["optional-dependencies"])


def test_what_is_not_run_is_counted() -> None:
    left = [(named(page), found["why"]) for page in PAGES for found in blocks(page) if found["why"]]
    assert len(left) == NOT_RUN, left


def test_every_fence_is_seen() -> None:
    for page in PAGES:
        assert page.read_text(encoding="utf-8").count("```") == 2 * len(blocks(page)), named(page)


def anchors(page: Path) -> set[str]:
    """What ``#`` may name on a page, as the site makes it of headings."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} (.+)$", CODE.sub("", page.read_text(encoding="utf-8")), re.M):
        plain = unicodedata.normalize("NFKD", re.sub(r"[`*]", "", heading)).encode("ascii", "ignore").decode()
        found.add(re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower()))
    return found


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        to = (page.parent / name).resolve() if name else page
        assert to.exists() and to.is_relative_to(DOCS), f"{named(page)}: {link}"
        assert not anchor or anchor in anchors(to), f"{named(page)}: {link}"


def test_every_page_is_in_the_navigation() -> None:
    told = re.findall(r": ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.M)
    assert len(told) == len(set(told))
    assert {named(page) for page in PAGES} <= set(told)


def test_the_search_works_from_disk() -> None:
    """Where a browser starts no worker, a script that lies in the site stands in; tried by hand in Chromium, too."""
    told = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.search(r"^use_directory_urls: false", told, re.M) and re.search(r"^  - search\n  - offline$", told, re.M)
    (name,) = re.findall(r"^  polyfills: \[([\w./-]+)\]", told, re.M)
    hooks = (ROOT / "scripts" / "docs_hooks.py").read_text(encoding="utf-8")
    assert "iframe-worker" in name and f'"{name}", abs_src_path=str(WORKER)' in hooks
    script = (ROOT / "js" / "node_modules" / "iframe-worker" / "shim" / "index.js").read_text(encoding="utf-8")
    assert 'location.protocol==="file:"' in script and "http" not in script


def test_every_command_is_there() -> None:
    """``python bench/x.py`` names a file, ``make x`` a target."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"python ((?:bench|examples|scripts)/[\w/]+\.py)", text):
            assert (ROOT / name).exists(), f"{named(page)}: {name}"
        for name in re.findall(r"`make ([\w-]+)", text):
            assert name in targets, f"{named(page)}: make {name}"


def test_every_file_that_is_named_is_there() -> None:
    homes = [ROOT / home for home in (".", "src", "src/elute", "js", "js/src", "tests")]
    for page in PAGES:
        for name in re.findall(
            r"(?<![\w/.-])((?:[\w-]+/)+[\w-]+\.(?:py|ts|js|sh|txt|ipynb))\b", page.read_text(encoding="utf-8")
        ):
            assert any((home / name).exists() for home in homes), f"{named(page)}: {name}"


def test_pages_name_what_there_is() -> None:
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\|", (DOCS / "findings.md").read_text(encoding="utf-8"), re.M)
    assert set(re.findall(r"\w+", " ".join(rows))) == {*FLAGS, "distance", "redundancy"}
    told = set(re.findall(r"`(\w+)`", (DOCS / "findings.md").read_text(encoding="utf-8")))
    assert {*RANKS, *OF} <= told
    told = set(re.findall(r"^::: elute\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.M))
    assert told - {"errors"} == set(elute.__all__) - {"__version__"}
    assert elute.__getattr__("errors") is elute.errors  # also where nothing else was used yet


def test_every_index_is_told(tmp_path: Path) -> None:
    session = elute.Session(table(), text="text", label="intent", embedder="tfidf", projector="pca", path=tmp_path / "journal")
    made = session.run()
    told = set(re.findall(r"`(\w+)`", (DOCS / "indices.md").read_text(encoding="utf-8")))
    assert {*made.metrics, *made.clusters} - {"cluster", "size"} <= told


def test_the_cliff_is_drawn_and_told_by_one_script(tmp_path: Path) -> None:
    sys.path.append(str(ROOT / "bench"))
    from cliff import draw
    from cliff import table as told

    from elute.cluster import Sweep

    sweep = Sweep("hdbscan", "min_cluster_size", (5.0, 10.0, 20.0), (30, 8, 0), (0.1, 0.2, 1.0), 10.0)
    draw({"reduced": [sweep], "full": [sweep]}, tmp_path / "cliff.svg")
    assert (tmp_path / "cliff.svg").read_text().count("<circle") == 6
    assert told({"reduced": [sweep], "full": [sweep]}).splitlines()[-1] == "| 20 | 0 (100% noise) | 0 (100% noise) |"
    page = (DOCS / "indices.md").read_text(encoding="utf-8")
    assert np.all([line in page for line in ("| 147 | ", "| 202 | ")])
