"""Packages of another version than ours, for a test alone: into a folder, not into the environment."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest


def installed(folder: Path, *packages: str) -> Path:
    """The folder, with exactly these packages in it; the test is skipped where they can't be had."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), *packages]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"pip could not install {' '.join(packages)}: {done.stderr[-200:]}")
    return folder


def kept(*packages: str) -> Path:
    """A folder in the environment with exactly these packages; installed once, and not again by the next run."""
    root = Path(sys.prefix) / "hosts"
    folder = root / hashlib.sha256("\n".join(packages).encode()).hexdigest()[:12]
    if not folder.exists():
        root.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root) as made:
            installed(Path(made) / "packages", *packages).replace(folder)
    return folder
