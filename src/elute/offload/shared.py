"""Large arrays go to the other process as memory that both see, not through a pipe.

Each is written once, into a file without a name, whose descriptor goes over a Unix socket; the other side maps it, and a page is
copied only when it writes there. Without a name nothing can be left behind, however either side ends: the system frees it with the
last descriptor or mapping. Linux only; elsewhere there is no line, and arrays go through the pipe.
"""

from __future__ import annotations

import errno
import mmap
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGE = 1 << 20
"""Bytes from which an array goes as a file: below, the system calls cost as much as the copy."""

BLOCK = 1 << 24
"""Bytes written at a time: so much of a matrix that is not contiguous is copied, never the whole."""


def line() -> tuple[socket.socket, socket.socket] | None:
    """Two ends of a line for descriptors: one stays, one is inherited by the helper. None where there is no such line."""
    if sys.platform != "linux":
        return None
    try:
        return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    except OSError:
        return None


def inherited(number: int) -> socket.socket:
    """The helper's end; processes that the helper starts do not get it."""
    end = socket.socket(fileno=number)
    end.set_inheritable(False)
    return end


def put(array: NDArray[Any]) -> int | None:
    """The descriptor of a file that holds the array's bytes in C order; None where no place has room for it.

    Memory first, then the folder for temporary files. ``/dev/shm`` is left alone: containers give it 64 MB.
    """
    for make in _PLACES:
        try:
            descriptor = make()
        except OSError:
            continue
        try:
            for block in _blocks(array):
                _write(descriptor, block.reshape(-1).view(np.uint8).data)
            return descriptor
        except OSError:  # full, or more than the person may use
            os.close(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
    return None


def get(descriptor: int, dtype: np.dtype[Any], shape: Sequence[int]) -> NDArray[Any]:
    """The array in such a file. Writable: what is written stays with the writer. Closes the descriptor."""
    try:
        mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY)
    finally:
        os.close(descriptor)
    return np.frombuffer(mapped, dtype=dtype).reshape(shape)


def hand(end: socket.socket, descriptors: Sequence[int]) -> None:
    """Give descriptors to the other side, and close them here."""
    try:
        for descriptor in descriptors:
            socket.send_fds(end, [b"f"], [descriptor])
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def take(end: socket.socket) -> int:
    """The next descriptor that the other side gave.

    Raises
    ------
    EOFError
        The other side has closed or died.
    OSError
        One came, and this process may open no more files.
    """
    came, descriptors, _, _ = socket.recv_fds(end, 1, 1)
    if not came:
        raise EOFError("the other side closed the line")
    if not descriptors:  # the system drops what does not fit, and says nothing
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    return descriptors[0]


def _in_memory() -> int:
    return os.memfd_create("elute", os.MFD_CLOEXEC)  # type: ignore[attr-defined,unused-ignore]


def _in_the_temporary_folder() -> int:
    with tempfile.TemporaryFile(buffering=0) as file:  # on Linux it never has a name
        return os.dup(file.fileno())


_PLACES: tuple[Callable[[], int], ...] = (_in_memory, _in_the_temporary_folder)


def _blocks(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Parts of the array in C order, each contiguous; those of a contiguous array are views."""
    rows = max(1, BLOCK * len(array) // array.nbytes)
    for start in range(0, len(array), rows):
        yield np.ascontiguousarray(array[start : start + rows])


def _write(descriptor: int, view: memoryview) -> None:
    while view:
        view = view[os.write(descriptor, view) :]  # without the GIL
