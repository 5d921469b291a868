"""Messages between elute and its helper process: a JSON header, then the arrays' bytes. Nothing read here can run code."""

from __future__ import annotations

import json
import math
import os
import socket
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from elute.offload import shared

Arrays = dict[str, np.ndarray[Any, Any]]

KINDS = "biuf"  # booleans, integers, floats: an object array would be a pickle


def send(
    stream: IO[bytes],
    header: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray[Any, Any]] | None = None,
    line: socket.socket | None = None,
) -> None:
    """Write one message.

    Layout: 8 bytes, little-endian, the header's length; the header in UTF-8, with ``arrays: [[name, dtype, shape, handed], ...]``;
    then in C order the bytes of each array that was not handed over as a file on ``line``.

    Raises
    ------
    TypeError
        An array holds something other than booleans, integers or floats.
    """
    parts = {name: np.asarray(array) for name, array in (arrays or {}).items()}
    for name, array in parts.items():
        if array.dtype.kind not in KINDS:
            raise TypeError(f"array {name!r} has dtype {array.dtype}; only booleans, integers and floats are sent")
    json.dumps(dict(header))  # what can't be told fails before anything is handed over
    files = _files(parts, line)
    told = [[name, array.dtype.str, list(array.shape), name in files] for name, array in parts.items()]
    if line is not None:
        shared.hand(line, list(files.values()))
    text = json.dumps({**header, "arrays": told}).encode()
    stream.write(len(text).to_bytes(8, "little") + text)
    for name, array in parts.items():
        if name not in files:
            stream.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: IO[bytes], line: socket.socket | None = None) -> tuple[dict[str, Any], Arrays]:
    """Read one message: header and arrays.

    Raises
    ------
    EOFError
        The other side has closed or died.
    """
    length = int.from_bytes(_exactly(stream, 8), "little")
    header = json.loads(bytes(_exactly(stream, length)))
    arrays: Arrays = {}
    for name, kind, shape, handed in header.pop("arrays"):
        dtype = np.dtype(kind)
        if handed:
            assert line is not None
            arrays[name] = shared.get(shared.take(line), dtype, shape)
        else:
            arrays[name] = _exactly(stream, dtype.itemsize * math.prod(shape)).view(dtype).reshape(shape)
    return header, arrays


def _files(parts: Mapping[str, NDArray[Any]], line: socket.socket | None) -> dict[str, int]:
    """Descriptors of the large arrays for which there is room."""
    files: dict[str, int] = {}
    try:
        for name, array in parts.items():
            if line is not None and array.nbytes >= shared.LARGE and (descriptor := shared.put(array)) is not None:
                files[name] = descriptor
    except BaseException:
        for descriptor in files.values():
            os.close(descriptor)
        raise
    return files


def _exactly(stream: IO[bytes], length: int) -> NDArray[np.uint8]:
    """``length`` bytes, writable, read in place: not copied twice, and not zeroed first, which would hold the GIL."""
    taken = np.empty(length, np.uint8)
    view, at = taken.data, 0
    while at < length:
        got = stream.readinto(view[at:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError("the other side closed the connection")
        at += got
    return taken
