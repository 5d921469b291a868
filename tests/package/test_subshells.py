"""ipykernel sends a comm's messages to the shell that used the comm last; that one may be busy, or gone, and the answer with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from queue import Empty
from typing import Any

import pytest
from kernels import a_kernel, execute

WIDGET = """import numpy as np, elute
vectors = np.random.default_rng(0).normal(size=(60, 8))
w = elute.Widget([f"text {i}" for i in range(60)], embedder=vectors, clusterer=elute.KMeans(3), projector="pca")
print(w.comm.comm_id, flush=True)"""
USES = "w.session.select(np.arange(60) < 5)"


@pytest.fixture
def opened() -> Iterator[tuple[Any, str]]:
    """A kernel with a widget that a cell made, and the widget's comm."""
    with a_kernel(sys.executable) as client:
        comm = execute(client, WIDGET).split()[-1]
        assert answered(client, comm, "page.1")
        yield client, comm


def test_the_page_is_answered_after_a_subshell_that_used_the_widget_is_gone(opened: tuple[Any, str]) -> None:
    client, comm = opened
    other = subshell(client)
    send(client, "execute_request", {"code": USES, "silent": False}, other)
    assert client.get_shell_msg(timeout=20)["content"]["status"] == "ok"
    assert control(client, "delete_subshell_request", subshell_id=other)["status"] == "ok"
    assert answered(client, comm, "page.2")


def test_the_page_is_answered_in_its_own_subshell_while_a_cell_runs(opened: tuple[Any, str]) -> None:
    client, comm = opened
    own = subshell(client)
    execute(client, USES)
    send(client, "execute_request", {"code": "import time; time.sleep(6)", "silent": False})
    assert answered(client, comm, "page.2", own, seconds=4)


def subshell(client: Any) -> str:
    """A new subshell of the kernel."""
    made = control(client, "create_subshell_request").get("subshell_id")
    if made is None:
        pytest.skip("this ipykernel has no subshells")
    return str(made)


def send(client: Any, kind: str, content: dict[str, Any], subshell: str | None = None) -> None:
    """A message on the shell channel, to a subshell."""
    message = client.session.msg(kind, content)
    message["header"]["subshell_id"] = subshell
    client.shell_channel.send(message)


def control(client: Any, kind: str, **content: str) -> dict[str, Any]:
    """A request on the control channel; the content of its reply."""
    message = client.session.msg(kind, content)
    client.control_channel.send(message)
    while True:
        reply = client.get_control_msg(timeout=20)
        if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return dict(reply["content"])


def answered(client: Any, comm: str, request: str, subshell: str | None = None, seconds: float = 10) -> bool:
    """Whether the widget answers a ``hello`` of the page."""
    content = {"id": request, "name": "hello", "params": {"protocol": 1}}
    send(client, "comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}}, subshell)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            said = client.get_iopub_msg(timeout=0.2)
        except Empty:
            continue
        if said["msg_type"] == "comm_msg" and said["content"]["data"].get("content", {}).get("id") == request:
            return True
    return False
