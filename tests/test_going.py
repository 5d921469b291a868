"""Groups go whole; pinned and reference rows stay, and so do labels that would become rare; each is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from elute.corpus import Corpus
from elute.corpus.rows import value_hashes
from elute.decisions.ledger import Ledger
from elute.errors import InputError

TEXTS = ["hello there", "my card is lost", "thanks", "it was stolen", "what is a bond", "buy it", "sell it", "hello there"]
TABLE = pd.DataFrame(
    {
        "text": TEXTS,
        "label": ["greet", "card", "greet", "card", "stock", "stock", "stock", "greet"],
        "dialogue": ["a", "a", "b", "b", "c", "c", None, None],
        "test": [False, False, False, False, False, True, None, False],
    }
)


def ledger(folder: Path, least: int = 0, **how: Any) -> Ledger:
    return Ledger(Corpus.from_data(TABLE, "text", "label", **how), folder, min_per_label=least)


def rows(mask: Any) -> list[int]:
    return np.flatnonzero(mask).tolist()


def test_a_group_is_dropped_and_comes_back_whole(tmp_path: Path) -> None:
    led = ledger(tmp_path, group="dialogue")
    goes = led.going(led.corpus.rows([0, 6]))
    assert (rows(goes.rows), goes.groups, goes.more, goes.held) == ([0, 1, 6], 2, 1, 0)
    assert led.drop([0, 6]) == 3
    assert led.held_back == "1 more row goes with its group."
    assert led.restore([1]) == 2
    assert rows(led.dropped) == [6]


def test_keep_only_keeps_whole_groups(tmp_path: Path) -> None:
    led = ledger(tmp_path, group="dialogue")
    assert led.keep_only([2]) == 6
    assert rows(led.keep) == [2, 3]


def test_only_rows_that_stay_are_approved(tmp_path: Path) -> None:
    led = ledger(tmp_path)
    led.drop([0, 1])
    assert led.approve([0, 1]) == 0 and led.history["kind"].tolist() == ["drop"]
    assert led.approve([1, 2]) == 1 and rows(led.state.looked) == [2]


def test_the_least_of_a_label_counts_the_labels_in_force(tmp_path: Path) -> None:
    led = ledger(tmp_path, least=2)
    led.relabel([0, 2], "card")
    assert led.drop([7]) == 0  # the last that greets
    assert led.held_back == "1 row of “greet” stays: never below 2 a label."
    assert led.drop([0, 2]) == 2 and not led.held_back  # they greet no more
    led.relabel([1], "bond")
    assert led.drop([1]) == 0
    assert led.held_back == "1 row of “bond” stays: never below 2 a label."


def test_a_row_without_a_group_is_one_by_itself(tmp_path: Path) -> None:
    led = ledger(tmp_path, group="dialogue")
    assert led.drop([7]) == 1
    assert led.held_back == ""


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        ([1, 1.0, "1", "01", None, ""], [0, 0, 0, 1, -1, -1]),
        ([True, 1, 0, False, 2.5, "2.5"], [0, 1, 2, 3, 4, 4]),
        (["1.0", 1, "1.10", "1.1", float("nan"), 2**53 + 1], [0, 0, 1, 2, -1, 3]),
    ],
)
def test_number_and_text_name_the_same_group_and_label_in_a_session_and_in_its_recipe(
    values: list[Any], groups: list[int]
) -> None:
    corpus = Corpus.from_data(pd.DataFrame({"text": TEXTS[:6], "group": pd.Series(values, dtype=object)}), "text", group="group")
    assert corpus.group is not None and corpus.group.tolist() == groups
    hashes = value_hashes(corpus.column("group"), 6).tolist()
    assert [one == 0 for one in hashes] == [one == -1 for one in groups]
    assert [[one == other for other in hashes] for one in hashes] == [[one == other for other in groups] for one in groups]


def test_a_pinned_row_keeps_its_group(tmp_path: Path) -> None:
    led = ledger(tmp_path, group="dialogue")
    led.pin([1])
    assert led.drop([0, 2]) == 2
    assert led.held_back == "1 pinned row stays, and 1 other of the same group. 1 more row goes with its group."
    assert rows(led.dropped) == [2, 3]
    led.pin([1], on=False)
    assert led.drop([0]) == 2


def test_reference_rows_of_the_table_stay_and_are_not_in_what_is_clean(tmp_path: Path) -> None:
    led = ledger(tmp_path, reference="test")
    assert led.drop(np.ones(8, bool)) == 7
    assert led.held_back == "1 reference row stays."
    assert rows(led.keep) == [5]
    assert len(led.clean()) == 0
    led.undo()
    assert led.clean()["text"].tolist() == [text for text in TEXTS if text != "buy it"]


def test_a_mask_marks_reference_rows_as_a_column_does(tmp_path: Path) -> None:
    marked = [row == 5 for row in range(8)]
    for given in (marked, np.array(marked), pd.Series(marked)):
        assert rows(Corpus.from_data(TABLE, "text", reference=given).reference) == [5]


def test_rows_that_were_dropped_before_they_became_reference_are_back(tmp_path: Path) -> None:
    ledger(tmp_path).drop([4, 5])
    assert rows(ledger(tmp_path, reference="test").dropped) == [4]


@pytest.mark.parametrize("reference", [["hello there", "a new one"], pd.DataFrame({"text": ["hello there", "a new one"]})])
def test_another_table_stands_behind_the_users_own(tmp_path: Path, reference: Any) -> None:
    led = ledger(tmp_path, reference=reference)
    corpus = led.corpus
    assert (len(corpus), corpus.given, rows(corpus.reference)) == (10, 8, [8, 9])
    assert corpus.texts[8:] == ["hello there", "a new one"]
    assert corpus.fingerprint == Corpus.from_data(TABLE, "text").fingerprint
    assert corpus.ids[:8].tolist() == Corpus.from_data(TABLE, "text").ids.tolist()
    assert led.drop(np.ones(8, bool)) == 8
    assert (len(led.keep), len(led.dropped), len(led.selected), rows(led.keep_indices)) == (8, 8, 8, [])
    assert led.state.keep[8:].all()
    assert len(led.clean()) == 0
    assert led.drop([8, 9]) == 0
    assert led.held_back == "2 reference rows stay."


def test_columns_of_a_reference_table_are_read_beside_those_of_the_users(tmp_path: Path) -> None:
    beside = pd.DataFrame({"text": ["new"], "label": ["card"], "dialogue": ["a"], "more": [1]})
    corpus = Corpus.from_data(TABLE, "text", "label", reference=beside, group="dialogue")
    assert corpus.label is not None and corpus.label[8] == "card"
    assert corpus.column("test").tolist()[-2:] == [False, None]
    assert rows(corpus.whole(corpus.rows([0]))) == [0, 1]  # another table's dialogues are others, whatever they are called


def test_a_label_never_falls_below_the_least(tmp_path: Path) -> None:
    led = ledger(tmp_path, least=2)
    assert led.drop([0, 2, 4]) == 1
    assert led.held_back == "2 rows of “greet” stay: never below 2 a label."
    assert rows(led.dropped) == [4]
    assert led.drop([5]) == 0
    assert led.drop([0]) == 1


def test_groups_of_a_label_that_stays_stay(tmp_path: Path) -> None:
    led = ledger(tmp_path, least=2, group="dialogue")
    assert led.drop([0]) == 0
    assert led.held_back == "1 row of “card” stays, and 1 other of the same group: never below 2 a label."


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"reference": "label"}, "it takes True and False"),
        ({"reference": [True]}, "1 values; the table has 8 rows"),
        ({"reference": "nothing"}, "There is no column 'nothing'"),
        ({"group": "nothing"}, "There is no column 'nothing'"),
    ],
)
def test_what_can_not_be_read_is_said(how: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Corpus.from_data(TABLE, "text", **how)


def test_a_least_needs_labels_and_a_whole_number(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs label="):
        Ledger(Corpus.from_data(TABLE, "text"), tmp_path, min_per_label=3)
    with pytest.raises(InputError, match="whole number"):
        ledger(tmp_path, least=-1)


def test_what_stayed_is_said_of_a_whole_batch(tmp_path: Path) -> None:
    led = ledger(tmp_path)
    led.pin([0])
    batch = {"data": {"batch": "b"}}
    led.drop([0, 1], **batch)
    led.relabel([2], "new", **batch)
    assert led.held_back == "1 pinned row stays."
    led.tag([3], "odd")
    assert led.held_back == ""
