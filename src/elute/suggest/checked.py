"""What was looked for, and what was found: said whether anything was found or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from elute.findings import FLAGS, SCORED
from elute.findings.own import FAILED
from elute.findings.table import OWN, OWN_FLAG
from elute.suggest.copies import exact, near
from elute.suggest.ground import Ground, Mask
from elute.suggest.single import NAMED
from elute.suggest.structure import speaker
from elute.suggest.suggestion import Looks, Suggestion
from elute.suggest.words import many, share


def checked(ground: Ground, found: Sequence[Suggestion], looks: Looks) -> tuple[str, ...]:
    """A sentence for each kind of evidence."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.kind] = counts.get(one.kind, 0) + one.count
    rows = int((ground.here & ground.own).sum())
    there = ground.made.findings.columns
    told = [f"Exact copies under one label: {_of_these(exact(ground)[:2], counts.get('copies', 0), f' of {many(rows)}')}."]
    if "near_copy" in there:
        other = {"conflict": int((ground.conflict_of >= 0).sum())}  # both rows of each pair, whichever of them is offered to go
        told.append(
            f"Near copies, by an edit check: {_of_these(near(ground)[:2], counts.get('near_copies', 0))}; "
            f"under another label: {_found(other, 'conflict')}."
        )
    told.append(_labels(ground, counts))
    told.append(f"HTML in texts: {_found(counts, 'markup')}.")
    told += [*_held(ground), *_failed(ground)]
    told.append(_clusters(ground, looks))
    if apart := int((ground.apart & ground.own).sum()):
        told.append(
            f"In no cluster, since the embedder gave {'it no vector' if apart == 1 else 'them no vectors'}: {many(apart)}."
        )
    if (judged := [said for said in ground.analyses.values() if said.status == "ok"]) and ground.overview is not None:
        advised = many(sum(bool(one.analyst) for one in found), "thing")
        told.append(f"{speaker(judged[0].source)} judged {many(len(judged), 'cluster')} and advises {advised}.")
    if counts.get("noise"):
        told.append(f"Noise: {many(counts['noise'])}.")
    told.append(
        "Personal data: looked for." if "personal" in there and ground.flag("personal").any()
        else "Personal data: none was found, or it was not asked for."
    )  # fmt: skip
    if ground.corpus.reference.any():
        told.append(f"Rows that stand in the reference too: {_found(counts, 'leaked')}.")
    if not ground.space.graph.built:
        told.append(
            "What is near in meaning, and which dropped rows may be good, is not known: this round made no neighbour graph."
        )
    return tuple(told)


def _found(counts: dict[str, int], kind: str) -> str:
    return f"{counts[kind]:,}" if counts.get(kind) else "none"


def _of_these(found: tuple[Mask, Mask], offered: int, of: str = "") -> str:
    """How many there are; and where not all of them are offered, why."""
    there, free = (int(rows.sum()) for rows in found)
    if there == offered:
        return f"{there:,}{of}" if there else f"none{of}"
    reasons = [(free - offered, "in groups that hold other rows"), (there - free, "pinned or decided on")]
    held = [f"{count:,} {why}" for count, why in reasons if count > 0]
    return f"{there:,}{of} ({f'{offered:,}' if offered else 'none'} offered; {', '.join(held)})"


def _labels(ground: Ground, counts: dict[str, int]) -> str:
    labels = len(ground.label_names)
    if ground.corpus.label is None:
        return "Labels were not checked: the table has no label column."
    if labels < 2:
        return "Labels were not checked: there is only one label." if labels else "Labels were not checked: no row has one."
    labelled = int((ground.codes >= 0).sum())
    if labels * 2 > labelled:
        return f"Labels were not checked: {labels:,} labels for {many(labelled)} leave too few of each to learn from."
    if (held := _named(ground, "label_issue") & ~ground.relabelled).any():
        of = int((ground.own & ground.here & (ground.codes >= 0)).sum())
        return (
            f"Labels, by a strict rule: {share(int(held.sum()), of)} look wrong, too many for a rule, so none is offered: "
            "sort the rows by label doubt (label_score), worst first."
        )
    return f"Labels, by a strict rule: {_found(counts, 'labels')} to review."


def _named(ground: Ground, name: str) -> Mask:
    """The user's rows that a rule named which flags none, since they are too many."""
    held = ground.made.held.get(name)
    return np.zeros(len(ground.corpus), bool) if held is None else np.asarray(held & ground.here & ground.own)


def _held(ground: Ground) -> list[str]:
    """A sentence for each rule of how texts are written, and of the user's own, that named too many rows to flag any."""
    told = []
    for name in ground.made.held:
        if name == "label_issue" or not (rows := _named(ground, name)).any():
            continue
        count = share(int(rows.sum()), ground.kept)
        if name.startswith(OWN):
            score = name.removesuffix(OWN_FLAG)
            told.append(
                f"Your rule {score.removeprefix(OWN)[:NAMED]} names {count}: above 5 % it flags none, and only ranks ({score})."
            )
        else:
            told.append(
                f"{FLAGS[name].capitalize()}: {count}. That is how this set is written: above 5 % the rule flags none, and only ranks "
                f"({SCORED[name]})."
            )
    return told


def _failed(ground: Ground) -> list[str]:
    """A sentence for each of the user's own rules that broke; what it broke with may hold a text, so only the notes have it."""
    own = [name.removeprefix(OWN) for name in ground.made.findings.columns if name.startswith(OWN)]
    failed = [name for name in own if any(note.startswith(f"{FAILED}{name!r} ") for note in ground.made.notes)]
    return [
        f"Your rule {name[:NAMED]} failed, so it names no row: the notes of the round say why (round.notes)." for name in failed
    ]


def _clusters(ground: Ground, looks: Looks) -> str:
    compared = many(ground.made.scores.n_clusters, "cluster")
    if looks.order and not looks.nothing:
        return f"{compared} compared with the others: {len(looks.order)} worth a look."
    return f"{compared} compared with the others. {looks.nothing}"
