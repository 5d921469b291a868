"""Decisions about the rows of one corpus: masks, selection, undo. It knows the journal, and no round."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions.along import noted
from elute.decisions.decisions import Decision, State, fold
from elute.decisions.going import Going, coming, going
from elute.decisions.listening import Listening
from elute.decisions.marks import Marks
from elute.decisions.meaning import ABOUT_ROWS, reason_of
from elute.decisions.proposals import everything, proposed, proposed_columns
from elute.decisions.recalling import Recalling
from elute.decisions.selecting import Selecting
from elute.decisions.turning import Turning
from elute.errors import InputError, JournalError, warn
from elute.journal import Journal, put_aside
from elute.journal.deciding import Deciding
from elute.plain import plain

Mask = NDArray[np.bool_]


class Ledger(Listening, Selecting, Recalling, Turning, Marks, Deciding):
    """A corpus and the journal of what was decided about its rows.

    Parameters
    ----------
    corpus : Corpus
    folder : Path
        Where the journal is.
    resume : bool
        False puts a journal that is there aside, under another name, and starts afresh.
    min_per_label : int
        Rows that each label keeps, whatever is dropped; 0 for no such bound.

    Attributes
    ----------
    folder : Path
        Where the journal is.
    aside : Path or None
        The journal that ``resume=False`` put aside, as it was.
    held_back : str
        What the last drop left or took, or the last restore brought, beside the rows that it was asked for, in a sentence; "" where
        nothing.
    """

    def __init__(self, corpus: Corpus, folder: Path, resume: bool = True, min_per_label: int = 0) -> None:
        if isinstance(min_per_label, bool) or not isinstance(min_per_label, int) or min_per_label < 0:
            raise InputError(f"min_per_label is {min_per_label!r}; it must be a whole number, 0 or more.")
        if min_per_label and corpus.label is None:
            raise InputError("min_per_label= needs label=: there are no labels to count.")
        super().__init__()
        self.corpus, self.min_per_label, self.held_back = corpus, min_per_label, ""
        self._batch = ""
        self._lock = threading.RLock()
        self.folder = folder
        self.aside = None if resume else put_aside(folder / "journal.jsonl")
        self.journal = self._journal(folder / "journal.jsonl")
        self._state: tuple[int, State] | None = None
        self._selected, self.selection_source = np.zeros(len(corpus), bool), ""
        self.resumed = len(self.state.decided)

    # -- masks ---------------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """What the journal says now."""
        with self._lock:
            self.journal.catch_up()
            known = self.journal.version
            if self._state is None or self._state[0] != known:
                self._state = known, self._fold(self.journal.records)
            return self._state[1]

    @property
    def keep(self) -> Mask:
        """(n,) bool over the rows of the table, in its order: True = stays."""
        return self._own(self.state.keep)

    @property
    def dropped(self) -> Mask:
        """The opposite of :attr:`keep`."""
        return ~self._own(self.state.keep)

    @property
    def keep_indices(self) -> NDArray[np.int64]:
        """Positions of the rows that stay, ascending: what ``dataset.select`` takes."""
        return np.flatnonzero(self._own(self.state.keep))

    def clean(self) -> Any:
        """The rows that stay, in the kind of table that came in, without those of a reference.

        What was proposed stands in columns of its own, ``elute_label`` and ``elute_text``, once anything was; a list of texts has no
        columns, so only :meth:`table` tells of it. Where the table came with a column of such a name, the new one gets a number behind
        it, and a warning says so.
        """
        state = self.state
        rows, columns = state.keep & ~self.corpus.reference, proposed(self.corpus, state)
        if not columns or self.corpus.kind == "list":
            return self.corpus.take(rows)
        for what, name in proposed_columns(self.corpus, state).items():
            if name != what:
                warn(f"This table came with a column {what}, so what you accepted now is in {name}.")
        return self.corpus.extended(rows, columns)

    def table(self) -> Any:
        """The whole table, in the kind that came in (of a list: dicts), with what was decided in columns of its own.

        They are ``keep``, ``reason`` (why a row went), ``elute_label`` and ``elute_text`` (with what was proposed), and ``elute_tags``.
        A name that the table has already gets ``elute_`` before or a number behind it.
        """
        return self.corpus.extended(np.ones(self.corpus.given, bool), everything(self.corpus, self.state))

    # -- decisions -----------------------------------------------------------------------------------------------------------

    def drop(
        self, where: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, reason: str = "", **how: Any
    ) -> int:
        """Remove rows, whole groups where the table has them. Returns how many went.

        Rows that are pinned or of a reference stay, and so do those of a label that would be left with fewer than ``min_per_label``:
        :attr:`held_back` says so.

        Parameters
        ----------
        where : bool of shape (n,), or positions, optional
            Which rows. A pandas mask means the rows of its labels; lists, NumPy and polars go by position.
        ids, cluster, index : optional
            Or which, said by ids (uint64), by a cluster of this round (-1 is noise), or by labels of a pandas index; one that occurs
            more than once has to be said as often, or a drop would take rows that nobody named.
        reason : str
        **how
            For the journal: ``source`` (dict), who decided; ``data`` (dict), what else to keep with it; ``decision``, an id: a retry with
            the same one does nothing.

        Raises
        ------
        InputError
            Rows are said in no way or in two, or one is not of this table.
        """
        return self._drop(self._rows(where, ids, cluster, index), reason, how)

    def keep_only(
        self, where: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, reason: str = "", **how: Any
    ) -> int:
        """Remove every row that stays but these, said and removed as for :meth:`drop`. Returns how many went.

        Raises
        ------
        InputError
            None of these rows stays, so every row would go.
        """
        stay = self.whole(self._rows(where, ids, cluster, index))
        if not (stay & self.state.keep & ~self.corpus.reference).any():
            raise InputError("None of these rows stays, so keep_only() would drop every row: say at least one that does.")
        return self._drop(~stay, reason_of(reason) or "keep only", how)

    def restore(
        self, where: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, reason: str = "", **how: Any
    ) -> int:
        """Bring rows back, said as for :meth:`drop`, whole groups where there are: :attr:`held_back` says so. Returns how many came."""
        rows, out = self._rows(where, ids, cluster, index), ~self.state.keep
        back = self.whole(rows) & out
        return self._record("restore", back, coming(back & ~rows), reason=reason, **how)

    def whole(self, rows: Mask) -> Mask:
        """These rows and all others of their groups, (n,) bool: what goes and comes together."""
        return self.corpus.whole(rows)

    def going(self, rows: Mask) -> Going:
        """What a drop of these rows would take, of those kept now, and what would stay."""
        return going(self.corpus, self.state, rows, self.min_per_label)

    def approve(
        self, where: Any = None, *, ids: Any = None, cluster: int | None = None, index: Any = None, reason: str = "", **how: Any
    ) -> int:
        """Note that rows, said as for :meth:`drop`, were looked at and stay (the page's Keep), dropped ones aside. Returns how many."""
        return self._record("keep", self._rows(where, ids, cluster, index) & self.state.keep, reason=reason, **how)

    def consent(self, provider: str, granted: bool = True) -> None:
        """Note that the person agreed to send texts to a remote provider; ``granted=False`` takes that back, which undo does not.

        Raises
        ------
        InputError
            There is nothing to take back: they did not agree to that provider.
        """
        if not granted and provider not in (there := self.state.consents):
            raise InputError(f"There is no consent to {provider!r} to take back; there is to {sorted(there) or 'none'}.")
        self._record("consent" if granted else "withdraw", data={"provider": provider})

    def consents_at_hand(self) -> frozenset[str] | None:
        """Remote providers that the person agrees to now; None while somebody decides, who is not waited for."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self.state.consents
        finally:
            self._lock.release()

    # -- inside --------------------------------------------------------------------------------------------------------------

    def _journal(self, path: Path) -> Journal:
        return Journal(path, self.corpus.fingerprint)

    def _put_aside(self) -> Path | None:
        """Put the journal aside under another name and begin a new one; returns that name, None where there was no file.

        Raises
        ------
        JournalError
            Not all of it is on disk, since what is put aside must be whole; or another kernel decides.
        """
        with self._lock:
            old, path = self.journal, self.folder / "journal.jsonl"
            if old.path is None:
                raise JournalError(
                    "What this session decides is in memory alone, since it was forgotten, so none can be put aside: keep it with "
                    "copy_journal() first, or open the table anew to begin without it."
                )
            if not old.saved:
                raise JournalError("Not every decision is saved yet, so none can be put aside. Try again once they are.")
            aside = put_aside(path)
            self.journal, self._state = self._journal(path), None
            old.close()
        return aside

    def labels(self) -> NDArray[np.int32]:
        """Clusters of the rows, for decisions that name a cluster."""
        raise InputError("There is no round yet, so there are no clusters: run() first.")

    def at_round(self) -> int:
        """Number of the round that is looked at; 0 before the first."""
        return 0

    def _records(self) -> Sequence[Decision]:
        return self.journal.records

    def _fold(self, records: Sequence[Decision]) -> State:
        return fold(records, len(self.corpus), self.corpus.rows_by_id, self.corpus.reference)

    def _drop(self, rows: Mask, reason: str, how: Mapping[str, Any]) -> int:
        # one lock over both steps: nothing is pinned between what is asked and what is noted
        with self._lock:
            goes = self.going(rows)
            data = {**(how.get("data") or {}), **noted(goes.along[goes.rows])}
            count = self._note("drop", goes.rows, reason=reason, **{**how, "data": data})
            self._hold(goes.note, how)
        if count:
            self._tell("drop")
        return count

    def _hold(self, note: str, how: Mapping[str, Any]) -> None:
        """What stayed is said of a whole batch."""
        batch = str((how.get("data") or {}).get("batch", ""))
        self.held_back = " ".join(filter(None, (self.held_back, note))) if batch and batch == self._batch else note
        self._batch = batch

    def _record(self, kind: str, rows: Mask | None = None, held: str = "", **how: Any) -> int:
        """Note what was decided, and tell; ``held`` is for :attr:`held_back`. Returns how many rows it is about."""
        with self._lock:
            before = len(self.journal.records)
            count = self._note(kind, rows, **how)
            self._hold(held, how)
            noted = len(self.journal.records) > before
        if noted:
            self._tell(kind)
        return count

    def _note(self, kind: str, rows: Mask | None = None, **how: Any) -> int:
        """The same, told to nobody. Nothing to do is nothing to note."""
        count = 0 if rows is None else int(rows.sum())
        if (kind in ABOUT_ROWS and not count) or not self._append(kind, rows, **how):
            return 0
        return count

    def _append(
        self, kind: str, rows: Mask | None = None, *, reason: str = "", source: Mapping[str, Any] | None = None,
        decision: str | None = None, data: Mapping[str, Any] | None = None,
    ) -> bool:  # fmt: skip
        """Append to the journal; False where that very decision is there already."""
        ids = np.empty(0, np.uint64) if rows is None else self.corpus.ids[rows]
        source, data, reason = plain(source or {"kind": "code"}), plain(data or {}), reason_of(reason)
        with self._lock:
            return self.journal.append(Decision(decision or uuid4().hex, kind, ids, reason, source, self.at_round(), "", data))
