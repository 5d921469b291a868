"""Voila: no cell to run and none to read; what the page decides, the kernel has, and the journal keeps it for the next visit."""

from __future__ import annotations

import json
import time

import blobs
import nbformat
import pytest
from extras import kept
from hosting import served
from view import View

pytestmark = [pytest.mark.browser]

PACKAGES = ("voila==0.5.13", "websockets==17.4")
VOILA = "from voila.app import main; main()"
CELL = """import json, os
import blobs, elute
df, vectors = blobs.table()
w = elute.Widget(df, text="text", label="label", embedder=vectors, clusterer=elute.KMeans(4), projector="pca")
def tell(change):
    with open("told.part", "w") as file:
        json.dump([df[w.selected].index.tolist(), df[w.keep].index.tolist()], file)
    os.replace("told.part", "told.json")
w.observe(tell, "counts")
w"""


def test_a_lasso_in_voila(context, tmp_path):
    package = kept(*PACKAGES)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(book, tmp_path / "book.ipynb")

    def told(selected, keep):
        """Wait until the kernel has written so: the page may show a selection before the kernel has told of its first."""
        path, wanted, found = tmp_path / "told.json", [blobs.index(selected), blobs.index(keep)], None
        end = time.monotonic() + 10
        while found != wanted and time.monotonic() < end:
            found = json.loads(path.read_text()) if path.exists() else None
            time.sleep(0.05)
        assert found == wanted

    command = ["-c", VOILA, "book.ipynb", "--no-browser", "--port={port}"]
    share = {"JUPYTER_PATH": str(package / "share" / "jupyter"), "JUPYTER_CONFIG_PATH": str(package / "etc" / "jupyter")}
    with served(tmp_path, package, command, **share) as url:
        page = context.new_page()
        try:
            page.goto(url)
            view = View(page, page.locator(".elute").first).wait(timeout=60, round=1, kept=120)
            view.lasso(blobs.rows(1))
            view.wait(selected=30)
            told(blobs.rows(1), blobs.without())
            page.keyboard.press("x")
            view.wait(kept=90, selected=0)
            told([], blobs.without(1))

            page.reload()  # a new kernel: Voila keeps none
            View(page, page.locator(".elute").first).wait(timeout=60, kept=90)
        finally:
            page.close()
