"""Rows to read, in order: which ones, how sorted, and what stands in their columns; a slice at a time, so that scrolling is instant."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.plain import plain
from elute.widget import tell
from elute.widget.matching import matching
from elute.widget.near import nearest_of_row
from elute.widget.protocol import MESSAGE_LIMIT
from elute.widget.recent import Recent
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

Mask = NDArray[np.bool_]
SLICE = 500
"""Rows of one answer."""
KEYS = 20
"""Attributes that stand beside each row."""
ROOM = MESSAGE_LIMIT - 100_000
"""Bytes of one answer; what is around it takes the rest."""


@dataclass(frozen=True, eq=False)
class Listed:
    """The rows of one list, and how similar each is where they are neighbours."""

    off: tuple[object, ...]
    rows: NDArray[np.int64]
    similar: NDArray[np.float32] | None = None


class Listing:
    """The lists of one widget.

    Parameters
    ----------
    rounds : Rounds
    """

    def __init__(self, rounds: Rounds) -> None:
        self._rounds, self._session = rounds, rounds.session
        self._lists: Recent[tuple[Any, ...], Listed] = Recent(4)
        self._found: Recent[tuple[str, bool], Mask] = Recent(2)

    def slice(self, params: dict[str, Any]) -> dict[str, Any]:
        """The reply to ``points``."""
        keys = list(dict.fromkeys(str(key) for key in params.get("keys") or []))[:KEYS]
        offset, limit = max(0, params["offset"]), min(max(0, params["limit"]), SLICE)
        listed = self._listed(params)
        rows = listed.rows[offset : offset + limit]
        similar = None if listed.similar is None else listed.similar[offset : offset + limit]
        values = [self._rounds.attributes.told(key, rows) for key in keys] if len(rows) else []
        points = tell.points(self._rounds, rows)
        for at, point in enumerate(points):
            point["values"] = [column[at] for column in values]
            point["similarity"] = None if similar is None else float(similar[at])
        return {"total": len(listed.rows), "points": fitting(points)}

    def _listed(self, params: dict[str, Any]) -> Listed:
        within, cluster, row = params["within"], params.get("cluster"), params.get("row")
        if within == "tag":
            within = f"tag:{params.get('tag') or ''}"
        query, regex, sort = params.get("query") or "", bool(params.get("regex")), tuple(map(str, params.get("sort") or ()))
        name = (within, cluster, row, query, regex, sort)
        order = self._rounds.attributes.order(sort) if sort else None
        off = (*self._off(within), order)
        known = self._lists.get(name)
        if known is None or len(known.off) != len(off) or any(a is not b for a, b in zip(known.off, off, strict=True)):
            known = self._lists.put(name, self._made(off, within, cluster, row, query, regex, order))
        return known

    def _made(
        self, off: tuple[object, ...], within: str, cluster: int | None, row: int | None, query: str, regex: bool,
        order: NDArray[np.int32] | None,
    ) -> Listed:  # fmt: skip
        rows = self._near(row) if within == "near" else self._mask(within, cluster)
        if isinstance(rows, Listed):
            return self._sorted_near(rows, off, query, regex, order)
        if query:
            rows = rows & self._matching(query, regex, rows)
        chosen = np.flatnonzero(rows) if order is None else order[rows[order]]
        return Listed(off, chosen.astype(np.int64))

    def _sorted_near(
        self, near: Listed, off: tuple[object, ...], query: str, regex: bool, order: NDArray[np.int32] | None
    ) -> Listed:
        """Neighbours keep the order of nearness unless another one is asked for."""
        rows, similar = near.rows, near.similar
        assert similar is not None
        if query:
            among = np.zeros(len(self._session.corpus), bool)
            among[rows] = True
            held = self._matching(query, regex, among)[rows]
            rows, similar = rows[held], similar[held]
        if order is not None:
            place = np.empty(len(order), np.int64)
            place[order] = np.arange(len(order))
            by = np.argsort(place[rows])
            rows, similar = rows[by], similar[by]
        return Listed(off, rows, similar)

    def _near(self, row: int | None) -> Listed:
        if row is None or not 0 <= row < len(self._session.corpus):
            raise InputError("Neighbours are those of a row: there is no such row.")
        space = self._session.known_space
        if space is None:
            raise InputError("The vectors are not there yet. Neighbours can be listed once the round is made.")
        return Listed((), *nearest_of_row(space, row, self._session.state.keep))

    def _matching(self, query: str, regex: bool, among: Mask) -> Mask:
        """Over all rows where most are asked, and kept for the next list; else over these."""
        texts, found = self._session.corpus.texts, self._found.get((query, regex))
        if found is None and 2 * int(among.sum()) < len(texts):
            return matching(texts, query, regex=regex, among=among)
        return found if found is not None else self._found.put((query, regex), matching(texts, query, regex=regex))

    def _off(self, within: str) -> tuple[object, ...]:
        """What a list is read off: while these are the same objects, so is the list."""
        rounds, state = self._rounds, self._session.state
        if within == "cluster":
            return (rounds.shown().labels,) if rounds.has_round else ()
        if within == "near":
            return state.keep, self._session.known_space
        if within.startswith("tag:"):
            return (state.tags.get(within[4:]),)
        return {
            "all": (), "kept": (state.keep,), "dropped": (state.keep,), "hits": (rounds.finding.hits,),
            "selection": (self._session.selection,), "pinned": (state.pinned,),
        }.get(within, ())  # fmt: skip

    def _mask(self, within: str, cluster: int | None) -> Mask:
        keep = self._session.state.keep
        if within == "cluster":
            return self._rounds.shown().labels == cluster if self._rounds.has_round else np.zeros_like(keep)
        if within == "all":
            return np.ones_like(keep)
        if within in ("kept", "dropped"):
            return keep if within == "kept" else ~keep
        if within == "hits":
            return self._rounds.finding.hits.rows
        if within == "selection":
            return self._session.selection
        if within == "pinned":
            return self._session.state.pinned
        if within.startswith("tag:"):
            return self._session.state.tags.get(within[4:], np.zeros_like(keep))
        raise Refused("invalid", "within is all, kept, dropped, selection, hits, cluster, tag, pinned or near.")


def fitting(points: list[dict[str, Any]], room: int = ROOM) -> list[dict[str, Any]]:
    """The same points, their texts cut shorter where one message could not hold them."""
    clip, cell = tell.CLIP, 80
    # a control character takes six bytes
    while sum(6 * len(point["text"]) + 480 * len(point["values"]) + 1000 for point in points) > room and _bytes(points) > room:
        clip, cell = clip // 2, cell // 2
        for point in points:
            point["clipped"] = point["clipped"] or len(point["text"]) > clip
            point["text"] = point["text"][:clip]
            point["values"] = [value[:cell] if isinstance(value, str) else value for value in point["values"]]
    return points


def whole(text: str, room: int = ROOM) -> str:
    """As much of a text as one message holds: at most 900,000 characters, fewer where they take many bytes."""
    text = text[:900_000]
    if 6 * len(text) <= room or _bytes(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _bytes(text[:middle]) <= room else (low, middle - 1)
    return text[:low]


def _bytes(value: Any) -> int:
    """How long a value is as JSON in UTF-8, as it travels."""
    return len(json.dumps(plain(value), ensure_ascii=False).encode())
