"""Settings of the next round, rounds by hand, and the host's theme."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_another_clusterer_makes_another_round(fresh):
    _, view = fresh
    expect(view["foot-indices"]).to_contain_text("Davies-Bouldin")
    view.press("open-settings")
    view.root.locator("#el-clusterer-k").fill("0")
    expect(view["settings-apply"]).to_be_disabled()
    view.root.locator("#el-clusterer-k").fill("2")
    view.press("settings-apply")
    view.wait(round=2)
    expect(view["cluster-row"]).to_have_count(2)
    expect(view["foot-indices"]).to_contain_text("worse")

    view.press("open-settings")
    view["settings-clusterer"].select_option("dbscan")
    view.root.locator("#el-clusterer-eps").fill("0.05")
    view["settings-projector"].select_option("tsne")
    view.press("settings-apply")
    view.wait(round=3)
    expect(view["cluster-row"]).to_have_count(4)
    view.press("open-history")
    expect(view["popover-history"]).to_contain_text("Round 3")


def test_the_slider_shows_at_once_what_eps_would_do(opened):
    notebook = opened(cells.DBSCAN)
    notebook.run(0)
    view = notebook.view()
    view.press("open-settings")
    says = view["sweep-says"]
    expect(says).to_contain_text("noise")
    view["sweep-slider"].focus()
    view.page.keyboard.press("End")
    expect(says).to_have_text("1 cluster, 0 % noise")
    view.page.keyboard.press("Home")
    expect(says).not_to_have_text("1 cluster, 0 % noise")
    eps = view.root.locator("#el-clusterer-eps")
    eps.fill("0.05")
    expect(says).to_contain_text("4 clusters, 9 % noise")
    eps.fill("")
    expect(view["sweep"]).to_contain_text("automatic")
    view["sweep-slider"].focus()
    view.page.keyboard.press("End")
    view.press("settings-apply")
    view.wait(round=2)
    expect(view["cluster-row"]).to_have_count(1)
    assert notebook.errors == []


def test_another_embedder_makes_another_round(fresh):
    notebook, view = fresh
    view.press("open-settings")
    view["settings-embedder"].select_option("tfidf")
    expect(view["settings-cost"]).to_contain_text("120 texts are embedded again")
    view.press("settings-apply")
    view.wait(round=2, kept=120)
    view.press("open-settings")
    expect(view["settings-embedder"]).to_have_value("tfidf")
    view["settings-embedder"].select_option("own")
    view.press("settings-apply")
    view.wait(60, kept=120)
    view.press("open-settings")
    expect(view["settings-embedder"]).to_have_value("own")
    assert notebook.errors == []


def test_rounds_wait_where_they_shall(fresh):
    notebook, view = fresh
    view.press("open-settings")
    view["settings-automatic"].uncheck()
    expect(view["toolbar-run"]).to_be_visible()
    view.page.keyboard.press("Escape")
    expect(view["popover-settings"]).to_have_count(0)
    view.lasso(blobs.rows(0))
    view.press("tray-drop")
    view.wait(kept=90, round=1)
    assert notebook.read(2) == blobs.index(blobs.without(0))
    view.press("toolbar-run")
    view.wait(round=2, kept=90)


def test_dark_and_light_follow_the_host(fresh):
    notebook, view = fresh
    ground = "(root) => getComputedStyle(root.querySelector('.el-frame')).backgroundColor"
    darkness = f"(root) => ({ground})(root).match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) < 3 * 128"
    assert not view.root.evaluate(darkness)
    try:
        theme(notebook, "JupyterLab Dark")
        view.page.wait_for_function(darkness, arg=view.root.element_handle(), timeout=5000)
        view.lasso(blobs.rows(0))
        view.wait(selected=30)
    finally:
        theme(notebook, "JupyterLab Light")
    view.page.wait_for_function(f"(root) => !({darkness})(root)", arg=view.root.element_handle(), timeout=5000)


def theme(notebook, name):
    notebook.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
