"""Rounds and analyses on disk: a cache keyed by the texts, shared by all sessions on them; it may be deleted at any time.

Arrays go to ``.npz`` read with ``allow_pickle=False``, the rest to JSON. What can't be read is a miss, never an error.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from elute.cluster import Curve
from elute.corpus import Corpus
from elute.disk import DISK, Disk
from elute.findings import packed, unpacked
from elute.metrics import Scores
from elute.rounds.round import Round, Settings, describe

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 12
FOUND = "found:"
"""Before the name of each finding."""
HELD = "held:"
"""Before the name of each flag of which nothing is flagged, since its rule named too many rows."""
NAME = re.compile(r"[\w-]{1,120}")
"""Keys that are names of files as they are."""
BROKEN = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, MemoryError,
    BadZipFile, zlib.error, struct.error, TokenError, SyntaxError,
)  # fmt: skip
"""What a file that is not ours, or was altered, can lead to: nested too deep, locked, larger than memory."""
PLAIN = (str, bool, int, float, np.generic)
"""Labels that JSON gives back as they were."""


def round_key(keep: NDArray[np.bool_], settings: Settings, embedder: str | None, task: str = "") -> str:
    """Name of a round: what it was computed from, hashed. Starts with "own-" where that means something only in this process.

    ``embedder`` is the identity of what made the vectors, which counts, however it was chosen; ``task`` is what clusters were ranked by,
    "" by none.
    """
    own = [f"{id(made):x}" for made in (settings.clusterer, settings.projector) if describe(made)["name"] == "own"]
    if embedder is None and settings.embedder is not None:
        own.append(f"{id(settings.embedder):x}")
    what = {**settings.describe(), "format": FORMAT, "embedder": embedder, "own": own, **({"task": task} if task else {})}
    told = json.dumps(what, sort_keys=True).encode()
    prefix = "own-" if own or embedder is None else ""
    return prefix + hashlib.blake2b(np.packbits(keep).tobytes() + told, digest_size=12).hexdigest()


def folder_of(corpus: Corpus) -> str:
    """Name of a table's folder. Labels stand in figures and verdicts, and findings tell of a reference: others make another table."""
    told = b"" if corpus.label is None else "\0".join(map(str, corpus.label)).encode("utf-8", "surrogatepass")
    if corpus.reference.any():
        told += b"\0reference" + corpus.reference.tobytes() + corpus.in_order.tobytes()
    if not told:
        return corpus.fingerprint[:16]
    return f"{corpus.fingerprint[:16]}-{hashlib.blake2b(told, digest_size=8).hexdigest()}"


class Archive:
    """A folder of rounds and analyses of one corpus. Nothing is synced: what a power cut spoils is a miss."""

    def __init__(self, folder: Path, disk: Disk = DISK) -> None:
        self._folder, self._writes, self._disk = folder, True, disk

    def put_round(self, key: str, made: Round) -> None:
        """Keep a finished round, unless its key means nothing to another process."""
        if key.startswith("own-"):
            return
        arrays: dict[str, Any] = {
            "keep": made.keep, "labels": made.labels, "coords2": made.coords[2], "coords3": made.coords[3],
            "row_silhouette": made.scores.row_silhouette, "hashes": made.hashes,
        }  # fmt: skip
        for name in ("probabilities", "outlier_scores", "reduced"):
            if (values := getattr(made, name)) is not None:
                arrays[name] = values
        arrays |= {f"{FOUND}{name}": values for name, values in packed(made.findings).items()}
        arrays |= {f"{HELD}{name}": np.packbits(rows, bitorder="little") for name, rows in made.held.items()}
        suggested, given = _numbered(made.findings["label_suggested"].to_numpy())
        arrays["suggested"] = suggested
        figures = {name: value for name, value in vars(made.scores).items() if name not in ("row_silhouette", "clusters")}
        labels = made.clusters["label"].to_list()
        meta = {
            "number": made.number,
            "params": dict(made.params),
            "notes": made.notes,
            "curve": made.curve and asdict(made.curve),
            "seconds": made.seconds,
            "scores": figures,
            "suggested": given,
            "labels": labels,
        }
        if not all(label is None or isinstance(label, PLAIN) for label in (*labels, *given)):
            return  # dates and the like would come back as something else
        table = made.clusters.assign(label=None).to_json(orient="table", index=False)
        told = json.dumps({**meta, "clusters": json.loads(table)}, default=_plain)
        self._write(self._file("rounds", key, "npz"), lambda file: np.savez(file, meta=np.array(told), **arrays))

    def has_round(self, key: str) -> bool:
        """Whether a round is kept under ``key``."""
        return self._file("rounds", key, "npz").is_file()

    def get_round(self, key: str, settings: Settings, find: Any) -> Round | None:
        """The round kept under ``key``; ``find(labels, outlier_scores, columns)`` makes its table of findings."""
        with suppress(*BROKEN), self._file("rounds", key, "npz").open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            meta = json.loads(str(file["meta"]))
            arrays = {name: file[name] for name in file.files if name != "meta"}
            curve = meta["curve"]
            found, held = (
                unpacked(
                    {name[len(mark) :]: values for name, values in arrays.items() if name.startswith(mark)}, len(arrays["labels"])
                )
                for mark in (FOUND, HELD)
            )
            found["label_suggested"] = np.array([*meta["suggested"], None], object)[arrays["suggested"]]
            return Round(
                number=meta["number"],
                keep=arrays["keep"],
                labels=arrays["labels"],
                coords={2: arrays["coords2"], 3: arrays["coords3"]},
                probabilities=arrays.get("probabilities"),
                outlier_scores=arrays.get("outlier_scores"),
                scores=Scores(
                    **meta["scores"], row_silhouette=arrays["row_silhouette"], clusters=_table(meta["clusters"], meta["labels"])
                ),
                findings=find(arrays["labels"], arrays.get("outlier_scores"), found),
                settings=settings,
                params=meta["params"],
                notes=tuple(meta["notes"]),
                curve=curve and Curve(**{**curve, "x": tuple(curve["x"]), "y": tuple(curve["y"])}),
                reduced=arrays.get("reduced"),
                hashes=arrays["hashes"],
                seconds=meta["seconds"],
                held=held,
            )
        return None

    @property
    def place(self) -> str:
        """Which archive it is: all that are made of one folder are one."""
        return str(self._folder)

    def put_json(self, key: str, value: Any) -> None:
        """Keep a small JSON-able value, such as one cluster's analysis."""
        self._write(self._file("analysis", key, "json"), lambda file: file.write(json.dumps(value).encode()))

    def get_json(self, key: str) -> Any:
        """What :meth:`put_json` kept, or None."""
        with suppress(*BROKEN):
            return json.loads(self._file("analysis", key, "json").read_bytes())
        return None

    def leave_disk(self) -> None:
        """Write nothing more."""
        self._writes = False

    def _file(self, room: str, key: str, ending: str) -> Path:
        """Where a key is kept. Keys of rounds also come from journals, which may be another's: one that is no plain name is hashed."""
        key = str(key)
        name = key if NAME.fullmatch(key) else hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        return self._folder / room / f"{name}.{ending}"

    def _write(self, path: Path, fill: Any) -> None:
        if not self._writes:
            return
        # a full disk costs the cache, never the round
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f"{path.name}.{uuid4().hex}")
            try:
                filled = BytesIO()
                fill(filled)
                with self._disk.create(temporary) as file:
                    self._disk.write(file, filled.getbuffer())
                self._disk.rename(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)


def _numbered(values: NDArray[Any]) -> tuple[NDArray[np.int32], list[Any]]:
    """Labels as numbers, -1 for None, and what they stand for."""
    import pandas as pd

    codes, met = pd.factorize(values)
    return codes.astype(np.int32), list(met)


def _table(told: dict[str, Any], labels: list[Any]) -> pd.DataFrame:
    import pandas as pd

    names = [item["name"] for item in told["schema"]["fields"]]
    table = pd.DataFrame(told["data"], columns=names)
    table = table.astype({item["name"]: "float64" for item in told["schema"]["fields"] if item["type"] == "number"})
    # a cluster without a label has None, and the number 3 stays what it is: pandas would make NaN and 3.0 of them
    table["label"] = pd.Series(labels, table.index, dtype=object)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)
