"""Papers of a session, to keep and to hand on: a report of all of it, a card, where the set came from, and the decisions as code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import numpy as np

import elute
from elute.analyze import Analyst
from elute.ascode import TAKEN, cell
from elute.corpus.kinds import as_kind
from elute.decisions.proposals import proposed_columns
from elute.errors import EluteError, InputError
from elute.plain import plain
from elute.progress import Progress
from elute.report import gathered
from elute.report.card import card
from elute.report.chapters import session_report
from elute.report.drawn import drawn
from elute.report.facts import ClusterFact, Standing
from elute.report.manifest import manifest
from elute.report.removed import removals
from elute.report.whole import RoundFact, SessionReport, Whole
from elute.rounds.round import Round
from elute.session.columns import per_row
from elute.session.returning import not_here
from elute.session.running import Running

if TYPE_CHECKING:
    from elute.analyze.judge import Analysis
    from elute.analyze.prompts import Prompts
    from elute.decisions.effects import Effect
    from elute.recipe import Recipe

DRAWN = 6
"""Rounds whose maps are in a report: the first and the last ones."""


class Papers(Running):
    """A session that can be read about, and repeated."""

    analyst: Analyst
    if TYPE_CHECKING:  # of the rooms beside

        @property
        def effects(self) -> tuple[Effect, ...]: ...
        def recipe(self, *, texts: bool = False) -> Recipe: ...
        @property
        def prompts(self) -> Prompts: ...
        def names_of(self, made: Round) -> dict[int, str]: ...
        def _of_a_sample(self) -> str: ...
        def analysis_of(self, made: Round) -> Analysis: ...
        def clusters_of(self, made: Round, names: Mapping[int, str]) -> tuple[ClusterFact, ...]: ...
        def _free_verdicts(self, made: Round, progress: Progress) -> None: ...
        def _kept_round(self, record: Any) -> Round | None: ...

    def whole_report(
        self, *, texts: bool = True, title: str = "", notes: Sequence[str] = (), progress: Progress | None = None
    ) -> SessionReport:
        """One page about the whole session: what came in, each round with its map, what went and why, what the analyst said.

        Nothing is sent for it. ``.save("report.html")`` keeps it, ``.html`` and ``.text`` are the page and Markdown.

        Parameters
        ----------
        texts : bool
            Show examples of what went. False leaves out every text and whatever was made of words of the table: names of clusters,
            labels, and reasons that were not given in code.
        title : str
        notes : sequence of str
            What else it says in short, such as the ``notes`` of :func:`elute.read` on lines that were left out.
        """
        return session_report(_Gathering(self, texts, progress or self._progress).whole(title, maps=True, notes=notes))

    def card(self, *, texts: bool = False, title: str = "", progress: Progress | None = None) -> str:
        """A dataset card in Hugging Face's layout, as Markdown; what only a person can say is marked.

        No text of a row is in it. ``texts=True`` names labels, and reasons as they stand in the history.
        """
        whole = _Gathering(self, texts, progress or self._progress).whole(title or "this dataset", maps=False)
        corpus = self.corpus
        own = {} if corpus.kind == "list" else proposed_columns(corpus, self.state)
        return card(whole, label=corpus.label_name, text=corpus.text_name, columns=tuple(corpus.columns), proposed=own)

    def manifest(self, *, texts: bool = False) -> dict[str, Any]:
        """Where what stays came from, as JSON takes it: fingerprint of the table, rounds, decisions, versions, and a hash of what stays.

        No text of a row is in it. ``texts=True`` tells reasons as they stand in the history.
        """
        state = self.state
        code = cell(self.corpus, state, elute.__version__)
        made = manifest(self.corpus, state, gathered.versions(), words=texts, code=code)
        return dict(plain(made))

    def code(self, table: str = "df", *, texts: bool = False) -> str:
        """A cell that gives the same mask by plain dataframe code and content ids, with no elute: to read, and to keep in git.

        Parameters
        ----------
        table : str
            Name of the variable that holds the table.
        texts : bool
            Write reasons as they stand in the history, which may name clusters by words of the texts.
        """
        if not table.isidentifier() or iskeyword(table) or table in TAKEN:
            raise InputError(f"{table!r:.40} is no name of a variable for the table.")
        return cell(self.corpus, self.state, elute.__version__, table=table, words=texts)

    def table(self, kind: str | None = None) -> Any:
        """The whole table, in the kind that came in (of a list: dicts), with what is known of each row in columns of its own.

        They are ``keep``, ``reason`` and ``round`` (why and when a row went), ``cluster`` (of the round that is there; of a row that
        went, the last it was in; -1 noise), ``findings``, ``elute_label`` and ``elute_text`` (with what was proposed), and
        ``elute_tags``. A name that the table has already gets ``elute_`` before or a number behind it.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow", "datasets"}, optional
            Another kind of table.
        """
        made = self._round if self.known_round() is None else self.known_round()
        columns = per_row(self.corpus, self.state, made, lambda number: _numbered(self, number))
        found = self.corpus.extended(np.ones(self.corpus.given, bool), columns)
        return found if kind is None else as_kind(found, kind)


def _numbered(session: Papers, number: int) -> Round | None:
    """A round by its number, where it is still kept."""
    record = next((told for told in reversed(session.state.rounds) if told.data["number"] == number), None)
    return None if record is None else session._kept_round(record)


class _Gathering:
    """The facts of a whole session.

    Parameters
    ----------
    session : Papers
    told : bool
        Whether texts, names and labels are in them.
    """

    def __init__(self, session: Papers, told: bool, progress: Progress) -> None:
        self._session, self._told, self._progress = session, told, progress

    def whole(self, title: str, *, maps: bool, notes: Sequence[str] = ()) -> Whole:
        s, told, progress = self._session, self._told, self._progress
        progress.report("report", message="gathering figures")
        state, corpus = s.state, s.corpus
        last = self._last()
        made = [s._kept_round(record) for record in state.rounds]
        after = gathered.kept_of(made, state.keep)
        drawn_ = {0, *range(max(0, len(made) - DRAWN + 1), len(made))} if maps else set()
        rounds, back = [], state.lineage.undone
        for at, (record, one) in enumerate(zip(state.rounds, made, strict=True)):
            standing = Standing(record.data["number"], record.data["kept"], record.data["metrics"])
            lines = gathered.settings(record.data["settings"], told)
            if one is None or at not in drawn_:
                rounds.append(RoundFact(standing, lines, taken_back=record.id in back))
                continue
            names = self._names(one)
            clusters = s.clusters_of(one, names)
            picture = drawn(one, names, gathered.in_round(one, after[at] | state.keep), corpus.reference)
            rounds.append(RoundFact(standing, lines, one.notes if told else (), clusters, picture, record.id in back))
        prepared = s.prepared(progress)
        found = removals(
            state.decided, state.keep, corpus.rows_by_id, {old.id: number for number, old in enumerate(state.history, 1)}
        )
        said, verdicts = self._said(last)
        return Whole(
            title=title or "Report of the session", task=s.prompts.task if told else "", came=gathered.came_in(corpus, prepared),
            repaired=gathered.repaired(prepared), kept=int((state.keep & ~corpus.reference).sum()),
            n=int((~corpus.reference).sum()), rounds=tuple(rounds), gone=gathered.gone(corpus, state, found, told),
            compared=() if last is None else gathered.compared(self._before(made), self._after(last)),
            labels=gathered.labelled(corpus, state) if told else (), said=said, verdicts=verdicts, by=s.analyst.name,
            recipe=self._recipe(), versions=gathered.versions(), other=(*notes, *self._other(rounds, maps)), told=told,
            reference=int(corpus.reference.sum()), sample=s._of_a_sample(), settings=self._settings(last),
            proposed=gathered.proposed(corpus, state),
        )  # fmt: skip

    def _before(self, made: list[Round | None]) -> dict[str, str]:
        """Figures of the first round; off its record, where it is not kept any more."""
        s = self._session
        if not made:
            return {}
        first, record = made[0], s.state.rounds[0]
        keep = s.state_after(str(record.data.get("after", record.id))).keep if first is None else first.keep
        return gathered.figures(s.corpus, keep, first, record.data["metrics"] if first is None else first.metrics, {})

    def _after(self, last: Round) -> dict[str, str]:
        """Figures of the rows that stay; what only a round of them could say is left open until there is one."""
        s, fresh = self._session, self._session.find_round() is not None
        return gathered.figures(s.corpus, s.state.keep, last, last.metrics if fresh else {}, s.state.relabels)

    def _settings(self, last: Round | None) -> tuple[str, ...]:
        """Those of the round that is shown: the newest record may be of one that was taken back."""
        s = self._session
        told = None if last is None else next((one for one in s.state.rounds if one.id == s.id_of(last)), None)
        return () if told is None else gathered.settings(told.data["settings"], self._told)

    def _last(self) -> Round | None:
        try:
            last = self._session.current
        except InputError:
            return None
        self._session._free_verdicts(last, self._progress)
        return last

    def _names(self, made: Round) -> dict[int, str]:
        names = self._session.names_of(made)
        return names if self._told else {cluster: "noise" if cluster == -1 else f"cluster {cluster}" for cluster in names}

    def _said(self, last: Round | None) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
        if last is None:
            return (), ()
        s, told = self._session, self._told
        analysis, names = s.analysis_of(last), self._names(last)
        sizes = {int(row["cluster"]): int(row["size"]) for row in last.clusters.to_dict("records")}
        order = sorted(analysis.clusters, key=lambda cluster: -sizes.get(cluster, 0))
        verdicts = tuple(
            (names.get(cluster, f"cluster {cluster}"), one.verdict, one.summary if told else "")
            for cluster in order
            if (one := analysis.clusters[cluster]).status == "ok"
        )
        said = [f"{one.title if told else 'Accepted suggestions'}: {one.told}" for one in s.effects]
        if analysis.overview is not None and told:
            said[:0] = filter(None, (analysis.overview.imbalance, analysis.overview.reason, analysis.overview.next))
        return tuple(said), verdicts

    def _recipe(self) -> tuple[str, ...] | None:
        try:
            return tuple(self._session.recipe(texts=self._told).explain())
        except EluteError as error:
            return (f"There is no recipe: {error}",)

    def _other(self, rounds: list[RoundFact], maps: bool) -> tuple[str, ...]:
        s = self._session
        said = [s.journal.note] if s.journal.note else []
        if s.journal.problem:
            said.append("Not every decision is saved yet.")
        if lost := s.state.unknown:
            said.append(not_here(lost, " row" if lost == 1 else " rows"))
        if rounds and self._session.find_round() is None:
            said.append("Decisions or settings are newer than the last round.")
        if back := [f"{one.standing.number:,}" for one in rounds if one.taken_back]:
            said.append(f"Taken back since: round{'s' * (len(back) > 1)} {', '.join(back)}.")
        hidden = sum(one.picture is None for one in rounds)
        if maps and hidden:
            said.append(f"{hidden:,} rounds are told by their figures alone.")
        return tuple(said)
