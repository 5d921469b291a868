"""Small raster images out of the cells of a table: PNG, JPEG and WebP, told by their first bytes, and nothing that is fetched.

A cell holds the bytes, a path on this machine, a ``data:`` URL, or what a Hugging Face dataset has there. Whatever else it is, or
cannot be read, is no image; nothing is raised, and no path is told.
"""

from __future__ import annotations

import base64
import io
import os
import re
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SIDE = 160
"""Pixels of the longer side of what is shown; twice the CSS pixels, for screens that have two a pixel."""
SMALL = 64_000
"""Bytes of one image that goes to the page."""
LARGEST = 32_000_000
"""Bytes of a file or cell that is looked at."""
PIXELS = 60_000_000
"""Pixels of an image that is shrunk, and of a PNG that goes as it is: a few bytes can claim to be many."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters at least: C: is a drive
_DATA = re.compile(r"data:image/(?:png|jpeg|webp);base64,([A-Za-z0-9+/=\s]*)\Z")
_SHARE = ("//", "\\\\", "/\\", "\\/")


def kind_of(data: bytes) -> str:
    r"""What the first bytes say: ``PNG``, ``JPEG``, ``WEBP``, or nothing for all else, SVG and HTML among it.

    >>> kind_of(b"\x89PNG\r\n\x1a\n..."), kind_of(b"\xff\xd8\xff\xe0"), kind_of(b"RIFF....WEBPVP8 "), kind_of(b"<svg>")
    ('PNG', 'JPEG', 'WEBP', '')
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def thumbnail(value: Any) -> bytes:
    """The image of a cell as the page gets it, at most :data:`SMALL` bytes; empty where there is none.

    With Pillow (``elute[images]``) it is shrunk to :data:`SIDE` pixels. Without, it goes as it is where it is small enough.
    """
    try:
        data = _bytes(value)
        if not kind_of(data):
            return b""
        small = _shrunk(data) if find_spec("PIL") else data
        return small if len(small) <= SMALL and not _vast(small) else b""
    except Exception:  # a cell may hold anything, a damaged file too: it is worth no error
        return b""


def _bytes(value: Any) -> bytes:
    if isinstance(value, dict):  # Hugging Face's images, not decoded
        value = value.get("bytes") or value.get("path")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value) if memoryview(value).nbytes <= LARGEST else b""
    if isinstance(value, str) and (found := _DATA.match(value) if len(value) <= LARGEST else None):
        return base64.b64decode(found[1])
    if isinstance(value, (str, os.PathLike)):
        return _read(os.fspath(value))
    if hasattr(value, "thumbnail") and hasattr(value, "save"):  # decoded: one of Pillow's
        return _png(value)
    return b""


def _read(path: str | bytes) -> bytes:
    """Of a file on this machine. A URL is fetched by nobody, nor does a share on another machine hear of it."""
    if not isinstance(path, str) or len(path) > 4096 or _SCHEME.match(path) or path.startswith(_SHARE):
        return b""
    file = Path(path)
    if not file.is_file():  # nor a pipe that never ends
        return b""
    with file.open("rb") as stream:
        head = stream.read(16)
        data = head + stream.read(LARGEST) if kind_of(head) else b""
    return data if len(data) <= LARGEST else b""


def _vast(data: bytes) -> bool:
    """Whether a PNG claims more pixels than a page should unpack."""
    return kind_of(data) == "PNG" and int.from_bytes(data[16:20]) * int.from_bytes(data[20:24]) > PIXELS


def _shrunk(data: bytes) -> bytes:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes, which are looked at here
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > PIXELS:
                return b""
            if max(image.size) <= SIDE and len(data) <= SMALL // 2:
                return data
            image.draft("RGB", (SIDE, SIDE))
            return _encoded(image)


def _png(image: Any) -> bytes:
    if image.width * image.height > PIXELS:
        return b""
    return _encoded(image.copy())


def _encoded(image: Any) -> bytes:
    """A JPEG, or a PNG where something shows through; without what a camera wrote beside it, such as the place."""
    image.thumbnail((SIDE, SIDE))
    clear = "A" in image.getbands() or "transparency" in image.info
    out = io.BytesIO()
    image.convert("RGBA" if clear else "RGB").save(out, "PNG" if clear else "JPEG", **({} if clear else {"quality": 80}))
    return out.getvalue()
