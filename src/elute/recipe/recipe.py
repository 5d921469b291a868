"""A recipe: what treats new rows as a session treated its own, in one folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.recipe.across import Across
from elute.recipe.judged import Judged


class Recipe:
    """Everything needed to treat new rows the same way. Immutable; :meth:`load` and ``session.recipe()`` make one.

    Attributes
    ----------
    reasons : tuple of str
        What :attr:`Judged.reason` points at: ``""`` (stays), ``"no text"``, one a rule; and, last, the three across rows: see
        :attr:`because`.
    because : dict of str to int
        Place in ``reasons`` of ``"group"``, ``"copy"``, ``"near copy"`` and ``"balance"``.
    across : Across
        What is not per row: an engine does it over all shards, :meth:`apply` in one process.
    digest : str
        32 hex digits: the same recipe, whatever folder it is in. Part of a completion marker.
    needs_vectors : bool
        Without vectors a rule could not be asked, or the cluster not be named.
    needs_given : bool
        Its embedder is not in the recipe (an array, a function): ``vectors=`` must be given.
    columns : tuple of str
        Columns of the table that it reads; empty for a list of texts.
    """

    reasons: tuple[str, ...]
    because: Mapping[str, int]
    across: Across
    digest: str
    needs_vectors: bool
    needs_given: bool
    columns: tuple[str, ...]

    @classmethod
    def load(cls, folder: str | Path) -> Recipe:
        """Read a recipe.

        Raises
        ------
        RecipeError
            There is none, it is damaged, or of a newer elute; the message says what to do.
        """
        raise NotImplementedError

    def save(self, folder: str | Path) -> Path:
        """Write ``recipe.json``, ``rows.parquet`` and ``arrays.safetensors``; the folder is there whole or not at all."""
        raise NotImplementedError

    def explain(self) -> list[str]:
        """What it does, a sentence each."""
        raise NotImplementedError

    def preflight(self, given: Any) -> Any:
        """What is needed and there, before anything is read: ``given`` is a table or a list of its column names.

        Returns a ``Preflight``: ``ok``, ``missing`` (sentences), ``columns`` (needed name to the name offered), ``notes``; ``str()`` of it
        is for people.
        """
        raise NotImplementedError

    def judge(
        self,
        table: Any,
        vectors: NDArray[np.float32] | None = None,
        *,
        columns: Mapping[str, str] | None = None,
        before: NDArray[np.int64] | None = None,
        on_missing: str = "refuse",
    ) -> Judged:
        """The part that is per row, of a whole table or a shard. Pure: the same rows give the same answer in any shard.

        Parameters
        ----------
        table : as ``Session`` takes it (pandas, polars, pyarrow, datasets, list of str)
        vectors : ndarray of shape (n, d), optional
            One a row; without them the embedder of the recipe makes them.
        columns : mapping, optional
            Name that the recipe knows to the name in this table.
        before : ndarray of shape (n,), optional
            How often the content of each row came in earlier shards (see :meth:`contents`): a session that dropped the second of two equal
            rows finds it again by that. Default: this is all the data.
        on_missing : {"refuse", "skip"}
            A model or column that is not there: an error, or the rules that need it are left out and said in ``skipped``.
        """
        raise NotImplementedError

    def contents(self, table: Any, columns: Mapping[str, str] | None = None) -> NDArray[np.uint64]:
        """(n,) hash of what each row holds, equal for equal rows: what ``before`` counts. Needs no model."""
        raise NotImplementedError

    def warm(self) -> None:
        """Load what judging needs (a model), so that a worker does it once."""
        raise NotImplementedError

    def apply(
        self,
        data: Any,
        columns: Mapping[str, str] | None = None,
        vectors: NDArray[np.float32] | None = None,
        on_missing: str = "refuse",
    ) -> Any:
        """All of it in one process. Returns an ``Applied``: ``keep`` (n,), ``reason`` (list of str), ``cluster``, ``score``, ``learned``,
        ``group`` (n,) int64 lowest row id of the row's copies or -1, ``counts`` (by reason), ``skipped``; ``.table()``, ``.clean()``.
        """
        raise NotImplementedError
