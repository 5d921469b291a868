"""Advice that is accepted and rows that are judged, in a real JupyterLab, against a server that speaks the OpenAI protocol."""

from __future__ import annotations

import json
import re

import blobs
import pytest
import test_analyst
from conftest import WIDE
from openai_server import OpenAIServer
from playwright.sync_api import expect
from test_analyst import KEPT, SELECTION, WHOLE, cell, judged

pytestmark = pytest.mark.browser

NUMBERED = re.compile(r"^(\d+)\. (\S+ number (\d+))$", re.M)


def chat(body):
    """Fewer clusters would do; of rows, every eighth of the table is bad, and the fourth after it is good."""
    system, user = (message["content"] for message in body["messages"][:2])
    if "as a whole" in system:
        return json.dumps({**WHOLE, "more_or_fewer": "fewer", "suggested": 2, "reason": "Two would do."})
    if "texts to judge" in user:
        return json.dumps({"rows": [told(int(number), int(row)) for number, _, row in NUMBERED.findall(user)]})
    if "selected these texts" in system:
        return json.dumps({**SELECTION, "what": "A long answer. " * 12})
    return test_analyst.chat(body)


def told(number, row):
    bad = row % 8 == 0
    return {"text": number, "verdict": "drop" if bad else "keep", "quality": 0.1 if bad else 0.9, "reason": "<b>odd</b>"}


@pytest.fixture
def server():
    with OpenAIServer(chat=chat) as server:
        yield server


def test_advice_is_accepted_and_rows_are_judged_and_only_the_person_removes(opened, server):
    notebook = opened(cell(server), KEPT)
    notebook.run(0)
    view = judged(notebook.view())
    advice_is_accepted(view)
    assert notebook.read(1) == blobs.index(list(range(120))), "advice on the number of clusters removes nothing"
    rows_are_judged(view)
    an_answer_is_one_line_and_the_map_is_seen(view)
    assert notebook.read(1) == blobs.index(list(range(120))), "a verdict removes nothing"
    assert notebook.errors == []


def advice_is_accepted(view):
    view.press("tab-review")
    view.press("advice-open")
    number = view["advice-line"].filter(has_text="2 clusters")
    expect(number).to_have_count(1, timeout=20_000)
    for tick in view["advice-tick"].all():
        tick.set_checked(False)
    number.locator('[data-test="advice-tick"]').check()
    expect(view["advice-sum"]).to_contain_text("The next round would look for 2 clusters", timeout=20_000)
    view.press("advice-accept")
    view.wait(round=2, kept=120)
    expect(view["effects"]).to_contain_text("Accepted as advised", timeout=20_000)
    expect(view["effects"]).to_contain_text("Round 1 to 2", timeout=20_000)
    expect(view["effects"].locator("[data-figure]").first).to_be_visible()
    view.press("toolbar-undo")
    view.wait(kept=120)
    expect(view["effects"]).to_have_count(0, timeout=20_000)


def rows_are_judged(view):
    # the first group, wherever the map shows it; what it is, is asked below and not by itself
    view.root.evaluate("({ __elute: { store } }) => { store.analysing.wonders = false }")
    view.root.evaluate("({ __elute: { store } }) => store.selection.pick([store.state.shown[0]], 'new')")
    view.wait(selected=30)
    view.press("tray-judge")
    view["tray-criterion"].fill("<b>quokkas</b> that are not odd")
    view.press("tray-judge-confirm")
    expect(view["judge-result"]).to_contain_text("30 rows judged", timeout=20_000)
    expect(view["judge-result"]).to_contain_text("<b>quokkas</b> that are not odd")
    view.press("tray-explain")
    expect(view["tray-explanation"]).to_contain_text("A long answer.", timeout=20_000)
    view.wait()


def an_answer_is_one_line_and_the_map_is_seen(view):
    page = view.page
    wide = view.root.bounding_box()["width"]
    the_tray_is_low(view, 0.35)
    page.set_viewport_size({"width": round(WIDE["width"] - wide + 600), "height": 1000})
    page.wait_for_function("(root) => Math.abs(root.clientWidth - 600) <= 2", arg=view.root.element_handle())
    the_tray_is_low(view, 0.5)
    page.set_viewport_size(WIDE)
    page.wait_for_function("(root) => root.clientWidth > 700", arg=view.root.element_handle())


def the_tray_is_low(view, share):
    for name in ("tray-explanation", "judge"):
        whole = view[name if name != "judge" else "judge-result"]
        low = whole.bounding_box()["height"]
        assert low < 45, f"{name} is {low} px high"
        view.press(f"{name}-more")
        assert whole.bounding_box()["height"] > low
        view.press(f"{name}-more")
    ground, tray = view.map.bounding_box(), view["tray"].bounding_box()
    assert tray["height"] < share * ground["height"], f"the tray covers {tray['height']} of {ground['height']} px"
