"""Nothing leaves the machine unasked, and a key stays in its environment variable: a spy in place of every socket, and a canary."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from openai_server import Behaviour, OpenAIServer
from test_analyze_audit import TEXTS, by_rules
from torture import only_full, times, torture

from elute import KMeans, OpenAIEmbedder, Session
from elute.analyze import OpenAIAnalyst
from elute.errors import EluteError, SettingsError

ROOT = Path(__file__).parent.parent
CANARY = "zq-canary-91f0c2-do-not-tell"
"""No provider's form of a key: nothing may know it by its looks."""

SPY = """
import os, socket, sys, warnings
tried = []
def refuse(name):
    def spy(*how, **more):
        tried.append((name, repr(how)[:200]))
        raise OSError("no network here")
    return spy
for name in ("connect", "connect_ex", "sendto", "sendmsg"):
    setattr(socket.socket, name, refuse(name))
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection", "getnameinfo"):
    setattr(socket, name, refuse(name))
for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK", "DISABLE_TELEMETRY"):
    os.environ.pop(name, None)
{before}
import elute
texts = ["my card was declined %d" % (i % 9) for i in range(30)] + ["a cat slept all day %d" % (i % 9) for i in range(30)]
s = elute.Session(texts, embedder={embedder!r}, clusterer=elute.KMeans(2), projector={projector!r})
s.run(); s.analyze(); s.explain([0, 1]); s.suggestions; s.drop([0]); s.run()
s.report().html; s.whole_report().html; s.card(); s.manifest(); s.code(); s.figure(2).to_html(include_plotlyjs=False)
w = elute.Widget(s); w.wait(60); w.close(); elute.forget(s, sure=True)
import elute.session.warm
loaded = sorted(name for name in sys.modules if name in ("huggingface_hub", "torch", "openai", "sentence_transformers"))
hub = sys.modules.get("huggingface_hub.constants")
print(); print(tried); print(loaded); print(None if hub is None else hub.HF_HUB_DISABLE_TELEMETRY)
"""


def spied(embedder: str, projector: str = "pca", before: str = "") -> list[str]:
    """What a whole session tried to reach, what it loaded, and whether the hub's telemetry is off."""
    script = SPY.format(embedder=embedder, projector=projector, before=before)
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=170, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.splitlines()[-3:]


@torture
@only_full
def test_nothing_leaves_in_a_whole_session() -> None:
    assert spied("tfidf") == ["[]", "[]", "None"]


@torture
@only_full
@pytest.mark.parametrize("before", ["", "import huggingface_hub"], ids=["alone", "after a cell that imported the hub"])
def test_nothing_leaves_with_sentence_bert(before: str) -> None:
    pytest.importorskip("sentence_transformers")
    tried, loaded, off = spied("sbert", "umap", before)
    assert tried == "[]" and "huggingface_hub" in loaded and off == "True"


@torture
def test_telemetry_is_off_before_and_after_the_hub_is_imported_and_a_person_may_have_it() -> None:
    """The hub reads its environment once, at its import."""
    told = "{}; from elute.embed.tokens import keep_quiet; keep_quiet(); from huggingface_hub import constants as c; print(c.{})"
    names = ("HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK", "DISABLE_TELEMETRY")
    clean = {name: value for name, value in os.environ.items() if name not in names}
    cases: list[tuple[str, dict[str, str], bool]] = [
        ("import huggingface_hub.constants", {}, True),
        ("pass", {}, True),
        ("pass", {"HF_HUB_DISABLE_TELEMETRY": "0"}, False),
    ]
    for first, more, off in cases[: times(1, 3)]:
        line = [sys.executable, "-c", told.format(first, names[0])]
        ran = subprocess.run(line, capture_output=True, text=True, env={**clean, **more}, check=True)
        assert ran.stdout.strip() == str(off)


def test_looking_for_a_model_is_quiet_before_it_imports_the_hub() -> None:
    code = (ROOT / "src/elute/embed/sentence_bert.py").read_text(encoding="utf-8")
    assert 0 < code.index("keep_quiet()") < code.index("from huggingface_hub import")
    for path in (ROOT / "src" / "elute").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not re.match(r"(from|import) (huggingface_hub|transformers|sentence_transformers|openai|torch)\b", line), path


def test_the_page_asks_for_nothing_but_the_kernel() -> None:
    """No address, no fetch and, but for the tour's one word, no store of the browser in what the page is made of."""
    told = {path: path.read_text(encoding="utf-8") for path in (ROOT / "js" / "src").rglob("*.ts")}
    styles = [path.read_text(encoding="utf-8") for path in (ROOT / "js" / "src").rglob("*.css")]
    assert told
    for path, code in told.items():
        plain = re.sub(r"//[^\n]*|/\*.*?\*/", "", code, flags=re.DOTALL)
        found = re.findall(
            r"(?:window|globalThis|self)\.fetch\b|(?<![\w.#])fetch\([^)]*\)(?!\s*[:{])|new Function\b|"
            r"\b(?:XMLHttpRequest|WebSocket|EventSource|sendBeacon|localStorage|sessionStorage|indexedDB|importScripts|cookie|eval|"
            r"innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|unsafeStatic|document\.write|createContextualFragment)\b",
            plain,
        )
        # the tour remembers that it was seen, and nothing else: one word under one name
        allowed = ["localStorage"] * 2 if path.parent.name == "src" and path.name == "tour.ts" else []
        assert found == allowed, path
        assert set(re.findall(r"https?:[^\s\"'`]+", code)) <= {"http://www.w3.org/2000/svg"}, path
    assert not any(re.search(r"@import (?!\"\./)|url\((?!\s*['\"]?data:)", style) for style in styles)


# -- the key -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_OWN_KEY", CANARY)


def told_by(error: BaseException) -> str:
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


@pytest.mark.parametrize("kind", ["ok", "401", "404", "500", "garbage", "truncated", "drop", "wrong_count", "nan"])
def test_the_key_of_an_embedder_is_in_its_header_alone(kind: str, key: None, tmp_path: Path, caplog: Any, capsys: Any) -> None:
    caplog.set_level(logging.DEBUG)
    with OpenAIServer() as server:
        server.default = Behaviour(kind)
        embedder = OpenAIEmbedder(base_url=server.base_url, key_env="MY_OWN_KEY", max_retries=0)
        s = Session(TEXTS, embedder=embedder, clusterer=KMeans(3), projector="pca", path=tmp_path / "s")
        problem = ""
        try:
            s.run()
            s.drop([0])
        except EluteError as error:
            problem = told_by(error)
        assert (problem == "") == (kind == "ok")
        assert server.headers[0]["authorization"] == f"Bearer {CANARY}"
    assert in_files(tmp_path) == []
    said = capsys.readouterr()
    everything = [repr(s), repr(embedder), repr(vars(embedder)), embedder.name, str(embedder.key()), problem, said.out, said.err]
    everything += [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
    assert [text[:80] for text in everything if CANARY in text] == []
    assert not any(text in record.getMessage() for record in caplog.records for text in TEXTS)


def in_files(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_the_key_is_in_nothing_that_is_written_or_shown(key: None, tmp_path: Path, caplog: Any, open_page: Any) -> None:
    """A server that repeats the key wherever it can: report, exports, tables, page, journal, archive."""
    caplog.set_level(logging.DEBUG)

    def echo(body: dict[str, Any]) -> str:
        asked = body["messages"][0]["content"]
        if "rows" in body["messages"][0]["content"] and '"rows"' in json.dumps(body):
            return json.dumps({"rows": [{"id": n, "verdict": "drop", "quality": 0.1, "reason": CANARY} for n in range(1, 31)]})
        if "report" in asked.lower():
            return json.dumps({"sections": [{"title": CANARY, "lines": [CANARY]}], "summary": CANARY, "lines": [CANARY]})
        return by_rules(name=f"x {CANARY}", summary=f"Bearer {CANARY}", reasons=[CANARY], next=CANARY)(body)

    with OpenAIServer(echo) as server:
        analyst = OpenAIAnalyst(base_url=server.base_url, key_env="MY_OWN_KEY", concurrency=1)
        s = Session(TEXTS, embedder="tfidf", clusterer=KMeans(3), projector="pca", path=tmp_path / "s", analyst=analyst)
        s.run()
        s.set_prompts(task="questions to a bank")
        s.analyze()
        s.explain([0, 1])
        s.judge_rows(range(6), "questions to a bank")
        report = s.report()
        page = open_page(s)
        for name in ("clusters", "history", "settings", "prompts", "calls", "suggestions", "session"):
            page.reply(name)
        server.default = Behaviour("401")
        problem = ""
        try:
            s.explain([2, 3])
        except EluteError as error:
            problem = told_by(error)
        assert problem and server.headers[-1]["authorization"] == f"Bearer {CANARY}"
    report.save(tmp_path / "report.html")
    report.save(tmp_path / "report.md")
    s.export_audit(tmp_path / "calls.jsonl")
    s.figure(2).write_html(tmp_path / "figure.html", include_plotlyjs=False)
    s.table()
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file()} >= {".html", ".md", ".jsonl", ".npz", ".json"}
    assert in_files(tmp_path) == []
    everything = [problem, repr(s), repr(s.analysis), repr(analyst), repr(vars(analyst)), repr(s.clean()), repr(s.table())]
    everything += [repr(s.audit().to_dict()), repr(s.names), repr(s.suggestions)]
    everything += [
        repr(page.sent),
        repr(page.statuses),
        repr(page.widget),
        repr(s.journal.records),
        repr(report),
        repr(s.prompts),
    ]
    everything += [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
    assert [text[:80] for text in everything if CANARY in text] == []


NOTEBOOK = """
import elute
from elute import KMeans, OpenAIAnalyst, OpenAIEmbedder
w = elute.Widget({texts!r}, embedder=OpenAIEmbedder(base_url={url!r}, key_env="MY_OWN_KEY"), clusterer=KMeans(3), projector="pca",
    analyst=OpenAIAnalyst(base_url={url!r}, key_env="MY_OWN_KEY"))
w.session.run()
w.session.analyze()
w
"""


@torture
@only_full
def test_the_key_is_not_in_a_notebook(key: None, tmp_path: Path) -> None:
    """Cells run and widget state saved, as ``jupyter nbconvert --execute`` does it."""
    import nbformat
    from nbclient import NotebookClient

    with OpenAIServer(by_rules(name=f"x {CANARY}")) as server:
        cells = [NOTEBOOK.format(texts=TEXTS, url=server.base_url), "w.session", "w.session.analyst", "w.session.audit()"]
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(book, timeout=120, store_widget_state=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    saved = nbformat.writes(book)
    assert "application/vnd.jupyter.widget-state+json" in saved and len(server.requests) > 3
    assert CANARY not in saved
    state = json.dumps(book.metadata["widgets"])
    assert not any(text in state for text in TEXTS)


@pytest.mark.parametrize("typed", ["sk-proj-typed-here-1", "sk_typed-here", "gsk typed-here", "a" * 65, "", "A=typed-here"])
def test_a_key_typed_where_a_name_belongs_is_not_repeated(typed: str) -> None:
    """The mistake that is made: the key itself for ``key_env=``. It would stand in the repr, in errors and in the journal."""
    for cls in (OpenAIEmbedder, OpenAIAnalyst):
        with pytest.raises(SettingsError, match="put that into the environment") as refused:
            cls(key_env=typed)
        assert "typed-here" not in str(refused.value)
