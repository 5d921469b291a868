"""Where a cleaned set came from, for machines: a dict of plain values with the table's fingerprint, rounds, decisions and versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions import Decision, State
from elute.report.why import why

VERSION = 1


def manifest(
    corpus: Corpus, state: State, versions: Mapping[str, str], *, words: bool, code: str,
    now: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Provenance of what stays.

    Parameters
    ----------
    words : bool
        Tell reasons also where they may hold words of the texts: see :func:`elute.report.why.why`.
    code : str
        The decisions as a cell: its hash ties the two together.
    now : datetime, optional

    Notes
    -----
    ``ids_sha256`` is over the content ids of the rows that stay, 8 bytes each, big-endian, in the order of the table that came in: of
    equal texts it says which stay, so that table is needed to tell. ``contents_sha256`` is over what the rows hold, sorted, whichever
    order they have: whoever has the set can tell that it is the same.
    """
    own = state.keep[: corpus.given] & ~corpus.reference[: corpus.given]
    ids, contents = corpus.ids[: corpus.given], corpus.contents[: corpus.given]
    in_force = {decision.id for decision in state.in_force}
    return {
        "format": "elute-manifest",
        "version": VERSION,
        "made": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "versions": dict(versions),
        "table": {
            "kind": corpus.kind, "rows": corpus.given, "columns": list(corpus.columns), "text": corpus.text_name,
            "label": corpus.label_name, "group": corpus.group_name, "reference_rows": int(corpus.reference.sum()),
            "fingerprint": corpus.fingerprint,
        },
        "result": {
            "rows": int(own.sum()),
            "ids_sha256": _hashed(ids[own]),
            "contents_sha256": _hashed(np.sort(contents[own])),
        },
        "rounds": [_round(record, words) for record in state.rounds],
        "decisions": [_decision(number, one, one.id in in_force, words) for number, one in enumerate(state.history, 1)],
        "sent_to": sorted(state.agreed),
        "code_sha256": sha256(code.encode("utf-8", "surrogatepass")).hexdigest(),
    }  # fmt: skip


def _hashed(values: NDArray[np.uint64]) -> str:
    return sha256(values.astype(">u8").tobytes()).hexdigest()


def _round(record: Decision, words: bool) -> dict[str, Any]:
    told = record.data
    return {
        "number": told.get("number"), "kept": told.get("kept"), "time": record.time, "seconds": told.get("seconds"),
        "metrics": dict(told.get("metrics") or {}), "settings": _settings(told.get("settings") or {}, words),
    }  # fmt: skip


def _settings(described: Mapping[str, Any], words: bool) -> dict[str, Any]:
    """What an own estimator says of itself is anybody's text."""
    own = {"name": "own"}
    return {
        name: own if not words and isinstance(value, Mapping) and value.get("name") == "own" else value
        for name, value in described.items()
    }


def _decision(number: int, decision: Decision, in_force: bool, words: bool) -> dict[str, Any]:
    return {
        "number": number, "kind": decision.kind, "rows": len(decision.ids), "round": decision.round, "time": decision.time,
        "how": str(decision.source.get("kind", "")), "why": why(decision, words), "in_force": in_force,
    }  # fmt: skip
