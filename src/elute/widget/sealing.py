"""What an exported page holds: answers of the page's own requests, once for all, with no text and no word of one unless told so."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import elute
from elute.errors import InputError
from elute.options import form
from elute.prepare import Prepare
from elute.widget import tell
from elute.widget.attributes import SUGGESTED
from elute.widget.codes import Categories
from elute.widget.frame import to_bits
from elute.widget.listing import whole
from elute.widget.protocol import PROTOCOL

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

WORDY = ("label", "tags", "relabel", SUGGESTED)
"""Attributes whose values are words of the person's or of the table."""
OWN = "finding:own:"
_TRIES = 5


def sealed(rounds: Rounds, *, texts: bool, columns: Sequence[str] = ()) -> dict[str, Any]:
    """The session as one page can hold it, as JSON takes it; read anew where a round or a decision came between.

    Parameters
    ----------
    rounds : Rounds
    texts : bool
        With every text, label, tag and name of a cluster; without, none of them.
    columns : sequence of str
        Columns of the table that colour and sort.

    Raises
    ------
    InputError
        There is no whole round, an earlier one is looked at, or there is no such column.
    """
    for _ in range(_TRIES):
        before = _moment(rounds)
        held = _held(rounds, texts, columns)
        if before == _moment(rounds):
            return held
    raise InputError("Rounds follow each other too fast to export one. Wait until nothing runs: w.wait().")


def _moment(rounds: Rounds) -> tuple[object, ...]:
    if not rounds.has_round or rounds.shown().draft:
        raise InputError("There is no round to export yet: w.start() starts one, and w.wait() waits for it.")
    if rounds.looking.number is not None:
        raise InputError("An earlier round is being looked at. Return to now on the page, then export.")
    return id(rounds.shown()), len(rounds.session.journal.records), id(rounds.session.analysis_of(rounds.shown()))


def _held(rounds: Rounds, texts: bool, columns: Sequence[str]) -> dict[str, Any]:
    corpus, frame = rounds.session.corpus, rounds.frame()
    listed = _attributes(rounds, texts, columns)
    label = rounds.attributes.values("label") if texts and corpus.label is not None else None
    return {
        "hello": {
            "protocol": PROTOCOL, "version": elute.__version__, "echoed": True, "n": len(corpus), "journal": "",
            "text_name": corpus.text_name if texts else "text", "label_name": corpus.label_name if texts else None,
            "embedders": [], "clusterers": [], "projectors": [], "prepare": {**form(Prepare), "fields": []}, "sources": [],
        },
        "state": {**_state(rounds), "attributes": listed},
        "frame": {**frame.describe(), "columns": [{**told, "chunks": 1} for told in frame.describe()["columns"]]},
        "columns": {name: _text(values.tobytes()) for name, values in frame.columns.items()},
        "kept": _text(to_bits(rounds.kept())),
        "clusters": [told if texts else _wordless(told) for told in tell.clusters(rounds)],
        "values": {told["key"]: _values(rounds, told["key"]) for told in listed if told["key"] != "cluster" and told["kind"] != "text"},
        "texts": [whole(text or "") for text in corpus.texts] if texts else None,
        "told": {told["key"]: _told(rounds, told) for told in listed} if texts else {},
        "labels": _labels(label) if isinstance(label, Categories) and len(label.names) else None,
        "traits": {"colour_by": "cluster", "hidden": [], "dim": "3d"},
        "personal": _personal(rounds) if texts else 0,
    }  # fmt: skip


def _attributes(rounds: Rounds, texts: bool, columns: Sequence[str]) -> list[dict[str, str]]:
    """What colours and filters: findings and figures always, what is made of words only with texts, columns that were named."""
    listed = rounds.attributes.listed()
    there = [told["title"] for told in listed if told["group"] == "column"]
    missing = [name for name in columns if f"column:{name}" not in {told["key"] for told in listed}]
    if missing:
        raise InputError(f"There is no column {missing[0]!r:.80} to export. There are: {', '.join(there[:20]) or 'none'}.")
    wanted = {f"column:{name}" for name in columns}
    wordy = [told["title"] for told in listed if told["key"] in wanted and told["kind"] == "text"]
    if wordy and not texts:
        raise InputError(
            f"Column {wordy[0]!r:.80} holds a text of its own in most rows, to be read in the list: export it with texts=True."
        )
    return [
        told
        for told in listed
        if (
            told["key"] in wanted
            if told["group"] == "column"
            else texts or not (told["key"] in WORDY or told["key"].startswith(OWN))
        )
    ]


def _state(rounds: Rounds) -> dict[str, Any]:
    """The reply to ``state`` as far as it is figures: no history, no settings, no notes, no names."""
    told = tell.state(rounds)
    bare = [{**one, "id": str(one["number"]), "notes": []} for one in told["rounds"]]
    return {
        **{name: told[name] for name in ("n", "kept", "reference", "curve")},
        "round": {**told["round"], "id": str(told["round"]["number"]), "notes": []}, "rounds": bare,
        "decisions": 0, "undo": None, "redo": None, "saved": True, "resumed": "", "draft": False, "stale": told["stale"],
        "settings": {**dict.fromkeys(("embedder", "clusterer", "projector", "prepare"), {"name": ""}), "analyst": "", "automatic": True},
        "history": [], "selections": [], "counts": told["counts"], "overview": None, "consent": None, "notes": [], "looking": None,
        "effects": [],
        "analyst": {**dict.fromkeys(("name", "model", "provider"), ""), **dict.fromkeys(("asks", "remote", "consented"), False),
                    "spent": None, "limit": None},
    }  # fmt: skip


def _wordless(told: dict[str, Any]) -> dict[str, Any]:
    """A cluster without what was made of words of its rows."""
    return {**told, "name": "", "label": None, "why": "", "reasons": [], "summary": "", "error": "", "source": "", "trim": []}


def _values(rounds: Rounds, key: str) -> dict[str, Any]:
    codes, _ = rounds.attributes.codes(key)
    told = None if codes.categories is None else [{"name": name, "count": count} for name, count in codes.categories]
    return {
        "categories": told,
        "others": codes.others,
        "lo": codes.lo,
        "hi": codes.hi,
        "grid": codes.grid and asdict(codes.grid),
        "codes": _text(codes.bytes()),
    }


def _told(rounds: Rounds, told: dict[str, str]) -> dict[str, Any]:
    """What rows have of an attribute, as lists tell it, and the rank of each value where they are sorted: -1 of none.

    Of categories each value is told once, and ``which`` says which one a row has, -1 for none; there are neither where the codes say it.
    """
    key = told["key"]
    values = rounds.attributes.values(key)
    ranks = np.full(len(values.key), -1, np.int32)
    known = ~np.isnan(values.key)
    ranks[known] = np.unique(values.key[known], return_inverse=True)[1]
    if not isinstance(values, Categories):
        return {"values": values.told(np.arange(len(ranks))), "which": None, "ranks": _numbers(ranks)}
    if key != "cluster" and told["kind"] != "text" and not (codes := rounds.attributes.codes(key)[0]).others:
        rank_of = np.full(len(codes.categories or ()), -1, np.int32)
        rank_of[codes.codes[known]] = ranks[known]
        return {"values": None, "which": None, "ranks": _numbers(rank_of)}
    rank_of = np.full(len(values.names), -1, np.int32)
    rank_of[values.which[known]] = ranks[known]
    return {"values": list(values.names), "which": _numbers(values.which), "ranks": _numbers(rank_of)}


def _labels(label: Categories) -> dict[str, Any]:
    return {"names": list(label.names), "which": _numbers(label.which)}


def _numbers(numbers: NDArray[np.int32]) -> str:
    return _text(numbers.astype("<i4").tobytes())


def _personal(rounds: Rounds) -> int:
    """How many rows hold what looks like details of a person."""
    found = rounds.shown().findings
    return int(np.count_nonzero(found["personal"].to_numpy())) if "personal" in found else 0


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
