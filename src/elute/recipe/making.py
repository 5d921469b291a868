"""From a session to a recipe: what each decision is for rows that nobody saw."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.corpus.rows import value_hashes
from elute.decisions import Decision, State
from elute.decisions.along import asked
from elute.decisions.proposals import reason as worded
from elute.embed import Embedder
from elute.errors import EluteError, RecipeError
from elute.learn import Learned
from elute.prepare import Prepared
from elute.recipe.across import Across, Balance, Duplicates, copied
from elute.recipe.clusters import SURE, Clusters, centre
from elute.recipe.embedding import Embedding
from elute.recipe.explaining import WHY
from elute.recipe.judging import LIKE, named
from elute.recipe.recipe import Recipe
from elute.recipe.rows import Reads, text_hashes, turns, whose
from elute.recipe.rules import LOST, ROW, RULE, SETTING, UNDONE, Known, Rule, Told
from elute.recipe.wholes import Gone, caps_of, standing, whole_clusters
from elute.rounds.choices import Choices
from elute.rounds.round import Round
from elute.rounds.space import Space
from elute.suggest.suggestion import LOOK, SAFE, identity

Mask = NDArray[np.bool_]
LETTERS, WORDS = (0, 2, 4), (0, 2, 3, 4, 5, 6)
"""Costs of edits of near copies: by letters alone, and by small words too."""
COPIES, ROWS_ONLY = {"copies", "near_copies"}, {"copies", "near_copies", "labels", "markup", "learned", "thin"}
KINDS = frozenset({*SAFE, *LOOK, "own"})
HOW = frozenset(
    "autopilot box brush category cluster code confused grow invert judged lasso learned look page polygon quality row saved search "
    "similar suggestion threshold trim values worth".split()
)
"""How a decision may have come about. Any other word, which a cell may put there, stays out of a recipe."""
HOLDS = 0.5
"""Share of the rows that a drop took which must still be gone for it to be a rule."""


class Desk(Protocol):
    """What of a session is read."""

    corpus: Corpus
    reads: Reads
    filled_by: Any
    choices: Choices

    @property
    def state(self) -> State: ...
    @property
    def journal(self) -> Any: ...
    @property
    def suggester(self) -> Any: ...
    def find_round(self) -> Round | None: ...
    def current_at(self, record: str) -> Round: ...
    def read(self, made: Round) -> tuple[Prepared, Space]: ...
    def embedder_of(self, made: Round | None = None) -> Embedder: ...
    def names_of(self, made: Round) -> Mapping[int, str]: ...


class Maker:
    """Goes through the decisions once, oldest first."""

    def __init__(self, desk: Desk, texts: bool) -> None:
        self.desk, self.texts, self.state = desk, texts, desk.state
        self.made = self._last()
        self.space = None if self.made is None else desk.read(self.made)[1]
        self.free = ~(desk.corpus.reference | self.state.pinned)  # what a drop could take
        self.rules: list[Rule] = []
        self.told: list[Told] = []
        self.words: list[str] = []
        self.filters: list[tuple[int, Learned]] = []
        self.gone: list[Gone] = []
        self.noise_rule = -1
        self.copies: Duplicates | None = None
        self.balance: Balance | None = None
        self.reason = np.zeros(len(desk.corpus), np.int16)  # number of the drop that took a row, from 1

    def _last(self) -> Round | None:
        found = self.desk.find_round()
        for record in reversed(self.state.rounds):
            if found is not None:
                break
            try:
                found = self.desk.current_at(record.id)
            except EluteError:
                continue
        return found

    def recipe(self, balance: Balance | None) -> Recipe:
        """All of it."""
        state, corpus = self.state, self.desk.corpus
        before = np.ones(len(corpus), bool)
        for number, decision in enumerate(state.decided, 1):
            rows = corpus.rows_by_id(decision.ids)[0] if len(decision.ids) else np.zeros(len(corpus), bool)
            self.told.append(self._one(number, decision, rows, before))
            if decision.kind == "drop":
                before = before & ~(rows & ~state.pinned)
            elif decision.kind == "restore":
                before = before | rows
        if callable(self.desk.filled_by):
            why = "It is code: fill the new rows by it before they are given to the recipe."
            self.told.append(Told(0, "fill", "texts filled by a function", 0, int(corpus.filled.sum()), LOST, why=why))
        self._no_text()
        clusters, names = Clusters.none(), dict[int, str]()
        if self.made is not None and self.space is not None:
            known = dict(self.desk.names_of(self.made)) if self.texts else {}
            clusters, names = standing(self.made.labels, state.keep, self.space, self.gone, known, self.noise_rule)
        if balance is not None:
            self.balance = named(balance, corpus, None if self.made is None else self.made.labels)
            self.rules.append(Rule("balance", "beyond the cap", 0, self._number()))
        made = self.made
        embedding = Embedding("none", "nothing", {}, "", 0, "")
        if made is not None and self.space is not None:
            space = self.space
            embedding = Embedding.of(self.desk.embedder_of(made), space.X, [space.text(at) for at in range(len(space.X))])
        prepared = self.desk.choices.settings(state.settings).prepare if made is None else made.settings.prepare
        whole = Recipe(
            reads=self.desk.reads, prepare=prepared, embedding=embedding, clusters=clusters, filters=tuple(self.filters),
            rules=tuple(self.rules), known=Known(np.empty(0, np.uint64), np.empty(0, bool), np.empty(0, np.int16)),
            across=Across(corpus.group is not None, self.copies, self.balance), decisions=tuple(self.told), words=tuple(self.words),
            made={}, seed=0 if made is None else made.settings.seed, texts=self.texts, names=names,
        )  # fmt: skip
        return replace(whole, known=self._known(whole), made={**whole.here, "round": self._number(), "rows": corpus.given})

    def _number(self) -> int:
        return 0 if self.made is None else self.made.number

    def _one(self, number: int, decision: Decision, rows: Mask, before: Mask) -> Told:
        kinds = {str(kind) for kind in decision.source.get("kinds", ())} & KINDS
        how = str(decision.source.get("kind", "code"))
        what = " and ".join(sorted(kinds)).replace("_", " ") or (how if how in HOW else "another way")
        if decision.kind != "drop":
            what = decision.kind if decision.kind in (*WHY, "restore", "keep", "pin", "settings", "dismiss") else "another kind"
        told = Told(number, decision.kind, what[:80], decision.round, int(rows.sum()), ROW)
        if decision.kind == "settings":
            return replace(told, replays=SETTING)
        if decision.kind in ("restore", "keep", "pin"):
            return told
        if decision.kind != "drop":
            return replace(told, replays=LOST, why=WHY.get(decision.kind, "It says nothing of new rows."))
        self.words.append(self._word(decision, told))
        gone = rows & ~self.state.keep
        self.reason[gone] = len(self.words)
        if not rows.any() or gone.sum() < HOLDS * rows.sum():
            return replace(told, replays=UNDONE, why="Most of its rows were brought back.")
        by_rule, why = np.zeros(len(rows), bool), ""
        if kinds & COPIES:
            self._duplicates(decision, kinds, gone, before & ~rows)
            by_rule |= rows if kinds <= COPIES | {"labels", "markup"} else False
        if "learned" in kinds:
            filtered = self._filter(decision, gone)
            by_rule |= filtered
            why = "" if filtered.any() else WHY["learned"]
        if "thin" in kinds:
            by_rule |= self._thin(decision, rows, gone)
        if not kinds or kinds - ROWS_ONLY:
            by_rule |= self._whole(decision, self.desk.corpus.rows_by_id(asked(decision))[0], before)
        count = int((by_rule & rows).sum())
        return replace(told, replays=RULE if count else LOST if why else ROW, by_rule=count, why="" if count else why)

    def _word(self, decision: Decision, told: Told) -> str:
        if self.texts:
            return worded(decision)[:300]
        return f"decision {told.number}: {told.what}"

    def _duplicates(self, decision: Decision, kinds: set[str], gone: Mask, stays: Mask) -> None:
        known = self.copies or Duplicates(exact=False, label=self.desk.corpus.label is not None)
        equal = gone & ~gone if "copies" not in kinds else gone if kinds == {"copies"} else self._equal(gone, stays)
        if "copies" in kinds:
            known = replace(known, exact=True)
            self._count("copies", "copy of a row that stays", equal, decision)
        if "near_copies" in kinds:
            by_words = identity("near_copies", decision.ids, "words") in decision.source.get("ids", ())
            costs = tuple(sorted({*known.costs, *(WORDS if by_words else LETTERS)}))
            self._count("near copies", "near copy of a row that stays", gone & ~equal, decision)
            known = replace(known, costs=costs, exact=True)  # who drops near copies drops exact ones
        self.copies = known

    def _equal(self, gone: Mask, stays: Mask) -> Mask:
        """Of rows that went by several suggestions, those that are copies of one that stayed."""
        corpus = self.desk.corpus
        if self.made is None:
            return gone
        same = text_hashes(corpus, self.desk.read(self.made)[0], value_hashes(corpus.label, len(corpus)))
        return copied(same, gone, stays & ~corpus.reference)

    def _count(self, kind: str, reason: str, rows: Mask, decision: Decision) -> None:
        """A rule that a recipe has once, and what each decision took by it."""
        at = next((at for at, rule in enumerate(self.rules) if rule.kind == kind), None)
        if at is None:
            self.rules.append(Rule(kind, reason, int(rows.sum()), decision.round))
        else:
            self.rules[at] = replace(self.rules[at], rows=self.rules[at].rows + int(rows.sum()))

    def _filter(self, decision: Decision, gone: Mask) -> Mask:
        """The filter whose suggestion was accepted, as the journal has it with the decision: any other would be a guess."""
        found = list[Learned]()
        with suppress(KeyError, TypeError, ValueError):  # of a journal of other hands
            found = [Learned.from_dict(told) for told in decision.data.get("filters", ())]
        then, made = self._round_of(decision), self.made
        other = made is None or (then is not None and then.settings.embedder != made.settings.embedder)
        if not found or other or self.space is None or any(len(one.weights) != self.space.X.shape[1] for one in found):
            return np.zeros(len(gone), bool)
        for one in found:
            self.filters.append((len(self.rules), replace(one, name=one.name if self.texts else "")))
            self.rules.append(Rule("filter", "like rows that were dropped", self._liked(one, gone, self.space), decision.round))
        return gone

    def _liked(self, one: Learned, gone: Mask, space: Space) -> int:
        """How many of the rows that went the filter names."""
        of = space.of[gone & (space.of >= 0)]
        return int((np.nan_to_num(one.apply(space.X[of], [space.text(at) for at in of.tolist()])) > LIKE).sum())

    def _thin(self, decision: Decision, rows: Mask, gone: Mask) -> Mask:
        """A cap on the clusters that were thinned, as a multiple of the median cluster of that round."""
        then, here = self._round_of(decision), self.made
        found = {} if then is None or here is None else caps_of(then.labels, here.labels, rows, self.state.keep)
        if not found:
            return np.zeros(len(rows), bool)
        only = {*(self.balance.only if self.balance else ()), *found}
        cap = max(self.balance.times or 0 if self.balance else 0, *found.values())
        self.balance = Balance("cluster", times=max(round(cap, 3), 0.001), only=tuple(sorted(only)))
        self._count("balance", "beyond the cap of its cluster", gone, decision)
        return gone

    def _whole(self, decision: Decision, rows: Mask, before: Mask) -> Mask:
        """Clusters of which all rows were dropped, none only with its group, and noise: a rule each."""
        then, taken = self._round_of(decision), np.zeros(len(rows), bool)
        if then is None or self.made is None or self.space is None or then.settings.embedder != self.made.settings.embedder:
            return taken
        space = self.desk.read(then)[1]
        for cluster in whole_clusters(then.labels, rows, before & self.free, self.state.keep & self.free, HOLDS):
            members = then.labels == cluster
            taken |= members & rows
            kind, why = ("noise", "noise") if cluster < 0 else ("cluster", "in a dropped cluster")
            rule = Rule(kind, why, int((members & rows).sum()), decision.round)
            if cluster < 0:
                self.noise_rule = len(self.rules)
            else:
                at = space.of[members & rows & (space.of >= 0)]
                middle, radius = centre(space.X[at], SURE)
                name = self.desk.names_of(then).get(int(cluster), "") if self.texts else ""
                self.gone.append(Gone(middle, radius, int(members.sum()), len(self.rules), name))
            self.rules.append(rule)
        return taken

    def _round_of(self, decision: Decision) -> Round | None:
        """The round that was looked at, if it is still kept."""
        found = [record for record in self.state.rounds if record.data.get("number") == decision.round]
        for record in reversed(found):
            try:
                return self.desk.current_at(record.id)
            except EluteError:
                continue
        return None

    def _no_text(self) -> None:
        if self.made is None:
            return
        none = np.fromiter((text is None for text in self.desk.read(self.made)[0].texts), bool, len(self.desk.corpus))
        none &= ~self.desk.corpus.reference
        if none.any() and not (none & self.state.keep).any():
            self.rules.append(Rule("no text", "no text", int(none.sum()), self._number()))

    def _known(self, recipe: Recipe) -> Known:
        corpus, first, given = self.desk.corpus, 1 + len(recipe.rules), self.desk.corpus.given
        ids, keep, beside = corpus.in_order[:given], self.state.keep[:given], corpus.reference[:given]
        number = self.reason[:given].astype(int)  # 0 of a row that went: no drop says why, a journal of other hands
        reason = np.where(keep, 0, np.where(number > 0, first + number, 1)).astype(np.int16)
        order = np.argsort(ids)
        if len(ids) and (ids[order][1:] == ids[order][:-1]).any():
            raise RecipeError("Two rows of this table have the same id, so their decisions can't be told apart.")
        own, marks = whose(corpus, corpus.contents, self.desk.reads), beside[order] if beside.any() else None
        turn = None if own is None else turns(own[:given])[order]
        return Known(ids[order], keep[order], reason[order], False, None if own is None else own[:given][order], marks, turn)


def make(desk: Any, texts: bool = False, balance: Balance | None = None) -> Recipe:
    """The recipe of a session.

    Parameters
    ----------
    texts : bool
        Take along reasons as they were written, names of clusters and of filters. Without it no word of the user's is in the recipe but
        names of columns, and what ``fill=`` says.
    balance : Balance, optional
        Caps a label or cluster besides what the session decided.
    """
    return Maker(desk, texts).recipe(balance)
