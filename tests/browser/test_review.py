"""The Review tab in a real JupyterLab: ten looks by the keyboard alone, and what is safe accepted and taken back."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

GROUPS = 14
SIZE = 12
# the last copies say what the first rows say
MANY = f"""import json, os, tempfile, numpy as np, pandas as pd, elute
os.environ["ELUTE_HOME"] = tempfile.mkdtemp(dir=".")
rng = np.random.default_rng(0)
group = np.arange({GROUPS * SIZE}) % {GROUPS}
vectors = 0.04 * rng.standard_normal((len(group), 24))
vectors[np.arange(len(group)), group] += 1
texts = [f"topic {{g}} has row {{i}}" for i, g in enumerate(group)]
copies = [0, 1, 2]
df = pd.DataFrame({{"text": texts + [texts[i] for i in copies]}})
vectors = np.concatenate([vectors, vectors[copies]])
w = elute.Widget(df, text="text", embedder=vectors, clusterer=elute.Communities("coarse"), projector="pca")
# which clusters are worth a look is not what is tried here: all are, in every round
import sys
L, S = sys.modules["elute.suggest.looks"], sys.modules["elute.suggest.suggest"]
def every(ground):
    dropped, kept = L.decided(ground.state.in_force)
    return L.Looks(tuple(L._order(ground, L.TEN, 0.0)), dropped + kept, dropped, kept, "")
plain, S.looks = S.looks, every
w"""
PLAIN = "S.looks = plain"
KEPT = "print(json.dumps(np.flatnonzero(w.keep).tolist()))"
GROUP = "print(json.dumps([*map(int, group), *(int(group[i]) for i in copies)]))"
HISTORY = "print(json.dumps(w.session.history[['kind', 'source', 'undone']].values.tolist()))"


@pytest.fixture
def many(again):
    """A widget of fourteen groups in a cell, its Review tab open."""
    notebook = again(MANY, KEPT, GROUP, HISTORY, PLAIN)
    notebook.run(0)
    notebook.errors.clear()
    view = notebook.view().wait(round=1)
    view.press("tab-review")
    yield notebook, view
    notebook.run(4)


def key(view, name):
    """Press a key once the texts can be read and it is known what would go, as a person would."""
    expect(view["look-text"].first).to_be_visible(timeout=20_000)
    if name == "x":
        expect(view["look-drop"]).to_be_enabled(timeout=20_000)
    before = view["look-progress"].inner_text()
    view.page.keyboard.press(name)
    expect(view["look-progress"]).not_to_have_text(before, timeout=20_000)


def test_ten_looks_by_the_keyboard_alone(many):
    notebook, view = many
    expect(view["look"]).to_be_visible(timeout=20_000)
    seen, began = [], time.monotonic()
    for at in range(10):
        expect(view["look-progress"]).to_contain_text(f"{at + 1} of 10", timeout=20_000)
        expect(view["look-text"].first).to_be_visible(timeout=20_000)
        seen.append(int(re.search(r"topic (\d+)", view["look-text"].first.inner_text())[1]))
        key(view, "x" if at % 3 == 0 else "Enter")
    took = time.monotonic() - began
    expect(view["look-rest"]).to_contain_text("10 looks done: 4 dropped, 6 kept.")
    assert len(set(seen)) == 10, "no cluster is shown twice, however rounds run and orders change meanwhile"
    assert took < 60

    view.wait(kept=GROUPS * SIZE + 3 - view_dropped(notebook, seen))
    groups, dropped = notebook.read(2), set(seen[::3])
    assert notebook.read(1) == [row for row, group in enumerate(groups) if group not in dropped]
    told = [kind for kind, source, _ in notebook.read(3) if source == "look"]
    assert sorted(told) == ["drop"] * 4 + ["keep"] * 6

    # one key takes the last one back, and it is there to be decided again
    view["review"].focus()
    view.page.keyboard.press("z")
    expect(view["look"]).to_be_visible(timeout=20_000)
    expect(view["look-progress"]).to_contain_text("10 of 10", timeout=20_000)
    assert [row for row, group in enumerate(groups) if group not in set(seen[:9:3])] == notebook.read(1)
    assert notebook.errors == []


def view_dropped(notebook, seen):
    """Rows of the groups that were dropped."""
    groups = notebook.read(2)
    return sum(group in set(seen[::3]) for group in groups)


def test_later_back_and_what_was_dropped_brought_back(many):
    _, view = many
    expect(view["look-text"].first).to_be_visible(timeout=20_000)
    first = view["look"].get_attribute("data-cluster")
    key(view, "x")
    key(view, "ArrowLeft")
    expect(view["look"]).to_have_attribute("data-cluster", first)
    expect(view["look-restore"]).to_be_visible()
    view.press("look-restore")
    view.wait(kept=GROUPS * SIZE + 3)
    expect(view["look-drop"]).to_be_visible()
    view.page.keyboard.press("ArrowRight")
    expect(view["look"]).not_to_have_attribute("data-cluster", first)


def test_the_look_lights_its_cluster_and_selects_nothing(many):
    _, view = many
    expect(view["look-text"].first).to_be_visible(timeout=20_000)
    assert view.told("selected") == 0
    lit = view.root.evaluate("(root) => root.__elute.store.state.look.rows.count()")
    assert lit >= SIZE
    view.press("look-choose")
    view.wait(selected=lit)
    expect(view["tray"]).to_be_visible()


def test_what_is_safe_is_accepted_and_taken_back(many):
    notebook, view = many
    card = view.root.locator('[data-test="suggestion"][data-kind="copies"]')
    expect(card).to_be_visible(timeout=20_000)
    card.locator('[data-test="suggestion-look"]').click()
    view.wait(selected=3)
    expect(card).to_contain_text("stays")
    card.locator('[data-test="suggestion-accept"]').click()
    view.wait(kept=GROUPS * SIZE, selected=0)
    assert notebook.read(1) == list(range(GROUPS * SIZE))
    expect(card).to_have_count(0, timeout=20_000)
    view.press("toolbar-undo")
    view.wait(kept=GROUPS * SIZE + 3)
    expect(card).to_be_visible(timeout=20_000)
    assert notebook.errors == []


def test_keys_mean_nothing_to_jupyterlab_while_one_looks(many):
    notebook, view = many
    before = notebook.whole()
    expect(view["look-text"].first).to_be_visible(timeout=20_000)
    for name in ("x", "Enter", "ArrowLeft", "ArrowRight", "z"):
        view.page.keyboard.press(name)
    assert notebook.whole() == before
