"""One method a request. A handler validates, answers from what is known, or enqueues; it never computes a round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import elute
from elute.cluster import CLUSTERERS
from elute.decisions.judged import WORDS
from elute.options import form
from elute.prepare import Prepare
from elute.project import PROJECTORS
from elute.widget import sample, tell
from elute.widget.evidence import EvidenceRequests
from elute.widget.frame import from_bits, to_bits
from elute.widget.history import HistoryRequests
from elute.widget.listing import Listing, whole
from elute.widget.near import grown
from elute.widget.outcomes import Outcomes, size
from elute.widget.papering import PaperRequests
from elute.widget.prompting import PromptRequests
from elute.widget.protocol import CHUNK, PROTOCOL, REQUESTS
from elute.widget.reporting import ReportRequests
from elute.widget.returning import ReturnRequests, journal_name
from elute.widget.reviewing import ReviewRequests
from elute.widget.thumbnails import ThumbnailRequests
from elute.widget.why import flags
from elute.widget.wire import Refused

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

Answer = tuple[dict[str, Any], bytes | None]


class Handlers(
    Outcomes,
    HistoryRequests,
    ReviewRequests,
    EvidenceRequests,
    PromptRequests,
    ReportRequests,
    PaperRequests,
    ReturnRequests,
    ThumbnailRequests,
):
    """What the page may ask of one widget.

    Parameters
    ----------
    rounds : Rounds
        Session, frame and jobs of the widget.
    """

    def __init__(self, rounds: Rounds) -> None:
        self.rounds = rounds
        self.session = rounds.session
        self.listing = Listing(rounds)

    def table(self) -> dict[str, Callable[[dict[str, Any], bytes], Answer]]:
        """Each request's handler, by name."""
        return {
            name: self._decided(getattr(self, name)) if "decision" in request.params else getattr(self, name)
            for name, request in REQUESTS.items()
        }

    # -- what is -------------------------------------------------------------------------------------------------------------

    def hello(self, params: dict[str, Any], buffer: bytes) -> Answer:
        if params["protocol"] != PROTOCOL:
            raise Refused(
                "stale", "The page and Python are of different versions of elute. Reload the page, then run the cell again."
            )
        corpus = self.session.corpus
        self.rounds.start()
        return {
            "protocol": PROTOCOL,
            "version": elute.__version__,
            "echoed": len(buffer) == 4,
            "n": len(corpus),
            "text_name": corpus.text_name,
            "label_name": corpus.label_name,
            "journal": journal_name(self.session),
            "images": self.session.image is not None,
            "embedders": self.session.choices.embedders(),
            "clusterers": [form(made) for made in CLUSTERERS.values()],
            "projectors": [form(made) for made in PROJECTORS.values()],
            "prepare": form(Prepare),
            "sources": [],
        }, buffer

    def state(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return tell.state(self.rounds), None

    def frame(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self.rounds.frame().describe(), None

    def column(self, params: dict[str, Any], buffer: bytes) -> Answer:
        frame = self.rounds.frame()
        if params["frame"] != frame.number:
            raise Refused("stale", "A newer frame is there.")
        if params["name"] not in frame.columns or params["chunk"] < 0:
            raise Refused("invalid", "There is no such column.")
        return {"chunk": params["chunk"]}, frame.chunk(params["name"], params["chunk"])

    def clusters(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return {"clusters": tell.clusters(self.rounds)}, None

    def explanation(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return {"explanation": self.rounds.explaining.told}, None

    # -- texts ---------------------------------------------------------------------------------------------------------------

    def values(self, params: dict[str, Any], buffer: bytes) -> Answer:
        codes, version = self.rounds.attributes.codes(params["key"])
        chunk, held = params.get("chunk") or 0, params.get("version") == version
        told = None if codes.categories is None else [{"name": name, "count": count} for name, count in codes.categories]
        bytes_ = codes.bytes()
        chunks = 0 if held else -(-len(bytes_) // CHUNK)
        if chunk < 0 or (chunk and chunk >= chunks):
            raise Refused("invalid", "There is no such chunk.")
        return {
            "key": params["key"], "categories": told, "others": codes.others, "lo": codes.lo, "hi": codes.hi,
            "grid": codes.grid and asdict(codes.grid), "chunks": chunks, "version": version,
        }, b"" if held else bytes_[chunk * CHUNK : (chunk + 1) * CHUNK]  # fmt: skip

    def points(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self.listing.slice(params), None

    def text(self, params: dict[str, Any], buffer: bytes) -> Answer:
        row = params["row"]
        if not 0 <= row < len(self.session.corpus):
            raise Refused("invalid", f"There is no row {row}.")
        point = tell.points(self.rounds, np.array([row]))[0]
        told = {name: point[name] for name in ("row", "label", "cluster", "kept")}
        return {**told, "text": whole(self.session.corpus.texts[row] or ""), "flags": flags(self.rounds, row)}, None

    def search(self, params: dict[str, Any], buffer: bytes) -> Answer:
        found, pending = self.rounds.finding.search(params["query"], params["mode"], params.get("limit"))
        # the worker may have found them by now: what is told here is the same whenever that is
        rows = np.zeros_like(found) if pending else found
        return {"count": int(rows.sum()), "pending": pending}, to_bits(rows)

    def hits(self, params: dict[str, Any], buffer: bytes) -> Answer:
        hits = self.rounds.finding.hits
        told = {"query": hits.query, "mode": hits.mode, "count": int(hits.rows.sum())}
        return {**told, "error": hits.error, "pending": hits.pending}, to_bits(hits.rows)

    # -- selection -----------------------------------------------------------------------------------------------------------

    def select(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._bits(buffer) & self.session.state.keep
        self.session.select(rows, source=str((params.get("source") or {}).get("kind", "page"))[:40])
        told, _ = self._going(rows)
        return {**tell.selection(self.rounds, rows), **told, "examples": tell.points(self.rounds, tell.examples(rows))}, None

    def going(self, params: dict[str, Any], buffer: bytes) -> Answer:
        told, goes = self._going(self._bits(buffer) & self.session.state.keep)
        return told, to_bits(goes)

    def selection(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self.session.selection
        return {"count": int(rows.sum()), "source": self.session.selection_source}, to_bits(rows)

    def grow(self, params: dict[str, Any], buffer: bytes) -> Answer:
        space = self.session.known_space
        if space is None:
            raise Refused("refused", "The vectors are not there yet. A selection can grow once the round is made.")
        rows = grown(space, self._bits(buffer), self.session.state.keep)
        return {"count": int(rows.sum())}, to_bits(rows)

    def save(self, params: dict[str, Any], buffer: bytes) -> Answer:
        count = self.session.save(params["name"])
        return {"name": params["name"].strip()[:80], "count": count}, None

    def recall(self, params: dict[str, Any], buffer: bytes) -> Answer:
        saved = self.session.state.selections.get(params["name"])
        if saved is None:
            raise Refused("invalid", "There is no selection of that name.")
        self.session.select(saved, source="saved")
        return {"count": int(saved.sum())}, to_bits(saved)

    def kept(self, params: dict[str, Any], buffer: bytes) -> Answer:
        keep = self.rounds.kept()
        return {"count": int(keep.sum())}, to_bits(keep)

    # -- decisions -----------------------------------------------------------------------------------------------------------

    def drop(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._bits(buffer)
        return self._decide(self._spent(self.session.drop, rows), params, rows)

    def keep_only(self, params: dict[str, Any], buffer: bytes) -> Answer:
        rows = self._bits(buffer)
        if not (rows & self.session.state.keep).any():
            raise Refused("refused", "Nothing is selected, so this would drop every row.")
        return self._decide(self._spent(self.session.keep_only, rows), params, rows)

    def keep(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self._decide(self.session.approve, params, self._bits(buffer))

    def restore(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self._decide(self.session.restore, params, self._bits(buffer))

    def rename(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.looking.refuse()
        how = {"decision": params["decision"], "source": {"kind": "page"}}
        return self._once(params, lambda: self.session.rename(params["cluster"], params["name"], **how))

    def undo(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self._once(params, lambda: size(self.session.undo(decision=params["decision"], source={"kind": "page"})))

    def redo(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return self._once(params, lambda: size(self.session.redo(decision=params["decision"], source={"kind": "page"})))

    def settings(self, params: dict[str, Any], buffer: bytes) -> Answer:
        how = {"decision": params["decision"], "source": {"kind": "page"}}
        return self._once(params, lambda: int(self.session.configure(how, **params["settings"])))

    # -- work ----------------------------------------------------------------------------------------------------------------

    def run(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.consent.ask_again()
        self.rounds.run()
        return {}, None

    def refine(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.refine()
        return {}, None

    def cancel(self, params: dict[str, Any], buffer: bytes) -> Answer:
        return {"cancelled": self.rounds.cancel()}, None

    def analyze(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.consent.ask_again()
        self.rounds.analyze([number for number in params.get("clusters") or [] if isinstance(number, int)])
        return {}, None

    def explain(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.explaining.ask()
        return {}, None

    def judge_rows(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.consent.ask_again()
        self.rounds.rowwise.ask(params["criterion"], self._bits(buffer))
        return {}, None

    def judged(self, params: dict[str, Any], buffer: bytes) -> Answer:
        verdict = params.get("verdict") or "drop"
        if verdict not in WORDS:
            raise Refused("invalid", "A verdict is keep, drop or unsure.")
        return self.rounds.rowwise.answer(), to_bits(self.rounds.rowwise.rows(verdict))

    def consent(self, params: dict[str, Any], buffer: bytes) -> Answer:
        self.rounds.answer(params["granted"], params["provider"], params["purpose"])
        return {}, None

    # -- inside --------------------------------------------------------------------------------------------------------------

    def _going(self, rows: NDArray[np.bool_]) -> tuple[dict[str, Any], NDArray[np.bool_]]:
        """What a drop of rows that stay would take, in figures and words, and as rows."""
        goes = self.session.going(rows)
        note = " ".join(filter(None, [goes.note, sample.behind(self.session, rows)]))
        return {"goes": int(goes.rows.sum()), "groups": goes.groups, "note": note}, goes.rows

    def _spent(self, decide: Callable[..., int], rows: NDArray[np.bool_]) -> Callable[..., int]:
        """The decision, after which its rows are selected no more, where just these were: what stays of them was no choice of anybody."""
        keep = self.session.state.keep
        about = np.array_equal(self.session.selection & keep, rows & keep)

        def decided(*args: Any, **how: Any) -> int:
            count = decide(*args, **how)
            if about:
                self.session.select(np.zeros_like(rows), source="page")
            return count

        return decided

    def _decide(self, decide: Callable[..., int], params: dict[str, Any], rows: NDArray[np.bool_]) -> Answer:
        self.rounds.looking.refuse()
        source = params.get("source") or {"kind": "page"}
        return self._once(
            params, lambda: decide(rows, reason=(params.get("reason") or "")[:300], source=source, decision=params["decision"])
        )

    def _bits(self, buffer: bytes) -> NDArray[np.bool_]:
        try:
            return from_bits(buffer, len(self.session.corpus))
        except ValueError as no:
            raise Refused("invalid", str(no)) from None
