"""A session: rounds, decisions, undo, masks. It knows no Jupyter; the widget is a thin layer on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import numpy as np

from elute.analyze import Analyst, as_analyst
from elute.analyze.judge import Judge
from elute.cluster import Sweep
from elute.corpus import Corpus
from elute.corpus.again import known_again
from elute.corpus.compose import position_of
from elute.corpus.rows import vectors_in_order
from elute.embed.choose import ADVICE, OFFLINE
from elute.errors import InputError, warn
from elute.findings import Findings
from elute.findings.own import FAILED
from elute.journal import Journal
from elute.journal.roster import recall_marks
from elute.places import cache_folder, data_folder, place_of
from elute.plain import many
from elute.progress import SILENT, Callback, Progress, Terminal
from elute.recipe.rows import Reads, filling
from elute.rounds.archive import Archive, folder_of
from elute.rounds.beside import Beside
from elute.rounds.choices import Choices
from elute.rounds.course import Course
from elute.rounds.round import Round
from elute.rounds.shelf import Shelf
from elute.rounds.steps import Steps
from elute.session.closerlook import CloserLook
from elute.session.foreseeing import Foreseeing
from elute.session.judging import Judging
from elute.session.papers import Papers
from elute.session.picturing import Picturing
from elute.session.reporting import Reporting
from elute.session.returning import Returning
from elute.session.rowwise import Rowwise
from elute.session.suggestions import Suggestions
from elute.suggest.suggester import Suggester

if TYPE_CHECKING:
    from elute.recipe import Balance, Recipe


_live: WeakSet[Session] = WeakSet()


def live() -> list[Session]:
    """The sessions of this process."""
    return list(_live)


class Session(Foreseeing, Judging, Rowwise, CloserLook, Suggestions, Papers, Picturing, Reporting, Returning):
    """Purify a table of texts, with no screen.

    Parameters
    ----------
    data : pandas, polars, pyarrow or Hugging Face table, or list of str
        Never changed, and held as it was given: sorted or edited in place later, it is another table, which masks do not fit.
    text : str or list of str, optional
        A column, several, or a template such as ``"{title}\\n{body}"``. Without it: the one column that holds text.
    label : str, optional
        A column of labels; used for figures and examples, never for the clusters.
    fill : str, FromColumn, callable or dict, optional
        What stands for a missing part of the text.
    group : str, optional
        A column that says which dialogue or document a row is of: whole groups are dropped and come back.
    reference : table, list of str, str or array of bool, optional
        Rows to compare with, such as an evaluation set: another table, or a column or mask that marks rows of this one. They are
        embedded and shown, never dropped, and not in what :meth:`clean` or a recipe gives.
    image : str, optional
        A column of images that the page shows beside the texts: bytes, paths or data: URLs of PNG, JPEG or WebP. Nothing is fetched,
        and they are stored nowhere.
    min_per_label : int
        Rows that each label keeps, whatever is dropped; 0 for no such bound.
    task : str
        A line that says what the set is for; the analyst reads it.
    prepare : Prepare, optional
        How texts are cleaned on the working copy.
    embedder : str, ndarray of shape (n, d), callable or Embedder, optional
        Default: Sentence-BERT where ``elute[sbert]`` is installed, TF-IDF otherwise. A setting too: ``run(embedder="tfidf")``.
    clusterer, projector : str, parameter object or estimator, optional
        Default: communities of the neighbour graph; UMAP.
    analyst : str or Analyst
        ``"offline"``, ``"openai"`` or an analyst.
    findings : Findings, optional
        What is looked for besides what always is: personal data, scores of your own functions.
    seed : int
    path : str or Path, optional
        Folder of the journal, which stays the same when the working folder changes; ``~`` is your home. Default: a folder of the
        user's data folder, keyed by the texts.
    resume : bool
        Take up the decisions that the journal holds; False puts that journal aside and starts afresh.
    progress : callable or bool, optional
        ``(stage, done, total, message)``; True for bars in the terminal.

    Examples
    --------
    >>> texts = ["the cat sat", "a cat slept", "the cat ran", "stocks fell", "stocks rose", "stocks fell again"]
    >>> s = Session(texts, embedder="tfidf", clusterer=KMeans(2), projector="pca", path=tmp_path)
    >>> s.run().metrics["clusters"]
    2
    >>> _ = s.drop(s.round.labels == s.round.labels[0], reason="cats")
    >>> s.clean()
    ['stocks fell', 'stocks rose', 'stocks fell again']
    >>> _ = s.undo()
    >>> len(s.clean())
    6
    """

    shown = False
    """Whether a page asks about this session, and says itself what is not saved."""
    _warned: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any,
        text: str | list[str] | None = None,
        label: str | None = None,
        *,
        fill: Any = None,
        group: str | None = None,
        reference: Any = None,
        image: str | None = None,
        min_per_label: int = 0,
        task: str = "",
        prepare: Any = None,
        embedder: Any = None,
        clusterer: Any = None,
        projector: Any = None,
        analyst: str | Analyst = "offline",
        findings: Findings | None = None,
        seed: int = 0,
        path: str | Path | None = None,
        resume: bool = True,
        progress: Callable[[str, int, int, str], None] | bool | None = None,
    ) -> None:
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
            raise InputError(f"seed is {seed!r}; it must be a whole number, 0 or more.")
        if not isinstance(task, str):
            raise InputError(f"task is {task!r}; it must be a line of text.")
        corpus, seed = Corpus.from_data(data, text, label, fill, group=group, reference=reference), int(seed)
        self.reads, self.filled_by = Reads.of(corpus, text, fill, reference), filling(fill)
        self.image = None if image is None else corpus.columns[position_of(corpus.table, image)]
        folder = place_of(path) if path is not None else data_folder() / corpus.fingerprint[:16]
        corpus = known_again(corpus, recall_marks(folder))
        super().__init__(corpus, folder, resume, min_per_label)
        embedder = vectors_in_order(embedder, corpus.index)
        self.choices = Choices(embedder=embedder, clusterer=clusterer, projector=projector, prepare=prepare, seed=seed)
        self.analyst: Analyst = as_analyst(analyst)
        self._progress: Progress = Terminal() if progress is True else Callback(progress) if callable(progress) else SILENT
        beside = cache_folder() / "rounds" / folder_of(corpus)
        self._archive = Archive(beside)
        self._audit.keep_in(beside)
        self._judge, self.task = Judge(self.analyst, self._archive, lambda: self.prompts), task
        self.asked = findings or Findings()
        self._steps = Steps(corpus, self.choices.embedder, self.asked, task)
        self._shelf = Shelf(self._archive, self._steps, self.choices, corpus.reference, self._note_round, self.edits_at)
        self._round: Round | None = None
        self._beside = Beside(corpus.given, corpus.index)
        self.suggester = Suggester(self)
        self._sweeps: dict[str, Sweep] = {}
        self._course: tuple[str, Course] = ("", Course())
        self._come_back()
        self._warn(self.journal.note)
        _live.add(self)

    def leave_disk(self) -> None:
        """Go on in memory: nothing more of this session is written, whatever is decided. What is there stays; see ``elute.forget``."""
        with self._lock:
            kept = Journal(None, self.corpus.fingerprint)
            for record in self.journal.records:
                kept.append(record)
            self.journal.close()
            self.journal, self._state = kept, None
        for place in (self._archive, self._audit, self._steps):
            place.leave_disk()

    @property
    def round(self) -> Round:
        """The round that belongs to the decisions as they are; the last one while a newer is not computed yet."""
        return self._beside.own(self.current)

    def round_at(self, record: str) -> Round:
        """An earlier round as it was, by the id of its record, from memory or disk."""
        return self._beside.own(self.current_at(record))

    def recipe(self, *, texts: bool = False, balance: Balance | None = None) -> Recipe:
        """What treats new rows as these were treated: ``.save(folder)``, ``.explain()``, ``.apply(rows)``; see :mod:`elute.recipe`.

        Parameters
        ----------
        texts : bool
            Take along reasons and names as they were written; otherwise no text of yours is in it, only hashes of rows.
        balance : Balance, optional
            A cap for each cluster or label, besides what was decided here.
        """
        from elute.recipe import make

        return make(self, texts, balance)

    def _tell(self, kind: str) -> None:
        super()._tell(kind)
        self._warn(self.journal.note, self.journal.problem)

    def _warn(self, *wrong: str) -> None:
        """Say what is wrong with the journal, each once, where no page says it."""
        fresh, self._warned = [told for told in wrong if told not in ("", *self._warned)], wrong
        for told in () if self.shown else fresh:
            warn(told)

    def __repr__(self) -> str:
        state, own = self.state, ~self.corpus.reference
        told = f", {self.resumed} decisions resumed" if self.resumed else ""
        told += f", what was decided before put aside in {self.returned.aside}" if self.returned.aside else ""
        if offer := self.offered:
            told += f", {many(offer.decisions, 'decision')} of another version of this table offered: bring_along()"
        notes = () if self._round is None else self._round.notes
        advice = "".join(f". {note}" for note in (ADVICE, OFFLINE) if note in notes)
        if failed := sum(note.startswith(FAILED) for note in notes):
            advice += f". {many(failed, 'finding')} of your own failed: round.notes says why"
        wrong = " ".join(filter(None, (self.journal.note, self.journal.problem)))
        kept = f"{(state.keep & own).sum():,} of {own.sum():,} rows kept"
        return f"<elute.Session: {kept}, {len(state.rounds)} rounds{told}{advice}{wrong and f'. {wrong}'}>"
