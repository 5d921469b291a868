"""What nobody waits for: a closer look at the labels, and accuracy from round to round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from elute.decisions import Decision
from elute.findings.labels import better_label_issues
from elute.progress import Progress
from elute.rounds.course import Course, masks, measure
from elute.rounds.cycle import with_evidence
from elute.rounds.labelled import label_pass
from elute.session.running import Running


class CloserLook(Running):
    """Rounds that are looked at more closely once they are shown."""

    _course: tuple[str, Course]

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
            given = label_pass(part, progress)
        if given is None:
            return False
        found = better_label_issues(
            given.X, given.of, given.codes, given.neighbors, classes=given.classes, seed=made.settings.seed, progress=progress
        )  # fmt: skip
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

        The rounds are those that led to the one that is shown, without those that were taken back.
        By the labels as they were given: a classifier that was measured by labels it proposed itself would find itself right. See
        :mod:`elute.metrics.validation` for what it can't say.
        """
        progress = progress or self._progress
        with self._steps.working:
            state, made, led = self.state, self.current, self._led()
            key = self._course_key(led)
            space = self._steps.space(made.settings, progress)
        n = len(self.corpus)
        sound = state.keep.copy()
        if "label_issue" in made.findings and len(made.findings) == n:
            sound &= ~made.findings["label_issue"].to_numpy(bool)
        rounds = masks(self.journal.records, led, lambda records: self._fold(records).keep)
        found = measure(space, rounds, sound, self.corpus.reference, made.settings.seed, progress)
        self._course = key, found
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
        return [dict(row) for row in course.rows], course.best, course.why, key != self._course_key(self._led())

    def _led(self) -> list[Decision]:
        """Records of the rounds that led to the one that belongs to the decisions in force, it being the last where it is known."""
        undone, known = self.state.lineage.undone, self.known_round()
        led = [told for told in self.state.rounds if told.id not in undone]
        last = "" if known is None else self.id_of(known)
        at = next((place for place, told in enumerate(led) if told.id == last), len(led))
        return led[: at + 1]

    def _course_key(self, led: Sequence[Decision]) -> str:
        """What a course was measured for: these rounds, and what was kept."""
        return f"{' '.join(told.id for told in led)} {hash(np.packbits(self.state.keep).tobytes())}"
