"""The analyst in a real JupyterLab, against a real server on this machine that speaks the OpenAI protocol."""

from __future__ import annotations

import json
import re
import time

import blobs
import pytest
from openai_server import OpenAIServer
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WHOLE = {
    "more_or_fewer": "same", "suggested": None, "reason": "The number fits.", "merge": [], "split": [], "imbalance": "Even.",
    "next": "Go on.",
}  # fmt: skip
SELECTION = {"what": "Rows about <b>quokkas</b>.", "belongs": "no", "reasons": ["another animal"]}


def chat(body):
    """A model by rules: named by the group's word, two rows of each to trim."""
    system, user = (message["content"] for message in body["messages"][:2])
    if "as a whole" in system:
        return json.dumps(WHOLE)
    if "selected these texts" in system:
        return json.dumps(SELECTION)
    name = max(blobs.GROUPS, key=user.count)
    return json.dumps(
        {"name": f"all about {name}", "summary": f"Rows of {name}.", "verdict": "trim", "reasons": ["two are odd"], "quality": 0.5,
         "confidence": 0.9, "trim": [1, 2]}
    )  # fmt: skip


def cell(server, remote=False):
    """A widget whose analyst is the server; ``remote``: as if it stood elsewhere."""
    far = 'import_module("elute.analyze.openai")._LOOPBACK = set()\nos.environ["OPENAI_API_KEY"] = "k"' if remote else ""
    return f"""import json, os, tempfile, blobs, elute
from importlib import import_module
os.environ["ELUTE_HOME"] = tempfile.mkdtemp(dir=".")
{far}
df, vectors = blobs.table()
analyst = elute.OpenAIAnalyst("small", base_url="{server.base_url}", price=(1, 2), concurrency=2)
w = elute.Widget(df, text="text", embedder=vectors, clusterer=elute.KMeans(4), projector="pca", analyst=analyst)
w"""


KEPT = "print(json.dumps(df[w.keep].index.tolist()))"


@pytest.fixture
def server():
    with OpenAIServer(chat=chat) as server:
        yield server


def judged(view):
    """Wait until every cluster was judged by the model, and the whole."""
    expect(view["cluster-row"].filter(has_text="all about")).to_have_count(4, timeout=20_000)
    whole = "(root) => root.__elute.store.state.session?.overview"
    view.page.wait_for_function(whole, arg=view.root.element_handle(), timeout=20_000)
    return view.wait()


def until(view, true, seconds=30):
    """Wait for what no element says."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        view.page.wait_for_timeout(100)


def calls(view):
    """How many calls the panel tells."""
    return int(re.search(r"([\d,]+) calls? so far", view["audit"].inner_text())[1])


def test_words_are_checked_told_and_taken_back(opened, server):
    notebook = opened(cell(server), KEPT)
    notebook.run(0)
    view = judged(notebook.view())
    asked = len(server.requests)
    view.press("tab-review")
    expect(view["analyst-line"]).to_contain_text("small (127.0.0.1)")
    expect(view["analyst-line"]).to_contain_text("USD so far")
    view.press("open-analyst")
    expect(view["analyst-where"]).to_contain_text("on this machine")
    expect(view["prompt-messages"]).to_contain_text("<data-", timeout=20_000)

    view["prompt-user"].fill("Judge blindly.")
    expect(view["prompt-user-wrong"]).to_contain_text("{examples}")
    expect(view["prompts-save"]).to_be_disabled()
    view["prompt-user"].fill("Strictly: {examples}")
    view["prompt-task"].fill("questions of a zoo")
    expect(view["prompt-messages"]).to_contain_text("Strictly: <data-", timeout=20_000)
    assert len(server.requests) == asked, "reading a prompt sends nothing"
    view.press("prompts-save")
    expect(view["foot-status"]).to_contain_text("told this from now on", timeout=20_000)
    # judging may be put off for what the person waits for, and a call that was cut off is asked again
    until(
        view, lambda: sum(body["messages"][1]["content"].startswith("Strictly: <data-") for body in server.requests[asked:]) >= 4
    )
    until(view, lambda: calls(view) >= 2 * asked)
    view.wait()
    assert all("questions of a zoo" in body["messages"][0]["content"] for body in server.requests[asked:])
    told = calls(view)
    strict = [
        body["messages"][1]["content"]
        for body in server.requests[asked:]
        if body["messages"][1]["content"].startswith("Strictly:")
    ]
    assert {max(blobs.GROUPS, key=said.count) for said in strict} == set(blobs.GROUPS), (
        "each cluster is asked about in the new words"
    )

    with view.page.expect_download() as saved:
        view.press("audit-export")
    lines = saved.value.path().read_text().splitlines()
    assert len(lines) == told and json.loads(lines[-1])["answer"]
    view.page.keyboard.press("Escape")
    view.press("toolbar-undo")
    view.wait()
    view.press("tab-review")
    view.press("open-analyst")
    expect(view["prompt-task"]).to_have_value("")
    assert notebook.read(1) == blobs.index(list(range(120))), "no row went"
    assert notebook.errors == []


def test_nothing_is_sent_before_the_person_agreed(opened, server):
    notebook = opened(cell(server, remote=True), KEPT, alone=True)
    notebook.run(0)
    view = notebook.view()
    expect(view["consent"]).to_contain_text("Send texts to small (127.0.0.1)?", timeout=20_000)
    view.press("consent-prompts")
    expect(view["prompt-messages"]).to_contain_text("number", timeout=20_000)
    expect(view["analyst-where"]).to_contain_text("Nothing is sent until you agree")
    view.page.keyboard.press("Escape")
    # the question lies over the map: a cluster is picked
    view.root.evaluate("(root) => root.__elute.store.selection.pick([0], 'new')")
    view.wait(selected=30)
    view.page.wait_for_timeout(1200)
    assert server.requests == []
    # what is selected would be asked about too, and might take the refusal
    view.root.evaluate("(root) => root.__elute.store.selection.clear()")
    view.wait(selected=0)
    server.script(["refusal"])
    view.press("consent-yes")
    expect(view["consent"]).to_have_count(0)
    view.press("tab-review")
    expect(view["analyst-retry"]).to_have_text("Retry 1 failed", timeout=20_000)
    view.wait()
    view.press("analyst-retry")
    expect(view["analyst-retry"]).to_have_count(0, timeout=20_000)
    view.press("tab-clusters")
    judged(view)
    assert notebook.read(1) == blobs.index(list(range(120)))
    assert notebook.errors == []


def test_a_selection_is_explained_and_rows_to_trim_are_lit(opened, server):
    notebook = opened(cell(server), KEPT)
    notebook.run(0)
    view = judged(notebook.view())
    view.lasso(blobs.rows(0))
    expect(view["tray-explanation"]).to_contain_text("Rows about <b>quokkas</b>.", timeout=20_000)
    expect(view["tray-explanation"]).to_contain_text("does not belong")
    view.press("tray-clear")
    view.press("tab-review")
    view["trim-light"].first.click()
    view.wait(selected=2)
    assert notebook.read(1) == blobs.index(list(range(120))), "lit, not dropped"
    assert notebook.errors == []


def test_cancel_leaves_what_came_and_retry_goes_on(opened, server):
    notebook = opened(cell(server))
    server.script(["ok", "ok", "hang", "hang"])
    notebook.run(0)
    view = notebook.view(drawn=False)
    expect(view.root).to_have_attribute("data-ready", "true", timeout=20_000)
    expect(view["cluster-row"].filter(has_text="all about")).to_have_count(2, timeout=20_000)
    began = time.monotonic()
    view.press("foot-cancel")
    expect(view.root).to_have_attribute("data-busy", "false", timeout=5000)
    assert time.monotonic() - began < 5
    expect(view["cluster-row"].filter(has_text="all about")).to_have_count(2)
    assert notebook.errors == []
