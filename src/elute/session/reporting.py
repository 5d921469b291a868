"""Reports of a session: the facts of a round gathered, and put into words by rules or by a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from elute.analyze import Analyst, Context
from elute.analyze.report import Prose, write, writes
from elute.decisions import Decision, State
from elute.decisions.lineage import lineage
from elute.errors import InputError, ProviderError
from elute.progress import SILENT, Progress
from elute.report import Changes, ClusterFact, Facts, RoundReport, Standing, changes, plainly, removals, sections
from elute.report.overlaps import overlapping
from elute.report.prose import worded
from elute.report.words import share
from elute.rounds.round import Round
from elute.session.running import Running

if TYPE_CHECKING:
    from elute.analyze.judge import Analysis
    from elute.analyze.prompts import Prompts


class Reporting(Running):
    """Rounds that can be read about."""

    analyst: Analyst
    if TYPE_CHECKING:  # of the rooms beside

        @property
        def prompts(self) -> Prompts: ...
        def names_of(self, made: Round) -> dict[int, str]: ...
        def analysis_of(self, made: Round) -> Analysis: ...
        def analyze(self, *, progress: Progress | None = None) -> Analysis: ...
        def context(self) -> Context: ...
        def recall(self, made: Round, progress: Progress = SILENT) -> Analysis: ...

    def report(self, round: int | str | None = None, *, prose: bool = True, progress: Progress | None = None) -> RoundReport:
        """One readable page about a round: ``.text`` is Markdown, ``.html`` a page, ``.save("report.html")`` keeps it.

        A remote analyst is sent its figures and the names, labels and reasons in it at once: calling this is the consent. With
        ``prose=False`` nothing is sent.

        Parameters
        ----------
        round : int or str, optional
            Number of a round, or the id of its record; the current one where it is not given.
        prose : bool
            Where the analyst is a model, have it write the words; figures are always elute's own. False: by rules, and nothing is sent.

        Raises
        ------
        InputError
            There is no such round, or it is not kept any more.
        """
        progress = progress or self._progress
        made = self.current if round is None else self.current_at(self._record_of(round))
        facts = self._facts(made, progress)
        number = facts.now.number
        report = RoundReport(number, f"Round {number}", sections(facts))
        return self._worded(report, progress) if prose and writes(self.analyst) else report

    def clusters_of(self, made: Round, names: Mapping[int, str]) -> tuple[ClusterFact, ...]:
        """The clusters of a round by these names, largest first, with what was said of them."""
        return _clusters(made, names, self.analysis_of(made))

    def _record_of(self, round: int | str) -> str:
        if isinstance(round, str):
            return round
        found = next((told.id for told in reversed(self.state.rounds) if told.data["number"] == round), None)
        if found is None:
            raise InputError(f"There is no round {round}; there are {[told.data['number'] for told in self.state.rounds]}.")
        return found

    def _worded(self, report: RoundReport, progress: Progress) -> RoundReport:
        """In the words of the model; where it fails, by rules, and the note says so. An unchanged report is never paid for twice."""
        lines, name = plainly(report.sections), self.analyst.name
        key = hashlib.blake2b(json.dumps([self.analyst.key(), lines]).encode(), digest_size=16).hexdigest()
        try:
            kept = self._archive.get_json(f"report-{key}")
            said = None if kept is None else Prose.from_dict(kept)
        except ValueError:
            said = None
        if said is None:
            progress.report("report", message=f"{name} writes")
            try:
                said = write(self.analyst, lines, self.context(), progress)
            except ProviderError as error:
                note = f"{name} could not write it: {str(error)[:200]}."
                return RoundReport(report.round, report.title, report.sections, note=note)
            self._archive.put_json(f"report-{key}", said.to_dict())
        return worded(report, said, name)

    def _facts(self, made: Round, progress: Progress) -> Facts:
        progress.report("report", message="gathering figures")
        self._free_verdicts(made, progress)
        state, names = self.state, self.names_of(made)
        record = next((told for told in state.rounds if told.id == self.id_of(made)), None)
        # a round that was lost and made again keeps the number it has in the journal
        number = made.number if record is None else int(record.data["number"])
        earlier = sorted(
            (told for told in state.rounds if told.data["number"] < number), key=lambda told: int(told.data["number"])
        )
        course = [Standing(told.data["number"], told.data["kept"], told.data["metrics"]) for told in earlier]
        decided = self._decided(made, record, state)
        undone = lineage((), state.begun, decided).undone
        before = next((told for told in reversed(earlier) if told.id not in undone), None)
        then = None if before is None else self._kept_round(before)
        then_names = {} if then is None else self.names_of(then)
        overlaps = None
        if self._steps.at_hand(made.settings):
            overlaps = overlapping(self._steps.space(made.settings, progress), made, names, progress)
        own = ~self.corpus.reference
        kept = int((made.keep & own).sum())
        known = () if before is None else [old.id for old in self._in_force(before)]
        return Facts(
            n=int(own.sum()),
            course=(*course, Standing(number, kept, made.metrics)),
            clusters=self.clusters_of(made, names),
            overlaps=overlaps,
            changes=self._since(then, made, before, then_names, names),
            removed=removals(
                decided, made.keep, self.corpus.rows_by_id,
                {old.id: number for number, old in enumerate(state.history, 1)},
                known=known, before=None if then is None else then.labels, names=then_names,
            ),
            task=self.prompts.task,
            advice=_advice(self.analysis_of(made)),
            reference=int(self.corpus.reference.sum()),
            sample=self._of_a_sample(),
            undone=frozenset(int(told.data["number"]) for told in earlier if told.id in undone),
        )  # fmt: skip

    def _free_verdicts(self, made: Round, progress: Progress) -> None:
        """Names and verdicts, where they cost nothing."""
        if self.analyst.remote or self.analyst.kept:
            return
        if made is self.current and self.analysis_of(made).overview is None:
            self.analyze(progress=progress)
        elif not self.analysis_of(made).clusters:
            self.recall(made, progress)

    def _of_a_sample(self) -> str:
        """That the rows are a sample, and what stands behind it, for reports; "" where they are all there are."""
        return ""

    def _kept_round(self, record: Decision) -> Round | None:
        try:
            return self.current_at(record.id)
        except InputError:
            return None

    def _decided(self, made: Round, record: Decision | None, state: State) -> tuple[Decision, ...]:
        """The decisions in force when a round was begun; for the round of now those of now, whichever way they came to be."""
        return state.in_force if record is None or made is self.known_round() else self._in_force(record)

    def _in_force(self, record: Decision) -> tuple[Decision, ...]:
        return self._begun_at(record).in_force

    def _begun_at(self, record: Decision) -> State:
        """What was decided when a round was begun."""
        return self.state_after(str(record.data.get("after", record.id)))

    def _since(
        self, then: Round | None, made: Round, before: Decision | None, then_names: Mapping[int, str], names: Mapping[int, str]
    ) -> Changes | None:
        if then is not None:
            return changes(then, made, then_names, names)
        if before is None:
            return None
        was = self._begun_at(before).keep  # which rows were there is in the journal, whatever became of the round
        gone, back = int((was & ~made.keep).sum()), int((made.keep & ~was).sum())
        return Changes(int(before.data["number"]), gone, back, 0, 0, (), (), told=False)


def _clusters(made: Round, names: Mapping[int, str], analysis: Analysis) -> tuple[ClusterFact, ...]:
    found = []
    for row in made.clusters.to_dict("records"):
        cluster, said = int(row["cluster"]), analysis.clusters.get(int(row["cluster"]))
        there = row["label"] is not None and row["label_share"] == row["label_share"]
        found.append(
            ClusterFact(
                cluster=cluster,
                name=names.get(cluster, f"cluster {cluster}"),
                size=int(row["size"]),
                share=float(row["share"]),
                silhouette=None if row["silhouette"] != row["silhouette"] else float(row["silhouette"]),
                duplicates=float(row["duplicates"]),
                label=f"{str(row['label'])[:60]} ({share(row['label_share'])})" if there else "",
                verdict=said.verdict if said is not None and said.status == "ok" else "",
                reasons=said.reasons if said is not None else (),
                confidence=said.confidence if said is not None else 0.0,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.cluster < 0, -one.size, one.cluster)))


def _advice(analysis: Analysis) -> tuple[str, ...]:
    whole = analysis.overview
    if whole is None:
        return ()
    more = (
        f"{whole.more_or_fewer.capitalize()} clusters: {whole.reason.rstrip('.')}."
        if whole.more_or_fewer in ("more", "fewer")
        else ""
    )
    return tuple(filter(None, (whole.next, more)))
