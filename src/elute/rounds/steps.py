"""Steps 0 and 1 over all rows, and the distinct vectors: computed once, by one thread at a time, when they are needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.embed import Cache, Embedder, Embeddings, embed
from elute.embed.cache import text_hash
from elute.errors import EluteError
from elute.findings import Findings
from elute.foreignness import Speak
from elute.places import cache_folder
from elute.prepare import Prepare, Prepared, prepare
from elute.prepare.edits import NO_EDITS, Edits
from elute.progress import SILENT, Progress
from elute.rounds.asked import Asked
from elute.rounds.evidence import Evidence
from elute.rounds.round import Settings
from elute.rounds.space import Space

AT_HAND = 1_000_000_000
"""Bytes of vectors held for settings other than the last, so that going back to an embedder takes no time."""
PREPARED = 3
"""Ways in which the texts were prepared that are held."""


@dataclass(eq=False)
class _Vectors:
    prepared: Prepared
    embeddings: Embeddings
    space: Space | None = None
    evidence: Evidence | None = None


def spoken(embedder: Embedder, keep: bool = True) -> Speak | None:
    """What embeds a few more texts by the same model; None where that is not its way, leaves this machine, or is never kept."""
    if embedder.remote or embedder.key() is None or type(embedder).by_row is not Embedder.by_row:
        return None
    cache = Cache(cache_folder() / "vectors") if keep else None

    def speak(texts: Sequence[str | None]) -> NDArray[np.float32] | None:
        try:
            made = embed(embedder, texts, cache=cache)
        except EluteError:  # names of labels are worth no round
            return None
        return np.where(made.valid[:, None], made.vectors, np.float32(np.nan))

    return speak


class Steps:
    """The texts as they are embedded, and their vectors.

    Parameters
    ----------
    corpus : Corpus
    embedder : callable
        From :class:`~elute.rounds.round.Settings` to their :class:`~elute.embed.Embedder`, always the same object for the same settings.
    asked : Findings, optional
        What is looked for besides what always is.
    task : str
        What the set is for.

    Attributes
    ----------
    working : RLock
        Held by whoever computes. Nobody needs it to decide, or to read what is known.
    known : Prepared or None
        Step 0 as it was done last.
    known_space : Space or None
        The distinct vectors as they were asked for last.
    """

    def __init__(
        self, corpus: Corpus, embedder: Callable[[Settings], Embedder], asked: Findings | None = None, task: str = ""
    ) -> None:
        self.working = threading.RLock()
        self.known: Prepared | None = None
        self.known_space: Space | None = None
        self._corpus, self._embedder, self.asked, self.task = corpus, embedder, Asked(corpus, asked), task.strip()
        self._keep = True
        self._speaks: dict[int, bool] = {}
        self._by: dict[int, str | None] = {}  # embedders by id: those of others need not be hashable
        self._prepared: dict[tuple[Prepare, Edits], Prepared] = {}
        self._vectors: dict[tuple[Prepare, Edits, int], _Vectors] = {}

    def opened(self, settings: Settings) -> bool:
        """Whether it is known what makes the vectors; before that, no round can be looked up."""
        return self._number(settings) in self._by

    def identity(self, settings: Settings) -> str | None:
        """What makes the vectors, by name; None where only this process knows it."""
        return self._by.get(self._number(settings))

    def task_of(self, settings: Settings) -> str:
        """What the set is for, where the embedder can place it among the texts; "" where it says nothing of a round."""
        number = self._number(settings)
        if not self.task or self._by.get(number) is None:  # asking an embedder that was not opened might load its model
            return ""
        if number not in self._speaks:
            self._speaks[number] = spoken(self._embedder(settings), keep=False) is not None
        return self.task if self._speaks[number] else ""

    def open(self, settings: Settings, progress: Progress = SILENT) -> None:
        """Find out what makes the vectors. It may load a model: never in a handler of the page."""
        embedder = self._embedder(settings)
        if id(embedder) not in self._by:
            embedder.fetch(progress)
            progress.report("embed", message=f"opening {embedder.name}")
            self._by[id(embedder)] = embedder.identity()

    def leave_disk(self) -> None:
        """Read and write no vectors on disk any more."""
        self._keep = False

    def at_hand(self, settings: Settings) -> bool:
        """Whether the vectors are in memory."""
        return (settings.prepare, settings.edits, self._number(settings)) in self._vectors

    def prepared(self, how: Prepare, progress: Progress = SILENT, edits: Edits = NO_EDITS) -> Prepared:
        """Step 0 by these settings, and by the steps that some rows had of their own."""
        with self.working:
            found = self._prepared.pop((how, edits), None)
            self.known = self._prepared[how, edits] = prepare(self._corpus, how, progress, edits) if found is None else found
            while len(self._prepared) > PREPARED:
                self._prepared.pop(next(iter(self._prepared)))
            return self.known

    def unembedded(self, settings: Settings, progress: Progress = SILENT) -> list[str]:
        """The distinct texts that step 1 would embed by these settings: those without a vector in memory or in the cache."""
        if self.at_hand(settings):
            return []
        distinct = list(
            dict.fromkeys(text for text in self.prepared(settings.prepare, progress, settings.edits).texts if text is not None)
        )
        key = self._embedder(settings).key() if self._keep else None
        if key is None:
            return distinct
        hashes = [text_hash(text) for text in distinct]
        known = Cache(cache_folder() / "vectors").get(key, hashes)
        return [text for text, digest in zip(distinct, hashes, strict=True) if digest not in known]

    def embeddings(self, settings: Settings, progress: Progress = SILENT) -> Embeddings:
        """Step 1 by these settings; the cache on disk embeds only new texts."""
        return self._embedded(settings, progress).embeddings

    def space(self, settings: Settings, progress: Progress = SILENT) -> Space:
        """The distinct vectors by these settings, with all that was read off them so far."""
        with self.working:
            found = self._embedded(settings, progress)
            if found.space is None:
                progress.report("embed", message="comparing vectors")
                found.space = Space(found.embeddings, found.prepared.texts, self._corpus)
                speaker = self._embedder(settings)
                # a task and criteria are the person's own words: their vectors are kept nowhere, so nothing of them is to be forgotten
                found.space.speak, found.space.task = spoken(speaker, keep=False), self.task
                found.space.speak_labels = spoken(speaker, self._keep)
            self.known_space = found.space
            return found.space

    def evidence(self, settings: Settings, progress: Progress = SILENT) -> Evidence:
        """What is known about the rows of that space: little before it is first asked, then most of it."""
        with self.working:
            space, found = self.space(settings, progress), self._embedded(settings, progress)
            if found.evidence is None:
                found.evidence = Evidence(space, found.prepared, self._corpus, self.asked, found.embeddings.vectors)
            return found.evidence

    def _number(self, settings: Settings) -> int:
        try:
            return id(self._embedder(settings))
        except EluteError:  # chosen on another machine, where its package is installed: who runs it is told
            return -1

    def _embedded(self, settings: Settings, progress: Progress) -> _Vectors:
        with self.working:
            embedder = self._embedder(settings)
            key = settings.prepare, settings.edits, id(embedder)
            found = self._vectors.pop(key, None)
            if found is None:
                prepared = self.prepared(settings.prepare, progress, settings.edits)
                cache = Cache(cache_folder() / "vectors") if self._keep else None
                found = _Vectors(prepared, embed(embedder, prepared.texts, cache=cache, progress=progress))
            self._vectors[key] = found  # the last is the one used last
            self.known = found.prepared
            while len(self._vectors) > 1 and self._bytes() > AT_HAND:
                self._vectors.pop(next(iter(self._vectors)))
            return found

    def _bytes(self) -> int:
        *others, _ = self._vectors.values()
        return sum(held.embeddings.vectors.nbytes for held in others)
