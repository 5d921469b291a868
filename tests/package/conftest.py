"""The wheel as a user gets it: built from the sdist where there is no Node, installed into an environment of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from commands import run

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    no_node = tmp_path_factory.mktemp("bin")
    path = os.pathsep.join(
        [str(no_node), *(part for part in os.environ["PATH"].split(os.pathsep) if not (Path(part) / "npm").exists())]
    )
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, env={**os.environ, "PATH": path})
    return folder


@pytest.fixture(scope="session")
def clean(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that holds the wheel, its dependencies and the older ipykernel, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", folder)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    (wheel,) = dist.glob("*.whl")
    # bytecode of what is imported, as it is: of all that these packages hold it takes 40 s of processor time
    install = [python, "-m", "pip", "install", "-q", "--no-compile"]
    run(*install, "-c", ROOT / "constraints.txt", wheel)
    run(*install, "ipykernel==6.31.0")
    run(python, "-c", "import elute")
    return python
