"""All families of suggestions, one after the other, and what is said where nothing was found."""

from __future__ import annotations

from dataclasses import replace

from elute.suggest.advised import advised
from elute.suggest.checked import checked
from elute.suggest.clusters import foreign, noise, tiny
from elute.suggest.conflicts import conflicts
from elute.suggest.copies import copies, near_copies
from elute.suggest.dismissed import dismissed
from elute.suggest.ground import Ground
from elute.suggest.labels import labels
from elute.suggest.looks import looks
from elute.suggest.markup import markup
from elute.suggest.quality import judged_rows, low_clusters
from elute.suggest.similar import similar
from elute.suggest.single import apart, far, leaked, own, personal
from elute.suggest.sizes import collect, thin
from elute.suggest.structure import clusters, merge, split
from elute.suggest.suggestion import Suggested, Suggestion
from elute.suggest.taught import learned
from elute.suggest.words import many
from elute.suggest.worth import good_back

SAFE_FAMILIES = (copies, near_copies, labels, markup)
LOOK_FAMILIES = (
    noise, tiny, conflicts, judged_rows, learned, good_back, similar, leaked, personal, own, apart, far, low_clusters, thin, collect,
    merge, split, clusters,
)  # fmt: skip


def suggest(ground: Ground) -> Suggested:
    """What elute would do with a round, safe suggestions first. It does nothing itself.

    What was dismissed is left out, and counted.
    """
    order = looks(ground)
    found = [one for family in SAFE_FAMILIES for one in family(ground)]
    found += foreign(ground, order)
    found += [one for family in LOOK_FAMILIES for one in family(ground)]
    found = advised(ground, found)
    gone = dismissed(ground, found)
    shown = [with_going(ground, one) for one in found if one.id not in gone]
    left_out = {cluster for one in found if one.id in gone and one.kind == "foreign" for cluster in one.clusters}
    order = replace(order, order=tuple(cluster for cluster in order.order if cluster not in left_out))
    return Suggested(tuple(with_overlaps(shown)), order, checked(ground, found, order), len(found) - len(shown))


def with_going(ground: Ground, one: Suggestion) -> Suggestion:
    """With what else a drop would take, and what would stay, where groups, pins or a bound on labels have a say."""
    if ground.going is None or not {"drop", "thin"} & set(one.actions):
        return one
    note = ground.going(one.rows).note
    return replace(one, effect=f"{one.effect} As a drop: {note}" if note else one.effect)


def with_overlaps(found: list[Suggestion]) -> list[Suggestion]:
    """Each with what it shares with the others, most rows first, two at most."""
    told = []
    for one in found:
        shared = [(int((one.rows & other.rows).sum()), other) for other in found if other is not one]
        most = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])[:2]
        told.append(replace(one, overlaps=tuple(_shared(count, one, other) for count, other in most)))
    return told


def _shared(count: int, one: Suggestion, other: Suggestion) -> str:
    if count == one.count:
        return f"All of these rows are also in: {other.title}" if count > 1 else f"This row is also in: {other.title}"
    return f"{count:,} of these {many(one.count)} {'is' if count == 1 else 'are'} also in: {other.title}"
