"""What the page is told, as plain JSON: pure readings of a session and its round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.analyze import ClusterAnalysis
from elute.decisions import Decision, State, together
from elute.findings import flags_of
from elute.plain import many
from elute.rounds.round import OUTSIDE
from elute.widget import returning, sample
from elute.widget.advising import told_effects
from elute.widget.prompting import of_analyst

if TYPE_CHECKING:
    from elute.session import Session
    from elute.widget.rounds import Rounds

Mask = NDArray[np.bool_]
CLIP = 400
"""Characters of a text in a list; the whole text is asked for by row."""
PLAIN = ("drop", "restore", "keep")
"""Kinds of decisions of which the number of rows says all."""


def state(rounds: Rounds) -> dict[str, Any]:
    """The reply to ``state``."""
    session, now = rounds.session, rounds.session.state
    made = rounds.shown() if rounds.has_round else None
    there = {decision.id for decision in now.in_force}
    prepared = session.known_prepared
    overview = session.analysis_of(made).overview if made is not None else None
    return {
        "n": int((~session.corpus.reference).sum()),
        "kept": stays(session, now.keep),
        "reference": int(session.corpus.reference.sum()),
        "decisions": len(now.decided),
        "undo": top(now.applied),
        "redo": top(now.undone),
        "saved": session.journal.saved,
        **returning.told(session),
        "round": None
        if made is None
        else _round(
            session.id_of(made),
            made.number,
            stays(session, made.keep),
            made.settings.describe(),
            made.seconds,
            made.metrics,
            made.notes,
            now,
        ),
        "rounds": [
            _round(r.id, r.data["number"], r.data["kept"], r.data["settings"], r.data["seconds"], r.data["metrics"], (), now)
            for r in now.rounds
        ],  # fmt: skip
        "draft": bool(made is not None and made.draft),
        "stale": rounds.stale,
        "settings": {**session.choices.told(now.settings), "analyst": session.analyst.name},
        "history": [_decision(number, decision, decision.id not in there) for number, decision in enumerate(now.history, 1)],
        "selections": [{"name": name, "count": int(mask.sum())} for name, mask in now.selections.items()],
        "counts": [] if prepared is None else [vars(count) for count in prepared.counts],
        "curve": None if made is None or made.curve is None else vars(made.curve),
        "overview": None if overview is None else overview.to_dict(),
        "consent": rounds.consent.asked,
        "analyst": of_analyst(session),
        "attributes": rounds.attributes.listed(),
        "looking": rounds.looking.number,
        "effects": told_effects(session),
        "notes": [note for note in (session.journal.note, *(made.notes if made is not None else ())) if note],
    }


def stays(session: Session, keep: Mask) -> int:
    """How many of the user's own rows a mask keeps: those of a reference are always there, and not counted."""
    return int((keep & ~session.corpus.reference).sum())


def clusters(rounds: Rounds) -> list[dict[str, Any]]:
    """The cluster table, the next one to look at first."""
    if not rounds.has_round:
        return []
    session, made = rounds.session, rounds.shown()
    names = rounds.names()
    said, held = session.analysis_of(made).clusters, session.held_names(made)
    behind = sample.sizes(session)
    kept = rounds.members.kept(made, session.state.keep, session.known_space)
    outliers = _shares(made.labels, made.findings["outlier"].to_numpy())
    rows: list[dict[str, Any]] = []
    for row in made.clusters.to_dict("records"):
        number = int(row["cluster"])
        told = said.get(number)
        label = row["label"]
        rows.append(
            {
                **{
                    name: row.get(name)
                    for name in ("size", "share", "silhouette", "density", "duplicates", "label_share", "foreign", "why")
                },
                "label": None if label is None else str(label)[:80],
                "confidence": row.get("confidence"),
                "signals": row.get("signals") or [],
                "tiny": bool(row.get("tiny", False)),
                "kept": kept.get(number),
                "whole": behind.get(number, 0) if behind else None,
                "outliers": outliers.get(number),
                "cluster": number,
                "name": names.get(number, f"cluster {number}"),
                "verdict": told.verdict if told is not None and told.status == "ok" else None,
                "reasons": list(told.reasons) if told is not None else [],
                "summary": " ".join(filter(None, (held.get(number), told.summary if told is not None else ""))),
                "quality": told.quality if told is not None else None,
                "source": told.source if told is not None else "",
                "status": told.status if told is not None else "pending",
                "error": told.error if told is not None else "",
                "trim": _trims(told, session.state.keep) if told is not None else [],
            }
        )
    return rows


def _trims(said: ClusterAnalysis, keep: Mask) -> list[int]:
    """Rows that the analyst would look at first, where it says that some should go."""
    return [row for row in said.trim if keep[row]] if said.verdict == "trim" else []


def selection(rounds: Rounds, rows: Mask) -> dict[str, Any]:
    """Where the selected rows are from."""
    count = int(rows.sum())
    if not rounds.has_round or not count:
        return {"count": count, "clusters": [], "labels": [], "silhouette": None}
    made, keep = rounds.shown(), rounds.session.state.keep
    numbers, codes = rounds.label_codes
    values = made.scores.row_silhouette[rows]
    return {
        "count": count,
        "clusters": _tally(range(OUTSIDE, int(made.labels.max()) + 1), made.labels[rows] - OUTSIDE, made.labels - OUTSIDE),
        "labels": _tally(numbers, codes[rows], codes[keep]) if numbers else [],
        "silhouette": None if np.isnan(values).all() else float(np.nanmean(values)),
    }


def examples(rows: Mask, count: int = 12) -> NDArray[np.int64]:
    """A few rows from all over a selection, the same ones each time."""
    found = np.flatnonzero(rows)
    return found if len(found) <= count else np.sort(np.random.default_rng(len(found)).choice(found, count, replace=False))


def points(rounds: Rounds, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Rows to read, clipped."""
    session = rounds.session
    texts, label, keep = session.corpus.texts, session.corpus.label, session.state.keep
    names, codes = rounds.label_codes
    made = rounds.shown() if rounds.has_round else None
    named = {} if made is None else flags_of(made.findings)
    flags = {} if made is None else {words: made.findings[name].to_numpy()[rows] for name, words in named.items()}
    state = session.state
    borne = {name: tagged[rows] for name, tagged in (*state.tags.items(), ("pinned", state.pinned))}
    told = []
    for at, row in enumerate(rows.tolist()):
        text = texts[row] or ""
        told.append(
            {
                "row": row,
                "text": text[:CLIP],
                "clipped": len(text) > CLIP,
                "label": None if label is None or label[row] is None else names[codes[row]],
                "cluster": OUTSIDE if made is None else int(made.labels[row]),
                "kept": bool(keep[row]),
                "flags": [words for words, found in (*flags.items(), *borne.items()) if found[at]],
                "values": [],
                "similarity": None,
            }
        )
    return told


def describe(decision: Decision) -> str:
    """A decision in a few words: ``drop of 137 rows``."""
    kind, data, count = decision.kind, decision.data, len(decision.ids)
    if kind == "rename":
        return f"name “{data['name']}”"
    if kind == "settings":
        return "settings"
    if kind == "goto":
        return f"went back to {data.get('place', 'an earlier place')}"
    if kind == "dismiss":
        return "dismissal of a suggestion"
    rows = many(count)
    if kind == "tag":
        return f"tag “{data['name']}” on {rows}" if data.get("name") else f"tags off {rows}"
    if kind == "pin":
        return f"pin on {rows}" if data.get("on", True) else f"pin off {rows}"
    if kind == "relabel":
        return f"{_label(data)} {rows}"
    if kind == "judged":
        return f"verdicts on {rows}"
    if kind == "edit":
        step = str(data.get("step", ""))
        return f"cleaning ({step}) of {rows}" if step else f"cleaning taken back from {rows}"
    return f"{'looked at' if kind == 'keep' else kind} of {rows}"


def _why(decision: Decision) -> str:
    """The reason of a decision; of a kind whose number of rows does not say all, what it was, and the reason behind a colon."""
    if decision.kind in PLAIN:
        return decision.reason
    if decision.kind in ("rename", "settings", "goto"):
        return decision.reason or describe(decision)
    return f"{describe(decision)}: {decision.reason}" if decision.reason else describe(decision)


def top(stack: Sequence[Decision]) -> str | None:
    """What undo takes back, or redo does again: the last decision, or all of its batch; None where there is nothing."""
    count = together(stack)
    if count < 2:
        return describe(stack[-1]) if stack else None
    rows = sum(len(decision.ids) for decision in stack[-count:])
    return f"{count} decisions at once, about {rows:,} rows"


def _label(data: Mapping[str, Any]) -> str:
    labels = data.get("labels") or []
    if labels == [None]:
        return "proposed labels off"
    return f"label “{labels[0]}” proposed for" if len(labels) == 1 else f"{len(labels):,} labels proposed for"


def drawn(decision: Decision) -> bool:
    """Whether a polygon was drawn for it, so that it can be shown again as it was made."""
    steps = decision.source.get("steps")
    return isinstance(steps, list) and any(isinstance(step, dict) and step.get("polygon") for step in steps)


def _round(
    record: str,
    number: int,
    kept: int,
    settings: dict[str, Any],
    seconds: float,
    metrics: Any,
    notes: tuple[str, ...],
    now: State,
) -> dict[str, Any]:
    before = now.lineage.before.get(record)
    return {
        "id": record,
        "number": number,
        "kept": kept,
        "clusterer": settings["clusterer"]["name"],
        "projector": settings["projector"]["name"],
        "seconds": round(seconds, 2),
        "metrics": {"dbcv": None, **metrics},  # journals of earlier versions know none
        "notes": list(notes),
        "before": None if before is None else before.data["number"],
        "undone": record in now.lineage.undone,
    }


def _decision(number: int, decision: Decision, undone: bool) -> dict[str, Any]:
    return {
        "id": decision.id,
        "number": number,
        "kind": decision.kind,
        "rows": len(decision.ids),
        "reason": _why(decision),
        "source": str(decision.source.get("kind", "")),
        "round": decision.round,
        "time": decision.time,
        "undone": undone,
        "drawn": drawn(decision),
    }


def _shares(labels: NDArray[np.int32], flagged: Mask) -> dict[int, float]:
    """Share of each cluster's rows that are flagged; none where no row is."""
    if not flagged.any():
        return {}
    sizes, found = (np.bincount(labels[rows] + 1) for rows in (labels > OUTSIDE, flagged & (labels > OUTSIDE)))
    found = np.append(found, np.zeros(len(sizes) - len(found)))
    return {number - 1: float(found[number] / sizes[number]) for number in np.flatnonzero(sizes).tolist()}


def _tally(keys: Sequence[int | str], some: NDArray[Any], whole: NDArray[Any], most: int = 200) -> list[dict[str, Any]]:
    """Counts of each key in ``some``, with how many there are in the whole, most first; both hold positions in ``keys``."""
    counts, of = (np.bincount(codes, minlength=len(keys)) for codes in (some, whole))
    ranked = [code for code in np.argsort(-counts, kind="stable")[:most].tolist() if counts[code]]
    return [{"key": keys[code], "count": int(counts[code]), "of": int(of[code])} for code in ranked]
