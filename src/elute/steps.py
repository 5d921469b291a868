"""Steps 0 and 1 over all rows, and the distinct vectors: computed once, by one thread at a time, when they are needed."""

from __future__ import annotations

import threading

from elute.corpus import Corpus
from elute.embed import Cache, Embedder, Embeddings, embed
from elute.places import cache_folder
from elute.prepare import Prepare, Prepared, prepare
from elute.progress import SILENT, Progress
from elute.space import Space


class Steps:
    """The texts as they are embedded, and their vectors.

    Parameters
    ----------
    corpus : Corpus
    embedder : Embedder

    Attributes
    ----------
    working : RLock
        Held by whoever computes. Nobody needs it to decide, or to read what is known.
    known : Prepared or None
        Step 0 as it was done last.
    """

    def __init__(self, corpus: Corpus, embedder: Embedder) -> None:
        self.working = threading.RLock()
        self.known: Prepared | None = None
        self._corpus, self._embedder = corpus, embedder
        self._by: tuple[str | None] | None = None
        self._how: Prepare | None = None
        self._embedded: tuple[Prepared, Embeddings] | None = None
        self._space: tuple[Embeddings, Space] | None = None

    @property
    def opened(self) -> bool:
        """Whether it is known what makes the vectors; before that, no round can be looked up."""
        return self._by is not None

    @property
    def identity(self) -> str | None:
        """What makes the vectors, by name; None where only this process knows it."""
        return None if self._by is None else self._by[0]

    def open(self, progress: Progress = SILENT) -> None:
        """Find out what makes the vectors. It may load a model: never in a handler of the page."""
        if self._by is None:
            progress.report("embed", message=f"opening {self._embedder.name}")
            self._by = (self._embedder.identity(),)

    def prepared(self, how: Prepare, progress: Progress = SILENT) -> Prepared:
        """Step 0 by these settings."""
        with self.working:
            if self.known is None or self._how != how:
                self.known, self._how = prepare(self._corpus, how, progress), how
            return self.known

    def embeddings(self, how: Prepare, progress: Progress = SILENT) -> Embeddings:
        """Step 1 by these settings; the cache on disk embeds only new texts."""
        with self.working:
            prepared = self.prepared(how, progress)
            if self._embedded is None or self._embedded[0] is not prepared:
                cache = Cache(cache_folder() / "vectors")
                self._embedded = prepared, embed(self._embedder, prepared.texts, cache=cache, progress=progress)
            return self._embedded[1]

    @property
    def known_space(self) -> Space | None:
        """The distinct vectors as they were found last, if they were; takes no time and no lock."""
        known = self._space
        return None if known is None else known[1]

    def space(self, how: Prepare, progress: Progress = SILENT) -> Space:
        """The distinct vectors by these settings, with all that was read off them so far."""
        with self.working:
            embeddings = self.embeddings(how, progress)
            if self._space is None or self._space[0] is not embeddings:
                progress.report("embed", message="comparing vectors")
                self._space = embeddings, Space(embeddings, self.prepared(how, progress).texts, self._corpus)
            return self._space[1]
