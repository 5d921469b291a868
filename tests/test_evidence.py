"""Evidence of a round: made once a space, read off each mask, the same from disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

import elute
from elute.embed import Embedder
from elute.findings import FLAGS
from elute.findings.labels import LabelIssues
from elute.rounds.cycle import with_evidence
from elute.rounds.labelled import label_pass

TOPICS = {
    "card": ["card", "activate", "arrive", "lost"],
    "rate": ["rate", "exchange", "euro", "pound"],
    "top": ["top", "money", "add", "bank"],
}


def rows(n: int = 240, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    made = []
    for row in range(n):
        label = list(TOPICS)[row % 3]
        words = random.permutation([*TOPICS[label], *(f"w{at}" for at in random.integers(100, 999, 3))])
        made.append((f"question about {' '.join(words)} of number {row}", label))
    return pd.DataFrame(made, columns=["text", "label"])


def session(data: Any, path: Path, **how: Any) -> elute.Session:
    return elute.Session(data, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=path, **how)


def test_copies_follow_the_mask_and_come_back_with_an_undo(tmp_path: Path) -> None:
    table = rows()
    table.loc[10, "text"], table.loc[20, "text"] = table.loc[1, "text"], str(table.loc[1, "text"]).upper()
    table.loc[10, "label"] = table.loc[20, "label"] = table.loc[1, "label"]
    table.loc[30, "text"], table.loc[30, "label"] = table.loc[2, "text"], "card"
    s = session(table, tmp_path, label="label")
    found = s.run().findings
    assert found.loc[10, "copy"] and found.loc[10, "copy_of"] == 1 and not found.loc[1, "copy"]
    assert found.loc[20, "near_copy"] and found.loc[20, "near_copy_of"] == 1
    assert found.loc[[2, 30], "conflict"].all() and found.loc[2, "conflict_of"] == 30 and not found.loc[30, "near_copy"]
    s.drop([1])
    later = s.run().findings
    assert not later.loc[10, "copy"] and later.loc[20, "near_copy_of"] == 10 and later.loc[1, "copy_of"] == 10
    s.undo()
    pd.testing.assert_frame_equal(s.run().findings, found)


def test_texts_that_differ_after_the_cut_are_no_near_copies(tmp_path: Path) -> None:
    table = rows(60)
    context = " ".join(f"paragraph {at} says that rule {at} holds" for at in range(20))
    table.loc[1, "text"], table.loc[2, "text"] = f"{context}: who signs it?", f"{context}: when is it closed?"
    table.loc[3, "text"] = table.loc[2, "text"]
    table.loc[[1, 2, 3], "label"] = "card", "rate", "rate"
    found = session(table, tmp_path, label="label", prepare=elute.Prepare(max_chars=200)).run().findings
    assert found.loc[[1, 2, 3], "too_long"].all() and found.loc[3, "copy_of"] == 2
    assert not found.loc[[1, 2, 3], "near_copy"].any() and not found.loc[[1, 2, 3], "conflict"].any()


def test_findings_are_the_same_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = elute.Findings(personal=True, own={"long": lambda texts: [len(text) for text in texts]})
    table = rows()
    table.loc[5, "text"] = "write to jane.doe@example.org today please"
    first = session(table, tmp_path, label="label", findings=own)
    found = first.run().findings
    assert (
        found["own:long"].iloc[0] == len(table.loc[0, "text"])
        and found.loc[5, "personal"]
        and np.isfinite(found["distance"]).all()
    )
    for name in ("evidence.find_facts", "asked.personal"):
        monkeypatch.setattr(f"elute.rounds.{name}", lambda *_: pytest.fail("the texts were read again"))
    kept = session(table, tmp_path, label="label", findings=own).run()
    assert kept is not first.round
    pd.testing.assert_frame_equal(kept.findings, found, check_dtype=False)
    other = session(table, tmp_path, label="label").run()
    assert "own:long" not in other.findings and not other.findings["personal"].any()


def test_what_is_asked_for_on_reopening_is_looked_for(tmp_path: Path) -> None:
    table = rows(60)
    table.loc[5, "text"] = "write to jane.doe@example.org today please"
    session(table, tmp_path).run()

    def ends(mark: str) -> elute.Findings:
        return elute.Findings(personal=True, own={"f": lambda texts: [text.endswith(mark) for text in texts]})

    def raises(texts: list[str]) -> list[float]:
        raise ValueError("no such model")

    assert np.flatnonzero(session(table, tmp_path, findings=ends("12")).run().findings["personal"]).tolist() == [5]
    for mark, row in (("13", 13), ("14", 14)):  # of one name, but not of one mind
        kept = session(table, tmp_path, findings=ends(mark))
        assert np.flatnonzero(kept.run().findings["own:f:flag"]).tolist() == [row] and len(kept.rounds) == 1
    many = session(table, tmp_path, findings=elute.Findings(own={"f": lambda texts: ["w" in text for text in texts]})).run()
    assert many.findings["own:f"].sum() > 50 and not many.findings["own:f:flag"].any()
    failed = session(table, tmp_path, findings=elute.Findings(own={"f": raises})).run()
    assert [note for note in failed.notes if "no such model" in note] and failed.findings["own:f"].isna().all()
    reads = elute.Findings(own={"norm": lambda vectors: np.linalg.norm(vectors, axis=1), "in": lambda round: round.labels})
    found = session(table, tmp_path, findings=reads).run()
    np.testing.assert_allclose(found.findings["own:norm"], 1, atol=1e-5)
    np.testing.assert_array_equal(found.findings["own:in"], found.labels)


def test_what_a_rule_named_that_flags_none_is_told_from_disk_too(tmp_path: Path) -> None:
    own = elute.Findings(own={"mine": lambda texts: [row % 10 == 0 for row in range(len(texts))]})
    rule = "Your rule mine names 10 % (6 of 60): above 5 % it flags none, and only ranks (own:mine)."
    first = session(rows(60), tmp_path, findings=own)
    made = first.run()
    assert not made.findings["own:mine:flag"].any() and made.held["own:mine:flag"].sum() == 6 and rule in first.checked
    again = session(rows(60), tmp_path, findings=own)
    assert again.run().held["own:mine:flag"].tolist() == made.held["own:mine:flag"].tolist() and rule in again.checked
    again.drop([0, 10])
    assert any("names 6.9 % (4 of 58)" in line for line in again.checked)
    assert session(rows(60), tmp_path).run().held == {}
    table = rows(60)
    table.loc[:5, "text"] = "* # | ~ ^ _ {} [] <> \\ @ = + row " + table.loc[:5, "text"].str[-2:]
    s = session(table, tmp_path / "other")
    kept = s.run()
    assert not kept.findings["markup"].any() and kept.held["markup"].sum() == 6
    assert session(table, tmp_path / "other").run().held["markup"].sum() == 6
    told = next(line for line in s.checked if line.startswith("Mostly markup"))
    assert "10 % (6 of 60)" in told and told.endswith("only ranks (markup_share).")


def test_an_own_function_that_works_in_place_changes_nothing(tmp_path: Path) -> None:
    X = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32) + 1
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    before = X.copy()

    def far(vectors: Any) -> Any:
        vectors -= vectors.mean(axis=0)
        return np.linalg.norm(vectors, axis=1)

    def spoils(round: Any) -> Any:
        round.labels[:] = 0
        round.coords[2][:] = 0
        return round.labels

    own = elute.Findings(own={"far": far, "spoils": spoils})
    s = elute.Session(rows(60), embedder=X, clusterer=elute.KMeans(2), projector="pca", path=tmp_path, findings=own)
    made = s.run()
    np.testing.assert_array_equal(X, before)
    np.testing.assert_allclose(np.linalg.norm(s.embeddings().vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(made.findings["own:far"], np.linalg.norm(X - X.mean(axis=0), axis=1), atol=1e-5)
    assert made.labels.any() and made.coords[2].any() and any("'spoils' failed" in note for note in made.notes)


def test_a_sentence_about_an_own_function_is_of_the_one_that_is_there(tmp_path: Path) -> None:
    table = rows(60)
    broken = session(table, tmp_path, findings=elute.Findings(own={"f": lambda texts: [1]}))
    broken.run()
    assert repr(broken).endswith("1 finding of your own failed: round.notes says why>")
    said = "Your rule f failed, so it names no row: the notes of the round say why (round.notes)."
    assert said in broken.checked and any(note.startswith("The finding 'f' failed: ValueError") for note in broken.round.notes)
    kept = session(table, tmp_path, findings=elute.Findings(own={"f": lambda texts: [1] * 60})).run()
    again = session(table, tmp_path, findings=elute.Findings(own={"f": lambda texts: [1] * 60}))
    again.run()
    assert "failed" not in repr(again) and not any("failed" in told for told in again.checked)
    assert not any("The finding" in note for note in kept.notes) and (kept.findings["own:f"] == 1).all()
    assert not any("The finding" in note for note in session(table, tmp_path).run().notes)


class Hashed(Embedder):
    """Places words, and so a task too."""

    name = "hashed"

    def key(self) -> str:
        return "hashed-1"

    def embed_batch(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([np.sum([_of(word) for word in text.split()], axis=0) for text in texts], np.float32)


def _of(word: str) -> np.ndarray:
    return np.random.default_rng(crc32(word.encode())).normal(size=32)


def _ranks(made: elute.Round) -> list[float]:
    return made.clusters.sort_values("cluster").foreign.tolist()


def test_a_task_given_on_reopening_ranks_the_clusters(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    texts = [" ".join(f"w{at % 10}{word}" for word in random.integers(0, 10, 5)) + f" n{at}" for at in range(300)]

    def opened(path: Path, task: str = "") -> elute.Session:
        return elute.Session(texts, embedder=Hashed(), clusterer=elute.KMeans(12), projector="pca", path=path, task=task)

    first = opened(tmp_path / "a")
    before = first.run()
    again = opened(tmp_path / "a", texts[3])
    made = again.run()
    assert _ranks(made) != _ranks(before)
    np.testing.assert_array_equal(made.labels, before.labels)
    np.testing.assert_array_equal(made.coords[2], before.coords[2])
    old = again.rounds[0].id
    assert again.id_of(again.round_at(old)) == old  # what was is still known by its own name
    assert len(again.rounds) == 2 and len(opened(tmp_path / "a").rounds) == 2
    assert _ranks(opened(tmp_path / "a").run()) == pytest.approx(_ranks(before))


@pytest.mark.parametrize("labels", [[3, 3, 3, None], ["a", "a", "a", None], [True, True, True, None]])
def test_labels_of_clusters_are_the_same_from_disk(tmp_path: Path, labels: list[Any]) -> None:
    data = pd.DataFrame({"text": rows(60).text, "label": pd.Series(np.repeat(np.array(labels, object), 15), dtype=object)})
    X = np.repeat(np.eye(4, dtype=np.float32), 15, axis=0) + np.random.default_rng(0).normal(0, 0.01, (60, 4)).astype(np.float32)
    how: dict[str, Any] = {"text": "text", "label": "label", "embedder": X, "clusterer": elute.KMeans(4), "projector": "pca"}
    made = elute.Session(data, path=tmp_path, **how).run()
    kept = elute.Session(data, path=tmp_path, **how).run()
    assert kept is not made
    assert [*map(repr, kept.clusters["label"])] == [*map(repr, made.clusters["label"])]
    assert None in [*kept.clusters["label"]]


def test_an_own_function_that_fails_ends_no_round(tmp_path: Path) -> None:
    def wrong(texts: list[str]) -> list[float]:
        raise ValueError("no such model")

    made = session(rows(60), tmp_path, findings=elute.Findings(own={"toxic": wrong})).run()
    assert any("toxic" in note and "no such model" in note for note in made.notes)
    assert made.findings["own:toxic"].isna().all()


def test_an_own_function_reads_the_round(tmp_path: Path) -> None:
    own = elute.Findings(own={"cluster": lambda round: round.labels, "norm": lambda vectors: np.linalg.norm(vectors, axis=1)})
    made = session(rows(60), tmp_path, findings=own).run()
    np.testing.assert_array_equal(made.findings["own:cluster"], made.labels)
    np.testing.assert_allclose(made.findings["own:norm"], 1, atol=1e-5)


def test_a_better_pass_over_the_labels_is_used_for_its_round_only(tmp_path: Path) -> None:
    s = session(rows(), tmp_path, label="label")
    made = s.run()
    evidence = s.evidence()
    part = evidence.space.part(made.keep)
    given = label_pass(part)
    assert given is not None and given.classes == 3 and len(given.of) == len(part.rows)
    r = len(part.rows)
    flag = np.arange(r) == 7
    evidence.judge_better(
        part, LabelIssues(flag.astype(np.float32), flag, np.zeros(r, np.int32), np.full(r, 0.25, np.float32), ~flag & False)
    )
    better = with_evidence(evidence, part, made).findings
    assert better["label_issue"].to_numpy().nonzero()[0].tolist() == [7] and better.loc[7, "label_probability"] == 0.25
    assert better.loc[7, "label_suggested"] == "card"
    s.drop([3])
    assert s.run().findings["label_probability"].isna().all()


def test_rows_of_a_reference_leak_and_are_no_copies(tmp_path: Path) -> None:
    table = rows(60)
    held = pd.DataFrame(
        {"text": [table.loc[4, "text"], str(table.loc[5, "text"]).upper(), "something else altogether"], "label": "card"}
    )
    found = session(table, tmp_path, reference=held).run().findings
    assert found["leaked"].to_numpy().nonzero()[0].tolist() == [4, 5]
    assert not found["copy"].any() and not found["near_copy"].any() and found.loc[4, "leaked_of"] == 60


@pytest.mark.parametrize(
    "data",
    [
        ["one"],
        ["one", "two"],
        ["same"] * 20,
        ["", None, "a text", " ", "\ud83d lone", "x"],
        ["word " * 50_000, "another text", "a third one"],
        [*("你好世界" for _ in range(5)), "english text here", "und hier ist etwas auf Deutsch nicht wahr"],
    ],
    ids=["one", "two", "copies", "empty", "long", "languages"],
)
def test_odd_tables(tmp_path: Path, data: list[Any]) -> None:
    made = session(pd.DataFrame({"text": pd.Series(data, dtype=object)}), tmp_path).run()
    assert all(made.findings[name].dtype == bool for name in FLAGS) and len(made.findings) == len(data)
    assert made.findings["label_suggested"].isna().all() and not made.findings["label_issue"].any()


@pytest.mark.parametrize("labels", ["one", "each", "numbers", "none", "half", "dates", "pairs"])
def test_odd_labels(tmp_path: Path, labels: str) -> None:
    table = rows(60)
    given: dict[str, list[Any]] = {
        "one": ["a"] * 60,
        "each": list(range(60)),
        "numbers": [row % 3 for row in range(60)],
        "none": [None] * 60,
    }
    given["half"] = ["a", "b\udc00"] * 30
    given["dates"] = [date(2024, 1, 1 + row % 3) for row in range(60)]
    given["pairs"] = [(row % 3, "a") for row in range(60)]
    table["label"] = pd.Series(given[labels], dtype=object)
    table.loc[3, "label"] = None
    made = session(table, tmp_path, label="label").run()
    assert np.isnan(made.findings.loc[3, "label_score"]) and not made.findings["conflict"].any()
    again = session(table, tmp_path, label="label").run()
    assert again.findings["label_suggested"].to_list() == made.findings["label_suggested"].to_list()
    assert again.clusters["label"].to_list() == made.clusters["label"].to_list()


def test_what_no_mask_changes_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = session(rows(60), tmp_path)
    s.run()
    monkeypatch.setattr("elute.rounds.evidence.find_facts", lambda *_: pytest.fail("the texts were read again"))
    s.drop([0, 1])
    s.run()


def test_a_rule_that_flags_many_flags_none(tmp_path: Path) -> None:
    table = rows(60)
    table["text"] = [f"<b>{'<i></i>' * 30}x{row}</b>" if row % 2 else text for row, text in enumerate(table["text"])]
    found = session(table, tmp_path, prepare=elute.Prepare(markup=False)).run().findings
    assert not found["markup"].any() and (found["markup_share"] > 0.5).sum() == 30


def test_a_round_can_be_given_its_findings_again(tmp_path: Path) -> None:
    s = session(rows(60), tmp_path)
    made = s.run()
    evidence = s.evidence()
    same = with_evidence(evidence, evidence.space.part(made.keep), replace(made, notes=()))
    pd.testing.assert_frame_equal(same.findings, made.findings)
