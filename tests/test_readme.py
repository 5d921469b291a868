"""The code of README runs as it stands there, and so does the example notebook's."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_readme_code_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    # the same code with the embedder that needs no model: what is tested here is README, not MiniLM
    for room in ("elute.rounds.choices", "elute.embed.forms"):
        monkeypatch.setattr(f"{room}.as_embedder", lambda spec: __import__("elute").TfidfEmbedder())
    words = "card bank loan cat dog cow rain wind sun".split()
    texts = [f"{words[i % 9]} {words[(i * 7) % 9]} number {i}" for i in range(60)]
    names: dict[str, Any] = {"df": pd.DataFrame({"text": texts, "intent": [words[i % 9] for i in range(60)]})}
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 3
    (tmp_path / "new").mkdir()
    names["df"].to_parquet(tmp_path / "new" / "a.parquet")
    # in this process: what is tested is README, not how processes start
    monkeypatch.setattr("elute.apply_recipe", partial(__import__("elute").apply_recipe, engine="inline"))
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
        if block is blocks[0]:
            names["w"].start()  # as its cell's output does
            names["w"].wait()


def test_the_notebook_is_clean_and_compiles() -> None:
    notebook = json.loads((ROOT / "examples" / "purify.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    for cell in code:
        compile("".join(cell["source"]), "purify.ipynb", "exec")
