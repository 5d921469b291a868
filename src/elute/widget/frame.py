"""What the map draws, as packed columns: quantised coords and labels, one item a row of the table, in chunks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.rounds.round import Round
from elute.widget.columns import told_apart
from elute.widget.protocol import CHUNK

EDGE = 1.2
"""Coords are drawn in [-1.2, 1.2]; the layout's 99th percentile is at 1, so what lies farther out is drawn at the edge."""
STEPS = 65535
NOWHERE = -3
"""Label of a row that was in no round so far: it has no place on the map."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Columns of one round, ready to travel.

    ``number`` grows with each frame, so that an old chunk is never taken for a new one. A column's version is the number of the frame
    that it came with first: coords that stayed where they were need not travel again.
    """

    number: int
    n: int
    columns: dict[str, NDArray[Any]]
    versions: dict[str, int]

    def describe(self) -> dict[str, Any]:
        """The reply to ``frame``."""
        columns = [
            {
                "name": name,
                "dtype": str(values.dtype),
                "items": values.size // max(1, self.n),
                "chunks": -(-values.nbytes // CHUNK),
                "version": self.versions[name],
            }
            for name, values in self.columns.items()
        ]
        return {"frame": self.number, "n": self.n, "lo": -EDGE, "hi": EDGE, "columns": columns}

    def chunk(self, name: str, index: int) -> bytes:
        """Bytes of one chunk, little-endian."""
        return self.columns[name].reshape(-1).view(np.uint8)[index * CHUNK : (index + 1) * CHUNK].tobytes()


def pack_frame(number: int, made: Round, before: Frame | None = None) -> Frame:
    """The frame of a round. A row that has no place, or a label that does not fit 16 bits, is drawn nowhere, not even as a ghost.

    ``before``: the last frame, whose equal columns go on under their version.
    """
    labels = made.labels.copy()
    for positions in made.coords.values():
        labels[np.isnan(positions).any(axis=1)] = NOWHERE
    labels[labels > np.iinfo(np.int16).max] = NOWHERE
    narrow = labels.max(initial=0) <= np.iinfo(np.int8).max
    packed = labels.astype("<i1" if narrow else "<i2")
    columns = {"coords3": quantise(made.coords[3]), "coords2": quantise(made.coords[2]), "labels": packed}
    known = (
        set() if before is None else {name for name, values in columns.items() if np.array_equal(values, before.columns[name])}
    )
    versions = {name: before.versions[name] if before is not None and name in known else number for name in columns}
    return Frame(number, len(labels), columns, versions)


def quantise(coords: NDArray[np.float32]) -> NDArray[np.uint16]:
    """(n, d) float32 to (n, d) uint16 over [-1.2, 1.2]; NaN becomes the middle.

    >>> quantise(np.array([[-1.2, 0.0, 9.0]], np.float32)).tolist()
    [[0, 32768, 65535]]
    """
    unit = (np.nan_to_num(coords, nan=0.0) + EDGE) / (2 * EDGE)
    steps: NDArray[np.uint16] = np.rint(np.clip(unit, 0, 1) * STEPS).astype("<u2")
    return steps


def label_codes(corpus: Corpus) -> tuple[list[str], NDArray[np.int32]]:
    """The labels as the page shows them, and which one each row has: (n,). As everywhere, 2, 2.0 and "2" are one label."""
    if corpus.label is None:
        return [], np.empty(0, np.int32)
    which, names = corpus.label_codes
    none = which < 0
    return [*told_apart(names), *(["(none)"] if none.any() else [])], np.where(none, np.int32(len(names)), which)


def to_bits(mask: NDArray[np.bool_]) -> bytes:
    """A mask as bits, least significant first."""
    return np.packbits(mask, bitorder="little").tobytes()


def from_bits(buffer: bytes, n: int) -> NDArray[np.bool_]:
    """The opposite of :func:`to_bits`.

    Raises
    ------
    ValueError
        The buffer is not exactly as long as ``n`` bits need.
    """
    if len(buffer) != -(-n // 8):
        raise ValueError(f"{n} rows need {-(-n // 8)} bytes of bits, {len(buffer)} came")
    return np.unpackbits(np.frombuffer(buffer, np.uint8), count=n, bitorder="little").astype(bool)
