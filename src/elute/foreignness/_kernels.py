"""Compiled loops over rows, to choose which texts are read, and over their tokens."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from elute.kernels import kernel
from elute.vectors._kernels import stir


@kernel("void(int32[::1], Array(int64, 1, 'C', True), int64[:, ::1], uint64[:, ::1], int64[::1])")
def drawn(at: Any, names: Any, chosen: Any, lots: Any, counts: Any) -> None:
    """Of each group the rows with the lowest lots, lowest first. A row's lot is drawn by its name: the same in every round."""
    most = chosen.shape[1]
    for row in range(at.size):
        group = at[row]
        if group < 0:
            continue
        lot = stir(np.uint64(names[row]) + np.uint64(1))
        count = counts[group]
        if count == most and lot >= lots[group, most - 1]:
            continue
        place = min(count, most - 1)
        while place > 0 and lots[group, place - 1] > lot:
            lots[group, place] = lots[group, place - 1]
            chosen[group, place] = chosen[group, place - 1]
            place -= 1
        lots[group, place] = lot
        chosen[group, place] = row
        counts[group] = min(count + 1, most)


@kernel("void(int32[::1], int64[::1], int64[::1], int64[::1], int64, float64[::1], int64[::1])")
def surprise(tokens: Any, ends: Any, texts: Any, edges: Any, features: int, nats: Any, sizes: Any) -> None:
    """Cross entropy of each group's tokens under the counts of all other groups, one added to each: summed, in nats.

    A group's texts are ``texts[edges[group]:edges[group + 1]]``, a text's tokens ``tokens[ends[text]:ends[text + 1]]``. ``sizes`` is
    filled with the tokens of each group.
    """
    total = np.zeros(features, dtype=np.int32)
    own = np.zeros(features, dtype=np.int32)
    vocabulary, everything = 0, 0
    for group in range(nats.size):
        sizes[group] = 0
        for at in range(edges[group], edges[group + 1]):
            for place in range(ends[texts[at]], ends[texts[at] + 1]):
                vocabulary += total[tokens[place]] == 0
                total[tokens[place]] += 1
                sizes[group] += 1
        everything += sizes[group]
    for group in range(nats.size):
        for at in range(edges[group], edges[group + 1]):
            for place in range(ends[texts[at]], ends[texts[at] + 1]):
                own[tokens[place]] += 1
        others = everything - sizes[group] + vocabulary
        found = 0.0
        for at in range(edges[group], edges[group + 1]):
            for place in range(ends[texts[at]], ends[texts[at] + 1]):
                token = tokens[place]
                if own[token] > 0:  # counted where it is met first, all at once
                    found -= own[token] * log((total[token] - own[token] + 1) / others)
                    own[token] = 0
        nats[group] = found
