"""The embedder as a setting: chosen by name, form or object, each with its own vectors, rounds and history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import elute
from elute.embed import Precomputed, SentenceBert, TfidfEmbedder
from elute.embed.forms import OpenAI, form_of, usable
from elute.errors import InputError, SettingsError
from elute.rounds.choices import Choices

TEXTS = [f"{word} {number % 5} stands here" for word in ("cat", "card", "rain") for number in range(12)]


def session(path: Path, **how: Any) -> elute.Session:
    return elute.Session(TEXTS, **{"embedder": "tfidf", "clusterer": elute.KMeans(3), "projector": "pca", "path": path, **how})


class Counted:
    """A function that says how often it was asked."""

    def __init__(self, dimension: int = 4) -> None:
        self.calls, self.dimension = 0, dimension

    def __call__(self, texts: list[str]) -> Any:
        self.calls += 1
        return np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimension))


def test_a_session_says_that_letters_stand_in_for_meaning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elute.embed.choose.sbert_installed", lambda: False)
    s = session(tmp_path, embedder=None)
    assert "letters" not in repr(s)
    s.run()
    assert "TF-IDF sees letters, not meaning. For a better map type: pip install" in repr(s)


def test_each_embedder_has_its_own_rounds_and_going_back_embeds_nothing(tmp_path: Path) -> None:
    counted = Counted()
    s = session(tmp_path, embedder=counted)
    first = s.run()
    second = s.run(embedder="tfidf")
    assert s.embedder.name == "TF-IDF" and second is not first and second.number == 2
    assert not np.array_equal(first.hashes, second.hashes)
    s.drop([0])
    s.run()
    s.undo()
    s.undo()
    assert s.round is first and s.embedder.name == "Counted"
    s.drop([1])
    third = s.run()
    assert counted.calls == 1  # its vectors are at hand
    np.testing.assert_array_equal(third.coords[2][2:], first.coords[2][2:])  # its map goes on, not that of the other
    s.goto(s.id_of(second))
    assert s.round is second and s.embedder.name == "TF-IDF"


def test_vectors_of_other_embedders_are_let_go_where_they_are_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elute.rounds.steps.AT_HAND", 0)
    counted = Counted()
    s = session(tmp_path, embedder=counted)
    s.run()
    s.run(embedder="tfidf")
    s.run(embedder=counted, clusterer=elute.KMeans(2))
    assert counted.calls == 2


def test_a_chosen_embedder_comes_back_and_a_new_cell_outranks_it(tmp_path: Path) -> None:
    one = session(tmp_path, embedder=None)
    one.run(embedder={"name": "tfidf", "dimension": 8})
    assert one.embeddings().vectors.shape[1] == 8
    again = session(tmp_path, embedder=None)
    assert again.state.settings["embedder"] == {"name": "tfidf", "dimension": 8} and again.run().number == one.round.number
    said = session(tmp_path, embedder=TfidfEmbedder(6))
    assert said.run().settings.describe()["embedder"] == {"name": "tfidf", "dimension": 6}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "tfidf", "dimension": 0}, "at least 1"),
        ({"name": "tfidf", "dimension": "many"}, "whole number"),
        ({"name": "tfidf", "colour": "red"}, "no parameter"),
        ({"name": "word2vec"}, "no setting"),
        ({"name": "openai", "model": " "}, "name of a model"),
        ({"name": "openai", "base_url": "http://elsewhere.invalid"}, "no parameter"),
        ({"name": "openai", "key_env": "HOME"}, "no parameter"),
        ({"name": "openai", "model": "unheard-of", "max_cost": 1}, "price"),
        ({"name": "sbert", "trust_remote_code": True}, "no parameter"),
        ({"name": "sbert", "model": "/no/such/folder"}, "no folder"),
        ({"name": "own", "repr": "never seen"}, "no setting"),
        (7, "can't be a int"),
    ],
)
def test_a_wrong_embedder_is_refused_before_any_work(tmp_path: Path, wrong: Any, said: str) -> None:
    s = session(tmp_path)
    with pytest.raises(SettingsError, match=said):
        s.run(embedder=wrong)
    assert s.history.empty and not s.rounds


def test_ones_own_remains_choosable(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(TEXTS), 5))
    s = session(tmp_path, embedder=vectors)
    (mine,) = [told for told in s.choices.embedders() if told["name"] == "own"]
    assert mine["title"] == "Your own" and mine["fields"] == [] and "36 x 5" in mine["when"]
    own = s.run()
    s.run(embedder="tfidf")
    s.configure(embedder={"name": "own"})
    assert s.run() is own
    assert not s.configure(embedder=vectors)  # the same array is the same embedder
    other = np.random.default_rng(1).normal(size=(len(TEXTS), 5))
    assert s.configure(embedder=other) and s.run() is not own
    assert s.choices.told(s.state.settings)["embedder"]["repr"].endswith("#2")
    s.configure(embedder=vectors)
    assert s.run() is own
    elsewhere = session(tmp_path)  # a cell that did not bring the array
    assert elsewhere.embedder.name == "TF-IDF" and elsewhere.run().settings.describe()["embedder"]["name"] == "tfidf"


def test_forms_are_of_what_can_run_here(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {form["name"] for form in Choices(embedder=None, clusterer=None, projector=None, prepare=None, seed=0).embedders()}
    assert "tfidf" in names and "openai" not in names and "own" not in names
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    assert OpenAI in usable()
    monkeypatch.setattr("elute.embed.forms.sbert_installed", lambda: False)
    assert "SBERT" not in {cls.__name__ for cls in usable()}


def test_an_embedder_is_a_form_only_where_the_form_says_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert form_of(TfidfEmbedder(seed=3)) is None and form_of(TfidfEmbedder(100_000)) is None
    assert form_of(elute.OpenAIEmbedder(base_url="http://127.0.0.1:1/v1")) is None
    assert form_of(elute.OpenAIEmbedder(key_env="OTHER")) is None
    assert form_of(elute.OpenAIEmbedder("mine", price=1.0, max_cost=2.0)) is None
    assert form_of(elute.OpenAIEmbedder("text-embedding-3-large", dimensions=64)) == OpenAI("text-embedding-3-large", 64)
    monkeypatch.setattr("elute.embed.sentence_bert.sbert_installed", lambda: True)
    assert form_of(SentenceBert(trust_remote_code=True)) is None
    assert form_of(Precomputed(np.eye(2))) is None


def test_journals_that_know_no_embedder_keep_what_was_chosen(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.run(clusterer=elute.KMeans(2))
    made = one.round
    lines = (tmp_path / "journal.jsonl").read_bytes().splitlines()
    from elute.journal import decode, encode

    old = []
    for line in lines:
        record = decode(line)
        assert record is not None
        data = dict(record.data)
        if record.kind == "open":
            data["settings"] = {name: value for name, value in data["settings"].items() if name != "embedder"}
        if record.kind == "round":
            data.pop("after")
            data["settings"] = {name: value for name, value in data["settings"].items() if name != "embedder"}
        old.append(encode(type(record)(**{**vars(record), "data": data})))
    (tmp_path / "journal.jsonl").write_bytes(b"".join(old))
    two = session(tmp_path)
    assert two.embedder.name == "TF-IDF" and two.state.settings["clusterer"] == {"name": "kmeans", "k": 2}
    assert len([record for record in two.journal.records if record.kind == "open"]) == 1
    again = two.run()
    assert again.number == made.number and np.array_equal(again.labels, made.labels)
    assert two.goto("") is not None and two.run().metrics["clusters"] == 3
    assert two.goto(two.rounds[0].id) is not None and two.round.number == made.number


def test_a_remote_embedder_chosen_on_the_page_waits_for_a_yes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    s = session(tmp_path)
    s.configure({"source": {"kind": "page"}}, embedder={"name": "openai"})
    s.warm()
    with pytest.raises(InputError, match="agreed"):
        s.run()


def test_a_package_that_is_missing_here_stops_the_round_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    s = session(tmp_path)
    s.run()
    s._record("settings", data={"embedder": {"name": "sbert", "model": "another"}})
    monkeypatch.setattr("elute.embed.sentence_bert.sbert_installed", lambda: False)
    assert s.known_round() is None and not s.has_round() and s.round.number == 1
    with pytest.raises(ImportError, match="pip install"):
        s.run()
    s.undo()
    assert s.run().number == 1


def test_labels_and_texts_of_a_table_work_with_every_choice(tmp_path: Path) -> None:
    df = pd.DataFrame({"text": TEXTS, "label": ["a", "b", "c"] * 12})
    s = elute.Session(df, "text", "label", embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=tmp_path)
    s.run()
    made = s.run(embedder={"name": "tfidf", "dimension": 4})
    s.analyze()
    assert s.explain(made.labels == 0).what and set(s.names) == {0, 1}
