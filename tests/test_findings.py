"""What is said of each row: the columns, and that what lasts is made once."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from elute.corpus import Corpus
from elute.findings import FLAGS, OF, RANKS, findings, flags_of, held, packed, ranks_of, unpacked
from elute.prepare import prepare


def test_columns_of_a_round() -> None:
    prepared = prepare(Corpus.from_data(["a text", "a text", None, "  ", "another  text"]))
    labels = np.array([0, 0, -2, -2, -1], np.int32)
    found = findings(prepared, labels)
    assert set(found.columns) == {*FLAGS, *RANKS, *OF, "label_suggested"}
    assert found["copy"].tolist() == [False, True, False, False, False] and found["copy_of"].tolist()[1] == 0
    assert found["noise"].tolist() == [False] * 4 + [True] and not found["outlier"].any()
    assert found["outlier_score"].isna().all() and found["distance"].isna().all()


def test_scores_rank_and_the_lasting_columns_are_made_once() -> None:
    prepared = prepare(Corpus.from_data(["a text", "b text", "c text"]))
    labels, scores = np.zeros(3, np.int32), np.array([0.95, 0.5, np.nan], np.float32)
    found = findings(prepared, labels, scores, {"distance": np.array([0.1, 0.2, np.nan], np.float32)})
    assert found["outlier"].tolist() == [True, False, False]
    assert found["distance"].dtype == found["outlier_score"].dtype == np.float32
    found.loc[0, "missing"] = True  # what a person does to one table reaches no other
    assert not findings(prepared, labels)["missing"].any()
    gone = weakref.ref(prepared)
    del prepared
    gc.collect()
    assert gone() is None


def test_own_columns_have_titles_and_survive_a_disk() -> None:
    prepared = prepare(Corpus.from_data(["a text", "b text", "c text"]))
    own = {
        "own:loud": np.array([1, np.nan, 0], np.float32),
        "own:loud:flag": np.array([True, False, False]),
        "copy_of": np.array([-1, 0, -1]),
    }
    table = findings(prepared, np.zeros(3, np.int32), None, own)
    assert flags_of(table)["own:loud:flag"] == "loud" and "own:loud" in ranks_of(table) and "own:loud:flag" not in ranks_of(table)
    back = findings(prepared, np.zeros(3, np.int32), None, unpacked(packed(table), 3))
    assert back.drop(columns="label_suggested").equals(table.drop(columns="label_suggested"))


def test_a_rule_that_flags_many_only_ranks() -> None:
    flag, among = np.zeros(100, bool), np.ones(100, bool)
    flag[:5] = True
    assert held(flag, among).sum() == 5
    flag[:6] = True
    assert not held(flag, among).any()
    among[5:] = False
    assert not held(flag, among).any()  # duplicates do not water it down
    assert held(np.array([True, False]), np.ones(2, bool)).any()
