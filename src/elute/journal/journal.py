"""The journal of one table: what was decided, in memory and on disk.

Where nothing can be written, records wait in memory and :attr:`Journal.problem` says why; every later append tries to write all of
them. Of several processes one decides (:mod:`elute.journal.hold`); the others read what it appends, and are refused.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from elute.decisions import UNDOABLE, Decision
from elute.disk import DISK, Disk
from elute.errors import JournalError
from elute.journal import hold
from elute.journal.exchanged import missing, told
from elute.journal.file import JournalFile
from elute.journal.format import Line, checked, encode
from elute.journal.hold import Holder
from elute.journal.waiting import TAKEN, Waiting, not_saved, waiting

DECIDED = (*UNDOABLE, "undo", "redo", "selection", "consent", "withdraw")
"""Kinds that a person answers for. Other records tell facts, such as a round: who only reads keeps its own in memory."""


class Journal:
    """An append-only list of :class:`~elute.decisions.Decision`.

    Parameters
    ----------
    path : Path or None
        The file; None keeps everything in memory.
    corpus : str
        Fingerprint of the table, noted with each record.
    disk : Disk
        What does the reading and writing.

    Attributes
    ----------
    records : list of Decision
        All that is known, oldest first.
    corpora : list of str
        The table that each record was made on; "" where that is not known.
    version : int
        Rises with every change of ``records``.
    note : str
        What was found to be wrong with the file when it was opened; empty if nothing.
    """

    def __init__(self, path: Path | None, corpus: str = "", disk: Disk = DISK) -> None:
        self.path, self.corpus = path, corpus
        self.records: list[Decision] = []
        self.corpora: list[str] = []
        self.version, self.note = 0, ""
        self._known: set[str] = set()
        self._waiting = Waiting() if path is None else waiting(path, disk)
        self._facts: list[Decision] = []
        self._held: list[Decision] | None = None
        self._seq, self._used = 0, False
        self._disk, self._file = disk, None if path is None else JournalFile(path, disk)
        self._claim = None if path is None else hold.claim_of(path)
        if self._file is not None:
            own = self.mode == "own"
            lines, self.note = self._file.opened(mend=own)
            self._take(lines)
            self.note = self.note or self._file.gap([line.seq for line in lines])
            self._hear()

    # -- who decides ---------------------------------------------------------------------------------------------------------

    @property
    def mode(self) -> str:
        """``"own"``, or ``"read-only"`` while another process decides on these rows. A claim that is free is taken."""
        if self._claim is None or not self._disk.locks:
            return "own"
        try:
            if not hold.holds(self._claim):
                self._disk.make_folder(self._claim.parent)
                if not hold.claim(self._claim, self._disk):
                    return "read-only"
        except OSError:  # where not even a claim can be made, no other process could write either
            return "own"
        self._use()
        return "own"

    @property
    def holder(self) -> Holder | None:
        """Who decides instead; None in mode ``"own"``."""
        if self._claim is None or self.mode == "own":
            return None
        return hold.holder(self._claim)

    def take_over(self) -> None:
        """Decide here from now on. The process that did is refused at its next decision, and says so.

        Raises
        ------
        JournalError
            Nothing can be written there.
        """
        if self._file is None or self._claim is None or self.mode == "own":
            return
        try:
            with self._file.locked():  # no record of the other's is half written
                hold.seize(self._claim, self._disk)
        except OSError as error:
            raise JournalError(f"The journal could not be taken over ({error.strerror or error}): go on in a copy.") from None
        self._use()
        # read anew: facts of our own stood among the other's records, and come after them in the file
        self.records, self.corpora, self._known, self._seq = [], [], set(), 0
        with self._waiting.lock:
            self._waiting.records += self._facts
            self._facts = []
            self._take(self._file.opened(mend=True)[0])
            self._hear()
            self._save()

    def copy(self, path: Path) -> Journal:
        """All records, those that wait in memory too, in a file of their own; both go on apart.

        Raises
        ------
        JournalError
            It can't be written, or there is a file of that name.
        """
        self.catch_up()
        if self._disk.exists(path):
            raise JournalError(f"There is a journal in {path.parent} already: give the copy another folder.")
        lines = [encode(record, seq, of) for seq, (record, of) in enumerate(zip(self.records, self.corpora, strict=True), 1)]
        try:
            self._disk.make_folder(path.parent)
            self._disk.replace(path, b"".join(lines))
        except OSError as error:
            raise JournalError(
                f"No copy could be written to {path.parent} ({error.strerror or error}): give another folder."
            ) from None
        return Journal(path, self.corpus, self._disk)

    def close(self) -> None:
        """Give the claim back. A journal that nobody uses any more does so by itself."""
        if self._used and self._claim is not None:
            self._used = False
            self._finalizer()

    # -- records -------------------------------------------------------------------------------------------------------------

    @property
    def saved(self) -> bool:
        """Whether every record is on disk (after fsync)."""
        return self.path is not None and not self._waiting.records

    @property
    def problem(self) -> str:
        """Why the last records are not on disk yet; "" when all are."""
        return self._waiting.problem

    def __contains__(self, decision_id: str) -> bool:
        return decision_id in self._known

    def append(self, decision: Decision) -> bool:
        """Add a record; returns after fsync. False where its id is here already.

        Raises
        ------
        JournalError
            Another process decides on these rows. Nothing was changed.
        """
        self.catch_up()
        if decision.id in self._known:
            return False
        if not decision.time:
            decision = Decision(**{**decision.__dict__, "time": datetime.now(UTC).isoformat(timespec="milliseconds")})
        checked(decision)  # what could not be read back is refused before anything changes
        if self._held is not None:
            self._held.append(decision)
        elif self._file is not None and not self._kept([decision]):
            raise JournalError(self.refusal)
        self._remember(decision, self.corpus)
        return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is appended within is written at once. Broken off before that, or refused, none of it is there: it can be asked again."""
        with self._waiting.lock:
            held = self._held = list[Decision]()
            try:
                yield
                if self._file is not None and held and not self._kept(held):
                    raise JournalError(self.refusal)
            except BaseException:
                if not any(one is waits for one in held for waits in self._waiting.records):
                    self._take_out({one.id for one in held})
                raise
            finally:
                self._held = None

    def save(self) -> bool:
        """Try again to write what waits; whether all is on disk now."""
        if self._waiting.records and self.mode == "own":
            self._save()
        return self.saved

    @property
    def refusal(self) -> str:
        """What is said to who would decide in mode ``"read-only"``."""
        assert self._claim is not None
        return (
            f"Another kernel decides on these rows ({hold.holder(self._claim)}), so this one only reads. Nothing was changed: "
            "take over with session.take_over(), or go on apart with session.copy_journal()."
        )

    def catch_up(self) -> int:
        """Read what another journal appended since; returns how many records came."""
        return 0 if self._file is None else self._take(self._file.news()) + self._hear()

    # -- inside --------------------------------------------------------------------------------------------------------------

    def _kept(self, made: list[Decision]) -> bool:
        """Put records where they belong: on disk, or in memory until that works; False where it is another's to decide."""
        if self.mode == "own":
            with self._waiting.lock:
                self._waiting.records += made
                if self._save():
                    return True
                self._waiting.records = [one for one in self._waiting.records if one not in made]
        if self._waiting.records:
            self._waiting.problem = TAKEN
        if any(one.kind in DECIDED for one in made):
            return False
        self._facts += made
        return True

    def _save(self) -> bool:
        """Write all that waits; False where another process took over meanwhile."""
        assert self._file is not None
        waits = self._waiting
        with waits.lock:
            try:
                with self._file.locked() as file:
                    if self._lost():
                        return False
                    self._take(self._file.read_on(file))
                    back = self._gone_from(self._file.whole(file)) if self._file.exchanged else []
                    every = [*back, *((record, self.corpus) for record in waits.records)]
                    self._file.append(file, [encode(one, self._seq + at, of) for at, (one, of) in enumerate(every, 1)])
                    self._file.exchanged = False
                self._seq += len(every)
                self.note = told(len(back)) if back else self.note
                waits.records.clear()
                waits.problem = ""
            except OSError as error:
                waits.problem = not_saved(error, self.path)
        return True

    def _gone_from(self, found: Sequence[Line]) -> list[tuple[Decision, str]]:
        self._seq = max((line.seq for line in found), default=0)
        apart = {record.id for record in (*self._waiting.records, *self._facts)}
        saved = [(one, of) for one, of in zip(self.records, self.corpora, strict=True) if one.id not in apart]
        return missing(saved, [line.decision.id for line in found])

    def _lost(self) -> bool:
        return self._used and self._claim is not None and not hold.holds(self._claim)

    def _use(self) -> None:
        if not self._used and self._claim is not None:
            self._used = True
            hold.use(self._claim)
            self._finalizer = weakref.finalize(self, hold.release, self._claim)

    def _take(self, lines: Sequence[Line]) -> int:
        came = 0
        for line in lines:
            self._seq = max(self._seq, line.seq)
            if line.decision.id not in self._known:
                self._remember(line.decision, line.corpus)
                came += 1
        return came

    def _hear(self) -> int:
        """Take in what waits for the file, whichever journal of this process was asked to write it."""
        with self._waiting.lock:
            fresh = [record for record in self._waiting.records if record.id not in self._known]
        for record in fresh:
            self._remember(record, self.corpus)
        return len(fresh)

    def _take_out(self, ids: set[str]) -> None:
        stay = [at for at, one in enumerate(self.records) if one.id not in ids]
        self.records, self.corpora = [self.records[at] for at in stay], [self.corpora[at] for at in stay]
        self._known -= ids
        self.version += 1

    def _remember(self, decision: Decision, corpus: str) -> None:
        self.records.append(decision)
        self.corpora.append(corpus)
        self._known.add(decision.id)
        self.version += 1
