"""Messages between elute and its helper process: a JSON header, then the arrays' bytes. Nothing read here can run code."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

Arrays = dict[str, np.ndarray[Any, Any]]

KINDS = "biuf"  # booleans, integers, floats: an object array would be a pickle


def send(stream: IO[bytes], header: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]] | None = None) -> None:
    """Write one message.

    Layout: 8 bytes, little-endian, the header's length; the header in UTF-8, with ``arrays: [[name, dtype, shape], ...]``; then
    each array's bytes in C order.

    Raises
    ------
    TypeError
        An array holds something other than booleans, integers or floats.
    """
    parts = {name: np.asarray(array, order="C") for name, array in (arrays or {}).items()}
    for name, array in parts.items():
        if array.dtype.kind not in KINDS:
            raise TypeError(f"array {name!r} has dtype {array.dtype}; only booleans, integers and floats are sent")
    shapes = [[name, array.dtype.str, list(array.shape)] for name, array in parts.items()]
    text = json.dumps({**header, "arrays": shapes}).encode()
    stream.write(len(text).to_bytes(8, "little") + text)
    for array in parts.values():
        stream.write(array.reshape(-1).view(np.uint8).data)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], Arrays]:
    """Read one message: header and arrays.

    Raises
    ------
    EOFError
        The other side has closed or died.
    """
    length = int.from_bytes(_exactly(stream, 8), "little")
    header = json.loads(_exactly(stream, length))
    arrays: Arrays = {}
    for name, kind, shape in header.pop("arrays"):
        dtype = np.dtype(kind)
        flat = np.frombuffer(_exactly(stream, dtype.itemsize * math.prod(shape)), dtype=dtype)
        arrays[name] = flat.reshape(shape)
    return header, arrays


def _exactly(stream: IO[bytes], length: int) -> bytearray:
    """``length`` bytes, writable, read in place: a matrix of 150 MB is not copied twice."""
    taken = bytearray(length)
    view, at = memoryview(taken), 0
    while at < length:
        got = stream.readinto(view[at:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError("the other side closed the connection")
        at += got
    return taken
