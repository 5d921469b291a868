"""A kernel of any Python, and cells run in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager


class _Specs(KernelSpecManager):
    """One kernel: the given Python."""

    def __init__(self, python: Path | str) -> None:
        super().__init__()
        self._python = str(python)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[self._python, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="test", language="python"
        )


@contextmanager
def a_kernel(python: Path | str) -> Iterator[Any]:
    """A client of a kernel of this Python, ready; both end with it."""
    manager = KernelManager(kernel_spec_manager=_Specs(python))
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
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
