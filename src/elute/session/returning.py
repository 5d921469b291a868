"""Coming back to a table: what came back, what changed since, and how to start afresh. Facts first, then one line of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from elute.corpus.again import Marked, ids_again, to_remember, translated
from elute.decisions import Decision, State
from elute.decisions.along import without
from elute.decisions.going import too_rare
from elute.errors import InputError
from elute.journal import decode
from elute.journal.roster import Elsewhere, Ids, compared, elsewhere, recall, recall_marks, remember, remember_marks
from elute.places import data_folder
from elute.session.running import Running

NAMED = ("selection", "learned")
"""What is saved under a name; nothing is decided by it."""


@dataclass(frozen=True)
class Returned:
    """What a session found when it was opened.

    Attributes
    ----------
    decisions : int
        In force when the session was opened.
    first, last : str
        When they were made: UTC, ISO 8601; "" where there are none.
    new, gone : int or None
        Rows that the table did not have when it was opened last, and rows that it has no more; None where that is not known.
    unknown : int
        Rows that were decided about and are not in this table.
    aside : str
        The file that ``resume=False`` put the journal aside in, where it held decisions; "" where nothing was.
    held : str
        Which rows stay that decisions brought along would have dropped, in a sentence: those of labels that would be left with fewer
        than ``min_per_label``. "" where none do.
    note : str
        What was wrong with the journal, in a sentence; "" where nothing was.
    """

    decisions: int
    first: str = ""
    last: str = ""
    new: int | None = None
    gone: int | None = None
    unknown: int = 0
    aside: str = ""
    held: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """The same in words; "" where nothing came back, nothing was put aside, and nothing is wrong."""
        if self.aside:
            return f"What was decided before was put aside (resume=False), in {self.aside}: named journal.jsonl it is taken up again."
        if not self.decisions:
            return self.note
        told = "1 decision came back, of " if self.decisions == 1 else f"{self.decisions:,} decisions came back, of "
        return (
            f"{told}{_when(self.first, self.last)}.{self._rows()}{self.held and f' {self.held}'}{self.note and f' {self.note}'}"
        )

    def _rows(self) -> str:
        new, gone, unknown = self.new or 0, self.gone or 0, self.unknown
        counts = [(new, "new"), (gone, "gone")]
        told = [f"{count:,} {'is' if count == 1 else 'are'} {what}" for count, what in counts if count]
        if told:
            told[0] = told[0].replace(" ", " row " if (new or gone) == 1 else " rows ", 1)
        changed = f" {' and '.join(told)} since the table was opened last." if told else ""
        return f"{changed} {not_here(unknown)}" if unknown else changed


@dataclass(frozen=True)
class Offer:
    """Decisions about another table with many of the same rows.

    Attributes
    ----------
    folder : Path
        Of its journal.
    decisions : int
        How many there are in force that :meth:`Returning.bring_along` takes over.
    shared, rows : int
        How many rows both tables have, and how many that one has.
    last : str
        When the last one was made.
    """

    folder: Path
    decisions: int
    shared: int
    rows: int
    last: str

    @property
    def line(self) -> str:
        """The same in words."""
        many = "1 decision was" if self.decisions == 1 else f"{self.decisions:,} decisions were"
        when = _when(self.last, self.last)
        return f"{self.shared:,} of these rows are also in a table that {many} made about, the last on {when}."


class Returning(Running):
    """A session that was here before."""

    returned: Returned
    _elsewhere: tuple[Offer | None] | None = None

    def _come_back(self) -> None:
        """Note what came back, what the cell says, and which rows the table has now."""
        ids, before = self.corpus.ids, recall(self.folder)
        self.returned = self._found()
        if self.aside and self._fold(_read(self.aside)).decided:
            self.returned = replace(self.returned, aside=self.aside.name)
        if self.aside is not None:
            self._begin(afresh=True)  # sessions of this process that live on have what was put aside in memory
        elif not self._opened_alike(self.choices.opening()):
            self._begin()
        changed = before is None or len(before) != len(ids) or bool((before != ids).any())
        if changed and self.journal.mode == "own":
            remember(self.folder, ids)
        if self.journal.mode == "own":
            self._note_marks(recall_marks(self.folder))

    def _found(self) -> Returned:
        """What came back, as the journal stands."""
        state, before = self.state, recall(self.folder)
        return replace(_returned(state.decided, before, self.corpus.ids, state.unknown), note=self.journal.note)

    def _note_marks(self, before: Marked | None) -> None:
        """Keep what tells equal texts apart, for the next time."""
        if before is None and self.corpus.label is None and self.corpus.group is None:
            return
        decided = [one.ids for one in self.journal.records]
        now = to_remember(self.corpus, before, np.concatenate([np.empty(0, np.uint64), *decided]))
        if recall_marks(self.folder) is None or before is None or not now.same(before):
            remember_marks(self.folder, now)

    def copy_journal(self, folder: str | Path | None = None) -> Path:
        before, target = recall_marks(self.folder), super().copy_journal(folder)
        self._note_marks(before)
        return target

    def _begin(self, decision: str | None = None, **more: Any) -> None:
        """Note what the cell says; told to nobody, since who starts afresh has the lock."""
        told = {"settings": self.choices.opening(), "n": len(self.corpus), "fingerprint": self.corpus.fingerprint, **more}
        self._append("open", data=told, decision=decision)

    def start_afresh(self, *, decision: str | None = None) -> Path | None:
        """Put all decisions aside and begin with the whole table; returns the file that they are in, None where there was none.

        Nothing is deleted: the file is the journal as it was, and stands beside the new one. To go on with it, give it the journal's
        name again.
        """
        with self._lock:
            aside = self._put_aside()
            self._shelf.forget()
            self._round, self.returned, self.resumed, self._elsewhere = None, Returned(0), 0, (None,)
            self._begin(decision, afresh=True)
            self._hold("", {})
        self.select([], source="code")
        self._tell("afresh")
        return aside

    @property
    def offered(self) -> Offer | None:
        """Decisions about another table with many of the same rows, until they are brought along; also once something is decided here."""
        if self._elsewhere is None:
            self._elsewhere = (self._offer(),)
        return self._elsewhere[0]

    def bring_along(self) -> int:
        """Take over the decisions that are :attr:`offered`, for the rows that both tables have. Returns how many there were.

        They are those in force there: nothing that was taken back or gone back from, no settings, no consent. What was saved under a
        name comes too. What was decided here before has the last word: it is gone back from, and decided again after them. Rows of a
        label that would be left with fewer than ``min_per_label`` stay, as at a drop: :attr:`returned` says so. The other journal stays
        as it is.
        """
        offer = self.offered
        there = [] if offer is None else self._records_in(offer.folder)
        decided = self._theirs(there)
        if not decided:
            raise InputError("There are no decisions about a table with many of these rows.")
        with self._lock:
            own = [replace(one, id=uuid4().hex) for one in _lasting(self.journal.records, self.state.decided)]
            before = self.state
            if before.decided:
                self._append("goto", data={"to": "", "place": self._place("")})
            theirs, held = self._as_dropped_now(_lasting(there, decided), own, before)
            for record in (*theirs, *own):
                self.journal.append(record)
            self._elsewhere = (None,)
            self.returned = replace(_returned(decided, None, self.corpus.ids, self.state.unknown), held=held)
            self._hold(held, {})
            self.resumed = self.returned.decisions
        self._tell("goto")
        return len(decided)

    def _as_dropped_now(self, theirs: list[Decision], own: list[Decision], before: State) -> tuple[list[Decision], str]:
        """Decisions of another journal, without the rows that a drop made now would leave for their label; and what is told of these."""
        if not self.min_per_label:
            return theirs, ""
        after = self._fold([*self.journal.records, *theirs, *own])
        stays, told = too_rare(
            self.corpus, after.relabels, before.keep | after.keep, before.keep & ~after.keep, self.min_per_label
        )
        ids = self.corpus.ids[stays]
        return [replace(one, **without(one, ids)) if one.kind == "drop" else one for one in theirs], told

    def _offer(self) -> Offer | None:
        root = data_folder()
        if self.folder.parent != root:
            return None
        found: Elsewhere | None = elsewhere(root, self.corpus.ids, self.folder)
        if found is None:
            return None
        decided, here = self._theirs(self._records_in(found.folder)), {one.id for one in self.journal.records}
        if not any(len(one.ids) for one in decided) or any(one.id in here for one in decided):
            return None
        return Offer(found.folder, len(decided), found.shared, found.rows, decided[-1].time)

    def _records_in(self, folder: Path) -> list[Decision]:
        """The records of another journal, with the ids that rows have in this one."""
        before, records = recall_marks(folder), _read(folder / "journal.jsonl")
        if before is None:
            return records
        theirs = ids_again(self.corpus, before)
        return [replace(one, ids=translated(one.ids, theirs, self.corpus)) if len(one.ids) else one for one in records]

    def _theirs(self, records: Sequence[Decision]) -> list[Decision]:
        """What records of another journal decide about rows. They mean that only all together: rounds and openings say where a going
        back leads, and which settings ended."""
        return [one for one in self._fold(records).decided if one.kind != "settings"]


def _returned(decided: Sequence[Decision], before: Ids | None, now: Ids, unknown: int) -> Returned:
    if not decided:
        return Returned(0)
    times = sorted(one.time for one in decided if one.time) or [""]
    new, gone = (None, None) if before is None else compared(before, now)
    return Returned(len(decided), times[0], times[-1], new, gone, unknown)


def not_here(count: int, what: str = "") -> str:
    """What is told of rows that the journal knows and the table does not have.

    >>> not_here(3, " rows")
    '3 rows that were decided about are not in this table.'
    """
    was, is_ = ("was", "is") if count == 1 else ("were", "are")
    return f"{count:,}{what} that {was} decided about {is_} not in this table."


def _lasting(records: Sequence[Decision], decided: Sequence[Decision]) -> list[Decision]:
    """Those that were decided, in their order, and what has a name: filters too, which a person may not have accepted yet."""
    wanted = {one.id for one in decided}
    return [one for one in records if one.id in wanted or one.kind in NAMED]


def _read(path: Path) -> list[Decision]:
    """The good records of another journal, which is neither opened nor mended."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return []
    return list({record.id: record for line in lines if (record := decode(line)) is not None}.values())


def _when(first: str, last: str) -> str:
    """From when until when, in the time of this machine."""
    if not first:
        return "an unknown time"
    began, ended = (datetime.fromisoformat(time).astimezone() for time in (first, last))
    told = f"{began:%d %B %Y, %H:%M}".lstrip("0")
    if f"{began:%Y%m%d%H%M}" == f"{ended:%Y%m%d%H%M}":
        return told
    same_day = began.date() == ended.date()
    return f"{told} to {f'{ended:%H:%M}' if same_day else f'{ended:%d %B %Y, %H:%M}'.lstrip('0')}"
