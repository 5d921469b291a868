"""A cell computes while a round runs, on the older and the newer ipykernel; both handle the page on different threads."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

SLOW = """
import time, numpy as np, elute
class Slow:
    def fit_transform(self, X):
        for _ in range(400):
            time.sleep(0.01)
        return X[:, :3]
rng = np.random.default_rng(0)
w = elute.Widget([f"text {i}" for i in range(60)], embedder=rng.normal(size=(60, 8)), clusterer=elute.KMeans(3), projector=Slow())
w.start()
import ipykernel; print(ipykernel.__version__)
"""


class Specs(KernelSpecManager):
    """One kernel: the given Python."""

    def __init__(self, python: Path | str) -> None:
        super().__init__()
        self._python = str(python)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[self._python, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="test", language="python"
        )


@pytest.fixture(params=["6.31.0", "7"])
def kernel(request: pytest.FixtureRequest) -> Iterator[tuple[Any, str]]:
    python = request.getfixturevalue("clean") if request.param == "6.31.0" else sys.executable
    manager = KernelManager(kernel_spec_manager=Specs(python))
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client, request.param
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def execute(client: Any, code: str) -> str:
    """Text that a cell prints; an error in it fails the test."""
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    reply = client.execute_interactive(code, output_hook=hear, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(said)


def test_a_cell_computes_while_a_round_runs_and_cancel_stops_it(kernel: tuple[Any, str]) -> None:
    client, version = kernel
    assert execute(client, SLOW).startswith(version)
    start = time.monotonic()
    out = execute(client, "print(sum(range(100_000)), w.status['busy'], w.session.journal.records[-1].kind)")
    assert time.monotonic() - start < 2
    assert out.split() == ["4999950000", "True", "open"]
    execute(client, "w._rounds.cancel(); assert w.wait(8); assert not w.status['busy']")
    execute(client, "assert w.keep.all(); w.session.run(projector='pca'); assert len(w.session.rounds) == 1")
