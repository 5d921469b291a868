"""A recipe: what treats new rows as a session treated its own, in one folder."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from elute import __version__
from elute.embed import Embedder
from elute.errors import RecipeError
from elute.learn import Learned
from elute.places import expanded
from elute.prepare import Prepare
from elute.recipe.across import Across
from elute.recipe.applied import Applied, apply
from elute.recipe.clusters import Clusters
from elute.recipe.embedding import Embedding
from elute.recipe.explaining import explain
from elute.recipe.folder import Parts, canonical, packed, read_folder, unpacked, write_folder
from elute.recipe.judged import Judged
from elute.recipe.judging import counted, judge, read
from elute.recipe.preflight import Preflight
from elute.recipe.rows import Reads
from elute.recipe.rules import Known, Rule, Told

ACROSS = {
    "reference": "row of the reference",
    "group": "goes with its group",
    "copy": "copy of a row that stays",
    "near copy": "near copy of a row that stays",
    "balance": "beyond the cap of its cluster or label",
}
"""Reasons that every recipe has, those across rows the last: they end the list."""
FIRST = 2
"""Place of the first rule's reason."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """Everything needed to treat new rows the same way. Immutable; :meth:`load` and ``session.recipe()`` make one.

    Attributes
    ----------
    reads : Reads
        Columns.
    prepare : Prepare
    embedding : Embedding
        The embedder, with its version and the hash of its weights.
    clusters : Clusters
    filters : tuple of (int, Learned)
        Place of the rule, and the filter.
    rules : tuple of Rule
    known : Known
        Rows of the session: on them its word counts.
    across : Across
        What is not per row: an engine does it over all shards, :meth:`apply` in one process.
    decisions : tuple of Told
        What each decision of the session is here: a rule, a row decision, or not replayable.
    words : tuple of str
        Reasons of the session's own drops.
    made : dict
        Versions, counts and the number of the round it was made at.
    seed : int
    texts : bool
        Whether reasons, names of clusters and the like, as they were written, are in it.
    names : dict of int to str
        Names of the clusters, where ``texts``.
    remote : bool
        Whether texts may be sent to a remote embedder.
    """

    reads: Reads
    prepare: Prepare
    embedding: Embedding
    clusters: Clusters
    filters: tuple[tuple[int, Learned], ...]
    rules: tuple[Rule, ...]
    known: Known
    across: Across
    decisions: tuple[Told, ...]
    words: tuple[str, ...]
    made: Mapping[str, Any]
    seed: int = 0
    texts: bool = False
    names: Mapping[int, str] = field(default_factory=dict)
    remote: bool = False

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """What :attr:`Judged.reason` points at: ``""`` (stays), ``"no text"``, one a rule, one a decision of the session, and last
        the five of :attr:`because`."""
        return ("", "no text", *(rule.reason for rule in self.rules), *self.words, *ACROSS.values())

    @cached_property
    def because(self) -> dict[str, int]:
        """Place in :attr:`reasons` of ``"reference"``, ``"group"``, ``"copy"``, ``"near copy"`` and ``"balance"``."""
        return {name: len(self.reasons) - len(ACROSS) + at for at, name in enumerate(ACROSS)}

    @cached_property
    def digest(self) -> str:
        """32 hex digits: the same recipe, whatever folder it is in. Part of a completion marker."""
        told, arrays = packed(self)
        made = blake2b(canonical(told), digest_size=16)
        for name in sorted(arrays):
            made.update(f"{name} {arrays[name].dtype.str} {arrays[name].shape}".encode())
            made.update(np.ascontiguousarray(arrays[name]).tobytes())
        return made.hexdigest()

    @property
    def by_vectors(self) -> str:
        """How many rules go by vectors, in words."""
        count = sum(rule.kind in ("cluster", "noise", "filter") for rule in self.rules)
        return f"{count} rule{'' if count == 1 else 's'}"

    @property
    def needs_vectors(self) -> bool:
        """Whether vectors are made: a rule goes by them, or they cost nothing but time and name the cluster of each row."""
        balance = self.across.balance
        asked = self.clusters.asked or bool(self.filters) or (balance is not None and balance.by == "cluster")
        return asked or (len(self.clusters) > 0 and self.embedding.kind in ("sbert", "vocabulary"))

    @property
    def needs_given(self) -> bool:
        """Its embedder is not in the recipe (an array, a function): ``vectors=`` must be given."""
        return self.needs_vectors and self.embedding.kind == "given"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that it reads, as it knows them."""
        # which of equal texts a row is
        label = [] if self.reads.label is None or self.known.whose is None else [self.reads.label]
        marks = [] if self.reads.reference is None else [self.reads.reference]
        return tuple(dict.fromkeys((*self.reads.text_columns, *self.reads.fill_columns, *self.optional, *label, *marks)))

    @cached_property
    def optional(self) -> dict[str, str]:
        """Columns without which rows can still be judged, and what is then left out."""
        found, balance, copies = {}, self.across.balance, self.across.duplicates
        by_label = copies is not None and copies.label
        if self.reads.label is not None and (by_label or (balance is not None and balance.by == "label")):
            found[self.reads.label] = "copies under one label are not looked for." if by_label else "no label is capped."
        if self.reads.group is not None and self.across.groups:
            found[self.reads.group] = "rows go one by one, whatever group they are of."
        return found

    @property
    def here(self) -> dict[str, str]:
        """Versions on this machine."""
        return {"elute": __version__, "python": platform.python_version(), "numpy": np.__version__}

    @classmethod
    def load(cls, folder: str | Path, *, remote: bool = False) -> Self:
        """Read a recipe.

        Parameters
        ----------
        remote : bool
            Whether texts may be sent to the remote embedder that the recipe names.

        Raises
        ------
        RecipeError
            There is none, it is damaged, or of a newer elute; the message says what to do.
        """
        return cls.from_parts(read_folder(expanded(folder)), remote)

    @classmethod
    def from_parts(cls, parts: Parts, remote: bool = False) -> Self:
        """What :func:`~elute.recipe.folder.packed` gave."""
        return cls(**unpacked(parts), remote=remote)

    def save(self, folder: str | Path) -> Path:
        """Write a folder of JSON, Parquet and safetensors: whole, or as it was before. Returns it."""
        return write_folder(self, expanded(folder))

    def explain(self) -> list[str]:
        """What it does, a sentence each."""
        return explain(self)

    def preflight(self, given: Any, columns: Mapping[str, str] | None = None, *, vectors: bool = False) -> Preflight:
        """What is needed and there, before anything is read: ``given`` is a table or a list of its column names.

        Returns ``ok``, ``missing`` (sentences), ``columns`` (needed name to the name offered), ``notes``; ``str()`` of it is for people.
        ``vectors=True`` says that they will be given.
        """
        return Preflight.of(self, given, columns, vectors)

    def judge(
        self,
        table: Any,
        vectors: Any = None,
        *,
        columns: Mapping[str, str] | None = None,
        before: NDArray[np.int64] | None = None,
        on_missing: str = "refuse",
        names: Sequence[str] | None = None,
    ) -> Judged:
        """The part that is per row, of a whole table or a shard. Pure: the same rows and vectors give the same answer in any shard.

        Parameters
        ----------
        table : as ``Session`` takes it (pandas, polars, pyarrow, datasets, list of str)
        vectors : ndarray of shape (n, d), optional
            One a row; without them the embedder of the recipe makes them.
        columns : mapping, optional
            Name that the recipe knows to the name in this table.
        before : ndarray of shape (n,), optional
            How often the content of each row came in earlier shards (see :meth:`contents`): a session that dropped the second of two
            equal rows finds it again by that. Default: this is all the data.
        on_missing : {"refuse", "skip"}
            A model or column that is not there: an error, or the rules that need it are left out and said in ``skipped``.
        names : sequence of str, optional
            All columns that the rows have, where the table has only those that :attr:`columns` asks for.

        Raises
        ------
        RecipeError
        """
        return judge(self, table, vectors, columns, before, on_missing, names=names)

    def contents(
        self, table: Any, columns: Mapping[str, str] | None = None, names: Sequence[str] | None = None
    ) -> NDArray[np.uint64]:
        """(n,) hash of what each row holds, equal for equal rows: what ``before`` counts. Needs no model."""
        return counted(self, read(self, table, columns, "skip", names)[0], columns)

    def embedder(self) -> Embedder:
        """What makes vectors, the very version the recipe was made with; made once.

        Raises
        ------
        RecipeError
            It is not here, of another version, or sends texts away without leave.
        """
        return self._embedder

    @cached_property
    def _embedder(self) -> Embedder:
        if self.embedding.remote and not self.remote:
            raise RecipeError(
                f"This recipe embeds with {self.embedding.name}, which sends texts off this machine. If they may go there, load it with "
                "remote=True; otherwise give vectors=."
            )
        return self.embedding.checked(self.embedding.make())

    def warm(self) -> None:
        """Load what judging needs (a model), so that a worker does it once."""
        if self.needs_vectors and not self.needs_given:
            self.embedder()

    def apply(
        self,
        data: Any,
        columns: Mapping[str, str] | None = None,
        vectors: Any = None,
        on_missing: str = "refuse",
    ) -> Applied:
        """All of it in one process: for each row, in order, whether it stays, why not, its cluster and scores.

        On the rows of the session itself that is the session's mask, but for rows of a reference: like ``Session.clean()`` it leaves
        them out. Parameters as :meth:`judge`.
        """
        return apply(self, data, columns, vectors, on_missing)

    def place_of(self, rule: Any) -> Any:
        """Place in :attr:`reasons` of rules by number."""
        return rule + np.int16(FIRST)

    def __repr__(self) -> str:
        return f"<elute.Recipe: {len(self.rules)} rules, {len(self.known.ids):,} rows known, {self.digest[:8]}>"
