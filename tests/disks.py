"""Disks on paper: one that fails or dies at its n-th step, and forgets what was not synced, as a power cut does."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from elute.disk import Disk


class Died(BaseException):
    """The process ends here."""


@dataclass(eq=False)
class Node:
    """A file: what is written, what of it is synced, and the steps between."""

    number: int
    content: bytes = b""
    synced: bytes = b""
    steps: list[tuple[int, bytes | None]] = field(default_factory=list)
    """``(offset, bytes)`` of a write, ``(size, None)`` of a truncation."""


def after(content: bytes, steps: list[tuple[int, bytes | None]]) -> bytes:
    """A file once some of the steps reached the disk; what no write reached is zeros."""
    for at, told in steps:
        if told is None:
            content = content[:at]
        else:
            content = content.ljust(at, b"\0")
            content = content[:at] + told + content[at + len(told) :]
    return content


class Handle(io.RawIOBase):
    """An open file of a :class:`Paper` disk; every write goes to its end."""

    def __init__(self, node: Node) -> None:
        self.node, self.at = node, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset + (len(self.node.content) if whence == 2 else 0)
        return self.at

    def read(self, size: int = -1) -> bytes:
        end = len(self.node.content) if size < 0 else self.at + size
        found = self.node.content[self.at : end]
        self.at += len(found)
        return found


class Paper(Disk):
    """A disk in memory.

    Parameters
    ----------
    fate : callable
        What befalls step ``n`` (from 0): "" nothing, "fail" (half of a write is done), "die" (the same, and the process ends).
    """

    locks = False

    def __init__(self, fate: Callable[[int], str] = lambda _: "") -> None:
        self.fate, self.count = fate, 0
        self.names: dict[Path, Node] = {}
        self.durable: dict[Path, Node] = {}
        self.moves: list[tuple[Path, Path | None, Node]] = []
        self._numbers = itertools.count(1)
        self.log: list[str] = []

    def _step(self, what: str) -> None:
        n, self.count = self.count, self.count + 1
        self.log.append(what)
        fate = self.fate(n)
        if fate == "fail":
            raise OSError(28, "No space left on device")
        if fate == "die":
            raise Died

    def exists(self, path: Path) -> bool:
        return path in self.names

    def read(self, path: Path) -> bytes:
        return self._node(path).content

    def place(self, path: Path) -> tuple[int, int]:
        node = self._node(path)
        return node.number, len(node.content)

    def place_of(self, file: Any) -> tuple[int, int]:
        return file.node.number, len(file.node.content)

    def make_folder(self, folder: Path) -> None:
        self._step("make_folder")

    def open(self, path: Path, write: bool = True) -> IO[bytes]:
        if not write:
            return cast("IO[bytes]", Handle(self._node(path)))
        self._step("open")
        if path not in self.names:
            self._name(path)
        return cast("IO[bytes]", Handle(self.names[path]))

    def create(self, path: Path) -> IO[bytes]:
        self._step("create")
        self._name(path)
        return cast("IO[bytes]", Handle(self.names[path]))

    def write(self, file: Any, content: bytes | memoryview) -> None:
        content = bytes(content)
        try:
            self._step("write")
        except BaseException:
            self._write(file.node, content[: len(content) // 2])
            raise
        self._write(file.node, content)

    def truncate(self, file: Any, size: int) -> None:
        self._step("truncate")
        file.node.content = file.node.content[:size]
        file.node.steps.append((size, None))

    def fsync(self, file: Any) -> None:
        self._step("fsync")
        file.node.synced, file.node.steps = file.node.content, []

    def rename(self, old: Path, new: Path) -> None:
        self._step("rename")
        node = self.names.pop(old)
        self.names[new] = node
        self.moves.append((new, old, node))

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder")
        self.durable, self.moves = dict(self.names), []

    def replace(self, path: Path, content: bytes) -> None:
        super().replace(path, content)

    def killed(self) -> Paper:
        """What is there after the process was killed: all that it wrote."""
        return self._made({path: node.content for path, node in self.names.items()})

    def after_power_cut(self) -> Iterator[Paper]:
        """Each disk that a power cut may leave: any of the unsynced steps may have reached it, whole, in part or not at all."""
        for moved in subsets(self.moves):
            names = dict(self.durable)
            for new, old, node in moved:
                if old is not None:
                    names.pop(old, None)
                names[new] = node
            nodes = list(dict.fromkeys(names.values()))
            for chosen in itertools.product(*(contents(node) for node in nodes)):
                held = dict(zip(nodes, chosen, strict=True))
                yield self._made({path: held[node] for path, node in names.items()})

    def _made(self, files: dict[Path, bytes]) -> Paper:
        disk = Paper()
        for path, content in files.items():
            disk.names[path] = disk.durable[path] = Node(next(disk._numbers), content, content)
        return disk

    def _node(self, path: Path) -> Node:
        if path not in self.names:
            raise FileNotFoundError(2, "No such file or directory")
        return self.names[path]

    def _name(self, path: Path) -> None:
        self.names[path] = Node(next(self._numbers))
        self.moves.append((path, None, self.names[path]))

    def _write(self, node: Node, content: bytes) -> None:
        node.steps.append((len(node.content), content))
        node.content += content


def subsets(steps: list[Any]) -> list[list[Any]]:
    """Every choice of some of them in their order; of many, what was done first, last and by halves."""
    if len(steps) <= 4:
        return [list(some) for size in range(len(steps) + 1) for some in itertools.combinations(steps, size)]
    return [*(steps[:end] for end in range(len(steps) + 1)), *(steps[:at] + steps[at + 1 :] for at in range(len(steps)))]


def contents(node: Node) -> list[bytes]:
    """What a file may hold after a power cut."""
    found = [after(node.synced, some) for some in subsets(node.steps)]
    if node.steps and node.steps[-1][1]:
        at, last = node.steps[-1]
        assert last is not None
        found += [after(node.synced, [*node.steps[:-1], (at, last[:cut])]) for cut in (1, len(last) // 3, len(last) - 1)]
        found.append(after(node.synced, [*node.steps[:-1], (at, b"\0" * len(last))]))  # its length, and nothing of it
    return list(dict.fromkeys(found))
