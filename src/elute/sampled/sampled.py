"""A session on a sample of many rows, which knows where the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster.result import OUTSIDE
from elute.corpus import Corpus
from elute.corpus.rows import value_hashes
from elute.disk import DISK, Disk
from elute.embed import Embedder, Precomputed, TfidfEmbedder
from elute.embed.forms import form_of
from elute.engines import shards
from elute.errors import InputError, RecipeError, SettingsError
from elute.places import cache_folder
from elute.progress import SILENT, Progress
from elute.recipe import Balance, Recipe
from elute.recipe.embedding import Own
from elute.recipe.rows import Reads, contents
from elute.rounds.archive import folder_of
from elute.rounds.round import Round
from elute.sampled.carried import Carried, at_hand, carry
from elute.sampled.drawing import cells, draw
from elute.sampled.source import Shards, Source, Table, are_paths, holds_chats
from elute.session import Session

ROWS = 20_000
ALONE = "The vectors of this round are of the sample alone, so carry() has none for other rows."
INSTEAD = "Run a round with an embedder that reads each text by itself, as a model does."


class Sampled(Session):
    """Decide on a sample, and have it done to all rows.

    The sample has each content once, and of each label (or, where vectors are given, of each region) as many rows as the square root of
    its size tells, so that rare kinds are there to be seen. Masks, rounds and the map are of the sample; :meth:`carry` gives the mask of
    all rows. A row of the sample speaks for its exact copies; clusters that go whole, filters and what else the recipe holds as a rule
    take what is like them; any other row that was dropped by hand takes itself and its copies, no more.

    Parameters
    ----------
    data : table, list of str, or path, pattern or list of paths
        Parquet, JSON lines or CSV where it is paths; a list of folders that are there is one of paths.
    text, label : optional
        As for :class:`elute.Session`.
    rows : int
        Of the sample, at most.
    vectors : ndarray of shape (n, d), or str
        One for each of all rows, or the column of the shards that has them. Without, the embedder reads the sample, and all the others
        when :meth:`carry` is called first.
    **how
        As for :class:`elute.Session`. ``group`` is not possible yet: a sample would tear groups apart.

    Attributes
    ----------
    total : int
        All rows.
    drawn : ndarray of shape (len(sample),), int64
        Which of all rows the sample has, ascending.
    unread : tuple of str
        Files of a folder of shards that are no shards by their endings, so their rows are not among all.

    Examples
    --------
    >>> texts = [f"the cat number {n} sat" for n in range(60)] + [f"stocks fell by {n} points" for n in range(60)]
    >>> s = Sampled(texts, rows=30, embedder="tfidf", clusterer=KMeans(2), projector="pca", path=tmp_path)
    >>> _ = s.drop(s.run().labels == s.round.labels[0])
    >>> s.carry().keep.shape, len(s.clean())
    ((120,), 15)
    """

    def __init__(
        self, data: Any, text: str | Sequence[str] | None = None, label: str | None = None, *, rows: int = ROWS, vectors: Any = None,
        seed: int = 0, embedder: Any = None, **how: Any,
    ) -> None:  # fmt: skip
        if rows < 1:
            raise SettingsError(f"rows={rows}: a sample has at least one.")
        if how.get("group") is not None:
            raise SettingsError("group= and a sample don't go together yet: it would tear groups apart. Use elute.Session.")
        if how.get("reference") is not None and (isinstance(how["reference"], str) or np.ndim(how["reference"]) == 1):
            raise SettingsError(
                "With a sample, reference= is another table: a column or mask would be of rows that are not in it."
            )
        if vectors is not None and embedder is not None:
            raise SettingsError("Either vectors= or embedder=.")
        ready = hasattr(embedder, "__array__") and not callable(getattr(embedder, "encode", None))
        if ready or isinstance(embedder, Precomputed | list | tuple):
            raise SettingsError("With a sample, vectors that are there already are vectors=, one for each of all rows.")
        self.unread = shards.unread(data) if are_paths(data) else ()
        if are_paths(data):
            self.source: Source = Shards(tuple(shards.find(data)), vectors or "")
        else:
            self.source = Table.of(data, vectors)
        self._fill = how.get("fill")
        wanted, stratum, X = self._scan(text, label, self._fill, seed)
        self._sizes = [len(one) for one in self._content]
        self.total = sum(self._sizes)
        self.drawn = draw(np.concatenate([*self._content, np.empty(0, np.uint64)]), stratum, rows, seed)
        ends = np.cumsum([0, *self._sizes])
        places = [
            self.drawn[(self.drawn >= start) & (self.drawn < stop)] - start
            for start, stop in zip(ends[:-1], ends[1:], strict=True)
        ]
        if X:
            embedder = np.concatenate([part[some] for part, some in zip(X, places, strict=True)])
        how_text = list(wanted.text) if isinstance(wanted.text, tuple) else wanted.text
        table = self.source.take(places)
        super().__init__(
            table, None if isinstance(table, list) else how_text, label, seed=seed, embedder=embedder, **how,
        )  # fmt: skip
        self._carried: tuple[str, Carried] | None = None
        self._of_each = embedder if X else None
        self._tried: tuple[Embedder, str] | None = None
        # beside the rounds, so that what forgets a table forgets these too
        self._vectors_in = cache_folder() / "rounds" / folder_of(self.corpus)
        self._disk: Disk | None = DISK

    def leave_disk(self) -> None:
        super().leave_disk()
        self._disk = None

    def _scan(
        self, text: Any, label: str | None, fill: Any, seed: int
    ) -> tuple[Reads, NDArray[np.uint64], list[NDArray[np.float32]]]:
        """Read every part once: what its rows hold, which kind they are, and their vectors where they are given."""
        self._content: list[NDArray[np.uint64]] = []
        reads, kinds, X, middle = Reads(), list[NDArray[np.uint64]](), list[NDArray[np.float32]](), None
        for part in range(len(self.source)):
            table = self.source.read(part)
            corpus = self._corpus_of(part, table, text, label, fill)
            reads = Reads.of(corpus, text, fill) if part == 0 else reads
            self._content.append(contents(corpus))
            given = self.source.vectors(part, table)
            kind = value_hashes(corpus.label, len(corpus))
            if given is not None:
                X.append(given)
                middle = given.mean(axis=0) if middle is None else middle
                kind = kind if label is not None else cells(given, middle, seed)
            kinds.append(kind)
        if not kinds or not sum(map(len, kinds)):
            raise InputError("There are no rows to draw a sample from.")
        return reads, np.concatenate(kinds), X

    def _corpus_of(self, part: int, table: Any, text: Any, label: str | None, fill: Any) -> Corpus:
        chats = isinstance(self.source, Shards) and holds_chats(table)
        try:
            if not chats or text is not None:
                return Corpus.from_data(table, text, label, fill)
        except InputError:
            if not chats:
                raise
        name = self.source.files[part].name if isinstance(self.source, Shards) else ""
        raise InputError(
            f"{name} holds chats, whose messages can't be sampled yet. Take elute.Session(elute.read(...).table), which has a row a "
            "message, or say text= for another column of the records."
        )

    def recipe(self, *, texts: bool = False, balance: Balance | None = None) -> Recipe:
        made = super().recipe(texts=texts, balance=balance)
        # what it read of a CSV it read as every cell says
        reads = replace(made.reads, gaps=False) if isinstance(self.source, Shards) else made.reads
        return replace(made, reads=reads, known=replace(made.known, alike=True, turn=None))

    def carry(self, progress: Progress = SILENT, *, balance: Balance | None = None) -> Carried:
        """What is decided now, for all rows: kept until something else is decided.

        The first time, vectors that were not given are made for all rows by the embedder of this session (a remote one is sent them:
        calling this is the consent), and kept on disk; after that a million rows take seconds. Those of a function are kept nowhere, and
        made each time: give it a key (:class:`elute.Embedder`), or give ``vectors=``.

        Raises
        ------
        RecipeError
            What made the vectors of the sample can't make those of other rows; the message says what to do.
        """
        at = self._standing() if balance is None else ""
        if self._carried is None or not at or self._carried[0] != at:
            recipe = self._recipe(balance)
            own, given = recipe.embedding.own, self._of_all(recipe.embedding.own)
            if own is not None and recipe.needs_given and (lack := self._lack(own)):
                raise RecipeError(lack)
            made = carry(recipe, self.source, self._content, given, self._vectors_in, self._disk, progress)
            if not at:
                return made
            self._carried = at, made
        return self._carried[1]

    @property
    def carried(self) -> Carried | None:
        """What :meth:`carry` gave last, while it is still so."""
        return self._carried[1] if self._carried is not None and self._carried[0] == self._standing() else None

    @property
    def at_hand(self) -> bool:
        """Whether :meth:`carry` has every vector already."""
        recipe = self._recipe()
        return at_hand(recipe, self._content, self._of_all(recipe.embedding.own), self._vectors_in)

    @property
    def sampled(self) -> str:
        """What is shown and what stands behind it, in a line."""
        told = " ".join(
            filter(None, (f"A sample: {len(self.drawn):,} of {self.total:,} rows, copies once.", shards.left_out(self.unread)))
        )
        last = None if self._carried is None else self._carried[1]
        if last is None:
            lack = self._tried[1] if self._tried is not None and self._tried[0] is self.embedder else ""
            return f"{told} {lack or 'carry() does to all of them what is decided here.'}"
        stay = f"Of all rows {int(last.keep.sum()):,} stay"
        return (
            f"{told} {stay}."
            if self.carried is last
            else f"{told} {stay} as things stood before; they are counted anew by carry()."
        )

    def run(self, **how: Any) -> Round:
        made = super().run(**how)
        embedder = self.embedder
        tried = self._tried is not None and self._tried[0] is embedder
        # a person's own: what it can't do is said before anything is decided by it
        if not tried and not isinstance(embedder, TfidfEmbedder) and form_of(embedder) is None:
            with self._steps.working:
                space = self.space()
                self._lack(Own.of(embedder, space.X, space.text))
        return made

    run.__doc__ = Session.run.__doc__

    def _recipe(self, balance: Balance | None = None) -> Recipe:
        """What is carried: it fills by the function that filled the sample, which no file could hold."""
        made = self.recipe(balance=balance)
        return made if self.filled_by is None else replace(made, reads=replace(made.reads, fill=self._fill))

    def _of_all(self, own: Own | None) -> bool:
        """Whether the vectors are those that were given for all rows."""
        return own is not None and isinstance(own.embedder, Precomputed) and own.embedder.array is self._of_each

    def _lack(self, own: Own) -> str:
        """Why other rows can't have vectors like those of the sample; "" where they can."""
        if self._tried is None or self._tried[0] is not own.embedder:
            if not isinstance(own.embedder, Precomputed):
                lack = f"{why}, so carry() can't place other rows by it." if (why := own.again()) else ""
            else:
                lack = "" if self._of_all(own) else ALONE
            self._tried = own.embedder, f"{lack} {INSTEAD}" if lack else ""
        return self._tried[1]

    def _of_a_sample(self) -> str:
        return self.sampled

    def code(self, table: str = "df", *, texts: bool = False) -> str:
        """Of a sample there is none: run on all rows, it would keep what :meth:`carry` drops."""
        raise InputError(
            "A cell of code would decide on the rows of the sample alone. Take carry().keep, or recipe() for other rows."
        )

    def manifest(self, *, texts: bool = False) -> dict[str, Any]:
        made, carried = super().manifest(texts=texts), self.carried
        stay = None if carried is None else int(carried.keep.sum())
        return {**made, "sample": {"rows": len(self.drawn), "of_rows": self.total, "of_which_stay": stay}}

    def behind(self, rows: NDArray[np.bool_]) -> str:
        """What a drop of these rows takes of all rows, in a sentence; "" where nobody counted, or no cluster goes whole.

        Only clusters that go whole are counted: other rows go with their copies alone.
        """
        made, last = self.find_round(), self._carried
        if made is None or last is None or not rows.any():
            return ""
        inside = made.labels > OUTSIDE
        there = np.unique(made.labels[rows & inside])
        whole = [one for one in there.tolist() if not (self.state.keep & ~rows & (made.labels == one)).any()]
        count = sum(last[1].sizes().get(one, 0) for one in whole)
        return f"Of all rows about {count:,} go." if count else ""

    def _standing(self) -> str:
        made = self.find_round()
        return " ".join([*(one.id for one in self.state.in_force), "" if made is None else self.id_of(made)])
