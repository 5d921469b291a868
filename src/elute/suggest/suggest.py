"""All families of suggestions, one after the other, and what is said where nothing was found."""

from __future__ import annotations

from dataclasses import replace

from elute.suggest.clusters import foreign, noise, tiny
from elute.suggest.copies import conflicts, copies, near_copies
from elute.suggest.ground import Ground
from elute.suggest.looks import looks
from elute.suggest.suggestion import Advice, Suggestion
from elute.suggest.words import many


def suggest(ground: Ground) -> Advice:
    """What elute would do with a round, safe suggestions first. It does nothing itself.

    What was dismissed is left out, and counted.
    """
    order = looks(ground)
    found = [
        *copies(ground),
        *near_copies(ground),
        *foreign(ground, order),
        *noise(ground),
        *tiny(ground),
        *conflicts(ground),
    ]
    gone: frozenset[str] = getattr(ground.state, "dismissed", frozenset())
    shown = [suggestion for suggestion in found if suggestion.id not in gone]
    left_out = {cluster for old in found if old.id in gone and old.kind == "foreign" for cluster in old.clusters}
    order = replace(order, order=tuple(cluster for cluster in order.order if cluster not in left_out))
    return Advice(tuple(with_overlaps(shown)), order, (), len(found) - len(shown))


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
        return f"All of these rows are also in “{other.title}”." if count > 1 else f"This row is also in “{other.title}”."
    return f"{many(count)} of these {'is' if count == 1 else 'are'} also in “{other.title}”."
