"""Requests about evidence: duplicates side by side, labels that look like others, clusters that mix, tags and pins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.rows import word
from elute.decisions.proposals import in_force
from elute.errors import InputError
from elute.widget import tell
from elute.widget.columns import places, told_apart
from elute.widget.evidencing import confusion
from elute.widget.frame import to_bits
from elute.widget.listing import fitting
from elute.widget.wire import Refused

if TYPE_CHECKING:
    import pandas as pd

    from elute.session import Session
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]
GROUPS, GROUP = 200, 12
"""Groups of one answer, and rows of each that are read; the rest is a number."""
PAIRS = 400
"""Pairs of labels that are told."""
NEAR = 0.9
"""Cosine from which rows are near in meaning where the page says nothing else."""


class EvidenceRequests:
    """Handlers of evidence; :class:`~elute.widget.handlers.Handlers` is one."""

    rounds: Rounds
    session: Session
    _once: Callable[[dict[str, Any], Callable[[], int]], Answer]
    _bits: Callable[[bytes], Any]
    _suggested: tuple[pd.DataFrame, NDArray[np.int32]] | None = None

    def duplicates(self, params: dict[str, Any], buffer: bytes) -> Answer:
        kind = params["kind"]
        if kind not in ("near", "conflict", "meaning"):
            raise Refused("invalid", "Duplicates are near, conflict or meaning.")
        given = params.get("threshold")
        found, pending, error = (
            self.rounds.evidencing.duplicates(kind, NEAR if given is None else float(given), bool(params.get("again")))
            if self.rounds.has_round
            else (None, True, "")
        )
        if found is None:
            return {"total": 0, "rows": 0, "left": 0, "groups": [], "pending": pending, "error": error}, to_bits(
                np.zeros(len(self.session.corpus), bool)
            )
        offset, limit = max(0, params["offset"]), min(max(0, params["limit"]), GROUPS)
        chosen = found.groups[offset : offset + limit]
        read = [rows[:GROUP] for rows in chosen]
        points = iter(fitting(tell.points(self.rounds, np.concatenate(read))) if read else [])
        codes, labels = in_force(*self.session.corpus.label_codes, self.session.state.relabels)
        names = [*told_apart(labels), None]
        told = []
        for rows, similarity in zip(chosen, found.similarity[offset : offset + limit], strict=True):
            some = [next(points) for _ in rows[:GROUP]]
            for point in some:
                point["label"] = names[codes[point["row"]]]
            differ = len(set(codes[rows].tolist()) - {-1}) > 1
            told.append({
                "survivor": int(rows[0]), "count": len(rows), "conflict": differ, "similarity": similarity, "points": some,
            })  # fmt: skip
        whole = {"total": len(found.groups), "rows": found.rows, "left": found.left}
        return {**whole, "groups": told, "pending": pending, "error": error}, to_bits(found.spare)

    def confusion(self, params: dict[str, Any], buffer: bytes) -> Answer:
        names, given, suggested, among = self._labels()
        a, b, counts = confusion(given, suggested, among)
        a, b, counts = a[:PAIRS], b[:PAIRS], counts[:PAIRS]
        there, place = np.unique(np.concatenate([a, b]), return_inverse=True)
        return {
            "labels": [names[code] for code in there.tolist()], "codes": there.tolist(),
            "given": place[: len(a)].tolist(), "looks": place[len(a) :].tolist(), "counts": counts.tolist(),
            "pending": not self.rounds.has_round or self.rounds.shown().draft,
        }, None  # fmt: skip

    def confused(self, params: dict[str, Any], buffer: bytes) -> Answer:
        names, given, suggested, among = self._labels()
        a, b = params["given"], params["looks"]
        if not (0 <= a < len(names) and 0 <= b < len(names)):
            raise Refused("invalid", "There is no such label.")
        rows = among & (given == a) & (suggested == b)
        return {"count": int(rows.sum())}, to_bits(rows)

    def pairs(self, params: dict[str, Any], buffer: bytes) -> Answer:
        again = bool(params.get("again"))
        found, pending, error = self.rounds.evidencing.pairs(again) if self.rounds.has_round else ([], True, "")
        # the page names both above the sentence
        said = [pair.why().replace(f"cluster {pair.a} and cluster {pair.b}", "They", 1) for pair in found]
        told = [{**vars(pair), "why": why} for pair, why in zip(found, said, strict=True)]
        return {"pairs": told, "pending": pending, "error": error}, None

    def accuracy(self, params: dict[str, Any], buffer: bytes) -> Answer:
        course, best, why, _ = self.session.accuracy_course()
        return {"course": course, "best": best, "why": why, "pending": self.rounds.background.pending}, None

    def compare(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.looking.refuse()
        if not self.rounds.has_round:
            raise InputError("There is no round yet. Clusterings are compared with one.")
        self.rounds.comparing.ask(params["clusterers"])
        return {}, None

    def compared(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self.rounds.comparing.answer(), None

    def tag(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._bits(buffer)
        return self._mark(params, lambda how: self.session.tag(rows, params["name"], params.get("note") or "", **how))

    def tags(self, params: dict[str, Any], buffer: bytes) -> Answer:
        state = self.session.state
        counts = {name: int(rows.sum()) for name, rows in state.tags.items()}
        told = [{"name": name, "count": count, "note": state.notes.get(name, "")} for name, count in counts.items() if count]
        return {"tags": told, "pinned": int(state.pinned.sum())}, None

    def pin(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._bits(buffer)
        return self._mark(params, lambda how: self.session.pin(rows, params["on"], **how))

    def relabel(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._bits(buffer)
        if self.session.corpus.label is None:
            raise InputError("The table has no label column, so there is no label to propose another for.")
        return self._mark(params, lambda how: self.session.relabel(rows, self._label(params["label"]) or None, **how))

    # -- inside --------------------------------------------------------------------------------------------------------------

    def _mark(self, params: dict[str, Any], mark: Callable[[dict[str, Any]], int]) -> Answer:
        self.rounds.looking.refuse()
        how = {"decision": params["decision"], "source": {"kind": "page"}}
        return self._once(params, lambda: mark(how))

    def _label(self, told: str) -> str:
        """The label that a person chose by what the page says of it: a long one is told in part."""
        names = self.session.corpus.label_codes[1]
        whole = dict(zip(self.rounds.label_codes[0], names, strict=False))
        return told if word(told) in map(word, names) else str(whole.get(told, told))

    def _labels(self) -> tuple[list[str], NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
        """Labels as they are told; the one each row bears and the one that the data would give, -1 where none; the rows that count."""
        n = len(self.session.corpus)
        none, nobody = np.full(n, -1), np.zeros(n, bool)
        if self.session.corpus.label is None or not self.rounds.has_round:
            return [], none, none, nobody
        made = self.rounds.shown()
        codes, names = self.session.corpus.label_codes
        if self._suggested is None or self._suggested[0] is not made.findings:
            self._suggested = made.findings, places(made.findings["label_suggested"], names)
        told = self.rounds.label_codes[0][: len(names)]
        return told, codes, self._suggested[1], self.rounds.kept() & (made.labels >= -1)
