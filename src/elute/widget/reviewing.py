"""Requests about suggestions: what elute would do, what the person made of it, and what was learned from that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.prepare.clean import strip_markup
from elute.suggest import Example, Suggestion, halves_of, worth_keeping
from elute.suggest.advised import doing
from elute.widget import tell
from elute.widget.advising import foretold
from elute.widget.frame import to_bits
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]
Mask = NDArray[np.bool_]
EXAMPLES = 5
"""Texts of a look, or of each half of one: a person tells from five whether they belong (bench/evidence_halves.py)."""
WHOLE = 4000
"""Characters of a text that is read to decide on it; beyond that it is asked for by row."""
CLUSTER = "cluster:"
"""What the id of a cluster's look begins with."""


class ReviewRequests:
    """Handlers of the Review tab; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]
    _bits: Callable[[bytes], Any]

    def suggestions(self, params: dict[str, Any], buffer: bytes) -> Answer:
        held = self.rounds.suggesting
        pending = held.want()
        suggested = held.suggested
        read = _read(self.rounds, [example for one in suggested.suggestions for example in one.examples])
        told = iter(read)
        return {
            "suggestions": [{**_told(one), "examples": [next(told) for _ in one.examples]} for one in suggested.suggestions],
            "looks": {**vars(suggested.looks), "order": list(suggested.looks.order)},
            "checked": [*([held.problem] if held.problem else []), *suggested.checked],
            "dismissed": suggested.dismissed,
            "together": _together(suggested.suggestions),
            "pending": pending,
        }, None

    def suggestion(self, params: dict[str, Any], buffer: bytes) -> Answer:
        id, offset = params["id"], max(0, params.get("offset") or 0)
        if id.startswith(CLUSTER):
            rows = self._members(id[len(CLUSTER) :])
            found = _some(rows, offset)
        else:
            one = self.rounds.suggesting.find([id])[0]
            rows, found = one.rows, self._more(one, offset)
        return {"id": id, "count": int(rows.sum()), "examples": _read(self.rounds, found, WHOLE)}, to_bits(rows)

    def halves(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._members(str(params["cluster"]))
        ground = self.rounds.suggesting.ground
        if ground is None or ground.made is not self.rounds.shown() or (found := halves_of(ground, params["cluster"])) is None:
            return {"examples": []}, to_bits(np.zeros_like(rows))
        return {"examples": [_read(self.rounds, _some(half & rows), WHOLE) for half in found]}, to_bits(found[0] & rows)

    def read(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return {"examples": _read(self.rounds, _some(self._bits(buffer) & self.session.state.keep), WHOLE)}, None

    def accept(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.looking.refuse()
        chosen = self.rounds.suggesting.find(params["ids"])
        action = params.get("action") or None

        def act() -> int:
            before = self.session.state.last
            rows = self.session.accept(chosen, action, decision=params["decision"], source={"by": "page"})
            return rows or int(self.session.state.last != before)

        return self._once(params, act)

    def advice(self, params: dict[str, Any], buffer: bytes) -> Answer:
        chosen, ground = self.rounds.suggesting.find(params["ids"]), self.rounds.suggesting.ground
        if ground is None:
            raise Refused("stale", "There is no advice yet.")
        return foretold(self.session, ground, chosen), None

    def dismiss(self, params: dict[str, Any], buffer: bytes) -> Answer:
        one = self.rounds.suggesting.find([params["id"]])[0]

        def act() -> int:
            self.session.dismiss(one, decision=params["decision"], source={"kind": "page"})
            return 1

        return self._once(params, act)

    def worth(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows, ground = self._bits(buffer), self.rounds.suggesting.ground
        if ground is None:  # a hint, not worth waiting for
            return {"count": 0, "points": [], "why": []}, to_bits(np.zeros_like(rows))
        found, reasons = worth_keeping(ground, rows)
        return {
            "count": int(found.sum()),
            "points": tell.points(self.rounds, np.flatnonzero(found)[:EXAMPLES]),
            "why": reasons[:EXAMPLES],
        }, to_bits(found)

    def learn(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.teaching.ask((params.get("name") or "").strip()[:80])
        return {}, None

    def learned(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self.rounds.teaching.answer(), None

    # -- inside --------------------------------------------------------------------------------------------------------------

    def _members(self, number: str) -> Mask:
        """Rows of a cluster that stay."""
        try:
            wanted = int(number)
        except ValueError:
            raise Refused("invalid", "There is no such cluster.") from None
        if wanted not in self.rounds.clusters():
            raise Refused("stale", "This cluster is not there any more: a newer round is.")
        return np.asarray((self.rounds.shown().labels == wanted) & self.session.state.keep)

    def _more(self, one: Suggestion, offset: int) -> list[Example]:
        """The next few examples of a suggestion: those it came with, then its other rows, of which there may be a million."""
        own, order = one.examples[offset : offset + EXAMPLES], shuffled(one.rows)
        rest = order[~np.isin(order, [example.row for example in one.examples])]
        rest = rest[max(0, offset - len(one.examples)) :][: EXAMPLES - len(own)]
        at = np.searchsorted(np.flatnonzero(one.rows), rest).tolist()
        labels, stays = one.data.get("labels"), one.data.get("stays")
        texts = self.session.corpus.texts if one.kind == "markup" else None
        return [
            *own,
            *(
                Example(
                    row,
                    after=strip_markup(texts[row] or "") if texts is not None
                    else None if labels is None else str(labels[place]),
                    beside=None if stays is None else int(stays[place]),
                )
                for row, place in zip(rest.tolist(), at, strict=True)
            ),
        ]  # fmt: skip


def shuffled(rows: Mask) -> NDArray[np.int64]:
    """Positions of rows in one order of the whole table: who reads the first few reads from all over, and it stays as rows go."""
    order = _order(len(rows))
    return order[rows[order]]


@lru_cache(2)
def _order(n: int) -> NDArray[np.int64]:
    """(n,) rows of a table in that order: a quarter of a second for a million, and asked for at every five texts."""
    return np.random.default_rng(n).permutation(n)


def _some(rows: Mask, offset: int = 0) -> list[Example]:
    """A few of them in that order, as they are."""
    return [Example(row) for row in shuffled(rows)[offset : offset + EXAMPLES].tolist()]


def _together(suggestions: Sequence[Suggestion]) -> int:
    """Rows of the safe ones that may be accepted together, each counted once. Labels are looked at first: they are proposals."""
    safe = [one.rows for one in suggestions if one.tier == "safe" and one.kind != "labels"]
    return int(np.logical_or.reduce(safe).sum()) if safe else 0


def _told(one: Suggestion) -> dict[str, Any]:
    names = ("id", "tier", "kind", "action", "other", "title", "why", "count", "cluster", "confidence", "meaning", "effect")
    return {
        **{name: getattr(one, name) for name in names},
        "analyst": one.analyst,
        "advised": doing(one),
        "clusters": list(one.clusters),
        "overlaps": list(one.overlaps),
        "settings": None if one.settings is None else dict(one.settings),
    }


def _read(rounds: Rounds, examples: Sequence[Example], clip: int = tell.CLIP) -> list[dict[str, Any]]:
    """Examples with the rows to read."""
    wanted = [row for one in examples for row in (one.row, one.beside) if row is not None]
    rows = np.unique(np.array(wanted, np.int64))
    points = dict(zip(rows.tolist(), tell.points(rounds, rows), strict=True))
    if clip > tell.CLIP:
        texts = rounds.session.corpus.texts
        for row, point in points.items():
            text = texts[row] or ""
            point.update(text=text[:clip], clipped=len(text) > clip)
    return [
        {
            "point": points[one.row],
            "after": one.after if one.after is None else one.after[:clip],
            "beside": None if one.beside is None else points[one.beside],
            "why": one.why,
        }
        for one in examples
    ]
