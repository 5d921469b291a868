"""Verdicts on rows with no model: by how near each is to the criterion in the embedder's space, and by what was found about it.

A criterion says what should stay, what should go, or both (``criterion.py``): "questions to a bank; off-topic is small talk". A row's
likeness is its cosine to the first less that to the second, in robust standard deviations above or below the median of the whole set,
of which most is taken to fit. The reasons say how the line was read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.analyze.criterion import PLAINLY, SHOWN, Poles, poles
from elute.analyze.rows import REASON, RowsAsked, RowsTold, RowVerdict, RowWord
from elute.analyze.wording import one_line
from elute.errors import InputError

FAR, NEAR = -2.0, -1.0
"""Robust standard deviations from the median below which a row does not fit, and above which it does."""
FLAGGED, COPY = 0.6, 0.2
"""What a finding multiplies the quality with, and a copy's quality."""
UNPLACED = (
    "Without a model, rows are judged by how near each is to the line, and this embedder can't place a line among them: "
    "TF-IDF, given vectors, a function and a remote embedder can't. Run a round with embedder='sbert', or open the table with an analyst "
    "that has a model."
)
COPIES = frozenset({"copy of another row", "blank", "no text here", "not text"})


def likeness(asked: RowsAsked) -> NDArray[np.float64] | None:
    """(m,) how much more or less a row is what is asked for than the median of the set; None where that can't be told."""
    stay, go = _read(asked)
    if asked.speak is None or asked.vectors is None or asked.whole is None or not (stay or go):
        return None
    said = [(sign, line) for sign, line in ((1.0, stay), (-1.0, go)) if line]
    made = asked.speak([line for _, line in said])
    if made is None or not np.isfinite(made).all():
        return None
    direction = np.asarray(sum(sign * vector for (sign, _), vector in zip(said, made, strict=True)))
    every = asked.whole @ direction
    middle = float(np.median(every))
    # measured above the median: what does not fit lies below it
    width = max(1.4826 * float(np.median((every - middle)[every >= middle])), 1e-6)
    return np.asarray((asked.vectors @ direction - middle) / width, np.float64)


def by_likeness(asked: RowsAsked) -> RowsTold:
    """What is said of rows by their likeness to the criterion and by what was found about them.

    Raises
    ------
    InputError
        The line says what should stay or go, but the embedder can't place it among the rows.
    """
    z, read = likeness(asked), _read(asked)
    if z is None and any(read):
        raise InputError(UNPLACED)
    told = read.told if _line(asked) else ""
    flags = asked.flags or ((),) * len(asked.rows)
    verdicts = (
        _verdict(row, None if z is None or np.isnan(z[i]) else float(z[i]), flags[i], read, told)
        for i, row in enumerate(asked.rows)
    )
    return RowsTold(tuple(verdicts), read=told)


def _line(asked: RowsAsked) -> str:
    return (asked.criterion or asked.context.task).strip()


def _read(asked: RowsAsked) -> Poles:
    return poles(_line(asked))


def _verdict(row: int, z: float | None, flags: tuple[str, ...], read: Poles, told: str) -> RowVerdict:
    if z is None:
        word, quality, reasons = "unsure", 0.5, [told if told == PLAINLY else "nothing to compare it with"]
    else:
        word = "drop" if z < FAR else "keep" if z > NEAR else "unsure"
        # one half lies between the two
        quality = 1 / (1 + float(np.exp(-2 * (z - (FAR + NEAR) / 2))))
        line, fate = (read.go, "go") if read.go and (word == "drop" or not read.stay) else (read.stay, "stay")
        like = "at the edge of" if word == "unsure" else "like" if (word == "drop") == (fate == "go") else "unlike"
        reasons = [f"{like} “{one_line(line, SHOWN)}”, which should {fate} ({z:+.1f})"]
    verdict: RowWord = word  # type: ignore[assignment]
    if any(flag in COPIES for flag in flags):
        verdict, quality = "drop", min(quality, COPY)
    elif flags:
        verdict, quality = "unsure" if word == "keep" else verdict, quality * FLAGGED
    return RowVerdict(row, verdict, round(quality, 3), one_line("; ".join([*flags, *reasons]), REASON))
