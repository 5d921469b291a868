"""A session: rounds, decisions, undo, masks. It knows no Jupyter; the widget is a thin layer on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.advisor import Advisor
from elute.analyze import Analyst, ClusterView, Context, SelectionAnalysis, as_analyst
from elute.archive import Archive, folder_of, round_key
from elute.beside import Beside
from elute.choices import Choices
from elute.cluster import Sweep, unswept
from elute.compare import Compared, compare
from elute.compare import table as compared_table
from elute.corpus import Corpus
from elute.course import Course, masks, measure
from elute.cycle import foresee, relax, run_round, with_evidence
from elute.decisions import Decision, State
from elute.embed import Embedder, Embeddings
from elute.errors import InputError
from elute.evidence import Evidence
from elute.findings import Findings
from elute.findings.labels import better_label_issues
from elute.judge import Analysis, Judge, renamed
from elute.learn import Learned
from elute.ledger import Ledger
from elute.metrics import Pair
from elute.past import Past
from elute.places import cache_folder, data_folder
from elute.prepare import Prepared
from elute.progress import SILENT, Callback, Progress, Terminal
from elute.project import PCA
from elute.round import Round, Settings
from elute.shelf import Shelf, record_of
from elute.space import Space
from elute.steps import Steps
from elute.suggest import Looks, Suggestion
from elute.warm import LATER, warm_up

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go


PREVIEWS = 16
"""Previews that are kept."""


class Session(Ledger):
    """Purify a table of texts, with no screen.

    Parameters
    ----------
    data : pandas, polars, pyarrow or Hugging Face table, or list of str
        Never changed.
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
        embedded and shown, never dropped, and not in what :meth:`clean` gives.
    min_per_label : int
        Rows that each label keeps, whatever is dropped; 0 for no such bound.
    task : str
        A line that says what the set is for; the analyst reads it.
    prepare : Prepare, optional
        How texts are cleaned on the working copy.
    embedder : str, ndarray of shape (n, d), callable or Embedder, optional
        Default: Sentence-BERT where ``elute[sbert]`` is installed, TF-IDF otherwise. A setting too: ``run(embedder="tfidf")``.
    clusterer, projector : str, parameter object or estimator, optional
        Default: K-means with a k chosen by silhouette; UMAP.
    analyst : str or Analyst
        ``"offline"``, ``"openai"`` or an analyst.
    findings : Findings, optional
        What is looked for besides what always is: personal data, scores of your own functions.
    seed : int
    path : str or Path, optional
        Folder of the journal. Default: a folder of the user's data folder, keyed by the texts.
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

    def __init__(
        self,
        data: Any,
        text: str | list[str] | None = None,
        label: str | None = None,
        *,
        fill: Any = None,
        group: str | None = None,
        reference: Any = None,
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
        corpus = Corpus.from_data(data, text, label, fill, group=group, reference=reference)
        folder = Path(path) if path is not None else data_folder() / corpus.fingerprint[:16]
        super().__init__(corpus, folder, resume, min_per_label)
        self.choices = Choices(embedder=embedder, clusterer=clusterer, projector=projector, prepare=prepare, seed=seed)
        self.analyst: Analyst = as_analyst(analyst)
        self._progress: Progress = Terminal() if progress is True else Callback(progress) if callable(progress) else SILENT
        self._archive = Archive(cache_folder() / "rounds" / folder_of(corpus))
        self._judge = Judge(self.analyst, self._archive, task)
        self.asked = findings or Findings()
        self._steps = Steps(corpus, self.choices.embedder, self.asked, task)
        self._shelf = Shelf(
            self._archive, self._steps, self.choices, self.corpus.n,
            lambda key, facts: self._append("round", decision=record_of(key), data=facts), self.edits_at,
        )  # fmt: skip
        self._round: Round | None = None
        self._beside = Beside(corpus.given)
        self.advisor = Advisor(self)
        self._sweeps: dict[str, Sweep] = {}
        self._course: tuple[str, Course] = ("", Course())
        opened = self.choices.opening()
        if not self._opened_alike(opened):
            self._record("open", data={"settings": opened, "n": len(self.corpus), "fingerprint": self.corpus.fingerprint})

    def configure(self, how: Mapping[str, Any] | None = None, /, **settings: Any) -> bool:
        """Settings of the next round: ``embedder=``, ``clusterer=``, ``projector=``, ``prepare=``, ``automatic=``.

        Returns whether anything changed.
        """
        before = self.choices.told(self.state.settings)
        changed = {name: told for name, told in self.choices.describe(settings).items() if before.get(name) != told}
        if changed:
            how = dict(how or {})
            self._record("settings", data={**how.pop("data", {}), **changed}, **how)
        return bool(changed)

    def _opened_alike(self, opened: Mapping[str, Any]) -> bool:
        """Whether the cell said the same last time."""
        told = [record.data["settings"] for record in self.journal.records if record.kind == "open"]
        if not told:
            return False
        # journals of earlier versions know no embedder; none of what was chosen then need end for that
        old = "embedder" not in told[-1] and any(kept.kind == "settings" for kept in (*self.state.in_force, *self.state.undone))
        return bool({**told[-1], **({"embedder": opened["embedder"]} if old else {})} == opened)

    @property
    def embedder(self) -> Embedder:
        """What makes the vectors of the next round."""
        return self.embedder_of()

    def embedder_of(self, made: Round | None = None) -> Embedder:
        """What made the vectors of a round; of the next one where none is given."""
        return self.choices.embedder(self._next() if made is None else made.settings)

    def _next(self) -> Settings:
        """Settings of the next round."""
        state = self.state
        return self.choices.settings(state.settings, state.edit_steps)

    def _agreed(self, settings: Settings) -> Settings:
        """The same settings. Nothing goes to a remote embedder that was chosen on the page until the person said yes there."""
        embedder, state = self.choices.embedder(settings), self.state
        chosen = [told for told in state.in_force if told.kind == "settings" and "embedder" in told.data]
        in_code = not chosen or chosen[-1].source.get("kind") == "code"
        if embedder.remote and embedder.name not in state.consents and not in_code and not self._steps.at_hand(settings):
            raise InputError(
                f"No text goes to {embedder.name} until you agreed to it: on the page, or in a cell by consent({embedder.name!r})."
            )
        return settings

    # -- rounds --------------------------------------------------------------------------------------------------------------

    @property
    def round(self) -> Round:
        """The round that belongs to the decisions as they are; the last one while a newer is not computed yet."""
        return self._beside.own(self.current)

    @property
    def current(self) -> Round:
        """The same over all rows of the corpus, those of a reference table among them: what a screen and suggestions read."""
        found = self.find_round()
        if found is not None:
            self._round = found
        if self._round is None:
            raise InputError("There is no round yet: run() first.")
        return self._round

    @property
    def rounds(self) -> tuple[Decision, ...]:
        """The records of all rounds so far, oldest first; ``data`` holds number, settings and metrics."""
        return self.state.rounds

    def round_at(self, record: str) -> Round:
        """An earlier round as it was, by the id of its record, from memory or disk."""
        return self._beside.own(self.current_at(record))

    def current_at(self, record: str) -> Round:
        """The same over all rows of the corpus, as :attr:`current`."""
        found = next((told for told in self.state.rounds if told.id == record), None)
        if found is None:
            raise InputError("There is no such round in the journal.")
        with self._steps.working:
            made = self._shelf.of_record(found)
        if made is None:
            number = found.data["number"]
            raise InputError(f"Round {number} is not kept any more. Go back to it, and it is computed again.")
        return made

    def known_round_at(self, record: str) -> Round | None:
        """The same, if it is in memory; takes no time."""
        return next((self._shelf.in_memory(told) for told in self.state.rounds if told.id == record), None)

    def id_of(self, made: Round) -> str:
        """Id of the record of a round in the journal: what :meth:`goto` takes."""
        return record_of(self._shelf.key_of(self._beside.whole(made)))

    @property
    def findings(self) -> pd.DataFrame:
        """Evidence about each row of the table, from the current round."""
        return self.round.findings

    def run(self, *, progress: Progress | None = None, draft: Callable[[Round], None] | None = None, **settings: Any) -> Round:
        """One round: prepare, embed, cluster, score, project. Returns it; a round already computed comes back at once.

        ``draft`` is given the round while its layout settles.
        """
        progress = progress or self._progress
        if settings:
            self.configure(**settings)
        with self._steps.working:
            state = self.state
            while not self._steps.opened(chosen := self.choices.settings(state.settings, state.edit_steps)):
                self._steps.open(chosen, progress)
                state = self.state  # a model takes seconds to load: what was decided meanwhile counts
            found = self._shelf.find(state)
            made = found or self._make(state, progress, draft)
            self._shown(made)
            if found is None:
                self._shelf.save(state, made)
        return self._beside.own(made)

    def refine(self, *, progress: Progress | None = None, draft: Callable[[Round], None] | None = None) -> Round:
        """Relax the map of the current round: points move a little towards their neighbours, none jumps. Nothing else changes."""
        progress = progress or self._progress
        with self._steps.working:
            state, made = self.state, self.current
            if made is not self._shelf.known(state):
                raise InputError("The map belongs to an older round. Run the next one first, then refine its map.")
            relaxed = relax(self._steps.space(made.settings, progress), made, progress, draft)
            self._judge.adopt(made, relaxed)
            self._shelf.put(state, relaxed)
            self._shown(relaxed)
            self._shelf.save(state, relaxed)
        return self._beside.own(relaxed)

    def judge_labels(self, *, progress: Progress | None = None) -> bool:
        """A closer look at the labels of the current round: slower, and better. Its findings are made again; returns whether they were.

        Nothing waits for it: a round that is begun meanwhile makes it stop for nothing.
        """
        progress = progress or self._progress
        with self._steps.working:
            state, made = self.state, self.current
            if made is not self._shelf.known(state):
                return False
            evidence, part = (
                self._steps.evidence(made.settings, progress),
                self._steps.space(made.settings, progress).part(made.keep),
            )
            judged = evidence.judged(part, progress)
        if judged is None:
            return False
        found = better_label_issues(
            judged.X,
            judged.of,
            judged.codes,
            judged.neighbors,
            classes=judged.classes,
            seed=made.settings.seed,
            progress=progress,
        )
        with self._steps.working:
            if made is not self._shelf.known(self.state):
                return False
            evidence.judge_better(part, found)
            told = with_evidence(evidence, part, made, progress)
            self._judge.adopt(made, told)
            self._shelf.put(state, told)
            self._shown(told)
        return True

    def measure_accuracy(self, *, progress: Progress | None = None) -> Course:
        """With labels: accuracy by round on rows that no round chose, and beside it that of random removal of as many.

        See :mod:`elute.metrics.validation` for what it can't say.
        """
        progress = progress or self._progress
        with self._steps.working:
            state, made = self.state, self.current
            space = self._steps.space(made.settings, progress)
        n = len(self.corpus)
        sound = state.keep.copy()
        if "label_issue" in made.findings and len(made.findings) == n:
            sound &= ~made.findings["label_issue"].to_numpy(bool)
        rounds = masks(self.journal.records, state.rounds, lambda records: self._fold(records).keep)
        found = measure(space, rounds, sound, self.corpus.reference, made.settings.seed, progress)
        self._course = self._course_key(), found
        return found

    def accuracy_course(self) -> tuple[list[dict[str, Any]], int | None, str, bool]:
        """What :meth:`measure_accuracy` found last, ``(rounds, best, why, pending)``; takes no time.

        ``pending``: there are rounds that it was not measured for.
        """
        if self.corpus.label is None:
            return [], None, "There are no labels, so no accuracy can be measured.", False
        if not self.state.rounds:
            return [], None, "There is no round yet.", False
        key, course = self._course
        return [dict(row) for row in course.rows], course.best, course.why, key != self._course_key()

    def _course_key(self) -> str:
        """What a course was measured for: the rounds there were, and what was kept."""
        state = self.state
        return f"{len(state.rounds)} {hash(np.packbits(state.keep).tobytes())}"

    def _make(self, state: State, progress: Progress, draft: Callable[[Round], None] | None) -> Round:
        chosen = self.choices.settings(state.settings, state.edit_steps)
        warm_up()
        self._agreed(chosen)
        made = run_round(
            self.corpus, self._steps.prepared(chosen.prepare, progress, chosen.edits), self._steps.embeddings(chosen, progress),
            state.keep, chosen,
            space=self._steps.space(chosen, progress), evidence=self._steps.evidence(chosen, progress), number=len(state.rounds) + 1,
            previous=self._before(state, chosen), progress=progress, draft=draft,
        )  # fmt: skip
        self._shelf.put(state, made)
        return made

    def _before(self, state: State, chosen: Settings) -> Round | None:
        """The round that the next one goes on from: the last on vectors of the same embedder."""
        if self._round is not None and self._round.settings.embedder == chosen.embedder:
            return self._round
        return self._shelf.newest(state, chosen)

    def preview(self, clusterer: Any = None, *, progress: Progress | None = None) -> Sweep:
        """What DBSCAN or HDBSCAN would find over a range of eps or min_cluster_size, on the rows kept now.

        The other parameters, and with None the clusterer itself, are those of the next round. Kept until the rows or settings change.
        """
        progress = progress or self._progress
        chosen = self.foreseen(clusterer)
        with self._steps.working:
            self._steps.open(chosen, progress)
            state = self.state
            key = round_key(state.keep, chosen, self._steps.identity(chosen))
            if key not in self._sweeps:
                space = self._steps.space(self._agreed(chosen), progress)
                before = self._before(state, chosen)
                self._sweeps[key] = foresee(space, state.keep, chosen, previous=before, progress=progress)
                while len(self._sweeps) > PREVIEWS:
                    self._sweeps.pop(next(iter(self._sweeps)))
            return self._sweeps[key]

    def foreseen(self, clusterer: Any = None) -> Settings:
        """Settings of a preview.

        Raises
        ------
        SettingsError, InputError
            A parameter is out of its range; or this clusterer has no preview.
        """
        told = {} if clusterer is None else self.choices.describe({"clusterer": clusterer})
        state = self.state
        chosen = self.choices.settings({**state.settings, **told}, state.edit_steps)
        # the table is the same whatever the value is now, and a map plays no part in it
        return replace(chosen, clusterer=unswept(chosen.clusterer), projector=PCA())

    def known_preview(self, clusterer: Any = None) -> Sweep | None:
        """A preview that was made before, for the rows and settings as they are; takes no time."""
        chosen = self.foreseen(clusterer)
        if not self._steps.opened(chosen):
            return None
        return self._sweeps.get(round_key(self.state.keep, chosen, self._steps.identity(chosen)))

    def _shown(self, made: Round) -> None:
        self._round = self.known_round() or made  # what was decided meanwhile may have a round already
        self._tell("round")

    def warm(self, progress: Progress = SILENT) -> None:
        """Get ready for the next round while the person looks at this one: vectors from the cache, compiled loops."""
        chosen = self._next()
        embedder = self.choices.embedder(chosen)
        if not embedder.remote or embedder.name in self.state.consents:
            self._steps.space(chosen, progress)
        self.corpus.rows_by_id([])  # sorts the ids, so that the first decision need not
        warm_up(LATER)

    def known_round(self) -> Round | None:
        """The round that belongs to the decisions as they are, if it is in memory; takes no time."""
        return self._shelf.known(self.state)

    def has_round(self) -> bool:
        """Whether the round that belongs to the decisions as they are was computed before, and is in memory or on disk."""
        return self._shelf.has(self.state)

    def find_round(self) -> Round | None:
        """The round already computed for the decisions as they are, from memory or disk; None where there is none."""
        return self._shelf.find(self.state)

    def prepared(self, progress: Progress = SILENT) -> Prepared:
        """Step 0 over all rows, by the settings of the next round."""
        chosen = self._next()
        return self._steps.prepared(chosen.prepare, progress, chosen.edits)

    @property
    def known_prepared(self) -> Prepared | None:
        """Step 0 as it was done last, if it was."""
        return self._steps.known

    def space(self, progress: Progress = SILENT) -> Space:
        """The distinct vectors of the table, by the settings of the next round."""
        return self._steps.space(self._agreed(self._next()), progress)

    def evidence(self, made: Round | None = None, progress: Progress = SILENT) -> Evidence:
        """What is known about the rows, by the vectors of a round: groups of near copies, and more; the current one by default."""
        return self._steps.evidence((made or self.current).settings, progress)

    @property
    def known_space(self) -> Space | None:
        """The distinct vectors as they were found last, if they were; takes no time."""
        return self._steps.known_space

    def embeddings(self, progress: Progress = SILENT) -> Embeddings:
        """Step 1 over all rows, by the settings of the next round."""
        return self._steps.embeddings(self._agreed(self._next()), progress)

    # -- analysis ------------------------------------------------------------------------------------------------------------

    @property
    def analysis(self) -> Analysis:
        """What the analyst said of the current round so far."""
        return self.analysis_of(self.current)

    def analysis_of(self, made: Round) -> Analysis:
        """What the analyst said of a round so far."""
        return self._judge.of(self._beside.whole(made))

    def analyze(
        self, *, again: Any = (), progress: Progress | None = None, tell: Callable[[Analysis], None] | None = None
    ) -> Analysis:
        """Judge the clusters that changed, and those in ``again``. Returns the analysis; it removes nothing."""
        made = self.current
        return self._judge.judge(
            self.views(made), made, again=tuple(again), progress=progress or self._progress, tell=tell or _nobody
        )

    def recall(self, made: Round, progress: Progress = SILENT) -> Analysis:
        """What is said of the clusters of an earlier round, as far as that costs nothing."""
        if self._steps.at_hand(made.settings):
            self._judge.recall(self.views(made), made, progress)
        return self.analysis_of(made)

    def views(self, made: Round | None = None) -> list[ClusterView]:
        """What the analyst is shown of each cluster of a round; the current one where none is given."""
        made = made or self.current
        return self._judge.views(self.corpus, *self._read_by(made), made)

    def context(self) -> Context:
        """The figures of the whole that the analyst is told."""
        return self._judge.context(self.current)

    def explain(self, where: Any = None, *, progress: Progress | None = None) -> SelectionAnalysis:
        """What rows are and whether they belong; the selection where ``where`` is not given."""
        made, rows = self.current, self.selected if where is None else self._rows(where, None, None)
        if not (rows & (made.labels >= -1)).any():
            raise InputError("Nothing is selected: lasso some points, or give a mask.")
        return self._judge.explain(self.corpus, *self._read_by(made), made, rows, self.names_of(made), progress or self._progress)

    def _read_by(self, made: Round) -> tuple[Prepared, Embeddings]:
        """Steps 0 and 1 as a round had them, whatever the settings of the next one are."""
        return self._steps.prepared(made.settings.prepare, SILENT, made.settings.edits), self._steps.embeddings(made.settings)

    @property
    def names(self) -> dict[int, str]:
        """A name for each cluster of the current round: the person's own, else the analyst's."""
        return self.names_of(self.current)

    def names_of(self, made: Round) -> dict[int, str]:
        """Names of the clusters of a round."""
        made = self._beside.whole(made)
        return {**self._judge.names(made), **renamed(self.state.renames, made.labels, self.corpus.rows_by_id)}

    # -- suggestions ---------------------------------------------------------------------------------------------------------

    def read(self, made: Round) -> tuple[Prepared, Space]:
        """Texts and distinct vectors as a round had them."""
        return self._steps.prepared(made.settings.prepare, SILENT, made.settings.edits), self._steps.space(made.settings)

    @property
    def suggestions(self) -> list[Suggestion]:
        """What elute would do with the current round, safe ones first; nothing happens until one is accepted."""
        found = self.advisor.advice.suggestions
        return [replace(one, rows=self._own(one.rows)) for one in found]

    @property
    def looks(self) -> Looks:
        """Which clusters to look at next, best first, and what was decided in looks so far."""
        return self.advisor.advice.looks

    @property
    def checked(self) -> list[str]:
        """What suggestions were looked for, and what was found, a sentence each."""
        return list(self.advisor.advice.checked)

    def accept(self, suggestion: Suggestion | str | Iterable[Suggestion | str], action: str | None = None, **how: Any) -> int:
        """Do what one suggestion or several propose; one undo takes all of it back. Returns how many rows it decides on.

        ``action`` chooses where a suggestion offers more than one thing.
        """
        return self.advisor.accept(suggestion, action, **how)

    def learn(self, name: str = "", *, progress: Progress | None = None) -> Learned:
        """A filter learned from what was dropped and kept, with its precision; what it names is among the suggestions then.

        Under a name it is noted in the journal, and :attr:`learned` finds it again.
        """
        found = self.advisor.learn(name, progress or self._progress)
        if found.name and not found.needed:
            self._record("learned", data=found.to_dict())
        else:
            self._tell("learned")
        return found

    @property
    def learned(self) -> dict[str, Learned]:
        """Filters that were given a name, scored on the rows as they are embedded now."""
        space, found = self.space(), {}
        for record in self.journal.records:
            if record.kind == "learned":
                made = Learned.from_dict(record.data, space.X)
                scores = np.full(len(self.corpus), np.nan, np.float32)
                scores[space.of >= 0] = made.scores[space.of[space.of >= 0]]
                found[made.name] = replace(made, scores=scores)
        return found

    @property
    def weights(self) -> NDArray[np.float64]:
        """(n,) how much each row counts: below 1 where a large cluster is weighed down rather than thinned."""
        return self.advisor.weights()[: self.corpus.given]

    def worth_keeping(self, where: Any) -> tuple[NDArray[np.bool_], list[str]]:
        """Of rows that are about to be dropped, those that look worth keeping, as a mask, and why each of them does."""
        mask, why = self.advisor.worth_keeping(self._rows(where, None, None))
        return (mask if len(where) == len(mask) else self._own(mask)), why

    def pairs(self, *, progress: Progress = SILENT) -> list[Pair]:
        """Pairs of clusters that mix in the full space or on a map, and how far: see :class:`elute.metrics.Pair`."""
        return self.advisor.pairs(progress)

    def compare(
        self, clusterers: Iterable[Any], *, progress: Progress | None = None, tell: Callable[[list[Compared]], None] | None = None
    ) -> pd.DataFrame:
        """Cluster with each of these, and score all in the same space; the round stays as it is.

        Names, parameter objects or estimators; one row each. ``tell`` is given the results so far after each one.
        See :class:`elute.compare.Compared` for the columns.
        """
        if isinstance(clusterers, str):
            raise InputError(f"Give a list to compare, [{clusterers!r}, ...], not one name.")
        progress, state, made = progress or self._progress, self.state, self.current
        space = self._steps.space(made.settings, progress)
        past = Past(space, space.part(state.keep), made, made.settings)
        found = compare(
            past.part, [self._as_clusterer(given) for given in clusterers], current=made.labels,
            reduced=lambda: past.reduction(progress), seed=made.settings.seed, progress=progress, tell=tell or (lambda rows: None),
        )  # fmt: skip
        return compared_table(found)

    def _as_clusterer(self, given: Any) -> Any:
        """What the page sent is read like a setting; what can't be read is left for the table to say so."""
        if not isinstance(given, Mapping):
            return given
        return self.choices.settings({**self.state.settings, **self.choices.describe({"clusterer": given})}).clusterer

    def dismiss(self, suggestion: Suggestion | str, **how: Any) -> None:
        """Never show this suggestion again."""
        self.advisor.dismiss(suggestion, **how)

    @property
    def automatic(self) -> bool:
        """Whether a decision on the page starts the next round by itself."""
        return bool(self.choices.told(self.state.settings)["automatic"])

    def labels(self) -> NDArray[np.int32]:
        """(n,) clusters of the current round."""
        return self.current.labels

    def at_round(self) -> int:
        """Number of the round that is looked at; 0 before the first."""
        return 0 if self._round is None else self._round.number

    def figure(self, dim: int | str = 3) -> go.Figure:
        """The current round as a plotly figure: ``dim`` is 2, 3 or ``"both"``."""
        from elute.figures import map_figure

        made = self.current
        return map_figure(
            made, self._steps.prepared(made.settings.prepare, SILENT, made.settings.edits).texts, self.names_of(made), dim
        )

    def __repr__(self) -> str:
        state = self.state
        told = f", {self.resumed} decisions resumed" if self.resumed else ""
        return f"<elute.Session: {self.keep.sum():,} of {self.corpus.given:,} rows kept, {len(state.rounds)} rounds{told}>"


def _nobody(analysis: Analysis) -> None:
    """Hears of a verdict, and tells nobody."""
