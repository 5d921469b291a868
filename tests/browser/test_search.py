"""Search by words, by pattern and by meaning: hits light up, and are selected when asked; the mask is in Python."""

from __future__ import annotations

import blobs
import cells
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TFIDF = f"""{cells.TABLE}
w = elute.Widget(df, text="text", label="label", embedder="tfidf", clusterer=elute.KMeans(4), projector="pca")
w"""


def find(view, query):
    view["search"].click()
    view["search"].fill(query)
    view.page.keyboard.press("Enter")


def test_words_and_patterns(fresh):
    notebook, view = fresh
    find(view, "QUOKKA")
    expect(view["search-says"]).to_contain_text("30 rows hold")
    assert notebook.read(1) == []
    view.press("search-select")
    view.wait(selected=30)
    assert notebook.read(1) == blobs.index(blobs.rows(0))

    view["search"].click()
    view.press("search-regex")
    find(view, r"number [0-9]$")
    expect(view["search-says"]).to_contain_text("10 rows match")
    view["search-select"].click(modifiers=["Shift"])
    wanted = sorted({*blobs.rows(0), *range(10)})
    view.wait(selected=len(wanted))
    assert notebook.read(1) == blobs.index(wanted)

    find(view, "(")
    expect(view["search-error"]).to_contain_text("not a regular expression")
    find(view, "nowhere at all")
    expect(view["search-says"]).to_contain_text("No row")
    assert view.told("selected") == len(wanted)
    assert notebook.errors == []


def test_vectors_that_came_with_the_table_know_no_meaning_of_a_query(fresh):
    _, view = fresh
    view["search"].click()
    view.press("search-meaning")
    find(view, "quokka")
    expect(view["search-error"]).to_contain_text("Search by text")


def test_meaning_and_the_list_of_hits(opened):
    notebook = opened(TFIDF, cells.SELECTED)
    notebook.run(0)
    view = notebook.view()
    view["search"].click()
    view.press("search-meaning")
    find(view, "a bramble")
    expect(view["search-says"]).to_contain_text("100 rows nearest in meaning")
    view.press("search-list")
    expect(view["points-total"]).to_contain_text("100 rows")
    view.press("search-more")
    expect(view["search-says"]).to_contain_text("120 rows")
    view["search"].click()
    view.page.keyboard.press("Enter")
    view.wait(selected=120)
    assert len(notebook.read(1)) == 120
    assert notebook.errors == []
