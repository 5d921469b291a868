"""Cancel while a cell runs: at once on ipykernel 7, which answers beside its cells; on 6 when the cell ends, and the page says so."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import cells
import pytest
from extras import installed
from notebook import CELL, PANEL
from playwright.sync_api import expect
from torture import only_full, torture

pytestmark = pytest.mark.browser

GATED = f"import gate, ipykernel, sys, time\ngate.open()\n{cells.FRESH}"
# Notes when Cancel was heard and when nothing ran any more.
STANDS = """log = {}
cancel = w._rounds.cancel
def heard():
    log["heard"] = time.monotonic()
    return cancel()
w._rounds.cancel = heard
def told(change):
    if not change["new"]["busy"]:
        log.setdefault("idle", time.monotonic())
gate.shut()
w.session.configure(clusterer=elute.KMeans(3))
w.run()
while not w.status["busy"]:
    time.sleep(0.01)
w.observe(told, "status")"""
BLOCK = """print("it blocks", flush=True)
time.sleep(6)
log["ended"] = time.monotonic()"""
LOG = """time.sleep(0.5)
gate.open()
print(json.dumps({**log, "version": ipykernel.__version__}))"""
BUSY = (GATED, STANDS, BLOCK, LOG)


def cancelled(notebook, said=""):
    """Cancel a round behind a cell that blocks; what was noted. ``said``: what the page says meanwhile."""
    notebook.run(0)
    view = notebook.view().wait(round=1)
    notebook.run(1)
    expect(view.root).to_have_attribute("data-busy", "true")
    notebook.start(2)
    expect(notebook.page.locator(".jp-Cell").nth(2).locator(".jp-OutputArea")).to_contain_text("it blocks")
    view.press("foot-cancel")
    if said:
        expect(view["foot-status"]).to_contain_text(said, timeout=4000)
    expect(view.root).to_have_attribute("data-busy", "false", timeout=15_000)
    notebook.page.wait_for_function(f"(i) => ({CELL})(i).executionState === 'idle'", arg=2, timeout=20_000)
    assert view.told("round") == 1
    return notebook.read(3)


def test_cancel_is_heard_while_a_cell_blocks(again):
    log = cancelled(again(*BUSY))
    assert int(log["version"].split(".")[0]) >= 7
    assert log["heard"] < log["ended"] - 1, "it waited for the cell"
    assert log["idle"] - log["heard"] < 0.1


@torture
@only_full
def test_on_ipykernel_6_cancel_waits_for_the_cell_and_the_page_says_so(opened, lab, tmp_path):
    six = installed(tmp_path / "six", "ipykernel==6.31.0", "nest-asyncio==1.6.0")
    spec = lab.work.parent / "data" / "kernels" / "six"
    spec.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(six)!r}); import ipykernel_launcher as _; "
            "from ipykernel import kernelapp; kernelapp.launch_new_instance()", "-f", "{connection_file}"]  # fmt: skip
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "six", "language": "python", "env": {
        "PYTHONPATH": os.pathsep.join([str(six), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])}}))  # fmt: skip
    notebook = opened(*BUSY, alone=True)
    notebook.page.evaluate(f"() => {PANEL}.context.sessionContext.changeKernel({{ name: 'six' }})")
    notebook.ready()
    log = cancelled(notebook, "queued behind the running cell")
    assert log["version"] == "6.31.0"
    assert log["heard"] >= log["ended"], "6.x answers when the cell ended"
    assert log["idle"] - log["heard"] < 0.1
