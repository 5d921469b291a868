"""What is said of each row: the columns, and that what lasts is made once."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from elute.corpus import Corpus
from elute.findings import FLAGS, findings
from elute.prepare import prepare


def test_columns_of_a_round() -> None:
    prepared = prepare(Corpus.from_data(["a text", "a text", None, "  ", "another  text"]))
    labels = np.array([0, 0, -2, -2, -1], np.int32)
    found = findings(prepared, labels)
    assert set(found.columns) == {*FLAGS, "copy_of", "outlier_score", "distance"}
    assert found["copy"].tolist() == [False, True, False, False, False] and found["copy_of"].tolist()[1] == 0
    assert found["noise"].tolist() == [False] * 4 + [True] and not found["outlier"].any()
    assert found["outlier_score"].isna().all() and found["distance"].isna().all()


def test_scores_rank_and_the_lasting_columns_are_made_once() -> None:
    prepared = prepare(Corpus.from_data(["a text", "b text", "c text"]))
    labels, scores = np.zeros(3, np.int32), np.array([0.95, 0.5, np.nan], np.float32)
    found = findings(prepared, labels, scores, np.array([0.1, 0.2, np.nan], np.float32))
    assert found["outlier"].tolist() == [True, False, False]
    assert found["distance"].dtype == found["outlier_score"].dtype == np.float32
    found.loc[0, "missing"] = True  # what a person does to one table reaches no other
    assert not findings(prepared, labels)["missing"].any()
    gone = weakref.ref(prepared)
    del prepared
    gc.collect()
    assert gone() is None
