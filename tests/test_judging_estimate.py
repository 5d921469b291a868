"""What judging would take: only what would be sent is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai_server import OpenAIServer
from pages import Page
from test_analyze_audit import by_rules, session

from elute.analyze import OpenAIAnalyst


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ELUTE_HOME", str(tmp_path / "home"))
    return tmp_path


def test_clusters_that_were_judged_are_not_counted(home: Path) -> None:
    with OpenAIServer(by_rules()) as server:
        s = session(home, OpenAIAnalyst(base_url=server.base_url, concurrency=1))
        s.run()
        first = s.judging_estimate()
        assert first.calls == 4 == 1 + len(s.unjudged(s.views()))
        server.script(["ok", "refusal"])
        s.analyze()
        sent = len(server.requests)
        part = s.judging_estimate()
        assert part.calls == 2 and 0 < part.tokens < first.tokens, "the one that failed, and the whole"
        s.analyze()
        assert len(server.requests) == sent + part.calls
        assert s.judging_estimate().calls == 0 and s.judging_estimate().tokens == 0
        words = replace(s.prompts, task="questions to a bank", changed=("task",))
        assert s.judging_estimate(words=words).calls == 4, "by other words all would be asked again"
        s.analyze()
        assert len(server.requests) == sent + 2


def test_the_offline_analyst_takes_nothing(home: Path) -> None:
    s = session(home)
    s.run()
    assert s.judging_estimate().calls == 0 and s.judging_estimate().cost == 0


def test_the_panel_counts_what_would_be_sent_by_the_words_that_stand_there(open_page: Callable[..., Page]) -> None:
    with OpenAIServer(by_rules()) as server:
        page = open_page(analyst=OpenAIAnalyst(base_url=server.base_url))
        page.ask("hello", b"1234", protocol=1)
        page.wait()
        standard = page.ask("prompts")[0]["standard"]

        def calls(**given: Any) -> int:
            page.ask("prompt", cluster=0, **given)
            page.wait()
            return int(page.ask("prompted")[0]["prompt"]["calls"])

        assert calls() == 0 and calls(**standard) == 0
        assert calls(task="what cats say") == 4 and calls(system="Be brief.") == 4
