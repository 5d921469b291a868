"""Equal texts under several labels or groups: each keeps its id, whatever is sorted, added or taken away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.corpus import Corpus
from elute.corpus.again import Marked, known_again, to_remember
from elute.journal.roster import MARKS, recall_marks, remember_marks

rows = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(["A", "B", None]), st.sampled_from(["g", "h"])), max_size=12)


def corpus(told: list[tuple[str, str | None, str]], label: str | None = "label", group: str | None = "group") -> Corpus:
    return Corpus.from_data(pd.DataFrame(told, columns=["text", "label", "group"], dtype=object), "text", label, group=group)


@given(rows.filter(len), st.lists(st.tuples(rows, st.randoms(use_true_random=False)), max_size=4))
def test_an_id_is_of_one_text_label_and_group_for_ever(first: list, steps: list) -> None:
    table, before, of = list(first), None, dict[int, tuple]()
    for more, chance in steps:
        for now in (table, chance.sample(table + more, len(table) + len(more))):
            made = known_again(corpus(now), before)
            assert len(np.unique(made.ids)) == len(now)
            for id_, row in zip(made.ids.tolist(), now, strict=True):
                assert of.setdefault(id_, row) == row
            before = to_remember(made, before, np.array(list(of), np.uint64))
            again = known_again(corpus(now), before)
            assert again.ids.tolist() == made.ids.tolist() and again.fingerprint == corpus(now).fingerprint
            if now is table:
                continue
            table = now[len(now) // 2 :]  # of each text one stays
            table += [next(row for row in now if row[0] == text) for text in {row[0] for row in now} - {row[0] for row in table}]


@given(rows)
def test_nothing_else_than_order_counts_where_nothing_else_is_known(told: list) -> None:
    plain = corpus(told)
    assert known_again(plain, None) is plain and plain.ids.tolist() == plain.in_order.tolist()
    assert known_again(plain, to_remember(plain, None, plain.ids)) is plain
    bare = corpus(told, None, None)
    assert known_again(bare, to_remember(bare, None, bare.ids)) is bare
    # read with a label for the first time, or by another column
    assert known_again(plain, to_remember(bare, None, bare.ids)).ids.tolist() == plain.ids.tolist()
    other = Corpus.from_data(bare.table.data.assign(other="o"), "text", "other")
    assert known_again(other, to_remember(plain, None, plain.ids)).ids.tolist() == plain.ids.tolist()


def test_read_without_labels_the_same_table_keeps_its_ids_and_what_tells_them_apart() -> None:
    before = to_remember(corpus([("x", "A", "g"), ("x", "B", "g")]), None, np.empty(0, np.uint64))
    turned = [("x", "B", "g"), ("x", "A", "g")]
    labelled = known_again(corpus(turned), before)
    assert labelled.ids.tolist() == before.ids.tolist()[::-1]
    kept = to_remember(labelled, before, labelled.ids)
    bare = known_again(corpus(turned, None, None), kept)
    assert bare.ids.tolist() == labelled.ids.tolist() and to_remember(bare, kept, bare.ids).same(kept)


def test_what_agrees_with_none_is_a_new_row() -> None:
    before = to_remember(corpus([("x", "A", "g"), ("x", "B", "g")]), None, np.empty(0, np.uint64))
    made = known_again(corpus([("x", "C", "g"), ("x", "B", "g"), ("y", "C", "g")]), before)
    assert made.ids[0] not in before.ids and made.ids[1] == before.ids[1] and made.ids[2] == made.in_order[2]
    # a text that occurs once is the same row, whatever its label is now
    once = to_remember(corpus([("x", "A", "g")]), None, np.empty(0, np.uint64))
    assert known_again(corpus([("x", "B", "h")]), once).ids.tolist() == once.ids.tolist()
    # labels that were renamed throughout tell nothing apart either
    twice = to_remember(corpus([("x", "A", "g"), ("x", "A", "g")]), None, np.empty(0, np.uint64))
    assert known_again(corpus([("x", "B", "g"), ("x", "B", "g")]), twice).ids.tolist() == twice.ids.tolist()


def test_it_is_kept_on_disk_and_what_is_none_is_nothing(tmp_path: Path) -> None:
    made: Marked = to_remember(corpus([("x", "A", "g"), ("x", None, "h")]), None, np.empty(0, np.uint64))
    assert recall_marks(tmp_path) is None
    remember_marks(tmp_path, made)
    found = recall_marks(tmp_path)
    assert found is not None and found.same(made) and [path.name for path in tmp_path.iterdir()] == [MARKS]
    whole = (tmp_path / MARKS).read_bytes()
    for broken in (b"", whole[:100], b"PK" + whole[5:], whole[:-30]):
        (tmp_path / MARKS).write_bytes(broken)
        assert recall_marks(tmp_path) is None
    np.savez(tmp_path / MARKS, names=np.array(["a", "b"]), ids=np.zeros(2, np.uint64))
    assert recall_marks(tmp_path) is None


def test_rows_of_a_reference_have_no_group() -> None:
    df = pd.DataFrame({"text": ["x", "x"], "group": ["g", "h"]})
    made = Corpus.from_data(df, "text", group="group", reference=pd.DataFrame({"text": ["x"], "group": ["g"]}))
    before = to_remember(made, None, made.ids)
    assert before.group[2] == 0 and len(set(before.group.tolist())) == 3
    more = Corpus.from_data(df.iloc[[1, 0, 0]], "text", group="group", reference=pd.DataFrame({"text": ["x"]}))
    ids = known_again(more, before).ids.tolist()
    assert ids[0] == made.ids[1] and ids[1] == made.ids[0] and ids[3] == made.ids[2] and ids[2] not in made.ids


@pytest.mark.parametrize("column", ["label", "group"])
def test_one_column_is_enough(column: str) -> None:
    read = {"label": None, "group": None, column: column}
    before = to_remember(corpus([("x", "A", "g"), ("x", "B", "h")], **read), None, np.empty(0, np.uint64))
    assert known_again(corpus([("x", "B", "h"), ("x", "A", "g")], **read), before).ids.tolist() == before.ids.tolist()[::-1]
