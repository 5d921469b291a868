"""A recipe and shards for tests of engines: rows with copies, near copies, labels, groups, and vectors that are given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from elute import KMeans, Session
from elute.recipe import Across, Balance, Duplicates, Recipe

ABOUT = {
    "card": "my bank card was declined at the {} shop yesterday evening",
    "cat": "the small cat slept on the {} sofa in the afternoon sun",
    "storm": "a heavy storm at sea broke the {} mast of the old ship",
}
COLOURS = "red blue green yellow purple orange silver golden brown white black pink".split()
ALL = Across(False, Duplicates(True, (0, 2, 4), False), Balance("cluster", None, 25))
GROUPS = Across(True, Duplicates(True, (0, 2, 4), True), Balance("label", 1.2, None))


def rows(n: int, seed: int = 0) -> pd.DataFrame:
    """Texts in three subjects, some of them copies or a slip of a letter away; vectors by subject."""
    draw = np.random.default_rng(seed)
    kinds = list(ABOUT)
    found = []
    for at in range(n):
        kind = kinds[int(draw.integers(3))]
        text = ABOUT[kind].format(COLOURS[int(draw.integers(len(COLOURS)))])
        chance = draw.random()
        if chance < 0.5:
            text += f" {int(draw.integers(n))}"
        elif chance < 0.6:
            place = int(draw.integers(3, len(text) - 3))
            text = text[:place] + text[place + 1 :]
        elif chance < 0.65:
            text = text.upper() + "!"
        elif chance < 0.67:
            text = "  "
        vector = np.eye(8)[kinds.index(kind)] + draw.normal(0, 0.05, 8)
        label = kind if draw.random() < 0.9 else "other"
        found.append({"text": text, "label": label, "talk": f"t{at // 3}", "vector": (vector / np.linalg.norm(vector)).tolist()})
    return pd.DataFrame(found)


def vectors(table: pd.DataFrame) -> np.ndarray:
    return np.array(table["vector"].tolist(), np.float32)


def recipe(path: Path, across: Across | None = ALL, by_groups: bool = False) -> tuple[Recipe, pd.DataFrame]:
    """The recipe of a small session that dropped a cluster and some rows, and the session's table."""
    table = rows(90, 1)
    session = Session(
        table[["text", "label", "talk"]], text="text", label="label", group="talk" if by_groups else None, embedder=vectors(table),
        clusterer=KMeans(3), projector="pca", path=path / "journal",
    )  # fmt: skip
    session.drop(session.run().labels == 0)
    session.drop(np.arange(90) % 17 == 0)
    made = session.recipe()
    return (made if across is None else replace(made, across=across)), table


def write(table: pd.DataFrame, folder: Path, shards: int, seed: int = 0, kind: str = "parquet") -> list[Path]:
    """Cut a table into so many shards at random places; their names are in the order of the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    cuts = np.sort(np.random.default_rng(seed).integers(0, len(table) + 1, shards - 1))
    paths = []
    for at, (start, stop) in enumerate(zip([0, *cuts], [*cuts, len(table)], strict=True)):
        path = folder / f"part-{at:04}.{kind}"
        part = table.iloc[start:stop]
        if kind == "parquet":
            schema = pa.schema(
                [("text", pa.string()), ("label", pa.string()), ("talk", pa.string()), ("vector", pa.list_(pa.float32()))]
            )
            pq.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False), path)
        elif kind == "jsonl":
            path.write_text(part.to_json(orient="records", lines=True))
        else:
            part.drop(columns="vector").to_csv(path, index=False)
        paths.append(path)
    return paths


def said(out: Path) -> pd.DataFrame:
    """What was said of every row, in order."""
    return pd.concat([pd.read_parquet(path) for path in sorted((out / "rows").rglob("*.parquet"))], ignore_index=True)


def texts_out(out: Path) -> list[Any]:
    return [text for path in sorted((out / "data").rglob("*.parquet")) for text in pd.read_parquet(path)["text"]]
