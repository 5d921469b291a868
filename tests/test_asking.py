"""Prompts: set, checked before anything is sent, undone, kept with the round and restored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openai_server import OpenAIServer
from test_analyze_openai import ANSWER, OVERVIEW

from elute import KMeans, Prepare, Session
from elute.analyze import OpenAIAnalyst
from elute.analyze.prompts import SYSTEM, USER, Prompts
from elute.errors import SettingsError

TEXTS = [
    f"{a} {b} number {i % 7}" for i, (a, b) in enumerate([("the bank", "card"), ("a cat", "slept"), ("the sea", "storm")] * 8)
]


def session(path: Path, analyst: Any = "offline", **options: Any) -> Session:
    return Session(TEXTS, embedder="tfidf", clusterer=KMeans(3), projector="pca", path=path, analyst=analyst, **options)


def answers(body: dict[str, Any]) -> str:
    whole = "clustering as a whole" in body["messages"][0]["content"]
    return json.dumps({**OVERVIEW, "merge": []} if whole else {**ANSWER, "trim": []})


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELUTE_HOME", str(tmp_path / "home"))


def test_prompts_are_elutes_own_then_the_cells_then_what_was_set(tmp_path: Path) -> None:
    assert session(tmp_path / "a").prompts == Prompts(SYSTEM, USER, "", ())
    s = session(tmp_path / "b", OpenAIAnalyst(system="From the cell. {task}"), task="bank questions")
    assert s.prompts.system == "From the cell. {task}" and s.prompts.task == "bank questions" and not s.prompts.changed
    assert s.set_prompts(system="Mine.", task="animals") and s.prompts.changed == ("system", "task")
    assert (s.prompts.system, s.prompts.user, s.prompts.task) == ("Mine.", USER, "animals")
    assert not s.set_prompts(system="Mine.")
    s.undo()
    assert s.prompts.system == "From the cell. {task}" and s.prompts.task == "bank questions"
    s.redo()
    assert s.set_prompts(system="", task="") and not s.prompts.changed


def test_a_prompt_that_cannot_be_used_changes_nothing_and_says_which(tmp_path: Path) -> None:
    s = session(tmp_path / "a")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"user": "{keywords}"}, "user: .*no {examples}"),
        ({"system": "{rows}"}, "system: .*unknown placeholder {rows}"),
        ({"system": "x" * 20_001}, "system: .*20,001"),
        ({"task": "x" * 2_001}, "task: .*2,001"),
        ({"system": "good", "user": "bad"}, "user: "),
    ]
    for given, problem in wrong:
        assert list(s.check_prompts(**given)) == [problem.split(":")[0]]
        with pytest.raises(SettingsError, match=problem):
            s.set_prompts(**given)
    assert not s.prompts.changed and "settings" not in {record.kind for record in s.journal.records}


def test_what_was_set_is_sent_and_survives_a_restart(tmp_path: Path) -> None:
    with OpenAIServer(answers) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        s.run()
        s.set_prompts(system="Be a banker. {task}", user="Look: {examples}", task="cards")
        again = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        again.run()
        again.analyze()
    assert len(server.requests) == 4
    assert all(body["messages"][0]["content"].startswith("Be a banker. cards") for body in server.requests)
    assert sum(body["messages"][1]["content"].startswith("Look: <data-") for body in server.requests) == 3


def test_a_change_of_prompt_asks_again_and_going_back_does_not(tmp_path: Path) -> None:
    with OpenAIServer(answers) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        number = s.run().number
        s.analyze()
        first = len(server.requests)
        s.set_prompts(system="Another. {task}")
        s.analyze()
        assert len(server.requests) == 2 * first
        assert s.prompts_by_round[number].system == "Another. {task}"
        s.undo()
        s.analyze()
        assert len(server.requests) == 2 * first and s.analysis.overview is not None


def test_the_prompts_of_an_earlier_round_come_back(tmp_path: Path) -> None:
    with OpenAIServer(answers) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        first = s.run().number
        s.set_prompts(system="First.", task="one")
        s.analyze()
        s.drop([0])
        second = s.run().number
        s.set_prompts(system="Second.", task="")
        s.analyze()
    assert [s.prompts_by_round[n].system for n in (first, second)] == ["First.", "Second."]
    assert s.restore_prompts(first) and (s.prompts.system, s.prompts.task) == ("First.", "one")
    assert not s.restore_prompts(first)
    with pytest.raises(SettingsError, match="round 9"):
        s.restore_prompts(9)


def test_the_offline_analyst_reads_the_task_and_is_noted_only_with_words_of_ones_own(tmp_path: Path) -> None:
    s = session(tmp_path / "a")
    number = s.run().number
    s.analyze()
    assert s.prompts_by_round == {}
    s.set_prompts(task="questions to a bank")
    s.analyze()
    assert s.context().task == "questions to a bank" and s.prompts_by_round[number].task == "questions to a bank"
    count = len(s.journal.records)
    s.analyze()
    assert len(s.journal.records) == count


def test_what_did_not_change_is_never_paid_for_twice(tmp_path: Path) -> None:
    with OpenAIServer(answers) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        s.run()
        said = s.analyze()
        again = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        again.run()
        assert again.analyze().overview == said.overview and len(server.requests) == 4
        again.analyze(again=[0])
        assert len(server.requests) == 6  # one cluster, and the whole
        for kept in (tmp_path / "home").rglob("analysis/*.json"):
            kept.write_text('{"schema": 99}', encoding="utf-8")
        assert len(again.analyze().clusters) == 3 and len(server.requests) == 10


def test_texts_that_were_edited_are_judged_again_and_no_others(tmp_path: Path) -> None:
    texts = [f"<b>{text}</b>" for text in TEXTS]
    X = np.eye(3, dtype=np.float32)[np.arange(len(texts)) % 3]
    with OpenAIServer(answers) as server:
        one = OpenAIAnalyst(base_url=server.base_url, concurrency=1)
        s = Session(texts, embedder=X, clusterer=KMeans(3), projector="pca", analyst=one, prepare=Prepare(markup=False))
        s.run()
        s.analyze()
        assert len(server.requests) == 4
        s.edit(np.arange(len(texts)) % 3 == 1, "markup")
        s.run()
        s.analyze()
        assert len(server.requests) == 6  # one cluster, and the whole
        assert "<b>" not in server.requests[4]["messages"][1]["content"]
        s.undo()
        s.run()
        s.analyze()
        assert len(server.requests) == 6


def test_an_overview_that_a_model_failed_at_is_asked_for_again(tmp_path: Path) -> None:
    with OpenAIServer(answers) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url, concurrency=1))
        s.run()
        server.script(["ok", "ok", "ok", "refusal"])
        first = s.analyze().overview
        assert first is not None and first.source.startswith("offline, since")
        second = s.analyze().overview
        assert second is not None and second.source == s.analyst.name and len(server.requests) == 5


def test_names_go_on_but_not_past_a_retry_or_another_prompt(tmp_path: Path) -> None:
    given = ["first"]

    def chat(body: dict[str, Any]) -> str:
        answer = json.loads(answers(body))
        return json.dumps({**answer, "name": f"{given[0]} {len(server.requests)}"} if "name" in answer else answer)

    with OpenAIServer(chat) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url, concurrency=1))
        s.run()
        server.script(["refusal"])
        failed = [c for c, said in s.analyze().clusters.items() if said.status == "failed"]
        assert len(failed) == 1 and not s.names[failed[0]].startswith("first")
        s.analyze()  # what failed is asked for again
        assert s.names[failed[0]].startswith("first")
        given[0] = "second"
        s.analyze(again=failed)
        assert [c for c, name in s.names.items() if name.startswith("second")] == failed
        s.set_prompts(system="Otherwise. {task}")
        s.analyze()
        assert all(name.startswith("second") for name in s.names.values())
        given[0] = "third"
        s.drop([0])
        s.run()
        s.analyze()
        assert all(name.startswith("second") for name in s.names.values())


def test_what_a_person_called_a_cluster_names_no_other(tmp_path: Path) -> None:
    def refunds(body: dict[str, Any]) -> str:
        whole = "clustering as a whole" in body["messages"][0]["content"]
        return json.dumps({**OVERVIEW, "merge": []} if whole else {**ANSWER, "name": "Refunds", "trim": []})

    with OpenAIServer(refunds) as server:
        s = session(tmp_path / "a", OpenAIAnalyst(base_url=server.base_url))
        s.run()
        s.rename(0, "refunds")
        said = s.analyze()
        assert s.names[0] == "refunds" and len({name.casefold() for name in s.names.values()}) == 3
        assert "refunds" not in {said.clusters[cluster].name.casefold() for cluster in (1, 2)}
        asked = len(server.requests)
        assert s.judging_estimate().calls == 0
        s.analyze()
    assert len(server.requests) == asked, "and none is asked about again for that"


def test_a_name_that_a_person_takes_from_another_cluster_is_theirs(tmp_path: Path) -> None:
    s = session(tmp_path / "a")
    s.run()
    s.analyze()
    before = s.names
    s.rename(0, before[1].upper())
    assert s.names == {0: before[1].upper(), 1: s.names[1], 2: before[2]} and s.names[1].casefold() != before[1].casefold()
    report = s.analyze()
    assert s.names[0] == before[1].upper() and report.clusters[1].name.casefold() != before[1].casefold()
    s.undo()
    assert s.names[0] == before[0]
